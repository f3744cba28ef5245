/* The paragraphs of a file, one after another, whether it is an article or a
 * list of records: what the commands that classify share. */
#include "cli/cli.h"

#include <string.h>

const char *const unit_input_names[UNIT_INPUTS + 1] = {
    "auto", "text", "markdown", "html", "jsonl", "csv", "tsv", NULL};

tenor_status unit_reader_open(struct unit_reader *out, const char *path,
                              enum unit_input input, tenor_error *error) {
    static const enum article_format articles[UNIT_INPUTS] = {
        [INPUT_AUTO] = ARTICLE_AUTO,
        [INPUT_TEXT] = ARTICLE_PLAIN,
        [INPUT_MARKDOWN] = ARTICLE_MARKDOWN,
        [INPUT_HTML] = ARTICLE_HTML};
    static const enum record_format records[UNIT_INPUTS] = {
        [INPUT_AUTO] = RECORD_AUTO,
        [INPUT_JSONL] = RECORD_JSONL,
        [INPUT_CSV] = RECORD_CSV,
        [INPUT_TSV] = RECORD_TSV};
    bool standard = !path || strcmp(path, "-") == 0;
    *out = (struct unit_reader){.name = standard ? "-" : path};
    if (records[input] || (input == INPUT_AUTO && !standard &&
                           record_path(path)))
        return record_reader_open(&out->records, path, records[input], error);
    return article_open(&out->article, path, articles[input], error);
}

static tenor_status next_paragraph(struct unit_reader *reader,
                                   struct unit *out, bool *more,
                                   tenor_error *error) {
    struct paragraph paragraph;
    tenor_status status =
        article_next(reader->article, &paragraph, more, error);
    if (status || !*more)
        return status;
    out->kind = paragraph.kind;
    out->size = paragraph.text.size;
    out->text = memory_copy_text(paragraph.text.data, out->size);
    return out->text ? TENOR_OK : error_memory(error);
}

static tenor_status next_record(struct unit_reader *reader, struct unit *out,
                                bool *more, tenor_error *error) {
    struct record record = {0};
    tenor_status status =
        record_reader_next(reader->records, &record, more, error);
    if (!status && *more) {
        const json_t *kind = json_object_get(record.fields, "kind");
        if (json_is_string(kind))
            out->kind = paragraph_kind_of((struct slice){
                json_string_value(kind), json_string_length(kind)});
        out->size = record.text.size;
        out->text = memory_copy_text(record.text.data, out->size);
        out->fields = json_incref(record.fields);
        if (!out->text)
            status = error_memory(error);
    }
    record_clear(&record);
    return status;
}

tenor_status unit_reader_next(struct unit_reader *reader, struct unit *out,
                              bool *more, tenor_error *error) {
    *out = (struct unit){0};
    tenor_status status = (reader->records ? next_record : next_paragraph)(
        reader, out, more, error);
    if (status)
        unit_clear(out);
    else if (*more)
        out->number = ++reader->count;
    return status;
}

bool unit_reader_ready(struct unit_reader *reader) {
    return reader->records ? record_reader_ready(reader->records)
                           : article_ready(reader->article);
}

size_t unit_reader_repaired(const struct unit_reader *reader) {
    return reader->records ? record_reader_repaired(reader->records)
                           : article_repaired(reader->article);
}

void unit_reader_close(struct unit_reader *reader) {
    if (reader->records)
        record_reader_close(reader->records);
    article_close(reader->article);
    *reader = (struct unit_reader){0};
}

void unit_clear(struct unit *unit) {
    memory_free(unit->text);
    json_decref(unit->fields);
    *unit = (struct unit){0};
}
