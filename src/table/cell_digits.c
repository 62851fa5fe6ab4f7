/* table/cell_digits.c: the parts that numbers, money, and durations in cells have in common: digits, signs,
 * words. */
#include "base/numtext.h"
#include "table/cell_int.h"

/* ASCII letters only: the words that are compared so are English. */
bool at_table_cell_word(at_str text, const char *word) {
    uint32_t i = 0;
    for (; i < text.n && word[i]; i++) {
        char c = text.p[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + ('a' - 'A'));
        if (c != word[i]) return false;
    }
    return i == text.n && !word[i];
}

/* A sign at the beginning is taken off. */
bool at_table_cell_sign(at_str *text, bool *negative) {
    if (text->n == 0 || (text->p[0] != '-' && text->p[0] != '+')) return false;
    *negative ^= text->p[0] == '-';
    *text = at_table_cell_from(*text, 1);
    return true;
}

/* 1.234,56 becomes 1,234.56. Groups may also be divided by spaces or apostrophes, but by one mark only. */
static at_str from_comma(at_str text, struct at_arena *arena) {
    char *out = at_arena_get(arena, (size_t)text.n + 1), group = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool mark = c == '.' || c == ' ' || c == '\'';
        if (mark && group && group != c) return (at_str){"", 0};
        if (mark) group = c;
        out[i] = mark ? ',' : c == ',' ? '.' : c;
    }
    return (at_str){out, text.n};
}

/* ".5" and "5." are numbers too, but at_num_parse wants digits on both sides of the point. */
static bool parse_digits(at_str text, struct at_arena *arena, at_num *out) {
    bool point_first = text.n > 1 && text.p[0] == '.' && at_str_is_digit(text.p[1]);
    if (text.n == 0 || !(at_str_is_digit(text.p[0]) || point_first)) return false;
    if (point_first) text = at_str_format(arena, "0%.*s", AT_STR_ARG(text));
    if (text.n > 1 && text.p[text.n - 1] == '.') text.n--;
    return at_num_parse(arena, text, true, out);
}

/* Digits with a decimal mark, marks between groups, an exponent; no sign. */
enum at_diag_code at_table_cell_digits(at_str text, bool comma, bool negative, struct at_arena *arena,
                                       at_num *out) {
    at_str turned = comma || memchr(text.p, ',', text.n) ? from_comma(text, arena) : (at_str){"", 0};
    if (!parse_digits(comma ? turned : text, arena, out))
        return !comma && parse_digits(turned, arena, out) ? AT_A0737 : AT_A0720;
    if (out->form == AT_NUM_OVERFLOW) return AT_A0721;
    if (negative) *out = at_num_neg(arena, *out);
    return AT_CELL_FINE;
}
