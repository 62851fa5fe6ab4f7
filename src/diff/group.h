/* diff/group.h: groups payees by a field of the payee table, and finds the field that separates gains from
 * losses best.
 *
 * A payee in both versions is in the group of the old one. Sums are like for like (diff.h).
 */
#ifndef AT_DIFF_GROUP_H
#define AT_DIFF_GROUP_H

#include "diff/diff.h"

enum { AT_DIFF_MOST_GROUPS = 20 /* a field with more values is not tried */ };

struct at_diff_group {
    at_str name; /* the value of the field; empty: it is missing, or there is no field */
    uint32_t payees, gainers, losers, newly; /* newly: payouts newly withheld */
    at_i128 like[2];
    at_i128 gain, loss;           /* of the gainers, and of the losers (<= 0) */
    at_i128 gain_from, loss_from; /* the old pay of the gainers, and of the losers */
};

struct at_diff_groups {
    at_str field;             /* empty: no field separates them, and one group has everyone */
    bool asked_for;           /* not chosen by Attain */
    struct at_diff_group *at; /* in the order of the first payee of each */
    uint32_t n;
    uint32_t *of; /* by payee of the diff: the index of its group */
};

/* False: the payee table does not have the field. */
bool at_diff_group_by(const struct at_diff *diff, at_str field, struct at_arena *arena,
                      struct at_diff_groups *out);
/* Compares, for each field of few values, how mixed gains and losses are in its groups. */
void at_diff_group_best(const struct at_diff *diff, struct at_diff_groups *out);

#endif
