/* write/game.h: the writers of what choices gain, in the form of writer.h. */
#ifndef AT_WRITE_GAME_H
#define AT_WRITE_GAME_H

#include "game/game.h"
#include "write/writer.h"

void at_write_game_text(const struct at_game *game, const struct at_write_options *options,
                        const struct at_words *words, struct at_arena *scratch, struct at_sink *out);
/* One object; amounts are texts with exact decimals. */
void at_write_game_json(const struct at_game *game, struct at_arena *scratch, struct at_sink *out);
void at_write_game_html(const struct at_game *game, const struct at_words *words, struct at_arena *scratch,
                        struct at_sink *out);

/* ---- what the formats share (game_words.c) */

extern const char *const at_write_game_kinds[AT_GAME_KINDS]; /* "period" */
at_str at_write_game_kind(const struct at_words *words, unsigned kind);
at_str at_write_game_amount(const struct at_game *game, struct at_arena *arena, at_i128 minor, bool commas);
/* "3.4%" of pay: rounded half up to one decimal, but never to zero; empty if pay is not above zero. */
at_str at_write_game_share(const struct at_game *game, struct at_arena *arena);
/* "d1", or "deals.csv:12". */
at_str at_write_game_deal(const struct at_game *game, uint32_t deal);
/* "book on 2026-04-01 (2026-Q2)". */
at_str at_write_game_change(const struct at_game *game, const struct at_game_choice *choice,
                            const struct at_words *words, struct at_arena *arena);
/* "field.attain:12": where the component of the largest part is; empty: nowhere. */
at_str at_write_game_place(const struct at_game *game, const struct at_game_choice *choice,
                           struct at_arena *arena);
/* The component of the largest part, and its place. */
at_str at_write_game_because(const struct at_game *game, const struct at_game_choice *choice,
                             const struct at_words *words, struct at_arena *arena);
at_str at_write_game_number(const struct at_words *words, struct at_arena *arena, uint64_t n);
at_str at_write_game_shown(const struct at_game *game, const struct at_words *words, struct at_arena *arena,
                           at_i128 minor);
/* How many deals would gain, and how much could be gained. */
void at_write_game_sum(const struct at_game *game, const struct at_words *words, struct at_arena *arena,
                       at_str out[2]);
/* What is left out, and what a gain is. */
unsigned at_write_game_notes(const struct at_game *game, const struct at_words *words, struct at_arena *arena,
                             at_str out[3]);
/* The best choice of each deal that gains: indexes, in order; *n: how many. */
uint64_t *at_write_game_best(const struct at_game *game, struct at_arena *arena, uint64_t *n);

#endif
