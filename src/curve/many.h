/* curve/many.h: the curves of several payees of a run, and the place of each payee on its curve.
 *
 * Payees with the same curve share it. All memory is in the arena of the call.
 */
#ifndef AT_CURVE_MANY_H
#define AT_CURVE_MANY_H

#include "curve/curve.h"

/* What a run pays at a number. */
struct at_curve_sample {
    at_num x, pay;
    bool known; /* pay is not withheld, and the run is not refused */
};

struct at_curve_shared {
    struct at_curve curve;
    struct at_curve_shapes shapes;
    uint32_t *payees, *places; /* rows, and indexes of their places, in the order of the request */
    uint32_t n_payees;
    uint64_t hash; /* equal for equal curves */
    /* Of the stretches without a known function, where the caller asks runs; they are rounded as lines are.
     */
    struct at_curve_sample *samples;
    uint32_t n_samples;
};

/* What the run gave: x and pay of a payee. */
struct at_curve_place {
    uint32_t payee, curve; /* row; index */
    bool known;            /* neither is missing, and pay is not withheld */
    at_num x, pay;
};

struct at_curve_many_options {
    struct at_curve_options each; /* payee is not used; from and to only if `range` */
    bool range;                   /* otherwise, a range that holds the places and the shapes after them */
    bool affected;                /* leave out payees whose pay x does not change */
    const uint32_t *payees;       /* rows */
    uint32_t n_payees;
    at_num guess; /* the end of the range if no place is above zero */
    bool fixed;   /* x is `at` for every payee: that of a param, or of a row */
    at_num at;
    bool unplaced; /* what the data gives to x is not known */
    bool apart;    /* a curve with a stretch without a known function is of one payee */
};

struct at_curve_many {
    at_num from, to;
    bool reaches; /* the pay of some payee depends on x */
    struct at_curve_shared *curves;
    uint32_t n_curves;
    struct at_curve_place *places; /* in the order of the request */
    uint32_t n_places;
};

/* AT_REJECTED: a number became too large. AT_CANCELLED. */
enum at_status at_curve_many_make(const struct at_session_run *run,
                                  const struct at_curve_many_options *options, struct at_watch *watch,
                                  struct at_arena *arena, struct at_curve_many *out) AT_MUST_CHECK;

/* The pay of a payee in the periods of the options, as the run gave it. False: it is withheld. */
bool at_curve_paid(const struct at_session_run *run, const struct at_curve_options *options, uint32_t payee,
                   struct at_arena *arena, at_num *out);
/* The smallest number that is not below x, larger than zero, and has at most two digits that are not zero. */
at_num at_curve_round_end(struct at_arena *arena, at_num x);

#endif
