/* Several methods for one task: each is calibrated on held-out scores, their
 * log-odds are averaged where that loses less than the best of them alone. To
 * that one others are added, the one that helps most first, while the mean
 * loses less. Where none helps the best stays: the one that a search put first,
 * by its own figure, or else the one that loses least.
 *
 * The mean of calibrated log-odds (a logarithmic opinion pool) has the
 * advantage over a mean of probabilities that linear models stay one linear
 * model: weights and biases are averaged with the calibration's factors, and
 * nothing is paid for it when classifying.
 *
 * Sources: Genest & Zidek, "Combining probability distributions", Statistical
 * Science 1986; Caruana et al., "Ensemble selection from libraries of models",
 * ICML 2004 (adding one by one). */
#include "lessons.h"

#include <math.h>
#include <string.h>

struct blender {
    const struct corpus_task *task;
    size_t first, stride; /* of the task's labels in the scores; of a row */
    const struct held_out *held_out;
    size_t methods, rows;
    bool ranked; /* the methods are in a search's order */
};

static double *task_scores(const struct blender *blender, size_t *count,
                           size_t method, size_t label, size_t width,
                           uint32_t *classes) {
    double *z = memory_new(blender->rows * width, sizeof *z);
    *count = 0;
    for (size_t i = 0; z && i < blender->rows; i++) {
        const struct corpus_task *task = blender->task;
        if (!blender->held_out->scored[i] || !task->labelled[i])
            continue;
        memcpy(z + *count * width,
               blender->held_out->scores[method] + i * blender->stride +
                   blender->first + label,
               width * sizeof *z);
        uint32_t class = task->multi ? 0 : task->values[task->starts[i]];
        for (size_t v = task->starts[i]; task->multi && v < task->starts[i + 1];
             v++)
            class |= task->values[v] == label;
        classes[(*count)++] = class;
    }
    return z;
}

/* Fits a method's factor and shift; then z holds calibrated log-odds. */
static bool calibrate(double *z, const uint32_t *classes, size_t count,
                      size_t width, bool multi, double *scale, double *shift) {
    *scale = 1;
    *shift = 0;
    if (multi) {
        uint8_t *truth = memory_new(count, 1);
        if (!truth)
            return false;
        for (size_t i = 0; i < count; i++)
            truth[i] = (uint8_t)classes[i];
        calibrate_binary(scale, shift, z, truth, count);
        memory_free(truth);
    } else {
        *scale = calibrate_softmax(z, classes, count, width);
    }
    for (size_t i = 0; i < count * width; i++)
        z[i] = *scale * z[i] + *shift;
    return true;
}

/* One question, a whole single-label task or one label: the truth, and the
 * methods' calibrated log-odds. */
struct question {
    uint32_t *classes;       /* [count] */
    double *z[METHOD_LIMIT]; /* [methods][count][width] */
    size_t methods, count, width;
};

/* Of the mean over so many methods, whose sum is given. */
static double pool_loss(const struct question *question, const double *sum,
                        const double *added, size_t methods, double *mean) {
    double loss = 0;
    for (size_t i = 0; i < question->count * question->width; i++)
        mean[i] = (sum[i] + added[i]) / (double)methods;
    for (size_t i = 0; i < question->count; i++)
        loss += loss_value(mean + i * question->width, question->width,
                           question->classes[i]);
    return loss;
}

/* Tells which methods are in the pool, and returns how many; 0: no memory. */
static size_t choose_pool(bool in[METHOD_LIMIT],
                          const struct question *question) {
    size_t size = question->count * question->width, chosen = 0, next;
    double *sum = memory_new(size, sizeof *sum);
    double *mean = memory_new(size, sizeof *mean);
    double least = INFINITY;
    do {
        next = SIZE_MAX;
        for (size_t m = 0; sum && mean && m < question->methods; m++) {
            if (in[m])
                continue;
            double loss = pool_loss(question, sum, question->z[m], chosen + 1,
                                    mean);
            if (loss < least) {
                least = loss;
                next = m;
            }
        }
        if (next != SIZE_MAX) {
            in[next] = true;
            chosen++;
            for (size_t i = 0; i < size; i++)
                sum[i] += question->z[next][i];
        }
    } while (next != SIZE_MAX);
    memory_free(sum);
    memory_free(mean);
    return chosen;
}

