/* Counts to weights: w = tf(count) * idf, each block of columns scaled to
 * norm 1, then by the block's weight.
 *
 * Source: Salton & Buckley (1988); the forms are those of scikit-learn's
 * TfidfTransformer: smooth idf = ln((1 + n) / (1 + df)) + 1, plain idf =
 * ln(n / df) + 1, sublinear tf = 1 + ln(count). */
#include "features/tokens.h"

#include <math.h>
#include <string.h>

/* Past the last column: row_add writes before it knows, sums go by fours. */
enum { FIRST_SLOTS = 256, FIRST_SHIFT = 24, ROW_SPARE = 4 };

static double term_frequency(uint32_t style, uint32_t count) {
    if (style == TF_BINARY)
        return 1;
    return style == TF_RAW ? (double)count : 1 + log(count);
}

void row_builder_init(struct row_builder *row,
                      const struct vocabulary *vocabulary) {
    *row = (struct row_builder){.most = vocabulary->columns,
                                .shift = FIRST_SHIFT,
                                .stamp = 1,
                                .idf = vocabulary->idf};
    for (uint32_t i = 1; i < ARRAY_LENGTH(row->frequencies); i++)
        row->frequencies[i] = term_frequency(vocabulary->features.tf, i);
}

void row_builder_clear(struct row_builder *row) {
    memory_free(row->slots);
    memory_free(row->columns);
    memory_free(row->counts);
    memory_free(row->values);
    *row = (struct row_builder){0};
}

/* Places the row's columns anew, under new stamps, which leaves the old ones
 * behind. */
static void widen(struct row_builder *row, size_t slot_count) {
    while (row->slot_count < slot_count) {
        row->slot_count = row->slot_count ? 2 * row->slot_count : FIRST_SLOTS;
        row->shift = row->slot_count == FIRST_SLOTS ? FIRST_SHIFT
                                                    : row->shift - 1;
    }
    row->stamp += (uint32_t)row->count;
    for (size_t i = 0; i < row->count; i++) {
        size_t at = row_place(row->columns[i], row->shift);
        while ((uint32_t)row->slots[at] - row->stamp < i)
            at = (at + 1) & (row->slot_count - 1);
        row->slots[at] = (uint64_t)row->columns[i] << 32 |
                         (row->stamp + (uint32_t)i);
    }
}

bool row_reserve(struct row_builder *row, size_t more) {
    size_t need = more < row->most - row->count ? row->count + more
                                                : row->most;
    if (need > UINT32_MAX / 8)
        return false;
    if (need > row->capacity || !row->counts) {
        size_t columns = row->counts ? row->capacity + ROW_SPARE : 0;
        size_t counts = columns, values = columns;
        if (!memory_reserve(&row->columns, &columns, need + ROW_SPARE,
                            sizeof *row->columns) ||
            !memory_reserve(&row->values, &values, need + ROW_SPARE,
                            sizeof *row->values) ||
            !memory_reserve(&row->counts, &counts, need + ROW_SPARE,
                            sizeof *row->counts))
            return false;
        memset(row->counts + row->count, 0,
               (counts - row->count) * sizeof *row->counts);
        row->capacity = counts - ROW_SPARE;
    }
    size_t slot_count = FIRST_SLOTS;
    while (slot_count < 4 * need)
        slot_count *= 2;
    if (slot_count <= row->slot_count)
        return true;
    if (slot_count > row->slot_capacity) {
        uint64_t *slots = memory_new(slot_count, sizeof *slots);
        if (!slots)
            return false;
        memory_free(row->slots);
        row->slots = slots;
        row->slot_capacity = slot_count;
    }
    widen(row, slot_count);
    return true;
}

void row_restart(struct row_builder *row) {
    row->stamp += (uint32_t)row->count;
    row->count = 0;
    row->slot_count = 0;
    row->shift = FIRST_SHIFT;
    /* no row adds more stamps than twice its limit: start anew in time */
    if (row->stamp > UINT32_MAX / 2) {
        memset(row->slots, 0, row->slot_capacity * sizeof *row->slots);
        row->stamp = 1;
    }
}

double inverse_document_frequency(enum idf_style style, double documents,
                                  double df) {
    switch (style) {
    case IDF_SMOOTH:
        return log((1 + documents) / (1 + df)) + 1;
    case IDF_PLAIN:
        return log(documents / df) + 1;
    default:
        return 1;
    }
}

/* A block's sum of squares or magnitudes, as four running sums that don't wait
 * for each other; columns outside [first, end) count as 0. */
static double block_sum(const struct row_builder *row, uint32_t first,
                        uint32_t end, bool squares) {
    double sums[4] = {0};
    for (size_t i = 0; i < row->count; i += 4)
        for (size_t k = 0; k < 4; k++) { /* values are 0 past the count */
            double value = (double)row->values[i + k];
            bool inside = row->columns[i + k] - first < end - first;
            double size = squares ? value * value : fabs(value);
            sums[k] += inside ? size : 0;
        }
    return sums[0] + sums[1] + (sums[2] + sums[3]);
}

