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

/* Merges `n` plans. Returns false, and makes nothing, if they cannot share one run. They cannot if they
 * differ in tables, currency, calendar, effective range or covered payees, have functions in Lua, or read
 * their own past. The merged plan pays what plans[0] pays. It also contains the columns of the other plans.
 * maps[k].node maps the nodes of plans[k] to its nodes. Its checked policy is a copy of the first one's. The
 * schemas of the copy contain every field that any of the plans uses, so tables must be read by it. The
 * `require`s of the first `binding` plans are kept. */
bool at_plan_merge(const struct at_plan *const *plans, uint32_t n, uint32_t binding, struct at_arena *arena,
                   struct at_plan **out, struct at_plan_map *maps);

#endif
