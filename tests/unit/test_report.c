/* report: the accuracy report in its three forms, over labels that mean no
 * good, and without memory. */
#include "report/columns.h"
#include "report/figures.h"
#include "report/report.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

/* ---- fixtures ----------------------------------------------------------- */

enum { ROWS = 40, LABELS = 4, MANY = 30 };

static const char *const tame[] = {"against", "for", "none", "unused"};
static const char *const wild[] = {
    "</style><script>alert(1)</script>", "\"quoted\" & 'so'\x1b[31m\n",
    "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC a name of many, many characters, cut",
    "\xC2\x9B"};

/* Row i is label i % 3, or taken for the next one in every fifth row. */
static void fill(struct task_metrics *out, bool multi, const char *const *names,
                 size_t resamples) {
    static uint8_t truth[ROWS * LABELS], predicted[ROWS * LABELS];
    static float probability[ROWS * LABELS];
    memset(truth, 0, sizeof truth);
    memset(predicted, 0, sizeof predicted);
    for (size_t i = 0; i < ROWS; i++) {
        size_t is = i % 3, said = i % 5 ? is : (is + 1) % 3;
        truth[i * LABELS + is] = 1;
        predicted[i * LABELS + said] = 1;
        for (size_t j = 0; j < LABELS; j++)
            probability[i * LABELS + j] = j == said ? 0.85f : 0.05f;
    }
    const struct evaluate_input input = {.multi = multi,
                                         .rows = ROWS,
                                         .labels = LABELS,
                                         .names = names,
                                         .truth = truth,
                                         .predicted = predicted,
                                         .probability = probability};
    assert_int_equal(evaluate_task(out, &input, resamples, 1, NULL), TENOR_OK);
}

struct fixture {
    struct task_metrics metrics[2];
    struct evaluation_report report;
};

static const char *const task_names[] = {"stance", "topic <b>"};

static void set_up(struct fixture *fixture, const char *const *names,
                   size_t resamples) {
    fill(&fixture->metrics[0], false, names, resamples);
    fill(&fixture->metrics[1], true, names, resamples);
    fixture->report = (struct evaluation_report){.paragraphs = 1040,
                                                 .task_count = 2,
                                                 .task_names = task_names,
                                                 .metrics = fixture->metrics,
                                                 .model_name = "a \"model\""};
}

static void clear(struct fixture *fixture) {
    task_metrics_clear(&fixture->metrics[0]);
    task_metrics_clear(&fixture->metrics[1]);
}

/* ---- text --------------------------------------------------------------- */

static const char expected_text[] =
    "Accuracy of m\n"
    "on 40 labelled paragraphs\n"
    "\n"
    "stance: exactly one of 4 labels, 40 paragraphs\n"
    "----------------------------------------"
    "----------------------------------------\n"
    "label                precision   recall      F1 support\n"
    "against                  0.786    0.786   0.786      14*\n"
    "for                      0.786    0.846   0.815      13*\n"
    "none                     0.833    0.769   0.800      13*\n"
    "unused                       -        -       -       0\n"
    "\n"
    "macro average            0.802    0.800   0.800\n"
    "accuracy = micro F1                       0.800\n"
    "\n"
    "Confusion: a row is the true label, a column the predicted one\n"
    "         against      for     none\n"
    "against       11        3        .\n"
    "for            .       11        2\n"
    "none           3        .       10\n"
    "\n"
    "The probabilities are a rough guide: a stated probability is 5.0 points "
    "off on\n"
    "average, and on the whole 5.0 points too high (expected calibration error "
    "0.050,\n"
    "log-loss 0.729, Brier score 0.350).\n"
    "* 3 labels have fewer than 20 true paragraphs: the figures say little of "
    "them. 1\n"
    "label is neither true nor predicted anywhere; the macro averages leave it "
    "out.\n"
    "\n"
    "Precision, recall and F1 are defined as in scikit-learn 1.2; macro "
    "averages\n"
    "weigh each label alike, micro averages each decision.\n";

static void test_text(void **state) {
    (void)state;
    struct buffer out = {0};
    struct fixture fixture;
    set_up(&fixture, tame, 0);
    fixture.report.paragraphs = ROWS;
    fixture.report.task_count = 1;
    fixture.report.model_name = "m";
    report_evaluation_text(&out, &fixture.report);
    assert_false(out.failed);
    assert_string_equal(out.data, expected_text);
    buffer_clear(&out);
    clear(&fixture);
}

/* No line is wider than a terminal, and no label steers it. */
static void test_text_width(void **state) {
    (void)state;
    struct buffer out = {0};
    struct fixture fixture;
    set_up(&fixture, wild, 50);
    report_evaluation_text(&out, &fixture.report);
    size_t width = 0;
    for (size_t i = 0; i < out.size; i++) {
        unsigned char byte = (unsigned char)out.data[i];
        assert_true(byte >= 0x20 || byte == '\n');
        width = byte == '\n' ? 0 : width + ((byte & 0xC0) != 0x80);
        assert_true(width <= 80);
    }
    assert_null(strstr(out.data, "\xC2\x9B"));
    assert_non_null(strstr(out.data, "a name of many, many c~"));
    assert_non_null(strstr(out.data, "1,040 labelled"));
    buffer_clear(&out);
    clear(&fixture);
}

