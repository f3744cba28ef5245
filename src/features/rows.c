/* Counts to weights: w = tf(count) * idf, each block of columns scaled to
 * norm 1, then by the block's weight.
 *
 * Source: Salton & Buckley (1988); the forms are those of scikit-learn's
 * TfidfTransformer: smooth idf = ln((1 + n) / (1 + df)) + 1, plain idf =
 * ln(n / df) + 1, sublinear tf = 1 + ln(count). */
#include "features/tokens.h"

#include <math.h>
#include <string.h>

void row_builder_init(struct row_builder *row,
                      const struct vocabulary *vocabulary) {
    *row = (struct row_builder){.most = vocabulary->columns,
                                .idf = vocabulary->idf};
}

void row_builder_clear(struct row_builder *row) {
    memory_free(row->slots);
    memory_free(row->places);
    memory_free(row->columns);
    memory_free(row->values);
    *row = (struct row_builder){0};
}

static bool grow_slots(struct row_builder *row, size_t need) {
    size_t slot_count = 256;
    unsigned shift = 24;
    for (; slot_count < 2 * need; slot_count *= 2)
        shift--;
    struct row_slot *slots = memory_new_raw(slot_count, sizeof *slots);
    if (!slots)
        return false;
    memset(slots, 0xFF, slot_count * sizeof *slots);
    for (size_t i = 0; i < row->count; i++) {
        struct row_slot moved = row->slots[row->places[i]];
        size_t at = row_place(moved.column, shift);
        while (slots[at].column != COLUMN_NONE)
            at = (at + 1) & (slot_count - 1);
        slots[at] = moved;
        row->places[i] = (uint32_t)at;
    }
    memory_free(row->slots);
    row->slots = slots;
    row->slot_count = slot_count;
    row->shift = shift;
    return true;
}

bool row_reserve(struct row_builder *row, size_t more) {
    size_t need = more < row->most - row->count ? row->count + more
                                                : row->most;
    if (need > UINT32_MAX / 4)
        return false;
    if (need > row->capacity) {
        size_t places = row->capacity, columns = places, values = places;
        if (!memory_reserve(&row->places, &places, need,
                            sizeof *row->places) ||
            !memory_reserve(&row->columns, &columns, need,
                            sizeof *row->columns) ||
            !memory_reserve(&row->values, &values, need, sizeof *row->values))
            return false;
        row->capacity = values;
    }
    return 2 * need <= row->slot_count || grow_slots(row, need);
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

static double term_frequency(uint32_t style, uint32_t count) {
    static const double sublinear[] = {
        0, 1, 1.6931471805599453, 2.09861228866811,  2.386294361119891,
        2.6094379124341005, 2.791759469228055, 2.9459101090932196};
    if (style == TF_RAW)
        return count;
    if (style == TF_BINARY)
        return 1;
    return count < ARRAY_LENGTH(sublinear) ? sublinear[count] : 1 + log(count);
}

void row_finish(struct row_builder *row, const struct vocabulary *vocabulary) {
    const struct feature_options *options = &vocabulary->features;
    double sums[2] = {0, 0}; /* words, character n-grams */
    for (size_t i = 0; i < row->count; i++) {
        struct row_slot *slot = &row->slots[row->places[i]];
        uint32_t column = row->columns[i] = slot->column;
        slot->column = COLUMN_NONE;
        double value = term_frequency(options->tf, slot->count) *
                       (double)vocabulary->idf[column];
        row->values[i] = (float)value;
        sums[column >= vocabulary->word_columns] +=
            options->norm == NORM_L2 ? value * value : fabs(value);
    }
    double weights[2] = {options->word_weight, options->char_weight};
    for (size_t block = 0; block < 2; block++) {
        if (options->norm != NORM_NONE && sums[block] > 0)
            weights[block] /=
                options->norm == NORM_L2 ? sqrt(sums[block]) : sums[block];
    }
    for (size_t i = 0; i < row->count; i++)
        row->values[i] = (float)((double)row->values[i] *
                                 weights[row->columns[i] >=
                                         vocabulary->word_columns]);
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

tenor_status row_chunks_join(struct matrix *out, struct row_chunk *chunks,
                             size_t count, size_t columns,
                             tenor_error *error) {
    size_t rows = 0;
    uint64_t entries = 0, at = 0;
    for (size_t i = 0; i < count; i++) {
        rows += chunks[i].rows;
        entries += chunks[i].entries;
    }
    tenor_status status = matrix_new(out, rows, columns, entries, error);
    rows = 0;
    for (size_t i = 0; i < count; i++) {
        struct row_chunk *chunk = &chunks[i];
        if (!status && chunk->entries) {
            memcpy(out->indices + at, chunk->columns,
                   chunk->entries * sizeof *out->indices);
            memcpy(out->values + at, chunk->values,
                   chunk->entries * sizeof *out->values);
        }
        for (size_t row = 0; !status && row < chunk->rows; row++) {
            at += chunk->sizes[row];
            out->starts[++rows] = at;
        }
        row_chunk_clear(chunk);
    }
    return status;
}
