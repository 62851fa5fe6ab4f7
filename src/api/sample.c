/* api/sample.c: runs a policy with a number in place of what is varied. */
#include "api/sample.h"

/* A run leaves nothing behind, and reports nothing: the run of the data has. */
struct sampling {
    const struct at_api_sampling *of;
    struct attain_results r; /* its arena is emptied after each run */
    struct at_api_job job;
    attain_run_options options;
    struct at_diag_list *diags; /* of the data, for the time of the samples */
};

static void free_arena(void *arena) {
    at_arena_free(arena);
}

static struct sampling *begin(const struct at_api_sampling *of) {
    struct at_arena *arena = &of->job->r->own.arena;
    struct sampling *s = AT_NEW(arena, struct sampling);
    s->of = of;
    at_arena_init_beside(&s->r.own.arena, arena);
    at_arena_defer(arena, free_arena, &s->r.own.arena);
    s->options = *of->job->options;
    s->options.on_bad_row = NULL;
    s->r.policies = of->job->r->policies;
    s->r.n_policies = of->job->r->n_policies;
    return s;
}

/* ---- one number */

/* The plan with the param at x; NULL: the policy cannot have that value. */
static const struct at_plan *plan_at(struct sampling *s, at_num x) {
    const struct at_api_sampling *of = s->of;
    const struct attain_policy *policy = s->r.policies[of->policy];
    struct at_arena *arena = &s->r.own.arena;
    if (of->vary->kind != AT_VARY_PARAM) return of->plan;
    struct at_plan_setting *settings =
        AT_NEW_ARRAY(arena, struct at_plan_setting, s->options.setting_count + 2);
    struct at_plan *plan = NULL;
    uint32_t n = 0;
    if (!at_api_job_settings(&s->job, policy, arena, settings, &n)) return NULL;
    struct at_plan_setting *at = &settings[n++];
    *at = (struct at_plan_setting){.name = of->vary->name};
    at->value.type = of->vary->type;
    at_plan_value_put_num(&at->value, x);
    struct at_diag_list *diags = &s->r.arguments;
    return at_plan_lower(policy->checked, settings, n, arena, diags, &plan) == AT_OK ? plan : NULL;
}

/* The pay of the curves in the plan of a run: plans of other values of a param have other nodes. */
static uint32_t pay_node(const struct at_api_sampling *of, const struct at_plan *plan) {
    if (of->each->pay == of->plan->total) return plan->total;
    for (uint32_t c = 0; c < plan->n_components; c++)
        if (of->plan->components[c].value == of->each->pay) return plan->components[c].value;
    return of->each->pay;
}

/* The column of the field with x in place of the value of the row. */
static struct at_col column_at(struct sampling *s, const struct at_col *col, uint32_t row, at_num x) {
    struct at_arena *arena = &s->r.own.arena;
    struct at_col made = {.form = AT_COL_NUM, .n = col->n};
    made.num = at_arena_get(arena, ((size_t)col->n + 1) * sizeof *made.num);
    for (uint32_t i = 0; i < col->n; i++)
        made.num[i] = at_col_num(col, i);
    made.num[row] = x;
    if (!col->state) return made;
    made.state = at_arena_get(arena, ((size_t)col->n + 1) * sizeof *made.state);
    for (uint32_t i = 0; i < col->n; i++)
        made.state[i] = at_col_state(col, i);
    made.state[row] = AT_STATE_OK;
    return made;
}

