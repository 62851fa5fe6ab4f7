/* plan/lower_int.h: what the files of lowering share; only they include it.
 *
 * An expression is lowered in a context: for what it has one value each. Its node comes out at the coarsest
 * grain at which it can be calculated (a payee's field inside a credit stays a column of payees), and is
 * brought to a finer one only where it meets a finer value:
 *
 *     CREDIT f  <- take   -  ROW(table of f)
 *               <- follow -  ROW(payee)      by the item's recipient
 *               <- from-cell - CELL          a pass later
 *     CELL      <- follow -  ROW(payee)      by the cell's payee
 *               <- from-group - GROUP g
 *     any       <- spread -  CONST made in a run; plain constants go everywhere as they are
 *
 * In a context of cells, ROW(payee) is the cell's payee; in one of credits, the recipient.
 */
#ifndef AT_PLAN_LOWER_INT_H
#define AT_PLAN_LOWER_INT_H

#include "base/map.h"
#include "base/vec.h"
#include "plan/graph.h"

/* Whether measures mean their value in the period, or what has accumulated up to it. */
enum at_plan_time_kind {
    AT_TIME_NOW,
    AT_TIME_TODATE /* span: enum at_period_kind */,
    AT_TIME_TRAILING /* span: periods */
};

/* Running totals that take the place of the amounts of a row: lower_cumulative.c. AT_NO_NODE: none. */
struct at_plan_total_of {
    uint32_t amount, base;
};

/* What a measure of the credit's rows means in a formula for each row: its value, or that of the rows up to
 * this one, without or with it. lower_added.c */
enum at_plan_added { AT_ADDED_ALL, AT_ADDED_BEFORE, AT_ADDED_AFTER };

struct at_plan_frame { /* the arguments of the function that is being written out */
    const uint32_t *nodes;
    uint32_t n;
};

struct at_plan_ctx {
    uint8_t grain;  /* enum at_check_grain: the finest that may come out */
    uint16_t place; /* ROW: table; CREDIT: feed; GROUP: group */
    uint8_t time;   /* enum at_plan_time_kind */
    uint8_t rhythm; /* of the statement: 1 + enum at_period_kind; 0: each period. lower_rhythm.c */
    int32_t span;
    uint32_t since; /* id + 1 of a day of the payee (ROW or CONST): rows before it do not count. 0: all */
    uint32_t day;   /* id + 1 of the day by which dated fields are read. 0: that of the item or the period */
    bool no_row;    /* a dated field is missing on days without a row, even if it is not optional */
    bool stock;     /* CREDIT: the row itself in each period; payees are rows, not recipients */
    bool prize;     /* payees who tie have different places: lower_prize.c */
    bool adjusting; /* components are their running values, `total` is known */
    uint32_t
        own; /* index + 1 of the component that the adjustment changes: it is exact, others are rounded */
    uint32_t known;                        /* id + 1 of a CELL node: members without its value are left out */
    const struct at_ast_node *base;        /* of `on BASE`, or NULL */
    uint8_t added;                         /* CREDIT: enum at_plan_added */
    const struct at_plan_total_of *totals; /* CREDIT: what `amount` and the base are here; NULL: of the row */
    const struct at_plan_frame *frame;     /* NULL outside functions */
    const struct at_ast_node *line;        /* `NAME of ROW` whose first operand this is, or NULL */
};

/* A CARRY whose source is still to be lowered. */
struct at_plan_lower_carry {
    uint32_t carry; /* its node */
    uint32_t sold;  /* of the lowering, where it is read */
    struct at_plan_ctx ctx;
    const struct at_ast_node *expr;   /* what CARRY reads */
    const struct at_check_symbol *of; /* whose rows RUNCARRY sums; its `expr` is NULL */
};

