/* game/game.h: owns the choices for each deal: whether its owner would be paid more if the deal were booked
 * in another period, split, merged with another deal, or assigned to another payee.
 *
 * A deal is a row whose date decides when a credit counts, of the credit's own table or of one to which its
 * rows refer. Its owner is the payee of its first
 * item. A choice replaces rows; what it changes is the difference of two whole runs, in minor units. Nothing
 * is estimated. Both runs pay the same periods: those of the run, and as many more as a deal can be moved.
 *
 *     deals.c     the deals of a run
 *     choices.c   the choices for each deal, in order
 *     change.c    a choice as a change of a table
 *     game.c      tries the choices, and sums up what they gain
 *     plain.c     which choices only move amounts, and linear.c
 *     items.c     the amounts
 *     quick.c     what these choices gain, without whole runs
 *
 * Everything is in the arena of the game, and texts are views of the runs that it was made of.
 */
#ifndef AT_GAME_GAME_H
#define AT_GAME_GAME_H

#include "session/results.h"
#include "table/edit.h"

enum at_game_kind {
    AT_GAME_PERIOD, /* booked on another day: `day` */
    AT_GAME_SPLIT,  /* two deals of half the amount */
    AT_GAME_MERGE,  /* one deal with `other`, another one of the same payee and period */
    AT_GAME_OWNER,  /* assigned to the payee `other` */
    AT_GAME_KINDS
};

/* At most as many others are tried for a deal: the largest deals, and the payees with the most pay. */
#define AT_GAME_MOST_OTHERS 10
#define AT_GAME_MOST_WITHIN 60 /* periods */

struct at_game_deal {
    uint32_t run;                    /* index into the results' runs; the first that credits it */
    uint32_t table, row, date_field; /* of the policy of the run */
    bool via;                        /* rows of another table credit it, such as shares: it is not divided */
    int32_t owner_field;    /* of the same table: a reference to the payee; -1: another table has it */
    uint32_t payee, period; /* row of the payee table of the run; index of the period of its day */
    at_date day;
    at_str key, name; /* of the row; empty where the table has no key; "deals.csv:12" */
    at_num amount;    /* by which deals are compared; zero where it has none */
    bool has_amount;
};

enum at_game_outcome {
    AT_GAME_TRIED,
    AT_GAME_REFUSED, /* a `require` is not met, or another row refers to the one that would go */
    AT_GAME_WITHHELD /* pay is withheld that was not, so that there is no difference */
};

struct at_game_choice {
    uint32_t deal; /* index into deals */
    uint8_t kind, outcome;
    int32_t by;         /* PERIOD: how many periods later; negative: earlier */
    at_date day;        /* PERIOD */
    uint32_t other;     /* MERGE: index into deals; OWNER: row of the payee table of the run */
    int64_t gain;       /* of the owner; OWNER: of both owners together */
    int64_t rest;       /* of all others together */
    uint64_t number;    /* of all choices, in the order of deals */
    uint32_t component; /* with the largest part of the gain: index into the results' components */
    int64_t of_component;
};

struct at_game_options {
    uint32_t within;           /* periods by which a deal is moved at most */
    bool kinds[AT_GAME_KINDS]; /* which ones are tried */
    at_str table;              /* deals of this one only; empty: of all */
    const at_str *payees;      /* owners; NULL: all */
    uint32_t n_payees;
    at_date from, through; /* of the days of the deals */
};

/* What the choices of one kind come to. */
struct at_game_total {
    uint64_t tried, refused, withheld;
    uint64_t deals;  /* with a choice that gains */
    at_i128 by_deal; /* the best choice of each deal, added up: not all of them at once */
    at_i128 best;    /* the best choice of each payee, added up */
    int64_t most;    /* the largest gain */
};

struct at_game {
    const struct at_session_results *results; /* of the run as it is; view */
    struct at_game_deal *deals;
    uint32_t n_deals;
    struct at_game_choice *choices; /* those that gain, the largest gain first */
    uint64_t n_choices;
    struct at_game_total kinds[AT_GAME_KINDS];
    uint64_t deals_gaining; /* by a choice that the owner makes alone: not OWNER */
    /* The best choice of each payee alone, added up, and the pay that it is a share of. */
    at_i128 best, pay;
    uint32_t within;
};

/* How the game runs data with another row. */
struct at_game_host {
    /* Sets `runs` to the runs of all policies with the changes, each NULL where a policy does not have the
     * table. They are valid until `release`. NULL: as it is. AT_REJECTED: this cannot be run. */
    enum at_status (*run)(void *context, const struct at_table_edit *const *edits,
                          struct at_session_run **runs);
    void (*release)(void *context);
    void *context;
    struct at_watch *watch; /* may be NULL */
};

/* deals.c: the row of a table with the number by which people know it; -1: none. */
int64_t at_game_row_at(const struct at_table *table, uint64_t line);
/* Whether rows of a policy can be deals at all. */
bool at_game_has_deals(const struct at_plan *plan);
/* The deals of the runs of results. AT_REJECTED: no policy has a table of deals, or the one that the
 * options name. */
enum at_status at_game_find_deals(struct at_game *game, const struct at_game_options *options,
                                  struct at_arena *arena) AT_MUST_CHECK;
/* Tries all choices for the deals. */
enum at_status at_game_play(struct at_game *game, const struct at_game_options *options,
                            const struct at_game_host *host, struct at_arena *arena) AT_MUST_CHECK;

#endif
