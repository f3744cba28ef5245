/* Scores of paragraphs by models that have not seen them.
 *
 * A large corpus needs no more than some thousand held-out paragraphs, so only
 * as many folds are learnt as give them to every task. */
#include "lessons.h"

#include <string.h>

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

struct scoring {           /* rows by all jobs at once */
    double *const *scores; /* [count][rows][stride] */
    size_t stride, count, k;
    const struct fit_job *jobs;
    const struct matrix *rows;
    const uint8_t *folds;
    const double *w;
    bool left_out[256]; /* folds of the jobs */
    double *z;          /* [threads][k] */
};

static void score_row(const struct scoring *scoring, size_t row, double *z) {
    const struct matrix *rows = scoring->rows;
    size_t k = scoring->k;
    memcpy(z, scoring->w + rows->columns * k, k * sizeof *z);
    for (uint64_t e = rows->starts[row]; e < rows->starts[row + 1]; e++) {
        const double *restrict from = scoring->w + (size_t)rows->indices[e] * k;
        double value = (double)rows->values[e];
        for (size_t j = 0; j < k; j++)
            z[j] += value * from[j];
    }
}

static void score_rows(void *context, size_t block, size_t worker) {
    const struct scoring *scoring = context;
    double *z = scoring->z + worker * scoring->k;
    size_t end = (block + 1) * ROW_BLOCK;
    for (size_t i = block * ROW_BLOCK; i < end && i < scoring->rows->rows;
         i++) {
        if (!scoring->left_out[scoring->folds[i]])
            continue;
        score_row(scoring, i, z);
        for (size_t q = 0, first = 0; q < scoring->count; q++) {
            const struct lesson *lesson = scoring->jobs[q].lesson;
            double *out = scoring->scores[q] + i * scoring->stride;
            if (scoring->jobs[q].fold == scoring->folds[i])
                for (size_t j = 0; j < lesson->outputs; j++)
                    spread_score(lesson, j, z[first + j], out);
            first += lesson->outputs;
        }
    }
}

bool fold_scores(double *const *scores, size_t stride,
                 const struct fit_job *jobs, size_t count,
                 const struct learn_data *data, const uint8_t *folds,
                 const double *w, size_t k) {
    struct scoring scoring = {.scores = scores,
                              .stride = stride,
                              .count = count,
                              .k = k,
                              .jobs = jobs,
                              .rows = data->rows,
                              .folds = folds,
                              .w = w};
    scoring.z =
        memory_new(thread_pool_threads(data->pool) * k, sizeof *scoring.z);
    if (!scoring.z)
        return false;
    for (size_t q = 0; q < count; q++)
        scoring.left_out[jobs[q].fold] = true;
    thread_pool_run(data->pool, row_block_count(data->rows->rows), score_rows,
                    &scoring);
    memory_free(scoring.z);
    return true;
}

struct holding {
    struct held_out *out;
    const struct plan *plan;
    const struct learn_data *data;
};

static bool score_folds(void *context, const struct fit_job *jobs, size_t count,
                        const double *w, size_t k) {
    struct holding *holding = context;
    struct held_out *out = holding->out;
    double **scores = memory_new(count, sizeof *scores);
    if (!scores)
        return false;
    for (size_t q = 0; q < count; q++) {
        const struct task_plan *plan =
            &holding->plan->tasks[jobs[q].lesson->task_number];
        size_t slot = 0;
        while (!same_method(&plan->methods[slot], &jobs[q].method))
            slot++;
        scores[q] = out->scores[slot];
    }
    bool good = fold_scores(scores, out->label_count, jobs, count,
                            holding->data, out->folds, w, k);
    memory_free(scores);
    return good;
}

bool same_method(const struct method *a, const struct method *b) {
    return a->kind == b->kind && a->cost == b->cost && a->ratios == b->ratios;
}

struct fit_job *plan_jobs(size_t *count, const struct plan *plan,
                          const struct lessons *lessons, size_t folds) {
    size_t each = folds ? folds : 1;
    struct fit_job *jobs =
        memory_new(lessons->count * METHOD_LIMIT * each, sizeof *jobs);
    *count = 0;
    for (size_t at = 0; jobs && at < each * lessons->count; at++) {
        size_t fold = at / lessons->count;
        const struct lesson *lesson = &lessons->items[at % lessons->count];
        const struct task_plan *task = &plan->tasks[lesson->task_number];
        for (size_t m = 0; m < task->method_count; m++)
            jobs[(*count)++] =
                (struct fit_job){.lesson = lesson,
                                 .method = task->methods[m],
                                 .fold = folds ? (uint8_t)fold : FOLD_NONE};
    }
    return jobs;
}

/* Rows of the task that has the fewest. */
static size_t fewest_labelled(const struct corpus *corpus) {
    size_t fewest = corpus->count;
    for (size_t t = 0; t < corpus->task_count; t++) {
        size_t labelled = 0;
        for (size_t i = 0; i < corpus->count; i++)
            labelled +=
                corpus->tasks[t].labelled[i] && corpus_is_target(corpus, i);
        if (labelled < fewest)
            fewest = labelled;
    }
    return fewest;
}

static bool add_scores(struct held_out *out, size_t method, size_t rows) {
    out->scores[method] =
        memory_new(rows * out->label_count, sizeof *out->scores[method]);
    return out->scores[method];
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
    if (!out->folds || !out->scored || !add_scores(out, 0, rows))
        return error_memory(error);
    tenor_status status =
        folds_assign(out->folds, corpus, folds, options->seed, error);
    for (size_t i = 0; i < rows; i++)
        out->scored[i] =
            out->folds[i] < out->used && corpus_is_target(corpus, i);
    return status;
}

tenor_status held_out_score(struct held_out *out, const struct plan *plan,
                            const struct lessons *lessons,
                            const struct learn_data *data,
                            const struct learn_options *options,
                            const struct progress *progress,
                            tenor_error *error) {
    size_t count = 0;
    struct fit_job *jobs = plan_jobs(&count, plan, lessons, out->used);
    struct holding holding = {out, plan, data};
    struct logreg_options rough = options->logreg;
    bool good = jobs;
    for (size_t i = 0; good && i < lessons->count; i++) {
        const struct lesson *lesson = &lessons->items[i];
        size_t methods = plan->tasks[lesson->task_number].method_count;
        for (size_t m = 1; good && m < methods; m++)
            good = out->scores[m] || add_scores(out, m, data->rows->rows);
    }
    if (!good) {
        memory_free(jobs);
        return error_memory(error);
    }
    if (rough.tolerance < FOLD_TOLERANCE)
        rough.tolerance = FOLD_TOLERANCE;
    tenor_status status = solve_jobs(jobs, count, data, out->folds, &rough,
                                     score_folds, &holding, progress, error);
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
