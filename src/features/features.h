/* features: vocabulary, TF-IDF, sparse matrix. Stands on text and base.
 *
 *   vocabulary.c  the terms and their columns; the spelling of a term
 *   ngrams.c      the exact table from (prefix, word) to an n-gram
 *   tokens.c      a text's words, each spelling resolved once
 *   vectorizer.c  one text to one TF-IDF row
 *   rows.c        counts to weights: tf, idf, norm
 *   fit.c, fit_ngrams.c, fit_grams.c, fit_columns.c, fit_rows.c   texts to a vocabulary
 *   markers.c     the paragraph's kind, its quotation share
 *   select.c      the best terms, where their number is limited
 *   sort.c        the order of columns
 *   matrix.c      sparse rows (CSR)
 *
 * Blocks of columns: word n-grams, character n-grams, markers. In the first
 * two, columns are numbered by falling document frequency, so that the weights
 * of frequent terms share cache lines. */
#ifndef TENOR_FEATURES_H
#define TENOR_FEATURES_H

#include "base/base.h"
#include "text/text.h"

/* ---- sparse matrix --------------------------------------------------------
 * Compressed sparse rows. The columns of a row are distinct, in no order. */
struct matrix {
    size_t rows, columns;
    uint64_t *starts;  /* [rows + 1], into indices and values */
    uint32_t *indices; /* [starts[rows]] column numbers */
    float *values;     /* [starts[rows]] */
};
tenor_status matrix_new(struct matrix *out, size_t rows, size_t columns,
                        uint64_t entries, tenor_error *error);
void matrix_clear(struct matrix *matrix);
/* The same entries by columns; within a column, rows ascend. */
tenor_status matrix_transpose(struct matrix *out, const struct matrix *matrix,
                              tenor_error *error);

/* ---- options ---------------------------------------------------------------
 * Stored in models: fixed size, no pointers. Ranges of 0,0 mean none. */
enum { NGRAM_LIMIT = 8, CHAR_NGRAM_LIMIT = 12 };
enum tf_style { TF_SUBLINEAR, TF_RAW, TF_BINARY, TF_STYLES };
enum idf_style { IDF_SMOOTH, IDF_PLAIN, IDF_NONE, IDF_STYLES };
enum norm_style { NORM_L2, NORM_L1, NORM_NONE, NORM_STYLES };
enum { MARKER_KIND = 1, MARKER_QUOTED = 2, MARKERS_ALL = 3 };
enum term_selection { SELECT_FREQUENCY, SELECT_CHI2, TERM_SELECTIONS };

struct feature_options {
    uint32_t ngram_min, ngram_max; /* words */
    uint32_t char_min, char_max;   /* characters, within word boundaries */
    uint32_t min_df;               /* documents a term must be in, >= 1 */
    uint32_t tf, idf, norm;        /* enum tf_style, idf_style, norm_style */
    uint32_t max_terms;            /* keep so many; 0: all */
    uint32_t selection;            /* enum term_selection: which ones */
    uint32_t markers;              /* MARKER_KIND, MARKER_QUOTED or both */
    uint32_t reserved;             /* 0 */
    double max_df;                 /* share of documents, 0 < max_df <= 1 */
    double word_weight, char_weight; /* each block is normed, then scaled */
    double marker_weight;
};
extern const struct feature_options feature_options_default;
tenor_status feature_options_check(const struct feature_options *options,
                                   tenor_error *error);

/* ---- vocabulary ----------------------------------------------------------- */
#define COLUMN_NONE UINT32_MAX

/* An n-gram is a pair: the number of its first n-1 words (for a bigram: the
 * first word's) and its last word's number. Its own number is its column, or,
 * where it is no feature but begins longer ones, word_columns or more.
 *
 * A bucket is one cache line. A pair's bucket and tag together tell the pair
 * (ngrams.c), so a look-up is exact; what finds its bucket full stands in a
 * second table, with open addressing. */
enum { NGRAM_BUCKET = 8 };
#define NGRAM_NONE UINT32_MAX
struct ngram_bucket {
    uint32_t tags[NGRAM_BUCKET]; /* NGRAM_NONE: free, as all that follow */
    uint32_t numbers[NGRAM_BUCKET]; /* NGRAM_NONE where free */
};
struct ngram_spilled {
    uint64_t key;    /* prefix << 32 | word */
    uint32_t number; /* NGRAM_NONE: free */
    uint32_t reserved; /* 0 */
};
struct ngram_table {
    uint32_t count;        /* of n-grams */
    uint32_t bucket_count; /* 0 where there are none */
    uint32_t spilled_count; /* slots, more than it holds; or 0 */
    uint32_t spans; /* prefixes / bucket_count, rounded up */
    struct ngram_bucket *buckets;
    struct ngram_spilled *spilled; /* [spilled_count] */
};

