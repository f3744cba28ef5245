/* base: errors, memory, buffers, arenas, the table of strings, threads,
 * progress. */
#include "base/base.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct slice slice_of(const char *text) {
    return (struct slice){text, strlen(text)};
}

/* ---- errors ------------------------------------------------------------ */

static void expect_format(const tenor_error *error, const char *expected) {
    char text[1024];
    tenor_error_format(error, text, sizeof text);
    assert_string_equal(text, expected);
}

static void errors_name_what_is_known(void **state) {
    (void)state;
    tenor_error error = {0};
    assert_int_equal(error_set(&error, TENOR_ERROR_INPUT, "%d is odd", 3),
                     TENOR_ERROR_INPUT);
    expect_format(&error, "3 is odd");
    error_locate(&error, "news.csv", 7);
    expect_format(&error, "news.csv:7: 3 is odd");
    error_locate(&error, "other.csv", 9); /* the first place stays */
    expect_format(&error, "news.csv:7: 3 is odd");
    error_at(&error, TENOR_ERROR_INPUT, "a", 1, 2, "no");
    expect_format(&error, "a:1:2: no");
    error_at(&error, TENOR_ERROR_INPUT, NULL, 0, 0, "no");
    expect_format(&error, "no");
    errno = ENOENT;
    assert_int_equal(error_system(&error, "a", "open"), TENOR_ERROR_IO);
    expect_format(&error, "a: cannot open: No such file or directory");
    assert_int_equal(error_memory(NULL), TENOR_ERROR_MEMORY);
    error_locate(NULL, "a", 1);
}

static void long_errors_are_cut(void **state) {
    (void)state;
    char name[1000], text[16];
    tenor_error error = {0};
    memset(name, 'x', sizeof name - 1);
    strcpy(name + 990, "/end.csv");
    error_at(&error, TENOR_ERROR_IO, name, 0, 0, "%s", name);
    assert_int_equal(strlen(error.file), sizeof error.file - 1);
    assert_string_equal(error.file + strlen(error.file) - 8, "/end.csv");
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    tenor_error_format(&error, text, sizeof text);
    assert_int_equal(strlen(text), sizeof text - 1);
}

/* ---- memory ------------------------------------------------------------ */

static void sizes_that_overflow_are_refused(void **state) {
    (void)state;
    assert_null(memory_new(SIZE_MAX, 2));
    assert_null(memory_new_raw(SIZE_MAX / 2, 4));
    assert_null(memory_resize(NULL, SIZE_MAX, SIZE_MAX));
    assert_null(memory_copy_text("", SIZE_MAX));
    void *none = memory_new(0, 8); /* nothing is no failure */
    assert_non_null(none);
    memory_free(none);
}

static void arrays_grow_and_survive_failure(void **state) {
    (void)state;
    uint32_t *array = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < 1000; i++) {
        assert_true(memory_reserve(&array, &capacity, i + 1, sizeof *array));
        array[i] = (uint32_t)i;
    }
    size_t before = capacity;
    memory_fail_at(1);
    assert_false(memory_reserve(&array, &capacity, 100000, sizeof *array));
    memory_fail_at(0);
    assert_int_equal(capacity, before);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(array[i], i);
    memory_free(array);
    memory_fail_at(2); /* the second, and no other */
    void *first = memory_new(1, 1), *second = memory_new(1, 1),
         *third = memory_new(1, 1);
    assert_non_null(first);
    assert_null(second);
    assert_non_null(third);
    memory_free(first);
    memory_free(third);
}

static void buffers_remember_a_failure(void **state) {
    (void)state;
    struct buffer buffer = {0};
    buffer_append(&buffer, "", 0);
    assert_null(buffer.data);
    buffer_text(&buffer, "gas");
    buffer_byte(&buffer, ' ');
    buffer_fill(&buffer, '-', 3);
    buffer_format(&buffer, " %d%s", 42, "!");
    assert_string_equal(buffer.data, "gas --- 42!");
    assert_int_equal(buffer.size, 11);
    for (int i = 0; i < 1000; i++)
        buffer_format(&buffer, "%d,", i);
    assert_int_equal(strlen(buffer.data), buffer.size);
    size_t size = buffer.size;
    memory_fail_at(1);
    buffer_fill(&buffer, 'x', 1 << 20);
    memory_fail_at(0);
    buffer_text(&buffer, "later");
    assert_true(buffer.failed);
    assert_int_equal(buffer.size, size);
    buffer_clear(&buffer);
    assert_false(buffer.failed);
    buffer_append(&buffer, "x", SIZE_MAX);
    assert_true(buffer.failed);
    buffer_clear(&buffer);
}

