/* api/run.c: attain_run: converts arguments, runs each policy, and joins the runs into one list of results.
 * Nothing is paid if anything failed.
 */
#include "api/run.h"
#include "api/argument.h"
#include "base/map.h"
#include "depend/depend.h"

#define FREE(results) at_api_handle_free((results), sizeof(struct attain_results))

/* ---- arguments, which may fit any of the policies */

/* Returns whether the policy has the table. Otherwise, remembers the nearest name. */
static bool knows_table(const struct attain_policy *policy, at_str name, struct at_str_nearest *nearest) {
    for (uint32_t i = 0; i < policy->checked->n_schemas; i++) {
        at_str table = policy->checked->schemas[i].name;
        if (at_str_eq(table, name)) return true;
        at_str_nearest_try(nearest, table);
    }
    return false;
}

static void suggest(struct at_diag *diag, const struct at_str_nearest *nearest) {
    if (nearest->best.n) at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(nearest->best));
}

/* A binding may be for one policy only, so it is an error only if no policy has its table. */
static void check_bindings(struct at_api_job *job) {
    for (uint32_t i = 0; job->data && i < job->data->n_bindings; i++) {
        at_str name = job->data->bindings[i].table;
        struct at_str_nearest nearest = {.wanted = name};
        bool known = false;
        for (uint32_t p = 0; p < job->r->n_policies; p++)
            known |= knows_table(job->r->policies[p], name, &nearest);
        if (!known)
            suggest(at_diag_add(&job->r->arguments, AT_A0902, (at_span){0}, "unknown table `%.*s`",
                                AT_STR_ARG(name)),
                    &nearest);
    }
}

static void check_settings(struct at_api_job *job) {
    for (size_t i = 0; i < job->options->setting_count; i++) {
        const attain_setting *setting = &job->options->settings[i];
        at_str name = at_str_z(setting->name ? setting->name : "");
        bool known = false;
        for (uint32_t p = 0; p < job->r->n_policies; p++)
            known |= at_api_setting_known(job->r->policies[p], name, &job->r->own.arena);
        if (!known) at_api_unknown_param(&job->r->arguments, job->r->policies, job->r->n_policies, name);
    }
}

/* Lists show errors in data in the language of the options. */
static void check_language(struct at_api_job *job) {
    struct attain_results *r = job->r;
    r->words = at_api_language(&r->arguments, job->options->language);
    for (uint32_t i = 0; i < r->list.n_lists; i++)
        r->list.lists[i]->words = r->words;
}

void at_api_job_check_arguments(struct at_api_job *job) {
    check_language(job);
    check_bindings(job);
    check_settings(job);
}

/* ---- one policy: its plan, its periods, its data */

/* The setting that means the param most closely; NULL: none. */
static const attain_setting *setting_of(const struct at_api_job *job, const struct attain_policy *policy,
                                        at_str param) {
    const attain_setting *best = NULL;
    uint32_t closest = 0;
    for (size_t i = 0; i < job->options->setting_count; i++) {
        const attain_setting *setting = &job->options->settings[i];
        uint32_t close = at_api_setting_means(policy, at_str_z(setting->name), param, &job->r->own.arena);
        if (close > closest) best = setting;
        if (close > closest) closest = close;
    }
    return best;
}

bool at_api_job_settings(struct at_api_job *job, const struct attain_policy *policy, struct at_arena *arena,
                         struct at_plan_setting *out, uint32_t *n) {
    *n = 0;
    for (uint32_t p = 0; job->options->setting_count && p < policy->checked->n_params; p++) {
        at_str name = policy->checked->params[p]->name;
        const attain_setting *setting = setting_of(job, policy, name);
        if (!setting) continue;
        at_str text = at_str_z(setting->value ? setting->value : "");
        out[*n].name = name;
        if (at_api_setting_value(arena, text, policy->checked->currency, &out[*n].value)) {
            if (!policy->diags.allowed[AT_A0983])
                at_api_check_percent(&job->r->arguments, policy->checked, name, text, &out[*n].value);
            ++*n;
            continue;
        }
        at_api_bad_setting(&job->r->arguments, policy->checked, name, text);
        return false;
    }
    return true;
}

