/* plan/schedule.h: what each pass of a plan has to do, listed once, so that no run looks for it.
 *
 *     pass 0    before     nodes that are known before its scans, in order
 *               tables     for each table that is scanned:
 *                   require_rows, then of each feed: rows   nodes calculated over rows of a batch, in order
 *                                                    items  nodes calculated over the feed's items, in order
 *                   aggregates, components, runnings        what the items are added to
 *               after      nodes that settle after its scans, in order
 *     pass 1    …
 *
 * The lists are made by walks from the targets down to their inputs. They cost what they contain, so a plan
 * of many feeds costs the sum of its feeds. A row node that several feeds of a table share is in the list of
 * the first one only: feeds are calculated in this order, batch by batch.
 *
 * A schedule is in the arena that it was made in, views its plan, and is not changed afterwards: threads
 * share it.
 */
#ifndef AT_PLAN_SCHEDULE_H
#define AT_PLAN_SCHEDULE_H

#include "plan/plan.h"

struct at_plan_list {
    uint32_t *at, n;
};

/* What the cells of an aggregate are. */
enum at_plan_shape {
    AT_SHAPE_RUN,
    AT_SHAPE_PAYEE,
    AT_SHAPE_PERIOD,
    AT_SHAPE_CELL,
    AT_SHAPE_STAY,
    AT_SHAPE_GROUP
};

/* Nodes whose values are wanted over the items of a feed. */
struct at_plan_wanted {
    uint32_t feed;
    const uint32_t *nodes; /* CREDIT, ROW, or CONST */
    uint32_t n_nodes;
};

/* What one scan does for one feed. `rows` are calculated for a whole batch, and `items` only for
 * what the feed makes of its rows. */
struct at_plan_feed_work {
    const struct at_plan_feed *feed;
    const struct at_plan_wanted *wanted; /* at_plan_schedule_items; else NULL */
    uint32_t index;                      /* in the plan */
    uint32_t place;                      /* in the scan */
    uint8_t shape;                       /* of its aggregates: enum at_plan_shape */
    bool share;                          /* ITEMSHARE is asked for */
    struct at_plan_list rows; /* nodes; what decides about items, and what is taken from rows as it is */
    struct at_plan_list items;
    bool *from_row; /* parallel to `items`: the column of the rows, by item */
    /* Indexes into the lists of the table. */
    struct at_plan_list aggregates, components, runnings, loops;
};

/* One reading of one table in one pass. All feeds of the table share it, so the file is parsed
 * once. */
struct at_plan_scan_work {
    uint16_t table;
    bool *wanted; /* by field */
    struct at_plan_feed_work *feeds;
    uint32_t n_feeds;
    struct at_plan_list constants;    /* CONST nodes that rows and items read, in no order */
    struct at_plan_list aggregates;   /* nodes */
    struct at_plan_list components;   /* of the plan, whose lines are noted */
    struct at_plan_list runnings;     /* RUNNING, DIVIDEOF, and LINEOF nodes that gather their items */
    struct at_plan_list loops;        /* of the plan, which gather their items */
    struct at_plan_list requires;     /* of the plan */
    struct at_plan_list require_rows; /* nodes, calculated over rows for `requires` */
};

struct at_plan_pass {
    struct at_plan_list before, after; /* nodes calculated as whole columns */
    struct at_plan_scan_work *tables;  /* those with something to do, in order */
    uint32_t n_tables;
};

struct at_plan_scheduled {
    struct at_plan_pass *passes;
    uint32_t n_passes; /* at least 1 */
};

/* Lists the work of a plan. Pass 0 has every feed, because feeds determine how many periods there are.
 * Without `lines`, no lines are noted. */
struct at_plan_scheduled *at_plan_schedule(const struct at_plan *plan, bool lines, struct at_arena *arena);

/* The work of calculating only that: each table in one scan. The keys of the rows are wanted, too. The work
 * views `wanted`. */
struct at_plan_pass *at_plan_schedule_items(const struct at_plan *plan, const struct at_plan_wanted *wanted,
                                            uint32_t n_wanted, struct at_arena *arena);

#endif
