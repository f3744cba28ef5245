/* What the tests of articles share: reading a text into one string, and input
 * large enough that square time shows. */
#ifndef TENOR_TESTS_ARTICLE_HELPERS_H
#define TENOR_TESTS_ARTICLE_HELPERS_H

#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define BAD "\xEF\xBF\xBD" /* U+FFFD */

#define LONG_LINE                                                              \
    "The harbour of the old town was closed for the third day in a row as "    \
    "the storm went on, and the ferries that should have left stayed where "   \
    "they were all along."

/* All paragraphs as "KIND LINE TEXT\n", KIND one of P H I R F. */
static inline tenor_status dump(struct buffer *out, struct article *article,
                                tenor_error *error) {
    struct paragraph paragraph;
    bool more;
    tenor_status status;
    while (!(status = article_next(article, &paragraph, &more, error)) &&
           more) {
        assert_true(paragraph.text.size > 0);
        buffer_format(out, "%c %zu ", "PHIRF"[paragraph.kind], paragraph.line);
        buffer_append(out, paragraph.text.data, paragraph.text.size);
        buffer_byte(out, '\n');
    }
    return status;
}

/* The text stands in a block of just its size, so that sanitizers see every
 * byte read beyond it. */
static inline void assert_reads_bytes(enum article_format format,
                                      const char *name, const char *text,
                                      size_t size, const char *expected) {
    char *exact = malloc(size ? size : 1);
    assert_non_null(exact);
    memcpy(exact, text, size);
    struct article *article;
    tenor_error error = {0};
    assert_int_equal(
        article_open_memory(&article, name, exact, size, format, &error),
        TENOR_OK);
    struct buffer out = {0};
    assert_int_equal(dump(&out, article, &error), TENOR_OK);
    buffer_byte(&out, '\0');
    assert_string_equal(out.data, expected);
    buffer_clear(&out);
    article_close(article);
    free(exact);
}

static inline void assert_reads(enum article_format format, const char *text,
                                const char *expected) {
    assert_reads_bytes(format, "x", text, strlen(text), expected);
}

static inline char *repeat(const char *piece, size_t times, size_t *size) {
    size_t length = strlen(piece);
    char *text = malloc(length * times + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * length, piece, length);
    *size = length * times;
    return text;
}

static inline double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The number of paragraphs; fails if it takes what only square time takes. */
static inline size_t count_fast(enum article_format format, const char *text,
                                size_t size) {
    struct article *article;
    struct paragraph paragraph;
    bool more;
    size_t count = 0;
    double start = seconds();
    assert_int_equal(
        article_open_memory(&article, "x", text, size, format, NULL), TENOR_OK);
    while (article_next(article, &paragraph, &more, NULL) == TENOR_OK && more)
        count++;
    article_close(article);
    assert_true(seconds() - start < 120);
    return count;
}

#endif