static enum at_status plan_of(struct at_api_job *job, uint32_t p, const struct at_plan **out) {
    const struct attain_policy *policy = job->r->policies[p];
    struct at_arena *arena = &job->r->own.arena;
    struct at_plan_setting *settings =
        AT_NEW_ARRAY(arena, struct at_plan_setting, policy->checked->n_params + 1);
    struct at_plan *plan = policy->plan;
    uint32_t n = 0;
    enum at_status status = AT_OK;
    if (!at_api_job_settings(job, policy, arena, settings, &n)) return AT_REJECTED;
    if (n > 0) status = at_plan_lower(policy->checked, settings, n, arena, &job->r->arguments, &plan);
    /* A param may decide a choice otherwise. */
    if (status == AT_OK && n > 0 && !at_depend_check(plan, arena, &job->r->per_policy[p])) return AT_REJECTED;
    if (status == AT_OK && job->measures) plan = at_plan_with_measures(plan, arena);
    if (status == AT_OK && job->filter.by_deal) plan = at_plan_with_deals(plan, arena);
    *out = plan;
    return status;
}

static attain_status run_one(struct at_api_job *job, uint32_t p) {
    const struct attain_policy *policy = job->r->policies[p];
    const struct at_plan *plan = NULL;
    at_period from, through;
    enum at_status status = plan_of(job, p, &plan);
    if (job->options->strict) at_diag_list_raise(&job->r->arguments);
    if (status == AT_OK && job->r->arguments.errors) status = AT_REJECTED;
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_USAGE);
    if (!at_api_periods_of(job, policy->checked, &from, &through)) return ATTAIN_USAGE;
    const struct at_api_version version = at_api_policy_version(policy);
    struct at_table_dataset *data = at_api_job_dataset(job, p, job->data, &version);
    status = at_api_job_execute(job, p, &version, plan, data, from, through, &job->runs[p]);
    if (status == AT_OK && job->options->shapes) status = at_api_shapes(job, p, job->runs[p]);
    if (status == AT_OK && job->options->disclosures) at_api_disclosures(job, p, job->runs[p]);
    bool more = job->options->shapes || job->options->disclosures;
    if (job->options->strict && more) at_diag_list_raise(&job->r->per_policy[p]);
    if (status == AT_OK && more && job->options->strict && job->r->per_policy[p].errors) status = AT_REJECTED;
    return at_api_status_public(status, ATTAIN_BAD_DATA);
}

/* ---- all of them */

/* The first status that matters most to the caller: what stops at once, then the worst that was found. */
static attain_status run_all(struct at_api_job *job) {
    attain_status worst = ATTAIN_OK;
    at_api_job_check_arguments(job);
    if (job->r->arguments.errors) return ATTAIN_USAGE;
    at_api_job_check_tables(job);
    if (job->r->arguments.errors) return ATTAIN_BAD_POLICY;
    for (uint32_t p = 0; p < job->r->n_policies; p++) {
        attain_status status = run_one(job, p);
        if (status == ATTAIN_CANCELLED || status == ATTAIN_NO_MEMORY || status == ATTAIN_USAGE) return status;
        if (status == ATTAIN_IO || worst == ATTAIN_OK) worst = status;
    }
    return worst;
}

static at_str days_said(struct at_arena *arena, const struct at_session_result_days *days) {
    at_str from = at_date_print(arena, days->from), to = at_date_print(arena, days->to);
    if (days->from == AT_DATE_MIN && days->to == AT_DATE_MAX) return AT_STR("on every day");
    if (days->to == AT_DATE_MAX) return at_str_format(arena, "from %.*s on", AT_STR_ARG(from));
    if (days->from == days->to) return at_str_format(arena, "on %.*s", AT_STR_ARG(from));
    return at_str_format(arena, "from %.*s to %.*s", AT_STR_ARG(from), AT_STR_ARG(to));
}

