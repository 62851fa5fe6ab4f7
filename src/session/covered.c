/* session/covered.c: which days several runs cover of a payee: twice, or not at all. A day counts from the
 * first day that some run covers until the last day that some run pays. */
#include "base/vec.h"
#include "session/results_int.h"

struct days {
    at_date from, to;
};

struct list {
    struct at_arena *arena;
    AT_VEC(struct at_session_result_days) twice, gaps;
    struct days *of; /* by run; to < from: the run does not cover the payee */
    struct days all; /* the days that count */
};

/* The days on which the run covers the payee. */
static struct days days_of(const struct at_session_results *results, uint32_t run, uint32_t payee) {
    const struct at_check_policy *checked = results->runs[run].checked;
    if (!at_session_results_cover(results, run, payee)) return (struct days){0, -1};
    return (struct days){checked->from, checked->to};
}

static struct days all_days(const struct at_session_results *results) {
    struct days all = {AT_DATE_MAX, AT_DATE_MIN};
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

static void add_twice(struct list *list, uint32_t n_runs, uint32_t payee) {
    for (uint32_t a = 0; a < n_runs; a++)
        for (uint32_t b = a + 1; b < n_runs && list->of[a].from <= list->of[a].to; b++) {
            at_date from = list->of[a].from > list->of[b].from ? list->of[a].from : list->of[b].from;
            at_date to = list->of[a].to < list->of[b].to ? list->of[a].to : list->of[b].to;
            if (list->of[b].from <= list->of[b].to && from <= to)
                AT_VEC_PUSH(list->arena, &list->twice,
                            ((struct at_session_result_days){payee, (int32_t)a, (int32_t)b, from, to}));
        }
}

/* The first day on or after `day` that a run covers; AT_DATE_MAX: none. *until: the last day of that range.
 */
static at_date next_covered(const struct list *list, uint32_t n_runs, at_date day, at_date *until) {
    at_date first = AT_DATE_MAX;
    for (uint32_t i = 0; i < n_runs; i++) {
        if (list->of[i].to < list->of[i].from || list->of[i].to < day) continue;
        at_date from = list->of[i].from > day ? list->of[i].from : day;
        if (from > first || (from == first && list->of[i].to <= *until)) continue;
        first = from;
        *until = list->of[i].to;
    }
    return first;
}

static void add_gaps(struct list *list, uint32_t n_runs, uint32_t payee) {
    at_date day = list->all.from;
    while (day <= list->all.to) {
        at_date until = AT_DATE_MIN, next = next_covered(list, n_runs, day, &until);
        if (next > day) {
            at_date to = next > list->all.to ? list->all.to : next - 1;
            AT_VEC_PUSH(list->arena, &list->gaps, ((struct at_session_result_days){payee, -1, -1, day, to}));
        }
        if (next > list->all.to || until >= list->all.to) return;
        day = until + 1;
    }
}

void at_session_results_list_days(struct at_session_results *results, struct at_arena *arena) {
    struct list list = {.arena = arena};
    if (results->n_runs < 2) return;
    list.of = AT_NEW_ARRAY(arena, struct days, results->n_runs);
    list.all = all_days(results);
    for (uint32_t payee = 0; payee < results->n_payees; payee++) {
        if (results->payees[payee].run < 0) continue;
        for (uint32_t run = 0; run < results->n_runs; run++)
            list.of[run] = days_of(results, run, payee);
        add_twice(&list, results->n_runs, payee);
        add_gaps(&list, results->n_runs, payee);
    }
    results->twice = list.twice.at;
    results->n_twice = (uint32_t)list.twice.n;
    results->gaps = list.gaps.at;
    results->n_gaps = (uint32_t)list.gaps.n;
}
