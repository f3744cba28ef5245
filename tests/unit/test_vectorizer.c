/* vocabulary_fit and the vectorizer: what threads must not change, and running
 * out of memory at every allocation. */
#include "vocabulary_helpers.h"

#include <math.h>

/* texts[count]: pairs of sentences, more than workers take at once. */
static struct slice *make_texts(size_t count) {
    struct slice *texts = memory_new(count, sizeof *texts);
    uint64_t state = 12345;
    for (size_t i = 0; i < count; i++) {
        struct buffer text = {0};
        for (int part = 0; part < 2; part++) {
            state =
                state * UINT64_C(6364136223846793005) + 1442695040888963407u;
            buffer_format(&text, "%s n%u ",
                          sentences[(state >> 33) % SENTENCES],
                          (unsigned)(state >> 40) % 97);
        }
        texts[i] = (struct slice){text.data, text.size};
    }
    return texts;
}

static void free_texts(struct slice *texts, size_t count) {
    for (size_t i = 0; i < count; i++)
        memory_free((void *)(uintptr_t)texts[i].data);
    memory_free(texts);
}

/* ---- threads ----------------------------------------------------------- */

static void assert_same_table(const struct ngram_table *a,
                              const struct ngram_table *b) {
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->bucket_count, b->bucket_count);
    assert_int_equal(a->spilled_count, b->spilled_count);
    if (a->bucket_count)
        assert_memory_equal(a->buckets, b->buckets,
                            a->bucket_count * sizeof *a->buckets);
    if (a->spilled_count)
        assert_memory_equal(a->spilled, b->spilled,
                            a->spilled_count * sizeof *a->spilled);
}

static void assert_same_strings(const struct strings *a,
                                const struct strings *b) {
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        struct slice left = strings_get(a, i), right = strings_get(b, i);
        assert_int_equal(left.size, right.size);
        assert_memory_equal(left.data, right.data, left.size);
    }
}

static void assert_same_rows(const struct matrix *a, const struct matrix *b) {
    float *dense = memory_new(a->columns, sizeof *dense);
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->columns, b->columns);
    assert_memory_equal(a->starts, b->starts,
                        (a->rows + 1) * sizeof *a->starts);
    for (size_t i = 0; i < a->rows; i++) {
        for (uint64_t e = a->starts[i]; e < a->starts[i + 1]; e++)
            dense[a->indices[e]] = a->values[e];
        for (uint64_t e = b->starts[i]; e < b->starts[i + 1]; e++) {
            assert_true(dense[b->indices[e]] == b->values[e]);
            dense[b->indices[e]] = 0;
        }
    }
    memory_free(dense);
}

static void threads_change_nothing(void **state) {
    (void)state;
    enum { COUNT = 900 };
    struct vocabulary_options options = everything();
    struct slice *texts = make_texts(COUNT);
    struct vocabulary first, other;
    struct matrix rows, other_rows, vectorized;
    assert_int_equal(
        vocabulary_fit(&first, &rows, texts, COUNT, &options, NULL, NULL, NULL),
        TENOR_OK);
    for (size_t threads = 2; threads <= 5; threads++) {
        struct thread_pool *pool = thread_pool_new(threads);
        assert_int_equal(vocabulary_fit(&other, &other_rows, texts, COUNT,
                                        &options, pool, NULL, NULL),
                         TENOR_OK);
        assert_same_strings(&first.words, &other.words);
        assert_same_strings(&first.grams, &other.grams);
        for (size_t i = 0; i < ARRAY_LENGTH(first.ngrams); i++)
            assert_same_table(&first.ngrams[i], &other.ngrams[i]);
        assert_memory_equal(first.column_of_word, other.column_of_word,
                            first.words.count * sizeof(uint32_t));
        assert_memory_equal(first.df, other.df,
                            first.columns * sizeof(uint32_t));
        assert_same_rows(&rows, &other_rows);
        assert_int_equal(
            vectorize(&vectorized, &first, texts, NULL, COUNT, pool, NULL),
            TENOR_OK);
        assert_same_rows(&rows, &vectorized);
        matrix_clear(&vectorized);
        matrix_clear(&other_rows);
        vocabulary_clear(&other);
        thread_pool_free(pool);
    }
    matrix_clear(&rows);
    vocabulary_clear(&first);
    free_texts(texts, COUNT);
}

/* ---- memory ------------------------------------------------------------ */

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    struct vocabulary_options options = everything();
    struct slice texts[SENTENCES];
    for (size_t i = 0; i < SENTENCES; i++)
        texts[i] = slice_of(sentences[i]);
    struct vocabulary vocabulary;
    struct matrix rows;
    size_t n = 1;
    for (;; n++) {
        tenor_error error = {0};
        memory_fail_at(n);
        tenor_status status = vocabulary_fit(
            &vocabulary, &rows, texts, SENTENCES, &options, NULL, NULL, &error);
        memory_fail_at(0);
        if (!status)
            break;
        assert_int_equal(status, TENOR_ERROR_MEMORY);
        assert_int_equal(error.status, TENOR_ERROR_MEMORY);
    }
    assert_true(n > 50);
    for (n = 1;; n++) {
        struct vectorizer *vectorizer = NULL;
        struct row row = {0};
        memory_fail_at(n);
        tenor_status status = vectorizer_new(&vectorizer, &vocabulary, NULL);
        for (size_t i = 0; i < SENTENCES && !status; i++)
            status = vectorizer_row(vectorizer, &row, texts[i], PARAGRAPH_PROSE,
                                    NULL);
        memory_fail_at(0);
        vectorizer_free(vectorizer);
        if (!status)
            break;
        assert_int_equal(status, TENOR_ERROR_MEMORY);
    }
    assert_true(n > 8);
    matrix_clear(&rows);
    vocabulary_clear(&vocabulary);
}

/* After a failure the next text comes out as if nothing had happened, and
 * once warm a vectorizer allocates nothing. */
static void a_vectorizer_recovers_and_warms_up(void **state) {
    (void)state;
    struct vocabulary_options options = everything();
    struct vocabulary vocabulary;
    struct matrix rows;
    fit(&vocabulary, &rows, sentences, SENTENCES, &options);
    struct slice text = slice_of(sentences[0]);
    for (size_t n = 1; n < 12; n++) {
        struct vectorizer *vectorizer;
        struct row row;
        assert_int_equal(vectorizer_new(&vectorizer, &vocabulary, NULL), 0);
        memory_fail_at(n);
        vectorizer_row(vectorizer, &row, text, PARAGRAPH_PROSE, NULL);
        memory_fail_at(0);
        assert_int_equal(
            vectorizer_row(vectorizer, &row, text, PARAGRAPH_PROSE, NULL), 0);
        assert_int_equal(row.count, rows.starts[1]);
        float sum = 0, expected = 0;
        for (size_t i = 0; i < row.count; i++) {
            sum += row.values[i];
            expected += rows.values[i];
        }
        assert_true(fabsf(sum - expected) < 1e-5f);
        memory_fail_at(1);
        assert_int_equal(
            vectorizer_row(vectorizer, &row, text, PARAGRAPH_PROSE, NULL), 0);
        memory_fail_at(0);
        vectorizer_free(vectorizer);
    }
    matrix_clear(&rows);
    vocabulary_clear(&vocabulary);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(every_failed_allocation_is_reported),
        cmocka_unit_test(a_vectorizer_recovers_and_warms_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
