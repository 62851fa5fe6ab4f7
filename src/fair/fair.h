/* fair/fair.h: owns statistics of pay: rank correlation, pairs, Gini coefficients, quantiles, and groups.
 *
 * Pure functions of exact numbers. A correlation is a root, so its square is given, with the sign. Whatever
 * is not defined says why, and is never a zero. No group of fewer than AT_FAIR_LEAST people leaves this
 * module, and no group can be found by subtracting the others from the sum: those that are hidden have that
 * many people together.
 */
#ifndef AT_FAIR_FAIR_H
#define AT_FAIR_FAIR_H

#include "base/num.h"

enum { AT_FAIR_LEAST = 5, AT_FAIR_MOST_PAIRS = 20 };

/* Why a value is not defined. */
enum at_fair_why {
    AT_FAIR_FINE,
    AT_FAIR_NOBODY,
    AT_FAIR_ONE,
    AT_FAIR_ALIKE_X,
    AT_FAIR_ALIKE_Y,
    AT_FAIR_ZEROS,    /* the sum is zero */
    AT_FAIR_NEGATIVE, /* `n_negative` */
    AT_FAIR_ABSENT    /* no such measure */
};

/* ---- rank.c */

/* A correlation of x and y: sign and square. */
struct at_fair_correlation {
    uint8_t why; /* enum at_fair_why */
    int8_t sign;
    at_num square;
};
/* Ranks are means where values are equal. */
struct at_fair_correlation at_fair_spearman(const at_num *x, const at_num *y, uint32_t n,
                                            struct at_arena *arena);
/* Kendall's tau-b. *inverted: pairs in opposite order; *pairs: those with different x and different y. */
struct at_fair_correlation at_fair_kendall(const at_num *x, const at_num *y, uint32_t n, uint64_t *inverted,
                                           uint64_t *pairs, struct at_arena *arena);
/* The root of a number from 0 to 1, rounded to thousandths, halves up. */
at_num at_fair_root(at_num square, struct at_arena *arena);

/* ---- pair.c */

struct at_fair_pair {
    uint32_t less, more; /* indexes: less x and more y; more x and less y */
};
/* The pairs in opposite order with the largest differences of y, at most AT_FAIR_MOST_PAIRS. */
uint32_t at_fair_pairs(const at_num *x, const at_num *y, uint32_t n, struct at_arena *arena,
                       struct at_fair_pair *out);

/* ---- spread.c */

struct at_fair_value {
    uint8_t why;         /* enum at_fair_why */
    uint32_t n_negative; /* AT_FAIR_NEGATIVE */
    at_num value;
};
/* The mean absolute difference of all pairs, divided by twice the mean. */
struct at_fair_value at_fair_gini(const at_num *x, uint32_t n, struct at_arena *arena);
/* Of a list that is sorted: between two neighbors on the line, at (n - 1) * part / 4. n > 0. */
at_num at_fair_quartile(const at_num *sorted, uint32_t n, uint32_t part, struct at_arena *arena);
at_num *at_fair_sorted(const at_num *x, uint32_t n, struct at_arena *arena);

/* How many are from one edge up to the next; those with few people are joined. */
struct at_fair_bin {
    bool first, last; /* everything below `to`, from `from` on */
    at_num from, to;
    uint32_t n;
};
uint32_t at_fair_bins(const at_num *sorted, uint32_t n, const at_num *edges, uint32_t n_edges,
                      struct at_fair_bin *out);

/* ---- group.c */

struct at_fair_group {
    uint32_t group; /* number; UINT32_MAX: several small ones together */
    uint32_t n, n_groups;
    at_num pay, credited;
    bool rated; /* credited is not zero */
    at_num rate;
};
struct at_fair_groups {
    struct at_fair_group *at; /* by rate, highest first; without a rate last */
    uint32_t n;
    uint32_t hidden; /* people who are in none of them */
};
/* `group`: by person, numbers below n_groups; UINT32_MAX: in none. */
void at_fair_groups_make(const at_num *pay, const at_num *credited, const uint32_t *group, uint32_t n,
                         uint32_t n_groups, struct at_arena *arena, struct at_fair_groups *out);

#endif
