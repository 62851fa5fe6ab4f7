/* gather/feed.c: rows to items: who receives a row, in which period, with which share.
 *
 * The plain loop serves feeds with at most one recipient, on a day or without a period, where nothing is
 * missing or in exception; it has no branches to guess. Everything else goes row by row: several recipients,
 * managers, periods that are spread.
 */
#include "gather/part.h"

#define MOST_RECIPIENTS 64 /* of a row whose recipients are compared with each other */

/* What decides about a row, as columns over the batch's rows. NULL: not asked. */
struct deciders {
    const struct at_col *where, *on, *event, *day;
};

static const struct at_col *row_column(const struct at_gather_part *part, uint32_t node) {
    return node == AT_NO_NODE ? NULL : &part->rows.cols[node];
}

/* Returns the index of the period, or -1 outside the effective range. The table covers the first days of
 * the range (open.c), and the calendar all others. */
static int32_t period_of_day(const struct at_gather *gather, at_date day) {
    const struct at_check_policy *checked = gather->plan->checked;
    int64_t at = (int64_t)day - checked->from;
    if (at < 0 || day > checked->to) return -1;
    if (at < gather->range->n_days) return gather->range->period_of_day[at];
    return at_gather_period_index(gather, day);
}

/* Where an item is added up, by shape:
 *     RUN       0
 *     PAYEE     payee
 *     PERIOD    period
 *     CELL      period * payees + payee     all payees of a period are next to each other */
static uint32_t cell_of(const struct at_gather *gather, unsigned shape, int32_t payee, int32_t period) {
    switch (shape) {
    case AT_SHAPE_RUN: return 0;
    case AT_SHAPE_PAYEE: return (uint32_t)payee;
    case AT_SHAPE_PERIOD: return (uint32_t)period;
    default: return (uint32_t)period * gather->frame->n_payees + (uint32_t)payee;
    }
}

/* A row dated in the year 9000 is a mistake: noted once for each part, the first row of the file. */
void at_gather_feed_too_far(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t node,
                            int32_t period, uint64_t line) {
    if (part->too_far_line != 0 && line >= part->too_far_line) return;
    part->too_far_line = line;
    part->too_far_period = period;
    part->too_far_feed = work->feed;
    part->too_far_node = node;
}

static bool too_far(struct at_gather_part *part, const struct at_plan_feed_work *work, int32_t period,
                    uint64_t line) {
    if (at_gather_cells_fit(part->gather, (uint64_t)period + 1)) return false;
    at_gather_feed_too_far(part, work, work->feed->on, period, line);
    return true;
}

/* The rows that count: of a feed that a run may see late, only those that it sees. */
static const struct at_col *filter_of(const struct at_gather_part *part, const struct at_plan_feed *feed) {
    return at_plan_feed_late(feed) ? &part->seen_rows : row_column(part, feed->where);
}

/* ---- the plain loop */

/* Decided once for each batch, because it depends on the states of the batch's columns. */
static bool is_plain(const struct at_gather_part *part, const struct at_plan_feed_work *work) {
    const struct at_plan_feed *feed = work->feed;
    if (feed->n_to > 1 || feed->leveled || feed->event != AT_NO_NODE ||
        (feed->spread == AT_OP_PER && feed->on != AT_NO_NODE) || part->cover.asked)
        return false;
    const struct at_col *where = filter_of(part, feed), *on = row_column(part, feed->on);
    if ((where && where->state) || (on && (on->state || on->one || on->form != AT_COL_DAY))) return false;
    if (feed->n_to == 0) return true;
    const struct at_col *to = row_column(part, feed->to[0].payee),
                        *share = row_column(part, feed->to[0].share);
    return !feed->to[0].managers && feed->to[0].by < 0 && !to->state && !to->one && (!share || !share->state);
}

/* Room for every row of the batch: the plain loop writes each row, also those that do not count. */
static void items_room(struct at_gather_part *part, struct at_kernel_items *items, uint32_t n) {
    struct at_arena *arena = part->rows.arena;
    items->row = at_arena_get(arena, (n + 1) * sizeof *items->row);
    items->payee = at_arena_get(arena, (n + 1) * sizeof *items->payee);
    items->period = at_arena_get(arena, (n + 1) * sizeof *items->period);
    items->cell = at_arena_get(arena, (n + 1) * sizeof *items->cell);
}

