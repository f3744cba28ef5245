/* race and figure: means over folds of which some say nothing, who drops out,
 * who goes on first; figures of a fold by hand. */
#include "search.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- the race ------------------------------------------------------------ */

static struct race small_race(void) {
    struct race race = {.methods = {{MODEL_LOGREG, 1, false},
                                    {MODEL_LOGREG, 4, false},
                                    {MODEL_SVM, 1, false}},
                        .feature_count = 5,
                        .method_count = 3,
                        .tasks = 1,
                        .folds = 4};
    assert_true(race_start(&race));
    return race;
}

static void judge(struct race *race, size_t features, size_t method,
                  double figure) {
    struct race_entry *entry = race_entry(race, features, method, 0);
    entry->figures[entry->folds++] = figure;
}

static void folds_that_say_nothing_do_not_count(void **state) {
    (void)state;
    struct race race = small_race();
    const struct race_entry *entry = race_entry(&race, 0, 0, 0);
    assert_true(race_mean(entry) == -1);
    judge(&race, 0, 0, NAN);
    assert_true(race_mean(entry) == 0);
    assert_true(race_deviation(entry) == 0);
    judge(&race, 0, 0, 0.6);
    judge(&race, 0, 0, 0.8);
    assert_true(fabs(race_mean(entry) - 0.7) < 1e-12);
    assert_true(fabs(race_deviation(entry) - sqrt(0.02)) < 1e-12);
    assert_int_equal(entry->folds, 3);
    race_clear(&race);
}

static void few_rows_drop_few_methods(void **state) {
    (void)state;
    for (size_t labelled = 40; labelled <= 40000; labelled *= 1000) {
        struct race race = small_race();
        judge(&race, 0, 0, 0.8);
        judge(&race, 0, 1, 0.7);
        judge(&race, 0, 2, NAN);
        race.labelled = &labelled;
        race_drop_hopeless(&race, 0, 0);
        /* 10 rows a fold: sqrt(0.8 * 0.2 / 10 / 2) is 0.09 */
        assert_true(race_entry(&race, 0, 0, 0)->active);
        assert_int_equal(race_entry(&race, 0, 1, 0)->active, labelled == 40);
        race_clear(&race);
    }
    struct race race = small_race(); /* no figure drops anyone */
    for (size_t m = 0; m < 3; m++)
        judge(&race, 0, m, NAN);
    const size_t none = 0;
    race.labelled = &none;
    race_drop_hopeless(&race, 0, 0);
    assert_int_equal(race_active(&race, 0), 3);
    race_clear(&race);
}

static void only_the_best_few_go_on(void **state) {
    (void)state;
    struct race race = {
        .feature_count = 1, .method_count = 12, .tasks = 1, .folds = 4};
    assert_true(race_start(&race));
    for (size_t m = 0; m < 12; m++) /* 5, 10, 3, 8, 1, 6, 11, 4, 9, 2, 7, 0 */
        judge(&race, 0, m, 0.5 + 0.001 * (double)((5 + 5 * m) % 12));
    race_keep_runners(&race, 0, 0);
    assert_int_equal(race_active(&race, 0), 6);
    for (size_t m = 0; m < 12; m++)
        assert_int_equal(race_entry(&race, 0, m, 0)->active,
                         (5 + 5 * m) % 12 >= 6);
    for (size_t f = 1; f < 3; f++) { /* half of them, then the last two */
        for (size_t m = 0; m < 12; m++)
            if (race_entry(&race, 0, m, 0)->active)
                judge(&race, 0, m, 0.5 + 0.001 * (double)((5 + 5 * m) % 12));
        race_keep_runners(&race, 0, 0);
        assert_int_equal(race_active(&race, 0), f == 1 ? 3 : 2);
    }
    assert_true(race_entry(&race, 0, 6, 0)->active); /* 11 */
    assert_true(race_entry(&race, 0, 1, 0)->active); /* 10 */
    race_clear(&race);
}

static void the_best_of_each_kind_goes_on(void **state) {
    (void)state;
    struct race race = {.methods = {{MODEL_LOGREG, 1, false},
                                    {MODEL_LOGREG, 4, false},
                                    {MODEL_LOGREG, 16, false},
                                    {MODEL_SVM, 0.1, false},
                                    {MODEL_SVM, 0.4, false}},
                        .feature_count = 1,
                        .method_count = 5,
                        .tasks = 1,
                        .folds = FOLD_LIMIT};
    assert_true(race_start(&race));
    for (size_t f = 0; f < 40; f++)
        for (size_t m = 0; m < 5; m++)
            judge(&race, 0, m, 0.9 - 0.1 * (double)m);
    race_keep_runners(&race, 0, 0);
    for (size_t m = 0; m < 5; m++)
        assert_int_equal(race_entry(&race, 0, m, 0)->active,
                         m == 0 || m == 1 || m == 3);
    race_clear(&race);
}

