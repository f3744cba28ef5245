/* The tree's only allocator: overflow-checked, and able to fail on demand, so
 * that tests can walk every out-of-memory path. */
#define _DEFAULT_SOURCE /* madvise */
#include "base/base.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static atomic_size_t fail_countdown; /* 0: never fail */

void memory_fail_at(size_t n) { atomic_store(&fail_countdown, n); }

static bool must_fail(void) {
    if (atomic_load_explicit(&fail_countdown, memory_order_relaxed) == 0)
        return false;
    return atomic_fetch_sub(&fail_countdown, 1) == 1;
}

static bool overflows(size_t count, size_t size) {
    return size != 0 && count > PTRDIFF_MAX / size;
}

void *memory_new(size_t count, size_t size) {
    if (overflows(count, size) || must_fail())
        return NULL;
    return calloc(count ? count : 1, size ? size : 1);
}

void *memory_new_raw(size_t count, size_t size) {
    return memory_resize(NULL, count, size);
}

void *memory_resize(void *block, size_t count, size_t size) {
    if (overflows(count, size) || must_fail())
        return NULL;
    size_t bytes = count * size;
    return realloc(block, bytes ? bytes : 1);
}

void *memory_new_table(size_t count, size_t size) {
    static const size_t HUGE_PAGE = (size_t)2 << 20;
    if (overflows(count, size) || count * size < 2 * HUGE_PAGE)
        return memory_new_raw(count, size);
    void *block;
    if (must_fail() || posix_memalign(&block, HUGE_PAGE, count * size) != 0)
        return NULL;
#ifdef MADV_HUGEPAGE
    madvise(block, count * size, MADV_HUGEPAGE); /* a wish; may be refused */
#endif
    return block;
}

void memory_free(void *block) { free(block); }

char *memory_copy_text(const char *text, size_t size) {
    char *copy = size == SIZE_MAX ? NULL : memory_new_raw(size + 1, 1);
    if (!copy)
        return NULL;
    if (size)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

bool memory_reserve(void *array_pointer, size_t *capacity, size_t need,
                    size_t size) {
    if (need <= *capacity)
        return true;
    size_t wanted = *capacity + *capacity / 2;
    if (wanted < need)
        wanted = need;
    if (wanted < 16)
        wanted = 16;
    void *array;
    memcpy(&array, array_pointer, sizeof array);
    array = memory_resize(array, wanted, size);
    if (!array)
        return false;
    memcpy(array_pointer, &array, sizeof array);
    *capacity = wanted;
    return true;
}
