/* api/diff.c: attain_diff_run: two policies over the same data, or over two sets of data, side by side.
 *
 * Both are copied into one source map and, where their tables are the same, merged into one plan, so that the
 * data is read once. Versions in between, for the attribution, are run the same way.
 */
#include "api/run.h"
#include "report/diff_limit.h"
#include "report/diff_writer.h"
#include "report/import.h"

struct attain_diff {
    struct attain_results r; /* first: its memory is the diff's; policies[0] is the old one */
    struct at_sources sources;
    struct at_diff *diff;
};

enum { OLD, NEW };

struct work {
    struct attain_diff *handle;
    struct at_job job;
    const attain_data *data[2];
    const attain_diff_options *options;
    struct at_plan *plan[2];
    at_period from, through;
    struct at_side sides[2];
    struct at_plan_map maps[2];
};

static bool restricted(const struct work *work) {
    return work->through.kind <= AT_YEAR;
}

/* Settings are made in both versions, where they know them. */
static enum at_status lower(struct work *work, uint32_t p) {
    const struct attain_policy *policy = work->job.r->policies[p];
    struct at_arena *arena = &work->handle->r.own.arena;
    struct at_setting *settings =
        AT_NEW_ARRAY(arena, struct at_setting, work->job.options->setting_count + 1);
    uint32_t n = 0;
    if (!at_job_settings(&work->job, policy, settings, &n)) return AT_REJECTED;
    work->plan[p] = policy->plan;
    if (n == 0) return AT_OK;
    return at_plan_lower(policy->checked, settings, n, arena, &work->job.r->arguments, &work->plan[p]);
}

static enum at_status execute(struct work *work, uint32_t p, const struct at_plan *plan, int data,
                              struct at_run **out) {
    struct at_dataset *tables = at_job_dataset(&work->job, p, work->data[data], plan->checked->schemas);
    at_period none = {.kind = AT_YEAR + 1};
    return at_job_execute(&work->job, p, plan, tables, restricted(work) ? work->from : none,
                          restricted(work) ? work->through : none, out);
}

static enum at_status run_both(struct work *work) {
    struct at_arena *arena = &work->handle->r.own.arena;
    struct at_plan *merged = NULL;
    struct at_run *run = NULL;
    const struct at_plan *plans[2] = {work->plan[OLD], work->plan[NEW]};
    bool one_data = work->data[OLD] == work->data[NEW];
    if (one_data && at_plan_merge(plans, 2, 2, arena, &merged, work->maps)) {
        enum at_status status = execute(work, NEW, merged, NEW, &run);
        for (int s = 0; s < 2; s++)
            work->sides[s] = (struct at_side){work->plan[s], run, &work->maps[s]};
        return status;
    }
    for (int s = 0; s < 2; s++) {
        enum at_status status = execute(work, (uint32_t)s, work->plan[s], s, &run);
        if (status != AT_OK) return status;
        work->sides[s] = (struct at_side){work->plan[s], run, NULL};
    }
    return AT_OK;
}

/* ---- what is asked of the attribution */

static enum at_status run_between(void *context, const struct at_plan *plan, int data, struct at_run **out) {
    return execute(context, NEW, plan, data, out);
}

static const struct at_edits *find_edits(struct work *work) {
    struct at_arena *arena = &work->handle->r.own.arena;
    struct at_ast *ast[2];
    at_sources_init(&work->handle->sources, arena);
    for (int s = 0; s < 2; s++)
        if (!(ast[s] = at_ast_import(&work->handle->sources, work->job.r->policies[s]->ast, arena)))
            return NULL;
    return at_edits_find(ast[OLD], ast[NEW], arena);
}

static enum at_status attribute(struct work *work) {
    struct attain_policy *policy = work->job.r->policies[NEW];
    struct at_loading loading = policy->loading;
    const struct at_attribution how = {.load = at_load,
                                       .load_context = &loading,
                                       .run = run_between,
                                       .context = work,
                                       .two_data = work->data[OLD] != work->data[NEW]};
    if (!work->options->attribution || !work->handle->diff->edits) return AT_OK;
    enum at_status status = at_attribute(work->handle->diff, &how);
    if (status == AT_REJECTED && !work->job.r->arguments.errors) return AT_OK; /* shown without it */
    return status;
}

/* ---- the call */

