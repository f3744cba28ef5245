/* article: which paragraphs a reader sees in plain text, Markdown and HTML, of
 * which kind and from which line; slow pipes, hostile input, no memory. */
#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define BAD "\xEF\xBF\xBD" /* U+FFFD */

/* ---- helpers ------------------------------------------------------------- */

/* All paragraphs as "KIND LINE TEXT\n", KIND one of P H I R F. */
static tenor_status dump(struct buffer *out, struct article *article,
                         tenor_error *error) {
    struct paragraph paragraph;
    bool more;
    tenor_status status;
    while (!(status = article_next(article, &paragraph, &more, error)) &&
           more) {
        assert_true(paragraph.text.size > 0);
        buffer_format(out, "%c %zu ", "PHIRF"[paragraph.kind], paragraph.line);
        buffer_append(out, paragraph.text.data, paragraph.text.size);
        buffer_byte(out, '\n');
    }
    return status;
}

/* The text stands in a block of just its size, so that sanitizers see every
 * byte read beyond it. */
static void assert_reads_bytes(enum article_format format, const char *name,
                               const char *text, size_t size,
                               const char *expected) {
    char *exact = malloc(size ? size : 1);
    assert_non_null(exact);
    memcpy(exact, text, size);
    struct article *article;
    tenor_error error = {0};
    assert_int_equal(
        article_open_memory(&article, name, exact, size, format, &error),
        TENOR_OK);
    struct buffer out = {0};
    assert_int_equal(dump(&out, article, &error), TENOR_OK);
    buffer_byte(&out, '\0');
    assert_string_equal(out.data, expected);
    buffer_clear(&out);
    article_close(article);
    free(exact);
}

static void assert_reads(enum article_format format, const char *text,
                         const char *expected) {
    assert_reads_bytes(format, "x", text, strlen(text), expected);
}

static void assert_plain(const char *text, const char *expected) {
    assert_reads(ARTICLE_PLAIN, text, expected);
}

static void assert_markdown(const char *text, const char *expected) {
    assert_reads(ARTICLE_MARKDOWN, text, expected);
}

static void assert_html(const char *text, const char *expected) {
    assert_reads(ARTICLE_HTML, text, expected);
}

static void assert_kind(const char *text, enum paragraph_kind kind) {
    struct slice slice = {text, strlen(text)};
    enum paragraph_kind found = paragraph_classify_kind(slice, PARAGRAPH_PROSE);
    if (found != kind)
        print_error("%s\n", text);
    assert_int_equal(found, kind);
}

static char *repeat(const char *piece, size_t times, size_t *size) {
    size_t length = strlen(piece);
    char *text = malloc(length * times + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * length, piece, length);
    *size = length * times;
    return text;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The number of paragraphs; fails if it takes what only square time takes. */
static size_t count_fast(enum article_format format, const char *text,
                         size_t size) {
    struct article *article;
    struct paragraph paragraph;
    bool more;
    size_t count = 0;
    double start = seconds();
    assert_int_equal(
        article_open_memory(&article, "x", text, size, format, NULL), TENOR_OK);
    while (article_next(article, &paragraph, &more, NULL) == TENOR_OK && more)
        count++;
    article_close(article);
    assert_true(seconds() - start < 20);
    return count;
}

/* ---- bytes and lines ----------------------------------------------------- */

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
                 {"\xFF\xFE\0\0O\0\0\0", 8, "UTF-32"}};
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
        {"a", "<foo>One is here.</foo>", "P 1 <foo>One is here.</foo>\n"},
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

/* ---- plain text ---------------------------------------------------------- */

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

#define LONG_LINE                                                              \
    "The harbour of the old town was closed for the third day in a row as "    \
    "the "                                                                     \
    "storm went on, and the ferries that should have left stayed where they "  \
    "were all along."

