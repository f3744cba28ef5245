/* tenor classify: paragraphs in, labelled paragraphs out, in order.
 *
 * Units are gathered in batches, classified and formatted in parallel, written
 * in order. A batch ends when it is full or when reading on would wait for the
 * other end of a pipe, so that one line in gives one line out at once. Memory
 * holds one batch. */
#include "cli/cli.h"
#include "report/report.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BATCH_UNITS = 512, BATCH_BYTES = 1 << 20 };
enum { FORMAT_TEXT, FORMAT_JSONL, FORMAT_CSV };
static const char *const formats[] = {"text", "jsonl", "csv", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};

static struct {
    const char *model;
    size_t format, input, threads, color;
    double coverage;
    bool explain;
} settings;

static const struct option_spec options[] = {
    {"model", 'm', OPTION_TEXT, "MODEL",
     "The model file. Default: $TENOR_MODEL, else the shipped model.",
     &settings.model, 0, 0, NULL},
    {"format", 'f', OPTION_CHOICE, "FORMAT",
     "text, jsonl (one object a paragraph) or csv. Default: %s.",
     &settings.format, 0, 0, formats},
    {"input", 'i', OPTION_CHOICE, "FORMAT",
     "What the files hold: articles (text, markdown, html), records (jsonl, "
     "csv, tsv), or auto: what their names and first bytes say; standard input "
     "is an article then. Default: %s.",
     &settings.input, 0, 0, unit_input_names},
    {"explain", 'e', OPTION_FLAG, NULL,
     "Name the terms that decided each label.", &settings.explain, 0, 0, NULL},
    {"coverage", 0, OPTION_REAL, "SHARE",
     "Give every answer that may be true: sets that hold the true one in this "
     "share of cases, such as 0.9; where a set is not one answer, the label "
     "is unsure. Default: %s.",
     &settings.coverage, 0, 1, NULL},
    {"color", 0, OPTION_CHOICE, "WHEN",
     "Colors in text: auto (on a terminal), always, never. Default: %s.",
     &settings.color, 0, 0, colors},
    {"threads", 0, OPTION_COUNT, "N", "Threads. Default: %s.",
     &settings.threads, 1, 1024, NULL},
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, NULL},
};

static const struct command command = {
    "tenor classify", "[options] [FILE...]", "tenor classify article.html",
    "Labels every paragraph of articles (plain text, Markdown, HTML) or of "
    "records (.jsonl, .csv, .tsv with a field text). Without a file, or for -, "
    "reads standard input.",
    options};

struct worker {
    tenor_classifier *classifier;
    struct label_reasons *reasons; /* [labels of the model] */
};

struct batch {
    tenor_model *model;
    struct text_style style;
    struct worker *workers; /* [threads] */
    struct unit units[BATCH_UNITS];
    struct buffer outputs[BATCH_UNITS];
    tenor_error errors[BATCH_UNITS];
    size_t count, bytes;
    const char *file;
};

static tenor_status explain(struct worker *worker, const tenor_model *model,
                            const tenor_result *result, size_t *count,
                            tenor_error *error) {
    *count = 0;
    for (size_t t = 0; t < tenor_model_tasks(model); t++) {
        size_t first = tenor_model_first_output(model, t);
        for (size_t k = 0; k < tenor_model_labels(model, t); k++) {
            if (!result->holds[first + k])
                continue;
            tenor_reason found[REASON_LIMIT];
            struct label_reasons *reasons = &worker->reasons[(*count)++];
            *reasons = (struct label_reasons){.task = t, .label = k};
            tenor_status status =
                tenor_explain(worker->classifier, found, REASON_LIMIT,
                              &reasons->count, t, k, error);
            if (status)
                return status;
            for (size_t i = 0; i < reasons->count; i++) {
                char *term = reasons->terms[i].term;
                snprintf(term, sizeof reasons->terms[i].term, "%s",
                         found[i].term);
                term[utf8_valid_prefix(term, strlen(term))] = '\0';
                reasons->terms[i].weight = found[i].weight;
            }
        }
    }
    return TENOR_OK;
}

