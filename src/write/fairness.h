/* write/fairness.h: the writers of a report on fairness, and the sentences that they share. */
#ifndef AT_WRITE_FAIRNESS_H
#define AT_WRITE_FAIRNESS_H

#include "fair/report.h"
#include "write/report.h"

void at_write_fair_text(const struct at_write_report *r, const struct at_fair_report *report);
void at_write_fair_json(const struct at_write_report *r, const struct at_fair_report *report);
void at_write_fair_html(const struct at_write_report *r, const struct at_fair_report *report);

/* ---- fairness_words.c: texts in `arena`, with back quotes around code */

const char *at_write_fair_id(enum at_fair_figure_id id);
at_str at_write_fair_name(const struct at_fair_report *report, const struct at_fair_figure *figure,
                          const struct at_words *words, struct at_arena *arena);
/* The value as people read it, or why there is none. */
at_str at_write_fair_shown(const struct at_fair_report *report, const struct at_fair_figure *figure,
                           const struct at_words *words, struct at_arena *arena);
at_str at_write_fair_meaning(const struct at_fair_report *report, const struct at_fair_figure *figure,
                             const struct at_words *words, struct at_arena *arena);
/* "3/20"; empty if there is none; of a correlation, its square with the sign. */
at_str at_write_fair_exact(const struct at_fair_figure *figure, struct at_arena *arena);
/* A value of the performance, an amount, a rate in percent, and the difference of two rates. */
at_str at_write_fair_value(const struct at_fair_report *report, at_num value, const struct at_words *words,
                           struct at_arena *arena);
at_str at_write_fair_money(const struct at_fair_report *report, at_num amount, const struct at_words *words,
                           struct at_arena *arena);
at_str at_write_fair_percent(at_num rate, const struct at_words *words, struct at_arena *arena);
at_str at_write_fair_points(at_num difference, const struct at_words *words, struct at_arena *arena);
at_str at_write_fair_person(const struct at_fair_person *person, const struct at_words *words,
                            struct at_arena *arena);
at_str at_write_fair_field(const struct at_fair_field *field, const struct at_words *words,
                           struct at_arena *arena);
at_str at_write_fair_group(const struct at_fair_field *field, const struct at_fair_group *group,
                           const struct at_words *words, struct at_arena *arena);
at_str at_write_fair_bin(const struct at_fair_report *report, const struct at_fair_bin *bin,
                         const struct at_words *words, struct at_arena *arena);
at_str at_write_fair_pair(const struct at_fair_report *report, const struct at_fair_pair *pair,
                          const struct at_words *words, struct at_arena *arena);
/* The sentences about a gap, at most three. Returns how many. */
uint32_t at_write_fair_gap(const struct at_fair_field *field, const struct at_words *words,
                           struct at_arena *arena, at_str out[3]);
/* What is left out, at most three sentences. */
uint32_t at_write_fair_notes(const struct at_fair_report *report, const struct at_words *words,
                             struct at_arena *arena, at_str out[3]);

#endif
