/* check/reading.h: how many readings a value has, over the periods to date and over the members of a group.
 *
 * `ytd(x)` recalculates x from its aggregates to date, and `ytd(x by period)` sums the values of the periods.
 * In a pool and under `total`, x is recalculated from the group's totals, and `sum(x by member)` sums the
 * values of the members. reading.c determines from the text whether two such readings can differ, todate.c
 * and people.c ask. All of it runs after the statements are checked, when every name has its symbol.
 */
#ifndef AT_CHECK_READING_H
#define AT_CHECK_READING_H

#include "check/check_int.h"

/* What an expression is, with names replaced by their definitions. "Changes" means between the periods, or
 * between the members. */
enum at_check_reading_kind {
    AT_READ_NONE,  /* not known, because of an error */
    AT_READ_ZERO,  /* a literal zero: a sum of no terms */
    AT_READ_SAME,  /* does not change: constants, params; a field of the payee between periods */
    AT_READ_WHOLE, /* an aggregate that is one value for all: of rows without a date, or without a payee */
    AT_READ_FLOW,  /* a sum of terms, each an aggregate or a component times what does not change */
    AT_READ_STOCK, /* recalculated without a question: an average, a minimum, a maximum */
    AT_READ_RATIO, /* the same: a quotient of values with one reading */
    AT_READ_TWO    /* everything else: the policy has to specify the reading */
};

struct at_check_reading {
    uint8_t kind;                         /* enum at_check_reading_kind */
    bool apart;                           /* FLOW: a term must not be summed as it is: given once, or WHOLE */
    uint8_t state;                        /* of the memo: enum at_check_state */
    const struct at_ast_node *why, *past; /* a place that makes it TWO; a place that cannot be recalculated */
};

/* The arguments of the function that is being read. */
struct at_check_reading_frame {
    const struct at_check_reading *args;
    uint32_t n;
};

/* Which readings are asked for. */
struct at_check_question {
    bool people;
    uint8_t rhythm; /* periods: that of the statement */
    int32_t group;  /* people: field of the payee table by which they are grouped; -1: everyone */
    struct at_check_reading *measures; /* memo */
    const struct at_check_reading_frame *frame;
    uint32_t depth;
};

struct at_check_reading at_check_reading_of(struct at_check *ck, struct at_check_question *question,
                                            const struct at_ast_node *node);
/* A question over periods, or over the members of a group, with an empty memo. */
struct at_check_question at_check_question_new(struct at_check *ck, bool people, int32_t group);
/* Reads the measures of a question in the order of the policy, so that a long chain does not nest. */
void at_check_reading_measures(struct at_check *ck, struct at_check_question *question);
/* The field of the payee table that a name or a member is, or -1. */
int32_t at_check_payee_field(const struct at_check *ck, const struct at_ast_node *node);

/* todate.c, people.c: report the values for which a policy does not specify the reading. */
void at_check_todate(struct at_check *ck);
void at_check_people(struct at_check *ck);

/* shared.c: reports rows `by` a dated field in an expression that is read for groups of another field. */
void at_check_shared_rows(struct at_check *ck, const struct at_ast_node *node, int32_t group);

#endif
