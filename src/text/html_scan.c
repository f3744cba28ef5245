/* Looks ahead in a page: for its landmarks before the walk, and below each
 * table for whether it holds data. One stack serves both, so nothing is
 * allocated a table, and nothing recurses. */
#include "text/html_walk.h"

struct html_cursor {
    const GumboNode *node;
    unsigned next;
};

static bool push(struct html_marks *marks, size_t *depth,
                 const GumboNode *node) {
    if (!memory_reserve(&marks->scratch, &marks->capacity, *depth + 1,
                        sizeof *marks->scratch))
        return false;
    marks->scratch[(*depth)++] = (struct html_cursor){node, 0};
    return true;
}

/* The next element below scratch[0] in the page's order, NULL at the
 * end; to see what is below it too, push it. */
static const GumboNode *next_element(struct html_marks *marks, size_t *depth) {
    while (*depth > 0) {
        struct html_cursor *top = &marks->scratch[*depth - 1];
        const GumboVector *children = top->node->type == GUMBO_NODE_DOCUMENT
                                          ? &top->node->v.document.children
                                          : &top->node->v.element.children;
        if (top->next == children->length) {
            --*depth;
            continue;
        }
        const GumboNode *child = children->data[top->next++];
        if (child->type == GUMBO_NODE_ELEMENT)
            return child;
    }
    return NULL;
}

tenor_status html_find_marks(struct html_marks *marks, const GumboNode *page,
                             tenor_error *error) {
    size_t depth = 0;
    marks->heading_at = marks->article_at = HTML_NOWHERE;
    if (!push(marks, &depth, page))
        return error_memory(error);
    const GumboNode *node;
    while ((node = next_element(marks, &depth)) != NULL) {
        const GumboElement *element = &node->v.element;
        size_t at = element->start_pos.offset;
        if (element->tag == GUMBO_TAG_TITLE && !marks->title)
            marks->title = node;
        if (html_is_hidden(node) && element->tag != GUMBO_TAG_HEAD)
            continue;
        if (element->tag == GUMBO_TAG_H1 && element->children.length > 0 &&
            marks->heading_at == HTML_NOWHERE)
            marks->heading_at = at;
        if ((element->tag == GUMBO_TAG_ARTICLE ||
             element->tag == GUMBO_TAG_MAIN ||
             html_attribute_is(node, "role", "main")) &&
            marks->article_at == HTML_NOWHERE)
            marks->article_at = at;
        if (!push(marks, &depth, node))
            return error_memory(error);
    }
    return TENOR_OK;
}

/* Ends at the first table inside, so that nested tables are not looked at
 * once a level. */
tenor_status html_holds_data(bool *out, const GumboNode *table,
                             struct html_marks *marks, tenor_error *error) {
    size_t depth = 0, cells = 0, most = 0, paragraphs = 0;
    *out = false;
    if (html_attribute_is(table, "role", "presentation") ||
        html_attribute_is(table, "role", "none"))
        return TENOR_OK;
    if (!push(marks, &depth, table))
        return error_memory(error);
    const GumboNode *node;
    while ((node = next_element(marks, &depth)) != NULL) {
        GumboTag tag = node->v.element.tag;
        if (tag == GUMBO_TAG_TR)
            cells = 0;
        if (html_is_cell(node)) {
            paragraphs = 0;
            most = ++cells > most ? cells : most;
        }
        paragraphs += tag == GUMBO_TAG_P;
        if (html_lays_out(tag) || paragraphs > 1)
            return TENOR_OK;
        if (!push(marks, &depth, node))
            return error_memory(error);
    }
    *out = most > 1;
    return TENOR_OK;
}
