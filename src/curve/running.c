/* curve/running.c: sums over the items of a cell that come before one: `running`, also of what these items
 * themselves give. They are calculated in the order of days, keys, and rows, as far as they are asked for.
 */
#include "base/sort.h"
#include "curve/curve_int.h"

typedef struct at_curve_value value;

struct at_curve_running {
    uint32_t *order, *rank; /* items.order of each cell by day and key; by item: place in it */
    bool *sorted;           /* by the first place of a cell */
    uint32_t piece;         /* of the values */
    value *of;              /* by place */
    uint32_t *known;        /* by the first place of a cell: how many of its values are */
};

struct key {
    struct at_curve_eval *e;
    value day, key;
    uint32_t item;
};

static int compare_values(struct at_curve_eval *e, const value *a, const value *b) {
    if (a->kind != AT_CURVE_OTHER || b->kind != AT_CURVE_OTHER) return 0;
    return at_plan_value_cmp(e->run->calendar, e->arena, &a->value, &b->value);
}

static int compare(const void *left, const void *right) {
    const struct key *a = left, *b = right;
    int order = compare_values(a->e, &a->day, &b->day);
    if (order == 0) order = compare_values(a->e, &a->key, &b->key);
    return order ? order : (a->item > b->item) - (a->item < b->item); /* in the order of the file */
}

/* Days and keys are inputs 1 and 2 of a RUNNING, and 0 and 1 of a RUNCARRY. */
static void sort_cell(struct at_curve_eval *e, uint32_t node, struct at_curve_running *r, uint32_t first,
                      uint32_t n) {
    uint16_t day = e->plan->nodes[node].op == AT_P_RUNNING;
    struct key *keys = AT_NEW_ARRAY(e->arena, struct key, n + 1);
    r->sorted[first] = true;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t item = e->items.order[first + i];
        const struct at_curve_item *of = &e->items.of.at[item];
        const struct at_curve_place at = {of->payee, of->period, of};
        keys[i] = (struct key){e, at_curve_in(e, node, day, &at), at_curve_in(e, node, day + 1, &at), item};
    }
    at_sort_items(e->arena, keys, n, sizeof *keys, compare);
    for (uint32_t i = 0; i < n; i++) {
        r->order[first + i] = keys[i].item;
        r->rank[keys[i].item] = first + i;
    }
}

static struct at_curve_running *running_of(struct at_curve_eval *e, uint32_t node) {
    size_t n = e->items.of.n + 1;
    if (!e->running) e->running = AT_NEW_ARRAY(e->kept, struct at_curve_running *, e->plan->n_nodes + 1);
    struct at_curve_running *r = e->running[node];
    if (!r) {
        r = e->running[node] = AT_NEW(e->kept, struct at_curve_running);
        r->order = AT_NEW_ARRAY(e->kept, uint32_t, n);
        r->rank = AT_NEW_ARRAY(e->kept, uint32_t, n);
        r->sorted = AT_NEW_ARRAY(e->kept, bool, n);
    }
    if (r->piece != e->piece) {
        r->piece = e->piece;
        r->of = AT_NEW_ARRAY(e->arena, value, n);
        r->known = AT_NEW_ARRAY(e->arena, uint32_t, n);
    }
    return r;
}

/* What is added up, which may read the sum of the items before it. */
static uint32_t source_of(const struct at_curve_eval *e, uint32_t node) {
    const struct at_plan_node *p = &e->plan->nodes[node];
    return p->op == AT_P_RUNNING ? p->in[0] : e->plan->carries[p->a].source;
}

value at_curve_running(struct at_curve_eval *e, uint32_t node, const struct at_curve_place *at) {
    const uint32_t *start, *end;
    uint32_t source = source_of(e, node);
    at_curve_items_of(e, e->plan->nodes[node].place, at->item->payee, at->item->period, &start, &end);
    if (start == end) return at_curve_unknown(node); /* of a period that is not calculated */
    struct at_curve_running *r = running_of(e, node);
    uint32_t first = (uint32_t)(start - e->items.order), n = (uint32_t)(end - start);
    if (!r->sorted[first]) sort_cell(e, node, r, first, n);
    uint32_t wanted = r->rank[at->item - e->items.of.at];
    if (r->known[first] == 0) r->of[first] = at_curve_of_num(e, at_num_int(0));
    if (r->known[first] == 0) r->known[first] = 1;
    while (first + r->known[first] <= wanted) { /* the source is asked for what is known of it so far */
        uint32_t last = first + r->known[first] - 1;
        const struct at_curve_item *item = &e->items.of.at[r->order[last]];
        value more = at_curve_node(e, source, &(struct at_curve_place){item->payee, item->period, item});
        r->of[last + 1] = at_curve_add(e, &r->of[last], &more);
        r->known[first] = last + 2 - first;
    }
    return r->of[wanted];
}
