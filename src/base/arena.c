/* Memory that is handed out piece by piece and given back all at once: the
 * texts of a corpus, which live and die together.
 *
 * An arena is a chain of blocks; a piece comes from the newest block or, when
 * it does not fit there, from a new one. A piece larger than a block gets a
 * block of its own, which is put behind the newest so that the room left in
 * that one is not lost. Pieces never move. */
#include "base/base.h"

#include <stdalign.h>
#include <string.h>

enum { BLOCK = 1 << 18 };

struct arena_block {
    struct arena_block *next;
    size_t used, capacity;
    alignas(max_align_t) char data[];
};

struct arena {
    struct arena_block *blocks; /* the newest first */
};

struct arena *arena_new(void) {
    return memory_new(1, sizeof(struct arena));
}

void arena_free(struct arena *arena) {
    if (!arena)
        return;
    while (arena->blocks) {
        struct arena_block *next = arena->blocks->next;
        memory_free(arena->blocks);
        arena->blocks = next;
    }
    memory_free(arena);
}

static struct arena_block *add_block(struct arena *arena, size_t size) {
    size_t capacity = size > BLOCK ? size : BLOCK;
    if (capacity > SIZE_MAX - sizeof(struct arena_block))
        return NULL;
    struct arena_block *block =
        memory_new_raw(1, sizeof(struct arena_block) + capacity);
    if (!block)
        return NULL;
    struct arena_block **place = &arena->blocks;
    if (size > BLOCK && arena->blocks)
        place = &arena->blocks->next;
    block->used = 0;
    block->capacity = capacity;
    block->next = *place;
    *place = block;
    return block;
}

static void *take(struct arena *arena, size_t size, size_t alignment) {
    struct arena_block *block = arena->blocks;
    size_t start = block ? (block->used + alignment - 1) & ~(alignment - 1) : 0;
    if (!block || start > block->capacity || size > block->capacity - start) {
        block = add_block(arena, size);
        if (!block)
            return NULL;
        start = 0;
    }
    block->used = start + size;
    return block->data + start;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size) {
    if (size && count > PTRDIFF_MAX / size)
        return NULL;
    return take(arena, count * size, alignof(max_align_t));
}

bool arena_copy(struct slice *out, struct arena *arena, const char *data,
                size_t size) {
    char *copy = size == SIZE_MAX ? NULL : take(arena, size + 1, 1);
    if (!copy)
        return false;
    if (size)
        memcpy(copy, data, size);
    copy[size] = '\0';
    *out = (struct slice){copy, size};
    return true;
}

void arena_join(struct arena *arena, struct arena *other) {
    if (!other)
        return;
    struct arena_block **end = &arena->blocks;
    while (*end)
        end = &(*end)->next;
    *end = other->blocks;
    other->blocks = NULL;
    arena_free(other);
}
