/* plan/graph.h: building a plan node by node: equal nodes become one, constants are folded, passes are
 * counted.
 *
 * Lowering builds every plan through this; tests of the interpreter build small ones by hand:
 *
 *     struct at_plan plan = {.checked = checked, .arena = &arena};
 *     struct at_plan_graph graph;
 *     at_plan_graph_init(&graph, &plan, &arena);
 *     uint32_t amount = at_plan_graph_load(&graph, 1, 3, money);
 *     uint32_t taken = at_plan_graph_take(&graph, amount, 0);
 *     uint32_t sum = at_plan_graph_aggregate(&graph, AT_P_SUM, 0, AT_G_CELL, 0, money, taken, AT_NO_NODE);
 *
 * Invariants: inputs are made before the node that uses them; a node never changes once made.
 */
#ifndef AT_PLAN_GRAPH_H
#define AT_PLAN_GRAPH_H

#include "plan/plan.h"

/* A plan that is being built. Ids and pointers to nodes stay valid only until the next node is
 * made: the array of nodes may move. Ids change once more, in at_plan_finish. */
struct at_plan_graph {
    struct at_plan *plan;   /* view; its nodes grow */
    struct at_arena *arena; /* view; of the plan */
    /* Capacities of the plan's arrays, which the plan itself does not need after it is built. */
    uint32_t room, carry_room, loop_room;
    uint32_t *slots; /* index + 1 of a node, 0 free */
    uint32_t n_slots;
    uint16_t payee_table;
    const struct at_ast_node *ast; /* given to the nodes that are made */
    /* Called if a constant cannot be calculated ("cannot divide by zero"). The node is then made as it is.
     * NULL: no callback. */
    void (*on_trouble)(void *context, const struct at_ast_node *ast, const char *why);
    void *context;
};

void at_plan_graph_init(struct at_plan_graph *graph, struct at_plan *plan, struct at_arena *arena);

/* Returns the node like `wanted` (op, grain, place, inputs, a, b, data, type): found, folded or made. Copies
 * its `in`, and calculates its pass and settled. Compares payloads of CONST and IN by content, others by
 * address. */
uint32_t at_plan_graph_add(struct at_plan_graph *graph, const struct at_plan_node *wanted);

/* Copies `value` into the arena. The texts and numbers inside must be valid as long as the plan. */
uint32_t at_plan_graph_const(struct at_plan_graph *graph, struct at_plan_value value);
uint32_t at_plan_graph_number(struct at_plan_graph *graph, at_num value);
uint32_t at_plan_graph_flag(struct at_plan_graph *graph, bool value);
uint32_t at_plan_graph_missing(struct at_plan_graph *graph, at_type type);
uint32_t at_plan_graph_load(struct at_plan_graph *graph, uint16_t table, int32_t field, at_type type);
/* No inputs, no payload: ROWNUM, RECIPIENT, ITEMPERIOD, ITEMSHARE, PAYEE, CELLPERIOD, GROUPKEY. */
uint32_t at_plan_graph_source(struct at_plan_graph *graph, enum at_plan_op op, enum at_check_grain grain,
                              uint16_t place, at_type type);
/* The payee whose key is `key`, as a reference that is known when the data is. */
uint32_t at_plan_graph_named(struct at_plan_graph *graph, at_str key, at_type type);
uint32_t at_plan_graph_follow(struct at_plan_graph *graph, uint32_t column, uint32_t reference);
uint32_t at_plan_graph_take(struct at_plan_graph *graph, uint32_t row_node, uint16_t feed);
uint32_t at_plan_graph_fromcell(struct at_plan_graph *graph, uint32_t cell_node, uint16_t feed);
uint32_t at_plan_graph_fromgroup(struct at_plan_graph *graph, uint32_t group_node);
uint32_t at_plan_graph_spread(struct at_plan_graph *graph, uint32_t node, enum at_check_grain grain,
                              uint16_t place);
/* SUM, LEAST, MOST of `value`; COUNT (value AT_NO_NODE). `mask` may be AT_NO_NODE. `grain`: CELL, ROW(payee),
 * GROUP 0, CONST. */
/* `place`: of stays; else 0. */
uint32_t at_plan_graph_aggregate(struct at_plan_graph *graph, enum at_plan_op op, uint16_t feed,
                                 enum at_check_grain grain, uint16_t place, at_type type, uint32_t value,
                                 uint32_t mask);
/* CELL to GROUP, or a run's total. */
uint32_t at_plan_graph_gather(struct at_plan_graph *graph, enum at_plan_op op, uint32_t cell_node,
                              uint16_t group);
/* Elementwise, at the grain of the first input that is not CONST. */
uint32_t at_plan_graph_map1(struct at_plan_graph *graph, enum at_plan_op op, at_type type, uint32_t x);
uint32_t at_plan_graph_map2(struct at_plan_graph *graph, enum at_plan_op op, at_type type, uint32_t x,
                            uint32_t y);
uint32_t at_plan_graph_map3(struct at_plan_graph *graph, enum at_plan_op op, at_type type, uint32_t x,
                            uint32_t y, uint32_t z);
