/* check/operate.c: + - * / and the unary minus: what money, numbers, dates and durations make together. */
#include "check/check_int.h"

/* "cannot add money and a number", "cannot take a number from money": with where each side comes from. */
static struct at_diag *clash(struct at_check *ck, enum at_diag_code code, const struct at_ast_node *node) {
    const struct at_ast_node *left = at_check_child(node, 0), *right = at_check_child(node, 1);
    at_str a = at_check_type_say(ck, at_check_type_at(ck, left)),
           b = at_check_type_say(ck, at_check_type_at(ck, right));
    const char *format = node->op == AT_OP_ADD   ? "cannot add %.*s and %.*s"
                         : node->op == AT_OP_SUB ? "cannot subtract %.*s from %.*s"
                         : node->op == AT_OP_MUL ? "cannot multiply %.*s by %.*s"
                                                 : "cannot divide %.*s by %.*s";
    /* "subtract B from A" names the operands in the other order. */
    if (node->op == AT_OP_SUB) {
        at_str swap = a;
        a = b;
        b = swap;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, code, at_check_name_span(node), format, AT_STR_ARG(a), AT_STR_ARG(b));
    at_check_show(ck, d, left);
    at_check_show(ck, d, right);
    return d;
}

static at_str symbol_of(const struct at_check *ck) {
    const struct at_currency_info *own = at_currency_info(ck->out->currency);
    return own && own->symbol[0] ? at_str_z(own->symbol) : AT_STR("");
}

/* money + 10%: the likely wish is a share of the money; money + 500: an amount. */
static void help_money_and_number(struct at_check *ck, struct at_diag *d, const struct at_ast_node *node) {
    const struct at_ast_node *left = at_check_child(node, 0), *right = at_check_child(node, 1);
    bool left_money = at_check_type_at(ck, left).kind == AT_T_MONEY;
    const struct at_ast_node *money = left_money ? left : right, *number = left_money ? right : left;
    at_str symbol = symbol_of(ck), text = at_check_quote(ck, number);
    if (at_check_is_percent(number))
        at_diag_help(d, "did you mean `%.*s of %.*s`?", AT_STR_ARG(text),
                     AT_STR_ARG(at_check_quote(ck, money)));
    else if (number->kind == AT_N_NUMBER && symbol.n) {
        at_diag_help(d, "did you mean `%.*s%.*s`?", AT_STR_ARG(symbol), AT_STR_ARG(text));
        at_diag_fix(d, number->span, "%.*s%.*s", AT_STR_ARG(symbol), AT_STR_ARG(number->text));
    } else
        at_diag_help(d, "make both money or both numbers, or write a share of money as `%.*s of %.*s`",
                     AT_STR_ARG(text), AT_STR_ARG(at_check_quote(ck, money)));
}

static at_type two_currencies(struct at_check *ck, const struct at_ast_node *node, const char *verb) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A0304, at_check_name_span(node),
                                    "cannot %s amounts of two currencies", verb);
    for (uint32_t i = 0; i < 2 && i < node->n; i++) {
        const struct at_currency_info *currency =
            at_currency_info(at_check_type_at(ck, node->child[i]).currency);
        at_diag_label(d, node->child[i]->span, "%s", currency ? currency->code : "money");
        at_check_show_origin(ck, d, node->child[i]);
    }
    at_diag_help(d, "convert one of them first, with a `param` for the rate: `amount / $1 * rate`");
    return at_check_type_make(AT_T_NONE);
}

static at_type with_text(struct at_check *ck, const struct at_ast_node *node, at_type a) {
    const struct at_ast_node *text =
        a.kind == AT_T_TEXT || a.kind == AT_T_ENUM ? at_check_child(node, 0) : at_check_child(node, 1);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0324, at_check_name_span(node), "cannot calculate with text");
    at_check_show(ck, d, at_check_child(node, 0));
    at_check_show(ck, d, at_check_child(node, 1));
    if (text && text->kind == AT_N_TEXT)
        at_diag_help(d, "write numbers and amounts without quotes");
    else
        at_diag_help(d, "declare the field as number or money");
    return at_check_type_make(AT_T_NONE);
}

static at_type dates(struct at_check *ck, const struct at_ast_node *node, at_type a, at_type b) {
    bool add = node->op == AT_OP_ADD, sub = node->op == AT_OP_SUB;
    if (a.kind == AT_T_DATE && b.kind == AT_T_DURATION && (add || sub)) return at_check_type_make(AT_T_DATE);
    if (a.kind == AT_T_DURATION && b.kind == AT_T_DATE && add) return at_check_type_make(AT_T_DATE);
    if (a.kind == AT_T_DURATION && b.kind == AT_T_DURATION && a.months == b.months && (add || sub)) return a;
    struct at_diag *d = clash(ck, AT_A0326, node);
    if (a.kind == AT_T_DATE && b.kind == AT_T_DATE)
        at_diag_help(d, "write `days(%.*s, %.*s)` for the days from one date to another",
                     AT_STR_ARG(at_check_quote(ck, at_check_child(node, 1))),
                     AT_STR_ARG(at_check_quote(ck, at_check_child(node, 0))));
    else if (a.kind == AT_T_DATE && b.kind == AT_T_NUMBER)
        at_diag_help(d, "write `%.*s days` or `%.*s months`",
                     AT_STR_ARG(at_check_quote(ck, at_check_child(node, 1))),
                     AT_STR_ARG(at_check_quote(ck, at_check_child(node, 1))));
    else
        at_diag_help(d, "add or subtract a duration such as `90 days` or `6 months`");
    return at_check_type_make(AT_T_NONE);
}

