/* explain/past_begin.c: the period in which a value that is calculated from its own past begins.
 *
 * An explanation lists the nearest periods and the one in which the value begins. The way back is walked once
 * for each payee: what is found for a period holds for all later ones.
 */
#include "explain/explain_int.h"

/* A value of a node, `back` periods before the one that reads it. */
struct past_use {
    uint32_t node, back;
};

struct at_explain_past_memo {
    const struct at_explain_run *r;
    struct at_arena *arena; /* lasting */
    uint32_t payee;         /* whose; UINT32_MAX: none yet */
    uint32_t **begins;      /* by node: for each period, where the value begins, + 1; NULL: never asked */
    AT_VEC(uint32_t) asked; /* nodes with such a list */
    uint32_t *seen, round;  /* by node: the last walk that met it */
    AT_VEC(uint32_t) walk;
    AT_VEC(struct past_use) uses, stack; /* stack: `back` is the period */
};

struct at_explain_past_memo *at_explain_past_memo_new(const struct at_explain_run *r,
                                                      struct at_arena *arena) {
    struct at_explain_past_memo *memo = AT_NEW(arena, struct at_explain_past_memo);
    memo->r = r;
    memo->arena = arena;
    memo->payee = UINT32_MAX;
    memo->begins = AT_NEW_ARRAY(arena, uint32_t *, r->plan->n_nodes + 1);
    memo->seen = AT_NEW_ARRAY(arena, uint32_t, r->plan->n_nodes + 1);
    return memo;
}

/* Which inputs decided the value: the branch taken, the value that is there.
 * Only inputs that decided the value count. If a branch is not taken, its past does not matter to the
 * reader. */
static void follow(struct at_explain_past_memo *memo, const struct at_explain_tell *then,
                   const struct at_plan_node *p) {
    uint16_t first = 0, end = p->n_in;
    uint32_t state;
    if (p->op == AT_P_IF) {
        AT_VEC_PUSH(memo->arena, &memo->walk, p->in[0]);
        first = at_explain_tell_holds(then, p->in[0]) ? 1 : 2;
        end = first + 1;
    } else if (p->op == AT_P_IFMISSING) {
        at_explain_tell_value(then, p->in[0], &state);
        if (state != AT_STATE_MISSING) end = 1;
    }
    for (uint16_t i = first; i < end; i++)
        AT_VEC_PUSH(memo->arena, &memo->walk, p->in[i]);
}

/* The values of earlier periods that the node's value in `then` is calculated from.
 * `seen` has the number of the walk, so it need not be cleared between walks. */
static void find_uses(struct at_explain_past_memo *memo, const struct at_explain_tell *then, uint32_t node) {
    memo->round++;
    memo->uses.n = memo->walk.n = 0;
    AT_VEC_PUSH(memo->arena, &memo->walk, node);
    while (memo->walk.n > 0) {
        uint32_t id = memo->walk.at[--memo->walk.n], back;
        const struct at_plan_node *p = &memo->r->plan->nodes[id];
        if (!memo->r->past[id] || memo->seen[id] == memo->round) continue;
        memo->seen[id] = memo->round;
        if (p->op != AT_P_CARRY && p->op != AT_P_PRIOR) {
            follow(memo, then, p);
            continue;
        }
        uint32_t source = at_explain_past_source(memo->r->run, p, then->period, &back);
        if (back <= then->period) AT_VEC_PUSH(memo->arena, &memo->uses, (struct past_use){source, back});
    }
}

/* Lists are made only for nodes that are asked about. Most nodes have no past. */
static uint32_t *begins_of(struct at_explain_past_memo *memo, uint32_t node) {
    if (!memo->begins[node]) {
        memo->begins[node] = AT_NEW_ARRAY(memo->arena, uint32_t, memo->r->run->n_periods + 1);
        AT_VEC_PUSH(memo->arena, &memo->asked, node);
    }
    return memo->begins[node];
}

/* Lists are kept for reuse, and only their contents are cleared: memory stays in proportion to one payee. */
static void forget(struct at_explain_past_memo *memo, uint32_t payee) {
    for (size_t i = 0; i < memo->asked.n; i++)
        memset(memo->begins[memo->asked.at[i]], 0, memo->r->run->n_periods * sizeof(uint32_t));
    memo->payee = payee;
}

/* Calculates the top of the stack, or puts on it what that needs first.
 * The stack is in the arena instead of recursion, because the number of periods has no small bound. The
 * result is kept only if all values that it needs are known. */
static void step_back(struct at_explain_past_memo *memo, const struct at_explain_tell *t) {
    struct past_use top = memo->stack.at[memo->stack.n - 1];
    struct at_explain_tell then = *t;
    size_t n = memo->stack.n;
    /* Periods are stored plus 1, because 0 means unknown. */
    uint32_t begin = top.back + 1;
    then.period = top.back;
    find_uses(memo, &then, top.node);
    for (size_t i = 0; i < memo->uses.n; i++) {
        struct past_use use = memo->uses.at[i];
        uint32_t known = begins_of(memo, use.node)[top.back - use.back];
        if (!known) AT_VEC_PUSH(memo->arena, &memo->stack, (struct past_use){use.node, top.back - use.back});
        if (known && known < begin) begin = known;
    }
    if (memo->stack.n > n) return;
    begins_of(memo, top.node)[top.back] = begin;
    memo->stack.n--;
}

uint32_t at_explain_past_begin(const struct at_explain_tell *t, uint32_t node, uint32_t period) {
    struct at_explain_past_memo *memo = t->r->past_memo;
    if (memo->payee != t->payee) forget(memo, t->payee);
    memo->stack.n = 0;
    AT_VEC_PUSH(memo->arena, &memo->stack, (struct past_use){node, period});
    while (!begins_of(memo, node)[period])
        step_back(memo, t);
    return begins_of(memo, node)[period] - 1;
}
