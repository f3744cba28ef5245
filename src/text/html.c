/* Paragraphs of HTML: the page as gumbo reads it, walked without recursion.
 *
 * The walk keeps a stack of frames, one an open element, and stops whenever a
 * block begins or ends while text is gathered: that text is a paragraph. What
 * surrounds it (a list item, a heading, a menu) was noted in the context that
 * frames hand down when its first visible character came.
 *
 * Tables are data, a paragraph a row, unless they only lay out the page: cells
 * that hold blocks, or rows of one cell. What readers don't see is skipped;
 * what a page adds around the article is furniture, except that nothing which
 * holds the article itself (its first <article>, <main> or <h1>) is ever taken
 * for that. Captions of figures are prose. */
#include "text/html_walk.h"

#include <string.h>
#include <strings.h>

enum { MOST_BYTES = 64 << 20 };

struct frame {
    const GumboVector *children;
    unsigned next;
    bool parts; /* a block: ends a paragraph */
    struct html_context context;
};

struct html {
    struct html_tree tree;
    struct html_marks marks;
    bool parsed, titled;
    struct frame *frames;
    size_t depth, capacity;
    /* The paragraph in article->text. */
    struct html_context context;
    size_t line;
    size_t visible, linked, strong; /* bytes */
    bool after_break;
    /* Inside a text of <pre>. */
    size_t offset, offset_line;
};

/* ---- reading and parsing ------------------------------------------------- */

static tenor_status gather(struct article *article, enum article_step *step,
                           tenor_error *error) {
    struct buffer *source = &article->html->tree.source;
    for (;;) {
        struct slice block;
        tenor_status status = article_block(article, &block, step, error);
        if (status || *step == STEP_WAIT)
            return status;
        if (*step == STEP_END)
            return TENOR_OK;
        if (block.size > MOST_BYTES - source->size)
            return error_at(error, TENOR_ERROR_INPUT, article->name, 0, 0,
                            "an HTML page of more than 64 MiB; split it, or "
                            "convert it to plain text");
        buffer_append(source, block.data, block.size);
        if (source->failed)
            return error_memory(error);
    }
}

/* Whole, so that a character cut by two blocks is none to repair. */
static tenor_status repair(struct article *article, tenor_error *error) {
    struct buffer *source = &article->html->tree.source, good = {0};
    if (utf8_valid_prefix(source->data, source->size) == source->size)
        return TENOR_OK;
    article->repaired += utf8_repair(&good, source->data, source->size);
    buffer_clear(source);
    *source = good;
    return source->failed ? error_memory(error) : TENOR_OK;
}

static tenor_status push(struct html *html, const GumboNode *node,
                         struct html_context context, bool parts,
                         tenor_error *error) {
    if (!memory_reserve(&html->frames, &html->capacity, html->depth + 1,
                        sizeof *html->frames))
        return error_memory(error);
    const GumboVector *children = node->type == GUMBO_NODE_DOCUMENT
                                      ? &node->v.document.children
                                      : &node->v.element.children;
    html->frames[html->depth++] = (struct frame){
        .children = children, .parts = parts, .context = context};
    return TENOR_OK;
}

static tenor_status parse(struct article *article, enum article_step *step,
                          tenor_error *error) {
    struct html *html = article->html;
    tenor_status status = gather(article, step, error);
    if (status || *step == STEP_WAIT)
        return status;
    *step = STEP_GOT;
    html->parsed = true;
    if (html->tree.source.size == 0)
        return TENOR_OK;
    status = repair(article, error);
    if (status == TENOR_OK)
        status = html_tree_parse(&html->tree, article->name, error);
    if (status == TENOR_OK)
        status =
            html_find_marks(&html->marks, html->tree.output->document, error);
    if (status == TENOR_OK)
        status =
            push(html, html->tree.output->document,
                 (struct html_context){.kind = PARAGRAPH_PROSE}, true, error);
    return status;
}

