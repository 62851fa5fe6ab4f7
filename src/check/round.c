/* check/round.c: `round half up to dollars`: the direction and the unit of payout lines.
 *
 * A unit is a word or an amount. Lines have whole minor units, so a unit is a multiple of the minor unit. */
#include "base/near.h"
#include "check/check_int.h"

#define LARGEST 10000000u /* minor units; a plan holds it in 24 bits */

/* An amount of the policy's currency, such as `$1`. */
static at_str amount_of(struct at_check *ck, at_str digits) {
    const struct at_currency_info *own = at_currency_info(ck->out->currency);
    if (own && own->symbol[0]) return at_str_format(ck->arena, "%s%.*s", own->symbol, AT_STR_ARG(digits));
    return at_str_format(ck->arena, "%.*s %s", AT_STR_ARG(digits), own ? own->code : "");
}

/* The words of a unit: `cents`, `dollars`, … */
static at_str words_of(struct at_check *ck) {
    at_str list = AT_STR(""), word;
    for (unsigned i = 0; (word = at_money_unit_name(ck->out->currency, i)).n > 0; i++)
        list = at_str_format(ck->arena, "%.*s%s`%.*s`", AT_STR_ARG(list), i ? ", " : "", AT_STR_ARG(word));
    return list;
}

static void unknown(struct at_check *ck, const struct at_ast_node *node) {
    struct at_str_nearest nearest = {.wanted = node->text};
    struct at_diag *d = at_diag_add(ck->diags, AT_A0252, node->name_span, "unknown unit `%.*s` for rounding",
                                    AT_STR_ARG(node->text));
    at_str word;
    for (unsigned i = 0; (word = at_money_unit_name(ck->out->currency, i)).n > 0; i++)
        at_str_nearest_try(&nearest, word);
    if (nearest.best.n > 0) {
        at_diag_help(d, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
        at_diag_fix(d, node->name_span, "%.*s", AT_STR_ARG(nearest.best));
    } else
        at_diag_help(d, "write %.*s, or an amount such as `%.*s`", AT_STR_ARG(words_of(ck)),
                     AT_STR_ARG(amount_of(ck, AT_STR("1"))));
}

/* A bare number may be an amount or a number of decimals. */
static void bare(struct at_check *ck, const struct at_ast_node *number) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0253, number->span, "the unit for rounding must be an amount of money");
    at_diag_help(d, "write `to %.*s`, or `to cents`", AT_STR_ARG(amount_of(ck, number->text)));
}

static void check_amount(struct at_check *ck, const struct at_ast_node *amount) {
    const struct at_currency_info *own = at_currency_info(ck->out->currency);
    static const struct at_check_env nothing = {.place = AT_IN_CONST, .group_field = -1};
    at_type type = at_check_expr(ck, &nothing, amount);
    int64_t minor = 0;
    if (type.kind != AT_T_MONEY || !own) return; /* reported */
    if (type.currency != ck->out->currency) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0253, amount->span, "the unit for rounding must be in %s", own->code);
        at_diag_help(d, "write an amount such as `%.*s`", AT_STR_ARG(amount_of(ck, AT_STR("1"))));
        return;
    }
    bool whole = at_num_to_i64(ck->arena, amount->value, own->digits, &minor);
    if (whole && minor > 0 && minor <= LARGEST) {
        ck->out->round_unit = (uint32_t)minor;
        return;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0253, amount->span, "cannot round to `%.*s`", AT_STR_ARG(amount->text));
    at_str least = at_money_print(ck->arena, at_num_decimal(1, own->digits), ck->out->currency);
    at_diag_note(d, "payout lines have %u decimals", own->digits);
    at_diag_help(
        d, "write `to cents`, or a multiple of %.*s, at most %.*s", AT_STR_ARG(least),
        AT_STR_ARG(at_money_print(ck->arena, at_num_decimal(LARGEST, own->digits), ck->out->currency)));
}

void at_check_round(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_ast_node *amount = at_check_child(node, 0);
    ck->out->rounding = node->op == AT_OP_HALF_EVEN ? AT_ROUND_HALF_EVEN
                        : node->op == AT_OP_DOWN    ? AT_ROUND_DOWN
                                                    : AT_ROUND_HALF_UP;
    if (amount && amount->kind == AT_N_NUMBER)
        bare(ck, amount);
    else if (amount)
        check_amount(ck, amount);
    else if (ck->out->currency && node->text.n > 0) {
        ck->out->round_unit = at_money_unit(ck->out->currency, node->text);
        if (ck->out->round_unit == 0) unknown(ck, node);
    }
}
