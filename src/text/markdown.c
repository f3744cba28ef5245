/* Paragraphs of Markdown, as CommonMark with GitHub's tables has them.
 *
 * Line by line: a line is looked at once, for the block that it begins, and is
 * either added to the open paragraph or held until that has been handed out.
 * The raw text of a paragraph goes through markdown_inline.c when it ends.
 *
 * Articles are not documentation, so some things differ from CommonMark:
 * indented text is text, not code; block quotes are prose; front matter,
 * comments, link definitions and rules are dropped; fenced code is furniture,
 * parted at blank lines; a paragraph that is one bold phrase is a heading; one
 * that is an image, or a link in bold or capitals, is furniture. */
#include "text/markdown.h"

#include <string.h>

enum skipping { SKIP_NOTHING, SKIP_FRONT, SKIP_COMMENT, SKIP_SCRIPT };

struct markdown {
    struct slice held;
    bool has_held, ended;
    enum skipping skipping;
    char fence; /* ` or ~ while inside, else 0 */
    size_t fence_length;
    bool in_list, in_table;
    /* The open paragraph. */
    bool open;
    enum paragraph_kind kind;
    size_t line, lines;
    struct buffer raw;
    struct inline_scratch scratch;
};

/* ---- the paragraph ------------------------------------------------------- */

static void begin(struct article *article, enum paragraph_kind kind) {
    struct markdown *markdown = article->markdown;
    markdown->open = true;
    markdown->kind = kind;
    markdown->line = article->line;
    markdown->lines = 0;
    markdown->raw.size = 0;
}

static void add(struct markdown *markdown, struct slice body) {
    if (markdown->lines++ > 0)
        buffer_byte(&markdown->raw, '\n');
    buffer_append(&markdown->raw, body.data, body.size);
}

/* Marks the cells' ends with tabs; a bar after \ or in a code span is text. */
static void part_cells(struct buffer *raw) {
    bool code = false;
    for (size_t i = 0; i < raw->size; i++) {
        if (raw->data[i] == '\\')
            i++;
        else if (raw->data[i] == '`')
            code = !code;
        else if (raw->data[i] == '\t')
            raw->data[i] = ' ';
        else if (raw->data[i] == '|' && !code)
            raw->data[i] = '\t';
    }
}

static void fold_cells(struct buffer *out, const char *raw, size_t size) {
    size_t from = 0;
    for (size_t i = 0; i <= size; i++) {
        if (i < size && raw[i] != '\t')
            continue;
        bool edge =
            slice_trim((struct slice){raw + from, i - from}).size == 0 &&
            (from == 0 || i == size);
        if (!edge) {
            if (out->size > 0)
                text_fold(out, " | ", 3);
            inline_fold(out, raw + from, i - from);
        }
        from = i + 1;
    }
}

static enum paragraph_kind judge(const struct article *article,
                                 const struct inline_summary *summary) {
    enum paragraph_kind kind = article->markdown->kind;
    struct slice text = {article->text.data, article->text.size};
    if (kind == PARAGRAPH_FURNITURE || text_is_furniture(text, kind) ||
        summary->all_image)
        return PARAGRAPH_FURNITURE;
    if (kind != PARAGRAPH_PROSE && kind != PARAGRAPH_ITEM)
        return kind;
    if (summary->all_link &&
        (article->after_label || summary->all_strong || text_is_shouted(text)))
        return PARAGRAPH_FURNITURE;
    return kind == PARAGRAPH_PROSE && summary->all_strong &&
                   text_is_heading(text)
               ? PARAGRAPH_HEADING
               : kind;
}

/* Ends the open paragraph; *step is STEP_END if nothing of it is to be seen. */
static tenor_status finish(struct article *article, struct paragraph *out,
                           enum article_step *step, tenor_error *error) {
    struct markdown *markdown = article->markdown;
    struct buffer *raw = &markdown->raw, *text = &article->text;
    struct inline_summary summary = {0};
    markdown->open = false;
    *step = STEP_END;
    if (raw->failed)
        return error_memory(error);
    if (raw->size == 0)
        return TENOR_OK;
    if (markdown->kind == PARAGRAPH_FURNITURE) {
        text_fold(text, raw->data, raw->size);
    } else {
        if (markdown->kind == PARAGRAPH_ROW)
            part_cells(raw);
        if (!inline_reduce(&markdown->scratch, raw->data, raw->size, &summary))
            return error_memory(error);
        if (markdown->kind == PARAGRAPH_ROW)
            fold_cells(text, raw->data, raw->size);
        else
            inline_fold(text, raw->data, raw->size);
    }
    text_trim(text);
    if (text->size == 0 && !text->failed)
        return TENOR_OK;
    *step = STEP_GOT;
    return article_finish(article, out, judge(article, &summary),
                          markdown->line, error);
}

