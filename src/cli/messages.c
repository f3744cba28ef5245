/* What the programs say on standard error, how they end, and Ctrl-C: the first
 * sets a flag that long work looks at, the second kills, as other signals do,
 * and no half-written file stays behind. */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>

struct messages messages = {.program = "tenor"};

static atomic_int interrupted; /* threads ask, a handler sets it */
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler may take no lock");

static void interrupt(int number) {
    if (number == SIGINT && !interrupted) {
        interrupted = 1;
        return;
    }
    file_outputs_abandon();
    signal(number, SIG_DFL);
    raise(number); /* kills once this handler is left */
}

static void handle(int number) {
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART};
    sigaction(number, &action, NULL);
}

void program_start(const char *name) {
    messages.program = name;
    handle(SIGINT);
    handle(SIGTERM);
    if (signal(SIGHUP, SIG_IGN) != SIG_IGN) /* as nohup leaves it */
        handle(SIGHUP);
    signal(SIGPIPE, SIG_IGN);
}

bool program_interrupted(void) { return interrupted != 0; }

static void print(const char *kind, const char *format, va_list arguments) {
    progress_clear();
    fprintf(stderr, "%s: %s", messages.program, kind);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

void message_warn(const char *format, ...) {
    if (messages.quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    print("warning: ", format, arguments);
    va_end(arguments);
}

void message_note(const char *format, ...) {
    if (!messages.verbose || messages.quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    print("", format, arguments);
    va_end(arguments);
}

int message_usage(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print("", format, arguments);
    va_end(arguments);
    return EXIT_USAGE;
}

int message_fail(const tenor_error *error) {
    char text[sizeof error->file + sizeof error->message + 64];
    tenor_error_format(error, text, sizeof text);
    progress_clear();
    fprintf(stderr, "%s: %s\n", messages.program, text);
    if (error->status == TENOR_ERROR_USAGE)
        return EXIT_USAGE;
    return error->status == TENOR_ERROR_CANCELLED ? EXIT_INTERRUPTED
                                                  : EXIT_FAILED;
}

tenor_status output_write(const void *data, size_t size, tenor_error *error) {
    if (size && fwrite(data, 1, size, stdout) != size)
        return error_system(error, NULL, "write the results");
    return TENOR_OK;
}

tenor_status output_flush(tenor_error *error) {
    if (fflush(stdout) != 0)
        return error_system(error, NULL, "write the results");
    return TENOR_OK;
}

int program_finish(int code) {
    errno = 0;
    bool lost = fflush(stdout) != 0 || ferror(stdout);
    if (!lost || code != EXIT_DONE)
        return code;
    fprintf(stderr, "%s: cannot write the results%s%s\n", messages.program,
            errno ? ": " : "", errno ? strerror(errno) : "");
    return EXIT_FAILED;
}
