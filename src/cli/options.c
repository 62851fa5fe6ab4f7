/* cli/options.c: parses a command line with the table of options, and suggests the option for a misspelled
 * one. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { MOST_NUMBER = 1000000000 };

const struct option_info option_table[OPT_COUNT] = {
#define OPTION(id, name, letter, argument, kind, commands, help)                                             \
    {name, letter, argument, OPT_##kind, commands, help},
#include "cli/options.def"
#undef OPTION
};

/* Whether `word` is one of the words of a list such as "check run test". */
static bool has_word(const char *list, const char *word) {
    size_t n = strlen(word);
    for (const char *p = list; *p; p += strspn(p, " ")) {
        size_t length = strcspn(p, " ");
        if (length == n && memcmp(p, word, n) == 0) return true;
        p += length;
    }
    return false;
}

bool option_fits(enum option_id id, const char *command) {
    return strcmp(option_table[id].commands, "*") == 0 || has_word(option_table[id].commands, command);
}

/* ---- what was meant */

static unsigned least_of(unsigned a, unsigned b, unsigned c) {
    unsigned m = a < b ? a : b;
    return m < c ? m : c;
}

/* How many letters to insert, drop or replace. */
static unsigned edits(const char *a, const char *b) {
    unsigned row[64];
    size_t n = strlen(b), m = strlen(a);
    if (n >= 63 || m >= 63) return 99;
    for (unsigned j = 0; j <= n; j++)
        row[j] = j;
    for (unsigned i = 1; i <= m; i++) {
        unsigned corner = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= n; j++) {
            unsigned up = row[j];
            row[j] = least_of(row[j - 1] + 1, up + 1, corner + (a[i - 1] != b[j - 1]));
            corner = up;
        }
    }
    return row[n];
}

/* Returns the nearest name, or NULL. At most a third of the letters, and one more, may differ. A word of
 * three letters or more that begins a name is as near as one typing error. */
const char *nearest_name(const char *wanted, const char *const *names, size_t n) {
    const char *best = NULL;
    unsigned least = (unsigned)strlen(wanted) / 3 + 1;
    for (size_t i = 0; i < n; i++) {
        unsigned distance = edits(wanted, names[i]);
        bool begins = strlen(wanted) >= 3 && strncmp(names[i], wanted, strlen(wanted)) == 0;
        if (begins && distance > 1) distance = 1;
        if (distance > least || (best && distance >= least)) continue;
        best = names[i];
        least = distance;
    }
    return best;
}

/* Reports an unknown option. If other commands have it, the message names them. */
static bool unknown(const struct command *command, const char *written, const char *name) {
    const char *names[OPT_COUNT];
    size_t n = 0;
    for (int i = 0; i < OPT_COUNT; i++) {
        if (strcmp(option_table[i].name, name) == 0) {
            complain(0, "`attain %s` does not have the option --%s; these commands have it: %s",
                     command->name, name, option_table[i].commands);
            return false;
        }
        if (option_fits((enum option_id)i, command->name)) names[n++] = option_table[i].name;
    }
    const char *near = nearest_name(name, names, n);
    if (near)
        complain(0, "unknown option %s; did you mean --%s?", written, near);
    else
        complain(0, "unknown option %s; see `attain %s --help`", written, command->name);
    return false;
}

/* ---- taking apart */

/* Adds a value to an option. Values are views of argv, so only the array is freed. */
static void note(struct arguments *arguments, int id, const char *value) {
    const char ***at = &arguments->given[id].at;
    int *n = &arguments->given[id].n;
    const char **grown = realloc(*at, sizeof **at * (size_t)(*n + 1));
    if (!grown) exit(complain(EXIT_FILE, "not enough memory"));
    grown[(*n)++] = value;
    *at = grown;
}

/* The words of the command line that are not read yet: from i on. */
struct cursor {
    int argc, i;
    char **argv;
};

/* Finds only options of the command, so two commands may use one letter or name differently. */
static int find_long(const struct command *command, const char *name, size_t n) {
    for (int i = 0; i < OPT_COUNT; i++)
        if (strlen(option_table[i].name) == n && memcmp(option_table[i].name, name, n) == 0 &&
            option_fits((enum option_id)i, command->name))
            return i;
    return -1;
}

static int find_short(const struct command *command, char letter) {
    for (int i = 0; i < OPT_COUNT; i++)
        if (option_table[i].letter == letter && option_fits((enum option_id)i, command->name)) return i;
    return -1;
}

/* ---- values, as far as they can be judged without a policy */

static bool is_number_option(enum option_id id) {
    return id == OPT_LIMIT || id == OPT_THREADS || id == OPT_HOOK_STEPS || id == OPT_HOOK_RUN_STEPS ||
           id == OPT_HOOK_MEMORY || id == OPT_MAX_MEMORY;
}

