/* plan/lower_total.c: `total` so far, while adjustments are lowered.
 *
 * The total is the sum of the components' lines so far, and of the differences that adjustments of `total`
 * made. Both are trees of sums whose shape depends only on the places of the values:
 *
 *     values    a   b   c   d   e        the first five: ((a + b) + (c + d)) + e
 *     sums      a + b   c + d            when c changes, c + d and one more sum change
 *               (a+b) + (c+d)
 *
 * So each adjustment adds few nodes, however many components and adjustments there are, and where two
 * versions of a policy differ in one of many components, most of their sums are equal nodes.
 */
#include "base/sort.h"
#include "plan/lower_int.h"

static const struct at_plan_ctx cell = {.grain = AT_G_CELL};

/* ---- trees of sums. A tree has its root at 1, and the sums of node k are 2k and 2k + 1. */

/* The width is a power of two, so the tree needs no pointers. Leaves that are never set are never
 * read. */
static void begin(struct at_plan_lowering *L, struct at_plan_sum_tree *tree, uint32_t most) {
    *tree = (struct at_plan_sum_tree){.width = 1};
    while (tree->width < most)
        tree->width *= 2;
    tree->sums = at_arena_get(L->arena, 2 * (size_t)tree->width * sizeof *tree->sums);
    for (uint32_t k = 0; k < 2 * tree->width; k++)
        tree->sums[k] = AT_NO_NODE;
}

static void set(struct at_plan_sum_tree *tree, uint32_t place, uint32_t value) {
    uint32_t k = tree->width + place;
    tree->sums[k] = value;
    /* Every sum above the leaf is stale. It is made again only if something asks for it. */
    while (k /= 2)
        tree->sums[k] = AT_NO_NODE;
}

/* The sum of the first `n` of the `width` values under node k; n is not 0. */
static uint32_t sum(struct at_plan_lowering *L, struct at_plan_sum_tree *tree, uint32_t k, uint32_t width,
                    uint32_t n) {
    if (n == width && tree->sums[k] != AT_NO_NODE) return tree->sums[k];
    uint32_t half = width / 2;
    uint32_t value = sum(L, tree, 2 * k, half, n < half ? n : half);
    if (n > half)
        value = at_plan_make2(L, &cell, AT_P_ADD, at_plan_policy_money(L), value,
                              sum(L, tree, 2 * k + 1, half, n - half));
    /* Sums of a part are not kept: the next question may ask for another part. */
    if (n == width) tree->sums[k] = value;
    return value;
}

/* ---- components in the order of the policy */

struct placed {
    uint32_t place, component;
};

static int by_place(const void *left, const void *right) {
    const struct placed *a = left, *b = right;
    if (a->place != b->place) return a->place < b->place ? -1 : 1;
    return (a->component > b->component) - (a->component < b->component);
}

void at_plan_total_begin(struct at_plan_lowering *L) {
    const struct at_check_policy *checked = L->checked;
    struct at_plan_total *total = &L->total;
    uint32_t n = checked->n_components;
    struct placed *placed = AT_NEW_ARRAY(L->arena, struct placed, n + 1);
    total->places = AT_NEW_ARRAY(L->arena, uint32_t, n + 1);
    total->rank = AT_NEW_ARRAY(L->arena, uint32_t, n + 1);
    total->reach = AT_NEW_ARRAY(L->arena, uint32_t, n + 1);
    begin(L, &total->components, n);
    begin(L, &total->beside, checked->n_adjustments);
    for (uint32_t i = 0; i < n; i++)
        placed[i] = (struct placed){L->place_of[checked->components[i].symbol->node->id], i};
    at_sort_items(L->arena, placed, n, sizeof *placed, by_place);
    for (uint32_t r = 0; r < n; r++) {
        uint32_t i = placed[r].component;
        total->places[r] = placed[r].place;
        total->rank[i] = r;
        /* Declarations are in the order of files, and places begin with used files. So the first
         * r places need not be the first r indexes. */
        total->reach[r + 1] = i + 1 > total->reach[r] ? i + 1 : total->reach[r];
        at_plan_total_set(L, i, L->pays[i].earned);
    }
}

uint32_t at_plan_paid_line(struct at_plan_lowering *L, uint32_t component, uint32_t line) {
    struct at_check_delay delay = L->checked->components[component].delay;
    if (delay.unit == AT_DELAY_NONE) return line;
    return at_plan_graph_scan(&L->graph, AT_P_MOVED, at_plan_force(L, &cell, line), delay.n, delay.unit);
}

/* The total counts lines in the period in which they are paid. */
void at_plan_total_set(struct at_plan_lowering *L, uint32_t component, uint32_t line) {
    L->line[component] = line;
    set(&L->total.components, L->total.rank[component], at_plan_paid_line(L, component, line));
}

void at_plan_total_add(struct at_plan_lowering *L, uint32_t difference) {
    set(&L->total.beside, L->total.n_beside++, difference);
}

/* How many components come at or before a place. */
static uint32_t count_to(const struct at_plan_lowering *L, uint32_t place) {
    uint32_t low = 0, high = L->checked->n_components;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (L->total.places[middle] <= place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t at_plan_total_components(const struct at_plan_lowering *L, uint32_t place) {
    return L->total.reach[count_to(L, place)];
}

uint32_t at_plan_total_so_far(struct at_plan_lowering *L) {
    struct at_plan_total *total = &L->total;
    uint32_t n = count_to(L, L->total_limit), value;
    if (n > 0) {
        value = sum(L, &total->components, 1, total->components.width, n);
    } else {
        struct at_plan_value zero = at_plan_value_of_num(at_plan_policy_money(L), at_num_int(0));
        value = at_plan_graph_spread(&L->graph, at_plan_graph_const(&L->graph, zero), AT_G_CELL, 0);
    }
    if (total->n_beside == 0) return value;
    return at_plan_make2(L, &cell, AT_P_ADD, at_plan_policy_money(L), value,
                         sum(L, &total->beside, 1, total->beside.width, total->n_beside));
}
