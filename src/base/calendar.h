/* base/calendar.h: periods of a policy: months, quarters, halves, years, in a fiscal year that may start in
 * any month.
 *
 * A period is a kind and an ordinal; ordinals of one kind are consecutive integers. A fiscal year is named by
 * the calendar year in which it ends when it does not start in January (FY2027 from February 2026), and its
 * quarters count from its start.
 */
#ifndef AT_BASE_CALENDAR_H
#define AT_BASE_CALENDAR_H

#include "base/date.h"

enum at_period_kind { AT_MONTH, AT_QUARTER, AT_HALF, AT_YEAR };

typedef struct at_period {
    uint8_t kind; /* enum at_period_kind */
    int32_t
        ordinal; /* months: year * 12 + month - 1 of the calendar; others: fiscal year * n + index in it */
} at_period;

struct at_calendar {
    uint8_t period_kind;  /* of the policy */
    uint8_t fiscal_start; /* month, 1 to 12 */
};

at_period at_period_of_date(const struct at_calendar *calendar, enum at_period_kind kind, at_date date);
at_date at_period_start(const struct at_calendar *calendar, at_period period);
at_date at_period_end(const struct at_calendar *calendar, at_period period); /* last day */
int at_period_days(const struct at_calendar *calendar, at_period period);
/* "2026-Q1", "2026-03", "2026-H1", "2026"; whole text, false otherwise. Months above 12, quarters above 4:
 * false. */
bool at_period_parse(at_str text, at_period *out);
at_str at_period_print(struct at_arena *arena, at_period period);
/* The longer period of `kind` that holds this one. */
at_period at_period_holding(const struct at_calendar *calendar, at_period period, enum at_period_kind kind);
int at_period_cmp(const struct at_calendar *calendar, at_period a,
                  at_period b); /* by first day, then longer first */

#endif
