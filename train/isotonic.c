/* Isotonic calibration: the best rising curve from scores to probabilities,
 * for scores whose errors no logistic curve describes.
 *
 * Pool adjacent violators: in the order of the scores, neighbouring stretches
 * whose shares of true answers fall are joined until the shares rise. Short
 * stretches are joined too, so that a step rests on enough rows and a model
 * stays small. A stretch becomes a knot at its mean score; between knots the
 * model follows straight lines, so that scores keep their order.
 *
 * Sources: Zadrozny & Elkan, "Transforming classifier scores into accurate
 * multiclass probability estimates", KDD 2002; Niculescu-Mizil & Caruana,
 * "Predicting good probabilities with supervised learning", ICML 2005. */
#include "train.h"

#include <math.h>

struct stretch {
    double scores, truths, count; /* sums */
};

static double share(const struct stretch *stretch) {
    return stretch->truths / stretch->count;
}

static void join(struct stretch *into, const struct stretch *from) {
    into->scores += from->scores;
    into->truths += from->truths;
    into->count += from->count;
}

/* Joins neighbours until shares rise from stretch to stretch. */
static size_t pool_violators(struct stretch *stretches, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        stretches[kept++] = stretches[i];
        while (kept > 1 &&
               share(&stretches[kept - 2]) >= share(&stretches[kept - 1])) {
            join(&stretches[kept - 2], &stretches[kept - 1]);
            kept--;
        }
    }
    return kept;
}

/* Joins a stretch of less than `least` rows to the next; the last to the one
 * before. */
static size_t join_short(struct stretch *stretches, size_t count,
                         double least) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept && stretches[kept - 1].count < least)
            join(&stretches[kept - 1], &stretches[i]);
        else
            stretches[kept++] = stretches[i];
    }
    if (kept > 1 && stretches[kept - 1].count < least) {
        join(&stretches[kept - 2], &stretches[kept - 1]);
        kept--;
    }
    return kept;
}

bool calibrate_isotonic(struct model_knot knots[KNOT_LIMIT], size_t *count,
                        const double *z, const uint8_t *truth, size_t rows) {
    struct judged *judged = memory_new(rows, sizeof *judged);
    struct stretch *stretches = memory_new(rows, sizeof *stretches);
    *count = 0;
    if (!judged || !stretches) {
        memory_free(judged);
        memory_free(stretches);
        return false;
    }
    for (size_t i = 0; i < rows; i++)
        judged[i] = (struct judged){z[i], truth[i]};
    judged_sort(judged, rows);
    size_t kept = 0;
    for (size_t i = rows; i-- > 0;) { /* equal scores are one stretch */
        struct stretch one = {judged[i].score, judged[i].truth, 1};
        if (i + 1 < rows && judged[i].score == judged[i + 1].score)
            join(&stretches[kept - 1], &one);
        else
            stretches[kept++] = one;
    }
    kept = pool_violators(stretches, kept);
    kept = join_short(stretches, kept, ceil((double)rows / KNOT_LIMIT) + 1);
    for (size_t i = 0; i < kept; i++) {
        /* one imagined row, half true, keeps 0 and 1 away */
        double p = (stretches[i].truths + 0.5) / (stretches[i].count + 1);
        knots[i].score = (float)(stretches[i].scores / stretches[i].count);
        knots[i].probability = (float)p;
        if (i && knots[i].probability < knots[i - 1].probability)
            knots[i].probability = knots[i - 1].probability;
    }
    *count = kept;
    memory_free(judged);
    memory_free(stretches);
    return true;
}
