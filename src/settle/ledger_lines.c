/* settle/ledger_lines.c: the lines of a `by` component: one for each row that has a part of what is paid in
 * the cell, and one without a key for the part without a deal.
 *
 * What is paid in a period was earned in it, or in those whose lines are moved there.
 */
#include "kernel/ledger.h"
#include "settle/settle.h"

bool at_settle_divides(const struct at_plan *plan, uint32_t component) {
    uint32_t ledger = plan->components[component].ledger;
    return ledger != AT_NO_NODE && (plan->nodes[ledger].b & AT_LEDGER_KIND) != AT_LEDGER_LINES;
}

/* The lines of what was earned in one period, in order of keys. `line` has what they have in common. */
static uint64_t add_period(const struct at_settle *settle, uint32_t component, uint32_t earned,
                           struct at_settle_line line, struct at_settle_line *out) {
    const struct at_kernel_frame *frame = settle->frame;
    uint32_t id = settle->plan->components[component].ledger;
    const int64_t *parts = frame->ledgers[id]->parts[(size_t)earned * frame->n_payees + line.payee];
    struct at_kernel_deals deals = at_kernel_ledger_deals(frame, id, line.payee, earned);
    if (!parts) return 0;
    if (deals.n == 0) {
        line.minor = parts[0];
        if (out) *out = line;
        return 1;
    }
    for (uint32_t i = 0; out && i < deals.n; i++) {
        line.key = at_kernel_deal_key(&deals.at[i]);
        line.minor = parts[i];
        out[i] = line;
    }
    if (parts[deals.n] == 0) return deals.n;
    line.key = (at_str){0};
    line.minor = parts[deals.n];
    if (out) out[deals.n] = line;
    return deals.n + 1;
}

uint64_t at_settle_ledger_lines(const struct at_settle *settle, uint32_t component, uint32_t payee,
                                uint32_t period, struct at_settle_line *out) {
    const struct at_plan_component *of = &settle->plan->components[component];
    struct at_settle_line line = {.payee = payee, .period = period, .component = (uint16_t)component};
    uint64_t n = 0;
    for (uint32_t p = period + 1; p-- > 0;) {
        int64_t paid = at_kernel_frame_paid_in(settle->frame, p, of->delay);
        if (paid < period) break;
        if (paid == period && p < settle->frame->n_regular)
            n += add_period(settle, component, p, line, out ? out + n : NULL);
    }
    return n;
}
