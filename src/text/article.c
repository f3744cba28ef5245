/* Opens an article, recognises its format and repairs its bytes.
 *
 * Bytes come through the reader in base and leave as lines: ended by \n, \r\n
 * or a lone \r, valid UTF-8, counted. A line is looked for in the reader's own
 * buffer and consumed by moving `reader.start`, so that it is copied only
 * where it needs repair, and the formats can look ahead without consuming.
 *
 * Nothing is read before the first article_next or article_ready: opening a
 * slow pipe does not wait. article_ready runs the same code as article_next,
 * with `patient` off: wherever that would wait it stops with STEP_WAIT, every
 * state kept. What it finds is put ahead for article_next. */
#include "text/article.h"

#include <poll.h>
#include <string.h>
#include <strings.h>

enum { SNIFF_LIMIT = 4096, STEP = 1024 };

const char *const paragraph_kind_names[PARAGRAPH_KINDS] = {
    "prose", "heading", "item", "row", "furniture"};

enum paragraph_kind paragraph_kind_of(struct slice name) {
    for (int kind = 0; kind < PARAGRAPH_FURNITURE; kind++)
        if (strlen(paragraph_kind_names[kind]) == name.size &&
            memcmp(paragraph_kind_names[kind], name.data, name.size) == 0)
            return (enum paragraph_kind)kind;
    return PARAGRAPH_PROSE;
}

/* ---- bytes and lines ----------------------------------------------------- */

static bool must_wait(const struct article *article) {
    const struct reader *reader = &article->reader;
    struct pollfd one = {.fd = reader->descriptor, .events = POLLIN};
    return !article->patient && !reader->finished && poll(&one, 1, 0) == 0;
}

static struct slice unread(const struct reader *reader) {
    if (!reader->data)
        return (struct slice){"", 0}; /* nothing was read yet */
    return (struct slice){reader->data + reader->start,
                          reader->end - reader->start};
}

/* One more read. */
static tenor_status fetch(struct article *article, enum article_step *step,
                          tenor_error *error) {
    *step = must_wait(article) ? STEP_WAIT : STEP_GOT;
    struct slice all;
    return *step == STEP_WAIT
               ? TENOR_OK
               : reader_peek(&article->reader, &all,
                             unread(&article->reader).size + 1, error);
}

tenor_status article_peek(struct article *article, struct slice *out,
                          size_t size, enum article_step *step,
                          tenor_error *error) {
    struct reader *reader = &article->reader;
    *step = STEP_GOT;
    while (!reader->finished && unread(reader).size < size) {
        tenor_status status = fetch(article, step, error);
        if (status || *step == STEP_WAIT)
            return status;
    }
    *out = unread(reader);
    return TENOR_OK;
}

tenor_status article_block(struct article *article, struct slice *out,
                           enum article_step *step, tenor_error *error) {
    tenor_status status = article_peek(article, out, 1, step, error);
    if (status || *step == STEP_WAIT)
        return status;
    *step = out->size > 0 ? STEP_GOT : STEP_END;
    article->reader.start = article->reader.end;
    return TENOR_OK;
}

static tenor_status mend(struct article *article, struct slice *line,
                         tenor_error *error) {
    if (utf8_valid_prefix(line->data, line->size) == line->size)
        return TENOR_OK;
    struct buffer *mended = &article->mended;
    mended->size = 0;
    article->repaired += utf8_repair(mended, line->data, line->size);
    *line = (struct slice){mended->data, mended->size};
    return mended->failed ? error_memory(error) : TENOR_OK;
}

/* In steps, so that a file of lone \r is not searched for a \n line by line. */
size_t line_end(struct slice rest, size_t at) {
    while (at < rest.size) {
        size_t size = rest.size - at < STEP ? rest.size - at : STEP;
        const char *from = rest.data + at;
        const char *newline = memchr(from, '\n', size);
        size = newline ? (size_t)(newline - from) : size;
        const char *mark = memchr(from, '\r', size);
        if (mark || newline)
            return at + (mark ? (size_t)(mark - from) : size);
        at += size;
    }
    return rest.size;
}

