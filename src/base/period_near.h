/* base/period_near.h: owns the guess which period a text means that is not written as one, for messages.
 *
 * The guess is only offered, never used for pay: `2026-W5` and `Q1 2026` have one meaning, but a person
 * confirms it.
 */
#ifndef AT_BASE_PERIOD_NEAR_H
#define AT_BASE_PERIOD_NEAR_H

#include "base/calendar.h"

/* The period that was meant by `2026-q1`, `Q1 2026`, `2026-1`, `2026/01`, `202601`, `2026-W5`, `w05 2026`, or
 * `2026-1-h2`, as it is written. Empty: none. */
at_str at_period_meant(struct at_arena *arena, at_str text);

#endif
