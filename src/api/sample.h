/* api/sample.h: owns what runs pay at numbers at which a curve is not a function that is known, such as that
 * of a Lua function. Each sample is a run of its own. Between two of them, nothing is known. Private to api/.
 */
#ifndef AT_API_SAMPLE_H
#define AT_API_SAMPLE_H

#include "api/vary.h"
#include "curve/many.h"

struct at_api_sampling {
    struct at_api_job *job; /* of the run whose curves they are; its data is still loaded */
    uint32_t policy;        /* which one of the job's */
    const struct at_plan *plan;
    const struct at_session_run *run;
    at_period from, through;
    const struct at_api_vary *vary;
    const struct at_curve_options *each; /* of the curves */
    unsigned n;                          /* numbers in each stretch */
};

/* Adds samples to all curves with such a stretch, each of which is of one payee. AT_CANCELLED. */
enum at_status at_api_sample(const struct at_api_sampling *sampling,
                             struct at_curve_many *many) AT_MUST_CHECK;

#endif
