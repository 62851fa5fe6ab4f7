/* cli/cmd_solve.c: attain solve. Finds for which numbers the pay is as wanted. */
#include <string.h>

#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_solve_options options;
    attain_solve_format format;
};

static int read_options(struct work *work) {
    const struct arguments *a = work->arguments;
    const char *format = opt_last(a, OPT_FORMAT);
    int status = read_run_options(a, &work->options.run);
    if (status != EXIT_PAID) return status;
    work->options.run.language = opt_last(a, OPT_LANG);
    work->options.vary = opt_last(a, OPT_VARY);
    work->options.so_that = opt_last(a, OPT_SO_THAT);
    work->options.between = opt_last(a, OPT_BETWEEN);
    if (!work->options.vary || !work->options.so_that)
        return complain(EXIT_USAGE, "missing --vary or --so-that; write, for example, "
                                    "`--vary base --so-that \"total = 2000000\"`");
    if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
        return complain(EXIT_USAGE, "unknown format `%s`; `attain solve` writes text or json", format);
    work->format = format && strcmp(format, "json") == 0 ? ATTAIN_SOLVE_JSON : ATTAIN_SOLVE_TEXT;
    return EXIT_PAID;
}

static int write_solution(struct work *work, const attain_solution *solution) {
    struct output output;
    if (!output_open(&output, opt_last(work->arguments, OPT_OUT)))
        return stop_asked ? EXIT_STOPPED : EXIT_FILE;
    attain_status status = attain_solution_write(
        solution, work->format, work->format == ATTAIN_SOLVE_TEXT ? output_write : output_writer(&output),
        &output);
    return ending(&output, output_close(&output, status == ATTAIN_OK), status);
}

static int solve(struct work *work, const struct policies *policies) {
    attain_solution *solution = NULL;
    term_progress_begin(work->arguments);
    attain_status status = attain_solve_run(policies->at[0], work->data, &work->options, &solution);
    term_progress_end();
    show_diagnostics(work->arguments, attain_solution_diagnostics(solution));
    int exit_status = exit_of(status);
    if (status == ATTAIN_OK)
        exit_status = write_solution(work, solution);
    else if (status == ATTAIN_CANCELLED)
        complain(0, "stopped");
    else if (status == ATTAIN_OVERFLOW)
        complain(0, "a number of the curve is too large");
    else if (lacks_memory(status))
        complain(0, "%s", memory_text(status));
    attain_solution_free(solution);
    return exit_status;
}

int cmd_solve(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = read_options(&work);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, NULL);
    if (status == EXIT_PAID) status = solve(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.options.run);
    return status;
}
