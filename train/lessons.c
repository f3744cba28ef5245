/* What there is to learn: each single-label task as one problem, each label of
 * a multi-label task as one, with the class and the weight of every row.
 *
 * "balanced" is scikit-learn's: rows / (classes * rows of the class), counted
 * over the rows that are labelled for the task. A weight that the user gives a
 * label multiplies it; of a multi-label task it counts where the label holds. */
#include "lessons.h"

#include <string.h>

/* What the user gave this label; 1 where nothing. */
static double given_weight(const struct learn_options *options,
                           const struct corpus_task *task, size_t label) {
    size_t size = strlen(task->name);
    for (size_t i = 0; i < options->label_weight_count; i++) {
        const char *name = options->label_weights[i].label;
        if (strncmp(name, task->name, size) == 0 && name[size] == '=')
            name += size + 1;
        if (strcmp(name, task->labels[label]) == 0)
            return options->label_weights[i].weight;
    }
    return 1;
}

static uint32_t class_of(const struct lesson *lesson, size_t row) {
    const struct corpus_task *task = lesson->task;
    if (!task->multi)
        return task->values[task->starts[row]];
    for (size_t k = task->starts[row]; k < task->starts[row + 1]; k++)
        if (task->values[k] == lesson->label)
            return 1;
    return 0;
}

static tenor_status fill_lesson(struct lesson *lesson,
                                const struct corpus *corpus,
                                const struct learn_options *options,
                                tenor_error *error) {
    size_t rows = corpus->count;
    const struct corpus_task *task = lesson->task;
    size_t labelled = 0, classes = task->multi ? 2 : task->label_count;
    lesson->classes = memory_new(rows, sizeof *lesson->classes);
    lesson->weights = memory_new(rows, sizeof *lesson->weights);
    double *weights = memory_new(classes, sizeof *weights);
    size_t *sizes = memory_new(classes, sizeof *sizes);
    if (!lesson->classes || !lesson->weights || !weights || !sizes) {
        memory_free(weights);
        memory_free(sizes);
        return error_memory(error);
    }
    for (size_t i = 0; i < rows; i++)
        if (task->labelled[i]) {
            lesson->classes[i] = class_of(lesson, i);
            sizes[lesson->classes[i]]++;
            labelled++;
        }
    for (size_t c = 0; c < classes; c++) {
        weights[c] = 1;
        if (!task->multi || c == 1)
            weights[c] = given_weight(options, task,
                                      task->multi ? lesson->label : c);
        if (options->class_weighting == CLASS_WEIGHT_BALANCED && sizes[c])
            weights[c] *=
                (double)labelled / ((double)classes * (double)sizes[c]);
    }
    for (size_t i = 0; i < rows; i++)
        if (task->labelled[i])
            lesson->weights[i] = weights[lesson->classes[i]] *
                                 (task->weights ? task->weights[i] : 1);
    memory_free(weights);
    memory_free(sizes);
    return TENOR_OK;
}

static tenor_status check_task(const struct corpus_task *task,
                               tenor_error *error) {
    if (task->label_count == 0)
        return error_set(error, TENOR_ERROR_INPUT,
                         "task \"%s\" has no label at all; add labelled "
                         "paragraphs or leave the task out",
                         task->name);
    if (!task->multi && task->label_count == 1)
        return error_set(error, TENOR_ERROR_INPUT,
                         "task \"%s\" has one label only, \"%s\"; there is "
                         "nothing to tell apart, add paragraphs with another "
                         "or leave the task out with --task",
                         task->name, task->labels[0]);
    return TENOR_OK;
}

/* Every label that the user weighs must be one of the data's. */
static tenor_status check_weights(const struct corpus *corpus,
                                  const struct learn_options *options,
                                  tenor_error *error) {
    for (size_t i = 0; i < options->label_weight_count; i++) {
        struct label_weight probe = {options->label_weights[i].label, 2};
        struct learn_options one = {.label_weights = &probe,
                                    .label_weight_count = 1};
        bool found = false;
        for (size_t t = 0; t < corpus->task_count; t++)
            for (size_t k = 0; k < corpus->tasks[t].label_count; k++)
                found = found ||
                        given_weight(&one, &corpus->tasks[t], k) > 1;
        if (!found)
            return error_set(error, TENOR_ERROR_USAGE,
                             "a weight is given to \"%s\", but no task has "
                             "that label; check its spelling",
                             probe.label);
    }
    return TENOR_OK;
}

tenor_status lessons_make(struct lessons *out, const struct corpus *corpus,
                          const struct learn_options *options,
                          tenor_error *error) {
    *out = (struct lessons){.rows = corpus->count};
    size_t most = 0;
    tenor_status known = check_weights(corpus, options, error);
    if (known)
        return known;
    for (size_t t = 0; t < corpus->task_count; t++) {
        const struct corpus_task *task = &corpus->tasks[t];
        tenor_status status = check_task(task, error);
        if (status)
            return status;
        most += task->multi ? task->label_count : 1;
    }
    out->items = memory_new(most, sizeof *out->items);
    if (!out->items)
        return error_memory(error);
    for (size_t t = 0; t < corpus->task_count; t++) {
        const struct corpus_task *task = &corpus->tasks[t];
        bool halves = !task->multi && task->label_count == 2;
        size_t lessons = task->multi ? task->label_count : 1;
        for (size_t label = 0; label < lessons; label++) {
            struct lesson *lesson = &out->items[out->count++];
            *lesson = (struct lesson){
                .task = task,
                .task_number = t,
                .first_label = out->label_count + label,
                .label = label,
                .outputs = task->multi || halves ? 1 : task->label_count,
                .halves = halves};
            tenor_status status =
                fill_lesson(lesson, corpus, options, error);
            if (status)
                return status;
        }
        out->label_count += task->label_count;
    }
    return TENOR_OK;
}

void lessons_clear(struct lessons *lessons) {
    for (size_t i = 0; i < lessons->count; i++) {
        memory_free(lessons->items[i].classes);
        memory_free(lessons->items[i].weights);
    }
    memory_free(lessons->items);
    *lessons = (struct lessons){0};
}
