/* kernel/grain.c: where columns come from, and how they go from one grain to another. */
#include "settle/exec.h"

static int32_t *rows_begin(struct at_space *space, struct at_col *out) {
    *out = (struct at_col){.form = AT_COL_ROW, .n = space->n};
    out->row = at_arena_get(space->arena, space->n * sizeof *out->row);
    return out->row;
}

/* ---- sources */

void at_k_const(struct at_space *space, uint32_t id, struct at_col *out) {
    *out = at_col_of_value(space->arena, space->plan->nodes[id].data);
    out->n = space->n;
}

/* References and choices say -1 where they are missing; everything later looks at states. */
static void states_of_rows(struct at_space *space, struct at_col *col) {
    uint32_t n = col->one ? 1 : col->n;
    bool any = false;
    for (uint32_t i = 0; i < n; i++)
        any |= col->row[i] < 0;
    if (!any) return;
    uint32_t *state = AT_NEW_ARRAY(space->arena, uint32_t, n);
    for (uint32_t i = 0; i < n; i++)
        state[i] = col->row[i] < 0 ? AT_STATE_MISSING : col->state ? col->state[i] : AT_STATE_OK;
    col->state = state;
}

void at_k_load(struct at_space *space, uint32_t id, struct at_col *out) {
    const struct at_pnode *node = &space->plan->nodes[id];
    const struct at_table *table = &space->run->data->tables[node->place];
    *out = space->batch ? space->batch->cols[node->a] : table->cols[node->a];
    if (!out->one) out->n = space->n;
    if (out->form == AT_COL_ROW && node->type.optional) states_of_rows(space, out);
    /* Columns that a caller has made may leave their bound to us. */
    if (out->form == AT_COL_I64 && table->binding.kind == AT_FROM_CELLS)
        out->bound = at_i64_measure(out->i64, out->one ? 1 : out->n);
}

void at_k_rownum(struct at_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    int32_t first = space->batch ? (int32_t)space->batch->first : 0, *to = rows_begin(space, out);
    for (uint32_t i = 0; i < space->n; i++)
        to[i] = first + (int32_t)i;
}

void at_k_recipient(struct at_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    *out = (struct at_col){.form = AT_COL_ROW, .n = space->n, .row = space->items->payee};
}

static at_period period_at(const struct at_run *run, int32_t index) {
    return (at_period){.kind = run->first_period.kind, .ordinal = run->first_period.ordinal + index};
}

void at_k_itemperiod(struct at_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    *out = (struct at_col){.form = AT_COL_PERIOD, .n = space->n};
    out->period = at_arena_get(space->arena, space->n * sizeof *out->period);
    for (uint32_t i = 0; i < space->n; i++)
        out->period[i] = period_at(space->run, space->items->period[i]);
}

void at_k_itemshare(struct at_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    *out = space->items->share;
}

void at_k_payee(struct at_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    int32_t *to = rows_begin(space, out);
    uint32_t payees = space->run->n_payees;
    for (uint32_t i = 0, e = 0; i < space->n; i++, e = e + 1 == payees ? 0 : e + 1)
        to[i] = (int32_t)e;
}

/* How many values each period has at the grain of the space. */
static uint32_t period_width(const struct at_space *space, const struct at_pnode *node) {
    return node->grain == AT_G_GROUP ? space->run->group_sizes[node->place] : space->run->n_payees;
}

void at_k_cellperiod(struct at_space *space, uint32_t id, struct at_col *out) {
    uint32_t width = period_width(space, &space->plan->nodes[id]);
    *out = (struct at_col){.form = AT_COL_PERIOD, .n = space->n};
    out->period = at_arena_get(space->arena, space->n * sizeof *out->period);
    for (uint32_t i = 0; i < space->n; i++)
        out->period[i] = period_at(space->run, (int32_t)(i / width));
}

