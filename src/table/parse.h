/* table/parse.h: a batch of rows, still text -> typed columns, one column at a time.
 *
 * Each type has a tight loop for the form that nearly every cell has; a cell that is not of that form goes
 * alone through table/cell.h. A lane is what one column needs for that: its payload, its caches, its counts;
 * a part has its own lanes, so nothing is shared between threads.
 */
#ifndef AT_TABLE_PARSE_H
#define AT_TABLE_PARSE_H

#include "base/vec.h"
#include "table/cell.h"
#include "table/watch.h"

#define AT_MEMO 256  /* cells of a type without a fast form are remembered */
#define AT_CHOICES 8 /* as many choices are compared in a row without branches */

struct at_table_memo {
    struct at_table_key key;
    bool used;
    struct at_table_cell cell;
};

struct at_table_lane {
    const struct at_schema_field *field; /* view */
    uint16_t index;                      /* of the field */
    uint32_t slot, column;               /* in the layout; of the file, from 1 */
    uint32_t currency;                   /* FOREIGN: slot of the currency, or UINT32_MAX */
    bool as_text;                        /* REF to a table that is not read yet: the text is kept */
    const struct at_table_key_index
        *target;       /* REF: keys of the other table; NULL: it could not be read, and values are missing */
    struct at_col col; /* the result; lives until the next batch */
    void *room;
    uint32_t *states;
    bool doubtful;                  /* 1,234 may be 1.234: the cells are not separated by commas */
    bool scaled;                    /* `scale` is known */
    uint8_t scale;                  /* of the numbers met so far */
    uint64_t trimmed, trimmed_line; /* keys with spaces at their ends, and the first one's line */
    uint64_t bare, bare_line;       /* percentages without a sign, and the first one's line */
    struct at_table_memo *memo;
    int year, month_start[12], month_days[12]; /* dates: the year met last */
    struct at_table_key last;
    int32_t last_row;
    struct at_table_key choices[AT_CHOICES];
    uint32_t n_choices;                 /* 0: too many or too long */
    const struct at_table_watch *watch; /* NULL: none */
    struct at_table_watched *watched;   /* NULL: a later pass, which does not look again */
};

struct at_table_cell_fault {
    uint32_t row;
    uint16_t field, code;
    uint32_t column;
};

struct at_table_parser {
    struct at_arena *scratch; /* view; emptied between batches */
    struct at_table_lane *lanes;
    uint32_t n_lanes;
    AT_VEC(struct at_table_cell_fault) faults; /* of the current batch, in scratch */
};

void at_table_lane_init(struct at_table_lane *lane, const struct at_schema_field *field,
                        struct at_arena *arena);
/* Fills the columns of all lanes. A row with a fault is marked in rows->fault, and its value is there but
 * means nothing. */
void at_table_parse_rows(struct at_table_parser *parser, struct at_source_rows *rows);

#endif
