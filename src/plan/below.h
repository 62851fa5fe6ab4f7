/* plan/below.h: owns the places of a plan where an amount below zero is paid as zero without a message:
 * slices of rates, and slices from zero.
 *
 * A month with more refunds than sales takes nothing back `through` tiers. That may be meant, and a run
 * reports it once for each statement. A place counts only while all its guards hold: in `if a then x through
 * r`, the slices count while a is true. Values to date do not count, because a later period corrects them.
 */
#ifndef AT_PLAN_BELOW_H
#define AT_PLAN_BELOW_H

#include "plan/plan.h"

struct at_plan_guard {
    uint32_t cond; /* flag */
    bool yes;
};
struct at_plan_below {
    uint32_t node; /* THROUGH, UPTO, or BETWEEN; its first input is the amount */
    uint32_t n_guards;
    struct at_plan_guard *guards;
};
struct at_plan_belows {
    struct at_plan_below *at;
    uint32_t *first; /* by component: its first place; then how many there are */
};

struct at_plan_belows *at_plan_belows_new(const struct at_plan *plan, struct at_arena *arena);

/* The lowest threshold that pays: an amount below it and below zero gets nothing. Rates that start above zero
 * give none: there, an amount of zero gets nothing, too. */
bool at_plan_below_start(const struct at_plan *plan, uint32_t node, at_num *start);

#endif
