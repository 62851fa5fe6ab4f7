/* settle/ledger_lines.c: the lines of a `by` component: one for each row that has a part of the amount
 * of the cell, and one without a key for the part without a deal.
 *
 * The amount of a cell was earned in its period, or in those whose lines are moved there.
 */
#include "kernel/parted.h"
#include "settle/settle.h"

bool at_settle_divides(const struct at_plan *plan, uint32_t component) {
    const struct at_plan_component *of = &plan->components[component];
    if (of->adjustment && of->adjustment->part) return true;
    uint32_t ledger = of->ledger;
    return ledger != AT_NO_NODE && of->decl && of->decl->by_feed >= 0 &&
           (plan->nodes[ledger].b & AT_LEDGER_KIND) != AT_LEDGER_LINES;
}

/* The line of a part whose amount is `minor`: paid at once. */
static void put_line(struct at_settle *settle, const struct at_settle_local *local, int64_t minor,
                     struct at_settle_line line, struct at_settle_line *out) {
    if (!out) return;
    line.minor = minor;
    at_settle_local_line(settle, local, 0, minor, &line);
    *out = line;
}

/* The lines of what was earned in one period, in order of keys. `line` has what they have in common. */
static uint64_t add_period(struct at_settle *settle, uint32_t component, uint32_t earned,
                           struct at_settle_line line, struct at_settle_line *out) {
    const struct at_kernel_frame *frame = settle->frame;
    uint32_t id = settle->plan->components[component].ledger;
    const int64_t *parts = frame->ledgers[id]->parts[(size_t)earned * frame->n_payees + line.payee];
    struct at_kernel_deals deals = at_kernel_ledger_deals(frame, id, line.payee, earned);
    if (!parts) return 0;
    struct at_settle_local local = at_settle_local(settle, component, line.payee, earned);
    for (uint32_t i = 0; out && i < deals.n; i++) {
        line.key = at_kernel_deal_key(&deals.at[i]);
        put_line(settle, &local, parts[i], line, &out[i]);
    }
    if (deals.n > 0 && parts[deals.n] == 0) return deals.n;
    line.key = (at_str){0};
    put_line(settle, &local, parts[deals.n], line, out ? &out[deals.n] : NULL);
    return deals.n + 1;
}

/* ---- with holds, releases, and clawbacks */

/* The lines of a component, or of one of its statements. */
struct moving {
    struct at_settle *settle;
    uint32_t component, parted, ledger;
    int32_t statement; /* -1: all */
    struct at_settle_line line;
    struct at_settle_line *out;
    uint64_t n;
    struct at_kernel_part part;
    struct at_settle_local local; /* of the part */
    int64_t whole;
};

static void add_change(struct moving *m, int64_t before, int64_t after) {
    m->line.minor += after - before;
    at_settle_local_line(m->settle, &m->local, before, after, &m->line);
}

/* What a statement keeps when the part is earned, less what those before it keep. */
static void add_kept(struct moving *m) {
    const struct at_kernel_frame *frame = m->settle->frame;
    int64_t before = m->whole;
    for (uint32_t k = 0; k < (uint32_t)m->statement; k++)
        before -= at_kernel_parted_kept(frame, m->parted, m->part, k);
    int64_t kept = at_kernel_parted_kept(frame, m->parted, m->part, (uint32_t)m->statement);
    add_change(m, before, before - kept);
}

static void add_step(void *context, const struct at_kernel_step *step) {
    struct moving *m = context;
    if (step->period != m->line.period) return;
    if (m->statement < 0)
        add_change(m, step->before, step->after);
    else if (!step->event)
        add_kept(m);
    else if (step->event->part == m->statement)
        add_change(m, step->before, step->after);
}

/* Adds the line of what all statements, or the one, change of a part in the period. `minor` is what all
 * change; only the amount in another currency asks for the steps. Returns what is in the line. */
