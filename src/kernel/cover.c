/* kernel/cover.c: on how many days payees are covered.
 *
 * A payee has few ranges of days, one as a rule, so they are passed over one by one.
 */
#include "kernel/kernels.h"

static int32_t common_days(at_date from, at_date to, at_date first, at_date last) {
    if (first < from) first = from;
    if (last > to) last = to;
    return last < first ? 0 : last - first + 1;
}

int32_t at_kernel_frame_covered_days(const struct at_kernel_frame *frame, uint32_t payee, at_date from,
                                     at_date to) {
    const struct at_kernel_cover *cover = frame->cover;
    const struct at_check_policy *checked = frame->plan->checked;
    int32_t days = 0;
    if (!frame->covered[payee]) return 0;
    if (!cover) return common_days(from, to, checked->from, checked->to);
    for (uint32_t i = cover->start[payee]; i < cover->start[payee + 1] && cover->from[i] <= to; i++)
        days += common_days(from, to, cover->from[i], cover->to[i]);
    return days;
}

static at_period period_of(const struct at_kernel_frame *frame, uint32_t period, uint8_t rhythm) {
    at_period of = at_kernel_frame_period(frame, (int32_t)period);
    return rhythm ? at_period_holding(frame->calendar, of, (enum at_period_kind)(rhythm - 1)) : of;
}

int32_t at_kernel_frame_covered_in(const struct at_kernel_frame *frame, uint32_t payee, uint32_t period,
                                   uint8_t rhythm) {
    at_period of = period_of(frame, period, rhythm);
    return at_kernel_frame_covered_days(frame, payee, at_period_start(frame->calendar, of),
                                        at_period_end(frame->calendar, of));
}

/* The last covered day up to the end of the period; without one, that end. */
static at_date last_day(const struct at_kernel_frame *frame, uint32_t payee, uint32_t period,
                        uint8_t rhythm) {
    const struct at_kernel_cover *cover = frame->cover;
    at_date end = at_period_end(frame->calendar, period_of(frame, period, rhythm)), last = end;
    if (end > frame->plan->checked->to) end = last = frame->plan->checked->to;
    for (uint32_t i = cover ? cover->start[payee] : 0; cover && i < cover->start[payee + 1]; i++)
        if (cover->from[i] <= end) last = cover->to[i] < end ? cover->to[i] : end;
    return last;
}

void at_kernel_coverlast(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    bool item = node->grain == AT_G_CREDIT;
    *out = (struct at_col){.form = AT_COL_DAY, .n = space->n};
    out->day = at_arena_zero(space->arena, (space->n + 1) * sizeof *out->day);
    for (uint32_t i = 0; i < space->n; i++) {
        uint32_t payee = item ? (uint32_t)space->items->payee[i] : i;
        uint32_t period = item ? (uint32_t)space->items->period[i] : space->period;
        if (!item || space->items->payee[i] >= 0)
            out->day[i] = last_day(space->frame, payee, period, (uint8_t)node->b);
    }
}

void at_kernel_coverdays(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    bool item = node->grain == AT_G_CREDIT;
    *out = (struct at_col){.form = AT_COL_I64, .n = space->n};
    out->i64 = at_arena_get(space->arena, (space->n + 1) * sizeof *out->i64);
    for (uint32_t i = 0; i < space->n; i++) {
        uint32_t payee = item ? (uint32_t)space->items->payee[i] : i;
        uint32_t period = item ? (uint32_t)space->items->period[i] : space->period;
        out->i64[i] = item && space->items->payee[i] < 0
                          ? 0
                          : at_kernel_frame_covered_in(space->frame, payee, period, (uint8_t)node->b);
        if (out->i64[i] > out->bound) out->bound = out->i64[i];
    }
}

/* In a period without a covered day, a value to date is that of the period before. */
void at_kernel_covered(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *in = at_kernel_input(space, id, 0), *held = NULL;
    if (node->b) held = at_kernel_space_held(space, id, node->b - 1, (uint8_t)node->a);
    *out = (struct at_col){.n = space->n};
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < space->n; i++) {
        bool covered = at_kernel_frame_covered_in(space->frame, i, space->period, (uint8_t)node->a) > 0;
        const struct at_col *from = covered ? in : held;
        uint32_t state = from ? at_col_state(from, i) : AT_STATE_OK;
        to[i] = from && state == AT_STATE_OK ? at_kernel_num_at(from, i) : at_num_int(0);
        if (state != AT_STATE_OK) at_kernel_states_of(space, out, space->n)[i] = state;
    }
    at_kernel_nums_end(space, id, out);
}
