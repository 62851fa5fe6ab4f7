/* explain/explain_int.h: the interface between the files of explanations:
 *
 *     explain.c   payouts, components, and measures
 *     index.c     what belongs to a payee and period, and what members of a group share
 *     figure.c    values and names as operands, and the text of the policy
 *     rows.c      credited rows: the pass over the tables, and lists
 *     math.c      arithmetic, slices, choices, conditions, and hooks
 *     rate.c      tiers, slices, tables, and the distance to the next tier
 *     time.c      sums over periods and members, and ranks
 *     past.c      values that are calculated from their own earlier periods
 *     pool.c, adjust.c    pools; caps, floors, and adjustments
 */
#ifndef AT_EXPLAIN_EXPLAIN_INT_H
#define AT_EXPLAIN_EXPLAIN_INT_H

#include "explain/explained.h"

/* ---- index.c */
void at_explain_index(struct at_explained_run *r, struct at_arena *arena);
struct at_explained_part at_lines_of(const struct at_explained_run *r, uint32_t payee, uint32_t period);
const struct at_withheld *at_withheld_of(const struct at_explained_run *r, uint32_t payee, uint32_t period);
/* The covered payees of the cell's group, by key. */
uint32_t at_members_of(const struct at_tell *t, uint16_t group, const uint32_t **out);
/* Where what is said of a node is kept for all members of the cell's group, in its period. NULL at first. */
enum at_shared { AT_SHARED_RANKING, AT_SHARED_WEIGHTS };
void **at_group_shared(const struct at_tell *t, enum at_shared what, uint32_t node, uint16_t group);

/* ---- figure.c */
struct at_value at_tell_value(const struct at_tell *t, uint32_t node, uint32_t *state);
/* The node as a number: zero, and *known (may be NULL) false, where it has no value or is not a number. */
at_num at_tell_number(const struct at_tell *t, uint32_t node, bool *known);
/* Which of two present values of one type is larger: <0, 0, >0. */
int at_tell_order(const struct at_value *a, const struct at_value *b);
bool at_tell_holds(const struct at_tell *t, uint32_t cond); /* a flag that is known, and yes */
at_words_operand at_value_shown(const struct at_tell *t, const struct at_value *value, bool percent,
                                bool *shortened);
/* Returns the value as an operand, and notes it in the step. */
at_words_operand at_tell_figure(const struct at_tell *t, struct at_xstep *step, const struct at_value *value,
                                bool percent);
at_words_operand at_tell_node_figure(const struct at_tell *t, struct at_xstep *step, uint32_t node);
at_words_operand at_tell_num(const struct at_tell *t, struct at_xstep *step, at_num num, at_type type,
                             bool percent);
at_words_operand at_tell_count(const struct at_tell *t, uint64_t n);
at_words_operand at_tell_many(const struct at_tell *t, uint64_t n, enum at_word one, enum at_word many);
/* What a node is called: "10% of bookings". */
at_words_operand at_phrase(const struct at_tell *t, uint32_t node);
at_str at_source_line(const struct at_tell *t, const struct at_node *ast, unsigned most);
bool *at_find_percents(const struct at_plan *plan, struct at_arena *arena);
bool at_ast_percent(const struct at_node *ast);
bool at_rates_percent(const struct at_plan *plan, const struct at_pnode *node, bool thresholds);
at_words_operand at_group_name(const struct at_tell *t, uint16_t group);
at_words_operand at_threshold_name(const struct at_tell *t, const struct at_plan_steps *steps, uint32_t i,
                                   bool percent);
uint32_t at_plain_node(const struct at_tell *t, uint32_t node); /* without spreads and the like */
/* Whether both sides of a comparison are written as percentages. */
bool at_compares_percents(const struct at_tell *t, const struct at_pnode *p);
at_words_operand at_put_op(const struct at_tell *t, uint32_t node, const at_words_operand *args, uint32_t n);

/* ---- math.c */
struct at_xstep *at_xstep_new(const struct at_tell *t, enum at_step_kind kind, const struct at_node *ast);
void at_xstep_add(struct at_xstep *parent, struct at_xstep *child); /* NULL is left out */
void at_xstep_value(const struct at_tell *t, struct at_xstep *step, const struct at_value *value,
                    bool percent);
