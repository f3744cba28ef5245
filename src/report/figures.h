/* What the reports of one evaluation share: how figures are written and what
 * is said of them. Private to report/. */
#ifndef TENOR_REPORT_FIGURES_H
#define TENOR_REPORT_FIGURES_H

#include "report/report.h"

/* Below this many true paragraphs, a label's figures say little. */
enum { FIGURES_FEW = 20 };

/* A number as text, whatever the host's locale says of decimal points. */
struct figure_text {
    char text[32];
};
struct figure_text figures_fixed(double value, int decimals); /* "0.812" */
struct figure_text figures_signed(double value, int decimals); /* "+0.812" */
struct figure_text figures_count(size_t count);               /* "12,345" */

/* False when the evaluation was made without resamples. */
bool figures_have_intervals(const struct task_metrics *metrics);
void figures_micro(double *precision, double *recall,
                   const struct task_metrics *metrics);
/* Labels that are true or predicted somewhere. */
size_t figures_labels_seen(const struct task_metrics *metrics);

/* The commonest errors of a single-label task, most frequent first; returns
 * how many of out[capacity] are filled. */
struct confusion {
    size_t truth, predicted, count;
};
size_t figures_confusions(struct confusion *out, size_t capacity,
                          const struct task_metrics *metrics);

/* Sentences, in ASCII; they may append nothing. */
typedef void figures_say(struct buffer *out,
                         const struct task_metrics *metrics);
void figures_say_kind(struct buffer *out, const struct task_metrics *metrics);
void figures_say_calibration(struct buffer *out,
                             const struct task_metrics *metrics);
void figures_say_sets(struct buffer *out, const struct task_metrics *metrics);
/* What a reader must know of labels that are rare or absent; may be nothing. */
void figures_say_caveats(struct buffer *out,
                         const struct task_metrics *metrics);
/* How all figures were made. */
void figures_say_method(struct buffer *out,
                        const struct evaluation_report *report);

#endif
