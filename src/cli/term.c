/* cli/term.c: the terminal: width, colors, and the progress bar. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

/* COLUMNS comes before the terminal's own answer, so that a user can change it. */
uint32_t term_width(int fd) {
    struct winsize size = {0};
    const char *columns = getenv("COLUMNS");
    if (!isatty(fd)) return 0;
    if (columns && atoi(columns) > 20) return (uint32_t)atoi(columns);
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
    return 80;
}

/* The option comes first, then NO_COLOR, and then the terminal. */
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
    bool inside;                 /* a stage of many runs has begun, so those of each run are not shown */
    attain_progress_stage stage; /* of the last call */
    uint64_t of;                 /* the hash of its name */
    double reached;              /* the largest share of that stage */
} bar;

/* A monotonic clock, because the time of day may jump. */
static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void term_progress_begin(const struct arguments *arguments) {
    const char *term = getenv("TERM");
    bar.wanted =
        isatty(STDERR_FILENO) && !opt_given(arguments, OPT_QUIET) && term && strcmp(term, "dumb") != 0;
    bar.shown = bar.inside = false;
    bar.reached = 0;
    bar.began = bar.last = now();
}

/* Whether the stage is shown: those that a command repeats are only shown until the stage that counts the
 * repetitions begins. Updates the share, which never falls within a stage. */
static bool advance(const attain_progress *progress) {
    bool counts = progress->stage == ATTAIN_PROGRESS_VERSIONS || progress->stage == ATTAIN_PROGRESS_CHOICES ||
                  progress->stage == ATTAIN_PROGRESS_TEST;
    bool again = progress->stage == ATTAIN_PROGRESS_READ || progress->stage == ATTAIN_PROGRESS_SETTLE;
    if (bar.inside && again) return false;
    double share = progress->total > 0 ? (double)progress->done / (double)progress->total : 0;
    uint64_t of = hash_bytes(progress->name.bytes, progress->name.length);
    if (progress->stage != bar.stage || of != bar.of) bar.reached = 0;
    bar.of = of;
    if (share > bar.reached) bar.reached = share < 1 ? share : 1;
    bar.inside = counts && progress->done < progress->total;
    bar.stage = progress->stage;
    return true;
}

static bool stop_wanted(void *context) {
    (void)context;
    return stop_asked != 0;
}

struct line {
    char text[400];
    size_t n;
};

static int line_put(void *context, const char *bytes, size_t n) {
    struct line *line = context;
    if (n > sizeof line->text - line->n) n = sizeof line->text - line->n;
    memcpy(line->text + line->n, bytes, n);
    line->n += n;
    return 0;
}

/* The text of the stage, in at most `columns` columns: a longer line could not be erased. Names may hold
 * anything, and a character is at most as many columns as bytes. */
static void show_text(attain_text text, uint32_t columns) {
    struct line line = {.n = 0};
    attain_status status = attain_visible_write(text.bytes, text.length, line_put, &line);
    (void)status; /* what is there is shown */
    if (line.n > columns) {
        for (line.n = columns; line.n > 0 && ((unsigned char)line.text[line.n] & 0xC0) == 0x80;)
            line.n--;
    }
    fprintf(stderr, "\r\033[K%.*s", (int)line.n, line.text);
}

static void show_progress(void *context, const attain_progress *progress) {
    (void)context;
    if (!bar.wanted || !advance(progress)) return;
    double time = now();
    if (time - bar.began < WAIT || time - bar.last < 0.1) return;
    bar.last = time;
    bar.shown = true;
    uint32_t width = term_width(STDERR_FILENO), room = BAR_WIDTH + 30;
    show_text(progress->text, width > room + 20 ? width - room : 20);
    if (progress->total > 0) {
        char filled[BAR_WIDTH + 1] = {0};
        memset(filled, '=', (size_t)(bar.reached * BAR_WIDTH));
        fprintf(stderr, " [%-*s] %3.0f%%", BAR_WIDTH, filled, bar.reached * 100);
        if (progress->stage == ATTAIN_PROGRESS_READ)
            fprintf(stderr, "  %.0f of %.0f MB", (double)progress->done / 1e6, (double)progress->total / 1e6);
    }
    fflush(stderr);
}

attain_watch cli_watch = {.cancelled = stop_wanted, .progress = show_progress};

/* Clears the line of the bar, so that diagnostics begin at the start of a line. */
void term_progress_end(void) {
    if (bar.shown) fputs("\r\033[K", stderr);
    bar.wanted = bar.shown = false;
}
