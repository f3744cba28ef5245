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
 * square over the training entries is 1: C then means what it means without
 * them. And a softmax, whose classes share one scale a column, takes the root
 * mean square of the classes' ratios; their signs make no difference to a
 * penalty of squares.
 *
 * Source: S. Wang & Manning, "Baselines and bigrams: simple, good sentiment and
 * topic classification", ACL 2012, section 2. */
#include "lessons.h"

#include <math.h>

static const double SMOOTHING = 1;

/* counts[columns][classes]: training paragraphs of a class that hold a term. */
static void count_terms(uint32_t *counts, size_t classes,
                        const struct matrix *rows, const struct fit_job *job,
                        const uint8_t *folds) {
    const struct lesson *lesson = job->lesson;
    for (size_t i = 0; i < rows->rows; i++) {
        if (lesson->weights[i] == 0 ||
            (job->fold != FOLD_NONE && folds[i] == job->fold))
            continue;
        for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++)
            counts[rows->indices[e] * classes + lesson->classes[i]]++;
    }
}

/* Adds the squares of one class's ratios against the rest. */
static void add_ratios(double *squares, const uint32_t *counts, size_t columns,
                       size_t classes, size_t class) {
    double own = SMOOTHING * (double)columns, rest = own;
    for (size_t j = 0; j < columns; j++)
        for (size_t c = 0; c < classes; c++)
            *(c == class ? &own : &rest) += counts[j * classes + c];
    double parting = log(rest) - log(own);
    for (size_t j = 0; j < columns; j++) {
        double all = 0, here = counts[j * classes + class];
        for (size_t c = 0; c < classes; c++)
            all += counts[j * classes + c];
        double ratio = log(SMOOTHING + here) - log(SMOOTHING + all - here) +
                       parting;
        squares[j] += ratio * ratio;
    }
}

bool ratio_scales(double *out, const struct matrix *rows,
                  const struct fit_job *job, size_t output,
                  const uint8_t *folds) {
    size_t columns = rows->columns, outputs = job->lesson->outputs;
    size_t classes = outputs == 1 ? 2 : outputs;
    bool shared = outputs > 1 && job->method.kind == MODEL_LOGREG;
    uint32_t *counts = memory_new(columns, classes * sizeof *counts);
    double sum = 0, entries = 0;
    if (!counts)
        return false;
    count_terms(counts, classes, rows, job, folds);
    for (size_t j = 0; j < columns; j++)
        out[j] = 0;
    for (size_t c = 0; c < outputs; c++)
        if (shared || c == output)
            add_ratios(out, counts, columns, classes, outputs == 1 ? 1 : c);
    for (size_t j = 0; j < columns; j++) {
        double all = 0;
        for (size_t c = 0; c < classes; c++)
            all += counts[j * classes + c];
        sum += all * out[j];
        entries += all;
    }
    double scale = sum > 0 ? entries / sum : 1;
    for (size_t j = 0; j < columns; j++)
        out[j] = sum > 0 ? sqrt(scale * out[j]) : 1;
    memory_free(counts);
    return true;
}
