/* One rule for the equality of types, and one for values: over all kinds, against a table by hand. */
#include <criterion/criterion.h>

#include "plan/value.h"

static at_str few[] = {{"core", 4}, {"cloud", 5}}, copied[] = {{"core", 4}, {"cloud", 5}},
              turned[] = {{"cloud", 5}, {"core", 4}};
static const struct at_type_choices FEW = {few, 2}, ALIKE = {copied, 2}, TURNED = {turned, 2}, ONE = {few, 1};

/* Each type equals those of its own letter, and no others. */
static const struct {
    char letter;
    at_type type;
} TYPES[] = {
    {'a', {.kind = AT_T_NONE}},
    {'b', {.kind = AT_T_NUMBER}},
    {'b', {.kind = AT_T_NUMBER, .optional = true}},
    {'b', {.kind = AT_T_NUMBER, .table = 3}},
    {'c', {.kind = AT_T_MONEY, .currency = 1}},
    {'c', {.kind = AT_T_MONEY, .currency = 1, .optional = true}},
    {'d', {.kind = AT_T_MONEY, .currency = 2}},
    {'e', {.kind = AT_T_TEXT}},
    {'f', {.kind = AT_T_DATE}},
    {'g', {.kind = AT_T_PERIOD}},
    {'h', {.kind = AT_T_DURATION}},
    {'i', {.kind = AT_T_DURATION, .months = true}},
    {'j', {.kind = AT_T_FLAG}},
    {'k', {.kind = AT_T_ENUM, .choices = &FEW}},
    {'k', {.kind = AT_T_ENUM, .choices = &ALIKE}},
    {'l', {.kind = AT_T_ENUM, .choices = &TURNED}},
    {'m', {.kind = AT_T_ENUM, .choices = &ONE}},
    {'n', {.kind = AT_T_ENUM}},
    {'o', {.kind = AT_T_REF, .table = 0}},
    {'p', {.kind = AT_T_REF, .table = 1}},
    {'q', {.kind = AT_T_REF, .table = AT_TABLE_CELL}},
};

Test(value, types_are_the_same_by_one_rule) {
    for (size_t i = 0; i < AT_COUNT(TYPES); i++)
        for (size_t k = 0; k < AT_COUNT(TYPES); k++)
            cr_expect_eq(at_type_same(TYPES[i].type, TYPES[k].type), TYPES[i].letter == TYPES[k].letter,
                         "types %zu and %zu", i, k);
    at_type unknown = {.kind = AT_T_MONEY};
    cr_expect(at_type_same(unknown, TYPES[4].type) && at_type_same(TYPES[6].type, unknown));
    cr_expect_not(at_type_same(unknown, TYPES[1].type));
}

static struct at_plan_value of(at_type type, at_num num) {
    return at_plan_value_of_num(type, num);
}

Test(value, values_are_the_same_by_one_rule_and_have_one_hash) {
    at_type number = {.kind = AT_T_NUMBER}, usd = {.kind = AT_T_MONEY, .currency = 1},
            eur = {.kind = AT_T_MONEY, .currency = 2}, days = {.kind = AT_T_DURATION},
            months = {.kind = AT_T_DURATION, .months = true}, maybe = {.kind = AT_T_NUMBER, .optional = true};
    struct at_arena arena;
    at_arena_init(&arena, NULL, NULL);
    at_num third = at_num_div(&arena, at_num_int(1), at_num_int(3)),
           sixth = at_num_div(&arena, at_num_int(2), at_num_int(6));
    at_type core = {.kind = AT_T_ENUM, .choices = &FEW}, same = {.kind = AT_T_ENUM, .choices = &ALIKE},
            other = {.kind = AT_T_ENUM, .choices = &TURNED};
    const struct {
        char letter;
        struct at_plan_value value;
    } values[] = {
        {'a', of(number, at_num_decimal(15, 1))},
        {'a', of(number, at_num_decimal(1500, 3))},
        {'a', of(maybe, at_num_decimal(150, 2))},
        {'b', of(number, at_num_int(-2))},
        {'c', of(number, third)},
        {'c', of(number, sixth)},
        {'d', of(usd, at_num_decimal(15, 1))},
        {'e', of(eur, at_num_decimal(15, 1))},
        {'f', of(days, at_num_int(3))},
        {'g', of(months, at_num_int(3))},
        {'h', at_plan_value_none(number)},
        {'h', at_plan_value_none(maybe)},
        {'i', at_plan_value_none(usd)},
        {'j', at_plan_value_of_text(AT_STR("core"))},
        {'j', at_plan_value_of_text((at_str){"core and more", 4})},
        {'k', at_plan_value_of_text(AT_STR(""))},
        {'l', at_plan_value_of_day(20000)},
        {'m', at_plan_value_of_day(20001)},
        {'n', at_plan_value_of_period((at_period){AT_YEAR, 2026})},
        {'o', at_plan_value_of_period((at_period){AT_QUARTER, 2026 * 4})},
        {'p', at_plan_value_of_period((at_period){AT_QUARTER, 2026})},
        {'q', at_plan_value_of_yes(true)},
        {'r', at_plan_value_of_yes(false)},
        {'s', at_plan_value_of_row(core, 1)},
        {'s', at_plan_value_of_row(same, 1)},
        {'t', at_plan_value_of_row(core, 0)},
        {'u', at_plan_value_of_row(other, 1)},
        {'v', at_plan_value_of_row((at_type){.kind = AT_T_REF, .table = 1}, 1)},
        {'w', at_plan_value_of_row((at_type){.kind = AT_T_REF, .table = 2}, 1)},
    };
    for (size_t i = 0; i < AT_COUNT(values); i++)
        for (size_t k = 0; k < AT_COUNT(values); k++) {
            bool alike = values[i].letter == values[k].letter;
            cr_expect_eq(at_plan_value_same(&values[i].value, &values[k].value), alike, "values %zu and %zu",
                         i, k);
            if (alike)
                cr_expect_eq(at_plan_value_hash(&values[i].value), at_plan_value_hash(&values[k].value));
        }
    at_arena_free(&arena);
}
