/* write/against.h: the writers of the reasons why a payout differs from another one. */
#ifndef AT_WRITE_AGAINST_H
#define AT_WRITE_AGAINST_H

#include "answer/against.h"
#include "write/report.h"

struct at_write_against {
    const struct at_session_results *results;
    struct at_answer_pair pair;
    struct at_answer_against found;
    at_period period[2];
};

void at_write_against_text(const struct at_write_report *report, const struct at_write_against *made);
void at_write_against_md(const struct at_write_report *report, const struct at_write_against *made);
void at_write_against_json(const struct at_write_report *report, const struct at_write_against *made);
void at_write_against_html(const struct at_write_report *report, const struct at_write_against *made);

/* ---- what the formats share (against_words.c) */

/* The static name of a player in JSON: "deals". */
extern const char *const at_write_against_names[AT_ANSWER_PLAYERS];
at_str at_write_against_amount(const struct at_write_against *made, struct at_arena *arena, at_i128 minor,
                               bool commas);
/* The same with a sign, also "+", as the language writes it. */
at_str at_write_against_signed(const struct at_write_against *made, const struct at_words *words,
                               struct at_arena *arena, at_i128 minor);
/* "ana in 2026-Q2" */
at_str at_write_against_side(const struct at_write_against *made, int side, const struct at_words *words,
                             struct at_arena *arena);
/* "ana in 2026-Q2: 13,000.00 is paid, which is 2,000.00 more than the 11,000.00 of ana in 2026-Q1." */
at_str at_write_against_question(const struct at_write_against *made, const struct at_words *words,
                                 struct at_arena *arena);
at_str at_write_against_player(enum at_answer_player player, const struct at_words *words);
/* The sentence of a part, with what both sides have. */
at_str at_write_against_part(const struct at_write_against *made, enum at_answer_player player,
                             const struct at_words *words, struct at_arena *arena);
/* What both sides have that depends on several players, such as attainment; empty: nothing. */
at_str at_write_against_rest(const struct at_write_against *made, const struct at_words *words,
                             struct at_arena *arena);
/* A fact of one side: "120,000.00". */
at_str at_write_against_value(const struct at_answer_fact *fact, int side, const struct at_words *words,
                              struct at_arena *arena);

#endif
