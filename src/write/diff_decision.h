/* write/diff_decision.h: the texts of the decision block, which are the same in every format of a difference.
 *
 * Texts are in the language of the difference, plain, and made in `arena`.
 */
#ifndef AT_WRITE_DIFF_DECISION_H
#define AT_WRITE_DIFF_DECISION_H

#include "diff/decision.h"
#include "write/diff_writer.h"

/* "STOP: 2 limits exceeded; 3 payouts newly withheld by ② pay commission, for Ana Ruiz (ana)". */
at_str at_write_diff_verdict(const struct at_diff *diff, struct at_arena *arena);
/* Who gains and who loses how much, by group, the net amount, the periods, and the amount for a year. */
at_str at_write_diff_sentence(const struct at_diff *diff, struct at_arena *arena);

/* By which edits payees lose most and gain most; empty with fewer than two. diff_because.c. */
at_str at_write_diff_because(const struct at_diff *diff, struct at_arena *arena);

/* How much pay could be gained by other choices for deals; empty: it was not asked. diff_gamed.c. */
at_str at_write_diff_gamed(const struct at_diff *diff, struct at_arena *arena);

/* ---- numbers of causes */

at_str at_write_diff_number(struct at_arena *arena, uint32_t cause);   /* "①"; from 50 on "(51)" */
at_str at_write_diff_numbers(struct at_arena *arena, uint64_t causes); /* "①③" of a set; empty: none */
/* The cause that an edit belongs to, or the place of the edit among those that pay if there are no causes.
 * -1: it does not pay. */
int64_t at_write_diff_cause_of(const struct at_diff *diff, uint32_t edit);

/* ---- the changed words of an edit (diff_marks.c) */

enum at_write_diff_piece_kind { AT_PIECE_SAME, AT_PIECE_REMOVED, AT_PIECE_ADDED };
struct at_write_diff_piece {
    at_str text;
    uint8_t kind; /* enum at_write_diff_piece_kind */
};
/* The text of at_write_diff_change_text, cut where words are removed or added. */
struct at_write_diff_piece *at_write_diff_pieces(const struct at_diff *diff, struct at_arena *arena,
                                                 const struct at_diff_edit *edit, uint32_t *n);

/* The same as one text, with the marks of marks.h around such words. */
at_str at_write_diff_marked(const struct at_diff *diff, struct at_arena *arena,
                            const struct at_diff_edit *edit);

/* ---- limits, risks, withheld payouts */

at_str at_write_diff_limit_value(const struct at_diff *diff, struct at_arena *arena,
                                 const struct at_diff_limit *limit, const struct at_diff_limit_value *value);
/* Where the value is: "Ana Ruiz (ana) in 2026-Q1"; empty: it is of everyone, over all periods. */
at_str at_write_diff_limit_at(const struct at_diff *diff, struct at_arena *arena,
                              const struct at_diff_limit *limit, const struct at_diff_limit_value *value);
/* The first that exceeds the limit, how many more, and which most; or the nearest. */
at_str at_write_diff_limit_where(const struct at_diff *diff, struct at_arena *arena,
                                 const struct at_diff_limit *limit);
/* The value to show with it: of the first that exceeds it, or the nearest. */
static inline const struct at_diff_limit_value *at_write_diff_limit_shown(const struct at_diff_limit *limit) {
    return limit->n_exceed ? &limit->first : &limit->most;
}
at_str at_write_diff_risk(const struct at_diff *diff, struct at_arena *arena,
                          const struct at_diff_risk *risk);
at_str at_write_diff_reason(const struct at_diff *diff, struct at_arena *arena,
                            const struct at_diff_newly *newly); /* empty: it is not known */
/* "Ana Ruiz (ana) in 2026-Q1: 150.00 → withheld, `x`: cannot divide by zero, because …". */
at_str at_write_diff_newly(const struct at_diff *diff, struct at_arena *arena,
                           const struct at_diff_newly *newly);
/* "withholds 3 payouts". */
at_str at_write_diff_cause_newly(const struct at_diff *diff, struct at_arena *arena,
                                 const struct at_diff_cause *cause);
/* Why a cause changes nothing by itself; empty: it does. */
at_str at_write_diff_quiet(const struct at_diff *diff, struct at_arena *arena,
                           const struct at_diff_cause *cause);

/* Files, data, periods, program, and command, a line each (diff_sources.c). */
at_str *at_write_diff_sources(const struct at_diff *diff, struct at_arena *arena, uint32_t *n);
/* Such a line as an item of a list in Markdown. */
void at_write_diff_md_source(struct at_sink *out, at_str line);

/* ---- periods, groups */

/* "2026-Q1", or as a sentence names it: "2026年第1季度". */
at_str at_write_diff_period_text(const struct at_diff *diff, struct at_arena *arena, int32_t position);
at_str at_write_diff_periods_text(const struct at_diff *diff, struct at_arena *arena); /* all compared */
/* "role manager", "no role". */
at_str at_write_diff_group_name(const struct at_diff *diff, struct at_arena *arena, at_str field,
                                at_str name);

#endif
