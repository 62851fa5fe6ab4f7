/* base/weeks.c: weeks, their years, and years that consist of weeks. */
#include "base/weeks.h"

enum { MONDAY = -3 /* 1969-12-29 */, WEEKS_IN_QUARTER = 13 };

static int floor_div(int a, int b) {
    return a / b - (a % b < 0);
}

/* The last day at or before the date that is a number of whole lengths from the anchor. */
static at_date back_to(at_date anchor, int length, at_date date) {
    return anchor + floor_div(date - anchor, length) * length;
}

static at_date anchor_of(const struct at_calendar *calendar) {
    return calendar->anchored ? calendar->anchor : MONDAY;
}

int at_weeks_length(const struct at_calendar *calendar) {
    return calendar->weeks ? 7 * calendar->weeks : 7;
}

at_date at_weeks_at(const struct at_calendar *calendar, int32_t position) {
    return anchor_of(calendar) + position * at_weeks_length(calendar);
}

at_date at_weeks_start(const struct at_calendar *calendar, at_date date) {
    return back_to(anchor_of(calendar), at_weeks_length(calendar), date);
}

/* ---- years */

/* The name of the year of weeks that begins on the anchor. The first of a month nearest to the anchor
 * decides: a year from January has the name of that year, another the name of the next year, in which it
 * ends. */
static int anchor_year(const struct at_calendar *calendar) {
    int year, month, day;
    at_date next = AT_DATE_MAX;
    at_date_split(calendar->anchor, &year, &month, &day);
    if (month == 12)
        at_date_make(year + 1, 1, 1, &next);
    else
        at_date_make(year, month + 1, 1, &next);
    bool starts_late = next - calendar->anchor < day - 1;
    if (starts_late && ++month > 12) return year + 1;
    return month == 1 ? year : year + 1;
}

at_date at_weeks_year_start(const struct at_calendar *calendar, int year) {
    at_date near;
    if (!calendar->pattern) { /* the first week contains January 4 */
        if (!at_date_make(year, 1, 4, &near)) return year < 1 ? AT_DATE_MIN : AT_DATE_MAX;
        return back_to(anchor_of(calendar), 7, near);
    }
    int y, month, day;
    at_date_split(calendar->anchor, &y, &month, &day);
    y += year - anchor_year(calendar);
    if (y < 1 || y > 9999) return y < 1 ? AT_DATE_MIN : AT_DATE_MAX;
    if (!at_date_make(y, month, day, &near)) at_date_make(y, month, day - 1, &near); /* February 29 */
    return back_to(calendar->anchor, 7, near + 3);
}

int at_weeks_year_of(const struct at_calendar *calendar, at_date date) {
    int year, month, day;
    at_date_split(date, &year, &month, &day);
    year += 2; /* at least the year looked for, also if years begin late and have the name of the next */
    while (year > 1 && at_weeks_year_start(calendar, year) > date)
        year--;
    return year;
}

/* ---- months of a year of weeks */

/* Weeks of a quarter before its months, by pattern. */
static int weeks_before(const struct at_calendar *calendar, int month) {
    static const uint8_t before[][3] = {
        [AT_WEEKS_445] = {0, 4, 8}, [AT_WEEKS_454] = {0, 4, 9}, [AT_WEEKS_544] = {0, 5, 9}};
    return month / 3 * WEEKS_IN_QUARTER + before[calendar->pattern][month % 3];
}

at_date at_weeks_month_start(const struct at_calendar *calendar, int month) {
    int year = floor_div(month, 12);
    return at_weeks_year_start(calendar, year) + 7 * weeks_before(calendar, month - year * 12);
}

int at_weeks_month_of(const struct at_calendar *calendar, at_date date) {
    int month = at_weeks_year_of(calendar, date) * 12 + 11;
    while (at_weeks_month_start(calendar, month) > date)
        month--;
    return month;
}
