/* Logistic regression by truncated Newton steps, many problems side by side.
 *
 * A step solves H s = -g by conjugate gradients, preconditioned by H's
 * diagonal and stopped early by the quadratic model's own progress, then
 * searches along s by halving. H v = v + X^T (curvature of the loss) X v is
 * never formed: it costs one pass over the rows and one over the columns.
 * The scores z = X w and their change X s are kept, so that the search needs
 * no pass at all.
 *
 * All problems (tasks, folds, costs) share each pass; their scalars are their
 * own. The outputs of all problems lie side by side in arrays [columns + 1][k],
 * worked on in blocks that fit the cache, there by BLAS with stride k.
 *
 * The decrement -g.s / 2 estimates how far the objective is above its minimum;
 * its share of the objective is the gap that the tolerance bounds.
 *
 * Sources: C.-J. Lin, Weng & Keerthi, "Trust region Newton method for
 * large-scale logistic regression", JMLR 2008; Nash & Sofer, "Assessing a
 * search direction within a truncated-Newton method", 1990; Boyd &
 * Vandenberghe, "Convex Optimization", section 9.5.1 (the decrement). */
#include "train.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

enum { MOST_CG_STEPS = 250, MOST_HALVINGS = 30 };
static const double CG_TOLERANCE = 0.5;      /* Nash & Sofer */
static const double SUFFICIENT_DECREASE = 0.01;

/* The scalars of one problem. */
struct scalars {
    size_t first; /* output */
    bool active, in_cg, in_search;
    double square;                  /* w.w */
    double loss, objective, trial;
    double rz, php, alpha, beta;    /* conjugate gradients */
    double model, gs, sr, ws, ss;   /* quadratic model; products with s */
    unsigned cg_steps;
    double length;                  /* of the step along s */
};

struct solver {
    struct logreg_problem *problems; /* [count] */
    struct scalars *scalars;         /* [count] */
    size_t count, k, rows, columns;  /* columns without the bias */
    const struct learn_data *data;
    double *w, *g, *s, *r, *p, *hp, *diagonal; /* [columns + 1][k] */
    double *z, *xs, *xp, *u, *h, *probability; /* [rows][k] */
    double *sums; /* [blocks][count][SUMS], partial sums of a loop */
    double *alphas, *betas; /* [k] */
    void *memory[15];
};
enum { SUMS = 4, WIDE = 16 };

/* ---- parallel loops ------------------------------------------------------------ */
static double *sums_of(const struct solver *solver, size_t block,
                       size_t problem) {
    return solver->sums + (block * solver->count + problem) * SUMS;
}

static size_t column_blocks(const struct solver *solver) {
    return solver->data->column_block_count + 1; /* the bias is the last */
}

static void block_range(const struct solver *solver, size_t block,
                        size_t *first, size_t *count) {
    const struct learn_data *data = solver->data;
    if (block == data->column_block_count) {
        *first = solver->columns;
        *count = 1;
        return;
    }
    *first = data->column_blocks[block];
    *count = data->column_blocks[block + 1] - *first;
}

static void row_range(const struct solver *solver, size_t block, size_t *first,
                      size_t *end) {
    *first = block * ROW_BLOCK;
    *end = *first + ROW_BLOCK < solver->rows ? *first + ROW_BLOCK
                                             : solver->rows;
}

/* Runs a loop over blocks, then adds up the blocks' sums in order. */
static void run(struct solver *solver, size_t blocks, thread_work *work) {
    memset(solver->sums, 0,
           blocks * solver->count * SUMS * sizeof *solver->sums);
    thread_pool_run(solver->data->pool, blocks, work, solver);
    for (size_t block = 1; block < blocks; block++)
        for (size_t i = 0; i < solver->count * SUMS; i++)
            solver->sums[i] +=
                solver->sums[block * solver->count * SUMS + i];
}

static void run_rows(struct solver *solver, thread_work *work) {
    run(solver, row_block_count(solver->data), work);
}

