/* gather/level.c: the items of a feed whose rows read the level of the recipient's manager.
 *
 * Rows are calculated once for each level, because a share or a condition may differ. Then the items of all
 * levels are brought into the order of rows. What reads items can therefore rely on it that those of a row
 * follow one another, as with any other feed: lines of a row are rounded together, and totals run by row.
 */
#include <string.h>

#include "gather/part.h"

struct level {
    struct at_kernel_items items;
    struct at_col *cols; /* parallel to the feed's items: those of the rows, by item */
};

/* Faults from `first` on name values of this level, and the next one has other columns in the same place. */
static void keep_columns(struct at_gather_part *part, size_t first) {
    struct at_arena *arena = part->items.arena;
    struct at_kernel_space *own = NULL;
    for (size_t i = first; i < part->faults.of.n; i++) {
        struct at_kernel_fault *fault = &part->faults.of.at[i];
        if (fault->space != &part->rows) continue;
        if (!own) {
            size_t n = part->gather->plan->n_nodes + 1;
            own = at_arena_get(arena, sizeof *own);
            *own = part->rows;
            own->cols = at_arena_get(arena, n * sizeof *own->cols);
            memcpy(own->cols, part->rows.cols, n * sizeof *own->cols);
        }
        fault->space = own;
    }
}

static void calculate(struct at_gather_part *part, const struct at_plan_feed_work *work, int32_t now,
                      struct level *out) {
    struct at_arena *arena = part->items.arena;
    size_t faults = part->faults.of.n;
    part->level = part->rows.level = now;
    at_gather_feed_rows(part, work);
    keep_columns(part, faults);
    at_gather_feed_expand(part, work, &out->items);
    out->cols = AT_NEW_ARRAY(arena, struct at_col, work->items.n + 1);
    for (uint32_t k = 0; k < work->items.n; k++) {
        if (!work->from_row[k]) continue;
        at_kernel_col_gather_u32(arena, &part->rows.cols[work->items.at[k]], out->items.row, out->items.n,
                                 &out->cols[k]);
        out->cols[k].n = out->items.n; /* also of one value for all */
    }
    out->items.share.n = out->items.n;
}

/* order[i]: the place of item i among the items of all levels, one level after another. Each level has its
 * items in the order of rows. */
static uint32_t *order_of_rows(struct at_gather_part *part, const struct level *levels, uint32_t n_levels,
                               uint32_t n) {
    struct at_arena *arena = part->items.arena;
    uint32_t *order = at_arena_get(arena, (n + 1) * sizeof *order);
    uint32_t *next = AT_NEW_ARRAY(arena, uint32_t, n_levels + 1), done = 0;
    for (uint32_t row = 0; row < part->rows.n && done < n; row++) {
        uint32_t base = 0;
        for (uint32_t l = 0; l < n_levels; base += levels[l++].items.n)
            while (next[l] < levels[l].items.n && levels[l].items.row[next[l]] == row)
                order[done++] = base + next[l]++;
    }
    return order;
}

/* Texts stay where they are: keys of lines are views of a resident table. */
static void append_texts(struct at_arena *arena, struct at_col *col, uint32_t *room, struct at_col *more) {
    uint32_t n = more->n, from = col->n;
    const at_str *texts = more->text;
    at_str *empty = AT_NEW_ARRAY(arena, at_str, n);
    more->text = empty;
    at_col_append(arena, col, room, more);
    more->text = (at_str *)(uintptr_t)texts;
    for (uint32_t i = 0; i < n; i++)
        col->text[from + i] = texts[more->one ? 0 : i];
}

/* The values of all levels, in order. */
static struct at_col join_cols(struct at_arena *arena, struct at_col *const *of, uint32_t n_levels,
                               const uint32_t *order, uint32_t n) {
    struct at_col all = {0}, out;
    uint32_t room = 0;
    for (uint32_t l = 0; l < n_levels; l++)
        if (of[l]->n > 0 && of[l]->form == AT_COL_TEXT)
            append_texts(arena, &all, &room, of[l]);
        else if (of[l]->n > 0)
            at_col_append(arena, &all, &room, of[l]);
    at_kernel_col_gather_u32(arena, &all, order, n, &out);
    return out;
}

static void join_items(struct at_gather_part *part, const struct level *levels, uint32_t n_levels,
                       const uint32_t *order, struct at_kernel_items *out) {
    struct at_arena *arena = part->items.arena;
    uint32_t n = out->n, base = 0, *at = at_arena_get(arena, (n + 1) * sizeof *at);
    bool states = false;
    for (uint32_t i = 0; i < n; i++)
        at[order[i]] = i;
    out->row = at_arena_get(arena, (n + 1) * sizeof *out->row);
    out->payee = at_arena_get(arena, (n + 1) * sizeof *out->payee);
    out->period = at_arena_get(arena, (n + 1) * sizeof *out->period);
    out->cell = at_arena_get(arena, (n + 1) * sizeof *out->cell);
    out->state = AT_NEW_ARRAY(arena, uint32_t, n + 1);
    for (uint32_t l = 0; l < n_levels; base += levels[l++].items.n) {
        const struct at_kernel_items *from = &levels[l].items;
        for (uint32_t i = 0; i < from->n; i++) {
            uint32_t to = at[base + i];
            out->row[to] = from->row[i];
            out->payee[to] = from->payee[i];
            out->period[to] = from->period[i];
            out->cell[to] = from->cell[i];
            out->state[to] = from->state ? from->state[i] : AT_STATE_OK;
        }
        states |= from->state != NULL;
    }
    if (!states) out->state = NULL;
}

/* Returns the columns that the feed takes from its rows, by item, parallel to work->items. */
struct at_col *at_gather_level_items(struct at_gather_part *part, const struct at_plan_feed_work *work,
                                     struct at_kernel_items *items) {
    struct at_arena *arena = part->items.arena;
    uint32_t n_levels = (uint32_t)part->gather->levels + 1;
    struct level *levels = AT_NEW_ARRAY(arena, struct level, n_levels);
    struct at_col **of = AT_NEW_ARRAY(arena, struct at_col *, n_levels);
    *items = (struct at_kernel_items){0};
    part->seen = AT_NEW_ARRAY(arena, uint8_t, part->rows.n + 1);
    for (uint32_t l = 0; l < n_levels; l++) {
        calculate(part, work, (int32_t)l, &levels[l]);
        items->n += levels[l].items.n;
    }
    part->seen = NULL;
    part->level = -1;
    uint32_t *order = order_of_rows(part, levels, n_levels, items->n);
    join_items(part, levels, n_levels, order, items);
    for (uint32_t l = 0; l < n_levels; l++)
        of[l] = &levels[l].items.share;
    if (items->n > 0) items->share = join_cols(arena, of, n_levels, order, items->n);
    struct at_col *cols = AT_NEW_ARRAY(arena, struct at_col, work->items.n + 1);
    for (uint32_t k = 0; k < work->items.n && items->n > 0; k++) {
        if (!work->from_row[k]) continue;
        for (uint32_t l = 0; l < n_levels; l++)
            of[l] = &levels[l].cols[k];
        cols[k] = join_cols(arena, of, n_levels, order, items->n);
    }
    at_gather_feed_twice(part, work, items);
    return cols;
}
