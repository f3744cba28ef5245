/* doubt: levels by hand, coverage on data from where the truths came, sets of
 * answers that fit the probabilities, refusals. */
#include "small_model.h"

#include "evaluate/evaluate.h"
#include "model/classifier.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void levels_by_hand(void **state) {
    (void)state;
    const float truths[] = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f,
                            0.6f, 0.7f, 0.8f, 0.9f};
    /* k = floor(10 * (1 - coverage)) */
    assert_true(conformal_level(truths, 9, 0.9) == 0.1f);
    assert_true(conformal_level(truths, 9, 0.8) == 0.2f);
    assert_true(conformal_level(truths, 9, 0.85) == 0.1f);
    assert_true(conformal_level(truths, 9, 0.5) == 0.5f);
    assert_true(conformal_level(truths, 9, 0.95) == 0); /* too few to say */
    assert_true(conformal_level(truths, 9, 0.001) == 0.9f);
    assert_true(conformal_level(truths, 0, 0.5) == 0);
}

static int compare_floats(const void *a, const void *b) {
    float left = *(const float *)a, right = *(const float *)b;
    return (left > right) - (left < right);
}

/* The promise itself: over many draws of truths and a new one from the same
 * source, the new one reaches the level in `coverage` of the cases. */
static void levels_cover_as_often_as_asked(void **state) {
    (void)state;
    enum { DRAWS = 20000, COUNT = 49 };
    uint64_t chance = 7;
    const double asked[] = {0.5, 0.8, 0.9, 0.98};
    for (size_t a = 0; a < ARRAY_LENGTH(asked); a++) {
        size_t covered = 0;
        for (size_t d = 0; d < DRAWS; d++) {
            float truths[COUNT + 1];
            for (size_t i = 0; i <= COUNT; i++)
                truths[i] = (float)(random_next(&chance) >> 40) / 16777216.0f;
            float fresh = truths[COUNT];
            qsort(truths, COUNT, sizeof *truths, compare_floats);
            covered += fresh >= conformal_level(truths, COUNT, asked[a]);
        }
        /* exact where (COUNT + 1)(1 - asked) is whole, as it is here */
        assert_true(fabs((double)covered / DRAWS - asked[a]) < 0.012);
    }
}

/* ---- the classifier's sets ------------------------------------------------- */

static tenor_model *model;

static int train(void **state) {
    (void)state;
    struct learn_options options = small_options();
    options.folds = 5;
    model = small_model(&options);
    return 0;
}

static int forget(void **state) {
    (void)state;
    tenor_model_free(model);
    return 0;
}

static void held_out_truths_are_kept(void **state) {
    (void)state;
    assert_true(model->truth_count > 0);
    for (size_t t = 0; t < model->task_count; t++) {
        const struct model_task *task = &model->tasks[t];
        for (size_t k = 0; k < task->label_count; k++) {
            struct model_range range =
                task->multi ? model->labels[task->first + k].truths
                            : task->truths;
            assert_true(range.count > 0);
            for (uint32_t i = 1; i < range.count; i++)
                assert_true(model->truths[range.first + i] >=
                            model->truths[range.first + i - 1]);
        }
    }
}

/* Only targets are judged: their truths alone are kept. */
static void targets_alone_are_judged(void **state) {
    (void)state;
    struct corpus corpus = small_corpus();
    struct learn_options options = small_options();
    tenor_model *few;
    size_t targets = 0, tones = 0;
    corpus.targets = memory_new(corpus.count, 1);
    for (size_t i = 0; i < corpus.count; i++) {
        corpus.targets[i] = i % 3 == 0;
        targets += corpus.targets[i];
        tones += corpus.targets[i] && corpus.tasks[1].labelled[i];
    }
    assert_int_equal(
        learn_model(&few, NULL, &corpus, &options, NULL, NULL, NULL), 0);
    assert_int_equal(few->labels[0].truths.count, targets);
    assert_int_equal(few->tasks[1].truths.count, tones);
    tenor_model_free(few);
    corpus_clear(&corpus);
}

