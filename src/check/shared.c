/* check/shared.c: rows `by` a dated field, read in groups of another field.
 *
 * Rows on days belong to the payees who had the value of the field on that day, and count once. A payee who
 * moves has rows of two teams, so the members of a team have different values, and none of them is the value
 * of the team. In groups of another field there are two readings: all rows of the teams that the members are
 * in at the end of the period, or what each member had. So it is refused. Rows of a period are the same for
 * all members of a team, and count once in every group.
 */
#include "check/reading.h"

struct search {
    struct at_check *ck;
    bool *seen; /* by measure */
    int32_t group;
    const struct at_check_measure_decl *found;
};

static bool belongs_to_days(const struct at_check *ck, const struct at_check_measure_decl *measure,
                            int32_t group) {
    const struct at_check_feed_decl *feed = &ck->out->feeds[measure->feed];
    const struct at_ast_node *on = measure->on ? measure->on : feed->on;
    if (feed->n_to == 0 || feed->to[0].by < 0 || feed->to[0].by == group || !on) return false;
    bool dated = at_check_is_dated_field(ck, (uint32_t)ck->out->payee_table, feed->to[0].by);
    return dated && at_check_type_at(ck, on).kind == AT_T_DATE;
}

/* Whether a call has a group of its own, or values of single payees. */
static bool reads_others(const struct at_check *ck, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node->kind == AT_N_CALL ? ck->out->symbols[node->id] : NULL;
    if (!symbol || symbol->kind != AT_SYM_BUILTIN) return false;
    return symbol->index == AT_B_TOTAL || symbol->index == AT_B_SHARE || symbol->index == AT_B_RANK ||
           (symbol->index == AT_B_SUM && at_check_by_member(node));
}

/* The first measure of such rows that is read in the group, itself or through formulas. */
static void find(struct search *s, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = s->ck->out->symbols[node->id];
    if (s->found || reads_others(s->ck, node)) return;
    if (symbol && symbol->kind == AT_SYM_MEASURE) {
        const struct at_check_measure_decl *measure = &s->ck->out->measures[symbol->index];
        if (s->seen[symbol->index]) return;
        s->seen[symbol->index] = true;
        if (measure->aggregate && belongs_to_days(s->ck, measure, s->group)) s->found = measure;
        if (!measure->aggregate && measure->expr) find(s, measure->expr);
        return;
    }
    for (uint32_t i = 0; i < node->n && !s->found; i++)
        if (node->child[i]) find(s, node->child[i]);
}

/* The smallest part of an expression that reads it, so that the caret is under a name where there is one. */
static const struct at_ast_node *narrowed(struct search *s, const struct at_ast_node *node) {
    for (uint32_t i = 0; i < node->n; i++) {
        if (!node->child[i]) continue;
        memset(s->seen, 0, s->ck->out->n_measures + 1);
        s->found = NULL;
        find(s, node->child[i]);
        if (s->found) return narrowed(s, node->child[i]);
    }
    return node;
}

void at_check_shared_rows(struct at_check *ck, const struct at_ast_node *node, int32_t group) {
    struct search s = {ck, AT_NEW_ARRAY(ck->arena, bool, ck->out->n_measures + 1), group, NULL};
    find(&s, node);
    if (!s.found) return;
    const struct at_check_measure_decl *measure = s.found;
    const struct at_ast_node *use = narrowed(&s, node);
    at_str x = at_check_source(ck, use);
    at_str field = ck->out->schemas[ck->out->payee_table].fields[ck->out->feeds[measure->feed].to[0].by].name;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0450, use->span, "`%.*s` has two readings for a group", AT_STR_ARG(x));
    at_diag_label(d, measure->aggregate->span, "payees change their %.*s on a day", AT_STR_ARG(field));
    at_diag_help(d, "group by `%.*s`, or write `sum(%.*s by member)` to sum its values of the members",
                 AT_STR_ARG(field), AT_STR_ARG(x));
}
