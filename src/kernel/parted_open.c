/* kernel/parted_open.c: the events of deals, and where the parts of each deal are: in order, once a run. */
#include "base/order.h"
#include "kernel/kernels.h"
#include "kernel/parted.h"

struct opening {
    const struct at_kernel_frame *frame;
    const struct at_plan_parted *payload;
    struct at_kernel_parted *parted;
    struct at_arena *scratch;
    uint32_t id;
};

static const struct at_col *col_of(const struct opening *o, uint16_t input) {
    return input ? &o->frame->whole[o->frame->plan->nodes[o->id].in[input]] : NULL;
}

uint32_t at_kernel_parted_deal(const struct at_kernel_frame *frame, uint32_t id, uint32_t row) {
    const struct at_plan_node *node = &frame->plan->nodes[id];
    const struct at_plan_parted *payload = node->data;
    const struct at_col *via = payload->via ? &frame->whole[node->in[payload->via]] : NULL;
    if (!via) return row;
    if (at_col_state(via, row) != AT_STATE_OK) return AT_NOBODY;
    return (uint32_t)via->row[via->one ? 0 : row];
}

/* ---- events */

static int32_t period_of(const struct at_kernel_frame *frame, at_date day) {
    at_period period = at_period_of_date(frame->calendar, (enum at_period_kind)frame->first_period.kind, day);
    return at_period_position(frame->calendar, period) - frame->first_position;
}

/* The deal of a row of the statement's table; AT_NOBODY: none. */
static uint32_t deal_of(const struct opening *o, const struct at_plan_part *part, uint32_t row) {
    if (part->kind == AT_PART_HOLD) return at_kernel_parted_deal(o->frame, o->id, row);
    const struct at_col *deal = col_of(o, part->deal);
    if (!deal) return row;
    return at_col_state(deal, row) == AT_STATE_OK ? (uint32_t)deal->row[deal->one ? 0 : row] : AT_NOBODY;
}

static void put_share(const struct opening *o, struct at_kernel_event *event, const struct at_col *shares,
                      uint32_t row) {
    at_num share = at_kernel_num_at(shares, row), *big;
    if (at_num_to_quotient(share, &event->num, &event->den)) return;
    big = at_arena_get(o->parted->arena, sizeof *big);
    *big = share;
    event->big = big;
    event->den = 0;
}

/* A row without a day or a deal, or whose condition is false, is not an event. */
static bool event_of(const struct opening *o, uint16_t k, uint32_t row, struct at_kernel_event *event) {
    const struct at_plan_part *part = &o->payload->parts[k];
    const struct at_col *on = col_of(o, part->on), *mask = col_of(o, part->mask),
                        *fraction = col_of(o, part->fraction);
    uint32_t state = mask && part->kind != AT_PART_HOLD ? at_col_state(mask, row) : AT_STATE_OK;
    if (mask && state == AT_STATE_OK && !mask->flag[mask->one ? 0 : row]) return false;
    if (state == AT_STATE_OK) state = at_col_state(on, row);
    if (state == AT_STATE_MISSING) return false;
    *event = (struct at_kernel_event){.deal = deal_of(o, part, row), .row = row, .part = k};
    if (event->deal == AT_NOBODY) {
        struct at_kernel_loose *loose = &o->parted->loose[k];
        if (part->kind != AT_PART_HOLD && loose->n++ == 0) loose->row = row;
        return false;
    }
    event->num = event->den = 1;
    if (state == AT_STATE_OK) {
        event->day = on->day[on->one ? 0 : row];
        event->period = period_of(o->frame, event->day);
        if (fraction) state = at_col_state(fraction, row);
        if (fraction && state == AT_STATE_OK) put_share(o, event, fraction, fraction->one ? 0 : row);
    }
    event->state = state;
    return true;
}

static uint32_t rows_of(const struct opening *o, uint16_t k) {
    return col_of(o, o->payload->parts[k].key)->n;
}

static int by_key(const struct opening *o, const struct at_kernel_event *a, const struct at_kernel_event *b) {
    const struct at_col *x = col_of(o, o->payload->parts[a->part].key),
                        *y = col_of(o, o->payload->parts[b->part].key);
    if (x->form != y->form) return 0;
    if (x->form == AT_COL_TEXT) return at_str_cmp(x->text[a->row], y->text[b->row]);
    if (x->form == AT_COL_DAY || x->form == AT_COL_ROW)
        return (x->day[a->row] > y->day[b->row]) - (x->day[a->row] < y->day[b->row]);
    if (x->form > AT_COL_NUM) return 0;
    return at_num_cmp(o->scratch, at_col_num(x, a->row), at_col_num(y, b->row));
}