static void arenas_keep_what_they_are_given(void **state) {
    (void)state;
    struct arena *arena = arena_new(), *other = arena_new();
    struct slice kept[600], large;
    char text[2000];
    memset(text, 'a', sizeof text);
    for (size_t i = 0; i < ARRAY_LENGTH(kept); i++)
        assert_true(arena_copy(&kept[i], i % 2 ? arena : other, text, i * 3));
    char *huge = memory_new(1, 1 << 20);
    assert_true(arena_copy(&large, other, huge, 1 << 20));
    memory_free(huge);
    double *numbers = arena_alloc(arena, 3, sizeof *numbers);
    assert_int_equal((uintptr_t)numbers % sizeof *numbers, 0);
    assert_null(arena_alloc(arena, SIZE_MAX, 8));
    arena_join(arena, other);
    arena_join(arena, NULL);
    for (size_t i = 0; i < ARRAY_LENGTH(kept); i++) {
        assert_int_equal(kept[i].size, i * 3);
        assert_memory_equal(kept[i].data, text, i * 3);
        assert_int_equal(kept[i].data[i * 3], '\0');
    }
    assert_int_equal(large.data[1 << 20], '\0');
    arena_free(arena);
    arena_free(NULL);
}

/* ---- strings ----------------------------------------------------------- */

static void strings_are_numbered_in_order(void **state) {
    (void)state;
    struct strings strings = {0};
    uint32_t id;
    assert_int_equal(strings_find(&strings, slice_of("a")), STRINGS_NONE);
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            char text[16];
            snprintf(text, sizeof text, "word%u", i);
            assert_true(strings_add(&strings, &id, slice_of(text)));
            assert_int_equal(id, i);
        }
    assert_int_equal(strings.count, 5000);
    struct slice held = strings_get(&strings, 4321);
    assert_int_equal(held.size, 8);
    assert_memory_equal(held.data, "word4321", 8);
    assert_int_equal(strings_find(&strings, slice_of("word77")), 77);
    assert_int_equal(strings_find(&strings, slice_of("word5000")),
                     STRINGS_NONE);
    strings_clear(&strings);
    assert_int_equal(strings.count, 0);
}

static void strings_are_told_apart_exactly(void **state) {
    (void)state;
    static const struct slice distinct[] = {
        {"", 0},     {"\0", 1},   {"\0\0", 2},    {"a", 1},
        {"a\0", 2},  {"a\0b", 3}, {"a\0c", 3},    {"ab", 2},
        {"\xff", 1}, {"A", 1},    {"\xc3\xa4", 2}};
    struct strings strings = {0};
    uint32_t id;
    for (uint32_t i = 0; i < ARRAY_LENGTH(distinct); i++) {
        assert_true(strings_add(&strings, &id, distinct[i]));
        assert_int_equal(id, i);
    }
    for (uint32_t i = 0; i < ARRAY_LENGTH(distinct); i++) {
        assert_int_equal(strings_find(&strings, distinct[i]), i);
        assert_int_equal(strings_get(&strings, i).size, distinct[i].size);
    }
    strings_clear(&strings);
}

static void strings_survive_failure(void **state) {
    (void)state;
    for (size_t n = 1; n < 12; n++) {
        struct strings strings = {0};
        uint32_t added = 0, id;
        memory_fail_at(n);
        for (uint32_t i = 0; i < 300; i++) {
            char text[16];
            snprintf(text, sizeof text, "w%u", i);
            if (!strings_add(&strings, &id, slice_of(text)))
                break;
            added++;
        }
        memory_fail_at(0);
        assert_int_equal(strings.count, added);
        if (added) /* what was there is there, and there is room for more */
            assert_int_equal(strings_find(&strings, slice_of("w0")), 0);
        assert_true(strings_add(&strings, &id, slice_of("more")));
        assert_int_equal(id, added);
        strings_clear(&strings);
    }
}

/* ---- threads ----------------------------------------------------------- */

struct tally {
    atomic_uint items[5000];
    atomic_size_t wrong_workers;
    size_t threads;
};

