/* game/linear.c: whether a plan only adds up the amounts of rows, so that two rows of half the amount are
 * worth as much as one. */
#include "game/plain.h"

#include "plan/graph.h"

enum { NOT, LINEAR, KEY };

struct looking {
    const struct at_plan *plan;
    uint32_t table;
    int32_t credited;
    uint8_t *of; /* by node */
};

static bool of_table(const struct looking *l, uint32_t feed) {
    return l->plan->feeds[feed].table == l->table;
}

static uint8_t of_field(const struct looking *l, const struct at_plan_node *p) {
    const struct at_schema *schema = &l->plan->checked->schemas[l->table];
    if (p->op != AT_P_LOAD || p->place != l->table) return NOT;
    if (p->a == schema->key) return KEY;
    return at_game_counts(schema, (uint32_t)p->a, l->credited) ? LINEAR : NOT;
}

static bool is_zero(const struct at_plan_node *p) {
    const struct at_plan_value *value = p->op == AT_P_CONST ? p->data : NULL;
    return value && !value->missing && !p->open && at_plan_type_counts(value->type) &&
           at_num_is_zero(at_plan_value_num(value));
}

/* Of a node that reads a number of this kind. False: it is not known to be a multiple of the amount. */
static bool through(const struct looking *l, uint32_t id) {
    const struct at_plan_node *p = &l->plan->nodes[id];
    uint8_t a = p->n_in > 0 ? l->of[p->in[0]] : NOT, b = p->n_in > 1 ? l->of[p->in[1]] : NOT,
            c = p->n_in > 2 ? l->of[p->in[2]] : NOT;
    if (a == KEY || b == KEY || c == KEY || p->n_in > 3) return false;
    l->of[id] = LINEAR;
    switch (p->op) {
    case AT_P_TAKE:
    case AT_P_NEG: return true;
    case AT_P_MUL: return a != b;
    case AT_P_DIV: return b == NOT;
    case AT_P_ADD:
    case AT_P_SUB: return a == b;
    case AT_P_IF:
        return a == NOT && (b == LINEAR || is_zero(&l->plan->nodes[p->in[1]])) &&
               (c == LINEAR || is_zero(&l->plan->nodes[p->in[2]]));
    case AT_P_SUM: l->of[id] = NOT; return b == NOT;
    default: return false;
    }
}

/* What is made of each row alone is not the same for two of them. */
static bool counts_rows(const struct looking *l, const struct at_plan_node *p) {
    switch (p->op) {
    case AT_P_ROWNUM: return p->place == l->table;
    case AT_P_COUNT:
    case AT_P_LEAST:
    case AT_P_MOST:
    case AT_P_LEDGER:
    case AT_P_LINEOF: return of_table(l, (uint32_t)p->a);
    case AT_P_RUNNING:
    case AT_P_RUNCARRY:
    case AT_P_DIVIDE:
    case AT_P_DIVIDEOF: return of_table(l, p->place);
    case AT_P_GATHER:
    case AT_P_RATES:
        for (uint16_t k = 0; k < p->n_in; k++)
            if (l->plan->nodes[p->in[k]].place == l->table) return true;
        return p->place == l->table;
    default: return false;
    }
}

static bool reads(const struct looking *l, uint32_t node) {
    return node != AT_NO_NODE && l->of[node] != NOT;
}

static bool chooses(const struct looking *l, const struct at_plan_feed *feed) {
    bool yes = feed->stock || reads(l, feed->where) || reads(l, feed->on) || reads(l, feed->event) ||
               reads(l, feed->known) || reads(l, feed->until) || reads(l, feed->date) || reads(l, feed->day);
    for (uint32_t i = 0; i < feed->n_to; i++)
        yes |= reads(l, feed->to[i].payee) || reads(l, feed->to[i].share);
    return yes;
}

bool at_game_is_linear(const struct at_plan *plan, uint32_t table, int32_t credited, struct at_arena *arena) {
    struct looking l = {plan, table, credited, AT_NEW_ARRAY(arena, uint8_t, plan->n_nodes + 1)};
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *p = &plan->nodes[id];
        uint8_t any = NOT;
        l.of[id] = of_field(&l, p);
        for (uint16_t k = 0; k < p->n_in; k++)
            any |= l.of[p->in[k]];
        if (!p->needed) { /* a feed may read it */
            if (l.of[id] == NOT) l.of[id] = any;
            continue;
        }
        if (counts_rows(&l, p) || (any && !through(&l, id))) return false;
    }
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        if (of_table(&l, f) && chooses(&l, &plan->feeds[f])) return false;
    for (uint32_t c = 0; c < plan->n_components; c++) {
        uint32_t lines = plan->components[c].lines;
        if (lines != AT_NO_NODE && of_table(&l, plan->nodes[lines].place)) return false;
    }
    return true;
}
