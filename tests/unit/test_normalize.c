/* normalize: a word's spelling to the term that is counted; stop words and
 * variants, and what is wrong with a list of them. */
#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct slice slice_of(const char *text) {
    return (struct slice){text, strlen(text)};
}

/* The terms of text between bars: "-" a skipped word, "?" an unknown one. */
static void expect(const struct text_options *options,
                   const struct word_lists *lists, const char *text,
                   const char *expected) {
    struct normalizer *normalizer;
    struct buffer found = {0};
    tenor_error error = {0};
    if (normalizer_new(&normalizer, options, lists, &error))
        fail_msg("%s", error.message);
    struct word_scanner scanner = {text, text + strlen(text),
                                   options->keep_marks || options->negation,
                                   options->join_hyphens};
    struct word word;
    bool negated = false;
    buffer_text(&found, "|");
    while (word_scan(&scanner, &word, 1)) {
        struct normalized out;
        assert_true(normalizer_apply(normalizer, &out, &word, negated));
        if (out.fate == WORD_TERM)
            buffer_append(&found, out.term.data, out.term.size);
        else
            buffer_text(&found, out.fate == WORD_SKIPPED ? "-" : "?");
        buffer_text(&found, "|");
        negated = out.negator || (negated && !out.clause_end);
    }
    assert_string_equal(found.data, expected);
    buffer_clear(&found);
    normalizer_free(normalizer);
}

/* ---- folding ----------------------------------------------------------- */

static void spellings_fold_to_one(void **state) {
    (void)state;
    struct text_options options = text_options_default;
    expect(&options, NULL, "GAS Gas gas", "|gas|gas|gas|");
    expect(&options, NULL, "Don’t DON'T don\u02BCt don\uFF07t",
           "|don't|don't|don't|don't|");
    expect(&options, NULL, "ÜBER über u\u0308ber Straße",
           "|über|über|über|strasse|");
    expect(&options, NULL, "П’ЯТЬ п'ять п\u02BCять Йод и\u0306од",
           "|п'ять|п'ять|п'ять|йод|йод|");
    expect(&options, NULL, "co\u00ADoperate c\u200Daf\u00E9",
           "|cooperate|caf\u00E9|");
    expect(&options, NULL, "ΣΊΣΥΦΟΣ ﬁle İ", "|σίσυφοσ|file|i\u0307|");
    options.fold_case = 0;
    expect(&options, NULL, "GAS Über u\u0308", "|GAS|Über|ü|");
    options.fold_accents = 1;
    expect(&options, NULL, "Über café ёлка", "|Uber|cafe|елка|");
}

static void possessives_are_dropped(void **state) {
    (void)state;
    struct text_options options = text_options_default;
    expect(&options, NULL, "Russia's RUSSIA’S it's dogs' 's x's",
           "|russia|russia|it|dogs|s|x|");
    options.strip_possessives = 0;
    expect(&options, NULL, "Russia's Russia’s", "|russia's|russia's|");
}

static void hyphens_are_written_one_way(void **state) {
    (void)state;
    struct text_options options = text_options_default;
    options.join_hyphens = 1;
    expect(&options, NULL, "Cease-fire cease\u2010fire cease\u2011FIRE",
           "|cease-fire|cease-fire|cease-fire|");
}

static void numbers_come_in_three_styles(void **state) {
    (void)state;
    struct text_options options = text_options_default;
    expect(&options, NULL, "1,200.50 in 1999 20th", "|1,200.50|in|1999|20th|");
    options.numbers = NUMBERS_SHAPE;
    expect(&options, NULL, "1,200.50 in 1999 20th", "|0,000.00|in|0000|20th|");
    /* Arabic-Indic, Devanagari and fullwidth digits; a fraction is no digit */
    expect(&options, NULL, "١٩٩٩ १२ １２ ½", "|0000|00|00|½|");
    options.numbers = NUMBERS_DROP;
    expect(&options, NULL, "1,200.50 in 1999 20th", "|-|in|-|20th|");
}

