/* Which n-grams of each order occur in enough texts.
 *
 * Every occurrence of a candidate (its prefix and its last word both kept) is
 * sent as (key, text) to one of SHARDS lists by the key's hash; each shard is
 * then counted in a table that fits the cache. Shards do not depend on the
 * threads, and in each one occurrences stand in text order, so numbers come
 * out the same however the work is spread. Where the occurrences of all
 * shards would take more than MEMORY_LIMIT, they are gone through in several
 * passes, a group of shards each. */
#include "features/fit.h"

#include <string.h>

enum { SHARDS = 64, SHARD_SHIFT = 58 };
static const size_t MEMORY_LIMIT = (size_t)256 << 20;

struct occurrence {
    uint64_t key;
    uint32_t text;
};
struct occurrence_list {
    struct occurrence *items;
    size_t count, capacity;
};
struct counted_key {
    uint64_t key;
    uint32_t df;
    uint32_t last; /* text + 1; 0: free slot */
};
struct shard {
    struct counted_key *kept; /* df >= min_df, by first occurrence */
    size_t kept_count;
    bool failed;
};

struct ngram_work {
    struct fit *fit;
    uint32_t order;
    size_t sections; /* the texts in this many runs, a work item each */
    size_t first_shard, shard_count; /* of this pass */
    struct occurrence_list *lists;   /* [sections][SHARDS] */
    struct shard shards[SHARDS];
    bool *failed; /* [sections] */
};

/* Number of the n-gram of `order - 1` words that starts at words[0]. */
static uint32_t find_prefix(const struct vocabulary *vocabulary,
                            const uint32_t *words, uint32_t order) {
    uint32_t prefix = words[0];
    for (uint32_t i = 1; i + 1 < order && prefix != TOKEN_UNKNOWN; i++) {
        if (words[i] == TOKEN_UNKNOWN)
            return TOKEN_UNKNOWN;
        prefix =
            ngram_table_find(&vocabulary->ngrams[i - 1], prefix, words[i]);
    }
    return prefix;
}

static bool send_text(struct ngram_work *work, struct occurrence_list *lists,
                      size_t text) {
    const struct fit *fit = work->fit;
    const uint32_t *words = fit_words(fit, text);
    uint32_t count = fit->read[text].word_count, order = work->order;
    for (uint32_t i = 0; i + order <= count; i++) {
        uint32_t last = words[i + order - 1];
        if (last == TOKEN_UNKNOWN || words[i] == TOKEN_UNKNOWN)
            continue;
        uint32_t prefix = find_prefix(fit->out, words + i, order);
        if (prefix == TOKEN_UNKNOWN)
            continue;
        uint64_t key = ngram_key(prefix, last);
        size_t shard = ngram_hash(key) >> SHARD_SHIFT;
        if (shard - work->first_shard >= work->shard_count)
            continue;
        struct occurrence_list *list = &lists[shard];
        if (!memory_reserve(&list->items, &list->capacity, list->count + 1,
                            sizeof *list->items))
            return false;
        list->items[list->count++] = (struct occurrence){key, (uint32_t)text};
    }
    return true;
}

static void send_section(void *context, size_t item, size_t worker) {
    (void)worker;
    struct ngram_work *work = context;
    size_t count = work->fit->count;
    size_t start = count * item / work->sections;
    size_t end = count * (item + 1) / work->sections;
    for (size_t i = start; i < end && !work->failed[item]; i++)
        work->failed[item] =
            !send_text(work, work->lists + item * SHARDS, i);
}

/* Empties the shard's lists into a table of its distinct keys; the keys'
 * slots come back in `order`, by first occurrence. */
static bool count_keys(struct ngram_work *work, size_t shard,
                       struct counted_key **table, size_t *slot_count,
                       uint32_t **order, size_t *distinct) {
    size_t capacity = 1 << 10, order_capacity = 0, count = 0;
    struct counted_key *slots = memory_new(capacity, sizeof *slots);
    bool good = slots != NULL;
    for (size_t s = 0; s < work->sections; s++) {
        struct occurrence_list *list = &work->lists[s * SHARDS + shard];
        for (size_t i = 0; good && i < list->count; i++) {
            uint64_t key = list->items[i].key;
            uint32_t mark = list->items[i].text + 1;
            /* the shard took the hash's upper bits, the slot the lower */
            size_t at = ngram_hash(key) & (capacity - 1);
            while (slots[at].last && slots[at].key != key)
                at = (at + 1) & (capacity - 1);
            if (slots[at].last == mark)
                continue;
            if (slots[at].last) {
                slots[at].df++;
                slots[at].last = mark;
                continue;
            }
            slots[at] = (struct counted_key){key, 1, mark};
            good = memory_reserve(order, &order_capacity, count + 1,
                                  sizeof **order);
            if (good)
                (*order)[count++] = (uint32_t)at;
            if (!good || 2 * count < capacity)
                continue;
            struct counted_key *wider = memory_new(2 * capacity, sizeof *wider);
            good = wider != NULL;
            for (size_t k = 0; good && k < count; k++) {
                struct counted_key *old = &slots[(*order)[k]];
                size_t to = ngram_hash(old->key) & (2 * capacity - 1);
                while (wider[to].last)
                    to = (to + 1) & (2 * capacity - 1);
                wider[to] = *old;
                (*order)[k] = (uint32_t)to;
            }
            if (good) {
                memory_free(slots);
                slots = wider;
                capacity *= 2;
            }
        }
        memory_free(list->items);
        *list = (struct occurrence_list){0};
    }
    *table = slots;
    *slot_count = capacity;
    *distinct = count;
    return good;
}

