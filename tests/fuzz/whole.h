/* tests/fuzz/whole.h: one whole run in process, through attain.h only: a policy is checked, formatted,
 * dumped, and tested. It pays its data, and everything that the library can write is written. It is then
 * compared with another version of itself.
 *
 * Nothing may crash or be lost: a refusal has a diagnostic, explanations add up, and the lines do not depend
 * on the number of threads. What breaks this rule is printed with its input, and the program aborts.
 */
#ifndef AT_FUZZ_WHOLE_H
#define AT_FUZZ_WHOLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attain.h"

#define WHOLE_FILES 24
#define WHOLE_MEMORY ((size_t)512 << 20) /* more is refused, so that a wide range of dates ends soon */
#define WHOLE_SECONDS 60                 /* a case that takes longer hangs */

struct whole_file {
    char name[96];
    char *text;
    size_t n;
};

/* A policy and the files around it, all of them in memory. */
struct whole_case {
    char name[256];
    struct whole_file policy;
    struct whole_file files[WHOLE_FILES];
    size_t n_files;
};

struct whole_counts {
    unsigned long tried, compiled, paid, explained, compared;
};
static struct whole_counts whole_counts;
static const struct whole_case *whole_now; /* for messages */

static void whole_fail(const char *why) {
    fprintf(stderr, "whole run: %s\n", why);
    if (whole_now) {
        fprintf(stderr, "=== %s\n--- policy.attain\n%.*s\n", whole_now->name, (int)whole_now->policy.n,
                whole_now->policy.text);
        for (size_t i = 0; i < whole_now->n_files; i++)
            fprintf(stderr, "--- %s\n%.*s\n", whole_now->files[i].name, (int)whole_now->files[i].n,
                    whole_now->files[i].text);
    }
    abort();
}

/* AT_FUZZ_LAST names a file for the case that is tried: what crashes is found there. */
static void whole_keep(const struct whole_case *c) {
    const char *last = getenv("AT_FUZZ_LAST");
    FILE *file = last ? fopen(last, "wb") : NULL;
    whole_now = c;
    if (!file) return;
    fprintf(file, "=== %s\n--- policy.attain\n", c->name);
    fwrite(c->policy.text, 1, c->policy.n, file);
    for (size_t i = 0; i < c->n_files; i++) {
        fprintf(file, "\n--- %s\n", c->files[i].name);
        fwrite(c->files[i].text, 1, c->files[i].n, file);
    }
    fclose(file);
}

/* ---- memory with an end, and output that is only counted */

static size_t whole_held;

static void *whole_resize(void *context, void *ptr, size_t old_size, size_t new_size) {
    (void)context;
    size_t held = __atomic_load_n(&whole_held, __ATOMIC_RELAXED);
    if (new_size > old_size && held + (new_size - old_size) > WHOLE_MEMORY) return NULL;
    if (new_size == 0) {
        free(ptr);
        __atomic_fetch_sub(&whole_held, old_size, __ATOMIC_RELAXED);
        return NULL;
    }
    void *out = realloc(ptr, new_size);
    if (out) __atomic_fetch_add(&whole_held, new_size - old_size, __ATOMIC_RELAXED);
    return out;
}
static const attain_allocator whole_memory = {.resize = whole_resize};

/* Counts, and hashes, so that two outputs can be compared. */
struct whole_sink {
    size_t n;
    uint64_t hash;
};

static int whole_write(void *context, const char *bytes, size_t length) {
    struct whole_sink *sink = context;
    for (size_t i = 0; i < length; i++)
        sink->hash = (sink->hash ^ (uint8_t)bytes[i]) * UINT64_C(1099511628211);
    sink->n += length;
    return 0;
}

static void whole_allow(attain_status status, const char *what) {
    static char text[200];
    if (status == ATTAIN_OK || status == ATTAIN_NO_MEMORY) return;
    snprintf(text, sizeof text, "%s: %s", what, attain_status_text(status));
    whole_fail(text);
}

/* A refusal says why. */
static void whole_diagnostics(const attain_diagnostics *list, attain_status status, const char *what) {
    struct whole_sink sink = {0};
    if (status != ATTAIN_OK && status != ATTAIN_NO_MEMORY && status != ATTAIN_IO &&
        attain_diagnostics_errors(list) == 0)
        whole_fail(what);
    for (int format = ATTAIN_DIAGNOSTICS_TEXT; format <= ATTAIN_DIAGNOSTICS_JSON; format++)
        whole_allow(attain_diagnostics_write(list, (attain_diagnostics_format)format, 0, whole_write, &sink),
                    "diagnostics");
}

