/* base/calendar.c: periods as runs of fiscal months, and as weeks.
 *
 * A fiscal month is a calendar month (year * 12 + month - 1) shifted so that a fiscal year begins at a
 * multiple of 12 and has the number of its name; then quarters, halves and years are plain divisions by 3, 6
 * and 12. In a year of weeks, base/weeks.c knows where its months begin.
 */
#include <stdio.h>

#include "base/weeks.h"

enum { WEEKS_OF_NAME = 64 /* ordinals of weeks in a year, more than 53 */ };

int at_period_months(enum at_period_kind kind) {
    static const int months[] = {[AT_WEEK] = 0,    [AT_SEMIMONTH] = 0, [AT_MONTH] = 1, [AT_FISCAL_MONTH] = 1,
                                 [AT_QUARTER] = 3, [AT_HALF] = 6,      [AT_YEAR] = 12};
    return months[kind];
}

static bool of_fiscal_year(enum at_period_kind kind) {
    return kind > AT_MONTH;
}

/* From calendar months to fiscal months. A year that does not start in January is named by the one it ends
 * in. */
static int shift(const struct at_calendar *calendar, enum at_period_kind kind) {
    if (!of_fiscal_year(kind) || calendar->fiscal_start <= 1) return 0;
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

static at_date kept(at_date date) {
    return date < AT_DATE_MIN ? AT_DATE_MIN : date > AT_DATE_MAX ? AT_DATE_MAX : date;
}

/* ---- weeks */

/* Periods of a year, by kind. */
static int in_year_of(enum at_period_kind kind) {
    return kind == AT_WEEK ? WEEKS_OF_NAME : kind == AT_SEMIMONTH ? 24 : 12 / at_period_months(kind);
}

/* The period that begins on this day. */
static at_period week_from(const struct at_calendar *calendar, at_date start) {
    int year = at_weeks_year_of(calendar, start);
    int week = (start - at_weeks_year_start(calendar, year)) / 7;
    return (at_period){.kind = AT_WEEK, .ordinal = year * WEEKS_OF_NAME + (week < 0 ? 0 : week)};
}

static at_date week_start(const struct at_calendar *calendar, at_period period) {
    int year = floor_div(period.ordinal, WEEKS_OF_NAME);
    return at_weeks_year_start(calendar, year) + 7 * (period.ordinal - year * WEEKS_OF_NAME);
}

/* ---- days */

static at_date semimonth_start(int ordinal) {
    at_date start = month_start(floor_div(ordinal, 2));
    return ordinal % 2 ? start + 15 : start;
}

at_period at_period_of_date(const struct at_calendar *calendar, enum at_period_kind kind, at_date date) {
    if (kind == AT_WEEK) return week_from(calendar, at_weeks_start(calendar, date));
    int year, month, day;
    if (calendar->pattern && of_fiscal_year(kind)) {
        int fiscal = at_weeks_month_of(calendar, date);
        return (at_period){.kind = (uint8_t)kind, .ordinal = floor_div(fiscal, at_period_months(kind))};
    }
    at_date_split(date, &year, &month, &day);
    int fiscal = year * 12 + month - 1 + shift(calendar, kind);
    if (kind == AT_SEMIMONTH) return (at_period){.kind = AT_SEMIMONTH, .ordinal = fiscal * 2 + (day > 15)};
    return (at_period){.kind = (uint8_t)kind, .ordinal = floor_div(fiscal, at_period_months(kind))};
}

/* First day of the period that is `n` after this one; the day after the last day at the end of time. */
static at_date start_of(const struct at_calendar *calendar, at_period period, int n) {
    enum at_period_kind kind = period.kind;
    if (kind == AT_WEEK) return week_start(calendar, period) + n * at_weeks_length(calendar);
    if (kind == AT_SEMIMONTH) return semimonth_start(period.ordinal + n);
    int month = (period.ordinal + n) * at_period_months(kind);
    if (calendar->pattern && of_fiscal_year(kind)) return at_weeks_month_start(calendar, month);
    return month_start(month - shift(calendar, kind));
}

at_date at_period_start(const struct at_calendar *calendar, at_period period) {
    return kept(start_of(calendar, period, 0));
}

at_date at_period_end(const struct at_calendar *calendar, at_period period) {
    at_date next = start_of(calendar, period, 1);
    return next > AT_DATE_MIN ? kept(next - 1) : next;
}

int at_period_days(const struct at_calendar *calendar, at_period period) {
    return at_period_end(calendar, period) - at_period_start(calendar, period) + 1;
}

/* ---- one after another */

int32_t at_period_position(const struct at_calendar *calendar, at_period period) {
    if (period.kind != AT_WEEK) return period.ordinal;
    return floor_div(week_start(calendar, period) - at_weeks_at(calendar, 0), at_weeks_length(calendar));
}

at_period at_period_at(const struct at_calendar *calendar, enum at_period_kind kind, int32_t position) {
    if (kind == AT_WEEK) return week_from(calendar, at_weeks_at(calendar, position));
    return (at_period){.kind = (uint8_t)kind, .ordinal = position};
}

at_period at_period_after(const struct at_calendar *calendar, at_period period, int32_t n) {
    return at_period_at(calendar, period.kind, at_period_position(calendar, period) + n);
}

bool at_period_move(const struct at_calendar *calendar, at_period *period, int32_t n) {
    at_period moved = at_period_after(calendar, *period, n);
    int year = floor_div(moved.ordinal, in_year_of(moved.kind));
    if (year < 1 || year > 9999) return false;
    *period = moved;
    return true;
}

int at_period_number(const struct at_calendar *calendar, at_period period) {
    at_period year = at_period_holding(calendar, period, AT_YEAR);
    at_period first = at_period_first_in(calendar, year, period.kind);
    return at_period_position(calendar, period) - at_period_position(calendar, first) + 1;
}

bool at_calendar_same_periods(const struct at_calendar *a, const struct at_calendar *b) {
    return a->period_kind == b->period_kind && a->weeks == b->weeks && a->pattern == b->pattern &&
           a->anchor == b->anchor;
}

bool at_period_exists(const struct at_calendar *calendar, at_period period) {
    return period.kind != AT_WEEK || at_period_after(calendar, period, 0).ordinal == period.ordinal;
}

at_period at_period_nearest(const struct at_calendar *calendar, at_period period) {
    at_period near = at_period_after(calendar, period, 0);
    bool next_year = period.kind == AT_WEEK && near.ordinal > period.ordinal;
    return next_year ? at_period_after(calendar, near, -1) : near;
}

bool at_period_fits(const struct at_calendar *calendar, at_period period) {
    bool months = period.kind == AT_MONTH || period.kind == AT_SEMIMONTH;
    return at_period_exists(calendar, period) && !(months && calendar->pattern);
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

/* What follows the year and a dash. */
static bool parse_part(at_str text, enum at_period_kind *kind, int *part) {
    switch (text.p[5]) {
    case 'Q': *kind = AT_QUARTER; return text.n == 7 && digits_at(text, 6, 1, part) && *part <= 4;
    case 'H': *kind = AT_HALF; return text.n == 7 && digits_at(text, 6, 1, part) && *part <= 2;
    case 'W': *kind = AT_WEEK; return text.n == 8 && digits_at(text, 6, 2, part) && *part <= 53;
    case 'P': *kind = AT_FISCAL_MONTH; return text.n == 8 && digits_at(text, 6, 2, part) && *part <= 12;
    default: break;
    }
    *kind = AT_MONTH;
    if (!digits_at(text, 5, 2, part) || *part > 12) return false;
    if (text.n == 7) return true;
    *kind = AT_SEMIMONTH;
    if (text.n != 10 || text.p[7] != '-' || text.p[8] != 'H' || *part == 0) return false;
    int half;
    if (!digits_at(text, 9, 1, &half) || half < 1 || half > 2) return false;
    *part = *part * 2 - 2 + half;
    return true;
}

bool at_period_parse(at_str text, at_period *out) {
    int year, part;
    if (text.n != 4 && (text.n < 7 || text.n > 10)) return false;
    if (!digits_at(text, 0, 4, &year) || year < 1) return false;
    if (text.n == 4) {
        *out = (at_period){.kind = AT_YEAR, .ordinal = year};
        return true;
    }
    enum at_period_kind kind;
    if (text.p[4] != '-' || !parse_part(text, &kind, &part) || part < 1) return false;
    *out = (at_period){.kind = (uint8_t)kind, .ordinal = year * in_year_of(kind) + part - 1};
    return true;
}

/* Writes without printf, because files of periods have many rows. */
unsigned at_period_write(char text[AT_PERIOD_TEXT], at_period period) {
    enum at_period_kind kind = period.kind;
    int in_year = in_year_of(kind);
    int year = floor_div(period.ordinal, in_year), part = period.ordinal - year * in_year + 1, half = 0;
    if (kind == AT_SEMIMONTH) half = (part + 1) % 2 + 1, part = (part + 1) / 2;
    char *end = text;
    if (year < 0 || year > 9999)
        end += snprintf(text, 16, "%04d", year); /* a year that has not four digits */
    else
        for (int place = 1000; place; place /= 10)
            *end++ = (char)('0' + year / place % 10);
    static const char marks[] = {
        [AT_WEEK] = 'W', [AT_FISCAL_MONTH] = 'P', [AT_QUARTER] = 'Q', [AT_HALF] = 'H', [AT_YEAR] = 0};
    if (kind != AT_YEAR) *end++ = '-';
    if (kind != AT_YEAR && marks[kind]) *end++ = marks[kind];
    if (kind < AT_QUARTER) *end++ = (char)('0' + part / 10);
    if (kind != AT_YEAR) *end++ = (char)('0' + part % 10);
    if (half) {
        *end++ = '-';
        *end++ = 'H';
        *end++ = (char)('0' + half);
    }
    *end = 0;
    return (unsigned)(end - text);
}

at_str at_period_print(struct at_arena *arena, at_period period) {
    char *text = at_arena_get(arena, AT_PERIOD_TEXT);
    return (at_str){text, at_period_write(text, period)};
}

/* ---- relations */

/* Whether a period of the kind consists of whole calendar months. */
static bool of_months(const struct at_calendar *calendar, enum at_period_kind kind) {
    return kind >= AT_MONTH && !(calendar->pattern && of_fiscal_year(kind));
}

at_period at_period_holding(const struct at_calendar *calendar, at_period period, enum at_period_kind kind) {
    if (period.kind == kind) return period;
    if (!of_months(calendar, period.kind) || !of_months(calendar, kind)) {
        at_date day = at_period_start(calendar, period);
        return at_period_of_date(calendar, kind, kept(period.kind == AT_WEEK ? day + 3 : day));
    }
    int fiscal =
        period.ordinal * at_period_months(period.kind) - shift(calendar, period.kind) + shift(calendar, kind);
    return (at_period){.kind = (uint8_t)kind, .ordinal = floor_div(fiscal, at_period_months(kind))};
}

at_period at_period_first_in(const struct at_calendar *calendar, at_period longer, enum at_period_kind kind) {
    at_period first = at_period_of_date(calendar, kind, at_period_start(calendar, longer));
    /* The week of the first day can belong to the period before, and the week after it cannot. */
    if (at_period_holding(calendar, first, longer.kind).ordinal < longer.ordinal)
        first = at_period_after(calendar, first, 1);
    return first;
}

at_period at_period_last_in(const struct at_calendar *calendar, at_period longer, enum at_period_kind kind) {
    at_period last = at_period_of_date(calendar, kind, at_period_end(calendar, longer));
    /* The week of the last day can belong to the next period, and the week after it cannot belong to this
     * one. */
    if (at_period_holding(calendar, last, longer.kind).ordinal > longer.ordinal)
        last = at_period_after(calendar, last, -1);
    return last;
}

int at_period_cmp(const struct at_calendar *calendar, at_period a, at_period b) {
    if (a.kind == b.kind) return (a.ordinal > b.ordinal) - (a.ordinal < b.ordinal);
    int first, second;
    if (of_months(calendar, a.kind) && of_months(calendar, b.kind)) {
        first = a.ordinal * at_period_months(a.kind) - shift(calendar, a.kind);
        second = b.ordinal * at_period_months(b.kind) - shift(calendar, b.kind);
    } else {
        first = at_period_start(calendar, a);
        second = at_period_start(calendar, b);
    }
    if (first != second) return first < second ? -1 : 1;
    return (int)b.kind - (int)a.kind;
}
