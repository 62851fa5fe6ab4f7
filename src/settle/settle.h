/* settle/settle.h: owns what becomes of cells: their values period by period, pay that is withheld,
 * requirements that are not met, and payout lines.
 *
 * The order of work of a run, for each pass (plan.h):
 *
 *     before   nodes that are known without its scans, over whole tables
 *     gather   its scans: aggregates
 *     pass     stage by stage: nodes that need all periods of an earlier stage; then, for each period, all
 * nodes of payees and groups in order of ids. So a node can read its own earlier slices, and those of any
 *              node of its pass
 *
 * Between slices, the host is asked whether to stop. Scratch memory covers one slice.
 */
#ifndef AT_SETTLE_SETTLE_H
#define AT_SETTLE_SETTLE_H

#include "gather/gather.h"

struct at_settle_stage;
struct at_settle_order;

enum at_settle_cause {
    AT_LINE_EARNED,
    AT_LINE_CORRECTED, /* the difference of an earlier period that is calculated again: session/known.c */
    AT_LINE_RELEASED,
    AT_LINE_CLAWED
};

/* A payout line, in the promised order: payee (key by code points), period, component, key. */
struct at_settle_line {
    uint32_t payee;  /* row of the payee table */
    uint32_t period; /* index */
    uint32_t earned; /* index of the period that it is for; `period`, unless the cause is another */
    uint16_t component;
    uint8_t cause;        /* enum at_settle_cause */
    at_str key;           /* of the credited row for `per` components; else empty */
    int64_t minor;        /* minor units of the policy's currency */
    int64_t local;        /* minor units of `currency`, if the policy pays in the payee's */
    at_currency currency; /* of the payee; 0: the policy's */
    uint32_t rated;       /* index of the period of whose rate it is, if it is of a row */
};

struct at_settle_withheld_cell { /* a cell that is not paid */
    uint32_t payee, period;
    uint32_t exception; /* index of its first reason; the others follow, up to the next cell's first */
};

/* A number at grain CELL that is not calculated. */
struct at_settle_assumed {
    uint32_t node, payee, period; /* payee: row; period: index */
    at_num value;
};

struct at_settle {
    const struct at_plan *plan;
    struct at_kernel_frame *frame;
    const struct at_gather *gather; /* what scans found: exceptions of lines, failures, notes */
    struct at_gather_exceptions *exceptions;
    const struct at_settle_assumed *assumed; /* NULL: nothing is */
    struct at_watch *watch;                  /* may be NULL */
    struct at_arena *arena, *scratch;        /* of the run; of the caller's thread. Views */
    uint32_t paid_from, paid_periods;        /* period indexes of which lines are made */
    uint32_t asked_from; /* the first one that is reported; later than paid_from if earlier ones can change */
    uint32_t tail_from, tail_periods; /* after them: those in which only moved lines are paid */

    struct at_kernel_space space;
    struct at_kernel_fault_list faults;
    struct at_kernel_reasons reasons; /* of hooks; in order of nodes and cells after at_settle_reasons */
    struct at_kernel_rests rests;     /* what pools did not pay */
    const struct at_settle_order *order;
    bool *steady;               /* by node id: its slices are the same in every period */
    struct at_arena_mark empty; /* of scratch, between slices */
    uint64_t unasked;           /* values since the host was asked */
    bool *withheld_cell;
    AT_VEC(struct at_settle_withheld_cell) withheld;
    AT_VEC(struct at_gather_exception) reported;
    AT_VEC(struct at_gather_require_failure) failures;
    struct at_settle_line *lines;
    uint64_t n_lines; /* zero lines included */
    bool unpayable;   /* a line does not fit into the payee's currency */
};

/* The caller has set the fields from `plan` to `scratch`. */
void at_settle_open(struct at_settle *settle, const struct at_settle_order *order, void *const *payloads,
                    const struct at_kernel_hooks *hooks);

