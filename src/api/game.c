/* api/game.c: attain_game_run: runs policies, then runs them again with each choice for each deal.
 *
 * Rows are read once. A session holds them, and each choice is a change that is taken back: trial.h.
 */
#include "game/game.h"
#include "api/argument.h"
#include "api/report.h"
#include "api/trial.h"
#include "write/game.h"

#include <stdio.h>

struct attain_game {
    struct at_alloc host;
    attain_session *session; /* has the memory, the diagnostics, and the run as it is */
    struct at_arena arena;   /* of what is found; the guard is the session's */
    struct at_game *game;    /* NULL: the call did not succeed */
};

struct work {
    attain_game *handle;
    const attain_game_options *options;
    const attain_watch *watch;
    struct at_api_trial *trial;
};

/* ---- arguments */

static attain_status refuse(struct work *work, enum at_diag_code code, const char *why, const char *help) {
    struct at_diag *diag = at_diag_add(&work->handle->session->r.arguments, code, (at_span){0}, "%s", why);
    if (help) at_diag_help(diag, "%s", help);
    return ATTAIN_USAGE;
}

static attain_status refuse_table(struct work *work, at_str name) {
    struct at_diag_list *diags = &work->handle->session->r.arguments;
    struct at_str_nearest nearest = {.wanted = name};
    for (uint32_t p = 0; p < work->handle->session->r.n_policies; p++) {
        const struct at_check_policy *checked = work->handle->session->r.policies[p]->checked;
        for (uint32_t t = 0; t < checked->n_schemas; t++) {
            if (!at_str_eq(checked->schemas[t].name, name)) {
                at_str_nearest_try(&nearest, checked->schemas[t].name);
                continue;
            }
            struct at_diag *diag =
                at_diag_add(diags, AT_A1275, (at_span){0}, "rows of `%.*s` are not deals", AT_STR_ARG(name));
            at_diag_help(diag, "name a table whose rows a credit dates by a field of their own");
            return ATTAIN_USAGE;
        }
    }
    struct at_diag *diag =
        at_diag_add(diags, AT_A0902, (at_span){0}, "unknown table `%.*s`", AT_STR_ARG(name));
    if (nearest.best.n) at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
    return ATTAIN_USAGE;
}

static attain_status refuse_policies(struct work *work) {
    return refuse(work, AT_A1275, "the policy does not have deals",
                  "choices are for rows that a credit dates by a field of their own");
}

/* Known before anything is run. */
static bool has_deals(const attain_session *session) {
    const struct at_api_session_params *params = &session->params[session->current];
    for (uint32_t p = 0; p < session->r.n_policies; p++)
        if (at_game_has_deals(params->plans[p]->plan)) return true;
    return false;
}

/* The options select deals, and all periods are paid: a deal that moves must not leave what is compared. */
static struct at_game_options read_options(struct work *work) {
    attain_session *session = work->handle->session;
    const struct at_session_results_filter *filter = &session->job.filter;
    const attain_game_options *options = work->options;
    struct at_game_options out = {.within = options->within ? options->within : 1,
                                  .table = at_str_z(options->table ? options->table : ""),
                                  .payees = filter->payees,
                                  .n_payees = filter->n_payees,
                                  .from = AT_DATE_MIN,
                                  .through = AT_DATE_MAX};
    if (out.within > AT_GAME_MOST_WITHIN) out.within = AT_GAME_MOST_WITHIN;
    for (unsigned k = 0; k < AT_GAME_KINDS; k++)
        out.kinds[k] = options->kinds == 0 || (options->kinds >> k & 1);
    for (uint32_t p = 0; p < session->r.n_policies; p++) {
        struct at_api_session_policy *own = &session->policies[p];
        const struct at_calendar *calendar = &session->r.policies[p]->checked->calendar;
        const struct at_check_policy *checked = session->r.policies[p]->checked;
        at_date from = at_period_start(calendar, own->from);
        if (p == 0 || from < out.from) out.from = from;
        if (own->through.kind <= AT_YEAR && p == 0) out.through = at_period_end(calendar, own->through);
        own->from = at_period_of_date(calendar, calendar->period_kind, checked->from);
        own->through.kind = AT_YEAR + 1;
    }
    return out;
}

/* ---- the call */