static bool before(const void *context, uint32_t b, uint32_t a) {
    const struct opening *o = context;
    const struct at_kernel_event *x = &o->parted->events[b], *y = &o->parted->events[a];
    if (x->deal != y->deal) return x->deal < y->deal;
    if (x->day != y->day) return x->day < y->day;
    int order = by_key(o, x, y);
    if (order != 0) return order < 0;
    if (x->part != y->part) return x->part < y->part;
    return x->row < y->row;
}

/* One more than the largest deal that a row or an event names. */
static uint32_t deals_of(const struct opening *o) {
    uint32_t node = o->frame->plan->nodes[o->id].in[0], n = 0;
    const struct at_kernel_ledger *ledger = o->frame->ledgers[node];
    for (uint32_t i = 0; i < o->parted->n_events; i++)
        if (o->parted->events[i].deal >= n) n = o->parted->events[i].deal + 1;
    for (uint64_t i = 0; i < ledger->start[o->frame->n_periods * ledger->width]; i++) {
        uint32_t deal = at_kernel_parted_deal(o->frame, o->id, ledger->deals[i].row);
        if (deal != AT_NOBODY && deal >= n) n = deal + 1;
    }
    return n;
}

/* Events in the order of deals, by counting; those of a deal, which are few as a rule, by day and key. */
static void sort_events(struct opening *o, const struct at_kernel_event *found) {
    struct at_kernel_parted *parted = o->parted;
    uint32_t *start = AT_NEW_ARRAY(o->scratch, uint32_t, parted->n_deals + 2),
             *order = at_arena_get(o->scratch, (parted->n_events + 1) * sizeof *order);
    parted->events = at_arena_get(parted->arena, (parted->n_events + 1) * sizeof *parted->events);
    for (uint32_t i = 0; i < parted->n_events; i++)
        start[found[i].deal + 2]++;
    for (uint32_t d = 0; d < parted->n_deals; d++)
        start[d + 2] += start[d + 1];
    for (uint32_t i = 0; i < parted->n_events; i++)
        parted->events[start[found[i].deal + 1]++] = found[i];
    for (uint32_t d = 0; d < parted->n_deals; d++) {
        uint32_t first = start[d], n = start[d + 1] - first, i = 1;
        for (uint32_t k = 0; k < n; k++)
            order[k] = first + k;
        while (i < n && !before(o, order[i], order[i - 1]))
            i++;
        if (i >= n) continue;
        struct at_arena_mark mark = at_arena_mark(o->scratch);
        struct at_kernel_event *copy = at_arena_get(o->scratch, n * sizeof *copy);
        at_sort(o->scratch, order, n, before, o);
        for (uint32_t k = 0; k < n; k++)
            copy[k] = parted->events[order[k]];
        memcpy(parted->events + first, copy, n * sizeof *copy);
        at_arena_reset(o->scratch, mark);
    }
}

static void find_events(struct opening *o) {
    struct at_kernel_parted *parted = o->parted;
    uint64_t room = 0;
    for (uint32_t k = 0; k < o->payload->n; k++)
        room += rows_of(o, (uint16_t)k);
    struct at_kernel_event *found = at_arena_get(o->scratch, (room + 1) * sizeof *found);
    for (uint32_t k = 0; k < o->payload->n; k++)
        for (uint32_t row = 0; row < rows_of(o, (uint16_t)k); row++)
            parted->n_events += event_of(o, (uint16_t)k, row, &found[parted->n_events]);
    parted->events = found;
    parted->n_deals = deals_of(o);
    sort_events(o, found);
}

