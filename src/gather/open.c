/* gather/open.c: what must be known before the first row is read. */
#include "gather/part.h"

#define DAYS_IN_TABLE 40000 /* of the effective range, from its start: a hundred years */

static void find_periods(struct at_gather *gather) {
    const struct at_checked *checked = gather->plan->checked;
    const struct at_calendar *calendar = gather->calendar;
    enum at_period_kind kind = (enum at_period_kind)calendar->period_kind;
    gather->frame->first_period = at_period_of_date(calendar, kind, checked->from);
    gather->last_period =
        at_period_of_date(calendar, kind, checked->to).ordinal - gather->frame->first_period.ordinal;
    int64_t days = (int64_t)checked->to - checked->from + 1;
    gather->n_days = days < 0 ? 0 : days > DAYS_IN_TABLE ? DAYS_IN_TABLE : (uint32_t)days;
    gather->period_of_day = AT_NEW_ARRAY(gather->arena, int32_t, gather->n_days + 1);
    at_period period = gather->frame->first_period;
    at_date end = at_period_end(calendar, period);
    for (uint32_t d = 0; d < gather->n_days; d++) {
        if (checked->from + (at_date)d > end) {
            period.ordinal++;
            end = at_period_end(calendar, period);
        }
        gather->period_of_day[d] = period.ordinal - gather->frame->first_period.ordinal;
    }
}

void at_gather_open(struct at_gather *gather) {
    const struct at_plan *plan = gather->plan;
    gather->lanes.arena = gather->arena;
    gather->calendar = &plan->checked->calendar;
    gather->rows_credited = AT_NEW_ARRAY(gather->arena, uint64_t, plan->n_feeds + 1);
    gather->rows_out_of_range = AT_NEW_ARRAY(gather->arena, uint64_t, plan->n_feeds + 1);
    gather->last_of_feed = AT_NEW_ARRAY(gather->arena, int32_t, plan->n_feeds + 1);
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        gather->last_of_feed[f] = -1;
    gather->line_states = AT_NEW_ARRAY(gather->arena, uint32_t *, plan->n_components + 1);
    find_periods(gather);
    at_cells_measure(gather);
}
