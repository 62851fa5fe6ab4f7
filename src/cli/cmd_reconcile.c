/* cli/cmd_reconcile.c: attain reconcile. Compares payouts with those of another system. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_reconcile_options options;
    char *csv;
    attain_policy *earlier;
    struct report report;
};

static int read_payouts(struct work *work) {
    const char *path = opt_last(work->arguments, OPT_WITH);
    if (!path)
        return complain(EXIT_USAGE, "missing payouts; name the file of the other system: --with old.csv");
    work->csv = file_read(path, &work->options.length);
    if (!work->csv) return complain(EXIT_FILE, "cannot read %s: %s", path, strerror(errno));
    work->options.csv = work->csv;
    work->options.name = path;
    work->options.limits = work->arguments->given[OPT_FAIL_IF].at;
    work->options.limit_count = (size_t)work->arguments->given[OPT_FAIL_IF].n;
    return EXIT_PAID;
}

static attain_status write_reconciliation(const void *made, attain_report_format format,
                                          const attain_report_options *options, attain_write_fn write,
                                          void *context) {
    return attain_reconciliation_write(made, format, options, write, context);
}

static int reconcile(struct work *work, const struct policies *policies) {
    attain_reconciliation *made = NULL;
    attain_reconciliation_summary summary;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->report.bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_reconcile_run(policies->at, policies->n, work->data, &work->options, &made);
    term_progress_end();
    show_diagnostics(work->arguments, attain_reconciliation_diagnostics(made));
    int exit_status = report_end(&work->report, status, write_reconciliation, made);
    if (exit_status == EXIT_PAID && attain_reconciliation_summary_get(made, &summary) != ATTAIN_USAGE &&
        !summary.go)
        exit_status = EXIT_LIMIT;
    attain_reconciliation_free(made);
    return exit_status;
}

int cmd_reconcile(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = report_read(arguments, "reconcile", ATTAIN_REPORT_HTML, &work.report);
    if (status == EXIT_PAID) status = read_run_options(arguments, &work.options.run);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = open_earlier(arguments, &work.earlier);
    work.options.earlier = work.earlier;
    if (status == EXIT_PAID) status = guard_earlier(arguments, &policies, work.earlier);
    if (status == EXIT_PAID) status = read_payouts(&work);
    if (status == EXIT_PAID) status = reconcile(&work, &policies);
    free(work.csv);
    release_policies(&policies);
    attain_policy_release(work.earlier);
    attain_data_free(work.data);
    release_run_options(&work.options.run);
    return status;
}
