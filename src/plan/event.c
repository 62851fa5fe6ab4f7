/* plan/event.c: which rows are earning events: a run pays up to the last period that contains one.
 *
 * Rows that are credited, or that a measure takes on a date, are events. If the policy has none of these,
 * rows that belong to a period are. So the quotas of coming months do not extend a run. The text of the
 * policy decides, not its data: the first deal of a year does not turn quotas from events into other rows.
 */
#include "plan/graph.h"

static enum at_plan_event event_of(const struct at_plan *plan, const struct at_plan_feed *feed) {
    uint32_t on = feed->event == AT_NO_NODE ? feed->on : feed->event;
    if (on == AT_NO_NODE) return AT_EVENT_NONE;
    bool credited = feed->decl && feed->decl->name.n > 0;
    return credited || plan->nodes[on].type.kind == AT_T_DATE ? AT_EVENT_DATED : AT_EVENT_PERIOD;
}

/* Also feeds that nothing paid reads: rows are credited whether or not a statement pays for them. */
void at_plan_set_events(struct at_plan *plan) {
    bool dated = false;
    for (uint32_t f = 0; f < plan->n_feeds; f++) {
        plan->feeds[f].earns = (uint8_t)event_of(plan, &plan->feeds[f]);
        dated |= plan->feeds[f].earns == AT_EVENT_DATED;
    }
    for (uint32_t f = 0; f < plan->n_feeds && dated; f++)
        if (plan->feeds[f].earns == AT_EVENT_PERIOD) plan->feeds[f].earns = AT_EVENT_NONE;
}

struct at_plan_reach at_plan_reach(const struct at_plan *plan, const int32_t *last_of_feed,
                                   const uint32_t *feed) {
    struct at_plan_reach reach = {.last = -1};
    for (uint32_t f = 0; f < plan->n_feeds; f++) {
        int32_t last = plan->feeds[f].earns == AT_EVENT_NONE ? -1 : last_of_feed[feed ? feed[f] : f];
        if (last > reach.last) reach = (struct at_plan_reach){last, f};
    }
    return reach;
}
