/* cli/explain_against.c: attain explain --against and --against-payee. Explains why a payout differs from
 * another one. */
#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_against_options options;
    struct report report;
};

static attain_status write_against(const void *made, attain_report_format format,
                                   const attain_report_options *options, attain_write_fn write,
                                   void *context) {
    return attain_against_write(made, format, options, write, context);
}

static int ask(struct work *work, const struct policies *policies) {
    attain_against *against = NULL;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->report.bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status =
        attain_against_run(policies->at, policies->n, work->data, &work->options, &against);
    term_progress_end();
    show_diagnostics(work->arguments, attain_against_diagnostics(against));
    int exit_status = report_end(&work->report, status, write_against, against);
    attain_against_free(against);
    return exit_status;
}

/* Options of plain explanations, which would have no effect. */
static int check_options(const struct arguments *arguments) {
    if (opt_given(arguments, OPT_AGAINST) && opt_given(arguments, OPT_AGAINST_PAYEE))
        return complain(EXIT_USAGE, "--against and --against-payee are different questions; use one of them");
    if (opt_given(arguments, OPT_VERIFY) || opt_given(arguments, OPT_ALL))
        return complain(EXIT_USAGE, "--against does not take --verify or --all");
    return EXIT_PAID;
}

int explain_against(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = check_options(arguments);
    if (status == EXIT_PAID)
        status = report_read(arguments, "explain --against", ATTAIN_REPORT_MARKDOWN, &work.report);
    if (status == EXIT_PAID) status = read_run_options(arguments, &work.options.run);
    work.options.period = opt_last(arguments, OPT_AGAINST);
    work.options.payee = opt_last(arguments, OPT_AGAINST_PAYEE);
    work.options.component = opt_last(arguments, OPT_COMPONENT);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, NULL);
    if (status == EXIT_PAID) status = ask(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.options.run);
    return status;
}
