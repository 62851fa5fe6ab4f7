/* cli/cli.h: the interface between the files of the program. The program uses only attain.h of the library.
 *
 * A command is a line in commands.def and a function in cmd_NAME.c. An option is a line in options.def. Help,
 * manual page, parsing, and suggestions use these two tables.
 */
#ifndef ATTAIN_CLI_H
#define ATTAIN_CLI_H

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

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

/* The number of the signal that asked the command to stop; 0: none. The second signal kills. */
extern volatile sig_atomic_t stop_asked;
/* Between the two, signals wait. */
void signals_mind(void);
void signals_hold(sigset_t *old);
void signals_release(const sigset_t *old);

/* ---- common.c: what several commands do */

/* text.c: the text in the language of --lang, by the English one; the English one if there is none. */
extern const char *cli_language; /* of --lang; NULL: English. Set before the options are read */
const char *cli_text(const char *english) __attribute__((format_arg(1)));
/* Prints what the format gives, made visible (attain_visible_write): no argument, name of a file, or text of
 * a policy reaches the terminal as a command. Line ends and colors are printed apart from it, as literals.
 * The format is translated with cli_text. */
void say(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "attain: …" on standard error, with say(), and returns its first argument, so that `return
 * complain(EXIT_USAGE, …)` reads well. */
int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
int exit_of(attain_status status);
/* Whether a call found no memory, or too little within --max-memory, and which of the two in words. */
bool lacks_memory(attain_status status);
const char *memory_text(attain_status status);
/* exit_of(), and reports what no diagnostic reports: that the call was stopped, or found too little memory.
 */
int exit_after(attain_status status);
/* Any status, in words. */
const char *status_text(attain_status status);
/* Writes a list to standard error as the options say; nothing when it is empty. */
void show_diagnostics(const struct arguments *arguments, const attain_diagnostics *list);
/* Width and colors of results: those of the terminal, or plain for a file (`path` is not NULL). */
attain_results_options output_looks(const struct arguments *arguments, const char *path);

/* Which files a policy may name, as --root and --allow-outside say. */
attain_policy_options policy_options(const struct arguments *arguments, attain_stage stage);
/* False: they contradict each other, which has been told. */
bool check_roots(const struct arguments *arguments);

/* The policies named on the command line, compiled; all their problems are shown. */
struct policies {
    attain_policy **at;
    const char **names; /* as written on the command line */
    size_t n;
};
/* One of them; "-" is standard input. As attain_policy_open. */
attain_status compile_policy(const struct arguments *arguments, const char *path, attain_stage stage,
                             attain_policy **out);
/* EXIT_PAID, or the status to end with. Release in any case. */
int open_policies(const struct arguments *arguments, attain_stage stage, bool show, struct policies *out);
void release_policies(struct policies *policies);

/* expand.c: the arguments with folders replaced by the policies in them. Without any policy, a usage error.
 * Free in any case, after everything that views its files. */
struct expanded {
    struct arguments arguments; /* `files` is owned, the rest is a view */
    int n;
    unsigned parts; /* files left out, because they have no `policy` statement */
};
int expand_folders(const struct arguments *given, struct expanded *out);
void expanded_free(struct expanded *expanded);

/* line.c: the command with its arguments, quoted for a shell. NULL: not enough memory. The caller frees. */
char *command_line(const struct arguments *arguments);

/* tested.c: runs the tests of a policy, and warns if one fails. EXIT_PAID, or the status to end with. */
int warn_of_tests(const struct arguments *arguments, const char *name, attain_policy *policy);
/* The same, and keeps what the tests found, or NULL. The caller frees it in any case. */
int keep_tests(const struct arguments *arguments, const char *name, attain_policy *policy,
               attain_tests **out);

/* The policy as it stood at the revision of --git (git.c), with what it names; its problems are shown. As
 * open_policies. */
int open_revision(const struct arguments *arguments, const char *path, attain_policy **out);

/* A buffer that a write callback fills. */
struct buffer {
    char *bytes;
    size_t n, room;
};
int buffer_write(void *context, const char *bytes, size_t n);

/* ---- inputs.c: what every command that runs policies is given. Each returns EXIT_PAID, or the status to end
 * with. */

bool is_folder(const char *path);
/* The tables bound by --data, or by another option like it. The caller frees the data in any case. */
int bind_data(const struct arguments *arguments, enum option_id option, attain_data **out);
/* Periods, payees, settings, threads, skipping of bad rows, progress and the cancel flag. Release in any
 * case. */
int read_run_options(const struct arguments *arguments, attain_run_options *options);
void release_run_options(attain_run_options *options);

/* Returns the code point at *p and moves *p past it. Returns UINT32_MAX, and moves one byte, if it is not
 * UTF-8. */
uint32_t utf8_next(const char **p, const char *end);
bool is_utf8(const char *text);
/* A number that depends on all bytes; the same on every machine and in every version, because file names have
 * it. */
uint64_t hash_bytes(const char *bytes, size_t n);

/* ---- place.c: where an output goes */

enum place_kind {
    PLACE_DESCRIPTOR, /* `fd`, which is open: standard output, "-", /dev/stdout, /dev/fd/3 */
    PLACE_DEVICE,     /* a device or a pipe, written directly */
    PLACE_FILE        /* `final`, written under another name and renamed */
};

struct place {
    const char *path; /* view, as on the command line; NULL: standard output */
    enum place_kind kind;
    int fd;
    char *final; /* absolute, links followed */
    bool exists;
    struct stat info; /* if it exists */
};

/* Reports why nothing can be written there, and returns false. */
bool place_find(struct place *place, const char *path);
/* The place is the regular file `file`. */
bool place_is(const struct place *place, const struct stat *file);
/* Two outputs would write over each other. */
bool place_same(const struct place *a, const struct place *b);
void place_free(struct place *place);

const char *path_base(const char *path);
char *path_folder(const char *path);
char *path_join(const char *folder, const char *file);
char *path_final(const char *path);

/* ---- file.c: output */

struct output {
    const char *path; /* view; NULL: standard output */
    struct place place;
    char *temporary; /* beside place.final, renamed at the end; NULL: written directly */
    int fd;
    int error;   /* errno of the first failure */
    bool closed; /* the reader went away: writing stops, and nothing is reported */
    pid_t pager; /* the process that shows the bytes of `fd`; 0: none */
};
/* Reports why the file cannot be made, and returns false. Close each output that is open. */
bool output_open(struct output *output, const char *path);
/* The same for a file of a new folder (folder.c), which is open as `fd`. */
void output_in_folder(struct output *output, int fd, const char *path);
int output_write(void *context, const char *bytes, size_t n); /* an attain_write_fn */
/* For formats that are not made for people, and keep every character: output_write, except on a terminal.
 * There each line is made visible. */
attain_write_fn output_writer(const struct output *output);
/* Makes the file appear under its name if `keep`, all at once; removes what was written otherwise. Returns an
 * exit status, and reports what failed. */
int output_close(struct output *output, bool keep);
/* The same for all outputs of a command: all appear, or, if one of them failed, none. Afterwards the command
 * is finished, and a signal no longer stops it. */
int outputs_close(struct output *const outputs[], size_t n, bool keep);
/* The exit status of a command that wrote `output`, which was closed with the exit status `closed`, by a call
 * that returned `status`; reported. A complete output is a success, whatever signal came. */
int ending(const struct output *output, int closed, attain_status status);
void output_abandon(void); /* for a signal handler: removes temporary files */
/* The command's outputs are complete. */
extern volatile sig_atomic_t output_finished;
/* The command itself must remove the output that it has written. The signal handler must not remove it. */
extern volatile sig_atomic_t output_deferring;
/* The whole of an ordinary file, or of standard input for "-"; NULL with errno set. The caller frees. */
char *file_read(const char *path, size_t *length);

/* ".NAME.attain-NUMBER" with an ending, beside `final`. NULL: not enough memory. The caller frees. */
char *temporary_name(const char *final, unsigned attempt, const char *ending);
bool is_leftover_name(const char *name);
/* Locks what `path` names, which is open, and returns whether `path` still names it. Without `wait`, false if
 * another process holds the lock. */
bool lock_file(int fd, const char *path, bool wait);
/* Removes what killed runs of the same output have left: files, and folders by `remove_folder` (may be
 * NULL). */
typedef void leftover_fn(void *context, int fd, const char *path);
void clean_leftovers(const char *final, const char *ending, leftover_fn *remove_folder, void *context);
void sync_folder_of(const char *final);

/* ---- folder.c: a folder of pages that replaces the old one as a whole */

struct folder {
    const char *path; /* view, as on the command line */
    char *final;      /* absolute, links followed */
    char *temporary;  /* NULL: not open */
    bool exists;      /* there is an old one */
    int fd;           /* of the temporary folder; its lock */
};
/* Finds the folder, before anything is calculated. EXIT_PAID, or the status to end with, reported. */
int folder_find(struct folder *folder, const char *path);
/* `file` is the folder or is in it, at any depth; links are followed. */
bool folder_holds(const struct folder *folder, const char *file);
/* Refuses to replace a folder with files that Attain did not write. Returns EXIT_PAID, or the status that it
 * reported. */
int folder_check(const struct folder *folder);
int folder_open(struct folder *folder);
/* A new file in it; its path in *path, which the caller frees. False: reported. */
bool folder_file(struct folder *folder, const char *name, char **path, struct output *output);
/* Replaces the old folder by the new if `keep`, removes the new otherwise. Returns an exit status. */
int folder_close(struct folder *folder, bool keep);
void folder_free(struct folder *folder);

/* ---- pagename.c: names of the pages of payees */

struct page_names;
/* NULL: not enough memory. Keys must stay as long as the names. */
struct page_names *page_names_new(const attain_results *results);
const char *page_name(const struct page_names *names, attain_text key); /* "ana.html" */
/* The address of a page in a link: what is not a plain character is written %XX. */
size_t page_address(const char *name, char *out, size_t room);
void page_names_free(struct page_names *names);

/* ---- guard.c: no output is an input */

struct guard;
/* NULL: not enough memory, reported. */
struct guard *guard_new(void);
void guard_free(struct guard *guard);
/* The files that `policy` was compiled from; of a policy of a revision (or NULL), those of the work tree. */
void guard_policy(struct guard *guard, const attain_policy *policy, const char *revision);
/* The files that a run of `policy` reads with what `option` binds. `path`: the policy's file; NULL: it has
 * none in whose folder data is looked for. */
void guard_data(struct guard *guard, const struct arguments *arguments, enum option_id option,
                const attain_policy *policy, const char *path);
void guard_file(struct guard *guard, const char *path); /* "-": standard input */
/* Whether the outputs of the command can be made and replace no input. EXIT_PAID, or the status to end with,
 * reported. `folder`: the folder that --out names; NULL: --out is a file. */
int guard_outputs(const struct guard *guard, const struct arguments *arguments, struct folder *folder);
/* The same for a command that reads the files of its policies, and data if it takes --data. */
int guard_command(const struct arguments *arguments, const struct policies *policies, struct folder *folder);

/* ---- inputs.c: --skip-bad-rows=FILE */

struct bad_rows {
    struct output output;
    bool writes;
    bool safe; /* a ' before rows that a spreadsheet may take for a formula */
    size_t n;  /* bytes waiting in `block`: a system call for each piece took longer than the run */
    char block[1 << 15];
};
/* False: the file cannot be made, which has been reported. */
bool bad_rows_open(const struct arguments *arguments, attain_run_options *options, struct bad_rows *bad_rows);
/* Closes the outputs of a command together with the file of bad rows: all appear, or none. `output` may be
 * NULL: there is none. `beside`: at most 2. */
int bad_rows_close(struct bad_rows *bad_rows, struct output *output, struct output *beside, size_t n_beside,
                   bool keep);

/* ---- term.c: the terminal */

uint32_t term_width(int fd); /* 0: no terminal */
bool term_color(const struct arguments *arguments, int fd);
void term_progress_begin(const struct arguments *arguments);
/* The watch of every call: Ctrl-C stops it, and its progress is shown between begin and end. */
extern attain_watch cli_watch;
void term_progress_end(void);

/* ---- pager.c */

/* Lets standard output go through the pager of the user, if it is a terminal and `wanted`. */
void pager_allow(bool wanted);
/* Starts the pager, and sets *fd to what it reads. Returns 0 if the output is written directly. */
pid_t pager_start(int *fd);
/* Ends its input, and waits until the reader leaves it. */
void pager_wait(pid_t process, int fd);

/* ---- hooks.c: what a person who writes hooks asks for */

/* --hook-log, --trace-hook, --profile-hooks. `options` views `out`. */
void hook_options(const struct arguments *arguments, struct attain_hook_options *out,
                  attain_run_options *options);
/* Writes to standard error. */
void show_hooks(const struct arguments *arguments, const attain_results *results);
void write_log_entry(const attain_log_entry *entry);

/* ---- report.c: what the commands that write a report share. Each returns EXIT_PAID, or the status to end
 * with. */

struct report {
    const struct arguments *arguments;
    attain_report_format format;
    attain_report_options options;
    struct bad_rows bad_rows; /* that the run leaves out; nothing without a run */
};
/* attain_NAME_write of what the command makes. */
typedef attain_status report_write(const void *made, attain_report_format format,
                                   const attain_report_options *options, attain_write_fn write,
                                   void *context);
/* --format and --lang. `most`: the last format that the command writes. */
int report_read(const struct arguments *arguments, const char *command, attain_report_format most,
                struct report *out);
/* After the call that made the report, which returned `status`: writes it to --out or standard output, or
 * reports why it cannot. Closes the file of bad rows in any case. */
int report_end(struct report *report, attain_status status, report_write *write, const void *made);

/* earlier.c: the earlier version of --old or --git; NULL: neither is given. EXIT_PAID, or the status to end
 * with. */
int open_earlier(const struct arguments *arguments, attain_policy **out);
/* As guard_command, with the files of the earlier version and of --with. */
int guard_earlier(const struct arguments *arguments, const struct policies *policies,
                  const attain_policy *earlier);

/* explain_expected.c: attain explain --expected. */
int explain_expected(const struct arguments *arguments);
/* explain_against.c: attain explain --against and --against-payee. */
int explain_against(const struct arguments *arguments);

/* ---- help.c */

int print_help(const struct command *command); /* NULL: of the program */
int print_man(void);
int print_version(void);
void print_usage(FILE *out, const struct command *command);

#endif
