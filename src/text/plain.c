/* Paragraphs of plain text.
 *
 * Two layouts are in use. In the wrapped one a paragraph is several lines of
 * some 60 to 100 columns, and a blank line parts it from the next; in the
 * other each line is a paragraph, with blank lines between or not. Files whose
 * paragraphs are single lines with blank lines between read the same in both,
 * so the layout is looked for only at the first pair of lines where it
 * matters: from there on, in up to 64 KiB, pairs of lines vote until the
 * matter is clear. It depends on the bytes alone, never on how a pipe cuts
 * them.
 *
 * Even in a wrapped file a line is joined to the one before it only where a
 * writer would have wrapped there: long lines, headings, bullets and rows stay
 * apart. A line beyond UNWRAPPED columns is a paragraph at once, without a look
 * at the next. Rules such as "-----" part paragraphs and are dropped; under a
 * line of text they make it a heading. */
#include "text/plain.h"

#include <string.h>

enum {
    WINDOW = 1 << 16,    /* bytes in which the layout must show */
    CLEARLY_WRAPPED = 9, /* votes */
    CLEARLY_LINES = -6,
    TITLE_WORDS = 30, /* most words of a headline */
};

enum layout { LAYOUT_OPEN, LAYOUT_LINES, LAYOUT_WRAPPED };

struct plain {
    enum layout layout;
    bool started; /* a paragraph has been handed out */
    /* The line that was read but not yet used. */
    struct slice held;
    struct traits next;
    bool has_held, ended;
    /* The paragraph in article->text. */
    bool open;
    enum paragraph_kind kind;
    size_t line, lines;
    struct traits last; /* its last line; body is not valid any more */
    /* The search for the layout. */
    bool searching;
    int score;
    size_t width;   /* of the widest wrapped line */
    size_t scanned; /* unread bytes that have voted */
    struct traits voter;
};

static bool stands_alone(const struct traits *line) {
    return line->columns > UNWRAPPED || line->row || line->hashes;
}

/* ---- the layout ---------------------------------------------------------- */

/* A small letter after an unfinished line is nearly proof of wrapping, a
 * finished line (every line, where lines are paragraphs; one in ten, where they
 * are wrapped) a hint of the other. */
static int vote(const struct traits *last, const struct traits *next) {
    if (last->blank || next->blank || last->rule || next->rule)
        return 0;
    if (last->columns > UNWRAPPED)
        return -1;
    if (last->row || next->row || next->marker || next->hashes ||
        last->columns < 25)
        return 0;
    if (last->terminated)
        return -1;
    return next->starts == CASE_LOWER ? 3 : next->starts == CASE_OTHER ? 1 : 0;
}

static void note_width(struct plain *plain, const struct traits *line) {
    if (line->columns <= UNWRAPPED && line->columns > plain->width)
        plain->width = line->columns;
}

static bool is_clear(const struct plain *plain) {
    return plain->score >= CLEARLY_WRAPPED || plain->score <= CLEARLY_LINES;
}

/* The held line points into the bytes that looking further ahead may move. */
static tenor_status keep_held(struct article *article, tenor_error *error) {
    struct plain *plain = article->plain;
    struct buffer *mended = &article->mended;
    if (plain->held.size > 0 && plain->held.data != mended->data) {
        mended->size = 0;
        buffer_append(mended, plain->held.data, plain->held.size);
        if (mended->failed)
            return error_memory(error);
        plain->held.data = mended->data;
        plain->next = plain_look_at(plain->held);
    }
    return TENOR_OK;
}

/* The next line that has not voted, within the window; *bytes is its size with
 * its end, 0 at the end of the file or window. What counts as a line must not
 * depend on how much of the file has come, so none is taken before its end,
 * with the \n that may follow a \r. */
static tenor_status look_further(struct article *article, struct slice *line,
                                 size_t *bytes, enum article_step *step,
                                 tenor_error *error) {
    size_t scanned = article->plain->scanned, wanted = scanned + 1;
    for (;;) {
        struct slice rest;
        tenor_status status = article_peek(article, &rest, wanted, step, error);
        if (status || *step == STEP_WAIT)
            return status;
        wanted = rest.size + 1;
        bool last = article->reader.finished && rest.size <= WINDOW;
        size_t size = rest.size < WINDOW ? rest.size : WINDOW;
        *line = (struct slice){rest.data + scanned,
                               size > scanned ? size - scanned : 0};
        size_t end = line_end(*line, 0);
        bool ended = end + 1 < line->size ||
                     (end < line->size && line->data[end] == '\n');
        if (ended || last || size == WINDOW) {
            bool pair = end + 1 < line->size && line->data[end] == '\r' &&
                        line->data[end + 1] == '\n';
            *bytes = !ended && !last    ? 0
                     : end < line->size ? end + 1 + pair
                                        : end;
            line->size = end;
            return TENOR_OK;
        }
    }
}

