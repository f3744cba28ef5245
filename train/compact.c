/* The rows as the dual solvers want them.
 *
 * A column that occurs in one row only, as two in three do with word n-grams,
 * has the weight a y x, a multiple of its one entry: it adds x^2 a to the
 * margin of that row and nothing to any other. So the sum of these squares
 * (`alone`) stands for all of a row's lonely columns; they need neither
 * entries nor weights until the end. What is left of the weights is small
 * enough for the cache, and an entry's column and value lie side by side.
 *
 * Norms are summed over the row's own order of entries. */
#include "train.h"

struct making {
    struct compact_rows *out;
    const struct matrix *rows;
};

static void count_rows(void *context, size_t block, size_t worker) {
    (void)worker;
    const struct making *making = context;
    const struct matrix *rows = making->rows;
    struct compact_rows *out = making->out;
    size_t end = (block + 1) * ROW_BLOCK;
    for (size_t i = block * ROW_BLOCK; i < end && i < rows->rows; i++) {
        uint64_t count = 0;
        for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++)
            count += out->kept[rows->indices[e]] != COLUMN_ALONE;
        out->starts[i + 1] = count;
    }
}

static void fill_rows(void *context, size_t block, size_t worker) {
    (void)worker;
    const struct making *making = context;
    const struct matrix *rows = making->rows;
    struct compact_rows *out = making->out;
    size_t end = (block + 1) * ROW_BLOCK;
    for (size_t i = block * ROW_BLOCK; i < end && i < rows->rows; i++) {
        struct compact_entry *to = out->entries + out->starts[i];
        double norm = 0, alone = 0;
        for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++) {
            double value = (double)rows->values[e];
            uint32_t kept = out->kept[rows->indices[e]];
            norm += value * value;
            if (kept == COLUMN_ALONE)
                alone += value * value;
            else
                *to++ = (struct compact_entry){kept, rows->values[e]};
        }
        out->norms[i] = norm;
        out->alone[i] = alone;
    }
}

tenor_status compact_rows_make(struct compact_rows *out,
                               const struct learn_data *data,
                               tenor_error *error) {
    const struct matrix *rows = data->rows;
    const uint64_t *column_starts = data->columns.starts;
    struct making making = {out, rows};
    *out = (struct compact_rows){.rows = rows->rows};
    out->kept = memory_new_raw(rows->columns, sizeof *out->kept);
    out->starts = memory_new(rows->rows + 1, sizeof *out->starts);
    out->norms = memory_new(rows->rows, sizeof *out->norms);
    out->alone = memory_new(rows->rows, sizeof *out->alone);
    if (!out->kept || !out->starts || !out->norms || !out->alone)
        goto failed;
    for (size_t j = 0; j < rows->columns; j++)
        out->kept[j] = column_starts[j + 1] - column_starts[j] >= 2
                           ? (uint32_t)out->columns++
                           : COLUMN_ALONE;
    thread_pool_run(data->pool, row_block_count(data), count_rows, &making);
    for (size_t i = 0; i < rows->rows; i++)
        out->starts[i + 1] += out->starts[i];
    out->entries =
        memory_new_raw((size_t)out->starts[rows->rows], sizeof *out->entries);
    if (!out->entries)
        goto failed;
    thread_pool_run(data->pool, row_block_count(data), fill_rows, &making);
    return TENOR_OK;
failed:
    compact_rows_clear(out);
    return error_memory(error);
}

void compact_rows_clear(struct compact_rows *compact) {
    memory_free(compact->starts);
    memory_free(compact->entries);
    memory_free(compact->kept);
    memory_free(compact->norms);
    memory_free(compact->alone);
    *compact = (struct compact_rows){0};
}
