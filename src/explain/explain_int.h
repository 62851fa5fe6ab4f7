/* explain/explain_int.h: the interface between the files of explanations:
 *
 *     explain.c   payouts, components, and measures
 *     index.c     what belongs to a payee and period, and what members of a group share
 *     figure.c    values as operands, and the text of the policy
 *     name.c      names of values
 *     site.c      what a statement calls a value, where several names are one node
 *     row.c       values of a row, and its name
 *     rows.c      credited rows: the pass over the tables, and lists
 *     listed.c    all deals of a payee and period
 *     gather.c    rows that refer to a row
 *     currency.c  exchange rates and conversions
 *     math.c      arithmetic, slices, and choices
 *     call.c      functions of the standard library, of the policy, and of Lua
 *     condition.c conditions
 *     rate.c      tiers, slices, tables, and the distance to the next tier
 *     time.c      sums over periods and members, and ranks
 *     past.c      values that are calculated from their own earlier periods
 *     paid.c      the lines of a component
 *     line.c      the line of another row
 *     cumulative.c lines on a running total
 *     known.c     earlier periods that are calculated again
 *     member.c, stay.c    members of groups; pools by day
 *     applies.c   components that do not apply to the payee
 *     pool.c, adjust.c    pools; caps, floors, and adjustments
 */
#ifndef AT_EXPLAIN_EXPLAIN_INT_H
#define AT_EXPLAIN_EXPLAIN_INT_H

#include "explain/explained.h"

/* Levels of steps. The recursion uses the stack of the host, so it needs a limit. */
#define AT_EXPLAIN_DEEPEST 80

/* ---- index.c */
void at_explain_index(struct at_explain_run *r, struct at_arena *arena);
struct at_explain_explained_part at_explain_lines_of(const struct at_explain_run *r, uint32_t payee,
                                                     uint32_t period);
const struct at_settle_withheld_cell *at_explain_withheld_of(const struct at_explain_run *r, uint32_t payee,
                                                             uint32_t period);
/* The covered payees of the cell's group, by key. */
uint32_t at_explain_members_of(const struct at_explain_tell *t, uint16_t group, const uint32_t **out);
/* Where what is said of a node is kept for all members of the cell's group, in its period. NULL at first. */
enum at_explain_shared { AT_SHARED_RANKING, AT_SHARED_WEIGHTS };
void **at_explain_group_shared(const struct at_explain_tell *t, enum at_explain_shared what, uint32_t node,
                               uint16_t group);

/* ---- member.c: members of groups, which are stays in a pool by day */
/* The number of the group in which the explained payee, or stay, is; UINT32_MAX: none. */
uint32_t at_explain_group_at(const struct at_explain_tell *t, uint16_t place);
/* A copy for another period. If the node is of a group, the group of now is meant, also for a payee who was
 * in another one. */
struct at_explain_tell at_explain_in_period(const struct at_explain_tell *t, uint32_t node, uint32_t period);
bool at_explain_is_of_stays(const struct at_explain_tell *t, uint32_t node);
/* A copy that means another member, in whose space the node is: a payee or a stay; and the one that is meant.
 */
struct at_explain_tell at_explain_as_member(const struct at_explain_tell *t, uint32_t node, uint32_t member);
uint32_t at_explain_member_of(const struct at_explain_tell *t, uint32_t node);
/* The stays in the group of the explained one, in whose space the node is. */
uint32_t at_explain_stays_of(const struct at_explain_tell *t, uint32_t node, const uint32_t **out);
/* Names what stays and groups add up like the measure of payees that adds up the same. */
void at_explain_name_stays(struct at_explain_run *r);
/* stay.c: the parts of a payee, a step for each. */
void at_explain_tell_stays(struct at_explain_tell *t, struct at_explain_node *step, uint32_t division);

/* ---- figure.c */
struct at_plan_value at_explain_tell_value(const struct at_explain_tell *t, uint32_t node, uint32_t *state);
/* The node as a number: zero, and *known (may be NULL) false, where it has no value or is not a number. */
at_num at_explain_tell_number(const struct at_explain_tell *t, uint32_t node, bool *known);
/* Which of two present values of one type is larger: <0, 0, >0. */
int at_explain_tell_order(const struct at_plan_value *a, const struct at_plan_value *b);
bool at_explain_tell_holds(const struct at_explain_tell *t,
                           uint32_t cond); /* a flag that is known, and yes */
at_words_operand at_explain_value_shown(const struct at_explain_tell *t, const struct at_plan_value *value,
                                        bool percent, bool *shortened);
