/* kernel/grain.c: where columns come from, and how they go from one grain to another. */
#include "kernel/kernels.h"

/* A ROW column of n values that the caller fills completely. It is not set to zero before. */
static int32_t *rows_begin(struct at_kernel_space *space, struct at_col *out) {
    *out = (struct at_col){.form = AT_COL_ROW, .n = space->n};
    out->row = at_arena_get(space->arena, space->n * sizeof *out->row);
    return out->row;
}

/* ---- sources */

void at_kernel_const(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    *out = at_kernel_col_of_value(space->arena, space->plan->nodes[id].data);
    out->n = space->n;
}

/* References and choices say -1 where they are missing; everything later looks at states. */
static void states_of_rows(struct at_kernel_space *space, struct at_col *col) {
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

/* A view of the batch or of the resident table. Its states are shared, so states_of_rows makes new ones
 * rather than change them. */
void at_kernel_load(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    *out = space->loads ? space->loads[node->a] : space->frame->tables[node->place][node->a];
    if (!out->one) out->n = space->n;
    if (out->form == AT_COL_ROW && node->type.optional) states_of_rows(space, out);
}

void at_kernel_rownum(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    int32_t first = space->loads ? (int32_t)space->first : 0, *to = rows_begin(space, out);
    for (uint32_t i = 0; i < space->n; i++)
        to[i] = first + (int32_t)i;
}

void at_kernel_recipient(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    *out = (struct at_col){.form = AT_COL_ROW, .n = space->n, .row = space->items->payee};
}

/* One value for all rows of the batch. */
void at_kernel_level(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    *out = (struct at_col){.form = AT_COL_I64, .n = space->n, .one = true, .bound = space->level};
    out->i64 = at_arena_get(space->arena, sizeof *out->i64);
    out->i64[0] = space->level;
}

void at_kernel_itemperiod(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    const int32_t *period = space->items->period;
    uint32_t same = 1;
    while (same < space->n && period[same] == period[0])
        same++;
    /* Items of a stock are of one period: its days are calculated once. */
    *out = (struct at_col){.form = AT_COL_PERIOD, .n = space->n, .one = space->n > 0 && same == space->n};
    out->period = at_arena_get(space->arena, (space->n + 1) * sizeof *out->period);
    for (uint32_t i = 0; i < (out->one ? 1 : space->n); i++)
        out->period[i] = at_kernel_frame_period(space->frame, space->items->period[i]);
}

void at_kernel_itemshare(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    *out = space->items->share;
}

void at_kernel_payee(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    int32_t *to = rows_begin(space, out);
    for (uint32_t i = 0; i < space->n; i++)
        to[i] = (int32_t)i;
}

/* A policy names few payees, and names them by their keys, so a search along the column is enough. */
void at_kernel_named(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_kernel_frame *frame = space->frame;
    at_str key = at_plan_value_text(space->plan->nodes[id].data);
    int field = space->plan->checked->schemas[frame->payee_table].key;
    const struct at_col *keys = field < 0 ? NULL : &frame->tables[frame->payee_table][field];
    *out = (struct at_col){.form = AT_COL_ROW, .one = true, .n = space->n};
    out->row = AT_NEW(space->arena, int32_t);
    for (uint32_t e = 0; keys && keys->form == AT_COL_TEXT && e < frame->n_payees; e++) {
        if (at_col_state(keys, e) != AT_STATE_OK || !at_str_eq(keys->text[keys->one ? 0 : e], key)) continue;
        *out->row = (int32_t)e;
        return;
    }
    at_kernel_states_of(space, out, 1)[0] = at_kernel_space_fault(space, id, 0, AT_A0864, (at_str){0});
}

void at_kernel_cellperiod(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    (void)id;
    *out = (struct at_col){.form = AT_COL_PERIOD, .one = true, .n = space->n};
    out->period = at_arena_get(space->arena, sizeof *out->period);
    *out->period = at_kernel_frame_period(space->frame, (int32_t)space->period);
}

/* All members of a group have the same key. Payees are visited from the last to the first, so that `first`
 * ends as the first row of each group. */
void at_kernel_groupkey(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_kernel_frame *frame = space->frame;
    uint32_t group = space->plan->nodes[id].place;
    int32_t field = space->plan->groups[group].field;
    if (frame->versions && frame->versions[group].n_periods) {
        const struct at_schema *payees = &space->plan->checked->schemas[frame->payee_table];
        const struct at_schema_field *dated = &payees->fields[field];
        at_kernel_col_gather(space->arena, &frame->tables[dated->dated_table][dated->dated_field],
                             frame->versions[group].row, space->n, out);
        return;
    }
    int32_t *first = at_arena_get(space->arena, (space->n + 1) * sizeof *first);
    for (uint32_t i = 0; i < space->n; i++)
        first[i] = -1;
    for (uint32_t e = frame->n_payees; e-- > 0;)
        if (frame->group_of[group][e] != AT_NOBODY && space->n > 0)
            first[frame->group_of[group][e]] = (int32_t)e;
    at_kernel_col_gather(space->arena, &frame->tables[frame->payee_table][field < 0 ? 0 : field], first,
                         space->n, out);
}

/* ---- from grain to grain */

/* Reads a column of another table by reference. A state of the reference wins over a state of the value
 * that it leads to. */
void at_kernel_follow(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *from = &space->frame->whole[space->plan->nodes[id].in[0]],
                        *ref = at_kernel_input(space, id, 1);
    if (ref->one) {
        int32_t at = at_col_state(ref, 0) == AT_STATE_OK ? ref->row[0] : -1;
        at_kernel_col_gather(space->arena, from, &at, 1, out);
        out->one = true;
        out->n = space->n;
        if (ref->state && ref->state[0] != AT_STATE_OK) out->state = ref->state;
        return;
    }
    if (!ref->state) {
        at_kernel_col_gather(space->arena, from, ref->row, space->n, out);
        if (out->one) out->n = space->n;
        return;
    }
    /* A reference with a state can hold any row number. It must not be read. */
    int32_t *at = at_arena_get(space->arena, space->n * sizeof *at);
    for (uint32_t i = 0; i < space->n; i++)
        at[i] = ref->state[i] == AT_STATE_OK ? ref->row[i] : -1;
    at_kernel_col_gather(space->arena, from, at, space->n, out);
    uint32_t *state = at_kernel_states_of(space, out, out->one ? 1 : space->n);
    for (uint32_t i = 0; i < space->n && !out->one; i++)
        if (ref->state[i] != AT_STATE_OK) state[i] = ref->state[i];
}

void at_kernel_take(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    *out = *at_kernel_input(space, id, 0);
}

/* A payee without a group has an exception. The gather has made out->state if there is such a payee. */
void at_kernel_fromgroup(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *from = &space->plan->nodes[space->plan->nodes[id].in[0]];
    const uint32_t *group = at_kernel_frame_groups(space->frame, from->place, space->period);
    int32_t *at = at_arena_get(space->arena, (space->n + 1) * sizeof *at);
    bool outside = false;
    for (uint32_t i = 0; i < space->n; i++) {
        at[i] = group[i] == AT_NOBODY ? -1 : (int32_t)group[i];
        outside |= at[i] < 0;
    }
    at_kernel_col_gather(space->arena, at_kernel_input(space, id, 0), at, space->n, out);
    for (uint32_t i = 0; outside && i < space->n; i++)
        if (at[i] < 0) out->state[i] = at_kernel_space_fault(space, id, i, AT_A0805, (at_str){0});
}

/* ---- from cells and groups to items */

/* Items of a batch read slices of several periods. */
struct picked {
    const struct at_col *slices; /* by period */
    const int32_t *period;       /* by item */
    const int32_t *index;        /* by item: in the slice; NULL: 0 */
    uint32_t n;
    int32_t first, last; /* periods that occur */
};

static inline uint32_t at_of(const struct picked *p, uint32_t i, const struct at_col *slice) {
    return slice->one || !p->index ? 0 : (uint32_t)p->index[i];
}

/* Without items, `first` is larger than `last`, and loops over periods do not run. */
static struct picked pick(const struct at_kernel_space *space, uint32_t from, const int32_t *index) {
    struct picked p = {space->frame->slices[from], space->items->period, index, space->n, INT32_MAX, -1};
    for (uint32_t i = 0; i < p.n; i++) {
        p.first = p.period[i] < p.first ? p.period[i] : p.first;
        p.last = p.period[i] > p.last ? p.period[i] : p.last;
    }
    return p;
}

/* Numbers: where all slices are I64 and fit at one scale, without a branch for each item. */
static bool pick_64(struct at_kernel_space *space, const struct picked *p, struct at_col *out) {
    unsigned scale = 0;
    /* factor[k] brings the slice of period first + k to the largest scale. All products were checked by
     * bounds, so the loop over items is a multiplication without a test. */
    int64_t *factor = at_arena_get(space->arena, (size_t)(p->last - p->first + 1) * sizeof *factor);
    out->bound = 0;
    for (int32_t k = p->first; k <= p->last; k++) {
        if (p->slices[k].form != AT_COL_I64) return false;
        if (p->slices[k].scale > scale) scale = p->slices[k].scale;
    }
    for (int32_t k = p->first; k <= p->last; k++) {
        const struct at_col *slice = &p->slices[k];
        if (scale - slice->scale > AT_NUM_MAX_SCALE) return false;
        at_u128 reach = (at_u128)slice->bound * at_num_pow10[scale - slice->scale];
        if (reach > (at_u128)AT_COL_LIMIT) return false;
        factor[k - p->first] = (int64_t)at_num_pow10[scale - slice->scale];
        if ((int64_t)reach > out->bound) out->bound = (int64_t)reach;
    }
    out->form = AT_COL_I64;
    out->scale = (uint8_t)scale;
    out->i64 = at_arena_get(space->arena, (p->n + 1) * sizeof *out->i64);
    for (uint32_t i = 0; i < p->n; i++) {
        const struct at_col *slice = &p->slices[p->period[i]];
        out->i64[i] = slice->i64[at_of(p, i, slice)] * factor[p->period[i] - p->first];
    }
    return true;
}

/* Slices of different periods can have different forms and scales, so numbers are brought to one form
 * here. Other types have one form only. */
static void pick_values(struct at_kernel_space *space, const struct picked *p, const at_type *type,
                        struct at_col *out) {
    out->form = (uint8_t)at_col_form_of(type);
    if (at_kernel_is_number_form(out->form)) {
        if (p->n > 0 && pick_64(space, p, out)) return;
        at_num *to = at_kernel_nums_begin(space, out);
        for (uint32_t i = 0; i < p->n; i++) {
            const struct at_col *slice = &p->slices[p->period[i]];
            to[i] = at_kernel_num_at(slice, at_of(p, i, slice));
        }
        at_kernel_col_narrow(space->arena, out);
        return;
    }
    size_t width = at_col_width(out->form);
    out->data = at_arena_zero(space->arena, (p->n + 1) * width);
    for (uint32_t i = 0; i < p->n; i++) {
        const struct at_col *slice = &p->slices[p->period[i]];
        memcpy((char *)out->data + i * width, (const char *)slice->data + at_of(p, i, slice) * width, width);
    }
}

/* Most slices have no states. Items then have none either. */
static void pick_states(struct at_kernel_space *space, const struct picked *p, struct at_col *out) {
    bool any = false;
    for (int32_t k = p->first; k <= p->last; k++)
        any |= p->slices[k].state != NULL;
    if (!any) return;
    out->state = AT_NEW_ARRAY(space->arena, uint32_t, p->n + 1);
    for (uint32_t i = 0; i < p->n; i++) {
        const struct at_col *slice = &p->slices[p->period[i]];
        out->state[i] = at_col_state(slice, at_of(p, i, slice));
    }
}

/* The columns of the input in this space do not count: the item decides which period is read. */
static void from_slices(struct at_kernel_space *space, uint32_t id, const int32_t *index,
                        struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    struct picked p = pick(space, node->in[0], index);
    *out = (struct at_col){.n = space->n};
    pick_values(space, &p, &node->type, out);
    pick_states(space, &p, out);
}

void at_kernel_fromcell(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    if (space->plan->feeds[node->place].n_to == 0) { /* items of the company have no cell */
        struct at_plan_value none = at_plan_value_none(node->type);
        *out = at_kernel_col_of_value(space->arena, &none);
        out->n = space->n;
        return;
    }
    from_slices(space, id, space->items->payee, out);
}

void at_kernel_spread(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id], *from = &space->plan->nodes[node->in[0]];
    if (from->grain != AT_G_CONST && node->grain == AT_G_CREDIT) {
        from_slices(space, id, NULL, out);
        return;
    }
    /* A constant, or GROUP 0, which has one value for each period. */
    *out = from->grain == AT_G_CONST ? space->frame->whole[node->in[0]] : *at_kernel_input(space, id, 0);
    out->one = true;
    out->n = space->n;
}

