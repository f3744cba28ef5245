/* Private to train: SVMs with kernels, through libsvm. Stands apart from
 * train.h, whose names libsvm's header uses too. */
#ifndef TENOR_KERNELS_H
#define TENOR_KERNELS_H

#include "features/features.h"
#include "model/model.h"

/* ---- gram.c -------------------------------------------------------------
 * The dot products of all pairs of rows, computed once and shared by all
 * tasks, folds, costs and kernels. */
struct gram {
    size_t rows;
    float *dots; /* lower triangle, row by row: [rows * (rows + 1) / 2] */
};
uint64_t gram_bytes(size_t rows); /* what it takes */
/* The bytes depend on nothing but the matrix. Cancelled through progress. */
tenor_status gram_compute(struct gram *out, const struct matrix *rows,
                          struct thread_pool *pool,
                          const struct progress *progress, tenor_error *error);
void gram_clear(struct gram *gram);
static inline float gram_dot(const struct gram *gram, size_t i, size_t j) {
    return i < j ? gram->dots[j * (j + 1) / 2 + i]
                 : gram->dots[i * (i + 1) / 2 + j];
}

/* ---- kernel_matrix.c ----------------------------------------------------
 * All values of one kernel, laid out as libsvm reads them: see there. */
struct kernel_matrix {
    size_t rows;
    size_t stride;  /* doubles from one pair of rows to the next */
    double *values; /* [(rows + 1) / 2][stride] */
};
/* What both the Gram matrix and the kernel's take. Above the limit a linear
 * SVM is better solved in its weights; there is no such way for a kernel. */
uint64_t kernel_bytes(size_t rows);
tenor_status kernel_limit_check(size_t rows, uint64_t limit,
                                tenor_error *error);
tenor_status kernel_matrix_fill(struct kernel_matrix *out,
                                const struct gram *gram,
                                const struct kernel *kernel,
                                struct thread_pool *pool, tenor_error *error);
void kernel_matrix_clear(struct kernel_matrix *matrix);
/* K(i, j) is kernel_row(matrix, i)[2 * j]. */
static inline const double *kernel_row(const struct kernel_matrix *matrix,
                                       size_t i) {
    return matrix->values + i / 2 * matrix->stride + i % 2 + 3;
}

/* ---- kernel_fit.c, kernel_svm.c ----------------------------------------
 * One binary problem: minimize over a function f of the kernel's space and a
 * bias
 *
 *     |f|^2 / 2 + sum_i cost[sign_i] * max(0, 1 - sign_i (f(x_i) + bias))
 *
 * which is scikit-learn's SVC and libsvm's C-SVC; its solution is
 * f(x) = sum_s coefficients[s] K(support[s], x). */
struct kernel_problem {
    const signed char *signs; /* [rows] 1, -1; 0: not in the problem */
    const uint8_t *folds;     /* [rows], or NULL where all rows learn */
    uint8_t fold;             /* rows of this fold do not learn */
    double costs[2];          /* of a row of sign -1, of sign 1; above 0 */
    /* results, for kernel_problem_clear: */
    uint32_t *support;    /* [support_count] rows, ascending */
    double *coefficients; /* [support_count] never 0; sign: the row's */
    size_t support_count;
    double bias;
    unsigned iterations; /* 0: the solution of a lower cost serves */
};
struct kernel_options {
    double tolerance;     /* of the optimum's conditions; libsvm's -e */
    uint64_t cache_bytes; /* of libsvm, for each problem being solved */
};
extern const struct kernel_options kernel_options_default;

/* Solves all problems, in parallel; each by one thread, so that results do not
 * depend on their number. A problem takes over the solution of one that
 * differs in nothing but lower costs (the same pointers, the same fold) where
 * that is its own. Where the rows that learn have one sign only,
 * there is no support, and the bias is that sign (0 where there are no such
 * rows). libsvm can't report that it found no memory: it ends the process. */
tenor_status kernel_svm_fit(struct kernel_problem *problems, size_t count,
                            const struct kernel_matrix *matrix,
                            const struct kernel_options *options,
                            struct thread_pool *pool,
                            const struct progress *progress,
                            tenor_error *error);
/* One problem of them; false: no memory. kernel_svm_prepare sets what libsvm
 * keeps for the whole process, and that freed memory stays with it, before any
 * thread solves. */
bool kernel_svm_solve(struct kernel_problem *problem,
                      const struct kernel_matrix *matrix,
                      const struct kernel_options *options);
void kernel_svm_prepare(void);
void kernel_problem_clear(struct kernel_problem *problem);
/* The solution's value at a row: f + bias. */
double kernel_svm_value(const struct kernel_problem *problem,
                        const struct kernel_matrix *matrix, size_t row);
/* The objective, by its dual: sum |coefficients| - |f|^2 / 2. */
double kernel_svm_objective(const struct kernel_problem *problem,
                            const struct kernel_matrix *matrix);
/* A linear kernel's f as weights: adds scale * X^T coefficients to
 * w[columns][k] at output `first`. */
void kernel_svm_weights(const struct kernel_problem *problem,
                        const struct matrix *rows, double scale, double *w,
                        size_t k, size_t first);

/* ---- pairs.c: one label against one -------------------------------------
 * Labels a < b in the order (0,1), (0,2) ... (1,2) ...; in the problem of a
 * pair, rows of a have sign 1 and those of b sign -1. */
static inline size_t pair_count(size_t labels) {
    return labels * (labels - 1) / 2;
}
/* signs[rows] of a pair; `in` (may be NULL) says which rows are labelled. */
void pair_signs(signed char *signs, const uint32_t *classes, const bool *in,
                size_t rows, uint32_t a, uint32_t b);
/* The label that wins most pairs, the first of several; values[pairs]. */
size_t pair_vote(const double *values, size_t labels);
/* scores[labels] = the sum of a label's pairs, for it less against it: a
 * linear function of the values, so that it collapses into one set of
 * coefficients a label. */
void pair_scores(double *scores, const double *values, size_t labels);

/* ---- kernel_model.c -------------------------------------------------------
 * What a solution does for a label of a model: it adds scale times its value
 * to the label's score. One against the rest is one output a label; a problem
 * that tells two labels apart is two, at scales 1/2 and -1/2; one against one
 * is two for every pair, at 1 and -1. */
struct kernel_output {
    const struct kernel_problem *problem;
    double scale;
    size_t label; /* among the labels of all tasks */
};
/* Sets the biases of the labels named, and either their weights (made where
 * the model has none; those of other labels stay) or, where the kernel is not
 * linear, the support vectors, of which the model must have none yet: all
 * labels in one call. The model's labels and stride are there already;
 * rows->columns is its vocabulary's. */
tenor_status kernel_model_fill(tenor_model *model, const struct kernel *kernel,
                               const struct matrix *rows,
                               const struct kernel_output *outputs,
                               size_t count, tenor_error *error);

#endif
