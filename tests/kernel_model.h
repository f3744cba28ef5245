/* A small model with a kernel: the tasks of small_model.h learnt one against
 * the rest, one against one and as one problem for two labels. */
#ifndef TENOR_TESTS_KERNEL_MODEL_H
#define TENOR_TESTS_KERNEL_MODEL_H

#include "small_model.h"

#include "kernels.h"

enum { KERNEL_MODEL_PROBLEMS = 16 };

struct kernel_model {
    tenor_model *model;
    struct corpus corpus;
    struct matrix rows;
    struct kernel_matrix matrix;
    struct kernel_problem problems[KERNEL_MODEL_PROBLEMS];
    struct kernel_output outputs[2 * KERNEL_MODEL_PROBLEMS];
    signed char *signs[KERNEL_MODEL_PROBLEMS];
    size_t problem_count, output_count;
};

static inline void kernel_model_output(struct kernel_model *out, double scale,
                                       size_t label) {
    out->outputs[out->output_count++] = (struct kernel_output){
        &out->problems[out->problem_count], scale, label};
}

/* Signs of label a against b, or against all others where b is SIZE_MAX; the
 * problem that the outputs added last stand for. */
static inline void kernel_model_problem(struct kernel_model *out,
                                        const struct corpus_task *task,
                                        size_t a, size_t b) {
    size_t rows = out->corpus.count;
    signed char *signs = memory_new(rows, 1);
    for (size_t i = 0; i < rows; i++) {
        bool holds = false, other = b == SIZE_MAX;
        for (size_t k = task->starts[i]; k < task->starts[i + 1]; k++) {
            holds = holds || task->values[k] == a;
            other = other || task->values[k] == b;
        }
        if (task->labelled[i])
            signs[i] = holds ? 1 : other ? -1 : 0;
    }
    out->signs[out->problem_count] = signs;
    out->problems[out->problem_count++] =
        (struct kernel_problem){.signs = signs, .costs = {4, 4}};
}

static inline void kernel_model_plan(struct kernel_model *out) {
    for (size_t t = 0; t < out->corpus.task_count; t++) {
        const struct corpus_task *task = &out->corpus.tasks[t];
        size_t labels = task->label_count, first = out->model->tasks[t].first;
        for (size_t a = 0; task->multi && a < labels; a++) {
            kernel_model_output(out, 1, first + a);
            kernel_model_problem(out, task, a, SIZE_MAX);
        }
        for (size_t a = 0; !task->multi && a < labels; a++)
            for (size_t b = a + 1; b < labels; b++) {
                double scale = labels == 2 ? 0.5 : 1;
                kernel_model_output(out, scale, first + a);
                kernel_model_output(out, -scale, first + b);
                kernel_model_problem(out, task, a, b);
            }
    }
}

static inline void kernel_model_make(struct kernel_model *out,
                                     const struct learn_options *options,
                                     const struct kernel *kernel) {
    struct gram gram;
    *out = (struct kernel_model){.model = small_model(options),
                                 .corpus = small_corpus()};
    kernel_model_plan(out);
    if (vectorize(&out->rows, &out->model->vocabulary, out->corpus.texts,
                  NULL, out->corpus.count, NULL, NULL) ||
        gram_compute(&gram, &out->rows, NULL, NULL, NULL) ||
        kernel_matrix_fill(&out->matrix, &gram, kernel, NULL, NULL) ||
        kernel_svm_fit(out->problems, out->problem_count, &out->matrix,
                       &kernel_options_default, NULL, NULL, NULL) ||
        kernel_model_fill(out->model, kernel, &out->rows, out->outputs,
                          out->output_count, NULL))
        abort();
    gram_clear(&gram);
}

static inline void kernel_model_clear(struct kernel_model *made) {
    for (size_t q = 0; q < made->problem_count; q++) {
        kernel_problem_clear(&made->problems[q]);
        memory_free(made->signs[q]);
    }
    kernel_matrix_clear(&made->matrix);
    matrix_clear(&made->rows);
    corpus_clear(&made->corpus);
    tenor_model_free(made->model);
}

#endif
