/* A text's words, each spelling resolved once.
 *
 * Normalizing (folding, variants, stop words, stemming) and the look-up in
 * the vocabulary are done the first time a spelling is met; from then on the
 * spelling's bytes lead straight to the outcome, through an open-addressing
 * table that is small enough to stay in the cache. The table is bounded: when
 * it is full it is emptied, which costs time but changes no result. */
#include "features/tokens.h"

#include <string.h>

enum {
    FIRST_SURFACES = 1 << 12,
    MOST_SURFACES = 1 << 20, /* slots; at most half are used */
};

tenor_status token_reader_init(struct token_reader *reader,
                               const struct text_options *options,
                               const struct word_lists *lists,
                               surface_resolver *resolve, void *context,
                               tenor_error *error) {
    *reader = (struct token_reader){
        .resolve = resolve, .context = context, .options = *options};
    tenor_status status =
        normalizer_new(&reader->normalizer, options, lists, error);
    if (status)
        return status;
    reader->surfaces = memory_new(FIRST_SURFACES, sizeof *reader->surfaces);
    if (!reader->surfaces)
        return error_memory(error);
    reader->surface_capacity = FIRST_SURFACES;
    reader->more_count = 1;
    return TENOR_OK;
}

void token_reader_clear(struct token_reader *reader) {
    normalizer_free(reader->normalizer);
    memory_free(reader->surfaces);
    memory_free(reader->more);
    memory_free(reader->texts);
    *reader = (struct token_reader){0};
}

void token_reader_start(struct token_reader *reader, struct slice text) {
    reader->negated = false;
    reader->after_contrast = NULL;
    reader->repeating = false;
    reader->scanner = (struct word_scanner){
        .at = text.data,
        .end = text.data + text.size,
        .marks = reader->options.keep_marks || reader->options.negation,
        .join_hyphens = reader->options.join_hyphens};
}

/* The first SURFACE_KEY bytes of a word, padded with zeros. Words' lengths are
 * no pattern that a processor could predict: masks in place of branches. */
static void fill_key(uint64_t key[2], const struct word *word,
                     const char *end) {
#define LOW(bytes) (UINT64_MAX >> (64 - 8 * (bytes)))
    static const uint64_t masks[SURFACE_KEY + 1][2] = {
        {0, 0},
        {LOW(1), 0},
        {LOW(2), 0},
        {LOW(3), 0},
        {LOW(4), 0},
        {LOW(5), 0},
        {LOW(6), 0},
        {LOW(7), 0},
        {LOW(8), 0},
        {LOW(8), LOW(1)},
        {LOW(8), LOW(2)},
        {LOW(8), LOW(3)},
        {LOW(8), LOW(4)},
        {LOW(8), LOW(5)},
        {LOW(8), LOW(6)},
        {LOW(8), LOW(7)},
        {LOW(8), LOW(8)},
    };
#undef LOW
    size_t size = word->size < SURFACE_KEY ? word->size : SURFACE_KEY;
    if (end - word->data < SURFACE_KEY) { /* not to read past the text */
        key[0] = key[1] = 0;
        memcpy(key, word->data, size);
        return;
    }
    memcpy(key, word->data, SURFACE_KEY);
    key[0] &= masks[size][0];
    key[1] &= masks[size][1];
}

static uint64_t hash_key(const uint64_t key[2], uint16_t size,
                         uint8_t negated) {
    uint64_t mixed = (key[0] ^ (uint64_t)size << 1 ^ negated) *
                         UINT64_C(0x9e3779b97f4a7c15) +
                     key[1];
    mixed = (mixed ^ mixed >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return mixed ^ mixed >> 32;
}

static struct surface *find(const struct token_reader *reader,
                            const struct word *word, const uint64_t key[2],
                            uint64_t hash, uint8_t negated) {
    size_t mask = reader->surface_capacity - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct surface *surface = &reader->surfaces[i];
        uint64_t differs =
            (surface->key[0] ^ key[0]) | (surface->key[1] ^ key[1]) |
            (surface->size ^ word->size) |
            ((surface->flags & SURFACE_NEGATED) ^ negated);
        if (differs == 0 &&
            (word->size <= SURFACE_KEY ||
             memcmp(reader->texts + reader->more[surface->more].text,
                    word->data, word->size) == 0))
            return surface;
        if (surface->size == 0)
            return surface;
    }
}

static bool grow(struct token_reader *reader) {
    size_t capacity = 2 * reader->surface_capacity;
    struct surface *surfaces = memory_new_table(capacity, sizeof *surfaces);
    if (!surfaces)
        return false;
    memset(surfaces, 0, capacity * sizeof *surfaces);
    for (size_t i = 0; i < reader->surface_capacity; i++) {
        const struct surface *surface = &reader->surfaces[i];
        if (surface->size == 0)
            continue;
        size_t at = hash_key(surface->key, surface->size,
                             surface->flags & SURFACE_NEGATED) &
                    (capacity - 1);
        while (surfaces[at].size)
            at = (at + 1) & (capacity - 1);
        surfaces[at] = *surface;
    }
    memory_free(reader->surfaces);
    reader->surfaces = surfaces;
    reader->surface_capacity = capacity;
    return true;
}