/* ---- met again in a later scan */

/* An aggregate of the payees' table, while that table is streamed. */
void at_kernel_aggregate(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    *out = at_col_slice(&space->frame->whole[id], (uint32_t)space->first, space->n);
}

/* The total of a cell before each item. Items of a row follow one another. */
void at_kernel_running_total(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_kernel_running *running = space->frame->runnings[id];
    const struct at_kernel_items *items = space->items;
    uint32_t *serial = at_arena_get(space->arena, (space->n + 1) * sizeof *serial), again = 0;
    for (uint32_t i = 0; i < space->n; i++) {
        again = i > 0 && items->row[i] == items->row[i - 1] ? again + 1 : 0;
        serial[i] = running->base[space->first + items->row[i]] + again;
    }
    at_kernel_col_gather_u32(space->arena, &running->values, serial, space->n, out);
}

/* The number of the payee's value for the row, otherwise that of the zero at the end. */
static uint32_t line_of(const struct at_kernel_running *lines, uint32_t row, uint32_t payee) {
    uint32_t low = lines->base[row], high = lines->base[row + 1], end = high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (lines->payee[middle] < payee)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && lines->payee[low] == payee ? low : lines->values.n - 1;
}

/* The lines of the row to which an item refers, of the same payee. */
void at_kernel_line_of(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_kernel_running *lines = space->frame->runnings[id];
    const struct at_kernel_items *items = space->items;
    const struct at_col *of = at_kernel_input(space, id, 1);
    uint32_t *serial = at_arena_get(space->arena, (space->n + 1) * sizeof *serial);
    for (uint32_t i = 0; i < space->n; i++) {
        bool known = at_col_state(of, i) == AT_STATE_OK && items->payee[i] >= 0;
        serial[i] = known ? line_of(lines, (uint32_t)of->row[of->one ? 0 : i], (uint32_t)items->payee[i])
                          : lines->values.n - 1;
    }
    at_kernel_col_gather_u32(space->arena, &lines->values, serial, space->n, out);
    for (uint32_t i = 0; of->state && i < space->n; i++)
        if (at_col_state(of, i) != AT_STATE_OK)
            at_kernel_states_of(space, out, space->n)[i] = at_col_state(of, i);
}

