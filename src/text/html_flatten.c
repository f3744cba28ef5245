/* Makes a page harmless for the parser, in place and in linear time.
 *
 * gumbo's time is square in the depth of nesting and in the attributes of a
 * tag, and unclosed formatting tags are opened anew in every paragraph. Pages
 * that people write don't come near the limits here; beyond them a start tag
 * is turned into an empty comment, `<?   >`, so that its text stays and the
 * lines keep their numbers.
 *
 * To count depth one has to see the tags that the parser sees. So whatever
 * could be read in two ways is taken out as well: the inside of comments and
 * scripts becomes spaces; SVG, templates and <noscript>, which no reader sees
 * as text, become comments. For the same reason an end tag only closes here
 * what it surely closes in the parser too: where that keeps more open, we count
 * it.
 *
 * <form> becomes <menu>, furniture too: gumbo 0.10 puts the last words of a
 * form behind it and does not say where it ends. */
#include "text/html.h"

#include <string.h>
#include <strings.h>

enum { DEEPEST = 256, MOST_UNCLOSED = 64, MOST_ATTRIBUTES = 256 };

/* How an element nests. ORDINARY is 0, what the table does not name. */
enum nesting {
    ORDINARY,   /* its end tag closes it if nothing special was opened since */
    SPECIAL,    /* closes all that was opened since, up to a marker */
    MARKER,     /* a table, say: end tags inside reach no further */
    LISTED,     /* <li>: as SPECIAL, and closed by the next one beside it */
    FORMATTING, /* <b>: opened again after whatever closed it */
    UNCOUNTED,  /* void, or closed by the next of its kind */
    RAW,        /* holds no tags, and nothing to read */
    TITLE,      /* holds no tags, but text */
    REMOVED,    /* with all it holds */
    DROPPED,    /* only the tags */
};

struct flattener {
    char *data;
    size_t size;
    size_t depth;
    uint32_t open[DEEPEST]; /* hashes of names */
    unsigned char nesting[DEEPEST];
    size_t unclosed, formatting[GUMBO_TAG_LAST + 1];
    bool no_end[GUMBO_TAG_LAST + 1]; /* no such end tag from here on */
};

