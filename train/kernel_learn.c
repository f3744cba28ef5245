/* Tasks learnt by SVMs with a kernel: lessons and folds to libsvm's problems,
 * all over one matrix of kernel values, and their solutions to held-out scores
 * or to a model's support vectors. */
#include "kernel_learn.h"

#include <string.h>

/* One problem for every output of a lesson: a label against the rest, or
 * against one other. */
struct part {
    const struct lesson *lesson;
    signed char *signs; /* [rows], shared by the folds */
    struct {
        size_t label;
        double scale;
    } outputs[2]; /* what the problem's value does for the labels' scores */
    size_t output_count;
};

struct work {
    const struct lessons *lessons;
    const struct learn_options *options;
    const struct matrix *rows;
    struct kernel_matrix matrix;
    struct part *parts; /* [part_count] */
    size_t part_count;
    struct kernel_problem *problems; /* [folds][part_count] */
    size_t problem_count;
};

static void clear_work(struct work *work) {
    for (size_t i = 0; work->problems && i < work->problem_count; i++)
        kernel_problem_clear(&work->problems[i]);
    for (size_t i = 0; work->parts && i < work->part_count; i++)
        memory_free(work->parts[i].signs);
    memory_free(work->problems);
    memory_free(work->parts);
    kernel_matrix_clear(&work->matrix);
}

static bool in_pairs(const struct work *work, const struct lesson *lesson) {
    return work->options->pairs && lesson->outputs > 1;
}

static void add_output(struct part *part, size_t label, double scale) {
    part->outputs[part->output_count].label = label;
    part->outputs[part->output_count++].scale = scale;
}

/* The signs of output j of a lesson: its class against the rest. */
static bool fill_part(struct part *part, const struct lesson *lesson, size_t j,
                      size_t rows) {
    uint32_t positive = lesson->outputs == 1 ? 1 : (uint32_t)j;
    part->lesson = lesson;
    part->signs = memory_new(rows, 1);
    for (size_t i = 0; part->signs && i < rows; i++)
        if (lesson->weights[i] > 0)
            part->signs[i] = lesson->classes[i] == positive ? 1 : -1;
    if (lesson->halves) {
        add_output(part, lesson->first_label, -0.5);
        add_output(part, lesson->first_label + 1, 0.5);
    } else {
        add_output(part, lesson->first_label + j, 1);
    }
    return part->signs;
}

static bool fill_pair(struct part *part, const struct lesson *lesson,
                      uint32_t a, uint32_t b, size_t rows) {
    part->lesson = lesson;
    part->signs = memory_new(rows, 1);
    for (size_t i = 0; part->signs && i < rows; i++)
        if (lesson->weights[i] > 0 &&
            (lesson->classes[i] == a || lesson->classes[i] == b))
            part->signs[i] = lesson->classes[i] == a ? 1 : -1;
    add_output(part, lesson->first_label + a, 1);
    add_output(part, lesson->first_label + b, -1);
    return part->signs;
}

static bool fill_parts(struct work *work) {
    size_t rows = work->lessons->rows, most = 0;
    for (size_t i = 0; i < work->lessons->count; i++) {
        const struct lesson *lesson = &work->lessons->items[i];
        most += in_pairs(work, lesson) ? pair_count(lesson->outputs)
                                       : lesson->outputs;
    }
    work->parts = memory_new(most, sizeof *work->parts);
    if (!work->parts)
        return false;
    for (size_t i = 0; i < work->lessons->count; i++) {
        const struct lesson *lesson = &work->lessons->items[i];
        uint32_t outputs = (uint32_t)lesson->outputs;
        for (uint32_t a = 0; a < outputs; a++) {
            if (!in_pairs(work, lesson)) {
                if (!fill_part(&work->parts[work->part_count++], lesson, a,
                               rows))
                    return false;
                continue;
            }
            for (uint32_t b = a + 1; b < outputs; b++)
                if (!fill_pair(&work->parts[work->part_count++], lesson, a, b,
                               rows))
                    return false;
        }
    }
    return true;
}

/* C times the mean weight of the rows of each sign: libsvm has one cost a
 * class. */
