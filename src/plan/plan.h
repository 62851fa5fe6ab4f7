/* plan/plan.h: the plan: a DAG whose nodes are whole columns, at one of five grains.
 *
 *     id   op         grain         inputs         what it is, for `reps paid 10% over quota`
 *     0    load       row deal      -              amount
 *     1    take       credit 0      0              amount of each credited row
 *     2    sum        cell          1              bookings
 *     3    sum        cell          …              quota
 *     4    over       cell          2 3            bookings over quota
 *     5    const      const         -              10%
 *     6    *          cell          5 4
 *     7    round      cell          6              commission
 *
 * Inputs have lower ids than the node: the order of ids is an order of work
 * for one period. (A CARRY leads to a later node, but only to its values of earlier periods.) Equal nodes are
 * one node. The plan is in the arena that it is lowered into, holds no data, and is not changed by running
 * it; threads share it.
 *
 * Passes. A table is streamed at pass 0. A node is `settled` when its value is known only once a table has
 * been streamed: every CELL and GROUP node, aggregates, and what ROW(payee) or CONST nodes make of those. A
 * settled value that flows back to rows or items (FROMCELL, RUNNING, and SPREAD, FOLLOW, TAKE of a settled
 * in0 to CREDIT or to ROW of a table that is not the payees') makes what follows from it belong to the next
 * pass, in which the table is streamed again. A node's `pass` is the largest of its inputs', plus one for
 * those.
 *
 * Cells: index = period index * payees + payee row. Groups: period index * groups + group number; group
 * numbering by the field's value (text by code points; others by first payee row); group 0 of the plan is
 * everyone.
 */
#ifndef AT_PLAN_PLAN_H
#define AT_PLAN_PLAN_H

#include "base/sink.h"
#include "check/check.h"
#include "plan/value.h"

enum at_plan_op {
#define AT_PLAN_NODE(op, name, inputs, meaning) AT_P_##op,
#include "plan/nodes.def"
#undef AT_PLAN_NODE
    AT_P_COUNT_OF
};

/* Whether input 0 is a column of another table, calculated once for the whole of it. */
static inline bool at_plan_leads(uint16_t op) {
    return op == AT_P_FOLLOW || op == AT_P_EXCHANGE;
}

#define AT_NO_NODE UINT32_MAX
#define AT_DATEADD_REACHES 2 /* b of a date-add, in nodes.def */
/* A pass is stored in 8 bits. A policy that needs more passes is rejected with A0956 before a
 * run. */
#define AT_MAX_PASSES 250

/* How a constant is made of a param that is open (at_plan_setting): a tree whose leaves are constants and the
 * param. It is only read by curves. Runs use the value, which is that of the param as it is set. */
struct at_plan_open {
    bool param;
    uint16_t op, n_in;               /* op: enum at_plan_op; AT_P_CONST for leaves */
    const struct at_plan_node *node; /* its payload and type; a leaf: NULL */
    const struct at_plan_value *value;
    const struct at_plan_open *const *in;
};

struct at_plan_node {
    uint16_t op;   /* enum at_plan_op */
    uint8_t grain; /* enum at_check_grain */
    uint8_t pass;
    uint16_t place; /* ROW: table; CREDIT: feed; GROUP: group; else 0 */
    uint16_t n_in;
    bool needed;  /* something that pays or requires depends on it, or it comes free with what does */
    bool settled; /* known only at the end of its pass, not while the table streams */
    int32_t a, b;
    uint32_t *in;
    const void *data;
    const struct at_plan_open *open; /* CONST: made of an open param; NULL: not */
    at_type type;
    const struct at_ast_node *ast; /* the expression it was lowered from, for explanations; may be NULL */
    at_span where; /* from the first to the last of all places that came to this node: equal nodes are one */
};

/* Payload b of ROUND: the direction, and above it one less than the multiple of 10^-a. */
static inline int32_t at_plan_rounding(enum at_num_rounding how, uint32_t multiple) {
    return (int32_t)how | (int32_t)((multiple - 1) << 2);
}
static inline at_num at_plan_round_num(struct at_arena *arena, const struct at_plan_node *node, at_num x) {
    uint32_t b = (uint32_t)node->b;
    return at_num_round_to(arena, x, node->a, (b >> 2) + 1, (enum at_num_rounding)(b & 3));
}

