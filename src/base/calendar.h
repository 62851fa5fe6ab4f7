/* base/calendar.h: periods of a policy: weeks, half months, months, quarters, halves, years, in a fiscal year
 * that may start in any month, or on a day and consist of weeks.
 *
 * A period is a kind and an ordinal, which give its name: names are read and printed without a calendar.
 * A calendar is needed for days, and for the next and the previous period (at_period_after), because a year
 * has 52 or 53 weeks. A fiscal year is named by the calendar year in which it ends when it does not start in
 * January (FY2027 from February 2026), and its quarters count from its start. A week belongs to the year, the
 * half, the quarter, and the month of its fourth day, as in ISO 8601, and has the number in its name. A
 * period of several weeks has the name of its first week.
 */
#ifndef AT_BASE_CALENDAR_H
#define AT_BASE_CALENDAR_H

#include "base/date.h"

/* In order of length. AT_FISCAL_MONTH is a month of a fiscal year, counted from its start (2026-P01). */
enum at_period_kind { AT_WEEK, AT_SEMIMONTH, AT_MONTH, AT_FISCAL_MONTH, AT_QUARTER, AT_HALF, AT_YEAR };

typedef struct at_period {
    uint8_t kind; /* enum at_period_kind */
    /* Weeks: year * 64 + week - 1. Half months: month * 2, and 1 for the second. Months: year * 12 + month -
     * 1 of the calendar. Others: fiscal year * n + index in it. Ordinals of a kind have the order of time,
     * and except for weeks are consecutive. */
    int32_t ordinal;
} at_period;

/* How the weeks of a quarter make its three months. */
enum at_weeks_pattern { AT_WEEKS_NONE, AT_WEEKS_445, AT_WEEKS_454, AT_WEEKS_544 };

struct at_calendar {
    uint8_t period_kind;  /* of the policy */
    uint8_t fiscal_start; /* month, 1 to 12; not used if there is a pattern */
    uint8_t weeks;        /* in a period of kind AT_WEEK; 0 means 1 */
    uint8_t pattern;      /* enum at_weeks_pattern: the fiscal year consists of weeks */
    bool anchored;        /* otherwise, weeks begin on Monday */
    at_date anchor;       /* a first day of a period of weeks, or of a fiscal year of weeks */
};

at_period at_period_of_date(const struct at_calendar *calendar, enum at_period_kind kind, at_date date);
at_date at_period_start(const struct at_calendar *calendar, at_period period);
at_date at_period_end(const struct at_calendar *calendar, at_period period); /* last day */
int at_period_days(const struct at_calendar *calendar, at_period period);
/* The n-th period after this one, or before it. */
at_period at_period_after(const struct at_calendar *calendar, at_period period, int32_t n);
/* Positions of one kind are consecutive integers. A name that is not a period of the calendar (the 53rd week
 * of a year of 52) has the position of a period that contains a day of it. */
int32_t at_period_position(const struct at_calendar *calendar, at_period period);
at_period at_period_at(const struct at_calendar *calendar, enum at_period_kind kind, int32_t position);
bool at_period_exists(const struct at_calendar *calendar, at_period period);
/* The period to offer in place of one that does not exist: the last week of a year for its 53rd, and the
 * period of several weeks that contains the week. */
at_period at_period_nearest(const struct at_calendar *calendar, at_period period);
/* Whether it exists, and is not a calendar month in a policy whose months consist of weeks: such a month is
 * neither longer nor shorter than these. */
bool at_period_fits(const struct at_calendar *calendar, at_period period);
/* Moves it; false, and unchanged, outside the years 1 to 9999. */
bool at_period_move(const struct at_calendar *calendar, at_period *period, int32_t n);
/* Its number in its year, from 1. */
int at_period_number(const struct at_calendar *calendar, at_period period);
/* Whether the periods of two policies are the same days. Their fiscal years may differ, unless they are of
 * weeks. */
bool at_calendar_same_periods(const struct at_calendar *a, const struct at_calendar *b);
int at_period_months(enum at_period_kind kind); /* 0: shorter than a month */
/* "2026-Q1", "2026-03", "2026-H1", "2026", "2026-W05", "2026-P01", "2026-01-H1"; whole text, false otherwise.
 * Months above 12, quarters above 4, weeks above 53: false. */
bool at_period_parse(at_str text, at_period *out);
enum { AT_PERIOD_TEXT = 24 };
unsigned at_period_write(char text[AT_PERIOD_TEXT], at_period period); /* ends in 0; returns the length */
at_str at_period_print(struct at_arena *arena, at_period period);
/* The longer period of `kind` that holds this one. For a week: that holds its fourth day. */
at_period at_period_holding(const struct at_calendar *calendar, at_period period, enum at_period_kind kind);
/* The first and the last period of `kind` that the longer one holds. */
at_period at_period_first_in(const struct at_calendar *calendar, at_period longer, enum at_period_kind kind);
at_period at_period_last_in(const struct at_calendar *calendar, at_period longer, enum at_period_kind kind);
int at_period_cmp(const struct at_calendar *calendar, at_period a,
                  at_period b); /* by first day, then longer first */

#endif
