/* settle/exec.h: a run while it runs: what the files of this folder share apart from the kernels.
 *
 * The order of work, for each pass k (plan.h):
 *
 *     stream   each table with a feed that has something to do is scanned once (stream.c): rows become items
 *              (feed.c), items are calculated, added up by cell (aggregate.c), noted as lines (lines.c)
 *     settle   parts are merged, then all settled nodes of pass k are calculated as whole columns, in order
 *              of ids
 *
 * A state of a stored column counts faults of the run: `kept`. During a scan, the numbers of the faults of a
 * batch come after those. An aggregate that meets a fault keeps it in its part. The merge gives the fault its
 * number in the run. The order of these numbers does not depend on how the rows were divided.
 */
#ifndef AT_SETTLE_EXEC_H
#define AT_SETTLE_EXEC_H

#include "base/map.h"
#include "kernel/batch.h"
#include "plan/schedule.h"
#include "settle/run.h"

#define AT_NOBODY UINT32_MAX
#define AT_MAX_CELLS 100000000u /* payees times periods; see cells.c, which limits their memory */
#define AT_MAX_FAILURES 10000u  /* of one `require` over rows, kept */

struct at_running; /* running.c */
struct at_part;

/* Covered members of each group, in order of their keys: payee[start[g]] to payee[start[g + 1] - 1]. */
struct at_members {
    uint32_t *start, *payee;
};

struct at_exec {
    struct at_run run;                    /* first: handed out as struct at_run */
    const struct at_run_options *options; /* during at_run_execute */
    const struct at_hooks *hooks;
    struct at_diags *diags;
    const struct at_calendar *calendar;
    uint16_t payee_table;
    void **payloads;
    AT_VEC(struct at_reason) reasons;
    AT_VEC(struct at_exception) kept; /* of settled nodes, and of rows that an aggregate met */
    AT_VEC(uint32_t) lost;            /* of those, rows whose payee is unknown */
    AT_VEC(struct at_require_failure) failures;
    struct at_arena scratch; /* of the caller's thread, while settling */
    struct at_seat *seat;

    struct at_members *members; /* by group of the plan */
    const int32_t *managers;    /* by payee row; NULL where the policy has no such field */
    /* Days of the effective range to period indexes: day - checked->from, as far as the table goes. */
    int32_t *period_of_day;
    uint32_t n_days;
    int32_t last_period; /* index of the period in which the range ends */
    uint64_t cell_bytes; /* what one payee and period costs: cells.c */
    bool periods_known;

    const struct at_schedule *schedule;
    AT_VEC(struct at_lane *) lanes; /* by part; scans use them one after another */
    struct at_running **runnings;   /* by node id */
    uint32_t **line_states;         /* by component: states of cells with a line in exception, or NULL */
    AT_VEC(struct at_table_work *) works; /* all scans so far, for their lines */
    uint32_t paid_from, paid_periods;     /* period indexes of which lines are made */
    bool *withheld_cell;
    AT_VEC(struct at_withheld) withheld;
    AT_VEC(struct at_exception) reported;
    struct at_arena visits; /* of at_run_items; emptied after each */
    struct at_map merged;   /* exceptions of rows, so that each is kept once */
};

static inline struct at_exec *at_exec_of(const struct at_run *run) {
    return (struct at_exec *)(uintptr_t)run;
}

/* ---- run.c */
uint32_t at_shape_size(const struct at_exec *exec, enum at_shape shape);

/* ---- aggregate.c */

/* One aggregate of one part: by cell, in the narrowest form that holds every sum. */
struct at_acc {
    uint32_t node;
    uint8_t op;    /* AT_P_SUM COUNT LEAST MOST */
    uint8_t shape; /* enum at_shape */
    uint8_t form;  /* AT_COL_I64, I128, NUM; DAY */
    uint8_t scale;
    bool begun;    /* scale and form are those of values seen */
    uint32_t n;    /* cells that there is room for */
    at_u128 bound; /* of an I64 or I128 sum: no cell is larger */
    union {
        int64_t *i64;
        at_i128 *i128;
        at_num *num;
    };
    uint8_t *seen;          /* LEAST, MOST */
    uint32_t *state;        /* NULL: all well */
    struct at_arena *arena; /* of the part */
    struct at_arena wide;   /* limbs of NUM sums, swept now and then */
    size_t wide_live;
};
void at_acc_init(struct at_acc *acc, const struct at_exec *exec, uint32_t node, struct at_arena *arena);
void at_acc_room(struct at_acc *acc, uint32_t n);
/* Adds values[i] to cells[i]; all are present. `values` is NULL for COUNT. */
void at_acc_add(struct at_acc *acc, const struct at_col *values, const uint32_t *cells, uint32_t n);
void at_acc_merge(struct at_acc *into, struct at_acc *from,
                  struct at_arena *scratch); /* values; states are exception.c's */
