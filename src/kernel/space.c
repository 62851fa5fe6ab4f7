/* kernel/space.c: what every kernel needs before and after its loop, and the table of kernels. */
#include "kernel/kernels.h"

/* ---- faults and states */

/* Numbers continue after the list->base faults that are known before. A state therefore names either a
 * known fault or one of this list. */
uint32_t at_kernel_space_fault(struct at_kernel_space *space, uint32_t node, uint32_t index,
                               enum at_diag_code code, at_str message) {
    struct at_kernel_fault_list *list = space->faults;
    AT_VEC_PUSH(list->arena, &list->of,
                (struct at_kernel_fault){
                    .space = space, .code = code, .node = node, .index = index, .message = message});
    return AT_STATE_EXCEPTION + list->base + (uint32_t)(list->of.n - 1);
}

/* A node without inputs is not `one`: its kernel decides. */
uint32_t at_kernel_map_begin(const struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    bool one = node->n_in > 0;
    for (unsigned i = 0; i < node->n_in; i++)
        one = one && space->cols[node->in[i]].one;
    *out = (struct at_col){.one = one, .n = space->n};
    return one ? 1 : space->n;
}

/* Inputs are read in their order, so the first exception wins and explanations name the same one each
 * time. */
uint32_t *at_kernel_states_join(struct at_kernel_space *space, uint32_t id, uint32_t n) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    uint32_t *joined = NULL;
    for (unsigned k = 0; k < node->n_in; k++) {
        const struct at_col *col = at_kernel_input(space, id, k);
        if (!col->state) continue;
        if (!joined) {
            joined = AT_NEW_ARRAY(space->arena, uint32_t, n);
        }
        for (uint32_t i = 0; i < n; i++) {
            uint32_t state = col->state[col->one ? 0 : i];
            if (joined[i] < AT_STATE_EXCEPTION && state > joined[i]) joined[i] = state;
        }
    }
    return joined;
}

uint32_t *at_kernel_states_of(struct at_kernel_space *space, struct at_col *out, uint32_t n) {
    if (!out->state) out->state = AT_NEW_ARRAY(space->arena, uint32_t, n);
    return out->state;
}

/* ---- numbers */

at_num *at_kernel_nums_begin(struct at_kernel_space *space, struct at_col *out) {
    out->form = AT_COL_NUM;
    out->scale = 0;
    out->num = AT_NEW_ARRAY(space->arena, at_num, out->one ? 1 : out->n);
    return out->num;
}

at_num at_kernel_counted_at(const struct at_col *col, uint32_t i) {
    return col->form == AT_COL_DAY ? at_num_int(col->day[col->one ? 0 : i]) : at_kernel_num_at(col, i);
}

void at_kernel_counted_end(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    if (space->plan->nodes[id].type.kind != AT_T_DATE) {
        at_kernel_nums_end(space, id, out);
        return;
    }
    uint32_t n = out->one ? 1 : out->n;
    int32_t *day = AT_NEW_ARRAY(space->arena, int32_t, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        int64_t value;
        if (at_num_to_i64(space->arena, out->num[i], 0, &value)) day[i] = (int32_t)value;
    }
    out->form = AT_COL_DAY;
    out->day = day;
}

/* An overflow after an earlier state is not a second fault: the first reason is the one that is shown. */
void at_kernel_nums_end(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    uint32_t n = out->one ? 1 : out->n;
    for (uint32_t i = 0; i < n; i++)
        if (out->num[i].form == AT_NUM_OVERFLOW) {
            out->num[i] = at_num_int(0);
            uint32_t *state = at_kernel_states_of(space, out, n);
            if (state[i] == AT_STATE_OK)
                state[i] = at_kernel_space_fault(space, id, i, AT_A0804, (at_str){0});
        }
    at_kernel_col_narrow(space->arena, out);
}

/* ---- numbers: bringing to one scale */

/* The factor 10^digits, where values up to `bound` times it stay in range. */
static bool factor_fits(int64_t bound, unsigned digits, int64_t *factor) {
    if (digits > AT_NUM_MAX_SCALE) return false;
    *factor = (int64_t)at_num_pow10[digits];
    return (at_u128)bound * (at_u128)*factor <= (at_u128)AT_COL_LIMIT;
}

