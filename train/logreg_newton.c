/* Logistic regression of any number of classes by truncated Newton steps.
 *
 * A step solves H s = -g by conjugate gradients, preconditioned by H's
 * diagonal and stopped early by the quadratic model's own progress, then
 * searches along s by halving. H v = penalty v + X^T (curvature of the loss)
 * X v is never formed: it costs one pass over the rows and one over the
 * columns. The scores z = X w and their change X s are kept, so that the
 * search needs no pass at all. Column scales s_j are penalties 1 / s_j^2.
 *
 * The decrement -g.s / 2 estimates how far the objective is above its minimum;
 * its share of the objective is the gap that the tolerance bounds.
 *
 * Where there are more problems than threads, each is solved by one thread;
 * else all threads share the loops of one. The sums are the same.
 *
 * Sources: C.-J. Lin, Weng & Keerthi, "Trust region Newton method for
 * large-scale logistic regression", JMLR 2008; Nash & Sofer, "Assessing a
 * search direction within a truncated-Newton method", 1990; Boyd &
 * Vandenberghe, "Convex Optimization", section 9.5.1 (the decrement). */
#include "logreg.h"

#include <math.h>

enum { MOST_CG_STEPS = 250, MOST_HALVINGS = 30 };
static const double CG_TOLERANCE = 0.5; /* Nash & Sofer */
static const double SUFFICIENT_DECREASE = 0.01;
static const double FIXED = 1e150; /* the penalty of a weight that stays 0 */

struct batch {
    struct logreg_problem **problems;
    const size_t *outputs;
    size_t count, k;
    double *w;
    const struct learn_data *data;
    const struct products *products;
    const struct logreg_options *options;
    struct shared_progress progress;
    struct thread_pool *inner; /* that shares the loops */
    atomic_bool no_memory;
};

/* ---- one problem ---------------------------------------------------------- */
/* Finds the direction s, xs = X s; its slope g.s. */
static double find_direction(struct newton *newton, double rz,
                             unsigned *products) {
    double model = 0, slope = 0;
    for (unsigned step = 1; rz > 0 && step <= MOST_CG_STEPS; step++) {
        newton_curve(newton);
        *products += 2;
        double php = newton->sums[0];
        if (!(php > 0))
            break;
        newton->alpha = rz / php;
        newton_advance(newton);
        double before = model;
        newton->beta = newton->sums[0] / rz;
        rz = newton->sums[0];
        slope = newton->sums[2];
        model = -0.5 * (newton->sums[1] - slope);
        double gain = model - before;
        if (!(gain < 0) || step * gain >= CG_TOLERANCE * model)
            break;
        newton_turn(newton);
    }
    return slope;
}

/* Halves the step until the objective falls enough, 0 where it never does;
 * `square` is the penalty of w. Returns the objective there. */
static double search_length(struct newton *newton, double objective,
                            double square, double slope) {
    newton_penalties(newton);
    double ws = newton->sums[0], ss = newton->sums[1];
    newton->length = slope < 0 ? 1 : 0;
    for (unsigned halving = 0; newton->length > 0; halving++) {
        double length = newton->length;
        newton_losses(newton);
        double trial =
            newton->sums[0] + 0.5 * (square + length * (2 * ws + length * ss));
        if (trial <= objective + SUFFICIENT_DECREASE * length * slope)
            return trial;
        newton->length = halving == MOST_HALVINGS ? 0 : length / 2;
    }
    return objective;
}

static void take_steps(struct batch *batch, struct newton *newton,
                       struct logreg_problem *problem) {
    const struct logreg_options *options = batch->options;
    newton_scores(newton);
    newton->length = 0;
    newton_losses(newton);
    double objective = newton->sums[0];
    for (unsigned step = 1; shared_progress_step(&batch->progress, 0);
         step++) {
        newton_gradient(newton);
        double rz = newton->sums[0], square = newton->sums[1];
        if (step == 1)
            objective += 0.5 * square;
        problem->products++;
        problem->steps++;
        double slope = find_direction(newton, rz, &problem->products);
        double size = fabs(objective) > 0 ? objective : 1;
        problem->gap = -0.5 * slope / size;
        objective = search_length(newton, objective, square, slope);
        problem->objective = objective;
        /* a step of length 1 that the model trusts leaves less than it took */
        problem->converged = problem->gap <= options->tolerance;
        if (problem->converged || newton->length == 0 ||
            step >= options->max_steps)
            break;
    }
    /* the last step is still to be taken */
    for (size_t at = 0; at < (newton->columns + 1) * newton->k; at++)
        newton->w[at] += newton->length * newton->s[at];
}

