/* kernel/parted.c: the amount paid of one part to date, event by event. See parted.h. */
#include "kernel/parted_int.h"

bool at_kernel_event_common(const struct at_kernel_event *event, int64_t *all) {
    int64_t a = *all, b = event->den;
    if (a == 0 || b == 0) return false;
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return !__builtin_mul_overflow(*all, event->den / a, all);
}

static at_num held_01(struct at_arena *scratch, at_num x) {
    if (at_num_sign(x) <= 0) return at_num_int(0);
    return at_num_cmp(scratch, x, at_num_int(1)) > 0 ? at_num_int(1) : x;
}

int64_t at_kernel_parted_tranche(const struct at_kernel_frame *frame, uint32_t id, struct at_kernel_part part,
                                 uint32_t hold) {
    const int64_t *all = frame->parteds[id]->tranches[(size_t)part.earned * frame->n_payees + part.payee];
    uint32_t n = at_kernel_ledger_deals(frame, at_kernel_parted_ledger(frame, id), part.payee, part.earned).n;
    return all ? all[(size_t)hold * n + part.deal] : 0;
}

int64_t at_kernel_parted_kept(const struct at_kernel_frame *frame, uint32_t id, struct at_kernel_part part,
                              uint32_t statement) {
    const struct at_plan_parted *payload = at_kernel_parted_payload(frame, id);
    const struct at_plan_part *of = &payload->parts[statement];
    if (of->kind == AT_PART_HOLD) return at_kernel_parted_tranche(frame, id, part, of->hold);
    if (!payload->releases || statement != payload->first_release) return 0;
    const int64_t *parts = frame->ledgers[at_kernel_parted_ledger(frame, id)]
                               ->parts[(size_t)part.earned * frame->n_payees + part.payee];
    int64_t rest = parts[part.deal] > 0 ? parts[part.deal] : 0;
    for (uint32_t k = 0; k < payload->n_holds && rest > 0; k++)
        rest -= at_kernel_parted_tranche(frame, id, part, k);
    return rest;
}

struct walk {
    struct at_arena *scratch;
    const struct at_kernel_frame *frame;
    uint32_t id;
    struct at_kernel_part part;
    int64_t whole, rest; /* the part, and what no hold keeps of it */
    bool releases;       /* the rest waits for causes */
    at_num open;         /* at once, and tranches that came due */
    at_num released, taken, kept;
    struct at_kernel_step step;
};

static int64_t paid_of(const struct walk *w) {
    struct at_arena *a = w->scratch;
    at_num sum = w->open;
    int64_t paid = 0;
    if (w->releases) sum = at_num_add(a, sum, at_num_mul(a, at_num_int(w->rest), held_01(a, w->released)));
    sum = at_num_mul(a, sum, w->kept);
    sum = at_num_round(a, sum, 0, w->frame->plan->checked->rounding);
    return at_num_to_i64(a, sum, 0, &paid) ? paid : 0;
}

struct at_kernel_deals at_kernel_parted_credits(const struct at_kernel_frame *frame, uint32_t id,
                                                uint32_t payee, uint32_t period) {
    const struct at_plan_parted *payload = frame->plan->nodes[id].data;
    return at_kernel_ledger_deals(frame, frame->plan->nodes[id].in[payload->credits], payee, period);
}

/* What is credited to a payee in a period, less what is credited below zero. */
static at_num credited(const struct walk *w, uint32_t period) {
    struct at_kernel_parted *parted = w->frame->parteds[w->id];
    at_num **kept = &parted->sums[(size_t)period * w->frame->n_payees + w->part.payee], sum = at_num_int(0);
    if (*kept) return **kept;
    struct at_kernel_deals deals = at_kernel_parted_credits(w->frame, w->id, w->part.payee, period);
    for (uint32_t i = 0; i < deals.n; i++)
        sum = at_num_add(w->scratch, sum, at_kernel_deal_weight(&deals.at[i]));
    *kept = at_arena_get(parted->arena, sizeof **kept);
    **kept = at_num_copy(parted->arena, sum);
    return sum;
}

/* What the part would be at the rate of a period, as a multiple of the part. The rate is what the component
 * gives in the period, of what is credited in it. If that is not above zero, it is the rate of the last
 * period before it with more, but of none before the part was earned; then it stays as it was paid. */
static at_num rated(struct walk *w, uint32_t period) {
    const struct at_kernel_frame *frame = w->frame;
    const struct at_kernel_ledger *ledger = frame->ledgers[at_kernel_parted_ledger(frame, w->id)];
    struct at_arena *a = w->scratch;
    struct at_kernel_deals own = at_kernel_parted_credits(frame, w->id, w->part.payee, w->part.earned);
    for (uint32_t p = period + 1; p-- > w->part.earned;) {
        const int64_t *parts = ledger->parts[(size_t)p * frame->n_payees + w->part.payee];
        at_num sum = credited(w, p);
        if (!parts || at_num_sign(sum) <= 0) continue;
        struct at_kernel_deals deals =
            at_kernel_ledger_deals(frame, at_kernel_parted_ledger(frame, w->id), w->part.payee, p);
        int64_t all = 0;
        for (uint32_t i = 0; i <= deals.n; i++)
            all += parts[i];
        w->step.rated_in = p;
        w->step.given = all;
        w->step.credited = sum;
        at_num now = at_num_mul(a, at_kernel_deal_weight(&own.at[w->part.deal]), at_num_int(all));
        return at_num_div(a, now, at_num_mul(a, sum, at_num_int(w->whole)));
    }
    return at_num_int(1);
}

