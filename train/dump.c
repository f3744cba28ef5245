/* Features in libsvm's format, so that LIBLINEAR, libsvm and scikit-learn can
 * be run on exactly our rows:
 *
 *   PREFIX.TASK.svm     "LABELS COLUMN:VALUE ...", a line a paragraph that is
 *                       labelled; columns from 1 in rising order; labels are
 *                       numbers from 0, several joined by commas
 *   PREFIX.TASK.labels  the labels' names, line n+1 names label n
 *   PREFIX.terms        the terms, line n names column n */
#include "train.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    uint32_t column;
    float value;
};

static int compare_entries(const void *a, const void *b) {
    const struct entry *left = a, *right = b;
    return left->column < right->column ? -1 : left->column > right->column;
}

static void write_labels(FILE *stream, const struct corpus_task *task,
                         size_t row) {
    for (size_t k = task->starts[row]; k < task->starts[row + 1]; k++)
        fprintf(stream, "%s%u", k > task->starts[row] ? "," : "",
                task->values[k]);
}

static bool write_rows(FILE *stream, const struct corpus_task *task,
                       const struct matrix *rows) {
    struct entry *entries = NULL;
    size_t capacity = 0;
    bool good = true;
    for (size_t i = 0; good && i < rows->rows; i++) {
        size_t count = (size_t)(rows->starts[i + 1] - rows->starts[i]);
        if (!task->labelled[i])
            continue;
        good = memory_reserve(&entries, &capacity, count, sizeof *entries);
        for (size_t k = 0; good && k < count; k++)
            entries[k] = (struct entry){rows->indices[rows->starts[i] + k],
                                        rows->values[rows->starts[i] + k]};
        if (good && count)
            qsort(entries, count, sizeof *entries, compare_entries);
        write_labels(stream, task, i);
        for (size_t k = 0; good && k < count; k++)
            fprintf(stream, " %u:%.9g", entries[k].column + 1,
                    (double)entries[k].value);
        fputc('\n', stream);
    }
    memory_free(entries);
    return good;
}

static bool write_terms(FILE *stream, const struct term_names *names,
                        size_t columns) {
    struct buffer name = {0};
    for (uint32_t j = 0; j < columns; j++) {
        name.size = 0;
        term_names_write(names, &name, j);
        buffer_byte(&name, '\n');
        if (!name.failed)
            fwrite(name.data, 1, name.size, stream);
    }
    bool good = !name.failed;
    buffer_clear(&name);
    return good;
}

static tenor_status open_dump(struct file_output *file, const char *prefix,
                              const char *task, const char *ending,
                              tenor_error *error) {
    struct buffer path = {0};
    buffer_format(&path, "%s%s%s.%s", prefix, task[0] ? "." : "", task,
                  ending);
    tenor_status status = path.failed
                              ? error_memory(error)
                              : file_output_open(file, path.data, error);
    buffer_clear(&path);
    return status;
}

static tenor_status close_dump(struct file_output *file, bool good,
                               tenor_error *error) {
    if (good)
        return file_output_commit(file, error);
    file_output_discard(file);
    return error_memory(error);
}

static tenor_status dump_task(const char *prefix,
                              const struct corpus_task *task,
                              const struct matrix *rows, tenor_error *error) {
    struct file_output file;
    tenor_status status = open_dump(&file, prefix, task->name, "svm", error);
    if (!status)
        status = close_dump(&file, write_rows(file.stream, task, rows), error);
    if (!status)
        status = open_dump(&file, prefix, task->name, "labels", error);
    if (status)
        return status;
    for (size_t k = 0; k < task->label_count; k++)
        fprintf(file.stream, "%s\n", task->labels[k]);
    return close_dump(&file, true, error);
}

tenor_status dump_features(const char *prefix, const struct corpus *corpus,
                           const struct matrix *rows,
                           const struct vocabulary *vocabulary,
                           tenor_error *error) {
    struct file_output file;
    struct term_names *names;
    tenor_status status = term_names_new(&names, vocabulary, error);
    if (!status)
        status = open_dump(&file, prefix, "", "terms", error);
    if (!status)
        status = close_dump(
            &file, write_terms(file.stream, names, vocabulary->columns),
            error);
    for (size_t t = 0; !status && t < corpus->task_count; t++)
        status = dump_task(prefix, &corpus->tasks[t], rows, error);
    term_names_free(names);
    return status;
}
