/* report: results as text, JSON, CSV and HTML. Stands on evaluate, model and
 * base; writes into buffers, never to a file.
 *
 *   evaluation_text.c, evaluation_json.c, evaluation_html.c   accuracy reports
 *   figures.c  figures as text and the sentences beside them
 *   charts.c   charts as SVG
 *   html.c     what all pages share
 *   json.c     JSON's strings and numbers
 *   paragraph_text.c, paragraph_json.c, paragraph_csv.c   labelled paragraphs */
#ifndef TENOR_REPORT_H
#define TENOR_REPORT_H

#include "base/base.h"
#include "evaluate/evaluate.h"
#include "model/model.h"
#include "text/text.h"

#include <jansson.h>

/* An accuracy report over the tasks of one evaluation. */
struct evaluation_report {
    size_t paragraphs;
    size_t task_count;
    const char *const *task_names;      /* [task_count] */
    const struct task_metrics *metrics; /* [task_count] */
    const char *model_name;             /* for the heading */
};

void report_evaluation_text(struct buffer *out,
                            const struct evaluation_report *report);
void report_evaluation_json(struct buffer *out,
                            const struct evaluation_report *report);
void report_evaluation_html(struct buffer *out,
                            const struct evaluation_report *report);

/* "text" with JSON's escapes and quotes, for valid UTF-8. */
void report_json_string(struct buffer *out, const char *text, size_t size);
/* Six significant digits, a point in any locale; null for what is no number. */
void report_json_number(struct buffer *out, double value);
/* Text inside an HTML element or a quoted attribute, for valid UTF-8. */
void report_html_text(struct buffer *out, const char *text, size_t size);
/* A page of its own, without scripts, for light and dark screens: up to
 * <main>, and from </main> on. */
void report_html_open(struct buffer *out, const char *title);
void report_html_close(struct buffer *out);

/* ---- labelled paragraphs ----------------------------------------------------
 */
/* One paragraph and what a model says of it. */
struct labelled_paragraph {
    const tenor_model *model;
    const tenor_result *result; /* NULL: not classified (furniture) */
    bool doubt; /* sets of answers were asked for */
    struct slice text;
    enum paragraph_kind kind;
    const char *file;
    size_t number;  /* within the file, from 1 */
    json_t *fields; /* those of the record it comes from, or NULL */
    const struct label_reasons *reasons; /* [reason_count], where asked for */
    size_t reason_count;
};
/* The share of its words that the vocabulary holds; 0 where it has none. */
static inline double report_known(const tenor_result *result) {
    return result->words ? (double)result->known_words / (double)result->words
                         : 0;
}
/* Too few of its words are known for its labels to mean much. */
static inline bool report_is_unknown(const tenor_result *result) {
    return report_known(result) < 0.5;
}
/* The terms that moved one given label most. */
enum { REASON_LIMIT = 6 };
struct label_reasons {
    size_t task, label, count;
    struct {
        char term[96];
        float weight;
    } terms[REASON_LIMIT];
};
struct text_style {
    bool color;
    size_t width; /* columns, 40 or more */
};
/* For a person: the labels beside the text. */
void report_paragraph_text(struct buffer *out,
                           const struct labelled_paragraph *paragraph,
                           const struct text_style *style);
/* One JSON object and a newline. false: no memory. */
bool report_paragraph_json(struct buffer *out,
                           const struct labelled_paragraph *paragraph);
/* RFC 4180, after its header; `doubt`: with the columns of sets. */
void report_csv_header(struct buffer *out, const tenor_model *model,
                       bool doubt);
void report_paragraph_csv(struct buffer *out,
                          const struct labelled_paragraph *paragraph);

#endif
