/* kernel/note.h: what kernels note besides the columns that they make: faults, and what hooks say of their
 * results. Who calls the kernels decides what is kept. */
#ifndef AT_KERNEL_NOTE_H
#define AT_KERNEL_NOTE_H

#include "base/vec.h"
#include "diag/diag.h"

struct at_kernel_space;

/* Something without a value, where it arose. `index` counts in the space; batches' faults are forgotten with
 * the batch unless an aggregate keeps them. */
struct at_kernel_fault {
    const struct at_kernel_space *space; /* view; in which it arose */
    enum at_diag_code code;
    uint32_t node, index;
    at_str message;                            /* of a hook; else empty, and made when the fault is kept */
    const struct at_kernel_hook_failure *hook; /* of a hook; else NULL */
};
struct at_kernel_fault_list {
    AT_VEC(struct at_kernel_fault) of;
    struct at_arena *arena;
    uint32_t base; /* faults known before: the state of fault i is AT_STATE_EXCEPTION + base + i */
};

struct at_kernel_hook_failure;
struct at_kernel_hook_said; /* hook.h */

/* What a hook said of its own result: of CALL nodes at CELL grain. While rows are explained, also of those at
 * ROW and CREDIT grain: then `cell` is the index in the space. */
struct at_kernel_reason {
    uint32_t node, cell; /* cell: period index * payees + payee */
    const struct at_kernel_hook_said *said;
};
struct at_kernel_reasons {
    AT_VEC(struct at_kernel_reason) of;
    struct at_arena *arena;
};

/* What an ALLOT did not give to any member of a group, in minor units. */
struct at_kernel_rest {
    uint32_t node, group, period;
    int64_t minor;
};
struct at_kernel_rests {
    AT_VEC(struct at_kernel_rest) of;
    struct at_arena *arena;
};

#endif
