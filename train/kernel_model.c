/* From solutions to what a model keeps: plain weights where the kernel is
 * linear, else the support vectors of all labels, each once, by columns. */
#include "kernels.h"

#include <string.h>

/* A label's bias is the sum of its outputs'; other labels keep theirs. */
static bool set_biases(tenor_model *model, const struct kernel_output *outputs,
                       size_t count) {
    double *biases = memory_new(model->label_count, sizeof *biases);
    for (size_t q = 0; biases && q < count; q++)
        biases[outputs[q].label] += outputs[q].scale * outputs[q].problem->bias;
    for (size_t q = 0; biases && q < count; q++)
        model->labels[outputs[q].label].bias = (float)biases[outputs[q].label];
    memory_free(biases);
    return biases;
}

/* ---- weights ------------------------------------------------------------- */
static bool fill_weights(tenor_model *model, const struct matrix *rows,
                         const struct kernel_output *outputs, size_t count) {
    size_t numbers = rows->columns * model->stride;
    double *w = memory_new(numbers, sizeof *w);
    if (!model->weights)
        model->weights = memory_new(numbers, sizeof *model->weights);
    bool enough = w && model->weights;
    for (size_t q = 0; enough && q < count; q++)
        kernel_svm_weights(outputs[q].problem, rows, outputs[q].scale, w,
                           model->stride, outputs[q].label);
    for (size_t q = 0; enough && q < count; q++)
        for (size_t i = outputs[q].label; i < numbers; i += model->stride)
            model->weights[i] = (float)w[i];
    memory_free(w);
    return enough;
}

/* ---- support vectors ------------------------------------------------------- */
/* Numbers the rows that support any output; the others get NOT_ONE. */
static const uint32_t NOT_ONE = UINT32_MAX;

static uint32_t *number_support(const struct matrix *rows,
                                const struct kernel_output *outputs,
                                size_t count, size_t *support) {
    uint32_t *numbers = memory_new_raw(rows->rows, sizeof *numbers), next = 0;
    if (!numbers)
        return NULL;
    memset(numbers, 0xFF, rows->rows * sizeof *numbers); /* NOT_ONE */
    for (size_t q = 0; q < count; q++)
        for (size_t s = 0; s < outputs[q].problem->support_count; s++)
            numbers[outputs[q].problem->support[s]] = 0;
    for (size_t i = 0; i < rows->rows; i++)
        if (numbers[i] != NOT_ONE)
            numbers[i] = next++;
    *support = next;
    return numbers;
}

static bool make_arrays(struct model_support *out, const struct matrix *rows,
                        const uint32_t *numbers, size_t stride) {
    uint64_t entries = 0;
    for (size_t i = 0; i < rows->rows; i++)
        if (numbers[i] != NOT_ONE)
            entries += rows->starts[i + 1] - rows->starts[i];
    out->starts = memory_new(rows->columns + 1, sizeof *out->starts);
    out->rows = memory_new_raw(entries, sizeof *out->rows);
    out->values = memory_new_raw(entries, sizeof *out->values);
    out->squares = memory_new(out->count, sizeof *out->squares);
    out->coefficients =
        memory_new(out->count, stride * sizeof *out->coefficients);
    return out->starts && out->rows && out->values && out->squares &&
           out->coefficients;
}

/* Counts into starts[column + 1], sums up, places, shifts back. */
static void place_columns(struct model_support *out, const struct matrix *rows,
                          const uint32_t *numbers) {
    for (size_t i = 0; i < rows->rows; i++)
        for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++)
            out->starts[rows->indices[e] + 1] += numbers[i] != NOT_ONE;
    for (size_t j = 0; j < rows->columns; j++)
        out->starts[j + 1] += out->starts[j];
    for (size_t i = 0; i < rows->rows; i++) {
        if (numbers[i] == NOT_ONE)
            continue;
        double square = 0;
        for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++) {
            uint64_t at = out->starts[rows->indices[e]]++;
            out->rows[at] = numbers[i];
            out->values[at] = rows->values[e];
            square += (double)rows->values[e] * (double)rows->values[e];
        }
        out->squares[numbers[i]] = (float)square;
    }
    memmove(out->starts + 1, out->starts, rows->columns * sizeof *out->starts);
    out->starts[0] = 0;
}

static void place_coefficients(struct model_support *out, size_t stride,
                               const uint32_t *numbers,
                               const struct kernel_output *outputs,
                               size_t count) {
    for (size_t q = 0; q < count; q++) {
        const struct kernel_problem *problem = outputs[q].problem;
        for (size_t s = 0; s < problem->support_count; s++)
            out->coefficients[numbers[problem->support[s]] * stride +
                              outputs[q].label] +=
                (float)(outputs[q].scale * problem->coefficients[s]);
    }
}

tenor_status kernel_model_fill(tenor_model *model, const struct kernel *kernel,
                               const struct matrix *rows,
                               const struct kernel_output *outputs,
                               size_t count, tenor_error *error) {
    tenor_status status = kernel_check(kernel, error);
    if (status)
        return status;
    if (!set_biases(model, outputs, count))
        return error_memory(error);
    if (kernel->kind == KERNEL_LINEAR)
        return fill_weights(model, rows, outputs, count) ? TENOR_OK
                                                         : error_memory(error);
    struct model_support *support = &model->support;
    uint32_t *numbers = number_support(rows, outputs, count, &support->count);
    bool enough = numbers && make_arrays(support, rows, numbers, model->stride);
    if (enough) {
        support->kernel = *kernel;
        place_columns(support, rows, numbers);
        place_coefficients(support, model->stride, numbers, outputs, count);
    }
    memory_free(numbers);
    return enough ? TENOR_OK : error_memory(error);
}