tenor_status article_line(struct article *article, struct slice *out,
                          enum article_step *step, tenor_error *error) {
    struct reader *reader = &article->reader;
    struct slice rest;
    size_t at;
    for (;;) {
        rest = unread(reader);
        if (article->after_return && rest.size > 0) {
            article->after_return = false;
            if (rest.data[0] == '\n') {
                reader->start++;
                continue;
            }
        }
        at = line_end(rest, article->searched);
        if (at < rest.size || reader->finished)
            break;
        article->searched = at;
        tenor_status status = fetch(article, step, error);
        if (status || *step == STEP_WAIT)
            return status;
    }
    article->searched = 0;
    *step = rest.size > 0 ? STEP_GOT : STEP_END;
    if (*step == STEP_END)
        return TENOR_OK;
    bool ended = at < rest.size;
    article->after_return = ended && rest.data[at] == '\r';
    reader->start += at + ended;
    article->line++;
    *out = (struct slice){rest.data, at};
    return mend(article, out, error);
}

tenor_status article_finish(struct article *article, struct paragraph *out,
                            enum paragraph_kind kind, size_t line,
                            tenor_error *error) {
    if (article->text.failed)
        return error_memory(error);
    text_trim(&article->text);
    *out = (struct paragraph){
        {article->text.data, article->text.size}, kind, line};
    article->after_label = kind == PARAGRAPH_FURNITURE &&
                           (article->after_label || text_is_label(out->text));
    return TENOR_OK;
}

/* ---- what it is ---------------------------------------------------------- */

static bool ends_with(const char *name, const char *const *suffixes) {
    size_t size = strlen(name);
    for (; *suffixes; suffixes++) {
        size_t length = strlen(*suffixes);
        if (size > length && strcasecmp(name + size - length, *suffixes) == 0)
            return true;
    }
    return false;
}

static enum article_format guess_by_name(const char *name) {
    static const char *const html[] = {".html", ".htm", ".xhtml", ".shtml",
                                       NULL};
    static const char *const markdown[] = {".md", ".markdown", ".mkd", ".mdown",
                                           NULL};
    static const char *const plain[] = {".txt", ".text", NULL};
    return ends_with(name, html)       ? ARTICLE_HTML
           : ends_with(name, markdown) ? ARTICLE_MARKDOWN
           : ends_with(name, plain)    ? ARTICLE_PLAIN
                                       : ARTICLE_AUTO;
}

static bool starts_with(struct slice text, const char *prefix) {
    size_t size = strlen(prefix);
    return text.size >= size && strncasecmp(text.data, prefix, size) == 0;
}

static bool starts_as_html(struct slice text) {
    if (starts_with(text, "<!doctype html") || starts_with(text, "<!--") ||
        starts_with(text, "<?xml"))
        return true;
    size_t end = 1;
    while (end < text.size && end < 16 && !strchr(" \t\r\n/>", text.data[end]))
        end++;
    return end > 1 && end < text.size && html_is_tag(text.data + 1, end - 1);
}

static bool is_letter(char byte) {
    return (byte | 32) >= 'a' && (byte | 32) <= 'z';
}

static bool starts_as_markdown(struct slice text) {
    size_t hashes = 0;
    while (hashes < text.size && text.data[hashes] == '#')
        hashes++;
    if (hashes > 0)
        return hashes <= 6 && hashes < text.size && text.data[hashes] == ' ';
    if (!starts_with(text, "---\n") && !starts_with(text, "---\r"))
        return false;
    size_t at = text.data[3] == '\r' && text.size > 4 && text.data[4] == '\n'
                    ? 5
                    : 4; /* front matter: a key and a colon */
    size_t key = at;
    while (at < text.size && (text.data[at] == '_' || text.data[at] == '-' ||
                              is_letter(text.data[at])))
        at++;
    return at > key && at < text.size && text.data[at] == ':';
}

/* Whether the bytes that follow could still change what `text` starts as. */
static bool needs_more(struct slice text, size_t skipped) {
    if (text.size + skipped >= SNIFF_LIMIT)
        return false;
    if (text.size == 0)
        return true;
    size_t lines = 0;
    for (size_t i = 0; i < text.size && lines < 2; i++)
        lines += text.data[i] == '\n';
    return text.data[0] == '-' ? lines < 2
                               : strchr("<#", text.data[0]) && lines == 0;
}

/* By the first bytes that are no white space; on a pipe no more of them are
 * waited for than decide the matter. */
static tenor_status guess_by_bytes(struct article *article,
                                   enum article_step *step,
                                   tenor_error *error) {
    struct slice text;
    size_t wanted = 1, skipped;
    do {
        tenor_status status = article_peek(article, &text, wanted, step, error);
        if (status || *step == STEP_WAIT)
            return status;
        wanted = text.size + 1;
        for (skipped = 0; skipped < text.size; skipped++)
            if (!strchr(" \t\r\n", text.data[skipped]) ||
                text.data[skipped] == '\0')
                break;
        text.data += skipped;
        text.size -= skipped;
    } while (!article->reader.finished && needs_more(text, skipped));
    article->format = ARTICLE_PLAIN;
    if (text.size > 0 && text.data[0] == '<' && starts_as_html(text))
        article->format = ARTICLE_HTML;
    else if (text.size > 0 && starts_as_markdown(text))
        article->format = ARTICLE_MARKDOWN;
    return TENOR_OK;
}

