/* tests/torture/gaps.c: how long a call works without asking its host whether to stop.
 *
 *     gaps [--stop N] [--threads N] compile POLICY | format POLICY | dump POLICY | run POLICY FOLDER | write
 * POLICY FOLDER | explain POLICY FOLDER | statements POLICY FOLDER | check POLICY FOLDER | diff OLD NEW
 * FOLDER | test POLICY
 *
 * Prints the longest time, in milliseconds of the calling thread's own work, between two questions, or
 * between one and the start or end of the call, with the stage that was shown last. Time in which other
 * programs run does not count. With --stop, the N-th question is answered with yes. tests/torture/gaps.py
 * makes large inputs and judges the answers.
 */
#include <attain.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct {
    double last, longest, whole;
    unsigned long asked, shown;
    char stage[300], at[300];
} gap;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void note(void) {
    double time = now();
    if (time - gap.last > gap.longest) {
        gap.longest = time - gap.last;
        memcpy(gap.at, gap.stage, sizeof gap.at);
    }
    gap.last = now();
}

static unsigned long stop_at; /* the question that is answered with yes; 0: none */

static bool asked(void *context) {
    (void)context;
    gap.asked++;
    note();
    return stop_at && gap.asked >= stop_at;
}

static void shown(void *context, const attain_progress *progress) {
    (void)context;
    gap.shown++;
    snprintf(gap.stage, sizeof gap.stage, "%.*s", (int)progress->text.length, progress->text.bytes);
}

static const attain_watch watch = {.cancelled = asked, .progress = shown};

static void begin(void) {
    memset(&gap, 0, sizeof gap);
    strcpy(gap.stage, "start");
    gap.last = gap.whole = now();
}

static void end(const char *what) {
    if (stop_at && gap.asked >= stop_at) printf("stopped in %.1f ms: ", now() - gap.last);
    note();
    printf("%s %.1f %.0f %lu %lu %s\n", what, gap.longest, gap.last - gap.whole, gap.asked, gap.shown,
           gap.at);
}

static int drop(void *context, const char *bytes, size_t n) {
    (void)context, (void)bytes, (void)n;
    return 0;
}

static int to_stderr(void *context, const char *bytes, size_t n) {
    (void)context;
    fwrite(bytes, 1, n, stderr);
    return 0;
}

static void must(attain_status status, const attain_diagnostics *list) {
    if (status == ATTAIN_OK) return;
    if (status == ATTAIN_CANCELLED && stop_at && gap.asked == stop_at) exit(0);
    fprintf(stderr, "gaps: %s\n", attain_status_text(status));
    if (attain_diagnostics_write(list, ATTAIN_DIAGNOSTICS_TEXT, 5, to_stderr, NULL) != ATTAIN_OK) exit(3);
    exit(2);
}

static attain_policy *compiled(const char *path, bool measured) {
    attain_policy_options options = {.watch = &watch};
    attain_policy *policy = NULL;
    begin();
    attain_status status = attain_policy_open(path, &options, &policy);
    if (measured) end("compile");
    must(status, attain_policy_diagnostics(policy));
    return policy;
}

static attain_data *data_in(const char *folder) {
    attain_data *data = NULL;
    must(attain_data_new(NULL, &data), NULL);
    must(attain_data_set_directory(data, folder), NULL);
    return data;
}

static unsigned threads = 1;

static attain_results *results_of(const char *path, const char *folder, bool measured) {
    attain_policy *policy = compiled(path, false);
    attain_data *data = data_in(folder);
    attain_run_options options = {.watch = &watch, .threads = threads};
    attain_results *results = NULL;
    begin();
    attain_status status = attain_run(&policy, 1, data, &options, &results);
    if (measured) end("run");
    must(status, attain_results_diagnostics(results));
    attain_data_free(data);
    attain_policy_release(policy);
    return results;
}

static void do_print(const char *path, bool dump) {
    static const char *const names[] = {"tokens", "ast", "plan", "plan-dot", "order"};
    attain_policy *policy = compiled(path, false);
    for (int k = 0; dump && k <= ATTAIN_DUMP_ORDER; k++) {
        begin();
        attain_status status = attain_policy_dump(policy, (attain_dump)k, &watch, drop, NULL);
        end(names[k]);
        must(status, NULL);
    }
    begin();
    attain_status status = dump ? ATTAIN_OK : attain_policy_format(policy, &watch, drop, NULL);
    if (!dump) end("format");
    must(status, NULL);
    attain_policy_release(policy);
}

