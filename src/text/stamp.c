/* Stamps: paragraphs that are nothing but a date, a name, a place on the web.
 *
 *   dates      "Friday, 20 February 2026, 10:30 GMT", "Published 3 hours ago"
 *   bylines    "By Anna Berg and Tom Field", "Anna Berg, Senior Editor"
 *   addresses  https://example.org/a, press@example.org, IMG_1234.jpg
 *   files      "Annual report 2025 [340 KB]"
 *   numbers    of pages: "12", "Page 3 of 7"
 *
 * Every word has to fit the shape and a finished sentence never does, so prose
 * that mentions a date or a name is safe. */
#include "text/article.h"

#include <string.h>
#include <strings.h>

enum { STAMP_BYTES = 200, STAMP_WORDS = 20 };

/* ---- words --------------------------------------------------------------- */

/* Cuts the next word off `text`, without the punctuation around it. */
static bool next_word(struct slice *text, struct slice *word) {
    static const char around[] = ".,;:()[]|-\"'*/";
    while (text->size > 0) {
        const char *space = memchr(text->data, ' ', text->size);
        size_t size = space ? (size_t)(space - text->data) : text->size;
        *word = (struct slice){text->data, size};
        text->data += size + (space != NULL);
        text->size -= size + (space != NULL);
        while (word->size > 0 && memchr(around, word->data[0], 14)) {
            word->data++;
            word->size--;
        }
        while (word->size > 0 && memchr(around, word->data[word->size - 1], 14))
            word->size--;
        if (word->size > 0 && text_has_words(*word))
            return true;
    }
    return false;
}

static bool is_word(struct slice word, const char *other) {
    return strlen(other) == word.size &&
           strncasecmp(word.data, other, word.size) == 0;
}

static bool is_one_of(struct slice word, const char *const *words) {
    for (; *words; words++)
        if (is_word(word, *words))
            return true;
    return false;
}