/* Wide characters take two columns, marks none, controls the one of their "?";
 * a cut leaves marks with their letter. */
static void test_columns(void **state) {
    (void)state;
    static const char text[] = "e\xCC\x81t\xE6\x97\xA5\xE6\x9C\xAC\x1b";
    size_t size = sizeof text - 1;
    assert_int_equal(columns_measure(text, size), 7);
    assert_int_equal(columns_cut(text, size, 0), 0);
    assert_int_equal(columns_cut(text, size, 1), 3);
    assert_int_equal(columns_cut(text, size, 3), 4);
    assert_int_equal(columns_cut(text, size, 4), 7);
    assert_int_equal(columns_cut(text, size, 7), size);
    static const char *const names[] = {"\xE6\x97\xA5\xE6\x9C\xAC", "for",
                                        "none", "unused"};
    struct buffer out = {0};
    struct fixture fixture;
    set_up(&fixture, names, 0);
    report_evaluation_text(&out, &fixture.report);
    assert_non_null(strstr(out.data, "\n\xE6\x97\xA5\xE6\x9C\xAC"
                                     "                     0.786"));
    buffer_clear(&out);
    clear(&fixture);
}

/* A matrix of many labels gives way to the most frequent confusions. */
static void test_text_many_labels(void **state) {
    (void)state;
    static uint8_t truth[MANY * MANY], predicted[MANY * MANY];
    static char texts[MANY][8];
    const char *names[MANY];
    for (size_t i = 0; i < MANY; i++) {
        snprintf(texts[i], sizeof texts[i], "l%02u", (unsigned)i % 100);
        names[i] = texts[i];
        truth[i * MANY + i] = 1;
        predicted[i * MANY + (i < 2 ? 5 : i)] = 1;
    }
    const struct evaluate_input input = {.rows = MANY,
                                         .labels = MANY,
                                         .names = names,
                                         .truth = truth,
                                         .predicted = predicted};
    struct task_metrics metrics;
    assert_int_equal(evaluate_task(&metrics, &input, 0, 1, NULL), TENOR_OK);
    const struct evaluation_report report = {.paragraphs = MANY,
                                             .task_count = 1,
                                             .task_names = task_names,
                                             .metrics = &metrics};
    struct buffer out = {0};
    report_evaluation_text(&out, &report);
    assert_non_null(strstr(out.data, "Accuracy of the model\n"));
    char pair[96];
    snprintf(pair, sizeof pair, "%-22s%-20s%7s%11s %%\n", "l01", "l05", "1",
             "100.0");
    assert_non_null(strstr(out.data, pair));
    assert_null(strstr(out.data, "Confusion:"));
    assert_null(strstr(out.data, "probabilities"));
    out.size = 0;
    report_evaluation_html(&out, &report);
    assert_null(strstr(out.data, ">Reliability"));
    assert_non_null(strstr(out.data, "Most frequent confusions"));
    buffer_clear(&out);
    task_metrics_clear(&metrics);
}

/* ---- JSON --------------------------------------------------------------- */

