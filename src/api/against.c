/* api/against.c: attain_against_run: why a payout differs from that of another period, or of another payee.
 */
#include "write/against.h"
#include "api/argument.h"
#include "api/ask.h"
#include "api/report.h"

struct attain_against {
    struct at_api_ask ask; /* first: it has the session */
    const struct at_words *words;
    struct at_write_against made;
    at_str periods[2];
    at_str sentences[AT_ANSWER_PLAYERS];
    bool done;
};

struct asking {
    attain_against *handle;
    const attain_against_options *options; /* `run` has the keys of both payees */
    at_str key[2];
};

/* ---- which payouts */

static attain_status refuse(struct asking *a, const char *help, const char *why, ...) AT_PRINTF(3, 4);
static attain_status refuse(struct asking *a, const char *help, const char *why, ...) {
    struct at_arena *arena = &a->handle->ask.session->r.own.arena;
    va_list list;
    va_start(list, why);
    at_str text = at_str_vformat(arena, why, list);
    va_end(list);
    struct at_diag *diag =
        at_diag_add(&a->handle->ask.session->r.arguments, AT_A1295, (at_span){0}, "%.*s", AT_STR_ARG(text));
    at_diag_help(diag, "%s", help);
    return ATTAIN_USAGE;
}

static uint32_t payee_of(const struct asking *a, at_str key) {
    const struct at_session_results *results = &a->handle->ask.session->r.results;
    for (uint32_t i = 0; i < results->n_payees; i++)
        if (at_str_eq(results->payees[i].key, key)) return i;
    return UINT32_MAX;
}

/* The run pays all periods up to the later one of both. */
static attain_status read_period(struct asking *a, at_period *out) {
    attain_session *session = a->handle->ask.session;
    const struct at_check_policy *checked = session->r.policies[0]->checked;
    if (!a->options->period) return ATTAIN_OK;
    if (!at_api_read_period(&session->r.arguments, a->options->period, out)) return ATTAIN_USAGE;
    if (out->kind != checked->calendar.period_kind || !at_period_exists(&checked->calendar, *out))
        return refuse(a, "name a period of the policy, such as the one before",
                      "`%s` is not a period of the policy", a->options->period);
    return ATTAIN_OK;
}

static void reach(struct asking *a, at_period other) {
    attain_session *session = a->handle->ask.session;
    const struct at_calendar *calendar = &session->r.policies[0]->checked->calendar;
    for (uint32_t p = 0; a->options->period && p < session->r.n_policies; p++) {
        at_period *through = &session->policies[p].through;
        if (through->kind <= AT_YEAR &&
            at_period_position(calendar, other) > at_period_position(calendar, *through))
            *through = other;
    }
}

static bool is_paid(const struct at_session_results *results, int32_t position) {
    for (uint32_t r = 0; r < results->n_runs; r++) {
        const struct at_session_run *run = results->runs[r].run;
        int64_t at = (int64_t)position - run->first_position;
        if (at >= 0 && at < run->n_periods && at < (int64_t)run->paid_from + run->paid_periods) return true;
    }
    return false;
}

struct asked {
    bool restricted;
    at_period from, through; /* as the options select them */
    at_period other;
};

static attain_status find_periods(struct asking *a, const struct asked *asked, uint32_t payee) {
    struct at_write_against *made = &a->handle->made;
    const struct at_calendar *calendar = made->results->runs[0].run->calendar;
    enum at_period_kind kind = (enum at_period_kind)made->results->runs[0].run->first_period.kind;
    int32_t now = at_api_ask_last_period(made->results, payee);
    if (asked->restricted) {
        now = at_period_position(calendar, asked->through);
        if (a->options->run.period && at_period_position(calendar, asked->from) != now)
            return refuse(a, "name one of them with `--period`", "the period contains several payouts");
    }
    int32_t then = a->options->period ? at_period_position(calendar, asked->other) : now;
    made->pair.periods = a->options->period != NULL;
    made->pair.of[0].period = now;
    made->pair.of[1].period = then;
    for (int side = 0; side < 2; side++) {
        int32_t position = made->pair.of[side].period;
        if (position == INT32_MIN)
            return refuse(a, "name the period of the payout with `--period`", "the run pays no period");
        made->period[side] = at_period_at(calendar, kind, position);
        a->handle->periods[side] = at_period_print(&a->handle->ask.arena, made->period[side]);
        if (!is_paid(made->results, position))
            return refuse(a, "name periods of the policy, and pay up to them with `--through`",
                          "the run does not pay %.*s", AT_STR_ARG(a->handle->periods[side]));
    }
    return ATTAIN_OK;
}

