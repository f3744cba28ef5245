/* One text to one TF-IDF row against a fixed vocabulary:
 *
 *   bytes -> spellings (tokens.c) -> word numbers -> n-gram columns
 *         -> counts -> weights (rows.c)
 *
 * All scratch space belongs to the vectorizer and is kept from text to text. */
#include "features/tokens.h"

#include <string.h>

struct vectorizer {
    const struct vocabulary *vocabulary;
    struct token_reader reader;
    struct row_builder row;
    uint32_t *words, *prefixes; /* [capacity] word numbers of the text */
    size_t word_count, word_capacity, prefix_capacity;
    uint32_t *grams; /* gram columns of the spellings met so far */
    size_t gram_count, gram_capacity;
};

static bool add_gram(void *context, struct slice gram) {
    struct vectorizer *v = context;
    uint32_t id = strings_find(&v->vocabulary->grams, gram);
    if (id == STRINGS_NONE)
        return true;
    if (!memory_reserve(&v->grams, &v->gram_capacity, v->gram_count + 1,
                        sizeof *v->grams))
        return false;
    v->grams[v->gram_count++] = v->vocabulary->word_columns + id;
    return true;
}

static bool resolve(void *context, struct surface *surface,
                    struct surface_more *more,
                    const struct normalized *normalized) {
    struct vectorizer *v = context;
    if (normalized->fate == WORD_TERM) {
        uint32_t id = strings_find(&v->vocabulary->words, normalized->term);
        surface->word = id == STRINGS_NONE ? TOKEN_UNKNOWN : id;
        if (id != STRINGS_NONE && v->vocabulary->features.ngram_min == 1)
            surface->column = v->vocabulary->column_of_word[id];
    }
    if (surface->kind == WORD_MARK)
        return true;
    size_t start = v->gram_count;
    if (start > UINT32_MAX - 4 * WORD_LIMIT * CHAR_NGRAM_LIMIT)
        return false;
    const struct feature_options *options = &v->vocabulary->features;
    if (!grams_visit(normalized->form, options->char_min, options->char_max,
                     add_gram, v))
        return false;
    more->grams = (uint32_t)start;
    more->gram_count = (uint32_t)(v->gram_count - start);
    return true;
}

static void forget(void *context) {
    ((struct vectorizer *)context)->gram_count = 0;
}

tenor_status vectorizer_new(struct vectorizer **out,
                            const struct vocabulary *vocabulary,
                            tenor_error *error) {
    *out = NULL;
    struct vectorizer *v = memory_new(1, sizeof *v);
    if (!v)
        return error_memory(error);
    v->vocabulary = vocabulary;
    tenor_status status =
        token_reader_init(&v->reader, &vocabulary->text, &vocabulary->lists,
                          resolve, v, error);
    v->reader.forget = forget;
    row_builder_init(&v->row, vocabulary);
    if (status)
        vectorizer_free(v);
    else
        *out = v;
    return status;
}

void vectorizer_free(struct vectorizer *vectorizer) {
    if (!vectorizer)
        return;
    token_reader_clear(&vectorizer->reader);
    row_builder_clear(&vectorizer->row);
    memory_free(vectorizer->words);
    memory_free(vectorizer->prefixes);
    memory_free(vectorizer->grams);
    memory_free(vectorizer);
}

static bool add_grams(struct vectorizer *v, const struct surface **batch,
                      size_t count) {
    const struct surface_more *more = v->reader.more;
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most += batch[i]->more ? more[batch[i]->more].gram_count : 0;
    if (most == 0)
        return true;
    if (!row_reserve(&v->row, most))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!batch[i]->more)
            continue;
        struct surface_more here = more[batch[i]->more];
        row_add(&v->row, v->grams + here.grams, here.gram_count);
    }
    return true;
}

/* Counts one batch of words; gathers their numbers for the n-grams. */
static bool add_batch(struct vectorizer *v, struct row *out,
                      const struct surface **batch, size_t count) {
    size_t orders = v->vocabulary->features.ngram_max;
    if (!row_reserve(&v->row, count * (orders ? orders : 1)) ||
        !memory_reserve(&v->words, &v->word_capacity, v->word_count + count,
                        sizeof *v->words))
        return false;
    uint32_t columns[TOKEN_BATCH];
    size_t found = 0, word_count = v->word_count, marks = 0, unknown = 0;
    for (size_t i = 0; i < count; i++) {
        const struct surface *surface = batch[i];
        uint32_t word = surface->word;
        bool mark = surface->kind == WORD_MARK;
        marks += mark;
        unknown += !mark & (word == TOKEN_UNKNOWN);
        v->words[word_count] = word;
        word_count += word != TOKEN_SKIPPED;
        columns[found] = surface->column;
        found += surface->column != COLUMN_NONE;
    }
    v->word_count = word_count;
    if (!v->reader.repeating) {
        out->words += count - marks;
        out->known += count - marks - unknown;
    }
    row_add(&v->row, columns, found);
    return add_grams(v, batch, count);
}

