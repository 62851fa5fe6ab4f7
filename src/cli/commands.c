/* cli/commands.c: the table of commands. */
#include "cli/cli.h"

const struct command commands[] = {
#define COMMAND(name, takes, least, most, summary, about)                                                    \
    {#name, takes, summary, about, cmd_##name, least, most},
#include "cli/commands.def"
#undef COMMAND
    {0},
};
