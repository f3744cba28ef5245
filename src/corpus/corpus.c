/* All records of some files in memory.
 *
 * Reading is most of what a small training run waits for, so lines are parsed
 * in parallel: they are gathered into batches of a few megabytes, and groups
 * of lines of a batch are the items of the thread pool. A worker copies what
 * is kept of a record into its own arena, and writes it to the record's own
 * entry, so that neither order nor result depends on who does what; of several
 * errors in a batch the first in the file is reported. The rows of CSV and TSV
 * can't be told apart before they are parsed, and are read one by one.
 *
 * Labels become numbers at the end, when all are known (labels.c). */
#include "corpus/format.h"
#include "text/text.h"

#include <string.h>

enum {
    BATCH_BYTES = 1 << 22,
    BATCH_LINES = 1 << 14,
    GROUP_LINES = 32,
};

struct worker {
    struct arena *arena;
    struct buffer scratch;
    size_t repaired;
};

struct batch_line {
    size_t start, size; /* in the batch's bytes */
    size_t number;
};

struct group {
    tenor_status status;
    tenor_error error;
};

struct collector {
    const struct collect_plan *plan;
    struct worker *workers; /* [worker_count] */
    size_t worker_count;

    struct collection *out;

    const char *file; /* the one at hand */
    uint32_t file_number;
    enum record_format format;
    struct buffer bytes;      /* the batch */
    struct batch_line *lines; /* [line_count], room for [BATCH_LINES] */
    size_t line_count;
    struct group *groups; /* [BATCH_LINES / GROUP_LINES] */
};

/* ---- one record --------------------------------------------------------- */

static tenor_status list_fields(struct slice *out, json_t *fields,
                                struct arena *arena, tenor_error *error) {
    enum { ENOUGH = 160 };
    struct buffer list = {0};
    const char *name;
    json_t *value;
    json_object_foreach(fields, name, value) {
        if (list.size > ENOUGH) {
            buffer_text(&list, ", ...");
            break;
        }
        buffer_format(&list, "%s\"%s\"", list.size ? ", " : "", name);
    }
    bool copied = !list.failed && arena_copy(out, arena, list.data, list.size);
    buffer_clear(&list);
    return copied ? TENOR_OK : error_memory(error);
}

/* Copies what the corpus keeps of a record. */
static tenor_status keep(struct entry *out, struct collector *collector,
                         const struct record *record, struct worker *worker,
                         tenor_error *error) {
    struct arena *arena = worker->arena;
    bool cells =
        collector->format == RECORD_CSV || collector->format == RECORD_TSV;
    struct answer *answers =
        arena_alloc(arena, collector->plan->field_count, sizeof *answers);
    if (!answers ||
        !arena_copy(&out->text, arena, record->text.data, record->text.size))
        return error_memory(error);
    out->answers = answers;
    const json_t *kind = json_object_get(record->fields, "kind");
    if (json_is_string(kind))
        out->kind = (uint8_t)paragraph_kind_of(
            (struct slice){json_string_value(kind), json_string_length(kind)});
    out->file = collector->file_number;
    out->line = record->line < UINT32_MAX ? (uint32_t)record->line : UINT32_MAX;
    tenor_status status = value_spell(
        &out->id, json_object_get(record->fields, "id"), arena, error);
    if (!status && collector->plan->group)
        status =
            value_spell(&out->group,
                        json_object_get(record->fields, collector->plan->group),
                        arena, error);
    if (!status && collector->plan->target_field) {
        struct slice value;
        status = value_spell(
            &value,
            json_object_get(record->fields, collector->plan->target_field),
            arena, error);
        out->target =
            !status && strlen(collector->plan->target_value) == value.size &&
            memcmp(collector->plan->target_value, value.data, value.size) == 0;
    }
    const json_t *weight = NULL;
    if (collector->plan->weight)
        weight = json_object_get(record->fields, collector->plan->weight);
    out->weighed = weight && !json_is_null(weight);
    for (size_t i = 0; i < collector->plan->field_count && !status; i++) {
        const char *field = collector->plan->fields[i];
        status =
            answer_read(&answers[i], json_object_get(record->fields, field),
                        field, cells, arena, error);
        if (!status && answers[i].kind != ANSWER_ABSENT)
            status = value_weight(&answers[i].weight, weight, field, error);
    }
    if (!status && out == collector->out->entries)
        status = list_fields(&collector->out->first_fields, record->fields,
                             arena, error);
    if (status == TENOR_ERROR_INPUT)
        error_locate(error, collector->file, record->line);
    return status;
}

