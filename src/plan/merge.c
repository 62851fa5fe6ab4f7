/* plan/merge.c: see merge.h. Node by node in the order of ids, each plan is added to one graph, in which
 * equal nodes are one; what a node points to (feeds, groups, payloads) is first turned into its fellow of the
 * merged plan. */
#include "plan/merge.h"
#include "base/map.h"
#include "base/vec.h"
#include "plan/graph.h"

/* A payload that is compared by content, with the kind of node that it belongs to. */
struct payload {
    uint16_t op;
    const void *data;
};

struct chain { /* what has one hash, in the order in which it was met */
    uint32_t index;
    struct chain *next;
};

struct merger {
    struct at_plan_graph graph;
    struct at_plan *merged;
    struct at_arena *arena;
    const struct at_plan *from; /* the plan being added */
    uint32_t *node;             /* its map */
    uint32_t *feed;             /* UINT32_MAX: not yet */
    uint32_t *loop;             /* the same for loops */
    bool strange;               /* its text is not the merged plan's: no places of it are kept */
    bool first;                 /* it is the first one, whose feeds keep their places */
    AT_VEC(struct at_plan_feed) feeds;
    AT_VEC(struct at_plan_group) groups;
    AT_VEC(struct payload) payloads;
    struct at_map feeds_by_hash, payloads_by_hash; /* to chains */
};

/* ---------------------------------------------------------------- whether they can share a run */

static bool same_formats(const struct at_schema_field *a, const struct at_schema_field *b) {
    bool same = a->n_formats == b->n_formats;
    for (uint32_t i = 0; same && i < a->n_formats; i++)
        same = at_str_eq(a->formats[i], b->formats[i]);
    return same;
}

/* `used` may differ, because join_schemas joins it. */
static bool same_field(const struct at_schema_field *a, const struct at_schema_field *b) {
    return at_str_eq(a->name, b->name) && at_str_eq(a->header, b->header) && same_formats(a, b) &&
           a->decimal_comma == b->decimal_comma && at_type_same(a->type, b->type) &&
           a->type.optional == b->type.optional && a->ref_field == b->ref_field && a->key == b->key &&
           a->dated_table == b->dated_table && a->dated_field == b->dated_field && a->unique == b->unique;
}

static bool same_schema(const struct at_schema *a, const struct at_schema *b) {
    if (!at_str_eq(a->name, b->name) || !at_str_eq(a->source, b->source) || a->n_fields != b->n_fields ||
        a->payee != b->payee || a->key != b->key || a->n_dated != b->n_dated || a->dated != b->dated)
        return false;
    if (a->dated && (a->dated_key != b->dated_key || a->since != b->since || a->until != b->until))
        return false;
    for (uint32_t i = 0; i < at_schema_all(a); i++)
        if (!same_field(&a->fields[i], &b->fields[i])) return false;
    return true;
}

/* What a run needs before it looks at nodes. If it differs, two plans cannot read the data
 * together. */
static bool same_world(const struct at_check_policy *a, const struct at_check_policy *b) {
    if (a->currency != b->currency || !at_calendar_same_periods(&a->calendar, &b->calendar) ||
        a->calendar.fiscal_start != b->calendar.fiscal_start || a->from != b->from || a->to != b->to ||
        a->n_schemas != b->n_schemas || a->payee_table != b->payee_table ||
        a->manager_field != b->manager_field)
        return false;
    for (uint32_t i = 0; i < a->n_schemas; i++)
        if (!same_schema(&a->schemas[i], &b->schemas[i])) return false;
    return true;
}

/* A CALL names a function by its index in one policy. The merged plan has only the functions of
 * the first policy. */
static bool has_hooks(const struct at_plan *plan) {
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        if (plan->nodes[id].op == AT_P_CALL) return true;
    return false;
}

