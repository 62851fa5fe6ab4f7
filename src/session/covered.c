/* session/covered.c: which days several runs cover of a payee: twice, or not at all. A day counts from the
 * first day that some run covers until the last day that some run pays. */
#include "base/vec.h"
#include "session/results_int.h"

struct days {
    uint32_t run;
    at_date from, to;
};

struct list {
    struct at_arena *arena;
    AT_VEC(struct at_session_result_days) twice, gaps;
    AT_VEC(struct days) of; /* of the current payee, run by run */
    struct days all;        /* the days that count */
};

/* Adds the days on which the run covers the payee. */
static void add_days(struct list *list, const struct at_session_results *results, uint32_t run,
                     uint32_t payee) {
    const struct at_session_result_run *r = &results->runs[run];
    const struct at_kernel_cover *cover = r->run->frame->cover;
    if (!at_session_results_cover(results, run, payee)) return;
    if (!cover) {
        AT_VEC_PUSH(list->arena, &list->of, ((struct days){run, r->checked->from, r->checked->to}));
        return;
    }
    uint32_t row = r->row_of[payee];
    for (uint32_t i = cover->start[row]; i < cover->start[row + 1]; i++)
        AT_VEC_PUSH(list->arena, &list->of, ((struct days){run, cover->from[i], cover->to[i]}));
}

static struct days all_days(const struct at_session_results *results) {
    struct days all = {0, AT_DATE_MAX, AT_DATE_MIN};
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_run *run = results->runs[i].run;
        uint32_t periods = at_session_results_periods(run);
        if (periods == 0) continue;
        const struct at_calendar *calendar = &results->runs[i].checked->calendar;
        at_date from = at_period_start(calendar, at_session_run_period(run, run->paid_from)),
                to = at_period_end(calendar, at_session_run_period(run, run->paid_from + periods - 1));
        if (from < results->runs[i].checked->from) from = results->runs[i].checked->from;
        if (to > results->runs[i].checked->to) to = results->runs[i].checked->to;
        if (from < all.from) all.from = from;
        if (to > all.to) all.to = to;
    }
    return all;
}

static void add_twice(struct list *list, uint32_t payee) {
    for (size_t i = 0; i < list->of.n; i++)
        for (size_t k = i + 1; k < list->of.n; k++) {
            const struct days *a = &list->of.at[i], *b = &list->of.at[k];
            at_date from = a->from > b->from ? a->from : b->from, to = a->to < b->to ? a->to : b->to;
            if (a->run != b->run && from <= to)
                AT_VEC_PUSH(
                    list->arena, &list->twice,
                    ((struct at_session_result_days){payee, (int32_t)a->run, (int32_t)b->run, from, to}));
        }
}

/* The first day on or after `day` that a run covers; AT_DATE_MAX: none. *until: the last day of that range.
 */
static at_date next_covered(const struct list *list, at_date day, at_date *until) {
    at_date first = AT_DATE_MAX;
    for (size_t i = 0; i < list->of.n; i++) {
        const struct days *days = &list->of.at[i];
        if (days->to < day) continue;
        at_date from = days->from > day ? days->from : day;
        if (from > first || (from == first && days->to <= *until)) continue;
        first = from;
        *until = days->to;
    }
    return first;
}

static void add_gaps(struct list *list, uint32_t payee) {
    at_date day = list->all.from;
    while (day <= list->all.to) {
        at_date until = AT_DATE_MIN, next = next_covered(list, day, &until);
        if (next > day) {
            at_date to = next > list->all.to ? list->all.to : next - 1;
            AT_VEC_PUSH(list->arena, &list->gaps, ((struct at_session_result_days){payee, -1, -1, day, to}));
        }
        if (next > list->all.to || until >= list->all.to) return;
        day = until + 1;
    }
}

void at_session_results_find_days(struct at_session_results *results, struct at_arena *arena) {
    struct list list = {.arena = arena};
    list.all = all_days(results);
    for (uint32_t payee = 0; payee < results->n_payees; payee++) {
        at_arena_poll(arena);
        if (results->payees[payee].run < 0) continue;
        list.of.n = 0;
        for (uint32_t run = 0; run < results->n_runs; run++)
            add_days(&list, results, run, payee);
        add_twice(&list, payee);
        add_gaps(&list, payee);
    }
    results->first_day = list.all.from;
    results->last_day = list.all.to;
    results->twice = list.twice.at;
    results->n_twice = (uint32_t)list.twice.n;
    results->gaps = list.gaps.at;
    results->n_gaps = (uint32_t)list.gaps.n;
}

/* With one policy, days outside its own are not worth a message. */
void at_session_results_list_days(struct at_session_results *results, struct at_arena *arena) {
    if (results->n_runs >= 2) at_session_results_find_days(results, arena);
}
