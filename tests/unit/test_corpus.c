/* corpus: records of the four formats to texts and labels, what is refused and
 * with which words, threads, and running out of memory at every allocation. */
#include "corpus/corpus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- helpers ------------------------------------------------------------ */

static void write_file(const char *path, const char *data) {
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(data, 1, strlen(data), stream), strlen(data));
    assert_int_equal(fclose(stream), 0);
}

static char directory[] = "/tmp/tenor-corpus-XXXXXX";
static char path[256];

static const char *put(const char *name, const char *data) {
    snprintf(path, sizeof path, "%s/%s", directory, name);
    write_file(path, data);
    return path;
}

/* The error of reading `data` as a file of that name, without the place where
 * the file is. */
static const char *read_error(const char *name, const char *data,
                              const struct corpus_options *options) {
    static char message[1024];
    tenor_error error = {0};
    struct corpus corpus;
    const char *file = put(name, data);
    assert_int_not_equal(corpus_read(&corpus, &file, 1, options, NULL, &error),
                         TENOR_OK);
    assert_int_equal(corpus.count, 0);
    tenor_error_format(&error, message, sizeof message);
    unlink(file);
    return strncmp(message, directory, strlen(directory)) == 0
               ? message + strlen(directory) + 1
               : message;
}

static void read_good(struct corpus *corpus, const char *name, const char *data,
                      const struct corpus_options *options) {
    tenor_error error = {0};
    const char *file = put(name, data);
    tenor_status status = corpus_read(corpus, &file, 1, options, NULL, &error);
    if (status)
        print_error("%s\n", error.message);
    assert_int_equal(status, TENOR_OK);
    unlink(file);
}

/* "label,label" of one record, "-" where it is not labelled. */
static const char *labels_of(const struct corpus_task *task, size_t record) {
    static char out[512];
    out[0] = '\0';
    if (!task->labelled[record])
        return "-";
    for (size_t i = task->starts[record]; i < task->starts[record + 1]; i++) {
        if (i > task->starts[record])
            strcat(out, ",");
        strcat(out, task->labels[task->values[i]]);
    }
    return out;
}

/* ---- corpora ------------------------------------------------------------ */

static void test_corpus_jsonl(void **state) {
    (void)state;
    struct corpus corpus;
    read_good(
        &corpus, "c.jsonl",
        "{\"id\": 7, \"text\": \"one\", \"topic\": [\"b\", \"a\", \"b\"], "
        "\"tone\": \"good\", \"label\": \"ignored\"}\n\n"
        "{\"id\": \"x\", \"text\": \"\", \"topic\": [], \"tone\": null}\n"
        "{\"text\": \"three\", \"topic\": \"\", \"tone\": \"\"}\n"
        "{\"text\": \"four\", \"topic\": \"c\", \"tone\": true}\n"
        "{\"text\": \"five\", \"tone\": 0.1}\n",
        NULL);
    assert_int_equal(corpus.count, 5);
    assert_string_equal(corpus.texts[0].data, "one");
    assert_int_equal(corpus.texts[1].size, 0);
    assert_string_equal(corpus.ids[0].data, "7");
    assert_int_equal(corpus.ids[2].size, 0);
    assert_int_equal(corpus.lines[4], 6);
    assert_null(corpus.groups);
    assert_int_equal(corpus.task_count, 2);
    const struct corpus_task *topic = &corpus.tasks[0],
                             *tone = &corpus.tasks[1];
    assert_string_equal(topic->name, "topic");
    assert_true(topic->multi);
    assert_int_equal(topic->label_count, 3);
    assert_string_equal(labels_of(topic, 0), "a,b");
    assert_string_equal(labels_of(topic, 1), "");
    assert_string_equal(labels_of(topic, 2), "");
    assert_string_equal(labels_of(topic, 3), "c");
    assert_string_equal(labels_of(topic, 4), "-");
    assert_false(tone->multi);
    assert_string_equal(labels_of(tone, 0), "good");
    assert_string_equal(labels_of(tone, 1), "-");
    assert_string_equal(labels_of(tone, 2), "-");
    assert_string_equal(labels_of(tone, 3), "true");
    assert_string_equal(labels_of(tone, 4), "0.1");
    corpus_clear(&corpus);
    corpus_clear(&corpus);
}

