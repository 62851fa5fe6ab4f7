/* game/plain.h: owns which choices for the deals of a table only move amounts between sums of payees.
 *
 *     period, owner   the items of the deal count in another period, or for another payee, and nothing else
 *                     depends on the field that changes
 *     split, merge    what is made of the amounts is added up, and nothing else is made of the rows
 *
 * What a plan does that is not known to be so makes the kind of choice one that has to be run.
 */
#ifndef AT_GAME_PLAIN_H
#define AT_GAME_PLAIN_H

#include "game/game_int.h"
#include "session/replica.h"

struct at_game_plain {
    const struct at_session_run *run; /* as it is, with all periods in which deals can be booked */
    uint32_t table;
    int32_t date_field, owner_field, credited;
    bool kinds[AT_GAME_KINDS];
    bool *moves[AT_GAME_KINDS];           /* PERIOD, OWNER: by feed: its items count elsewhere */
    uint32_t *sums, n_sums;               /* of those feeds */
    struct at_session_replicas *replicas; /* NULL: no choice is calculated */
    uint32_t *compared, n_compared;       /* MERGE: fields that must be equal */
    bool text_key;                        /* a new row can have a key */
};

/* Of the table of the deal; its fields are those of the deal. */
struct at_game_plain *at_game_plain_new(const struct at_session_run *run, const struct at_game_deal *deal,
                                        struct at_arena *arena);
/* linear.c: whether only sums are made of the amounts of the table's rows. */
bool at_game_is_linear(const struct at_plan *plan, uint32_t table, int32_t credited, struct at_arena *arena);

#endif
