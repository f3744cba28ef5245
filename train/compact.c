/* The shared matrix, and its rows as the dual solvers want them.
 *
 * A column that occurs in one row only, as two in three do with word n-grams,
 * has the weight a y x, a multiple of its one entry: it adds x^2 a to the
 * margin of that row and nothing to any other. So the sum of these squares
 * (`alone`) stands for all of a row's lonely columns; they need neither
 * entries nor weights until the end. What is left of the weights is small
 * enough for the cache, and an entry's column and value lie side by side.
 *
 * Norms are summed over the row's own order of entries. */
#include "solvers.h"

#include <stdatomic.h>

struct making {
    struct compact_rows *out;
    const struct matrix *rows;
    atomic_uchar *times; /* [columns] 0, 1 or more: how often it occurs */
};

static size_t block_end(const struct matrix *rows, size_t block) {
    size_t end = (block + 1) * ROW_BLOCK;
    return end < rows->rows ? end : rows->rows;
}

/* More than once is all there is to know: most entries only read. */
static void count_columns(void *context, size_t block, size_t worker) {
    (void)worker;
    const struct making *making = context;
    const struct matrix *rows = making->rows;
    size_t first = block * ROW_BLOCK, end = block_end(rows, block);
    for (uint64_t e = rows->starts[first]; e < rows->starts[end]; e++) {
        atomic_uchar *times = &making->times[rows->indices[e]];
        unsigned char seen = atomic_load_explicit(times, memory_order_relaxed);
        while (seen < 2 && !atomic_compare_exchange_weak_explicit(
                               times, &seen, (unsigned char)(seen + 1),
                               memory_order_relaxed, memory_order_relaxed))
            continue;
    }
}

static void count_rows(void *context, size_t block, size_t worker) {
    (void)worker;
    const struct making *making = context;
    const struct matrix *rows = making->rows;
    struct compact_rows *out = making->out;
    for (size_t i = block * ROW_BLOCK; i < block_end(rows, block); i++) {
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
    for (size_t i = block * ROW_BLOCK; i < block_end(rows, block); i++) {
        struct compact_entry *to = out->entries + out->starts[i];
        double norm = 0, alone = 0;
        for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++) {
            float value = rows->values[e];
            double square = (double)value * (double)value;
            uint32_t column = rows->indices[e], kept = out->kept[column];
            norm += square;
            if (kept != COLUMN_ALONE) {
                *to++ = (struct compact_entry){kept, value};
                continue;
            }
            alone += square;
            out->alone_entries[column] =
                (struct compact_entry){(uint32_t)i, value};
        }
        out->norms[i] = norm;
        out->alone[i] = alone;
    }
}

static void number_columns(struct making *making) {
    struct compact_rows *out = making->out;
    for (size_t j = 0; j < making->rows->columns; j++)
        out->kept[j] =
            atomic_load_explicit(&making->times[j], memory_order_relaxed) > 1
                ? (uint32_t)out->columns++
                : COLUMN_ALONE;
}

static bool make_compact(struct making *making, struct thread_pool *pool) {
    struct compact_rows *out = making->out;
    const struct matrix *rows = making->rows;
    size_t blocks = row_block_count(rows->rows);
    out->rows = rows->rows;
    out->kept = memory_new_raw(rows->columns, sizeof *out->kept);
    out->alone_entries = memory_new(rows->columns, sizeof *out->alone_entries);
    out->starts = memory_new(rows->rows + 1, sizeof *out->starts);
    out->norms = memory_new(rows->rows, sizeof *out->norms);
    out->alone = memory_new(rows->rows, sizeof *out->alone);
    making->times = memory_new(rows->columns, sizeof *making->times);
    if (!out->kept || !out->alone_entries || !out->starts || !out->norms ||
        !out->alone || !making->times)
        return false;
    thread_pool_run(pool, blocks, count_columns, making);
    number_columns(making);
    thread_pool_run(pool, blocks, count_rows, making);
    for (size_t i = 0; i < rows->rows; i++)
        out->starts[i + 1] += out->starts[i];
    out->entries =
        memory_new_table((size_t)out->starts[rows->rows], sizeof *out->entries);
    if (!out->entries)
        return false;
    thread_pool_run(pool, blocks, fill_rows, making);
    return true;
}

tenor_status learn_data_init(struct learn_data *out, const struct matrix *rows,
                             struct thread_pool *pool, tenor_error *error) {
    *out = (struct learn_data){.rows = rows, .pool = pool};
    struct making making = {.out = &out->compact, .rows = rows};
    bool good = make_compact(&making, pool);
    memory_free(making.times);
    if (good)
        return TENOR_OK;
    learn_data_clear(out);
    return error_memory(error);
}

void learn_data_clear(struct learn_data *data) {
    struct compact_rows *compact = &data->compact;
    memory_free(compact->starts);
    memory_free(compact->entries);
    memory_free(compact->kept);
    memory_free(compact->alone_entries);
    memory_free(compact->norms);
    memory_free(compact->alone);
    *data = (struct learn_data){0};
}