void at_k_groupkey(struct at_space *space, uint32_t id, struct at_col *out) {
    const struct at_run *run = space->run;
    uint32_t group = space->plan->nodes[id].place, width = run->group_sizes[group];
    int32_t field = space->plan->groups[group].field;
    int32_t *first = at_arena_get(space->arena, (space->n + 1) * sizeof *first);
    for (uint32_t i = 0; i < space->n; i++)
        first[i] = -1;
    for (uint32_t e = run->n_payees; e-- > 0;)
        if (run->group_of[group][e] != AT_NOBODY && space->n > 0) first[run->group_of[group][e]] = (int32_t)e;
    for (uint32_t i = width; i < space->n; i++)
        first[i] = first[i - width];
    const struct at_col *col = &run->data->tables[at_exec_of(run)->payee_table].cols[field < 0 ? 0 : field];
    at_col_gather(space->arena, col, first, space->n, out);
}

/* ---- from grain to grain */

void at_k_follow(struct at_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *from = &space->run->cols[space->plan->nodes[id].in[0]], *ref = at_in(space, id, 1);
    if (ref->one) {
        int32_t at = at_col_state(ref, 0) == AT_STATE_OK ? ref->row[0] : -1;
        at_col_gather(space->arena, from, &at, 1, out);
        out->one = true;
        out->n = space->n;
        if (ref->state && ref->state[0] != AT_STATE_OK) out->state = ref->state;
        return;
    }
    if (!ref->state) {
        at_col_gather(space->arena, from, ref->row, space->n, out);
        if (out->one) out->n = space->n;
        return;
    }
    int32_t *at = at_arena_get(space->arena, space->n * sizeof *at);
    for (uint32_t i = 0; i < space->n; i++)
        at[i] = ref->state[i] == AT_STATE_OK ? ref->row[i] : -1;
    at_col_gather(space->arena, from, at, space->n, out);
    uint32_t *state = at_states_of(space, out, out->one ? 1 : space->n);
    for (uint32_t i = 0; i < space->n && !out->one; i++)
        if (ref->state[i] != AT_STATE_OK) state[i] = ref->state[i];
}

void at_k_take(struct at_space *space, uint32_t id, struct at_col *out) {
    *out = *at_in(space, id, 0);
}

void at_k_fromcell(struct at_space *space, uint32_t id, struct at_col *out) {
    at_col_gather_u32(space->arena, &space->run->cols[space->plan->nodes[id].in[0]], space->items->cell,
                      space->n, out);
}

void at_k_fromgroup(struct at_space *space, uint32_t id, struct at_col *out) {
    const struct at_run *run = space->run;
    const struct at_pnode *from = &space->plan->nodes[space->plan->nodes[id].in[0]];
    uint32_t width = run->group_sizes[from->place], payees = run->n_payees;
    const uint32_t *group = run->group_of[from->place];
    int32_t *at = at_arena_get(space->arena, (space->n + 1) * sizeof *at);
    bool outside = false;
    for (uint32_t i = 0, e = 0, p = 0; i < space->n; i++) {
        at[i] = group[e] == AT_NOBODY ? -1 : (int32_t)(p * width + group[e]);
        outside |= at[i] < 0;
        if (++e == payees) e = 0, p++;
    }
    at_col_gather(space->arena, &run->cols[space->plan->nodes[id].in[0]], at, space->n, out);
    for (uint32_t i = 0; outside && i < space->n; i++)
        if (at[i] < 0) out->state[i] = at_space_fault(space, id, i, AT_A0805, (at_str){0});
}

void at_k_spread(struct at_space *space, uint32_t id, struct at_col *out) {
    const struct at_pnode *node = &space->plan->nodes[id], *from = &space->plan->nodes[node->in[0]];
    const struct at_col *col = &space->run->cols[node->in[0]];
    if (from->grain == AT_G_CONST) {
        *out = *col;
        out->one = true;
        out->n = space->n;
        return;
    }
    /* GROUP 0, one value for each period */
    int32_t *at = at_arena_get(space->arena, (space->n + 1) * sizeof *at);
    uint32_t width = node->grain == AT_G_CREDIT ? 1 : period_width(space, node);
    for (uint32_t i = 0; i < space->n; i++)
        at[i] = node->grain == AT_G_CREDIT ? space->items->period[i] : (int32_t)(i / width);
    at_col_gather(space->arena, col, at, space->n, out);
}

/* An aggregate of the payees' table, met again while that table is streamed. */
void at_k_aggregate(struct at_space *space, uint32_t id, struct at_col *out) {
    *out = at_col_slice(&space->run->cols[id], (uint32_t)space->batch->first, space->n);
}
