/* Jobs (a lesson, a cost, a fold to leave out) to weights, in batches whose
 * solver arrays fit in memory and in which similar jobs stand side by side. */
#include "lessons.h"

#include <string.h>

/* Solver arrays that one batch may take, and the widest batch: beyond it the
 * rows of weights that one term touches no longer fit a few cache lines. */
static const size_t BATCH_BYTES = (size_t)1 << 30;
enum { BATCH_OUTPUTS = 16, SOLVER_ARRAYS = 7, MOST_PASSES = 2000 };

struct batch {
    struct fit_job *jobs; /* all of one kind */
    size_t count, outputs;
    double **costs;                 /* [count][rows] */
    struct logreg_problem *logregs; /* [count] */
    struct svm_problem *svms;       /* [outputs] */
    int8_t **signs;                 /* [outputs][rows] */
    double **scales;                /* [outputs][columns], where asked for */
};

static void clear_batch(struct batch *batch) {
    for (size_t q = 0; batch->costs && q < batch->count; q++)
        memory_free(batch->costs[q]);
    for (size_t j = 0; batch->signs && j < batch->outputs; j++)
        memory_free(batch->signs[j]);
    for (size_t j = 0; batch->scales && j < batch->outputs; j++)
        memory_free(batch->scales[j]);
    memory_free(batch->scales);
    memory_free(batch->costs);
    memory_free(batch->logregs);
    memory_free(batch->svms);
    memory_free(batch->signs);
}

/* The log-count ratios of those jobs that want them; a softmax has one scale
 * for all of its outputs, the first. */
static bool fill_scales(struct batch *batch, const struct matrix *rows,
                        const uint8_t *folds) {
    batch->scales = memory_new(batch->outputs, sizeof *batch->scales);
    if (!batch->scales)
        return false;
    for (size_t q = 0, first = 0; q < batch->count; q++) {
        const struct fit_job *job = &batch->jobs[q];
        size_t wanted = job->method.kind == MODEL_SVM ? job->lesson->outputs : 1;
        for (size_t j = 0; job->method.ratios && j < wanted; j++) {
            double *scales = memory_new(rows->columns, sizeof *scales);
            batch->scales[first + j] = scales;
            if (!scales || !ratio_scales(scales, rows, job, j, folds))
                return false;
        }
        first += job->lesson->outputs;
    }
    return true;
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
static tenor_status solve_logregs(struct batch *batch, double *w,
                                  const struct learn_data *data,
                                  const struct logreg_options *options,
                                  const struct progress *progress,
                                  tenor_error *error) {
    batch->logregs = memory_new(batch->count, sizeof *batch->logregs);
    if (!batch->logregs)
        return error_memory(error);
    for (size_t q = 0, first = 0; q < batch->count; q++) {
        batch->logregs[q] = (struct logreg_problem){
            .outputs = batch->jobs[q].lesson->outputs,
            .classes = batch->jobs[q].lesson->classes,
            .costs = batch->costs[q],
            .column_scales = batch->scales[first]};
        first += batch->jobs[q].lesson->outputs;
    }
    tenor_status status = logreg_fit(w, batch->logregs, batch->count, data,
                                     options, progress, error);
    for (size_t q = 0; q < batch->count; q++) {
        batch->jobs[q].problem = batch->logregs[q];
        batch->jobs[q].problem.classes = NULL;
        batch->jobs[q].problem.costs = NULL;
        batch->jobs[q].problem.column_scales = NULL;
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

static void sum_up(struct fit_job *job, const struct svm_problem *svms) {
    job->problem = (struct logreg_problem){.outputs = job->lesson->outputs,
                                           .converged = true};
    for (size_t j = 0; j < job->lesson->outputs; j++) {
        job->problem.objective += svms[j].objective;
        if (svms[j].gap > job->problem.gap)
            job->problem.gap = svms[j].gap;
        if (svms[j].passes > job->problem.steps)
            job->problem.steps = svms[j].passes;
        job->problem.products += 2 * svms[j].passes;
        job->problem.converged &= svms[j].converged;
    }
}

static tenor_status solve_svms(struct batch *batch, double *w,
                               const struct learn_data *data,
                               const struct logreg_options *options,
                               const struct progress *progress,
                               tenor_error *error) {
    const struct svm_options svm = {
        .tolerance = options->tolerance, .max_passes = MOST_PASSES, .seed = 1};
    if (!fill_svms(batch, data->rows->rows))
        return error_memory(error);
    tenor_status status = svm_fit(w, batch->svms, batch->outputs, data, &svm,
                                  progress, error);
    for (size_t q = 0, at = 0; q < batch->count; q++) {
        sum_up(&batch->jobs[q], batch->svms + at);
        at += batch->jobs[q].lesson->outputs;
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
    if (!w || !fill_costs(batch, data->rows->rows, folds) ||
        !fill_scales(batch, data->rows, folds))
        status = error_memory(error);
    if (!status)
        status = (batch->jobs->method.kind == MODEL_SVM ? solve_svms : solve_logregs)(
            batch, w, data, options, progress, error);
    for (size_t q = 0, first = 0; !status && q < batch->count; q++) {
        struct fit_job *job = &batch->jobs[q];
        if (!receive(context, job, w, batch->outputs, first))
            status = error_memory(error);
        first += job->lesson->outputs;
    }
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