/* The sums of lower_total.c. */
struct at_plan_sum_tree {
    uint32_t *sums, width; /* AT_NO_NODE: not known, or changed */
};
struct at_plan_total {
    struct at_plan_sum_tree components, beside; /* by rank; differences made to `total` */
    uint32_t n_beside;
    uint32_t *places, *rank; /* places of the components, rising; of each component, where it is there */
    uint32_t *reach;         /* one more than the largest index of the first components by place */
};

/* The state of lowering one policy. It is in the arena of the plan, and nothing reads it after
 * the plan is finished. */
struct at_plan_lowering {
    struct at_plan_graph graph;
    struct at_plan *plan;
    const struct at_check_policy *checked;
    struct at_arena *arena;
    struct at_diag_list *diags;
    const struct at_plan_setting *settings;
    uint32_t n_settings;
    bool failed;
    uint32_t depth;
    struct at_map memo;  /* what has been lowered in which context: to node id + 1 */
    uint8_t *given;      /* by measure: for which period it is given once, see lower_time.c */
    uint8_t *reads_pay;  /* by measure: whether it reads components, see lower_feed.c */
    uint8_t *reads_paid; /* by measure, then by component: whether paid(x) is in it, see lower_paid.c */
    bool reads_lines;    /* there is a PAID node */
    uint32_t loop;       /* of the definition being lowered: that of its symbol */
    uint32_t sold;       /* one more than the component being lowered that has clawbacks `as never sold`; 0 */
    AT_VEC(struct at_plan_lower_carry) carries;
    uint32_t *params; /* node of each param, AT_NO_NODE before its first use */
    const struct at_plan_steps **rates;
    const struct at_plan_lookup **lookups, **text_lookups; /* the second: keys as text */
    struct at_plan_component *pays;                        /* by index of the declaration */
    uint8_t *pay_state;                                    /* 0 new, 1 being lowered, 2 done */
    uint32_t *pools;    /* by component: the amount of a pool, with its parts; AT_NO_NODE: not lowered */
    uint32_t *running;  /* while adjustments are lowered: the exact value of each component so far */
    uint32_t *balances; /* by draw: what is owed; AT_NO_NODE: not lowered */
    uint32_t *line;     /* the same as its line would be: rounded */
    int8_t *span; /* of each component: the longest span of its adjustments and of `cumulative`, or -1 */
    struct at_plan_total total;
    uint32_t total_limit; /* `total` sees components that come before this place */
    uint32_t *place_of;   /* by node id of a statement: its place in the policy, used files first */
    AT_VEC(struct at_plan_site) sites;
    AT_VEC(struct at_plan_feed) feeds;
    AT_VEC(struct at_plan_group) groups;
    AT_VEC(bool) fails; /* by node id, as far as asked for: at_plan_may_fail */
};

/* ---- lower.c */
void at_plan_lower_init(struct at_plan_lowering *L, const struct at_check_policy *checked,
                        struct at_plan *plan, struct at_arena *arena, struct at_diag_list *diags);
/* Reports that `node` has no value here, and gives a missing one, so that lowering goes on. */
uint32_t at_plan_lower_fail(struct at_plan_lowering *L, const struct at_ast_node *node, const char *why);
at_type at_plan_type_of(const struct at_plan_lowering *L, const struct at_ast_node *node);
const struct at_check_symbol *at_plan_symbol_of(const struct at_plan_lowering *L,
                                                const struct at_ast_node *node);
at_type at_plan_policy_money(const struct at_plan_lowering *L);
/* The pointer is valid only until the next node is made. Keep ids, not pointers. */
static inline const struct at_plan_node *at_plan_node_of(const struct at_plan_lowering *L, uint32_t id) {
    return &L->plan->nodes[id];
}

/* ---- lower_grain.c */
bool at_plan_is_plain(const struct at_plan_lowering *L, uint32_t id); /* CONST and not of a run */
uint32_t at_plan_payee_of(struct at_plan_lowering *L,
                          const struct at_plan_ctx *ctx); /* reference to the context's payee */
