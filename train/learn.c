/* A corpus and its settings to a model: vocabulary and rows once, then the
 * lessons of all tasks side by side, then their calibration on held-out
 * folds, all over one shared matrix. */
#include "kernel_learn.h"
#include "search.h"

#include <math.h>
#include <string.h>

const struct learn_options learn_options_default = {
    .plan = {{{MODEL_LOGREG, 1, false}}, 1},
    .kernel = {KERNEL_LINEAR, 2, 1, 1},
    .kernel_bytes = 2000000000, /* some 14,000 rows */
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
    struct plan plan;
    struct fit_job *jobs; /* [job_count] on all rows */
    size_t job_count;
    struct vocabulary_options vocabulary; /* as given, or as searched */
    tenor_model *model;
};

const char *const model_kind_names[] = {"logreg", "svm", NULL};

tenor_status learn_options_check(const struct learn_options *options,
                                 tenor_error *error) {
    for (size_t m = 0; m < options->plan.method_count; m++)
        if (!(options->plan.methods[m].cost > 0 &&
              isfinite(options->plan.methods[m].cost)))
            return error_set(error, TENOR_ERROR_USAGE,
                             "the cost C is a number above 0");
    if (options->kernel.kind != KERNEL_LINEAR) {
        if (options->search || options->plan.method_count > 1 ||
            options->plan.methods[0].kind != MODEL_SVM ||
            options->plan.methods[0].ratios)
            return error_set(error, TENOR_ERROR_USAGE,
                             "a kernel goes with --model svm alone, without "
                             "--search and --ratios");
        tenor_status status = kernel_check(&options->kernel, error);
        if (status)
            return status;
    }
    bool compares = options->search || options->plan.method_count > 1;
    if (options->folds == 0 && compares)
        return error_set(error, TENOR_ERROR_USAGE,
                         "%s compares on held-out folds; give --folds 2 or "
                         "more",
                         options->search ? "a search" : "a blend of models");
    if (options->folds == 0 && (options->goal.kind == GOAL_PRECISION ||
                                options->goal.kind == GOAL_RECALL))
        return error_set(error, TENOR_ERROR_USAGE,
                         "a threshold for a precision or a recall is found on "
                         "held-out folds; give --folds 2 or more, or the "
                         "threshold itself");
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
    const struct threshold_goal *goal = &learner->options->goal;
    bool linear = learner->options->kernel.kind == KERNEL_LINEAR;
    if (linear)
        model->weights = memory_new(model->vocabulary.columns,
                                    model->stride * sizeof *model->weights);
    if (linear && !model->weights)
        return error_memory(error);
    for (size_t t = 0, first = 0; t < corpus->task_count; t++) {
        const struct corpus_task *from = &corpus->tasks[t];
        struct model_task *task = &model->tasks[t];
        *task = (struct model_task){
            .name = memory_copy_text(from->name, strlen(from->name)),
            .multi = from->multi,
            .first = first,
            .label_count = from->label_count};
        if (!task->name)
            return error_memory(error);
        for (size_t k = 0; k < from->label_count; k++, first++) {
            model->labels[first] = (struct model_label){
                .name = memory_copy_text(from->labels[k],
                                         strlen(from->labels[k])),
                .scale = 1,
                .threshold = goal->kind == GOAL_FIXED ? (float)goal->value
                                                      : 0.5f};
            if (!model->labels[first].name)
                return error_memory(error);
        }
    }
    return TENOR_OK;
}

/* Where an output of a job goes in the model. */
struct place {
    size_t label;
    double scale, shift;
    bool halves; /* the next label gets the other half */
};

static void find_places(struct place *out, const struct learner *learner,
                         const struct fit_job *job) {
    const struct lesson *lesson = job->lesson;
    size_t slot = 0;
    while (!same_method(
        &learner->plan.tasks[lesson->task_number].methods[slot], &job->method))
        slot++;
    for (size_t j = 0; j < lesson->outputs; j++) {
        size_t label = lesson->first_label + j;
        const struct blend_part part =
            learner->plan.parts[label * METHOD_LIMIT + slot];
        out[j] = (struct place){label,
                                 lesson->halves ? -part.scale / 2 : part.scale,
                                 part.shift, lesson->halves};
    }
}

