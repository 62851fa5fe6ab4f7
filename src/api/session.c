/* api/session.c: sessions: prepared, run, taken back, released. */
#include "api/session.h"
#include "depend/depend.h"

/* ---- params */

/* A policy without settings of its own keeps its plan. Another plan is in the arena of the params. */
static enum at_status lower_one(attain_session *session, struct at_api_session_params *params, uint32_t p) {
    const struct attain_policy *policy = session->r.policies[p];
    struct at_plan_setting *settings =
        AT_NEW_ARRAY(&params->arena, struct at_plan_setting, policy->checked->n_params + 1);
    struct at_plan *plan = policy->plan;
    enum at_status status = AT_OK;
    uint32_t n = 0;
    if (!at_api_job_settings(&session->job, policy, &params->arena, settings, &n)) return AT_REJECTED;
    if (n > 0)
        status = at_plan_lower(policy->checked, settings, n, &params->arena, &session->r.arguments, &plan);
    if (status == AT_OK && n > 0 && !at_depend_check(plan, &params->arena, &session->r.per_policy[p]))
        return AT_REJECTED;
    if (status == AT_OK && session->options.by_deal) plan = at_plan_with_deals(plan, &params->arena);
    if (status == AT_OK) params->plans[p] = at_session_prepare(plan, true, &params->arena);
    return status;
}

attain_status at_api_session_lower(attain_session *session, const attain_setting *settings, size_t n) {
    /* Of three places, `base` and `current` use at most two, so one is free. */
    unsigned free = 0;
    while (free == session->base || free == session->current)
        free++;
    struct at_api_session_params *params = &session->params[free];
    struct at_arena *arena = &params->arena;
    at_arena_reset(arena, (struct at_arena_mark){0});
    params->plans = AT_NEW_ARRAY(arena, const struct at_session_plan *, session->r.n_policies);
    params->settings = AT_NEW_ARRAY(arena, attain_setting, n + 1);
    params->n = n;
    for (size_t i = 0; i < n; i++) {
        at_str name = at_str_copy(arena, at_str_z(settings[i].name ? settings[i].name : "")),
               value = at_str_copy(arena, at_str_z(settings[i].value ? settings[i].value : ""));
        params->settings[i] = (attain_setting){name.p, value.p};
    }
    session->options.settings = params->settings;
    session->options.setting_count = n;
    enum at_status status = AT_OK;
    for (uint32_t p = 0; status == AT_OK && p < session->r.n_policies; p++)
        status = lower_one(session, params, p);
    if (session->options.strict) at_diag_list_raise(&session->r.arguments);
    if (status == AT_OK && session->r.arguments.errors) status = AT_REJECTED;
    if (status == AT_OK) session->current = free;
    return at_api_status_public(status, ATTAIN_USAGE);
}

/* ---- preparing */

/* Deferred in the arena of the session, because the params have arenas of their own. */
static void free_params(void *context) {
    attain_session *session = context;
    for (size_t i = 0; i < AT_COUNT(session->params); i++)
        at_arena_free(&session->params[i].arena);
}

/* Loads all columns of all tables, because a later param may make a plan need any of them. */
static attain_status load_one(attain_session *session, uint32_t p) {
    struct at_api_job *job = &session->job;
    struct at_arena *arena = &session->r.own.arena;
    struct at_api_session_policy *own = &session->policies[p];
    const struct attain_policy *policy = session->r.policies[p];
    const struct at_api_version version = at_api_policy_version(policy);
    if (!at_api_periods_of(job, policy->checked, &own->from, &own->through)) return ATTAIN_USAGE;
    own->data = at_api_job_dataset(job, p, job->data, &version);
    bool *keep = AT_NEW_ARRAY(arena, bool, own->data->n_tables + 1);
    memset(keep, 1, own->data->n_tables);
    at_session_watch(policy->plan, own->data);
    uint64_t errors = session->r.per_policy[p].errors;
    enum at_status status = at_table_dataset_load(own->data, keep);
    if (session->options.strict) at_diag_list_raise(&session->r.per_policy[p]);
    bool more = session->r.per_policy[p].errors > errors &&
                (session->options.strict || !session->options.skip_bad_rows);
    if (status == AT_OK && more) status = AT_REJECTED;
    at_api_job_count_untold(job, p, own->data);
    if (status == AT_OK) own->edits = at_table_edits_new(own->data, arena);
    return at_api_status_public(status, ATTAIN_BAD_DATA);
}

