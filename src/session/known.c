/* session/known.c: runs of a policy whose credits become known late (`known from`, `until`), as one run.
 *
 * A period pays what all periods up to it give, as known at its end, less the amount paid for them:
 *
 *     period t pays, for each p <= t:   lines of p, as known at the end of t,   less those that are paid
 *
 * The last run sees all that is known in the end, and finds the periods in which earlier ones change. For the
 * periods before each of them, there is one more run, a view, that sees what was known then. Views share the
 * tables and the list of exceptions. The whole has the lines of all views, and columns whose slices are those
 * that each period had at its end.
 *
 * A payout that is withheld, or that cannot be calculated again, leaves all that the payee has in the period
 * for the next period that can be paid. So the lines of all periods add up to what the last view gives.
 */
#include "base/sort.h"
#include "session/run_int.h"

struct joining {
    struct at_session_state *whole, **views;
    uint32_t n_views, *view_of; /* by period */
    uint32_t n_periods, n_payees;
    struct at_arena *arena, *scratch;
    uint64_t *line;  /* by view: the first line of the payee */
    uint64_t *start; /* by view and period, and one more: of the lines of the payee */
    int32_t *paid;   /* by period: the view of which the payee's amount is paid; -1: none */
    AT_VEC(struct at_settle_line) lines;
    AT_VEC(struct at_settle_withheld_cell) withheld;
    AT_VEC(struct at_gather_exception) exceptions;
    AT_VEC(struct at_session_correction) corrections;
};

/* ---- the lines of one payee */

static const struct at_settle_line *lines_of(const struct joining *j, uint32_t view, uint32_t period,
                                             uint64_t *n) {
    const uint64_t *start = &j->start[(size_t)view * (j->n_periods + 1)];
    *n = start[period + 1] - start[period];
    return *n ? &j->views[view]->run.lines[start[period]] : NULL;
}

/* Lines of a run are in the order of payees, so that each view is passed over once. */
static void find_lines(struct joining *j, uint32_t payee) {
    for (uint32_t v = 0; v < j->n_views; v++) {
        const struct at_session_run *run = &j->views[v]->run;
        uint64_t *start = &j->start[(size_t)v * (j->n_periods + 1)], at = j->line[v];
        for (uint32_t p = 0; p < j->n_periods; p++) {
            start[p] = at;
            while (at < run->n_lines && run->lines[at].payee == payee && run->lines[at].period == p)
                at++;
        }
        start[j->n_periods] = j->line[v] = at;
    }
}

static int order_of(const struct at_settle_line *a, const struct at_settle_line *b) {
    if (a->component != b->component) return a->component < b->component ? -1 : 1;
    return at_str_cmp(a->key, b->key);
}

/* Adds the lines with the component and key of `sum`, which are next to each other, or subtracts them. */
static void add_lines(const struct at_settle_line **at, uint64_t *n, int sign, struct at_settle_line *sum) {
    for (; *n > 0 && order_of(*at, sum) == 0; ++*at, --*n) {
        sum->minor += sign * (*at)->minor;
        sum->local += sign * (*at)->local;
    }
}

/* `line` is of the earlier period, with what it differs by. It names the row that it is for, or else the
 * period. */
static void correct(struct joining *j, struct at_settle_line line, uint32_t period) {
    if (line.minor == 0 && line.local == 0) return;
    line.earned = line.period;
    line.period = period;
    line.cause = AT_LINE_CORRECTED;
    if (line.key.n == 0)
        line.key = at_period_print(j->arena, at_session_run_period(&j->whole->run, line.earned));
    AT_VEC_PUSH(j->arena, &j->lines, line);
}

/* Pays in period t what the view gives for period p more than the amount paid. */
static void correct_period(struct joining *j, uint32_t view, uint32_t p, uint32_t t) {
    uint64_t n_old = 0, n_new;
    const struct at_settle_line *old = NULL, *now = lines_of(j, view, p, &n_new);
    size_t from = j->lines.n;
    if (j->paid[p] >= 0) old = lines_of(j, (uint32_t)j->paid[p], p, &n_old);
    while (n_old + n_new > 0) {
        bool first = n_old > 0 && (n_new == 0 || order_of(old, now) <= 0);
        struct at_settle_line line = first ? *old : *now;
        line.minor = line.local = 0;
        add_lines(&old, &n_old, -1, &line);
        add_lines(&now, &n_new, 1, &line);
        correct(j, line, t);
    }
    if (j->lines.n == from || t < j->whole->settle.asked_from) return;
    uint32_t payee = j->lines.at[from].payee;
    struct at_session_correction correction = {payee, t, p, view, j->paid[p]};
    AT_VEC_PUSH(j->arena, &j->corrections, correction);
}

