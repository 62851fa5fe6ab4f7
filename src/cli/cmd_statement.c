/* cli/cmd_statement.c: attain statement. Writes the page of one payee, or a folder with a page for each
 * payee. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

struct work {
    const struct arguments *arguments;
    attain_data *data;
    const attain_results *results;
    attain_run_options run;
    attain_explain_options options;
    struct bad_rows bad_rows;
    bool pages; /* a page for each payee, into `folder` */
    struct folder folder;
    struct page_names *names; /* of its pages */
};

/* --out names a folder: there is one, or the name ends with a slash. */
static int read_folder(struct work *work, const char *out) {
    size_t n = strlen(out);
    work->pages = is_folder(out) || (n > 0 && out[n - 1] == '/');
    return work->pages ? folder_find(&work->folder, out) : EXIT_PAID;
}

static int read_options(struct work *work) {
    const struct arguments *a = work->arguments;
    const char *format = opt_last(a, OPT_FORMAT), *out = opt_last(a, OPT_OUT);
    int status = read_run_options(a, &work->run);
    if (status != EXIT_PAID) return status;
    /* A statement lists components that pay zero. */
    work->run.zeros = true;
    work->run.ends_here = true;
    work->run.disclosures = true;
    work->run.by_deal = true;
    work->options = (attain_explain_options){.period = work->run.period,
                                             .language = opt_last(a, OPT_LANG),
                                             .all = opt_given(a, OPT_ALL),
                                             .contact = opt_last(a, OPT_CONTACT),
                                             .sign = opt_given(a, OPT_SIGN),
                                             .team = opt_given(a, OPT_TEAM_OF),
                                             .format = ATTAIN_EXPLAIN_STATEMENT};
    if (format && strcmp(format, "html") != 0)
        return complain(EXIT_USAGE, "unknown format `%s`; `attain statement` writes html", format);
    if (out && (status = read_folder(work, out)) != EXIT_PAID) return status;
    if (work->options.team && (work->pages || work->run.payee_count > 0))
        return complain(EXIT_USAGE,
                        "`--team-of` writes one page; leave out `--payee`, and name a file with `--out`");
    if (!work->options.team && !work->pages && work->run.payee_count != 1)
        return complain(
            EXIT_USAGE,
            "missing payee; use --payee KEY for one page, or --out DIR/ for a page for each payee");
    return EXIT_PAID;
}

/* ---- writing */

/* Writes the page of the only payee. read_options has checked that there is one. */
static int write_one(struct work *work, attain_results *results) {
    struct output output;
    work->options.payee = work->options.team ? opt_last(work->arguments, OPT_TEAM_OF) : work->run.payees[0];
    if (!output_open(&output, opt_last(work->arguments, OPT_OUT)))
        return stop_asked ? EXIT_STOPPED : EXIT_FILE;
    attain_status status = attain_explain(results, &work->options, output_writer(&output), &output);
    int closed = bad_rows_close(&work->bad_rows, &output, NULL, 0, status == ATTAIN_OK || output.closed);
    return ending(&output, closed, status);
}

/* What attain_statements writes: a file for each payee. */
struct pages {
    struct work *work;
    struct output output;
    char *path; /* of the page that is being written */
    int status;
};

static attain_text key_of(const struct work *work, size_t payee) {
    attain_payee of = {.key = {"", 0}};
    (void)attain_results_payee(work->results, payee, &of); /* a key needs no amounts */
    return of.key;
}

static bool wanted(const struct work *work, attain_text key) {
    for (size_t i = 0; i < work->run.payee_count; i++)
        if (strlen(work->run.payees[i]) == key.length &&
            memcmp(work->run.payees[i], key.bytes, key.length) == 0)
            return true;
    return work->run.payee_count == 0;
}

/* Returns 0 to write the page, 1 to skip the payee, and -1 to stop. In the last case, pages->status or
 * stop_asked has the reason. */
static int begin_page(void *context, size_t payee) {
    struct pages *pages = context;
    struct work *work = pages->work;
    attain_text key = key_of(work, payee);
    if (stop_asked) return -1;
    if (!wanted(work, key)) return 1;
    const char *name = page_name(work->names, key);
    if (name && folder_file(&work->folder, name, &pages->path, &pages->output)) return 0;
    pages->status = name ? EXIT_FILE : complain(EXIT_FILE, "a payee has no page name");
    return -1;
}

