/* A corpus's vocabulary and rows, cut to the terms that speak most for its
 * labels where that was asked for. */
#include "lessons.h"

static tenor_status select_terms(struct vocabulary *vocabulary,
                                 struct matrix *rows,
                                 const struct corpus *corpus,
                                 tenor_error *error) {
    struct row_labels *tasks = memory_new(corpus->task_count, sizeof *tasks);
    if (!tasks)
        return error_memory(error);
    for (size_t t = 0; t < corpus->task_count; t++) {
        const struct corpus_task *task = &corpus->tasks[t];
        tasks[t] = (struct row_labels){task->label_count, task->multi,
                                       task->labelled, task->starts,
                                       task->values};
    }
    tenor_status status = vocabulary_select(vocabulary, rows, tasks,
                                            corpus->task_count, error);
    memory_free(tasks);
    return status;
}

tenor_status corpus_terms(struct vocabulary *out, struct matrix *rows,
                          const struct corpus *corpus,
                          const struct vocabulary_options *options,
                          struct thread_pool *pool,
                          const struct progress *progress,
                          tenor_error *error) {
    struct vocabulary_options with_kinds = *options;
    with_kinds.kinds = corpus->kinds;
    tenor_status status =
        vocabulary_fit(out, rows, corpus->texts, corpus->count, &with_kinds,
                       pool, progress, error);
    return status ? status : select_terms(out, rows, corpus, error);
}