/* Whether the policy pays the days of the other one, too, because it continues it. */
static bool continues(const struct attain_policy *policy, at_str name) {
    const struct at_ast *ast = policy->parsed ? policy->parsed->before : NULL;
    for (; ast; ast = ast->before) {
        const struct at_ast_node *header = at_ast_child(ast->files[0], AT_N_POLICY);
        if (header && at_str_eq(header->text, name)) return true;
    }
    return false;
}

/* One message for all payees: the first is named, and a few of the others. */
static void report_twice(struct at_api_job *job) {
    const struct at_session_results *results = &job->r->results;
    struct at_arena *arena = &job->r->own.arena;
    const struct at_session_result_days *days = results->twice;
    at_str key = results->payees[days->payee].key, when = days_said(arena, days);
    at_str first = results->runs[days->first].checked->name,
           second = results->runs[days->second].checked->name;
    struct at_diag *diag =
        at_diag_add(&job->r->arguments, AT_A0908, (at_span){0},
                    "payee `%.*s` is covered by two policies, \"%.*s\" and \"%.*s\", %.*s", AT_STR_ARG(key),
                    AT_STR_ARG(first), AT_STR_ARG(second), AT_STR_ARG(when));
    enum { MOST = 5 };
    for (uint32_t i = 1; i < results->n_twice && i <= MOST; i++) {
        at_str other = results->payees[results->twice[i].payee].key;
        when = days_said(arena, &results->twice[i]);
        at_diag_note(diag, "also `%.*s` %.*s", AT_STR_ARG(other), AT_STR_ARG(when));
    }
    if (results->n_twice > MOST + 1) at_diag_note(diag, "and %u more", results->n_twice - MOST - 1);
    const struct attain_policy *a = job->r->policies[days->first], *b = job->r->policies[days->second];
    if (continues(a, second) || continues(b, first)) {
        const struct attain_policy *last = continues(a, second) ? a : b;
        at_diag_help(diag, "run `%.*s` alone: it continues the other one, and pays its days, too",
                     AT_STR_ARG(last->name));
        return;
    }
    at_diag_help(
        diag,
        "limit each policy to its payees: `applies to %.*s where …`, or to its days: `effective from … to …`",
        AT_STR_ARG(results->runs[0].checked->schemas[results->runs[0].checked->payee_table].name));
}

/* Amounts of one payee are added, and amounts of two currencies cannot be. */
static void check_currencies(struct at_api_job *job) {
    const struct at_session_results *results = &job->r->results;
    for (uint32_t i = 0; i < results->n_payees && results->n_totals > 1; i++) {
        int32_t first = results->payees[i].run;
        for (uint32_t run = first < 0 ? results->n_runs : (uint32_t)first + 1; run < results->n_runs; run++) {
            const struct at_check_policy *a = results->runs[first].checked, *b = results->runs[run].checked;
            if (!at_session_results_cover(results, run, i) || a->currency == b->currency) continue;
            at_str key = results->payees[i].key;
            struct at_diag *diag =
                at_diag_add(&job->r->arguments, AT_A1201, (at_span){0},
                            "payee `%.*s` is covered by policies in two currencies, \"%.*s\" and \"%.*s\"",
                            AT_STR_ARG(key), AT_STR_ARG(a->name), AT_STR_ARG(b->name));
            at_diag_help(diag, "run each policy alone");
            return;
        }
    }
}

/* Runs after the policies, because only the data has the payees. One payee must not be paid by two
 * policies for one day. */