static tenor_status label_unit(struct batch *batch, size_t item,
                               struct worker *worker, tenor_error *error) {
    const struct unit *unit = &batch->units[item];
    struct buffer *out = &batch->outputs[item];
    tenor_result result;
    struct labelled_paragraph paragraph = {.model = batch->model,
                                           .text = {unit->text, unit->size},
                                           .kind = unit->kind,
                                           .file = batch->file,
                                           .number = unit->number,
                                           .fields = unit->fields,
                                           .doubt = settings.coverage > 0};
    if (unit->kind != PARAGRAPH_FURNITURE) {
        tenor_status status =
            tenor_classify_kind(worker->classifier, &result, unit->text,
                                unit->size, (tenor_kind)unit->kind, error);
        if (!status && settings.explain)
            status = explain(worker, batch->model, &result,
                             &paragraph.reason_count, error);
        if (status)
            return status;
        paragraph.result = &result;
        paragraph.reasons = settings.explain ? worker->reasons : NULL;
    }
    if (settings.format == FORMAT_TEXT)
        report_paragraph_text(out, &paragraph, &batch->style);
    else if (settings.format == FORMAT_CSV)
        report_paragraph_csv(out, &paragraph);
    else if (!report_paragraph_json(out, &paragraph))
        return error_memory(error);
    return out->failed ? error_memory(error) : TENOR_OK;
}

static void label_item(void *context, size_t item, size_t worker) {
    struct batch *batch = context;
    label_unit(batch, item, &batch->workers[worker], &batch->errors[item]);
}

/* Classifies and writes what was gathered. */
static tenor_status flush_batch(struct batch *batch, struct thread_pool *pool,
                                tenor_error *error) {
    tenor_status status = TENOR_OK;
    thread_pool_run(pool, batch->count, label_item, batch);
    for (size_t i = 0; i < batch->count; i++) {
        struct buffer *out = &batch->outputs[i];
        if (!status && batch->errors[i].status) {
            *error = batch->errors[i];
            status = error->status;
        }
        batch->errors[i] = (tenor_error){0};
        if (!status && out->size)
            fwrite(out->data, 1, out->size, stdout);
        out->size = 0;
        out->failed = false;
        unit_clear(&batch->units[i]);
    }
    batch->count = batch->bytes = 0;
    if (!status && fflush(stdout) != 0)
        status = error_system(error, NULL, "write the results");
    return status;
}

static tenor_status classify_file(struct batch *batch, const char *path,
                                  struct thread_pool *pool,
                                  tenor_error *error) {
    struct unit_reader reader;
    bool more = true;
    tenor_status status = unit_reader_open(
        &reader, path, (enum unit_input)settings.input, error);
    batch->file = reader.name;
    while (!status && more) {
        if (program_interrupted()) {
            status = error_set(error, TENOR_ERROR_CANCELLED, "interrupted");
            break;
        }
        struct unit *unit = &batch->units[batch->count];
        status = unit_reader_next(&reader, unit, &more, error);
        if (!status && more) {
            batch->bytes += unit->size;
            batch->count++;
        }
        /* on an error too: what came before it is not lost */
        bool full = batch->count == BATCH_UNITS || batch->bytes >= BATCH_BYTES;
        if (status || !more || full || !unit_reader_ready(&reader)) {
            tenor_error late = {0};
            tenor_status flushed = flush_batch(batch, pool, &late);
            if (!status && flushed) {
                *error = late;
                status = flushed;
            }
        }
    }
    if (!status && reader.count == 0)
        message_warn("%s: holds no text", reader.name);
    size_t repaired =
        reader.article || reader.records ? unit_reader_repaired(&reader) : 0;
    if (!status && repaired)
        message_warn("%s: %zu byte sequence%s not UTF-8 and %s read as U+FFFD",
                     reader.name, repaired, repaired == 1 ? " was" : "s were",
                     repaired == 1 ? "is" : "are");
    unit_reader_close(&reader);
    return status;
}

