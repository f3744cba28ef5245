/* Manual pages, from the same tables as --help: `tenor --man` and `tenor-train
 * --man` print them, the build installs what they print. In the macros of
 * man(7), without a date, so that the same source gives the same page.
 *
 * In roff a backslash starts an escape, and a point or an apostrophe at the
 * start of a line a request; a hyphen that is to be typed is written \-. */
#include "cli/options.h"

#include <ctype.h>
#include <string.h>

/* One word; all hyphens of an option are to be typed, others part a word. */
static void print_word(const char *word, size_t size) {
    size_t lead = 0;
    while (lead < size && strchr("(\"", word[lead]))
        lead++;
    bool typed = lead < size && word[lead] == '-';
    for (size_t i = 0; i < size; i++) {
        if (word[i] == '\\')
            fputs("\\e", stdout);
        else if (word[i] == '^')
            fputs("\\(ha", stdout);
        else if (word[i] == '~')
            fputs("\\(ti", stdout);
        else if (word[i] == '-' && typed)
            fputs("\\-", stdout);
        else
            putchar(word[i]);
    }
}

/* Words, without a new line. */
static void print_words(const char *text) {
    while (*text) {
        size_t size = strcspn(text, " ");
        print_word(text, size);
        text += size;
        for (; *text == ' '; text++)
            putchar(' ');
    }
}

/* A line of text, which never is a request. */
static void print_text(const char *text) {
    fputs("\\&", stdout);
    print_words(text);
    putchar('\n');
}

/* Something to type: every hyphen counts. */
static void print_typed(const char *text) {
    for (; *text; text++)
        if (*text == '-')
            fputs("\\-", stdout);
        else
            print_word(text, 1);
}

void manual_item(const char *name, const char *text) {
    fputs(".TP\n\\fB", stdout);
    print_typed(name);
    fputs("\\fR\n", stdout);
    print_text(text);
}

/* ---- options ----------------------------------------------------------------
 */
static void print_option(const struct option_spec *spec) {
    struct buffer help = {0};
    if (!spec->help)
        return;
    if (spec->kind == OPTION_HEADING) {
        size_t size = strcspn(spec->help, ":");
        printf(".SS %.*s\n", (int)size, spec->help);
        return;
    }
    option_help(&help, spec, true);
    fputs(".TP\n", stdout);
    if (spec->letter)
        printf("\\fB\\-%c\\fR, ", spec->letter);
    fputs("\\fB\\-\\-", stdout);
    print_typed(spec->name);
    fputs("\\fR", stdout);
    if (spec->value)
        printf(" \\fI%s\\fR", spec->value);
    putchar('\n');
    print_text(help.data ? help.data : "");
    buffer_clear(&help);
}

static void print_options(const struct option_spec *options) {
    for (const struct option_spec *spec = options; spec->name; spec++)
        print_option(spec);
}

static void print_example(const char *example) {
    fputs(".PP\nExample:\n.PP\n.RS 4\n.nf\n\\&", stdout);
    print_typed(example);
    fputs("\n.fi\n.RE\n", stdout);
}

/* ---- pages ---------------------------------------------------------------- */
void manual_open(const char *program, const char *purpose, const char *usage,
                 const char *summary) {
    fputs(".TH ", stdout);
    for (const char *at = program; *at; at++)
        if (*at == '-')
            fputs("\\-", stdout);
        else
            putchar(toupper((unsigned char)*at));
    printf(" 1 \"\" \"tenor %s\" \"User Commands\"\n.SH NAME\n", TENOR_VERSION);
    print_typed(program);
    printf(" \\- %s\n.SH SYNOPSIS\n\\fB", purpose);
    print_typed(program);
    fputs("\\fR ", stdout);
    print_words(usage);
    fputs("\n.SH DESCRIPTION\n", stdout);
    print_text(summary);
}

void manual_command(const struct command *command) {
    fputs(".SS ", stdout);
    print_typed(command->name);
    fputs(" ", stdout);
    print_words(command->usage);
    putchar('\n');
    print_text(command->summary);
    print_example(command->example);
    print_options(command->options);
}

void manual_program(const struct command *command) {
    manual_open(command->name, command->purpose, command->usage,
                command->summary);
    print_example(command->example);
    fputs(".SH OPTIONS\n", stdout);
    print_options(command->options);
    manual_close("tenor");
}

void manual_close(const char *see) {
    fputs(".SH COMMON OPTIONS\n", stdout);
    print_options(options_common);
    fputs(".SH EXIT STATUS\n", stdout);
    manual_item("0", "All was done.");
    manual_item("1", "The work, or a part of it, failed; standard error says "
                     "why.");
    manual_item("2", "The command line was wrong.");
    manual_item("130", "Interrupted.");
    fputs(".SH SEE ALSO\n.BR ", stdout);
    print_typed(see);
    fputs(" (1)\n", stdout);
}
