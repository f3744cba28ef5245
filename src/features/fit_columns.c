/* Terms of all orders get their columns, by falling document frequency, and
 * the tables of n-grams are built with these. N-grams that are no feature but
 * begin longer ones are numbered past the last column of words. Markers come
 * last. */
#include "features/fit.h"

#include <string.h>

static size_t order_count(const struct fit *fit, uint32_t order) {
    return order == 1 ? fit->out->words.count
                      : fit->ngram_counts[order - 2];
}

static const uint32_t *order_df(const struct fit *fit, uint32_t order) {
    return order == 1 ? fit->word_df : fit->ngram_df[order - 2];
}

static void count_markers(const struct fit *fit, uint32_t *df,
                          uint32_t markers) {
    for (uint32_t i = 0; i < markers; i++)
        df[i] = 0;
    for (size_t i = 0; i < fit->count; i++)
        for (uint32_t k = 0; k < fit->read[i].marker_count; k++)
            df[fit->read[i].markers[k]]++;
}

/* Gives the terms of all orders their columns; false: no memory, or 2^32
 * terms. column_of[order - 1][number of the term]. */
static bool number_columns(struct fit *fit, uint32_t **column_of) {
    struct vocabulary *out = fit->out;
    uint32_t orders = out->features.ngram_max;
    size_t total = 0, features = 0;
    for (uint32_t order = 1; order <= orders; order++)
        total += order_count(fit, order);
    uint32_t *df = memory_new_raw(total, sizeof *df);
    uint32_t *columns = memory_new_raw(total, sizeof *columns);
    struct sort_item *items = memory_new_raw(total, 2 * sizeof *items);
    bool good = df && columns && items && total < COLUMN_NONE;
    *column_of = columns;
    for (uint32_t order = 1, at = 0; good && order <= orders; order++)
        for (size_t i = 0; i < order_count(fit, order); i++, at++) {
            df[at] = order_df(fit, order)[i];
            columns[at] = COLUMN_NONE;
            if (order >= out->features.ngram_min &&
                fit_below_max_df(fit, df[at]))
                items[features++] = (struct sort_item){0, at};
        }
    uint32_t markers = markers_count(out->features.markers);
    size_t all = features + out->grams.count + markers;
    good = good && all < COLUMN_NONE;
    if (good) {
        sort_by_df(items, items + total, features, df);
        out->word_columns = (uint32_t)features;
        out->columns = (uint32_t)all;
        out->df = memory_new_raw(all, sizeof *out->df);
        out->idf = memory_new_raw(all, sizeof *out->idf);
        good = out->df && out->idf;
    }
    for (size_t i = 0; good && i < features; i++) {
        columns[items[i].id] = (uint32_t)i;
        out->df[i] = df[items[i].id];
    }
    if (good && out->grams.count)
        memcpy(out->df + features, fit->gram_df,
               out->grams.count * sizeof *out->df);
    if (good)
        count_markers(fit, out->df + all - markers, markers);
    memory_free(df);
    memory_free(items);
    return good;
}

/* Numbers n-grams as they are in the vocabulary: by column, or past the last
 * one where they only begin longer ones; columns[] becomes numbers[]. */
static bool number_parts(struct fit *fit, uint32_t *columns) {
    struct vocabulary *out = fit->out;
    size_t at = out->words.count;
    uint64_t next = out->word_columns;
    for (size_t t = 0; t < ARRAY_LENGTH(fit->ngram_counts); t++)
        for (uint32_t i = 0; i < fit->ngram_counts[t]; i++, at++)
            if (columns[at] == COLUMN_NONE)
                columns[at] = (uint32_t)next++;
    out->parts = (uint32_t)(next - out->word_columns);
    return next < NGRAM_NONE;
}

static bool build_tables(struct fit *fit, const uint32_t *numbers) {
    struct vocabulary *out = fit->out;
    const uint32_t *before = NULL, *here = numbers + out->words.count;
    bool good = true;
    for (size_t t = 0; good && t < ARRAY_LENGTH(fit->ngram_counts); t++) {
        uint64_t *keys = fit->ngram_keys[t];
        uint32_t count = fit->ngram_counts[t];
        for (uint32_t i = 0; before && i < count; i++)
            keys[i] =
                ngram_key(before[keys[i] >> 32], (uint32_t)keys[i]);
        ngram_table_clear(&out->ngrams[t]);
        good = ngram_table_build(&out->ngrams[t], keys, here, count,
                                 vocabulary_prefixes(out, t),
                                 out->words.count);
        before = here;
        here += count;
        memory_free(fit->ngram_keys[t]);
        fit->ngram_keys[t] = NULL;
    }
    return good;
}

bool fit_columns(struct fit *fit) {
    struct vocabulary *out = fit->out;
    uint32_t *columns = NULL;
    bool good = number_columns(fit, &columns);
    out->column_of_word =
        memory_new_raw(out->words.count, sizeof *out->column_of_word);
    good = good && out->column_of_word;
    if (good && out->words.count)
        memcpy(out->column_of_word, columns,
               out->words.count * sizeof *columns);
    good = good && number_parts(fit, columns) && build_tables(fit, columns);
    for (uint32_t i = 0; good && i < out->columns; i++)
        out->idf[i] = (float)inverse_document_frequency(
            out->features.idf, (double)fit->count, out->df[i]);
    for (uint32_t i = markers_count(out->features.markers); good && i > 0; i--)
        out->idf[out->columns - i] = 1;
    memory_free(columns);
    return good;
}