/* Drops a byte-order mark; what is no text in UTF-8 is an error. */
static tenor_status check_start(struct article *article,
                                enum article_step *step, tenor_error *error) {
    const struct signature *found = NULL;
    struct slice text;
    bool whole = true;
    for (size_t wanted = 1; whole && wanted > 0;) {
        tenor_status status = article_peek(article, &text, wanted, step, error);
        if (status || *step == STEP_WAIT)
            return status;
        whole = text.size >= wanted;
        found = signature_find(text, &wanted);
    }
    return signature_settle(found, &article->reader, article->name, 0,
                            "plain text, Markdown or HTML", error);
}

/* ---- paragraphs ---------------------------------------------------------- */

static tenor_status find_next(struct article *article, struct paragraph *out,
                              enum article_step *step, tenor_error *error) {
    *step = STEP_GOT;
    if (!article->recognised) {
        tenor_status status = check_start(article, step, error);
        if (status == TENOR_OK && *step == STEP_GOT &&
            article->format == ARTICLE_AUTO)
            status = guess_by_bytes(article, step, error);
        if (status || *step == STEP_WAIT)
            return status;
        article->recognised = true;
    }
    switch (article->format) {
    case ARTICLE_MARKDOWN:
        return markdown_next(article, out, step, error);
    case ARTICLE_HTML:
        return html_next(article, out, step, error);
    default:
        return plain_next(article, out, step, error);
    }
}

/* Puts the next paragraph, the end or an error ahead; false: has to wait. */
static bool look_ahead(struct article *article, bool patient) {
    if (article->has_ahead)
        return true;
    article->patient = patient;
    article->status =
        find_next(article, &article->ahead, &article->step, &article->error);
    if (article->status)
        error_locate(&article->error, article->name, 0);
    article->has_ahead = article->status || article->step != STEP_WAIT;
    return article->has_ahead;
}

tenor_status article_next(struct article *article, struct paragraph *out,
                          bool *more, tenor_error *error) {
    *out = (struct paragraph){0};
    *more = false;
    look_ahead(article, true);
    if (article->status) {
        if (error)
            *error = article->error;
        return article->status;
    }
    if (article->step == STEP_END)
        return TENOR_OK;
    struct buffer other = article->shown;
    article->shown = article->text;
    article->text = other;
    article->text.size = 0;
    article->has_ahead = false;
    *out = article->ahead;
    *more = true;
    return TENOR_OK;
}

bool article_ready(struct article *article) {
    return look_ahead(article, false);
}

size_t article_repaired(const struct article *article) {
    return article->repaired;
}

/* ---- open and close ------------------------------------------------------ */

static struct article *make(const char *name, enum article_format format) {
    struct article *article = memory_new(1, sizeof *article);
    if (!article)
        return NULL;
    article->reader.descriptor = -1;
    article->name = memory_copy_text(name, strlen(name));
    if (!article->name) {
        memory_free(article);
        return NULL;
    }
    article->format =
        format == ARTICLE_AUTO ? guess_by_name(article->name) : format;
    return article;
}

tenor_status article_open(struct article **out, const char *path,
                          enum article_format format, tenor_error *error) {
    *out = NULL;
    bool is_input = !path || strcmp(path, "-") == 0;
    struct article *article = make(is_input ? "stdin" : path, format);
    if (!article)
        return error_memory(error);
    tenor_status status =
        reader_open(&article->reader, is_input ? NULL : article->name, error);
    if (status) {
        article_close(article);
        return status;
    }
    *out = article;
    return TENOR_OK;
}

tenor_status article_open_memory(struct article **out, const char *name,
                                 const char *data, size_t size,
                                 enum article_format format,
                                 tenor_error *error) {
    struct article *article = make(name ? name : "", format);
    *out = article;
    if (!article)
        return error_memory(error);
    reader_open_memory(&article->reader, article->name, size ? data : "", size);
    return TENOR_OK;
}

void article_close(struct article *article) {
    if (!article)
        return;
    plain_free(article->plain);
    markdown_free(article->markdown);
    html_free(article->html);
    buffer_clear(&article->mended);
    buffer_clear(&article->text);
    buffer_clear(&article->shown);
    reader_close(&article->reader);
    memory_free(article->name);
    memory_free(article);
}
