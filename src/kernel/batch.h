/* kernel/batch.h: the space in which plan nodes are calculated, and the kernels which calculate them.
 *
 * A space is n values of one grain: the rows of a batch, the items of a feed in that batch, or all the cells
 * of a run. Every kernel reads the columns of its node's inputs in the space and makes a new column. A column
 * does not change after it is made, so columns may share payloads and states.
 *
 *     form of the inputs        loop
 *     I64, range check passed   plain 64-bit, no test inside
 *     I64, I128                 128-bit, each result checked
 *     any                       one at_num at a time
 *
 * A kernel begins with the first loop that can hold the results. It continues with the next loop if it cannot
 * hold them. The result is narrowed again. Nothing wraps, and only ROUND rounds.
 */
#ifndef AT_KERNEL_BATCH_H
#define AT_KERNEL_BATCH_H

#include "base/vec.h"
#include "kernel/hook.h"
#include "table/table.h"

#ifdef AT_TORTURE
#define AT_COL_LIMIT INT64_C(127) /* widening is then seen with small numbers */
#else
#define AT_COL_LIMIT                                                                                         \
    (INT64_MAX - 1) /* so that INT64_MIN, whose bound is INT64_MAX, never meets a plain loop */
#endif

/* Something without a value, where it arose. `index` counts in the space; batches' faults are forgotten with
 * the batch unless an aggregate keeps them. */
struct at_fault {
    const struct at_space *space; /* view; in which it arose */
    enum at_code code;
    uint32_t node, index;
    at_str message; /* of a hook; else empty, and made when the fault is kept */
};
struct at_fault_list {
    AT_VEC(struct at_fault) of;
    struct at_arena *arena;
    uint32_t base; /* faults known before: the state of fault i is AT_STATE_EXCEPTION + base + i */
};

/* The items of one feed in one batch. */
struct at_items {
    uint32_t n;
    uint32_t *row;   /* in the batch */
    int32_t *payee;  /* -1: the company */
    int32_t *period; /* index; 0 where the feed has no period */
    uint32_t *cell;  /* where it is added up: by the shape of the feed */
    bool identity;   /* item i is row i */
    struct at_col share;
    uint32_t *state; /* of what decided about the item; NULL: all well */
};

struct at_run;
struct at_seat; /* one thread's scripting engine: call.c */

struct at_space {
    const struct at_plan *plan;
    const struct at_run *run;
    struct at_arena *arena; /* of what is made */
    struct at_col *cols;    /* by node id; those calculated so far */
    uint32_t n;
    uint8_t grain;
    struct at_fault_list *faults;
    void *const *payloads; /* by node id */
    struct at_seat *seat;
    const struct at_batch *batch; /* ROW and CREDIT in a scan */
    const struct at_items *items; /* CREDIT */
};

typedef void at_kernel(struct at_space *space, uint32_t id, struct at_col *out);
/* Calculates node `id` into space->cols[id]. */
void at_space_eval(struct at_space *space, uint32_t id);
/* What an operation prepares once a run: payloads of STEP, THROUGH, LOOKUP, IN by node id. */
void **at_prepare_payloads(const struct at_plan *plan, struct at_arena *arena);
static inline const void *at_payload(const struct at_space *space, uint32_t id) {
    return space->payloads[id];
}

/* ---- columns */

/* The state for a fault of `node` at `index`. */
uint32_t at_space_fault(struct at_space *space, uint32_t node, uint32_t index, enum at_code code,
                        at_str message);
static inline const struct at_col *at_in(const struct at_space *space, uint32_t id, unsigned i) {
    return &space->cols[space->plan->nodes[id].in[i]];
}
/* How many values a map of these inputs makes: 1 when all of them are `one`. Sets out->one and out->n. */
uint32_t at_map_begin(const struct at_space *space, uint32_t id, struct at_col *out);
/* The states of a map's result: an exception of the first input that has one, else missing where one is.
 * NULL: all well. */
