/* Vocabularies of limited size: the best terms stay, what they are made of
 * stays, and the rows are those of the vocabulary that is left. */
#include "vocabulary_helpers.h"

#include <math.h>

/* Name of every column, "|" after each. */
static char *all_names(const struct vocabulary *vocabulary) {
    struct term_names *names;
    struct buffer out = {0};
    assert_int_equal(term_names_new(&names, vocabulary, NULL), TENOR_OK);
    for (uint32_t i = 0; i < vocabulary->columns; i++) {
        term_names_write(names, &out, i);
        buffer_byte(&out, '|');
    }
    term_names_free(names);
    return out.data;
}

static void assert_rows_agree(const struct vocabulary *vocabulary,
                              const struct matrix *rows,
                              const struct slice *texts) {
    struct matrix again;
    float *dense = memory_new(vocabulary->columns, sizeof *dense);
    assert_int_equal(
        vectorize(&again, vocabulary, texts, NULL, rows->rows, NULL, NULL),
        TENOR_OK);
    assert_int_equal(rows->columns, vocabulary->columns);
    assert_memory_equal(rows->starts, again.starts,
                        (rows->rows + 1) * sizeof *rows->starts);
    for (size_t i = 0; i < rows->rows; i++) {
        for (uint64_t e = rows->starts[i]; e < rows->starts[i + 1]; e++)
            dense[rows->indices[e]] = rows->values[e];
        for (uint64_t e = again.starts[i]; e < again.starts[i + 1]; e++) {
            float here = dense[again.indices[e]];
            assert_true(fabsf(here - again.values[e]) < 1e-6f);
            dense[again.indices[e]] = 0;
        }
    }
    matrix_clear(&again);
    memory_free(dense);
}

static void frequent_terms_stay(void **state) {
    (void)state;
    struct slice texts[SENTENCES];
    for (size_t i = 0; i < SENTENCES; i++)
        texts[i] = slice_of(sentences[i]);
    struct vocabulary_options options = everything();
    struct vocabulary all;
    fit(&all, NULL, sentences, SENTENCES, &options);
    for (uint32_t most = 1; most <= all.columns + 1; most++) {
        struct vocabulary vocabulary;
        struct matrix rows;
        uint32_t lowest = UINT32_MAX, better = 0;
        options.features.max_terms = most;
        fit(&vocabulary, &rows, sentences, SENTENCES, &options);
        assert_int_equal(vocabulary.columns,
                         most < all.columns ? most : all.columns);
        for (uint32_t i = 0; i < vocabulary.columns; i++)
            if (vocabulary.df[i] < lowest)
                lowest = vocabulary.df[i];
        for (uint32_t i = 0; i < all.columns; i++)
            better += all.df[i] > lowest;
        assert_true(better < most);
        vocabulary.words.byte_capacity =
            vocabulary.words.count
                ? vocabulary.words.offsets[vocabulary.words.count]
                : 0;
        vocabulary.grams.byte_capacity =
            vocabulary.grams.count
                ? vocabulary.grams.offsets[vocabulary.grams.count]
                : 0;
        assert_int_equal(vocabulary_check(&vocabulary, NULL), TENOR_OK);
        assert_rows_agree(&vocabulary, &rows, texts);
        matrix_clear(&rows);
        vocabulary_clear(&vocabulary);
    }
    vocabulary_clear(&all);
}

/* The trigram stays although the words and pairs in it go. */
static void long_terms_keep_their_parts(void **state) {
    (void)state;
    static const char *const texts[] = {"rain at dawn", "dawn at sea", "sea",
                                        "rain at dawn", "rain", "at sea"};
    enum { COUNT = ARRAY_LENGTH(texts) };
    struct vocabulary_options options = defaults();
    options.features.ngram_max = 3;
    options.features.max_terms = 2;
    options.features.selection = SELECT_CHI2;
    struct vocabulary vocabulary;
    struct matrix rows;
    fit(&vocabulary, &rows, texts, COUNT, &options);
    assert_true(vocabulary.columns > 2); /* labels are to come */
    /* "dawn" and the pairs are as telling, but follow in the columns */
    const uint8_t labelled[COUNT] = {1, 1, 1, 1, 1, 1};
    const size_t starts[COUNT + 1] = {0, 1, 2, 3, 4, 5, 6};
    const uint32_t values[COUNT] = {1, 0, 0, 1, 0, 0};
    const struct row_labels task = {2, false, labelled, starts, values};
    assert_int_equal(vocabulary_select(&vocabulary, &rows, &task, 1, NULL),
                     TENOR_OK);
    char *names = all_names(&vocabulary);
    assert_non_null(strstr(names, "at dawn|"));
    assert_int_equal(vocabulary.columns, 2);
    struct slice slices[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        slices[i] = slice_of(texts[i]);
    assert_rows_agree(&vocabulary, &rows, slices);
    memory_free(names);
    matrix_clear(&rows);
    vocabulary_clear(&vocabulary);
}

static void failed_allocations_leave_nothing(void **state) {
    (void)state;
    struct slice texts[SENTENCES];
    for (size_t i = 0; i < SENTENCES; i++)
        texts[i] = slice_of(sentences[i]);
    struct vocabulary_options options = everything();
    options.features.max_terms = 20;
    struct vocabulary vocabulary;
    struct matrix rows;
    tenor_status status = TENOR_ERROR_MEMORY;
    for (size_t n = 1; status; n++) {
        memory_fail_at(n);
        status = vocabulary_fit(&vocabulary, &rows, texts, SENTENCES, &options,
                                NULL, NULL, NULL);
        assert_true(!status || status == TENOR_ERROR_MEMORY);
        assert_true(n < 100000);
    }
    memory_fail_at(0);
    assert_int_equal(vocabulary.columns, 20);
    matrix_clear(&rows);
    vocabulary_clear(&vocabulary);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frequent_terms_stay),
        cmocka_unit_test(long_terms_keep_their_parts),
        cmocka_unit_test(failed_allocations_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
