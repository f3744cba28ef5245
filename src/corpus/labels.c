/* From what records say to numbered labels.
 *
 * A field's value is read at once into a small answer, since the JSON that it
 * stands in does not live on. Whether a task is multi-label is known only when
 * all records are: one list among them makes it so, and only then an empty
 * string means "none of the labels" rather than "not labelled".
 *
 * Labels are numbered in the order of their bytes, so that the numbers depend
 * on the set of labels and on nothing else. */
#include "corpus/format.h"
#include "text/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Tasks that are looked for where none is named. "label" is what fastText's
 * lines have, and counts only where none of the others is there. */
static const char *const usual_fields[] = {"topic", "tone", "stance", "label"};
enum { USUAL = ARRAY_LENGTH(usual_fields) };

/* ---- one value ---------------------------------------------------------- */

static tenor_status copy_text(struct slice *out, const char *data, size_t size,
                              struct arena *arena, tenor_error *error) {
    bool copied;
    if (size && memchr(data, '\0', size)) {
        struct buffer repaired = {0};
        utf8_repair(&repaired, data, size);
        copied = !repaired.failed &&
                 arena_copy(out, arena, repaired.data, repaired.size);
        buffer_clear(&repaired);
    } else {
        copied = arena_copy(out, arena, data, size);
    }
    return copied ? TENOR_OK : error_memory(error);
}

