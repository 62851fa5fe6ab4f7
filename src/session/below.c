/* session/below.c: warns of amounts below zero that are paid as zero: one warning for each statement, with
 * the number of payouts and the first of them.
 *
 * A refund that takes nothing back may be meant. `max($0, x)` declares it, and values to date do not need it.
 */
#include "diag/say.h"
#include "session/run_int.h"

#include "base/money.h"

struct found {
    uint64_t n;
    uint32_t node, payee, period;
    at_str amount;
    at_str row; /* "deals.csv:3"; empty: a payout */
};

/* ---- payees and periods */

/* The value of a payee and period; NULL if it is missing, in exception, or not calculated. */
static const struct at_col *column_of(const struct at_session_state *session, uint32_t id, uint32_t payee,
                                      uint32_t period, uint32_t *at) {
    const struct at_kernel_frame *frame = &session->frame;
    const struct at_plan_node *node = &session->run.plan->nodes[id];
    bool sliced = node->grain == AT_G_CELL || node->grain == AT_G_GROUP;
    const struct at_col *col = sliced && frame->slices[id] ? &frame->slices[id][period] : &frame->whole[id];
    *at = node->grain == AT_G_GROUP ? at_kernel_frame_groups(frame, node->place, period)[payee] : payee;
    if ((sliced && !frame->slices[id]) || !col->data || *at == AT_NOBODY) return NULL;
    if (col->one) *at = 0;
    return at_col_state(col, *at) == AT_STATE_OK ? col : NULL;
}

static bool applies(const struct at_session_state *session, const struct at_plan_below *below, uint32_t payee,
                    uint32_t period) {
    for (uint32_t k = 0; k < below->n_guards; k++) {
        uint32_t at;
        const struct at_col *cond = column_of(session, below->guards[k].cond, payee, period, &at);
        if (!cond || cond->flag[at] != below->guards[k].yes) return false;
    }
    return true;
}

static bool is_below(const struct at_session_state *session, const struct at_plan_below *below,
                     uint32_t payee, uint32_t period) {
    struct at_arena *scratch = session->gather.scratch;
    const struct at_plan_node *node = &session->run.plan->nodes[below->node];
    uint32_t at;
    at_num start;
    const struct at_col *amount = column_of(session, node->in[0], payee, period, &at);
    if (!amount || at_num_sign(at_kernel_num_at(amount, at)) >= 0) return false;
    at_num x = at_kernel_num_at(amount, at);
    if (!at_plan_below_start(session->run.plan, below->node, &start)) return false;
    if (node->op == AT_P_THROUGH && node->n_in > 1 && at_num_sign(start) != 0) {
        const struct at_col *unit = column_of(session, node->in[1], payee, period, &at);
        if (!unit) return false;
        start = at_num_mul(scratch, start, at_kernel_num_at(unit, at));
    }
    return start.form != AT_NUM_OVERFLOW && at_num_cmp(scratch, x, start) < 0;
}

/* Which of the places of the component gives nothing for the payout; NULL: none. */
static const struct at_plan_below *place_of(const struct at_session_state *session, uint32_t component,
                                            uint32_t payee, uint32_t period) {
    const struct at_plan_belows *belows = session->gather.belows;
    for (uint32_t k = belows->first[component]; k < belows->first[component + 1]; k++) {
        uint8_t grain = session->run.plan->nodes[belows->at[k].node].grain;
        if ((grain == AT_G_CELL || grain == AT_G_GROUP || grain == AT_G_CONST) &&
            is_below(session, &belows->at[k], payee, period) &&
            applies(session, &belows->at[k], payee, period))
            return &belows->at[k];
    }
    return NULL;
}

static void find_payouts(struct at_session_state *session, uint32_t component, struct found *found) {
    const struct at_settle *settle = &session->settle;
    const struct at_kernel_frame *frame = &session->frame;
    for (uint32_t rank = 0; rank < frame->n_payees; rank++) {
        uint32_t payee = frame->payees_by_key[rank];
        uint32_t end = settle->paid_from + settle->paid_periods, at;
        for (uint32_t period = settle->asked_from; frame->covered[payee] && period < end; period++) {
            bool skipped =
                at_settle_withheld(settle, payee, period) || !at_kernel_frame_covers(frame, payee, period);
            const struct at_plan_below *below = skipped ? NULL : place_of(session, component, payee, period);
            if (!below || found->n++) continue;
            uint32_t amount = session->run.plan->nodes[below->node].in[0];
            const struct at_col *col = column_of(session, amount, payee, period, &at);
            *found = (struct found){1, below->node, payee, period, {0}, {0}};
            found->amount = at_gather_below_text(session->run.arena, &session->run.plan->nodes[amount].type,
                                                 at_kernel_num_at(col, at));
        }
    }
}