static void index_events(struct opening *o) {
    struct at_kernel_parted *parted = o->parted;
    uint32_t periods = o->frame->n_periods;
    parted->of_deal = AT_NEW_ARRAY(parted->arena, uint32_t, parted->n_deals + 2);
    parted->of_period = AT_NEW_ARRAY(parted->arena, uint32_t, periods + 2);
    parted->in_order = at_arena_get(parted->arena, (parted->n_events + 1) * sizeof *parted->in_order);
    for (uint32_t i = 0; i < parted->n_events; i++) {
        const struct at_kernel_event *event = &parted->events[i];
        parted->of_deal[event->deal + 1]++;
        if (event->period >= 0 && (uint32_t)event->period < periods) parted->of_period[event->period + 2]++;
    }
    for (uint32_t d = 0; d < parted->n_deals; d++)
        parted->of_deal[d + 1] += parted->of_deal[d];
    for (uint32_t p = 0; p < periods; p++)
        parted->of_period[p + 2] += parted->of_period[p + 1];
    /* Each start is one place further on until all of its period are placed. */
    for (uint32_t i = 0; i < parted->n_events; i++) {
        const struct at_kernel_event *event = &parted->events[i];
        if (event->period >= 0 && (uint32_t)event->period < periods)
            parted->in_order[parted->of_period[event->period + 1]++] = i;
    }
}

/* ---- places */

static void count_or_place(struct opening *o, bool place) {
    struct at_kernel_parted *parted = o->parted;
    uint32_t node = o->frame->plan->nodes[o->id].in[0];
    const struct at_kernel_ledger *ledger = o->frame->ledgers[node];
    uint32_t n = o->frame->n_periods * ledger->width;
    for (uint32_t b = 0; b < n; b++)
        for (uint64_t i = ledger->start[b]; i < ledger->start[b + 1]; i++) {
            uint32_t deal = at_kernel_parted_deal(o->frame, o->id, ledger->deals[i].row);
            if (deal == AT_NOBODY || deal >= parted->n_deals) continue;
            if (!place) {
                parted->place_of[deal + 2]++;
                continue;
            }
            parted->places[parted->place_of[deal + 1]++] = (struct at_kernel_place){
                b / ledger->width, b % ledger->width, (uint32_t)(i - ledger->start[b])};
        }
}

static void index_places(struct opening *o) {
    struct at_kernel_parted *parted = o->parted;
    parted->place_of = AT_NEW_ARRAY(parted->arena, uint32_t, parted->n_deals + 3);
    count_or_place(o, false);
    for (uint32_t d = 0; d < parted->n_deals; d++)
        parted->place_of[d + 2] += parted->place_of[d + 1];
    parted->places =
        at_arena_get(parted->arena, (parted->place_of[parted->n_deals + 1] + 1) * sizeof *parted->places);
    count_or_place(o, true);
}

/* ---- */

/* Whether the moves of a part are known when it is earned: no statement asks for values of a later period. */
static bool is_ahead(const struct opening *o) {
    for (uint32_t k = 0; k < o->payload->n; k++) {
        const struct at_plan_part *part = &o->payload->parts[k];
        bool held = part->kind == AT_PART_HOLD; /* its condition is one of the period in which it begins */
        if (part->rated || part->at || (part->when && !held)) return false;
    }
    return true;
}

void at_kernel_parted_open(struct at_kernel_space *space, uint32_t id) {
    const struct at_kernel_frame *frame = space->frame;
    struct at_arena *arena = frame->ledgers[frame->plan->nodes[id].in[0]]->arena;
    struct at_kernel_parted *parted = AT_NEW(arena, struct at_kernel_parted);
    struct opening o = {frame, frame->plan->nodes[id].data, parted, space->arena, id};
    size_t cells = (size_t)frame->n_periods * frame->n_payees;
    parted->arena = arena;
    parted->loose = AT_NEW_ARRAY(arena, struct at_kernel_loose, o.payload->n + 1);
    frame->parteds[id] = parted;
    find_events(&o);
    index_events(&o);
    index_places(&o);
    parted->tranches = AT_NEW_ARRAY(arena, int64_t *, cells + 1);
    parted->own = AT_NEW_ARRAY(arena, int64_t *, cells + 1);
    parted->ahead = is_ahead(&o);
    parted->first_moved = AT_NEW_ARRAY(arena, uint32_t, cells + 1);
    parted->sums = AT_NEW_ARRAY(arena, at_num *, cells + 1);
    parted->moves = AT_NEW_ARRAY(arena, int64_t *, o.payload->n + 1);
    for (uint32_t k = 0; k < o.payload->n; k++)
        parted->moves[k] = AT_NEW_ARRAY(arena, int64_t, cells + 1);
}
