/* CSV and TSV through libcsv, fed line by line: a line completes at most one
 * row, so that memory is bounded by the longest row and each row's first line
 * is known.
 *
 * CSV is RFC 4180's. libcsv runs in its strict mode, because the other one
 * takes a stray quotation mark in a quoted cell for text and swallows the rows
 * that follow. A quotation mark inside a cell without quotes is harmless, as
 * in `He said "no"`; there the strict mode is lifted for that one byte.
 *
 * TSV is what IANA registers: tabs and line breaks always separate. A text may
 * begin with a quotation mark, as news does; only a cell that is quoted from
 * end to end, with the marks inside doubled, is unwrapped, since this is how
 * spreadsheets write it. */
#include "corpus/format.h"

#include <csv.h>
#include <string.h>

struct csv_rows {
    struct csv_parser parser;
    bool tsv;
    char **names; /* [columns]; NULL before the header */
    size_t columns;
    struct buffer bytes; /* of the cells of the row at hand */
    size_t *ends;        /* [cells], into bytes */
    size_t cells, capacity;
    size_t line;    /* on which the row at hand starts */
    bool open;      /* a quoted cell goes on in the next line */
    bool completed; /* the line completed a row */
    bool failed;    /* no memory */
};

static int is_line_feed(unsigned char byte) {
    return byte == '\n';
}

static void *resize(void *block, size_t size) {
    return memory_resize(block, size, 1);
}

struct csv_rows *csv_rows_new(enum record_format format) {
    struct csv_rows *rows = memory_new(1, sizeof *rows);
    if (!rows)
        return NULL;
    csv_init(&rows->parser, CSV_STRICT);
    csv_set_realloc_func(&rows->parser, resize);
    csv_set_free_func(&rows->parser, memory_free);
    csv_set_term_func(&rows->parser, is_line_feed);
    csv_set_blk_size(&rows->parser, 1 << 14);
    rows->tsv = format == RECORD_TSV;
    if (rows->tsv) {
        csv_set_delim(&rows->parser, CSV_TAB);
        csv_set_quote(&rows->parser, '\0'); /* never in repaired text */
    }
    return rows;
}

void csv_rows_free(struct csv_rows *rows) {
    if (!rows)
        return;
    csv_free(&rows->parser);
    for (size_t i = 0; i < rows->columns; i++)
        memory_free(rows->names[i]);
    memory_free(rows->names);
    memory_free(rows->ends);
    buffer_clear(&rows->bytes);
    memory_free(rows);
}

size_t csv_rows_line(const struct csv_rows *rows) {
    return rows->line;
}