static attain_status refuse_currencies(struct work *work) {
    const struct at_checked *a = work->job.r->policies[OLD]->checked,
                            *b = work->job.r->policies[NEW]->checked;
    if (a->currency == b->currency && a->calendar.period_kind == b->calendar.period_kind) return ATTAIN_OK;
    at_diag_add(&work->job.r->arguments, AT_A0911, (at_span){0},
                "the two versions pay in another currency or by another kind of period, so their payouts "
                "cannot be compared");
    return ATTAIN_USAGE;
}

static attain_status compare(struct work *work) {
    struct attain_results *r = work->job.r;
    struct at_arena *arena = &r->own.arena;
    at_job_make_lists(r);
    for (int s = 0; s < 2; s++)
        if (!r->policies[s]->plan) return ATTAIN_BAD_POLICY;
    at_job_check_arguments(&work->job);
    if (r->arguments.errors) return ATTAIN_USAGE;
    attain_status refused = refuse_currencies(work);
    if (refused != ATTAIN_OK) return refused;
    if (!at_periods_of(&work->job, r->policies[NEW]->checked, &work->from, &work->through))
        return ATTAIN_USAGE;
    for (uint32_t s = 0; s < 2; s++) {
        enum at_status status = lower(work, s);
        if (status != AT_OK) return at_status_public(status, ATTAIN_USAGE);
    }
    enum at_status status = run_both(work);
    if (status != AT_OK) return at_status_public(status, ATTAIN_BAD_DATA);
    const struct at_edits *edits = find_edits(work);
    work->handle->diff = at_diff_make(work->sides, edits, restricted(work) ? &work->from : NULL,
                                      restricted(work) ? &work->through : NULL, arena);
    return at_status_public(attribute(work), ATTAIN_BAD_DATA);
}

static attain_status compare_inside(struct work *work, attain_policy *before, attain_policy *after) {
    struct attain_results *r = &work->handle->r;
    if (!AT_ARENA_GUARD(r->own.oom)) return ATTAIN_NO_MEMORY;
    r->policies = AT_NEW_ARRAY(&r->own.arena, struct attain_policy *, 2);
    r->policies[r->n_policies++] = attain_policy_retain(before);
    r->policies[r->n_policies++] = attain_policy_retain(after);
    attain_status status = compare(work);
    for (uint32_t i = 0; i < r->list.n_lists; i++)
        at_diags_sort(r->list.lists[i]);
    return status;
}

attain_status attain_diff_run(attain_policy *before, attain_policy *after, const attain_data *data,
                              const attain_diff_options *options, attain_diff **out) {
    static const attain_diff_options defaults = {0};
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!before || !after) return ATTAIN_USAGE;
    if (!options) options = &defaults;
    struct attain_diff *handle = at_handle_new(options->run.allocator, sizeof *handle);
    if (!handle) return ATTAIN_NO_MEMORY;
    struct work work = {.handle = handle,
                        .options = options,
                        .job = {.r = &handle->r, .data = data, .options = &options->run},
                        .data = {options->old_data ? options->old_data : data, data}};
    attain_status status = compare_inside(&work, before, after);
    if (status == ATTAIN_NO_MEMORY) {
        attain_diff_free(handle);
        return status;
    }
    if (status != ATTAIN_OK) handle->diff = NULL;
    *out = handle;
    return status;
}

void attain_diff_free(attain_diff *diff) {
    if (!diff) return;
    for (uint32_t i = 0; i < diff->r.n_policies; i++)
        attain_policy_release(diff->r.policies[i]);
    at_handle_free(diff, sizeof *diff);
}

const attain_diagnostics *attain_diff_diagnostics(const attain_diff *diff) {
    return diff ? &diff->r.list : NULL;
}

/* ---- reading it */

static int64_t clamp(at_i128 value) {
    return value > INT64_MAX ? INT64_MAX : value < INT64_MIN ? INT64_MIN : (int64_t)value;
}

attain_status attain_diff_summary_get(const attain_diff *handle, attain_diff_summary *out) {
    if (!handle || !handle->diff || !out) return ATTAIN_USAGE;
    const struct at_diff *diff = handle->diff;
    *out = (attain_diff_summary){.before = clamp(diff->minor[OLD]),
                                 .after = clamp(diff->minor[NEW]),
                                 .credited_before = clamp(diff->credited[OLD]),
                                 .credited_after = clamp(diff->credited[NEW]),
                                 .digits = diff->digits,
                                 .currency = at_currency_info(diff->currency)->code,
                                 .payees = diff->n_payees,
                                 .winners = diff->n_winners,
                                 .losers = diff->n_losers,
                                 .rows = diff->n_rows,
                                 .edits = diff->edits ? diff->edits->n : 0,
                                 .causes = diff->n_causes,
                                 .shapley = diff->shapley};
    return ATTAIN_OK;
}