static void do_write(const char *path, const char *folder) {
    static const char *const names[] = {"table", "csv", "json", "summary"};
    attain_results *results = results_of(path, folder, false);
    const attain_results_options options = {.watch = &watch};
    for (int k = 0; k <= ATTAIN_RESULTS_SUMMARY; k++) {
        begin();
        attain_status status = attain_results_write(results, (attain_results_format)k, &options, drop, NULL);
        end(names[k]);
        must(status, NULL);
    }
    attain_results_free(results);
}

static int page(void *context, size_t payee) {
    (void)context, (void)payee;
    return 0;
}
static int page_end(void *context, attain_status status) {
    (void)context;
    return status != ATTAIN_OK;
}

static void do_explain(const char *what, const char *path, const char *folder) {
    attain_results *results = results_of(path, folder, false);
    const attain_statement_pages pages = {.begin = page, .write = drop, .end = page_end};
    const attain_explain_options options = {.watch = &watch, .format = ATTAIN_EXPLAIN_JSON};
    uint64_t checked, wrong;
    attain_status status;
    begin();
    if (strcmp(what, "explain") == 0)
        status = attain_explain(results, &options, drop, NULL);
    else if (strcmp(what, "statements") == 0)
        status = attain_statements(results, &options, &pages);
    else
        status = attain_explain_check(results, &options, &checked, &wrong, drop, NULL);
    end(what);
    must(status, attain_results_diagnostics(results));
    attain_results_free(results);
}

static void do_diff(const char *before, const char *after, const char *folder) {
    static const char *const names[] = {"diff-table", "diff-md",   "diff-csv",
                                        "diff-parts", "diff-json", "diff-html"};
    attain_policy *policies[] = {compiled(before, false), compiled(after, false)};
    attain_data *data = data_in(folder);
    attain_diff_options options = {
        .run = {.watch = &watch, .threads = threads}, .attribution = true, .explanations = true};
    const attain_results_options looks = {.watch = &watch};
    attain_diff *diff = NULL;
    begin();
    attain_status status = attain_diff_run(policies[0], policies[1], data, &options, &diff);
    end("diff");
    must(status, attain_diff_diagnostics(diff));
    for (int k = 0; k <= ATTAIN_DIFF_HTML; k++) {
        begin();
        status = attain_diff_write(diff, (attain_diff_format)k, &looks, drop, NULL);
        end(names[k]);
        must(status, NULL);
    }
    attain_diff_free(diff);
    attain_data_free(data);
    attain_policy_release(policies[0]);
    attain_policy_release(policies[1]);
}

static void do_test(const char *path) {
    attain_policy *policy = compiled(path, false);
    attain_test_options options = {.watch = &watch};
    attain_tests *tests = NULL;
    begin();
    attain_status status = attain_test(policy, &options, &tests);
    end("test");
    must(status, NULL);
    attain_tests_free(tests);
    attain_policy_release(policy);
}

int main(int argc, char **argv) {
    if (argc > 3 && strcmp(argv[1], "--stop") == 0)
        stop_at = strtoul(argv[2], NULL, 10), argv += 2, argc -= 2;
    if (argc > 3 && strcmp(argv[1], "--threads") == 0)
        threads = (unsigned)atoi(argv[2]), argv += 2, argc -= 2;
    if (argc < 3) return 2;
    const char *what = argv[1], *path = argv[2];
    if (strcmp(what, "compile") == 0)
        attain_policy_release(compiled(path, true));
    else if (strcmp(what, "format") == 0 || strcmp(what, "dump") == 0)
        do_print(path, what[0] == 'd');
    else if (strcmp(what, "test") == 0)
        do_test(path);
    else if (argc > 3 && strcmp(what, "run") == 0)
        attain_results_free(results_of(path, argv[3], true));
    else if (argc > 3 && strcmp(what, "write") == 0)
        do_write(path, argv[3]);
    else if (argc > 4 && strcmp(what, "diff") == 0)
        do_diff(path, argv[3], argv[4]);
    else if (argc > 3)
        do_explain(what, path, argv[3]);
    else
        return 2;
    return 0;
}
