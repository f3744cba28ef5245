/* The accuracy report for a terminal of 80 columns, in ASCII but for the
 * labels. Labels come from other people's data: control characters, which
 * could steer the terminal, are shown as "?", and long ones are cut.
 */
#include "report/columns.h"
#include "report/figures.h"

#include <string.h>

enum {
    WIDTH = 80,
    LABEL_MIN = 20, /* the widest caption below the labels */
    LABEL_MAX = 27, /* what the figures leave over */
    MATRIX_LABELS = 12,
    PAIRS = 10,
};

/* ---- cells -------------------------------------------------------------- */

/* Up to `width` columns, the last one "~" where the text is cut. Returns how
 * many it took. */
static size_t put_text(struct buffer *out, const char *text, size_t width) {
    size_t size = strlen(text), used = columns_measure(text, size);
    bool cut = used > width;
    if (cut) {
        size = columns_cut(text, size, width - 1);
        used = columns_measure(text, size) + 1;
    }
    for (size_t at = 0; at < size;) {
        uint32_t point;
        size_t bytes = utf8_decode(&point, text + at, size - at);
        if (columns_is_control(point))
            buffer_byte(out, '?');
        else
            buffer_append(out, text + at, bytes);
        at += bytes;
    }
    if (cut)
        buffer_byte(out, '~');
    return used;
}

static void put_left(struct buffer *out, const char *text, size_t width) {
    buffer_fill(out, ' ', width - put_text(out, text, width));
}

static void put_right(struct buffer *out, const char *text, size_t width) {
    size_t used = columns_measure(text, strlen(text));
    buffer_fill(out, ' ', used < width ? width - used : 0);
    put_text(out, text, width);
}

static void put_rule(struct buffer *out, char byte) {
    buffer_fill(out, byte, WIDTH);
    buffer_byte(out, '\n');
}

/* Sentences, broken at spaces. */
static void put_wrapped(struct buffer *out, const struct buffer *sentences) {
    size_t column = 0;
    for (size_t i = 0; i < sentences->size;) {
        const char *word = sentences->data + i;
        const char *space = memchr(word, ' ', sentences->size - i);
        size_t size = space ? (size_t)(space - word) : sentences->size - i;
        if (column > 0) {
            bool fits = column + 1 + size <= WIDTH;
            buffer_byte(out, fits ? ' ' : '\n');
            column = fits ? column + 1 : 0;
        }
        buffer_append(out, word, size);
        column += size;
        i += size + 1;
    }
    if (column > 0)
        buffer_byte(out, '\n');
}

static void put_sentences(struct buffer *out, figures_say *say,
                          const struct task_metrics *metrics) {
    struct buffer sentences = {0};
    say(&sentences, metrics);
    put_wrapped(out, &sentences);
    out->failed = out->failed || sentences.failed;
    buffer_clear(&sentences);
}

/* ---- the table of labels ------------------------------------------------ */

struct table_row {
    const char *name;
    const double *precision, *recall, *f1; /* NULL: left blank */
    const struct interval *interval;
    const size_t *support;
    bool few;
};

static void put_number(struct buffer *out, const double *value, size_t width,
                       const char *blank) {
    put_right(out, value ? figures_fixed(*value, 3).text : blank, width);
}

static void put_interval(struct buffer *out, const struct interval *interval) {
    char text[80] = "";
    if (interval)
        snprintf(text, sizeof text, "%s to %s",
                 figures_fixed(interval->low, 3).text,
                 figures_fixed(interval->high, 3).text);
    put_right(out, text, 17);
}

static void put_row(struct buffer *out, const struct table_row *row,
                    size_t width, bool intervals) {
    const char *blank = row->support ? "-" : "";
    put_left(out, row->name, width);
    put_number(out, row->precision, 10, blank);
    put_number(out, row->recall, 9, blank);
    put_number(out, row->f1, 8, blank);
    if (intervals && (row->interval || row->support))
        put_interval(out, row->interval);
    if (row->support)
        put_right(out, figures_count(*row->support).text, 8);
    if (row->few)
        buffer_byte(out, '*');
    buffer_byte(out, '\n');
}

