/* kernel/kernels.h: the functions that calculate nodes, one for each operation or for several alike. Only
 * space.c, which has the table of operations, calls them. */
#ifndef AT_KERNEL_KERNELS_H
#define AT_KERNEL_KERNELS_H

#include "kernel/space.h"

/* grain.c */
at_kernel at_kernel_const, at_kernel_load, at_kernel_rownum, at_kernel_recipient, at_kernel_itemperiod,
    at_kernel_level, at_kernel_itemshare, at_kernel_payee, at_kernel_named, at_kernel_cellperiod,
    at_kernel_groupkey, at_kernel_follow, at_kernel_take, at_kernel_fromgroup, at_kernel_fromcell,
    at_kernel_staydays, at_kernel_staylast, at_kernel_tostay, at_kernel_fromstay, at_kernel_spread,
    at_kernel_aggregate, at_kernel_running_total, at_kernel_line_of, at_kernel_asof;
/* divide.c */
at_kernel at_kernel_divide;
/* exchange.c */
at_kernel at_kernel_rates, at_kernel_exchange, at_kernel_payin;
/* rows.c */
at_kernel at_kernel_gather;
/* arith.c */
at_kernel at_kernel_add, at_kernel_mul, at_kernel_div, at_kernel_neg, at_kernel_abs, at_kernel_between,
    at_kernel_round;
/* step.c */
at_kernel at_kernel_step, at_kernel_through, at_kernel_lookup, at_kernel_in_set;
/* compare.c */
at_kernel at_kernel_eq, at_kernel_lt;
/* choice.c */
at_kernel at_kernel_and, at_kernel_not, at_kernel_if, at_kernel_missing, at_kernel_known, at_kernel_ifmissing;
/* date.c */
at_kernel at_kernel_datepart, at_kernel_daysbetween, at_kernel_dateadd, at_kernel_periodpart,
    at_kernel_periodof, at_kernel_periodlast;
/* text.c */
at_kernel at_kernel_textfn, at_kernel_choicetext;
/* group.c */
at_kernel at_kernel_groupsum, at_kernel_groupedge, at_kernel_runsum, at_kernel_runcount, at_kernel_rank,
    at_kernel_prize;
/* ledger.c */
at_kernel at_kernel_ledger;
/* parted.c */
at_kernel at_kernel_parted, at_kernel_part_move, at_kernel_tailed;
/* allot.c */
at_kernel at_kernel_allot;
/* carry.c */
at_kernel at_kernel_todate, at_kernel_prior, at_kernel_carry, at_kernel_trailing, at_kernel_delta,
    at_kernel_captodate, at_kernel_moved;
/* dated.c */
at_kernel at_kernel_datedrow, at_kernel_datedmean;
/* cover.c */
at_kernel at_kernel_coverdays, at_kernel_coverlast, at_kernel_covered;
/* carry.c: the slice of the node in the period before, counted in periods of the rhythm, if both are in one
 * period of the kind; else NULL. */
const struct at_col *at_kernel_space_held(const struct at_kernel_space *space, uint32_t id, int32_t kind,
                                          uint8_t rhythm);
/* call.c */
at_kernel at_kernel_call;

#endif
