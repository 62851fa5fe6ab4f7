/* api/versions.c: implements versions.h. */
#include "api/versions.h"
#include "diff/import.h"

static void free_arena(void *arena) {
    at_arena_free(arena);
}

/* The nodes of both versions are in one source map, those of the policy first, as `sides` requires. */
static bool find_edits(struct at_api_versions *v) {
    struct at_arena *arena = &v->r.own.arena;
    struct at_ast *ast[2];
    at_diag_sources_init(&v->sources, arena);
    v->sides = (struct at_api_sides){{v->policies[0], v->policies[1]}, &v->sources, 0};
    for (int s = 0; s < 2; s++) {
        if (!(ast[s] = at_diff_import(&v->sources, v->policies[s]->ast, arena))) return false;
        if (s == 0) v->sides.n_first = v->sources.n_files;
    }
    v->found = at_diff_edits_find(ast[0], ast[1], arena);
    at_diff_edits_find_files(v->found, at_api_sides_load_whole, &v->sides, arena);
    return true;
}

/* ---- one edit */

static struct at_plan_setting *settings_of(struct at_api_versions *v, const struct at_check_policy *checked,
                                           uint32_t *n) {
    struct at_arena *arena = &v->r.own.arena;
    const struct attain_policy *policy = v->policies[0];
    struct at_plan_setting *all = AT_NEW_ARRAY(arena, struct at_plan_setting, policy->checked->n_params + 1),
                           *out = AT_NEW_ARRAY(arena, struct at_plan_setting, policy->checked->n_params + 1);
    uint32_t n_all = 0;
    *n = 0;
    if (!at_api_job_settings(&v->job, policy, arena, all, &n_all)) return out;
    for (uint32_t i = 0; i < n_all; i++)
        for (uint32_t p = 0; p < checked->n_params; p++)
            if (at_str_eq(checked->params[p]->name, all[i].name)) out[(*n)++] = all[i];
    return out;
}

/* NULL: the edit is not valid alone. */
static struct at_plan *plan_of(struct at_api_versions *v, uint32_t edit) {
    struct at_arena *arena = &v->r.own.arena;
    bool *chosen = AT_NEW_ARRAY(arena, bool, v->found->n + 1);
    struct at_diag_list *diags = AT_NEW(arena, struct at_diag_list);
    struct at_check_policy *checked = NULL;
    struct at_plan *plan = NULL;
    const struct at_check_policy *own = v->policies[0]->checked;
    chosen[edit] = true;
    struct at_ast *ast = at_diff_edits_apply(v->found, chosen, arena);
    at_diag_list_init(diags, arena, ast->sources);
    if (at_check(ast, arena, diags, at_api_sides_load, &v->sides, &checked) != AT_OK) return NULL;
    if (checked->currency != own->currency || !at_calendar_same_periods(&checked->calendar, &own->calendar))
        return NULL;
    uint32_t n;
    struct at_plan_setting *settings = settings_of(v, checked, &n);
    if (at_plan_lower(checked, settings, n, arena, diags, &plan) != AT_OK) return NULL;
    plan->n_requires = 0; /* a version that pays no one need not meet them */
    return plan;
}

static enum at_status run(struct at_api_versions *v, const struct at_plan *plan,
                          struct at_session_run **out) {
    struct at_arena *arena = &v->r.own.arena;
    struct at_watch *watch = v->job.watch;
    struct at_diag_list *diags = AT_NEW(arena, struct at_diag_list);
    struct at_diag_sources kept = v->sources;
    struct at_lua_files *lua = NULL;
    const struct at_api_session_policy *own = &v->ask->session->policies[v->policy];
    struct at_api_version version = {
        .checked = plan->checked, .sources = &v->sources, .beside = v->policies[0]};
    at_diag_list_init(diags, arena, &v->sources);
    enum at_status status =
        at_lua_load(plan->checked, &v->sources, arena, diags, at_api_sides_load, &v->sides, watch, &lua);
    v->sources = kept; /* without the Lua files of this version */
    if (status != AT_OK) return status;
    version.lua = lua;
    struct at_table_dataset *tables = at_api_job_dataset(&v->job, v->policy, v->data, &version);
    return at_api_job_execute(&v->job, v->policy, &version, plan, tables, own->from, own->through, out);
}

