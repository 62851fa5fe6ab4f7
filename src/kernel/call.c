/* kernel/call.c: functions in a scripting language, one engine a thread, one call a value. What fails is an
 * exception. */
#include "kernel/kernels.h"

/* A seat belongs to one thread. The engine is opened at the first call, so a scan that makes no call does
 * not pay for one. */
struct at_kernel_seat {
    const struct at_kernel_hooks *hooks;
    struct at_arena *arena; /* of the engine: the part's, or the run's */
    struct at_lua_hook_engine *engine;
    bool tried;
    struct at_kernel_hook_failure failure; /* why there is no engine */
};

struct at_kernel_seat *at_kernel_seat_new(const struct at_kernel_hooks *hooks, struct at_arena *arena) {
    struct at_kernel_seat *seat = AT_NEW(arena, struct at_kernel_seat);
    seat->hooks = hooks;
    seat->arena = arena;
    return seat;
}

/* Opening is tried once. If it fails, each call has the same failure, and each value its own exception. */
static struct at_lua_hook_engine *engine_of(struct at_kernel_seat *seat) {
    if (!seat->tried && seat->hooks)
        seat->engine = seat->hooks->open(seat->hooks->context, seat->arena, &seat->failure);
    seat->tried = true;
    return seat->engine;
}

/* Returns the number of arguments that the policy writes. These are all inputs, except for a function that is
 * given its whole cell. For such a function, the values of the cell come after the arguments. */
static unsigned written_args(const struct at_plan_node *node) {
    const struct at_plan_cell *cell = node->data;
    return cell ? node->n_in - cell->n : node->n_in;
}

static void value_keep(struct at_plan_value *value, struct at_arena *arena) {
    if (value->missing) return;
    if (at_plan_type_counts(value->type))
        at_plan_value_put_num(value, at_num_copy(arena, at_plan_value_num(value)));
    if (value->type.kind == AT_T_TEXT)
        at_plan_value_put_text(value, at_str_copy(arena, at_plan_value_text(value)));
}

/* Copies texts that are valid as long as the call to the arena of the run. */
static const struct at_kernel_hook_said *said_copy(struct at_arena *arena,
                                                   const struct at_kernel_hook_said *said) {
    struct at_kernel_hook_said *out = AT_NEW(arena, struct at_kernel_hook_said);
    *out = (struct at_kernel_hook_said){.reason = at_str_copy(arena, said->reason), .n_notes = said->n_notes};
    out->notes = AT_NEW_ARRAY(arena, struct at_kernel_hook_note, said->n_notes + 1);
    for (uint32_t i = 0; i < said->n_notes; i++) {
        out->notes[i] =
            (struct at_kernel_hook_note){at_str_copy(arena, said->notes[i].name), said->notes[i].value};
        value_keep(&out->notes[i].value, arena);
    }
    out->n_reads = said->n_reads;
    out->reads = AT_NEW_ARRAY(arena, uint32_t, said->n_reads + 1);
    if (said->n_reads) memcpy(out->reads, said->reads, said->n_reads * sizeof *said->reads);
    return out;
}

/* Most calls of one hook read the same parts of their cells and say nothing else, so they share what is kept.
 */
static const struct at_kernel_hook_said *shared(const struct at_kernel_reasons *reasons, uint32_t id,
                                                const struct at_kernel_hook_said *call) {
    if (reasons->of.n == 0 || call->reason.n || call->n_notes) return NULL;
    const struct at_kernel_reason *last = &reasons->of.at[reasons->of.n - 1];
    const struct at_kernel_hook_said *said = last->said;
    bool same =
        last->node == id && said->reason.n == 0 && said->n_notes == 0 && said->n_reads == call->n_reads;
    if (!same || memcmp(said->reads, call->reads, call->n_reads * sizeof *call->reads) != 0) return NULL;
    return said;
}

/* Keeps what a call said for payee i; for every payee, if one value counts for all. What calls of single rows
 * say is kept only while they are explained: by the index in the space. */
static void keep_said(struct at_kernel_space *space, uint32_t id, uint32_t i, bool one,
                      const struct at_kernel_hook_said *call) {
    if ((call->reason.n == 0 && call->n_notes == 0 && call->n_reads == 0) || !space->reasons) return;
    const struct at_kernel_hook_said *said = shared(space->reasons, id, call);
    if (!said) said = said_copy(space->reasons->arena, call);
    bool rows = space->grain != AT_G_CELL;
    uint32_t base = rows ? 0 : space->period * space->n, first = one ? 0 : i, end = one ? space->n : i + 1;
    for (uint32_t e = first; e < end; e++)
        AT_VEC_PUSH(space->reasons->arena, &space->reasons->of,
                    (struct at_kernel_reason){id, base + e, said});
}

