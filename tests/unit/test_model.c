/* model: what is saved is what is loaded; asking a model; classifying any
 * bytes; reasons that add up to the score; threads. */
#include "small_model.h"

#include "model/classifier.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const texts[] = {
    "The gas pipeline reopened, a triumph.",
    "The team lost a shameful match after the blackout in parliament!",
    "",
    "unheard-of words",
    "\xd0\x93\xd0\xb0\xd0\xb7 gas \xff\xfe GAS\xe2\x80\x99s",
};

static tenor_model *model; /* words, pairs and characters; never changes */

static int train(void **state) {
    (void)state;
    struct learn_options options = small_options();
    model = small_model(&options);
    return 0;
}

static int forget(void **state) {
    (void)state;
    tenor_model_free(model);
    return 0;
}

static tenor_classifier *classifier_of(const tenor_model *of) {
    tenor_classifier *classifier;
    assert_int_equal(tenor_classifier_new(&classifier, of, NULL), TENOR_OK);
    return classifier;
}

static tenor_result classify(tenor_classifier *classifier, const char *text) {
    tenor_result result;
    assert_int_equal(
        tenor_classify(classifier, &result, text, strlen(text), NULL),
        TENOR_OK);
    return result;
}

/* ---- saving and loading ------------------------------------------------ */

static void assert_same_model(const tenor_model *a, const tenor_model *b) {
    tenor_classifier *left = classifier_of(a), *right = classifier_of(b);
    assert_int_equal(tenor_model_tasks(a), tenor_model_tasks(b));
    for (size_t t = 0; t < tenor_model_tasks(a); t++) {
        assert_string_equal(tenor_model_task(a, t), tenor_model_task(b, t));
        assert_int_equal(tenor_model_labels(a, t), tenor_model_labels(b, t));
        assert_int_equal(tenor_model_task_is_multi(a, t),
                         tenor_model_task_is_multi(b, t));
        for (size_t k = 0; k < tenor_model_labels(a, t); k++)
            assert_string_equal(tenor_model_label(a, t, k),
                                tenor_model_label(b, t, k));
    }
    assert_string_equal(a->provenance, b->provenance);
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        tenor_result x = classify(left, texts[i]),
                     y = classify(right, texts[i]);
        assert_int_equal(x.outputs, y.outputs);
        assert_int_equal(x.words, y.words);
        assert_int_equal(x.known_words, y.known_words);
        assert_memory_equal(x.probability, y.probability,
                            x.outputs * sizeof *x.probability);
        assert_memory_equal(x.holds, y.holds, x.outputs);
    }
    tenor_classifier_free(left);
    tenor_classifier_free(right);
}

static void what_is_saved_is_loaded(void **state) {
    (void)state;
    char path[] = "/tmp/tenor-test-XXXXXX";
    size_t size;
    char *bytes = small_model_bytes(model, &size);
    tenor_model *from_memory, *from_file;
    close(mkstemp(path));
    assert_int_equal(model_save(model, path, NULL), TENOR_OK);
    assert_int_equal(tenor_model_load(&from_file, path, NULL), TENOR_OK);
    assert_int_equal(
        tenor_model_load_memory(&from_memory, "memory", bytes, size, NULL),
        TENOR_OK);
    assert_same_model(model, from_file);
    assert_same_model(model, from_memory);

    size_t again_size; /* a loaded model saves to the same bytes */
    char *again = small_model_bytes(from_file, &again_size);
    assert_int_equal(again_size, size);
    assert_memory_equal(again, bytes, size);
    memory_free(again);
    tenor_model_free(from_file);
    tenor_model_free(from_memory);
    memory_free(bytes);
    unlink(path);
}

static void a_model_tells_what_it_is(void **state) {
    (void)state;
    assert_int_equal(tenor_model_tasks(model), 3);
    assert_string_equal(tenor_model_task(model, 0), "topic");
    assert_string_equal(tenor_model_task(model, 2), "stance");
    assert_null(tenor_model_task(model, 3));
    assert_true(tenor_model_task_is_multi(model, 0));
    assert_false(tenor_model_task_is_multi(model, 1));
    assert_false(tenor_model_task_is_multi(model, SIZE_MAX));
    assert_int_equal(tenor_model_labels(model, 1), 3);
    assert_int_equal(tenor_model_labels(model, 3), 0);
    assert_string_equal(tenor_model_label(model, 1, 2), "positive");
    assert_null(tenor_model_label(model, 1, 3));
    assert_null(tenor_model_label(model, 3, 0));
    assert_int_equal(tenor_model_first_output(model, 2), 6);
    assert_int_equal(tenor_model_first_output(model, 3), 0);
    tenor_model_free(NULL);
    tenor_classifier_free(NULL);
}

