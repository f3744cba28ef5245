/* tenor-train: labelled paragraphs to a model file.
 *
 * What can go wrong at once goes wrong at once: the options are checked and
 * the place for the model is tried before anything is read, since training may
 * take long. The model is written when it is complete, or not at all. */
#include "options.h"

#include <cblas.h>

/* How the learning went: notes, and a warning where it did not converge. */
static void tell(const struct learn_report *report,
                 const struct corpus *corpus) {
    message_note("%zu paragraphs, %zu terms, %.1f terms a paragraph",
                 corpus->count, report->columns,
                 (double)report->entries / (double)corpus->count);
    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct learn_outcome *outcome = &report->outcomes[i];
        const char *label = outcome->label ? outcome->label : "";
        const char *parting = outcome->label ? " " : "";
        const char *kind = model_kind_names[outcome->method.kind];
        const struct logreg_problem *problem = &outcome->problem;
        message_note("%s%s%s, %s: objective %.9g after %u steps (%u passes), "
                     "at most about %.1e above the minimum",
                     outcome->task, parting, label, kind, problem->objective,
                     problem->steps, problem->products, problem->gap);
        if (!problem->converged)
            message_warn("%s%s%s, %s, did not converge: the objective is "
                         "still about %.1e above its minimum; lower --cost or "
                         "raise --tolerance%s",
                         outcome->task, parting, label, kind, problem->gap,
                         outcome->method.kind == MODEL_LOGREG
                             ? " or --max-steps"
                             : "");
    }
}

static tenor_status learn_and_save(const struct settings *settings,
                                   const struct request *request,
                                   const struct corpus *corpus,
                                   struct thread_pool *pool,
                                   tenor_error *error) {
    struct learn_report report = {0};
    tenor_model *model = NULL;
    struct progress progress = progress_bar();
    tenor_status status = learn_model(&model, &report, corpus, &request->learn,
                                      pool, &progress, error);
    if (!status) {
        if (settings->search && !messages.quiet)
            table_print(&report.search, corpus, request->learn.metric);
        if (report.search.stopped)
            message_warn("the search was ended early; the model has the best "
                         "settings so far");
        tell(&report, corpus);
        status = model_save(model, settings->output, error);
    }
    learn_report_clear(&report);
    tenor_model_free(model);
    return status;
}

static tenor_status train(const struct settings *settings,
                          const struct option_list *files,
                          struct thread_pool *pool, tenor_error *error) {
    struct request request = {0};
    struct corpus corpus = {0};
    tenor_status status = request_fill(&request, settings, error);
    if (!status)
        status = file_output_check(settings->output, error);
    if (!status)
        status = corpus_read(&corpus, files->items, files->count,
                             &request.reading, pool, error);
    if (!status && corpus.repaired)
        message_warn("%zu byte sequence%s not UTF-8 and %s read as U+FFFD",
                     corpus.repaired,
                     corpus.repaired == 1 ? " was" : "s were",
                     corpus.repaired == 1 ? "was" : "were");
    if (!status)
        status = learn_and_save(settings, &request, &corpus, pool, error);
    corpus_clear(&corpus);
    request_clear(&request);
    return status;
}

static int run(const struct settings *settings,
               const struct option_list *files) {
    tenor_error error = {0};
    if (!settings->output)
        return message_usage("no model to write; add -o MODEL");
    if (files->count == 0)
        return message_usage("no labelled paragraphs; name a .jsonl, .csv or "
                             ".tsv file (see tenor-train --help)");
    struct thread_pool *pool = thread_pool_new(settings->threads);
    if (!pool) {
        error_memory(&error);
        return message_fail(&error);
    }
    tenor_status status = train(settings, files, pool, &error);
    thread_pool_free(pool);
    return status ? message_fail(&error) : EXIT_DONE;
}

int main(int argc, char **argv) {
    program_start("tenor-train");
    openblas_set_num_threads(1); /* the work is spread by our own pool */
    struct settings *settings;
    struct option_list files = {0};
    int code = EXIT_DONE;
    switch (options_read(&settings, argc, argv, &files)) {
    case OPTIONS_GOOD:
        code = run(settings, &files);
        break;
    case OPTIONS_WRONG:
        code = EXIT_USAGE;
        break;
    case OPTIONS_HELP:
        break;
    }
    option_list_clear(&files);
    settings_clear(settings);
    return program_finish(code);
}
