/* api/periods.c: `--period 2026`, `--from 2026-02`: selects periods of a policy. A longer period
 * selects all periods in it, and a shorter one is an error. Each week is in one month: that of its fourth
 * day.
 */
#include "api/argument.h"

/* Reports a period that was selected. `whole`: a period of the policy that contains it, which may be NULL. */
static bool refuse(struct at_api_job *job, const struct at_check_policy *checked, const char *text,
                   const char *why, const at_period *whole) {
    const struct at_calendar *calendar = &checked->calendar;
    struct at_arena *arena = &job->r->own.arena;
    at_str first = at_period_print(arena, at_period_of_date(calendar, calendar->period_kind, checked->from));
    at_str last = at_period_print(arena, at_period_of_date(calendar, calendar->period_kind, checked->to));
    struct at_diag *diag = at_diag_add(&job->r->arguments, AT_A0906, (at_span){0}, "`%s` %s", text, why);
    if (whole)
        at_diag_help(diag, "write `%.*s`, or another period from %.*s to %.*s",
                     AT_STR_ARG(at_period_print(arena, *whole)), AT_STR_ARG(first), AT_STR_ARG(last));
    else
        at_diag_help(diag, "choose periods from %.*s to %.*s", AT_STR_ARG(first), AT_STR_ARG(last));
    return false;
}

/* The policy's first and last period within the one written. */
static bool read_period(struct at_api_job *job, const struct at_check_policy *checked, const char *text,
                        at_period *first, at_period *last) {
    const struct at_calendar *calendar = &checked->calendar;
    at_period period;
    if (!at_api_read_period(&job->r->arguments, text, &period)) return false;
    if (period.kind < calendar->period_kind) {
        at_period whole = at_period_holding(calendar, period, calendar->period_kind);
        bool as_long = !at_period_fits(calendar, period) && calendar->period_kind == AT_FISCAL_MONTH;
        return refuse(job, checked, text,
                      as_long ? "is not a period of the policy" : "is shorter than the periods of the policy",
                      &whole);
    }
    if (period.kind == calendar->period_kind) {
        if (!at_period_exists(calendar, period)) {
            at_period whole = at_period_nearest(calendar, period);
            return refuse(job, checked, text, "is not a period of the policy", &whole);
        }
        *first = *last = period;
        return true;
    }
    *first = at_period_first_in(calendar, period, calendar->period_kind);
    *last = at_period_last_in(calendar, period, calendar->period_kind);
    if (last->ordinal < first->ordinal) /* half a month, and periods of several weeks */
        return refuse(job, checked, text, "contains no period of the policy", first);
    return true;
}

bool at_api_periods_of(struct at_api_job *job, const struct at_check_policy *checked, at_period *from,
                       at_period *through) {
    const attain_run_options *options = job->options;
    const char *from_text = options->period ? options->period : options->from;
    const char *through_text = options->period ? options->period : options->through;
    const struct at_calendar *calendar = &checked->calendar;
    at_period unused, earliest = at_period_of_date(calendar, calendar->period_kind, checked->from);
    /* Lines that are moved are paid after the effective range, too. */
    at_period latest = at_period_of_date(calendar, calendar->period_kind, at_check_paid_to(checked));
    *from = earliest;
    *through = latest;
    if (!from_text && !through_text) {
        through->kind = AT_YEAR + 1;
        return true;
    }
    if (from_text && !read_period(job, checked, from_text, from, &unused)) return false;
    if (through_text && !read_period(job, checked, through_text, &unused, through)) return false;
    if (through->ordinal < from->ordinal)
        return from_text
                   ? refuse(job, checked, from_text, "starts after the last period that was selected", NULL)
                   : refuse(job, checked, through_text, "ends before the first period", NULL);
    if (from->ordinal > latest.ordinal || through->ordinal < earliest.ordinal)
        return refuse(job, checked, from_text ? from_text : through_text,
                      "is outside the effective range of the policy", NULL);
    if (from->ordinal < earliest.ordinal) *from = earliest;
    if (through->ordinal > latest.ordinal) *through = latest;
    if (!through_text) through->kind = AT_YEAR + 1; /* as far as something is credited */
    return true;
}
