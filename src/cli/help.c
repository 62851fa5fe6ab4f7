/* cli/help.c: prints help, version, and manual page.
 *
 * All three come from commands.def, options.def, and exits.def. Help is wrapped at WIDTH columns. The manual
 * page uses the macros of man(7); roff() escapes texts for it. */
#include <string.h>

#include "cli/cli.h"

static const struct {
    int status;
    const char *meaning;
} EXITS[] = {
#define EXIT(status, meaning) {status, meaning},
#include "cli/exits.def"
#undef EXIT
};
#define N_EXITS (sizeof EXITS / sizeof *EXITS)

#define INDENT 26
#define WIDTH 96

/* The bytes up to the next place where a line may end: before a space, and around a character of three bytes,
 * which is Chinese or a mark such as an ellipsis. */
static size_t word_length(const char *text) {
    size_t n = 0;
    if (((unsigned char)text[0] & 0xF0) == 0xE0) {
        /* Marks that close do not begin a line. */
        for (n = 3; strncmp(text + n, "，", 3) == 0 || strncmp(text + n, "。", 3) == 0 ||
                    strncmp(text + n, "」", 3) == 0;)
            n += 3;
        return n;
    }
    while (text[n] && text[n] != ' ' && ((unsigned char)text[n] & 0xF0) != 0xE0)
        n++;
    return n;
}

/* Words in lines of WIDTH columns; `at` is the column at which the first begins. Counts characters, not
 * bytes. */
static void put_wrapped(const char *text, int at, int indent) {
    bool space = false;
    for (text = cli_text(text); *text;) {
        size_t n = word_length(text);
        int columns = 0;
        for (size_t i = 0; i < n; i++)
            columns +=
                ((unsigned char)text[i] & 0xC0) != 0x80 ? ((unsigned char)text[i] & 0xF0) == 0xE0 ? 2 : 1 : 0;
        if (at > indent && at + space + columns > WIDTH) {
            printf("\n%*s", indent, "");
            at = indent;
        } else if (space) {
            putchar(' ');
            at++;
        }
        printf("%.*s", (int)n, text);
        at += columns;
        text += n;
        space = *text == ' ';
        text += strspn(text, " ");
    }
    putchar('\n');
}

/* Writes an option as help shows it, such as "  -f, --format FORMAT". Options without a letter are aligned
 * with the others. */
static void option_text(char *out, size_t room, const struct option_info *option) {
    char letter[8] = "    ";
    if (option->letter) snprintf(letter, sizeof letter, "-%c, ", option->letter);
    const char *join = option->kind == OPT_MAYBE ? "[=" : option->argument ? " " : "";
    snprintf(out, room, "  %s--%s%s%s%s", letter, option->name, join,
             option->argument ? option->argument : "", option->kind == OPT_MAYBE ? "]" : "");
}

/* The part of "run: csv or json; *: text" that begins with `name`. */
static const char *part_of(const char *help, const char *name) {
    static char part[256];
    char wanted[32];
    int n = snprintf(wanted, sizeof wanted, "%s: ", name);
    for (const char *p = help; p; p = strstr(p, "; ") ? strstr(p, "; ") + 2 : NULL) {
        if (strncmp(p, wanted, (size_t)n) != 0) continue;
        snprintf(part, sizeof part, "%.*s", (int)strcspn(p + n, ";"), p + n);
        return part;
    }
    return NULL;
}

/* Help may differ by command; `*` is all that are not named. A help without such parts is for all. */
static const char *help_for(const struct option_info *option, const char *command) {
    const char *part = part_of(option->help, command);
    if (!part) part = part_of(option->help, "*");
    return part ? part : option->help;
}

/* An option that is too long for its column has its help on the next line. */
static void print_option(const struct option_info *option, const char *command) {
    char text[80];
    option_text(text, sizeof text, option);
    printf("%-*s", INDENT, text);
    int at = (int)strlen(text) > INDENT ? (int)strlen(text) : INDENT;
    if (at > INDENT - 1 && (int)strlen(text) >= INDENT) {
        printf("\n%*s", INDENT, "");
        at = INDENT;
    }
    put_wrapped(help_for(option, command), at, INDENT);
}

/* Goes to standard error after a usage error, so that it is not taken for a result. */
void print_usage(FILE *out, const struct command *command) {
    if (command) {
        fprintf(out, cli_text("usage: attain %s [OPTIONS] %s\n"), command->name, command->arguments);
        fprintf(out, cli_text("See `attain %s --help`.\n"), command->name);
        return;
    }
    fprintf(out, "%s", cli_text("usage: attain COMMAND [OPTIONS] FILES\ncommands:"));
    for (const struct command *c = commands; c->name; c++)
        fprintf(out, " %s", c->name);
    fprintf(out, "%s", cli_text("\nSee `attain --help`.\n"));
}

static void help_of_command(const struct command *command) {
    printf("attain %s [OPTIONS] %s\n\n", command->name, command->arguments);
    put_wrapped(command->about, 0, 0);
    printf("%s", cli_text("\nOptions\n"));
    for (int i = 0; i < OPT_COUNT; i++)
        if (option_fits((enum option_id)i, command->name)) print_option(&option_table[i], command->name);
}

