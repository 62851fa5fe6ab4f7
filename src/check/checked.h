/* check/checked.h: a policy after the checker: every name resolved, every expression typed. Later rooms only
 * read it.
 *
 * Side arrays, indexed by node id, hold what the checker determined about each node. Statements are listed as
 * symbols, in the order of the policy. The order treats the policy's own file and the files that it uses
 * alike. The policy's own file comes first, then the files that it uses, in order of first use. The policy
 * arena holds everything.
 */
#ifndef AT_CHECK_CHECKED_H
#define AT_CHECK_CHECKED_H

#include "base/schema.h"
#include "syntax/ast.h"

enum at_check_builtin_id {
#define AT_BUILTIN(NAME, name, signature, en, zh) AT_B_##NAME,
#include "check/builtins.def"
#undef AT_BUILTIN
    AT_B_COUNT_OF
};

/* Where an expression has one value each. */
enum at_check_grain { AT_G_CONST, AT_G_ROW, AT_G_CREDIT, AT_G_CELL, AT_G_GROUP };

enum at_check_symbol_kind {
    AT_SYM_TABLE,  /* payee, data: index into schemas. As an expression: the row itself (row or credit grain),
                      the recipient or the cell's payee */
    AT_SYM_FIELD,  /* table + index: a field of a table */
    AT_SYM_CREDIT, /* index into feeds */
    AT_SYM_MEASURE,   /* index into measures */
    AT_SYM_PARAM,     /* index into params */
    AT_SYM_RATES,     /* index into rates */
    AT_SYM_LOOKUP,    /* index into lookups */
    AT_SYM_COMPONENT, /* pay or pool: index into components */
    AT_SYM_DRAW,      /* index into draws */
    AT_SYM_FUNCTION,  /* index into functions */
    AT_SYM_PARAMETER, /* of a function: index of the parameter */
    AT_SYM_BUILTIN,   /* index: enum at_check_builtin_id */
    AT_SYM_TOTAL,     /* `total`, all components */
    AT_SYM_AMOUNT,    /* the credited amount, at credit grain */
    AT_SYM_LEVEL,     /* `level`: how many levels a manager is above the payee of the row; 0: the payee */
    AT_SYM_PERIOD,    /* `period`: the cell's period (credit grain: the credit's); members: start, end, days,
                         months (number), year, index in year */
    AT_SYM_COVERED    /* `covered.days` (index 0), `covered.share` (1), `covered.last` (2): of the payee and
                         period */
};

struct at_check_symbol {
    uint8_t kind;   /* enum at_check_symbol_kind */
    uint8_t grain;  /* enum at_check_grain of its natural home */
    uint16_t table; /* FIELD, TABLE */
    uint32_t index;
    at_str name, label;
    at_type type;
    const struct at_ast_node *node; /* the statement; NULL for built-ins */
    uint32_t loop; /* measures and components that read their own past, directly or through others, have the
                        number of their loop; 0: none */
    bool used;
};

/* Days on which the policy covers a payee, or does not: of the payee's row, or of each row of another table
 * that refers to the payee. */
struct at_check_cover_decl {
    const struct at_ast_node *node, *from, *to; /* dates; NULL or missing: open */
    uint16_t table;
    int32_t payee; /* the field that refers to the payee; -1: the table is that of the payees */
    bool except;   /* does not cover */
};

/* Rows of one table sent to payees and periods: a `credit`, or what an aggregate draws from a table. */
struct at_check_recipient {
    const struct at_ast_node *path;  /* an expression of type REF to the payee table, row grain */
    const struct at_ast_node *share; /* NULL: 100% */
    bool managers;                   /* every level above */
    int32_t
        by; /* field of the payee table: all payees in whom it is equal to `path`; -1: `path` refers to one */
};
struct at_check_feed_decl {
    at_str name;                    /* of the credit; empty for a measure's own */
    const struct at_ast_node *node; /* CREDIT or AGGREGATE */
    uint16_t table;
    /* each may be NULL; row grain. A credit without `amount` has its table's field of that name here, as a
     * NAME whose id is that of the CREDIT node */
    const struct at_ast_node *where, *on, *amount;
    const struct at_ast_node *known, *until; /* of a credit: from which days on runs see it, or do not */
    struct at_check_recipient *to;
    uint32_t n_to;                    /* 0: the company */
    const struct at_ast_node *spread; /* SPREAD node or NULL */
    at_type amount_type;
    bool managed; /* a recipient is `managers of`, so that `level` is known */
    bool stock; /* a measure's own without `on`, whose `where` names the period: rows are looked at in each */
};

