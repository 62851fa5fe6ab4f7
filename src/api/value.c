/* api/value.c: implements value.h. */
#include "api/value.h"

#include "base/numtext.h"

static bool is_fraction(at_str text) {
    return memchr(text.p, '/', text.n) != NULL;
}

static at_str number_text(struct at_arena *arena, at_num value, bool percent) {
    if (value.form == AT_NUM_OVERFLOW) return AT_STR("a number too large to show");
    if (percent) value = at_num_mul(arena, value, at_num_int(100));
    at_str text = at_num_print(arena, value);
    if (is_fraction(text)) {
        at_str about = at_num_print_fixed(arena, value, 6, true, NULL);
        return at_str_format(arena, "%.*s%s (about %.*s)", AT_STR_ARG(text), percent ? "%" : "",
                             AT_STR_ARG(about));
    }
    return percent ? at_str_format(arena, "%.*s%%", AT_STR_ARG(text)) : text;
}

/* at_money_print shortens an amount with more digits than it shows. */
static at_str money_text(struct at_arena *arena, at_num amount, at_currency currency) {
    const struct at_currency_info *info = at_currency_info(currency);
    unsigned digits = info && info->digits > 6 ? info->digits : 6;
    bool shortened = false;
    at_str text = at_money_print(arena, amount, currency);
    if (amount.form == AT_NUM_OVERFLOW) return AT_STR("a number too large to show");
    at_num_print_short(arena, amount, digits, false, &shortened);
    if (!shortened) return text;
    return at_str_format(arena, "%.*s %s (about %.*s)", AT_STR_ARG(at_num_print(arena, amount)),
                         info ? info->code : "", AT_STR_ARG(text));
}

at_str at_api_value_text(struct at_arena *arena, const struct at_plan_value *value, bool percent) {
    switch ((enum at_type_kind)value->type.kind) {
    case AT_T_NUMBER:
        return number_text(arena, at_plan_value_num(value), percent || value->type.unit == AT_UNIT_PERCENT);
    case AT_T_MONEY: return money_text(arena, at_plan_value_num(value), value->type.currency);
    case AT_T_TEXT: return at_plan_value_text(value);
    case AT_T_DATE: return at_date_print(arena, at_plan_value_day(value));
    case AT_T_PERIOD: return at_period_print(arena, at_plan_value_period(value));
    case AT_T_FLAG: return at_plan_value_yes(value) ? AT_STR("yes") : AT_STR("no");
    case AT_T_ENUM:
        return at_plan_value_row(value) >= 0 ? value->type.choices->at[at_plan_value_row(value)] : AT_STR("");
    case AT_T_DURATION:
        return at_str_format(arena, "%.*s %s", AT_STR_ARG(at_num_print(arena, at_plan_value_num(value))),
                             value->type.months ? "months" : "days");
    case AT_T_FOREIGN:
    case AT_T_REF:
    case AT_T_NONE: break;
    }
    return AT_STR("");
}

at_str at_api_value_exact(struct at_arena *arena, const struct at_plan_value *value, bool percent) {
    if (!at_plan_type_counts(value->type)) return at_api_value_text(arena, value, percent);
    at_num num = at_plan_value_num(value);
    percent = value->type.kind == AT_T_NUMBER && (percent || value->type.unit == AT_UNIT_PERCENT);
    if (num.form == AT_NUM_OVERFLOW) return AT_STR("");
    return at_num_print(arena, percent ? at_num_mul(arena, num, at_num_int(100)) : num);
}