/* Returns the value as an operand, and notes it in the step. */
at_words_operand at_explain_tell_figure(const struct at_explain_tell *t, struct at_explain_node *step,
                                        const struct at_plan_value *value, bool percent);
at_words_operand at_explain_tell_node_figure(const struct at_explain_tell *t, struct at_explain_node *step,
                                             uint32_t node);
at_words_operand at_explain_tell_num(const struct at_explain_tell *t, struct at_explain_node *step,
                                     at_num num, at_type type, bool percent);
at_words_operand at_explain_tell_count(const struct at_explain_tell *t, uint64_t n);
at_words_operand at_explain_tell_many(const struct at_explain_tell *t, uint64_t n, enum at_words_word one,
                                      enum at_words_word many);
/* What people call a measure or component: its label, otherwise its name. */
at_str at_explain_name_of(const struct at_check_symbol *symbol);
/* What a node is called: "10% of bookings". */
at_words_operand at_explain_phrase(const struct at_explain_tell *t, uint32_t node);
/* The same within a name at this depth. */
at_words_operand at_explain_phrase_below(const struct at_explain_tell *t, uint32_t node, unsigned depth);
at_str at_explain_line_of_source(const struct at_explain_tell *t, const struct at_ast_node *ast,
                                 unsigned most);
/* Whether people write the value of the node as a percentage. */
bool at_explain_is_percent(const struct at_explain_tell *t, uint32_t node);
bool at_explain_rates_percent(const struct at_plan *plan, const struct at_plan_node *node, bool thresholds);
at_words_operand at_explain_group_name(const struct at_explain_tell *t, uint16_t group);
at_words_operand at_explain_threshold_name(const struct at_explain_tell *t, const struct at_plan_steps *steps,
                                           uint32_t i, bool percent);
uint32_t at_explain_plain_node(const struct at_explain_tell *t,
                               uint32_t node); /* without spreads and the like */
/* Whether both sides of a comparison are written as percentages. */
bool at_explain_compares_percents(const struct at_explain_tell *t, const struct at_plan_node *p);
/* ---- site.c */
void at_explain_index_sites(struct at_explain_run *r, struct at_arena *arena);
/* The expression of the node in what is being told, otherwise the first one of the policy; may be NULL. */
const struct at_ast_node *at_explain_site_of(const struct at_explain_tell *t, uint32_t node);
/* The call of a function that was written out as this node, or NULL. */
const struct at_plan_site *at_explain_call_at(const struct at_explain_tell *t, uint32_t node);
/* A constant or a field: equal ones are one node. */
bool at_explain_is_given(const struct at_explain_tell *t, uint32_t node);
/* The measure, or component, by whose name the node is meant in what is being told; -1: none. */
int32_t at_explain_measure_at(const struct at_explain_tell *t, uint32_t node);
int32_t at_explain_component_at(const struct at_explain_tell *t, uint32_t node);

/* ---- name.c */
/* What MIN or MAX chooses from: `max(a, b, c)` is nodes within nodes. */
struct at_explain_many {
    uint32_t *at;
    size_t n;
};
struct at_explain_many at_explain_many_of(const struct at_explain_tell *t, uint32_t node);
at_words_operand at_explain_put_op(const struct at_explain_tell *t, uint32_t node,
                                   const at_words_operand *args, uint32_t n);

/* ---- math.c */
struct at_explain_node *at_explain_node_new(const struct at_explain_tell *t, enum at_explain_step_kind kind,
                                            const struct at_ast_node *ast);
void at_explain_node_note(struct at_explain_tell *t, struct at_explain_node *step, at_words_operand text);
void at_explain_node_add(struct at_explain_node *parent,
                         struct at_explain_node *child); /* NULL is left out */
void at_explain_node_value(const struct at_explain_tell *t, struct at_explain_node *step,
                           const struct at_plan_value *value, bool percent);
at_num at_explain_tell_unit_amount(const struct at_explain_tell *t); /* of which payout lines are multiples */
at_words_operand at_explain_tell_one_unit(const struct at_explain_tell *t); /* "1 cent" */
at_words_operand at_explain_tell_unit(const struct at_explain_tell *t);     /* "the cent" */
at_type at_explain_tell_money(const struct at_explain_tell *t);
/* The step of a node; NULL for what needs none: constants, fields, measures (which are noted as wanted). */
struct at_explain_node *at_explain_tell_node(struct at_explain_tell *t, uint32_t node);
/* Returns the step even if the node is a measure. */
struct at_explain_node *at_explain_tell_inside(struct at_explain_tell *t, uint32_t node);
/* Whether the node has an explanation of its own, which is then wanted: a measure or another component. */
bool at_explain_boundary(struct at_explain_tell *t, uint32_t node);
/* The summands of a node as parts of `parent`, `sign` 1 or -1; choices by the branch taken. */
void at_explain_tell_parts(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t node, int sign,
                           bool top);
