/* A word's spelling to the form that is counted, step by step:
 *
 *   fold      compatibility-free case folding and NFC, ignorable characters
 *             (soft hyphens, joiners) dropped, apostrophes and hyphens made
 *             ASCII, accents dropped where asked
 *   trim      the possessive 's
 *   shape     digits of numbers to 0
 *   variant   a listed spelling to its standard one        -> the form
 *   stop      a listed stop word is skipped
 *   stem      Snowball                                     -> the term
 *
 * This is the slow half of reading: callers remember the outcome for every
 * spelling that they have seen, so clarity wins over speed here. */
#include "text/text.h"

#include <libstemmer.h>
#include <string.h>
#include <utf8proc.h>

const struct text_options text_options_default = {
    .fold_case = 1,
    .strip_possessives = 1,
};

/* Case folding and canonical composition lengthen a character at most
 * three-fold in UTF-8 (U+0390); code points never outnumber bytes. */
enum { FORM_LIMIT = 3 * WORD_LIMIT };

struct normalizer {
    struct text_options options;
    struct strings stop_words;
    struct strings variants;     /* keys */
    struct slice *variant_words; /* [variants.count], into the lists */
    struct sb_stemmer *stemmer;
    utf8proc_int32_t points[FORM_LIMIT + 4];
    char form[FORM_LIMIT + 1];
    char marked[2 + 4 * FORM_LIMIT];
};

tenor_status text_options_check(const struct text_options *options,
                                tenor_error *error) {
    if (options->numbers >= NUMBER_STYLES)
        return error_set(error, TENOR_ERROR_USAGE,
                         "unknown number style %u; use keep, shape or drop",
                         options->numbers);
    if (!memchr(options->stemmer, '\0', sizeof options->stemmer))
        return error_set(error, TENOR_ERROR_USAGE,
                         "the stemmer's name is not terminated");
    if (!options->stemmer[0])
        return TENOR_OK;
    struct buffer known = {0};
    for (const char **name = sb_stemmer_list(); *name; name++) {
        if (strcmp(*name, options->stemmer) == 0) {
            buffer_clear(&known);
            return TENOR_OK;
        }
        buffer_format(&known, "%s%s", known.size ? ", " : "", *name);
    }
    error_set(error, TENOR_ERROR_USAGE,
              "no stemmer for \"%s\"; there are: none, %s", options->stemmer,
              known.data ? known.data : "");
    buffer_clear(&known);
    return TENOR_ERROR_USAGE;
}

/* Takes the next line off `text`; false at its end. */
static bool take_line(struct slice *text, struct slice *line) {
    if (text->size == 0)
        return false;
    const char *newline = memchr(text->data, '\n', text->size);
    size_t size = newline ? (size_t)(newline - text->data) : text->size;
    *line = (struct slice){text->data, size};
    text->data += size + (newline != NULL);
    text->size -= size + (newline != NULL);
    return true;
}

static tenor_status load_lists(struct normalizer *normalizer,
                               const struct word_lists *lists,
                               tenor_error *error) {
    struct slice text = lists->stop_words, line;
    uint32_t id;
    while (take_line(&text, &line))
        if (!strings_add(&normalizer->stop_words, &id, line))
            return error_memory(error);
    size_t capacity = 0;
    text = lists->variants;
    while (take_line(&text, &line)) {
        const char *tab = memchr(line.data, '\t', line.size);
        if (!tab)
            continue;
        struct slice variant = {line.data, (size_t)(tab - line.data)};
        struct slice word = {tab + 1, line.size - variant.size - 1};
        if (word.size == 0 || word.size > FORM_LIMIT)
            continue;
        uint32_t count = normalizer->variants.count;
        if (!memory_reserve(&normalizer->variant_words, &capacity,
                            (size_t)count + 1, sizeof word) ||
            !strings_add(&normalizer->variants, &id, variant))
            return error_memory(error);
        if (id == count)
            normalizer->variant_words[id] = word;
    }
    return TENOR_OK;
}

tenor_status normalizer_new(struct normalizer **out,
                            const struct text_options *options,
                            const struct word_lists *lists,
                            tenor_error *error) {
    *out = NULL;
    tenor_status status = text_options_check(options, error);
    if (status)
        return status;
    struct normalizer *normalizer = memory_new(1, sizeof *normalizer);
    if (!normalizer)
        return error_memory(error);
    normalizer->options = *options;
    if (lists)
        status = load_lists(normalizer, lists, error);
    if (!status && options->stemmer[0]) {
        normalizer->stemmer = sb_stemmer_new(options->stemmer, "UTF_8");
        if (!normalizer->stemmer)
            status = error_memory(error);
    }
    if (status)
        normalizer_free(normalizer);
    else
        *out = normalizer;
    return status;
}

void normalizer_free(struct normalizer *normalizer) {
    if (!normalizer)
        return;
    if (normalizer->stemmer)
        sb_stemmer_delete(normalizer->stemmer);
    strings_clear(&normalizer->stop_words);
    strings_clear(&normalizer->variants);
    memory_free(normalizer->variant_words);
    memory_free(normalizer);
}

static bool is_ascii(const char *data, size_t size) {
    unsigned char all = 0;
    for (size_t i = 0; i < size; i++)
        all |= (unsigned char)data[i];
    return all < 0x80;
}

static utf8proc_int32_t plain_point(utf8proc_int32_t point) {
    switch (point) {
    case 0x2018:
    case 0x2019:
    case 0x02BC:
    case 0xFF07:
        return '\'';
    case 0x2010:
    case 0x2011:
        return '-';
    default:
        return point;
    }
}

