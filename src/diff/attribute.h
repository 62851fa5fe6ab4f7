/* diff/attribute.h: attributes a difference to its edits.
 *
 * Versions between the old and the new one are checked, lowered, and run. The effect of an edit is its
 * Shapley value over all orders of the edits, or, with many edits, its effect in the order of the policy.
 */
#ifndef AT_DIFF_ATTRIBUTE_H
#define AT_DIFF_ATTRIBUTE_H

#include "diff/diff.h"

/* What attribution needs from its caller: versions in between are checked, lowered and run. */
struct at_diff_attribution {
    at_load_fn load; /* for tables that policies take from files; may be NULL */
    void *load_context;
    /* Runs a plan over the old data (0) or the new (1) and hands over the run, which lives until it is
     * released: before the next one is asked for. */
    enum at_status (*run)(void *context, const struct at_plan *plan, int data, struct at_session_run **out);
    void (*release)(void *context);
    void *context;
    bool two_data;   /* old and new data differ: the data is a cause as well */
    bool restricted; /* the periods were asked for */
    const struct at_plan_setting
        *settings; /* made in versions in between as well, as far as they have the param */
    uint32_t n_settings;
    uint64_t most_bytes; /* that the columns of one run may take, roughly; versions beyond it run after it */
};

/* Finds the causes of diff->edits, and fills causes, parts and sequential. AT_REJECTED, and nothing filled,
 * where versions in between cannot be made. */
enum at_status at_diff_attribute(struct at_diff *diff, const struct at_diff_attribution *how) AT_MUST_CHECK;

#endif
