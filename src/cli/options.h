/* cli/options.h: the parsed command line, by the table in options.def. */
#ifndef ATTAIN_CLI_OPTIONS_H
#define ATTAIN_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_id {
#define OPTION(id, name, letter, argument, kind, commands, help) OPT_##id,
#include "cli/options.def"
#undef OPTION
    OPT_COUNT
};

enum option_kind { OPT_FLAG, OPT_ONE, OPT_MANY, OPT_MAYBE };

struct option_info {
    const char *name;
    char letter; /* 0: none */
    const char *argument;
    enum option_kind kind;
    const char *commands, *help;
};
extern const struct option_info option_table[OPT_COUNT];

struct command;
struct arguments {
    const struct command *command;
    const char **files; /* arguments that are not options, in order */
    int n_files;
    int argc; /* all words after the command's name, as written */
    char **argv;
    struct {
        const char **at; /* the arguments in order; NULL for an option given without one */
        int n;
    } given[OPT_COUNT];
};

/* Takes `argv` (after the command's name) apart. False: a mistake, which has been told. */
bool options_parse(struct arguments *arguments, const struct command *command, int argc, char **argv);
void options_free(struct arguments *arguments);
bool option_fits(enum option_id id, const char *command); /* the command takes it */

bool opt_given(const struct arguments *arguments, enum option_id id);
const char *opt_last(const struct arguments *arguments, enum option_id id); /* NULL where not given */
/* Limits of hooks, from --hook-steps, --hook-run-steps, and --hook-memory; 0 is the default. Returns false,
 * and reports the error, if a number is invalid. */
bool opt_hooks(const struct arguments *arguments, uint64_t *steps, uint64_t *run_steps, size_t *memory);
/* --max-memory in bytes; 0: no limit. Returns false, and reports the error, if it is invalid. */
bool opt_max_memory(const struct arguments *arguments, size_t *out);
/* A whole number of at least `least`; `otherwise` where not given. False: no such number, which has been
 * told. */
bool opt_number(const struct arguments *arguments, enum option_id id, unsigned least, unsigned otherwise,
                unsigned *out);

/* The name of `n` names nearest to `wanted`, or NULL where none is near. */
const char *nearest_name(const char *wanted, const char *const *names, size_t n);

#endif
