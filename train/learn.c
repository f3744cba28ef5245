/* A corpus and its settings to a model: vocabulary and rows once, then the
 * lessons of all tasks side by side, then their calibration on held-out
 * folds, all over one shared matrix. */
#include "lessons.h"

#include <math.h>
#include <string.h>

const struct learn_options learn_options_default = {
    .cost = 1,
    .logreg = {.tolerance = 1e-5, .max_steps = 100},
    .folds = 5,
    .calibration_rows = 5000,
    .seed = 1,
};

struct learner {
    const struct corpus *corpus;
    const struct learn_options *options;
    struct learn_data data;
    struct lessons lessons;
    struct fit_job *jobs; /* [lessons.count] on all rows */
    tenor_model *model;
};

tenor_status learn_options_check(const struct learn_options *options,
                                 tenor_error *error) {
    if (!(options->cost > 0 && isfinite(options->cost)))
        return error_set(error, TENOR_ERROR_USAGE,
                         "the cost C is a number above 0");
    if (options->folds == 1 || options->folds > FOLD_LIMIT)
        return error_set(error, TENOR_ERROR_USAGE,
                         "calibration takes 2 to %d folds, or 0 for none",
                         FOLD_LIMIT);
    for (size_t i = 0; i < options->label_weight_count; i++)
        if (!(options->label_weights[i].weight > 0 &&
              isfinite(options->label_weights[i].weight)))
            return error_set(error, TENOR_ERROR_USAGE,
                             "the weight of label \"%s\" is a number above 0",
                             options->label_weights[i].label);
    return TENOR_OK;
}

/* ---- the model ------------------------------------------------------------------------ */
static tenor_status start_model(struct learner *learner, tenor_error *error) {
    const struct corpus *corpus = learner->corpus;
    tenor_model *model = learner->model;
    size_t labels = learner->lessons.label_count;
    model->tasks = memory_new(corpus->task_count, sizeof *model->tasks);
    model->labels = memory_new(labels, sizeof *model->labels);
    if (!model->tasks || !model->labels)
        return error_memory(error);
    model->task_count = corpus->task_count;
    model->label_count = labels;
    model->stride = model_stride(labels);
    model->weights = memory_new(
        model->vocabulary.columns, model->stride * sizeof *model->weights);
    if (!model->weights)
        return error_memory(error);
    for (size_t t = 0, first = 0; t < corpus->task_count; t++) {
        const struct corpus_task *from = &corpus->tasks[t];
        struct model_task *task = &model->tasks[t];
        *task = (struct model_task){
            memory_copy_text(from->name, strlen(from->name)), from->multi,
            first, from->label_count};
        if (!task->name)
            return error_memory(error);
        for (size_t k = 0; k < from->label_count; k++, first++) {
            model->labels[first] = (struct model_label){
                .name = memory_copy_text(from->labels[k],
                                         strlen(from->labels[k])),
                .scale = 1,
                .threshold = 0.5f};
            if (!model->labels[first].name)
                return error_memory(error);
        }
    }
    return TENOR_OK;
}

/* The weight of a label in a column; the bias where it is the last. */
static void set_weight(tenor_model *model, size_t label, size_t column,
                       double weight) {
    if (column == model->vocabulary.columns)
        model->labels[label].bias = (float)weight;
    else
        model->weights[column * model->stride + label] = (float)weight;
}

static bool keep_weights(void *context, const struct fit_job *job,
                         const double *w, size_t k, size_t first) {
    tenor_model *model = context;
    const struct lesson *lesson = job->lesson;
    for (size_t column = 0; column <= model->vocabulary.columns; column++)
        for (size_t j = 0; j < lesson->outputs; j++) {
            double weight = w[column * k + first + j];
            size_t label = lesson->first_label + j;
            set_weight(model, label, column,
                       lesson->halves ? -weight / 2 : weight);
            if (lesson->halves)
                set_weight(model, label + 1, column, weight / 2);
        }
    return true;
}

static tenor_status learn_weights(struct learner *learner,
                                  const struct progress *progress,
                                  tenor_error *error) {
    size_t count = learner->lessons.count;
    learner->jobs = memory_new(count, sizeof *learner->jobs);
    if (!learner->jobs)
        return error_memory(error);
    for (size_t i = 0; i < count; i++)
        learner->jobs[i] =
            (struct fit_job){.lesson = &learner->lessons.items[i],
                             .cost = learner->options->cost,
                             .fold = FOLD_NONE};
    return solve_jobs(learner->jobs, count, &learner->data, NULL,
                      &learner->options->logreg, keep_weights, learner->model,
                      progress, error);
}

