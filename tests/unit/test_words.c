/* words: where words begin and end, in the words of many scripts; what marks
 * are; text at the end of a page. Expected words stand between bars. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

enum { PLAIN = 0, MARKS = 1, HYPHENS = 2 };

/* The words of text, each followed by a bar; "#" leads numbers, "." marks. */
static void expect(unsigned how, const char *text, const char *expected) {
    struct word_scanner scanner = {text, text + strlen(text), how & MARKS,
                                   how & HYPHENS};
    struct buffer found = {0};
    struct word words[3]; /* few, so that scanning goes on in the middle */
    size_t count;
    buffer_text(&found, "|");
    do {
        count = word_scan(&scanner, words, ARRAY_LENGTH(words));
        for (size_t i = 0; i < count; i++) {
            buffer_text(&found, words[i].kind == WORD_NUMBER ? "#"
                                : words[i].kind == WORD_MARK ? "."
                                                             : "");
            buffer_append(&found, words[i].data, words[i].size);
            buffer_text(&found, "|");
        }
    } while (count > 0);
    assert_int_equal(word_scan(&scanner, words, 1), 0);
    assert_ptr_equal(scanner.at, scanner.end);
    assert_string_equal(found.data, expected);
    buffer_clear(&found);
}

/* ---- English ----------------------------------------------------------- */

static void words_are_parted_by_what_is_no_letter(void **state) {
    (void)state;
    expect(PLAIN, "", "|");
    expect(PLAIN, " \t\r\n", "|");
    expect(PLAIN, "Ships left, at dawn; (so they say).",
           "|Ships|left|at|dawn|so|they|say|");
    expect(PLAIN, "and/or a@b #tag C++ R&D", "|and|or|a|b|tag|C|R|D|");
    expect(PLAIN, "snake_case _x_ __ a:b", "|snake_case|_x_|a|b|");
    expect(PLAIN,
           "a\x01"
           "b\x7f"
           "c",
           "|a|b|c|");
}

static void apostrophes_join_letters(void **state) {
    (void)state;
    expect(PLAIN, "don't O'Brien's dogs' 'tis rock 'n' roll",
           "|don't|O'Brien's|dogs|tis|rock|n|roll|");
    expect(PLAIN, "don’t ‘quoted’ Russia’s", "|don’t|quoted|Russia’s|");
    expect(PLAIN, "1980's 6'2 it''s a' 'b", "|#1980|s|#6'2|it|s|a|b|");
}

static void stops_join_initialisms_and_numbers_alone(void **state) {
    (void)state;
    expect(PLAIN, "The U.S. said so.", "|The|U.S|said|so|");
    expect(PLAIN, "U.S.-led, U.S.A., e.g. this, 5 p.m.",
           "|U.S|led|U.S.A|e.g|this|#5|p.m|");
    expect(HYPHENS, "U.S.-led", "|U.S|led|");
    expect(PLAIN, "after the war.The end.", "|after|the|war|The|end|");
    expect(PLAIN, "J.K.Rowling J.R.R. Ph.D. www.example.org",
           "|J.K|Rowling|J.R.R|Ph|D|www|example|org|");
    expect(PLAIN, "wait...what ... no", "|wait|what|no|");
    expect(PLAIN, "x. y", "|x|y|");
    expect(PLAIN, "т.е. это и т.д. конец.Начало",
           "|т.е|это|и|т.д|конец|Начало|");
}

static void hyphens_part_or_join(void **state) {
    (void)state;
    expect(PLAIN, "cease-fire COVID-19 on-the-ground",
           "|cease|fire|COVID|#19|on|the|ground|");
    expect(HYPHENS, "cease-fire COVID-19 on-the-ground",
           "|cease-fire|COVID-19|on-the-ground|");
    expect(HYPHENS, "-x- a--b a - b pre- 1-2 cease\u2010fire cease\u2011fire",
           "|x|a|b|a|b|pre|#1-2|cease\u2010fire|cease\u2011fire|");
    expect(HYPHENS, "war\u2013peace war\u2014peace", "|war|peace|war|peace|");
}