/* slices.c */
enum at_status at_settle_before(struct at_settle *settle, unsigned pass) AT_MUST_CHECK;
enum at_status at_settle_pass(struct at_settle *settle, unsigned pass) AT_MUST_CHECK;
/* assume.c: puts the assumed value into its column: of a node that was calculated, or of what scans added up.
 */
void at_settle_assume(struct at_settle *settle, uint32_t id, uint32_t period, struct at_col *col);
void at_settle_assume_rows(struct at_settle *settle, unsigned pass);
/* Pools of the pass whose weights sum to zero, as warnings. */
void at_settle_tell_unpaid(const struct at_settle *settle, unsigned pass, struct at_diag_list *diags);
/* Puts the reasons of hooks in order. */
void at_settle_reasons(struct at_settle *settle);

/* withhold.c: each `require`, then cells without pay. The exceptions that are reported are moved behind those
 * that states count. */
enum at_status at_settle_requires(struct at_settle *settle) AT_MUST_CHECK;
enum at_status at_settle_withhold(struct at_settle *settle) AT_MUST_CHECK;
static inline bool at_settle_withheld(const struct at_settle *settle, uint32_t payee, uint32_t period) {
    return settle->withheld_cell[(size_t)period * settle->frame->n_payees + payee];
}

/* The k-th period of which lines are made; k counts up to at_settle_periods. */
static inline uint32_t at_settle_periods(const struct at_settle *settle) {
    return settle->paid_periods + settle->tail_periods;
}
static inline uint32_t at_settle_period(const struct at_settle *settle, uint32_t k) {
    return k < settle->paid_periods ? settle->paid_from + k : settle->tail_from + (k - settle->paid_periods);
}
/* Whether the component has a line in a period of which lines are made. */
static inline bool at_settle_pays(const struct at_settle *settle, uint32_t component, uint32_t period) {
    return period < settle->frame->n_regular || settle->plan->components[component].parted != AT_NO_NODE ||
           settle->plan->components[component].delay.unit != AT_DELAY_NONE;
}

/* ledger_lines.c: whether rows have parts of a component. Its lines of a cell, in the order of `lines`, if it
 * is not NULL; returns how many there are. */
bool at_settle_divides(const struct at_plan *plan, uint32_t component);
uint64_t at_settle_ledger_lines(struct at_settle *settle, uint32_t component, uint32_t payee, uint32_t period,
                                struct at_settle_line *out);

/* local.c: how lines of rows that were earned in a period are converted; currency 0: they are not. The line
 * gets what `before` and `after`, paid of its row to date, differ by. */
struct at_settle_local {
    at_currency currency;
    uint32_t period; /* index */
    at_num rate;
};
struct at_settle_local at_settle_local(const struct at_settle *settle, uint32_t component, uint32_t payee,
                                       uint32_t earned);
void at_settle_local_line(struct at_settle *settle, const struct at_settle_local *of, int64_t before,
                          int64_t after, struct at_settle_line *line);
/* The state of the rates of all that the component pays in the period. */
uint32_t at_settle_local_state(const struct at_settle *settle, uint32_t component, uint32_t payee,
                               uint32_t period);

/* lines.c */
enum at_status at_settle_lines(struct at_settle *settle) AT_MUST_CHECK;

/* ---- order.c: which nodes each stage calculates: made once for a plan, and shared by runs */

struct at_settle_stage {
    bool before;            /* the scans of the pass */
    AT_VEC(uint32_t) whole; /* CONST, and ROW over whole tables: once */
    AT_VEC(uint32_t) cells; /* CELL and GROUP: for each period */
    AT_VEC(uint32_t) reads; /* of other stages and of scans: what `cells` read */
};
struct at_settle_order {
    struct at_settle_stage *stages; /* by pass, then by number */
    uint32_t n_stages, *first;      /* by pass: its first stage; then n_stages */
    bool *steady;                   /* by node id: as at_settle's, if nothing is in exception */
};
struct at_settle_order *at_settle_order_new(const struct at_plan *plan,
                                            const struct at_plan_scheduled *schedule, struct at_arena *arena);

#endif
