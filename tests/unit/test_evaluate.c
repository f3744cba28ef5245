/* evaluate: every figure against scikit-learn's (tests/golden/metrics.py). */
#include "evaluate/evaluate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define GOLDEN TENOR_SOURCE_DIR "/tests/golden/metrics.json"

static json_t *golden;

/* ---- fixtures ----------------------------------------------------------- */

struct fixture {
    json_t *golden;
    struct evaluate_input input;
    uint8_t *truth, *predicted; /* [rows][labels] */
    float *probability;
};

static const char *const names[] = {"a", "b", "c", "d", "e", "f"};

/* One row of a matrix: a label's number, or indicators. */
static void fill_row(uint8_t *out, const json_t *value, size_t labels) {
    if (json_is_integer(value))
        out[json_integer_value(value)] = 1;
    for (size_t i = 0; i < labels && json_is_array(value); i++)
        out[i] = json_integer_value(json_array_get(value, i)) != 0;
}

static struct fixture load(const char *name) {
    struct fixture fixture = {.golden = json_object_get(golden, name)};
    json_t *truth = json_object_get(fixture.golden, "truth");
    json_t *predicted = json_object_get(fixture.golden, "predicted");
    json_t *probability = json_object_get(fixture.golden, "probability");
    size_t rows = json_array_size(truth);
    size_t labels = json_array_size(json_array_get(probability, 0));
    fixture.truth = memory_new(rows * labels, 1);
    fixture.predicted = memory_new(rows * labels, 1);
    fixture.probability = memory_new(rows * labels, sizeof(float));
    for (size_t i = 0; i < rows; i++) {
        const json_t *row = json_array_get(probability, i);
        fill_row(fixture.truth + i * labels, json_array_get(truth, i), labels);
        fill_row(fixture.predicted + i * labels, json_array_get(predicted, i),
                 labels);
        for (size_t j = 0; j < labels; j++)
            fixture.probability[i * labels + j] =
                (float)json_number_value(json_array_get(row, j));
    }
    fixture.input = (struct evaluate_input){
        .multi = json_is_array(json_array_get(truth, 0)),
        .rows = rows,
        .labels = labels,
        .names = names,
        .truth = fixture.truth,
        .predicted = fixture.predicted,
        .probability = fixture.probability};
    return fixture;
}

static void clear(struct fixture *fixture) {
    memory_free(fixture->truth);
    memory_free(fixture->predicted);
    memory_free(fixture->probability);
}

static double number(const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);
    if (!json_is_number(value))
        fail_msg("no number \"%s\" in the golden file", name);
    return json_number_value(value);
}

static void assert_near(double actual, double expected, const char *what) {
    if (!(fabs(actual - expected) <= 1e-9 * fmax(1.0, fabs(expected))))
        fail_msg("%s is %.15g, expected %.15g", what, actual, expected);
}

/* ---- figures ------------------------------------------------------------ */

static void compare_labels(const struct task_metrics *metrics,
                           const json_t *expected) {
    for (size_t i = 0; i < metrics->labels; i++) {
        const struct label_metrics *label = &metrics->label[i];
        const struct {
            const char *name;
            double value;
        } figures[] = {{"precision", label->precision},
                       {"recall", label->recall},
                       {"f1", label->f1},
                       {"support", (double)label->support}};
        for (size_t j = 0; j < ARRAY_LENGTH(figures); j++)
            assert_near(figures[j].value,
                        json_number_value(json_array_get(
                            json_object_get(expected, figures[j].name), i)),
                        figures[j].name);
    }
}

static void compare_interval(struct interval interval, const json_t *intervals,
                             const char *name) {
    const json_t *bounds =
        json_object_get(json_object_get(intervals, "bounds"), name);
    assert_non_null(bounds);
    assert_near(interval.low, json_number_value(json_array_get(bounds, 0)),
                name);
    assert_near(interval.high, json_number_value(json_array_get(bounds, 1)),
                name);
}

