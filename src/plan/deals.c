/* plan/deals.c: the rows to which components without `by` are traced, when a run is asked for it.
 *
 * The rows are those of the aggregate that the component depends on, nearest first: a sum of money over rows
 * with a date. A row's weight is what it brings to the aggregate. So nothing of the plan changes: a copy gets
 * a LEDGER node for each component, which only notes the rows.
 */
#include "base/vec.h"
#include "plan/graph.h"

struct tracing {
    struct at_plan *plan; /* the copy */
    struct at_arena *arena;
    bool *seen;
    uint32_t best;
    unsigned best_rank; /* 0: none */
    uint32_t room;
};

/* The field of a row without a key that leads to the row by which people know it, such as the deal of a
 * split: the only reference to a table with a key that is not the payee's. -1: none, or several. */
static int32_t lead_of(const struct at_plan *plan, const struct at_plan_feed *feed) {
    const struct at_schema *schema = &plan->checked->schemas[feed->table];
    int32_t found = -1;
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        const at_type *type = &schema->fields[f].type;
        if (type->kind != AT_T_REF || type->table == plan->checked->payee_table) continue;
        if (found >= 0) return -1;
        found = (int32_t)f;
    }
    if (found < 0 || schema->fields[found].type.optional) return -1;
    return plan->checked->schemas[schema->fields[found].type.table].key >= 0 ? found : -1;
}

/* How well the rows of an aggregate show what is earned; 0: not at all. */
static unsigned rank_of(const struct at_plan *plan, const struct at_plan_node *node) {
    const struct at_plan_feed *feed = &plan->feeds[node->a];
    if ((node->op != AT_P_SUM && node->op != AT_P_COUNT) || !at_plan_feed_dated(feed) || feed->stock)
        return 0;
    if (feed->key == AT_NO_NODE && lead_of(plan, feed) < 0) return 0;
    return 1u + (feed->earns == AT_EVENT_DATED) * 4u + (node->type.kind == AT_T_MONEY) * 2u +
           (node->op == AT_P_SUM);
}

/* Depth first, in order of inputs, without recursion: chains of nodes can be long. */
static void trace(struct tracing *t, uint32_t root) {
    AT_VEC(uint32_t) stack = {0};
    memset(t->seen, 0, t->plan->n_nodes);
    t->best_rank = 0;
    AT_VEC_PUSH(t->arena, &stack, root);
    while (stack.n > 0) {
        uint32_t id = stack.at[--stack.n];
        const struct at_plan_node *node = &t->plan->nodes[id];
        if (t->seen[id]) continue;
        t->seen[id] = true;
        if (at_plan_is_aggregate(node->op)) {
            unsigned rank = rank_of(t->plan, node);
            if (rank > t->best_rank) t->best = id, t->best_rank = rank;
        }
        for (uint16_t i = node->n_in; i-- > 0;)
            AT_VEC_PUSH(t->arena, &stack, node->in[i]);
    }
}

static uint32_t append(struct tracing *t, const struct at_plan_node *wanted) {
    struct at_plan *plan = t->plan;
    struct at_plan_node *node = &plan->nodes[plan->n_nodes];
    *node = *wanted;
    node->in = AT_NEW_ARRAY(t->arena, uint32_t, node->n_in + 1);
    if (node->n_in) memcpy(node->in, wanted->in, node->n_in * sizeof *node->in);
    node->needed = true;
    uint16_t payees = (uint16_t)(plan->checked->payee_table > 0 ? plan->checked->payee_table : 0);
    node->pass = at_plan_pass(plan, node, payees);
    node->settled = at_plan_settles(plan, node, payees);
    return plan->n_nodes++;
}

static uint32_t load(struct tracing *t, uint16_t table, int32_t field) {
    struct at_plan_node wanted = {.op = AT_P_LOAD,
                                  .grain = AT_G_ROW,
                                  .place = table,
                                  .a = field,
                                  .type = t->plan->checked->schemas[table].fields[field].type};
    return append(t, &wanted);
}

/* The key of the row to which rows without a key refer. */
static uint32_t led_key(struct tracing *t, const struct at_plan_feed *feed) {
    int32_t lead = lead_of(t->plan, feed);
    uint16_t to = t->plan->checked->schemas[feed->table].fields[lead].type.table;
    uint32_t in[2] = {load(t, to, t->plan->checked->schemas[to].key), load(t, feed->table, lead)};
    struct at_plan_node follow = {.op = AT_P_FOLLOW,
                                  .grain = AT_G_ROW,
                                  .place = feed->table,
                                  .n_in = 2,
                                  .in = in,
                                  .type = t->plan->nodes[in[0]].type};
    return append(t, &follow);
}

