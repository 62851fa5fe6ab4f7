/* answer/reconcile.h: compares the payouts of another system with those of a run, and finds the cause of each
 * difference.
 *
 * Both are compared for the periods of the other system's payouts, payee by payee, or component by component
 * if the other system has them. A cause is a change that answer/expected.h finds. Of several changes, the one
 * that makes the most payouts equal comes first. A difference without such a change is classified by what it
 * looks like.
 */
#ifndef AT_ANSWER_RECONCILE_H
#define AT_ANSWER_RECONCILE_H

#include "answer/expected.h"

/* What the other system pays. */
struct at_answer_paid {
    at_str key;
    int32_t period;   /* position */
    at_str component; /* empty: all of them */
    at_num amount;    /* in major units */
};

enum at_answer_status { AT_ANSWER_EQUAL, AT_ANSWER_CENT /* within a minor unit */, AT_ANSWER_DIFFERENT };

enum at_answer_class {
    AT_ANSWER_LINE,     /* a row, or a whole payout, is missing, does not count, or counts twice */
    AT_ANSWER_RATE,     /* another rate, cap, or rule */
    AT_ANSWER_PERIOD,   /* in another period */
    AT_ANSWER_OF_OTHER, /* of another owner */
    AT_ANSWER_VALUE,    /* another value of a field, such as an amount or a quota */
    AT_ANSWER_ROUNDING, /* not more than half a minor unit for each credited row */
    AT_ANSWER_UNEXPLAINED,
    AT_ANSWER_CLASSES
};

struct at_answer_payout {
    at_str key, label;
    uint32_t payee;        /* of the results; UINT32_MAX: the run does not know the payee */
    int32_t period;        /* position */
    at_str component;      /* empty: all of them */
    bool ours, theirs;     /* which sides pay something, or withhold it */
    bool withheld;         /* ours is */
    at_i128 minor;         /* ours */
    at_num amount;         /* theirs, in minor units */
    at_i128 wanted;        /* theirs, rounded half up */
    uint8_t status, class; /* enum at_answer_status; enum at_answer_class of a different one */
    bool searched;         /* for a single change */
    const struct at_answer_change *change; /* NULL: none, or not searched */
    uint32_t run;   /* of the results, for the texts of the change; UINT32_MAX: not covered */
    uint32_t cause; /* index into causes; UINT32_MAX: not different */
};

/* Differences with the same change, or with the same class where none was found. */
struct at_answer_cause {
    uint8_t class;
    const struct at_answer_change *change; /* NULL */
    uint32_t run, first;                   /* index of the first payout */
    uint32_t n;
    at_i128 size, net; /* of the differences: without signs, and theirs less ours */
};

struct at_answer_reconciliation {
    const struct at_session_results *results;
    struct at_answer_payout *payouts; /* by payee key, period, and component */
    uint32_t n;
    struct at_answer_cause *causes; /* the largest first */
    uint32_t n_causes;
    uint32_t count[3];                    /* by status */
    uint32_t in_class[AT_ANSWER_CLASSES]; /* different ones */
    uint32_t not_searched;
    at_i128 ours, theirs, most; /* sums, theirs rounded; and the largest difference */
    uint64_t tried;             /* runs */
};

/* Searches end when they have taken about this many runs. AT_CANCELLED, AT_IO: as of a run. */
enum at_status at_answer_reconcile(const struct at_session_results *results,
                                   const struct at_answer_paid *paid, uint32_t n_paid,
                                   const struct at_answer_versions *versions,
                                   const struct at_answer_host *host, uint64_t most_runs,
                                   struct at_arena *arena,
                                   struct at_answer_reconciliation *out) AT_MUST_CHECK;

#endif
