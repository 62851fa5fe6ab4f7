/* kernel/exchange.h: finds the exchange rates of a day, for the kernel and for explanations.
 *
 * A table of rates is a list of pairs: one unit of `from` is worth `rate` units of `to`, from the day `since`
 * until the next row of the pair. A table without `to` has the policy's currency as the `to` of every row.
 *
 * From X to Y: the rate of the pair X, Y; else the pair Y, X, by which is divided; else through the policy's
 * currency, with two rates. The same currency has the factor 1 and no rate.
 */
#ifndef AT_KERNEL_EXCHANGE_H
#define AT_KERNEL_EXCHANGE_H

#include "base/calendar.h"
#include "kernel/space.h"

/* One rate of a conversion. */
struct at_kernel_rate {
    at_str from, to; /* of the pair in the table */
    bool divides;    /* by the rate, because the pair is the other way round */
    at_num rate;     /* of the day, or the mean of the days of a period */
    at_date since;   /* of the row; of a mean, the first day of the period */
    int32_t row;     /* of the table; -1: a mean */
    uint32_t valid;  /* row: of the day, also of a mean */
};
struct at_kernel_conversion {
    uint32_t n;
    struct at_kernel_rate rate[2];
    at_num factor;
    /* If there is no rate: the pair, and the first day without one. */
    bool missing;
    at_str from, to;
    at_date day;
};

/* `node` is an EXCHANGE node. Texts are views of the table's columns or of from and to. */
struct at_kernel_conversion at_kernel_exchange_find(const struct at_kernel_frame *frame,
                                                    struct at_arena *arena, const struct at_plan_node *node,
                                                    at_str from, at_str to, at_date day);

#endif
