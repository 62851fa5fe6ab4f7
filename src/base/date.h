/* base/date.h: days of the proleptic Gregorian calendar as integers. Day 0 is 1970-01-01. No clock, no zone.
 */
#ifndef AT_BASE_DATE_H
#define AT_BASE_DATE_H

#include "base/text.h"

typedef int32_t at_date;

#define AT_DATE_MIN (-719162) /* 0001-01-01 */
#define AT_DATE_MAX 2932896   /* 9999-12-31 */

bool at_date_make(int year, int month, int day, at_date *out); /* false where there is no such day */
void at_date_split(at_date date, int *year, int *month, int *day);
int at_date_days_in_month(int year, int month);
at_date at_date_add_months(at_date date, int months); /* the day is kept, or the month's last */
/* The first day from which `months` reach the date, or a day after it: a month before March 31 is March 1. */
at_date at_date_reaches(at_date date, int months);
bool at_date_parse_iso(at_str text, at_date *out);          /* YYYY-MM-DD; whole text */
at_str at_date_print(struct at_arena *arena, at_date date); /* "2026-03-31" */

#endif