/* How ALLOT divides: bits of its payload b, below one less than the minor units of which a part is a
 * multiple. AMONG, LIMIT, and LEVEL have an input each, in this order. */
enum at_plan_allot {
    AT_ALLOT_NEGATIVES = 1, /* negative weights count */
    AT_ALLOT_IGNORING = 2,  /* members without a value get nothing */
    AT_ALLOT_AMONG = 4,     /* only members whose flag is yes */
    AT_ALLOT_LIMIT = 8,     /* the most that a member gets */
    AT_ALLOT_LEVEL = 16,    /* what a member has; the weight is what the member should have */
    AT_ALLOT_SHARES = 32    /* weights are parts of the whole, divided among the holders of a role */
};
/* RANK. APART: members of the same value have different ranks, in order of their keys. */
enum at_plan_rank { AT_RANK_IGNORING = 1, AT_RANK_APART = 2 };
#define AT_ALLOT_UNIT_SHIFT 7
static inline uint32_t at_plan_allot_unit(const struct at_plan_node *node) {
    return ((uint32_t)node->b >> AT_ALLOT_UNIT_SHIFT) + 1;
}
/* Which input of ALLOT belongs to a bit, or 0. */
static inline unsigned at_plan_allot_input(const struct at_plan_node *node, enum at_plan_allot bit) {
    if (!(node->b & (int32_t)bit)) return 0;
    unsigned at = 2;
    if (bit > AT_ALLOT_AMONG) at += (node->b & AT_ALLOT_AMONG) != 0;
    if (bit > AT_ALLOT_LIMIT) at += (node->b & AT_ALLOT_LIMIT) != 0;
    return at;
}

/* How LEDGER divides an amount among rows: payload b. */
enum at_plan_ledger {
    AT_LEDGER_SHARES, /* in proportion to the weights; those below zero count as zero */
    AT_LEDGER_ADDED,  /* the weights are what the rows added, in order */
    AT_LEDGER_LINES,  /* the weights are the parts */
    AT_LEDGER_KIND = 3,
    AT_LEDGER_MASK = 4,      /* a flag: which items there are */
    AT_LEDGER_DATE = 8,      /* the day by which items are ordered, before their key */
    AT_LEDGER_IGNORING = 16, /* items without a weight have none, which is not an exception */
    AT_LEDGER_LATER = 32     /* only items are noted: parts are made when they are asked for */
};
#define AT_LEDGER_GROUP_SHIFT 8
/* Of a pool: one more than the group whose members share its items; 0: items are of the payee. */
static inline uint32_t at_plan_ledger_group(const struct at_plan_node *node) {
    return (uint32_t)node->b >> AT_LEDGER_GROUP_SHIFT;
}
/* Which input belongs to AT_LEDGER_MASK or AT_LEDGER_DATE, or 0. */
static inline unsigned at_plan_ledger_input(const struct at_plan_node *node, enum at_plan_ledger bit) {
    if (!(node->b & (int32_t)bit)) return 0;
    return bit == AT_LEDGER_DATE && (node->b & AT_LEDGER_MASK) ? 4 : 3;
}

/* Payload of STEP and THROUGH. The arrays have n entries each. Tiers rise, and of two with one
 * threshold the first is `from` and the second `above`. */
struct at_plan_steps {
    uint32_t n;
    at_num *thresholds; /* rising */
    bool *above;
    bool *point; /* `at`: between two adjacent points, the value follows a straight line */
    bool lines;  /* there are two adjacent points */
    at_num *values;
    at_type threshold, value;
    /* what is made of an open param; NULL: nothing, by entry or of all */
    const struct at_plan_open **open_thresholds, **open_values;
};
struct at_plan_key {
    uint8_t kind; /* enum at_check_key_kind */
    struct at_plan_value value;
    const struct at_plan_open *open; /* as of steps */
};
struct at_plan_lookup {
    uint32_t n_keys, n_rows, n_columns;
    struct at_plan_key *rows, *columns;
    struct at_plan_value *values; /* row * n_columns + column */
    at_str name;
    bool lines;                       /* two adjacent keys are `at` */
    const struct at_plan_open **open; /* by value, what is made of an open param; NULL: nothing */
};
/* Payload of IN. It is compared by content, so two equal lists give one node. */
struct at_plan_set {
    uint32_t n;
    struct at_plan_value *values;
};