static double dig(const json_t *value, const char *first, const char *second) {
    value = json_object_get(value, first);
    if (second)
        value = json_object_get(value, second);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void test_json(void **state) {
    (void)state;
    struct buffer out = {0};
    struct fixture fixture;
    set_up(&fixture, wild, 50);
    report_evaluation_json(&out, &fixture.report);
    json_error_t reason;
    json_t *report =
        json_loadb(out.data, out.size, JSON_REJECT_DUPLICATES, &reason);
    assert_non_null(report);
    assert_int_equal(dig(report, "paragraphs", NULL), 1040);
    const json_t *tasks = json_object_get(report, "tasks");
    const json_t *single = json_object_get(tasks, task_names[0]);
    const json_t *multi = json_object_get(tasks, task_names[1]);
    assert_string_equal(json_string_value(json_object_get(single, "kind")),
                        "single");
    assert_true(fabs(dig(single, "accuracy", NULL) - 0.8) < 1e-6);
    assert_true(fabs(dig(single, "log_loss", NULL) -
                     fixture.metrics[0].log_loss) < 1e-5);
    const json_t *labels = json_object_get(single, "labels");
    for (size_t i = 0; i < LABELS; i++)
        assert_int_equal(dig(labels, wild[i], "support"),
                         fixture.metrics[0].label[i].support);
    const json_t *confusion = json_object_get(single, "confusion");
    assert_int_equal(json_array_size(json_object_get(confusion, "labels")),
                     LABELS);
    const json_t *row = json_array_get(json_object_get(confusion, "counts"), 0);
    assert_int_equal(json_integer_value(json_array_get(row, 1)),
                     fixture.metrics[0].confusion[1]);
    assert_int_equal(
        json_array_size(json_object_get(json_object_get(multi, "intervals"),
                                        "subset_accuracy")),
        2);
    dig(multi, "subset_accuracy", NULL);
    dig(multi, "hamming_loss", NULL);
    assert_null(json_object_get(multi, "accuracy"));
    assert_null(json_object_get(multi, "confusion"));
    json_decref(report);
    buffer_clear(&out);
    clear(&fixture);
}

static void expect_number(double value, const char *expected) {
    struct buffer out = {0};
    report_json_number(&out, value);
    assert_string_equal(out.data, expected);
    buffer_clear(&out);
}

static void test_json_values(void **state) {
    (void)state;
    static const char text[] = "a\"\\/\b\f\n\r\t\x01\x7F\0\xC3\xA9";
    struct buffer out = {0};
    report_json_string(&out, text, sizeof text - 1);
    assert_string_equal(out.data, "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f"
                                  "\\u0000\xC3\xA9\"");
    buffer_clear(&out);
    /* whichever of the locales with a decimal comma is there */
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8"))
        setlocale(LC_NUMERIC, "fr_FR.UTF-8");
    expect_number(0.5, "0.5");
    expect_number(1.0 / 3.0, "0.333333");
    expect_number(1e-9, "1e-09");
    expect_number(-2.0, "-2");
    expect_number(NAN, "null");
    expect_number(INFINITY, "null");
    assert_string_equal(figures_fixed(0.1, 3).text, "0.100");
    setlocale(LC_NUMERIC, "C");
}

static void test_figures(void **state) {
    (void)state;
    assert_string_equal(figures_fixed(0.0, 3).text, "0.000");
    assert_string_equal(figures_fixed(0.9996, 3).text, "1.000");
    assert_string_equal(figures_fixed(12.05, 1).text, "12.1");
    assert_string_equal(figures_fixed(-0.004, 3).text, "-0.004");
    assert_string_equal(figures_fixed(-0.0001, 3).text, "0.000");
    assert_string_equal(figures_fixed(7.0, 0).text, "7");
    assert_string_equal(figures_fixed(NAN, 3).text, "-");
    assert_string_equal(figures_signed(0.5, 2).text, "+0.50");
    assert_string_equal(figures_signed(-0.5, 2).text, "-0.50");
    assert_string_equal(figures_signed(-0.001, 2).text, "+0.00");
    assert_string_equal(figures_count(0).text, "0");
    assert_string_equal(figures_count(999).text, "999");
    assert_string_equal(figures_count(1234567).text, "1,234,567");
    assert_int_equal(strlen(figures_count(SIZE_MAX).text), 26);
}

/* ---- HTML --------------------------------------------------------------- */

static size_t count_of(const char *text, const char *word) {
    size_t count = 0;
    while ((text = strstr(text, word))) {
        count++;
        text += strlen(word);
    }
    return count;
}

static void test_html(void **state) {
    (void)state;
    struct buffer out = {0};
    struct fixture fixture;
    set_up(&fixture, wild, 50);
    report_evaluation_html(&out, &fixture.report);
    assert_false(out.failed);
    assert_null(strstr(out.data, "<script"));
    assert_null(strstr(out.data, "http"));
    assert_null(strchr(out.data, 0x1b));
    assert_int_equal(count_of(out.data, "</style>"), 1);
    assert_int_equal(count_of(out.data, "<svg "), 5);
    assert_int_equal(count_of(out.data, "</desc>"), 5);
    assert_int_equal(count_of(out.data, "<b>"), 0);
    static const char *const pairs[] = {"table", "section", "figure",
                                        "svg",   "text",    "tr"};
    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        char close[16];
        snprintf(close, sizeof close, "</%s>", pairs[i]);
        size_t closed = count_of(out.data, close);
        snprintf(close, sizeof close, "<%s ", pairs[i]);
        size_t opened = count_of(out.data, close);
        snprintf(close, sizeof close, "<%s>", pairs[i]);
        assert_int_equal(opened + count_of(out.data, close), closed);
    }
    buffer_clear(&out);
    clear(&fixture);
}

/* ---- no memory ---------------------------------------------------------- */

typedef void write_function(struct buffer *out,
                            const struct evaluation_report *report);

static void test_no_memory(void **state) {
    (void)state;
    static write_function *const writers[] = {
        report_evaluation_text, report_evaluation_json, report_evaluation_html};
    struct fixture fixture;
    set_up(&fixture, tame, 0);
    for (size_t i = 0; i < ARRAY_LENGTH(writers); i++) {
        bool failed = true;
        for (size_t n = 1; failed; n++) {
            struct buffer out = {0};
            memory_fail_at(n);
            writers[i](&out, &fixture.report);
            memory_fail_at(0);
            failed = out.failed;
            assert_true(n > 5 || failed);
            buffer_clear(&out);
        }
    }
    clear(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_text_width),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_text_many_labels),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_values),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
