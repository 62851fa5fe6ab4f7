/* api/disclose.c: warnings about what commission statements disclose, as diagnostics of the policy, which
 * accepts them with `allow`. */
#include "api/run.h"
#include "session/pair.h"

void at_api_disclosures(struct at_api_job *job, uint32_t p, const struct at_session_run *run) {
    struct at_arena *arena = &job->r->own.arena;
    struct at_session_pair *pairs;
    uint32_t n = at_session_pairs_find(run, arena, &pairs);
    for (uint32_t i = 0; i < n; i++) {
        const struct at_plan_component *pool = &run->plan->components[pairs[i].component];
        at_str when = at_period_print(arena, at_session_run_period(run, pairs[i].period));
        struct at_diag *diag =
            at_diag_add(&job->r->per_policy[p], AT_A1310, pool->decl->symbol->node->name_span,
                        "statements of the pool `%.*s` disclose another payee's pay", AT_STR_ARG(pool->name));
        at_str of = pairs[i].group.n ? pairs[i].group : AT_STR("all");
        if (pairs[i].n > 1)
            at_diag_note(diag, "two members share the pool of `%.*s` in %.*s, and so in %u more cases",
                         AT_STR_ARG(of), AT_STR_ARG(when), pairs[i].n - 1);
        else
            at_diag_note(diag, "two members share the pool of `%.*s` in %.*s", AT_STR_ARG(of),
                         AT_STR_ARG(when));
        at_diag_help(diag, "hide its amount from statements: add `, private` after `split …`");
    }
}
