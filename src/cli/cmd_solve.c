/* cli/cmd_solve.c: attain solve. Finds for which numbers the pay is as wanted. */
#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_solve_options options;
    struct report report;
};

static int read_options(struct work *work) {
    const struct arguments *a = work->arguments;
    int status = read_run_options(a, &work->options.run);
    if (status != EXIT_PAID) return status;
    work->options.vary = opt_last(a, OPT_VARY);
    work->options.so_that = opt_last(a, OPT_SO_THAT);
    work->options.between = opt_last(a, OPT_BETWEEN);
    if (!work->options.vary || !work->options.so_that)
        return complain(EXIT_USAGE, "missing --vary or --so-that; write, for example, "
                                    "`--vary base --so-that \"total = 2000000\"`");
    return EXIT_PAID;
}

static attain_status write_solution(const void *made, attain_report_format format,
                                    const attain_report_options *options, attain_write_fn write,
                                    void *context) {
    return attain_solution_write(made, format, options, write, context);
}

static int solve(struct work *work, const struct policies *policies) {
    attain_solution *solution = NULL;
    term_progress_begin(work->arguments);
    attain_status status = attain_solve_run(policies->at[0], work->data, &work->options, &solution);
    term_progress_end();
    show_diagnostics(work->arguments, attain_solution_diagnostics(solution));
    int exit_status = report_end(&work->report, status, write_solution, solution);
    attain_solution_free(solution);
    return exit_status;
}

int cmd_solve(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = report_read(arguments, "solve", ATTAIN_REPORT_JSON, &work.report);
    if (status == EXIT_PAID) status = read_options(&work);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, NULL);
    if (status == EXIT_PAID) status = solve(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.options.run);
    return status;
}
