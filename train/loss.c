/* Logistic and softmax loss of one row.
 *
 * With p the probabilities, the slope in z is p - e_class and the curvature
 * diag(p) - p p^T (one output: p (1 - p)). Everything is computed from the
 * largest score down, so that nothing overflows. Source: Hastie, Tibshirani &
 * Friedman, "The Elements of Statistical Learning", section 4.4. */
#include "solvers.h"

#include <math.h>

double softplus(double x) {
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double largest(const double *z, size_t outputs) {
    double top = z[0];
    for (size_t j = 1; j < outputs; j++)
        top = z[j] > top ? z[j] : top;
    return top;
}

double loss_value(const double *z, size_t outputs, uint32_t class) {
    if (outputs == 1)
        return softplus(class ? -z[0] : z[0]);
    double top = largest(z, outputs), sum = 0;
    for (size_t j = 0; j < outputs; j++)
        sum += exp(z[j] - top);
    return top + log(sum) - z[class];
}

void loss_probability(const double *z, size_t outputs, double *p) {
    if (outputs == 1) {
        p[0] = sigmoid(z[0]);
        return;
    }
    double top = largest(z, outputs), sum = 0;
    for (size_t j = 0; j < outputs; j++)
        sum += p[j] = exp(z[j] - top);
    for (size_t j = 0; j < outputs; j++)
        p[j] /= sum;
}

void loss_slope(const double *p, size_t outputs, uint32_t class,
                double *slope) {
    if (outputs == 1) {
        slope[0] = p[0] - (class ? 1 : 0);
        return;
    }
    for (size_t j = 0; j < outputs; j++)
        slope[j] = p[j] - (j == class ? 1 : 0);
}

void loss_curve(const double *p, size_t outputs, const double *v,
                double *out) {
    if (outputs == 1) {
        out[0] = p[0] * (1 - p[0]) * v[0];
        return;
    }
    double mean = 0;
    for (size_t j = 0; j < outputs; j++)
        mean += p[j] * v[j];
    for (size_t j = 0; j < outputs; j++)
        out[j] = p[j] * (v[j] - mean);
}
