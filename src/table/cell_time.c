/* table/cell_time.c: dates, periods, and durations in cells. */
#include "base/date_format.h"
#include "table/cell_int.h"

/* Takes `least` to `most` digits off the beginning; -1, and nothing is taken, where there are fewer. */
static int take_digits(at_str *text, unsigned least, unsigned most) {
    unsigned n = 0;
    int value = 0;
    for (; n < most && n < text->n && at_str_is_digit(text->p[n]); n++)
        value = value * 10 + (text->p[n] - '0');
    if (n < least) return -1;
    *text = at_table_cell_from(*text, n);
    return value;
}

static bool take(at_str *text, const char *word) {
    at_str w = at_str_z(word);
    if (!at_table_cell_begins(*text, w)) return false;
    *text = at_table_cell_from(*text, w.n);
    return true;
}

/* Whether a text has the form of a date. Then its day is wrong, not its form, and the message differs. */
bool at_table_cell_iso_shape(at_str text) {
    static const char shape[] = "dddd-dd-dd";
    if (text.n != 10) return false;
    for (unsigned i = 0; i < 10; i++)
        if (shape[i] == 'd' ? !at_str_is_digit(text.p[i]) : text.p[i] != '-') return false;
    return true;
}

/* A text that is in several formats has to be the same day in all of them. */
static enum at_diag_code read_formats(const struct at_schema_field *field, at_str text, at_date *out) {
    enum at_diag_code code = AT_A0724;
    for (uint32_t i = 0; i < field->n_formats; i++) {
        at_date day;
        enum at_date_fit fit = at_date_parse_format(text, field->formats[i], &day);
        if (fit == AT_DATE_NO_DAY && code == AT_A0724) code = AT_A0725;
        if (fit != AT_DATE_FITS) continue;
        if (code == AT_CELL_FINE && day != *out) return AT_A0738;
        *out = day;
        code = AT_CELL_FINE;
    }
    return code;
}

/* 2026年1月15日 names its parts, so it needs no format. A field with formats accepts these only, because
 * 01/02/2026 could otherwise be two dates. */
enum at_diag_code at_table_cell_date(const struct at_schema_field *field, at_str text, struct at_arena *arena,
                                     at_date *out) {
    static const at_str named = AT_STR("YYYY年M月D日");
    (void)arena;
    if (field->n_formats) return read_formats(field, text, out);
    if (at_date_parse_iso(text, out)) return AT_CELL_FINE;
    enum at_date_fit fit = at_date_parse_format(text, named, out);
    if (fit == AT_DATE_FITS) return AT_CELL_FINE;
    return fit == AT_DATE_NO_DAY || at_table_cell_iso_shape(text) ? AT_A0725 : AT_A0724;
}

/* ---- periods */

/* 1, Q1, 第1季度, 一季度, 1季: 1 to 4, or -1. */
static int read_quarter(at_str text) {
    static const char *const words[] = {"一", "二", "三", "四"};
    bool marked = take(&text, "Q") || take(&text, "q");
    if (!marked) take(&text, "第");
    int quarter = take_digits(&text, 1, 1);
    for (int i = 0; quarter < 0 && i < 4; i++)
        if (take(&text, words[i])) quarter = i + 1;
    bool named = take(&text, "季");
    if (named) take(&text, "度");
    return marked != named && text.n == 0 && quarter >= 1 && quarter <= 4 ? quarter : -1;
}

/* W05, w5 without a dash, 第5周, 5周: 1 to 53, or -1. */
static int read_week(at_str text) {
    bool marked = take(&text, "W") || take(&text, "w");
    if (!marked) take(&text, "第");
    int week = take_digits(&text, 1, 2);
    bool named = take(&text, "周");
    return marked != named && text.n == 0 && week >= 1 && week <= 53 ? week : -1;
}

/* What follows the month: 上半月 and 下半月 are its halves. */
static const char *read_half_month(at_str *text) {
    return take(text, "上半月") ? "-H1" : take(text, "下半月") ? "-H2" : "";
}

/* What follows the year and 年 becomes the form of at_period_parse: "-01", "-Q1", "-H1". Empty: it is not
 * a period. */
static at_str read_part(at_str text, bool month_named, struct at_arena *arena) {
    if (at_str_eq(text, AT_STR("上半年"))) return AT_STR("-H1");
    if (at_str_eq(text, AT_STR("下半年"))) return AT_STR("-H2");
    int quarter = read_quarter(text);
    if (quarter > 0) return at_str_format(arena, "-Q%d", quarter);
    int week = read_week(text);
    if (week > 0) return at_str_format(arena, "-W%02d", week);
    int month = take_digits(&text, 1, 2);
    if (month < 0 || take(&text, "月") != month_named) return (at_str){"", 0};
    const char *half = month_named ? read_half_month(&text) : "";
    if (text.n) return (at_str){"", 0};
    return at_str_format(arena, "-%02d%s", month, half);
}

/* 2026年1月, 2026年1月上半月, 2026年第5周, 2026年第1季度, 2026年上半年, 2026年, 202601, 2026/01, 2026Q1, and
 * 2026W05 besides the plain forms. */
enum at_diag_code at_table_cell_period(at_str text, struct at_arena *arena, at_period *out) {
    if (at_period_parse(text, out)) return AT_CELL_FINE;
    at_str rest = text, part = {"", 0};
    if (take_digits(&rest, 4, 4) < 0 || (rest.n && at_str_is_digit(rest.p[0]) && rest.n != 2))
        return AT_A0726;
    bool named = take(&rest, "年");
    bool divided = !named && take(&rest, "/");
    if (rest.n == 0 && !named) return AT_A0726;
    if (rest.n) part = read_part(rest, named, arena);
    if (rest.n && part.n == 0) return AT_A0726;
    if (divided && part.p[1] == 'H') return AT_A0726;
    at_str plain = at_str_format(arena, "%.4s%.*s", text.p, AT_STR_ARG(part));
    return at_period_parse(plain, out) ? AT_CELL_FINE : AT_A0726;
}

/* ---- durations */

/* "90 days", "6 months", "2 weeks", "1 year": in days or in months, as the field counts. */
enum at_diag_code at_table_cell_duration(const struct at_schema_field *field, at_str text,
                                         struct at_arena *arena, at_num *out) {
    static const struct {
        const char *one, *many;
        bool months;
        int64_t times;
    } units[] = {{"day", "days", false, 1},
                 {"week", "weeks", false, 7},
                 {"month", "months", true, 1},
                 {"year", "years", true, 12}};
    uint32_t n = 0;
    bool negative = false;
    at_table_cell_sign(&text, &negative);
    while (n < text.n && at_str_is_digit(text.p[n]))
        n++;
    at_str unit = at_str_trim(at_table_cell_from(text, n));
    for (unsigned i = 0; i < AT_COUNT(units); i++) {
        if (n == 0 || n > 9 ||
            !(at_table_cell_word(unit, units[i].one) || at_table_cell_word(unit, units[i].many)))
            continue;
        if (units[i].months != field->type.months) return AT_A0727;
        enum at_diag_code code = at_table_cell_digits((at_str){text.p, n}, false, negative, arena, out);
        if (code == AT_CELL_FINE) *out = at_num_mul(arena, *out, at_num_int(units[i].times));
        return code == AT_CELL_FINE ? code : AT_A0727;
    }
    return AT_A0727;
}
