/* Naive Bayes log-count ratios: how much more often a term stands in the
 * paragraphs of a class than in the others.
 *
 *   r_j = ln((a + n_j) / sum_k (a + n_k)) - ln((a + m_j) / sum_k (a + m_k))
 *
 * with n_j and m_j the training paragraphs of the class and of all others that
 * hold term j, and a = 1. A linear model that is learnt over columns scaled by
 * r starts from what naive Bayes knows: telling terms are cheap to use, the
 * rest is dear. The weights are folded back, so that a model stays a linear one
 * over plain rows.
 *
 * Two things differ from the paper. The ratios are scaled so that their mean
 * square over the training entries is 1; C then means what it means without
 * them. And a column's scale is sqrt(FLOOR + (1 - FLOOR) r^2), so that a term of
 * even odds, which may tell a lot beside others, is not shut out: the scale's
 * square is the variance that the penalty allows a weight, and a part of it is
 * the same for all. The paper's interpolation of the weights with their mean
 * serves the same end. The signs of r make no difference to a penalty of
 * squares, and are left out.
 *
 * Source: S. Wang & Manning, "Baselines and bigrams: simple, good sentiment and
 * topic classification", ACL 2012, section 2. */
#include "lessons.h"

#include <math.h>

static const double SMOOTHING = 1;
static const double FLOOR = 0.3;

/* counts[columns][2]: training paragraphs that hold a term, of the other
 * classes and of the class. */
static void count_terms(uint32_t *counts, const struct matrix *rows,
                        const struct fit_job *job, uint32_t class,
                        const uint8_t *folds) {
    const struct lesson *lesson = job->lesson;
    for (size_t i = 0; i < rows->rows; i++) {
        if (lesson->weights[i] == 0 ||
            (job->fold != FOLD_NONE && folds[i] == job->fold))
            continue;
        size_t side = lesson->classes[i] == class;
        for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++)
            counts[2 * (size_t)rows->indices[e] + side]++;
    }
}

bool ratio_scales(double *out, const struct matrix *rows,
                  const struct fit_job *job, size_t output,
                  const uint8_t *folds) {
    size_t columns = rows->columns;
    uint32_t *counts = memory_new(columns, 2 * sizeof *counts);
    double sums[2] = {SMOOTHING * (double)columns, SMOOTHING * (double)columns};
    double squares = 0;
    if (!counts)
        return false;
    count_terms(counts, rows, job,
                job->lesson->outputs == 1 ? 1 : (uint32_t)output, folds);
    for (size_t j = 0; j < 2 * columns; j++)
        sums[j % 2] += counts[j];
    double parting = log(sums[0]) - log(sums[1]);
    for (size_t j = 0; j < columns; j++) {
        const uint32_t *here = counts + 2 * j;
        out[j] = fabs(log(SMOOTHING + here[1]) - log(SMOOTHING + here[0]) +
                      parting);
        squares += ((double)here[0] + here[1]) * out[j] * out[j];
    }
    double entries = sums[0] + sums[1] - 2 * SMOOTHING * (double)columns;
    double scale = squares > 0 ? entries / squares : 0;
    for (size_t j = 0; j < columns; j++)
        out[j] = squares > 0
                     ? sqrt(FLOOR + (1 - FLOOR) * scale * out[j] * out[j])
                     : 1;
    memory_free(counts);
    return true;
}