/* Fills `period` by row: the index, or -1 outside the effective range. */
static void periods_of_rows(const struct at_gather_part *part, const struct at_col *on, uint32_t n,
                            int32_t *period) {
    const struct at_gather *gather = part->gather;
    const int32_t *table = gather->range->period_of_day;
    const int32_t first = gather->plan->checked->from;
    const uint32_t n_days = gather->range->n_days;
    for (uint32_t i = 0; !on && i < n; i++)
        period[i] = part->stock_period;
    if (!on) return;
    for (uint32_t i = 0; i < n; i++) {
        /* A day before the range wraps to a large number, so one comparison is enough. */
        uint32_t at = (uint32_t)on->day[i] - (uint32_t)first;
        period[i] = at < n_days ? table[at] : period_of_day(gather, on->day[i]);
    }
}

/* Ends the batch at the first item that is too far away. The run is refused in any case. */
static void cut_too_far(struct at_gather_part *part, const struct at_plan_feed_work *work,
                        struct at_kernel_items *items, int32_t last) {
    if (last < 0 || at_gather_cells_fit(part->gather, (uint64_t)last + 1)) return;
    for (uint32_t i = 0; i < items->n; i++)
        too_far(part, work, items->period[i], part->batch->lines[items->row[i]]);
    items->n = 0;
    items->identity = false;
}

/* Periods of the run end with the last one that has an earning event. They are not known before the scans. */
void at_gather_feed_reach(struct at_gather_part *part, const struct at_plan_feed_work *work, int32_t period) {
    if (period > part->room_period) part->room_period = period;
    int32_t *last = &part->feeds[work->place].last_period;
    if (period > *last) *last = period;
}

/* A range without an end holds all dates after its start, so those inside can be wrong as well. */
static bool is_open(const struct at_gather *gather) {
    return gather->plan->checked->to == AT_DATE_MAX;
}

/* The rows of a batch that are dated outside, or all that are wanted. */
static void note_days(struct at_gather_part *part, struct at_gather_outside *outside, const struct at_col *on,
                      const int32_t *period, const uint8_t *flag, size_t step) {
    bool all = is_open(part->gather);
    for (uint32_t i = 0; i < part->rows.n; i++)
        if (flag[i * step] && (all || period[i] < 0))
            at_gather_outside_add(outside, on->day[i], part->batch->lines[i], period[i] >= 0, &part->arena);
}

/* A row with a date or a period, which counts from its first day. */
static void note_day(struct at_gather_part *part, const struct at_plan_feed_work *work,
                     const struct at_col *on, uint32_t row, bool inside) {
    struct at_gather_outside *outside = &part->feeds[work->place].outside;
    uint32_t at = on->one ? 0 : row;
    outside->inside += inside;
    if (inside && !is_open(part->gather)) return;
    at_date day =
        on->form == AT_COL_DAY ? on->day[at] : at_period_start(part->gather->calendar, on->period[at]);
    at_gather_outside_add(outside, day, part->batch->lines[row], inside, &part->arena);
}