/* Decides the layout at a pair of lines, the last and the held one. */
static tenor_status find_layout(struct article *article,
                                enum article_step *step, tenor_error *error) {
    struct plain *plain = article->plain;
    if (!plain->searching) {
        tenor_status status = keep_held(article, error);
        if (status)
            return status;
        plain->searching = true;
        plain->voter = plain->next;
        plain->score = vote(&plain->last, &plain->next);
        note_width(plain, &plain->last);
        note_width(plain, &plain->next);
    }
    while (!is_clear(plain)) {
        struct slice line = {0};
        size_t bytes = 0;
        tenor_status status = look_further(article, &line, &bytes, step, error);
        if (status || *step == STEP_WAIT)
            return status;
        if (bytes == 0)
            break;
        bool rest_of_pair = plain->scanned == 0 && article->after_return &&
                            line.size == 0 && line.data[0] == '\n';
        plain->scanned += bytes;
        if (rest_of_pair)
            continue; /* the \n of the held line's \r\n */
        struct traits next = plain_look_at(line);
        plain->score += vote(&plain->voter, &next);
        note_width(plain, &next);
        plain->voter = next;
    }
    plain->layout = plain->score > 0 ? LAYOUT_WRAPPED : LAYOUT_LINES;
    return TENOR_OK;
}

/* Whether a writer who wraps at `width` would have broken the line here. */
static bool is_wrapped_here(const struct plain *plain) {
    const struct traits *last = &plain->last, *next = &plain->next;
    if (!last->terminated && next->starts == CASE_LOWER)
        return true;
    if (plain->kind == PARAGRAPH_ITEM && next->indent > last->indent)
        return true; /* continued under its bullet */
    if (last->shouted != next->shouted && (last->shouted || last->terminated))
        return false; /* A LINE IN CAPITALS above or below */
    if (last->terminated && next->indent >= last->indent + 2)
        return false; /* a first line that is set in */
    size_t filled = last->columns + 1 + next->first_word;
    return last->terminated ? filled + 8 > plain->width
                            : last->columns * 3 >= plain->width * 2;
}

static bool begins_item(const struct plain *plain) {
    const struct traits *next = &plain->next;
    bool unfinished = !plain->last.terminated && plain->kind == PARAGRAPH_PROSE;
    if (next->marker == 0 || (unfinished && next->dash))
        return false; /* "the town\n– or what is left of it" */
    /* "... by about\n19. Then": only the first number begins a list. */
    return next->number <= 1 || !unfinished;
}

/* Whether the held line parts from the paragraph, whatever the layout. */
static bool surely_parts(const struct plain *plain) {
    return stands_alone(&plain->last) || stands_alone(&plain->next) ||
           begins_item(plain);
}

/* ---- the paragraph ------------------------------------------------------- */

/* Cells between tabs or | become cells between " | ". */
static void add_row(struct buffer *text, struct slice body) {
    size_t from = 0;
    for (size_t i = 0; i <= body.size; i++) {
        if (i < body.size && body.data[i] != '\t' && body.data[i] != '|')
            continue;
        struct slice cell =
            slice_trim((struct slice){body.data + from, i - from});
        bool edge = cell.size == 0 && (from == 0 || i == body.size);
        if (!edge) {
            if (text->size > 0)
                text_fold(text, " | ", 3);
            text_fold(text, cell.data, cell.size);
        }
        from = i + 1;
    }
}

static bool ends_in_hyphen(const struct buffer *text) {
    return text->size > 1 && text->data[text->size - 1] == '-' &&
           text->data[text->size - 2] != ' ' &&
           text->data[text->size - 2] != '-';
}

/* Adds the held line to the paragraph. */
static void add_held(struct article *article) {
    struct plain *plain = article->plain;
    struct buffer *text = &article->text;
    struct slice body = plain->next.body;
    if (!plain->open) {
        plain->open = true;
        plain->kind = PARAGRAPH_PROSE;
        plain->line = article->line;
        plain->lines = 0;
        if (plain->next.marker)
            plain->kind = PARAGRAPH_ITEM;
        body.data += plain->next.marker;
        body.size -= plain->next.marker;
        size_t hashes = plain_measure_hashes(body);
        if (hashes)
            plain->kind = PARAGRAPH_HEADING;
        body.data += hashes;
        body.size -= hashes;
    } else if (!(ends_in_hyphen(text) && plain->next.starts == CASE_LOWER)) {
        text_fold(text, " ", 1);
    }
    if (plain->next.row && plain->kind == PARAGRAPH_PROSE) {
        plain->kind = PARAGRAPH_ROW;
        add_row(text, body);
    } else {
        text_fold(text, body.data, body.size);
    }
    plain->lines++;
    plain->last = plain->next;
    note_width(plain, &plain->last);
    plain->has_held = false;
}

