/* features: every TF-IDF row and the spelling of every term against
 * scikit-learn's (tests/golden/features.py), from fitting and from vectorizing,
 * at 1, 2 and 3 threads. */
#include "features/features.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define GOLDEN TENOR_SOURCE_DIR "/tests/golden/features.json"

static json_t *golden;
static struct slice *texts; /* [text_count] */
static size_t text_count;

static struct slice slice_of(const char *text) {
    return (struct slice){text, strlen(text)};
}

/* ---- a case's settings ------------------------------------------------- */

static void read_pair(const json_t *object, const char *name, uint32_t *first,
                      uint32_t *second) {
    const json_t *pair = json_object_get(object, name);
    *first = (uint32_t)json_integer_value(json_array_get(pair, 0));
    *second = (uint32_t)json_integer_value(json_array_get(pair, 1));
}

/* The place of a case's word in a list, 0 where it has none. */
static uint32_t read_choice(const json_t *object, const char *name,
                            const char *const *words) {
    const char *word = json_string_value(json_object_get(object, name));
    uint32_t i = 0;
    while (word && strcmp(words[i], word) != 0)
        i++;
    return i;
}

static struct vocabulary_options read_options(const json_t *object,
                                              struct buffer *stop_words) {
    static const char *const tf[] = {"sublinear", "raw", "binary"};
    static const char *const idf[] = {"smooth", "plain", "none"};
    static const char *const norm[] = {"l2", "l1", "none"};
    struct vocabulary_options options = {.text = text_options_default,
                                         .features = feature_options_default};
    struct feature_options *features = &options.features;
    options.text.strip_possessives = 0;
    read_pair(object, "ngrams", &features->ngram_min, &features->ngram_max);
    read_pair(object, "chars", &features->char_min, &features->char_max);
    features->tf = read_choice(object, "tf", tf);
    features->idf = read_choice(object, "idf", idf);
    features->norm = read_choice(object, "norm", norm);
    const json_t *value = json_object_get(object, "min_df");
    if (value)
        features->min_df = (uint32_t)json_integer_value(value);
    value = json_object_get(object, "max_df");
    if (value)
        features->max_df = json_number_value(value);
    value = json_object_get(object, "weights");
    if (value) {
        features->word_weight = json_number_value(json_array_get(value, 0));
        features->char_weight = json_number_value(json_array_get(value, 1));
    }
    size_t i;
    json_array_foreach(json_object_get(object, "stop_words"), i, value)
        buffer_format(stop_words, "%s\n", json_string_value(value));
    options.lists.stop_words =
        (struct slice){stop_words->data, stop_words->size};
    return options;
}

/* ---- comparing ------------------------------------------------------------
 */

/* number[column]: the place of the column's term among the case's terms. */
static size_t *match_terms(const struct vocabulary *vocabulary,
                           const json_t *terms) {
    size_t count = json_array_size(terms), *number;
    struct strings expected = {0};
    struct term_names *names;
    struct buffer name = {0};
    uint32_t id;
    assert_int_equal(vocabulary->columns, count);
    for (size_t i = 0; i < count; i++)
        assert_true(
            strings_add(&expected, &id,
                        slice_of(json_string_value(json_array_get(terms, i)))));
    assert_int_equal(expected.count, count);
    assert_int_equal(term_names_new(&names, vocabulary, NULL), TENOR_OK);
    number = memory_new(count, sizeof *number);
    for (uint32_t column = 0; column < vocabulary->columns; column++) {
        name.size = 0;
        term_names_write(names, &name, column);
        id = strings_find(&expected, (struct slice){name.data, name.size});
        if (id == STRINGS_NONE)
            fail_msg("scikit-learn has no term \"%s\"", name.data);
        number[column] = id;
    }
    term_names_free(names);
    buffer_clear(&name);
    strings_clear(&expected);
    return number;
}