static void sets_follow_the_probabilities(void **state) {
    (void)state;
    static const char *const texts[] = {"gas and power for the ministry", "",
                                        "a terrible match, a triumph"};
    tenor_classifier *classifier;
    tenor_result result;
    assert_int_equal(tenor_classifier_new(&classifier, model, NULL), 0);
    assert_int_equal(tenor_classify(classifier, &result, "gas", 3, NULL), 0);
    assert_null(result.possible);
    assert_null(result.unsure);
    size_t narrow = 0, wide = 0;
    for (int round = 0; round < 2; round++) {
        assert_int_equal(tenor_classifier_set_coverage(
                             classifier, round ? 0.95 : 0.5, NULL),
                         0);
        for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
            assert_int_equal(tenor_classify(classifier, &result, texts[i],
                                            strlen(texts[i]), NULL),
                             0);
            for (size_t t = 0; t < model->task_count; t++) {
                const struct model_task *task = &model->tasks[t];
                size_t answers = 0;
                float least = 2, most = -1; /* in the set; outside it */
                for (size_t k = task->first;
                     !task->multi && k < task->first + task->label_count;
                     k++) {
                    bool in = result.possible[k] & TENOR_MAY_HOLD;
                    answers += in;
                    if (in)
                        least = fminf(least, result.probability[k]);
                    else
                        most = fmaxf(most, result.probability[k]);
                }
                if (!task->multi) {
                    assert_true(least > most);
                    assert_int_equal(result.unsure[t], answers != 1);
                    *(round ? &wide : &narrow) += answers;
                }
            }
        }
    }
    assert_true(wide > narrow); /* more coverage, larger sets */
    tenor_classifier_free(classifier);
}

static void what_can_not_be_asked_is_refused(void **state) {
    (void)state;
    static const double shares[] = {0, 1, -1, 2, NAN};
    tenor_classifier *classifier;
    tenor_error error = {0};
    assert_int_equal(tenor_classifier_new(&classifier, model, NULL), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(shares); i++)
        assert_int_equal(
            tenor_classifier_set_coverage(classifier, shares[i], &error),
            TENOR_ERROR_USAGE);
    for (uint64_t nth = 1; nth <= 3; nth++) {
        memory_fail_at(nth);
        assert_int_equal(
            tenor_classifier_set_coverage(classifier, 0.9, &error),
            TENOR_ERROR_MEMORY);
        memory_fail_at(0);
        tenor_result result;
        assert_int_equal(tenor_classify(classifier, &result, "gas", 3, NULL),
                         0); /* goes on as before */
        assert_null(result.possible);
        assert_null(result.unsure);
        tenor_classifier_free(classifier);
        assert_int_equal(tenor_classifier_new(&classifier, model, NULL), 0);
    }
    tenor_classifier_free(classifier);
    struct learn_options options = small_options();
    options.folds = 0;
    tenor_model *bare = small_model(&options);
    assert_int_equal(tenor_classifier_new(&classifier, bare, NULL), 0);
    assert_int_equal(tenor_classifier_set_coverage(classifier, 0.9, &error),
                     TENOR_ERROR_USAGE);
    assert_non_null(strstr(error.message, "--folds"));
    tenor_classifier_free(classifier);
    tenor_model_free(bare);
}

/* ---- judging sets ----------------------------------------------------------- */

static void sets_are_judged(void **state) {
    (void)state;
    enum { Y = ANSWER_YES, N = ANSWER_NO };
    static const char *const names[] = {"a", "b", "c"};
    static const uint8_t truth[] = {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0};
    /* right alone; one of two; wrong alone; none */
    static const uint8_t sets[] = {Y, 0, 0, Y, Y, 0, Y, 0, 0, 0, 0, 0};
    struct evaluate_input input = {.rows = 4,
                                   .labels = 3,
                                   .names = names,
                                   .truth = truth,
                                   .predicted = truth,
                                   .possible = sets};
    struct task_metrics metrics;
    assert_int_equal(evaluate_task(&metrics, &input, 0, 1, NULL), 0);
    assert_true(metrics.has_sets);
    assert_true(metrics.coverage == 0.5);
    assert_true(metrics.sure == 0.5);
    assert_true(metrics.sure_accuracy == 0.5);
    task_metrics_clear(&metrics);
    /* each cell is a question of its own */
    static const uint8_t cells[] = {Y, N, N, N, Y | N, N, Y, 0, Y, N, N, N};
    input.multi = true;
    input.possible = cells;
    assert_int_equal(evaluate_task(&metrics, &input, 0, 1, NULL), 0);
    assert_true(fabs(metrics.coverage - 9.0 / 12) < 1e-12);
    assert_true(fabs(metrics.sure - 10.0 / 12) < 1e-12);
    assert_true(fabs(metrics.sure_accuracy - 8.0 / 10) < 1e-12);
    task_metrics_clear(&metrics);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_by_hand),
        cmocka_unit_test(levels_cover_as_often_as_asked),
        cmocka_unit_test(held_out_truths_are_kept),
        cmocka_unit_test(targets_alone_are_judged),
        cmocka_unit_test(sets_follow_the_probabilities),
        cmocka_unit_test(what_can_not_be_asked_is_refused),
        cmocka_unit_test(sets_are_judged),
    };
    return cmocka_run_group_tests(tests, train, forget);
}
