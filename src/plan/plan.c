/* plan/plan.c: the graph of a plan: equal nodes are one, constants are folded, passes are counted. */
#include "plan/graph.h"

static const struct {
    const char *name;
    int8_t inputs;
} ops[] = {
#define AT_PLAN_NODE(op, name, inputs, meaning) {name, inputs},
#include "plan/nodes.def"
#undef AT_PLAN_NODE
};

const char *at_plan_op_name(enum at_plan_op op) {
    return op < AT_P_COUNT_OF ? ops[op].name : "?";
}

/* Depends on the order of nodes.def. */
bool at_plan_is_map(enum at_plan_op op) {
    return op >= AT_P_ADD && op < AT_P_COUNT_OF;
}

bool at_plan_is_aggregate(enum at_plan_op op) {
    return op == AT_P_SUM || op == AT_P_COUNT || op == AT_P_LEAST || op == AT_P_MOST;
}

uint32_t at_plan_division_of(const struct at_plan *plan, uint32_t earned) {
    return plan->nodes[earned].op == AT_P_FROMSTAY ? plan->nodes[earned].in[0] : earned;
}

/* ---------------------------------------------------------------- passes */

bool at_plan_settles(const struct at_plan *plan, const struct at_plan_node *node, uint16_t payee_table) {
    /* Cells are known only when all rows are counted, even a constant that is spread to them. */
    if (node->grain == AT_G_CELL || node->grain == AT_G_GROUP) return true;
    if (node->grain == AT_G_CREDIT || (node->grain == AT_G_ROW && node->place != payee_table)) return false;
    if (at_plan_is_aggregate(node->op) || node->op == AT_P_RUNSUM || node->op == AT_P_RUNCOUNT) return true;
    for (uint16_t i = 0; i < node->n_in; i++)
        if (plan->nodes[node->in[i]].settled) return true;
    return false;
}

uint8_t at_plan_pass(const struct at_plan *plan, const struct at_plan_node *node, uint16_t payee_table) {
    uint8_t pass = 0;
    if (node->op == AT_P_CARRY || node->op == AT_P_RUNCARRY) pass = at_plan_carry_pass(plan, node);
    if (node->op == AT_P_ITEMPERIOD && node->a) pass = 1;
    for (uint16_t i = 0; i < node->n_in; i++)
        if (plan->nodes[node->in[i]].pass > pass) pass = plan->nodes[node->in[i]].pass;
    /* The payee table is resident, so its columns need no scan. */
    bool streams = node->grain == AT_G_CREDIT || (node->grain == AT_G_ROW && node->place != payee_table);
    bool flows_back = node->op == AT_P_FROMCELL || node->op == AT_P_ASOF || node->op == AT_P_RUNNING ||
                      node->op == AT_P_RUNCARRY || node->op == AT_P_DIVIDEOF || node->op == AT_P_LINEOF;
    if (node->op == AT_P_SPREAD || node->op == AT_P_FOLLOW || node->op == AT_P_TAKE)
        flows_back = plan->nodes[node->in[0]].settled;
    if (streams && flows_back && pass < AT_MAX_PASSES)
        pass++; /* one more than is allowed is as good as many */
    return pass;
}

/* ---------------------------------------------------------------- equality of nodes */

static uint64_t mix(uint64_t hash, uint64_t value) {
    hash ^= value + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
    return hash * 0xff51afd7ed558ccdu;
}

static bool same_set(const struct at_plan_set *a, const struct at_plan_set *b) {
    if (a->n != b->n) return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (!at_plan_value_same(&a->values[i], &b->values[i])) return false;
    return true;
}

/* Must agree with same_node. The type is left out, because it rarely differs where all else is
 * the same. */