static void put_label(struct buffer *out, const struct task_metrics *metrics,
                      size_t index, size_t width, bool intervals) {
    const struct label_metrics *label = &metrics->label[index];
    bool seen = label->support > 0 || label->predicted > 0;
    struct table_row row = {.name = metrics->names[index],
                            .support = &label->support};
    if (evaluate_counts_label(metrics, index)) {
        row.precision = &label->precision;
        row.recall = &label->recall;
        row.f1 = &label->f1;
        row.interval = seen ? &label->f1_interval : NULL;
        row.few = seen && label->support < FIGURES_FEW;
    }
    put_row(out, &row, width, intervals);
}

static size_t choose_width(const struct task_metrics *metrics) {
    size_t width = LABEL_MIN;
    for (size_t i = 0; i < metrics->labels; i++) {
        size_t size =
            columns_measure(metrics->names[i], strlen(metrics->names[i]));
        width = size > width ? size : width;
    }
    return width < LABEL_MAX ? width : LABEL_MAX;
}

static void put_summary(struct buffer *out, const struct task_metrics *metrics,
                        size_t width, bool intervals) {
    double precision, recall;
    figures_micro(&precision, &recall, metrics);
    const struct table_row macro = {.name = "macro average",
                                    .precision = &metrics->macro_precision,
                                    .recall = &metrics->macro_recall,
                                    .f1 = &metrics->macro_f1,
                                    .interval = &metrics->macro_f1_interval};
    const struct table_row micro = {.name = "micro average",
                                    .precision = &precision,
                                    .recall = &recall,
                                    .f1 = &metrics->micro_f1,
                                    .interval = &metrics->micro_f1_interval};
    const struct table_row accuracy = {
        .name = metrics->multi ? "all labels right" : "accuracy = micro F1",
        .f1 = metrics->multi ? &metrics->subset_accuracy : &metrics->accuracy,
        .interval = &metrics->accuracy_interval};
    const struct table_row hamming = {.name = "Hamming loss",
                                      .f1 = &metrics->hamming_loss};
    put_row(out, &macro, width, intervals);
    if (metrics->multi)
        put_row(out, &micro, width, intervals);
    put_row(out, &accuracy, width, intervals);
    if (metrics->multi)
        put_row(out, &hamming, width, intervals);
}

static void put_table(struct buffer *out, const struct task_metrics *metrics) {
    size_t width = choose_width(metrics);
    bool intervals = figures_have_intervals(metrics);
    put_left(out, "label", width);
    buffer_text(out, " precision   recall      F1");
    buffer_text(out, intervals ? "    95 % interval support\n" : " support\n");
    for (size_t i = 0; i < metrics->labels; i++)
        put_label(out, metrics, i, width, intervals);
    buffer_byte(out, '\n');
    put_summary(out, metrics, width, intervals);
}

/* ---- confusions --------------------------------------------------------- */

/* Labels that occur, in the matrix numbered 1, 2, ... */
struct grid {
    size_t labels[MATRIX_LABELS];
    size_t count;
    size_t name_width, cell_width;
    bool named; /* columns bear names, not numbers */
};

/* False where the matrix would be too wide. */
static bool lay_out(struct grid *grid, const struct task_metrics *metrics) {
    size_t digits = 3, longest = 0;
    if (figures_labels_seen(metrics) > MATRIX_LABELS)
        return false;
    for (size_t i = 0; i < metrics->labels; i++) {
        if (!evaluate_counts_label(metrics, i))
            continue;
        size_t name =
            columns_measure(metrics->names[i], strlen(metrics->names[i]));
        longest = name > longest ? name : longest;
        grid->labels[grid->count++] = i;
    }
    for (size_t i = 0; i < metrics->labels * metrics->labels; i++) {
        size_t size = strlen(figures_count(metrics->confusion[i]).text);
        digits = size > digits ? size : digits;
    }
    grid->name_width = longest < LABEL_MAX ? longest : LABEL_MAX;
    grid->cell_width = (longest > digits ? longest : digits) + 2;
    grid->named = longest <= LABEL_MAX &&
                  grid->name_width + grid->count * grid->cell_width <= WIDTH;
    if (!grid->named) {
        grid->name_width += 5; /* "  12 " */
        grid->cell_width = digits + 2;
    }
    return grid->name_width + grid->count * grid->cell_width <= WIDTH;
}

