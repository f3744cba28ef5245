/* Distinct strings: an open-addressing table of (tag, id) over one run of
 * bytes. Linear probing at a load of at most one half; the tag spares nearly
 * every comparison with a string that is not the one looked for. */
#include "base/base.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t strings_hash(struct slice text) {
    return XXH3_64bits(text.data, text.size);
}

struct slice strings_get(const struct strings *strings, uint32_t id) {
    uint64_t start = strings->offsets[id];
    return (struct slice){strings->bytes + start,
                          (size_t)(strings->offsets[id + 1] - start)};
}

/* The slot that holds the string, or the free one where it would go. */
static struct string_slot *find_slot(const struct strings *strings,
                                     struct slice text, uint64_t hash) {
    uint64_t mask = strings->slot_count - 1;
    uint32_t tag = (uint32_t)(hash >> 32);
    for (uint64_t i = hash & mask;; i = (i + 1) & mask) {
        struct string_slot *slot = &strings->slots[i];
        if (slot->id == STRINGS_NONE)
            return slot;
        if (slot->tag != tag)
            continue;
        struct slice held = strings_get(strings, slot->id);
        if (held.size == text.size &&
            memcmp(held.data, text.data, text.size) == 0)
            return slot;
    }
}

uint32_t strings_find(const struct strings *strings, struct slice text) {
    if (strings->slot_count == 0)
        return STRINGS_NONE;
    return find_slot(strings, text, strings_hash(text))->id;
}

static bool grow_slots(struct strings *strings) {
    uint64_t count = strings->slot_count ? 2 * strings->slot_count : 64;
    struct string_slot *slots = memory_new_raw(count, sizeof *slots);
    if (!slots)
        return false;
    memset(slots, 0xFF, count * sizeof *slots);
    for (uint64_t i = 0; i < strings->slot_count; i++) {
        uint32_t id = strings->slots[i].id;
        if (id == STRINGS_NONE)
            continue;
        uint64_t at = strings_hash(strings_get(strings, id)) & (count - 1);
        while (slots[at].id != STRINGS_NONE)
            at = (at + 1) & (count - 1);
        slots[at] = strings->slots[i];
    }
    memory_free(strings->slots);
    strings->slots = slots;
    strings->slot_count = count;
    return true;
}

bool strings_add(struct strings *strings, uint32_t *id, struct slice text) {
    if (strings->count == STRINGS_NONE - 1)
        return false;
    if (2 * ((uint64_t)strings->count + 1) > strings->slot_count &&
        !grow_slots(strings))
        return false;
    uint64_t hash = strings_hash(text);
    struct string_slot *slot = find_slot(strings, text, hash);
    if (slot->id != STRINGS_NONE) {
        *id = slot->id;
        return true;
    }
    uint64_t used = strings->count ? strings->offsets[strings->count] : 0;
    if (!memory_reserve(&strings->bytes, &strings->byte_capacity,
                        used + text.size, 1) ||
        !memory_reserve(&strings->offsets, &strings->offset_capacity,
                        (size_t)strings->count + 2, sizeof *strings->offsets))
        return false;
    if (text.size)
        memcpy(strings->bytes + used, text.data, text.size);
    strings->offsets[strings->count] = used;
    strings->offsets[strings->count + 1] = used + text.size;
    *slot = (struct string_slot){(uint32_t)(hash >> 32), strings->count};
    *id = strings->count++;
    return true;
}

void strings_clear(struct strings *strings) {
    if (!strings->borrowed) {
        memory_free(strings->slots);
        memory_free(strings->offsets);
        memory_free(strings->bytes);
    }
    *strings = (struct strings){0};
}
