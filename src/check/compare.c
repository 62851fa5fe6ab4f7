/* check/compare.c: = < is, in, within, is missing, and or not. */
#include "check/check_int.h"

static at_type flag(void) {
    return at_check_type_make(AT_T_FLAG);
}

static bool texty(at_type type) {
    return type.kind == AT_T_TEXT || type.kind == AT_T_ENUM;
}

static void date_as_text(struct at_check *ck, const struct at_ast_node *text,
                         const struct at_ast_node *date) {
    at_date day;
    at_period period;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0325, text->span, "this is text, and `%.*s` is %.*s",
                                    AT_STR_ARG(at_check_quote(ck, date)),
                                    AT_STR_ARG(at_check_type_say(ck, at_check_type_at(ck, date))));
    at_check_show(ck, d, date);
    if (text->kind == AT_N_TEXT &&
        (at_date_parse_iso(text->text, &day) || at_period_parse(text->text, &period)))
        at_diag_help(d, "write the %s without quotes: `%.*s`",
                     at_date_parse_iso(text->text, &day) ? "date" : "period", AT_STR_ARG(text->text));
    else if (at_check_type_at(ck, date).kind == AT_T_PERIOD)
        at_diag_help(d, "a period is written without quotes: `2026-Q1`, `2026-03`");
    else
        at_diag_help(d, "a date is written without quotes, year first: `2026-03-31`");
}

/* `team is "x"` where a pool is called `team` as well. */
static void help_hidden_field(struct at_check *ck, struct at_diag *d, const struct at_ast_node *left,
                              const struct at_ast_node *right) {
    const struct at_ast_node *sides[2] = {left, right};
    int32_t payee = ck->out->payee_table;
    for (int i = 0; i < 2; i++) {
        const struct at_check_symbol *symbol = ck->out->symbols[sides[i]->id];
        if (payee < 0 || !symbol || sides[i]->kind != AT_N_NAME || symbol->kind == AT_SYM_FIELD ||
            at_check_field_find(ck, (uint32_t)payee, symbol->name) < 0)
            continue;
        at_diag_help(d, "`%.*s` is %s here; the field of that name is `%.*s.%.*s`", AT_STR_ARG(symbol->name),
                     at_check_kind_say(ck, symbol), AT_STR_ARG(ck->out->schemas[payee].name),
                     AT_STR_ARG(symbol->name));
        return;
    }
    at_diag_help(d, "use the same type on both sides");
}

