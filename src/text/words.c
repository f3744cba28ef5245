/* Where words begin and end (the rules stand in text.h).
 *
 * Usual text goes sixty-four bytes at a time: comparisons give a bit a byte
 * (letter, digit, mark that may join), and the words are the runs of bits. What
 * that can't decide, from a byte of 0x80 or more to an initialism, is left to
 * the other way, one pass over the bytes. ASCII goes through a table of 256 classes; a byte
 * of 0x80 or more leaves to the decoder and utf8proc's categories. A class is
 * a bit, so that a word's classes are or-ed together while it is read and tell
 * its kind at the end.
 *
 * Source: Unicode Standard Annex #29, "Unicode Text Segmentation", section 4,
 * rules WB3-WB13. */
#include "text/text.h"

#include <string.h>
#include <utf8proc.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
    SPACE = 0, /* also controls: parts words, never a mark */
    LETTER = 1 << 0,
    DIGIT = 1 << 1,
    JOINER = 1 << 2,    /* underscore and its kin: WB13a */
    EXTEND = 1 << 3,    /* combining marks, soft hyphens, joiners: WB4 */
    IDEOGRAPH = 1 << 4, /* a word by itself */
    MARK = 1 << 5,
    APOSTROPHE = 1 << 6, /* these four are marks that may join */
    STOP = 1 << 7,
    COMMA = 1 << 8,
    HYPHEN = 1 << 9,
    MIDDLE = 1 << 10, /* middle dot and its kin: between letters */
    ZERO_WIDTH_JOINER = 1 << 11,
    HIGH = 1 << 12, /* not ASCII: decode first */
    IN_WORD = LETTER | DIGIT | JOINER,
    ANY_MARK = MARK | APOSTROPHE | STOP | COMMA | HYPHEN | MIDDLE,
};

#define L LETTER
#define D DIGIT
#define M MARK
#define H HIGH
#define H16 H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H
/* clang-format off */
static const uint16_t ascii_class[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /*   !  "  #  $  %  &  ' */
    0, M, M, M, M, M, M, APOSTROPHE,
    /* ( )  *  +  ,      -       .     / */
    M, M, M, M, COMMA, HYPHEN, STOP, M,
    D, D, D, D, D, D, D, D, D, D, M, M, M, M, M, M,
    M, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, M, M, M, M, JOINER,
    M, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, M, M, M, M, 0,
    H16, H16, H16, H16, H16, H16, H16, H16,
};
/* clang-format on */
#undef L
#undef D
#undef M
#undef H
#undef H16

static bool is_ideograph(uint32_t point) {
    return (point >= 0x3041 && point <= 0x309F) ||
           (point >= 0x3400 && point <= 0x4DBF) ||
           (point >= 0x4E00 && point <= 0x9FFF) ||
           (point >= 0xF900 && point <= 0xFAFF) ||
           (point >= 0x20000 && point <= 0x3FFFF);
}

static unsigned classify_point(uint32_t point) {
    switch (point) {
    case 0x2018: /* left and right single quotation marks */
    case 0x2019:
    case 0xFF07:
        return APOSTROPHE;
    case 0x2010: /* hyphen, non-breaking hyphen */
    case 0x2011:
        return HYPHEN;
    case 0x00B7: /* middle dot, gershayim, hyphenation point */
    case 0x05F4:
    case 0x2027:
        return MIDDLE;
    case 0x066B: /* Arabic decimal and thousands separators, fraction slash */
    case 0x066C:
    case 0x2044:
        return COMMA;
    case 0x200B: /* zero width space: made to part words */
        return SPACE;
    case 0x200D:
        return ZERO_WIDTH_JOINER | EXTEND;
    case 0x05F3: /* geresh: a letter to UAX #29 */
        return LETTER;
    case 0x1F3FB: /* skin tones */
    case 0x1F3FC:
    case 0x1F3FD:
    case 0x1F3FE:
    case 0x1F3FF:
        return EXTEND;
    default:
        break;
    }
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
        return is_ideograph(point) ? IDEOGRAPH : LETTER;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NO:
        return DIGIT;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
        return EXTEND;
    case UTF8PROC_CATEGORY_PC:
        return JOINER;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
        return SPACE;
    default:
        return MARK;
    }
}

/* The class of the character at `at`, and its length in bytes; SPACE at the
 * end of the text. */
static unsigned classify(const char *at, const char *end, size_t *size) {
    *size = 1;
    if (at >= end)
        return SPACE;
    unsigned class = ascii_class[(unsigned char)*at];
    if (class != HIGH)
        return class;
    uint32_t point;
    *size = utf8_decode(&point, at, (size_t)(end - at));
    return classify_point(point);
}

/* The class after the character at `at`, passing over extending characters. */
static unsigned classify_next(const char *at, const char *end) {
    size_t size;
    classify(at, end, &size);
    unsigned class;
    do {
        at += size;
        class = classify(at, end, &size);
    } while (class & EXTEND);
    return class;
}

