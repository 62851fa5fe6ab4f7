/* api/fairness.h: the state of one call of attain_fairness_run. Private to api/.
 *
 * fairness.c makes the report and hands it out, fair_people.c reads the people and their values from the run,
 * fair_tenure.c makes groups of dates, and fair_gap.c compares groups, with another run where a component
 * depends on the group.
 */
#ifndef AT_API_FAIRNESS_H
#define AT_API_FAIRNESS_H

#include "api/argument.h"
#include "api/report.h"
#include "fair/report.h"

struct attain_fairness {
    struct attain_results r; /* first: its memory is the report's */
    struct at_fair_report report;
    attain_text shown[AT_FAIR_FIGURES], meaning[AT_FAIR_FIGURES], exact[AT_FAIR_FIGURES];
    bool done;
};

struct at_api_fairing {
    struct attain_fairness *handle;
    attain_policy *const *policies;
    size_t n;
    const attain_data *data;
    const attain_fairness_options *options;
    struct at_api_job job;
    uint32_t *person_of; /* by index of the results' payees; UINT32_MAX: no policy covers them */
};

/* False with a diagnostic: a measure is unknown. */
bool at_api_fair_people(struct at_api_fairing *f);
/* Groups of all fields. ATTAIN_USAGE with a diagnostic: a field is unknown. */
attain_status at_api_fair_groups(struct at_api_fairing *f);

/* Bands of years from a day to the last day of the run; and their labels, such as "1-3" and "5-", joined
 * where they have fewer than five people. */
enum { AT_API_FAIR_BANDS = 4 };
uint32_t at_api_fair_band(const struct at_session_run *run, at_date day);
void at_api_fair_bands(const uint32_t people[AT_API_FAIR_BANDS], struct at_arena *arena,
                       at_str labels[AT_API_FAIR_BANDS]);

#endif
