/* Figures as text, and the sentences that go with them, for the text and the
 * HTML report alike. Whoever prints a figure should be able to defend it, so
 * what weakens it - few paragraphs, labels without any, probabilities that are
 * off - is said beside it.
 *
 * Numbers are put together digit by digit: printf would follow the locale of
 * the program that the library lives in. */
#include "report/figures.h"

#include <math.h>
#include <string.h>

void figures_say_method(struct buffer *out,
                        const struct evaluation_report *report) {
    bool intervals = false;
    for (size_t i = 0; i < report->task_count; i++)
        intervals = intervals || figures_have_intervals(&report->metrics[i]);
    buffer_text(out, "Precision, recall and F1 are defined as in scikit-learn "
                     "1.2; macro averages weigh each label alike, micro "
                     "averages each decision.");
    if (intervals)
        buffer_text(out, " Intervals hold the middle 95 % of a percentile "
                         "bootstrap over these paragraphs; they say nothing of "
                         "texts unlike them.");
}

/* ---- numbers ------------------------------------------------------------ */

/* The digits of `value`, right to left, ending before text[end]; a `mark`
 * before every third. Returns where they start. */
static size_t put_digits(char *text, size_t end, uint64_t value, char mark) {
    size_t digits = 0;
    do {
        if (mark && digits && digits % 3 == 0)
            text[--end] = mark;
        text[--end] = (char)('0' + value % 10);
        value /= 10;
        digits++;
    } while (value);
    return end;
}

struct figure_text figures_count(size_t count) {
    struct figure_text out = {{0}};
    char digits[32] = {0};
    size_t start = put_digits(digits, sizeof digits - 1, count, ',');
    memcpy(out.text, digits + start, sizeof digits - start);
    return out;
}

struct figure_text figures_fixed(double value, int decimals) {
    struct figure_text out = {{0}};
    double power = 1.0;
    for (int i = 0; i < decimals; i++)
        power *= 10.0;
    bool negative = value < 0.0;
    double scaled = floor(fabs(value) * power + 0.5);
    if (!(scaled < 1e15)) { /* no figure of ours; NaN comes here, too */
        memcpy(out.text, "-", 2);
        return out;
    }
    uint64_t whole = (uint64_t)scaled / (uint64_t)power;
    uint64_t part = (uint64_t)scaled % (uint64_t)power;
    char digits[32] = {0};
    size_t end = sizeof digits - 1, start = end;
    if (decimals > 0) {
        start = put_digits(digits, end, part + (uint64_t)power, '\0');
        digits[start] = '.'; /* over the 1 that kept leading zeros */
    }
    start = put_digits(digits, start, whole, '\0');
    if (negative && scaled > 0.0)
        digits[--start] = '-';
    memcpy(out.text, digits + start, sizeof digits - start);
    return out;
}

struct figure_text figures_signed(double value, int decimals) {
    struct figure_text out = figures_fixed(value, decimals);
    if (out.text[0] == '-')
        return out;
    memmove(out.text + 1, out.text, sizeof out.text - 1);
    out.text[0] = '+';
    return out;
}

/* ---- figures ------------------------------------------------------------ */

static bool is_wide(struct interval interval) {
    return interval.low < interval.high;
}

bool figures_have_intervals(const struct task_metrics *metrics) {
    return is_wide(metrics->macro_f1_interval) ||
           is_wide(metrics->micro_f1_interval) ||
           is_wide(metrics->accuracy_interval);
}

void figures_micro(double *precision, double *recall,
                   const struct task_metrics *metrics) {
    size_t support = 0, predicted = 0, correct = 0;
    for (size_t i = 0; i < metrics->labels; i++) {
        support += metrics->label[i].support;
        predicted += metrics->label[i].predicted;
        correct += metrics->label[i].correct;
    }
    *precision = predicted ? (double)correct / (double)predicted : 0.0;
    *recall = support ? (double)correct / (double)support : 0.0;
}

static bool is_seen(const struct label_metrics *label) {
    return label->support > 0 || label->predicted > 0;
}

size_t figures_labels_seen(const struct task_metrics *metrics) {
    size_t seen = 0;
    for (size_t i = 0; i < metrics->labels; i++)
        seen += is_seen(&metrics->label[i]);
    return seen;
}

