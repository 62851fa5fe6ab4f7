/* session/rests.c: what pools did not pay, as results show it. */
#include "base/vec.h"
#include "session/results_int.h"
#include "session/vacant.h"

struct list {
    AT_VEC(struct at_session_result_rest) of;
};

/* A group has the value of its first member. A run numbers groups, and does not keep their values. */
at_str at_session_group_text(const struct at_session_run *run, uint16_t group, uint32_t number,
                             struct at_arena *arena) {
    int32_t field = run->plan->groups[group].field;
    if (field < 0) return (at_str){"", 0};
    if (run->frame->versions[group].n_periods) {
        const struct at_schema_field *dated =
            &run->plan->checked->schemas[run->frame->payee_table].fields[field];
        return at_session_table_text(run->data, dated->dated_table, dated->dated_field,
                                     (uint32_t)run->frame->versions[group].row[number], arena);
    }
    for (uint32_t payee = 0; payee < run->n_payees; payee++)
        if (run->group_of[group][payee] == number)
            return at_session_table_text(run->data, run->frame->payee_table, (uint32_t)field, payee, arena);
    return (at_str){"", 0};
}

/* Adds the rests of one pool in the periods that are paid. */
static void list_pool(struct at_session_results *results, uint32_t run_index, uint32_t c, struct list *rests,
                      struct at_arena *arena) {
    const struct at_session_run *run = results->runs[run_index].run;
    const struct at_plan_component *component = &run->plan->components[c];
    uint16_t group = run->plan->nodes[component->amount].place;
    struct at_session_vacant vacant;
    uint32_t division = at_plan_division_of(run->plan, component->earned);
    at_session_vacant_find(&vacant, run, division, arena);
    struct at_session_vacancy *parts = AT_NEW_ARRAY(arena, struct at_session_vacancy, vacant.roles.n + 1);
    for (uint32_t k = 0; k < run->n_rests; k++) {
        const struct at_kernel_rest *rest = &run->rests[k];
        bool paid = rest->period >= run->paid_from && rest->period - run->paid_from < run->paid_periods;
        if (rest->node != division || !paid) continue;
        at_str name = at_session_group_text(run, group, rest->group, arena);
        uint32_t n = at_session_vacant_divide(&vacant, rest, parts);
        for (uint32_t i = 0; i < n; i++) {
            struct at_session_result_rest shown = {run_index,     c, name, parts[i].role, rest->period,
                                                   parts[i].minor};
            AT_VEC_PUSH(arena, &rests->of, shown);
        }
    }
}

void at_session_results_list_rests(struct at_session_results *results, struct at_arena *arena) {
    struct list rests = {0};
    for (uint32_t i = 0; i < results->n_runs; i++) {
        const struct at_session_run *run = results->runs[i].run;
        for (uint32_t c = 0; c < run->plan->n_components && run->n_rests > 0; c++)
            if (run->plan->components[c].role == AT_ROLE_POOL) list_pool(results, i, c, &rests, arena);
    }
    results->rests = rests.of.at;
    results->n_rests = (uint32_t)rests.of.n;
}