static void cannot_compare(struct at_check *ck, const struct at_ast_node *node,
                           const struct at_ast_node *left, const struct at_ast_node *right) {
    at_type a = at_check_type_at(ck, left), b = at_check_type_at(ck, right);
    at_span at = node->kind == AT_N_IN ? right->span : at_check_name_span(node);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0305, at, "cannot compare %.*s with %.*s",
                    AT_STR_ARG(at_check_type_say(ck, a)), AT_STR_ARG(at_check_type_say(ck, b)));
    at_check_show(ck, d, left);
    at_check_show(ck, d, right);
    /* Meaningful only if one side is a number. Each help below tests that first. */
    const struct at_ast_node *number = a.kind == AT_T_NUMBER ? left : right,
                             *other = a.kind == AT_T_NUMBER ? right : left;
    at_type type = at_check_type_at(ck, other);
    const struct at_currency_info *own = at_currency_info(type.currency);
    bool with_number = a.kind == AT_T_NUMBER || b.kind == AT_T_NUMBER;
    if (with_number && type.kind == AT_T_DATE && at_check_habit_date(ck, d, number)) return;
    if (with_number && type.kind == AT_T_MONEY && at_check_is_percent(number))
        at_diag_help(d, "write the amount that the rate applies to, such as `%.*s of quota`",
                     AT_STR_ARG(at_check_quote(ck, number)));
    else if (with_number && type.kind == AT_T_MONEY && number->kind == AT_N_NUMBER && own && own->symbol[0]) {
        at_diag_help(d, "did you mean `%s%.*s`?", own->symbol, AT_STR_ARG(at_check_quote(ck, number)));
        at_diag_fix(d, number->span, "%s%.*s", own->symbol, AT_STR_ARG(number->text));
    } else if (with_number && texty(type) && other->kind == AT_N_TEXT)
        at_diag_help(d, "write the number without quotes");
    else if (with_number && texty(type) && number->kind == AT_N_NUMBER) {
        at_diag_help(d, "write text in quotes: \"%.*s\"", AT_STR_ARG(at_check_quote(ck, number)));
        at_diag_fix(d, number->span, "\"%.*s\"", AT_STR_ARG(at_check_quote(ck, number)));
    } else if (with_number && type.kind == AT_T_DURATION)
        at_diag_help(d, "compare `days(a, b)` with a number, without `days`");
    else if (with_number && type.kind == AT_T_PERIOD)
        at_diag_help(d, "write `%.*s.year` for the year of a period", AT_STR_ARG(at_check_quote(ck, other)));
    else if (a.kind == AT_T_FLAG || b.kind == AT_T_FLAG)
        at_diag_help(d, "write yes and no without quotes, or `x` alone to check whether x is yes");
    else if ((a.kind == AT_T_DATE && b.kind == AT_T_PERIOD) || (a.kind == AT_T_PERIOD && b.kind == AT_T_DATE))
        at_diag_help(d, "compare the date with `period.start` and `period.end`");
    else if (a.kind == AT_T_ENUM && b.kind == AT_T_ENUM)
        at_diag_help(d, "they do not have a value in common");
    else if (a.kind == AT_T_REF || b.kind == AT_T_REF)
        at_diag_help(d, "name a row by its key, in double quotes");
    else
        help_hidden_field(ck, d, left, right);
}

/* `choice_of` names the other side in the message. It must be empty again afterwards. */
static bool fit_choice(struct at_check *ck, const struct at_ast_node *text, const struct at_ast_node *of,
                       at_type wanted) {
    ck->choice_of = at_check_quote(ck, of);
    bool fitted = at_check_fit_text(ck, text, wanted);
    ck->choice_of = (at_str){"", 0};
    return fitted;
}

static bool calls_lower(const struct at_ast_node *node) {
    return node->kind == AT_N_CALL && at_str_eq(node->text, AT_STR("lower"));
}

/* `lower` leaves no capitals, and cells have no blanks at their ends, so the comparison would not find
 * anything. */
static bool never_equal(struct at_check *ck, const struct at_ast_node *text, const struct at_ast_node *of) {
    if (text->kind != AT_N_TEXT || at_check_type_at(ck, of).kind != AT_T_TEXT) return false;
    const struct at_check_symbol *symbol = ck->out->symbols[of->id];
    at_str right = text->text;
    if (calls_lower(of)) right = at_str_lower(ck->arena, right);
    if ((symbol && symbol->kind == AT_SYM_FIELD) || calls_lower(of)) right = at_str_trim(right);
    if (right.n == 0 || at_str_eq(right, text->text)) return false;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0306, text->span, "`%.*s` is never \"%.*s\"",
                                    AT_STR_ARG(at_check_quote(ck, of)), AT_STR_ARG(text->text));
    if (right.n < text->text.n) at_diag_note(d, "values in data do not have spaces at their ends");
    at_diag_help(d, "write \"%.*s\"", AT_STR_ARG(right));
    at_check_fix_text(d, text, right);
    return true;
}