/* Paths may contain any bytes. All other values must be UTF-8, because messages show them. */
static bool is_path_option(enum option_id id) {
    return id == OPT_OUT || id == OPT_DATA || id == OPT_OLD_DATA || id == OPT_SKIP_BAD_ROWS;
}

static bool read_number(enum option_id id, const char *text, unsigned least, unsigned *out) {
    char *end;
    unsigned long value = strtoul(text, &end, 10); /* the largest value on overflow */
    if (text[0] < '0' || text[0] > '9' || *end || value < least || value > MOST_NUMBER) {
        complain(0, "--%s needs a whole number from %u to %u; `%s` is not one", option_table[id].name, least,
                 (unsigned)MOST_NUMBER, text);
        return false;
    }
    *out = (unsigned)value;
    return true;
}

/* The other options with few values are read by the commands (--format) or by the library (--lang). */
static bool check_color(enum option_id id, const char *value) {
    if (id != OPT_COLOR || has_word("auto always never", value)) return true;
    complain(0, "unknown color mode `%s`; --color takes auto, always, or never", value);
    return false;
}

/* An option of the command: the value before it was forgotten. A key or a name may begin with a dash. */
static bool is_option(const struct command *command, const char *word) {
    if (word[0] == '-' && word[1] == '-') return find_long(command, word + 2, strcspn(word + 2, "=")) >= 0;
    return word[0] == '-' && word[1] && !word[2] && find_short(command, word[1]) >= 0;
}

/* The value is still checked by the command or the library. This finds errors that need no policy. */
static bool check_value(const struct command *command, enum option_id id, const char *value, bool attached) {
    const struct option_info *option = &option_table[id];
    unsigned number;
    if (!*value) {
        complain(0, "--%s needs a value: %s", option->name, option->argument);
        return false;
    }
    if (is_number_option(id)) return read_number(id, value, 1, &number);
    if (!attached && is_option(command, value)) {
        complain(0, "--%s needs a value: %s; if `%s` is meant, write --%s=%s", option->name, option->argument,
                 value, option->name, value);
        return false;
    }
    if (!is_path_option(id) && !is_utf8(value)) {
        complain(0, "the value of --%s is not UTF-8", option->name);
        return false;
    }
    return check_color(id, value);
}

/* An option with an optional value takes it only from the same word, because the next one may be a file. */
static bool take_value(struct arguments *arguments, struct cursor *c, int id, const char *attached) {
    const struct option_info *option = &option_table[id];
    if (option->kind == OPT_FLAG && attached) {
        complain(0, "--%s does not take a value", option->name);
        return false;
    }
    if (option->kind == OPT_FLAG || (option->kind == OPT_MAYBE && !attached)) {
        note(arguments, id, NULL);
        return true;
    }
    const char *value = attached ? attached : c->i < c->argc ? c->argv[c->i++] : "";
    if (!check_value(arguments->command, (enum option_id)id, value, attached != NULL)) return false;
    note(arguments, id, value);
    return true;
}

static bool take_long(struct arguments *arguments, struct cursor *c, const char *word) {
    const char *name = word + 2, *equals = strchr(name, '=');
    size_t n = equals ? (size_t)(equals - name) : strlen(name);
    int id = find_long(arguments->command, name, n);
    if (id >= 0) return take_value(arguments, c, id, equals ? equals + 1 : NULL);
    char bare[64];
    snprintf(bare, sizeof bare, "%.*s", (int)(n < 63 ? n : 63), name);
    return unknown(arguments->command, word, bare);
}

/* -q, -qj2, -f csv, -fcsv */
static bool take_short(struct arguments *arguments, struct cursor *c, const char *word) {
    for (const char *p = word + 1; *p; p++) {
        int id = find_short(arguments->command, *p);
        if (id < 0) {
            complain(0, "unknown option %s; see `attain %s --help`", word, arguments->command->name);
            return false;
        }
        if (option_table[id].kind == OPT_FLAG) {
            note(arguments, id, NULL);
            continue;
        }
        return take_value(arguments, c, id, p[1] == '=' ? p + 2 : p[1] ? p + 1 : NULL);
    }
    return true;
}

/* ---- options that do not go together */

/* The same value twice is harmless, for example in an alias of a shell. */
static bool is_given_twice(const struct arguments *arguments, int id) {
    const char *const *at = arguments->given[id].at;
    for (int i = 1; i < arguments->given[id].n; i++)
        if (!at[i] != !at[0] || (at[i] && strcmp(at[i], at[0]) != 0)) return true;
    return false;
}

static bool check_repeated(const struct arguments *arguments) {
    for (int i = 0; i < OPT_COUNT; i++) {
        bool once = option_table[i].kind == OPT_ONE || option_table[i].kind == OPT_MAYBE;
        if (!once || !is_given_twice(arguments, i)) continue;
        complain(0, "--%s has two different values; specify one", option_table[i].name);
        return false;
    }
    return true;
}