/* The first one's checked policy, its schemas knowing every field that any plan uses. */
static const struct at_check_policy *join_schemas(const struct at_plan *const *plans, uint32_t n,
                                                  struct at_arena *arena) {
    struct at_check_policy *checked = AT_NEW(arena, struct at_check_policy);
    *checked = *plans[0]->checked;
    checked->schemas = AT_NEW_ARRAY(arena, struct at_schema, checked->n_schemas + 1);
    for (uint32_t t = 0; t < checked->n_schemas; t++) {
        struct at_schema *schema = &checked->schemas[t];
        *schema = plans[0]->checked->schemas[t];
        schema->fields = AT_NEW_ARRAY(arena, struct at_schema_field, at_schema_all(schema) + 1);
        for (uint32_t f = 0; f < at_schema_all(schema); f++) {
            schema->fields[f] = plans[0]->checked->schemas[t].fields[f];
            for (uint32_t k = 1; k < n; k++)
                schema->fields[f].used |= plans[k]->checked->schemas[t].fields[f].used;
        }
        for (uint32_t k = 1; k < n; k++)
            schema->referenced |= plans[k]->checked->schemas[t].referenced;
    }
    return checked;
}

/* ---------------------------------------------------------------- payloads that are equal become one */

static bool same_steps(const struct at_plan_steps *a, const struct at_plan_steps *b) {
    if (a->n != b->n || !at_type_same(a->threshold, b->threshold) || !at_type_same(a->value, b->value))
        return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (a->above[i] != b->above[i] || !at_num_same(a->thresholds[i], b->thresholds[i]) ||
            !at_num_same(a->values[i], b->values[i]))
            return false;
    return true;
}

static bool same_keys(const struct at_plan_key *a, const struct at_plan_key *b, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (a[i].kind != b[i].kind ||
            (a[i].kind != AT_KEY_OTHER && !at_plan_value_same(&a[i].value, &b[i].value)))
            return false;
    return true;
}

static bool same_lookup(const struct at_plan_lookup *a, const struct at_plan_lookup *b) {
    if (a->n_keys != b->n_keys || a->n_rows != b->n_rows || a->n_columns != b->n_columns ||
        !same_keys(a->rows, b->rows, a->n_rows) || !same_keys(a->columns, b->columns, a->n_columns))
        return false;
    for (uint32_t i = 0; i < a->n_rows * a->n_columns; i++)
        if (!at_plan_value_same(&a->values[i], &b->values[i])) return false;
    return true;
}

static bool same_payload(uint16_t op, const void *a, const void *b) {
    switch (op) {
    case AT_P_STEP:
    case AT_P_THROUGH: return same_steps(a, b);
    case AT_P_LOOKUP: return same_lookup(a, b);
    /* All other payloads are compared by address, or by the graph itself (CONST, IN). */
    case AT_P_CHOICETEXT: return at_type_choices_same(a, b);
    default: return a == b;
    }
}

static uint64_t mixed(uint64_t hash, uint64_t more) {
    return (hash ^ more) * 0x9E3779B97F4A7C15u ^ hash >> 29;
}

/* Must not depend on more than same_payload compares. It may depend on less. */
static uint64_t hash_payload(uint16_t op, const void *data) {
    uint64_t hash = op;
    if (op == AT_P_STEP || op == AT_P_THROUGH) {
        const struct at_plan_steps *steps = data;
        for (uint32_t i = 0; i < steps->n; i++)
            hash = mixed(mixed(hash, at_num_hash(steps->thresholds[i])), at_num_hash(steps->values[i]));
    } else if (op == AT_P_LOOKUP) {
        const struct at_plan_lookup *lookup = data;
        for (uint32_t i = 0; i < lookup->n_rows * lookup->n_columns; i++)
            hash = mixed(hash, at_plan_value_hash(&lookup->values[i]));
    } else {
        const struct at_type_choices *choices = data;
        for (uint32_t i = 0; i < choices->n; i++)
            hash = mixed(hash, at_str_hash(choices->at[i]));
    }
    return hash;
}

/* The map is keyed by the bytes of the hash. Entries with one hash are in a chain. */
static struct chain **chain_of(struct merger *merger, struct at_map *map, uint64_t hash) {
    at_str key = {(const char *)&hash, sizeof hash};
    struct chain **chain = at_map_get(map, key);
    if (chain) return chain;
    chain = AT_NEW(merger->arena, struct chain *);
    at_map_put(map, at_str_copy(merger->arena, key), chain);
    return chain;
}