static int64_t add_part(struct moving *m, uint32_t earned, uint32_t deal, uint32_t period, int64_t minor) {
    const struct at_kernel_frame *frame = m->settle->frame;
    struct at_kernel_deals deals = at_kernel_ledger_deals(frame, m->ledger, m->line.payee, earned);
    uint32_t paid = m->line.period;
    m->whole = frame->ledgers[m->ledger]->parts[(size_t)earned * frame->n_payees + m->line.payee][deal];
    m->part = (struct at_kernel_part){m->line.payee, earned, deal};
    m->local = at_settle_local(m->settle, m->component, m->line.payee, earned);
    m->line.minor = m->line.local = 0;
    m->line.period = period;
    if (m->whole > 0 && (m->statement >= 0 || m->local.currency)) {
        struct at_arena_mark mark = at_arena_mark(m->settle->scratch);
        at_kernel_parted_steps(m->settle->scratch, frame, m->parted, m->part, period, add_step, m);
        at_arena_reset(m->settle->scratch, mark);
    } else if (m->statement < 0) {
        add_change(m, 0, minor);
    }
    m->line.period = paid;
    if (m->statement >= 0 && m->line.minor == 0 && m->line.local == 0) return 0;
    m->line.key = at_kernel_deal_key(&deals.at[deal]);
    if (m->out) m->out[m->n] = m->line;
    m->n++;
    return m->line.minor;
}

/* The lines of the amounts paid of a period's own parts, and of those of earlier periods that moved in it.
 * What else changes the component is a line without a deal. */
static uint64_t add_parted(struct at_settle *settle, uint32_t component, uint32_t period,
                           struct at_settle_line line, struct at_settle_line *out) {
    const struct at_kernel_frame *frame = settle->frame;
    const struct at_plan_component *of = &settle->plan->components[component];
    const struct at_plan_node *node = &settle->plan->nodes[of->parted];
    const struct at_currency_info *currency = at_currency_info(settle->plan->checked->currency);
    bool one = node->op == AT_P_PARTMOVE;
    struct moving m = {.settle = settle,
                       .component = component,
                       .parted = one ? node->in[0] : of->parted,
                       .statement = one ? node->a : -1,
                       .line = line,
                       .out = out};
    m.ledger = settle->plan->nodes[m.parted].in[0];
    size_t cell = (size_t)period * frame->n_payees + line.payee;
    const struct at_kernel_parted *parted = frame->parteds[m.parted];
    const int64_t *parts = frame->ledgers[m.ledger]->parts[cell];
    uint32_t n =
        parts && parted->own[cell] ? at_kernel_ledger_deals(frame, m.ledger, line.payee, period).n : 0;
    int64_t rest = 0;
    at_num_to_i64(settle->scratch, at_kernel_num_at(&frame->slices[of->due][period], line.payee),
                  currency ? currency->digits : 2, &rest);
    for (uint32_t i = 0; i < n; i++)
        rest -= add_part(&m, period, i, period, parted->own[cell][i]);
    for (uint32_t k = parted->first_moved[cell]; k > 0; k = parted->moved.at[k - 1].next) {
        const struct at_kernel_moved *moved = &parted->moved.at[k - 1];
        rest -= add_part(&m, moved->earned, moved->deal, period, moved->minor);
    }
    if (rest == 0 && m.n > 0) return m.n;
    struct at_settle_local local = at_settle_local(settle, component, line.payee, period);
    put_line(settle, &local, rest, line, out ? &out[m.n] : NULL);
    return m.n + 1;
}

uint64_t at_settle_ledger_lines(struct at_settle *settle, uint32_t component, uint32_t payee, uint32_t period,
                                struct at_settle_line *out) {
    const struct at_plan_component *of = &settle->plan->components[component];
    struct at_settle_line line = {
        .payee = payee, .period = period, .earned = period, .component = (uint16_t)component};
    uint64_t n = 0;
    for (uint32_t p = period + 1; p-- > 0;) {
        int64_t paid = at_kernel_frame_paid_in(settle->frame, p, of->delay);
        if (paid < period) break;
        if (paid == period && of->parted != AT_NO_NODE)
            n += add_parted(settle, component, p, line, out ? out + n : NULL);
        else if (paid == period && p < settle->frame->n_regular)
            n += add_period(settle, component, p, line, out ? out + n : NULL);
    }
    return n;
}
