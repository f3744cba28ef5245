/* Checks of the corpus in data/: its records, its split, its balance, and that
 * no paragraph stands in it twice, even nearly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "corpus/corpus.h"
#include "text/text.h"

enum { TRAIN, HELDOUT, PARTS };
static const char *const paths[PARTS] = {
    TENOR_SOURCE_DIR "/data/train.jsonl",
    TENOR_SOURCE_DIR "/data/heldout.jsonl"};
static const char *const tasks[] = {"topic", "tone", "stance"};
static const char *const topics[] = {"energy", "sanctions", "territory",
                                     "troops"};
static const char *const tones[] = {"negative", "neutral", "positive"};
static const char *const stances[] = {"conciliatory", "confrontational",
                                      "none"};
static const char *const genres[] = {
    "wire_report",        "newspaper_feature", "frontline_dispatch",
    "military_communique", "official_statement", "sanctions_notice",
    "energy_note",        "grid_bulletin",     "legal_text",
    "think_tank",         "opinion",           "live_blog",
    "interview",          "explainer",         "faq",
    "heading",            "bullet",            "table_row",
    "speech",             "humanitarian_report"};

/* Both parts, read once; the genre is read as their group. */
static struct corpus corpus;

static bool read_data(struct corpus *out, const char *group) {
    tenor_error error = {0};
    const struct corpus_options options = {
        .tasks = tasks, .task_count = 3, .group = group};
    if (corpus_read(out, paths, PARTS, &options, NULL, &error)) {
        print_error("%s:%zu: %s\n", error.file, error.line, error.message);
        return false;
    }
    return true;
}

static int load(void **state) {
    (void)state;
    return read_data(&corpus, "genre") ? 0 : 1;
}

static int unload(void **state) {
    (void)state;
    corpus_clear(&corpus);
    return 0;
}

static void assert_labels(const struct corpus_task *task, bool multi,
                          const char *const *labels, size_t count) {
    assert_true(task->multi == multi);
    assert_int_equal(task->label_count, count);
    for (size_t k = 0; k < count; k++)
        assert_string_equal(task->labels[k], labels[k]);
    for (size_t i = 0; i < corpus.count; i++)
        assert_true(task->labelled[i]);
}

static void test_labels(void **state) {
    (void)state;
    assert_labels(&corpus.tasks[0], true, topics, 4);
    assert_labels(&corpus.tasks[1], false, tones, 3);
    assert_labels(&corpus.tasks[2], false, stances, 3);
}

static void test_ids_and_texts(void **state) {
    (void)state;
    struct strings ids = {0};
    for (size_t i = 0; i < corpus.count; i++) {
        uint32_t id;
        assert_true(corpus.ids[i].size > 0);
        assert_true(strings_add(&ids, &id, corpus.ids[i]));
        assert_int_equal(id, i); /* none stands twice */
        assert_true(corpus.texts[i].size > 0);
    }
    assert_int_equal(corpus.repaired, 0);
    strings_clear(&ids);
}

/* A paragraph is held out when the FNV-1a hash of its id is a multiple of 8. */
static void test_split(void **state) {
    (void)state;
    for (size_t i = 0; i < corpus.count; i++) {
        uint32_t hash = UINT32_C(2166136261);
        for (size_t k = 0; k < corpus.ids[i].size; k++)
            hash = (hash ^ (unsigned char)corpus.ids[i].data[k]) *
                   UINT32_C(16777619);
        assert_int_equal(corpus.files[i], hash % 8 == 0 ? HELDOUT : TRAIN);
    }
}

/* Shares of each label, in percent, that keep every label learnable. */
static void test_balance(void **state) {
    (void)state;
    size_t counts[3][4] = {{0}}, no_topic = 0;
    for (size_t t = 0; t < 3; t++)
        for (size_t k = 0; k < corpus.tasks[t].starts[corpus.count]; k++)
            counts[t][corpus.tasks[t].values[k]]++;
    for (size_t i = 0; i < corpus.count; i++)
        no_topic += corpus.tasks[0].starts[i] == corpus.tasks[0].starts[i + 1];
    assert_true(corpus.count >= 3000);
    assert_in_range(100 * no_topic / corpus.count, 25, 45);
    for (size_t t = 0; t < 3; t++)
        for (size_t k = 0; k < corpus.tasks[t].label_count; k++)
            assert_true(100 * counts[t][k] / corpus.count >= 8);
}

static void test_genres(void **state) {
    (void)state;
    size_t counts[ARRAY_LENGTH(genres)] = {0};
    for (size_t i = 0; i < corpus.count; i++) {
        size_t g = 0;
        struct slice genre = corpus.groups[i];
        while (g < ARRAY_LENGTH(genres) &&
               (strlen(genres[g]) != genre.size ||
                memcmp(genres[g], genre.data, genre.size) != 0))
            g++;
        assert_true(g < ARRAY_LENGTH(genres));
        counts[g]++;
    }
    for (size_t g = 0; g < ARRAY_LENGTH(genres); g++)
        assert_true(counts[g] >= 20);
}

/* Every paragraph names the brief of its writer: the shipped model's folds keep
 * a brief together. */