struct at_col at_acc_finish(struct at_acc *acc, struct at_exec *exec, uint32_t n);

/* ---- cells.c */
/* Estimates what a cell of this plan costs. Called once, before at_cells_fit. */
void at_cells_measure(struct at_exec *exec);
/* Whether `periods` periods of all payees fit. Never true again once it was false for fewer periods. */
bool at_cells_fit(const struct at_exec *exec, uint64_t periods);
/* Reports that period number `index` is too far away: because of the part's row, or, if `part` is NULL,
 * because the caller asked for it. */
void at_cells_refuse(struct at_exec *exec, const struct at_part *part, uint64_t index);

/* ---- stream.c */
/* One scan of a table. */
struct at_table_work {
    const struct at_scan_work *scan;
    struct at_part *parts;
    unsigned n_parts;
    uint32_t known; /* faults of the run before the scan */
    struct at_exec *exec;
};

struct at_line_chunk;
struct at_line_log {
    struct at_line_chunk *first, *last;
    uint64_t n;
    char *keys, *keys_end; /* free part of the piece that keys are copied to */
};
struct at_running_log; /* running.c */

struct at_feed_count {
    uint64_t out_of_range, credited;
    int32_t last_period; /* of its items; -1 */
    uint32_t lost;       /* state of the first row that found no cell */
};

/* Columns of a batch, by node id. Scans of one run share them: a scan reads only what it has calculated. */
struct at_lane {
    struct at_col *rows, *items;
};

/* What one thread carries through a scan. Lists are parallel to those of the scan (schedule.h). */
struct at_part {
    struct at_exec *exec;
    struct at_table_work *work;
    struct at_arena arena; /* lives as long as the run */
    struct at_space rows, items;
    struct at_fault_list faults;
    int64_t whole;              /* a share of 100% */
    struct at_acc *accs;        /* by aggregate */
    struct at_acc *line_states; /* by component: only states */
    struct at_line_log *lines;  /* by component */
    struct at_running_log **runnings;
    AT_VEC(struct at_exception) kept;
    struct at_feed_count *feeds; /* by feed */
    AT_VEC(struct at_require_failure) failures;
    uint32_t *n_failed;                   /* by require: how many are in `failures` */
    int32_t last_period;                  /* with an item; -1 */
    uint64_t too_far_line, too_long_line; /* of the file; 0: none */
    const struct at_plan_feed *too_far_feed;
    int32_t too_far_period;
    uint64_t n_too_long;
};
/* Scans all tables that pass `pass` needs and puts the pass's aggregates into the run. */
enum at_status at_stream_pass(struct at_exec *exec, unsigned pass) AT_MUST_CHECK;
/* Makes the parts of a scan. */
void at_parts_open(struct at_table_work *work, unsigned n_parts);
void at_part_begin(struct at_part *part, const struct at_batch *batch, struct at_arena *scratch);
void at_feed_rows(struct at_part *part, const struct at_feed_work *work);
void at_feed_nodes(struct at_part *part, const struct at_feed_work *work, const struct at_items *items);

/* ---- feed.c */
void at_feed_expand(struct at_part *part, const struct at_feed_work *work, struct at_items *items);

/* ---- exception.c */
/* The state under which a part keeps the fault behind `state` for a cell: the better one of it and `held`. */
uint32_t at_part_keep(struct at_part *part, uint32_t state, uint32_t held, uint64_t line, uint32_t payee,
                      uint32_t period);
/* Moves the faults that settling node `id` left in the list to the run's. */
void at_exec_keep(struct at_exec *exec, struct at_fault_list *faults, uint32_t id);
/* The states of one aggregate of all parts in the run's numbers; NULL: all well. `accs` holds one for each
 * part. */
uint32_t *at_merge_states(struct at_exec *exec, const struct at_table_work *work, struct at_acc *const *accs,
                          uint32_t n);
uint32_t at_exec_add(struct at_exec *exec, const struct at_exception *exception); /* index in `kept` */

/* ---- lines.c */
/* `place`: of the component in the scan. */
void at_lines_note(struct at_part *part, const struct at_feed_work *work, uint32_t place,
                   const struct at_items *items);
void at_lines_collect(struct at_exec *exec);

/* ---- withhold.c */
void at_withhold(struct at_exec *exec);
bool at_is_withheld(const struct at_exec *exec, uint32_t payee, uint32_t period);
void at_requires_settle(struct at_exec *exec);

/* ---- running.c */
/* `place`: of the RUNNING node in the scan. */
void at_running_note(struct at_part *part, uint32_t place, const struct at_items *items);
void at_running_settle(struct at_exec *exec, const struct at_table_work *work, uint32_t place);

/* ---- group.c */
void at_groups_make(struct at_exec *exec);

/* ---- call.c */
struct at_seat *at_seat_new(const struct at_hooks *hooks, struct at_arena *arena);

#endif
