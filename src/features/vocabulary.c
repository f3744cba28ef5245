/* The vocabulary as a thing: its options, its bounds, the names of its terms. */
#include "features/tokens.h"

#include <math.h>
#include <string.h>

const struct feature_options feature_options_default = {
    .ngram_min = 1,
    .ngram_max = 2,
    .min_df = 1,
    .max_df = 1.0,
    .word_weight = 1.0,
    .char_weight = 1.0,
    .marker_weight = 0.5,
};

static bool is_weight(double weight) { return weight > 0 && isfinite(weight); }

tenor_status feature_options_check(const struct feature_options *options,
                                   tenor_error *error) {
    const char *wrong = NULL;
    if (options->ngram_min > options->ngram_max ||
        options->ngram_max > NGRAM_LIMIT ||
        (options->ngram_min == 0) != (options->ngram_max == 0))
        wrong = "word n-grams go from 1 to at most 8, the smaller number first";
    else if (options->char_min > options->char_max ||
             options->char_max > CHAR_NGRAM_LIMIT ||
             (options->char_min == 0) != (options->char_max == 0))
        wrong = "character n-grams go from 1 to at most 12, the smaller number "
                "first";
    else if (options->ngram_max == 0 && options->char_max == 0)
        wrong = "there are neither word nor character n-grams; choose one";
    else if (options->min_df < 1)
        wrong = "the minimum document frequency is 1 or more";
    else if (!(options->max_df > 0 && options->max_df <= 1))
        wrong = "the maximum document frequency is a share above 0, at most 1";
    else if (options->tf >= TF_STYLES || options->idf >= IDF_STYLES ||
             options->norm >= NORM_STYLES)
        wrong = "unknown tf, idf or norm style";
    else if (options->markers > MARKERS_ALL || options->reserved)
        wrong = "unknown markers; use kind and quoted";
    else if (options->selection >= TERM_SELECTIONS)
        wrong = "unknown way to select terms; use frequency or chi2";
    else if (!is_weight(options->word_weight) ||
             !is_weight(options->char_weight) ||
             !is_weight(options->marker_weight))
        wrong = "the weight of a block of features is a number above 0";
    return wrong ? error_set(error, TENOR_ERROR_USAGE, "%s", wrong) : TENOR_OK;
}

void vocabulary_clear(struct vocabulary *vocabulary) {
    strings_clear(&vocabulary->words);
    strings_clear(&vocabulary->grams);
    if (!vocabulary->borrowed) {
        memory_free((void *)(uintptr_t)vocabulary->lists.stop_words.data);
        memory_free((void *)(uintptr_t)vocabulary->lists.variants.data);
        memory_free(vocabulary->column_of_word);
        for (size_t i = 0; i < ARRAY_LENGTH(vocabulary->ngrams); i++)
            ngram_table_clear(&vocabulary->ngrams[i]);
        memory_free(vocabulary->df);
        memory_free(vocabulary->idf);
    }
    *vocabulary = (struct vocabulary){0};
}

/* ---- checking a mapped one -------------------------------------------------- */
static bool strings_sound(const struct strings *strings, uint64_t bytes) {
    if (strings->count == 0)
        return strings->slot_count == 0;
    if ((strings->slot_count & (strings->slot_count - 1)) != 0 ||
        strings->slot_count <= strings->count || strings->offsets[0] != 0 ||
        strings->offsets[strings->count] != bytes)
        return false;
    bool sound = true;
    for (uint32_t i = 0; i < strings->count; i++)
        sound &= strings->offsets[i] <= strings->offsets[i + 1];
    uint64_t used = 0;
    for (uint64_t i = 0; i < strings->slot_count; i++) {
        uint32_t id = strings->slots[i].id;
        used += id != STRINGS_NONE;
        sound &= id == STRINGS_NONE || id < strings->count;
    }
    return sound && used == strings->count;
}

/* Free slots come last in a bucket: looking up stops there. */
static bool buckets_sound(const struct ngram_table *table) {
    bool sound = true;
    for (uint32_t b = 0; b < table->bucket_count; b++)
        for (size_t k = 0; k < NGRAM_BUCKET; k++) {
            bool free = table->buckets[b].tags[k] == NGRAM_NONE;
            sound &= free == (table->buckets[b].numbers[k] == NGRAM_NONE);
            sound &= k == 0 || free ||
                     table->buckets[b].tags[k - 1] != NGRAM_NONE;
        }
    return sound;
}

/* Probing the second table ends at a free slot. */
static bool has_free_slot(const struct ngram_table *table) {
    for (uint32_t i = 0; i < table->spilled_count; i++)
        if (table->spilled[i].number == NGRAM_NONE)
            return true;
    return table->spilled_count == 0;
}

struct ngram_bounds {
    uint32_t prefixes, words, numbers;
    uint32_t count;
};

static bool within(void *context, uint64_t key, uint32_t number) {
    struct ngram_bounds *bounds = context;
    bounds->count++;
    return key >> 32 < bounds->prefixes && (uint32_t)key < bounds->words &&
           number < bounds->numbers;
}