static void run_columns(struct solver *solver, thread_work *work) {
    run(solver, column_blocks(solver), work);
}

/* a . b over a problem's outputs in a block of columns. */
static double block_dot(const struct solver *solver, size_t problem,
                        const double *a, const double *b, size_t first,
                        size_t count) {
    size_t k = solver->k, outputs = solver->problems[problem].outputs;
    size_t at = first * k + solver->scalars[problem].first;
    if (outputs == k)
        return cblas_ddot((int)(count * k), a + at, 1, b + at, 1);
    double sum = 0;
    for (size_t j = 0; j < outputs; j++)
        sum += cblas_ddot((int)count, a + at + j, (int)k, b + at + j, (int)k);
    return sum;
}

/* y += alpha x, likewise. */
static void block_add(const struct solver *solver, size_t problem,
                      double alpha, const double *x, double *y, size_t first,
                      size_t count) {
    size_t k = solver->k, outputs = solver->problems[problem].outputs;
    size_t at = first * k + solver->scalars[problem].first;
    if (outputs == k) {
        cblas_daxpy((int)(count * k), alpha, x + at, 1, y + at, 1);
        return;
    }
    for (size_t j = 0; j < outputs; j++)
        cblas_daxpy((int)count, alpha, x + at + j, (int)k, y + at + j, (int)k);
}

/* ---- the loops -------------------------------------------------------------------- */
/* z = X w */
static void start_scores(void *context, size_t block, size_t worker) {
    (void)worker;
    struct solver *solver = context;
    rows_product(solver->data, block, solver->k, solver->w, solver->z);
}

/* Loss at z + length * xs; sums[0] */
static void add_losses(void *context, size_t block, size_t worker) {
    (void)worker;
    struct solver *solver = context;
    size_t first, end, k = solver->k;
    row_range(solver, block, &first, &end);
    for (size_t q = 0; q < solver->count; q++) {
        const struct logreg_problem *problem = &solver->problems[q];
        const struct scalars *scalars = &solver->scalars[q];
        if (!scalars->in_search)
            continue;
        double sum = 0, trial[64], *z = trial;
        for (size_t i = first; i < end; i++) {
            if (problem->costs[i] == 0)
                continue;
            size_t at = i * k + scalars->first;
            if (problem->outputs > 64) /* the probabilities are not needed */
                z = solver->probability + at;
            for (size_t j = 0; j < problem->outputs; j++)
                z[j] = solver->z[at + j] + scalars->length * solver->xs[at + j];
            sum += problem->costs[i] *
                   loss_value(z, problem->outputs, problem->classes[i]);
        }
        sums_of(solver, block, q)[0] = sum;
    }
}

/* Takes the step z += length * xs; then the probabilities, u = slope of the
 * loss, h = diagonal of its curvature; sums of u are the bias's gradient. */
static void slope_rows(void *context, size_t block, size_t worker) {
    (void)worker;
    struct solver *solver = context;
    size_t first, end, k = solver->k;
    row_range(solver, block, &first, &end);
    for (size_t q = 0; q < solver->count; q++) {
        const struct logreg_problem *problem = &solver->problems[q];
        const struct scalars *scalars = &solver->scalars[q];
        if (!scalars->active)
            continue;
        size_t outputs = problem->outputs;
        for (size_t i = first; i < end; i++) {
            size_t at = i * k + scalars->first;
            double cost = problem->costs[i], *p = solver->probability + at;
            for (size_t j = 0; j < outputs; j++)
                solver->z[at + j] += scalars->length * solver->xs[at + j];
            loss_probability(solver->z + at, outputs, p);
            loss_slope(p, outputs, problem->classes[i], solver->u + at);
            for (size_t j = 0; j < outputs; j++) {
                solver->u[at + j] *= cost;
                solver->h[at + j] = cost * p[j] * (1 - p[j]);
            }
        }
    }
}

