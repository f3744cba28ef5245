/* Private to features: the pieces that fitting and vectorizing share. */
#ifndef TENOR_FEATURES_TOKENS_H
#define TENOR_FEATURES_TOKENS_H

#include "features/features.h"

/* ---- tokens.c: a text's words, each spelling resolved once ----------------
 * Where the options say so, what follows the last contrast (but, however, yet)
 * comes once more at the end, parted from the text by an unknown word. */
#define TOKEN_UNKNOWN UINT32_MAX       /* parts its neighbours */
#define TOKEN_SKIPPED (UINT32_MAX - 1) /* its neighbours meet */
#define TOKEN_LIMIT (UINT32_MAX - 2)   /* word numbers stay below */

/* What is remembered of one spelling. Its first bytes stand in the key, padded
 * with zeros, so that a usual word is compared without following a pointer;
 * two surfaces fill a cache line and none lies across two. */
enum { SURFACE_KEY = 16 };
struct surface {
    uint64_t key[2];
    uint32_t word; /* number or TOKEN_...; set by the resolver */
    union {
        uint32_t form;   /* fitting: number of the form */
        uint32_t column; /* vectorizing: of the word, or COLUMN_NONE */
    };
    uint16_t size; /* 0: free slot */
    uint8_t kind;  /* enum word_kind */
    uint8_t flags; /* SURFACE_... */
    uint32_t more; /* number of its surface_more; 0: none */
};
_Static_assert(sizeof(struct surface) == 32, "half a cache line");
enum {
    SURFACE_NEGATED = 1,
    SURFACE_NEGATOR = 2,
    SURFACE_CLAUSE_END = 4,
    SURFACE_CONTRAST = 8,
};
/* What most spellings do without. */
struct surface_more {
    uint32_t text;  /* offset of the bytes of one longer than its key */
    uint32_t grams; /* vectorizing: first of its gram columns */
    uint32_t gram_count;
};

/* Fills word, form or column, and grams of a spelling seen for the first time;
 * false: no memory. */
typedef bool surface_resolver(void *context, struct surface *surface,
                              struct surface_more *more,
                              const struct normalized *normalized);

struct token_reader {
    struct normalizer *normalizer;
    surface_resolver *resolve;
    void (*forget)(void *context); /* the spellings were dropped; may be NULL */
    void *context;
    struct text_options options;
    struct word_scanner scanner;
    bool negated;
    const char *after_contrast; /* NULL: nothing is to come again */
    bool repeating;             /* what comes has come before */
    struct surface *surfaces; /* [surface_capacity], open addressing */
    size_t surface_capacity, surface_count;
    struct surface_more *more; /* [more_count], number 0 stands for none */
    size_t more_count, more_capacity;
    char *texts;
    size_t text_size, text_capacity;
};
enum { TOKEN_BATCH = 256 };
tenor_status token_reader_init(struct token_reader *reader,
                               const struct text_options *options,
                               const struct word_lists *lists,
                               surface_resolver *resolve, void *context,
                               tenor_error *error);
void token_reader_clear(struct token_reader *reader);
void token_reader_start(struct token_reader *reader, struct slice text);
/* The next words of the text, up to TOKEN_BATCH, as pointers that hold until
 * the next call; *count 0: the end. false: no memory. */
bool token_reader_next(struct token_reader *reader,
                       const struct surface **out, size_t *count);

/* ---- ngrams.c -------------------------------------------------------------- */
static inline uint64_t ngram_key(uint32_t prefix, uint32_t word) {
    return (uint64_t)prefix << 32 | word;
}
/* Finalizer of MurmurHash3 (A. Appleby): every key bit moves every hash bit. */
static inline uint64_t ngram_hash(uint64_t key) {
    key ^= key >> 33;
    key *= UINT64_C(0xff51afd7ed558ccd);
    key ^= key >> 33;
    key *= UINT64_C(0xc4ceb9fe1a85ec53);
    return key ^ key >> 33;
}
/* Builds the table of keys[count], all distinct, with prefixes below `prefixes`
 * and words below `words`; number[i] is what keys[i] leads to. false: no
 * memory, or over 2^31 n-grams. */
bool ngram_table_build(struct ngram_table *out, const uint64_t *keys,
                       const uint32_t *numbers, size_t count,
                       uint32_t prefixes, uint32_t words);
void ngram_table_clear(struct ngram_table *table);
/* The n-gram's number; NGRAM_NONE: not there. */
uint32_t ngram_table_find(const struct ngram_table *table, uint32_t prefix,
                          uint32_t word);
/* All n-grams' numbers are below this. */
static inline uint32_t
vocabulary_numbers(const struct vocabulary *vocabulary) {
    return vocabulary->word_columns + vocabulary->parts;
}
/* All prefixes of the table's n-grams are below this. */
static inline uint32_t vocabulary_prefixes(const struct vocabulary *vocabulary,
                                           size_t table) {
    return table == 0 ? vocabulary->words.count
                      : vocabulary_numbers(vocabulary);
}
/* Calls visit for each n-gram; stops, and returns false, when visit does. */
typedef bool ngram_visitor(void *context, uint64_t key, uint32_t number);
bool ngram_table_visit(const struct ngram_table *table, ngram_visitor *visit,
                       void *context);
/* Counts every n-gram of words[count]; `prefixes` is scratch space of the same
 * length. */