static attain_status check_payees(struct at_api_job *job) {
    const struct at_session_results *results = &job->r->results;
    struct at_map known;
    at_map_init(&known, &job->r->own.arena);
    for (uint32_t k = 0; job->filter.n_payees && k < results->n_payees; k++)
        at_map_put(&known, results->payees[k].key, job);
    struct at_api_people people = {0};
    for (uint32_t i = 0; i < job->filter.n_payees; i++) {
        if (at_map_get(&known, job->filter.payees[i])) continue;
        if (!people.keys) people = at_api_people_of(&job->r->own.arena, results);
        at_api_unknown_payee(&job->r->arguments, &people, job->filter.payees[i]);
    }
    if (job->r->arguments.errors) return ATTAIN_USAGE;
    if (results->n_twice > 0) {
        report_twice(job);
        job->r->refused = AT_NEW(&job->r->own.arena, struct at_session_results);
        *job->r->refused = *results;
    } else
        check_currencies(job);
    return job->r->arguments.errors ? ATTAIN_BAD_POLICY : ATTAIN_OK;
}

void at_api_job_make_filter(struct at_api_job *job) {
    struct at_arena *arena = &job->r->own.arena;
    const attain_run_options *options = job->options;
    at_str *payees = AT_NEW_ARRAY(arena, at_str, options->payee_count + 1);
    for (size_t i = 0; i < options->payee_count; i++)
        payees[i] = at_str_copy(arena, at_str_trim(at_str_z(options->payees[i] ? options->payees[i] : "")));
    job->filter.payees = options->payees ? payees : NULL;
    job->filter.n_payees = options->payees ? (uint32_t)options->payee_count : 0;
    job->filter.zeros = options->zeros;
    job->filter.by_deal = options->by_deal;
}

void at_api_job_make_lists(struct attain_results *r) {
    struct at_arena *arena = &r->own.arena;
    at_diag_list_init(&r->arguments, arena, NULL);
    r->per_policy = AT_NEW_ARRAY(arena, struct at_diag_list, r->n_policies);
    r->list.lists = AT_NEW_ARRAY(arena, struct at_diag_list *, r->n_policies + 1);
    r->list.n_lists = 0; /* versions in between are run with the same results, one after another */
    r->list.lists[r->list.n_lists++] = &r->arguments;
    for (uint32_t i = 0; i < r->n_policies; i++) {
        at_diag_list_init(&r->per_policy[i], arena, &r->policies[i]->sources);
        r->per_policy[i].limit = 100000;
        memcpy(r->per_policy[i].allowed, r->policies[i]->diags.allowed, sizeof r->per_policy[i].allowed);
        r->list.lists[r->list.n_lists++] = &r->per_policy[i];
    }
}

/* Written once, because several threads may read results at the same time. */
static struct at_api_reason_text write_reason(struct at_arena *arena, const struct at_words_reason *why) {
    const struct at_words *english = at_words_find(AT_STR("en"));
    struct at_api_reason_text out = {.text = at_words_reason_plain(arena, why)};
    for (size_t k = 0; k < AT_COUNT(why->operand); k++) {
        if (why->operand[k].kind == AT_OPERAND_NONE) continue; /* its place stays empty */
        out.operand[k] =
            at_words_sentence_plain(arena, at_words_write_operand(arena, english, &why->operand[k]));
        out.n = (uint32_t)k + 1;
    }
    return out;
}

static void write_reasons(struct attain_results *r) {
    const struct at_session_results *results = &r->results;
    struct at_arena *arena = &r->own.arena;
    r->reasons = AT_NEW_ARRAY(arena, struct at_api_reasons, results->n_withheld + 1);
    for (uint32_t i = 0; i < results->n_withheld; i++) {
        const struct at_settle_withheld_cell *cell = results->withheld[i].cell;
        const struct at_session_run *run = results->runs[results->withheld[i].run].run;
        const struct at_gather_exception *e = &run->exceptions[cell->exception];
        struct at_api_reasons *reasons = &r->reasons[i];
        reasons->first = e;
        reasons->n = 1;
        while (cell->exception + reasons->n < run->n_exceptions && e[reasons->n].payee == cell->payee &&
               e[reasons->n].period == cell->period && cell->period != UINT32_MAX)
            reasons->n++;
        reasons->texts = AT_NEW_ARRAY(arena, struct at_api_reason_text, reasons->n);
        for (uint32_t k = 0; k < reasons->n; k++)
            reasons->texts[k] = write_reason(arena, &e[k].why);
    }
}

