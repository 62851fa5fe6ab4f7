/* cli/cmd_game.c: attain game. Tries other choices for each deal, and writes what they gain. */
#include <string.h>

#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_game_options options;
    struct report report;
};

static int read_kinds(struct work *work) {
    static const char *const kinds[] = {"period", "split", "merge", "owner"};
    const struct arguments *a = work->arguments;
    for (int i = 0; i < a->given[OPT_CHOICE].n; i++) {
        const char *given = a->given[OPT_CHOICE].at[i];
        unsigned k = 0;
        while (k < sizeof kinds / sizeof *kinds && strcmp(kinds[k], given) != 0)
            k++;
        if (k == sizeof kinds / sizeof *kinds)
            return complain(EXIT_USAGE, "unknown choice `%s`; write period, split, merge, or owner", given);
        work->options.kinds |= 1u << k;
    }
    return EXIT_PAID;
}

static int read_options(struct work *work) {
    const struct arguments *a = work->arguments;
    unsigned within;
    if (!opt_number(a, OPT_WITHIN, 1, 1, &within)) return EXIT_USAGE;
    if (within > 60) return complain(EXIT_USAGE, "--within is at most 60 periods");
    work->options.within = within;
    work->options.table = opt_last(a, OPT_TABLE);
    int status = read_kinds(work);
    return status == EXIT_PAID ? read_run_options(a, &work->options.run) : status;
}

static attain_status write_game(const void *made, attain_report_format format,
                                const attain_report_options *options, attain_write_fn write, void *context) {
    return attain_game_write(made, format, options, write, context);
}

static int play(struct work *work, const struct policies *policies) {
    attain_game *game = NULL;
    if (!bad_rows_open(work->arguments, &work->options.run, &work->report.bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_game_run(policies->at, policies->n, work->data, &work->options, &game);
    term_progress_end();
    show_diagnostics(work->arguments, attain_game_diagnostics(game));
    int exit_status = report_end(&work->report, status, write_game, game);
    attain_game_free(game);
    return exit_status;
}

int cmd_game(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = report_read(arguments, "game", ATTAIN_REPORT_HTML, &work.report);
    if (status == EXIT_PAID) status = read_options(&work);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, NULL);
    for (size_t i = 0; status == EXIT_PAID && i < policies.n; i++)
        status = warn_of_tests(arguments, policies.names[i], policies.at[i]);
    if (status == EXIT_PAID) status = play(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.options.run);
    return status;
}
