/* Logistic regression of several classes by dual coordinate descent, a row's
 * variables at once.
 *
 * At the optimum the weights are w = sum_i c_i x_i (e_y - p_i)^T with p_i the
 * softmax of row i's scores z_i; these p_i are the dual variables. A row's part
 * of the gap is c_i times the divergence KL(p_i | softmax(z_i)). While other
 * rows rest, z moves by k (p - p'), k = c_i |x_i|^2, so the best p' is the
 * softmax of the zero, up to a constant, of
 *
 *     f(t) = t - z + k (softmax(t) - p).
 *
 * Its derivative 1 + k (diag(p) - p p^T) is a diagonal less a product, which
 * Sherman & Morrison solve, so that a Newton step costs as many exponentials as
 * there are classes; from the old log p, mostly one step does. A row whose part
 * of the gap is nothing beside the tolerance is left as it is.
 *
 * A column's weights lie side by side, filled up to pairs with zeros: a visit
 * reads a row once for all classes.
 *
 * Source: Yu, Huang & Lin, "Dual coordinate descent methods for logistic
 * regression and maximum entropy models", Machine Learning 85, 2011, whose
 * inner problem goes class by class instead. */
#include "dual.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 50, PATIENCE = 12 };
static const double LEFT_OVER = 0.01; /* of |f|^2, where the steps end */

struct visited {     /* one being visited; arrays [outputs] */
    const double *z; /* scores */
    const double *p; /* its variables */
    double cost, k;
};

/* ---- the matrix ----------------------------------------------------------- */
/* z += x_row . v; inlined with constants the sums stay in registers. */
static inline void add_scores(const struct dual *dual, size_t row, size_t width,
                              double *restrict z) {
    const struct compact_entry *at = dual->entries + dual->rows->starts[row];
    const struct compact_entry *end =
        dual->entries + dual->rows->starts[row + 1];
    for (; at < end; at++) {
        const double *from = dual->v + (size_t)at->column * width;
        double value = (double)at->value;
        for (size_t j = 0; j < width; j++)
            z[j] += value * from[j];
    }
}

static inline void add_row(struct dual *dual, size_t row, size_t width,
                           const double *restrict pull) {
    const struct compact_entry *at = dual->entries + dual->rows->starts[row];
    const struct compact_entry *end =
        dual->entries + dual->rows->starts[row + 1];
    for (; at < end; at++) {
        double *restrict to = dual->v + (size_t)at->column * width;
        double value = (double)at->value;
        for (size_t j = 0; j < width; j++)
            to[j] += value * pull[j];
    }
}

static double pull(const struct dual *dual, size_t row, size_t output) {
    double p = dual->variables[row * dual->width + output];
    return dual->costs[row] * ((dual->classes[row] == output ? 1 : 0) - p);
}

/* z[width] of a row, also of the columns that it has alone. */
static void score(const struct dual *dual, size_t row, double *z) {
    size_t width = dual->width;
    memcpy(z, dual->bias, width * sizeof *z);
    if (width == 4) {
        add_scores(dual, row, 4, z);
    } else if (width == 6) {
        add_scores(dual, row, 6, z);
    } else {
        add_scores(dual, row, width, z);
    }
    for (size_t j = 0; j < dual->outputs; j++)
        z[j] += dual->alone[row] * pull(dual, row, j);
}

/* The weights follow, when a row's pull has changed so much. */
static void move(struct dual *dual, size_t row, const double *change) {
    size_t width = dual->width;
    if (width == 4) {
        add_row(dual, row, 4, change);
    } else if (width == 6) {
        add_row(dual, row, 6, change);
    } else {
        add_row(dual, row, width, change);
    }
    if (dual->bias_kind != BIAS_NONE)
        for (size_t j = 0; j < dual->outputs; j++)
            dual->bias[j] += change[j];
}

/* ---- one row -------------------------------------------------------------- */
/* Takes ln sum e^t off t; p becomes e^t. */
static void normalize(double *t, double *p, size_t outputs) {
    double top = t[0], sum = 0;
    for (size_t j = 1; j < outputs; j++)
        top = t[j] > top ? t[j] : top;
    for (size_t j = 0; j < outputs; j++)
        sum += p[j] = exp(t[j] - top);
    double taken = top + log(sum), share = 1 / sum;
    for (size_t j = 0; j < outputs; j++) {
        t[j] -= taken;
        p[j] *= share;
    }
}

/* f at t with p = softmax(t); returns |f|^2 less its part along constants. */
static double residual(const struct visited *row, const double *t,
                       const double *p, size_t outputs, double *f) {
    double sum = 0, square = 0;
    for (size_t j = 0; j < outputs; j++) {
        f[j] = t[j] - row->z[j] + row->k * (p[j] - row->p[j]);
        sum += f[j];
    }
    double mean = sum / (double)outputs;
    for (size_t j = 0; j < outputs; j++)
        square += (f[j] - mean) * (f[j] - mean);
    return square;
}

