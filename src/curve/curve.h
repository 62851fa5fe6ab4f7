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

/* What is x: the value of a measure of the payee in the period (a node at grain CELL); a field of one row,
 * such as the amount of a deal (the LOAD node of the field, and the key of the row); or the param that is
 * open in the plan (AT_NO_NODE). */
struct at_curve_options {
    uint32_t vary;          /* the node */
    at_str row;             /* of a LOAD */
    uint32_t payee, period; /* row of the payee table; index of the period; 0 for a param */
    uint32_t pay;           /* node of the pay, at grain CELL */
    uint32_t first, until;  /* the pay is that of these periods together; `period` <= first <= until */
    at_num from, to;        /* from < to */
    const struct at_curve_targets *targets; /* NULL: x is of one payee in one period (assume.h) */
    uint64_t *work; /* how many values may still be calculated, and rows read; NULL: as many as needed */
    struct at_curve_stock *stock; /* NULL: each call reads the rows that it needs */
};

/* item.c: the rows of all payees, read by the first call with it, for any number of calls on one run whose
 * options differ only in the payee and the range. In the arena. */
struct at_curve_stock *at_curve_stock_new(struct at_arena *arena);

struct at_curve {
    struct at_curve_piece *pieces; /* from left to right, without gaps */
    uint32_t n_pieces;
    bool reaches; /* false: the pay does not depend on x, whatever the amounts are */
};
/* The node of a field of a table, for `vary`; AT_NO_NODE: no formula reads it. */
uint32_t at_curve_load(const struct at_plan *plan, uint32_t table, uint32_t field);

/* AT_CANCELLED: the host stopped it. AT_REJECTED: a number became too large, or `work` is used up. */
enum at_status at_curve_make(const struct at_session_run *run, const struct at_curve_options *options,
                             struct at_watch *watch, struct at_arena *arena,
                             struct at_curve *out) AT_MUST_CHECK;

/* late.c: what the run pays in these periods for earlier ones, because rows became known late. False: it may
 * depend on x. */
bool at_curve_corrected(const struct at_session_run *run, const struct at_curve_options *options,
                        uint32_t payee, struct at_arena *arena, at_num *out);

/* tail.c: the i-th node whose values in the period are the pay, from 0 on; AT_NO_NODE: there is none left. */
uint32_t at_curve_pays(const struct at_session_run *run, uint32_t pay, uint32_t period, uint32_t i);

/* The value of a piece at a number in it. */
at_num at_curve_at(struct at_arena *arena, const struct at_curve_value *value, at_num x);

/* shape.c: what a reader wants to know of a curve, from left to right. A point that is not rational is known
 * to within a millionth of the length of the curve; what is said of it is then of a number next to it. */
enum at_curve_shape_kind {
    AT_CURVE_KINK, /* another slope from here on; `before` and `after` are slopes */
    AT_CURVE_JUMP, /* `before` and `after` are the pay just below, and just above */
    AT_CURVE_FLAT, /* from low to high, x does not change the pay; before = after */
    AT_CURVE_FALL, /* from low to high, more of x gives less; `before` and `after` are the pay at its ends */
    AT_CURVE_WITHHELD, /* pay cannot be calculated: `blame` */
    AT_CURVE_NOT       /* no function that is known: `blame` */
};
struct at_curve_shape {
    uint8_t kind;
    bool exact; /* both ends are rational */
    at_num low, high;
    at_num before, after;
    bool own; /* JUMP: at the point itself, the pay is `at`, which is neither of them */
    at_num at;
    uint32_t left, right; /* pieces on both sides; of stretches, the first and the last one */
    uint32_t blame;
};
struct at_curve_shapes {
    struct at_curve_shape *at;
    uint32_t n;
};
void at_curve_shapes(const struct at_curve *curve, struct at_arena *arena, struct at_curve_shapes *out);
/* A rational number for an end of a piece: itself, or one next to it, inside the piece. */
at_num at_curve_end(struct at_arena *arena, const struct at_curve *curve, uint32_t piece, bool high);
/* The slope of a piece at a number in it. */
at_num at_curve_slope(struct at_arena *arena, const struct at_curve_value *value, at_num x);

/* others.c: what one more unit of a measure of one payee changes in the pay of each payee, at the value that
 * it has. `vary` is the measure of `payee` in `period`, and the pay is that of the periods from `first` to
 * `until`, the sum of `pays`. The slope is exact, and counts just above the value, or just below it. */
struct at_curve_effect {
    uint32_t payee; /* row of the payee table */
    uint8_t kind;   /* AT_CURVE_NUM, FAILED, UNKNOWN */
    at_num slope;   /* change of pay for one more unit, just above or below */
    at_num jump;    /* how far the pay just above or below is from that at the value itself; zero mostly */
    uint32_t blame;
};
struct at_curve_effects {
    const struct at_curve_options *options; /* vary, payee, period, first, until */
    const uint32_t *pays;                   /* nodes at grain CELL */
    uint32_t n_pays;
};
struct at_curve_effect_list {
    struct at_curve_effect *at;
    uint32_t n;
};
/* Effects of zero are left out. `below` may be NULL. AT_CANCELLED; AT_REJECTED: a number became too large. */
enum at_status at_curve_effects(const struct at_session_run *run, const struct at_curve_effects *asked,
                                struct at_watch *watch, struct at_arena *arena,
                                struct at_curve_effect_list *above,
                                struct at_curve_effect_list *below) AT_MUST_CHECK;

#endif