/* ---- lines, in parallel ------------------------------------------------- */

static tenor_status parse_line(struct collector *collector, size_t index,
                               struct worker *worker, tenor_error *error) {
    const struct batch_line *line = &collector->lines[index];
    struct record record;
    tenor_status status = record_from_line(
        &record, &worker->repaired, &worker->scratch, collector->format,
        (struct slice){collector->bytes.data + line->start, line->size},
        (struct place){collector->file, line->number}, error);
    if (!status)
        status = keep(&collector->out->entries[collector->out->count + index],
                      collector, &record, worker, error);
    record_clear(&record);
    return status;
}

static void parse_group(void *context, size_t item, size_t worker) {
    struct collector *collector = context;
    struct group *group = &collector->groups[item];
    size_t end = (item + 1) * GROUP_LINES;
    if (end > collector->line_count)
        end = collector->line_count;
    group->status = TENOR_OK;
    for (size_t i = item * GROUP_LINES; i < end && !group->status; i++)
        group->status = parse_line(collector, i, &collector->workers[worker],
                                   &group->error);
}

static tenor_status parse_batch(struct collector *collector,
                                tenor_error *error) {
    size_t groups = (collector->line_count + GROUP_LINES - 1) / GROUP_LINES;
    if (groups == 0)
        return TENOR_OK;
    if (collector->bytes.failed ||
        !memory_reserve(&collector->out->entries, &collector->out->capacity,
                        collector->out->count + collector->line_count,
                        sizeof *collector->out->entries))
        return error_memory(error);
    memset(collector->out->entries + collector->out->count, 0,
           collector->line_count * sizeof *collector->out->entries);
    thread_pool_run(collector->plan->pool, groups, parse_group, collector);
    for (size_t i = 0; i < groups; i++) {
        if (!collector->groups[i].status)
            continue;
        if (error)
            *error = collector->groups[i].error;
        return collector->groups[i].status;
    }
    collector->out->count += collector->line_count;
    collector->line_count = 0;
    collector->bytes.size = 0;
    return TENOR_OK;
}

static tenor_status read_lines(struct collector *collector,
                               struct record_reader *reader,
                               tenor_error *error) {
    collector->line_count = 0;
    collector->bytes.size = 0;
    for (;;) {
        struct slice line;
        size_t number;
        bool more;
        tenor_status status =
            record_reader_line(reader, &line, &number, &more, error);
        if (status)
            return status;
        if (!more)
            return parse_batch(collector, error);
        collector->lines[collector->line_count++] =
            (struct batch_line){collector->bytes.size, line.size, number};
        buffer_append(&collector->bytes, line.data, line.size);
        if (collector->line_count == BATCH_LINES ||
            collector->bytes.size >= BATCH_BYTES)
            status = parse_batch(collector, error);
        if (status)
            return status;
    }
}

/* ---- rows, one by one --------------------------------------------------- */

static tenor_status read_rows(struct collector *collector,
                              struct record_reader *reader,
                              tenor_error *error) {
    for (;;) {
        struct record record;
        bool more;
        tenor_status status = record_reader_next(reader, &record, &more, error);
        if (status || !more)
            return status;
        if (memory_reserve(&collector->out->entries, &collector->out->capacity,
                           collector->out->count + 1,
                           sizeof *collector->out->entries)) {
            struct entry *entry =
                &collector->out->entries[collector->out->count++];
            *entry = (struct entry){0};
            status =
                keep(entry, collector, &record, &collector->workers[0], error);
        } else {
            status = error_memory(error);
        }
        record_clear(&record);
        if (status)
            return status;
    }
}

