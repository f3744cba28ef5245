/* Times the linear solvers: bench_solvers FILE.svm LOSS COST [OPTIONS]
 *
 * FILE is in libsvm's format, with labels from 0, several joined by commas;
 * LOSS is logistic, softmax, squared-hinge or hinge. Two labels are one
 * problem, more are one against the rest each (softmax: one joint problem).
 * Options, NAME=VALUE:
 *
 *   largest=N     only the N most frequent labels
 *   bias=KIND     free (logistic only), penalized (LIBLINEAR -B 1), none
 *   tolerance=T   as share of the objective; threads=N; rounds=N
 *
 * Prints one line of JSON: seconds to prepare (what is done once for all
 * problems), the best of all rounds to solve, wall time and processor time,
 * and each problem's objective. tests/bench/solvers.py compares LIBLINEAR. */
#include "train.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_LABELS = 1024 };
enum loss { LOSS_LOGISTIC, LOSS_SOFTMAX, LOSS_SQUARED_HINGE, LOSS_HINGE };

struct rows {
    struct matrix matrix;
    size_t *label_starts; /* [rows + 1] */
    uint32_t *labels;
    size_t sizes[MOST_LABELS]; /* rows of each label */
    size_t label_count;
};

struct settings {
    enum loss loss;
    enum bias_kind bias;
    double cost, tolerance;
    size_t largest, threads;
    long rounds;
};

static double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ---- the file ------------------------------------------------------------- */
static void grow(void *array, size_t *capacity, size_t need, size_t size) {
    if (memory_reserve(array, capacity, need, size))
        return;
    fprintf(stderr, "bench_solvers: out of memory\n");
    exit(1);
}

static void read_rows(struct rows *out, const char *path) {
    struct reader reader;
    struct slice line;
    bool more = true;
    tenor_error error = {0};
    size_t starts = 0, indices = 0, values = 0, labels = 0, label_starts = 0;
    size_t entries = 0, label_entries = 0;
    struct matrix *matrix = &out->matrix;
    struct buffer text = {0};
    tenor_status status = reader_open(&reader, path, &error);
    for (; !status; matrix->rows++) {
        status = reader_line(&reader, &line, &more, &error);
        grow(&matrix->starts, &starts, matrix->rows + 1, sizeof(uint64_t));
        grow(&out->label_starts, &label_starts, matrix->rows + 1,
             sizeof(size_t));
        matrix->starts[matrix->rows] = entries;
        out->label_starts[matrix->rows] = label_entries;
        if (status || !more)
            break;
        text.size = 0;
        buffer_append(&text, line.data, line.size);
        buffer_byte(&text, '\0');
        char *at = text.data, *end;
        while (*at >= '0' && *at <= '9') {
            unsigned long label = strtoul(at, &end, 10);
            if (label >= MOST_LABELS)
                break;
            grow(&out->labels, &labels, label_entries + 1, sizeof(uint32_t));
            out->labels[label_entries++] = (uint32_t)label;
            out->sizes[label]++;
            if (label >= out->label_count)
                out->label_count = label + 1;
            at = *end == ',' ? end + 1 : end;
        }
        for (; *at == ' '; at = end) {
            unsigned long column = strtoul(at, &end, 10);
            if (end == at || *end != ':')
                break;
            grow(&matrix->indices, &indices, entries + 1, sizeof(uint32_t));
            grow(&matrix->values, &values, entries + 1, sizeof(float));
            matrix->indices[entries] = (uint32_t)(column - 1);
            matrix->values[entries++] = strtof(end + 1, &end);
            if (column > matrix->columns)
                matrix->columns = column;
        }
    }
    reader_close(&reader);
    buffer_clear(&text);
    if (!status)
        return;
    fprintf(stderr, "bench_solvers: %s\n", error.message);
    exit(1);
}

/* ---- the problems --------------------------------------------------------- */
struct problems {
    size_t count;
    uint32_t labels[MOST_LABELS];
    uint32_t **classes; /* [count][rows] */
    int8_t **signs;
    double *costs; /* [rows] */
};

