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

void report_csv_header(struct buffer *out, const tenor_model *model,
                       bool doubt) {
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
    for (size_t t = 0; doubt && t < tenor_model_tasks(model); t++) {
        name.size = 0;
        buffer_format(&name, "%s.set", tenor_model_task(model, t));
        buffer_byte(out, ',');
        add_cell(out, name.data ? name.data : "", name.size);
    }
    out->failed = out->failed || name.failed;
    buffer_clear(&name);
    buffer_text(out, doubt ? ",unsure,unknown,known,text\n"
                           : ",known,text\n");
}

/* The labels of a task whose mark is set. */
static void add_labels(struct buffer *out,
                       const struct labelled_paragraph *paragraph, size_t task,
                       const unsigned char *marks) {
    struct buffer labels = {0};
    size_t first = tenor_model_first_output(paragraph->model, task);
    for (size_t k = 0; k < tenor_model_labels(paragraph->model, task); k++)
        if (marks[first + k] & 1)
            buffer_format(&labels, "%s%s", labels.size ? "|" : "",
                          tenor_model_label(paragraph->model, task, k));
    add_cell(out, labels.data ? labels.data : "", labels.size);
    out->failed = out->failed || labels.failed;
    buffer_clear(&labels);
}

static void add_doubt(struct buffer *out,
                      const struct labelled_paragraph *paragraph) {
    const tenor_model *model = paragraph->model;
    const tenor_result *result = paragraph->result;
    struct buffer unsure = {0};
    for (size_t t = 0; t < tenor_model_tasks(model); t++) {
        buffer_byte(out, ',');
        add_labels(out, paragraph, t, result->possible);
        if (result->unsure[t])
            buffer_format(&unsure, "%s%s", unsure.size ? "|" : "",
                          tenor_model_task(model, t));
    }
    buffer_byte(out, ',');
    add_cell(out, unsure.data ? unsure.data : "", unsure.size);
    buffer_text(out, report_is_unknown(result) ? ",1" : ",0");
    out->failed = out->failed || unsure.failed;
    buffer_clear(&unsure);
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
            add_labels(out, paragraph, t, result->holds);
    }
    size_t outputs = 0;
    for (size_t t = 0; t < tenor_model_tasks(model); t++)
        outputs += tenor_model_labels(model, t);
    for (size_t k = 0; k < outputs; k++) {
        buffer_byte(out, ',');
        if (result)
            report_json_number(out, (double)result->probability[k]);
    }
    if (result && result->possible)
        add_doubt(out, paragraph);
    else if (paragraph->doubt)
        buffer_fill(out, ',', tenor_model_tasks(model) + 2);
    buffer_byte(out, ',');
    if (result)
        report_json_number(out, report_known(result));
    buffer_byte(out, ',');
    add_cell(out, paragraph->text.data, paragraph->text.size);
    buffer_byte(out, '\n');
}
