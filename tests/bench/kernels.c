/* Times cross-validation of kernel SVMs: bench_kernels FILE KERNEL [GAMMA]
 *
 * FILE is in libsvm's format, KERNEL linear, rbf or polynomial. Five-fold
 * cross-validation at eight costs, 2^-3 to 2^11, one label against one as
 * svm-train does it. Prints one line of JSON: rows, seconds of each step
 * and of the processors, and the accuracy at every cost.
 * tests/bench/kernels.py sets them beside svm-train. */
#include "kernels.h"
#include "train.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { FOLDS = 5, COSTS = 8, MOST_LABELS = 64 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double processor_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

struct data {
    struct matrix rows;
    uint32_t *classes; /* [rows] */
    double names[MOST_LABELS];
    size_t labels;
    size_t row_capacity, class_capacity, index_capacity, value_capacity;
};

static bool read_row(struct data *data, char *line) {
    struct matrix *rows = &data->rows;
    char *at = line;
    double name = strtod(at, &at);
    size_t label = 0;
    while (label < data->labels && data->names[label] != name)
        label++;
    if (label == MOST_LABELS ||
        !memory_reserve(&data->classes, &data->class_capacity, rows->rows + 1,
                        sizeof *data->classes) ||
        !memory_reserve(&rows->starts, &data->row_capacity, rows->rows + 2,
                        sizeof *rows->starts))
        return false;
    if (label == data->labels)
        data->names[data->labels++] = name;
    if (rows->rows == 0)
        rows->starts[0] = 0;
    data->classes[rows->rows] = (uint32_t)label;
    uint64_t end = rows->starts[rows->rows];
    for (char *colon; (colon = strchr(at, ':')); end++) {
        if (!memory_reserve(&rows->indices, &data->index_capacity, end + 1,
                            sizeof *rows->indices) ||
            !memory_reserve(&rows->values, &data->value_capacity, end + 1,
                            sizeof *rows->values))
            return false;
        uint32_t column = (uint32_t)strtoul(at, NULL, 10) - 1;
        rows->indices[end] = column;
        rows->values[end] = strtof(colon + 1, &at);
        if (column >= rows->columns)
            rows->columns = (size_t)column + 1;
    }
    rows->starts[++rows->rows] = end;
    return true;
}

static tenor_status read_data(struct data *out, const char *path,
                              tenor_error *error) {
    struct reader reader;
    struct slice line;
    bool more = true;
    tenor_status status = reader_open(&reader, path, error);
    while (!status) {
        status = reader_line(&reader, &line, &more, error);
        if (status || !more)
            break;
        char *text = memory_copy_text(line.data, line.size);
        if (!text || !read_row(out, text))
            status = error_memory(error);
        memory_free(text);
    }
    reader_close(&reader);
    return status;
}

/* Stratified: the rows of a label in random order, dealt out in turn. */
static void deal_folds(uint8_t *folds, const struct data *data) {
    uint64_t chance = 1;
    size_t *order = memory_new(data->rows.rows, sizeof *order);
    for (uint32_t label = 0, next = 0; label < data->labels; label++) {
        size_t count = 0;
        for (size_t i = 0; i < data->rows.rows; i++)
            if (data->classes[i] == label)
                order[count++] = i;
        for (size_t i = count; i > 1; i--) {
            size_t j = random_next(&chance) % i, kept = order[j];
            order[j] = order[i - 1];
            order[i - 1] = kept;
        }
        for (size_t i = 0; i < count; i++)
            folds[order[i]] = (uint8_t)(next++ % FOLDS);
    }
    memory_free(order);
}

/* problems[COSTS][FOLDS][pairs] */
static size_t count_right(const struct data *data, const uint8_t *folds,
                          const struct kernel_matrix *matrix,
                          const struct kernel_problem *problems) {
    size_t right = 0, pairs = pair_count(data->labels);
    double *values = memory_new(pairs, sizeof *values);
    for (size_t i = 0; i < data->rows.rows; i++) {
        for (size_t p = 0; p < pairs; p++)
            values[p] =
                kernel_svm_value(problems + folds[i] * pairs + p, matrix, i);
        right += pair_vote(values, data->labels) == data->classes[i];
    }
    memory_free(values);
    return right;
}

