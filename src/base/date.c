/* base/date.c: days counted from 0001-01-01 in whole cycles of 400, 100, 4 and 1 years. */
#include "base/date.h"

#define EPOCH 719162 /* days from 0001-01-01 to 1970-01-01 */

/* Days of a common year before each month, and at the end the days of the year. */
static const int16_t before_month[13] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

static bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int before_year(int year) {
    int n = year - 1;
    return n * 365 + n / 4 - n / 100 + n / 400;
}

int at_date_days_in_month(int year, int month) {
    if (month < 1 || month > 12) return 0;
    return before_month[month] - before_month[month - 1] + (month == 2 && is_leap(year));
}

bool at_date_make(int year, int month, int day, at_date *out) {
    if (year < 1 || year > 9999 || month < 1 || month > 12) return false;
    if (day < 1 || day > at_date_days_in_month(year, month)) return false;
    *out = before_year(year) + before_month[month - 1] + (month > 2 && is_leap(year)) + day - 1 - EPOCH;
    return true;
}

void at_date_split(at_date date, int *year, int *month, int *day) {
    int days = (date < AT_DATE_MIN ? AT_DATE_MIN : date > AT_DATE_MAX ? AT_DATE_MAX : date) + EPOCH;
    int y = days / 366 + 1; /* never too late, and at most a few years too early */
    while (before_year(y + 1) <= days)
        y++;
    int left = days - before_year(y);
    int m = left / 31 + 1; /* the same for months */
    while (left >= before_month[m] + (m >= 2 && is_leap(y)))
        m++;
    *year = y;
    *month = m;
    *day = left - before_month[m - 1] - (m > 2 && is_leap(y)) + 1;
}

at_date at_date_add_months(at_date date, int months) {
    int year, month, day;
    at_date_split(date, &year, &month, &day);
    int64_t index = (int64_t)year * 12 + month - 1 + months;
    if (index < 12) return AT_DATE_MIN;
    if (index >= 120000) return AT_DATE_MAX;
    year = (int)(index / 12);
    month = (int)(index % 12) + 1;
    int last = at_date_days_in_month(year, month);
    at_date result = date;
    at_date_make(year, month, day < last ? day : last, &result);
    return result;
}

at_date at_date_reaches(at_date date, int months) {
    at_date day = at_date_add_months(date, -months);
    return at_date_add_months(day, months) < date ? day + 1 : day;
}

/* ---- text */

/* Reads from `least` to `most` digits at *p; -1 where there are fewer. */
static int read_digits(const char **p, const char *end, int least, int most) {
    int value = 0, n = 0;
    for (; n < most && *p < end && **p >= '0' && **p <= '9'; n++)
        value = value * 10 + (*(*p)++ - '0');
    return n >= least ? value : -1;
}

bool at_date_parse_iso(at_str text, at_date *out) {
    if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-') return false;
    const char *p = text.p, *end = text.p + 10;
    int year = read_digits(&p, end, 4, 4);
    p = text.p + 5;
    int month = read_digits(&p, end, 2, 2);
    p = text.p + 8;
    int day = read_digits(&p, end, 2, 2);
    return year >= 0 && month >= 0 && day >= 0 && at_date_make(year, month, day, out);
}

at_str at_date_print(struct at_arena *arena, at_date date) {
    int year, month, day;
    at_date_split(date, &year, &month, &day);
    return at_str_format(arena, "%04d-%02d-%02d", year, month, day);
}
