/* The solvers of linear problems: a matrix, classes and costs to weights. They
 * know neither paragraphs nor tasks nor models; solve.c gives them their
 * problems. (Of kernels: kernels.h.) */
#ifndef TENOR_SOLVERS_H
#define TENOR_SOLVERS_H

#include "base/base.h"
#include "features/features.h"

#include <math.h>

/* ---- the shared matrix -------------------------------------------------------
 * One matrix for all tasks, folds and costs, with what the solvers make of it
 * once: the rows without the columns that occur in one row only. Of these
 * nothing but the square matters while solving (see compact.c). */
struct compact_entry {
    uint32_t column; /* among those kept */
    float value;
};
struct compact_rows {
    size_t rows, columns;          /* columns: those kept */
    uint64_t *starts;              /* [rows + 1] into entries */
    struct compact_entry *entries; /* [starts[rows]] */
    uint32_t *kept; /* [all columns] number here, or COLUMN_ALONE */
    struct compact_entry *alone_entries; /* [all columns] of one that is alone:
                                          * its row, its value */
    double *norms, *alone; /* [rows] square of a row; of its part left out */
};
#define COLUMN_ALONE UINT32_MAX
struct learn_data {
    const struct matrix *rows;
    struct compact_rows compact;
    struct thread_pool *pool;
};
tenor_status learn_data_init(struct learn_data *out, const struct matrix *rows,
                             struct thread_pool *pool, tenor_error *error);
void learn_data_clear(struct learn_data *data);
/* Rows are worked on in blocks of this size. */
enum { ROW_BLOCK = 256 };
static inline size_t row_block_count(size_t rows) {
    return (rows + ROW_BLOCK - 1) / ROW_BLOCK;
}

/* ---- losses --------------------------------------------------------------------
 * Of one row with `outputs` scores z: one output is the logistic loss of class
 * 1 against 0, more are the softmax (cross-entropy) loss. */
double softplus(double x); /* ln(1 + e^x) */
static inline double sigmoid(double x) { /* 1 / (1 + e^-x) */
    double e = exp(-fabs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}
double loss_value(const double *z, size_t outputs, uint32_t class);
/* p: probabilities of the outputs. */
void loss_probability(const double *z, size_t outputs, double *p);
/* slope[j] = p_j - [j is the class] */
void loss_slope(const double *p, size_t outputs, uint32_t class,
                double *slope);
/* out = H v with H the loss's second derivative in z at probabilities p. */
void loss_curve(const double *p, size_t outputs, const double *v, double *out);

uint64_t random_next(uint64_t *state); /* the tree's one source of chance */

/* ---- what all solvers share ----------------------------------------------------
 * The bias: none; a feature of value 1, its weight penalized like any other
 * (LIBLINEAR -B 1, scikit-learn's LinearSVC); or free of penalty. */
enum bias_kind { BIAS_FREE, BIAS_PENALIZED, BIAS_NONE };

/* ---- support vector machines ---------------------------------------------------
 * One problem: minimize over w [columns] and a bias
 *
 *     (|w|^2 + bias^2) / 2 + sum_i cost[i] * max(0, 1 - y_i (w.x_i + bias))^p
 *
 * with p 1 or 2, LIBLINEAR's -s 3 and -s 1 with -B 1, scikit-learn's
 * LinearSVC; cost[i] is C times the row's weight, 0 leaves a row out. */
enum svm_loss { SVM_SQUARED_HINGE, SVM_HINGE };
struct svm_problem {
    enum svm_loss loss;
    enum bias_kind bias;  /* BIAS_PENALIZED or BIAS_NONE */
    const int8_t *signs;  /* [rows] y_i, 1 or -1 */
    const double *costs;  /* [rows] >= 0 */
    /* [columns], or NULL for ones: the problem of the rows x_ij * scale_j; its
     * weights come out times the scales, to be used on plain rows. */
    const double *column_scales;
    /* [rows], or NULL: the dual variables to start from (zeros will do; those
     * of a lower cost are a good start), then those of the solution. */
    double *variables;
    /* results: */
    double objective;
    double gap; /* between primal and dual objective, as share of it: the
                 * objective is at most that much above the minimum */
    unsigned passes; /* over the rows */
    bool converged;
};
enum { SVM_MOST_PASSES = 5000 }; /* enough for costs that are of any use */
struct svm_options {
    double tolerance; /* stop when the gap is at most this; > 0 */
    unsigned max_passes;
    uint64_t seed; /* of the order of visits */
};

/* Solves all problems, side by side. w[columns + 1][count] receives the
 * solutions, the last row the biases. Not converging is no error: each problem
 * says so itself. */
tenor_status svm_fit(double *w, struct svm_problem *problems, size_t count,
                     const struct learn_data *data,
                     const struct svm_options *options,
                     const struct progress *progress, tenor_error *error);

/* ---- logistic regression --------------------------------------------------------
 * One problem: minimize over w [columns][outputs] and an unpenalized bias
 *
 *     |w|^2 / 2 + sum_i cost[i] * loss(w . x_i + bias, class[i])
 *
 * (see enum bias_kind for the bias's own penalty), which is scikit-learn's and
 * LIBLINEAR's objective with cost[i] = C times the
 * row's class weight; cost 0 leaves a row out, so that the folds of a
 * cross-validation are problems over one matrix. */
struct logreg_problem {
    size_t outputs;          /* 1: two classes, 0 and 1; else a softmax */
    const uint32_t *classes; /* [rows] */
    const double *costs;     /* [rows] */
    const double *column_scales; /* [columns] or NULL, as for SVM */
    enum bias_kind bias; /* BIAS_FREE is scikit-learn's */
    /* results: */
    double objective;
    double gap; /* estimated distance to the minimum, as share of it */
    unsigned steps, products; /* Newton steps, or visits of each row; passes
                               * over the matrix */
    bool converged;
};
struct logreg_options {
    double tolerance; /* stop when the gap is at most this; > 0 */
    unsigned max_steps; /* Newton steps; twice as many visits of each row */
};

/* Solves all problems. w[columns + 1][outputs of all problems] holds a start
 * (zeros will do; two classes need none) and then the solution; the last row
 * is the bias. Not converging is no error: each problem says so itself. */
tenor_status logreg_fit(double *w, struct logreg_problem *problems,
                        size_t count, const struct learn_data *data,
                        const struct logreg_options *options,
                        const struct progress *progress, tenor_error *error);

#endif
