/* plain: what a line of plain text looks like (plain_line.c); private. */
#ifndef TENOR_TEXT_PLAIN_H
#define TENOR_TEXT_PLAIN_H

#include "text/article.h"

enum { UNWRAPPED = 132 }; /* columns; nobody wraps wider than this */

/* What is seen of a line without reading it as text. Columns are counted up
 * to a little more than UNWRAPPED. */
struct traits {
    struct slice body; /* without indentation and quote marks */
    size_t indent, columns, first_word;
    size_t marker;   /* bytes of the list marker */
    unsigned number; /* of a numbered marker */
    size_t hashes;   /* bytes of "## " */
    enum letter_case starts;
    bool blank, rule, row, terminated, shouted;
    bool underline; /* a rule of = or - alone */
    bool dash;      /* the marker is an en dash, which prose has too */
};

struct traits plain_look_at(struct slice line);
/* The bytes of the "## " of a heading, else 0. */
size_t plain_measure_hashes(struct slice body);

#endif
