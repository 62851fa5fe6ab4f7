/* cli/cmd_diff.c: attain diff: two versions of a policy side by side; --git takes the old one from a
 * repository. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data, *old_data;
    attain_diff_options options;
    attain_diff_format format;
    attain_policy *before, *after;
    struct bad_rows bad_rows;
};

/* ---- the old version out of git */

/* What `git -C folder …` prints, up to its end; NULL where it failed. The caller frees. */
static char *git_output(char *const argv[], size_t *n) {
    int ends[2];
    if (pipe(ends) != 0) return NULL;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        int quiet = open("/dev/null", O_WRONLY);
        if (quiet >= 0) dup2(quiet, STDERR_FILENO);
        close(ends[0]);
        execvp("git", argv);
        _exit(127);
    }
    close(ends[1]);
    struct buffer buffer = {0};
    char piece[4096];
    ssize_t got;
    while (child > 0 && ((got = read(ends[0], piece, sizeof piece)) > 0 || (got < 0 && errno == EINTR)))
        if (got > 0 && buffer_write(&buffer, piece, (size_t)got) != 0) break;
    close(ends[0]);
    int status = 1;
    if (child > 0) waitpid(child, &status, 0);
    bool good =
        child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && buffer_write(&buffer, "", 1) == 0;
    if (good) {
        *n = buffer.n - 1;
        return buffer.bytes;
    }
    free(buffer.bytes);
    return NULL;
}

struct revision {
    char folder[4096]; /* of the policy's file */
    const char *name;  /* "HEAD~1" */
};

/* The file `path`, relative to the folder of the policy, as it stood at the revision. */
static char *git_show(const struct revision *revision, const char *path, size_t *n) {
    char what[8192];
    if ((size_t)snprintf(what, sizeof what, "%s:./%s", revision->name, path) >= sizeof what) return NULL;
    char *const argv[] = {"git", "-C", (char *)(uintptr_t)revision->folder, "show", what, NULL};
    return git_output(argv, n);
}

static void release_text(void *context, attain_loaded *loaded) {
    (void)context;
    free((void *)(uintptr_t)loaded->bytes);
}

static bool load_at_revision(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    (void)from;
    loaded->bytes = git_show(context, wanted, &loaded->length);
    loaded->release = release_text;
    loaded->why = "git knows no such file at that revision";
    return loaded->bytes != NULL;
}

static int open_revision(struct work *work, const char *path) {
    struct revision revision = {.name = opt_last(work->arguments, OPT_GIT)};
    const char *slash = strrchr(path, '/');
    if (revision.name[0] == '-')
        return complain(EXIT_USAGE, "--git takes a revision, not `%s`", revision.name);
    snprintf(revision.folder, sizeof revision.folder, "%.*s", slash ? (int)(slash - path) : 1,
             slash ? path : ".");
    size_t n;
    char *text = git_show(&revision, slash ? slash + 1 : path, &n), name[8192];
    if (!text) return complain(EXIT_FILE, "git has no %s at %s", path, revision.name);
    snprintf(name, sizeof name, "%s:%s", revision.name, path);
    attain_policy_options options = {.load = load_at_revision, .load_context = &revision};
    attain_status status = attain_policy_compile(name, text, n, &options, &work->before);
    free(text);
    show_diagnostics(work->arguments, attain_policy_diagnostics(work->before));
    return exit_of(status);
}

/* ---- arguments */

static int read_format(struct work *work) {
    static const struct {
        const char *name;
        attain_diff_format format;
    } formats[] = {{"table", ATTAIN_DIFF_TABLE},
                   {"md", ATTAIN_DIFF_MARKDOWN},
                   {"csv", ATTAIN_DIFF_CSV},
                   {"json", ATTAIN_DIFF_JSON},
                   {"html", ATTAIN_DIFF_HTML}};
    const char *format = opt_last(work->arguments, OPT_FORMAT);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (!format || strcmp(format, formats[i].name) == 0) {
            work->format = formats[i].format;
            work->options.attribution =
                opt_given(work->arguments, OPT_ATTRIBUTION) || work->format == ATTAIN_DIFF_HTML;
            work->options.explanations = work->format == ATTAIN_DIFF_HTML;
            if (work->format == ATTAIN_DIFF_CSV && work->options.attribution)
                work->format = ATTAIN_DIFF_PARTS_CSV;
            return EXIT_PAID;
        }
    return complain(EXIT_USAGE, "--format of `attain diff` is table, md, csv, json or html, not `%s`",
                    format);
}

static int open_policy(struct work *work, const char *path, attain_policy **out) {
    attain_status status = compile_policy(work->arguments, path, ATTAIN_STAGE_CHECK, out);
    show_diagnostics(work->arguments, attain_policy_diagnostics(*out));
    return exit_of(status);
}

static int open_both(struct work *work) {
    const struct arguments *a = work->arguments;
    bool git = opt_given(a, OPT_GIT);
    if (a->n_files == 2 && git)
        return complain(EXIT_USAGE, "--git takes the old version from git: name one policy");
    if (git && strcmp(a->files[0], "-") == 0)
        return complain(EXIT_USAGE, "--git needs the file of the policy, not standard input");
    if (a->n_files == 2 && strcmp(a->files[0], "-") == 0 && strcmp(a->files[1], "-") == 0)
        return complain(EXIT_USAGE, "`-` is given more than once: standard input can be read once only");
    if (a->n_files == 1 && !git && !opt_given(a, OPT_OLD_DATA))
        return complain(EXIT_USAGE, "diff needs the old and the new policy, or --git REV, or --old-data DIR");
    int status = git ? open_revision(work, a->files[0]) : open_policy(work, a->files[0], &work->before);
    if (status != EXIT_PAID) return status;
    if (a->n_files == 1 && !git) {
        work->after = attain_policy_retain(work->before);
        return EXIT_PAID;
    }
    return open_policy(work, a->files[a->n_files - 1], &work->after);
}