/* ---- files -------------------------------------------------------------- */

static tenor_status read_file(struct corpus *corpus,
                              struct collector *collector, const char *path,
                              tenor_error *error) {
    struct record_reader *reader;
    size_t before = collector->out->count;
    tenor_status status =
        record_reader_open(&reader, path, collector->plan->format, error);
    if (status)
        return status;
    const char *name = record_reader_name(reader);
    char *copy = memory_copy_text(name, strlen(name));
    if (!copy) {
        status = error_memory(error);
        goto done;
    }
    collector->file = copy;
    collector->file_number = (uint32_t)corpus->file_count;
    collector->format = record_reader_format(reader);
    corpus->file_names[corpus->file_count++] = copy;
    if (collector->format == RECORD_CSV || collector->format == RECORD_TSV)
        status = read_rows(collector, reader, error);
    else
        status = read_lines(collector, reader, error);
    corpus->repaired += record_reader_repaired(reader);
    if (!status && collector->out->count == before)
        status = error_at(error, TENOR_ERROR_INPUT, copy, 0, 0,
                          "the file holds no record");
done:
    record_reader_close(reader);
    return status;
}

static tenor_status init(struct collector *collector, tenor_error *error) {
    size_t threads = thread_pool_threads(collector->plan->pool);
    collector->workers = memory_new(threads, sizeof *collector->workers);
    collector->lines = memory_new(BATCH_LINES, sizeof *collector->lines);
    collector->groups =
        memory_new(BATCH_LINES / GROUP_LINES, sizeof *collector->groups);
    if (!collector->workers || !collector->lines || !collector->groups)
        return error_memory(error);
    for (; collector->worker_count < threads; collector->worker_count++) {
        struct arena *arena = arena_new();
        if (!arena)
            return error_memory(error);
        collector->workers[collector->worker_count].arena = arena;
    }
    json_object_seed(0); /* once, before threads make objects */
    return TENOR_OK;
}

/* Hands the workers' arenas over to the corpus, whatever became of it. */
static void clear(struct collector *collector, struct corpus *corpus) {
    for (size_t i = 0; i < collector->worker_count; i++) {
        struct worker *worker = &collector->workers[i];
        if (corpus->arena)
            arena_join(corpus->arena, worker->arena);
        else
            corpus->arena = worker->arena;
        corpus->repaired += worker->repaired;
        buffer_clear(&worker->scratch);
    }
    memory_free(collector->workers);
    memory_free(collector->lines);
    memory_free(collector->groups);
    buffer_clear(&collector->bytes);
}

/* ---- the corpus --------------------------------------------------------- */

static tenor_status read_files(struct collection *out, struct corpus *corpus,
                               const char *const *paths, size_t path_count,
                               const struct collect_plan *plan,
                               tenor_error *error) {
    struct collector collector = {.plan = plan, .out = out};
    tenor_status status = init(&collector, error);
    corpus->file_names = memory_new(path_count, sizeof *corpus->file_names);
    if (!status && !corpus->file_names)
        status = error_memory(error);
    for (size_t i = 0; i < path_count && !status; i++)
        status = read_file(corpus, &collector, paths[i], error);
    clear(&collector, corpus);
    return status;
}

