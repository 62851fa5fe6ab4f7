/* check/expr.c: the type of every expression, by its kind; what each kind means is in operate.c, compare.c,
 * branch.c, slice.c, call.c, name.c. */
#include "check/check_int.h"

bool at_check_is_literal(const struct at_ast_node *node) {
    if (!node) return false;
    /* A minus before a number is part of the literal for readers. */
    if (node->kind == AT_N_NEG) return at_check_is_literal(at_check_child(node, 0));
    return node->kind == AT_N_NUMBER || node->kind == AT_N_MONEY || node->kind == AT_N_TEXT ||
           node->kind == AT_N_DATE || node->kind == AT_N_PERIOD || node->kind == AT_N_DURATION ||
           node->kind == AT_N_FLAG;
}

/* "`500 CNY`, `500 JPY`": the currencies that share a symbol. */
static at_str codes_of(struct at_check *ck, at_str symbol, at_str digits) {
    at_str list = {"", 0};
    unsigned n = 0;
    for (at_currency i = 1; at_currency_info(i) && n < 3; i++) {
        if (!at_str_eq(at_str_z(at_currency_info(i)->symbol), symbol)) continue;
        list = at_str_format(ck->arena, "%.*s%s`%.*s %s`", AT_STR_ARG(list), n++ ? ", " : "",
                             AT_STR_ARG(digits), at_currency_info(i)->code);
    }
    return list.n ? list : at_str_format(ck->arena, "`%.*s USD`", AT_STR_ARG(digits));
}

/* The place of the code or symbol alone, which comes before or after the digits. */
static at_span unit_span(const struct at_ast_node *node) {
    uint32_t n = node->unit.n;
    if (node->text.n < n || node->text.n != node->span.end - node->span.start) return node->span;
    if (memcmp(node->text.p, node->unit.p, n) == 0) return (at_span){node->span.start, node->span.start + n};
    return (at_span){node->span.end - n, node->span.end};
}

/* USX is one letter from the policy's own currency. Another one is named only if it is the one that is near.
 */
static void unknown_currency(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_currency_info *own = at_currency_info(ck->out->currency), *near = NULL;
    unsigned n = 0;
    at_span span = unit_span(node);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0312, span, "unknown currency `%.*s`", AT_STR_ARG(node->unit));
    if (own && at_str_distance(node->unit, at_str_z(own->code), 1) <= 1) near = own;
    for (at_currency i = 1; !(own && near == own) && at_currency_info(i); i++)
        if (at_str_distance(node->unit, at_str_z(at_currency_info(i)->code), 1) <= 1) {
            near = at_currency_info(i);
            n++;
        }
    if (near && n <= 1) {
        at_diag_help(d, "did you mean `%s`?", near->code);
        at_diag_fix(d, span, "%s", near->code);
    } else {
        at_diag_help(d, "write a code of ISO 4217 after the amount, such as `%s`", own ? own->code : "USD");
    }
}

static at_type money_literal(struct at_check *ck, const struct at_ast_node *node) {
    bool shared = false;
    at_type type = at_check_money_type(ck);
    if (node->unit.n == 0) return type;
    type.currency = at_currency_find(node->unit);
    if (!type.currency) type.currency = at_currency_of_symbol(node->unit, ck->out->currency, &shared);
    if (type.currency) {
        at_check_near_dots(ck, node, type.currency);
        return type;
    }
    const struct at_currency_info *own = at_currency_info(ck->out->currency);
    if (shared && !own) return at_check_type_make(AT_T_NONE); /* the header is wrong, and said so */
    if (shared) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0312, node->span, "unclear currency of `%.*s`: the policy pays in %s",
                        AT_STR_ARG(node->text), own->code);
        at_str digits = {node->text.p + node->unit.n, node->text.n - node->unit.n};
        at_str codes = codes_of(ck, node->unit, node->text.n > node->unit.n ? digits : AT_STR("100"));
        at_diag_help(d, "write the currency code after the amount, such as %.*s", AT_STR_ARG(codes));
    } else {
        unknown_currency(ck, node);
    }
    return at_check_type_make(AT_T_NONE);
}

/* A literal is read without a calendar, which decides how many weeks a year has. */
static at_type period_literal(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_calendar *calendar = &ck->out->calendar;
    if (!at_period_exists(calendar, node->period)) {
        at_period own = at_period_nearest(calendar, node->period);
        struct at_diag *d = at_diag_add(ck->diags, AT_A0261, node->span,
                                        calendar->weeks > 1 ? "no period begins with the week `%.*s`"
                                                            : "the year has no week `%.*s`",
                                        AT_STR_ARG(node->text));
        at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(at_period_print(ck->arena, own)));
        at_diag_fix(d, node->span, "%.*s", AT_STR_ARG(at_period_print(ck->arena, own)));
        return at_check_type_make(AT_T_NONE);
    } else if (!at_period_fits(calendar, node->period)) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0261, node->span, "`%.*s` is not a month of the fiscal year of weeks",
                        AT_STR_ARG(node->text));
        at_diag_help(d, "write a month by its number in the fiscal year, such as `2026-P01`");
        return at_check_type_make(AT_T_NONE);
    }
    return at_check_type_make(AT_T_PERIOD);
}