static bool is_capitalised(struct slice word) {
    uint32_t point;
    utf8_decode(&point, word.data, word.size);
    return letter_case(point) == CASE_UPPER;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* ---- dates --------------------------------------------------------------- */

/* 20, 2026, 10:30, 20.02.2026, 2026-02-20T10:30:00Z, 1st, 10:30pm */
static bool is_figure(struct slice word) {
    static const char *const tails[] = {"",   "st", "nd", "rd", "th",
                                        "am", "pm", "h",  "z",  NULL};
    if (!is_digit(word.data[0]))
        return false;
    size_t at = 0;
    while (at < word.size &&
           (is_digit(word.data[at]) || strchr(":./-T", word.data[at])))
        at++;
    return is_one_of((struct slice){word.data + at, word.size - at}, tails);
}

static bool is_date_name(struct slice word) {
    static const char *const names[] = {
        "january",   "february",  "march",    "april",     "may",
        "june",      "july",      "august",   "september", "october",
        "november",  "december",  "jan",      "feb",       "mar",
        "apr",       "jun",       "jul",      "aug",       "sep",
        "sept",      "oct",       "nov",      "dec",       "monday",
        "tuesday",   "wednesday", "thursday", "friday",    "saturday",
        "sunday",    "mon",       "tue",      "tues",      "wed",
        "thu",       "thur",      "thurs",    "fri",       "sat",
        "sun",       "ago",       "today",    "yesterday", "page",
        "published", "updated",   "posted",   "modified",  "read",
        NULL};
    return is_one_of(word, names);
}

static bool is_date_filler(struct slice word) {
    static const char *const fillers[] = {
        "at",   "on",    "of",    "last",   "first",   "the",   "am",
        "pm",   "a.m",   "p.m",   "gmt",    "utc",     "est",   "edt",
        "et",   "cet",   "cest",  "bst",    "pst",     "pdt",   "pt",
        "eet",  "eest",  "msk",   "ist",    "hour",    "hours", "hr",
        "hrs",  "min",   "mins",  "minute", "minutes", "day",   "days",
        "week", "weeks", "month", "months", "year",    "years", "date",
        "time", "local", "an",    NULL};
    return is_one_of(word, fillers);
}

static bool is_date(struct slice text) {
    size_t figures = 0, names = 0, fillers = 0;
    bool compound = false; /* one figure that is a whole date */
    struct slice word, rest = text;
    while (next_word(&rest, &word)) {
        if (is_figure(word)) {
            figures++;
            compound |= word.size >= 8;
        } else if (is_date_name(word)) {
            names++;
        } else if (is_date_filler(word)) {
            fillers++;
        } else {
            return false;
        }
        if (figures + names + fillers > STAMP_WORDS)
            return false;
    }
    bool number_alone = figures <= 2 && !names && !fillers && text.size <= 7;
    return figures > 0 && (names > 0 || compound || number_alone);
}

/* ---- bylines ------------------------------------------------------------- */

/* "By" and names in capitals, joined by and, & or commas; at least one name
 * has two words, so that "By Land and Sea" is none. */
static bool is_byline(struct slice text) {
    static const char *const joins[] = {"and", "for", "in",  "with", "de",
                                        "van", "von", "der", "del",  "la",
                                        "al",  "bin", NULL};
    static const char *const agencies[] = {"reuters", "afp",        "ap",
                                           "staff",   "associated", NULL};
    struct slice word;
    if (!next_word(&text, &word) || !is_word(word, "by"))
        return false;
    size_t words = 0, run = 0, longest = 0;
    bool agency = false;
    while (next_word(&text, &word)) {
        bool join = is_one_of(word, joins);
        if ((!join && !is_capitalised(word)) || ++words > 12)
            return false;
        agency |= words == 1 && is_one_of(word, agencies);
        run = join ? 0 : run + 1;
        longest = run > longest ? run : longest;
    }
    return words > 0 && (longest > 1 || agency);
}

static bool is_role(struct slice word) {
    static const char *const roles[] = {
        "fellow",     "editor",       "correspondent",  "reporter",
        "writer",     "columnist",    "contributor",    "professor",
        "director",   "analyst",      "researcher",     "author",
        "journalist", "photographer", "producer",       "lecturer",
        "president",  "minister",     "representative", "spokesperson",
        "spokesman",  "spokeswoman",  "ambassador",     "secretary",
        "chair",      "chairman",     "chairwoman",     "commissioner",
        "adviser",    "advisor",      "economist",      "historian",
        "consultant", "chief",        "manager",        "officer",
        NULL};
    return is_one_of(word, roles);
}

/* "Anna Berg, Senior Editor": two to four words of a name, one comma, and a
 * role among the first words after it, with nothing behind it or "of ...",
 * "for ...". Headlines have a verb there ("North Korea, Russian minister meet")
 * or a second comma. */
static bool is_name_and_role(struct slice text) {
    static const char *const no_names[] = {
        "in",  "the", "on",   "at",   "for", "from", "to",   "as", "after",
        "why", "how", "what", "when", "a",   "an",   "with", NULL};
    static const char *const joins[] = {"of", "for", "at", "and", "with", NULL};
    const char *comma = memchr(text.data, ',', text.size);
    if (!comma || text.size - (size_t)(comma - text.data) < 4 ||
        memchr(comma + 1, ',', text.size - (size_t)(comma + 1 - text.data)) ||
        memchr(text.data, ':', text.size))
        return false;
    struct slice word, name = {text.data, (size_t)(comma - text.data)};
    struct slice rest = {comma + 1, text.size - name.size - 1};
    size_t words = 0;
    while (next_word(&name, &word))
        if (!is_capitalised(word) || is_one_of(word, no_names) || ++words > 4)
            return false;
    if (words < 2)
        return false;
    for (words = 0; words < 4 && next_word(&rest, &word); words++) {
        struct slice ahead = rest, next;
        if (is_role(word) &&
            (!next_word(&ahead, &next) || is_one_of(next, joins)))
            return text_count_words(rest) <= 16;
    }
    return false;
}

/* ---- addresses and files ------------------------------------------------- */

static bool ends_in(struct slice word, const char *const *tails) {
    for (; *tails; tails++) {
        size_t size = strlen(*tails);
        if (word.size > size &&
            is_word((struct slice){word.data + word.size - size, size}, *tails))
            return true;
    }
    return false;
}

static bool begins_with(struct slice word, const char *prefix) {
    size_t size = strlen(prefix);
    return word.size > size && strncasecmp(word.data, prefix, size) == 0;
}

static bool is_address(struct slice word) {
    static const char *const tails[] = {
        ".com",   ".org",   ".net", ".gov", ".edu",  ".int", ".info", ".news",
        ".media", ".co.uk", ".eu",  ".de",  ".fr",   ".ua",  ".ru",   ".md",
        ".jpg",   ".jpeg",  ".png", ".gif", ".webp", ".svg", ".pdf",  ".txt",
        ".html",  ".htm",   ".mp3", ".mp4", ".docx", NULL};
    if (!memchr(word.data, '.', word.size))
        return false;
    if (begins_with(word, "http://") || begins_with(word, "https://") ||
        begins_with(word, "www."))
        return true;
    if (ends_in(word, tails))
        return true;
    const char *at = memchr(word.data, '@', word.size);
    const char *dot = memchr(word.data, '.', word.size);
    const char *slash = memchr(word.data, '/', word.size);
    if (at)
        return at > word.data && dot != NULL;
    /* example.org/a: a dot between letters before the first slash */
    return dot && slash && dot > word.data && dot + 2 < slash &&
           !is_digit(word.data[0]);
}

static bool has_many_words(struct slice text) {
    size_t spaces = 0;
    for (size_t i = 0; i < text.size && spaces < 8; i++)
        spaces += text.data[i] == ' ';
    return spaces == 8;
}

/* An address alone, or with a word or two before it ("E-mail: ..."). */
static bool is_mainly_address(struct slice text) {
    struct slice word;
    size_t words = 0, addresses = 0;
    bool finished = text_is_terminated(text);
    if (!memchr(text.data, '.', text.size) || has_many_words(text))
        return false;
    while (next_word(&text, &word)) {
        if (++words > 3)
            return false;
        addresses += is_address(word);
    }
    return addresses > 0 && (words == 1 || !finished);
}

static bool is_file(struct slice text) {
    static const char *const tails[] = {"KB]", "MB]", "KB)", "MB)", NULL};
    char last = text.data[text.size - 1];
    return (last == ']' || last == ')') && ends_in(text, tails) &&
           text.size > 4 &&
           (is_digit(text.data[text.size - 4]) ||
            is_digit(text.data[text.size - 5]));
}

bool text_is_stamp(struct slice text) {
    static const char *const hours[] = {"a.m.", "p.m.", NULL};
    if (text.size == 0 || text.size > STAMP_BYTES)
        return false;
    if (is_file(text) || is_mainly_address(text))
        return true;
    if (text_is_terminated(text) && !ends_in(text, hours))
        return false;
    return is_date(text) || is_byline(text) || is_name_and_role(text);
}
