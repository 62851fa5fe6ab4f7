/* diff/side.h: one version of a policy as it ran, for diff. */
#ifndef AT_DIFF_SIDE_H
#define AT_DIFF_SIDE_H

#include "plan/merge.h"
#include "session/run.h"

/* One version as it ran. Where versions ran merged, `map` leads from the nodes of `plan` to those of
 * `run->plan`. */
struct at_diff_known;
struct at_diff_side {
    const struct at_plan *plan;
    const struct at_session_run *run;
    const struct at_plan_map *map; /* NULL: run->plan is plan */
    uint32_t n_periods;            /* what it pays alone; see at_diff_side_make */
    uint32_t n_regular;            /* the first of them; in the others, only moved lines are paid */
    struct at_diff_known *known;   /* known.c; NULL: nothing is known late */
};

struct at_diff_side at_diff_side_make(const struct at_plan *plan, const struct at_session_run *run,
                                      const struct at_plan_map *map, bool restricted);

#endif