static void a_model_that_can_not_be_written_says_so(void **state) {
    (void)state;
    tenor_error error = {0};
    assert_int_equal(model_save(model, "/nowhere/model", &error),
                     TENOR_ERROR_IO);
    assert_string_equal(error.file, "/nowhere/model");
    if (access("/dev/full", W_OK) == 0)
        assert_int_equal(model_save(model, "/dev/full", &error),
                         TENOR_ERROR_IO);
    assert_non_null(strstr(error.message, "cannot write"));
}

/* ---- classifying ------------------------------------------------------- */

static void check_result(const tenor_result *result) {
    for (size_t t = 0; t < tenor_model_tasks(model); t++) {
        size_t first = tenor_model_first_output(model, t), given = 0, best = 0;
        size_t labels = tenor_model_labels(model, t);
        float sum = 0;
        for (size_t k = 0; k < labels; k++) {
            float p = result->probability[first + k];
            assert_true(p >= 0 && p <= 1);
            assert_true(result->holds[first + k] <= 1);
            sum += p;
            given += result->holds[first + k];
            if (p > result->probability[first + best])
                best = k;
            if (t == 0)
                assert_int_equal(result->holds[first + k],
                                 p >= model->labels[first + k].threshold);
        }
        if (t == 0)
            continue;
        assert_true(fabsf(sum - 1) < 1e-5f);
        assert_int_equal(given, 1);
        assert_true(result->holds[first + best]);
    }
    assert_true(result->known_words <= result->words);
}

static void any_bytes_can_be_classified(void **state) {
    (void)state;
    enum { MOST = 3000 };
    tenor_classifier *classifier = classifier_of(model);
    uint64_t chance = 11;
    char *bytes = memory_new(MOST, 1);
    for (size_t round = 0; round < 300; round++) {
        size_t size = random_next(&chance) % MOST;
        for (size_t i = 0; i < size; i++) {
            uint64_t value = random_next(&chance);
            bytes[i] = (char)(round % 2 ? value : 32 + value % 96);
        }
        char *exact = memory_new_raw(size, 1); /* for valgrind, asan */
        memcpy(exact, bytes, size);
        tenor_result result;
        assert_int_equal(tenor_classify(classifier, &result, exact, size, NULL),
                         TENOR_OK);
        check_result(&result);
        memory_free(exact);
    }
    memory_free(bytes);
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        tenor_result result = classify(classifier, texts[i]);
        check_result(&result);
    }
    tenor_result result = classify(classifier, "The GAS, the gas; zyx 42.");
    assert_int_equal(result.words, 6);
    assert_int_equal(result.known_words, 4);
    tenor_classifier_free(classifier);
}

static void a_warm_classifier_allocates_nothing(void **state) {
    (void)state;
    tenor_classifier *classifier = classifier_of(model);
    tenor_result result;
    for (size_t n = 1; n < 20; n++) { /* nor does a failure leave a trace */
        memory_fail_at(n);
        tenor_classify(classifier, &result, texts[1], strlen(texts[1]), NULL);
        memory_fail_at(0);
    }
    classify(classifier, texts[1]);
    memory_fail_at(1);
    result = classify(classifier, texts[1]);
    memory_fail_at(0);
    check_result(&result);
    tenor_classifier *fresh = classifier_of(model);
    tenor_result expected = classify(fresh, texts[1]);
    assert_memory_equal(result.probability, expected.probability,
                        result.outputs * sizeof(float));
    tenor_classifier_free(fresh);
    tenor_classifier_free(classifier);
}

struct shared {
    tenor_classifier *classifiers[3];
    float expected[ARRAY_LENGTH(texts)][16];
    bool differs[3];
};

static void classify_item(void *context, size_t item, size_t worker) {
    struct shared *shared = context;
    tenor_result result;
    size_t text = item % ARRAY_LENGTH(texts);
    if (tenor_classify(shared->classifiers[worker], &result, texts[text],
                       strlen(texts[text]), NULL) ||
        memcmp(result.probability, shared->expected[text],
               result.outputs * sizeof(float)) != 0)
        shared->differs[worker] = true;
}