attain_status attain_diff_row_get(const attain_diff *handle, uint64_t index, attain_diff_row *out) {
    if (!handle || !handle->diff || !out || index >= handle->diff->n_rows) return ATTAIN_USAGE;
    const struct at_diff *diff = handle->diff;
    const struct at_diff_row *row = &diff->rows[index];
    const struct at_diff_payee *payee = &diff->payees[row->payee];
    *out = (attain_diff_row){.payee_key = at_text(payee->key),
                             .payee_label = at_text(payee->label),
                             .period = {diff->period_kind, row->period},
                             .component = at_text(diff->components[row->component].name),
                             .before = row->minor[OLD],
                             .after = row->minor[NEW],
                             .withheld_before = row->withheld[OLD],
                             .withheld_after = row->withheld[NEW]};
    return ATTAIN_OK;
}

attain_status attain_diff_edit_get(const attain_diff *handle, size_t index, attain_diff_edit *out) {
    if (!handle || !handle->diff || !out || !handle->diff->edits || index >= handle->diff->edits->n)
        return ATTAIN_USAGE;
    const struct at_edit *edit = &handle->diff->edits->at[index];
    *out = (attain_diff_edit){
        .subject = at_text(edit->subject), .words = at_text(edit->words), .pays = edit->pays};
    return ATTAIN_OK;
}

attain_status attain_diff_cause_get(const attain_diff *handle, size_t index, attain_diff_cause *out) {
    if (!handle || !handle->diff || !out || index >= handle->diff->n_causes) return ATTAIN_USAGE;
    const struct at_cause *cause = &handle->diff->causes[index];
    *out = (attain_diff_cause){
        .words = at_text(cause->words), .amount = clamp(cause->minor), .is_data = cause->data};
    return ATTAIN_OK;
}

attain_status attain_diff_part(const attain_diff *handle, uint64_t row, size_t cause, int64_t *out) {
    if (!handle || !handle->diff || !out || row >= handle->diff->n_rows || cause >= handle->diff->n_causes)
        return ATTAIN_USAGE;
    *out = handle->diff->parts[row * handle->diff->n_causes + cause];
    return ATTAIN_OK;
}

static attain_status write_inside(struct attain_diff *handle, attain_diff_format format,
                                  const struct at_writer_options *options, struct at_sink *sink) {
    static void (*const writers[])(const struct at_diff *, const struct at_writer_options *,
                                   struct at_arena *, struct at_sink *) = {
        at_write_diff_table, at_write_diff_markdown, at_write_diff_csv,
        at_write_parts_csv,  at_write_diff_json,     at_write_diff_html};
    struct at_arena *arena = &handle->r.own.arena;
    if (!AT_ARENA_GUARD(handle->r.own.oom)) return ATTAIN_NO_MEMORY;
    struct at_arena_mark mark = at_arena_mark(arena);
    writers[format](handle->diff, options, arena, sink);
    at_arena_reset(arena, mark);
    return at_sink_flush(sink) ? ATTAIN_IO : ATTAIN_OK;
}

attain_status attain_diff_write(const attain_diff *diff, attain_diff_format format,
                                const attain_results_options *options, attain_write_fn write, void *context) {
    struct at_sink sink;
    struct at_writer_options how = {0};
    if (!diff || !diff->diff || !write || (unsigned)format > ATTAIN_DIFF_HTML) return ATTAIN_USAGE;
    if (options) how = (struct at_writer_options){options->width, options->color, options->safe_csv};
    at_sink_init(&sink, write, context);
    return write_inside((struct attain_diff *)(uintptr_t)diff, format, &how, &sink);
}

attain_status attain_diff_limit(const attain_diff *diff, const char *limit, bool *hit, attain_text *who) {
    uint32_t payee = UINT32_MAX;
    if (!diff || !diff->diff || !limit || !hit || !who) return ATTAIN_USAGE;
    *who = (attain_text){"", 0};
    if (!at_diff_limit(diff->diff, at_str_z(limit), hit, &payee)) return ATTAIN_USAGE;
    if (payee != UINT32_MAX) *who = at_text(diff->diff->payees[payee].key);
    return ATTAIN_OK;
}
