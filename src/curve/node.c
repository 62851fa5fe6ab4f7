/* curve/node.c: the value of a node at a place: calculated before, calculated now, or what the run left.
 *
 * Values of cells and groups are calculated period by period in the order of ids (curve.c), so that they are
 * there when a node reads them. Values of rows, items, and constants are calculated when they are read.
 */
#include "curve/assume.h"
#include "curve/curve_int.h"

#include "plan/graph.h"

typedef struct at_curve_value value;

value at_curve_base(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    uint32_t index = 0, state;
    if (p->grain == AT_G_CELL) index = at->period * e->run->n_payees + at->who;
    if (p->grain == AT_G_GROUP) index = at->period * e->run->group_sizes[p->place] + at->who;
    if (p->grain == AT_G_ROW && p->place == e->run->frame->payee_table) index = at->who;
    bool row = p->grain == AT_G_CREDIT || (p->grain == AT_G_ROW && p->place != e->run->frame->payee_table);
    if (row) {
        uint32_t number = at->item ? e->items.number[node] : AT_NO_NODE;
        if (number == AT_NO_NODE) return at_curve_unknown(node);
        return at_curve_of_value(e, &at->item->base[number], at->item->states[number]);
    }
    struct at_plan_value found = at_session_run_value(e->run, node, index, e->arena, &state);
    value out = at_curve_of_value(e, &found, state);
    if (out.kind == AT_CURVE_FAILED) out.blame = node;
    return out;
}

bool at_curve_reaches(const struct at_curve_eval *e, uint32_t node, uint32_t who) {
    uint32_t slot = e->slot_of[who];
    return slot != AT_NOBODY && (e->touched[slot] ? e->depends[node] : e->shared[node]);
}

/* curve.c has calculated most of them. */
static value of_cell(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_curve_place cell = {at->who, at->period, NULL};
    uint32_t width = at_curve_width(e, node), slot = e->slot_of[at->who];
    if (slot >= width) return at_curve_make_node(e, node, &cell);
    value *kept = &e->values[node][(size_t)(at->period - e->options->period) * width + slot];
    if (kept->kind == AT_CURVE_NONE || kept->kind == AT_CURVE_SAME)
        *kept = at_curve_make_node(e, node, &cell);
    return *kept;
}

value at_curve_node(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    uint32_t first = e->options->period;
    if (!e->depends[node]) return at_curve_base(e, node, at);
    switch (p->grain) {
    case AT_G_CELL:
        if (at->period < first || !at_curve_reaches(e, node, at->who)) return at_curve_base(e, node, at);
        if (at->period > e->options->until) return at_curve_unknown(node); /* of a row that comes later */
        return of_cell(e, node, at);
    case AT_G_GROUP: {
        if (at->period < first) return at_curve_base(e, node, at);
        value *known = &e->values[node][(at->period - first) * e->run->group_sizes[p->place] + at->who];
        if (known->kind == AT_CURVE_SAME) *known = at_curve_make_node(e, node, at);
        return known->kind != AT_CURVE_NONE ? *known : at_curve_base(e, node, at);
    }
    default: break;
    }
    struct at_curve_memo *memo = &e->memos[node];
    if (at->item && memo->item == at->item && memo->piece == e->piece) return memo->value;
    value made = at_curve_make_node(e, node, at);
    if (at->item) *memo = (struct at_curve_memo){at->item, e->piece, made};
    return made;
}

/* The value of a column of payees, of whom a reference means. */
static value follow(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node], *far = &e->plan->nodes[p->in[0]];
    if (far->grain == AT_G_CONST) return at_curve_in(e, node, 0, at);
    if (far->place != e->run->frame->payee_table) return at_curve_unknown(node);
    value to = at_curve_in(e, node, 1, at);
    if (to.kind != AT_CURVE_OTHER) return to;
    int32_t row = at_plan_value_row(&to.value);
    if (row < 0) return (value){.kind = AT_CURVE_MISSING};
    return at_curve_in(e, node, 0, &(struct at_curve_place){.who = (uint32_t)row, .period = at->period});
}

