/* cli/cmd_curve.c: attain curve. Draws pay as a function of a measure, a param, or a field of a row. */
#include <string.h>

#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_curve_options options;
    attain_curve_format format;
    struct bad_rows bad_rows;
};

static int read_options(struct work *work) {
    static const struct {
        const char *name;
        attain_curve_format format;
    } formats[] = {{"text", ATTAIN_CURVE_TEXT},
                   {"json", ATTAIN_CURVE_JSON},
                   {"svg", ATTAIN_CURVE_SVG},
                   {"html", ATTAIN_CURVE_HTML}};
    const struct arguments *a = work->arguments;
    const char *format = opt_last(a, OPT_FORMAT);
    int status = read_run_options(a, &work->options.run);
    if (status != EXIT_PAID) return status;
    work->options.run.language = opt_last(a, OPT_LANG);
    work->options.vary = opt_last(a, OPT_VARY);
    work->options.component = opt_last(a, OPT_COMPONENT);
    work->options.between = opt_last(a, OPT_BETWEEN);
    if (!work->options.vary)
        return complain(EXIT_USAGE, "missing --vary; name a measure, a param, or a field of a row, such as "
                                    "`--vary bookings` or `--vary deal:d1.amount`");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (!format || strcmp(format, formats[i].name) == 0) {
            work->format = formats[i].format;
            return EXIT_PAID;
        }
    return complain(EXIT_USAGE, "unknown format `%s`; `attain curve` writes text, json, svg, or html",
                    format);
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

static int write_curves(struct work *work, const attain_curves *curves) {
    const char *path = opt_last(work->arguments, OPT_OUT);
    struct output output;
    if (!output_open(&output, path)) return stop_asked ? EXIT_STOPPED : EXIT_FILE;
    attain_results_options options = output_looks(work->arguments, path);
    attain_status status = attain_curve_write(
        curves, work->format, &options,
        work->format == ATTAIN_CURVE_TEXT ? output_write : output_writer(&output), &output);
    int closed = bad_rows_close(&work->bad_rows, &output, NULL, 0, status == ATTAIN_OK || output.closed);
    return ending(&output, closed, status);
}

static int draw(struct work *work, const struct policies *policies) {
    attain_curves *curves = NULL;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_curve_run(policies->at[0], work->data, &work->options, &curves);
    term_progress_end();
    show_diagnostics(work->arguments, attain_curve_diagnostics(curves));
    int exit_status = exit_of(status);
    if (status == ATTAIN_OK)
        exit_status = write_curves(work, curves);
    else if (status == ATTAIN_CANCELLED)
        complain(0, "stopped");
    else if (status == ATTAIN_OVERFLOW)
        complain(0, "a number of the curve is too large");
    else if (lacks_memory(status))
        complain(0, "%s", memory_text(status));
    bad_rows_close(&work->bad_rows, NULL, NULL, 0, false); /* if it is still open */
    attain_curve_free(curves);
    return exit_status;
}

int cmd_curve(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = read_options(&work);
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