static void numbers_hold_their_separators(void **state) {
    (void)state;
    expect(PLAIN, "1,200.50 3.14. 10,000, 1 000",
           "|#1,200.50|#3.14|#10,000|#1|#000|");
    expect(PLAIN, "20th 5% $1.5bn 7-4 24/7 9:30 a1 1_000",
           "|20th|#5|1.5bn|#7|#4|#24|#7|#9|#30|a1|#1_000|");
    expect(PLAIN, ".5 5. 1,a 1..2 x,1", "|#5|#5|#1|a|#1|#2|x|#1|");
}

/* ---- other scripts ----------------------------------------------------- */

static void ukrainian_and_russian(void **state) {
    (void)state;
    expect(PLAIN, "П'ять об’єктів, ім\u02BCя; «Слава»!",
           "|П'ять|об’єктів|ім\u02BCя|Слава|");
    expect(PLAIN, "Ёлка, подъезд — Санкт-Петербург",
           "|Ёлка|подъезд|Санкт|Петербург|");
    expect(HYPHENS, "Санкт-Петербург", "|Санкт-Петербург|");
    expect(PLAIN, "Київ–Kyiv: 24-го лютого", "|Київ|Kyiv|#24|го|лютого|");
}

static void scripts_may_mix(void **state) {
    (void)state;
    expect(PLAIN, "naïve café Zürich façade", "|naïve|café|Zürich|façade|");
    expect(PLAIN, "iPhoneом NATOвський αβγ", "|iPhoneом|NATOвський|αβγ|");
    expect(PLAIN, "東京とNATO ひらがな カタカナ 한국어",
           "|東|京|と|NATO|ひ|ら|が|な|カタカナ|한국어|");
    expect(PLAIN, "שלום, צה״ל עולם", "|שלום|צה״ל|עולם|");
    expect(PLAIN, "ג׳ורג׳", "|ג׳ורג׳|");
    expect(PLAIN, "مرحبا، بالعالم ١٢٣ ١٫٥", "|مرحبا|بالعالم|#١٢٣|#١٫٥|");
    expect(PLAIN, "col·legi गाँव ไทย", "|col·legi|गाँव|ไทย|");
}

static void marks_that_combine_belong_to_the_letter(void **state) {
    (void)state;
    expect(PLAIN, "cafe\u0301s i\u0308s e\u0301",
           "|cafe\u0301s|i\u0308s|e\u0301|");
    expect(PLAIN,
           "c\u00AD"
           "o\u00ADoperate",
           "|c\u00AD"
           "o\u00ADoperate|");
    expect(PLAIN, "a\u200Db \u200Dx \u0301", "|a\u200Db|x|");
    expect(PLAIN, "don\u0301't U\u0301.S\u0301.",
           "|don\u0301't|U\u0301.S\u0301|");
}

static void spaces_of_all_kinds_part_words(void **state) {
    (void)state;
    expect(PLAIN, "a\u00A0b\u202Fc\u3000d\u2009e", "|a|b|c|d|e|");
    expect(PLAIN,
           "a\u200Bb\u2028c\xC2\x85"
           "d\uFFFDe",
           "|a|b|c|d|e|");
    expect(PLAIN, "\uFEFFa", "|a|");
    expect(PLAIN, "a\U000E0FFFb\uE000c", "|a|b|c|"); /* unassigned, private */
}

/* ---- marks ------------------------------------------------------------- */

static void marks_come_where_asked_for(void **state) {
    (void)state;
    expect(MARKS, "No, \"no\"... (yes)!",
           "|No|.,|.\"|no|.\"|....|.(|yes|.)|.!|");
    expect(MARKS, "5% -- $3 — “so”", "|#5|.%|.--|.$|#3|.—|.“|so|.”|");
    expect(MARKS, "U.S. don't.", "|U.S|..|don't|..|");
    expect(PLAIN, "so 👍 what 🇺🇦 ❤️", "|so|what|");
}

