/* kernel/kernels.h: the functions that calculate nodes, one for each operation or for several alike. Only
 * space.c, which has the table of operations, calls them. */
#ifndef AT_KERNEL_KERNELS_H
#define AT_KERNEL_KERNELS_H

#include "kernel/space.h"

/* grain.c */
at_kernel at_k_const, at_k_load, at_k_rownum, at_k_recipient, at_k_itemperiod, at_k_itemshare, at_k_payee,
    at_k_cellperiod, at_k_groupkey, at_k_follow, at_k_take, at_k_fromgroup, at_k_fromcell, at_k_spread,
    at_k_aggregate, at_k_running;
/* arith.c */
at_kernel at_k_add, at_k_mul, at_k_div, at_k_neg, at_k_abs, at_k_between, at_k_round;
/* step.c */
at_kernel at_k_step, at_k_through, at_k_lookup, at_k_in;
/* compare.c */
at_kernel at_k_eq, at_k_lt;
/* choice.c */
at_kernel at_k_and, at_k_not, at_k_if, at_k_missing, at_k_known, at_k_ifmissing;
/* date.c */
at_kernel at_k_datepart, at_k_daysbetween, at_k_dateadd, at_k_periodpart, at_k_periodof;
/* text.c */
at_kernel at_k_textfn, at_k_choicetext;
/* group.c */
at_kernel at_k_groupsum, at_k_groupedge, at_k_runsum, at_k_runcount, at_k_rank, at_k_allot;
/* carry.c */
at_kernel at_k_todate, at_k_prior, at_k_carry, at_k_trailing, at_k_delta, at_k_captodate;
/* call.c */
at_kernel at_k_call;

#endif
