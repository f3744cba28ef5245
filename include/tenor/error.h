/* Errors: every call that can fail returns a tenor_status and, where the
 * caller passes one, fills a tenor_error with what is wrong and what to do.
 * The library never prints, exits or aborts. */
#ifndef TENOR_ERROR_H
#define TENOR_ERROR_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TENOR_API __attribute__((visibility("default")))
#else
#define TENOR_API
#endif

typedef enum tenor_status {
    TENOR_OK = 0,
    TENOR_ERROR_USAGE,     /* an argument or option that makes no sense */
    TENOR_ERROR_INPUT,     /* text or labelled data that can't be used */
    TENOR_ERROR_MODEL,     /* a file that is not a model, or a damaged one */
    TENOR_ERROR_IO,        /* the system refused to open, read or write */
    TENOR_ERROR_MEMORY,    /* an allocation failed */
    TENOR_ERROR_CANCELLED, /* a progress callback asked to stop */
} tenor_status;

/* Owned by the caller; needs no clean-up. Zero it before the first use. */
typedef struct tenor_error {
    tenor_status status;
    size_t line;       /* 1-based, 0: not known */
    size_t column;     /* 1-based, in bytes, 0: not known */
    char file[256];    /* "": not known; a longer name keeps its end */
    char message[512]; /* one sentence: what is wrong; what to do */
} tenor_error;

/* Formats "FILE:LINE:COLUMN: MESSAGE", leaving out what is not known, into
 * text[size]; always terminated, cut where it does not fit. */
TENOR_API void tenor_error_format(const tenor_error *error, char *text,
                                  size_t size);

#ifdef __cplusplus
}
#endif
#endif
