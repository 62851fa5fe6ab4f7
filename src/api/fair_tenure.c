/* api/fair_tenure.c: groups of payees by the years since a date.
 *
 * Bands are 0 to 1, 1 to 3, 3 to 5, and 5 or more whole years, up to the last day of the run. From the
 * shortest on, a band with fewer than five people is joined with the next one that has anyone, and what is
 * left over with the last group. So every group is a range of years.
 */
#include "api/fairness.h"

static const char *const bounds[AT_API_FAIR_BANDS + 1] = {"0", "1", "3", "5", ""};

uint32_t at_api_fair_band(const struct at_session_run *run, at_date day) {
    static const int months[AT_API_FAIR_BANDS - 1] = {12, 36, 60};
    at_date end =
        at_period_end(run->calendar, at_session_run_period(run, run->lines_end > 0 ? run->lines_end - 1 : 0));
    uint32_t band = 0;
    for (size_t i = 0; i < AT_COUNT(months); i++)
        band += at_date_add_months(day, months[i]) <= end;
    return band;
}

void at_api_fair_bands(const uint32_t people[AT_API_FAIR_BANDS], struct at_arena *arena,
                       at_str labels[AT_API_FAIR_BANDS]) {
    uint32_t group[AT_API_FAIR_BANDS] = {0}, first[AT_API_FAIR_BANDS], last[AT_API_FAIR_BANDS], n = 0,
             size = 0;
    for (uint32_t band = 0; band < AT_API_FAIR_BANDS; band++) {
        if (people[band] == 0) continue;
        if (size == 0) first[n] = band;
        last[n] = band;
        group[band] = n;
        size += people[band];
        if (size < AT_FAIR_LEAST) continue;
        size = 0;
        n++;
    }
    for (uint32_t band = 0; band < AT_API_FAIR_BANDS; band++) {
        uint32_t of = group[band], end;
        if (people[band] == 0) continue;
        if (size > 0 && n > 0 && of + 1 >= n) of = n - 1; /* the rest */
        end = size > 0 && of + 1 >= n ? last[n] : last[of];
        labels[band] = at_str_format(arena, "%s-%s", bounds[first[of]], bounds[end + 1]);
    }
}
