/* api/model.h: the handle and the state of attain_model_run. Private to api/. */
#ifndef AT_API_MODEL_H
#define AT_API_MODEL_H

#include "api/report.h"
#include "api/run.h"
#include "curve/assume.h"
#include "write/model.h"

struct attain_model {
    struct attain_results r; /* first: its memory is that of the model */
    struct at_write_model model;
    attain_model_cost *costs; /* what the host reads */
    size_t n_costs;
};

/* One policy: what is assumed of it. */
struct at_api_model_policy {
    const struct attain_policy *policy;
    const struct at_session_run *run;
    struct at_session_results results;
    uint32_t measure;      /* index of what is varied */
    int64_t of_measure;    /* the target: a measure, or -1 */
    int64_t of_field;      /* a field of the payees, or -1 */
    uint32_t first, until; /* periods of the run */
    uint32_t *group;       /* by payee row */
};

/* model_points.c: the shares of the options, from the range or from the distribution. False: reported. */
bool at_api_model_points(struct at_diag_list *diags, const struct at_check_policy *checked,
                         const attain_model_options *options, struct at_arena *arena,
                         struct at_write_model *out);

/* model_target.c: finds the measure and the target by their names. False: reported. */
bool at_api_model_names(struct at_diag_list *diags, const attain_model_options *options,
                        struct at_arena *arena, struct at_api_model_policy *p, struct at_write_model *out);
/* For the job's `keeps`: a table that the target needs and the plan may not. */
uint32_t at_api_model_keeps(const struct at_api_model_policy *p);
/* The targets of all payees and periods of the run. Marks the payee rows without one in a period. */
struct at_curve_targets at_api_model_targets(const struct at_api_model_policy *p, struct at_arena *arena,
                                             bool *lacks);

/* model_curves.c: the cost as a function of the share, for all payees and each group. `pay`: what was assumed
 * at the points. AT_CANCELLED, AT_REJECTED. */
enum at_status at_api_model_curves(const struct at_api_model_policy *p,
                                   const struct at_curve_assumed *assumed, const struct at_curve_pay *pay,
                                   uint32_t n_groups, struct at_watch *watch, struct at_arena *arena,
                                   struct at_write_model_side *side) AT_MUST_CHECK;

#endif
