/* Which terms decided: a linear score is the sum of the terms' shares, value
 * times weight, so the largest shares are the explanation, exactly. With a
 * kernel a term has no weight of its own; its share is what the score loses
 * when the term is left out and all others stay as they are.
 *
 * In a single-label task the labels compete: a share is taken against the
 * mean of all labels' weights, since what lifts every label alike decides
 * nothing. */
#include "model/classifier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One label's number among those of its task. */
static float compete(const struct model_task *task, const float *weights,
                     size_t label) {
    if (task->multi)
        return weights[label];
    float sum = 0;
    for (size_t k = 0; k < task->label_count; k++)
        sum += weights[k];
    return weights[label] - sum / (float)task->label_count;
}

static float share(struct tenor_classifier *classifier,
                   const struct model_task *task, size_t term, size_t label) {
    const struct tenor_model *model = classifier->model;
    uint32_t column = classifier->row.columns[term];
    float value = classifier->row.values[term];
    if (model_is_linear(model))
        return value * compete(task,
                               model->weights + (size_t)column * model->stride +
                                   task->first,
                               label);
    support_leave_out(classifier, column, value);
    return compete(task, classifier->changes + task->first, label);
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
            row->columns[i], share(classifier, task, i, label)};
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