static void count_item(void *context, size_t item, size_t worker) {
    struct tally *tally = context;
    atomic_fetch_add(&tally->items[item], 1);
    if (worker >= tally->threads)
        atomic_fetch_add(&tally->wrong_workers, 1);
}

static void every_item_is_done_once_a_run(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, 2, 3, 100, 5000};
    for (size_t threads = 1; threads <= 5; threads++) {
        struct thread_pool *pool = thread_pool_new(threads);
        assert_int_equal(thread_pool_threads(pool), threads);
        for (size_t i = 0; i < ARRAY_LENGTH(counts); i++) {
            struct tally *tally = memory_new(1, sizeof *tally);
            tally->threads = threads;
            for (unsigned run = 0; run < 20; run++)
                thread_pool_run(pool, counts[i], count_item, tally);
            for (size_t item = 0; item < 5000; item++)
                assert_int_equal(tally->items[item], item < counts[i] ? 20 : 0);
            assert_int_equal(tally->wrong_workers, 0);
            memory_free(tally);
        }
        thread_pool_free(pool);
    }
}

static void without_a_pool_the_caller_works(void **state) {
    (void)state;
    struct tally *tally = memory_new(1, sizeof *tally);
    tally->threads = 1;
    assert_int_equal(thread_pool_threads(NULL), 1);
    thread_pool_run(NULL, 10, count_item, tally);
    assert_int_equal(tally->items[9], 1);
    memory_free(tally);
    thread_pool_free(NULL);
    assert_true(thread_available() >= 1);
    for (size_t n = 1; n < 8; n++) {
        memory_fail_at(n);
        struct thread_pool *pool = thread_pool_new(4);
        memory_fail_at(0);
        thread_pool_free(pool);
    }
}

/* ---- progress ---------------------------------------------------------- */

struct listener {
    atomic_int inside, met; /* met: told by two at a time */
    double last, total;
    bool fell; /* less was done than before */
    bool misnamed;
    double enough; /* then it asks to stop */
};

static bool hear(void *context, const char *stage, double done,
                 double total) {
    struct listener *listener = context;
    listener->misnamed = listener->misnamed || strcmp(stage, "counting") != 0;
    if (atomic_fetch_add(&listener->inside, 1) != 0)
        atomic_fetch_add(&listener->met, 1);
    listener->fell = listener->fell || done < listener->last;
    listener->last = done;
    listener->total = total;
    atomic_fetch_sub(&listener->inside, 1);
    return done < listener->enough;
}

static void do_two(void *context, size_t item, size_t worker) {
    (void)item, (void)worker;
    shared_progress_step(context, 2);
}

static void threads_share_one_report(void **state) {
    (void)state;
    struct listener listener = {.enough = 1e9};
    struct progress progress = {hear, &listener};
    struct shared_progress shared = {
        .progress = &progress, .stage = "counting", .total = 20000};
    struct thread_pool *pool = thread_pool_new(4);
    thread_pool_run(pool, 10000, do_two, &shared);
    assert_int_equal(shared.done, 20000);
    assert_false(shared.cancelled);
    assert_int_equal(listener.met, 0);
    assert_false(listener.fell || listener.misnamed);
    listener.last = 0;
    assert_true(shared_progress_end(&shared));
    assert_true(listener.last == 20000 && listener.total == 20000);
    /* once one caller was told to stop, all are, and nothing more is told */
    listener.enough = 20001;
    assert_false(shared_progress_step(&shared, 1));
    listener.enough = 1e9;
    listener.last = 0;
    assert_false(shared_progress_step(&shared, 1));
    assert_false(shared_progress_end(&shared));
    assert_true(listener.last == 0);
    thread_pool_free(pool);
    struct shared_progress unheard = {0};
    assert_true(shared_progress_step(&unheard, 1));
    assert_true(shared_progress_end(&unheard));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_name_what_is_known),
        cmocka_unit_test(long_errors_are_cut),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(arrays_grow_and_survive_failure),
        cmocka_unit_test(buffers_remember_a_failure),
        cmocka_unit_test(arenas_keep_what_they_are_given),
        cmocka_unit_test(strings_are_numbered_in_order),
        cmocka_unit_test(strings_are_told_apart_exactly),
        cmocka_unit_test(strings_survive_failure),
        cmocka_unit_test(every_item_is_done_once_a_run),
        cmocka_unit_test(without_a_pool_the_caller_works),
        cmocka_unit_test(threads_share_one_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
