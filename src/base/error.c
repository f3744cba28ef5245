/* Errors in a caller-owned object: the deepest layer that knows what is wrong
 * fills it, the layers above add the place if it has none. */
#include "base/base.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static void set_file(tenor_error *error, const char *file) {
    size_t size = file ? strlen(file) : 0;
    if (size >= sizeof error->file) { /* the end of a path tells more */
        file += size - (sizeof error->file - 1);
        size = sizeof error->file - 1;
    }
    memcpy(error->file, size ? file : "", size);
    error->file[size] = '\0';
}

static void set_message(tenor_error *error, tenor_status status,
                        const char *file, size_t line, size_t column,
                        const char *format, va_list arguments) {
    if (!error)
        return;
    error->status = status;
    error->line = line;
    error->column = column;
    set_file(error, file);
    vsnprintf(error->message, sizeof error->message, format, arguments);
}

tenor_status error_set(tenor_error *error, tenor_status status,
                       const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    set_message(error, status, NULL, 0, 0, format, arguments);
    va_end(arguments);
    return status;
}

tenor_status error_at(tenor_error *error, tenor_status status,
                      const char *file, size_t line, size_t column,
                      const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    set_message(error, status, file, line, column, format, arguments);
    va_end(arguments);
    return status;
}

tenor_status error_memory(tenor_error *error) {
    return error_set(error, TENOR_ERROR_MEMORY, "out of memory");
}

tenor_status error_system(tenor_error *error, const char *file,
                          const char *verb) {
    int reason = errno;
    return error_at(error, TENOR_ERROR_IO, file, 0, 0, "cannot %s: %s", verb,
                    strerror(reason));
}

void error_locate(tenor_error *error, const char *file, size_t line) {
    if (!error)
        return;
    if (!error->file[0])
        set_file(error, file);
    if (!error->line)
        error->line = line;
}

void tenor_error_format(const tenor_error *error, char *text, size_t size) {
    char place[48] = "";
    if (error->line && error->column)
        snprintf(place, sizeof place, ":%zu:%zu", error->line, error->column);
    else if (error->line)
        snprintf(place, sizeof place, ":%zu", error->line);
    snprintf(text, size, "%s%s%s%s", error->file, error->file[0] ? place : "",
             error->file[0] ? ": " : "", error->message);
}