static enum at_status run_at(struct sampling *s, uint32_t payee, at_num x, struct at_session_run **out) {
    const struct at_api_sampling *of = s->of;
    struct at_arena *arena = &s->r.own.arena;
    struct at_table_dataset *data = of->run->data;
    const struct at_api_version version = at_api_policy_version(s->r.policies[of->policy]);
    const struct at_settle_assumed assumed = {of->each->vary, payee, of->each->period, x};
    at_api_job_make_lists(&s->r);
    s->job = (struct at_api_job){.r = &s->r,
                                 .data = of->job->data,
                                 .options = &s->options,
                                 .watch = of->job->watch,
                                 .any_helping = true,
                                 .assumed = of->vary->kind == AT_VARY_MEASURE ? &assumed : NULL};
    const struct at_plan *plan = plan_at(s, x);
    if (!plan) return AT_REJECTED;
    struct at_diag_list *told = data->diags;
    struct at_col *field = NULL, kept;
    data->diags = &s->r.per_policy[of->policy];
    if (of->vary->kind == AT_VARY_FIELD) {
        const struct at_schema *schema = data->tables[of->vary->index].schema;
        int64_t row = at_table_dataset_find(data, of->vary->index, schema->key, of->vary->key);
        field = &data->tables[of->vary->index].cols[of->vary->field];
        kept = *field;
        *field = column_at(s, &kept, (uint32_t)row, x);
    }
    enum at_status status =
        at_api_job_run(&s->job, of->policy, &version, at_session_prepare(plan, true, arena), data, of->from,
                       of->through, out);
    if (field) *field = kept;
    data->diags = told;
    return status;
}

/* What the run pays the payee at x. A run that is refused pays nothing that is known. */
static enum at_status sample(struct sampling *s, uint32_t payee, at_num x, struct at_curve_sample *out) {
    struct at_arena *arena = &s->of->job->r->own.arena;
    struct at_session_run *run = NULL;
    *out = (struct at_curve_sample){.x = at_num_copy(arena, x), .pay = at_num_int(0)};
    enum at_status status = run_at(s, payee, x, &run);
    struct at_curve_options each = *s->of->each;
    at_num pay;
    if (status == AT_OK) each.pay = pay_node(s->of, run->plan);
    if (status == AT_OK) out->known = at_curve_paid(run, &each, payee, &s->r.own.arena, &pay);
    if (out->known) out->pay = at_num_copy(arena, pay);
    at_arena_free(&s->r.own.arena);
    return status == AT_CANCELLED ? status : AT_OK;
}

/* ---- all of them */

static uint32_t count(const struct at_curve_shapes *shapes, unsigned n) {
    uint32_t all = 0;
    for (uint32_t i = 0; i < shapes->n; i++)
        all += shapes->at[i].kind == AT_CURVE_NOT ? n : 0;
    return all;
}

/* Both ends, and numbers at equal distances between them, in whole cents. */
static at_num number_at(const struct at_api_sampling *of, const struct at_curve_shape *shape, unsigned i) {
    struct at_arena *arena = &of->job->r->own.arena;
    if (i + 1 == of->n) return shape->high;
    at_num length = at_num_sub(arena, shape->high, shape->low), part = at_num_int(i);
    part = at_num_div(arena, at_num_mul(arena, length, part), at_num_int(of->n - 1));
    bool money = of->vary->type.kind == AT_T_MONEY;
    return at_num_round(arena, at_num_add(arena, shape->low, part), money ? 2 : 4, AT_ROUND_HALF_UP);
}

static enum at_status sample_curve(struct sampling *s, struct at_curve_shared *shared) {
    const struct at_api_sampling *of = s->of;
    struct at_arena *arena = &of->job->r->own.arena;
    uint32_t n = count(&shared->shapes, of->n);
    if (n == 0 || shared->n_payees == 0) return AT_OK;
    shared->samples = AT_NEW_ARRAY(arena, struct at_curve_sample, n);
    for (uint32_t i = 0; i < shared->shapes.n; i++) {
        const struct at_curve_shape *shape = &shared->shapes.at[i];
        for (unsigned k = 0; shape->kind == AT_CURVE_NOT && k < of->n; k++) {
            enum at_status status =
                sample(s, shared->payees[0], number_at(of, shape, k), &shared->samples[shared->n_samples++]);
            if (status != AT_OK) return status;
        }
    }
    return AT_OK;
}

enum at_status at_api_sample(const struct at_api_sampling *sampling, struct at_curve_many *many) {
    struct sampling *s = begin(sampling);
    for (uint32_t i = 0; i < many->n_curves; i++) {
        at_watch_show(sampling->job->watch, AT_WATCH_EXPLAIN, (at_str){0}, i, many->n_curves);
        enum at_status status = sample_curve(s, &many->curves[i]);
        if (status != AT_OK) return status;
    }
    return AT_OK;
}