static void put_matrix_name(struct buffer *out, const struct grid *grid,
                            size_t row, const char *name) {
    size_t width = grid->name_width;
    if (!grid->named) {
        put_right(out, figures_count(row + 1).text, 4);
        buffer_byte(out, ' ');
        width -= 5;
    }
    put_left(out, name, width);
}

static void put_matrix(struct buffer *out, const struct grid *grid,
                       const struct task_metrics *metrics) {
    buffer_text(out, "\nConfusion: a row is the true label, a column the "
                     "predicted one\n");
    buffer_fill(out, ' ', grid->name_width);
    for (size_t i = 0; i < grid->count; i++)
        put_right(out,
                  grid->named ? metrics->names[grid->labels[i]]
                              : figures_count(i + 1).text,
                  grid->cell_width);
    buffer_byte(out, '\n');
    for (size_t i = 0; i < grid->count; i++) {
        size_t truth = grid->labels[i];
        put_matrix_name(out, grid, i, metrics->names[truth]);
        for (size_t j = 0; j < grid->count; j++) {
            size_t count =
                metrics->confusion[truth * metrics->labels + grid->labels[j]];
            put_right(out, count ? figures_count(count).text : ".",
                      grid->cell_width);
        }
        buffer_byte(out, '\n');
    }
}

static void put_pairs(struct buffer *out, const struct task_metrics *metrics) {
    struct confusion pairs[PAIRS];
    size_t count = figures_confusions(pairs, PAIRS, metrics);
    size_t width = choose_width(metrics);
    if (count == 0)
        return;
    buffer_text(out, "\nMost frequent confusions\n");
    put_left(out, "true", width);
    buffer_text(out, "  ");
    put_left(out, "predicted", width);
    buffer_text(out, "  count  of the true\n");
    for (size_t i = 0; i < count; i++) {
        size_t support = metrics->label[pairs[i].truth].support;
        double share = 100.0 * (double)pairs[i].count / (double)support;
        put_left(out, metrics->names[pairs[i].truth], width);
        buffer_text(out, "  ");
        put_left(out, metrics->names[pairs[i].predicted], width);
        put_right(out, figures_count(pairs[i].count).text, 7);
        put_right(out, figures_fixed(share, 1).text, 11);
        buffer_text(out, " %\n");
    }
}

/* ---- the report --------------------------------------------------------- */

static void put_task(struct buffer *out, const char *name,
                     const struct task_metrics *metrics) {
    buffer_byte(out, '\n');
    put_text(out, name, LABEL_MAX);
    buffer_text(out, ": ");
    figures_say_kind(out, metrics);
    buffer_byte(out, '\n');
    put_rule(out, '-');
    put_table(out, metrics);
    struct grid grid = {.count = 0};
    if (metrics->confusion && lay_out(&grid, metrics))
        put_matrix(out, &grid, metrics);
    else if (metrics->confusion)
        put_pairs(out, metrics);
    buffer_byte(out, '\n');
    put_sentences(out, figures_say_calibration, metrics);
    put_sentences(out, figures_say_sets, metrics);
    put_sentences(out, figures_say_caveats, metrics);
}

void report_evaluation_text(struct buffer *out,
                            const struct evaluation_report *report) {
    buffer_text(out, "Accuracy of ");
    put_text(out, report->model_name ? report->model_name : "the model", 200);
    buffer_format(out, "\non %s labelled paragraph%s\n",
                  figures_count(report->paragraphs).text,
                  report->paragraphs == 1 ? "" : "s");
    for (size_t i = 0; i < report->task_count; i++)
        put_task(out, report->task_names[i], &report->metrics[i]);
    buffer_byte(out, '\n');
    struct buffer method = {0};
    figures_say_method(&method, report);
    put_wrapped(out, &method);
    out->failed = out->failed || method.failed;
    buffer_clear(&method);
}
