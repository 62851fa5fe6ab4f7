/* explain/applies.c: whether a component can pay the payee at all, for statements, which leave out others.
 *
 * A component does not apply if values of the payee alone make it zero, such as a rate for managers. It has
 * no data if it adds up rows of which the payee has none in any period of the run, such as those of a team.
 */
#include "explain/explain_int.h"

/* In this order: what both sides of a product can do, is the smaller one. */
enum can { CAN_NEVER, CAN_WITHOUT_DATA, CAN_PAY };

struct looking {
    const struct at_explain_tell *t;
    uint8_t *known; /* by node: enum can, plus 1; 0: not looked at */
    uint8_t *fixed; /* by node: 0 not looked at, 1 no, 2 yes */
    unsigned depth;
};

static enum can least(enum can a, enum can b) {
    return a < b ? a : b;
}

static enum can most(enum can a, enum can b) {
    return a > b ? a : b;
}

/* Whether the value depends on constants and on fields of the payee alone. */
static bool is_fixed(struct looking *l, uint32_t node) {
    const struct at_plan_node *p = &l->t->r->plan->nodes[node];
    if (l->fixed[node]) return l->fixed[node] == 2;
    bool yes = l->depth < AT_EXPLAIN_DEEPEST;
    switch ((enum at_plan_op)p->op) {
    case AT_P_CONST:
    case AT_P_PAYEE: break;
    case AT_P_LOAD: yes = yes && p->place == (uint16_t)l->t->r->checked->payee_table; break;
    case AT_P_FOLLOW:
    case AT_P_SPREAD:
    case AT_P_CHOICETEXT:
    case AT_P_ADD:
    case AT_P_SUB:
    case AT_P_MUL:
    case AT_P_DIV:
    case AT_P_LOOKUP:
    case AT_P_STEP:
    case AT_P_EQ:
    case AT_P_NE:
    case AT_P_LT:
    case AT_P_LE:
    case AT_P_AND:
    case AT_P_OR:
    case AT_P_NOT:
    case AT_P_IF:
    case AT_P_MISSING:
    case AT_P_IFMISSING:
    case AT_P_IN: break;
    default: yes = false; break;
    }
    l->depth++;
    for (uint16_t i = 0; i < p->n_in && yes; i++)
        yes = is_fixed(l, p->in[i]);
    l->depth--;
    l->fixed[node] = yes ? 2 : 1;
    return yes;
}

/* A value that is missing, or fails, can be another one with other data. */
static enum can of_fixed(const struct at_explain_tell *t, uint32_t node) {
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    if (state != AT_STATE_OK || value.missing) return CAN_PAY;
    if (value.type.kind == AT_T_FLAG) return at_plan_value_yes(&value) ? CAN_PAY : CAN_NEVER;
    if (!at_plan_type_counts(value.type)) return CAN_PAY;
    return at_num_is_zero(at_plan_value_num(&value)) ? CAN_NEVER : CAN_PAY;
}

/* Of a sum over the payee's rows: whether there are any in a period of the run. */
static enum can of_rows(const struct at_explain_tell *t, uint32_t node) {
    const struct at_session_run *run = t->r->run;
    uint32_t state;
    if (t->r->plan->nodes[node].grain != AT_G_CELL) return CAN_PAY;
    for (uint32_t p = 0; p < run->n_periods; p++) {
        struct at_plan_value value =
            at_session_run_value(run, node, p * run->n_payees + t->payee, t->arena, &state);
        if (state != AT_STATE_OK || value.missing) continue;
        if (!at_num_is_zero(at_plan_value_num(&value))) return CAN_PAY;
    }
    return CAN_WITHOUT_DATA;
}

static enum can can(struct looking *l, uint32_t node);

static enum can of_pool(struct looking *l, const struct at_plan_node *p) {
    unsigned among = at_plan_allot_input(p, AT_ALLOT_AMONG);
    enum can out = can(l, p->in[1]);
    return among ? least(out, can(l, p->in[among])) : out;
}

/* `attainment >= 120%` is `120% <= attainment`. Without data, the right side is zero. */
static enum can of_comparison(struct looking *l, const struct at_plan_node *p) {
    enum can right = can(l, p->in[1]);
    bool known;
    at_num left = at_explain_tell_number(l->t, p->in[0], &known);
    if (right == CAN_PAY || !known || !is_fixed(l, p->in[0])) return CAN_PAY;
    return at_num_sign(left) + (p->op == AT_P_LT) > 0 ? right : CAN_PAY;
}