/* ---- rows */

static void find_rows(struct at_session_state *session, uint32_t component, struct found *found) {
    const struct at_gather_below *rows = &session->gather.below[component];
    const struct at_plan *plan = session->run.plan;
    if (rows->n == 0) return;
    *found = (struct found){rows->n, rows->node, rows->payee, rows->period, rows->amount, {0}};
    uint32_t feed = plan->nodes[plan->components[component].lines].place;
    struct at_diag_data_place place = at_table_dataset_place(session->run.data, plan->feeds[feed].table, -1,
                                                             rows->line, session->run.arena);
    found->row = place.name.n ? place.name
                              : at_str_format(session->run.arena, "%.*s:%llu", AT_STR_ARG(place.file),
                                              (unsigned long long)place.row);
}

/* ---- the warning */

/* The text of the amount: of `10% up to quota`, it is the base of the statement. */
static at_str source_of(const struct at_session_state *session, const struct at_plan_component *of,
                        const struct at_ast_node *ast) {
    const struct at_check_policy *checked = session->run.plan->checked;
    const struct at_ast_node *amount = ast->n > 0 ? ast->child[0] : NULL;
    if (checked->marks[ast->id] & AT_MARK_SLICE_RATE) amount = of->decl->on;
    if (!amount || !checked->ast || !checked->ast->sources || amount->span.end == 0) return AT_STR("x");
    return at_diag_sources_text(checked->ast->sources, amount->span);
}

static at_words_operand zero_of(const struct at_session_state *session, const at_type *type) {
    if (type->kind != AT_T_MONEY) return at_words_text(AT_STR("0"));
    at_str text = at_money_print(session->run.arena, at_num_int(0), type->currency);
    const char *dot = memchr(text.p, '.', text.n);
    if (dot && text.p[text.n - 1] == '0') text.n = (uint32_t)(dot - text.p); /* $0 */
    return at_words_text(text);
}

/* The formula in the text of the statement. Statements with the same formula share a node, which has the
 * place of one of them.
 */
static const struct at_ast_node *ast_of(const struct at_plan *plan, const struct at_plan_component *of,
                                        uint32_t node) {
    at_span span = of->decl->symbol->node->span;
    for (uint32_t i = 0; i < plan->n_sites; i++) {
        const struct at_ast_node *ast = plan->sites[i].ast;
        if (plan->sites[i].node == node && ast->span.start >= span.start && ast->span.end <= span.end)
            return ast;
    }
    return plan->nodes[node].ast ? plan->nodes[node].ast : of->decl->symbol->node;
}

static void tell(struct at_session_state *session, uint32_t component, const struct found *found) {
    const struct at_plan *plan = session->run.plan;
    const struct at_plan_component *of = &plan->components[component];
    const struct at_plan_node *node = &plan->nodes[found->node];
    const struct at_table *payees = &session->run.data->tables[session->frame.payee_table];
    int key = payees->schema->key;
    const struct at_ast_node *ast = ast_of(plan, of, found->node);
    struct at_diag *d = at_diag_say(session->gather.diags, AT_A0857, ast->span, NULL,
                                    AT_SENTENCE(AT_W_RUN_BELOW, at_words_text(of->name)));
    if (!d) return;
    at_words_operand first = at_words_text(at_table_dataset_print(session->run.data, session->run.arena,
                                                                  session->frame.payee_table, key,
                                                                  &payees->cols[key], found->payee));
    at_words_operand period = at_words_month(at_kernel_frame_period(&session->frame, (int32_t)found->period));
    at_words_operand n = at_words_count(found->n), amount = at_words_digits(found->amount);
    if (found->row.n)
        at_diag_say_note(
            d, AT_SENTENCE(AT_W_RUN_BELOW_ROWS, n, first, period, amount, at_words_text(found->row)));
    else
        at_diag_say_note(d, AT_SENTENCE(AT_W_RUN_BELOW_PAYOUTS, n, first, period, amount));
    at_diag_say_help(d, AT_SENTENCE(AT_W_RUN_BELOW_HELP, zero_of(session, &plan->nodes[node->in[0]].type),
                                    at_words_text(source_of(session, of, ast))));
}

void at_session_tell_below(struct at_session_state *session) {
    const struct at_plan_belows *belows = session->gather.belows;
    for (uint32_t c = 0; c < session->run.plan->n_components; c++) {
        struct found found = {0};
        if (belows->first[c] == belows->first[c + 1]) continue;
        find_payouts(session, c, &found);
        if (found.n == 0) find_rows(session, c, &found);
        if (found.n > 0) tell(session, c, &found);
    }
}
