/* cli/cmd_diff.c: attain diff. Compares two versions of a policy, of which --git reads the old one from a
 * repository. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* The state of one command. cmd_diff releases all of it in any case. */
struct work {
    const struct arguments *arguments;
    attain_data *data, *old_data;
    attain_diff_options options;
    attain_diff_format format;
    attain_policy *before, *after;
    attain_game *games[2];
    struct bad_rows bad_rows;
    char *command;          /* as written; NULL: not enough memory */
    attain_tests *tests[2]; /* of the old and the new version; NULL: they were not run */
};

/* ---- arguments */

/* A decision needs the effects of edits, so every format for reviewers has them. CSV has another format for
 * effects. */
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
                opt_given(work->arguments, OPT_ATTRIBUTION) ||
                (work->format != ATTAIN_DIFF_CSV && !opt_given(work->arguments, OPT_NO_ATTRIBUTION));
            work->options.explanations = work->format == ATTAIN_DIFF_HTML;
            if (work->format == ATTAIN_DIFF_CSV && work->options.attribution)
                work->format = ATTAIN_DIFF_PARTS_CSV;
            return EXIT_PAID;
        }
    return complain(EXIT_USAGE, "unknown format `%s`; `attain diff` writes table, md, csv, json, or html",
                    format);
}

/* Shows diagnostics even if the status is EXIT_PAID, because they may be warnings. */
static int open_policy(struct work *work, const char *path, attain_policy **out) {
    attain_status status = compile_policy(work->arguments, path, ATTAIN_STAGE_CHECK, out);
    if (status == ATTAIN_CANCELLED) return complain(EXIT_STOPPED, "stopped");
    if (lacks_memory(status)) complain(0, "%s: %s", path, memory_text(status));
    if (status == ATTAIN_USAGE) complain(0, "%s: larger than 2 GB", path);
    show_diagnostics(work->arguments, attain_policy_diagnostics(*out));
    return exit_of(status);
}

