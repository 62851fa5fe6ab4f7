/* table/alike.h: owns the search for rows of a table that have the same values in several fields: keys of
 * several fields, and rows that probably should not be there twice.
 *
 * An earlier row is found by the values themselves, not by their texts: 2026-01 and 202601 are one period.
 */
#ifndef AT_TABLE_ALIKE_H
#define AT_TABLE_ALIKE_H

#include "base/map.h"
#include "table/table.h"

/* Rows with the same values. */
struct at_table_alike_rows {
    uint64_t n, first, last; /* how many there are; numbers of the first two */
    at_num sum;              /* of the rule's value */
    bool whole;              /* a row has a share of 100% or more */
};

struct at_table_alike {
    struct at_arena *arena; /* view */
    const struct at_schema_rule *rule;
    bool folded;        /* texts are compared without capitals, blanks, width, and accents */
    struct at_map rows; /* to struct at_table_alike_rows */
};

void at_table_alike_open(struct at_table_alike *alike, const struct at_schema_rule *rule,
                         struct at_arena *arena);
/* Adds row i of the columns, whose number is `line`, and returns the rows with its values, itself among
 * them. */
struct at_table_alike_rows *at_table_alike_add(struct at_table_alike *alike, const struct at_col *cols,
                                               uint32_t i, uint64_t line);

/* Warns of rows that are alike though they should not be. The table has been checked, and is good. */
enum at_status at_table_alike_warn(struct at_table_dataset *data, uint32_t table) AT_MUST_CHECK;

#endif
