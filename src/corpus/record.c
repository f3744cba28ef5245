/* One record after another, whatever the format.
 *
 * A line travels so: its bytes are repaired to valid UTF-8, its format makes a
 * JSON object of it, and the object's text is found. Nothing but the line at
 * hand, or the rows of one quoted cell, is held in memory. A record that has
 * come out owns all that it points to. */
#include "corpus/format.h"
#include "text/text.h"

#include <string.h>
#include <strings.h>

struct record_reader {
    struct reader lines;
    char *name; /* for messages */
    enum record_format format;
    struct csv_rows *rows; /* CSV and TSV */
    struct buffer scratch;
    size_t repaired;
};

/* ---- formats ------------------------------------------------------------ */

static const struct {
    const char *name;
    enum record_format format;
    bool records_for_sure; /* ".txt" may be an article as well */
} extensions[] = {
    {".jsonl", RECORD_JSONL, true},  {".ndjson", RECORD_JSONL, true},
    {".json", RECORD_JSONL, false},  {".csv", RECORD_CSV, true},
    {".tsv", RECORD_TSV, true},      {".txt", RECORD_FASTTEXT, false},
    {".ft", RECORD_FASTTEXT, false},
};

/* Index into extensions, or its length. */
static size_t find_extension(const char *path) {
    const char *dot = path ? strrchr(path, '.') : NULL;
    size_t i = 0;
    while (i < ARRAY_LENGTH(extensions) &&
           !(dot && strcasecmp(dot, extensions[i].name) == 0))
        i++;
    return i;
}

bool record_path(const char *path) {
    size_t i = find_extension(path);
    return i < ARRAY_LENGTH(extensions) && extensions[i].records_for_sure;
}

static tenor_status recognise_label(struct record_reader *reader, size_t start,
                                    tenor_error *error) {
    struct slice head;
    tenor_status status = reader_peek(&reader->lines, &head, start + 9, error);
    if (!status && head.size == start + 9 &&
        memcmp(head.data + start, "__label__", 9) == 0)
        reader->format = RECORD_FASTTEXT;
    return status;
}

/* Looks at the first bytes one by one, so that a pipe that has delivered
 * enough of them is not waited for. A header row decides between CSV and TSV
 * by the separator that comes first. */
static tenor_status recognise(struct record_reader *reader,
                              tenor_error *error) {
    bool header = false;
    reader->format = RECORD_CSV;
    for (size_t i = 0;; i++) {
        struct slice head;
        tenor_status status = reader_peek(&reader->lines, &head, i + 1, error);
        if (status || head.size <= i)
            return status;
        char byte = head.data[i];
        if (header && (byte == '\t' || byte == ',' || byte == '\n')) {
            if (byte == '\t')
                reader->format = RECORD_TSV;
            return TENOR_OK;
        }
        if (header || memchr(" \t\r\n\xEF\xBB\xBF", byte, 7))
            continue;
        header = true;
        if (byte == '{' || byte == '[')
            reader->format = RECORD_JSONL;
        else if (byte == '_') /* "_id" may well be a column */
            return recognise_label(reader, i, error);
        else
            continue;
        return TENOR_OK;
    }
}

/* ---- opening and closing ------------------------------------------------ */

static tenor_status finish_open(struct record_reader *reader,
                                enum record_format format, tenor_error *error) {
    reader->format = format;
    size_t extension = find_extension(reader->name);
    if (format == RECORD_AUTO && extension < ARRAY_LENGTH(extensions)) {
        reader->format = extensions[extension].format;
    } else if (format == RECORD_AUTO) {
        tenor_status status = recognise(reader, error);
        if (status)
            return status;
    }
    if (reader->format == RECORD_CSV || reader->format == RECORD_TSV) {
        reader->rows = csv_rows_new(reader->format);
        if (!reader->rows)
            return error_memory(error);
    }
    return TENOR_OK;
}

static tenor_status create(struct record_reader **out, const char *name,
                           tenor_error *error) {
    *out = memory_new(1, sizeof **out);
    if (!*out)
        return error_memory(error);
    (*out)->lines.descriptor = -1;
    (*out)->name = memory_copy_text(name, strlen(name));
    return (*out)->name ? TENOR_OK : error_memory(error);
}

tenor_status record_reader_open(struct record_reader **out, const char *path,
                                enum record_format format, tenor_error *error) {
    bool standard = !path || strcmp(path, "-") == 0;
    tenor_status status = create(out, standard ? "stdin" : path, error);
    if (!status)
        status =
            reader_open(&(*out)->lines, standard ? NULL : (*out)->name, error);
    if (!status)
        status = finish_open(*out, format, error);
    if (status) {
        record_reader_close(*out);
        *out = NULL;
    }
    return status;
}

tenor_status record_reader_open_memory(struct record_reader **out,
                                       const char *name, const char *data,
                                       size_t size, enum record_format format,
                                       tenor_error *error) {
    tenor_status status = create(out, name ? name : "", error);
    if (!status) {
        reader_open_memory(&(*out)->lines, (*out)->name, data, size);
        status = finish_open(*out, format, error);
    }
    if (status) {
        record_reader_close(*out);
        *out = NULL;
    }
    return status;
}

void record_reader_close(struct record_reader *reader) {
    if (!reader)
        return;
    reader_close(&reader->lines);
    csv_rows_free(reader->rows);
    buffer_clear(&reader->scratch);
    memory_free(reader->name);
    memory_free(reader);
}

bool record_reader_ready(struct record_reader *reader) {
    return reader_ready(&reader->lines);
}

