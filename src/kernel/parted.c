/* kernel/parted.c: the amount paid of parts to date, and what each statement changes in a period. See
 * parted.h.
 */
#include "kernel/parted.h"
#include "base/allot.h"
#include "kernel/kernels.h"

static const struct at_plan_parted *payload_of(const struct at_kernel_frame *frame, uint32_t id) {
    return frame->plan->nodes[id].data;
}

static uint32_t ledger_of(const struct at_kernel_frame *frame, uint32_t id) {
    return frame->plan->nodes[id].in[0];
}

/* ---- values of inputs; input 0 is the ledger, and means: none */

static const struct at_col *row_col(const struct at_kernel_frame *frame, uint32_t id, uint16_t input) {
    return input ? &frame->whole[frame->plan->nodes[id].in[input]] : NULL;
}

static const struct at_col *cell_col(const struct at_kernel_frame *frame, uint32_t id, uint16_t input,
                                     uint32_t period) {
    if (!input) return NULL;
    uint32_t node = frame->plan->nodes[id].in[input];
    if (frame->plan->nodes[node].grain == AT_G_CONST) return &frame->whole[node];
    return &frame->slices[node][period];
}

static bool flag_at(const struct at_col *col, uint32_t i) {
    return !col || (at_col_state(col, i) == AT_STATE_OK && col->flag[col->one ? 0 : i]);
}

static at_num share_at(const struct at_col *col, uint32_t i) {
    return col ? at_kernel_num_at(col, col->one ? 0 : i) : at_num_int(1);
}

/* ---- one part */

static at_num held_01(struct at_arena *scratch, at_num x) {
    if (at_num_sign(x) <= 0) return at_num_int(0);
    return at_num_cmp(scratch, x, at_num_int(1)) > 0 ? at_num_int(1) : x;
}

int64_t at_kernel_parted_tranche(const struct at_kernel_frame *frame, uint32_t id, struct at_kernel_part part,
                                 uint32_t hold) {
    const int64_t *all = frame->parteds[id]->tranches[(size_t)part.earned * frame->n_payees + part.payee];
    uint32_t n = at_kernel_ledger_deals(frame, ledger_of(frame, id), part.payee, part.earned).n;
    return all ? all[(size_t)hold * n + part.deal] : 0;
}