static void compare_row(const char *name, size_t row,
                        const struct matrix *matrix, const size_t *number,
                        const json_t *expected) {
    double *dense = memory_new(matrix->columns, sizeof *dense);
    bool *seen = memory_new(matrix->columns, sizeof *seen);
    size_t i, count = matrix->starts[row + 1] - matrix->starts[row];
    const json_t *entry;
    json_array_foreach(expected, i, entry)
        dense[json_integer_value(json_array_get(entry, 0))] =
            json_number_value(json_array_get(entry, 1));
    if (count != json_array_size(expected))
        fail_msg("%s: row %zu has %zu terms, expected %zu", name, row, count,
                 json_array_size(expected));
    for (uint64_t e = matrix->starts[row]; e < matrix->starts[row + 1]; e++) {
        size_t term = number[matrix->indices[e]];
        double actual = (double)matrix->values[e], wanted = dense[term];
        if (seen[term])
            fail_msg("%s: row %zu has term %zu twice", name, row, term);
        if (!(fabs(actual - wanted) <= 1e-6 * fmax(1, fabs(wanted))))
            fail_msg("%s: row %zu, term %zu: %.9g, expected %.9g", name, row,
                     term, actual, wanted);
        seen[term] = true;
    }
    memory_free(dense);
    memory_free(seen);
}

static void compare_rows(const json_t *object, const struct matrix *matrix,
                         const size_t *number) {
    const json_t *rows = json_object_get(object, "rows");
    assert_int_equal(matrix->rows, text_count);
    assert_int_equal(json_array_size(rows), text_count);
    for (size_t i = 0; i < matrix->rows; i++)
        compare_row(json_string_value(json_object_get(object, "name")), i,
                    matrix, number, json_array_get(rows, i));
}

/* ---- the tests --------------------------------------------------------------
 */

static void check_case(const json_t *object, size_t threads) {
    struct thread_pool *pool = thread_pool_new(threads);
    struct buffer stop_words = {0};
    struct vocabulary_options options = read_options(object, &stop_words);
    struct vocabulary vocabulary;
    struct matrix fitted, vectorized;
    tenor_error error = {0};
    if (vocabulary_fit(&vocabulary, &fitted, texts, text_count, &options, pool,
                       NULL, &error))
        fail_msg("%s", error.message);
    assert_int_equal(vectorize(&vectorized, &vocabulary, texts, NULL,
                               text_count, pool, &error),
                     TENOR_OK);
    assert_int_equal(vocabulary.documents, text_count);
    size_t *number = match_terms(&vocabulary, json_object_get(object, "terms"));
    compare_rows(object, &fitted, number);
    compare_rows(object, &vectorized, number);
    memory_free(number);
    matrix_clear(&fitted);
    matrix_clear(&vectorized);
    vocabulary_clear(&vocabulary);
    buffer_clear(&stop_words);
    thread_pool_free(pool);
}

static void rows_equal_scikit_learns(void **state) {
    (void)state;
    size_t i;
    const json_t *object;
    json_array_foreach(json_object_get(golden, "cases"), i,
                       object) for (size_t threads = 1; threads <= 3; threads++)
        check_case(object, threads);
    assert_true(i >= 19);
}

/* ln((1 + n) / (1 + df)) + 1 and its kin, from scikit-learn's manual. */
static void idf_follows_its_formula(void **state) {
    (void)state;
    const struct vocabulary_options options = {
        .text = text_options_default, .features = feature_options_default};
    struct vocabulary vocabulary;
    assert_int_equal(vocabulary_fit(&vocabulary, NULL, texts, text_count,
                                    &options, NULL, NULL, NULL),
                     TENOR_OK);
    for (uint32_t i = 0; i < vocabulary.columns; i++) {
        double idf =
            log((1.0 + (double)text_count) / (1.0 + vocabulary.df[i])) + 1;
        assert_true(fabs((double)vocabulary.idf[i] - idf) < 1e-6);
        assert_true(i == 0 || vocabulary.df[i] <= vocabulary.df[i - 1]);
    }
    vocabulary_clear(&vocabulary);
}

/* ---- chi-squared ------------------------------------------------------------ */