static void count_shard(void *context, size_t item, size_t worker) {
    (void)worker;
    struct ngram_work *work = context;
    size_t number = work->first_shard + item;
    struct shard *shard = &work->shards[number];
    struct counted_key *table = NULL;
    uint32_t *order = NULL, min_df = work->fit->out->features.min_df;
    size_t slots, distinct, kept = 0;
    bool good = count_keys(work, number, &table, &slots, &order, &distinct);
    for (size_t i = 0; good && i < distinct; i++)
        kept += table[order[i]].df >= min_df;
    if (good)
        shard->kept = memory_new_raw(kept, sizeof *shard->kept);
    for (size_t i = 0; good && shard->kept && i < distinct; i++)
        if (table[order[i]].df >= min_df)
            shard->kept[shard->kept_count++] = table[order[i]];
    shard->failed = !good || !shard->kept;
    memory_free(order);
    memory_free(table);
}

/* Numbers the kept n-grams of all shards by falling document frequency. */
static bool number_ngrams(struct ngram_work *work) {
    struct fit *fit = work->fit;
    size_t total = 0, at = 0;
    for (size_t s = 0; s < SHARDS; s++)
        total += work->shards[s].kept_count;
    if (total >= UINT32_MAX / 2)
        return false;
    uint64_t *keys = memory_new_raw(total, sizeof *keys);
    uint64_t *found = memory_new_raw(total, sizeof *found);
    uint32_t *df = memory_new_raw(total, sizeof *df);
    uint32_t *found_df = memory_new_raw(total, sizeof *found_df);
    struct sort_item *items = memory_new_raw(total, 2 * sizeof *items);
    bool good = keys && found && df && found_df && items;
    for (size_t s = 0; good && s < SHARDS; s++)
        for (size_t i = 0; i < work->shards[s].kept_count; i++, at++) {
            found[at] = work->shards[s].kept[i].key;
            found_df[at] = work->shards[s].kept[i].df;
            items[at] = (struct sort_item){0, (uint32_t)at};
        }
    if (good)
        sort_by_df(items, items + total, total, found_df);
    for (size_t i = 0; good && i < total; i++) {
        keys[i] = found[items[i].id];
        df[i] = found_df[items[i].id];
    }
    size_t table = work->order - 2;
    fit->ngram_keys[table] = keys;
    fit->ngram_df[table] = df;
    fit->ngram_counts[table] = good ? (uint32_t)total : 0;
    /* the next order looks its prefixes up */
    if (good && work->order < fit->out->features.ngram_max) {
        for (size_t i = 0; i < total; i++)
            found_df[i] = (uint32_t)i;
        good = ngram_table_build(
            &fit->out->ngrams[table], keys, found_df, total,
            table ? fit->ngram_counts[table - 1] : fit->out->words.count,
            fit->out->words.count);
    }
    memory_free(found);
    memory_free(found_df);
    memory_free(items);
    return good;
}

static bool fit_order(struct fit *fit, uint32_t order, size_t passes) {
    size_t sections = fit->count < 256 ? fit->count : 256;
    struct ngram_work work = {.fit = fit, .order = order, .sections = sections};
    work.lists = memory_new(sections * SHARDS, sizeof *work.lists);
    work.failed = memory_new(sections, sizeof *work.failed);
    bool good = work.lists && work.failed;
    for (size_t pass = 0; good && pass < passes; pass++) {
        work.first_shard = SHARDS * pass / passes;
        work.shard_count = SHARDS * (pass + 1) / passes - work.first_shard;
        thread_pool_run(fit->pool, sections, send_section, &work);
        for (size_t i = 0; i < sections; i++)
            good = good && !work.failed[i];
        if (good)
            thread_pool_run(fit->pool, work.shard_count, count_shard, &work);
        for (size_t i = 0; i < SHARDS; i++)
            good = good && !work.shards[i].failed;
    }
    good = good && number_ngrams(&work);
    for (size_t i = 0; work.lists && i < sections * SHARDS; i++)
        memory_free(work.lists[i].items);
    for (size_t i = 0; i < SHARDS; i++)
        memory_free(work.shards[i].kept);
    memory_free(work.lists);
    memory_free(work.failed);
    return good;
}

bool fit_ngrams(struct fit *fit) {
    size_t words = 0;
    for (size_t i = 0; i < fit->threads; i++)
        words += fit->workers[i].word_stream.count;
    size_t passes =
        1 + words / (MEMORY_LIMIT / sizeof(struct occurrence));
    if (passes > SHARDS)
        passes = SHARDS;
    for (uint32_t order = 2; order <= fit->out->features.ngram_max; order++)
        if (!fit_order(fit, order, passes))
            return false;
    return true;
}
