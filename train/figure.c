/* One figure for how well scores tell the labels of held-out paragraphs: what
 * a search compares. */
#include "search.h"

#include "evaluate/evaluate.h"

#include <math.h>

struct tally {
    size_t support, predicted, correct;
};

/* The rows that are judged. */
struct jury {
    const struct corpus *corpus;
    const struct corpus_task *task;
    const uint8_t *folds;
    uint8_t fold;
};

static bool is_judged(const struct jury *jury, size_t row) {
    return jury->folds[row] == jury->fold && jury->task->labelled[row] &&
           corpus_is_target(jury->corpus, row);
}

static double f1_of(const struct tally *tally) {
    return evaluate_f1(tally->support, tally->predicted, tally->correct);
}

static bool single_figure(double *out, const struct jury *jury,
                          const double *scores, size_t stride, size_t first,
                          enum search_metric metric) {
    const struct corpus_task *task = jury->task;
    struct tally *labels = memory_new(task->label_count, sizeof *labels);
    size_t total = 0, right = 0, seen = 0;
    double sum = 0;
    if (!labels)
        return false;
    for (size_t i = 0; i < jury->corpus->count; i++) {
        if (!is_judged(jury, i))
            continue;
        const double *z = scores + i * stride + first;
        size_t best = 0, truth = task->values[task->starts[i]];
        for (size_t k = 1; k < task->label_count; k++)
            if (z[k] > z[best])
                best = k;
        labels[truth].support++;
        labels[best].predicted++;
        labels[best].correct += best == truth;
        right += best == truth;
        total++;
    }
    for (size_t k = 0; k < task->label_count; k++)
        if (labels[k].support + labels[k].predicted) {
            sum += f1_of(&labels[k]);
            seen++;
        }
    memory_free(labels);
    *out = NAN;
    if (total)
        *out = metric == METRIC_ACCURACY ? (double)right / (double)total
                                         : sum / (double)seen;
    return true;
}

/* The counts at the threshold where F1 is highest. */
static struct tally best_cut(struct judged *judged, size_t count) {
    struct tally best = {0}, here = {0};
    for (size_t i = 0; i < count; i++)
        here.support += judged[i].truth;
    best.support = here.support;
    judged_sort(judged, count);
    for (size_t i = 0; i < count; i++) {
        here.predicted++;
        here.correct += judged[i].truth;
        if (i + 1 < count && judged[i + 1].score == judged[i].score)
            continue;
        if (f1_of(&here) > f1_of(&best))
            best = here;
    }
    return best;
}

static bool multi_figure(double *out, const struct jury *jury,
                         const double *scores, size_t stride, size_t first,
                         enum search_metric metric) {
    const struct corpus_task *task = jury->task;
    size_t rows = jury->corpus->count;
    struct judged *judged = memory_new(rows, sizeof *judged);
    struct tally all = {0};
    size_t seen = 0;
    double sum = 0;
    if (!judged)
        return false;
    for (size_t k = 0; k < task->label_count; k++) {
        size_t count = 0;
        for (size_t i = 0; i < rows; i++) {
            if (!is_judged(jury, i))
                continue;
            bool truth = false;
            for (size_t v = task->starts[i]; v < task->starts[i + 1]; v++)
                truth = truth || task->values[v] == k;
            judged[count++] =
                (struct judged){scores[i * stride + first + k], truth};
        }
        struct tally cut = best_cut(judged, count);
        if (cut.support == 0)
            continue;
        sum += f1_of(&cut);
        seen++;
        all.support += cut.support;
        all.predicted += cut.predicted;
        all.correct += cut.correct;
    }
    memory_free(judged);
    *out = NAN;
    if (seen)
        *out = metric == METRIC_ACCURACY ? f1_of(&all) : sum / (double)seen;
    return true;
}

bool fold_figure(double *out, const struct corpus *corpus, size_t task,
                 const double *scores, size_t stride, size_t first,
                 const uint8_t *folds, uint8_t fold,
                 enum search_metric metric) {
    const struct jury jury = {corpus, &corpus->tasks[task], folds, fold};
    return (jury.task->multi ? multi_figure : single_figure)(
        out, &jury, scores, stride, first, metric);
}
