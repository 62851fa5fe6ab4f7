/* plan/merge.h: merges several plans over the same tables into one, so that shared nodes are calculated once.
 *
 * Versions of a policy differ in little: merged, their plans read the data once, and a column that two of
 * them have in common is one node. The diff runs two versions so, and the attribution of a difference runs
 * every choice of edits so.
 */
#ifndef AT_PLAN_MERGE_H
#define AT_PLAN_MERGE_H

#include "plan/plan.h"

/* Where the nodes of a plan went. */
struct at_plan_map {
    uint32_t *node; /* by node id of the plan */
    uint32_t *feed; /* by feed of the plan */
};

/* Merges `n` plans. False, and nothing made, where they cannot share one run: other tables, currency,
 * calendar, effective range, covered payees, or functions in Lua. The merged plan pays what plans[0] pays;
 * the columns of the others are in it, too, and maps[k].node tells which node of it is theirs. Its checked
 * policy is a copy of the first one's, whose schemas know every field that any of the plans uses: tables are
 * to be read by it. The `require`s of the
 * first `binding` plans are kept. */
bool at_plan_merge(const struct at_plan *const *plans, uint32_t n, uint32_t binding, struct at_arena *arena,
                   struct at_plan **out, struct at_plan_map *maps);

#endif
