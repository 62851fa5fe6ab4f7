/* kernel/divide.c: rounds the lines of one row and period together, so that they add up to the amount of the
 * row.
 *
 * Lines come in order of the keys of their payees. Units that are left over therefore do not depend on the
 * order of the payees' file.
 */
#include "base/divide.h"

#include "base/order.h"
#include "kernel/kernels.h"

/* One amount in units of the node's rounding. */
static at_num unit_of(struct at_arena *arena, const struct at_plan_node *node) {
    at_num multiple = at_num_int((node->b >> 2) + 1);
    if (node->a >= 0) return at_num_mul(arena, multiple, at_num_decimal(1, (unsigned)node->a));
    return at_num_mul(arena, multiple, at_num_int((int64_t)at_num_pow10[-node->a]));
}

void at_kernel_divide_amounts(struct at_arena *arena, const struct at_plan_node *node, at_num *amounts,
                              size_t n) {
    if (n == 1) {
        amounts[0] = at_plan_round_num(arena, node, amounts[0]);
        return;
    }
    at_num unit = unit_of(arena, node), *units = at_arena_get(arena, (n + 1) * sizeof *units);
    for (size_t i = 0; i < n; i++)
        units[i] = at_num_div(arena, amounts[i], unit);
    at_divide(arena, units, n, (enum at_num_rounding)(node->b & 3), amounts);
    for (size_t i = 0; i < n; i++)
        amounts[i] = at_num_mul(arena, amounts[i], unit);
}

struct line_order {
    const struct at_kernel_items *items;
    const uint32_t *rank; /* by payee: place of its key */
};

static bool line_before(const void *context, uint32_t b, uint32_t a) {
    const struct line_order *o = context;
    int32_t p = o->items->payee[b], q = o->items->payee[a];
    if (o->items->period[b] != o->items->period[a]) return o->items->period[b] < o->items->period[a];
    return p >= 0 && q >= 0 && o->rank[p] < o->rank[q];
}

/* The lines order[0] to order[n - 1], of one row and period. If one of them is unknown, all are. */
static void divide_lines(struct at_kernel_space *space, uint32_t id, const uint32_t *order, uint32_t n,
                         struct at_col *out, at_num *to) {
    const struct at_col *exact = at_kernel_input(space, id, 0);
    uint32_t state = AT_STATE_OK;
    at_num *amounts = at_arena_get(space->arena, (n + 1) * sizeof *amounts);
    for (uint32_t k = 0; k < n; k++) {
        uint32_t own = at_col_state(exact, order[k]);
        if (state < AT_STATE_EXCEPTION && own > state) state = own;
        amounts[k] = own == AT_STATE_OK ? at_kernel_num_at(exact, order[k]) : at_num_int(0);
    }
    if (state == AT_STATE_OK) at_kernel_divide_amounts(space->arena, &space->plan->nodes[id], amounts, n);
    for (uint32_t k = 0; k < n; k++) {
        to[order[k]] = state == AT_STATE_OK ? amounts[k] : at_num_int(0);
        if (state != AT_STATE_OK) at_kernel_states_of(space, out, space->n)[order[k]] = state;
    }
}

/* Items of a row follow one another, with all periods of the row for each recipient. */
void at_kernel_divide(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_kernel_items *items = space->items;
    struct line_order by = {items, space->frame->payee_rank};
    uint32_t n = space->n, *order = at_arena_get(space->arena, (n + 1) * sizeof *order);
    *out = (struct at_col){.n = n};
    at_num *to = at_kernel_nums_begin(space, out);
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && items->row[end] == items->row[first];)
            end++;
        if (end - first > 1) at_sort(space->arena, order + first, end - first, line_before, &by);
        for (uint32_t from = first, to_period; from < end; from = to_period) {
            for (to_period = from + 1;
                 to_period < end && items->period[order[to_period]] == items->period[order[from]];)
                to_period++;
            divide_lines(space, id, order + from, to_period - from, out, to);
        }
    }
    at_kernel_nums_end(space, id, out);
}
