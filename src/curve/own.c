/* curve/own.c: chooses the curve that a payee may see. */
#include "curve/own.h"

#include "curve/curve_int.h"
#include "curve/risk.h"

struct choice {
    const struct at_session_run *run;
    struct at_arena *arena;
    uint32_t payee, period;
    at_num *paid;  /* by component: its size */
    bool *reached; /* by component: the measure that is looked at changes it, and that of no one else */
};

/* ---- others */

/* Whether values of other payees, or of all together, are part of the node. */
static bool of_others(const struct at_plan *plan, const struct at_plan_node *p) {
    switch (p->op) {
    case AT_P_ALLOT:
    case AT_P_RANK:
    case AT_P_PRIZE:
    case AT_P_RUNSUM:
    case AT_P_RUNCOUNT:
    case AT_P_GATHER: return true;
    case AT_P_FOLLOW: return plan->nodes[p->in[0]].settled;
    default: break;
    }
    return p->grain == AT_G_GROUP || (at_plan_is_aggregate((enum at_plan_op)p->op) && p->grain != AT_G_CELL);
}

static bool *all_of_others(const struct at_curve_eval *e) {
    const struct at_plan *plan = e->plan;
    bool *others = AT_NEW_ARRAY(e->kept, bool, plan->n_nodes + 1);
    for (bool again = true; again;) {
        again = false;
        for (uint32_t id = 0; id < plan->n_nodes; id++) {
            const struct at_plan_node *p = &plan->nodes[id];
            bool yes = of_others(plan, p);
            for (uint16_t k = 0; k < p->n_in; k++)
                yes |= others[p->in[k]];
            if (p->op == AT_P_CARRY || p->op == AT_P_RUNCARRY) yes |= others[plan->carries[p->a].source];
            again |= yes && !others[id];
            others[id] |= yes;
        }
    }
    return others;
}

/* Curves of what is calculated for each row would read all rows again. */
static bool is_of_rows(const struct at_curve_eval *e, const struct at_plan_node *p) {
    return p->grain == AT_G_CREDIT || (p->grain == AT_G_ROW && p->place != e->run->frame->payee_table) ||
           at_plan_is_aggregate((enum at_plan_op)p->op);
}

/* What depends on x may be added to values of others, but not compared with them. */
static bool is_own(const struct at_curve_eval *e) {
    const bool *others = all_of_others(e);
    for (uint32_t id = 0; id < e->plan->n_nodes; id++) {
        const struct at_plan_node *p = &e->plan->nodes[id];
        if (!e->depends[id] || !e->wanted[id] || id == e->options->vary) continue;
        if (is_of_rows(e, p) || of_others(e->plan, p)) return false;
        if (p->op == AT_P_CARRY && others[e->plan->carries[p->a].source]) return false;
        for (uint16_t k = 0; k < p->n_in; k++)
            if (others[p->in[k]] && p->op != AT_P_ADD && p->op != AT_P_SUB) return false;
    }
    return true;
}

/* ---- the measure, and the pay */

static struct at_curve_options options_of(const struct choice *c, uint32_t vary, uint32_t pay) {
    return (struct at_curve_options){.vary = vary,
                                     .payee = c->payee,
                                     .period = c->period,
                                     .pay = pay,
                                     .first = c->period,
                                     .until = c->period};
}

/* Whether the pay of the payee depends on the node, and on no one else. Fills `reached`. */
static bool depends(const struct choice *c, uint32_t vary, uint32_t pay) {
    struct at_arena_mark mark = at_arena_mark(c->arena);
    const struct at_curve_options options = options_of(c, vary, pay);
    struct at_curve_eval e = at_curve_eval_of(c->run, &options, c->arena, c->arena);
    bool own = at_curve_reach(&e, NULL) == AT_OK && e.depends[pay] && is_own(&e);
    for (uint32_t i = 0; i < c->run->plan->n_components; i++) {
        const struct at_plan_component *k = &c->run->plan->components[i];
        c->reached[i] = k->decl && k->value != AT_NO_NODE && e.depends[k->value] && !e.shared[k->value];
    }
    at_arena_reset(c->arena, mark);
    return own;
}

