/* What a file's first bytes say that it is, where that is nothing to read: text
 * in another encoding, or no text at all. What is not listed is taken for text,
 * its bytes repaired as need be. */
#include "text/text.h"

#include <string.h>

#define BYTES(text) text, sizeof text - 1

static const struct {
    const char *bytes;
    size_t size;
    struct signature signature;
} known[] = {
    {BYTES("\xFF\xFE\0\0"),
     {"UTF-32", "convert it with iconv -f UTF-32 -t UTF-8"}},
    {BYTES("\xFF\xFE"), {"UTF-16", "convert it with iconv -f UTF-16 -t UTF-8"}},
    {BYTES("\xFE\xFF"), {"UTF-16", "convert it with iconv -f UTF-16 -t UTF-8"}},
    {BYTES("%PDF-"), {"a PDF", NULL}},
    {BYTES("PK\3\4"), {"a ZIP archive (DOCX, XLSX, EPUB)", NULL}},
    {BYTES("\xD0\xCF\x11\xE0"), {"an Office document", NULL}},
    {BYTES("{\\rtf"), {"an RTF document", NULL}},
    {BYTES("\x1F\x8B"), {"compressed", "unpack it with gunzip"}},
    {BYTES("\x89PNG"), {"a picture", "give a text"}},
    {BYTES("\xFF\xD8\xFF"), {"a picture", "give a text"}},
    {BYTES("\x7F" "ELF"), {"a program", "give a text"}},
    {BYTES("\0\0\0\0"), {"binary data", "give a text"}},
    {BYTES("tenor\r\n\x1A"), {"a tenor model", "it goes with tenor's -m"}},
};

const struct signature *signature_find(struct slice start, size_t *wanted) {
    *wanted = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        size_t size = known[i].size;
        size_t common = start.size < size ? start.size : size;
        if (memcmp(start.data, known[i].bytes, common) != 0)
            continue;
        if (common == size)
            return &known[i].signature;
        if (common > 0 && size > *wanted)
            *wanted = size;
    }
    return NULL;
}