/* The period of the context's item. */
uint32_t at_plan_item_period(struct at_plan_lowering *L, const struct at_plan_ctx *ctx);
/* To the grain of the context; plain constants are left as they are by at_plan_bring, and spread by
 * at_plan_force. */
uint32_t at_plan_bring(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id);
uint32_t at_plan_force(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id);
/* All of them to the coarsest grain that holds them all. */
void at_plan_join(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t *ids, uint16_t n);
/* Joins the inputs and makes an elementwise node of them. */
uint32_t at_plan_make(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, enum at_plan_op op,
                      at_type type, int32_t a, int32_t b, const void *data, const uint32_t *ids, uint16_t n);
uint32_t at_plan_make1(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, enum at_plan_op op,
                       at_type type, uint32_t x);
uint32_t at_plan_make2(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, enum at_plan_op op,
                       at_type type, uint32_t x, uint32_t y);
uint32_t at_plan_make3(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, enum at_plan_op op,
                       at_type type, uint32_t x, uint32_t y, uint32_t z);
/* A value of the members as the group's: GROUPSUM, GROUPLEAST, or GROUPMOST. `once`: -1, or the group whose
 * members share one value, which counts once. */
uint32_t at_plan_of_members(struct at_plan_lowering *L, const struct at_plan_ctx *group, enum at_plan_op op,
                            uint32_t cell, int32_t once);
/* The group by that field of the payee table, made if it is new. -1 is everyone, which is always
 * group 0. */
uint16_t at_plan_group_of(struct at_plan_lowering *L, int32_t field);
/* A value that is accumulated over periods later, so it is divided by the days of each. */
uint32_t at_plan_of_members_now(struct at_plan_lowering *L, const struct at_plan_ctx *group,
                                enum at_plan_op op, uint32_t cell, int32_t once);

/* ---- lower_day.c: pools `by day` */
/* The groups with the members of each day. */
uint16_t at_plan_group_by_day(struct at_plan_lowering *L, int32_t field);
uint16_t at_plan_group_of_pool(struct at_plan_lowering *L, const struct at_check_component_decl *pool);
/* Whether rows of the feed are matched by the history that makes the groups: a value of the group. */
bool at_plan_is_own_of_group(const struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint16_t feed);
/* Whether the context is that of stays. */
bool at_plan_is_stay(const struct at_plan_lowering *L, const struct at_plan_ctx *ctx);
/* The context of the stays of a group, where a dated field has its value on the last day of the stay. */
struct at_plan_ctx at_plan_stays_of(const struct at_plan_lowering *L, const struct at_plan_ctx *group);
/* In such a context: the last day, the value of its payee, and what of it belongs to its days. */
uint32_t at_plan_stay_last(struct at_plan_lowering *L, const struct at_plan_ctx *stay);
uint32_t at_plan_to_stay(struct at_plan_lowering *L, const struct at_plan_ctx *stay, uint32_t value);
uint32_t at_plan_stay_part(struct at_plan_lowering *L, const struct at_plan_ctx *stay, uint32_t value);
/* Whether rows of the feed count in the stay of their day in this context. */
bool at_plan_counts_by_day(const struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint16_t feed);
/* A value of stays as the group's; a value of payees. */
uint32_t at_plan_total_of_stays(struct at_plan_lowering *L, const struct at_plan_ctx *group,
                                enum at_plan_op op, uint32_t value);
uint32_t at_plan_of_stays(struct at_plan_lowering *L, const struct at_plan_ctx *group, enum at_plan_op op,
                          uint32_t cell);
/* What each payee gets of the amounts of the groups. `b`: flags of ALLOT. */
uint32_t at_plan_lower_day_pool(struct at_plan_lowering *L, const struct at_check_component_decl *decl,
                                uint32_t amount, int32_t b);

/* ---- lower_expr.c */
uint32_t at_plan_lower_expr(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node);
/* Notes that the expression came to the node. `args` may be NULL; otherwise it is kept. */
void at_plan_lower_site(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id,
                        const struct at_ast_node *ast, uint32_t *args);