/* What stands before a mark that may join, within the word so far. */
struct before {
    unsigned last;      /* class of the last character that is no EXTEND */
    bool single_letter; /* the last part is one letter: "U" of "U.S." */
};

/* Whether the mark of class `class` at `at` joins what stands around it. */
static bool joins(const struct word_scanner *scanner, const char *at,
                  unsigned class, struct before before) {
    unsigned next = classify_next(at, scanner->end);
    bool letters = before.last == LETTER && next == LETTER;
    bool digits = before.last == DIGIT && next == DIGIT;
    switch (class) {
    case APOSTROPHE:
        return letters || digits;
    case MIDDLE:
        return letters;
    case COMMA:
        return digits;
    case HYPHEN:
        return scanner->join_hyphens && (before.last & IN_WORD) &&
               (next & IN_WORD);
    case STOP:
        if (digits)
            return true;
        if (!letters || !before.single_letter)
            return false;
        /* an initialism's next part is a single letter as well */
        return !(classify_next(at + 1, scanner->end) & IN_WORD);
    default:
        return false;
    }
}

/* Whether what follows a mark could go on with the word: a quick no. */
static bool may_join(const char *at, const char *end) {
    return at < end && (ascii_class[(unsigned char)*at] & (IN_WORD | HIGH));
}

/* The length of the run of ASCII letters, digits and underscores at `at`; the
 * classes in it are added to *classes, *last is the last one's. Where the
 * processor has SSE2 (every x86-64), sixteen bytes are looked at together. */
static size_t read_run(const char *at, const char *end, unsigned *classes,
                       unsigned *last) {
    const char *start = at;
#if defined(__SSE2__)
    while (end - at >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        unsigned letters = (unsigned)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpgt_epi8(lower, _mm_set1_epi8('a' - 1)),
                          _mm_cmplt_epi8(lower, _mm_set1_epi8('z' + 1))));
        unsigned digits = (unsigned)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('0' - 1)),
                          _mm_cmplt_epi8(bytes, _mm_set1_epi8('9' + 1))));
        unsigned joiners = (unsigned)_mm_movemask_epi8(
            _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
        unsigned out = ~(letters | digits | joiners) | 1u << 16;
        unsigned size = (unsigned)__builtin_ctz(out);
        unsigned run = (1u << size) - 1;
        *classes |= (letters & run ? LETTER : 0) | (digits & run ? DIGIT : 0) |
                    (joiners & run ? JOINER : 0);
        at += size;
        if (size < 16)
            break;
    }
    if (at > start)
        *last = ascii_class[(unsigned char)at[-1]];
    if (end - at >= 16)
        return (size_t)(at - start);
#endif
    unsigned class;
    while (at < end && (class = ascii_class[(unsigned char)*at]) & IN_WORD) {
        *classes |= class;
        *last = class;
        at++;
    }
    return (size_t)(at - start);
}

/* Reads on from a word's first character; returns its classes. */
static unsigned read_word(struct word_scanner *scanner) {
    const char *at = scanner->at, *end = scanner->end;
    unsigned classes = 0;
    struct before before = {0};
    for (;;) {
        const char *run = at;
        at += read_run(at, end, &classes, &before.last);
        unsigned class =
            at < end ? ascii_class[(unsigned char)*at] : (unsigned)SPACE;
        if (at == end || class == SPACE || class == MARK)
            break;
        if (class != HIGH && !may_join(at + 1, end))
            break;
        if (at > run)
            before.single_letter =
                at - run == 1 && before.last == LETTER &&
                (run == scanner->at || !(ascii_class[(unsigned char)run[-1]] &
                                         (IN_WORD | HIGH)));
        size_t size = 1;
        if (class == HIGH)
            class = classify(at, end, &size);
        if (class & IN_WORD) {
            before.single_letter =
                class == LETTER && at == run && !(before.last & IN_WORD);
            before.last = class;
            classes |= class;
        } else if (class & EXTEND) {
            /* belongs to the character before it */
        } else if ((class & ANY_MARK) && joins(scanner, at, class, before)) {
            before = (struct before){0};
        } else {
            break;
        }
        at += size;
    }
    scanner->at = at;
    return classes;
}

/* Two of U+1F1E6 to U+1F1FF spell a flag. */
static bool is_flag_letter(const char *at, const char *end) {
    return end - at >= 4 && memcmp(at, "\xf0\x9f\x87", 3) == 0 &&
           (unsigned char)at[3] >= 0xA6;
}

/* Reads on after a mark's first character: runs of one mark ("...", "--") and
 * emoji sequences are one. */
static void read_mark(struct word_scanner *scanner, size_t size) {
    const char *first = scanner->at, *end = scanner->end;
    const char *at = first + size;
    if (size == 1) {
        while (at < end && *at == *first)
            at++;
    } else {
        unsigned class;
        bool joined = false;
        if (is_flag_letter(first, end) && is_flag_letter(at, end))
            at += 4;
        while ((class = classify(at, end, &size)) & EXTEND ||
               (joined && class == MARK)) {
            joined = class & ZERO_WIDTH_JOINER;
            at += size;
        }
    }
    scanner->at = at;
}

