/* Scores of paragraphs by models that have not seen them.
 *
 * A large corpus needs no more than some thousand held-out paragraphs, so only
 * as many folds are learnt as give them. */
#include "lessons.h"

/* What the folds are learnt to: a closer minimum moves no probability that
 * a calibration could notice. */
static const double FOLD_TOLERANCE = 1e-2;

struct scoring {
    struct held_out *out;
    const struct matrix *rows;
};

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

static bool score_fold(void *context, const struct fit_job *job,
                       const double *w, size_t k, size_t first) {
    struct scoring *scoring = context;
    const struct matrix *rows = scoring->rows;
    struct held_out *out = scoring->out;
    for (size_t i = 0; i < rows->rows; i++) {
        if (out->folds[i] != job->fold)
            continue;
        out->scored[i] = true;
        for (size_t j = 0; j < job->lesson->outputs; j++) {
            double score = w[rows->columns * k + first + j];
            for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++)
                score += (double)rows->values[e] *
                         w[(size_t)rows->indices[e] * k + first + j];
            spread_score(job->lesson, j, score,
                         out->scores + i * out->label_count);
        }
    }
    return true;
}

tenor_status held_out_score(struct held_out *out,
                            const struct lessons *lessons,
                            const struct corpus *corpus,
                            const struct learn_data *data,
                            const struct learn_options *options,
                            const struct progress *progress,
                            tenor_error *error) {
    size_t rows = corpus->count, folds = options->folds;
    *out = (struct held_out){.label_count = lessons->label_count};
    if (folds > rows)
        folds = rows;
    size_t used = (options->calibration_rows * folds + rows - 1) / rows;
    if (used > folds)
        used = folds;
    out->folds = memory_new(rows, 1);
    out->scored = memory_new(rows, sizeof *out->scored);
    out->scores = memory_new(rows * out->label_count, sizeof *out->scores);
    struct fit_job *jobs = memory_new(lessons->count * used, sizeof *jobs);
    tenor_status status = TENOR_OK;
    if (!out->folds || !out->scored || !out->scores || !jobs)
        status = error_memory(error);
    if (!status)
        status = folds_assign(out->folds, corpus, folds, options->seed, error);
    for (size_t i = 0; !status && i < lessons->count * used; i++)
        jobs[i] = (struct fit_job){.lesson = &lessons->items[i / used],
                                   .cost = options->cost,
                                   .fold = (uint8_t)(i % used)};
    struct scoring scoring = {out, data->rows};
    struct logreg_options rough = options->logreg;
    if (rough.tolerance < FOLD_TOLERANCE)
        rough.tolerance = FOLD_TOLERANCE;
    if (!status)
        status = solve_jobs(jobs, lessons->count * used, data, out->folds,
                            &rough, score_fold, &scoring, progress, error);
    memory_free(jobs);
    return status;
}

void held_out_clear(struct held_out *held_out) {
    memory_free(held_out->folds);
    memory_free(held_out->scored);
    memory_free(held_out->scores);
    *held_out = (struct held_out){0};
}
