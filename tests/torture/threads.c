/* tests/torture/threads.c: eight threads share the same policies, under ThreadSanitizer.
 *
 *     threads [ROUNDS]
 *
 * Each thread does every kind of work on policies that all of them share: runs with one to three threads,
 * with settings and without, diffs with attribution and explanations, tests, explanations, dumps, formatting,
 * diagnostics, owners that come and go. Data is shared as well: runs only read it. All other objects are the
 * thread's own. What the work says must be the same bytes as when one thread did it alone, before. Any thread
 * may be the one that releases a policy last.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "scene.h"

enum { THREADS = 8, WORKS = 12 };

static struct {
    attain_policy *field, *edited, *hooks, *hooks_edited, *flat, *broken;
    attain_data *field_data, *hooks_data, *flat_data, *many_data;
    struct out many;
} shared;

static void must(attain_status status, const char *what) {
    if (status == ATTAIN_OK) return;
    fprintf(stderr, "%s: %s\n", what, attain_status_text(status));
    exit(2);
}

/* ---- the works */

static void run_and_tell(attain_policy *policy, const attain_data *data, const attain_run_options *options,
                         struct out *out, bool explain) {
    attain_results *results = NULL;
    out_int(out, attain_run(&policy, 1, data, options, &results));
    tell_results(results, out);
    out_int(out, attain_results_write(results, ATTAIN_RESULTS_TABLE, NULL, out_put, out));
    out_int(out, attain_results_write(results, ATTAIN_RESULTS_JSON, NULL, out_put, out));
    if (explain) {
        attain_explain_options how = {.format = ATTAIN_EXPLAIN_JSON};
        out_int(out, attain_explain(results, &how, out_put, out));
        how.payee = "nobody";
        out_int(out, attain_explain(results, &how, out_put, out));
    }
    attain_results_free(results);
}

static void run_field(struct out *out) {
    run_and_tell(shared.field, shared.field_data, &(attain_run_options){.threads = 1}, out, true);
}
static void run_hooks(struct out *out) {
    run_and_tell(shared.hooks, shared.hooks_data, &(attain_run_options){.threads = 2}, out, true);
}
static void run_many(struct out *out) {
    run_and_tell(shared.field, shared.many_data, &(attain_run_options){.threads = 3}, out, false);
}
static void run_settings(struct out *out) {
    const attain_setting set[] = {{"rate", "6.5%"}};
    run_and_tell(shared.flat, shared.flat_data,
                 &(attain_run_options){.settings = set, .setting_count = 1, .period = "2026"}, out, true);
}

static void diff_and_tell(attain_policy *before, attain_policy *after, const attain_data *data,
                          struct out *out) {
    attain_diff_options options = {.attribution = true, .explanations = true, .run.threads = 2};
    attain_diff *diff = NULL;
    out_int(out, attain_diff_run(before, after, data, &options, &diff));
    tell_diff(diff, out);
    out_int(out, attain_diff_write(diff, ATTAIN_DIFF_HTML, NULL, out_put, out));
    attain_diff_free(diff);
}
static void diff_field(struct out *out) {
    diff_and_tell(shared.field, shared.edited, shared.field_data, out);
}
static void diff_hooks(struct out *out) {
    diff_and_tell(shared.hooks, shared.hooks_edited, shared.hooks_data, out);
}
static void diff_back(struct out *out) {
    diff_and_tell(shared.edited, shared.field, shared.field_data, out);
}

static void test_policies(struct out *out) {
    attain_policy *const policies[] = {shared.field, shared.hooks, shared.flat};
    for (int i = 0; i < 3; i++) {
        attain_tests *tests = NULL;
        out_int(out, attain_test(policies[i], NULL, &tests));
        tell_tests(tests, out);
        attain_tests_free(tests);
    }
}

static void print_policies(struct out *out) {
    attain_policy *const policies[] = {shared.field, shared.hooks, shared.edited, shared.broken};
    for (int i = 0; i < 4; i++) {
        for (int k = ATTAIN_DUMP_TOKENS; k <= ATTAIN_DUMP_ORDER; k++)
            out_int(out, attain_policy_dump(policies[i], (attain_dump)k, NULL, out_put, out));
        out_int(out, attain_policy_format(policies[i], NULL, out_put, out));
        tell_policy(policies[i], out);
        out_int(out, attain_diagnostics_write(attain_policy_diagnostics(policies[i]), ATTAIN_DIAGNOSTICS_TEXT,
                                              0, out_put, out));
        out_int(out, attain_diagnostics_write(attain_policy_diagnostics(policies[i]), ATTAIN_DIAGNOSTICS_JSON,
                                              0, out_put, out));
    }
}

static void own_policies(struct out *out) {
    attain_policy *const policies[] = {shared.field, shared.edited, shared.hooks};
    for (int i = 0; i < 300; i++)
        attain_policy_release(attain_policy_retain(policies[i % 3]));
    out_int(out, 300);
}

static void run_together(struct out *out) {
    attain_policy *policies[] = {shared.field, shared.edited};
    attain_results *results = NULL; /* every payee is covered twice, which is refused */
    out_int(out, attain_run(policies, 2, shared.field_data, NULL, &results));
    tell_results(results, out);
    attain_results_free(results);
}

static void write_statements(struct out *out) {
    attain_policy *policy = shared.hooks;
    attain_results *results = NULL;
    uint64_t checked = 0, wrong = 0;
    out_int(out, attain_run(&policy, 1, shared.hooks_data, NULL, &results));
    out_int(out, attain_explain_check(results, NULL, &checked, &wrong, out_put, out));
    out_int(out, (long long)(checked * 1000 + wrong));
    attain_explain_options page = {.payee = "ana", .format = ATTAIN_EXPLAIN_STATEMENT, .language = "zh"};
    out_int(out, attain_explain(results, &page, out_put, out));
    attain_results_free(results);
}