/* As a value of the given type: choices and references as texts where texts are wanted, texts as choices. */
uint32_t at_plan_convert(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id,
                         at_type type);
uint32_t at_plan_lower_condition(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                 const struct at_ast_node *node); /* NULL: AT_NO_NODE */
uint32_t at_plan_compare(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, enum at_plan_op op,
                         uint32_t x, uint32_t y);
/* rate * base, with the type that it has: money where either is. */
uint32_t at_plan_multiply(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t x, uint32_t y);
bool at_plan_literal(const struct at_plan_lowering *L, const struct at_ast_node *node,
                     struct at_plan_value *out); /* no signs, no names */

/* ---- lower_name.c */
uint32_t at_plan_lower_name(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node);
uint32_t at_plan_lower_member(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                              const struct at_ast_node *node);
uint32_t at_plan_lower_field(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node, uint32_t table, uint32_t field);
uint32_t at_plan_lower_param(struct at_plan_lowering *L, uint32_t index);
uint32_t at_plan_key_of(struct at_plan_lowering *L,
                        uint32_t reference); /* the key of the row that a reference leads to */

uint32_t at_plan_period_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                           const struct at_ast_node *node); /* `period` */

/* ---- lower_history.c: dated fields of payees */
bool at_plan_is_dated_field(const struct at_plan_lowering *L, uint32_t table, uint32_t field);
/* Whether an expression is a dated field, also `as of` a day. */
bool at_plan_names_dated(const struct at_plan_lowering *L, const struct at_ast_node *node);
/* The field of the payee to whom a reference leads. */
uint32_t at_plan_lower_dated(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node, uint32_t reference, uint32_t field);
/* `x as of D` of such a field. */
uint32_t at_plan_lower_dated_as_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                   const struct at_ast_node *node);
uint32_t at_plan_lower_prorated(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                const struct at_ast_node *node); /* `prorated(rep.quota)` */
/* An operand of `is missing`, `ifmissing`, or `otherwise`. */
uint32_t at_plan_lower_missing_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                  const struct at_ast_node *node);
uint32_t at_plan_day_at_end(struct at_plan_lowering *L, uint32_t day); /* a date; of a period, its last day */

/* ---- lower_call.c, lower_time.c, tables.c */
/* lower_rows.c: an aggregate of the rows that refer to the current row. */
uint32_t at_plan_lower_rows(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node, enum at_check_builtin_id which);
uint32_t at_plan_lower_call(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node);
uint32_t at_plan_lower_step(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t rates,
                            uint32_t x);
uint32_t at_plan_lower_through(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node);
uint32_t at_plan_lower_lookup(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t lookup,
                              const uint32_t *keys);
const struct at_plan_steps *at_plan_steps_of(struct at_plan_lowering *L, uint32_t rates);
const struct at_plan_lookup *at_plan_table_of(struct at_plan_lowering *L, uint32_t lookup, bool as_text);
int8_t
at_plan_given_per(struct at_plan_lowering *L,
                  const struct at_ast_node *node); /* kind of period for which a value is given once, -1 */
/* A value that has an earlier one in each period: of the group, or of each payee. A payee who can change the
 * group has the value of the group of each period. */
uint32_t at_plan_over_periods(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t value);
/* A value of each period added up as the context says. `once`: it is given once per period of that kind; -1.
 */
uint32_t at_plan_accumulate(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t now,
                            int8_t once, int32_t how);

/* ---- lower_prize.c: places of contests. `ties`: the TIES node around the call, or NULL. */
uint32_t at_plan_lower_rank(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *call, const struct at_ast_node *ties);
uint32_t at_plan_lower_ties(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node);
/* A node with AT_MARK_PRIZE. */
uint32_t at_plan_lower_prize(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node);
/* The same where `each`, what the places give, has been lowered in the context `prize`. */
uint32_t at_plan_lower_shared(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                              const struct at_ast_node *prize, uint32_t each);

