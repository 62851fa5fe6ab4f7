/* cli/cmd_fairness.c: attain fairness. Reports how pay is distributed in a run. */
#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_fairness_options options;
    struct report report;
};

static attain_status write_fairness(const void *made, attain_report_format format,
                                    const attain_report_options *options, attain_write_fn write,
                                    void *context) {
    return attain_fairness_write(made, format, options, write, context);
}

static int fairness(struct work *work, const struct policies *policies) {
    attain_fairness *made = NULL;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->report.bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_fairness_run(policies->at, policies->n, work->data, &work->options, &made);
    term_progress_end();
    show_diagnostics(work->arguments, attain_fairness_diagnostics(made));
    int exit_status = report_end(&work->report, status, write_fairness, made);
    attain_fairness_free(made);
    return exit_status;
}

int cmd_fairness(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = report_read(arguments, "fairness", ATTAIN_REPORT_HTML, &work.report);
    if (status == EXIT_PAID) status = read_run_options(arguments, &work.options.run);
    work.options.performance = opt_last(arguments, OPT_PERFORMANCE);
    work.options.credited = opt_last(arguments, OPT_CREDITED);
    work.options.fields = arguments->given[OPT_GROUP_BY].at;
    work.options.field_count = (size_t)arguments->given[OPT_GROUP_BY].n;
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, NULL);
    if (status == EXIT_PAID) status = fairness(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.options.run);
    return status;
}