/* ---- blocks -------------------------------------------------------------- */

/* "---" before the first line, up to "---" or "...": keys, lists, comments. A
 * line that is nothing of it shows that it was a rule. */
static bool is_front(struct slice line, bool *last) {
    struct slice body = slice_trim(line);
    *last = body.size == 3 && (memcmp(body.data, "---", 3) == 0 ||
                               memcmp(body.data, "...", 3) == 0 ||
                               memcmp(body.data, "+++", 3) == 0);
    if (*last || body.size == 0 || line.data[0] == ' ' || line.data[0] == '#' ||
        line.data[0] == '-' || line.data[0] == '[' || line.data[0] == ']')
        return true;
    size_t at = 0;
    while (at < body.size && body.data[at] > ' ' && body.data[at] != ':' &&
           body.data[at] != '=')
        at++;
    while (at < body.size && body.data[at] == ' ')
        at++;
    return at > 0 && at < body.size &&
           (body.data[at] == ':' || body.data[at] == '=');
}

static bool contains(struct slice text, const char *part) {
    for (size_t i = 0; i < text.size; i++)
        if (markdown_starts_with(slice_advance(text, i), part))
            return true;
    return false;
}

/* True: the line was skipped. */
static bool skip(struct article *article, struct slice body) {
    struct markdown *markdown = article->markdown;
    bool last = false;
    switch (markdown->skipping) {
    case SKIP_NOTHING:
        if (article->line == 1 && body.size == 3 &&
            (memcmp(body.data, "---", 3) == 0 ||
             memcmp(body.data, "+++", 3) == 0)) {
            markdown->skipping = SKIP_FRONT;
            return true;
        }
        return false;
    case SKIP_FRONT:
        if (!is_front(markdown->held, &last)) {
            markdown->skipping = SKIP_NOTHING;
            return false;
        }
        break;
    case SKIP_COMMENT:
        last = contains(body, "-->");
        break;
    case SKIP_SCRIPT:
        last = contains(body, "</script") || contains(body, "</style");
        break;
    }
    if (last)
        markdown->skipping = SKIP_NOTHING;
    return true;
}

/* Comments and scripts that don't end on their line. */
static bool begins_skipped(struct markdown *markdown, struct slice body) {
    if (markdown_starts_with(body, "<!--") && !contains(body, "-->"))
        markdown->skipping = SKIP_COMMENT;
    else if ((markdown_starts_with(body, "<script") &&
              !contains(body, "</script")) ||
             (markdown_starts_with(body, "<style") &&
              !contains(body, "</style")))
        markdown->skipping = SKIP_SCRIPT;
    return markdown->skipping != SKIP_NOTHING;
}

static void begin_item(struct article *article, struct slice body) {
    struct markdown *markdown = article->markdown;
    unsigned number;
    size_t bytes;
    begin(article, PARAGRAPH_ITEM);
    markdown->in_list = true;
    for (int level = 0;
         level < 8 && (bytes = markdown_measure_marker(body, &number)); level++)
        body = slice_trim(slice_advance(body, bytes));
    if (markdown_starts_with(body, "[ ] ") ||
        markdown_starts_with(body, "[x] "))
        body = slice_trim(slice_advance(body, 4));
    bytes = body.size ? markdown_measure_heading(body) : 0;
    if (bytes)
        markdown->kind = PARAGRAPH_HEADING;
    add(markdown, slice_trim(slice_advance(body, bytes)));
}

/* # Title ## */
static void begin_heading(struct article *article, struct slice body) {
    body = slice_trim(slice_advance(body, markdown_measure_heading(body)));
    size_t end = body.size;
    while (end > 0 && body.data[end - 1] == '#')
        end--;
    if (end == 0 || body.data[end - 1] == ' ')
        body.size = end;
    begin(article, PARAGRAPH_HEADING);
    article->markdown->in_list = false;
    add(article->markdown, slice_trim(body));
}

/* Inside a fence; true: the line closes it. */
static bool closes_fence(const struct markdown *markdown, struct slice body) {
    return body.size > 0 && body.data[0] == markdown->fence &&
           markdown_count_repeat(body) >= markdown->fence_length &&
           markdown_count_repeat(body) == body.size;
}