static bool keep_weights(void *context, const struct fit_job *jobs,
                         size_t count, const double *w, size_t k) {
    struct learner *learner = context;
    tenor_model *model = learner->model;
    size_t columns = model->vocabulary.columns;
    struct place *places = memory_new(k, sizeof *places);
    if (!places)
        return false;
    for (size_t q = 0, first = 0; q < count; q++) {
        find_places(places + first, learner, &jobs[q]);
        first += jobs[q].lesson->outputs;
    }
    for (size_t column = 0; column < columns; column++) {
        const double *from = w + column * k;
        float *to = model->weights + column * model->stride;
        for (size_t j = 0; j < k; j++) {
            float weight = (float)(places[j].scale * from[j]);
            to[places[j].label] += weight;
            if (places[j].halves)
                to[places[j].label + 1] -= weight;
        }
    }
    for (size_t j = 0; j < k; j++) {
        struct model_label *label = &model->labels[places[j].label];
        double bias = places[j].scale * w[columns * k + j];
        float shift = (float)places[j].shift;
        label[0].bias += (float)bias;
        label[0].bias += shift;
        if (places[j].halves) {
            label[1].bias -= (float)bias;
            label[1].bias += shift;
        }
    }
    memory_free(places);
    return true;
}

static tenor_status learn_weights(struct learner *learner,
                                  const struct progress *progress,
                                  tenor_error *error) {
    learner->jobs =
        plan_jobs(&learner->job_count, &learner->plan, &learner->lessons, 0);
    if (!learner->jobs)
        return error_memory(error);
    return solve_jobs(learner->jobs, learner->job_count, &learner->data, NULL,
                      &learner->options->logreg, keep_weights, learner,
                      progress, error);
}

/* By one kernel SVM for all tasks. */
static tenor_status learn_kernels(struct learner *learner,
                                  struct held_out *held_out,
                                  const struct progress *progress,
                                  tenor_error *error) {
    return kernel_learn(learner->model, held_out->folds ? held_out : NULL,
                        &learner->lessons, learner->data.rows,
                        learner->options, learner->data.pool, progress, error);
}

/* By linear models; what their held-out scores say of a blend decides what the
 * weights are made of. */
static tenor_status learn_linear(struct learner *learner,
                                 struct held_out *held_out,
                                 const struct progress *progress,
                                 tenor_error *error) {
    tenor_status status = TENOR_OK;
    if (held_out->folds)
        status = held_out_score(held_out, &learner->plan, &learner->lessons,
                                &learner->data, learner->options, progress,
                                error);
    if (!status && held_out->folds)
        status = blend_held_out(&learner->plan, held_out, learner->corpus,
                                learner->options->search, error);
    if (!status)
        status = learn_weights(learner, progress, error);
    return status;
}

static tenor_status learn_and_settle(struct learner *learner,
                                     const struct progress *progress,
                                     tenor_error *error) {
    const struct learn_options *options = learner->options;
    struct held_out held_out = {0};
    tenor_status status = TENOR_OK;
    /* of fewer paragraphs no calibration can be learnt */
    if (options->folds > 0 && learner->corpus->count >= 10)
        status = held_out_start(&held_out, &learner->lessons, learner->corpus,
                                options, error);
    if (!status)
        status = (options->kernel.kind == KERNEL_LINEAR
                      ? learn_linear
                      : learn_kernels)(learner, &held_out, progress, error);
    if (!status && held_out.folds)
        status = settle_model(learner->model, &held_out, learner->corpus,
                              options, error);
    held_out_clear(&held_out);
    return status;
}

/* ---- the plan --------------------------------------------------------------------------- */
/* The methods that were asked for, the same for all tasks. */
static tenor_status start_plan(struct learner *learner, tenor_error *error) {
    size_t tasks = learner->corpus->task_count;
    size_t labels = learner->lessons.label_count;
    learner->plan.tasks = memory_new(tasks, sizeof *learner->plan.tasks);
    learner->plan.parts =
        memory_new(labels * METHOD_LIMIT, sizeof *learner->plan.parts);
    if (!learner->plan.tasks || !learner->plan.parts)
        return error_memory(error);
    for (size_t t = 0; t < tasks; t++)
        learner->plan.tasks[t] = learner->options->plan;
    for (size_t i = 0; i < labels; i++)
        learner->plan.parts[i * METHOD_LIMIT].scale = 1;
    learner->vocabulary = learner->options->vocabulary;
    return TENOR_OK;
}

