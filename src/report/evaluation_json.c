/* The accuracy report as one JSON object, the contract of `evaluate --format
 * json`: kind, figures, labels and confusion of each task; beyond it intervals
 * (of 95 %), probability figures and the bins of the reliability diagram,
 * where they were made. */
#include "report/figures.h"

#include <string.h>

static void put_key(struct buffer *out, const char *key) {
    report_json_string(out, key, strlen(key));
    buffer_text(out, ": ");
}

/* `, "key": value` */
static void put_number(struct buffer *out, const char *key, double value) {
    buffer_text(out, ", ");
    put_key(out, key);
    report_json_number(out, value);
}

static void put_interval(struct buffer *out, const char *key,
                         struct interval interval) {
    put_key(out, key);
    buffer_byte(out, '[');
    report_json_number(out, interval.low);
    buffer_text(out, ", ");
    report_json_number(out, interval.high);
    buffer_byte(out, ']');
}

static void put_labels(struct buffer *out, const struct task_metrics *metrics,
                       bool intervals) {
    buffer_text(out, ",\n      \"labels\": {");
    for (size_t i = 0; i < metrics->labels; i++) {
        const struct label_metrics *label = &metrics->label[i];
        buffer_text(out, i ? ",\n        " : "\n        ");
        put_key(out, metrics->names[i]);
        buffer_text(out, "{\"precision\": ");
        report_json_number(out, label->precision);
        put_number(out, "recall", label->recall);
        put_number(out, "f1", label->f1);
        buffer_format(out, ", \"support\": %zu", label->support);
        if (intervals) {
            buffer_text(out, ", ");
            put_interval(out, "f1_interval", label->f1_interval);
        }
        buffer_byte(out, '}');
    }
    buffer_text(out, "\n      }");
}

static void put_confusion(struct buffer *out,
                          const struct task_metrics *metrics) {
    buffer_text(out, ",\n      \"confusion\": {\"labels\": [");
    for (size_t i = 0; i < metrics->labels; i++) {
        buffer_text(out, i ? ", " : "");
        report_json_string(out, metrics->names[i], strlen(metrics->names[i]));
    }
    buffer_text(out, "],\n        \"counts\": [");
    for (size_t i = 0; i < metrics->labels; i++) {
        buffer_text(out, i ? ",\n          [" : "\n          [");
        for (size_t j = 0; j < metrics->labels; j++)
            buffer_format(out, "%s%zu", j ? ", " : "",
                          metrics->confusion[i * metrics->labels + j]);
        buffer_byte(out, ']');
    }
    buffer_text(out, "]}");
}

static void put_calibration(struct buffer *out,
                            const struct task_metrics *metrics) {
    buffer_text(out, ",\n      \"log_loss\": ");
    report_json_number(out, metrics->log_loss);
    put_number(out, "brier", metrics->brier);
    put_number(out, "calibration_error", metrics->calibration_error);
    buffer_text(out, ",\n      \"bins\": [");
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct calibration_bin *bin = &metrics->bins[i];
        buffer_format(out, "%s{\"count\": %zu",
                      i ? ",\n        " : "\n        ", bin->count);
        put_number(out, "confidence", bin->confidence);
        put_number(out, "accuracy", bin->accuracy);
        buffer_byte(out, '}');
    }
    buffer_byte(out, ']');
}

static void put_task(struct buffer *out, const char *name,
                     const struct task_metrics *metrics) {
    bool intervals = figures_have_intervals(metrics);
    const char *accuracy = metrics->multi ? "subset_accuracy" : "accuracy";
    buffer_text(out, "\n    ");
    put_key(out, name);
    buffer_format(out, "{\"kind\": \"%s\", \"paragraphs\": %zu",
                  metrics->multi ? "multi" : "single", metrics->rows);
    if (metrics->multi) {
        put_number(out, accuracy, metrics->subset_accuracy);
        put_number(out, "hamming_loss", metrics->hamming_loss);
    } else {
        put_number(out, accuracy, metrics->accuracy);
    }
    put_number(out, "macro_f1", metrics->macro_f1);
    put_number(out, "micro_f1", metrics->micro_f1);
    put_number(out, "macro_precision", metrics->macro_precision);
    put_number(out, "macro_recall", metrics->macro_recall);
    if (intervals) {
        buffer_text(out, ",\n      \"intervals\": {");
        put_interval(out, accuracy, metrics->accuracy_interval);
        buffer_text(out, ", ");
        put_interval(out, "macro_f1", metrics->macro_f1_interval);
        buffer_text(out, ", ");
        put_interval(out, "micro_f1", metrics->micro_f1_interval);
        buffer_byte(out, '}');
    }
    put_labels(out, metrics, intervals);
    if (metrics->confusion)
        put_confusion(out, metrics);
    if (metrics->has_probability)
        put_calibration(out, metrics);
    if (metrics->has_sets) {
        put_number(out, "coverage", metrics->coverage);
        put_number(out, "sure", metrics->sure);
        put_number(out, "sure_accuracy", metrics->sure_accuracy);
    }
    buffer_byte(out, '}');
}

void report_evaluation_json(struct buffer *out,
                            const struct evaluation_report *report) {
    const char *model = report->model_name;
    buffer_format(out, "{\"paragraphs\": %zu,\n  ", report->paragraphs);
    if (model) {
        buffer_text(out, "\"model\": ");
        report_json_string(out, model, strlen(model));
        buffer_text(out, ",\n  ");
    }
    buffer_text(out, "\"tasks\": {");
    for (size_t i = 0; i < report->task_count; i++) {
        buffer_text(out, i ? "," : "");
        put_task(out, report->task_names[i], &report->metrics[i]);
    }
    buffer_text(out, "\n  }\n}\n");
}