/* Loads every policy even if the data of one has errors, so that the host sees all diagnostics. */
static attain_status load_all(attain_session *session) {
    struct at_api_job *job = &session->job;
    attain_status worst = ATTAIN_OK;
    at_api_job_check_arguments(job);
    if (session->r.arguments.errors) return ATTAIN_USAGE;
    at_api_job_check_tables(job);
    if (session->r.arguments.errors) return ATTAIN_BAD_POLICY;
    worst = at_api_session_lower(session, session->options.settings, session->options.setting_count);
    session->base = session->current;
    for (uint32_t p = 0; worst != ATTAIN_USAGE && p < session->r.n_policies; p++) {
        attain_status status = load_one(session, p);
        if (status == ATTAIN_CANCELLED || status == ATTAIN_NO_MEMORY || status == ATTAIN_USAGE) return status;
        if (status == ATTAIN_IO || worst == ATTAIN_OK) worst = status;
    }
    return worst;
}

struct preparing {
    attain_session *session;
    attain_policy *const *policies;
    size_t n;
};

static attain_status prepare(void *context) {
    const struct preparing *preparing = context;
    attain_session *session = preparing->session;
    struct attain_results *r = &session->r;
    struct at_arena *arena = &r->own.arena;
    r->policies = AT_NEW_ARRAY(arena, struct attain_policy *, preparing->n);
    for (size_t i = 0; i < preparing->n; i++)
        r->policies[r->n_policies++] = attain_policy_retain(preparing->policies[i]);
    at_api_job_make_lists(r);
    for (size_t i = 0; i < AT_COUNT(session->params); i++)
        at_arena_init_beside(&session->params[i].arena, arena);
    at_arena_defer(arena, free_params, session);
    if (!AT_RESERVED_CLEAR(&session->options))
        return at_api_refuse_reserved(&r->arguments, "attain_run_options");
    for (uint32_t i = 0; i < r->n_policies; i++)
        if (!r->policies[i]->plan) return ATTAIN_BAD_POLICY;
    session->job.runs = AT_NEW_ARRAY(arena, struct at_session_run *, r->n_policies);
    session->policies = AT_NEW_ARRAY(arena, struct at_api_session_policy, r->n_policies);
    at_api_job_make_filter(&session->job);
    return load_all(session);
}

/* What counts for one call only goes. */
static void finish_preparing(attain_session *session, attain_status status) {
    at_api_job_end(&session->job, status);
    at_api_results_clear(&session->r);
    session->ready = status == ATTAIN_OK;
    session->options = (attain_run_options){.zeros = session->options.zeros,
                                            .by_deal = session->options.by_deal,
                                            .skip_bad_rows = session->options.skip_bad_rows,
                                            .strict = session->options.strict,
                                            .threads = session->options.threads,
                                            .hook_steps = session->options.hook_steps,
                                            .hook_run_steps = session->options.hook_run_steps,
                                            .hook_memory = session->options.hook_memory};
    session->job.data = NULL;
    for (size_t i = 0; i < AT_COUNT(session->params); i++)
        session->params[i].arena.watch = NULL;
    session->mark = at_arena_mark(&session->r.own.arena);
}

/* The pool is inside the session, so the session itself comes from the host's allocator. */
static attain_session *new_session(const attain_run_options *options) {
    attain_session *session = at_api_handle_new(options->allocator, sizeof *session);
    if (!session) return NULL;
    struct at_api_own *own = &session->r.own;
    session->host = own->alloc;
    at_api_own_limit(own, options->max_memory); /* of what the pool keeps, too */
    at_pool_init(&session->pool, own->alloc);
    own->alloc = at_pool_alloc(&session->pool);
    own->arena.alloc = &own->alloc;
    session->options = *options;
    /* No place is used yet. */
    session->base = session->current = 3;
    session->job = (struct at_api_job){
        .r = &session->r, .options = &session->options, .watch = &own->watch, .pays = true};
    return session;
}

attain_status attain_session_new(attain_policy *const *policies, size_t policy_count, const attain_data *data,
                                 const attain_run_options *options, attain_session **out) {
    static const attain_run_options defaults = {0};
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!policies || policy_count == 0 || policy_count > 10000) return ATTAIN_USAGE;
    for (size_t i = 0; i < policy_count; i++)
        if (!policies[i]) return ATTAIN_USAGE;
    attain_session *session = new_session(options ? options : &defaults);
    if (!session) return ATTAIN_NO_MEMORY;
    session->job.data = data;
    at_api_own_watch(&session->r.own, session->options.watch);
    struct preparing preparing = {session, policies, policy_count};
    attain_status status = at_api_own_run(&session->r.own, prepare, &preparing);
    if (at_api_lacked_memory(status)) {
        attain_session_free(session);
        return status;
    }
    finish_preparing(session, status);
    *out = session;
    return status;
}

