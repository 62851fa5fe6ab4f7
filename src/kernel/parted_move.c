/* kernel/parted_move.c: what each statement about parts changes in a period, and the sums of payees. Where
 * events do not depend on values of their periods, all moves of a part are found when it is earned. */
#include "kernel/parted_int.h"

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

static void begin_part(struct moving *m, struct at_kernel_part part, uint32_t now) {
    m->payee = part.payee;
    m->part = part;
    m->now = now;
    m->in = AT_NOBODY;
    m->changed = false;
    m->minor = 0;
}

static size_t cell_of(const struct moving *m, uint32_t period) {
    return (size_t)period * m->space->frame->n_payees + m->payee;
}

static void add_move(struct moving *m, uint32_t statement, uint32_t period, int64_t minor) {
    m->parted->moves[statement][cell_of(m, period)] += minor;
}

/* What all statements keep back of the part when it is earned. */
static void keep_back(struct moving *m, uint32_t earned) {
    for (uint32_t k = 0; k < m->payload->n; k++)
        add_move(m, k, earned, -at_kernel_parted_kept(m->space->frame, m->id, m->part, k));
}

/* The amount paid of a part in its own period has a place; what moves later is noted. */
static void note_moved(struct moving *m) {
    size_t cell = m->in == AT_NOBODY ? 0 : cell_of(m, m->in);
    if (m->in == m->part.earned) {
        m->parted->own[cell][m->part.deal] = m->minor;
    } else if (m->in != AT_NOBODY && m->changed) {
        uint32_t *first = &m->parted->first_moved[cell];
        AT_VEC_PUSH_MANY(m->parted->arena, &m->parted->moved,
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
    keep_back(m, step->period);
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
        if (!at_kernel_event_common(event, &all)) return 0;
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
    keep_back(m, earned);
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

/* All moves of a part, those of later periods too. States of events wait for their periods. */
static void move_ahead(struct moving *m, uint32_t payee, uint32_t earned, uint32_t at,
                       const struct at_kernel_deal *row, int64_t whole) {
    const struct at_kernel_frame *frame = m->space->frame;
    uint32_t deal = at_kernel_parted_deal(frame, m->id, row->row);
    begin_part(m, (struct at_kernel_part){payee, earned, at}, AT_NOBODY);
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
        if (event->state == AT_STATE_OK || period >= frame->n_periods) continue;
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
    begin_part(m, (struct at_kernel_part){payee, earned, deal}, m->space->period);
    uint32_t state = at_kernel_parted_steps(m->space->arena, m->space->frame, m->id, m->part,
                                            m->space->period, visit_step, m);
    at_arena_reset(m->space->arena, mark);
    note_moved(m);
    return state;
}

/* The payees of a bucket: one, the members of a group, or all. The members are those of the period in which
 * the parts were earned. */
static uint32_t payee_count(const struct at_kernel_frame *frame, uint32_t ledger,
                            const struct at_kernel_place *place) {
    const struct at_plan_node *node = &frame->plan->nodes[ledger];
    uint32_t group = at_plan_ledger_group(node);
    if (frame->plan->feeds[node->a].n_to == 0) return frame->n_payees;
    if (group == 0) return 1;
    const struct at_kernel_members *members = at_kernel_frame_members(frame, group - 1, place->period);
    return members->start[place->in + 1] - members->start[place->in];
}

static uint32_t payee_at(const struct at_kernel_frame *frame, uint32_t ledger,
                         const struct at_kernel_place *place, uint32_t i) {
    const struct at_plan_node *node = &frame->plan->nodes[ledger];
    uint32_t group = at_plan_ledger_group(node);
    if (frame->plan->feeds[node->a].n_to == 0) return i;
    if (group == 0) return place->in;
    const struct at_kernel_members *members = at_kernel_frame_members(frame, group - 1, place->period);
    return members->payee[members->start[place->in] + i];
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
    uint32_t ledger = at_kernel_parted_ledger(frame, m->id), last = AT_NOBODY;
    for (uint32_t k = parted->of_period[m->space->period]; k < parted->of_period[m->space->period + 1]; k++) {
        uint32_t deal = parted->events[parted->in_order[k]].deal;
        if (deal == last) continue;
        last = deal;
        for (uint32_t q = parted->place_of[deal]; q < parted->place_of[deal + 1]; q++) {
            const struct at_kernel_place *place = &parted->places[q];
            if (place->period >= m->space->period) continue;
            for (uint32_t i = 0; i < payee_count(frame, ledger, place); i++) {
                uint32_t payee = payee_at(frame, ledger, place, i);
                if (!parted->own[(size_t)place->period * frame->n_payees + payee]) continue;
                mark_state(states, m->space, payee, move_part(m, payee, place->period, place->deal));
            }
        }
    }
}

static void move_own_of(struct moving *m, uint32_t payee, uint32_t **states) {
    const struct at_kernel_frame *frame = m->space->frame;
    uint32_t ledger = at_kernel_parted_ledger(frame, m->id), period = m->space->period;
    size_t cell = (size_t)period * frame->n_payees + payee;
    struct at_kernel_deals deals = at_kernel_ledger_deals(frame, ledger, payee, period);
    const int64_t *parts = frame->ledgers[ledger]->parts[cell];
    if (!parts) return;
    uint32_t state = at_kernel_parted_keep(m->space, m->id, payee);
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
    struct moving m = {.space = space, .payload = at_kernel_parted_payload(space->frame, id), .id = id};
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
    struct moving m = {
        .space = space, .payload = at_kernel_parted_payload(space->frame, node->in[0]), .id = node->in[0]};
    m.parted = space->frame->parteds[m.id];
    put_sums(&m, out, node->a);
    out->state = at_kernel_input(space, id, 0)->state;
}

/* In periods after the regular ones, only what moves is paid. */
void at_kernel_tailed(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    *out = *at_kernel_input(space, id, space->period >= space->frame->n_regular);
}
