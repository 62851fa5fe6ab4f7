/* table/cell_habit.c: cells that spreadsheets and other programs write, and how to make them values. */
#include "base/date_format.h"
#include "diag/say.h"
#include "table/cell_int.h"

/* `#REF!` and `=A1*2`: the file does not contain a value, in a field of any type. */
static bool not_calculated(struct at_diag *diag, at_str value) {
    static const char *const ERRORS[] = {"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"};
    for (size_t i = 0; i < AT_COUNT(ERRORS); i++) {
        if (!at_str_eq(value, at_str_z(ERRORS[i]))) continue;
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_NOT_CALCULATED));
        return true;
    }
    if (value.n < 2 || value.p[0] != '=') return false;
    at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_A_FORMULA));
    return true;
}

/* `N/A`, `null`: words for nothing. */
static bool nothing(struct at_diag *diag, at_str value) {
    static const char *const WORDS[] = {"n/a", "na", "null", "none", "nil", "nan", "tbd", "无", "暂无", "空"};
    for (size_t i = 0; i < AT_COUNT(WORDS); i++) {
        if (!at_table_cell_word(value, WORDS[i])) continue;
        at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_LEAVE_EMPTY));
        return true;
    }
    return false;
}

/* Whether three digits follow each dot, as in 5.000.000. */
static bool dots_group(at_str value) {
    for (uint32_t i = 0; i < value.n; i++) {
        if (value.p[i] != '.') continue;
        uint32_t n = 0;
        while (i + 1 + n < value.n && at_str_is_digit(value.p[i + 1 + n]))
            n++;
        if (n != 3 || i == 0) return false;
    }
    return true;
}

/* A number that only marks between its digits keep from being one: 5 000, 1'000, 5.000.000, 1,234.50-. */
static bool marked_number(struct at_diag *diag, at_str value, struct at_arena *scratch) {
    char *out = at_arena_get(scratch, (size_t)value.n + 2);
    uint32_t n = 0, dots = 0, digits = 0, marks = 0;
    bool minus = value.n > 1 && value.p[value.n - 1] == '-';
    if (minus) out[n++] = '-';
    for (uint32_t i = 0; i < value.n - minus; i++) {
        char c = value.p[i];
        dots += c == '.';
        digits += at_str_is_digit(c);
        bool between = (c == ' ' || c == '\'') && i > 0 && at_str_is_digit(value.p[i - 1]);
        marks += between;
        if (!between && !at_str_is_digit(c) && c != '.' && c != ',' && !(c == '-' && i == 0 && !minus))
            return false;
        if (at_str_is_digit(c) || c == '-' || (c == '.' && dots == 1)) out[n++] = c;
    }
    bool groups = dots > 1 && !memchr(value.p, ',', value.n) && dots_group(value);
    if (!digits || !(minus || marks || groups) || (dots > 1 && !groups)) return false;
    if (groups) { /* no dot is a decimal point */
        uint32_t kept = 0;
        for (uint32_t i = 0; i < n; i++)
            if (out[i] != '.') out[kept++] = out[i];
        n = kept;
    }
    at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_WRITE_AS, at_words_text((at_str){out, n})));
    return true;
}

/* 46037: spreadsheets count the days from 1899-12-30. The bounds are in 1954 and 2119. */
static bool day_number(struct at_diag *diag, at_str value, struct at_arena *scratch) {
    int64_t day = 0;
    if (value.n != 5) return false;
    for (uint32_t i = 0; i < value.n; i++) {
        if (!at_str_is_digit(value.p[i])) return false;
        day = day * 10 + (value.p[i] - '0');
    }
    at_date zero;
    if (day < 20000 || day > 80000 || !at_date_make(1899, 12, 30, &zero)) return false;
    at_str date = at_date_print(scratch, zero + (at_date)day);
    at_diag_say_help(diag, AT_SENTENCE(AT_W_DATA_DAY_NUMBER, at_words_text(value), at_words_text(date)));
    return true;
}

bool at_table_cell_habit(struct at_diag *diag, enum at_diag_code code, at_str value,
                         struct at_arena *scratch) {
    if (code != AT_A0720 && code != AT_A0722 && code != AT_A0724 && code != AT_A0726 && code != AT_A0728)
        return false;
    bool number = code == AT_A0720 || code == AT_A0722;
    return not_calculated(diag, value) || nothing(diag, value) ||
           (number && marked_number(diag, value, scratch)) ||
           (code == AT_A0724 && day_number(diag, value, scratch));
}
