/* 95 % confidence intervals by the percentile bootstrap (Efron & Tibshirani
 * 1993, chapter 13): the rows are drawn anew with replacement, as many as
 * there are, the figures computed again, and the middle 95 % of the results
 * is the interval.
 *
 * What a row adds to the counts depends only on its pair of label sets, and
 * few pairs are distinct. So a resample counts pairs - one increment a row -
 * and adds up labels once for each pair.
 *
 * A label that a resample lost altogether has no F1 there. It is left out of
 * that resample's mean; taken as 0, rare labels would pull the interval below
 * the figure it belongs to. A label of a multi-label task that the data does
 * not have at all stays 0, as in the figure.
 *
 * Rows are drawn by splitmix64 (Steele, Lea & Flood, OOPSLA 2014). */
#include "evaluate/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One label's part in a pair: bits tell whether true, whether predicted. */
enum { TRUE_BIT = 1, PREDICTED_BIT = 2 };
struct part {
    uint32_t label;
    uint32_t bits;
};

struct pairs {
    size_t count;
    uint32_t *of_row;   /* [rows] */
    size_t *starts;     /* [count + 1], into parts */
    struct part *parts; /* a pair's are those that are true or predicted */
    uint8_t *right;     /* [count] both sets are equal */
};

struct counts {
    size_t support, predicted, correct;
};

/* Figures of all resamples, one column a figure: macro F1, micro F1, accuracy,
 * then the labels' F1. NaN marks "no F1 here". */
enum { MACRO, MICRO, ACCURACY, LABELS };

struct resampling {
    const struct task_metrics *metrics;
    struct pairs pairs;
    size_t resamples;
    double *figures;       /* [LABELS + labels][resamples] */
    size_t *drawn;         /* [pairs.count] */
    struct counts *counts; /* [labels] */
};

/* ---- pairs -------------------------------------------------------------- */

struct row_key {
    const uint8_t *truth, *predicted;
    size_t labels;
    uint32_t row;
};

static int compare_keys(const void *left, const void *right) {
    const struct row_key *a = left, *b = right;
    int order = memcmp(a->truth, b->truth, a->labels);
    return order ? order : memcmp(a->predicted, b->predicted, a->labels);
}

/* Appends the parts of a pair; `parts` has room for all labels. */
static size_t list_parts(struct part *parts, const struct row_key *key) {
    size_t count = 0;
    for (size_t i = 0; i < key->labels; i++) {
        uint32_t bits = (key->truth[i] ? TRUE_BIT : 0u) |
                        (key->predicted[i] ? PREDICTED_BIT : 0u);
        if (bits)
            parts[count++] = (struct part){(uint32_t)i, bits};
    }
    return count;
}

static void pairs_clear(struct pairs *pairs) {
    memory_free(pairs->of_row);
    memory_free(pairs->starts);
    memory_free(pairs->parts);
    memory_free(pairs->right);
}

/* Numbers the distinct pairs by sorting the rows. */
static bool pairs_find(struct pairs *out, const struct evaluate_input *input) {
    size_t rows = input->rows, labels = input->labels, capacity = 0;
    bool done = false;
    *out = (struct pairs){0};
    struct row_key *keys = memory_new_raw(rows, sizeof *keys);
    out->of_row = memory_new(rows, sizeof *out->of_row);
    out->starts = memory_new(rows + 1, sizeof *out->starts);
    out->right = memory_new(rows, sizeof *out->right);
    if (!keys || !out->of_row || !out->starts || !out->right)
        goto done;
    for (size_t i = 0; i < rows; i++)
        keys[i] = (struct row_key){input->truth + i * labels,
                                   input->predicted + i * labels, labels,
                                   (uint32_t)i};
    qsort(keys, rows, sizeof *keys, compare_keys);
    for (size_t i = 0; i < rows; i++) {
        if (i == 0 || compare_keys(&keys[i - 1], &keys[i]) != 0) {
            size_t end = out->starts[out->count];
            if (!memory_reserve(&out->parts, &capacity, end + labels,
                                sizeof *out->parts))
                goto done;
            out->starts[out->count + 1] =
                end + list_parts(out->parts + end, &keys[i]);
            out->right[out->count++] =
                memcmp(keys[i].truth, keys[i].predicted, labels) == 0;
        }
        out->of_row[keys[i].row] = (uint32_t)(out->count - 1);
    }
    done = true;
done:
    memory_free(keys);
    return done;
}

/* ---- one resample ------------------------------------------------------- */

