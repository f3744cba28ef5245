/* Markup inside a Markdown paragraph: links, images, emphasis, code spans,
 * tags and entities give way to the text that a reader sees.
 *
 * One pass over a private copy, in place: bytes of syntax are overwritten with
 * NUL, which repaired text never holds, and inline_fold leaves them out. Links
 * and emphasis nest on stacks of open delimiters; each delimiter is pushed and
 * popped once. Whatever looks for its other end has a bound on how often it
 * looks in vain, so that "[[[[", "``` `` `" and "](](" take linear time. The
 * rules are those of CommonMark where articles use them, and simpler in the
 * corners: emphasis is matched without its rule of three, and a bracket
 * without a destination stays, since newspapers write [their] own. */
#include "text/article.h"

#include <string.h>

enum { STAR, BAR, TILDE, BRACKET };
enum { LONGEST_TICKS = 32, DEEPEST_PARENTHESES = 32, LONGEST_ENTITY = 10 };

struct walk {
    struct inline_scratch *scratch;
    char *text;
    size_t size, at;
    size_t last_close, last_angle;          /* of ) and >; 0: none */
    struct inline_mark link, strong, image; /* those that ended last */
};

static bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_alnum(char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || (unsigned char)byte >= 0x80;
}

static bool is_punctuation(char byte) {
    return byte > ' ' && byte < 0x7F && !is_alnum(byte);
}

static size_t find_last(const char *text, size_t size, char byte) {
    while (size > 0 && text[size - 1] != byte)
        size--;
    return size > 0 ? size - 1 : 0;
}

static size_t measure_repeat(const struct walk *walk, size_t at) {
    size_t end = at + 1;
    while (end < walk->size && walk->text[end] == walk->text[at])
        end++;
    return end - at;
}

static void erase(struct walk *walk, size_t from, size_t to) {
    memset(walk->text + from, 0, to - from);
}

/* ---- code spans ---------------------------------------------------------- */

/* A run that finds no other of its length is the last of that length, so the
 * vain searches are as few as the lengths. */
static void take_ticks(struct walk *walk) {
    size_t length = measure_repeat(walk, walk->at);
    size_t from = walk->at, at = from + length;
    walk->at = at;
    if (length > LONGEST_TICKS)
        return;
    while (at < walk->size) {
        const char *tick = memchr(walk->text + at, '`', walk->size - at);
        if (!tick)
            break;
        at = (size_t)(tick - walk->text);
        size_t found = measure_repeat(walk, at);
        if (found == length) {
            erase(walk, from, from + length);
            erase(walk, at, at + length);
            walk->at = at + length;
            return;
        }
        at += found;
    }
}

/* ---- links and images ---------------------------------------------------- */

/* The end of `(destination "title")` that begins at `at`, 0: there is none.
 * Every "](" that is passed over opens a parenthesis, so no byte is looked at
 * by more than DEEPEST_PARENTHESES destinations. */
static size_t skip_destination(const struct walk *walk, size_t at) {
    const char *text = walk->text;
    size_t depth = 0, end = walk->last_close;
    if (at > end)
        return 0;
    for (at++; at < end && is_space(text[at]); at++)
        ;
    if (at < end && text[at] == '<') {
        for (at++; at < end && text[at] != '>'; at++)
            if (text[at] == '<' || text[at] == '\n')
                return 0;
        at++;
    }
    for (; at <= end; at++) {
        if (text[at] == '\\' && at < end) {
            at++;
        } else if (text[at] == '(') {
            if (++depth > DEEPEST_PARENTHESES)
                return 0;
        } else if (text[at] == ')') {
            if (depth-- == 0)
                return at + 1;
        } else if (is_space(text[at])) {
            break;
        }
    }
    while (at < end && is_space(text[at]))
        at++;
    if (at >= end || depth > 0 || (text[at] != '"' && text[at] != '\''))
        return at <= end && depth == 0 && text[at] == ')' ? at + 1 : 0;
    const char *quote = memchr(text + at + 1, text[at], end - at - 1);
    if (!quote)
        return 0;
    for (at = (size_t)(quote - text) + 1; at < end && is_space(text[at]); at++)
        ;
    return text[at] == ')' ? at + 1 : 0;
}

