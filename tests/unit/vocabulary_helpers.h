/* What the tests of vocabularies share: a few sentences, options, fitting. */
#ifndef TENOR_TESTS_VOCABULARY_HELPERS_H
#define TENOR_TESTS_VOCABULARY_HELPERS_H

#include "features/features.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const sentences[] = {
    "The ferry left the island at dawn",
    "No ferry left the island on Sunday",
    "Bakers on the island sold bread at dawn",
    "Пором вирушив", /* Ukrainian: the ferry set out */
    "Bread, bread and more bread!",
    "",
};
enum { SENTENCES = ARRAY_LENGTH(sentences) };

static inline struct slice slice_of(const char *text) {
    return (struct slice){text, strlen(text)};
}

static inline struct vocabulary_options defaults(void) {
    return (struct vocabulary_options){.text = text_options_default,
                                       .features = feature_options_default};
}

/* Words to three, characters to three, stop words and a variant. */
static inline struct vocabulary_options everything(void) {
    struct vocabulary_options options = defaults();
    options.features.ngram_max = 3;
    options.features.char_min = 2;
    options.features.char_max = 3;
    options.text.negation = options.text.contrast = 1;
    options.lists.stop_words = slice_of("the\nat\n");
    options.lists.variants = slice_of("bakers\tbaker\n");
    return options;
}

static inline void fit(struct vocabulary *out, struct matrix *rows,
                       const char *const *texts, size_t count,
                       const struct vocabulary_options *options) {
    struct slice slices[16];
    for (size_t i = 0; i < count; i++)
        slices[i] = slice_of(texts[i]);
    tenor_error error = {0};
    if (vocabulary_fit(out, rows, slices, count, options, NULL, NULL, &error))
        fail_msg("%s", error.message);
}

#endif