/* The files of both versions, and the data of each, are inputs. Of a revision, so are the files of the work
 * tree from which it would be committed again. */
static int guard(const struct work *work) {
    const struct arguments *a = work->arguments;
    bool git = opt_given(a, OPT_GIT);
    const char *old = a->files[0], *new = a->files[a->n_files - 1];
    struct guard *guard = guard_new();
    char *folder = git ? path_folder(old) : NULL;
    if (!guard || (git && !folder)) {
        guard_free(guard);
        return EXIT_FILE;
    }
    guard_file(guard, old);
    guard_file(guard, new);
    guard_policy(guard, work->before, folder);
    guard_policy(guard, work->after, NULL);
    guard_data(guard, a, OPT_DATA, work->after, strcmp(new, "-") == 0 ? NULL : new);
    guard_data(guard, a, opt_given(a, OPT_OLD_DATA) ? OPT_OLD_DATA : OPT_DATA, work->before,
               git || strcmp(old, "-") == 0 ? NULL : old);
    int status = guard_outputs(guard, a, NULL);
    guard_free(guard);
    free(folder);
    return status;
}

/* ---- output */

static int write_diff(struct work *work, const attain_diff *diff) {
    const char *path = opt_last(work->arguments, OPT_OUT);
    struct output output;
    if (!output_open(&output, path)) return stop_asked ? EXIT_STOPPED : EXIT_FILE;
    attain_results_options options = output_looks(work->arguments, path);
    attain_status status =
        attain_diff_write(diff, work->format, &options,
                          work->format == ATTAIN_DIFF_TABLE ? output_write : output_writer(&output), &output);
    int closed = bad_rows_close(&work->bad_rows, &output, status == ATTAIN_OK || output.closed);
    return ending(&output, closed, status);
}

/* Every limit can be read. Asked before anything is written. */
static int read_limits(const struct work *work, const attain_diff *diff) {
    for (int i = 0; i < work->arguments->given[OPT_FAIL_IF].n; i++) {
        const char *limit = work->arguments->given[OPT_FAIL_IF].at[i];
        attain_text who, period;
        bool hit;
        attain_status status = attain_diff_limit_in(diff, limit, &hit, &who, &period);
        if (status != ATTAIN_OK && status != ATTAIN_USAGE)
            return complain(exit_of(status), "%s", attain_status_text(status));
        if (status != ATTAIN_OK)
            return complain(EXIT_USAGE,
                            "--fail-if is such as \"total > +3%%\" or \"any payee < -10%%\", not `%s`",
                            limit);
    }
    return EXIT_PAID;
}

static int check_limits(const struct work *work, const attain_diff *diff) {
    int exit_status = EXIT_PAID;
    for (int i = 0; i < work->arguments->given[OPT_FAIL_IF].n; i++) {
        const char *limit = work->arguments->given[OPT_FAIL_IF].at[i];
        attain_text who, period;
        bool hit;
        if (attain_diff_limit_in(diff, limit, &hit, &who, &period) != ATTAIN_OK || !hit) continue;
        exit_status = EXIT_LIMIT;
        if (who.length)
            complain(0, "the limit `%s` is passed, first by payee %.*s%s%.*s", limit, (int)who.length,
                     who.bytes, period.length ? " in " : " over all periods", (int)period.length,
                     period.bytes);
        else
            complain(0, "the limit `%s` is passed", limit);
    }
    return exit_status;
}

static int compare(struct work *work) {
    attain_diff *diff = NULL;
    work->options.old_data = work->old_data;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_diff_run(work->before, work->after, work->data, &work->options, &diff);
    term_progress_end();
    show_diagnostics(work->arguments, attain_diff_diagnostics(diff));
    int exit_status = exit_of(status);
    if (status == ATTAIN_OK) {
        exit_status = read_limits(work, diff);
        if (exit_status == EXIT_PAID) exit_status = write_diff(work, diff);
        if (exit_status == EXIT_PAID) exit_status = check_limits(work, diff);
    } else if (status == ATTAIN_CANCELLED || status == ATTAIN_NO_MEMORY) {
        complain(0, "%s", attain_status_text(status));
    }
    bad_rows_close(&work->bad_rows, NULL, false); /* if it is still open */
    attain_diff_free(diff);
    return exit_status;
}

int cmd_diff(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    int status = read_format(&work);
    if (status == EXIT_PAID) status = read_run_options(arguments, &work.options.run);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID && opt_given(arguments, OPT_OLD_DATA))
        status = bind_data(arguments, OPT_OLD_DATA, &work.old_data);
    if (status == EXIT_PAID) status = open_both(&work);
    if (status == EXIT_PAID) status = guard(&work);
    if (status == EXIT_PAID) status = compare(&work);
    attain_policy_release(work.before);
    attain_policy_release(work.after);
    attain_data_free(work.data);
    attain_data_free(work.old_data);
    release_run_options(&work.options.run);
    return status;
}
