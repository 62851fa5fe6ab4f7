/* game/prove.c: whether pay can fall when others sell more, from the plan alone.
 *
 * The signs go through the plan: of each node, whether it can rise, and whether it can fall, when measures of
 * other payees grow. Sums over members rise with them, and what is made of a payee's own values does not
 * change. Where the sign of a factor is not known, both are possible. So "never" is certain, and "can" is
 * not.
 */
#include "game/team.h"

enum { RISES = 1, FALLS = 2, BOTH = 3 };

struct proving {
    const struct at_plan *plan;
    uint8_t *cross; /* by node: what others do to it */
    uint8_t *own;   /* by node: what the payee's own measures do, and those of any member of a group */
    bool *positive; /* by node: never below zero, whatever the data */
};

static uint8_t turned(uint8_t a) {
    return (uint8_t)((a & RISES ? FALLS : 0) | (a & FALLS ? RISES : 0));
}

/* Of a tier or a table: whether values rise with the key, fall, or both. */
static uint8_t shape_of(const struct at_plan_node *p) {
    uint8_t shape = 0;
    if (p->op == AT_P_LOOKUP) return BOTH;
    const struct at_plan_steps *steps = p->data;
    for (uint32_t i = 0; i < steps->n; i++) {
        at_num before = i > 0 ? steps->values[i - 1] : at_num_int(0);
        if (p->op == AT_P_THROUGH) {
            if (at_num_sign(steps->values[i]) < 0) shape |= FALLS;
            if (at_num_sign(steps->values[i]) > 0) shape |= RISES;
        } else if (i > 0) {
            int order = at_num_cmp(NULL, steps->values[i], before);
            if (order < 0) shape |= FALLS;
            if (order > 0) shape |= RISES;
        }
    }
    return shape;
}

static uint8_t times(uint8_t a, uint8_t shape) {
    return (uint8_t)((shape & RISES ? a : 0) | (shape & FALLS ? turned(a) : 0));
}

static uint8_t of_factor(const struct proving *v, uint8_t a, uint32_t other) {
    if (a == 0) return 0;
    return v->positive[other] ? a : BOTH;
}

/* What the inputs do to the node, by the signs in `of`. */
static uint8_t through(const struct proving *v, const uint8_t *of, uint32_t id) {
    const struct at_plan_node *p = &v->plan->nodes[id];
    uint8_t a = p->n_in > 0 ? of[p->in[0]] : 0, b = p->n_in > 1 ? of[p->in[1]] : 0, all = 0;
    for (uint16_t k = 0; k < p->n_in; k++)
        all |= of[p->in[k]];
    if (all == 0) return 0;
    switch (p->op) {
    case AT_P_ADD:
    case AT_P_MIN:
    case AT_P_MAX:
    case AT_P_UPTO:
    case AT_P_ROUND:
    case AT_P_PRIOR:
    case AT_P_MOVED:
    case AT_P_COVERED:
    case AT_P_PAID:
    case AT_P_FROMGROUP:
    case AT_P_SPREAD:
    case AT_P_TODATE:
    case AT_P_TRAILING:
    case AT_P_IFMISSING: return all;
    case AT_P_SUB:
    case AT_P_OVER: return (uint8_t)(a | turned(b));
    case AT_P_NEG: return turned(a);
    case AT_P_MUL: return (uint8_t)(of_factor(v, a, p->in[1]) | of_factor(v, b, p->in[0]));
    case AT_P_DIV: return b ? BOTH : of_factor(v, a, p->in[1]);
    case AT_P_STEP: return times(a, shape_of(p));
    case AT_P_THROUGH: return b ? BOTH : times(a, shape_of(p));
    case AT_P_IF: return a ? BOTH : all;
    default: return BOTH;
    }
}

static bool never_negative(const struct proving *v, uint32_t id) {
    const struct at_plan_node *p = &v->plan->nodes[id];
    if (p->op == AT_P_CONST) {
        const struct at_plan_value *value = p->data;
        return !value->missing && at_plan_type_counts(value->type) &&
               at_num_sign(at_plan_value_num(value)) >= 0;
    }
    switch (p->op) {
    case AT_P_COUNT:
    case AT_P_OVER:
    case AT_P_UPTO:
    case AT_P_BETWEEN:
    case AT_P_ABS: return true;
    case AT_P_ADD:
    case AT_P_MUL:
    case AT_P_MIN: return v->positive[p->in[0]] && v->positive[p->in[1]];
    case AT_P_MAX: return v->positive[p->in[0]] || v->positive[p->in[1]];
    case AT_P_ROUND:
    case AT_P_SPREAD:
    case AT_P_FROMGROUP: return v->positive[p->in[0]];
    case AT_P_GROUPSUM: return v->positive[p->in[0]];
    case AT_P_STEP: {
        const struct at_plan_steps *steps = p->data;
        for (uint32_t i = 0; i < steps->n; i++)
            if (at_num_sign(steps->values[i]) < 0) return false;
        return true;
    }
    default: return false;
    }
}

