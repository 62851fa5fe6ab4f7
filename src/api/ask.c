/* api/ask.c: implements ask.h. */
#include "api/ask.h"

void *at_api_ask_new(attain_session *session, const attain_run_options *options, size_t size) {
    struct at_alloc alloc = {0};
    if (options->allocator && options->allocator->resize)
        alloc = (struct at_alloc){options->allocator->resize, options->allocator->context};
    struct at_api_ask *ask = at_alloc_get(alloc.resize ? &alloc : NULL, size);
    if (!ask) {
        attain_session_free(session);
        return NULL;
    }
    memset(ask, 0, size);
    ask->host = alloc;
    ask->session = session;
    return ask;
}

void at_api_ask_free(struct at_api_ask *ask, size_t size) {
    struct at_alloc host = ask->host;
    at_arena_free(&ask->arena); /* before the session, whose memory it has */
    attain_session_free(ask->session);
    at_alloc_drop(host.resize ? &host : NULL, ask, size);
}

/* All periods up to the last one that was asked for. */
static void widen(struct at_api_ask *ask) {
    attain_session *session = ask->session;
    ask->from = session->policies[0].from;
    ask->through = session->policies[0].through;
    ask->restricted = ask->through.kind <= AT_YEAR;
    for (uint32_t p = 0; p < session->r.n_policies; p++) {
        const struct at_check_policy *checked = session->r.policies[p]->checked;
        session->policies[p].from =
            at_period_of_date(&checked->calendar, checked->calendar.period_kind, checked->from);
    }
}

attain_status at_api_ask_begin(struct at_api_ask *ask) {
    attain_session *session = ask->session;
    at_arena_init_beside(&ask->arena, &session->r.own.arena);
    widen(ask);
    session->job.any_helping = true;
    session->job.pays = false; /* nothing is paid, so pay that waits is not reported */
    attain_status status = at_api_session_run_all(session);
    if (status != ATTAIN_OK) return status;
    ask->also = AT_NEW_ARRAY(&ask->arena, int64_t, session->r.n_policies + 1);
    ask->trial = at_api_trial_new(session, &ask->arena);
    ask->trial->also = ask->also;
    ask->trials = (struct at_answer_host){.run = at_api_trial_run,
                                          .release = at_api_trial_release,
                                          .context = ask->trial,
                                          .watch = &session->r.own.watch};
    return ATTAIN_OK;
}

void at_api_ask_forget(struct at_api_ask *ask) {
    attain_session *session = ask->session;
    for (uint32_t p = 0; p < session->r.n_policies; p++)
        if (session->policies && session->policies[p].data)
            at_table_dataset_forget_scan(session->policies[p].data);
}

uint32_t at_api_ask_run_of(const struct at_api_ask *ask, uint32_t payee, int32_t period) {
    const struct at_session_results *results = &ask->session->r.results;
    uint32_t covers = UINT32_MAX;
    for (uint32_t r = 0; r < results->n_runs; r++) {
        const struct at_session_run *run = results->runs[r].run;
        uint32_t row = results->runs[r].row_of[payee];
        if (!at_session_results_cover(results, r, payee)) continue;
        if (covers == UINT32_MAX) covers = r;
        for (uint64_t i = 0; i < run->n_lines; i++)
            if (run->lines[i].payee == row && (int64_t)run->lines[i].period + run->first_position == period)
                return r;
    }
    return covers;
}

/* ---- what a question is about */

uint32_t at_api_ask_payee(const struct at_api_ask *ask, const attain_run_options *options) {
    const struct at_session_results *results = &ask->session->r.results;
    uint32_t found = UINT32_MAX;
    if (options->payee_count != 1) return UINT32_MAX;
    for (uint32_t i = 0; i < results->n_payees; i++)
        if (results->payees[i].wanted) found = i;
    return found;
}

int32_t at_api_ask_last_period(const struct at_session_results *results, uint32_t payee) {
    int32_t last = INT32_MIN, paid = INT32_MIN;
    for (uint32_t r = 0; r < results->n_runs; r++) {
        const struct at_session_run *run = results->runs[r].run;
        uint32_t row = results->runs[r].row_of[payee];
        if (run->paid_periods == 0) continue;
        int32_t end = run->first_position + (int32_t)(run->paid_from + run->paid_periods) - 1;
        if (end > last) last = end;
        for (uint64_t i = 0; i < run->n_lines; i++) {
            int32_t period = run->first_position + (int32_t)run->lines[i].period;
            if (run->lines[i].payee == row && run->lines[i].minor != 0 && period > paid) paid = period;
        }
    }
    return paid > INT32_MIN ? paid : last;
}

bool at_api_ask_component(struct at_api_ask *ask, uint32_t run, const char *name, int32_t *out) {
    struct at_str_nearest nearest = {.wanted = at_str_trim(at_str_z(name))};
    const struct at_plan *plan = ask->session->r.results.runs[run].run->plan;
    for (uint32_t i = 0; i < plan->n_components; i++) {
        if (at_str_eq(plan->components[i].name, nearest.wanted)) {
            *out = (int32_t)i;
            return true;
        }
        at_str_nearest_try(&nearest, plan->components[i].name);
    }
    struct at_diag *diag =
        at_diag_add(&ask->session->r.arguments, AT_A0912, (at_span){0}, "unknown component `%s`", name);
    if (nearest.best.n) at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
    return false;
}
