/* base: errors, memory, buffers, files, threads, progress. Knows no other
 * room.
 *
 *   error.c     errors in an object of the caller
 *   memory.c    the only allocator
 *   arena.c     memory that goes away all at once
 *   buffer.c    growing bytes
 *   strings.c   distinct strings and their numbers
 *   file.c      whole files in, complete files out
 *   reader.c    lines and blocks from a file, a pipe or memory
 *   threads.c   a pool of threads
 *   progress.c  how far the work is
 *
 * Conventions of the whole tree: results come first in a parameter list, the
 * error object last; a struct is zeroed before its first use and its clear or
 * free function takes a zeroed or half-built one; functions that can fail
 * return tenor_status. */
#ifndef TENOR_BASE_H
#define TENOR_BASE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tenor/error.h"

#if defined(__GNUC__)
#define PRINTF_LIKE(format_index, first_index)                                 \
    __attribute__((format(printf, format_index, first_index)))
#else
#define PRINTF_LIKE(format_index, first_index)
#endif

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* A piece of somebody else's bytes; not terminated. */
struct slice {
    const char *data;
    size_t size;
};

/* ---- errors --------------------------------------------------------------
 * All return the status they are given, so that "return error_set(...)" and
 * "status = error_set(...); goto done;" read well. `error` may be NULL. */
tenor_status error_set(tenor_error *error, tenor_status status,
                       const char *format, ...) PRINTF_LIKE(3, 4);
tenor_status error_at(tenor_error *error, tenor_status status,
                      const char *file, size_t line, size_t column,
                      const char *format, ...) PRINTF_LIKE(6, 7);
tenor_status error_memory(tenor_error *error);
/* "cannot VERB: <the system's reason>", from errno. */
tenor_status error_system(tenor_error *error, const char *file,
                          const char *verb);
/* Adds a place to an error that has none yet. */
void error_locate(tenor_error *error, const char *file, size_t line);

/* ---- memory --------------------------------------------------------------
 * Sizes are checked for overflow; NULL means no memory. */
void *memory_new(size_t count, size_t size);       /* zeroed */
void *memory_new_raw(size_t count, size_t size);   /* not zeroed */
/* For tables that are looked up at random: on huge pages where there are. */
void *memory_new_table(size_t count, size_t size); /* not zeroed */
void *memory_resize(void *block, size_t count, size_t size);
void memory_free(void *block);
char *memory_copy_text(const char *text, size_t size); /* adds a NUL */
/* Makes room for `need` items in an array that grows by half; false: no
 * memory, the array stays as it was. */
bool memory_reserve(void *array_pointer, size_t *capacity, size_t need,
                    size_t size);
/* Tests only: the n-th allocation from now fails (0: none does). */
void memory_fail_at(size_t n);

/* ---- arenas --------------------------------------------------------------
 * Memory handed out piece by piece and freed all at once. One thread at a
 * time. */
struct arena;
struct arena *arena_new(void); /* NULL: no memory */
void arena_free(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t count, size_t size);
/* A copy of data[size] with a NUL behind it; false: no memory. */
bool arena_copy(struct slice *out, struct arena *arena, const char *data,
                size_t size);
/* Moves all that `other` holds into `arena` and frees `other`, NULL is fine. */
void arena_join(struct arena *arena, struct arena *other);

/* ---- buffers -------------------------------------------------------------
 * Bytes that grow. A failed allocation is remembered in `failed`, so that a
 * long piece of formatting is checked once, at its end. Always
 * NUL-terminated when not empty. */
struct buffer {
    char *data;
    size_t size, capacity;
    bool failed;
};
void buffer_append(struct buffer *buffer, const void *data, size_t size);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_byte(struct buffer *buffer, char byte);
void buffer_fill(struct buffer *buffer, char byte, size_t count);
void buffer_format(struct buffer *buffer, const char *format, ...)
    PRINTF_LIKE(2, 3);
void buffer_clear(struct buffer *buffer); /* frees */

/* ---- strings -------------------------------------------------------------
 * Distinct byte strings, numbered 0, 1, 2 ... in order of arrival. The table
 * is exact: a hash only says where to look. The same layout serves while it
 * grows and, with `borrowed` set, straight from a mapped file. */
struct string_slot {
    uint32_t tag; /* upper half of the hash */
    uint32_t id;  /* STRINGS_NONE: free */
};
#define STRINGS_NONE UINT32_MAX
struct strings {
    uint32_t count;
    uint64_t slot_count;      /* a power of two, or 0 */
    struct string_slot *slots; /* [slot_count] */
    uint64_t *offsets;        /* [count + 1], into bytes */
    char *bytes;
    size_t offset_capacity, byte_capacity;
    bool borrowed;
};
uint64_t strings_hash(struct slice text); /* XXH3, 64 bits */
/* The string's number, added where it is new; false: no memory (or 2^32 - 1
 * strings). */
