/* session/run.c: the order of work of a run: the nodes before the first scan, the passes, and the nodes at
 * the end. */
#include "diag/say.h"
#include "session/run_int.h"

#include "plan/graph.h"

/* ---- which tables stay */

/* Rows whose days are looked at in each period, and those that have parts, which are found by their numbers.
 */
static void keep_parted(const struct at_plan *plan, const struct at_plan_node *node, bool *keep) {
    keep[plan->feeds[plan->nodes[node->in[0]].a].table] = true;
    for (uint16_t k = 1; k < node->n_in; k++)
        if (plan->nodes[node->in[k]].grain == AT_G_ROW) keep[plan->nodes[node->in[k]].place] = true;
}

void at_session_run_wants(const struct at_plan *plan, bool *keep) {
    for (uint32_t i = 0; i < plan->n_covers; i++)
        keep[plan->covers[i].decl->table] = true;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (!node->needed) continue;
        /* Passed over again, or `running`, which finds its rows by number. */
        if (at_plan_is_aggregate(node->op) && node->pass > 0) keep[plan->feeds[node->a].table] = true;
        if (node->grain == AT_G_CREDIT &&
            (node->pass > 0 || node->op == AT_P_RUNNING || node->op == AT_P_DIVIDEOF))
            keep[plan->feeds[node->place].table] = true;
        if (node->op == AT_P_LINEOF) keep[plan->feeds[node->a].table] = true;
        if (node->grain == AT_G_ROW && node->pass > 0) keep[node->place] = true;
        if (node->op == AT_P_GATHER) keep[node->place] = keep[plan->nodes[node->in[0]].place] = true;
        if (at_plan_leads(node->op) && plan->nodes[node->in[0]].grain == AT_G_ROW)
            keep[plan->nodes[node->in[0]].place] = true;
        if (node->op == AT_P_DATEDROW) keep[node->type.table] = true;
        if (node->op == AT_P_DATEDMEAN) keep[node->a] = true;
        if (node->op == AT_P_PARTED) keep_parted(plan, node, keep);
    }
    /* Where rows become known late, a run passes over all tables again. */
    bool late = false;
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        late |= at_plan_feed_late(&plan->feeds[f]);
    for (uint32_t f = 0; f < plan->n_feeds && late; f++)
        keep[plan->feeds[f].table] = true;
}

/* ---- periods */

/* Adds the periods that were asked for. They are calculated even if nothing is credited in them, because a
 * guarantee may be due. */
static enum at_status reach_through(struct at_session_state *session,
                                    const struct at_session_run_options *options) {
    struct at_kernel_frame *frame = &session->frame;
    if (options->through.kind > AT_YEAR) return AT_OK;
    at_date day = at_period_end(session->gather.calendar, options->through);
    int64_t index = at_gather_period_index(&session->gather, day);
    if (index > session->gather.range->last_period) index = session->gather.range->last_period;
    if (index < frame->n_periods) return AT_OK;
    if (!at_gather_cells_fit(&session->gather, (uint64_t)index + 1)) {
        at_gather_cells_refuse(&session->gather, NULL, (uint64_t)index);
        return AT_REJECTED;
    }
    frame->n_periods = (uint32_t)(index + 1);
    return AT_OK;
}

/* The periods that a test names. One after the effective range has no cells, so its expectation fails. */
static void reach_also(struct at_session_state *session, const struct at_session_run_options *options) {
    for (uint32_t i = 0; i < options->n_also; i++) {
        int64_t index = options->also[i] - session->frame.first_position;
        if (index < session->frame.n_periods || index > session->gather.range->last_period) continue;
        if (at_gather_cells_fit(&session->gather, (uint64_t)index + 1))
            session->frame.n_periods = (uint32_t)(index + 1);
    }
}

/* Period indexes of which lines are made. Where rows become known late, those of earlier periods are made,
 * too: what they change is paid later. */
