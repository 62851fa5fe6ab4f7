/* cli/pager.c: shows long output on a terminal a screen at a time, through the pager of the user.
 *
 * ATTAIN_PAGER names the pager, else PAGER, else it is `less`. An empty name, `cat`, and --no-pager write
 * directly. No shell is called: the name is divided at spaces. `less` leaves by itself if one screen is
 * enough. If the pager cannot be started, its process copies the output.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pipe2 */
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"

enum { MOST_WORDS = 16 };

static bool allowed;

static const char *pager_name(void) {
    const char *own = getenv("ATTAIN_PAGER"), *pager = own ? own : getenv("PAGER");
    return pager ? pager : "less";
}

void pager_allow(bool wanted) {
    const char *term = getenv("TERM"), *name = pager_name();
    name += strspn(name, " ");
    allowed = wanted && isatty(STDOUT_FILENO) && isatty(STDIN_FILENO) && term && strcmp(term, "dumb") != 0 &&
              *name && strcmp(name, "cat") != 0;
}

/* In the new process. `name` is a copy, which strtok_r divides. */
static void start(char *name) {
    char *words[MOST_WORDS + 1], *rest = NULL;
    int n = 0;
    for (char *word = strtok_r(name, " ", &rest); word && n < MOST_WORDS; word = strtok_r(NULL, " ", &rest))
        words[n++] = word;
    words[n] = NULL;
    if (!getenv("LESS")) setenv("LESS", "FRX", 1); /* leave after one screen, keep colors and the screen */
    execvp(words[0], words);
}

static void copy(void) {
    char block[4096];
    ssize_t n;
    while ((n = read(STDIN_FILENO, block, sizeof block)) > 0 || (n < 0 && errno == EINTR))
        for (ssize_t at = 0, part; at < n; at += part)
            if ((part = write(STDOUT_FILENO, block + at, (size_t)(n - at))) <= 0) return;
}

/* Ctrl-C is for the pager while it runs. Leaving it closes the pipe, which stops the writing. */
static struct sigaction interrupt;

static void become_pager(int from, char *name) {
    signal(SIGINT, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    dup2(from, STDIN_FILENO);
    start(name);
    copy();
    _exit(0);
}

pid_t pager_start(int *fd) {
    int ends[2];
    char *name = allowed ? strdup(pager_name()) : NULL;
    if (!name) return 0;
    pid_t process = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;
    if (process == 0) {
        close(ends[1]);
        become_pager(ends[0], name);
    }
    free(name);
    if (process < 0) return 0; /* the output is written directly */
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    close(ends[0]);
    sigaction(SIGINT, &ignore, &interrupt);
    *fd = ends[1];
    return process;
}

/* The reader may stay in the pager as long as they like. */
void pager_wait(pid_t process, int fd) {
    close(fd);
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {
    }
    sigaction(SIGINT, &interrupt, NULL);
}
