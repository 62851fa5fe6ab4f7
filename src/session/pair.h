/* session/pair.h: owns what commission statements disclose of others: a pool of two shows each of them what
 * the other one is paid, because a statement shows the amount of the pool. A private pool does not.
 */
#ifndef AT_SESSION_PAIR_H
#define AT_SESSION_PAIR_H

#include "session/run.h"

struct at_session_pair {
    uint32_t component, period; /* of the plan; the first period, an index */
    at_str group;               /* the first one; empty: everyone */
    uint32_t n;                 /* groups and periods */
};

/* Pools that exactly two members share in a paid period, in the order of the plan. Returns how many. */
uint32_t at_session_pairs_find(const struct at_session_run *run, struct at_arena *arena,
                               struct at_session_pair **out);
/* Whether the pool, or one of which it is a part, is `private`. */
bool at_session_pool_is_private(const struct at_check_policy *checked,
                                const struct at_check_component_decl *pool);

#endif
