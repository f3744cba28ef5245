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
    else if (!is_weight(options->word_weight) ||
             !is_weight(options->char_weight))
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
            memory_free(vocabulary->ngrams[i].slots);
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

static bool ngrams_sound(const struct ngram_table *table,
                         uint32_t word_columns) {
    if (table->count == 0)
        return table->slot_count == 0;
    if (table->slot_count <= table->count)
        return false;
    bool sound = true;
    uint32_t used = 0;
    for (uint32_t i = 0; i < table->slot_count; i++) {
        const struct ngram_slot *slot = &table->slots[i];
        if (slot->id == NGRAM_FREE)
            continue;
        used++;
        sound &= slot->id < table->count &&
                 (slot->column == COLUMN_NONE || slot->column < word_columns);
    }
    return sound && used == table->count;
}

tenor_status vocabulary_check(const struct vocabulary *vocabulary,
                              tenor_error *error) {
    bool sound =
        vocabulary->word_columns <= vocabulary->columns &&
        vocabulary->grams.count ==
            vocabulary->columns - vocabulary->word_columns &&
        strings_sound(&vocabulary->words, vocabulary->words.byte_capacity) &&
        strings_sound(&vocabulary->grams, vocabulary->grams.byte_capacity);
    for (size_t i = 0; sound && i < ARRAY_LENGTH(vocabulary->ngrams); i++)
        sound = ngrams_sound(&vocabulary->ngrams[i], vocabulary->word_columns);
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
    uint64_t *keys[NGRAM_LIMIT - 1]; /* [table's count] key of each n-gram */
    uint64_t *terms; /* [word_columns] order << 32 | number */
};

tenor_status term_names_new(struct term_names **out,
                            const struct vocabulary *vocabulary,
                            tenor_error *error) {
    *out = NULL;
    struct term_names *names = memory_new(1, sizeof *names);
    if (!names)
        return error_memory(error);
    names->vocabulary = vocabulary;
    names->terms = memory_new(vocabulary->word_columns, sizeof *names->terms);
    if (!names->terms)
        goto failed;
    for (uint32_t i = 0; i < vocabulary->words.count; i++)
        if (vocabulary->column_of_word[i] != COLUMN_NONE)
            names->terms[vocabulary->column_of_word[i]] = (uint64_t)1 << 32 | i;
    for (uint32_t order = 2; order <= NGRAM_LIMIT; order++) {
        const struct ngram_table *table = &vocabulary->ngrams[order - 2];
        uint64_t *keys = memory_new(table->count, sizeof *keys);
        names->keys[order - 2] = keys;
        if (!keys)
            goto failed;
        for (uint32_t i = 0; i < table->slot_count; i++) {
            const struct ngram_slot *slot = &table->slots[i];
            if (slot->id == NGRAM_FREE)
                continue;
            keys[slot->id] = slot->key;
            if (slot->column != COLUMN_NONE)
                names->terms[slot->column] =
                    (uint64_t)order << 32 | slot->id;
        }
    }
    *out = names;
    return TENOR_OK;
failed:
    term_names_free(names);
    return error_memory(error);
}

void term_names_free(struct term_names *names) {
    if (!names)
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(names->keys); i++)
        memory_free(names->keys[i]);
    memory_free(names->terms);
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
    uint32_t words[NGRAM_LIMIT], count = 0;
    uint32_t order = (uint32_t)(names->terms[column] >> 32);
    uint32_t id = (uint32_t)names->terms[column];
    for (; order >= 2; order--) {
        if (id >= vocabulary->ngrams[order - 2].count)
            return;
        uint64_t key = names->keys[order - 2][id];
        words[count++] = (uint32_t)key;
        id = (uint32_t)(key >> 32);
    }
    write_word(vocabulary, out, id);
    while (count > 0) {
        buffer_byte(out, ' ');
        write_word(vocabulary, out, words[--count]);
    }
}
