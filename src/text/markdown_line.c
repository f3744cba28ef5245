/* What a line of Markdown begins: a heading, an item, a fence, a row, a rule.
 *
 * Told from the line itself and, where CommonMark wants it, from whether a
 * paragraph or table is open above. Each test looks at the start of the line,
 * or at all of it once. */
#include "text/markdown.h"

#include <string.h>
#include <strings.h>

struct slice slice_advance(struct slice text, size_t bytes) {
    return (struct slice){text.data + bytes, text.size - bytes};
}

bool markdown_starts_with(struct slice text, const char *prefix) {
    size_t size = strlen(prefix);
    return text.size >= size && strncasecmp(text.data, prefix, size) == 0;
}

/* Without spaces around and quote marks; *indent is that of the text. */
struct slice markdown_strip(struct slice line, size_t *indent) {
    struct slice body = slice_trim(line);
    *indent = (size_t)(body.data - line.data);
    while (body.size > 0 && body.data[0] == '>') {
        const char *mark = body.data + 1;
        body = slice_trim(slice_advance(body, 1));
        *indent = (size_t)(body.data - mark);
    }
    return body;
}

size_t markdown_count_repeat(struct slice text) {
    size_t count = 1;
    while (count < text.size && text.data[count] == text.data[0])
        count++;
    return count;
}

static bool is_rule(struct slice body) {
    char mark = body.data[0];
    size_t marks = 0;
    if (!strchr("*-_=", mark))
        return false;
    for (size_t i = 0; i < body.size; i++) {
        if (body.data[i] == mark)
            marks++;
        else if (body.data[i] != ' ' && body.data[i] != '\t')
            return false;
    }
    return marks >= 3 || (mark == '=' && marks == body.size);
}

size_t markdown_measure_heading(struct slice body) {
    size_t level = body.data[0] == '#' ? markdown_count_repeat(body) : 0;
    if (level < 1 || level > 6)
        return 0;
    return level == body.size                                    ? level
           : body.data[level] == ' ' || body.data[level] == '\t' ? level + 1
                                                                 : 0;
}

static bool is_delimiter(struct slice body) {
    size_t dashes = 0, bars = 0;
    for (size_t i = 0; i < body.size; i++) {
        dashes += body.data[i] == '-';
        bars += body.data[i] == '|';
        if (!strchr("-|: \t", body.data[i]) || !body.data[i])
            return false;
    }
    return dashes > 0 && bars > 0;
}

/* [name]: destination */
static bool is_definition(struct slice body) {
    if (body.data[0] != '[' || body.size < 4 || body.data[1] == '^')
        return false;
    size_t most = body.size < 1000 ? body.size : 1000;
    const char *end = memchr(body.data, ']', most);
    return end && end + 1 < body.data + body.size && end[1] == ':';
}

static bool is_block_tag(struct slice body) {
    static const char *const tags[] = {
        "<!--",   "<script", "<style", "<div",    "</div",    "<p>",
        "<p ",    "</p",     "<table", "</table", "<figure",  "</figure",
        "<ul",    "<ol",     "<h1",    "<h2",     "<h3",      "<section",
        "<aside", "<iframe", "<img",   "<hr",     "<details", "<summary"};
    for (size_t i = 0; i < ARRAY_LENGTH(tags); i++)
        if (markdown_starts_with(body, tags[i]))
            return true;
    return false;
}

/* The bytes of "- ", "12. " and of "[^1]: ", which is a note. */
size_t markdown_measure_marker(struct slice body, unsigned *number) {
    size_t size = list_marker(body, number);
    if (size == 0 && body.size > 5 && markdown_starts_with(body, "[^")) {
        const char *end =
            memchr(body.data, ']', body.size < 100 ? body.size : 100);
        if (end && end + 2 < body.data + body.size && end[1] == ':')
            return (size_t)(end + 2 - body.data);
    }
    return size;
}

enum block markdown_look_at(struct slice body, bool in_table, bool open) {
    unsigned number;
    if (body.size == 0)
        return BLOCK_BLANK;
    if (markdown_measure_heading(body))
        return BLOCK_HEADING;
    if ((body.data[0] == '`' || body.data[0] == '~') &&
        markdown_count_repeat(body) >= 3)
        return BLOCK_FENCE;
    if (is_delimiter(body))
        return BLOCK_DELIMITER;
    if (is_rule(body))
        return BLOCK_RULE;
    if (markdown_measure_marker(body, &number))
        return BLOCK_ITEM;
    if (body.data[0] == '|' || (in_table && memchr(body.data, '|', body.size)))
        return BLOCK_ROW;
    if (!open && is_definition(body))
        return BLOCK_DEFINITION;
    return body.data[0] == '<' && is_block_tag(body) ? BLOCK_TAG : BLOCK_TEXT;
}
