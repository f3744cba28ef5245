/* search: what is chosen is the best of what was tried, the same at any number
 * of threads; ends early with the best so far; ratios and blends by hand. */
#include "search.h"
#include "small_model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

/* ---- log-count ratios ------------------------------------------------------ */

static void ratios_by_hand(void **state) {
    (void)state;
    /* rows of class 1: {0, 1}, {0}; of class 0: {1, 2}, {2}; one left out */
    uint64_t starts[] = {0, 2, 3, 5, 6, 7};
    uint32_t indices[] = {0, 1, 0, 1, 2, 2, 0};
    float values[] = {1, 1, 1, 1, 1, 1, 1};
    const struct matrix rows = {5, 3, starts, indices, values};
    uint32_t classes[] = {1, 1, 0, 0, 0};
    double weights[] = {1, 2, 1, 1, 1}, scales[3];
    const uint8_t folds[] = {0, 0, 0, 0, 7};
    struct lesson lesson = {
        .outputs = 1, .classes = classes, .weights = weights};
    struct fit_job job = {.lesson = &lesson, .fold = 7};
    assert_true(ratio_scales(scales, &rows, &job, 0, folds));
    /* (1 + n) / 6 against (1 + m) / 6: ln 3, 0, ln 1/3; four entries of six
     * have a square of ln(3)^2, so that the mean square is 2/3 of it; the floor
     * is 0.3 */
    assert_true(fabs(scales[0] - sqrt(0.3 + 0.7 * 1.5)) < 1e-12);
    assert_true(fabs(scales[1] - sqrt(0.3)) < 1e-12);
    assert_true(fabs(scales[2] - sqrt(0.3 + 0.7 * 1.5)) < 1e-12);
    memory_fail_at(1);
    assert_false(ratio_scales(scales, &rows, &job, 0, folds));
    memory_fail_at(0);
}

/* ---- blends ------------------------------------------------------------------- */

enum { ROWS = 400 };

/* One task of two labels, each shown by its own noisy score; the third method
 * knows nothing. */
static void blends_pay_where_errors_differ(void **state) {
    (void)state;
    struct corpus corpus = small_corpus();
    struct corpus_task task = corpus.tasks[0];
    size_t starts[ROWS + 1];
    uint32_t values[ROWS];
    uint8_t labelled[ROWS];
    bool scored[ROWS];
    static double scores[METHOD_LIMIT][ROWS * 2];
    uint8_t folds[ROWS] = {0};
    uint64_t chance = 9;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < ROWS; i++) {
            starts[i] = i;
            values[i] = (uint32_t)(random_next(&chance) & 1);
            labelled[i] = scored[i] = true;
            for (size_t m = 0; m < METHOD_LIMIT; m++) {
                double noise = 0;
                for (int k = 0; k < 12; k++)
                    noise += (double)(random_next(&chance) >> 11) /
                                 9007199254740992.0 -
                             0.5;
                double side = values[i] ? 1 : -1;
                /* the second time two methods are nothing but noise */
                double z = (m > 1 || (round && m) ? 0 : side) + noise;
                scores[m][2 * i] = -z * (m ? 5 : 1);
                scores[m][2 * i + 1] = z * (m ? 5 : 1);
            }
        }
        starts[ROWS] = ROWS;
        task.multi = false;
        task.label_count = 2;
        task.starts = starts;
        task.values = values;
        task.labelled = labelled;
        const struct corpus made = {
            .count = ROWS, .tasks = &task, .task_count = 1};
        struct task_plan tasks[1] = {{.method_count = 3}};
        struct blend_part parts[2 * METHOD_LIMIT] = {{0, 0}};
        struct plan plan = {tasks, parts};
        struct held_out held_out = {.folds = folds,
                                    .scored = scored,
                                    .scores = {scores[0], scores[1], scores[2]},
                                    .label_count = 2};
        double first = scores[0][1], second = scores[1][1];
        assert_int_equal(blend_held_out(&plan, &held_out, &made, false, NULL),
                         0);
        const struct blend_part *of_second = parts + METHOD_LIMIT;
        double blended =
            of_second[0].scale * first + of_second[1].scale * second;
        assert_true(fabs(scores[0][1] - blended) < 1e-9);
        assert_int_equal(tasks[0].method_count, round ? 1 : 2);
        if (round) {
            assert_true(parts[0].scale > 0 && parts[1].scale == 0);
        } else { /* equal parts, once the second's larger scores are cut down */
            assert_true(parts[0].scale > 0 && parts[1].scale > 0);
            assert_true(fabs(parts[0].scale / parts[1].scale - 5) < 1.5);
        }
    }
    corpus_clear(&corpus);
}

/* The blend's weights are one combination of its parts' weights in every
 * column: least squares finds it, and leaves nothing over. */
