/* session/run.h: owns the order of work of a run, and what a run leaves to be read: values, payouts,
 * exceptions.
 *
 * A run puts everything into the run arena, and keeps every column of cell, group, constant and payee grain
 * so that explanations can walk back over the plan. Values of deals are not kept: at_session_run_items passes
 * over the tables again for one cell.
 */
#ifndef AT_SESSION_RUN_H
#define AT_SESSION_RUN_H

#include "settle/settle.h"

/* Whether a run looked for what waits after its last period, and why it did not. */
enum at_session_unchecked { AT_SESSION_CHECKED, AT_SESSION_CALLS_HOOKS, AT_SESSION_TOO_MANY };

/* A component that has not paid yet: waiting.c. */
struct at_session_waiting {
    uint32_t component;
    at_period period; /* the next one in which it pays */
    uint64_t payouts; /* in that and later periods; zero: it has a longer rhythm, and nothing to pay so far */
};

/* An earlier period that is calculated again in `period`, because rows have become known: session/known.c. */
struct at_session_correction {
    uint32_t payee, period, earned; /* earned: the earlier one, index */
    uint32_t view;                  /* the run that gives the new amounts */
    int32_t before;                 /* the run that gave the amounts that are paid; -1: nothing is paid */
};

/* The results of a run. Their memory is that of the run. */
struct at_session_run {
    const struct at_plan *plan;
    struct at_table_dataset *data;
    struct at_arena *arena; /* run arena, view */

    const struct at_kernel_frame *frame; /* its values; at_session_run_value reads them */
    uint32_t n_payees, n_periods;
    const struct at_calendar *calendar;
    at_period first_period;        /* periods are consecutive from here */
    int32_t first_position;        /* its position in the calendar */
    const uint32_t *payees_by_key; /* payee rows in order of their keys */
    const bool *covered;           /* by payee row */
    uint32_t *const *group_of;     /* by group: number of each payee's group (UINT32_MAX: none) */
    const uint32_t *group_sizes;   /* by group: how many */

    struct at_settle_line *lines;
    uint64_t n_lines; /* zero lines included */
    /* The exceptions that are reported. First come the reasons of withheld cells, each with the cell's payee
     * and period. Then come payees for whom `applies to` cannot decide (period UINT32_MAX), and rows whose
     * payee is unknown (payee and period UINT32_MAX). There may be such even if no cell is withheld. */
    struct at_gather_exception *exceptions;
    uint32_t n_exceptions;
    const struct at_gather_exception
        *kept; /* all, as states of columns count them: kept[state - AT_STATE_EXCEPTION] */
    struct at_settle_withheld_cell *withheld;
    uint32_t n_withheld; /* by payee key, period */
    const struct at_kernel_reason *reasons;
    uint32_t n_reasons;                 /* by node, then cell */
    struct at_session_waiting *waiting; /* in order of components */
    uint32_t n_waiting;
    uint8_t unchecked; /* enum at_session_unchecked: why nothing was looked for after the last period */
    bool reached;      /* a row is an earning event: `last_event` is its feed. Else no period is paid on its
                          account */
    uint32_t last_event;
    bool by_option;                     /* the last period is one that was asked for */
    const struct at_kernel_rest *rests; /* of pools, in all periods */
    uint32_t n_rests;
    uint32_t paid_from, paid_periods; /* periods with lines */
    uint32_t lines_end; /* the end of the periods with lines, also of those with moved ones only */
    uint32_t n_regular; /* the first of the periods; in the others, only moved lines are paid */
    /* If credits become known late: the runs that look from the ends of earlier periods, then the one of the
     * last period. The lines of this run are joined from them, and `frame` has the slices of each period as
     * they were known at its end. */
    struct at_session_run **views;
    uint32_t n_views;                                /* 0: nothing is late */
    uint32_t *view_of;                               /* by period */
    const struct at_session_correction *corrections; /* by payee key, period, and earlier period */
    uint64_t n_corrections;
    struct at_gather_require_failure *failures;
    uint32_t n_failures;
    /* by feed: rows that passed `where` and are not in the effective range; items; and the index of the last
     * period with an item, -1 */
    const struct at_gather_outside *outside;
    const struct at_gather_uncovered *uncovered; /* rows that are not earned, by feed */
    uint64_t *rows_credited;
    int32_t *last_period;
};

/* known.c: the corrections of a payout. */
const struct at_session_correction *at_session_corrections_of(const struct at_session_run *run,
                                                              uint32_t payee, uint32_t period, uint64_t *n);
