/* What a model learns from held-out scores: how to turn scores into
 * probabilities, from which probability on a label holds, and what
 * probabilities the truth gets, which conformal prediction compares with.
 *
 * A label of a multi-label task is calibrated by a logistic curve (Platt) or
 * by isotonic regression, whichever has the lower log-loss on the half of the
 * scores that it was not fitted to. */
#include "lessons.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As many of the true answers' probabilities are kept; as many rows it takes
 * to tell a free curve from a logistic one. */
enum { TRUTH_LIMIT = 1000, ISOTONIC_LEAST = 400 };

struct settler {
    tenor_model *model;
    const struct held_out *held_out;
    const struct corpus *corpus;
    const struct learn_options *options;
    double *z; /* [rows][outputs], of the rows that say something */
    uint32_t *class;
    uint8_t *truth;
    double *probability;
    float *true_answers; /* [rows] probabilities, to be sorted */
    size_t count;        /* of those rows */
};

static bool start(struct settler *settler) {
    size_t rows = settler->corpus->count, widest = 1;
    tenor_model *model = settler->model;
    for (size_t t = 0; t < model->task_count; t++)
        if (!model->tasks[t].multi && model->tasks[t].label_count > widest)
            widest = model->tasks[t].label_count;
    settler->z = memory_new(rows * widest, sizeof *settler->z);
    settler->class = memory_new(rows, sizeof *settler->class);
    settler->truth = memory_new(rows, 1);
    settler->probability = memory_new(rows, sizeof *settler->probability);
    settler->true_answers = memory_new(rows, sizeof *settler->true_answers);
    model->truths = memory_new(model->label_count * TRUTH_LIMIT,
                               sizeof *model->truths);
    model->knots = memory_new(model->label_count * KNOT_LIMIT,
                              sizeof *model->knots);
    return settler->z && settler->class && settler->truth &&
           settler->probability && settler->true_answers && model->truths &&
           model->knots;
}

static void finish(struct settler *settler) {
    memory_free(settler->z);
    memory_free(settler->class);
    memory_free(settler->truth);
    memory_free(settler->probability);
    memory_free(settler->true_answers);
}

static int compare_floats(const void *a, const void *b) {
    float left = *(const float *)a, right = *(const float *)b;
    return (left > right) - (left < right);
}

/* Sorts the true answers' probabilities and keeps them, thinned evenly. */
static struct model_range keep_truths(struct settler *settler) {
    tenor_model *model = settler->model;
    size_t count = settler->count;
    size_t kept = count < TRUTH_LIMIT ? count : TRUTH_LIMIT;
    struct model_range range = {(uint32_t)model->truth_count, (uint32_t)kept};
    if (count)
        qsort(settler->true_answers, count, sizeof *settler->true_answers,
              compare_floats);
    for (size_t i = 0; i < kept; i++)
        model->truths[model->truth_count++] =
            settler->true_answers[(2 * i + 1) * count / (2 * kept)];
    return range;
}

/* ---- single-label tasks ---------------------------------------------------------- */
static void settle_single(struct settler *settler, size_t number) {
    const struct corpus_task *task = &settler->corpus->tasks[number];
    struct model_task *out = &settler->model->tasks[number];
    struct model_label *labels = settler->model->labels + out->first;
    const struct held_out *held_out = settler->held_out;
    size_t outputs = task->label_count;
    settler->count = 0;
    for (size_t i = 0; i < settler->corpus->count; i++) {
        if (!held_out->scored[i] || !task->labelled[i])
            continue;
        memcpy(settler->z + settler->count * outputs,
               held_out->scores[0] + i * held_out->label_count + out->first,
               outputs * sizeof *settler->z);
        settler->class[settler->count++] = task->values[task->starts[i]];
    }
    double scale = calibrate_softmax(settler->z, settler->class,
                                     settler->count, outputs);
    for (size_t k = 0; k < outputs; k++)
        labels[k].scale = (float)scale;
    for (size_t i = 0; i < settler->count; i++) {
        double *z = settler->z + i * outputs;
        for (size_t k = 0; k < outputs; k++)
            z[k] *= scale;
        settler->true_answers[i] =
            (float)exp(-loss_value(z, outputs, settler->class[i]));
    }
    out->truths = keep_truths(settler);
}

/* ---- labels of multi-label tasks ---------------------------------------------------- */
/* Of the rows `parity`, parity + 2, ... */
static double log_loss(const struct settler *settler, size_t parity,
                       const struct model_label *label,
                       const struct model_knot *knots, size_t knot_count) {
    double sum = 0;
    for (size_t i = parity; i < settler->count; i += 2) {
        double p = label_probability(label, knots, knot_count,
                                     (float)settler->z[i]);
        p = fmin(fmax(p, 1e-6), 1 - 1e-6);
        sum -= log(settler->truth[i] ? p : 1 - p);
    }
    return sum;
}

