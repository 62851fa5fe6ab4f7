/* Days: every day there is, leap years, months of different length, declared formats. */
#include "room.h"

#include "base/date_format.h"

static at_date day(int year, int month, int d) {
    at_date date = 0;
    cr_assert(at_date_make(year, month, d, &date), "%d-%d-%d", year, month, d);
    return date;
}

Test(date, every_day_follows_the_one_before) {
    at_date expected = AT_DATE_MIN;
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++)
            for (int d = 1; d <= at_date_days_in_month(year, month); d++, expected++) {
                int y, m, dd;
                if (day(year, month, d) != expected) cr_assert(false, "%d-%d-%d", year, month, d);
                at_date_split(expected, &y, &m, &dd);
                if (y != year || m != month || dd != d) cr_assert(false, "split %d-%d-%d", year, month, d);
            }
    cr_assert_eq(expected, AT_DATE_MAX + 1);
}

Test(date, known_days) {
    cr_assert_eq(day(1970, 1, 1), 0);
    cr_assert_eq(day(2000, 3, 1), 11017); /* 30 years, 7 of them leap, and 31 + 29: 10950 + 7 + 60 */
    cr_assert_eq(day(1969, 12, 31), -1);
}

Test(date, leap_years) {
    cr_assert_eq(at_date_days_in_month(2024, 2), 29);
    cr_assert_eq(at_date_days_in_month(2026, 2), 28);
    cr_assert_eq(at_date_days_in_month(1900, 2), 28);
    cr_assert_eq(at_date_days_in_month(2000, 2), 29);
    cr_assert_eq(at_date_days_in_month(2026, 0), 0);
    cr_assert_eq(at_date_days_in_month(2026, 13), 0);
}

Test(date, days_that_are_not_there) {
    static const int bad[][3] = {{2026, 2, 29}, {2026, 4, 31}, {2026, 13, 1}, {2026, 0, 1},
                                 {2026, 1, 0},  {2026, 1, 32}, {0, 1, 1},     {10000, 1, 1}};
    at_date date;
    for (size_t i = 0; i < AT_COUNT(bad); i++)
        cr_assert_not(at_date_make(bad[i][0], bad[i][1], bad[i][2], &date));
}

Test(date, months_are_added_and_the_day_kept_or_the_last_taken) {
    cr_assert_eq(at_date_add_months(day(2026, 1, 31), 1), day(2026, 2, 28));
    cr_assert_eq(at_date_add_months(day(2024, 1, 31), 1), day(2024, 2, 29));
    cr_assert_eq(at_date_add_months(day(2026, 3, 31), -1), day(2026, 2, 28));
    cr_assert_eq(at_date_add_months(day(2026, 1, 15), -1), day(2025, 12, 15));
    cr_assert_eq(at_date_add_months(day(2026, 1, 15), 24), day(2028, 1, 15));
    cr_assert_eq(at_date_add_months(day(2024, 2, 29), 12), day(2025, 2, 28));
    cr_assert_eq(at_date_add_months(day(2026, 1, 1), INT32_MAX), AT_DATE_MAX);
    cr_assert_eq(at_date_add_months(day(2026, 1, 1), INT32_MIN), AT_DATE_MIN);
}

Test(date, the_first_day_from_which_months_reach) {
    cr_assert_eq(at_date_reaches(day(2026, 3, 31), 1), day(2026, 3, 1));
    cr_assert_eq(at_date_reaches(day(2026, 3, 28), 1), day(2026, 2, 28));
    cr_assert_eq(at_date_reaches(day(2026, 2, 28), 1), day(2026, 1, 28));
    cr_assert_eq(at_date_reaches(day(2028, 2, 29), 12), day(2027, 3, 1));
}

Test(date, iso_text) {
    at_date date;
    cr_assert(at_date_parse_iso(AT_STR("2026-03-31"), &date) && date == day(2026, 3, 31));
    static const char *const bad[] = {"2026-3-31",   "2026-03-3",  "2026-02-30", "2026/03/31",
                                      "2026-03-31 ", "26-03-31",   "",           "2026-03-AA",
                                      "20a6-03-31",  "2026-0 -31", "+026-03-31", "2026-03-311"};
    for (size_t i = 0; i < AT_COUNT(bad); i++)
        cr_assert_not(at_date_parse_iso(at_str_z(bad[i]), &date), "%s", bad[i]);
    assert_text(at_date_print(room_arena(), day(2026, 3, 31)), "2026-03-31");
    assert_text(at_date_print(room_arena(), AT_DATE_MIN), "0001-01-01");
    assert_text(at_date_print(room_arena(), AT_DATE_MAX), "9999-12-31");
}

Test(date, formats_that_can_be_used) {
    static const char *const good[] = {"DD/MM/YYYY", "D MMM YYYY", "YYYYMMDD", "YYYY年M月D日",
                                       "MM-DD-YY",   "DMMMYY",     ""};
    for (size_t i = 0; good[i][0]; i++)
        cr_assert(at_date_format_ok(at_str_z(good[i])), "%s", good[i]);
    static const char *const bad[] = {"",       "DD/MM",      "YYYY-MM-DD-DD", "YYY-MM-DD", "DDD/MM/YYYY",
                                      "DMYYYY", "D1/MM/YYYY", "MMMM D YYYY"};
    for (size_t i = 0; i < AT_COUNT(bad); i++)
        cr_assert_not(at_date_format_ok(at_str_z(bad[i])), "%s", bad[i]);
}

