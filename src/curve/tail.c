/* curve/tail.c: the payouts of a period. After the regular ones, only lines that move are: of holds and the
 * like, and of components that are paid later.
 */
#include "curve/curve_int.h"

static bool moves(const struct at_plan_component *c) {
    return c->parted != AT_NO_NODE || c->delay.unit != AT_DELAY_NONE;
}

uint32_t at_curve_pays(const struct at_session_run *run, uint32_t pay, uint32_t period, uint32_t i) {
    const struct at_plan *plan = run->plan;
    if (period < run->n_regular) return i == 0 ? pay : AT_NO_NODE;
    for (uint32_t c = 0; c < plan->n_components; c++) {
        bool part = pay == plan->total || pay == plan->components[c].value;
        if (part && moves(&plan->components[c]) && i-- == 0) return plan->components[c].value;
    }
    return AT_NO_NODE;
}