/* ---- the paragraph ------------------------------------------------------- */

static size_t count_visible(const char *text, size_t size) {
    size_t visible = 0;
    for (size_t i = 0; i < size;) {
        size_t space = space_size(text + i, size - i);
        visible += space == 0;
        i += space ? space : 1;
    }
    return visible;
}

static size_t count_lines(const char *text, size_t size) {
    size_t lines = 0;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    return lines;
}

static void add_text(struct article *article, const char *text, size_t size,
                     const struct html_context *context, size_t line) {
    struct html *html = article->html;
    size_t visible = count_visible(text, size);
    if (visible > 0 && html->visible == 0) {
        size_t lead = 0, space;
        while ((space = space_size(text + lead, size - lead)) > 0)
            lead += space;
        html->context = *context;
        html->line = line + count_lines(text, lead);
    }
    html->visible += visible;
    html->linked += context->link ? visible : 0;
    html->strong += context->strong ? visible : 0;
    html->after_break &= visible == 0;
    text_fold(&article->text, text, size);
}

static bool is_pending(const struct article *article) {
    return article->html->visible > 0 || article->text.failed;
}

static enum paragraph_kind judge(const struct article *article,
                                 struct slice text) {
    const struct html *html = article->html;
    enum paragraph_kind kind = html->context.kind;
    bool linked = html->linked == html->visible;
    bool strong = html->strong == html->visible;
    if (html->context.furniture || text_is_furniture(text, kind))
        return PARAGRAPH_FURNITURE;
    if (kind != PARAGRAPH_PROSE && kind != PARAGRAPH_ITEM)
        return kind;
    if (linked && (strong || article->after_label || text_is_shouted(text)))
        return PARAGRAPH_FURNITURE;
    return kind == PARAGRAPH_PROSE && strong && text_is_heading(text)
               ? PARAGRAPH_HEADING
               : kind;
}

static tenor_status finish(struct article *article, struct paragraph *out,
                           tenor_error *error) {
    struct html *html = article->html;
    struct buffer *text = &article->text;
    if (text->failed)
        return error_memory(error);
    text_trim(text);
    while (html->context.in_row && text->size > 2 &&
           memcmp(text->data + text->size - 2, " |", 2) == 0) {
        text->size -= 2; /* empty cells at the end */
        text_trim(text);
    }
    enum paragraph_kind kind =
        judge(article, (struct slice){text->data, text->size});
    html->visible = html->linked = html->strong = 0;
    html->after_break = false;
    return article_finish(article, out, kind, html->line, error);
}

/* Drops what is invisible, such as the bars of an empty row. */
static void drop(struct article *article) {
    article->text.size = 0;
    article->html->after_break = false;
}

/* ---- the walk ------------------------------------------------------------ */

/* The bytes before the next blank line of a text that is not blank up to
 * there, and *next those with it; the size of all if there is none. */
static size_t find_blank_line(const char *data, size_t *next) {
    const char *p = data;
    while ((p = strchr(p, '\n')) != NULL) {
        const char *q = p + 1 + strspn(p + 1, " \t\r");
        if (*q == '\n' && p > data) {
            *next = (size_t)(q - data);
            return (size_t)(p - data);
        }
        p = q;
    }
    *next = strlen(data);
    return *next;
}

/* Text of <pre>, up to its next blank line; true: that parts a paragraph. */
static bool add_preformatted(struct article *article, struct frame *top,
                             const GumboText *text) {
    struct html *html = article->html;
    const char *data = text->text + html->offset;
    size_t next, size = find_blank_line(data, &next);
    add_text(article, data, size, &top->context,
             text->start_pos.line + html->offset_line);
    if (next > size) {
        html->offset += next;
        html->offset_line += count_lines(data, next);
        return is_pending(article);
    }
    html->offset = html->offset_line = 0;
    top->next++;
    return false;
}