static bool blend_question(const struct blender *blender, size_t label,
                           size_t width,
                           struct blend_part parts[METHOD_LIMIT]) {
    struct question question = {
        .classes = memory_new(blender->rows, sizeof *question.classes),
        .methods = blender->methods,
        .width = width};
    double scales[METHOD_LIMIT], shifts[METHOD_LIMIT];
    bool in[METHOD_LIMIT] = {false};
    size_t chosen = 0;
    bool good = question.classes;
    for (size_t m = 0; good && m < blender->methods; m++) {
        double *z = task_scores(blender, &question.count, m, label, width,
                                question.classes);
        question.z[m] = z;
        good = z && calibrate(z, question.classes, question.count, width,
                              blender->task->multi, &scales[m], &shifts[m]);
    }
    good = good && (chosen = choose_pool(in, &question)) > 0;
    for (size_t m = 0; good && m < blender->methods; m++) {
        if (chosen == 1 && blender->ranked)
            in[m] = m == 0;
        double weight = in[m] ? 1 / (double)chosen : 0;
        parts[m] = (struct blend_part){weight * scales[m], weight * shifts[m]};
    }
    for (size_t m = 0; m < METHOD_LIMIT; m++)
        memory_free(question.z[m]);
    memory_free(question.classes);
    return good;
}

static bool blend_task(struct plan *plan, const struct blender *blender) {
    const struct corpus_task *task = blender->task;
    struct blend_part found[METHOD_LIMIT];
    for (size_t k = 0; k < task->label_count; k++) {
        bool asked = task->multi || k == 0;
        if (asked && !blend_question(blender, k,
                                     task->multi ? 1 : task->label_count,
                                     found))
            return false;
        for (size_t m = 0; m < blender->methods; m++)
            plan->parts[(blender->first + k) * METHOD_LIMIT + m] = found[m];
    }
    return true;
}

/* The first method's scores become the blend's. */
static void blend_scores(const struct plan *plan, struct held_out *held_out,
                         const struct blender *blender) {
    for (size_t i = 0; i < blender->rows; i++)
        for (size_t k = blender->first;
             k < blender->first + blender->task->label_count; k++) {
            size_t at = i * held_out->label_count + k;
            double sum = 0;
            for (size_t m = 0; m < blender->methods; m++) {
                struct blend_part part = plan->parts[k * METHOD_LIMIT + m];
                sum += part.scale * held_out->scores[m][at] + part.shift;
            }
            held_out->scores[0][at] = sum;
        }
}

/* Takes methods that no label of the task wants out of its plan. */
static void drop_idle(struct plan *plan, const struct blender *blender,
                      struct task_plan *task) {
    size_t kept = 0;
    for (size_t m = 0; m < task->method_count; m++) {
        bool wanted = false;
        for (size_t k = 0; k < blender->task->label_count; k++)
            wanted |=
                plan->parts[(blender->first + k) * METHOD_LIMIT + m].scale > 0;
        if (!wanted)
            continue;
        for (size_t k = 0; k < blender->task->label_count; k++) {
            struct blend_part *parts =
                plan->parts + (blender->first + k) * METHOD_LIMIT;
            parts[kept] = parts[m];
        }
        task->methods[kept++] = task->methods[m];
    }
    task->method_count = kept;
}

tenor_status blend_held_out(struct plan *plan, struct held_out *held_out,
                            const struct corpus *corpus, bool ranked,
                            tenor_error *error) {
    for (size_t t = 0, first = 0; t < corpus->task_count; t++) {
        const struct corpus_task *task = &corpus->tasks[t];
        const struct blender blender = {.task = task,
                                        .first = first,
                                        .stride = held_out->label_count,
                                        .held_out = held_out,
                                        .methods = plan->tasks[t].method_count,
                                        .rows = corpus->count,
                                        .ranked = ranked};
        if (blender.methods > 1) {
            if (!blend_task(plan, &blender))
                return error_memory(error);
            blend_scores(plan, held_out, &blender);
            drop_idle(plan, &blender, &plan->tasks[t]);
        }
        first += task->label_count;
    }
    return TENOR_OK;
}