static attain_status find_run(struct asking *a, int side) {
    struct at_api_ask *ask = &a->handle->ask;
    struct at_write_against *made = &a->handle->made;
    struct at_answer_target *target = &made->pair.of[side];
    uint32_t payee = payee_of(a, a->key[side]);
    target->run = at_api_ask_run_of(ask, payee, target->period);
    target->component = -1;
    if (target->run == UINT32_MAX) {
        at_diag_add(&ask->session->r.arguments, AT_A0915, (at_span){0},
                    "no policy of the run covers the payee `%.*s`", AT_STR_ARG(a->key[side]));
        return ATTAIN_USAGE;
    }
    target->payee = made->results->runs[target->run].row_of[payee];
    return ATTAIN_OK;
}

static attain_status read_pair(struct asking *a, const struct asked *asked) {
    struct at_api_ask *ask = &a->handle->ask;
    struct at_write_against *made = &a->handle->made;
    struct at_answer_target *of = made->pair.of;
    uint32_t payee = payee_of(a, a->key[0]);
    if (payee == UINT32_MAX || payee_of(a, a->key[1]) == UINT32_MAX)
        return refuse(a, "name the payee with `--payee KEY`", "the question is not about one payee");
    attain_status status = find_periods(a, asked, payee);
    for (int side = 0; side < 2 && status == ATTAIN_OK; side++)
        status = find_run(a, side);
    if (status != ATTAIN_OK) return status;
    if (of[0].run != of[1].run)
        return refuse(a, "compare payouts of one policy", "the payouts are those of different policies");
    if (of[0].payee == of[1].payee && of[0].period == of[1].period)
        return refuse(a, "name another period or payee", "both payouts are the same");
    if (a->options->component &&
        !at_api_ask_component(ask, of[0].run, a->options->component, &of[0].component))
        return ATTAIN_USAGE;
    of[1].component = of[0].component;
    for (uint32_t p = 0; p < ask->session->r.n_policies; p++)
        ask->also[p] = of[0].period > of[1].period ? of[0].period : of[1].period;
    return ATTAIN_OK;
}

/* ---- the call */

/* Names the players that a version takes from the other payout. */
static at_str players_of(const struct asking *a, uint32_t version) {
    struct at_arena *arena = &a->handle->ask.session->r.own.arena;
    at_str list = {"", 0};
    for (int k = 0; k < AT_ANSWER_ADJUSTMENTS; k++)
        if (version >> k & 1)
            list = at_str_format(arena, "%.*s%s%s", AT_STR_ARG(list), list.n ? ", " : "",
                                 at_write_against_names[k]);
    return list;
}

static attain_status refuse_version(struct asking *a) {
    const struct at_answer_against *found = &a->handle->made.found;
    const attain_against *handle = a->handle;
    uint32_t whole = AT_ANSWER_VERSIONS - 1;
    if (found->failed == 0 || found->failed >= whole) {
        int side = found->failed == 0 ? 0 : 1;
        return refuse(a, "correct what withholds it: `attain run` shows the reason",
                      "the payout of `%.*s` in %.*s is withheld", AT_STR_ARG(a->key[side]),
                      AT_STR_ARG(handle->periods[side]));
    }
    return refuse(a, "compare payouts that have the same inputs, or one `--component`",
                  "pay cannot be calculated with these inputs of `%.*s` in %.*s: %.*s", AT_STR_ARG(a->key[1]),
                  AT_STR_ARG(handle->periods[1]), AT_STR_ARG(players_of(a, found->failed)));
}

static attain_status ask_all(void *context) {
    struct asking *a = context;
    attain_against *handle = a->handle;
    struct at_api_ask *ask = &handle->ask;
    struct at_write_against *made = &handle->made;
    struct asked asked = {.restricted = ask->session->policies[0].through.kind <= AT_YEAR,
                          .from = ask->session->policies[0].from,
                          .through = ask->session->policies[0].through};
    handle->words = at_api_language(&ask->session->r.arguments, a->options->run.language);
    if (!handle->words) return ATTAIN_USAGE;
    attain_status status = read_period(a, &asked.other);
    if (status != ATTAIN_OK) return status;
    reach(a, asked.other);
    status = at_api_ask_begin(ask);
    if (status != ATTAIN_OK) return status;
    made->results = &ask->session->r.results;
    status = read_pair(a, &asked);
    if (status != ATTAIN_OK) return status;
    const struct at_answer_exchange_host host = {.run = at_api_trial_run_several,
                                                 .release = at_api_trial_release,
                                                 .context = ask->trial,
                                                 .watch = &ask->session->r.own.watch};
    enum at_status found = at_answer_against(made->results, &made->pair, &host, &ask->arena, &made->found);
    if (found != AT_OK) return at_api_status_public(found, ATTAIN_BAD_DATA);
    if (made->found.unknown) return refuse_version(a);
    for (int k = 0; k < AT_ANSWER_PLAYERS; k++)
        handle->sentences[k] = at_words_sentence_plain(
            &ask->arena, at_write_against_part(made, (enum at_answer_player)k, handle->words, &ask->arena));
    handle->done = true;
    return ATTAIN_OK;
}