/* The end of `[label]` at `at`, 0: none. Labels are short and don't nest. */
static size_t skip_label(const struct walk *walk, size_t at) {
    for (size_t end = at + 1; end < walk->size && end - at < 1000; end++) {
        if (walk->text[end] == ']')
            return end + 1;
        if (walk->text[end] == '[')
            return 0;
    }
    return 0;
}

static bool push(struct walk *walk, int stack, size_t at, size_t length) {
    struct inline_scratch *scratch = walk->scratch;
    if (!memory_reserve(&scratch->marks[stack], &scratch->capacity[stack],
                        scratch->count[stack] + 1,
                        sizeof *scratch->marks[stack]))
        return false;
    scratch->marks[stack][scratch->count[stack]++] =
        (struct inline_mark){at, length};
    return true;
}

static void close_bracket(struct walk *walk) {
    struct inline_scratch *scratch = walk->scratch;
    size_t at = walk->at++;
    if (scratch->count[BRACKET] == 0)
        return;
    struct inline_mark open =
        scratch->marks[BRACKET][--scratch->count[BRACKET]];
    char next = at + 1 < walk->size ? walk->text[at + 1] : ' ';
    size_t end = next == '('   ? skip_destination(walk, at + 1)
                 : next == '[' ? skip_label(walk, at + 1)
                               : 0;
    if (open.length == 1 && walk->text[open.at + 1] == '^') { /* a footnote */
        erase(walk, open.at, at + 1);
        return;
    }
    if (end == 0)
        return;
    erase(walk, open.at, open.at + open.length);
    erase(walk, at, end);
    walk->at = end;
    *(open.length == 2 ? &walk->image : &walk->link) =
        (struct inline_mark){open.at, end - open.at};
}

/* ---- emphasis ------------------------------------------------------------ */

static void close_emphasis(struct walk *walk, int stack, size_t from,
                           size_t *left) {
    struct inline_scratch *scratch = walk->scratch;
    while (*left > 0 && scratch->count[stack] > 0) {
        struct inline_mark *open =
            &scratch->marks[stack][scratch->count[stack] - 1];
        size_t both = open->length < *left ? open->length : *left;
        open->length -= both;
        erase(walk, open->at + open->length, open->at + open->length + both);
        erase(walk, from, from + both);
        if (both >= 2)
            walk->strong = (struct inline_mark){
                open->at + open->length, from + both - open->at - open->length};
        from += both;
        *left -= both;
        if (open->length == 0)
            scratch->count[stack]--;
    }
}

/* A run of * _ or ~ opens if a word follows and closes if one comes before;
 * inside words only * does. */
static bool take_emphasis(struct walk *walk, int stack) {
    size_t length = measure_repeat(walk, walk->at), from = walk->at;
    size_t end = from + length;
    char last = from > 0 ? walk->text[from - 1] : ' ';
    char next = end < walk->size ? walk->text[end] : ' ';
    walk->at = end;
    if (stack == TILDE && length != 2)
        return true;
    bool opens = !is_space(next) && (!is_punctuation(next) || !is_alnum(last));
    bool closes = !is_space(last) && (!is_punctuation(last) || !is_alnum(next));
    if (stack == BAR && is_alnum(last) && is_alnum(next))
        return true; /* snake_case */
    if (closes)
        close_emphasis(walk, stack, from, &length);
    return !opens || length == 0 || push(walk, stack, end - length, length);
}

/* ---- tags ---------------------------------------------------------------- */

static bool is_letter(char byte) {
    return (byte | 32) >= 'a' && (byte | 32) <= 'z';
}

static bool is_break(const char *tag, size_t size) {
    return size >= 3 && (tag[1] | 32) == 'b' && (tag[2] | 32) == 'r' &&
           !is_letter(tag[3]);
}