static void compare_intervals(const struct task_metrics *metrics,
                              const json_t *intervals) {
    compare_interval(metrics->macro_f1_interval, intervals, "macro_f1");
    compare_interval(metrics->micro_f1_interval, intervals, "micro_f1");
    compare_interval(metrics->accuracy_interval, intervals, "accuracy");
    for (size_t i = 0; i < metrics->labels; i++) {
        const struct label_metrics *label = &metrics->label[i];
        char name[32];
        snprintf(name, sizeof name, "label %zu", i);
        if (label->support + label->predicted > 0)
            compare_interval(label->f1_interval, intervals, name);
    }
}

static void compare(const struct fixture *fixture,
                    const struct task_metrics *metrics) {
    const json_t *figures = json_object_get(fixture->golden, "figures");
    assert_near(metrics->macro_f1, number(figures, "macro_f1"), "macro F1");
    assert_near(metrics->micro_f1, number(figures, "micro_f1"), "micro F1");
    assert_near(metrics->macro_precision, number(figures, "macro_precision"),
                "macro precision");
    assert_near(metrics->macro_recall, number(figures, "macro_recall"),
                "macro recall");
    assert_near(metrics->log_loss, number(figures, "log_loss"), "log-loss");
    assert_near(metrics->brier, number(figures, "brier"), "Brier score");
    assert_near(metrics->calibration_error,
                number(figures, "calibration_error"), "calibration error");
    compare_labels(metrics, json_object_get(fixture->golden, "labels"));
    compare_intervals(metrics, json_object_get(fixture->golden, "intervals"));
}

static void evaluate(struct task_metrics *metrics,
                     const struct fixture *fixture) {
    const json_t *intervals = json_object_get(fixture->golden, "intervals");
    tenor_error error = {0};
    assert_int_equal(evaluate_task(metrics, &fixture->input,
                                   (size_t)number(intervals, "resamples"),
                                   (uint64_t)number(intervals, "seed"), &error),
                     TENOR_OK);
}

static void test_single(void **state) {
    (void)state;
    struct fixture fixture = load("single");
    struct task_metrics metrics;
    evaluate(&metrics, &fixture);
    compare(&fixture, &metrics);
    const json_t *figures = json_object_get(fixture.golden, "figures");
    const json_t *confusion = json_object_get(fixture.golden, "confusion");
    assert_near(metrics.accuracy, number(figures, "accuracy"), "accuracy");
    for (size_t i = 0; i < metrics.labels * metrics.labels; i++)
        assert_int_equal(metrics.confusion[i],
                         json_integer_value(json_array_get(
                             json_array_get(confusion, i / metrics.labels),
                             i % metrics.labels)));
    assert_true(evaluate_counts_label(&metrics, 4));
    assert_false(evaluate_counts_label(&metrics, 5));
    task_metrics_clear(&metrics);
    task_metrics_clear(&metrics);
    clear(&fixture);
}

static void test_multi(void **state) {
    (void)state;
    struct fixture fixture = load("multi");
    struct task_metrics metrics;
    evaluate(&metrics, &fixture);
    compare(&fixture, &metrics);
    const json_t *figures = json_object_get(fixture.golden, "figures");
    assert_near(metrics.subset_accuracy, number(figures, "subset_accuracy"),
                "subset accuracy");
    assert_near(metrics.hamming_loss, number(figures, "hamming_loss"),
                "Hamming loss");
    assert_null(metrics.confusion);
    assert_true(evaluate_counts_label(&metrics, 4));
    task_metrics_clear(&metrics);
    clear(&fixture);
}

static void test_no_resamples(void **state) {
    (void)state;
    struct fixture fixture = load("single");
    struct task_metrics metrics;
    fixture.input.probability = NULL;
    assert_int_equal(evaluate_task(&metrics, &fixture.input, 0, 1, NULL),
                     TENOR_OK);
    assert_false(metrics.has_probability);
    assert_true(metrics.macro_f1_interval.low == metrics.macro_f1);
    assert_true(metrics.accuracy_interval.high == metrics.accuracy);
    assert_true(metrics.label[1].f1_interval.high == metrics.label[1].f1);
    task_metrics_clear(&metrics);
    clear(&fixture);
}

