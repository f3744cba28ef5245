/* The loops of a Newton step of logistic regression over rows and columns.
 *
 * An array has k numbers a row or column, side by side. Sums over a block are
 * kept in LANES parts, number i in part i modulo LANES, so that compilers can
 * add several at once and still all add in one order. The bias is the block
 * of columns after the last. */
#include "logreg.h"

#include <string.h>

enum { LANES = 4 };

/* ---- blocks --------------------------------------------------------------- */
static size_t column_blocks(const struct newton *newton) {
    return newton->products->column_block_count + 1;
}

size_t newton_block_count(const struct newton *newton) {
    size_t rows = row_block_count(newton->rows);
    return rows > column_blocks(newton) ? rows : column_blocks(newton);
}

static void column_range(const struct newton *newton, size_t block,
                         size_t *first, size_t *end) {
    const struct products *products = newton->products;
    bool bias = block == products->column_block_count;
    *first = bias ? newton->columns : products->column_blocks[block];
    *end = bias ? newton->columns + 1 : products->column_blocks[block + 1];
}

static void row_range(const struct newton *newton, size_t block, size_t *first,
                      size_t *end) {
    *first = block * ROW_BLOCK;
    *end =
        *first + ROW_BLOCK < newton->rows ? *first + ROW_BLOCK : newton->rows;
}

static double *sums_of(const struct newton *newton, size_t block) {
    return newton->block_sums + block * NEWTON_SUMS;
}

static void run(struct newton *newton, size_t blocks, thread_work *work) {
    memset(newton->block_sums, 0,
           blocks * NEWTON_SUMS * sizeof *newton->block_sums);
    thread_pool_run(newton->pool, blocks, work, newton);
    memset(newton->sums, 0, sizeof newton->sums);
    for (size_t block = 0; block < blocks; block++)
        for (size_t i = 0; i < NEWTON_SUMS; i++)
            newton->sums[i] += sums_of(newton, block)[i];
}

static void run_rows(struct newton *newton, thread_work *work) {
    run(newton, row_block_count(newton->rows), work);
}

static void run_columns(struct newton *newton, thread_work *work) {
    run(newton, column_blocks(newton), work);
}

static double add_lanes(const double *lanes) {
    double sum = 0;
    for (size_t i = 0; i < LANES; i++)
        sum += lanes[i];
    return sum;
}

/* ---- rows ----------------------------------------------------------------- */
static void score_rows(void *context, size_t block, size_t worker) {
    (void)worker;
    struct newton *newton = context;
    rows_product(newton->products, block, newton->k, newton->w, newton->z);
}

void newton_scores(struct newton *newton) {
    run_rows(newton, score_rows);
}

static void lose_rows(void *context, size_t block, size_t worker) {
    (void)worker;
    struct newton *newton = context;
    const struct logreg_problem *problem = newton->problem;
    size_t first, end, k = newton->k;
    double sum = 0;
    row_range(newton, block, &first, &end);
    for (size_t i = first; i < end; i++) {
        if (problem->costs[i] == 0)
            continue;
        /* the probabilities are made anew before they are needed again */
        double *trial = newton->probability + i * k;
        for (size_t j = 0; j < k; j++)
            trial[j] =
                newton->z[i * k + j] + newton->length * newton->xs[i * k + j];
        sum += problem->costs[i] * loss_value(trial, k, problem->classes[i]);
    }
    sums_of(newton, block)[0] = sum;
}

void newton_losses(struct newton *newton) {
    run_rows(newton, lose_rows);
}

/* u is the loss's slope and h the diagonal of its curvature, with the cost. */
static void slope_rows(void *context, size_t block, size_t worker) {
    (void)worker;
    struct newton *newton = context;
    const struct logreg_problem *problem = newton->problem;
    size_t first, end, k = newton->k;
    row_range(newton, block, &first, &end);
    for (size_t i = first; i < end; i++) {
        double cost = problem->costs[i], *p = newton->probability + i * k;
        double *z = newton->z + i * k, *xs = newton->xs + i * k;
        for (size_t j = 0; j < k; j++) {
            z[j] += newton->length * xs[j];
            xs[j] = 0;
        }
        loss_probability(z, k, p);
        loss_slope(p, k, problem->classes[i], newton->u + i * k);
        for (size_t j = 0; j < k; j++) {
            newton->u[i * k + j] *= cost;
            newton->h[i * k + j] = cost * p[j] * (1 - p[j]);
        }
    }
}

static void curve_rows(void *context, size_t block, size_t worker) {
    (void)worker;
    struct newton *newton = context;
    size_t first, end, k = newton->k;
    row_range(newton, block, &first, &end);
    rows_product(newton->products, block, k, newton->p, newton->xp);
    for (size_t i = first; i < end; i++) {
        loss_curve(newton->probability + i * k, k, newton->xp + i * k,
                   newton->u + i * k);
        for (size_t j = 0; j < k; j++)
            newton->u[i * k + j] *= newton->problem->costs[i];
    }
}

