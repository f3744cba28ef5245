/* markdown and html: what a reader sees of marked-up articles, and what hostile
 * ones cost. */
#include "article_helpers.h"

static void assert_markdown(const char *text, const char *expected) {
    assert_reads(ARTICLE_MARKDOWN, text, expected);
}

static void assert_html(const char *text, const char *expected) {
    assert_reads(ARTICLE_HTML, text, expected);
}

/* ---- Markdown ----------------------------------------------------------- */

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
                    "P 26 Last one.\n");
}

static void markdown_lists(void **state) {
    (void)state;
    assert_markdown("Three things count:\n- one thing\n  goes on\n- two\n"
                    "  * nested\n\n    its own paragraph\n- [x] done\n"
                    "1. first\n2) second\n\nNot of the list.\n"
                    "- # Heading\n\nThey were\n19. It rained.\n"
                    "Notes count[^1].\n\n[^1]: A note.\n",
                    "P 1 Three things count:\nI 2 one thing goes on\nI 4 two\n"
                    "I 5 nested\nI 7 its own paragraph\nI 8 done\nI 9 first\n"
                    "I 10 second\nP 12 Not of the list.\nH 13 Heading\n"
                    "P 15 They were 19. It rained. Notes count.\n"
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

/* ---- HTML --------------------------------------------------------------- */

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
                "<li><p>three</p><p>and more</p><li><h3>Head</h3>body</ul>"
                "<dl><dt>term<dd>what it is</dl>",
                "I 1 one\nI 1 two bold\nI 1 nested\nI 1 tail\nI 1 three\n"
                "I 1 and more\nH 1 Head\nI 1 body\nI 1 term\nI 1 what it is\n");
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
    assert_html("<table><tr><td><p>One is.<p>Two is.<td>Three is.</table>",
                "P 1 One is.\nP 1 Two is.\nP 1 Three is.\n");
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

/* ---- hostile input ------------------------------------------------------ */

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

/* A page of another century is read all the same. */
static void forgotten_end_tags_are_not_refused(void **state) {
    (void)state;
    struct buffer text = {0};
    buffer_text(&text, "<p>Here they are opened.");
    for (int i = 0; i < 300; i++)
        buffer_format(&text, "<font color=%d>", i);
    for (int i = 0; i < 2000; i++)
        buffer_text(&text, "<p>One is here.");
    assert_int_equal(count_fast(ARTICLE_HTML, text.data, text.size), 2001);
    buffer_clear(&text);
}

static void attributes_have_no_end(void **state) {
    (void)state;
    struct buffer text = {0};
    buffer_text(&text, "<p");
    for (int i = 0; i < 400000; i++)
        buffer_format(&text, " a%d=1", i);
    buffer_text(&text, " title='x > y'>One is here.");
    assert_int_equal(count_fast(ARTICLE_HTML, text.data, text.size), 1);
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
        {ARTICLE_MARKDOWN, "[](<", 1000000, 1},
        {ARTICLE_MARKDOWN, "[](a \"", 1000000, 1},
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
    static const char *const openers[] = {"[](", "[](a ", "[](<", "<a ", "[^"};
    for (size_t i = 0; i < ARRAY_LENGTH(openers); i++) {
        size_t size;
        char *text = repeat(openers[i], 500000, &size);
        memcpy(text + size - 3, ")]>", 3);
        count_fast(ARTICLE_MARKDOWN, text, size);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
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
        cmocka_unit_test(forgotten_end_tags_are_not_refused),
        cmocka_unit_test(attributes_have_no_end),
        cmocka_unit_test(large_pages_are_refused),
        cmocka_unit_test(time_stays_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
