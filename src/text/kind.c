/* What a paragraph is, from its words alone: heading, item, row or furniture.
 *
 * Plain text has no markup, so a heading is told as a reader tells it: short,
 * begun like a sentence and not ended like one, all of it one phrase. Names
 * before a speech ("Anna Berg:") and section questions ("Who pays?") are
 * headings too. A wrong answer between prose and heading costs little; a
 * sentence taken for furniture is lost, so there the rules are strict (see
 * furniture.c). No function here allocates, each is linear and most look at a
 * bounded piece. */
#include "text/article.h"

#include <string.h>
#include <utf8proc.h>

enum {
    HEADING_BYTES = 400,
    TITLE_WORDS = 25,    /* most words of a heading In Title Case */
    SENTENCE_WORDS = 18, /* of another one */
    QUESTION_WORDS = 10,
};

/* ---- letters ------------------------------------------------------------- */

enum letter_case letter_case(uint32_t point) {
    if (point < 0x80)
        return point >= 'a' && point <= 'z'   ? CASE_LOWER
               : point >= 'A' && point <= 'Z' ? CASE_UPPER
                                              : CASE_NONE;
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
        return CASE_UPPER;
    case UTF8PROC_CATEGORY_LL:
        return CASE_LOWER;
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_LM:
        return CASE_OTHER;
    default:
        return CASE_NONE;
    }
}

static bool is_digit(uint32_t point) {
    return (point >= '0' && point <= '9') ||
           (point >= 0x80 &&
            utf8proc_category((utf8proc_int32_t)point) == UTF8PROC_CATEGORY_ND);
}

bool text_has_words(struct slice text) {
    for (size_t at = 0; at < text.size;) {
        uint32_t point;
        at += utf8_decode(&point, text.data + at, text.size - at);
        if (letter_case(point) != CASE_NONE || is_digit(point))
            return true;
    }
    return false;
}

bool text_is_shouted(struct slice text) {
    size_t capitals = 0;
    for (size_t at = 0; at < text.size;) {
        uint32_t point;
        at += utf8_decode(&point, text.data + at, text.size - at);
        enum letter_case found = letter_case(point);
        if (found == CASE_LOWER || found == CASE_OTHER)
            return false;
        capitals += found == CASE_UPPER;
    }
    return capitals > 1;
}

/* ---- ends ---------------------------------------------------------------- */

static bool is_closer(uint32_t point) {
    switch (point) {
    case '"':
    case '\'':
    case ')':
    case ']':
    case '}':
    case '*':
    case '_':
    case ' ':
    case 0x2019:
    case 0x201D:
    case 0x201C:
    case 0xBB:
    case 0x203A:
    case 0x300D:
    case 0x300F:
    case 0xFF09:
        return true;
    default:
        return false;
    }
}

/* The last code point that is no closing quote or bracket; 0: none. */
static uint32_t last_point(struct slice text) {
    while (text.size > 0) {
        size_t last = text.size - 1;
        while (last > 0 && ((unsigned char)text.data[last] & 0xC0) == 0x80)
            last--;
        uint32_t point;
        utf8_decode(&point, text.data + last, text.size - last);
        if (!is_closer(point))
            return point;
        text.size = last;
    }
    return 0;
}

static bool ends_sentence(uint32_t point) {
    switch (point) {
    case '.':
    case '!':
    case '?':
    case ':':
    case ';':
    case 0x2026:
    case 0x3002:
    case 0xFF01:
    case 0xFF0E:
    case 0xFF1F:
    case 0x61F:
    case 0x6D4:
    case 0x964:
    case 0x589:
    case 0x1362:
        return true;
    default:
        return false;
    }
}

bool text_is_terminated(struct slice text) {
    return ends_sentence(last_point(text));
}

/* ---- items and rows ------------------------------------------------------ */

static bool is_bullet(uint32_t point) {
    switch (point) {
    case '-':
    case '*':
    case '+':
    case 0xB7:
    case 0x2022:
    case 0x2023:
    case 0x2043:
    case 0x2013:
    case 0x2219:
    case 0x25A0:
    case 0x25A1:
    case 0x25AA:
    case 0x25AB:
    case 0x25B6:
    case 0x25BA:
    case 0x25CB:
    case 0x25CF:
    case 0x25E6:
    case 0x2713:
    case 0x2714:
    case 0x27A2:
    case 0x27A4:
        return true;
    default:
        return false;
    }
}

/* "1." "12)" "(3)" "a)" "(b)" "(iv)"; not "A." or "2024.", which begin
 * sentences. */
static size_t measure_number(struct slice text, unsigned *number) {
    size_t at = text.data[0] == '(', from = at;
    while (at < text.size && at - from < 3 && text.data[at] >= '0' &&
           text.data[at] <= '9')
        *number = *number * 10 + (unsigned)(text.data[at++] - '0');
    bool digits = at > from;
    if (!digits)
        while (at < text.size && at - from < 4 &&
               strchr("ivx", text.data[at]) && text.data[at])
            at++;
    if (at == from && at < text.size && text.data[at] >= 'a' &&
        text.data[at] <= 'z')
        at++;
    bool closed =
        at > from && at < text.size &&
        (text.data[at] == ')' || (text.data[at] == '.' && digits && from == 0));
    if (!closed)
        *number = 0;
    return closed ? at + 1 : 0;
}

size_t list_marker(struct slice text, unsigned *number) {
    *number = 0;
    if (text.size < 3)
        return 0;
    uint32_t point;
    size_t at = utf8_decode(&point, text.data, text.size);
    if (!is_bullet(point))
        at = measure_number(text, number);
    size_t space = at;
    while (space < text.size &&
           (text.data[space] == ' ' || text.data[space] == '\t'))
        space++;
    if (at > 0 && space > at && space < text.size)
        return space;
    *number = 0;
    return 0;
}

