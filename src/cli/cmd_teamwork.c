/* cli/cmd_teamwork.c: attain teamwork. Writes how the pay of payees depends on the sales of others. */
#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_team_options options;
    struct report report;
};

static attain_status write_team(const void *made, attain_report_format format,
                                const attain_report_options *options, attain_write_fn write, void *context) {
    return attain_team_write(made, format, options, write, context);
}

static int find(struct work *work, const struct policies *policies) {
    attain_team *team = NULL;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->report.bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_team_run(policies->at, policies->n, work->data, &work->options, &team);
    term_progress_end();
    show_diagnostics(work->arguments, attain_team_diagnostics(team));
    int exit_status = report_end(&work->report, status, write_team, team);
    attain_team_free(team);
    return exit_status;
}

int cmd_teamwork(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = report_read(arguments, "teamwork", ATTAIN_REPORT_HTML, &work.report);
    if (status == EXIT_PAID) status = read_run_options(arguments, &work.options.run);
    work.options.vary = opt_last(arguments, OPT_VARY);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, NULL);
    for (size_t i = 0; status == EXIT_PAID && i < policies.n; i++)
        status = warn_of_tests(arguments, policies.names[i], policies.at[i]);
    if (status == EXIT_PAID) status = find(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.options.run);
    return status;
}
