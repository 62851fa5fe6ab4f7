/* session/vacant.h: owns the names of roles that no member of a pool has, and what they leave of it.
 *
 * Made for one pool of a run. The rest of a group in a period is divided by the shares of the vacant roles;
 * what belongs to no role comes last, without a name. The parts add up to the rest.
 */
#ifndef AT_SESSION_VACANT_H
#define AT_SESSION_VACANT_H

#include "base/allot.h"
#include "base/map.h"
#include "base/vec.h"
#include "session/results.h"

struct at_session_role {
    at_str name;
    at_num share;
    bool fixed, known, differ; /* fixed: by a row of the table; differ: two payees have other shares */
    uint32_t holders;          /* among the members who share */
};

struct at_session_vacant {
    const struct at_session_run *run;
    const struct at_plan_node *allot;
    struct at_arena *arena;
    bool any;        /* whether the pool has shares of roles */
    uint16_t group;  /* of payees by their role */
    uint32_t period; /* of the shares that are known */
    AT_VEC(struct at_session_role) roles;
    struct at_map by_name; /* index + 1 */
    uint32_t *index_of;    /* by number of the role in the run */
};

struct at_session_vacancy {
    at_str role; /* empty: of no role */
    int64_t minor;
};

void at_session_vacant_find(struct at_session_vacant *v, const struct at_session_run *run, uint32_t allot,
                            struct at_arena *arena);
/* Writes the parts of a rest to `out`, which has room for one more than there are roles. Returns how many. */
uint32_t at_session_vacant_divide(struct at_session_vacant *v, const struct at_kernel_rest *rest,
                                  struct at_session_vacancy *out);

#endif
