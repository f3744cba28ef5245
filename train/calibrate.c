/* From scores of held-out paragraphs to probabilities that mean something.
 *
 * Binary: Platt scaling, p = logistic(a z + b), fitted by Newton steps on
 * smoothed targets. Several classes: one temperature, p = softmax(z / T),
 * which never changes the favoured label. Where scores tell nothing its loss is
 * lowest at a flat distribution, at which the favoured label would be lost in
 * the last digit; a prior of about one paragraph, with density s exp(-s) for
 * the scale s = 1 / T, holds it at s = 1 as far as the paragraphs do not object.
 *
 * Sources: Platt 1999; H.-T. Lin, C.-J. Lin & Weng, "A note on Platt's
 * probabilistic outputs", 2007; Guo et al., "On calibration of modern neural
 * networks", ICML 2017. */
#include "train.h"

#include <math.h>

/* ---- Platt scaling ------------------------------------------------------------- */
static double platt_loss(const double *z, const uint8_t *truth, size_t count,
                         const double targets[2], double a, double b) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double score = a * z[i] + b;
        sum += softplus(score) - targets[truth[i]] * score;
    }
    return sum;
}

void calibrate_binary(double *scale, double *shift, const double *z,
                      const uint8_t *truth, size_t count) {
    double positives = 0;
    for (size_t i = 0; i < count; i++)
        positives += truth[i];
    double negatives = (double)count - positives;
    double targets[2] = {1 / (negatives + 2),
                         (positives + 1) / (positives + 2)};
    double a = 0, b = log((positives + 1) / (negatives + 1));
    double loss = platt_loss(z, truth, count, targets, a, b);
    for (int step = 0; step < 100; step++) {
        double ga = 0, gb = 0, haa = 1e-12, hab = 0, hbb = 1e-12;
        for (size_t i = 0; i < count; i++) {
            double p = 1 / (1 + exp(-(a * z[i] + b)));
            double slope = p - targets[truth[i]], curve = p * (1 - p);
            ga += slope * z[i];
            gb += slope;
            haa += curve * z[i] * z[i];
            hab += curve * z[i];
            hbb += curve;
        }
        if (fabs(ga) < 1e-9 * (double)count &&
            fabs(gb) < 1e-9 * (double)count)
            break;
        double determinant = haa * hbb - hab * hab;
        if (!(determinant > 0))
            break;
        double da = -(hbb * ga - hab * gb) / determinant;
        double db = -(haa * gb - hab * ga) / determinant;
        double length = 1, slope = ga * da + gb * db, next = loss;
        for (; length > 1e-10; length /= 2) {
            next = platt_loss(z, truth, count, targets, a + length * da,
                              b + length * db);
            if (next <= loss + 1e-4 * length * slope)
                break;
        }
        if (!(next < loss))
            break;
        a += length * da;
        b += length * db;
        loss = next;
    }
    *scale = a;
    *shift = b;
    if (!(a > 0)) { /* scores that tell nothing: the prior, in score order */
        *scale = 1e-3;
        *shift = log((positives + 1) / (negatives + 1));
    }
}

/* ---- temperature ----------------------------------------------------------------- */
/* Minus the logarithm of the prior's density. */
static double prior_loss(double scale) { return scale - log(scale); }

static double softmax_loss(const double *z, const uint32_t *class,
                           size_t count, size_t outputs, double scale) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double *row = z + i * outputs;
        double top = row[0] * scale, total = 0;
        for (size_t k = 1; k < outputs; k++)
            top = fmax(top, row[k] * scale);
        for (size_t k = 0; k < outputs; k++)
            total += exp(row[k] * scale - top);
        sum += top + log(total) - row[class[i]] * scale;
    }
    return sum + prior_loss(scale);
}

/* Loss and prior are convex in the scale 1 / T: golden-section search over its
 * logarithm. */
double calibrate_softmax(const double *z, const uint32_t *class, size_t count,
                         size_t outputs) {
    const double golden = 0.6180339887498949;
    double low = log(1e-3), high = log(1e3);
    if (count == 0)
        return 1;
    double left = high - golden * (high - low);
    double right = low + golden * (high - low);
    double at_left = softmax_loss(z, class, count, outputs, exp(left));
    double at_right = softmax_loss(z, class, count, outputs, exp(right));
    while (high - low > 1e-5) {
        if (at_left <= at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - golden * (high - low);
            at_left = softmax_loss(z, class, count, outputs, exp(left));
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + golden * (high - low);
            at_right = softmax_loss(z, class, count, outputs, exp(right));
        }
    }
    return exp((low + high) / 2);
}