size_t text_count_words(struct slice text) {
    size_t words = 0;
    for (size_t i = 0; i < text.size; i++)
        words += text.data[i] != ' ' && (i == 0 || text.data[i - 1] == ' ');
    return words;
}

static bool has_digit(struct slice text) {
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= '0' && text.data[i] <= '9')
            return true;
    return false;
}

/* One or two | often part a headline from the name of its site: such a line is
 * a row only if what follows holds figures or what comes first is short. */
bool text_is_row(struct slice text) {
    const char *bar = text.size ? memchr(text.data, '|', text.size) : NULL;
    if (!bar)
        return false;
    const char *end = text.data + text.size, *last = bar;
    size_t bars = 1;
    for (const char *p = bar + 1;
         p < end && (p = memchr(p, '|', (size_t)(end - p))); p++) {
        bars++;
        last = p;
    }
    if (bar == text.data || last + 1 == end)
        return bars > 1;
    struct slice first = {text.data, (size_t)(bar - text.data)};
    struct slice tail = {last + 1, (size_t)(end - last - 1)};
    if (bars > 2)
        return true;
    return bars == 2 ? text_count_words(first) < 5 || has_digit(tail)
                     : text_count_words(first) < 5 &&
                           text_count_words(tail) < 5 && has_digit(tail);
}

/* ---- headings ------------------------------------------------------------ */

/* A short text, word by word. */
struct sketch {
    size_t words, capitals;
    size_t small; /* small-lettered words too long for a Title Like This */
    size_t points;
    bool two_sentences;
    enum letter_case first;
};

/* Whether a word ends a sentence: "yesterday." does, "U.S." and "Gen." don't.
 */
static bool closes(struct slice word) {
    uint32_t last = last_point(word);
    if (last == '!' || last == '?')
        return true;
    if (last != '.')
        return false;
    size_t letters = 0, dots = 0;
    for (size_t i = 0; i < word.size; i++) {
        dots += word.data[i] == '.';
        letters +=
            ((unsigned char)word.data[i] & 0xC0) != 0x80 && word.data[i] != '.';
    }
    return dots == 1 && letters > 4;
}

static void add_word(struct sketch *sketch, struct slice word) {
    sketch->words++;
    enum letter_case first = CASE_NONE;
    size_t letters = 0;
    for (size_t at = 0; at < word.size;) {
        uint32_t point;
        at += utf8_decode(&point, word.data + at, word.size - at);
        sketch->points++;
        enum letter_case found = letter_case(point);
        if (letters == 0 && is_digit(point))
            break;
        if (found != CASE_NONE && letters++ == 0)
            first = found;
    }
    if (sketch->words == 1)
        sketch->first = first;
    sketch->capitals += first == CASE_UPPER;
    sketch->small += first == CASE_LOWER && letters > 4;
}

static struct sketch draw(struct slice text) {
    struct sketch sketch = {0};
    bool closed = false;
    for (size_t at = 0; at < text.size;) {
        const char *space = memchr(text.data + at, ' ', text.size - at);
        size_t end = space ? (size_t)(space - text.data) : text.size;
        struct slice word = {text.data + at, end - at};
        size_t capitals = sketch.capitals;
        add_word(&sketch, word);
        sketch.two_sentences |= closed && sketch.capitals > capitals;
        closed = closes(word);
        at = end + 1;
    }
    return sketch;
}

static bool asks_for_a_fact(struct slice text) {
    static const char *const words[] = {
        "Who ", "What ", "What’s ", "What's ", "Who’s ", "Who's ",
        "Why ", "How ",  "When ",   "Where ",  "Which "};
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
        size_t size = strlen(words[i]);
        if (text.size > size && memcmp(text.data, words[i], size) == 0)
            return true;
    }
    return false;
}

bool text_is_heading(struct slice text) {
    if (text.size == 0 || text.size > HEADING_BYTES)
        return false;
    uint32_t last = last_point(text);
    bool shouted = text_is_shouted(text);
    if ((last == '.' || last == '!') && !shouted)
        return false; /* most paragraphs */
    struct sketch sketch = draw(text);
    bool title = sketch.capitals > 0 && sketch.small * 6 <= sketch.words &&
                 sketch.capitals * 2 >= sketch.words;
    if (sketch.first == CASE_LOWER || sketch.two_sentences)
        return false;
    if (sketch.first == CASE_OTHER && sketch.words < 4)
        return sketch.points <= 30 && !ends_sentence(last);
    switch (last) {
    case '?':
        return sketch.words <= QUESTION_WORDS &&
               (title || asks_for_a_fact(text));
    case ':':
        return sketch.words <= 3 || (title && sketch.words <= 8);
    case '.':
    case '!':
        return sketch.words > 1 && sketch.words <= SENTENCE_WORDS;
    case ',':
    case '-':
    case 0x2013:
    case 0x2014:
    case 0:
        return false;
    default:
        return !ends_sentence(last) &&
               sketch.words <= (title ? TITLE_WORDS : SENTENCE_WORDS);
    }
}

/* ---- kinds --------------------------------------------------------------- */

enum paragraph_kind paragraph_classify_kind(struct slice text,
                                            enum paragraph_kind format_kind) {
    unsigned number;
    if (format_kind == PARAGRAPH_FURNITURE ||
        text_is_furniture(text, format_kind))
        return PARAGRAPH_FURNITURE;
    if (format_kind != PARAGRAPH_PROSE)
        return format_kind;
    return list_marker(text, &number) ? PARAGRAPH_ITEM
           : text_is_row(text)        ? PARAGRAPH_ROW
           : text_is_heading(text)    ? PARAGRAPH_HEADING
                                      : PARAGRAPH_PROSE;
}
