/* write/writer.h: the writers of results, one file for each format.
 *
 * A writer reads results, writes to a sink, and uses an arena of the caller for scratch memory. The sink
 * keeps the first error, so writers do not check for errors.
 */
#ifndef AT_WRITE_WRITER_H
#define AT_WRITE_WRITER_H

#include "session/results.h"

struct at_write_options {
    uint32_t width; /* of the terminal, in columns; 0: as wide as it needs to be */
    bool color;
    bool safe_csv;                               /* defuse cells that a spreadsheet would run */
    const struct at_write_diff_stories *stories; /* for the page of a difference; NULL: none */
    const struct at_words *words;                /* of the table and the summary of a run; NULL: English */
};

void at_write_table(const struct at_session_results *results, const struct at_write_options *options,
                    struct at_arena *scratch, struct at_sink *out);
/* What the table ends with: total paid, cells withheld, rows left out, payees not covered. */
void at_write_summary(const struct at_session_results *results, const struct at_write_options *options,
                      struct at_arena *scratch, struct at_sink *out);
/* payee,period,component,line,amount,currency */
void at_write_csv(const struct at_session_results *results, const struct at_write_options *options,
                  struct at_arena *scratch, struct at_sink *out);
void at_write_json(const struct at_session_results *results, const struct at_write_options *options,
                   struct at_arena *scratch, struct at_sink *out);

/* rep,balance,amount: what is owed of draws; balances.c */
void at_write_balances(const struct at_session_results *results, const struct at_write_options *options,
                       struct at_arena *scratch, struct at_sink *out);
/* payee,from,to,policies,first,second: days of payees that no policy covers, or two; coverage.c */
void at_write_coverage(const struct at_session_results *results, const struct at_write_options *options,
                       struct at_arena *scratch, struct at_sink *out);
/* By payee: `applies to` cannot decide, so the payee is withheld, and not uncovered. */
bool *at_write_undecided(const struct at_session_results *results, struct at_arena *scratch);
/* "line", "proportional", or "none": of an enum at_session_part. */
const char *at_write_part_kind(uint8_t part);
/* payee,period,component,deal,amount,currency,part; deals.c */
void at_write_deals(const struct at_session_results *results, const struct at_write_options *options,
                    struct at_arena *scratch, struct at_sink *out);
/* payee,component,line,earned,held,currency,due: what is held of deals at the end; held.c */
void at_write_held(const struct at_session_results *results, const struct at_write_options *options,
                   struct at_arena *scratch, struct at_sink *out);
/* For all payees that are wanted: `begin` before what is held of each. */
void at_write_held_each(const struct at_session_results *results, struct at_arena *scratch,
                        void (*begin)(void *context, uint32_t run, uint32_t row), void *context,
                        void (*visit)(void *context, const struct at_session_held *held));
/* payee,period,measure,label,value,unit,shown,reason */
void at_write_measures(const struct at_session_results *results, const struct at_write_options *options,
                       struct at_arena *scratch, struct at_sink *out);
/* A value as people read it, and why there is none; empty where the other is not. */
at_str at_write_shown_text(const struct at_session_shown *shown, struct at_arena *arena);
at_str at_write_shown_reason(const struct at_session_shown *shown, struct at_arena *arena);

/* The cell with a ' before it where a spreadsheet would run it as a formula. */
at_str at_write_csv_defuse(struct at_arena *arena, at_str s);

/* "-1234567.50", or with commas "-1,234,567.50"; returns the length, without a NUL. */
#define AT_MINOR_SIZE 64
size_t at_write_minor_write(char out[AT_MINOR_SIZE], at_i128 minor, unsigned digits, bool commas);

#endif
