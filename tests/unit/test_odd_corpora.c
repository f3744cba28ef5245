/* odd corpora: singletons, tasks that few paragraphs are labelled for, fewer
 * rows than folds, one group, labels that all hold or none. Whatever learns
 * from them gives finite probabilities whose highest is the label's, or says
 * what is wrong. */
#include "lessons.h"
#include "model/classifier.h"
#include "small_model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- the corpora --------------------------------------------------------- */

static const char *const words[] = {"gas",  "power", "team",  "match", "law",
                                    "vote", "rain",  "river", "bank",  "coin"};

typedef void writer(FILE *file, size_t row);

static void write_text(FILE *file, size_t row) {
    fprintf(file, "\"text\": \"%s %s and the %s\"", words[row % 10],
            words[row / 2 % 10], words[row * 7 % 10]);
}

static void two_and_singletons(FILE *file, size_t row) {
    if (row % 6 == 5)
        fprintf(file, "\"tone\": \"rare%zu\"", row);
    else
        fprintf(file, "\"tone\": \"%s\"", row % 2 ? "odd" : "even");
}

static void all_singletons(FILE *file, size_t row) {
    fprintf(file, "\"tone\": \"only%zu\"", row);
}

static void few_labelled(FILE *file, size_t row) {
    fprintf(file, "\"tone\": \"%s\"", row % 2 ? "odd" : "even");
    if (row < 2)
        fprintf(file, ", \"stance\": \"%s\"", row ? "for" : "against");
    if (row == 3)
        fprintf(file, ", \"topic\": [\"x\"]");
}

static void all_and_none(FILE *file, size_t row) {
    fprintf(file, "\"topic\": [%s]",
            row == 0 ? "\"all\", \"once\"" : "\"all\"");
}

static void contradictions(FILE *file, size_t row) {
    fprintf(file, "\"tone\": \"%s\"", row / 2 % 2 ? "odd" : "even");
}

static struct corpus odd_corpus(writer *write, size_t rows) {
    char path[64];
    const char *const paths[] = {path};
    snprintf(path, sizeof path, "/tmp/tenor-odd-%ld.jsonl", (long)getpid());
    FILE *file = fopen(path, "w");
    for (size_t i = 0; i < rows; i++) {
        fputc('{', file);
        write_text(file, write == contradictions ? 0 : i);
        fputs(", ", file);
        write(file, i);
        fputs("}\n", file);
    }
    fclose(file);
    struct corpus corpus;
    assert_int_equal(corpus_read(&corpus, paths, 1, NULL, NULL, NULL), 0);
    unlink(path);
    return corpus;
}

/* ---- what learns from them ------------------------------------------------- */

enum { WAYS = 7 };

static struct learn_options way(size_t number) {
    struct learn_options options = small_options();
    struct task_plan *plan = &options.plan;
    options.vocabulary.features.min_df = 1;
    switch (number) {
    case 0:
        break;
    case 1:
        plan->methods[0] = (struct method){MODEL_SVM, 1, false};
        break;
    case 2:
        plan->methods[1] = (struct method){MODEL_SVM, 1, false};
        plan->method_count = 2;
        break;
    case 3:
        plan->methods[0].ratios = true;
        break;
    case 4:
        options.search = true;
        options.folds = 3;
        break;
    default:
        plan->methods[0] = (struct method){MODEL_SVM, 1, false};
        options.kernel = (struct kernel){.kind = KERNEL_RBF, .gamma = 1};
        options.pairs = number == 6;
    }
    return options;
}

static void check_model(const tenor_model *model, const struct corpus *corpus) {
    tenor_classifier *classifier;
    tenor_result result;
    assert_int_equal(tenor_classifier_new(&classifier, model, NULL), 0);
    for (size_t i = 0; i < corpus->count; i++) {
        assert_int_equal(tenor_classify(classifier, &result,
                                        corpus->texts[i].data,
                                        corpus->texts[i].size, NULL),
                         0);
        for (size_t t = 0; t < model->task_count; t++) {
            const struct model_task *task = &model->tasks[t];
            float sum = 0, highest = 0, held = 0;
            for (size_t k = task->first; k < task->first + task->label_count;
                 k++) {
                float p = result.probability[k];
                assert_true(p >= 0 && p <= 1);
                highest = fmaxf(highest, p);
                held = result.holds[k] ? p : held;
                sum += p;
            }
            if (!task->multi) {
                assert_true(fabsf(sum - 1) < 1e-5f);
                assert_true(held == highest);
            }
        }
    }
    tenor_classifier_free(classifier);
    for (size_t i = 0; i < model->truth_count; i++)
        assert_true(model->truths[i] >= 0 && model->truths[i] <= 1);
    size_t size; /* and can be written and read */
    char *bytes = small_model_bytes(model, &size);
    tenor_model *again;
    assert_int_equal(tenor_model_load_memory(&again, "odd", bytes, size,
                                             NULL), 0);
    tenor_model_free(again);
    memory_free(bytes);
}

