/* check/day.c: a pool `by day`: what its members have in a period in which they change.
 *
 * A member who is in two groups has a part of each. What rows on days add up to is known for each part. Every
 * other value belongs to the whole period, and is divided by days. A weight that mixes both has two readings:
 * bookings divided by a quota can be those of the days, or of the whole period. So it is refused.
 */
#include "check/check_int.h"

/* What a value consists of. */
enum content {
    CONTENT_SAME,   /* constants */
    CONTENT_ROWS,   /* sums of rows on days, times constants */
    CONTENT_PERIOD, /* values of the period */
    CONTENT_MIXED
};

struct reading {
    struct at_check *ck;
    uint8_t *known; /* by measure: 1 + enum content; 0: not looked at */
    enum content found;
    int32_t group; /* the field that groups the payees; -1: everyone */
};

static enum content content_of(struct reading *r, const struct at_ast_node *node);

/* Whether each row has a day, so that it is known to which group it belongs. */
static bool has_days(const struct at_check *ck, const struct at_check_measure_decl *measure) {
    const struct at_check_feed_decl *feed = &ck->out->feeds[measure->feed];
    const struct at_ast_node *on = measure->on ? measure->on : feed->on;
    if (!on || feed->n_to == 0 || feed->stock) return false;
    if (feed->spread && feed->spread->op == AT_OP_PER) return false;
    for (uint32_t i = 0; i < feed->n_to; i++)
        if (feed->to[i].by >= 0) return false;
    return at_check_type_at(ck, on).kind == AT_T_DATE;
}

static enum content content_of_measure(struct reading *r, uint32_t index) {
    const struct at_check_measure_decl *measure = &r->ck->out->measures[index];
    if (r->known[index]) return (enum content)(r->known[index] - 1);
    r->known[index] = 1 + CONTENT_PERIOD; /* its own past */
    enum content content = CONTENT_PERIOD;
    if (measure->aggregate && has_days(r->ck, measure)) {
        bool sum = measure->aggregate->op == AT_OP_SUM || measure->aggregate->op == AT_OP_COUNT;
        content = sum && !measure->rhythm ? CONTENT_ROWS : CONTENT_MIXED;
    } else if (!measure->aggregate && measure->expr) {
        content = content_of(r, measure->expr);
        if (measure->rhythm && content == CONTENT_ROWS) content = CONTENT_MIXED;
    }
    r->known[index] = (uint8_t)(1 + content);
    return content;
}

static bool look_for_rows(void *context, const struct at_ast_node *node) {
    struct reading *r = context;
    const struct at_check_symbol *symbol = r->ck->out->symbols[node->id];
    if (!symbol || symbol->kind != AT_SYM_MEASURE) return true;
    enum content content = content_of_measure(r, symbol->index);
    if (content == CONTENT_ROWS || content == CONTENT_MIXED) r->found = CONTENT_MIXED;
    return r->found != CONTENT_MIXED;
}

/* A value that is calculated otherwise than as a sum of terms. */
static enum content content_of_other(struct reading *r, const struct at_ast_node *node) {
    enum content outer = r->found;
    r->found = CONTENT_PERIOD;
    at_ast_walk(node, look_for_rows, r);
    enum content content = r->found;
    r->found = outer;
    return content;
}

static enum content content_of_term(enum content a, enum content b, uint16_t op) {
    if (a == CONTENT_SAME && b == CONTENT_SAME) return CONTENT_SAME;
    if (a == CONTENT_MIXED || b == CONTENT_MIXED) return CONTENT_MIXED;
    if (a == CONTENT_PERIOD || b == CONTENT_PERIOD)
        return a == CONTENT_ROWS || b == CONTENT_ROWS ? CONTENT_MIXED : CONTENT_PERIOD;
    bool sum = op == AT_OP_ADD || op == AT_OP_SUB;
    if (sum) return a == b ? CONTENT_ROWS : CONTENT_MIXED;
    return a == b || (op == AT_OP_DIV && b == CONTENT_ROWS) ? CONTENT_MIXED : CONTENT_ROWS;
}

static enum content content_of(struct reading *r, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = r->ck->out->symbols[node->id];
    switch ((enum at_ast_kind)node->kind) {
    case AT_N_NUMBER:
    case AT_N_MONEY: return CONTENT_SAME;
    case AT_N_NAME:
        if (symbol && symbol->kind == AT_SYM_MEASURE) return content_of_measure(r, symbol->index);
        return symbol && symbol->kind == AT_SYM_PARAM ? CONTENT_SAME : CONTENT_PERIOD;
    case AT_N_NEG: return content_of(r, node->child[0]);
    case AT_N_OF:
        return content_of_term(content_of(r, node->child[0]), content_of(r, node->child[1]), AT_OP_MUL);
    case AT_N_ARITH:
        return content_of_term(content_of(r, node->child[0]), content_of(r, node->child[1]), node->op);
    default: return content_of_other(r, node);
    }
}

/* ---- the weights */

