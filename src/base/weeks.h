/* base/weeks.h: owns the arithmetic of weeks: their years, and years that consist of weeks. Used by
 * base/calendar.c only.
 *
 * A year of weeks begins on the weekday of the anchor that is nearest to the anchor's anniversary, so it has
 * 52 or 53 weeks. Its months have 4 or 5 weeks by the pattern; the last month has the 53rd week.
 */
#ifndef AT_BASE_WEEKS_H
#define AT_BASE_WEEKS_H

#include "base/calendar.h"

/* First day of the first week of a year. */
at_date at_weeks_year_start(const struct at_calendar *calendar, int year);
/* The year to which a day belongs: of the week that contains it. */
int at_weeks_year_of(const struct at_calendar *calendar, at_date date);
/* First day of the week, or of the period of several weeks, that contains the day. */
at_date at_weeks_start(const struct at_calendar *calendar, at_date date);
/* First day of a month of a year of weeks. Months continue beyond their year: 12 is the first of the next. */
at_date at_weeks_month_start(const struct at_calendar *calendar, int month);
/* The month, year * 12 + index, that contains the day. */
int at_weeks_month_of(const struct at_calendar *calendar, at_date date);
/* Days in a period of weeks. */
int at_weeks_length(const struct at_calendar *calendar);
/* A period of weeks by its position, from the anchor. */
at_date at_weeks_at(const struct at_calendar *calendar, int32_t position);

#endif
