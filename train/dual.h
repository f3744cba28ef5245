/* Private to train: linear models solved row by row in the dual (dual.c), the
 * frame that svm.c, logreg_dual.c and softmax_dual.c share. */
#ifndef TENOR_DUAL_H
#define TENOR_DUAL_H

#include "solvers.h"

/* ---- dual.c --------------------------------------------------------------
 * One problem: minimize |w|^2 / 2 (+ bias^2 / 2) + sum_i cost_i * loss(y_i (w . x_i
 * + bias)), y_i = 1 or -1, by coordinate ascent on its dual variables a_i >= 0
 * with w = sum_i a_i y_i x_i kept up to date. A softmax has as many weights a
 * column, and variables a row, as it has classes; see there. */
struct dual_row {
    double loss, gap, product;
};
struct dual {
    /* the problem */
    const double *costs;  /* [rows]; 0 leaves the row out */
    const double *scales; /* [all columns], or NULL: not for a softmax */
    enum bias_kind bias_kind;
    double tolerance; /* stop when the gap is at most this */
    unsigned most_passes;
    uint64_t chance; /* seed of the order of visits */
    const struct dual_method *method;
    size_t outputs, width; /* of a row or column; with what fills up pairs */
    /* the solution */
    double *variables;       /* [rows][width] the a_i */
    const int8_t *signs;     /* [rows] the y_i; NULL for a softmax */
    const uint32_t *classes; /* [rows] of a softmax */
    double *v; /* [kept columns][stride] w times scale: weights for plain X.
                * Where there are scales, the square of the column's follows, so
                * that the two come from memory together. */
    size_t stride; /* width, or with scales 2 */
    double *bias, *centre; /* [width] bias = centre + sum_i a_i y_i where it
                            * is free */
    /* while solving */
    const struct compact_rows *rows;
    const struct compact_entry *entries;
    const double *norms, *alone; /* [rows] of the scaled rows */
    double *own_norms;   /* [2 * rows] these two, where scales are given */
    bool shares;         /* own_norms with another problem */
    double *extra;       /* [rows][width] of the method */
    double *scratch;     /* [SCRATCH_ROWS][width] likewise */
    uint32_t *order;     /* [rows] the rows visited: active, then shrunk */
    struct dual_row *parts; /* [blocks of rows] sums over the rows of each */
    size_t used, active; /* rows with a cost; of these, visited */
    bool visits_all; /* this pass does: its sum of objectives is wanted */
    double seen_gap, seen_objective; /* sums over the pass, while it ran */
    double negligible; /* a row's part of the gap that is not worth a move */
    double shrink_above, shrink_below; /* of the method; INFINITY: no limit */
    double most, least; /* of the method: violations that the pass has seen */
    /* results */
    double objective, gap;
    unsigned passes;
    bool converged;
};

enum { SCRATCH_ROWS = 6 };

/* What tells one loss from another. */
struct dual_method {
    /* Visits rows order[0..active) once; sets seen_gap and, where visits_all,
     * seen_objective. May lower `active`. */
    void (*pass)(struct dual *dual);
    /* Of a row at the present weights, with m its margin: its loss; by how
     * much loss + conjugate at its variable exceed -a m (0 at the optimum), its
     * part of the gap; and a m. */
    struct dual_row (*judge)(const struct dual *dual, size_t row);
    /* What the row's values are multiplied with in the weights of an output:
     * a y. */
    double (*pull)(const struct dual *dual, size_t row, size_t output);
};

/* Solves duals[count], each filled in up to `width` and with signs or classes,
 * and variables allocated: any start, warm where not 0, but a softmax starts
 * cold. Puts the weights into w[columns + 1][k], those of problem q into the
 * columns from outputs[q] on. */
tenor_status dual_solve(struct dual *duals, size_t count, double *w, size_t k,
                        const size_t *outputs, const struct learn_data *data,
                        const struct progress *progress, tenor_error *error);

/* x_row . v; four sums, so that additions need not wait for each other */
static inline double dual_dot_by(const struct dual *dual, size_t row,
                                 size_t stride) {
    const struct compact_entry *at = dual->entries + dual->rows->starts[row];
    const struct compact_entry *end =
        dual->entries + dual->rows->starts[row + 1];
    const double *v = dual->v;
    double a = 0, b = 0, c = 0, d = 0;
    for (; end - at >= 4; at += 4) {
        a += (double)at[0].value * v[at[0].column * stride];
        b += (double)at[1].value * v[at[1].column * stride];
        c += (double)at[2].value * v[at[2].column * stride];
        d += (double)at[3].value * v[at[3].column * stride];
    }
    for (; at < end; at++)
        a += (double)at->value * v[at->column * stride];
    return (a + c) + (b + d);
}

static inline double dual_dot(const struct dual *dual, size_t row) {
    return dual->scales ? dual_dot_by(dual, row, 2) : dual_dot_by(dual, row, 1);
}

/* y_row (w . x_row + bias) */
static inline double dual_margin(const struct dual *dual, size_t row) {
    double score = dual_dot(dual, row) + dual->bias[0];
    return dual->alone[row] * dual->variables[row] +
           (dual->signs[row] > 0 ? score : -score);
}

static inline double dual_pull(const struct dual *dual, size_t row,
                               size_t output) {
    (void)output;
    double a = dual->variables[row];
    return dual->signs[row] > 0 ? a : -a;
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
    if (dual->scales)
        for (; at < end; at++) {
            double *of = v + 2 * (size_t)at->column;
            of[0] += step * (double)at->value * of[1];
        }
    else
        for (; at < end; at++)
            v[at->column] += step * (double)at->value;
    if (dual->bias_kind != BIAS_NONE)
        dual->bias[0] += step;
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
    __builtin_prefetch(&dual->variables[row * dual->width]);
#else
    (void)dual;
    (void)row;
#endif
}

/* Whether a row with a negligible part of the gap, which is left as it is,
 * stays among those visited: when a problem turns out to be slow it rests; quick
 * problems are quicker with all rows. */
static inline bool dual_stays(const struct dual *dual, unsigned patience) {
    return dual->passes < patience;
}

/* Visits the active rows once. A row whose visit answers false rests from now
 * on: it goes behind the active ones. */
static inline void dual_pass(struct dual *dual,
                             bool (*visit)(struct dual *dual, size_t row)) {
    uint32_t *order = dual->order;
    dual->seen_gap = dual->seen_objective = 0;
    for (size_t s = 0; s < dual->active;) {
        uint32_t row = order[s];
        if (s + 1 < dual->active)
            dual_prefetch(dual, order[s + 1]);
        if (visit(dual, row)) {
            s++;
            continue;
        }
        order[s] = order[--dual->active];
        order[dual->active] = row;
    }
}

/* ---- softmax_dual.c ------------------------------------------------------ */
extern const struct dual_method softmax_method;

/* Puts order[0..count) in a random order. */
void dual_shuffle(struct dual *dual, size_t count);

#endif
