/* cli/cmd_dump.c: attain dump. Prints tokens, syntax tree, or execution plan of a policy. */
#include <string.h>

#include "cli/cli.h"

static const struct {
    const char *name;
    attain_dump what;
    attain_stage stage;
} DUMPS[] = {
    {"tokens", ATTAIN_DUMP_TOKENS, ATTAIN_STAGE_TOKENS}, {"ast", ATTAIN_DUMP_AST, ATTAIN_STAGE_SYNTAX},
    {"plan", ATTAIN_DUMP_PLAN, ATTAIN_STAGE_CHECK},      {"dot", ATTAIN_DUMP_PLAN_DOT, ATTAIN_STAGE_CHECK},
    {"policy", ATTAIN_DUMP_POLICY, ATTAIN_STAGE_CHECK},
};

static int dump(const struct arguments *arguments, size_t which) {
    struct arguments file = *arguments;
    struct policies policies;
    struct output output;
    /* The first argument is the form, and the rest are files. */
    file.files++;
    file.n_files--;
    int status = open_policies(&file, DUMPS[which].stage, true, &policies);
    int guarded = guard_command(&file, &policies, NULL);
    if (guarded != EXIT_PAID) status = guarded;
    bool can = policies.n > 0 && status != EXIT_FILE && status != EXIT_STOPPED && guarded == EXIT_PAID;
    if (can && output_open(&output, opt_last(arguments, OPT_OUT))) {
        attain_status dumped = attain_policy_dump(policies.at[0], DUMPS[which].what, &cli_watch,
                                                  output_writer(&output), &output);
        /* Tokens and trees of a policy with errors are useful, so the output is kept. */
        int closed = output_close(&output, dumped == ATTAIN_OK || dumped == ATTAIN_BAD_POLICY);
        if (closed != EXIT_PAID || dumped != ATTAIN_BAD_POLICY) closed = ending(&output, closed, dumped);
        if (closed != EXIT_PAID) status = closed;
    } else if (can) {
        status = EXIT_FILE;
    }
    release_policies(&policies);
    return status;
}

int cmd_dump(const struct arguments *arguments) {
    for (size_t i = 0; i < sizeof DUMPS / sizeof *DUMPS; i++)
        if (strcmp(arguments->files[0], DUMPS[i].name) == 0) return dump(arguments, i);
    return complain(EXIT_USAGE, "unknown form `%s`; `attain dump` prints tokens, ast, plan, dot, or policy",
                    arguments->files[0]);
}
