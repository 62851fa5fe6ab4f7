/* api/reconcile.c: attain_reconcile_run: the payouts of another system next to those of a run. */
#include "api/argument.h"
#include "api/reconcile_limit.h"
#include "api/report.h"
#include "api/sheet.h"
#include "api/versions.h"
#include "base/numtext.h"

#define MOST_RUNS 200000

struct attain_reconciliation {
    struct at_api_ask ask; /* first: it has the session */
    struct at_write_reconcile made;
    at_str *sentences, *periods; /* by payout: of its change; "2026-Q1" */
    bool done;
};

struct reconciling {
    struct attain_reconciliation *handle;
    const attain_reconcile_options *options;
    const attain_data *data;
    struct at_api_sheet sheet;
    int column[4]; /* payee, period, amount, component: -1 */
    AT_VEC(struct at_answer_paid) paid;
};

/* ---- the file */

static const char *name_of(const struct reconciling *c) {
    return c->options->name ? c->options->name : "payouts";
}

static struct at_diag_list *diags_of(struct reconciling *c) {
    return &c->handle->ask.session->r.arguments;
}

static attain_status with_help(struct at_diag *d, const char *help) {
    at_diag_help(d, "%s", help);
    return ATTAIN_USAGE;
}

static at_str cell(const struct reconciling *c, size_t row, int column) {
    const attain_cell *of = &c->sheet.cells.at[row * c->sheet.columns + (size_t)column];
    return of->kind == ATTAIN_CELL_TEXT ? at_str_trim((at_str){of->text.bytes, (uint32_t)of->text.length})
                                        : (at_str){"", 0};
}

static attain_status read_header(struct reconciling *c) {
    static const char *const names[4] = {"payee", "period", "amount", "component"};
    struct at_arena *arena = &c->handle->ask.arena;
    if (!c->options->csv || !at_api_sheet_read(arena, c->options->csv, c->options->length, &c->sheet))
        return with_help(at_diag_add(diags_of(c), AT_A1296, (at_span){0},
                                     "%s: the rows do not have as many cells as the header", name_of(c)),
                         "write a header and rows with the columns payee, period, and amount");
    for (int k = 0; k < 4; k++) {
        c->column[k] = -1;
        for (size_t i = c->sheet.columns; i-- > 0;)
            if (at_str_eq(cell(c, 0, (int)i), at_str_z(names[k]))) c->column[k] = (int)i;
        if (c->column[k] < 0 && k < 3)
            return with_help(
                at_diag_add(diags_of(c), AT_A1296, (at_span){0}, "%s: a column is missing", name_of(c)),
                "the header needs the columns payee, period, and amount");
    }
    return ATTAIN_OK;
}

/* "$1,234.50", "-20", "(20.00)" */
static bool read_amount(struct at_arena *arena, at_str text, at_num *out) {
    bool minus = text.n > 1 && text.p[0] == '(' && text.p[text.n - 1] == ')';
    if (minus) text = (at_str){text.p + 1, text.n - 2};
    if (text.n && text.p[0] == '-') {
        minus = !minus;
        text = (at_str){text.p + 1, text.n - 1};
    }
    if (text.n && text.p[0] == '$') text = (at_str){text.p + 1, text.n - 1};
    if (text.n == 0 || text.n > 40 || text.p[0] == '-' || !at_num_parse(arena, text, true, out)) return false;
    if (minus) *out = at_num_neg(arena, *out);
    return true;
}

static bool is_asked(const struct reconciling *c, const struct at_answer_paid *paid) {
    const struct at_api_ask *ask = &c->handle->ask;
    const struct at_session_results_filter *filter = &ask->session->job.filter;
    const struct at_calendar *calendar = &ask->session->r.policies[0]->checked->calendar;
    bool named = filter->payees == NULL;
    for (uint32_t i = 0; i < filter->n_payees && !named; i++)
        named = at_str_eq(filter->payees[i], paid->key);
    if (ask->restricted && paid->period > at_period_position(calendar, ask->through)) return false;
    if ((c->options->run.period || c->options->run.from) &&
        paid->period < at_period_position(calendar, ask->from))
        return false;
    return named;
}

/* What is wrong with a row; NULL: nothing. */
static struct at_diag *find_fault(struct reconciling *c, size_t row, struct at_answer_paid *paid) {
    struct at_diag_list *diags = diags_of(c);
    const struct at_calendar *calendar = &c->handle->ask.session->r.policies[0]->checked->calendar;
    const char *name = name_of(c);
    at_period period;
    *paid = (struct at_answer_paid){.key = cell(c, row, c->column[0])};
    if (c->column[3] >= 0) paid->component = cell(c, row, c->column[3]);
    if (paid->key.n == 0)
        return at_diag_add(diags, AT_A1296, (at_span){0}, "%s, row %zu: the payee is missing", name, row);
    if (c->column[3] >= 0 && paid->component.n == 0)
        return at_diag_add(diags, AT_A1296, (at_span){0}, "%s, row %zu: the component is missing", name, row);
    if (!at_period_parse(cell(c, row, c->column[1]), &period) || period.kind != calendar->period_kind ||
        !at_period_exists(calendar, period))
        return at_diag_add(diags, AT_A1296, (at_span){0}, "%s, row %zu: the period is not one of the policy",
                           name, row);
    paid->period = at_period_position(calendar, period);
    if (!read_amount(&c->handle->ask.arena, cell(c, row, c->column[2]), &paid->amount))
        return at_diag_add(diags, AT_A1296, (at_span){0}, "%s, row %zu: the amount is not a number", name,
                           row);
    return NULL;
}

