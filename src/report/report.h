/* report: results as text, JSON, CSV and HTML. Stands on evaluate, model and
 * base; writes into buffers, never to a file.
 *
 *   evaluation_text.c, evaluation_json.c, evaluation_html.c   accuracy reports
 *   paragraph_text.c, paragraph_json.c, paragraph_csv.c, paragraph_html.c
 *              labelled paragraphs
 *   labels.c   which labels of a paragraph hold, which are open
 *   page.c     the HTML page around paragraphs; tally.c  its counts
 *   columns.c  how much room text takes on a terminal
 *   figures.c  figures as text and the sentences beside them
 *   charts.c   charts as SVG
 *   html.c     what all pages share
 *   json.c     JSON's strings and numbers */
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
/* Text inside an HTML element or a quoted attribute; what HTML does not allow
 * and what is no UTF-8 become U+FFFD. */
void report_html_text(struct buffer *out, const char *text, size_t size);
/* A page of its own, without scripts, for light and dark screens: up to
 * <main>, and from </main> on. `more_style` goes after the common style. */
void report_html_open(struct buffer *out, const char *title,
                      const char *more_style);
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
    size_t article; /* number of the file, from 1; for HTML */
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

/* ---- a page of labelled articles --------------------------------------------
 * HTML, in this order: report_page_open; for each file report_page_article, its
 * paragraphs with one report_page_overview before or after them,
 * report_page_article_close; report_page_summary where there are several files;
 * report_html_close. Numbers count files from 1. */
struct page_about {
    const tenor_model *model;
    const char *model_name;
    const char *const *files; /* [file_count]; "-": standard input */
    size_t file_count;
    double coverage; /* above 0: sets of answers were asked for */
    bool explain;
};
/* How many paragraphs got which label; for one thread. */
struct label_tally {
    size_t outputs, tasks;
    size_t labelled, furniture;
    size_t unknown; /* see report_is_unknown; labelled as well, unless sets of
                     * answers were asked for */
    size_t *given;  /* [outputs] */
    size_t *unsure; /* [tasks] */
    size_t *bare;   /* [tasks] no label was given, and surely so */
};
bool label_tally_init(struct label_tally *out, const tenor_model *model);
void label_tally_add(struct label_tally *tally,
                     const struct labelled_paragraph *paragraph);
void label_tally_move(struct label_tally *into, struct label_tally *from);
void label_tally_clear(struct label_tally *tally);

void report_page_open(struct buffer *out, const struct page_about *about);
void report_page_article(struct buffer *out, const char *file, size_t number);
/* A <div>, or an <li> for an item of a list: items want <ul> around them. */
void report_paragraph_html(struct buffer *out,
                           const struct labelled_paragraph *paragraph);
void report_page_overview(struct buffer *out, const struct page_about *about,
                          const struct label_tally *tally, size_t number);
/* A link to an overview that comes after its paragraphs. */
void report_page_overview_below(struct buffer *out, size_t number);
/* `trouble`: why the file was not read to its end, or NULL. */
void report_page_article_close(struct buffer *out, const char *trouble);
void report_page_summary(struct buffer *out, const struct page_about *about,
                         const struct label_tally *tally);

#endif