static void expand_plain(struct at_gather_part *part, const struct at_plan_feed_work *work,
                         struct at_kernel_items *items) {
    const struct at_plan_feed *feed = work->feed;
    uint32_t n = part->rows.n, k = 0, out = 0, in = 0, payees = part->gather->frame->n_payees;
    const struct at_col *where = filter_of(part, feed), *on = row_column(part, feed->on);
    int32_t *period = at_arena_get(part->rows.arena, (n + 1) * sizeof *period), none = 0, last = -1;
    const int32_t limit = part->gather->last_item;
    periods_of_rows(part, on, n, period);
    items_room(part, items, n);
    static const uint8_t yes = 1;
    const uint8_t *flag = where ? where->flag : &yes;
    const int32_t *to = feed->n_to ? row_column(part, feed->to[0].payee)->row : &none;
    size_t sf = where && !where->one, st = feed->n_to > 0;
    /* Factors of the shape, as cell_of has them, so that the loop has no switch. */
    uint32_t by_period = work->shape == AT_SHAPE_CELL ? payees : work->shape == AT_SHAPE_PERIOD;
    uint32_t by_payee = work->shape == AT_SHAPE_CELL || work->shape == AT_SHAPE_PAYEE;
    for (uint32_t i = 0; i < n; i++) {
        int32_t p = period[i], e = to[i * st];
        /* Each row is written at k, and k advances only if the row counts. The next row overwrites one
         * that does not. */
        bool wanted = flag[i * sf], dated = p >= 0, take = wanted & dated & (e >= 0) & (p <= limit);
        out += wanted & !dated;
        in += wanted & dated;
        items->row[k] = i;
        items->payee[k] = st ? e : -1;
        items->period[k] = p;
        items->cell[k] = (uint32_t)p * by_period + (uint32_t)e * by_payee;
        last = take && p > last ? p : last;
        k += take;
    }
    items->n = k;
    items->identity = k == n;
    struct at_gather_outside *outside = &part->feeds[work->place].outside;
    outside->inside += in;
    if (out || (in && on && is_open(part->gather))) note_days(part, outside, on, period, flag, sf);
    cut_too_far(part, work, items, last);
    k = items->n;
    if (on && k) at_gather_feed_reach(part, work, last);
    const struct at_col *share = feed->n_to ? row_column(part, feed->to[0].share) : NULL;
    if (work->share && share && !share->one)
        at_kernel_col_gather_u32(part->rows.arena, share, items->row, k, &items->share);
    else if (share)
        items->share = *share;
    items->share.n = k;
}

/* ---- row by row */

struct grow { /* items that grow */
    AT_VEC(uint32_t) row;
    AT_VEC(int32_t) payee;
    AT_VEC(int32_t) period;
    AT_VEC(uint32_t) cell;
    AT_VEC(uint32_t) state;
    AT_VEC(at_num) share;
    AT_VEC(uint32_t) share_state;
    bool any_state, any_share_state;
};

struct span_of_periods {
    int32_t first, last;             /* indexes; first > last: none in the effective range */
    int32_t whole_first, whole_last; /* before cutting at the effective range */
    bool moved;                      /* the row is an event of an earlier period */
};

/* The policy's periods that belong to a longer or an equal one, or the one that holds a shorter one. May be
 * negative or beyond the effective range: the caller cuts them. A week counts in the period of its fourth
 * day. */
static void whole_span(const struct at_gather *gather, at_period p, struct span_of_periods *out) {
    uint8_t own = gather->frame->first_period.kind;
    if (p.kind <= own) {
        at_period holding = at_period_holding(gather->calendar, p, (enum at_period_kind)own);
        out->whole_first = out->whole_last =
            at_period_position(gather->calendar, holding) - gather->frame->first_position;
        return;
    }
    out->whole_first = at_gather_period_index(gather, at_period_start(gather->calendar, p));
    out->whole_last = at_gather_period_index(gather, at_period_end(gather->calendar, p));
    if (own != AT_WEEK) return;
    at_period first = at_kernel_frame_period(gather->frame, out->whole_first),
              last = at_kernel_frame_period(gather->frame, out->whole_last);
    if (at_period_holding(gather->calendar, first, (enum at_period_kind)p.kind).ordinal != p.ordinal)
        out->whole_first++;
    if (at_period_holding(gather->calendar, last, (enum at_period_kind)p.kind).ordinal != p.ordinal)
        out->whole_last--;
}

/* Finds the policy's periods in which a row counts. Returns false if its amount is for a longer period and
 * the policy does not specify what that means. */
