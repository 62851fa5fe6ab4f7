/* curve/assume.h: the pay of all payees if each of them reaches the same share of a target.
 *
 * The measure of each payee and period is x times the target, and the plan is calculated at the number x. All
 * else is as the run left it. Pools, groups, and ranks see the assumed measures of all members. Pay is exact,
 * and before rounding.
 */
#ifndef AT_CURVE_ASSUME_H
#define AT_CURVE_ASSUME_H

#include "curve/curve.h"

/* By period less the first one, then by payee row. Without a target, the measure is as the run left it. */
struct at_curve_targets {
    at_num *at;
    bool *known;
};

struct at_curve_assumed {
    uint32_t vary, pay;    /* nodes at grain CELL */
    uint32_t first, until; /* the pay is that of these periods together */
    const struct at_curve_targets *targets;
    const at_num *points; /* values of x */
    uint32_t n_points;
};

struct at_curve_pay {
    uint8_t kind; /* NUM; FAILED, MISSING: withheld; UNKNOWN */
    at_num pay;
};

/* Fills `out` by point, then by payee row. False in *reaches: the pay does not depend on the measure. A
 * payee is paid for the periods with a covered day. AT_CANCELLED; AT_REJECTED: a number became too large. */
enum at_status at_curve_assume(const struct at_session_run *run, const struct at_curve_assumed *assumed,
                               struct at_watch *watch, struct at_arena *arena, struct at_curve_pay *out,
                               bool *reaches) AT_MUST_CHECK;

/* The pay of the counted payees together, as a function of x from `from` to `to`; `points` is not read.
 * *stopped: it has too many pieces for a reader to wait for, and is not made. */
struct at_curve_counted {
    const bool *payees; /* by row */
    at_num from, to;    /* from < to */
    uint64_t *work;     /* as of at_curve_options */
};
enum at_status at_curve_assume_sum(const struct at_session_run *run, const struct at_curve_assumed *assumed,
                                   const struct at_curve_counted *counted, struct at_watch *watch,
                                   struct at_arena *arena, struct at_curve *out, bool *stopped) AT_MUST_CHECK;

#endif
