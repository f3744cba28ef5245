/* tenor evaluate: labelled paragraphs in, an accuracy report out. */
#include "cli/cli.h"
#include "report/report.h"

#include <string.h>

enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_HTML };
static const char *const formats[] = {"text", "json", "html", NULL};

static struct {
    const char *model, *output;
    struct option_list tasks;
    size_t format, threads, resamples, seed;
    double coverage;
} settings;

static const struct option_spec options[] = {
    {"model", 'm', OPTION_TEXT, "MODEL",
     "The model file. Default: $TENOR_MODEL, else the shipped model.",
     &settings.model, 0, 0, NULL},
    {"task", 't', OPTION_LIST, "NAME",
     "Judge these tasks only. Default: those of the model that the data has.",
     &settings.tasks, 0, 0, NULL},
    {"format", 'f', OPTION_CHOICE, "FORMAT", "text, json or html. Default: %s.",
     &settings.format, 0, 0, formats},
    {"output", 'o', OPTION_TEXT, "FILE",
     "Write the report there. Default: standard output.", &settings.output, 0,
     0, NULL},
    {"resamples", 0, OPTION_COUNT, "N",
     "Bootstrap resamples for the 95 % intervals; 0: none. Default: %s.",
     &settings.resamples, 0, 1e6, NULL},
    {"coverage", 0, OPTION_REAL, "SHARE",
     "Judge the sets of answers that hold the true one in this share of "
     "cases as well, such as 0.9 (see tenor classify). Default: %s.",
     &settings.coverage, 0, 1, NULL},
    {"seed", 0, OPTION_COUNT, "N", "Seed of the resampling. Default: %s.",
     &settings.seed, 0, 9007199254740992.0, NULL},
    {"threads", 0, OPTION_THREADS, "N", "Threads. Default: %s.",
     &settings.threads, 1, 1024, NULL},
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, NULL},
};

static const struct command command = {
    "tenor evaluate",
    "[options] FILE...",
    "tenor evaluate -m news.tenor heldout.jsonl",
    "Classifies labelled paragraphs and reports how the labels agree: "
    "precision, recall and F1 of every label, with confidence intervals.",
    options,
    NULL};

/* What the model said of all paragraphs. */
struct predictions {
    float *probability;   /* [paragraphs][outputs] */
    unsigned char *holds; /* [paragraphs][outputs] */
    unsigned char *possible; /* [paragraphs][outputs], where asked for */
    size_t outputs;
    const struct corpus *corpus;
    tenor_classifier **classifiers; /* [threads] */
    tenor_error *errors;            /* [threads] */
};

static void predict_item(void *context, size_t item, size_t worker) {
    struct predictions *p = context;
    tenor_result result;
    struct slice text = p->corpus->texts[item];
    if (tenor_classify_kind(p->classifiers[worker], &result, text.data,
                            text.size, (tenor_kind)p->corpus->kinds[item],
                            &p->errors[worker]))
        return;
    memcpy(p->probability + item * p->outputs, result.probability,
           p->outputs * sizeof *p->probability);
    memcpy(p->holds + item * p->outputs, result.holds, p->outputs);
    if (p->possible)
        memcpy(p->possible + item * p->outputs, result.possible, p->outputs);
}

static tenor_status predict(struct predictions *p, const tenor_model *model,
                            struct thread_pool *pool, tenor_error *error) {
    size_t threads = thread_pool_threads(pool), count = p->corpus->count;
    for (size_t t = 0; t < tenor_model_tasks(model); t++)
        p->outputs += tenor_model_labels(model, t);
    p->probability = memory_new(count * p->outputs, sizeof *p->probability);
    p->holds = memory_new(count * p->outputs, 1);
    p->classifiers = memory_new(threads, sizeof(tenor_classifier *));
    p->errors = memory_new(threads, sizeof *p->errors);
    if (settings.coverage > 0)
        p->possible = memory_new(count * p->outputs, 1);
    if (!p->probability || !p->holds || !p->classifiers || !p->errors ||
        (settings.coverage > 0 && !p->possible))
        return error_memory(error);
    for (size_t i = 0; i < threads; i++) {
        tenor_status status =
            tenor_classifier_new(&p->classifiers[i], model, error);
        if (!status && p->possible)
            status = tenor_classifier_set_coverage(
                p->classifiers[i], settings.coverage, error);
        if (status)
            return status;
    }
    thread_pool_run(pool, count, predict_item, p);
    for (size_t i = 0; i < threads; i++)
        if (p->errors[i].status) {
            *error = p->errors[i];
            return error->status;
        }
    return TENOR_OK;
}