static bool has_label(const struct rows *rows, size_t row, uint32_t label) {
    for (size_t k = rows->label_starts[row]; k < rows->label_starts[row + 1];
         k++)
        if (rows->labels[k] == label)
            return true;
    return false;
}

static void choose_labels(struct problems *out, const struct rows *rows,
                          const struct settings *settings) {
    bool taken[MOST_LABELS] = {false};
    size_t wanted = rows->label_count;
    if (wanted == 2)
        wanted = 1;
    if (settings->largest && settings->largest < wanted)
        wanted = settings->largest;
    while (out->count < wanted) {
        size_t best = MOST_LABELS;
        if (rows->label_count == 2)
            best = 1;
        for (size_t k = 0; k < rows->label_count && rows->label_count > 2; k++)
            if (!taken[k] &&
                (best == MOST_LABELS || rows->sizes[k] > rows->sizes[best]))
                best = k;
        taken[best] = true;
        out->labels[out->count++] = (uint32_t)best;
    }
}

static void make_problems(struct problems *out, const struct rows *rows,
                          const struct settings *settings) {
    size_t count = rows->matrix.rows;
    *out = (struct problems){0};
    choose_labels(out, rows, settings);
    out->classes = memory_new(out->count, sizeof *out->classes);
    out->signs = memory_new(out->count, sizeof *out->signs);
    out->costs = memory_new(count, sizeof *out->costs);
    for (size_t q = 0; q < out->count; q++) {
        out->classes[q] = memory_new(count, sizeof **out->classes);
        out->signs[q] = memory_new(count, sizeof **out->signs);
        for (size_t i = 0; i < count; i++) {
            out->costs[i] = settings->cost;
            bool is = has_label(rows, i, out->labels[q]);
            out->signs[q][i] = is ? 1 : -1;
            out->classes[q][i] = is;
            if (settings->loss == LOSS_SOFTMAX)
                out->classes[q][i] = rows->labels[rows->label_starts[i]];
        }
    }
    if (settings->loss == LOSS_SOFTMAX)
        out->count = 1;
}

static void print_result(const struct problems *problems, size_t q,
                         double objective, double gap, unsigned passes) {
    printf("%s{\"label\": %u, \"objective\": %.9g, \"gap\": %.3g, "
           "\"passes\": %u}",
           q ? ", " : "", problems->labels[q], objective, gap, passes);
}

static tenor_status solve(const struct problems *problems,
                          const struct settings *settings,
                          const struct learn_data *data, size_t labels,
                          bool print, tenor_error *error) {
    size_t outputs = settings->loss == LOSS_SOFTMAX ? labels : 1;
    size_t count = problems->count, k = count * outputs;
    double *w = memory_new((data->rows->columns + 1) * k, sizeof *w);
    struct logreg_problem *logreg = memory_new(count, sizeof *logreg);
    struct svm_problem *svm = memory_new(count, sizeof *svm);
    for (size_t q = 0; q < count; q++) {
        logreg[q] = (struct logreg_problem){.outputs = outputs,
                                            .classes = problems->classes[q],
                                            .costs = problems->costs,
                                            .bias = settings->bias};
        svm[q] = (struct svm_problem){.loss = settings->loss == LOSS_HINGE
                                                  ? SVM_HINGE
                                                  : SVM_SQUARED_HINGE,
                                      .bias = settings->bias,
                                      .signs = problems->signs[q],
                                      .costs = problems->costs};
    }
    struct logreg_options options = {settings->tolerance, 100};
    struct svm_options svm_options = {settings->tolerance, SVM_MOST_PASSES, 1};
    bool is_svm = settings->loss >= LOSS_SQUARED_HINGE;
    tenor_status status =
        is_svm ? svm_fit(w, svm, count, data, &svm_options, NULL, error)
               : logreg_fit(w, logreg, count, data, &options, NULL, error);
    for (size_t q = 0; print && !status && q < count; q++)
        print_result(problems, q,
                     is_svm ? svm[q].objective : logreg[q].objective,
                     is_svm ? svm[q].gap : logreg[q].gap,
                     is_svm ? svm[q].passes : logreg[q].products);
    memory_free(w);
    memory_free(logreg);
    memory_free(svm);
    return status;
}

