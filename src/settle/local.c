/* settle/local.c: the lines of rows in the payee's currency.
 *
 * A line of a row is whole cents of the policy's currency, and is converted at the rate of the period for
 * which its part was calculated. The amount paid of a part to date is converted, and a line is the change
 * of it. So the lines of a part that is paid in pieces, or taken back, add up in both currencies.
 */
#include "kernel/parted.h"
#include "settle/settle.h"

static const struct at_col *rate_of(const struct at_settle *settle, uint32_t component, uint32_t period) {
    return &settle->frame->slices[settle->plan->components[component].rate][period];
}

static at_currency currency_of(const struct at_settle *settle, uint32_t payee, uint32_t period) {
    const struct at_col *code = &settle->frame->slices[settle->plan->pays_in][period];
    return at_currency_find(code->text[code->one ? 0 : payee]);
}

/* `minor` of the policy's currency in that of the payee, rounded. An amount that does not fit is noted. */
static int64_t convert(struct at_settle *settle, const struct at_settle_local *of, int64_t minor) {
    const struct at_currency_info *own = at_currency_info(settle->plan->checked->currency),
                                  *info = at_currency_info(of->currency);
    struct at_arena_mark mark = at_arena_mark(settle->scratch);
    unsigned digits = info ? info->digits : 2;
    at_num exact = at_num_mul(settle->scratch, at_num_decimal(minor, own ? own->digits : 2), of->rate);
    int64_t out = 0;
    if (exact.form != AT_NUM_OVERFLOW)
        exact = at_num_round(settle->scratch, exact, digits, settle->plan->checked->rounding);
    if (exact.form == AT_NUM_OVERFLOW || !at_num_to_i64(settle->scratch, exact, digits, &out))
        settle->unpayable = true;
    at_arena_reset(settle->scratch, mark);
    return out;
}

struct at_settle_local at_settle_local(const struct at_settle *settle, uint32_t component, uint32_t payee,
                                       uint32_t earned) {
    struct at_settle_local of = {0};
    if (settle->plan->components[component].rate == AT_NO_NODE) return of;
    const struct at_col *rate = rate_of(settle, component, earned);
    of.period = earned;
    of.currency = currency_of(settle, payee, earned);
    of.rate = at_kernel_num_at(rate, payee);
    return of;
}

void at_settle_local_line(struct at_settle *settle, const struct at_settle_local *of, int64_t before,
                          int64_t after, struct at_settle_line *line) {
    if (!of->currency) return;
    line->currency = of->currency;
    line->rated = of->period;
    line->local += convert(settle, of, after) - convert(settle, of, before);
}

/* The first state of a rate that is not known, of the periods whose parts are paid in one. */
static uint32_t state_of_moved(const struct at_settle *settle, uint32_t component, uint32_t payee,
                               uint32_t period) {
    const struct at_plan_component *of = &settle->plan->components[component];
    const struct at_plan_node *node = &settle->plan->nodes[of->parted];
    const struct at_kernel_frame *frame = settle->frame;
    const struct at_kernel_parted *parted =
        frame->parteds[node->op == AT_P_PARTMOVE ? node->in[0] : of->parted];
    uint32_t state = AT_STATE_OK;
    for (uint32_t k = parted->first_moved[(size_t)period * frame->n_payees + payee];
         k > 0 && state == AT_STATE_OK; k = parted->moved.at[k - 1].next)
        state = at_col_state(rate_of(settle, component, parted->moved.at[k - 1].earned), payee);
    return state;
}

uint32_t at_settle_local_state(const struct at_settle *settle, uint32_t component, uint32_t payee,
                               uint32_t period) {
    const struct at_plan_component *of = &settle->plan->components[component];
    uint32_t state = AT_STATE_OK;
    if (of->rate == AT_NO_NODE) return state;
    for (uint32_t p = period + 1; p-- > 0 && state == AT_STATE_OK;) {
        int64_t paid = at_kernel_frame_paid_in(settle->frame, p, of->delay);
        if (paid < period) break;
        if (paid > period) continue;
        state = at_col_state(rate_of(settle, component, p), payee);
        if (state == AT_STATE_OK && of->parted != AT_NO_NODE)
            state = state_of_moved(settle, component, payee, p);
    }
    return state;
}