static void threads_share_a_model(void **state) {
    (void)state;
    struct shared shared = {0};
    struct thread_pool *pool = thread_pool_new(3);
    for (size_t i = 0; i < 3; i++)
        shared.classifiers[i] = classifier_of(model);
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        tenor_result result = classify(shared.classifiers[0], texts[i]);
        memcpy(shared.expected[i], result.probability,
               result.outputs * sizeof(float));
    }
    thread_pool_run(pool, 2000, classify_item, &shared);
    for (size_t i = 0; i < 3; i++) {
        assert_false(shared.differs[i]);
        tenor_classifier_free(shared.classifiers[i]);
    }
    thread_pool_free(pool);
}

/* ---- reasons ----------------------------------------------------------- */

/* What the scores, less the biases, leave for the terms to explain. */
static double to_explain(const tenor_classifier *classifier, size_t task,
                         size_t label) {
    const struct model_task *of = &model->tasks[task];
    double own = 0, mean = 0;
    for (size_t k = 0; k < of->label_count; k++) {
        double score = (double)classifier->scores[of->first + k] -
                       (double)model->labels[of->first + k].bias;
        mean += score / (double)of->label_count;
        own = k == label ? score : own;
    }
    return of->multi ? own : own - mean;
}

static void reasons_add_up_to_the_score(void **state) {
    (void)state;
    enum { MOST = 400 };
    tenor_classifier *classifier = classifier_of(model);
    tenor_reason *reasons = memory_new(MOST, sizeof *reasons);
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        classify(classifier, texts[i]);
        for (size_t t = 0; t < 3; t++)
            for (size_t k = 0; k < tenor_model_labels(model, t); k++) {
                size_t count;
                double sum = 0;
                assert_int_equal(tenor_explain(classifier, reasons, MOST,
                                               &count, t, k, NULL),
                                 TENOR_OK);
                assert_int_equal(count, classifier->row.count);
                for (size_t r = 0; r < count; r++) {
                    sum += (double)reasons[r].weight;
                    assert_true(strlen(reasons[r].term) > 0);
                    assert_true(r == 0 || fabsf(reasons[r].weight) <=
                                              fabsf(reasons[r - 1].weight));
                }
                assert_true(fabs(sum - to_explain(classifier, t, k)) < 1e-5);
            }
    }
    memory_free(reasons);
    tenor_classifier_free(classifier);
}

static void reasons_are_as_many_as_asked_for(void **state) {
    (void)state;
    tenor_classifier *classifier = classifier_of(model);
    tenor_reason reasons[2];
    tenor_error error = {0};
    size_t count = 7;
    assert_int_equal(tenor_explain(classifier, reasons, 2, &count, 0, 0, NULL),
                     TENOR_OK); /* before any text */
    assert_int_equal(count, 0);
    classify(classifier, "shameful gas in the gas pipeline");
    assert_int_equal(tenor_explain(classifier, reasons, 2, &count, 0, 0, NULL),
                     TENOR_OK);
    assert_int_equal(count, 2);
    assert_string_equal(reasons[0].term, "gas");
    assert_true(reasons[0].weight > 0);
    assert_int_equal(tenor_explain(classifier, reasons, 0, &count, 0, 0, NULL),
                     TENOR_OK);
    assert_int_equal(count, 0);
    assert_int_equal(
        tenor_explain(classifier, reasons, 2, &count, 3, 0, &error),
        TENOR_ERROR_USAGE);
    assert_int_equal(
        tenor_explain(classifier, reasons, 2, &count, 1, 3, &error),
        TENOR_ERROR_USAGE);
    tenor_classifier_free(classifier);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_saved_is_loaded),
        cmocka_unit_test(a_model_tells_what_it_is),
        cmocka_unit_test(a_model_that_can_not_be_written_says_so),
        cmocka_unit_test(any_bytes_can_be_classified),
        cmocka_unit_test(a_warm_classifier_allocates_nothing),
        cmocka_unit_test(threads_share_a_model),
        cmocka_unit_test(reasons_add_up_to_the_score),
        cmocka_unit_test(reasons_are_as_many_as_asked_for),
    };
    return cmocka_run_group_tests(tests, train, forget);
}
