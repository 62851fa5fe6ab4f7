/* gather/gather.h: owns what comes out of the tables: how rows become items, aggregates, lines that are
 * noted, and `running` totals.
 *
 *     table --batches--> rows --feed.c--> items --aggregate.c--> cells       (whole and slices of the frame)
 *                                             \--note.c--------> line notes  (settle/lines.c collects them)
 *                                             \--running.c-----> running totals
 *
 * A pass scans each table that it needs once, on the threads of the dataset. A part writes only to what is
 * its own; the plan, the frame, and the work are read by all. Parts are merged in the order of the file. So
 * results do not depend on the threads.
 */
#ifndef AT_GATHER_GATHER_H
#define AT_GATHER_GATHER_H

#include "gather/cover.h"
#include "gather/exception.h"
#include "gather/outside.h"
#include "plan/below.h"
#include "plan/schedule.h"

#define AT_MAX_CELLS 100000000u /* payees times periods; see cells.c, which limits their memory */
/* A date of a hold that is more periods after the last earning event is most likely not meant: the part stays
 * held. */
#define AT_MOST_TAIL 120
#define AT_MAX_FAILURES 10000u /* of one `require` over rows, kept */

struct at_gather_part;
struct at_gather_work;
struct at_gather_lanes {
    AT_VEC(struct at_gather_lane *) of; /* by part */
    struct at_arena *arena;
};

struct at_gather_require_failure {
    uint32_t require;
    uint32_t payee, period; /* UINT32_MAX where not of a cell */
    at_str file;
    uint64_t line; /* row grain */
};

/* Rows whose value differs from that of a group only in capitals, blanks, or accents. */
struct at_gather_near {
    uint64_t n, line;      /* how many, and the first of them */
    uint32_t group, payee; /* of the plan; a row, of a payee or of a history, that it nearly matches */
    at_str text;
    struct at_map *others; /* texts of no group, to struct at_gather_near; NULL: none */
};

/* Rows of a `per` component whose amount is below zero, where that is paid as zero. */
struct at_gather_below {
    uint64_t n, line;       /* how many, and the first of them */
    uint32_t payee, period; /* of the first */
    uint32_t node;          /* THROUGH, UPTO, or BETWEEN */
    at_str amount;          /* as its file has it */
};

/* What is known of a plan before its data: made once, and shared by runs. */
struct at_gather_range {
    at_period first_period;
    int32_t last_period; /* index of the period in which the effective range ends */
    /* Days of the effective range to period indexes: day - checked->from, as far as the table goes. */
    int32_t *period_of_day;
    uint32_t n_days;
    uint64_t cell_bytes, period_bytes; /* what one more cell, and one more period, cost: cells.c */
};
struct at_gather_range *at_gather_range_new(const struct at_plan *plan, struct at_arena *arena);

/* A group by a field of a history, for rows that are received by its members on a day. */
struct at_gather_dated_group {
    const struct at_dated *dated;  /* NULL: members do not change */
    uint32_t *by_row;              /* group of each row of the history */
    struct at_kernel_members ever; /* who is a member of each group on some day */
};

/* What a run sees of credits with `known from` or `until`: known.c. */
struct at_gather_view {
    int32_t as_of; /* what is known at the end of this period, an index; INT32_MAX: all that becomes known */
    bool finds;    /* looks for the periods in which earlier ones change */
    uint32_t periods, regular; /* how many there are: those of another run; 0: as many as are found */
};

struct at_gather {
    const struct at_plan *plan;
    const struct at_calendar *calendar;
    struct at_kernel_frame *frame;
    struct at_table_dataset *data;
    struct at_diag_list *diags;
    struct at_gather_exceptions *exceptions;
    const struct at_plan_scheduled *schedule;
    const struct at_kernel_hooks *hooks;
    void *const *payloads;
    struct at_arena *arena, *scratch; /* of the run; of the caller's thread. Views */
    int32_t levels;                   /* of the longest chain of managers */
    const struct at_dated *assigned;  /* where managers change over time: the index of their history */
    const int32_t
        *managers; /* by payee row, or by row of that history; NULL where the policy has no such field */
    const struct at_gather_range *range;
    const struct at_plan_belows *belows;