/* Makes sure that a whole batch of new spellings fits, so that no surface
 * moves while pointers to it are out. */
static bool make_room(struct token_reader *reader) {
    if (2 * (reader->surface_count + TOKEN_BATCH) <= reader->surface_capacity)
        return true;
    if (reader->surface_capacity < MOST_SURFACES)
        return grow(reader);
    memset(reader->surfaces, 0,
           reader->surface_capacity * sizeof *reader->surfaces);
    reader->surface_count = 0;
    reader->more_count = 1;
    reader->text_size = 0;
    if (reader->forget)
        reader->forget(reader->context);
    return true;
}

static bool resolve_new(struct token_reader *reader, struct surface *surface,
                        const struct word *word, const uint64_t key[2],
                        uint8_t negated) {
    struct normalized normalized;
    if (!normalizer_apply(reader->normalizer, &normalized, word, negated))
        return false;
    struct surface fresh = {
        .key = {key[0], key[1]},
        .size = (uint16_t)word->size,
        .kind = (uint8_t)word->kind,
        .flags = (uint8_t)(negated |
                           (normalized.negator ? SURFACE_NEGATOR : 0) |
                           (normalized.clause_end ? SURFACE_CLAUSE_END : 0) |
                           (normalized.contrast ? SURFACE_CONTRAST : 0)),
        .word = normalized.fate == WORD_SKIPPED ? TOKEN_SKIPPED
                                                : TOKEN_UNKNOWN,
        .form = TOKEN_UNKNOWN};
    struct surface_more more = {.text = (uint32_t)reader->text_size};
    if (!reader->resolve(reader->context, &fresh, &more, &normalized))
        return false;
    if (word->size > SURFACE_KEY) {
        if (!memory_reserve(&reader->texts, &reader->text_capacity,
                            reader->text_size + word->size, 1))
            return false;
        memcpy(reader->texts + reader->text_size, word->data, word->size);
        reader->text_size += word->size;
    }
    if (word->size > SURFACE_KEY || more.gram_count > 0) {
        if (!memory_reserve(&reader->more, &reader->more_capacity,
                            reader->more_count + 1, sizeof *reader->more))
            return false;
        reader->more[reader->more_count] = more;
        fresh.more = (uint32_t)reader->more_count++;
    }
    reader->surface_count++;
    *surface = fresh;
    return true;
}

/* No word that could be a term: its neighbours are parted. */
static const struct surface parting = {
    .word = TOKEN_UNKNOWN, .column = COLUMN_NONE, .size = WORD_LIMIT + 1};

/* At the end of a text: goes back to what follows its last contrast. */
static void go_back(struct token_reader *reader, const struct surface **out,
                    size_t *count) {
    reader->scanner.at = reader->after_contrast;
    reader->after_contrast = NULL;
    reader->negated = false;
    reader->repeating = true;
    out[0] = &parting;
    *count = 1;
}

bool token_reader_next(struct token_reader *reader,
                       const struct surface **out, size_t *count) {
    struct word words[TOKEN_BATCH];
    uint64_t keys[TOKEN_BATCH][2], hashes[TOKEN_BATCH];
    *count = 0;
    if (!make_room(reader))
        return false;
    size_t found = word_scan(&reader->scanner, words, TOKEN_BATCH);
    if (found == 0 && reader->after_contrast) {
        go_back(reader, out, count);
        return true;
    }
    for (size_t i = 0; i < found; i++) { /* fetch ahead, then look up */
        fill_key(keys[i], &words[i], reader->scanner.end);
        hashes[i] = hash_key(keys[i], (uint16_t)words[i].size, 0);
        __builtin_prefetch(
            &reader->surfaces[hashes[i] & (reader->surface_capacity - 1)]);
    }
    for (size_t i = 0; i < found; i++) {
        if (words[i].size > WORD_LIMIT) {
            out[i] = &parting;
            continue;
        }
        uint8_t negated = reader->negated ? SURFACE_NEGATED : 0;
        if (negated)
            hashes[i] = hash_key(keys[i], (uint16_t)words[i].size, negated);
        struct surface *surface =
            find(reader, &words[i], keys[i], hashes[i], negated);
        if (surface->size == 0 &&
            !resolve_new(reader, surface, &words[i], keys[i], negated))
            return false;
        if (surface->flags & SURFACE_NEGATOR)
            reader->negated = true;
        else if (surface->flags & SURFACE_CLAUSE_END)
            reader->negated = false;
        if (surface->flags & SURFACE_CONTRAST && !reader->repeating)
            reader->after_contrast = words[i].data + words[i].size;
        out[i] = surface;
    }
    *count = found;
    return true;
}
