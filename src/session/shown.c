/* session/shown.c: the values of measures that a policy shows, and values as people read them. */
#include "base/numtext.h"
#include "session/results_int.h"

/* ---- values as text */

/* Six decimals of the percentage suffice for rates. The caller adds the sign for shortened numbers. */
static at_str percent_text(struct at_arena *arena, at_num num, bool *shortened) {
    at_num hundred = at_num_mul(arena, num, at_num_int(100));
    at_str text = at_num_print_short(arena, hundred, 6, true, shortened);
    return at_str_format(arena, "%.*s%%", AT_STR_ARG(text));
}

static at_str number_text(struct at_arena *arena, const struct at_plan_value *value, bool percent,
                          bool *shortened) {
    if (value->type.kind == AT_T_MONEY) {
        const struct at_currency_info *info = at_currency_info(value->type.currency);
        /* Money is shown with all minor units of its currency. at_money_print decides the text; the call
         * before it only finds whether digits are lost. */
        unsigned digits = info && info->digits > 6 ? info->digits : 6;
        at_num_print_short(arena, at_plan_value_num(value), digits, false, shortened);
        return at_money_print(arena, at_plan_value_num(value), value->type.currency);
    }
    return percent ? percent_text(arena, at_plan_value_num(value), shortened)
                   : at_num_print_short(arena, at_plan_value_num(value), 6, true, shortened);
}

static at_words_operand number_shown(struct at_arena *arena, const struct at_plan_value *value, bool percent,
                                     bool *shortened) {
    bool days = value->type.kind == AT_T_DURATION;
    at_str text = number_text(arena, value, percent && !days, shortened);
    if (*shortened) text = at_str_format(arena, "≈%.*s", AT_STR_ARG(text));
    if (!days && !percent) return at_words_in_unit(arena, text, (enum at_type_unit)value->type.unit);
    if (!days) return at_words_digits(text);
    bool one = at_str_eq(text, AT_STR("1")), months = value->type.months;
    enum at_words_word many = months ? AT_W_MONTHS : AT_W_DAYS,
                       single = months ? AT_W_MONTHS_ONE : AT_W_DAYS_ONE;
    return AT_SAID(arena, one ? single : many, at_words_text(text));
}

/* A reference is shown as the key of its row. */
static at_str ref_text(const struct at_session_run *run, const struct at_plan_value *value,
                       struct at_arena *arena) {
    const struct at_schema *schema = &run->plan->checked->schemas[value->type.table];
    if (schema->key < 0 || at_plan_value_row(value) < 0) return AT_STR("?");
    return at_session_table_text(run->data, value->type.table, (uint32_t)schema->key,
                                 (uint64_t)at_plan_value_row(value), arena);
}

at_words_operand at_session_value_shown(const struct at_session_run *run, const struct at_plan_value *value,
                                        bool percent, struct at_arena *arena, bool *shortened) {
    *shortened = false;
    if (value->missing) return at_words_fixed(AT_W_NONE);
    switch ((enum at_type_kind)value->type.kind) {
    case AT_T_NUMBER:
    case AT_T_MONEY:
    case AT_T_FOREIGN:
    case AT_T_DURATION: return number_shown(arena, value, percent, shortened);
    case AT_T_TEXT: return at_words_quoted(at_plan_value_text(value));
    case AT_T_DATE: return at_words_day(at_plan_value_day(value));
    case AT_T_PERIOD: return at_words_month(at_plan_value_period(value));
    case AT_T_FLAG: return at_words_fixed(at_plan_value_yes(value) ? AT_W_YES : AT_W_NO);
    case AT_T_ENUM:
        if (!value->type.choices || at_plan_value_row(value) < 0 ||
            (uint32_t)at_plan_value_row(value) >= value->type.choices->n)
            break;
        return at_words_quoted(value->type.choices->at[at_plan_value_row(value)]);
    case AT_T_REF: return at_words_quoted(ref_text(run, value, arena));
    case AT_T_NONE: break;
    }
    return at_words_text(AT_STR("?"));
}

/* The exact value: a decimal, or a fraction where no decimal is exact. A percentage is what its sign says. */
static at_str exact_text(const struct at_session_run *run, const struct at_plan_value *value,
                         struct at_arena *arena) {
    at_num num = at_num_int(0);
    switch ((enum at_type_kind)value->type.kind) {
    case AT_T_NUMBER:
    case AT_T_MONEY:
    case AT_T_FOREIGN:
    case AT_T_DURATION:
        num = at_plan_value_num(value);
        if (value->type.kind == AT_T_NUMBER && value->type.unit == AT_UNIT_PERCENT)
            num = at_num_mul(arena, num, at_num_int(100));
        return at_num_print(arena, num);
    case AT_T_DATE: return at_date_print(arena, at_plan_value_day(value));
    case AT_T_PERIOD: return at_period_print(arena, at_plan_value_period(value));
    case AT_T_FLAG: return at_plan_value_yes(value) ? AT_STR("yes") : AT_STR("no");
    case AT_T_TEXT: return at_plan_value_text(value);
    case AT_T_ENUM: return value->type.choices->at[at_plan_value_row(value)];
    case AT_T_REF: return ref_text(run, value, arena);
    case AT_T_NONE: break;
    }
    return AT_STR("");
}