/* <b>, </b>, <!-- --> go; <https://example.org> shows what it holds. */
static void take_angle(struct walk *walk) {
    const char *text = walk->text;
    size_t at = walk->at++, end = at + 1;
    if (end >= walk->last_angle ||
        !(is_letter(text[end]) || text[end] == '/' || text[end] == '!'))
        return;
    bool address = false, spaces = false;
    for (; text[end] != '>' && text[end] != '<'; end++) {
        address |= text[end] == '@' || text[end] == ':';
        spaces |= is_space(text[end]);
    }
    if (text[end] != '>')
        return;
    bool breaks = is_break(text + at, end - at);
    walk->at = end + 1;
    if (address && !spaces) {
        erase(walk, at, at + 1);
        erase(walk, end, end + 1);
    } else {
        erase(walk, at, end + 1);
        if (breaks)
            walk->text[at] = ' ';
    }
}

/* ---- the pass ------------------------------------------------------------ */

static bool step(struct walk *walk) {
    switch (walk->text[walk->at]) {
    case '\\':
        if (walk->at + 1 < walk->size &&
            (is_punctuation(walk->text[walk->at + 1]) ||
             walk->text[walk->at + 1] == '\n')) {
            erase(walk, walk->at, walk->at + 1);
            walk->at++;
        }
        walk->at++;
        return true;
    case '`':
        take_ticks(walk);
        return true;
    case '*':
        return take_emphasis(walk, STAR);
    case '_':
        return take_emphasis(walk, BAR);
    case '~':
        return take_emphasis(walk, TILDE);
    case '!':
        walk->at++;
        if (walk->at < walk->size && walk->text[walk->at] == '[')
            return push(walk, BRACKET, walk->at++ - 1, 2);
        return true;
    case '[':
        return push(walk, BRACKET, walk->at++, 1);
    case ']':
        close_bracket(walk);
        return true;
    case '<':
        take_angle(walk);
        return true;
    default:
        walk->at++;
        return true;
    }
}

/* Whether nothing is to be seen outside of the mark. */
static bool covers(const struct walk *walk, struct inline_mark mark) {
    for (size_t i = 0; mark.length > 0 && i < walk->size; i++) {
        if (i == mark.at)
            i += mark.length;
        if (i < walk->size && walk->text[i] != '\0' && !is_space(walk->text[i]))
            return false;
    }
    return mark.length > 0;
}

bool inline_reduce(struct inline_scratch *scratch, char *text, size_t size,
                   struct inline_summary *summary) {
    struct walk walk = {.scratch = scratch, .text = text, .size = size};
    memset(scratch->count, 0, sizeof scratch->count);
    walk.last_close = find_last(text, size, ')');
    walk.last_angle = find_last(text, size, '>');
    while (walk.at < size)
        if (!step(&walk))
            return false;
    *summary = (struct inline_summary){.all_link = covers(&walk, walk.link),
                                       .all_strong = covers(&walk, walk.strong),
                                       .all_image = covers(&walk, walk.image)};
    return true;
}

void inline_clear(struct inline_scratch *scratch) {
    for (size_t i = 0; i < ARRAY_LENGTH(scratch->marks); i++)
        memory_free(scratch->marks[i]);
    *scratch = (struct inline_scratch){0};
}

/* ---- entities ------------------------------------------------------------ */