int64_t at_kernel_parted_kept(const struct at_kernel_frame *frame, uint32_t id, struct at_kernel_part part,
                              uint32_t statement) {
    const struct at_plan_parted *payload = payload_of(frame, id);
    const struct at_plan_part *of = &payload->parts[statement];
    if (of->kind == AT_PART_HOLD) return at_kernel_parted_tranche(frame, id, part, of->hold);
    if (!payload->releases || statement != payload->first_release) return 0;
    const int64_t *parts =
        frame->ledgers[ledger_of(frame, id)]->parts[(size_t)part.earned * frame->n_payees + part.payee];
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

/* What is credited to a payee in a period, less what is credited below zero. */
static at_num credited(const struct walk *w, uint32_t period) {
    struct at_kernel_parted *parted = w->frame->parteds[w->id];
    at_num **kept = &parted->sums[(size_t)period * w->frame->n_payees + w->part.payee], sum = at_num_int(0);
    if (*kept) return **kept;
    struct at_kernel_deals deals =
        at_kernel_ledger_deals(w->frame, ledger_of(w->frame, w->id), w->part.payee, period);
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
    const struct at_kernel_ledger *ledger = frame->ledgers[ledger_of(frame, w->id)];
    struct at_arena *a = w->scratch;
    struct at_kernel_deals own =
        at_kernel_ledger_deals(frame, ledger_of(frame, w->id), w->part.payee, w->part.earned);
    for (uint32_t p = period + 1; p-- > w->part.earned;) {
        const int64_t *parts = ledger->parts[(size_t)p * frame->n_payees + w->part.payee];
        at_num sum = credited(w, p);
        if (!parts || at_num_sign(sum) <= 0) continue;
        struct at_kernel_deals deals =
            at_kernel_ledger_deals(frame, ledger_of(frame, w->id), w->part.payee, p);
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
    const struct at_plan_parted *payload = payload_of(w->frame, w->id);
    const struct at_plan_part *part = &payload->parts[event->part];
    struct at_arena *a = w->scratch;
    uint32_t payee = w->part.payee;
    if (part->kind == AT_PART_HOLD) {
        int64_t tranche = at_kernel_parted_tranche(w->frame, w->id, w->part, part->hold);
        struct at_kernel_deals deals =
            at_kernel_ledger_deals(w->frame, ledger_of(w->frame, w->id), payee, w->part.earned);
        if (deals.at[w->part.deal].row != event->row || tranche == 0) return false;
        at_num share = share_at(cell_col(w->frame, w->id, part->at, w->step.period), payee);
        w->open = at_num_add(a, w->open, at_num_mul(a, at_num_int(tranche), share));
        return true;
    }
    if (!flag_at(cell_col(w->frame, w->id, part->when, w->step.period), payee)) return false;
    if (part->kind == AT_PART_RELEASE)
        w->released = at_num_add(a, w->released, at_kernel_event_share(a, event));
    else
        take_back(w, event, part->rated);
    return true;
}

static bool begin(struct walk *w) {
    const struct at_plan_parted *payload = payload_of(w->frame, w->id);
    const struct at_kernel_ledger *ledger = w->frame->ledgers[ledger_of(w->frame, w->id)];
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
        at_kernel_ledger_deals(frame, ledger_of(frame, id), part.payee, part.earned);
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

/* ---- tranches: what holds keep of a cell */

/* Parts that a hold keeps back: those above zero whose rows fulfill its condition, less what the holds before
 * it keep. Each tranche is rounded once for the cell, and divided by what is left of the parts. */
/* Returns a fault if the share is below zero, or the holds keep more than all of it, by more than the cents
 * that rounding each of them gives. */
static uint32_t keep_tranche(struct at_kernel_space *space, uint32_t id, const struct at_plan_part *hold,
                             uint32_t payee, struct at_kernel_deals deals, const int64_t *parts,
                             int64_t *tranches) {
    const struct at_kernel_frame *frame = space->frame;
    const struct at_col *mask = row_col(frame, id, hold->mask);
    at_num share = share_at(cell_col(frame, id, hold->share, space->period), payee);
    at_num *weights = at_arena_get(space->arena, (deals.n + 1) * sizeof *weights);
    int64_t all = 0, left = 0, whole = 0, *own = tranches + (size_t)hold->hold * deals.n;
    if (!flag_at(cell_col(frame, id, hold->when, space->period), payee)) return AT_STATE_OK;
    for (uint32_t i = 0; i < deals.n; i++) {
        int64_t rest = parts[i] > 0 && flag_at(mask, deals.at[i].row) ? parts[i] : 0;
        all += rest;
        for (uint32_t k = 0; k < hold->hold && rest > 0; k++)
            rest -= tranches[(size_t)k * deals.n + i];
        left += rest;
        weights[i] = at_num_int(rest);
    }
    at_num kept = at_num_mul(space->arena, share, at_num_int(all));
    kept = at_num_round(space->arena, kept, 0, space->plan->checked->rounding);
    if (at_num_sign(share) < 0 || at_num_cmp(space->arena, kept, at_num_int(left + hold->hold)) > 0)
        return at_kernel_space_fault(space, id, payee, AT_A1119, (at_str){0});
    if (!at_num_to_i64(space->arena, kept, 0, &whole)) whole = left;
    if (whole > left) whole = left;
    if (whole > 0) at_allot(space->arena, whole, weights, deals.n, false, own);
    return AT_STATE_OK;
}

static uint32_t keep_cell(struct at_kernel_space *space, uint32_t id, uint32_t payee) {
    const struct at_kernel_frame *frame = space->frame;
    const struct at_plan_parted *payload = payload_of(frame, id);
    uint32_t ledger = ledger_of(frame, id);
    uint32_t state = AT_STATE_OK;
    size_t cell = (size_t)space->period * frame->n_payees + payee;
    const int64_t *parts = frame->ledgers[ledger]->parts[cell];
    struct at_kernel_deals deals = at_kernel_ledger_deals(frame, ledger, payee, space->period);
    if (!parts || deals.n == 0 || payload->n_holds == 0) return AT_STATE_OK;
    struct at_kernel_parted *parted = frame->parteds[id];
    parted->tranches[cell] = AT_NEW_ARRAY(parted->arena, int64_t, (size_t)payload->n_holds * deals.n);
    for (uint32_t k = 0; k < payload->n; k++)
        if (payload->parts[k].kind == AT_PART_HOLD) {
            uint32_t own =
                keep_tranche(space, id, &payload->parts[k], payee, deals, parts, parted->tranches[cell]);
            if (state == AT_STATE_OK) state = own;
        }
    return state;
}

/* ---- moves of a period */

struct moving {
    struct at_kernel_space *space;
    const struct at_plan_parted *payload;
    struct at_kernel_parted *parted;
    uint32_t id, payee;
    struct at_kernel_part part;
    uint32_t now; /* whose moves count: those of this period, or, with AT_NOBODY, those of all */
    uint32_t in;  /* the period of the moves below; AT_NOBODY: none */
    int64_t minor;
    bool changed; /* an event changed the amount paid of the part in that period */
};

static size_t cell_of(const struct moving *m, uint32_t period) {
    return (size_t)period * m->space->frame->n_payees + m->payee;
}

static void add_move(struct moving *m, uint32_t statement, uint32_t period, int64_t minor) {
    m->parted->moves[statement][cell_of(m, period)] += minor;
}

/* The amount paid of a part in its own period has a place; what moves later is noted. */
static void note_moved(struct moving *m) {
    size_t cell = m->in == AT_NOBODY ? 0 : cell_of(m, m->in);
    if (m->in == m->part.earned) {
        m->parted->own[cell][m->part.deal] = m->minor;
    } else if (m->in != AT_NOBODY && m->changed) {
        uint32_t *first = &m->parted->first_moved[cell];
        AT_VEC_PUSH(m->parted->arena, &m->parted->moved,
                    (struct at_kernel_moved){m->part.earned, m->part.deal, *first, m->minor});
        *first = (uint32_t)m->parted->moved.n;
    }
    m->in = AT_NOBODY;
    m->changed = false;
    m->minor = 0;
}

static void visit_move(struct moving *m, uint32_t period, uint16_t statement, int64_t change) {
    if (m->now != AT_NOBODY ? period != m->now : period >= m->space->frame->n_periods) return;
    if (period != m->in) note_moved(m);
    m->in = period;
    m->minor += change;
    m->changed |= change != 0;
    add_move(m, statement, period, change);
}

static void visit_step(void *context, const struct at_kernel_step *step) {
    struct moving *m = context;
    if (step->event) {
        visit_move(m, step->period, step->event->part, step->after - step->before);
        return;
    }
    if (m->now != AT_NOBODY && step->period != m->now) return;
    m->in = step->period;
    m->minor = step->after;
    for (uint32_t k = 0; k < m->payload->n; k++)
        add_move(m, k, step->period, -at_kernel_parted_kept(m->space->frame, m->id, m->part, k));
}

/* ---- a part whose only events are releases and days of holds, in 64 bits */

/* The common denominator of the releases of a deal; 0: 64 bits do not hold it, or an event is of another
 * kind. */
static int64_t denominator_of(const struct moving *m, uint32_t first, uint32_t end) {
    int64_t all = 1;
    for (uint32_t e = first; e < end; e++) {
        const struct at_kernel_event *event = &m->parted->events[e];
        uint8_t kind = m->payload->parts[event->part].kind;
        if (event->den == 0 || event->state != AT_STATE_OK || kind == AT_PART_CLAWBACK) return 0;
        if (kind != AT_PART_RELEASE || all % event->den == 0) continue;
        int64_t a = all, b = event->den;
        while (b) {
            int64_t rest = a % b;
            a = b;
            b = rest;
        }
        if (__builtin_mul_overflow(all, event->den / a, &all)) return 0;
    }
    return all;
}

/* rest * released / all, half up; rest is above zero, and the result within it. */
static int64_t released_of(int64_t rest, at_i128 released, int64_t all) {
    if (released <= 0) return 0;
    if (released >= all) return rest;
    at_u128 twice = (at_u128)rest * (at_u128)released;
    at_u128 whole = twice / (at_u128)all;
    return (int64_t)(whole + (2 * (twice % (at_u128)all) >= (at_u128)all));
}

/* The same moves as those of at_kernel_parted_steps. False: not for this part. */
static bool move_plainly(struct moving *m, int64_t whole, uint32_t row, uint32_t deal) {
    const struct at_kernel_parted *parted = m->parted;
    uint32_t first = parted->of_deal[deal], end = parted->of_deal[deal + 1], earned = m->part.earned;
    int64_t all = m->space->plan->checked->rounding == AT_ROUND_HALF_UP ? denominator_of(m, first, end) : 0;
    if (all == 0 || all > INT64_MAX / 4) return false;
    int64_t rest = whole, open = 0, paid = 0;
    for (uint32_t k = 0; k < m->payload->n_holds; k++)
        rest -= at_kernel_parted_tranche(m->space->frame, m->id, m->part, k);
    if (!m->payload->releases) open = paid = rest;
    m->in = earned;
    m->minor = paid;
    for (uint32_t k = 0; k < m->payload->n; k++)
        add_move(m, k, earned, -at_kernel_parted_kept(m->space->frame, m->id, m->part, k));
    at_i128 released = 0;
    for (uint32_t e = first; e < end; e++) {
        const struct at_kernel_event *event = &parted->events[e];
        const struct at_plan_part *part = &m->payload->parts[event->part];
        uint32_t period = event->period > (int64_t)earned ? (uint32_t)event->period : earned;
        if (part->kind == AT_PART_RELEASE)
            released += (at_i128)event->num * (all / event->den);
        else if (event->row == row)
            open += at_kernel_parted_tranche(m->space->frame, m->id, m->part, part->hold);
        else
            continue;
        int64_t now = open + (m->payload->releases && rest > 0 ? released_of(rest, released, all) : 0);
        visit_move(m, period, event->part, now - paid);
        paid = now;
    }
    note_moved(m);
    return true;
}

static bool is_state(const struct at_kernel_event *event) {
    return event->state != AT_STATE_OK;
}

/* All moves of a part, those of later periods too. States of events wait for their periods. */
static void move_ahead(struct moving *m, uint32_t payee, uint32_t earned, uint32_t at,
                       const struct at_kernel_deal *row, int64_t whole) {
    const struct at_kernel_frame *frame = m->space->frame;
    uint32_t deal = at_kernel_parted_deal(frame, m->id, row->row);
    m->payee = payee;
    m->part = (struct at_kernel_part){payee, earned, at};
    m->now = m->in = AT_NOBODY;
    m->changed = false;
    m->minor = 0;
    if (whole <= 0) {
        m->parted->own[cell_of(m, earned)][at] = whole;
        return;
    }
    bool has = deal != AT_NOBODY && deal < m->parted->n_deals;
    if (has && move_plainly(m, whole, row->row, deal)) return;
    struct at_arena_mark mark = at_arena_mark(m->space->arena);
    at_kernel_parted_steps(m->space->arena, frame, m->id, m->part, AT_NEVER, visit_step, m);
    at_arena_reset(m->space->arena, mark);
    note_moved(m);
    for (uint32_t e = has ? m->parted->of_deal[deal] : 0; has && e < m->parted->of_deal[deal + 1]; e++) {
        const struct at_kernel_event *event = &m->parted->events[e];
        uint32_t period = event->period > (int64_t)earned ? (uint32_t)event->period : earned;
        if (!is_state(event) || period >= frame->n_periods) continue;
        if (!m->parted->later)
            m->parted->later =
                AT_NEW_ARRAY(m->parted->arena, uint32_t, (size_t)frame->n_periods * frame->n_payees + 1);
        uint32_t *state = &m->parted->later[cell_of(m, period)];
        if (*state == AT_STATE_OK) *state = event->state;
    }
}

/* ---- one period at a time */

static uint32_t move_part(struct moving *m, uint32_t payee, uint32_t earned, uint32_t deal) {
    struct at_arena_mark mark = at_arena_mark(m->space->arena);
    m->payee = payee;
    m->now = m->space->period;
    m->in = AT_NOBODY;
    m->changed = false;
    m->minor = 0;
    m->part = (struct at_kernel_part){payee, earned, deal};
    uint32_t state = at_kernel_parted_steps(m->space->arena, m->space->frame, m->id, m->part,
                                            m->space->period, visit_step, m);
    at_arena_reset(m->space->arena, mark);
    note_moved(m);
    return state;
}

/* The payees of a bucket: one, the members of a group, or all. */
static uint32_t payee_count(const struct at_kernel_frame *frame, uint32_t ledger, uint32_t in) {
    const struct at_plan_node *node = &frame->plan->nodes[ledger];
    if (frame->plan->feeds[node->a].n_to == 0) return frame->n_payees;
    if (at_plan_ledger_group(node) == 0) return 1;
    const struct at_kernel_members *members = &frame->members[at_plan_ledger_group(node) - 1];
    return members->start[in + 1] - members->start[in];
}

static uint32_t payee_at(const struct at_kernel_frame *frame, uint32_t ledger, uint32_t in, uint32_t i) {
    const struct at_plan_node *node = &frame->plan->nodes[ledger];
    if (frame->plan->feeds[node->a].n_to == 0) return i;
    if (at_plan_ledger_group(node) == 0) return in;
    const struct at_kernel_members *members = &frame->members[at_plan_ledger_group(node) - 1];
    return members->payee[members->start[in] + i];
}

static void mark_state(uint32_t **states, struct at_kernel_space *space, uint32_t payee, uint32_t state) {
    if (state == AT_STATE_OK) return;
    if (!*states) *states = AT_NEW_ARRAY(space->arena, uint32_t, space->n + 1);
    if ((*states)[payee] == AT_STATE_OK) (*states)[payee] = state;
}

/* Parts of earlier periods whose deals have events in this one. A deal is visited once. */
static void move_earlier(struct moving *m, uint32_t **states) {
    const struct at_kernel_parted *parted = m->parted;
    const struct at_kernel_frame *frame = m->space->frame;
    uint32_t ledger = ledger_of(frame, m->id), last = AT_NOBODY;
    for (uint32_t k = parted->of_period[m->space->period]; k < parted->of_period[m->space->period + 1]; k++) {
        uint32_t deal = parted->events[parted->in_order[k]].deal;
        if (deal == last) continue;
        last = deal;
        for (uint32_t q = parted->place_of[deal]; q < parted->place_of[deal + 1]; q++) {
            const struct at_kernel_place *place = &parted->places[q];
            if (place->period >= m->space->period) continue;
            for (uint32_t i = 0; i < payee_count(frame, ledger, place->in); i++) {
                uint32_t payee = payee_at(frame, ledger, place->in, i);
                if (!parted->own[(size_t)place->period * frame->n_payees + payee]) continue;
                mark_state(states, m->space, payee, move_part(m, payee, place->period, place->deal));
            }
        }
    }
}

static void move_own_of(struct moving *m, uint32_t payee, uint32_t **states) {
    const struct at_kernel_frame *frame = m->space->frame;
    uint32_t ledger = ledger_of(frame, m->id), period = m->space->period;
    size_t cell = (size_t)period * frame->n_payees + payee;
    struct at_kernel_deals deals = at_kernel_ledger_deals(frame, ledger, payee, period);
    const int64_t *parts = frame->ledgers[ledger]->parts[cell];
    if (!parts) return;
    uint32_t state = keep_cell(m->space, m->id, payee);
    if (state != AT_STATE_OK) { /* what is withheld is not released later */
        mark_state(states, m->space, payee, state);
        m->parted->tranches[cell] = NULL;
        return;
    }
    m->parted->own[cell] = AT_NEW_ARRAY(m->parted->arena, int64_t, deals.n + 1);
    for (uint32_t i = 0; i < deals.n; i++) {
        if (m->parted->ahead) {
            move_ahead(m, payee, period, i, &deals.at[i], parts[i]);
            continue;
        }
        if (parts[i] <= 0) m->parted->own[cell][i] = parts[i];
        mark_state(states, m->space, payee, move_part(m, payee, period, i));
    }
}

static void move_own(struct moving *m, uint32_t **states) {
    for (uint32_t payee = 0; payee < m->space->frame->n_payees; payee++)
        move_own_of(m, payee, states);
    const uint32_t *later = m->parted->later;
    for (uint32_t payee = 0; later && payee < m->space->frame->n_payees; payee++)
        mark_state(states, m->space, payee,
                   later[(size_t)m->space->period * m->space->frame->n_payees + payee]);
}

/* The sum of what all statements change: a column of whole minor units. */
static void put_sums(const struct moving *m, struct at_col *out, int statement) {
    struct at_kernel_space *space = m->space;
    const struct at_currency_info *currency = at_currency_info(space->plan->checked->currency);
    int64_t *sums = AT_NEW_ARRAY(space->arena, int64_t, space->n + 1);
    for (uint32_t k = 0; k < m->payload->n; k++) {
        if (statement >= 0 && (uint32_t)statement != k) continue;
        for (uint32_t payee = 0; payee < space->n; payee++)
            sums[payee] += m->parted->moves[k][(size_t)space->period * space->frame->n_payees + payee];
    }
    *out = (struct at_col){.form = AT_COL_I64,
                           .scale = (uint8_t)(currency ? currency->digits : 2),
                           .n = space->n,
                           .i64 = sums,
                           .bound = at_col_measure(sums, space->n)};
}

void at_kernel_parted(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    struct moving m = {.space = space, .payload = payload_of(space->frame, id), .id = id};
    uint32_t *states = NULL;
    if (!space->frame->parteds[id]) at_kernel_parted_open(space, id);
    m.parted = space->frame->parteds[id];
    move_own(&m, &states);
    if (!m.parted->ahead) move_earlier(&m, &states);
    put_sums(&m, out, -1);
    out->state = states;
}

/* What one statement changes. */
void at_kernel_part_move(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    struct moving m = {.space = space, .payload = payload_of(space->frame, node->in[0]), .id = node->in[0]};
    m.parted = space->frame->parteds[m.id];
    put_sums(&m, out, node->a);
    out->state = at_kernel_input(space, id, 0)->state;
}

/* In periods after the regular ones, only what moves is paid. */
void at_kernel_tailed(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    *out = *at_kernel_input(space, id, space->period >= space->frame->n_regular);
}
