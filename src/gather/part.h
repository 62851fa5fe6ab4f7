/* gather/part.h: owns what a scan has to do, and what each thread carries through it. Private to gather, and
 * to settle/lines.c, which collects the lines that parts have noted. */
#ifndef AT_GATHER_PART_H
#define AT_GATHER_PART_H

#include "base/chunk.h"
#include "gather/aggregate.h"

/* Columns of a batch, by node id; one lane for each part. Scans use them one after another: a scan reads only
 * what it has calculated. */
struct at_gather_lane {
    struct at_col *rows, *items;
};

/* One scan of a table. */
struct at_gather_work {
    const struct at_plan_scan_work *scan; /* what it has to do */
    struct at_gather *gather;
    struct at_gather_lanes *lanes; /* their arena is that of the parts, too */
    struct at_gather_part *parts;
    unsigned n_parts;
    uint32_t known; /* faults of the run before the scan */
};

/* ---- parts */

/* A line of a `per` component, noted while its table is scanned. */
struct at_gather_line_note {
    const char *key;
    int64_t minor;
    uint32_t cell, key_n;
};
AT_CHUNKS(at_gather_line_chunk, at_gather_line_notes, struct at_gather_line_note, 4096);
struct at_gather_line_log {
    struct at_gather_line_notes notes;
    uint64_t n;
    char *keys, *keys_end; /* free part of the piece that keys are copied to */
};
struct at_gather_running_log; /* running.c */
struct at_gather_divide_log;  /* divide.c */
struct at_gather_line_of_log; /* line.c */
struct at_gather_loop_log;    /* loop.c */
struct at_gather_ledger_log;  /* ledger.c */

struct at_gather_feed_count {
    uint64_t credited;
    struct at_gather_outside outside;
    struct at_gather_uncovered uncovered;
    struct at_gather_near near;
    int32_t last_period;        /* of its items; -1 */
    uint64_t twice, twice_line; /* rows that credit one payee twice, and the first of them */
    int32_t twice_payee;
    uint32_t lost; /* state of the first row that found no cell */
};

/* What one thread carries through a scan. Lists are parallel to those of the scan (schedule.h). */
struct at_gather_part {
    struct at_gather *gather;
    struct at_gather_work *work;
    const struct at_table_batch *batch;
    struct at_arena arena; /* lives as long as the lanes' */
    struct at_kernel_space rows, items;
    struct at_kernel_fault_list faults;
    int32_t level;                     /* of the managers of a feed that reads it; -1: all */
    uint8_t *seen;                     /* by row: 1 if a lower level had it; NULL: no levels */
    struct at_gather_cover_row cover;  /* of the feed that is expanded, and its current row */
    int32_t stock_period;              /* of a feed without `on`: the period of all its items */
    int64_t whole;                     /* a share of 100% */
    struct at_gather_acc *accs;        /* by aggregate */
    struct at_gather_acc *line_states; /* by component: only states */
    struct at_gather_line_log *lines;  /* by component */
    struct at_gather_below *below;     /* by component */
    struct at_gather_running_log **runnings;
    struct at_gather_divide_log **divides; /* parallel to `runnings`, as the next ones */
    struct at_gather_line_of_log **line_logs;
    struct at_gather_ledger_log **ledgers;
    struct at_gather_loop_log **loops;
    AT_VEC(struct at_gather_exception) kept;
    struct at_gather_feed_count *feeds; /* by feed */
    AT_VEC(struct at_gather_require_failure) failures;
    uint32_t *n_failed;                   /* by require: how many are in `failures` */
    int32_t room_period;                  /* the last one with an item; -1 */
    uint64_t too_far_line, too_long_line; /* of the file; 0: none */
    const struct at_plan_feed *too_far_feed;
    uint32_t too_far_node; /* of the feed's rows: the day */
    int32_t too_far_period;
    uint64_t n_too_long;
    struct at_col seen_rows; /* of the current feed, if a run may see its rows late: which it sees */
    AT_VEC(bool) late;       /* by period: earlier ones are other from it on */
    bool misfit;             /* the first is not longer, but no period of the calendar */
};
/* stream.c */
/* Makes the parts of a scan. */
void at_gather_parts_open(struct at_gather_work *work, unsigned n_parts);
void at_gather_part_begin(struct at_gather_part *part, const struct at_table_batch *batch,
                          struct at_arena *scratch);
/* The items of a feed, and all that is calculated for them. Returns false if there are none. */
bool at_gather_feed_items(struct at_gather_part *part, const struct at_plan_feed_work *work,
                          struct at_kernel_items *items);
/* Goes to the first round of a feed, and then to the next: a period of a stock, else one round. Calculates
 * the rows. Returns false after the last one. `round` begins at -1. */
bool at_gather_feed_next(struct at_gather_part *part, const struct at_plan_feed_work *work, int32_t *round);
/* rows.c: one node over the rows of the batch; all that a feed needs. */
void at_gather_row_node(struct at_gather_part *part, uint32_t id);
void at_gather_feed_rows(struct at_gather_part *part, const struct at_plan_feed_work *work);
/* feed.c */
void at_gather_feed_expand(struct at_gather_part *part, const struct at_plan_feed_work *work,
                           struct at_kernel_items *items);
/* Notes the rows that credit one payee twice. Items of a row follow one another. */
void at_gather_feed_twice(struct at_gather_part *part, const struct at_plan_feed_work *work,
                          const struct at_kernel_items *items);
