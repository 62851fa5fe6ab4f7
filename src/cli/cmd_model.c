/* cli/cmd_model.c: attain model. Shows what plans cost if every payee reaches the same share of a target. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_model_options options;
    struct report report;
    char *distribution;
};

static int read_options(struct work *work) {
    const struct arguments *a = work->arguments;
    attain_model_options *o = &work->options;
    const char *path = opt_last(a, OPT_DISTRIBUTION);
    int status = read_run_options(a, &o->run);
    if (status != EXIT_PAID) return status;
    o->vary = opt_last(a, OPT_VARY);
    o->of = opt_last(a, OPT_OF);
    o->attainment = opt_last(a, OPT_ATTAINMENT);
    o->by = opt_last(a, OPT_BY);
    o->curves = work->report.format != ATTAIN_REPORT_TEXT;
    if (!path) return EXIT_PAID;
    work->distribution = file_read(path, &o->distribution_length);
    if (!work->distribution) return complain(EXIT_FILE, "cannot read %s: %s", path, strerror(errno));
    o->distribution = work->distribution;
    o->distribution_name = path;
    return EXIT_PAID;
}

static attain_status write_model(const void *made, attain_report_format format,
                                 const attain_report_options *options, attain_write_fn write, void *context) {
    return attain_model_write(made, format, options, write, context);
}

static int model(struct work *work, const struct policies *policies) {
    attain_model *made = NULL;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->report.bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_model_run(policies->at, policies->n, work->data, &work->options, &made);
    term_progress_end();
    show_diagnostics(work->arguments, attain_model_diagnostics(made));
    int exit_status = report_end(&work->report, status, write_model, made);
    attain_model_free(made);
    return exit_status;
}

int cmd_model(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = report_read(arguments, "model", ATTAIN_REPORT_HTML, &work.report);
    if (status == EXIT_PAID) status = read_options(&work);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, NULL);
    if (status == EXIT_PAID) status = model(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.options.run);
    free(work.distribution);
    return status;
}