/* ---- lower_past.c: a definition that reads its own past */
/* Whether prior(expr) reads the past of the definition that is being lowered. */
bool at_plan_lower_is_past(const struct at_plan_lowering *L, const struct at_ast_node *expr);
/* prior(expr, back) in the context `own`, to be lowered once the definition is. `node`: the call. */
uint32_t at_plan_lower_carry(struct at_plan_lowering *L, const struct at_plan_ctx *own,
                             const struct at_ast_node *node, uint32_t back);
/* running(x) for a measure or a component whose own rows read it. `span`: enum at_period_kind, or -1. */
uint32_t at_plan_lower_runcarry(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                const struct at_check_symbol *of, int32_t span, uint32_t date, uint32_t key);
/* Gives every CARRY and RUNCARRY its source. After everything else. */
void at_plan_lower_carries(struct at_plan_lowering *L);
/* Reports loops that a run cannot calculate. When the plan is finished. */
void at_plan_lower_loops_hold(struct at_plan_lowering *L);

/* ---- lower_paid.c: what the lines of a component pay */
uint32_t at_plan_lower_paid(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node);
/* Whether paid(x) is in the expression, or in a definition that it names. */
bool at_plan_lower_reads_paid(struct at_plan_lowering *L, const struct at_ast_node *expr);
/* Gives each PAID node its input. When everything else has a node. */
void at_plan_lower_paid_lines(struct at_plan_lowering *L);

/* ---- lower_cover.c: on which days, and so in which periods, payees are covered */
void at_plan_lower_covers(struct at_plan_lowering *L);
/* `covered.days`, `covered.share`. */
uint32_t at_plan_lower_covered(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node);
/* A CELL flag: the payee is covered on a day of the period, or of the longer one of the rhythm. AT_NO_NODE if
 * payees are covered on all days. */
uint32_t at_plan_is_covered(struct at_plan_lowering *L, uint8_t rhythm);
/* Both conditions; either may be AT_NO_NODE. */
uint32_t at_plan_and_covered(struct at_plan_lowering *L, uint8_t rhythm, uint32_t when);
/* What a component earns, if payees are covered in that period; `to_date`: a value to date over periods of
 * that kind, which stays as it is in other periods; -1: none. */
uint32_t at_plan_while_covered(struct at_plan_lowering *L, uint8_t rhythm, int to_date, uint32_t money);

/* ---- lower_rhythm.c: statements that are calculated once in a longer period */
/* The context in which a statement of the rhythm is calculated, at the grain and place of `ctx`. */
struct at_plan_ctx at_plan_in_rhythm(const struct at_plan_ctx *ctx, uint8_t rhythm);
/* Whether values in the context are those of its own period, not to date or trailing. */
bool at_plan_is_now(const struct at_plan_ctx *ctx);
/* The value in the last period of the rhythm, and `other` in the others. CELL or GROUP; rhythm 0: the value.
 */
uint32_t at_plan_at_end(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint8_t rhythm,
                        uint32_t value, uint32_t other);
uint32_t at_plan_paid_at_end(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint8_t rhythm,
                             uint32_t money); /* else zero */
/* A flag: whether the period is the last of the rhythm; AT_NO_NODE for rhythm 0. */
uint32_t at_plan_is_end(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint8_t rhythm);
/* The feed with its rows in the last period of the rhythm. */
uint16_t at_plan_feed_each(struct at_plan_lowering *L, uint32_t feed, uint8_t rhythm);
/* Whether an aggregate reads values of payees and periods in its rows. */
bool at_plan_reads_cells(const struct at_plan_lowering *L, const struct at_check_measure_decl *measure);

