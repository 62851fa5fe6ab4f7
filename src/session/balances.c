/* session/balances.c: what payees owe of recoverable draws when the last period of a run is over: the amounts
 * that the next year begins with. */
#include "session/results_int.h"

static uint32_t draws_of(const struct at_session_run *run) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < run->plan->n_adjustments; i++)
        n += run->plan->adjustments[i].draw[AT_DRAW_BALANCE] != AT_NO_NODE;
    return n;
}

/* One balance, unless nothing is owed. A balance that cannot be calculated is in the list, without an amount.
 */
static void add(struct at_session_results *results, uint32_t run, uint32_t row, uint32_t period,
                const struct at_plan_adjustment *draw, struct at_arena *arena) {
    uint32_t state;
    const struct at_session_result_run *r = &results->runs[run];
    struct at_plan_value value = at_session_run_value(r->run, draw->draw[AT_DRAW_BALANCE],
                                                      period * r->run->n_payees + row, arena, &state);
    struct at_session_result_balance *b = &results->balances[results->n_balances];
    *b = (struct at_session_result_balance){.run = run, .row = row, .period = period, .draw = draw->decl};
    b->known = state == AT_STATE_OK &&
               at_num_to_i64(arena, at_plan_value_num(&value), r->currency->digits, &b->minor);
    results->n_balances += !b->known || b->minor != 0;
}

static void add_run(struct at_session_results *results, uint32_t index, uint32_t payee,
                    struct at_arena *arena) {
    const struct at_session_result_run *r = &results->runs[index];
    const struct at_session_run *run = r->run;
    uint32_t periods = at_session_results_periods(run);
    for (uint32_t k = 0; periods > 0 && k < run->plan->n_adjustments; k++)
        if (run->plan->adjustments[k].draw[AT_DRAW_BALANCE] != AT_NO_NODE)
            add(results, index, r->row_of[payee], run->paid_from + periods - 1, &run->plan->adjustments[k],
                arena);
}

void at_session_results_list_balances(struct at_session_results *results, struct at_arena *arena) {
    uint64_t most = 0;
    for (uint32_t i = 0; i < results->n_runs; i++)
        most += (uint64_t)draws_of(results->runs[i].run) * results->runs[i].run->n_payees;
    if (most == 0) return;
    results->balances = AT_NEW_ARRAY(arena, struct at_session_result_balance, most + 1);
    for (uint32_t i = 0; i < results->n_payees; i++)
        for (uint32_t run = 0; results->payees[i].wanted && run < results->n_runs; run++)
            if (at_session_results_cover(results, run, i)) add_run(results, run, i, arena);
}