static bool is_seen(const struct choice *c, uint32_t measure, uint32_t pay) {
    return depends(c, c->run->plan->measures[measure].cell, pay);
}

bool at_curve_own_is(const struct at_session_run *run, uint32_t payee, uint32_t period, uint32_t vary,
                     uint32_t pay, struct at_arena *arena) {
    struct choice c = {.run = run, .arena = arena, .payee = payee, .period = period};
    c.reached = AT_NEW_ARRAY(arena, bool, run->plan->n_components + 1);
    return depends(&c, vary, pay);
}

static void find_paid(struct choice *c) {
    const struct at_plan *plan = c->run->plan;
    c->paid = AT_NEW_ARRAY(c->arena, at_num, plan->n_components + 1);
    c->reached = AT_NEW_ARRAY(c->arena, bool, plan->n_components + 1);
    for (uint32_t i = 0; i < plan->n_components; i++) {
        uint32_t node = plan->components[i].value, state;
        c->paid[i] = at_num_int(0);
        if (node == AT_NO_NODE) continue;
        struct at_plan_value value =
            at_session_run_value(c->run, node, c->period * c->run->n_payees + c->payee, c->arena, &state);
        if (state < AT_STATE_EXCEPTION && !value.missing)
            c->paid[i] = at_num_abs(c->arena, at_plan_value_num(&value));
    }
}

/* The measure on which the largest part depends; AT_NO_NODE: none. */
static uint32_t find_measure(const struct choice *c) {
    const struct at_plan *plan = c->run->plan;
    uint32_t best = AT_NO_NODE;
    at_num most = at_num_int(0);
    for (uint32_t m = 0; m < plan->n_measures; m++) {
        if (!at_curve_is_sold(plan, plan->measures[m].cell)) continue;
        bool any = false;
        at_num sum = at_num_int(0);
        is_seen(c, m, plan->total);
        for (uint32_t i = 0; i < plan->n_components; i++) {
            if (!c->reached[i]) continue;
            sum = at_num_add(c->arena, sum, c->paid[i]);
            any = true;
        }
        if (!any || (best != AT_NO_NODE && at_num_cmp(c->arena, sum, most) <= 0)) continue;
        best = m;
        most = sum;
    }
    return best;
}

/* All pay, or else the largest component of which the payee has a curve. */
static bool find_pay(const struct choice *c, struct at_curve_own *out) {
    const struct at_plan *plan = c->run->plan;
    out->component = AT_NO_NODE;
    if (is_seen(c, out->measure, plan->total)) return true;
    for (uint32_t i = 0; i < plan->n_components; i++) {
        uint32_t best = out->component;
        if (!plan->components[i].decl || at_num_is_zero(c->paid[i])) continue;
        if (best != AT_NO_NODE && at_num_cmp(c->arena, c->paid[i], c->paid[best]) <= 0) continue;
        if (is_seen(c, out->measure, plan->components[i].value)) out->component = i;
    }
    return out->component != AT_NO_NODE;
}

bool at_curve_own_find(const struct at_session_run *run, uint32_t payee, uint32_t period,
                       struct at_arena *arena, struct at_curve_own *out) {
    struct choice c = {.run = run, .arena = arena, .payee = payee, .period = period};
    find_paid(&c);
    out->measure = find_measure(&c);
    return out->measure != AT_NO_NODE && find_pay(&c, out);
}

bool at_curve_own_is_drawn(const struct at_curve *curve) {
    bool moves = curve->n_pieces > 1;
    for (uint32_t i = 0; i < curve->n_pieces; i++) {
        if (curve->pieces[i].pay.kind != AT_CURVE_NUM) return false;
        moves |= curve->pieces[i].slope != 0;
    }
    return moves;
}
