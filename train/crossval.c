/* Scores of paragraphs by models that have not seen them, and what follows
 * from them: calibration and thresholds.
 *
 * A large corpus needs no more than some thousand held-out paragraphs, so only
 * as many folds are learnt as give them. */
#include "lessons.h"

#include <math.h>

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

/* ---- calibration -------------------------------------------------------------------- */
struct sample { /* the held-out rows that say something of a task */
    double *z;
    uint32_t *class;
    uint8_t *truth;
    double *probability;
    size_t count;
};

static void clear_sample(struct sample *sample) {
    memory_free(sample->z);
    memory_free(sample->class);
    memory_free(sample->truth);
    memory_free(sample->probability);
}

static bool new_sample(struct sample *sample, size_t rows, size_t outputs) {
    *sample = (struct sample){
        .z = memory_new(rows * outputs, sizeof *sample->z),
        .class = memory_new(rows, sizeof *sample->class),
        .truth = memory_new(rows, 1),
        .probability = memory_new(rows, sizeof *sample->probability)};
    return sample->z && sample->class && sample->truth && sample->probability;
}

static void calibrate_single(tenor_model *model, size_t number,
                             const struct held_out *held_out,
                             const struct corpus *corpus,
                             struct sample *sample) {
    const struct corpus_task *task = &corpus->tasks[number];
    struct model_label *labels =
        model->labels + model->tasks[number].first;
    sample->count = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        if (!held_out->scored[i] || !task->labelled[i])
            continue;
        const double *scores = held_out->scores +
                               i * held_out->label_count +
                               model->tasks[number].first;
        for (size_t k = 0; k < task->label_count; k++)
            sample->z[sample->count * task->label_count + k] = scores[k];
        sample->class[sample->count++] = task->values[task->starts[i]];
    }
    double scale = calibrate_softmax(sample->z, sample->class, sample->count,
                                     task->label_count);
    for (size_t k = 0; k < task->label_count; k++)
        labels[k].scale = (float)scale;
}

static bool calibrate_label(tenor_model *model, size_t number, size_t label,
                            const struct held_out *held_out,
                            const struct corpus *corpus,
                            struct sample *sample) {
    const struct corpus_task *task = &corpus->tasks[number];
    size_t at = model->tasks[number].first + label;
    struct model_label *out = &model->labels[at];
    double scale, shift, threshold;
    sample->count = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        if (!held_out->scored[i] || !task->labelled[i])
            continue;
        uint8_t truth = 0;
        for (size_t k = task->starts[i]; k < task->starts[i + 1]; k++)
            truth |= task->values[k] == label;
        sample->z[sample->count] =
            held_out->scores[i * held_out->label_count + at];
        sample->truth[sample->count++] = truth;
    }
    if (sample->count == 0)
        return true;
    calibrate_binary(&scale, &shift, sample->z, sample->truth, sample->count);
    for (size_t i = 0; i < sample->count; i++)
        sample->probability[i] =
            1 / (1 + exp(-(scale * sample->z[i] + shift)));
    if (!choose_threshold(&threshold, sample->probability, sample->truth,
                          sample->count, 0.5))
        return false;
    out->scale = (float)scale;
    out->shift = (float)shift;
    out->threshold = (float)threshold;
    return true;
}

tenor_status calibrate_model(tenor_model *model,
                             const struct held_out *held_out,
                             const struct corpus *corpus, tenor_error *error) {
    for (size_t t = 0; t < model->task_count; t++) {
        const struct corpus_task *task = &corpus->tasks[t];
        struct sample sample;
        bool good = new_sample(&sample, corpus->count,
                               task->multi ? 1 : task->label_count);
        if (good && !task->multi)
            calibrate_single(model, t, held_out, corpus, &sample);
        for (size_t k = 0; good && task->multi && k < task->label_count; k++)
            good = calibrate_label(model, t, k, held_out, corpus, &sample);
        clear_sample(&sample);
        if (!good)
            return error_memory(error);
    }
    return TENOR_OK;
}
