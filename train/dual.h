/* Private to train: linear models solved row by row in the dual (dual.c), the
 * frame that svm.c and logreg_dual.c share. */
#ifndef TENOR_DUAL_H
#define TENOR_DUAL_H

#include "solvers.h"

/* ---- dual.c
 * ------------------------------------------------------------------- One
 * problem: minimize |w|^2 / 2 (+ bias^2 / 2) + sum_i cost_i * loss(y_i (w . x_i
 * + bias)), y_i = 1 or -1, by coordinate ascent on its dual variables a_i >= 0
 * with w = sum_i a_i y_i x_i kept up to date. */
struct dual {
    /* the problem */
    const double *costs;  /* [rows]; 0 leaves the row out */
    const double *scales; /* [all columns], or NULL */
    enum bias_kind bias_kind;
    double tolerance; /* stop when the gap is at most this */
    unsigned most_passes;
    uint64_t chance; /* seed of the order of visits */
    const struct dual_method *method;
    /* the solution */
    double *variables;   /* [rows] the a_i */
    const int8_t *signs; /* [rows] the y_i */
    double *v;           /* [kept columns] w times scale: weights for plain X */
    double bias, centre; /* bias = centre + sum_i a_i y_i where it is free */
    /* while solving */
    const struct compact_rows *rows;
    const struct compact_entry *entries;
    double *squares;             /* [kept columns] scale^2, or NULL */
    const double *norms, *alone; /* [rows] of the scaled rows */
    double *own_norms;   /* [2 * rows] these two, where scales are given */
    double *extra;       /* [rows] of the method */
    uint32_t *order;     /* [rows] the rows visited: active, then shrunk */
    size_t used, active; /* rows with a cost; of these, visited */
    double seen_gap, seen_objective; /* sums over the pass, while it ran */
    double negligible; /* a row's part of the gap that is not worth a move */
    double shrink_above, shrink_below; /* of the method; INFINITY: no limit */
    /* results */
    double objective, gap;
    unsigned passes;
    bool converged;
};

/* What tells one loss from another. */
struct dual_method {
    /* Visits rows order[0..active) once; sets seen_gap and, where all rows
     * were visited, seen_objective. May lower `active`. */
    void (*pass)(struct dual *dual);
    /* The loss of a row at margin m, and by how much loss + conjugate at its
     * variable exceeds -a m (0 at the optimum): the row's part of the gap. */
    void (*judge)(const struct dual *dual, size_t row, double margin,
                  double *loss, double *gap);
};

/* Solves duals[count], each filled in up to `method` and with signs and
 * variables allocated (any start; warm where not 0) and puts the weights into
 * w[columns + 1][k], that of problem q into column outputs[q]. */
tenor_status dual_solve(struct dual *duals, size_t count, double *w, size_t k,
                        const size_t *outputs, const struct learn_data *data,
                        const struct progress *progress, tenor_error *error);

/* x_row . v; four sums, so that additions need not wait for each other */
static inline double dual_dot(const struct dual *dual, size_t row) {
    const struct compact_entry *at = dual->entries + dual->rows->starts[row];
    const struct compact_entry *end =
        dual->entries + dual->rows->starts[row + 1];
    const double *v = dual->v;
    double a = 0, b = 0, c = 0, d = 0;
    for (; end - at >= 4; at += 4) {
        a += (double)at[0].value * v[at[0].column];
        b += (double)at[1].value * v[at[1].column];
        c += (double)at[2].value * v[at[2].column];
        d += (double)at[3].value * v[at[3].column];
    }
    for (; at < end; at++)
        a += (double)at->value * v[at->column];
    return (a + c) + (b + d);
}

/* y_row (w . x_row + bias) */
static inline double dual_margin(const struct dual *dual, size_t row) {
    double score = dual_dot(dual, row) + dual->bias;
    return dual->alone[row] * dual->variables[row] +
           (dual->signs[row] > 0 ? score : -score);
}

/* The second derivative of the quadratic part along a row's variable. */
static inline double dual_curvature(const struct dual *dual, size_t row) {
    return dual->norms[row] + (dual->bias_kind != BIAS_NONE ? 1 : 0);
}

/* The row's variable moves by `change`; the weights follow. */
static inline void dual_move(struct dual *dual, size_t row, double change) {
    const struct compact_entry *at = dual->entries + dual->rows->starts[row];
    const struct compact_entry *end =
        dual->entries + dual->rows->starts[row + 1];
    double *v = dual->v, step = dual->signs[row] > 0 ? change : -change;
    if (dual->squares)
        for (; at < end; at++)
            v[at->column] +=
                step * (double)at->value * dual->squares[at->column];
    else
        for (; at < end; at++)
            v[at->column] += step * (double)at->value;
    if (dual->bias_kind != BIAS_NONE)
        dual->bias += step;
}

/* Starts fetching a row that is visited soon. */
static inline void dual_prefetch(const struct dual *dual, size_t row) {
#if defined(__GNUC__)
    /* whole lines of 64 bytes, as many as are fetched in time */
    uintptr_t at = (uintptr_t)(dual->entries + dual->rows->starts[row]);
    uintptr_t end = (uintptr_t)(dual->entries + dual->rows->starts[row + 1]);
    if (end - at > 2048)
        end = at + 2048;
    for (; at < end; at += 64)
        __builtin_prefetch((const void *)at);
    __builtin_prefetch(&dual->variables[row]);
#else
    (void)dual;
    (void)row;
#endif
}

/* Puts order[0..count) in a random order. */
void dual_shuffle(struct dual *dual, size_t count);

#endif