/* Of each kind, with ratios and without, one that is not far behind stays; how
 * far is told on the first fold. */
static void what_may_help_a_blend_stays(void **state) {
    (void)state;
    struct race race = {.methods = {{MODEL_LOGREG, 1, true},
                                    {MODEL_LOGREG, 1, false},
                                    {MODEL_LOGREG, 4, false},
                                    {MODEL_SVM, 0.1, false},
                                    {MODEL_SVM, 0.1, true}},
                        .feature_count = 1,
                        .method_count = 5,
                        .tasks = 1,
                        .folds = 4};
    /* the error of a difference: the root of 0.8 * 0.2 / 5000 / 2, 0.004 */
    static const double figures[] = {0.8, 0.785, 0.784, 0.77, 0.793};
    const size_t labelled = 20000;
    race.labelled = &labelled;
    assert_true(race_start(&race));
    for (size_t f = 0; f < 4; f++) {
        for (size_t m = 0; m < 5; m++)
            if (race_entry(&race, 0, m, 0)->active)
                judge(&race, 0, m, figures[m]);
        race_drop_hopeless(&race, 0, 0);
        race_keep_runners(&race, 0, 0);
        for (size_t m = 0; m < 5; m++)
            assert_int_equal(race_entry(&race, 0, m, 0)->active,
                             m == 0 || m == 1 || m == 4);
    }
    struct task_plan plan = race_plan(&race, 0, 0);
    assert_int_equal(plan.method_count, 3);
    assert_true(plan.methods[0].kind == MODEL_LOGREG && plan.methods[0].ratios);
    assert_true(plan.methods[1].kind == MODEL_SVM);
    assert_true(!plan.methods[2].ratios && plan.methods[2].cost == 1);
    race_clear(&race);
}

static void a_fold_that_says_nothing_drops_no_one(void **state) {
    (void)state;
    struct race race = {
        .feature_count = 1, .method_count = 12, .tasks = 1, .folds = 4};
    assert_true(race_start(&race));
    for (size_t m = 0; m < 12; m++)
        judge(&race, 0, m, NAN);
    race_keep_runners(&race, 0, 0);
    assert_int_equal(race_active(&race, 0), 12);
    assert_int_equal(race_left(&race, 0), 6 + 3 + 2);
    race_clear(&race);
}

static void who_is_out_on_another_set_is_not_tried_again(void **state) {
    (void)state;
    struct race race = small_race();
    race_entry(&race, 0, 0, 0)->active = false;
    race_entry(&race, 1, 1, 0)->active = false;
    race_drop_beaten(&race, 1, 0, 0);
    assert_int_equal(race_active(&race, 0), 2);
    assert_int_equal(race_active(&race, 1), 1);
    assert_true(race_entry(&race, 1, 2, 0)->active);
    race_clear(&race);
}

static void a_set_trails_on_the_same_folds(void **state) {
    (void)state;
    struct race race = small_race();
    judge(&race, 0, 0, 0.5);
    judge(&race, 0, 0, 0.7);
    judge(&race, 0, 0, 0.1); /* a hard fold, which the other set has not seen */
    judge(&race, 0, 1, 0.9); /* a lucky fold */
    judge(&race, 1, 2, 0.6);
    judge(&race, 1, 2, 0.5);
    assert_true(race_trails(&race, 1, 0, 2));
    assert_false(race_trails(&race, 0, 1, 2));
    assert_true(race_trails(&race, 1, 0, 1));
    race_clear(&race);
}

static void a_set_trails_for_all_tasks_or_none(void **state) {
    (void)state;
    struct race race = {
        .feature_count = 3, .method_count = 1, .tasks = 2, .folds = 4};
    /* the second loses on one task and wins it back on the other */
    static const double figures[3][2] = {{0.8, 0.6}, {0.6, 0.85}, {0.7, 0.65}};
    assert_true(race_start(&race));
    for (size_t i = 0; i < 3; i++)
        for (size_t t = 0; t < 2; t++) {
            struct race_entry *entry = race_entry(&race, i, 0, t);
            entry->figures[entry->folds++] = figures[i][t];
        }
    assert_false(race_trails(&race, 1, 0, 1));
    assert_true(race_trails(&race, 2, 0, 1));
    race_clear(&race);
}

