/* Jobs (a lesson, a cost, a fold to leave out) to weights, in batches whose
 * solver arrays fit in memory and in which similar jobs stand side by side. */
#include "lessons.h"

#include <string.h>

/* Solver arrays that one batch may take, and the widest batch: beyond it the
 * rows of weights that one term touches no longer fit a few cache lines. */
static const size_t BATCH_BYTES = (size_t)1 << 30;
enum { BATCH_OUTPUTS = 16, SOLVER_ARRAYS = 7 };

struct batch {
    struct fit_job *jobs;
    size_t count, outputs;
    struct logreg_problem *problems; /* [count] */
    double **costs;                  /* [count][rows] */
};

static void clear_batch(struct batch *batch) {
    for (size_t i = 0; batch->costs && i < batch->count; i++)
        memory_free(batch->costs[i]);
    memory_free(batch->costs);
    memory_free(batch->problems);
}

static bool fill_batch(struct batch *batch, size_t rows,
                       const uint8_t *folds) {
    batch->problems = memory_new(batch->count, sizeof *batch->problems);
    batch->costs = memory_new(batch->count, sizeof *batch->costs);
    if (!batch->problems || !batch->costs)
        return false;
    for (size_t q = 0; q < batch->count; q++) {
        const struct fit_job *job = &batch->jobs[q];
        double *costs = memory_new(rows, sizeof *costs);
        batch->costs[q] = costs;
        if (!costs)
            return false;
        for (size_t i = 0; i < rows; i++)
            if (job->fold == FOLD_NONE || folds[i] != job->fold)
                costs[i] = job->cost * job->lesson->weights[i];
        batch->problems[q] =
            (struct logreg_problem){.outputs = job->lesson->outputs,
                                    .classes = job->lesson->classes,
                                    .costs = costs};
    }
    return true;
}

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
    if (!w || !fill_batch(batch, data->rows->rows, folds))
        status = error_memory(error);
    if (!status)
        status = logreg_fit(w, batch->problems, batch->count, data, options,
                            progress, error);
    for (size_t q = 0, first = 0; !status && q < batch->count; q++) {
        struct fit_job *job = &batch->jobs[q];
        job->problem = batch->problems[q];
        job->problem.classes = NULL;
        job->problem.costs = NULL;
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
                batch.outputs + jobs[first].lesson->outputs <= most)) {
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