/* Bounds only grow from node to node. Before the fast path is given up, the real values are measured once.
 * The column may be shared, so scaled values go into a new payload. */
bool at_kernel_lane_at_scale(struct at_kernel_space *space, const struct at_col *col, uint32_t n,
                             unsigned scale, const int64_t **out, int64_t *bound) {
    if (col->form != AT_COL_I64 || scale < col->scale) return false;
    if (scale == col->scale) {
        *bound = col->bound;
        *out = col->i64;
        return true;
    }
    if (col->one) n = 1;
    int64_t factor, reach = col->bound;
    if (!factor_fits(reach, scale - col->scale, &factor)) {
        reach = at_col_measure(col->i64, n);
        if (!factor_fits(reach, scale - col->scale, &factor)) return false;
    }
    *bound = reach * factor;
    *out = col->i64;
    if (factor == 1) return true;
    int64_t *scaled = at_arena_get(space->arena, n * sizeof *scaled);
    for (uint32_t i = 0; i < n; i++)
        scaled[i] = col->i64[i] * factor;
    *out = scaled;
    return true;
}

bool at_kernel_lanes_align(struct at_kernel_space *space, const struct at_col *a, const struct at_col *b,
                           uint32_t n, struct at_kernel_lanes *out) {
    if (a->form != AT_COL_I64 || b->form != AT_COL_I64) return false;
    unsigned scale = a->scale > b->scale ? a->scale : b->scale;
    out->scale = (uint8_t)scale;
    out->x_one = a->one;
    out->y_one = b->one;
    return at_kernel_lane_at_scale(space, a, n, scale, &out->x, &out->x_bound) &&
           at_kernel_lane_at_scale(space, b, n, scale, &out->y, &out->y_bound);
}

/* ---- the table of kernels */

