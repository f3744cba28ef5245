/* tenor: labels for paragraphs of news, offline. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {
    {"classify", command_classify, "label the paragraphs of articles"},
    {"evaluate", command_evaluate, "report accuracy on labelled paragraphs"},
    {"info", command_info, "tell what a model is"},
    {"tokens", command_tokens, "show how a text is cut and weighted"},
};

/* The installed copy, unless there is none yet: then the built one. */
const char *model_path(const char *path) {
    if (path)
        return path;
    const char *named = getenv("TENOR_MODEL");
    if (named && named[0])
        return named;
    return access(TENOR_MODEL_INSTALLED, R_OK) == 0 ? TENOR_MODEL_INSTALLED
                                                    : TENOR_MODEL_BUILT;
}

static const char usage[] = "COMMAND [options] [FILE...]";
static const char summary[] =
    "Says of every paragraph of news what it is about (topic), how it is "
    "coloured\n(tone) and which position it takes (stance).";

static void print_help(void) {
    printf("Example: tenor classify article.txt\n\n"
           "Usage: tenor %s\n\n%s\n\n",
           usage, summary);
    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].help);
    printf("\ntenor COMMAND --help tells more; tenor-train makes models.\n");
}

/* Each command prints its own part. */
static void print_manual(void) {
    char name[] = "tenor", option[] = "--man";
    char *arguments[] = {name, option, NULL};
    manual_open("tenor", "labels for paragraphs of news, offline", usage,
                summary);
    printf(".SH COMMANDS\n");
    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
        commands[i].run(2, arguments);
    printf(".SH ENVIRONMENT\n");
    manual_item("TENOR_MODEL", "The model file to use without --model.");
    manual_item("NO_COLOR", "Where it is set, --color auto means never.");
    manual_close("tenor-train");
}

int main(int argc, char **argv) {
    program_start("tenor");
    if (argc < 2) {
        message_usage("no command; try tenor classify FILE, or tenor --help");
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help();
        return program_finish(EXIT_DONE);
    }
    if (strcmp(argv[1], "--man") == 0) {
        print_manual();
        return program_finish(EXIT_DONE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("tenor %s\n", TENOR_VERSION);
        return program_finish(EXIT_DONE);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return program_finish(commands[i].run(argc - 1, argv + 1));
    return message_usage("%s: no such command; there are classify, evaluate, "
                         "info and tokens (see tenor --help)",
                         argv[1]);
}