/* ---- its arrays ----------------------------------------------------------- */
static bool allocate(struct newton *newton) {
    double **const by_column[] = {&newton->w,       &newton->g, &newton->s,
                                  &newton->r,       &newton->p, &newton->hp,
                                  &newton->diagonal};
    double **const by_row[] = {&newton->z, &newton->xs, &newton->xp,
                               &newton->u, &newton->h,  &newton->probability};
    bool good = true;
    for (size_t i = 0; i < ARRAY_LENGTH(by_column); i++) {
        *by_column[i] =
            memory_new((newton->columns + 1) * newton->k, sizeof(double));
        good = good && *by_column[i];
    }
    for (size_t i = 0; i < ARRAY_LENGTH(by_row); i++) {
        *by_row[i] = memory_new(newton->rows * newton->k, sizeof(double));
        good = good && *by_row[i];
    }
    newton->penalty = memory_new(newton->columns + 1, sizeof(double));
    newton->block_sums =
        memory_new(newton_block_count(newton), NEWTON_SUMS * sizeof(double));
    return good && newton->penalty && newton->block_sums;
}

static void clear(struct newton *newton) {
    double *const arrays[] = {
        newton->w,       newton->g,           newton->s,
        newton->r,       newton->p,           newton->hp,
        newton->z,       newton->xs,          newton->xp,
        newton->u,       newton->h,           newton->diagonal,
        newton->penalty, newton->probability, newton->block_sums};
    for (size_t i = 0; i < ARRAY_LENGTH(arrays); i++)
        memory_free(arrays[i]);
}

static double penalty_of(const struct logreg_problem *problem, size_t column,
                         size_t columns) {
    if (column == columns)
        return problem->bias == BIAS_FREE        ? 0
               : problem->bias == BIAS_PENALIZED ? 1
                                                 : FIXED;
    if (!problem->column_scales)
        return 1;
    double scale = problem->column_scales[column];
    return fabs(scale) > 1e-75 ? 1 / (scale * scale) : FIXED;
}

/* Copies weights between w[columns + 1][k of the batch] and the problem. */
static void copy_weights(const struct batch *batch, struct newton *newton,
                         size_t first, bool back) {
    for (size_t i = 0; i <= newton->columns; i++)
        for (size_t j = 0; j < newton->k; j++) {
            double *outer = &batch->w[i * batch->k + first + j];
            double *inner = &newton->w[i * newton->k + j];
            bool fixed = newton->penalty[i] >= FIXED;
            if (back)
                *outer = fixed ? 0 : *inner;
            else
                *inner = fixed ? 0 : *outer;
        }
}

static void solve_one(void *context, size_t item, size_t worker) {
    (void)worker;
    struct batch *batch = context;
    struct logreg_problem *problem = batch->problems[item];
    struct newton newton = {.problem = problem,
                            .products = batch->products,
                            .pool = batch->inner,
                            .rows = batch->data->rows->rows,
                            .columns = batch->data->rows->columns,
                            .k = problem->outputs};
    if (atomic_load(&batch->no_memory) || !allocate(&newton)) {
        atomic_store(&batch->no_memory, true);
    } else {
        for (size_t i = 0; i <= newton.columns; i++)
            newton.penalty[i] = penalty_of(problem, i, newton.columns);
        copy_weights(batch, &newton, batch->outputs[item], false);
        take_steps(batch, &newton, problem);
        copy_weights(batch, &newton, batch->outputs[item], true);
        shared_progress_step(&batch->progress, 1);
    }
    clear(&newton);
}

tenor_status logreg_newton(double *w, size_t k,
                           struct logreg_problem **problems,
                           const size_t *outputs, size_t count,
                           const struct learn_data *data,
                           const struct logreg_options *options,
                           const struct progress *progress,
                           tenor_error *error) {
    struct products products;
    struct batch batch = {.problems = problems,
                          .outputs = outputs,
                          .count = count,
                          .k = k,
                          .w = w,
                          .data = data,
                          .products = &products,
                          .options = options,
                          .progress = {.progress = progress,
                                       .stage = "learning",
                                       .total = (double)count}};
    tenor_status status = products_init(&products, data->rows, error);
    if (status)
        return status;
    if (count >= thread_pool_threads(data->pool)) {
        thread_pool_run(data->pool, count, solve_one, &batch);
    } else {
        batch.inner = data->pool;
        for (size_t q = 0; q < count; q++)
            solve_one(&batch, q, 0);
    }
    products_clear(&products);
    if (atomic_load(&batch.no_memory))
        return error_memory(error);
    if (!shared_progress_end(&batch.progress))
        return error_set(error, TENOR_ERROR_CANCELLED,
                         "stopped before the training was complete");
    return TENOR_OK;
}
