/* Linear models by coordinate ascent on the dual, one row at a time.
 *
 * With w = sum_i a_i y_i x_i always up to date, the best a_i for fixed others
 * needs one product with row i, and its change is added to w by one more: a
 * pass over the rows in random order costs two passes over the matrix, and few
 * are needed. Each problem's passes are made by one thread, and sums over all
 * rows block by block, so that its result depends on nothing but its seed.
 *
 * The gap between primal and dual objective is a sum over the rows, loss(m) +
 * conjugate(a) + a m at margin m. A pass adds it up while it runs, at weights
 * that change meanwhile; when that promises the tolerance, one product with
 * all rows says what it is.
 *
 * A free bias would couple all variables by sum_i a_i y_i = 0. It is solved as
 * a penalized one around a centre that moves to where the last pass brought
 * it (the method of multipliers); b^2 / 2 with b the bias's distance from its
 * centre then joins the gap.
 *
 * Scales s: with v_j = s_j w_j, margins need v alone, and a change of a_i adds
 * s_j^2 x_ij to v_j. Sources: Hsieh et al., "A dual coordinate descent method
 * for large-scale linear SVM", ICML 2008; Yu, Huang & Lin, "Dual coordinate
 * descent methods for logistic regression and maximum entropy models", Machine
 * Learning 2011; Bertsekas, "Nonlinear Programming", section 5.2. */
#include "dual.h"

#include <math.h>
#include <string.h>

enum { COLUMN_BLOCK = 4096 };

struct batch {
    struct dual *duals;
    size_t count, k;
    const struct learn_data *data;
    const size_t *outputs;
    double *w;
    struct shared_progress progress;
};

void dual_shuffle(struct dual *dual, size_t count) {
    uint32_t *order = dual->order;
    for (size_t i = count; i > 1; i--) {
        /* the upper bits, scaled: no division, and its bias is nothing */
        size_t j = (size_t)(((random_next(&dual->chance) >> 32) * i) >> 32);
        uint32_t row = order[j];
        order[j] = order[i - 1];
        order[i - 1] = row;
    }
}

/* ---- the start ----------------------------------------------------------------- */
/* The squares of the scales, beside the weights. */
static void put_squares(struct dual *dual, size_t columns) {
    for (size_t j = 0; j < columns; j++) {
        uint32_t kept = dual->rows->kept[j];
        if (kept != COLUMN_ALONE)
            dual->v[2 * (size_t)kept + 1] = dual->scales[j] * dual->scales[j];
    }
}

/* The squares of the scaled rows. */
static void scale_norms(struct dual *dual, size_t columns) {
    const struct compact_rows *compact = dual->rows;
    size_t rows = compact->rows;
    double *norms = dual->own_norms, *alone = norms + rows;
    for (size_t j = 0; j < columns; j++) {
        const struct compact_entry lonely = compact->alone_entries[j];
        if (compact->kept[j] != COLUMN_ALONE)
            continue;
        double scaled = (double)lonely.value * dual->scales[j];
        alone[lonely.column] += scaled * scaled;
    }
    for (size_t i = 0; i < rows; i++) {
        norms[i] = alone[i];
        for (uint64_t e = compact->starts[i]; e < compact->starts[i + 1]; e++) {
            const struct compact_entry entry = compact->entries[e];
            norms[i] += (double)entry.value * (double)entry.value *
                        dual->v[2 * (size_t)entry.column + 1];
        }
    }
}

static void prepare(void *context, size_t item, size_t worker) {
    (void)worker;
    const struct batch *batch = context;
    struct dual *dual = &batch->duals[item];
    size_t columns = batch->data->rows->columns;
    memset(dual->v, 0, dual->rows->columns * dual->stride * sizeof *dual->v);
    if (!dual->scales)
        return;
    put_squares(dual, columns);
    if (!dual->shares)
        scale_norms(dual, columns);
}

static void start(struct dual *dual) {
    size_t rows = dual->rows->rows;
    dual->norms = dual->scales ? dual->own_norms : dual->rows->norms;
    dual->alone = dual->scales ? dual->own_norms + rows : dual->rows->alone;
    memcpy(dual->bias, dual->centre, dual->width * sizeof *dual->bias);
    dual->used = 0;
    for (size_t i = 0; i < rows; i++) {
        if (dual->costs[i] == 0) {
            memset(dual->variables + i * dual->width, 0,
                   dual->width * sizeof *dual->variables);
            continue;
        }
        dual->order[dual->used++] = (uint32_t)i;
        if (dual->signs && dual->variables[i] != 0)
            dual_move(dual, i, dual->variables[i]);
    }
    dual->active = dual->used;
    dual->shrink_above = dual->shrink_below = INFINITY;
}

