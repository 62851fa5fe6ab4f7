/* Periods: calendar and fiscal years, their text, and which holds which. */
#include "room.h"

#include "base/calendar.h"
#include "base/period_near.h"

static const struct at_calendar plain = {.period_kind = AT_QUARTER, .fiscal_start = 1},
                                february = {.period_kind = AT_QUARTER, .fiscal_start = 2},
                                july = {.period_kind = AT_MONTH, .fiscal_start = 7};

static at_date day(int year, int month, int d) {
    at_date date = 0;
    cr_assert(at_date_make(year, month, d, &date));
    return date;
}

static at_period period(const char *text) {
    at_period out = {0};
    cr_assert(at_period_parse(at_str_z(text), &out), "%s", text);
    return out;
}

static void check(const struct at_calendar *calendar, const char *text, at_date first, at_date last) {
    at_period p = period(text);
    cr_assert_eq(at_period_start(calendar, p), first, "%s starts", text);
    cr_assert_eq(at_period_end(calendar, p), last, "%s ends", text);
    cr_assert_eq(at_period_days(calendar, p), last - first + 1);
    for (at_date d = first; d <= last; d++) {
        at_period of = at_period_of_date(calendar, (enum at_period_kind)p.kind, d);
        cr_assert(of.kind == p.kind && of.ordinal == p.ordinal, "%s holds its days", text);
    }
    assert_text(at_period_print(room_arena(), p), text);
}

Test(calendar, a_year_from_january) {
    check(&plain, "2026", day(2026, 1, 1), day(2026, 12, 31));
    check(&plain, "2026-H2", day(2026, 7, 1), day(2026, 12, 31));
    check(&plain, "2026-Q1", day(2026, 1, 1), day(2026, 3, 31));
    check(&plain, "2024-Q1", day(2024, 1, 1), day(2024, 3, 31));
    check(&plain, "2024-02", day(2024, 2, 1), day(2024, 2, 29));
    check(&plain, "2026-12", day(2026, 12, 1), day(2026, 12, 31));
}

Test(calendar, a_fiscal_year_is_named_by_the_year_it_ends_in) {
    check(&february, "2027", day(2026, 2, 1), day(2027, 1, 31));
    check(&february, "2027-Q1", day(2026, 2, 1), day(2026, 4, 30));
    check(&february, "2027-Q4", day(2026, 11, 1), day(2027, 1, 31));
    check(&february, "2027-H1", day(2026, 2, 1), day(2026, 7, 31));
    check(&february, "2026-03", day(2026, 3, 1), day(2026, 3, 31));
    check(&july, "2026", day(2025, 7, 1), day(2026, 6, 30));
    check(&july, "2026-Q3", day(2026, 1, 1), day(2026, 3, 31));
}

Test(calendar, ordinals_of_one_kind_are_consecutive) {
    for (int start = 1; start <= 12; start++) {
        struct at_calendar calendar = {.period_kind = AT_QUARTER, .fiscal_start = (uint8_t)start};
        for (int kind = AT_SEMIMONTH; kind <= AT_YEAR; kind++) {
            at_period p = at_period_of_date(&calendar, (enum at_period_kind)kind, day(2020, 1, 1));
            for (int i = 0; i < 100; i++) {
                at_period next = {p.kind, p.ordinal + 1};
                cr_assert_eq(at_period_end(&calendar, p) + 1, at_period_start(&calendar, next));
                p = next;
            }
        }
    }
}

Test(calendar, text_that_is_no_period) {
    static const char *const bad[] = {"2026-Q5", "2026-Q0", "2026-13", "2026-00", "2026-H3",
                                      "2026-H0", "2026-Q",  "26-Q1",   "2026Q1",  "2026-Q12",
                                      "2026-1",  "2026-",   "",        "0000",    "0000-01",
                                      "2026-X1", "20260",   " 2026",   "2026-q1"};
    at_period p;
    for (size_t i = 0; i < AT_COUNT(bad); i++)
        cr_assert_not(at_period_parse(at_str_z(bad[i]), &p), "%s", bad[i]);
}

static void held(const struct at_calendar *calendar, const char *text, enum at_period_kind kind,
                 const char *by) {
    assert_text(at_period_print(room_arena(), at_period_holding(calendar, period(text), kind)), by);
}

Test(calendar, a_longer_period_holds_a_shorter_one) {
    held(&plain, "2026-05", AT_QUARTER, "2026-Q2");
    held(&plain, "2026-05", AT_HALF, "2026-H1");
    held(&plain, "2026-Q3", AT_HALF, "2026-H2");
    held(&plain, "2026-Q3", AT_YEAR, "2026");
    held(&plain, "2026-Q3", AT_QUARTER, "2026-Q3");
    held(&february, "2026-01", AT_YEAR, "2026");
    held(&february, "2026-02", AT_YEAR, "2027");
    held(&february, "2026-02", AT_QUARTER, "2027-Q1");
    held(&february, "2026-01", AT_QUARTER, "2026-Q4");
    held(&february, "2027-Q3", AT_HALF, "2027-H2");
    held(&july, "2026-08", AT_QUARTER, "2027-Q1");
}

