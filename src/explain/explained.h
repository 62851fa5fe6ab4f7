/* explain/explained.h: what explanations know of a run, and of the cell that they explain.
 *
 * A struct at_explain_run is made once for each run, and lives as long as the explainer. Only index.c and
 * rows.c write to it. A struct at_explain_tell lives while one payee and period is explained.
 */
#ifndef AT_EXPLAIN_EXPLAINED_H
#define AT_EXPLAIN_EXPLAINED_H

#include "base/map.h"
#include "base/vec.h"
#include "explain/explain.h"

/* Listed rows or members of a step without the option `all`. The others are one step with their sum. */
#define AT_SHOWN_ROWS 5

/* ---- credited rows */

/* A copy of a credited row: rows of a pass over a table do not outlive the call that gives them. */
struct at_explain_kept_row {
    at_str key;
    uint64_t line;
    struct at_plan_value value;   /* what is added up, or looked through for the least and the most */
    struct at_plan_value *values; /* by slot of the feed */
    const uint32_t *states;
    const struct at_kernel_hook_said **said; /* by slot; NULL: no hook said anything of the row */
};

/* The rows of one cell that an aggregate, or a component with lines of its own, draws on. */
struct at_explain_bag {
    uint64_t n;
    at_num sum;
    struct at_explain_kept_row *rows; /* the largest first; all of them where all are wanted */
    uint32_t n_rows, room;
    uint64_t last_line; /* of the row that was added last */
};

struct at_explain_target {
    uint32_t node;  /* an aggregate, or a component's lines */
    uint32_t value; /* what is added up; AT_NO_NODE: rows are counted */
    uint32_t mask;  /* AT_NO_NODE: all */
    uint32_t when;  /* the condition of a component's lines, if it is one of each row */
    uint32_t feed;
    uint8_t shape;  /* grain of the aggregate; rows.c has another for stays */
    uint16_t place; /* of stays: their grouping */
    bool smallest;  /* smallest first */
    struct at_explain_bag **bags;
    uint32_t n_bags;
};

/* A part of a list: from `first` up to, but not with, `end`. */
struct at_explain_explained_part {
    uint64_t first, end;
};

/* The payees of each group of one field, or of all (see index.c). */
struct at_explain_explained_group {
    uint32_t *number_of;       /* by payee row; n: it has none */
    uint32_t *start, *members; /* by number: where its members begin; n + 1 of them */
    uint32_t n;
};

/* An expression that came to a value, however the value is brought to payees and periods. */
struct at_explain_site {
    uint32_t value; /* node */
    const struct at_plan_site *site;
};

/* What is known of one run, for all its cells.
 * Arrays "by node" have one element for each node of the plan. */
struct at_explain_run {
    const struct at_session_run
        *run; /* whose values are explained: one of the views of result->run, if it has any */
    struct at_explain_run *views; /* by view; NULL: it has none */
    const struct at_plan *plan;
    const struct at_check_policy *checked;
    const struct at_session_result_run *result;
    int32_t *measure_of;   /* by node: index of the measure, -1 */
    int32_t *name_of;      /* by node: index of the measure that spreads it over payees and periods, -1 */
    int32_t *component_of; /* by node: index of the declared component that earned it, -1 */
    int32_t *pool_of;      /* by node: index of the declared pool whose amount it is, -1 */
    int32_t *begins_of;    /* by node: index of the declared component whose adjustments begin with it, -1 */
    int32_t *balance_of;   /* by node: index of the adjustment of the plan, a draw, of which it is what is
                              owed, -1 */
    bool *total;           /* by node: the total that an adjustment of `total` begins with */
    struct at_explain_site *sites;         /* by value, then by place */
    uint32_t *first_site;                  /* by node */
    bool *past;                            /* by node: at_explain_find_past */
    struct at_explain_gathered **gathered; /* by node; NULL until it is explained: gather.c */
    struct at_explain_past_memo *past_memo;
    struct at_explain_target *targets; /* by feed, then by node */
    uint32_t n_targets;
    int32_t *target_of; /* by node */
    uint32_t **slots;   /* by feed: nodes whose values rows keep; NULL where it has no target */
    uint32_t *n_slots;
    struct at_explain_list **lists;    /* by cell: its deals; NULL: not asked for (listed.c) */
    bool *wanted;                      /* by payee row */
    uint32_t first_period, end_period; /* indexes that are explained */
    uint32_t first_due;                /* the first one whose lines are paid in them */
    uint32_t first_kept;               /* of the periods whose rows are kept */
    uint32_t *row_of;                  /* by payee of the results: its row; UINT32_MAX */
    struct at_explain_explained_part *lines_of, *withheld_of; /* by payee row */
    struct at_explain_explained_group **groups; /* by group of the plan, then version of its members */
};

struct at_explain_job {
    const struct at_session_results *results;
    const struct at_explain_options *options;
    struct at_arena *arena; /* lasting */
    struct at_explain_run *runs;
    struct at_map shared; /* see at_explain_group_shared */
    uint64_t **index_of;  /* by run: which line of the results each of its lines is; NULL: not made yet */
    uint32_t next_payee, next_run, next_period; /* index into results->payees; of the run */
};

/* ---- one cell on its way */

/* While what is calculated for another row is explained: the row to which a reference leads. */
struct at_explain_followed {
    uint16_t table;
    uint32_t row;
    at_words_operand name; /* of the reference */
};

struct at_explain_tell {
    struct at_explain_job *x;
    const struct at_explain_run *r;
    struct at_arena *arena;
    struct at_explain_story *story;
    uint32_t payee, period;
    uint32_t stay;    /* 1 + the stay of a pool by day that is being told; 0: none */
    uint16_t stays;   /* its grouping */
    uint16_t grouped; /* the grouping of `group` */
    uint32_t group;   /* 1 + the group whose earlier period is being told; 0: the payee's */
    const struct at_explain_kept_row *row;      /* at credit grain, else NULL */
    uint32_t feed;                              /* of the row */
    const struct at_explain_followed *followed; /* else NULL */
    uint8_t *measure_state;                     /* by measure: 0 not met, 1 wanted, 2 told */
    uint32_t component;                         /* being told */
    uint32_t earned;                            /* its node; AT_NO_NODE outside components */
    int32_t measure;                            /* being told; -1: none */
    const struct at_ast_node *statement;        /* being told, or NULL */
    uint32_t telling;                           /* the node whose step is being made, or AT_NO_NODE */
    const struct at_ast_node *use;              /* the expression that is being told, or NULL */
    bool earlier;                      /* an earlier period, down to its rows: measures are not named */
    bool adjusting;                    /* within an adjustment: `begins_of` has names */
    bool elsewhere;                    /* in an earlier period, whose lines are paid in this one */
    struct at_explain_tell_past *past; /* while an earlier period is explained, else NULL: past.c */
    uint32_t *past_told;               /* by node whose past is explained: periods back; NULL: none yet */
    uint32_t depth, steps;
    AT_VEC(struct at_explain_hint) hints;
    AT_VEC(struct at_explain_progress) progress;
    AT_VEC(struct at_explain_limit) limits;
};

#endif