struct at_check_measure_decl {
    struct at_check_symbol *symbol;
    const struct at_ast_node *expr;      /* formula; NULL where it aggregates */
    const struct at_ast_node *aggregate; /* AGGREGATE, or NULL */
    uint32_t feed;                       /* of the aggregate: a credit's or its own */
    const struct at_ast_node *value;     /* what is summed; NULL for count */
    const struct at_ast_node *where;     /* further filter on a credit's feed (at credit grain), or NULL; a
                                        table's     own is in the feed */
    const struct at_ast_node *on;        /* further date on a credit's feed, or NULL */
    uint8_t rhythm;                      /* `each quarter`: 1 + enum at_period_kind; 0: each period */
    bool ties;                           /* `rank(…) ties …` is in it, or in a measure that it names */
    bool place;                          /* its value is such a place, or a condition on one: prize.c */
};

struct at_check_step {
    const struct at_ast_node *threshold, *rate; /* constant expressions */
    bool above;                                 /* the threshold itself belongs to the step before */
    bool point;                                 /* `at`: a line leads to the next step if that is a point */
};
struct at_check_rates_decl {
    struct at_check_symbol *symbol;
    struct at_check_step *steps; /* rising thresholds */
    uint32_t n_steps;
    at_type threshold, rate; /* types */
};

enum at_check_key_kind { AT_KEY_VALUE, AT_KEY_FROM, AT_KEY_ABOVE, AT_KEY_POINT, AT_KEY_OTHER };
struct at_check_key {
    uint8_t kind; /* enum at_check_key_kind */
    const struct at_ast_node
        *node; /* literal; NULL for OTHER. Names compare with choices, texts, references' keys */
};
/* Named without keys, a table looks up the fields that have its keys' names. It takes them from the current
 * row if the row has them, otherwise from the payee. The nodes of a table read from a file share ids: keys
 * share the id of the key's NAME, values the id of the LOOKUP. So no code may cache anything by these ids. */
struct at_check_lookup_decl {
    struct at_check_symbol *symbol;
    uint32_t n_keys; /* 1 or 2 */
    at_type key_type[2];
    at_str key_name[2];
    struct at_check_key *rows, *columns; /* columns: n_columns of them; with one key a single OTHER */
    uint32_t n_rows, n_columns;
    const struct at_ast_node **values; /* [row * n_columns + column], constant expressions */
    at_type value;
};

/* `paid after 1 month`: a line is paid in the period that contains the last day of its period moved by n. */
enum at_check_delay_unit { AT_DELAY_NONE, AT_DELAY_DAYS, AT_DELAY_MONTHS, AT_DELAY_PERIODS };
struct at_check_delay {
    uint8_t unit; /* enum at_check_delay_unit; NONE: in its own period */
    int32_t n;    /* at least 1 */
};

enum at_check_component_kind { AT_PAY, AT_POOL };
struct at_check_component_decl {
    struct at_check_symbol *symbol;
    uint8_t kind;                 /* enum at_check_component_kind */
    const struct at_ast_node *on; /* BASE, or NULL */
    const struct at_ast_node *expr;
    const struct at_ast_node *when;       /* or NULL; pools: of the group */
    int32_t per_feed;                     /* feed of `per CREDIT`, -1 */
    int32_t by_feed;                      /* feed of `by CREDIT`, whose rows have parts of the amount, -1 */
    bool in_order;                        /* `by CREDIT in order` */
    int8_t cumulative;                    /* enum at_period_kind, -1 */
    int32_t group_field;                  /* pools: field of the payee table, -1: everyone */
    uint8_t split;                        /* pools: AT_OP_CONTRIBUTION, _BY, _EQUALLY, _SHARES, _LEVEL */
    const struct at_ast_node *split_expr; /* _BY, _SHARES; _LEVEL: what a member should have */
    const struct at_ast_node *have;       /* _LEVEL: what a member has */
    const struct at_ast_node *among;      /* pools: condition of a member, or NULL */
    const struct at_ast_node *limit;      /* pools: the most that a member gets, or NULL */
    const struct at_ast_node *from;       /* NAME of the pool of which this one is a part, or NULL */
    int32_t parent;                       /* index of that pool, -1 */
    int32_t role_field;                   /* _SHARES: payee field whose values have a share each, -1 */
    bool negatives, ignoring, hidden;     /* hidden: `private` */
    bool by_day;                          /* pools: with the members of each day */
    bool by_rows_of_day;         /* its weights are sums of rows on days; else values of the period */
    uint8_t rhythm;              /* `each quarter`: 1 + enum at_period_kind; 0: each period */
    struct at_check_delay delay; /* how long after its period a line is paid */
};

