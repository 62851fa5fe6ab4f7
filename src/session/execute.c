/* session/execute.c: runs a policy once, or, if its credits become known late, once for each view (known.c).
 */
#include "session/run_int.h"

enum at_status at_session_run_execute(const struct at_session_plan *plan, struct at_table_dataset *data,
                                      const struct at_session_run_options *options, struct at_arena *arena,
                                      struct at_diag_list *diags, struct at_session_run **out) {
    const struct at_session_look look = {.view.as_of = INT32_MAX};
    struct at_session_state *session = NULL;
    if (plan->late) return at_session_known_execute(plan, data, options, arena, diags, out);
    enum at_status status = at_session_run_look(plan, data, options, &look, arena, diags, &session);
    *out = &session->run;
    return status;
}
