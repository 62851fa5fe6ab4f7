/* kernel/tranche.c: what holds keep of the parts of a payee and period. */
#include "base/allot.h"
#include "kernel/parted_int.h"

/* Parts that a hold keeps back: those above zero whose rows fulfill its condition, less what the holds before
 * it keep. Each tranche is rounded once for the cell, and divided by what is left of the parts.
 * Returns a fault if the share is below zero, or the holds keep more than all of it, by more than the cents
 * that rounding each of them gives. */
static uint32_t keep_tranche(struct at_kernel_space *space, uint32_t id, const struct at_plan_part *hold,
                             uint32_t payee, struct at_kernel_deals deals, const int64_t *parts,
                             int64_t *tranches) {
    const struct at_kernel_frame *frame = space->frame;
    const struct at_col *mask = at_kernel_parted_row_col(frame, id, hold->mask);
    at_num share =
        at_kernel_parted_share(at_kernel_parted_cell_col(frame, id, hold->share, space->period), payee);
    at_num *weights = at_arena_get(space->arena, (deals.n + 1) * sizeof *weights);
    int64_t all = 0, left = 0, whole = 0, *own = tranches + (size_t)hold->hold * deals.n;
    if (!at_kernel_parted_flag(at_kernel_parted_cell_col(frame, id, hold->when, space->period), payee))
        return AT_STATE_OK;
    for (uint32_t i = 0; i < deals.n; i++) {
        int64_t rest = parts[i] > 0 && at_kernel_parted_flag(mask, deals.at[i].row) ? parts[i] : 0;
        all += rest;
        for (uint32_t k = 0; k < hold->hold && rest > 0; k++)
            rest -= tranches[(size_t)k * deals.n + i];
        left += rest;
        weights[i] = at_num_int(rest);
    }
    at_num kept = at_num_mul(space->arena, share, at_num_int(all));
    kept = at_num_round(space->arena, kept, 0, space->plan->checked->rounding);
    if (at_num_sign(share) < 0 || at_num_cmp(space->arena, kept, at_num_int(left + hold->hold)) > 0)
        return at_kernel_space_fault(space, id, payee, AT_A1119, (at_str){0});
    if (!at_num_to_i64(space->arena, kept, 0, &whole)) whole = left;
    if (whole > left) whole = left;
    if (whole > 0) at_allot(space->arena, whole, weights, deals.n, false, own);
    return AT_STATE_OK;
}

uint32_t at_kernel_parted_keep(struct at_kernel_space *space, uint32_t id, uint32_t payee) {
    const struct at_kernel_frame *frame = space->frame;
    const struct at_plan_parted *payload = at_kernel_parted_payload(frame, id);
    uint32_t ledger = at_kernel_parted_ledger(frame, id);
    uint32_t state = AT_STATE_OK;
    size_t cell = (size_t)space->period * frame->n_payees + payee;
    const int64_t *parts = frame->ledgers[ledger]->parts[cell];
    struct at_kernel_deals deals = at_kernel_ledger_deals(frame, ledger, payee, space->period);
    if (!parts || deals.n == 0 || payload->n_holds == 0) return AT_STATE_OK;
    struct at_kernel_parted *parted = frame->parteds[id];
    parted->tranches[cell] = AT_NEW_ARRAY(parted->arena, int64_t, (size_t)payload->n_holds * deals.n);
    for (uint32_t k = 0; k < payload->n; k++)
        if (payload->parts[k].kind == AT_PART_HOLD) {
            uint32_t own =
                keep_tranche(space, id, &payload->parts[k], payee, deals, parts, parted->tranches[cell]);
            if (state == AT_STATE_OK) state = own;
        }
    return state;
}