bool strings_add(struct strings *strings, uint32_t *id, struct slice text);
uint32_t strings_find(const struct strings *strings, struct slice text);
struct slice strings_get(const struct strings *strings, uint32_t id);
void strings_clear(struct strings *strings);

/* ---- files ---------------------------------------------------------------
 * A whole file in memory: mapped where that is possible, else read. */
struct file_bytes {
    const char *data;
    size_t size;
    bool mapped;
};
tenor_status file_load(struct file_bytes *out, const char *path,
                       tenor_error *error);
void file_unload(struct file_bytes *file);

/* A file that appears under its name only once it is complete: written to a
 * temporary name beside it, synced, then renamed. A path that names something
 * else than a regular file (a device, a pipe) is written directly. */
struct file_output {
    FILE *stream;
    char *path, *temporary; /* temporary is NULL where written directly */
};
tenor_status file_output_open(struct file_output *out, const char *path,
                              tenor_error *error);
/* Whether it can be opened, found out without a trace: for work that is long,
 * before it starts. */
tenor_status file_output_check(const char *path, tenor_error *error);
tenor_status file_output_commit(struct file_output *out, tenor_error *error);
void file_output_discard(struct file_output *out); /* after commit: no-op */
/* Removes the temporary files of all that are open, by a program that is about
 * to be killed; safe in a signal handler. */
void file_outputs_abandon(void);

/* ---- readers -------------------------------------------------------------
 * Bytes and lines from a file, a pipe or memory, in bounded memory: the
 * buffer holds one block, or the longest line. "-" or NULL is standard
 * input. */
struct reader {
    int descriptor;  /* -1: memory only */
    const char *name; /* for messages; borrowed */
    char *data;
    size_t start, end, capacity;
    size_t line; /* lines handed out so far */
    bool finished, borrowed;
};
tenor_status reader_open(struct reader *reader, const char *path,
                         tenor_error *error);
void reader_open_memory(struct reader *reader, const char *name,
                        const char *data, size_t size);
/* Looks at up to `size` first bytes without consuming; fewer at the end. */
tenor_status reader_peek(struct reader *reader, struct slice *out, size_t size,
                         tenor_error *error);
/* The next line without its \n or \r\n, valid until the next call; at the end
 * *more is false. */
tenor_status reader_line(struct reader *reader, struct slice *out, bool *more,
                         tenor_error *error);
/* The next block of bytes, whatever its size; *more is false at the end. */
tenor_status reader_block(struct reader *reader, struct slice *out, bool *more,
                          tenor_error *error);
/* True when a call of reader_line would not wait for the other end: there is a
 * whole line, the end or an error. To know, this reads what has come so far,
 * after which the last line is no longer valid. */
bool reader_ready(struct reader *reader);
void reader_close(struct reader *reader);

/* ---- threads -------------------------------------------------------------
 * A pool of workers that run one function over the items 0..count-1; items
 * are handed out one by one, so that results must not depend on which worker
 * takes which. `worker` is 0..threads-1, for scratch space. The caller's
 * thread is worker 0. An item that is alone is run by the caller and may use
 * the pool itself. */
struct thread_pool;
typedef void thread_work(void *context, size_t item, size_t worker);
struct thread_pool *thread_pool_new(size_t threads); /* NULL: no memory */
void thread_pool_free(struct thread_pool *pool);
size_t thread_pool_threads(const struct thread_pool *pool); /* NULL: 1 */
void thread_pool_run(struct thread_pool *pool, size_t count,
                     thread_work *work, void *context);
size_t thread_available(void); /* processors that this process may use */

/* ---- progress ------------------------------------------------------------
 * Long work reports through this; a false answer asks it to stop, which ends
 * it with TENOR_ERROR_CANCELLED. A NULL pointer or function is fine. Any thread
 * of a pool may call it, never two at a time. */
struct progress {
    bool (*step)(void *context, const char *stage, double done, double total);
    void *context;
};
bool progress_step(const struct progress *progress, const char *stage,
                   double done, double total);

/* The same for work that threads share: each of them may report. A thread that
 * finds another at it goes on, and what it did is told by the next. */
struct shared_progress {
    const struct progress *progress;
    const char *stage;
    double total;
    atomic_size_t done;
    atomic_bool cancelled;
    atomic_bool busy;
};
/* So much more is done; false: the work is to end. */
bool shared_progress_step(struct shared_progress *shared, size_t more);
/* After the last step of all threads; false: the work was to end. */
bool shared_progress_end(struct shared_progress *shared);

#endif