/* Writes the folded word to normalizer->form; returns its size, 0 where
 * nothing is left. */
static size_t fold(struct normalizer *normalizer, const struct word *word) {
    const struct text_options *options = &normalizer->options;
    char *form = normalizer->form;
    if (is_ascii(word->data, word->size)) {
        for (uint32_t i = 0; i < word->size; i++) {
            char byte = word->data[i];
            bool upper = options->fold_case && byte >= 'A' && byte <= 'Z';
            form[i] = (char)(upper ? byte | 0x20 : byte);
        }
        return word->size;
    }
    utf8proc_option_t how =
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_IGNORE;
    if (options->fold_case)
        how |= UTF8PROC_CASEFOLD;
    if (options->fold_accents)
        how |= UTF8PROC_STRIPMARK;
    utf8proc_ssize_t count = utf8proc_decompose(
        (const utf8proc_uint8_t *)word->data, (utf8proc_ssize_t)word->size,
        normalizer->points, FORM_LIMIT, how);
    if (count < 0 || count > FORM_LIMIT)
        return 0;
    for (utf8proc_ssize_t i = 0; i < count; i++)
        normalizer->points[i] = plain_point(normalizer->points[i]);
    utf8proc_ssize_t size = utf8proc_reencode(normalizer->points, count, how);
    if (size <= 0 || size > FORM_LIMIT)
        return 0;
    memcpy(form, normalizer->points, (size_t)size);
    return (size_t)size;
}

/* Decimal digits of all scripts become 0; returns the size that is left. */
static size_t shape_digits(char *data, size_t size) {
    size_t to = 0, taken;
    for (size_t at = 0; at < size; at += taken) {
        uint32_t point;
        taken = utf8_decode(&point, data + at, size - at);
        bool digit = utf8proc_category((utf8proc_int32_t)point) ==
                     UTF8PROC_CATEGORY_ND;
        if (digit)
            data[to++] = '0';
        else
            to += utf8_encode(data + to, point);
    }
    return to;
}

static bool equals(struct slice text, const char *word) {
    return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

static bool ends_with(struct slice text, const char *end) {
    size_t size = strlen(end);
    return text.size >= size &&
           memcmp(text.data + text.size - size, end, size) == 0;
}

static bool is_negator(struct slice form) {
    static const char *const words[] = {"not",     "no",      "never", "cannot",
                                        "neither", "nor",     "none",  "nobody",
                                        "nothing", "without", "hardly"};
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (equals(form, words[i]))
            return true;
    return ends_with(form, "n't");
}

/* "The talks were long, but they led to a truce": what follows weighs more.
 * Source: Polanyi & Zaenen, "Contextual valence shifters", 2006. */
static bool is_contrast(struct slice form) {
    return equals(form, "but") || equals(form, "however") ||
           equals(form, "yet");
}

/* Runs of a mark ("!!", "...") are one mark. */
static bool ends_clause(struct slice mark) {
    if (memchr(".,;:!?()", mark.data[0], 8))
        return true;
    return (mark.data[0] == '-' && mark.size > 1) ||
           equals(mark, "\xe2\x80\x94") || equals(mark, "\xe2\x80\xa6");
}

bool normalizer_apply(struct normalizer *normalizer, struct normalized *out,
                      const struct word *word, bool negated) {
    const struct text_options *options = &normalizer->options;
    *out = (struct normalized){.fate = WORD_UNKNOWN};
    if (word->size > WORD_LIMIT)
        return true;
    size_t size = fold(normalizer, word);
    if (size == 0)
        return true;
    char *data = normalizer->form;
    struct slice form = {data, size};
    if (word->kind == WORD_MARK) {
        out->clause_end = ends_clause(form);
        out->fate = options->keep_marks ? WORD_TERM : WORD_SKIPPED;
        out->form = out->term = form;
        return true;
    }
    if (word->kind == WORD_NUMBER && options->numbers == NUMBERS_DROP) {
        out->fate = WORD_SKIPPED;
        return true;
    }
    if (word->kind == WORD_NUMBER && options->numbers == NUMBERS_SHAPE)
        form.size = size = shape_digits(data, size);
    if (options->strip_possessives && size > 2 && ends_with(form, "'s"))
        form.size -= 2;
    uint32_t variant = strings_find(&normalizer->variants, form);
    if (variant != STRINGS_NONE)
        form = normalizer->variant_words[variant];
    out->form = out->term = form;
    out->negator = options->negation && is_negator(form);
    out->contrast = options->contrast && is_contrast(form);
    out->fate = WORD_TERM;
    if (strings_find(&normalizer->stop_words, form) != STRINGS_NONE) {
        out->fate = WORD_SKIPPED;
        return true;
    }
    if (normalizer->stemmer) {
        const sb_symbol *stem = sb_stemmer_stem(
            normalizer->stemmer, (const sb_symbol *)form.data, (int)form.size);
        if (!stem)
            return false;
        int length = sb_stemmer_length(normalizer->stemmer);
        if (length > 0 && length <= FORM_LIMIT)
            out->term = (struct slice){(const char *)stem, (size_t)length};
    }
    if (negated && !out->negator) {
        size_t mark = sizeof NEGATION_MARK - 1;
        memcpy(normalizer->marked, NEGATION_MARK, mark);
        memcpy(normalizer->marked + mark, out->term.data, out->term.size);
        out->term = (struct slice){normalizer->marked, mark + out->term.size};
    }
    return true;
}