static value of_inputs(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    value in[8];
    if (p->op == AT_P_CALL || p->n_in > AT_COUNT(in)) return at_curve_unknown(node);
    /* Only the branch that is taken counts, and only its comparisons end the piece. */
    if (p->op == AT_P_IF) {
        in[0] = at_curve_in(e, node, 0, at);
        if (in[0].kind != AT_CURVE_OTHER) return in[0];
        return at_curve_in(e, node, at_curve_is_yes(&in[0]) ? 1 : 2, at);
    }
    for (uint16_t k = 0; k < p->n_in; k++)
        in[k] = at_curve_in(e, node, k, at);
    value out = at_curve_map(e, node, p, in, p->n_in);
    if ((out.kind == AT_CURVE_UNKNOWN || out.kind == AT_CURVE_FAILED) && out.blame == AT_NO_NODE)
        out.blame = node;
    return out;
}

/* x is the share of its target that the measure of each payee reaches. */
static value of_target(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_curve_targets *targets = e->options->targets;
    size_t cell = (size_t)(at->period - e->options->period) * e->run->n_payees + at->who;
    if (!targets->known[cell]) return at_curve_base(e, node, at);
    value x = at_curve_of_x(e), target = at_curve_of_num(e, targets->at[cell]);
    return at_curve_mul(e, &x, &target);
}

value at_curve_make_node(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    if (p->grain == AT_G_CELL && node == e->options->vary && e->of_all) return of_target(e, node, at);
    if (p->grain == AT_G_CELL && node == e->options->vary)
        return at->period == e->options->period && at->who == e->options->payee ? at_curve_of_x(e)
                                                                                : at_curve_base(e, node, at);
    if (p->grain == AT_G_CONST && p->open) return at_curve_open(e, p->open);
    if (at_plan_is_aggregate((enum at_plan_op)p->op)) return at_curve_total(e, node, at);
    switch (p->op) {
    case AT_P_FOLLOW: return p->grain == AT_G_CELL ? follow(e, node, at) : at_curve_item(e, node, at);
    case AT_P_LOAD:
    case AT_P_TAKE:
    case AT_P_FROMCELL:
    case AT_P_RUNNING:
    case AT_P_RUNCARRY:
    case AT_P_LINEOF:
    case AT_P_DIVIDE:
    case AT_P_DIVIDEOF:
    case AT_P_ITEMSHARE: return at_curve_item(e, node, at);
    case AT_P_TODATE:
    case AT_P_PRIOR:
    case AT_P_CARRY:
    case AT_P_TRAILING:
    case AT_P_DELTA:
    case AT_P_CAPTODATE:
    case AT_P_COVERED:
    case AT_P_TAILED:
    case AT_P_ASOF:
    case AT_P_MOVED: return at_curve_past(e, node, at);
    case AT_P_FROMGROUP:
    case AT_P_GROUPSUM:
    case AT_P_GROUPLEAST:
    case AT_P_GROUPMOST:
    case AT_P_ALLOT: return at_curve_group(e, node, at);
    case AT_P_RANK:
    case AT_P_PRIZE: return at_curve_rank(e, node, at);
    case AT_P_PARTED:
    case AT_P_PARTMOVE: return at_curve_parted(e, node, at);
    /* These hold the amount; the parts of rows and the rounding are not of the curve. */
    case AT_P_LEDGER:
    case AT_P_PAID: return at_curve_in(e, node, 0, at);
    case AT_P_SPREAD: {
        bool all = e->plan->nodes[p->in[0]].grain == AT_G_GROUP; /* group 0 is everyone */
        return at_curve_in(e, node, 0, all ? &(struct at_curve_place){0, at->period, NULL} : at);
    }
    default: return at_plan_is_map((enum at_plan_op)p->op) ? of_inputs(e, node, at) : at_curve_unknown(node);
    }
}