static bool periods_of_row(const struct at_gather *gather, const struct at_plan_feed *feed,
                           const struct at_col *on, uint32_t i, struct span_of_periods *out) {
    uint32_t at = on->one ? 0 : i;
    if (on->form == AT_COL_DAY && feed->spread != AT_OP_PER) {
        out->first = out->last = out->whole_first = out->whole_last = period_of_day(gather, on->day[at]);
        /* No period: `first` is -1, so `last` must be less. */
        if (out->first < 0) out->last = -2;
        return true;
    }
    at_period p;
    if (on->form == AT_COL_DAY)
        p = at_period_of_date(gather->calendar, feed->spread_kind, on->day[at]);
    else
        p = on->period[at];
    uint8_t own = gather->frame->first_period.kind;
    if (feed->spread == AT_OP_PER) {
        /* `per` names the period that the amount is for. A longer one cannot be brought to it. */
        if (p.kind > feed->spread_kind) return false;
        if (p.kind < feed->spread_kind) p = at_period_holding(gather->calendar, p, feed->spread_kind);
    }
    if (p.kind > own && feed->spread == AT_OP_NONE) return false;
    if (!at_period_fits(gather->calendar, p)) return false;
    at_date start = at_period_start(gather->calendar, p), end = at_period_end(gather->calendar, p);
    const struct at_check_policy *checked = gather->plan->checked;
    whole_span(gather, p, out);
    out->first = out->whole_first < 0 ? 0 : out->whole_first;
    out->last = out->whole_last > gather->range->last_period ? gather->range->last_period : out->whole_last;
    if (end < checked->from || start > checked->to) out->last = out->first - 1;
    return true;
}

bool at_gather_feed_periods(const struct at_gather_part *part, const struct at_plan_feed *feed, uint32_t row,
                            int32_t *first, int32_t *last) {
    const struct at_col *on = row_column(part, feed->on), *event = row_column(part, feed->event);
    struct span_of_periods span, own;
    if (!on) return false;
    if (at_col_state(on, row) != AT_STATE_OK || !periods_of_row(part->gather, feed, on, row, &span) ||
        span.first > span.last)
        return false;
    *first = span.first;
    *last = span.last;
    if (!event) return true;
    if (at_col_state(event, row) != AT_STATE_OK || !periods_of_row(part->gather, feed, event, row, &own))
        return false;
    *last = own.last;
    return true;
}

/* Returns the part of a spread amount that falls to one period. */
static at_num part_of_period(struct at_gather_part *part, const struct at_plan_feed *feed,
                             const struct span_of_periods *span, int32_t index) {
    const struct at_gather *gather = part->gather;
    if (span->whole_first == span->whole_last ||
        (feed->spread != AT_OP_EVENLY && feed->spread != AT_OP_BY_DAYS))
        return at_num_int(1);
    if (feed->spread == AT_OP_EVENLY)
        return at_num_div(part->rows.arena, at_num_int(1),
                          at_num_int(span->whole_last - span->whole_first + 1));
    at_period p = at_kernel_frame_period(gather->frame, span->whole_first),
              last = at_kernel_frame_period(gather->frame, span->whole_last);
    /* Days of the whole span, also of its periods outside the effective range. */
    int32_t days = at_period_end(gather->calendar, last) - at_period_start(gather->calendar, p) + 1;
    p = at_kernel_frame_period(gather->frame, index);
    return at_num_div(part->rows.arena, at_num_int(at_period_days(gather->calendar, p)), at_num_int(days));
}

/* The days of a row, on one of which its payees must be covered. What is spread counts by its own periods. */
static void note_cover(struct at_gather_part *part, const struct at_plan_feed *feed, const struct at_col *on,
                       uint32_t row) {
    struct at_gather_cover_row *cover = &part->cover;
    uint32_t at = on->one ? 0 : row;
    bool day = on->form == AT_COL_DAY;
    cover->spread = feed->spread != AT_OP_NONE && !day;
    cover->from = day ? on->day[at] : at_period_start(part->gather->calendar, on->period[at]);
    cover->to = day ? on->day[at] : at_period_end(part->gather->calendar, on->period[at]);
}

/* Whether the payee earns the row in the period. If not, that is noted. */
static bool earns(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t row,
                  int32_t payee, int32_t period) {
    const struct at_kernel_frame *frame = part->gather->frame;
    const struct at_gather_cover_row *cover = &part->cover;
    at_date from = cover->from, to = cover->to;
    if (payee < 0 || !frame->covered[payee]) return true; /* who is never covered is not reported by rows */
    if (cover->spread) {
        at_period of = at_kernel_frame_period(frame, period);
        from = at_period_start(frame->calendar, of);
        to = at_period_end(frame->calendar, of);
    }
    if (at_kernel_frame_covered_days(frame, (uint32_t)payee, from, to) > 0) return true;
    at_gather_uncovered_add(&part->feeds[work->place].uncovered, 1, part->batch->lines[row], payee, from);
    return false;
}

