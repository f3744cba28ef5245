/* Scores of paragraphs by models that have not seen them.
 *
 * A large corpus needs no more than some thousand held-out paragraphs, so only
 * as many folds are learnt as give them to every task. */
#include "lessons.h"

/* What the folds are learnt to: a closer minimum moves no probability that
 * a calibration could notice. */
static const double FOLD_TOLERANCE = 1e-3;

/* Where output j of a lesson goes among the labels, and with what factor. */
static void spread_score(const struct lesson *lesson, size_t output,
                         double score, double *labels) {
    double *at = labels + lesson->first_label + output;
    if (lesson->halves) {
        at[0] = -score / 2;
        at[1] = score / 2;
    } else {
        at[0] = score;
    }
}

void fold_scores(double *scores, size_t stride, const struct fit_job *job,
                 const struct matrix *rows, const uint8_t *folds,
                 const double *w, size_t k, size_t first) {
    for (size_t i = 0; i < rows->rows; i++) {
        if (folds[i] != job->fold)
            continue;
        for (size_t j = 0; j < job->lesson->outputs; j++) {
            double score = w[rows->columns * k + first + j];
            for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++)
                score += (double)rows->values[e] *
                         w[(size_t)rows->indices[e] * k + first + j];
            spread_score(job->lesson, j, score, scores + i * stride);
        }
    }
}

struct scoring {
    struct held_out *out;
    const struct plan *plan;
    const struct matrix *rows;
};

static bool score_fold(void *context, const struct fit_job *job,
                       const double *w, size_t k, size_t first) {
    struct scoring *scoring = context;
    struct held_out *out = scoring->out;
    const struct task_plan *plan =
        &scoring->plan->tasks[job->lesson->task_number];
    size_t slot = 0;
    while (!same_method(&plan->methods[slot], &job->method))
        slot++;
    fold_scores(out->scores[slot], out->label_count, job, scoring->rows,
                out->folds, w, k, first);
    for (size_t i = 0; i < scoring->rows->rows; i++)
        out->scored[i] = out->scored[i] || out->folds[i] == job->fold;
    return true;
}

bool same_method(const struct method *a, const struct method *b) {
    return a->kind == b->kind && a->cost == b->cost && a->ratios == b->ratios;
}

/* The lessons of all tasks by all methods of their plans, for each of `folds`
 * folds (FOLD_NONE: once, from all rows). NULL: no memory. */
struct fit_job *plan_jobs(size_t *count, const struct plan *plan,
                          const struct lessons *lessons, size_t folds) {
    size_t each = folds ? folds : 1;
    struct fit_job *jobs =
        memory_new(lessons->count * METHOD_LIMIT * each, sizeof *jobs);
    *count = 0;
    for (size_t i = 0; jobs && i < lessons->count; i++) {
        const struct lesson *lesson = &lessons->items[i];
        const struct task_plan *task = &plan->tasks[lesson->task_number];
        for (size_t m = 0; m < task->method_count; m++)
            for (size_t f = 0; f < each; f++)
                jobs[(*count)++] = (struct fit_job){
                    .lesson = lesson,
                    .method = task->methods[m],
                    .fold = folds ? (uint8_t)f : FOLD_NONE};
    }
    return jobs;
}

/* Rows of the task that has the fewest. */
static size_t fewest_labelled(const struct corpus *corpus) {
    size_t fewest = corpus->count;
    for (size_t t = 0; t < corpus->task_count; t++) {
        size_t labelled = 0;
        for (size_t i = 0; i < corpus->count; i++)
            labelled += corpus->tasks[t].labelled[i];
        if (labelled < fewest)
            fewest = labelled;
    }
    return fewest;
}

tenor_status held_out_start(struct held_out *out,
                            const struct lessons *lessons,
                            const struct corpus *corpus,
                            const struct learn_options *options,
                            tenor_error *error) {
    size_t rows = corpus->count, folds = options->folds;
    *out = (struct held_out){.label_count = lessons->label_count};
    if (folds > rows)
        folds = rows;
    size_t fewest = fewest_labelled(corpus);
    out->used = folds;
    if (options->calibration_rows < fewest)
        out->used = (options->calibration_rows * folds + fewest - 1) / fewest;
    out->folds = memory_new(rows, 1);
    out->scored = memory_new(rows, sizeof *out->scored);
    if (!out->folds || !out->scored)
        return error_memory(error);
    for (size_t m = 0; m < METHOD_LIMIT; m++) {
        out->scores[m] =
            memory_new(rows * out->label_count, sizeof *out->scores[m]);
        if (!out->scores[m])
            return error_memory(error);
    }
    return folds_assign(out->folds, corpus, folds, options->seed, error);
}

tenor_status held_out_score(struct held_out *out, const struct plan *plan,
                            const struct lessons *lessons,
                            const struct learn_data *data,
                            const struct learn_options *options,
                            const struct progress *progress,
                            tenor_error *error) {
    size_t count = 0;
    struct fit_job *jobs = plan_jobs(&count, plan, lessons, out->used);
    struct scoring scoring = {out, plan, data->rows};
    struct logreg_options rough = options->logreg;
    if (!jobs)
        return error_memory(error);
    if (rough.tolerance < FOLD_TOLERANCE)
        rough.tolerance = FOLD_TOLERANCE;
    tenor_status status =
        solve_jobs(jobs, count, data, out->folds, &rough, score_fold, &scoring,
                   progress, error);
    memory_free(jobs);
    return status;
}

void held_out_clear(struct held_out *held_out) {
    memory_free(held_out->folds);
    memory_free(held_out->scored);
    for (size_t m = 0; m < METHOD_LIMIT; m++)
        memory_free(held_out->scores[m]);
    *held_out = (struct held_out){0};
}