static void find_paid(struct at_session_state *session, const struct at_session_run_options *options) {
    struct at_settle *settle = &session->settle;
    int32_t first = 0, last = (int32_t)session->frame.n_regular - 1;
    int32_t end = (int32_t)(session->frame.n_periods - session->frame.n_ahead);
    if (options->from.kind <= AT_YEAR) {
        at_date day = at_period_start(session->gather.calendar, options->from);
        int32_t index = at_gather_period_index(&session->gather, day);
        if (index > first) first = index;
    }
    if (options->through.kind <= AT_YEAR) {
        at_date day = at_period_end(session->gather.calendar, options->through);
        int32_t index = at_gather_period_index(&session->gather, day);
        if (index < last) last = index;
        if (index + 1 < end) end = index + 1;
    } else if (options->ask && session->gather.reach.last < 0 && session->gather.range->last_period > 0) {
        last = -1;
    }
    session->run.by_option = options->through.kind <= AT_YEAR;
    settle->asked_from = (uint32_t)first;
    if (session->gather.view.finds) first = 0;
    settle->paid_from = (uint32_t)first;
    settle->paid_periods = last >= first ? (uint32_t)(last - first + 1) : 0;
    /* Moved lines are paid after the last period, too, unless the run ends before. */
    int32_t tail = (int32_t)session->frame.n_regular;
    if (tail < first) tail = first;
    settle->tail_from = (uint32_t)tail;
    settle->tail_periods = end > tail ? (uint32_t)(end - tail) : 0;
}

/* ---- what is made once */

const struct at_session_plan *at_session_prepare(const struct at_plan *plan, bool lines,
                                                 struct at_arena *arena) {
    struct at_session_plan *prepared = AT_NEW(arena, struct at_session_plan);
    prepared->plan = plan;
    prepared->lines = lines;
    prepared->schedule = at_plan_schedule(plan, lines, arena);
    prepared->order = at_settle_order_new(plan, prepared->schedule, arena);
    prepared->range = at_gather_range_new(plan, arena);
    prepared->statements = at_plan_statements_new(plan, arena);
    prepared->payloads = at_kernel_prepare_payloads(plan, arena);
    prepared->belows = at_plan_belows_new(plan, arena);
    prepared->ahead = !at_plan_rests(plan, arena);
    for (uint32_t f = 0; f < plan->n_feeds; f++)
        prepared->late |= at_plan_feed_late(&plan->feeds[f]);
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        prepared->calls |= plan->nodes[id].op == AT_P_CALL && plan->nodes[id].needed;
    return prepared;
}

/* ---- the run */

void at_session_free_arena(void *arena) {
    at_arena_free(arena);
}

/* The frame has room for each node of the plan. A policy without a payee table uses table 0. */
static void open_frame(struct at_session_state *session) {
    const struct at_plan *plan = session->run.plan;
    struct at_table_dataset *data = session->run.data;
    struct at_arena *arena = session->run.arena;
    int payees = plan->checked->payee_table > 0 ? plan->checked->payee_table : 0;
    struct at_kernel_frame *frame = &session->frame;
    *frame = (struct at_kernel_frame){.plan = plan,
                                      .data = data,
                                      .payee_table = (uint16_t)payees,
                                      .n_payees = (uint32_t)data->tables[payees].n_rows};
    frame->whole = AT_NEW_ARRAY(arena, struct at_col, plan->n_nodes + 1);
    frame->slices = AT_NEW_ARRAY(arena, struct at_col *, plan->n_nodes + 1);
    frame->runnings = AT_NEW_ARRAY(arena, struct at_kernel_running *, plan->n_nodes + 1);
    frame->ledgers = AT_NEW_ARRAY(arena, struct at_kernel_ledger *, plan->n_nodes + 1);
    frame->parteds = AT_NEW_ARRAY(arena, struct at_kernel_parted *, plan->n_nodes + 1);
    frame->tables = AT_NEW_ARRAY(arena, const struct at_col *, data->n_tables + 1);
    frame->dated = AT_NEW_ARRAY(arena, const struct at_dated *, data->n_tables + 1);
    frame->asked = AT_NEW_ARRAY(arena, at_date *, data->n_tables + 1);
    for (uint32_t i = 0; i < plan->checked->n_exchanges; i++) {
        uint32_t t = plan->checked->exchanges[i].table;
        frame->asked[t] = AT_NEW_ARRAY(arena, at_date, data->tables[t].n_rows + 1);
        for (uint64_t row = 0; row < data->tables[t].n_rows; row++)
            frame->asked[t][row] = AT_DATE_MIN;
    }
    for (uint32_t t = 0; t < data->n_tables; t++) {
        const struct at_table *table = &data->tables[t];
        if (!table->resident) continue;
        frame->tables[t] = table->cols;
        frame->dated[t] = at_table_dated(table, arena, &session->scratch);
    }
}