static const unsigned char NESTING[GUMBO_TAG_LAST + 1] = {
    /* special */
    [GUMBO_TAG_ADDRESS] = SPECIAL,
    [GUMBO_TAG_ARTICLE] = SPECIAL,
    [GUMBO_TAG_ASIDE] = SPECIAL,
    [GUMBO_TAG_BLOCKQUOTE] = SPECIAL,
    [GUMBO_TAG_CENTER] = SPECIAL,
    [GUMBO_TAG_DETAILS] = SPECIAL,
    [GUMBO_TAG_DIR] = SPECIAL,
    [GUMBO_TAG_DIV] = SPECIAL,
    [GUMBO_TAG_DL] = SPECIAL,
    [GUMBO_TAG_FIELDSET] = SPECIAL,
    [GUMBO_TAG_FIGCAPTION] = SPECIAL,
    [GUMBO_TAG_FIGURE] = SPECIAL,
    [GUMBO_TAG_FOOTER] = SPECIAL,
    [GUMBO_TAG_HEADER] = SPECIAL,
    [GUMBO_TAG_HGROUP] = SPECIAL,
    [GUMBO_TAG_MAIN] = SPECIAL,
    [GUMBO_TAG_MENU] = SPECIAL,
    [GUMBO_TAG_NAV] = SPECIAL,
    [GUMBO_TAG_OL] = SPECIAL,
    [GUMBO_TAG_PRE] = SPECIAL,
    [GUMBO_TAG_SECTION] = SPECIAL,
    [GUMBO_TAG_SUMMARY] = SPECIAL,
    [GUMBO_TAG_UL] = SPECIAL,
    [GUMBO_TAG_LISTING] = SPECIAL,
    [GUMBO_TAG_H1] = SPECIAL,
    [GUMBO_TAG_H2] = SPECIAL,
    [GUMBO_TAG_H3] = SPECIAL,
    [GUMBO_TAG_H4] = SPECIAL,
    [GUMBO_TAG_H5] = SPECIAL,
    [GUMBO_TAG_H6] = SPECIAL,
    /* marker */
    [GUMBO_TAG_TABLE] = MARKER,
    [GUMBO_TAG_SELECT] = MARKER,
    [GUMBO_TAG_BUTTON] = MARKER,
    [GUMBO_TAG_OBJECT] = MARKER,
    [GUMBO_TAG_APPLET] = MARKER,
    [GUMBO_TAG_MARQUEE] = MARKER,
    /* formatting */
    [GUMBO_TAG_A] = FORMATTING,
    [GUMBO_TAG_B] = FORMATTING,
    [GUMBO_TAG_BIG] = FORMATTING,
    [GUMBO_TAG_CODE] = FORMATTING,
    [GUMBO_TAG_EM] = FORMATTING,
    [GUMBO_TAG_FONT] = FORMATTING,
    [GUMBO_TAG_I] = FORMATTING,
    [GUMBO_TAG_NOBR] = FORMATTING,
    [GUMBO_TAG_S] = FORMATTING,
    [GUMBO_TAG_SMALL] = FORMATTING,
    [GUMBO_TAG_STRIKE] = FORMATTING,
    [GUMBO_TAG_STRONG] = FORMATTING,
    [GUMBO_TAG_TT] = FORMATTING,
    [GUMBO_TAG_U] = FORMATTING,
    /* uncounted */
    [GUMBO_TAG_AREA] = UNCOUNTED,
    [GUMBO_TAG_BASE] = UNCOUNTED,
    [GUMBO_TAG_BASEFONT] = UNCOUNTED,
    [GUMBO_TAG_BGSOUND] = UNCOUNTED,
    [GUMBO_TAG_BR] = UNCOUNTED,
    [GUMBO_TAG_COL] = UNCOUNTED,
    [GUMBO_TAG_EMBED] = UNCOUNTED,
    [GUMBO_TAG_HR] = UNCOUNTED,
    [GUMBO_TAG_IMG] = UNCOUNTED,
    [GUMBO_TAG_IMAGE] = UNCOUNTED,
    [GUMBO_TAG_INPUT] = UNCOUNTED,
    [GUMBO_TAG_KEYGEN] = UNCOUNTED,
    [GUMBO_TAG_LINK] = UNCOUNTED,
    [GUMBO_TAG_META] = UNCOUNTED,
    [GUMBO_TAG_PARAM] = UNCOUNTED,
    [GUMBO_TAG_SOURCE] = UNCOUNTED,
    [GUMBO_TAG_TRACK] = UNCOUNTED,
    [GUMBO_TAG_WBR] = UNCOUNTED,
    [GUMBO_TAG_HTML] = UNCOUNTED,
    [GUMBO_TAG_HEAD] = UNCOUNTED,
    [GUMBO_TAG_BODY] = UNCOUNTED,
    [GUMBO_TAG_P] = UNCOUNTED,
    [GUMBO_TAG_LI] = LISTED,
    [GUMBO_TAG_DD] = LISTED,
    [GUMBO_TAG_DT] = LISTED,
    [GUMBO_TAG_TD] = UNCOUNTED,
    [GUMBO_TAG_TH] = UNCOUNTED,
    [GUMBO_TAG_TR] = UNCOUNTED,
    [GUMBO_TAG_TBODY] = UNCOUNTED,
    [GUMBO_TAG_THEAD] = UNCOUNTED,
    [GUMBO_TAG_TFOOT] = UNCOUNTED,
    [GUMBO_TAG_COLGROUP] = UNCOUNTED,
    [GUMBO_TAG_CAPTION] = UNCOUNTED,
    /* raw */
    [GUMBO_TAG_SCRIPT] = RAW,
    [GUMBO_TAG_STYLE] = RAW,
    [GUMBO_TAG_IFRAME] = RAW,
    [GUMBO_TAG_NOEMBED] = RAW,
    [GUMBO_TAG_NOFRAMES] = RAW,
    [GUMBO_TAG_XMP] = RAW,
    /* title */
    [GUMBO_TAG_TITLE] = TITLE,
    [GUMBO_TAG_TEXTAREA] = TITLE,
    /* removed */
    [GUMBO_TAG_SVG] = REMOVED,
    [GUMBO_TAG_TEMPLATE] = REMOVED,
    [GUMBO_TAG_NOSCRIPT] = REMOVED,
    /* dropped */
    [GUMBO_TAG_MATH] = DROPPED,
    [GUMBO_TAG_PLAINTEXT] = DROPPED,
    [GUMBO_TAG_FRAMESET] = DROPPED,
    [GUMBO_TAG_FRAME] = DROPPED,
    [GUMBO_TAG_ISINDEX] = DROPPED};