/* `since(x, day)`, and what it lets a measure draw: rows of the feed on or after the day. */
uint32_t at_plan_lower_since(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node);
uint32_t at_plan_since_mask(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_plan_ctx *credit);
/* `x as of D` */
/* lower_currency.c: the factor of a RATEAT between two currencies, which are texts */
uint32_t at_plan_lower_exchange(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                const struct at_ast_node *rate, uint32_t from, uint32_t to);
/* `pays rep in rep.currency at fx(day)`: sets plan->pays_in, and then the amount of each component in the
 * payee's currency. */
void at_plan_lower_pays_in(struct at_plan_lowering *L);
void at_plan_lower_local(struct at_plan_lowering *L, struct at_plan_component *component);
/* `x as USD at fx(day)` */
uint32_t at_plan_lower_convert(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node);
uint32_t at_plan_lower_as_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             const struct at_ast_node *node);

/* ---- lower_part.c */
/* Whether a value of the node can be an exception. Errs on the side of yes. */
bool at_plan_may_fail(struct at_plan_lowering *L, uint32_t id);
/* A flag at the credit's grain: yes, and an exception where a part of the credited row has one that `value`
 * does not carry by itself. AT_NO_NODE where no part can have one. `value`: AT_NO_NODE where only rows count.
 */
uint32_t at_plan_parts_known(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t value);

/* ---- lower_feed.c */
uint32_t at_plan_row_amount(struct at_plan_lowering *L,
                            const struct at_plan_ctx *ctx); /* without the recipient's share */
uint32_t at_plan_share_of(struct at_plan_lowering *L,
                          uint16_t feed); /* of its items; AT_NO_NODE: the whole row */
void at_plan_lower_feeds(struct at_plan_lowering *L);
/* Whether the credit of the context has an amount. */
bool at_plan_has_amount(const struct at_plan_lowering *L, const struct at_plan_ctx *ctx);
uint32_t at_plan_lower_amount(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                              const struct at_ast_node *node); /* of the context's credit */
uint32_t at_plan_lower_measure(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t index);
uint32_t at_plan_lower_key(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                           uint32_t key); /* by which rows are ordered; a constant without one */
void at_plan_lower_find_pay(struct at_plan_lowering *L); /* before adjustments */
/* Of each item, the sum of a value over the items before it in its cell. */
uint32_t at_plan_running_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t value);
uint32_t at_plan_lower_running(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node, const struct at_check_symbol *of);
/* The sum of a value over the rows before each row, of its own period and the earlier ones of the span.
 * `when`: a mask of the rows that count, or AT_NO_NODE. */
uint32_t at_plan_lower_before_each(struct at_plan_lowering *L, const struct at_plan_ctx *credit, int32_t span,
                                   uint32_t when, uint32_t value);
/* What each item of the feed brings to a measure that sums or counts: zero where it is left out. */
uint32_t at_plan_lower_brought(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t index);

/* ---- lower_pay.c, lower_adjust.c */
const struct at_plan_component *at_plan_lower_component(struct at_plan_lowering *L, uint32_t index);
uint32_t at_plan_lower_own_lines(struct at_plan_lowering *L, uint32_t index); /* of a `per` component */
/* lower_pool.c: the amount of a pool, rounded, with the parts that other pools take; a GROUP node. */
uint32_t at_plan_lower_pool_amount(struct at_plan_lowering *L, uint32_t index);
void at_plan_lower_pool(struct at_plan_lowering *L, uint32_t index, struct at_plan_component *out);
/* lower_cumulative.c: the rounded lines of `per booking cumulative over year`. `when` may be AT_NO_NODE. */
uint32_t at_plan_lower_cumulative(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t when,
                                  const struct at_check_component_decl *decl);
/* The mask of the sum of a value over rows that a component pays. */
uint32_t at_plan_mask_of_lines(struct at_plan_lowering *L, const struct at_plan_ctx *credit, uint32_t when,
                               uint32_t lines);
/* Where the condition is false, a component pays zero. */
uint32_t at_plan_only_when(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t when,
                           uint32_t value);