static attain_status refuse_options(void *context) {
    struct asking *a = context;
    if (a->options->run.payee_count == 1)
        return refuse(a, "name one of them: `--against PERIOD` or `--against-payee KEY`",
                      "the question does not name one other payout");
    return refuse(a, "name the payee with `--payee KEY`", "the question is not about one payee");
}

/* Lines of other payees are not kept, so the run is of both. */
attain_status attain_against_run(attain_policy *const *policies, size_t policy_count, const attain_data *data,
                                 const attain_against_options *given, attain_against **out) {
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!given || !AT_RESERVED_CLEAR(given)) return ATTAIN_USAGE;
    bool one = given->run.payee_count == 1 && (given->period != NULL) != (given->payee != NULL);
    attain_against_options options = *given;
    const char *keys[2] = {NULL, NULL};
    if (one) {
        keys[0] = given->run.payees[0];
        keys[1] = given->payee ? given->payee : keys[0];
        options.run.payees = keys;
        options.run.payee_count = given->payee && strcmp(keys[0], keys[1]) != 0 ? 2 : 1;
    }
    attain_session *session = NULL;
    attain_status status = attain_session_new(policies, policy_count, data, &options.run, &session);
    if (!session) return status;
    attain_against *handle = at_api_ask_new(session, &options.run, sizeof *handle);
    if (!handle) return ATTAIN_NO_MEMORY;
    struct asking a = {.handle = handle, .options = &options};
    for (int side = 0; side < 2 && one; side++)
        a.key[side] = at_str_trim(at_str_z(keys[side]));
    at_api_own_watch(&session->r.own, options.run.watch);
    if (status == ATTAIN_OK) status = at_api_own_run(&session->r.own, one ? ask_all : refuse_options, &a);
    if (status != ATTAIN_OK) at_api_ask_forget(&handle->ask);
    if (at_api_lacked_memory(status)) {
        attain_against_free(handle);
        return status;
    }
    *out = handle;
    return status;
}

void attain_against_free(attain_against *against) {
    if (against) at_api_ask_free(&against->ask, sizeof *against);
}

const attain_diagnostics *attain_against_diagnostics(const attain_against *against) {
    return against ? attain_session_diagnostics(against->ask.session) : NULL;
}

/* ---- reading it */

attain_status(attain_against_summary_get)(const attain_against *handle, attain_against_summary *out,
                                          size_t size) {
    if (!handle || !handle->done || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_write_against *made = &handle->made;
    const struct at_session_result_run *r = &made->results->runs[made->pair.of[0].run];
    attain_against_summary full = {.payee_key = at_api_text(r->keys[made->pair.of[0].payee]),
                                   .period = at_api_text(handle->periods[0]),
                                   .other_payee_key = at_api_text(r->keys[made->pair.of[1].payee]),
                                   .other_period = at_api_text(handle->periods[1]),
                                   .currency = r->currency->code,
                                   .digits = r->currency->digits,
                                   .parts = AT_ANSWER_PLAYERS};
    bool fits = at_api_amount(made->found.paid[0], &full.paid);
    fits &= at_api_amount(made->found.paid[1], &full.other_paid);
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

attain_status(attain_against_part_get)(const attain_against *handle, size_t index, attain_against_part *out,
                                       size_t size) {
    if (!handle || !handle->done || !AT_OUT_FITS(out, size) || index >= AT_ANSWER_PLAYERS)
        return ATTAIN_USAGE;
    const struct at_answer_against *found = &handle->made.found;
    attain_against_part full = {.name = at_write_against_names[index],
                                .denominator = AT_ANSWER_WHOLE,
                                .sentence = at_api_text(handle->sentences[index])};
    bool fits = at_api_amount(found->parts[index], &full.amount);
    fits &= at_api_amount(found->numerators[index], &full.numerator);
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

/* ---- writing it */

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    if (format == ATTAIN_REPORT_JSON)
        at_write_against_json(report, subject);
    else if (format == ATTAIN_REPORT_HTML)
        at_write_against_html(report, subject);
    else if (format == ATTAIN_REPORT_MARKDOWN)
        at_write_against_md(report, subject);
    else
        at_write_against_text(report, subject);
}

attain_status attain_against_write(const attain_against *against, attain_report_format format,
                                   const attain_report_options *options, attain_write_fn write,
                                   void *context) {
    if (!against || !against->done || format == ATTAIN_REPORT_SVG) return ATTAIN_USAGE;
    return at_api_report_write(&against->ask.session->r.own, format, ATTAIN_REPORT_MARKDOWN, options,
                               write_as, &against->made, write, context);
}
