/* curve/curve_int.h: the interface between the files of curves:
 *
 *     value.c    arithmetic of functions; their signs, by which pieces end
 *     map.c      nodes that make a value of values
 *     round.c    roundings that a policy asks for
 *     step.c     tiers and tables
 *     open.c     constants that are made of an open param
 *     past.c     nodes that read earlier periods
 *     group.c    groups and pools
 *     level.c    pools with limits, or to one level
 *     members.c  sums over members
 *     rank.c     ranks and prizes
 *     classes.c  ranks that are paid alike
 *     same.c     values that x does not change on a piece
 *     parted.c   holds, releases, and clawbacks
 *     item.c     credited rows: one after another
 *     running.c  what those before one add up to
 *     line.c     lines of another row
 *     total.c    what is added up of them
 *     node.c     the value of a node at a place
 *     others.c   the effects of a measure of one payee on the pay of all
 *     reach.c    which nodes depend on x, and of whom they are calculated
 *     tail.c     the payouts of a period
 *     late.c     corrections of earlier periods
 *     work.c     how much may be calculated
 *     curve.c    pieces from left to right
 */
#ifndef AT_CURVE_CURVE_INT_H
#define AT_CURVE_CURVE_INT_H

#include "base/vec.h"
#include "curve/curve.h"

/* A credited row, with the values of the nodes that do not depend on x and are read by those which do. */
struct at_curve_item {
    uint32_t feed, payee, period;
    uint64_t line; /* of the file */
    at_str key;
    bool own;                         /* it is of the row whose field is x */
    const struct at_plan_value *base; /* by number of the node (at_curve_items) */
    const uint32_t *states;
};

/* The items of all payees who matter, by feed, in the order of the file. */
struct at_curve_items {
    AT_VEC(struct at_curve_item) of;
    uint32_t *number, n_base; /* by node: place in `base`; AT_NO_NODE: not kept */
    uint32_t *start;          /* by feed, then by slot and period: the first one in `order`; and one more */
    uint32_t *order;
    bool of_all; /* of all payees: a slot is the row of the payee */
};

struct at_curve_memo {
    const struct at_curve_item *item;
    uint32_t piece;
    struct at_curve_value value;
};

#define AT_CURVE_NONE 255 /* kind of a value that is not calculated */
#define AT_CURVE_SAME 254 /* of one that x does not change on the piece; not calculated either */

/* What a weight of 1 in a pool is paid, on one piece. */
struct at_curve_weights {
    uint32_t piece, period;
    struct at_curve_value each;
};

/* Where a value is wanted: of a payee (CELL, ROW of payees) or group, in a period, or of an item. */
struct at_curve_place {
    uint32_t who, period;
    const struct at_curve_item *item;
};

/* The plan on one piece. A sign that changes within it moves `high` to where it does. */
struct at_curve_eval {
    const struct at_session_run *run, *whole; /* the first one is a view of the other, where rows are late */
    const struct at_plan *plan;
    const struct at_curve_options *options;
    struct at_arena *arena, *kept; /* of the piece; of the curve */
    bool point;
    struct at_poly_point low, high;
    bool of_param, of_row; /* what x is; neither: a measure */
    bool of_all;           /* a measure of all payees in all periods (assume.h) */
    bool *depends;         /* by node: on x, for some payee */
    bool *shared;          /* by node: also for payees whose own rows and measures do not */
    bool *wanted;          /* by node: the pay depends on it */
    bool *others;          /* by node: it is read of other payees, too */
    bool **joined;         /* by group, then by period less the first and number: members are in `who` */
    bool *spoilt;          /* by feed: which rows it credits depends on x */
    uint32_t *slot_of, *who, n_who,
        n_touched; /* payees whose values are calculated; by payee row: slot, or AT_NOBODY */
    bool *touched; /* by slot: x is of the payee */
    struct at_curve_items items;
    struct at_curve_value **values; /* by node, then by period less the first and slot or group; NULL: none */
    struct at_curve_memo *memos;    /* by node: of the item that was calculated last */
    struct at_curve_running **running; /* by node, running.c; NULL: none yet */
    uint32_t piece;                    /* how many were begun */
    size_t n_values;                   /* on each of them */
    struct at_curve_weights **pools;   /* by node, then by number of the group; NULL: none yet */
    struct at_curve_order *orders;     /* rank.c */
    struct at_curve_order *still;      /* the same, of the piece that is a point */
    uint32_t still_piece;
    struct at_curve_classes **classes; /* by node, classes.c; NULL: none yet */
    struct at_curve_fixed *fixed;      /* members.c */
    bool every;                        /* calculate also what x does not change */
    bool too_large;
};

