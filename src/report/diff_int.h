/* report/diff_int.h: what the files on differences share: diff.c (comparing), attribute.c (causes), witness.c
 * (cases). */
#ifndef AT_REPORT_DIFF_INT_H
#define AT_REPORT_DIFF_INT_H

#include "report/diff.h"

uint32_t at_side_node(const struct at_side *side, uint32_t node);
/* Amount of a component for a cell, period by index; 0 and *withheld where it has none. */
int64_t at_side_minor(const struct at_side *side, uint32_t component, uint32_t payee, int64_t period,
                      unsigned digits, struct at_arena *scratch, bool *withheld);
/* The same for all components of a cell, zeros where nothing of it is paid; true where it is withheld. */
bool at_side_cell(const struct at_side *side, uint32_t payee, int64_t period, unsigned digits,
                  struct at_arena *scratch, int64_t *minor);

#endif