Test(calendar, order_is_by_first_day_then_longer_first) {
    cr_assert_lt(at_period_cmp(&plain, period("2026-Q1"), period("2026-Q2")), 0);
    cr_assert_gt(at_period_cmp(&plain, period("2026-Q2"), period("2026-03")), 0);
    cr_assert_lt(at_period_cmp(&plain, period("2026"), period("2026-Q1")), 0);
    cr_assert_lt(at_period_cmp(&plain, period("2026-Q1"), period("2026-01")), 0);
    cr_assert_eq(at_period_cmp(&plain, period("2026-01"), period("2026-01")), 0);
    cr_assert_lt(at_period_cmp(&february, period("2027-Q1"), period("2026-03")), 0);
    cr_assert_lt(at_period_cmp(&february, period("2026-01"), period("2027-Q1")), 0);
}

/* 2025-12-29 is a Monday, and 2026 has 53 weeks by ISO 8601, because it begins on a Thursday. */
Test(calendar, a_week_has_the_number_of_iso) {
    check(&plain, "2026-W01", day(2025, 12, 29), day(2026, 1, 4));
    check(&plain, "2026-W02", day(2026, 1, 5), day(2026, 1, 11));
    check(&plain, "2026-W53", day(2026, 12, 28), day(2027, 1, 3));
    check(&plain, "2027-W01", day(2027, 1, 4), day(2027, 1, 10));
    held(&plain, "2026-W01", AT_YEAR, "2026");
    held(&plain, "2026-W01", AT_MONTH, "2026-01");
    held(&plain, "2026-W14", AT_QUARTER, "2026-Q2"); /* March 30 to April 5: Thursday is April 2 */
    held(&february, "2026-W06", AT_YEAR, "2027");    /* February 2 to 8 */
    cr_assert(at_period_exists(&plain, period("2026-W53")));
    cr_assert_not(at_period_exists(&plain, period("2025-W53")));
    assert_text(at_period_print(room_arena(), at_period_after(&plain, period("2026-W53"), 1)), "2027-W01");
    assert_text(at_period_print(room_arena(), at_period_after(&plain, period("2026-W01"), -1)), "2025-W52");
    cr_assert_eq(at_period_number(&plain, period("2026-W05")), 5);
}

/* By datetime.isocalendar of Python: W05 of 2026 is January 26 to February 1, W09 February 23 to March 1. */
Test(calendar, each_week_is_in_one_month) {
    struct at_arena *a = room_arena();
    assert_text(at_period_print(a, at_period_first_in(&plain, period("2026-01"), AT_WEEK)), "2026-W01");
    assert_text(at_period_print(a, at_period_last_in(&plain, period("2026-01"), AT_WEEK)), "2026-W05");
    assert_text(at_period_print(a, at_period_first_in(&plain, period("2026-02"), AT_WEEK)), "2026-W06");
    assert_text(at_period_print(a, at_period_last_in(&plain, period("2026-02"), AT_WEEK)), "2026-W09");
    assert_text(at_period_print(a, at_period_first_in(&plain, period("2026-03"), AT_WEEK)), "2026-W10");
    assert_text(at_period_print(a, at_period_last_in(&plain, period("2026"), AT_WEEK)), "2026-W53");
    assert_text(at_period_print(a, at_period_first_in(&plain, period("2027"), AT_WEEK)), "2027-W01");
}

Test(calendar, a_period_near_one_that_does_not_exist) {
    struct at_calendar two = {
        .period_kind = AT_WEEK, .fiscal_start = 1, .weeks = 2, .anchor = day(2026, 1, 2)};
    struct at_arena *a = room_arena();
    assert_text(at_period_print(a, at_period_nearest(&plain, period("2025-W53"))), "2025-W52");
    assert_text(at_period_print(a, at_period_nearest(&two, period("2026-W02"))), "2026-W01");
    assert_text(at_period_print(a, at_period_nearest(&plain, period("2026-W53"))), "2026-W53");
}

