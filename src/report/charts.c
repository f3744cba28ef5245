/* Three charts in SVG: F1 by label with its interval, the reliability diagram
 * (DeGroot & Fienberg 1983) and the confusion heat map. Colours come from the
 * page's style by class, so that they suit light and dark screens; every number
 * that a chart shows is also in a table of the page or in the chart as text.
 *
 * A coordinate is written with one decimal: a tenth of a pixel. */
#include "report/charts.h"
#include "report/columns.h"

#include <math.h>
#include <string.h>

enum { NAME_COLUMNS = 28 }; /* of a label, beside a bar or a row */

/* A label, cut to `columns`. */
static void put_name(struct buffer *out, const char *name, size_t columns) {
    size_t size = columns_cut(name, strlen(name), columns);
    report_html_text(out, name, size);
    if (name[size])
        buffer_text(out, "\xE2\x80\xA6");
}

/* ` name="12.5"` */
static void put_at(struct buffer *out, const char *name, double value) {
    buffer_format(out, " %s=\"%s\"", name, figures_fixed(value, 1).text);
}

/* Room for the labels' names, at a generous 7 pixels a column. */
static double name_room(const struct task_metrics *metrics, size_t most) {
    size_t longest = 4;
    for (size_t i = 0; i < metrics->labels; i++) {
        const char *name = metrics->names[i];
        size_t columns = columns_measure(name, strlen(name));
        longest = columns > longest ? columns : longest;
    }
    return 7.0 * (double)(longest < most ? longest : most) + 16.0;
}

static void open_chart(struct buffer *out, size_t id, double width,
                       double height, const char *title,
                       const char *description) {
    buffer_text(out, "<svg role=\"img\"");
    put_at(out, "width", width);
    put_at(out, "height", height);
    buffer_format(out, " viewBox=\"0 0 %s", figures_fixed(width, 1).text);
    buffer_format(out, " %s\"", figures_fixed(height, 1).text);
    buffer_format(out,
                  " aria-labelledby=\"t%zu d%zu\">\n<title id=\"t%zu\">%s"
                  "</title><desc id=\"d%zu\">%s</desc>\n",
                  id, id, id, title, id, description);
}

static void put_line(struct buffer *out, const char *class, double x1,
                     double y1, double x2, double y2) {
    buffer_format(out, "<line class=\"%s\"", class);
    put_at(out, "x1", x1);
    put_at(out, "y1", y1);
    put_at(out, "x2", x2);
    put_at(out, "y2", y2);
    buffer_text(out, "/>");
}

/* Text that needs no escaping. */
static void put_words(struct buffer *out, double x, double y,
                      const char *anchor, const char *class,
                      const char *words) {
    buffer_text(out, "<text");
    put_at(out, "x", x);
    put_at(out, "y", y);
    buffer_format(out, " text-anchor=\"%s\" class=\"%s\">%s</text>", anchor,
                  class, words);
}

static void put_label(struct buffer *out, double x, double y,
                      const char *name) {
    buffer_text(out, "<text text-anchor=\"end\"");
    put_at(out, "x", x);
    put_at(out, "y", y);
    buffer_byte(out, '>');
    put_name(out, name, NAME_COLUMNS);
    buffer_text(out, "</text>");
}

/* ---- F1 by label -------------------------------------------------------- */

enum {
    BAR_WIDTH = 400,
    BAR_STEP = 22,
    BAR_HEIGHT = 14,
    BAR_TOP = 20,
};

static void put_bar(struct buffer *out, const struct task_metrics *metrics,
                    size_t index, double left, double y) {
    const struct label_metrics *label = &metrics->label[index];
    struct interval range = label->f1_interval;
    put_label(out, left - 8, y + 11, metrics->names[index]);
    buffer_text(out, "<rect class=\"bar\"");
    put_at(out, "x", left);
    put_at(out, "y", y);
    put_at(out, "width", label->f1 * BAR_WIDTH);
    put_at(out, "height", BAR_HEIGHT);
    buffer_text(out, "/>");
    if (range.low < range.high) {
        double low = left + range.low * BAR_WIDTH;
        double high = left + range.high * BAR_WIDTH;
        put_line(out, "range", low, y + 7, high, y + 7);
        put_line(out, "range", low, y + 3, low, y + 11);
        put_line(out, "range", high, y + 3, high, y + 11);
    }
    put_words(out, left + BAR_WIDTH + 46, y + 11, "end", "value",
              figures_fixed(label->f1, 3).text);
    buffer_byte(out, '\n');
}

void chart_f1(struct buffer *out, const struct task_metrics *metrics,
              size_t id) {
    size_t shown = 0;
    for (size_t i = 0; i < metrics->labels; i++)
        shown += evaluate_counts_label(metrics, i);
    double height = BAR_TOP + (double)shown * BAR_STEP;
    double left = name_room(metrics, NAME_COLUMNS);
    open_chart(out, id, left + BAR_WIDTH + 50, height + 4, "F1 by label",
               figures_have_intervals(metrics)
                   ? "One bar a label, from 0 to 1, with its 95 % interval. "
                     "The table above has the same numbers."
                   : "One bar a label, from 0 to 1. The table above has the "
                     "same numbers.");
    for (int i = 0; i <= 4; i++) {
        double x = left + i * BAR_WIDTH / 4.0;
        put_line(out, "grid", x, BAR_TOP - 6, x, height);
        put_words(out, x, 10, "middle", "soft", figures_fixed(i / 4.0, 2).text);
    }
    buffer_byte(out, '\n');
    double y = BAR_TOP;
    for (size_t i = 0; i < metrics->labels; i++) {
        if (!evaluate_counts_label(metrics, i))
            continue;
        put_bar(out, metrics, i, left, y);
        y += BAR_STEP;
    }
    buffer_text(out, "</svg>\n");
}

