/* write/reconcile.h: the writers of a reconciliation, and its limits. */
#ifndef AT_WRITE_RECONCILE_H
#define AT_WRITE_RECONCILE_H

#include "answer/reconcile.h"
#include "write/report.h"

/* A limit and what it is compared with. */
struct at_write_reconcile_limit {
    at_str text;  /* as written */
    at_str value; /* "3", "1.5%", "1,204.10" */
    bool exceeded;
};

struct at_write_reconcile {
    struct at_answer_reconciliation of;
    const struct at_diff_edit *const *edits; /* of the earlier version; NULL: none */
    struct at_write_reconcile_limit *limits;
    uint32_t n_limits, n_exceeded;
    at_str name;       /* of the other system's file */
    bool by_component; /* the other system has components */
};

void at_write_reconcile_text(const struct at_write_report *report, const struct at_write_reconcile *made);
void at_write_reconcile_json(const struct at_write_report *report, const struct at_write_reconcile *made);
void at_write_reconcile_html(const struct at_write_report *report, const struct at_write_reconcile *made);

/* ---- what the formats share (reconcile_words.c) */

extern const char *const at_write_reconcile_statuses[3];
extern const char *const at_write_reconcile_classes[AT_ANSWER_CLASSES];
at_str at_write_reconcile_class(const struct at_words *words, unsigned class);
/* "NO-GO: 1 of 2 limits exceeded" */
at_str at_write_reconcile_verdict(const struct at_write_reconcile *made, const struct at_words *words,
                                  struct at_arena *arena);
/* "120 payouts: 114 equal, 2 within 0.01, 4 different." */
at_str at_write_reconcile_counts(const struct at_write_reconcile *made, const struct at_words *words,
                                 struct at_arena *arena);
at_str at_write_reconcile_totals(const struct at_write_reconcile *made, const struct at_words *words,
                                 struct at_arena *arena);
/* The change in words, with the marks of words.h; empty if there is none. */
at_str at_write_reconcile_change(const struct at_write_reconcile *made, const struct at_answer_change *change,
                                 uint32_t run, const struct at_words *words, struct at_arena *arena);
at_str at_write_reconcile_cause(const struct at_write_reconcile *made, const struct at_answer_cause *cause,
                                const struct at_words *words, struct at_arena *arena);
at_str at_write_reconcile_amount(const struct at_write_reconcile *made, struct at_arena *arena, at_i128 minor,
                                 bool commas);
/* Theirs as the other system wrote it, with all decimals. */
at_str at_write_reconcile_theirs(const struct at_write_reconcile *made, const struct at_answer_payout *payout,
                                 struct at_arena *arena, bool commas);
/* The columns of different payouts; the last three are amounts. Returns how many. */
#define AT_WRITE_RECONCILE_COLUMNS 7
uint32_t at_write_reconcile_heads(const struct at_write_reconcile *made, const struct at_words *words,
                                  at_str heads[AT_WRITE_RECONCILE_COLUMNS]);
void at_write_reconcile_cells(const struct at_write_reconcile *made, const struct at_answer_payout *payout,
                              const struct at_words *words, struct at_arena *arena, at_str *cells);
at_period at_write_reconcile_period(const struct at_write_reconcile *made, int32_t position);

#endif