/* True: the paragraph so far has to be handed out. */
static bool take_break(struct article *article, const struct frame *top) {
    struct html *html = article->html;
    if (html->after_break && !top->context.in_row)
        return is_pending(article);
    html->after_break = true;
    text_fold(&article->text, " ", 1);
    return false;
}

/* Enters an element or skips it. */
static tenor_status enter(struct article *article, const GumboNode *node,
                          tenor_error *error) {
    struct html *html = article->html;
    struct frame *top = &html->frames[html->depth - 1];
    struct html_context context = top->context;
    top->next++;
    bool parts = html_parts(node, &top->context);
    tenor_status status = html_descend(&context, node, &html->marks, error);
    if (status || context.hidden)
        return status;
    if (context.in_row && top->context.in_row && html_is_cell(node)) {
        if (html->visible > 0)
            text_fold(&article->text, " | ", 3);
    }
    return push(html, node, context, parts, error);
}

/* One step; *done: a paragraph has to be handed out first. */
static tenor_status walk(struct article *article, bool *done,
                         tenor_error *error) {
    struct html *html = article->html;
    struct frame *top = &html->frames[html->depth - 1];
    *done = false;
    if (top->next == top->children->length) {
        *done = top->parts && is_pending(article);
        if (!*done) {
            if (top->parts)
                drop(article);
            html->depth--;
        }
        return TENOR_OK;
    }
    const GumboNode *child = top->children->data[top->next];
    switch (child->type) {
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
    case GUMBO_NODE_CDATA:
        if (top->context.preformatted && !top->context.in_row) {
            *done = add_preformatted(article, top, &child->v.text);
            return TENOR_OK;
        }
        add_text(article, child->v.text.text, strlen(child->v.text.text),
                 &top->context, child->v.text.start_pos.line);
        top->next++;
        return TENOR_OK;
    case GUMBO_NODE_ELEMENT:
        if (child->v.element.tag == GUMBO_TAG_BR) {
            *done = take_break(article, top);
            top->next += !*done;
            return TENOR_OK;
        }
        if (html_parts(child, &top->context)) {
            *done = is_pending(article);
            if (*done)
                return TENOR_OK;
            drop(article);
        }
        return enter(article, child, error);
    default:
        top->next++;
        return TENOR_OK;
    }
}

/* The title of a page without <h1> is its headline. */
static bool take_title(struct article *article) {
    struct html *html = article->html;
    const GumboNode *title = html->marks.title;
    html->titled = true;
    if (!title || html->marks.heading_at != HTML_NOWHERE)
        return false;
    struct html_context context = {.kind = PARAGRAPH_HEADING};
    const GumboVector *children = &title->v.element.children;
    for (unsigned i = 0; i < children->length; i++) {
        const GumboNode *child = children->data[i];
        if (child->type == GUMBO_NODE_TEXT)
            add_text(article, child->v.text.text, strlen(child->v.text.text),
                     &context, child->v.text.start_pos.line);
    }
    return is_pending(article);
}

tenor_status html_next(struct article *article, struct paragraph *out,
                       enum article_step *step, tenor_error *error) {
    if (!article->html)
        article->html = memory_new(1, sizeof *article->html);
    struct html *html = article->html;
    if (!html)
        return error_memory(error);
    tenor_status status = TENOR_OK;
    *step = STEP_GOT;
    if (!html->parsed)
        status = parse(article, step, error);
    if (status || *step == STEP_WAIT)
        return status;
    if (!html->titled && take_title(article))
        return finish(article, out, error);
    while (html->depth > 0) {
        bool done;
        status = walk(article, &done, error);
        if (status)
            return status;
        if (done)
            return finish(article, out, error);
    }
    *step = STEP_END;
    return TENOR_OK;
}

void html_free(struct html *html) {
    if (!html)
        return;
    html_tree_free(&html->tree);
    memory_free(html->marks.scratch);
    memory_free(html->frames);
    memory_free(html);
}
