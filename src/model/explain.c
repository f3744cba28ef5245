/* Which terms decided: a linear score is the sum of the terms' shares, value
 * times weight, so the largest shares are the explanation, exactly.
 *
 * In a single-label task the labels compete: a share is taken against the
 * mean of all labels' weights, since what lifts every label alike decides
 * nothing. */
#include "model/classifier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static float weigh(const struct tenor_model *model,
                   const struct model_task *task, uint32_t column,
                   size_t label) {
    const float *weights =
        model->weights + (size_t)column * model->stride + task->first;
    if (task->multi)
        return weights[label];
    float sum = 0;
    for (size_t k = 0; k < task->label_count; k++)
        sum += weights[k];
    return weights[label] - sum / (float)task->label_count;
}

static int compare_shares(const void *a, const void *b) {
    const struct term_share *left = a, *right = b;
    float x = fabsf(left->share), y = fabsf(right->share);
    if (x != y)
        return x < y ? 1 : -1;
    return left->column < right->column ? -1 : left->column > right->column;
}

tenor_status tenor_explain(tenor_classifier *classifier, tenor_reason *reasons,
                           size_t limit, size_t *count, size_t task_number,
                           size_t label, tenor_error *error) {
    *count = 0;
    const struct tenor_model *model = classifier->model;
    if (task_number >= model->task_count ||
        label >= model->tasks[task_number].label_count)
        return error_set(error, TENOR_ERROR_USAGE,
                         "the model has no such task or label");
    const struct model_task *task = &model->tasks[task_number];
    const struct row *row = &classifier->row;
    if (!memory_reserve(&classifier->shares, &classifier->share_capacity,
                        row->count, sizeof *classifier->shares))
        return error_memory(error);
    for (size_t i = 0; i < row->count; i++)
        classifier->shares[i] = (struct term_share){
            row->columns[i],
            row->values[i] * weigh(model, task, row->columns[i], label)};
    if (row->count)
        qsort(classifier->shares, row->count, sizeof *classifier->shares,
              compare_shares);
    struct buffer *terms = &classifier->terms;
    terms->size = 0;
    terms->failed = false;
    size_t found = limit < row->count ? limit : row->count;
    for (size_t i = 0; i < found; i++) {
        term_names_write(model->names, terms, classifier->shares[i].column);
        buffer_append(terms, "", 1);
    }
    if (terms->failed)
        return error_memory(error);
    const char *term = terms->data; /* only now: appending moves the bytes */
    for (size_t i = 0; i < found; i++) {
        reasons[i] = (tenor_reason){term, classifier->shares[i].share};
        term += strlen(term) + 1;
    }
    *count = found;
    return TENOR_OK;
}