static void the_most_promising_goes_on_first(void **state) {
    (void)state;
    struct race race = small_race();
    size_t finalists[SEARCH_FEATURES], folds;
    for (size_t i = 0; i < 5; i++)
        for (size_t m = 0; m < 3; m++)
            judge(&race, i, m,
                  i >= 3 ? 0.1 : 0.5 + 0.1 * (double)i + 0.01 * (double)m);
    assert_int_equal(race_finalists(&race, finalists), 2);
    assert_int_equal(finalists[0], 2);
    assert_int_equal(finalists[1], 1);
    assert_true(fabs(race_merit(&race, 1, &folds) - 0.62) < 1e-12);
    assert_int_equal(race_best_features(&race), 2);
    for (size_t f = 0; f < 3; f++) /* more folds weigh more than luck */
        for (size_t m = 0; m < 2; m++)
            judge(&race, 1, m, 0.6);
    assert_int_equal(race_best_features(&race), 1);
    assert_int_equal(race_best_method(&race, 1, 0), 1);
    struct task_plan plan = race_plan(&race, 1, 0);
    assert_int_equal(plan.method_count, 1); /* the SVM saw one fold */
    for (size_t f = 0; f < 3; f++)
        judge(&race, 1, 2, 0.1);
    plan = race_plan(&race, 1, 0);
    assert_int_equal(plan.method_count, 2);
    assert_int_equal(plan.methods[1].kind, MODEL_SVM);
    race_clear(&race);
    memory_fail_at(1);
    assert_false(race_start(&race));
    memory_fail_at(0);
    race_clear(&race);
}

static void the_lowest_cost_within_the_leeway(void **state) {
    (void)state;
    struct race race = {.methods = {{MODEL_LOGREG, 1, true},
                                    {MODEL_LOGREG, 4, true},
                                    {MODEL_LOGREG, 16, true},
                                    {MODEL_LOGREG, 4, false},
                                    {MODEL_SVM, 0.1, true},
                                    {MODEL_SVM, 0.4, true}},
                        .feature_count = 1,
                        .method_count = 6,
                        .tasks = 1,
                        .folds = 2};
    assert_true(race_start(&race));
    race_enter_lower_costs(&race, 0, 0); /* of nothing */
    assert_int_equal(race_active(&race, 0), 0);
    for (size_t f = 0; f < 2; f++) {
        judge(&race, 0, 2, 0.8);
        judge(&race, 0, 5, 0.701);
    }
    race_enter_lower_costs(&race, 0, 0);
    for (size_t m = 0; m < 6; m++) /* not 4 without ratios */
        assert_int_equal(race_entry(&race, 0, m, 0)->active,
                         m == 0 || m == 1 || m == 4);
    race.leeway = 0.01;
    struct task_plan plan = race_plan(&race, 0, 0); /* not judged yet */
    assert_true(plan.methods[0].cost == 16 && plan.methods[1].cost == 0.4);
    for (size_t f = 0; f < 2; f++) {
        judge(&race, 0, 0, 0.791);
        judge(&race, 0, 1, 0.793);
    }
    judge(&race, 0, 4, 0.7);
    plan = race_plan(&race, 0, 0);
    assert_int_equal(plan.method_count, 2);
    assert_true(plan.methods[0].cost == 4); /* 1 is more than 0.008 behind */
    assert_true(plan.methods[1].cost == 0.4); /* 0.1 misses a fold */
    judge(&race, 0, 4, 0.7);
    race_entry(&race, 0, 0, 0)->figures[0] = 0.795;
    plan = race_plan(&race, 0, 0);
    assert_true(plan.methods[0].cost == 1);
    assert_true(plan.methods[1].cost == 0.1);
    for (size_t f = 0; f < 2; f++) { /* the SVM gives up less */
        race_entry(&race, 0, 5, 0)->figures[f] = 0.799;
        race_entry(&race, 0, 4, 0)->figures[f] = 0.798;
    }
    plan = race_plan(&race, 0, 0);
    assert_int_equal(plan.methods[0].kind, MODEL_SVM);
    assert_true(plan.methods[0].cost == 0.1);
    assert_true(plan.methods[1].cost == 1);
    race_entry(&race, 0, 1, 0)->figures[0] = 0.7; /* between them a bad one */
    plan = race_plan(&race, 0, 0);
    assert_true(plan.methods[0].cost == 16);
    race.leeway = 0;
    plan = race_plan(&race, 0, 0);
    assert_true(plan.methods[1].cost == 0.4);
    race_enter_lower_costs(&race, 0, 0); /* all have seen all */
    assert_int_equal(race_active(&race, 0), 0);
    race_clear(&race);
}

