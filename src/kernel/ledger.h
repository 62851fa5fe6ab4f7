/* kernel/ledger.h: owns which rows have parts of an amount, and how much: the values of a LEDGER node.
 *
 * gather/ledger.c notes the rows while their table streams, and puts them in order: by bucket, then by day
 * where the node has one, then by key. A bucket is a payee and period; of a pool, a group and period; of a
 * feed without recipients, a period. The node itself divides the amount of each payee when it is calculated
 * for a period. So nodes that have it as an input may read the parts of that period and of earlier ones.
 * Parts do not change.
 */
#ifndef AT_KERNEL_LEDGER_H
#define AT_KERNEL_LEDGER_H

#include "kernel/frame.h"

#define AT_DEAL_NUM 255

/* A row with its weight. */
struct at_kernel_deal {
    const char *key; /* of the row; not ended */
    uint32_t key_n;
    uint32_t row;  /* number in the table; of a resident one only */
    int32_t day;   /* 0 unless the node has a date */
    uint8_t scale; /* of `i64`, or AT_DEAL_NUM */
    union {
        int64_t i64;
        const at_num *num;
    } weight;
};

struct at_kernel_ledger {
    struct at_kernel_deal *deals;
    uint64_t *start; /* by bucket: its first deal; and one more */
    uint32_t width;  /* buckets of a period */
    uint32_t *state; /* by bucket: of a row without a weight; NULL: none */
    /* By period * payees + payee: the parts of the deals of its bucket, in their order and in minor units,
     * and then the part without a deal. They add up to the amount. NULL: not divided so far, or not
     * calculated. */
    int64_t **parts;
    struct at_arena *arena; /* of the run: of the parts */
};

struct at_kernel_deals {
    const struct at_kernel_deal *at;
    uint32_t n;
};

/* Those of a group, by its number: of a pool by day, a payee can be in several. */
struct at_kernel_deals at_kernel_ledger_deals_of(const struct at_kernel_frame *frame, uint32_t id,
                                                 uint32_t group, uint32_t period);
static inline at_num at_kernel_deal_weight(const struct at_kernel_deal *deal) {
    return deal->scale == AT_DEAL_NUM ? *deal->weight.num : at_num_decimal(deal->weight.i64, deal->scale);
}
static inline at_str at_kernel_deal_key(const struct at_kernel_deal *deal) {
    return (at_str){deal->key, deal->key_n};
}

/* The bucket of a payee (-1: the company) and period; AT_NOBODY where it has none. `id`: of the node. */
uint32_t at_kernel_ledger_bucket(const struct at_kernel_frame *frame, uint32_t id, int32_t payee,
                                 uint32_t period);
/* The buckets of a period. */
uint32_t at_kernel_ledger_width(const struct at_kernel_frame *frame, uint32_t id);
/* The rows of a payee in a period. */
struct at_kernel_deals at_kernel_ledger_deals(const struct at_kernel_frame *frame, uint32_t id,
                                              uint32_t payee, uint32_t period);
/* Divides an amount in minor units of so many digits: `parts` has n + 1 places. */
void at_kernel_ledger_divide(struct at_arena *scratch, const struct at_plan_node *node,
                             struct at_kernel_deals deals, unsigned digits, int64_t whole, int64_t *parts);

#endif
