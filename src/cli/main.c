/* cli/main.c: the program: finds the command, minds signals, ends with the command's status. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

volatile sig_atomic_t stop_asked;

const struct command commands[] = {
#define COMMAND(name, takes, least, most, summary, about)                                                    \
    {#name, takes, summary, about, cmd_##name, least, most},
#include "cli/commands.def"
#undef COMMAND
    {0},
};

/* ---- signals: the first asks the run to stop, the second (or any other) ends it at once; no half file stays
 * behind */

static void on_signal(int signal_number) {
    if (signal_number == SIGINT && !stop_asked) {
        stop_asked = 1;
        return;
    }
    output_abandon();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void mind_signals(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write(), which file.c knows */
}

/* ---- commands */

static const struct command *find_command(const char *name) {
    for (const struct command *command = commands; command->name; command++)
        if (strcmp(command->name, name) == 0) return command;
    return NULL;
}

static int unknown_command(const char *name) {
    const char *names[64];
    size_t n = 0;
    for (const struct command *command = commands; command->name && n < 64; command++)
        names[n++] = command->name;
    const char *near = nearest_name(name, names, n);
    if (near) return complain(EXIT_USAGE, "there is no command `%s`; did you mean `attain %s`?", name, near);
    if (strlen(name) > 7 && strcmp(name + strlen(name) - 7, ".attain") == 0)
        return complain(EXIT_USAGE, "say what to do with %s: `attain check %s`", name, name);
    return complain(EXIT_USAGE, "there is no command `%s`; see `attain --help`", name);
}

static int run_command(const struct command *command, int argc, char **argv) {
    struct arguments arguments;
    int status = EXIT_USAGE;
    if (!options_parse(&arguments, command, argc, argv)) {
        status = EXIT_USAGE;
    } else if (opt_given(&arguments, OPT_HELP)) {
        status = print_help(command);
    } else if (opt_given(&arguments, OPT_VERSION)) {
        status = print_version();
    } else if (opt_given(&arguments, OPT_MAN)) {
        status = print_man();
    } else if (arguments.n_files < command->least_files ||
               (command->most_files >= 0 && arguments.n_files > command->most_files)) {
        print_usage(stderr, command);
    } else {
        status = command->run(&arguments);
    }
    options_free(&arguments);
    return status;
}

static int help(int argc, char **argv) {
    if (argc == 0) return print_help(NULL);
    const struct command *command = find_command(argv[0]);
    return command ? print_help(command) : unknown_command(argv[0]);
}

static bool is(const char *word, const char *a, const char *b) {
    return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

static int run(int argc, char **argv) {
    if (argc < 2) {
        print_usage(stderr, NULL);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    if (is(word, "--help", "-h")) return print_help(NULL);
    if (is(word, "--version", "-V")) return print_version();
    if (is(word, "--man", "--man")) return print_man();
    if (strcmp(word, "help") == 0) return help(argc - 2, argv + 2);
    if (word[0] == '-')
        return complain(EXIT_USAGE, "the command comes first: `attain run %s …`; see `attain --help`", word);
    const struct command *command = find_command(word);
    return command ? run_command(command, argc - 2, argv + 2) : unknown_command(word);
}

int main(int argc, char **argv) {
    mind_signals();
    int status = run(argc, argv);
    if (fflush(stdout) != 0 && errno != EPIPE)
        return complain(EXIT_FILE, "cannot write: %s", strerror(errno));
    return status;
}
