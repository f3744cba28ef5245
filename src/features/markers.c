/* Marker columns: what is known of a paragraph beside its words. They follow
 * the n-grams:
 *
 *   kind:prose  kind:heading  kind:item  kind:row      where asked for
 *   quoted:none  quoted:some  quoted:most              (0; below 1/2; the rest)
 *
 * Each paragraph has one of each group. Markers are a block of their own: it
 * is normed like the others (two groups under l2: 0.7071 each) and scaled by
 * its weight, so that the words' values do not depend on it. Their idf is 1:
 * how usual a kind is says nothing of what it is worth. They are exempt from
 * limits on document frequency and on the number of terms. */
#include "features/tokens.h"

#include <math.h>

static const char *const names[] = {"kind:prose", "kind:heading", "kind:item",
                                    "kind:row",   "quoted:none",  "quoted:some",
                                    "quoted:most"};
enum { KINDS = 4, QUOTED = 3 };
_Static_assert(PARAGRAPH_PROSE == 0 && PARAGRAPH_HEADING == 1 &&
                   PARAGRAPH_ITEM == 2 && PARAGRAPH_ROW == 3,
               "names stand in the order of the kinds");

uint32_t markers_count(uint32_t markers) {
    return (markers & MARKER_KIND ? KINDS : 0u) +
           (markers & MARKER_QUOTED ? QUOTED : 0u);
}

const char *markers_name(uint32_t markers, uint32_t number) {
    return names[number + (markers & MARKER_KIND ? 0 : KINDS)];
}

size_t markers_find(uint32_t out[2], uint32_t markers, struct slice text,
                    enum paragraph_kind kind) {
    size_t count = 0;
    uint32_t first = 0;
    if (markers & MARKER_KIND) {
        out[count++] = (uint32_t)kind < KINDS ? (uint32_t)kind : 0;
        first = KINDS;
    }
    if (markers & MARKER_QUOTED) {
        double share = quotation_share(text);
        out[count++] = first + (share == 0 ? 0 : share < 0.5 ? 1 : 2);
    }
    return count;
}

void markers_add(struct row_builder *row, const struct vocabulary *vocabulary,
                 const uint32_t *found, size_t count) {
    const struct feature_options *options = &vocabulary->features;
    uint32_t first = vocabulary->columns - markers_count(options->markers);
    double value = options->marker_weight;
    if (options->norm == NORM_L2 && count > 0)
        value /= sqrt((double)count);
    else if (options->norm == NORM_L1 && count > 0)
        value /= (double)count;
    for (size_t i = 0; i < count; i++) {
        row->columns[row->count] = first + found[i];
        row->values[row->count++] = (float)value;
    }
}