static uint32_t key_of(struct tracing *t, uint16_t feed) {
    uint32_t key = t->plan->feeds[feed].key;
    if (key == AT_NO_NODE) key = led_key(t, &t->plan->feeds[feed]);
    struct at_plan_node take = {.op = AT_P_TAKE,
                                .grain = AT_G_CREDIT,
                                .place = feed,
                                .n_in = 1,
                                .in = &key,
                                .type = t->plan->nodes[key].type};
    return append(t, &take);
}

static uint32_t one_of(struct tracing *t) {
    struct at_plan_value *one = AT_NEW(t->arena, struct at_plan_value);
    *one = at_plan_value_of_num((at_type){.kind = AT_T_NUMBER}, at_num_int(1));
    struct at_plan_node wanted = {.op = AT_P_CONST, .grain = AT_G_CONST, .type = one->type, .data = one};
    return append(t, &wanted);
}

static void add_ledger(struct tracing *t, struct at_plan_component *component) {
    const struct at_plan_node *sum = &t->plan->nodes[t->best];
    bool counts = sum->op == AT_P_COUNT, masked = sum->n_in > (counts ? 0 : 1);
    uint32_t group = 0, in[4] = {component->due, counts ? one_of(t) : sum->in[0], 0, 0};
    sum = &t->plan->nodes[t->best];
    if (component->amount != AT_NO_NODE) group = t->plan->nodes[component->amount].place + 1u;
    in[2] = key_of(t, (uint16_t)sum->a);
    sum = &t->plan->nodes[t->best];
    if (masked) in[3] = sum->in[counts ? 0 : 1];
    struct at_plan_node wanted = {.op = AT_P_LEDGER,
                                  .grain = AT_G_CELL,
                                  .a = sum->a,
                                  .b = AT_LEDGER_SHARES | AT_LEDGER_IGNORING | AT_LEDGER_LATER |
                                       (masked ? AT_LEDGER_MASK : 0) |
                                       (int32_t)(group << AT_LEDGER_GROUP_SHIFT),
                                  .n_in = masked ? 4 : 3,
                                  .in = in,
                                  .type = t->plan->nodes[component->due].type};
    component->ledger = append(t, &wanted);
}

/* The fields of rows that can be deals, for lists of them. Nothing calculates them in a run. */
static void add_fields(struct tracing *t) {
    const struct at_check_policy *checked = t->plan->checked;
    for (uint32_t table = 0; table < checked->n_schemas; table++) {
        bool dated = false;
        for (uint32_t f = 0; f < t->plan->n_feeds; f++)
            dated |= t->plan->feeds[f].table == table && t->plan->feeds[f].on != AT_NO_NODE;
        for (uint32_t field = 0; dated && field < checked->schemas[table].n_fields; field++) {
            bool known = false;
            for (uint32_t id = 0; id < t->plan->n_nodes && !known; id++) {
                const struct at_plan_node *p = &t->plan->nodes[id];
                known = p->op == AT_P_LOAD && p->place == table && p->a == (int32_t)field;
            }
            if (known) continue;
            t->plan->nodes[load(t, (uint16_t)table, (int32_t)field)].needed = false;
        }
    }
}

static uint32_t count_fields(const struct at_plan *plan) {
    uint32_t n = 0;
    for (uint32_t table = 0; table < plan->checked->n_schemas; table++)
        n += plan->checked->schemas[table].n_fields;
    return n;
}

struct at_plan *at_plan_with_deals(const struct at_plan *plan, struct at_arena *arena) {
    struct at_plan *wide = AT_NEW(arena, struct at_plan);
    struct tracing t = {.plan = wide, .arena = arena};
    *wide = *plan;
    wide->arena = arena;
    /* A component needs at most a constant, four nodes of a key, and its ledger. */
    uint32_t n_room = plan->n_nodes + 6u * plan->n_components + count_fields(plan) + 1;
    wide->nodes = AT_NEW_ARRAY(arena, struct at_plan_node, n_room);
    memcpy(wide->nodes, plan->nodes, plan->n_nodes * sizeof *plan->nodes);
    wide->components = AT_NEW_ARRAY(arena, struct at_plan_component, plan->n_components + 1);
    memcpy(wide->components, plan->components, plan->n_components * sizeof *plan->components);
    t.seen = AT_NEW_ARRAY(arena, bool, n_room);
    for (uint32_t c = 0; c < wide->n_components; c++) {
        struct at_plan_component *component = &wide->components[c];
        bool has_rows = component->ledger != AT_NO_NODE || component->lines != AT_NO_NODE;
        if (has_rows || component->parted != AT_NO_NODE) continue;
        trace(&t, component->due);
        if (t.best_rank > 0) add_ledger(&t, component);
    }
    add_fields(&t);
    return wide;
}
