/* cli/cmd_check.c: attain check. Prints the diagnostics of policies as text on standard error, or as JSON on
 * standard output. With data, each policy without errors is also run by itself, to show
 * the diagnostics that a run of this data would have. Its payouts are dropped. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* What the data of each policy gave, or its tests; NULL: it has errors, or neither was asked for. */
struct runs {
    attain_results **at;
    attain_tests **tests;
};

static const attain_diagnostics *found(const struct runs *runs, size_t i) {
    if (runs->at && runs->at[i]) return attain_results_diagnostics(runs->at[i]);
    return runs->tests && runs->tests[i] ? attain_tests_diagnostics(runs->tests[i]) : NULL;
}

/* Without data, shapes are those of the payees in the tests of the policy. False: it has no tests. */
static bool test_shapes(const struct arguments *arguments, attain_policy *policy, attain_tests **tests,
                        int *exit_status) {
    attain_test_options options = {
        .watch = &cli_watch, .shapes = true, .strict = opt_given(arguments, OPT_STRICT)};
    if (!opt_given(arguments, OPT_SHAPE) || opt_given(arguments, OPT_DATA) || opt_given(arguments, OPT_SET) ||
        opt_given(arguments, OPT_THROUGH))
        return false;
    attain_status status = attain_test(policy, &options, tests);
    if (status == ATTAIN_OK && attain_tests_count(*tests) == 0) return false;
    bool refused = attain_diagnostics_errors(attain_tests_diagnostics(*tests)) > 0;
    *exit_status = status != ATTAIN_OK ? exit_of(status) : refused ? EXIT_POLICY : EXIT_PAID;
    return true;
}

/* The worst of the runs. A payout that is withheld is listed by a run, so here it only counts. */
static int run_each(const struct arguments *arguments, const struct policies *policies, bool show,
                    struct runs *runs) {
    attain_data *data = NULL;
    attain_run_options options = {0};
    int exit_status = read_run_options(arguments, &options);
    options.language = opt_last(arguments, OPT_LANG);
    options.shapes = opt_given(arguments, OPT_SHAPE);
    options.disclosures = true;
    runs->at = calloc(policies->n + 1, sizeof *runs->at);
    runs->tests = calloc(policies->n + 1, sizeof *runs->tests);
    if (exit_status == EXIT_PAID && (!runs->at || !runs->tests))
        exit_status = complain(EXIT_FILE, "not enough memory");
    if (exit_status == EXIT_PAID) exit_status = bind_data(arguments, OPT_DATA, &data);
    int worst = exit_status;
    for (size_t i = 0; exit_status == EXIT_PAID && i < policies->n && !stop_asked; i++) {
        if (!attain_policy_ok(policies->at[i])) continue;
        int own = EXIT_PAID;
        attain_status status = ATTAIN_OK;
        if (!test_shapes(arguments, policies->at[i], &runs->tests[i], &own)) {
            status = attain_run(&policies->at[i], 1, data, &options, &runs->at[i]);
            own = status == ATTAIN_OK ? EXIT_PAID : exit_of(status);
        }
        if (lacks_memory(status)) complain(0, "%s: %s", policies->names[i], memory_text(status));
        if (show && found(runs, i)) show_diagnostics(arguments, found(runs, i));
        if (own != EXIT_PAID && (worst == EXIT_PAID || status != ATTAIN_BAD_DATA)) worst = own;
    }
    attain_data_free(data);
    release_run_options(&options);
    return stop_asked ? complain(EXIT_STOPPED, "stopped") : worst;
}

static void release_runs(struct runs *runs, size_t n) {
    for (size_t i = 0; runs->at && i < n; i++)
        attain_results_free(runs->at[i]);
    for (size_t i = 0; runs->tests && i < n; i++)
        attain_tests_free(runs->tests[i]);
    free(runs->at);
    free(runs->tests);
}

/* JSON goes to standard output even if there are errors, so that a program can read all diagnostics. The
 * exit status is that of the policies, unless writing fails. */
static int write_json(const struct policies *policies, const struct runs *runs, int exit_status) {
    struct output output;
    if (!output_open(&output, NULL)) return EXIT_FILE;
    attain_status status = ATTAIN_OK;
    for (size_t i = 0; i < policies->n && status == ATTAIN_OK; i++)
        status = attain_diagnostics_write(attain_policy_diagnostics(policies->at[i]), ATTAIN_DIAGNOSTICS_JSON,
                                          0, output_write, &output);
    for (size_t i = 0; i < policies->n && status == ATTAIN_OK; i++)
        if (found(runs, i))
            status =
                attain_diagnostics_write(found(runs, i), ATTAIN_DIAGNOSTICS_JSON, 0, output_write, &output);
    int ended = ending(&output, output_close(&output, status == ATTAIN_OK), status);
    return ended == EXIT_PAID ? exit_status : ended;
}