static at_type by_kind(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    switch ((enum at_ast_kind)node->kind) {
    case AT_N_NUMBER: return at_check_type_make(AT_T_NUMBER);
    case AT_N_MONEY: return money_literal(ck, node);
    case AT_N_TEXT: return at_check_type_make(AT_T_TEXT);
    case AT_N_DATE: return at_check_type_make(AT_T_DATE);
    case AT_N_PERIOD: return period_literal(ck, node);
    case AT_N_DURATION: return (at_type){.kind = AT_T_DURATION, .months = (node->flags & AT_F_MONTHS) != 0};
    case AT_N_FLAG: return at_check_type_make(AT_T_FLAG);
    case AT_N_NAME: return at_check_name(ck, env, node);
    case AT_N_MEMBER: return at_check_member(ck, env, node);
    case AT_N_CALL: return at_check_call(ck, env, node);
    case AT_N_NEG: return at_check_neg(ck, env, node);
    case AT_N_ARITH: return at_check_arith(ck, env, node);
    case AT_N_COMPARE: return at_check_compare(ck, env, node);
    case AT_N_MISSING: return at_check_is_missing(ck, env, node);
    case AT_N_IN: return at_check_in(ck, env, node);
    case AT_N_WITHIN: return at_check_within(ck, env, node);
    case AT_N_TIES: return at_check_ties(ck, env, node);
    case AT_N_CONVERT: return at_check_convert(ck, env, node);
    case AT_N_ASOF: return at_check_as_of(ck, env, node);
    case AT_N_AND:
    case AT_N_OR:
    case AT_N_NOT: return at_check_logic(ck, env, node);
    case AT_N_IF: return at_check_if(ck, env, node, false);
    case AT_N_CHOOSE: return at_check_choose(ck, env, node, false);
    case AT_N_OF: return at_check_of(ck, env, node);
    case AT_N_OVER:
    case AT_N_UPTO:
    case AT_N_BETWEEN: return at_check_slice(ck, env, node);
    case AT_N_THROUGH: return at_check_through(ck, env, node);
    case AT_N_OTHERWISE: return at_check_otherwise(ck, env, node);
    default: return at_check_type_make(AT_T_NONE);
    }
}

at_type at_check_expr(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    if (!node) return at_check_type_make(AT_T_NONE);
    /* Lets the host cancel the check of a very large policy. */
    at_arena_poll(ck->arena);
    if (ck->depth >= AT_MAX_DEPTH) {
        ck->too_deep = true;
        return at_check_type_make(AT_T_NONE);
    }
    ck->depth++;
    at_type type = by_kind(ck, env, node);
    ck->depth--;
    if (type.kind == AT_T_FOREIGN && ck->converted != node) {
        at_check_report_foreign(ck, node);
        type = at_check_type_make(AT_T_NONE);
    }
    bool named = node->kind == AT_N_NAME || node->kind == AT_N_MEMBER || node->kind == AT_N_CALL;
    /* A condition before this place guarantees the value. The side array then says the same to
     * later modules. */
    if (type.optional && named && at_check_known_there(ck, env->facts, node)) type.optional = false;
    return at_check_set_type(ck, node, type);
}

/* ---- values that may be missing */

/* A value of the type, as an example for messages. */
static at_str stand_in(struct at_check *ck, at_type type) {
    const struct at_currency_info *currency = at_currency_info(type.currency);
    switch (type.kind) {
    case AT_T_NUMBER: return type.unit == AT_UNIT_PERCENT ? AT_STR("0%") : AT_STR("0");
    case AT_T_TEXT: return AT_STR("\"\"");
    case AT_T_FLAG: return AT_STR("no");
    case AT_T_MONEY:
        if (currency && currency->symbol[0]) return at_str_format(ck->arena, "%s0", currency->symbol);
        if (currency) return at_str_format(ck->arena, "0 %s", currency->code);
        return AT_STR("0");
    default: return AT_STR("…");
    }
}

void at_check_report_missing(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = ck->out->symbols[node->id];
    at_str quoted = at_check_quote(ck, node), other = stand_in(ck, at_check_type_at(ck, node));
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0310, node->span, "`%.*s` may be missing", AT_STR_ARG(quoted));
    if (symbol && symbol->kind == AT_SYM_FIELD && symbol->type.optional)
        at_diag_label(d, at_check_decl_of(symbol)->span, "declared optional here");
    else if (symbol && symbol->kind == AT_SYM_MEASURE && ck->out->measures[symbol->index].rhythm &&
             !symbol->type.optional)
        at_diag_label(d, at_check_decl_of(symbol)->span, "calculated each %s, in its last period",
                      at_check_period_kind_say(ck->out->measures[symbol->index].rhythm - 1));
    else if (symbol && symbol->kind == AT_SYM_MEASURE)
        at_diag_label(d, at_check_decl_of(symbol)->span, "some payees and periods do not have a value");
    else if (symbol && symbol->kind == AT_SYM_BUILTIN && symbol->index == AT_B_PRIOR)
        at_diag_note(d, "the first period of the policy has no period before it");
    else if (node->kind == AT_N_MEMBER)
        at_check_show_origin(ck, d, node);
    if (symbol && symbol->kind == AT_SYM_FIELD)
        at_diag_help(d,
                     "write `ifmissing(%.*s, %.*s)`, or leave such rows out with `where %.*s is not missing`",
                     AT_STR_ARG(quoted), AT_STR_ARG(other), AT_STR_ARG(quoted));
    else
        at_diag_help(d, "write `ifmissing(%.*s, %.*s)`", AT_STR_ARG(quoted), AT_STR_ARG(other));
}