/* ---- as of a day */

int64_t at_kernel_frame_as_of(const struct at_kernel_frame *frame, const struct at_plan_node *node,
                              const struct at_col *day, uint32_t i) {
    const struct at_calendar *calendar = &frame->plan->checked->calendar;
    enum at_period_kind own = (enum at_period_kind)calendar->period_kind;
    at_period period;
    if (day->form == AT_COL_DAY)
        period = at_period_of_date(calendar, own, day->day[day->one ? 0 : i]);
    else
        period = day->period[day->one ? 0 : i];
    if (node->a) /* the value of the longer period is that of its last one */
        period = at_plan_rhythm_last(calendar, node->b, node->a - 1, period);
    else if (period.kind < own)
        period = at_period_holding(calendar, period, own);
    return (int64_t)at_period_position(calendar, period) - frame->first_position;
}

/* The slice that value i is read from; NULL: there is none. */
static const struct at_col *slice_as_of(const struct at_kernel_space *space, uint32_t id, uint32_t i) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *day = at_kernel_input(space, id, 1);
    bool item = node->grain == AT_G_CREDIT;
    int64_t now = item ? space->items->period[i] : (int64_t)space->period;
    if (at_col_state(day, i) != AT_STATE_OK || (item && space->items->payee[i] < 0)) return NULL;
    int64_t at = at_kernel_frame_as_of(space->frame, node, day, i);
    if (at < 0 || at > now) return NULL;
    /* The slice of this period is not in the frame yet. */
    return !item && at == now ? at_kernel_input(space, id, 0) : &space->frame->slices[node->in[0]][at];
}

