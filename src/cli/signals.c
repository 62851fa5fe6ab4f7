/* cli/signals.c: signals. Ctrl-C asks the run to stop. A second one, or any other signal, ends it at once. No
 * half file stays behind. */
#include "cli/cli.h"

volatile sig_atomic_t stop_asked;

/* Uses only what may be called in a signal handler: unlink, signal, and raise. */
static void on_signal(int signal_number) {
    static volatile sig_atomic_t late;
    if (output_finished && !late) {
        late = 1; /* all output is written, so the status is that of the work */
        return;
    }
    if (!stop_asked && (signal_number == SIGINT || output_deferring)) {
        stop_asked = signal_number;
        return;
    }
    output_abandon();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static const int minded[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU};
#define N_MINDED (sizeof minded / sizeof *minded)

void signals_mind(void) {
    struct sigaction action = {.sa_handler = on_signal}, old;
    for (size_t i = 0; i < N_MINDED; i++) {
        bool ignored = sigaction(minded[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN;
        if (ignored && minded[i] == SIGHUP) continue; /* nohup */
        sigaction(minded[i], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write(), which file.c knows */
    signal(SIGXFSZ, SIG_IGN); /* and so is a file that is too large */
}

/* Blocks the signals that the program handles. The caller restores the mask with signals_release. */
void signals_hold(sigset_t *old) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < N_MINDED; i++)
        sigaddset(&set, minded[i]);
    pthread_sigmask(SIG_BLOCK, &set, old);
}

void signals_release(const sigset_t *old) {
    pthread_sigmask(SIG_SETMASK, old, NULL);
}
