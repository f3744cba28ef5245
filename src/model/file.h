/* Private to model: the file's layout. Numbers are little-endian; sections
 * stand in the order of their ids, each at a multiple of 64 bytes, the gaps
 * filled with zeros.
 *
 *   header, table of sections, sections
 *
 *   file_write.c  a model to its file
 *   file_read.c   a file to its sections: bounds, checksums
 *   file_map.c    sections to a model: what the numbers say */
#ifndef TENOR_SRC_MODEL_FILE_H
#define TENOR_SRC_MODEL_FILE_H

#include "model/model.h"

enum { MODEL_FORMAT = 1, MODEL_ALIGN = 64 };
#define MODEL_MAGIC "tenor\r\n\x1a" /* 8 bytes; \r\n shows a text-mode copy */

struct model_header {
    char magic[8];
    uint32_t format; /* MODEL_FORMAT */
    uint32_t section_count;
    uint64_t file_size;
    uint64_t checksum; /* of the table of sections */
    uint8_t reserved[32];
};

struct model_section {
    uint32_t id;
    uint32_t item_size; /* bytes; size is a multiple of it */
    uint64_t offset, size;
    uint64_t checksum; /* XXH3, 64 bits */
};

enum section_id {
    SECTION_SETTINGS,   /* one struct model_settings */
    SECTION_TASKS,      /* struct stored_task */
    SECTION_LABELS,     /* struct stored_label */
    SECTION_NAMES,      /* names of tasks and labels, each with a NUL */
    SECTION_PROVENANCE, /* JSON with a NUL */
    SECTION_STOP_WORDS, /* struct word_lists */
    SECTION_VARIANTS,
    SECTION_WORD_SLOTS, /* struct vocabulary, field by field */
    SECTION_WORD_OFFSETS,
    SECTION_WORD_BYTES,
    SECTION_WORD_COLUMNS,
    SECTION_GRAM_SLOTS,
    SECTION_GRAM_OFFSETS,
    SECTION_GRAM_BYTES,
    SECTION_DF,
    SECTION_IDF,
    SECTION_WEIGHTS,
    SECTION_KNOTS,  /* struct model_knot */
    SECTION_TRUTHS, /* floats */
    SECTION_NGRAMS, /* of 2 words: buckets, spilled ones; then of 3 ... */
    /* only in models whose kernel is not linear: */
    SECTION_KERNEL = SECTION_NGRAMS + 2 * (NGRAM_LIMIT - 1), /* one struct
                                                              * kernel */
    SECTION_SUPPORT_STARTS, /* struct model_support, field by field */
    SECTION_SUPPORT_ROWS,
    SECTION_SUPPORT_VALUES,
    SECTION_SUPPORT_SQUARES,
    SECTION_COEFFICIENTS,
    SECTION_LIMIT,
    SECTION_LINEAR_COUNT = SECTION_KERNEL,
};

struct model_settings {
    struct text_options text;
    uint32_t documents, columns, word_columns, word_count, gram_count;
    uint32_t parts;
    struct feature_options features;
    uint32_t ngram_counts[NGRAM_LIMIT - 1];
    uint32_t ngram_spans[NGRAM_LIMIT - 1];
    uint32_t stride;
    uint32_t reserved; /* 0: padding would be written as it happens to be */
};

struct stored_task {
    uint32_t name; /* offset into the names */
    uint32_t multi, first, label_count;
    struct model_range truths;
};

struct stored_label {
    uint32_t name;
    float bias, scale, shift, threshold;
    struct model_range knots, truths;
};

_Static_assert(sizeof(struct kernel) == 24, "kernel");

/* ---- both ways ------------------------------------------------------- */
static inline bool model_host_fits(void) { /* little-endian */
    const uint16_t one = 1;
    return *(const unsigned char *)&one == 1;
}

static inline bool model_section_count_fits(size_t count) {
    return count == SECTION_LINEAR_COUNT || count == SECTION_LIMIT;
}

static inline size_t model_align(size_t size) {
    return (size + MODEL_ALIGN - 1) / MODEL_ALIGN * MODEL_ALIGN;
}

/* ---- reading --------------------------------------------------------- */
struct model_view {
    const char *name; /* for messages */
    const char *data;
    size_t size;
    struct model_section table[SECTION_LIMIT];
    size_t sections; /* in the table */
};
tenor_status model_damaged(tenor_error *error, const char *name,
                           const char *what);
/* file_map.c: points the model into the view's sections. */
tenor_status model_map(const struct model_view *view, struct tenor_model *model,
                       tenor_error *error);

/* The file takes these structs as they lie in memory: no gaps, no surprises. */
_Static_assert(sizeof(struct model_header) == 64, "header");
_Static_assert(sizeof(struct model_section) == 32, "section");
_Static_assert(sizeof(struct text_options) == 48, "text options");
_Static_assert(sizeof(struct feature_options) == 80, "feature options");
_Static_assert(sizeof(struct model_settings) == 48 + 24 + 80 + 2 * 28 + 8,
               "settings");
_Static_assert(sizeof(struct stored_task) == 24, "task");
_Static_assert(sizeof(struct stored_label) == 36, "label");
_Static_assert(sizeof(struct string_slot) == 8, "string slot");
_Static_assert(sizeof(struct ngram_bucket) == 64, "n-gram bucket");
_Static_assert(sizeof(struct ngram_spilled) == 16, "spilled n-gram");

#endif
