/* gather/below.c: finds rows of `per` components whose amount is below zero, where slices pay nothing for it.
 *
 * The columns of a batch are looked at after they are calculated. A part keeps the first row of the file and
 * a count, and parts are joined, so the result does not depend on the threads.
 */
#include "base/money.h"
#include "base/numtext.h"
#include "gather/part.h"

/* A node in the columns of the batch, and where the value of an item is. */
struct reader {
    const struct at_col *col;
    const uint32_t *row; /* by item; NULL: items count */
};

static struct reader reader_of(const struct at_gather_part *part, uint32_t id,
                               const struct at_kernel_items *items) {
    bool of_row = part->gather->plan->nodes[id].grain == AT_G_ROW;
    return (struct reader){of_row ? &part->rows.cols[id] : &part->items.cols[id], of_row ? items->row : NULL};
}

static uint32_t index_of(const struct reader *r, uint32_t i) {
    return r->col->one ? 0 : r->row ? r->row[i] : i;
}

static bool is_ok(const struct reader *r, uint32_t i) {
    return r->col->data && at_col_state(r->col, index_of(r, i)) == AT_STATE_OK;
}

static bool applies(const struct at_gather_part *part, const struct at_plan_below *below,
                    const struct at_kernel_items *items, uint32_t i) {
    for (uint32_t k = 0; k < below->n_guards; k++) {
        struct reader cond = reader_of(part, below->guards[k].cond, items);
        if (!is_ok(&cond, i) || cond.col->flag[index_of(&cond, i)] != below->guards[k].yes) return false;
    }
    return true;
}

/* An amount below the first tier. The tiers may be multiples of a unit of the row. */
static bool is_below(const struct at_gather_part *part, const struct at_plan_below *below,
                     const struct reader *amount, const struct at_kernel_items *items, uint32_t i) {
    const struct at_plan_node *node = &part->gather->plan->nodes[below->node];
    at_num start, x = at_kernel_num_at(amount->col, index_of(amount, i));
    if (at_num_sign(x) >= 0 || !at_plan_below_start(part->gather->plan, below->node, &start)) return false;
    if (node->op == AT_P_THROUGH && node->n_in > 1 && at_num_sign(start) != 0) {
        struct reader unit = reader_of(part, node->in[1], items);
        if (!is_ok(&unit, i)) return false;
        start = at_num_mul(part->items.arena, start, at_kernel_num_at(unit.col, index_of(&unit, i)));
    }
    return start.form != AT_NUM_OVERFLOW && at_num_cmp(part->items.arena, x, start) < 0;
}

at_str at_gather_below_text(struct at_arena *arena, const at_type *type, at_num amount) {
    if (type->kind == AT_T_MONEY) return at_money_print(arena, amount, type->currency);
    return at_num_print_short(arena, amount, 6, true, NULL);
}

static void keep(struct at_gather_part *part, struct at_gather_below *found, uint32_t node,
                 const struct reader *amount, const struct at_kernel_items *items, uint32_t i) {
    uint64_t line = part->batch->lines[items->row[i]];
    if (found->n++ && line >= found->line) return;
    found->line = line;
    found->node = node;
    found->payee = (uint32_t)items->payee[i];
    found->period = (uint32_t)items->period[i];
    const at_type *type = &part->gather->plan->nodes[part->gather->plan->nodes[node].in[0]].type;
    found->amount =
        at_gather_below_text(&part->arena, type, at_kernel_num_at(amount->col, index_of(amount, i)));
}

static bool counts(const struct at_kernel_items *items, uint32_t i) {
    return items->payee[i] >= 0 && !(items->state && items->state[i] != AT_STATE_OK);
}

void at_gather_below_note(struct at_gather_part *part, uint32_t place, const struct at_kernel_items *items) {
    const struct at_plan_belows *belows = part->gather->belows;
    uint32_t component = part->work->scan->components.at[place];
    for (uint32_t k = belows->first[component]; k < belows->first[component + 1]; k++) {
        const struct at_plan_below *below = &belows->at[k];
        const struct at_plan_node *node = &part->gather->plan->nodes[below->node];
        if (node->grain != AT_G_ROW && node->grain != AT_G_CREDIT) continue;
        struct reader amount = reader_of(part, node->in[0], items);
        for (uint32_t i = 0; i < items->n; i++)
            if (counts(items, i) && is_ok(&amount, i) && is_below(part, below, &amount, items, i) &&
                applies(part, below, items, i))
                keep(part, &part->below[place], below->node, &amount, items, i);
    }
}

void at_gather_below_join(struct at_gather *gather, const struct at_gather_work *work, uint32_t place) {
    struct at_gather_below *all = &gather->below[work->scan->components.at[place]];
    for (unsigned p = 0; p < work->n_parts; p++) {
        const struct at_gather_below *more = &work->parts[p].below[place];
        if (more->n == 0) continue;
        uint64_t n = all->n + more->n;
        if (all->n == 0 || more->line < all->line) *all = *more;
        all->n = n;
    }
}