static struct chain *chain_new(struct merger *merger, size_t index) {
    struct chain *chain = AT_NEW(merger->arena, struct chain);
    chain->index = (uint32_t)index;
    return chain;
}

/* Returns the first equal payload. The graph compares payloads by address, so equal nodes then
 * become one. */
static const void *join_payload(struct merger *merger, uint16_t op, const void *data) {
    bool by_content = op == AT_P_STEP || op == AT_P_THROUGH || op == AT_P_LOOKUP || op == AT_P_CHOICETEXT;
    if (!data || !by_content) return data;
    struct chain **link = chain_of(merger, &merger->payloads_by_hash, hash_payload(op, data));
    for (; *link; link = &(*link)->next) {
        const struct payload *known = &merger->payloads.at[(*link)->index];
        if (known->op == op && same_payload(op, known->data, data)) return known->data;
    }
    *link = chain_new(merger, merger->payloads.n);
    AT_VEC_PUSH(merger->arena, &merger->payloads, (struct payload){op, data});
    return data;
}

/* ---------------------------------------------------------------- groups, feeds, nodes */

static uint16_t join_group(struct merger *merger, uint32_t group) {
    const struct at_plan_group *from = &merger->from->groups[group];
    if (from->of) { /* joining makes room, so the list may move */
        uint16_t groups = join_group(merger, from->of - 1u);
        return merger->groups.at[groups].stays;
    }
    for (size_t i = 0; i < merger->groups.n; i++)
        if (merger->groups.at[i].field == from->field && !merger->groups.at[i].of &&
            !merger->groups.at[i].stays == !from->stays)
            return (uint16_t)i;
    uint16_t joined = (uint16_t)merger->groups.n, stays = (uint16_t)(joined + 1);
    AT_VEC_PUSH(merger->arena, &merger->groups, (struct at_plan_group){.field = from->field});
    if (!from->stays) return joined;
    struct at_plan_group of = {.field = from->field, .of = stays}; /* one more than the groups themselves */
    AT_VEC_PUSH(merger->arena, &merger->groups, of);
    merger->groups.at[joined].stays = stays;
    return joined;
}

static void join_node(struct merger *merger, uint32_t id);

/* Joins a node when it is first needed. Feeds are joined before other nodes, so a node may be
 * needed before its turn. */
static uint32_t mapped(struct merger *merger, uint32_t id) {
    if (id == AT_NO_NODE) return id;
    if (merger->node[id] == AT_NO_NODE) join_node(merger, id);
    return merger->node[id];
}

static bool same_feed(const struct at_plan_feed *a, const struct at_plan_feed *b) {
    if (a->table != b->table || a->where != b->where || a->on != b->on || a->n_to != b->n_to ||
        a->spread != b->spread || a->spread_kind != b->spread_kind || a->date != b->date ||
        a->day != b->day || a->key != b->key || a->known != b->known || a->until != b->until ||
        a->stock != b->stock || a->leveled != b->leveled)
        return false;
    for (uint32_t i = 0; i < a->n_to; i++)
        if (a->to[i].payee != b->to[i].payee || a->to[i].share != b->to[i].share ||
            a->to[i].managers != b->to[i].managers || a->to[i].by != b->to[i].by)
            return false;
    return true;
}

static uint64_t hash_feed(const struct at_plan_feed *feed) {
    uint64_t hash = mixed(mixed(feed->table, feed->where), feed->on);
    hash = mixed(mixed(hash, feed->date), feed->key);
    hash = mixed(mixed(hash, feed->known), feed->until);
    for (uint32_t i = 0; i < feed->n_to; i++)
        hash = mixed(mixed(hash, feed->to[i].payee), feed->to[i].share);
    return hash;
}