static void test_corpus_csv(void **state) {
    (void)state;
    struct corpus corpus;
    const char *tasks[] = {"stance", "theme"};
    struct corpus_options options = {
        .tasks = tasks, .task_count = 2, .group = "source"};
    read_good(&corpus, "c.csv",
              "text,theme,stance,source\n"
              "a, b | a,pro,s1\nb,,,s1\nc,a,con,\n",
              &options);
    assert_string_equal(corpus.groups[0].data, "s1");
    assert_int_equal(corpus.groups[2].size, 0);
    assert_string_equal(labels_of(&corpus.tasks[0], 0), "pro");
    assert_string_equal(labels_of(&corpus.tasks[0], 1), "-");
    assert_true(corpus.tasks[1].multi);
    assert_string_equal(labels_of(&corpus.tasks[1], 0), "a,b");
    assert_string_equal(labels_of(&corpus.tasks[1], 1), "");
    corpus_clear(&corpus);

    read_good(&corpus, "c.txt", "__label__x a\n__label__y __label__x b\n",
              NULL);
    assert_string_equal(corpus.tasks[0].name, "label");
    assert_string_equal(labels_of(&corpus.tasks[0], 1), "x,y");
    corpus_clear(&corpus);
}

static void test_corpus_weights(void **state) {
    (void)state;
    struct corpus corpus;
    struct corpus_options options = {.weight = "counts"};
    read_good(&corpus, "w.jsonl",
              "{\"text\": \"a\", \"tone\": \"x\", \"counts\": 2.5}\n"
              "{\"text\": \"b\", \"tone\": \"y\"}\n"
              "{\"text\": \"c\", \"tone\": \"y\", \"counts\": null}\n",
              &options);
    const double *weights = corpus.tasks[0].weights;
    assert_true(weights[0] == 2.5 && weights[1] == 1 && weights[2] == 1);
    corpus_clear(&corpus);
    read_good(&corpus, "w.csv", "text,tone,counts\na,x,0.25\nb,y,\n",
              &options);
    weights = corpus.tasks[0].weights;
    assert_true(weights[0] == 0.25 && weights[1] == 1);
    corpus_clear(&corpus);
    read_good(&corpus, "w.jsonl",
              "{\"text\": \"a\", \"tone\": \"x\", \"stance\": \"u\", "
              "\"counts\": {\"stance\": 0.5, \"other\": 0}}\n"
              "{\"text\": \"b\", \"tone\": \"y\", \"stance\": \"v\", "
              "\"counts\": 3}\n",
              &options);
    weights = corpus.tasks[0].weights; /* of the tone */
    assert_true(weights[0] == 1 && weights[1] == 3);
    weights = corpus.tasks[1].weights;
    assert_true(weights[0] == 0.5 && weights[1] == 3);
    corpus_clear(&corpus);
    read_good(&corpus, "w.jsonl", "{\"text\": \"a\", \"tone\": \"x\"}\n",
              NULL);
    assert_null(corpus.tasks[0].weights);
    corpus_clear(&corpus);
    /* what a record does not say is not weighed */
    read_good(&corpus, "w.jsonl",
              "{\"text\": \"a\", \"tone\": \"x\", "
              "\"counts\": {\"stance\": -1}}\n",
              &options);
    assert_true(corpus.tasks[0].weights[0] == 1);
    corpus_clear(&corpus);
    assert_non_null(strstr(
        read_error("w.jsonl",
                   "{\"text\": \"a\", \"tone\": \"x\", \"counts\": null}\n",
                   &options),
        "no record has the weight field \"counts\""));
    static const char *const wrong[] = {
        "0", "-1", "\"\\u0061\"", "true", "1e999", "[]", "{\"tone\": -1}"};
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        char lines[160];
        snprintf(lines, sizeof lines,
                 "{\"text\": \"a\", \"tone\": \"x\"}\n"
                 "{\"text\": \"a\", \"tone\": \"x\", \"counts\": %s}\n",
                 wrong[i]);
        assert_non_null(
            strstr(read_error("w.jsonl", lines, &options), "w.jsonl:2:"));
    }
}

