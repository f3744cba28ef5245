/* A paragraph to probabilities and labels: repair, row, scores, decision.
 *
 * The weights of all labels of a term lie side by side, so a term costs one
 * stretch of memory however many tasks the model answers. */
#include "model/classifier.h"

#include <math.h>
#include <string.h>

tenor_status tenor_classifier_new(tenor_classifier **out,
                                  const tenor_model *model,
                                  tenor_error *error) {
    *out = NULL;
    tenor_classifier *classifier = memory_new(1, sizeof *classifier);
    if (!classifier)
        return error_memory(error);
    classifier->model = model;
    tenor_status status =
        vectorizer_new(&classifier->vectorizer, &model->vocabulary, error);
    classifier->scores = memory_new(model->stride, sizeof(float));
    classifier->probability = memory_new(model->stride, sizeof(float));
    classifier->holds = memory_new(model->stride, 1);
    if (!status && (!classifier->scores || !classifier->probability ||
                    !classifier->holds || !support_fit_classifier(classifier)))
        status = error_memory(error);
    if (status)
        tenor_classifier_free(classifier);
    else
        *out = classifier;
    return status;
}

void tenor_classifier_free(tenor_classifier *classifier) {
    if (!classifier)
        return;
    vectorizer_free(classifier->vectorizer);
    memory_free(classifier->scores);
    memory_free(classifier->probability);
    memory_free(classifier->holds);
    memory_free(classifier->levels);
    memory_free(classifier->possible);
    memory_free(classifier->unsure);
    memory_free(classifier->dots);
    memory_free(classifier->values);
    memory_free(classifier->changes);
    memory_free(classifier->shares);
    buffer_clear(&classifier->repaired);
    buffer_clear(&classifier->terms);
    memory_free(classifier);
}

void model_score(const struct tenor_model *model, const struct row *row,
                 float *scores) {
    size_t stride = model->stride;
    for (size_t k = 0; k < model->label_count; k++)
        scores[k] = model->labels[k].bias;
    for (size_t k = model->label_count; k < stride; k++)
        scores[k] = 0;
    for (size_t i = 0; i < row->count; i++) {
        const float *weights =
            model->weights + (size_t)row->columns[i] * stride;
        float value = row->values[i];
        for (size_t k = 0; k < stride; k++)
            scores[k] += value * weights[k];
    }
}

static void decide_single(const struct model_label *labels, size_t count,
                          const float *scores, float *probability,
                          unsigned char *holds) {
    float highest = -INFINITY, sum = 0;
    size_t best = 0;
    for (size_t k = 0; k < count; k++) {
        probability[k] = labels[k].scale * scores[k] + labels[k].shift;
        if (probability[k] > highest) {
            highest = probability[k];
            best = k;
        }
    }
    for (size_t k = 0; k < count; k++)
        sum += probability[k] = expf(probability[k] - highest);
    for (size_t k = 0; k < count; k++) {
        probability[k] /= sum;
        holds[k] = k == best;
    }
}

/* Along straight lines between the knots, level beyond them. */
static float follow_knots(const struct model_knot *knots, size_t count,
                          float score) {
    size_t low = 0, high = count;
    while (low < high) { /* the first knot above the score */
        size_t middle = low + (high - low) / 2;
        if (knots[middle].score <= score)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || low == count)
        return knots[low ? count - 1 : 0].probability;
    const struct model_knot *a = &knots[low - 1], *b = &knots[low];
    float share = (score - a->score) / (b->score - a->score);
    return a->probability + share * (b->probability - a->probability);
}

float label_probability(const struct model_label *label,
                        const struct model_knot *knots, size_t knot_count,
                        float score) {
    if (knot_count)
        return follow_knots(knots, knot_count, score);
    return 1 / (1 + expf(-(label->scale * score + label->shift)));
}

static void decide_multi(const struct tenor_model *model,
                         const struct model_label *labels, size_t count,
                         const float *scores, float *probability,
                         unsigned char *holds) {
    for (size_t k = 0; k < count; k++) {
        probability[k] = label_probability(
            &labels[k], model->knots + labels[k].knots.first,
            labels[k].knots.count, scores[k]);
        holds[k] = probability[k] >= labels[k].threshold;
    }
}

void model_decide(const struct tenor_model *model, const float *scores,
                  float *probability, unsigned char *holds) {
    for (size_t t = 0; t < model->task_count; t++) {
        const struct model_task *task = &model->tasks[t];
        size_t first = task->first;
        if (task->multi)
            decide_multi(model, model->labels + first, task->label_count,
                         scores + first, probability + first, holds + first);
        else
            decide_single(model->labels + first, task->label_count,
                          scores + first, probability + first, holds + first);
    }
}

/* The text itself, or its repaired copy. */
static bool sound_text(tenor_classifier *classifier, struct slice *out,
                       const char *text, size_t size) {
    *out = (struct slice){text, size};
    if (utf8_valid_prefix(text, size) == size)
        return true;
    classifier->repaired.size = 0;
    classifier->repaired.failed = false;
    utf8_repair(&classifier->repaired, text, size);
    *out = (struct slice){classifier->repaired.data,
                          classifier->repaired.size};
    return !classifier->repaired.failed;
}

_Static_assert((int)TENOR_PROSE == (int)PARAGRAPH_PROSE &&
                   (int)TENOR_HEADING == (int)PARAGRAPH_HEADING &&
                   (int)TENOR_ITEM == (int)PARAGRAPH_ITEM &&
                   (int)TENOR_ROW == (int)PARAGRAPH_ROW,
               "kinds outside as inside");

tenor_status tenor_classify(tenor_classifier *classifier, tenor_result *out,
                            const char *text, size_t size,
                            tenor_error *error) {
    return tenor_classify_kind(classifier, out, text, size, TENOR_PROSE, error);
}

tenor_status tenor_classify_kind(tenor_classifier *classifier,
                                 tenor_result *out, const char *text,
                                 size_t size, tenor_kind kind,
                                 tenor_error *error) {
    *out = (tenor_result){0};
    struct slice sound;
    if (!sound_text(classifier, &sound, text, size))
        return error_memory(error);
    struct row *row = &classifier->row;
    tenor_status status = vectorizer_row(classifier->vectorizer, row, sound,
                                         (enum paragraph_kind)kind, error);
    if (status)
        return status;
    if (model_is_linear(classifier->model))
        model_score(classifier->model, row, classifier->scores);
    else
        support_score(classifier, row, classifier->scores);
    model_decide(classifier->model, classifier->scores,
                 classifier->probability, classifier->holds);
    if (classifier->levels)
        classifier_doubt(classifier);
    *out = (tenor_result){.outputs = classifier->model->label_count,
                          .probability = classifier->probability,
                          .holds = classifier->holds,
                          .possible = classifier->possible,
                          .unsure = classifier->unsure,
                          .words = row->words,
                          .known_words = row->known};
    return TENOR_OK;
}
