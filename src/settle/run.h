/* settle/run.h: a plan over tables: values, payouts, exceptions.
 *
 * A run owns nothing but what it puts into the run arena, and keeps every column of cell, group, constant and
 * payee grain so that explanations can walk back over the plan. Values of deals are not kept: at_run_items
 * passes over the tables again for one cell.
 */
#ifndef AT_SETTLE_RUN_H
#define AT_SETTLE_RUN_H

#include "kernel/hook.h"
#include "table/table.h"
#include "words/sentence.h"

struct at_exception {
    enum at_code code;
    struct at_words_reason why; /* for words/, which writes it in each language */
    uint32_t node;              /* plan node in which it arose */
    uint32_t payee, period;     /* UINT32_MAX: not of one cell */
    const struct at_node *ast;  /* where in the policy; may be NULL */
    bool unnamed; /* several statements share the node: the one that wants it is named where it surfaces */
    at_str file;  /* row of data it came from; may be empty */
    uint64_t line;
};

/* What a hook said of its own result, its second value: of CALL nodes at CELL grain, by node, then cell. */
struct at_reason {
    uint32_t node, cell;
    at_str text;
};

/* A payout line, in the promised order: payee (key by code points), period, component, key. */
struct at_line {
    uint32_t payee;  /* row of the payee table */
    uint32_t period; /* index */
    uint16_t component;
    at_str key;    /* of the credited row for `per` components; else empty */
    int64_t minor; /* minor units of the policy's currency */
};

struct at_withheld { /* a cell that is not paid */
    uint32_t payee, period;
    uint32_t exception; /* index of its first reason; the others follow, up to the next cell's first */
};

struct at_require_failure {
    uint32_t require;
    uint32_t payee, period; /* UINT32_MAX where not of a cell */
    at_str file;
    uint64_t line; /* row grain */
};

struct at_run {
    const struct at_plan *plan;
    struct at_dataset *data;
    struct at_arena *arena; /* run arena, view */

    uint32_t n_payees, n_periods;
    at_period first_period;  /* periods are consecutive from here */
    uint32_t *payees_by_key; /* payee rows in order of their keys */
    bool *covered;           /* by payee row */
    struct at_col
        *cols; /* by node id: CELL, GROUP, CONST and ROW(payee) grain; data NULL if not calculated */
    uint32_t **group_of;   /* by group: number of each payee's group (UINT32_MAX: none) */
    uint32_t *group_sizes; /* by group: how many */

    struct at_line *lines;
    uint64_t n_lines; /* zero lines included */
    /* The exceptions that are reported. First come the reasons of withheld cells, each with the cell's payee
     * and period. Then come rows whose payee is unknown (payee and period UINT32_MAX). There may be such rows
     * even if no cell is withheld. Then come payees for whom `applies to` cannot decide (period UINT32_MAX).
     * After these n_exceptions come others, which do not withhold any payment. States of columns count them
     * all. */
    struct at_exception *exceptions;
    uint32_t n_exceptions;
    struct at_withheld *withheld;
    uint32_t n_withheld; /* by payee key, period */
    struct at_reason *reasons;
    uint32_t n_reasons;
    struct at_require_failure *failures;
    uint32_t n_failures;
    uint64_t
        *rows_out_of_range;  /* by feed: rows that passed `where` and are dated outside the effective range */
    uint64_t *rows_credited; /* by feed: items */
    int32_t *last_period;    /* by feed: index of the last period with an item; -1 */
};

struct at_run_options {
    const struct at_hooks *hooks; /* NULL: policies with hooks are refused */
    bool no_lines;                /* only columns (for diffs of large runs) */
    at_period from, through;      /* restrict the paid periods: `through.kind` AT_YEAR + 1 means not set */
};

/* Runs. `data` has been loaded with the tables the plan wants kept (at_run_wants). AT_REJECTED: bad data met
 * while streaming, or a `require` failed (then n_failures > 0). */
enum at_status at_run_execute(const struct at_plan *plan, struct at_dataset *data,
                              const struct at_run_options *options, struct at_arena *arena,
                              struct at_diags *diags, struct at_run **out) AT_MUST_CHECK;

/* Which tables must be resident for this plan: those passed over more than once, or needed by `running`. */
void at_run_wants(const struct at_plan *plan, bool *keep);

/* The value of a node for a cell, a group cell or a payee row. */
struct at_value at_run_value(const struct at_run *run, uint32_t node, uint32_t index, struct at_arena *arena,
                             uint32_t *state);

/* One credited item, as explanations want it. */
struct at_item {
    uint32_t feed, payee, period;
    uint64_t line;                 /* of the file */
    at_str key;                    /* of the row; empty where the table has none */
    const struct at_value *values; /* one for each node asked for */
    const uint32_t *states;        /* UINT32_MAX: an exception that the run did not keep */
};
/* Passes over the table of `feed` again and calls back for each item of the given payee (UINT32_MAX: all) and
 * period index (UINT32_MAX: all), in order of the file, with the values of the given CREDIT or ROW nodes. */
enum at_status at_run_items(const struct at_run *run, uint32_t feed, uint32_t payee, uint32_t period,
                            const uint32_t *nodes, uint32_t n_nodes,
                            bool (*on_item)(void *context, const struct at_item *item),
                            void *context) AT_MUST_CHECK;
/* Releases what a call of at_run_items holds that a failure of memory has left. The run can be used again. */
void at_run_forget_items(struct at_run *run);

#endif
