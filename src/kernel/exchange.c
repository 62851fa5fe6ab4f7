/* kernel/exchange.c: the order of a table of exchange rates, and the factor from one currency to another on a
 * day. */
#include "kernel/exchange.h"

#include "base/sort.h"
#include "kernel/kernels.h"

/* The columns of a table of rates. `to` is NULL where it is the policy's currency. */
struct rates {
    const struct at_col *from, *to, *since, *rate;
    const int32_t *order; /* rows by from, to, since */
    uint32_t n;
    at_str own; /* the policy's currency */
    const struct at_calendar *calendar;
};

static at_str text_at(const struct at_col *col, uint32_t row) {
    return col->text[col->one ? 0 : row];
}
static at_date day_at(const struct at_col *col, uint32_t row) {
    return col->day[col->one ? 0 : row];
}

/* ---- the order of the rows: RATES */

struct place {
    at_str from, to;
    at_date since;
    int32_t row;
};

static int compare(const void *left, const void *right) {
    const struct place *a = left, *b = right;
    int order = at_str_cmp(a->from, b->from);
    if (order == 0) order = at_str_cmp(a->to, b->to);
    if (order == 0) order = (a->since > b->since) - (a->since < b->since);
    return order ? order : (a->row > b->row) - (a->row < b->row);
}

void at_kernel_rates(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *from = at_kernel_input(space, id, 0), *since = at_kernel_input(space, id, 1),
                        *to = node->n_in > 3 ? at_kernel_input(space, id, 3) : NULL;
    struct place *places = at_arena_get(space->arena, (space->n + 1) * sizeof *places);
    for (uint32_t i = 0; i < space->n; i++)
        places[i] = (struct place){.from = text_at(from, i),
                                   .to = to ? text_at(to, i) : (at_str){"", 0},
                                   .since = day_at(since, i),
                                   .row = (int32_t)i};
    at_sort_items(space->arena, places, space->n, sizeof *places, compare);
    *out = (struct at_col){.form = AT_COL_ROW, .n = space->n};
    out->row = at_arena_get(space->arena, (space->n + 1) * sizeof *out->row);
    for (uint32_t i = 0; i < space->n; i++)
        out->row[i] = places[i].row;
}

/* ---- one pair */

