/* The accuracy report as one HTML page: an overview of all tasks, then a
 * section a task with the table of its labels, charts, and what to make of the
 * probabilities. Labels and names come from other people's data, so all of
 * them pass through report_html_text. */
#include "report/charts.h"

#include <string.h>

enum { PAIRS = 12, CHARTS_A_TASK = 3 };

static void put_text(struct buffer *out, const char *text) {
    report_html_text(out, text, strlen(text));
}

/* A paragraph, left out when there is nothing to say. */
static void put_sentences(struct buffer *out, figures_say *say,
                          const struct task_metrics *metrics) {
    struct buffer sentences = {0};
    say(&sentences, metrics);
    if (sentences.size > 0) {
        buffer_text(out, "<p>");
        report_html_text(out, sentences.data, sentences.size);
        buffer_text(out, "</p>\n");
    }
    out->failed = out->failed || sentences.failed;
    buffer_clear(&sentences);
}

static void put_figure(struct buffer *out, double value) {
    buffer_format(out, "<td>%s</td>", figures_fixed(value, 3).text);
}

static void put_interval(struct buffer *out, struct interval interval) {
    buffer_format(out, "<td>%s to ", figures_fixed(interval.low, 3).text);
    buffer_format(out, "%s</td>", figures_fixed(interval.high, 3).text);
}

static void put_count(struct buffer *out, size_t count) {
    buffer_format(out, "<td>%s</td>", figures_count(count).text);
}

static void open_table(struct buffer *out, const char *caption,
                       const char *const *columns, size_t count) {
    buffer_format(out,
                  "<div class=\"wide\"><table>\n<caption>%s</caption>\n"
                  "<thead><tr>",
                  caption);
    for (size_t i = 0; i < count; i++)
        buffer_format(out, "<th scope=\"col\">%s</th>", columns[i]);
    buffer_text(out, "</tr></thead>\n<tbody>\n");
}

static void open_row(struct buffer *out, const char *name) {
    buffer_text(out, "<tr><th scope=\"row\">");
    put_text(out, name);
    buffer_text(out, "</th>");
}

/* ---- all tasks ---------------------------------------------------------- */

static void put_overview_figure(struct buffer *out, double value,
                                struct interval interval) {
    buffer_format(out, "<td>%s", figures_fixed(value, 3).text);
    if (interval.low < interval.high) {
        buffer_format(out, " <span class=\"soft\">(%s to ",
                      figures_fixed(interval.low, 3).text);
        buffer_format(out, "%s)</span>", figures_fixed(interval.high, 3).text);
    }
    buffer_text(out, "</td>");
}

static void put_overview(struct buffer *out,
                         const struct evaluation_report *report) {
    static const char *const columns[] = {"task", "paragraphs", "macro F1",
                                          "micro F1", "wholly right"};
    open_table(out, "All tasks, with 95 % intervals where they were made",
               columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < report->task_count; i++) {
        const struct task_metrics *metrics = &report->metrics[i];
        buffer_format(out, "<tr><th scope=\"row\"><a href=\"#task%zu\">", i);
        put_text(out, report->task_names[i]);
        buffer_text(out, "</a></th>");
        put_count(out, metrics->rows);
        put_overview_figure(out, metrics->macro_f1, metrics->macro_f1_interval);
        put_overview_figure(out, metrics->micro_f1, metrics->micro_f1_interval);
        put_overview_figure(
            out, metrics->multi ? metrics->subset_accuracy : metrics->accuracy,
            metrics->accuracy_interval);
        buffer_text(out, "</tr>\n");
    }
    buffer_text(out, "</tbody>\n</table></div>\n");
}

/* ---- one task ----------------------------------------------------------- */

static void put_label(struct buffer *out, const struct task_metrics *metrics,
                      size_t index, bool intervals) {
    const struct label_metrics *label = &metrics->label[index];
    bool few = label->support < FIGURES_FEW &&
               (label->support > 0 || label->predicted > 0);
    open_row(out, metrics->names[index]);
    if (evaluate_counts_label(metrics, index)) {
        put_figure(out, label->precision);
        put_figure(out, label->recall);
        put_figure(out, label->f1);
        if (intervals)
            put_interval(out, label->f1_interval);
    } else {
        buffer_text(out, "<td>-</td><td>-</td><td>-</td>");
        buffer_text(out, intervals ? "<td>-</td>" : "");
    }
    buffer_format(out, "<td>%s%s</td></tr>\n",
                  figures_count(label->support).text, few ? "*" : "");
}

/* A row of the table's foot; NULL leaves a cell blank. */
static void put_summary(struct buffer *out, const char *name,
                        const double *precision, const double *recall,
                        double value, const struct interval *interval,
                        bool intervals) {
    open_row(out, name);
    for (int i = 0; i < 2; i++) {
        const double *figure = i ? recall : precision;
        if (figure)
            put_figure(out, *figure);
        else
            buffer_text(out, "<td></td>");
    }
    put_figure(out, value);
    if (intervals && interval)
        put_interval(out, *interval);
    else if (intervals)
        buffer_text(out, "<td></td>");
    buffer_text(out, "<td></td></tr>\n");
}