/* Whether two values can be held against one another; says why not. */
static bool comparable(struct at_check *ck, const struct at_ast_node *node, const struct at_ast_node *left,
                       const struct at_ast_node *right) {
    at_type a = at_check_type_at(ck, left), b = at_check_type_at(ck, right);
    if (a.kind == AT_T_NONE || b.kind == AT_T_NONE || !left || !right) return false;
    /* A text that is not among the choices is reported here, so the comparison itself counts as
     * sound. */
    if (fit_choice(ck, right, left, a) || fit_choice(ck, left, right, b)) return true;
    if (a.kind == AT_T_ENUM && b.kind == AT_T_ENUM) {
        for (uint32_t i = 0; a.choices && i < a.choices->n; i++)
            if (at_check_has_choice(b.choices, a.choices->at[i])) return true;
        cannot_compare(ck, node, left, right);
        return false;
    }
    if (texty(a) && texty(b)) return !never_equal(ck, right, left) && !never_equal(ck, left, right);
    if ((a.kind == AT_T_REF && texty(b)) || (texty(a) && b.kind == AT_T_REF)) return true; /* by its key */
    if (at_type_same(a, b)) return true;
    if (a.kind == AT_T_MONEY && b.kind == AT_T_MONEY) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0304, node->kind == AT_N_IN ? right->span : at_check_name_span(node),
                        "cannot compare amounts of two currencies");
        at_diag_label(d, left->span, "%s", at_currency_info(a.currency)->code);
        at_diag_label(d, right->span, "%s", at_currency_info(b.currency)->code);
        at_diag_help(d, "convert one of them first, with a `param` for the rate");
        return false;
    }
    bool a_time = a.kind == AT_T_DATE || a.kind == AT_T_PERIOD,
         b_time = b.kind == AT_T_DATE || b.kind == AT_T_PERIOD;
    if (a_time && texty(b)) return date_as_text(ck, right, left), false;
    if (b_time && texty(a)) return date_as_text(ck, left, right), false;
    cannot_compare(ck, node, left, right);
    return false;
}

/* A reference compared with a text means its key, so the key must be read from the file. */
static void use_key(struct at_check *ck, at_type a, at_type b) {
    at_type ref = a.kind == AT_T_REF ? a : b;
    if (ref.kind != AT_T_REF || a.kind == b.kind || ref.table >= ck->out->n_schemas) return;
    if (ck->out->schemas[ref.table].key >= 0)
        at_check_field_use(ck, ref.table, ck->out->schemas[ref.table].key);
}

at_type at_check_compare(struct at_check *ck, const struct at_check_env *env,
                         const struct at_ast_node *node) {
    const struct at_ast_node *left = at_check_child(node, 0), *right = at_check_child(node, 1);
    at_type a = at_check_value(ck, env, left);
    /* Saved and restored, because a comparison can be part of another one. */
    const struct at_ast_node *hint = ck->text_hint, *hint_other = ck->text_hint_other;
    if (texty(a) || a.kind == AT_T_REF) ck->text_hint = right, ck->text_hint_other = left;
    at_type b = at_check_value(ck, env, right);
    ck->text_hint = hint, ck->text_hint_other = hint_other;
    if (!comparable(ck, node, left, right)) return flag();
    use_key(ck, a, b);
    at_check_near_compare(ck, left, right);
    at_check_longer_compare(ck, env, node, left, right);
    bool ordered = node->op != AT_OP_EQ && node->op != AT_OP_NE;
    /* The list of a choice is not an order, so `<` has no meaning for it. */
    bool no_order = a.kind == AT_T_FLAG || a.kind == AT_T_ENUM || b.kind == AT_T_ENUM || a.kind == AT_T_REF ||
                    b.kind == AT_T_REF;
    if (!ordered || !no_order) return flag();
    at_type which = a.kind == AT_T_TEXT ? b : a;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0307, at_check_name_span(node),
                                    "%.*s does not have an order", AT_STR_ARG(at_check_type_say(ck, which)));
    at_check_show(ck, d, a.kind == AT_T_TEXT ? right : left);
    if (which.kind == AT_T_ENUM)
        at_diag_help(d, "list the values that you mean: `%.*s in (\"…\", \"…\")`",
                     AT_STR_ARG(at_check_quote(ck, a.kind == AT_T_TEXT ? right : left)));
    else
        at_diag_help(d, "compare them with `is` or `is not`");
    return flag();
}

