/* N-grams without strings: an n-gram is a pair of numbers, its prefix and its
 * last word, and a look-up is one cache line, fetched ahead of use.
 *
 * With B buckets, prefix p = q B + r and word w,
 *
 *   bucket = (r + g(w)) mod B,   tag = w * spans + q,   spans = ceil(P / B)
 *
 * where g spreads the words over 0..B-1. The tag gives back w and q, then the
 * bucket gives r: nothing is lost, so tags are all that need to be stored and
 * compared (after R. G. Cleary, "Compact hash tables using bidirectional linear
 * probing", 1984). All eight tags of a bucket are compared at once, without a
 * branch. With four n-grams a bucket one in a hundred finds its bucket full.
 *
 * Character n-grams are cut here too. */
#include "features/tokens.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Fibonacci hashing scatters numbers evenly, those in sequence most of all. */
static inline uint32_t scatter(uint32_t word, uint32_t buckets) {
    uint32_t hash = word * UINT32_C(2654435769);
    return (uint32_t)((uint64_t)hash * buckets >> 32);
}

struct address {
    uint32_t bucket, tag;
};

static inline struct address locate(const struct ngram_table *table,
                                    uint32_t prefix, uint32_t word) {
    uint32_t buckets = table->bucket_count, span = 0;
    if (prefix >= buckets) {
        span = prefix / buckets;
        prefix -= span * buckets;
    }
    uint32_t bucket = prefix + scatter(word, buckets);
    bucket -= bucket >= buckets ? buckets : 0;
    return (struct address){bucket, word * table->spans + span};
}

static uint64_t key_at(const struct ngram_table *table, uint32_t bucket,
                       uint32_t tag) {
    uint32_t word = tag / table->spans, span = tag % table->spans;
    uint32_t start = scatter(word, table->bucket_count);
    uint32_t rest =
        bucket >= start ? bucket - start : bucket + table->bucket_count - start;
    return ngram_key(span * table->bucket_count + rest, word);
}

/* ---- building ---------------------------------------------------------------- */
void ngram_table_clear(struct ngram_table *table) {
    memory_free(table->buckets);
    memory_free(table->spilled);
    *table = (struct ngram_table){0};
}

/* Enough buckets for the n-grams, and for tags to fit 32 bits; false: over the
 * limit. */
static bool choose_size(struct ngram_table *table, size_t count,
                        uint32_t prefixes, uint32_t words) {
    uint64_t buckets = count / 4 + 1;
    while ((prefixes + buckets - 1) / buckets * words >= NGRAM_NONE)
        buckets *= 2;
    if (count > INT32_MAX || buckets > INT32_MAX)
        return false;
    table->count = (uint32_t)count;
    table->bucket_count = (uint32_t)buckets;
    table->spans = (uint32_t)((prefixes + buckets - 1) / buckets);
    return true;
}

static uint32_t spilled_place(const struct ngram_table *table, uint64_t key) {
    return (uint32_t)((ngram_hash(key) >> 32) * table->spilled_count >> 32);
}

/* The key's slot, or the free one where it would go. */
static struct ngram_spilled *find_spilled(const struct ngram_table *table,
                                          uint64_t key) {
    uint32_t at = spilled_place(table, key);
    while (table->spilled[at].number != NGRAM_NONE &&
           table->spilled[at].key != key)
        at = at + 1 == table->spilled_count ? 0 : at + 1;
    return &table->spilled[at];
}

/* Puts list[count] into a table half full; frees the list. */
static bool keep_spilled(struct ngram_table *table, struct ngram_spilled *list,
                         size_t count) {
    if (count > 0) {
        table->spilled_count = (uint32_t)(2 * count + 1);
        table->spilled =
            memory_new(table->spilled_count, sizeof *table->spilled);
    }
    bool good = count == 0 || table->spilled;
    for (uint32_t i = 0; good && i < table->spilled_count; i++)
        table->spilled[i].number = NGRAM_NONE;
    for (size_t i = 0; good && i < count; i++)
        *find_spilled(table, list[i].key) = list[i];
    memory_free(list);
    return good;
}

bool ngram_table_build(struct ngram_table *out, const uint64_t *keys,
                       const uint32_t *numbers, size_t count,
                       uint32_t prefixes, uint32_t words) {
    enum { AHEAD = 16 };
    *out = (struct ngram_table){0};
    if (count == 0)
        return true;
    if (!choose_size(out, count, prefixes, words))
        return false;
    out->buckets = memory_new_table(out->bucket_count, sizeof *out->buckets);
    if (!out->buckets)
        return false;
    memset(out->buckets, 0xFF, out->bucket_count * sizeof *out->buckets);
    struct ngram_spilled *list = NULL;
    size_t listed = 0, capacity = 0;
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        if (i + AHEAD < count) {
            uint64_t next = keys[i + AHEAD];
            __builtin_prefetch(&out->buckets[locate(out, (uint32_t)(next >> 32),
                                                    (uint32_t)next)
                                                 .bucket]);
        }
        struct address address =
            locate(out, (uint32_t)(keys[i] >> 32), (uint32_t)keys[i]);
        struct ngram_bucket *bucket = &out->buckets[address.bucket];
        size_t k = 0;
        while (k < NGRAM_BUCKET && bucket->tags[k] != NGRAM_NONE)
            k++;
        if (k < NGRAM_BUCKET) {
            bucket->tags[k] = address.tag;
            bucket->numbers[k] = numbers[i];
            continue;
        }
        good = memory_reserve(&list, &capacity, listed + 1, sizeof *list);
        if (good)
            list[listed++] =
                (struct ngram_spilled){.key = keys[i], .number = numbers[i]};
    }
    good = good && 2 * listed < UINT32_MAX;
    if (keep_spilled(out, list, good ? listed : 0) && good)
        return true;
    ngram_table_clear(out);
    return false;
}