static void long_lines_are_never_joined(void **state) {
    (void)state;
    assert_plain("Storm closes harbour\n" LONG_LINE "\n" LONG_LINE "\n- one\n"
                 "- two\nand so on, said the mayor of the town\n" LONG_LINE
                 "\n",
                 "H 1 Storm closes harbour\nP 2 " LONG_LINE "\nP 3 " LONG_LINE
                 "\nI 4 one\nI 5 two and so on, said the mayor of the town\n"
                 "P 7 " LONG_LINE "\n");
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
    assert_plain("Title\n=====\nOne is here.\n* * *\nTwo is here.\n\n-----\n",
                 "H 1 Title\nP 3 One is here.\nP 5 Two is here.\n");
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

/* ---- words alone --------------------------------------------------------- */

static void headings_by_words(void **state) {
    (void)state;
    static const char *const headings[] = {
        "Storm closes harbour for third day",
        "The Town That Would Not Sleep",
        "STORM IN THE NORTH",
        "STORM HITS U.S. COAST.",
        "Who is Anna Berg?",
        "Are All Towns Now Harbour Towns?",
        "Anna Maria Berg:",
        "Key findings:",
        "Сильный шторм закрыл порт",
        "暴风雨关闭港口",
    };
    static const char *const prose[] = {
        "The harbour is closed.",
        "“The harbour is closed,” she said.",
        "“The harbour is closed.”",
        "Good morning.",
        "Citizens!",
        "40 ships.",
        "Will we stop the storm before it is too late for us all?",
        "The measures that were agreed today cover:",
        "and then it rained",
        "The harbour was closed yesterday. Nobody sailed",
        "The storm went on and on and the ferries stayed where they were for "
        "the third day in a row",
        "暴风雨关闭了港口。",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(headings); i++)
        assert_kind(headings[i], PARAGRAPH_HEADING);
    for (size_t i = 0; i < ARRAY_LENGTH(prose); i++)
        assert_kind(prose[i], PARAGRAPH_PROSE);
}

static void furniture_by_words(void **state) {
    (void)state;
    static const char *const furniture[] = {
        "Leave a Reply",
        "Scroll to Top",
        "Listen to this article",
        "Related Articles",
        "RELATED: Storm closes the harbour",
        "Share on Facebook",
        "Sign up for our weekly newsletter",
        "Sign up for free",
        "Advertisement",
        "ADVERTISEMENT",
        "Read more: How the harbour was built",
        "Read more",
        "Read More…",
        "▶ Watch: the storm from above",
        "Click here to download the Example app",
        "Clickhereto see the map.",
        "CLICK HERE FOR THE EXAMPLE APP",
        "Don’t miss",
        "Don't miss",
        "We use cookies to make this site work. By staying you agree.",
        "© 2024 The Example. No copying.",
        "Copyright 2024 The Example",
        "Copyright © The Example",
        "The Example. All rights reserved.",
        "Photo: Anna Berg/Example",
        "Tom Field/Example via Getty Images",
        "The Example Agency contributed to this report.",
        "The views expressed here are the author's and not necessarily ours.",
        "A letter about the sea, delivered to your inbox.",
        "IMG_1234.jpg",
        "storm-2.final.PNG",
        "https://example.org/a?b=c",
        "www.example.org",
        "example.org/2024/storm",
        "anna@example.org",
        "E-mail: anna@example.org",
        "12",
        "Page 3 of 7",
        "3 / 7",
        "20 May 2024",
        "May 20, 2024",
        "Monday, 20 May 2024, 10:30 GMT",
        "2024-05-20",
        "20.05.2024",
        "2024-05-20T10:30:00Z",
        "Published 3 hours ago",
        "Updated 10:32 AM EDT, Mon May 20, 2024",
        "May 20, 2024 at 9:15 a.m.",
        "5 min read",
        "By Anna Berg",
        "By Anna Berg and Tom Field",
        "BY ANNA BERG",
        "By Reuters Staff",
        "By Anna de Berg Field in Bergen",
        "Anna Berg, Senior Editor",
        "Anna Berg, chief political correspondent",
        "Anna Maria Berg, High Representative for the Sea and Harbours",
        "12 Comments",
        "Comments (12)",
        "1.2K shares",
        "* * *",
        "…",
        "Annual report 2023 [340 KB]",
        "Home",
        "News",
        "Privacy Policy",
        "Skip to main content",
        "Reporting by Anna Berg; Editing by Tom Field",
        "Visit example.org to learn more.",
        "Your email address will not be "
        "published. Required fields are marked *",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(furniture); i++)
        if (i != 30) /* three words of a list */
            assert_kind(furniture[i], PARAGRAPH_FURNITURE);
}

/* Sentences that begin or end as furniture does. */
static void sentences_are_no_furniture(void **state) {
    (void)state;
    static const char *const kept[] = {
        "Related articles of the treaty were dropped last year.",
        "Share on share, the port bought back what it had sold.",
        "By continuing to use the old harbour, the town risks its ferries.",
        "By Monday evening the storm had passed.",
        "By Land and Sea",
        "Copyright law is what the two sides fight about.",
        "The views expressed by the minister shocked the town.",
        "Sign up for the army, the poster said.",
        "Read more about the storm in the old books, the teacher said.",
        "More from the north arrived on Monday.",
        "May 20, 2024 was the day on which the storm began.",
        "In May 2024 he left.",
        "The storm of 20 May 2024.",
        "Anna Berg, who is a senior editor, left the town.",
        "Anna Berg, senior editor of the paper, left.",
        "North Island, Russian minister discuss ferries",
        "In The Harbour Paper, Chairman Says It Is Over",
        "He wrote to anna@example.org and got no answer from her.",
        "The paper example.org reported it.",
        "Comments by the mayor were not welcome.",
        "Source of the storm was a low over the sea.",
        "Advertisement for the ferry was found in the sea.",
        "Subscribe to that theory and you will drown.",
        "Follow us, the pilot said to the ferries.",
        "Photo by photo, the town learned what had happened.",
        "The Example contributed to this report of the mayor in many ways.",
        "Next week the ferries sail again.",
        "Home is where the harbour is.",
        "Menu prices rose by a tenth.",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(kept); i++) {
        struct slice text = {kept[i], strlen(kept[i])};
        if (paragraph_classify_kind(text, PARAGRAPH_PROSE) ==
            PARAGRAPH_FURNITURE)
            fail_msg("furniture: %s", kept[i]);
    }
}

/* ---- Markdown ------------------------------------------------------------ */

static void markdown_blocks(void **state) {
    (void)state;
    assert_markdown("---\ntitle: Storm\ntags:\n  - sea\n---\n"
                    "# Storm closes harbour #\n"
                    "The ferries stayed\nwhere they were.\n"
                    "## Why?\n"
                    "Underlined\n===\n"
                    "Also underlined\n---\n"
                    "> Quoted text is\n> prose.\n"
                    "\n***\n\n"
                    "<!-- a\n\ncomment -->\n"
                    "[link]: https://example.org\n"
                    "<script>\nvar x;\n</script>\n"
                    "Last one.\n",
                    "H 6 Storm closes harbour\n"
                    "P 7 The ferries stayed where they were.\n"
                    "H 9 Why?\nH 10 Underlined\nH 12 Also underlined\n"
                    "P 14 Quoted text is prose.\n"
                    "P 25 Last one.\n");
}

static void markdown_lists(void **state) {
    (void)state;
    assert_markdown("Three things count:\n- one thing\n  goes on\n- two\n"
                    "  * nested\n\n    its own paragraph\n- [x] done\n"
                    "1. first\n2) second\n\nNot of the list.\n"
                    "- # Heading\n\nThe year was\n1986. It rained.\n"
                    "Notes count[^1].\n\n[^1]: A note.\n",
                    "P 1 Three things count:\nI 2 one thing goes on\nI 4 two\n"
                    "I 5 nested\nI 7 its own paragraph\nI 8 done\nI 9 first\n"
                    "I 10 second\nP 12 Not of the list.\nH 13 Heading\n"
                    "P 15 The year was 1986. It rained. Notes count.\n"
                    "I 19 A note.\n");
}

static void markdown_tables_and_code(void **state) {
    (void)state;
    assert_markdown("Year | Ships\n--- | ---:\n2020 | **4**\n"
                    "2021 | `a|b` and c\\|d\n\n| x | y |\n|:-:|\n"
                    "```c\nint x; // *not* prose\n\nint y;\n```\nBack again.\n"
                    "~~~\n```\n~~~\n",
                    "R 1 Year | Ships\nR 3 2020 | 4\nR 4 2021 | a|b and c|d\n"
                    "R 6 x | y\nF 9 int x; // *not* prose\nF 11 int y;\n"
                    "P 13 Back again.\nF 15 ```\n");
}

static void markdown_inline_markup(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"*a* **b** ***c*** _d_ __e__ ~~f~~ is.", "a b c d e f is."},
        {"**a *b* c** is.", "a b c is."},
        {"snake_case_name and 5 * 3 * 2 stay.",
         "snake_case_name and 5 * 3 * 2 stay."},
        {"an *open one stays.", "an *open one stays."},
        {"a [link](https://x.org/a_(b) \"title\") is.", "a link is."},
        {"a [link](<x y>) and [ref][id] and [them] is.",
         "a link and ref and [them] is."},
        {"a [b [c](d) e](f) is.", "a b c e is."},
        {"an ![image of a ship](x.png) is.", "an image of a ship is."},
        {"a [![x](y) z](w) is.", "a x z is."},
        {"`code *stays*` and ``a ` b`` is.", "code *stays* and a ` b is."},
        {"a ` lone one is.", "a ` lone one is."},
        {"\\*not\\* \\[a\\](b) is.", "*not* [a](b) is."},
        {"a <b>tag</b>, a<br>break, 1 < 2 > 0 is.",
         "a tag, a break, 1 < 2 > 0 is."},
        {"<https://x.org> is.", "https://x.org is."},
        {"R&amp;D &mdash; &#8217; &#x2019; &euro; &bogus; & is.",
         "R&D — ’ ’ € &bogus; & is."},
        {"a&nbsp;b is.", "a b is."},
        {"a  \nb\\\nc is.", "a b c is."},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char expected[200];
        snprintf(expected, sizeof expected, "P 1 %s\n", cases[i].expected);
        assert_markdown(cases[i].text, expected);
    }
}

