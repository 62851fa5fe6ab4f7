/* curve/line.c: the lines of another row: the sum over the items of a feed that are of the row, and of the
 * same payee. */
#include "curve/curve_int.h"
#include "session/results.h"

typedef struct at_curve_value value;

/* The key of the row to which the reference leads; false: there is none. */
static bool key_of(struct at_curve_eval *e, uint32_t table, const value *to, at_str *out) {
    int32_t row = at_plan_value_row(&to->value), key = e->plan->checked->schemas[table].key;
    if (row < 0 || key < 0) return false;
    *out = at_session_table_text(e->run->data, table, (uint32_t)key, (uint64_t)row, e->arena);
    return true;
}

value at_curve_line(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    uint32_t feed = (uint32_t)p->a;
    value sum = at_curve_of_num(e, at_num_int(0)), to = at_curve_in(e, node, 1, at);
    at_str key;
    if (to.kind != AT_CURVE_OTHER) return to;
    if (e->spoilt[feed] || !key_of(e, e->plan->feeds[feed].table, &to, &key)) return at_curve_unknown(node);
    for (size_t i = 0; i < e->items.of.n; i++) {
        const struct at_curve_item *item = &e->items.of.at[i];
        if (item->feed != feed || item->payee != at->item->payee || !at_str_eq(item->key, key)) continue;
        const struct at_curve_place place = {item->payee, item->period, item};
        value mask = p->n_in > 2 ? at_curve_in(e, node, 2, &place) : at_curve_of_yes(true);
        if (mask.kind != AT_CURVE_OTHER) return mask;
        if (!at_curve_is_yes(&mask)) continue;
        value line = at_curve_in(e, node, 0, &place);
        sum = at_curve_add(e, &sum, &line);
    }
    return sum;
}
