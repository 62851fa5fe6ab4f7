/* kernel/column.h: columns as kernels make them: of one value, copied, gathered, narrowed. Forms and states
 * are base/column.h's. What is made is in the arena that the caller passes. */
#ifndef AT_KERNEL_COLUMN_H
#define AT_KERNEL_COLUMN_H

#include "base/column.h"
#include "plan/plan.h"

#ifdef AT_TORTURE
#define AT_COL_LIMIT INT64_C(127) /* widening is then seen with small numbers */
#else
#define AT_COL_LIMIT                                                                                         \
    (INT64_MAX - 1) /* so that INT64_MIN, whose bound is INT64_MAX, never meets a plain loop */
#endif

struct at_col at_kernel_col_of_value(struct at_arena *arena, const struct at_plan_value *value);
struct at_plan_value at_kernel_col_value(const struct at_col *col, uint32_t i, const at_type *type);
struct at_col at_kernel_col_copy(struct at_arena *arena, const struct at_col *col);
/* The values at index[0..n); negative ones are missing. `out` is not `from`. */
void at_kernel_col_gather(struct at_arena *arena, const struct at_col *from, const int32_t *index, uint32_t n,
                          struct at_col *out);
void at_kernel_col_gather_u32(struct at_arena *arena, const struct at_col *from, const uint32_t *index,
                              uint32_t n, struct at_col *out);
/* Numbers in a NUM or I128 column into the narrowest form that holds them all. */
void at_kernel_col_narrow(struct at_arena *arena, struct at_col *col);

static inline bool at_kernel_is_number_form(uint8_t form) {
    return form <= AT_COL_NUM;
}
static inline at_num at_kernel_num_at(const struct at_col *col, uint32_t i) {
    if (col->one) i = 0;
    if (col->form == AT_COL_I64) return at_num_decimal(col->i64[i], col->scale);
    if (col->form == AT_COL_I128) return at_num_decimal128(col->i128[i], col->scale);
    return col->num[i];
}

#endif
