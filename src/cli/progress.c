/* A progress bar on a terminal, redrawn at most ten times a second:
 *
 *   learning  [##########..........]  50 %  12.0 s left */
#include "cli/cli.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
    bool shown;
    char stage[32];
    struct timespec start, drawn;
} bar;

static double seconds_since(const struct timespec *then) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) +
           1e-9 * (double)(now.tv_nsec - then->tv_nsec);
}

void progress_clear(void) {
    if (bar.shown)
        fputs("\r\x1b[K", stderr);
    bar.shown = false;
}

static void draw(const char *stage, double share, double elapsed) {
    enum { WIDTH = 24 };
    char cells[WIDTH + 1];
    for (size_t i = 0; i < WIDTH; i++)
        cells[i] = (double)i < share * WIDTH ? '#' : '.';
    cells[WIDTH] = '\0';
    fprintf(stderr, "\r\x1b[K%s [%s] %3.0f %%", stage, cells, 100 * share);
    if (share > 0)
        fprintf(stderr, "  %.0f s left", elapsed / share * (1 - share));
    fflush(stderr);
    bar.shown = true;
}

static bool step(void *context, const char *stage, double done,
                 double total) {
    (void)context;
    if (messages.quiet || !isatty(STDERR_FILENO))
        return !program_interrupted();
    /* what stands in brackets after the name may change on the way */
    if (strncmp(stage, bar.stage, strcspn(bar.stage, "(")) != 0 ||
        !bar.stage[0]) {
        snprintf(bar.stage, sizeof bar.stage, "%s", stage);
        clock_gettime(CLOCK_MONOTONIC, &bar.start);
        bar.drawn = bar.start;
    }
    if (done >= total) {
        progress_clear();
    } else if (seconds_since(&bar.drawn) > 0.1) {
        clock_gettime(CLOCK_MONOTONIC, &bar.drawn);
        draw(stage, total > 0 ? done / total : 0, seconds_since(&bar.start));
    }
    return !program_interrupted();
}

struct progress progress_bar(void) {
    return (struct progress){.step = step};
}