attain_status at_api_job_join(struct at_api_job *job) {
    struct attain_results *r = job->r;
    at_session_results_make(&r->results, job->runs, r->n_policies, &job->filter, &r->own.arena);
    if (r->n_policies > 1) r->results.rows_left_out = at_api_job_rows_left_out(job);
    write_reasons(r);
    return check_payees(job);
}

void at_api_job_end(struct at_api_job *job, attain_status status) {
    struct attain_results *r = job->r;
    r->done = status == ATTAIN_OK;
    for (uint32_t i = 0; i < r->list.n_lists; i++)
        at_diag_list_sort(r->list.lists[i]);
    at_api_job_drop_repeated(r);
}

static attain_status run_inside(struct at_api_job *job) {
    struct attain_results *r = job->r;
    at_api_job_make_lists(r);
    if (!AT_RESERVED_CLEAR(job->options)) return at_api_refuse_reserved(&r->arguments, "attain_run_options");
    for (uint32_t i = 0; i < r->n_policies; i++)
        if (!r->policies[i]->plan) return ATTAIN_BAD_POLICY;
    job->runs = AT_NEW_ARRAY(&r->own.arena, struct at_session_run *, r->n_policies);
    at_api_job_make_filter(job);
    attain_status status = run_all(job);
    if (status == ATTAIN_OK) status = at_api_job_join(job);
    at_api_job_end(job, status);
    return status;
}

/* A call that was stopped can have left half of them. */
void at_api_results_clear(struct attain_results *r) {
    r->done = false;
    r->results = (struct at_session_results){0};
}

struct running {
    struct at_api_job job;
    attain_policy *const *policies;
    size_t n;
};

attain_status at_api_job_pay(struct at_api_job *job, attain_policy *const *policies, size_t n) {
    struct attain_results *r = job->r;
    r->policies = AT_NEW_ARRAY(&r->own.arena, struct attain_policy *, n);
    for (size_t i = 0; i < n; i++)
        r->policies[r->n_policies++] = attain_policy_retain(policies[i]);
    return run_inside(job);
}

static attain_status hold_and_run(void *context) {
    struct running *running = context;
    return at_api_job_pay(&running->job, running->policies, running->n);
}

attain_status attain_run(attain_policy *const *policies, size_t policy_count, const attain_data *data,
                         const attain_run_options *options, attain_results **out) {
    static const attain_run_options defaults = {0};
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!policies || policy_count == 0 || policy_count > 10000) return ATTAIN_USAGE;
    for (size_t i = 0; i < policy_count; i++)
        if (!policies[i]) return ATTAIN_USAGE;
    struct attain_results *r = at_api_handle_new(options ? options->allocator : NULL, sizeof *r);
    if (!r) return ATTAIN_NO_MEMORY;
    at_api_own_limit(&r->own, options ? options->max_memory : 0);
    if (!options) options = &defaults;
    at_api_own_watch(&r->own, options->watch);
    struct running running = {
        .job = {.r = r, .data = data, .options = options, .watch = &r->own.watch, .pays = true},
        .policies = policies,
        .n = policy_count};
    attain_status status = at_api_own_run(&r->own, hold_and_run, &running);
    if (at_api_lacked_memory(status)) {
        attain_results_free(r);
        return status;
    }
    if (status != ATTAIN_OK) at_api_results_clear(r);
    *out = r;
    return status;
}

void attain_results_free(attain_results *results) {
    if (!results) return;
    for (uint32_t i = 0; i < results->n_policies; i++)
        attain_policy_release(results->policies[i]);
    at_api_results_forget_shown(results);
    at_api_results_forget_held(results);
    FREE(results);
}