static uint64_t hash_node(const struct at_plan_node *node) {
    uint64_t hash = mix(mix(node->op, node->grain), node->place);
    hash = mix(mix(hash, (uint32_t)node->a), (uint32_t)node->b);
    for (uint16_t i = 0; i < node->n_in; i++)
        hash = mix(hash, node->in[i]);
    if (node->op == AT_P_CONST) return mix(mix(hash, at_plan_value_hash(node->data)), (uintptr_t)node->open);
    if (node->op == AT_P_IN) {
        const struct at_plan_set *set = node->data;
        for (uint32_t i = 0; i < set->n; i++)
            hash = mix(hash, at_plan_value_hash(&set->values[i]));
        return hash;
    }
    return mix(hash, (uintptr_t)node->data);
}

static bool same_node(const struct at_plan_node *a, const struct at_plan_node *b) {
    if (a->op != b->op || a->grain != b->grain || a->place != b->place || a->a != b->a || a->b != b->b ||
        a->n_in != b->n_in || !at_type_same(a->type, b->type))
        return false;
    if (a->n_in > 0 && memcmp(a->in, b->in, a->n_in * sizeof *a->in) != 0) return false;
    if (a->op == AT_P_CONST)
        return at_plan_value_same(a->data, b->data) && a->type.unit == b->type.unit && a->open == b->open;
    if (a->op == AT_P_IN) return same_set(a->data, b->data);
    return a->data == b->data;
}

/* ---------------------------------------------------------------- the graph */

static void rehash(struct at_plan_graph *graph) {
    graph->n_slots = graph->n_slots ? graph->n_slots * 2 : 256;
    /* Open addressing, at most half full, with a power of two of slots. The old array stays in
     * the arena until the arena is freed. */
    graph->slots = AT_NEW_ARRAY(graph->arena, uint32_t, graph->n_slots);
    for (uint32_t id = 0; id < graph->plan->n_nodes; id++) {
        uint32_t slot = (uint32_t)hash_node(&graph->plan->nodes[id]) & (graph->n_slots - 1);
        while (graph->slots[slot])
            slot = (slot + 1) & (graph->n_slots - 1);
        graph->slots[slot] = id + 1;
    }
}

void at_plan_graph_init(struct at_plan_graph *graph, struct at_plan *plan, struct at_arena *arena) {
    *graph = (struct at_plan_graph){.plan = plan, .arena = arena, .room = plan->n_nodes};
    /* A zeroed plan would name node 0 as its mask and its total. */
    if (plan->n_nodes == 0) plan->applies = plan->total = plan->pays_in = plan->asked = AT_NO_NODE;
    if (plan->checked && plan->checked->payee_table > 0)
        graph->payee_table = (uint16_t)plan->checked->payee_table;
    rehash(graph);
}

/* One more place of the policy comes to the node. */
static void found_in(struct at_plan_node *node, const struct at_ast_node *ast) {
    if (!ast || ast->span.end == 0) return;
    if (node->where.end == 0) node->where = ast->span;
    if (ast->span.start < node->where.start) node->where.start = ast->span.start;
    if (ast->span.end > node->where.end) node->where.end = ast->span.end;
}

/* Makes a node. `wanted` and its inputs may be on the caller's stack, so both are copied. */
static uint32_t append(struct at_plan_graph *graph, const struct at_plan_node *wanted) {
    struct at_plan *plan = graph->plan;
    if (plan->n_nodes == graph->room) {
        uint32_t room = graph->room ? graph->room * 2 : 64;
        plan->nodes = at_arena_grow(graph->arena, plan->nodes, graph->room * sizeof *plan->nodes,
                                    room * sizeof *plan->nodes);
        graph->room = room;
    }
    struct at_plan_node *node = &plan->nodes[plan->n_nodes];
    *node = *wanted;
    node->in = NULL;
    if (wanted->n_in > 0) {
        node->in = AT_NEW_ARRAY(graph->arena, uint32_t, wanted->n_in);
        memcpy(node->in, wanted->in, wanted->n_in * sizeof *node->in);
    }
    if (!node->ast) node->ast = graph->ast;
    found_in(node, node->ast);
    node->settled = at_plan_settles(plan, node, graph->payee_table);
    node->pass = at_plan_pass(plan, node, graph->payee_table);
    /* An estimate while building. set_needed in needed.c counts only what a run calculates. */
    if (node->pass >= plan->n_passes) plan->n_passes = node->pass + 1;
    return plan->n_nodes++;
}

