/* api/expected.c: attain_expected_run: the single changes that would give a payout the amount that a person
 * expects.
 */
#include "write/expected.h"
#include "api/argument.h"
#include "api/report.h"
#include "api/versions.h"

struct attain_expected {
    struct at_api_ask ask; /* first: it has the session */
    const struct at_words *words;
    struct at_write_expected answer;
    at_str *sentences; /* by change */
    bool done;
};

struct asking {
    attain_expected *handle;
    const attain_expected_options *options;
    const attain_data *data;
    struct at_api_versions *versions; /* NULL: there is no earlier version */
};

/* ---- arguments */

static attain_status refuse(struct asking *a, const char *why, const char *help) {
    struct at_diag *diag =
        at_diag_add(&a->handle->ask.session->r.arguments, AT_A1295, (at_span){0}, "%s", why);
    at_diag_help(diag, "%s", help);
    return ATTAIN_USAGE;
}

static bool read_amount(struct asking *a, const struct at_check_policy *checked, at_i128 *out) {
    struct at_arena *arena = &a->handle->ask.arena;
    at_str text = at_str_trim(at_str_z(a->options->amount ? a->options->amount : ""));
    struct at_plan_value value;
    unsigned digits = at_currency_info(checked->currency)->digits;
    if (text.n && at_api_setting_value(arena, at_str_copy(arena, text), checked->currency, &value) &&
        (value.type.kind == AT_T_MONEY ? value.type.currency == checked->currency
                                       : value.type.kind == AT_T_NUMBER && value.type.unit == AT_UNIT_NONE) &&
        at_num_to_i128(arena, at_plan_value_num(&value), digits, out))
        return true;
    struct at_diag *diag = at_diag_add(&a->handle->ask.session->r.arguments, AT_A1295, (at_span){0},
                                       "`%.*s` is not an amount in %s", AT_STR_ARG(text),
                                       at_currency_info(checked->currency)->code);
    at_diag_help(diag, "write an amount such as 11200, with at most %u decimals", digits);
    return false;
}

static attain_status find_period(struct asking *a, uint32_t payee, int32_t *out) {
    const struct at_api_ask *ask = &a->handle->ask;
    const struct at_session_results *results = &ask->session->r.results;
    const struct at_calendar *calendar = results->runs[0].run->calendar;
    *out = at_api_ask_last_period(results, payee);
    if (ask->restricted) {
        *out = at_period_position(calendar, ask->through);
        if (a->options->run.period && at_period_position(calendar, ask->from) != *out)
            return refuse(a, "the period contains several payouts", "name one of them with `--period`");
    }
    if (*out == INT32_MIN)
        return refuse(a, "the run pays no period", "name the period of the payout with `--period`");
    return ATTAIN_OK;
}

static attain_status read_question(struct asking *a, struct at_answer_question *out) {
    struct at_api_ask *ask = &a->handle->ask;
    struct at_answer_target *target = &out->target;
    uint32_t payee = at_api_ask_payee(ask, &a->options->run);
    if (payee == UINT32_MAX)
        return refuse(a, "the question is not about one payee", "name the payee with `--payee KEY`");
    attain_status status = find_period(a, payee, &target->period);
    if (status != ATTAIN_OK) return status;
    target->run = at_api_ask_run_of(ask, payee, target->period);
    target->component = -1;
    if (target->run == UINT32_MAX) {
        at_diag_add(&ask->session->r.arguments, AT_A0915, (at_span){0},
                    "no policy of the run covers the payee `%s`", a->options->run.payees[0]);
        return ATTAIN_USAGE;
    }
    const struct at_session_results *results = &ask->session->r.results;
    target->payee = results->runs[target->run].row_of[payee];
    if (a->options->component &&
        !at_api_ask_component(ask, target->run, a->options->component, &target->component))
        return ATTAIN_USAGE;
    for (uint32_t p = 0; p < ask->session->r.n_policies; p++)
        ask->also[p] = target->period;
    return read_amount(a, results->runs[target->run].checked, &out->wanted) ? ATTAIN_OK : ATTAIN_USAGE;
}

/* ---- the call */

static void write_sentences(attain_expected *handle) {
    const struct at_answer_found *found = &handle->answer.found;
    struct at_arena *arena = &handle->ask.arena;
    handle->sentences = AT_NEW_ARRAY(arena, at_str, found->n + found->n_near + 1);
    for (uint32_t i = 0; i < found->n + found->n_near; i++)
        handle->sentences[i] = at_words_sentence_plain(
            arena, at_write_expected_sentence(&handle->answer, at_write_expected_at(&handle->answer, i),
                                              handle->words, arena));
}

