/* learn: what a corpus asks to be learnt and with which weights; the model's
 * scores against the solver's; the same model at any number of threads; running
 * out of memory at every allocation. */
#include "lessons.h"
#include "small_model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- lessons ----------------------------------------------------------- */

static void a_corpus_becomes_lessons(void **state) {
    (void)state;
    struct corpus corpus = small_corpus();
    struct learn_options options = small_options();
    struct lessons lessons;
    assert_int_equal(lessons_make(&lessons, &corpus, &options, NULL), 0);
    /* three topics, each yes or no; one softmax of tones; for or against */
    static const size_t outputs[] = {1, 1, 1, 3, 1};
    static const size_t first_labels[] = {0, 1, 2, 3, 6};
    assert_int_equal(lessons.count, 5);
    assert_int_equal(lessons.label_count, 8);
    for (size_t i = 0; i < lessons.count; i++) {
        const struct lesson *lesson = &lessons.items[i];
        assert_int_equal(lesson->outputs, outputs[i]);
        assert_int_equal(lesson->first_label, first_labels[i]);
        assert_int_equal(lesson->halves, i == 4);
        for (size_t row = 0; row < corpus.count; row++)
            assert_true(lesson->weights[row] ==
                        (lesson->task->labelled[row] ? 1 : 0));
    }
    /* p02 has energy and politics; p22 no topic, and says nothing of stance */
    assert_int_equal(lessons.items[0].classes[1], 1);
    assert_int_equal(lessons.items[1].classes[1], 1);
    assert_int_equal(lessons.items[2].classes[1], 0);
    assert_true(lessons.items[0].weights[21] == 1);
    assert_true(lessons.items[4].weights[21] == 0);
    lessons_clear(&lessons);
    corpus_clear(&corpus);
}

/* scikit-learn's "balanced": rows / (classes * rows of the class). */
static void classes_weigh_what_was_asked(void **state) {
    (void)state;
    static const struct label_weight given[] = {
        {"tone=negative", 3}, {"sport", 2}};
    struct corpus corpus = small_corpus();
    struct learn_options options = small_options();
    struct lessons lessons;
    for (size_t t = 0; t < corpus.task_count; t++) {
        double *weights = memory_new(corpus.count, sizeof *weights);
        for (size_t row = 0; row < corpus.count; row++)
            weights[row] = 1 + (double)(row + t);
        corpus.tasks[t].weights = weights;
    }
    options.class_weighting = CLASS_WEIGHT_BALANCED;
    options.label_weights = given;
    options.label_weight_count = ARRAY_LENGTH(given);
    assert_int_equal(lessons_make(&lessons, &corpus, &options, NULL), 0);
    for (size_t i = 0; i < lessons.count; i++) {
        const struct lesson *lesson = &lessons.items[i];
        size_t classes = lesson->outputs == 1 ? 2 : lesson->outputs;
        double rows = 0, sizes[3] = {0}, factors[3] = {1, 1, 1};
        for (size_t row = 0; row < corpus.count; row++)
            if (lesson->task->labelled[row]) {
                sizes[lesson->classes[row]]++;
                rows++;
            }
        if (i == 2) /* sport holds */
            factors[1] = 2;
        if (i == 3) /* negative is the first of the tones */
            factors[0] = 3;
        for (size_t row = 0; row < corpus.count; row++) {
            uint32_t class = lesson->classes[row];
            double expected =
                lesson->task->labelled[row]
                    ? factors[class] * rows /
                          ((double)classes * sizes[class]) *
                          lesson->task->weights[row]
                    : 0;
            assert_true(fabs(lesson->weights[row] - expected) < 1e-9);
        }
    }
    lessons_clear(&lessons);
    corpus_clear(&corpus);
}

/* ---- models ------------------------------------------------------------ */