/* A value that counts for all is of no one. */
static struct at_kernel_hook_where where_of(const struct at_kernel_space *space, uint32_t id, uint32_t i,
                                            bool one) {
    struct at_kernel_hook_where where = {.node = id, .payee = UINT32_MAX, .period = UINT32_MAX};
    if (space->grain == AT_G_CELL || space->grain == AT_G_GROUP) where.period = space->period;
    if (space->grain == AT_G_CELL && !one) where.payee = i;
    if (space->grain == AT_G_CREDIT && space->items) {
        if (space->items->payee[i] >= 0) where.payee = (uint32_t)space->items->payee[i];
        if (space->items->period[i] >= 0) where.period = (uint32_t)space->items->period[i];
        i = space->items->row[i];
    }
    where.index = space->lines ? space->lines[i] : space->first + i;
    return where;
}

/* A fault is kept as long as the space, and what a hook reports with it. */
static uint32_t fail_call(struct at_kernel_space *space, uint32_t id, uint32_t i,
                          const struct at_kernel_hook_failure *failure) {
    struct at_arena *arena = space->faults->arena;
    struct at_kernel_hook_failure *kept = AT_NEW(arena, struct at_kernel_hook_failure);
    *kept = (struct at_kernel_hook_failure){.message = at_str_copy(arena, failure->message),
                                            .file = at_str_copy(arena, failure->file),
                                            .line = failure->line,
                                            .text = at_str_copy(arena, failure->text),
                                            .trace = at_str_copy(arena, failure->trace)};
    uint32_t state = at_kernel_space_fault(space, id, i, AT_A0808, kept->message);
    space->faults->of.at[space->faults->of.n - 1].hook = kept;
    return state;
}

/* One call; the state of its result. */
static uint32_t call_one(struct at_kernel_space *space, uint32_t id, uint32_t i, bool one,
                         struct at_plan_value *args, struct at_plan_value *result) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    struct at_lua_hook_engine *engine = engine_of(space->seat);
    struct at_kernel_hook_failure failure = space->seat->failure;
    struct at_kernel_hook_said said = {0};
    for (unsigned k = 0; k < node->n_in; k++) {
        const struct at_col *col = &space->cols[node->in[k]];
        args[k] = at_kernel_col_value(col, i, &space->plan->nodes[node->in[k]].type);
        if (at_col_state(col, i) >= AT_STATE_EXCEPTION) args[k].type = (at_type){0};
    }
    const struct at_kernel_hook_call call = {.function = (uint32_t)node->a,
                                             .args = args,
                                             .n_args = node->n_in,
                                             .cell = node->data,
                                             .where = where_of(space, id, i, one)};
    *result = (struct at_plan_value){.type = node->type};
    if (engine && space->seat->hooks->call(engine, &call, space->arena, result, &said, &failure)) {
        keep_said(space, id, i, one, &said);
        return result->missing ? AT_STATE_MISSING : AT_STATE_OK;
    }
    return fail_call(space, id, i, &failure);
}

/* What keeps a call from being made: a written argument without a value. */
static uint32_t *states_of_args(struct at_kernel_space *space, const struct at_plan_node *node, uint32_t n) {
    uint32_t *state = NULL;
    for (unsigned k = 0; k < written_args(node); k++) {
        const struct at_col *col = &space->cols[node->in[k]];
        if (!col->state) continue;
        if (!state) state = AT_NEW_ARRAY(space->arena, uint32_t, n);
        for (uint32_t i = 0; i < n; i++)
            if (state[i] < AT_STATE_EXCEPTION && at_col_state(col, i) > state[i])
                state[i] = at_col_state(col, i);
    }
    return state;
}

/* The declared type decides the form of `out`. The engine gets the same type with `result`. */
static void put_value(struct at_col *out, uint32_t i, const struct at_plan_value *value) {
    switch ((enum at_col_form)out->form) {
    case AT_COL_TEXT: out->text[i] = at_plan_value_text(value); break;
    case AT_COL_DAY: out->day[i] = at_plan_value_day(value); break;
    case AT_COL_ROW: out->row[i] = at_plan_value_row(value); break;
    case AT_COL_PERIOD: out->period[i] = at_plan_value_period(value); break;
    case AT_COL_FLAG: out->flag[i] = at_plan_value_yes(value); break;
    default: out->num[i] = at_plan_value_num(value); break;
    }
}

/* Numbers of a script have any scale, so they are collected in NUM form and narrowed at the end. A value
 * whose arguments are incomplete is not passed to the script. */
void at_kernel_call(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    uint32_t n = at_kernel_map_begin(space, id, out);
    if (node->n_in == 0) { /* a function of nothing has one value */
        out->one = true;
        n = 1;
    }
    out->state = states_of_args(space, node, n);
    out->form = at_col_form_of(&node->type);
    bool number = at_kernel_is_number_form(out->form);
    if (number) out->form = AT_COL_NUM;
    out->data = at_arena_zero(space->arena, n * at_col_width(out->form) + 1);
    struct at_plan_value *args = AT_NEW_ARRAY(space->arena, struct at_plan_value, node->n_in + 1u), result;
    for (uint32_t i = 0; i < n; i++) {
        if (out->state && out->state[i] != AT_STATE_OK) continue;
        uint32_t state = call_one(space, id, i, out->one, args, &result);
        if (state == AT_STATE_OK)
            put_value(out, i, &result);
        else
            at_kernel_states_of(space, out, n)[i] = state;
    }
    if (number) at_kernel_nums_end(space, id, out);
}