static uint32_t find_or_append(struct at_plan_graph *graph, const struct at_plan_node *wanted) {
    /* Before the search, because rehashing moves the slots. */
    if (graph->plan->n_nodes * 2 >= graph->n_slots) rehash(graph);
    uint32_t slot = (uint32_t)hash_node(wanted) & (graph->n_slots - 1);
    for (; graph->slots[slot]; slot = (slot + 1) & (graph->n_slots - 1)) {
        uint32_t id = graph->slots[slot] - 1;
        struct at_plan_node *node = &graph->plan->nodes[id];
        if (!same_node(node, wanted)) continue;
        found_in(node, wanted->ast ? wanted->ast : graph->ast);
        return id;
    }
    uint32_t id = append(graph, wanted);
    graph->slots[slot] = id + 1;
    return id;
}

const struct at_plan_value *at_plan_graph_open_value(const struct at_plan_graph *graph, uint32_t node,
                                                     const struct at_plan_open **open) {
    *open = NULL;
    if (node == AT_NO_NODE || graph->plan->nodes[node].op != AT_P_CONST) return NULL;
    *open = graph->plan->nodes[node].open;
    return graph->plan->nodes[node].data;
}

const struct at_plan_value *at_plan_graph_value(const struct at_plan_graph *graph, uint32_t node) {
    const struct at_plan_open *open;
    const struct at_plan_value *value = at_plan_graph_open_value(graph, node, &open);
    return open ? NULL : value;
}

/* A constant that is yes or no. A missing flag decides nothing, so it is NULL here. */
static const struct at_plan_value *flag_of(const struct at_plan_graph *graph, uint32_t node) {
    const struct at_plan_value *value = at_plan_graph_value(graph, node);
    return value && !value->missing && value->type.kind == AT_T_FLAG ? value : NULL;
}

/* What needs no node of its own: a choice that is made already, times one. AT_NO_NODE where it does. */
static uint32_t shortcut(const struct at_plan_graph *graph, const struct at_plan_node *wanted) {
    if (wanted->n_in < 2) return AT_NO_NODE;
    const struct at_plan_value *first = flag_of(graph, wanted->in[0]),
                               *second = flag_of(graph, wanted->in[1]);
    if (wanted->op == AT_P_IF && first) return wanted->in[at_plan_value_yes(first) ? 1 : 2];
    if (wanted->op == AT_P_AND || wanted->op == AT_P_OR) {
        bool decides = wanted->op == AT_P_OR; /* yes decides `or`, no decides `and` */
        /* A known side that does not decide leaves the other side as the result. */
        if (first) return wanted->in[at_plan_value_yes(first) == decides ? 0 : 1];
        if (second) return wanted->in[at_plan_value_yes(second) == decides ? 1 : 0];
        if (wanted->in[0] == wanted->in[1]) return wanted->in[0];
    }
    if (wanted->op != AT_P_MUL) return AT_NO_NODE;
    for (int i = 0; i < 2; i++) {
        const struct at_plan_value *one = at_plan_graph_value(graph, wanted->in[i]);
        /* The form is checked first, because comparing wide forms costs memory. */
        if (one && !one->missing && at_plan_value_num(one).form == AT_NUM_I64 &&
            one->type.kind == AT_T_NUMBER &&
            at_num_cmp(graph->arena, at_plan_value_num(one), at_num_int(1)) == 0 &&
            at_type_same(graph->plan->nodes[wanted->in[1 - i]].type, wanted->type))
            return wanted->in[1 - i];
    }
    return AT_NO_NODE;
}