/* "field.attain: ok, 2 warnings"; where there are errors, beside them on standard error. */
static void count(const struct policies *policies, const struct runs *runs, unsigned parts) {
    for (size_t i = 0; i < policies->n; i++) {
        const attain_diagnostics *list = attain_policy_diagnostics(policies->at[i]);
        unsigned long long errors = attain_diagnostics_errors(list),
                           warnings = attain_diagnostics_warnings(list);
        const attain_diagnostics *more = found(runs, i);
        errors += attain_diagnostics_errors(more);
        warnings += attain_diagnostics_warnings(more);
        FILE *out = errors ? stderr : stdout;
        say(out, "%s: ", policies->names[i]);
        if (errors)
            say(out, "%llu %s", errors, cli_text(errors == 1 ? "error" : "errors"));
        else
            fputs(cli_text("ok"), out);
        if (warnings) say(out, ", %llu %s", warnings, cli_text(warnings == 1 ? "warning" : "warnings"));
        fputc('\n', out);
    }
    if (!parts) return;
    say(stdout, "%u %s without a `policy` statement: checked where a policy uses %s", parts,
        cli_text(parts == 1 ? "file" : "files"), cli_text(parts == 1 ? "it" : "them"));
    fputc('\n', stdout);
}

/* The order of calculation of each policy without errors, after the count. */
static int describe(const struct policies *policies, int exit_status) {
    struct output output;
    attain_status status = ATTAIN_OK;
    if (!output_open(&output, NULL)) return EXIT_FILE;
    for (size_t i = 0; i < policies->n && status == ATTAIN_OK; i++) {
        if (!attain_policy_ok(policies->at[i])) continue;
        status = output_write(&output, "\n", 1) ? ATTAIN_IO : ATTAIN_OK;
        if (status == ATTAIN_OK)
            status =
                attain_policy_dump(policies->at[i], ATTAIN_DUMP_ORDER, &cli_watch, output_write, &output);
    }
    int ended = ending(&output, output_close(&output, status == ATTAIN_OK), status);
    return ended == EXIT_PAID ? exit_status : ended;
}

static int check(const struct arguments *arguments, unsigned parts) {
    const char *format = opt_last(arguments, OPT_FORMAT);
    struct policies policies;
    struct runs runs = {0};
    if (format && strcmp(format, "json") != 0 && strcmp(format, "text") != 0)
        return complain(EXIT_USAGE, "unknown format `%s`; `attain check` writes text or json", format);
    bool json = format && strcmp(format, "json") == 0;
    if (json && opt_given(arguments, OPT_EXPLAIN))
        return complain(EXIT_USAGE, "--explain writes text, not json");
    int status = open_policies(arguments, ATTAIN_STAGE_CHECK, !json, &policies);
    /* Runs even if a policy has errors, because its files must not be overwritten either. */
    int guarded = guard_command(arguments, &policies, NULL);
    bool go_on = guarded == EXIT_PAID && status != EXIT_STOPPED && status != EXIT_FILE;
    bool runs_data = opt_given(arguments, OPT_DATA) || opt_given(arguments, OPT_SET) ||
                     opt_given(arguments, OPT_THROUGH) || opt_given(arguments, OPT_SHAPE);
    if (go_on && runs_data) {
        int ran = run_each(arguments, &policies, !json, &runs);
        if (status == EXIT_PAID || ran == EXIT_STOPPED) status = ran;
    }
    if (guarded != EXIT_PAID)
        status = guarded;
    else if (json)
        status = write_json(&policies, &runs, status);
    else if (!opt_given(arguments, OPT_QUIET))
        count(&policies, &runs, parts);
    if (guarded == EXIT_PAID && opt_given(arguments, OPT_EXPLAIN)) status = describe(&policies, status);
    release_runs(&runs, policies.n);
    release_policies(&policies);
    return status;
}

int cmd_check(const struct arguments *arguments) {
    struct expanded expanded;
    unsigned limit;
    if (!opt_number(arguments, OPT_LIMIT, 1, 100, &limit)) return EXIT_USAGE;
    int status = expand_folders(arguments, &expanded);
    if (status == EXIT_PAID) status = check(&expanded.arguments, expanded.parts);
    expanded_free(&expanded);
    return status;
}
