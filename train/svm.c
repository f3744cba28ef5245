/* Linear support vector machines by dual coordinate descent with shrinking.
 *
 * A row's variable a is moved to the minimum of the dual along it, a - G / H
 * cut to [0, cost] (hinge) or [0, inf) (squared hinge), with G = margin - 1 +
 * D a its gradient, H = |x|^2 + D, and D = 0 (hinge) or 1 / (2 cost) (squared).
 * A variable at a bound whose gradient presses it there, harder than any
 * violation that the last pass saw, is left out of the passes until the rest
 * has converged; so is, in a slow problem, one whose part of the gap is nothing
 * beside the tolerance. The frame and the stop are dual.c's.
 *
 * Source: Hsieh, Chang, Lin, Keerthi & Sundararajan, "A dual coordinate descent
 * method for large-scale linear SVM", ICML 2008, algorithm 3. */
#include "dual.h"

#include <math.h>

enum { PATIENCE = 10 }; /* passes before rows rest */
static const double TINY_STEP = 1e-14;

/* One instruction each, where fmax and fmin are calls. */
static inline double larger(double a, double b) { return a > b ? a : b; }
static inline double smaller(double a, double b) { return a < b ? a : b; }

/* ---- the two losses ------------------------------------------------------- */
/* Visits one row; the loss is a constant wherever this is inlined. false: the
 * row is to be shrunk. */
static inline bool visit(struct dual *dual, size_t row, bool squared) {
    double cost = dual->costs[row], a = dual->variables[row];
    double margin = dual_margin(dual, row), slack = larger(0, 1 - margin);
    double upper = squared ? INFINITY : cost;
    double bend = squared ? 0.5 / cost : 0;
    double loss = squared ? cost * slack * slack : cost * slack;
    double gradient = margin - 1 + bend * a, violation = gradient;
    double gap = loss + a * (margin - 1 + 0.5 * bend * a);
    dual->seen_objective += loss + 0.5 * a * margin;
    dual->seen_gap += gap;
    if (a == 0) {
        if (gradient > dual->shrink_above)
            return false;
        violation = smaller(gradient, 0);
    } else if (a >= upper) {
        if (-gradient > dual->shrink_below)
            return false;
        violation = larger(gradient, 0);
    }
    dual->most = larger(dual->most, violation);
    dual->least = smaller(dual->least, violation);
    if (gap <= dual->negligible)
        return dual_stays(dual, PATIENCE);
    double curvature = dual_curvature(dual, row) + bend;
    double next =
        curvature > 0 ? a - gradient / curvature : (gradient < 0 ? upper : 0);
    next = smaller(larger(next, 0), upper);
    if (fabs(next - a) > TINY_STEP * cost) {
        dual_move(dual, row, next - a);
        dual->variables[row] = next;
    }
    return true;
}

static bool visit_hinge(struct dual *dual, size_t row) {
    return visit(dual, row, false);
}
static bool visit_squared(struct dual *dual, size_t row) {
    return visit(dual, row, true);
}

static inline void pass(struct dual *dual,
                        bool (*visit_row)(struct dual *dual, size_t row)) {
    dual->most = -INFINITY;
    dual->least = INFINITY;
    dual_pass(dual, visit_row);
    /* a bound that no gradient reached this time shrinks nothing next time */
    dual->shrink_above = dual->most > 0 ? dual->most : INFINITY;
    dual->shrink_below = dual->least < 0 ? -dual->least : INFINITY;
}

static void pass_hinge(struct dual *dual) {
    pass(dual, visit_hinge);
}
static void pass_squared(struct dual *dual) {
    pass(dual, visit_squared);
}

static struct dual_row judge_hinge(const struct dual *dual, size_t row) {
    double a = dual->variables[row], margin = dual_margin(dual, row);
    double loss = dual->costs[row] * larger(0, 1 - margin);
    return (struct dual_row){loss, loss + a * (margin - 1), a * margin};
}

static struct dual_row judge_squared(const struct dual *dual, size_t row) {
    double a = dual->variables[row], margin = dual_margin(dual, row);
    double slack = larger(0, 1 - margin);
    double loss = dual->costs[row] * slack * slack;
    double gap = loss + a * (margin - 1 + 0.25 * a / dual->costs[row]);
    return (struct dual_row){loss, gap, a * margin};
}

static const struct dual_method methods[] = {
    [SVM_SQUARED_HINGE] = {pass_squared, judge_squared, dual_pull},
    [SVM_HINGE] = {pass_hinge, judge_hinge, dual_pull},
};

/* ---- the problems --------------------------------------------------------- */
static bool set_up(struct dual *dual, const struct svm_problem *problem,
                   size_t rows, const struct svm_options *options) {
    *dual = (struct dual){.costs = problem->costs,
                          .scales = problem->column_scales,
                          .bias_kind = problem->bias,
                          .tolerance = options->tolerance,
                          .most_passes = options->max_passes,
                          .chance = options->seed,
                          .method = &methods[problem->loss],
                          .outputs = 1,
                          .width = 1};
    dual->signs = problem->signs;
    dual->variables = problem->variables
                          ? problem->variables
                          : memory_new(rows, sizeof *dual->variables);
    if (!dual->variables)
        return false;
    for (size_t i = 0; i < rows; i++) { /* a start that may be, whatever came */
        double *a = &dual->variables[i];
        if (!(*a > 0))
            *a = 0;
        else if (problem->loss == SVM_HINGE && *a > problem->costs[i])
            *a = problem->costs[i];
    }
    return true;
}

tenor_status svm_fit(double *w, struct svm_problem *problems, size_t count,
                     const struct learn_data *data,
                     const struct svm_options *options,
                     const struct progress *progress, tenor_error *error) {
    if (!(options->tolerance > 0) || options->max_passes == 0)
        return error_set(error, TENOR_ERROR_USAGE,
                         "the tolerance is above 0 and at least one pass is "
                         "allowed");
    struct dual *duals = memory_new(count, sizeof *duals);
    size_t *outputs = memory_new(count, sizeof *outputs);
    tenor_status status = duals && outputs ? TENOR_OK : error_memory(error);
    for (size_t q = 0; !status && q < count; q++) {
        outputs[q] = q;
        if (!set_up(&duals[q], &problems[q], data->rows->rows, options))
            status = error_memory(error);
    }
    if (!status)
        status =
            dual_solve(duals, count, w, count, outputs, data, progress, error);
    for (size_t q = 0; duals && q < count; q++) {
        struct svm_problem *problem = &problems[q];
        problem->objective = duals[q].objective;
        problem->gap = duals[q].gap;
        problem->passes = duals[q].passes;
        problem->converged = duals[q].converged;
        if (!problem->variables)
            memory_free(duals[q].variables);
    }
    memory_free(duals);
    memory_free(outputs);
    return status;
}