/* `draw`: raises a component to an amount, and may take it back later. */
/* `opening TABLE.FIELD`: the rows whose `names` is the name of the draw. */
struct at_check_opening {
    uint16_t table;
    int32_t amount, names, payee; /* fields */
    bool given;
};

struct at_check_draw_decl {
    struct at_check_symbol *symbol;
    struct at_check_opening rows;                          /* then `opening` is only where they are named */
    const struct at_ast_node *most, *from, *due, *opening; /* each may be NULL */
    bool recoverable;
    int8_t settle;    /* enum at_period_kind of `settle each`, -1 */
    uint32_t forgive; /* periods after which an advance is no longer owed; 0: never */
};

/* `hold`, `release`, `clawback`: the amount paid of a deal's part of a component, and when. The deal is a row
 * of the table of `feed`, or the one to which the field `via` of that row refers. */
struct at_check_part_decl {
    const struct at_ast_node *node;
    int32_t component;
    uint32_t feed;
    uint16_t table; /* whose rows date it: of `feed` for a hold, otherwise that of the causes */
    int32_t field;  /* of `table`: which deal a cause is of; -1: the row is the deal */
    int32_t via;    /* of the table of `feed`; -1: its rows are the deals */
    const struct at_ast_node *share;          /* of a hold, at CELL grain */
    const struct at_ast_node *on;             /* day, at ROW of `table` */
    const struct at_ast_node *at;             /* CELL of a hold, otherwise ROW of `table`; NULL: all of it */
    const struct at_ast_node **rows, **cells; /* parts of `when`, which all hold: as `on`, and CELL */
    uint32_t n_rows, n_cells;
};

struct at_check_adjustment_decl { /* cap, floor, adjust, draw, hold, release, clawback, in order */
    const struct at_ast_node *node;
    int32_t component; /* -1: total */
    const struct at_ast_node *at, *when;
    const struct at_check_draw_decl *draw; /* NULL unless it is one */
    const struct at_check_part_decl
        *part;  /* NULL unless it is a hold, release, or clawback, which has no `at` */
    int8_t per; /* enum at_period_kind of `per year`, -1 */
};

struct at_check_function_decl {
    struct at_check_symbol *symbol;
    const struct at_ast_node *body; /* NULL: Lua */
    at_str lua_file;
    at_str *names;
    at_type *types;
    uint32_t n;
    at_type result;
};

/* `sum(receipt.amount where …)`: rows that refer to a row, aggregated in its scope. The builtin is the op. */
struct at_check_rows_decl {
    uint16_t table; /* of the rows */
    int32_t field;  /* of that table: the reference by which rows are gathered */
    int32_t own;    /* the field of the current row that names the same row; -1: the current row itself */
    const struct at_ast_node *value, *where; /* at grain ROW of `table`; value NULL: count */
};

struct at_check_require_decl {
    const struct at_ast_node *node, *cond;
    uint8_t grain; /* ROW (of `table`), CELL or CONST */
    uint16_t table;
};

/* `require pay does not depend on rep.gender`. */
struct at_check_independent_decl {
    const struct at_ast_node *node;
    int32_t component;     /* -1: all pay */
    uint16_t table, field; /* of a dated field: those of its values */
};

/* `exchange`: one unit of currency `from` is worth `rate` units of currency `to`, from the day `since` on. */
struct at_check_exchange_decl {
    uint16_t table;
    int32_t from, to, since, rate; /* fields of the table; to: -1 where it is the currency of the policy */
};

/* `pays rep in rep.currency at fx(day)`. The day has one value for each payee and period. */
struct at_check_pays_decl {
    const struct at_ast_node *node; /* PAYS, or NULL: everyone is paid in the currency of the policy */
    int32_t field;                  /* of the payee table: the currency */
};

/* A measure that `show` lists. */
struct at_check_shown_decl {
    const struct at_ast_node *node; /* SHOWN */
    uint32_t measure;               /* index into measures */
    at_str label; /* what people read: the label here, otherwise that of the measure or its name */
};