static void learn_every_way(writer *write, size_t rows) {
    struct corpus corpus = odd_corpus(write, rows);
    for (size_t number = 0; number < WAYS; number++) {
        struct learn_options options = way(number);
        tenor_model *model;
        tenor_error error = {0};
        tenor_status status = learn_model(&model, NULL, &corpus, &options,
                                          NULL, NULL, &error);
        if (options.search && rows < options.folds) {
            assert_int_equal(status, TENOR_ERROR_USAGE);
            assert_non_null(strstr(error.message, "folds"));
            continue;
        }
        assert_int_equal(status, 0);
        check_model(model, &corpus);
        tenor_model_free(model);
    }
    corpus_clear(&corpus);
}

static void singletons(void **state) {
    (void)state;
    learn_every_way(two_and_singletons, 36);
    learn_every_way(all_singletons, 12);
}

static void tasks_with_few_labels(void **state) {
    (void)state;
    learn_every_way(few_labelled, 30);
    learn_every_way(all_and_none, 20);
}

/* A task that few rows are labelled for has all of them held out once. */
static void rare_tasks_use_all_folds(void **state) {
    (void)state;
    struct corpus corpus = odd_corpus(few_labelled, 30);
    struct learn_options options = small_options();
    struct lessons lessons;
    struct held_out held_out;
    options.calibration_rows = 10;
    assert_int_equal(lessons_make(&lessons, &corpus, &options, NULL), 0);
    for (int all = 1; all >= 0; all--) {
        assert_int_equal(
            held_out_start(&held_out, &lessons, &corpus, &options, NULL), 0);
        /* 10 of 30 rows are 5 / 3 of the folds */
        assert_int_equal(held_out.used, all ? 5 : 2);
        held_out_clear(&held_out);
        for (size_t t = 0; t < corpus.task_count; t++)
            memset(corpus.tasks[t].labelled, 1, corpus.count);
    }
    lessons_clear(&lessons);
    corpus_clear(&corpus);
}

static void few_rows(void **state) {
    (void)state;
    learn_every_way(all_singletons, 2);
    learn_every_way(few_labelled, 4);
    learn_every_way(few_labelled, 10);
    learn_every_way(all_and_none, 11);
}

static void contradicting_rows(void **state) {
    (void)state;
    learn_every_way(contradictions, 24);
}

/* One group can't be held out and learnt from at once. */
static void one_group_is_too_few(void **state) {
    (void)state;
    for (size_t number = 0; number < WAYS; number++) {
        struct corpus corpus = odd_corpus(few_labelled, 20);
        struct learn_options options = way(number);
        tenor_model *model;
        tenor_error error = {0};
        corpus.groups = memory_new(corpus.count, sizeof *corpus.groups);
        for (size_t i = 0; i < corpus.count; i++)
            corpus.groups[i] = (struct slice){"all", 3};
        assert_int_equal(
            learn_model(&model, NULL, &corpus, &options, NULL, NULL, &error),
            TENOR_ERROR_USAGE);
        assert_non_null(strstr(error.message, "1 group can't"));
        corpus_clear(&corpus);
    }
}

/* Every way of learning, every third allocation. */
static void failed_allocations_are_reported(void **state) {
    (void)state;
    struct corpus corpus = odd_corpus(few_labelled, 12);
    for (size_t number = 0; number < WAYS; number++) {
        struct learn_options options = way(number);
        tenor_status status = TENOR_ERROR_MEMORY;
        if (options.search) /* see test_search.c */
            continue;
        options.folds = 2;
        options.vocabulary.features.char_max = 0;
        options.vocabulary.features.char_min = 0;
        for (size_t n = 1; status == TENOR_ERROR_MEMORY; n += 3) {
            tenor_model *model;
            struct learn_report report;
            memory_fail_at(n);
            status = learn_model(&model, &report, &corpus, &options, NULL,
                                 NULL, NULL);
            memory_fail_at(0);
            learn_report_clear(&report);
            tenor_model_free(model);
        }
        assert_int_equal(status, 0);
    }
    corpus_clear(&corpus);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(singletons),
        cmocka_unit_test(tasks_with_few_labels),
        cmocka_unit_test(rare_tasks_use_all_folds),
        cmocka_unit_test(few_rows),
        cmocka_unit_test(contradicting_rows),
        cmocka_unit_test(one_group_is_too_few),
        cmocka_unit_test(failed_allocations_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
