/* gather/ledger.c: notes the rows among which an amount is divided, and puts them in order (kernel/ledger.h).
 *
 * One scan notes a row and its weight, by bucket. When all parts have ended, the notes are counted by bucket
 * and copied to their places, in order of the file, and sorted only where that is not the order of their days
 * and keys. Linear in the number of rows.
 */
#include "kernel/ledger.h"
#include "base/chunk.h"
#include "base/order.h"
#include "gather/part.h"

struct note {
    struct at_kernel_deal deal;
    uint32_t bucket;
};
AT_CHUNKS(chunk, notes, struct note, 4096);
struct fault {
    uint32_t bucket, state;
};
struct at_gather_ledger_log {
    struct notes notes;
    AT_VEC(struct fault) faults;
};

/* ---- noting */

static void set_weight(struct at_gather_part *part, struct at_kernel_deal *deal, at_num weight) {
    if (weight.form == AT_NUM_I64) {
        deal->weight.i64 = weight.i64;
        deal->scale = weight.scale;
        return;
    }
    at_num *kept = at_arena_get(&part->arena, sizeof *kept);
    *kept = at_num_copy(&part->arena, weight);
    deal->weight.num = kept;
    deal->scale = AT_DEAL_NUM;
}

/* The bucket of item i of a pool by day: the group on the day of the row. */
static uint32_t bucket_of_day(const struct at_gather_part *part, uint32_t node,
                              const struct at_kernel_items *items, uint32_t i) {
    const struct at_gather *gather = part->gather;
    const struct at_plan *plan = gather->plan;
    const struct at_plan_feed *feed = &plan->feeds[plan->nodes[node].a];
    uint32_t group = at_plan_ledger_group(&plan->nodes[node]) - 1, by = feed->event;
    const struct at_col *on = &part->rows.cols[by == AT_NO_NODE ? feed->on : by];
    const struct at_kernel_stays *stays = &gather->frame->stays[plan->groups[group].stays];
    at_date day =
        on->form == AT_COL_DAY
            ? on->day[on->one ? 0 : items->row[i]]
            : at_period_end(gather->calendar, at_kernel_frame_period(gather->frame, items->period[i]));
    uint32_t stay = at_kernel_frame_stay_on(stays, (uint32_t)items->payee[i], day);
    if (stay == AT_NOBODY) return AT_NOBODY;
    return (uint32_t)items->period[i] * at_kernel_ledger_width(gather->frame, node) + stays->group[stay];
}

/* The bucket of item i. Rows of members who are not covered do not count in their group. */
static uint32_t bucket_of(const struct at_gather_part *part, uint32_t node,
                          const struct at_kernel_items *items, uint32_t i) {
    const struct at_kernel_frame *frame = part->gather->frame;
    uint32_t group = at_plan_ledger_group(&part->gather->plan->nodes[node]);
    bool shared = group > 0;
    if (items->payee[i] >= 0 && shared && part->gather->plan->groups[group - 1].stays)
        return bucket_of_day(part, node, items, i);
    if (items->payee[i] >= 0 && shared && !frame->covered[items->payee[i]]) return AT_NOBODY;
    return at_kernel_ledger_bucket(frame, node, items->payee[i], (uint32_t)items->period[i]);
}

struct noting {
    const struct at_plan_node *node;
    const struct at_col *weight, *key, *mask, *day;
    const at_type *key_type;
};

static void note_item(struct at_gather_part *part, const struct noting *n, struct at_gather_ledger_log *log,
                      const struct at_kernel_items *items, uint32_t i, uint32_t bucket) {
    uint32_t state = n->mask ? at_col_state(n->mask, i) : AT_STATE_OK;
    if (n->mask && state == AT_STATE_OK && !n->mask->flag[n->mask->one ? 0 : i]) return;
    if (state == AT_STATE_OK && items->state) state = items->state[i];
    if (state == AT_STATE_OK) state = at_col_state(n->weight, i);
    if (state == AT_STATE_OK && n->day) state = at_col_state(n->day, i);
    if (state >= AT_STATE_EXCEPTION && !(n->node->b & AT_LEDGER_IGNORING)) {
        state = at_gather_part_keep(part, state, AT_STATE_OK, part->batch->lines[items->row[i]],
                                    (uint32_t)items->payee[i], (uint32_t)items->period[i]);
        AT_VEC_PUSH(&part->arena, &log->faults, (struct fault){bucket, state});
        return;
    }
    at_str key = at_gather_running_key(part, n->key, n->key_type, i);
    bool resident = part->gather->data->tables[part->work->scan->table].resident;
    if (!resident && n->key->form == AT_COL_TEXT) key = at_str_copy(&part->arena, key);
    struct note *note;
    AT_CHUNK_NEXT(&part->arena, &log->notes, &note);
    note->bucket = bucket;
    note->deal =
        (struct at_kernel_deal){.key = key.p,
                                .key_n = (uint32_t)key.n,
                                .row = (uint32_t)(part->batch->first + items->row[i]),
                                .day = n->day && state == AT_STATE_OK ? n->day->day[n->day->one ? 0 : i] : 0};
    set_weight(part, &note->deal, state == AT_STATE_OK ? at_kernel_num_at(n->weight, i) : at_num_int(0));
}

