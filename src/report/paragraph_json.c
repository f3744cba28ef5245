/* A labelled paragraph as one line of JSON: the fields of its record, then
 * where it stands, its text, its labels, probabilities and reasons. A name
 * that this program sets wins over the record's. */
#include "report/report.h"

#include <string.h>

static void add_string(struct buffer *out, const char *text) {
    report_json_string(out, text, strlen(text));
}

/* Opens a member: a comma but for the first, the name, a colon. */
static void add_name(struct buffer *out, const char *name) {
    char last = out->size ? out->data[out->size - 1] : '{';
    if (last != '{')
        buffer_text(out, ", ");
    add_string(out, name);
    buffer_text(out, ": ");
}

static bool is_own_name(const struct labelled_paragraph *paragraph,
                        const char *name) {
    static const char *const names[] = {"file",  "paragraph",   "text",
                                        "known", "probability", "reasons",
                                        "set",   "unsure",      "unknown"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    for (size_t t = 0; t < tenor_model_tasks(paragraph->model); t++)
        if (strcmp(name, tenor_model_task(paragraph->model, t)) == 0)
            return true;
    return false;
}

static bool add_fields(struct buffer *out,
                       const struct labelled_paragraph *paragraph) {
    const char *name;
    json_t *value;
    void (*release)(void *);
    json_get_alloc_funcs(NULL, &release);
    json_object_foreach(paragraph->fields, name, value) {
        if (is_own_name(paragraph, name))
            continue;
        char *text = json_dumps(value, JSON_ENCODE_ANY);
        if (!text)
            return false;
        add_name(out, name);
        buffer_text(out, text);
        release(text);
    }
    return true;
}

static void add_labels(struct buffer *out,
                       const struct labelled_paragraph *paragraph,
                       size_t task) {
    const tenor_model *model = paragraph->model;
    const tenor_result *result = paragraph->result;
    size_t first = tenor_model_first_output(model, task);
    bool multi = tenor_model_task_is_multi(model, task), any = false;
    add_name(out, tenor_model_task(model, task));
    if (multi)
        buffer_byte(out, '[');
    for (size_t k = 0; result && k < tenor_model_labels(model, task); k++) {
        if (!result->holds[first + k])
            continue;
        if (any)
            buffer_text(out, ", ");
        add_string(out, tenor_model_label(model, task, k));
        any = true;
    }
    if (multi)
        buffer_byte(out, ']');
    else if (!any)
        buffer_text(out, "null");
}

static void add_probabilities(struct buffer *out,
                              const struct labelled_paragraph *paragraph) {
    const tenor_model *model = paragraph->model;
    add_name(out, "probability");
    buffer_byte(out, '{');
    for (size_t t = 0; paragraph->result && t < tenor_model_tasks(model); t++) {
        size_t first = tenor_model_first_output(model, t);
        add_name(out, tenor_model_task(model, t));
        buffer_byte(out, '{');
        for (size_t k = 0; k < tenor_model_labels(model, t); k++) {
            float p = paragraph->result->probability[first + k];
            add_name(out, tenor_model_label(model, t, k));
            report_json_number(out, (double)p);
        }
        buffer_byte(out, '}');
    }
    buffer_byte(out, '}');
}

static void add_reasons(struct buffer *out,
                        const struct labelled_paragraph *paragraph) {
    add_name(out, "reasons");
    buffer_byte(out, '[');
    for (size_t i = 0; i < paragraph->reason_count; i++) {
        const struct label_reasons *reasons = &paragraph->reasons[i];
        buffer_text(out, i ? ", {" : "{");
        add_name(out, "task");
        add_string(out, tenor_model_task(paragraph->model, reasons->task));
        add_name(out, "label");
        add_string(out, tenor_model_label(paragraph->model, reasons->task,
                                          reasons->label));
        add_name(out, "terms");
        buffer_byte(out, '{');
        for (size_t k = 0; k < reasons->count; k++) {
            add_name(out, reasons->terms[k].term);
            report_json_number(out, (double)reasons->terms[k].weight);
        }
        buffer_text(out, "}}");
    }
    buffer_byte(out, ']');
}

/* The labels that may hold, by task; the tasks whose set is not one answer;
 * whether the paragraph is in words that the model knows at all. */
static void add_doubt(struct buffer *out,
                      const struct labelled_paragraph *paragraph) {
    const tenor_model *model = paragraph->model;
    const tenor_result *result = paragraph->result;
    add_name(out, "set");
    buffer_byte(out, '{');
    for (size_t t = 0; t < tenor_model_tasks(model); t++) {
        size_t first = tenor_model_first_output(model, t);
        bool any = false;
        add_name(out, tenor_model_task(model, t));
        buffer_byte(out, '[');
        for (size_t k = 0; k < tenor_model_labels(model, t); k++) {
            if (!(result->possible[first + k] & TENOR_MAY_HOLD))
                continue;
            if (any)
                buffer_text(out, ", ");
            add_string(out, tenor_model_label(model, t, k));
            any = true;
        }
        buffer_byte(out, ']');
    }
    buffer_byte(out, '}');
    add_name(out, "unsure");
    buffer_byte(out, '[');
    bool any = false;
    for (size_t t = 0; t < tenor_model_tasks(model); t++) {
        if (!result->unsure[t])
            continue;
        if (any)
            buffer_text(out, ", ");
        add_string(out, tenor_model_task(model, t));
        any = true;
    }
    buffer_byte(out, ']');
    add_name(out, "unknown");
    buffer_text(out, report_is_unknown(result) ? "true" : "false");
}

bool report_paragraph_json(struct buffer *out,
                           const struct labelled_paragraph *paragraph) {
    const tenor_result *result = paragraph->result;
    buffer_byte(out, '{');
    if (paragraph->fields && !add_fields(out, paragraph))
        return false;
    add_name(out, "file");
    add_string(out, paragraph->file);
    add_name(out, "paragraph");
    buffer_format(out, "%zu", paragraph->number);
    if (!paragraph->fields || !json_object_get(paragraph->fields, "kind")) {
        add_name(out, "kind");
        add_string(out, paragraph_kind_names[paragraph->kind]);
    }
    add_name(out, "text");
    report_json_string(out, paragraph->text.data, paragraph->text.size);
    for (size_t t = 0; t < tenor_model_tasks(paragraph->model); t++)
        add_labels(out, paragraph, t);
    add_probabilities(out, paragraph);
    if (result && result->possible)
        add_doubt(out, paragraph);
    add_name(out, "known");
    if (result)
        report_json_number(out, report_known(result));
    else
        buffer_text(out, "null");
    if (paragraph->reasons)
        add_reasons(out, paragraph);
    buffer_text(out, "}\n");
    return !out->failed;
}
