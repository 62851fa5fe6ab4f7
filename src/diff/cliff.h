/* diff/cliff.h: owns the shapes of the new version that reviewers should know, such as cliffs, of the payees
 * who change most.
 *
 * A shape is `known` if the old version has one of the same type, component, measure, and amounts. New ones
 * come first, and among them the one that moves the largest amount. Nothing is estimated: what would take
 * too long is not looked at, and `whole` is then false.
 */
#ifndef AT_DIFF_CLIFF_H
#define AT_DIFF_CLIFF_H

#include "curve/risk.h"
#include "diff/diff.h"

enum { AT_DIFF_CLIFF_PAYEES = 20 }; /* enough to find a shape that payees have in common */

struct at_diff_cliff {
    uint8_t kind; /* enum at_curve_risk_kind */
    bool known;
    at_str component, measure; /* names in the new version, or their labels */
    at_type type;              /* of the measure */
    uint32_t payee, n_payees;  /* index into payees of the diff: the one who changes most; how many of those
                                  looked at have such a shape */
    uint32_t n_near;           /* how many of them are near it, as of at_curve_risk */
    at_num low, high, before, after; /* as of at_curve_risk; what is between them is below */
};
/* Whether `before` and `after` are its ends. Next to a value that divides by zero, a fall has none. */
bool at_diff_cliff_ends(const struct at_diff_cliff *cliff, struct at_arena *scratch);

struct at_diff_cliffs {
    struct at_diff_cliff *at;
    uint32_t n;
    uint32_t n_payees; /* who were looked at */
    at_str period;     /* the one that is looked at, such as "2026-Q1" */
    bool whole;
};

/* Looks at the `most` payees with the largest changes, in the last period that both versions pay; at others
 * only if an edit is about pay. Both have the same data: what the data changes is not of the version. The
 * runs of `sides` must still be there. AT_CANCELLED. */
enum at_status at_diff_cliffs_find(const struct at_diff *diff, const struct at_diff_side sides[2],
                                   uint32_t most, struct at_watch *watch, struct at_arena *arena,
                                   struct at_diff_cliffs *out) AT_MUST_CHECK;

#endif
