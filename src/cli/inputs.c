/* cli/inputs.c: options that all commands that run policies have: data, params, periods, and threads. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

bool is_folder(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* What standard input held. Bound data points to it, so it stays until the program ends. */
static char *standard_input;

/* Reads standard input to its end. It can be read once, so it is the source of one table. */
static int bind_input(attain_data *data, const char *option, const char *table) {
    size_t n = 0, room = 1 << 16;
    if (standard_input) return complain(EXIT_USAGE, "%s names standard input for two tables", option);
    standard_input = malloc(room);
    while (standard_input && n <= UINT32_MAX) {
        size_t got = fread(standard_input + n, 1, room - n, stdin);
        if (got == 0) break;
        n += got;
        if (n < room) continue;
        char *more = realloc(standard_input, room *= 2);
        if (!more) free(standard_input);
        standard_input = more;
    }
    if (!standard_input) return complain(EXIT_FILE, "not enough memory");
    if (ferror(stdin)) return complain(EXIT_FILE, "cannot read standard input");
    if (n > UINT32_MAX) return complain(EXIT_USAGE, "standard input is larger than 4 GB; name a file");
    attain_status status = attain_data_bind_memory(data, table, standard_input, n, "standard input");
    return status == ATTAIN_OK ? EXIT_PAID : complain(exit_of(status), "%s", status_text(status));
}

/* Binds a folder, or a table and its file. The name of an existing folder may contain `=`, so folders come
 * first. */
static int bind_one(attain_data *data, const char *option, const char *text) {
    const char *equals = strchr(text, '=');
    attain_status status;
    if (!equals || is_folder(text)) {
        if (!is_folder(text)) {
            if (access(text, F_OK) == 0)
                return complain(EXIT_USAGE,
                                "%s %s is not a folder; to name the file of one table, write %s TABLE=%s",
                                option, text, option, text);
            return complain(EXIT_FILE, "folder not found: %s %s", option, text);
        }
        status = attain_data_set_directory(data, text);
    } else {
        char *table = strndup(text, (size_t)(equals - text));
        if (table && strcmp(equals + 1, "-") == 0) {
            int bound = bind_input(data, option, table);
            free(table);
            return bound;
        }
        status = table ? attain_data_bind_file(data, table, equals + 1) : ATTAIN_NO_MEMORY;
        free(table);
    }
    return status == ATTAIN_OK ? EXIT_PAID : complain(exit_of(status), "%s", status_text(status));
}

/* A second folder, or a second file of a table, would replace the first silently. */
static int refuse_repeated(const struct arguments *arguments, enum option_id option, const char *name) {
    const char *const *given = arguments->given[option].at;
    for (int i = 0; i < arguments->given[option].n; i++)
        for (int j = 0; j < i; j++) {
            size_t n = strcspn(given[i], "="), m = strcspn(given[j], "=");
            bool folder = is_folder(given[i]), other = is_folder(given[j]);
            if (folder && other)
                return complain(EXIT_USAGE,
                                "%s names two folders, %s and %s; name one folder, and name the files of "
                                "other tables with %s TABLE=FILE",
                                name, given[j], given[i], name);
            if (!folder && !other && n == m && strncmp(given[i], given[j], n) == 0)
                return complain(EXIT_USAGE, "%s names two files for the table `%.*s`", name, (int)n,
                                given[i]);
        }
    return EXIT_PAID;
}

int bind_data(const struct arguments *arguments, enum option_id option, attain_data **out) {
    const char *name = option == OPT_DATA ? "--data" : "--old-data";
    attain_status status = attain_data_new(NULL, out);
    if (status != ATTAIN_OK) return complain(exit_of(status), "%s", status_text(status));
    attain_data_allow_outside(*out, opt_given(arguments, OPT_ALLOW_OUTSIDE));
    for (int i = 0; i < arguments->given[option].n; i++) {
        int bound = bind_one(*out, name, arguments->given[option].at[i]);
        if (bound != EXIT_PAID) return bound;
    }
    return refuse_repeated(arguments, option, name);
}

/* Splits each `name=value`; the names are copies. */
static int read_settings(const struct arguments *arguments, attain_run_options *options) {
    int n = arguments->given[OPT_SET].n;
    attain_setting *settings = calloc((size_t)n + 1, sizeof *settings);
    if (!settings) return complain(EXIT_FILE, "not enough memory");
    /* Set before the loop, so that release_run_options frees what was read before an error. */
    options->settings = settings;
    for (int i = 0; i < n; i++) {
        const char *text = arguments->given[OPT_SET].at[i], *equals = strchr(text, '=');
        if (!equals || equals == text)
            return complain(EXIT_USAGE, "cannot read `%s`; write --set PARAM=VALUE", text);
        for (int j = 0; j < i; j++)
            if (strcspn(arguments->given[OPT_SET].at[j], "=") == (size_t)(equals - text) &&
                strncmp(arguments->given[OPT_SET].at[j], text, (size_t)(equals - text)) == 0)
                return complain(EXIT_USAGE, "duplicate param `%.*s` in --set", (int)(equals - text), text);
        settings[i] = (attain_setting){strndup(text, (size_t)(equals - text)), equals + 1};
        options->setting_count++;
    }
    return EXIT_PAID;
}

/* More than 8 threads are used only if --threads asks for them. */
static unsigned processors(void) {
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 8 ? 8 : (unsigned)n;
}

