/* The settings that a search tries: sets of features, each with every method.
 *
 * What the user chose is the ground that all sets stand on; they differ in the
 * n-grams of words and characters, in punctuation marks, in whether words after
 * a negation are marked and those after a contrast count twice, and, where the
 * user named a stemmer or stop words, in whether these are used. The first set,
 * cheap and good, shows which methods are worth trying on the others. */
#include "search.h"

#include <stdio.h>
#include <string.h>

static const struct {
    uint32_t ngram_max, char_min, char_max;
    bool marks, negation, contrast;
    bool plain; /* without stemmer and stop words */
} variations[] = {
    {2, 0, 0, true, false, false, false}, {1, 0, 0, false, false, false, false},
    {2, 0, 0, false, false, false, false}, {2, 0, 0, true, true, true, false},
    {1, 3, 5, true, false, false, false}, {2, 3, 5, true, false, false, false},
    {2, 2, 5, true, true, false, false}, {2, 3, 5, true, true, true, false},
    {3, 3, 5, true, true, true, false}, {2, 3, 5, true, false, false, true},
};

static const struct method methods[] = {
    {MODEL_LOGREG, 1, false},  {MODEL_LOGREG, 4, false},
    {MODEL_LOGREG, 16, false}, {MODEL_LOGREG, 1, true},
    {MODEL_LOGREG, 4, true},   {MODEL_LOGREG, 16, true},
    {MODEL_LOGREG, 64, true},  {MODEL_SVM, 0.1, false},
    {MODEL_SVM, 0.4, false},   {MODEL_SVM, 0.1, true},
    {MODEL_SVM, 0.4, true},    {MODEL_SVM, 1.6, true},
};

static void name_features(struct search_features *features) {
    const struct vocabulary_options *v = &features->vocabulary;
    size_t size = sizeof features->name;
    int used = snprintf(features->name, size, "words %u-%u",
                        v->features.ngram_min, v->features.ngram_max);
    if (v->features.char_max)
        used += snprintf(features->name + used, size - (size_t)used,
                         ", chars %u-%u", v->features.char_min,
                         v->features.char_max);
    if (v->text.keep_marks)
        used += snprintf(features->name + used, size - (size_t)used, ", marks");
    if (v->text.negation)
        used +=
            snprintf(features->name + used, size - (size_t)used, ", negation");
    if (v->text.contrast)
        used +=
            snprintf(features->name + used, size - (size_t)used, ", contrast");
    if (v->text.stemmer[0])
        used += snprintf(features->name + used, size - (size_t)used, ", stem");
    if (v->lists.stop_words.size)
        snprintf(features->name + used, size - (size_t)used, ", stop");
}

size_t settings_features(struct search_features out[SEARCH_FEATURES],
                         const struct vocabulary_options *base) {
    size_t count = 0;
    bool plain = !base->text.stemmer[0] && !base->lists.stop_words.size;
    _Static_assert(ARRAY_LENGTH(variations) <= SEARCH_FEATURES, "room");
    for (size_t i = 0; i < ARRAY_LENGTH(variations); i++) {
        struct search_features *features = &out[count];
        if (variations[i].plain && plain)
            continue; /* the same as an earlier one */
        *features = (struct search_features){.vocabulary = *base};
        struct vocabulary_options *v = &features->vocabulary;
        v->features.ngram_min = 1;
        v->features.ngram_max = variations[i].ngram_max;
        v->features.char_min = variations[i].char_min;
        v->features.char_max = variations[i].char_max;
        v->text.keep_marks = variations[i].marks;
        v->text.negation = variations[i].negation;
        v->text.contrast = variations[i].contrast;
        if (variations[i].plain) {
            memset(v->text.stemmer, 0, sizeof v->text.stemmer);
            v->lists.stop_words = (struct slice){0};
        }
        name_features(features);
        count++;
    }
    return count;
}

size_t settings_methods(struct method out[SEARCH_METHODS], unsigned kinds) {
    size_t count = 0;
    _Static_assert(ARRAY_LENGTH(methods) <= SEARCH_METHODS, "room");
    for (size_t i = 0; i < ARRAY_LENGTH(methods); i++)
        if (!kinds || kinds & 1U << methods[i].kind)
            out[count++] = methods[i];
    return count;
}
