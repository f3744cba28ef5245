/* utf8: what is well formed, what replaces the rest, and where white space
 * folds. The bad sequences are those of the Unicode Standard, section 3.9, and
 * of Markus Kuhn's stress test. */
#include "text/article.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define BAD "\xEF\xBF\xBD" /* U+FFFD */

/* ---- helpers ------------------------------------------------------------- */

static void assert_repairs(const char *data, size_t size, const char *expected,
                           size_t replaced) {
    struct buffer out = {0};
    assert_int_equal(utf8_repair(&out, data, size), replaced);
    assert_int_equal(out.size, strlen(expected));
    if (out.size)
        assert_string_equal(out.data, expected);
    assert_int_equal(utf8_valid_prefix(out.data, out.size), out.size);
    buffer_clear(&out);
}

static void assert_folds(const char *text, const char *expected) {
    struct buffer out = {0};
    text_fold(&out, text, strlen(text));
    text_trim(&out);
    buffer_byte(&out, '\0');
    assert_string_equal(out.data, expected);
    buffer_clear(&out);
}

/* ---- tests --------------------------------------------------------------- */

static void every_code_point_survives(void **state) {
    (void)state;
    for (uint32_t point = 1; point <= 0x10FFFF; point++) {
        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        char bytes[4];
        size_t size = utf8_encode(bytes, point);
        uint32_t again;
        assert_int_equal(utf8_decode(&again, bytes, size), size);
        assert_int_equal(again, point);
        assert_int_equal(utf8_valid_prefix(bytes, size), size);
        assert_int_equal(size, point < 0x80      ? 1
                               : point < 0x800   ? 2
                               : point < 0x10000 ? 3
                                                 : 4);
    }
}

static void impossible_points_are_not_written(void **state) {
    (void)state;
    static const uint32_t points[] = {0xD800, 0xDFFF, 0x110000, UINT32_MAX};
    for (size_t i = 0; i < ARRAY_LENGTH(points); i++) {
        char bytes[4];
        assert_int_equal(utf8_encode(bytes, points[i]), 3);
        assert_memory_equal(bytes, BAD, 3);
    }
}

static void bad_sequences_are_replaced(void **state) {
    (void)state;
    static const struct {
        const char *bytes, *expected;
        size_t replaced;
    } cases[] = {
        {"plain", "plain", 0},
        {"\x80", BAD, 1},
        {"a\xBF"
         "b",
         "a" BAD "b", 1},
        {"\xC0\xAF", BAD BAD, 2}, /* overlong / */
        {"\xC1\xBF", BAD BAD, 2},
        {"\xE0\x80\xAF", BAD BAD BAD, 3},
        {"\xE0\x9F\xBF", BAD BAD BAD, 3},
        {"\xF0\x80\x80\xAF", BAD BAD BAD BAD, 4},
        {"\xF0\x8F\xBF\xBF", BAD BAD BAD BAD, 4},
        {"\xED\xA0\x80", BAD BAD BAD, 3}, /* surrogates */
        {"\xED\xBF\xBF", BAD BAD BAD, 3},
        {"\xF4\x90\x80\x80", BAD BAD BAD BAD, 4}, /* past U+10FFFF */
        {"\xF5\x80\x80\x80", BAD BAD BAD BAD, 4},
        {"\xFE\xFF", BAD BAD, 2},
        {"\xE2\x80", BAD, 1}, /* cut: one each */
        {"\xE2\x80z", BAD "z", 1},
        {"\xF0\x9F\x98", BAD, 1},
        {"\xF0\x9F\x98z", BAD "z", 1},
        {"\xC3", BAD, 1},
        {"\xC3(", BAD "(", 1},
        {"\xF1\x80\x80\xE1\x80\xC2"
         "b\x80"
         "c\x80\xBF"
         "d",
         BAD BAD BAD "b" BAD "c" BAD BAD "d", 6}, /* table 3-8 */
        {"\xED\x9F\xBF", "\xED\x9F\xBF", 0},      /* U+D7FF is fine */
        {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF", 0},
        {"\xEF\xBF\xBF", "\xEF\xBF\xBF", 0},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_repairs(cases[i].bytes, strlen(cases[i].bytes),
                       cases[i].expected, cases[i].replaced);
    assert_repairs("a\0b\0", 4, "a" BAD "b" BAD, 2);
    assert_repairs("", 0, "", 0);
}

/* The word-wise path must see a bad byte wherever it stands. */
static void valid_prefix_finds_every_place(void **state) {
    (void)state;
    static const char bad[] = {'\0', '\x80', '\xC0', '\xFF', '\xED'};
    for (size_t size = 1; size < 40; size++)
        for (size_t at = 0; at < size; at++)
            for (size_t i = 0; i < sizeof bad; i++) {
                char text[40];
                memset(text, 'x', sizeof text);
                text[at] = bad[i];
                assert_int_equal(utf8_valid_prefix(text, size), at);
            }
    char text[64];
    memset(text, '\x01', sizeof text); /* next to NUL */
    assert_int_equal(utf8_valid_prefix(text, sizeof text), sizeof text);
    memset(text, '\x7F', sizeof text);
    assert_int_equal(utf8_valid_prefix(text, sizeof text), sizeof text);
}

/* Text at the end of a page, the next one not readable. */
static void nothing_is_read_past_the_end(void **state) {
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    FILE *empty = tmpfile();
    assert_non_null(empty);
    assert_int_equal(ftruncate(fileno(empty), (off_t)(2 * page)), 0);
    char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE,
                     fileno(empty), 0);
    assert_ptr_not_equal(map, MAP_FAILED);
    assert_int_equal(mprotect(map + page, page, PROT_NONE), 0);
    static const char *const texts[] = {"a",        "\xC3",         "\xE2\x80",
                                        "\xF0\x9F", "eight by",     "a b c d e",
                                        "\xC2",     "one two thr ", "\xE3\x80"};
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        size_t size = strlen(texts[i]);
        char *text = map + page - size;
        memcpy(text, texts[i], size);
        struct buffer out = {0};
        utf8_valid_prefix(text, size);
        utf8_repair(&out, text, size);
        text_fold(&out, text, size);
        slice_trim((struct slice){text, size});
        uint32_t point;
        utf8_decode(&point, text, size);
        buffer_clear(&out);
    }
    munmap(map, 2 * page);
    fclose(empty);
}