/* Whether what one payee sells is credited to another one as well. */
static bool credits_others(const struct at_plan_feed *feed) {
    bool more = feed->n_to > 1;
    for (uint32_t i = 0; i < feed->n_to; i++)
        more |= feed->to[i].managers || feed->to[i].by >= 0;
    return more;
}

/* What other payees' measures do: a node of one payee has what its inputs have. Where members are taken
 * together, the measures of each of them count. */
static void put_signs(struct proving *v, uint32_t id) {
    const struct at_plan_node *p = &v->plan->nodes[id];
    bool measured = p->op == AT_P_SUM || p->op == AT_P_COUNT || p->op == AT_P_LEAST || p->op == AT_P_MOST;
    uint8_t inputs = 0;
    for (uint16_t k = 0; k < p->n_in; k++)
        inputs |= v->own[p->in[k]] | v->cross[p->in[k]];
    v->positive[id] = never_negative(v, id);
    /* Values of another payee, and rows that read what payees have, can be anyone's. */
    if (inputs && (p->op == AT_P_FOLLOW || p->op == AT_P_FROMCELL || measured)) {
        v->own[id] = v->cross[id] = BOTH;
        return;
    }
    if (measured) {
        v->own[id] = RISES;
        v->cross[id] = p->grain == AT_G_CELL && !credits_others(&v->plan->feeds[p->a]) ? 0 : RISES;
        return;
    }
    if (p->op == AT_P_GROUPSUM || p->op == AT_P_GROUPLEAST || p->op == AT_P_GROUPMOST ||
        p->op == AT_P_RUNSUM) {
        uint8_t all = 0;
        for (uint16_t k = 0; k < p->n_in; k++)
            all |= k == 0 ? v->own[p->in[k]] | v->cross[p->in[k]] : v->own[p->in[k]] ? BOTH : 0;
        v->own[id] = v->cross[id] = all;
        return;
    }
    if (p->op == AT_P_RANK || p->op == AT_P_PRIZE || p->op == AT_P_ALLOT) {
        uint8_t amount = v->own[p->in[0]] | v->cross[p->in[0]], weights = 0;
        for (uint16_t k = 1; k < p->n_in; k++)
            weights |= v->own[p->in[k]] | v->cross[p->in[k]];
        /* A part of a pool rises with the pool, if no one's weight changes. */
        uint8_t all = p->op != AT_P_ALLOT && amount ? BOTH : weights ? BOTH : amount;
        v->own[id] = v->cross[id] = all;
        return;
    }
    v->own[id] = through(v, v->own, id);
    v->cross[id] = through(v, v->cross, id);
}

/* A CARRY has the signs of a later node: they grow until nothing changes. */
static bool carry_back(struct proving *v) {
    bool again = false;
    for (uint32_t id = 0; id < v->plan->n_nodes; id++) {
        const struct at_plan_node *p = &v->plan->nodes[id];
        if (p->op != AT_P_CARRY) continue;
        uint32_t source = v->plan->carries[p->a].source;
        uint8_t cross = v->cross[id] | v->cross[source], own = v->own[id] | v->own[source];
        again |= cross != v->cross[id] || own != v->own[id];
        v->cross[id] = cross;
        v->own[id] = own;
    }
    return again;
}

uint32_t at_team_prove(const struct at_plan *plan, struct at_arena *arena) {
    struct proving v = {plan, AT_NEW_ARRAY(arena, uint8_t, plan->n_nodes + 1),
                        AT_NEW_ARRAY(arena, uint8_t, plan->n_nodes + 1),
                        AT_NEW_ARRAY(arena, bool, plan->n_nodes + 1)};
    do
        for (uint32_t id = 0; id < plan->n_nodes; id++)
            if (plan->nodes[id].op != AT_P_CARRY) put_signs(&v, id);
    while (carry_back(&v));
    for (uint32_t c = 0; c < plan->n_components; c++) {
        uint32_t value = plan->components[c].value;
        if (value == AT_NO_NODE || !(v.cross[value] & FALLS)) continue;
        /* The first node on the way that can fall. */
        for (uint32_t id = 0; id <= value; id++)
            if (plan->nodes[id].needed && (v.cross[id] & FALLS) && plan->nodes[id].ast) return id;
        return value;
    }
    return AT_NO_NODE;
}
