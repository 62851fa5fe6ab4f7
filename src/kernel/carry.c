/* kernel/carry.c: state carried from period to period: to date, before, the last few, changes, caps to date.
 *
 * A total to date adds to its own earlier slice; a window reads the slices that it holds. An exception holds
 * on for as long as its value would count: to the end of the year for a total of the year.
 */
#include "kernel/kernels.h"

/* Whether the period of the space begins a new longer one of the kind. Nothing is carried into it. */
static bool starts_here(const struct at_kernel_space *space, int32_t kind) {
    const struct at_calendar *calendar = &space->plan->checked->calendar;
    if (space->period == 0) return true;
    at_period own = at_kernel_frame_period(space->frame, (int32_t)space->period),
              before = at_kernel_frame_period(space->frame, (int32_t)space->period - 1);
    return at_period_holding(calendar, own, (enum at_period_kind)kind).ordinal !=
           at_period_holding(calendar, before, (enum at_period_kind)kind).ordinal;
}

/* How many periods before that of the space belong to the same longer one. */
static uint32_t before_in(const struct at_kernel_frame *frame, uint32_t period, int32_t kind) {
    const struct at_calendar *calendar = &frame->plan->checked->calendar;
    at_period p = at_kernel_frame_period(frame, (int32_t)period);
    int32_t holding = at_period_holding(calendar, p, (enum at_period_kind)kind).ordinal;
    uint32_t n = 0;
    while (n < period) {
        p = at_kernel_frame_period(frame, (int32_t)(period - n) - 1);
        if (at_period_holding(calendar, p, (enum at_period_kind)kind).ordinal != holding) break;
        n++;
    }
    return n;
}

static uint32_t periods_before(const struct at_kernel_space *space, int32_t kind) {
    return before_in(space->frame, space->period, kind);
}

uint32_t at_kernel_frame_back(const struct at_kernel_frame *frame, uint32_t period, uint32_t n,
                              uint8_t rhythm) {
    uint32_t back = 0;
    if (!rhythm) return n;
    for (; n > 0 && back <= period; n--)
        back += before_in(frame, period - back, rhythm - 1) + 1;
    return back;
}

static uint32_t periods_back(const struct at_kernel_space *space, uint32_t n, uint8_t rhythm) {
    return at_kernel_frame_back(space->frame, space->period, n, rhythm);
}

/* What a node reads before the first period of the run: missing for every payee or group. */
static struct at_col column_of_none(struct at_kernel_space *space, uint32_t id) {
    struct at_plan_value none = at_plan_value_none(space->plan->nodes[id].type);
    struct at_col out = at_kernel_col_of_value(space->arena, &none);
    out.n = space->n;
    return out;
}

/* ---- totals, least and most over a window */

enum { SUM, LEAST, MOST };

/* Joins one more value of the window to what is held. */
static void join(struct at_kernel_space *space, int how, uint32_t state, at_num v, at_num *held,
                 uint32_t *held_state, bool *any) {
    if (*held_state >= AT_STATE_EXCEPTION) return;
    if (state >= AT_STATE_EXCEPTION || (how == SUM && state == AT_STATE_MISSING)) {
        *held_state = state;
        return;
    }
    if (state == AT_STATE_MISSING) return;
    int order = how != SUM && *any ? at_num_cmp(space->arena, v, *held) : 0;
    if (!*any)
        *held = v;
    else if (how == SUM)
        *held = at_num_add(space->arena, *held, v);
    else if (how == LEAST ? order < 0 : order > 0)
        *held = v;
    *any = true;
}

/* The sum of plain columns, where no number can leave 64 bits: true where that is so. */
static bool sum_64(struct at_kernel_space *space, const struct at_col *const *window, uint32_t k,
                   struct at_col *out) {
    unsigned scale = 0;
    for (uint32_t w = 0; w < k; w++) {
        if (window[w]->form != AT_COL_I64 || window[w]->state) return false;
        if (window[w]->scale > scale) scale = window[w]->scale;
    }
    out->form = AT_COL_I64;
    out->scale = (uint8_t)scale;
    out->bound = 0;
    int64_t *to = AT_NEW_ARRAY(space->arena, int64_t, space->n), bound;
    for (uint32_t w = 0; w < k; w++) {
        const int64_t *from;
        if (!at_kernel_lane_at_scale(space, window[w], space->n, scale, &from, &bound)) return false;
        if ((at_u128)out->bound + (at_u128)bound > (at_u128)AT_COL_LIMIT) return false;
        out->bound += bound;
        size_t step = !window[w]->one;
        for (uint32_t i = 0; i < space->n; i++)
            to[i] += from[i * step];
    }
    out->i64 = to;
    return true;
}