/* The second option has no effect with the first. */
static bool check_pairs(const struct arguments *arguments) {
    static const struct {
        enum option_id first, second;
    } pairs[] = {{OPT_VERIFY, OPT_FORMAT},       {OPT_VERIFY, OPT_OUT},
                 {OPT_EXPLAIN_PLAN, OPT_FORMAT}, {OPT_EXPLAIN_PLAN, OPT_SKIP_BAD_ROWS},
                 {OPT_EXPLAIN_PLAN, OPT_ZEROS},  {OPT_EXPLAIN_PLAN, OPT_SAFE_CSV}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (opt_given(arguments, pairs[i].first) && opt_given(arguments, pairs[i].second)) {
            complain(0, "--%s has no effect with --%s; remove one of them",
                     option_table[pairs[i].second].name, option_table[pairs[i].first].name);
            return false;
        }
    return true;
}

static bool check_formats(const struct arguments *arguments) {
    const char *format = opt_last(arguments, OPT_FORMAT);
    bool csv = format && strcmp(format, "csv") == 0, json = format && strcmp(format, "json") == 0;
    if (opt_given(arguments, OPT_SAFE_CSV) && !csv && !opt_last(arguments, OPT_SKIP_BAD_ROWS)) {
        complain(0, "--safe-csv has an effect only with --format csv or --skip-bad-rows=FILE");
        return false;
    }
    if (strcmp(arguments->command->name, "check") == 0 && json && opt_given(arguments, OPT_LIMIT)) {
        complain(
            0, "--limit has no effect with --format json, which lists every diagnostic; remove one of them");
        return false;
    }
    return true;
}

static bool check_together(const struct arguments *arguments) {
    /* A user who asks for help may also have written any other options. */
    if (opt_given(arguments, OPT_HELP) || opt_given(arguments, OPT_VERSION) || opt_given(arguments, OPT_MAN))
        return true;
    return check_repeated(arguments) && check_pairs(arguments) && check_formats(arguments);
}

bool options_parse(struct arguments *arguments, const struct command *command, int argc, char **argv) {
    struct cursor c = {argc, 0, argv};
    bool words_only = false;
    *arguments = (struct arguments){.command = command, .argc = argc, .argv = argv};
    arguments->files = calloc((size_t)argc + 1, sizeof *arguments->files);
    if (!arguments->files) exit(complain(EXIT_FILE, "not enough memory"));
    while (c.i < argc) {
        const char *word = argv[c.i++];
        if (words_only || word[0] != '-' || word[1] == '\0') {
            arguments->files[arguments->n_files++] = word;
        } else if (strcmp(word, "--") == 0) {
            words_only = true;
        } else if (!(word[1] == '-' ? take_long(arguments, &c, word) : take_short(arguments, &c, word))) {
            return false;
        }
    }
    return check_together(arguments);
}

/* Frees the arrays. The words belong to argv. */
void options_free(struct arguments *arguments) {
    for (int i = 0; i < OPT_COUNT; i++)
        free(arguments->given[i].at);
    free(arguments->files);
}

bool opt_given(const struct arguments *arguments, enum option_id id) {
    return arguments->given[id].n > 0;
}

const char *opt_last(const struct arguments *arguments, enum option_id id) {
    int n = arguments->given[id].n;
    return n ? arguments->given[id].at[n - 1] : NULL;
}

/* Reads the limits of hooks. The options count steps of a call in units, steps of a run in millions, and
 * memory in MB. */
bool opt_hooks(const struct arguments *arguments, uint64_t *steps, uint64_t *run_steps, size_t *memory) {
    unsigned each, millions, megabytes; /* 0: the library's own */
    if (!opt_number(arguments, OPT_HOOK_STEPS, 1, 0, &each) ||
        !opt_number(arguments, OPT_HOOK_RUN_STEPS, 1, 0, &millions) ||
        !opt_number(arguments, OPT_HOOK_MEMORY, 1, 0, &megabytes))
        return false;
    *steps = each;
    *run_steps = (uint64_t)millions * 1000000;
    *memory = (size_t)megabytes << 20;
    return true;
}

bool opt_max_memory(const struct arguments *arguments, size_t *out) {
    unsigned megabytes;
    if (!opt_number(arguments, OPT_MAX_MEMORY, 1, 0, &megabytes)) return false;
    *out = (size_t)megabytes << 20;
    return true;
}

bool opt_number(const struct arguments *arguments, enum option_id id, unsigned least, unsigned otherwise,
                unsigned *out) {
    const char *text = opt_last(arguments, id);
    *out = otherwise;
    if (!text) return true;
    return read_number(id, text, least, out);
}
