/* cli/cmd_impact.c: attain impact. Reports what a change of rows can affect, before anything is calculated.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* The files of --rows, read. */
struct changes {
    attain_changed_rows *at;
    size_t n;
};

static int read_changes(const struct arguments *arguments, struct changes *out) {
    int n = arguments->given[OPT_ROWS].n;
    if (n == 0)
        return complain(EXIT_USAGE,
                        "missing rows; name the file of the rows that change: --rows deal=changed.csv");
    out->at = calloc((size_t)n, sizeof *out->at);
    if (!out->at) return complain(EXIT_FILE, "not enough memory");
    for (int i = 0; i < n; i++) {
        const char *text = arguments->given[OPT_ROWS].at[i], *equals = strchr(text, '=');
        if (!equals || equals == text)
            return complain(EXIT_USAGE, "cannot read `%s`; write --rows TABLE=FILE", text);
        attain_changed_rows *rows = &out->at[out->n++];
        rows->table = strndup(text, (size_t)(equals - text));
        rows->name = equals + 1;
        rows->csv = file_read(equals + 1, &rows->length);
        if (!rows->csv) return complain(EXIT_FILE, "cannot read %s: %s", equals + 1, strerror(errno));
    }
    return EXIT_PAID;
}

static void release_changes(struct changes *changes) {
    for (size_t i = 0; i < changes->n; i++) {
        free((void *)(uintptr_t)changes->at[i].table);
        free((void *)(uintptr_t)changes->at[i].csv);
    }
    free(changes->at);
}

static attain_status write_impact(const void *made, attain_report_format format,
                                  const attain_report_options *options, attain_write_fn write,
                                  void *context) {
    return attain_impact_write(made, format, options, write, context);
}

static int impact(const struct arguments *arguments, attain_policy *policy, const attain_data *data,
                  const struct changes *changes, const attain_run_options *options, struct report *report) {
    attain_impact *made = NULL;
    term_progress_begin(arguments);
    attain_status status = attain_impact_run(policy, data, changes->at, changes->n, options, &made);
    term_progress_end();
    show_diagnostics(arguments, attain_impact_diagnostics(made));
    int exit_status = report_end(report, status, write_impact, made);
    attain_impact_free(made);
    return exit_status;
}

int cmd_impact(const struct arguments *arguments) {
    struct policies policies = {0};
    struct changes changes = {0};
    attain_run_options options = {0};
    attain_data *data = NULL;
    struct report report;
    int status = report_read(arguments, "impact", ATTAIN_REPORT_JSON, &report);
    if (status == EXIT_PAID) status = read_run_options(arguments, &options);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, NULL);
    if (status == EXIT_PAID) status = read_changes(arguments, &changes);
    if (status == EXIT_PAID) status = impact(arguments, policies.at[0], data, &changes, &options, &report);
    release_changes(&changes);
    release_policies(&policies);
    attain_data_free(data);
    release_run_options(&options);
    return status;
}