at_words_operand at_tell_unit(const struct at_tell *t); /* "the cent" */
at_type at_tell_money(const struct at_tell *t);
/* The step of a node; NULL for what needs none: constants, fields, measures (which are noted as wanted). */
struct at_xstep *at_tell_node(struct at_tell *t, uint32_t node);
/* Returns the step even if the node is a measure. */
struct at_xstep *at_tell_inside(struct at_tell *t, uint32_t node);
struct at_xstep *at_tell_condition(struct at_tell *t, uint32_t node, enum at_word plain, enum at_word full);
/* The summands of a node as parts of `parent`, `sign` 1 or -1; choices by the branch taken. */
void at_tell_parts(struct at_tell *t, struct at_xstep *parent, uint32_t node, int sign, bool top);
void at_tell_rounding(struct at_tell *t, struct at_xstep *parent, uint32_t rounded);
void at_tell_inputs(struct at_tell *t, struct at_xstep *parent, uint32_t node);
bool at_tell_sums(const struct at_tell *t, uint32_t node); /* + or - that is not a boundary */

/* ---- rate.c */
struct at_xstep *at_tell_step(struct at_tell *t, uint32_t node);
struct at_xstep *at_tell_through(struct at_tell *t, uint32_t node);
struct at_xstep *at_tell_lookup(struct at_tell *t, uint32_t node);
void at_tell_progress(struct at_tell *t, at_words_operand name, bool measure, at_num value, uint32_t over,
                      uint32_t under);
struct at_xstep *at_tell_over_hint(struct at_tell *t, uint32_t product);
struct at_xstep *at_tell_when_hint(struct at_tell *t, uint32_t cond, uint32_t pays);
/* A ratio of two others, choices by the branch taken. */
bool at_tell_ratio(const struct at_tell *t, uint32_t node, uint32_t *over, uint32_t *under);

/* ---- time.c */
struct at_xstep *at_tell_scan(struct at_tell *t, uint32_t node);
struct at_xstep *at_tell_members(struct at_tell *t, uint32_t node);
struct at_xstep *at_tell_rank(struct at_tell *t, uint32_t node);
at_words_operand at_period_kind_name(int kind);

/* ---- past.c */
/* By node: whether it is calculated from a value of an earlier period that is calculated in the same way. */
bool *at_find_past(const struct at_plan *plan, struct at_arena *arena);
/* What PRIOR or CARRY reads, and how many periods back. */
uint32_t at_past_source(const struct at_plan *plan, const struct at_pnode *node, uint32_t *back);
/* past_begin.c: the period in which the payee's value of the node begins. */
struct at_past_memo *at_past_memo_new(const struct at_explained_run *r, struct at_arena *arena);
uint32_t at_past_begin(const struct at_tell *t, uint32_t node, uint32_t period);
/* past_verify.c: a node that depends on its own past, and whose value in this or an earlier period does not
 * follow from its formula; AT_NO_NODE: none. */
uint32_t at_past_fault(const struct at_run *run, uint32_t payee, uint32_t period, struct at_arena *arena);
/* The step of a CARRY, or of a PRIOR of such a value. */
struct at_xstep *at_tell_past(struct at_tell *t, uint32_t node);

/* ---- pool.c, adjust.c */
void at_tell_pool(struct at_tell *t, struct at_xstep *step, uint32_t allot);
void at_tell_adjustments(struct at_tell *t, struct at_xstep *step, uint32_t component);
void at_tell_beside(struct at_tell *t, struct at_xstep *step, uint32_t component);

/* ---- rows.c */
/* The value, in the arena of the explainer. */
struct at_value at_value_kept(struct at_arena *arena, const struct at_value *value);
enum at_status at_rows_collect(struct at_explainer *x, struct at_explained_run *r);
struct at_xstep *at_tell_rows(struct at_tell *t, uint32_t node);
void at_tell_lines(struct at_tell *t, struct at_xstep *step, uint32_t component);

#endif