static void fill_costs(struct kernel_problem *problem, const struct work *work,
                       const double *weights) {
    double sums[2] = {0, 0}, counts[2] = {0, 0};
    for (size_t i = 0; i < work->lessons->rows; i++)
        if (problem->signs[i]) {
            size_t side = problem->signs[i] > 0;
            sums[side] += weights[i];
            counts[side]++;
        }
    for (size_t side = 0; side < 2; side++)
        problem->costs[side] =
            work->options->plan.methods[0].cost *
            (counts[side] > 0 ? sums[side] / counts[side] : 1);
}

/* Solves every part for each fold that is used; held_out NULL: once, from all
 * rows. */
static tenor_status solve(struct work *work, const struct held_out *held_out,
                          struct thread_pool *pool,
                          const struct progress *progress,
                          tenor_error *error) {
    size_t each = held_out ? held_out->used : 1;
    work->problems = memory_new(work->part_count * each,
                                sizeof *work->problems);
    if (!work->problems)
        return error_memory(error);
    work->problem_count = work->part_count * each;
    for (size_t f = 0; f < each; f++)
        for (size_t p = 0; p < work->part_count; p++) {
            const struct part *part = &work->parts[p];
            struct kernel_problem *problem =
                &work->problems[f * work->part_count + p];
            *problem = (struct kernel_problem){.signs = part->signs,
                                               .folds = held_out
                                                            ? held_out->folds
                                                            : NULL,
                                               .fold = (uint8_t)f};
            fill_costs(problem, work, part->lesson->weights);
        }
    const struct kernel_options libsvm = kernel_options_default;
    return kernel_svm_fit(work->problems, work->problem_count, &work->matrix,
                          &libsvm, pool, progress, error);
}

static tenor_status start(struct work *work, struct thread_pool *pool,
                          const struct progress *progress,
                          tenor_error *error) {
    struct gram gram = {0};
    tenor_status status = kernel_limit_check(work->rows->rows,
                                             work->options->kernel_bytes, error);
    if (!status)
        status = gram_compute(&gram, work->rows, pool, progress, error);
    if (!status)
        status = kernel_matrix_fill(&work->matrix, &gram,
                                    &work->options->kernel, pool, error);
    gram_clear(&gram);
    if (!status && !fill_parts(work))
        status = error_memory(error);
    return status;
}

static void score_folds(const struct work *work, struct held_out *out) {
    for (size_t q = 0; q < work->problem_count; q++) {
        const struct kernel_problem *problem = &work->problems[q];
        const struct part *part = &work->parts[q % work->part_count];
        for (size_t i = 0; i < work->lessons->rows; i++) {
            if (out->folds[i] != problem->fold)
                continue;
            double value = kernel_svm_value(problem, &work->matrix, i);
            for (size_t k = 0; k < part->output_count; k++)
                out->scores[0][i * out->label_count +
                               part->outputs[k].label] +=
                    part->outputs[k].scale * value;
        }
    }
}

static tenor_status fill_model(const struct work *work, tenor_model *model,
                               tenor_error *error) {
    struct kernel_output *outputs =
        memory_new(2 * work->part_count, sizeof *outputs);
    size_t count = 0;
    if (!outputs)
        return error_memory(error);
    for (size_t p = 0; p < work->part_count; p++)
        for (size_t k = 0; k < work->parts[p].output_count; k++)
            outputs[count++] =
                (struct kernel_output){&work->problems[p],
                                       work->parts[p].outputs[k].scale,
                                       work->parts[p].outputs[k].label};
    tenor_status status = kernel_model_fill(model, &work->options->kernel,
                                            work->rows, outputs, count, error);
    memory_free(outputs);
    return status;
}

tenor_status kernel_learn(tenor_model *model, struct held_out *held_out,
                          const struct lessons *lessons,
                          const struct matrix *rows,
                          const struct learn_options *options,
                          struct thread_pool *pool,
                          const struct progress *progress,
                          tenor_error *error) {
    struct work work = {
        .lessons = lessons, .options = options, .rows = rows};
    tenor_status status = start(&work, pool, progress, error);
    if (!status && held_out) {
        status = solve(&work, held_out, pool, progress, error);
        if (!status)
            score_folds(&work, held_out);
        for (size_t i = 0; i < work.problem_count; i++)
            kernel_problem_clear(&work.problems[i]);
        memory_free(work.problems);
        work.problems = NULL;
        work.problem_count = 0;
    }
    if (!status)
        status = solve(&work, NULL, pool, progress, error);
    if (!status)
        status = fill_model(&work, model, error);
    clear_work(&work);
    return status;
}
