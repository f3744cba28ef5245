/* Jobs (a lesson, a cost, a fold to leave out) to weights, in batches whose
 * solver arrays fit in memory and in which similar jobs stand side by side. */
#include "lessons.h"

#include <stdatomic.h>
#include <string.h>

/* Solver arrays that one batch may take, and the widest batch: beyond it the
 * rows of weights that one term touches no longer fit a few cache lines. */
static const size_t BATCH_BYTES = (size_t)1 << 30;
enum { BATCH_OUTPUTS = 16, SOLVER_ARRAYS = 7 };

struct batch {
    struct fit_job *jobs; /* all of one kind */
    size_t count, outputs;
    double **costs;                 /* [count][rows] */
    struct logreg_problem *logregs; /* [outputs] at most */
    uint32_t **classes;             /* [outputs][rows], where split up */
    struct svm_problem *svms;       /* [outputs] */
    int8_t **signs;                 /* [outputs][rows] */
    double **ratios;                /* [outputs][columns], where made */
    double **scales;                /* [outputs] of these, where asked for */
};

static void clear_batch(struct batch *batch) {
    for (size_t q = 0; batch->costs && q < batch->count; q++)
        memory_free(batch->costs[q]);
    for (size_t j = 0; batch->signs && j < batch->outputs; j++)
        memory_free(batch->signs[j]);
    for (size_t j = 0; batch->classes && j < batch->outputs; j++)
        memory_free(batch->classes[j]);
    memory_free(batch->classes);
    for (size_t j = 0; batch->ratios && j < batch->outputs; j++)
        memory_free(batch->ratios[j]);
    memory_free(batch->ratios);
    memory_free(batch->scales);
    memory_free(batch->costs);
    memory_free(batch->logregs);
    memory_free(batch->svms);
    memory_free(batch->signs);
}

/* ---- log-count ratios ------------------------------------------------------ */
struct ratio_work {
    const struct matrix *rows;
    const uint8_t *folds;
    struct ratio_output {
        const struct fit_job *job;
        size_t output;  /* of the job */
        double *ratios; /* NULL: none, or another's */
    } * items;          /* [outputs of the batch] */
    atomic_bool no_memory;
};

/* The first output of the batch with the same ratios, which depend on neither
 * kind nor cost. */
static size_t first_alike(const struct ratio_output *items, size_t at) {
    size_t q = 0;
    while (q < at && !(items[q].job->method.ratios &&
                       items[q].job->lesson == items[at].job->lesson &&
                       items[q].job->fold == items[at].job->fold &&
                       items[q].output == items[at].output))
        q++;
    return q;
}

static void make_ratios(void *context, size_t at, size_t worker) {
    (void)worker;
    struct ratio_work *work = context;
    struct ratio_output *item = &work->items[at];
    if (!item->job->method.ratios || first_alike(work->items, at) != at)
        return;
    item->ratios = memory_new(work->rows->columns, sizeof *item->ratios);
    if (!item->ratios || !ratio_scales(item->ratios, work->rows, item->job,
                                       item->output, work->folds))
        atomic_store(&work->no_memory, true);
}

/* The log-count ratios of those jobs that want them. */
static bool fill_scales(struct batch *batch, const struct learn_data *data,
                        const uint8_t *folds) {
    batch->scales = memory_new(batch->outputs, sizeof *batch->scales);
    batch->ratios = memory_new(batch->outputs, sizeof *batch->ratios);
    struct ratio_work work = {
        .rows = data->rows,
        .folds = folds,
        .items = memory_new(batch->outputs, sizeof *work.items)};
    bool good = batch->scales && batch->ratios && work.items;
    for (size_t q = 0, at = 0; good && q < batch->count; q++)
        for (size_t j = 0; j < batch->jobs[q].lesson->outputs; j++)
            work.items[at++] = (struct ratio_output){&batch->jobs[q], j, NULL};
    if (good)
        thread_pool_run(data->pool, batch->outputs, make_ratios, &work);
    for (size_t at = 0; good && at < batch->outputs; at++) {
        batch->ratios[at] = work.items[at].ratios;
        if (work.items[at].job->method.ratios)
            batch->scales[at] = work.items[first_alike(work.items, at)].ratios;
    }
    memory_free(work.items);
    return good && !atomic_load(&work.no_memory);
}

