/* cli/cmd_run.c: attain run. Calculates payouts and writes them. */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* ---- arguments */

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_run_options options;
    attain_hook_options hooks;
    attain_results_format format;
    struct bad_rows bad_rows;
};

static int read_format(struct work *work) {
    const char *format = opt_last(work->arguments, OPT_FORMAT);
    work->format = ATTAIN_RESULTS_TABLE;
    if (!format || strcmp(format, "table") == 0) return EXIT_PAID;
    if (strcmp(format, "csv") == 0)
        work->format = ATTAIN_RESULTS_CSV;
    else if (strcmp(format, "json") == 0)
        work->format = ATTAIN_RESULTS_JSON;
    else
        return complain(EXIT_USAGE, "unknown format `%s`; `attain run` writes table, csv, or json", format);
    return EXIT_PAID;
}

/* `--by deal` is a table of its own, with a row for each part. JSON has it after the lines. */
static int read_by(struct work *work) {
    const char *by = opt_last(work->arguments, OPT_BY);
    if (!by) return EXIT_PAID;
    if (strcmp(by, "deal") != 0) return complain(EXIT_USAGE, "unknown value `%s`; write `--by deal`", by);
    if (work->format != ATTAIN_RESULTS_JSON) work->format = ATTAIN_RESULTS_DEALS;
    work->options.by_deal = true;
    return EXIT_PAID;
}

static int read_options(struct work *work) {
    work->options.zeros = opt_given(work->arguments, OPT_ZEROS);
    int status = read_format(work);
    if (status == EXIT_PAID) status = read_by(work);
    return status == EXIT_PAID ? read_run_options(work->arguments, &work->options) : status;
}

/* ---- output */

/* Ignores errors, because there is no other place to report them. */
static int write_stderr(void *context, const char *bytes, size_t n) {
    (void)context;
    fwrite(bytes, 1, n, stderr);
    return 0;
}

/* Files and pipes hold lines only: what else there is to know goes to standard error. */
static void tell_summary(const struct work *work, const attain_results *results) {
    attain_summary s;
    bool to_file = opt_given(work->arguments, OPT_OUT);
    if (work->format == ATTAIN_RESULTS_TABLE && !to_file) return;
    if (opt_given(work->arguments, OPT_QUIET) || attain_results_summary(results, &s) != ATTAIN_OK) return;
    if (!to_file && !s.withheld && !s.rows_left_out && !s.rows_out_of_range && !s.rows_not_covered &&
        !s.waiting_unchecked && s.payees_covered == s.payees)
        return;
    attain_results_options options = {.color = term_color(work->arguments, STDERR_FILENO)};
    attain_status status =
        attain_results_write(results, ATTAIN_RESULTS_SUMMARY, &options, write_stderr, NULL);
    (void)status;
}

/* Files that appear together with the results. */
static const struct {
    int option;
    attain_results_format format;
} BESIDE[] = {{OPT_MEASURES, ATTAIN_RESULTS_MEASURES},
              {OPT_BALANCES, ATTAIN_RESULTS_BALANCES},
              {OPT_HELD, ATTAIN_RESULTS_HELD},
              {OPT_COVERAGE, ATTAIN_RESULTS_COVERAGE}};
enum { MOST_BESIDE = sizeof BESIDE / sizeof *BESIDE };

/* Opens those that are asked for, and the output: all, or none. */
static bool open_outputs(const struct work *work, struct output *output, struct output beside[MOST_BESIDE],
                         attain_results_format formats[MOST_BESIDE], size_t *n) {
    *n = 0;
    if (!output_open(output, opt_last(work->arguments, OPT_OUT))) return false;
    for (size_t i = 0; i < MOST_BESIDE; i++) {
        const char *path = opt_last(work->arguments, BESIDE[i].option);
        if (!path) continue;
        if (!output_open(&beside[*n], path)) {
            for (size_t k = 0; k < *n; k++)
                output_close(&beside[k], false);
            output_close(output, false);
            return false;
        }
        formats[(*n)++] = BESIDE[i].format;
    }
    return true;
}

/* Writes the results, and closes the other files together with them. */
static int write_results(struct work *work, const attain_results *results) {
    struct output output, beside[MOST_BESIDE];
    attain_results_format formats[MOST_BESIDE];
    size_t n;
    if (!open_outputs(work, &output, beside, formats, &n)) return stop_asked ? EXIT_STOPPED : EXIT_FILE;
    attain_results_options options = output_looks(work->arguments, opt_last(work->arguments, OPT_OUT));
    attain_status status = attain_results_write(
        results, work->format, &options,
        work->format == ATTAIN_RESULTS_TABLE ? output_write : output_writer(&output), &output);
    bool kept = status == ATTAIN_OK || output.closed;
    for (size_t i = 0; i < n && kept; i++) {
        attain_results_options looks = output_looks(work->arguments, beside[i].path);
        attain_status second =
            attain_results_write(results, formats[i], &looks, output_writer(&beside[i]), &beside[i]);
        kept = second == ATTAIN_OK || beside[i].closed;
        if (!kept && status == ATTAIN_OK) status = second;
    }
    int closed = bad_rows_close(&work->bad_rows, &output, beside, n, kept);
    return ending(&output, closed, status);
}