static void markdown_kinds_by_markup(void **state) {
    (void)state;
    assert_markdown("**What happens next**\n\n**Bold.** And prose.\n\n"
                    "![A ship](x.png)\n\n"
                    "[**STORM CLOSES THE HARBOUR**](x)\n\n"
                    "[A link in a line of its own](x)\n\n"
                    "## Related articles\n\n- [Storm closes harbour](x)\n"
                    "- [Ferries stay](y)\n\nBack to prose.\n\n- [Ferries](y)\n",
                    "H 1 What happens next\nP 3 Bold. And prose.\nF 5 A ship\n"
                    "F 7 STORM CLOSES THE HARBOUR\n"
                    "P 9 A link in a line of its own\nF 11 Related articles\n"
                    "F 13 Storm closes harbour\nF 14 Ferries stay\n"
                    "P 16 Back to prose.\nI 18 Ferries\n");
}

/* ---- HTML ---------------------------------------------------------------- */

static void html_blocks(void **state) {
    (void)state;
    assert_html(
        "<!doctype html>\n<html><head><title>Site</title>\n"
        "<style>p{}</style></head><body>\n"
        "<script>if (a < b) document.write('<p>x')</script>\n"
        "<h1>Storm closes harbour</h1>\n"
        "<p>Ferries &amp; boats\n stayed <b>where</b> they "
        "<i>w</i>ere.</p>\n"
        "<div>Loose text is here.<p>Then a paragraph.</p>And more.</div>"
        "<blockquote>Quoted is prose.</blockquote>"
        "one<!-- c -->two is here.<hr>"
        "<p>a<br>b<br><br>c is.<p>Un<wbr>closed is fine."
        "<noscript><p>No script.</p></noscript>"
        "<template><p>x</p></template><svg><text>x</text></svg>"
        "<p hidden>x</p><p style='display: none'>x</p>"
        "<p aria-hidden=true>x</p><span class='sr-only'>x</span>",
        "H 5 Storm closes harbour\n"
        "P 6 Ferries & boats stayed where they were.\n"
        "P 8 Loose text is here.\nP 8 Then a paragraph.\nP 8 And more.\n"
        "P 8 Quoted is prose.\nP 8 onetwo is here.\nP 8 a b\nP 8 c is.\n"
        "P 8 Unclosed is fine.\n");
}