int read_run_options(const struct arguments *a, attain_run_options *options) {
    unsigned limit;
    if (!opt_number(a, OPT_LIMIT, 1, 100, &limit)) return EXIT_USAGE;
    if (!opt_number(a, OPT_THREADS, 1, processors(), &options->threads)) return EXIT_USAGE;
    if (options->threads > 256) options->threads = 256;
    if (!opt_hooks(a, &options->hook_steps, &options->hook_run_steps, &options->hook_memory))
        return EXIT_USAGE;
    if (!opt_max_memory(a, &options->max_memory)) return EXIT_USAGE;
    options->period = opt_last(a, OPT_PERIOD);
    options->from = opt_last(a, OPT_FROM);
    options->through = opt_last(a, OPT_THROUGH);
    if (options->period && (options->from || options->through))
        return complain(EXIT_USAGE,
                        "--period cannot be used with --from or --through; remove --period, or both of them");
    options->payees = opt_given(a, OPT_PAYEE) ? a->given[OPT_PAYEE].at : NULL;
    options->payee_count = (size_t)a->given[OPT_PAYEE].n;
    options->language = opt_last(a, OPT_LANG);
    options->skip_bad_rows = opt_given(a, OPT_SKIP_BAD_ROWS);
    options->strict = opt_given(a, OPT_STRICT);
    options->watch = &cli_watch;
    return read_settings(a, options);
}

void release_run_options(attain_run_options *options) {
    for (size_t i = 0; i < options->setting_count; i++)
        free((char *)(uintptr_t)options->settings[i].name);
    free((void *)(uintptr_t)options->settings);
}

/* ---- rows that are left out */

/* Errors stay in the output, and bad_rows_close reports them. */
static void flush(struct bad_rows *bad_rows) {
    output_writer (&bad_rows->output)(&bad_rows->output, bad_rows->block, bad_rows->n);
    bad_rows->n = 0;
}

/* Collects bytes in a block, because a run may skip very many rows. */
static void put(struct bad_rows *bad_rows, const char *bytes, size_t n) {
    while (n > 0) {
        size_t room = sizeof bad_rows->block - bad_rows->n, some = n < room ? n : room;
        memcpy(bad_rows->block + bad_rows->n, bytes, some);
        bad_rows->n += some;
        bytes += some;
        n -= some;
        if (bad_rows->n == sizeof bad_rows->block) flush(bad_rows);
    }
}

/* A spreadsheet may take a cell for a formula, unless it begins with a letter, a digit, or a quote. Of
 * letters beyond ASCII, those that share a first byte with signs, blanks, or hidden characters do not count.
 */
static bool may_be_formula(const char *text, size_t n) {
    unsigned char c = n ? (unsigned char)text[0] : '0';
    if (c < 0x80)
        return !strchr("\"_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", c) || !c;
    return strchr("\xC2\xCC\xCD\xD8\xE1\xE2\xEF\xF3", c) ||
           (c == 0xE3 && n > 1 && (unsigned char)text[1] == 0x80);
}

/* Writes a quoted cell. Quotes inside are doubled. */
static void put_csv(struct bad_rows *bad_rows, const char *text, size_t n) {
    put(bad_rows, "\"'", bad_rows->safe && may_be_formula(text, n) ? 2 : 1);
    for (const char *p = text, *end = text + n; p < end;) {
        const char *mark = memchr(p, '"', (size_t)(end - p));
        const char *upto = mark ? mark + 1 : end;
        put(bad_rows, p, (size_t)(upto - p));
        if (mark) put(bad_rows, "\"", 1);
        p = upto;
    }
    put(bad_rows, "\"", 1);
}

static void on_bad_row(void *context, attain_text file, uint64_t line, attain_text row) {
    struct bad_rows *bad_rows = context;
    char number[32];
    put_csv(bad_rows, file.bytes, file.length);
    put(bad_rows, number, (size_t)snprintf(number, sizeof number, ",%llu,", (unsigned long long)line));
    put_csv(bad_rows, row.bytes, row.length);
    put(bad_rows, "\n", 1);
}

/* The run calls on_bad_row for each row. Without a file, rows are skipped and only counted. */
bool bad_rows_open(const struct arguments *arguments, attain_run_options *options,
                   struct bad_rows *bad_rows) {
    const char *path = opt_last(arguments, OPT_SKIP_BAD_ROWS);
    if (!path) return true;
    if (!output_open(&bad_rows->output, path)) return false;
    bad_rows->writes = true;
    bad_rows->safe = opt_given(arguments, OPT_SAFE_CSV);
    options->on_bad_row = on_bad_row;
    options->bad_row_context = bad_rows;
    put(bad_rows, "file,line,row\n", 14);
    return true;
}

/* A second call does nothing to the file, because `writes` is false then. */
int bad_rows_close(struct bad_rows *bad_rows, struct output *output, struct output *beside, size_t n_beside,
                   bool keep) {
    struct output *outputs[4];
    size_t n = 0;
    if (bad_rows->writes && keep) flush(bad_rows);
    if (bad_rows->writes) outputs[n++] = &bad_rows->output;
    if (output) outputs[n++] = output;
    for (size_t i = 0; i < n_beside; i++)
        outputs[n++] = &beside[i];
    bad_rows->writes = false;
    return outputs_close(outputs, n, keep);
}
