/* Private to features: the stages of vocabulary_fit.
 *
 *   1 read     texts -> streams of word numbers, each worker's own  (fit.c)
 *   2 merge    the workers' words -> one numbering, by falling df   (fit.c)
 *   3 n-grams  pairs of (prefix, word), order by order       (fit_ngrams.c)
 *   4 grams    character n-grams of the distinct forms        (fit_grams.c)
 *   5 columns  all word terms numbered by falling df        (fit_columns.c)
 *   6 rows     streams -> TF-IDF rows                          (fit_rows.c)
 *
 * Which worker reads which text is chance; that numbers are given by document
 * frequency and then by hash or first occurrence makes the result the same. */
#ifndef TENOR_FEATURES_FIT_H
#define TENOR_FEATURES_FIT_H

#include "features/tokens.h"

/* Numbers in order of arrival, with document frequencies. */
struct counted_strings {
    struct strings strings;
    uint32_t *df;   /* [strings.count] */
    uint32_t *last; /* [strings.count] last text that held it, plus 1 */
    size_t df_capacity, last_capacity;
};

struct fit_stream {
    uint32_t *numbers;
    size_t count, capacity;
};

struct fit_worker {
    struct fit *fit;
    struct token_reader reader;
    struct counted_strings words;
    struct strings forms;
    struct fit_stream word_stream; /* skipped words left out */
    struct fit_stream form_stream; /* of every word; only for char n-grams */
    bool failed;
};

struct fit_text {
    uint32_t worker;
    uint32_t word_count, form_count;
    uint32_t markers[2], marker_count;
    size_t words, forms; /* starts in the worker's streams */
};

struct fit {
    struct vocabulary *out;
    const struct slice *texts;
    const uint8_t *kinds; /* [count] or NULL */
    size_t count;
    struct thread_pool *pool;
    struct fit_worker *workers; /* [threads] */
    size_t threads;
    struct fit_text *read; /* [count] */
    uint32_t *word_df;     /* [out->words.count] */
    /* per order 2, 3, ...: */
    uint32_t ngram_counts[NGRAM_LIMIT - 1];
    uint64_t *ngram_keys[NGRAM_LIMIT - 1]; /* prefix, word by their order */
    uint32_t *ngram_df[NGRAM_LIMIT - 1];
    uint32_t *gram_df;   /* [out->grams.count] */
    size_t *gram_starts; /* [forms + 1], into gram_ids */
    uint32_t *gram_ids;  /* of each distinct form; COLUMN_NONE: dropped */
};

enum { FIT_CHUNK = 64 }; /* texts a work item */
static inline size_t fit_chunks(const struct fit *fit) {
    return (fit->count + FIT_CHUNK - 1) / FIT_CHUNK;
}
static inline size_t fit_chunk_end(const struct fit *fit, size_t chunk) {
    size_t end = (chunk + 1) * FIT_CHUNK;
    return end < fit->count ? end : fit->count;
}
static inline const uint32_t *fit_words(const struct fit *fit, size_t text) {
    const struct fit_text *read = &fit->read[text];
    const struct fit_stream *stream = &fit->workers[read->worker].word_stream;
    return stream->count ? stream->numbers + read->words : NULL;
}
static inline const uint32_t *fit_forms(const struct fit *fit, size_t text) {
    const struct fit_text *read = &fit->read[text];
    const struct fit_stream *stream = &fit->workers[read->worker].form_stream;
    return stream->count ? stream->numbers + read->forms : NULL;
}
/* Whether a term in `df` texts is rare enough to be a feature. */
static inline bool fit_below_max_df(const struct fit *fit, uint32_t df) {
    return df <= fit->out->features.max_df * (double)fit->count;
}

/* The strings with df >= min_df, numbered by falling df; number[i] is what
 * became of the i-th, STRINGS_NONE where it was dropped. */
bool fit_order_strings(struct strings *out, uint32_t **out_df,
                       uint32_t *number, const struct strings *from,
                       const uint32_t *df, uint32_t min_df, uint32_t max_df);

bool fit_ngrams(struct fit *fit); /* false: no memory */
bool fit_grams(struct fit *fit);
bool fit_columns(struct fit *fit);
tenor_status fit_rows(struct fit *fit, struct matrix *out,
                      tenor_error *error);

#endif