static void no_kinds_are_all_kinds(void **state) {
    (void)state;
    struct method all[SEARCH_METHODS], some[SEARCH_METHODS];
    size_t count = settings_methods(all, 0);
    assert_true(count > 0);
    assert_int_equal(
        settings_methods(some, 1U << MODEL_LOGREG | 1U << MODEL_SVM), count);
    assert_true(settings_methods(some, 1U << MODEL_SVM) < count);
}

/* ---- figures --------------------------------------------------------------- */

static void figures_by_hand(void **state) {
    (void)state;
    enum { A, B, C };
    /* the last two rows are fold 1's; row 4 is not labelled */
    uint8_t labelled[] = {1, 1, 1, 1, 0, 1};
    size_t starts[] = {0, 1, 2, 3, 4, 4, 5};
    uint32_t values[] = {A, A, B, B, C};
    const uint8_t folds[] = {0, 0, 0, 0, 1, 2};
    const double scores[] = {9, 1, 0, 0, /* A */
                             9, 0, 1, 0, /* B: wrong */
                             9, 0, 1, 0, /* B */
                             9, 0, 1, 0, /* B */
                             9, 0, 0, 0, 9, 0, 0, 1};
    struct corpus_task task = {.label_count = 3,
                               .labelled = labelled,
                               .starts = starts,
                               .values = values};
    struct corpus corpus = {.count = 6, .tasks = &task, .task_count = 1};
    double figure;
    for (int multi = 0; multi < 2; multi++) {
        task.multi = multi;
        assert_true(fold_figure(&figure, &corpus, 0, scores, 4, 1, folds, 1,
                                METRIC_MACRO_F1));
        assert_true(isnan(figure)); /* none of its rows is labelled */
        assert_true(fold_figure(&figure, &corpus, 0, scores, 4, 1, folds, 3,
                                METRIC_ACCURACY));
        assert_true(isnan(figure)); /* no rows */
        memory_fail_at(1);
        assert_false(fold_figure(&figure, &corpus, 0, scores, 4, 1, folds, 0,
                                METRIC_ACCURACY));
        memory_fail_at(0);
    }
    task.multi = false;
    assert_true(fold_figure(&figure, &corpus, 0, scores, 4, 1, folds, 0,
                                METRIC_ACCURACY));
    assert_true(fabs(figure - 0.75) < 1e-12);
    assert_true(fold_figure(&figure, &corpus, 0, scores, 4, 1, folds, 0,
                                METRIC_MACRO_F1));
    assert_true(fabs(figure - (2.0 / 3 + 0.8) / 2) < 1e-12);
    task.multi = true; /* A's best cut takes one row, B's three; C is not there */
    assert_true(fold_figure(&figure, &corpus, 0, scores, 4, 1, folds, 0,
                                METRIC_MACRO_F1));
    assert_true(fabs(figure - (2.0 / 3 + 0.8) / 2) < 1e-12);
    assert_true(fold_figure(&figure, &corpus, 0, scores, 4, 1, folds, 0,
                                METRIC_ACCURACY));
    assert_true(fabs(figure - 0.75) < 1e-12); /* 2 * 3 / (4 + 4) */
    uint8_t targets[] = {1, 1, 0, 0, 1, 1};
    corpus.targets = targets; /* the first two rows alone */
    task.multi = false;
    assert_true(fold_figure(&figure, &corpus, 0, scores, 4, 1, folds, 0,
                            METRIC_ACCURACY));
    assert_true(fabs(figure - 0.5) < 1e-12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_that_say_nothing_do_not_count),
        cmocka_unit_test(few_rows_drop_few_methods),
        cmocka_unit_test(only_the_best_few_go_on),
        cmocka_unit_test(the_best_of_each_kind_goes_on),
        cmocka_unit_test(what_may_help_a_blend_stays),
        cmocka_unit_test(a_fold_that_says_nothing_drops_no_one),
        cmocka_unit_test(a_set_trails_for_all_tasks_or_none),
        cmocka_unit_test(who_is_out_on_another_set_is_not_tried_again),
        cmocka_unit_test(a_set_trails_on_the_same_folds),
        cmocka_unit_test(the_most_promising_goes_on_first),
        cmocka_unit_test(the_lowest_cost_within_the_leeway),
        cmocka_unit_test(no_kinds_are_all_kinds),
        cmocka_unit_test(figures_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
