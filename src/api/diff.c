/* api/diff.c: attain_diff_run: two policies over the same data, or over two sets of data, side by side.
 *
 * Both are copied into one source map and, where their tables are the same, merged into one plan, so that the
 * data is read once. Versions in between, for the attribution, are run the same way.
 */
#include "api/argument.h"
#include "api/run.h"
#include "api/sides.h"
#include "api/sources.h"
#include "depend/depend.h"
#include "diff/attribute.h"
#include "diff/cliff.h"
#include "diff/decision.h"
#include "diff/import.h"
#include "write/diff_decision.h"

struct attain_diff {
    struct attain_results r; /* first: its memory is the diff's; policies[0] is the old one */
    struct at_diag_sources sources;
    struct at_diff *diff;
    struct at_write_diff_stories *stories; /* NULL: none */
    at_str *subjects, *changes, *causes;   /* texts of the diff's edits and causes */
    at_str line, sentence;                 /* and of its decision */
    at_str *values, *wheres, *reasons, *risks;
};

enum { OLD, NEW };
enum { MOST_BYTES = 1 << 30 /* that the columns of one run of versions in between may take */ };

/* Intermediate versions run in a memory of their own, with lists of their own, and leave nothing behind. They
 * share nothing with the policies that changes: other threads may use these at the same time. */
struct between {
    struct attain_results r; /* its arena is emptied after each run */
    struct at_api_job job;
    attain_run_options options;
};

/* The state of one call. Index OLD or NEW selects the version, except that a merged run has one plan for
 * both. */
struct work {
    struct attain_diff *handle;
    attain_policy *policies[2]; /* the caller's */
    struct at_api_job job;
    const attain_data *data[2];
    const attain_diff_options *options;
    struct at_plan *plan[2];
    struct at_plan_setting *settings; /* of either version */
    uint32_t n_settings;
    bool begins, ends; /* periods were asked for: from, through */
    at_period from, through;
    struct at_diff_side sides[2];
    struct at_plan_map maps[2];
    struct at_api_sides files; /* the files of both versions, in handle->sources */
    struct between *between;
};

/* Settings are made in both versions, where they know them. */
static enum at_status lower(struct work *work, uint32_t p) {
    const struct attain_policy *policy = work->job.r->policies[p];
    struct at_arena *arena = &work->handle->r.own.arena;
    struct at_plan_setting *settings =
        AT_NEW_ARRAY(arena, struct at_plan_setting, policy->checked->n_params + 1);
    uint32_t n = 0;
    if (!at_api_job_settings(&work->job, policy, &work->job.r->own.arena, settings, &n)) return AT_REJECTED;
    for (uint32_t i = 0; i < n; i++)
        work->settings[work->n_settings++] = settings[i];
    work->plan[p] = policy->plan;
    if (n == 0) return AT_OK;
    enum at_status status =
        at_plan_lower(policy->checked, settings, n, arena, &work->job.r->arguments, &work->plan[p]);
    if (status == AT_OK && !at_depend_check(work->plan[p], arena, &work->job.r->per_policy[p]))
        return AT_REJECTED;
    return status;
}

/* If both versions have the same data, its default folder is that of the new one. */
static enum at_status execute(const struct work *work, struct at_api_job *job, uint32_t p,
                              struct at_api_version version, const struct at_plan *plan, int data,
                              struct at_session_run **out) {
    const struct attain_policy *beside = work->job.r->policies[work->data[OLD] == work->data[NEW] ? NEW : p];
    version.checked = plan->checked;
    version.beside = beside;
    struct at_table_dataset *tables = at_api_job_dataset(job, p, work->data[data], &version);
    at_period none = {.kind = AT_YEAR + 1};
    return at_api_job_execute(job, p, &version, plan, tables, work->begins ? work->from : none,
                              work->ends ? work->through : none, out);
}

/* Runs the versions as one merged plan if they read the same data and their tables agree. Otherwise, runs
 * one after the other. */
static enum at_status run_both(struct work *work) {
    struct at_arena *arena = &work->handle->r.own.arena;
    struct at_plan *merged = NULL;
    struct at_session_run *run = NULL;
    const struct at_plan *plans[2] = {work->plan[OLD], work->plan[NEW]};
    struct attain_policy *const *policies = work->job.r->policies;
    bool one_data = work->data[OLD] == work->data[NEW];
    if (one_data && at_plan_merge(plans, 2, 2, arena, &merged, work->maps)) {
        enum at_status status =
            execute(work, &work->job, NEW, at_api_policy_version(policies[NEW]), merged, NEW, &run);
        for (int s = 0; s < 2 && status == AT_OK; s++)
            work->sides[s] = at_diff_side_make(work->plan[s], run, &work->maps[s], work->ends);
        return status;
    }
    for (int s = 0; s < 2; s++) {
        enum at_status status = execute(work, &work->job, (uint32_t)s, at_api_policy_version(policies[s]),
                                        work->plan[s], s, &run);
        if (status != AT_OK) return status;
        work->sides[s] = at_diff_side_make(work->plan[s], run, NULL, work->ends);
    }
    return AT_OK;
}