/* t + length * the Newton step. */
static void step(double *out, const double *t, const double *p, const double *f,
                 double k, size_t outputs, double length) {
    double pull = 0, rest = 0;
    for (size_t j = 0; j < outputs; j++) {
        double share = p[j] / (1 + k * p[j]);
        pull += share * f[j];
        rest += share;
    }
    double common = k * pull / rest;
    for (size_t j = 0; j < outputs; j++)
        out[j] = t[j] - length * (f[j] + common * p[j]) / (1 + k * p[j]);
}

/* The zero of f: t and p come in as a start and go out as its. */
static void find_zero(const struct visited *row, size_t outputs, size_t width,
                      double *t, double *p, double *scratch) {
    double *f = scratch, *trial = f + width, *q = trial + width, *g = q + width;
    size_t size = outputs * sizeof *t;
    double square = residual(row, t, p, outputs, f), length = 1;
    double enough = LEFT_OVER * square;
    for (int s = 0; s < MOST_STEPS && square > enough; s++) {
        step(trial, t, p, f, row->k, outputs, length);
        normalize(trial, q, outputs);
        double here = residual(row, trial, q, outputs, g);
        length = here < square ? 1 : length / 2;
        if (!(here < square))
            continue;
        square = here;
        memcpy(t, trial, size);
        memcpy(p, q, size);
        memcpy(f, g, size);
    }
}

/* The row's part of the gap, from its log p. To second order where that is
 * near: not of a class that p nearly rules out and the scores don't. */
static double gap_of(const struct visited *row, const double *t,
                     size_t outputs) {
    double mean = 0, square = 0, least = INFINITY, sum = 0;
    for (size_t j = 0; j < outputs; j++) {
        double d = t[j] - row->z[j];
        mean += row->p[j] * d;
        least = d < least ? d : least;
    }
    if (mean - least < 1) {
        for (size_t j = 0; j < outputs; j++) {
            double d = t[j] - row->z[j] - mean;
            square += row->p[j] * d * d;
        }
        return 0.5 * row->cost * square;
    }
    for (size_t j = 0; j < outputs; j++)
        sum += exp(row->z[j] - t[j] + least) * row->p[j];
    return row->cost * (mean - least + log(sum));
}

/* Before the first visit there are zeros, which are no p and log p. */
static bool is_new(const struct dual *dual, size_t row) {
    return dual->extra[row * dual->width + dual->classes[row]] == 0 &&
           dual->variables[row * dual->width + dual->classes[row]] == 0;
}

/* false: the row is to rest. */
static bool visit(struct dual *dual, size_t number) {
    size_t outputs = dual->outputs, width = dual->width;
    uint32_t class = dual->classes[number];
    double *p = dual->variables + number * width;
    double *t = dual->extra + number * width;
    double *z = dual->scratch, *before = z + width, *next = before + width;
    double cost = dual->costs[number];
    bool new = is_new(dual, number);
    if (new)
        p[class] = 1;
    score(dual, number, z);
    const struct visited row = {z, before, cost,
                                cost * dual_curvature(dual, number)};
    memcpy(before, p, width * sizeof *p);
    if (new) {
        memcpy(t, z, outputs * sizeof *t);
        normalize(t, p, outputs);
        dual->seen_gap -= cost * t[class];
        dual->seen_objective -= cost * t[class];
    } else {
        double product = z[class], gap = gap_of(&row, t, outputs);
        for (size_t j = 0; j < outputs; j++)
            product -= p[j] * z[j];
        dual->seen_gap += gap;
        dual->seen_objective += cost * (0.5 * product - t[class]);
        if (gap <= dual->negligible)
            return dual_stays(dual, PATIENCE);
    }
    find_zero(&row, outputs, width, t, p, next);
    for (size_t j = 0; j < outputs; j++)
        before[j] = cost * (before[j] - p[j]);
    move(dual, number, before);
    return true;
}

static void pass(struct dual *dual) { dual_pass(dual, visit); }

static struct dual_row judge(const struct dual *dual, size_t row) {
    size_t outputs = dual->outputs;
    const double *p = dual->variables + row * dual->width;
    const double *t = dual->extra + row * dual->width;
    double *z = dual->scratch, *q = z + dual->width, cost = dual->costs[row];
    score(dual, row, z);
    double product = z[dual->classes[row]], gap = 0;
    for (size_t j = 0; j < outputs; j++)
        product -= p[j] * z[j];
    normalize(z, q, outputs);
    for (size_t j = 0; j < outputs; j++)
        gap += p[j] * (t[j] - z[j]);
    return (struct dual_row){-cost * z[dual->classes[row]], cost * fmax(gap, 0),
                             cost * product};
}

const struct dual_method softmax_method = {pass, judge, pull};