/* The values of the columns, oldest first, into one. */
static void join_window(struct at_kernel_space *space, uint32_t id, const struct at_col *const *window,
                        uint32_t k, struct at_col *out) {
    int how = space->plan->nodes[id].op == AT_P_MOVED ? SUM : space->plan->nodes[id].b % 4;
    /* One column is the result as it is, states included. */
    if (k == 1) {
        *out = *window[0];
        return;
    }
    *out = (struct at_col){.n = space->n};
    if (how == SUM && sum_64(space, window, k, out)) return;
    *out = (struct at_col){.n = space->n};
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < space->n; i++) {
        uint32_t state = AT_STATE_OK;
        bool any = false;
        for (uint32_t w = 0; w < k; w++)
            join(space, how, at_col_state(window[w], i), at_kernel_counted_at(window[w], i), &to[i], &state,
                 &any);
        if (!any && state == AT_STATE_OK) state = AT_STATE_MISSING;
        if (state != AT_STATE_OK) {
            to[i] = at_num_int(0);
            at_kernel_states_of(space, out, space->n)[i] = state;
        }
    }
    at_kernel_counted_end(space, id, out);
}

/* The total so far is this node's own slice of the period before. The time for a period therefore does not
 * grow with the length of the year. */
void at_kernel_todate(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    bool first = starts_here(space, space->plan->nodes[id].a);
    const struct at_col *const window[] = {first ? at_kernel_input(space, id, 0)
                                                 : at_kernel_space_earlier(space, id, 1),
                                           at_kernel_input(space, id, 0)};
    join_window(space, id, window, first ? 1 : 2, out);
}

/* The window is shorter in the first periods of a run, because nothing is known before them. It reads its
 * input, not itself, so values that leave the window do not have to be subtracted. */
void at_kernel_trailing(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    /* Up to the last period before the window. */
    uint32_t k = periods_back(space, (uint32_t)node->a, (uint8_t)(node->b / 4));
    if (k > space->period + 1) k = space->period + 1;
    /* A window of no periods has no value. */
    if (k == 0) {
        *out = column_of_none(space, id);
        return;
    }
    const struct at_col **window = at_arena_get(space->arena, (k + 1) * sizeof *window);
    for (uint32_t w = 0; w + 1 < k; w++)
        window[w] = at_kernel_space_earlier(space, node->in[0], k - 1 - w);
    /* The slice of this period is not in the frame yet: it is read from the space. */
    window[k - 1] = at_kernel_input(space, id, 0);
    join_window(space, id, window, k, out);
}

/* The slice is shared, not copied. This is safe because a slice does not change after it is made. */
void at_kernel_prior(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *before =
        at_kernel_space_earlier(space, node->in[0], periods_back(space, (uint32_t)node->a, (uint8_t)node->b));
    *out = before ? *before : column_of_none(space, id);
}

/* The source may come later in the plan than this node. Only an earlier period of it is read, and all
 * nodes of earlier periods are done. */
void at_kernel_carry(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_carry *carry = &space->plan->carries[space->plan->nodes[id].a];
    const struct at_col *before =
        at_kernel_space_earlier(space, carry->source, periods_back(space, carry->back, carry->rhythm));
    *out = before ? *before : column_of_none(space, id);
}

/* ---- changes */

/* Undoes a total to date: the first period of a span has the total itself, later ones the difference. An
 * exception of the period before counts, because the difference is then unknown. */
void at_kernel_delta(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *in = at_kernel_input(space, id, 0);
    const struct at_plan_node *node = &space->plan->nodes[id];
    uint32_t back = periods_back(space, 1, (uint8_t)node->b);
    /* With a rhythm, the first one of the span has no value before it in the span. */
    if (back > periods_before(space, node->a)) {
        *out = *in;
        return;
    }
    const struct at_col *before = at_kernel_space_earlier(space, node->in[0], back);
    *out = (struct at_col){.n = space->n};
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < space->n; i++) {
        uint32_t state = at_col_state(in, i), earlier = at_col_state(before, i);
        if (state < AT_STATE_EXCEPTION && earlier > state) state = earlier;
        if (state != AT_STATE_OK)
            at_kernel_states_of(space, out, space->n)[i] = state;
        else
            to[i] = at_num_sub(space->arena, at_kernel_num_at(in, i), at_kernel_num_at(before, i));
    }
    at_kernel_nums_end(space, id, out);
}

const struct at_col *at_kernel_space_held(const struct at_kernel_space *space, uint32_t id, int32_t kind,
                                          uint8_t rhythm) {
    uint32_t back = periods_back(space, 1, rhythm);
    return back > periods_before(space, kind) ? NULL : at_kernel_space_earlier(space, id, back);
}

