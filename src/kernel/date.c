/* kernel/date.c: parts of dates and periods, days between, the day some days or months later. */
#include "kernel/kernels.h"

/* A column of integers. The caller promises that no value is larger than `bound` in magnitude. */
static int64_t *whole_numbers(struct at_kernel_space *space, struct at_col *out, int64_t bound) {
    out->form = AT_COL_I64;
    out->scale = 0;
    out->bound = bound;
    out->i64 = AT_NEW_ARRAY(space->arena, int64_t, out->one ? 1 : out->n);
    return out->i64;
}

void at_kernel_datepart(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *date = at_kernel_input(space, id, 0);
    uint32_t n = at_kernel_map_begin(space, id, out);
    int part = space->plan->nodes[id].a;
    out->state = date->state;
    /* Years have four digits. Months and days are smaller. */
    int64_t *to = whole_numbers(space, out, 9999);
    for (uint32_t i = 0; i < n; i++) {
        int piece[3];
        at_date_split(date->day[i], &piece[0], &piece[1], &piece[2]);
        to[i] = piece[part];
    }
}

void at_kernel_daysbetween(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *from = at_kernel_input(space, id, 0), *to_day = at_kernel_input(space, id, 1);
    uint32_t n = at_kernel_map_begin(space, id, out);
    size_t sf = !from->one, st = !to_day->one;
    out->state = at_kernel_states_join(space, id, n);
    int64_t *to = whole_numbers(space, out, 10000000);
    for (uint32_t i = 0; i < n; i++)
        to[i] = (int64_t)to_day->day[i * st] - from->day[i * sf];
}

/* False if the day is outside years 1 to 9999. The first test keeps `count` small enough for `int` and for
 * the sums below. */
static bool date_add(at_date day, int64_t count, uint8_t unit, at_date *out) {
    if (count > 10000000 || count < -10000000) return false;
    if (unit) {
        int year, month, d;
        at_date_split(day, &year, &month, &d);
        /* Months counted from year 0, so year 1 begins at 12. */
        int64_t all = (int64_t)year * 12 + month - 1 + count;
        if (all < 12 || all > 9999 * 12 + 11) return false;
        *out = unit == AT_DATEADD_REACHES ? at_date_reaches(day, (int)-count)
                                          : at_date_add_months(day, (int)count);
        return true;
    }
    int64_t sum = (int64_t)day + count;
    *out = (at_date)sum;
    return sum >= AT_DATE_MIN && sum <= AT_DATE_MAX;
}

/* The count comes from the second input or, if it is a constant, from the node. A count with decimals does
 * not fit and is a fault. */
void at_kernel_dateadd(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *date = at_kernel_input(space, id, 0),
                        *by = node->n_in > 1 ? at_kernel_input(space, id, 1) : NULL;
    uint32_t n = at_kernel_map_begin(space, id, out);
    size_t sd = !date->one;
    out->state = at_kernel_states_join(space, id, n);
    out->form = AT_COL_DAY;
    out->day = AT_NEW_ARRAY(space->arena, int32_t, n);
    for (uint32_t i = 0; i < n; i++) {
        if (out->state && out->state[i] != AT_STATE_OK) continue;
        int64_t count = node->a;
        bool fits = !by || at_num_to_i64(space->arena, at_kernel_num_at(by, i), 0, &count);
        if (!fits || !date_add(date->day[i * sd], count, (uint8_t)node->b, &out->day[i])) {
            out->day[i] = 0;
            at_kernel_states_of(space, out, n)[i] =
                at_kernel_space_fault(space, id, i, AT_A0806, (at_str){0});
        }
    }
}

/* The parts by number: 0 first day, 1 last day, 2 days, 3 months, 4 year, 5 the number of the period in
 * its year. Days are returned as at_date. */
static int64_t period_part(const struct at_calendar *calendar, at_period period, int part) {
    at_date start = at_period_start(calendar, period);
    switch (part) {
    case 0: return start;
    case 1: return at_period_end(calendar, period);
    case 2: return at_period_days(calendar, period);
    case 3: return at_period_months(period.kind);
    case 4: return at_period_holding(calendar, period, AT_YEAR).ordinal;
    default: return at_period_number(calendar, period);
    }
}

