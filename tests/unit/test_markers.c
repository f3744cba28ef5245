/* Markers: the share of a paragraph that is quoted, the columns that follow
 * from it and from the kind, the same in training and in use. */
#include "features/tokens.h"
#include "vocabulary_helpers.h"

#include <math.h>

/* ---- quotation share ------------------------------------------------------ */

static void expect_share(const char *text, double expected) {
    double share = quotation_share(slice_of(text));
    if (!(fabs(share - expected) < 1e-9))
        fail_msg("%s: %g, expected %g", text, share, expected);
}

static void marks_of_all_kinds_enclose(void **state) {
    (void)state;
    expect_share("", 0);
    expect_share("  ", 0);
    expect_share("\"\"", 0);
    expect_share("said nothing", 0);
    expect_share("\"ab\" cd", 0.5);
    expect_share("“ab” cd", 0.5);
    expect_share("„ab“ cd", 0.5);
    expect_share("„ab” cd", 0.5);
    expect_share("«ab» cd", 0.5);
    expect_share("»ab« cd", 0.5);
    expect_share("'ab' cd", 0.5);
    expect_share("‘ab’ cd", 0.5);
    expect_share("„аб“ вг", 0.5); /* characters, not bytes */
    expect_share("\"a b\" cd", 0.5);
    expect_share("\"abcd\"", 1);
    expect_share("x \"a\" y \"b\"", 0.5);
}

static void apostrophes_are_no_marks(void **state) {
    (void)state;
    expect_share("don't say it's o'clock", 0);
    expect_share("the players' don’t", 0);
    expect_share("'tis so", 0); /* opened, never closed */
    expect_share("'don't' abcd'", 5.0 / 10);
    expect_share("‘don’t’ abcde", 0.5);
}

static void pairs_may_nest_or_stay_open(void **state) {
    (void)state;
    expect_share("“a ‘b’ c” ddddd", 0.5);
    expect_share("abc “def", 0.5); /* the speech goes on */
    expect_share("abc” def", 0);
}

/* ---- columns -------------------------------------------------------------- */

static const char *const texts[] = {"\"Rain\" and sun", "Rain", "\"Sun, sun\"",
                                    "Rain and rain"};
enum { COUNT = ARRAY_LENGTH(texts) };
static const uint8_t kinds[COUNT] = {PARAGRAPH_PROSE, PARAGRAPH_HEADING,
                                     PARAGRAPH_ROW, PARAGRAPH_PROSE};

static void fit_marked(struct vocabulary *vocabulary, struct matrix *rows,
                       struct vocabulary_options options) {
    options.kinds = kinds;
    fit(vocabulary, rows, texts, COUNT, &options);
}

/* The markers of a row as "name=value ", in the order of their columns. */
static void expect_markers(const struct vocabulary *vocabulary,
                           const struct matrix *rows, size_t row,
                           const char *expected) {
    struct term_names *names;
    struct buffer out = {0};
    buffer_text(&out, "");
    assert_int_equal(term_names_new(&names, vocabulary, NULL), TENOR_OK);
    for (uint32_t c = vocabulary->word_columns; c < vocabulary->columns; c++)
        for (uint64_t e = rows->starts[row]; e < rows->starts[row + 1]; e++)
            if (rows->indices[e] == c) {
                term_names_write(names, &out, c);
                buffer_format(&out, "=%.4f ", (double)rows->values[e]);
            }
    assert_string_equal(out.data ? out.data : "", expected);
    term_names_free(names);
    buffer_clear(&out);
}