static bool ngrams_sound(const struct vocabulary *vocabulary, size_t t) {
    const struct ngram_table *table = &vocabulary->ngrams[t];
    if (table->count == 0)
        return table->bucket_count == 0 && table->spilled_count == 0;
    struct ngram_bounds bounds = {vocabulary_prefixes(vocabulary, t),
                                  vocabulary->words.count,
                                  vocabulary_numbers(vocabulary), 0};
    return table->bucket_count > 0 && table->bucket_count <= INT32_MAX &&
           (uint64_t)table->spans * table->bucket_count >= bounds.prefixes &&
           (uint64_t)table->spans * bounds.words < NGRAM_NONE &&
           buckets_sound(table) &&
           ngram_table_visit(table, within, &bounds) &&
           bounds.count == table->count && has_free_slot(table);
}

tenor_status vocabulary_check(const struct vocabulary *vocabulary,
                              tenor_error *error) {
    uint32_t markers = markers_count(vocabulary->features.markers);
    bool sound =
        vocabulary->word_columns <= vocabulary->columns &&
        vocabulary->parts < NGRAM_NONE - vocabulary->word_columns &&
        vocabulary->columns - vocabulary->word_columns >= markers &&
        vocabulary->grams.count ==
            vocabulary->columns - vocabulary->word_columns - markers &&
        strings_sound(&vocabulary->words, vocabulary->words.byte_capacity) &&
        strings_sound(&vocabulary->grams, vocabulary->grams.byte_capacity);
    for (size_t i = 0; sound && i < ARRAY_LENGTH(vocabulary->ngrams); i++)
        sound = ngrams_sound(vocabulary, i);
    for (uint32_t i = 0; sound && i < vocabulary->words.count; i++)
        sound = vocabulary->column_of_word[i] == COLUMN_NONE ||
                vocabulary->column_of_word[i] < vocabulary->word_columns;
    for (uint32_t i = 0; sound && i < vocabulary->columns; i++)
        sound = isfinite(vocabulary->idf[i]);
    return sound ? TENOR_OK
                 : error_set(error, TENOR_ERROR_MODEL,
                             "the model's vocabulary contradicts itself; the "
                             "file is damaged, train or fetch it again");
}

/* ---- names ------------------------------------------------------------------- */
struct term_names {
    const struct vocabulary *vocabulary;
    uint64_t *keys;  /* [numbers] prefix << 32 | last word of each n-gram; a
                      * word's own number */
    uint8_t *orders; /* [numbers] words in it; 0: none has this number */
};

struct name_order {
    struct term_names *names;
    uint8_t order;
};

static bool keep_name(void *context, uint64_t key, uint32_t number) {
    struct name_order *at = context;
    at->names->keys[number] = key;
    at->names->orders[number] = at->order;
    return true;
}

tenor_status term_names_new(struct term_names **out,
                            const struct vocabulary *vocabulary,
                            tenor_error *error) {
    *out = NULL;
    struct term_names *names = memory_new(1, sizeof *names);
    if (!names)
        return error_memory(error);
    size_t numbers = vocabulary_numbers(vocabulary);
    names->vocabulary = vocabulary;
    names->keys = memory_new(numbers, sizeof *names->keys);
    names->orders = memory_new(numbers, sizeof *names->orders);
    if (!names->keys || !names->orders) {
        term_names_free(names);
        return error_memory(error);
    }
    struct name_order at = {names, 1};
    for (uint32_t i = 0; i < vocabulary->words.count; i++)
        if (vocabulary->column_of_word[i] != COLUMN_NONE)
            keep_name(&at, i, vocabulary->column_of_word[i]);
    for (size_t t = 0; t < ARRAY_LENGTH(vocabulary->ngrams); t++) {
        at.order++;
        ngram_table_visit(&vocabulary->ngrams[t], keep_name, &at);
    }
    *out = names;
    return TENOR_OK;
}

void term_names_free(struct term_names *names) {
    if (!names)
        return;
    memory_free(names->keys);
    memory_free(names->orders);
    memory_free(names);
}

static void write_word(const struct vocabulary *vocabulary, struct buffer *out,
                       uint32_t word) {
    if (word >= vocabulary->words.count)
        return;
    struct slice text = strings_get(&vocabulary->words, word);
    buffer_append(out, text.data, text.size);
}

void term_names_write(const struct term_names *names, struct buffer *out,
                      uint32_t column) {
    const struct vocabulary *vocabulary = names->vocabulary;
    uint32_t markers = vocabulary->features.markers;
    uint32_t first_marker = vocabulary->columns - markers_count(markers);
    if (column >= first_marker) {
        buffer_text(out, markers_name(markers, column - first_marker));
        return;
    }
    if (column >= vocabulary->word_columns) {
        struct slice gram =
            strings_get(&vocabulary->grams, column - vocabulary->word_columns);
        buffer_text(out, "\xe2\x80\xb9");
        for (size_t i = 0; i < gram.size; i++)
            buffer_byte(out, gram.data[i] == ' ' ? '_' : gram.data[i]);
        buffer_text(out, "\xe2\x80\xba");
        return;
    }
    /* unwind the prefixes: the words come last to first */
    uint32_t words[NGRAM_LIMIT], count = 0, number = column;
    for (uint8_t order = names->orders[column]; order >= 2; order--) {
        if (count > 0 && names->orders[number] != order)
            return; /* a damaged model */
        uint64_t key = names->keys[number];
        words[count++] = (uint32_t)key;
        number = (uint32_t)(key >> 32);
    }
    write_word(vocabulary, out,
               count > 0 ? number : (uint32_t)names->keys[column]);
    while (count > 0) {
        buffer_byte(out, ' ');
        write_word(vocabulary, out, words[--count]);
    }
}