/* All parts of a run view each other, so the session stays where it is until its arena is freed. */
static struct at_session_state *open_run(const struct at_session_plan *prepared,
                                         struct at_table_dataset *data,
                                         const struct at_session_run_options *options,
                                         const struct at_session_look *look, struct at_arena *arena,
                                         struct at_diag_list *diags) {
    const struct at_plan *plan = prepared->plan;
    struct at_session_state *session = AT_NEW(arena, struct at_session_state);
    session->run =
        (struct at_session_run){.plan = plan, .data = data, .arena = arena, .frame = &session->frame};
    at_arena_init_beside(&session->scratch, arena);
    at_arena_defer(arena, at_session_free_arena, &session->scratch);
    at_arena_init_beside(&session->visits, arena);
    at_arena_defer(arena, at_session_free_arena, &session->visits);
    open_frame(session);
    at_gather_exceptions_open(&session->own_exceptions, plan, prepared->statements, data, arena);
    session->exceptions = look->exceptions ? look->exceptions : &session->own_exceptions;
    session->gather = (struct at_gather){.plan = plan,
                                         .frame = &session->frame,
                                         .data = data,
                                         .diags = diags,
                                         .exceptions = session->exceptions,
                                         .hooks = options->hooks,
                                         .payloads = prepared->payloads,
                                         .arena = arena,
                                         .schedule = prepared->schedule,
                                         .range = prepared->range,
                                         .belows = prepared->belows,
                                         .view = look->view,
                                         .scratch = &session->scratch};
    at_gather_open(&session->gather);
    session->settle = (struct at_settle){.plan = plan,
                                         .frame = &session->frame,
                                         .gather = &session->gather,
                                         .exceptions = session->exceptions,
                                         .assumed = options->assumed,
                                         .watch = data->watch,
                                         .arena = arena,
                                         .scratch = &session->scratch};
    at_settle_open(&session->settle, prepared->order, prepared->payloads, options->hooks);
    session->lines = prepared->lines;
    bool ahead =
        options->ahead && (prepared->ahead || options->ahead_of_all) && options->through.kind > AT_YEAR;
    session->gather.ahead = ahead && !prepared->calls;
    session->skips = ahead && prepared->calls;
    return session;
}

/* Refused before rows are read: without a scripting language, each call would be an exception of its own. */
static enum at_status refuse_hooks(const struct at_session_state *session) {
    const struct at_plan *plan = session->run.plan;
    for (uint32_t id = 0; id < plan->n_nodes && !session->gather.hooks; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (node->op != AT_P_CALL || !node->needed) continue;
        struct at_diag *d =
            at_diag_say(session->gather.diags, AT_A0814, node->ast ? node->ast->span : (at_span){0}, NULL,
                        AT_SENTENCE(AT_W_RUN_NO_LUA));
        at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_USE_LUA));
        return AT_REJECTED;
    }
    return AT_OK;
}

/* What must be known before the first row is read. */
static enum at_status prepare(struct at_session_state *session,
                              const struct at_session_run_options *options) {
    enum at_status status = at_gather_payees(&session->gather);
    if (status == AT_OK) status = refuse_hooks(session);
    if (status == AT_OK) status = at_settle_before(&session->settle, 0);
    if (status != AT_OK) return status;
    status = at_gather_members(&session->gather);
    if (status != AT_OK) return status;
    reach_also(session, options);
    return reach_through(session, options);
}

/* In pass 0, the nodes before the scans are done already, because groups depend on them. */
static enum at_status run_passes(struct at_session_state *session) {
    enum at_status status = AT_OK;
    unsigned passes = session->run.plan->n_passes ? session->run.plan->n_passes : 1;
    for (unsigned pass = 0; status == AT_OK && pass < passes; pass++) {
        if (pass > 0) status = at_settle_before(&session->settle, pass);
        if (status == AT_OK) status = at_gather_pass(&session->gather, pass);
        if (status == AT_OK) at_settle_assume_rows(&session->settle, pass);
        for (uint32_t f = 0; status == AT_OK && pass == 0 && f < session->run.plan->n_feeds; f++)
            at_gather_outside_tell(&session->gather, f), at_gather_near_tell(&session->gather, f);
        if (status == AT_OK) status = at_settle_pass(&session->settle, pass);
        if (status == AT_OK) at_settle_tell_unpaid(&session->settle, pass, session->gather.diags);
    }
    return status;
}

