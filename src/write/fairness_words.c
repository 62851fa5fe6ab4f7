/* write/fairness_words.c: the sentences and numbers of a report on fairness. */
#include "write/fairness.h"

#include "base/money.h"
#include "base/numtext.h"
#include "words/sentence.h"

#define SAY(word, ...)                                                                                       \
    at_words_say_plain(arena, words, (word), (const at_str[]){__VA_ARGS__},                                  \
                       sizeof((const at_str[]){__VA_ARGS__}) / sizeof(at_str))

static at_str count(struct at_arena *arena, uint64_t n) {
    return at_num_print_short(arena, at_num_decimal128(n, 0), 0, true, NULL);
}

/* At most `digits` decimals, and the sign of the language. */
static at_str number(at_num value, unsigned digits, const struct at_words *words, struct at_arena *arena) {
    at_num rounded = at_num_round(arena, value, (int)digits, AT_ROUND_HALF_UP);
    return at_words_number(arena, words, at_num_print_short(arena, rounded, digits, true, NULL));
}

at_str at_write_fair_percent(at_num rate, const struct at_words *words, struct at_arena *arena) {
    at_str text = number(at_num_mul(arena, rate, at_num_int(100)), 2, words, arena);
    return at_str_format(arena, "%.*s%%", AT_STR_ARG(text));
}

at_str at_write_fair_points(at_num difference, const struct at_words *words, struct at_arena *arena) {
    return number(at_num_mul(arena, difference, at_num_int(100)), 2, words, arena);
}

at_str at_write_fair_money(const struct at_fair_report *report, at_num amount, const struct at_words *words,
                           struct at_arena *arena) {
    at_num rounded = at_num_round(arena, amount, (int)report->digits, AT_ROUND_HALF_UP);
    return at_words_number(arena, words, at_money_print(arena, rounded, report->currency));
}

at_str at_write_fair_value(const struct at_fair_report *report, at_num value, const struct at_words *words,
                           struct at_arena *arena) {
    if (report->type.kind == AT_T_MONEY) return at_write_fair_money(report, value, words, arena);
    if (report->type.unit == AT_UNIT_PERCENT) return at_write_fair_percent(value, words, arena);
    return number(value, 2, words, arena);
}

at_str at_write_fair_person(const struct at_fair_person *person, const struct at_words *words,
                            struct at_arena *arena) {
    if (person->label.n == 0 || at_str_eq(person->label, person->key)) return person->key;
    return SAY(AT_W_NAMED, person->label, person->key);
}

/* ---- numbers */

const char *at_write_fair_id(enum at_fair_figure_id id) {
    static const char *const ids[AT_FAIR_FIGURES] = {
        "spearman", "kendall", "inverted_pairs", "gini_pay",      "gini_contribution",
        "median",   "at_zero", "at_cap",         "near_threshold"};
    return ids[id];
}

static at_str performance(const struct at_fair_report *report) {
    return report->performance.n ? report->performance : AT_STR("attainment");
}

at_str at_write_fair_name(const struct at_fair_report *report, const struct at_fair_figure *figure,
                          const struct at_words *words, struct at_arena *arena) {
    static const enum at_words_word names[AT_FAIR_FIGURES] = {
        AT_W_FAIR_SPEARMAN, AT_W_FAIR_KENDALL,       AT_W_FAIR_INVERTED,
        AT_W_FAIR_GINI_PAY, AT_W_FAIR_GINI_CREDITED, AT_W_FAIR_MEDIAN,
        AT_W_FAIR_ZERO,     AT_W_FAIR_CAP,           AT_W_FAIR_NEAR};
    return SAY(names[figure->id],
               figure->id == AT_FAIR_GINI_CREDITED ? report->credited : performance(report));
}

