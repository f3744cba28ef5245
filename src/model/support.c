/* Scores of a model whose kernel is not linear: z = bias + sum over support
 * vectors s of coefficients[s] K(s, x).
 *
 * The support vectors of all labels are kept once, by columns: a paragraph
 * touches the columns of its own terms only, which gives its dot products with
 * all of them. A kernel needs nothing else but squared lengths. */
#include "model/classifier.h"

#include <string.h>

bool support_fit_classifier(struct tenor_classifier *classifier) {
    const struct tenor_model *model = classifier->model;
    if (model_is_linear(model))
        return true;
    size_t count = model->support.count;
    classifier->dots = memory_new(count, sizeof *classifier->dots);
    classifier->values = memory_new(count, sizeof *classifier->values);
    classifier->changes = memory_new(model->stride, sizeof(float));
    return classifier->dots && classifier->values && classifier->changes;
}

/* The row's squared length; dots[count] of it with the support vectors. */
static float multiply(const struct model_support *support,
                      const struct row *row, float *restrict dots) {
    float square = 0;
    memset(dots, 0, support->count * sizeof *dots);
    for (size_t i = 0; i < row->count; i++) {
        uint64_t end = support->starts[row->columns[i] + 1];
        float value = row->values[i];
        square += value * value;
        for (uint64_t e = support->starts[row->columns[i]]; e < end; e++)
            dots[support->rows[e]] += value * support->values[e];
    }
    return square;
}

/* scores[stride] from dot products, which become the kernel's values. */
static void add_up(const struct tenor_model *model, float *restrict values,
                   float square, float *restrict scores) {
    const struct model_support *support = &model->support;
    size_t stride = model->stride;
    kernel_apply(&support->kernel, values, support->squares, support->count,
                 square);
    for (size_t k = 0; k < stride; k++)
        scores[k] = k < model->label_count ? model->labels[k].bias : 0;
    for (size_t s = 0; s < support->count; s++) {
        const float *restrict coefficients = support->coefficients + s * stride;
        for (size_t k = 0; k < stride; k++)
            scores[k] += values[s] * coefficients[k];
    }
}

void support_score(struct tenor_classifier *classifier, const struct row *row,
                   float *scores) {
    const struct tenor_model *model = classifier->model;
    classifier->square = multiply(&model->support, row, classifier->dots);
    memcpy(classifier->values, classifier->dots,
           model->support.count * sizeof *classifier->values);
    add_up(model, classifier->values, classifier->square, scores);
}

void support_leave_out(struct tenor_classifier *classifier, uint32_t column,
                       float value) {
    const struct tenor_model *model = classifier->model;
    const struct model_support *support = &model->support;
    float *values = classifier->values, *changes = classifier->changes;
    memcpy(values, classifier->dots, support->count * sizeof *values);
    for (uint64_t e = support->starts[column]; e < support->starts[column + 1];
         e++)
        values[support->rows[e]] -= value * support->values[e];
    float square = classifier->square - value * value;
    add_up(model, values, square > 0 ? square : 0, changes);
    for (size_t k = 0; k < model->label_count; k++)
        changes[k] = classifier->scores[k] - changes[k];
}
