/* cli/cmd_statement.c: attain statement: a page of HTML for one payee, or for each of them into a folder. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    attain_run_options run;
    attain_explain_options options;
    char *folder; /* ends in a slash; NULL: one page */
};

static int read_folder(struct work *work, const char *out) {
    struct stat info;
    size_t n = strlen(out);
    bool is_folder = stat(out, &info) == 0 && S_ISDIR(info.st_mode);
    if (!is_folder && (n == 0 || out[n - 1] != '/')) return EXIT_PAID;
    work->folder = malloc(n + 2);
    if (!work->folder) return complain(EXIT_FILE, "not enough memory");
    memcpy(work->folder, out, n + 1);
    if (out[n - 1] != '/') memcpy(work->folder + n, "/", 2);
    if (!is_folder && mkdir(out, 0777) != 0)
        return complain(EXIT_FILE, "cannot make the folder %s: %s", out, strerror(errno));
    return EXIT_PAID;
}

static int read_options(struct work *work) {
    const struct arguments *a = work->arguments;
    const char *format = opt_last(a, OPT_FORMAT), *out = opt_last(a, OPT_OUT);
    int status = read_run_options(a, &work->run);
    if (status != EXIT_PAID) return status;
    work->run.zeros = true;
    work->options = (attain_explain_options){.period = work->run.period,
                                             .language = opt_last(a, OPT_LANG),
                                             .all = opt_given(a, OPT_ALL),
                                             .format = ATTAIN_EXPLAIN_STATEMENT};
    if (format && strcmp(format, "html") != 0)
        return complain(EXIT_USAGE, "--format of `attain statement` is html, not `%s`", format);
    if (out && (status = read_folder(work, out)) != EXIT_PAID) return status;
    if (!work->folder && work->run.payee_count != 1)
        return complain(EXIT_USAGE,
                        "a statement is for one payee (--payee KEY), or for each into a folder (--out DIR/)");
    return EXIT_PAID;
}

/* Letters, digits and a few marks stay; any other byte of the key is written %xx, so that no key leaves the
 * folder and no two keys meet. The name is at the same time its own address in a page: % is written %25
 * there. */
static size_t file_name(const attain_payee *payee, char *out, size_t room, bool address) {
    static const char hex[] = "0123456789abcdef";
    bool index = payee->key.length == 5 && memcmp(payee->key.bytes, "index", 5) == 0;
    size_t n = 0;
    for (size_t i = 0; i < payee->key.length && n + 16 < room; i++) {
        unsigned char c = (unsigned char)payee->key.bytes[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                     (c == '.' && i > 0) || c >= 0x80;
        bool capital = c >= 'A' && c <= 'Z';
        if ((plain || capital) && !(index && i == 0)) { /* index.html is the list */
            out[n++] = (char)c;
            continue;
        }
        out[n++] = '%';
        if (address) {
            out[n++] = '2';
            out[n++] = '5';
        }
        out[n++] = hex[c >> 4];
        out[n++] = hex[c & 15];
    }
    memcpy(out + n, ".html", 5);
    return n + 5;
}

static size_t address_of(void *context, const attain_payee *payee, char *out, size_t room) {
    (void)context;
    return file_name(payee, out, room, true);
}

/* ---- writing */

static int end_status(attain_status status) {
    if (status == ATTAIN_CANCELLED || stop_asked) return complain(EXIT_STOPPED, "stopped");
    if (status == ATTAIN_OK || status == ATTAIN_USAGE) return exit_of(status);
    return complain(exit_of(status), "%s", attain_status_text(status));
}

static int end(struct output *output, attain_status status) {
    int closed = output_close(output, status == ATTAIN_OK);
    return closed != EXIT_PAID || output->closed ? closed : end_status(status);
}

static int write_one(struct work *work, attain_results *results, const char *payee, const char *path) {
    struct output output;
    work->options.payee = payee;
    if (!output_open(&output, path)) return EXIT_FILE;
    return end(&output, attain_explain(results, &work->options, output_writer(&output), &output));
}

static int write_index(struct work *work, attain_results *results) {
    struct output output;
    size_t room = strlen(work->folder) + 16;
    char *path = malloc(room);
    if (!path) return complain(EXIT_FILE, "not enough memory");
    snprintf(path, room, "%sindex.html", work->folder);
    int status = EXIT_FILE;
    if (output_open(&output, path))
        status = end(&output, attain_statement_index(results, work->options.language, address_of, NULL,
                                                     output_write, &output));
    free(path);
    return status;
}

/* What attain_statements writes: a file for each payee. */
struct pages {
    struct work *work;
    struct output output;
    char *path;
    int status;
};

static bool wanted(const struct work *work, const attain_payee *payee) {
    for (size_t i = 0; i < work->run.payee_count; i++)
        if (strlen(work->run.payees[i]) == payee->key.length &&
            memcmp(work->run.payees[i], payee->key.bytes, payee->key.length) == 0)
            return true;
    return work->run.payee_count == 0;
}

static int begin_page(void *context, const attain_payee *payee) {
    struct pages *pages = context;
    size_t at = strlen(pages->work->folder), room = at + payee->key.length * 3 + 64;
    if (!wanted(pages->work, payee)) return 1;
    free(pages->path);
    pages->path = malloc(room);
    if (!pages->path) {
        pages->status = complain(EXIT_FILE, "not enough memory");
        return -1;
    }
    memcpy(pages->path, pages->work->folder, at);
    pages->path[at + file_name(payee, pages->path + at, room - at, false)] = '\0';
    if (output_open(&pages->output, pages->path)) return 0;
    pages->status = EXIT_FILE;
    return -1;
}

static int write_page(void *context, const char *bytes, size_t n) {
    struct pages *pages = context;
    return output_write(&pages->output, bytes, n);
}

static int end_page(void *context, attain_status status) {
    struct pages *pages = context;
    pages->status = end(&pages->output, status);
    return pages->status != EXIT_PAID;
}

static int write_all(struct work *work, attain_results *results) {
    struct pages pages = {.work = work};
    const attain_statement_pages into = {begin_page, write_page, end_page, &pages};
    attain_status status = attain_statements(results, &work->options, &into);
    free(pages.path);
    if (pages.status != EXIT_PAID) return pages.status;
    return status == ATTAIN_OK ? write_index(work, results) : end_status(status);
}

static int make_statements(struct work *work, const struct policies *policies) {
    attain_results *results = NULL;
    term_progress_begin(work->arguments);
    attain_status status = attain_run(policies->at, policies->n, work->data, &work->run, &results);
    term_progress_end();
    const attain_diagnostics *list = attain_results_diagnostics(results);
    size_t before = attain_diagnostics_count(list);
    show_diagnostics(work->arguments, list);
    int exit_status = exit_of(status);
    if (status == ATTAIN_OK)
        exit_status = work->folder
                          ? write_all(work, results)
                          : write_one(work, results, work->run.payees[0], opt_last(work->arguments, OPT_OUT));
    else if (status == ATTAIN_CANCELLED)
        complain(0, "stopped");
    if (attain_diagnostics_count(list) > before) show_diagnostics(work->arguments, list);
    if (exit_status == EXIT_PAID && attain_results_withheld_count(results) > 0) exit_status = EXIT_WITHHELD;
    attain_results_free(results);
    return exit_status;
}

int cmd_statement(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = read_options(&work);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = make_statements(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.run);
    free(work.folder);
    return status;
}