/* The last period in which a deal can be booked, by policy. The effective range ends the periods that can be
 * paid. */
static void find_also(struct work *work, uint32_t within) {
    attain_session *session = work->handle->session;
    const struct at_api_session_params *params = &session->params[session->current];
    int64_t *also = AT_NEW_ARRAY(&work->handle->arena, int64_t, session->r.n_policies + 1);
    work->trial->also = also;
    for (uint32_t p = 0; p < session->r.n_policies; p++) {
        const struct at_session_run *run = session->job.runs[p];
        int64_t last = (int64_t)run->n_regular - 1 + within, end = params->plans[p]->range->last_period;
        also[p] = run->first_position + (last < end ? last : end);
    }
}

static attain_status play(void *context) {
    struct work *work = context;
    attain_session *session = work->handle->session;
    struct at_arena *arena = &work->handle->arena;
    struct at_game_host host = {at_api_trial_run, at_api_trial_release, NULL, &session->r.own.watch};
    at_arena_init_beside(arena, &session->r.own.arena);
    struct at_game_options options = read_options(work);
    if (work->options->kinds >> AT_GAME_KINDS)
        return refuse(work, AT_A0916, "unknown kind of choice", "use the bits of attain_choice_kind");
    if (!has_deals(session)) return refuse_policies(work);
    session->job.any_helping = true;
    session->job.pays = false; /* nothing is paid, so pay that waits is not reported */
    attain_status status = at_api_session_run_all(session);
    if (status != ATTAIN_OK) return status;
    struct at_game *game = AT_NEW(arena, struct at_game);
    game->results = &session->r.results;
    if (game->results->n_totals > 1)
        return refuse(work, AT_A1276, "cannot add up gains in different currencies", "run each policy alone");
    host.context = work->trial = at_api_trial_new(session, arena);
    find_also(work, options.within);
    enum at_status found = at_game_find_deals(game, &options, arena);
    if (found == AT_REJECTED && options.table.n) return refuse_table(work, options.table);
    if (found == AT_REJECTED) return refuse_policies(work);
    if (found == AT_OK) found = at_game_play(game, &options, &host, arena);
    if (found == AT_OK) work->handle->game = game;
    return at_api_status_public(found, ATTAIN_BAD_DATA);
}

static attain_game *new_handle(attain_session *session, const attain_run_options *options) {
    struct at_alloc alloc = {0};
    if (options->allocator && options->allocator->resize)
        alloc = (struct at_alloc){options->allocator->resize, options->allocator->context};
    attain_game *handle = at_alloc_get(alloc.resize ? &alloc : NULL, sizeof *handle);
    if (!handle) return NULL;
    *handle = (attain_game){.host = alloc, .session = session};
    return handle;
}

/* What passes over tables hold, if one of them was stopped. */
static void forget(attain_session *session) {
    for (uint32_t p = 0; p < session->r.n_policies; p++)
        if (session->policies && session->policies[p].data)
            at_table_dataset_forget_scan(session->policies[p].data);
}

attain_status attain_game_run(attain_policy *const *policies, size_t policy_count, const attain_data *data,
                              const attain_game_options *options, attain_game **out) {
    static const attain_game_options defaults = {0};
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!options) options = &defaults;
    if (!AT_RESERVED_CLEAR(options)) return ATTAIN_USAGE;
    attain_session *session = NULL;
    attain_status status = attain_session_new(policies, policy_count, data, &options->run, &session);
    if (!session) return status;
    attain_game *handle = new_handle(session, &options->run);
    if (!handle) {
        attain_session_free(session);
        return ATTAIN_NO_MEMORY;
    }
    struct work work = {.handle = handle, .options = options};
    at_api_own_watch(&session->r.own, options->run.watch);
    if (status == ATTAIN_OK) status = at_api_own_run(&session->r.own, play, &work);
    if (at_api_lacked_memory(status)) {
        forget(session);
        attain_game_free(handle);
        return status;
    }
    if (status != ATTAIN_OK) forget(session);
    *out = handle;
    return status;
}

void attain_game_free(attain_game *game) {
    if (!game) return;
    struct at_alloc host = game->host;
    at_arena_free(&game->arena); /* before the session, whose memory it has */
    attain_session_free(game->session);
    at_alloc_drop(host.resize ? &host : NULL, game, sizeof *game);
}