tenor_status value_spell(struct slice *out, const json_t *value,
                         struct arena *arena, tenor_error *error) {
    *out = (struct slice){"", 0};
    if (json_is_string(value))
        return copy_text(out, json_string_value(value),
                         json_string_length(value), arena, error);
    if (!json_is_number(value) && !json_is_boolean(value))
        return TENOR_OK;
    /* 15 digits give back every decimal number of up to 15 as it was written;
     * jansson's 17 would turn 0.1 into 0.10000000000000001. */
    char spelling[64];
    size_t size = json_dumpb(value, spelling, sizeof spelling,
                             JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    return size && size <= sizeof spelling
               ? copy_text(out, spelling, size, arena, error)
               : error_memory(error);
}

tenor_status value_weight(double *out, const json_t *value, const char *field,
                          tenor_error *error) {
    if (json_is_object(value))
        value = json_object_get(value, field);
    const char *text = json_string_value(value); /* a cell of a table */
    char *end;
    if (!value || json_is_null(value) || (text && !*text))
        return TENOR_OK;
    double weight = text ? strtod(text, &end) : json_number_value(value);
    if ((text && *end) || !(weight > 0 && isfinite(weight)))
        return error_set(error, TENOR_ERROR_INPUT,
                         "the paragraph's weight for \"%s\" is not a number "
                         "above 0; mend it or leave it out",
                         field);
    *out = weight;
    return TENOR_OK;
}

static bool is_label(const json_t *value) {
    return json_is_string(value) || json_is_number(value) ||
           json_is_boolean(value);
}

static tenor_status refuse(const char *field, tenor_error *error) {
    return error_set(error, TENOR_ERROR_INPUT,
                     "the label of \"%s\" is neither a string, a number, true "
                     "or false, nor a list of these",
                     field);
}

static tenor_status read_list(struct answer *out, const json_t *list,
                              const char *field, struct arena *arena,
                              tenor_error *error) {
    size_t size = json_array_size(list);
    out->kind = ANSWER_LIST;
    out->labels = arena_alloc(arena, size, sizeof *out->labels);
    if (!out->labels)
        return error_memory(error);
    for (size_t i = 0; i < size; i++) {
        const json_t *value = json_array_get(list, i);
        struct slice *label = &out->labels[out->count];
        if (!is_label(value))
            return refuse(field, error);
        tenor_status status = value_spell(label, value, arena, error);
        if (status)
            return status;
        out->count += label->size > 0;
    }
    return TENOR_OK;
}

static struct slice trim(const char *data, size_t size) {
    while (size && (data[0] == ' ' || data[0] == '\t')) {
        data++;
        size--;
    }
    while (size && (data[size - 1] == ' ' || data[size - 1] == '\t'))
        size--;
    return (struct slice){data, size};
}

/* Labels in a cell: "x", "x|y", or nothing. */
static tenor_status read_cell(struct answer *out, const char *cell, size_t size,
                              struct arena *arena, tenor_error *error) {
    const char *end = cell + size;
    size_t parts = 1;
    for (const char *at = cell; at < end; at++)
        parts += *at == '|';
    out->labels = arena_alloc(arena, parts, sizeof *out->labels);
    if (!out->labels)
        return error_memory(error);
    for (const char *at = cell; at <= end;) {
        const char *bar = memchr(at, '|', (size_t)(end - at));
        const char *stop = bar ? bar : end;
        struct slice label = trim(at, (size_t)(stop - at));
        if (label.size && !arena_copy(&out->labels[out->count++], arena,
                                      label.data, label.size))
            return error_memory(error);
        at = stop + 1;
    }
    if (parts > 1)
        out->kind = ANSWER_LIST;
    else
        out->kind = out->count ? ANSWER_ONE : ANSWER_EMPTY;
    return TENOR_OK;
}

tenor_status answer_read(struct answer *out, const json_t *value,
                         const char *field, bool cells, struct arena *arena,
                         tenor_error *error) {
    *out = (struct answer){.kind = ANSWER_ABSENT, .weight = 1};
    if (!value || json_is_null(value))
        return TENOR_OK;
    if (cells)
        return read_cell(out, json_string_value(value),
                         json_string_length(value), arena, error);
    if (json_is_array(value))
        return read_list(out, value, field, arena, error);
    if (!is_label(value))
        return refuse(field, error);
    out->labels = arena_alloc(arena, 1, sizeof *out->labels);
    if (!out->labels)
        return error_memory(error);
    tenor_status status = value_spell(out->labels, value, arena, error);
    out->count = out->labels->size > 0;
    out->kind = out->count ? ANSWER_ONE : ANSWER_EMPTY;
    return status;
}

/* ---- a task ------------------------------------------------------------- */

static int compare_slices(const void *left, const void *right) {
    const struct slice *a = left, *b = right;
    size_t shorter = a->size < b->size ? a->size : b->size;
    int order = shorter ? memcmp(a->data, b->data, shorter) : 0;
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

static int compare_numbers(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The distinct labels, sorted, in the front of all[count]. */
static size_t sort_distinct(struct slice *all, size_t count) {
    if (count == 0)
        return 0;
    qsort(all, count, sizeof *all, compare_slices);
    size_t kept = 1;
    for (size_t i = 1; i < count; i++)
        if (compare_slices(&all[i], &all[kept - 1]) != 0)
            all[kept++] = all[i];
    return kept;
}

/* Puts one record's label numbers, ascending and distinct, to values; returns
 * how many. */
static size_t number_labels(uint32_t *values, const struct answer *answer,
                            const struct slice *labels, size_t label_count) {
    for (size_t i = 0; i < answer->count; i++) {
        const struct slice *found =
            bsearch(&answer->labels[i], labels, label_count, sizeof *labels,
                    compare_slices);
        values[i] = (uint32_t)(found - labels);
    }
    if (answer->count < 2)
        return answer->count;
    qsort(values, answer->count, sizeof *values, compare_numbers);
    size_t kept = 1;
    for (size_t i = 1; i < answer->count; i++)
        if (values[i] != values[kept - 1])
            values[kept++] = values[i];
    return kept;
}

static bool is_labelled(const struct answer *answer, bool multi) {
    return answer->kind == ANSWER_ONE || answer->kind == ANSWER_LIST ||
           (answer->kind == ANSWER_EMPTY && multi);
}

static bool copy_names(struct corpus_task *task, const char *name,
                       const struct slice *labels, size_t count) {
    task->name = memory_copy_text(name, strlen(name));
    task->labels = memory_new(count, sizeof *task->labels);
    if (!task->name || !task->labels)
        return false;
    for (; task->label_count < count; task->label_count++) {
        struct slice label = labels[task->label_count];
        char *copy = memory_copy_text(label.data, label.size);
        if (!copy)
            return false;
        task->labels[task->label_count] = copy;
    }
    return true;
}

void corpus_task_clear(struct corpus_task *task) {
    memory_free(task->name);
    for (size_t i = 0; i < task->label_count; i++)
        memory_free(task->labels[i]);
    memory_free(task->labels);
    memory_free(task->labelled);
    memory_free(task->starts);
    memory_free(task->values);
    memory_free(task->weights);
    *task = (struct corpus_task){0};
}

static tenor_status build_task(struct corpus_task *out, const char *name,
                               const struct collection *collection, size_t task,
                               bool weighted, tenor_error *error) {
    *out = (struct corpus_task){0};
    tenor_status status = TENOR_OK;
    size_t records = collection->count, mentions = 0, filled = 0;
    const struct entry *entries = collection->entries;
    for (size_t i = 0; i < records; i++) {
        mentions += entries[i].answers[task].count;
        out->multi = out->multi || entries[i].answers[task].kind == ANSWER_LIST;
    }
    struct slice *labels = memory_new_raw(mentions, sizeof *labels);
    out->labelled = memory_new(records, sizeof *out->labelled);
    out->starts = memory_new(records + 1, sizeof *out->starts);
    out->values = memory_new(mentions, sizeof *out->values);
    if (weighted)
        out->weights = memory_new(records, sizeof *out->weights);
    if (!labels || !out->labelled || !out->starts || !out->values ||
        (weighted && !out->weights)) {
        status = error_memory(error);
        goto done;
    }
    for (size_t i = 0; i < records; i++)
        for (size_t j = 0; j < entries[i].answers[task].count; j++)
            labels[filled++] = entries[i].answers[task].labels[j];
    size_t count = sort_distinct(labels, filled);
    if (count > UINT32_MAX || !copy_names(out, name, labels, count)) {
        status = error_memory(error);
        goto done;
    }
    for (size_t i = 0; i < records; i++) {
        const struct answer *answer = &entries[i].answers[task];
        out->labelled[i] = is_labelled(answer, out->multi);
        if (weighted)
            out->weights[i] = answer->weight;
        out->starts[i + 1] =
            out->starts[i] +
            number_labels(out->values + out->starts[i], answer, labels, count);
    }
done:
    memory_free(labels);
    if (status)
        corpus_task_clear(out);
    return status;
}

/* ---- all tasks ---------------------------------------------------------- */

const char *const *corpus_usual_fields(size_t *count) {
    *count = USUAL;
    return usual_fields;
}

static tenor_status miss_task(const struct corpus *corpus,
                              const struct collection *collection,
                              const char *name, tenor_error *error) {
    const char *first = collection->first_fields.data;
    char quoted[128];
    snprintf(quoted, sizeof quoted, "\"%s\"", name ? name : "");
    if (name && first && strstr(first, quoted))
        return error_at(error, TENOR_ERROR_INPUT, corpus->file_names[0], 0, 0,
                        "the field \"%s\" holds no label in any record; fill "
                        "it in or name another one, the first record has %s",
                        name, first);
    if (name)
        return error_at(error, TENOR_ERROR_INPUT, corpus->file_names[0], 0, 0,
                        "no record has a label in the field \"%s\"; the first "
                        "one has %s",
                        name, first);
    return error_at(error, TENOR_ERROR_INPUT, corpus->file_names[0], 0, 0,
                    "no record is labelled under topic, tone, stance or label; "
                    "name the field to learn, the first record has %s",
                    first);
}

tenor_status corpus_build_tasks(struct corpus *corpus,
                                const struct collection *collection,
                                const struct collect_plan *plan,
                                tenor_error *error) {
    corpus->tasks = memory_new(plan->field_count, sizeof *corpus->tasks);
    if (!corpus->tasks)
        return error_memory(error);
    for (size_t i = 0; i < plan->field_count; i++) {
        struct corpus_task *task = &corpus->tasks[corpus->task_count];
        if (!plan->named && i == USUAL - 1 && corpus->task_count > 0)
            break;
        tenor_status status =
            build_task(task, plan->fields[i], collection, i,
                       plan->weight != NULL, error);
        if (status)
            return status;
        if (task->label_count > 0) {
            corpus->task_count++;
            continue;
        }
        corpus_task_clear(task);
        if (plan->named)
            return miss_task(corpus, collection, plan->fields[i], error);
    }
    return corpus->task_count ? TENOR_OK
                              : miss_task(corpus, collection, NULL, error);
}