static bool add_ngrams(struct vectorizer *v) {
    uint32_t orders = v->vocabulary->features.ngram_max;
    if (orders < 2)
        return true;
    if (!row_reserve(&v->row, v->word_count * (orders - 1)) ||
        !memory_reserve(&v->prefixes, &v->prefix_capacity, v->word_count,
                        sizeof *v->prefixes))
        return false;
    ngrams_add(&v->row, v->vocabulary, v->words, v->word_count, v->prefixes);
    return true;
}

tenor_status vectorizer_row(struct vectorizer *v, struct row *out,
                            struct slice text, enum paragraph_kind kind,
                            tenor_error *error) {
    const struct surface *batch[TOKEN_BATCH];
    size_t count;
    bool good;
    *out = (struct row){0};
    row_restart(&v->row);
    v->word_count = 0;
    token_reader_start(&v->reader, text);
    do
        good = token_reader_next(&v->reader, batch, &count) &&
               add_batch(v, out, batch, count);
    while (good && count > 0);
    good = good && add_ngrams(v);
    /* on failure too: the counts must be empty for the next text */
    row_finish(&v->row, v->vocabulary);
    if (good) {
        uint32_t found[2];
        size_t markers =
            markers_find(found, v->vocabulary->features.markers, text, kind);
        markers_add(&v->row, v->vocabulary, found, markers);
    }
    out->count = v->row.count;
    out->columns = v->row.columns;
    out->values = v->row.values;
    return good ? TENOR_OK : error_memory(error);
}

/* ---- many texts ------------------------------------------------------------ */
enum { CHUNK = 64 };
struct vectorize_work {
    const struct slice *texts;
    const uint8_t *kinds; /* [count] or NULL */
    size_t count;
    struct vectorizer **vectorizers; /* [threads] */
    struct row_chunk *chunks;
};

static void vectorize_chunk(void *context, size_t item, size_t worker) {
    struct vectorize_work *work = context;
    struct vectorizer *v = work->vectorizers[worker];
    struct row_chunk *chunk = &work->chunks[item];
    size_t end = (item + 1) * CHUNK;
    if (end > work->count)
        end = work->count;
    for (size_t i = item * CHUNK; i < end && !chunk->failed; i++) {
        struct row row;
        chunk->failed =
            vectorizer_row(v, &row, work->texts[i],
                           work->kinds ? (enum paragraph_kind)work->kinds[i]
                                       : PARAGRAPH_PROSE,
                           NULL) != TENOR_OK ||
            !row_chunk_append(chunk, row.columns, row.values, row.count);
    }
}

tenor_status vectorize(struct matrix *out, const struct vocabulary *vocabulary,
                       const struct slice *texts, const uint8_t *kinds,
                       size_t count, struct thread_pool *pool,
                       tenor_error *error) {
    size_t threads = thread_pool_threads(pool);
    size_t chunk_count = (count + CHUNK - 1) / CHUNK;
    tenor_status status = TENOR_OK;
    *out = (struct matrix){0};
    struct vectorize_work work = {
        .texts = texts,
        .kinds = kinds,
        .count = count,
        .vectorizers = memory_new(threads, sizeof *work.vectorizers),
        .chunks = memory_new(chunk_count, sizeof *work.chunks)};
    if (!work.vectorizers || !work.chunks)
        status = error_memory(error);
    for (size_t i = 0; i < threads && !status; i++)
        status = vectorizer_new(&work.vectorizers[i], vocabulary, error);
    if (!status) {
        thread_pool_run(pool, chunk_count, vectorize_chunk, &work);
        for (size_t i = 0; i < chunk_count; i++)
            if (work.chunks[i].failed)
                status = error_memory(error);
    }
    for (size_t i = 0; work.vectorizers && i < threads; i++)
        vectorizer_free(work.vectorizers[i]);
    if (!status)
        status = row_chunks_join(out, work.chunks, chunk_count,
                                 vocabulary->columns, pool, error);
    for (size_t i = 0; work.chunks && i < chunk_count; i++)
        row_chunk_clear(&work.chunks[i]);
    memory_free(work.vectorizers);
    memory_free(work.chunks);
    return status;
}