void at_explain_tell_rounding(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t rounded);
void at_explain_tell_line(struct at_explain_tell *t, struct at_explain_node *parent,
                          const struct at_plan_component *c);
void at_explain_tell_inputs(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t node);
bool at_explain_tell_sums(const struct at_explain_tell *t, uint32_t node); /* + or - that is not a boundary */

/* `span`: enum at_period_kind of the span to date. */
void at_explain_tell_rounding_todate(struct at_explain_tell *t, struct at_explain_node *parent,
                                     const struct at_plan_value *exact, const struct at_plan_value *line,
                                     int32_t span);

/* ---- cumulative.c */
enum at_explain_total { AT_TOTAL_NONE, AT_TOTAL_BEFORE, AT_TOTAL_WITH };
/* Whether the node is the running total of a span, before the row or with it. *before: the one without it;
 * *value: what is added up. */
enum at_explain_total at_explain_running_total(const struct at_explain_tell *t, uint32_t node,
                                               uint32_t *before, uint32_t *value);
at_words_operand at_explain_total_name(const struct at_explain_tell *t, enum at_explain_total kind,
                                       uint32_t value, unsigned depth);
/* The parts of a cumulative line; false: the node is none. */
bool at_explain_tell_cumulative(struct at_explain_tell *t, struct at_explain_node *step, uint32_t lines);

/* ---- condition.c */
/* `pays`: a component is paid only if it holds. */
struct at_explain_node *at_explain_tell_condition(struct at_explain_tell *t, uint32_t node, bool pays);

/* ---- call.c: `body` makes the step of the formula */
struct at_explain_node *
at_explain_tell_written(struct at_explain_tell *t, uint32_t node, const struct at_plan_site *site,
                        struct at_explain_node *(*body)(struct at_explain_tell *t, uint32_t node));
struct at_explain_node *at_explain_tell_hook(struct at_explain_tell *t, uint32_t node);
at_words_operand at_explain_call_name(const struct at_explain_tell *t, uint32_t node,
                                      const struct at_plan_site *site, unsigned depth);
at_words_operand at_explain_hook_name(const struct at_explain_tell *t, uint32_t node, unsigned depth);

/* ---- rate.c */
struct at_explain_node *at_explain_tell_step(struct at_explain_tell *t, uint32_t node);
struct at_explain_node *at_explain_tell_through(struct at_explain_tell *t, uint32_t node);
struct at_explain_node *at_explain_tell_lookup(struct at_explain_tell *t, uint32_t node);
void at_explain_tell_progress(struct at_explain_tell *t, at_words_operand name, bool measure, at_num value,
                              uint32_t over, uint32_t under);
struct at_explain_node *at_explain_tell_over_hint(struct at_explain_tell *t, uint32_t product);
struct at_explain_node *at_explain_tell_when_hint(struct at_explain_tell *t, uint32_t cond, uint32_t pays);
/* A ratio of two others, choices by the branch taken. */
bool at_explain_tell_ratio(const struct at_explain_tell *t, uint32_t node, uint32_t *over, uint32_t *under);

/* ---- time.c */
struct at_explain_node *at_explain_tell_scan(struct at_explain_tell *t, uint32_t node);
/* The earlier periods of a DELTA, in order, with what it gave in them. With the option `all`, each has the
 * formula, down to its rows. */
void at_explain_tell_before(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t node,
                            uint32_t formula);
struct at_explain_node *at_explain_tell_members(struct at_explain_tell *t, uint32_t node);
/* The sum of n that are not listed. */
struct at_explain_node *at_explain_more_step(struct at_explain_tell *t, uint64_t n, at_num sum, at_type type,
                                             bool percent);
struct at_explain_node *at_explain_tell_prize(struct at_explain_tell *t, uint32_t node); /* prize.c */
struct at_explain_node *at_explain_tell_rank(struct at_explain_tell *t, uint32_t node);
at_words_operand at_explain_period_kind_name(int kind);

/* ---- paid.c */
struct at_explain_node *at_explain_tell_paid(struct at_explain_tell *t, uint32_t node);

