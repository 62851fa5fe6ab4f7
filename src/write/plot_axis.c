/* write/plot_axis.c: the ranges of axes, the places of numbers on them, and the texts of their marks. */
#include "base/numtext.h"
#include "write/plot_int.h"

/* ---- ranges */

static void hold(struct at_write_plot_range *range, at_num value, bool *any, struct at_arena *arena) {
    if (!*any || at_num_cmp(arena, value, range->low) < 0) range->low = value;
    if (!*any || at_num_cmp(arena, value, range->high) > 0) range->high = value;
    *any = true;
}

static bool hold_all(const struct at_write_plot *plot, struct at_arena *arena, struct at_write_plot_range *x,
                     struct at_write_plot_range *y) {
    bool any_x = false, any_y = false;
    for (uint32_t l = 0; l < plot->n_lines; l++)
        for (uint32_t s = 0; s < plot->lines[l].n; s++)
            for (uint32_t i = 0; i < plot->lines[l].at[s].n; i++) {
                hold(x, plot->lines[l].at[s].at[i].x, &any_x, arena);
                hold(y, plot->lines[l].at[s].at[i].y, &any_y, arena);
            }
    for (uint32_t i = 0; i < plot->n_dots; i++) {
        hold(x, plot->dots[i].x, &any_x, arena);
        hold(y, plot->dots[i].y, &any_y, arena);
    }
    return any_x;
}

static at_num size_of(const struct at_write_plot_range *range, struct at_arena *arena) {
    return at_num_sub(arena, range->high, range->low);
}

/* 1, 2, or 5 times a power of ten: the first that has at most `marks` multiples in the range. */
static at_num step_of(at_num size, uint32_t marks, struct at_arena *arena) {
    static const int leads[] = {1, 2, 5};
    at_num power = at_num_int(1), ten = at_num_int(10);
    at_num most = at_num_div(arena, size, at_num_int(marks > 1 ? marks - 1 : 1));
    while (at_num_cmp(arena, power, most) < 0)
        power = at_num_mul(arena, power, ten);
    while (at_num_cmp(arena, power, most) >= 0)
        power = at_num_div(arena, power, ten);
    for (int i = 1; i < 3; i++) {
        at_num step = at_num_mul(arena, power, at_num_int(leads[i]));
        if (at_num_cmp(arena, step, most) >= 0) return step;
    }
    return at_num_mul(arena, power, ten);
}

static void set_marks(struct at_write_plot_range *range, uint32_t marks, struct at_arena *arena) {
    range->step = step_of(size_of(range, arena), marks, arena);
    at_num before = at_num_floor(arena, at_num_div(arena, range->low, range->step));
    range->first = at_num_mul(arena, before, range->step);
    if (at_num_cmp(arena, range->first, range->low) < 0)
        range->first = at_num_add(arena, range->first, range->step);
    range->n_marks = 0;
    while (at_num_cmp(arena, at_write_plot_mark(range, range->n_marks, arena), range->high) <= 0)
        range->n_marks++;
}

/* Pay of zero is on the axis where that costs less than half of the room. */
static void include_zero(struct at_write_plot_range *range, struct at_arena *arena) {
    at_num zero = at_num_int(0), size = size_of(range, arena);
    if (at_num_sign(range->low) > 0 && at_num_cmp(arena, range->low, size) <= 0) range->low = zero;
    if (at_num_sign(range->high) < 0 && at_num_cmp(arena, at_num_neg(arena, range->high), size) <= 0)
        range->high = zero;
}

static void settle(struct at_write_plot_range *range, const struct at_write_plot_axis *axis, uint32_t marks,
                   struct at_arena *arena) {
    if (axis->fixed) {
        range->low = axis->low;
        range->high = axis->high;
    }
    if (at_num_cmp(arena, range->low, range->high) >= 0) {
        /* One value: it is drawn in the middle, or on the ground if it is zero. */
        at_num room = at_num_abs(arena, range->low), half = at_num_decimal(5, 1);
        room = at_num_is_zero(room) ? at_num_int(1) : at_num_mul(arena, room, half);
        if (!at_num_is_zero(range->low)) range->low = at_num_sub(arena, range->low, room);
        range->high = at_num_add(arena, range->high, room);
    }
    if (!axis->fixed) include_zero(range, arena);
    set_marks(range, marks, arena);
}

bool at_write_plot_ranges(const struct at_write_plot *plot, uint32_t x_marks, uint32_t y_marks,
                          struct at_arena *arena, struct at_write_plot_range *x,
                          struct at_write_plot_range *y) {
    if (!hold_all(plot, arena, x, y)) return false;
    settle(x, &plot->x, x_marks, arena);
    settle(y, &plot->y, y_marks, arena);
    if (plot->y.fixed) return true;
    /* The highest line does not touch the frame. */
    at_num room = at_num_mul(arena, size_of(y, arena), at_num_decimal(4, 2));
    if (!at_num_is_zero(y->high)) y->high = at_num_add(arena, y->high, room);
    if (!at_num_is_zero(y->low)) y->low = at_num_sub(arena, y->low, room);
    set_marks(y, y_marks, arena);
    return true;
}