/* ---- what is asked of the attribution */

/* Deferred in the arena of the diff, so that intermediate versions are freed if memory fails, too. */
static void free_arena(void *arena) {
    at_arena_free(arena);
}

/* The arena uses the guard and the watch of the diff. Bad rows were reported by the main runs, so
 * on_bad_row is not called again. */
static void make_between(struct work *work) {
    struct at_api_own *own = &work->handle->r.own;
    struct between *between = work->between = AT_NEW(&own->arena, struct between);
    at_arena_init_beside(&between->r.own.arena, &own->arena);
    at_arena_defer(&own->arena, free_arena, &between->r.own.arena);
    between->options = *work->job.options;
    between->options.on_bad_row = NULL;
}

/* An at_diff_attribution release function. Frees everything that the last intermediate run made. */
static void release_between(void *context) {
    at_arena_free(&((struct work *)context)->between->r.own.arena);
}

/* Runs a version that the attribution made, and sets *out to its results. They are valid until
 * release_between. */
static enum at_status run_between(void *context, const struct at_plan *plan, int data,
                                  struct at_session_run **out) {
    struct work *work = context;
    struct between *between = work->between;
    struct at_arena *arena = &between->r.own.arena;
    struct at_diag_list *diags = AT_NEW(arena, struct at_diag_list);
    struct at_diag_sources *sources = &work->handle->sources, kept = *sources;
    struct at_api_version version = {.checked = plan->checked, .sources = sources};
    struct at_lua_files *lua = NULL;
    between->r.policies = work->job.r->policies; /* only looked at: they belong to the diff */
    between->r.n_policies = work->job.r->n_policies;
    at_api_job_make_lists(&between->r);
    at_diag_list_init(&between->r.per_policy[NEW], arena, sources);
    between->job = (struct at_api_job){.r = &between->r,
                                       .data = work->job.data,
                                       .options = &between->options,
                                       .watch = work->job.watch,
                                       .any_helping = true};
    at_diag_list_init(diags, arena, sources);
    enum at_status status = at_lua_load(plan->checked, sources, arena, diags, at_api_sides_load, &work->files,
                                        work->job.watch, &lua);
    version.lua = lua;
    /* Loading added the Lua files of this version. The map of the diff must stay as it was. */
    *sources = kept;
    if (status == AT_OK) status = execute(work, &between->job, NEW, version, plan, data, out);
    if (status != AT_OK) release_between(work);
    if (status != AT_OK) *out = NULL;
    return status;
}

/* Imports both trees into one source map, because spans of both must be different. Old files come first:
 * at_api_sides requires it. Returns NULL if a tree cannot be imported. */
static struct at_diff_edits *find_edits(struct work *work) {
    struct at_arena *arena = &work->handle->r.own.arena;
    struct at_ast *ast[2];
    at_diag_sources_init(&work->handle->sources, arena);
    work->files = (struct at_api_sides){
        {work->job.r->policies[OLD], work->job.r->policies[NEW]}, &work->handle->sources, 0};
    for (int s = 0; s < 2; s++) {
        if (!(ast[s] = at_diff_import(&work->handle->sources, work->job.r->policies[s]->ast, arena)))
            return NULL;
        if (s == OLD) work->files.n_first = work->handle->sources.n_files;
    }
    struct at_diff_edits *edits = at_diff_edits_find(ast[OLD], ast[NEW], arena);
    at_diff_edits_find_files(edits, at_api_sides_load_whole, &work->files, arena);
    return edits;
}

/* Without the edits, the differences are still correct, so a version that cannot run is only a diagnostic.
 * */
static enum at_status attribute(struct work *work) {
    if (!work->options->attribution || !work->handle->diff->edits) return AT_OK;
    const struct at_diff_attribution how = {.load = at_api_sides_load,
                                            .load_context = &work->files,
                                            .run = run_between,
                                            .release = release_between,
                                            .context = work,
                                            .two_data = work->data[OLD] != work->data[NEW],
                                            .restricted = work->ends,
                                            .settings = work->settings,
                                            .n_settings = work->n_settings,
                                            .most_bytes = MOST_BYTES};
    enum at_status status = at_diff_attribute(work->handle->diff, &how);
    if (status == AT_REJECTED) { /* shown without it */
        at_diag_add(&work->job.r->arguments, AT_A0914, (at_span){0},
                    "cannot run the intermediate versions, so the effects of edits are not shown");
        return AT_OK;
    }
    return status;
}

