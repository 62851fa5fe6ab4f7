/* explain/local.c: lines of rows, and corrections, in the payee's currency: each is converted by itself, so
 * the amount of the component is their sum. */
#include "explain/explain_int.h"

struct listing {
    struct at_explain_tell *t;
    struct at_explain_node *step;
    at_type money; /* of the payee's currency */
    unsigned digits;
    uint64_t n, shown;
    at_num sum, rest;
    bool *rated; /* by period: of whose rate there are lines */
};

static struct at_explain_node *part_of(const struct listing *l, enum at_explain_step_kind kind, at_num x) {
    struct at_explain_node *step = at_explain_node_new(l->t, kind, NULL);
    struct at_plan_value value = at_plan_value_of_num(l->money, x);
    at_explain_node_value(l->t, step, &value, false);
    step->part = true;
    return step;
}

static void add_line(struct listing *l, const struct at_settle_line *line) {
    struct at_explain_tell *t = l->t;
    at_num local = at_num_decimal(line->local, l->digits);
    if (line->minor == 0 && line->local == 0) return;
    l->sum = at_num_add(t->arena, l->sum, local);
    l->rated[line->rated] = true;
    if (l->n++ >= l->shown) {
        l->rest = at_num_add(t->arena, l->rest, local);
        return;
    }
    struct at_explain_node *row = part_of(l, AT_STEP_ROW, local), unused = {0};
    at_num minor = at_num_decimal(line->minor, t->r->result->currency->digits);
    row->name =
        line->key.n ? at_words_text(at_str_copy(t->arena, line->key)) : AT_SAID(t->arena, AT_W_PAID_IN_REST);
    row->text =
        AT_SAID(t->arena, AT_W_PAID_IN_ROW, row->name,
                at_explain_tell_num(t, &unused, minor, at_explain_tell_money(t), false), row->value.shown);
    at_explain_node_add(l->step, row);
}

/* The rates of the periods of which there are lines, once each. */
static void tell_rates(struct listing *l, const struct at_plan_component *c) {
    struct at_explain_tell *t = l->t;
    uint32_t own = t->period, exchange = at_explain_plain_node(t, c->rate);
    if (t->r->plan->nodes[exchange].op != AT_P_EXCHANGE) return;
    for (uint32_t p = 0; p < t->r->run->n_periods; p++) {
        if (!l->rated[p]) continue;
        t->period = p;
        at_explain_tell_exchange_rates(t, l->step, exchange);
        t->period = own;
    }
}

/* The lines of the parts in the one line of a component without `by`. */
static void add_parts(struct listing *l, uint32_t index) {
    struct at_explain_tell *t = l->t;
    const struct at_session_run *run = t->r->run;
    if (run->n_views) run = run->views[run->view_of[t->period]];
    struct at_settle settle = {.plan = run->plan, /* all that the lines are made of */
                               .frame = (struct at_kernel_frame *)(uintptr_t)run->frame,
                               .scratch = t->arena};
    uint64_t n = at_settle_ledger_lines(&settle, index, t->payee, t->period, NULL);
    struct at_settle_line *lines = AT_NEW_ARRAY(t->arena, struct at_settle_line, n + 1);
    at_settle_ledger_lines(&settle, index, t->payee, t->period, lines);
    for (uint64_t i = 0; i < n; i++)
        add_line(l, &lines[i]);
}

/* NULL: there are none. */
static struct at_explain_node *tell_lines(struct at_explain_tell *t, uint32_t index, at_currency currency) {
    const struct at_session_run *run = t->r->result->run;
    const struct at_currency_info *info = at_currency_info(currency);
    struct at_explain_explained_part lines = at_explain_lines_of(t->r, t->payee, t->period);
    struct listing l = {.t = t,
                        .step = at_explain_node_new(t, AT_STEP_NOTE, NULL),
                        .money = {.kind = AT_T_MONEY, .currency = currency},
                        .digits = info ? info->digits : 2,
                        .shown = t->x->options->all ? UINT64_MAX : AT_SHOWN_ROWS,
                        .sum = at_num_int(0),
                        .rest = at_num_int(0)};
    l.rated = AT_NEW_ARRAY(t->arena, bool, t->r->run->n_periods + 1);
    const struct at_plan_component *c = &t->r->plan->components[index];
    bool behind = c->parted != AT_NO_NODE && c->lines == AT_NO_NODE && !at_settle_divides(t->r->plan, index);
    for (uint64_t i = lines.first; i < lines.end; i++) {
        if (run->lines[i].component != index) continue;
        if (behind && run->lines[i].cause != AT_LINE_CORRECTED)
            add_parts(&l, index);
        else
            add_line(&l, &run->lines[i]);
    }
    if (l.n == 0) return NULL;
    if (l.n > l.shown) {
        struct at_explain_node *more = part_of(&l, AT_STEP_MORE, l.rest);
        more->text = AT_SAID(t->arena, AT_W_MORE, at_explain_tell_count(t, l.n - l.shown), more->value.shown);
        at_explain_node_add(l.step, more);
    }
    struct at_plan_value value = at_plan_value_of_num(l.money, l.sum);
    at_explain_node_value(t, l.step, &value, false);
    l.step->adds = true;
    l.step->text =
        AT_SAID(t->arena, AT_W_PAID_IN_LINES,
                AT_SAID(t->arena, AT_W_PAID_IN_CURRENCY, at_words_text(at_str_z(info ? info->code : ""))),
                l.step->value.shown);
    tell_rates(&l, c);
    return l.step;
}

void at_explain_tell_local(struct at_explain_tell *t, struct at_explain_node *parent, uint32_t index) {
    const struct at_plan *plan = t->r->plan;
    const struct at_plan_component *c = &plan->components[index];
    uint32_t state, code_state;
    if (c->local == AT_NO_NODE) return;
    struct at_plan_value code = at_explain_tell_value(t, plan->pays_in, &code_state);
    at_explain_tell_value(t, c->local, &state);
    if (state != AT_STATE_OK || code_state != AT_STATE_OK) return;
    at_currency currency = at_currency_find(at_plan_value_text(&code));
    if (!currency || currency == t->r->checked->currency) return;
    bool lines = c->lines != AT_NO_NODE || c->parted != AT_NO_NODE || at_settle_divides(plan, index);
    if (lines || at_explain_is_corrected(t, index))
        at_explain_node_add(parent, tell_lines(t, index, currency));
    else
        at_explain_node_add(parent, at_explain_tell_local_whole(t, c->local, currency));
}