static double block_scale(const struct row_builder *row,
                          const struct feature_options *options,
                          uint32_t first, uint32_t end, double weight) {
    if (options->norm == NORM_NONE || first == end)
        return weight;
    bool squares = options->norm == NORM_L2;
    double sum = block_sum(row, first, end, squares);
    return sum > 0 ? weight / (squares ? sqrt(sum) : sum) : weight;
}

void row_finish(struct row_builder *row, const struct vocabulary *vocabulary) {
    const struct feature_options *options = &vocabulary->features;
    uint32_t words = vocabulary->word_columns, all = vocabulary->columns;
    if (row->count == 0)
        return;
    for (size_t i = 0; i < row->count; i++) {
        uint32_t count = row->counts[i];
        double frequency = count < ARRAY_LENGTH(row->frequencies)
                               ? row->frequencies[count]
                               : term_frequency(options->tf, count);
        row->values[i] =
            (float)(frequency * (double)vocabulary->idf[row->columns[i]]);
    }
    memset(row->counts, 0, row->count * sizeof *row->counts);
    memset(row->values + row->count, 0, 3 * sizeof *row->values);
    memset(row->columns + row->count, 0, 3 * sizeof *row->columns);
    double word_scale =
        block_scale(row, options, 0, words, options->word_weight);
    double gram_scale =
        block_scale(row, options, words, all, options->char_weight);
    for (size_t i = 0; i < row->count; i++)
        row->values[i] =
            (float)((double)row->values[i] *
                    (row->columns[i] < words ? word_scale : gram_scale));
}

bool row_chunk_append(struct row_chunk *chunk, const uint32_t *columns,
                      const float *values, size_t count) {
    size_t need = chunk->entries + count;
    if (!memory_reserve(&chunk->sizes, &chunk->row_capacity, chunk->rows + 1,
                        sizeof *chunk->sizes) ||
        !memory_reserve(&chunk->columns, &chunk->column_capacity, need,
                        sizeof *chunk->columns) ||
        !memory_reserve(&chunk->values, &chunk->value_capacity, need,
                        sizeof *chunk->values))
        return false;
    if (count) {
        memcpy(chunk->columns + chunk->entries, columns,
               count * sizeof *columns);
        memcpy(chunk->values + chunk->entries, values,
               count * sizeof *values);
    }
    chunk->sizes[chunk->rows++] = (uint32_t)count;
    chunk->entries = need;
    return true;
}

void row_chunk_clear(struct row_chunk *chunk) {
    memory_free(chunk->sizes);
    memory_free(chunk->columns);
    memory_free(chunk->values);
    *chunk = (struct row_chunk){0};
}

struct join_work {
    struct matrix *out;
    struct row_chunk *chunks;
    size_t *rows; /* [chunks] first row of each */
};

/* out->starts[first row of the chunk] is known. */
static void join_chunk(void *context, size_t item, size_t worker) {
    (void)worker;
    struct join_work *work = context;
    struct row_chunk *chunk = &work->chunks[item];
    uint64_t *starts = work->out->starts + work->rows[item];
    uint64_t at = starts[0];
    if (chunk->entries) {
        memcpy(work->out->indices + at, chunk->columns,
               chunk->entries * sizeof *chunk->columns);
        memcpy(work->out->values + at, chunk->values,
               chunk->entries * sizeof *chunk->values);
    }
    for (size_t row = 0; row + 1 < chunk->rows; row++)
        starts[row + 1] = at += chunk->sizes[row];
    row_chunk_clear(chunk);
}

tenor_status row_chunks_join(struct matrix *out, struct row_chunk *chunks,
                             size_t count, size_t columns,
                             struct thread_pool *pool, tenor_error *error) {
    size_t rows = 0;
    uint64_t entries = 0;
    struct join_work work = {out, chunks, memory_new(count, sizeof(size_t))};
    for (size_t i = 0; i < count; i++) {
        if (work.rows)
            work.rows[i] = rows;
        rows += chunks[i].rows;
        entries += chunks[i].entries;
    }
    tenor_status status = matrix_new(out, rows, columns, entries, error);
    if (!status && !work.rows) {
        matrix_clear(out);
        status = error_memory(error);
    }
    if (!status) {
        uint64_t at = 0;
        for (size_t i = 0; i < count; i++) {
            out->starts[work.rows[i]] = at;
            at += chunks[i].entries;
        }
        out->starts[rows] = at;
        thread_pool_run(pool, count, join_chunk, &work);
    }
    for (size_t i = 0; i < count; i++)
        row_chunk_clear(&chunks[i]);
    memory_free(work.rows);
    return status;
}
