/* kernel/parted_int.h: how the files of parts read a PARTED node and its inputs. Private to the kernel. */
#ifndef AT_KERNEL_PARTED_INT_H
#define AT_KERNEL_PARTED_INT_H

#include "kernel/kernels.h"
#include "kernel/parted.h"

static inline const struct at_plan_parted *at_kernel_parted_payload(const struct at_kernel_frame *frame,
                                                                    uint32_t id) {
    return frame->plan->nodes[id].data;
}

static inline uint32_t at_kernel_parted_ledger(const struct at_kernel_frame *frame, uint32_t id) {
    return frame->plan->nodes[id].in[0];
}

/* Input 0 is the ledger, and means: none. */
static inline const struct at_col *at_kernel_parted_row_col(const struct at_kernel_frame *frame, uint32_t id,
                                                            uint16_t input) {
    return input ? &frame->whole[frame->plan->nodes[id].in[input]] : NULL;
}

static inline const struct at_col *at_kernel_parted_cell_col(const struct at_kernel_frame *frame, uint32_t id,
                                                             uint16_t input, uint32_t period) {
    if (!input) return NULL;
    uint32_t node = frame->plan->nodes[id].in[input];
    if (frame->plan->nodes[node].grain == AT_G_CONST) return &frame->whole[node];
    return &frame->slices[node][period];
}

static inline bool at_kernel_parted_flag(const struct at_col *col, uint32_t i) {
    return !col || (at_col_state(col, i) == AT_STATE_OK && col->flag[col->one ? 0 : i]);
}

static inline at_num at_kernel_parted_share(const struct at_col *col, uint32_t i) {
    return col ? at_kernel_num_at(col, col->one ? 0 : i) : at_num_int(1);
}

/* tranche.c: keeps the tranches of all holds of a payee and period. Returns a fault if a share is below zero,
 * or the holds keep more than all of it. */
uint32_t at_kernel_parted_keep(struct at_kernel_space *space, uint32_t id, uint32_t payee);

#endif
