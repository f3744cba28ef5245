/* One table of options parses the command line, checks the values and prints
 * the help (and the manual, see manual.c), defaults included, so that they
 * can't drift apart. getopt_long
 * does the splitting. */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OPTIONS = 64, FIRST_CODE = 256 };

const struct option_spec options_common[] = {
    {"help", 'h', OPTION_FLAG, NULL, "Print this and exit.", NULL, 0, 0, NULL},
    {"quiet", 'q', OPTION_FLAG, NULL, "Print errors only.", &messages.quiet, 0,
     0, NULL},
    {"verbose", 'v', OPTION_FLAG, NULL, "Say what is being done.",
     &messages.verbose, 0, 0, NULL},
    {"version", 0, OPTION_FLAG, NULL, "Print the version and exit.", NULL, 0, 0,
     NULL},
    {"man", 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, NULL},
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL, 0, 0, NULL},
};
enum { COMMON_OPTIONS = ARRAY_LENGTH(options_common) - 1 };

/* ---- help ---------------------------------------------------------------------- */
static void add_default(struct buffer *out, const struct option_spec *spec,
                        bool manual) {
    const struct option_range *range = spec->target;
    const char *text;
    switch (spec->kind) {
    case OPTION_TEXT:
        text = *(const char **)spec->target;
        buffer_text(out, text ? text : "none");
        break;
    case OPTION_THREADS:
        if (manual) {
            buffer_text(out, "one for each processor");
            break;
        }
        buffer_format(out, "%zu", *(size_t *)spec->target);
        break;
    case OPTION_COUNT:
        buffer_format(out, "%zu", *(size_t *)spec->target);
        break;
    case OPTION_REAL:
        buffer_format(out, "%g", *(double *)spec->target);
        break;
    case OPTION_CHOICE:
        buffer_text(out, spec->choices[*(size_t *)spec->target]);
        break;
    case OPTION_RANGE:
        if (range->max == 0)
            buffer_text(out, "none");
        else
            buffer_format(out, "%zu,%zu", range->min, range->max);
        break;
    default:
        break;
    }
}

void option_help(struct buffer *out, const struct option_spec *spec,
                 bool manual) {
    const char *place = strstr(spec->help, "%s");
    if (!place) {
        buffer_text(out, spec->help);
        return;
    }
    buffer_append(out, spec->help, (size_t)(place - spec->help));
    add_default(out, spec, manual);
    buffer_text(out, place + 2);
}

/* Prints text in a column from `indent` to 80. */
static void print_wrapped(const char *text, size_t indent) {
    size_t column = indent;
    while (*text) {
        size_t size = strcspn(text, " ");
        if (column > indent && column + 1 + size > 79) {
            printf("\n%*s", (int)indent, "");
            column = indent;
        }
        column += (size_t)printf("%s%.*s", column > indent ? " " : "",
                                 (int)size, text);
        text += size + strspn(text + size, " ");
    }
    putchar('\n');
}

static void print_option(const struct option_spec *spec) {
    enum { COLUMN = 30 };
    char name[128], value[64];
    struct buffer help = {0};
    if (!spec->help)
        return;
    if (spec->kind == OPTION_HEADING) {
        printf("\n%s\n", spec->help);
        return;
    }
    snprintf(value, sizeof value, "%s%s", spec->value ? " " : "",
             spec->value ? spec->value : "");
    if (spec->letter)
        snprintf(name, sizeof name, "  -%c, --%s%s", spec->letter, spec->name,
                 value);
    else
        snprintf(name, sizeof name, "      --%s%s", spec->name, value);
    if (strlen(name) > COLUMN - 2)
        printf("%s\n%*s", name, COLUMN, "");
    else
        printf("%-*s", COLUMN, name);
    option_help(&help, spec, false);
    print_wrapped(help.data ? help.data : "", COLUMN);
    buffer_clear(&help);
}

static void print_help(const struct command *command) {
    printf("Example: %s\n\nUsage: %s %s\n\n", command->example, command->name,
           command->usage);
    print_wrapped(command->summary, 0);
    if (command->options[0].kind != OPTION_HEADING)
        printf("\nOptions:\n");
    for (const struct option_spec *spec = command->options; spec->name; spec++)
        print_option(spec);
    printf("\nCommon to all commands:\n");
    for (size_t i = 0; i < COMMON_OPTIONS; i++)
        print_option(&options_common[i]);
}

/* ---- values --------------------------------------------------------------------- */
bool option_list_add(struct option_list *list, const char *text) {
    for (;;) {
        size_t size = strcspn(text, ",");
        const char **items = memory_resize(list->items, list->count + 1,
                                           sizeof *list->items);
        if (!items)
            return false;
        list->items = items;
        list->items[list->count] = memory_copy_text(text, size);
        if (!list->items[list->count])
            return false;
        list->count++;
        if (!text[size])
            return true;
        text += size + 1;
    }
}

void option_list_clear(struct option_list *list) {
    for (size_t i = 0; i < list->count; i++)
        memory_free((void *)(uintptr_t)list->items[i]);
    memory_free(list->items);
    *list = (struct option_list){0};
}

static bool read_number(const char *text, double *out) {
    char *end;
    errno = 0;
    *out = strtod(text, &end);
    return *text && !*end && errno == 0 && isfinite(*out) &&
           strpbrk(text, "xXpPnN") == NULL;
}

static bool read_range(const char *text, struct option_range *out,
                       double high) {
    char first[32];
    double min, max;
    size_t size = strcspn(text, ",");
    if (strcmp(text, "none") == 0) {
        *out = (struct option_range){0, 0};
        return true;
    }
    if (size >= sizeof first)
        return false;
    memcpy(first, text, size);
    first[size] = '\0';
    if (!read_number(first, &min) ||
        !read_number(text[size] ? text + size + 1 : first, &max) ||
        min < 1 || max < min || max > high || floor(min) != min ||
        floor(max) != max)
        return false;
    *out = (struct option_range){(size_t)min, (size_t)max};
    return true;
}