static attain_status ask_all(void *context) {
    struct asking *a = context;
    attain_expected *handle = a->handle;
    struct at_api_ask *ask = &handle->ask;
    handle->words = at_api_language(&ask->session->r.arguments, a->options->run.language);
    if (!handle->words) return ATTAIN_USAGE;
    attain_status status = at_api_ask_begin(ask);
    if (status != ATTAIN_OK) return status;
    handle->answer.results = &ask->session->r.results;
    status = read_question(a, &handle->answer.question);
    if (status != ATTAIN_OK) return status;
    handle->answer.period = at_period_print(
        &ask->arena,
        at_session_run_period(handle->answer.results->runs[handle->answer.question.target.run].run,
                              (uint32_t)(handle->answer.question.target.period -
                                         handle->answer.results->runs[handle->answer.question.target.run]
                                             .run->first_position)));
    enum at_status found = AT_OK;
    if (a->options->earlier) found = at_api_versions_make(ask, a->options->earlier, a->data, &a->versions);
    if (found == AT_REJECTED) return ATTAIN_USAGE;
    if (found == AT_OK && a->versions) handle->answer.edits = a->versions->edits;
    if (found == AT_OK)
        found = at_answer_search(handle->answer.results, &handle->answer.question,
                                 a->versions ? &a->versions->answers : NULL, &ask->trials, &ask->arena,
                                 &handle->answer.found);
    if (found != AT_OK) return at_api_status_public(found, ATTAIN_BAD_DATA);
    write_sentences(handle);
    handle->done = true;
    return ATTAIN_OK;
}

attain_status attain_expected_run(attain_policy *const *policies, size_t policy_count,
                                  const attain_data *data, const attain_expected_options *options,
                                  attain_expected **out) {
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!options || !AT_RESERVED_CLEAR(options)) return ATTAIN_USAGE;
    attain_session *session = NULL;
    attain_status status = attain_session_new(policies, policy_count, data, &options->run, &session);
    if (!session) return status;
    attain_expected *handle = at_api_ask_new(session, &options->run, sizeof *handle);
    if (!handle) return ATTAIN_NO_MEMORY;
    struct asking a = {.handle = handle, .options = options, .data = data};
    at_api_own_watch(&session->r.own, options->run.watch);
    if (status == ATTAIN_OK) status = at_api_own_run(&session->r.own, ask_all, &a);
    if (status != ATTAIN_OK) at_api_ask_forget(&handle->ask);
    if (at_api_lacked_memory(status)) {
        attain_expected_free(handle);
        return status;
    }
    *out = handle;
    return status;
}

void attain_expected_free(attain_expected *expected) {
    if (expected) at_api_ask_free(&expected->ask, sizeof *expected);
}

const attain_diagnostics *attain_expected_diagnostics(const attain_expected *expected) {
    return expected ? attain_session_diagnostics(expected->ask.session) : NULL;
}

/* ---- reading it */

attain_status(attain_expected_summary_get)(const attain_expected *handle, attain_expected_summary *out,
                                           size_t size) {
    if (!handle || !handle->done || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_write_expected *answer = &handle->answer;
    const struct at_answer_target *target = &answer->question.target;
    const struct at_session_result_run *r = &answer->results->runs[target->run];
    attain_expected_summary full = {.payee_key = at_api_text(r->keys[target->payee]),
                                    .payee_label = at_api_text(r->labels[target->payee]),
                                    .period = at_api_text(answer->period),
                                    .currency = r->currency->code,
                                    .digits = r->currency->digits,
                                    .withheld = answer->found.withheld,
                                    .matches = answer->found.n,
                                    .changes = (size_t)answer->found.n + answer->found.n_near,
                                    .tried = answer->found.tried,
                                    .all = !answer->found.left_out};
    bool fits = at_api_amount(answer->found.paid, &full.paid);
    fits &= at_api_amount(answer->question.wanted, &full.wanted);
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

attain_status(attain_expected_get)(const attain_expected *handle, size_t index, attain_change *out,
                                   size_t size) {
    if (!handle || !handle->done || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_write_expected *answer = &handle->answer;
    if (index >= (size_t)answer->found.n + answer->found.n_near) return ATTAIN_USAGE;
    const struct at_answer_change *change = at_write_expected_at(answer, (uint32_t)index);
    attain_change full = {.kind = (attain_change_kind)change->kind,
                          .row = at_api_text(change->name),
                          .before = at_api_text(change->before),
                          .after = at_api_text(change->after),
                          .like = at_api_text(change->twin),
                          .sentence = at_api_text(handle->sentences[index]),
                          .others = change->others,
                          .many = change->many};
    if (change->kind != AT_ANSWER_EDIT) {
        const struct at_schema *schema = at_write_expected_schema(answer, change);
        full.table = at_api_text(schema->name);
        if (change->kind == AT_ANSWER_FIELD || change->kind == AT_ANSWER_MISSING)
            full.field = at_api_text(schema->fields[change->field].name);
    }
    bool fits = at_api_amount(change->minor, &full.amount);
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

/* ---- writing it */

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    if (format == ATTAIN_REPORT_JSON)
        at_write_expected_json(report, subject);
    else
        at_write_expected_text(report, subject);
}

attain_status attain_expected_write(const attain_expected *expected, attain_report_format format,
                                    const attain_report_options *options, attain_write_fn write,
                                    void *context) {
    if (!expected || !expected->done) return ATTAIN_USAGE;
    return at_api_report_write(&expected->ask.session->r.own, format, ATTAIN_REPORT_JSON, options, write_as,
                               &expected->answer, write, context);
}
