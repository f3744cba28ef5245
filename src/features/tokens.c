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
    MOST_SURFACES = 1 << 19, /* slots; at most half are used */
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
    return TENOR_OK;
}

void token_reader_clear(struct token_reader *reader) {
    normalizer_free(reader->normalizer);
    memory_free(reader->surfaces);
    memory_free(reader->texts);
    *reader = (struct token_reader){0};
}

void token_reader_start(struct token_reader *reader, struct slice text) {
    reader->negated = false;
    reader->scanner = (struct word_scanner){
        .at = text.data,
        .end = text.data + text.size,
        .marks = reader->options.keep_marks || reader->options.negation,
        .join_hyphens = reader->options.join_hyphens};
}

static struct surface *find(const struct token_reader *reader,
                            const struct word *word, uint8_t negated,
                            uint64_t hash) {
    size_t mask = reader->surface_capacity - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct surface *surface = &reader->surfaces[i];
        if (!(surface->flags & SURFACE_USED))
            return surface;
        if (surface->hash == hash && surface->size == word->size &&
            (surface->flags & SURFACE_NEGATED) == negated &&
            memcmp(reader->texts + surface->text, word->data, word->size) == 0)
            return surface;
    }
}

static bool grow(struct token_reader *reader) {
    size_t capacity = 2 * reader->surface_capacity;
    struct surface *surfaces = memory_new(capacity, sizeof *surfaces);
    if (!surfaces)
        return false;
    for (size_t i = 0; i < reader->surface_capacity; i++) {
        const struct surface *surface = &reader->surfaces[i];
        if (!(surface->flags & SURFACE_USED))
            continue;
        size_t at = surface->hash & (capacity - 1);
        while (surfaces[at].flags & SURFACE_USED)
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
    reader->text_size = 0;
    if (reader->forget)
        reader->forget(reader->context);
    return true;
}

static bool resolve_new(struct token_reader *reader, struct surface *surface,
                        const struct word *word, uint8_t negated,
                        uint64_t hash) {
    if (!memory_reserve(&reader->texts, &reader->text_capacity,
                        reader->text_size + word->size, 1))
        return false;
    struct normalized normalized;
    if (!normalizer_apply(reader->normalizer, &normalized, word, negated))
        return false;
    struct surface fresh = {
        .hash = hash,
        .text = (uint32_t)reader->text_size,
        .size = (uint16_t)word->size,
        .kind = (uint8_t)word->kind,
        .flags = (uint8_t)(SURFACE_USED | negated |
                           (normalized.negator ? SURFACE_NEGATOR : 0) |
                           (normalized.clause_end ? SURFACE_CLAUSE_END : 0)),
        .word = normalized.fate == WORD_SKIPPED ? TOKEN_SKIPPED
                                                : TOKEN_UNKNOWN,
        .form = TOKEN_UNKNOWN};
    if (!reader->resolve(reader->context, &fresh, &normalized))
        return false;
    memcpy(reader->texts + reader->text_size, word->data, word->size);
    reader->text_size += word->size;
    reader->surface_count++;
    *surface = fresh;
    return true;
}

bool token_reader_next(struct token_reader *reader,
                       const struct surface **out, size_t *count) {
    static const struct surface too_long = {
        .word = TOKEN_UNKNOWN, .form = TOKEN_UNKNOWN, .flags = SURFACE_USED};
    struct word words[TOKEN_BATCH];
    *count = 0;
    if (!make_room(reader))
        return false;
    size_t found = word_scan(&reader->scanner, words, TOKEN_BATCH);
    for (size_t i = 0; i < found; i++) {
        if (words[i].size > WORD_LIMIT) {
            out[i] = &too_long;
            continue;
        }
        uint8_t negated = reader->negated ? SURFACE_NEGATED : 0;
        uint64_t hash =
            strings_hash((struct slice){words[i].data, words[i].size});
        struct surface *surface = find(reader, &words[i], negated, hash);
        if (!(surface->flags & SURFACE_USED) &&
            !resolve_new(reader, surface, &words[i], negated, hash))
            return false;
        if (surface->flags & SURFACE_NEGATOR)
            reader->negated = true;
        else if (surface->flags & SURFACE_CLAUSE_END)
            reader->negated = false;
        out[i] = surface;
    }
    *count = found;
    return true;
}