#if defined(__SSE2__)
/* What stands at each of 64 bytes, a bit each. */
struct block {
    uint64_t letters, digits, underscores, high;
    uint64_t apostrophes, hyphens, separators; /* comma and full stop */
};

static uint64_t equal_bits(__m128i bytes, char byte) {
    return (unsigned)_mm_movemask_epi8(
        _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)));
}

static uint64_t range_bits(__m128i bytes, char first, char last) {
    return (unsigned)_mm_movemask_epi8(_mm_and_si128(
        _mm_cmpgt_epi8(bytes, _mm_set1_epi8((char)(first - 1))),
        _mm_cmplt_epi8(bytes, _mm_set1_epi8((char)(last + 1)))));
}

static struct block look(const char *at) {
    struct block block = {0};
    for (unsigned i = 0; i < 64; i += 16) {
        __m128i bytes =
            _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        block.letters |= range_bits(lower, 'a', 'z') << i;
        block.digits |= range_bits(bytes, '0', '9') << i;
        block.underscores |= equal_bits(bytes, '_') << i;
        block.high |= (uint64_t)(unsigned)_mm_movemask_epi8(bytes) << i;
        block.apostrophes |= equal_bits(bytes, '\'') << i;
        block.hyphens |= equal_bits(bytes, '-') << i;
        block.separators |=
            (equal_bits(bytes, ',') | equal_bits(bytes, '.')) << i;
    }
    return block;
}

/* Hands out the words of scanner->at[64], which stands at the start of a word
 * or between words, up to the first place that takes a closer look; false if
 * there is one (scanner->at then stands before it). */
static bool scan_block(struct word_scanner *scanner, struct word *out,
                       size_t *count) {
    const char *at = scanner->at;
    struct block block = look(at);
    uint64_t letters = block.letters, digits = block.digits;
    uint64_t words = letters | digits | block.underscores;
    uint64_t marks = block.apostrophes | block.separators;
    /* the marks that join for sure are part of the run */
    uint64_t joined = (block.apostrophes & letters << 1 & letters >> 1) |
                      (marks & digits << 1 & digits >> 1);
    if (scanner->join_hyphens) {
        marks |= block.hyphens;
        joined |= block.hyphens & words << 1 & words >> 1;
    }
    uint64_t next = (words | block.high) >> 1 | (uint64_t)1 << 63;
    uint64_t doubt = block.high | (marks & ~joined & words << 1 & next);
    words |= joined;
    uint64_t before = doubt ? (doubt & -doubt) - 1 : UINT64_MAX;
    uint64_t parting = ~words & before; /* the last one ends the safe part */
    unsigned safe = parting ? 64 - (unsigned)__builtin_clzll(parting) : 0;
    words &= safe < 64 ? ((uint64_t)1 << safe) - 1 : UINT64_MAX;
    struct word *to = out + *count;
    while (words) {
        uint64_t low = words & -words;
        uint64_t rest = words & (words + low);
        uint64_t run = words ^ rest;
        unsigned start = (unsigned)__builtin_ctzll(low);
        unsigned size = (unsigned)__builtin_ctzll(~(run >> start));
        *to = (struct word){at + start, size,
                            run & letters ? WORD_LETTERS : WORD_NUMBER};
        to += (run & (letters | digits)) != 0; /* no run of underscores */
        words = rest;
    }
    *count = (size_t)(to - out);
    scanner->at = at + safe;
    return doubt == 0 && safe > 0;
}
#endif

size_t word_scan(struct word_scanner *scanner, struct word *out,
                 size_t capacity) {
    size_t count = 0;
    while (count < capacity && scanner->at < scanner->end) {
#if defined(__SSE2__)
        enum { MOST = 32 }; /* words in 64 bytes */
        if (!scanner->marks && capacity > 2 * MOST &&
            scanner->end - scanner->at >= 64) {
            if (capacity - count < MOST)
                break;
            if (scan_block(scanner, out, &count))
                continue;
            if (count == capacity)
                break;
        }
#endif
        const char *start = scanner->at;
        size_t size = 1;
        unsigned class = ascii_class[(unsigned char)*start];
        if (class == HIGH)
            class = classify(start, scanner->end, &size);
        enum word_kind kind = WORD_LETTERS;
        if (class & IN_WORD) {
            unsigned classes = read_word(scanner);
            if (!(classes & (LETTER | DIGIT))) /* a run of underscores */
                continue;
            kind = classes & LETTER ? WORD_LETTERS : WORD_NUMBER;
        } else if (class == IDEOGRAPH) {
            scanner->at += size;
        } else if (scanner->marks && (class & ANY_MARK)) {
            read_mark(scanner, size);
            kind = WORD_MARK;
        } else {
            scanner->at += size;
            continue;
        }
        size_t length = (size_t)(scanner->at - start);
        out[count++] = (struct word){
            start, length > WORD_LIMIT ? WORD_LIMIT + 1 : (uint32_t)length,
            kind};
    }
    return count;
}