/* ---- payouts */

static bool pay(void *context, uint32_t edit, const struct at_answer_target *target, at_i128 *out) {
    struct at_api_versions *v = context;
    const struct at_session_run *run = v->runs[edit];
    const struct at_session_result_run *own = &v->ask->session->r.results.runs[v->policy];
    struct at_answer_target there = *target;
    *out = 0;
    if (!run || target->run != v->policy) return false;
    const struct at_check_policy *checked = run->plan->checked;
    int64_t row = at_table_dataset_find(run->data, (uint32_t)checked->payee_table,
                                        checked->schemas[checked->payee_table].key, own->keys[target->payee]);
    if (row < 0) return true; /* no one pays the payee */
    there.payee = (uint32_t)row;
    if (target->component >= 0) {
        at_str name = own->run->plan->components[target->component].name;
        there.component = INT32_MAX;
        for (uint32_t c = 0; c < run->plan->n_components; c++)
            if (at_str_eq(run->plan->components[c].name, name)) there.component = (int32_t)c;
    }
    return at_answer_pay(run, &there, out);
}

static const struct at_session_run *run_of(void *context, uint32_t edit) {
    return ((struct at_api_versions *)context)->runs[edit];
}

/* ---- all of them */

static enum at_status run_all(struct at_api_versions *v) {
    struct at_arena *arena = &v->r.own.arena;
    v->edits = AT_NEW_ARRAY(arena, const struct at_diff_edit *, v->found->n + 1);
    v->runs = AT_NEW_ARRAY(arena, struct at_session_run *, v->found->n + 1);
    v->answers = (struct at_answer_versions){
        .edits = v->edits, .pay = pay, .run = run_of, .policy = v->policy, .context = v};
    for (uint32_t i = 0; i < v->found->n; i++) {
        if (!v->found->at[i].pays) continue;
        at_watch_show(v->job.watch, AT_WATCH_VERSIONS, (at_str){0}, i, v->found->n);
        uint32_t at = v->answers.n;
        struct at_plan *plan = plan_of(v, i);
        v->edits[at] = &v->found->at[i];
        enum at_status status = plan ? run(v, plan, &v->runs[at]) : AT_REJECTED;
        if (status == AT_REJECTED)
            v->runs[at] = NULL;
        else if (status != AT_OK)
            return status;
        v->answers.n++;
    }
    at_watch_show(v->job.watch, AT_WATCH_VERSIONS, (at_str){0}, v->found->n, v->found->n);
    return AT_OK;
}

enum at_status at_api_versions_make(struct at_api_ask *ask, attain_policy *earlier, const attain_data *data,
                                    struct at_api_versions **out) {
    attain_session *session = ask->session;
    struct at_api_versions *v = AT_NEW(&ask->arena, struct at_api_versions);
    at_arena_init_beside(&v->r.own.arena, &ask->arena);
    at_arena_defer(&ask->arena, free_arena, &v->r.own.arena);
    *out = v;
    v->ask = ask;
    v->data = data;
    for (uint32_t p = session->r.n_policies; p-- > 0;)
        if (at_str_eq(session->r.policies[p]->name, earlier->name)) v->policy = p;
    v->policies[0] = session->r.policies[v->policy];
    v->policies[1] = earlier;
    v->options = session->options;
    v->options.on_bad_row = NULL;
    v->r.policies = session->r.policies; /* only looked at */
    v->r.n_policies = session->r.n_policies;
    at_api_job_make_lists(&v->r);
    v->job = (struct at_api_job){.r = &v->r,
                                 .data = data,
                                 .options = &v->options,
                                 .watch = &session->r.own.watch,
                                 .also = ask->also,
                                 .any_helping = true};
    const struct at_check_policy *a = v->policies[0]->checked, *b = earlier->checked;
    if (!earlier->plan || a->currency != b->currency ||
        !at_calendar_same_periods(&a->calendar, &b->calendar)) {
        at_diag_add(&session->r.arguments, AT_A0911, (at_span){0},
                    "cannot compare versions with different currencies or periods");
        return AT_REJECTED;
    }
    return find_edits(v) ? run_all(v) : AT_OK;
}
