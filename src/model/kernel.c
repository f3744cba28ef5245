/* Kernels from dot products: one function serves the Gram matrix that a model
 * learns from and the rows that it scores, so that both see the same numbers.
 *
 *   linear      x.y
 *   rbf         exp(-gamma (x.x + y.y - 2 x.y))
 *   polynomial  (gamma x.y + offset)^degree
 *
 * Floats suffice: libsvm, too, keeps its kernel values so. The squared
 * distance is held at 0 where rounding would take it below, and is exactly 0
 * between a row and itself. */
#include "model/kernel.h"

#include <math.h>

tenor_status kernel_check(const struct kernel *kernel, tenor_error *error) {
    if (kernel->kind >= KERNEL_KINDS)
        return error_set(error, TENOR_ERROR_USAGE,
                         "kernel %u is not known; use linear, rbf or "
                         "polynomial",
                         kernel->kind);
    if (kernel->kind == KERNEL_LINEAR)
        return TENOR_OK;
    if (!(isfinite(kernel->gamma) && kernel->gamma > 0))
        return error_set(error, TENOR_ERROR_USAGE,
                         "the kernel's gamma is %g; it must be above 0",
                         kernel->gamma);
    if (kernel->kind == KERNEL_RBF)
        return TENOR_OK;
    if (kernel->degree < 1 || kernel->degree > KERNEL_MOST_DEGREE)
        return error_set(error, TENOR_ERROR_USAGE,
                         "the kernel's degree is %u; it must be 1 to %d",
                         kernel->degree, KERNEL_MOST_DEGREE);
    if (!(isfinite(kernel->offset) && kernel->offset >= 0))
        return error_set(error, TENOR_ERROR_USAGE,
                         "the kernel's offset is %g; it must be 0 or more",
                         kernel->offset);
    return TENOR_OK;
}

static void apply_rbf(const struct kernel *kernel, float *restrict values,
                      const float *restrict squares, size_t count,
                      float square) {
    float factor = (float)-kernel->gamma;
    for (size_t i = 0; i < count; i++) {
        float distance = (square + squares[i]) - 2 * values[i];
        values[i] = expf(factor * (distance > 0 ? distance : 0));
    }
}

static void apply_polynomial(const struct kernel *kernel, float *values,
                             size_t count) {
    float gamma = (float)kernel->gamma, offset = (float)kernel->offset;
    for (size_t i = 0; i < count; i++) {
        float base = gamma * values[i] + offset, power = base;
        for (uint32_t k = 1; k < kernel->degree; k++)
            power *= base;
        values[i] = power;
    }
}

void kernel_apply(const struct kernel *kernel, float *values,
                  const float *squares, size_t count, float square) {
    if (kernel->kind == KERNEL_RBF)
        apply_rbf(kernel, values, squares, count, square);
    else if (kernel->kind == KERNEL_POLYNOMIAL)
        apply_polynomial(kernel, values, count);
}
