/* plan/carry.c: values of a period that a later period reads, and values of rows that later rows read: the
 * edges of the graph that lead back.
 *
 * A CARRY or RUNCARRY is made while the definition that it reads is still being lowered. Its source follows
 * when that definition has a node. What depends on the node takes its pass from the source, so passes are
 * counted again once all sources are known.
 */
#include "base/sort.h"
#include "plan/graph.h"

static bool leads_back(const struct at_plan_node *node) {
    return node->op == AT_P_CARRY || node->op == AT_P_RUNCARRY;
}

/* ---------------------------------------------------------------- making */

uint32_t at_plan_graph_new_carry(struct at_plan_graph *graph, uint32_t back, uint8_t rhythm, uint32_t loop) {
    struct at_plan *plan = graph->plan;
    if (plan->n_carries == graph->carry_room) {
        uint32_t room = graph->carry_room ? graph->carry_room * 2 : 8;
        plan->carries = at_arena_grow(graph->arena, plan->carries, plan->n_carries * sizeof *plan->carries,
                                      room * sizeof *plan->carries);
        graph->carry_room = room;
    }
    /* The source is unknown until at_plan_graph_carry_from. at_plan_verify rejects a plan in
     * which one is still missing. */
    plan->carries[plan->n_carries] = (struct at_plan_carry){AT_NO_NODE, back, rhythm, loop};
    return plan->n_carries++;
}

uint32_t at_plan_graph_carry(struct at_plan_graph *graph, enum at_check_grain grain, uint16_t place,
                             at_type type, uint32_t back, uint8_t rhythm) {
    /* The first periods of a run have no period that far back, and their value is missing. */
    type.optional = true;
    struct at_plan_node wanted = {.op = AT_P_CARRY,
                                  .grain = grain,
                                  .place = place,
                                  .a = (int32_t)at_plan_graph_new_carry(graph, back, rhythm, 0),
                                  .type = type};
    return at_plan_graph_add(graph, &wanted);
}

uint32_t at_plan_graph_loop(struct at_plan_graph *graph, uint16_t feed) {
    struct at_plan *plan = graph->plan;
    if (plan->n_loops == graph->loop_room) {
        uint32_t room = graph->loop_room ? graph->loop_room * 2 : 8;
        plan->loops = at_arena_grow(graph->arena, plan->loops, plan->n_loops * sizeof *plan->loops,
                                    room * sizeof *plan->loops);
        graph->loop_room = room;
    }
    plan->loops[plan->n_loops] = (struct at_plan_loop){.feed = feed};
    return plan->n_loops++;
}

uint32_t at_plan_graph_runcarry(struct at_plan_graph *graph, uint32_t loop, at_type type, int32_t span,
                                uint32_t date, uint32_t key) {
    /* The order of the rows: by date, then by key, as RUNNING has it. */
    uint32_t in[2] = {date, key};
    struct at_plan_node wanted = {.op = AT_P_RUNCARRY,
                                  .grain = AT_G_CREDIT,
                                  .place = graph->plan->loops[loop].feed,
                                  .n_in = 2,
                                  .in = in,
                                  .a = (int32_t)at_plan_graph_new_carry(graph, 0, 0, loop),
                                  .b = span,
                                  .type = type};
    return at_plan_graph_add(graph, &wanted);
}

void at_plan_graph_carry_from(struct at_plan_graph *graph, uint32_t carry, uint32_t source) {
    graph->plan->carries[graph->plan->nodes[carry].a].source = source;
}

/* ---------------------------------------------------------------- passes */

/* A CARRY is known with its source. A RUNCARRY is known a pass after what its loop takes in, which is added
 * by at_plan_pass. Before sources are known, both are of pass 0. */
uint8_t at_plan_carry_pass(const struct at_plan *plan, const struct at_plan_node *node) {
    const struct at_plan_carry *carry = &plan->carries[node->a];
    uint8_t pass = 0;
    if (node->op == AT_P_CARRY) return carry->source < plan->n_nodes ? plan->nodes[carry->source].pass : 0;
    const struct at_plan_loop *loop = &plan->loops[carry->loop];
    for (uint32_t i = 0; i < loop->n_inputs; i++)
        if (plan->nodes[loop->inputs[i]].pass > pass) pass = plan->nodes[loop->inputs[i]].pass;
    return pass;
}