static void (*const works[WORKS])(struct out *out) = {
    run_field, diff_field,    run_many,       own_policies, diff_hooks,   run_hooks,
    diff_back, test_policies, print_policies, run_settings, run_together, write_statements};

/* ---- what is shared */

static attain_data *folder_data(const char *path) {
    attain_data *data = NULL;
    must(attain_data_new(NULL, &data), path);
    must(attain_data_set_directory(data, path), path);
    return data;
}

static bool load_lua(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    (void)from, (void)wanted;
    *loaded = (attain_loaded){.bytes = ((struct out *)context)->at, .length = ((struct out *)context)->n};
    return true;
}

static attain_policy *edited_policy(const char *path, const char *what, const char *with, const char *lua) {
    struct out text = file_read(path), changed = replaced(&text, what, with);
    struct out code = {0};
    attain_policy_options options = {0};
    attain_policy *policy = NULL;
    if (lua) {
        code = file_read(lua);
        options = (attain_policy_options){.load = load_lua, .load_context = &code};
    }
    must(attain_policy_compile(path, changed.at, changed.n, &options, &policy), path);
    free(text.at), free(changed.at), free(code.at);
    return policy;
}

static void bind_many(void) {
    static const char reps[] = "id,name,team\nana,Ana,east\nben,Ben,west\n";
    static const char targets[] = "rep,quarter,amount\nana,2026-Q1,100000\nben,2026-Q1,50000\n"
                                  "ana,2026-Q2,100000\nben,2026-Q2,50000\nana,2026-Q3,1\nben,2026-Q3,1\n";
    char line[100];
    out_put(&shared.many, "id,rep,product,amount,closed_on,stage\n", 38);
    for (int i = 0; i < 25000; i++)
        out_put(&shared.many, line,
                (size_t)snprintf(line, sizeof line, "d%d,%s,core,%d.%02d,2026-0%d-1%d,won\n", i,
                                 i % 2 ? "ana" : "ben", i % 1000, i % 100, i % 9 + 1, i % 9));
    must(attain_data_new(NULL, &shared.many_data), "data");
    must(attain_data_bind_memory(shared.many_data, "rep", reps, strlen(reps), NULL), "reps");
    must(attain_data_bind_memory(shared.many_data, "target", targets, strlen(targets), NULL), "quotas");
    must(attain_data_bind_memory(shared.many_data, "deal", shared.many.at, shared.many.n, NULL), "deals");
}

static void make_shared(void) {
    static const char field[] = "rules/field-sales/policy.attain";
    static const char hooks[] = "rules/hooks/fairness-floor/policy.attain";
    static const char lua[] = "rules/hooks/fairness-floor/fair.lua";
    must(attain_policy_open(field, NULL, &shared.field), field);
    shared.edited = edited_policy(field, "15% over quota", "16% over quota", NULL);
    must(attain_policy_open(hooks, NULL, &shared.hooks), hooks);
    shared.hooks_edited = edited_policy(hooks, "10% of bookings", "11% of bookings", lua);
    must(attain_policy_open("rules/flat-rate/policy.attain", NULL, &shared.flat), "flat-rate");
    if (attain_policy_open("tests/docs/mistakes.attain", NULL, &shared.broken) != ATTAIN_BAD_POLICY) exit(2);
    shared.field_data = folder_data("rules/field-sales/data");
    shared.hooks_data = folder_data("rules/hooks/fairness-floor/data");
    shared.flat_data = folder_data("rules/flat-rate/data");
    bind_many();
}

/* ---- the threads */

struct worker {
    pthread_t thread;
    unsigned index, rounds;
    const struct out *expected;
    unsigned wrong;
};

static void *work(void *argument) {
    struct worker *worker = argument;
    struct out out = {0};
    for (unsigned i = 0; i < worker->rounds * WORKS; i++) {
        unsigned w = (i + worker->index * 5) % WORKS; /* each begins elsewhere */
        out.n = 0;
        works[w](&out);
        if (out_same(&out, &worker->expected[w])) continue;
        worker->wrong++;
        printf("FAILED thread %u, work %u: other bytes than those of one thread\n", worker->index, w);
    }
    free(out.at);
    attain_policy_release(shared.field); /* each has an owner's share of these */
    attain_policy_release(shared.hooks);
    return NULL;
}

int main(int argc, char **argv) {
    static struct worker workers[THREADS];
    static struct out expected[WORKS];
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1, wrong = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    make_shared();
    for (unsigned w = 0; w < WORKS; w++)
        works[w](&expected[w]);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.index = i, .rounds = rounds, .expected = expected};
        attain_policy_retain(shared.field);
        attain_policy_retain(shared.hooks);
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) return 2;
    }
    attain_policy_release(shared.field);
    attain_policy_release(shared.hooks);
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        wrong += workers[i].wrong;
    }
    attain_policy_release(shared.edited);
    attain_policy_release(shared.hooks_edited);
    attain_policy_release(shared.flat);
    attain_policy_release(shared.broken);
    attain_data_free(shared.field_data);
    attain_data_free(shared.hooks_data);
    attain_data_free(shared.flat_data);
    attain_data_free(shared.many_data);
    free(shared.many.at);
    for (unsigned w = 0; w < WORKS; w++)
        free(expected[w].at);
    printf("%d threads, %u works each: %u failed\n", THREADS, rounds * WORKS, wrong);
    return wrong != 0;
}