static struct at_diff_tests tests_of(const attain_tests *tests, struct at_arena *arena) {
    struct at_diff_tests out = {
        (uint32_t)attain_tests_count(tests), (uint32_t)attain_tests_failed(tests), {0}};
    for (uint32_t i = 0; i < out.n && out.failed; i++) {
        attain_test_result test;
        if (attain_tests_get(tests, i, &test) != ATTAIN_OK || test.passed) continue;
        out.first = at_str_copy(arena, (at_str){test.name.bytes, (uint32_t)test.name.length});
        break;
    }
    return out;
}

static struct at_diff_gamed gamed_of(const attain_game *game) {
    attain_game_summary summary;
    struct at_diff_gamed out = {.known = game && attain_game_summary_get(game, &summary) == ATTAIN_OK};
    if (!out.known) return out;
    out.gain = summary.gain;
    out.pay = summary.pay;
    out.deals = summary.deals;
    out.gaining = summary.deals_gaining;
    return out;
}

static void refuse_limit(const struct work *work, at_str limit) {
    struct at_diag_list *diags = &work->job.r->arguments;
    struct at_diff_limit read;
    struct at_diag *d = NULL;
    switch (at_diff_limit_check(work->handle->diff, limit, &work->handle->r.own.arena, &read)) {
    case AT_LIMIT_FIELD:
        at_diag_add(diags, AT_A0929, (at_span){0}, "payees do not have a field `%.*s`",
                    AT_STR_ARG(read.field));
        break;
    case AT_LIMIT_PERIOD:
        at_diag_add(diags, AT_A0928, (at_span){0}, "the limit `%.*s` is not about a compared period",
                    AT_STR_ARG(read.text));
        break;
    case AT_LIMIT_MEASURE:
        at_diag_add(diags, AT_A0928, (at_span){0}, "the limit `%.*s` is not about a measure of money",
                    AT_STR_ARG(read.text));
        break;
    default:
        d = at_diag_add(diags, AT_A0928, (at_span){0}, "cannot read the limit `%.*s`", AT_STR_ARG(read.text));
        at_diag_help(d, "write it like `total > +3%%`, `any payee < -10%%`, or `withheld > 0`");
        break;
    }
}

/* The options in the form that diff/ takes. */
static bool decide(struct work *work, const struct at_diff_cliffs *cliffs) {
    const attain_diff_options *options = work->options;
    struct at_arena *arena = &work->handle->r.own.arena;
    struct at_diff_asked asked = {
        .n_limits = (uint32_t)options->limit_count, .cliffs = cliffs, .program = attain_version()};
    at_str *limits = AT_NEW_ARRAY(arena, at_str, options->limit_count + 1);
    for (size_t i = 0; i < options->limit_count; i++)
        limits[i] = at_str_z(options->limits[i] ? options->limits[i] : "");
    asked.limits = limits;
    if (options->by) asked.by = at_str_copy(arena, at_str_trim(at_str_z(options->by)));
    if (options->command) asked.command = at_str_copy(arena, at_str_z(options->command));
    if (options->sources)
        asked.files = at_api_sources(work->job.r->policies, work->sides, arena, &asked.n_files);
    for (int s = 0; s < 2; s++) {
        if (options->tests[s]) asked.tests[s] = tests_of(options->tests[s], arena);
        asked.games[s] = gamed_of(options->games[s]);
    }
    int64_t wrong = at_diff_decide(work->handle->diff, &asked);
    if (wrong < 0) return true;
    if (wrong < (int64_t)options->limit_count)
        refuse_limit(work, limits[wrong]);
    else
        at_diag_add(&work->job.r->arguments, AT_A0929, (at_span){0}, "payees do not have a field `%.*s`",
                    AT_STR_ARG(asked.by));
    return false;
}