static bool is_time(at_type type) {
    return type.kind == AT_T_DATE || type.kind == AT_T_DURATION || type.kind == AT_T_PERIOD;
}
static bool is_text(at_type type) {
    return type.kind == AT_T_TEXT || type.kind == AT_T_ENUM;
}

/* Only equal types can be added: money of one currency, or numbers. */
static at_type add(struct at_check *ck, const struct at_ast_node *node, at_type a, at_type b) {
    if (at_type_same(a, b)) return a;
    if (a.kind == AT_T_MONEY && b.kind == AT_T_MONEY)
        return two_currencies(ck, node, node->op == AT_OP_ADD ? "add" : "subtract");
    struct at_diag *d = clash(ck, AT_A0301, node);
    help_money_and_number(ck, d, node);
    return at_check_type_make(AT_T_NONE);
}

/* Money times money has no meaning, so one side must be a number. */
static at_type multiply(struct at_check *ck, const struct at_ast_node *node, at_type a, at_type b) {
    if (a.kind == AT_T_NUMBER) return b;
    if (b.kind == AT_T_NUMBER) return a;
    struct at_diag *d = clash(ck, AT_A0302, node);
    at_diag_help(d, "make one of them a number, such as a rate, a count, or a quotient of amounts");
    return at_check_type_make(AT_T_NONE);
}

/* Only a literal zero is an error now. A divisor from data is an exception of the payee in a run. */
static at_type divide(struct at_check *ck, const struct at_ast_node *node, at_type a, at_type b) {
    const struct at_ast_node *right = at_check_child(node, 1);
    at_num value;
    if (at_check_is_literal(right) && at_check_fold_num(ck, right, &value) && at_num_is_zero(value)) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0323, at_check_name_span(node), "cannot divide by zero");
        at_diag_label(d, right->span, "zero");
        at_diag_help(d, "write the divisor, such as a measure");
    }
    if (b.kind == AT_T_NUMBER) return a;
    if (a.kind == AT_T_MONEY) {
        if (!at_type_same(a, b)) return two_currencies(ck, node, "divide");
        return at_check_type_make(AT_T_NUMBER);
    }
    struct at_diag *d = clash(ck, AT_A0303, node);
    at_diag_help(
        d, "exchange the two: money divided by money is a number, and money divided by a number is money");
    return at_check_type_make(AT_T_NONE);
}

static void help_field_of_row(struct at_check *ck, struct at_diag *d, const struct at_ast_node *row,
                              at_type type) {
    const struct at_schema *schema = &ck->out->schemas[type.table];
    for (uint32_t i = 0; type.table < ck->out->n_schemas && i < schema->n_fields; i++) {
        if (!at_check_is_numeric(schema->fields[i].type)) continue;
        at_diag_help(d, "use one of its fields, such as `%.*s.%.*s`", AT_STR_ARG(at_check_quote(ck, row)),
                     AT_STR_ARG(schema->fields[i].name));
        return;
    }
    at_diag_help(d, "use measures, or fields that are numbers or money");
}

at_type at_check_combine(struct at_check *ck, const struct at_ast_node *node, at_type a, at_type b) {
    if (a.kind == AT_T_NONE || b.kind == AT_T_NONE) return at_check_type_make(AT_T_NONE);
    a.optional = b.optional = false;
    /* The most specific message first: text, then dates, and only then numbers and money. */
    if (is_text(a) || is_text(b)) return with_text(ck, node, a);
    if (is_time(a) || is_time(b)) return dates(ck, node, a, b);
    if (!at_check_is_numeric(a) || !at_check_is_numeric(b)) {
        struct at_diag *d = clash(ck, AT_A0301, node);
        if (a.kind == AT_T_FLAG || b.kind == AT_T_FLAG)
            at_diag_help(d, "write `if … then … else …` to get a value from yes or no");
        else
            help_field_of_row(ck, d, at_check_child(node, a.kind == AT_T_REF ? 0 : 1),
                              a.kind == AT_T_REF ? a : b);
        return at_check_type_make(AT_T_NONE);
    }
    switch (node->op) {
    case AT_OP_MUL: return multiply(ck, node, a, b);
    case AT_OP_DIV: return divide(ck, node, a, b);
    default: return add(ck, node, a, b);
    }
}

at_type at_check_arith(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    at_type a = at_check_value(ck, env, at_check_child(node, 0)),
            b = at_check_value(ck, env, at_check_child(node, 1));
    return at_check_combine(ck, node, a, b);
}

at_type at_check_neg(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node) {
    at_type type = at_check_value(ck, env, at_check_child(node, 0));
    if (type.kind == AT_T_NONE || at_check_is_numeric(type) || type.kind == AT_T_DURATION) return type;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0309, node->span, "a minus needs money or a number, found %.*s",
                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show(ck, d, at_check_child(node, 0));
    at_diag_help(d,
                 type.kind == AT_T_FLAG ? "write `not …` for the opposite of yes or no" : "delete the minus");
    return at_check_type_make(AT_T_NONE);
}
