/* cli/cmd_teamwork.c: attain teamwork. Writes how the pay of payees depends on the sales of others. */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_team_options options;
    attain_game_format format;
    struct bad_rows bad_rows;
};

static int read_options(struct work *work) {
    const struct arguments *a = work->arguments;
    const char *format = opt_last(a, OPT_FORMAT);
    if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
        return complain(EXIT_USAGE, "unknown format `%s`; `attain teamwork` writes text or json", format);
    if (format && strcmp(format, "json") == 0) work->format = ATTAIN_GAME_JSON;
    work->options.vary = opt_last(a, OPT_VARY);
    work->options.run.language = opt_last(a, OPT_LANG);
    return read_run_options(a, &work->options.run);
}

static int write_team(struct work *work, const attain_team *team) {
    const char *path = opt_last(work->arguments, OPT_OUT);
    struct output output;
    if (!output_open(&output, path)) return stop_asked ? EXIT_STOPPED : EXIT_FILE;
    attain_results_options looks = output_looks(work->arguments, path);
    attain_status status =
        attain_team_write(team, work->format, work->options.run.language, &looks,
                          work->format == ATTAIN_GAME_TEXT ? output_write : output_writer(&output), &output);
    int closed = bad_rows_close(&work->bad_rows, &output, NULL, 0, status == ATTAIN_OK || output.closed);
    return ending(&output, closed, status);
}

static int find(struct work *work, const struct policies *policies) {
    attain_team *team = NULL;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_team_run(policies->at, policies->n, work->data, &work->options, &team);
    term_progress_end();
    show_diagnostics(work->arguments, attain_team_diagnostics(team));
    int exit_status = exit_of(status);
    if (status == ATTAIN_OK)
        exit_status = write_team(work, team);
    else if (status == ATTAIN_CANCELLED)
        complain(0, "stopped");
    else if (lacks_memory(status))
        complain(0, "%s", memory_text(status));
    bad_rows_close(&work->bad_rows, NULL, NULL, 0, false); /* if it is still open */
    attain_team_free(team);
    return exit_status;
}

int cmd_teamwork(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = read_options(&work);
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