void at_gather_ledger_note(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items) {
    uint32_t id = part->work->scan->runnings.at[place];
    const struct at_plan_node *node = &part->gather->plan->nodes[id];
    unsigned mask = at_plan_ledger_input(node, AT_LEDGER_MASK),
             day = at_plan_ledger_input(node, AT_LEDGER_DATE);
    struct noting noting = {.node = node,
                            .weight = at_kernel_input(&part->items, id, 1),
                            .key = at_kernel_input(&part->items, id, 2),
                            .mask = mask ? at_kernel_input(&part->items, id, mask) : NULL,
                            .day = day ? at_kernel_input(&part->items, id, day) : NULL,
                            .key_type = &part->gather->plan->nodes[node->in[2]].type};
    if (!part->ledgers[place]) part->ledgers[place] = AT_NEW(&part->arena, struct at_gather_ledger_log);
    for (uint32_t i = 0; i < items->n; i++) {
        uint32_t bucket = bucket_of(part, id, items, i);
        if (bucket != AT_NOBODY) note_item(part, &noting, part->ledgers[place], items, i, bucket);
    }
}

/* ---- in order */

/* Calls for each note of all parts, in order of the file. */
#define EACH_NOTE(work, place, note)                                                                         \
    for (unsigned p_ = 0; p_ < (work)->n_parts; p_++)                                                        \
        for (const struct chunk *c_ =                                                                        \
                 (work)->parts[p_].ledgers[place] ? (work)->parts[p_].ledgers[place]->notes.first : NULL;    \
             c_; c_ = c_->next)                                                                              \
            for (const struct note *note = c_->at; note < c_->at + c_->n; note++)

struct order_of {
    const struct at_kernel_deal *deals;
    struct at_arena *scratch;
};

/* Rows of equal keys, such as parts of one row, are ordered by weight. The order of the file does not show.
 */
static bool deal_before(const void *context, uint32_t b, uint32_t a) {
    const struct order_of *o = context;
    const struct at_kernel_deal *x = &o->deals[b], *y = &o->deals[a];
    if (x->day != y->day) return x->day < y->day;
    int order = at_str_cmp(at_kernel_deal_key(x), at_kernel_deal_key(y));
    if (order != 0) return order < 0;
    return at_num_cmp(o->scratch, at_kernel_deal_weight(x), at_kernel_deal_weight(y)) < 0;
}

static void order_bucket(struct at_arena *scratch, struct at_kernel_deal *deals, uint32_t n) {
    struct order_of by = {deals, scratch};
    uint32_t i = 1;
    while (i < n && !deal_before(&by, i, i - 1))
        i++;
    if (i >= n) return;
    struct at_arena_mark mark = at_arena_mark(scratch);
    uint32_t *order = at_arena_get(scratch, n * sizeof *order);
    struct at_kernel_deal *copy = at_arena_get(scratch, n * sizeof *copy);
    for (i = 0; i < n; i++)
        order[i] = i;
    at_sort(scratch, order, n, deal_before, &by);
    memcpy(copy, deals, n * sizeof *copy);
    for (i = 0; i < n; i++)
        deals[i] = copy[order[i]];
    at_arena_reset(scratch, mark);
}

static void join_faults(struct at_gather *gather, const struct at_gather_work *work, uint32_t place,
                        struct at_kernel_ledger *ledger, uint32_t n) {
    for (unsigned p = 0; p < work->n_parts; p++) {
        const struct at_gather_ledger_log *log = work->parts[p].ledgers[place];
        for (size_t k = 0; log && k < log->faults.n; k++) {
            const struct fault *fault = &log->faults.at[k];
            if (fault->bucket >= n) continue;
            if (!ledger->state) ledger->state = AT_NEW_ARRAY(gather->arena, uint32_t, n);
            if (ledger->state[fault->bucket] == AT_STATE_OK)
                ledger->state[fault->bucket] =
                    at_gather_running_state(gather, work, &work->parts[p], fault->state);
        }
    }
}

/* Rows after the last period are not paid. */
void at_gather_ledger_settle(struct at_gather *gather, const struct at_gather_work *work, uint32_t place) {
    uint32_t id = work->scan->runnings.at[place];
    struct at_kernel_frame *frame = gather->frame;
    struct at_kernel_ledger *ledger = AT_NEW(gather->arena, struct at_kernel_ledger);
    ledger->arena = gather->arena;
    ledger->width = at_kernel_ledger_width(frame, id);
    uint32_t n = frame->n_periods * ledger->width;
    ledger->start = AT_NEW_ARRAY(gather->arena, uint64_t, (size_t)n + 2);
    EACH_NOTE(work, place, note) if (note->bucket < n) ledger->start[note->bucket + 2]++;
    for (uint32_t b = 0; b < n; b++)
        ledger->start[b + 2] += ledger->start[b + 1];
    ledger->deals = at_arena_get(gather->arena, (ledger->start[n + 1] + 1) * sizeof *ledger->deals);
    /* Each start is one place further on until all of its bucket are placed. */
    EACH_NOTE(work, place, note)
    if (note->bucket < n) ledger->deals[ledger->start[note->bucket + 1]++] = note->deal;
    for (uint32_t b = 0; b < n; b++) {
        if (b % 65536 == 0 && at_watch_cancelled(gather->data->watch)) at_arena_fail(gather->arena);
        order_bucket(gather->scratch, ledger->deals + ledger->start[b],
                     (uint32_t)(ledger->start[b + 1] - ledger->start[b]));
    }
    join_faults(gather, work, place, ledger, n);
    ledger->parts = AT_NEW_ARRAY(gather->arena, int64_t *, (size_t)frame->n_periods * frame->n_payees + 1);
    frame->ledgers[id] = ledger;
}
