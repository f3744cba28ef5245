/* Growing bytes; the first failed allocation sticks and later appends do
 * nothing, so callers check `failed` once. */
#include "base/base.h"

#include <stdarg.h>
#include <string.h>

static bool reserve(struct buffer *buffer, size_t more) {
    if (!buffer->failed &&
        (more >= SIZE_MAX - buffer->size ||
         !memory_reserve(&buffer->data, &buffer->capacity,
                         buffer->size + more + 1, 1)))
        buffer->failed = true;
    return !buffer->failed;
}

void buffer_append(struct buffer *buffer, const void *data, size_t size) {
    if (size == 0 || !reserve(buffer, size))
        return;
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text) {
    buffer_append(buffer, text, strlen(text));
}

void buffer_byte(struct buffer *buffer, char byte) {
    buffer_append(buffer, &byte, 1);
}

void buffer_fill(struct buffer *buffer, char byte, size_t count) {
    if (count == 0 || !reserve(buffer, count))
        return;
    memset(buffer->data + buffer->size, byte, count);
    buffer->size += count;
    buffer->data[buffer->size] = '\0';
}

void buffer_format(struct buffer *buffer, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0)
        buffer->failed = true;
    if (size > 0 && reserve(buffer, (size_t)size)) {
        vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
}

void buffer_clear(struct buffer *buffer) {
    memory_free(buffer->data);
    *buffer = (struct buffer){0};
}
