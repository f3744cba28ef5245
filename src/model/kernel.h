/* Kernels: similarities of two rows, computed from their dot product and
 * their squared lengths alone. */
#ifndef TENOR_SRC_MODEL_KERNEL_H
#define TENOR_SRC_MODEL_KERNEL_H

#include "base/base.h"

enum kernel_kind {
    KERNEL_LINEAR,     /* x.y */
    KERNEL_RBF,        /* exp(-gamma |x - y|^2) */
    KERNEL_POLYNOMIAL, /* (gamma x.y + offset)^degree */
    KERNEL_KINDS
};

/* Stored in models: fixed size, no pointers. */
struct kernel {
    uint32_t kind;        /* enum kernel_kind */
    uint32_t degree;      /* polynomial: 1 to KERNEL_MOST_DEGREE */
    double gamma, offset; /* gamma > 0, offset >= 0 */
};
enum { KERNEL_MOST_DEGREE = 16 };

/* TENOR_ERROR_USAGE names the number that makes no kernel. */
tenor_status kernel_check(const struct kernel *kernel, tenor_error *error);
/* Turns values[count], the dot products of one row with others, into the
 * kernel's values, in place; `square` is the row's squared length and
 * squares[count] those of the others. */
void kernel_apply(const struct kernel *kernel, float *values,
                  const float *squares, size_t count, float square);

#endif
