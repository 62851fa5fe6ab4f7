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

/* Returns how many times in a row the letter at p occurs from p on. Returns 0 if it is not a letter of a
 * format. */
static unsigned run_length(const char *p, const char *end) {
    if (*p != 'Y' && *p != 'M' && *p != 'D') return 0;
    unsigned n = 1;
    while (p + n < end && p[n] == *p)
        n++;
    return n;
}

bool at_date_format_ok(at_str format) {
    if (format.n == 0) return false;
    const char *p = format.p, *end = format.p + format.n;
    unsigned years = 0, months = 0, days = 0;
    bool open = false; /* the field before may be one digit or two, so a digit must not follow */
    while (p < end) {
        unsigned n = run_length(p, end);
        bool digits = n ? !(*p == 'M' && n == 3) : *p >= '0' && *p <= '9';
        if (open && digits) return false;
        open = false;
        if (n == 0) {
            p++;
            continue;
        }
        if (*p == 'Y' && (n == 4 || n == 2))
            years++;
        else if (*p == 'M' && n <= 3)
            months++;
        else if (*p == 'D' && n <= 2)
            days++;
        else
            return false;
        open = n == 1;
        p += n;
    }
    return years == 1 && months == 1 && days == 1;
}

/* "Jan" to "Dec" in any case: 1 to 12, or -1. */
static int read_month_name(const char **p, const char *end) {
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (end - *p < 3) return -1;
    for (int m = 0; m < 12; m++) {
        int i = 0;
        while (i < 3 && ((*p)[i] | 0x20) == names[m * 3 + i])
            i++;
        if (i == 3) {
            *p += 3;
            return m + 1;
        }
    }
    return -1;
}

bool at_date_parse_format(at_str text, at_str format, at_date *out) {
    if (text.n == 0 || format.n == 0) return false;
    const char *f = format.p, *f_end = format.p + format.n;
    const char *p = text.p, *end = text.p + text.n;
    int year = -1, month = -1, day = -1;
    while (f < f_end) {
        unsigned n = run_length(f, f_end);
        if (n == 0) {
            if (p == end || *p++ != *f++) return false;
            continue;
        }
        if (*f == 'Y') {
            year = read_digits(&p, end, n == 2 ? 2 : 4, n == 2 ? 2 : 4);
            if (year < 0) return false;
            if (n == 2) year += 2000;
        } else if (*f == 'M') {
            month = n == 3 ? read_month_name(&p, end) : read_digits(&p, end, n == 2 ? 2 : 1, 2);
        } else {
            day = read_digits(&p, end, n == 2 ? 2 : 1, 2);
        }
        f += n;
    }
    return p == end && at_date_make(year, month, day, out);
}

at_str at_date_print(struct at_arena *arena, at_date date) {
    int year, month, day;
    at_date_split(date, &year, &month, &day);
    return at_str_format(arena, "%04d-%02d-%02d", year, month, day);
}