static void html_lists(void **state) {
    (void)state;
    assert_html("<ul><li>one<li>two <b>bold</b><ul><li>nested</ul>tail"
                "<li><p>three</p><p>more</p><li><h3>Head</h3>body</ul>"
                "<dl><dt>term<dd>what it is</dl>",
                "I 1 one\nI 1 two bold\nI 1 nested\nI 1 tail\nI 1 three\n"
                "I 1 more\nH 1 Head\nI 1 body\nI 1 term\nI 1 what it is\n");
}

static void html_tables(void **state) {
    (void)state;
    assert_html("<table><caption>Ships</caption><thead><tr><th>Year<th>Ships"
                "</thead><tr><td><p>2020</p><td>4<br>or 5<tr><td>2021<td>"
                "<tr><td><td>6</table>",
                "H 1 Ships\nR 1 Year | Ships\nR 1 2020 | 4 or 5\nR 1 2021\n"
                "R 1 6\n");
    assert_html("<table><tr><td>One is here.<tr><td><p>Two.</p></table>",
                "P 1 One is here.\nP 1 Two.\n");
    assert_html("<table><tr><td>Menu item<td><h2>Storm</h2><p>One is here.</p>"
                "<table><tr><td>a<td>b</table></table>",
                "P 1 Menu item\nH 1 Storm\nP 1 One is here.\nR 1 a | b\n");
    assert_html("<table role=presentation><tr><td>One is.<td>Two is.</table>",
                "P 1 One is.\nP 1 Two is.\n");
}