static int line_order(const void *left, const void *right) {
    const struct at_settle_line *a = left, *b = right;
    if (a->component != b->component) return a->component < b->component ? -1 : 1;
    if (a->cause != b->cause) return a->cause < b->cause ? -1 : 1;
    if (a->earned != b->earned) return a->earned < b->earned ? -1 : 1;
    return at_str_cmp(a->key, b->key);
}

static bool is_withheld(const struct joining *j, uint32_t view, uint32_t payee, uint32_t period) {
    return at_settle_withheld(&j->views[view]->settle, payee, period);
}

/* ---- what is withheld */

/* The payout of period t is withheld, because that of period p is in the view. */
static void withhold(struct joining *j, uint32_t view, uint32_t payee, uint32_t p, uint32_t t) {
    const struct at_session_run *run = &j->views[view]->run;
    uint32_t w = 0;
    while (w < run->n_withheld && (run->withheld[w].payee != payee || run->withheld[w].period != p))
        w++;
    if (w == run->n_withheld || t < j->whole->settle.asked_from) return;
    struct at_settle_withheld_cell cell = {payee, t, (uint32_t)j->exceptions.n};
    AT_VEC_PUSH(j->arena, &j->withheld, cell);
    uint32_t end = w + 1 < run->n_withheld ? run->withheld[w + 1].exception : run->n_exceptions;
    for (uint32_t e = run->withheld[w].exception; e < end; e++) {
        struct at_gather_exception exception = run->exceptions[e];
        if (exception.payee != payee || exception.period != p) break;
        if (p < t) exception.why.since = at_words_month(at_session_run_period(run, p));
        exception.period = t;
        AT_VEC_PUSH(j->arena, &j->exceptions, exception);
    }
}

/* The earliest period that was paid, and that cannot be calculated again; t: none. */
static uint32_t blocked_by(const struct joining *j, uint32_t view, uint32_t payee, uint32_t t) {
    uint32_t p = 0;
    while (p < t && (j->paid[p] < 0 || j->paid[p] == (int32_t)view || !is_withheld(j, view, payee, p)))
        p++;
    return p;
}

/* ---- all of them */

static void join_period(struct joining *j, uint32_t payee, uint32_t t, int32_t *synced) {
    uint32_t view = j->view_of[t];
    bool again = *synced != (int32_t)view;
    uint32_t why = is_withheld(j, view, payee, t) || !again ? t : blocked_by(j, view, payee, t);
    if (why < t || is_withheld(j, view, payee, t)) {
        withhold(j, view, payee, why, t);
        *synced = -1; /* the next period pays what this one does not */
        return;
    }
    size_t from = j->lines.n;
    uint64_t n;
    const struct at_settle_line *lines = lines_of(j, view, t, &n);
    for (uint64_t i = 0; i < n; i++)
        AT_VEC_PUSH(j->arena, &j->lines, lines[i]);
    j->paid[t] = (int32_t)view;
    for (uint32_t p = 0; p < t && again; p++) {
        if (j->paid[p] == (int32_t)view || is_withheld(j, view, payee, p)) continue;
        correct_period(j, view, p, t);
        j->paid[p] = (int32_t)view;
    }
    *synced = (int32_t)view;
    if (t < j->whole->settle.asked_from)
        j->lines.n = from;
    else if (j->lines.n - from > n)
        at_sort_items(j->scratch, j->lines.at + from, j->lines.n - from, sizeof *j->lines.at, line_order);
}

static enum at_status join_payees(struct joining *j) {
    const struct at_settle *settle = &j->whole->settle;
    const struct at_kernel_frame *frame = &j->whole->frame;
    for (uint32_t rank = 0; rank < j->n_payees; rank++) {
        uint32_t payee = frame->payees_by_key[rank];
        struct at_arena_mark mark = at_arena_mark(j->scratch);
        int32_t synced = -1;
        find_lines(j, payee);
        for (uint32_t p = 0; p < j->n_periods; p++)
            j->paid[p] = -1;
        for (uint32_t k = 0; frame->covered[payee] && k < at_settle_periods(settle); k++) {
            join_period(j, payee, at_settle_period(settle, k), &synced);
            if (at_watch_tick(settle->watch)) return AT_CANCELLED;
        }
        at_arena_reset(j->scratch, mark);
    }
    return AT_OK;
}