/* A merged run is of no use here: explanations walk the plan of one version. */
static enum at_status explain(struct work *work) {
    uint64_t items = 0;
    struct at_session_run *run =
        work->sides[NEW].run ? (struct at_session_run *)(uintptr_t)work->sides[NEW].run : NULL;
    if (!work->options->explanations || !run) return AT_OK;
    for (uint32_t f = 0; f < run->plan->n_feeds; f++)
        /* With many rows, fewer payouts are explained, because each explanation reads rows again. */
        items += run->rows_credited[f];
    at_watch_show(work->job.watch, AT_WATCH_EXPLAIN, (at_str){0}, 0, 0);
    struct at_write_diff_stories *stories = at_write_diff_choose_stories(work->handle->diff, items);
    work->handle->stories = stories;
    for (int s = 0; s < 2 && stories->n; s++) {
        enum at_status status = AT_OK;
        run = (struct at_session_run *)(uintptr_t)work->sides[s].run;
        if (work->sides[s].map) status = run_between(work, work->plan[s], s, &run);
        if (status == AT_OK)
            status = at_write_diff_explain(stories, work->handle->diff, s, run, &work->between->r.own.arena);
        release_between(work);
        if (status != AT_OK) return status == AT_REJECTED ? AT_OK : status;
    }
    return AT_OK;
}

/* ---- the call */

/* Amounts in different currencies, or for different periods, have no difference. */
static attain_status refuse_currencies(struct work *work) {
    const struct at_check_policy *a = work->job.r->policies[OLD]->checked,
                                 *b = work->job.r->policies[NEW]->checked;
    if (a->currency == b->currency && at_calendar_same_periods(&a->calendar, &b->calendar)) return ATTAIN_OK;
    at_diag_add(&work->job.r->arguments, AT_A0911, (at_span){0},
                "cannot compare versions with different currencies or periods");
    return ATTAIN_USAGE;
}

static void read_payees(const struct work *work, struct at_diff_filter *filter) {
    const attain_run_options *options = work->job.options;
    if (!options->payees) return;
    struct at_arena *arena = &work->handle->r.own.arena;
    at_str *keys = AT_NEW_ARRAY(arena, at_str, options->payee_count + 1);
    for (size_t i = 0; i < options->payee_count; i++)
        keys[i] = at_str_copy(arena, at_str_trim(at_str_z(options->payees[i] ? options->payees[i] : "")));
    filter->payees = keys;
    filter->n_payees = (uint32_t)options->payee_count;
}

/* A payee must be in one version at least, so this runs after both. */
static bool check_payees(const struct work *work, const struct at_diff_filter *filter) {
    const struct at_diff *diff = work->handle->diff;
    struct at_map known;
    at_map_init(&known, &work->handle->r.own.arena);
    struct at_arena *arena = &work->handle->r.own.arena;
    at_str *keys = AT_NEW_ARRAY(arena, at_str, diff->n_payees + 1);
    at_str *labels = AT_NEW_ARRAY(arena, at_str, diff->n_payees + 1);
    for (uint32_t p = 0; p < diff->n_payees; p++) {
        keys[p] = diff->payees[p].key;
        labels[p] = diff->payees[p].label;
        at_map_put(&known, keys[p], &diff->payees[p]);
    }
    const struct at_check_policy *checked = diff->checked[NEW];
    struct at_api_people people = {&checked->schemas[checked->payee_table], keys, labels, diff->n_payees};
    for (uint32_t i = 0; i < filter->n_payees; i++)
        if (!at_map_get(&known, filter->payees[i]))
            at_api_unknown_payee(&work->job.r->arguments, &people, filter->payees[i]);
    return work->job.r->arguments.errors == 0;
}

static void write_decision(struct attain_diff *handle, const struct at_diff_decision *decision) {
    const struct at_diff *diff = handle->diff;
    struct at_arena *arena = &handle->r.own.arena;
    handle->line = at_write_diff_verdict(diff, arena);
    handle->sentence = at_write_diff_sentence(diff, arena);
    handle->values = AT_NEW_ARRAY(arena, at_str, decision->n_limits + 1);
    handle->wheres = AT_NEW_ARRAY(arena, at_str, decision->n_limits + 1);
    for (uint32_t i = 0; i < decision->n_limits; i++) {
        const struct at_diff_limit *limit = &decision->limits[i];
        handle->values[i] = at_write_diff_limit_value(diff, arena, limit, at_write_diff_limit_shown(limit));
        handle->wheres[i] = at_write_diff_limit_where(diff, arena, limit);
    }
    handle->reasons = AT_NEW_ARRAY(arena, at_str, diff->n_newly + 1);
    for (uint32_t i = 0; i < diff->n_newly; i++)
        handle->reasons[i] = at_write_diff_reason(diff, arena, &diff->newly[i]);
    handle->risks = AT_NEW_ARRAY(arena, at_str, decision->n_risks + 1);
    for (uint32_t i = 0; i < decision->n_risks; i++)
        handle->risks[i] = at_write_diff_risk(diff, arena, &decision->risks[i]);
}

