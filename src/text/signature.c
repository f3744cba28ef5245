/* What a file's first bytes say that it is, where that is nothing to read: text
 * in another encoding, or no text at all. What is not listed is taken for text,
 * its bytes repaired as need be. */
#include "text/text.h"

#include <string.h>

static const struct {
    const char *bytes;
    size_t size;
    struct signature signature;
} known[] = {
    {"\xFF\xFE\0\0", 4, {"UTF-32", "convert it with iconv -f UTF-32 -t UTF-8"}},
    {"\xFF\xFE", 2, {"UTF-16", "convert it with iconv -f UTF-16 -t UTF-8"}},
    {"\xFE\xFF", 2, {"UTF-16", "convert it with iconv -f UTF-16 -t UTF-8"}},
    {"%PDF-", 5, {"a PDF", NULL}},
    {"PK\3\4", 4, {"a ZIP archive (DOCX, XLSX, EPUB)", NULL}},
    {"\xD0\xCF\x11\xE0", 4, {"an Office document", NULL}},
    {"{\\rtf", 5, {"an RTF document", NULL}},
    {"\x1F\x8B", 2, {"compressed", "unpack it with gunzip"}},
    {"\x89PNG", 4, {"a picture", "give its text"}},
    {"\xFF\xD8\xFF", 3, {"a picture", "give its text"}},
    {"tenor\r\n\x1A", 8, {"a tenor model", "name it after -m"}},
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