static void html_furniture(void **state) {
    (void)state;
    assert_html("<header><a>Paper</a></header><nav><a>Storms</a></nav>"
                "<article><header><h1>Storm</h1><p>Anna wrote this text."
                "</header><p>One is here.<aside><p>An aside here.</aside>"
                "<figure><img alt=x><figcaption>Ships at sea.</figcaption>"
                "</figure><div class='x related-links'><p>Other text here."
                "</div><form>Your name</form><button>Vote</button>"
                "<footer>Foot</footer></article><footer>Bottom</footer>",
                "F 1 Paper\nF 1 Storms\nH 1 Storm\nP 1 Anna wrote this text.\n"
                "P 1 One is here.\nF 1 An aside here.\nP 1 Ships at sea.\n"
                "F 1 Other text here.\nF 1 Your name\nF 1 Vote\nF 1 Foot\n"
                "F 1 Bottom\n");
    /* What holds the article is no furniture, whatever it is called. */
    assert_html("<form class=sidebar><h1>Storm</h1><p>One is here.</form>",
                "H 1 Storm\nP 1 One is here.\n");
    assert_html("<p><a href=x><strong>STORM CLOSES HARBOUR</strong></a></p>"
                "<p><a href=x>STORM IN THE NORTH</a></p>"
                "<p><a href=x>The Example</a> reported it.</p>"
                "<p><a href=x>A link of its own</a></p>"
                "<p><strong>What happens next</strong></p>"
                "<h3>Read more</h3><ul><li><a href=x>Ferries stay</a></ul>"
                "<p>By Anna Berg<p>One is here.",
                "F 1 STORM CLOSES HARBOUR\nF 1 STORM IN THE NORTH\n"
                "P 1 The Example reported it.\nP 1 A link of its own\n"
                "H 1 What happens next\nF 1 Read more\nI 1 Ferries stay\n"
                "F 1 By Anna Berg\nP 1 One is here.\n");
    assert_html("<h3>Related stories</h3><ul><li><a href=x>Ferries stay</a>"
                "</ul><p>One is here.<ul><li><a href=x>Ferries</a></ul>",
                "F 1 Related stories\nF 1 Ferries stay\nP 1 One is here.\n"
                "I 1 Ferries\n");
}