/* Ends: a pass only grows, and at_plan_pass never gives more than AT_MAX_PASSES. */
void at_plan_carry_passes(struct at_plan *plan, uint16_t payee_table) {
    for (bool again = plan->n_carries > 0; again;) {
        again = false;
        for (uint32_t id = 0; id < plan->n_nodes; id++) {
            struct at_plan_node *node = &plan->nodes[id];
            uint8_t pass = at_plan_pass(plan, node, payee_table);
            if (pass <= node->pass) continue;
            node->pass = pass;
            again = true;
        }
    }
}

/* ---------------------------------------------------------------- what is needed, and new numbers */

/* Each node is followed once. */
void at_plan_carry_marks(const struct at_plan *plan, struct at_arena *arena, bool *marks) {
    uint32_t *stack = AT_NEW_ARRAY(arena, uint32_t, plan->n_nodes + 1), n = 0;
    for (uint32_t id = 0; plan->n_carries > 0 && id < plan->n_nodes; id++)
        if (marks[id] && leads_back(&plan->nodes[id])) stack[n++] = id;
    while (n > 0) {
        const struct at_plan_node *node = &plan->nodes[stack[--n]];
        uint32_t source = leads_back(node) ? plan->carries[node->a].source : AT_NO_NODE;
        /* One step more than there are inputs: the last is the source of a node that leads back. */
        for (uint16_t i = 0; i <= node->n_in; i++) {
            uint32_t in = i < node->n_in ? node->in[i] : source;
            if (in == AT_NO_NODE || marks[in]) continue;
            marks[in] = true;
            stack[n++] = in;
        }
    }
}

void at_plan_carry_renumber(struct at_plan *plan, struct at_arena *arena, const uint32_t *number) {
    struct at_plan_carry *kept = AT_NEW_ARRAY(arena, struct at_plan_carry, plan->n_carries + 1);
    uint32_t n = 0;
    for (uint32_t id = 0; plan->n_carries > 0 && id < plan->n_nodes; id++) {
        struct at_plan_node *node = &plan->nodes[id];
        /* Dropped nodes leave gaps, so the carries of kept nodes move together and get new
         * indexes. */
        if (!leads_back(node)) continue;
        kept[n] = plan->carries[node->a];
        if (kept[n].source != AT_NO_NODE) kept[n].source = number[kept[n].source];
        node->a = (int32_t)n++;
    }
    plan->carries = kept;
    plan->n_carries = n;
}

/* ---------------------------------------------------------------- loops over rows */

/* State of a node in a walk. BODY + 1, in list_loop only, marks a node outside that the body or
 * the loop reads. */
enum { NEW, OUTSIDE, BODY };

struct walk {
    const struct at_plan *plan;
    const struct at_plan_loop *loop;
    uint8_t *state;            /* by node; of the nodes in `met` */
    uint32_t *met, n_met;      /* to forget them */
    uint32_t *stack, *next, n; /* the way from a source, with the input to look at next */
};

static bool runs_in(const struct walk *w, const struct at_plan_node *node) {
    return node->op == AT_P_RUNCARRY && &w->plan->loops[w->plan->carries[node->a].loop] == w->loop;
}

/* Only nodes of the credit can depend on the rows before, so the walk ends at every other node. */
static void meet(struct walk *w, uint32_t id) {
    const struct at_plan_node *node = &w->plan->nodes[id];
    if (w->state[id] != NEW) return;
    w->met[w->n_met++] = id;
    /* A RUNCARRY of another loop is a value from outside, which that loop has calculated already. */
    w->state[id] = runs_in(w, node) ? BODY : OUTSIDE;
    if (node->grain != AT_G_CREDIT || node->op == AT_P_RUNCARRY || node->op == AT_P_RUNNING ||
        node->op == AT_P_DIVIDEOF || node->op == AT_P_LINEOF)
        return;
    w->stack[w->n] = id;
    w->next[w->n++] = 0;
}

