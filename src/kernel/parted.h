/* kernel/parted.h: owns the amounts paid of each part of a component under `hold`, `release`, and `clawback`,
 * and when: the values of a PARTED node.
 *
 * A part is the amount of a row in a LEDGER. Holds keep tranches of it until a day of the row. Under a
 * `release`, the rest waits for causes, such as receipts of a deal. A clawback takes a share of the whole. An
 * event is a day of a hold, or a row that is a cause. The amount paid of a part to date is
 *
 *     round((paid at once + tranches that came due + rest * released to date) * (1 - taken back to date))
 *
 * where both sums are held between 0 and 1. An event pays the difference, in the later one of its own period
 * and that of the part. So the events of a part never pay more than all of it, and add up to the cent.
 * Nothing else is kept: what was paid at a time is calculated again from the events of the deal.
 */
#ifndef AT_KERNEL_PARTED_H
#define AT_KERNEL_PARTED_H

#include "base/vec.h"
#include "kernel/ledger.h"

struct at_kernel_space;

#define AT_NEVER INT32_MAX

struct at_kernel_event {
    int32_t period, day; /* index of its period, which may be outside those of the run */
    uint32_t deal, row;  /* the deal, and the row of the statement's table */
    uint32_t state;      /* of a row whose values cannot be calculated */
    uint16_t part;       /* index of the statement */
    int64_t den;         /* of the share of a release or clawback, which is num / den; 0: the share is *big */
    union {
        int64_t num;
        const at_num *big;
    };
};

static inline at_num at_kernel_event_share(struct at_arena *arena, const struct at_kernel_event *event) {
    if (event->den == 0) return *event->big;
    if (event->den == 1) return at_num_int(event->num);
    return at_num_div(arena, at_num_int(event->num), at_num_int(event->den));
}

/* Where a row of the ledger is: bucket `in` of the period, and its number there. */
struct at_kernel_place {
    uint32_t period, in, deal;
};

/* A part of an earlier period that events moved in a period of its payee. */
struct at_kernel_moved {
    uint32_t earned, deal;
    uint32_t next; /* of the same payee and period: number + 1; 0: none */
    int64_t minor;
};

/* Rows that count on a day, and do not refer to a deal: how many, and the first one. */
struct at_kernel_loose {
    uint32_t n, row;
};

struct at_kernel_parted {
    struct at_kernel_event *events; /* by deal, then by day, key, and statement */
    uint32_t *of_deal;              /* by deal: its first event; and one more */
    uint32_t *in_order, *of_period; /* events by period; by period: its first one; and one more */
    struct at_kernel_place *places; /* by deal */
    uint32_t *place_of;             /* by deal: its first place; and one more */
    uint32_t n_events, n_deals;
    struct at_kernel_loose *loose; /* by statement */
    /* By period * payees + payee: the tranche of each hold in each part, hold after hold; NULL: none. */
    int64_t **tranches;
    int64_t **moves; /* by statement: by period * payees + payee: what it changes, in minor units */
    int64_t *
        *own;   /* by period * payees + payee: the amount paid of each part in its own period; NULL: none */
    bool ahead; /* events do not depend on values of their periods: all moves of a part are known with it */
    uint32_t *later; /* by period * payees + payee: states of events that are known ahead; NULL: none */
    AT_VEC(struct at_kernel_moved) moved;
    uint32_t *first_moved; /* by period * payees + payee: number + 1; 0: none */
    at_num **sums;         /* by period * payees + payee: the sum of weights, once it was needed */
    struct at_arena *arena;
};

/* What an event does to a part. */
struct at_kernel_step {
    const struct at_kernel_event *event; /* NULL: the part is earned */
    uint32_t period;                     /* index */
    int64_t before, after;               /* paid to date, in minor units */
    at_num released, taken;              /* to date, after the event, between 0 and 1 */
    at_num kept;                         /* 1 less what is taken back, at the rate that applies */
    uint32_t rated_in;                   /* `as rated now`: the period whose rate applies; AT_NOBODY: none */
    int64_t given;                       /* in that period, by the component, in minor units */
    at_num credited;                     /* in that period */
};

/* A part: of payee and period, and number among the rows of its bucket. */
struct at_kernel_part {
    uint32_t payee, earned, deal;
};

/* Makes *all the common denominator of it and the event's share. False: 64 bits do not hold it. */
bool at_kernel_event_common(const struct at_kernel_event *event, int64_t *all);
/* Calls `visit` for the part when it is earned, and for each of its events up to a period. Returns the state
 * of what could not be calculated, or AT_STATE_OK. The scratch memory is the caller's. */
uint32_t at_kernel_parted_steps(struct at_arena *scratch, const struct at_kernel_frame *frame, uint32_t id,
                                struct at_kernel_part part, uint32_t upto,
                                void (*visit)(void *context, const struct at_kernel_step *step),
                                void *context);
/* What a statement keeps back of a part when it is earned, in minor units. */
int64_t at_kernel_parted_kept(const struct at_kernel_frame *frame, uint32_t id, struct at_kernel_part part,
                              uint32_t statement);
/* The tranche of a hold in a part; the rest is what no hold keeps. */
int64_t at_kernel_parted_tranche(const struct at_kernel_frame *frame, uint32_t id, struct at_kernel_part part,
                                 uint32_t hold);
/* What the row of a part credits, of the deals that have it as their weight. */
struct at_kernel_deals at_kernel_parted_credits(const struct at_kernel_frame *frame, uint32_t id,
                                                uint32_t payee, uint32_t period);
/* parted_open.c: finds the events, before the first period. */
void at_kernel_parted_open(struct at_kernel_space *space, uint32_t id);
/* The deal of a row of the ledger; AT_NOBODY: none. */
uint32_t at_kernel_parted_deal(const struct at_kernel_frame *frame, uint32_t id, uint32_t row);

#endif
