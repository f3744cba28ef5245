/* From which probability on a label of a multi-label task holds: where F1 on
 * held-out probabilities is highest, or where a precision or recall that the
 * user asks for is reached.
 *
 * Source: Y. Yang, "A study of thresholding strategies for text
 * categorization", SIGIR 2001. */
#include "train.h"

/* A threshold with what it gives: of `found` rows above it `correct` are
 * true, of all rows `positives`. */
struct cut {
    double threshold, found, correct, positives;
};

/* How good a cut is for the goal; the highest wins, the first of equals. */
static double merit(const struct cut *cut, const struct threshold_goal *goal) {
    /* A rare label's best threshold is half chance: one imagined positive that
     * the neutral threshold would find holds it in place. */
    const double weight = 1, neutral = 0.5;
    double kept = cut->threshold < neutral
                      ? cut->threshold / neutral
                      : (1 - cut->threshold) / (1 - neutral);
    switch (goal->kind) {
    case GOAL_PRECISION: /* one imagined wrong hit; then the most recall */
        return cut->correct >= goal->value * (cut->found + 1) ? cut->correct
                                                              : -1;
    case GOAL_RECALL: /* then the best precision: the highest threshold */
        return cut->correct >= goal->value * cut->positives ? cut->threshold
                                                            : -1;
    case GOAL_F1:
    default:
        return 2 * (cut->correct + weight * kept) /
               (cut->found + cut->positives + 2 * weight);
    }
}

/* Where no cut reaches the goal. */
static double fallback(const struct threshold_goal *goal) {
    return goal->kind == GOAL_PRECISION ? 1 : goal->kind == GOAL_RECALL ? 0
                                                                        : 0.5;
}

bool choose_threshold(double *out, const double *probability,
                      const uint8_t *truth, size_t count,
                      const struct threshold_goal *goal) {
    *out = goal->kind == GOAL_FIXED ? goal->value : fallback(goal);
    if (goal->kind == GOAL_FIXED || count == 0)
        return true;
    struct judged *judged = memory_new(count, sizeof *judged);
    if (!judged)
        return false;
    struct cut cut = {.threshold = 0.5}, neutral = cut;
    for (size_t i = 0; i < count; i++) {
        judged[i] = (struct judged){probability[i], truth[i]};
        cut.positives += truth[i];
        neutral.found += probability[i] >= neutral.threshold;
        neutral.correct += probability[i] >= neutral.threshold && truth[i];
    }
    judged_sort(judged, count);
    neutral.positives = cut.positives;
    double best = goal->kind == GOAL_F1 ? merit(&neutral, goal) : -0.5;
    for (size_t i = 0; i < count; i++) {
        double here = judged[i].score;
        double next = i + 1 < count ? judged[i + 1].score : 0;
        cut.found++;
        cut.correct += judged[i].truth;
        cut.threshold = (here + next) / 2;
        if (here == next)
            continue;
        double value = merit(&cut, goal);
        if (value > best) {
            best = value;
            *out = cut.threshold;
        }
    }
    memory_free(judged);
    return true;
}