static void clear_predictions(struct predictions *p, size_t threads) {
    for (size_t i = 0; p->classifiers && i < threads; i++)
        tenor_classifier_free(p->classifiers[i]);
    memory_free(p->classifiers);
    memory_free(p->errors);
    memory_free(p->probability);
    memory_free(p->holds);
    memory_free(p->possible);
}

/* The labels that either side knows: the model's, then those that only the
 * data has, which no prediction can hit. place[i] is where the data's i-th
 * label went. */
static size_t unite_labels(const tenor_model *model, size_t number,
                           const struct corpus_task *task, const char **names,
                           size_t *place) {
    size_t count = tenor_model_labels(model, number);
    for (size_t k = 0; k < count; k++)
        names[k] = tenor_model_label(model, number, k);
    size_t own = count;
    for (size_t i = 0; i < task->label_count; i++) {
        size_t k = 0;
        while (k < own && strcmp(names[k], task->labels[i]) != 0)
            k++;
        place[i] = k < own ? k : count;
        if (k == own)
            names[count++] = task->labels[i];
    }
    if (count > own)
        message_warn("task %s: %zu label%s of the data %s unknown to the "
                     "model, such as \"%s\"; count as missed",
                     task->name, count - own, count - own == 1 ? "" : "s",
                     count - own == 1 ? "is" : "are", names[own]);
    return count;
}

/* Everything that judging one task holds. */
struct judged {
    const char **names;
    uint8_t *truth, *predicted, *possible;
    float *probability;
};

static void clear_judged(struct judged *judged) {
    memory_free(judged->names);
    memory_free(judged->truth);
    memory_free(judged->predicted);
    memory_free(judged->possible);
    memory_free(judged->probability);
}

static tenor_status judge_task(struct task_metrics *out,
                               struct judged *judged,
                               const tenor_model *model, size_t number,
                               const struct corpus_task *task,
                               const struct predictions *predictions,
                               tenor_error *error) {
    size_t own = tenor_model_labels(model, number), rows = 0;
    size_t first = tenor_model_first_output(model, number);
    size_t most = own + task->label_count, total = predictions->corpus->count;
    bool multi = tenor_model_task_is_multi(model, number);
    size_t *place = memory_new(task->label_count, sizeof *place);
    judged->names = memory_new(most, sizeof *judged->names);
    judged->truth = memory_new(total, most);
    judged->predicted = memory_new(total, most);
    judged->possible = memory_new(total, most);
    judged->probability = memory_new(total * most, sizeof(float));
    if (!place || !judged->names || !judged->truth || !judged->predicted ||
        !judged->possible || !judged->probability) {
        memory_free(place);
        return error_memory(error);
    }
    size_t labels = unite_labels(model, number, task, judged->names, place);
    for (size_t i = 0; i < total; i++) {
        size_t given = task->starts[i + 1] - task->starts[i];
        if (!task->labelled[i])
            continue;
        if (!multi && given != 1) {
            memory_free(place);
            return error_at(error, TENOR_ERROR_INPUT,
                            predictions->corpus
                                ->file_names[predictions->corpus->files[i]],
                            predictions->corpus->lines[i], 0,
                            "task \"%s\" has %zu labels here, but the model "
                            "gives exactly one; is this the right model?",
                            task->name, given);
        }
        for (size_t k = task->starts[i]; k < task->starts[i + 1]; k++)
            judged->truth[rows * labels + place[task->values[k]]] = 1;
        for (size_t k = 0; k < own; k++) {
            size_t from = i * predictions->outputs + first + k;
            judged->predicted[rows * labels + k] = predictions->holds[from];
            if (predictions->possible)
                judged->possible[rows * labels + k] =
                    predictions->possible[from];
            judged->probability[rows * labels + k] =
                predictions->probability[from];
        }
        for (size_t k = own; multi && k < labels; k++) /* never predicted */
            judged->possible[rows * labels + k] = ANSWER_NO;
        rows++;
    }
    memory_free(place);
    struct evaluate_input input = {.multi = multi,
                                   .rows = rows,
                                   .labels = labels,
                                   .names = judged->names,
                                   .truth = judged->truth,
                                   .predicted = judged->predicted,
                                   .probability = judged->probability,
                                   .possible = predictions->possible
                                                   ? judged->possible
                                                   : NULL};
    return evaluate_task(out, &input, settings.resamples, settings.seed,
                         error);
}