/* Requirements come before lines: if one is not met, nothing is paid. */
static enum at_status work(struct at_session_state *session, const struct at_session_run_options *options) {
    enum at_status status = prepare(session, options);
    if (status == AT_OK) status = run_passes(session);
    if (status != AT_OK) return status;
    find_paid(session, options);
    at_settle_reasons(&session->settle);
    /* What is required, must hold for what is known in the end. */
    bool early = session->gather.view.periods > 0;
    status = early ? AT_OK : at_settle_requires(&session->settle);
    if (status == AT_OK) status = at_settle_withhold(&session->settle);
    if (status == AT_OK && session->settle.failures.n > 0) return AT_REJECTED;
    if (status == AT_OK && options->ask && options->through.kind > AT_YEAR) {
        at_session_find_waiting(session);
        status = at_session_ask_through(session);
    } else if (status == AT_OK) {
        session->run.unchecked = at_session_unchecked_of(session);
    }
    if (status == AT_OK && options->ask) at_session_tell_below(session);
    if (status == AT_OK && options->ask) at_session_tell_causes(session);
    if (status == AT_OK && options->ask) at_session_tell_stale(session);
    if (status == AT_OK && options->ask) at_session_tell_dated(session);
    if (status == AT_OK && session->lines) status = at_settle_lines(&session->settle);
    return status;
}

/* What there is to read, also after a run that did not end well. */
static void show(struct at_session_state *session) {
    struct at_session_run *run = &session->run;
    const struct at_kernel_frame *frame = &session->frame;
    const struct at_settle *settle = &session->settle;
    run->n_payees = frame->n_payees;
    run->n_periods = frame->n_periods - frame->n_ahead;
    run->n_regular = frame->n_regular;
    run->reached = session->gather.reach.last >= 0;
    run->last_event = session->gather.reach.feed;
    run->first_period = frame->first_period;
    run->first_position = frame->first_position;
    run->calendar = frame->calendar;
    run->payees_by_key = frame->payees_by_key;
    run->covered = frame->covered;
    run->group_of = frame->group_of;
    run->group_sizes = frame->group_sizes;
    run->lines = settle->lines;
    run->n_lines = settle->n_lines;
    run->exceptions = settle->reported.at;
    run->n_exceptions = (uint32_t)settle->reported.n;
    run->kept = session->exceptions->kept.at;
    run->withheld = settle->withheld.at;
    run->n_withheld = (uint32_t)settle->withheld.n;
    run->reasons = settle->reasons.of.at;
    run->n_reasons = (uint32_t)settle->reasons.of.n;
    run->rests = settle->rests.of.at;
    run->n_rests = (uint32_t)settle->rests.of.n;
    run->paid_from = settle->paid_from;
    run->paid_periods = settle->paid_periods;
    run->lines_end = settle->tail_periods ? settle->tail_from + settle->tail_periods
                                          : settle->paid_from + settle->paid_periods;
    run->failures = settle->failures.at;
    run->n_failures = (uint32_t)settle->failures.n;
    run->outside = session->gather.outside;
    run->uncovered = session->gather.uncovered;
    run->rows_credited = session->gather.rows_credited;
    run->last_period = session->gather.last_of_feed;
}

enum at_status at_session_run_look(const struct at_session_plan *plan, struct at_table_dataset *data,
                                   const struct at_session_run_options *options,
                                   const struct at_session_look *look, struct at_arena *arena,
                                   struct at_diag_list *diags, struct at_session_state **out) {
    struct at_session_state *session = open_run(plan, data, options, look, arena, diags);
    *out = session;
    enum at_status status = work(session, options);
    show(session);
    /* After a stop, it is given back with the run: that takes long for much memory. */
    if (status != AT_CANCELLED) at_arena_free(&session->scratch);
    return status;
}
