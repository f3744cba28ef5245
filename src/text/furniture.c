/* Furniture: what a page adds around an article, told by its words alone.
 *
 * Two ways. phrases.c lists what pages say ("Share on Facebook", "Leave a
 * Reply"); stamps are shapes: dates, bylines, credits, addresses, file names.
 * A sentence of the article must never be taken for either, so phrases are
 * held to the place and length in which pages use them, and a stamp is all of
 * the paragraph or nothing.
 *
 * Phrases are compared with a plain form of the text: small ASCII letters,
 * digits and colons, all else a space, at most PLAIN_BYTES; longer paragraphs
 * are never furniture. A space in a phrase also matches no space, for pages
 * whose links were glued to the words beside them ("Clickhereto see"). The
 * lists are sorted: most paragraphs begin like no phrase, and are let go on
 * their first two letters. */
#include "text/article.h"

#include <string.h>

enum { PLAIN_BYTES = 400 };

struct plain_form {
    char text[PLAIN_BYTES + 1];
    size_t size, words;
    bool finished; /* the paragraph ends like a sentence */
};

/* ---- the plain form ------------------------------------------------------ */

static bool is_word_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte | 32) : byte;
}

/* Letters outside ASCII stay, apostrophes go, all else parts words. */
static size_t add_point(struct plain_form *form, const char *data,
                        size_t size) {
    uint32_t point;
    size_t taken = utf8_decode(&point, data, size);
    bool after_space = form->size == 0 || form->text[form->size - 1] == ' ';
    if (letter_case(point) != CASE_NONE) {
        form->words += after_space;
        memcpy(form->text + form->size, data, taken);
        form->size += taken;
    } else if (point != 0x2019 && point != 0x2018 && !after_space) {
        form->text[form->size++] = ' ';
    }
    return taken;
}

/* 1.2k and 1,024 are one word. */
static bool is_inside_number(struct slice text, size_t at) {
    return (text.data[at] == '.' || text.data[at] == ',') && at > 0 &&
           at + 1 < text.size && text.data[at - 1] >= '0' &&
           text.data[at - 1] <= '9' && text.data[at + 1] >= '0' &&
           text.data[at + 1] <= '9';
}

/* text.size is at most PLAIN_BYTES. */
static void simplify(struct plain_form *form, struct slice text) {
    form->size = form->words = 0;
    bool after_space = true;
    for (size_t at = 0; at < text.size; at++) {
        char byte = lower(text.data[at]);
        if (is_word_byte(byte)) {
            form->words += after_space;
            after_space = false;
            form->text[form->size++] = byte;
        } else if ((unsigned char)byte >= 0x80) {
            at += add_point(form, text.data + at, text.size - at) - 1;
            after_space = form->size == 0 || form->text[form->size - 1] == ' ';
        } else if (byte == ':' && !after_space &&
                   (at + 1 == text.size || text.data[at + 1] == ' ')) {
            form->text[form->size++] = ':'; /* not that of 10:30 */
        } else if (byte != '\'' && !after_space &&
                   !is_inside_number(text, at)) {
            form->text[form->size++] = ' ';
            after_space = true;
        }
    }
    while (form->size > 0 && form->text[form->size - 1] == ' ')
        form->size--;
    form->text[form->size] = '\0';
    form->finished = text_is_terminated(text) &&
                     (form->size == 0 || form->text[form->size - 1] != ':');
}

/* ---- matching ------------------------------------------------------------ */

static bool at_word_end(const char *text) {
    return *text == '\0' || *text == ' ' || *text == ':';
}

/* Matches a phrase up to a star or its end; *rest is what comes after the
 * match, *marks the star or the marks at the end. */
static bool match_words(const char *text, const char *phrase, const char **rest,
                        const char **marks) {
    char last = ' ';
    for (; !strchr("*$~0123456789", *phrase); last = *phrase++) {
        if (*phrase == '#') {
            if (*text < '0' || *text > '9')
                return false;
            while (is_word_byte(*text)) /* 40, 1st, 2k */
                text++;
        } else if (*text == *phrase) {
            text++;
        } else if (*phrase != ' ') {
            return false;
        }
    }
    *rest = text;
    *marks = phrase;
    return *phrase == '*' || last == ':' || at_word_end(text);
}

/* Whether the marks at the end of a phrase allow the paragraph. */
static bool match_end(const struct plain_form *form, const char *rest,
                      const char *marks) {
    if (*marks == '$') {
        rest += *rest == ':';
        if (*rest != '\0')
            return false;
        marks++;
    }
    if (*marks == '~' && form->finished)
        return false;
    marks += *marks == '~';
    size_t most = 0;
    for (; *marks; marks++)
        most = most * 10 + (size_t)(*marks - '0');
    return most == 0 || form->words <= most;
}

static bool match_phrase(const struct plain_form *form, const char *phrase) {
    const char *text = form->text, *rest, *marks;
    for (bool anywhere = false;;) {
        if (*phrase == '*') {
            anywhere = true;
            phrase++;
        }
        while (!match_words(text, phrase, &rest, &marks) ||
               (*marks != '*' && !match_end(form, rest, marks))) {
            text = anywhere ? strchr(text, ' ') : NULL;
            if (!text)
                return false;
            text++;
        }
        if (*marks != '*')
            return true;
        text = rest;
        phrase = marks;
    }
}

/* ---- looking up ---------------------------------------------------------- */

