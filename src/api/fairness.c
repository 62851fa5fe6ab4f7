/* api/fairness.c: attain_fairness_run: runs policies, and reports how pay is distributed. */
#include "api/fairness.h"

#include "base/numtext.h"
#include "write/fairness.h"

static attain_status refuse_currencies(struct at_api_fairing *f) {
    for (size_t i = 1; i < f->n; i++) {
        const struct at_check_policy *a = f->policies[0]->checked, *b = f->policies[i]->checked;
        if (!a || !b || a->currency == b->currency) continue;
        struct at_diag *d = at_diag_add(&f->handle->r.arguments, AT_A1293, (at_span){0},
                                        "\"%.*s\" and \"%.*s\" pay in different currencies",
                                        AT_STR_ARG(a->name), AT_STR_ARG(b->name));
        at_diag_help(d, "report on the policies of one currency together");
        return ATTAIN_USAGE;
    }
    return ATTAIN_OK;
}

static void name_periods(struct at_fair_report *report, const struct at_session_results *results) {
    const struct at_session_result_run *r = &results->runs[0];
    uint32_t from = r->run->paid_from, n = r->run->paid_periods;
    if (n == 0) return;
    report->from = r->periods[from];
    report->through = r->periods[from + n - 1];
}

static void write_figures(struct attain_fairness *handle, const char *language) {
    struct at_arena *arena = &handle->r.own.arena;
    const struct at_words *words = at_words_find(at_str_z(language ? language : ""));
    for (int i = 0; i < AT_FAIR_FIGURES; i++) {
        const struct at_fair_figure *figure = &handle->report.figures[i];
        handle->shown[i] = at_api_text(at_write_fair_shown(&handle->report, figure, words, arena));
        handle->meaning[i] = at_api_text(at_write_fair_meaning(&handle->report, figure, words, arena));
        handle->exact[i] = at_api_text(at_write_fair_exact(figure, arena));
    }
}

static attain_status fair_inside(void *context) {
    struct at_api_fairing *f = context;
    struct attain_fairness *handle = f->handle;
    struct at_fair_report *report = &handle->report;
    attain_status status = at_api_job_pay(&f->job, f->policies, f->n);
    if (status != ATTAIN_OK) return status;
    if (!AT_RESERVED_CLEAR(f->options))
        return at_api_refuse_reserved(&handle->r.arguments, "attain_fairness_options");
    status = refuse_currencies(f);
    if (status != ATTAIN_OK) return status;
    const struct at_check_policy *checked = f->policies[0]->checked;
    report->policy = checked->name;
    report->currency = checked->currency;
    report->digits = at_currency_info(checked->currency)->digits;
    report->n_withheld = handle->r.results.n_withheld;
    name_periods(report, &handle->r.results);
    if (!at_api_fair_people(f)) return ATTAIN_USAGE;
    at_fair_report_figures(report, &handle->r.own.arena);
    status = at_api_fair_groups(f);
    if (status != ATTAIN_OK) return status;
    write_figures(handle, f->options->run.language);
    handle->done = true;
    return ATTAIN_OK;
}

attain_status attain_fairness_run(attain_policy *const *policies, size_t policy_count,
                                  const attain_data *data, const attain_fairness_options *options,
                                  attain_fairness **out) {
    static const attain_fairness_options defaults = {0};
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!policies || policy_count == 0 || policy_count > 10000) return ATTAIN_USAGE;
    for (size_t i = 0; i < policy_count; i++)
        if (!policies[i]) return ATTAIN_USAGE;
    if (!options) options = &defaults;
    struct attain_fairness *handle = at_api_handle_new(options->run.allocator, sizeof *handle);
    if (!handle) return ATTAIN_NO_MEMORY;
    at_api_own_limit(&handle->r.own, options->run.max_memory);
    at_api_own_watch(&handle->r.own, options->run.watch);
    struct at_api_fairing f = {
        .handle = handle, .policies = policies, .n = policy_count, .data = data, .options = options};
    f.job = (struct at_api_job){.r = &handle->r,
                                .data = data,
                                .options = &options->run,
                                .watch = &handle->r.own.watch,
                                .pays = true,
                                .measures = true};
    attain_status status = at_api_own_run(&handle->r.own, fair_inside, &f);
    if (at_api_lacked_memory(status)) {
        attain_fairness_free(handle);
        return status;
    }
    *out = handle;
    return status;
}

void attain_fairness_free(attain_fairness *fairness) {
    if (!fairness) return;
    for (uint32_t i = 0; i < fairness->r.n_policies; i++)
        attain_policy_release(fairness->r.policies[i]);
    at_api_handle_free(fairness, sizeof *fairness);
}

const attain_diagnostics *attain_fairness_diagnostics(const attain_fairness *fairness) {
    return fairness ? &fairness->r.list : NULL;
}

size_t attain_fairness_count(const attain_fairness *fairness) {
    return fairness && fairness->done ? AT_FAIR_FIGURES : 0;
}

attain_status(attain_fairness_get)(const attain_fairness *fairness, size_t index, attain_figure *out,
                                   size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_fairness_count(fairness)) return ATTAIN_USAGE;
    attain_figure full = {.id = at_write_fair_id((enum at_fair_figure_id)index),
                          .exact = fairness->exact[index],
                          .shown = fairness->shown[index],
                          .meaning = fairness->meaning[index]};
    return AT_OUT_PUT(out, size, full);
}

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    const struct attain_fairness *fairness = subject;
    if (format == ATTAIN_REPORT_JSON)
        at_write_fair_json(report, &fairness->report);
    else if (format == ATTAIN_REPORT_HTML)
        at_write_fair_html(report, &fairness->report);
    else
        at_write_fair_text(report, &fairness->report);
}

attain_status attain_fairness_write(const attain_fairness *fairness, attain_report_format format,
                                    const attain_report_options *options, attain_write_fn write,
                                    void *context) {
    if (!fairness || !fairness->done) return ATTAIN_USAGE;
    return at_api_report_write(&fairness->r.own, format, ATTAIN_REPORT_HTML, options, write_as, fairness,
                               write, context);
}