static void expect_scores(const struct matrix *rows, const size_t *number,
                          const struct row_labels *labels, size_t count,
                          const json_t *expected) {
    double *scores = memory_new(rows->columns, sizeof *scores);
    assert_int_equal(chi_squared(scores, rows, labels, count, NULL), TENOR_OK);
    for (size_t i = 0; i < rows->columns; i++) {
        double wanted = json_number_value(json_array_get(expected, number[i]));
        if (!(fabs(scores[i] - wanted) <= 1e-5 * fmax(1, wanted)))
            fail_msg("column %zu: %.9g, expected %.9g", i, scores[i], wanted);
    }
    memory_free(scores);
}

static void chi_squared_equals_scikit_learns(void **state) {
    (void)state;
    enum { MOST = 4 };
    const json_t *object = json_object_get(golden, "chi2");
    const json_t *single = json_object_get(object, "single");
    const json_t *sets = json_object_get(object, "sets");
    struct vocabulary_options options = {.text = text_options_default,
                                         .features = feature_options_default};
    options.features.ngram_max = 1;
    struct vocabulary vocabulary;
    struct matrix rows;
    assert_int_equal(vocabulary_fit(&vocabulary, &rows, texts, text_count,
                                    &options, NULL, NULL, NULL),
                     TENOR_OK);
    size_t *number = match_terms(&vocabulary, json_object_get(object, "terms"));
    uint8_t *labelled[2];
    size_t *starts[2];
    uint32_t *values[2];
    for (size_t t = 0; t < 2; t++) {
        labelled[t] = memory_new(text_count, 1);
        starts[t] = memory_new(text_count + 1, sizeof **starts);
        values[t] = memory_new(text_count * MOST, sizeof **values);
    }
    for (size_t i = 0; i < text_count; i++) {
        json_int_t label = json_integer_value(json_array_get(single, i));
        starts[0][i + 1] = starts[0][i];
        labelled[0][i] = label >= 0;
        if (label >= 0)
            values[0][starts[0][i + 1]++] = (uint32_t)label;
        starts[1][i + 1] = starts[1][i];
        labelled[1][i] = 1;
        size_t k;
        const json_t *held;
        json_array_foreach(json_array_get(sets, i), k, held)
            values[1][starts[1][i + 1]++] =
                (uint32_t)json_integer_value(held);
    }
    const struct row_labels tasks[2] = {
        {3, false, labelled[0], starts[0], values[0]},
        {4, true, labelled[1], starts[1], values[1]}};
    const json_t *first = json_object_get(object, "single_scores");
    const json_t *second = json_object_get(object, "sets_scores");
    expect_scores(&rows, number, &tasks[0], 1, first);
    expect_scores(&rows, number, &tasks[1], 1, second);
    /* of both tasks the higher */
    json_t *both = json_array();
    for (size_t i = 0; i < json_array_size(first); i++)
        json_array_append_new(
            both, json_real(fmax(json_number_value(json_array_get(first, i)),
                                 json_number_value(json_array_get(second, i)))));
    expect_scores(&rows, number, tasks, 2, both);
    json_decref(both);
    for (size_t t = 0; t < 2; t++) {
        memory_free(labelled[t]);
        memory_free(starts[t]);
        memory_free(values[t]);
    }
    memory_free(number);
    matrix_clear(&rows);
    vocabulary_clear(&vocabulary);
}

static int load(void **state) {
    (void)state;
    golden = json_load_file(GOLDEN, 0, NULL);
    const json_t *list = json_object_get(golden, "texts");
    text_count = json_array_size(list);
    texts = memory_new(text_count, sizeof *texts);
    for (size_t i = 0; i < text_count; i++)
        texts[i] = slice_of(json_string_value(json_array_get(list, i)));
    return golden && text_count ? 0 : -1;
}

static int unload(void **state) {
    (void)state;
    memory_free(texts);
    json_decref(golden);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_equal_scikit_learns),
        cmocka_unit_test(idf_follows_its_formula),
        cmocka_unit_test(chi_squared_equals_scikit_learns),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