/* The bias's part of X^T u: plain sums over all rows. */
static void sum_rows(const struct solver *solver, const double *u,
                     double *out) {
    memset(out, 0, solver->k * sizeof *out);
    for (size_t i = 0; i < solver->rows; i++)
        for (size_t j = 0; j < solver->k; j++)
            out[j] += u[i * solver->k + j];
}

/* w += length * s; g = w + X^T u; the diagonal 1 + (X*X)^T h; starts the
 * conjugate gradients: s = 0, r = -g, p = r / diagonal. sums: r.p, w.w */
static void slope_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    struct solver *solver = context;
    size_t first, count, k = solver->k;
    block_range(solver, block, &first, &count);
    bool bias = first == solver->columns;
    for (size_t q = 0; q < solver->count; q++)
        if (solver->scalars[q].active)
            block_add(solver, q, solver->scalars[q].length, solver->s,
                      solver->w, first, count);
    if (bias) {
        sum_rows(solver, solver->u, solver->g + first * k);
        sum_rows(solver, solver->h, solver->diagonal + first * k);
    } else {
        columns_product(solver->data, block, k, solver->u, solver->g,
                        solver->h, solver->diagonal);
    }
    for (size_t i = first * k; i < (first + count) * k; i++) {
        if (!bias) {
            solver->g[i] += solver->w[i];
            solver->diagonal[i] += 1;
        } else if (!(solver->diagonal[i] > 0)) {
            solver->diagonal[i] = 1;
        }
        solver->s[i] = 0;
        solver->r[i] = -solver->g[i];
        solver->p[i] = solver->r[i] / solver->diagonal[i];
    }
    for (size_t q = 0; q < solver->count; q++) {
        double *sums = sums_of(solver, block, q);
        sums[0] = block_dot(solver, q, solver->r, solver->p, first, count);
        if (!bias)
            sums[1] =
                block_dot(solver, q, solver->w, solver->w, first, count);
    }
}

/* xp = X p; u = cost * curvature * xp */
static void curve_rows(void *context, size_t block, size_t worker) {
    (void)worker;
    struct solver *solver = context;
    size_t first, end, k = solver->k;
    row_range(solver, block, &first, &end);
    rows_product(solver->data, block, k, solver->p, solver->xp);
    for (size_t q = 0; q < solver->count; q++) {
        const struct logreg_problem *problem = &solver->problems[q];
        if (!solver->scalars[q].in_cg)
            continue;
        for (size_t i = first; i < end; i++) {
            size_t at = i * k + solver->scalars[q].first;
            loss_curve(solver->probability + at, problem->outputs,
                       solver->xp + at, solver->u + at);
            for (size_t j = 0; j < problem->outputs; j++)
                solver->u[at + j] *= problem->costs[i];
        }
    }
}

/* hp = p + X^T u; sums: p.hp */
static void curve_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    struct solver *solver = context;
    size_t first, count, k = solver->k;
    block_range(solver, block, &first, &count);
    if (first == solver->columns) {
        sum_rows(solver, solver->u, solver->hp + first * k);
    } else {
        columns_product(solver->data, block, k, solver->u, solver->hp, NULL,
                        NULL);
        cblas_daxpy((int)(count * k), 1.0, solver->p + first * k, 1,
                    solver->hp + first * k, 1);
    }
    for (size_t q = 0; q < solver->count; q++)
        if (solver->scalars[q].in_cg)
            sums_of(solver, block, q)[0] =
                block_dot(solver, q, solver->p, solver->hp, first, count);
}

/* s += alpha p; r -= alpha hp; hp = r / diagonal, what p turns to next.
 * sums: r.(r/diagonal), s.r, g.s. All outputs in one sweep: an array is read
 * once, and those whose alpha is 0 stay as they are. */
