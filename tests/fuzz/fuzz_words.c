/* Words and their terms, under options that the first bytes choose; the same
 * bytes as lists of stop words and variants. Words lie in the text, in order;
 * terms are valid UTF-8. */
#include "text/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds)
        abort();
}

static struct text_options choose(uint8_t bits, uint8_t more) {
    static const char *const stemmers[] = {"", "english", "russian", "german"};
    struct text_options options = {.fold_case = bits & 1,
                                   .fold_accents = bits >> 1 & 1,
                                   .strip_possessives = bits >> 2 & 1,
                                   .join_hyphens = bits >> 3 & 1,
                                   .keep_marks = bits >> 4 & 1,
                                   .negation = bits >> 5 & 1,
                                   .numbers = more % NUMBER_STYLES};
    strcpy(options.stemmer, stemmers[bits >> 6]);
    return options;
}

static void scan(const struct text_options *options,
                 const struct word_lists *lists, struct slice text) {
    struct word_scanner scanner = {text.data, text.data + text.size,
                                   options->keep_marks || options->negation,
                                   options->join_hyphens};
    struct normalizer *normalizer;
    struct word words[70];
    const char *last = text.data;
    size_t count;
    require(normalizer_new(&normalizer, options, lists, NULL) == TENOR_OK);
    do {
        count = word_scan(&scanner, words, ARRAY_LENGTH(words));
        for (size_t i = 0; i < count; i++) {
            struct normalized out;
            require(words[i].size > 0 && words[i].data >= last);
            last = words[i].data +
                   (words[i].size > WORD_LIMIT ? WORD_LIMIT : words[i].size);
            require(last <= text.data + text.size);
            require(normalizer_apply(normalizer, &out, &words[i], i % 2));
            require(utf8_valid_prefix(out.term.data, out.term.size) ==
                    out.term.size);
            require(out.fate != WORD_TERM || out.term.size > 0);
        }
    } while (count > 0);
    require(scanner.at == scanner.end);
    normalizer_free(normalizer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 3)
        return 0;
    struct text_options options = choose(data[0], data[1]);
    struct buffer text = {0}, stop_words = {0}, variants = {0};
    utf8_repair(&text, (const char *)data + 2, size - 2);
    struct slice slice = {text.data, text.size};
    stop_words_parse(&stop_words, (struct slice){slice.data, slice.size / 4},
                     &options, NULL);
    variants_parse(&variants, slice, &options, NULL);
    const struct word_lists lists = {{stop_words.data, stop_words.size},
                                     {variants.data, variants.size}};
    scan(&options, NULL, slice);
    scan(&options, &lists, slice);
    buffer_clear(&text);
    buffer_clear(&stop_words);
    buffer_clear(&variants);
    return 0;
}