static void marks_are_kept_or_skipped(void **state) {
    (void)state;
    struct text_options options = text_options_default;
    options.keep_marks = 1;
    expect(&options, NULL, "No! 5% 👍", "|no|!|5|%|👍|");
    options.keep_marks = 0;
    options.negation = 1; /* sees marks, but keeps none */
    expect(&options, NULL, "Yes! so", "|yes|-|so|");
}

static void long_words_are_unknown(void **state) {
    (void)state;
    char text[2 * WORD_LIMIT + 8], expected[2 * WORD_LIMIT + 8];
    memset(text, 'A', sizeof text);
    memset(expected, 'a', sizeof expected);
    strcpy(text + WORD_LIMIT, " x");
    expected[0] = '|';
    strcpy(expected + 1 + WORD_LIMIT, "|x|");
    expect(&text_options_default, NULL, text, expected);
    memset(text, 'A', WORD_LIMIT + 1);
    strcpy(text + WORD_LIMIT + 1, " x");
    expect(&text_options_default, NULL, text, "|?|x|");
    /* the letter that grows most: U+0390 folds to three characters */
    struct buffer grown = {0}, same = {0};
    buffer_text(&same, "|");
    for (int i = 0; i < WORD_LIMIT / 2; i++) {
        buffer_text(&grown, "\u0390");
        buffer_text(&same, "\u0390");
    }
    buffer_text(&same, "|");
    expect(&text_options_default, NULL, grown.data, same.data);
    buffer_clear(&grown);
    buffer_clear(&same);
}

/* ---- stemming, negation ------------------------------------------------ */

static void stems_are_snowballs(void **state) {
    (void)state;
    struct text_options options = text_options_default;
    strcpy(options.stemmer, "english");
    expect(&options, NULL, "Ministers' negotiations RUNNING happily",
           "|minist|negoti|run|happili|");
    strcpy(options.stemmer, "russian");
    expect(&options, NULL, "Переговоры о переговорах",
           "|переговор|о|переговор|");
    tenor_error error = {0};
    struct normalizer *normalizer;
    strcpy(options.stemmer, "klingon");
    assert_int_equal(normalizer_new(&normalizer, &options, NULL, &error),
                     TENOR_ERROR_USAGE);
    assert_null(normalizer);
    assert_non_null(strstr(error.message, "no stemmer for \"klingon\""));
    assert_non_null(strstr(error.message, "english"));
    memset(options.stemmer, 'x', sizeof options.stemmer);
    assert_int_equal(text_options_check(&options, &error), TENOR_ERROR_USAGE);
    options = text_options_default;
    options.numbers = NUMBER_STYLES;
    assert_int_equal(text_options_check(&options, &error), TENOR_ERROR_USAGE);
}

static void negation_reaches_to_the_end_of_the_clause(void **state) {
    (void)state;
    struct text_options options = text_options_default;
    options.negation = 1;
    expect(&options, NULL, "Not good, bad", "|not|¬good|-|bad|");
    expect(&options, NULL, "It doesn’t work well — he said",
           "|it|doesn't|¬work|¬well|-|he|said|");
    expect(&options, NULL, "Never say never again. Yes (no way) so",
           "|never|¬say|never|¬again|-|yes|-|no|¬way|-|so|");
    expect(&options, NULL, "Not so!! Good -- not a-b... c",
           "|not|¬so|-|good|-|not|¬a|-|¬b|-|c|");
    strcpy(options.stemmer, "english");
    expect(&options, NULL, "No ministers", "|no|¬minist|");
}

/* ---- lists ------------------------------------------------------------- */

static void listed_words_are_skipped_or_respelt(void **state) {
    (void)state;
    struct text_options options = text_options_default;
    struct buffer stop = {0}, variants = {0};
    assert_int_equal(stop_words_parse(&stop,
                                      slice_of(" The of\nDON’T\n\n über "),
                                      &options, NULL),
                     TENOR_OK);
    assert_int_equal(
        variants_parse(&variants,
                       slice_of("# spellings\n\nKyiv, Kiev ,Київ = Kyiv # one\n"
                                "colour = color"),
                       &options, NULL),
        TENOR_OK);
    struct word_lists lists = {{stop.data, stop.size},
                               {variants.data, variants.size}};
    expect(&options, &lists, "The colour of Kiev’s roofs don't Über",
           "|-|color|-|kyiv|roofs|-|-|");
    strcpy(options.stemmer, "english");
    expect(&options, &lists, "the COLOURS colour Kyiv",
           "|-|colour|color|kyiv|");
    buffer_clear(&stop);
    buffer_clear(&variants);
}