bool ngram_table_visit(const struct ngram_table *table, ngram_visitor *visit,
                       void *context) {
    for (uint32_t b = 0; b < table->bucket_count; b++) {
        const struct ngram_bucket *bucket = &table->buckets[b];
        for (size_t k = 0; k < NGRAM_BUCKET; k++)
            if (bucket->tags[k] != NGRAM_NONE &&
                !visit(context, key_at(table, b, bucket->tags[k]),
                       bucket->numbers[k]))
                return false;
    }
    for (uint32_t i = 0; i < table->spilled_count; i++)
        if (table->spilled[i].number != NGRAM_NONE &&
            !visit(context, table->spilled[i].key, table->spilled[i].number))
            return false;
    return true;
}

/* ---- looking up ---------------------------------------------------------------- */
/* The number that stands beside the tag, NGRAM_NONE where there is none: all
 * numbers, each or-ed with ones unless its tag fits, and-ed together. */
static inline uint32_t select_number(const struct ngram_bucket *bucket,
                                     uint32_t tag) {
#if defined(__SSE2__)
    const __m128i *tags = (const __m128i *)(const void *)bucket->tags;
    const __m128i *numbers = (const __m128i *)(const void *)bucket->numbers;
    __m128i wanted = _mm_set1_epi32((int)tag);
    __m128i first = _mm_cmpeq_epi32(_mm_loadu_si128(tags), wanted);
    __m128i second = _mm_cmpeq_epi32(_mm_loadu_si128(tags + 1), wanted);
    /* not-and and or: the same, upside down */
    __m128i found =
        _mm_or_si128(_mm_andnot_si128(_mm_loadu_si128(numbers), first),
                     _mm_andnot_si128(_mm_loadu_si128(numbers + 1), second));
    found = _mm_or_si128(found, _mm_shuffle_epi32(found, 0x4E));
    found = _mm_or_si128(found, _mm_shuffle_epi32(found, 0xB1));
    return ~(uint32_t)_mm_cvtsi128_si32(found);
#else
    uint32_t number = NGRAM_NONE;
    for (size_t k = 0; k < NGRAM_BUCKET; k++)
        number &= bucket->numbers[k] | ((bucket->tags[k] == tag) - 1u);
    return number;
#endif
}

static inline uint32_t probe(const struct ngram_table *table,
                             struct address address, uint32_t prefix,
                             uint32_t word) {
    const struct ngram_bucket *bucket = &table->buckets[address.bucket];
    uint32_t number = select_number(bucket, address.tag);
    if (number == NGRAM_NONE && table->spilled_count > 0 &&
        bucket->tags[NGRAM_BUCKET - 1] != NGRAM_NONE)
        return find_spilled(table, ngram_key(prefix, word))->number;
    return number;
}

uint32_t ngram_table_find(const struct ngram_table *table, uint32_t prefix,
                          uint32_t word) {
    if (table->bucket_count == 0)
        return NGRAM_NONE;
    return probe(table, locate(table, prefix, word), prefix, word);
}

/* prefixes[i] holds the number of the (n-1)-gram that starts at i, or
 * TOKEN_UNKNOWN, and is moved on to the n-gram. */
static void add_order(struct row_builder *row, const struct ngram_table *table,
                      uint32_t columns, const uint32_t *words, size_t count,
                      uint32_t *prefixes) {
    enum { BATCH = 128, AHEAD = 24 };
    struct address addresses[BATCH];
    uint32_t places[BATCH], found[BATCH];
    size_t i = 0;
    while (i < count) {
        size_t waiting = 0, known = 0;
        for (; i < count && waiting < BATCH; i++) {
            addresses[waiting] = locate(table, prefixes[i], words[i]);
            places[waiting] = (uint32_t)i;
            if (waiting < AHEAD)
                __builtin_prefetch(
                    &table->buckets[addresses[waiting].bucket]);
            bool whole = (prefixes[i] != TOKEN_UNKNOWN) &
                         (words[i] != TOKEN_UNKNOWN);
            prefixes[i] = whole ? prefixes[i] : TOKEN_UNKNOWN;
            waiting += whole;
        }
        for (size_t k = 0; k < waiting; k++) {
            if (k + AHEAD < waiting)
                __builtin_prefetch(
                    &table->buckets[addresses[k + AHEAD].bucket]);
            uint32_t at = places[k];
            uint32_t number =
                probe(table, addresses[k], prefixes[at], words[at]);
            prefixes[at] = number;
            found[known] = number;
            known += number < columns;
        }
        row_add(row, found, known);
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
        if (table->bucket_count == 0)
            return;
        add_order(row, table, vocabulary->word_columns, words + order - 1,
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
