/* write/diff_limits.c: the texts of limits, risks, and withheld payouts. See diff_decision.h. */
#include "write/diff_decision.h"

#include "base/numtext.h"
#include "write/plot_int.h"

#define SAY(word, ...)                                                                                       \
    say(diff, arena, word, (const at_str[]){__VA_ARGS__},                                                    \
        sizeof((const at_str[]){__VA_ARGS__}) / sizeof(at_str))

static at_str say(const struct at_diff *diff, struct at_arena *arena, enum at_words_word word,
                  const at_str *args, unsigned n) {
    return at_words_say_plain(arena, diff->words, word, args, n);
}

static at_str count(struct at_arena *arena, uint64_t n) {
    return at_str_format(arena, "%llu", (unsigned long long)n);
}

/* ---------------------------------------------------------------- limits */

/* A change has a sign, and a count or a share of a whole does not. */
static bool has_sign(const struct at_diff_limit *limit) {
    return limit->of <= AT_LIMIT_GROUP;
}

/* -1 below the bound, 0 on it, 1 above it. */
static int side_of(struct at_arena *arena, at_num value, const struct at_diff_limit *limit) {
    int order = at_num_cmp(arena, value, limit->bound);
    return (order > 0) - (order < 0);
}

/* With one decimal, or with as many more as show on which side of the bound the number is. */
static at_str percent_text(struct at_arena *arena, const struct at_diff_limit *limit, at_num value) {
    int digits = 1;
    at_num rounded = at_num_round(arena, value, digits, AT_ROUND_HALF_UP);
    int side = side_of(arena, value, limit);
    for (; digits < 6 && side_of(arena, rounded, limit) != side; digits++)
        rounded = at_num_round(arena, value, digits + 1, AT_ROUND_HALF_UP);
    at_str text = at_num_print_fixed(arena, rounded, (unsigned)digits, true, NULL);
    return at_str_format(arena, "%s%.*s%%", has_sign(limit) && at_num_sign(rounded) > 0 ? "+" : "",
                         AT_STR_ARG(text));
}

at_str at_write_diff_limit_value(const struct at_diff *diff, struct at_arena *arena,
                                 const struct at_diff_limit *limit, const struct at_diff_limit_value *value) {
    if (!value->found) return AT_STR("");
    if (value->endless) {
        at_i128 change = value->minor[1] - value->minor[0];
        return SAY(AT_W_DIFF_LIMIT_FROM_ZERO, at_write_diff_change(diff, arena, change));
    }
    if (limit->share) return percent_text(arena, limit, value->value);
    if (limit->of == AT_LIMIT_WITHHELD || limit->of == AT_LIMIT_LOSERS)
        return at_num_print_fixed(arena, value->value, 0, true, NULL);
    if (limit->of == AT_LIMIT_COST) return at_write_diff_amount(diff, arena, value->minor[1]);
    return at_write_diff_change(diff, arena, value->minor[1] - value->minor[0]);
}

at_str at_write_diff_limit_at(const struct at_diff *diff, struct at_arena *arena,
                              const struct at_diff_limit *limit, const struct at_diff_limit_value *value) {
    at_str name = AT_STR("");
    if (!value->found) return name;
    if (value->payee != UINT32_MAX) name = at_write_diff_name(diff, arena, value->payee);
    if (value->component != UINT32_MAX)
        name = SAY(AT_W_DIFF_LIMIT_COMPONENT, diff->components[value->component].name);
    if (limit->of == AT_LIMIT_GROUP) name = at_write_diff_group_name(diff, arena, limit->field, value->group);
    at_str period = value->one_period ? at_write_diff_period_text(diff, arena, value->period) : AT_STR("");
    if (period.n) return name.n ? SAY(AT_W_DIFF_LIMIT_IN, name, period) : period;
    bool payouts_too = limit->of == AT_LIMIT_PAYEE && limit->in.n == 0 && !limit->each && diff->n_periods > 1;
    return payouts_too ? SAY(AT_W_DIFF_LIMIT_OVER_ALL, name) : name;
}

static bool same_place(const struct at_diff_limit_value *a, const struct at_diff_limit_value *b) {
    return a->payee == b->payee && a->component == b->component && at_str_eq(a->group, b->group) &&
           a->one_period == b->one_period && (!a->one_period || a->period == b->period);
}