/* ---- reading tags ---------------------------------------------------------
 */

static bool is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\v');
}

static bool is_letter(char byte) {
    return (byte | 32) >= 'a' && (byte | 32) <= 'z';
}

static void blank(struct flattener *page, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (page->data[i] != '\n' && page->data[i] != '\r')
            page->data[i] = ' ';
}

/* Turns data[from, to), "<...>", into a comment of the same lines. */
static void comment_out(struct flattener *page, size_t from, size_t to) {
    blank(page, from + 1, to - 1);
    page->data[from + 1] = '?';
}

/* The end of a tag's attributes, as the tokenizer of the HTML standard finds
 * it; those beyond MOST_ATTRIBUTES are blanked. 0: the tag
 * has no end. `at` is behind the name. */
static size_t skip_attributes(struct flattener *page, size_t at) {
    enum { BEFORE, NAME, AFTER, VALUE, UNQUOTED } state = BEFORE;
    const char *data = page->data;
    size_t count = 0, excess = 0;
    for (; at < page->size && (data[at] != '>'); at++) {
        char byte = data[at];
        if (state == VALUE && (byte == '"' || byte == '\'')) {
            const char *quote =
                memchr(data + at + 1, byte, page->size - at - 1);
            if (!quote)
                return 0;
            at = (size_t)(quote - data);
            state = BEFORE;
        } else if (is_space(byte)) {
            state = state == NAME ? AFTER : state == UNQUOTED ? BEFORE : state;
        } else if (byte == '/' && state != UNQUOTED && state != VALUE) {
            state = BEFORE;
        } else if (byte == '=' && (state == NAME || state == AFTER)) {
            state = VALUE;
        } else if (state == VALUE) {
            state = UNQUOTED;
        } else if (state == BEFORE || state == AFTER) {
            state = NAME;
            if (++count == MOST_ATTRIBUTES)
                excess = at;
        }
    }
    if (excess)
        blank(page, excess, at);
    return at < page->size ? at + 1 : 0;
}

static uint32_t hash_name(GumboTag tag, const char *name, size_t size) {
    uint32_t hash = 2166136261u;
    if (tag == GUMBO_TAG_DT) /* <dt> and <dd> end each other */
        name = "dd";
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((unsigned char)name[i] | 32u)) * 16777619u;
    return hash;
}

/* Where "</name" begins; the size of the page if nowhere. */
static size_t find_end_tag(const struct flattener *page, size_t at,
                           const char *name, size_t size) {
    while (at < page->size) {
        const char *angle = memchr(page->data + at, '<', page->size - at);
        if (!angle)
            break;
        at = (size_t)(angle - page->data);
        size_t end = at + 2 + size;
        if (end < page->size && angle[1] == '/' &&
            strncasecmp(angle + 2, name, size) == 0 &&
            (is_space(page->data[end]) || page->data[end] == '/' ||
             page->data[end] == '>'))
            return at;
        at++;
    }
    return page->size;
}

/* ---- nesting --------------------------------------------------------------
 */

/* <li> ends the <li> before it, unless a list was opened between them. */
static void close_listed(struct flattener *page, uint32_t hash) {
    for (size_t at = page->depth; at-- > 0;) {
        if (page->open[at] == hash)
            page->depth = at;
        if (page->open[at] == hash || page->nesting[at] != ORDINARY)
            return;
    }
}

static void open_element(struct flattener *page, size_t from, size_t to,
                         GumboTag tag, uint32_t hash) {
    unsigned char nesting = NESTING[tag];
    if (nesting == FORMATTING) {
        if (tag == GUMBO_TAG_A && page->formatting[tag] > 0)
            return; /* closes the one before */
        if (page->unclosed == MOST_UNCLOSED) {
            comment_out(page, from, to);
        } else {
            page->unclosed++;
            page->formatting[tag]++;
        }
        return;
    }
    if (nesting == LISTED)
        close_listed(page, hash);
    if (page->depth == DEEPEST) {
        comment_out(page, from, to);
    } else {
        page->open[page->depth] = hash;
        page->nesting[page->depth++] = nesting;
    }
}

static void close_element(struct flattener *page, GumboTag tag, uint32_t hash) {
    unsigned char nesting = NESTING[tag];
    if (nesting == FORMATTING) {
        page->unclosed -= page->formatting[tag] > 0;
        page->formatting[tag] -= page->formatting[tag] > 0;
        return;
    }
    for (size_t at = page->depth; at-- > 0;) {
        if (page->open[at] == hash) {
            page->depth = at;
            return;
        }
        if (nesting == ORDINARY || nesting == LISTED
                ? page->nesting[at] != ORDINARY
                : page->nesting[at] == MARKER && tag != GUMBO_TAG_TABLE)
            return;
    }
}

