/* diff/causes.h: groups the edits of a policy into causes, and makes the version with a choice of causes.
 * For attribute.c.
 *
 * A cause is one edit, or several edits that are only valid together: an edit whose version does not pass the
 * checker is joined with another edit that makes the version valid.
 */
#ifndef AT_DIFF_CAUSES_H
#define AT_DIFF_CAUSES_H

#include "diff/attribute.h"
#include "diff/diff_int.h"

struct at_diff_cause_edits {
    uint32_t *edits; /* indexes into edits->at, rising */
    uint32_t n;
};

struct at_diff_causes {
    struct at_arena *arena;
    const struct at_diff *diff;
    const struct at_diff_attribution *how;
    struct at_diff_cause_edits *at;
    uint32_t n;
    uint64_t *deals; /* by payee of the diff and period: credited rows */
    int32_t first_period;
    uint32_t n_periods;
};

/* AT_REJECTED where even all edits together do not make a version that can be run. */
enum at_status at_diff_causes_find(struct at_diff_causes *causes, const struct at_diff *diff,
                                   const struct at_diff_attribution *how);
/* The plan of the old version with these causes made: bit k is cause k, and the bits of causes beyond 63
 * count as the last. NULL where it cannot be run. */
const struct at_plan *at_diff_causes_plan(const struct at_diff_causes *causes, uint64_t choice);

/* `data`: which data the side ran over, 0 the old or 1 the new. */
enum at_status at_diff_causes_count_deals(struct at_diff_causes *causes,
                                          const struct at_diff_side *side) AT_MUST_CHECK;
uint64_t at_diff_causes_deals(const struct at_diff_causes *causes, uint32_t payee, int32_t period);

#endif
