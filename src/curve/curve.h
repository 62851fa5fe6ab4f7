/* curve/curve.h: pay as a function of a measure, exactly.
 *
 * A measure of one payee and period is replaced by x, and the plan is calculated with functions of x in place
 * of numbers. Everything else is as the run left it. A function is a quotient of two polynomials between two
 * numbers; where a comparison changes its answer, another one begins. Nothing is sampled. Amounts are those
 * before rounding.
 *
 *     piece      from    to        pay is
 *     open       0       50,000    0.05 x
 *     point      50,000            2,500
 *     open       50,000  …         0.08 x - 1,500
 *
 * Pieces that follow one function are one. A rule that does not give such a function, such as a rank or a Lua
 * function, makes the curve end with the node that is to blame.
 */
#ifndef AT_CURVE_CURVE_H
#define AT_CURVE_CURVE_H

#include "base/poly.h"
#include "session/run.h"

/* What a value is on a piece. */
enum at_curve_kind {
    AT_CURVE_NUM,     /* num / den */
    AT_CURVE_OTHER,   /* of another type: `value`, the same on all of the piece */
    AT_CURVE_MISSING, /* it has no value there */
    AT_CURVE_FAILED,  /* it cannot be calculated there: pay is withheld */
    AT_CURVE_UNKNOWN  /* no function that is known here: `blame` */
};
struct at_curve_value {
    uint8_t kind;     /* enum at_curve_kind */
    at_poly num, den; /* den is not zero on the piece */
    struct at_plan_value value;
    uint32_t blame; /* the node because of which it is unknown, or failed */
};

/* One number, or all numbers between two. */
struct at_curve_piece {
    bool point;               /* low = high */
    bool with_low, with_high; /* of an interval: whether the ends follow the same function */
    struct at_poly_point low, high;
    struct at_curve_value pay;
    int8_t slope; /* 1 rising, 0 flat, -1 falling, on all of it; 0 of what is not a number */
};

struct at_curve_options {
    uint32_t vary;          /* node of the measure, at grain CELL */
    uint32_t payee, period; /* row of the payee table; index of the period */
    uint32_t pay, until;    /* node of the pay, at grain CELL; index of its period, not before `period` */
    at_num from, to;        /* from < to */
};

struct at_curve {
    struct at_curve_piece *pieces; /* from left to right, without gaps */
    uint32_t n_pieces;
};

/* AT_CANCELLED: the host stopped it. AT_REJECTED: a number became too large. */
enum at_status at_curve_make(const struct at_session_run *run, const struct at_curve_options *options,
                             struct at_watch *watch, struct at_arena *arena,
                             struct at_curve *out) AT_MUST_CHECK;

/* The value of a piece at a number in it. */
at_num at_curve_at(struct at_arena *arena, const struct at_curve_value *value, at_num x);

#endif
