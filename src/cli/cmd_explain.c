/* cli/cmd_explain.c: attain explain. Explains payouts, or checks that all explanations add up (--verify). */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_run_options run;
    attain_explain_options options;
    struct bad_rows bad_rows;
};

static int read_options(struct work *work) {
    const struct arguments *a = work->arguments;
    const char *format = opt_last(a, OPT_FORMAT);
    int status = read_run_options(a, &work->run);
    if (status != EXIT_PAID) return status;
    /* A line of zero can be explained, too. */
    work->run.zeros = true;
    work->run.ends_here = true;
    work->options.period = work->run.period;
    work->options.component = opt_last(a, OPT_COMPONENT);
    work->options.language = opt_last(a, OPT_LANG);
    work->options.all = opt_given(a, OPT_ALL);
    if (!format || strcmp(format, "text") == 0)
        work->options.format = ATTAIN_EXPLAIN_TEXT;
    else if (strcmp(format, "md") == 0)
        work->options.format = ATTAIN_EXPLAIN_MARKDOWN;
    else if (strcmp(format, "json") == 0)
        work->options.format = ATTAIN_EXPLAIN_JSON;
    else
        return complain(EXIT_USAGE, "unknown format `%s`; `attain explain` writes text, md, or json", format);
    return EXIT_PAID;
}

/* Diagnostics that the explanation has added to those of the run, which were shown before. */
static void show_new(const struct arguments *arguments, const attain_results *results, size_t before) {
    const attain_diagnostics *list = attain_results_diagnostics(results);
    if (attain_diagnostics_count(list) > before) show_diagnostics(arguments, list);
}

static int write_to(void *context, const char *bytes, size_t n) {
    return fwrite(bytes, 1, n, context) != n;
}

static int write_explanations(struct work *work, attain_results *results) {
    const char *path = opt_last(work->arguments, OPT_OUT);
    size_t before = attain_diagnostics_count(attain_results_diagnostics(results));
    struct output output;
    if (!output_open(&output, path)) return stop_asked ? EXIT_STOPPED : EXIT_FILE;
    work->options.width = path ? 0 : term_width(STDOUT_FILENO);
    work->options.color = !path && term_color(work->arguments, STDOUT_FILENO);
    attain_status status = attain_explain(results, &work->options, output_write, &output);
    int closed = bad_rows_close(&work->bad_rows, &output, NULL, 0, status == ATTAIN_OK || output.closed);
    if (closed == EXIT_PAID && !output.closed) show_new(work->arguments, results, before);
    return ending(&output, closed, status);
}

/* ---- asking for a payee: explanations of all are for files and programs */

enum { MOST_LISTED = 20, ANSWER_ROOM = 300 };

static bool asks(const struct work *work, const attain_results *results) {
    return work->run.payee_count == 0 && !opt_last(work->arguments, OPT_OUT) &&
           work->options.format == ATTAIN_EXPLAIN_TEXT && attain_results_payee_count(results) > 1 &&
           isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static void list_payees(const attain_results *results) {
    size_t n = attain_results_payee_count(results);
    for (size_t i = 0; i < n && i < MOST_LISTED; i++) {
        attain_payee payee = {.key = {"", 0}};
        (void)attain_results_payee(results, i, &payee); /* a key needs no amounts */
        say(stderr, payee.label.length ? "  %.*s  %.*s" : "  %.*s", (int)payee.key.length, payee.key.bytes,
            (int)payee.label.length, payee.label.bytes);
        fputc('\n', stderr);
    }
    if (n > MOST_LISTED) say(stderr, "  … and %zu more", n - MOST_LISTED), fputc('\n', stderr);
}

/* Sets the payee to explain, in `answer`. False: the reader gave none, or asked to stop. An empty answer is
 * all payees. */
static bool ask(struct work *work, const attain_results *results, char answer[ANSWER_ROOM]) {
    list_payees(results);
    say(stderr, "Payee to explain (Enter for all): ");
    fflush(stderr);
    if (stop_asked || !fgets(answer, ANSWER_ROOM, stdin)) return false;
    answer[strcspn(answer, "\r\n")] = '\0';
    if (answer[0]) work->options.payee = answer;
    return true;
}

static int write_asked(struct work *work, attain_results *results) {
    char answer[ANSWER_ROOM];
    if (asks(work, results) && !ask(work, results, answer)) {
        fputc('\n', stderr);
        return complain(stop_asked ? EXIT_STOPPED : EXIT_USAGE, "no payee; use --payee KEY");
    }
    int status = write_explanations(work, results);
    work->options.payee = NULL;
    return status;
}

/* Checks all explanations instead of writing them. The faults go to standard output, one a line. */
static int verify(struct work *work, attain_results *results) {
    uint64_t checked = 0, wrong = 0;
    size_t before = attain_diagnostics_count(attain_results_diagnostics(results));
    attain_status status = attain_explain_check(results, &work->options, &checked, &wrong, write_to, stdout);
    show_new(work->arguments, results, before);
    int closed = bad_rows_close(&work->bad_rows, NULL, NULL, 0, status == ATTAIN_OK);
    if (status == ATTAIN_CANCELLED) return complain(EXIT_STOPPED, "stopped");
    if (status != ATTAIN_OK && status != ATTAIN_USAGE) /* a diagnostic names a wrong option */
        return complain(exit_of(status), "%s", status_text(status));
    if (status != ATTAIN_OK) return exit_of(status);
    if (closed != EXIT_PAID) return closed;
    printf(cli_text("%llu checked, %llu that do not add up\n"), (unsigned long long)checked,
           (unsigned long long)wrong);
    return wrong ? EXIT_POLICY : EXIT_PAID;
}

/* Runs the policies first, because explanations follow the results of a run. */
static int explain(struct work *work, const struct policies *policies) {
    attain_results *results = NULL;
    if (!bad_rows_open(work->arguments, &work->run, &work->bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_run(policies->at, policies->n, work->data, &work->run, &results);
    term_progress_end();
    show_diagnostics(work->arguments, attain_results_diagnostics(results));
    int exit_status = exit_after(status);
    if (status == ATTAIN_OK)
        exit_status =
            opt_given(work->arguments, OPT_VERIFY) ? verify(work, results) : write_asked(work, results);
    if (exit_status == EXIT_PAID && attain_results_withheld_count(results) > 0) exit_status = EXIT_WITHHELD;
    bad_rows_close(&work->bad_rows, NULL, NULL, 0, false); /* if it is still open */
    attain_results_free(results);
    return exit_status;
}

int cmd_explain(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    bool against = opt_given(arguments, OPT_AGAINST) || opt_given(arguments, OPT_AGAINST_PAYEE);
    if (against && opt_given(arguments, OPT_EXPECTED))
        return complain(EXIT_USAGE, "--against and --expected are different questions; use one of them");
    if (opt_given(arguments, OPT_EXPECTED)) return explain_expected(arguments);
    if (opt_given(arguments, OPT_OLD) || opt_given(arguments, OPT_GIT))
        return complain(EXIT_USAGE, "--old and --git need --expected");
    if (against) return explain_against(arguments);
    int status = read_options(&work);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, NULL);
    if (status == EXIT_PAID) status = explain(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.run);
    return status;
}