/* Counts characters of UTF-8, because printf pads by bytes. */
static int columns_of(const char *text) {
    int n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

static void help_of_program(void) {
    printf("%s",
           cli_text("Attain checks sales-commission policies, and calculates payouts from sales data with "
                    "exact numbers.\n\n"));
    printf("%s", cli_text("Commands\n"));
    for (const struct command *c = commands; c->name; c++)
        printf("  attain %-10s%s%*s  %s\n", c->name, c->arguments, 28 - columns_of(c->arguments), "",
               cli_text(c->summary));
    printf("%s", cli_text("\n`attain COMMAND --help` lists the options of a command.\n\nExit status\n"));
    for (size_t i = 0; i < N_EXITS; i++) {
        printf("  %3d  ", EXITS[i].status);
        put_wrapped(EXITS[i].meaning, 7, 7);
    }
    printf("%s", cli_text("\nExamples\n"));
    printf("  attain check field.attain\n"
           "  attain run field.attain --data data/ --period 2026-Q1\n"
           "  attain run field.attain --data data/ --format csv --out payouts.csv\n"
           "  attain explain field.attain --data data/ --payee ana --period 2026-Q1\n"
           "  attain diff old.attain field.attain --data data/ --attribution\n"
           "  attain test field.attain\n");
}

int print_help(const struct command *command) {
    if (command)
        help_of_command(command);
    else
        help_of_program();
    return EXIT_PAID;
}

int print_version(void) {
    printf("attain %s\n", attain_version());
    return EXIT_PAID;
}

/* ---- the manual page, in the macros of man(7) */

/* A line of roff that begins with a dot or a quote would be a macro, and a plain `-` would print as a
 * hyphen. */
static void roff(const char *text) {
    if (*text == '.' || *text == '\'') fputs("\\&", stdout);
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
    putchar('\n');
}

static void man_option(const struct option_info *option, const char *command) {
    char text[80];
    option_text(text, sizeof text, option);
    printf(".TP\n.B ");
    roff(text + strspn(text, " "));
    roff(help_for(option, command));
}

/* Options of all commands are printed once, at the end. */
static void man_commands(void) {
    printf(".SH COMMANDS\n");
    for (const struct command *c = commands; c->name; c++) {
        printf(".SS attain %s\n", c->name);
        printf(".B attain %s\n[OPTIONS] ", c->name);
        roff(c->arguments);
        printf(".PP\n");
        roff(c->about);
        for (int i = 0; i < OPT_COUNT; i++)
            if (strcmp(option_table[i].commands, "*") != 0 && option_fits((enum option_id)i, c->name))
                man_option(&option_table[i], c->name);
    }
    printf(".SH COMMON OPTIONS\n");
    for (int i = 0; i < OPT_COUNT; i++)
        if (strcmp(option_table[i].commands, "*") == 0) man_option(&option_table[i], "");
}

int print_man(void) {
    printf(".TH ATTAIN 1 \"\" \"attain %s\" \"Attain\"\n", attain_version());
    printf(".SH NAME\nattain \\- check, test, run, explain, and compare sales\\-commission policies\n");
    printf(".SH SYNOPSIS\n.B attain\nCOMMAND [OPTIONS] FILES\n");
    printf(".SH DESCRIPTION\n"
           "Attain is a language for sales\\-commission policies. This program checks policies and runs "
           "their tests. "
           "It calculates exact payouts from CSV files, explains each payout, and compares two versions of a "
           "policy.\n");
    man_commands();
    printf(".SH EXIT STATUS\n");
    for (size_t i = 0; i < N_EXITS; i++) {
        printf(".TP\n.B %d\n", EXITS[i].status);
        roff(EXITS[i].meaning);
    }
    printf(".PP\nIf the reader closes the pipe early, Attain stops writing without an error. The status does "
           "not change.\n");
    printf(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nIf it is set and not empty, Attain prints no colors.\n"
           ".TP\n.B COLUMNS\nThe width of the terminal.\n");
    printf(".SH OUTPUT\nCSV has the columns payee, period, component, line, amount, and currency. For "
           "components that pay row by row, "
           "line is the key of the credited row. Lines are ordered by payee, period, component in the order "
           "of the policy, and line.\n"
           ".PP\nA file appears under its name when it is complete. Attain does not write an output over an "
           "input. "
           "For an output, a single \\- means standard output. A run that is killed may leave a file whose "
           "name begins with a dot and "
           "contains .attain\\-. The next run with the same output removes it.\n"
           ".PP\n`attain statement` replaces a folder when all pages are complete. It does not replace a "
           "folder that contains anything "
           "except pages of an earlier run.\n");
    printf(".SH EXAMPLES\n.nf\nattain check field.attain\nattain run field.attain \\-\\-data data/ "
           "\\-\\-period 2026\\-Q1\n"
           "attain run field.attain \\-\\-data data/ \\-\\-format csv \\-\\-out payouts.csv\n"
           "attain explain field.attain \\-\\-data data/ \\-\\-payee ana \\-\\-period 2026\\-Q1\n"
           "attain diff old.attain field.attain \\-\\-data data/ \\-\\-attribution\n"
           "attain test field.attain\n.fi\n");
    return EXIT_PAID;
}
