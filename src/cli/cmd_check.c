/* cli/cmd_check.c: attain check. Prints the diagnostics of policies as text on standard error, or as JSON on
 * standard output. */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* JSON goes to standard output even if there are errors, so that a program can read all diagnostics. The
 * exit status is that of the policies, unless writing fails. */
static int write_json(const struct policies *policies, int exit_status) {
    struct output output;
    if (!output_open(&output, NULL)) return EXIT_FILE;
    attain_status status = ATTAIN_OK;
    for (size_t i = 0; i < policies->n && status == ATTAIN_OK; i++)
        status = attain_diagnostics_write(attain_policy_diagnostics(policies->at[i]), ATTAIN_DIAGNOSTICS_JSON,
                                          0, output_write, &output);
    int ended = ending(&output, output_close(&output, status == ATTAIN_OK), status);
    return ended == EXIT_PAID ? exit_status : ended;
}

/* "field.attain: ok, 2 warnings"; where there are errors, beside them on standard error. */
static void count(const struct policies *policies, unsigned parts) {
    for (size_t i = 0; i < policies->n; i++) {
        const attain_diagnostics *list = attain_policy_diagnostics(policies->at[i]);
        unsigned long long errors = attain_diagnostics_errors(list),
                           warnings = attain_diagnostics_warnings(list);
        FILE *out = errors ? stderr : stdout;
        say(out, "%s: ", policies->names[i]);
        if (errors)
            say(out, "%llu %s", errors, errors == 1 ? "error" : "errors");
        else
            fputs("ok", out);
        if (warnings) say(out, ", %llu %s", warnings, warnings == 1 ? "warning" : "warnings");
        fputc('\n', out);
    }
    if (!parts) return;
    say(stdout, "%u %s without a `policy` statement: checked where a policy uses %s", parts,
        parts == 1 ? "file" : "files", parts == 1 ? "it" : "them");
    fputc('\n', stdout);
}

static int check(const struct arguments *arguments, unsigned parts) {
    const char *format = opt_last(arguments, OPT_FORMAT);
    struct policies policies;
    if (format && strcmp(format, "json") != 0 && strcmp(format, "text") != 0)
        return complain(EXIT_USAGE, "unknown format `%s`; `attain check` writes text or json", format);
    bool json = format && strcmp(format, "json") == 0;
    int status = open_policies(arguments, ATTAIN_STAGE_CHECK, !json, &policies);
    /* Runs even if a policy has errors, because its files must not be overwritten either. */
    int guarded = guard_command(arguments, &policies, NULL);
    if (guarded != EXIT_PAID)
        status = guarded;
    else if (json)
        status = write_json(&policies, status);
    else if (!opt_given(arguments, OPT_QUIET))
        count(&policies, parts);
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