static struct text_style choose_style(void) {
    struct text_style style = {.width = 80};
    bool terminal = isatty(STDOUT_FILENO) == 1;
    const char *kind = getenv("TERM"), *no_color = getenv("NO_COLOR");
    bool capable = kind && strcmp(kind, "dumb") != 0 &&
                   !(no_color && no_color[0]);
    style.color = settings.color == 1 ||
                  (settings.color == 0 && terminal && capable);
    struct winsize size;
    if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
        size.ws_col >= 50)
        style.width = size.ws_col < 110 ? size.ws_col : 110;
    return style;
}

static tenor_status start_batch(struct batch *batch, size_t threads,
                                tenor_error *error) {
    tenor_status status =
        tenor_model_load(&batch->model, model_path(settings.model), error);
    if (status)
        return status;
    batch->style = choose_style();
    batch->workers = memory_new(threads, sizeof *batch->workers);
    if (!batch->workers)
        return error_memory(error);
    size_t outputs = 0;
    for (size_t t = 0; t < tenor_model_tasks(batch->model); t++)
        outputs += tenor_model_labels(batch->model, t);
    for (size_t i = 0; i < threads && !status; i++) {
        struct worker *worker = &batch->workers[i];
        status =
            tenor_classifier_new(&worker->classifier, batch->model, error);
        if (!status && settings.coverage > 0)
            status = tenor_classifier_set_coverage(worker->classifier,
                                                   settings.coverage, error);
        worker->reasons = memory_new(outputs, sizeof *worker->reasons);
        if (!status && !worker->reasons)
            status = error_memory(error);
    }
    return status;
}

static void clear_batch(struct batch *batch, size_t threads) {
    for (size_t i = 0; batch->workers && i < threads; i++) {
        tenor_classifier_free(batch->workers[i].classifier);
        memory_free(batch->workers[i].reasons);
    }
    for (size_t i = 0; i < BATCH_UNITS; i++)
        buffer_clear(&batch->outputs[i]);
    memory_free(batch->workers);
    tenor_model_free(batch->model);
    memory_free(batch);
}

/* Goes on with the next file where one can't be read; the exit code tells. */
static int classify_files(struct batch *batch, struct thread_pool *pool,
                          const struct option_list *files) {
    int code = EXIT_DONE;
    if (settings.format == FORMAT_CSV) {
        struct buffer header = {0};
        report_csv_header(&header, batch->model, settings.coverage > 0);
        bool failed = header.failed;
        if (!failed)
            fwrite(header.data, 1, header.size, stdout);
        buffer_clear(&header);
        if (failed) {
            tenor_error error = {0};
            error_memory(&error);
            return message_fail(&error);
        }
    }
    size_t count = files->count ? files->count : 1;
    for (size_t i = 0; i < count; i++) {
        tenor_error error = {0};
        if (settings.format == FORMAT_TEXT && count > 1)
            printf("%s==> %s <==\n\n", i ? "\n" : "", files->items[i]);
        if (!classify_file(batch, files->count ? files->items[i] : NULL, pool,
                           &error))
            continue;
        code = message_fail(&error);
        if (error.status == TENOR_ERROR_CANCELLED || ferror(stdout))
            break;
    }
    return code;
}

int command_classify(int argc, char **argv) {
    settings.threads = thread_available();
    struct option_list files = {0};
    enum option_result result = options_parse(&command, argc, argv, &files);
    int code = result == OPTIONS_WRONG ? EXIT_USAGE : EXIT_DONE;
    if (result == OPTIONS_GOOD) {
        tenor_error error = {0};
        struct thread_pool *pool = thread_pool_new(settings.threads);
        struct batch *batch = memory_new(1, sizeof *batch);
        tenor_status status = pool && batch
                                  ? start_batch(batch, settings.threads, &error)
                                  : error_memory(&error);
        code = status ? message_fail(&error)
                      : classify_files(batch, pool, &files);
        if (batch)
            clear_batch(batch, settings.threads);
        thread_pool_free(pool);
    }
    option_list_clear(&files);
    return code;
}