uint32_t at_plan_round_money(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                             uint32_t id); /* to the minor unit, as the policy rounds */
void at_plan_lower_adjustments(struct at_plan_lowering *L);
/* lower_draw.c: the line of a component after a draw; sets in `out` the nodes of what the draw does. `line`
 * and `amount` are in whole minor units. */
/* lower_opening.c: what the rows of a table say is owed of a draw before the first period; and what is
 * required of such rows. */
uint32_t at_plan_lower_opening(struct at_plan_lowering *L, const struct at_check_draw_decl *draw);
void at_plan_lower_openings(struct at_plan_lowering *L);
uint32_t at_plan_lower_draw(struct at_plan_lowering *L, const struct at_check_draw_decl *decl, uint32_t line,
                            uint32_t amount, uint32_t when, uint32_t out[AT_DRAW_NODES]);
uint32_t at_plan_lower_balance(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node); /* `balance(draw)` */
uint32_t at_plan_lower_so_far(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                              uint32_t index); /* a component within adjustments */

/* ---- lower_ledger.c: divides an amount of a component, in whole minor units, among the rows of its `by` or
 * `per`; AT_NO_NODE where it has neither. */
uint32_t at_plan_lower_ledger(struct at_plan_lowering *L, uint32_t index, uint32_t amount);
uint32_t at_plan_lower_credits(struct at_plan_lowering *L, uint32_t index, uint32_t amount);
/* ---- lower_hold.c: what a hold, release, or clawback changes of `line`, which is in whole minor units. The
 * first of a component sets its `ledger` and `parted`. */
uint32_t at_plan_lower_part(struct at_plan_lowering *L, const struct at_check_part_decl *decl, uint32_t line);
/* ---- lower_sold.c: `clawback X as never sold`: X has credits of its own, whose rows end with the deals. */
/* The component is lowered from here on; gives what L->sold was, to be set back. */
uint32_t at_plan_lower_sold(struct at_plan_lowering *L, int32_t component);
/* The feed of a declaration in what is being lowered. */
uint16_t at_plan_feed_of(struct at_plan_lowering *L, uint32_t decl);
/* An equal feed, or a new one. */
uint16_t at_plan_feed_add(struct at_plan_lowering *L, const struct at_plan_feed *wanted);
uint32_t at_plan_tailed(struct at_plan_lowering *L, uint32_t value, uint32_t moves);

/* lower_added.c: what each row adds to a component, in whole minor units. */
uint32_t at_plan_lower_added(struct at_plan_lowering *L, const struct at_plan_ctx *credit,
                             const struct at_check_component_decl *decl);
/* A measure in such a formula. */
uint32_t at_plan_lower_measure_so_far(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                      uint32_t index);

/* ---- lower_line.c: `NAME of ROW`, and the name in it: the lines of a component for another row */
uint32_t at_plan_lower_line(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *of);
uint32_t at_plan_lower_line_name(struct at_plan_lowering *L, const struct at_plan_ctx *ctx);

/* ---- lower_total.c */
void at_plan_total_begin(struct at_plan_lowering *L); /* from what is earned */
void at_plan_total_set(struct at_plan_lowering *L, uint32_t component, uint32_t line); /* its line so far */
/* The line of a component in the period in which it is paid. */
uint32_t at_plan_paid_line(struct at_plan_lowering *L, uint32_t component, uint32_t line);
void at_plan_total_add(struct at_plan_lowering *L, uint32_t difference); /* made to `total` */
uint32_t at_plan_total_components(const struct at_plan_lowering *L,
                                  uint32_t place); /* one more than the last one's index */
uint32_t
at_plan_total_so_far(struct at_plan_lowering *L); /* of the components that come before L->total_limit */

/* ---- memo: a key of numbers to a node */
bool at_plan_recall(struct at_plan_lowering *L, const uint32_t *key, uint32_t n, uint32_t *out);
void at_plan_remember(struct at_plan_lowering *L, const uint32_t *key, uint32_t n, uint32_t node);

#endif
