/* base/calendar.c: periods as runs of fiscal months.
 *
 * A fiscal month is a calendar month (year * 12 + month - 1) shifted so that a fiscal year begins at a
 * multiple of 12 and has the number of its name; then quarters, halves and years are plain divisions by 3, 6
 * and 12.
 */
#include "base/calendar.h"

static int months_in(enum at_period_kind kind) {
    static const int months[] = {[AT_MONTH] = 1, [AT_QUARTER] = 3, [AT_HALF] = 6, [AT_YEAR] = 12};
    return months[kind];
}

/* From calendar months to fiscal months. A year that does not start in January is named by the one it ends
 * in. */
static int shift(const struct at_calendar *calendar, enum at_period_kind kind) {
    if (kind == AT_MONTH || calendar->fiscal_start <= 1) return 0;
    return 12 - (calendar->fiscal_start - 1);
}

static int floor_div(int a, int b) {
    return a / b - (a % b < 0);
}

/* First day of a calendar month, kept within the calendar; the day after the last for the month after it. */
static at_date month_start(int month) {
    at_date date;
    if (month < 12) return AT_DATE_MIN;
    if (!at_date_make(month / 12, month % 12 + 1, 1, &date)) return AT_DATE_MAX + 1;
    return date;
}

at_period at_period_of_date(const struct at_calendar *calendar, enum at_period_kind kind, at_date date) {
    int year, month, day;
    at_date_split(date, &year, &month, &day);
    int fiscal = year * 12 + month - 1 + shift(calendar, kind);
    return (at_period){.kind = (uint8_t)kind, .ordinal = floor_div(fiscal, months_in(kind))};
}

at_date at_period_start(const struct at_calendar *calendar, at_period period) {
    enum at_period_kind kind = period.kind;
    at_date start = month_start(period.ordinal * months_in(kind) - shift(calendar, kind));
    return start > AT_DATE_MAX ? AT_DATE_MAX : start;
}

at_date at_period_end(const struct at_calendar *calendar, at_period period) {
    enum at_period_kind kind = period.kind;
    at_date next = month_start((period.ordinal + 1) * months_in(kind) - shift(calendar, kind));
    return next > AT_DATE_MIN ? next - 1 : next;
}

int at_period_days(const struct at_calendar *calendar, at_period period) {
    return at_period_end(calendar, period) - at_period_start(calendar, period) + 1;
}

/* ---- text */

static bool digits_at(at_str text, unsigned at, unsigned n, int *out) {
    int value = 0;
    for (unsigned i = at; i < at + n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') return false;
        value = value * 10 + (text.p[i] - '0');
    }
    *out = value;
    return true;
}

bool at_period_parse(at_str text, at_period *out) {
    int year, part;
    if (text.n != 4 && text.n != 7) return false;
    if (!digits_at(text, 0, 4, &year) || year < 1) return false;
    if (text.n == 4) {
        *out = (at_period){.kind = AT_YEAR, .ordinal = year};
        return true;
    }
    if (text.p[4] != '-') return false;
    enum at_period_kind kind = text.p[5] == 'Q' ? AT_QUARTER : text.p[5] == 'H' ? AT_HALF : AT_MONTH;
    bool one = kind != AT_MONTH;
    if (!digits_at(text, one ? 6 : 5, one ? 1 : 2, &part)) return false;
    int in_year = 12 / months_in(kind);
    if (part < 1 || part > in_year) return false;
    *out = (at_period){.kind = (uint8_t)kind, .ordinal = year * in_year + part - 1};
    return true;
}

/* A year that has not four digits. */
static at_str print_far(struct at_arena *arena, uint8_t kind, int year, int part) {
    switch ((enum at_period_kind)kind) {
    case AT_MONTH: return at_str_format(arena, "%04d-%02d", year, part);
    case AT_QUARTER: return at_str_format(arena, "%04d-Q%d", year, part);
    case AT_HALF: return at_str_format(arena, "%04d-H%d", year, part);
    case AT_YEAR: break;
    }
    return at_str_format(arena, "%04d", year);
}

at_str at_period_print(struct at_arena *arena, at_period period) {
    int in_year = 12 / months_in(period.kind);
    int year = floor_div(period.ordinal, in_year), part = period.ordinal - year * in_year + 1;
    if (year < 0 || year > 9999) return print_far(arena, period.kind, year, part);
    static const char marks[] = {[AT_QUARTER] = 'Q', [AT_HALF] = 'H'};
    bool month = period.kind == AT_MONTH;
    char *p = at_arena_get(arena, 8), *end = p + 4;
    for (int digit = 4; digit-- > 0; year /= 10)
        p[digit] = (char)('0' + year % 10);
    if (period.kind != AT_YEAR) {
        *end++ = '-';
        *end++ = month ? (char)('0' + part / 10) : marks[period.kind];
        *end++ = (char)('0' + part % 10);
    }
    *end = 0;
    return (at_str){p, (uint32_t)(end - p)};
}

/* ---- relations */

at_period at_period_holding(const struct at_calendar *calendar, at_period period, enum at_period_kind kind) {
    if (period.kind == kind) return period;
    int fiscal =
        period.ordinal * months_in(period.kind) - shift(calendar, period.kind) + shift(calendar, kind);
    return (at_period){.kind = (uint8_t)kind, .ordinal = floor_div(fiscal, months_in(kind))};
}

int at_period_cmp(const struct at_calendar *calendar, at_period a, at_period b) {
    int first = a.ordinal * months_in(a.kind) - shift(calendar, a.kind);
    int second = b.ordinal * months_in(b.kind) - shift(calendar, b.kind);
    if (first != second) return first < second ? -1 : 1;
    return (int)b.kind - (int)a.kind;
}
