/* write/diff_writer.h: the writers of differences, one file for each format, in the form of writer.h. */
#ifndef AT_WRITE_DIFF_WRITER_H
#define AT_WRITE_DIFF_WRITER_H

#include "diff/diff.h"
#include "write/writer.h"

void at_write_diff_table(const struct at_diff *diff, const struct at_write_options *options,
                         struct at_arena *scratch, struct at_sink *out);
void at_write_diff_markdown(const struct at_diff *diff, const struct at_write_options *options,
                            struct at_arena *scratch, struct at_sink *out);
/* payee,period,component,old,new,delta: rows that differ; an amount that is withheld is empty. */
void at_write_diff_csv(const struct at_diff *diff, const struct at_write_options *options,
                       struct at_arena *scratch, struct at_sink *out);
/* payee,period,component,edit,amount: the parts of rows that differ. */
void at_write_parts_csv(const struct at_diff *diff, const struct at_write_options *options,
                        struct at_arena *scratch, struct at_sink *out);
void at_write_diff_json(const struct at_diff *diff, const struct at_write_options *options,
                        struct at_arena *scratch, struct at_sink *out);
/* One self-contained page for reviewers. */
void at_write_diff_html(const struct at_diff *diff, const struct at_write_options *options,
                        struct at_arena *scratch, struct at_sink *out);

/* ---- explanations (diff_stories.c) */

/* What explains the old and the new amount of a payee and period to a reader. */
struct at_write_diff_story {
    uint32_t payee;
    int32_t period;
    at_str text[2]; /* empty: nothing is paid on that side */
};
struct at_write_diff_stories {
    struct at_write_diff_story *at; /* by payee, the largest change first */
    uint32_t n;
};
/* Those whose pay changes most; `items`: how many deals the data has, roughly. */
struct at_write_diff_stories *at_write_diff_choose_stories(const struct at_diff *diff, uint64_t items);
/* Writes the chosen stories of one side, from a run of that version alone. */
enum at_status at_write_diff_explain(struct at_write_diff_stories *stories, const struct at_diff *diff,
                                     int side, struct at_session_run *run,
                                     struct at_arena *scratch) AT_MUST_CHECK;

/* ---- what the formats share (diff_words.c) */

at_str at_write_diff_amount(const struct at_diff *diff, struct at_arena *arena,
                            at_i128 minor); /* "-1,234.50" */
at_str at_write_diff_change(const struct at_diff *diff, struct at_arena *arena,
                            at_i128 minor); /* "+1,234.50", "0.00" */
/* "+3.1%" of `whole`; empty if `whole` is 0. Rounded half up to one decimal, except that a change is never
 * shown as 0.0% ("+<0.1%"), and less than the whole never as 100.0%. */
at_str at_write_diff_percent(struct at_arena *arena, at_i128 part, at_i128 whole);
at_str at_write_diff_share(struct at_arena *arena, at_i128 part, at_i128 whole); /* without a plus sign */
/* "13.4% → 13.2%": pay as a share of credited sales. Empty if one of them is unknown. */
at_str at_write_diff_cost(const struct at_diff *diff, struct at_arena *arena);
/* "6 get more, 1 get less, 1 the same". */
at_str at_write_diff_counts(const struct at_diff *diff, struct at_arena *arena);
at_str at_write_diff_period(const struct at_diff *diff, int32_t position); /* "2026-Q1", for programs */
/* Payees of whom some payout changes: indexes, the largest change first (in total, or in one period), ties by
 * key. */
uint32_t *at_write_diff_by_change(const struct at_diff *diff, struct at_arena *arena, uint32_t *n);
/* How many periods of a payee to list at most, below the payee. */
uint32_t at_write_diff_periods_shown(const struct at_diff *diff, uint32_t payee);
/* "Ana Ruiz (ana)". */
at_str at_write_diff_name(const struct at_diff *diff, struct at_arena *arena, uint32_t payee);
/* How many payees change by how much: buckets of percent, from "lose more than 20%" to "gain more than 20%".
 */
enum { AT_DIFF_BUCKETS = 11, AT_DIFF_BUCKET_SAME = 4, AT_DIFF_BUCKET_MOVED = 5, AT_DIFF_BUCKET_HELD = 6 };
at_str at_write_diff_bucket_name(const struct at_diff *diff, uint32_t bucket);
void at_write_diff_buckets(const struct at_diff *diff, uint32_t counts[AT_DIFF_BUCKETS]);
/* "tier from 100%: 12% → 13%", and what the edit is about: "rates accelerator". */
at_str at_write_diff_change_text(const struct at_diff *diff, struct at_arena *arena,
                                 const struct at_diff_edit *edit);
at_str at_write_diff_subject_text(const struct at_diff *diff, struct at_arena *arena,
                                  const struct at_diff_edit *edit);
/* "rates accelerator: tier from 100%: 12% → 13%" of each cause, joined by "; " where it has several edits. */
at_str *at_write_diff_cause_texts(const struct at_diff *diff, struct at_arena *arena);
/* The case that shows a cause, in a sentence; empty where there is none. */
at_str at_write_diff_witness(const struct at_diff *diff, struct at_arena *arena,
                             const struct at_diff_cause *cause);

/* "up to 2026-Q2", or "up to 2026-02 → 2026-05" if the versions end in different periods. */
at_str at_write_diff_ends(const struct at_diff *diff, struct at_arena *arena);
/* What each version pays after its last period, in a sentence for both, or in one for each. Returns how many
 * sentences. */
uint32_t at_write_diff_waits(const struct at_diff *diff, struct at_arena *arena, at_str out[2]);

/* How many cells either version withholds, and what belongs to no cell, in a sentence; empty where none does.
 */
at_str at_write_diff_withheld(const struct at_diff *diff, struct at_arena *arena);

#endif
