/* curve/risk.h: owns the list of shapes that designers of plans should know: cliffs, stretches in which more
 * gives less, tiers that cannot be reached, caps below the pay at target, and pay above each additional
 * dollar.
 *
 * They are those of the components in one period of a run, as functions of each measure that adds up rows,
 * from zero to twice the largest value of any payee. Each is listed once, for the first payee by key
 * who has it.
 */
#ifndef AT_CURVE_RISK_H
#define AT_CURVE_RISK_H

#include "curve/curve.h"

enum at_curve_risk_kind {
    AT_RISK_CLIFF, /* from `before` to `after` at `low` */
    AT_RISK_FALL,  /* from `before` to `after` between low and high; an end is not known unless after < before
                    */
    AT_RISK_STEEP, /* a slope of more than 1, which is `after`, between low and high */
    AT_RISK_TIER,  /* a kink or jump of the amount at `low`, where a limit holds the pay at `before` */
    AT_RISK_TARGET, /* at target, `low`, a limit holds the pay at `before` instead of `after` */
    AT_RISK_KINDS
};
struct at_curve_risk {
    uint8_t kind;
    uint32_t component, measure; /* in the plan */
    uint32_t payee, n_payees;    /* the first one, and how many have one of this kind */
    uint32_t last;               /* the last of them so far */
    uint32_t n_near;             /* how many of them have at least 90% of `low`, and at most 110% of `high` */
    at_num low, high, before, after;
};
struct at_curve_risks {
    struct at_curve_risk *at;
    uint32_t n, period; /* period: index of the one that is looked at */
    bool whole;         /* all of them were looked at, and are functions that are known */
    /* By component: a measure reaches it; it may pay something, so that it is not dead. NULL: no period. */
    const bool *reached, *paid;
};

struct at_curve_risk_options {
    /* A version that ran merged with others, and where its nodes are in the plan of the run. Both are NULL
     * for the plan of the run itself. */
    const struct at_plan *plan;
    const uint32_t *node;
    uint32_t period;        /* index; UINT32_MAX: the last one that the run pays */
    const uint32_t *payees; /* rows; NULL: the first `most` covered payees by key */
    uint32_t most;          /* how many there are in `payees`, or at most */
    const at_num *least;    /* the range ends there or later; NULL: at its own end */
    bool each; /* list shapes of one kind, component, and measure once for each place, and not once in all */
    uint64_t *work; /* as of at_curve_options; where it ends, the rest is not looked at */
};

/* AT_CANCELLED. */
enum at_status at_curve_risks_find(const struct at_session_run *run,
                                   const struct at_curve_risk_options *options, struct at_watch *watch,
                                   struct at_arena *arena, struct at_curve_risks *out) AT_MUST_CHECK;

/* Whether a measure adds up rows of one payee and period, and is not what others are compared with. */
bool at_curve_is_sold(const struct at_plan *plan, uint32_t node);

#endif