static at_str why(const struct at_fair_report *report, const struct at_fair_figure *figure,
                  const struct at_words *words, struct at_arena *arena) {
    switch ((enum at_fair_why)figure->why) {
    case AT_FAIR_NOBODY: return at_words_word(words, AT_W_FAIR_NOBODY);
    case AT_FAIR_ONE: return at_words_word(words, AT_W_FAIR_ONE);
    case AT_FAIR_ALIKE_X: return SAY(AT_W_FAIR_ALIKE, performance(report));
    case AT_FAIR_ALIKE_Y: return at_words_word(words, AT_W_FAIR_ALIKE_PAY);
    case AT_FAIR_ZEROS: return at_words_word(words, AT_W_FAIR_ZEROS);
    case AT_FAIR_NEGATIVE: return SAY(AT_W_FAIR_NEGATIVE, count(arena, figure->n_negative));
    case AT_FAIR_ABSENT: return at_words_word(words, AT_W_FAIR_NO_MEASURE);
    case AT_FAIR_FINE: break;
    }
    return AT_STR("");
}

at_str at_write_fair_shown(const struct at_fair_report *report, const struct at_fair_figure *figure,
                           const struct at_words *words, struct at_arena *arena) {
    if (figure->why) return why(report, figure, words, arena);
    switch ((enum at_fair_figure_id)figure->id) {
    case AT_FAIR_SPEARMAN:
    case AT_FAIR_KENDALL: {
        at_num root = at_fair_root(figure->value, arena);
        return number(figure->sign < 0 ? at_num_neg(arena, root) : root, 3, words, arena);
    }
    case AT_FAIR_GINI_PAY:
    case AT_FAIR_GINI_CREDITED: return number(figure->value, 3, words, arena);
    case AT_FAIR_MEDIAN:
        return SAY(AT_W_FAIR_MIDDLE, at_write_fair_value(report, figure->value, words, arena),
                   at_write_fair_value(report, figure->low, words, arena),
                   at_write_fair_value(report, figure->high, words, arena));
    case AT_FAIR_INVERTED:
        return SAY(AT_W_FAIR_OF_PAIRS, count(arena, figure->count), count(arena, figure->all));
    default: return SAY(AT_W_FAIR_OF_PAYEES, count(arena, figure->count), count(arena, figure->all));
    }
}

at_str at_write_fair_meaning(const struct at_fair_report *report, const struct at_fair_figure *figure,
                             const struct at_words *words, struct at_arena *arena) {
    static const enum at_words_word means[AT_FAIR_FIGURES] = {
        AT_W_FAIR_SPEARMAN_MEANS, AT_W_FAIR_KENDALL_MEANS,       AT_W_FAIR_INVERTED_MEANS,
        AT_W_FAIR_GINI_PAY_MEANS, AT_W_FAIR_GINI_CREDITED_MEANS, AT_W_FAIR_MEDIAN_MEANS,
        AT_W_FAIR_ZERO_MEANS,     AT_W_FAIR_CAP_MEANS,           AT_W_FAIR_NEAR_MEANS};
    return SAY(means[figure->id], count(arena, figure->all), performance(report));
}

at_str at_write_fair_exact(const struct at_fair_figure *figure, struct at_arena *arena) {
    if (figure->why) return AT_STR("");
    if (figure->id == AT_FAIR_INVERTED || figure->id >= AT_FAIR_ZERO)
        return at_str_format(arena, "%llu", (unsigned long long)figure->count);
    at_str text = at_num_print(arena, figure->value);
    return figure->sign < 0 ? at_str_format(arena, "-%.*s", AT_STR_ARG(text)) : text;
}

/* ---- pairs, bins, groups */

at_str at_write_fair_pair(const struct at_fair_report *report, const struct at_fair_pair *pair,
                          const struct at_words *words, struct at_arena *arena) {
    const struct at_fair_person *less = &report->people[pair->less], *more = &report->people[pair->more];
    return SAY(AT_W_FAIR_PAIR, at_write_fair_person(less, words, arena),
               at_write_fair_value(report, less->performance, words, arena),
               at_write_fair_money(report, less->pay, words, arena), at_write_fair_person(more, words, arena),
               at_write_fair_value(report, more->performance, words, arena),
               at_write_fair_money(report, more->pay, words, arena));
}

