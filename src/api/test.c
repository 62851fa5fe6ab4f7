/* api/test.c: runs the tests inside a policy, each on its own rows, and keeps the results. */
#include "api/test.h"
#include "api/run.h"
#include "api/shape.h"
#include "words/message.h"

#define FREE(tests) at_api_handle_free((tests), sizeof(struct attain_tests))

bool at_api_trial_problem(struct at_api_trial *trial, const char *format, ...) {
    va_list args;
    if (trial->result->problem.n) return false;
    va_start(args, format);
    trial->result->problem = at_api_trial_text(trial, format, args);
    va_end(args);
    return false;
}

at_str at_api_trial_text(const struct at_api_trial *trial, const char *format, va_list args) {
    at_str text;
    if (at_words_message(trial->arena, trial->policy->diags.words, format, args, &text)) return text;
    return at_str_vformat(trial->arena, format, args);
}

/* What the other rooms said, when they refused: the first error is the reason. Without memory there is no
 * telling. */
static bool refused(struct at_api_trial *trial, enum at_status status, const char *otherwise) {
    if (status == AT_NOMEM) at_arena_fail(trial->arena);
    for (uint32_t i = 0; i < trial->diags.n; i++) {
        const struct at_diag *diag = trial->diags.at[i];
        if (diag->severity != AT_SEV_ERROR) continue;
        if (!diag->place || diag->place->row == 0)
            return at_api_trial_problem(trial, "%.*s", AT_STR_ARG(diag->message));
        return at_api_trial_problem(trial, "%.*s, row %llu: %.*s", AT_STR_ARG(diag->place->file),
                                    (unsigned long long)diag->place->row, AT_STR_ARG(diag->message));
    }
    return at_api_trial_problem(trial, "%s", otherwise);
}

bool at_api_trial_constant(struct at_api_trial *trial, const struct at_ast_node *expr,
                           struct at_plan_value *out) {
    if (at_plan_constant(trial->policy->plan, expr, trial->arena, &trial->diags, out)) return true;
    return refused(trial, AT_REJECTED, "a value in this test is not a constant");
}

/* An expectation may ask for a measure that pays nothing. */
static const struct at_session_plan *prepare_plan(const struct at_plan *plan, struct at_arena *arena) {
    return at_session_prepare(at_plan_with_measures(plan, arena), true, arena);
}

/* The `given param` that means the param most closely. */
static const struct at_ast_node *given_for(const struct at_api_trial *trial, const struct at_ast_node *test,
                                           at_str param) {
    const struct at_ast_node *best = NULL;
    uint32_t closest = 0;
    for (uint32_t i = 0; i < test->n; i++) {
        const struct at_ast_node *set = test->child[i];
        if (!set || set->kind != AT_N_SET) continue;
        uint32_t close = at_api_setting_means(trial->policy, set->text, param, trial->arena);
        if (close > closest) best = set;
        if (close > closest) closest = close;
    }
    return best;
}

/* `given param base = 9%`: the test's own plan. */
static bool make_plan(struct at_api_trial *trial) {
    const struct at_ast_node *test = trial->result->node;
    const struct at_check_policy *checked = trial->policy->checked;
    struct at_plan_setting *settings =
        AT_NEW_ARRAY(trial->arena, struct at_plan_setting, checked->n_params + 1);
    struct at_plan *plan = NULL;
    uint32_t n = 0;
    for (uint32_t p = 0; p < checked->n_params; p++) {
        const struct at_ast_node *set = given_for(trial, test, checked->params[p]->name);
        if (!set) continue;
        settings[n].name = checked->params[p]->name;
        if (!at_api_trial_constant(trial, set->child[0], &settings[n].value)) return false;
        n++;
    }
    trial->plan = trial->shared;
    if (n == 0) return true;
    enum at_status status =
        at_plan_lower(trial->policy->checked, settings, n, trial->arena, &trial->diags, &plan);
    if (status != AT_OK) return refused(trial, status, "the values given for params are not valid");
    trial->plan = prepare_plan(plan, trial->arena);
    return true;
}

/* A `require` that is not met is not a diagnostic of the data, so its text is the reason. */
static bool fails_require(struct at_api_trial *trial) {
    if (!trial->run || trial->run->n_failures == 0) return false;
    const struct at_check_require_decl *require =
        trial->plan->plan->requires[trial->run->failures[0].require].decl;
    at_str message = require->node->text;
    at_api_trial_problem(trial, "nothing is paid, because a `require` is not met: %.*s", AT_STR_ARG(message));
    return true;
}

