/* html: a page parsed safely (html_tree.c), for html.c to walk; private. */
#ifndef TENOR_TEXT_HTML_H
#define TENOR_TEXT_HTML_H

#include "text/article.h"

#include <gumbo.h>
#include <setjmp.h>

struct html_tree {
    struct buffer source; /* repaired bytes of the page; the tree points here */
    GumboOutput *output;  /* after html_tree_parse */
    struct html_piece *pieces; /* every allocation of gumbo's */
    size_t used, most;         /* bytes */
    bool exceeded;
    jmp_buf stop;
};

/* Parses tree->source, which it may change. Elements nest at most some 2,000
 * deep in the tree, whatever the page does. */
tenor_status html_tree_parse(struct html_tree *tree, const char *name,
                             tenor_error *error);
void html_tree_free(struct html_tree *tree);
/* Makes tags harmless that would nest too deep: html_flatten.c. */
void html_flatten(char *data, size_t size);

#endif