static void advance_rows(void *context, size_t block, size_t worker) {
    (void)worker;
    struct newton *newton = context;
    size_t first, end;
    row_range(newton, block, &first, &end);
    for (size_t at = first * newton->k; at < end * newton->k; at++)
        newton->xs[at] += newton->alpha * newton->xp[at];
}

/* ---- columns -------------------------------------------------------------- */
/* The bias's part of X^T u: plain sums over all rows. */
static void sum_rows(const struct newton *newton, const double *u,
                     double *out) {
    memset(out, 0, newton->k * sizeof *out);
    for (size_t i = 0; i < newton->rows; i++)
        for (size_t j = 0; j < newton->k; j++)
            out[j] += u[i * newton->k + j];
}

static void slope_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    struct newton *newton = context;
    size_t first, end, k = newton->k;
    double rp = 0, ww = 0;
    column_range(newton, block, &first, &end);
    if (first == newton->columns) {
        sum_rows(newton, newton->u, newton->g + first * k);
        sum_rows(newton, newton->h, newton->diagonal + first * k);
    } else {
        columns_product(newton->products, block, k, newton->u, newton->g,
                        newton->h, newton->diagonal);
    }
    for (size_t i = first; i < end; i++)
        for (size_t at = i * k; at < (i + 1) * k; at++) {
            double penalty = newton->penalty[i];
            newton->w[at] += newton->length * newton->s[at];
            newton->g[at] += penalty * newton->w[at];
            newton->diagonal[at] += penalty;
            if (!(newton->diagonal[at] > 0)) /* a free bias without rows */
                newton->diagonal[at] = 1;
            newton->s[at] = 0;
            newton->r[at] = -newton->g[at];
            newton->p[at] = newton->r[at] / newton->diagonal[at];
            rp += newton->r[at] * newton->p[at];
            ww += penalty * newton->w[at] * newton->w[at];
        }
    sums_of(newton, block)[0] = rp;
    sums_of(newton, block)[1] = ww;
}

void newton_gradient(struct newton *newton) {
    run_rows(newton, slope_rows);
    run_columns(newton, slope_columns);
}

static void curve_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    struct newton *newton = context;
    size_t first, end, k = newton->k;
    double php = 0;
    column_range(newton, block, &first, &end);
    if (first == newton->columns)
        sum_rows(newton, newton->u, newton->hp + first * k);
    else
        columns_product(newton->products, block, k, newton->u, newton->hp, NULL,
                        NULL);
    for (size_t i = first; i < end; i++)
        for (size_t at = i * k; at < (i + 1) * k; at++) {
            newton->hp[at] += newton->penalty[i] * newton->p[at];
            php += newton->p[at] * newton->hp[at];
        }
    sums_of(newton, block)[0] = php;
}

void newton_curve(struct newton *newton) {
    run_rows(newton, curve_rows);
    run_columns(newton, curve_columns);
}

static void advance_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    struct newton *newton = context;
    size_t first, end;
    column_range(newton, block, &first, &end);
    double *restrict s = newton->s, *restrict r = newton->r;
    double *restrict y = newton->hp, alpha = newton->alpha;
    const double *restrict p = newton->p, *restrict g = newton->g;
    const double *restrict diagonal = newton->diagonal;
    double ry[LANES] = {0}, sr[LANES] = {0}, gs[LANES] = {0};
    size_t at = first * newton->k, stop = end * newton->k;
    for (; at < stop; at += LANES) {
        size_t lanes = stop - at < LANES ? stop - at : LANES;
        for (size_t i = 0; i < lanes; i++) {
            s[at + i] += alpha * p[at + i];
            r[at + i] -= alpha * y[at + i];
            y[at + i] = r[at + i] / diagonal[at + i];
            ry[i] += r[at + i] * y[at + i];
            sr[i] += s[at + i] * r[at + i];
            gs[i] += g[at + i] * s[at + i];
        }
    }
    double *sums = sums_of(newton, block);
    sums[0] = add_lanes(ry);
    sums[1] = add_lanes(sr);
    sums[2] = add_lanes(gs);
}

void newton_advance(struct newton *newton) {
    run_rows(newton, advance_rows);
    run_columns(newton, advance_columns);
}

static void turn_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    struct newton *newton = context;
    size_t first, end;
    column_range(newton, block, &first, &end);
    for (size_t at = first * newton->k; at < end * newton->k; at++)
        newton->p[at] = newton->hp[at] + newton->beta * newton->p[at];
}

void newton_turn(struct newton *newton) {
    run_columns(newton, turn_columns);
}

static void penalize_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    struct newton *newton = context;
    size_t first, end, k = newton->k;
    double ws = 0, ss = 0;
    column_range(newton, block, &first, &end);
    for (size_t i = first; i < end; i++)
        for (size_t at = i * k; at < (i + 1) * k; at++) {
            double pull = newton->penalty[i] * newton->s[at];
            ws += newton->w[at] * pull;
            ss += newton->s[at] * pull;
        }
    sums_of(newton, block)[0] = ws;
    sums_of(newton, block)[1] = ss;
}

void newton_penalties(struct newton *newton) {
    run_columns(newton, penalize_columns);
}