struct row_builder;
void ngrams_add(struct row_builder *row, const struct vocabulary *vocabulary,
                const uint32_t *words, size_t count, uint32_t *prefixes);

/* Calls visit for each character n-gram of a form, as scikit-learn's char_wb
 * cuts them: the word between two spaces, a short word once. A form without a
 * letter or digit has none. false: visit said so. */
typedef bool gram_visitor(void *context, struct slice gram);
bool grams_visit(struct slice form, uint32_t min, uint32_t max,
                 gram_visitor *visit, void *context);

/* ---- rows.c: counting and weighting ---------------------------------------- */
/* The counts of one row. A small open-addressing table leads from a column to
 * its place in the row, and is sized for the text at hand so that it stays in
 * the nearest cache however large the vocabulary is. A slot is in use if its
 * stamp lies within this row's, so that nothing is emptied between texts. */
struct row_builder {
    uint64_t *slots; /* [slot_capacity], [slot_count] used now: column << 32 |
                      * stamp, the row's first stamp + place in the row */
    size_t slot_capacity;
    size_t slot_count; /* a power of two, a quarter full at most */
    unsigned shift;    /* 32 - log2(slot_count) */
    uint32_t stamp;    /* of the row's first column; never 0 */
    uint32_t *columns; /* [capacity + 4] in order of arrival */
    uint32_t *counts;  /* [capacity + 4], 0 from `count` on */
    float *values;     /* [capacity + 4] */
    size_t count, capacity;
    size_t most;      /* columns of the vocabulary: no row has more */
    const float *idf; /* [most], to fetch ahead */
    double frequencies[32]; /* tf of the usual counts */
};
void row_builder_init(struct row_builder *row,
                      const struct vocabulary *vocabulary);
void row_builder_clear(struct row_builder *row);
/* Fibonacci hashing (Knuth, volume 3, section 6.4). */
static inline size_t row_place(uint32_t column, unsigned shift) {
    return column * UINT32_C(2654435769) >> shift;
}
/* Counts columns[count]. Whether a column is new in a row is no pattern that a
 * processor could predict, so new and old ones take the same way. */
static inline void row_add(struct row_builder *row, const uint32_t *columns,
                           size_t count) {
    uint64_t *slots = row->slots;
    uint32_t *arrived = row->columns, *counts = row->counts;
    const float *idf = row->idf;
    const unsigned shift = row->shift;
    const uint32_t stamp = row->stamp;
    uint32_t used = (uint32_t)row->count;
    for (size_t i = 0; i < count; i++) {
        uint32_t column = columns[i], place, old;
        size_t at = row_place(column, shift);
        for (;;) {
            place = (uint32_t)slots[at] - stamp;
            old = 0 - (uint32_t)(place < used); /* all bits, or none */
            if ((((uint32_t)(slots[at] >> 32) ^ column) & old) == 0)
                break;
            at = (at + 1) & (row->slot_count - 1);
        }
        place = (place & old) | (used & ~old);
        slots[at] = (uint64_t)column << 32 | (stamp + place);
        arrived[place] = column;
        counts[place]++;
        used += 1 + old;
        __builtin_prefetch(&idf[column]);
    }
    row->count = used;
}
/* Room for `more` columns more; false: no memory. */
bool row_reserve(struct row_builder *row, size_t more);
/* Counts to weights in columns and values [count]; the counts are empty again.
 * row_restart comes before the next row, when the caller has used them. */
void row_finish(struct row_builder *row, const struct vocabulary *vocabulary);
void row_restart(struct row_builder *row);
/* ---- markers.c ------------------------------------------------------------ */
uint32_t markers_count(uint32_t markers); /* columns that they take */
const char *markers_name(uint32_t markers, uint32_t number);
/* Numbers of the markers that hold; returns how many, at most 2. */
size_t markers_find(uint32_t out[2], uint32_t markers, struct slice text,
                    enum paragraph_kind kind);
/* Adds them to a finished row. */
void markers_add(struct row_builder *row, const struct vocabulary *vocabulary,
                 const uint32_t *found, size_t count);

/* ---- rows.c, further ------------------------------------------------------ */
/* ln-based inverse document frequency, as scikit-learn's. */
double inverse_document_frequency(enum idf_style style, double documents,
                                  double df);

/* Finished rows of consecutive texts, before they are joined to a matrix. */
struct row_chunk {
    uint32_t *sizes; /* [rows] */
    size_t rows, row_capacity;
    uint32_t *columns; /* [entries] */
    float *values;     /* [entries] */
    size_t entries, column_capacity, value_capacity;
    bool failed;
};
bool row_chunk_append(struct row_chunk *chunk, const uint32_t *columns,
                      const float *values, size_t count);
void row_chunk_clear(struct row_chunk *chunk);
/* Joins and clears the chunks. */
tenor_status row_chunks_join(struct matrix *out, struct row_chunk *chunks,
                             size_t count, size_t columns,
                             struct thread_pool *pool, tenor_error *error);

/* ---- sort.c ----------------------------------------------------------------- */
struct sort_item {
    uint64_t key;
    uint32_t id;
};
/* Orders items by falling document frequency, ties by key; keys are lost. */
void sort_by_df(struct sort_item *items, struct sort_item *scratch,
                size_t count, const uint32_t *df);
/* Stable, ascending; scratch[count] is as long as items. */
void sort_items(struct sort_item *items, struct sort_item *scratch,
                size_t count);

#endif
