/* api/shape.h: owns the warnings about the shape of pay: of a run, or of the tests of a policy. Each type of
 * shape is reported once for a component and measure, however many runs have it. */
#ifndef AT_API_SHAPE_H
#define AT_API_SHAPE_H

#include "base/vec.h"
#include "curve/risk.h"
#include "diag/diag.h"

struct at_api_shapes {
    struct at_diag_list *diags;
    struct at_arena *arena;
    struct at_watch *watch;
    uint64_t *work; /* as of at_curve_options; may be NULL */
    AT_VEC(struct at_curve_risk) said;
    bool *reached, *paid; /* by component, in any of the runs; NULL: none yet */
};

/* Warns of what a run has that was not reported yet. `test`: the name of the test; empty: a run of data,
 * whose last period is looked at. Of a test, it is the last one with rows. AT_CANCELLED. */
enum at_status at_api_shapes_add(struct at_api_shapes *shapes, const struct at_session_run *run,
                                 at_str test) AT_MUST_CHECK;
/* Then, of components that no run pays. */
void at_api_shapes_end(const struct at_api_shapes *shapes, const struct at_plan *plan);

#endif
