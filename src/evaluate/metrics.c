/* Precision, recall, F1, accuracy and confusion, from label indicators.
 *
 * With TP the rows where a label is both true and predicted:
 *     precision = TP / predicted, recall = TP / support,
 *     F1 = 2 TP / (support + predicted)
 * macro: the mean over labels; micro: the same formula over the sums of all
 * labels. Definitions and zero cases are those of scikit-learn 1.2
 * (precision_recall_fscore_support, accuracy_score, hamming_loss), and the
 * tests hold the results against it. */
#include "evaluate/evaluate.h"

static double divide(size_t part, size_t whole) {
    return whole ? (double)part / (double)whole : 0.0;
}

double evaluate_f1(size_t support, size_t predicted, size_t correct) {
    return divide(2 * correct, support + predicted);
}

bool evaluate_counts_label(const struct task_metrics *metrics, size_t label) {
    return metrics->multi || metrics->label[label].support > 0 ||
           metrics->label[label].predicted > 0;
}

/* ---- the door ----------------------------------------------------------- */

/* The column of the row's first 1, or `labels`; *ones is how many it has. */
static size_t find_label(const uint8_t *row, size_t labels, size_t *ones) {
    size_t first = labels;
    *ones = 0;
    for (size_t i = 0; i < labels; i++) {
        if (!row[i])
            continue;
        if (first == labels)
            first = i;
        ++*ones;
    }
    return first;
}

static tenor_status check(const struct evaluate_input *input,
                          tenor_error *error) {
    if (input->rows == 0 || input->labels == 0)
        return error_set(error, TENOR_ERROR_INPUT,
                         "there is no labelled paragraph to evaluate on");
    if (input->rows > UINT32_MAX || input->labels > UINT32_MAX)
        return error_set(error, TENOR_ERROR_INPUT,
                         "%zu paragraphs with %zu labels are too many to "
                         "evaluate at once",
                         input->rows, input->labels);
    for (size_t row = 0; row < input->rows && !input->multi; row++) {
        size_t truths, predictions;
        find_label(input->truth + row * input->labels, input->labels, &truths);
        find_label(input->predicted + row * input->labels, input->labels,
                   &predictions);
        if (truths != 1 || predictions != 1)
            return error_set(error, TENOR_ERROR_USAGE,
                             "paragraph %zu has %zu true and %zu predicted "
                             "labels; a single-label task needs one of each",
                             row + 1, truths, predictions);
    }
    return TENOR_OK;
}

/* ---- counts ------------------------------------------------------------- */

struct tally {
    size_t rows_right, cells_wrong;
    size_t support, predicted, correct; /* over all labels */
};

static void count_row(struct task_metrics *metrics, struct tally *tally,
                      const uint8_t *truth, const uint8_t *predicted) {
    size_t wrong = 0;
    for (size_t i = 0; i < metrics->labels; i++) {
        bool is = truth[i] != 0, said = predicted[i] != 0;
        metrics->label[i].support += is;
        metrics->label[i].predicted += said;
        metrics->label[i].correct += is && said;
        wrong += is != said;
    }
    tally->cells_wrong += wrong;
    tally->rows_right += wrong == 0;
    if (!metrics->confusion)
        return;
    size_t ones;
    size_t row = find_label(truth, metrics->labels, &ones);
    size_t column = find_label(predicted, metrics->labels, &ones);
    metrics->confusion[row * metrics->labels + column]++;
}

static void average(struct task_metrics *metrics, struct tally *tally) {
    size_t counted = 0;
    for (size_t i = 0; i < metrics->labels; i++) {
        struct label_metrics *label = &metrics->label[i];
        label->precision = divide(label->correct, label->predicted);
        label->recall = divide(label->correct, label->support);
        label->f1 =
            evaluate_f1(label->support, label->predicted, label->correct);
        tally->support += label->support;
        tally->predicted += label->predicted;
        tally->correct += label->correct;
        if (!evaluate_counts_label(metrics, i))
            continue;
        metrics->macro_precision += label->precision;
        metrics->macro_recall += label->recall;
        metrics->macro_f1 += label->f1;
        counted++;
    }
    if (counted) {
        metrics->macro_precision /= (double)counted;
        metrics->macro_recall /= (double)counted;
        metrics->macro_f1 /= (double)counted;
    }
    metrics->micro_f1 =
        evaluate_f1(tally->support, tally->predicted, tally->correct);
    if (metrics->multi) {
        metrics->subset_accuracy = divide(tally->rows_right, metrics->rows);
        metrics->hamming_loss = (double)tally->cells_wrong /
                                (double)metrics->rows / (double)metrics->labels;
    } else {
        metrics->accuracy = divide(tally->rows_right, metrics->rows);
    }
}

/* ---- a task ------------------------------------------------------------- */

tenor_status evaluate_task(struct task_metrics *out,
                           const struct evaluate_input *input, size_t resamples,
                           uint64_t seed, tenor_error *error) {
    *out = (struct task_metrics){.multi = input->multi,
                                 .rows = input->rows,
                                 .labels = input->labels,
                                 .names = input->names,
                                 .has_probability = input->probability != NULL};
    struct tally tally = {0};
    tenor_status status = check(input, error);
    if (status)
        goto done;
    out->label = memory_new(input->labels, sizeof *out->label);
    if (!input->multi && input->labels <= SIZE_MAX / input->labels)
        out->confusion =
            memory_new(input->labels * input->labels, sizeof *out->confusion);
    if (!out->label || (!input->multi && !out->confusion)) {
        status = error_memory(error);
        goto done;
    }
    for (size_t row = 0; row < input->rows; row++)
        count_row(out, &tally, input->truth + row * input->labels,
                  input->predicted + row * input->labels);
    average(out, &tally);
    if (input->probability)
        evaluate_calibration(out, input);
    evaluate_sets(out, input);
    status = evaluate_intervals(out, input, resamples, seed, error);
done:
    if (status)
        task_metrics_clear(out);
    return status;
}

void task_metrics_clear(struct task_metrics *metrics) {
    memory_free(metrics->label);
    memory_free(metrics->confusion);
    *metrics = (struct task_metrics){0};
}