const attain_diagnostics *attain_game_diagnostics(const attain_game *game) {
    return game ? attain_session_diagnostics(game->session) : NULL;
}

/* ---- reading it */

attain_status(attain_game_summary_get)(const attain_game *handle, attain_game_summary *out, size_t size) {
    if (!handle || !handle->game || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_game *game = handle->game;
    const struct at_currency_info *currency = game->results->runs[0].currency;
    attain_game_summary full = {.digits = currency->digits,
                                .currency = currency->code,
                                .deals = game->n_deals,
                                .deals_gaining = game->deals_gaining,
                                .choices = game->n_choices,
                                .within = game->within};
    bool fits = at_api_amount(game->best, &full.gain);
    fits &= at_api_amount(game->pay, &full.pay);
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

attain_status(attain_game_kind_get)(const attain_game *handle, attain_choice_kind kind, attain_game_kind *out,
                                    size_t size) {
    if (!handle || !handle->game || !AT_OUT_FITS(out, size) || (unsigned)kind >= AT_GAME_KINDS)
        return ATTAIN_USAGE;
    const struct at_game_total *total = &handle->game->kinds[kind];
    attain_game_kind full = {.tried = total->tried,
                             .impossible = total->refused,
                             .withheld = total->withheld,
                             .deals = total->deals,
                             .most = total->most};
    bool fits = at_api_amount(total->best, &full.gain);
    AT_OUT_PUT(out, size, full);
    return fits ? ATTAIN_OK : ATTAIN_OVERFLOW;
}

static attain_text text_of_day(char text[16], at_date day) {
    int year, month, of_month;
    at_date_split(day, &year, &month, &of_month);
    return (attain_text){text, (size_t)snprintf(text, 16, "%04d-%02d-%02d", year, month, of_month)};
}

attain_status(attain_choice_get)(const attain_game *handle, uint64_t index, attain_choice *out, size_t size) {
    if (!handle || !handle->game || !AT_OUT_FITS(out, size) || index >= handle->game->n_choices)
        return ATTAIN_USAGE;
    const struct at_game *game = handle->game;
    const struct at_game_choice *choice = &game->choices[index];
    const struct at_game_deal *deal = &game->deals[choice->deal];
    const struct at_session_result_run *r = &game->results->runs[deal->run];
    const struct at_session_result_component *component = &game->results->components[choice->component];
    attain_choice full = {.kind = (attain_choice_kind)choice->kind,
                          .table = at_api_text(r->checked->schemas[deal->table].name),
                          .key = at_api_text(deal->key),
                          .row = at_api_text(deal->name),
                          .payee_key = at_api_text(r->keys[deal->payee]),
                          .payee_label = at_api_text(r->labels[deal->payee]),
                          .periods = choice->by,
                          .gain = choice->gain,
                          .rest = choice->rest,
                          .component = at_api_text(component->decl->name),
                          .of_component = choice->of_component};
    if (choice->kind == AT_GAME_PERIOD) text_of_day(full.day, choice->day);
    if (choice->kind == AT_GAME_OWNER) full.other = at_api_text(r->keys[choice->other]);
    if (choice->kind == AT_GAME_MERGE) {
        const struct at_game_deal *other = &game->deals[choice->other];
        full.other = at_api_text(other->key.n ? other->key : other->name);
    }
    return AT_OUT_PUT(out, size, full);
}

/* ---- writing it */

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    const struct at_game *game = subject;
    const struct at_write_options options = {.width = report->width, .color = report->color};
    if (format == ATTAIN_REPORT_JSON)
        at_write_game_json(game, report->arena, report->out);
    else if (format == ATTAIN_REPORT_HTML)
        at_write_game_html(game, report->words, report->arena, report->out);
    else
        at_write_game_text(game, &options, report->words, report->arena, report->out);
}

attain_status attain_game_write(const attain_game *game, attain_report_format format,
                                const attain_report_options *options, attain_write_fn write, void *context) {
    if (!game || !game->game) return ATTAIN_USAGE;
    return at_api_report_write(&game->session->r.own, format, ATTAIN_REPORT_HTML, options, write_as,
                               game->game, write, context);
}
