/* article: bytes and formats, the paragraphs of plain text, slow pipes,
 * failures. */
#include "article_helpers.h"

static void assert_plain(const char *text, const char *expected) {
    assert_reads(ARTICLE_PLAIN, text, expected);
}

static void assert_markdown(const char *text, const char *expected) {
    assert_reads(ARTICLE_MARKDOWN, text, expected);
}

static void assert_html(const char *text, const char *expected) {
    assert_reads(ARTICLE_HTML, text, expected);
}

/* ---- bytes and lines ---------------------------------------------------- */

static void line_ends_of_any_kind(void **state) {
    (void)state;
    const char *expected = "P 1 One is here.\nP 3 Two is here.\n";
    assert_plain("One is here.\n\nTwo is here.\n", expected);
    assert_plain("One is here.\r\n\r\nTwo is here.\r\n", expected);
    assert_plain("One is here.\r\rTwo is here.", expected);
    assert_markdown("One is here.\r\rTwo is here.", expected);
    assert_plain("", "");
    assert_plain("\n \n\t\n", "");
    assert_markdown("", "");
    assert_html("", "");
    assert_html("   ", "");
}

static void bytes_are_repaired_and_counted(void **state) {
    (void)state;
    static const enum article_format formats[] = {
        ARTICLE_PLAIN, ARTICLE_MARKDOWN, ARTICLE_HTML};
    static const char text[] = "One \xC3( two \0 is here.\n\nBad \xE2\x80";
    for (size_t i = 0; i < ARRAY_LENGTH(formats); i++) {
        struct article *article;
        struct buffer out = {0};
        article_open_memory(&article, "x", text, sizeof text - 1, formats[i],
                            NULL);
        assert_int_equal(dump(&out, article, NULL), TENOR_OK);
        assert_non_null(strstr(out.data, "One " BAD "( two " BAD " is here."));
        assert_non_null(strstr(out.data, "Bad " BAD));
        assert_int_equal(article_repaired(article), 3);
        buffer_clear(&out);
        article_close(article);
    }
}

static void byte_order_marks(void **state) {
    (void)state;
    assert_plain("\xEF\xBB\xBFOne is here.", "P 1 One is here.\n");
    assert_plain("\xEF\xBB", "F 1 " BAD "\n");
    static const struct {
        const char *bytes;
        size_t size;
        const char *name;
    } cases[] = {{"\xFF\xFEO\0", 4, "UTF-16"},
                 {"\xFE\xFF\0O", 4, "UTF-16"},
                 {"\xFF\xFE", 2, "UTF-16"},
                 {"\xFF\xFE\0\0O\0\0\0", 8, "UTF-32"},
                 {"\xFF\xFE\0", 3, "UTF-16"}};
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct article *article;
        struct paragraph paragraph;
        bool more;
        tenor_error error = {0};
        article_open_memory(&article, "a.txt", cases[i].bytes, cases[i].size,
                            ARTICLE_AUTO, &error);
        for (int again = 0; again < 2; again++) /* an error stays */
            assert_int_equal(article_next(article, &paragraph, &more, &error),
                             TENOR_ERROR_INPUT);
        assert_non_null(strstr(error.message, cases[i].name));
        assert_non_null(strstr(error.message, "iconv"));
        assert_string_equal(error.file, "a.txt");
        article_close(article);
    }
}