static attain_status read_row(struct reconciling *c, size_t row) {
    struct at_arena *arena = &c->handle->ask.arena;
    const struct at_check_policy *checked = c->handle->ask.session->r.policies[0]->checked;
    struct at_answer_paid paid;
    struct at_diag *d = find_fault(c, row, &paid);
    if (!d) {
        if (is_asked(c, &paid)) AT_VEC_PUSH(arena, &c->paid, paid);
        return ATTAIN_OK;
    }
    at_period first = at_period_of_date(&checked->calendar, checked->calendar.period_kind, checked->from);
    at_diag_help(d, "write rows such as `ana,%.*s,1234.50`", AT_STR_ARG(at_period_print(arena, first)));
    return ATTAIN_USAGE;
}

static attain_status read_file(struct reconciling *c) {
    attain_status status = read_header(c), row;
    size_t n = status == ATTAIN_OK ? c->sheet.cells.n / c->sheet.columns : 0;
    for (size_t i = 1; i < n; i++)
        if ((row = read_row(c, i)) != ATTAIN_OK) status = row;
    if (status == ATTAIN_OK && c->paid.n == 0)
        return with_help(
            at_diag_add(diags_of(c), AT_A1296, (at_span){0}, "%s: there is no payout to compare", name_of(c)),
            "name a file with the payouts of the other system");
    return status;
}

/* ---- limits */

static attain_status read_limits(struct reconciling *c) {
    static const char *const usual[] = {"different > 0"};
    struct at_write_reconcile *made = &c->handle->made;
    struct at_arena *arena = &c->handle->ask.arena;
    bool given = c->options->limits && c->options->limit_count;
    const char *const *limits = given ? c->options->limits : usual;
    size_t n = given ? c->options->limit_count : 1;
    made->limits = AT_NEW_ARRAY(arena, struct at_write_reconcile_limit, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *text = limits[i] ? limits[i] : "";
        if (at_api_reconcile_limit(made, at_str_z(text), arena, &made->limits[made->n_limits])) {
            made->n_exceeded += made->limits[made->n_limits++].exceeded;
            continue;
        }
        struct at_diag *d = at_diag_add(&c->handle->ask.session->r.arguments, AT_A1297, (at_span){0},
                                        "invalid limit `%s`", text);
        at_diag_help(d, "write, for example, `different > 1%%`, `unexplained > 0`, `total > 0.5%%`, or "
                        "`payout > $50`");
        return ATTAIN_USAGE;
    }
    return ATTAIN_OK;
}

/* ---- the call */

static void write_sentences(struct reconciling *c, const struct at_words *words) {
    struct attain_reconciliation *handle = c->handle;
    const struct at_answer_reconciliation *of = &handle->made.of;
    struct at_arena *arena = &handle->ask.arena;
    handle->sentences = AT_NEW_ARRAY(arena, at_str, of->n + 1);
    handle->periods = AT_NEW_ARRAY(arena, at_str, of->n + 1);
    for (uint32_t i = 0; i < of->n; i++)
        handle->periods[i] =
            at_period_print(arena, at_write_reconcile_period(&handle->made, of->payouts[i].period));
    for (uint32_t i = 0; i < of->n; i++)
        handle->sentences[i] =
            at_words_sentence_plain(arena, at_write_reconcile_change(&handle->made, of->payouts[i].change,
                                                                     of->payouts[i].run, words, arena));
}

static attain_status compare(struct reconciling *c, const struct at_words *words) {
    struct attain_reconciliation *handle = c->handle;
    struct at_api_ask *ask = &handle->ask;
    struct at_api_versions *versions = NULL;
    const struct at_session_results *results = &ask->session->r.results;
    enum at_status status = AT_OK;
    int32_t last = INT32_MIN;
    if (results->n_totals > 1)
        return with_help(
            at_diag_add(diags_of(c), AT_A1296, (at_span){0}, "the policies pay in several currencies"),
            "run each policy alone");
    for (size_t i = 0; i < c->paid.n; i++)
        if (c->paid.at[i].period > last) last = c->paid.at[i].period;
    for (uint32_t p = 0; p < ask->session->r.n_policies; p++)
        ask->also[p] = last;
    if (c->options->earlier) status = at_api_versions_make(ask, c->options->earlier, c->data, &versions);
    if (status == AT_REJECTED) return ATTAIN_USAGE;
    if (versions) handle->made.edits = versions->edits;
    if (status == AT_OK)
        status = at_answer_reconcile(
            results, c->paid.at, (uint32_t)c->paid.n, versions ? &versions->answers : NULL, &ask->trials,
            c->options->most_runs ? c->options->most_runs : MOST_RUNS, &ask->arena, &handle->made.of);
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_BAD_DATA);
    attain_status limits = read_limits(c);
    if (limits != ATTAIN_OK) return limits;
    write_sentences(c, words);
    handle->done = true;
    return ATTAIN_OK;
}