/* ---- files */

static const struct whole_file *whole_find(const struct whole_case *c, const char *name, size_t n) {
    for (size_t i = n; i-- > 0;)
        if (name[i] == '/') {
            name += i + 1;
            n -= i + 1;
            break;
        }
    for (size_t i = 0; i < c->n_files; i++)
        if (strlen(c->files[i].name) == n && memcmp(c->files[i].name, name, n) == 0) return &c->files[i];
    return NULL;
}

static bool whole_load(void *context, const char *from, const char *wanted, attain_loaded *loaded) {
    const struct whole_file *file = whole_find(context, wanted, strlen(wanted));
    (void)from;
    if (!file) return false;
    loaded->bytes = file->text;
    loaded->length = file->n;
    return true;
}

static attain_policy *whole_compile(const struct whole_case *c, attain_stage stage, attain_status *status) {
    attain_policy_options options = {
        .stage = stage, .load = whole_load, .load_context = (void *)(uintptr_t)c, .allocator = &whole_memory};
    attain_policy *policy = NULL;
    *status = attain_policy_compile("policy.attain", c->policy.text, c->policy.n, &options, &policy);
    if (*status != ATTAIN_OK && *status != ATTAIN_BAD_POLICY && *status != ATTAIN_NO_MEMORY)
        whole_fail("a policy is neither accepted nor refused");
    if (policy)
        whole_diagnostics(attain_policy_diagnostics(policy), *status, "a policy is refused without a reason");
    return policy;
}

/* Binds what the tables of the policy name to the files of the case; false where one is missing. */
static bool whole_bind(const struct whole_case *c, const attain_policy *policy, attain_data *data) {
    attain_table table;
    bool all = true;
    for (size_t i = 0; attain_policy_table(policy, i, &table) == ATTAIN_OK; i++) {
        char name[128];
        const struct whole_file *file = whole_find(c, table.source.bytes, table.source.length);
        snprintf(name, sizeof name, "%.*s.csv", (int)table.name.length, table.name.bytes);
        if (!file) file = whole_find(c, name, strlen(name));
        snprintf(name, sizeof name, "%.*s", (int)table.name.length, table.name.bytes);
        if (!file || attain_data_bind_memory(data, name, file->text, file->n, file->name) != ATTAIN_OK)
            all = false;
    }
    return all;
}

/* ---- writing everything */

static void whole_text(attain_policy *policy, attain_stage stage) {
    struct whole_sink sink = {0};
    if (stage == ATTAIN_STAGE_TOKENS) {
        whole_allow(attain_policy_dump(policy, ATTAIN_DUMP_TOKENS, NULL, whole_write, &sink),
                    "dump of tokens");
        return;
    }
    attain_status status = attain_policy_format(policy, NULL, whole_write, &sink);
    if (status != ATTAIN_BAD_POLICY) whole_allow(status, "format");
    status = attain_policy_dump(policy, ATTAIN_DUMP_AST, NULL, whole_write, &sink);
    if (status != ATTAIN_BAD_POLICY) whole_allow(status, "dump of the tree");
    if (stage != ATTAIN_STAGE_CHECK || !attain_policy_ok(policy)) return;
    whole_allow(attain_policy_dump(policy, ATTAIN_DUMP_PLAN, NULL, whole_write, &sink), "dump of the plan");
    whole_allow(attain_policy_dump(policy, ATTAIN_DUMP_PLAN_DOT, NULL, whole_write, &sink),
                "drawing of the plan");
}

static void whole_tests(attain_policy *policy) {
    attain_test_options options = {
        .allocator = &whole_memory, .hook_steps = 200000, .hook_run_steps = 4000000};
    attain_tests *tests = NULL;
    attain_test_result result;
    attain_expectation expectation;
    whole_allow(attain_test(policy, &options, &tests), "tests");
    for (size_t i = 0; attain_tests_get(tests, i, &result) == ATTAIN_OK; i++)
        for (size_t k = 0; attain_tests_expectation(tests, i, k, &expectation) == ATTAIN_OK; k++)
            continue;
    attain_tests_free(tests);
}

static attain_results *whole_run(attain_policy *policy, const attain_data *data, unsigned threads, bool zeros,
                                 bool skip, attain_status *status) {
    attain_run_options options = {.zeros = zeros,
                                  .skip_bad_rows = skip,
                                  .threads = threads,
                                  .allocator = &whole_memory,
                                  .hook_steps = 200000,
                                  .hook_run_steps = 20000000};
    attain_results *results = NULL;
    *status = attain_run(&policy, 1, data, &options, &results);
    if (results)
        whole_diagnostics(attain_results_diagnostics(results), *status, "a run is refused without a reason");
    return results;
}

