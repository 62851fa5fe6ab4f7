/* api/team.c: attain_team_run: runs policies, and finds how the pay of each payee changes when a colleague
 * sells one more. A session holds the run, whose values stay. */
#include "write/team.h"
#include "api/argument.h"
#include "api/report.h"
#include "api/session.h"
#include "base/numtext.h"

struct attain_team {
    struct at_alloc host;
    attain_session *session; /* has the memory, the diagnostics, and the run */
    struct at_arena arena;   /* of what is found; the guard is the session's */
    struct at_team *team;    /* NULL: the call did not succeed */
    attain_text *slopes;     /* by pair: above and below; empty: not known */
};

struct work {
    attain_team *handle;
    const attain_team_options *options;
};

static attain_status refuse(struct work *work) {
    attain_session *session = work->handle->session;
    const char *name = work->options->vary;
    struct at_str_nearest nearest = {.wanted = at_str_z(name ? name : "")};
    if (!name) {
        struct at_diag *d = at_diag_add(&session->r.arguments, AT_A1277, (at_span){0},
                                        "no measure adds up money that payees are credited");
        at_diag_help(d, "choose a measure: `--vary NAME`");
        return ATTAIN_USAGE;
    }
    for (uint32_t p = 0; p < session->r.n_policies; p++) {
        const struct at_check_policy *checked = session->r.policies[p]->checked;
        for (uint32_t i = 0; i < checked->n_measures; i++)
            at_str_nearest_try(&nearest, checked->measures[i].symbol->name);
    }
    struct at_diag *d =
        at_diag_add(&session->r.arguments, AT_A1277, (at_span){0}, "no pay depends on a measure `%s`", name);
    if (nearest.best.n) at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
    return ATTAIN_USAGE;
}

/* Periods after the last one that was asked for are of no interest. */
static void read_periods(attain_session *session) {
    for (uint32_t p = 0; p < session->r.n_policies; p++) {
        struct at_api_session_policy *own = &session->policies[p];
        const struct at_check_policy *checked = session->r.policies[p]->checked;
        own->from = at_period_of_date(&checked->calendar, checked->calendar.period_kind, checked->from);
    }
}

static attain_text slope_text(struct at_arena *arena, const struct at_team_side *side) {
    if (side->kind != AT_CURVE_NUM) return (attain_text){"", 0};
    return at_api_text(at_num_print(arena, side->slope));
}

static void write_slopes(attain_team *handle) {
    const struct at_team *team = handle->team;
    handle->slopes = AT_NEW_ARRAY(&handle->arena, attain_text, 2 * team->n_pairs + 1);
    for (uint64_t i = 0; i < team->n_pairs; i++) {
        handle->slopes[2 * i] = slope_text(&handle->arena, &team->pairs[i].above);
        handle->slopes[2 * i + 1] = slope_text(&handle->arena, &team->pairs[i].below);
    }
}

static attain_status find(void *context) {
    struct work *work = context;
    attain_session *session = work->handle->session;
    struct at_arena *arena = &work->handle->arena;
    at_arena_init_beside(arena, &session->r.own.arena);
    read_periods(session);
    session->job.pays = false;
    session->job.any_helping = true; /* it shows the pairs that are against it */
    attain_status status = at_api_session_run_all(session);
    if (status != ATTAIN_OK) return status;
    struct at_team *team = AT_NEW(arena, struct at_team);
    team->results = &session->r.results;
    const struct at_team_options options = {.vary = at_str_z(work->options->vary ? work->options->vary : "")};
    enum at_status found = at_team_find(team, &options, &session->r.own.watch, arena);
    if (found == AT_REJECTED) return refuse(work);
    if (found == AT_OK) {
        work->handle->team = team;
        write_slopes(work->handle);
    }
    return at_api_status_public(found, ATTAIN_USAGE);
}

