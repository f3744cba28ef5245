/* Whole files in, complete files out. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static tenor_status read_all(struct file_bytes *out, int descriptor,
                             const char *path, tenor_error *error) {
    struct buffer bytes = {0};
    char block[1 << 16];
    for (;;) {
        ssize_t got = read(descriptor, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            buffer_clear(&bytes);
            return error_system(error, path, "read");
        }
        if (got == 0)
            break;
        buffer_append(&bytes, block, (size_t)got);
    }
    if (bytes.failed) {
        buffer_clear(&bytes);
        return error_memory(error);
    }
    *out = (struct file_bytes){bytes.data, bytes.size, false};
    return TENOR_OK;
}

tenor_status file_load(struct file_bytes *out, const char *path,
                       tenor_error *error) {
    *out = (struct file_bytes){0};
    tenor_status status = TENOR_OK;
    struct stat about;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return error_system(error, path, "open");
    if (fstat(descriptor, &about) != 0) {
        status = error_system(error, path, "read");
    } else if (S_ISDIR(about.st_mode)) {
        status = error_at(error, TENOR_ERROR_IO, path, 0, 0,
                          "is a directory; name a file");
    } else if (S_ISREG(about.st_mode) && about.st_size > 0) {
        void *map = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE,
                         descriptor, 0);
        if (map == MAP_FAILED)
            status = read_all(out, descriptor, path, error);
        else
            *out = (struct file_bytes){map, (size_t)about.st_size, true};
    } else {
        status = read_all(out, descriptor, path, error);
    }
    close(descriptor);
    return status;
}

void file_unload(struct file_bytes *file) {
    if (file->mapped)
        munmap((void *)(uintptr_t)file->data, file->size);
    else
        memory_free((void *)(uintptr_t)file->data);
    *file = (struct file_bytes){0};
}

/* ---- files that appear when they are complete ------------------------------ */
enum { OUTPUT_LIMIT = 8 }; /* at a time; more are written all the same */
static _Atomic(char *) temporaries[OUTPUT_LIMIT];

static void exchange_temporary(char *old, char *new) {
    for (size_t i = 0; i < OUTPUT_LIMIT; i++) {
        char *expected = old;
        if (atomic_compare_exchange_strong(&temporaries[i], &expected, new))
            return;
    }
}

static void forget_temporary(struct file_output *out) {
    if (out->temporary)
        exchange_temporary(out->temporary, NULL);
    memory_free(out->temporary);
    out->temporary = NULL;
}

void file_outputs_abandon(void) {
    for (size_t i = 0; i < OUTPUT_LIMIT; i++) {
        const char *name = atomic_load(&temporaries[i]);
        if (name)
            unlink(name);
    }
}

tenor_status file_output_open(struct file_output *out, const char *path,
                              tenor_error *error) {
    *out = (struct file_output){0};
    struct stat about;
    bool exists = stat(path, &about) == 0;
    if (exists && S_ISDIR(about.st_mode))
        return error_at(error, TENOR_ERROR_IO, path, 0, 0,
                        "is a directory; name a file to write");
    size_t size = strlen(path);
    out->path = memory_copy_text(path, size);
    if (!out->path)
        return error_memory(error);
    if (exists && !S_ISREG(about.st_mode)) {
        out->stream = fopen(path, "wb");
        if (!out->stream)
            goto failed;
        return TENOR_OK;
    }
    static const char suffix[] = ".XXXXXX";
    out->temporary = memory_new(size + sizeof suffix, 1);
    if (!out->temporary) {
        file_output_discard(out);
        return error_memory(error);
    }
    memcpy(out->temporary, path, size);
    memcpy(out->temporary + size, suffix, sizeof suffix);
    exchange_temporary(NULL, out->temporary);
    int descriptor = mkstemp(out->temporary);
    if (descriptor < 0) {
        out->temporary[0] = '\0'; /* nothing to remove */
        goto failed;
    }
    mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, exists ? about.st_mode & 0777 : 0666 & ~mask);
    out->stream = fdopen(descriptor, "wb");
    if (out->stream)
        return TENOR_OK;
    close(descriptor);
failed:
    error_system(error, path, "write");
    file_output_discard(out);
    return TENOR_ERROR_IO;
}

tenor_status file_output_check(const char *path, tenor_error *error) {
    struct file_output probe;
    struct stat about;
    /* who reads a pipe would take an opening for all there is */
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode) &&
        !S_ISDIR(about.st_mode))
        return access(path, W_OK) == 0 ? TENOR_OK
                                       : error_system(error, path, "write");
    tenor_status status = file_output_open(&probe, path, error);
    if (!status)
        file_output_discard(&probe);
    return status;
}

tenor_status file_output_commit(struct file_output *out, tenor_error *error) {
    bool good = fflush(out->stream) == 0 && !ferror(out->stream);
    if (good && out->temporary)
        good = fsync(fileno(out->stream)) == 0;
    if (fclose(out->stream) != 0)
        good = false;
    out->stream = NULL;
    if (good && out->temporary)
        good = rename(out->temporary, out->path) == 0;
    if (!good) {
        error_system(error, out->path, "write");
        file_output_discard(out);
        return TENOR_ERROR_IO;
    }
    forget_temporary(out);
    file_output_discard(out);
    return TENOR_OK;
}

void file_output_discard(struct file_output *out) {
    if (out->stream)
        fclose(out->stream);
    if (out->temporary && out->temporary[0])
        unlink(out->temporary);
    forget_temporary(out);
    memory_free(out->path);
    *out = (struct file_output){0};
}