/* _A paragraph all in italics_ keeps its words only. */
static void strip_emphasis(struct buffer *text) {
    for (int level = 0; level < 3 && text->size > 2; level++) {
        char mark = text->data[0];
        if ((mark != '_' && mark != '*') ||
            text->data[text->size - 1] != mark || text->data[1] == ' ' ||
            text->data[text->size - 2] == ' ')
            return;
        text->size -= 2;
        memmove(text->data, text->data + 1, text->size);
    }
}

/* "- Attacks go on -" is how agencies set a heading. */
static bool strip_dashes(struct buffer *text) {
    if (text->size < 3 || text->data[text->size - 1] != '-' ||
        text->data[text->size - 2] != ' ')
        return false;
    text->size -= 2;
    return true;
}

static tenor_status finish(struct article *article, struct paragraph *out,
                           tenor_error *error) {
    struct plain *plain = article->plain;
    struct buffer *text = &article->text;
    enum paragraph_kind kind = plain->kind;
    text_trim(text);
    strip_emphasis(text);
    if (kind == PARAGRAPH_ITEM && strip_dashes(text))
        kind = PARAGRAPH_HEADING;
    struct slice words = {text->data, text->size};
    kind = paragraph_classify_kind(words, kind);
    if (kind == PARAGRAPH_PROSE && !plain->started && plain->lines < 3 &&
        !text_is_terminated(words) && text_count_words(words) <= TITLE_WORDS)
        kind = PARAGRAPH_HEADING; /* what a file begins with is its headline */
    plain->open = false;
    plain->started |= kind != PARAGRAPH_FURNITURE;
    return article_finish(article, out, kind, plain->line, error);
}

static bool is_underlined(const struct plain *plain) {
    return plain->open && plain->lines == 1 && plain->kind == PARAGRAPH_PROSE &&
           plain->last.columns <= UNWRAPPED && !plain->last.terminated &&
           plain->next.underline;
}

/* Also after a failed allocation, which must not look like no text. */
static bool has_text(const struct article *article) {
    return article->text.size > 0 || article->text.failed;
}

static tenor_status hold(struct article *article, enum article_step *step,
                         tenor_error *error) {
    struct plain *plain = article->plain;
    if (plain->has_held || plain->ended)
        return TENOR_OK;
    tenor_status status = article_line(article, &plain->held, step, error);
    if (status || *step == STEP_WAIT)
        return status;
    plain->ended = *step == STEP_END;
    plain->has_held = !plain->ended;
    if (plain->has_held)
        plain->next = plain_look_at(plain->held);
    return TENOR_OK;
}

/* Whether the held line begins a new paragraph. */
static tenor_status parts(struct article *article, bool *out,
                          enum article_step *step, tenor_error *error) {
    struct plain *plain = article->plain;
    *out = plain->ended || plain->next.blank || plain->next.rule ||
           surely_parts(plain);
    if (*out)
        return TENOR_OK;
    if (plain->layout == LAYOUT_OPEN) {
        tenor_status status = find_layout(article, step, error);
        if (status || *step == STEP_WAIT)
            return status;
    }
    *out = plain->layout == LAYOUT_LINES || !is_wrapped_here(plain);
    return TENOR_OK;
}

tenor_status plain_next(struct article *article, struct paragraph *out,
                        enum article_step *step, tenor_error *error) {
    if (!article->plain)
        article->plain = memory_new(1, sizeof *article->plain);
    struct plain *plain = article->plain;
    if (!plain)
        return error_memory(error);
    for (;;) {
        *step = STEP_GOT;
        tenor_status status = hold(article, step, error);
        if (status || *step == STEP_WAIT)
            return status;
        bool parting = true;
        if (plain->open) {
            status = parts(article, &parting, step, error);
            if (status || *step == STEP_WAIT)
                return status;
        }
        if (parting && plain->open) {
            if (!plain->ended && is_underlined(plain))
                plain->kind = PARAGRAPH_HEADING;
            plain->open = false;
            *step = STEP_GOT;
            if (has_text(article))
                return finish(article, out, error);
        }
        if (plain->ended) {
            *step = STEP_END;
            return TENOR_OK;
        }
        if (plain->next.blank || plain->next.rule)
            plain->has_held = false;
        else
            add_held(article);
        if (plain->open && has_text(article) &&
            (stands_alone(&plain->last) || plain->layout == LAYOUT_LINES))
            return finish(article, out, error);
    }
}

void plain_free(struct plain *plain) {
    memory_free(plain);
}