/* ---- line.c: a LINEOF */
struct at_explain_node *at_explain_tell_line_of(struct at_explain_tell *t, uint32_t node);

/* ---- past.c */
/* By node: whether it is calculated from a value of an earlier period that is calculated in the same way. */
bool *at_explain_find_past(const struct at_plan *plan, struct at_arena *arena);
/* What PRIOR or CARRY reads in a period, an index, and how many periods back. */
uint32_t at_explain_past_source(const struct at_session_run *run, const struct at_plan_node *node,
                                uint32_t period, uint32_t *back);
/* How many it counts, and in which periods: 0, or 1 + enum at_period_kind. */
uint32_t at_explain_past_count(const struct at_plan *plan, const struct at_plan_node *node, uint8_t *rhythm);
/* past_begin.c: the period in which the payee's value of the node begins. */
struct at_explain_past_memo *at_explain_past_memo_new(const struct at_explain_run *r, struct at_arena *arena);
uint32_t at_explain_past_begin(const struct at_explain_tell *t, uint32_t node, uint32_t period);
/* past_verify.c: a node that depends on its own past, and whose value in this or an earlier period does not
 * follow from its formula; AT_NO_NODE: none. */
uint32_t at_explain_past_fault(const struct at_session_run *run, uint32_t payee, uint32_t period,
                               struct at_arena *arena);
/* The step of a CARRY, or of a PRIOR of such a value. */
struct at_explain_node *at_explain_tell_past(struct at_explain_tell *t, uint32_t node);
/* Adds the values of the source in earlier periods to the step, from `back` periods before on. */
void at_explain_tell_earlier(struct at_explain_tell *t, struct at_explain_node *step, uint32_t source,
                             uint32_t back);

/* ---- applies.c */
/* Marks components that do not apply to the payee, by `idle`. */
void at_explain_find_idle(const struct at_explain_tell *t, struct at_explain_node *components);
/* Whether the payee has rows of the value in some period of the run. */
bool at_explain_has_rows(const struct at_explain_tell *t, uint32_t node);

/* ---- draw.c */
at_words_operand at_explain_draw_name(const struct at_plan_adjustment *a); /* its label or name */
void at_explain_tell_draw(struct at_explain_tell *t, struct at_explain_node *step,
                          const struct at_plan_adjustment *a);
void at_explain_tell_balances(struct at_explain_tell *t);
at_words_operand at_explain_owed_name(const struct at_explain_tell *t, uint32_t node);
struct at_explain_node *at_explain_tell_owed(struct at_explain_tell *t, uint32_t node);

/* ---- deals.c: how the amount of a `by` component is divided */
void at_explain_tell_deals(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t component);

/* ---- hold.c: the deals of a hold, release, or clawback */
void at_explain_tell_part(struct at_explain_tell *t, struct at_explain_node *step,
                          const struct at_plan_adjustment *a);
/* Lists what is held of deals at the end of the period. */
void at_explain_tell_held(struct at_explain_tell *t);

/* ---- cover.c: days on which payees are covered */
/* Whether a flag asks for a covered day, or for one or an amount that is paid. */
bool at_explain_asks_cover(const struct at_explain_tell *t, uint32_t node);
/* What is left to be said of a condition: AT_NO_NODE if it asks for a covered day only, and there is one. */
uint32_t at_explain_without_cover(const struct at_explain_tell *t, uint32_t node);
/* The flag of the members that a GROUPSUM, its like, or a RANK takes in a period; AT_NO_NODE: all. */
uint32_t at_explain_members_mask(const struct at_explain_tell *t, const struct at_plan_node *p);
struct at_explain_node *at_explain_tell_cover(struct at_explain_tell *t, uint32_t node);
/* A note that no day of the period, or of the longer one of the kind, is covered; NULL: one is. kind: -1, the
 * period. */
struct at_explain_node *at_explain_tell_uncovered(struct at_explain_tell *t, int kind);
/* The days that are covered, where that is not the whole period; kind NONE: it is. */
at_words_operand at_explain_covered_days(struct at_explain_tell *t);