/* Who gets the items of a row. With `managers`, the items go to every manager above `payee`. */
struct at_plan_recipient {
    uint32_t payee; /* reference to the payee table */
    uint32_t share; /* number, or AT_NO_NODE for 100% */
    bool managers;
    int32_t by; /* group: `payee` is instead the value that members of the group share; -1: none */
};

/* What a GATHER node makes of the rows that refer to a row. The sum and the count of no rows are zero. */
enum at_plan_gather { AT_GATHER_SUM, AT_GATHER_COUNT, AT_GATHER_LEAST, AT_GATHER_MOST };

/* Whether the items of a feed decide how many periods are paid: event.c. */
enum at_plan_event { AT_EVENT_NONE, AT_EVENT_PERIOD, AT_EVENT_DATED };

/* A feed as it runs. Nodes are of grain ROW(table), or CONST. The first checked->n_feeds have the index of
 * their declaration. After them come the feeds that lowering makes for measures that take a credit's rows
 * `on` another date. */
struct at_plan_feed {
    const struct at_check_feed_decl *decl;
    uint16_t table;
    uint32_t where; /* flag, or AT_NO_NODE */
    uint32_t on;    /* date or period, or AT_NO_NODE */
    uint32_t
        event; /* `each quarter`: the date or period of the row itself. `on` is then the last period of its
                  quarter, in which the row counts, and which it need not have reached. Else AT_NO_NODE */
    uint32_t known,
        until; /* days: runs see the row from one on, and no longer from the other on; AT_NO_NODE */
    uint32_t n_to;
    struct at_plan_recipient *to;
    uint8_t spread;      /* a period longer than the policy's: AT_OP_NONE, _EVENLY, _BY_DAYS, _PER */
    uint8_t spread_kind; /* AT_OP_PER: enum at_period_kind */
    uint8_t earns;       /* enum at_plan_event */
    uint32_t date; /* the day by which `running` goes (a period counts from its first day); AT_NO_NODE where
                      nothing runs */
    uint32_t day;  /* the day of the row, by which managers and members of groups are found that change over
                      time; AT_NO_NODE: none are, or rows have a period, whose last day it is */
    uint32_t key;  /* the table's key field (text as a rule), or AT_NO_NODE */
    bool leveled;  /* its rows read LEVEL: they are calculated again for each level of managers */
    bool stock;    /* without `on`: a row is an item of every period; its aggregates have a mask of pass 1 */
};
/* Whether a run sees a row, depends on the day from which it looks. */
static inline bool at_plan_feed_late(const struct at_plan_feed *feed) {
    return feed->known != AT_NO_NODE || feed->until != AT_NO_NODE;
}
/* Whether items belong to a period. */
static inline bool at_plan_feed_dated(const struct at_plan_feed *feed) {
    return feed->on != AT_NO_NODE || feed->stock;
}

/* What a function with a parameter of type `cell` is given behind its other arguments, in the order of a
 * CALL's last inputs. */
enum at_plan_cell_group {
    AT_CELL_PAYEE, /* a field of the payee table */
    AT_CELL_MEASURES,
    AT_CELL_COMPONENTS, /* running values */
    AT_CELL_TOTAL,
    AT_CELL_PERIOD
};
struct at_plan_cell {
    uint32_t at;    /* which parameter it is */
    bool adjusting; /* components and the total are known */
    uint32_t n;
    struct at_plan_cell_part {
        uint8_t group; /* enum at_plan_cell_group */
        at_str name;   /* NUL-ended */
    } * parts;
};

/* Payload of PARTED: the statements of a component, in order. Inputs are numbers among the node's inputs; 0
 * where there is none. */
enum at_plan_part_kind { AT_PART_HOLD, AT_PART_RELEASE, AT_PART_CLAWBACK };
struct at_plan_part {
    const struct at_check_part_decl *decl;
    uint8_t kind;                           /* enum at_plan_part_kind */
    bool rated;                             /* `as rated now` */
    uint16_t table;                         /* whose rows are events */
    uint32_t hold;                          /* HOLD: which one of the holds */
    uint16_t share, at, when;               /* CELL */
    uint16_t on, mask, fraction, key, deal; /* ROW of `table` */
};
struct at_plan_parted {
    uint32_t n, n_holds;
    struct at_plan_part *parts;
    uint16_t via;           /* ROW of the feed's table: the deal of a row; 0: the row itself */
    uint16_t credits;       /* LEDGER: what rows credit, of a `per` component; 0: the weights of input 0 */
    bool releases;          /* what no hold keeps waits for causes */
    uint32_t first_release; /* the statement to which that belongs */
};

