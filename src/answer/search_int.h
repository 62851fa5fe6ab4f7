/* answer/search_int.h: what the files of a search share: the question, the rows, and what was found so far.
 * Private to this folder.
 */
#ifndef AT_ANSWER_SEARCH_INT_H
#define AT_ANSWER_SEARCH_INT_H

#include "answer/expected.h"
#include "base/map.h"
#include "base/vec.h"
#include "depend/depend.h"

/* A row that can matter for the payee. */
struct at_answer_row {
    uint32_t table, row;
    bool in;    /* it is credited to the payee in the period */
    bool other; /* it is credited to another one in the period, or to no one: it could be the payee's */
    bool about; /* it is the payee's row, or one that is not credited, and refers to the payee */
};

#define AT_ANSWER_LEVELS 16

/* The values of a column, as integers with `digits` decimals. */
struct at_answer_column {
    bool made, below; /* below: some are negative */
    unsigned digits;
    int64_t most;                        /* the largest, without its sign */
    uint32_t n, level[AT_ANSWER_LEVELS]; /* how many values, and how many end with this many zeros */
    int64_t *known;                      /* rising; only where there are few different ones */
    uint32_t n_known;
};

struct at_answer_search {
    const struct at_session_results *results;
    const struct at_session_result_run *r; /* of the target */
    const struct at_session_run *run;
    const struct at_plan *plan;
    const struct at_answer_question *question;
    const struct at_answer_versions *versions; /* NULL: none */
    const struct at_answer_host *host;
    struct at_arena *arena, *scratch; /* scratch is emptied after each trial */
    struct at_depend_reach reach, everywhere;
    struct at_answer_found *out;
    at_str key;          /* of the payee */
    uint32_t period;     /* index */
    int32_t payee_table; /* */
    AT_VEC(struct at_answer_row) rows;
    uint64_t n_all;                          /* rows of all tables */
    uint32_t n_in, n_elsewhere, n_other;     /* how many rows: credited in the period, the payee's, others */
    struct at_answer_column *columns;        /* by number of the field (at_depend_field_number) */
    const at_str **texts;                    /* the same: different values of a text */
    uint32_t *n_texts;                       /* */
    AT_VEC(struct at_answer_change) matches; /* */
    const struct at_table_edit **edits;      /* by run of the results */
    struct at_session_run **runs;
    int32_t judged;        /* the last trial, if it gave the amount */
    enum at_status status; /* what stopped the search */
};

/* Rows of others that are tried: fewer in large data, of which each run takes long. */
#define AT_ANSWER_MOST_ROWS 4000
#define AT_ANSWER_LEAST_ROWS 100
#define AT_ANSWER_MANY 50000    /* rows, beyond which fewer owners and periods are tried */
#define AT_ANSWER_MOST_TEXTS 30 /* values of a field that are tried */
#define AT_ANSWER_MOST_PERIODS 8

/* rows.c */
enum at_status at_answer_find_rows(struct at_answer_search *s) AT_MUST_CHECK;
/* Whether the pay can depend on a field. */
bool at_answer_matters(const struct at_answer_search *s, uint32_t table, uint32_t field);
/* Whether rows of the table are credited. */
bool at_answer_is_fed(const struct at_answer_search *s, uint32_t table);
at_str at_answer_row_name(const struct at_answer_search *s, uint32_t table, uint32_t row);

/* edits.c: changes of tables, in scratch */
struct at_table_edit *at_answer_edit_field(const struct at_answer_search *s, uint32_t table, uint32_t row,
                                           uint32_t field, struct at_table_edit_cell cell);
struct at_table_edit *at_answer_edit_gone(const struct at_answer_search *s, uint32_t table, uint32_t row);
/* A copy with a new key. `at_answer_edit_set` changes it. */
struct at_table_edit *at_answer_edit_copy(const struct at_answer_search *s, uint32_t table, uint32_t row);
void at_answer_edit_set(struct at_table_edit *edit, uint32_t field, struct at_table_edit_cell cell);

/* trial.c: tries a change of the table of the question's run. False: it cannot be made, or the pay is
 * withheld, or the search is stopped. */
bool at_answer_try(struct at_answer_search *s, const struct at_table_edit *edit, at_i128 *out);
/* Keeps a change with its pay, as a match or as one of the nearest ones. */
void at_answer_keep(struct at_answer_search *s, const struct at_answer_change *change);

/* values.c: tries other values of a field of a row, except numbers. */
void at_answer_try_values(struct at_answer_search *s, const struct at_answer_row *row, uint32_t field);
/* Different values of a column as texts, at most AT_ANSWER_MOST_TEXTS. */
const at_str *at_answer_texts(struct at_answer_search *s, uint32_t table, uint32_t field, uint32_t *n);
/* The day of the same place in another period. */
at_date at_answer_day_in(const struct at_answer_search *s, at_date day, int32_t position);
int32_t at_answer_position_of(const struct at_answer_search *s, at_date day);

/* columns.c */
unsigned at_answer_level(int64_t number); /* zeros at its end */
#define AT_ANSWER_DECIMALS 6
#define AT_ANSWER_MOST_NUMBER 1000000000000000
bool at_answer_is_number(const struct at_answer_search *s, uint32_t table, uint32_t field);
const struct at_answer_column *at_answer_column(struct at_answer_search *s, uint32_t table, uint32_t field);
/* False: it is missing, or too large. */
bool at_answer_value_at(const struct at_answer_search *s, const struct at_answer_column *column,
                        const struct at_col *col, uint32_t row, int64_t *out);

/* numbers.c: finds the number of a field that gives the pay. MISSING: `base` is the row that is added. */
void at_answer_try_number(struct at_answer_search *s, const struct at_answer_row *row, uint32_t field);
void at_answer_try_missing(struct at_answer_search *s, const struct at_answer_row *like, uint32_t field,
                           uint32_t n_like);

/* typing.c */
bool at_answer_is_typing_error(int64_t a, int64_t b);
/* Calls back for the numbers between low and high that can be typing errors of `of`. */
void at_answer_typed(int64_t of, int64_t low, int64_t high, void (*visit)(void *context, int64_t number),
                     void *context);

/* likely.c: tenths of bits */
int32_t at_answer_bits_of(uint64_t n); /* of one of n */
int32_t at_answer_bits_number(const struct at_answer_column *column, int64_t number);
bool at_answer_find_twin(struct at_answer_search *s, const struct at_answer_row *row, at_str *name);

#endif