/* True when the cell is quoted from end to end. */
static bool is_wrapped(const char *cell, size_t size) {
    if (size < 2 || cell[0] != '"' || cell[size - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < size; i++)
        if (cell[i] == '"' && (++i + 1 >= size || cell[i] != '"'))
            return false;
    return true;
}

static void take_cell(void *data, size_t size, void *context) {
    struct csv_rows *rows = context;
    const char *cell = data;
    rows->cells++;
    if (rows->names && rows->cells > rows->columns)
        return; /* one too many, reported when the row ends */
    if (!memory_reserve(&rows->ends, &rows->capacity, rows->cells,
                        sizeof *rows->ends)) {
        rows->failed = true;
        return;
    }
    if (rows->tsv && is_wrapped(cell, size)) {
        for (size_t i = 1; i + 1 < size; i++) {
            buffer_byte(&rows->bytes, cell[i]);
            i += cell[i] == '"';
        }
    } else {
        buffer_append(&rows->bytes, cell, size);
    }
    rows->ends[rows->cells - 1] = rows->bytes.size;
}

static void end_row(int terminator, void *context) {
    (void)terminator;
    struct csv_rows *rows = context;
    rows->completed = true;
}

static struct slice cell_at(const struct csv_rows *rows, size_t cell) {
    size_t start = cell ? rows->ends[cell - 1] : 0;
    size_t size = rows->ends[cell] - start;
    return (struct slice){size ? rows->bytes.data + start : "", size};
}

/* Feeds the bytes in strict mode, but for marks in cells without quotes. */
static tenor_status parse(struct csv_rows *rows, struct slice bytes,
                          struct place place, tenor_error *error) {
    size_t fed = 0;
    while (fed < bytes.size) {
        fed += csv_parse(&rows->parser, bytes.data + fed, bytes.size - fed,
                         take_cell, end_row, rows);
        if (fed == bytes.size)
            break;
        if (csv_error(&rows->parser) != CSV_EPARSE)
            return error_memory(error);
        if (rows->parser.quoted)
            return error_at(
                error, TENOR_ERROR_INPUT, place.file, place.line, fed + 1,
                "a quotation mark ends the quoted cell, but more text follows; "
                "double the marks inside a quoted cell");
        csv_set_opts(&rows->parser, 0);
        size_t taken = csv_parse(&rows->parser, bytes.data + fed, 1, take_cell,
                                 end_row, rows);
        csv_set_opts(&rows->parser, CSV_STRICT);
        if (taken != 1)
            return error_memory(error);
        fed++;
    }
    return rows->failed || rows->bytes.failed ? error_memory(error) : TENOR_OK;
}

static tenor_status take_header(struct csv_rows *rows, struct place place,
                                tenor_error *error) {
    tenor_status status = TENOR_OK;
    json_t *seen = json_object();
    rows->names = memory_new(rows->cells, sizeof *rows->names);
    if (!seen || !rows->names) {
        status = error_memory(error);
        goto done;
    }
    for (size_t i = 0; i < rows->cells; i++) {
        struct slice name = cell_at(rows, i);
        rows->names[i] = memory_copy_text(name.data, name.size);
        if (!rows->names[i]) {
            status = error_memory(error);
            goto done;
        }
        rows->columns++;
        if (json_object_get(seen, rows->names[i])) {
            status = error_at(error, TENOR_ERROR_INPUT, place.file, rows->line,
                              0, "the header names the column \"%s\" twice",
                              rows->names[i]);
            goto done;
        }
        if (json_object_set_new_nocheck(seen, rows->names[i], json_true())) {
            status = error_memory(error);
            goto done;
        }
    }
    if (!json_object_get(seen, "text"))
        status = error_at(error, TENOR_ERROR_INPUT, place.file, rows->line, 0,
                          "no column \"text\"; the first row must name the "
                          "columns, and one must be \"text\"");
done:
    json_decref(seen);
    return status;
}

static tenor_status build_row(json_t **out, const struct csv_rows *rows,
                              struct place place, tenor_error *error) {
    if (rows->cells != rows->columns)
        return error_at(error, TENOR_ERROR_INPUT, place.file, rows->line, 0,
                        "the row has %zu cell%s, but the header names %zu "
                        "column%s; %s",
                        rows->cells, rows->cells == 1 ? "" : "s", rows->columns,
                        rows->columns == 1 ? "" : "s",
                        rows->tsv ? "a cell of TSV can't hold tabs or line "
                                    "breaks, use CSV for these"
                                  : "put cells that hold commas between "
                                    "quotation marks");
    json_t *fields = json_object();
    if (!fields)
        return error_memory(error);
    for (size_t i = 0; i < rows->columns; i++) {
        struct slice cell = cell_at(rows, i);
        if (json_object_set_new_nocheck(
                fields, rows->names[i],
                json_stringn_nocheck(cell.data, cell.size)) != 0) {
            json_decref(fields);
            return error_memory(error);
        }
    }
    *out = fields;
    return TENOR_OK;
}

/* White space only; in TSV a tab is a cell's end and no blank. */
static bool is_blank(const struct csv_rows *rows, struct slice line) {
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] != ' ' && (line.data[i] != '\t' || rows->tsv))
            return false;
    return true;
}

tenor_status csv_rows_feed(json_t **out, struct csv_rows *rows,
                           struct slice line, struct place place,
                           tenor_error *error) {
    *out = NULL;
    if (!rows->open && is_blank(rows, line))
        return TENOR_OK;
    if (!rows->open) {
        rows->line = place.line;
        rows->cells = 0;
        rows->bytes.size = 0;
    }
    rows->completed = false;
    tenor_status status = parse(rows, line, place, error);
    if (!status)
        status = parse(rows, (struct slice){"\n", 1}, place, error);
    if (status)
        return status;
    rows->open = !rows->completed;
    if (!rows->completed)
        return TENOR_OK;
    if (!rows->names)
        return take_header(rows, place, error);
    return build_row(out, rows, place, error);
}

tenor_status csv_rows_finish(const struct csv_rows *rows, const char *file,
                             tenor_error *error) {
    if (!rows->open)
        return TENOR_OK;
    return error_at(error, TENOR_ERROR_INPUT, file, rows->line, 0,
                    "a quoted cell of this row is never closed; add the "
                    "missing quotation mark");
}
