/* plan/order.c: an order of the nodes in which inputs come first.
 *
 * Nodes are made in such an order, except that PAID gets its input last. Nodes keep their order where they
 * can: each comes as soon as its inputs are there, and those before it.
 */
#include "plan/graph.h"

enum { NEW, OPEN, DONE };

struct walk {
    const struct at_plan *plan;
    uint8_t *state;
    uint16_t *next; /* of an open node: the input to look at */
    uint32_t *stack, n, *order, n_ordered;
};

static void open_node(struct walk *w, uint32_t id) {
    w->state[id] = OPEN;
    w->next[id] = 0;
    w->stack[w->n++] = id;
}

/* False if an input is open: then the stack from that input on is a circle. */
static bool walk_from(struct walk *w, uint32_t root) {
    open_node(w, root);
    while (w->n > 0) {
        uint32_t id = w->stack[w->n - 1];
        const struct at_plan_node *node = &w->plan->nodes[id];
        if (w->next[id] < node->n_in) {
            uint32_t in = node->in[w->next[id]++];
            if (w->state[in] == OPEN) {
                w->order[w->n_ordered] = in; /* where the circle begins */
                return false;
            }
            if (w->state[in] == NEW) open_node(w, in);
            continue;
        }
        w->n--;
        w->state[id] = DONE;
        w->order[w->n_ordered++] = id;
    }
    return true;
}

uint32_t *at_plan_order(const struct at_plan *plan, struct at_arena *arena, uint32_t *order, uint32_t *n) {
    uint32_t room = plan->n_nodes + 1;
    struct walk w = {.plan = plan,
                     .state = AT_NEW_ARRAY(arena, uint8_t, room),
                     .next = AT_NEW_ARRAY(arena, uint16_t, room),
                     .stack = AT_NEW_ARRAY(arena, uint32_t, room),
                     .order = order};
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        if (w.state[id] != NEW || walk_from(&w, id)) continue;
        uint32_t first = 0, begin = order[w.n_ordered];
        while (w.stack[first] != begin)
            first++;
        *n = w.n - first;
        return w.stack + first;
    }
    return NULL;
}