/* Solves the stance of the corpus by hand: the probability of "for". */
static void two_labels_are_one_logistic_problem(void **state) {
    (void)state;
    struct corpus corpus = small_corpus();
    struct learn_options options = small_options();
    options.folds = 0;
    options.logreg.tolerance = 1e-12;
    tenor_model *model = small_model(&options);
    tenor_classifier *classifier;
    tenor_result result;
    struct lessons lessons;
    struct learn_data data;
    struct matrix rows;
    assert_int_equal(vectorize(&rows, &model->vocabulary, corpus.texts, NULL,
                               corpus.count, NULL, NULL),
                     0);
    assert_int_equal(learn_data_init(&data, &rows, NULL, NULL), 0);
    assert_int_equal(lessons_make(&lessons, &corpus, &options, NULL), 0);
    struct lesson *stance = &lessons.items[4];
    for (size_t i = 0; i < corpus.count; i++)
        stance->weights[i] *= options.plan.methods[0].cost;
    struct logreg_problem problem = {
        .outputs = 1, .classes = stance->classes, .costs = stance->weights};
    double *w = memory_new(rows.columns + 1, sizeof *w);
    assert_int_equal(
        logreg_fit(w, &problem, 1, &data, &options.logreg, NULL, NULL), 0);
    assert_int_equal(tenor_classifier_new(&classifier, model, NULL), 0);
    for (size_t i = 0; i < corpus.count; i++) {
        double z = w[rows.columns];
        for (uint64_t e = rows.starts[i]; e < rows.starts[i + 1]; e++)
            z += (double)rows.values[e] * w[rows.indices[e]];
        assert_int_equal(tenor_classify(classifier, &result,
                                        corpus.texts[i].data,
                                        corpus.texts[i].size, NULL),
                         0);
        assert_true(fabs((double)result.probability[7] - 1 / (1 + exp(-z))) <
                    1e-5);
        assert_true(fabsf(result.probability[6] + result.probability[7] - 1) <
                    1e-6f);
    }
    tenor_classifier_free(classifier);
    memory_free(w);
    lessons_clear(&lessons);
    learn_data_clear(&data);
    matrix_clear(&rows);
    tenor_model_free(model);
    corpus_clear(&corpus);
}

/* Calibrated or not, it must recall most of what it was taught. */
static void models_know_what_they_were_taught(void **state) {
    (void)state;
    struct corpus corpus = small_corpus();
    struct learn_options options = small_options();
    for (size_t folds = 0; folds <= 5; folds += 5) {
        options.folds = folds;
        tenor_model *model = small_model(&options);
        tenor_classifier *classifier;
        tenor_result result;
        size_t right = 0;
        assert_int_equal(tenor_classifier_new(&classifier, model, NULL), 0);
        for (size_t i = 0; i < corpus.count; i++) {
            assert_int_equal(tenor_classify(classifier, &result,
                                            corpus.texts[i].data,
                                            corpus.texts[i].size, NULL),
                             0);
            const struct corpus_task *tone = &corpus.tasks[1];
            right += result.holds[3 + tone->values[tone->starts[i]]];
        }
        assert_true(right >= 28);
        tenor_classifier_free(classifier);
        tenor_model_free(model);
    }
    corpus_clear(&corpus);
}

static void threads_and_repetition_change_no_byte(void **state) {
    (void)state;
    struct learn_options options = small_options();
    struct corpus corpus = small_corpus();
    char *first = NULL;
    size_t first_size = 0, size;
    for (size_t threads = 1; threads <= 3; threads++) {
        struct thread_pool *pool = thread_pool_new(threads);
        tenor_model *model;
        assert_int_equal(
            learn_model(&model, NULL, &corpus, &options, pool, NULL, NULL), 0);
        char *bytes = small_model_bytes(model, &size);
        if (first) {
            assert_int_equal(size, first_size);
            assert_memory_equal(first, bytes, size);
            memory_free(bytes);
        } else {
            first = bytes;
            first_size = size;
        }
        tenor_model_free(model);
        thread_pool_free(pool);
    }
    memory_free(first);
    corpus_clear(&corpus);
}

