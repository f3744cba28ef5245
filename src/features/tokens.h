/* Private to features: the pieces that fitting and vectorizing share. */
#ifndef TENOR_FEATURES_TOKENS_H
#define TENOR_FEATURES_TOKENS_H

#include "features/features.h"

/* ---- tokens.c: a text's words, each spelling resolved once ---------------- */
#define TOKEN_UNKNOWN UINT32_MAX       /* parts its neighbours */
#define TOKEN_SKIPPED (UINT32_MAX - 1) /* its neighbours meet */
#define TOKEN_LIMIT (UINT32_MAX - 2)   /* word numbers stay below */

/* What is remembered of one spelling. Its first bytes stand in the key, padded
 * with zeros, so that a usual word is compared without following a pointer. */
enum { SURFACE_KEY = 16 };
struct surface {
    uint64_t key[2];
    uint32_t text;        /* offset of its bytes where they are more */
    uint16_t size;        /* 0: free slot */
    uint8_t kind;         /* enum word_kind */
    uint8_t flags;        /* SURFACE_... */
    uint32_t word;        /* number or TOKEN_...; set by the resolver */
    uint32_t form;        /* fitting: number of the form */
    uint32_t column;      /* vectorizing: of the word, or COLUMN_NONE */
    uint32_t grams;       /* vectorizing: first of its gram columns */
    uint32_t gram_count;
};
enum {
    SURFACE_NEGATED = 1,
    SURFACE_NEGATOR = 2,
    SURFACE_CLAUSE_END = 4,
};

/* Fills word, form, grams of a spelling seen for the first time; false: no
 * memory. */
typedef bool surface_resolver(void *context, struct surface *surface,
                              const struct normalized *normalized);

struct token_reader {
    struct normalizer *normalizer;
    surface_resolver *resolve;
    void (*forget)(void *context); /* the spellings were dropped; may be NULL */
    void *context;
    struct text_options options;
    struct word_scanner scanner;
    bool negated;
    struct surface *surfaces; /* [surface_capacity], open addressing */
    size_t surface_capacity, surface_count;
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
/* Where probing starts: a multiplication in place of a division (D. Lemire,
 * "Fast random integer generation in an interval", 2019). */
static inline uint32_t ngram_slot_of(uint64_t hash, uint32_t slot_count) {
    return (uint32_t)((hash >> 32) * slot_count >> 32);
}
/* Builds the table from keys[count], number i for keys[i]; columns are set to
 * COLUMN_NONE. false: no memory, or over 2^31 n-grams. */
bool ngram_table_build(struct ngram_table *out, const uint64_t *keys,
                       size_t count);
struct ngram_slot *ngram_table_find(const struct ngram_table *table,
                                    uint64_t key); /* NULL: not there */
/* Calls row_add for every n-gram of words[count]; `prefixes` and `starts` are
 * scratch space of the same length. */
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
/* The counts of one row: a small open-addressing table of columns, which stays
 * in the nearest cache however large the vocabulary is. */
struct row_slot {
    uint32_t column; /* COLUMN_NONE: free */
    uint32_t count;
};
struct row_builder {
    struct row_slot *slots; /* [slot_count], a power of two, half full at most */
    size_t slot_count;
    unsigned shift;      /* 32 - log2(slot_count) */
    uint32_t *places;    /* [capacity] the slots in use, in order of arrival */
    uint32_t *columns;   /* [capacity] */
    float *values;       /* [capacity] */
    size_t count, capacity;
    size_t most;      /* columns of the vocabulary: no row has more */
    const float *idf; /* [most], to fetch ahead */
};
void row_builder_init(struct row_builder *row,
                      const struct vocabulary *vocabulary);
void row_builder_clear(struct row_builder *row);
/* Fibonacci hashing (Knuth, volume 3, section 6.4). */
static inline size_t row_place(uint32_t column, unsigned shift) {
    return column * UINT32_C(2654435769) >> shift;
}
static inline void row_add(struct row_builder *row, uint32_t column) {
    size_t at = row_place(column, row->shift);
    while (row->slots[at].column != column) {
        if (row->slots[at].column == COLUMN_NONE) {
            row->slots[at].column = column;
            row->slots[at].count = 1;
            row->places[row->count++] = (uint32_t)at;
            __builtin_prefetch(&row->idf[column]);
            return;
        }
        at = (at + 1) & (row->slot_count - 1);
    }
    row->slots[at].count++;
}
/* Room for `more` row_add calls; false: no memory. */
bool row_reserve(struct row_builder *row, size_t more);
/* Counts to weights in columns and values [count]; the table is empty again.
 * The caller resets row->count when it has used them. */
void row_finish(struct row_builder *row, const struct vocabulary *vocabulary);
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
                             size_t count, size_t columns, tenor_error *error);

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