/* Constants with more inputs are rare: only hooks and `cell` have them, and those are not folded. */
#define MOST_FOLDED 8

/* The constant, which is made of an open param as the node says. */
static uint32_t fold_open(struct at_plan_graph *graph, const struct at_plan_node *wanted,
                          const struct at_plan_value *const *in, const struct at_plan_open *const *of,
                          struct at_plan_value value) {
    const struct at_plan_open **inputs =
        AT_NEW_ARRAY(graph->arena, const struct at_plan_open *, wanted->n_in);
    struct at_plan_open *open = AT_NEW(graph->arena, struct at_plan_open);
    struct at_plan_node *node = AT_NEW(graph->arena, struct at_plan_node);
    struct at_plan_value *kept = AT_NEW(graph->arena, struct at_plan_value);
    *node = *wanted;
    node->in = NULL;
    *kept = value;
    for (uint16_t i = 0; i < wanted->n_in; i++) {
        struct at_plan_open *leaf = AT_NEW(graph->arena, struct at_plan_open);
        *leaf = (struct at_plan_open){.op = AT_P_CONST, .value = in[i]};
        inputs[i] = of[i] ? of[i] : leaf;
    }
    *open = (struct at_plan_open){
        .op = wanted->op, .n_in = wanted->n_in, .node = node, .value = kept, .in = inputs};
    struct at_plan_node made = {
        .op = AT_P_CONST, .grain = AT_G_CONST, .type = value.type, .data = kept, .open = open};
    return find_or_append(graph, &made);
}

uint32_t at_plan_graph_open(struct at_plan_graph *graph, struct at_plan_value value) {
    struct at_plan_open *open = AT_NEW(graph->arena, struct at_plan_open);
    struct at_plan_value *kept = AT_NEW(graph->arena, struct at_plan_value);
    *kept = value;
    *open = (struct at_plan_open){.param = true, .op = AT_P_CONST, .value = kept};
    struct at_plan_node made = {
        .op = AT_P_CONST, .grain = AT_G_CONST, .type = value.type, .data = kept, .open = open};
    return find_or_append(graph, &made);
}

/* Choices that `shortcut` makes of plain constants. */
static bool choose_open(const struct at_plan_node *wanted, const struct at_plan_value *const *in,
                        struct at_plan_value *out) {
    bool logic = wanted->op == AT_P_AND || wanted->op == AT_P_OR;
    if ((wanted->op != AT_P_IF && !logic) || in[0]->missing) return false;
    bool yes = at_plan_value_yes(in[0]);
    if (logic)
        *out = *in[yes == (wanted->op == AT_P_OR) ? 0 : 1];
    else
        *out = *in[yes ? 1 : 2];
    return true;
}

/* Folds a map of constants; AT_NO_NODE where it cannot be. */
static uint32_t fold(struct at_plan_graph *graph, const struct at_plan_node *wanted) {
    const struct at_plan_value *in[MOST_FOLDED];
    const struct at_plan_open *of[MOST_FOLDED];
    bool open = false;
    if (!at_plan_is_map(wanted->op) || wanted->n_in > AT_COUNT(in)) return AT_NO_NODE;
    for (uint16_t i = 0; i < wanted->n_in; i++) {
        if (!(in[i] = at_plan_graph_open_value(graph, wanted->in[i], &of[i]))) return AT_NO_NODE;
        open |= of[i] != NULL;
    }
    const char *why = NULL;
    struct at_plan_value value = {0};
    const struct at_calendar *calendar = graph->plan->checked ? &graph->plan->checked->calendar : NULL;
    enum at_plan_fold done = AT_FOLD_DONE;
    if (!open || !choose_open(wanted, in, &value))
        done = at_plan_fold(graph->arena, calendar, wanted, in, &value, &why);
    if (done == AT_FOLD_TROUBLE && !open && graph->on_trouble)
        graph->on_trouble(graph->context, wanted->ast ? wanted->ast : graph->ast, why);
    if (done != AT_FOLD_DONE) return AT_NO_NODE; /* with an open param, a run finds the trouble */
    /* at_plan_fold does not know currencies and choices. The wanted type has them. */
    value.type = wanted->type;
    return open ? fold_open(graph, wanted, in, of, value) : at_plan_graph_const(graph, value);
}