/* Why nothing is paid, in one sentence after the list of what is wrong. */
static void tell_refusal(const struct work *work, attain_status status, const attain_results *results) {
    unsigned long long errors = attain_diagnostics_errors(attain_results_diagnostics(results));
    if (status == ATTAIN_CANCELLED) complain(0, "stopped; nothing is paid");
    if (lacks_memory(status)) complain(0, "%s; nothing is paid", memory_text(status));
    if (status == ATTAIN_BAD_DATA && errors > 0 && !opt_given(work->arguments, OPT_QUIET))
        complain(0, "nothing is paid: %llu %s", errors, cli_text(errors == 1 ? "error" : "errors"));
}

/* Payees who are covered twice are in the file that lists the coverage, so it is written without results,
 * too. */
static int write_coverage(const struct work *work, const attain_results *results, int exit_status) {
    const char *path = opt_last(work->arguments, OPT_COVERAGE);
    struct output output;
    if (!path || exit_status != EXIT_POLICY) return exit_status;
    if (!output_open(&output, path)) return EXIT_FILE;
    attain_results_options looks = output_looks(work->arguments, path);
    attain_status status =
        attain_results_write(results, ATTAIN_RESULTS_COVERAGE, &looks, output_writer(&output), &output);
    if (status == ATTAIN_USAGE) { /* refused for another reason */
        output_close(&output, false);
        return exit_status;
    }
    int closed = ending(&output, output_close(&output, status == ATTAIN_OK), status);
    return closed == EXIT_PAID ? exit_status : closed;
}

/* Nothing else is written unless the run succeeds. EXIT_WITHHELD reports that something is not paid, after
 * the output is complete. */
static int pay(struct work *work, const struct policies *policies) {
    attain_results *results = NULL;
    if (!bad_rows_open(work->arguments, &work->options, &work->bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_run(policies->at, policies->n, work->data, &work->options, &results);
    term_progress_end();
    show_diagnostics(work->arguments, attain_results_diagnostics(results));
    int exit_status = exit_of(status);
    if (status == ATTAIN_OK) {
        exit_status = write_results(work, results);
        show_hooks(work->arguments, results);
        if (exit_status == EXIT_PAID) tell_summary(work, results);
        if (exit_status == EXIT_PAID && attain_results_withheld_count(results) > 0)
            exit_status = EXIT_WITHHELD;
    } else {
        tell_refusal(work, status, results);
        exit_status = write_coverage(work, results, exit_status);
    }
    bad_rows_close(&work->bad_rows, NULL, NULL, 0, false); /* if it is still open */
    attain_results_free(results);
    return exit_status;
}

/* Tests come first, so that a warning is above the results that it is about. */
static int test_and_pay(struct work *work, const struct policies *policies) {
    int status = EXIT_PAID;
    for (size_t i = 0; i < policies->n && status == EXIT_PAID; i++)
        status = warn_of_tests(work->arguments, policies->names[i], policies->at[i]);
    return status == EXIT_PAID ? pay(work, policies) : status;
}

/* Writes the execution plans instead of a run. Does not read data. */
static int explain_plan(const struct work *work, const struct policies *policies) {
    struct output output;
    attain_status status = ATTAIN_OK;
    if (!output_open(&output, opt_last(work->arguments, OPT_OUT))) return EXIT_FILE;
    for (size_t i = 0; i < policies->n && status == ATTAIN_OK; i++)
        status = attain_policy_dump(policies->at[i], ATTAIN_DUMP_PLAN, &cli_watch, output_writer(&output),
                                    &output);
    return ending(&output, output_close(&output, status == ATTAIN_OK), status);
}

/* Before anything is calculated: a file without measures would look like one of a policy that pays no one. */
static int check_measures(const struct arguments *arguments, const struct policies *policies) {
    size_t shown = 0;
    for (size_t i = 0; i < policies->n; i++)
        shown += attain_policy_shown_count(policies->at[i]);
    if (shown > 0 || !opt_given(arguments, OPT_MEASURES)) return EXIT_PAID;
    return complain(EXIT_USAGE,
                    "--measures needs a policy with `show`; add a statement such as `show attainment`");
}

int cmd_run(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = read_options(&work);
    hook_options(arguments, &work.hooks, &work.options);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = check_measures(arguments, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, NULL);
    if (status == EXIT_PAID)
        status = opt_given(arguments, OPT_EXPLAIN_PLAN) ? explain_plan(&work, &policies)
                                                        : test_and_pay(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.options);
    return status;
}