static void emoji_sequences_are_one_mark(void **state) {
    (void)state;
    expect(MARKS, "a👍b 👍👎", "|a|.👍|b|.👍|.👎|");
    expect(MARKS, "❤️ 👩‍🌾", "|.❤️|.👩‍🌾|");
    expect(MARKS, "👨‍👩‍👧 !", "|.👨‍👩‍👧|.!|");
    expect(MARKS, "👍🏽 👩🏿‍🌾👍", "|.👍🏽|.👩🏿‍🌾|.👍|"); /* skin tones */
    expect(MARKS, "🇺🇦🇵🇱 🇺 🇺a", "|.🇺🇦|.🇵🇱|.🇺|.🇺|a|"); /* flags */
}

/* ---- at the edges ------------------------------------------------------ */

static void long_words_are_told_by_their_size(void **state) {
    (void)state;
    char text[600];
    memset(text, 'x', sizeof text);
    text[255] = ' ';
    struct word_scanner scanner = {text, text + sizeof text, false, false};
    struct word words[4];
    assert_int_equal(word_scan(&scanner, words, 4), 2);
    assert_int_equal(words[0].size, WORD_LIMIT);
    assert_true(words[1].size > WORD_LIMIT);
    assert_ptr_equal(words[1].data, text + 256);
}

/* The text's last byte is the last of its page: reading on would crash. */
static void nothing_is_read_past_the_end(void **state) {
    (void)state;
    static const char *const texts[] = {"U.", "don'",    "1,",  "a-",
                                        "x",  "é",       "U.S", "it’",
                                        "👍",  "👩‍", "—",   "_"};
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        for (unsigned how = 0; how < 4; how++) {
            size_t size = strlen(texts[i]);
            char *text = memcpy(pages + page - size, texts[i], size);
            struct word_scanner scanner = {text, pages + page, how & MARKS,
                                           how & HYPHENS};
            struct word words[8];
            word_scan(&scanner, words, 8);
            assert_ptr_equal(scanner.at, scanner.end);
        }
    munmap(pages, 2 * page);
}

/* Scanning sixty-four bytes at a time and a byte at a time agree: texts of
 * pieces that meet in every way, at every offset to the blocks. */
static void all_ways_of_scanning_agree(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "a",  "of", "word", "sixteenletterword", "7",  "12", "'", "\u2019",
        ".",  ",",  "-",    "_",                 " ",  " ",  " ", "é",
        "U.", "\n", "’s",   "日本",              "\u0301", "\"", "<br />",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    uint64_t random = 1;
    for (int round = 0; round < 4000; round++) {
        struct buffer text = {0};
        while (text.size < 300) {
            random =
                random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            buffer_text(&text, pieces[(random >> 33) % ARRAY_LENGTH(pieces)]);
        }
        struct word_scanner slow = {text.data, text.data + text.size, false,
                                    round & 1};
        struct word_scanner fast = slow;
        struct word many[400], one;
        size_t count = 0, found;
        while ((found = word_scan(&fast, many + count, 400 - count)) > 0)
            count += found;
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(word_scan(&slow, &one, 1), 1);
            assert_ptr_equal(one.data, many[i].data);
            assert_int_equal(one.size, many[i].size);
            assert_int_equal(one.kind, many[i].kind);
        }
        assert_int_equal(word_scan(&slow, &one, 1), 0);
        buffer_clear(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_parted_by_what_is_no_letter),
        cmocka_unit_test(apostrophes_join_letters),
        cmocka_unit_test(stops_join_initialisms_and_numbers_alone),
        cmocka_unit_test(hyphens_part_or_join),
        cmocka_unit_test(numbers_hold_their_separators),
        cmocka_unit_test(ukrainian_and_russian),
        cmocka_unit_test(scripts_may_mix),
        cmocka_unit_test(marks_that_combine_belong_to_the_letter),
        cmocka_unit_test(spaces_of_all_kinds_part_words),
        cmocka_unit_test(marks_come_where_asked_for),
        cmocka_unit_test(emoji_sequences_are_one_mark),
        cmocka_unit_test(long_words_are_told_by_their_size),
        cmocka_unit_test(nothing_is_read_past_the_end),
        cmocka_unit_test(all_ways_of_scanning_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
