/* cli/cli.h: what the commands of the program share. Of the library it knows attain.h and nothing else.
 *
 * A command is a line in commands.def and a function in cmd_NAME.c; an option is a line in options.def. Help,
 * man page, parsing and suggestions are made from these two tables.
 */
#ifndef ATTAIN_CLI_H
#define ATTAIN_CLI_H

#include <signal.h>
#include <stdio.h>

#include "attain.h"
#include "cli/options.h"

/* Exit statuses. They are part of the program's interface: exits.def says them to people. */
enum exit_status {
    EXIT_PAID = 0,
    EXIT_POLICY = 1,
    EXIT_USAGE = 2,
    EXIT_DATA = 3,
    EXIT_WITHHELD = 4,
    EXIT_FILE = 5,
    EXIT_LIMIT = 6,
    EXIT_STOPPED = 130
};

struct command {
    const char *name, *arguments, *summary, *about;
    int (*run)(const struct arguments *arguments);
    int least_files, most_files;
};
extern const struct command commands[]; /* the last has a NULL name */

#define COMMAND(name, takes, least, most, summary, about) int cmd_##name(const struct arguments *arguments);
#include "cli/commands.def"
#undef COMMAND

/* Set by the first Ctrl-C; the second kills. */
extern volatile sig_atomic_t stop_asked;

/* ---- common.c: what several commands do */

/* Prints what the format gives, made visible (attain_visible_write): no argument, name of a file, or text of
 * a policy reaches the terminal as a command. Line ends and colors are printed apart from it, as literals. */
void say(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "attain: …" on standard error, with say(), and returns its first argument, so that `return
 * complain(EXIT_USAGE, …)` reads well. */
int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
int exit_of(attain_status status);
/* Writes a list to standard error as the options say; nothing when it is empty. */
void show_diagnostics(const struct arguments *arguments, const attain_diagnostics *list);
/* How results look: as wide and coloured as the terminal, or plain in a file (`path` not NULL). */
attain_results_options output_looks(const struct arguments *arguments, const char *path);

/* The policies named on the command line, compiled; all their problems are shown. */
struct policies {
    attain_policy **at;
    const char **names; /* as they stand on the command line */
    size_t n;
};
/* EXIT_PAID, or the status to end with. Release in any case. */
int open_policies(const struct arguments *arguments, attain_stage stage, bool show, struct policies *out);
void release_policies(struct policies *policies);

/* A buffer that a write callback fills. */
struct buffer {
    char *bytes;
    size_t n, room;
};
int buffer_write(void *context, const char *bytes, size_t n);

/* ---- inputs.c: what every command that runs policies is given. Each returns EXIT_PAID, or the status to end
 * with. */

/* The tables bound by --data, or by another option like it. The caller frees the data in any case. */
int bind_data(const struct arguments *arguments, enum option_id option, attain_data **out);
/* Periods, payees, settings, threads, skipping of bad rows, progress and the cancel flag. Release in any
 * case. */
int read_run_options(const struct arguments *arguments, attain_run_options *options);
void release_run_options(attain_run_options *options);

/* ---- file.c: output */

struct output {
    const char *path; /* NULL: standard output */
    char *temporary;  /* beside path, renamed at the end; NULL: written directly */
    char *final;      /* what it is renamed to: path with its links followed */
    int fd;
    int error;   /* errno of the first failure */
    bool closed; /* the reader went away: nothing more is to be written, and nobody need hear of it */
};
/* False: the file cannot be made, which has been told. */
bool output_open(struct output *output, const char *path);
int output_write(void *context, const char *bytes, size_t n); /* an attain_write_fn */
/* For formats that are not made for people, and keep every character: output_write, except on a terminal.
 * There each line is made visible. */
attain_write_fn output_writer(const struct output *output);
/* Makes the file appear under its name when `keep`, all at once; removes what was written otherwise. Returns
 * an exit status; tells what failed. */
int output_close(struct output *output, bool keep);
void output_abandon(void); /* from a signal handler: removes a temporary file */
/* The whole of a file, or of standard input for "-"; NULL with errno set. The caller frees. */
char *file_read(const char *path, size_t *length);

/* ---- inputs.c: --skip-bad-rows=FILE */

struct bad_rows {
    struct output output;
    bool writes;
    size_t n; /* bytes waiting in `block`: a system call for each piece took longer than the run */
    char block[1 << 15];
};
/* False: the file cannot be made, which has been told. */
bool bad_rows_open(const struct arguments *arguments, attain_run_options *options, struct bad_rows *bad_rows);
int bad_rows_close(struct bad_rows *bad_rows, bool good); /* as output_close */

/* ---- term.c: the terminal */

uint32_t term_width(int fd); /* 0: no terminal */
bool term_color(const struct arguments *arguments, int fd);
void term_progress_begin(const struct arguments *arguments);
void term_progress(void *context, uint64_t done, uint64_t all); /* an attain_progress_fn */
void term_progress_end(void);

/* ---- help.c */

int print_help(const struct command *command); /* NULL: of the program */
int print_man(void);
int print_version(void);
void print_usage(FILE *out, const struct command *command);

#endif