    struct at_gather_dated_group *dated_groups; /* by group */
    struct at_map *groups_by_value; /* by group: the value that its members share, as bytes, to number + 1 */
    unsigned pass;                  /* that is being scanned */
    struct at_map *groups_by_fold;  /* by group of texts: folded text to the first payee + 1 */
    struct at_gather_lanes lanes;
    AT_VEC(struct at_gather_work *) works; /* all scans so far, for their lines */
    AT_VEC(struct at_gather_require_failure) failures;
    uint32_t **line_states;      /* by component: states of cells with a line in exception, or NULL */
    struct at_gather_near *near; /* by feed: rows that nearly match a group */
    struct at_gather_uncovered *uncovered; /* by feed: rows that are not earned */
    struct at_gather_outside *outside;     /* by feed: rows that passed `where`, and where their dates are */
    struct at_gather_below *below;         /* by component: rows with an amount below zero */
    uint64_t *rows_credited;               /* by feed: items */
    int32_t *last_of_feed;                 /* by feed: index of the last period with an item; -1 */
    struct at_plan_reach reach;            /* after pass 0 */
    bool ahead;    /* also calculates periods after the last event: at_gather_cells_ahead */
    bool too_many; /* and would, but they need too much memory */
    struct at_gather_view view;
    AT_VEC(bool) late; /* by period: earlier ones change in it */
    int32_t last_item; /* items of later periods are dropped: there are no cells for them */
};

/* The caller has set the fields from `plan` to `range`. */
void at_gather_open(struct at_gather *gather);
/* payees.c: payees in order of keys, and managers. AT_REJECTED if a chain of managers does not end. */
enum at_status at_gather_payees(struct at_gather *gather) AT_MUST_CHECK;
/* manager.c: the same for managers who change over time. */
enum at_status at_gather_dated_managers(struct at_gather *gather) AT_MUST_CHECK;
/* The manager of a payee on a day; -1: none. The day counts only where managers change over time. */
int32_t at_gather_manager(const struct at_gather *gather, int32_t payee, at_date day);
/* below.c: an amount as people read it. */
at_str at_gather_below_text(struct at_arena *arena, const at_type *type, at_num amount);
/* near.c: warns of rows of a feed that nearly match a group. */
void at_gather_near_tell(struct at_gather *gather, uint32_t feed);
/* Once the nodes before the first scan are there: who is covered, and who is a member of which group. */
enum at_status at_gather_members(struct at_gather *gather) AT_MUST_CHECK;
/* Scans all tables that pass `pass` needs and puts the pass's aggregates into the frame. */
enum at_status at_gather_pass(struct at_gather *gather, unsigned pass) AT_MUST_CHECK;
/* cells.c: whether `periods` periods of all payees fit. Never true again once it was false for fewer periods.
 */
/* The index of the period that contains the day; negative or large outside the effective range. */
int32_t at_gather_period_index(const struct at_gather *gather, at_date day);
/* How many periods after `periods` are calculated to see what waits in them; zero if that takes much memory.
 */
uint32_t at_gather_cells_ahead(const struct at_gather *gather, uint32_t periods);
/* Whether what is calculated only to be reported has room for them. */
bool at_gather_cells_spare(const struct at_gather *gather, uint32_t periods);
bool at_gather_cells_fit(const struct at_gather *gather, uint64_t periods);
/* Reports that period number `index` is too far away: because of the part's row, or, if `part` is NULL,
 * because the caller asked for it. */
void at_gather_cells_refuse(struct at_gather *gather, const struct at_gather_part *part, uint64_t index);

/* ---- items.c: the items of feeds again, because values of deals are not kept */

/* One credited item, as explanations want it. */
struct at_gather_item {
    uint32_t feed, payee, period;
    uint64_t line;                           /* of the file */
    at_str key;                              /* of the row; empty where the table has none */
    const struct at_plan_value *values;      /* one for each node asked for */
    const struct at_kernel_hook_said **said; /* the same: what a hook said of the value; NULL: nothing */
    const uint32_t *states; /* an exception has the number AT_STATE_EXCEPTION: it may not be kept */
};
struct at_gather_visitor {
    const struct at_plan_wanted *feeds; /* and the nodes whose values are wanted: CREDIT or ROW */
    uint32_t n_feeds;
    uint32_t payee, period;                                            /* UINT32_MAX: all */
    bool (*on_item)(void *context, const struct at_gather_item *item); /* false: enough */
    void *context;
};
/* Passes over the tables of the feeds again, each once, and calls back for each item. The items of one feed
 * are in order of the file. What the visit needs is in `arena`, and is given back. */
enum at_status at_gather_visit(struct at_gather *gather, const struct at_gather_visitor *visit,
                               struct at_arena *arena) AT_MUST_CHECK;

#endif
