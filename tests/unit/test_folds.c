/* folds: every label has its share of every fold, groups stay together, the
 * seed decides. */
#include "train.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 400, LABELS = 4 };

/* A corpus without texts: a single-label task and a multi-label one. */
struct made {
    struct corpus corpus;
    struct corpus_task tasks[2];
    size_t starts[2][MOST + 1];
    uint32_t values[2][LABELS * MOST];
    uint8_t labelled[2][MOST];
    struct slice groups[MOST];
    char names[MOST][24];
};

/* Label 0 of each task is common, label 3 rare; every 10th record has no label
 * of the second task, every 25th is not labelled at all. */
static struct made *make(size_t count, uint64_t seed) {
    struct made *made = memory_new(1, sizeof *made);
    for (size_t t = 0; t < 2; t++) {
        size_t at = 0;
        made->tasks[t] = (struct corpus_task){.multi = t == 1,
                                              .label_count = LABELS,
                                              .labelled = made->labelled[t],
                                              .starts = made->starts[t],
                                              .values = made->values[t]};
        for (size_t i = 0; i < count; i++) {
            made->starts[t][i] = at;
            uint64_t chance = random_next(&seed) % 100;
            made->labelled[t][i] = i % 25 != 24;
            if (i % 25 == 24)
                continue;
            if (t == 0)
                made->values[0][at++] = chance < 60   ? 0
                                        : chance < 85 ? 1
                                        : chance < 96 ? 2
                                                      : 3;
            for (uint32_t k = 0; k < LABELS && t == 1 && i % 10; k++)
                if (random_next(&seed) % 100 < UINT64_C(50) >> k)
                    made->values[1][at++] = k;
        }
        made->starts[t][count] = at;
    }
    made->corpus =
        (struct corpus){.count = count, .tasks = made->tasks, .task_count = 2};
    return made;
}

static void group(struct made *made, size_t size) {
    for (size_t i = 0; i < made->corpus.count; i++) {
        snprintf(made->names[i], sizeof made->names[i], "g%zu", i / size);
        made->groups[i] =
            (struct slice){made->names[i], strlen(made->names[i])};
    }
    made->corpus.groups = made->groups;
}

/* out[fold]: records of the fold that have the label; all, for LABELS. */
static void count(size_t *out, const struct made *made, const uint8_t *folds,
                  size_t task, size_t label) {
    memset(out, 0, FOLD_LIMIT * sizeof *out);
    for (size_t i = 0; i < made->corpus.count; i++) {
        out[folds[i]] += label == LABELS;
        for (size_t k = made->starts[task][i]; k < made->starts[task][i + 1];
             k++)
            out[folds[i]] += made->values[task][k] == label;
    }
}

static void assert_even(const size_t *counts, size_t folds, size_t slack) {
    size_t least = SIZE_MAX, most = 0;
    for (size_t f = 0; f < folds; f++) {
        least = counts[f] < least ? counts[f] : least;
        most = counts[f] > most ? counts[f] : most;
    }
    if (most - least > slack)
        fail_msg("folds hold from %zu to %zu", least, most);
}

static void labels_are_spread_evenly(void **state) {
    (void)state;
    uint8_t folds[MOST];
    size_t counts[FOLD_LIMIT];
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct made *made = make(MOST, seed);
        made->corpus.task_count = 1; /* one label each: shares are exact */
        assert_int_equal(folds_assign(folds, &made->corpus, 5, seed, NULL), 0);
        for (size_t label = 0; label < LABELS; label++) {
            count(counts, made, folds, 0, label);
            assert_even(counts, 5, 1);
        }
        made->corpus.task_count = 2; /* eight labels pull at each record */
        assert_int_equal(folds_assign(folds, &made->corpus, 5, seed, NULL), 0);
        for (size_t task = 0; task < 2; task++)
            for (size_t label = 0; label < LABELS; label++) {
                count(counts, made, folds, task, label);
                assert_even(counts, 5, label == 3 ? 2 : 12);
            }
        count(counts, made, folds, 0, LABELS);
        assert_even(counts, 5, 12);
        memory_free(made);
    }
}

static void groups_stay_together(void **state) {
    (void)state;
    uint8_t folds[MOST];
    size_t counts[FOLD_LIMIT];
    struct made *made = make(MOST, 3);
    group(made, 4);
    assert_int_equal(folds_assign(folds, &made->corpus, 5, 1, NULL), TENOR_OK);
    for (size_t i = 0; i < MOST; i++)
        assert_int_equal(folds[i], folds[i / 4 * 4]);
    count(counts, made, folds, 0, LABELS);
    assert_even(counts, 5, 16);
    /* records without a group are groups of their own */
    memset(made->groups, 0, sizeof made->groups);
    assert_int_equal(folds_assign(folds, &made->corpus, 2, 1, NULL), TENOR_OK);
    count(counts, made, folds, 0, LABELS);
    assert_even(counts, 2, 12);
    memory_free(made);
}