/* ---- reliability -------------------------------------------------------- */

enum { PLOT_LEFT = 48, PLOT_TOP = 12, PLOT_SIZE = 300 };

static double plot_x(double share) {
    return PLOT_LEFT + share * PLOT_SIZE;
}
static double plot_y(double share) {
    return PLOT_TOP + (1.0 - share) * PLOT_SIZE;
}

static void put_axes(struct buffer *out) {
    for (int i = 0; i <= 4; i++) {
        double share = i / 4.0;
        const struct figure_text text = figures_fixed(share, 2);
        put_line(out, "grid", plot_x(share), plot_y(0), plot_x(share),
                 plot_y(1));
        put_line(out, "grid", plot_x(0), plot_y(share), plot_x(1),
                 plot_y(share));
        put_words(out, plot_x(share), plot_y(0) + 16, "middle", "soft",
                  text.text);
        put_words(out, plot_x(0) - 6, plot_y(share) + 4, "end", "soft",
                  text.text);
    }
    put_line(out, "ideal", plot_x(0), plot_y(0), plot_x(1), plot_y(1));
    put_words(out, plot_x(0.5), plot_y(0) + 34, "middle", "axis",
              "stated probability");
    put_words(out, plot_x(0.02), plot_y(1) + 14, "start", "axis",
              "share right");
    buffer_byte(out, '\n');
}

void chart_reliability(struct buffer *out, const struct task_metrics *metrics,
                       size_t id) {
    size_t total = 0;
    for (size_t i = 0; i < CALIBRATION_BINS; i++)
        total += metrics->bins[i].count;
    open_chart(out, id, plot_x(1) + 20, plot_y(0) + 44, "Reliability diagram",
               "Dots on the dashed diagonal mean that probabilities come true "
               "as often as they say; below it they are too high. A dot's area "
               "follows the number of decisions. The table beside has the same "
               "numbers.");
    put_axes(out);
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct calibration_bin *bin = &metrics->bins[i];
        if (bin->count == 0)
            continue;
        double share = (double)bin->count / (double)total;
        buffer_text(out, "<circle class=\"dot\"");
        put_at(out, "cx", plot_x(bin->confidence));
        put_at(out, "cy", plot_y(bin->accuracy));
        put_at(out, "r", 3.0 + 13.0 * sqrt(share));
        buffer_format(out, "><title>%s: stated ",
                      figures_count(bin->count).text);
        buffer_format(out, "%s, right ",
                      figures_fixed(bin->confidence, 3).text);
        buffer_format(out, "%s</title></circle>\n",
                      figures_fixed(bin->accuracy, 3).text);
    }
    buffer_text(out, "</svg>\n");
}

/* ---- confusion ---------------------------------------------------------- */

enum { CELL = 44, TITLE_COLUMNS = NAME_COLUMNS - 4 };

/* A column's name, rising to the right. */
static void put_column(struct buffer *out, const char *name, double x,
                       double y) {
    buffer_format(out, "<text transform=\"translate(%s",
                  figures_fixed(x, 1).text);
    buffer_format(out, " %s) rotate(-50)\">", figures_fixed(y, 1).text);
    put_name(out, name, TITLE_COLUMNS);
    buffer_text(out, "</text>");
}

static void put_cell(struct buffer *out, const struct task_metrics *metrics,
                     size_t truth, size_t predicted, double x, double y) {
    size_t count = metrics->confusion[truth * metrics->labels + predicted];
    size_t support = metrics->label[truth].support;
    double share = support ? (double)count / (double)support : 0.0;
    buffer_text(out, "<rect class=\"bar\"");
    put_at(out, "x", x + 1);
    put_at(out, "y", y + 1);
    put_at(out, "width", CELL - 2);
    put_at(out, "height", CELL - 2);
    buffer_format(out, " fill-opacity=\"%s\"><title>",
                  figures_fixed(0.04 + 0.96 * share, 3).text);
    put_name(out, metrics->names[truth], NAME_COLUMNS);
    buffer_text(out, " taken for ");
    put_name(out, metrics->names[predicted], NAME_COLUMNS);
    buffer_format(out, ": %s</title></rect>", figures_count(count).text);
    if (count)
        put_words(out, x + CELL / 2.0, y + CELL / 2.0 + 4, "middle",
                  share > 0.7 ? "over" : "value", figures_count(count).text);
}

void chart_confusion(struct buffer *out, const struct task_metrics *metrics,
                     size_t id) {
    double size = (double)figures_labels_seen(metrics) * CELL;
    double left = name_room(metrics, NAME_COLUMNS);
    /* the columns' names rise by 50 degrees */
    double top = 0.77 * name_room(metrics, TITLE_COLUMNS);
    double beyond = 0.65 * name_room(metrics, TITLE_COLUMNS);
    open_chart(out, id, left + size + beyond, top + size + 4, "Confusion",
               "A row is the true label, a column the predicted "
               "one; the darker a cell, the larger its share of "
               "the row. Cells show counts.");
    double y = top;
    for (size_t i = 0; i < metrics->labels; i++) {
        if (!evaluate_counts_label(metrics, i))
            continue;
        double x = left;
        put_column(out, metrics->names[i], left + (y - top) + CELL / 2.0 + 4,
                   top - 8);
        put_label(out, left - 8, y + CELL / 2.0 + 4, metrics->names[i]);
        for (size_t j = 0; j < metrics->labels; j++) {
            if (!evaluate_counts_label(metrics, j))
                continue;
            put_cell(out, metrics, i, j, x, y);
            x += CELL;
        }
        buffer_byte(out, '\n');
        y += CELL;
    }
    buffer_text(out, "</svg>\n");
}