static void white_space_folds(void **state) {
    (void)state;
    assert_folds("a b", "a b");
    assert_folds("  a \t\n b\r\n\v\f c  ", "a b c");
    assert_folds("a\xC2\xA0"
                 "b",
                 "a b"); /* no-break */
    assert_folds("a\xE2\x80\x89\xE3\x80\x80"
                 "b",
                 "a b"); /* thin, wide */
    assert_folds("a\xE2\x80\xA8"
                 "b\xE1\x9A\x80"
                 "c",
                 "a b c");
    assert_folds("a\xE2\x81\x9F"
                 "b\xE2\x80\xAF"
                 "c\xC2\x85"
                 "d",
                 "a b c d");
    assert_folds("\xE2\x80\x9Cquoted\xE2\x80\x9D", /* not those beside them */
                 "\xE2\x80\x9Cquoted\xE2\x80\x9D");
    assert_folds("a\xE2\x80\x8B"
                 "b",
                 "a\xE2\x80\x8B"
                 "b"); /* no White_Space */
    assert_folds("", "");
    assert_folds(" \t ", "");
}

/* Against one byte at a time, over the boundaries of words. */
static void folding_agrees_with_the_simple_way(void **state) {
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        char text[40], expected[41];
        size_t size = 0, length = 0;
        seed = seed * 1664525u + 1013904223u;
        size_t wanted = seed >> 27;
        while (size < wanted) {
            seed = seed * 1664525u + 1013904223u;
            text[size++] = " \t!xyzab"[seed >> 29];
        }
        for (size_t i = 0; i < size; i++) {
            if (text[i] != ' ' && text[i] != '\t')
                expected[length++] = text[i];
            else if (length > 0 && expected[length - 1] != ' ')
                expected[length++] = ' ';
        }
        struct buffer out = {0};
        text_fold(&out, text, size);
        assert_int_equal(out.size, length);
        if (length)
            assert_memory_equal(out.data, expected, length);
        buffer_clear(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_survives),
        cmocka_unit_test(impossible_points_are_not_written),
        cmocka_unit_test(bad_sequences_are_replaced),
        cmocka_unit_test(valid_prefix_finds_every_place),
        cmocka_unit_test(nothing_is_read_past_the_end),
        cmocka_unit_test(white_space_folds),
        cmocka_unit_test(folding_agrees_with_the_simple_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
