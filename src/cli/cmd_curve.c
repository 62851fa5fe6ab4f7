/* cli/cmd_curve.c: attain curve. Draws pay as a function of a measure, a param, or a field of a row. */
#include <string.h>

#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_curve_options options;
    struct report report;
};

static int read_options(struct work *work) {
    const struct arguments *a = work->arguments;
    int status = read_run_options(a, &work->options.run);
    if (status != EXIT_PAID) return status;
    work->options.vary = opt_last(a, OPT_VARY);
    work->options.component = opt_last(a, OPT_COMPONENT);
    work->options.between = opt_last(a, OPT_BETWEEN);
    if (!opt_number(a, OPT_SAMPLE, 2, 0, &work->options.samples)) return EXIT_USAGE;
    if (work->options.samples > 1000) return complain(EXIT_USAGE, "--sample takes at most 1,000 values");
    if (!work->options.vary)
        return complain(EXIT_USAGE, "missing --vary; name a measure, a param, or a field of a row, such as "
                                    "`--vary bookings` or `--vary deal:d1.amount`");
    return EXIT_PAID;
}

static int open_against(struct work *work) {
    const char *path = opt_last(work->arguments, OPT_AGAINST);
    if (!path) return EXIT_PAID;
    attain_status status = compile_policy(work->arguments, path, ATTAIN_STAGE_CHECK, &work->options.against);
    if (status == ATTAIN_CANCELLED) return complain(EXIT_STOPPED, "stopped");
    if (lacks_memory(status)) complain(0, "%s: %s", path, memory_text(status));
    show_diagnostics(work->arguments, attain_policy_diagnostics(work->options.against));
    return exit_of(status);
}

static int guard(const struct work *work, const struct policies *policies) {
    const struct arguments *a = work->arguments;
    const char *against = opt_last(a, OPT_AGAINST);
    struct guard *guard = guard_new();
    if (!guard) return complain(EXIT_FILE, "not enough memory");
    for (int i = 0; i < 2; i++) {
        const attain_policy *policy = i ? work->options.against : policies->at[0];
        const char *path = i ? against : a->files[0];
        if (!policy) continue;
        guard_file(guard, path);
        guard_policy(guard, policy, NULL);
        guard_data(guard, a, OPT_DATA, policy, strcmp(path, "-") == 0 ? NULL : path);
    }
    int status = guard_outputs(guard, a, NULL);
    guard_free(guard);
    return status;
}

static attain_status write_curves(const void *made, attain_report_format format,
                                  const attain_report_options *options, attain_write_fn write,
                                  void *context) {
    return attain_curve_write(made, format, options, write, context);
}

static int draw(struct work *work, const struct policies *policies) {
    attain_curves *curves = NULL;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->report.bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_curve_run(policies->at[0], work->data, &work->options, &curves);
    term_progress_end();
    show_diagnostics(work->arguments, attain_curve_diagnostics(curves));
    int exit_status = report_end(&work->report, status, write_curves, curves);
    attain_curve_free(curves);
    return exit_status;
}

int cmd_curve(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = report_read(arguments, "curve", ATTAIN_REPORT_SVG, &work.report);
    if (status == EXIT_PAID) status = read_options(&work);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = open_against(&work);
    if (status == EXIT_PAID) status = guard(&work, &policies);
    if (status == EXIT_PAID) status = draw(&work, &policies);
    release_policies(&policies);
    attain_policy_release(work.options.against);
    attain_data_free(work.data);
    release_run_options(&work.options.run);
    return status;
}