/* ---- the passes ---------------------------------------------------------------- */
/* The square of the bias's distance from its centre, which is 0 where there is
 * no bias. */
static double square_distance(const struct dual *dual) {
    double sum = 0;
    for (size_t j = 0; j < dual->outputs; j++) {
        double b = dual->bias[j] - dual->centre[j];
        sum += b * b;
    }
    return sum;
}

/* A free bias's centre moves to where the bias is, and that as far again. */
static void move_centre(struct dual *dual) {
    for (size_t j = 0; j < dual->outputs; j++) {
        double b = dual->bias[j] - dual->centre[j];
        dual->centre[j] = dual->bias[j];
        dual->bias[j] += b;
    }
}

/* One block's part of the objective and the gap. */
static void judge_block(void *context, size_t block, size_t worker) {
    (void)worker;
    struct dual *dual = context;
    size_t end = (block + 1) * ROW_BLOCK;
    struct dual_row sum = {0};
    for (size_t row = block * ROW_BLOCK; row < end && row < dual->rows->rows;
         row++) {
        if (dual->costs[row] == 0)
            continue;
        const struct dual_row at = dual->method->judge(dual, row);
        sum.loss += at.loss;
        sum.gap += at.gap;
        sum.product += at.product;
    }
    dual->parts[block] = sum;
}

/* The objective and the gap at the present weights. */
static void judge(struct dual *dual, struct thread_pool *pool) {
    double losses = 0, gaps = 0, products = 0, square = square_distance(dual);
    size_t blocks = row_block_count(dual->rows->rows);
    thread_pool_run(pool, blocks, judge_block, dual);
    for (size_t b = 0; b < blocks; b++) {
        losses += dual->parts[b].loss;
        gaps += dual->parts[b].gap;
        products += dual->parts[b].product;
    }
    /* sum a m = |w|^2 + bias * sum a y */
    for (size_t j = 0; j < dual->outputs; j++)
        products -= dual->bias[j] * (dual->bias[j] - dual->centre[j]);
    dual->objective = losses + 0.5 * products;
    if (dual->bias_kind == BIAS_PENALIZED)
        dual->objective += 0.5 * square;
    else
        gaps += 0.5 * square;
    dual->gap = dual->objective > 0 ? gaps / dual->objective : 0;
}

static void solve(struct batch *batch, struct dual *dual) {
    /* a problem that is alone has the pool to itself; a softmax judges with
     * scratch space, of which there is one */
    bool alone = batch->count == 1 && dual->outputs == 1;
    struct thread_pool *pool = alone ? batch->data->pool : NULL;
    double before = INFINITY, objective = INFINITY, correction = 1;
    start(dual);
    while (dual->passes < dual->most_passes && dual->used > 0) {
        if (!shared_progress_step(&batch->progress, 0))
            return;
        dual->visits_all = dual->active == dual->used;
        dual_shuffle(dual, dual->active);
        dual->method->pass(dual);
        dual->passes++;
        double seen = dual->seen_gap;
        if (dual->bias_kind == BIAS_FREE)
            seen += 0.5 * square_distance(dual);
        if (dual->visits_all)
            objective = dual->seen_objective;
        /* the gap is as it was during the pass, but for the pass's own work */
        double rate = seen < before && before < INFINITY ? seen / before : 1;
        double expected = seen * rate * correction;
        before = seen;
        dual->negligible =
            0.05 * dual->tolerance * objective / (double)dual->used;
        if (expected <= dual->tolerance * objective) {
            judge(dual, pool);
            dual->converged = dual->gap <= dual->tolerance;
            if (dual->converged)
                break;
            objective = dual->objective;
            correction *= dual->gap * objective / expected;
            if (!(correction >= 0.1)) /* also where nothing was expected */
                correction = 0.1;
            else if (correction > 10)
                correction = 10;
            dual->active = dual->used;
            dual->shrink_above = dual->shrink_below = INFINITY;
        }
        if (dual->bias_kind == BIAS_FREE)
            move_centre(dual);
    }
    if (!dual->converged) {
        judge(dual, pool);
        dual->converged = dual->gap <= dual->tolerance;
    }
}

static void solve_one(void *context, size_t item, size_t worker) {
    (void)worker;
    struct batch *batch = context;
    solve(batch, &batch->duals[item]);
    shared_progress_step(&batch->progress, 1);
}

