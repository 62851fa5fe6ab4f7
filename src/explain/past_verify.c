/* explain/past_verify.c: calculates values that depend on their own past again, period by period.
 *
 * What a run calculated column by column is compared with what each formula gives for one payee: by the code
 * that calculates constants of a policy, which shares nothing with the kernels. Values without a number and
 * exceptions are not compared, nor are sums over members and periods.
 */
#include "explain/explain_int.h"
#include "plan/graph.h"

/* Views of the run, and the payee whose values are calculated again. */
struct proof {
    const struct at_session_run *run;
    const struct at_plan *plan;
    struct at_arena *arena;
    uint32_t payee;
};

/* The value of a node, of the group in which the payee is in the period `now`; false where it has none to
 * compare. */
static bool value_of(const struct proof *proof, uint32_t node, uint32_t period, uint32_t now,
                     struct at_plan_value *out) {
    const struct at_session_run *run = proof->run;
    const struct at_plan_node *p = &proof->plan->nodes[node];
    uint32_t index = 0, state = AT_STATE_OK;
    if (p->op == AT_P_CONST) {
        *out = *(const struct at_plan_value *)p->data;
        return true;
    }
    /* The run does not keep columns that nothing needs. */
    if (!p->needed) return false;
    if (p->grain == AT_G_CELL) {
        index = period * run->n_payees + proof->payee;
    } else if (p->grain == AT_G_GROUP) {
        uint32_t group = at_kernel_frame_groups(run->frame, p->place, now)[proof->payee];
        if (group == UINT32_MAX) return false;
        index = period * run->group_sizes[p->place] + group;
    } else if (p->grain != AT_G_CONST) {
        return false;
    }
    *out = at_session_run_value(run, node, index, proof->arena, &state);
    out->missing = state == AT_STATE_MISSING;
    return state < AT_STATE_EXCEPTION;
}

/* Numbers are compared by value: the kernels and the fold can keep them in different forms. */
static bool same(const struct at_plan_value *a, const struct at_plan_value *b) {
    if (a->missing || b->missing) return a->missing == b->missing;
    if (at_plan_type_counts(a->type) && at_plan_type_counts(b->type))
        return at_num_cmp(NULL, at_plan_value_num(a), at_plan_value_num(b)) == 0;
    if (a->type.kind != b->type.kind) return true; /* choices as texts */
    if (a->type.kind == AT_T_TEXT) return at_str_eq(at_plan_value_text(a), at_plan_value_text(b));
    if (a->type.kind == AT_T_PERIOD)
        return at_plan_value_period(a).kind == at_plan_value_period(b).kind &&
               at_plan_value_period(a).ordinal == at_plan_value_period(b).ordinal;
    return at_plan_value_ordinal(a) == at_plan_value_ordinal(b);
}

/* A value of an earlier period is that value.
 * Before the first period, a value of the past is missing. */
static bool carried(const struct proof *proof, const struct at_plan_node *p, uint32_t period,
                    const struct at_plan_value *value) {
    uint32_t back, source = at_explain_past_source(proof->run, p, period, &back);
    struct at_plan_value then;
    if (period < back) return value->missing;
    return !value_of(proof, source, period - back, period, &then) || same(&then, value);
}

/* What a node that chooses among its inputs has to be; false where another has to be calculated. */
static bool chosen(const struct at_plan_node *p, const struct at_plan_value *in, struct at_plan_value *out) {
    bool decides = p->op == AT_P_OR;
    switch (p->op) {
    case AT_P_SPREAD:
    case AT_P_PAID:
    case AT_P_FROMGROUP: *out = in[0]; return true;
    case AT_P_IF: *out = in[at_plan_value_yes(&in[0]) ? 1 : 2]; return !in[0].missing;
    case AT_P_AND:
    case AT_P_OR:
        *out = in[0];
        for (int i = 0; i < 2; i++)
            if (!in[i].missing && at_plan_value_yes(&in[i]) == decides) {
                *out = in[i];
                return true;
            }
        out->missing = in[0].missing || in[1].missing;
        return true;
    default: return false;
    }
}

/* Returns true also if the value cannot be checked, so only a proven difference is a fault. */
static bool follows(const struct proof *proof, uint32_t node, uint32_t period) {
    const struct at_plan_node *p = &proof->plan->nodes[node];
    struct at_plan_value value, in[4], out = {0};
    const struct at_plan_value *inputs[4];
    const char *why;
    if (!value_of(proof, node, period, period, &value)) return true;
    if (p->op == AT_P_CARRY || p->op == AT_P_PRIOR) return carried(proof, p, period, &value);
    bool map = at_plan_is_map((enum at_plan_op)p->op) || p->op == AT_P_SPREAD || p->op == AT_P_FROMGROUP ||
               p->op == AT_P_PAID;
    if (!map || p->n_in > AT_COUNT(in)) return true;
    for (uint16_t i = 0; i < p->n_in; i++) {
        /* An input of a branch that is not taken can be without a value without effect. */
        bool taken = p->op != AT_P_IF || i == 0 || in[0].missing || at_plan_value_yes(&in[0]) == (i == 1);
        if (!value_of(proof, p->in[i], period, period, &in[i]) && taken) return true;
        inputs[i] = &in[i];
    }
    if (chosen(p, in, &out)) return same(&out, &value);
    const struct at_calendar *calendar = &proof->plan->checked->calendar;
    if (at_plan_fold(proof->arena, calendar, p, inputs, &out, &why) != AT_FOLD_DONE) return true;
    return same(&out, &value);
}

/* Checks all periods up to this one, because an error in an early period changes all later ones. */
uint32_t at_explain_past_fault(const struct at_session_run *run, uint32_t payee, uint32_t period,
                               struct at_arena *arena) {
    struct proof proof = {run, run->plan, arena, payee};
    if (run->plan->n_carries == 0) return AT_NO_NODE;
    const bool *past = at_explain_find_past(run->plan, arena);
    for (uint32_t id = 0; id < run->plan->n_nodes; id++)
        for (uint32_t p = 0; past[id] && p <= period; p++)
            if (!follows(&proof, id, p)) return id;
    return AT_NO_NODE;
}
