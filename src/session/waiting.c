/* session/waiting.c: what waits after the last period that a run pays: a guarantee, a bonus at the end of the
 * year, a statement `each quarter`.
 *
 * A run ends with the last earning event, because it cannot know whether more rows are to come. The periods
 * after that are calculated with the rows that there are (up to frame.looked_to), and are never paid or
 * withheld. A component waits if it would pay someone in them, or if it has a longer rhythm and its next time
 * is there.
 */
#include "diag/say.h"
#include "session/run_int.h"

#include "base/vec.h"
#include "plan/graph.h"

#define MOST_LISTED 5
#define DEEPEST 16

/* The version that is looked at. A merged run has the columns of several. */
struct look {
    const struct at_session_state *session;
    const struct at_plan *plan;
    const uint32_t *node; /* of the run's plan, by node of `plan`; NULL: it is the run's plan */
    uint32_t regular;     /* periods that it pays */
};

static uint32_t node_of(const struct look *look, uint32_t id) {
    return look->node && id != AT_NO_NODE ? look->node[id] : id;
}

/* Whether it gives something for the period, which may be paid later still. */
static bool pays(const struct look *look, const struct at_plan_component *component, uint32_t period,
                 uint32_t payee) {
    const struct at_col *slices = look->session->frame.slices[node_of(look, component->due)];
    if (!slices || at_col_state(&slices[period], payee) != AT_STATE_OK) return false;
    at_num value = at_kernel_num_at(&slices[period], payee);
    return value.form != AT_NUM_OVERFLOW && at_num_sign(value) > 0;
}

/* ---- a longer rhythm: a condition that depends on the period alone, such as month(period.end) = 12 */

static bool is_of_period(const struct at_plan *plan, uint32_t id, unsigned depth) {
    const struct at_plan_node *node = &plan->nodes[id];
    if (node->op == AT_P_CONST || node->op == AT_P_CELLPERIOD) return true;
    if (node->op < AT_P_ADD || depth == 0 || node->n_in == 0) return false;
    for (uint16_t i = 0; i < node->n_in; i++)
        if (!is_of_period(plan, node->in[i], depth - 1)) return false;
    return true;
}

/* The condition under which the amount is not zero, as far as it depends on the period; AT_NO_NODE: always.
 */
static uint32_t rhythm_of(const struct at_plan *plan, uint32_t id, unsigned depth) {
    const struct at_plan_node *node = id == AT_NO_NODE ? NULL : &plan->nodes[id];
    if (!node || depth == 0) return AT_NO_NODE;
    if (node->op == AT_P_ROUND) return rhythm_of(plan, node->in[0], depth - 1);
    if (node->op == AT_P_IF) return rhythm_of(plan, node->in[0], depth - 1);
    if (node->type.kind != AT_T_FLAG) return AT_NO_NODE;
    if (is_of_period(plan, id, DEEPEST)) return id;
    if (node->op != AT_P_AND) return AT_NO_NODE;
    uint32_t left = rhythm_of(plan, node->in[0], depth - 1);
    return left != AT_NO_NODE ? left : rhythm_of(plan, node->in[1], depth - 1);
}

static bool holds(const struct at_session_state *session, uint32_t cond, uint32_t period) {
    const struct at_col *slices = session->frame.slices[cond];
    if (!slices) return session->frame.whole[cond].flag && session->frame.whole[cond].flag[0];
    return slices[period].n > 0 && at_col_state(&slices[period], 0) == AT_STATE_OK && slices[period].flag[0];
}

/* The next period of a component whose time has not come in the last period, and had begun in it. */
static uint32_t next_time(const struct look *look, const struct at_plan_component *component) {
    const struct at_session_state *session = look->session;
    const struct at_kernel_frame *frame = &session->frame;
    uint32_t amount = component->exact != AT_NO_NODE ? component->exact : component->earned;
    uint32_t cond = rhythm_of(session->run.plan, node_of(look, amount), DEEPEST);
    if (cond == AT_NO_NODE || session->settle.paid_periods == 0 || frame->n_payees == 0) return UINT32_MAX;
    if (holds(session, cond, look->regular - 1)) return UINT32_MAX;
    for (uint32_t p = look->regular; p < frame->looked_to; p++)
        if (holds(session, cond, p)) return p;
    return UINT32_MAX;
}

/* ---- the list */

/* In which a component pays what it calculates for a period. */
static at_period paid_in(const struct look *look, uint32_t component, uint32_t period) {
    const struct at_kernel_frame *frame = &look->session->frame;
    struct at_check_delay delay = look->plan->components[component].delay;
    return at_kernel_frame_period(frame, (int32_t)at_kernel_frame_paid_in(frame, period, delay));
}

/* The last period in which something pays that is calculated in the periods looked at. */
static at_period last_paid(const struct look *look, const struct at_session_waiting *list, uint32_t n) {
    uint32_t end = look->session->frame.looked_to - 1;
    at_period last = at_kernel_frame_period(&look->session->frame, (int32_t)end);
    for (uint32_t i = 0; i < n; i++) {
        at_period paid = paid_in(look, list[i].component, end);
        if (list[i].payouts && paid.ordinal > last.ordinal) last = paid;
    }
    return last;
}

static void look_at(const struct look *look, uint32_t c, uint32_t from, struct at_session_waiting *out) {
    const struct at_plan_component *component = &look->plan->components[c];
    const struct at_kernel_frame *frame = &look->session->frame;
    uint32_t first = next_time(look, component);
    out->component = c;
    for (uint32_t p = from; p < frame->looked_to; p++)
        for (uint32_t payee = 0; payee < frame->n_payees; payee++) {
            if (!frame->covered[payee] || !pays(look, component, p, payee)) continue;
            if (out->payouts++ == 0) first = p;
        }
    if (first != UINT32_MAX)
        out->period = paid_in(look, c, first);
    else
        out->component = UINT32_MAX;
}