static enum can of_node(struct looking *l, uint32_t node) {
    const struct at_plan_node *p = &l->t->r->plan->nodes[node];
    switch ((enum at_plan_op)p->op) {
    case AT_P_SUM:
    case AT_P_COUNT: return of_rows(l->t, node);
    case AT_P_AND:
    case AT_P_MUL: return least(can(l, p->in[0]), can(l, p->in[1]));
    case AT_P_OR:
    case AT_P_ADD:
    case AT_P_SUB:
    case AT_P_MAX:
    case AT_P_IFMISSING: return most(can(l, p->in[0]), can(l, p->in[1]));
    case AT_P_DIV:
    case AT_P_OVER:
    case AT_P_UPTO:
    case AT_P_BETWEEN:
    case AT_P_THROUGH:
    case AT_P_ROUND:
    case AT_P_NEG:
    case AT_P_TODATE:
    case AT_P_DELTA:
    case AT_P_CAPTODATE:
    case AT_P_LEDGER:
    case AT_P_COVERED:
    case AT_P_MOVED: return can(l, p->in[0]);
    case AT_P_IF:
        if (is_fixed(l, p->in[0])) return can(l, p->in[at_explain_tell_holds(l->t, p->in[0]) ? 1 : 2]);
        return most(least(can(l, p->in[0]), can(l, p->in[1])), can(l, p->in[2]));
    case AT_P_LT:
    case AT_P_LE: return of_comparison(l, p);
    case AT_P_ALLOT: return of_pool(l, p);
    default: return CAN_PAY;
    }
}

static enum can can(struct looking *l, uint32_t node) {
    if (l->known[node]) return (enum can)(l->known[node] - 1);
    if (l->depth >= AT_EXPLAIN_DEEPEST) return CAN_PAY;
    l->depth++;
    enum can out = is_fixed(l, node) ? of_fixed(l->t, node) : of_node(l, node);
    l->depth--;
    l->known[node] = (uint8_t)(out + 1);
    return out;
}

static bool is_adjusted(const struct at_explain_node *component) {
    for (const struct at_explain_node *step = component->first; step; step = step->next)
        if (step->kind == AT_STEP_ADJUSTMENT && !at_num_is_zero(at_explain_node_num(step))) return true;
    return false;
}

static enum can of_component(struct looking *l, const struct at_explain_node *step,
                             const struct at_plan_component *c) {
    if (!at_num_is_zero(at_explain_node_num(step)) || is_adjusted(step)) return CAN_PAY;
    if (c->role == AT_ROLE_ADJUSTMENT) return CAN_NEVER; /* a limit that was not reached */
    if (c->parted != AT_NO_NODE) return CAN_PAY;
    return can(l, c->earned);
}

bool at_explain_has_rows(const struct at_explain_tell *t, uint32_t node) {
    struct looking l = {.t = t,
                        .known = AT_NEW_ARRAY(t->arena, uint8_t, t->r->plan->n_nodes + 1),
                        .fixed = AT_NEW_ARRAY(t->arena, uint8_t, t->r->plan->n_nodes + 1)};
    return can(&l, node) == CAN_PAY;
}

/* A payee who has no rows at all is shown all components that could pay. */
void at_explain_find_idle(const struct at_explain_tell *t, struct at_explain_node *components) {
    const struct at_plan *plan = t->r->plan;
    struct looking l = {.t = t,
                        .known = AT_NEW_ARRAY(t->arena, uint8_t, plan->n_nodes + 1),
                        .fixed = AT_NEW_ARRAY(t->arena, uint8_t, plan->n_nodes + 1)};
    bool any = false;
    uint8_t *found = AT_NEW_ARRAY(t->arena, uint8_t, plan->n_components + 1);
    uint32_t i = 0, n = 0;
    for (struct at_explain_node *step = components; step; step = step->next, i++) {
        while (i < plan->n_components && !at_str_eq(plan->components[i].name, step->name.text))
            i++;
        if (i == plan->n_components) break;
        found[n] = (uint8_t)of_component(&l, step, &plan->components[i]);
        any |= found[n++] == CAN_PAY;
    }
    i = 0;
    for (struct at_explain_node *step = components; step && i < n; step = step->next, i++)
        step->idle = found[i] == CAN_NEVER || (found[i] == CAN_WITHOUT_DATA && any);
}
