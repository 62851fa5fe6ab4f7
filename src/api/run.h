/* api/run.h: one call of attain_run on its way through the rooms. Private to api/. */
#ifndef AT_API_RUN_H
#define AT_API_RUN_H

#include "api/handle.h"

struct at_job {
    struct attain_results *r; /* all that lasts is made in its arena */
    const attain_data *data;  /* may be NULL */
    const attain_run_options *options;
    struct at_run **runs; /* by policy */
    struct at_results_filter filter;
};

/* The first and last period to be paid of one policy, from the options' texts. False with a diagnostic where
 * they fit no period of it. Where nothing is restricted, through->kind is AT_YEAR + 1. */
bool at_periods_of(struct at_job *job, const struct at_checked *checked, at_period *from, at_period *through);

#endif