static tenor_status write_report(const struct evaluation_report *report,
                                 tenor_error *error) {
    struct buffer text = {0};
    struct file_output file = {0};
    tenor_status status = TENOR_OK;
    if (settings.format == FORMAT_JSON)
        report_evaluation_json(&text, report);
    else if (settings.format == FORMAT_HTML)
        report_evaluation_html(&text, report);
    else
        report_evaluation_text(&text, report);
    if (text.failed)
        status = error_memory(error);
    else if (!settings.output)
        status = output_write(text.data, text.size, error);
    else
        status = file_output_open(&file, settings.output, error);
    if (!status && settings.output) {
        fwrite(text.data, 1, text.size, file.stream);
        status = file_output_commit(&file, error);
    }
    buffer_clear(&text);
    return status;
}

static tenor_status judge(const tenor_model *model,
                          const struct corpus *corpus,
                          struct predictions *predictions, const char *path,
                          tenor_error *error) {
    size_t count = corpus->task_count;
    const char **names = memory_new(count, sizeof *names);
    struct task_metrics *metrics = memory_new(count, sizeof *metrics);
    struct judged *judged = memory_new(count, sizeof *judged);
    tenor_status status =
        names && metrics && judged ? TENOR_OK : error_memory(error);
    for (size_t t = 0; !status && t < count; t++) {
        names[t] = corpus->tasks[t].name;
        status = judge_task(&metrics[t], &judged[t], model,
                            task_number(model, names[t]), &corpus->tasks[t],
                            predictions, error);
    }
    if (!status) {
        const char *slash = strrchr(path, '/');
        struct evaluation_report report = {
            .paragraphs = corpus->count,
            .task_count = count,
            .task_names = names,
            .metrics = metrics,
            .model_name = slash ? slash + 1 : path};
        status = write_report(&report, error);
    }
    for (size_t t = 0; metrics && judged && t < count; t++) {
        task_metrics_clear(&metrics[t]);
        clear_judged(&judged[t]);
    }
    memory_free(names);
    memory_free(metrics);
    memory_free(judged);
    return status;
}

/* The labelled paragraphs are read twice, so a stream will not do. */
static tenor_status check_files(const struct option_list *files,
                                tenor_error *error) {
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->items[i], "-") == 0)
            return error_set(error, TENOR_ERROR_USAGE,
                             "labelled paragraphs can't come from standard "
                             "input; write them to a file and name it");
    return TENOR_OK;
}

static tenor_status evaluate(const struct option_list *files,
                             struct thread_pool *pool, tenor_error *error) {
    tenor_model *model = NULL;
    struct corpus corpus = {0};
    struct option_list tasks = {0};
    struct predictions predictions = {.corpus = &corpus};
    const char *path = model_path(settings.model);
    tenor_status status = check_files(files, error);
    if (!status && settings.output)
        status = file_output_check(settings.output, error);
    if (!status)
        status = tenor_model_load(&model, path, error);
    if (!status)
        status = tasks_to_judge(&tasks, &settings.tasks, model, files, error);
    if (!status) {
        const struct corpus_options reading = {.tasks = tasks.items,
                                               .task_count = tasks.count};
        status = corpus_read(&corpus, files->items, files->count, &reading,
                             pool, error);
    }
    if (!status && corpus.repaired)
        message_warn("%zu byte sequence%s not UTF-8 and %s read as U+FFFD",
                     corpus.repaired,
                     corpus.repaired == 1 ? " was" : "s were",
                     corpus.repaired == 1 ? "is" : "are");
    if (!status)
        status = predict(&predictions, model, pool, error);
    if (!status)
        status = judge(model, &corpus, &predictions, path, error);
    clear_predictions(&predictions, thread_pool_threads(pool));
    corpus_clear(&corpus);
    option_list_clear(&tasks);
    tenor_model_free(model);
    return status;
}

int command_evaluate(int argc, char **argv) {
    settings.threads = thread_available();
    settings.resamples = 1000;
    settings.seed = 1;
    struct option_list files = {0};
    enum option_result result = options_parse(&command, argc, argv, &files);
    int code = result == OPTIONS_WRONG ? EXIT_USAGE : EXIT_DONE;
    if (result == OPTIONS_GOOD && files.count == 0) {
        code = message_usage("no labelled paragraphs; name a .jsonl, .csv or "
                             ".tsv file (see tenor evaluate --help)");
    } else if (result == OPTIONS_GOOD) {
        tenor_error error = {0};
        struct thread_pool *pool = thread_pool_new(settings.threads);
        tenor_status status =
            pool ? evaluate(&files, pool, &error) : error_memory(&error);
        thread_pool_free(pool);
        if (status)
            code = message_fail(&error);
    }
    option_list_clear(&files);
    option_list_clear(&settings.tasks);
    return code;
}
