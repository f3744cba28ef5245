/* markdown: what a line of Markdown begins (markdown_line.c); private. */
#ifndef TENOR_TEXT_MARKDOWN_H
#define TENOR_TEXT_MARKDOWN_H

#include "text/article.h"

enum block {
    BLOCK_BLANK,
    BLOCK_TEXT,
    BLOCK_RULE,    /* *** or ---, which may also underline */
    BLOCK_HEADING, /* # Title */
    BLOCK_ITEM,
    BLOCK_FENCE,
    BLOCK_ROW,       /* | a | b | */
    BLOCK_DELIMITER, /* |---|---| */
    BLOCK_DEFINITION,
    BLOCK_TAG, /* <div>, <!-- */
};

/* A line without spaces around and quote marks; *indent is that of the text. */
struct slice markdown_strip(struct slice line, size_t *indent);
/* What a stripped line begins, in a table or not, below an open paragraph or
 * not. */
enum block markdown_look_at(struct slice body, bool in_table, bool open);

struct slice slice_advance(struct slice text, size_t bytes);
bool markdown_starts_with(struct slice text, const char *prefix); /* any case */
/* How often the first byte is repeated. */
size_t markdown_count_repeat(struct slice text);
/* The bytes of "## ", else 0. */
size_t markdown_measure_heading(struct slice body);
/* The bytes of "- ", "12. " and of "[^1]:", which is a note, else 0. */
size_t markdown_measure_marker(struct slice body, unsigned *number);

#endif