/* Loads the rows, and runs the test's plan for all periods. */
static bool execute(struct at_api_trial *trial) {
    struct at_session_run_options options = {.hooks = trial->hooks};
    bool *keep = AT_NEW_ARRAY(trial->arena, bool, trial->data.n_tables + 1);
    options.from.kind = options.through.kind = AT_YEAR + 1; /* all there are */
    options.also = at_api_trial_periods(trial, &options.n_also);
    if (!options.also) return false;
    at_session_run_wants(trial->plan->plan, keep);
    enum at_status status = at_table_dataset_load(&trial->data, keep);
    if (status == AT_OK)
        status = at_session_run_execute(trial->plan, &trial->data, &options, trial->arena, &trial->diags,
                                        &trial->run);
    if (status == AT_OK && options.hooks && at_lua_hooks_spent(options.hooks->context))
        return at_api_trial_problem(trial, "the hooks together take more steps than a run allows");
    if (status == AT_OK) status = at_api_helping(trial->run, trial->watch, trial->arena, &trial->diags);
    if (status == AT_OK) return true;
    if (fails_require(trial)) return false;
    return refused(trial, status,
                   status == AT_CANCELLED ? "stopped on request" : "the rows of the test are not valid");
}

/* Calls of functions alone need no run, which the policy's `require` could refuse without rows. */
static bool wants_run(const struct at_ast_node *test) {
    bool calls = false;
    for (uint32_t i = 0; i < test->n; i++) {
        const struct at_ast_node *child = test->child[i];
        if (child && (child->kind == AT_N_GIVEN || child->kind == AT_N_EXPECT)) return true;
        calls |= child && child->kind == AT_N_EXPECTCALL;
    }
    return !calls;
}

static void open_hooks(struct at_api_trial *trial) {
    const struct at_api_version version = at_api_policy_version(trial->policy);
    struct at_lua_hooks *hooks = AT_NEW(trial->arena, struct at_lua_hooks);
    trial->hooks = at_api_version_hooks(&version, hooks, &trial->limits, trial->watch);
}

/* A problem ends the test. Failed expectations do not, so that all of them are shown. */
static void run_test(struct at_api_trial *trial) {
    struct at_api_test_result *result = trial->result;
    const struct at_ast_node *test = result->node;
    at_diag_list_init(&trial->diags, trial->arena, &trial->policy->sources);
    result->expectations = AT_NEW_ARRAY(trial->arena, struct at_api_expectation, test->n + 1);
    open_hooks(trial);
    if (!make_plan(trial)) return;
    if (wants_run(test) && (!at_api_trial_given(trial) || !execute(trial))) return;
    result->passed = true;
    for (uint32_t i = 0; i < test->n; i++) {
        const struct at_ast_node *child = test->child[i];
        if (!child || (child->kind != AT_N_EXPECT && child->kind != AT_N_EXPECTCALL)) continue;
        struct at_api_expectation *expectation = &result->expectations[result->n_expectations++];
        if (child->kind == AT_N_EXPECT)
            at_api_trial_expect(trial, child, expectation);
        else
            at_api_trial_expect_call(trial, child, expectation);
        result->passed &= expectation->passed;
    }
    result->passed &= result->problem.n == 0;
}

/* Tests of the standard library run when it is tested itself. */
static bool own_test(const struct attain_policy *policy, const struct at_ast_node *test) {
    struct at_diag_place place = at_diag_sources_place(&policy->sources, test->span.start);
    return !place.file || place.file->name.n < 4 || memcmp(place.file->name.p, "std/", 4) != 0;
}

static bool contains(at_str text, at_str part) {
    for (uint32_t i = 0; i + part.n <= text.n; i++)
        if (memcmp(text.p + i, part.p, part.n) == 0) return true;
    return false;
}

struct testing {
    struct attain_tests *t;
    const attain_test_options *options;
    struct at_api_shapes shapes;
};

static void begin_shapes(struct testing *testing) {
    struct attain_tests *t = testing->t;
    at_diag_list_init(&t->shapes, &t->own.arena, &t->policy->sources);
    t->shapes.words = t->policy->diags.words; /* the language in which it was compiled */
    memcpy(t->shapes.allowed, t->policy->diags.allowed, sizeof t->shapes.allowed);
    t->lists[0] = &t->shapes;
    t->list = (struct attain_diagnostics){t->lists, 1};
    testing->shapes =
        (struct at_api_shapes){.diags = &t->shapes, .arena = &t->own.arena, .watch = &t->own.watch};
}

