/* report/diff_limit.h: limits that a change in pay must not pass: `total > +3%`, `any payee < -10%`. For use
 * in CI. */
#ifndef AT_REPORT_DIFF_LIMIT_H
#define AT_REPORT_DIFF_LIMIT_H

#include "report/diff.h"

/* False where `text` is no limit. *hit: it is passed; *payee: the first that passes it, where it is about
 * any. */
bool at_diff_limit(const struct at_diff *diff, at_str text, bool *hit, uint32_t *payee);

#endif