void at_kernel_periodpart(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_calendar *calendar = &space->plan->checked->calendar;
    const struct at_col *period = at_kernel_input(space, id, 0);
    int part = space->plan->nodes[id].a;
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = period->state;
    int64_t *to = whole_numbers(space, out, 10000);
    at_period last = {.kind = UINT8_MAX};
    int64_t value = 0;
    for (uint32_t i = 0; i < n; i++) { /* cells come period by period */
        at_period p = period->period[i];
        if (at_col_state(period, i) != AT_STATE_OK) continue;
        if (p.kind != last.kind || p.ordinal != last.ordinal) value = period_part(calendar, p, part);
        last = p;
        to[i] = value;
    }
    /* The first and the last day are dates. The column is therefore DAY, not I64. */
    if (part > 1) return;
    int32_t *days = AT_NEW_ARRAY(space->arena, int32_t, n);
    for (uint32_t i = 0; i < n; i++)
        days[i] = (int32_t)to[i];
    out->form = AT_COL_DAY;
    out->day = days;
}

/* The kind of a period is at most that of the longer one. */
static at_period holding(const struct at_calendar *calendar, const struct at_col *col, uint32_t i,
                         enum at_period_kind kind) {
    if (col->form == AT_COL_DAY) return at_period_of_date(calendar, kind, col->day[i]);
    return at_period_holding(calendar, col->period[i], kind);
}

void at_kernel_periodof(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_calendar *calendar = &space->plan->checked->calendar;
    const struct at_col *in = at_kernel_input(space, id, 0);
    enum at_period_kind kind = (enum at_period_kind)space->plan->nodes[id].a;
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = in->state;
    out->form = AT_COL_PERIOD;
    out->period = AT_NEW_ARRAY(space->arena, at_period, n);
    for (uint32_t i = 0; i < n; i++)
        if (at_col_state(in, i) == AT_STATE_OK) out->period[i] = holding(calendar, in, i, kind);
}

/* False outside the range, and for a period that is longer than the policy's. */
static bool last_period(const struct at_calendar *calendar, const struct at_col *in, uint32_t i,
                        enum at_period_kind kind, at_date from, at_date to, at_period *out) {
    enum at_period_kind own = (enum at_period_kind)calendar->period_kind;
    bool day = in->form == AT_COL_DAY;
    if (!day && in->period[i].kind > own) return false;
    at_date start = day ? in->day[i] : at_period_start(calendar, in->period[i]),
            end = day ? in->day[i] : at_period_end(calendar, in->period[i]);
    if (end < from || start > to) return false;
    /* By way of the policy's period: a week belongs to the quarter of its fourth day. */
    *out = at_plan_rhythm_last(calendar, to, kind, holding(calendar, in, i, own));
    return true;
}

/* Values of one period and of one day come together, so the last answer is kept. */
void at_kernel_periodlast(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_calendar *calendar = &space->plan->checked->calendar;
    const struct at_col *in = at_kernel_input(space, id, 0);
    at_date from = at_kernel_input(space, id, 1)->day[0], to = at_kernel_input(space, id, 2)->day[0];
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = in->state;
    out->form = AT_COL_PERIOD;
    out->period = AT_NEW_ARRAY(space->arena, at_period, n);
    uint32_t *state = in->state ? at_kernel_states_join(space, id, n) : NULL;
    out->state = state;
    for (uint32_t i = 0; i < n; i++) {
        if (state && state[i] != AT_STATE_OK) continue;
        bool again = i > 0 && (!out->state || out->state[i - 1] == AT_STATE_OK) &&
                     (in->form == AT_COL_DAY ? in->day[i] == in->day[i - 1]
                                             : in->period[i].kind == in->period[i - 1].kind &&
                                                   in->period[i].ordinal == in->period[i - 1].ordinal);
        if (again)
            out->period[i] = out->period[i - 1];
        else if (!last_period(calendar, in, i, (enum at_period_kind)space->plan->nodes[id].a, from, to,
                              &out->period[i]))
            at_kernel_states_of(space, out, n)[i] = AT_STATE_MISSING;
    }
}
