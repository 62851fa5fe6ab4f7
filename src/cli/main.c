/* cli/main.c: the program. Finds the command, and exits with its status. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* A program that is started with one of them closed must not take a file that it opens for it. */
static void open_standard_files(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
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
    if (near) return complain(EXIT_USAGE, "unknown command `%s`; did you mean `attain %s`?", name, near);
    if (strlen(name) > 7 && strcmp(name + strlen(name) - 7, ".attain") == 0)
        return complain(EXIT_USAGE, "missing command; to check the policy, run `attain check %s`", name);
    return complain(EXIT_USAGE, "unknown command `%s`; see `attain --help`", name);
}

/* "en" and "zh", also with a country: zh-CN, zh_CN. */
static bool language_known(const char *language) {
    if (!language || !*language) return true;
    if (strncmp(language, "en", 2) != 0 && strncmp(language, "zh", 2) != 0) return false;
    return language[2] == '\0' || language[2] == '-' || language[2] == '_';
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
    } else if (!language_known(cli_watch.language)) {
        status = complain(EXIT_USAGE, "unknown language `%s`; use en or zh", cli_watch.language);
    } else if (check_roots(&arguments)) {
        pager_allow(!opt_given(&arguments, OPT_NO_PAGER));
        status = command->run(&arguments);
    }
    options_free(&arguments);
    return status;
}

static int help(int argc, char **argv) {
    if (argc == 0 || strncmp(argv[0], "--lang", 6) == 0) return print_help(NULL);
    if (argc > 1) return complain(EXIT_USAGE, "`attain help` takes one command; remove `%s`", argv[1]);
    const struct command *command = find_command(argv[0]);
    return command ? print_help(command) : unknown_command(argv[0]);
}

/* Returns whether the word is one of two spellings. */
static bool is(const char *word, const char *a, const char *b) {
    return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

/* Before the options are read, so that messages about them are in the language, too. */
static const char *language_of(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) return argv[i + 1];
        if (strncmp(argv[i], "--lang=", 7) == 0) return argv[i] + 7;
    }
    return NULL;
}

static int run(int argc, char **argv) {
    if (argc < 2) {
        print_usage(stderr, NULL);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    if (is(word, "--help", "-h")) return help(argc - 2, argv + 2);
    bool version = is(word, "--version", "-V"), man = is(word, "--man", "--man");
    if ((version || man) && argc > 2)
        return complain(EXIT_USAGE, "`attain %s` takes no arguments; remove `%s`", word, argv[2]);
    if (version) return print_version();
    if (man) return print_man();
    if (strcmp(word, "help") == 0) return help(argc - 2, argv + 2);
    if (word[0] == '-')
        return complain(EXIT_USAGE, "the command must come first: `attain run %s …`; see `attain --help`",
                        word);
    const struct command *command = find_command(word);
    return command ? run_command(command, argc - 2, argv + 2) : unknown_command(word);
}

int main(int argc, char **argv) {
    open_standard_files();
    signals_mind();
    cli_language = cli_watch.language = language_of(argc, argv);
    int status = run(argc, argv);
    /* Here all outputs are closed, so the program can end by the signal. */
    if (status == EXIT_STOPPED && stop_asked && stop_asked != SIGINT) {
        signal(stop_asked, SIG_DFL);
        raise(stop_asked); /* report the signal to the waiting process */
    }
    if (fflush(stdout) != 0 && errno != EPIPE)
        return complain(EXIT_FILE, "cannot write: %s", strerror(errno));
    return status;
}
