/* plan/lower_past.c: lowers `prior` where it reads the past of the definition that it is part of.
 *
 *     measure owed = max($0, ifmissing(prior(owed), $0) + a - b)
 *
 * `owed` has no node yet when `prior(owed)` is lowered. So `prior` becomes a CARRY, which has no inputs, and
 * its argument is lowered at the end, when every definition has a node. Arguments may contain further
 * references to the past, which become further CARRY nodes: one for each argument and context, so this ends.
 */
#include "plan/lower_int.h"

/* Looks for a name of the loop that is being lowered. One is enough. */
struct circle_search {
    const struct at_plan_lowering *L;
    bool found;
};

static bool names_loop(void *context, const struct at_ast_node *node) {
    struct circle_search *search = context;
    const struct at_check_symbol *symbol = at_plan_symbol_of(search->L, node);
    /* `cell`, which a hook gets, contains every measure */
    bool cells = node->kind == AT_N_NAME && !symbol && at_str_eq(node->text, AT_STR("cell"));
    bool draw =
        symbol && symbol->kind == AT_SYM_DRAW; /* `balance(advance)`: draws are lowered after formulas */
    bool valued = symbol && (symbol->kind == AT_SYM_MEASURE || symbol->kind == AT_SYM_COMPONENT);
    /* L->loop is 0 outside such definitions, and then the past is that of finished definitions. */
    bool looped = search->L->loop != 0;
    search->found |= (looped && cells) || draw || (looped && valued && symbol->loop == search->L->loop);
    return !search->found;
}

bool at_plan_lower_is_past(const struct at_plan_lowering *L, const struct at_ast_node *expr) {
    struct circle_search search = {L, false};
    if (expr) at_ast_walk(expr, names_loop, &search);
    return search.found;
}

/* The same name in the same context is one CARRY. Their places distinguish other arguments. */
static uint32_t key_of(const struct at_plan_lowering *L, const struct at_ast_node *expr, uint32_t *index) {
    const struct at_check_symbol *symbol = expr->kind == AT_N_NAME ? at_plan_symbol_of(L, expr) : NULL;
    bool named = symbol && (symbol->kind == AT_SYM_MEASURE || symbol->kind == AT_SYM_COMPONENT);
    *index = named ? symbol->index : expr->id;
    return named ? symbol->kind : UINT32_MAX;
}

uint32_t at_plan_lower_carry(struct at_plan_lowering *L, const struct at_plan_ctx *own,
                             const struct at_ast_node *node, uint32_t back) {
    const struct at_ast_node *expr = node->child[0];
    /* The checker refuses it: a value to date would be built on one that may be of another year. */
    if (!at_plan_is_now(own)) return at_plan_lower_fail(L, node, "cannot be recalculated to date");
    uint32_t index, kind = key_of(L, expr, &index), carry;
    uint32_t key[] = {'c', kind, index, own->grain, own->place, back, own->adjusting, own->rhythm};
    if (at_plan_recall(L, key, AT_COUNT(key), &carry)) return carry;
    carry = at_plan_graph_carry(&L->graph, (enum at_check_grain)own->grain, own->place,
                                at_plan_type_of(L, expr), back, own->rhythm);
    /* Before the source is lowered: it may contain the same reference, which must find this node. */
    at_plan_remember(L, key, AT_COUNT(key), carry);
    AT_VEC_PUSH(L->arena, &L->carries, (struct at_plan_lower_carry){carry, L->sold, *own, expr, NULL});
    return carry;
}

uint32_t at_plan_lower_runcarry(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                const struct at_check_symbol *of, int32_t span, uint32_t date, uint32_t key) {
    uint32_t of_loop[] = {'l', of->loop, ctx->place},
             of_node[] = {'r', of->kind, of->index, ctx->place, (uint32_t)(span + 1)};
    uint32_t loop, carry;
    if (at_plan_recall(L, of_node, AT_COUNT(of_node), &carry)) return carry;
    if (!at_plan_recall(L, of_loop, AT_COUNT(of_loop), &loop)) {
        loop = at_plan_graph_loop(&L->graph, ctx->place);
        at_plan_remember(L, of_loop, AT_COUNT(of_loop), loop);
    }
    at_type type = of->type;
    type.optional = false;
    carry = at_plan_graph_runcarry(&L->graph, loop, type, span + 1, date, key);
    at_plan_remember(L, of_node, AT_COUNT(of_node), carry);
    struct at_plan_ctx rows = {.grain = AT_G_CREDIT, .place = ctx->place};
    AT_VEC_PUSH(L->arena, &L->carries, (struct at_plan_lower_carry){carry, L->sold, rows, NULL, of});
    return carry;
}

void at_plan_lower_carries(struct at_plan_lowering *L) {
    for (size_t i = 0; i < L->carries.n; i++) { /* grows on the way */
        /* A copy, because lowering may append and move the array. */
        struct at_plan_lower_carry todo = L->carries.at[i];
        uint32_t source;
        L->sold = todo.sold;
        if (todo.expr)
            source = at_plan_convert(L, &todo.ctx, at_plan_lower_expr(L, &todo.ctx, todo.expr),
                                     at_plan_node_of(L, todo.carry)->type);
        else if (todo.of->kind == AT_SYM_COMPONENT)
            source = at_plan_lower_own_lines(L, todo.of->index);
        else
            source = at_plan_lower_brought(L, &todo.ctx, todo.of->index);
        at_plan_graph_carry_from(&L->graph, todo.carry, at_plan_force(L, &todo.ctx, source));
    }
    L->sold = 0;
}

/* A loop calculates its rows by themselves. What a row refers to has to be known before. */
void at_plan_lower_loops_hold(struct at_plan_lowering *L) {
    for (uint32_t i = 0; i < L->plan->n_loops; i++)
        for (uint32_t k = 0; k < L->plan->loops[i].n_body; k++) {
            const struct at_plan_node *node = at_plan_node_of(L, L->plan->loops[i].body[k]);
            if (!at_plan_is_map(node->op))
                at_plan_lower_fail(L, node->ast, "`running` cannot decide which row this refers to");
        }
}
