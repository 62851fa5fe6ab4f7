/* kernel/payload.h: what STEP, THROUGH, LOOKUP and IN nodes prepare once a run. Thresholds are 64-bit
 * mantissas of one scale. Keys are in a hash table or a direct index. Payloads are made before anything is
 * calculated, and all threads read them. */
#ifndef AT_KERNEL_PAYLOAD_H
#define AT_KERNEL_PAYLOAD_H

#include "kernel/space.h"

struct at_kernel_step_table {
    const struct at_plan_steps *steps;
    bool narrow; /* what follows is filled in; never with lines between points */
    uint8_t t_scale, v_scale;
    int64_t *t, *v;
    int64_t t_bound, v_bound;
};

/* The first and the last bytes of a text: with its length they are all of it up to 16. */
struct at_kernel_ends {
    uint64_t first, last;
    uint32_t n;
};

/* One key of a table, or the elements of a set: from a value to its index. */
struct at_kernel_axis {
    const struct at_plan_key *keys;
    uint32_t n;
    int32_t other; /* index of the `other` key, -1 */
    bool steps;    /* there are `from`, `above`, or `at` keys */
    bool blank;    /* no key except `other` */
    /* texts */
    uint32_t *slots; /* index + 1 of a key, 0 free */
    uint32_t n_slots;
    struct at_kernel_ends *ends; /* by key */
    /* choices, flags, references: direct[value], -1 where nothing stands */
    int32_t *direct;
    uint32_t n_direct;
    /* numbers, days: mantissas at one scale */
    bool narrow;
    uint8_t scale;
    int64_t *numbers;
    int64_t bound;
};

struct at_kernel_lookup_table {
    const struct at_plan_lookup *lookup;
    struct at_kernel_axis axes[2];
    struct at_col values; /* by row * n_columns + column */
};

/* The index of each value in the axis; -1 where there is none, or the value has a state. */
void at_kernel_axis_find(struct at_kernel_space *space, const struct at_kernel_axis *axis,
                         const struct at_col *col, uint32_t n, int32_t *out);

#endif
