/* curve/own.h: owns the choice of the curve that a payee may see: that of the measure on which most of the
 * pay depends.
 *
 * No other payee is part of such a curve. Values of others, such as a share of a pool, may be added to it,
 * but nothing on the curve happens where they are.
 */
#ifndef AT_CURVE_OWN_H
#define AT_CURVE_OWN_H

#include "curve/curve.h"

struct at_curve_own {
    uint32_t measure;   /* in the plan */
    uint32_t component; /* in the plan; AT_NO_NODE: the curve is that of all pay */
};

/* False: there is none. The pay is that of the period. */
bool at_curve_own_find(const struct at_session_run *run, uint32_t payee, uint32_t period,
                       struct at_arena *arena, struct at_curve_own *out);
/* Whether the pay depends on a measure, a node at grain CELL, and on no one else. */
bool at_curve_own_is(const struct at_session_run *run, uint32_t payee, uint32_t period, uint32_t vary,
                     uint32_t pay, struct at_arena *arena);
/* Whether a curve is a function everywhere, and has more than one value. */
bool at_curve_own_is_drawn(const struct at_curve *curve);

#endif