static void step_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    struct solver *solver = context;
    size_t first, count, k = solver->k;
    block_range(solver, block, &first, &count);
    double *restrict s = solver->s, *restrict r = solver->r;
    double *restrict z = solver->hp;
    const double *restrict p = solver->p, *restrict g = solver->g;
    const double *restrict diagonal = solver->diagonal;
    const double *restrict alpha = solver->alphas;
    double rz[WIDE] = {0}, sr[WIDE] = {0}, gs[WIDE] = {0};
    for (size_t part = 0; part < k; part += WIDE) {
        size_t width = k - part < WIDE ? k - part : WIDE;
        memset(rz, 0, sizeof rz);
        memset(sr, 0, sizeof sr);
        memset(gs, 0, sizeof gs);
        for (size_t i = first; i < first + count; i++)
            for (size_t j = 0; j < width; j++) {
                size_t at = i * k + part + j;
                s[at] += alpha[part + j] * p[at];
                r[at] -= alpha[part + j] * z[at];
                z[at] = r[at] / diagonal[at];
                rz[j] += r[at] * z[at];
                sr[j] += s[at] * r[at];
                gs[j] += g[at] * s[at];
            }
        for (size_t q = 0; q < solver->count; q++) {
            size_t output = solver->scalars[q].first;
            double *sums = sums_of(solver, block, q);
            for (size_t j = 0; j < solver->problems[q].outputs; j++, output++)
                if (output >= part && output < part + width) {
                    sums[0] += rz[output - part];
                    sums[1] += sr[output - part];
                    sums[2] += gs[output - part];
                }
        }
    }
}

/* xs += alpha xp */
static void step_rows(void *context, size_t block, size_t worker) {
    (void)worker;
    struct solver *solver = context;
    size_t first, end, k = solver->k;
    row_range(solver, block, &first, &end);
    for (size_t q = 0; q < solver->count; q++) {
        const struct scalars *scalars = &solver->scalars[q];
        if (!scalars->in_cg)
            continue;
        for (size_t i = first; i < end; i++)
            for (size_t j = 0; j < solver->problems[q].outputs; j++) {
                size_t at = i * k + scalars->first + j;
                solver->xs[at] += scalars->alpha * solver->xp[at];
            }
    }
}

/* p = r / diagonal + beta p */
static void turn_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    struct solver *solver = context;
    size_t first, count, k = solver->k;
    block_range(solver, block, &first, &count);
    double *restrict p = solver->p;
    const double *restrict z = solver->hp, *restrict beta = solver->betas;
    for (size_t i = first; i < first + count; i++)
        for (size_t j = 0; j < k; j++)
            p[i * k + j] = z[i * k + j] + beta[j] * p[i * k + j];
}

/* Spreads the problems' alpha and beta over their outputs; 0 for those that
 * rest. */
static void spread_scalars(struct solver *solver) {
    for (size_t q = 0; q < solver->count; q++) {
        const struct scalars *scalars = &solver->scalars[q];
        for (size_t j = 0; j < solver->problems[q].outputs; j++) {
            size_t output = scalars->first + j;
            solver->alphas[output] = scalars->in_cg ? scalars->alpha : 0;
            solver->betas[output] = scalars->in_cg ? scalars->beta : 0;
        }
    }
}

/* sums: w.s, s.s without the bias */
static void search_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    struct solver *solver = context;
    size_t first, count;
    block_range(solver, block, &first, &count);
    if (first == solver->columns)
        return;
    for (size_t q = 0; q < solver->count; q++) {
        double *sums = sums_of(solver, block, q);
        sums[0] = block_dot(solver, q, solver->w, solver->s, first, count);
        sums[1] = block_dot(solver, q, solver->s, solver->s, first, count);
    }
}

