/* cli/explain_expected.c: attain explain --expected. Finds the changes that would give the amount. */
#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_expected_options options;
    attain_policy *earlier;
    struct report report;
};

static attain_status write_expected(const void *made, attain_report_format format,
                                    const attain_report_options *options, attain_write_fn write,
                                    void *context) {
    return attain_expected_write(made, format, options, write, context);
}

static int ask(struct work *work, const struct policies *policies) {
    attain_expected *expected = NULL;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->report.bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status =
        attain_expected_run(policies->at, policies->n, work->data, &work->options, &expected);
    term_progress_end();
    show_diagnostics(work->arguments, attain_expected_diagnostics(expected));
    int exit_status = report_end(&work->report, status, write_expected, expected);
    attain_expected_free(expected);
    return exit_status;
}

int explain_expected(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = report_read(arguments, "explain --expected", ATTAIN_REPORT_JSON, &work.report);
    if (status == EXIT_PAID) status = read_run_options(arguments, &work.options.run);
    work.options.amount = opt_last(arguments, OPT_EXPECTED);
    work.options.component = opt_last(arguments, OPT_COMPONENT);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = open_earlier(arguments, &work.earlier);
    work.options.earlier = work.earlier;
    if (status == EXIT_PAID) status = guard_earlier(arguments, &policies, work.earlier);
    if (status == EXIT_PAID) status = ask(&work, &policies);
    release_policies(&policies);
    attain_policy_release(work.earlier);
    attain_data_free(work.data);
    release_run_options(&work.options.run);
    return status;
}