/* One item for each period of the span. Parts of a spread amount are exact fractions, so that parts of all
 * periods add up to the amount. */
static void push_item(struct at_gather_part *part, const struct at_plan_feed_work *work, struct grow *grow,
                      uint32_t row, int32_t payee, const struct span_of_periods *span,
                      const struct at_col *share, uint32_t state) {
    struct at_arena *arena = part->rows.arena;
    for (int32_t p = span->first; p <= span->last && p <= part->gather->last_item; p++) {
        if (too_far(part, work, p, part->batch->lines[row])) return;
        if (part->cover.asked && !earns(part, work, row, payee, p)) continue;
        AT_VEC_PUSH(arena, &grow->row, row);
        AT_VEC_PUSH(arena, &grow->payee, payee);
        AT_VEC_PUSH(arena, &grow->period, p);
        AT_VEC_PUSH(arena, &grow->cell, cell_of(part->gather, work->shape, payee, p));
        AT_VEC_PUSH(arena, &grow->state, state);
        grow->any_state |= state != AT_STATE_OK;
        if (span->moved && p > part->room_period) part->room_period = p;
        if (work->feed->on != AT_NO_NODE && !span->moved) at_gather_feed_reach(part, work, p);
        if (!work->share) continue;
        uint32_t share_state = share ? at_col_state(share, row) : AT_STATE_OK;
        at_num one = share && share_state == AT_STATE_OK ? at_kernel_num_at(share, row) : at_num_int(1);
        AT_VEC_PUSH(arena, &grow->share, at_num_mul(arena, one, part_of_period(part, work->feed, span, p)));
        AT_VEC_PUSH(arena, &grow->share_state, share_state);
        grow->any_share_state |= share_state != AT_STATE_OK;
    }
}

/* A row of `each quarter` is an event of its own period, and counts in the last one of the quarter. A run
 * that ends before has no such cell. Returns false if the row is refused, or does not count. */
static bool is_reached(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t row,
                       const struct at_col *event, struct span_of_periods *span) {
    struct span_of_periods own;
    if (span->first > span->last || !periods_of_row(part->gather, work->feed, event, row, &own)) return false;
    at_gather_feed_reach(part, work, own.last);
    span->moved = true;
    return part->gather->pass == 0 || span->last < (int32_t)part->gather->frame->n_periods;
}

/* Keeps a row in exception whose payee is unknown. The first such row of the file is reported for the
 * feed. */
void at_gather_feed_lose(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t state,
                         uint32_t row) {
    uint32_t *lost = &part->feeds[work->place].lost;
    uint64_t line = part->batch->lines[row];
    *lost = at_gather_part_keep(part, state, *lost, line, AT_NOBODY, AT_NOBODY);
}

/* The row counts for every covered payee whose field has its value. No payee may have it. */
static void push_members(struct at_gather_part *part, const struct at_plan_feed_work *work, struct grow *grow,
                         uint32_t row, uint32_t group, const struct at_col *value,
                         const struct span_of_periods *span, const struct at_col *share, uint32_t state,
                         at_date day) {
    const struct at_gather_dated_group *dated = &part->gather->dated_groups[group];
    const struct at_kernel_members *members =
        dated->dated ? &dated->ever : &part->gather->frame->members[group];
    uint32_t at = value->one ? 0 : row;
    at_str key = value->form == AT_COL_TEXT ? value->text[at]
                                            : (at_str){(const char *)&value->row[at], sizeof *value->row};
    uintptr_t found = (uintptr_t)at_map_get(&part->gather->groups_by_value[group], key);
    if (!found && value->form == AT_COL_TEXT)
        at_gather_near_add(&part->feeds[work->place].near, part->gather, group, key, part->batch->lines[row],
                           &part->arena, part->rows.arena);
    bool asked = part->cover.asked, alone = !found || dated->dated;
    part->cover.asked = false; /* the row is the group's, not of the members on its day */
    for (uint32_t k = found ? members->start[found - 1] : 0; found && k < members->start[found]; k++) {
        int64_t place = dated->dated ? at_dated_place(dated->dated, members->payee[k], day) : 0;
        if (place < 0 || (dated->dated && dated->by_row[dated->dated->row[place]] != found - 1)) continue;
        push_item(part, work, grow, row, (int32_t)members->payee[k], span, share, state);
        alone = false;
    }
    part->feeds[work->place].outside.alone += alone;
    part->cover.asked = asked;
}

