/* base/num.h: the exact number.
 *
 * Every number is an exact rational, carried in the narrowest form that holds it:
 *
 *     form        value                        range
 *     I64         i64  / 10^scale              about 18 digits
 *     I128        i128 / 10^scale              about 38 digits
 *     WIDE        numerator / denominator      up to AT_NUM_MAX_LIMBS limbs each, in lowest terms
 *     OVERFLOW    beyond that: contagious, and an exception where it surfaces, never a wrong figure
 *
 * scale is 0..AT_NUM_MAX_SCALE. A number is a value: copy it freely; only WIDE points into an arena.
 * Results are narrow where they fit (widening on overflow, narrowing after division when the quotient is a
 * decimal). Scales are not canonical: 1.50 and 1.5 are equal by at_num_cmp.
 */
#ifndef AT_BASE_NUM_H
#define AT_BASE_NUM_H

#include "base/arena.h"

#define AT_NUM_MAX_SCALE 18
#define AT_NUM_MAX_LIMBS 520 /* of 64 bits: about 10,000 digits */

enum at_num_form { AT_NUM_I64, AT_NUM_I128, AT_NUM_WIDE, AT_NUM_OVERFLOW };

struct at_wide; /* base/wide.h: sign, limbs of numerator and denominator */

typedef struct at_num {
    uint8_t form;  /* enum at_num_form */
    uint8_t scale; /* I64, I128 */
    union {
        int64_t i64;
        at_i128 i128;
        const struct at_wide *wide; /* view of an arena */
    };
} at_num;

enum at_rounding { AT_ROUND_HALF_UP /* away from zero */, AT_ROUND_HALF_EVEN, AT_ROUND_DOWN /* to zero */, AT_ROUND_UP /* from zero */ };

at_num at_num_int(int64_t value);
at_num at_num_decimal(int64_t mantissa, unsigned scale); /* mantissa / 10^scale */
at_num at_num_decimal128(at_i128 mantissa, unsigned scale); /* narrowed to I64 when it fits */

at_num at_num_add(struct at_arena *arena, at_num a, at_num b);
at_num at_num_sub(struct at_arena *arena, at_num a, at_num b);
at_num at_num_mul(struct at_arena *arena, at_num a, at_num b);
at_num at_num_div(struct at_arena *arena, at_num a, at_num b); /* b must not be zero */
at_num at_num_neg(struct at_arena *arena, at_num a);
at_num at_num_abs(struct at_arena *arena, at_num a);
/* Rounded to `digits` decimals; negative digits round to tens, hundreds, … */
at_num at_num_round(struct at_arena *arena, at_num a, int digits, enum at_rounding how);
/* Largest integer not above a. */
at_num at_num_floor(struct at_arena *arena, at_num a);

int at_num_cmp(struct at_arena *scratch, at_num a, at_num b); /* <0, 0, >0; OVERFLOW must not be given */
int at_num_sign(at_num a);
static inline bool at_num_is_zero(at_num a) { return at_num_sign(a) == 0; }
bool at_num_is_integer(struct at_arena *scratch, at_num a);

/* a * 10^digits as an integer, where it is one and fits; false otherwise. */
bool at_num_to_i64(struct at_arena *scratch, at_num a, unsigned digits, int64_t *out);
bool at_num_to_i128(struct at_arena *scratch, at_num a, unsigned digits, at_i128 *out);
/* For drawing and statistics only, never for pay. */
double at_num_to_double(at_num a);
/* Copies a WIDE number into another arena; others are returned as they are. */
at_num at_num_copy(struct at_arena *arena, at_num a);

#endif