/* ---- the method -------------------------------------------------------------------- */
/* Moves by the last step and finds the next direction s and X s. */
static void find_direction(struct solver *solver) {
    run_rows(solver, slope_rows);
    run_columns(solver, slope_columns);
    memset(solver->xs, 0, solver->rows * solver->k * sizeof *solver->xs);
    bool any = false;
    for (size_t q = 0; q < solver->count; q++) {
        struct scalars *scalars = &solver->scalars[q];
        scalars->rz = sums_of(solver, 0, q)[0];
        scalars->square = sums_of(solver, 0, q)[1];
        scalars->model = scalars->gs = 0;
        scalars->cg_steps = 0;
        scalars->in_cg = scalars->active && scalars->rz > 0;
        any = any || scalars->in_cg;
        solver->problems[q].products += scalars->active;
    }
    while (any) {
        run_rows(solver, curve_rows);
        run_columns(solver, curve_columns);
        for (size_t q = 0; q < solver->count; q++) {
            struct scalars *scalars = &solver->scalars[q];
            if (!scalars->in_cg)
                continue;
            scalars->php = sums_of(solver, 0, q)[0];
            scalars->in_cg = scalars->php > 0;
            scalars->alpha =
                scalars->in_cg ? scalars->rz / scalars->php : 0;
            solver->problems[q].products += 2;
        }
        spread_scalars(solver);
        run_rows(solver, step_rows);
        run_columns(solver, step_columns);
        any = false;
        for (size_t q = 0; q < solver->count; q++) {
            struct scalars *scalars = &solver->scalars[q];
            if (!scalars->in_cg)
                continue;
            const double *sums = sums_of(solver, 0, q);
            double before = scalars->model;
            scalars->beta = sums[0] / scalars->rz;
            scalars->rz = sums[0];
            scalars->gs = sums[2];
            scalars->model = -0.5 * (sums[1] - scalars->gs);
            scalars->cg_steps++;
            double gain = scalars->model - before;
            bool enough = scalars->cg_steps * gain >=
                          CG_TOLERANCE * scalars->model;
            scalars->in_cg = scalars->rz > 0 && gain < 0 && !enough &&
                             scalars->cg_steps < MOST_CG_STEPS;
            any = any || scalars->in_cg;
        }
        spread_scalars(solver);
        if (any)
            run_columns(solver, turn_columns);
    }
}

/* Halves the step until the objective falls enough; sets each length. */
static void search_lengths(struct solver *solver) {
    run_columns(solver, search_columns);
    for (size_t q = 0; q < solver->count; q++) {
        struct scalars *scalars = &solver->scalars[q];
        scalars->ws = sums_of(solver, 0, q)[0];
        scalars->ss = sums_of(solver, 0, q)[1];
        scalars->in_search = scalars->active;
        scalars->length = scalars->gs < 0 ? 1 : 0;
    }
    bool any = true;
    for (unsigned halving = 0; any && halving <= MOST_HALVINGS; halving++) {
        any = false;
        run_rows(solver, add_losses);
        for (size_t q = 0; q < solver->count; q++) {
            struct scalars *scalars = &solver->scalars[q];
            if (!scalars->in_search)
                continue;
            double length = scalars->length;
            scalars->trial = sums_of(solver, 0, q)[0] +
                             0.5 * (scalars->square +
                                    length * (2 * scalars->ws +
                                              length * scalars->ss));
            scalars->in_search =
                scalars->trial > scalars->objective + SUFFICIENT_DECREASE *
                                                          length * scalars->gs;
            if (!scalars->in_search)
                continue;
            scalars->length =
                halving == MOST_HALVINGS ? 0 : scalars->length / 2;
            any = true;
        }
    }
}

/* Whether the problem goes on after this step. */
static bool goes_on(struct logreg_problem *problem, struct scalars *scalars,
                    const struct logreg_options *options) {
    problem->steps++;
    double decrement = -0.5 * scalars->gs;
    double size = fabs(scalars->objective) > 0 ? scalars->objective : 1;
    problem->gap = decrement / size;
    if (scalars->length > 0)
        scalars->objective = scalars->trial;
    problem->objective = scalars->objective;
    /* a step of length 1 that the model trusts leaves less than it took */
    problem->converged = problem->gap <= options->tolerance;
    return !problem->converged && scalars->length > 0 &&
           problem->steps < options->max_steps;
}

