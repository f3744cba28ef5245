/* Labelled paragraphs as CSV (RFC 4180): several labels joined by "|", a
 * column of probabilities for each label. */
#include "report/report.h"

#include <string.h>

static void add_cell(struct buffer *out, const char *text, size_t size) {
    bool quote = false;
    for (size_t i = 0; i < size && !quote; i++)
        quote = strchr(",\"\r\n", text[i]) != NULL;
    if (!quote) {
        buffer_append(out, text, size);
        return;
    }
    buffer_byte(out, '"');
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"')
            buffer_byte(out, '"');
        buffer_byte(out, text[i]);
    }
    buffer_byte(out, '"');
}

static void add_text(struct buffer *out, const char *text) {
    add_cell(out, text, strlen(text));
}

void report_csv_header(struct buffer *out, const tenor_model *model) {
    struct buffer name = {0};
    buffer_text(out, "id,file,paragraph,kind");
    for (size_t t = 0; t < tenor_model_tasks(model); t++) {
        buffer_byte(out, ',');
        add_text(out, tenor_model_task(model, t));
    }
    for (size_t t = 0; t < tenor_model_tasks(model); t++)
        for (size_t k = 0; k < tenor_model_labels(model, t); k++) {
            name.size = 0;
            buffer_format(&name, "%s.%s", tenor_model_task(model, t),
                          tenor_model_label(model, t, k));
            buffer_byte(out, ',');
            add_cell(out, name.data ? name.data : "", name.size);
        }
    out->failed = out->failed || name.failed;
    buffer_clear(&name);
    buffer_text(out, ",known,text\n");
}

static void add_labels(struct buffer *out,
                       const struct labelled_paragraph *paragraph,
                       size_t task) {
    struct buffer labels = {0};
    size_t first = tenor_model_first_output(paragraph->model, task);
    for (size_t k = 0; k < tenor_model_labels(paragraph->model, task); k++)
        if (paragraph->result->holds[first + k])
            buffer_format(&labels, "%s%s", labels.size ? "|" : "",
                          tenor_model_label(paragraph->model, task, k));
    add_cell(out, labels.data ? labels.data : "", labels.size);
    out->failed = out->failed || labels.failed;
    buffer_clear(&labels);
}

void report_paragraph_csv(struct buffer *out,
                          const struct labelled_paragraph *paragraph) {
    const tenor_model *model = paragraph->model;
    const tenor_result *result = paragraph->result;
    const char *id =
        json_string_value(json_object_get(paragraph->fields, "id"));
    add_text(out, id ? id : "");
    buffer_byte(out, ',');
    add_text(out, paragraph->file);
    buffer_format(out, ",%zu,%s", paragraph->number,
                  paragraph_kind_names[paragraph->kind]);
    for (size_t t = 0; t < tenor_model_tasks(model); t++) {
        buffer_byte(out, ',');
        if (result)
            add_labels(out, paragraph, t);
    }
    size_t outputs = 0;
    for (size_t t = 0; t < tenor_model_tasks(model); t++)
        outputs += tenor_model_labels(model, t);
    for (size_t k = 0; k < outputs; k++) {
        buffer_byte(out, ',');
        if (result)
            report_json_number(out, (double)result->probability[k]);
    }
    buffer_byte(out, ',');
    if (result && result->words)
        report_json_number(out,
                           (double)result->known_words / (double)result->words);
    buffer_byte(out, ',');
    add_cell(out, paragraph->text.data, paragraph->text.size);
    buffer_byte(out, '\n');
}
