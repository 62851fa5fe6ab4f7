/* depend/impact.h: owns what a change of rows can affect, before anything is calculated.
 *
 * The plan gives the paths from a row to pay. The tables before and after the change give the rows, payees,
 * and days. What does not follow from these is everyone, or all time: the answer contains all that changes,
 * and may contain more.
 *
 *     changed rows -> rows that refer to them -> payees and days of each feed  (rows.c)
 *     feed -> each component: its payees, their groups, or all; the same period, later ones, or all  (scope.c)
 *
 * One state is made, looks at the tables before the change, then at those after it, and then lists.
 */
#ifndef AT_DEPEND_IMPACT_H
#define AT_DEPEND_IMPACT_H

#include "base/map.h"
#include "base/vec.h"
#include "plan/plan.h"
#include "table/table.h"

/* How far a change goes from a payee and a day. Each contains those before it. */
enum at_depend_scope { AT_SCOPE_NONE, AT_SCOPE_ROWS, AT_SCOPE_OWN, AT_SCOPE_GROUP, AT_SCOPE_ALL };
enum at_depend_time { AT_REACH_SAME, AT_REACH_LATER, AT_REACH_EVER };

struct at_depend_extent {
    uint8_t scope, time; /* enum at_depend_scope, enum at_depend_time */
    uint16_t group;      /* AT_SCOPE_GROUP: which one of the plan's */
};

/* What the rows of a feed, or rows of payees, touch. */
struct at_depend_touch {
    bool everyone;
    at_str payee; /* key */
    at_date from, to;
};
typedef AT_VEC(struct at_depend_touch) at_depend_touches;

struct at_depend_affected {
    uint32_t payee, component; /* indexes */
    at_date from, to;
};

struct at_depend_impact {
    const struct at_plan *plan;
    struct at_arena *arena, *scratch; /* `scratch` is emptied while a row is looked at */
    bool *changed_table;              /* some row of it changes, directly or by reference */
    bool history;                     /* rows of a history of payees change */
    at_depend_touches *feeds;         /* by feed */
    at_depend_touches payees;         /* whose rows change */
    bool longer;                      /* the last period that is paid can change */
    at_date longer_from;              /* from this day on */
    struct at_map known;              /* key -> uint32_t: index of the payee */
    AT_VEC(at_str) keys;              /* of all payees, before and after */
    AT_VEC(at_str) groups;            /* by payee, group, and version: the value */
    struct at_depend_affected *out;
    uint32_t n_out;
};

void at_depend_impact_init(struct at_depend_impact *impact, const struct at_plan *plan,
                           struct at_arena *arena);
/* Looks at tables in which the rows of `table` with true in `changed` are those that change. All tables are
 * resident. `version`: 0 before, 1 after. `ends`: the last period was asked for. */
void at_depend_impact_look(struct at_depend_impact *impact, const struct at_table_dataset *data, int version,
                           uint32_t table, const bool *changed, bool ends);
void at_depend_impact_list(struct at_depend_impact *impact);

/* scope.c: by node, how far a change of a feed's rows goes, or of payees (feed: UINT32_MAX). */
void at_depend_scopes(const struct at_depend_impact *impact, uint32_t feed, struct at_depend_extent *by_node);

#endif
