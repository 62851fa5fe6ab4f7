/* answer/against.h: owns the reasons why a payout differs from another one: the same payee's in another
 * period, or another payee's in the same period.
 *
 * Both payouts are divided into what is earned and into adjustments: caps, floors, draws, holds, clawbacks,
 * and amounts that are paid in another period. Adjustments are the difference of these amounts as they are.
 * What is earned depends on four players: deals, quota, tree, and rates. A version is a run in which some
 * players are those of the other payout. It is found by exchanging them: the two payees, or the two periods,
 * get each other's rows or values, and everyone else's stay. "Rates" is the cell that is read: the policy as
 * it applies to the other payee or period, with all that is not exchanged. So the version without any player
 * of the other payout is this payout, and the version with all of them is the other one, exactly.
 *
 * The part of a player is its Shapley value over the 16 versions, in 1/24 minor units, rounded by the
 * largest-remainder method, so that parts add up to the difference.
 *
 *     players.c    which table and which field belongs to which player
 *     exchange.c   an exchange as a change of a table
 *     facts.c      what both sides have: rows, measures, fields
 *     against.c    the versions, and their parts
 */
#ifndef AT_ANSWER_AGAINST_H
#define AT_ANSWER_AGAINST_H

#include "answer/answer.h"

enum at_answer_player {
    AT_ANSWER_DEALS,       /* rows that are credited, and the rows connected with them */
    AT_ANSWER_QUOTA,       /* numbers and days of the payee, and of rows about the payee */
    AT_ANSWER_TREE,        /* managers and groups; of two periods: the rows of others */
    AT_ANSWER_RATES,       /* everything else */
    AT_ANSWER_ADJUSTMENTS, /* not a player of versions */
    AT_ANSWER_PLAYERS
};
#define AT_ANSWER_EXCHANGED 3 /* the first players, whose rows are exchanged */
#define AT_ANSWER_VERSIONS 16 /* sets of the first four players */
#define AT_ANSWER_WHOLE 24    /* 4! */

/* The two payouts have the same run and component, and either the payee or the period in common. */
struct at_answer_pair {
    struct at_answer_target of[2]; /* this one, and the other one */
    bool periods;                  /* they have the payee in common */
};

struct at_answer_fact {
    uint8_t player;            /* AT_ANSWER_PLAYERS: of several */
    at_str name;               /* of a measure or a field; empty: the number of rows */
    at_words_operand value[2]; /* of this payout and the other one */
};

/* How data is run with several tables changed. The runs are valid until the release. */
struct at_answer_exchange_host {
    enum at_status (*run)(void *context, uint32_t policy, const struct at_table_edit *const *edits,
                          uint32_t n, struct at_session_run **runs);
    void (*release)(void *context);
    void *context;
    struct at_watch *watch; /* may be NULL */
};

struct at_answer_against {
    at_i128 paid[2], earned[2];            /* minor units */
    at_i128 versions[AT_ANSWER_VERSIONS];  /* earned; bit k: player k is of the other payout */
    at_i128 numerators[AT_ANSWER_PLAYERS]; /* exact parts, in 1/AT_ANSWER_WHOLE minor units */
    at_i128 parts[AT_ANSWER_PLAYERS];      /* they add up to paid[0] - paid[1] */
    bool exchanged[AT_ANSWER_EXCHANGED];   /* some row differs */
    const struct at_answer_fact *facts;    /* in order of players */
    uint32_t n_facts;
    bool unknown;    /* a version cannot be calculated, so there are no parts */
    uint32_t failed; /* its set of players; 0: this payout, 15: the other one */
};

/* AT_OK, also if a version is unknown. AT_CANCELLED, AT_IO: as of a run. */
enum at_status at_answer_against(const struct at_session_results *results, const struct at_answer_pair *pair,
                                 const struct at_answer_exchange_host *host, struct at_arena *arena,
                                 struct at_answer_against *out) AT_MUST_CHECK;

#endif