/* All managers above the payee, or those of the level for which the rows have been calculated. */
static void push_managers(struct at_gather_part *part, const struct at_plan_feed_work *work,
                          struct grow *grow, uint32_t row, int32_t payee, const struct span_of_periods *span,
                          const struct at_col *share, uint32_t state, at_date day) {
    int32_t level = 0;
    while (payee >= 0 && (payee = at_gather_manager(part->gather, payee, day)) >= 0)
        if (++level == part->level || part->level < 0)
            push_item(part, work, grow, row, payee, span, share, state);
}

/* A row with a period is received by the members on the last day of each period in which it counts.
 */
static void push_by_day(struct at_gather_part *part, const struct at_plan_feed_work *work, struct grow *grow,
                        uint32_t row, uint32_t k, const struct span_of_periods *span, uint32_t state,
                        const struct at_col *day) {
    const struct at_plan_recipient *to = &work->feed->to[k];
    const struct at_col *payee = row_column(part, to->payee), *share = row_column(part, to->share);
    int32_t of = payee->form == AT_COL_ROW ? payee->row[payee->one ? 0 : row] : -1;
    for (int32_t p = span->first; p <= span->last; p++) {
        struct span_of_periods one = *span;
        at_date on =
            day && at_col_state(day, row) == AT_STATE_OK
                ? day->day[day->one ? 0 : row]
                : at_period_end(part->gather->calendar, at_kernel_frame_period(part->gather->frame, p));
        if (!day) one.first = one.last = p;
        if (to->managers)
            push_managers(part, work, grow, row, of, &one, share, state, on);
        else
            push_members(part, work, grow, row, (uint32_t)to->by, payee, &one, share, state, on);
        if (day) return;
    }
}

/* `where` is looked at first: a row that the feed does not want is not an exception, whatever its date is.
 * A chain of managers ends, because payees.c has checked it. */
static void expand_row(struct at_gather_part *part, const struct at_plan_feed_work *work, struct grow *grow,
                       uint32_t row, const struct deciders *by) {
    const struct at_plan_feed *feed = work->feed;
    const struct at_gather *gather = part->gather;
    uint32_t state = by->where ? at_col_state(by->where, row) : AT_STATE_OK;
    const int32_t now = part->stock_period;
    struct span_of_periods span = {.first = now, .last = now, .whole_first = now, .whole_last = now};
    if (by->where && state == AT_STATE_OK && !by->where->flag[by->where->one ? 0 : row]) return;
    const bool again = part->seen && part->seen[row]; /* noted at a lower level */
    if (part->seen) part->seen[row] = 1;
    if (by->on && at_col_state(by->on, row) >= AT_STATE_EXCEPTION) {
        if (!again) at_gather_feed_lose(part, work, at_col_state(by->on, row), row);
        return;
    }
    if (by->on && at_col_state(by->on, row) == AT_STATE_MISSING) { /* not dated: in no period */
        part->feeds[work->place].outside.undated += !again;
        return;
    }
    if (by->on && !periods_of_row(gather, feed, by->on, row, &span)) {
        uint64_t line = part->batch->lines[row];
        if (again) return;
        if (part->n_too_long++ == 0 || line < part->too_long_line) {
            part->too_long_line = line;
            part->misfit = by->on->form == AT_COL_PERIOD &&
                           !at_period_fits(gather->calendar, by->on->period[by->on->one ? 0 : row]);
        }
        return;
    }
    if (by->event && span.first <= span.last && !is_reached(part, work, row, by->event, &span)) return;
    if (by->on && !again) note_day(part, work, by->on, row, span.first <= span.last);
    if (span.first > span.last) return;
    if (part->cover.asked) note_cover(part, feed, by->event ? by->event : by->on, row);
    if (feed->n_to == 0) push_item(part, work, grow, row, -1, &span, NULL, state);
    for (uint32_t k = 0; k < feed->n_to; k++) {
        const struct at_col *to = row_column(part, feed->to[k].payee),
                            *share = row_column(part, feed->to[k].share);
        uint32_t to_state = at_col_state(to, row);
        if (to_state >= AT_STATE_EXCEPTION && !again) at_gather_feed_lose(part, work, to_state, row);
        if (to_state != AT_STATE_OK) continue;
        if (feed->to[k].by >= 0 && part->level > 0) continue;
        if (feed->to[k].by >= 0) {
            if (gather->dated_groups[feed->to[k].by].dated)
                push_by_day(part, work, grow, row, k, &span, state, by->day);
            else
                push_members(part, work, grow, row, (uint32_t)feed->to[k].by, to, &span, share, state, 0);
            continue;
        }
        int32_t payee = to->row[to->one ? 0 : row];
        if (feed->to[k].managers && gather->assigned)
            push_by_day(part, work, grow, row, k, &span, state, by->day);
        else if (feed->to[k].managers)
            push_managers(part, work, grow, row, payee, &span, share, state, 0);
        else if (payee >= 0 && part->level <= 0)
            push_item(part, work, grow, row, payee, &span, share, state);
    }
}