uint32_t at_plan_graph_add(struct at_plan_graph *graph, const struct at_plan_node *wanted) {
    struct at_plan_node node = *wanted;
    node.type.unit = (uint8_t)at_plan_unit(graph->plan, &node);
    uint32_t known = shortcut(graph, &node);
    if (known == AT_NO_NODE) known = fold(graph, &node);
    return known != AT_NO_NODE ? known : find_or_append(graph, &node);
}

/* ---------------------------------------------------------------- constants and sources */

uint32_t at_plan_graph_const(struct at_plan_graph *graph, struct at_plan_value value) {
    struct at_plan_node wanted = {.op = AT_P_CONST, .grain = AT_G_CONST, .type = value.type, .data = &value};
    /* Nothing is copied for a constant that exists already, which is the usual case. */
    uint32_t before = graph->plan->n_nodes;
    uint32_t id = find_or_append(graph, &wanted);
    if (id == before) { /* the payload moves from the stack into the plan */
        struct at_plan_value *kept = AT_NEW(graph->arena, struct at_plan_value);
        *kept = value;
        graph->plan->nodes[id].data = kept;
    }
    return id;
}

uint32_t at_plan_graph_number(struct at_plan_graph *graph, at_num value) {
    return at_plan_graph_const(graph, at_plan_value_of_num((at_type){.kind = AT_T_NUMBER}, value));
}

uint32_t at_plan_graph_flag(struct at_plan_graph *graph, bool value) {
    return at_plan_graph_const(graph, at_plan_value_of_yes(value));
}

uint32_t at_plan_graph_missing(struct at_plan_graph *graph, at_type type) {
    type.optional = true;
    return at_plan_graph_const(graph, (struct at_plan_value){.type = type, .missing = true});
}

uint32_t at_plan_graph_load(struct at_plan_graph *graph, uint16_t table, int32_t field, at_type type) {
    struct at_plan_node wanted = {
        .op = AT_P_LOAD, .grain = AT_G_ROW, .place = table, .a = field, .type = type};
    return at_plan_graph_add(graph, &wanted);
}

uint32_t at_plan_graph_source(struct at_plan_graph *graph, enum at_plan_op op, enum at_check_grain grain,
                              uint16_t place, at_type type) {
    struct at_plan_node wanted = {.op = op, .grain = grain, .place = place, .type = type};
    return at_plan_graph_add(graph, &wanted);
}

/* ---------------------------------------------------------------- from grain to grain */

/* Moving a value to another grain keeps its type and its expression. */
static uint32_t one_input(struct at_plan_graph *graph, enum at_plan_op op, enum at_check_grain grain,
                          uint16_t place, uint32_t x) {
    struct at_plan_node wanted = {.op = op,
                                  .grain = grain,
                                  .place = place,
                                  .n_in = 1,
                                  .in = &x,
                                  .type = graph->plan->nodes[x].type,
                                  .ast = graph->plan->nodes[x].ast};
    return at_plan_graph_add(graph, &wanted);
}

uint32_t at_plan_graph_named(struct at_plan_graph *graph, at_str key, at_type type) {
    struct at_plan_value *value = AT_NEW(graph->arena, struct at_plan_value);
    *value = at_plan_value_of_text(key);
    struct at_plan_node wanted = {.op = AT_P_NAMED, .grain = AT_G_CONST, .type = type, .data = value};
    return at_plan_graph_add(graph, &wanted);
}