uint32_t *at_states_join(struct at_space *space, uint32_t id, uint32_t n);
uint32_t *at_states_of(struct at_space *space, struct at_col *out,
                       uint32_t n); /* out->state, made if need be */

struct at_col at_col_of_value(struct at_arena *arena, const struct at_value *value);
struct at_value at_col_value(const struct at_col *col, uint32_t i, const at_type *type);
struct at_col at_col_copy(struct at_arena *arena, const struct at_col *col);
/* The values at index[0..n); negative ones are missing. `out` is not `from`. */
void at_col_gather(struct at_arena *arena, const struct at_col *from, const int32_t *index, uint32_t n,
                   struct at_col *out);
void at_col_gather_u32(struct at_arena *arena, const struct at_col *from, const uint32_t *index, uint32_t n,
                       struct at_col *out);
/* Numbers in a NUM or I128 column into the narrowest form that holds them all. */
void at_col_narrow(struct at_arena *arena, struct at_col *col);
int64_t at_i64_measure(const int64_t *values,
                       uint32_t n); /* largest magnitude; INT64_MAX for what has none */
/* A NUM column that a loop has filled: numbers out of range become faults, the rest is narrowed. */
void at_nums_end(struct at_space *space, uint32_t id, struct at_col *out);
at_num *at_nums_begin(struct at_space *space, struct at_col *out);

static inline bool at_is_number_form(uint8_t form) {
    return form <= AT_COL_NUM;
}
static inline at_num at_num_at(const struct at_col *col, uint32_t i) {
    if (col->one) i = 0;
    if (col->form == AT_COL_I64) return at_num_decimal(col->i64[i], col->scale);
    if (col->form == AT_COL_I128) return at_num_decimal128(col->i128[i], col->scale);
    return col->num[i];
}

/* Two I64 columns at one scale, ready for a plain loop. */
struct at_lanes {
    const int64_t *x, *y;
    bool x_one, y_one;
    uint8_t scale;
    int64_t x_bound, y_bound;
};
/* False where they are not I64, or do not fit at one scale. */
bool at_lanes_align(struct at_space *space, const struct at_col *a, const struct at_col *b, uint32_t n,
                    struct at_lanes *out);
/* One I64 column brought to a scale at least its own; false where it does not fit. *bound is what it then may
 * reach. */
bool at_lane_at_scale(struct at_space *space, const struct at_col *col, uint32_t n, unsigned scale,
                      const int64_t **out, int64_t *bound);

/* ---- kernels, by file */
at_kernel at_k_const, at_k_load, at_k_rownum, at_k_recipient, at_k_itemperiod, at_k_itemshare, at_k_payee,
    at_k_cellperiod, at_k_groupkey, at_k_follow, at_k_take, at_k_fromcell, at_k_fromgroup, at_k_spread,
    at_k_aggregate;                                                                   /* gather.c */
at_kernel at_k_add, at_k_mul, at_k_div, at_k_neg, at_k_abs, at_k_between, at_k_round; /* kernel_arith.c */
at_kernel at_k_step, at_k_through, at_k_lookup, at_k_in;                              /* kernel_step.c */
at_kernel at_k_eq, at_k_lt;                                                           /* kernel_compare.c */
at_kernel at_k_and, at_k_not, at_k_if, at_k_missing, at_k_known, at_k_ifmissing;      /* kernel_choice.c */
at_kernel at_k_datepart, at_k_daysbetween, at_k_dateadd, at_k_periodpart, at_k_periodof; /* kernel_date.c */
at_kernel at_k_textfn, at_k_choicetext;                                                  /* kernel_text.c */
at_kernel at_k_groupsum, at_k_groupedge, at_k_runsum, at_k_runcount, at_k_rank, at_k_allot; /* group.c */
at_kernel at_k_todate, at_k_prior, at_k_trailing, at_k_delta, at_k_captodate;               /* scan.c */
at_kernel at_k_running;                                                                     /* running.c */
at_kernel at_k_call;                                                                        /* call.c */

#endif
