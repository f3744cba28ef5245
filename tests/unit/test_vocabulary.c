/* vocabulary: the spelling of terms, documents at the edge, what can't be
 * fitted, and vocabularies that contradict themselves. */
#include "vocabulary_helpers.h"

#include <math.h>

/* ---- names ------------------------------------------------------------------
 */

static void expect_terms(const struct vocabulary_options *options,
                         const char *text, const char *expected) {
    struct vocabulary vocabulary;
    struct term_names *names;
    struct buffer all = {0};
    fit(&vocabulary, NULL, &text, 1, options);
    assert_int_equal(term_names_new(&names, &vocabulary, NULL), TENOR_OK);
    char *sorted[64];
    size_t count = vocabulary.columns;
    assert_true(count < 64);
    for (uint32_t i = 0; i < count; i++) {
        struct buffer name = {0};
        term_names_write(names, &name, i);
        size_t at = i;
        for (; at > 0 && strcmp(sorted[at - 1], name.data) > 0; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = name.data;
    }
    for (size_t i = 0; i < count; i++) {
        buffer_format(&all, "%s%s", i ? ", " : "", sorted[i]);
        memory_free(sorted[i]);
    }
    assert_string_equal(all.data, expected);
    buffer_clear(&all);
    term_names_free(names);
    vocabulary_clear(&vocabulary);
}

static void terms_are_spelled_out(void **state) {
    (void)state;
    struct vocabulary_options options = defaults();
    options.features.ngram_max = 3;
    expect_terms(&options, "Bread and salt",
                 "and, and salt, bread, bread and, bread and salt, salt");
    options.features.ngram_min = options.features.ngram_max = 2;
    expect_terms(&options, "Bread and salt and bread",
                 "and bread, and salt, bread and, salt and");
    /* the words around a stop word become neighbours */
    options.features.ngram_min = 1;
    options.lists.stop_words = slice_of("and\n");
    expect_terms(&options, "Bread and salt", "bread, bread salt, salt");
}

static void character_ngrams_stay_within_words(void **state) {
    (void)state;
    struct vocabulary_options options = defaults();
    options.features.ngram_min = options.features.ngram_max = 0;
    options.features.char_min = options.features.char_max = 3;
    expect_terms(&options, "Salt a",
                 "\u2039_a_\u203a, \u2039_sa\u203a, \u2039alt\u203a, "
                 "\u2039lt_\u203a, \u2039sal\u203a");
    /* characters, not bytes */
    expect_terms(&options, "\u00fcber",
                 "\u2039_\u00fcb\u203a, \u2039ber\u203a, "
                 "\u2039er_\u203a, \u2039\u00fcbe\u203a");
}

static void negated_words_are_marked(void **state) {
    (void)state;
    struct vocabulary_options options = defaults();
    options.features.ngram_max = 1;
    options.text.negation = 1;
    expect_terms(&options, "Not good, said Ann. It isn't fun",
                 "ann, isn't, it, not, said, \u00acfun, \u00acgood");
}

/* ---- contrast ------------------------------------------------------------ */
/* Expects how often each term of the only text counted: in the row that fitting
 * made, and in one made afterwards. */
static void expect_counts(const struct vocabulary_options *options,
                          const char *text, const char *expected) {
    struct vocabulary vocabulary;
    struct matrix rows;
    struct term_names *names;
    struct vectorizer *vectorizer;
    struct row row;
    struct buffer all = {0};
    fit(&vocabulary, &rows, &text, 1, options);
    assert_int_equal(term_names_new(&names, &vocabulary, NULL), TENOR_OK);
    assert_int_equal(vectorizer_new(&vectorizer, &vocabulary, NULL), TENOR_OK);
    vectorizer_row(vectorizer, &row, slice_of(text), PARAGRAPH_PROSE, NULL);
    assert_int_equal(row.count, rows.starts[1]);
    for (size_t i = 0; i < row.count; i++) {
        if (row.values[i] < 1.5f)
            continue;
        struct buffer name = {0};
        term_names_write(names, &name, row.columns[i]);
        buffer_format(&all, "%s%s %.0f", all.size ? ", " : "", name.data,
                      (double)row.values[i]);
        buffer_clear(&name);
    }
    for (size_t i = 0; i < row.count; i++) /* in any order */
        for (size_t k = 0; k < row.count; k++)
            if (rows.indices[k] == row.columns[i])
                assert_true(rows.values[k] == row.values[i]);
    assert_string_equal(all.size ? all.data : "", expected);
    assert_int_equal(row.words, 7);
    assert_int_equal(row.known, 7);
    buffer_clear(&all);
    vectorizer_free(vectorizer);
    term_names_free(names);
    matrix_clear(&rows);
    vocabulary_clear(&vocabulary);
}

static void what_follows_a_contrast_counts_twice(void **state) {
    (void)state;
    struct vocabulary_options options = defaults();
    options.features.tf = TF_RAW;
    options.features.idf = IDF_NONE;
    options.features.norm = NORM_NONE;
    options.features.ngram_max = 3;
    expect_counts(&options, "Old bread, but salt and new oil", "");
    options.text.contrast = 1;
    expect_counts(&options, "Old bread, but salt and new oil",
                  "salt 2, and 2, new 2, oil 2, salt and 2, and new 2, "
                  "new oil 2, salt and new 2, and new oil 2");
    /* after the last one; the end is no neighbour of what comes again */
    expect_counts(&options, "Yet bread; however, oil BUT new salt",
                  "new 2, salt 2, new salt 2");
    expect_counts(&options, "Old bread and new oil, salt yet", "");
    options.features.ngram_max = 1;
    options.lists.stop_words = slice_of("but\n");
    options.features.char_min = options.features.char_max = 5;
    expect_counts(&options, "Old bread and new oil but salt",
                  "salt 2, \u2039_salt\u203a 2, \u2039salt_\u203a 2");
    options.features.char_min = options.features.char_max = 0;
    options.text.negation = 1; /* ends with the text */
    expect_counts(&options, "Old bread but oil is not new",
                  "oil 2, is 2, not 2, \u00acnew 2");
}

/* ---- documents at the edge --------------------------------------------- */

static void odd_documents_have_the_rows_they_should(void **state) {
    (void)state;
    static const char *const texts[] = {"", "rain rain rain rain", "...",
                                        "sun and rain", "\u2014 \u2026"};
    struct vocabulary_options options = defaults();
    struct vocabulary vocabulary;
    struct matrix rows;
    fit(&vocabulary, &rows, texts, ARRAY_LENGTH(texts), &options);
    assert_int_equal(rows.starts[1], 0);
    /* two terms, "rain" four times and "rain rain" three times */
    assert_int_equal(rows.starts[2], 2);
    double word = (log(6.0 / 3) + 1) * (1 + log(4));
    double pair = (log(6.0 / 2) + 1) * (1 + log(3));
    double norm = sqrt(word * word + pair * pair);
    double larger = fmax(word, pair) / norm, smaller = fmin(word, pair) / norm;
    float a = fmaxf(rows.values[0], rows.values[1]);
    float b = fminf(rows.values[0], rows.values[1]);
    assert_true(fabs((double)a - larger) < 1e-6);
    assert_true(fabs((double)b - smaller) < 1e-6);
    assert_int_equal(rows.starts[2], rows.starts[3]);
    assert_int_equal(rows.starts[4], rows.starts[5]);
    matrix_clear(&rows);

    struct vectorizer *vectorizer;
    struct row row;
    assert_int_equal(vectorizer_new(&vectorizer, &vocabulary, NULL), TENOR_OK);
    vectorizer_row(vectorizer, &row, slice_of("Rain, or snow? No snow."),
                   PARAGRAPH_PROSE, NULL);
    assert_int_equal(row.words, 5);
    assert_int_equal(row.known, 1);
    assert_int_equal(row.count, 1);
    assert_true(fabsf(row.values[0] - 1) < 1e-6f);
    vectorizer_row(vectorizer, &row, (struct slice){"", 0}, PARAGRAPH_PROSE,
                   NULL);
    assert_int_equal(row.count + row.words, 0);
    vectorizer_free(vectorizer);
    vocabulary_clear(&vocabulary);
}

static void expect_refusal(const struct vocabulary_options *options,
                           const char *text, tenor_status expected) {
    struct slice slice = slice_of(text);
    struct vocabulary vocabulary;
    struct matrix rows;
    tenor_error error = {0};
    assert_int_equal(vocabulary_fit(&vocabulary, &rows, &slice, 1, options,
                                    NULL, NULL, &error),
                     expected);
    assert_int_equal(error.status, expected);
    assert_true(strlen(error.message) > 20);
    assert_null(vocabulary.df);
    assert_null(rows.values);
}

static bool refuse(void *context, const char *stage, double done,
                   double total) {
    (void)stage;
    (void)total;
    return done < *(double *)context;
}

static void what_can_not_be_fitted_is_refused(void **state) {
    (void)state;
    struct vocabulary_options options = defaults();
    expect_refusal(&options, "", TENOR_ERROR_INPUT);
    expect_refusal(&options, "...", TENOR_ERROR_INPUT);
    options.features.min_df = 2;
    expect_refusal(&options, "rain", TENOR_ERROR_INPUT);
    options.features.min_df = 0;
    expect_refusal(&options, "rain", TENOR_ERROR_USAGE);
    options = defaults();
    options.features.max_df = NAN;
    expect_refusal(&options, "rain", TENOR_ERROR_USAGE);
    options = defaults();
    options.features.ngram_max = NGRAM_LIMIT + 1;
    expect_refusal(&options, "rain", TENOR_ERROR_USAGE);
    options = defaults();
    options.features.word_weight = 0;
    expect_refusal(&options, "rain", TENOR_ERROR_USAGE);
    options = defaults();
    strcpy(options.text.stemmer, "klingon");
    expect_refusal(&options, "rain", TENOR_ERROR_USAGE);

    options = everything();
    struct slice text = slice_of(sentences[0]);
    for (double stop = 0; stop < 4; stop++) {
        struct progress progress = {refuse, &stop};
        struct vocabulary vocabulary;
        assert_int_equal(vocabulary_fit(&vocabulary, NULL, &text, 1, &options,
                                        NULL, &progress, NULL),
                         TENOR_ERROR_CANCELLED);
    }
}

/* ---- unsound vocabularies ---------------------------------------------- */

/* Sets *place to `value`, expects a refusal, puts it back. */
#define EXPECT_UNSOUND(vocabulary, place, value)                               \
    do {                                                                       \
        __typeof__(place) kept = (place);                                      \
        (place) = (value);                                                     \
        tenor_error error = {0};                                               \
        assert_int_equal(vocabulary_check(vocabulary, &error),                 \
                         TENOR_ERROR_MODEL);                                   \
        (place) = kept;                                                        \
        assert_int_equal(vocabulary_check(vocabulary, &error), TENOR_OK);      \
    } while (0)

static void unsound_vocabularies_are_refused(void **state) {
    (void)state;
    struct vocabulary_options options = everything();
    struct vocabulary v;
    fit(&v, NULL, sentences, SENTENCES, &options);
    v.words.byte_capacity = v.words.offsets[v.words.count];
    v.grams.byte_capacity = v.grams.offsets[v.grams.count];
    assert_int_equal(vocabulary_check(&v, NULL), TENOR_OK);
    size_t word = 0, pair = 0;
    while (v.words.slots[word].id == STRINGS_NONE)
        word++;
    while (v.ngrams[0].buckets[pair].tags[0] == NGRAM_NONE)
        pair++;
    struct ngram_bucket *bucket = &v.ngrams[0].buckets[pair];
    EXPECT_UNSOUND(&v, v.word_columns, v.columns + 1);
    EXPECT_UNSOUND(&v, v.columns, v.columns + 1);
    EXPECT_UNSOUND(&v, v.grams.count, v.grams.count - 1);
    EXPECT_UNSOUND(&v, v.words.byte_capacity, v.words.byte_capacity - 1);
    EXPECT_UNSOUND(&v, v.words.slot_count, v.words.slot_count - 1);
    EXPECT_UNSOUND(&v, v.words.offsets[0], 1);
    EXPECT_UNSOUND(&v, v.words.offsets[1], v.words.byte_capacity + 1);
    EXPECT_UNSOUND(&v, v.grams.offsets[2], 0);
    EXPECT_UNSOUND(&v, v.words.slots[word].id, v.words.count);
    EXPECT_UNSOUND(&v, v.words.slots[word].id, STRINGS_NONE);
    EXPECT_UNSOUND(&v, v.column_of_word[0], v.word_columns);
    EXPECT_UNSOUND(&v, v.parts, NGRAM_NONE - v.word_columns);
    EXPECT_UNSOUND(&v, bucket->tags[0], v.words.count * v.ngrams[0].spans);
    EXPECT_UNSOUND(&v, bucket->tags[0], NGRAM_NONE);
    EXPECT_UNSOUND(&v, bucket->numbers[0], v.word_columns + v.parts);
    EXPECT_UNSOUND(&v, bucket->numbers[0], NGRAM_NONE);
    EXPECT_UNSOUND(&v, bucket->numbers[NGRAM_BUCKET - 1], 0);
    EXPECT_UNSOUND(&v, v.ngrams[0].count, v.ngrams[0].count + 1);
    EXPECT_UNSOUND(&v, v.ngrams[0].spans, 0);
    EXPECT_UNSOUND(&v, v.ngrams[0].spans, UINT32_MAX);
    EXPECT_UNSOUND(&v, v.ngrams[6].bucket_count, 1);
    EXPECT_UNSOUND(&v, v.ngrams[6].spilled_count, 1);
    EXPECT_UNSOUND(&v, v.idf[1], INFINITY);
    vocabulary_clear(&v);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_are_spelled_out),
        cmocka_unit_test(character_ngrams_stay_within_words),
        cmocka_unit_test(negated_words_are_marked),
        cmocka_unit_test(what_follows_a_contrast_counts_twice),
        cmocka_unit_test(odd_documents_have_the_rows_they_should),
        cmocka_unit_test(what_can_not_be_fitted_is_refused),
        cmocka_unit_test(unsound_vocabularies_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