static int open_both(struct work *work) {
    const struct arguments *a = work->arguments;
    bool git = opt_given(a, OPT_GIT);
    if (a->n_files == 2 && git)
        return complain(EXIT_USAGE, "with --git, the old version comes from Git; name only the new policy");
    if (git && strcmp(a->files[0], "-") == 0)
        return complain(EXIT_USAGE, "--git cannot read standard input; name the file of the policy");
    if (a->n_files == 2 && strcmp(a->files[0], "-") == 0 && strcmp(a->files[1], "-") == 0)
        return complain(EXIT_USAGE, "duplicate `-`; standard input can be read only once");
    if (a->n_files == 1 && !git && !opt_given(a, OPT_OLD_DATA))
        return complain(
            EXIT_USAGE,
            "missing old version; name the old and the new policy, or use --git REV or --old-data DIR");
    int status =
        git ? open_revision(a, a->files[0], &work->before) : open_policy(work, a->files[0], &work->before);
    if (status != EXIT_PAID) return status;
    if (a->n_files == 1 && !git) {
        /* With --old-data alone, one policy is both versions. Each of the two is released. */
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
    if (!guard) return complain(EXIT_FILE, "not enough memory");
    guard_file(guard, old);
    guard_file(guard, new);
    guard_policy(guard, work->before, git ? opt_last(a, OPT_GIT) : NULL);
    guard_policy(guard, work->after, NULL);
    guard_data(guard, a, OPT_DATA, work->after, strcmp(new, "-") == 0 ? NULL : new);
    guard_data(guard, a, opt_given(a, OPT_OLD_DATA) ? OPT_OLD_DATA : OPT_DATA, work->before,
               git || strcmp(old, "-") == 0 ? NULL : old);
    int status = guard_outputs(guard, a, NULL);
    guard_free(guard);
    return status;
}

/* ---- output */

/* If the reader closed its pipe, the file of bad rows is still complete, so it is kept. */
static int write_diff(struct work *work, const attain_diff *diff) {
    const char *path = opt_last(work->arguments, OPT_OUT);
    struct output output;
    if (!output_open(&output, path)) return stop_asked ? EXIT_STOPPED : EXIT_FILE;
    attain_results_options options = output_looks(work->arguments, path);
    attain_status status =
        attain_diff_write(diff, work->format, &options,
                          work->format == ATTAIN_DIFF_TABLE ? output_write : output_writer(&output), &output);
    int closed = bad_rows_close(&work->bad_rows, &output, NULL, 0, status == ATTAIN_OK || output.closed);
    return ending(&output, closed, status);
}

/* Runs after the difference is written, so that a reader sees what exceeded the limit. A newly withheld
 * payout does not exceed a limit on pay, so it has a status of its own. */
static int check_limits(const struct work *work, const attain_diff *diff) {
    attain_diff_decision decision;
    attain_status status = attain_diff_decision_get(diff, &decision);
    if (status != ATTAIN_OK && status != ATTAIN_OVERFLOW)
        return complain(exit_of(status), "%s", status_text(status));
    for (size_t i = 0; i < decision.limits; i++) {
        attain_diff_limit_result limit;
        if (attain_diff_limit_get(diff, i, &limit) != ATTAIN_OK || !limit.exceeded) continue;
        if (limit.payee.length)
            complain(0, "the change exceeds the limit `%s`, first for payee %.*s%s%.*s",
                     work->options.limits[i], (int)limit.payee.length, limit.payee.bytes,
                     limit.period.length                       ? cli_text(" in ")
                     : strstr(work->options.limits[i], " in ") ? ""
                                                               : cli_text(" over all periods"),
                     (int)limit.period.length, limit.period.bytes);
        else
            complain(0, "the change exceeds the limit `%s`", work->options.limits[i]);
    }
    return decision.exceeded ? EXIT_LIMIT : decision.newly ? EXIT_WITHHELD : EXIT_PAID;
}

/* What other choices for deals could gain in each version. */
static int play_both(struct work *work) {
    attain_policy *policies[2] = {work->before, work->after};
    const attain_data *data[2] = {work->old_data ? work->old_data : work->data, work->data};
    attain_game_options options = {.run = work->options.run};
    options.run.on_bad_row = NULL; /* the diff lists them */
    for (int s = 0; s < 2; s++) {
        attain_status status = attain_game_run(&policies[s], 1, data[s], &options, &work->games[s]);
        if (status == ATTAIN_OK) continue;
        term_progress_end();
        show_diagnostics(work->arguments, attain_game_diagnostics(work->games[s]));
        if (status == ATTAIN_CANCELLED || lacks_memory(status)) complain(0, "%s", status_text(status));
        return exit_of(status);
    }
    work->options.games[0] = work->games[0];
    work->options.games[1] = work->games[1];
    return EXIT_PAID;
}

/* An invalid limit is found by attain_diff_run, so it does not leave a new file. */
static int compare(struct work *work) {
    attain_diff *diff = NULL;
    work->options.old_data = work->old_data;
    work->options.limits = (const char *const *)work->arguments->given[OPT_FAIL_IF].at;
    work->options.limit_count = (size_t)work->arguments->given[OPT_FAIL_IF].n;
    work->options.by = opt_last(work->arguments, OPT_BY);
    for (int i = 0; i < 2; i++)
        work->options.tests[i] = work->tests[i];
    work->options.sources = work->format != ATTAIN_DIFF_CSV && work->format != ATTAIN_DIFF_PARTS_CSV;
    work->options.command = work->command;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    int played = opt_given(work->arguments, OPT_GAME) ? play_both(work) : EXIT_PAID;
    if (played != EXIT_PAID) {
        bad_rows_close(&work->bad_rows, NULL, NULL, 0, false);
        return played;
    }
    attain_status status = attain_diff_run(work->before, work->after, work->data, &work->options, &diff);
    term_progress_end();
    show_diagnostics(work->arguments, attain_diff_diagnostics(diff));
    int exit_status = exit_of(status);
    if (status == ATTAIN_OK) {
        exit_status = write_diff(work, diff);
        if (exit_status == EXIT_PAID) exit_status = check_limits(work, diff);
    } else if (status == ATTAIN_CANCELLED || lacks_memory(status)) {
        complain(0, "%s", status_text(status));
    }
    bad_rows_close(&work->bad_rows, NULL, NULL, 0, false); /* if it is still open */
    attain_diff_free(diff);
    return exit_status;
}

/* The tests of the new version, and of an old one that is another file. Those of a revision are not run: it
 * is as it was. */
static int test_both(struct work *work) {
    const struct arguments *a = work->arguments;
    const char *old = a->files[0], *new = a->files[a->n_files - 1];
    int status = EXIT_PAID;
    if (a->n_files == 2) status = keep_tests(a, old, work->before, &work->tests[0]);
    return status == EXIT_PAID ? keep_tests(a, new, work->after, &work->tests[1]) : status;
}

int cmd_diff(const struct arguments *arguments) {
    struct work work = {.arguments = arguments, .command = command_line(arguments)};
    int status = read_format(&work);
    if (status == EXIT_PAID) status = read_run_options(arguments, &work.options.run);
    work.options.run.language = opt_last(arguments, OPT_LANG);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID && opt_given(arguments, OPT_OLD_DATA))
        status = bind_data(arguments, OPT_OLD_DATA, &work.old_data);
    if (status == EXIT_PAID) status = open_both(&work);
    if (status == EXIT_PAID) status = guard(&work);
    if (status == EXIT_PAID) status = test_both(&work);
    if (status == EXIT_PAID) status = compare(&work);
    attain_game_free(work.games[0]);
    attain_game_free(work.games[1]);
    attain_policy_release(work.before);
    attain_policy_release(work.after);
    attain_data_free(work.data);
    attain_data_free(work.old_data);
    for (int i = 0; i < 2; i++)
        attain_tests_free(work.tests[i]);
    free(work.command);
    release_run_options(&work.options.run);
    return status;
}