at_str at_write_diff_limit_where(const struct at_diff *diff, struct at_arena *arena,
                                 const struct at_diff_limit *limit) {
    at_str where = at_write_diff_limit_at(diff, arena, limit, at_write_diff_limit_shown(limit));
    if (limit->n_exceed < 2) return where;
    where = SAY(AT_W_DIFF_AND_MORE, where, count(arena, limit->n_exceed - 1));
    if (same_place(&limit->first, &limit->most)) return where;
    return SAY(AT_W_DIFF_LIMIT_MOST, where, at_write_diff_limit_value(diff, arena, limit, &limit->most),
               at_write_diff_limit_at(diff, arena, limit, &limit->most));
}

/* ---------------------------------------------------------------- risks */

static at_str change_of(const struct at_diff *diff, struct at_arena *arena, const at_i128 minor[2]) {
    at_i128 change = minor[1] - minor[0];
    at_str amount = at_write_diff_change(diff, arena, change),
           percent = at_write_diff_percent(arena, change, minor[0]);
    return percent.n ? SAY(AT_W_DIFF_AMOUNT_SHARE, amount, percent) : amount;
}

static at_str base_text(const struct at_diff *diff, struct at_arena *arena) {
    at_str before = at_write_diff_amount(diff, arena, diff->credited_minor[0]),
           after = at_write_diff_amount(diff, arena, diff->credited_minor[1]);
    return SAY(AT_W_DIFF_RISK_BASE, before, after,
               at_write_diff_share(arena, diff->minor[1], diff->credited_minor[0]),
               at_write_diff_share(arena, diff->minor[1], diff->credited_minor[1]));
}

/* Before rounding, shown as an amount. */
static at_str pay_text(const struct at_diff *diff, struct at_arena *arena, at_num pay, bool change) {
    at_num rounded = at_num_round(arena, pay, diff->digits, AT_ROUND_HALF_UP);
    at_str text = at_num_print_fixed(arena, rounded, diff->digits, true, NULL);
    return change && at_num_sign(rounded) > 0 ? at_str_format(arena, "+%.*s", AT_STR_ARG(text)) : text;
}

static at_str cliff_text(const struct at_diff *diff, struct at_arena *arena,
                         const struct at_diff_cliff *cliff) {
    const struct at_write_plot_axis axis = {.type = cliff->type};
    const struct at_diff_cliffs *cliffs = diff->decision->cliffs;
    at_str low = at_write_plot_value(&axis, cliff->low, diff->words, arena),
           high = at_write_plot_value(&axis, cliff->high, diff->words, arena),
           from = pay_text(diff, arena, cliff->before, false),
           to = pay_text(diff, arena, cliff->after, false),
           by = pay_text(diff, arena, at_num_sub(arena, cliff->after, cliff->before), true),
           near = SAY(AT_W_DIFF_RISK_NEAR, at_words_period_text(arena, diff->words, cliffs->period),
                      count(arena, cliff->n_payees), count(arena, cliffs->n_payees),
                      count(arena, cliff->n_near));
    if (cliff->kind == AT_RISK_CLIFF)
        return SAY(AT_W_DIFF_RISK_CLIFF, cliff->component, by, from, to, cliff->measure, low, near);
    if (!at_diff_cliff_ends(cliff, arena))
        return SAY(AT_W_DIFF_RISK_FALL_FAR, cliff->component, cliff->measure, low, high, near);
    return SAY(AT_W_DIFF_RISK_FALL, cliff->component, from, to, cliff->measure, low, high, near);
}

