/* corpus: labelled paragraphs, read and written. Stands on text and base.
 *
 *   record.c   one record after another from JSONL, CSV, TSV, fastText lines
 *   jsonl.c, csv.c, fasttext.c   the formats
 *   corpus.c   all records of some files in memory, read in parallel
 *   labels.c   what they say of each task, labels as numbers */
#ifndef TENOR_CORPUS_H
#define TENOR_CORPUS_H

#include "base/base.h"

#include <jansson.h>

/* ---- records ------------------------------------------------------------ */
enum record_format {
    RECORD_AUTO, /* by extension: .jsonl .ndjson .json .csv .tsv .txt .ft;
                  * without one, by the first byte that is not white space */
    RECORD_JSONL,
    RECORD_CSV,
    RECORD_TSV,
    RECORD_FASTTEXT, /* "__label__x __label__y text": task "label" */
};

/* True when the path's extension names a format of records (.jsonl, .ndjson,
 * .csv, .tsv), so that `classify` reads it as records, not as an article. */
bool record_path(const char *path);

struct record {
    json_t *fields;    /* the whole record, an object; owned by the record. CSV
                        * and TSV cells are strings; fastText gives "text" and
                        * "label" */
    struct slice text; /* points into fields; valid UTF-8, NUL bytes and bad
                        * sequences repaired to U+FFFD */
    size_t line;       /* where it starts, 1-based */
};

struct record_reader;
tenor_status record_reader_open(struct record_reader **out, const char *path,
                                enum record_format format, tenor_error *error);
tenor_status record_reader_open_memory(struct record_reader **out,
                                       const char *name, const char *data,
                                       size_t size, enum record_format format,
                                       tenor_error *error);
/* The next record, to be cleared by the caller; at the end *more is false.
 * Blank lines are passed over; anything else that is no record is an error
 * that names file, line and, where known, column. */
tenor_status record_reader_next(struct record_reader *reader,
                                struct record *out, bool *more,
                                tenor_error *error);
bool record_reader_ready(struct record_reader *reader);
size_t record_reader_repaired(const struct record_reader *reader);
void record_reader_close(struct record_reader *reader);
void record_clear(struct record *record);

/* ---- corpora --------------------------------------------------------------
 * One task's labels over all records. A record may say nothing of a task
 * (field absent or null): labelled[i] is 0 then. */
struct corpus_task {
    char *name;
    bool multi; /* several labels may hold, or none */
    size_t label_count;
    char **labels;     /* [label_count], sorted by bytes, distinct */
    uint8_t *labelled; /* [records] */
    size_t *starts;    /* [records + 1], into values */
    uint32_t *values;  /* label numbers, ascending in each record */
    double *weights;   /* [records] what each counts, or NULL: all the same */
};

struct corpus {
    size_t count;         /* records */
    struct slice *texts;  /* [count] */
    struct slice *ids;    /* [count]; empty where a record has none */
    struct slice *groups; /* [count] value of the group field, or NULL */
    uint8_t *targets;     /* [count] 1: a target record; or NULL: all are */
    uint8_t *kinds;       /* [count] enum paragraph_kind, by the field "kind" */
    uint32_t *files;      /* [count], into file_names */
    uint32_t *lines;      /* [count] */
    char **file_names;    /* [file_count] */
    size_t file_count;
    struct corpus_task *tasks; /* [task_count] */
    size_t task_count;
    size_t repaired;     /* byte sequences that were not UTF-8 */
    struct arena *arena; /* what the slices point into */
};

struct corpus_options {
    const char *const *tasks; /* [task_count] field names; none: those of
                               * topic, tone, stance (or label) that some
                               * record has */
    size_t task_count;
    const char *group;  /* field that names a record's group; NULL: none */
    const char *weight; /* field that says what a record counts, a number
                         * above 0 or, in JSON, an object with one for each
                         * task that it names, other names being passed over;
                         * 1 where it is missing; NULL: none */
    /* Records whose field has this value are the targets: what a model is to
     * be used on, and judged by. NULL: all are. */
    const char *target_field, *target_value;
    enum record_format format;
};

/* Reads all files. A task is multi-label when any record gives it a JSON list
 * or, in CSV and TSV, several labels joined by "|". A label is a string (or,
 * in JSON, a number or a boolean, taken by its spelling); an empty string or
 * list in a multi-label task is "no label", an empty string or cell in a
 * single-label task is "not labelled". Errors: a file with no record, a task
 * that no record has, a label of another JSON type, a weight that is no number
 * above 0; each names the file and, where there is one, the line. */
tenor_status corpus_read(struct corpus *out, const char *const *paths,
                         size_t path_count,
                         const struct corpus_options *options,
                         struct thread_pool *pool, tenor_error *error);
void corpus_clear(struct corpus *corpus);
static inline bool corpus_is_target(const struct corpus *corpus,
                                    size_t record) {
    return !corpus->targets || corpus->targets[record];
}

#endif