static tenor_status calibrate(struct learner *learner,
                              const struct progress *progress,
                              tenor_error *error) {
    struct held_out held_out;
    if (learner->options->folds == 0 || learner->corpus->count < 10)
        return TENOR_OK; /* nothing to learn a calibration from */
    tenor_status status = held_out_score(
        &held_out, &learner->lessons, learner->corpus, &learner->data,
        learner->options, progress, error);
    if (!status)
        status = calibrate_model(learner->model, &held_out, learner->corpus,
                                 error);
    held_out_clear(&held_out);
    return status;
}

/* Leaves the terms that speak most for the labels. */
static tenor_status select_terms(struct vocabulary *vocabulary,
                                 struct matrix *rows,
                                 const struct corpus *corpus,
                                 tenor_error *error) {
    struct row_labels *tasks = memory_new(corpus->task_count, sizeof *tasks);
    if (!tasks)
        return error_memory(error);
    for (size_t t = 0; t < corpus->task_count; t++) {
        const struct corpus_task *task = &corpus->tasks[t];
        tasks[t] = (struct row_labels){task->label_count, task->multi,
                                       task->labelled, task->starts,
                                       task->values};
    }
    tenor_status status = vocabulary_select(vocabulary, rows, tasks,
                                            corpus->task_count, error);
    memory_free(tasks);
    return status;
}

/* ---- the report ------------------------------------------------------------------------ */
static tenor_status fill_report(struct learn_report *report,
                                const struct learner *learner,
                                tenor_error *error) {
    size_t count = learner->lessons.count;
    *report = (struct learn_report){
        .columns = learner->model->vocabulary.columns,
        .entries = learner->data.rows->starts[learner->data.rows->rows]};
    report->outcomes = memory_new(count, sizeof *report->outcomes);
    if (!report->outcomes)
        return error_memory(error);
    report->outcome_count = count;
    for (size_t q = 0; q < count; q++) {
        const struct lesson *lesson = &learner->lessons.items[q];
        const struct corpus_task *task = lesson->task;
        size_t rows = 0;
        for (size_t i = 0; i < learner->corpus->count; i++)
            rows += task->labelled[i];
        report->outcomes[q] = (struct learn_outcome){
            task->name, task->multi ? task->labels[lesson->label] : NULL, rows,
            learner->jobs[q].problem};
    }
    return TENOR_OK;
}

void learn_report_clear(struct learn_report *report) {
    memory_free(report->outcomes);
    *report = (struct learn_report){0};
}

tenor_status learn_model(tenor_model **out, struct learn_report *report,
                         const struct corpus *corpus,
                         const struct learn_options *options,
                         struct thread_pool *pool,
                         const struct progress *progress, tenor_error *error) {
    *out = NULL;
    if (report)
        *report = (struct learn_report){0};
    struct matrix rows = {0};
    struct learner learner = {.corpus = corpus, .options = options};
    tenor_status status = learn_options_check(options, error);
    if (status)
        return status;
    learner.model = memory_new(1, sizeof *learner.model);
    if (!learner.model)
        return error_memory(error);
    status = lessons_make(&learner.lessons, corpus, options, error);
    struct vocabulary_options vocabulary = options->vocabulary;
    vocabulary.kinds = corpus->kinds;
    if (!status)
        status =
            vocabulary_fit(&learner.model->vocabulary, &rows, corpus->texts,
                           corpus->count, &vocabulary, pool, progress, error);
    if (!status)
        status =
            select_terms(&learner.model->vocabulary, &rows, corpus, error);
    if (!status && options->dump)
        status = dump_features(options->dump, corpus, &rows,
                               &learner.model->vocabulary, error);
    if (!status)
        status = learn_data_init(&learner.data, &rows, pool, error);
    if (!status)
        status = start_model(&learner, error);
    if (!status)
        status = learn_weights(&learner, progress, error);
    if (!status)
        status = calibrate(&learner, progress, error);
    if (!status)
        status = provenance_write(&learner.model->provenance, corpus, options,
                                  error);
    if (!status)
        status = term_names_new(&learner.model->names,
                                &learner.model->vocabulary, error);
    if (!status && report)
        status = fill_report(report, &learner, error);
    lessons_clear(&learner.lessons);
    memory_free(learner.jobs);
    learn_data_clear(&learner.data);
    matrix_clear(&rows);
    if (status)
        tenor_model_free(learner.model);
    else
        *out = learner.model;
    return status;
}