/* Against the binomial's own standard error, which the bootstrap estimates. */
static void test_interval_width(void **state) {
    (void)state;
    enum { ROWS = 4000 };
    uint8_t *truth = memory_new(ROWS, 2), *predicted = memory_new(ROWS, 2);
    for (size_t i = 0; i < ROWS; i++) {
        truth[2 * i + (i % 2)] = 1;
        predicted[2 * i + (i % 10 < 2 ? !(i % 2) : i % 2)] = 1;
    }
    struct evaluate_input input = {.rows = ROWS,
                                   .labels = 2,
                                   .names = names,
                                   .truth = truth,
                                   .predicted = predicted};
    struct task_metrics metrics;
    assert_int_equal(evaluate_task(&metrics, &input, 1000, 3, NULL), TENOR_OK);
    double half = 1.96 * sqrt(0.8 * 0.2 / ROWS);
    assert_true(fabs(metrics.accuracy_interval.low - (0.8 - half)) < 0.002);
    assert_true(fabs(metrics.accuracy_interval.high - (0.8 + half)) < 0.002);
    task_metrics_clear(&metrics);
    memory_free(truth);
    memory_free(predicted);
}

static void test_strange_input(void **state) {
    (void)state;
    const uint8_t truth[] = {1, 0, 1, 1}, predicted[] = {1, 0, 1, 0};
    const float probability[] = {NAN, -1.0f, 7.0f, INFINITY};
    struct evaluate_input input = {.rows = 2,
                                   .labels = 2,
                                   .names = names,
                                   .truth = truth,
                                   .predicted = predicted,
                                   .probability = probability};
    struct task_metrics metrics;
    tenor_error error = {0};
    assert_int_equal(evaluate_task(&metrics, &input, 10, 1, &error),
                     TENOR_ERROR_USAGE);
    assert_string_equal(error.message,
                        "paragraph 2 has 2 true and 1 predicted labels; a "
                        "single-label task needs one of each");
    input.multi = true;
    assert_int_equal(evaluate_task(&metrics, &input, 10, 1, &error), TENOR_OK);
    assert_true(isfinite(metrics.log_loss) && isfinite(metrics.brier) &&
                isfinite(metrics.calibration_error));
    task_metrics_clear(&metrics);
    input.rows = 0;
    assert_int_equal(evaluate_task(&metrics, &input, 10, 1, &error),
                     TENOR_ERROR_INPUT);
}

static void test_no_memory(void **state) {
    (void)state;
    struct fixture fixture = load("single");
    tenor_status status = TENOR_ERROR_MEMORY;
    size_t n;
    for (n = 1; status; n++) {
        struct task_metrics metrics;
        memory_fail_at(n);
        status = evaluate_task(&metrics, &fixture.input, 5, 1, NULL);
        memory_fail_at(0);
        assert_true(status == TENOR_OK || status == TENOR_ERROR_MEMORY);
        task_metrics_clear(&metrics);
    }
    assert_true(n > 8);
    clear(&fixture);
}

static void test_mcnemar(void **state) {
    (void)state;
    const json_t *cases = json_object_get(golden, "mcnemar");
    size_t i;
    const json_t *one;
    assert_true(json_array_size(cases) > 0);
    json_array_foreach(cases, i, one) {
        size_t first = (size_t)json_integer_value(json_array_get(one, 0));
        size_t second = (size_t)json_integer_value(json_array_get(one, 1));
        double expected = json_number_value(json_array_get(one, 2));
        double p = mcnemar_p_value(first, second);
        assert_true(fabs(p - expected) <= 1e-8 * expected);
        assert_true(mcnemar_p_value(second, first) == p);
    }
    assert_true(mcnemar_p_value(0, SIZE_MAX / 2) == 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single),
        cmocka_unit_test(test_multi),
        cmocka_unit_test(test_no_resamples),
        cmocka_unit_test(test_interval_width),
        cmocka_unit_test(test_strange_input),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_mcnemar),
    };
    json_error_t reason;
    golden = json_load_file(GOLDEN, 0, &reason);
    if (!golden) {
        fprintf(stderr, "%s: %s\n", GOLDEN, reason.text);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    json_decref(golden);
    return failed;
}