uint32_t at_plan_graph_follow(struct at_plan_graph *graph, uint32_t column, uint32_t reference) {
    const struct at_plan_node *ref = &graph->plan->nodes[reference];
    if (graph->plan->nodes[column].grain == AT_G_CONST && !graph->plan->nodes[column].settled) return column;
    if (ref->op == AT_P_FOLLOW && !graph->plan->nodes[ref->in[0]].settled) {
        /* deal.rep.manager.name: the name of everyone's manager once, then one step from each deal. */
        uint32_t far = ref->in[0], near = ref->in[1];
        return at_plan_graph_follow(graph, at_plan_graph_follow(graph, column, far), near);
    }
    struct at_plan_node wanted = {.op = AT_P_FOLLOW,
                                  .grain = ref->grain,
                                  .place = ref->place,
                                  .n_in = 2,
                                  .in = (uint32_t[]){column, reference},
                                  .type = graph->plan->nodes[column].type};
    /* An empty reference leads to no row, so its value is missing. */
    wanted.type.optional |= ref->type.optional;
    return at_plan_graph_add(graph, &wanted);
}

uint32_t at_plan_graph_take(struct at_plan_graph *graph, uint32_t row_node, uint16_t feed) {
    return one_input(graph, AT_P_TAKE, AT_G_CREDIT, feed, row_node);
}

uint32_t at_plan_graph_fromcell(struct at_plan_graph *graph, uint32_t cell_node, uint16_t feed) {
    return one_input(graph, AT_P_FROMCELL, AT_G_CREDIT, feed, cell_node);
}

uint32_t at_plan_graph_fromgroup(struct at_plan_graph *graph, uint32_t group_node) {
    return one_input(graph, AT_P_FROMGROUP, AT_G_CELL, 0, group_node);
}

uint32_t at_plan_graph_spread(struct at_plan_graph *graph, uint32_t node, enum at_check_grain grain,
                              uint16_t place) {
    return grain == AT_G_CONST ? node : one_input(graph, AT_P_SPREAD, grain, place, node);
}

uint32_t at_plan_graph_aggregate(struct at_plan_graph *graph, enum at_plan_op op, uint16_t feed,
                                 enum at_check_grain grain, uint16_t place, at_type type, uint32_t value,
                                 uint32_t mask) {
    struct at_plan_node wanted = {.op = op,
                                  .grain = grain,
                                  .place = place,
                                  .a = feed,
                                  .type = type,
                                  .in = (uint32_t[]){value, mask},
                                  .n_in = 2};
    if (grain == AT_G_ROW) wanted.place = graph->payee_table;
    const struct at_plan_value *all = flag_of(graph, mask);
    if (mask == AT_NO_NODE || (all && at_plan_value_yes(all))) wanted.n_in = 1;
    if (value == AT_NO_NODE) { /* COUNT: the mask stands first */
        wanted.in++;
        wanted.n_in--;
    }
    /* Without items, a least or a largest value does not exist. A sum is zero. */
    if (op == AT_P_LEAST || op == AT_P_MOST) wanted.type.optional = true;
    return at_plan_graph_add(graph, &wanted);
}

uint32_t at_plan_graph_gather(struct at_plan_graph *graph, enum at_plan_op op, uint32_t cell_node,
                              uint16_t group) {
    bool run = op == AT_P_RUNSUM || op == AT_P_RUNCOUNT;
    struct at_plan_node wanted = {.op = op,
                                  .grain = run ? AT_G_CONST : AT_G_GROUP,
                                  .place = run ? 0 : group,
                                  .n_in = 1,
                                  .in = &cell_node,
                                  .type = graph->plan->nodes[cell_node].type};
    if (op == AT_P_RUNCOUNT) wanted.type = (at_type){.kind = AT_T_NUMBER};
    return at_plan_graph_add(graph, &wanted);
}