static at_str unit_text(at_type type) {
    const struct at_currency_info *info = type.kind == AT_T_MONEY ? at_currency_info(type.currency) : NULL;
    if (info) return at_str_z(info->code);
    if (type.kind == AT_T_DURATION) return type.months ? AT_STR("months") : AT_STR("days");
    if (type.kind != AT_T_NUMBER) return AT_STR("");
    return type.unit == AT_UNIT_PERCENT  ? AT_STR("%")
           : type.unit == AT_UNIT_POINTS ? AT_STR("points")
           : type.unit == AT_UNIT_UNITS  ? AT_STR("units")
                                         : AT_STR("");
}

/* ---- the list */

/* How many values of the payee the run shows. */
static uint64_t shown_of(const struct at_session_results *results, uint32_t run, uint32_t payee) {
    const struct at_session_result_run *r = &results->runs[run];
    if (!at_session_results_cover(results, run, payee)) return 0;
    return (uint64_t)at_session_results_periods(r->run) * r->checked->n_shown;
}

void at_session_results_count_shown(struct at_session_results *results, struct at_arena *arena) {
    bool any = false;
    for (uint32_t i = 0; i < results->n_runs; i++)
        any |= results->runs[i].checked->n_shown > 0;
    if (!any) return;
    results->first_shown = AT_NEW_ARRAY(arena, uint64_t, results->n_payees + 1);
    for (uint32_t i = 0; i < results->n_payees; i++) {
        const struct at_session_result_payee *payee = &results->payees[i];
        results->first_shown[i] = results->n_shown;
        for (uint32_t run = 0; payee->wanted && run < results->n_runs; run++)
            results->n_shown += shown_of(results, run, i);
    }
    results->first_shown[results->n_payees] = results->n_shown;
}

void at_session_shown_of(const struct at_session_results *results, uint32_t run, uint32_t row,
                         uint32_t period, uint32_t which, struct at_arena *arena,
                         struct at_session_shown *out) {
    const struct at_session_result_run *r = &results->runs[run];
    const struct at_check_shown_decl *decl = &r->checked->shown[which];
    uint32_t node = r->run->plan->measures[decl->measure].cell, state;
    struct at_plan_value value =
        at_session_run_value(r->run, node, period * r->run->n_payees + row, arena, &state);
    *out = (struct at_session_shown){.run = run,
                                     .row = row,
                                     .period = period,
                                     .name = r->checked->measures[decl->measure].symbol->name,
                                     .label = decl->label,
                                     .type = value.type,
                                     .unit = unit_text(value.type),
                                     .known = state == AT_STATE_OK};
    if (state == AT_STATE_OK) {
        bool percent = value.type.unit == AT_UNIT_PERCENT;
        out->exact = exact_text(r->run, &value, arena);
        out->shown = at_session_value_shown(r->run, &value, percent, arena, &out->shortened);
        if (out->shown.kind == AT_OPERAND_QUOTED) out->shown = at_words_text(out->exact);
        return;
    }
    out->shown = at_words_fixed(AT_W_NONE);
    if (state < AT_STATE_EXCEPTION) return;
    struct at_gather_exception exception = r->run->kept[state - AT_STATE_EXCEPTION];
    at_gather_exception_name(&exception, r->run->data, r->run->frame->payee_table, row, arena);
    if (exception.unnamed) exception.why.of = out->name;
    out->code = exception.code;
    out->why = exception.why;
    out->failed = true;
}

void at_session_shown_at(const struct at_session_results *results, uint64_t index, struct at_arena *arena,
                         struct at_session_shown *out) {
    uint32_t low = 0, high = results->n_payees; /* the last payee whose first value is not after the index */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (results->first_shown[middle] <= index)
            low = middle;
        else
            high = middle;
    }
    uint32_t run = 0;
    uint64_t at = index - results->first_shown[low];
    for (uint64_t n; at >= (n = shown_of(results, run, low)); run++)
        at -= n;
    const struct at_session_result_run *r = &results->runs[run];
    at_session_shown_of(results, run, r->row_of[low],
                        r->run->paid_from + (uint32_t)(at / r->checked->n_shown),
                        (uint32_t)(at % r->checked->n_shown), arena, out);
}