/* A node is of the body if one of its inputs is. Inputs are met before it is decided. */
static void walk_from(struct walk *w, uint32_t source) {
    meet(w, source);
    while (w->n > 0) {
        uint32_t id = w->stack[w->n - 1];
        const struct at_plan_node *node = &w->plan->nodes[id];
        if (w->next[w->n - 1] < node->n_in) {
            meet(w, node->in[w->next[w->n - 1]++]);
            continue;
        }
        w->n--;
        for (uint16_t i = 0; i < node->n_in; i++)
            if (w->state[node->in[i]] == BODY) w->state[id] = BODY;
    }
}

static int by_id(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Inputs: the order of the rows, the sources that do not depend on the loop, and what the body reads. */
static void list_loop(struct walk *w, struct at_plan_loop *loop, struct at_arena *arena) {
    const struct at_plan *plan = w->plan;
    /* The run calculates the body in this order for each row, so inputs must come first. */
    at_sort_items(arena, w->met, w->n_met, sizeof *w->met, by_id);
    loop->body = AT_NEW_ARRAY(arena, uint32_t, w->n_met + 1);
    loop->inputs = AT_NEW_ARRAY(arena, uint32_t, w->n_met + 1);
    loop->n_body = loop->n_inputs = 0;
    for (uint32_t i = 0; i < w->n_met; i++) {
        const struct at_plan_node *node = &plan->nodes[w->met[i]];
        if (w->state[w->met[i]] == BODY && !runs_in(w, node)) loop->body[loop->n_body++] = w->met[i];
    }
    for (uint32_t i = 0; i < loop->n_body; i++)
        for (uint16_t k = 0; k < plan->nodes[loop->body[i]].n_in; k++)
            if (w->state[plan->nodes[loop->body[i]].in[k]] == OUTSIDE)
                w->state[plan->nodes[loop->body[i]].in[k]] = BODY + 1;
    for (uint32_t i = 0; i < loop->n_runs; i++) {
        const struct at_plan_node *run = &plan->nodes[loop->runs[i]];
        uint32_t source = plan->carries[run->a].source;
        if (w->state[source] == OUTSIDE) w->state[source] = BODY + 1;
    }
    for (uint32_t i = 0; i < w->n_met; i++)
        if (w->state[w->met[i]] == BODY + 1) loop->inputs[loop->n_inputs++] = w->met[i];
}

void at_plan_carry_loops(struct at_plan *plan, struct at_arena *arena) {
    if (plan->n_loops == 0) return;
    uint32_t room = plan->n_nodes + 1;
    struct walk w = {.plan = plan,
                     .state = AT_NEW_ARRAY(arena, uint8_t, room),
                     .met = AT_NEW_ARRAY(arena, uint32_t, room),
                     .stack = AT_NEW_ARRAY(arena, uint32_t, room),
                     .next = AT_NEW_ARRAY(arena, uint32_t, room)};
    for (uint32_t i = 0; i < plan->n_loops; i++)
        plan->loops[i].n_runs = 0;
    for (uint32_t id = 0; id < plan->n_nodes; id++)
        if (plan->nodes[id].op == AT_P_RUNCARRY) plan->loops[plan->carries[plan->nodes[id].a].loop].n_runs++;
    for (uint32_t i = 0; i < plan->n_loops; i++) {
        plan->loops[i].runs = AT_NEW_ARRAY(arena, uint32_t, plan->loops[i].n_runs + 1);
        plan->loops[i].n_runs = 0;
    }
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        if (plan->nodes[id].op != AT_P_RUNCARRY) continue;
        struct at_plan_loop *loop = &plan->loops[plan->carries[plan->nodes[id].a].loop];
        loop->runs[loop->n_runs++] = id;
    }
    for (uint32_t i = 0; i < plan->n_loops; i++) {
        w.loop = &plan->loops[i];
        for (uint32_t k = 0; k < plan->loops[i].n_runs; k++)
            walk_from(&w, plan->carries[plan->nodes[plan->loops[i].runs[k]].a].source);
        list_loop(&w, &plan->loops[i], arena);
        /* Resets only what this loop met, so many loops cost the sum of their sizes. */
        for (uint32_t k = 0; k < w.n_met; k++)
            w.state[w.met[k]] = NEW;
        w.n_met = 0;
    }
}
