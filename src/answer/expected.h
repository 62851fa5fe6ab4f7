/* answer/expected.h: owns the search for a single change that would give a payout the amount that a person
 * expects.
 *
 * A change is another value in one field of a row, a row that does not count, that counts twice, or that is
 * missing, or one edit of an earlier version of the policy. Each one is tried by a run. Numbers are found by
 * runs, too: between two of them, one with less and one with more pay, until the pay is met.
 *
 *     rows.c      the rows that can matter for the payee
 *     values.c    the values that each field can have instead
 *     edits.c     a change as a change of a table
 *     columns.c   the numbers of a column
 *     numbers.c   the number that gives the pay
 *     typing.c    whether a number can be a typing error of another one
 *     likely.c    how likely a change is
 *     trial.c     tries one, and keeps it
 *     search.c    tries all of them
 *
 * Everything is in the arena of the search, and texts are views of the run as it is.
 */
#ifndef AT_ANSWER_EXPECTED_H
#define AT_ANSWER_EXPECTED_H

#include "answer/answer.h"
#include "diff/edits.h"

enum at_answer_kind {
    AT_ANSWER_FIELD,   /* a row has another value in one field */
    AT_ANSWER_EXTRA,   /* a row does not count */
    AT_ANSWER_TWICE,   /* a row counts twice */
    AT_ANSWER_MISSING, /* a row is missing */
    AT_ANSWER_EDIT     /* an edit of the earlier version */
};

/* Which field: for people, and for the classes of differences. */
enum at_answer_role {
    AT_ANSWER_AMOUNT, /* a number or money of a row that is credited, or of one to which such rows refer */
    AT_ANSWER_DAY,
    AT_ANSWER_OWNER, /* a reference to the payee */
    AT_ANSWER_PAYEE, /* a field of the payee table, or of a row about the payee, such as a quota */
    AT_ANSWER_OTHER  /* a text, a choice, a flag, another reference, such as the product */
};

/* A change, and the payout with it. */
struct at_answer_change {
    uint8_t kind, role;         /* enum at_answer_kind, enum at_answer_role */
    uint32_t table, row, field; /* of the policy; MISSING: the row like which it is */
    at_str name;                /* of the row: its key, or "deals.csv:12" */
    at_str before, after;       /* of the field, as people read them; MISSING: `after` is the number */
    at_period in;               /* DAY: the period of the new day; kind AT_YEAR + 1: none */
    at_str twin;                /* EXTRA: a row with the same values; empty: none */
    bool many;                  /* all other numbers from this one on, or up to it, give the same pay */
    uint32_t others;            /* how many other values of the field give the same pay */
    uint32_t edit;              /* EDIT: index into the edits */
    at_i128 minor;              /* the payout */
    int32_t odds;               /* tenths: the fewer, the more likely the change */
};

/* The edits of an earlier version, each applied alone to the policy. */
struct at_answer_versions {
    const struct at_diff_edit **edits;
    uint32_t n;
    /* The payout with the edit; false: withheld, or it cannot be made. */
    bool (*pay)(void *context, uint32_t edit, const struct at_answer_target *target, at_i128 *out);
    /* The run with the edit; NULL: it cannot be made. */
    const struct at_session_run *(*run)(void *context, uint32_t edit);
    uint32_t policy; /* index of the run of the results that they are versions of */
    void *context;
};

struct at_answer_question {
    struct at_answer_target target;
    at_i128 wanted; /* minor units */
    /* How many other payouts a change makes as they should be, less how many it spoils; NULL: not known. */
    int32_t (*judge)(void *context, struct at_session_run *const *runs);
    int32_t (*judge_edit)(void *context, uint32_t edit);
    void *context;
};

#define AT_ANSWER_MOST_NEAR 5

struct at_answer_found {
    at_i128 paid;                  /* as it is */
    bool withheld;                 /* nothing is paid, because it cannot be calculated */
    struct at_answer_change *at;   /* those that give the amount, the most likely first */
    uint32_t n;                    /* */
    struct at_answer_change *near; /* others, the nearest pay first */
    uint32_t n_near;               /* at most AT_ANSWER_MOST_NEAR */
    uint64_t tried;                /* runs */
    bool left_out;                 /* there are more rows than can be tried */
};

/* AT_CANCELLED, AT_IO: as of a run. */
enum at_status at_answer_search(const struct at_session_results *results,
                                const struct at_answer_question *question,
                                const struct at_answer_versions *versions, const struct at_answer_host *host,
                                struct at_arena *arena, struct at_answer_found *out) AT_MUST_CHECK;

#endif