/* Puts what a search finds in the place of what was asked for. */
static tenor_status search(struct learner *learner,
                           struct search_outcome *outcome,
                           struct thread_pool *pool,
                           const struct progress *progress,
                           tenor_error *error) {
    tenor_status status =
        search_settings(outcome, learner->corpus, &learner->lessons,
                        learner->options, pool, progress, error);
    for (size_t t = 0; !status && t < learner->corpus->task_count; t++)
        learner->plan.tasks[t] = outcome->plans[t];
    if (!status)
        learner->vocabulary = outcome->vocabulary;
    return status;
}

/* ---- the report ------------------------------------------------------------------------ */
static tenor_status fill_report(struct learn_report *report,
                                const struct learner *learner,
                                tenor_error *error) {
    size_t count = learner->job_count;
    report->columns = learner->model->vocabulary.columns;
    report->entries = learner->data.rows->starts[learner->data.rows->rows];
    report->outcomes = memory_new(count, sizeof *report->outcomes);
    if (!report->outcomes)
        return error_memory(error);
    report->outcome_count = count;
    for (size_t q = 0; q < count; q++) {
        const struct lesson *lesson = learner->jobs[q].lesson;
        const struct corpus_task *task = lesson->task;
        size_t rows = 0;
        for (size_t i = 0; i < learner->corpus->count; i++)
            rows += task->labelled[i];
        report->outcomes[q] = (struct learn_outcome){
            .task = task->name,
            .label = task->multi ? task->labels[lesson->label] : NULL,
            .method = learner->jobs[q].method,
            .rows = rows,
            .problem = learner->jobs[q].problem};
    }
    return TENOR_OK;
}

void learn_report_clear(struct learn_report *report) {
    search_outcome_clear(&report->search);
    memory_free(report->outcomes);
    *report = (struct learn_report){0};
}

static void clear_learner(struct learner *learner) {
    lessons_clear(&learner->lessons);
    memory_free(learner->plan.tasks);
    memory_free(learner->plan.parts);
    memory_free(learner->jobs);
    learn_data_clear(&learner->data);
}

/* A bar that the user's interruption, heard before, no longer ends. */
static bool show_only(void *context, const char *stage, double done,
                      double total) {
    progress_step(context, stage, done, total);
    return true;
}

/* Everything between reading the corpus and a complete model. */
static tenor_status learn(struct learner *learner,
                          struct search_outcome *outcome, struct matrix *rows,
                          struct thread_pool *pool,
                          const struct progress *progress,
                          tenor_error *error) {
    const struct corpus *corpus = learner->corpus;
    const struct learn_options *options = learner->options;
    tenor_model *model = learner->model;
    tenor_status status =
        lessons_make(&learner->lessons, corpus, options, error);
    if (!status)
        status = start_plan(learner, error);
    if (!status && options->search)
        status = search(learner, outcome, pool, progress, error);
    const struct progress deaf = {show_only, (void *)(uintptr_t)progress};
    if (outcome->interrupted) /* what is left is to be finished */
        progress = &deaf;
    if (!status)
        status = corpus_terms(&model->vocabulary, rows, corpus,
                              &learner->vocabulary, pool, progress, error);
    if (!status && options->dump)
        status = dump_features(options->dump, corpus, rows,
                               &model->vocabulary, error);
    if (!status)
        status = learn_data_init(&learner->data, rows, pool, error);
    if (!status)
        status = start_model(learner, error);
    if (!status)
        status = learn_and_settle(learner, progress, error);
    if (!status)
        status = provenance_write(&model->provenance, corpus, options,
                                  &learner->vocabulary, &learner->plan,
                                  options->search ? outcome : NULL, error);
    if (!status)
        status = term_names_new(&model->names, &model->vocabulary, error);
    return status;
}

tenor_status learn_model(tenor_model **out, struct learn_report *report,
                         const struct corpus *corpus,
                         const struct learn_options *options,
                         struct thread_pool *pool,
                         const struct progress *progress, tenor_error *error) {
    *out = NULL;
    if (report)
        *report = (struct learn_report){0};
    struct learn_report made = {0};
    struct matrix rows = {0};
    struct learner learner = {.corpus = corpus, .options = options};
    tenor_status status = learn_options_check(options, error);
    if (status)
        return status;
    learner.model = memory_new(1, sizeof *learner.model);
    if (!learner.model)
        return error_memory(error);
    status = learn(&learner, &made.search, &rows, pool, progress, error);
    if (!status)
        status = fill_report(&made, &learner, error);
    clear_learner(&learner);
    matrix_clear(&rows);
    if (status)
        tenor_model_free(learner.model);
    else
        *out = learner.model;
    if (report)
        *report = made;
    else
        learn_report_clear(&made);
    return status;
}