/* The slices of each period are those of its view. */
static struct at_kernel_frame *join_columns(const struct joining *j) {
    const struct at_kernel_frame *last = &j->whole->frame;
    struct at_kernel_frame *frame = AT_NEW(j->arena, struct at_kernel_frame);
    uint32_t n_nodes = last->plan->n_nodes;
    *frame = *last;
    frame->slices = AT_NEW_ARRAY(j->arena, struct at_col *, n_nodes + 1);
    for (uint32_t id = 0; id < n_nodes; id++) {
        if (!last->slices[id]) continue;
        frame->slices[id] = AT_NEW_ARRAY(j->arena, struct at_col, last->n_periods + 1);
        for (uint32_t p = 0; p < last->n_periods; p++)
            frame->slices[id][p] =
                p < j->n_periods ? j->views[j->view_of[p]]->frame.slices[id][p] : last->slices[id][p];
    }
    return frame;
}

/* Where the lines of all views are joined. It shares all but its lists with the last view. */
static void open_whole(struct joining *j) {
    struct at_session_state *last = j->views[j->n_views - 1], *whole;
    j->whole = whole = AT_NEW(j->arena, struct at_session_state);
    *whole = *last;
    at_arena_init_beside(&whole->visits, j->arena);
    at_arena_defer(j->arena, at_session_free_arena, &whole->visits);
    at_arena_init_beside(&whole->scratch, j->arena);
    at_arena_defer(j->arena, at_session_free_arena, &whole->scratch);
    j->scratch = &whole->scratch;
    j->n_periods = whole->run.n_periods;
    j->n_payees = whole->run.n_payees;
    j->line = AT_NEW_ARRAY(j->arena, uint64_t, j->n_views);
    j->start = AT_NEW_ARRAY(j->arena, uint64_t, (size_t)j->n_views * (j->n_periods + 1));
    j->paid = AT_NEW_ARRAY(j->arena, int32_t, j->n_periods + 1);
}

/* What the whole leaves to be read. Rows without a cell, and payees of whom it is not known whether they are
 * covered, are those of the last view. */
static void show(struct joining *j) {
    struct at_session_run *run = &j->whole->run;
    const struct at_settle *settle = &j->whole->settle;
    for (uint32_t e = 0; e < run->n_exceptions; e++)
        if (run->exceptions[e].period == UINT32_MAX)
            AT_VEC_PUSH(j->arena, &j->exceptions, run->exceptions[e]);
    run->frame = join_columns(j);
    run->lines = j->lines.at;
    run->n_lines = j->lines.n;
    run->withheld = j->withheld.at;
    run->n_withheld = (uint32_t)j->withheld.n;
    run->exceptions = j->exceptions.at;
    run->n_exceptions = (uint32_t)j->exceptions.n;
    run->views = AT_NEW_ARRAY(j->arena, struct at_session_run *, j->n_views);
    run->n_views = j->n_views;
    run->view_of = j->view_of;
    run->corrections = j->corrections.at;
    run->n_corrections = j->corrections.n;
    uint32_t end = settle->paid_from + settle->paid_periods;
    run->paid_from = settle->asked_from;
    run->paid_periods = end > settle->asked_from ? end - settle->asked_from : 0;
    for (uint32_t v = 0; v < j->n_views; v++) {
        j->views[v]->run.kept = j->whole->exceptions->kept.at;
        run->views[v] = &j->views[v]->run;
    }
    run->kept = j->whole->exceptions->kept.at;
}

/* ---- the views */

/* The run that sees what is known before period `end`. It repeats warnings of the last one, or has warnings
 * about what has been corrected. */