static void take_back(struct walk *w, const struct at_kernel_event *event, bool at_rate) {
    struct at_arena *a = w->scratch;
    at_num before = held_01(a, w->taken);
    w->taken = at_num_add(a, w->taken, at_kernel_event_share(a, event));
    at_num more = at_num_sub(a, held_01(a, w->taken), before);
    if (at_num_is_zero(more)) return;
    if (at_rate) more = at_num_mul(a, more, rated(w, w->step.period));
    w->kept = at_num_sub(a, w->kept, more);
}

/* False if the event is not of the part, or the condition of its statement is false. */
static bool apply(struct walk *w, const struct at_kernel_event *event) {
    const struct at_plan_parted *payload = at_kernel_parted_payload(w->frame, w->id);
    const struct at_plan_part *part = &payload->parts[event->part];
    struct at_arena *a = w->scratch;
    uint32_t payee = w->part.payee;
    if (part->kind == AT_PART_HOLD) {
        int64_t tranche = at_kernel_parted_tranche(w->frame, w->id, w->part, part->hold);
        struct at_kernel_deals deals =
            at_kernel_ledger_deals(w->frame, at_kernel_parted_ledger(w->frame, w->id), payee, w->part.earned);
        if (deals.at[w->part.deal].row != event->row || tranche == 0) return false;
        at_num share = at_kernel_parted_share(
            at_kernel_parted_cell_col(w->frame, w->id, part->at, w->step.period), payee);
        w->open = at_num_add(a, w->open, at_num_mul(a, at_num_int(tranche), share));
        return true;
    }
    if (!at_kernel_parted_flag(at_kernel_parted_cell_col(w->frame, w->id, part->when, w->step.period), payee))
        return false;
    if (part->kind == AT_PART_RELEASE)
        w->released = at_num_add(a, w->released, at_kernel_event_share(a, event));
    else
        take_back(w, event, part->rated);
    return true;
}

static bool begin(struct walk *w) {
    const struct at_plan_parted *payload = at_kernel_parted_payload(w->frame, w->id);
    const struct at_kernel_ledger *ledger = w->frame->ledgers[at_kernel_parted_ledger(w->frame, w->id)];
    const int64_t *parts = ledger->parts[(size_t)w->part.earned * w->frame->n_payees + w->part.payee];
    w->whole = w->rest = parts ? parts[w->part.deal] : 0;
    if (w->whole <= 0) return false; /* of a refund: it is taken at once */
    for (uint32_t k = 0; k < payload->n_holds; k++)
        w->rest -= at_kernel_parted_tranche(w->frame, w->id, w->part, k);
    w->releases = payload->releases;
    w->open = at_num_int(w->releases ? 0 : w->rest);
    w->released = w->taken = at_num_int(0);
    w->kept = at_num_int(1);
    w->step = (struct at_kernel_step){.period = w->part.earned, .after = paid_of(w), .rated_in = AT_NOBODY};
    return true;
}

uint32_t at_kernel_parted_steps(struct at_arena *scratch, const struct at_kernel_frame *frame, uint32_t id,
                                struct at_kernel_part part, uint32_t upto,
                                void (*visit)(void *context, const struct at_kernel_step *step),
                                void *context) {
    const struct at_kernel_parted *parted = frame->parteds[id];
    struct walk w = {.scratch = scratch, .frame = frame, .id = id, .part = part};
    struct at_kernel_deals deals =
        at_kernel_ledger_deals(frame, at_kernel_parted_ledger(frame, id), part.payee, part.earned);
    uint32_t state = AT_STATE_OK;
    uint32_t deal = at_kernel_parted_deal(frame, id, deals.at[part.deal].row);
    if (!begin(&w)) return state;
    w.step.released = w.step.taken = at_num_int(0);
    w.step.kept = at_num_int(1);
    visit(context, &w.step);
    if (deal == AT_NOBODY || deal >= parted->n_deals) return state;
    for (uint32_t e = parted->of_deal[deal]; e < parted->of_deal[deal + 1]; e++) {
        const struct at_kernel_event *event = &parted->events[e];
        if (event->period > (int64_t)upto) continue;
        w.step.period = event->period > (int64_t)part.earned ? (uint32_t)event->period : part.earned;
        if (event->state != AT_STATE_OK) {
            state = event->state;
            continue;
        }
        w.step.event = event;
        w.step.before = w.step.after;
        w.step.rated_in = AT_NOBODY;
        if (!apply(&w, event)) continue;
        w.step.after = paid_of(&w);
        w.step.released = held_01(scratch, w.released);
        w.step.taken = held_01(scratch, w.taken);
        w.step.kept = w.kept;
        visit(context, &w.step);
    }
    return state;
}