static void markers_are_a_block_of_their_own(void **state) {
    (void)state;
    struct vocabulary_options options = defaults();
    struct vocabulary plain, marked;
    struct matrix plain_rows, rows;
    fit_marked(&plain, &plain_rows, options);
    options.features.markers = MARKERS_ALL;
    fit_marked(&marked, &rows, options);
    assert_int_equal(marked.columns, plain.columns + 7);
    assert_int_equal(vocabulary_check(&marked, NULL), TENOR_ERROR_MODEL);
    marked.words.byte_capacity = marked.words.offsets[marked.words.count];
    assert_int_equal(vocabulary_check(&marked, NULL), TENOR_OK);
    expect_markers(&marked, &rows, 0, "kind:prose=0.3536 quoted:some=0.3536 ");
    expect_markers(&marked, &rows, 1,
                   "kind:heading=0.3536 quoted:none=0.3536 ");
    expect_markers(&marked, &rows, 2, "kind:row=0.3536 quoted:most=0.3536 ");
    const uint32_t df[7] = {2, 1, 0, 1, 2, 1, 1};
    assert_memory_equal(marked.df + plain.columns, df, sizeof df);
    /* the words' values are what they were */
    for (size_t i = 0; i < COUNT; i++)
        for (uint64_t e = 0;
             e < plain_rows.starts[i + 1] - plain_rows.starts[i]; e++)
            assert_true(plain_rows.values[plain_rows.starts[i] + e] ==
                        rows.values[rows.starts[i] + e]);
    matrix_clear(&plain_rows);
    matrix_clear(&rows);
    vocabulary_clear(&plain);
    vocabulary_clear(&marked);

    options.features.markers = MARKER_QUOTED;
    options.features.marker_weight = 2;
    fit_marked(&marked, &rows, options);
    assert_int_equal(marked.columns, marked.word_columns + 3);
    expect_markers(&marked, &rows, 2, "quoted:most=2.0000 ");
    matrix_clear(&rows);
    vocabulary_clear(&marked);
}

static void half_is_most(void **state) {
    (void)state;
    static const char *const quoted[] = {"ab cde", "\"ab\" cde", "\"ab\" cd",
                                         "\"ab cd\""};
    static const uint32_t expected[] = {0, 1, 2, 2};
    for (size_t i = 0; i < ARRAY_LENGTH(quoted); i++) {
        uint32_t found[2];
        assert_int_equal(markers_find(found, MARKERS_ALL, slice_of(quoted[i]),
                                      PARAGRAPH_FURNITURE),
                         2);
        assert_int_equal(found[0], 0); /* what is no kind of ours is prose */
        assert_int_equal(found[1], 4 + expected[i]);
    }
}

static void use_marks_as_training_does(void **state) {
    (void)state;
    struct slice slices[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        slices[i] = slice_of(texts[i]);
    for (uint32_t most = 0; most < 12; most += 3) {
        struct vocabulary_options options = defaults();
        options.features.char_min = options.features.char_max = 3;
        options.features.markers = MARKERS_ALL;
        options.features.max_terms = most;
        struct vocabulary vocabulary;
        struct matrix rows, again;
        fit_marked(&vocabulary, &rows, options);
        if (most)
            assert_int_equal(vocabulary.columns, most + 7);
        assert_int_equal(
            vectorize(&again, &vocabulary, slices, kinds, COUNT, NULL, NULL),
            TENOR_OK);
        assert_memory_equal(rows.starts, again.starts,
                            (COUNT + 1) * sizeof *rows.starts);
        float *dense = memory_new(vocabulary.columns, sizeof *dense);
        for (size_t i = 0; i < COUNT; i++) {
            for (uint64_t e = rows.starts[i]; e < rows.starts[i + 1]; e++)
                dense[rows.indices[e]] = rows.values[e];
            for (uint64_t e = again.starts[i]; e < again.starts[i + 1]; e++)
                assert_true(fabsf(dense[again.indices[e]] - again.values[e]) <
                            1e-6f);
        }
        memory_free(dense);
        matrix_clear(&rows);
        matrix_clear(&again);
        vocabulary_clear(&vocabulary);
    }
}

static void names_of_kinds_are_read(void **state) {
    (void)state;
    assert_int_equal(paragraph_kind_of(slice_of("heading")), PARAGRAPH_HEADING);
    assert_int_equal(paragraph_kind_of(slice_of("row")), PARAGRAPH_ROW);
    assert_int_equal(paragraph_kind_of(slice_of("furniture")), PARAGRAPH_PROSE);
    assert_int_equal(paragraph_kind_of(slice_of("")), PARAGRAPH_PROSE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_of_all_kinds_enclose),
        cmocka_unit_test(apostrophes_are_no_marks),
        cmocka_unit_test(pairs_may_nest_or_stay_open),
        cmocka_unit_test(markers_are_a_block_of_their_own),
        cmocka_unit_test(half_is_most),
        cmocka_unit_test(use_marks_as_training_does),
        cmocka_unit_test(names_of_kinds_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
