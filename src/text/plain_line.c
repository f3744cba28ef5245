/* What a line of plain text looks like: its marks and measures, from which
 * plain.c tells what it belongs to.
 *
 * A line may be as long as the file, so columns and words are measured up to
 * UNWRAPPED only, and the rest by memchr or from the ends. */
#include "text/plain.h"

#include <string.h>

/* Code points of a line, of which none has more than four bytes; beyond
 * UNWRAPPED the number does not matter. Eight bytes at a time: continuation
 * bytes have the top bit and not the next. */
static size_t count_columns(struct slice text) {
    if (text.size > 4 * UNWRAPPED)
        return UNWRAPPED + 1;
    size_t at = 0, columns = text.size;
    for (; text.size - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, text.data + at, sizeof word);
        word = (word >> 7 & ~(word >> 6)) & UINT64_C(0x0101010101010101);
        columns -= (word * UINT64_C(0x0101010101010101)) >> 56;
    }
    for (; at < text.size; at++)
        columns -= ((unsigned char)text.data[at] & 0xC0) == 0x80;
    return columns;
}

/* Only marks such as ---- or * * * or |---|---|, at least three of them. */
static bool is_rule(struct slice body) {
    size_t marks = 0;
    for (size_t i = 0; i < body.size; i++) {
        switch (body.data[i]) {
        case '-':
        case '=':
        case '_':
        case '*':
        case '~':
        case '#':
        case '+':
        case '|':
        case ':':
            marks++;
            break;
        case ' ':
        case '\t':
            break;
        default:
            return false;
        }
    }
    return marks >= 3;
}

static bool is_solid(struct slice rule) {
    for (size_t i = 0; i < rule.size; i++)
        if (rule.data[i] != rule.data[0])
            return false;
    return rule.data[0] == '=' || rule.data[0] == '-';
}

/* Whether what follows the list marker is cells, between tabs or |. */
static bool has_cells(struct slice body, size_t marker) {
    body = slice_trim((struct slice){body.data + marker, body.size - marker});
    return (body.size > 0 && memchr(body.data, '\t', body.size)) ||
           text_is_row(body);
}

static size_t skip_quote_marks(struct slice body) {
    size_t at = 0;
    while (at < body.size && body.data[at] == '>') {
        at++;
        while (at < body.size && body.data[at] == ' ')
            at++;
    }
    return at;
}

size_t plain_measure_hashes(struct slice body) {
    size_t at = 0;
    while (at < body.size && body.data[at] == '#')
        at++;
    bool heading =
        at >= 1 && at <= 6 && at + 1 < body.size && body.data[at] == ' ';
    return heading ? at + 1 : 0;
}

static size_t measure_word(struct slice body) {
    struct slice word = {body.data, 0};
    while (word.size < body.size && word.size < UNWRAPPED &&
           body.data[word.size] != ' ' && body.data[word.size] != '\t')
        word.size++;
    return count_columns(word);
}

static enum letter_case first_letter(struct slice body) {
    for (size_t at = 0; at < body.size && at < 16;) {
        uint32_t point;
        at += utf8_decode(&point, body.data + at, body.size - at);
        enum letter_case found = letter_case(point);
        if (found != CASE_NONE)
            return found;
        if (point >= '0' && point <= '9')
            return CASE_NONE;
    }
    return CASE_NONE;
}

struct traits plain_look_at(struct slice line) {
    struct traits traits = {.body = slice_trim(line)};
    struct slice *body = &traits.body;
    traits.blank = body->size == 0;
    if (traits.blank)
        return traits;
    traits.indent = (size_t)(body->data - line.data);
    size_t quotes = skip_quote_marks(*body);
    body->data += quotes;
    body->size -= quotes;
    traits.blank = body->size == 0;
    traits.columns = traits.indent + count_columns(*body);
    traits.marker = list_marker(*body, &traits.number);
    traits.dash = traits.marker && body->data[0] == '\xE2' &&
                  memcmp(body->data, "\xE2\x80\x93", 3) == 0;
    traits.hashes = plain_measure_hashes(*body);
    traits.terminated = text_is_terminated(*body);
    traits.starts = first_letter(*body);
    traits.rule = is_rule(*body);
    traits.underline = traits.rule && is_solid(*body);
    traits.row = has_cells(*body, traits.marker);
    if (traits.columns <= UNWRAPPED) {
        traits.first_word = measure_word(*body);
        traits.shouted = text_is_shouted(*body);
    }
    return traits;
}