/* ---- caps and floors to date */

/* What one payee's (or group's) span has before this period. */
struct limited {
    at_num earned; /* the sum of the input */
    at_num given;  /* the sum of the output */
};

/* The amount left to date, less what the earlier periods gave. A cap takes back at most what this period
 * lost. */
static at_num limit(struct at_kernel_space *space, uint32_t id, uint32_t i, struct limited before) {
    const struct at_col *at = at_kernel_input(space, id, 1);
    bool floor = space->plan->nodes[id].b == 1;
    at_num now = at_kernel_num_at(at_kernel_input(space, id, 0), i);
    if (at_col_state(at, i) != AT_STATE_OK) return now;
    at_num sum = at_num_add(space->arena, before.earned, now), left = at_kernel_num_at(at, i);
    int order = at_num_cmp(space->arena, sum, left);
    if (floor ? order > 0 : order < 0) left = sum;
    at_num change = at_num_sub(space->arena, left, before.given);
    at_num least = at_num_sign(now) < 0 ? now : at_num_int(0);
    if (!floor && at_num_cmp(space->arena, change, least) < 0) return least;
    return change;
}

/* If a value of an earlier period is unknown, so is what is left to date. */
void at_kernel_captodate(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_col *in = at_kernel_input(space, id, 0), *at = at_kernel_input(space, id, 1);
    uint32_t k = periods_before(space, space->plan->nodes[id].a), own = space->plan->nodes[id].in[0];
    *out = (struct at_col){.n = space->n};
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < space->n; i++) {
        uint32_t state = at_col_state(in, i), limit_state = at_col_state(at, i);
        /* This node's slice of the period before has the state of all periods before it. */
        uint32_t held = k > 0 ? at_col_state(at_kernel_space_earlier(space, id, 1), i) : AT_STATE_OK;
        if (state < AT_STATE_EXCEPTION && limit_state >= AT_STATE_EXCEPTION) state = limit_state;
        if (held != AT_STATE_OK) state = held; /* to the end of the longer period */
        if (state != AT_STATE_OK) {
            at_kernel_states_of(space, out, space->n)[i] = state;
            continue;
        }
        struct limited before = {at_num_int(0), at_num_int(0)};
        for (uint32_t back = k; back > 0; back--) {
            const struct at_col *earned = at_kernel_space_earlier(space, own, back),
                                *given = at_kernel_space_earlier(space, id, back);
            before.earned = at_num_add(space->arena, before.earned, at_kernel_num_at(earned, i));
            before.given = at_num_add(space->arena, before.given, at_kernel_num_at(given, i));
        }
        to[i] = limit(space, id, i, before);
    }
    at_kernel_nums_end(space, id, out);
}

/* ---- lines that are paid later */

int64_t at_kernel_frame_paid_in(const struct at_kernel_frame *frame, uint32_t period,
                                struct at_check_delay delay) {
    const struct at_calendar *calendar = &frame->plan->checked->calendar;
    if (delay.unit == AT_DELAY_NONE) return period;
    if (delay.unit == AT_DELAY_PERIODS) return (int64_t)period + delay.n;
    at_date end = at_period_end(calendar, at_kernel_frame_period(frame, (int32_t)period));
    end = delay.unit == AT_DELAY_MONTHS ? at_date_add_months(end, delay.n) : end + delay.n;
    at_period paid = at_period_of_date(calendar, (enum at_period_kind)frame->first_period.kind, end);
    return (int64_t)at_period_position(calendar, paid) - frame->first_position;
}

/* What is calculated in the periods after the regular ones is not paid. Periods come in the order of the
 * periods in which their lines are paid, and two can have the same one. */
void at_kernel_moved(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    struct at_check_delay delay = {(uint8_t)node->b, node->a};
    uint16_t op = space->plan->nodes[node->in[0]].op;
    bool later = op == AT_P_TAILED || op == AT_P_PARTMOVE;
    const struct at_col **window = at_arena_get(space->arena, (space->period + 1) * sizeof *window);
    uint32_t n = 0;
    for (uint32_t p = space->period; p-- > 0;) {
        int64_t paid = at_kernel_frame_paid_in(space->frame, p, delay);
        if (paid < space->period) break;
        if (paid == space->period && (later || p < space->frame->n_regular))
            window[n++] = at_kernel_space_earlier(space, node->in[0], space->period - p);
    }
    if (n > 0) {
        join_window(space, id, window, n, out);
        return;
    }
    struct at_plan_value zero = at_plan_value_of_num(node->type, at_num_int(0));
    *out = at_kernel_col_of_value(space->arena, &zero);
    out->n = space->n;
}