at_str at_write_fair_bin(const struct at_fair_report *report, const struct at_fair_bin *bin,
                         const struct at_words *words, struct at_arena *arena) {
    if (bin->first && bin->last) return performance(report);
    at_str from = bin->first ? AT_STR("") : at_write_fair_value(report, bin->from, words, arena);
    at_str to = bin->last ? AT_STR("") : at_write_fair_value(report, bin->to, words, arena);
    if (bin->first) return SAY(AT_W_FAIR_BIN_FIRST, to);
    return bin->last ? SAY(AT_W_FAIR_BIN_LAST, from) : SAY(AT_W_FAIR_BIN, from, to);
}

at_str at_write_fair_field(const struct at_fair_field *field, const struct at_words *words,
                           struct at_arena *arena) {
    return field->tenure ? SAY(AT_W_FAIR_TENURE, field->name) : field->name;
}

/* Of "1-3", "0-3", "5-". */
static at_str years(at_str label, const struct at_words *words, struct at_arena *arena) {
    at_str from = {label.p, 1}, to = {label.p + 2, label.n - 2};
    if (to.n == 0) return SAY(AT_W_FAIR_YEARS_FROM, from);
    if (from.p[0] != '0') return SAY(AT_W_FAIR_YEARS_TO, from, to);
    return to.p[0] == '1' ? at_words_word(words, AT_W_FAIR_YEARS_UNDER_1) : SAY(AT_W_FAIR_YEARS_UNDER, to);
}

at_str at_write_fair_group(const struct at_fair_field *field, const struct at_fair_group *group,
                           const struct at_words *words, struct at_arena *arena) {
    if (group->group == UINT32_MAX) return SAY(AT_W_FAIR_OTHERS, count(arena, group->n_groups));
    at_str label = field->labels[group->group];
    if (label.n == 0) return at_words_word(words, AT_W_FAIR_EMPTY);
    return field->tenure ? years(label, words, arena) : label;
}

uint32_t at_write_fair_gap(const struct at_fair_field *field, const struct at_words *words,
                           struct at_arena *arena, at_str out[3]) {
    if (field->gap == AT_FAIR_NO_GAP) return 0;
    const struct at_fair_group *high = &field->groups.at[field->high], *low = &field->groups.at[field->low];
    at_str top = at_write_fair_group(field, high, words, arena),
           bottom = at_write_fair_group(field, low, words, arena);
    at_num gap = at_num_sub(arena, high->rate, low->rate);
    out[0] = SAY(AT_W_FAIR_GAP, top, count(arena, high->n), at_write_fair_percent(high->rate, words, arena),
                 bottom, count(arena, low->n), at_write_fair_percent(low->rate, words, arena),
                 at_write_fair_points(gap, words, arena));
    if (field->gap == AT_FAIR_GAP_PROVED)
        out[1] = at_words_word(words, AT_W_FAIR_GAP_NONE);
    else if (field->gap == AT_FAIR_GAP_UNKNOWN)
        out[1] = SAY(AT_W_FAIR_GAP_UNKNOWN, field->reason);
    else
        out[1] = SAY(field->tenure ? AT_W_FAIR_GAP_DATED : AT_W_FAIR_GAP_DATA, top, bottom,
                     at_write_fair_percent(field->moved, words, arena),
                     at_write_fair_points(field->rules, words, arena),
                     at_write_fair_points(field->data, words, arena),
                     field->tenure ? at_words_date(arena, words, field->middle) : AT_STR(""));
    out[2] = at_words_word(words, AT_W_FAIR_GAP_MEANS);
    return 3;
}

uint32_t at_write_fair_notes(const struct at_fair_report *report, const struct at_words *words,
                             struct at_arena *arena, at_str out[3]) {
    uint32_t n = 0;
    bool few = report->n_people < AT_FAIR_LEAST;
    if (!few && report->n_fields == 0) out[n++] = at_words_word(words, AT_W_FAIR_NO_GROUPS);
    if (few) out[n++] = at_words_word(words, AT_W_FAIR_FEW);
    if (report->n_left_out)
        out[n++] = SAY(AT_W_FAIR_LEFT_OUT, count(arena, report->n_left_out), performance(report));
    if (report->n_withheld) out[n++] = SAY(AT_W_FAIR_WITHHELD, count(arena, report->n_withheld));
    return n;
}
