/* cli/cmd_call.c: attain call. Prints the value of one expression, for a person who writes a hook. */
#include "cli/cli.h"

static attain_status write_call(const void *made, attain_report_format format,
                                const attain_report_options *options, attain_write_fn write, void *context) {
    return attain_call_write(made, format, options, write, context);
}

/* The last argument is the expression. The others are the policies of the other commands. */
struct work {
    struct arguments arguments;
    const char *expression;
    attain_data *data;
    attain_call_options options;
    attain_hook_options hooks;
    struct report report;
};

static void show_log(const attain_call *made) {
    attain_log_entry entry;
    for (size_t i = 0; i < attain_call_log_count(made); i++)
        if (attain_call_log(made, i, &entry) == ATTAIN_OK) write_log_entry(&entry);
}

static int call(struct work *work, const struct policies *policies) {
    attain_call *made = NULL;
    attain_called called = {0};
    term_progress_begin(&work->arguments);
    attain_status status = attain_call_run(policies->at[0], work->data, &work->options, &made);
    term_progress_end();
    show_diagnostics(&work->arguments, attain_call_diagnostics(made));
    show_log(made);
    int exit_status = report_end(&work->report, status, write_call, made);
    if (exit_status == EXIT_PAID && attain_call_get(made, &called) == ATTAIN_OK && called.failed)
        exit_status = EXIT_WITHHELD;
    attain_call_free(made);
    return exit_status;
}

int cmd_call(const struct arguments *arguments) {
    struct work work = {.arguments = *arguments, .expression = arguments->files[1]};
    struct policies policies = {0};
    work.arguments.n_files = 1;
    work.report.arguments = &work.arguments;
    int status = report_read(&work.arguments, "call", ATTAIN_REPORT_JSON, &work.report);
    if (status == EXIT_PAID) status = read_run_options(&work.arguments, &work.options.run);
    work.options.expression = work.expression;
    hook_options(&work.arguments, &work.hooks, &work.options.run);
    work.hooks.callers = true; /* one failure is shown whole */
    if (status == EXIT_PAID) status = bind_data(&work.arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(&work.arguments, ATTAIN_STAGE_CHECK, false, &policies);
    /* Warnings of the policy are those of `check`, and would hide the value. */
    if (policies.n && !attain_policy_ok(policies.at[0]))
        show_diagnostics(&work.arguments, attain_policy_diagnostics(policies.at[0]));
    if (status == EXIT_PAID) status = guard_command(&work.arguments, &policies, NULL);
    if (status == EXIT_PAID) status = call(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.options.run);
    return status;
}
