/* html_walk: what html.c asks of elements (html_element.c, html_scan.c);
 * private. */
#ifndef TENOR_TEXT_HTML_WALK_H
#define TENOR_TEXT_HTML_WALK_H

#include "text/html.h"

#define HTML_NOWHERE SIZE_MAX

/* What an element means for the text in it; inherited. */
struct html_context {
    enum paragraph_kind kind;
    bool hidden, furniture, link, strong, preformatted;
    bool in_article; /* inside <article> or <main> */
    bool in_data;    /* inside a table that is one */
    bool in_row;     /* of such a table: blocks don't part */
};

/* What is known of a page before the walk. */
struct html_marks {
    const GumboNode *title;
    size_t heading_at, article_at; /* bytes of the first <h1>, <article> or
                                    * <main>; HTML_NOWHERE: there is none */
    struct html_cursor *scratch;   /* for walks inside the walk */
    size_t capacity;
};

tenor_status html_find_marks(struct html_marks *marks, const GumboNode *page,
                             tenor_error *error);
/* Whether a table holds data: rows of several cells, none of them with lists,
 * tables, headings or several paragraphs. */
tenor_status html_holds_data(bool *out, const GumboNode *table,
                             struct html_marks *marks, tenor_error *error);
bool html_lays_out(GumboTag tag); /* stands in tables for layout only */
bool html_is_hidden(const GumboNode *node);
bool html_attribute_is(const GumboNode *node, const char *name,
                       const char *value);
/* Whether an element begins and ends a paragraph. */
bool html_parts(const GumboNode *node, const struct html_context *around);
bool html_is_cell(const GumboNode *node);
/* Changes the context around an element to that inside. */
tenor_status html_descend(struct html_context *context, const GumboNode *node,
                          struct html_marks *marks, tenor_error *error);

#endif