static void blended_models_are_made_of_their_parts(void **state) {
    (void)state;
    struct learn_options options = small_options();
    options.plan.methods[1] = (struct method){MODEL_SVM, 1, false};
    tenor_model *logreg = small_model(&options);
    options.plan.method_count = 2;
    tenor_model *blend = small_model(&options);
    options.plan.methods[0] = options.plan.methods[1];
    options.plan.method_count = 1;
    tenor_model *svm = small_model(&options);
    assert_non_null(strstr(blend->provenance, "svm, cost 1"));
    assert_non_null(strstr(svm->provenance, "\"svm, cost 1\""));
    size_t columns = blend->vocabulary.columns, stride = blend->stride;
    for (size_t label = 0; label < blend->label_count; label++) {
        double aa = 0, ab = 0, bb = 0, at = 0, bt = 0;
        for (size_t i = label; i < columns * stride; i += stride) {
            double a = logreg->weights[i], b = svm->weights[i];
            aa += a * a;
            ab += a * b;
            bb += b * b;
            at += a * (double)blend->weights[i];
            bt += b * (double)blend->weights[i];
        }
        double determinant = aa * bb - ab * ab;
        double x = (bb * at - ab * bt) / determinant;
        double y = (aa * bt - ab * at) / determinant;
        assert_true(x > -1e-3 && y > -1e-3 && x + y > 0);
        for (size_t i = label; i < columns * stride; i += stride)
            assert_true(fabs(x * (double)logreg->weights[i] +
                             y * (double)svm->weights[i] -
                             (double)blend->weights[i]) < 1e-4);
    }
    tenor_model_free(logreg);
    tenor_model_free(blend);
    tenor_model_free(svm);
}

/* ---- the search ----------------------------------------------------------------- */

static struct learn_options search_options(void) {
    struct learn_options options = small_options();
    options.search = true;
    options.search_kinds = 1U << MODEL_LOGREG | 1U << MODEL_SVM;
    options.folds = 3;
    return options;
}

struct searched {
    struct corpus corpus;
    struct learn_report report;
    tenor_model *model;
};

static struct searched search_small(size_t folds) {
    struct searched out = {.corpus = small_corpus()};
    struct learn_options options = search_options();
    options.folds = folds;
    assert_int_equal(learn_model(&out.model, &out.report, &out.corpus, &options,
                                 NULL, NULL, NULL),
                     0);
    return out;
}

static void searched_clear(struct searched *searched) {
    learn_report_clear(&searched->report);
    tenor_model_free(searched->model);
    corpus_clear(&searched->corpus);
}

static void the_best_is_chosen(void **state) {
    (void)state;
    struct searched searched = search_small(3);
    const struct search_outcome *search = &searched.report.search;
    size_t chosen = 0;
    assert_false(search->stopped);
    assert_true(search->trial_count > 100);
    for (size_t i = 0; i < search->trial_count; i++) {
        const struct search_trial *trial = &search->trials[i];
        assert_true(trial->mean >= 0 && trial->mean <= 1);
        assert_true(trial->folds >= 1 && trial->folds <= 3);
        if (!trial->chosen)
            continue;
        chosen++;
        assert_int_equal(trial->folds, 3);
        assert_string_equal(trial->features, search->features);
        for (size_t j = 0; j < search->trial_count; j++) {
            const struct search_trial *other = &search->trials[j];
            if (other->task == trial->task && other->folds == 3 &&
                strcmp(other->features, trial->features) == 0)
                assert_true(other->mean <= trial->mean);
        }
    }
    assert_int_equal(chosen, searched.corpus.task_count);
    assert_non_null(strstr(searched.model->provenance, "\"search\""));
    searched_clear(&searched);
}

/* The most folds that a set of features saw. */
static size_t folds_of(const struct search_outcome *search,
                       const char *features) {
    size_t most = 0;
    for (size_t i = 0; i < search->trial_count; i++)
        if (strcmp(search->trials[i].features, features) == 0 &&
            search->trials[i].folds > most)
            most = search->trials[i].folds;
    return most;
}

/* A set of features sees one fold, or at least half of them; no more where it
 * trails. */
static void a_set_that_trails_ends_half_way(void **state) {
    (void)state;
    struct searched searched = search_small(6);
    const struct search_outcome *search = &searched.report.search;
    size_t ended = 0;
    for (size_t i = 0; i < search->trial_count; i++) {
        size_t folds = folds_of(search, search->trials[i].features);
        assert_true(folds == 1 || folds >= 3);
        ended += folds == 3;
    }
    assert_true(ended > 0);
    assert_int_equal(folds_of(search, search->features), 6);
    searched_clear(&searched);
}

