/* Models with kernels: scores of texts against the solutions that they come
 * from, shares against terms really left out, the round trip through a file,
 * failing allocations. */
#include "kernel_model.h"

#include "model/classifier.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const struct kernel kernels[] = {
    {.kind = KERNEL_LINEAR},
    {.kind = KERNEL_RBF, .gamma = 0.6},
    {KERNEL_POLYNOMIAL, 2, 1.5, 0.5},
};
static const char text[] = "The gas pipeline reopened, a triumph for the team.";

static tenor_classifier *classifier_of(const tenor_model *model) {
    tenor_classifier *classifier;
    assert_int_equal(tenor_classifier_new(&classifier, model, NULL), 0);
    return classifier;
}

static void classify(tenor_classifier *classifier, struct slice of) {
    tenor_result result;
    assert_int_equal(
        tenor_classify(classifier, &result, of.data, of.size, NULL), 0);
}

static void scores_are_the_solutions(void **state) {
    (void)state;
    struct learn_options options = small_options();
    for (size_t n = 0; n < ARRAY_LENGTH(kernels); n++) {
        struct kernel_model made;
        kernel_model_make(&made, &options, &kernels[n]);
        assert_true(model_is_linear(made.model) == (n == 0));
        tenor_classifier *classifier = classifier_of(made.model);
        for (size_t i = 0; i < made.corpus.count; i++) {
            double expected[64] = {0};
            for (size_t q = 0; q < made.output_count; q++)
                expected[made.outputs[q].label] +=
                    made.outputs[q].scale *
                    kernel_svm_value(made.outputs[q].problem, &made.matrix, i);
            classify(classifier, made.corpus.texts[i]);
            for (size_t k = 0; k < made.model->label_count; k++)
                if (fabs((double)classifier->scores[k] - expected[k]) > 1e-4)
                    fail_msg("kernel %zu, row %zu, label %zu: %g, not %g", n, i,
                             k, (double)classifier->scores[k], expected[k]);
        }
        tenor_classifier_free(classifier);
        kernel_model_clear(&made);
    }
}

/* Removes each term from the row in turn and scores what is left. */
static void shares_are_what_is_lost(void **state) {
    (void)state;
    struct learn_options options = small_options();
    struct kernel_model made;
    kernel_model_make(&made, &options, &kernels[1]);
    const tenor_model *model = made.model;
    tenor_classifier *classifier = classifier_of(model);
    tenor_classifier *other = classifier_of(model);
    uint32_t columns[256];
    float values[256];
    classify(classifier, (struct slice){text, sizeof text - 1});
    size_t terms = classifier->row.count;
    assert_true(terms > 10 && terms < 256);
    for (size_t out = 0; out < terms; out++) {
        struct row row = {terms - 1, columns, values, 0, 0};
        for (size_t i = 0, n = 0; i < terms; i++)
            if (i != out) {
                columns[n] = classifier->row.columns[i];
                values[n++] = classifier->row.values[i];
            }
        support_score(other, &row, other->scores);
        support_leave_out(classifier, classifier->row.columns[out],
                          classifier->row.values[out]);
        for (size_t k = 0; k < model->label_count; k++)
            assert_true(fabsf(classifier->scores[k] - other->scores[k] -
                              classifier->changes[k]) < 1e-5f);
    }
    tenor_reason reasons[256];
    size_t count;
    for (size_t t = 0; t < model->task_count; t++) {
        double sum = 0;
        for (size_t k = 0; k < model->tasks[t].label_count; k++) {
            assert_int_equal(
                tenor_explain(classifier, reasons, 256, &count, t, k, NULL), 0);
            assert_int_equal(count, terms);
            assert_true(fabsf(reasons[0].weight) >= fabsf(reasons[1].weight));
            for (size_t i = 0; i < count; i++)
                sum += (double)reasons[i].weight;
        }
        if (!model->tasks[t].multi) /* shares are against the labels' mean */
            assert_true(fabs(sum) < 1e-4);
    }
    tenor_classifier_free(classifier);
    tenor_classifier_free(other);
    kernel_model_clear(&made);
}