/* The items from `first` to `end` are those of a row. Their number is that of its recipients. */
static bool is_twice(const struct at_kernel_items *items, uint32_t first, uint32_t end, int32_t *payee) {
    for (uint32_t i = first + 1; i < end; i++)
        for (uint32_t k = first; k < i; k++) {
            *payee = items->payee[i];
            if (items->payee[i] == items->payee[k] && items->period[i] == items->period[k]) return true;
        }
    return false;
}

void at_gather_feed_twice(struct at_gather_part *part, const struct at_plan_feed_work *work,
                          const struct at_kernel_items *items) {
    struct at_gather_feed_count *count = &part->feeds[work->place];
    if (work->feed->n_to < 2) return;
    for (uint32_t first = 0, end; first < items->n; first = end) {
        int32_t payee = -1;
        for (end = first + 1; end < items->n && items->row[end] == items->row[first];)
            end++;
        if (end - first > MOST_RECIPIENTS || !is_twice(items, first, end, &payee)) continue;
        uint64_t line = part->batch->lines[items->row[first]];
        if (count->twice++ == 0 || line < count->twice_line) {
            count->twice_line = line;
            count->twice_payee = payee;
        }
    }
}

static void expand_slowly(struct at_gather_part *part, const struct at_plan_feed_work *work,
                          struct at_kernel_items *items) {
    struct grow grow = {0};
    const struct deciders by = {filter_of(part, work->feed), row_column(part, work->feed->on),
                                row_column(part, work->feed->event), row_column(part, work->feed->day)};
    for (uint32_t i = 0; i < part->rows.n; i++)
        expand_row(part, work, &grow, i, &by);
    items->n = (uint32_t)grow.row.n;
    items->row = grow.row.at;
    items->payee = grow.payee.at;
    items->period = grow.period.at;
    items->cell = grow.cell.at;
    items->state = grow.any_state ? grow.state.at : NULL;
    if (!part->seen) at_gather_feed_twice(part, work, items);
    if (!work->share || items->n == 0) return;
    items->share = (struct at_col){.form = AT_COL_NUM, .n = items->n, .num = grow.share.at};
    items->share.state = grow.any_share_state ? grow.share_state.at : NULL;
    at_kernel_col_narrow(part->rows.arena, &items->share);
}

/* Fills `items` in the scratch memory of the batch. Without a share, all items share one column: 100%. */
void at_gather_feed_expand(struct at_gather_part *part, const struct at_plan_feed_work *work,
                           struct at_kernel_items *items) {
    part->whole = 1;
    part->cover.asked = at_gather_cover_asks(part->gather, work->feed);
    *items =
        (struct at_kernel_items){.share = {.form = AT_COL_I64, .one = true, .bound = 1, .i64 = &part->whole}};
    if (at_plan_feed_late(work->feed)) at_gather_known_rows(part, work);
    if (is_plain(part, work))
        expand_plain(part, work, items);
    else
        expand_slowly(part, work, items);
    part->feeds[work->place].credited += items->n;
}
