/* gather/cover.h: owns the days on which payees are covered, and what is known of rows that are not earned
 * because their payees are not covered on their days.
 *
 * Earned are rows of credits, and rows of measures with a date: on the day of the row, or on a day of its
 * period. A row that counts for the members of a group `by` a field is the group's, and is not asked.
 */
#ifndef AT_GATHER_COVER_H
#define AT_GATHER_COVER_H

#include "kernel/frame.h"

struct at_gather;

/* Rows that are not earned: how many, and the first of them. */
struct at_gather_uncovered {
    uint64_t n, line;
    int32_t payee;
    at_date day;
};

/* The days of the current row; of a part. */
struct at_gather_cover_row {
    bool asked, spread; /* spread: the days of the item's period count instead */
    at_date from, to;
};

void at_gather_uncovered_add(struct at_gather_uncovered *uncovered, uint64_t n, uint64_t line, int32_t payee,
                             at_date day);
/* Makes the days of all payees, and `covered` of the frame. AT_REJECTED if a range ends before it begins. */
enum at_status at_gather_cover(struct at_gather *gather) AT_MUST_CHECK;
/* Whether the rows of the feed are asked. */
bool at_gather_cover_asks(const struct at_gather *gather, const struct at_plan_feed *feed);

#endif
