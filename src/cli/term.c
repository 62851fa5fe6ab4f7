/* cli/term.c: the terminal: width, colors, and the progress bar. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

uint32_t term_width(int fd) {
    struct winsize size = {0};
    const char *columns = getenv("COLUMNS");
    if (!isatty(fd)) return 0;
    if (columns && atoi(columns) > 20) return (uint32_t)atoi(columns);
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
    return 80;
}

bool term_color(const struct arguments *arguments, int fd) {
    const char *when = opt_last(arguments, OPT_COLOR), *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if (when && strcmp(when, "always") == 0) return true;
    if (when && strcmp(when, "never") == 0) return false;
    if (no_color && *no_color) return false;
    return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

/* ---- progress: a bar on standard error, once the work has taken a while */

#define WAIT 0.7 /* seconds before it appears */
#define BAR_WIDTH 32

static struct {
    bool wanted, shown;
    double began, last;
} bar;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void term_progress_begin(const struct arguments *arguments) {
    const char *term = getenv("TERM");
    bar.wanted =
        isatty(STDERR_FILENO) && !opt_given(arguments, OPT_QUIET) && term && strcmp(term, "dumb") != 0;
    bar.shown = false;
    bar.began = bar.last = now();
}

void term_progress(void *context, uint64_t done, uint64_t all) {
    (void)context;
    if (!bar.wanted) return;
    double time = now();
    if (time - bar.began < WAIT || time - bar.last < 0.1) return;
    bar.last = time;
    bar.shown = true;
    if (all == 0) {
        fprintf(stderr, "\r\033[Kreading: %.1f MB", (double)done / 1e6);
    } else {
        int full = (int)((double)done / (double)all * BAR_WIDTH);
        if (full > BAR_WIDTH) full = BAR_WIDTH;
        fprintf(stderr, "\r\033[K[%.*s%*s] %3.0f%%  %.0f of %.0f MB", full,
                "================================", BAR_WIDTH - full, "", (double)done / (double)all * 100,
                (double)done / 1e6, (double)all / 1e6);
    }
    fflush(stderr);
}

void term_progress_end(void) {
    if (bar.shown) fputs("\r\033[K", stderr);
    bar.wanted = bar.shown = false;
}