static tenor_status solve(struct solver *solver,
                          const struct logreg_options *options,
                          const struct progress *progress,
                          tenor_error *error) {
    run_rows(solver, start_scores);
    for (size_t q = 0; q < solver->count; q++) {
        solver->scalars[q].active = solver->scalars[q].in_search = true;
        solver->scalars[q].length = 0;
    }
    run_rows(solver, add_losses);
    for (size_t q = 0; q < solver->count; q++)
        solver->scalars[q].objective = sums_of(solver, 0, q)[0];
    double finished = 0;
    bool first = true;
    for (bool any = true; any;) {
        if (!progress_step(progress, "learning", finished,
                           (double)solver->count))
            return error_set(error, TENOR_ERROR_CANCELLED,
                             "stopped before the training was complete");
        find_direction(solver);
        for (size_t q = 0; first && q < solver->count; q++)
            solver->scalars[q].objective += 0.5 * solver->scalars[q].square;
        first = false;
        search_lengths(solver);
        any = false;
        finished = 0;
        for (size_t q = 0; q < solver->count; q++) {
            struct scalars *scalars = &solver->scalars[q];
            if (!scalars->active)
                continue;
            scalars->active =
                goes_on(&solver->problems[q], scalars, options);
            finished += !scalars->active;
            any = any || scalars->active;
            if (scalars->active)
                continue;
            /* the last step is taken here, the others with the next slope */
            block_add(solver, q, scalars->length, solver->s, solver->w, 0,
                      solver->columns + 1);
        }
    }
    progress_step(progress, "learning", (double)solver->count,
                  (double)solver->count);
    return TENOR_OK;
}

static bool allocate(struct solver *solver) {
    double **const by_column[] = {&solver->g,  &solver->s,  &solver->r,
                                  &solver->p,  &solver->hp, &solver->diagonal};
    double **const by_row[] = {&solver->z, &solver->xs, &solver->xp,
                               &solver->u, &solver->h,  &solver->probability};
    size_t blocks = row_block_count(solver->data);
    if (blocks < column_blocks(solver))
        blocks = column_blocks(solver);
    size_t used = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(by_column); i++)
        solver->memory[used++] = *by_column[i] = memory_new(
            (solver->columns + 1) * solver->k, sizeof(double));
    for (size_t i = 0; i < ARRAY_LENGTH(by_row); i++)
        solver->memory[used++] = *by_row[i] =
            memory_new(solver->rows * solver->k, sizeof(double));
    solver->memory[used++] = solver->sums =
        memory_new(blocks * solver->count, SUMS * sizeof(double));
    solver->memory[used++] = solver->alphas =
        memory_new(solver->k, sizeof(double));
    solver->memory[used] = solver->betas =
        memory_new(solver->k, sizeof(double));
    for (size_t i = 0; i < ARRAY_LENGTH(solver->memory); i++)
        if (!solver->memory[i])
            return false;
    return true;
}

tenor_status logreg_fit(double *w, struct logreg_problem *problems,
                        size_t count, const struct learn_data *data,
                        const struct logreg_options *options,
                        const struct progress *progress, tenor_error *error) {
    struct solver solver = {.problems = problems,
                            .count = count,
                            .data = data,
                            .rows = data->rows->rows,
                            .columns = data->rows->columns,
                            .w = w};
    if (!(options->tolerance > 0) || options->max_steps == 0)
        return error_set(error, TENOR_ERROR_USAGE,
                         "the tolerance is above 0 and at least one step is "
                         "allowed");
    solver.scalars = memory_new(count, sizeof *solver.scalars);
    if (!solver.scalars)
        return error_memory(error);
    for (size_t q = 0; q < count; q++) {
        solver.scalars[q].first = solver.k;
        solver.k += problems[q].outputs;
        problems[q].steps = problems[q].products = 0;
        problems[q].converged = false;
    }
    tenor_status status = allocate(&solver)
                              ? solve(&solver, options, progress, error)
                              : error_memory(error);
    for (size_t i = 0; i < ARRAY_LENGTH(solver.memory); i++)
        memory_free(solver.memory[i]);
    memory_free(solver.scalars);
    return status;
}