static void test_briefs(void **state) {
    (void)state;
    enum { BRIEFS = 18 };
    size_t counts[BRIEFS + 1] = {0};
    struct corpus briefs = {0};
    assert_true(read_data(&briefs, "brief"));
    for (size_t i = 0; i < briefs.count; i++) {
        const struct slice name = briefs.groups[i];
        char digits[4] = {0};
        assert_in_range(name.size, 1, sizeof digits - 1);
        memcpy(digits, name.data, name.size);
        size_t brief = strtoul(digits, NULL, 10);
        assert_in_range(brief, 1, BRIEFS);
        counts[brief]++;
    }
    for (size_t b = 1; b <= BRIEFS; b++)
        assert_true(counts[b] >= 1000);
    corpus_clear(&briefs);
}

/* A paragraph on whose tone or stance its readers differed counts half there. */
static void test_weights(void **state) {
    (void)state;
    for (size_t part = 0; part < PARTS; part++) {
        struct record_reader *reader;
        struct record record;
        bool more;
        assert_int_equal(
            record_reader_open(&reader, paths[part], RECORD_AUTO, NULL), 0);
        while (!record_reader_next(reader, &record, &more, NULL) && more) {
            const json_t *weights = json_object_get(record.fields, "weight");
            size_t disputed = 0;
            for (size_t t = 1; t < ARRAY_LENGTH(tasks); t++) { /* not topic */
                const json_t *label = json_object_get(record.fields, tasks[t]);
                json_t *reading;
                size_t i;
                bool differ = false;
                json_array_foreach(json_object_get(record.fields, "readings"),
                                   i, reading)
                    differ = differ ||
                             !json_equal(json_object_get(reading, tasks[t]),
                                         label);
                double weight =
                    json_number_value(json_object_get(weights, tasks[t]));
                assert_true(weight == (differ ? 0.5 : 0));
                disputed += differ;
            }
            assert_true(disputed ? json_object_size(weights) == disputed
                                 : weights == NULL);
            record_clear(&record);
        }
        assert_false(more);
        record_reader_close(reader);
    }
}

static size_t count_words(struct slice text) {
    size_t words = 0;
    for (size_t i = 0; i < text.size; i++)
        words += text.data[i] != ' ' && (i == 0 || text.data[i - 1] == ' ');
    return words;
}

static void test_lengths(void **state) {
    (void)state;
    size_t tenths[4] = {0}; /* to 15, 40, 80, 200 words */
    for (size_t i = 0; i < corpus.count; i++) {
        size_t words = count_words(corpus.texts[i]);
        assert_in_range(words, 1, 200);
        tenths[(words > 15) + (words > 40) + (words > 80)]++;
    }
    for (size_t k = 0; k < 4; k++)
        assert_true(100 * tenths[k] / corpus.count >= 2);
}

/* ---- near duplicates ----------------------------------------------------------- */
enum { SHINGLE = 5, MOST_WORDS = 256 };

/* The shingles (runs of five words) of a paragraph, by number. */
static size_t cut_shingles(struct strings *shingles, struct slice text,
                           uint32_t *out) {
    struct word_scanner scanner = {text.data, text.data + text.size, false,
                                   false};
    struct word words[MOST_WORDS];
    size_t count = word_scan(&scanner, words, MOST_WORDS), found = 0;
    for (size_t i = 0; i + SHINGLE <= count; i++) {
        char key[SHINGLE * (WORD_LIMIT + 2)];
        size_t size = 0;
        for (size_t k = i; k < i + SHINGLE; k++) {
            for (uint32_t b = 0; b < words[k].size; b++) {
                char byte = words[k].data[b];
                key[size++] =
                    (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
            }
            key[size++] = ' ';
        }
        assert_true(strings_add(shingles, &out[found++],
                                (struct slice){key, size}));
    }
    return found;
}

/* No two paragraphs share half of the shingles of either. Each shingle
 * remembers the first paragraph that held it. */
static void test_near_duplicates(void **state) {
    (void)state;
    struct strings shingles = {0};
    uint32_t *owner = NULL, found[MOST_WORDS];
    size_t capacity = 0;
    uint32_t *shared = memory_new(corpus.count, sizeof *shared);
    assert_non_null(shared);
    for (size_t i = 0; i < corpus.count; i++) {
        uint32_t before = shingles.count;
        size_t count = cut_shingles(&shingles, corpus.texts[i], found);
        assert_true(memory_reserve(&owner, &capacity, shingles.count,
                                   sizeof *owner));
        for (uint32_t k = before; k < shingles.count; k++)
            owner[k] = (uint32_t)i;
        for (size_t k = 0; k < count; k++) {
            uint32_t other = owner[found[k]];
            if (other == i || 2 * ++shared[other] < count)
                continue;
            print_error("%.*s and %.*s are nearly the same\n",
                        (int)corpus.ids[i].size, corpus.ids[i].data,
                        (int)corpus.ids[other].size, corpus.ids[other].data);
            fail();
        }
        for (size_t k = 0; k < count; k++)
            shared[owner[found[k]]] = 0;
    }
    memory_free(shared);
    memory_free(owner);
    strings_clear(&shingles);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),   cmocka_unit_test(test_ids_and_texts),
        cmocka_unit_test(test_split),    cmocka_unit_test(test_balance),
        cmocka_unit_test(test_genres),   cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_briefs),   cmocka_unit_test(test_near_duplicates),
        cmocka_unit_test(test_weights),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