/* What the phrases of a paragraph begin with: its first two letters or #. */
struct key {
    char first, second;
};

static struct key find_key(struct slice text) {
    size_t at = 0;
    while (at < text.size && !is_word_byte(lower(text.data[at])))
        at++;
    if (at < text.size && text.data[at] <= '9')
        return (struct key){'#', ' '};
    return at + 1 < text.size
               ? (struct key){lower(text.data[at]), lower(text.data[at + 1])}
               : (struct key){0};
}

static int compare_key(const char *phrase, struct key key) {
    return phrase[0] != key.first ? phrase[0] - key.first
                                  : phrase[1] - key.second;
}

/* Those of the sorted phrases that begin with the key. */
static struct range {
    const char *const *from, *const *to;
} find_range(struct phrase_list list, struct key key) {
    const char *const *phrases = list.phrases;
    size_t low = 0, high = list.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_key(phrases[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (high < list.count && compare_key(phrases[high], key) == 0)
        high++;
    return (struct range){phrases + low, phrases + high};
}

/* Whether a phrase can begin the text, seen before its plain form is made: a
 * "false" is sure, and nearly always the answer. */
static bool may_begin(struct slice text, const char *phrase) {
    size_t at = 0;
    while (at < text.size && !is_word_byte(lower(text.data[at])))
        at++;
    for (; !strchr("*$~:#0123456789", *phrase); phrase++) {
        while (*phrase == ' ' && at < text.size &&
               !is_word_byte(lower(text.data[at])))
            at++;
        if (*phrase == ' ')
            continue;
        if (at == text.size)
            return false;
        if (lower(text.data[at]) != *phrase) /* "don't" is "dont" */
            return !is_word_byte(lower(text.data[at])) &&
                   (text.data[at] == '\'' || (text.data[at] & 0x80));
        at++;
    }
    return true;
}

/* Leaves out what is sure not to match. */
static struct range narrow(struct range range, struct slice text) {
    while (range.from < range.to && !may_begin(text, *range.from))
        range.from++;
    return range;
}

static bool match_range(const struct plain_form *form, struct range range) {
    for (; range.from < range.to; range.from++)
        if (match_phrase(form, *range.from))
            return true;
    return false;
}

/* Whether the last letters are those of an entry in phrase_ends. */
static bool ends_like_one(struct slice text) {
    static const char tails[] = "ges box ved ort ory cle ing ";
    size_t end = text.size;
    while (end > 0 && !is_word_byte(lower(text.data[end - 1])))
        end--;
    if (end < 3)
        return false;
    for (const char *tail = tails; *tail; tail += 4)
        if (tail[0] == lower(text.data[end - 3]) &&
            tail[1] == lower(text.data[end - 2]) &&
            tail[2] == lower(text.data[end - 1]))
            return true;
    return false;
}

static bool match_ends(const struct plain_form *form) {
    for (size_t i = 0; i < phrase_ends.count; i++) {
        size_t size = strcspn(phrase_ends.phrases[i], "~0123456789");
        if (size > form->size || memcmp(form->text + form->size - size,
                                        phrase_ends.phrases[i], size) != 0)
            continue;
        if (match_end(form, form->text + form->size,
                      phrase_ends.phrases[i] + size))
            return true;
    }
    return false;
}

static bool has_copyright_sign(struct slice text) {
    const char *end = text.data + text.size, *at = text.data;
    while (at < end && (at = memchr(at, '\xA9', (size_t)(end - at))) != NULL) {
        if (at > text.data && at[-1] == '\xC2')
            return true;
        at++;
    }
    return false;
}

bool text_is_label(struct slice text) {
    struct plain_form form;
    if (text.size > PLAIN_BYTES)
        return false;
    simplify(&form, text);
    return match_range(&form, find_range(phrase_labels, find_key(text)));
}

static bool is_phrase(struct slice text) {
    if (text.size > PLAIN_BYTES)
        return false;
    struct key key = find_key(text);
    struct range range = narrow(find_range(phrase_starts, key), text);
    struct range labels = narrow(find_range(phrase_labels, key), text);
    bool owned = has_copyright_sign(text), ends = ends_like_one(text);
    struct plain_form form;
    if (range.from == range.to && labels.from == labels.to && !owned && !ends)
        return false; /* nearly always, and soon */
    simplify(&form, text);
    return (owned && form.words <= 40) || match_range(&form, range) ||
           match_range(&form, labels) || (ends && match_ends(&form));
}

/* A row of a menu: every cell is a phrase. Cells of figures or dates are a
 * table's. */
static bool is_menu(struct slice text) {
    for (size_t cells = 1;; cells++) {
        const char *bar = text.size ? memchr(text.data, '|', text.size) : NULL;
        size_t size = bar ? (size_t)(bar - text.data) : text.size;
        if (!is_phrase(slice_trim((struct slice){text.data, size})))
            return false;
        if (!bar)
            return cells > 1;
        text.data += size + 1;
        text.size -= size + 1;
    }
}

bool text_is_furniture(struct slice text, enum paragraph_kind kind) {
    if (!text_has_words(text))
        return true;
    if (kind == PARAGRAPH_ROW)
        return is_menu(text);
    /* What the format itself calls a heading may be a date or a name. */
    return is_phrase(text) ||
           (kind != PARAGRAPH_HEADING && text_is_stamp(text));
}
