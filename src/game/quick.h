/* game/quick.h: owns choices that are not run: those that only move amounts (plain.h). What they gain is
 * calculated for the payees whom they reach, in worlds (session/replica.h). */
#ifndef AT_GAME_QUICK_H
#define AT_GAME_QUICK_H

#include "game/plain.h"

struct at_game_quick_call {
    const struct at_game *game;
    const struct at_game_options *options;
    const struct at_game_listing *list;
    const struct at_session_run *run; /* as it is, with all periods in which deals can be booked */
    struct at_watch *watch;
    /* Called for each choice that is known. `number` counts all choices in order. */
    void (*found)(void *context, uint64_t number, const struct at_game_choice *choice);
    void *context;
};
/* *left: how many choices have to be run. AT_CANCELLED. */
enum at_status at_game_quick(const struct at_game_quick_call *call, struct at_arena *arena,
                             uint64_t *left) AT_MUST_CHECK;

/* items.c: what each deal adds to the sums of its table. */
struct at_game_amounts {
    at_num *of;    /* by deal, then by sum */
    bool *unclear; /* by deal: items of it belong to another payee or period, or are not numbers */
};
enum at_status at_game_amounts(const struct at_game *game, const struct at_game_plain *plain,
                               const struct at_session_run *run, struct at_watch *watch,
                               struct at_arena *arena, struct at_game_amounts *out) AT_MUST_CHECK;

#endif
