/* Logistic regression of two classes by dual coordinate descent.
 *
 * With cost c and margin m, the variable of a row is a = c / (1 + e^-t) at the
 * optimum t = -m. The logit t is what is kept: it tells small variables apart
 * where a can't. While other rows rest, m moves by H (a' - a), H the row's
 * squared length, so the new logit is the zero of
 *
 *     f(t) = t + m + H (c / (1 + e^-t) - a),
 *
 * which rises by at least 1 and is bracketed by -m - H (c - a) and -m + H a.
 * Newton steps from the old logit, whose value and slope cost nothing, mostly
 * need one exponential. A row whose part of the gap is nothing beside the
 * tolerance is left as it is, which saves half of its work.
 *
 * That part is c times the Bregman distance of ln(1 + e^x) from t to -m; its
 * second-order term, a (c - a) / c (t + m)^2 / 2, serves for the running sum
 * where t and -m are near each other.
 * Source: Yu, Huang & Lin, "Dual coordinate descent methods for logistic
 * regression and maximum entropy models", Machine Learning 85, 2011. */
#include "dual.h"
#include "logreg.h"

#include <math.h>

enum { MOST_STEPS = 30 };
enum { PATIENCE = 6 }; /* passes before rows rest */
static const double LEFT_OVER = 0.1; /* of |f|, where the steps end */
static const double LARGE_LOGIT = 30;

/* The zero of f: t comes in as a start and goes out with a = cost *
 * sigmoid(t). */
static double find_zero(double *t, double margin, double curvature, double cost,
                        double a) {
    double low = -margin - curvature * (cost - a);
    double high = -margin + curvature * a, next = *t;
    double first = 0, value = a;
    if (!(next > low && next < high))
        next = high - log1p(curvature * cost); /* f's zero where m is large */
    if (!(next > low && next < high))
        next = 0.5 * (low + high);
    for (int step = 0; step < MOST_STEPS; step++) {
        double share = sigmoid(next);
        value = cost * share;
        double f = next + margin + curvature * (value - a);
        *t = next;
        if (step == 0)
            first = fabs(f);
        else if (fabs(f) <= LEFT_OVER * first)
            break;
        if (f > 0)
            high = next;
        else
            low = next;
        next -= f / (1 + curvature * value * (1 - share));
        if (!(next > low && next < high))
            next = 0.5 * (low + high);
        if (next == *t)
            break;
    }
    return value;
}

/* One Newton step from the logit t of a itself, where f = t + m; the value
 * there, or -1 where it did not come close enough to be taken. */
static inline double step_once(double *t, double difference, double curvature,
                               double cost, double a) {
    double bend = curvature * a * (1 - a / cost);
    double next = *t - difference / (1 + bend);
    double value = cost * sigmoid(next);
    double f = next - *t + difference + curvature * (value - a);
    if (!(fabs(f) <= LEFT_OVER * fabs(difference)))
        return -1;
    *t = next;
    return value;
}

/* A row's part of the gap. */
static double distance_from(double t, double margin, double cost, double a) {
    return cost * (softplus(-margin) - softplus(t)) + a * (t + margin);
}

/* The loss at the row's own logit; a large one is its loss, and its share may
 * be 1. */
static double own_loss(double t, double share) {
    return t < LARGE_LOGIT ? -log1p(-share) : t;
}

/* false: the row is to rest. */
static bool visit(struct dual *dual, size_t row) {
    double cost = dual->costs[row], a = dual->variables[row];
    double margin = dual_margin(dual, row), *t = &dual->extra[row];
    double curvature = dual_curvature(dual, row), value = -1;
    if (a > 0) {
        double difference = *t + margin;
        double gap = fabs(difference) < 1
                         ? 0.5 * a * (1 - a / cost) * difference * difference
                         : distance_from(*t, margin, cost, a);
        dual->seen_gap += gap;
        if (dual->visits_all) /* a logarithm: only where it is wanted */
            dual->seen_objective +=
                0.5 * a * margin + cost * own_loss(*t, a / cost);
        if (gap <= dual->negligible)
            return dual_stays(dual, PATIENCE);
        value = step_once(t, difference, curvature, cost, a);
    } else {
        double loss = cost * softplus(-margin);
        dual->seen_gap += loss;
        dual->seen_objective += loss;
        *t = INFINITY;
    }
    if (value < 0)
        value = find_zero(t, margin, curvature, cost, a);
    dual_move(dual, row, value - a);
    dual->variables[row] = value;
    return true;
}

static void pass(struct dual *dual) { dual_pass(dual, visit); }

static struct dual_row judge(const struct dual *dual, size_t row) {
    double cost = dual->costs[row], a = dual->variables[row];
    double t = dual->extra[row], margin = dual_margin(dual, row);
    double loss = cost * softplus(-margin);
    double gap = a > 0 ? distance_from(t, margin, cost, a) : loss;
    return (struct dual_row){loss, gap, a * margin};
}

static const struct dual_method method = {pass, judge, dual_pull};

/* ---- the problems --------------------------------------------------------- */
static bool set_up(struct dual *dual, const struct logreg_problem *problem,
                   size_t rows) {
    size_t outputs = problem->outputs;
    *dual = (struct dual){.costs = problem->costs,
                          .scales = problem->column_scales,
                          .bias_kind = problem->bias,
                          .chance = 1,
                          .method = outputs == 1 ? &method : &softmax_method,
                          .outputs = outputs,
                          .width = outputs == 1 ? 1 : outputs + outputs % 2};
    dual->variables = memory_new(rows, dual->width * sizeof *dual->variables);
    if (outputs > 1)
        dual->classes = problem->classes;
    int8_t *signs = outputs == 1 ? memory_new(rows, sizeof *signs) : NULL;
    for (size_t i = 0; signs && i < rows; i++)
        signs[i] = problem->classes[i] ? 1 : -1;
    dual->signs = signs;
    return dual->variables && (signs || outputs > 1);
}

tenor_status logreg_dual(double *w, size_t k, struct logreg_problem **problems,
                         const size_t *outputs, size_t count,
                         const struct learn_data *data, double tolerance,
                         unsigned most_passes, const struct progress *progress,
                         tenor_error *error) {
    struct dual *duals = memory_new(count, sizeof *duals);
    tenor_status status = duals ? TENOR_OK : error_memory(error);
    for (size_t q = 0; !status && q < count; q++) {
        if (!set_up(&duals[q], problems[q], data->rows->rows))
            status = error_memory(error);
        duals[q].tolerance = tolerance;
        duals[q].most_passes = most_passes;
    }
    if (!status)
        status = dual_solve(duals, count, w, k, outputs, data, progress, error);
    for (size_t q = 0; !status && q < count; q++) {
        problems[q]->objective = duals[q].objective;
        problems[q]->gap = duals[q].gap;
        problems[q]->steps = duals[q].passes;
        problems[q]->products = 2 * duals[q].passes;
        problems[q]->converged = duals[q].converged;
    }
    for (size_t q = 0; duals && q < count; q++) {
        memory_free(duals[q].variables);
        memory_free((void *)duals[q].signs);
    }
    memory_free(duals);
    return status;
}
