/* Rows to make kernels of, for the tests of them. */
#ifndef TENOR_TESTS_KERNEL_HELPERS_H
#define TENOR_TESTS_KERNEL_HELPERS_H

#include "kernels.h"
#include "train.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Rows of 0 to 40 entries, low columns oftenest, as in text; their columns in
 * no order. */
static inline void make_rows(struct matrix *out, size_t rows, size_t columns) {
    uint64_t chance = 5, at = 0;
    bool *used = memory_new(columns, sizeof *used);
    assert_int_equal(matrix_new(out, rows, columns, rows * 40, NULL), 0);
    for (size_t i = 0; i < rows; i++) {
        memset(used, 0, columns);
        for (size_t e = random_next(&chance) % 41; e > 0; e--) {
            size_t range = 1 + random_next(&chance) % columns;
            size_t column = random_next(&chance) % range;
            if (used[column])
                continue;
            used[column] = true;
            out->indices[at] = (uint32_t)column;
            out->values[at++] =
                (float)(random_next(&chance) >> 40) / 16777216.0f - 0.25f;
        }
        out->starts[i + 1] = at;
    }
    memory_free(used);
}

#endif