static tenor_status fill_records(struct corpus *corpus,
                                 const struct collection *collection,
                                 const struct collect_plan *plan,
                                 tenor_error *error) {
    size_t count = collection->count;
    bool grouped = plan->group != NULL, some_group = false;
    corpus->texts = memory_new(count, sizeof *corpus->texts);
    corpus->ids = memory_new(count, sizeof *corpus->ids);
    corpus->kinds = memory_new(count, sizeof *corpus->kinds);
    corpus->files = memory_new(count, sizeof *corpus->files);
    corpus->lines = memory_new(count, sizeof *corpus->lines);
    bool targeted = plan->target_field != NULL, some_target = false;
    bool some_weight = false;
    if (targeted)
        corpus->targets = memory_new(count, 1);
    corpus->groups = grouped ? memory_new(count, sizeof *corpus->groups) : NULL;
    if (!corpus->texts || !corpus->ids || !corpus->kinds || !corpus->files ||
        !corpus->lines || (grouped && !corpus->groups) ||
        (targeted && !corpus->targets))
        return error_memory(error);
    corpus->count = count;
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = &collection->entries[i];
        corpus->texts[i] = entry->text;
        corpus->ids[i] = entry->id;
        corpus->kinds[i] = entry->kind;
        corpus->files[i] = entry->file;
        corpus->lines[i] = entry->line;
        if (grouped)
            corpus->groups[i] = entry->group;
        if (targeted)
            corpus->targets[i] = entry->target;
        some_target = some_target || entry->target;
        some_weight = some_weight || entry->weighed;
        some_group = some_group || entry->group.size > 0;
    }
    if (grouped && !some_group)
        return error_at(error, TENOR_ERROR_INPUT, corpus->file_names[0], 0, 0,
                        "no record has the group field \"%s\"; the first one "
                        "has %s",
                        plan->group, collection->first_fields.data);
    if (plan->weight && !some_weight)
        return error_at(error, TENOR_ERROR_INPUT, corpus->file_names[0], 0, 0,
                        "no record has the weight field \"%s\"; the first one "
                        "has %s",
                        plan->weight, collection->first_fields.data);
    if (targeted && !some_target)
        return error_at(error, TENOR_ERROR_INPUT, corpus->file_names[0], 0, 0,
                        "no record has the value \"%s\" in the field \"%s\"; "
                        "the first one has the fields %s",
                        plan->target_value, plan->target_field,
                        collection->first_fields.data);
    return TENOR_OK;
}

tenor_status corpus_read(struct corpus *out, const char *const *paths,
                         size_t path_count,
                         const struct corpus_options *options,
                         struct thread_pool *pool, tenor_error *error) {
    static const struct corpus_options none = {0};
    *out = (struct corpus){0};
    if (path_count == 0 || path_count > UINT32_MAX)
        return error_set(error, TENOR_ERROR_USAGE,
                         "no file of labelled paragraphs is named");
    if (!options)
        options = &none;
    struct collect_plan plan = {.fields = options->tasks,
                                .field_count = options->task_count,
                                .named = options->task_count > 0,
                                .group = options->group,
                                .weight = options->weight,
                                .target_field = options->target_field,
                                .target_value = options->target_value,
                                .format = options->format,
                                .pool = pool};
    if (!plan.named)
        plan.fields = corpus_usual_fields(&plan.field_count);
    struct collection collection = {0};
    tenor_status status =
        read_files(&collection, out, paths, path_count, &plan, error);
    if (!status)
        status = fill_records(out, &collection, &plan, error);
    if (!status)
        status = corpus_build_tasks(out, &collection, &plan, error);
    memory_free(collection.entries);
    if (status)
        corpus_clear(out);
    return status;
}

void corpus_clear(struct corpus *corpus) {
    memory_free(corpus->texts);
    memory_free(corpus->ids);
    memory_free(corpus->groups);
    memory_free(corpus->targets);
    memory_free(corpus->kinds);
    memory_free(corpus->files);
    memory_free(corpus->lines);
    for (size_t i = 0; i < corpus->file_count; i++)
        memory_free(corpus->file_names[i]);
    memory_free(corpus->file_names);
    for (size_t i = 0; i < corpus->task_count; i++)
        corpus_task_clear(&corpus->tasks[i]);
    memory_free(corpus->tasks);
    arena_free(corpus->arena);
    *corpus = (struct corpus){0};
}
