/* gather/known.c: which rows a run sees that looks at the end of a period: `known from D` and `until D` of a
 * credit.
 *
 * A row is seen from the period of its first day on, before the period of its second one. A period of which
 * the row is seen late, or no longer, is one in which earlier periods change: session/known.c runs again for
 * the periods before. Rows that are never seen count for nothing, and a row that is seen only for a while
 * still is an earning event.
 */
#include "gather/part.h"

/* A day of the last year of the calendar means never: systems write 9999-12-31 for "no end". */
#define NEVER (AT_DATE_MAX - 364)

/* The index of the period of the day; INT32_MAX if the day never comes. */
static int32_t period_of(const struct at_gather *gather, at_date day) {
    int64_t at = (int64_t)day - gather->plan->checked->from;
    if (day >= NEVER) return INT32_MAX;
    if (at >= 0 && at < gather->range->n_days) return gather->range->period_of_day[at];
    return at_gather_period_index(gather, day);
}

static int32_t index_at(const struct at_gather_part *part, const struct at_col *day, uint32_t row,
                        int32_t missing) {
    if (!day || at_col_state(day, row) != AT_STATE_OK) return missing;
    return period_of(part->gather, day->day[day->one ? 0 : row]);
}

/* Notes the period as one from which on earlier periods are other. */
static void note_change(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t node,
                        uint32_t row, int32_t period) {
    if (period > part->gather->view.as_of) return;
    if (!at_gather_cells_fit(part->gather, (uint64_t)period + 1)) {
        at_gather_feed_too_far(part, work, node, period, part->batch->lines[row]);
        return;
    }
    while (part->late.n <= (size_t)period)
        AT_VEC_PUSH(&part->arena, &part->late, false);
    part->late.at[period] = true;
}

/* `from` and `until` are indexes of periods. */
static void note_row(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t row,
                     int32_t from, int32_t until, bool seen) {
    const struct at_plan_feed *feed = work->feed;
    int32_t first = 0, last = -1, most = part->gather->view.as_of;
    if (!at_gather_feed_periods(part, feed, row, &first, &last)) return; /* in no period of the policy */
    if (from > most || from == INT32_MAX || until <= from || until <= first) return;
    if (from > first) note_change(part, work, feed->known, row, from);
    if (until < INT32_MAX) note_change(part, work, feed->until, row, until);
    if (!seen) at_gather_feed_reach(part, work, last);
}

static bool is_out(struct at_gather_part *part, const struct at_plan_feed_work *work,
                   const struct at_col *day, uint32_t row) {
    if (!day || at_col_state(day, row) < AT_STATE_EXCEPTION) return false;
    at_gather_feed_lose(part, work, at_col_state(day, row), row);
    return true;
}

/* The filter of the feed, without the rows that are not seen. */
void at_gather_known_rows(struct at_gather_part *part, const struct at_plan_feed_work *work) {
    const struct at_plan_feed *feed = work->feed;
    const struct at_col *where = feed->where == AT_NO_NODE ? NULL : &part->rows.cols[feed->where],
                        *known = feed->known == AT_NO_NODE ? NULL : &part->rows.cols[feed->known],
                        *until = feed->until == AT_NO_NODE ? NULL : &part->rows.cols[feed->until];
    struct at_arena *arena = part->rows.arena;
    uint32_t n = part->rows.n;
    const struct at_gather_view *view = &part->gather->view;
    uint8_t *flag = at_arena_get(arena, n + 1);
    uint32_t *state = where && where->state ? at_arena_get(arena, (n + 1) * sizeof *state) : NULL;
    for (uint32_t i = 0; i < n; i++) {
        if (state) state[i] = at_col_state(where, i);
        flag[i] = !where || (state && state[i] != AT_STATE_OK) || where->flag[where->one ? 0 : i];
        if (!flag[i]) continue;
        if (is_out(part, work, known, i) || is_out(part, work, until, i)) {
            flag[i] = false;
        } else {
            int32_t from = index_at(part, known, i, INT32_MIN), end = index_at(part, until, i, INT32_MAX);
            flag[i] = from <= view->as_of && from < INT32_MAX && (view->as_of < end || end == INT32_MAX);
            if (view->finds) note_row(part, work, i, from, end, flag[i]);
        }
        if (!flag[i] && state) state[i] = AT_STATE_OK;
    }
    part->seen_rows = (struct at_col){.form = AT_COL_FLAG, .n = n, .flag = flag, .state = state};
}

void at_gather_known_join(struct at_gather *gather, const struct at_gather_part *part) {
    for (size_t i = 0; i < part->late.n; i++) {
        while (gather->late.n <= i)
            AT_VEC_PUSH(gather->arena, &gather->late, false);
        gather->late.at[i] |= part->late.at[i];
    }
}