static void check_weight(struct reading *r, struct at_check_component_decl *component,
                         const struct at_ast_node *weight) {
    enum content content = content_of(r, weight);
    component->by_rows_of_day = content == CONTENT_ROWS;
    if (content != CONTENT_MIXED) return;
    struct at_diag *d = at_diag_add(r->ck->diags, AT_A0483, weight->span,
                                    "a weight by day cannot mix rows with values of the period");
    at_check_show_origin(r->ck, d, weight);
    at_diag_help(d, "split by a sum or a count of rows, by a value of the period, or equally");
}

/* ---- the amount: a value that members share is that of their group on one day */

static bool look_for_shared(void *context, const struct at_ast_node *node) {
    struct reading *r = context;
    const struct at_check_symbol *symbol = r->ck->out->symbols[node->id];
    if (node->kind == AT_N_CALL && symbol && symbol->kind == AT_SYM_BUILTIN &&
        symbol->index == AT_B_PRORATED) {
        struct at_diag *d = at_diag_add(r->ck->diags, AT_A0480, node->span,
                                        "a pool by day divides values by days, and `prorated` does, too");
        at_diag_help(d, "write the field without `prorated`");
        return false;
    }
    if (!symbol || symbol->kind != AT_SYM_MEASURE || r->known[symbol->index]) return true;
    const struct at_check_measure_decl *measure = &r->ck->out->measures[symbol->index];
    r->known[symbol->index] = 1;
    if (!measure->aggregate) {
        if (measure->expr) at_ast_walk(measure->expr, look_for_shared, r);
        return true;
    }
    const struct at_check_feed_decl *feed = &r->ck->out->feeds[measure->feed];
    int32_t first_dated = (int32_t)r->ck->out->schemas[r->ck->out->payee_table].n_fields;
    if (feed->n_to == 0 || feed->to[0].by < 0 || (feed->n_to == 1 && feed->to[0].by == r->group)) return true;
    if (feed->to[0].by < first_dated && r->group < first_dated) return true; /* they do not change */
    struct at_diag *d =
        at_diag_add(r->ck->diags, AT_A0480, node->span,
                    "a pool by day cannot read `%.*s`, whose rows are matched by another field",
                    AT_STR_ARG(symbol->name));
    at_diag_help(d, "delete `by day`, or use a measure `by` the field that groups the payees");
    return true;
}

static void check_amount(struct reading *r, const struct at_check_component_decl *component) {
    const struct at_ast_node *const parts[] = {component->on, component->expr, component->when,
                                               component->split_expr};
    for (unsigned i = 0; i < AT_COUNT(parts); i++)
        if (parts[i]) at_ast_walk(parts[i], look_for_shared, r);
}

/* ---- the clauses */

static bool refuse(struct at_check *ck, const struct at_ast_node *node, at_str clause) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0480, at_check_name_span(node), "`%.*s` cannot have `by day` and `%.*s`",
                    AT_STR_ARG(node->text), AT_STR_ARG(clause));
    at_diag_help(d, "delete one of them");
    return false;
}

static bool check_clauses(struct at_check *ck, const struct at_ast_node *node,
                          const struct at_check_component_decl *component) {
    const struct at_ast_node *rows = at_ast_child(node, AT_N_BYROWS);
    if (component->limit) return refuse(ck, node, AT_STR("at most"));
    if (component->split == AT_OP_SHARES) return refuse(ck, node, AT_STR("split at"));
    if (component->split == AT_OP_LEVEL) return refuse(ck, node, AT_STR("split to level"));
    if (rows) return refuse(ck, node, at_str_format(ck->arena, "by %.*s", AT_STR_ARG(rows->text)));
    return true;
}

/* Whether a payee can leave a group, or its coverage, on a day. */
static bool members_change(const struct at_check *ck, const struct at_check_component_decl *component) {
    const struct at_schema *payees = &ck->out->schemas[ck->out->payee_table];
    if (component->group_field >= (int32_t)payees->n_fields) return true;
    for (uint32_t i = 0; i < ck->out->n_covers; i++)
        if (ck->out->covers[i].from || ck->out->covers[i].to) return true;
    return false;
}

void at_check_by_day(struct at_check *ck, const struct at_ast_node *node,
                     struct at_check_component_decl *component) {
    const struct at_ast_node *weight = component->split_expr, *on = component->on;
    if (!component->by_day || ck->out->payee_table < 0 || !check_clauses(ck, node, component)) return;
    if (!members_change(ck, component) && (node->flags & AT_F_BY_DAY)) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0484, at_check_name_span(node),
                        "the members of `%.*s` do not change on a day", AT_STR_ARG(node->text));
        at_diag_help(d, "delete `by day`, or declare the days: `history … of`, or `applies to … from … to`");
    }
    uint32_t size = ck->out->n_measures + 1;
    struct reading r = {ck, AT_NEW_ARRAY(ck->arena, uint8_t, size), CONTENT_PERIOD, component->group_field};
    if (component->parent >= 0) on = ck->out->components[component->parent].on;
    if (component->split == AT_OP_CONTRIBUTION) weight = on;
    if (weight && component->split != AT_OP_EQUALLY) check_weight(&r, component, weight);
    memset(r.known, 0, size);
    check_amount(&r, component);
}