static void put_table(struct buffer *out, const struct task_metrics *metrics) {
    static const char *const with[] = {"label", "precision",     "recall",
                                       "F1",    "95 % interval", "support"};
    static const char *const without[] = {"label", "precision", "recall", "F1",
                                          "support"};
    bool intervals = figures_have_intervals(metrics);
    double precision, recall;
    figures_micro(&precision, &recall, metrics);
    open_table(out, "Figures by label", intervals ? with : without,
               intervals ? ARRAY_LENGTH(with) : ARRAY_LENGTH(without));
    for (size_t i = 0; i < metrics->labels; i++)
        put_label(out, metrics, i, intervals);
    buffer_text(out, "</tbody>\n<tfoot>\n");
    put_summary(out, "macro average", &metrics->macro_precision,
                &metrics->macro_recall, metrics->macro_f1,
                &metrics->macro_f1_interval, intervals);
    if (metrics->multi) {
        put_summary(out, "micro average", &precision, &recall,
                    metrics->micro_f1, &metrics->micro_f1_interval, intervals);
        put_summary(out, "all labels right", NULL, NULL,
                    metrics->subset_accuracy, &metrics->accuracy_interval,
                    intervals);
        put_summary(out, "Hamming loss", NULL, NULL, metrics->hamming_loss,
                    NULL, intervals);
    } else {
        put_summary(out, "accuracy = micro F1", NULL, NULL, metrics->accuracy,
                    &metrics->accuracy_interval, intervals);
    }
    buffer_text(out, "</tfoot>\n</table></div>\n");
}

static void put_pairs(struct buffer *out, const struct task_metrics *metrics) {
    static const char *const columns[] = {"true", "predicted", "count",
                                          "of the true"};
    struct confusion pairs[PAIRS];
    size_t count = figures_confusions(pairs, PAIRS, metrics);
    if (count == 0)
        return;
    open_table(out, "Most frequent confusions", columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < count; i++) {
        size_t support = metrics->label[pairs[i].truth].support;
        double share = 100.0 * (double)pairs[i].count / (double)support;
        open_row(out, metrics->names[pairs[i].truth]);
        buffer_text(out, "<td>");
        put_text(out, metrics->names[pairs[i].predicted]);
        buffer_text(out, "</td>");
        put_count(out, pairs[i].count);
        buffer_format(out, "<td>%s %%</td></tr>\n",
                      figures_fixed(share, 1).text);
    }
    buffer_text(out, "</tbody>\n</table></div>\n");
}

static void put_bins(struct buffer *out, const struct task_metrics *metrics) {
    static const char *const columns[] = {"stated between", "decisions",
                                          "mean stated", "share right"};
    open_table(out,
               metrics->multi
                   ? "Probabilities of all labels, and how often they hold"
                   : "Probability of the predicted label, and how often it is "
                     "right",
               columns, ARRAY_LENGTH(columns));
    for (int i = 0; i < CALIBRATION_BINS; i++) {
        const struct calibration_bin *bin = &metrics->bins[i];
        if (bin->count == 0)
            continue;
        buffer_format(out, "<tr><th scope=\"row\">%s and ",
                      figures_fixed((double)i / CALIBRATION_BINS, 1).text);
        buffer_format(
            out, "%s</th>",
            figures_fixed((double)(i + 1) / CALIBRATION_BINS, 1).text);
        put_count(out, bin->count);
        put_figure(out, bin->confidence);
        put_figure(out, bin->accuracy);
        buffer_text(out, "</tr>\n");
    }
    buffer_text(out, "</tbody>\n</table></div>\n");
}

static void put_task(struct buffer *out, const struct evaluation_report *report,
                     size_t index) {
    const struct task_metrics *metrics = &report->metrics[index];
    size_t chart = index * CHARTS_A_TASK;
    buffer_format(out, "<section>\n<h2 id=\"task%zu\">", index);
    put_text(out, report->task_names[index]);
    buffer_text(out, "</h2>\n");
    put_sentences(out, figures_say_kind, metrics);
    put_table(out, metrics);
    put_sentences(out, figures_say_caveats, metrics);
    buffer_text(out, "<figure class=\"wide\">\n");
    chart_f1(out, metrics, chart);
    buffer_text(out, "</figure>\n");
    if (metrics->confusion) {
        buffer_text(out, "<h3>Confusion</h3>\n");
        if (figures_labels_seen(metrics) <= CHART_MATRIX_LABELS) {
            buffer_text(out, "<figure class=\"wide\">\n");
            chart_confusion(out, metrics, chart + 1);
            buffer_text(out,
                        "<figcaption>A row is the true label, a column the "
                        "predicted one.</figcaption>\n</figure>\n");
        }
        put_pairs(out, metrics);
    }
    if (metrics->has_probability) {
        buffer_text(out, "<h3>Probabilities</h3>\n");
        put_sentences(out, figures_say_calibration, metrics);
        buffer_text(out, "<figure class=\"wide\">\n");
        chart_reliability(out, metrics, chart + 2);
        buffer_text(out, "</figure>\n");
        put_bins(out, metrics);
    }
    put_sentences(out, figures_say_sets, metrics);
    buffer_text(out, "</section>\n");
}

void report_evaluation_html(struct buffer *out,
                            const struct evaluation_report *report) {
    const char *model = report->model_name ? report->model_name : "the model";
    struct buffer words = {0};
    buffer_format(&words, "Accuracy of %s", model);
    report_html_open(out, words.data ? words.data : "", "");
    buffer_text(out, "<h1>");
    report_html_text(out, words.data, words.size);
    buffer_format(out, "</h1>\n<p class=\"soft\">%s labelled paragraph%s</p>\n",
                  figures_count(report->paragraphs).text,
                  report->paragraphs == 1 ? "" : "s");
    put_overview(out, report);
    words.size = 0;
    figures_say_method(&words, report);
    buffer_text(out, "<p class=\"soft\">");
    report_html_text(out, words.data, words.size);
    buffer_text(out, "</p>\n");
    for (size_t i = 0; i < report->task_count; i++)
        put_task(out, report, i);
    report_html_close(out);
    out->failed = out->failed || words.failed;
    buffer_clear(&words);
}
