/* answer/against_int.h: what the files of a comparison share. Private to this folder. */
#ifndef AT_ANSWER_AGAINST_INT_H
#define AT_ANSWER_AGAINST_INT_H

#include "answer/against.h"

/* What a table is for. */
enum at_answer_table {
    AT_ANSWER_OF_NONE,   /* no payee's, such as exchange rates */
    AT_ANSWER_OF_PAYEES, /* the payee table */
    AT_ANSWER_OF_DEALS,  /* credited, counted by day, or connected with such a table */
    AT_ANSWER_OF_QUOTAS, /* about payees: quotas, and what is counted by period */
    AT_ANSWER_OF_HISTORY /* dated values of payees */
};

struct at_answer_exchange {
    const struct at_session_results *results;
    const struct at_session_run *run; /* as it is */
    const struct at_plan *plan;
    const struct at_answer_pair *pair;
    const struct at_table_dataset *data;
    uint32_t payee_table;
    uint32_t payee[2];   /* rows */
    at_period period[2]; /* */
    uint8_t *kinds;      /* by table: enum at_answer_table */
    bool *grouping;      /* by field of the payee table: pools and quotas are per value of it */
    uint8_t **own;       /* periods: by table and row: the payee's; NULL: not of deals or quotas */
    struct at_arena *arena, *scratch;
};

/* players.c */
void at_answer_players_find(struct at_answer_exchange *x);
/* Whether a field of the payee table is a number or a day that is the payee's quota. */
bool at_answer_is_quota(const struct at_answer_exchange *x, uint32_t field);
/* Whether rows of the table refer to payees; `besides`: with another field than that one. */
bool at_answer_names_payees(const struct at_answer_exchange *x, uint32_t table, int besides);
/* Of two periods: the player to whom a row belongs. */
enum at_answer_player at_answer_player_of(const struct at_answer_exchange *x, uint32_t table, uint32_t row);

/* exchange.c: the change of a table that exchanges a set of players, in scratch. NULL: no row differs. */
struct at_table_edit *at_answer_exchange_edit(const struct at_answer_exchange *x, uint32_t table,
                                              uint32_t set);

/* facts.c */
enum at_status at_answer_facts_find(const struct at_answer_exchange *x,
                                    struct at_answer_against *out) AT_MUST_CHECK;

#endif