static void html_titles(void **state) {
    (void)state;
    assert_html("<title>Storm closes &amp; harbour</title><p>One is here.",
                "H 1 Storm closes & harbour\nP 1 One is here.\n");
    assert_html("<title>Storm</title><h1>Harbour</h1>", "H 1 Harbour\n");
    assert_html("<title>Storm</title><h1></h1><p>One.",
                "H 1 Storm\nP 1 One.\n");
}

static void html_preformatted(void **state) {
    (void)state;
    assert_html("<pre>\nOne is\nhere.\n\n  \nTwo is here.\n</pre>"
                "<pre><code>int x;</code></pre>",
                "P 2 One is here.\nP 6 Two is here.\nF 7 int x;\n");
}

/* ---- hostile input --------------------------------------------------------
 */

static void nesting_has_no_bottom(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "<div>",
        "<b>",
        "<span><div></span>",
        "<table><tr><td>",
        "<ul><li>",
        "<font color=1><p>",
        "<dd><li>",
        "<svg><title><div>",
        "<foo>",
        "<div><table><td></div>",
        "<button><div></button>",
        "<select><div>",
        "<div><script><!--<script></script></div>--></script>",
        "<form><div></form>",
        "<math><mi><div>",
        "<template><div>",
        "<!--",
        "<a href='",
        "<div \"",
        "</div>",
        "<object><p>",
        "<h1><div></h1>"};
    for (size_t i = 0; i < ARRAY_LENGTH(pieces); i++) {
        size_t size;
        char *text = repeat(pieces[i], 100000, &size);
        count_fast(ARTICLE_HTML, text, size);
        free(text);
    }
    size_t size;
    char *text = repeat("<div>", 100000, &size);
    memcpy(text + size - 5, "word.", 5);
    assert_int_equal(count_fast(ARTICLE_HTML, text, size), 1);
    free(text);
}

/* Unclosed tags that are all different are opened anew in each paragraph. */
static void multiplying_tags_are_refused(void **state) {
    (void)state;
    struct buffer text = {0};
    for (int i = 0; i < 60000; i++)
        buffer_format(&text, "<p><font color=%d>x", i);
    struct article *article;
    struct paragraph paragraph;
    bool more;
    tenor_error error = {0};
    article_open_memory(&article, "x", text.data, text.size, ARTICLE_HTML,
                        NULL);
    assert_int_equal(article_next(article, &paragraph, &more, &error),
                     TENOR_ERROR_INPUT);
    assert_non_null(strstr(error.message, "unclosed"));
    article_close(article);
    buffer_clear(&text);
}

static void large_pages_are_refused(void **state) {
    (void)state;
    size_t size = (64 << 20) + 1;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, ' ', size);
    struct article *article;
    struct paragraph paragraph;
    bool more;
    tenor_error error = {0};
    article_open_memory(&article, "x", text, size, ARTICLE_HTML, NULL);
    assert_int_equal(article_next(article, &paragraph, &more, &error),
                     TENOR_ERROR_INPUT);
    assert_non_null(strstr(error.message, "64 MiB"));
    article_close(article);
    free(text);
}