/* Written once, because several threads may read a difference at the same time. */
static void write_texts(struct attain_diff *handle) {
    const struct at_diff_edits *edits = handle->diff->edits;
    struct at_arena *arena = &handle->r.own.arena;
    uint32_t n = edits ? edits->n : 0;
    handle->subjects = AT_NEW_ARRAY(arena, at_str, n + 1);
    handle->changes = AT_NEW_ARRAY(arena, at_str, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        handle->subjects[i] = at_write_diff_subject_text(handle->diff, arena, &edits->at[i]);
        handle->changes[i] = at_write_diff_change_text(handle->diff, arena, &edits->at[i]);
    }
    handle->causes = at_write_diff_cause_texts(handle->diff, arena);
    if (handle->diff->decision) write_decision(handle, handle->diff->decision);
}

/* Checks the arguments first, then runs, compares, attributes, and explains. Each step needs the results of
 * the one before. */
static attain_status compare(struct work *work) {
    struct attain_results *r = work->job.r;
    struct at_arena *arena = &r->own.arena;
    at_api_job_make_lists(r);
    if (!AT_RESERVED_CLEAR(work->options))
        return at_api_refuse_reserved(&r->arguments, "attain_diff_options");
    if (!AT_RESERVED_CLEAR(work->job.options))
        return at_api_refuse_reserved(&r->arguments, "attain_run_options");
    for (int s = 0; s < 2; s++)
        if (!r->policies[s]->plan) return ATTAIN_BAD_POLICY;
    at_api_job_check_arguments(&work->job);
    if (r->arguments.errors) return ATTAIN_USAGE;
    attain_status refused = refuse_currencies(work);
    if (refused != ATTAIN_OK) return refused;
    if (!at_api_periods_of(&work->job, r->policies[NEW]->checked, &work->from, &work->through))
        return ATTAIN_USAGE;
    work->begins = work->job.options->period || work->job.options->from;
    work->ends = work->through.kind <= AT_YEAR;
    work->settings =
        AT_NEW_ARRAY(arena, struct at_plan_setting,
                     r->policies[OLD]->checked->n_params + r->policies[NEW]->checked->n_params + 1);
    for (uint32_t s = 0; s < 2; s++) {
        enum at_status status = lower(work, s);
        if (status != AT_OK) return at_api_status_public(status, ATTAIN_USAGE);
    }
    if (work->job.options->strict) at_diag_list_raise(&r->arguments);
    if (r->arguments.errors) return ATTAIN_USAGE;
    work->job.looks_ahead = !work->ends;
    enum at_status status = run_both(work);
    work->job.looks_ahead = false;
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_BAD_DATA);
    at_watch_show(work->job.watch, AT_WATCH_COMPARE, (at_str){0}, 0, 0);
    const struct at_diff_edits *edits = find_edits(work);
    struct at_diff_filter filter = {.from = work->begins ? &work->from : NULL,
                                    .through = work->ends ? &work->through : NULL};
    read_payees(work, &filter);
    work->handle->diff = at_diff_make(work->sides, edits, &filter, arena);
    if (r->words) work->handle->diff->words = r->words;
    if (!check_payees(work, &filter)) return ATTAIN_USAGE;
    make_between(work);
    status = attribute(work);
    struct at_diff_cliffs *cliffs = AT_NEW(arena, struct at_diff_cliffs);
    if (status == AT_OK && work->data[OLD] == work->data[NEW])
        status = at_diff_cliffs_find(work->handle->diff, work->sides, AT_DIFF_CLIFF_PAYEES, work->job.watch,
                                     arena, cliffs);
    if (status == AT_OK && !decide(work, cliffs)) return ATTAIN_USAGE;
    if (status == AT_OK) status = explain(work);
    write_texts(work->handle);
    return at_api_status_public(status, ATTAIN_BAD_DATA);
}

/* Retains the policies as long as the diff, because its texts and spans refer to them. */
static attain_status compare_inside(void *context) {
    struct work *work = context;
    struct attain_results *r = &work->handle->r;
    r->policies = AT_NEW_ARRAY(&r->own.arena, struct attain_policy *, 2);
    for (int s = 0; s < 2; s++)
        r->policies[r->n_policies++] = attain_policy_retain(work->policies[s]);
    attain_status status = compare(work);
    for (uint32_t i = 0; i < r->list.n_lists; i++)
        at_diag_list_sort(r->list.lists[i]);
    at_api_job_drop_repeated(r);
    return status;
}

