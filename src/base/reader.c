/* Lines and blocks from a file, a pipe or memory. The unread bytes are
 * data[start..end); refilling moves them to the front, and doubles the buffer
 * only when one line fills it. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 16 };

tenor_status reader_open(struct reader *reader, const char *path,
                         tenor_error *error) {
    *reader = (struct reader){.descriptor = STDIN_FILENO, .name = "stdin"};
    if (path && strcmp(path, "-") != 0) {
        reader->name = path;
        reader->descriptor = open(path, O_RDONLY | O_CLOEXEC);
        if (reader->descriptor < 0)
            return error_system(error, path, "open");
    }
    struct stat about;
    if (fstat(reader->descriptor, &about) == 0 && S_ISDIR(about.st_mode)) {
        tenor_status status = error_at(error, TENOR_ERROR_IO, reader->name, 0,
                                       0, "is a directory; name a file");
        reader_close(reader);
        return status;
    }
    return TENOR_OK;
}

void reader_open_memory(struct reader *reader, const char *name,
                        const char *data, size_t size) {
    *reader = (struct reader){.descriptor = -1,
                              .name = name,
                              .data = (char *)(uintptr_t)data,
                              .end = size,
                              .finished = true,
                              .borrowed = true};
}

static tenor_status refill(struct reader *reader, tenor_error *error) {
    size_t unread = reader->end - reader->start;
    if (reader->start > 0 && (reader->capacity - reader->end < BLOCK)) {
        memmove(reader->data, reader->data + reader->start, unread);
        reader->start = 0;
        reader->end = unread;
    }
    if (reader->capacity - reader->end < BLOCK) {
        size_t wanted = reader->capacity ? 2 * reader->capacity : 2 * BLOCK;
        char *data = memory_resize(reader->data, wanted, 1);
        if (!data)
            return error_memory(error);
        reader->data = data;
        reader->capacity = wanted;
    }
    ssize_t got;
    do
        got = read(reader->descriptor, reader->data + reader->end,
                   reader->capacity - reader->end);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_system(error, reader->name, "read");
    reader->finished = got == 0;
    reader->end += (size_t)got;
    return TENOR_OK;
}

tenor_status reader_peek(struct reader *reader, struct slice *out, size_t size,
                         tenor_error *error) {
    while (!reader->finished && reader->end - reader->start < size) {
        tenor_status status = refill(reader, error);
        if (status)
            return status;
    }
    size_t unread = reader->end - reader->start;
    *out = (struct slice){reader->data + reader->start,
                          unread < size ? unread : size};
    return TENOR_OK;
}

tenor_status reader_line(struct reader *reader, struct slice *out, bool *more,
                         tenor_error *error) {
    size_t searched = 0;
    const char *newline = NULL;
    for (;;) {
        size_t unread = reader->end - reader->start;
        if (unread > searched)
            newline = memchr(reader->data + reader->start + searched, '\n',
                             unread - searched);
        if (newline || reader->finished)
            break;
        searched = unread;
        tenor_status status = refill(reader, error);
        if (status)
            return status;
    }
    const char *line = reader->data + reader->start;
    size_t size = newline ? (size_t)(newline - line)
                          : reader->end - reader->start;
    *more = newline || size > 0;
    reader->start += size + (newline != NULL);
    if (*more)
        reader->line++;
    if (size > 0 && line[size - 1] == '\r')
        size--;
    *out = (struct slice){line, size};
    return TENOR_OK;
}

tenor_status reader_block(struct reader *reader, struct slice *out, bool *more,
                          tenor_error *error) {
    if (reader->start == reader->end && !reader->finished) {
        tenor_status status = refill(reader, error);
        if (status)
            return status;
    }
    *out = (struct slice){reader->data + reader->start,
                          reader->end - reader->start};
    *more = out->size > 0;
    reader->start = reader->end;
    return TENOR_OK;
}

bool reader_ready(struct reader *reader) {
    size_t searched = 0;
    for (;;) {
        size_t unread = reader->end - reader->start;
        if (reader->finished ||
            (unread > searched && memchr(reader->data + reader->start + searched,
                                         '\n', unread - searched)))
            return true;
        searched = unread;
        struct pollfd poll_one = {.fd = reader->descriptor, .events = POLLIN};
        if (poll(&poll_one, 1, 0) == 0)
            return false;
        if (refill(reader, NULL))
            return true; /* reading on meets the error again */
    }
}

void reader_close(struct reader *reader) {
    if (reader->descriptor > STDIN_FILENO)
        close(reader->descriptor);
    if (!reader->borrowed)
        memory_free(reader->data);
    *reader = (struct reader){.descriptor = -1, .finished = true};
}
