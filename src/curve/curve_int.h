/* curve/curve_int.h: the interface between the files of curves:
 *
 *     value.c    arithmetic of functions; their signs, by which pieces end
 *     map.c      nodes that make a value of values
 *     step.c     tiers and tables
 *     past.c     nodes that read earlier periods
 *     group.c    groups and pools, with the other members as they are
 *     reach.c    which nodes depend on the measure
 *     curve.c    pieces from left to right
 */
#ifndef AT_CURVE_CURVE_INT_H
#define AT_CURVE_CURVE_INT_H

#include "curve/curve.h"

/* The plan on one piece. A sign that changes within it moves `high` to where it does. */
struct at_curve_eval {
    const struct at_session_run *run;
    const struct at_plan *plan;
    const struct at_curve_options *options;
    struct at_arena *arena; /* of the piece */
    bool point;
    struct at_poly_point low, high;
    bool *depends; /* by node: on the measure */
    bool *wanted;  /* by node: the pay depends on it */
    bool *shared;  /* by node: values of other members depend on the measure, too */
    struct at_curve_value *
        *values; /* by node, then by period less the first; NULL where it does not depend */
    bool too_large;
};

/* ---- value.c */
struct at_curve_value at_curve_of_num(struct at_curve_eval *e, at_num num);
struct at_curve_value at_curve_of_value(struct at_curve_eval *e, const struct at_plan_value *value,
                                        uint32_t state);
struct at_curve_value at_curve_of_yes(bool yes);
static inline struct at_curve_value at_curve_unknown(uint32_t node) {
    return (struct at_curve_value){.kind = AT_CURVE_UNKNOWN, .blame = node};
}
static inline struct at_curve_value at_curve_failed(uint32_t node) {
    return (struct at_curve_value){.kind = AT_CURVE_FAILED, .blame = node};
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
/* The sign of a number on the piece, which ends where it changes. */
int at_curve_sign(struct at_curve_eval *e, const struct at_curve_value *a);
/* The order of two numbers, likewise. */
int at_curve_order(struct at_curve_eval *e, const struct at_curve_value *a, const struct at_curve_value *b);
/* The least useful of two kinds: what a result of both is, if they are not numbers. */
bool at_curve_numbers(const struct at_curve_value *a, const struct at_curve_value *b,
                      struct at_curve_value *out);

/* ---- the value of a node */
struct at_curve_value at_curve_node(struct at_curve_eval *e, uint32_t node, uint32_t period);
/* What the run left, where the node does not depend on the measure. */
struct at_curve_value at_curve_base(struct at_curve_eval *e, uint32_t node, uint32_t period);
struct at_curve_value at_curve_map(struct at_curve_eval *e, uint32_t node, uint32_t period);
struct at_curve_value at_curve_step(struct at_curve_eval *e, uint32_t node, uint32_t period);
struct at_curve_value at_curve_past(struct at_curve_eval *e, uint32_t node, uint32_t period);
struct at_curve_value at_curve_group(struct at_curve_eval *e, uint32_t node, uint32_t period);

/* reach.c: fills depends, wanted, and shared. */
void at_curve_reach(struct at_curve_eval *e);

#endif
