/* kernel/frame.h: what kernels know about a run: its payees, groups, and periods, and the values calculated
 * so far. gather and settle fill it; kernels only read it, on several threads at once.
 *
 *     grain of a node   where its values are
 *     CONST             whole[id]: one value
 *     ROW               whole[id], if the node is wanted for a whole table
 *     CELL, GROUP       slices[id][period]: a value for each payee, or for each group
 *     CREDIT            nowhere: values of items are forgotten with their batch
 *
 * A slice is in the narrowest form that holds it, whatever the forms of the slices before and after it. A
 * slice does not change once it is made. So slices may share their values, as those of `prior` do.
 */
#ifndef AT_KERNEL_FRAME_H
#define AT_KERNEL_FRAME_H

#include "base/column.h"
#include "base/dated.h"
#include "plan/plan.h"

#define AT_NOBODY UINT32_MAX

/* Covered members of each group, in order of their keys: payee[start[g]] to payee[start[g + 1] - 1]. */
struct at_kernel_members {
    uint32_t *start, *payee;
};

/* Members of groups by a field that changes over time: a version for each period in which somebody's value
 * does. Groups have the same numbers in all periods, and those without members are empty. */
struct at_kernel_versions {
    uint32_t n_periods; /* later periods are as the last one; 0: members do not change */
    uint32_t *version;  /* by period */
    uint32_t n;
    uint32_t **of;                     /* by version, then payee row */
    struct at_kernel_members *members; /* by version */
    int32_t *row;                      /* by number of the group: a row of the history with its value */
    const struct at_dated *dated;      /* the history */
    uint32_t *by_row;                  /* the group of each of its rows */
};

/* Stays: a payee in one of the groups in which its days are. By group, then by the payee's key. */
struct at_kernel_stays {
    uint32_t n;
    uint32_t *payee, *group;           /* by stay: row, and number of the group */
    struct at_kernel_members in_group; /* by group: its stays */
    uint32_t *of_payee, *stay;         /* of payee row e: stay[of_payee[e]] to stay[of_payee[e + 1] - 1] */
    const struct at_dated *dated;      /* the history; NULL: payees stay in their groups */
    uint32_t *by_row;                  /* the group of each row of the history */
};

/* The values of a RUNNING node, by number of the item: rows in order, and the items of a row in order. Of a
 * LINEOF node: the payees of each row in order of their rows, and then a zero. */
struct at_kernel_running {
    struct at_col values;
    uint32_t *base;  /* by row: number of its first item; of LINEOF, also the end of the last row */
    uint32_t *payee; /* by number; of LINEOF only */
};

/* The days on which payees are covered: of payee row e, from[i] to to[i] for i from start[e] on, up to
 * start[e + 1]. Rising, not adjacent, and in the effective range. */
struct at_kernel_cover {
    uint32_t *start;
    at_date *from, *to;
};

struct at_table_dataset;
struct at_kernel_ledger; /* ledger.h */
struct at_kernel_parted; /* parted.h */

struct at_kernel_frame {
    const struct at_plan *plan;
    const struct at_table_dataset *data; /* for modules that name rows; kernels do not read it */
    uint16_t payee_table;
    uint32_t n_payees, n_periods; /* periods are known after the scans of the first pass */
    uint32_t n_regular; /* the first of them; in the others, only lines are paid that were moved there */
    uint32_t n_ahead;   /* the last ones of n_periods: after those that are paid, to see what waits there */
    uint32_t looked_to; /* the end of the periods that are looked at; n_regular: none after those */
    const struct at_calendar *calendar;
    at_period first_period;              /* periods are consecutive from here */
    int32_t first_position;              /* its position in the calendar */
    uint32_t *payees_by_key;             /* payee rows in order of their keys */
    uint32_t *payee_rank;                /* by payee row: its place there */
    bool *covered;                       /* by payee row: on at least a day */
    const struct at_kernel_cover *cover; /* NULL: covered payees are so on all days */
    uint32_t **group_of;                 /* by group: number of each payee's group (AT_NOBODY: none) */
    uint32_t *group_sizes;               /* by group: how many */
    struct at_kernel_members *members;   /* by group */
    struct at_kernel_versions *versions; /* by group */
    struct at_kernel_stays *stays;       /* by group; of those of stays */
    const struct at_col **tables;        /* by table: the columns of a resident one, else NULL */
    const struct at_dated **dated;       /* by table: the index of a resident dated one, else NULL */
    at_date **asked;                     /* by table of exchange rates, else NULL: by row, the latest day for
                                            which its rate is used; threads raise it */
    struct at_col *whole;                /* by node id; data NULL if not calculated */
    struct at_col **slices;              /* by node id, then period; NULL if not calculated */
    struct at_kernel_running **runnings; /* by node id */
    struct at_kernel_ledger **ledgers;   /* by node id; NULL before the scan that notes its items */
    struct at_kernel_parted **parteds;   /* by node id; NULL before the first period */
};