static void threads_change_no_choice(void **state) {
    (void)state;
    char *bytes[2];
    size_t sizes[2];
    for (size_t i = 0; i < 2; i++) {
        struct corpus corpus = small_corpus();
        struct learn_options options = search_options();
        struct thread_pool *pool = thread_pool_new(i + 1);
        tenor_model *model;
        assert_int_equal(learn_model(&model, NULL, &corpus, &options, pool,
                                     NULL, NULL),
                         0);
        bytes[i] = small_model_bytes(model, &sizes[i]);
        tenor_model_free(model);
        thread_pool_free(pool);
        corpus_clear(&corpus);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    memory_free(bytes[0]);
    memory_free(bytes[1]);
}

struct patience {
    size_t steps, left;
};

static bool lose_patience(void *context, const char *stage, double done,
                          double total) {
    struct patience *patience = context;
    (void)stage, (void)done, (void)total;
    patience->steps++;
    return patience->steps <= patience->left;
}

static void a_search_can_be_ended(void **state) {
    (void)state;
    struct corpus corpus = small_corpus();
    struct learn_options options = search_options();
    struct patience patience = {0, SIZE_MAX};
    const struct progress progress = {lose_patience, &patience};
    struct learn_report report;
    tenor_model *model;
    assert_int_equal(learn_model(&model, NULL, &corpus, &options, NULL,
                                 &progress, NULL),
                     0);
    tenor_model_free(model);
    size_t all = patience.steps;
    patience = (struct patience){0, all / 3}; /* some settings are judged */
    assert_int_equal(learn_model(&model, &report, &corpus, &options, NULL,
                                 &progress, NULL),
                     0);
    assert_true(report.search.stopped);
    assert_non_null(strstr(model->provenance, "\"stopped_early\":true"));
    learn_report_clear(&report);
    tenor_model_free(model);
    patience = (struct patience){0, 1}; /* none is */
    assert_int_equal(learn_model(&model, NULL, &corpus, &options, NULL,
                                 &progress, NULL),
                     TENOR_ERROR_CANCELLED);
    options.time_limit = 1e-9;
    assert_int_equal(
        learn_model(&model, NULL, &corpus, &options, NULL, NULL, NULL),
        TENOR_ERROR_USAGE);
    options.time_limit = 0;
    options.folds = 0;
    assert_int_equal(
        learn_model(&model, NULL, &corpus, &options, NULL, NULL, NULL),
        TENOR_ERROR_USAGE);
    corpus_clear(&corpus);
}

/* A search that its time limit ends has not heard the user, who may end the
 * rest. */
struct dawdle {
    time_t seconds;
    bool late, cancelled;
};

static bool sleep_once(void *context, const char *stage, double done,
                       double total) {
    struct dawdle *dawdle = context;
    (void)done, (void)total;
    bool searching = strncmp(stage, "searching", 9) == 0;
    if (!dawdle->late && strstr(stage, "best")) {
        nanosleep(&(struct timespec){dawdle->seconds, 0}, NULL);
        dawdle->late = true;
    }
    dawdle->cancelled = dawdle->cancelled || (dawdle->late && !searching);
    return !dawdle->cancelled;
}

static void a_time_limit_leaves_the_user_a_say(void **state) {
    (void)state;
    struct corpus corpus = small_corpus();
    struct learn_options options = search_options();
    options.time_limit = 1;
    struct dawdle dawdle = {.seconds = 1};
    const struct progress progress = {sleep_once, &dawdle};
    tenor_model *model;
    tenor_status status = learn_model(&model, NULL, &corpus, &options, NULL,
                                      &progress, NULL);
    if (!dawdle.late) { /* a machine too slow for the first settings */
        corpus_clear(&corpus);
        skip();
    }
    assert_int_equal(status, TENOR_ERROR_CANCELLED);
    assert_true(dawdle.cancelled);
    assert_null(model);
    corpus_clear(&corpus);
}

/* Every 97th allocation: all of them would take minutes. */
static void failed_allocations_are_reported(void **state) {
    (void)state;
    struct corpus corpus = small_corpus();
    struct learn_options options = search_options();
    tenor_status status = TENOR_ERROR_MEMORY;
    options.search_kinds = 1U << MODEL_SVM;
    options.folds = 2;
    for (uint64_t nth = 1; status == TENOR_ERROR_MEMORY; nth += 97) {
        tenor_model *model;
        memory_fail_at(nth);
        status =
            learn_model(&model, NULL, &corpus, &options, NULL, NULL, NULL);
        memory_fail_at(0);
        assert_true(status == TENOR_OK || status == TENOR_ERROR_MEMORY);
        tenor_model_free(model);
    }
    corpus_clear(&corpus);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratios_by_hand),
        cmocka_unit_test(blends_pay_where_errors_differ),
        cmocka_unit_test(blended_models_are_made_of_their_parts),
        cmocka_unit_test(the_best_is_chosen),
        cmocka_unit_test(a_set_that_trails_ends_half_way),
        cmocka_unit_test(threads_change_no_choice),
        cmocka_unit_test(a_search_can_be_ended),
        cmocka_unit_test(a_time_limit_leaves_the_user_a_say),
        cmocka_unit_test(failed_allocations_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