static int write_page(void *context, const char *bytes, size_t n) {
    struct pages *pages = context;
    return output_write(&pages->output, bytes, n);
}

/* Closes the page, and returns nonzero to stop. A page appears only with the folder, so it is not renamed
 * here. */
static int end_page(void *context, attain_status status) {
    struct pages *pages = context;
    int closed = output_close(&pages->output, status == ATTAIN_OK);
    pages->status = ending(&pages->output, closed, status);
    free(pages->path);
    pages->path = NULL;
    return pages->status != EXIT_PAID;
}

/* Writes the address of a payee's page for the index. Returns 0 if it has none. */
static size_t address_of(void *context, size_t payee, char *out, size_t room) {
    const struct work *work = context;
    const char *name = page_name(work->names, key_of(work, payee));
    return name ? page_address(name, out, room) : 0;
}

static int write_index(struct work *work, attain_results *results) {
    struct pages index = {.work = work};
    if (!folder_file(&work->folder, "index.html", &index.path, &index.output)) return EXIT_FILE;
    end_page(&index,
             attain_statement_index(results, work->options.language, address_of, work, write_page, &index));
    return index.status;
}

static int write_pages(struct work *work, attain_results *results) {
    struct pages pages = {.work = work};
    const attain_statement_pages into = {
        .begin = begin_page, .write = write_page, .end = end_page, .context = &pages};
    attain_status status = attain_statements(results, &work->options, &into);
    free(pages.path);
    if (pages.status != EXIT_PAID) return pages.status;
    if (status == ATTAIN_CANCELLED || stop_asked) return complain(EXIT_STOPPED, "stopped");
    if (status == ATTAIN_USAGE) return EXIT_USAGE;
    if (status != ATTAIN_OK) return complain(exit_of(status), "%s", status_text(status));
    return write_index(work, results);
}

/* All pages appear, and the file of bad rows with them, or none. */
static int write_all(struct work *work, attain_results *results) {
    int status = folder_open(&work->folder);
    work->results = results;
    work->names = page_names_new(results);
    if (status == EXIT_PAID && !work->names) status = complain(EXIT_FILE, "not enough memory");
    if (status == EXIT_PAID) status = write_pages(work, results);
    int closed = folder_close(&work->folder, status == EXIT_PAID);
    if (status == EXIT_PAID) status = closed;
    if (work->bad_rows.writes) closed = bad_rows_close(&work->bad_rows, NULL, NULL, 0, status == EXIT_PAID);
    return status == EXIT_PAID ? closed : status;
}

static int make_statements(struct work *work, const struct policies *policies) {
    attain_results *results = NULL;
    if (!bad_rows_open(work->arguments, &work->run, &work->bad_rows)) return EXIT_FILE;
    term_progress_begin(work->arguments);
    attain_status status = attain_run(policies->at, policies->n, work->data, &work->run, &results);
    term_progress_end();
    const attain_diagnostics *list = attain_results_diagnostics(results);
    size_t before = attain_diagnostics_count(list);
    show_diagnostics(work->arguments, list);
    int exit_status = exit_after(status);
    if (status == ATTAIN_OK) exit_status = work->pages ? write_all(work, results) : write_one(work, results);
    if (attain_diagnostics_count(list) > before) show_diagnostics(work->arguments, list);
    if (exit_status == EXIT_PAID && attain_results_withheld_count(results) > 0) exit_status = EXIT_WITHHELD;
    bad_rows_close(&work->bad_rows, NULL, NULL, 0, false); /* if it is still open */
    attain_results_free(results);
    return exit_status;
}

int cmd_statement(const struct arguments *arguments) {
    struct work work = {.arguments = arguments};
    struct policies policies = {0};
    int status = read_options(&work);
    if (status == EXIT_PAID) status = bind_data(arguments, OPT_DATA, &work.data);
    if (status == EXIT_PAID) status = open_policies(arguments, ATTAIN_STAGE_CHECK, true, &policies);
    if (status == EXIT_PAID) status = guard_command(arguments, &policies, work.pages ? &work.folder : NULL);
    for (size_t i = 0; i < policies.n && status == EXIT_PAID; i++)
        status = warn_of_tests(arguments, policies.names[i], policies.at[i]);
    if (status == EXIT_PAID) status = make_statements(&work, &policies);
    release_policies(&policies);
    attain_data_free(work.data);
    release_run_options(&work.run);
    folder_free(&work.folder);
    page_names_free(work.names);
    return status;
}