size_t record_reader_repaired(const struct record_reader *reader) {
    return reader->repaired;
}

enum record_format record_reader_format(const struct record_reader *reader) {
    return reader->format;
}

const char *record_reader_name(const struct record_reader *reader) {
    return reader->name;
}

void record_clear(struct record *record) {
    json_decref(record->fields);
    *record = (struct record){0};
}

/* ---- lines -------------------------------------------------------------- */

/* Drops the byte-order mark that editors of Windows put at the front of a
 * file; what is no text in UTF-8 is an error, before a line is looked for. */
static tenor_status check_start(struct record_reader *reader,
                                tenor_error *error) {
    const struct signature *found = NULL;
    struct slice start;
    bool whole = true;
    for (size_t wanted = 1; whole && wanted > 0;) {
        tenor_status status =
            reader_peek(&reader->lines, &start, wanted, error);
        if (status)
            return status;
        whole = start.size >= wanted;
        found = signature_find(start, &wanted);
    }
    return signature_settle(found, &reader->lines, reader->name, 1,
                            "JSONL, CSV or TSV", error);
}

static tenor_status next_line(struct record_reader *reader, struct slice *out,
                              bool *more, tenor_error *error) {
    tenor_status status =
        reader->lines.line == 0 ? check_start(reader, error) : TENOR_OK;
    return status ? status : reader_line(&reader->lines, out, more, error);
}

static bool is_blank(struct slice line) {
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] != ' ' && line.data[i] != '\t')
            return false;
    return true;
}

tenor_status record_reader_line(struct record_reader *reader, struct slice *out,
                                size_t *number, bool *more,
                                tenor_error *error) {
    tenor_status status;
    do
        status = next_line(reader, out, more, error);
    while (!status && *more && is_blank(*out));
    *number = reader->lines.line;
    return status;
}

/* The line itself where it is valid, else its repaired copy in `scratch`. */
static tenor_status repair(struct slice *line, size_t *repaired,
                           struct buffer *scratch, tenor_error *error) {
    size_t valid = utf8_valid_prefix(line->data, line->size);
    if (valid == line->size)
        return TENOR_OK;
    scratch->size = 0;
    buffer_append(scratch, line->data, valid);
    *repaired += utf8_repair(scratch, line->data + valid, line->size - valid);
    if (scratch->failed)
        return error_memory(error);
    *line = (struct slice){scratch->data, scratch->size};
    return TENOR_OK;
}

/* ---- records ------------------------------------------------------------ */

/* Replaces the NUL bytes that JSON lets by as "\u0000". */
static tenor_status repair_text(json_t *text, size_t *repaired,
                                struct buffer *scratch, tenor_error *error) {
    scratch->size = 0;
    *repaired +=
        utf8_repair(scratch, json_string_value(text), json_string_length(text));
    if (scratch->failed ||
        json_string_setn_nocheck(text, scratch->data, scratch->size) != 0)
        return error_memory(error);
    return TENOR_OK;
}

static tenor_status find_text(struct record *record, size_t *repaired,
                              struct buffer *scratch, struct place place,
                              tenor_error *error) {
    json_t *text = json_object_get(record->fields, "text");
    if (!json_is_string(text))
        return error_at(error, TENOR_ERROR_INPUT, place.file, place.line, 0,
                        text ? "\"text\" is not a string"
                             : "the record has no field \"text\"");
    if (memchr(json_string_value(text), '\0', json_string_length(text))) {
        tenor_status status = repair_text(text, repaired, scratch, error);
        if (status)
            return status;
    }
    record->text =
        (struct slice){json_string_value(text), json_string_length(text)};
    record->line = place.line;
    return TENOR_OK;
}

tenor_status record_from_line(struct record *out, size_t *repaired,
                              struct buffer *scratch, enum record_format format,
                              struct slice line, struct place place,
                              tenor_error *error) {
    *out = (struct record){0};
    tenor_status status = repair(&line, repaired, scratch, error);
    if (!status && format == RECORD_JSONL)
        status = jsonl_parse(&out->fields, repaired, line, place, error);
    else if (!status)
        status = fasttext_parse(&out->fields, line, place, error);
    if (!status)
        status = find_text(out, repaired, scratch, place, error);
    if (status)
        record_clear(out);
    return status;
}

static tenor_status next_row(struct record_reader *reader, struct record *out,
                             bool *more, tenor_error *error) {
    while (!out->fields) {
        struct slice line;
        tenor_status status = next_line(reader, &line, more, error);
        if (status)
            return status;
        if (!*more)
            return csv_rows_finish(reader->rows, reader->name, error);
        status = repair(&line, &reader->repaired, &reader->scratch, error);
        struct place place = {reader->name, reader->lines.line};
        if (!status)
            status =
                csv_rows_feed(&out->fields, reader->rows, line, place, error);
        if (status)
            return status;
    }
    struct place place = {reader->name, csv_rows_line(reader->rows)};
    return find_text(out, &reader->repaired, &reader->scratch, place, error);
}

tenor_status record_reader_next(struct record_reader *reader,
                                struct record *out, bool *more,
                                tenor_error *error) {
    *out = (struct record){0};
    *more = false;
    if (reader->rows) {
        tenor_status status = next_row(reader, out, more, error);
        if (status)
            record_clear(out);
        return status;
    }
    struct slice line;
    struct place place = {.file = reader->name};
    tenor_status status =
        record_reader_line(reader, &line, &place.line, more, error);
    if (status || !*more)
        return status;
    return record_from_line(out, &reader->repaired, &reader->scratch,
                            reader->format, line, place, error);
}