static attain_status run_tests(void *context) {
    struct testing *testing = context;
    struct attain_tests *t = testing->t;
    const attain_test_options *options = testing->options;
    const struct at_check_policy *checked = t->policy->checked;
    const char *filter = options && options->filter ? options->filter : "";
    t->tests = AT_NEW_ARRAY(&t->own.arena, struct at_api_test_result, checked->n_tests + 1);
    const struct at_session_plan *shared = prepare_plan(t->policy->plan, &t->own.arena);
    begin_shapes(testing);
    for (uint32_t i = 0; i < checked->n_tests; i++) {
        if (!own_test(t->policy, checked->tests[i]) || !contains(checked->tests[i]->text, at_str_z(filter)))
            continue;
        at_watch_show(&t->own.watch, AT_WATCH_TEST, checked->tests[i]->text, i, checked->n_tests);
        struct at_api_test_result *result = &t->tests[t->n_tests];
        struct at_api_trial *trial = AT_NEW(&t->own.arena, struct at_api_trial);
        result->node = checked->tests[i];
        *trial = (struct at_api_trial){.arena = &t->own.arena,
                                       .scratch = &t->own.arena,
                                       .policy = t->policy,
                                       .shared = shared,
                                       .result = result,
                                       .watch = &t->own.watch};
        if (options)
            trial->limits =
                (struct at_lua_limits){options->hook_steps, options->hook_run_steps, options->hook_memory};
        run_test(trial);
        if (options && options->shapes && trial->run && result->problem.n == 0 &&
            at_api_shapes_add(&testing->shapes, trial->run, result->node->text) == AT_CANCELLED)
            return ATTAIN_CANCELLED;
        if (at_watch_cancelled(&t->own.watch)) return ATTAIN_CANCELLED; /* this test does not count */
        t->n_tests++;
        t->n_failed += !result->passed;
    }
    at_api_shapes_end(&testing->shapes, t->policy->plan);
    if (options && options->strict) at_diag_list_raise(&t->shapes);
    at_diag_list_sort(&t->shapes);
    return ATTAIN_OK;
}

attain_status attain_test(attain_policy *policy, const attain_test_options *options, attain_tests **out) {
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!policy || (options && !AT_RESERVED_CLEAR(options))) return ATTAIN_USAGE;
    if (!policy->plan) return ATTAIN_BAD_POLICY;
    struct attain_tests *t = at_api_handle_new(options ? options->allocator : NULL, sizeof *t);
    if (!t) return ATTAIN_NO_MEMORY;
    at_api_own_limit(&t->own, options ? options->max_memory : 0);
    at_api_own_watch(&t->own, options ? options->watch : NULL);
    t->policy = attain_policy_retain(policy);
    struct testing testing = {.t = t, .options = options};
    attain_status status = at_api_own_run(&t->own, run_tests, &testing);
    if (at_api_lacked_memory(status))
        attain_tests_free(t);
    else
        *out = t;
    return status;
}

void attain_tests_free(attain_tests *tests) {
    if (!tests) return;
    attain_policy_release(tests->policy);
    FREE(tests);
}

const attain_diagnostics *attain_tests_diagnostics(const attain_tests *tests) {
    return tests ? &tests->list : NULL;
}

size_t attain_tests_count(const attain_tests *tests) {
    return tests ? tests->n_tests : 0;
}
size_t attain_tests_failed(const attain_tests *tests) {
    return tests ? tests->n_failed : 0;
}

static struct at_diag_place place_of(const attain_tests *tests, const struct at_ast_node *node) {
    return at_diag_sources_place(&tests->policy->sources, node->span.start);
}

attain_status(attain_tests_get)(const attain_tests *tests, size_t index, attain_test_result *out,
                                size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_tests_count(tests)) return ATTAIN_USAGE;
    const struct at_api_test_result *result = &tests->tests[index];
    struct at_diag_place place = place_of(tests, result->node);
    attain_test_result full = {.name = at_api_text(result->node->text),
                               .passed = result->passed,
                               .file = at_api_text(place.file ? place.file->name : (at_str){"", 0}),
                               .line = place.line,
                               .column = place.column,
                               .problem = at_api_text(result->problem),
                               .expectation_count = result->n_expectations};
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_tests_expectation)(const attain_tests *tests, size_t index, size_t expectation,
                                        attain_expectation *out, size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_tests_count(tests)) return ATTAIN_USAGE;
    if (expectation >= tests->tests[index].n_expectations) return ATTAIN_USAGE;
    const struct at_api_expectation *e = &tests->tests[index].expectations[expectation];
    struct at_diag_place place = place_of(tests, e->node);
    attain_expectation full = {.passed = e->passed,
                               .text = at_api_text(e->text),
                               .expected = at_api_text(e->expected),
                               .got = at_api_text(e->got),
                               .difference = at_api_text(e->difference),
                               .note = at_api_text(e->note),
                               .file = at_api_text(place.file ? place.file->name : (at_str){"", 0}),
                               .line = place.line,
                               .column = place.column};
    return AT_OUT_PUT(out, size, full);
}
