/* api/explain.h: explanations that a host reads step by step. Private to api/.
 *
 * An explanation is a list of steps in the order of reading: each step comes before its children. It owns
 * copies of all texts. Its memory comes from the results that it explains.
 */
#ifndef AT_API_EXPLAIN_H
#define AT_API_EXPLAIN_H

#include "api/handle.h"
#include "base/vec.h"
#include "explain/explain.h"

struct attain_explanation {
    struct at_api_own own;
    const struct at_words *words;
    AT_VEC(attain_step) steps;
    size_t last_payout; /* the root before; SIZE_MAX: none */
};

/* Adds the steps of a payee and period, under a step of their own. */
void at_api_explanation_add(struct attain_explanation *explanation, const struct at_session_results *results,
                            const struct at_explain_story *story);

#endif
