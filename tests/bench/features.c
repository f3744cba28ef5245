/* Times text to TF-IDF rows: bench_features FILE.jsonl [ROUNDS]
 *
 * Prints one line of JSON: the bytes of text, and the best of ROUNDS times in
 * seconds of fit_transform and transform (word 1-2-grams) on all cores, and of
 * transform on one. tests/bench/features.py sets them beside scikit-learn and
 * wc -w. */
#include "corpus/corpus.h"
#include "features/features.h"

#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

struct texts {
    struct slice *items;
    size_t count, capacity, bytes;
    struct buffer all;
};

/* Only the texts: any labels will do. */
static tenor_status read_texts(struct texts *out, const char *path,
                               tenor_error *error) {
    struct record_reader *reader;
    struct record record;
    bool more = true;
    size_t *starts = NULL, capacity = 0;
    tenor_status status =
        record_reader_open(&reader, path, RECORD_AUTO, error);
    while (!status && more) {
        status = record_reader_next(reader, &record, &more, error);
        if (status || !more)
            break;
        if (!memory_reserve(&starts, &capacity, out->count + 1,
                            sizeof *starts))
            status = error_memory(error);
        else
            starts[out->count++] = out->all.size;
        buffer_append(&out->all, record.text.data, record.text.size);
        record_clear(&record);
    }
    out->bytes = out->all.size;
    out->items = memory_new(out->count, sizeof *out->items);
    if (!status && (!out->items || out->all.failed))
        status = error_memory(error);
    for (size_t i = 0; !status && i < out->count; i++) {
        size_t end = i + 1 < out->count ? starts[i + 1] : out->bytes;
        out->items[i] =
            (struct slice){out->all.data + starts[i], end - starts[i]};
    }
    memory_free(starts);
    record_reader_close(reader);
    return status;
}

static double best(double old, double start) {
    double here = now() - start;
    return old == 0 || here < old ? here : old;
}

static tenor_status measure(const struct texts *texts, long rounds,
                            tenor_error *error) {
    struct vocabulary_options options = {.text = text_options_default,
                                         .features =
                                             feature_options_default};
    struct thread_pool *pool = thread_pool_new(thread_available());
    double fit = 0, transform = 0, single = 0;
    tenor_status status = pool ? TENOR_OK : error_memory(error);
    for (long round = 0; !status && round < rounds; round++) {
        struct vocabulary vocabulary = {0};
        struct vectorizer *vectorizer = NULL;
        struct matrix rows = {0}, again = {0};
        double start = now();
        status = vocabulary_fit(&vocabulary, &rows, texts->items,
                                texts->count, &options, pool, NULL, error);
        fit = best(fit, start);
        start = now();
        if (!status)
            status = vectorize(&again, &vocabulary, texts->items, NULL,
                               texts->count, pool, error);
        transform = best(transform, start);
        if (!status)
            status = vectorizer_new(&vectorizer, &vocabulary, error);
        start = now();
        for (size_t i = 0; !status && i < texts->count; i++) {
            struct row row;
            status = vectorizer_row(vectorizer, &row, texts->items[i],
                                    PARAGRAPH_PROSE, error);
        }
        single = best(single, start);
        vectorizer_free(vectorizer);
        matrix_clear(&rows);
        matrix_clear(&again);
        vocabulary_clear(&vocabulary);
    }
    if (!status)
        printf("{\"bytes\": %zu, \"threads\": %zu, \"fit_transform\": %.4f, "
               "\"transform\": %.4f, \"transform_one_thread\": %.4f}\n",
               texts->bytes, thread_available(), fit, transform, single);
    thread_pool_free(pool);
    return status;
}

int main(int argc, char **argv) {
    tenor_error error = {0};
    struct texts texts = {0};
    if (argc < 2) {
        fprintf(stderr, "usage: bench_features FILE.jsonl [ROUNDS]\n");
        return 2;
    }
    long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 3;
    tenor_status status = read_texts(&texts, argv[1], &error);
    if (!status)
        status = measure(&texts, rounds < 1 ? 1 : rounds, &error);
    if (status)
        fprintf(stderr, "bench_features: %s\n", error.message);
    buffer_clear(&texts.all);
    memory_free(texts.items);
    return status ? 1 : 0;
}
