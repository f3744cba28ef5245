/* The TF-IDF rows of the texts that a vocabulary was fitted on, from the
 * streams of numbers: the texts are not read twice. */
#include "features/fit.h"

struct row_work {
    const struct fit *fit;
    struct row_builder *builders; /* [threads] */
    uint32_t **prefixes;          /* [threads][capacity] */
    size_t *capacities;
    struct row_chunk *chunks;
};

enum { BATCH = 256 };

static void add_words(const struct vocabulary *vocabulary,
                      struct row_builder *row, const uint32_t *words,
                      size_t count) {
    uint32_t columns[BATCH];
    for (size_t i = 0; i < count;) {
        size_t found = 0;
        for (; i < count && found < BATCH; i++) {
            if (words[i] == TOKEN_UNKNOWN)
                continue;
            columns[found] = vocabulary->column_of_word[words[i]];
            found += columns[found] != COLUMN_NONE;
        }
        row_add(row, columns, found);
    }
}

static void add_grams(const struct fit *fit, struct row_builder *row,
                      uint32_t form) {
    uint32_t columns[BATCH];
    const uint32_t *ids = fit->gram_ids;
    for (size_t g = fit->gram_starts[form]; g < fit->gram_starts[form + 1];) {
        size_t found = 0;
        for (; g < fit->gram_starts[form + 1] && found < BATCH; g++) {
            columns[found] = fit->out->word_columns + ids[g];
            found += ids[g] != STRINGS_NONE;
        }
        row_add(row, columns, found);
    }
}

static bool add_text(const struct fit *fit, struct row_builder *row,
                     size_t text, uint32_t **prefixes, size_t *capacity) {
    const struct vocabulary *vocabulary = fit->out;
    const struct fit_text *read = &fit->read[text];
    const uint32_t *words = fit_words(fit, text);
    const uint32_t *forms = fit_forms(fit, text);
    size_t orders = vocabulary->features.ngram_max;
    size_t most = read->word_count * orders;
    for (uint32_t i = 0; i < read->form_count; i++)
        most += fit->gram_starts[forms[i] + 1] - fit->gram_starts[forms[i]];
    if (!row_reserve(row, most) ||
        !memory_reserve(prefixes, capacity, read->word_count,
                        sizeof **prefixes))
        return false;
    if (vocabulary->features.ngram_min == 1)
        add_words(vocabulary, row, words, read->word_count);
    ngrams_add(row, vocabulary, words, read->word_count, *prefixes);
    for (uint32_t i = 0; i < read->form_count; i++)
        add_grams(fit, row, forms[i]);
    return true;
}

static void make_rows(void *context, size_t item, size_t worker) {
    struct row_work *work = context;
    struct row_chunk *chunk = &work->chunks[item];
    struct row_builder *row = &work->builders[worker];
    for (size_t i = item * FIT_CHUNK;
         i < fit_chunk_end(work->fit, item) && !chunk->failed; i++) {
        chunk->failed = !add_text(work->fit, row, i, &work->prefixes[worker],
                                  &work->capacities[worker]);
        row_finish(row, work->fit->out);
        if (!chunk->failed)
            markers_add(row, work->fit->out, work->fit->read[i].markers,
                        work->fit->read[i].marker_count);
        chunk->failed = chunk->failed ||
                        !row_chunk_append(chunk, row->columns, row->values,
                                          row->count);
        row_restart(row);
    }
}

tenor_status fit_rows(struct fit *fit, struct matrix *out,
                      tenor_error *error) {
    size_t chunks = fit_chunks(fit), threads = fit->threads;
    struct row_work work = {
        .fit = fit,
        .builders = memory_new(threads, sizeof *work.builders),
        .prefixes = memory_new(threads, sizeof *work.prefixes),
        .capacities = memory_new(threads, sizeof *work.capacities),
        .chunks = memory_new(chunks, sizeof *work.chunks)};
    bool good =
        work.builders && work.prefixes && work.capacities && work.chunks;
    for (size_t i = 0; good && i < threads; i++)
        row_builder_init(&work.builders[i], fit->out);
    if (good)
        thread_pool_run(fit->pool, chunks, make_rows, &work);
    for (size_t i = 0; good && i < chunks; i++)
        good = !work.chunks[i].failed;
    tenor_status status =
        good ? row_chunks_join(out, work.chunks, chunks, fit->out->columns,
                               fit->pool, error)
             : error_memory(error);
    for (size_t i = 0; i < threads; i++) {
        if (work.builders)
            row_builder_clear(&work.builders[i]);
        if (work.prefixes)
            memory_free(work.prefixes[i]);
    }
    for (size_t i = 0; work.chunks && i < chunks; i++)
        row_chunk_clear(&work.chunks[i]);
    memory_free(work.builders);
    memory_free(work.prefixes);
    memory_free(work.capacities);
    memory_free(work.chunks);
    return status;
}