/* ---- value.c */
struct at_curve_value at_curve_of_num(struct at_curve_eval *e, at_num num);
struct at_curve_value at_curve_of_value(struct at_curve_eval *e, const struct at_plan_value *value,
                                        uint32_t state);
struct at_curve_value at_curve_of_yes(bool yes);
struct at_curve_value at_curve_of_x(struct at_curve_eval *e);
static inline struct at_curve_value at_curve_unknown(uint32_t node) {
    return (struct at_curve_value){.kind = AT_CURVE_UNKNOWN, .blame = node};
}
static inline struct at_curve_value at_curve_failed(uint32_t node) {
    return (struct at_curve_value){.kind = AT_CURVE_FAILED, .blame = node};
}
static inline bool at_curve_is_yes(const struct at_curve_value *a) {
    return a->kind == AT_CURVE_OTHER && at_plan_value_yes(&a->value);
}
struct at_curve_value at_curve_add(struct at_curve_eval *e, const struct at_curve_value *a,
                                   const struct at_curve_value *b);
struct at_curve_value at_curve_sub(struct at_curve_eval *e, const struct at_curve_value *a,
                                   const struct at_curve_value *b);
struct at_curve_value at_curve_mul(struct at_curve_eval *e, const struct at_curve_value *a,
                                   const struct at_curve_value *b);
/* `node` is to blame where b is zero. */
struct at_curve_value at_curve_div(struct at_curve_eval *e, uint32_t node, const struct at_curve_value *a,
                                   const struct at_curve_value *b);
/* The smaller (sign 1) or the larger (sign -1) one. */
struct at_curve_value at_curve_edge(struct at_curve_eval *e, const struct at_curve_value *a,
                                    const struct at_curve_value *b, int sign);
/* The sign of a number on the piece, which ends where it changes. */
int at_curve_sign(struct at_curve_eval *e, const struct at_curve_value *a);
/* The order of two numbers, likewise. */
int at_curve_order(struct at_curve_eval *e, const struct at_curve_value *a, const struct at_curve_value *b);
/* The least useful of two kinds: what a result of both is, if they are not numbers. */
bool at_curve_numbers(const struct at_curve_value *a, const struct at_curve_value *b,
                      struct at_curve_value *out);

/* ---- the value of a node. `at` is a place of the node's grain. */
struct at_curve_value at_curve_node(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at);
/* Of how many payees a CELL node is kept: of all of them, or only of the first, whose pay is asked for. */
static inline uint32_t at_curve_width(const struct at_curve_eval *e, uint32_t node) {
    return e->others[node] && (e->shared[node] || e->n_touched > 1) ? e->n_who : 1;
}
/* Whether x reaches the node for this payee. */
bool at_curve_reaches(const struct at_curve_eval *e, uint32_t node, uint32_t who);
/* What the run left. */
struct at_curve_value at_curve_base(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at);
/* Calculates it from its inputs. */
struct at_curve_value at_curve_make_node(struct at_curve_eval *e, uint32_t node,
                                         const struct at_curve_place *at);
static inline struct at_curve_value at_curve_in(struct at_curve_eval *e, uint32_t node, uint16_t k,
                                                const struct at_curve_place *at) {
    return at_curve_node(e, e->plan->nodes[node].in[k], at);
}

/* Of the values of the inputs. `node` is to blame; `p` may be another one with its payload. */
struct at_curve_value at_curve_map(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p,
                                   const struct at_curve_value *in, uint16_t n);
struct at_curve_value at_curve_round(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p,
                                     const struct at_curve_value *a);
struct at_curve_value at_curve_step(struct at_curve_eval *e, uint32_t node, const struct at_plan_node *p,
                                    const struct at_curve_value *in, uint16_t n);
