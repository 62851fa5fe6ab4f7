/* diff/limit.h: limits on a change, such as `total > +3%`, `any payee < -10%`, and `withheld > 0`.
 *
 *     limit = what [ "in" ( period | "any period" ) ] ( "<" | ">" | "<=" | ">=" ) number [ "%" [ "of" measure ] ]
 *     what  = "total" | "any payee" | "any component" | "any" field | "withheld" | "losers" | "cost"
 *
 * `total`, `any payee`, `any component`, and `any` field are changes of pay, like for like: newly withheld
 * payouts are not a loss, and have a limit of their own. `any payee` applies to each payout and to each
 * payee's pay for all periods. A percentage is a share of the old pay. If the old pay is zero, a change
 * exceeds every percentage in its direction, and zero exceeds none.
 */
#ifndef AT_DIFF_DIFF_LIMIT_H
#define AT_DIFF_DIFF_LIMIT_H

#include "diff/diff.h"

enum at_diff_limit_of {
    AT_LIMIT_TOTAL,
    AT_LIMIT_PAYEE,
    AT_LIMIT_COMPONENT,
    AT_LIMIT_GROUP,    /* any value of a field of the payees */
    AT_LIMIT_WITHHELD, /* payouts that are newly withheld */
    AT_LIMIT_LOSERS,   /* payees who get less, or their share of all payees */
    AT_LIMIT_COST      /* the new pay as a share of a measure */
};

/* A value that is compared with the bound, and where it is. */
struct at_diff_limit_value {
    bool found;                /* there is one */
    bool endless;              /* a percentage of an old pay of zero */
    at_num value;              /* in percent, in major units, or a count; the sign of the change if endless */
    uint32_t payee, component; /* UINT32_MAX: not of one */
    at_str group;              /* AT_LIMIT_GROUP: the value of the field */
    bool one_period;           /* of the period `period`, else of all periods that the limit is on */
    int32_t period;
    at_i128 minor[2]; /* the pay that is compared */
};

struct at_diff_limit {
    at_str text; /* as written, without blanks at its ends */
    uint8_t of;  /* enum at_diff_limit_of */
    at_str field, measure;
    char sign;             /* < or > */
    bool equal;            /* <= or >= */
    bool share;            /* a percentage; else an amount or a count */
    bool each;             /* in any period: each by itself */
    at_str in;             /* "2026-Q1"; empty: all periods that are compared */
    int32_t from, through; /* the periods of `in`, or all */
    at_num bound;
    uint32_t n_exceed;                /* values that exceed it; 0: it is held */
    struct at_diff_limit_value first; /* the first that exceeds it */
    struct at_diff_limit_value most;  /* the one that exceeds it most, or else comes nearest */
};

/* Why a text is not a limit. */
enum at_diff_limit_fault {
    AT_LIMIT_FINE,
    AT_LIMIT_UNREADABLE,
    AT_LIMIT_FIELD,  /* the payees do not have the field */
    AT_LIMIT_PERIOD, /* the period is not one that is compared */
    AT_LIMIT_MEASURE /* the new version does not have this measure of money */
};

/* Reads and checks a limit. The texts of `out` are in the arena of the diff. */
enum at_diff_limit_fault at_diff_limit_check(const struct at_diff *diff, at_str text, struct at_arena *arena,
                                             struct at_diff_limit *out);

#endif