/* Those that hands and converters write. The 2,231 of HTML are gumbo's. */
static uint32_t find_entity(const char *name, size_t size) {
    static const struct {
        const char *name;
        uint32_t point;
    } entities[] = {
        {"amp", '&'},       {"lt", '<'},        {"gt", '>'},
        {"quot", '"'},      {"apos", '\''},     {"nbsp", 0xA0},
        {"iexcl", 0xA1},    {"pound", 0xA3},    {"yen", 0xA5},
        {"sect", 0xA7},     {"copy", 0xA9},     {"laquo", 0xAB},
        {"shy", 0xAD},      {"reg", 0xAE},      {"deg", 0xB0},
        {"plusmn", 0xB1},   {"middot", 0xB7},   {"raquo", 0xBB},
        {"frac12", 0xBD},   {"iquest", 0xBF},   {"Auml", 0xC4},
        {"Ccedil", 0xC7},   {"Eacute", 0xC9},   {"Ouml", 0xD6},
        {"times", 0xD7},    {"Uuml", 0xDC},     {"szlig", 0xDF},
        {"agrave", 0xE0},   {"aacute", 0xE1},   {"acirc", 0xE2},
        {"atilde", 0xE3},   {"auml", 0xE4},     {"aring", 0xE5},
        {"aelig", 0xE6},    {"ccedil", 0xE7},   {"egrave", 0xE8},
        {"eacute", 0xE9},   {"ecirc", 0xEA},    {"euml", 0xEB},
        {"iacute", 0xED},   {"icirc", 0xEE},    {"iuml", 0xEF},
        {"ntilde", 0xF1},   {"oacute", 0xF3},   {"ocirc", 0xF4},
        {"otilde", 0xF5},   {"ouml", 0xF6},     {"oslash", 0xF8},
        {"ugrave", 0xF9},   {"uacute", 0xFA},   {"ucirc", 0xFB},
        {"uuml", 0xFC},     {"ensp", 0x2002},   {"emsp", 0x2003},
        {"thinsp", 0x2009}, {"ndash", 0x2013},  {"mdash", 0x2014},
        {"lsquo", 0x2018},  {"rsquo", 0x2019},  {"sbquo", 0x201A},
        {"ldquo", 0x201C},  {"rdquo", 0x201D},  {"bdquo", 0x201E},
        {"bull", 0x2022},   {"hellip", 0x2026}, {"lsaquo", 0x2039},
        {"rsaquo", 0x203A}, {"euro", 0x20AC},   {"trade", 0x2122},
        {"larr", 0x2190},   {"rarr", 0x2192},   {"minus", 0x2212},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(entities); i++)
        if (strlen(entities[i].name) == size &&
            memcmp(entities[i].name, name, size) == 0)
            return entities[i].point;
    return 0;
}

/* &#8217; and &#x2019; : 0 if it is none. */
static uint32_t read_number(const char *digits, size_t size) {
    bool hex = size > 1 && (digits[1] | 32) == 'x';
    uint32_t point = 0;
    size_t first = hex ? 2 : 1;
    for (size_t i = first; i < size; i++) {
        unsigned char byte = (unsigned char)digits[i];
        unsigned digit = byte >= '0' && byte <= '9' ? byte - (unsigned)'0'
                         : is_letter(digits[i])     ? (byte | 32u) - 'a' + 10u
                                                    : 99;
        if (digit >= (hex ? 16u : 10u))
            return 0;
        point = point * (hex ? 16 : 10) + digit;
    }
    return first == size ? 0 : point == 0 ? 0xFFFD : point;
}

/* Appends the entity at text[0] = '&'; returns its bytes, 0: none. */
static size_t fold_entity(struct buffer *out, const char *text, size_t size) {
    size_t end = 1;
    while (end < size && end <= LONGEST_ENTITY && text[end] != ';')
        end++;
    if (end >= size || end > LONGEST_ENTITY || end == 1)
        return 0;
    uint32_t point = text[1] == '#' ? read_number(text + 1, end - 1)
                                    : find_entity(text + 1, end - 1);
    if (point == 0)
        return 0;
    char bytes[4];
    text_fold(out, bytes, utf8_encode(bytes, point));
    return end + 1;
}

void inline_fold(struct buffer *out, const char *text, size_t size) {
    size_t at = 0;
    while (at < size) {
        size_t end = at;
        while (end < size && text[end] != '\0' && text[end] != '&')
            end++;
        text_fold(out, text + at, end - at);
        at = end;
        if (at == size)
            break;
        size_t entity =
            text[at] == '&' ? fold_entity(out, text + at, size - at) : 1;
        if (entity == 0)
            text_fold(out, "&", 1);
        at += entity ? entity : 1;
    }
}
