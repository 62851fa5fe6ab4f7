/* curve/solve.h: owns the answers to "for which x is the pay as wanted?".
 *
 * The answer is a set of numbers, which is exact: single numbers, and stretches between two numbers. It is
 * empty only if no x between the ends of the curve does. Then the nearest pay is known.
 */
#ifndef AT_CURVE_SOLVE_H
#define AT_CURVE_SOLVE_H

#include "curve/curve.h"

enum at_curve_goal { AT_GOAL_EQUAL, AT_GOAL_AT_LEAST, AT_GOAL_AT_MOST };

/* Numbers for which the pay is as wanted: from low to high. */
struct at_curve_stretch {
    bool with_low, with_high; /* whether the ends belong to it */
    struct at_poly_point low, high;
};

struct at_curve_solution {
    struct at_curve_stretch *at;
    uint32_t n;
    bool unknown; /* somewhere, the pay is not a curve, or withheld: `at` has nothing there */
    uint32_t blame;
    /* Where the pay is nearest to the wanted one, and that pay. There is a number next to which it is, unless
     * `none`: nothing is paid that is known. */
    bool none, reached; /* reached: the pay is that at the number; else it comes as near as one likes */
    at_num nearest, pay;
};

void at_curve_solve(const struct at_curve *curve, enum at_curve_goal goal, at_num wanted,
                    struct at_arena *arena, struct at_curve_solution *out);

/* sum.c: the sum of curves over one range: the pay of several payees. What is not a number in one of them is
 * not one in the sum. AT_CANCELLED, AT_REJECTED. */
enum at_status at_curve_sum(const struct at_curve *curves, uint32_t n, struct at_watch *watch,
                            struct at_arena *arena, struct at_curve *out) AT_MUST_CHECK;

/* next.c: the nearest number above x from which the pay jumps up, or rises faster: the next tier. */
struct at_curve_rise {
    bool jump;       /* `before` and `after` are the pay just below and just above; else they are slopes */
    at_num at, more; /* more: how far it is from x */
    at_num before, after;
};
/* False: there is none on the curve that is rational. */
bool at_curve_next_rise(const struct at_curve_shapes *shapes, at_num x, struct at_arena *arena,
                        struct at_curve_rise *out);

#endif
