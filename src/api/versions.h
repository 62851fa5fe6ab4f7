/* api/versions.h: a policy with each single edit that leads to an earlier version of it, run on the same
 * data. Private to api/.
 */
#ifndef AT_API_VERSIONS_H
#define AT_API_VERSIONS_H

#include "api/ask.h"
#include "api/sides.h"

struct at_api_versions {
    struct attain_results r; /* its arena has all runs */
    struct at_api_job job;
    attain_run_options options;
    struct at_diag_sources sources; /* of both versions */
    struct at_api_sides sides;      /* their files */
    attain_policy *policies[2];     /* the one that is run, and the earlier one; views */
    const attain_data *data;
    struct at_api_ask *ask; /* view */
    uint32_t policy;        /* index of the policy in the session */
    struct at_diff_edits *found;
    const struct at_diff_edit **edits;
    struct at_session_run **runs; /* by edit; NULL: it cannot be run alone */
    struct at_answer_versions answers;
};

/* After at_api_ask_begin, for the policy of the session with the name of the earlier one, or the first. The
 * runs live as long as the arena of `ask`. AT_REJECTED with a diagnostic: they cannot be compared. */
enum at_status at_api_versions_make(struct at_api_ask *ask, attain_policy *earlier, const attain_data *data,
                                    struct at_api_versions **out) AT_MUST_CHECK;

#endif
