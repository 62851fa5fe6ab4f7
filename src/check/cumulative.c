/* check/cumulative.c: `pay … per booking cumulative over year`: the formula is of the running total, and each
 * row pays the change. A part without the total would be paid for each row, or once: Attain asks. */
#include "check/check_int.h"

struct search {
    const struct at_check *ck;
    const struct at_ast_node *base;
    bool total, running;
    const struct at_ast_node *where; /* the call of `running` */
};

/* `amount`, the base, or a rate that applies to the base. */
static bool look(void *context, const struct at_ast_node *node) {
    struct search *search = context;
    const struct at_check_symbol *symbol = search->ck->out->symbols[node->id];
    bool rate = (search->ck->out->marks[node->id] & (AT_MARK_RATE | AT_MARK_SLICE_RATE)) != 0;
    search->total |= (symbol && symbol->kind == AT_SYM_AMOUNT) || rate ||
                     (search->base && at_ast_same(node, search->base));
    if (symbol && symbol->kind == AT_SYM_BUILTIN && symbol->index == AT_B_RUNNING) {
        search->running = true;
        search->where = node;
    }
    return true;
}

static struct search search_in(const struct at_check *ck, const struct at_ast_node *base,
                               const struct at_ast_node *node) {
    struct search search = {.ck = ck, .base = base};
    if (node) at_ast_walk(node, look, &search);
    return search;
}

static bool is_zero(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_const value;
    return at_check_fold(ck, node, &value) && !value.from_param &&
           (value.kind == AT_T_MONEY || value.kind == AT_T_NUMBER) && at_num_is_zero(value.num);
}

/* The first summand, or case, that the running total does not change; NULL: none. */
static const struct at_ast_node *apart(struct at_check *ck, const struct at_ast_node *base,
                                       const struct at_ast_node *node) {
    const struct at_ast_node *found = NULL;
    bool sum = node->kind == AT_N_ARITH && (node->op == AT_OP_ADD || node->op == AT_OP_SUB);
    bool arm = node->kind == AT_N_ARM, choice = node->kind == AT_N_CHOOSE || node->kind == AT_N_IF;
    /* A condition on the total makes the cases parts of its formula: a bonus at a milestone. */
    if (node->kind == AT_N_IF && search_in(ck, base, at_check_child(node, 0)).total) return NULL;
    if (node->kind == AT_N_CHOOSE)
        for (uint32_t i = 0; i < node->n; i++)
            if (node->child[i] && node->child[i]->kind == AT_N_ARM &&
                search_in(ck, base, at_check_child(node->child[i], 0)).total)
                return NULL;
    if (!sum && !choice && !arm && node->kind != AT_N_NEG)
        return search_in(ck, base, node).total || is_zero(ck, node) ? NULL : node;
    for (uint32_t i = node->kind == AT_N_IF || arm ? 1 : 0; i < node->n && !found; i++)
        if (node->child[i]) found = apart(ck, base, node->child[i]);
    return found;
}

static void report_apart(struct at_check *ck, const struct at_ast_node *statement,
                         const struct at_ast_node *part) {
    at_str quoted = at_check_quote(ck, part);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0462, part->span, "`%.*s` does not use the running total of the %.*s",
                    AT_STR_ARG(quoted), AT_STR_ARG(statement->by));
    at_diag_label(d, statement->by_span.end ? statement->by_span : at_check_name_span(statement),
                  "cumulative");
    at_str source = at_check_source(ck, part);
    at_diag_help(
        d,
        "write a statement of its own: `pay NAME per %.*s = %.*s` for each row, or `pay NAME cumulative over "
        "%.*s = %.*s` for the %.*s",
        AT_STR_ARG(statement->text3), AT_STR_ARG(source), AT_STR_ARG(statement->by), AT_STR_ARG(source),
        AT_STR_ARG(statement->by));
}

void at_check_cumulative_lines(struct at_check *ck, const struct at_check_component_decl *component) {
    const struct at_ast_node *statement = component->symbol->node;
    const struct at_ast_node *parts[] = {component->on, component->expr, component->when};
    for (size_t i = 0; i < AT_COUNT(parts); i++) {
        struct search search = search_in(ck, NULL, parts[i]);
        if (!search.running) continue;
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0448, search.where->span,
                        "`running` is for the rows of a period, but this statement is cumulative");
        at_diag_help(d, "write `amount`: in a cumulative statement, it is the running total of the %.*s",
                     AT_STR_ARG(statement->by));
        return;
    }
    const struct at_ast_node *part = apart(ck, component->on, component->expr);
    if (part) report_apart(ck, statement, part);
}
