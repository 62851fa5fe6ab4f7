/* diff/diff_int.h: the interface between diff.c (comparison), and attribute.c and causes.c (effects of
 * edits). */
#ifndef AT_DIFF_DIFF_INT_H
#define AT_DIFF_DIFF_INT_H

#include "diff/diff.h"

uint32_t at_diff_side_node(const struct at_diff_side *side, uint32_t node);
/* The row of each payee of the diff in this version's run; -1 where it has none. */
int32_t *at_diff_side_rows(const struct at_diff_side *side, const struct at_diff *diff,
                           struct at_arena *arena);
/* The amounts of all components of a cell, period by index; zeros where nothing of it is paid; true where it
 * is withheld. */
bool at_diff_side_cell(const struct at_diff_side *side, uint32_t payee, int64_t period, unsigned digits,
                       struct at_arena *scratch, int64_t *minor);

/* The amounts of a cell as one run has them: side->run, or one of its views. */
bool at_diff_side_cell_in(const struct at_diff_side *side, const struct at_session_run *run, uint32_t payee,
                          uint32_t period, unsigned digits, struct at_arena *scratch, int64_t *minor);
/* Why the cell is withheld: of its first component that cannot be calculated. AT_OPERAND_NONE: it
 * is not known. */
at_words_operand at_diff_side_reason(const struct at_diff_side *side, uint32_t payee, uint32_t period,
                                     unsigned digits, struct at_arena *arena);
/* The name of the measure of what was credited; empty: there is none. */
at_str at_diff_credited_measure(const struct at_check_policy *checked);
/* The sum of a measure of version `s` over the payees and these periods, rounded to the minor unit. */
at_num at_diff_measure_sum(const struct at_diff *diff, int s, at_str name, int32_t from, int32_t through,
                           struct at_arena *arena);

/* known.c: for a side whose run has views; its memory is that of the run. As at_diff_side_cell. */
struct at_diff_known *at_diff_known_new(const struct at_diff_side *side);
bool at_diff_known_cell(const struct at_diff_side *side, uint32_t payee, uint32_t period, unsigned digits,
                        struct at_arena *scratch, int64_t *minor);

#endif
