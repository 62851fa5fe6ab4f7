/* api/expect_call.c: looks at one `expect f(…) = E`, `… because "…"`, or `expect f(…) fails "…"`. The call
 * has constants only, so it is calculated without a run.
 */
#include "api/test.h"
#include "api/value.h"
#include "gather/exception.h"
#include "kernel/once.h"

struct look {
    struct at_api_trial *trial;
    const struct at_ast_node *node; /* EXPECTCALL */
    struct at_api_expectation *out;
    struct at_kernel_once once;
    at_str failure; /* what the call reports; empty: it has a value */
};

static at_str text_of(const struct look *look, const struct at_ast_node *node) {
    return at_diag_sources_text(look->trial->diags.sources, node->span);
}

static at_str quoted(const struct look *look, at_str text) {
    return at_str_format(look->trial->arena, "\"%.*s\"", AT_STR_ARG(text));
}

/* The message of `error(…)` without its place, so that a test does not depend on lines. */
static at_str message_of(struct look *look, const struct at_plan *plan) {
    struct at_arena *arena = look->trial->arena;
    const struct at_kernel_fault *fault = look->once.fault;
    struct at_gather_exceptions exceptions;
    if (fault->hook && fault->hook->text.n) return fault->hook->text;
    at_gather_exceptions_open(&exceptions, plan, at_plan_statements_new(plan, arena), NULL, arena);
    const struct at_gather_exception e = at_gather_exception_of(&exceptions, fault, arena);
    return at_words_reason_plain(arena, &e.why);
}

/* False, with a problem of the test: the call cannot be calculated at all. */
static bool calculate(struct look *look) {
    struct at_api_trial *trial = look->trial;
    uint32_t root;
    struct at_plan *plan =
        at_plan_once(trial->plan->plan, look->node->child[0], trial->arena, &trial->diags, &root);
    if (!plan) return at_api_trial_problem(trial, "a value in this test is not a constant");
    at_kernel_once(plan, root, trial->hooks, trial->arena, &look->once);
    if (look->once.fault) look->failure = message_of(look, plan);
    return true;
}

static void fails(struct look *look) {
    struct at_api_expectation *out = look->out;
    out->expected = at_str_format(look->trial->arena, "fails \"%.*s\"", AT_STR_ARG(look->node->text2));
    out->passed = look->once.fault && at_str_eq(look->failure, look->node->text2);
    if (out->passed) return;
    out->got = look->once.fault
                   ? at_str_format(look->trial->arena, "fails \"%.*s\"", AT_STR_ARG(look->failure))
                   : at_api_value_text(look->trial->arena, &look->once.value, false);
}

static bool same(const struct look *look, const struct at_plan_value *a, const struct at_plan_value *b) {
    struct at_arena *arena = look->trial->arena;
    if (a->missing || b->missing) return a->missing == b->missing;
    if (at_plan_type_counts(a->type) && at_plan_type_counts(b->type)) {
        at_num x = at_plan_value_num(a), y = at_plan_value_num(b);
        return x.form != AT_NUM_OVERFLOW && y.form != AT_NUM_OVERFLOW && at_num_cmp(arena, x, y) == 0;
    }
    return at_str_eq(at_api_value_text(arena, a, false), at_api_value_text(arena, b, false));
}

/* The value first: a wrong reason of a wrong value is of no interest. */
static void reason(struct look *look) {
    at_str given = look->once.said ? look->once.said->reason : (at_str){0};
    if (!look->node->span2.end || at_str_eq(given, look->node->text2)) return;
    look->out->passed = false;
    look->out->expected = quoted(look, look->node->text2);
    look->out->got = given.n ? quoted(look, given) : AT_STR("no reason");
}

static void value(struct look *look, const struct at_plan_value *expected) {
    struct at_arena *arena = look->trial->arena;
    struct at_api_expectation *out = look->out;
    const struct at_plan_value *got = &look->once.value;
    bool percent = expected->type.unit == AT_UNIT_PERCENT;
    out->expected = at_api_value_text(arena, expected, percent);
    if (look->once.fault || look->once.state != AT_STATE_OK) {
        out->got = look->once.fault ? AT_STR("failed") : AT_STR("missing");
        out->note = look->failure;
        return;
    }
    out->got = at_api_value_text(arena, got, percent);
    out->passed = same(look, expected, got);
    if (out->passed) {
        reason(look);
        return;
    }
    if (!at_plan_type_counts(expected->type) || !at_plan_type_counts(got->type)) return;
    struct at_plan_value difference = *expected;
    at_plan_value_put_num(&difference,
                          at_num_sub(arena, at_plan_value_num(got), at_plan_value_num(expected)));
    out->difference = at_api_value_text(arena, &difference, percent);
}

void at_api_trial_expect_call(struct at_api_trial *trial, const struct at_ast_node *expect,
                              struct at_api_expectation *out) {
    struct look look = {.trial = trial, .node = expect, .out = out};
    struct at_plan_value expected;
    out->node = expect;
    out->text = text_of(&look, expect->child[0]);
    if (!calculate(&look)) return;
    if (!expect->child[1])
        fails(&look);
    else if (at_api_trial_constant(trial, expect->child[1], &expected))
        value(&look, &expected);
}
