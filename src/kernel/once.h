/* kernel/once.h: calculates an expression of constants once, without a run, such as the call of a hook in a
 * test. The plan is one of at_plan_once: its nodes read no data. */
#ifndef AT_KERNEL_ONCE_H
#define AT_KERNEL_ONCE_H

#include "kernel/space.h"

/* All in the arena of the call. */
struct at_kernel_once {
    struct at_plan_value value;
    uint32_t state;                         /* AT_STATE_OK: `value` is there */
    const struct at_kernel_fault *fault;    /* why it is not; NULL: it is there, or missing */
    const struct at_kernel_hook_said *said; /* of the last hook that said something; NULL: none */
};

void at_kernel_once(const struct at_plan *plan, uint32_t root, const struct at_kernel_hooks *hooks,
                    struct at_arena *arena, struct at_kernel_once *out);

#endif