/* ---- known.c: rows that become known late */
/* Opens the views of a run, with the rows of their periods. */
enum at_status at_explain_open_views(struct at_explain_job *x, struct at_explain_run *r) AT_MUST_CHECK;
/* Whether earlier periods of the component are corrected in this one; by how much; each of them. */
bool at_explain_is_corrected(const struct at_explain_tell *t, uint32_t component);
at_num at_explain_corrected(const struct at_explain_tell *t, uint32_t component);
void at_explain_tell_corrections(struct at_explain_tell *t, struct at_explain_node *step, uint32_t component);
/* Whether a value of the payout, or of a period that it corrects, does not follow from the period before. */
bool at_explain_views_fault(const struct at_session_run *run, uint32_t payee, uint32_t period,
                            struct at_arena *arena);
/* due.c: what the lines of the period pay, without corrections. */
void at_explain_tell_paid_in(struct at_explain_tell *t, struct at_explain_node *step, uint32_t index);

/* ---- rhythm.c: `each quarter` */
/* An IF that has a value in the last period of its rhythm only. */
bool at_explain_is_at_end(const struct at_explain_tell *t, uint32_t node);
/* For which longer period the values are, or when they will be. `cond`: AT_P_EQ with AT_P_PERIODLAST. */
struct at_explain_node *at_explain_tell_end(struct at_explain_tell *t, uint32_t cond);
/* As a note for a whole component; *now: it is calculated in this period. */
struct at_explain_node *at_explain_tell_rhythm(struct at_explain_tell *t, int kind, bool *now);
at_words_operand at_explain_span_name(int kind); /* "quarter" */

/* ---- pool.c, adjust.c */
/* "Monthly limit", or "cap on commission". */
at_words_operand at_explain_limit_name(const struct at_explain_tell *t,
                                       const struct at_check_adjustment_decl *decl);
bool at_explain_pool_is_hidden(const struct at_explain_tell *t, const struct at_check_component_decl *pool);
void at_explain_tell_pool(struct at_explain_tell *t, struct at_explain_node *step, uint32_t allot);
/* `waits`: only what acts in periods in which the component earns nothing. */
void at_explain_tell_adjustments(struct at_explain_tell *t, struct at_explain_node *step, uint32_t component,
                                 bool waits);
void at_explain_tell_beside(struct at_explain_tell *t, struct at_explain_node *step, uint32_t component);

/* ---- listed.c */
void at_explain_lists_open(struct at_explain_job *x, struct at_explain_run *r);
/* Whether the rows of the feed are listed as deals. */
bool at_explain_is_listed(const struct at_explain_run *r, uint32_t feed);
/* The LOAD nodes of the fields that are shown; `out` has room for one for each node of the plan. */
uint32_t at_explain_listed_fields(const struct at_explain_run *r, uint32_t feed, uint32_t *out);
/* A row of a cell that is explained. counted: NULL if no sum takes it. */
void at_explain_list_row(struct at_explain_job *x, struct at_explain_run *r,
                         const struct at_gather_item *item, const struct at_plan_value *counted);
void at_explain_list_deals(struct at_explain_tell *t);

/* ---- row.c */
/* The value, in the arena of the explainer. */
struct at_plan_value at_explain_value_kept(struct at_arena *arena, const struct at_plan_value *value);
at_words_operand at_explain_row_in_file(const struct at_explain_tell *t, at_str file, uint64_t line);

/* ---- rows.c */
enum at_status at_explain_rows_collect(struct at_explain_job *x, struct at_explain_run *r);
struct at_explain_node *at_explain_tell_rows(struct at_explain_tell *t, uint32_t node);
void at_explain_tell_lines(struct at_explain_tell *t, struct at_explain_node *step, uint32_t component);

/* ---- currency.c */
/* Whether the node is an amount times the factor of an EXCHANGE. */
bool at_explain_converts(const struct at_explain_tell *t, uint32_t node);
/* Such a node: the amount, the rates with their days, and the result. */
struct at_explain_node *at_explain_tell_conversion(struct at_explain_tell *t, uint32_t node);
/* An EXCHANGE alone. */
struct at_explain_node *at_explain_tell_exchange(struct at_explain_tell *t, uint32_t node);
/* The amount of a component, a node, in the currency of the payee. */
struct at_explain_node *at_explain_tell_local_whole(struct at_explain_tell *t, uint32_t local,
                                                    at_currency currency);
/* local.c: what the component pays in the currency of the payee, if that is another one. */
void at_explain_tell_local(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t index);
/* "1 EUR = 1.10 USD on January 5, 2026", a step under `parent` for each rate. */
void at_explain_tell_exchange_rates(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t node);

/* ---- gather.c: a GATHER, or a FOLLOW of one; NULL if the row is not known */
struct at_explain_node *at_explain_tell_gather(struct at_explain_tell *t, uint32_t node);

#endif