static bool fill_costs(struct batch *batch, size_t rows,
                       const uint8_t *folds) {
    batch->costs = memory_new(batch->count, sizeof *batch->costs);
    for (size_t q = 0; batch->costs && q < batch->count; q++) {
        const struct fit_job *job = &batch->jobs[q];
        double *costs = memory_new(rows, sizeof *costs);
        batch->costs[q] = costs;
        if (!costs)
            return false;
        for (size_t i = 0; i < rows; i++)
            if (job->fold == FOLD_NONE || folds[i] != job->fold)
                costs[i] = job->method.cost * job->lesson->weights[i];
    }
    return batch->costs != NULL;
}

/* ---- logistic regression ------------------------------------------------------- */
/* A softmax shares one scale a column among its classes; where each class has
 * its own log-count ratios, it is one against the rest. */
static bool splits(const struct fit_job *job) {
    return job->lesson->outputs > 1 &&
           (job->method.kind == MODEL_SVM || job->method.ratios);
}

static bool fill_logregs(struct batch *batch, size_t rows, size_t *count) {
    batch->logregs = memory_new(batch->outputs, sizeof *batch->logregs);
    batch->classes = memory_new(batch->outputs, sizeof *batch->classes);
    if (!batch->logregs || !batch->classes)
        return false;
    *count = 0;
    for (size_t q = 0, first = 0; q < batch->count; q++) {
        const struct lesson *lesson = batch->jobs[q].lesson;
        bool split = splits(&batch->jobs[q]);
        for (size_t j = 0; j < (split ? lesson->outputs : 1); j++) {
            uint32_t *classes = NULL;
            if (split) {
                batch->classes[first + j] = classes =
                    memory_new(rows, sizeof *classes);
                if (!classes)
                    return false;
                for (size_t i = 0; i < rows; i++)
                    classes[i] = lesson->classes[i] == j;
            }
            batch->logregs[(*count)++] = (struct logreg_problem){
                .outputs = split ? 1 : lesson->outputs,
                .classes = split ? classes : lesson->classes,
                .costs = batch->costs[q],
                .column_scales = batch->scales[first + j]};
        }
        first += lesson->outputs;
    }
    return true;
}

/* Adds one problem's outcome to its job's. */
static void add_outcome(struct fit_job *job,
                        const struct logreg_problem *problem) {
    struct logreg_problem *sum = &job->problem;
    sum->objective += problem->objective;
    sum->gap = problem->gap > sum->gap ? problem->gap : sum->gap;
    sum->steps = problem->steps > sum->steps ? problem->steps : sum->steps;
    sum->products += problem->products;
    sum->converged = sum->converged && problem->converged;
}

static tenor_status solve_logregs(struct batch *batch, double *w,
                                  const struct learn_data *data,
                                  const struct logreg_options *options,
                                  const struct progress *progress,
                                  tenor_error *error) {
    size_t count;
    if (!fill_logregs(batch, data->rows->rows, &count))
        return error_memory(error);
    tenor_status status =
        logreg_fit(w, batch->logregs, count, data, options, progress, error);
    for (size_t q = 0, at = 0; q < batch->count; q++) {
        struct fit_job *job = &batch->jobs[q];
        size_t parts = splits(job) ? job->lesson->outputs : 1;
        for (size_t j = 0; j < parts; j++)
            add_outcome(job, &batch->logregs[at++]);
    }
    return status;
}

