/* gather/outside.h: owns what is known of rows that are dated outside the effective range: how many, between
 * which days, and in which years.
 *
 * Data often covers more years than a policy, so this is a line of the summary. It is a warning only if a
 * date is far from all others, as 2062 is, or if no row at all is inside. A part counts for itself, and parts
 * are joined in the order of the file.
 */
#ifndef AT_GATHER_OUTSIDE_H
#define AT_GATHER_OUTSIDE_H

#include "base/date.h"
#include "base/sink.h"
#include "plan/plan.h"

struct at_gather;

#define AT_FIRST_YEAR 1850
#define AT_YEARS 300 /* dates before and after these years count in the first and the last of them */

struct at_gather_year {
    uint64_t n, line; /* rows, and the number of the first */
    at_date day;      /* of the first */
};
struct at_gather_outside {
    uint64_t n, undated;          /* rows outside; rows without a date, which are in no period */
    uint64_t alone;               /* rows `by` a field of which no payee has the value */
    uint64_t inside;              /* rows in the effective range */
    at_date first, last;          /* of the rows outside */
    struct at_gather_year *years; /* of the rows outside, and of all if the range has no end; NULL: none */
};

/* A row outside the range; with `inside`, one of a range without an end. */
void at_gather_outside_add(struct at_gather_outside *outside, at_date day, uint64_t line, bool inside,
                           struct at_arena *arena);
void at_gather_outside_join(struct at_gather_outside *outside, const struct at_gather_outside *more,
                            struct at_arena *arena);
/* Warns about dates of the feed that are far from all others, or of which none is in the effective range. */
void at_gather_outside_tell(struct at_gather *gather, uint32_t feed);

#endif