static void whole_results(const attain_results *results, uint64_t *hash) {
    attain_line line;
    attain_payee payee;
    attain_total total;
    attain_withheld withheld;
    attain_summary summary;
    for (int format = ATTAIN_RESULTS_TABLE; format <= ATTAIN_RESULTS_SUMMARY; format++) {
        struct whole_sink sink = {0};
        attain_results_options options = {
            .width = format == ATTAIN_RESULTS_TABLE ? 60 : 0, .color = true, .safe_csv = true};
        whole_allow(
            attain_results_write(results, (attain_results_format)format, &options, whole_write, &sink),
            "results");
        *hash = *hash * 31 + sink.hash;
    }
    for (uint64_t i = 0; attain_results_line(results, i, &line) == ATTAIN_OK; i++)
        continue;
    for (size_t i = 0; attain_results_payee(results, i, &payee) == ATTAIN_OK; i++)
        continue;
    for (size_t i = 0; attain_results_total(results, i, &total) == ATTAIN_OK; i++)
        continue;
    for (size_t i = 0; attain_results_withheld(results, i, &withheld) == ATTAIN_OK; i++)
        continue;
    (void)attain_results_summary(results, &summary);
}

static int whole_begin(void *context, size_t payee) {
    (void)context;
    (void)payee;
    return 0;
}
static int whole_end(void *context, attain_status status) {
    (void)context;
    return status == ATTAIN_OK ? 0 : 1;
}
static size_t whole_name(void *context, size_t payee, char *out, size_t room) {
    (void)context;
    (void)payee;
    return (size_t)snprintf(out, room, "page.html");
}

/* The same explanations as data: every link leads to a step, and a step belongs to one before it. */
static void whole_tree(attain_results *results) {
    attain_explanation *tree = NULL;
    attain_step step;
    attain_reason reason;
    whole_allow(attain_explain_tree(results, NULL, &tree), "explanation as a tree");
    size_t n = attain_explanation_count(tree);
    for (size_t i = 0; attain_explanation_step(tree, i, &step) == ATTAIN_OK; i++)
        if ((step.parent != SIZE_MAX && step.parent >= i) ||
            (step.first != SIZE_MAX && step.first != i + 1) ||
            (step.next != SIZE_MAX && (step.next <= i || step.next >= n)))
            whole_fail("a step of an explanation leads nowhere");
    attain_explanation_free(tree);
    for (size_t i = 0; i < attain_results_withheld_count(results); i++)
        for (size_t k = 0; attain_results_reason(results, i, k, &reason) == ATTAIN_OK; k++)
            continue;
}

/* Names of any policy, also of one with errors, and what each byte of it means. */
static void whole_names(attain_policy *policy, size_t bytes) {
    attain_names *names = NULL;
    attain_name name;
    attain_use use;
    struct whole_sink sink = {0};
    if (!policy || attain_names_new(policy, NULL, &names) != ATTAIN_OK) return;
    for (size_t i = 0; attain_names_get(names, i, &name) == ATTAIN_OK; i++) {
        for (size_t k = 0; attain_names_use(names, i, k, &use) == ATTAIN_OK; k++)
            if (use.start >= use.end) whole_fail("a use without a name");
        whole_allow(attain_names_type(names, i, "zh", whole_write, &sink), "type of a name");
    }
    for (size_t at = 0; at <= bytes; at += 1 + bytes / 200)
        whole_allow(attain_names_hover(names, NULL, at, at % 2 ? "zh" : "en", whole_write, &sink), "hover");
    attain_names_free(names);
}

static void whole_explain(attain_results *results) {
    struct whole_sink sink = {0};
    uint64_t checked = 0, wrong = 0;
    for (int i = 0; i < 2; i++) {
        attain_explain_options options = {.language = i ? "zh" : "en", .all = i == 0, .color = i == 1};
        for (int format = ATTAIN_EXPLAIN_TEXT; format < ATTAIN_EXPLAIN_STATEMENT; format++) {
            options.format = (attain_explain_format)format;
            whole_allow(attain_explain(results, &options, whole_write, &sink), "explanation");
        }
        attain_statement_pages pages = {
            .begin = whole_begin, .write = whole_write, .end = whole_end, .context = &sink};
        whole_allow(attain_statements(results, &options, &pages), "statements");
        whole_allow(attain_statement_index(results, options.language, whole_name, NULL, whole_write, &sink),
                    "index");
    }
    attain_explain_options options = {.all = true};
    whole_allow(attain_explain_check(results, &options, &checked, &wrong, whole_write, &sink), "proof");
    if (wrong) whole_fail("an explanation does not add up");
    whole_counts.explained++;
}

