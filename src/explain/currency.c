/* explain/currency.c: exchange rates and conversions: which rate, of which day, and since when it is valid.
 */
#include "explain/explain_int.h"
#include "kernel/exchange.h"

static const at_type NUMBER = {.kind = AT_T_NUMBER};

bool at_explain_converts(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    return p->op == AT_P_MUL && t->r->plan->nodes[at_explain_plain_node(t, p->in[1])].op == AT_P_EXCHANGE;
}

/* Returns false if the currencies or the day are not known, or if there is no rate. */
static bool conversion_of(const struct at_explain_tell *t, const struct at_plan_node *p, at_date *day,
                          struct at_plan_value *from, struct at_kernel_conversion *out) {
    uint32_t state[3];
    *from = at_explain_tell_value(t, p->in[1], &state[0]);
    struct at_plan_value to = at_explain_tell_value(t, p->in[2], &state[1]),
                         when = at_explain_tell_value(t, p->in[3], &state[2]);
    if (state[0] != AT_STATE_OK || state[1] != AT_STATE_OK || state[2] != AT_STATE_OK) return false;
    *day = at_plan_value_day(&when);
    *out = at_kernel_exchange_find(t->r->run->frame, t->arena, p, at_plan_value_text(from),
                                   at_plan_value_text(&to), *day);
    return !out->missing;
}

static struct at_explain_node *rate_step(struct at_explain_tell *t, const struct at_plan_node *p,
                                         const struct at_kernel_rate *rate, at_date day) {
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_LOOKUP, NULL);
    struct at_plan_value value = at_plan_value_of_num(NUMBER, rate->rate);
    at_words_operand table = at_words_text(t->r->checked->schemas[t->r->plan->nodes[p->in[0]].place].name),
                     from = at_words_text(rate->from), to = at_words_text(rate->to),
                     shown = at_explain_tell_num(t, step, rate->rate, NUMBER, false);
    at_explain_node_value(t, step, &value, false);
    if (rate->row >= 0) {
        step->text = AT_SAID(t->arena, AT_W_RATE_OF_DAY, table, from, shown, to, at_words_day(day),
                             at_words_day(rate->since));
        return step;
    }
    at_period period = at_period_of_date(t->r->run->frame->calendar, (enum at_period_kind)(p->a - 1), day);
    step->text = AT_SAID(t->arena, AT_W_RATE_MEAN, table, from, shown, to, at_words_month(period));
    return step;
}

void at_explain_tell_exchange_rates(struct at_explain_tell *t, struct at_explain_node *parent,
                                    uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_plan_value from;
    at_date day;
    struct at_kernel_conversion found;
    if (!conversion_of(t, p, &day, &from, &found)) return;
    for (uint32_t i = 0; i < found.n; i++)
        at_explain_node_add(parent, rate_step(t, p, &found.rate[i], day));
}

/* The words for one rate, one that divides, two, and none. */
static const enum at_words_word CONVERSION[] = {AT_W_CONVERTED, AT_W_CONVERTED_BACK, AT_W_CONVERTED_TWICE,
                                                AT_W_CONVERTED_SAME},
                                PAY[] = {AT_W_PAID_IN, AT_W_PAID_IN_BACK, AT_W_PAID_IN_TWICE, AT_W_IS};

/* Multiplies before it divides, whatever the order of the two rates. */
static at_words_operand sentence(const struct at_explain_tell *t, struct at_explain_node *step,
                                 const enum at_words_word *words, const struct at_kernel_conversion *found,
                                 at_words_operand name, at_words_operand amount) {
    if (found->n == 0) return AT_SAID(t->arena, words[3], name, step->value.shown);
    const struct at_kernel_rate *a = &found->rate[0], *b = &found->rate[1];
    if (found->n == 2 && a->divides != b->divides)
        return AT_SAID(t->arena, words[2], name, amount,
                       at_explain_tell_num(t, step, a->divides ? b->rate : a->rate, NUMBER, false),
                       at_explain_tell_num(t, step, a->divides ? a->rate : b->rate, NUMBER, false),
                       step->value.shown);
    at_num rate = found->n == 1 ? a->rate : at_num_mul(t->arena, a->rate, b->rate);
    return AT_SAID(t->arena, words[a->divides], name, amount,
                   at_explain_tell_num(t, step, rate, NUMBER, false), step->value.shown);
}

struct at_explain_node *at_explain_tell_conversion(struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    uint32_t exchange = at_explain_plain_node(t, p->in[1]), state, amount_state;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    struct at_plan_value value = at_explain_tell_value(t, node, &state), from,
                         amount = at_explain_tell_value(t, p->in[0], &amount_state);
    at_words_operand name = at_explain_phrase(t, node);
    struct at_kernel_conversion found;
    at_date day;
    at_explain_node_value(t, step, &value, false);
    if (state != AT_STATE_OK || amount_state != AT_STATE_OK ||
        !conversion_of(t, &t->r->plan->nodes[exchange], &day, &from, &found)) {
        step->text = AT_SAID(t->arena, AT_W_IS, name, step->value.shown);
        return step;
    }
    at_type money = {.kind = AT_T_MONEY, .currency = at_currency_find(at_plan_value_text(&from))};
    step->text = sentence(t, step, CONVERSION, &found, name,
                          at_explain_tell_num(t, step, at_plan_value_num(&amount), money, false));
    at_explain_node_add(step, at_explain_tell_node(t, p->in[0]));
    at_explain_tell_exchange_rates(t, step, exchange);
    return step;
}

struct at_explain_node *at_explain_tell_exchange(struct at_explain_tell *t, uint32_t node) {
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_LOOKUP, t->r->plan->nodes[node].ast);
    uint32_t state;
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    at_explain_node_value(t, step, &value, false);
    step->text = AT_SAID(t->arena, AT_W_IS, at_explain_phrase(t, node), step->value.shown);
    at_explain_tell_exchange_rates(t, step, node);
    return step;
}

/* An amount that is paid later was converted in the period for which it is calculated. */
struct at_explain_node *at_explain_tell_local_whole(struct at_explain_tell *t, uint32_t local,
                                                    at_currency currency) {
    const struct at_plan *plan = t->r->plan;
    const struct at_plan_node *p = &plan->nodes[local];
    uint32_t state;
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_NOTE, NULL);
    at_type money = {.kind = AT_T_MONEY, .currency = currency};
    struct at_plan_value paid = at_explain_tell_value(t, local, &state),
                         value = at_plan_value_of_num(money, at_plan_value_num(&paid)), from;
    at_words_operand name =
        AT_SAID(t->arena, AT_W_PAID_IN_CURRENCY, at_words_text(at_str_z(at_currency_info(currency)->code)));
    at_explain_node_value(t, step, &value, false);
    struct at_kernel_conversion found;
    at_date day;
    uint32_t exchange = p->op == AT_P_PAYIN ? at_explain_plain_node(t, p->in[1]) : AT_NO_NODE;
    if (exchange == AT_NO_NODE || plan->nodes[exchange].op != AT_P_EXCHANGE ||
        !conversion_of(t, &plan->nodes[exchange], &day, &from, &found)) {
        step->text = AT_SAID(t->arena, AT_W_IS, name, step->value.shown);
        return step;
    }
    struct at_plan_value exact = at_explain_tell_value(t, p->in[0], &state);
    step->text = sentence(t, step, PAY, &found, name, at_explain_tell_figure(t, step, &exact, false));
    at_explain_tell_exchange_rates(t, step, exchange);
    return step;
}
