/* gather/open.c: what must be known before the first row is read. */
#include "gather/part.h"

#define DAYS_IN_TABLE 40000 /* of the effective range, from its start: a hundred years */

struct at_gather_range *at_gather_range_new(const struct at_plan *plan, struct at_arena *arena) {
    const struct at_check_policy *checked = plan->checked;
    const struct at_calendar *calendar = &checked->calendar;
    enum at_period_kind kind = (enum at_period_kind)calendar->period_kind;
    struct at_gather_range *range = AT_NEW(arena, struct at_gather_range);
    at_period period = range->first_period = at_period_of_date(calendar, kind, checked->from);
    range->last_period = at_period_position(calendar, at_period_of_date(calendar, kind, checked->to)) -
                         at_period_position(calendar, period);
    int64_t days = (int64_t)checked->to - checked->from + 1;
    range->n_days = days < 0 ? 0 : days > DAYS_IN_TABLE ? DAYS_IN_TABLE : (uint32_t)days;
    range->period_of_day = AT_NEW_ARRAY(arena, int32_t, range->n_days + 1);
    at_date end = at_period_end(calendar, period);
    int32_t index = 0;
    for (uint32_t d = 0; d < range->n_days; d++) {
        if (checked->from + (at_date)d > end) {
            period = at_period_after(calendar, period, 1);
            index++;
            end = at_period_end(calendar, period);
        }
        range->period_of_day[d] = index;
    }
    at_gather_cells_measure(plan, range);
    return range;
}

/* Last periods begin at -1, because 0 is the index of a period. */
void at_gather_open(struct at_gather *gather) {
    const struct at_plan *plan = gather->plan;
    gather->lanes.arena = gather->arena;
    gather->calendar = &plan->checked->calendar;
    gather->rows_credited = AT_NEW_ARRAY(gather->arena, uint64_t, plan->n_feeds + 1);
    gather->below = AT_NEW_ARRAY(gather->arena, struct at_gather_below, plan->n_components + 1);
    gather->near = AT_NEW_ARRAY(gather->arena, struct at_gather_near, plan->n_feeds + 1);
    gather->uncovered = AT_NEW_ARRAY(gather->arena, struct at_gather_uncovered, plan->n_feeds + 1);
    gather->outside = AT_NEW_ARRAY(gather->arena, struct at_gather_outside, plan->n_feeds + 1);
    gather->last_of_feed = AT_NEW_ARRAY(gather->arena, int32_t, plan->n_feeds + 1);
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        gather->last_of_feed[f] = -1;
    gather->last_item = gather->view.regular ? (int32_t)gather->view.regular - 1 : INT32_MAX;
    gather->line_states = AT_NEW_ARRAY(gather->arena, uint32_t *, plan->n_components + 1);
    gather->frame->calendar = gather->calendar;
    gather->frame->first_period = gather->range->first_period;
    gather->frame->first_position = at_period_position(gather->calendar, gather->range->first_period);
}
