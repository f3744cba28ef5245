/* The table of n-grams: what is in it is found, what is not is not, also where
 * buckets overflow and prefixes outnumber the buckets. */
#include "features/tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct seen {
    const uint64_t *keys;
    size_t count;
};

static bool check(void *context, uint64_t key, uint32_t number) {
    struct seen *seen = context;
    assert_true(seen->keys[number / 3] == key);
    seen->count++;
    return true;
}

/* keys[count], distinct, are found with their numbers; their neighbours are
 * found only where they are keys themselves. */
static void expect_exact(const uint64_t *keys, size_t count, uint32_t prefixes,
                         uint32_t words) {
    struct ngram_table table;
    struct seen seen = {keys, 0};
    uint32_t *numbers = memory_new(count, sizeof *numbers);
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = 3 * i;
    assert_true(
        ngram_table_build(&table, keys, numbers, count, prefixes, words));
    assert_int_equal(table.count, count);
    size_t strangers = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t prefix = (uint32_t)(keys[i] >> 32), word = (uint32_t)keys[i];
        assert_int_equal(ngram_table_find(&table, prefix, word), 3 * i);
        if (prefix + 1 == prefixes)
            continue;
        uint32_t other = ngram_table_find(&table, prefix + 1, word);
        strangers += other == NGRAM_NONE;
        if (other != NGRAM_NONE)
            assert_true(keys[other / 3] == ngram_key(prefix + 1, word));
    }
    assert_true(strangers > 0);
    assert_true(ngram_table_visit(&table, check, &seen));
    assert_int_equal(seen.count, count);
    ngram_table_clear(&table);
    memory_free(numbers);
}

static void tables_are_exact(void **state) {
    (void)state;
    enum { COUNT = 20000 };
    uint64_t *keys = memory_new(COUNT, sizeof *keys);
    /* every seventh pair of a square; few prefixes of many words; many prefixes
     * of few words, far more than there are buckets */
    for (uint32_t i = 0; i < COUNT; i++)
        keys[i] = ngram_key(7 * i / 300, 7 * i % 300);
    expect_exact(keys, COUNT, 467, 300);
    for (uint32_t i = 0; i < COUNT; i++)
        keys[i] = ngram_key(i % 7, 2 * i);
    expect_exact(keys, COUNT, 7, 2 * COUNT);
    for (uint32_t i = 0; i < COUNT; i++)
        keys[i] = ngram_key(1000 * i, i % 3);
    expect_exact(keys, COUNT, 1000 * COUNT, 3);
    /* so large that tags would not fit with the usual number of buckets */
    for (uint32_t i = 0; i < 5; i++)
        keys[i] = ngram_key(i << 16, i << 20);
    expect_exact(keys, 5, 1 << 20, 1 << 24);
    memory_free(keys);
}

static void full_buckets_spill(void **state) {
    (void)state;
    enum { COUNT = 40 };
    uint64_t keys[COUNT];
    /* eleven buckets: prefixes that are multiples of it meet in one */
    for (uint32_t i = 0; i < COUNT; i++)
        keys[i] = ngram_key(11 * i, 5);
    expect_exact(keys, COUNT, 11 * COUNT, 6);
    struct ngram_table table;
    uint32_t numbers[COUNT] = {0};
    assert_true(ngram_table_build(&table, keys, numbers, COUNT, 440, 6));
    assert_int_equal(table.bucket_count, 11);
    assert_int_equal(table.spilled_count, 2 * (COUNT - NGRAM_BUCKET) + 1);
    ngram_table_clear(&table);
}

static void no_ngrams_are_no_table(void **state) {
    (void)state;
    struct ngram_table table;
    assert_true(ngram_table_build(&table, NULL, NULL, 0, 9, 9));
    assert_int_equal(table.bucket_count, 0);
    assert_int_equal(ngram_table_find(&table, 1, 1), NGRAM_NONE);
    ngram_table_clear(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_exact),
        cmocka_unit_test(full_buckets_spill),
        cmocka_unit_test(no_ngrams_are_no_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