/* Fits a curve of either kind to the rows of one parity, and tells what it
 * loses on the others. */
static bool try_half(const struct settler *settler, size_t parity,
                     double *platt, double *isotonic) {
    struct model_knot knots[KNOT_LIMIT];
    size_t half = 0, knot_count;
    double scale, shift;
    double *z = memory_new(settler->count, sizeof *z);
    uint8_t *truth = memory_new(settler->count, 1);
    bool good = z && truth;
    for (size_t i = parity; good && i < settler->count; i += 2, half++) {
        z[half] = settler->z[i];
        truth[half] = settler->truth[i];
    }
    good = good && calibrate_isotonic(knots, &knot_count, z, truth, half);
    if (good) {
        calibrate_binary(&scale, &shift, z, truth, half);
        struct model_label label = {.scale = (float)scale,
                                    .shift = (float)shift};
        *platt += log_loss(settler, 1 - parity, &label, NULL, 0);
        *isotonic += log_loss(settler, 1 - parity, &label, knots, knot_count);
    }
    memory_free(z);
    memory_free(truth);
    return good;
}

/* The curve with the lower loss on rows that it was not fitted to, fitted to
 * all of them. */
static bool settle_curve(struct settler *settler, struct model_label *label) {
    tenor_model *model = settler->model;
    double platt = 0, isotonic = 0, scale, shift;
    size_t knot_count;
    calibrate_binary(&scale, &shift, settler->z, settler->truth,
                     settler->count);
    label->scale = (float)scale;
    label->shift = (float)shift;
    if (settler->count < ISOTONIC_LEAST)
        return true;
    if (!try_half(settler, 0, &platt, &isotonic) ||
        !try_half(settler, 1, &platt, &isotonic))
        return false;
    if (!(isotonic < platt))
        return true;
    struct model_knot *knots = model->knots + model->knot_count;
    if (!calibrate_isotonic(knots, &knot_count, settler->z, settler->truth,
                            settler->count))
        return false;
    label->knots = (struct model_range){(uint32_t)model->knot_count,
                                        (uint32_t)knot_count};
    model->knot_count += knot_count;
    return true;
}

static bool settle_label(struct settler *settler, size_t number,
                         size_t label) {
    const struct corpus_task *task = &settler->corpus->tasks[number];
    const struct held_out *held_out = settler->held_out;
    tenor_model *model = settler->model;
    size_t at = model->tasks[number].first + label;
    struct model_label *out = &model->labels[at];
    double threshold;
    settler->count = 0;
    for (size_t i = 0; i < settler->corpus->count; i++) {
        if (!held_out->scored[i] || !task->labelled[i])
            continue;
        uint8_t truth = 0;
        for (size_t k = task->starts[i]; k < task->starts[i + 1]; k++)
            truth |= task->values[k] == label;
        settler->z[settler->count] =
            held_out->scores[0][i * held_out->label_count + at];
        settler->truth[settler->count++] = truth;
    }
    if (settler->count == 0)
        return true;
    if (!settle_curve(settler, out))
        return false;
    for (size_t i = 0; i < settler->count; i++) {
        float p = label_probability(out, model->knots + out->knots.first,
                                    out->knots.count, (float)settler->z[i]);
        settler->probability[i] = (double)p;
        settler->true_answers[i] = settler->truth[i] ? p : 1 - p;
    }
    if (!choose_threshold(&threshold, settler->probability, settler->truth,
                          settler->count, &settler->options->goal))
        return false;
    out->threshold = (float)threshold;
    out->truths = keep_truths(settler);
    return true;
}

tenor_status settle_model(tenor_model *model, const struct held_out *held_out,
                          const struct corpus *corpus,
                          const struct learn_options *options,
                          tenor_error *error) {
    struct settler settler = {.model = model,
                              .held_out = held_out,
                              .corpus = corpus,
                              .options = options};
    bool good = start(&settler);
    for (size_t t = 0; good && t < model->task_count; t++) {
        const struct corpus_task *task = &corpus->tasks[t];
        if (!task->multi)
            settle_single(&settler, t);
        for (size_t k = 0; good && task->multi && k < task->label_count; k++)
            good = settle_label(&settler, t, k);
    }
    finish(&settler);
    return good ? TENOR_OK : error_memory(error);
}