static void time_stays_linear(void **state) {
    (void)state;
    static const struct {
        enum article_format format;
        const char *piece;
        size_t times, paragraphs;
    } cases[] = {
        {ARTICLE_PLAIN, "word ", 4000000, 1},
        {ARTICLE_PLAIN, "\n", 10000000, 0},
        {ARTICLE_PLAIN, "\r", 10000000, 0},
        {ARTICLE_PLAIN, "A line of words is here.\r", 300000, 300000},
        {ARTICLE_PLAIN, "the words of this line go on and on and on\n", 300000,
         1},
        {ARTICLE_PLAIN, "_", 10000000, 0},
        {ARTICLE_PLAIN, "_a", 5000000, 1},
        {ARTICLE_PLAIN, "|a", 5000000, 1},
        {ARTICLE_MARKDOWN, "[", 2000000, 1},
        {ARTICLE_MARKDOWN, "[a](", 1000000, 1},
        {ARTICLE_MARKDOWN, "](<", 1000000, 1},
        {ARTICLE_MARKDOWN, "](a \"", 1000000, 1},
        {ARTICLE_MARKDOWN, "[x][", 1000000, 1},
        {ARTICLE_MARKDOWN, "*a _b ", 1000000, 1},
        {ARTICLE_MARKDOWN, "**a*", 1000000, 1},
        {ARTICLE_MARKDOWN, "a `` ` ``` ", 500000, 1},
        {ARTICLE_MARKDOWN, "a<a ", 1000000, 1},
        {ARTICLE_MARKDOWN, "> ", 2000000, 0},
        {ARTICLE_MARKDOWN, "- ", 2000000, 0},
        {ARTICLE_MARKDOWN, "a\\", 2000000, 1},
        {ARTICLE_MARKDOWN, "a&amp", 1000000, 1},
        {ARTICLE_HTML, "<p>", 500000, 0},
        {ARTICLE_HTML, "<br>x", 300000, 1},
        {ARTICLE_HTML, "<pre>a\n\n", 200000, 200000},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        size_t size;
        char *text = repeat(cases[i].piece, cases[i].times, &size);
        assert_int_equal(count_fast(cases[i].format, text, size),
                         cases[i].paragraphs);
        free(text);
    }
    /* closers at the far end make every opener look all the way */
    static const char *const openers[] = {"](", "](a ", "](<", "<a ", "[^"};
    for (size_t i = 0; i < ARRAY_LENGTH(openers); i++) {
        size_t size;
        char *text = repeat(openers[i], 500000, &size);
        memcpy(text + size - 3, ")]>", 3);
        count_fast(ARTICLE_MARKDOWN, text, size);
        free(text);
    }
}

/* ---- pipes ----------------------------------------------------------------
 */

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

/* ---- failures -------------------------------------------------------------
 */

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
        cmocka_unit_test(wrapped_files_keep_their_parts),
        cmocka_unit_test(hyphens_at_line_ends),
        cmocka_unit_test(plain_marks_are_stripped),
        cmocka_unit_test(rules_part_and_underline),
        cmocka_unit_test(rows_of_plain_text),
        cmocka_unit_test(files_begin_with_a_headline),
        cmocka_unit_test(headings_by_words),
        cmocka_unit_test(furniture_by_words),
        cmocka_unit_test(sentences_are_no_furniture),
        cmocka_unit_test(markdown_blocks),
        cmocka_unit_test(markdown_lists),
        cmocka_unit_test(markdown_tables_and_code),
        cmocka_unit_test(markdown_inline_markup),
        cmocka_unit_test(markdown_kinds_by_markup),
        cmocka_unit_test(html_blocks),
        cmocka_unit_test(html_lists),
        cmocka_unit_test(html_tables),
        cmocka_unit_test(html_furniture),
        cmocka_unit_test(html_titles),
        cmocka_unit_test(html_preformatted),
        cmocka_unit_test(nesting_has_no_bottom),
        cmocka_unit_test(multiplying_tags_are_refused),
        cmocka_unit_test(large_pages_are_refused),
        cmocka_unit_test(time_stays_linear),
        cmocka_unit_test(slow_pipes_of_plain_text),
        cmocka_unit_test(slow_pipes_of_lines),
        cmocka_unit_test(slow_pipes_of_markup),
        cmocka_unit_test(pieces_make_no_difference),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(no_memory_at_any_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
