/* Charts of one task as inline SVG, each with a title and a description for
 * those who can't see it. `id` is a number that no other chart of the page
 * has. Private to report/. */
#ifndef TENOR_REPORT_CHARTS_H
#define TENOR_REPORT_CHARTS_H

#include "report/figures.h"

/* More labels than this make no readable heat map. */
enum { CHART_MATRIX_LABELS = 24 };

void chart_f1(struct buffer *out, const struct task_metrics *metrics,
              size_t id);
void chart_reliability(struct buffer *out, const struct task_metrics *metrics,
                       size_t id);
void chart_confusion(struct buffer *out, const struct task_metrics *metrics,
                     size_t id);

#endif