at_type at_check_value(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    at_type type = at_check_expr(ck, env, node);
    if (!type.optional) return type;
    /* Reported here once. The value counts as present afterwards, so that its users do not report
     * it again. */
    if (type.kind != AT_T_NONE) at_check_report_missing(ck, node);
    type.optional = false;
    return type;
}

/* ---- what fits where */

static void no_such_choice(struct at_check *ck, const struct at_ast_node *node, at_type wanted) {
    struct at_str_nearest suggest = {.wanted = node->text};
    for (uint32_t i = 0; i < wanted.choices->n; i++)
        at_str_nearest_try(&suggest, wanted.choices->at[i]);
    struct at_diag *d =
        ck->choice_of.n
            ? at_diag_add(ck->diags, AT_A0306, node->span, "`%.*s` is never \"%.*s\"",
                          AT_STR_ARG(ck->choice_of), AT_STR_ARG(node->text))
            : at_diag_add(ck->diags, AT_A0306, node->span, "this is never \"%.*s\"", AT_STR_ARG(node->text));
    if (suggest.best.n) {
        at_diag_help(d, "did you mean \"%.*s\"? The field is %.*s", AT_STR_ARG(suggest.best),
                     AT_STR_ARG(at_check_type_say(ck, wanted)));
        at_check_fix_text(d, node, suggest.best);
    } else
        at_diag_help(d, "the field is %.*s", AT_STR_ARG(at_check_type_say(ck, wanted)));
}

/* Texts, or cases that are all texts. */
static bool only_texts(const struct at_ast_node *node) {
    if (!node) return false;
    if (node->kind == AT_N_ARM) return only_texts(at_check_child(node, 1));
    if (node->kind == AT_N_IF)
        return only_texts(at_check_child(node, 1)) && only_texts(at_check_child(node, 2));
    if (node->kind != AT_N_CHOOSE) return node->kind == AT_N_TEXT;
    for (uint32_t i = 0; i < node->n; i++)
        if (!only_texts(node->child[i])) return false;
    return true;
}

/* Sets the type of every text inside. The planner makes choices of texts by these types. */
static void fit_all(struct at_check *ck, const struct at_ast_node *node, at_type wanted) {
    at_check_set_type(ck, node, wanted);
    if (node->kind == AT_N_TEXT && !at_check_has_choice(wanted.choices, node->text))
        no_such_choice(ck, node, wanted);
    for (uint32_t i = node->kind == AT_N_CHOOSE ? 0 : 1; i < node->n; i++)
        fit_all(ck, node->child[i], wanted);
}

/* True where `node` is a text, or cases of texts, and a choice is wanted: then it has been dealt with. */
bool at_check_fit_text(struct at_check *ck, const struct at_ast_node *node, at_type wanted) {
    if (wanted.kind != AT_T_ENUM || !wanted.choices || !only_texts(node)) return false;
    wanted.optional = false;
    fit_all(ck, node, wanted);
    return true;
}

bool at_check_fits(struct at_check *ck, const struct at_ast_node *node, at_type type, at_type wanted) {
    if (type.kind == AT_T_NONE || wanted.kind == AT_T_NONE) return true;
    if (at_check_fit_text(ck, node, wanted)) return true;
    if (wanted.kind == AT_T_TEXT && (type.kind == AT_T_ENUM || type.kind == AT_T_REF)) return true;
    return at_type_same(type, wanted);
}

void at_check_condition(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    if (!node) return;
    at_type type = at_check_value(ck, env, node);
    if (type.kind == AT_T_FLAG || type.kind == AT_T_NONE) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0308, node->span, "expected a condition, found %.*s",
                                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, node);
    at_str quoted = at_check_quote(ck, node);
    if (at_check_habit_between(ck, d, node)) return;
    if (type.kind == AT_T_ENUM && type.choices && type.choices->n)
        at_diag_help(d, "compare it with a value, such as `%.*s is \"%.*s\"`", AT_STR_ARG(quoted),
                     AT_STR_ARG(type.choices->at[0]));
    else if (at_check_is_numeric(type))
        at_diag_help(d, "compare it with a value, such as `%.*s > %.*s`", AT_STR_ARG(quoted),
                     AT_STR_ARG(stand_in(ck, type)));
    else if (node->kind == AT_N_TEXT)
        at_diag_help(d, "repeat what it is compared with, such as `name is %.*s`", AT_STR_ARG(quoted));
    else
        at_diag_help(d, "compare it with a value, such as `%.*s is …`", AT_STR_ARG(quoted));
}