static uint64_t splitmix64(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static void draw(struct resampling *resampling, uint64_t *state) {
    uint64_t rows = resampling->metrics->rows; /* fits into 32 bits */
    const uint32_t *of_row = resampling->pairs.of_row;
    size_t *drawn = resampling->drawn;
    memset(drawn, 0, resampling->pairs.count * sizeof *drawn);
    for (uint64_t i = 0; i < rows; i++)
        drawn[of_row[(splitmix64(state) >> 32) * rows >> 32]]++;
}

/* Adds up the labels of the drawn pairs; returns how many rows are right. */
static size_t count(struct resampling *resampling) {
    const struct pairs *pairs = &resampling->pairs;
    struct counts *counts = resampling->counts;
    size_t right = 0;
    memset(counts, 0, resampling->metrics->labels * sizeof *counts);
    for (size_t i = 0; i < pairs->count; i++) {
        size_t times = resampling->drawn[i];
        if (times == 0)
            continue;
        right += pairs->right[i] ? times : 0;
        for (size_t j = pairs->starts[i]; j < pairs->starts[i + 1]; j++) {
            struct counts *label = &counts[pairs->parts[j].label];
            uint32_t bits = pairs->parts[j].bits;
            label->support += bits & TRUE_BIT ? times : 0;
            label->predicted += bits & PREDICTED_BIT ? times : 0;
            label->correct += bits == (TRUE_BIT | PREDICTED_BIT) ? times : 0;
        }
    }
    return right;
}

static void figure(struct resampling *resampling, size_t resample) {
    const struct task_metrics *metrics = resampling->metrics;
    double *column = resampling->figures + resample, f1_sum = 0.0;
    size_t step = resampling->resamples, counted = 0;
    struct counts all = {0};
    size_t right = count(resampling);
    for (size_t i = 0; i < metrics->labels; i++) {
        const struct counts *label = &resampling->counts[i];
        bool lost = label->support + label->predicted == 0;
        double f1 =
            evaluate_f1(label->support, label->predicted, label->correct);
        bool never =
            metrics->label[i].support + metrics->label[i].predicted == 0;
        column[(LABELS + i) * step] = lost ? NAN : f1;
        f1_sum += f1;
        counted += !lost || (never && metrics->multi);
        all.support += label->support;
        all.predicted += label->predicted;
        all.correct += label->correct;
    }
    column[MACRO * step] = counted ? f1_sum / (double)counted : NAN;
    column[MICRO * step] = evaluate_f1(all.support, all.predicted, all.correct);
    column[ACCURACY * step] = (double)right / (double)metrics->rows;
}

/* ---- intervals ---------------------------------------------------------- */

static int compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Linear interpolation between order statistics, as numpy.percentile. */
static double quantile(const double *sorted, size_t count, double share) {
    double position = share * (double)(count - 1);
    size_t below = (size_t)position;
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] +
           (position - (double)below) * (sorted[below + 1] - sorted[below]);
}

/* Sorts the samples, the NaN ones left aside. */
static struct interval bracket(double *samples, size_t count, double figure) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(samples[i]))
            samples[kept++] = samples[i];
    if (kept == 0)
        return (struct interval){figure, figure};
    qsort(samples, kept, sizeof *samples, compare_doubles);
    return (struct interval){quantile(samples, kept, 0.025),
                             quantile(samples, kept, 0.975)};
}

/* The interval of one figure; the figure itself without resamples. */
static struct interval of_figure(double *figures, size_t index,
                                 size_t resamples, double figure) {
    if (resamples == 0)
        return (struct interval){figure, figure};
    return bracket(figures + index * resamples, resamples, figure);
}

static void fill(struct task_metrics *metrics, double *figures,
                 size_t resamples) {
    double accuracy =
        metrics->multi ? metrics->subset_accuracy : metrics->accuracy;
    metrics->macro_f1_interval =
        of_figure(figures, MACRO, resamples, metrics->macro_f1);
    metrics->micro_f1_interval =
        of_figure(figures, MICRO, resamples, metrics->micro_f1);
    metrics->accuracy_interval =
        of_figure(figures, ACCURACY, resamples, accuracy);
    for (size_t i = 0; i < metrics->labels; i++)
        metrics->label[i].f1_interval =
            of_figure(figures, LABELS + i, resamples, metrics->label[i].f1);
}

tenor_status evaluate_intervals(struct task_metrics *metrics,
                                const struct evaluate_input *input,
                                size_t resamples, uint64_t seed,
                                tenor_error *error) {
    if (resamples == 0) {
        fill(metrics, NULL, 0);
        return TENOR_OK;
    }
    struct resampling resampling = {.metrics = metrics, .resamples = resamples};
    tenor_status status = TENOR_OK;
    uint64_t state = seed;
    bool found = pairs_find(&resampling.pairs, input);
    resampling.figures = memory_new_raw(
        resamples, (LABELS + metrics->labels) * sizeof *resampling.figures);
    resampling.drawn =
        memory_new(resampling.pairs.count, sizeof *resampling.drawn);
    resampling.counts = memory_new(metrics->labels, sizeof *resampling.counts);
    if (!found || !resampling.figures || !resampling.drawn ||
        !resampling.counts) {
        status = error_memory(error);
        goto done;
    }
    for (size_t i = 0; i < resamples; i++) {
        draw(&resampling, &state);
        figure(&resampling, i);
    }
    fill(metrics, resampling.figures, resamples);
done:
    pairs_clear(&resampling.pairs);
    memory_free(resampling.figures);
    memory_free(resampling.drawn);
    memory_free(resampling.counts);
    return status;
}
