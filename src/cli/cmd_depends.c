/* cli/cmd_depends.c: attain depends. Lists what each component depends on. */
#include "cli/cli.h"

static attain_status write_depends(const void *made, attain_report_format format,
                                   const attain_report_options *options, attain_write_fn write,
                                   void *context) {
    return attain_depends_write(made, format, options, write, context);
}

static int depends(const struct arguments *arguments, attain_policy *policy, const attain_run_options *run,
                   struct report *report) {
    const attain_depends_options options = {.component = opt_last(arguments, OPT_COMPONENT),
                                            .field = opt_last(arguments, OPT_ON),
                                            .settings = run->settings,
                                            .setting_count = run->setting_count,
                                            .watch = &cli_watch,
                                            .max_memory = run->max_memory};
    attain_depends *made = NULL;
    attain_status status = attain_depends_run(policy, &options, &made);
    show_diagnostics(arguments, attain_depends_diagnostics(made));
    int exit_status = report_end(report, status, write_depends, made);
    attain_depends_free(made);
    return exit_status;
}

int cmd_depends(const struct arguments *arguments) {
    struct policies policies = {0};
    attain_run_options run = {0};
    struct report report;
    int status = report_read(arguments, "depends", ATTAIN_REPORT_JSON, &report);
    if (status == EXIT_PAID) status = read_run_options(arguments, &run);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, NULL);
    if (status == EXIT_PAID) status = depends(arguments, policies.at[0], &run, &report);
    release_policies(&policies);
    release_run_options(&run);
    return status;
}