/* ---- places */

at_num at_write_plot_mark(const struct at_write_plot_range *range, uint32_t i, struct at_arena *arena) {
    return at_num_add(arena, range->first, at_num_mul(arena, range->step, at_num_int(i)));
}

bool at_write_plot_inside(const struct at_write_plot_range *range, at_num value, struct at_arena *arena) {
    return at_num_cmp(arena, value, range->low) >= 0 && at_num_cmp(arena, value, range->high) <= 0;
}

int at_write_plot_place(const struct at_write_plot_range *range, at_num value, int size,
                        struct at_arena *arena) {
    int64_t place = 0;
    if (at_num_cmp(arena, value, range->low) <= 0) return 0;
    if (at_num_cmp(arena, value, range->high) >= 0) return size;
    struct at_arena_mark mark = at_arena_mark(arena);
    at_num part = at_num_div(arena, at_num_sub(arena, value, range->low), size_of(range, arena));
    part = at_num_round(arena, at_num_mul(arena, part, at_num_int(size)), 0, AT_ROUND_HALF_UP);
    bool fits = at_num_to_i64(arena, part, 0, &place);
    at_arena_reset(arena, mark);
    return fits ? (int)place : 0;
}

/* ---- texts */

/* In the largest unit of the language that is not above the size of the value and shows it exactly. */
static at_str in_unit(at_num size, const struct at_words *words, struct at_arena *arena) {
    static const struct {
        enum at_words_word word;
        unsigned zeros;
    } units[] = {{AT_W_PLOT_12, 12}, {AT_W_PLOT_9, 9}, {AT_W_PLOT_8, 8},
                 {AT_W_PLOT_6, 6},   {AT_W_PLOT_4, 4}, {AT_W_PLOT_3, 3}};
    for (size_t i = 0; i < AT_COUNT(units); i++) {
        at_num unit = at_num_int((int64_t)at_num_pow10[units[i].zeros]);
        if (at_str_eq(at_words_word(words, units[i].word), AT_STR("{0}")) ||
            at_num_cmp(arena, size, unit) < 0)
            continue;
        bool shortened = false;
        at_str number = at_num_print_short(arena, at_num_div(arena, size, unit), 2, true, &shortened);
        if (!shortened) return AT_SAY(arena, words, units[i].word, number);
    }
    return at_num_print_short(arena, size, 6, true, NULL);
}

at_str at_write_plot_mark_text(const struct at_write_plot_axis *axis, at_num value,
                               const struct at_words *words, struct at_arena *arena) {
    const char *minus = at_num_sign(value) < 0 ? "-" : "";
    at_num size = at_num_abs(arena, value);
    bool percent = axis->type.kind == AT_T_NUMBER && axis->type.unit == AT_UNIT_PERCENT;
    if (percent) size = at_num_mul(arena, size, at_num_int(100));
    at_str number = in_unit(size, words, arena);
    const struct at_currency_info *info =
        axis->type.kind == AT_T_MONEY ? at_currency_info(axis->type.currency) : NULL;
    const char *symbol = info ? info->symbol : "", *after = percent ? "%" : "";
    if (info && !*symbol) after = at_str_format(arena, " %s", info->code).p;
    at_str text = at_str_format(arena, "%s%s%.*s%s", minus, symbol, AT_STR_ARG(number), after);
    return at_words_number(arena, words, text);
}

at_str at_write_plot_value(const struct at_write_plot_axis *axis, at_num value, const struct at_words *words,
                           struct at_arena *arena) {
    bool shortened = false;
    at_str text;
    if (axis->type.kind == AT_T_MONEY) {
        const struct at_currency_info *info = at_currency_info(axis->type.currency);
        at_num cents = at_num_round(arena, value, info ? info->digits : 2, AT_ROUND_HALF_UP);
        shortened = at_num_cmp(arena, cents, value) != 0;
        text = at_money_print(arena, cents, axis->type.currency);
    } else {
        bool percent = axis->type.unit == AT_UNIT_PERCENT;
        if (percent) value = at_num_mul(arena, value, at_num_int(100));
        text = at_num_print_short(arena, value, 2, true, &shortened);
        if (percent) text = at_str_format(arena, "%.*s%%", AT_STR_ARG(text));
    }
    if (shortened) text = at_str_format(arena, "≈%.*s", AT_STR_ARG(text));
    return at_words_number(arena, words, text);
}
