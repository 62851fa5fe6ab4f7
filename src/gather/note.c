/* gather/note.c: notes payout lines of `per` components, item by item, while a table is scanned.
 * settle/lines.c collects them. */
#include "gather/part.h"

#define KEY_PIECE ((size_t)1 << 16)

static const struct at_plan_component *component_of(const struct at_gather_part *part, uint32_t place) {
    return &part->gather->plan->components[part->work->scan->components.at[place]];
}

/* Keys are copied next to each other in large pieces, without a terminator. The batch that holds them is
 * forgotten. */
static const char *keep_key(struct at_gather_part *part, struct at_gather_line_log *log, at_str key) {
    if (key.n > (size_t)(log->keys_end - log->keys)) {
        size_t size = key.n > KEY_PIECE ? key.n : KEY_PIECE;
        log->keys = at_arena_get(&part->arena, size);
        log->keys_end = log->keys + size;
    }
    char *kept = log->keys;
    if (key.n) memcpy(kept, key.p, key.n);
    log->keys += key.n;
    return kept;
}

static unsigned digits_of(const struct at_plan *plan) {
    const struct at_currency_info *currency = at_currency_info(plan->checked->currency);
    return currency ? currency->digits : 2;
}

/* Minor units of all items; false where they are not plainly there. */
static bool minors_64(struct at_gather_part *part, const struct at_col *col, uint32_t n,
                      const int64_t **out) {
    int64_t bound;
    if (col->one) return false;
    return at_kernel_lane_at_scale(&part->items, col, n, digits_of(part->gather->plan), out, &bound);
}

/* A line without an amount withholds its cell, so only its state is kept, by cell. */
static void fault_line(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items,
                       uint32_t i, uint32_t state) {
    struct at_gather_acc *acc = &part->line_states[place];
    at_gather_acc_room(acc, (uint32_t)(part->room_period + 1) * part->gather->frame->n_payees);
    if (!acc->state) acc->state = AT_NEW_ARRAY(acc->arena, uint32_t, acc->n);
    uint32_t *held = &acc->state[items->cell[i]];
    *held = at_gather_part_keep(part, state, *held, part->batch->lines[items->row[i]],
                                (uint32_t)items->payee[i], (uint32_t)items->period[i]);
}

static at_str key_of(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t i) {
    if (work->feed->key == AT_NO_NODE) return (at_str){0};
    const struct at_col *col = &part->items.cols[work->feed->key];
    if (col->form == AT_COL_TEXT) return col->text[col->one ? 0 : i];
    return at_col_print(part->items.arena, &part->gather->plan->nodes[work->feed->key].type, col, i);
}

/* Item i, whatever its value and its key are. */
static void note_slowly(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t place,
                        const struct at_kernel_items *items, uint32_t i) {
    const struct at_plan_component *c = component_of(part, place);
    const struct at_col *value = &part->items.cols[c->lines];
    uint32_t state = at_col_state(value, i);
    if (items->state && items->state[i] != AT_STATE_OK) state = items->state[i];
    int64_t minor = 0;
    /* An amount that is not a whole number of minor units, or too large, cannot be a line. */
    if (state == AT_STATE_OK &&
        !at_num_to_i64(part->items.arena, at_kernel_num_at(value, i), digits_of(part->gather->plan), &minor))
        state = at_kernel_space_fault(&part->items, c->lines, i, AT_A0804, (at_str){0});
    if (state != AT_STATE_OK) {
        fault_line(part, place, items, i, state);
        return;
    }
    at_str key = key_of(part, work, i);
    struct at_gather_line_note *note;
    AT_CHUNK_NEXT(&part->arena, &part->lines[place].notes, &note);
    part->lines[place].n++;
    *note = (struct at_gather_line_note){.key = keep_key(part, &part->lines[place], key),
                                         .minor = minor,
                                         .cell = items->cell[i],
                                         .key_n = key.n};
}

/* Whether items are to be noted, by the component's condition at CREDIT grain; NULL: all. */
static const struct at_col *condition_of(const struct at_gather_part *part,
                                         const struct at_plan_component *c) {
    if (c->lines_when == AT_NO_NODE || part->gather->plan->nodes[c->lines_when].grain != AT_G_CREDIT)
        return NULL;
    return &part->items.cols[c->lines_when];
}

/* The loop for text keys, where all values fit 64 bits and nothing is missing or in exception. */
static void note_plain(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t place,
                       const struct at_kernel_items *items, const struct at_col *when,
                       const int64_t *minors) {
    struct at_gather_line_log *log = &part->lines[place];
    const at_str *keys = part->items.cols[work->feed->key].text;
    bool resident =
        part->gather->data->tables[part->work->scan->table].resident; /* keys stay where they are */
    for (uint32_t i = 0; i < items->n; i++) {
        if (when && !when->flag[when->one ? 0 : i]) continue;
        struct at_gather_line_note *note;
        AT_CHUNK_NEXT(&part->arena, &log->notes, &note);
        log->n++;
        note->key = resident ? keys[i].p : keep_key(part, log, keys[i]);
        note->key_n = keys[i].n;
        note->minor = minors[i];
        note->cell = items->cell[i];
    }
}

/* A condition at CELL grain is not known during the scan. settle/lines.c looks at it when lines are
 * collected. */
void at_gather_lines_note(struct at_gather_part *part, const struct at_plan_feed_work *work, uint32_t place,
                          const struct at_kernel_items *items) {
    const struct at_plan_component *c = component_of(part, place);
    const struct at_col *when = condition_of(part, c), *value = &part->items.cols[c->lines];
    const struct at_col *key = work->feed->key == AT_NO_NODE ? NULL : &part->items.cols[work->feed->key];
    const int64_t *minors;
    bool plain = !items->state && !value->state && !(when && when->state) && key &&
                 key->form == AT_COL_TEXT && !key->one && !key->state;
    if (plain && minors_64(part, value, items->n, &minors)) {
        note_plain(part, work, place, items, when, minors);
        return;
    }
    for (uint32_t i = 0; i < items->n; i++) {
        uint32_t state = when ? at_col_state(when, i) : AT_STATE_OK;
        if (state != AT_STATE_OK)
            fault_line(part, place, items, i, state);
        else if (!when || when->flag[when->one ? 0 : i])
            note_slowly(part, work, place, items, i);
    }
}