static bool wrong_value(const struct option_spec *spec, const char *text,
                        const char *wanted) {
    message_usage("--%s %s: %s", spec->name, text, wanted);
    return false;
}

static bool set_value(const struct option_spec *spec, const char *text) {
    char wanted[256];
    double number;
    switch (spec->kind) {
    case OPTION_FLAG:
        *(bool *)spec->target = true;
        return true;
    case OPTION_TEXT:
        *(const char **)spec->target = text;
        return true;
    case OPTION_LIST:
        return option_list_add(spec->target, text);
    case OPTION_THREADS:
    case OPTION_COUNT:
        snprintf(wanted, sizeof wanted, "give a whole number from %.0f to %.0f",
                 spec->low, spec->high);
        if (!read_number(text, &number) || number < spec->low ||
            number > spec->high || floor(number) != number)
            return wrong_value(spec, text, wanted);
        *(size_t *)spec->target = (size_t)number;
        return true;
    case OPTION_REAL:
        snprintf(wanted, sizeof wanted, "give a number above %g, at most %g",
                 spec->low, spec->high);
        if (!read_number(text, &number) || number <= spec->low ||
            number > spec->high)
            return wrong_value(spec, text, wanted);
        *(double *)spec->target = number;
        return true;
    case OPTION_RANGE:
        snprintf(wanted, sizeof wanted,
                 "give MIN,MAX with 1 <= MIN <= MAX <= %.0f, or none",
                 spec->high);
        return read_range(text, spec->target, spec->high) ||
               wrong_value(spec, text, wanted);
    case OPTION_CHOICE:
        snprintf(wanted, sizeof wanted, "choose among");
        for (size_t i = 0; spec->choices[i]; i++) {
            if (strcmp(text, spec->choices[i]) == 0) {
                *(size_t *)spec->target = i;
                return true;
            }
            size_t size = strlen(wanted);
            snprintf(wanted + size, sizeof wanted - size, "%s %s",
                     i ? "," : "", spec->choices[i]);
        }
        return wrong_value(spec, text, wanted);
    default:
        return false;
    }
}

/* ---- parsing ----------------------------------------------------------------------- */
static size_t gather(const struct command *command,
                     const struct option_spec **specs, struct option *longs,
                     char *letters) {
    size_t count = 0;
    *letters++ = ':'; /* getopt prints nothing and tells what is missing */
    for (const struct option_spec *spec = command->options; spec->name; spec++)
        if (spec->kind != OPTION_HEADING && count < MOST_OPTIONS)
            specs[count++] = spec;
    for (size_t i = 0; i < COMMON_OPTIONS; i++)
        specs[count++] = &options_common[i];
    for (size_t i = 0; i < count; i++) {
        bool value = specs[i]->kind != OPTION_FLAG;
        longs[i] = (struct option){specs[i]->name,
                                   value ? required_argument : no_argument,
                                   NULL, FIRST_CODE + (int)i};
        if (specs[i]->letter)
            *letters++ = specs[i]->letter;
        if (specs[i]->letter && value)
            *letters++ = ':';
    }
    longs[count] = (struct option){0};
    *letters = '\0';
    return count;
}

static const struct option_spec *
find_spec(const struct option_spec *const *specs, size_t count, int code) {
    if (code >= FIRST_CODE && (size_t)(code - FIRST_CODE) < count)
        return specs[code - FIRST_CODE];
    for (size_t i = 0; i < count; i++)
        if (specs[i]->letter && specs[i]->letter == code)
            return specs[i];
    return NULL;
}

enum option_result options_parse(const struct command *command, int argc,
                                 char **argv, struct option_list *files) {
    const struct option_spec *specs[MOST_OPTIONS + COMMON_OPTIONS];
    struct option longs[MOST_OPTIONS + COMMON_OPTIONS + 1];
    char letters[2 * (MOST_OPTIONS + COMMON_OPTIONS) + 2];
    size_t count = gather(command, specs, longs, letters);
    optind = 1;
    opterr = 0;
    for (;;) {
        int code = getopt_long(argc, argv, letters, longs, NULL);
        if (code == -1)
            break;
        const struct option_spec *spec = find_spec(specs, count, code);
        if (code == ':' || !spec) {
            message_usage("%s: %s; see %s --help", argv[optind - 1],
                          code == ':' ? "a value must follow"
                                      : "no such option",
                          command->name);
            return OPTIONS_WRONG;
        }
        if (strcmp(spec->name, "help") == 0) {
            print_help(command);
            return OPTIONS_HELP;
        }
        if (strcmp(spec->name, "man") == 0) {
            (command->purpose ? manual_program : manual_command)(command);
            return OPTIONS_HELP;
        }
        if (strcmp(spec->name, "version") == 0) {
            printf("%s %s\n", messages.program, TENOR_VERSION);
            return OPTIONS_HELP;
        }
        if (!set_value(spec, optarg))
            return OPTIONS_WRONG;
    }
    for (int i = optind; i < argc; i++) {
        const char **items = memory_resize(files->items, files->count + 1,
                                           sizeof *files->items);
        if (!items)
            return OPTIONS_WRONG;
        files->items = items;
        files->items[files->count] =
            memory_copy_text(argv[i], strlen(argv[i]));
        if (!files->items[files->count])
            return OPTIONS_WRONG;
        files->count++;
    }
    return OPTIONS_GOOD;
}
