/* kernel/space.h: the space in which plan nodes are calculated.
 *
 * A space is n values of one grain: the rows of a batch, the items of a feed in that batch, the payees or the
 * groups of one period, or all rows of a table. Every kernel reads the columns of its node's inputs in the
 * space and makes a new column. A column does not change after it is made, so columns may share payloads and
 * states.
 *
 *     form of the inputs        loop
 *     I64, range check passed   plain 64-bit, no test inside
 *     I64, I128                 128-bit, each result checked
 *     any                       one at_num at a time
 *
 * A kernel begins with the first loop that can hold the results. It continues with the next loop if it cannot
 * hold them. The result is narrowed again. Nothing wraps, and only ROUND rounds.
 *
 * Kernels are pure: they change nothing but what they make, the list of faults, and what a space has for
 * notes (reasons of hooks, groups that are not paid).
 */
#ifndef AT_KERNEL_SPACE_H
#define AT_KERNEL_SPACE_H

#include "kernel/column.h"
#include "kernel/frame.h"
#include "kernel/hook.h"
#include "kernel/note.h"

/* The items of one feed in one batch. */
struct at_kernel_items {
    uint32_t n;
    uint32_t *row;   /* in the batch */
    int32_t *payee;  /* -1: the company */
    int32_t *period; /* index; 0 where the feed has no period */
    uint32_t *cell;  /* where it is added up: by the shape of the feed */
    bool identity;   /* item i is row i */
    struct at_col share;
    uint32_t *state; /* of what decided about the item; NULL: all well */
};

struct at_kernel_seat; /* one thread's scripting engine: call.c */

struct at_kernel_space {
    const struct at_plan *plan;
    const struct at_kernel_frame *frame; /* NULL in tests of maps */
    struct at_arena *arena;              /* of what is made */
    struct at_col *cols;                 /* by node id; those calculated so far */
    uint32_t n;
    uint8_t grain;
    uint32_t period; /* index; CELL and GROUP */
    struct at_kernel_fault_list *faults;
    void *const *payloads; /* by node id */
    struct at_kernel_seat *seat;
    const struct at_col *loads; /* in a scan: the columns of the batch, by field; else NULL */
    const uint64_t *lines;      /* in a scan: the line of each row of the batch in its file; else NULL */
    int32_t level;              /* in a scan: of the managers, for LEVEL */
    uint64_t first;             /* in a scan of a resident table: number of the batch's first row */
    const struct at_kernel_items *items; /* CREDIT */
    struct at_kernel_reasons *reasons;   /* NULL: not kept */
    struct at_kernel_rests *rests;       /* NULL: not kept */
    uint32_t *unpaid;                    /* by node id: groups and periods of an ALLOT that pay no one */
};

typedef void at_kernel(struct at_kernel_space *space, uint32_t id, struct at_col *out);
/* Calculates node `id` into space->cols[id]. */
void at_kernel_space_eval(struct at_kernel_space *space, uint32_t id);
/* What an operation prepares once a run: payloads of STEP, THROUGH, LOOKUP, IN by node id. */
void **at_kernel_prepare_payloads(const struct at_plan *plan, struct at_arena *arena);
static inline const void *at_kernel_payload(const struct at_kernel_space *space, uint32_t id) {
    return space->payloads[id];
}
/* call.c: the engine of a thread. It is opened at the first call, in `arena`. */
struct at_kernel_seat *at_kernel_seat_new(const struct at_kernel_hooks *hooks, struct at_arena *arena);

static inline const struct at_col *at_kernel_input(const struct at_kernel_space *space, uint32_t id,
                                                   unsigned i) {
    return &space->cols[space->plan->nodes[id].in[i]];
}
/* The slice of a CELL or GROUP node `back` periods before that of the space; NULL before the first period. It
 * exists if the node was calculated for that period: in this pass, or in an earlier one. */
static inline const struct at_col *at_kernel_space_earlier(const struct at_kernel_space *space, uint32_t node,
                                                           uint32_t back) {
    return back > space->period ? NULL : &space->frame->slices[node][space->period - back];
}

/* ---- states */

/* The state for a fault of `node` at `index`. */
uint32_t at_kernel_space_fault(struct at_kernel_space *space, uint32_t node, uint32_t index,
                               enum at_diag_code code, at_str message);
/* How many values a map of these inputs makes: 1 when all of them are `one`. Sets out->one and out->n. */
uint32_t at_kernel_map_begin(const struct at_kernel_space *space, uint32_t id, struct at_col *out);
/* The states of a map's result: an exception of the first input that has one, else missing where one is.
 * NULL: all well. */
uint32_t *at_kernel_states_join(struct at_kernel_space *space, uint32_t id, uint32_t n);
/* out->state, made if need be */
uint32_t *at_kernel_states_of(struct at_kernel_space *space, struct at_col *out, uint32_t n);

/* divide.c: rounds amounts together, in place. */
void at_kernel_divide_amounts(struct at_arena *arena, const struct at_plan_node *node, at_num *x, size_t n);

/* ---- numbers */

/* A number, or a day as one: the least and the most of days are found like those of numbers. */
at_num at_kernel_counted_at(const struct at_col *col, uint32_t i);
/* Ends the column of at_kernel_nums_begin, as days where the node is of dates. */
void at_kernel_counted_end(struct at_kernel_space *space, uint32_t id, struct at_col *out);
/* A NUM column that a loop fills. At its end, numbers out of range become faults, and the rest is narrowed.
 */
at_num *at_kernel_nums_begin(struct at_kernel_space *space, struct at_col *out);
void at_kernel_nums_end(struct at_kernel_space *space, uint32_t id, struct at_col *out);

/* Two I64 columns at one scale, ready for a plain loop. */
struct at_kernel_lanes {
    const int64_t *x, *y;
    bool x_one, y_one;
    uint8_t scale;
    int64_t x_bound, y_bound;
};
/* False where they are not I64, or do not fit at one scale. */
bool at_kernel_lanes_align(struct at_kernel_space *space, const struct at_col *a, const struct at_col *b,
                           uint32_t n, struct at_kernel_lanes *out);
/* One I64 column brought to a scale at least its own; false where it does not fit. *bound is what it then may
 * reach. */
bool at_kernel_lane_at_scale(struct at_kernel_space *space, const struct at_col *col, uint32_t n,
                             unsigned scale, const int64_t **out, int64_t *bound);

#endif