void at_kernel_asof(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *day = at_kernel_input(space, id, 1);
    *out = (struct at_col){.n = space->n, .form = (uint8_t)at_col_form_of(&node->type)};
    bool number = at_kernel_is_number_form(out->form);
    at_num *to = number ? at_kernel_nums_begin(space, out) : NULL;
    size_t width = number ? 0 : at_col_width(out->form);
    if (!number) out->data = at_arena_zero(space->arena, (space->n + 1) * width);
    for (uint32_t i = 0; i < space->n; i++) {
        const struct at_col *slice = slice_as_of(space, id, i);
        uint32_t at = node->grain == AT_G_CREDIT ? (uint32_t)space->items->payee[i] : i;
        uint32_t state = slice ? at_col_state(slice, at) : at_col_state(day, i);
        if (!slice && state == AT_STATE_OK) state = AT_STATE_MISSING;
        if (state != AT_STATE_OK)
            at_kernel_states_of(space, out, space->n)[i] = state;
        else if (number)
            to[i] = at_kernel_num_at(slice, slice->one ? 0 : at);
        else
            memcpy((char *)out->data + i * width, (const char *)slice->data + (slice->one ? 0 : at) * width,
                   width);
    }
    if (number) at_kernel_col_narrow(space->arena, out);
}
