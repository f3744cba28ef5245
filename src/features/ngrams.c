/* N-grams without strings: an n-gram is a pair of numbers, its prefix and its
 * last word, so a table of 64-bit keys is exact and a look-up is one probe.
 * Probes come in batches, prefetched, since nearly each one misses the cache.
 *
 * Character n-grams are cut here too. */
#include "features/tokens.h"

#include <string.h>

bool ngram_table_build(struct ngram_table *out, const uint64_t *keys,
                       size_t count) {
    *out = (struct ngram_table){0};
    if (count == 0)
        return true;
    uint64_t slot_count = (uint64_t)count + count / 2 + 1; /* load 2/3 */
    if (slot_count > UINT32_MAX)
        return false;
    out->slots = memory_new_table(slot_count, sizeof *out->slots);
    if (!out->slots)
        return false;
    memset(out->slots, 0xFF, slot_count * sizeof *out->slots);
    out->slot_count = (uint32_t)slot_count;
    out->count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        uint32_t at = ngram_slot_of(ngram_hash(keys[i]), out->slot_count);
        while (out->slots[at].id != NGRAM_FREE)
            at = at + 1 == out->slot_count ? 0 : at + 1;
        out->slots[at] =
            (struct ngram_slot){keys[i], (uint32_t)i, COLUMN_NONE};
    }
    return true;
}

static struct ngram_slot *probe(const struct ngram_table *table, uint32_t at,
                                uint64_t key) {
    for (;; at = at + 1 == table->slot_count ? 0 : at + 1) {
        struct ngram_slot *slot = &table->slots[at];
        if (slot->id == NGRAM_FREE)
            return NULL;
        if (slot->key == key)
            return slot;
    }
}

struct ngram_slot *ngram_table_find(const struct ngram_table *table,
                                    uint64_t key) {
    if (table->slot_count == 0)
        return NULL;
    return probe(table, ngram_slot_of(ngram_hash(key), table->slot_count),
                 key);
}

/* prefixes[i] holds the number of the (n-1)-gram that starts at i, or
 * TOKEN_UNKNOWN, and is moved on to the n-gram. */
static void add_order(struct row_builder *row, const struct ngram_table *table,
                      bool wanted, const uint32_t *words, size_t count,
                      uint32_t *prefixes) {
    enum { BATCH = 256, AHEAD = 24 };
    uint64_t keys[BATCH];
    uint32_t slots[BATCH], places[BATCH];
    size_t i = 0;
    while (i < count) {
        size_t waiting = 0;
        for (; i < count && waiting < BATCH; i++) {
            uint64_t key = ngram_key(prefixes[i], words[i]);
            bool known = prefixes[i] != TOKEN_UNKNOWN &&
                         words[i] != TOKEN_UNKNOWN;
            prefixes[i] = TOKEN_UNKNOWN;
            keys[waiting] = key;
            slots[waiting] =
                ngram_slot_of(ngram_hash(key), table->slot_count);
            places[waiting] = (uint32_t)i;
            if (waiting < AHEAD)
                __builtin_prefetch(&table->slots[slots[waiting]]);
            waiting += known;
        }
        for (size_t k = 0; k < waiting; k++) {
            if (k + AHEAD < waiting)
                __builtin_prefetch(&table->slots[slots[k + AHEAD]]);
            const struct ngram_slot *slot = probe(table, slots[k], keys[k]);
            if (!slot)
                continue;
            prefixes[places[k]] = slot->id;
            if (wanted && slot->column != COLUMN_NONE)
                row_add(row, slot->column);
        }
    }
}

void ngrams_add(struct row_builder *row, const struct vocabulary *vocabulary,
                const uint32_t *words, size_t count, uint32_t *prefixes) {
    const struct feature_options *options = &vocabulary->features;
    if (options->ngram_max < 2 || count < 2)
        return;
    memcpy(prefixes, words, count * sizeof *prefixes);
    for (uint32_t order = 2; order <= options->ngram_max && count >= order;
         order++) {
        const struct ngram_table *table = &vocabulary->ngrams[order - 2];
        if (table->slot_count == 0)
            return;
        add_order(row, table, order >= options->ngram_min, words + order - 1,
                  count - order + 1, prefixes);
    }
}

/* Bytes of the character that starts with this byte of valid UTF-8. */
static size_t character_size(char first) {
    unsigned char byte = (unsigned char)first;
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

bool grams_visit(struct slice form, uint32_t min, uint32_t max,
                 gram_visitor *visit, void *context) {
    char padded[4 * WORD_LIMIT + 2];
    uint16_t starts[4 * WORD_LIMIT + 3];
    if (max == 0 || form.size == 0 || form.size + 2 > sizeof padded)
        return true;
    padded[0] = ' ';
    memcpy(padded + 1, form.data, form.size);
    padded[form.size + 1] = ' ';
    size_t length = 0; /* in characters */
    for (size_t at = 0; at < form.size + 2;
         at += character_size(padded[at]))
        starts[length++] = (uint16_t)at;
    starts[length] = (uint16_t)(form.size + 2);
    for (uint32_t n = min; n <= max; n++) {
        size_t last = length > n ? length - n : 0;
        for (size_t i = 0; i <= last; i++) {
            size_t end = i + n < length ? i + n : length;
            struct slice gram = {padded + starts[i],
                                 (size_t)(starts[end] - starts[i])};
            if (!visit(context, gram))
                return false;
        }
        if (last == 0) /* the whole word: longer ones are the same */
            break;
    }
    return true;
}