struct at_plan_group {
    int32_t field;  /* of the payee table; -1: everyone (group 0) */
    uint16_t stays; /* of pools by day: the grouping whose elements are the stays of members; 0: none */
    uint16_t of;    /* of stays: 1 + that of the groups in which they are; 0 */
};

/* Days on which payees are covered, or not: of each row of the table. */
struct at_plan_cover {
    const struct at_check_cover_decl *decl;
    uint32_t from, to; /* ROW(table) dates; AT_NO_NODE: open */
    uint32_t payee;    /* ROW(table): the payee of the row; AT_NO_NODE: the row itself */
};

enum at_plan_component_role {
    AT_ROLE_PAY,
    AT_ROLE_POOL,
    AT_ROLE_ADJUSTMENT /* a line beside: "cap commission" */
};
/* A column of the result. Formulas read `earned`, which is rounded. Adjustments turn the exact amount into
 * `adjusted`, and `value` is that amount rounded once. Without adjustments, `value` is `earned`.
 * All ids are of nodes in the same plan. */
struct at_plan_component {
    at_str name, label;
    uint8_t role;      /* enum at_plan_component_role */
    uint32_t exact;    /* CELL: before rounding (AT_NO_NODE for pools and `per` components) */
    uint32_t earned;   /* CELL money, rounded, before adjustments */
    uint32_t adjusted; /* CELL: exact, after all adjustments; AT_NO_NODE: they leave nothing to round */
    uint32_t value;    /* CELL money: the amount paid in the period */
    uint32_t due;   /* CELL money: the amount calculated for the period; `value`, unless it is paid later */
    uint32_t local; /* CELL, FOREIGN: the amount paid in the payee's currency; AT_NO_NODE: the policy's */
    uint32_t rate;  /* CELL number: by which its lines of rows are converted; AT_NO_NODE, as `local` */
    struct at_check_delay delay;
    uint32_t lines;      /* CREDIT money, rounded: `per` components; else AT_NO_NODE */
    uint32_t lines_when; /* CELL or CREDIT flag; AT_NO_NODE */
    uint32_t amount;     /* GROUP money, rounded: of a pool, with its parts; else AT_NO_NODE */
    uint32_t ledger;     /* LEDGER: the parts of rows of what is calculated for the period; else AT_NO_NODE */
    uint32_t parted;     /* PARTED, or one statement of it: also pays in periods after the regular ones; else
                            AT_NO_NODE */
    const struct at_check_component_decl *decl;        /* NULL for adjustments */
    const struct at_check_adjustment_decl *adjustment; /* of an AT_ROLE_ADJUSTMENT */
};
/* What each adjustment did, in order: for explanations. */
/* What a draw does in each cell, in whole minor units; AT_NO_NODE where it does not. */
enum at_plan_draw_node {
    AT_DRAW_EXACT,      /* what it begins with, before rounding */
    AT_DRAW_ADVANCE,    /* what it adds */
    AT_DRAW_DIFFERENCE, /* `settle`: what was earned in the span less the draws, in the last period of it */
    AT_DRAW_OWED,       /* before the period; these four of recoverable draws */
    AT_DRAW_RECOVERED,  /* taken back */
    AT_DRAW_FORGIVEN,   /* no longer owed */
    AT_DRAW_BALANCE,    /* owed at the end of the period */
    AT_DRAW_NODES
};
struct at_plan_adjustment {
    const struct at_check_adjustment_decl *decl;
    uint32_t component;               /* index of the component whose line holds it */
    uint32_t before, after, at, when; /* CELL nodes; when may be AT_NO_NODE */
    uint32_t draw[AT_DRAW_NODES];     /* of a draw */
};
struct at_plan_require {
    const struct at_check_require_decl *decl;
    uint32_t cond; /* flag at its grain */
};
struct at_plan_measure {
    uint32_t cell; /* node of the measure at CELL grain (AT_NO_NODE where nothing needs it and it can't be
                      lowered) */
};