void attain_session_free(attain_session *session) {
    if (!session) return;
    for (uint32_t i = 0; i < session->r.n_policies; i++)
        attain_policy_release(session->r.policies[i]);
    at_api_results_forget_shown(&session->r);
    at_api_results_forget_held(&session->r);
    /* The arena gives its blocks to the pool, so it must be freed before the pool. */
    at_arena_free(&session->r.own.arena);
    at_pool_free(&session->pool);
    struct at_alloc host = session->host;
    at_alloc_drop(&host, session, sizeof *session);
}

/* ---- calls */

const attain_diagnostics *attain_session_diagnostics(const attain_session *session) {
    return session ? &session->r.list : NULL;
}

/* Frees what the last call made. What the session keeps is before the mark. */
static void begin_call(attain_session *session) {
    struct attain_results *r = &session->r;
    struct at_arena *arena = &r->own.arena;
    at_api_results_forget_held(r);
    at_api_results_clear(r);
    at_arena_reset(arena, session->mark);
    at_diag_list_init(&r->arguments, arena, NULL);
    r->arguments.words = r->words;
    for (uint32_t p = 0; p < r->n_policies; p++) {
        at_diag_list_init(&r->per_policy[p], arena, &r->policies[p]->sources);
        r->per_policy[p].limit = 100000;
        r->per_policy[p].words = r->words;
        memcpy(r->per_policy[p].allowed, r->policies[p]->diags.allowed, sizeof r->per_policy[p].allowed);
    }
}

attain_status at_api_session_call(attain_session *session, const attain_watch *watch,
                                  attain_status (*work)(void *context), void *context) {
    if (!session || !session->ready) return ATTAIN_USAGE;
    begin_call(session);
    at_api_own_watch(&session->r.own, watch);
    attain_status status = at_api_own_run(&session->r.own, work, context);
    if (status == ATTAIN_OK) return status;
    at_api_results_clear(&session->r);
    for (uint32_t p = 0; p < session->r.n_policies; p++)
        at_table_dataset_forget_scan(session->policies[p].data);
    return status;
}

attain_status at_api_session_run_all(void *context) {
    attain_session *session = context;
    struct at_api_job *job = &session->job;
    const struct at_api_session_params *params = &session->params[session->current];
    attain_status worst = ATTAIN_OK;
    for (uint32_t p = 0; p < session->r.n_policies; p++) {
        const struct at_api_session_policy *own = &session->policies[p];
        const struct at_api_version version = at_api_policy_version(session->r.policies[p]);
        enum at_status status = at_api_job_run(job, p, &version, params->plans[p], own->data, own->from,
                                               own->through, &job->runs[p]);
        if (status == AT_CANCELLED || status == AT_NOMEM)
            return at_api_status_public(status, ATTAIN_BAD_DATA);
        uint64_t errors = session->r.per_policy[p].errors;
        if (session->options.strict) at_diag_list_raise(&session->r.per_policy[p]);
        if (status == AT_OK && session->r.per_policy[p].errors > errors) status = AT_REJECTED;
        if (status == AT_IO || worst == ATTAIN_OK) worst = at_api_status_public(status, ATTAIN_BAD_DATA);
    }
    if (worst == ATTAIN_OK) worst = at_api_job_join(job);
    at_api_job_end(job, worst);
    return worst;
}

attain_status attain_session_run(attain_session *session, const attain_watch *watch,
                                 attain_results **results) {
    if (!results) return ATTAIN_USAGE;
    *results = NULL;
    attain_status status = at_api_session_call(session, watch, at_api_session_run_all, session);
    if (status == ATTAIN_OK) *results = &session->r;
    return status;
}

/* Runs without the guard, so nothing in it may ask for memory. */
attain_status attain_session_undo(attain_session *session) {
    if (!session || !session->ready) return ATTAIN_USAGE;
    begin_call(session);
    session->current = session->base;
    for (uint32_t p = 0; p < session->r.n_policies; p++)
        at_table_edits_undo(session->policies[p].edits);
    return ATTAIN_OK;
}

attain_status attain_session_keep(attain_session *session) {
    if (!session || !session->ready) return ATTAIN_USAGE;
    begin_call(session);
    session->base = session->current;
    for (uint32_t p = 0; p < session->r.n_policies; p++)
        at_table_edits_keep(session->policies[p].edits);
    return ATTAIN_OK;
}
