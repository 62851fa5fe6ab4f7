/* write/order.h: describes the order in which a policy is calculated, in words. */
#ifndef AT_WRITE_ORDER_H
#define AT_WRITE_ORDER_H

#include "base/sink.h"
#include "check/check.h"
#include "words/words.h"

/* One sentence a step, in the order of the calculation. Names are labels, formulas are as in the policy.
 * Scratch memory comes from the arena. */
void at_write_order(const struct at_check_policy *policy, const struct at_words *words,
                    struct at_arena *arena, struct at_sink *out);

#endif