at_type at_check_in(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    const struct at_ast_node *value = at_check_child(node, 0);
    at_type type = at_check_value(ck, env, value);
    struct at_check_env constant = at_check_env_const("a list after `in`");
    for (uint32_t i = 1; i < node->n; i++) {
        const struct at_ast_node *item = node->child[i];
        if (!item) continue;
        if (texty(type)) ck->text_hint = item, ck->text_hint_other = value;
        at_type other = at_check_value(ck, &constant, item);
        ck->text_hint = NULL;
        if (type.kind == AT_T_NONE || other.kind == AT_T_NONE) continue;
        if (!comparable(ck, node, value, item)) continue;
        use_key(ck, type, other);
        at_check_longer_compare(ck, env, node, value, item);
        /* The search takes the square of the length, so it stops at 500 items. */
        for (uint32_t k = 1; k < i && i < 500; k++) {
            if (!node->child[k] || !at_check_is_literal(item) || !at_ast_same(node->child[k], item)) continue;
            struct at_diag *d =
                at_diag_add(ck->diags, AT_A0328, item->span, "duplicate value `%.*s` in this list",
                            AT_STR_ARG(at_check_quote(ck, item)));
            at_diag_label(d, node->child[k]->span, "first here");
            at_diag_help(d, "delete one of them");
            break;
        }
    }
    return flag();
}

at_type at_check_within(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    static const enum at_type_kind WANTED[] = {AT_T_DATE, AT_T_DURATION, AT_T_DATE};
    for (uint32_t i = 0; i < 3; i++) {
        const struct at_ast_node *part = at_check_child(node, i);
        at_type type = at_check_value(ck, env, part);
        if (!part || type.kind == AT_T_NONE || type.kind == WANTED[i]) continue;
        if (i != 1 && type.kind == AT_T_TEXT && part->kind == AT_N_TEXT) {
            struct at_diag *d =
                at_diag_add(ck->diags, AT_A0325, part->span, "this is text, and `within` compares dates");
            at_diag_help(d, "a date is written without quotes, year first: `2026-03-31`");
            continue;
        }
        struct at_diag *d = at_diag_add(ck->diags, AT_A0327, part->span,
                                        i == 1 ? "`within` requires a duration such as `90 days`, found %.*s"
                                               : "`within` requires dates, found %.*s",
                                        AT_STR_ARG(at_check_type_say(ck, type)));
        at_check_show_origin(ck, d, part);
        at_diag_help(d, "write, for example, `paid_on within 90 days of closed_on`");
    }
    return flag();
}

at_type at_check_is_missing(struct at_check *ck, const struct at_check_env *env,
                            const struct at_ast_node *node) {
    const struct at_ast_node *value = at_check_child(node, 0);
    ck->converted = value; /* whether an amount is there does not depend on its currency */
    at_type type = at_check_expr(ck, env, value);
    ck->converted = NULL;
    if (type.kind == AT_T_NONE || type.optional || at_check_may_have_no_row(ck, value)) return flag();
    struct at_diag *d = at_diag_add(ck->diags, AT_A0311, node->span, "`%.*s` is never missing",
                                    AT_STR_ARG(at_check_quote(ck, value)));
    const struct at_check_symbol *symbol = ck->out->symbols[value->id];
    if (symbol && symbol->kind == AT_SYM_FIELD && !symbol->type.optional) {
        at_diag_label(d, at_check_decl_of(symbol)->span, "not declared optional");
        at_diag_help(d, "declare the field `optional` if the file may leave it empty, or delete the check");
    } else if (symbol && symbol->kind == AT_SYM_FIELD) {
        at_diag_help(d, "an earlier condition already guarantees this, so delete the check");
    } else {
        at_diag_help(d, "delete the check");
    }
    return flag();
}

at_type at_check_logic(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    if (node->kind == AT_N_OR && at_check_habit_or(ck, env, node)) return flag();
    at_check_condition(ck, env, at_check_child(node, 0));
    if (node->kind == AT_N_NOT) return flag();
    struct at_check_env then = *env;
    /* The right side of `and` counts only if the left is true, and that of `or` only if it is
     * false. */
    then.facts = at_check_facts_if(ck, env->facts, at_check_child(node, 0), node->kind == AT_N_AND);
    at_check_condition(ck, &then, at_check_child(node, 1));
    return flag();
}