static attain_status reconcile_inside(void *context) {
    struct reconciling *c = context;
    struct at_api_ask *ask = &c->handle->ask;
    const struct at_words *words = at_api_language(&ask->session->r.arguments, c->options->run.language);
    if (!words) return ATTAIN_USAGE;
    attain_status status = at_api_ask_begin(ask);
    if (status != ATTAIN_OK) return status;
    c->handle->made.name = at_str_copy(&ask->arena, at_str_z(name_of(c)));
    status = read_file(c);
    c->handle->made.by_component = c->column[3] >= 0;
    return status == ATTAIN_OK ? compare(c, words) : status;
}

attain_status attain_reconcile_run(attain_policy *const *policies, size_t policy_count,
                                   const attain_data *data, const attain_reconcile_options *options,
                                   attain_reconciliation **out) {
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!options || !AT_RESERVED_CLEAR(options)) return ATTAIN_USAGE;
    attain_session *session = NULL;
    attain_status status = attain_session_new(policies, policy_count, data, &options->run, &session);
    if (!session) return status;
    attain_reconciliation *handle = at_api_ask_new(session, &options->run, sizeof *handle);
    if (!handle) return ATTAIN_NO_MEMORY;
    struct reconciling c = {.handle = handle, .options = options, .data = data};
    at_api_own_watch(&session->r.own, options->run.watch);
    if (status == ATTAIN_OK) status = at_api_own_run(&session->r.own, reconcile_inside, &c);
    if (status != ATTAIN_OK) at_api_ask_forget(&handle->ask);
    if (at_api_lacked_memory(status)) {
        attain_reconciliation_free(handle);
        return status;
    }
    *out = handle;
    return status;
}

void attain_reconciliation_free(attain_reconciliation *reconciliation) {
    if (reconciliation) at_api_ask_free(&reconciliation->ask, sizeof *reconciliation);
}

const attain_diagnostics *attain_reconciliation_diagnostics(const attain_reconciliation *reconciliation) {
    return reconciliation ? attain_session_diagnostics(reconciliation->ask.session) : NULL;
}

/* ---- reading it */

attain_status(attain_reconciliation_summary_get)(const attain_reconciliation *handle,
                                                 attain_reconciliation_summary *out, size_t size) {
    if (!handle || !handle->done || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_answer_reconciliation *of = &handle->made.of;
    attain_reconciliation_summary full = {.currency = of->results->runs[0].currency->code,
                                          .digits = of->results->runs[0].currency->digits,
                                          .payouts = of->n,
                                          .equal = of->count[AT_ANSWER_EQUAL],
                                          .within = of->count[AT_ANSWER_CENT],
                                          .different = of->count[AT_ANSWER_DIFFERENT],
                                          .unexplained = of->in_class[AT_ANSWER_UNEXPLAINED],
                                          .not_searched = of->not_searched,
                                          .runs = of->tried,
                                          .go = handle->made.n_exceeded == 0};
    bool fits = at_api_amount(of->ours, &full.ours);
    fits &= at_api_amount(of->theirs, &full.theirs);
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

attain_status(attain_reconciled_get)(const attain_reconciliation *handle, size_t index,
                                     attain_reconciled *out, size_t size) {
    if (!handle || !handle->done || !AT_OUT_FITS(out, size) || index >= handle->made.of.n)
        return ATTAIN_USAGE;
    const struct at_answer_payout *payout = &handle->made.of.payouts[index];
    attain_reconciled full = {
        .payee_key = at_api_text(payout->key),
        .payee_label = at_api_text(payout->label),
        .period = at_api_text(handle->periods[index]),
        .component = at_api_text(payout->component),
        .ours = payout->ours,
        .theirs = payout->theirs,
        .withheld = payout->withheld,
        .status = at_write_reconcile_statuses[payout->status],
        .type = payout->status == AT_ANSWER_DIFFERENT ? at_write_reconcile_classes[payout->class] : NULL,
        .cause = at_api_text(handle->sentences[index])};
    bool fits = at_api_amount(payout->minor, &full.our_amount);
    fits &= at_api_amount(payout->wanted, &full.their_amount);
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

/* ---- writing it */

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    if (format == ATTAIN_REPORT_JSON)
        at_write_reconcile_json(report, subject);
    else if (format == ATTAIN_REPORT_HTML)
        at_write_reconcile_html(report, subject);
    else
        at_write_reconcile_text(report, subject);
}

attain_status attain_reconciliation_write(const attain_reconciliation *reconciliation,
                                          attain_report_format format, const attain_report_options *options,
                                          attain_write_fn write, void *context) {
    if (!reconciliation || !reconciliation->done) return ATTAIN_USAGE;
    return at_api_report_write(&reconciliation->ask.session->r.own, format, ATTAIN_REPORT_HTML, options,
                               write_as, &reconciliation->made, write, context);
}