/* Marks on a node, by id. */
enum {
    AT_MARK_RATE = 1, /* a bare rate under `on BASE`, its type a number: its value times BASE is meant */
    AT_MARK_SLICE_RATE = 2, /* a slice whose x is a rate: x * (BASE over/up to/between …) */
    AT_MARK_SUMMED = 4,     /* a CALL over periods: the values of the periods are summed, not recalculated */
    AT_MARK_MEMBERS = 8, /* a CALL of `total`: its argument belongs to one payee, so the members' values are
                            summed */
    AT_MARK_PRIZE =
        16 /* a prize: the value is chosen by the place of `rank(…) ties …`. Of a PAY: by its condition */
};

struct at_check_policy;
/* The kind of period of `running(x by year)`; -1: the rows of the period alone. */
int8_t at_check_running_span(const struct at_ast_node *call);
/* prize.c. The place on which the value of an expression depends, a TIES node or the name of a measure; NULL:
 * none. What a prize in it reads does not count. */
const struct at_ast_node *at_check_place(const struct at_check_policy *policy,
                                         const struct at_ast_node *node);
/* The place that chooses a prize, a node with AT_MARK_PRIZE; and the TIES node of a place. */
const struct at_ast_node *at_check_prize_place(const struct at_check_policy *policy,
                                               const struct at_ast_node *prize);
const struct at_ast_node *at_check_place_ties(const struct at_check_policy *policy,
                                              const struct at_ast_node *place);

struct at_check_policy {
    const struct at_ast *ast;
    at_str name;
    uint32_t version;
    uint32_t language; /* the version that the policy states: 1 for 0.1; 0: none */
    at_currency currency;
    struct at_calendar calendar;
    enum at_num_rounding rounding;
    uint32_t round_unit; /* minor units, of which a payout line is a multiple; 0: 1 */
    at_date from, to;    /* effective range; `to` AT_DATE_MAX where it is open */

    at_type *types; /* by node id */
    struct at_check_symbol *
        *symbols;   /* by node id: what a NAME, MEMBER, CALL, THROUGH, EXPECT… means; NULL otherwise */
    uint8_t *marks; /* by node id */
    int32_t
        *groups; /* by node id of a CALL: payee field after `by`, -1; for rows of a row, an index into rows */
    struct at_check_rows_decl *rows;
    uint32_t n_rows;

    struct at_schema *schemas;
    uint32_t n_schemas;
    int32_t payee_table;               /* -1 where there is none (then an error was reported) */
    int32_t manager_field;             /* of the payee table: the one that refers to itself, -1 */
    const struct at_ast_node *applies; /* condition, or NULL: everyone */
    struct at_check_cover_decl *covers;
    uint32_t n_covers; /* 0: payees are covered on all days */

    struct at_check_feed_decl *feeds;
    uint32_t n_feeds;
    struct at_check_measure_decl *measures;
    uint32_t n_measures;
    struct at_check_symbol **params;
    uint32_t n_params; /* expression: node->child[0] */
    struct at_check_rates_decl *rates;
    uint32_t n_rates;
    struct at_check_lookup_decl *lookups;
    uint32_t n_lookups;
    struct at_check_component_decl *components;
    uint32_t n_components;
    struct at_check_adjustment_decl *adjustments;
    uint32_t n_adjustments;
    struct at_check_draw_decl *draws;
    uint32_t n_draws;
    struct at_check_part_decl *parts; /* in order */
    uint32_t n_parts;
    struct at_check_part_decl *sold; /* clawbacks `as never sold`: of the deal's own row, without `at` */
    uint32_t n_sold;
    struct at_check_function_decl *functions;
    uint32_t n_functions;
    struct at_check_require_decl *requires;
    uint32_t n_requires;
    struct at_check_independent_decl *independents;
    uint32_t n_independents;
    const struct at_ast_node *asked;   /* of the AST; NULL: none, or it has an error */
    const struct at_ast_node *helping; /* `require helping never hurts`; NULL: none */
    struct at_check_exchange_decl *exchanges;
    uint32_t n_exchanges;
    struct at_check_pays_decl pays;
    struct at_check_shown_decl *shown; /* in the order of the policy */
    uint32_t n_shown;
    const struct at_ast_node **tests;
    uint32_t n_tests;
};

/* line.c: the name before `of` in `commission of pilot` and `-2 * commission of pilot`, or NULL. It means the
 * lines of a component where the second operand is a reference. */
const struct at_ast_node *at_check_line_name(const struct at_ast_node *of);

#endif
