/* What the formats of this room share: from a line or a row to a record.
 * Private to corpus/. */
#ifndef TENOR_CORPUS_FORMAT_H
#define TENOR_CORPUS_FORMAT_H

#include "corpus/corpus.h"

/* Where a line comes from, for messages. */
struct place {
    const char *file;
    size_t line;
};

/* ---- formats of one record a line -----------------------------------------
 * The line is valid UTF-8 without NUL. *repaired grows by what had to be
 * repaired beyond that. Threads may parse at the same time. */
tenor_status jsonl_parse(json_t **out, size_t *repaired, struct slice line,
                         struct place place, tenor_error *error);
tenor_status fasttext_parse(json_t **out, struct slice line, struct place place,
                            tenor_error *error);

/* ---- formats with a header and cells ------------------------------------ */
struct csv_rows;
struct csv_rows *csv_rows_new(enum record_format format); /* NULL: no memory */
void csv_rows_free(struct csv_rows *rows);
/* Takes one line, valid UTF-8 without NUL. *out is the row that it completes,
 * or NULL: it is the header, it is blank, or a quoted cell is still open. */
tenor_status csv_rows_feed(json_t **out, struct csv_rows *rows,
                           struct slice line, struct place place,
                           tenor_error *error);
/* After the last line: no quoted cell may be open. */
tenor_status csv_rows_finish(const struct csv_rows *rows, const char *file,
                             tenor_error *error);
/* The line on which the latest row starts. */
size_t csv_rows_line(const struct csv_rows *rows);

/* ---- records --------------------------------------------------------------
 * record_reader_next in two steps, for those who parse in parallel: the next
 * line that is not blank, of a format of one record a line ... */
tenor_status record_reader_line(struct record_reader *reader, struct slice *out,
                                size_t *number, bool *more, tenor_error *error);
/* ... and that line, which may still hold bad bytes, as a record. `scratch`
 * is reused from call to call. */
tenor_status record_from_line(struct record *out, size_t *repaired,
                              struct buffer *scratch, enum record_format format,
                              struct slice line, struct place place,
                              tenor_error *error);
/* Never RECORD_AUTO. */
enum record_format record_reader_format(const struct record_reader *reader);
const char *record_reader_name(const struct record_reader *reader);

/* ---- labels ---------------------------------------------------------------
 * What one record says of one task. */
enum answer_kind {
    ANSWER_ABSENT, /* the field is not there, or null */
    ANSWER_EMPTY,  /* an empty string */
    ANSWER_ONE,
    ANSWER_LIST, /* any number of labels, also none */
};
struct answer {
    enum answer_kind kind;
    size_t count;
    struct slice *labels; /* [count], none of them empty */
    double weight;        /* what the record counts for the task; 1 when read */
};

/* Reads a field's value; `value` may be NULL. `cells`: the record is a row of
 * cells, where "|" joins labels. What it keeps is copied to the arena. */
tenor_status answer_read(struct answer *out, const json_t *value,
                         const char *field, bool cells, struct arena *arena,
                         tenor_error *error);
/* A string, number or boolean as its spelling; empty when it is none of them.
 * NUL bytes are repaired. */
tenor_status value_spell(struct slice *out, const json_t *value,
                         struct arena *arena, tenor_error *error);

/* A number above 0, also as text, or an object's number for this field; *out
 * stays where there is none. */
tenor_status value_weight(double *out, const json_t *value, const char *field,
                          tenor_error *error);

/* ---- collecting ----------------------------------------------------------
 * All records of some files, before labels are numbers. */
struct entry {
    struct slice text, id, group;
    uint32_t file, line;
    uint8_t kind;
    bool target, weighed; /* has the weight field */
    const struct answer *answers; /* [field_count] */
};
struct collection {
    struct entry *entries; /* [count], room for [capacity] */
    size_t count, capacity;
    struct slice first_fields; /* names of the first record's, for messages */
};
struct collect_plan {
    const char *const *fields; /* [field_count], of tasks */
    size_t field_count;
    bool named;        /* by the user, and so each must be there */
    const char *group, *weight; /* or NULL */
    const char *target_field, *target_value; /* or NULL */
    enum record_format format;
    struct thread_pool *pool;
};
/* Fields that are looked for where no task is named. */
const char *const *corpus_usual_fields(size_t *count);
/* Numbers the labels of all tasks: corpus->tasks. */
tenor_status corpus_build_tasks(struct corpus *corpus,
                                const struct collection *collection,
                                const struct collect_plan *plan,
                                tenor_error *error);
void corpus_task_clear(struct corpus_task *task);

#endif