/* Feeds of the first plan keep their places: its policy's declarations have the same. */
static uint16_t join_feed(struct merger *merger, uint32_t index) {
    if (merger->feed[index] != UINT32_MAX) return (uint16_t)merger->feed[index];
    struct at_plan_feed feed = merger->from->feeds[index];
    feed.to = AT_NEW_ARRAY(merger->arena, struct at_plan_recipient, feed.n_to + 1);
    for (uint32_t i = 0; i < feed.n_to; i++) {
        feed.to[i] = merger->from->feeds[index].to[i];
        feed.to[i].payee = mapped(merger, feed.to[i].payee);
        feed.to[i].share = mapped(merger, feed.to[i].share);
        if (feed.to[i].by >= 0) feed.to[i].by = join_group(merger, (uint32_t)feed.to[i].by);
    }
    feed.where = mapped(merger, feed.where);
    feed.on = mapped(merger, feed.on);
    feed.event = mapped(merger, feed.event);
    feed.known = mapped(merger, feed.known);
    feed.until = mapped(merger, feed.until);
    feed.date = mapped(merger, feed.date);
    feed.day = mapped(merger, feed.day);
    feed.key = mapped(merger, feed.key);
    struct chain **link = chain_of(merger, &merger->feeds_by_hash, hash_feed(&feed));
    for (; *link; link = &(*link)->next)
        if (!merger->first && same_feed(&merger->feeds.at[(*link)->index], &feed)) {
            /* The merged run reaches as far as any of its plans. */
            struct at_plan_feed *same = &merger->feeds.at[(*link)->index];
            if (feed.earns > same->earns) same->earns = feed.earns;
            return (uint16_t)(merger->feed[index] = (*link)->index);
        }
    *link = chain_new(merger, merger->feeds.n);
    AT_VEC_PUSH(merger->arena, &merger->feeds, feed);
    return (uint16_t)(merger->feed[index] = (uint32_t)merger->feeds.n - 1);
}

/* A definition that reads its own past stays apart from those of other plans, even if they are equal: whether
 * they are depends on nodes that are joined later. */
static int32_t join_carry(struct merger *merger, const struct at_plan_node *node) {
    const struct at_plan_carry *carry = &merger->from->carries[node->a];
    /* One entry more than there are loops, for a CARRY, which has no loop. Its value does not
     * matter. */
    uint32_t *loop = &merger->loop[node->op == AT_P_RUNCARRY ? carry->loop : merger->from->n_loops];
    if (node->op == AT_P_RUNCARRY && *loop == UINT32_MAX)
        *loop = at_plan_graph_loop(&merger->graph, node->place);
    return (int32_t)at_plan_graph_new_carry(&merger->graph, carry->back, carry->rhythm, *loop);
}

static bool leads_back(const struct at_plan_node *node) {
    return node->op == AT_P_CARRY || node->op == AT_P_RUNCARRY;
}

static void join_node(struct merger *merger, uint32_t id) {
    struct at_plan_node node = merger->from->nodes[id];
    node.in = AT_NEW_ARRAY(merger->arena, uint32_t, node.n_in + 1);
    for (uint16_t i = 0; i < node.n_in; i++)
        node.in[i] = mapped(merger, merger->from->nodes[id].in[i]);
    if (node.grain == AT_G_CREDIT) node.place = join_feed(merger, node.place);
    if (node.grain == AT_G_GROUP) node.place = join_group(merger, node.place);
    /* Payload `a` is an index of the old plan in exactly these kinds of node. */
    bool fed = at_plan_is_aggregate(node.op) || node.op == AT_P_LINEOF || node.op == AT_P_LEDGER;
    if (node.op == AT_P_LEDGER && at_plan_ledger_group(&node))
        node.b = (node.b & ((1 << AT_LEDGER_GROUP_SHIFT) - 1)) |
                 (join_group(merger, at_plan_ledger_group(&node) - 1) + 1) << AT_LEDGER_GROUP_SHIFT;
    if (fed) node.a = join_feed(merger, (uint32_t)node.a);
    if (node.op == AT_P_RANK || node.op == AT_P_PRIZE) node.a = join_group(merger, (uint32_t)node.a);
    bool members = node.op == AT_P_GROUPSUM || node.op == AT_P_GROUPLEAST || node.op == AT_P_GROUPMOST;
    if ((members || node.op == AT_P_ALLOT) && node.a > 0)
        node.a = join_group(merger, (uint32_t)node.a - 1) + 1;
    if (leads_back(&node)) node.a = join_carry(merger, &node);
    node.data = join_payload(merger, node.op, node.data);
    if (merger->strange) {
        node.ast = NULL;
        node.where = (at_span){0};
    }
    /* at_plan_graph_add may return a node of an earlier plan, which then has to serve both. */
    bool needed = node.needed;
    uint32_t joined = at_plan_graph_add(&merger->graph, &node);
    merger->merged->nodes[joined].needed |= needed;
    merger->node[id] = joined;
}