/* An expression of the policy and the node that it came to. Several expressions can be one node, so
 * explanations find here what a statement calls it. Expressions in bodies of functions have no site. */
struct at_plan_site {
    uint32_t node;
    const struct at_ast_node *ast;
    uint32_t *args; /* of a function that is written out: nodes by parameter, or AT_NO_NODE; else NULL */
};

/* What a CARRY or a RUNCARRY reads. `source` has a higher id, and depends on the node as a rule. Periods are
 * calculated one after another, and rows in order, so that the value is there when it is needed. */
struct at_plan_carry {
    uint32_t source; /* a node of the same grain, place, and pass */
    uint32_t back;   /* CARRY: periods, at least 1 */
    uint8_t rhythm;  /* CARRY: 1 + enum at_period_kind where periods of that kind are counted; else 0 */
    uint32_t loop;   /* RUNCARRY: index into the plan's loops */
};
/* Measures whose rows read what the rows before them gave: calculated row by row within each cell. */
struct at_plan_loop {
    uint16_t feed;
    uint32_t *runs, *body, *inputs; /* RUNCARRY nodes; nodes that depend on them and lead to a source; what
                                       those take from outside. Each in order of ids */
    uint32_t n_runs, n_body, n_inputs;
};

struct at_plan {
    const struct at_check_policy *checked;
    struct at_arena *arena; /* view */
    struct at_plan_node *nodes;
    uint32_t n_nodes;
    struct at_plan_feed *feeds;
    uint32_t n_feeds; /* same index as checked->feeds */
    struct at_plan_group *groups;
    uint32_t n_groups;
    struct at_plan_component *components;
    uint32_t n_components; /* order of the policy, adjustments' lines at their place */
    struct at_plan_adjustment *adjustments;
    uint32_t n_adjustments;
    struct at_plan_require *requires;
    uint32_t n_requires;
    struct at_plan_measure *measures;
    uint32_t n_measures; /* same index as checked->measures */
    struct at_plan_carry *carries;
    uint32_t n_carries;
    struct at_plan_loop *loops;
    uint32_t n_loops;
    struct at_plan_site *sites; /* in the order of lowering */
    uint32_t n_sites;
    struct at_plan_value *params;
    uint32_t n_params; /* same index as checked->params: the values in this plan */
    bool opened;       /* a param is open */
    uint32_t applies;  /* ROW(payee) flag: who is covered; AT_NO_NODE: everyone */
    struct at_plan_cover *covers;
    uint32_t n_covers; /* 0: covered payees are so on all days */
    uint32_t total;    /* CELL money: everything paid */
    uint32_t asked;    /* CELL: the value of checked->asked; AT_NO_NODE: none */
    uint32_t pays_in;  /* CELL text: the currency in which the payee is paid; AT_NO_NODE: the policy's */
    uint8_t n_passes;  /* at most AT_MAX_PASSES */
};

/* Payload a of a TRAILING from the first period on: `since`. */
#define AT_SINCE_START 1000000000

/* A value set for this run: `--set base=9%`. With `open`, a curve of the run is to be made in the param, a
 * number or an amount: it has the value that it would have without this setting, and what is made of it is
 * known (at_plan_open). At most one is open. */
struct at_plan_setting {
    at_str name;
    struct at_plan_value value;
    bool open;
};

/* Lowers a policy that was checked without errors. Reports diagnostics only for settings that do not fit
 * (unknown param, other type) and for constants that cannot be calculated (10% / 0). */
enum at_status at_plan_lower(const struct at_check_policy *checked, const struct at_plan_setting *settings,
                             uint32_t n_settings, struct at_arena *arena, struct at_diag_list *diags,
                             struct at_plan **out) AT_MUST_CHECK;

/* event.c. The last period with an earning event, and the first feed that has one in it. */
struct at_plan_reach {
    int32_t last; /* -1: no row is an event */
    uint32_t feed;
};
/* `last_of_feed` is what the scans found. In a merged plan, `feed` leads to its feeds from those of `plan`.
 */
struct at_plan_reach at_plan_reach(const struct at_plan *plan, const int32_t *last_of_feed,
                                   const uint32_t *feed);

/* The same plan with every measure needed, which may cost passes over tables: for tests and explanations,
 * which ask for measures that pay nothing. Nodes have the same ids. The copy lives in `arena`; it views the
 * plan. */
