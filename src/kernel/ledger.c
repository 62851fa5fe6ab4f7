/* kernel/ledger.c: divides the amount of a component among rows. See ledger.h. */
#include "kernel/ledger.h"
#include "base/allot.h"
#include "kernel/kernels.h"

/* ---- buckets */

static bool is_shared(const struct at_plan_node *node) {
    return at_plan_ledger_group(node) > 0;
}

static bool is_of_company(const struct at_kernel_frame *frame, const struct at_plan_node *node) {
    return frame->plan->feeds[node->a].n_to == 0;
}

uint32_t at_kernel_ledger_width(const struct at_kernel_frame *frame, uint32_t id) {
    const struct at_plan_node *node = &frame->plan->nodes[id];
    if (is_of_company(frame, node)) return 1;
    return is_shared(node) ? frame->group_sizes[at_plan_ledger_group(node) - 1] : frame->n_payees;
}

uint32_t at_kernel_ledger_bucket(const struct at_kernel_frame *frame, uint32_t id, int32_t payee,
                                 uint32_t period) {
    const struct at_plan_node *node = &frame->plan->nodes[id];
    uint32_t in = (uint32_t)payee;
    if (is_of_company(frame, node)) return period;
    if (payee < 0) return AT_NOBODY;
    if (is_shared(node)) in = at_kernel_frame_groups(frame, at_plan_ledger_group(node) - 1, period)[payee];
    return in == AT_NOBODY ? in : period * at_kernel_ledger_width(frame, id) + in;
}

struct at_kernel_deals at_kernel_ledger_deals(const struct at_kernel_frame *frame, uint32_t id,
                                              uint32_t payee, uint32_t period) {
    const struct at_kernel_ledger *ledger = frame->ledgers[id];
    uint32_t bucket = at_kernel_ledger_bucket(frame, id, (int32_t)payee, period);
    if (bucket == AT_NOBODY) return (struct at_kernel_deals){ledger->deals, 0};
    uint64_t first = ledger->start[bucket];
    return (struct at_kernel_deals){ledger->deals + first, (uint32_t)(ledger->start[bucket + 1] - first)};
}

struct at_kernel_deals at_kernel_ledger_deals_of(const struct at_kernel_frame *frame, uint32_t id,
                                                 uint32_t group, uint32_t period) {
    const struct at_kernel_ledger *ledger = frame->ledgers[id];
    uint64_t bucket = (uint64_t)period * ledger->width + group, first = ledger->start[bucket];
    return (struct at_kernel_deals){ledger->deals + first, (uint32_t)(ledger->start[bucket + 1] - first)};
}

/* ---- dividing */

static int64_t minor_of(struct at_arena *scratch, const struct at_kernel_deal *deal, unsigned digits) {
    int64_t minor = 0;
    at_num_to_i64(scratch, at_kernel_deal_weight(deal), digits, &minor);
    return minor;
}

/* Without a positive weight, the whole is a part without a deal. */
static void by_weight(struct at_arena *scratch, struct at_kernel_deals deals, int64_t whole, int64_t *parts) {
    at_num *weights = at_arena_get(scratch, (deals.n + 1) * sizeof *weights);
    for (uint32_t i = 0; i < deals.n; i++)
        weights[i] = at_kernel_deal_weight(&deals.at[i]);
    at_allot(scratch, whole, weights, deals.n, false, parts);
}

/* What rows added. An amount that is lower, such as one that a cap limits, is filled in their order: the last
 * rows lose first. */
static void as_added(struct at_arena *scratch, struct at_kernel_deals deals, unsigned digits, int64_t whole,
                     int64_t *parts) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < deals.n; i++)
        sum += parts[i] = minor_of(scratch, &deals.at[i], digits);
    int64_t over = sum > whole ? sum - whole : 0;
    for (uint32_t i = deals.n; i-- > 0 && over > 0;) {
        int64_t less = parts[i] > over ? over : parts[i];
        if (less <= 0) continue;
        parts[i] -= less;
        over -= less;
    }
}

void at_kernel_ledger_divide(struct at_arena *scratch, const struct at_plan_node *node,
                             struct at_kernel_deals deals, unsigned digits, int64_t whole, int64_t *parts) {
    int64_t rest = whole;
    unsigned kind = (unsigned)node->b & AT_LEDGER_KIND;
    memset(parts, 0, (deals.n + 1) * sizeof *parts);
    if (kind == AT_LEDGER_SHARES)
        by_weight(scratch, deals, whole, parts);
    else if (kind == AT_LEDGER_ADDED)
        as_added(scratch, deals, digits, whole, parts);
    for (uint32_t i = 0; i < deals.n; i++) {
        if (kind == AT_LEDGER_LINES) parts[i] = minor_of(scratch, &deals.at[i], digits);
        rest -= parts[i];
    }
    parts[deals.n] = rest;
}

/* ---- the node */

static void divide_payee(struct at_kernel_space *space, uint32_t id, const struct at_col *amount,
                         uint32_t payee, unsigned digits) {
    static const int64_t nothing[1]; /* no one writes parts that are made */
    struct at_kernel_ledger *ledger = space->frame->ledgers[id];
    struct at_kernel_deals deals = at_kernel_ledger_deals(space->frame, id, payee, space->period);
    int64_t whole = 0, **parts = &ledger->parts[(size_t)space->period * space->frame->n_payees + payee];
    /* An amount that does not fit is an exception of the line. */
    if (!at_num_to_i64(space->arena, at_kernel_num_at(amount, payee), digits, &whole)) return;
    *parts = (int64_t *)(uintptr_t)nothing;
    if (deals.n == 0 && whole == 0) return;
    *parts = at_arena_get(ledger->arena, (deals.n + 1) * sizeof **parts);
    at_kernel_ledger_divide(space->arena, &space->plan->nodes[id], deals, digits, whole, *parts);
}

/* A row without a weight leaves no amount that can be divided. */
static uint32_t state_of(const struct at_kernel_space *space, uint32_t id, uint32_t payee) {
    const struct at_kernel_ledger *ledger = space->frame->ledgers[id];
    uint32_t bucket = at_kernel_ledger_bucket(space->frame, id, (int32_t)payee, space->period);
    return ledger->state && bucket != AT_NOBODY ? ledger->state[bucket] : AT_STATE_OK;
}

void at_kernel_ledger(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_currency_info *currency = at_currency_info(space->plan->checked->currency);
    const struct at_col *amount = at_kernel_input(space, id, 0);
    uint32_t *states = NULL;
    *out = *amount;
    for (uint32_t payee = 0; payee < space->n; payee++) {
        uint32_t state = at_col_state(amount, payee), own = state_of(space, id, payee);
        if (state == AT_STATE_OK && own != AT_STATE_OK) {
            if (!states) {
                states = AT_NEW_ARRAY(space->arena, uint32_t, space->n + 1);
                for (uint32_t k = 0; k < space->n; k++)
                    states[k] = at_col_state(amount, k);
            }
            states[payee] = state = own;
        }
        if (state == AT_STATE_OK && !(space->plan->nodes[id].b & AT_LEDGER_LATER))
            divide_payee(space, id, amount, payee, currency ? currency->digits : 2);
    }
    if (!states) return;
    if (out->one) { /* one value has one state */
        struct at_col all = *out;
        uint32_t *first = AT_NEW_ARRAY(space->arena, uint32_t, space->n + 1);
        at_kernel_col_gather_u32(space->arena, &all, first, space->n, out);
        out->one = false;
    }
    out->n = space->n;
    out->state = states;
}