static void reports_tell_how_it_went(void **state) {
    (void)state;
    struct learn_options options = small_options();
    struct corpus corpus = small_corpus();
    struct learn_report report;
    tenor_model *model;
    assert_int_equal(
        learn_model(&model, &report, &corpus, &options, NULL, NULL, NULL), 0);
    assert_int_equal(report.columns, model->vocabulary.columns);
    assert_int_equal(report.outcome_count, 5);
    assert_string_equal(report.outcomes[1].task, "topic");
    assert_string_equal(report.outcomes[1].label, "politics");
    assert_null(report.outcomes[3].label);
    assert_int_equal(report.outcomes[3].rows, 30);
    assert_int_equal(report.outcomes[4].rows, 27);
    for (size_t i = 0; i < report.outcome_count; i++)
        assert_true(report.outcomes[i].problem.converged);
    learn_report_clear(&report);
    tenor_model_free(model);
    corpus_clear(&corpus);
}

/* A threshold that the user names needs no held-out folds. */
static void named_thresholds_hold_without_folds(void **state) {
    (void)state;
    struct learn_options options = small_options();
    options.folds = 0;
    options.goal = (struct threshold_goal){GOAL_FIXED, 0.25};
    tenor_model *model = small_model(&options);
    for (size_t k = 0; k < model->tasks[0].label_count; k++)
        assert_true(model->labels[k].threshold == 0.25f);
    tenor_model_free(model);
}

/* ---- what can't be learnt ---------------------------------------------- */

static void wrong_options_are_refused(void **state) {
    (void)state;
    static const struct label_weight nothing = {"sport", 0};
    static const struct label_weight stranger = {"topic=negative", 50};
    struct learn_options wrong[8];
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
        wrong[i] = small_options();
    wrong[0].plan.methods[0].cost = 0;
    wrong[1].plan.methods[0].cost = NAN;
    wrong[2].folds = 1;
    wrong[3].folds = FOLD_LIMIT + 1;
    wrong[4].label_weights = &nothing;
    wrong[4].label_weight_count = 1;
    wrong[5].label_weights = &stranger; /* a label of another task */
    wrong[5].label_weight_count = 1;
    for (size_t i = 6; i < 8; i++)
        wrong[i].folds = 0;
    wrong[6].goal = (struct threshold_goal){GOAL_PRECISION, 0.9};
    wrong[7].goal = (struct threshold_goal){GOAL_RECALL, 0.9};
    struct corpus corpus = small_corpus();
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        tenor_model *model;
        tenor_error error = {0};
        assert_int_equal(
            learn_model(&model, NULL, &corpus, &wrong[i], NULL, NULL, &error),
            TENOR_ERROR_USAGE);
        assert_null(model);
        assert_true(strlen(error.message) > 20);
    }
    corpus_clear(&corpus);
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    struct learn_options options = small_options();
    struct corpus corpus = small_corpus();
    options.folds = 2;
    options.logreg.max_steps = 2;
    for (size_t n = 1;; n++) {
        tenor_model *model;
        struct learn_report report;
        memory_fail_at(n);
        tenor_status status =
            learn_model(&model, &report, &corpus, &options, NULL, NULL, NULL);
        memory_fail_at(0);
        learn_report_clear(&report);
        tenor_model_free(model);
        if (!status)
            break;
        assert_int_equal(status, TENOR_ERROR_MEMORY);
        assert_null(model);
    }
    corpus_clear(&corpus);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_corpus_becomes_lessons),
        cmocka_unit_test(classes_weigh_what_was_asked),
        cmocka_unit_test(two_labels_are_one_logistic_problem),
        cmocka_unit_test(models_know_what_they_were_taught),
        cmocka_unit_test(threads_and_repetition_change_no_byte),
        cmocka_unit_test(reports_tell_how_it_went),
        cmocka_unit_test(named_thresholds_hold_without_folds),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