static void whole_diff(attain_policy *before, attain_policy *after, const attain_data *data,
                       const attain_data *old) {
    attain_diff_options options = {.run = {.allocator = &whole_memory,
                                           .skip_bad_rows = true,
                                           .hook_steps = 200000,
                                           .hook_run_steps = 20000000},
                                   .old_data = old,
                                   .attribution = true,
                                   .explanations = true};
    attain_diff *diff = NULL;
    attain_status status = attain_diff_run(before, after, data, &options, &diff);
    if (diff)
        whole_diagnostics(attain_diff_diagnostics(diff), status, "a comparison is refused without a reason");
    if (status == ATTAIN_OK) {
        attain_diff_row row;
        bool hit;
        attain_text who;
        for (int format = ATTAIN_DIFF_TABLE; format <= ATTAIN_DIFF_HTML; format++) {
            struct whole_sink sink = {0};
            attain_results_options how = {.width = 80, .color = format == ATTAIN_DIFF_TABLE};
            whole_allow(attain_diff_write(diff, (attain_diff_format)format, &how, whole_write, &sink),
                        "comparison");
        }
        attain_diff_summary summary = {0};
        size_t causes = attain_diff_summary_get(diff, &summary) == ATTAIN_OK ? summary.causes : 0;
        for (uint64_t i = 0; attain_diff_row_get(diff, i, &row) == ATTAIN_OK; i++) {
            __int128 sum = 0;
            int64_t part;
            size_t k = 0;
            for (; k < causes && attain_diff_part(diff, i, k, &part) == ATTAIN_OK; k++)
                sum += part;
            /* A part that an amount cannot hold is refused. */
            if (causes && k == causes && sum != (__int128)row.after - row.before)
                whole_fail("the parts of a difference do not add up");
        }
        (void)attain_diff_limit(diff, "any payee < -1%", &hit, &who);
        whole_counts.compared++;
    }
    attain_diff_free(diff);
}

/* The case, and its comparison with `original` where that is not NULL. Returns whether it was paid. */
static bool whole_try(const struct whole_case *c, const struct whole_case *original, unsigned how) {
    attain_status status;
    bool paid = false;
    whole_keep(c);
    whole_counts.tried++;
    alarm(WHOLE_SECONDS);
    for (int stage = ATTAIN_STAGE_SYNTAX; stage <= ATTAIN_STAGE_TOKENS; stage++) {
        attain_policy *text = whole_compile(c, (attain_stage)stage, &status);
        if (text) whole_text(text, (attain_stage)stage);
        attain_policy_release(text);
    }
    attain_policy *policy = whole_compile(c, ATTAIN_STAGE_CHECK, &status);
    whole_names(policy, c->policy.n);
    attain_data *data = NULL;
    if (policy) whole_text(policy, ATTAIN_STAGE_CHECK);
    if (status == ATTAIN_OK && attain_data_new(&whole_memory, &data) == ATTAIN_OK) {
        whole_counts.compiled++;
        whole_tests(policy);
        if (whole_bind(c, policy, data)) {
            uint64_t one = 0, many = 0;
            attain_results *results = whole_run(policy, data, 1, how & 1, how & 2, &status);
            if (status == ATTAIN_OK) {
                paid = true;
                whole_counts.paid++;
                whole_results(results, &one);
                whole_explain(results);
                whole_tree(results);
                attain_results *again = whole_run(policy, data, 3, how & 1, how & 2, &status);
                whole_allow(status, "a run with three threads");
                if (status == ATTAIN_OK) {
                    whole_results(again, &many);
                    if (one != many) whole_fail("the results depend on the number of threads");
                }
                attain_results_free(again);
            }
            attain_results_free(results);
        }
        attain_policy *before = original ? whole_compile(original, ATTAIN_STAGE_CHECK, &status) : NULL;
        attain_data *old = NULL;
        if (before && status == ATTAIN_OK && paid && attain_data_new(&whole_memory, &old) == ATTAIN_OK &&
            whole_bind(original, before, old)) {
            if (how & 4) whole_diff(before, policy, data, how & 8 ? old : NULL);
            if (how & 16) whole_diff(policy, before, old, how & 8 ? data : NULL);
        }
        attain_data_free(old);
        attain_policy_release(before);
    }
    attain_data_free(data);
    attain_policy_release(policy);
    alarm(0);
    if (whole_held) whole_fail("memory is lost");
    whole_now = NULL;
    return paid;
}

#endif