static inline uint32_t at_kernel_frame_version(const struct at_kernel_frame *frame, uint32_t group,
                                               uint32_t period) {
    const struct at_kernel_versions *versions = &frame->versions[group];
    return versions->version[period < versions->n_periods ? period : versions->n_periods - 1];
}
/* The group of each payee in a period, and the members of each group: those of its last day. */
static inline const uint32_t *at_kernel_frame_groups(const struct at_kernel_frame *frame, uint32_t group,
                                                     uint32_t period) {
    if (!frame->versions || !frame->versions[group].n_periods) return frame->group_of[group];
    return frame->versions[group].of[at_kernel_frame_version(frame, group, period)];
}
static inline const struct at_kernel_members *at_kernel_frame_members(const struct at_kernel_frame *frame,
                                                                      uint32_t group, uint32_t period) {
    if (!frame->versions || !frame->versions[group].n_periods) return &frame->members[group];
    return &frame->versions[group].members[at_kernel_frame_version(frame, group, period)];
}

/* How many values a slice of the node has. */
static inline uint32_t at_kernel_frame_width(const struct at_kernel_frame *frame,
                                             const struct at_plan_node *node) {
    return node->grain == AT_G_GROUP ? frame->group_sizes[node->place] : frame->n_payees;
}

static inline at_period at_kernel_frame_period(const struct at_kernel_frame *frame, int32_t index) {
    return at_period_at(frame->calendar, (enum at_period_kind)frame->first_period.kind,
                        frame->first_position + index);
}

/* cover.c: on how many of the days, both of which count, the payee is covered. */
int32_t at_kernel_frame_covered_days(const struct at_kernel_frame *frame, uint32_t payee, at_date from,
                                     at_date to);
/* Of the period, or, if rhythm is 1 + enum at_period_kind, of the longer period that holds it. */
int32_t at_kernel_frame_covered_in(const struct at_kernel_frame *frame, uint32_t payee, uint32_t period,
                                   uint8_t rhythm);
/* stay.c: the group of a payee on a day, by a field of a history; AT_NOBODY: none. */
uint32_t at_kernel_frame_group_on(const struct at_kernel_frame *frame, uint32_t group, uint32_t payee,
                                  at_date day);
/* stay.c: the days of a stay in the period; `place` is the grouping, `rhythm` as above. */
int32_t at_kernel_frame_stay_days(const struct at_kernel_frame *frame, uint32_t place, uint32_t stay,
                                  uint32_t period, uint8_t rhythm);
/* The stay of a payee on a day; AT_NOBODY: none. Coverage is not asked. */
uint32_t at_kernel_frame_stay_on(const struct at_kernel_stays *stays, uint32_t payee, at_date day);
/* Whether the payee is covered on a day of the period. */
static inline bool at_kernel_frame_covers(const struct at_kernel_frame *frame, uint32_t payee,
                                          uint32_t period) {
    return frame->covered[payee] &&
           (!frame->cover || at_kernel_frame_covered_in(frame, payee, period, 0) > 0);
}

/* carry.c: the index of the period in which the lines of a period are paid. */
int64_t at_kernel_frame_paid_in(const struct at_kernel_frame *frame, uint32_t period,
                                struct at_check_delay delay);
/* grain.c: the index of the period that ASOF reads for the day of value i, which is there. */
int64_t at_kernel_frame_as_of(const struct at_kernel_frame *frame, const struct at_plan_node *node,
                              const struct at_col *day, uint32_t i);
/* carry.c: how many periods before `period`, an index, the n-th one before is, counted in periods of the
 * rhythm (plan.h: at_plan_carry): the last period of the n-th longer one before. More than `period` if there
 * is none. */
uint32_t at_kernel_frame_back(const struct at_kernel_frame *frame, uint32_t period, uint32_t n,
                              uint8_t rhythm);

#endif