static enum at_status look_back(const struct joining *j, const struct at_session_plan *plan,
                                const struct at_session_run_options *options, uint32_t end,
                                struct at_diag_list *diags, struct at_session_state **out) {
    struct at_session_state *last = j->views[j->n_views - 1];
    uint32_t regular = last->frame.n_regular < end ? last->frame.n_regular : end;
    const struct at_session_look look = {
        .view = {.as_of = (int32_t)end - 1, .periods = end, .regular = regular},
        .exceptions = last->exceptions};
    const struct at_session_run_options all = {.hooks = options->hooks,
                                               .assumed = options->assumed,
                                               .from.kind = AT_YEAR + 1,
                                               .through.kind = AT_YEAR + 1};
    struct at_diag_list before = *diags;
    enum at_status status = at_session_run_look(plan, last->run.data, &all, &look, j->arena, diags, out);
    if (status == AT_OK) *diags = before;
    return status;
}

/* The periods in which earlier ones change, and for each of them the view of the periods before it. */
static enum at_status look_back_from_all(struct joining *j, const struct at_session_plan *plan,
                                         const struct at_session_run_options *options,
                                         struct at_session_state *last, struct at_diag_list *diags) {
    const struct at_gather *gather = &last->gather;
    uint32_t n_periods = last->run.n_periods, n = 1, v = 0;
    enum at_status status = AT_OK;
    for (uint32_t p = 1; p < gather->late.n && p < n_periods; p++)
        n += gather->late.at[p];
    j->n_views = n;
    j->views = AT_NEW_ARRAY(j->arena, struct at_session_state *, n);
    j->views[n - 1] = last;
    j->view_of = AT_NEW_ARRAY(j->arena, uint32_t, n_periods + 1);
    for (uint32_t p = 0; p < n_periods && status == AT_OK; p++) {
        if (p > 0 && p < gather->late.n && gather->late.at[p])
            status = look_back(j, plan, options, p, diags, &j->views[v++]);
        j->view_of[p] = v;
    }
    return status;
}

/* What is known at the end of the last period that is asked for. */
static int32_t last_known(const struct at_session_plan *plan, const struct at_session_run_options *options) {
    const struct at_check_policy *checked = plan->plan->checked;
    enum at_period_kind kind = (enum at_period_kind)checked->calendar.period_kind;
    if (options->through.kind > AT_YEAR) return INT32_MAX;
    at_date day = at_period_end(&checked->calendar, options->through);
    return at_period_position(&checked->calendar, at_period_of_date(&checked->calendar, kind, day)) -
           at_period_position(&checked->calendar, at_period_of_date(&checked->calendar, kind, checked->from));
}

enum at_status at_session_known_execute(const struct at_session_plan *plan, struct at_table_dataset *data,
                                        const struct at_session_run_options *options, struct at_arena *arena,
                                        struct at_diag_list *diags, struct at_session_run **out) {
    const struct at_session_look look = {.view = {.as_of = last_known(plan, options), .finds = true}};
    struct joining *j = AT_NEW(arena, struct joining);
    struct at_session_state *last = NULL;
    j->arena = arena;
    enum at_status status = at_session_run_look(plan, data, options, &look, arena, diags, &last);
    *out = &last->run;
    if (status == AT_OK) status = look_back_from_all(j, plan, options, last, diags);
    if (status != AT_OK || (j->n_views == 1 && last->settle.asked_from == 0)) return status;
    open_whole(j);
    status = join_payees(j);
    if (status != AT_OK) return status;
    show(j);
    *out = &j->whole->run;
    at_arena_free(j->scratch);
    return AT_OK;
}

/* ---- what is read afterwards */

/* By the rank of the payee, then by period: a binary search needs the ranks. */
const struct at_session_correction *at_session_corrections_of(const struct at_session_run *run,
                                                              uint32_t payee, uint32_t period, uint64_t *n) {
    const uint32_t *rank = run->frame->payee_rank;
    uint64_t first = 0, end = run->n_corrections;
    while (first < end) {
        uint64_t middle = first + (end - first) / 2;
        const struct at_session_correction *c = &run->corrections[middle];
        if (rank[c->payee] < rank[payee] || (c->payee == payee && c->period < period))
            first = middle + 1;
        else
            end = middle;
    }
    for (*n = 0, end = first; end < run->n_corrections && run->corrections[end].payee == payee &&
                              run->corrections[end].period == period;
         end++)
        ++*n;
    return &run->corrections[first];
}

uint32_t at_session_view_end(const struct at_session_run *run, uint32_t view) {
    uint32_t end = run->n_periods;
    while (end > 1 && run->view_of[end - 1] > view)
        end--;
    return end - 1;
}
