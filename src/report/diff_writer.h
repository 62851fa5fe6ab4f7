/* report/diff_writer.h: differences as bytes: one file a format, one interface. As writer.h is for results.
 */
#ifndef AT_REPORT_DIFF_WRITER_H
#define AT_REPORT_DIFF_WRITER_H

#include "report/diff.h"
#include "report/writer.h"

void at_write_diff_table(const struct at_diff *diff, const struct at_writer_options *options,
                         struct at_arena *scratch, struct at_sink *out);
void at_write_diff_markdown(const struct at_diff *diff, const struct at_writer_options *options,
                            struct at_arena *scratch, struct at_sink *out);
/* payee,period,component,old,new,delta: rows that differ; an amount that is withheld is empty. */
void at_write_diff_csv(const struct at_diff *diff, const struct at_writer_options *options,
                       struct at_arena *scratch, struct at_sink *out);
/* payee,period,component,edit,amount: the parts of rows that differ. */
void at_write_parts_csv(const struct at_diff *diff, const struct at_writer_options *options,
                        struct at_arena *scratch, struct at_sink *out);
void at_write_diff_json(const struct at_diff *diff, const struct at_writer_options *options,
                        struct at_arena *scratch, struct at_sink *out);
/* One self-contained page for reviewers. */
void at_write_diff_html(const struct at_diff *diff, const struct at_writer_options *options,
                        struct at_arena *scratch, struct at_sink *out);

/* ---- what the formats share (diff_words.c) */

at_str at_diff_amount(const struct at_diff *diff, struct at_arena *arena, at_i128 minor); /* "-1,234.50" */
at_str at_diff_change(const struct at_diff *diff, struct at_arena *arena,
                      at_i128 minor); /* "+1,234.50", "0.00" */
/* "+3.1%" of `whole`; empty where there is no whole. Rounded half up to one decimal, for show. */
at_str at_diff_percent(struct at_arena *arena, at_i128 part, at_i128 whole, bool sign);
at_str at_diff_period(const struct at_diff *diff, struct at_arena *arena, int32_t ordinal);
/* Payees by what they gain or lose: indexes, the largest change first, ties by key. Only those whose pay
 * changes. */
uint32_t *at_diff_by_change(const struct at_diff *diff, struct at_arena *arena, uint32_t *n);
/* "Ana Ruiz (ana)". */
at_str at_diff_name(const struct at_diff *diff, struct at_arena *arena, uint32_t payee);
/* How many payees change by how much: buckets of percent, from "lose more than 20%" to "gain more than 20%".
 */
enum { AT_DIFF_BUCKETS = 9 };
extern const char *const at_diff_bucket_names[AT_DIFF_BUCKETS];
void at_diff_buckets(const struct at_diff *diff, uint32_t counts[AT_DIFF_BUCKETS]);
/* The case that shows a cause, in a sentence; empty where there is none. */
at_str at_diff_witness(const struct at_diff *diff, struct at_arena *arena, const struct at_cause *cause);

/* How many cells either version withholds, in a sentence; empty where none does. */
at_str at_diff_withheld(const struct at_diff *diff, struct at_arena *arena);

#endif