struct at_plan *at_plan_with_measures(const struct at_plan *plan, struct at_arena *arena);

/* deals.c. A copy in which components without rows have a LEDGER that notes the rows of what they depend on:
 * AT_LEDGER_LATER. The copy lives in `arena`; it views the plan. */
struct at_plan *at_plan_with_deals(const struct at_plan *plan, struct at_arena *arena);

/* Calculates a constant expression (of a test's `given`, a setting). Returns false with a diagnostic if the
 * expression is not a constant. */
bool at_plan_constant(const struct at_plan *plan, const struct at_ast_node *expr, struct at_arena *arena,
                      struct at_diag_list *diags, struct at_plan_value *out);

/* Lowers an expression of constants that may call hooks: a plan of its own, for at_kernel_once. Returns NULL
 * with a diagnostic if the expression reads data. `*root` is the node of its value. */
struct at_plan *at_plan_once(const struct at_plan *plan, const struct at_ast_node *expr,
                             struct at_arena *arena, struct at_diag_list *diags, uint32_t *root);

/* Invariants that every plan keeps; returns the first that is broken as a sentence, or NULL. */
const char *at_plan_verify(const struct at_plan *plan);
/* Write the plan as a table, and as a graph for Graphviz. */
void at_plan_dump(const struct at_plan *plan, struct at_arena *scratch, struct at_sink *out);
void at_plan_dump_dot(const struct at_plan *plan, struct at_arena *scratch, struct at_sink *out);

const char *at_plan_op_name(enum at_plan_op op);
bool at_plan_is_aggregate(enum at_plan_op op);

/* Returns which key of a table a value matches. An equal key comes first, then the last tier reached, then
 * `other`. Tiers are in rising order. Returns -1 if the value matches no key. */
int32_t at_plan_find_key(const struct at_calendar *calendar, struct at_arena *scratch,
                         const struct at_plan_key *keys, uint32_t n, const struct at_plan_value *value);

/* rhythm.c. `each quarter`: the kind of period for which a component is calculated, or -1 if it is calculated
 * each period. Lines of `cap total` and the like are of each period. */
int at_plan_component_rhythm(const struct at_plan_component *component);
/* The period in which a statement of the rhythm `kind` is calculated and paid for the longer period that
 * holds this one: its last period, or the last one of the effective range, which ends with `to`. */
at_period at_plan_rhythm_last(const struct at_calendar *calendar, at_date to, int kind, at_period period);
/* Whether a node asks if the period is the last one of a rhythm; its kind, or -1. */
int at_plan_rhythm_end(const struct at_plan *plan, const struct at_plan_node *node);

/* line.c. The value of step i, which x reaches: its own, or that on the line to the next step. */
bool at_plan_step_is_line(const struct at_plan_steps *steps, uint32_t i);
at_num at_plan_step_value(struct at_arena *arena, const struct at_plan_steps *steps, uint32_t i, at_num x);
bool at_plan_has_lines(const struct at_plan_key *keys, uint32_t n);
/* The value of a table at the row and column found for the keys; `column_key` is NULL with one key. */
struct at_plan_value at_plan_lookup_value(struct at_arena *arena, const struct at_plan_lookup *table,
                                          int32_t row, int32_t column, const struct at_plan_value *row_key,
                                          const struct at_plan_value *column_key);
/* How people write two values of one sum, comparison, or choice. */
enum at_type_unit at_plan_unit_join(const struct at_plan *plan, uint32_t a, uint32_t b);
/* The order of two present values of one type; numbers of either unit by size, choices, references by index.
 */
int at_plan_value_cmp(const struct at_calendar *calendar, struct at_arena *scratch,
                      const struct at_plan_value *a, const struct at_plan_value *b);

/* Whether groups or stays add up rows themselves, apart from the payees. */
static inline bool at_plan_adds_apart(const struct at_plan_node *node) {
    return node->grain == AT_G_GROUP && node->place > 0 &&
           (node->op == AT_P_SUM || node->op == AT_P_COUNT || node->op == AT_P_LEAST ||
            node->op == AT_P_MOST);
}
/* The division among the members of a pool. `earned`: of its component. */
uint32_t at_plan_division_of(const struct at_plan *plan, uint32_t earned);

#endif
