/* evaluate: from true and predicted labels to figures. Stands on base alone,
 * so that it can judge any classifier's output.
 *
 *   metrics.c      precision, recall, F1, accuracy, confusion
 *   intervals.c    bootstrap confidence intervals
 *   significance.c McNemar's test of two predictions
 *   calibration.c  log-loss, Brier score, expected calibration error
 *   sets.c         coverage of sets of answers */
#ifndef TENOR_EVALUATE_H
#define TENOR_EVALUATE_H

#include "base/base.h"

/* What is judged: one task over `rows` paragraphs and `labels` labels.
 * Both kinds of task use label indicator matrices, so that one piece of code
 * counts both; a single-label row has exactly one 1. */
struct evaluate_input {
    bool multi;
    size_t rows, labels;
    const char *const *names; /* [labels] */
    const uint8_t *truth;     /* [rows][labels], 0 or 1 */
    const uint8_t *predicted; /* [rows][labels] */
    const float *probability; /* [rows][labels] or NULL */
    const uint8_t *possible;  /* [rows][labels] or NULL: ANSWER_YES where the
                               * set of answers has the label, ANSWER_NO where
                               * (multi-label) it has that it does not hold */
};

enum { ANSWER_YES = 1, ANSWER_NO = 2 };

struct interval {
    double low, high;
};

struct label_metrics {
    size_t support, predicted, correct; /* rows: true, predicted, both */
    double precision, recall, f1;       /* 0 where the denominator is 0, as
                                         * scikit-learn's zero_division=0 */
    struct interval f1_interval;
};

struct calibration_bin {
    size_t count;
    double confidence, accuracy; /* means over the bin; 0 when empty */
};
enum { CALIBRATION_BINS = 10 };

/* Figures of one task. Definitions as in scikit-learn 1.2's metrics: a macro
 * figure is the mean over all labels of a multi-label task, and over those
 * that are true or predicted somewhere of a single-label one. */
struct task_metrics {
    bool multi;
    size_t rows, labels;
    const char *const *names;    /* borrowed from the input */
    struct label_metrics *label; /* [labels] */
    double macro_f1, macro_precision, macro_recall;
    double micro_f1;        /* the accuracy, where single-label */
    double accuracy;        /* single-label */
    double subset_accuracy; /* multi-label: all labels of a row right */
    double hamming_loss;    /* multi-label: share of wrong cells */
    size_t *confusion;      /* [labels true][labels predicted], single-label */
    struct interval macro_f1_interval, micro_f1_interval, accuracy_interval;
    /* 95 %; accuracy is subset_accuracy for a
     * multi-label task; the figure itself, twice,
     * without resamples */
    bool has_probability;
    double log_loss, brier; /* single: over the row's distribution, Brier's own
                             * sum over labels; multi: mean over cells */
    double calibration_error; /* expected calibration error (Naeini et al.
                               * 2015; Guo et al. 2017), equal-width bins; of
                               * the favoured label, or of all cells when
                               * multi */
    struct calibration_bin bins[CALIBRATION_BINS];
    /* Sets of answers, one a row of a single-label task, one a cell of a
     * multi-label one: */
    bool has_sets;
    double coverage;      /* share that holds the true answer */
    double sure;          /* share of one answer only */
    double sure_accuracy; /* share of these that are right; 0 where none */
};

/* True when the label takes part in the task's macro figures. */
bool evaluate_counts_label(const struct task_metrics *metrics, size_t label);

/* `resamples` bootstrap resamples of the rows (0: no intervals, low = high =
 * the figure), seeded: the same input gives the same figures. */
tenor_status evaluate_task(struct task_metrics *out,
                           const struct evaluate_input *input, size_t resamples,
                           uint64_t seed, tenor_error *error);
void task_metrics_clear(struct task_metrics *metrics);

/* ---- parts of evaluate_task -----------------------------------------------
 * They expect the counts and figures in *metrics, and add to them. */
tenor_status evaluate_intervals(struct task_metrics *metrics,
                                const struct evaluate_input *input,
                                size_t resamples, uint64_t seed,
                                tenor_error *error);
void evaluate_calibration(struct task_metrics *metrics,
                          const struct evaluate_input *input);
void evaluate_sets(struct task_metrics *metrics,
                   const struct evaluate_input *input);
/* 2 * correct / (support + predicted), 0 where that is 0 / 0. */
double evaluate_f1(size_t support, size_t predicted, size_t correct);

/* McNemar's exact test (two-sided binomial) on rows where exactly one of two
 * predictions is wholly right. */
double mcnemar_p_value(size_t only_first_right, size_t only_second_right);

#endif