static void formats_are_recognised(void **state) {
    (void)state;
    static const struct {
        const char *name, *text, *expected;
    } cases[] = {
        {"a.html", "*x* is <b>here</b>.", "P 1 *x* is here.\n"},
        {"a.MD", "*x* is <b>here</b>.", "P 1 x is here.\n"},
        {"a.txt", "*x* is <b>here</b>.", "P 1 *x* is <b>here</b>.\n"},
        {"a", "\n <!DOCTYPE html><p>One is here.", "P 2 One is here.\n"},
        {"a", "<p>One is here.</p>", "P 1 One is here.\n"},
        {"a", "<foo>One is here.</foo>", "H 1 <foo>One is here.</foo>\n"},
        {"a", "<3 says one.", "P 1 <3 says one.\n"},
        {"a", "# Big *news*\n", "H 1 Big news\n"},
        {"a", "#big *news* is here.", "P 1 #big *news* is here.\n"},
        {"a", "---\ntitle: x\n---\n*One* is here.", "P 4 One is here.\n"},
        {"a", "---\n*One* is here.", "P 2 *One* is here.\n"},
        {"a", "*One* is here.", "P 1 *One* is here.\n"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_reads_bytes(ARTICLE_AUTO, cases[i].name, cases[i].text,
                           strlen(cases[i].text), cases[i].expected);
}

/* ---- plain text --------------------------------------------------------- */

static void wrapped_lines_are_joined(void **state) {
    (void)state;
    assert_plain(
        "The harbour of the old town was closed for the third day as the\n"
        "storm went on, and the ferries stayed where they were. Nobody\n"
        "expects them to sail before the end of the week.\n"
        "\n"
        "A second storm\n"
        "\n"
        "Forecasters see another one coming from the north, although it\n"
        "is weaker.\n",
        "P 1 The harbour of the old town was closed for the third day "
        "as the storm went on, and the ferries stayed where they were. "
        "Nobody expects them to sail before the end of the week.\n"
        "H 5 A second storm\n"
        "P 7 Forecasters see another one coming from the north, "
        "although it is weaker.\n");
}

static void lines_are_paragraphs(void **state) {
    (void)state;
    assert_plain("The harbour was closed for the third day.\n"
                 "Ferries stayed where they were.\n"
                 "Nobody expects them to sail before the weekend, said Anna.\n",
                 "P 1 The harbour was closed for the third day.\n"
                 "P 2 Ferries stayed where they were.\n"
                 "P 3 Nobody expects them to sail before the weekend, said "
                 "Anna.\n");
}

static void long_lines_are_never_joined(void **state) {
    (void)state;
    assert_plain(
        "Storm closes harbour\n" LONG_LINE "\n" LONG_LINE "\n- one\n"
        "- two\nand so on, said the mayor of the town\n" LONG_LINE "\n",
        "H 1 Storm closes harbour\nP 2 " LONG_LINE "\nP 3 " LONG_LINE
        "\nI 4 one\nI 5 two\nP 6 and so on, said the mayor of the town\n"
        "P 7 " LONG_LINE "\n");
}

/* A paragraph's last line leaves room that a writer would have filled. */
static void wrapped_paragraphs_without_blank_lines(void **state) {
    (void)state;
    assert_plain("The harbour of the old town was closed for the third day as\n"
                 "the storm went on, and the ferries stayed.\n"
                 "Nobody expects them to sail before the end of the week, as\n"
                 "the wind is too strong for all but the oldest of them.\n"
                 "FERRIES ARE FOR THE PEOPLE OF ALL OF THE ISLANDS\n"
                 "They are old. All of them were built before the war, or so\n"
                 "it is said, and they were\nnot " LONG_LINE "\n",
                 "P 1 The harbour of the old town was closed for the third day "
                 "as the storm went on, and the ferries stayed.\n"
                 "P 3 Nobody expects them to sail before the end of the week, "
                 "as the wind is too strong for all but the oldest of them.\n"
                 "H 5 FERRIES ARE FOR THE PEOPLE OF ALL OF THE ISLANDS\n"
                 "P 6 They are old. All of them were built before the war, or "
                 "so it is said, and they were\nP 8 not " LONG_LINE "\n");
}

/* The second half of a \r\n is no blank line, where lines vote. */
static void wrapped_lines_of_either_end(void **state) {
    (void)state;
    assert_plain(
        "The harbour of the old town was closed again by the mayor\r\n"
        "Anna Berg after the storm came back and the old ferries had\r\n"
        "to stay.\r\n",
        "P 1 The harbour of the old town was closed again by the mayor "
        "Anna Berg after the storm came back and the old ferries had "
        "to stay.\n");
}

/* Headings, bullets and rows stay apart in a wrapped file, too. */
static void wrapped_files_keep_their_parts(void **state) {
    (void)state;
    assert_plain(
        "STORM IN THE NORTH\n"
        "The harbour of the old town was closed for the third day as the\n"
        "storm went on, and the ferries stayed where they were in the\n"
        "north of the country, where it is worst of all in winter and\n"
        "in spring.\n"
        "- first the harbour, which has been closed since the early\n"
        "  morning of Monday\n"
        "- then the road\n"
        "Place\tDays\n"
        "Harbour\t3\n"
        "They had about\n"
        "19. Then came more.\n",
        "H 1 STORM IN THE NORTH\n"
        "P 2 The harbour of the old town was closed for the third day "
        "as the storm went on, and the ferries stayed where they were "
        "in the north of the country, where it is worst of all in "
        "winter and in spring.\n"
        "I 6 first the harbour, which has been closed since the early "
        "morning of Monday\n"
        "I 8 then the road\n"
        "R 9 Place | Days\n"
        "R 10 Harbour | 3\n"
        "H 11 They had about\n"
        "I 12 Then came more.\n");
}

static void hyphens_at_line_ends(void **state) {
    (void)state;
    assert_plain(
        "The storm was the strongest in the well-\nknown history of the "
        "town.\n",
        "P 1 The storm was the strongest in the well-known history of "
        "the town.\n");
}

static void plain_marks_are_stripped(void **state) {
    (void)state;
    assert_plain(
        "\xE2\x80\xA2 One thing\n\n1. Two things\n\n(a) Three things\n\n"
        "## Four\n\n- ## Five things\n\n> Six is quoted.\n\n"
        "_Seven is in italics._\n\n- Attacks go on -\n",
        "I 1 One thing\nI 3 Two things\nI 5 Three things\nH 7 Four\n"
        "H 9 Five things\nP 11 Six is quoted.\n"
        "P 13 Seven is in italics.\nH 15 Attacks go on\n");
}

static void rules_part_and_underline(void **state) {
    (void)state;
    assert_plain("Title\n=====\nOne is here.\n* * *\nTwo is here.\n-----\n"
                 "and then it rained\n* * *\nand then it rained\n-----\n",
                 "H 1 Title\nP 3 One is here.\nP 5 Two is here.\n"
                 "P 7 and then it rained\nH 9 and then it rained\n");
}

static void rows_of_plain_text(void **state) {
    (void)state;
    assert_plain(
        "Year\tWheat\n\n| 2020 | 4 |\n\n2019 | 2020 | 2021 | Archive\n\n"
        "Storm closes harbour in the north | The Example\n\n"
        "Home | Search | Contact us\n",
        "R 1 Year | Wheat\nR 3 2020 | 4\n"
        "R 5 2019 | 2020 | 2021 | Archive\n"
        "H 7 Storm closes harbour in the north | The Example\n"
        "F 9 Home | Search | Contact us\n");
}

/* The first line is the headline, even a long one that looks like prose. */
static void files_begin_with_a_headline(void **state) {
    (void)state;
    assert_plain("If the harbour stays closed for another week then the island "
                 "will need its food from the air as it did before\n\nOne.\n",
                 "H 1 If the harbour stays closed for another week then the "
                 "island will need its food from the air as it did before\n"
                 "P 3 One.\n");
}

/* ---- pipes -------------------------------------------------------------- */

struct pipe_article {
    struct article *article;
    int input, saved;
};

static void open_pipe(struct pipe_article *piped, enum article_format format) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    piped->saved = dup(STDIN_FILENO);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    piped->input = ends[1];
    assert_int_equal(article_open(&piped->article, "-", format, NULL),
                     TENOR_OK);
}

static void close_pipe(struct pipe_article *piped) {
    article_close(piped->article);
    if (piped->input >= 0)
        close(piped->input);
    dup2(piped->saved, STDIN_FILENO);
    close(piped->saved);
}

static void say(const struct pipe_article *piped, const char *text) {
    assert_int_equal(write(piped->input, text, strlen(text)), strlen(text));
}

static void assert_next(const struct pipe_article *piped, const char *text) {
    struct paragraph paragraph;
    bool more;
    assert_true(article_ready(piped->article));
    assert_int_equal(article_next(piped->article, &paragraph, &more, NULL),
                     TENOR_OK);
    assert_true(more);
    assert_int_equal(paragraph.text.size, strlen(text));
    assert_memory_equal(paragraph.text.data, text, paragraph.text.size);
    article_ready(piped->article); /* leaves the paragraph alone */
    assert_memory_equal(paragraph.text.data, text, paragraph.text.size);
}

static void slow_pipes_of_plain_text(void **state) {
    (void)state;
    struct pipe_article piped;
    open_pipe(&piped, ARTICLE_AUTO);
    assert_false(article_ready(piped.article));
    say(&piped, "One is");
    assert_false(article_ready(piped.article));
    say(&piped, " here.\n");
    assert_false(article_ready(piped.article)); /* the next may belong to it */
    say(&piped, "\nTwo");
    assert_next(&piped, "One is here.");
    assert_false(article_ready(piped.article));
    say(&piped, " is here.\n\n" LONG_LINE "\n");
    assert_next(&piped, "Two is here.");
    assert_next(&piped, LONG_LINE); /* complete without a look at the next */
    assert_false(article_ready(piped.article));
    say(&piped, "Cut");
    assert_false(article_ready(piped.article));
    close(piped.input);
    piped.input = -1;
    assert_next(&piped, "Cut");
    struct paragraph paragraph;
    bool more;
    assert_true(article_ready(piped.article));
    for (int again = 0; again < 2; again++) {
        assert_int_equal(article_next(piped.article, &paragraph, &more, NULL),
                         TENOR_OK);
        assert_false(more);
    }
    close_pipe(&piped);
}

/* Once the layout is known, a line is a paragraph as soon as it has come. */
static void slow_pipes_of_lines(void **state) {
    (void)state;
    struct pipe_article piped;
    open_pipe(&piped, ARTICLE_PLAIN);
    for (int i = 0; i < 8; i++)
        say(&piped, "The harbour is closed again.\n");
    for (int i = 0; i < 8; i++)
        assert_next(&piped, "The harbour is closed again.");
    assert_false(article_ready(piped.article));
    say(&piped, "One more line is here.\n");
    assert_next(&piped, "One more line is here.");
    close_pipe(&piped);
}

static void slow_pipes_of_markup(void **state) {
    (void)state;
    struct pipe_article piped;
    open_pipe(&piped, ARTICLE_AUTO);
    say(&piped, "# ");
    assert_false(article_ready(piped.article));
    say(&piped, "Storm\n");
    assert_next(&piped, "Storm");
    say(&piped, "*One* is\n");
    assert_false(article_ready(piped.article));
    say(&piped, "here.\n## Why\n");
    assert_next(&piped, "One is here.");
    assert_next(&piped, "Why");
    close_pipe(&piped);
    open_pipe(&piped, ARTICLE_AUTO);
    say(&piped, "<p>One is here.</p>\n");
    assert_false(article_ready(piped.article)); /* a page is read whole */
    close(piped.input);
    piped.input = -1;
    assert_next(&piped, "One is here.");
    close_pipe(&piped);
}

/* However a pipe cuts the bytes, the paragraphs are those of a file. */
static void pieces_make_no_difference(void **state) {
    (void)state;
    static const char text[] =
        "\xEF\xBB\xBFStorm\r\n=====\r\nThe harbour of the town was closed "
        "for\r\n"
        "days as the storm went on, and the \xE2\x80\x9C"
        "ferries\xE2\x80\x9D\r\n"
        "stayed where they were.\r\rNext\xC3\r\n- one\r\n- "
        "two\r\n\r\n" LONG_LINE "\r\nA short one\nThe end is here.";
    static const enum article_format formats[] = {
        ARTICLE_PLAIN, ARTICLE_MARKDOWN, ARTICLE_HTML};
    for (size_t i = 0; i < ARRAY_LENGTH(formats); i++) {
        struct buffer whole = {0};
        struct article *article;
        article_open_memory(&article, "x", text, sizeof text - 1, formats[i],
                            NULL);
        assert_int_equal(dump(&whole, article, NULL), TENOR_OK);
        article_close(article);
        for (size_t step = 1; step < 40; step += 3) {
            struct pipe_article piped;
            struct buffer pieces = {0};
            open_pipe(&piped, formats[i]);
            for (size_t at = 0; at < sizeof text - 1; at += step) {
                size_t size = sizeof text - 1 - at;
                size = size < step ? size : step;
                assert_int_equal(write(piped.input, text + at, size), size);
                article_ready(piped.article);
            }
            close(piped.input);
            piped.input = -1;
            assert_int_equal(dump(&pieces, piped.article, NULL), TENOR_OK);
            assert_string_equal(pieces.data, whole.data);
            assert_int_equal(article_repaired(piped.article), 1);
            close_pipe(&piped);
            buffer_clear(&pieces);
        }
        buffer_clear(&whole);
    }
}

/* ---- failures ----------------------------------------------------------- */

static void files_that_cannot_be_read(void **state) {
    (void)state;
    struct article *article;
    tenor_error error = {0};
    assert_int_equal(
        article_open(&article, "/nowhere/a.txt", ARTICLE_AUTO, &error),
        TENOR_ERROR_IO);
    assert_null(article);
    assert_string_equal(error.file, "/nowhere/a.txt");
    assert_int_equal(article_open(&article, "/", ARTICLE_AUTO, &error),
                     TENOR_ERROR_IO);
    article_close(NULL);
}

/* Every allocation fails once; nothing leaks (the sanitizer looks), nothing
 * crashes, and the status says what happened. */
static void no_memory_at_any_point(void **state) {
    (void)state;
    static const struct {
        enum article_format format;
        const char *text;
    } cases[] = {
        {ARTICLE_PLAIN,
         "The harbour of the town was closed for\nthe third day \xC3 as it\n"
         "went on.\n\n- one\n\na\tb\n"},
        {ARTICLE_MARKDOWN,
         "# A *b*\n\n[c](d) **e** \xC3\n- f\n\n| g | h |\n|---|---|\n"},
        {ARTICLE_HTML,
         "<title>t</title><ul><li>a<li>b</ul><table><tr><td>c<td>d</table>"
         "<p>e \xC3 <b>f</b><pre>g\n\nh</pre>"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        bool failed = true;
        size_t n;
        for (n = 1; failed; n++) {
            struct article *article = NULL;
            struct paragraph paragraph;
            bool more = true;
            tenor_error error = {0};
            memory_fail_at(n);
            tenor_status status = article_open_memory(
                &article, "x", cases[i].text, strlen(cases[i].text),
                cases[i].format, &error);
            while (status == TENOR_OK && more)
                status = article_next(article, &paragraph, &more, &error);
            memory_fail_at(0);
            failed = status != TENOR_OK;
            if (failed) {
                assert_int_equal(status, TENOR_ERROR_MEMORY);
                assert_int_equal(error.status, TENOR_ERROR_MEMORY);
            }
            article_close(article);
        }
        assert_true(n > 5);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_ends_of_any_kind),
        cmocka_unit_test(bytes_are_repaired_and_counted),
        cmocka_unit_test(byte_order_marks),
        cmocka_unit_test(formats_are_recognised),
        cmocka_unit_test(wrapped_lines_are_joined),
        cmocka_unit_test(lines_are_paragraphs),
        cmocka_unit_test(long_lines_are_never_joined),
        cmocka_unit_test(wrapped_paragraphs_without_blank_lines),
        cmocka_unit_test(wrapped_lines_of_either_end),
        cmocka_unit_test(wrapped_files_keep_their_parts),
        cmocka_unit_test(hyphens_at_line_ends),
        cmocka_unit_test(plain_marks_are_stripped),
        cmocka_unit_test(rules_part_and_underline),
        cmocka_unit_test(rows_of_plain_text),
        cmocka_unit_test(files_begin_with_a_headline),
        cmocka_unit_test(slow_pipes_of_plain_text),
        cmocka_unit_test(slow_pipes_of_lines),
        cmocka_unit_test(slow_pipes_of_markup),
        cmocka_unit_test(pieces_make_no_difference),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(no_memory_at_any_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