/* By operation. Several operations share a kernel, which then looks at node->op. */
static at_kernel *const kernels[AT_P_COUNT_OF] = {
    [AT_P_CONST] = at_kernel_const,
    [AT_P_LOAD] = at_kernel_load,
    [AT_P_ROWNUM] = at_kernel_rownum,
    [AT_P_RECIPIENT] = at_kernel_recipient,
    [AT_P_LEVEL] = at_kernel_level,
    [AT_P_ITEMPERIOD] = at_kernel_itemperiod,
    [AT_P_ITEMSHARE] = at_kernel_itemshare,
    [AT_P_PAYEE] = at_kernel_payee,
    [AT_P_NAMED] = at_kernel_named,
    [AT_P_CELLPERIOD] = at_kernel_cellperiod,
    [AT_P_GROUPKEY] = at_kernel_groupkey,
    [AT_P_FOLLOW] = at_kernel_follow,
    [AT_P_GATHER] = at_kernel_gather,
    [AT_P_RATES] = at_kernel_rates,
    [AT_P_EXCHANGE] = at_kernel_exchange,
    [AT_P_PAYIN] = at_kernel_payin,
    [AT_P_TAKE] = at_kernel_take,
    [AT_P_FROMCELL] = at_kernel_fromcell,
    [AT_P_FROMGROUP] = at_kernel_fromgroup,
    [AT_P_STAYDAYS] = at_kernel_staydays,
    [AT_P_STAYLAST] = at_kernel_staylast,
    [AT_P_TOSTAY] = at_kernel_tostay,
    [AT_P_FROMSTAY] = at_kernel_fromstay,
    [AT_P_SPREAD] = at_kernel_spread,
    [AT_P_SUM] = at_kernel_aggregate,
    [AT_P_COUNT] = at_kernel_aggregate,
    [AT_P_LEAST] = at_kernel_aggregate,
    [AT_P_MOST] = at_kernel_aggregate,
    [AT_P_GROUPSUM] = at_kernel_groupsum,
    [AT_P_GROUPLEAST] = at_kernel_groupedge,
    [AT_P_GROUPMOST] = at_kernel_groupedge,
    [AT_P_RUNSUM] = at_kernel_runsum,
    [AT_P_RUNCOUNT] = at_kernel_runcount,
    [AT_P_TODATE] = at_kernel_todate,
    [AT_P_PRIOR] = at_kernel_prior,
    [AT_P_CARRY] = at_kernel_carry,
    [AT_P_TRAILING] = at_kernel_trailing,
    [AT_P_DELTA] = at_kernel_delta,
    [AT_P_CAPTODATE] = at_kernel_captodate,
    [AT_P_COVERDAYS] = at_kernel_coverdays,
    [AT_P_COVERLAST] = at_kernel_coverlast,
    [AT_P_COVERED] = at_kernel_covered,
    [AT_P_MOVED] = at_kernel_moved,
    [AT_P_PAID] = at_kernel_take,
    [AT_P_ASOF] = at_kernel_asof,
    [AT_P_RUNNING] = at_kernel_running_total,
    [AT_P_RUNCARRY] = at_kernel_running_total,
    [AT_P_DIVIDE] = at_kernel_divide,
    [AT_P_DIVIDEOF] = at_kernel_running_total,
    [AT_P_LINEOF] = at_kernel_line_of,
    [AT_P_LEDGER] = at_kernel_ledger,
    [AT_P_PARTED] = at_kernel_parted,
    [AT_P_PARTMOVE] = at_kernel_part_move,
    [AT_P_TAILED] = at_kernel_tailed,
    [AT_P_RANK] = at_kernel_rank,
    [AT_P_PRIZE] = at_kernel_prize,
    [AT_P_ALLOT] = at_kernel_allot,
    [AT_P_ADD] = at_kernel_add,
    [AT_P_SUB] = at_kernel_add,
    [AT_P_MUL] = at_kernel_mul,
    [AT_P_DIV] = at_kernel_div,
    [AT_P_NEG] = at_kernel_neg,
    [AT_P_ABS] = at_kernel_abs,
    [AT_P_MIN] = at_kernel_add,
    [AT_P_MAX] = at_kernel_add,
    [AT_P_OVER] = at_kernel_add,
    [AT_P_UPTO] = at_kernel_add,
    [AT_P_BETWEEN] = at_kernel_between,
    [AT_P_ROUND] = at_kernel_round,
    [AT_P_STEP] = at_kernel_step,
    [AT_P_THROUGH] = at_kernel_through,
    [AT_P_LOOKUP] = at_kernel_lookup,
    [AT_P_EQ] = at_kernel_eq,
    [AT_P_NE] = at_kernel_eq,
    [AT_P_LT] = at_kernel_lt,
    [AT_P_LE] = at_kernel_lt,
    [AT_P_AND] = at_kernel_and,
    [AT_P_OR] = at_kernel_and,
    [AT_P_NOT] = at_kernel_not,
    [AT_P_IF] = at_kernel_if,
    [AT_P_MISSING] = at_kernel_missing,
    [AT_P_KNOWN] = at_kernel_known,
    [AT_P_IFMISSING] = at_kernel_ifmissing,
    [AT_P_IN] = at_kernel_in_set,
    [AT_P_DATEPART] = at_kernel_datepart,
    [AT_P_DAYSBETWEEN] = at_kernel_daysbetween,
    [AT_P_DATEADD] = at_kernel_dateadd,
    [AT_P_PERIODPART] = at_kernel_periodpart,
    [AT_P_PERIODOF] = at_kernel_periodof,
    [AT_P_PERIODLAST] = at_kernel_periodlast,
    [AT_P_TEXTFN] = at_kernel_textfn,
    [AT_P_DATEDROW] = at_kernel_datedrow,
    [AT_P_DATEDMEAN] = at_kernel_datedmean,
    [AT_P_CHOICETEXT] = at_kernel_choicetext,
    [AT_P_CALL] = at_kernel_call,
};

/* A column in a form that its type does not have would be read through the wrong field of the union.
 * Builds with checks stop there. In other builds, all values become missing. */
void at_kernel_space_eval(struct at_kernel_space *space, uint32_t id) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    struct at_col out = {0};
    kernels[node->op](space, id, &out);
    if (!AT_HOLDS(at_col_fits(&out, &node->type))) {
        struct at_plan_value none = at_plan_value_none(node->type);
        out = at_kernel_col_of_value(space->arena, &none);
        out.n = space->n;
    }
    space->cols[id] = out;
}