/* The periods of a row, also of one that is not seen. For `each quarter`, it counts in *first, and is an
 * event of *last. Returns false if it is in none. */
bool at_gather_feed_periods(const struct at_gather_part *part, const struct at_plan_feed *feed, uint32_t row,
                            int32_t *first, int32_t *last);
void at_gather_feed_reach(struct at_gather_part *part, const struct at_plan_feed_work *work, int32_t period);
void at_gather_feed_lose(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t state,
                         uint32_t row);
/* Notes a row whose day, a node, is in a period that is too far away. */
void at_gather_feed_too_far(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t node,
                            int32_t period, uint64_t line);
/* known.c: which rows of the batch the run sees; the periods in which that changes, of all parts. */
void at_gather_known_rows(struct at_gather_part *part, const struct at_plan_feed_work *work);
void at_gather_known_join(struct at_gather *gather, const struct at_gather_part *part);
/* level.c: expands the rows of a feed that reads LEVEL. */
struct at_col *at_gather_level_items(struct at_gather_part *part, const struct at_plan_feed_work *work,
                                     struct at_kernel_items *items);
/* note.c. `place`: of the component in the scan. */
void at_gather_lines_note(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t place,
                          const struct at_kernel_items *items);
/* below.c: looks for amounts below zero in the items; adds what all parts found. `place`: as above. */
void at_gather_below_note(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items);
void at_gather_below_join(struct at_gather *gather, const struct at_gather_work *work, uint32_t place);
/* near.c: warns of groups that differ only so, and indexes them; a row that is in no group; two parts. */
void at_gather_near_groups(struct at_gather *gather, uint32_t g, const uint32_t *of, uint32_t rows);
void at_gather_near_add(struct at_gather_near *near, const struct at_gather *gather, uint32_t g, at_str text,
                        uint64_t line, struct at_arena *arena, struct at_arena *scratch);
void at_gather_near_join(struct at_gather_near *near, const struct at_gather_near *more,
                         struct at_arena *arena);
/* running.c. `place`: of the RUNNING node in the scan. */
void at_gather_running_note(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items);
void at_gather_running_settle(struct at_gather *gather, const struct at_gather_work *work, uint32_t place);
/* The key of item i, valid until the totals are made; a state of the part in the run's numbers. */
at_str at_gather_running_key(const struct at_gather_part *part, const struct at_col *col, const at_type *type,
                             uint32_t i);
uint32_t at_gather_running_state(struct at_gather *gather, const struct at_gather_work *work,
                                 const struct at_gather_part *part, uint32_t state);
/* parted.c: the last period in which a hold, release, or clawback may change a line; -1: none. */
int32_t at_gather_parted_last(const struct at_gather *gather);
/* ledger.c: the same for a LEDGER node. */
void at_gather_ledger_note(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items);
void at_gather_ledger_settle(struct at_gather *gather, const struct at_gather_work *work, uint32_t place);
/* divide.c: the same for a DIVIDEOF node. */
void at_gather_divide_note(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items);
void at_gather_divide_settle(struct at_gather *gather, const struct at_gather_work *work, uint32_t place);
/* line.c: the same for a LINEOF node. */
void at_gather_line_of_note(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items);
void at_gather_line_of_settle(struct at_gather *gather, const struct at_gather_work *work, uint32_t place);
/* loop.c. `place`: of the loop in the scan. */
void at_gather_loop_note(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items);
void at_gather_loop_settle(struct at_gather *gather, const struct at_gather_work *work, uint32_t place);
/* keep.c: the state under which a part keeps the fault behind `state` for a cell: the better one of it and
 * `held`. */
uint32_t at_gather_part_keep(struct at_gather_part *part, uint32_t state, uint32_t held, uint64_t line,
                             uint32_t payee, uint32_t period);
/* The states of one aggregate of all parts in the run's numbers; NULL: all well. `accs` holds one for each
 * part. */
uint32_t *at_gather_merge_states(struct at_gather *gather, const struct at_gather_work *work,
                                 struct at_gather_acc *const *accs, uint32_t n);
/* cells.c: estimates what a cell and a period of this plan cost. Called once, before at_gather_cells_fit. */
void at_gather_cells_measure(const struct at_plan *plan, struct at_gather_range *range);
/* How many values an aggregate of the shape has. */
uint32_t at_gather_shape_size(const struct at_gather *gather, enum at_plan_shape shape);

/* stay.c: the stays of a grouping of stays; those of its groups are known. */
void at_gather_stays(struct at_gather *gather, uint32_t g);
/* ---- payees.c: what groups of both kinds need */
/* Numbers the values of a column in their order; returns how many there are. */
uint32_t at_gather_number_values(const struct at_gather *gather, const struct at_col *col,
                                 const at_type *type, uint32_t n, uint32_t *group);
/* The covered payees of each group, by key. `of`: the group of each payee. */
void at_gather_list_members(struct at_gather *gather, const uint32_t *of, uint32_t groups,
                            struct at_kernel_members *members);
/* Finds groups by value for feeds that match rows with them. `of`: the group of each of n rows. */
void at_gather_index_values(struct at_gather *gather, uint32_t g, const struct at_col *col,
                            const at_type *type, const uint32_t *of, uint32_t n);
/* group.c: groups by a field of a history. */
void at_gather_dated_members(struct at_gather *gather, uint32_t g);

#endif