/* ---- support vector machines --------------------------------------------------- */
static bool fill_svms(struct batch *batch, size_t rows) {
    batch->svms = memory_new(batch->outputs, sizeof *batch->svms);
    batch->signs = memory_new(batch->outputs, sizeof *batch->signs);
    if (!batch->svms || !batch->signs)
        return false;
    for (size_t q = 0, at = 0; q < batch->count; q++) {
        const struct fit_job *job = &batch->jobs[q];
        const struct lesson *lesson = job->lesson;
        for (size_t j = 0; j < lesson->outputs; j++, at++) {
            int8_t *signs = memory_new(rows, sizeof *signs);
            batch->signs[at] = signs;
            if (!signs)
                return false;
            /* one output: class 1 against 0 */
            size_t positive = lesson->outputs == 1 ? 1 : j;
            for (size_t i = 0; i < rows; i++)
                signs[i] = lesson->classes[i] == positive ? 1 : -1;
            batch->svms[at] =
                (struct svm_problem){.loss = SVM_SQUARED_HINGE,
                                     .bias = BIAS_PENALIZED,
                                     .signs = signs,
                                     .costs = batch->costs[q],
                                     .column_scales = batch->scales[at]};
        }
    }
    return true;
}

static tenor_status solve_svms(struct batch *batch, double *w,
                               const struct learn_data *data,
                               const struct logreg_options *options,
                               const struct progress *progress,
                               tenor_error *error) {
    const struct svm_options svm = {.tolerance = options->tolerance,
                                    .max_passes = SVM_MOST_PASSES,
                                    .seed = 1};
    if (!fill_svms(batch, data->rows->rows))
        return error_memory(error);
    tenor_status status = svm_fit(w, batch->svms, batch->outputs, data, &svm,
                                  progress, error);
    for (size_t q = 0, at = 0; q < batch->count; q++) {
        for (size_t j = 0; j < batch->jobs[q].lesson->outputs; j++, at++)
            add_outcome(&batch->jobs[q],
                        &(struct logreg_problem){
                            .objective = batch->svms[at].objective,
                            .gap = batch->svms[at].gap,
                            .steps = batch->svms[at].passes,
                            .products = 2 * batch->svms[at].passes,
                            .converged = batch->svms[at].converged});
    }
    return status;
}

/* ---- batches ------------------------------------------------------------------- */
static tenor_status solve_batch(struct batch *batch,
                                const struct learn_data *data,
                                const uint8_t *folds,
                                const struct logreg_options *options,
                                fit_receiver *receive, void *context,
                                const struct progress *progress,
                                tenor_error *error) {
    size_t columns = data->rows->columns;
    double *w = memory_new((columns + 1) * batch->outputs, sizeof *w);
    tenor_status status = TENOR_OK;
    for (size_t q = 0; q < batch->count; q++)
        batch->jobs[q].problem =
            (struct logreg_problem){.outputs = batch->jobs[q].lesson->outputs,
                                    .converged = true};
    if (!w || !fill_costs(batch, data->rows->rows, folds) ||
        !fill_scales(batch, data, folds))
        status = error_memory(error);
    if (!status)
        status = (batch->jobs->method.kind == MODEL_SVM ? solve_svms : solve_logregs)(
            batch, w, data, options, progress, error);
    if (!status &&
        !receive(context, batch->jobs, batch->count, w, batch->outputs))
        status = error_memory(error);
    memory_free(w);
    return status;
}

tenor_status solve_jobs(struct fit_job *jobs, size_t count,
                        const struct learn_data *data, const uint8_t *folds,
                        const struct logreg_options *options,
                        fit_receiver *receive, void *context,
                        const struct progress *progress, tenor_error *error) {
    size_t one = (data->rows->rows + data->rows->columns + 1) *
                 SOLVER_ARRAYS * sizeof(double);
    size_t most = BATCH_BYTES / one;
    if (most > BATCH_OUTPUTS)
        most = BATCH_OUTPUTS;
    size_t first = 0;
    while (first < count) {
        struct batch batch = {.jobs = jobs + first};
        while (first < count &&
               (batch.count == 0 ||
                (jobs[first].method.kind == batch.jobs->method.kind &&
                 batch.outputs + jobs[first].lesson->outputs <= most))) {
            batch.outputs += jobs[first++].lesson->outputs;
            batch.count++;
        }
        tenor_status status = solve_batch(&batch, data, folds, options,
                                          receive, context, progress, error);
        clear_batch(&batch);
        if (status)
            return status;
    }
    return TENOR_OK;
}