static double least(double old, double here) {
    return old == 0 || here < old ? here : old;
}

static tenor_status measure(const struct rows *rows,
                            const struct settings *settings,
                            tenor_error *error) {
    struct problems problems;
    struct learn_data data = {0};
    struct thread_pool *pool = thread_pool_new(settings->threads);
    double prepare = 0, wall = 0, processor = 0;
    tenor_status status = pool ? TENOR_OK : error_memory(error);
    make_problems(&problems, rows, settings);
    printf("{\"rows\": %zu, \"columns\": %zu, \"problems\": [",
           rows->matrix.rows, rows->matrix.columns);
    for (long round = 0; !status && round < settings->rounds; round++) {
        double start = now(CLOCK_MONOTONIC);
        status = learn_data_init(&data, &rows->matrix, pool, error);
        prepare = least(prepare, now(CLOCK_MONOTONIC) - start);
        start = now(CLOCK_MONOTONIC);
        double cpu = now(CLOCK_PROCESS_CPUTIME_ID);
        if (!status)
            status = solve(&problems, settings, &data, rows->label_count,
                           round == 0, error);
        wall = least(wall, now(CLOCK_MONOTONIC) - start);
        processor = least(processor, now(CLOCK_PROCESS_CPUTIME_ID) - cpu);
        learn_data_clear(&data);
    }
    printf("], \"prepare\": %.4f, \"solve\": %.4f, \"processor\": %.4f}\n",
           prepare, wall, processor);
    thread_pool_free(pool);
    return status;
}

/* ---- the command line ----------------------------------------------------- */
static bool parse(struct settings *out, int argc, char **argv) {
    static const char *const losses[] = {"logistic", "softmax", "squared-hinge",
                                         "hinge"};
    static const char *const biases[] = {"free", "penalized", "none"};
    bool known = false;
    *out = (struct settings){.tolerance = 1e-4, .threads = 1, .rounds = 3};
    for (size_t i = 0; i < ARRAY_LENGTH(losses) && argc > 3; i++)
        if (strcmp(argv[2], losses[i]) == 0) {
            out->loss = (enum loss)i;
            known = true;
        }
    if (!known)
        return false;
    out->cost = strtod(argv[3], NULL);
    out->bias = out->loss >= LOSS_SQUARED_HINGE ? BIAS_PENALIZED : BIAS_FREE;
    for (int i = 4; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (!value)
            return false;
        *value++ = '\0';
        if (strcmp(argv[i], "largest") == 0)
            out->largest = strtoul(value, NULL, 10);
        else if (strcmp(argv[i], "threads") == 0)
            out->threads = strtoul(value, NULL, 10);
        else if (strcmp(argv[i], "rounds") == 0)
            out->rounds = strtol(value, NULL, 10);
        else if (strcmp(argv[i], "tolerance") == 0)
            out->tolerance = strtod(value, NULL);
        else if (strcmp(argv[i], "bias") != 0)
            return false;
        for (size_t b = 0; b < ARRAY_LENGTH(biases); b++)
            if (strcmp(value, biases[b]) == 0)
                out->bias = (enum bias_kind)b;
    }
    return out->cost > 0;
}

int main(int argc, char **argv) {
    struct settings settings;
    struct rows rows = {0};
    tenor_error error = {0};
    if (!parse(&settings, argc, argv)) {
        fprintf(stderr, "usage: bench_solvers FILE.svm "
                        "logistic|softmax|squared-hinge|hinge COST [largest=N] "
                        "[bias=free|penalized|none] [tolerance=T] [threads=N] "
                        "[rounds=N]\n");
        return 2;
    }
    read_rows(&rows, argv[1]);
    if (measure(&rows, &settings, &error)) {
        fprintf(stderr, "bench_solvers: %s\n", error.message);
        return 1;
    }
    return 0;
}
