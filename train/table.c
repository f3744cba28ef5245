/* What a search tried, as a table for each task:
 *
 *   tone: the best 12 of 70 settings
 *      macro-F1  deviation  folds  model   cost  ratios  features
 *   *    0.8667     0.0577      3  svm      0.1  no      words 1-2, marks
 *
 * In the order of what they are worth: those judged on more folds first, then
 * by their mean over these. The features are chosen for all tasks together, so
 * that a task's own best setting may be another one than what * marks; with
 * --leeway its cost may be a lower one. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 12 };

static int compare_doubles(double left, double right) {
    return (left > right) - (left < right);
}

static int compare_trials(const void *a, const void *b) {
    const struct search_trial *left = a, *right = b;
    if (left->task != right->task)
        return left->task < right->task ? -1 : 1;
    if (left->folds != right->folds)
        return left->folds < right->folds ? 1 : -1;
    if (left->mean != right->mean)
        return compare_doubles(right->mean, left->mean);
    if (left->chosen != right->chosen)
        return left->chosen ? -1 : 1;
    int order = strcmp(left->features, right->features);
    if (order)
        return order;
    if (left->method.kind != right->method.kind)
        return left->method.kind < right->method.kind ? -1 : 1;
    if (left->method.cost != right->method.cost)
        return compare_doubles(left->method.cost, right->method.cost);
    return left->method.ratios - right->method.ratios;
}

static void print_trial(const struct search_trial *trial) {
    char deviation[16] = "-";
    if (trial->folds > 1)
        snprintf(deviation, sizeof deviation, "%.4f", trial->deviation);
    printf("%c  %8.4f  %9s  %5zu  %-6s  %4g  %-6s  %s\n",
           trial->chosen ? '*' : ' ', trial->mean, deviation, trial->folds,
           model_kind_names[trial->method.kind], trial->method.cost,
           trial->method.ratios ? "yes" : "no", trial->features);
}

/* The trials of one task. */
static void print_task(const struct search_trial *trials, size_t count,
                       const struct corpus_task *task,
                       enum search_metric metric) {
    size_t most = messages.verbose || count < MOST_ROWS ? count : MOST_ROWS;
    const char *figure = metric == METRIC_MACRO_F1 ? "macro-F1"
                         : task->multi             ? "micro-F1"
                                                   : "accuracy";
    if (most < count)
        printf("%s: the best %zu of %zu settings (-v: all)\n", task->name,
               most, count);
    else
        printf("%s: %zu settings\n", task->name, count);
    printf("   %s  deviation  folds  model   cost  ratios  features\n", figure);
    for (size_t i = 0; i < count; i++)
        if (i < most || trials[i].chosen)
            print_trial(&trials[i]);
    printf("\n");
}

void table_print(struct search_outcome *search, const struct corpus *corpus,
                 enum search_metric metric) {
    if (search->trial_count == 0)
        return;
    qsort(search->trials, search->trial_count, sizeof *search->trials,
          compare_trials);
    for (size_t first = 0, next = 0; first < search->trial_count;
         first = next) {
        size_t task = search->trials[first].task;
        while (next < search->trial_count && search->trials[next].task == task)
            next++;
        print_task(search->trials + first, next - first, &corpus->tasks[task],
                   metric);
    }
    printf("* chosen; the features of all tasks: %s\n",
           search->features);
    fflush(stdout); /* before what is told on standard error */
}
