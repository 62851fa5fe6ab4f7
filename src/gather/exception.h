/* gather/exception.h: owns the exceptions of a run: why values cannot be calculated.
 *
 * A state of a column is AT_STATE_EXCEPTION plus a number in `kept`. While a table is scanned, faults of a
 * batch are numbered behind those, and each part keeps its own. The merge of the parts gives them their
 * numbers in the run, which do not depend on how the rows were divided.
 */
#ifndef AT_GATHER_EXCEPTION_H
#define AT_GATHER_EXCEPTION_H

#include "base/map.h"
#include "kernel/space.h"
#include "plan/statement.h"
#include "table/table.h"
#include "words/reason.h"

struct at_gather_exception {
    enum at_diag_code code;
    struct at_words_reason why;    /* for words/, which writes it in each language */
    uint32_t node;                 /* plan node in which it arose */
    uint32_t payee, period;        /* UINT32_MAX: not of one cell */
    const struct at_ast_node *ast; /* where in the policy; may be NULL */
    bool unnamed; /* several statements share the node: the one that wants it is named where it surfaces */
    at_str file;  /* row of data it came from; may be empty */
    uint64_t line;
    const struct at_kernel_hook_failure *hook; /* of a hook that failed; else NULL */
};

struct at_gather_exceptions {
    struct at_arena *arena; /* of the run, view */
    const struct at_plan *plan;
    const struct at_plan_statements *statements; /* after which exceptions are named */
    const struct at_table_dataset *data;
    AT_VEC(struct at_gather_exception) kept;
    AT_VEC(uint32_t)
    lost;                 /* of those: rows whose payee is unknown, payees of whom it is not known if they
                             are covered */
    struct at_map merged; /* exceptions of rows, so that each is kept once */
};

void at_gather_exceptions_open(struct at_gather_exceptions *exceptions, const struct at_plan *plan,
                               const struct at_plan_statements *statements,
                               const struct at_table_dataset *data, struct at_arena *arena);
/* Moves the faults that calculating node `id` in `space` left in its list to the run's. */
void at_gather_exceptions_take(struct at_gather_exceptions *exceptions, struct at_kernel_space *space,
                               uint32_t id);
/* Keeps an exception of a row once, however many aggregates met it; its index in `kept`. */
uint32_t at_gather_exceptions_add(struct at_gather_exceptions *exceptions,
                                  const struct at_gather_exception *exception);
/* Names the payee whose value it is, if the exception withholds the payout of another payee, `payee`. */
void at_gather_exception_name(struct at_gather_exception *exception, const struct at_table_dataset *data,
                              uint16_t payee_table, uint32_t payee, struct at_arena *arena);
/* What a fault says, without its place. It is written while the values of its space are there. */
struct at_gather_exception at_gather_exception_of(const struct at_gather_exceptions *exceptions,
                                                  const struct at_kernel_fault *fault,
                                                  struct at_arena *arena);

#endif