Test(date, declared_formats) {
    static const char *const good[][2] = {{"DD/MM/YYYY", "03/02/2026"},     {"MM/DD/YY", "02/03/26"},
                                          {"D MMM YYYY", "3 Feb 2026"},     {"D MMM YYYY", "03 FEB 2026"},
                                          {"YYYYMMDD", "20260203"},         {"M/D/YYYY", "2/3/2026"},
                                          {"YYYY年M月D日", "2026年2月3日"}, {"MMMD, YYYY", "feb3, 2026"}};
    at_date date;
    for (size_t i = 0; i < AT_COUNT(good); i++) {
        date = 0;
        cr_assert(at_date_parse_format(at_str_z(good[i][1]), at_str_z(good[i][0]), &date) == AT_DATE_FITS,
                  "%s", good[i][1]);
        cr_assert_eq(date, day(2026, 2, 3), "%s", good[i][1]);
    }
    static const char *const bad[][2] = {
        {"DD/MM/YYYY", "3/02/2026"},  {"DD/MM/YYYY", "03/02/26"},    {"DD/MM/YYYY", "31/02/2026"},
        {"DD/MM/YYYY", "03-02-2026"}, {"DD/MM/YYYY", "03/02/2026x"}, {"DD/MM/YYYY", ""},
        {"D MMM YYYY", "3 Foo 2026"}, {"D MMM YYYY", "3 Fe"},        {"M/D/YYYY", "/3/2026"}};
    for (size_t i = 0; i < AT_COUNT(bad); i++)
        cr_assert_neq(at_date_parse_format(at_str_z(bad[i][1]), at_str_z(bad[i][0]), &date), AT_DATE_FITS,
                      "%s", bad[i][1]);
}

Test(date, formats_with_a_time_of_day) {
    static const char *const good[][2] = {{"YYYY-MM-DDThh:mm:ssZ", "2026-02-03T23:30:00-08:00"},
                                          {"YYYY-MM-DDThh:mm:ssZ", "2026-02-03T00:00:00.000Z"},
                                          {"YYYY-MM-DDThh:mm:ssZ", "2026-02-03T12:00:60+0530"},
                                          {"YYYY-MM-DD hh:mm", "2026-02-03 09:05"},
                                          {"M/D/YYYY h:mm AM", "2/3/2026 12:05 pm"},
                                          {"YYYY年M月D日 hh:mm:ss", "2026年2月3日 08:00:00"}};
    at_date date;
    for (size_t i = 0; i < AT_COUNT(good); i++) {
        date = 0;
        cr_assert(at_date_format_ok(at_str_z(good[i][0])), "%s", good[i][0]);
        cr_assert_eq(at_date_parse_format(at_str_z(good[i][1]), at_str_z(good[i][0]), &date), AT_DATE_FITS,
                     "%s", good[i][1]);
        cr_assert_eq(date, day(2026, 2, 3), "%s", good[i][1]);
    }
    static const char *const bad[][2] = {{"YYYY-MM-DD hh:mm", "2026-02-03 24:00"},
                                         {"YYYY-MM-DD hh:mm", "2026-02-03 23:60"},
                                         {"M/D/YYYY h:mm AM", "2/3/2026 13:05 PM"},
                                         {"M/D/YYYY h:mm AM", "2/3/2026 0:05 AM"},
                                         {"M/D/YYYY h:mm AM", "2/3/2026 1:05 XM"},
                                         {"YYYY-MM-DDThh:mm:ssZ", "2026-02-03T10:00:00"},
                                         {"YYYY-MM-DDThh:mm:ssZ", "2026-02-03T10:00:00+15:00"},
                                         {"YYYY-MM-DDThh:mm:ssZ", "2026-02-03"}};
    for (size_t i = 0; i < AT_COUNT(bad); i++)
        cr_assert_eq(at_date_parse_format(at_str_z(bad[i][1]), at_str_z(bad[i][0]), &date),
                     AT_DATE_OTHER_FORM, "%s", bad[i][1]);
    cr_assert_eq(at_date_parse_format(AT_STR("30/02/2026"), AT_STR("DD/MM/YYYY"), &date), AT_DATE_NO_DAY);
    cr_assert_not(at_date_format_ok(AT_STR("YYYY-MM-DD hh:mm hh")), "a part of the time occurs twice");
    cr_assert_not(at_date_format_ok(AT_STR("YYYY-M-Dhh")), "digits follow a day of one digit or two");
}

Test(date, formats_that_clash) {
    static const char *const clash[][2] = {{"M/D/YYYY", "D/M/YYYY"},
                                           {"DD/MM/YYYY", "M/D/YYYY"},
                                           {"DD-MM-YY", "YY-MM-DD"},
                                           {"YYYY-DD-MM", "YYYY-MM-DD"},
                                           {"D/M/YYYY h:mm", "M/D/YYYY hh:mm"}};
    for (size_t i = 0; i < AT_COUNT(clash); i++)
        cr_assert(at_date_formats_clash(at_str_z(clash[i][0]), at_str_z(clash[i][1])), "%s", clash[i][0]);
    static const char *const fine[][2] = {{"M/D/YYYY", "YYYY-MM-DD"},
                                          {"DD/MM/YYYY", "D/M/YYYY"},
                                          {"D MMM YYYY", "M/D/YYYY"},
                                          {"YYYYMMDD", "YYYYMMDDhhmmss"}};
    for (size_t i = 0; i < AT_COUNT(fine); i++)
        cr_assert_not(at_date_formats_clash(at_str_z(fine[i][0]), at_str_z(fine[i][1])), "%s", fine[i][0]);
}