/* 18 groups of 20 and 40 records of their own: a group placed late would be too
 * much for its fold. */
static void large_groups_are_made_up_for(void **state) {
    (void)state;
    uint8_t folds[MOST];
    size_t counts[FOLD_LIMIT];
    struct made *made = make(MOST, 3);
    memset(made->starts, 0, sizeof made->starts);
    group(made, 20);
    memset(made->groups, 0, 40 * sizeof *made->groups);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        assert_int_equal(folds_assign(folds, &made->corpus, 5, seed, NULL), 0);
        count(counts, made, folds, 0, LABELS);
        assert_even(counts, 5, 0);
    }
    memory_free(made);
}

static void the_seed_decides(void **state) {
    (void)state;
    uint8_t first[MOST], again[MOST], other[MOST];
    struct made *made = make(MOST, 3);
    assert_int_equal(folds_assign(first, &made->corpus, 4, 9, NULL), TENOR_OK);
    assert_int_equal(folds_assign(again, &made->corpus, 4, 9, NULL), TENOR_OK);
    assert_int_equal(folds_assign(other, &made->corpus, 4, 8, NULL), TENOR_OK);
    assert_memory_equal(first, again, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
    for (size_t i = 0; i < MOST; i++)
        assert_true(first[i] < 4);
    memory_free(made);
}

static void records_without_labels_fill_up(void **state) {
    (void)state;
    uint8_t folds[MOST];
    size_t counts[FOLD_LIMIT];
    struct made *made = make(60, 3);
    memset(made->starts, 0, sizeof made->starts);
    assert_int_equal(folds_assign(folds, &made->corpus, 6, 2, NULL), TENOR_OK);
    count(counts, made, folds, 0, LABELS);
    assert_even(counts, 6, 0);
    group(made, 1); /* three groups of five take five records' room */
    for (size_t i = 0; i < 12; i++)
        made->groups[i] = made->groups[12 + i / 4];
    assert_int_equal(folds_assign(folds, &made->corpus, 6, 2, NULL), TENOR_OK);
    count(counts, made, folds, 0, LABELS);
    assert_even(counts, 6, 1);
    memory_free(made);
}

static void impossible_folds_are_refused(void **state) {
    (void)state;
    uint8_t folds[MOST];
    struct made *made = make(10, 3);
    static const size_t wrong[] = {0, 1, 11, FOLD_LIMIT + 1};
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        tenor_error error = {0};
        assert_int_equal(
            folds_assign(folds, &made->corpus, wrong[i], 1, &error),
            TENOR_ERROR_USAGE);
    }
    for (size_t n = 1;; n++) {
        memory_fail_at(n);
        tenor_status status = folds_assign(folds, &made->corpus, 5, 1, NULL);
        memory_fail_at(0);
        if (!status)
            break;
        assert_int_equal(status, TENOR_ERROR_MEMORY);
    }
    memory_free(made);
}

/* Large groups, of which every fourth is of targets. */
static void targets_are_spread_over_all_folds(void **state) {
    (void)state;
    enum { SIZE = 10, FOLDS = 5 };
    static uint8_t targets[MOST];
    uint8_t folds[MOST];
    size_t counts[FOLDS] = {0};
    struct made *made = make(MOST, 3);
    group(made, SIZE);
    for (size_t i = 0; i < MOST; i++)
        targets[i] = i / SIZE % 4 == 0;
    made->corpus.targets = targets;
    assert_int_equal(folds_assign(folds, &made->corpus, FOLDS, 1, NULL), 0);
    for (size_t i = 0; i < MOST; i++)
        counts[folds[i]] += targets[i];
    for (size_t f = 0; f < FOLDS; f++)
        assert_int_equal(counts[f], MOST / 4 / FOLDS);
    memory_free(made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_spread_evenly),
        cmocka_unit_test(groups_stay_together),
        cmocka_unit_test(large_groups_are_made_up_for),
        cmocka_unit_test(the_seed_decides),
        cmocka_unit_test(records_without_labels_fill_up),
        cmocka_unit_test(impossible_folds_are_refused),
        cmocka_unit_test(targets_are_spread_over_all_folds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
