/* api/settings.c: one constant written as in a policy, for `--set base=9%`: the parser reads it, so that a
 * setting and a `param` are never read differently.
 */
#include "api/handle.h"

static bool literal(struct at_arena *arena, const struct at_ast_node *node, at_currency own,
                    struct at_plan_value *out);

static bool money(const struct at_ast_node *node, at_currency own, struct at_plan_value *out) {
    bool shared = false;
    at_currency currency = at_currency_find(node->unit);
    if (!currency) currency = at_currency_of_symbol(node->unit, own, &shared);
    *out = at_plan_value_of_num((at_type){.kind = AT_T_MONEY, .currency = currency}, node->value);
    return currency != 0;
}

/* Only numbers and amounts can be negative. `-"east"` is not a constant. */
static bool negative(struct at_arena *arena, const struct at_ast_node *node, at_currency own,
                     struct at_plan_value *out) {
    if (!literal(arena, node->child[0], own, out)) return false;
    if (out->type.kind != AT_T_NUMBER && out->type.kind != AT_T_MONEY) return false;
    at_plan_value_put_num(out, at_num_neg(arena, at_plan_value_num(out)));
    return true;
}

static bool literal(struct at_arena *arena, const struct at_ast_node *node, at_currency own,
                    struct at_plan_value *out) {
    *out = (struct at_plan_value){0};
    switch ((enum at_ast_kind)node->kind) {
    case AT_N_NEG: return negative(arena, node, own, out);
    case AT_N_MONEY: return money(node, own, out);
    case AT_N_NUMBER:
        *out = at_plan_value_of_num((at_type){.kind = AT_T_NUMBER}, node->value);
        if (node->flags & (AT_F_PERCENT | AT_F_BPS)) out->type.unit = AT_UNIT_PERCENT;
        return true;
    case AT_N_DURATION:
        *out = at_plan_value_of_num(
            (at_type){.kind = AT_T_DURATION, .months = (node->flags & AT_F_MONTHS) != 0}, node->value);
        return true;
    case AT_N_TEXT: *out = at_plan_value_of_text(node->text); return true;
    case AT_N_DATE: *out = at_plan_value_of_day(node->day); return true;
    case AT_N_FLAG: *out = at_plan_value_of_yes(node->day != 0); return true;
    case AT_N_PERIOD: *out = at_plan_value_of_period(node->period); return true;
    default: return false;
    }
}

bool at_api_setting_value(struct at_arena *arena, at_str text, at_currency own, struct at_plan_value *out) {
    struct at_diag_sources sources;
    struct at_diag_list diags;
    struct at_ast *ast = NULL;
    at_diag_sources_init(&sources, arena);
    at_diag_list_init(&diags, arena, &sources);
    at_str line = at_str_format(arena, "param x = %.*s\n", AT_STR_ARG(text));
    if (at_parse(&sources, arena, &diags, AT_STR("setting"), line, NULL, NULL, &ast) != AT_OK) return false;
    const struct at_ast_node *file = ast->n_files ? ast->files[0] : NULL;
    if (!file || file->n != 1 || file->child[0]->kind != AT_N_PARAM || file->child[0]->n != 1) return false;
    return literal(arena, file->child[0]->child[0], own, out);
}