/* Whether the line has to wait for the open paragraph to be handed out. */
static bool interrupts(const struct markdown *markdown, enum block block,
                       struct slice body) {
    unsigned number;
    switch (block) {
    case BLOCK_TEXT:
    case BLOCK_DEFINITION:
        return markdown->kind == PARAGRAPH_ROW;
    case BLOCK_RULE: /* may make it a heading */
        return markdown->kind != PARAGRAPH_PROSE || body.data[0] == '*' ||
               body.data[0] == '_' || markdown->lines > 2 ||
               markdown_count_repeat(body) != body.size;
    case BLOCK_DELIMITER:
        return markdown->lines > 1 ||
               !memchr(markdown->raw.data, '|', markdown->raw.size);
    case BLOCK_ITEM:
        markdown_measure_marker(body, &number);
        return number <= 1 || markdown->kind != PARAGRAPH_PROSE;
    default:
        return true;
    }
}

/* Uses the held line; true: the open paragraph is complete. */
static bool use(struct article *article, enum block block, struct slice body,
                size_t indent) {
    struct markdown *markdown = article->markdown;
    bool open = markdown->open;
    switch (block) {
    case BLOCK_BLANK:
        markdown->in_table = false;
        return open;
    case BLOCK_RULE:
        if (open)
            markdown->kind = PARAGRAPH_HEADING;
        return open;
    case BLOCK_DELIMITER:
        markdown->in_table = true;
        if (open)
            markdown->kind = PARAGRAPH_ROW;
        return open;
    case BLOCK_HEADING:
        begin_heading(article, body);
        return true;
    case BLOCK_ITEM:
        if (open)
            add(markdown, body);
        else
            begin_item(article, body);
        return markdown->kind == PARAGRAPH_HEADING;
    case BLOCK_FENCE:
        markdown->fence = body.data[0];
        markdown->fence_length = markdown_count_repeat(body);
        return false;
    case BLOCK_ROW:
        begin(article, PARAGRAPH_ROW);
        add(markdown, body);
        return true;
    case BLOCK_DEFINITION:
        return false;
    case BLOCK_TAG:
        if (begins_skipped(markdown, body))
            return false;
        /* fall through */
    case BLOCK_TEXT:
        if (!open) {
            markdown->in_list &= indent >= 2;
            begin(article,
                  markdown->in_list ? PARAGRAPH_ITEM : PARAGRAPH_PROSE);
        }
        add(markdown, body);
        return false;
    }
    return false;
}

/* The same inside a fence. */
static bool use_code(struct article *article, struct slice body) {
    struct markdown *markdown = article->markdown;
    bool closes = closes_fence(markdown, body);
    if (closes)
        markdown->fence = '\0';
    if (closes || body.size == 0)
        return markdown->open;
    if (!markdown->open)
        begin(article, PARAGRAPH_FURNITURE);
    add(markdown, body);
    return false;
}

tenor_status markdown_next(struct article *article, struct paragraph *out,
                           enum article_step *step, tenor_error *error) {
    if (!article->markdown)
        article->markdown = memory_new(1, sizeof *article->markdown);
    struct markdown *markdown = article->markdown;
    if (!markdown)
        return error_memory(error);
    for (;;) {
        if (!markdown->has_held && !markdown->ended) {
            tenor_status status =
                article_line(article, &markdown->held, step, error);
            if (status || *step == STEP_WAIT)
                return status;
            markdown->ended = *step == STEP_END;
            markdown->has_held = !markdown->ended;
        }
        bool complete = markdown->ended && markdown->open;
        if (markdown->has_held) {
            size_t indent;
            struct slice body = markdown_strip(markdown->held, &indent);
            bool keeps = false;
            if (markdown->fence) {
                complete = use_code(article, body);
            } else if (!skip(article, body)) {
                enum block block =
                    markdown_look_at(body, markdown->in_table, markdown->open);
                keeps = markdown->open && block != BLOCK_BLANK &&
                        interrupts(markdown, block, body);
                complete = keeps || use(article, block, body, indent);
            }
            markdown->has_held = keeps;
        }
        if (complete) {
            tenor_status status = finish(article, out, step, error);
            if (status || *step == STEP_GOT)
                return status;
        } else if (markdown->ended) {
            *step = STEP_END;
            return TENOR_OK;
        }
    }
}

void markdown_free(struct markdown *markdown) {
    if (!markdown)
        return;
    buffer_clear(&markdown->raw);
    inline_clear(&markdown->scratch);
    memory_free(markdown);
}