static attain_team *new_handle(attain_session *session, const attain_run_options *options) {
    struct at_alloc alloc = {0};
    if (options->allocator && options->allocator->resize)
        alloc = (struct at_alloc){options->allocator->resize, options->allocator->context};
    attain_team *handle = at_alloc_get(alloc.resize ? &alloc : NULL, sizeof *handle);
    if (handle) *handle = (attain_team){.host = alloc, .session = session};
    return handle;
}

attain_status attain_team_run(attain_policy *const *policies, size_t policy_count, const attain_data *data,
                              const attain_team_options *options, attain_team **out) {
    static const attain_team_options defaults = {0};
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!options) options = &defaults;
    if (!AT_RESERVED_CLEAR(options)) return ATTAIN_USAGE;
    attain_session *session = NULL;
    attain_status status = attain_session_new(policies, policy_count, data, &options->run, &session);
    if (!session) return status;
    attain_team *handle = new_handle(session, &options->run);
    if (!handle) {
        attain_session_free(session);
        return ATTAIN_NO_MEMORY;
    }
    struct work work = {handle, options};
    at_api_own_watch(&session->r.own, options->run.watch);
    if (status == ATTAIN_OK) status = at_api_own_run(&session->r.own, find, &work);
    for (uint32_t p = 0; status != ATTAIN_OK && p < session->r.n_policies; p++)
        if (session->policies && session->policies[p].data)
            at_table_dataset_forget_scan(session->policies[p].data);
    if (at_api_lacked_memory(status)) {
        attain_team_free(handle);
        return status;
    }
    if (status != ATTAIN_OK) handle->team = NULL;
    *out = handle;
    return status;
}

void attain_team_free(attain_team *team) {
    if (!team) return;
    struct at_alloc host = team->host;
    at_arena_free(&team->arena); /* before the session, whose memory it has */
    attain_session_free(team->session);
    at_alloc_drop(host.resize ? &host : NULL, team, sizeof *team);
}

const attain_diagnostics *attain_team_diagnostics(const attain_team *team) {
    return team ? attain_session_diagnostics(team->session) : NULL;
}

/* ---- reading it */

attain_status(attain_team_summary_get)(const attain_team *handle, attain_team_summary *out, size_t size) {
    if (!handle || !handle->team || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_team *team = handle->team;
    attain_team_summary full = {.pairs = team->n_pairs,
                                .against = team->n_against,
                                .unknown = team->n_unknown,
                                .helping = (attain_helping)team->proof,
                                .worst = team->proof == AT_TEAM_REFUTED ? team->worst : UINT64_MAX};
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_team_pair_get)(const attain_team *handle, uint64_t index, attain_team_pair *out,
                                    size_t size) {
    if (!handle || !handle->team || !AT_OUT_FITS(out, size) || index >= handle->team->n_pairs)
        return ATTAIN_USAGE;
    const struct at_team_pair *pair = &handle->team->pairs[index];
    const struct at_session_result_run *r = &handle->team->results->runs[pair->run];
    attain_team_pair full = {.seller = at_api_text(r->keys[pair->seller]),
                             .payee = at_api_text(r->keys[pair->payee]),
                             .above = handle->slopes[2 * index],
                             .below = handle->slopes[2 * index + 1],
                             .hurts = at_team_hurts(pair)};
    return AT_OUT_PUT(out, size, full);
}

/* ---- writing it */

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    const struct at_team *team = subject;
    const struct at_write_options options = {.width = report->width, .color = report->color};
    if (format == ATTAIN_REPORT_JSON)
        at_write_team_json(team, report->arena, report->out);
    else if (format == ATTAIN_REPORT_HTML)
        at_write_team_html(team, report->words, report->arena, report->out);
    else
        at_write_team_text(team, &options, report->words, report->arena, report->out);
}

attain_status attain_team_write(const attain_team *team, attain_report_format format,
                                const attain_report_options *options, attain_write_fn write, void *context) {
    if (!team || !team->team) return ATTAIN_USAGE;
    return at_api_report_write(&team->session->r.own, format, ATTAIN_REPORT_HTML, options, write_as,
                               team->team, write, context);
}
