/* check/sold.c: `clawback X as never sold on D`: whether X can be calculated again alone.
 *
 * X is calculated without the deals that are gone, and everything else with them. So X reads rows, and no
 * amounts of components; and no other component, and no statement about `total`, reads X. */
#include "check/check_int.h"

struct reading {
    struct at_check *ck;
    int32_t of;    /* a component; -1: any of them */
    uint8_t *seen; /* by measure */
    const struct at_ast_node *found;
};

static bool visit(void *context, const struct at_ast_node *node) {
    struct reading *r = context;
    const struct at_check_policy *out = r->ck->out;
    const struct at_check_symbol *symbol = out->symbols[node->id];
    if (r->found) return false;
    if (!symbol && node->kind == AT_N_NAME && at_str_eq(node->text, AT_STR("cell"))) r->found = node;
    if (!symbol) return !r->found;
    bool own = symbol->kind == AT_SYM_COMPONENT && (r->of < 0 || symbol->index == (uint32_t)r->of);
    if (own || symbol->kind == AT_SYM_TOTAL || symbol->kind == AT_SYM_DRAW) {
        r->found = node;
    } else if (symbol->kind == AT_SYM_MEASURE && !r->seen[symbol->index]) {
        r->seen[symbol->index] = 1;
        at_ast_walk(symbol->node, visit, r);
    }
    return !r->found;
}

/* The first place in the children of a statement that reads the component, also through measures. */
static const struct at_ast_node *read_in(struct at_check *ck, const struct at_ast_node *statement,
                                         int32_t of) {
    struct reading r = {ck, of, AT_NEW_ARRAY(ck->arena, uint8_t, ck->out->n_measures + 1), NULL};
    for (uint32_t i = 0; i < statement->n && !r.found; i++)
        if (statement->child[i]) at_ast_walk(statement->child[i], visit, &r);
    return r.found;
}

static void refuse(struct at_check *ck, const struct at_ast_node *node, at_span at, const char *label) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1141, at_check_name_span(node),
                    "`%.*s` cannot be calculated without a deal by itself", AT_STR_ARG(node->text));
    at_diag_label(d, at, "%s", label);
    at_diag_help(d,
                 "write `clawback %.*s as paid`, or `until` and the day in the credit, so that all "
                 "components are calculated again",
                 AT_STR_ARG(node->text));
}

static void check_alone(struct at_check *ck, const struct at_check_part_decl *sold) {
    const struct at_check_policy *out = ck->out;
    for (uint32_t i = 0; i < out->n_components; i++) {
        const struct at_check_component_decl *c = &out->components[i];
        bool own = (int32_t)i == sold->component;
        const struct at_ast_node *node = c->symbol->node,
                                 *found = read_in(ck, node, own ? -1 : sold->component);
        bool joined = own ? c->parent >= 0 : c->parent == sold->component;
        if (!found && !joined) continue;
        refuse(ck, sold->node, found ? found->span : c->from->span,
               own ? "reads an amount that is paid" : "reads its amount");
        return;
    }
    for (uint32_t i = 0; i < out->n_adjustments; i++) {
        const struct at_ast_node *node = out->adjustments[i].node, *found = NULL;
        if (out->adjustments[i].component == sold->component) continue;
        if (out->adjustments[i].component >= 0 && !(found = read_in(ck, node, sold->component))) continue;
        refuse(ck, sold->node, found ? found->span : node->span,
               found ? "reads its amount" : "changes the total of all components");
        return;
    }
}

static void refuse_clause(struct at_check *ck, const struct at_ast_node *at, const char *what,
                          const char *help) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A1142, at->span, "`as never sold` %s", what);
    at_diag_help(d, "%s", help);
}

/* A deal is gone as a whole, from one day on, for everyone who is paid for it. */
void at_check_sold(struct at_check *ck, const struct at_check_part_decl *sold) {
    const char *other = "write `as paid`, which takes back a part of what was paid";
    if (sold->field >= 0)
        refuse_clause(ck, sold->on, "needs a day of the deal itself",
                      "name a field of the deal, such as `deal.cancelled_on`");
    if (sold->at) refuse_clause(ck, sold->at, "takes back the whole deal", other);
    if (sold->n_cells > 0)
        refuse_clause(ck, sold->cells[0], "depends on the deal alone, not on the payee or the period", other);
    ck->out->sold[ck->out->n_sold++] = *sold;
}

/* When all statements are known. */
void at_check_sold_alone(struct at_check *ck) {
    for (uint32_t i = 0; i < ck->out->n_sold; i++)
        check_alone(ck, &ck->out->sold[i]);
}