static void end_tag(struct flattener *page, size_t from, size_t name_end,
                    size_t to) {
    const char *name = page->data + from + 2;
    size_t size = name_end - from - 2;
    GumboTag tag = gumbo_tagn_enum(name, (unsigned)size);
    unsigned char nesting = NESTING[tag];
    if (nesting < UNCOUNTED)
        close_element(page, tag, hash_name(tag, name, size));
    else if (nesting == DROPPED || nesting == REMOVED)
        comment_out(page, from, to);
}

/* Handles the element of the start tag data[from, to); returns where to go
 * on. */
static size_t start_tag(struct flattener *page, size_t from, size_t name_end,
                        size_t to) {
    const char *name = page->data + from + 1;
    size_t size = name_end - from - 1;
    GumboTag tag = gumbo_tagn_enum(name, (unsigned)size);
    unsigned char nesting = NESTING[tag];
    if (nesting == UNCOUNTED)
        return to;
    if (nesting == DROPPED) {
        comment_out(page, from, to);
        return to;
    }
    if (nesting < UNCOUNTED) {
        open_element(page, from, to, tag, hash_name(tag, name, size));
        return to;
    }
    size_t end =
        page->no_end[tag] ? page->size : find_end_tag(page, to, name, size);
    page->no_end[tag] |= end == page->size;
    if (end == page->size && tag != GUMBO_TAG_SCRIPT &&
        tag != GUMBO_TAG_STYLE) {
        comment_out(page, from, to); /* what follows is text after all */
        return to;
    }
    if (nesting == RAW)
        blank(page, to, end);
    if (nesting == REMOVED) {
        end = skip_attributes(page, end + 2 + size);
        end = end ? end : page->size;
        comment_out(page, from, end);
    }
    return end;
}

/* ---- the page -------------------------------------------------------------
 */

/* Comments, doctypes, processing instructions: anything from <! or <?. */
static size_t skip_comment(struct flattener *page, size_t at) {
    const char *data = page->data;
    size_t left = page->size - at;
    if (left < 4 || memcmp(data + at, "<!--", 4) != 0) {
        const char *end = memchr(data + at, '>', left);
        return end ? (size_t)(end - data) + 1 : page->size;
    }
    size_t from = at + 4;
    if (left > 4 && data[from] == '>')
        return from + 1;
    if (left > 5 && data[from] == '-' && data[from + 1] == '>')
        return from + 2;
    for (at = from; at + 2 < page->size; at++) {
        const char *dash = memchr(data + at, '-', page->size - at);
        if (!dash)
            break;
        at = (size_t)(dash - data);
        bool ends = at + 2 < page->size && dash[1] == '-' &&
                    (dash[2] == '>' ||
                     (dash[2] == '!' && at + 3 < page->size && dash[3] == '>'));
        if (ends) {
            blank(page, from, at);
            return at + (dash[2] == '>' ? 3 : 4);
        }
    }
    blank(page, from, page->size);
    return page->size;
}

void html_flatten(char *data, size_t size) {
    struct flattener page = {.data = data, .size = size};
    size_t at = 0;
    while (at < size) {
        const char *angle = memchr(data + at, '<', size - at);
        if (!angle)
            return;
        at = (size_t)(angle - data);
        char next = at + 1 < size ? data[at + 1] : ' ';
        bool ends = next == '/' && at + 2 < size && is_letter(data[at + 2]);
        if (next == '!' || next == '?') {
            at = skip_comment(&page, at);
            continue;
        }
        if (!is_letter(next) && !ends) {
            at++;
            continue;
        }
        size_t from = at, name = at + 1 + ends;
        for (at = name; at < size && !is_space(data[at]) && data[at] != '/' &&
                        data[at] != '>';)
            at++;
        size_t name_end = at;
        if (name_end - name == 4 && strncasecmp(data + name, "form", 4) == 0)
            memcpy(data + name, "menu", 4);
        at = skip_attributes(&page, at);
        if (at == 0)
            return; /* the parser drops such a tag, and there are no more */
        if (ends)
            end_tag(&page, from, name_end, at);
        else
            at = start_tag(&page, from, name_end, at);
    }
}