Test(calendar, the_period_that_a_text_means) {
    static const char *const cases[][2] = {{"2026-W5", "2026-W05"},
                                           {"2026W05", "2026-W05"},
                                           {"2026-w05", "2026-W05"},
                                           {"w5 2026", "2026-W05"},
                                           {"2026/W5", "2026-W05"},
                                           {"2026-q1", "2026-Q1"},
                                           {"Q1 2026", "2026-Q1"},
                                           {"2026-1", "2026-01"},
                                           {"01/2026", "2026-01"},
                                           {"202601", "2026-01"},
                                           {"2026m7", "2026-07"},
                                           {"2026-P1", "2026-P01"},
                                           {"2026-1-h2", "2026-01-H2"},
                                           {"2026-01H1", "2026-01-H1"},
                                           {"2026H2", "2026-H2"},
                                           {"2026-W54", ""},
                                           {"2026-W0", ""},
                                           {"26-W05", ""},
                                           {"2026-W02-1", ""},
                                           {"W", ""},
                                           {"2026", ""},
                                           {"2026-QW1", ""},
                                           {"1234567-W1", ""},
                                           {"2026-01-31", ""},
                                           {"next week", ""},
                                           {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_text(at_period_meant(room_arena(), at_str_z(cases[i][0])), cases[i][1]);
}

/* 2025-12-28 is a Sunday; of its week, four days are in 2025. */
Test(calendar, a_week_may_begin_on_any_day) {
    struct at_calendar sunday = {
        .period_kind = AT_WEEK, .fiscal_start = 1, .anchored = true, .anchor = day(2026, 1, 4)};
    check(&sunday, "2026-W01", day(2026, 1, 4), day(2026, 1, 10));
    check(&sunday, "2025-W53", day(2025, 12, 28), day(2026, 1, 3));
}

/* 1970-01-01 is a Thursday, and day 0. */
Test(calendar, a_week_may_begin_on_day_0) {
    struct at_calendar thursday = {
        .period_kind = AT_WEEK, .fiscal_start = 1, .anchored = true, .anchor = day(1970, 1, 1)};
    check(&thursday, "2026-W01", day(2026, 1, 1), day(2026, 1, 7));
}

/* 2026-01-02 is a Friday. */
Test(calendar, periods_of_two_weeks_have_the_name_of_the_first) {
    struct at_calendar two = {
        .period_kind = AT_WEEK, .fiscal_start = 1, .weeks = 2, .anchored = true, .anchor = day(2026, 1, 2)};
    check(&two, "2026-W01", day(2026, 1, 2), day(2026, 1, 15));
    check(&two, "2026-W03", day(2026, 1, 16), day(2026, 1, 29));
    check(&two, "2025-W51", day(2025, 12, 19), day(2026, 1, 1));
    cr_assert_not(at_period_exists(&two, period("2026-W02")));
    cr_assert_eq(at_period_number(&two, period("2026-W05")), 3);
    held(&two, "2025-W51", AT_YEAR, "2025");
}

Test(calendar, half_months) {
    check(&plain, "2024-02-H1", day(2024, 2, 1), day(2024, 2, 15));
    check(&plain, "2024-02-H2", day(2024, 2, 16), day(2024, 2, 29));
    held(&february, "2026-02-H1", AT_YEAR, "2027");
    held(&plain, "2026-06-H2", AT_QUARTER, "2026-Q2");
    cr_assert_eq(at_period_number(&plain, period("2026-02-H1")), 3);
}

/* 2026-02-01 is a Sunday. The Sunday nearest to 2027-02-01, a Monday, is the day before; to 2028-02-01, a
 * Tuesday, 2028-01-30; to 2029-02-01, a Thursday, 2029-02-04. The year 2029 therefore has 53 weeks. */
Test(calendar, a_year_of_weeks) {
    struct at_calendar retail = {.period_kind = AT_FISCAL_MONTH,
                                 .fiscal_start = 1,
                                 .pattern = AT_WEEKS_445,
                                 .anchored = true,
                                 .anchor = day(2026, 2, 1)};
    check(&retail, "2027", day(2026, 2, 1), day(2027, 1, 30));
    check(&retail, "2027-P01", day(2026, 2, 1), day(2026, 2, 28));
    check(&retail, "2027-P03", day(2026, 3, 29), day(2026, 5, 2));
    check(&retail, "2027-Q1", day(2026, 2, 1), day(2026, 5, 2));
    check(&retail, "2027-W01", day(2026, 2, 1), day(2026, 2, 7));
    check(&retail, "2029", day(2028, 1, 30), day(2029, 2, 3));
    check(&retail, "2029-P12", day(2028, 12, 24), day(2029, 2, 3));
    check(&retail, "2029-W53", day(2029, 1, 28), day(2029, 2, 3));
    held(&retail, "2027-P03", AT_QUARTER, "2027-Q1");
    held(&retail, "2027-P04", AT_HALF, "2027-H1");
    cr_assert_not(at_period_exists(&retail, period("2027-W53")));
    cr_assert_not(at_period_fits(&retail, period("2026-02")));
    retail.pattern = AT_WEEKS_544;
    check(&retail, "2027-P01", day(2026, 2, 1), day(2026, 3, 7));
    retail.anchor = day(2025, 12, 29); /* a year from January has its own name */
    check(&retail, "2026", day(2025, 12, 29), day(2026, 12, 27));
    retail.anchor = day(2026, 1, 16); /* 15 days after January 1, and 16 before February 1 */
    cr_assert_eq(at_period_start(&retail, period("2026")), day(2026, 1, 16));
}

Test(calendar, the_ends_of_time_are_kept) {
    at_period first = at_period_of_date(&february, AT_YEAR, AT_DATE_MIN);
    cr_assert_eq(at_period_start(&february, first), AT_DATE_MIN);
    at_period last = at_period_of_date(&february, AT_YEAR, AT_DATE_MAX);
    cr_assert_eq(at_period_end(&february, last), AT_DATE_MAX);
}