size_t figures_confusions(struct confusion *out, size_t capacity,
                          const struct task_metrics *metrics) {
    size_t kept = 0, labels = metrics->labels;
    for (size_t i = 0; metrics->confusion && i < labels * labels; i++) {
        struct confusion found = {i / labels, i % labels,
                                  metrics->confusion[i]};
        if (found.count == 0 || found.truth == found.predicted)
            continue;
        size_t place = kept;
        while (place > 0 && out[place - 1].count < found.count)
            place--;
        if (place == capacity)
            continue;
        if (kept < capacity)
            kept++;
        memmove(out + place + 1, out + place, (kept - place - 1) * sizeof *out);
        out[place] = found;
    }
    return kept;
}

/* ---- sentences ---------------------------------------------------------- */

void figures_say_kind(struct buffer *out, const struct task_metrics *metrics) {
    buffer_format(
        out, "%s of %s label%s, %s paragraph%s",
        metrics->multi ? "any number" : "exactly one",
        figures_count(metrics->labels).text, metrics->labels == 1 ? "" : "s",
        figures_count(metrics->rows).text, metrics->rows == 1 ? "" : "s");
}

/* Mean confidence minus share right, over all bins. */
static double find_excess(const struct task_metrics *metrics) {
    double excess = 0.0, count = 0.0;
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct calibration_bin *bin = &metrics->bins[i];
        excess += (double)bin->count * (bin->confidence - bin->accuracy);
        count += (double)bin->count;
    }
    return count > 0.0 ? excess / count : 0.0;
}

void figures_say_calibration(struct buffer *out,
                             const struct task_metrics *metrics) {
    if (!metrics->has_probability)
        return;
    double off = metrics->calibration_error, excess = find_excess(metrics);
    const char *verdict = "should not be taken at face value";
    if (off < 0.02)
        verdict = "can be taken at their word";
    else if (off < 0.05)
        verdict = "are close to what they claim";
    else if (off < 0.10)
        verdict = "are a rough guide";
    buffer_format(out,
                  "The probabilities %s: a stated probability is %s points off "
                  "on average",
                  verdict, figures_fixed(100.0 * off, 1).text);
    if (fabs(excess) >= 0.005)
        buffer_format(out, ", and on the whole %s points too %s",
                      figures_fixed(100.0 * fabs(excess), 1).text,
                      excess > 0.0 ? "high" : "low");
    buffer_format(out,
                  " (expected calibration error %s, log-loss %s, Brier score "
                  "%s).",
                  figures_fixed(off, 3).text,
                  figures_fixed(metrics->log_loss, 3).text,
                  figures_fixed(metrics->brier, 3).text);
}

void figures_say_sets(struct buffer *out, const struct task_metrics *metrics) {
    if (!metrics->has_sets)
        return;
    buffer_format(out,
                  "The sets of answers hold the true one in %s %% of all "
                  "cases; %s %% of the sets are one answer, and %s %% of "
                  "these are right; the others say unsure.",
                  figures_fixed(100.0 * metrics->coverage, 1).text,
                  figures_fixed(100.0 * metrics->sure, 1).text,
                  figures_fixed(100.0 * metrics->sure_accuracy, 1).text);
}

void figures_say_caveats(struct buffer *out,
                         const struct task_metrics *metrics) {
    size_t few = 0, absent = 0;
    for (size_t i = 0; i < metrics->labels; i++) {
        few += metrics->label[i].support < FIGURES_FEW &&
               is_seen(&metrics->label[i]);
        absent += !is_seen(&metrics->label[i]);
    }
    if (few)
        buffer_format(out,
                      "* %s label%s fewer than %d true paragraphs: the figures "
                      "say little of %s.",
                      figures_count(few).text, few == 1 ? " has" : "s have",
                      FIGURES_FEW, few == 1 ? "it" : "them");
    if (absent)
        buffer_format(out,
                      "%s%s label%s neither true nor predicted anywhere; %s",
                      few ? " " : "", figures_count(absent).text,
                      absent == 1 ? " is" : "s are",
                      metrics->multi ? "the macro averages count 0 there."
                      : absent == 1  ? "the macro averages leave it out."
                                     : "the macro averages leave them out.");
}