static uint32_t look_at_all(const struct look *look, uint32_t from, struct at_arena *arena,
                            struct at_session_waiting **out) {
    uint32_t n = 0;
    *out = AT_NEW_ARRAY(arena, struct at_session_waiting, look->plan->n_components + 1);
    for (uint32_t c = 0; c < look->plan->n_components; c++) {
        look_at(look, c, from, &(*out)[n]);
        if ((*out)[n].component != UINT32_MAX) n++;
    }
    return n;
}

/* As it is pasted after `--through`, in every language. */
static at_words_operand option(const struct at_session_state *session, at_period period) {
    return at_words_text(at_period_print(session->run.arena, period));
}

/* "annual 2026-12 (3)" */
static at_str add_waiting(const struct at_session_state *session, at_str list,
                          const struct at_session_waiting *waiting) {
    struct at_arena *arena = session->run.arena;
    at_str name = session->run.plan->components[waiting->component].name;
    at_str period = at_period_print(arena, waiting->period);
    return at_str_format(arena, "%.*s%s%.*s %.*s (%llu)", AT_STR_ARG(list), list.n ? ", " : "",
                         AT_STR_ARG(name), AT_STR_ARG(period), (unsigned long long)waiting->payouts);
}

/* One warning for all, at the first one. */
static void tell(struct at_session_state *session, const struct look *look,
                 const struct at_session_waiting *list, uint32_t n) {
    const struct at_plan *plan = session->run.plan;
    const struct at_kernel_frame *frame = &session->frame;
    const struct at_session_waiting *first = NULL;
    struct at_arena *arena = session->run.arena;
    uint32_t told = 0;
    for (uint32_t i = 0; i < n && !first; i++)
        if (list[i].payouts) first = &list[i];
    if (!first || session->settle.paid_periods == 0) return;
    const struct at_plan_component *component = &plan->components[first->component];
    const struct at_ast_node *ast = component->decl         ? component->decl->symbol->node
                                    : component->adjustment ? component->adjustment->node
                                                            : NULL;
    at_period last = at_kernel_frame_period(frame, (int32_t)(frame->n_regular) - 1);
    at_period end = last_paid(look, list, n);
    struct at_diag *d = at_diag_say(session->gather.diags, AT_A0856, ast ? ast->span : (at_span){0}, NULL,
                                    AT_SENTENCE(AT_W_RUN_WAITS, at_words_month(last)));
    if (!d) return;
    at_str waiting = AT_STR("");
    for (uint32_t i = 0; i < n && told <= MOST_LISTED; i++) {
        if (!list[i].payouts) continue;
        waiting = told++ == MOST_LISTED ? at_str_format(arena, "%.*s, …", AT_STR_ARG(waiting))
                                        : add_waiting(session, waiting, &list[i]);
    }
    at_diag_say_note(d, AT_SENTENCE(AT_W_RUN_WAITING, at_words_text(waiting)));
    at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_GO_ON, option(session, end), option(session, last)));
}

uint8_t at_session_unchecked_of(const struct at_session_state *session) {
    if (session->gather.too_many) return AT_SESSION_TOO_MANY;
    bool hooks = session->skips && at_gather_cells_ahead(&session->gather, session->frame.n_regular) > 0;
    return hooks ? AT_SESSION_CALLS_HOOKS : AT_SESSION_CHECKED;
}

void at_session_find_waiting(struct at_session_state *session) {
    struct at_session_run *run = &session->run;
    const struct at_kernel_frame *frame = &session->frame;
    const struct look look = {session, run->plan, NULL, frame->n_regular};
    run->unchecked = at_session_unchecked_of(session);
    if (frame->looked_to <= frame->n_regular) return;
    uint32_t from = session->gather.reach.last < 0 ? 0 : frame->n_regular;
    run->n_waiting = look_at_all(&look, from, run->arena, &run->waiting);
    tell(session, &look, run->waiting, run->n_waiting);
}

uint32_t at_session_waits(const struct at_session_run *run, const struct at_plan *plan, const uint32_t *node,
                          uint32_t regular, struct at_arena *arena, struct at_session_waiting **out) {
    const struct look look = {at_session_of(run), plan, node, regular};
    *out = NULL;
    return look_at_all(&look, regular, arena, out);
}

/* Without an event, nothing shows how far to pay what needs no rows. If nothing waits, no period is
 * paid, and that is right. */
enum at_status at_session_ask_through(struct at_session_state *session) {
    const struct at_gather *gather = &session->gather;
    const struct at_session_run *run = &session->run;
    bool asked = false;
    if (gather->reach.last >= 0 || gather->range->last_period == 0) return AT_OK; /* a range of one period */
    for (uint32_t i = 0; i < run->n_waiting; i++)
        asked |= run->waiting[i].payouts > 0;
    if (!asked && session->frame.looked_to > session->frame.n_regular) return AT_OK;
    if (at_plan_rests(run->plan, session->gather.scratch)) return AT_OK;
    struct at_diag *d =
        at_diag_say(gather->diags, AT_A0855, (at_span){0}, NULL, AT_SENTENCE(AT_W_RUN_NO_EVENT));
    at_diag_say_note(d, AT_SENTENCE(AT_W_RUN_NO_EVENT_WHY));
    at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_THROUGH, option(session, gather->range->first_period)));
    return AT_REJECTED;
}