struct at_curve_value at_curve_open(struct at_curve_eval *e, const struct at_plan_open *open);
/* Whether tiers or a table have entries that are made of an open param. */
bool at_curve_open_payload(const struct at_plan_node *node);
struct at_curve_value at_curve_past(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at);
struct at_curve_value at_curve_group(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at);
struct at_curve_value at_curve_rank(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at);
/* classes.c: the ranks from `first` to `last` make the same of everything that is made of the RANK node as
 * `rank` does. False: only `rank` itself does. */
bool at_curve_class(struct at_curve_eval *e, uint32_t node, int64_t rank, int64_t *first, int64_t *last);
/* rank.c: by slot, whether the rank in the period can be another one than the run left. NULL: not known. On a
 * piece. */
const bool *at_curve_rank_moves(struct at_curve_eval *e, uint32_t node, uint32_t period);
struct at_curve_value at_curve_parted(struct at_curve_eval *e, uint32_t node,
                                      const struct at_curve_place *at);
struct at_curve_value at_curve_running(struct at_curve_eval *e, uint32_t node,
                                       const struct at_curve_place *at);
struct at_curve_value at_curve_line(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at);
struct at_curve_value at_curve_item(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at);
struct at_curve_value at_curve_total(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at);

/* late.c: the run from which the curve is made, and the pay with corrections of earlier periods. */
const struct at_session_run *at_curve_seen(const struct at_session_run *run,
                                           const struct at_curve_options *options);
struct at_curve_value at_curve_late(struct at_curve_eval *e, const struct at_curve_value *pay);

/* same.c: how it is known of which payees, or groups, a node is the same for each x of the piece. */
struct at_curve_stay {
    enum { AT_CURVE_BY_NONE, AT_CURVE_BY_INPUTS, AT_CURVE_BY_SLOT, AT_CURVE_BY_GROUP } by;
    uint32_t node, period, place;
    const bool *moves; /* by slot, or by number of the group */
};
struct at_curve_stay at_curve_stay_of(struct at_curve_eval *e, uint32_t node, uint32_t period);
/* Of a payee, or of the payee's group if the node is of groups. */
bool at_curve_stays(const struct at_curve_eval *e, const struct at_curve_stay *stay, uint32_t slot);
/* Whether this was found for a value on the piece. */
bool at_curve_is_same(const struct at_curve_eval *e, uint32_t node, uint32_t who, uint32_t period);

/* group.c: the members of a payee's group; false: there is none. */
bool at_curve_members(const struct at_curve_eval *e, uint32_t group, uint32_t payee, uint32_t period,
                      const uint32_t **first, const uint32_t **end);

/* level.c: the part of member `own` of a pool of zero or more. Weights are above zero. */
struct at_curve_share {
    struct at_curve_value weight, start, limit; /* money; start: zero or what the member has */
    bool limited;
};
struct at_curve_value at_curve_level(struct at_curve_eval *e, uint32_t node,
                                     const struct at_curve_value *whole, const struct at_curve_share *of,
                                     uint32_t n, uint32_t own);

/* item.c: the items of a feed in a cell, by place in items.order. */
void at_curve_items_of(const struct at_curve_eval *e, uint32_t feed, uint32_t payee, uint32_t period,
                       const uint32_t **first, const uint32_t **end);
enum at_status at_curve_items_load(struct at_curve_eval *e, struct at_watch *watch);
/* Who is credited with the row whose field is x. */
enum at_status at_curve_recipients(struct at_curve_eval *e, struct at_watch *watch, const uint32_t **payees,
                                   size_t *n);

/* curve.c: the state of a call; what it has to calculate; and all values on the piece from low to high. */
struct at_curve_eval at_curve_eval_of(const struct at_session_run *run,
                                      const struct at_curve_options *options, struct at_arena *arena,
                                      struct at_arena *scratch);
enum at_status at_curve_begin(struct at_curve_eval *e, bool others, struct at_watch *watch);
void at_curve_calculate(struct at_curve_eval *e);
/* work.c: takes n from what may still be calculated; false: there is less. */
bool at_curve_may_work(const struct at_curve_eval *e, uint64_t n);

/* reach.c: also all payees who are reached through a group. */
void at_curve_reach_others(struct at_curve_eval *e);
/* reach.c: fills depends, wanted, shared, and who; AT_CANCELLED. */
/* The first step of it: which nodes depend on x, for any payee. */
void at_curve_depend(struct at_curve_eval *e);
enum at_status at_curve_reach(struct at_curve_eval *e, struct at_watch *watch);

#endif