/* The place of the first row that is not before the pair and day. */
static uint32_t first_from(const struct rates *r, at_str from, at_str to, at_date day) {
    struct place wanted = {.from = from, .to = to, .since = day, .row = -1};
    uint32_t low = 0, high = r->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2, row = (uint32_t)r->order[mid];
        struct place here = {.from = text_at(r->from, row),
                             .to = r->to ? text_at(r->to, row) : (at_str){"", 0},
                             .since = day_at(r->since, row),
                             .row = (int32_t)row};
        if (compare(&here, &wanted) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool is_pair(const struct rates *r, uint32_t place, at_str from, at_str to) {
    uint32_t row = (uint32_t)r->order[place];
    return at_str_eq(text_at(r->from, row), from) && (!r->to || at_str_eq(text_at(r->to, row), to));
}

/* The place of the row that is valid on the day, or UINT32_MAX. */
static uint32_t valid_on(const struct rates *r, at_str from, at_str to, at_date day) {
    if (!r->to) to = (at_str){"", 0};
    uint32_t after = first_from(r, from, to, day + 1);
    return after > 0 && is_pair(r, after - 1, from, to) ? after - 1 : UINT32_MAX;
}

/* The mean of the rates of the days from `first` to `last`: a rate that is valid for three days counts three
 * times. */
static at_num mean(const struct rates *r, struct at_arena *arena, uint32_t place, at_str from, at_str to,
                   at_date first, at_date last) {
    at_num sum = at_num_int(0);
    for (at_date day = first; day <= last;) {
        uint32_t row = (uint32_t)r->order[place++];
        bool more = place < r->n && is_pair(r, place, from, to);
        at_date next = more ? day_at(r->since, (uint32_t)r->order[place]) : last + 1;
        if (next > last + 1) next = last + 1;
        sum =
            at_num_add(arena, sum, at_num_mul(arena, at_kernel_num_at(r->rate, row), at_num_int(next - day)));
        day = next;
    }
    return at_num_div(arena, sum, at_num_int(last - first + 1));
}

/* The rate of a pair. `span`: 0, or 1 + enum at_period_kind of the mean. Returns false without one. */
static bool find_pair(const struct rates *r, struct at_arena *arena, at_str from, at_str to, at_date day,
                      int span, struct at_kernel_rate *out) {
    at_date first = day, last = day;
    if (span) {
        at_period period = at_period_of_date(r->calendar, (enum at_period_kind)(span - 1), day);
        first = at_period_start(r->calendar, period);
        last = at_period_end(r->calendar, period);
    }
    uint32_t place = valid_on(r, from, to, first);
    if (place == UINT32_MAX) return false;
    *out = (struct at_kernel_rate){.from = from, .to = to, .since = first, .row = -1};
    out->valid = (uint32_t)r->order[span ? valid_on(r, from, to, day) : place];
    if (span) {
        out->rate = mean(r, arena, place, from, to, first, last);
        return true;
    }
    out->row = r->order[place];
    out->since = day_at(r->since, (uint32_t)out->row);
    out->rate = at_kernel_num_at(r->rate, (uint32_t)out->row);
    return true;
}

/* ---- from one currency to another */

/* One of the two ways round. */
static bool find_either(const struct rates *r, struct at_arena *arena, at_str from, at_str to, at_date day,
                        int span, struct at_kernel_rate *out) {
    if ((r->to || at_str_eq(to, r->own)) && find_pair(r, arena, from, to, day, span, out)) return true;
    if ((!r->to && !at_str_eq(from, r->own)) || !find_pair(r, arena, to, from, day, span, out)) return false;
    out->divides = true;
    return true;
}

static void no_rate(const struct rates *r, struct at_kernel_conversion *out, at_str from, at_str to,
                    at_date day, int span) {
    out->missing = true;
    out->from = from;
    out->to = to;
    out->day = day;
    if (span)
        out->day = at_period_start(r->calendar,
                                   at_period_of_date(r->calendar, (enum at_period_kind)(span - 1), day));
}

static void find(const struct rates *r, struct at_arena *arena, at_str from, at_str to, at_date day, int span,
                 struct at_kernel_conversion *out) {
    bool through = !at_str_eq(from, r->own) && !at_str_eq(to, r->own);
    if (at_str_eq(from, to)) return;
    if ((!through || r->to) && find_either(r, arena, from, to, day, span, &out->rate[0])) {
        out->n = 1;
        return;
    }
    if (!through || !find_either(r, arena, from, r->own, day, span, &out->rate[0])) {
        no_rate(r, out, from, through ? r->own : to, day, span);
        return;
    }
    if (!find_either(r, arena, r->own, to, day, span, &out->rate[1])) {
        no_rate(r, out, r->own, to, day, span);
        return;
    }
    out->n = 2;
}

static struct rates rates_of(const struct at_kernel_frame *frame, const struct at_plan_node *node) {
    const struct at_plan_node *table = &frame->plan->nodes[node->in[0]];
    const struct at_currency_info *own = at_currency_info(frame->plan->checked->currency);
    const struct at_col *order = &frame->whole[node->in[0]];
    return (struct rates){.from = &frame->whole[table->in[0]],
                          .since = &frame->whole[table->in[1]],
                          .rate = &frame->whole[table->in[2]],
                          .to = table->n_in > 3 ? &frame->whole[table->in[3]] : NULL,
                          .order = order->row,
                          .n = order->n,
                          .own = at_str_z(own ? own->code : ""),
                          .calendar = frame->calendar};
}

struct at_kernel_conversion at_kernel_exchange_find(const struct at_kernel_frame *frame,
                                                    struct at_arena *arena, const struct at_plan_node *node,
                                                    at_str from, at_str to, at_date day) {
    struct rates r = rates_of(frame, node);
    struct at_kernel_conversion out = {.factor = at_num_int(1)};
    find(&r, arena, from, to, day, node->a, &out);
    for (uint32_t i = 0; i < out.n && !out.missing; i++)
        out.factor = out.rate[i].divides ? at_num_div(arena, out.factor, out.rate[i].rate)
                                         : at_num_mul(arena, out.factor, out.rate[i].rate);
    return out;
}

/* ---- EXCHANGE */

/* An exception of the first of currency, currency, and day that has one; else missing where one is. */
static uint32_t state_of(struct at_kernel_space *space, uint32_t id, uint32_t i) {
    uint32_t state = AT_STATE_OK;
    for (unsigned k = 1; k < 4 && state < AT_STATE_EXCEPTION; k++) {
        uint32_t of = at_col_state(at_kernel_input(space, id, k), i);
        if (of > state) state = of;
    }
    return state;
}

static void put(struct at_kernel_space *space, uint32_t id, struct at_col *out, uint32_t i, uint32_t n,
                const struct at_kernel_conversion *found) {
    if (!found->missing) {
        out->num[i] = found->factor;
        return;
    }
    at_str what = at_str_format(space->arena, "%.*s → %.*s, %.*s", AT_STR_ARG(found->from),
                                AT_STR_ARG(found->to), AT_STR_ARG(at_date_print(space->arena, found->day)));
    at_kernel_states_of(space, out, n)[i] = at_kernel_space_fault(space, id, i, AT_A1180, what);
}

/* Notes the latest day for which each rate is used. Of periods in which nothing is calculated, none is. */
static void note_days(const struct at_kernel_space *space, const struct at_plan_node *node, at_date day,
                      const struct at_kernel_conversion *found) {
    at_date **tables = space->frame->asked, *asked;
    asked = tables ? tables[space->plan->nodes[node->in[0]].place] : NULL;
    if (!asked || found->missing || (node->grain == AT_G_CELL && space->period >= space->frame->n_regular))
        return;
    for (uint32_t i = 0; i < found->n; i++) {
        at_date *latest = &asked[found->rate[i].valid], before = __atomic_load_n(latest, __ATOMIC_RELAXED);
        while (before < day &&
               !__atomic_compare_exchange_n(latest, &before, day, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            continue;
    }
}

/* Rows of one day and currency often follow one another, so the last conversion is kept. */
void at_kernel_exchange(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *from = at_kernel_input(space, id, 1), *to = at_kernel_input(space, id, 2),
                        *day = at_kernel_input(space, id, 3);
    *out = (struct at_col){.one = from->one && to->one && day->one, .n = space->n};
    uint32_t n = out->one ? 1 : space->n;
    at_num *values = at_kernel_nums_begin(space, out);
    struct at_kernel_conversion last = {0};
    at_str last_from = {"", 0}, last_to = {"", 0};
    at_date last_day = AT_DATE_MIN;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t state = state_of(space, id, i);
        values[i] = at_num_int(0);
        if (state != AT_STATE_OK) {
            at_kernel_states_of(space, out, n)[i] = state;
            continue;
        }
        at_str x = text_at(from, i), y = text_at(to, i);
        at_date when = day_at(day, i);
        if (when != last_day || !at_str_eq(x, last_from) || !at_str_eq(y, last_to)) {
            last = at_kernel_exchange_find(space->frame, space->arena, node, x, y, when);
            note_days(space, node, when, &last);
        }
        last_from = x;
        last_to = y;
        last_day = when;
        put(space, id, out, i, n, &last);
    }
    at_kernel_nums_end(space, id, out);
}

/* ---- PAYIN */

void at_kernel_payin(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *x = at_kernel_input(space, id, 0), *factor = at_kernel_input(space, id, 1),
                        *code = at_kernel_input(space, id, 2);
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = at_kernel_states_join(space, id, n);
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++) {
        if (out->state && out->state[i] != AT_STATE_OK) continue;
        const struct at_currency_info *info = at_currency_info(at_currency_find(text_at(code, i)));
        at_num exact = at_num_mul(space->arena, at_kernel_num_at(x, i), at_kernel_num_at(factor, i));
        to[i] = exact.form == AT_NUM_OVERFLOW ? exact
                                              : at_num_round(space->arena, exact, info ? info->digits : 2,
                                                             (enum at_num_rounding)node->a);
    }
    at_kernel_nums_end(space, id, out);
}
