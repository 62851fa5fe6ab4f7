/* game/game_int.h: what the files of game/ share. */
#ifndef AT_GAME_GAME_INT_H
#define AT_GAME_GAME_INT_H

#include "game/game.h"

/* The deals of a feed: rows of its own table, or those to which its rows refer. */
struct at_game_source {
    uint16_t table;
    int32_t via;    /* the field of the feed's table that refers to the deal; -1: its rows are the deals */
    uint32_t field; /* of `table`: the date */
};
/* False: its rows are not dated by a field of a deal. */
bool at_game_source_of(const struct at_plan *plan, uint32_t feed, struct at_game_source *out);
/* The field that the first credit of the table gives as its amount; -1: none, or another expression. */
int32_t at_game_credited_field(const struct at_plan *plan, uint32_t table);
/* Whether a field is divided when a deal is split, and added when two are merged. */
bool at_game_counts(const struct at_schema *schema, uint32_t field, int32_t credited);

/* choices.c: calls back for each choice of a deal, in order, until it returns false. */
struct at_game_listing {
    const struct at_game *game;
    const struct at_game_options *options;
    struct at_arena *arena;
    uint32_t *
        *partners; /* by deal: the largest other deals of the same payee and period, n_partners of them */
    uint32_t *n_partners;
    uint32_t **payees; /* by run: payees in order of their pay, the most first; n_payees of them */
    uint32_t *n_payees;
};
struct at_game_listing *at_game_list(const struct at_game *game, const struct at_game_options *options,
                                     struct at_arena *arena);
bool at_game_each(const struct at_game_listing *list, uint32_t deal,
                  bool (*visit)(void *context, const struct at_game_choice *choice), void *context);

/* change.c: the choice as a change of the table of policy `run`, in `arena`; NULL if that policy does not
 * have the table or the row. *possible: it can be made at all. */
const struct at_table_edit *at_game_edit(const struct at_game *game, const struct at_game_choice *choice,
                                         uint32_t run, struct at_arena *arena, bool *possible);

#endif