static void test_corpus_targets(void **state) {
    (void)state;
    struct corpus corpus;
    struct corpus_options options = {.target_field = "year",
                                     .target_value = "2026"};
    const char *lines = "{\"text\": \"a\", \"tone\": \"x\", \"year\": 2026}\n"
                        "{\"text\": \"b\", \"tone\": \"y\"}\n"
                        "{\"text\": \"b\", \"tone\": \"y\", \"year\": \"202\"}\n"
                        "{\"text\": \"b\", \"tone\": \"y\", \"year\": \"2026\"}\n";
    read_good(&corpus, "t.jsonl", lines, &options);
    const uint8_t expected[] = {1, 0, 0, 1};
    assert_memory_equal(corpus.targets, expected, sizeof expected);
    corpus_clear(&corpus);
    options.target_value = "2014";
    assert_string_equal(read_error("t.jsonl", lines, &options),
                        "t.jsonl: no record has the value \"2014\" in the field "
                        "\"year\"; the first one has the fields \"text\", "
                        "\"tone\", \"year\"");
}

static void test_corpus_errors(void **state) {
    (void)state;
    const char *task = "mood";
    struct corpus_options named = {.tasks = &task, .task_count = 1};
    struct corpus_options grouped = {.group = "source"};
    assert_string_equal(read_error("e.jsonl", "\n\n", NULL),
                        "e.jsonl: the file holds no record");
    assert_string_equal(read_error("e.csv", "text,topic\n", NULL),
                        "e.csv: the file holds no record");
    assert_string_equal(
        read_error("e.jsonl", "{\"text\": \"a\", \"tone\": \"b\"}\n", &named),
        "e.jsonl: no record has a label in the field \"mood\"; the first one "
        "has \"text\", \"tone\"");
    assert_string_equal(
        read_error("e.jsonl", "{\"text\": \"a\", \"mood\": \"b\"}\n", NULL),
        "e.jsonl: no record is labelled under topic, tone, stance or label; name "
        "the field to learn, the first record has \"text\", \"mood\"");
    assert_string_equal(
        read_error("e.jsonl", "{\"text\": \"a\", \"tone\": \"b\"}\n", &grouped),
        "e.jsonl: no record has the group field \"source\"; the first one has "
        "\"text\", \"tone\"");
    assert_string_equal(
        read_error("e.jsonl",
                   "{\"text\": \"a\", \"tone\": \"b\"}\n"
                   "{\"text\": \"a\", \"tone\": {}}\n",
                   NULL),
        "e.jsonl:2: the label of \"tone\" is neither a string, a number, true "
        "or false, nor a list of these");
    assert_string_equal(
        read_error("e.jsonl", "{\"text\": \"a\", \"tone\": [null]}\n", NULL),
        "e.jsonl:1: the label of \"tone\" is neither a string, a number, true "
        "or false, nor a list of these");
    struct corpus corpus;
    tenor_error error = {0};
    assert_int_equal(corpus_read(&corpus, NULL, 0, NULL, NULL, &error),
                     TENOR_ERROR_USAGE);
    corpus_clear(&corpus);
}

/* Of several broken lines the first is reported, and the records keep their
 * order, with any number of threads. */