/* The last period at whose end the view looks. */
uint32_t at_session_view_end(const struct at_session_run *run, uint32_t view);

static inline at_period at_session_run_period(const struct at_session_run *run, uint32_t index) {
    return at_period_at(run->calendar, (enum at_period_kind)run->first_period.kind,
                        run->first_position + (int32_t)index);
}

struct at_session_run_options {
    const struct at_kernel_hooks *hooks; /* NULL: policies with hooks are refused */
    at_period from, through; /* restrict the paid periods: `through.kind` AT_YEAR + 1 means not set */
    bool ask;          /* refuse a run in which no row shows how far to pay, instead of the first period */
    bool ahead;        /* look for what waits after the last event */
    bool ahead_of_all; /* also if nothing of the plan itself waits: for the columns of other versions in it */
    const int64_t
        *also; /* positions of periods that are paid, too: those that the expectations of a test name */
    uint32_t n_also;
    const struct at_settle_assumed *assumed; /* NULL: every value is calculated */
};

/* What is made of a plan once, for any number of runs: what its passes do, in which order, and what its
 * operations prepare. Views of the plan, in the arena that it was made in; runs read it, on any threads. */
struct at_session_plan {
    const struct at_plan *plan;
    const struct at_plan_scheduled *schedule;
    const struct at_settle_order *order;
    const struct at_gather_range *range;
    const struct at_plan_statements *statements;
    void *const *payloads;
    const struct at_plan_belows *belows;
    bool lines;
    bool ahead; /* something can be paid after the last event */
    bool late;  /* a run may see rows of a credit late, or no longer */
    bool calls; /* of hooks, which are not made only to look for it */
};
/* Without `lines`, runs make only columns: for diffs of large runs. */
const struct at_session_plan *at_session_prepare(const struct at_plan *plan, bool lines,
                                                 struct at_arena *arena);

/* Runs. `data` has been loaded with the tables the plan wants kept (at_session_run_wants). AT_REJECTED: bad
 * data met while streaming, or a `require` failed (then n_failures > 0). AT_CANCELLED: the host stopped it;
 * the results are then incomplete. */
enum at_status at_session_run_execute(const struct at_session_plan *plan, struct at_table_dataset *data,
                                      const struct at_session_run_options *options, struct at_arena *arena,
                                      struct at_diag_list *diags, struct at_session_run **out) AT_MUST_CHECK;

/* What a version pays after the first `regular` periods, with the rows so far, in order of its components: of
 * a run with `ahead`. `node` leads from the nodes of its plan to those of the run, and is NULL if it is the
 * run's plan. Returns how many. */
uint32_t at_session_waits(const struct at_session_run *run, const struct at_plan *plan, const uint32_t *node,
                          uint32_t regular, struct at_arena *arena, struct at_session_waiting **out);

/* Which tables must be resident for this plan: those passed over more than once, or needed by `running`. */
void at_session_run_wants(const struct at_plan *plan, bool *keep);

/* Gives a dataset, before it is loaded, the texts and rates of the plan that it looks for in its columns. */
void at_session_watch(const struct at_plan *plan, struct at_table_dataset *data);

/* The value of a node at an index: for CELL period * payees + payee row, for GROUP period * groups + group,
 * for ROW of payees the payee row, for CONST 0. */
struct at_plan_value at_session_run_value(const struct at_session_run *run, uint32_t node, uint32_t index,
                                          struct at_arena *arena, uint32_t *state);

/* What a hook said of its result, the value of a CALL node in a cell; NULL if nothing. */
const struct at_kernel_hook_said *at_session_run_said(const struct at_session_run *run, uint32_t node,
                                                      uint32_t cell);

/* Passes over the tables of the feeds again, each once, and calls back for each item of the given payee
 * (UINT32_MAX: all) and period index (UINT32_MAX: all), with the values of the feed's CREDIT or ROW nodes.
 * The items of one feed are in order of the file. */
enum at_status at_session_run_items(const struct at_session_run *run, const struct at_plan_wanted *feeds,
                                    uint32_t n_feeds, uint32_t payee, uint32_t period,
                                    bool (*on_item)(void *context, const struct at_gather_item *item),
                                    void *context) AT_MUST_CHECK;
/* Releases what a call of at_session_run_items holds that a failure of memory has left. The run can be used
 * again. */
void at_session_run_forget_items(struct at_session_run *run);

#endif
