/* Private to train: from lessons to SVMs with a kernel. */
#ifndef TENOR_KERNEL_LEARN_H
#define TENOR_KERNEL_LEARN_H

#include "kernels.h"
#include "lessons.h"

/* Learns all lessons by the first method of options->plan and options->kernel,
 * into the model; and, where held_out is not NULL, the scores of its rows, over
 * the same matrix of kernel values. Errors: more rows than such a matrix may
 * have. */
tenor_status kernel_learn(tenor_model *model, struct held_out *held_out,
                          const struct lessons *lessons,
                          const struct matrix *rows,
                          const struct learn_options *options,
                          struct thread_pool *pool,
                          const struct progress *progress, tenor_error *error);

#endif
