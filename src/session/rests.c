/* session/rests.c: what pools did not pay, as results show it. */
#include "base/vec.h"
#include "session/results_int.h"

/* A group has the value of its first member. A run numbers groups, and does not keep their values. */
static at_str name_of_group(const struct at_session_run *run, uint16_t group, uint32_t number,
                            struct at_arena *arena) {
    int32_t field = run->plan->groups[group].field;
    if (field < 0) return (at_str){"", 0};
    for (uint32_t payee = 0; payee < run->n_payees; payee++)
        if (run->group_of[group][payee] == number)
            return at_session_table_text(run->data, run->frame->payee_table, (uint32_t)field, payee, arena);
    return (at_str){"", 0};
}

void at_session_results_list_rests(struct at_session_results *results, struct at_arena *arena) {
    AT_VEC(struct at_session_result_rest) rests = {0};
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_run *run = results->runs[i].run;
        for (uint32_t c = 0; c < run->plan->n_components && run->n_rests > 0; c++) {
            const struct at_plan_component *component = &run->plan->components[c];
            if (component->role != AT_ROLE_POOL) continue;
            uint16_t group = run->plan->nodes[component->amount].place;
            for (uint32_t k = 0; k < run->n_rests; k++) {
                const struct at_kernel_rest *rest = &run->rests[k];
                bool paid =
                    rest->period >= run->paid_from && rest->period - run->paid_from < run->paid_periods;
                if (rest->node != component->earned || !paid) continue;
                at_str name = name_of_group(run, group, rest->group, arena);
                struct at_session_result_rest shown = {i, c, name, rest->period, rest->minor};
                AT_VEC_PUSH(arena, &rests, shown);
            }
        }
    }
    results->rests = rests.at;
    results->n_rests = (uint32_t)rests.n;
}
