/* cli: one file a command; options, messages, progress. The trainer's program
 * shares the last three.
 *
 *   main.c      picks the command
 *   classify.c  evaluate.c  info.c  tokens.c   the commands
 *   evaluate_tasks.c  which tasks are judged
 *   units.c     paragraphs from articles and records alike
 *   page.c      labelled articles as one HTML page
 *   options.c   one table parses, checks and prints the help
 *   manual.c    the manual page from the same table
 *   messages.c  warnings, errors, exit codes, interruption
 *   progress.c  the bar */
#ifndef TENOR_CLI_H
#define TENOR_CLI_H

#include "base/base.h"
#include "corpus/corpus.h"
#include "text/text.h"
#include "tenor/tenor.h"

/* ---- exit codes -------------------------------------------------------------- */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

/* ---- messages ----------------------------------------------------------------
 * All to standard error, each led by the program's name. */
struct messages {
    const char *program;
    bool quiet;   /* errors only */
    bool verbose; /* notes as well */
};
extern struct messages messages;
/* Names the program, restores usable signals: the first Ctrl-C asks the work
 * to stop, the second kills and leaves no half-written file, as SIGTERM and
 * SIGHUP do; a closed pipe becomes a write error. */
void program_start(const char *name);
bool program_interrupted(void);
void message_warn(const char *format, ...) PRINTF_LIKE(1, 2);
void message_note(const char *format, ...) PRINTF_LIKE(1, 2);
/* Prints the error and returns the exit code that it deserves. */
int message_fail(const tenor_error *error);
int message_usage(const char *format, ...) PRINTF_LIKE(1, 2);
/* Writes to standard output. printf's failures show at program_finish, but by
 * then the reason may be forgotten: what can be long is written or flushed with
 * these. */
tenor_status output_write(const void *data, size_t size, tenor_error *error);
tenor_status output_flush(tenor_error *error);
/* Flushes standard output; what was lost there fails the program. */
int program_finish(int code);

/* ---- options -------------------------------------------------------------------
 * A table of these describes a command; a NULL name ends it. */
enum option_kind {
    OPTION_FLAG,    /* bool: true */
    OPTION_TEXT,    /* const char * */
    OPTION_LIST,    /* struct option_list: may be given several times, or
                     * several values joined by commas */
    OPTION_COUNT,   /* size_t, low to high */
    OPTION_REAL,    /* double, above low, to high */
    OPTION_CHOICE,  /* size_t: place among choices */
    OPTION_RANGE,   /* struct option_range: MIN,MAX or one number or none */
    OPTION_THREADS, /* size_t; by default the machine's processors */
    OPTION_HEADING, /* a line of the help */
};
struct option_list {
    const char **items;
    size_t count;
};
struct option_range {
    size_t min, max;
};
struct option_spec {
    const char *name; /* without -- */
    char letter;      /* 0: none */
    enum option_kind kind;
    const char *value; /* its name in the help */
    const char *help;  /* where it holds %s, the default is put */
    void *target;      /* holds the default until it is given */
    double low, high;
    const char *const *choices; /* NULL-terminated */
};
struct command {
    const char *name;    /* "tenor classify" */
    const char *usage;   /* what follows the name */
    const char *example; /* a line to run */
    const char *summary; /* what it does */
    const struct option_spec *options;
    const char *purpose; /* of a program with a manual page of its own: what it
                          * is, in a few words; of a command: NULL */
};
enum option_result { OPTIONS_GOOD, OPTIONS_HELP, OPTIONS_WRONG };
/* Parses argv[1...]; what is no option is gathered in `files`. Besides the
 * table every command has -h, -q, -v, --version and --man, which is for the
 * build: it prints the manual page, or a command's part of it. Prints help and
 * complaints itself. */
enum option_result options_parse(const struct command *command, int argc,
                                 char **argv, struct option_list *files);
void option_list_clear(struct option_list *list);
/* Adds the parts of a comma-separated text; false: no memory. */
bool option_list_add(struct option_list *list, const char *text);

/* ---- the manual -----------------------------------------------------------
 * In the order open, a command each, close; or all of a program that is one
 * command. Between them there may be sections (".SH NAME\n") of items. `see`:
 * the page to read next. */
void manual_open(const char *program, const char *purpose, const char *usage,
                 const char *summary);
void manual_command(const struct command *command);
void manual_item(const char *name, const char *text);
void manual_close(const char *see);
void manual_program(const struct command *command);

/* ---- progress -------------------------------------------------------------------- */
/* A bar with rate and time left on a terminal, else nothing; answers false
 * once the user has interrupted. */
struct progress progress_bar(void);
void progress_clear(void); /* wipes the bar, before something else is printed */

/* ---- the model that a command uses -------------------------------------------------- */
/* `path`, else TENOR_MODEL, else the installed or built copy. */
const char *model_path(const char *path);

/* ---- units ---------------------------------------------------------------------------
 * The paragraphs of a file, article or records alike. */
struct unit {
    char *text; /* owned */
    size_t size;
    enum paragraph_kind kind;
    size_t number;  /* within the file, from 1 */
    json_t *fields; /* of a record, or NULL; owned */
};
struct unit_reader {
    const char *name; /* of the file, for the output; borrowed */
    struct article *article;
    struct record_reader *records; /* one of the two */
    size_t count;
};
/* How to read a file; auto: by its extension, else as an article whose format
 * its first bytes tell. */
enum unit_input {
    INPUT_AUTO,
    INPUT_TEXT,
    INPUT_MARKDOWN,
    INPUT_HTML,
    INPUT_JSONL,
    INPUT_CSV,
    INPUT_TSV,
    UNIT_INPUTS,
};
extern const char *const unit_input_names[UNIT_INPUTS + 1]; /* ends in NULL */
/* NULL or "-" is standard input. */
tenor_status unit_reader_open(struct unit_reader *out, const char *path,
                              enum unit_input input, tenor_error *error);
tenor_status unit_reader_next(struct unit_reader *reader, struct unit *out,
                              bool *more, tenor_error *error);
bool unit_reader_ready(struct unit_reader *reader);
size_t unit_reader_repaired(const struct unit_reader *reader);
void unit_reader_close(struct unit_reader *reader);
void unit_clear(struct unit *unit);

/* ---- the tasks that evaluate judges ------------------------------------------------- */
/* The model's task of that name; the number of tasks where it has none. */
size_t task_number(const tenor_model *model, const char *name);
/* Adds to *out the names of those wanted, else of the model's that the first
 * file has labels for. Errors: TENOR_ERROR_USAGE for one that the model lacks,
 * TENOR_ERROR_INPUT where there is none. */
tenor_status tasks_to_judge(struct option_list *out,
                            const struct option_list *wanted,
                            const tenor_model *model,
                            const struct option_list *files,
                            tenor_error *error);

/* ---- commands ------------------------------------------------------------------------ */
int command_classify(int argc, char **argv);
int command_evaluate(int argc, char **argv);
int command_info(int argc, char **argv);
int command_tokens(int argc, char **argv);

#endif
