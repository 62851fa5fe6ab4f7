/* gather/aggregate.h: owns sums, counts, the least and the most of one part, by cell. */
#ifndef AT_GATHER_AGGREGATE_H
#define AT_GATHER_AGGREGATE_H

#include "gather/gather.h"

/* One aggregate of one part: by cell, in the narrowest form that holds every sum. */
struct at_gather_acc {
    uint32_t node;
    uint8_t op;     /* AT_P_SUM COUNT LEAST MOST */
    uint8_t shape;  /* enum at_plan_shape */
    uint16_t place; /* STAY, GROUP: the grouping */
    uint8_t form;   /* AT_COL_I64, I128, NUM; DAY */
    uint8_t scale;
    bool begun;    /* scale and form are those of values seen */
    uint32_t n;    /* cells that there is room for */
    at_u128 bound; /* of an I64 or I128 sum: no cell is larger */
    union {
        int64_t *i64;
        at_i128 *i128;
        at_num *num;
    };
    uint8_t *seen;          /* LEAST, MOST */
    uint32_t *state;        /* NULL: all well */
    struct at_arena *arena; /* of the part */
    struct at_arena wide;   /* limbs of NUM sums, swept now and then */
    size_t wide_live;
    struct at_watch *watch; /* asked while much memory is filled; a stop leaves like a failure of memory */
};
/* `node` may be AT_NO_NODE, for states by cell alone. */
void at_gather_acc_init(struct at_gather_acc *acc, const struct at_plan *plan, uint32_t node,
                        struct at_arena *arena, struct at_watch *watch);
void at_gather_acc_room(struct at_gather_acc *acc, uint32_t n);
/* Adds values[i] to cells[i]; all are present. `values` is NULL for COUNT. */
void at_gather_acc_add(struct at_gather_acc *acc, const struct at_col *values, const uint32_t *cells,
                       uint32_t n);
/* Values; states are merged by part.h's at_gather_merge_states. */
void at_gather_acc_merge(struct at_gather_acc *into, struct at_gather_acc *from, struct at_arena *scratch);
/* The values of n_columns columns of `width` values each, one after another: the slices of a CELL or GROUP
 * aggregate, or the one column of another. Each is in its own narrowest form. They may view the accumulator,
 * which lives as long as the run. */
void at_gather_acc_finish(struct at_gather_acc *acc, const at_type *type, struct at_arena *arena,
                          uint32_t width, uint32_t n_columns, struct at_col *out);

#endif
