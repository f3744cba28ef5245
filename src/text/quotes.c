/* How much of a paragraph is quoted: the share of its characters, white space
 * and the marks themselves left out, that stand inside quotation marks.
 *
 * “ ” „ “ « » and " are marks wherever they stand; ‘ ’ and ' only where a word
 * begins or ends, since inside words they are apostrophes. A mark inside
 * another's pair is a character like others. A pair that is never closed runs
 * to the paragraph's end, as when a speech goes on in the next one; a single
 * mark that is never closed was an apostrophe ('tis). */
#include "text/text.h"

#include <utf8proc.h>

enum { SINGLE = '\'' };

/* What closes a pair that this character opens; 0: it opens none. Each of the
 * two slots may hold a closing mark. */
static bool opens(uint32_t point, uint32_t closers[2]) {
    static const uint32_t pairs[][3] = {
        {'"', '"', 0x201D},       {0x201C, 0x201D, '"'},
        {0x201E, 0x201C, 0x201D}, {0xAB, 0xBB, 0xBB},
        {0xBB, 0xAB, 0xAB},       {0x2018, 0x2019, SINGLE},
        {SINGLE, SINGLE, 0x2019}};
    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++)
        if (pairs[i][0] == point) {
            closers[0] = pairs[i][1];
            closers[1] = pairs[i][2];
            return true;
        }
    return false;
}

static bool is_single(uint32_t point) {
    return point == SINGLE || point == 0x2018 || point == 0x2019;
}

static bool in_word(uint32_t point) {
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
        return true;
    default:
        return false;
    }
}

static bool is_space(uint32_t point) {
    return point <= ' ' || point == 0xA0 ||
           utf8proc_category((utf8proc_int32_t)point) == UTF8PROC_CATEGORY_ZS;
}

double quotation_share(struct slice text) {
    uint32_t closers[2] = {0, 0}, before = ' ', point, next;
    size_t all = 0, quoted = 0, open = 0; /* open: since the pair began */
    bool inside = false, single = false;
    for (size_t at = 0, size; at < text.size; at += size, before = point) {
        size = utf8_decode(&point, text.data + at, text.size - at);
        next = ' ';
        if (at + size < text.size)
            utf8_decode(&next, text.data + at + size, text.size - at - size);
        bool edge = !is_single(point) || !in_word(inside ? next : before);
        if (inside && edge && (point == closers[0] || point == closers[1])) {
            quoted += open;
            inside = false;
        } else if (!inside && edge && opens(point, closers)) {
            inside = true;
            single = is_single(point);
            open = 0;
        } else if (!is_space(point)) {
            all++;
            open += inside;
        }
    }
    if (inside && !single)
        quoted += open;
    return all ? (double)quoted / (double)all : 0;
}