/* ---- the weights --------------------------------------------------------------- */
static double lonely_weight(const struct dual *dual, size_t j, size_t output) {
    struct compact_entry entry = dual->rows->alone_entries[j];
    double scale = dual->scales ? dual->scales[j] : 1;
    return dual->method->pull(dual, entry.column, output) *
           (double)entry.value * scale * scale;
}

static void write_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    const struct batch *batch = context;
    const struct compact_rows *compact = &batch->data->compact;
    size_t columns = batch->data->rows->columns;
    size_t end = (block + 1) * COLUMN_BLOCK;
    for (size_t j = block * COLUMN_BLOCK; j < end && j < columns; j++) {
        uint32_t kept = compact->kept[j];
        for (size_t q = 0; q < batch->count; q++) {
            const struct dual *dual = &batch->duals[q];
            double *out = &batch->w[j * batch->k + batch->outputs[q]];
            const double *v =
                kept == COLUMN_ALONE ? NULL : dual->v + kept * dual->stride;
            for (size_t o = 0; o < dual->outputs; o++)
                out[o] = v ? v[o] : lonely_weight(dual, j, o);
        }
    }
}

static bool allocate(struct dual *dual, const struct learn_data *data) {
    size_t rows = data->rows->rows, width = dual->width;
    dual->rows = &data->compact;
    dual->entries = data->compact.entries;
    dual->stride = dual->scales ? 2 : width;
    dual->v = memory_new_table(data->compact.columns,
                               dual->stride * sizeof *dual->v);
    dual->bias = memory_new(width, sizeof *dual->bias);
    dual->centre = memory_new(width, sizeof *dual->centre);
    dual->scratch = memory_new(width, SCRATCH_ROWS * sizeof *dual->scratch);
    dual->extra = memory_new(rows, width * sizeof *dual->extra);
    dual->order = memory_new(rows, sizeof *dual->order);
    dual->parts = memory_new(row_block_count(rows), sizeof *dual->parts);
    if (!dual->v || !dual->bias || !dual->centre || !dual->scratch ||
        !dual->extra || !dual->order || !dual->parts)
        return false;
    if (!dual->scales || dual->shares)
        return true;
    dual->own_norms = memory_new(2 * rows, sizeof *dual->own_norms);
    return dual->own_norms;
}

/* What follows from the scales is made once for all problems that have the
 * same ones. */
static void share_scales(struct dual *duals, size_t at) {
    for (size_t q = 0; q < at && duals[at].scales && !duals[at].shares; q++)
        if (duals[q].scales == duals[at].scales) {
            duals[at].own_norms = duals[q].own_norms;
            duals[at].shares = true;
        }
}

tenor_status dual_solve(struct dual *duals, size_t count, double *w, size_t k,
                        const size_t *outputs, const struct learn_data *data,
                        const struct progress *progress, tenor_error *error) {
    struct batch batch = {.duals = duals,
                          .count = count,
                          .k = k,
                          .data = data,
                          .outputs = outputs,
                          .w = w,
                          .progress = {.progress = progress,
                                       .stage = "learning",
                                       .total = (double)count}};
    tenor_status status = TENOR_OK;
    for (size_t q = 0; !status && q < count; q++) {
        share_scales(duals, q);
        if (!allocate(&duals[q], data))
            status = error_memory(error);
    }
    if (!status) {
        thread_pool_run(data->pool, count, prepare, &batch);
        thread_pool_run(data->pool, count, solve_one, &batch);
        if (!shared_progress_end(&batch.progress))
            status = error_set(error, TENOR_ERROR_CANCELLED,
                               "stopped before the training was complete");
    }
    if (!status) {
        thread_pool_run(data->pool,
                        (data->rows->columns + COLUMN_BLOCK - 1) / COLUMN_BLOCK,
                        write_columns, &batch);
        for (size_t q = 0; q < count; q++)
            memcpy(w + data->rows->columns * k + outputs[q], duals[q].bias,
                   duals[q].outputs * sizeof *w);
    }
    for (size_t q = 0; q < count; q++) {
        memory_free(duals[q].v);
        memory_free(duals[q].bias);
        memory_free(duals[q].centre);
        memory_free(duals[q].scratch);
        memory_free(duals[q].extra);
        memory_free(duals[q].order);
        memory_free(duals[q].parts);
        if (!duals[q].shares)
            memory_free(duals[q].own_norms);
    }
    return status;
}
