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
 * second-order term, a (c - a) / c (t + m)^2 / 2, serves for the running sum.
 * Source: Yu, Huang & Lin, "Dual coordinate descent methods for logistic
 * regression and maximum entropy models", Machine Learning 85, 2011. */
#include "dual.h"
#include "logreg.h"

#include <math.h>

enum { MOST_STEPS = 30 };
/* When a problem turns out to be slow, rows rest whose part of the gap is this
 * share of a negligible one; quick problems are quicker with all rows. */
enum { PATIENCE = 12 };
static const double REST_BELOW = 0.1;
static const double LEFT_OVER = 0.1; /* of |f|, where the steps end */

static double sigmoid(double x) {
    double p;
    loss_probability(&x, 1, &p);
    return p;
}

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

/* false: the row is to rest. */
static bool visit(struct dual *dual, size_t row) {
    double cost = dual->costs[row], a = dual->variables[row];
    double margin = dual_margin(dual, row), *t = &dual->extra[row];
    double curvature = dual_curvature(dual, row), value = -1;
    if (a > 0) {
        double difference = *t + margin;
        double gap = 0.5 * a * (1 - a / cost) * difference * difference;
        /* far apart, the distance grows no faster than its slope */
        gap = fmin(gap, cost * fabs(difference));
        dual->seen_gap += gap;
        dual->seen_objective += 0.5 * a * margin - cost * log1p(-a / cost);
        if (gap <= dual->negligible)
            return dual->passes < PATIENCE ||
                   gap > REST_BELOW * dual->negligible;
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

static void pass(struct dual *dual) {
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

static void judge(const struct dual *dual, size_t row, double margin,
                  double *loss, double *gap) {
    double cost = dual->costs[row], a = dual->variables[row];
    double t = dual->extra[row];
    *loss = cost * softplus(-margin);
    *gap = a > 0 ? *loss - cost * softplus(t) + a * (t + margin) : *loss;
}

static const struct dual_method method = {pass, judge};

tenor_status logreg_dual(double *w, size_t k, struct logreg_problem **problems,
                         const size_t *outputs, size_t count,
                         const struct learn_data *data, double tolerance,
                         unsigned most_passes, const struct progress *progress,
                         tenor_error *error) {
    size_t rows = data->rows->rows;
    struct dual *duals = memory_new(count, sizeof *duals);
    double *variables = memory_new(count * rows, sizeof *variables);
    int8_t *signs = memory_new(count * rows, sizeof *signs);
    tenor_status status =
        duals && variables && signs ? TENOR_OK : error_memory(error);
    for (size_t q = 0; !status && q < count; q++) {
        int8_t *own = signs + q * rows;
        for (size_t i = 0; i < rows; i++)
            own[i] = problems[q]->classes[i] ? 1 : -1;
        duals[q] = (struct dual){.costs = problems[q]->costs,
                                 .scales = problems[q]->column_scales,
                                 .bias_kind = problems[q]->bias,
                                 .tolerance = tolerance,
                                 .most_passes = most_passes,
                                 .chance = 1,
                                 .method = &method,
                                 .variables = variables + q * rows,
                                 .signs = own};
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
    memory_free(duals);
    memory_free(variables);
    memory_free(signs);
    return status;
}
