/* session/replica.h: owns worlds: what payees would be paid if sums of theirs were others.
 *
 * A world has the payees whom a change can reach, with all that they have in a run, except that some sums of
 * credited rows are larger or smaller. Its values are calculated by the kernels of the run, so they are those
 * of a run with other rows, to the cent. Many worlds are calculated at once, as payees of one large run.
 *
 *     replica_plan.c   whether a plan can be calculated so, and which of its nodes have to be
 *     replica.c        worlds
 *
 * Payees who share a group that matters reach each other. No one else does.
 */
#ifndef AT_SESSION_REPLICA_H
#define AT_SESSION_REPLICA_H

#include "session/run.h"

struct at_session_replicas {
    const struct at_session_run *run; /* it is not changed, and must stay */
    const uint32_t *sums;             /* nodes at grain CELL: SUM or COUNT */
    uint32_t n_sums;
    bool *depends;        /* by node: on the sums */
    bool *reads;          /* by node: it is read by those, and does not depend on them */
    bool *kept;           /* by node: slices of earlier periods are read */
    bool past;            /* a change of a sum reaches later periods */
    uint32_t *components; /* whose amounts depend on the sums */
    uint32_t n_components;
    uint32_t *groups, n_groups; /* whose members reach each other */
    uint32_t *circle_of;        /* by payee row: the number of the payees that reach each other */
    uint32_t *circle_start;     /* by number: the first in `circle`; and one more */
    uint32_t *circle;           /* payee rows, in order of keys */
};

/* NULL: a node that depends on the sums needs more than its own payee's or group's values. */
struct at_session_replicas *at_session_replicas_new(const struct at_session_run *run, const uint32_t *sums,
                                                    uint32_t n_sums, struct at_arena *arena);

/* A sum of a payee in a period becomes larger by `by`. */
struct at_session_world_change {
    uint32_t payee, period, sum; /* sum: index into sums */
    at_num by;
};
struct at_session_world {
    const struct at_session_world_change *changes; /* all of payees of one circle */
    uint32_t n_changes;
    uint32_t owners[2], n_owners;
    bool known;       /* false: some pay would be withheld, or is not a number that can be paid */
    int64_t all;      /* minor units that all payees of the circle are paid more */
    int64_t parts[2]; /* by owner: likewise */
    int64_t *of;      /* by component of `components`: of the owners together; the caller has the memory */
};
/* Calculates the periods from `first` to `until`; no change is in another one. Replicas of all worlds
 * together should be some thousand. */
void at_session_worlds(const struct at_session_replicas *replicas, struct at_session_world *worlds,
                       uint32_t n, uint32_t first, uint32_t until, struct at_arena *scratch);

#endif
