/* A stable radix sort, least significant byte first; bytes that are the same
 * in all keys cost one counting pass and no move. */
#include "features/tokens.h"

#include <string.h>

void sort_items(struct sort_item *items, struct sort_item *scratch,
                size_t count) {
    struct sort_item *from = items, *to = scratch;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t starts[256] = {0};
        for (size_t i = 0; i < count; i++)
            starts[from[i].key >> shift & 0xFF]++;
        if (count == 0 || starts[from[0].key >> shift & 0xFF] == count)
            continue;
        size_t sum = 0;
        for (size_t byte = 0; byte < 256; byte++) {
            size_t here = starts[byte];
            starts[byte] = sum;
            sum += here;
        }
        for (size_t i = 0; i < count; i++)
            to[starts[from[i].key >> shift & 0xFF]++] = from[i];
        struct sort_item *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
}

void sort_by_df(struct sort_item *items, struct sort_item *scratch,
                size_t count, const uint32_t *df) {
    sort_items(items, scratch, count);
    for (size_t i = 0; i < count; i++)
        items[i].key = UINT32_MAX - df[items[i].id];
    sort_items(items, scratch, count);
}