attain_status attain_diff_run(attain_policy *before, attain_policy *after, const attain_data *data,
                              const attain_diff_options *options, attain_diff **out) {
    static const attain_diff_options defaults = {0};
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!before || !after) return ATTAIN_USAGE;
    if (!options) options = &defaults;
    struct attain_diff *handle = at_api_handle_new(options->run.allocator, sizeof *handle);
    if (!handle) return ATTAIN_NO_MEMORY;
    at_api_own_limit(&handle->r.own, options->run.max_memory);
    at_api_own_watch(&handle->r.own, options->run.watch);
    struct work work = {.handle = handle,
                        .policies = {before, after},
                        .options = options,
                        .job = {.r = &handle->r,
                                .data = data,
                                .options = &options->run,
                                .watch = &handle->r.own.watch,
                                .any_helping = true}, /* a merged plan pays both versions */
                        .data = {options->old_data ? options->old_data : data, data}};
    attain_status status = at_api_own_run(&handle->r.own, compare_inside, &work);
    if (at_api_lacked_memory(status)) {
        attain_diff_free(handle);
        return status;
    }
    /* The host still gets the handle, because its diagnostics report what failed. */
    if (status != ATTAIN_OK) handle->diff = NULL;
    *out = handle;
    return status;
}

void attain_diff_free(attain_diff *diff) {
    if (!diff) return;
    for (uint32_t i = 0; i < diff->r.n_policies; i++)
        attain_policy_release(diff->r.policies[i]);
    at_api_handle_free(diff, sizeof *diff);
}

const attain_diagnostics *attain_diff_diagnostics(const attain_diff *diff) {
    return diff ? &diff->r.list : NULL;
}

/* ---- reading it */

