/* article: what the readers of plain text, Markdown and HTML share; private to
 * the room.
 *
 * Each format is a function `<format>_next` that is asked again and again for
 * the next paragraph. It keeps all it knows in its own struct, so that it can
 * answer STEP_WAIT at any line (see article_ready) and go on from there. The
 * paragraph that it builds is `article->text`, white space folded by
 * text_fold; it hands it over with article_finish. */
#ifndef TENOR_TEXT_ARTICLE_H
#define TENOR_TEXT_ARTICLE_H

#include "text/text.h"

enum article_step {
    STEP_GOT,  /* the thing asked for is there */
    STEP_END,  /* there is no more of it */
    STEP_WAIT, /* the other end of the pipe has to speak first */
};

struct article {
    struct reader reader;
    char *name;
    enum article_format format;
    bool recognised; /* past the byte-order mark, the format known */
    bool patient;    /* may wait for the other end of a pipe */

    /* Lines. */
    size_t line;          /* number of the line handed out last */
    size_t searched;      /* unread bytes known to hold no line end */
    bool after_return;    /* a \n now only completes a \r\n */
    struct buffer mended; /* the last line, where it had to be copied */
    size_t repaired;      /* see article_repaired */

    /* Paragraphs. */
    struct buffer text;     /* the one being built */
    struct buffer shown;    /* the one that the caller looks at */
    bool after_label;       /* the last paragraph was like "Related articles" */
    struct paragraph ahead; /* found by article_ready, not yet asked for */
    enum article_step step;
    bool has_ahead;
    tenor_status status; /* an error stays */
    tenor_error error;

    struct plain *plain; /* only that of the format */
    struct markdown *markdown;
    struct html *html;
};

/* ---- for the formats (article.c) ----------------------------------------- */
/* The next line, of any line end, repaired, valid until the next call of any
 * of these three. */
tenor_status article_line(struct article *article, struct slice *out,
                          enum article_step *step, tenor_error *error);
/* Unread bytes, at least `size` of them unless the end comes first. */
tenor_status article_peek(struct article *article, struct slice *out,
                          size_t size, enum article_step *step,
                          tenor_error *error);
/* The next block of bytes, as they are. */
tenor_status article_block(struct article *article, struct slice *out,
                           enum article_step *step, tenor_error *error);
/* Where the first \n or \r from `at` on stands; rest.size: nowhere. */
size_t line_end(struct slice rest, size_t at);
/* Ends the paragraph in article->text. */
tenor_status article_finish(struct article *article, struct paragraph *out,
                            enum paragraph_kind kind, size_t line,
                            tenor_error *error);

/* Appends text with runs of white space (Unicode's White_Space) as one space,
 * none at the front of an empty buffer; a last space may remain until
 * text_trim. */
void text_fold(struct buffer *out, const char *data, size_t size);
void text_trim(struct buffer *out);
/* The bytes of white space that data starts with, 0 or those of one code
 * point. */
size_t space_size(const char *data, size_t size);
struct slice slice_trim(struct slice text);

/* ---- formats --------------------------------------------------------------
 */
tenor_status plain_next(struct article *article, struct paragraph *out,
                        enum article_step *step, tenor_error *error);
void plain_free(struct plain *plain);
tenor_status markdown_next(struct article *article, struct paragraph *out,
                           enum article_step *step, tenor_error *error);
void markdown_free(struct markdown *markdown);
tenor_status html_next(struct article *article, struct paragraph *out,
                       enum article_step *step, tenor_error *error);
void html_free(struct html *html);
bool html_is_tag(const char *name, size_t size); /* of an element we know */

/* ---- Markdown inside a paragraph (markdown_inline.c) ----------------------
 */
struct inline_scratch {
    struct inline_mark {
        size_t at, length;
    } * marks[4]; /* *, _, ~, [ : those still open */
    size_t count[4], capacity[4];
};
/* What a paragraph is made of. */
struct inline_summary {
    bool all_link, all_strong, all_image;
};
/* Takes the markup out of text[size], in place: syntax becomes NUL bytes.
 * False: no memory. */
bool inline_reduce(struct inline_scratch *scratch, char *text, size_t size,
                   struct inline_summary *summary);
void inline_clear(struct inline_scratch *scratch);
/* Appends with the NUL bytes left out, entities decoded, white space folded. */
void inline_fold(struct buffer *out, const char *text, size_t size);

/* ---- the words alone (kind.c, furniture.c, stamp.c) ----------------------- */
enum letter_case { CASE_NONE, CASE_LOWER, CASE_UPPER, CASE_OTHER };
/* CASE_NONE: no letter; CASE_OTHER: a letter of a script without case. */
enum letter_case letter_case(uint32_t point);
size_t text_count_words(struct slice text);
bool text_has_words(struct slice text); /* any letter or digit */
/* The last code point that is no closing quote or bracket ends a sentence. */
bool text_is_terminated(struct slice text);
bool text_is_heading(struct slice text);
bool text_is_shouted(struct slice text); /* letters, none of them small */
bool text_is_row(struct slice text);     /* cells between | */
/* The bytes of a list marker with the space after it, else 0. *number is the
 * number of a numbered one, else 0. */
size_t list_marker(struct slice text, unsigned *number);
bool text_is_furniture(struct slice text, enum paragraph_kind kind);
struct phrase_list {
    const char *const *phrases;
    size_t count;
};
extern const struct phrase_list phrase_labels, phrase_starts, phrase_ends;
bool text_is_stamp(struct slice text); /* stamp.c */
/* Furniture such as "Related articles" that announces links. */
bool text_is_label(struct slice text);

#endif
