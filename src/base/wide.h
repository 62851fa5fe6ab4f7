/* base/wide.h: rationals of many limbs, over GMP's mpn functions on memory of our own.
 *
 * Only num.c, numtext.c, and root.c call this. Every function takes numbers of any form but OVERFLOW and
 * gives the narrowest form back; so a value that fits I128 is never WIDE, and a WIDE is in lowest terms with
 * a positive denominator. mpz and mpq are not used: they abort if memory fails. The mpn functions at our
 * sizes (operands up to AT_NUM_MAX_LIMBS, products up to twice that) need only the stack, less than 256 KB of
 * it; a unit test holds GMP to that.
 *
 *     struct at_wide | n_num | n_den | negative | numerator, low limb first ... | denominator ... |
 */
#ifndef AT_BASE_WIDE_H
#define AT_BASE_WIDE_H

#include <gmp.h>

#include "base/num.h"
#include "base/text.h"

struct at_wide {
    uint32_t n_num, n_den; /* limbs; the highest of each is not zero */
    bool negative;
    mp_limb_t limbs[]; /* n_num of the numerator, n_den of the denominator */
};

/* What a mantissa of each narrow form may be, as a magnitude. */
#ifdef AT_TORTURE
#define AT_NUM_LIMIT64 ((at_u128)1 << 7)
#define AT_NUM_LIMIT128 ((at_u128)1 << 15)
#else
#define AT_NUM_LIMIT64 ((at_u128)1 << 63)
#define AT_NUM_LIMIT128 ((at_u128)1 << 127)
#endif

/* Whether a signed magnitude fits the form with that limit (negative numbers reach the limit itself). */
static inline bool at_wide_fits(at_u128 magnitude, bool negative, at_u128 limit) {
    return magnitude < limit || (negative && magnitude == limit);
}

/* The numerator over the denominator, which is not zero: reduced, and narrowed where it fits. */
at_num at_wide_make(struct at_arena *arena, bool negative, at_u128 num, at_u128 den);
/* digits × 10^exponent, from n decimal digits ('0' to '9'; others are skipped). */
at_num at_wide_from_digits(struct at_arena *arena, bool negative, const char *digits, size_t n, int exponent);

at_num at_wide_add(struct at_arena *arena, at_num a, at_num b, bool subtract);
at_num at_wide_mul(struct at_arena *arena, at_num a, at_num b);
at_num at_wide_div(struct at_arena *arena, at_num a, at_num b);
at_num at_wide_neg(struct at_arena *arena, at_num a);
at_num at_wide_round(struct at_arena *arena, at_num a, int digits, enum at_num_rounding how);
at_num at_wide_floor(struct at_arena *arena, at_num a);
/* A whole number by which `a` becomes whole; of a WIDE, the least one. */
at_num at_wide_denominator(struct at_arena *arena, at_num a);
int at_wide_cmp(at_num a, at_num b);
/* Of two WIDE numbers, which are in lowest terms: equal values have equal limbs. */
bool at_wide_same(at_num a, at_num b);
/* Of a number of any form: the hash of its fraction in lowest terms. */
uint64_t at_wide_hash(at_num a);
bool at_wide_to_quotient(at_num a, int64_t *num, int64_t *den); /* as of at_num_to_quotient */
bool at_wide_to_i128(at_num a, unsigned digits, at_i128 *out);
double at_wide_to_double(at_num a);

/* The fewest decimals that show `a` exactly, or -1 where no number of them does. */
int at_wide_decimals(at_num a);
/* The whole part of |a| × 10^digits, in decimal digits without leading zeros ("" for 0). digits <= 1,100. */
at_str at_wide_digits(struct at_arena *arena, at_num a, unsigned digits);
/* The numerator (without sign) or the denominator of a WIDE in decimal digits. */
at_str at_wide_part(struct at_arena *arena, at_num a, bool denominator);

#endif