attain_status(attain_diff_summary_get)(const attain_diff *handle, attain_diff_summary *out, size_t size) {
    if (!handle || !handle->diff || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_diff *diff = handle->diff;
    attain_diff_summary full = {.digits = diff->digits,
                                .currency = at_currency_info(diff->currency)->code,
                                .payees = diff->n_payees,
                                .winners = diff->n_winners,
                                .losers = diff->n_losers,
                                .moved = (size_t)diff->n_moved + diff->n_held,
                                .rows = diff->n_rows,
                                .edits = diff->edits ? diff->edits->n : 0,
                                .causes = diff->n_causes,
                                .shapley = diff->shapley,
                                .paid_to_before = at_api_text(diff->paid_to[OLD]),
                                .paid_to_after = at_api_text(diff->paid_to[NEW]),
                                .waiting = (size_t)diff->n_waiting[OLD] + diff->n_waiting[NEW],
                                .unchecked_before = diff->unchecked[OLD] != AT_SESSION_CHECKED,
                                .unchecked_after = diff->unchecked[NEW] != AT_SESSION_CHECKED};
    bool fits = at_api_amount(diff->minor[OLD], &full.before);
    fits &= at_api_amount(diff->minor[NEW], &full.after);
    full.credited_before = diff->credited_minor[OLD];
    full.credited_after = diff->credited_minor[NEW];
    fits &= diff->credited_fits[OLD] && diff->credited_fits[NEW];
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

attain_status(attain_diff_waiting_get)(const attain_diff *handle, size_t index, attain_waiting *out,
                                       size_t size) {
    if (!handle || !handle->diff || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_diff *diff = handle->diff;
    uint32_t side = index < diff->n_waiting[OLD] ? OLD : NEW;
    if (side == NEW) index -= diff->n_waiting[OLD];
    if (index >= diff->n_waiting[side]) return ATTAIN_USAGE;
    const struct at_diff_waiting *w = &diff->waiting[side][index];
    attain_waiting full = {.component = at_api_text(w->component),
                           .period = at_api_text(w->period),
                           .payouts = w->payouts,
                           .policy = side};
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_diff_row_get)(const attain_diff *handle, uint64_t index, attain_diff_row *out,
                                   size_t size) {
    if (!handle || !handle->diff || !AT_OUT_FITS(out, size) || index >= handle->diff->n_rows)
        return ATTAIN_USAGE;
    const struct at_diff *diff = handle->diff;
    const struct at_diff_row *row = &diff->rows[index];
    const struct at_diff_payee *payee = &diff->payees[row->payee];
    attain_diff_row full = {.payee_key = at_api_text(payee->key),
                            .payee_label = at_api_text(payee->label),
                            .period = at_api_text(at_write_diff_period(diff, row->period)),
                            .component = at_api_text(diff->components[row->component].name),
                            .before = row->minor[OLD],
                            .after = row->minor[NEW],
                            .withheld_before = row->withheld[OLD],
                            .withheld_after = row->withheld[NEW]};
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_diff_edit_get)(const attain_diff *handle, size_t index, attain_diff_edit *out,
                                    size_t size) {
    if (!handle || !handle->diff || !AT_OUT_FITS(out, size) || !handle->diff->edits ||
        index >= handle->diff->edits->n)
        return ATTAIN_USAGE;
    const struct at_diff_edit *edit = &handle->diff->edits->at[index];
    attain_diff_edit full = {.subject = at_api_text(handle->subjects[index]),
                             .words = at_api_text(handle->changes[index]),
                             .pays = edit->pays};
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_diff_cause_get)(const attain_diff *handle, size_t index, attain_diff_cause *out,
                                     size_t size) {
    if (!handle || !handle->diff || !AT_OUT_FITS(out, size) || index >= handle->diff->n_causes)
        return ATTAIN_USAGE;
    const struct at_diff_cause *cause = &handle->diff->causes[index];
    attain_diff_cause full = {.words = at_api_text(handle->causes[index]), .is_data = cause->data};
    bool fits = at_api_amount(cause->minor, &full.amount);
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

attain_status attain_diff_part(const attain_diff *handle, uint64_t row, size_t cause, int64_t *out) {
    if (!handle || !handle->diff || !out || row >= handle->diff->n_rows || cause >= handle->diff->n_causes)
        return ATTAIN_USAGE;
    return at_api_amount(handle->diff->parts[row * handle->diff->n_causes + cause], out) ? ATTAIN_OK
                                                                                         : ATTAIN_OVERFLOW;
}

attain_status(attain_diff_decision_get)(const attain_diff *handle, attain_diff_decision *out, size_t size) {
    if (!handle || !handle->diff || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_diff *diff = handle->diff;
    const struct at_diff_decision *decision = diff->decision;
    attain_diff_decision full = {.verdict = (attain_diff_verdict)decision->verdict,
                                 .line = at_api_text(handle->line),
                                 .sentence = at_api_text(handle->sentence),
                                 .newly = diff->n_newly,
                                 .newly_payees = diff->n_newly_payees,
                                 .freed = diff->n_freed,
                                 .yearly = decision->yearly,
                                 .limits = decision->n_limits,
                                 .exceeded = decision->n_exceeded,
                                 .groups = decision->groups.n,
                                 .group_field = at_api_text(decision->groups.field),
                                 .risks = decision->n_risks};
    bool fits = at_api_amount(diff->like[OLD], &full.like_before);
    fits &= at_api_amount(diff->like[NEW], &full.like_after);
    fits &= at_api_amount(decision->for_year, &full.for_year);
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

attain_status(attain_diff_limit_get)(const attain_diff *handle, size_t index, attain_diff_limit_result *out,
                                     size_t size) {
    if (!handle || !handle->diff || !AT_OUT_FITS(out, size) || index >= handle->diff->decision->n_limits)
        return ATTAIN_USAGE;
    const struct at_diff *diff = handle->diff;
    const struct at_diff_limit *limit = &diff->decision->limits[index];
    const struct at_diff_limit_value *first = &limit->first;
    attain_diff_limit_result full = {.limit = at_api_text(limit->text),
                                     .value = at_api_text(handle->values[index]),
                                     .where = at_api_text(handle->wheres[index]),
                                     .exceeded = limit->n_exceed > 0,
                                     .count = limit->n_exceed,
                                     .payee = at_api_text(AT_STR("")),
                                     .period = at_api_text(AT_STR(""))};
    if (first->found && first->payee != UINT32_MAX) full.payee = at_api_text(diff->payees[first->payee].key);
    if (first->found && first->one_period)
        full.period = at_api_text(at_write_diff_period(diff, first->period));
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_diff_newly_get)(const attain_diff *handle, size_t index, attain_diff_newly *out,
                                     size_t size) {
    if (!handle || !handle->diff || !AT_OUT_FITS(out, size) || index >= handle->diff->n_newly)
        return ATTAIN_USAGE;
    const struct at_diff *diff = handle->diff;
    const struct at_diff_newly *newly = &diff->newly[index];
    attain_diff_newly full = {.payee_key = at_api_text(diff->payees[newly->payee].key),
                              .payee_label = at_api_text(diff->payees[newly->payee].label),
                              .period = at_api_text(at_write_diff_period(diff, newly->period)),
                              .reason = at_api_text(handle->reasons[index]),
                              .before = newly->minor,
                              .causes = newly->causes};
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_diff_group_get)(const attain_diff *handle, size_t index, attain_diff_group *out,
                                     size_t size) {
    if (!handle || !handle->diff || !AT_OUT_FITS(out, size) || index >= handle->diff->decision->groups.n)
        return ATTAIN_USAGE;
    const struct at_diff_group *group = &handle->diff->decision->groups.at[index];
    attain_diff_group full = {.name = at_api_text(group->name),
                              .payees = group->payees,
                              .gainers = group->gainers,
                              .losers = group->losers};
    bool fits = at_api_amount(group->like[OLD], &full.before);
    fits &= at_api_amount(group->like[NEW], &full.after);
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

attain_status attain_diff_risk_get(const attain_diff *handle, size_t index, attain_text *out) {
    if (!handle || !handle->diff || !out || index >= handle->diff->decision->n_risks) return ATTAIN_USAGE;
    *out = at_api_text(handle->risks[index]);
    return ATTAIN_OK;
}

/* Scratch memory is the call's own: the diff stays as it is, whatever happens. */
struct writing {
    struct at_api_own own;
    struct at_sink sink;
    const struct at_diff *diff;
    attain_diff_format format;
    struct at_write_options options;
};

static attain_status write_inside(void *context) {
    static void (*const writers[])(const struct at_diff *, const struct at_write_options *, struct at_arena *,
                                   struct at_sink *) = {at_write_diff_table, at_write_diff_markdown,
                                                        at_write_diff_csv,   at_write_parts_csv,
                                                        at_write_diff_json,  at_write_diff_html};
    struct writing *job = context;
    at_watch_show(&job->own.watch, AT_WATCH_WRITE, (at_str){0}, 0, 0);
    writers[job->format](job->diff, &job->options, &job->own.arena, &job->sink);
    return at_sink_flush(&job->sink) ? ATTAIN_IO : ATTAIN_OK;
}

attain_status attain_diff_write(const attain_diff *diff, attain_diff_format format,
                                const attain_results_options *options, attain_write_fn write, void *context) {
    if (!diff || !diff->diff || !write || (unsigned)format > ATTAIN_DIFF_HTML) return ATTAIN_USAGE;
    if (options && !AT_RESERVED_CLEAR(options)) return ATTAIN_USAGE;
    struct writing *job = at_api_handle_beside(&diff->r.own, sizeof *job);
    if (!job) return at_api_handle_lack(&diff->r.own);
    job->diff = diff->diff;
    job->format = format;
    job->options.stories = diff->stories;
    if (options)
        job->options = (struct at_write_options){options->width, options->color, options->safe_csv,
                                                 diff->stories, diff->diff->words};
    at_api_own_watch(&job->own, options ? options->watch : NULL);
    at_sink_init(&job->sink, write, context);
    at_sink_stop(&job->sink, &job->own.arena);
    attain_status status = at_api_own_run(&job->own, write_inside, job);
    at_api_handle_free(job, sizeof *job);
    return status;
}

struct limiting {
    struct at_api_own own; /* scratch */
    const struct at_diff *diff;
    at_str limit;
    struct at_diff_limit read;
};

static attain_status limit_inside(void *context) {
    struct limiting *job = context;
    enum at_diff_limit_fault fault = at_diff_limit_check(job->diff, job->limit, &job->own.arena, &job->read);
    return fault == AT_LIMIT_FINE ? ATTAIN_OK : ATTAIN_USAGE;
}

attain_status attain_diff_limit_in(const attain_diff *diff, const char *limit, bool *hit, attain_text *who,
                                   attain_text *period) {
    if (!diff || !diff->diff || !limit || !hit || !who || !period) return ATTAIN_USAGE;
    *hit = false;
    *who = *period = (attain_text){"", 0};
    struct limiting *job = at_api_handle_beside(&diff->r.own, sizeof *job);
    if (!job) return at_api_handle_lack(&diff->r.own);
    job->diff = diff->diff;
    job->limit = at_str_z(limit);
    attain_status status = at_api_own_run(&job->own, limit_inside, job);
    if (status == ATTAIN_OK) {
        const struct at_diff_limit_value *first = &job->read.first;
        *hit = job->read.n_exceed > 0;
        if (*hit && first->payee != UINT32_MAX) *who = at_api_text(diff->diff->payees[first->payee].key);
        if (*hit && first->one_period) *period = at_api_text(at_write_diff_period(diff->diff, first->period));
    }
    at_api_handle_free(job, sizeof *job);
    return status;
}

attain_status attain_diff_limit(const attain_diff *diff, const char *limit, bool *hit, attain_text *who) {
    attain_text period;
    return attain_diff_limit_in(diff, limit, hit, who, &period);
}
