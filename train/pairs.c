/* One label against one: a problem for every pair of labels.
 *
 * Source: Hsu & Lin, "A comparison of methods for multiclass support vector
 * machines", IEEE Transactions on Neural Networks, 2002. */
#include "kernels.h"

#include <string.h>

void pair_signs(signed char *signs, const uint32_t *classes, const bool *in,
                size_t rows, uint32_t a, uint32_t b) {
    for (size_t i = 0; i < rows; i++) {
        bool counts = !in || in[i];
        signs[i] = counts && classes[i] == a   ? 1
                   : counts && classes[i] == b ? -1
                                               : 0;
    }
}

static size_t votes_for(const double *values, size_t labels, size_t label) {
    size_t votes = 0, pair = 0;
    for (size_t a = 0; a < labels; a++)
        for (size_t b = a + 1; b < labels; b++, pair++)
            votes += label == (values[pair] > 0 ? a : b);
    return votes;
}

size_t pair_vote(const double *values, size_t labels) {
    size_t best = 0, most = 0;
    for (size_t label = 0; label < labels; label++) {
        size_t votes = votes_for(values, labels, label);
        if (votes > most) {
            best = label;
            most = votes;
        }
    }
    return best;
}

void pair_scores(double *scores, const double *values, size_t labels) {
    memset(scores, 0, labels * sizeof *scores);
    size_t pair = 0;
    for (size_t a = 0; a < labels; a++)
        for (size_t b = a + 1; b < labels; b++, pair++) {
            scores[a] += values[pair];
            scores[b] -= values[pair];
        }
}
