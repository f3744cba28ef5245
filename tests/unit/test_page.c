/* report: the page of labelled articles, over texts and names that mean no
 * good, and without memory. */
#include "report/report.h"
#include "small_model.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char wild[] =
    "</p></div><script>alert(1)</script> \"gas\" & 'oil' "
    "\x1b[31m\xC2\x9B\xEF\xBF\xBE\xE2\x80\xAE pipeline";

/* Every element that is opened is closed, in order. */
static void expect_balanced(const char *page) {
    static const char *const single[] = {"meta", "rect", "!DOCTYPE"};
    char open[64][16];
    size_t depth = 0;
    for (const char *at = page; (at = strchr(at, '<')); at++) {
        char name[16] = "";
        bool closes = at[1] == '/', is_single = false;
        sscanf(at + 1 + closes, "%15[a-zA-Z0-9!]", name);
        for (size_t i = 0; i < ARRAY_LENGTH(single); i++)
            is_single = is_single || strcmp(name, single[i]) == 0;
        if (is_single)
            continue;
        if (closes) {
            assert_true(depth > 0);
            assert_string_equal(open[--depth], name);
        } else {
            assert_true(depth < ARRAY_LENGTH(open));
            memcpy(open[depth++], name, sizeof name);
        }
    }
    assert_int_equal(depth, 0);
}

struct fixture {
    tenor_model *model;
    tenor_classifier *classifier;
    struct label_tally tally;
    struct page_about about;
};

static const char *const files[] = {"<b>\"a\".html", "-"};

static void set_up(struct fixture *fixture, double coverage) {
    struct learn_options options = small_options();
    *fixture = (struct fixture){.model = small_model(&options)};
    assert_int_equal(
        tenor_classifier_new(&fixture->classifier, fixture->model, NULL), 0);
    if (coverage > 0)
        assert_int_equal(
            tenor_classifier_set_coverage(fixture->classifier, coverage, NULL),
            0);
    assert_true(label_tally_init(&fixture->tally, fixture->model));
    fixture->about = (struct page_about){.model = fixture->model,
                                         .model_name = "<i>model</i>",
                                         .files = files,
                                         .file_count = 2,
                                         .coverage = coverage,
                                         .explain = true};
}

static void clear(struct fixture *fixture) {
    label_tally_clear(&fixture->tally);
    tenor_classifier_free(fixture->classifier);
    tenor_model_free(fixture->model);
}

static void put_paragraph(struct buffer *out, struct fixture *fixture,
                          const char *text, enum paragraph_kind kind,
                          size_t number) {
    static const struct label_reasons reasons = {
        .task = 1, .count = 2, .terms = {{"<gas>", 0.5f}, {"&", -0.25f}}};
    tenor_result result;
    struct labelled_paragraph paragraph = {.model = fixture->model,
                                           .text = {text, strlen(text)},
                                           .kind = kind,
                                           .article = 1,
                                           .number = number};
    if (kind != PARAGRAPH_FURNITURE) {
        assert_int_equal(tenor_classify(fixture->classifier, &result, text,
                                        strlen(text), NULL),
                         0);
        paragraph.result = &result;
        paragraph.reasons = &reasons;
        paragraph.reason_count = 1;
    }
    report_paragraph_html(out, &paragraph);
    label_tally_add(&fixture->tally, &paragraph);
}

static void put_page(struct buffer *out, struct fixture *fixture) {
    report_page_open(out, &fixture->about);
    report_page_article(out, files[0], 1);
    report_page_overview_below(out, 1);
    for (size_t kind = 0; kind < PARAGRAPH_KINDS; kind++)
        put_paragraph(out, fixture, wild, (enum paragraph_kind)kind, kind + 1);
    report_page_overview(out, &fixture->about, &fixture->tally, 1);
    report_page_article_close(out, "<why>");
    report_page_summary(out, &fixture->about, &fixture->tally);
    report_html_close(out);
}

static void test_page(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fixture fixture;
        struct buffer out = {0};
        set_up(&fixture, i ? 0.7 : 0);
        put_page(&out, &fixture);
        assert_false(out.failed);
        expect_balanced(out.data);
        assert_null(strstr(out.data, "<script"));
        assert_null(strstr(out.data, "<b>\""));
        assert_null(strstr(out.data, "<i>"));
        assert_null(strstr(out.data, "<why>"));
        assert_null(strchr(out.data, 0x1b));
        assert_null(strstr(out.data, "\xC2\x9B"));
        assert_null(strstr(out.data, "\xEF\xBF\xBE"));
        assert_null(strstr(out.data, "http"));
        assert_non_null(strstr(out.data, "&lt;gas&gt;</bdi> +0.50<"));
        assert_non_null(strstr(out.data, "&amp;</bdi> -0.25<"));
        assert_non_null(strstr(out.data, "<li class=\"unit item\""));
        assert_non_null(strstr(out.data, "<h3 dir=\"auto\">&lt;/p&gt;"));
        buffer_clear(&out);
        clear(&fixture);
    }
}

/* What the overview counts: single-label tasks add up to all that is
 * labelled; words that nobody knows count where no doubt was asked for. */
static void test_tally(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fixture fixture;
        struct label_tally all;
        struct buffer out = {0};
        set_up(&fixture, i ? 0.7 : 0);
        put_paragraph(&out, &fixture, "The gas pipeline reopened",
                      PARAGRAPH_PROSE, 1);
        put_paragraph(&out, &fixture, "xyzzy plugh", PARAGRAPH_PROSE, 2);
        put_paragraph(&out, &fixture, "gas", PARAGRAPH_FURNITURE, 3);
        assert_true(label_tally_init(&all, fixture.model));
        label_tally_move(&all, &fixture.tally);
        assert_int_equal(fixture.tally.labelled, 0);
        assert_int_equal(all.labelled, i ? 1 : 2);
        assert_int_equal(all.unknown, 1);
        assert_int_equal(all.furniture, 1);
        for (size_t t = 0; t < all.tasks; t++) {
            size_t sum = all.unsure[t] + all.bare[t];
            size_t first = tenor_model_first_output(fixture.model, t);
            for (size_t k = 0; k < tenor_model_labels(fixture.model, t); k++)
                sum += all.given[first + k];
            if (!tenor_model_task_is_multi(fixture.model, t))
                assert_int_equal(sum, all.labelled);
            else
                assert_true(sum >= all.labelled);
        }
        label_tally_clear(&all);
        buffer_clear(&out);
        clear(&fixture);
    }
}

static void test_no_memory(void **state) {
    (void)state;
    struct fixture fixture;
    set_up(&fixture, 0.7);
    bool failed = true;
    for (size_t n = 1; failed; n++) {
        struct buffer out = {0};
        memory_fail_at(n);
        report_page_open(&out, &fixture.about);
        report_page_article(&out, files[0], 1);
        report_page_overview(&out, &fixture.about, &fixture.tally, 1);
        report_html_close(&out);
        memory_fail_at(0);
        failed = out.failed;
        assert_true(n > 5 || failed);
        buffer_clear(&out);
    }
    failed = true;
    for (size_t n = 1; failed; n++) {
        struct label_tally tally;
        memory_fail_at(n);
        failed = !label_tally_init(&tally, fixture.model);
        memory_fail_at(0);
        assert_true(n > 3 || failed);
        label_tally_clear(&tally);
    }
    clear(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_tally),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