static void what_is_saved_is_loaded(void **state) {
    (void)state;
    struct learn_options options = small_options();
    for (size_t n = 1; n < ARRAY_LENGTH(kernels); n++) {
        struct kernel_model made;
        size_t size, again_size;
        tenor_model *loaded;
        kernel_model_make(&made, &options, &kernels[n]);
        char *bytes = small_model_bytes(made.model, &size);
        assert_int_equal(
            tenor_model_load_memory(&loaded, "model", bytes, size, NULL), 0);
        assert_memory_equal(&loaded->support.kernel, &kernels[n],
                            sizeof kernels[n]);
        tenor_classifier *a = classifier_of(made.model);
        tenor_classifier *b = classifier_of(loaded);
        for (size_t i = 0; i < made.corpus.count; i++) {
            classify(a, made.corpus.texts[i]);
            classify(b, made.corpus.texts[i]);
            assert_memory_equal(a->scores, b->scores,
                                loaded->label_count * sizeof *a->scores);
        }
        char *again = small_model_bytes(loaded, &again_size);
        assert_int_equal(again_size, size);
        assert_memory_equal(again, bytes, size);
        memory_free(again);
        tenor_classifier_free(a);
        tenor_classifier_free(b);
        tenor_model_free(loaded);
        memory_free(bytes);
        kernel_model_clear(&made);
    }
}

/* Labels that nothing supports leave a model of biases. */
static void no_support_is_a_model(void **state) {
    (void)state;
    struct learn_options options = small_options();
    struct kernel_model made;
    kernel_model_make(&made, &options, &kernels[0]);
    for (size_t q = 0; q < made.problem_count; q++)
        made.problems[q].support_count = 0;
    assert_int_equal(kernel_model_fill(made.model, &kernels[1], &made.rows,
                                       made.outputs, made.output_count, NULL),
                     0);
    assert_int_equal(made.model->support.count, 0);
    size_t size;
    char *bytes = small_model_bytes(made.model, &size);
    tenor_model *loaded;
    assert_int_equal(
        tenor_model_load_memory(&loaded, "model", bytes, size, NULL), 0);
    tenor_classifier *classifier = classifier_of(loaded);
    classify(classifier, (struct slice){text, sizeof text - 1});
    for (size_t k = 0; k < loaded->label_count; k++)
        assert_true(classifier->scores[k] == loaded->labels[k].bias);
    tenor_classifier_free(classifier);
    tenor_model_free(loaded);
    memory_free(bytes);
    kernel_model_clear(&made);
}

/* ---- failing allocations --------------------------------------------------
 */

static tenor_status use(const tenor_model *model) {
    tenor_classifier *classifier;
    tenor_result result;
    tenor_reason reason;
    size_t count;
    tenor_status status = tenor_classifier_new(&classifier, model, NULL);
    if (status)
        return status;
    status = tenor_classify(classifier, &result, text, sizeof text - 1, NULL);
    if (!status)
        status = tenor_explain(classifier, &reason, 1, &count, 0, 0, NULL);
    tenor_classifier_free(classifier);
    return status;
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    struct learn_options options = small_options();
    struct kernel_model made;
    kernel_model_make(&made, &options, &kernels[1]);
    tenor_status status = TENOR_ERROR_MEMORY;
    size_t n;
    for (n = 1; status; n++) {
        memory_fail_at(n);
        status = use(made.model);
        memory_fail_at(0);
        assert_true(status == TENOR_OK || status == TENOR_ERROR_MEMORY);
    }
    assert_true(n > 8);
    status = TENOR_ERROR_MEMORY;
    for (n = 1; status; n++) {
        tenor_model model = *made.model; /* but for what is filled */
        model.support = (struct model_support){0};
        memory_fail_at(n);
        status = kernel_model_fill(&model, &kernels[1], &made.rows,
                                   made.outputs, made.output_count, NULL);
        memory_fail_at(0);
        assert_true(status == TENOR_OK || status == TENOR_ERROR_MEMORY);
        memory_free(model.support.starts);
        memory_free(model.support.rows);
        memory_free(model.support.values);
        memory_free(model.support.squares);
        memory_free(model.support.coefficients);
    }
    assert_true(n > 7);
    kernel_model_clear(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_the_solutions),
        cmocka_unit_test(shares_are_what_is_lost),
        cmocka_unit_test(what_is_saved_is_loaded),
        cmocka_unit_test(no_support_is_a_model),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