uint32_t at_plan_graph_map(struct at_plan_graph *graph, enum at_plan_op op, at_type type, int32_t a,
                           int32_t b, const void *data, const uint32_t *in, uint16_t n_in);
/* A CARRY at the grain of a cell or group, `back` periods of the rhythm. Its source is given later, and
 * at_plan_finish needs it. */
uint32_t at_plan_graph_carry(struct at_plan_graph *graph, enum at_check_grain grain, uint16_t place,
                             at_type type, uint32_t back, uint8_t rhythm);
/* A loop over the rows of the feed, and a RUNCARRY in it. */
uint32_t at_plan_graph_loop(struct at_plan_graph *graph, uint16_t feed);
uint32_t at_plan_graph_runcarry(struct at_plan_graph *graph, uint32_t loop, at_type type, int32_t span,
                                uint32_t date, uint32_t key);
/* The number of a new entry in the plan's carries, for a node that is made otherwise. */
uint32_t at_plan_graph_new_carry(struct at_plan_graph *graph, uint32_t back, uint8_t rhythm, uint32_t loop);
/* Sets what `carry`, the id of a CARRY or RUNCARRY node, reads. The source may have a higher id. */
void at_plan_graph_carry_from(struct at_plan_graph *graph, uint32_t carry, uint32_t source);
/* Scans and other nodes of one input that keep its grain: TODATE, TRAILING, PRIOR, DELTA. */
uint32_t at_plan_graph_scan(struct at_plan_graph *graph, enum at_plan_op op, uint32_t x, int32_t a,
                            int32_t b);

/* The value of a CONST node, or NULL. One that is made of an open param has none here, so that nothing is
 * decided by it. */
const struct at_plan_value *at_plan_graph_value(const struct at_plan_graph *graph, uint32_t node);
/* The value of such a one, too. *open: what it is made of, or NULL. */
const struct at_plan_value *at_plan_graph_open_value(const struct at_plan_graph *graph, uint32_t node,
                                                     const struct at_plan_open **open);
/* The constant of an open param. */
uint32_t at_plan_graph_open(struct at_plan_graph *graph, struct at_plan_value value);
/* Elementwise: out[i] depends only on in0[i], in1[i], and so on. nodes.def keeps these last, from
 * ADD on. */
bool at_plan_is_map(enum at_plan_op op);

/* Rules that building and verifying share. */
bool at_plan_settles(const struct at_plan *plan, const struct at_plan_node *node, uint16_t payee_table);
uint8_t at_plan_pass(const struct at_plan *plan, const struct at_plan_node *node, uint16_t payee_table);

/* unit.c: how people write the number of a node, once its inputs are made. */
enum at_type_unit at_plan_unit(const struct at_plan *plan, const struct at_plan_node *node);
void at_plan_unit_carries(struct at_plan *plan);

/* carry.c: passes, marks of what is needed, and new numbers, along the edges that lead back in time. */
uint8_t at_plan_carry_pass(const struct at_plan *plan, const struct at_plan_node *node);
void at_plan_carry_loops(struct at_plan *plan, struct at_arena *arena);
void at_plan_carry_passes(struct at_plan *plan, uint16_t payee_table);
void at_plan_carry_marks(const struct at_plan *plan, struct at_arena *arena, bool *marks);
void at_plan_carry_renumber(struct at_plan *plan, struct at_arena *arena, const uint32_t *number);

/* verify.c: in torture builds a plan that breaks an invariant ends the process. */
#ifdef AT_TORTURE
void at_plan_must_hold(const struct at_plan *plan);
#else
static inline void at_plan_must_hold(const struct at_plan *plan) {
    (void)plan;
}
#endif

/* needed.c: the last step of building. Removes nodes that nothing names, numbers the rest again, and marks
 * what is needed. The plan already has its components, adjustments, requires and measures. The caller passes
 * feeds and groups. */
void at_plan_finish(struct at_plan_graph *graph, struct at_plan_feed *feeds, uint32_t n_feeds,
                    struct at_plan_group *groups, uint32_t n_groups);
/* order.c: lists all nodes so that inputs come first. Returns a circle of `n` nodes, each before one that it
 * needs, if there is one. `order` has room for a node more. */
uint32_t *at_plan_order(const struct at_plan *plan, struct at_arena *arena, uint32_t *order, uint32_t *n);
/* rest.c. Whether nothing can be paid in a period without earning events. May be false of a plan that is so.
 */
bool at_plan_rests(const struct at_plan *plan, struct at_arena *arena);
/* event.c. Sets `earns` of each feed. */
void at_plan_set_events(struct at_plan *plan);

/* fold.c: calculates the value of an elementwise node whose inputs are constants. AT_FOLD_NOT: the run
 * calculates this kind. AT_FOLD_TROUBLE: *why is the reason. */
enum at_plan_fold { AT_FOLD_DONE, AT_FOLD_NOT, AT_FOLD_TROUBLE };
enum at_plan_fold at_plan_fold(struct at_arena *arena, const struct at_calendar *calendar,
                               const struct at_plan_node *node, const struct at_plan_value *const *in,
                               struct at_plan_value *out, const char **why);

#endif