at_str at_write_diff_risk(const struct at_diff *diff, struct at_arena *arena,
                          const struct at_diff_risk *risk) {
    bool one = risk->n_payees == 1;
    at_str n = count(arena, risk->n), n_payees = count(arena, risk->n_payees), name = AT_STR(""),
           period = AT_STR("");
    if (risk->payee != UINT32_MAX) {
        name = at_write_diff_name(diff, arena, risk->payee);
        period = at_write_diff_period_text(diff, arena, risk->period);
    }
    switch ((enum at_diff_risk_kind)risk->kind) {
    case AT_DIFF_RISK_WITHHELD:
        return SAY(risk->n == 1 ? AT_W_DIFF_RISK_WITHHELD_1 : AT_W_DIFF_RISK_WITHHELD, n, n_payees,
                   at_write_diff_amount(diff, arena, risk->minor[0]), name);
    case AT_DIFF_RISK_TEST:
        return SAY(risk->side ? AT_W_DIFF_RISK_TEST_NEW : AT_W_DIFF_RISK_TEST_OLD, n, n_payees, risk->name);
    case AT_DIFF_RISK_LOSER:
        return SAY(risk->n > 1 ? AT_W_DIFF_RISK_LOSER_MORE : AT_W_DIFF_RISK_LOSER, name,
                   change_of(diff, arena, risk->minor), n);
    case AT_DIFF_RISK_GROUP:
        return SAY(AT_W_DIFF_RISK_GROUP,
                   at_write_diff_group_name(diff, arena, diff->decision->groups.field, risk->name),
                   change_of(diff, arena, risk->minor), n, n_payees);
    case AT_DIFF_RISK_CAPPED:
        return SAY(one ? AT_W_DIFF_RISK_CAPPED_1 : AT_W_DIFF_RISK_CAPPED, n_payees, risk->name, name, period);
    case AT_DIFF_RISK_NOTHING:
        return SAY(one ? AT_W_DIFF_RISK_NOTHING_1 : AT_W_DIFF_RISK_NOTHING, n_payees, risk->name, name,
                   period);
    case AT_DIFF_RISK_CLIFF: return cliff_text(diff, arena, risk->cliff);
    case AT_DIFF_RISK_BASE: return base_text(diff, arena);
    default: return AT_STR("");
    }
}

at_str at_write_diff_reason(const struct at_diff *diff, struct at_arena *arena,
                            const struct at_diff_newly *newly) {
    if (newly->why.kind == AT_OPERAND_NONE) return AT_STR("");
    return at_words_sentence_plain(arena, at_words_write_operand(arena, diff->words, &newly->why));
}

at_str at_write_diff_newly(const struct at_diff *diff, struct at_arena *arena,
                           const struct at_diff_newly *newly) {
    at_str who = SAY(AT_W_DIFF_LIMIT_IN, at_write_diff_name(diff, arena, newly->payee),
                     at_write_diff_period_text(diff, arena, newly->period)),
           why = at_write_diff_reason(diff, arena, newly),
           before = at_write_diff_amount(diff, arena, newly->minor);
    return why.n ? SAY(AT_W_DIFF_NEWLY_LINE, who, before, why) : SAY(AT_W_DIFF_NEWLY_BARE, who, before);
}

at_str at_write_diff_cause_newly(const struct at_diff *diff, struct at_arena *arena,
                                 const struct at_diff_cause *cause) {
    return SAY(cause->newly == 1 ? AT_W_DIFF_CAUSE_NEWLY_1 : AT_W_DIFF_CAUSE_NEWLY,
               count(arena, cause->newly));
}

at_str at_write_diff_quiet(const struct at_diff *diff, struct at_arena *arena,
                           const struct at_diff_cause *cause) {
    switch ((enum at_diff_quiet)cause->quiet) {
    case AT_QUIET_ADJUSTED:
        return cause->quiet_by.n ? SAY(AT_W_DIFF_QUIET_ADJUSTED, cause->quiet_by)
                                 : at_words_word(diff->words, AT_W_DIFF_QUIET_ADJUSTMENTS);
    case AT_QUIET_ROUNDED: return at_words_word(diff->words, AT_W_DIFF_QUIET_ROUNDED);
    case AT_QUIET_TIER: return at_words_word(diff->words, AT_W_DIFF_QUIET_TIER);
    case AT_QUIET_WHEN: return SAY(AT_W_DIFF_QUIET_WHEN, cause->quiet_by);
    case AT_QUIET_IDLE: return at_words_word(diff->words, AT_W_DIFF_QUIET_IDLE);
    case AT_QUIET_UNKNOWN: return at_words_word(diff->words, AT_W_DIFF_QUIET_UNKNOWN);
    case AT_QUIET_NOTHING: return at_words_word(diff->words, AT_W_DIFF_QUIET_NOTHING);
    default: return AT_STR("");
    }
}