static tenor_status measure(const struct data *data,
                            const struct kernel *kernel, tenor_error *error) {
    size_t rows = data->rows.rows, pairs = pair_count(data->labels), p = 0;
    size_t count = COSTS * FOLDS * pairs;
    struct thread_pool *pool = thread_pool_new(thread_available());
    struct kernel_problem *problems = memory_new(count, sizeof *problems);
    signed char *signs = memory_new(rows, pairs);
    uint8_t *folds = memory_new(rows, 1);
    struct gram gram = {0};
    struct kernel_matrix matrix = {0};
    deal_folds(folds, data);
    for (uint32_t a = 0; a < data->labels; a++)
        for (uint32_t b = a + 1; b < data->labels; b++, p++)
            pair_signs(signs + p * rows, data->classes, NULL, rows, a, b);
    for (size_t q = 0; q < count; q++) {
        double cost = 0.125 * (double)(1 << 2 * (q / (FOLDS * pairs)));
        problems[q] =
            (struct kernel_problem){.signs = signs + q % pairs * rows,
                                    .folds = folds,
                                    .fold = (uint8_t)(q / pairs % FOLDS),
                                    .costs = {cost, cost}};
    }
    double start = now(), spent = processor_seconds(), times[4];
    tenor_status status = gram_compute(&gram, &data->rows, pool, NULL, error);
    times[0] = now() - start;
    if (!status)
        status = kernel_matrix_fill(&matrix, &gram, kernel, pool, error);
    times[1] = now() - start - times[0];
    if (!status)
        status = kernel_svm_fit(problems, count, &matrix,
                                &kernel_options_default, pool, NULL, error);
    times[2] = now() - start - times[0] - times[1];
    double accuracy[COSTS] = {0};
    for (size_t c = 0; !status && c < COSTS; c++)
        accuracy[c] = (double)count_right(data, folds, &matrix,
                                          problems + c * FOLDS * pairs) /
                      (double)rows;
    times[3] = now() - start;
    if (!status) {
        printf("{\"rows\": %zu, \"gram\": %.3f, \"kernel\": %.3f, \"svm\": "
               "%.3f, \"seconds\": %.3f, \"processor_seconds\": %.3f, "
               "\"accuracy\": [",
               rows, times[0], times[1], times[2], times[3],
               processor_seconds() - spent);
        for (size_t c = 0; c < COSTS; c++)
            printf("%s%.4f", c ? ", " : "", accuracy[c]);
        printf("]}\n");
    }
    for (size_t q = 0; q < count; q++)
        kernel_problem_clear(&problems[q]);
    memory_free(problems);
    memory_free(signs);
    memory_free(folds);
    gram_clear(&gram);
    kernel_matrix_clear(&matrix);
    thread_pool_free(pool);
    return status;
}

int main(int argc, char **argv) {
    tenor_error error = {0};
    struct data data = {0};
    struct kernel kernel = {.kind = KERNEL_LINEAR, .degree = 3, .gamma = 1};
    if (argc < 3) {
        fprintf(stderr,
                "usage: bench_kernels FILE linear|rbf|polynomial [GAMMA]\n");
        return 2;
    }
    if (strcmp(argv[2], "rbf") == 0)
        kernel.kind = KERNEL_RBF;
    else if (strcmp(argv[2], "polynomial") == 0)
        kernel.kind = KERNEL_POLYNOMIAL;
    if (argc > 3)
        kernel.gamma = strtod(argv[3], NULL);
    tenor_status status = read_data(&data, argv[1], &error);
    if (!status)
        status = measure(&data, &kernel, &error);
    if (status)
        fprintf(stderr, "bench_kernels: %s\n", error.message);
    matrix_clear(&data.rows);
    memory_free(data.classes);
    return status ? 1 : 0;
}
