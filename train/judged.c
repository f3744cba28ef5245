/* Scores beside the truth, in order: what curves, thresholds and figures are
 * read off. Equal scores stand together, and whoever reads them takes them
 * together, so that their own order never matters. */
#include "train.h"

#include <stdlib.h>

static int compare_judged(const void *a, const void *b) {
    const struct judged *left = a, *right = b;
    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return (int)left->truth - (int)right->truth;
}

void judged_sort(struct judged *judged, size_t count) {
    if (count)
        qsort(judged, count, sizeof *judged, compare_judged);
}
