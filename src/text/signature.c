/* What a file's first bytes say that it is: text with a byte-order mark, text
 * in another encoding, or no text at all. What is not listed is taken for text,
 * its bytes repaired as need be. */
#include "text/text.h"

#include <string.h>

#define BYTES(text) text, sizeof text - 1

static const struct signature {
    const char *bytes;
    size_t size;
    const char *what, *advice; /* NULL: a mark of UTF-8; to save it as text */
} known[] = {
    {BYTES("\xEF\xBB\xBF"), NULL, NULL},
    {BYTES("\xFF\xFE\0\0"), "UTF-32",
     "convert it with iconv -f UTF-32 -t UTF-8"},
    {BYTES("\xFF\xFE"), "UTF-16", "convert it with iconv -f UTF-16 -t UTF-8"},
    {BYTES("\xFE\xFF"), "UTF-16", "convert it with iconv -f UTF-16 -t UTF-8"},
    {BYTES("%PDF-"), "a PDF", NULL},
    {BYTES("PK\3\4"), "a ZIP archive (DOCX, XLSX, EPUB)", NULL},
    {BYTES("\xD0\xCF\x11\xE0"), "an Office document", NULL},
    {BYTES("{\\rtf"), "an RTF document", NULL},
    {BYTES("\x1F\x8B"), "compressed", "unpack it with gunzip"},
    {BYTES("\x89PNG"), "a picture", "give a text"},
    {BYTES("\xFF\xD8\xFF"), "a picture", "give a text"},
    {BYTES("\x7F" "ELF"), "a program", "give a text"},
    {BYTES("\0\0\0\0"), "binary data", "give a text"},
    {BYTES("tenor\r\n\x1A"), "a tenor model", "it goes with tenor's -m"},
};

const struct signature *signature_find(struct slice start, size_t *wanted) {
    *wanted = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        size_t size = known[i].size;
        size_t common = start.size < size ? start.size : size;
        if (common == 0 || memcmp(start.data, known[i].bytes, common) != 0)
            continue;
        if (common == size)
            return &known[i];
        if (size > *wanted)
            *wanted = size;
    }
    return NULL;
}

tenor_status signature_settle(const struct signature *found,
                              struct reader *reader, const char *name,
                              size_t line, const char *formats,
                              tenor_error *error) {
    if (!found)
        return TENOR_OK;
    if (!found->what) {
        reader->start += found->size;
        return TENOR_OK;
    }
    if (found->advice)
        return error_at(error, TENOR_ERROR_INPUT, name, line, line,
                        "this is %s, not text in UTF-8; %s", found->what,
                        found->advice);
    return error_at(error, TENOR_ERROR_INPUT, name, line, line,
                    "this is %s, not text in UTF-8; save it as %s",
                    found->what, formats);
}