static const struct at_diag_sources *sources_of(const struct at_plan *plan) {
    return plan->checked && plan->checked->ast ? plan->checked->ast->sources : NULL;
}

static void join_plan(struct merger *merger, const struct at_plan *plan, struct at_plan_map *map) {
    merger->from = plan;
    merger->strange = sources_of(plan) != sources_of(merger->merged);
    map->node = merger->node = AT_NEW_ARRAY(merger->arena, uint32_t, plan->n_nodes + 1);
    map->feed = merger->feed = AT_NEW_ARRAY(merger->arena, uint32_t, plan->n_feeds + 1);
    for (uint32_t i = 0; i < plan->n_nodes; i++)
        merger->node[i] = AT_NO_NODE;
    for (uint32_t i = 0; i < plan->n_feeds; i++)
        merger->feed[i] = UINT32_MAX;
    for (uint32_t i = 0; i < plan->n_feeds; i++)
        /* Feeds first: nodes name them, and those of the first plan must keep their order. */
        join_feed(merger, i);
    merger->loop = AT_NEW_ARRAY(merger->arena, uint32_t, plan->n_loops + 1);
    for (uint32_t i = 0; i < plan->n_loops; i++)
        merger->loop[i] = UINT32_MAX;
    for (uint32_t i = 0; i < plan->n_nodes; i++)
        mapped(merger, i);
    for (uint32_t i = 0; i < plan->n_nodes; i++)
        if (leads_back(&plan->nodes[i]))
            at_plan_graph_carry_from(&merger->graph, merger->node[i],
                                     merger->node[plan->carries[plan->nodes[i].a].source]);
}

/* ---------------------------------------------------------------- what the merged plan pays */

static uint32_t moved(const struct at_plan_map *map, uint32_t node) {
    return node == AT_NO_NODE ? node : map->node[node];
}

/* Only the parts of the first plan are taken over. The caller finds the values of other plans by
 * the maps. */
static void take_over(struct at_plan *merged, const struct at_plan *plan, const struct at_plan_map *map,
                      struct at_arena *arena) {
    merged->n_components = plan->n_components;
    merged->components = AT_NEW_ARRAY(arena, struct at_plan_component, plan->n_components + 1);
    for (uint32_t i = 0; i < plan->n_components; i++) {
        struct at_plan_component *c = &merged->components[i];
        *c = plan->components[i];
        c->exact = moved(map, c->exact);
        c->earned = moved(map, c->earned);
        c->adjusted = moved(map, c->adjusted);
        c->value = moved(map, c->value);
        c->due = moved(map, c->due);
        c->local = moved(map, c->local);
        c->rate = moved(map, c->rate);
        c->lines = moved(map, c->lines);
        c->lines_when = moved(map, c->lines_when);
        c->amount = moved(map, c->amount);
        c->ledger = moved(map, c->ledger);
        c->parted = moved(map, c->parted);
    }
    merged->n_adjustments = plan->n_adjustments;
    merged->adjustments = AT_NEW_ARRAY(arena, struct at_plan_adjustment, plan->n_adjustments + 1);
    for (uint32_t i = 0; i < plan->n_adjustments; i++) {
        struct at_plan_adjustment *a = &merged->adjustments[i];
        *a = plan->adjustments[i];
        a->before = moved(map, a->before);
        a->after = moved(map, a->after);
        a->at = moved(map, a->at);
        a->when = moved(map, a->when);
        for (unsigned k = 0; k < AT_DRAW_NODES; k++)
            a->draw[k] = moved(map, a->draw[k]);
    }
    merged->n_measures = plan->n_measures;
    merged->measures = AT_NEW_ARRAY(arena, struct at_plan_measure, plan->n_measures + 1);
    for (uint32_t i = 0; i < plan->n_measures; i++)
        merged->measures[i].cell = moved(map, plan->measures[i].cell);
    merged->params = plan->params;
    merged->n_params = plan->n_params;
    merged->applies = moved(map, plan->applies);
    merged->n_covers = plan->n_covers;
    merged->covers = AT_NEW_ARRAY(arena, struct at_plan_cover, plan->n_covers + 1);
    for (uint32_t i = 0; i < plan->n_covers; i++)
        merged->covers[i] =
            (struct at_plan_cover){plan->covers[i].decl, moved(map, plan->covers[i].from),
                                   moved(map, plan->covers[i].to), moved(map, plan->covers[i].payee)};
    merged->total = moved(map, plan->total);
    merged->pays_in = moved(map, plan->pays_in);
    merged->asked = moved(map, plan->asked);
}