uint32_t at_plan_graph_scan(struct at_plan_graph *graph, enum at_plan_op op, uint32_t x, int32_t a,
                            int32_t b) {
    struct at_plan_node wanted = {.op = op,
                                  .grain = graph->plan->nodes[x].grain,
                                  .place = graph->plan->nodes[x].place,
                                  .n_in = 1,
                                  .in = &x,
                                  .a = a,
                                  .b = b,
                                  .type = graph->plan->nodes[x].type};
    if (op == AT_P_PRIOR) wanted.type.optional = true;
    return at_plan_graph_add(graph, &wanted);
}

/* ---------------------------------------------------------------- maps */

/* Comparing what a reference leads to is done once for the table that it leads into, not for every row. */
static uint32_t through_follow(struct at_plan_graph *graph, const struct at_plan_node *wanted) {
    switch (wanted->op) {
    case AT_P_EQ:
    case AT_P_NE:
    case AT_P_LT:
    case AT_P_LE:
    case AT_P_IN:
    case AT_P_TEXTFN:
    case AT_P_CHOICETEXT: break;
    default: return AT_NO_NODE;
    }
    /* At most one input may be a FOLLOW, since two of them can lead to different rows. */
    uint32_t in[8], reference = AT_NO_NODE;
    if (wanted->n_in > AT_COUNT(in)) return AT_NO_NODE;
    for (uint16_t i = 0; i < wanted->n_in; i++) {
        const struct at_plan_node *node = &graph->plan->nodes[in[i] = wanted->in[i]];
        if (node->op == AT_P_CONST) continue;
        if (node->op != AT_P_FOLLOW || graph->plan->nodes[node->in[0]].settled || reference != AT_NO_NODE)
            return AT_NO_NODE;
        reference = node->in[1];
        in[i] = node->in[0];
    }
    if (reference == AT_NO_NODE) return AT_NO_NODE;
    uint32_t inner = at_plan_graph_map(graph, wanted->op, wanted->type, wanted->a, wanted->b, wanted->data,
                                       in, wanted->n_in);
    return at_plan_graph_follow(graph, inner, reference);
}

uint32_t at_plan_graph_map(struct at_plan_graph *graph, enum at_plan_op op, at_type type, int32_t a,
                           int32_t b, const void *data, const uint32_t *in, uint16_t n_in) {
    struct at_plan_node wanted = {.op = op,
                                  .grain = AT_G_CONST,
                                  .a = a,
                                  .b = b,
                                  .data = data,
                                  .n_in = n_in,
                                  .in = (uint32_t *)in,
                                  .type = type};
    /* From the last to the first, so that the first input that is not CONST decides. */
    for (uint16_t i = n_in; i-- > 0;) {
        const struct at_plan_node *node = &graph->plan->nodes[in[i]];
        if (node->grain == AT_G_CONST) continue;
        wanted.grain = node->grain;
        wanted.place = node->place;
    }
    uint32_t known = through_follow(graph, &wanted);
    return known != AT_NO_NODE ? known : at_plan_graph_add(graph, &wanted);
}

uint32_t at_plan_graph_map1(struct at_plan_graph *graph, enum at_plan_op op, at_type type, uint32_t x) {
    return at_plan_graph_map(graph, op, type, 0, 0, NULL, &x, 1);
}

uint32_t at_plan_graph_map2(struct at_plan_graph *graph, enum at_plan_op op, at_type type, uint32_t x,
                            uint32_t y) {
    return at_plan_graph_map(graph, op, type, 0, 0, NULL, (uint32_t[]){x, y}, 2);
}

uint32_t at_plan_graph_map3(struct at_plan_graph *graph, enum at_plan_op op, at_type type, uint32_t x,
                            uint32_t y, uint32_t z) {
    return at_plan_graph_map(graph, op, type, 0, 0, NULL, (uint32_t[]){x, y, z}, 3);
}