static void test_threads(void **state) {
    (void)state;
    enum { RECORDS = 40000, BROKEN = 3000 };
    struct thread_pool *pool = thread_pool_new(4);
    struct buffer data = {0};
    for (int i = 0; i < RECORDS; i++)
        buffer_format(&data, "{\"text\": \"t%d\", \"tone\": \"l%d\"}\n", i,
                      i % 7);
    struct corpus corpus;
    tenor_error error = {0};
    const char *file = put("many.jsonl", data.data);
    assert_int_equal(corpus_read(&corpus, &file, 1, NULL, pool, &error),
                     TENOR_OK);
    assert_int_equal(corpus.count, RECORDS);
    for (int i = 0; i < RECORDS; i++) {
        char text[16];
        snprintf(text, sizeof text, "t%d", i);
        assert_string_equal(corpus.texts[i].data, text);
        assert_int_equal(corpus.tasks[0].values[i], i % 7);
        assert_int_equal(corpus.lines[i], i + 1);
    }
    corpus_clear(&corpus);

    data.size = 0;
    for (int i = 0; i < RECORDS; i++)
        buffer_text(&data, i > BROKEN ? "{\"text\": 1}\n"
                                      : "{\"text\": \"\", \"tone\": 1}\n");
    file = put("many.jsonl", data.data);
    assert_int_equal(corpus_read(&corpus, &file, 1, NULL, pool, &error),
                     TENOR_ERROR_INPUT);
    assert_int_equal(error.line, BROKEN + 2);
    unlink(file);
    buffer_clear(&data);
    thread_pool_free(pool);
}

static void *jansson_alloc(size_t size) {
    return memory_new_raw(size, 1);
}

/* Every allocation fails once; nothing may leak (the sanitizers look). libcsv
 * tries a smaller size before it gives up, so that a run may succeed although
 * an allocation failed: the sweep ends when many in a row do. */
static void test_no_memory(void **state) {
    (void)state;
    json_malloc_t previous_malloc;
    json_free_t previous_free;
    json_get_alloc_funcs(&previous_malloc, &previous_free);
    json_set_alloc_funcs(jansson_alloc, memory_free);
    char first[256], table[256], lines[256];
    strcpy(first, put("a.jsonl",
                      "{\"id\": 1, \"text\": \"a\xFF\\u0000\", \"g\": \"x\", "
                      "\"label\": [\"x\", 2]}\n{\"text\": \"\\ud800\"}\n"));
    strcpy(table, put("b.csv", "text,label,g\n\"a\xFF\nb\",x|y,\n"));
    strcpy(lines, put("c.ft", "__label__x a\n__label__y __label__z b\n"));
    const char *paths[] = {first, table, lines};
    struct corpus_options options = {.group = "g"};
    size_t n, failures = 0, successes = 0;
    for (n = 1; successes < 20; n++) {
        tenor_error error = {0};
        struct corpus corpus;
        memory_fail_at(n);
        tenor_status status =
            corpus_read(&corpus, paths, 3, &options, NULL, &error);
        memory_fail_at(0);
        assert_int_equal(error.status, status);
        failures += status != TENOR_OK;
        successes = status ? 0 : successes + 1;
        /* jansson may hide it behind a parse error of its own */
        assert_true(status == TENOR_OK || status == TENOR_ERROR_MEMORY ||
                    status == TENOR_ERROR_INPUT);
        corpus_clear(&corpus);
    }
    assert_true(failures > 100);
    json_set_alloc_funcs(previous_malloc, previous_free);
    unlink(first);
    unlink(table);
    unlink(lines);
}

static int set_up(void **state) {
    (void)state;
    return mkdtemp(directory) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    return rmdir(directory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corpus_jsonl),
        cmocka_unit_test(test_corpus_csv),
        cmocka_unit_test(test_corpus_weights),
        cmocka_unit_test(test_corpus_targets),
        cmocka_unit_test(test_corpus_errors),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