static void take_requires(struct at_plan *merged, const struct at_plan *const *plans, uint32_t n,
                          const struct at_plan_map *maps, struct at_arena *arena) {
    AT_VEC(struct at_plan_require) all = {0};
    for (uint32_t k = 0; k < n; k++)
        for (uint32_t i = 0; i < plans[k]->n_requires; i++) {
            struct at_plan_require require = plans[k]->requires[i];
            require.cond = moved(&maps[k], require.cond);
            AT_VEC_PUSH(arena, &all, require);
        }
    merged->requires = all.at;
    merged->n_requires = (uint32_t)all.n;
}

static bool same_covers(const struct at_plan *a, const struct at_plan_map *of_a, const struct at_plan *b,
                        const struct at_plan_map *of_b) {
    bool same = a->n_covers == b->n_covers;
    for (uint32_t i = 0; same && i < a->n_covers; i++) {
        const struct at_plan_cover *x = &a->covers[i], *y = &b->covers[i];
        same = x->decl->except == y->decl->except && x->decl->table == y->decl->table &&
               moved(of_a, x->from) == moved(of_b, y->from) && moved(of_a, x->to) == moved(of_b, y->to) &&
               moved(of_a, x->payee) == moved(of_b, y->payee);
    }
    return same;
}

bool at_plan_merge(const struct at_plan *const *plans, uint32_t n, uint32_t binding, struct at_arena *arena,
                   struct at_plan **out, struct at_plan_map *maps) {
    for (uint32_t k = 0; k < n; k++)
        if (has_hooks(plans[k]) || !same_world(plans[0]->checked, plans[k]->checked)) return false;
    struct merger *merger = AT_NEW(arena, struct merger);
    struct at_plan *merged = AT_NEW(arena, struct at_plan);
    merged->checked = join_schemas(plans, n, arena);
    merged->arena = arena;
    merger->merged = merged;
    merger->arena = arena;
    at_map_init(&merger->feeds_by_hash, arena);
    at_map_init(&merger->payloads_by_hash, arena);
    AT_VEC_PUSH(arena, &merger->groups, (struct at_plan_group){.field = -1}); /* everyone is always group 0 */
    at_plan_graph_init(&merger->graph, merged, arena);
    for (uint32_t k = 0; k < n; k++) {
        merger->first = k == 0;
        join_plan(merger, plans[k], &maps[k]);
        uint32_t applies = moved(&maps[k], plans[k]->applies);
        if (applies != moved(&maps[0], plans[0]->applies)) return false;
        if (!same_covers(plans[0], &maps[0], plans[k], &maps[k])) return false;
    }
    if (merger->feeds.n >= UINT16_MAX) return false; /* nodes store their feed in 16 bits */
    take_requires(merged, plans, binding < n ? binding : n, maps, arena);
    take_over(merged, plans[0], &maps[0], arena);
    merged->feeds = merger->feeds.at;
    merged->n_feeds = (uint32_t)merger->feeds.n;
    merged->groups = merger->groups.at;
    merged->n_groups = (uint32_t)merger->groups.n;
    /* In this order, as in at_plan_finish: passes of a RUNCARRY depend on the inputs of its loop. */
    at_plan_carry_loops(merged, arena);
    at_plan_carry_passes(merged, merger->graph.payee_table);
    merged->n_passes = 1;
    for (uint32_t id = 0; id < merged->n_nodes; id++)
        if (merged->nodes[id].needed && merged->nodes[id].pass >= merged->n_passes)
            merged->n_passes = merged->nodes[id].pass + 1;
    at_plan_must_hold(merged);
    *out = merged;
    return true;
}
