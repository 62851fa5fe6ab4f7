/* kernel/stay.c: stays: a payee in one of the groups in which its days are, as a pool by day needs them.
 *
 * A payee has few rows of a history, and few stays, so both are passed over one by one.
 */
#include "kernel/kernels.h"

/* The last covered day from `from` to `to`, if there is one. */
static at_date last_covered(const struct at_kernel_frame *frame, uint32_t payee, at_date from, at_date to) {
    const struct at_kernel_cover *cover = frame->cover;
    at_date last = to < frame->plan->checked->to ? to : frame->plan->checked->to;
    if (!cover) return last;
    for (uint32_t i = cover->start[payee]; i < cover->start[payee + 1]; i++)
        if (cover->from[i] <= to && cover->to[i] >= from) last = cover->to[i] < to ? cover->to[i] : to;
    return last;
}

/* The days of the stay from `from` to `to`, on which the payee is covered. `last`: NULL, or the last one. */
static int32_t days_of(const struct at_kernel_frame *frame, const struct at_kernel_stays *stays,
                       uint32_t stay, at_date from, at_date to, at_date *last_day) {
    uint32_t payee = stays->payee[stay];
    const struct at_dated *dated = stays->dated;
    int32_t days = 0;
    if (!dated) {
        days = at_kernel_frame_covered_days(frame, payee, from, to);
        if (days > 0 && last_day) *last_day = last_covered(frame, payee, from, to);
        return days;
    }
    for (uint32_t i = dated->start[payee]; payee < dated->n_keys && i < dated->start[payee + 1]; i++) {
        bool follows = i + 1 < dated->start[payee + 1];
        at_date first = dated->since[i], last = dated->until[i];
        if (stays->by_row[dated->row[i]] != stays->group[stay]) continue;
        if (follows && dated->since[i + 1] - 1 < last) last = dated->since[i + 1] - 1;
        if (first < from) first = from;
        if (last > to) last = to;
        int32_t more = first <= last ? at_kernel_frame_covered_days(frame, payee, first, last) : 0;
        if (more > 0 && last_day) *last_day = last_covered(frame, payee, first, last);
        days += more;
    }
    return days;
}

static at_period period_of(const struct at_kernel_frame *frame, uint32_t period, uint8_t rhythm) {
    at_period of = at_kernel_frame_period(frame, (int32_t)period);
    return rhythm ? at_period_holding(frame->calendar, of, (enum at_period_kind)(rhythm - 1)) : of;
}

int32_t at_kernel_frame_stay_days(const struct at_kernel_frame *frame, uint32_t place, uint32_t stay,
                                  uint32_t period, uint8_t rhythm) {
    at_period of = period_of(frame, period, rhythm);
    return days_of(frame, &frame->stays[place], stay, at_period_start(frame->calendar, of),
                   at_period_end(frame->calendar, of), NULL);
}

uint32_t at_kernel_frame_group_on(const struct at_kernel_frame *frame, uint32_t group, uint32_t payee,
                                  at_date day) {
    const struct at_kernel_versions *versions = &frame->versions[group];
    int64_t place = at_dated_place(versions->dated, payee, day);
    return place < 0 ? AT_NOBODY : versions->by_row[versions->dated->row[place]];
}

uint32_t at_kernel_frame_stay_on(const struct at_kernel_stays *stays, uint32_t payee, at_date day) {
    uint32_t group = AT_NOBODY;
    if (stays->dated) {
        int64_t place = at_dated_place(stays->dated, payee, day);
        if (place < 0) return AT_NOBODY;
        group = stays->by_row[stays->dated->row[place]];
    }
    for (uint32_t k = stays->of_payee[payee]; k < stays->of_payee[payee + 1]; k++)
        if (!stays->dated || stays->group[stays->stay[k]] == group) return stays->stay[k];
    return AT_NOBODY;
}

void at_kernel_staydays(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    *out = (struct at_col){.form = AT_COL_I64, .n = space->n};
    out->i64 = at_arena_get(space->arena, (space->n + 1) * sizeof *out->i64);
    for (uint32_t i = 0; i < space->n; i++) {
        out->i64[i] =
            at_kernel_frame_stay_days(space->frame, node->place, i, space->period, (uint8_t)node->b);
        if (out->i64[i] > out->bound) out->bound = out->i64[i];
    }
}

void at_kernel_staylast(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_kernel_frame *frame = space->frame;
    at_period of = period_of(frame, space->period, (uint8_t)node->b);
    at_date from = at_period_start(frame->calendar, of), to = at_period_end(frame->calendar, of);
    *out = (struct at_col){.form = AT_COL_DAY, .n = space->n};
    out->day = at_arena_zero(space->arena, (space->n + 1) * sizeof *out->day);
    for (uint32_t i = 0; i < space->n; i++) {
        out->day[i] = to;
        days_of(frame, &frame->stays[node->place], i, from, to, &out->day[i]);
    }
}

void at_kernel_tostay(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_kernel_stays *stays = &space->frame->stays[node->place];
    const struct at_col *in = at_kernel_input(space, id, 0);
    at_kernel_col_gather_u32(space->arena, in, stays->payee, space->n, out);
    for (uint32_t i = 0; i < space->n; i++) {
        if (at_kernel_frame_stay_days(space->frame, node->place, i, space->period, (uint8_t)node->b) > 0)
            continue;
        at_kernel_states_of(space, out, space->n)[i] = AT_STATE_MISSING;
    }
}

/* A payee is paid only if every stay's part is known. */
void at_kernel_fromstay(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_kernel_stays *stays = &space->frame->stays[space->plan->nodes[node->in[0]].place];
    const struct at_col *in = at_kernel_input(space, id, 0);
    *out = (struct at_col){.n = space->n};
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t e = 0; e < space->n; e++) {
        uint32_t state = AT_STATE_OK;
        to[e] = at_num_int(0);
        for (uint32_t k = stays->of_payee[e]; k < stays->of_payee[e + 1]; k++) {
            uint32_t own = at_col_state(in, stays->stay[k]);
            if (own > state && state < AT_STATE_EXCEPTION) state = own;
            if (own == AT_STATE_OK)
                to[e] = at_num_add(space->arena, to[e], at_kernel_num_at(in, stays->stay[k]));
        }
        if (state != AT_STATE_OK) at_kernel_states_of(space, out, space->n)[e] = state;
    }
    at_kernel_nums_end(space, id, out);
}
