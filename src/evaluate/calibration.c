/* Do the probabilities mean what they say?
 *
 * With p the probability given to a label and y its truth, 0 or 1:
 *     log-loss  single: mean of -ln p(true label), the row scaled to sum 1;
 *               multi: mean over cells of -(y ln p + (1-y) ln(1-p)).
 *               p is kept off 0 and 1 by a float's epsilon (scikit-learn 1.2)
 *     Brier     single: mean over rows of sum (p-y)^2 over labels (Brier 1950);
 *               multi: mean over cells of (p-y)^2
 *     expected calibration error: probabilities fall into ten bins of equal
 *               width; sum of n(bin)/n |accuracy(bin) - confidence(bin)|
 *               (Naeini et al., AAAI 2015; Guo et al., ICML 2017). Single:
 *               the predicted label's probability and whether it is right;
 *               multi: every cell's. */
#include "evaluate/evaluate.h"

#include <float.h>
#include <math.h>

/* What comes in as no probability at all must not become a NaN figure. */
static double read(float probability) {
    if (!(probability > 0.0f))
        return 0.0;
    return probability < 1.0f ? (double)probability : 1.0;
}

static double keep_off(double probability) {
    double epsilon = (double)FLT_EPSILON;
    return fmin(fmax(probability, epsilon), 1.0 - epsilon);
}

static void bin(struct task_metrics *metrics, double probability, bool right) {
    size_t index = (size_t)(probability * CALIBRATION_BINS);
    if (index >= CALIBRATION_BINS)
        index = CALIBRATION_BINS - 1;
    metrics->bins[index].count++;
    metrics->bins[index].confidence += probability;
    metrics->bins[index].accuracy += right;
}

static void add_distribution(struct task_metrics *metrics, const uint8_t *truth,
                             const uint8_t *predicted, const float *row) {
    double sum = 0.0, of_truth = 0.0;
    for (size_t i = 0; i < metrics->labels; i++) {
        double probability = read(row[i]), y = truth[i] ? 1.0 : 0.0;
        double kept = keep_off(probability);
        sum += kept;
        of_truth += y * kept;
        metrics->brier += (probability - y) * (probability - y);
        if (predicted[i])
            bin(metrics, probability, truth[i] != 0);
    }
    metrics->log_loss -= log(of_truth / sum);
}

static void add_cells(struct task_metrics *metrics, const uint8_t *truth,
                      const float *row) {
    for (size_t i = 0; i < metrics->labels; i++) {
        double probability = read(row[i]), y = truth[i] ? 1.0 : 0.0;
        double kept = keep_off(probability);
        metrics->log_loss -= log(truth[i] ? kept : 1.0 - kept);
        metrics->brier += (probability - y) * (probability - y);
        bin(metrics, probability, truth[i] != 0);
    }
}

void evaluate_calibration(struct task_metrics *metrics,
                          const struct evaluate_input *input) {
    for (size_t i = 0; i < input->rows; i++) {
        const uint8_t *truth = input->truth + i * input->labels;
        const float *row = input->probability + i * input->labels;
        if (input->multi)
            add_cells(metrics, truth, row);
        else
            add_distribution(metrics, truth,
                             input->predicted + i * input->labels, row);
    }
    double rows = (double)input->rows;
    double count = input->multi ? rows * (double)input->labels : rows;
    metrics->log_loss /= count;
    metrics->brier /= count;
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        struct calibration_bin *at = &metrics->bins[i];
        if (at->count == 0)
            continue;
        at->confidence /= (double)at->count;
        at->accuracy /= (double)at->count;
        metrics->calibration_error +=
            (double)at->count / count * fabs(at->accuracy - at->confidence);
    }
}