static void built_in_stop_words_are_found(void **state) {
    (void)state;
    static const char *const texts[] = {
        "The and because war", "и потому что война", "і тому що війна"};
    static const char *const languages[] = {"english", "russian", "ukrainian"};
    assert_null(stop_words_builtin("klingon"));
    for (size_t i = 0; i < ARRAY_LENGTH(languages); i++) {
        const char *words = stop_words_builtin(languages[i]);
        assert_non_null(words);
        struct buffer stop = {0};
        assert_int_equal(stop_words_parse(&stop, slice_of(words),
                                          &text_options_default, NULL),
                         TENOR_OK);
        struct word_lists lists = {{stop.data, stop.size}, {NULL, 0}};
        expect(&text_options_default, &lists, texts[i],
               i == 0   ? "|-|-|-|war|"
               : i == 1 ? "|-|-|-|война|"
                        : "|-|-|-|війна|");
        buffer_clear(&stop);
    }
}

static void wrong_lists_name_the_line(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t line;
    } wrong[] = {
        {"Kiev = Kyiv\nKharkov\n", 2},
        {"= Kyiv", 1},
        {"\n\nKiev =", 3},
        {"a = b\nc = d e", 2},
        {"# fine\na = b\n\nc, d = # x\n", 4},
        {"!! = Kyiv", 1},
    };
    struct buffer out = {0};
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        tenor_error error = {0};
        assert_int_equal(variants_parse(&out, slice_of(wrong[i].text),
                                        &text_options_default, &error),
                         TENOR_ERROR_INPUT);
        assert_int_equal(error.line, wrong[i].line);
    }
    tenor_error error = {0};
    assert_int_equal(variants_parse(&out, slice_of("caf\xE9 = cafe"),
                                    &text_options_default, &error),
                     TENOR_ERROR_INPUT);
    assert_non_null(strstr(error.message, "not UTF-8"));
    assert_int_equal(stop_words_parse(&out, slice_of("caf\xE9"),
                                      &text_options_default, &error),
                     TENOR_ERROR_INPUT);
    buffer_clear(&out);
}

static void running_out_of_memory_is_reported(void **state) {
    (void)state;
    struct text_options options = text_options_default;
    const struct word_lists lists = {slice_of("the\nof\n"),
                                     slice_of("kiev\tkyiv\n")};
    strcpy(options.stemmer, "english");
    for (size_t n = 1;; n++) {
        struct normalizer *normalizer;
        struct buffer stop = {0}, variants = {0};
        memory_fail_at(n);
        tenor_status status =
            normalizer_new(&normalizer, &options, &lists, NULL);
        if (!status)
            status = stop_words_parse(&stop, slice_of("the"), &options, NULL);
        if (!status)
            status =
                variants_parse(&variants, slice_of("a = b"), &options, NULL);
        memory_fail_at(0);
        normalizer_free(normalizer);
        buffer_clear(&stop);
        buffer_clear(&variants);
        if (!status)
            break;
        assert_int_equal(status, TENOR_ERROR_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_fold_to_one),
        cmocka_unit_test(possessives_are_dropped),
        cmocka_unit_test(hyphens_are_written_one_way),
        cmocka_unit_test(numbers_come_in_three_styles),
        cmocka_unit_test(marks_are_kept_or_skipped),
        cmocka_unit_test(long_words_are_unknown),
        cmocka_unit_test(stems_are_snowballs),
        cmocka_unit_test(negation_reaches_to_the_end_of_the_clause),
        cmocka_unit_test(listed_words_are_skipped_or_respelt),
        cmocka_unit_test(built_in_stop_words_are_found),
        cmocka_unit_test(wrong_lists_name_the_line),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
