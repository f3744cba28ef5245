/* Decoding, checking and repairing UTF-8; folding white space.
 *
 * What is well formed is table 3-7 of the Unicode Standard: a lead byte fixes
 * the length and narrows the range of the second byte, which shuts out
 * overlong forms, surrogates and everything past U+10FFFF. A bad sequence is
 * replaced by one U+FFFD for each maximal subpart (section 3.9, "U+FFFD
 * Substitution of Maximal Subparts"): the bytes that could have begun a
 * character are taken together, the byte that spoils it starts afresh. This is
 * what browsers and iconv-like tools do, so counts agree with theirs. */
#include "text/article.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD };

/* What a lead byte promises: the length in bytes (0: no lead byte) and the
 * range of the second byte. */
struct lead {
    unsigned char length, low, high;
};

static struct lead read_lead(unsigned char byte) {
    if (byte >= 0xC2 && byte <= 0xDF)
        return (struct lead){2, 0x80, 0xBF};
    if (byte >= 0xE0 && byte <= 0xEF)
        return (struct lead){3, byte == 0xE0 ? 0xA0 : 0x80,
                             byte == 0xED ? 0x9F : 0xBF};
    if (byte >= 0xF0 && byte <= 0xF4)
        return (struct lead){4, byte == 0xF0 ? 0x90 : 0x80,
                             byte == 0xF4 ? 0x8F : 0xBF};
    return (struct lead){0};
}

/* As utf8_decode, and tells whether the sequence was well formed. */
static size_t decode(uint32_t *point, bool *good, const unsigned char *bytes,
                     size_t size) {
    *good = true;
    *point = bytes[0];
    if (bytes[0] < 0x80)
        return 1;
    *good = false;
    *point = REPLACEMENT;
    struct lead lead = read_lead(bytes[0]);
    if (lead.length == 0 || size < 2 || bytes[1] < lead.low ||
        bytes[1] > lead.high)
        return 1;
    uint32_t sum = bytes[0] & (0x7Fu >> lead.length);
    sum = sum << 6 | (bytes[1] & 0x3Fu);
    for (size_t i = 2; i < lead.length; i++) {
        if (i == size || (bytes[i] & 0xC0) != 0x80)
            return i;
        sum = sum << 6 | (bytes[i] & 0x3Fu);
    }
    *good = true;
    *point = sum;
    return lead.length;
}

size_t utf8_decode(uint32_t *point, const char *data, size_t size) {
    bool good;
    return decode(point, &good, (const unsigned char *)data, size);
}

size_t utf8_encode(char out[4], uint32_t point) {
    if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        point = REPLACEMENT;
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    out[0] = (char)((0xF00u >> length & 0xFF) | point);
    return length;
}

/* Eight bytes that are all ASCII and none of them NUL: in such a word neither
 * a byte nor a byte less one has its top bit set. */
static bool is_plain_word(const unsigned char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return (((word - UINT64_C(0x0101010101010101)) | word) &
            UINT64_C(0x8080808080808080)) == 0;
}

size_t utf8_valid_prefix(const char *data, size_t size) {
    const unsigned char *bytes = (const unsigned char *)data;
    size_t at = 0;
    while (at < size) {
        while (size - at >= 8 && is_plain_word(bytes + at))
            at += 8;
        if (at == size)
            break;
        uint32_t point;
        bool good;
        size_t taken = decode(&point, &good, bytes + at, size - at);
        if (!good || point == 0)
            break;
        at += taken;
    }
    return at;
}

size_t utf8_repair(struct buffer *out, const char *data, size_t size) {
    size_t replaced = 0;
    while (size > 0) {
        size_t good = utf8_valid_prefix(data, size);
        buffer_append(out, data, good);
        data += good;
        size -= good;
        if (size == 0)
            break;
        uint32_t point;
        size_t bad = utf8_decode(&point, data, size);
        buffer_append(out, "\xEF\xBF\xBD", 3);
        replaced++;
        data += bad;
        size -= bad;
    }
    return replaced;
}

/* ---- white space --------------------------------------------------------- */

size_t space_size(const char *data, size_t size) {
    if (size == 0)
        return 0;
    const unsigned char *byte = (const unsigned char *)data;
    if (byte[0] < 0x80)
        return byte[0] == ' ' || (byte[0] >= '\t' && byte[0] <= '\r');
    if (byte[0] == 0xC2)
        return size > 1 && (byte[1] == 0x85 || byte[1] == 0xA0) ? 2 : 0;
    if (byte[0] < 0xE1 || byte[0] > 0xE3 || size < 3)
        return 0;
    uint32_t point;
    utf8_decode(&point, data, size);
    bool space = point == 0x1680 || (point >= 0x2000 && point <= 0x200A) ||
                 point == 0x2028 || point == 0x2029 || point == 0x202F ||
                 point == 0x205F || point == 0x3000;
    return space ? 3 : 0;
}

/* Eight ASCII bytes of which none is white space but single spaces, and none a
 * space at the end; a few others that are just as good are not seen to be. */
static bool is_even_word(const char *data) {
    uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7, word;
    memcpy(&word, data, sizeof word);
    uint64_t low = (word - ones * ' ') & ~word;
    uint64_t other = word ^ ones * ' ';
    uint64_t space = (other - ones) & ~other & tops;
    return ((word | low) & tops) == 0 && (space & space >> 8) == 0 &&
           data[7] != ' ';
}

/* The length of the leading part without white space to fold: single spaces
 * between ASCII characters belong to it, which makes it most of any text.
 * data[0] is no white space. */
static size_t measure_run(const char *data, size_t size) {
    size_t at = 0;
    while (at < size) {
        while (size - at >= 8 && data[at] != ' ' && is_even_word(data + at))
            at += 8;
        if (at == size)
            break;
        unsigned char byte = (unsigned char)data[at];
        if (byte == ' ' && size - at > 1 && data[at + 1] > ' ' &&
            data[at + 1] < 0x7F)
            at += 2;
        else if ((byte > ' ' && byte < 0x80) ||
                 space_size(data + at, size - at) == 0)
            at++;
        else
            break;
    }
    return at;
}

void text_fold(struct buffer *out, const char *data, size_t size) {
    while (size > 0) {
        size_t taken = space_size(data, size);
        if (taken == 0) {
            taken = measure_run(data, size);
            buffer_append(out, data, taken);
        } else if (out->size > 0 && out->data[out->size - 1] != ' ') {
            buffer_byte(out, ' ');
        }
        data += taken;
        size -= taken;
    }
}

void text_trim(struct buffer *out) {
    while (out->size > 0 && out->data[out->size - 1] == ' ')
        out->size--;
}

struct slice slice_trim(struct slice text) {
    size_t space;
    while ((space = space_size(text.data, text.size)) > 0) {
        text.data += space;
        text.size -= space;
    }
    while (text.size > 0) {
        size_t last = text.size - 1;
        while (last > 0 && ((unsigned char)text.data[last] & 0xC0) == 0x80)
            last--;
        if (space_size(text.data + last, text.size - last) == 0)
            break;
        text.size = last;
    }
    return text;
}