/* Immutable once fitted or loaded, so any number of threads may share it. */
struct vocabulary {
    struct text_options text;
    struct feature_options features;
    struct word_lists lists;
    uint32_t documents;     /* that it was fitted on */
    uint32_t columns;       /* all */
    uint32_t word_columns;  /* the first block; then char n-grams, markers */
    uint32_t parts;         /* n-grams that only begin longer ones */
    struct strings words;   /* words that are features or part of one */
    uint32_t *column_of_word; /* [words.count], COLUMN_NONE: part only */
    struct ngram_table ngrams[NGRAM_LIMIT - 1]; /* of 2, 3 ... words */
    struct strings grams;   /* character n-gram i has column
                             * word_columns + i */
    uint32_t *df;           /* [columns] documents that hold the term */
    float *idf;             /* [columns] */
    bool borrowed;          /* the arrays belong to a mapped file */
};

struct vocabulary_options {
    struct text_options text;
    struct feature_options features;
    struct word_lists lists; /* copied */
    const uint8_t *kinds;    /* [texts] enum paragraph_kind, for markers; NULL:
                              * all are prose */
};

/* Fits a vocabulary on texts[count] (valid UTF-8) and, where `rows` is not
 * NULL, computes their TF-IDF rows. The result does not depend on the number
 * of threads.
 *
 * Memory at its peak: 4 bytes for every word of the texts, and for every
 * distinct word some 130 bytes and its spelling (measured: ten million words
 * of 9 bytes, each once, with the texts themselves 1.5 GB, with pairs of words
 * the same); n-grams are counted in passes of at most 256 MB. What stays: 16
 * to 32 bytes a word, its spelling and 20; 24 bytes a word n-gram; for rows, 8
 * bytes an entry. */
tenor_status vocabulary_fit(struct vocabulary *out, struct matrix *rows,
                            const struct slice *texts, size_t count,
                            const struct vocabulary_options *options,
                            struct thread_pool *pool,
                            const struct progress *progress,
                            tenor_error *error);
void vocabulary_clear(struct vocabulary *vocabulary);

/* One task's labels over the rows: a row has none or one (or, where `multi` is
 * true, any number), and `labelled` is 0 where it says nothing of the task. */
struct row_labels {
    size_t label_count;
    bool multi;
    const uint8_t *labelled; /* [rows] */
    const size_t *starts;    /* [rows + 1], into values */
    const uint32_t *values;  /* label numbers */
};
/* scores[columns]: each column's chi-squared statistic against the labels, the
 * highest of all tasks (select.c says how); 0 for an empty column. Values are
 * not negative. */
tenor_status chi_squared(double *scores, const struct matrix *rows,
                         const struct row_labels *tasks, size_t task_count,
                         tenor_error *error);
/* Keeps the max_terms best columns by the options' selection, ties to the
 * lower column, of the vocabulary and of its rows, whose blocks are scaled
 * again. vocabulary_fit does this itself where no labels are needed. On
 * failure both are fit for clearing only. */
tenor_status vocabulary_select(struct vocabulary *vocabulary,
                               struct matrix *rows,
                               const struct row_labels *tasks,
                               size_t task_count, tenor_error *error);
/* Whether every number in it stays in bounds: for one that was mapped. */
tenor_status vocabulary_check(const struct vocabulary *vocabulary,
                              tenor_error *error);

/* The spelling of every column's term, for reports: words joined by spaces;
 * a character n-gram stands between ‹ › with _ for a word's edge; markers are
 * called kind:heading, quoted:most and so on. */
struct term_names;
tenor_status term_names_new(struct term_names **out,
                            const struct vocabulary *vocabulary,
                            tenor_error *error);
void term_names_write(const struct term_names *names, struct buffer *out,
                      uint32_t column);
void term_names_free(struct term_names *names);

/* ---- rows ------------------------------------------------------------------ */
struct row {
    size_t count;
    const uint32_t *columns; /* [count], distinct */
    const float *values;     /* [count] */
    size_t words;            /* words read (no marks, no skipped numbers) */
    size_t known;            /* of these: in the vocabulary, or stop words */
};

/* One vectorizer a thread; allocates nothing once it has warmed up. It
 * remembers the spellings that it met, at 64 to 128 bytes each, up to half a
 * million of them; beside these it takes some 50 bytes for each distinct term
 * of the longest text. */
struct vectorizer;
tenor_status vectorizer_new(struct vectorizer **out,
                            const struct vocabulary *vocabulary,
                            tenor_error *error);
void vectorizer_free(struct vectorizer *vectorizer);
/* The row is valid until the next call. Text must be valid UTF-8; `kind`
 * matters to models with markers only. */
tenor_status vectorizer_row(struct vectorizer *vectorizer, struct row *out,
                            struct slice text, enum paragraph_kind kind,
                            tenor_error *error);
/* Rows of many texts, in parallel, in order; kinds[count], or NULL: prose. */
tenor_status vectorize(struct matrix *out, const struct vocabulary *vocabulary,
                       const struct slice *texts, const uint8_t *kinds,
                       size_t count, struct thread_pool *pool,
                       tenor_error *error);

#endif
