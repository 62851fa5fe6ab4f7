/* check/check_int.h: what the files of the room share. No other room includes it.
 *
 * The checker works in passes (check.c): header, declarations, fields, then every statement in order. It
 * determines what a name means when the name is first needed (at_check_need). So statements can be in any
 * order. The checker finds a circular reference as the path that led to it. A type of AT_T_NONE agrees with
 * everything and reports nothing, because its mistake has already been reported.
 */
#ifndef AT_CHECK_CHECK_INT_H
#define AT_CHECK_CHECK_INT_H

#include "base/map.h"
#include "base/near.h"
#include "base/numtext.h"
#include "base/vec.h"
#include "check/check.h"

#define AT_MAX_DEPTH 2000 /* of expressions and of names that need one another, together */

enum at_check_state { AT_NEW_DECL, AT_BUSY_DECL, AT_DONE_DECL };

/* The reason why a measure cannot be calculated again for a group: something in it belongs to one payee. */
struct at_check_blocker {
    int32_t field; /* of the payee table; -1: `what` */
    const struct at_ast_node *node;
    struct at_check_blocker *next;
};

/* A symbol with what only the checker wants to know. */
struct at_check_decl {
    struct at_check_symbol symbol; /* first: a symbol of this room is always part of one */
    at_span span;                  /* of the name where it was given */
    uint8_t state;                 /* enum at_check_state */
    uint32_t file;                 /* 0: the policy's own; else it may be for other policies, too */
    struct at_check_blocker *blockers;
    const struct at_ast_node *called_whole, *called_through; /* rates: a place of each use, or NULL */
    uint32_t number;    /* its place in the checker's list of declarations */
    uint32_t inferred;  /* the last question that led here: infer.c */
    bool in_loop;       /* of a circular reference that is reported */
    uint8_t past_state; /* enum at_check_state of past_type */
    at_type past_type;  /* measures used in their own past: what past.c inferred before they were checked */
    const struct at_ast_node *past_use; /* the first such use */
};

/* A value known to be there, by `x is not missing`. */
struct at_check_fact {
    const struct at_ast_node *expr;
    const struct at_check_fact *up;
};

enum at_check_place_kind { AT_IN_CONST, AT_IN_ROW, AT_IN_CREDIT, AT_IN_CELL, AT_IN_GROUP, AT_IN_FUNCTION };

/* Where an expression stands: what names mean there. */
struct at_check_env {
    uint8_t place;                                 /* enum at_check_place_kind */
    uint16_t table;                                /* ROW, CREDIT */
    uint32_t feed;                                 /* CREDIT */
    int32_t group_field;                           /* GROUP; -1: everyone */
    const struct at_check_function_decl *function; /* FUNCTION */
    bool adjusting; /* `total` and running values are known: cap, floor, adjust, require */
    bool managed;   /* rows of a feed with managers: `level` is known */
    bool stock;     /* ROW: rows are looked at in each period, so that `period` is known */
    bool on;        /* ROW: rows have a date, or a day is named, so that dated fields are known */
    bool over_run;  /* sum(m) … over every cell: require */
    uint8_t rhythm; /* of the statement: 1 + enum at_period_kind; 0: each period */
    bool based;     /* under `on BASE` */
    at_type base;
    const struct at_ast_node *base_node;
    const struct at_ast_node *line; /* the NAME of `NAME of ROW`, a line of that component; NULL: none */
    const struct at_check_fact *facts;
    const char *where; /* "the amount of a credit": for messages */
};

/* Which values of a measure or component a reference reads. All false: those of the same payee and period. */
struct at_check_reach {
    bool past;    /* under `prior`: only of periods before the current one */
    bool earlier; /* under `running`: only of rows before the current one */
    bool rows;    /* from the rows of a credit, so that the value must be known before the rows are read */
};

struct at_check_need_step {
    struct at_check_decl *decl;
    at_span use;
    struct at_check_reach reach;
};

/* A reference of one measure or component to another, or to itself. */
struct at_check_edge {
    struct at_check_decl *from, *to;
    at_span use;
    struct at_check_reach reach;
};

/* A call that reads values to date, and the rhythm of its statement. */
struct at_check_timed {
    const struct at_ast_node *call;
    uint8_t rhythm;
    bool summed; /* the values of a measure of another rhythm */
};

/* A measure in a group: what belongs to one payee in it is known once every measure is checked. */
struct at_check_group_use {
    struct at_check_decl *decl;
    const struct at_ast_node *node;
    int32_t group_field;
};

/* The state of one check. It is in the arena of the policy. Declarations outlive it, because the
 * checked policy points to their symbols. */
struct at_check {
    const struct at_ast *ast;
    struct at_arena *arena;
    struct at_diag_list *diags;
    at_load_fn load;
    void *load_context;
    struct at_check_policy *out;
    struct at_map globals;                /* name to at_check_decl */
    AT_VEC(struct at_check_decl *) decls; /* in order of the policy */
    struct at_map *field_maps;            /* by table: name to at_check_decl */
    struct at_check_decl ***fields;       /* [table][field] */
    const struct at_ast_node **tables;    /* statement of each schema */
    struct at_check_decl builtins[AT_B_COUNT_OF];
    struct at_check_decl total, amount, period, level, covered[3];
    const struct at_ast_node *header;
    const struct at_ast_node *applies_node;
    const struct at_check_fact *payee_facts; /* what `applies to … where` makes sure of */
    AT_VEC(struct at_check_need_step) path;
    struct at_check_reach reach;        /* of the expression being checked */
    AT_VEC(struct at_check_edge) edges; /* every reference to a measure or component: past.c */
    AT_VEC(struct at_check_group_use) group_uses;
    AT_VEC(struct at_check_rows_decl) rows;
    AT_VEC(struct at_check_timed) timed;       /* calls of functions that read values to date: todate.c */
    AT_VEC(const struct at_ast_node *) totals; /* calls of `total`, which read values of a group: people.c */
    uint32_t inference;                        /* number of the current question of infer.c */
    bool has_ties;                             /* `rank(…) ties …` is somewhere */
    bool has_past;                             /* some reference reads the past, or earlier rows */
    bool circular;                             /* a circular reference is reported */
    struct at_check_decl *working;             /* the declaration being checked, for blockers */
    uint32_t file;                             /* of the current statement, while declaring */
    uint32_t depth;
    bool too_deep;
    const struct at_ast_node *converted; /* an operand that may be in the currency of its row */
    at_str choice_of;                    /* what a text is compared with, for messages */
    const struct at_ast_node *text_hint,
        *text_hint_other; /* a name compared with a text or choice: perhaps its quotes are missing */
};

/* ---- types.c */
at_type at_check_type_make(enum at_type_kind kind);
at_type at_check_money_type(const struct at_check *ck);
bool at_check_is_numeric(at_type type); /* number or money */
bool at_check_has_choice(const struct at_type_choices *choices, at_str text);
at_str at_check_type_say(struct at_check *ck, at_type type);    /* "money", "a number" */
at_str at_check_type_short(struct at_check *ck, at_type type);  /* "money", "number": for labels */
at_str at_check_type_plural(struct at_check *ck, at_type type); /* "numbers", "money" */
at_str at_check_quote(struct at_check *ck,
                      const struct at_ast_node *node); /* source of a short expression, else "…" */
at_str at_check_source(struct at_check *ck,
                       const struct at_ast_node *node); /* the whole, in one line, to be pasted */
void at_check_show(struct at_check *ck, struct at_diag *diag,
                   const struct at_ast_node *node); /* labels: its type, and where that comes from */
void at_check_show_origin(struct at_check *ck, struct at_diag *diag, const struct at_ast_node *node);
at_type at_check_set_type(struct at_check *ck, const struct at_ast_node *node, at_type type);
at_type at_check_type_at(const struct at_check *ck, const struct at_ast_node *node);
void at_check_column_words(struct at_check *ck, const struct at_ast_node *node, bool column, at_type type);
/* TYPENAME and TYPEENUM; NONE with a diagnostic where it names nothing, or the cell. */
at_type at_check_read_type(struct at_check *ck, const struct at_ast_node *node);
/* The same for a parameter of a function, which may be the cell. Its `table` is then no index of a table. */
at_type at_check_read_parameter_type(struct at_check *ck, const struct at_ast_node *node);
bool at_check_is_cell(at_type type);

/* ---- scope.c */
const char *at_check_kind_say(const struct at_check *ck,
                              const struct at_check_symbol *symbol); /* "a measure" */
struct at_check_decl *at_check_declare(struct at_check *ck, const struct at_ast_node *node,
                                       enum at_check_symbol_kind kind, uint32_t index);
struct at_check_decl *at_check_global(const struct at_check *ck, at_str name);
int32_t at_check_field_find(const struct at_check *ck, uint32_t table, at_str name);
/* A field of `table` that refers to a payee and is not among the recipients of `feed` (which may be NULL), or
 * -1. */
int32_t at_check_payee_reference(const struct at_check *ck, uint32_t table,
                                 const struct at_check_feed_decl *feed);
/* opening.c: `opening TABLE.FIELD`. False where it is a formula. */
bool at_check_opening_rows(struct at_check *ck, const struct at_ast_node *opening,
                           struct at_check_draw_decl *draw);
struct at_check_decl *at_check_field_use(struct at_check *ck, uint32_t table, int32_t field);
void at_check_suggest_fields(struct at_check *ck, struct at_str_nearest *suggest, uint32_t table);
void at_check_suggest_globals(struct at_check *ck, struct at_str_nearest *suggest,
                              uint32_t kinds); /* bits 1 << enum at_check_symbol_kind */
bool at_check_suggest_help(struct at_diag *diag,
                           const struct at_str_nearest *suggest); /* "did you mean …?" */
/* Fixes of the name under the caret, if it is `wrong`, and of a text. */
void at_check_fix_name(struct at_diag *diag, at_str wrong, at_str right);
void at_check_fix_text(struct at_diag *diag, const struct at_ast_node *text, at_str right);
/* Determines what a declaration is, once. Returns false if the declaration is in a circular reference, which
 * it reports. */
bool at_check_need(struct at_check *ck, struct at_check_decl *decl, at_span use);
/* Adds where `without` leaves out the declaration of the name, if it does. */
bool at_check_left_out(struct at_check *ck, struct at_diag *d, at_str name);
void at_check_unknown(struct at_check *ck, const struct at_ast_node *node, at_str name, at_span span,
                      const struct at_check_env *env);

/* ---- habit.c: forms known from elsewhere; false: not one of them */
bool at_check_habit_call(struct at_check *ck, struct at_diag *d, const struct at_ast_node *call);
bool at_check_habit_name(struct at_check *ck, struct at_diag *d, const struct at_ast_node *node);
bool at_check_habit_date(struct at_check *ck, struct at_diag *d, const struct at_ast_node *node);
/* Reports the error itself. */
bool at_check_habit_or(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
bool at_check_habit_between(struct at_check *ck, struct at_diag *d, const struct at_ast_node *node);
bool at_check_habit_slice(struct at_check *ck, struct at_diag *d, const struct at_ast_node *node,
                          const struct at_ast_node *bound, at_type wanted);

/* ---- header.c, declare.c, fields.c */
void at_check_header(struct at_check *ck);
void at_check_declare_all(struct at_check *ck);
void at_check_fields(struct at_check *ck);
/* doubles.c: keys of several fields, with the fields of the table; and, when all is checked, which rows
 * should not be alike. */
void at_check_keys(struct at_check *ck, uint32_t table);
/* A key of the n fields that no statement wrote. */
void at_check_key_of(struct at_check *ck, uint32_t table, const int32_t *fields, uint32_t n);
void at_check_doubles(struct at_check *ck);

/* history.c: after the fields of all tables. */
void at_check_histories(struct at_check *ck);
/* Makes a table one whose rows hold from a day on; `key`: the field that names whose row it is. False with a
 * diagnostic. */
bool at_check_dated_table(struct at_check *ck, uint32_t table, int32_t key);
/* Whether the values of a field are rows of another table by day. */
bool at_check_is_dated_field(const struct at_check *ck, uint32_t table, int32_t field);
/* Whether a path ends in a dated field of a payee. */
bool at_check_names_dated(const struct at_check *ck, const struct at_check_env *env,
                          const struct at_ast_node *node);
/* Whether an expression that is checked is a dated field, which has no value on days without a row. */
bool at_check_may_have_no_row(const struct at_check *ck, const struct at_ast_node *node);
/* Whether a field of the payee refers to a payee. */
bool at_check_is_manager(const struct at_check *ck, int32_t field);
/* `prorated(rep.quota)`, in a cell or a group. */
at_type at_check_prorated(struct at_check *ck, const struct at_check_env *env,
                          const struct at_ast_node *node);
/* Reports a dated field of the payee in a place without a day. */
void at_check_dated_use(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                        int32_t field);
/* asof.c: `x as of D` */
/* ties.c: `rank(m) ties share` */
at_type at_check_ties(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
/* prize.c: what a place may choose. When every name has its symbol. */
void at_check_prizes(struct at_check *ck);
at_type at_check_as_of(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);

/* ---- currency.c: exchange rates, amounts in the currency of a row, pay in the payee's currency */
/* The fields of an `exchange` statement, once those of the table are read. */
void at_check_exchange(struct at_check *ck, uint32_t table);
/* The currency that a node names, such as `USD`; 0, and a report, if there is none. */
at_currency at_check_currency(struct at_check *ck, const struct at_ast_node *node);
/* `money in currency`: the field that has the currency of `field`. */
void at_check_currency_field(struct at_check *ck, uint32_t table, uint32_t field);
at_type at_check_convert(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
/* Reports an amount in the currency of its row where no conversion takes it. */
void at_check_report_foreign(struct at_check *ck, const struct at_ast_node *node);
/* "amount as USD at fx(closed_on)", for a field of the table; UINT32_MAX: not known. */
at_str at_check_conversion_say(const struct at_check *ck, at_str amount, uint32_t table);
/* The value of a test for an amount, a currency, or a rate. Returns whether the type of the value is dealt
 * with. */
bool at_check_given_currency(struct at_check *ck, const struct at_ast_node *given,
                             const struct at_ast_node *pair, uint32_t table, uint32_t field, at_type type);
void at_check_pays(struct at_check *ck);

/* ---- rhythm.c: `each quarter`, `paid after` */
/* The rhythm of a MEASURE, PAY, or POOL: 1 + enum at_period_kind; 0 without `each`, or with a diagnostic. */
uint8_t at_check_read_rhythm(struct at_check *ck, const struct at_ast_node *node);
/* The type of a measure where its name is: it has no value before the last period of its rhythm. */
at_type at_check_rhythm_type(struct at_check *ck, const struct at_check_env *env,
                             const struct at_ast_node *node, const struct at_check_decl *decl, at_type type);
struct at_check_delay at_check_read_delay(struct at_check *ck, const struct at_ast_node *node);
/* The length of an AFTER node, which may be NULL. */
struct at_check_delay at_check_delay_of(struct at_check *ck, const struct at_ast_node *after);
/* The rhythm in which a function of periods reads its argument: where the statement has none, that of a
 * measure. */
uint8_t at_check_rhythm_of(const struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *arg);
/* The rhythm of the measure m in `ytd(m by quarter)`, whose values the call sums; 0: the call sums others. */
uint8_t at_check_summed_rhythm(const struct at_check *ck, const struct at_check_env *env,
                               const struct at_ast_node *call);
/* The kind of period for which a statement of this rhythm is calculated. */
static inline int at_check_rhythm_kind(const struct at_check *ck, uint8_t rhythm) {
    return rhythm ? rhythm - 1 : ck->out->calendar.period_kind;
}

/* ---- name.c: NAME and MEMBER */
at_type at_check_name(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
at_type at_check_member(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
void at_check_block(struct at_check *ck, int32_t field, const struct at_ast_node *node);
/* Whether a field of the payee is money that is never missing: in a group, it is summed over the members. */
bool at_check_adds_up(const struct at_check *ck, int32_t field);
void at_check_blockers(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                       struct at_check_decl *decl);

/* ---- expr.c */
at_type at_check_expr(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
/* As at_check_expr, and reports a value that may be missing. */
at_type at_check_value(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
void at_check_report_missing(struct at_check *ck, const struct at_ast_node *node);
void at_check_condition(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
/* TEXT literals where a choice is wanted: checked and typed as the choice. */
bool at_check_fit_text(struct at_check *ck, const struct at_ast_node *node, at_type wanted);
/* Returns whether a value of `type`, of `node`, can be used where `wanted` is wanted. Fits texts to `wanted`.
 */
bool at_check_fits(struct at_check *ck, const struct at_ast_node *node, at_type type, at_type wanted);
bool at_check_is_literal(const struct at_ast_node *node);

/* feed.c: recipients, the second where the first is missing. */
at_type at_check_otherwise(struct at_check *ck, const struct at_check_env *env,
                           const struct at_ast_node *node);

/* ---- operate.c, compare.c, branch.c, slice.c, call.c: parts of at_check_expr */
at_type at_check_arith(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
at_type at_check_combine(struct at_check *ck, const struct at_ast_node *node, at_type a,
                         at_type b); /* ARITH of known types */
at_type at_check_neg(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
at_type at_check_compare(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
at_type at_check_in(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
at_type at_check_within(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
at_type at_check_is_missing(struct at_check *ck, const struct at_check_env *env,
                            const struct at_ast_node *node);
at_type at_check_logic(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
at_type at_check_if(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                    bool rated);
at_type at_check_choose(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                        bool rated);
at_type at_check_of(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
/* line.c: `NAME of ROW`. The name of a measure or component that may be meant so, or NULL; the type, where
 * the second operand is a reference, of type `row`. */
const struct at_ast_node *at_check_line_wanted(struct at_check *ck, const struct at_check_env *env,
                                               const struct at_ast_node *of);
at_type at_check_line(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *of,
                      at_type row);
at_type at_check_slice(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
at_type at_check_through(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
/* EXPR of `pay` or `pool` under `on BASE`: bare rates are marked. */
at_type at_check_rated(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
at_type at_check_rated_part(struct at_check *ck, const struct at_check_env *env,
                            const struct at_ast_node *node);
void at_check_mark_rate(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
at_type at_check_call(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
at_type at_check_builtin(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                         enum at_check_builtin_id which);
bool at_check_by_member(const struct at_ast_node *node); /* whether a call is sum(m by member) */
/* rows.c: the table whose rows a call aggregates in the scope of a row, or -1. */
int32_t at_check_rows_of(struct at_check *ck, const struct at_ast_node *call);
at_type at_check_rows(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                      enum at_check_builtin_id which);
/* One type for all of them (numbers or money of one currency), as min and max want. */
at_type at_check_alike(struct at_check *ck, const struct at_ast_node *const *nodes, uint32_t n,
                       const char *what);

/* ---- past.c: references to earlier periods and earlier rows */
/* Notes a reference from what is being checked. */
void at_check_past_note(struct at_check *ck, struct at_check_decl *to, at_span use);
/* Whether the path from `decl` to itself, closed by the current reference, reads the past on its way. */
bool at_check_past_allows(const struct at_check *ck, const struct at_check_decl *decl);
/* The type of a measure or component that is used in its own past while it is being checked; NONE with a
 * diagnostic where it cannot be inferred. */
at_type at_check_past_type(struct at_check *ck, struct at_check_decl *decl, const struct at_ast_node *use);
/* infer.c: what the type of a measure must be, from the parts of its definition whose types are known. NONE
 * where nothing in it is known. Reports nothing. */
at_type at_check_infer(struct at_check *ck, struct at_check_decl *decl);
/* Compares what was inferred with the type that the measure turned out to have. */
void at_check_past_agrees(struct at_check *ck, struct at_check_decl *decl);
/* Reports references that are circular within one period, and those that a run cannot calculate. Numbers the
 * loops that remain. After all declarations. */
void at_check_past(struct at_check *ck);

/* ---- order.c: after all adjustments are checked */
void at_check_order(struct at_check *ck);
/* Reports a circular reference: `steps` lead from `decl` back to itself. */
void at_check_circle(struct at_check *ck, struct at_check_decl *decl, const struct at_check_need_step *steps,
                     size_t n);
at_str at_check_circle_path(struct at_check *ck, struct at_check_decl *decl,
                            const struct at_check_need_step *steps, size_t n);
void at_check_circle_labels(struct at_diag *d, const struct at_check_need_step *steps, size_t n);

/* ---- people.c, todate.c: the readings of values, when everything else is checked */
void at_check_readings(struct at_check *ck);

/* ---- flow.c: what a condition makes sure of */
const struct at_check_fact *at_check_facts_if(struct at_check *ck, const struct at_check_fact *facts,
                                              const struct at_ast_node *cond, bool holds);
bool at_check_known_there(const struct at_check *ck, const struct at_check_fact *facts,
                          const struct at_ast_node *node);

/* ---- feed.c, measure.c, stmt.c, adjust.c, require.c, tests.c */
void at_check_credit(struct at_check *ck, struct at_check_decl *decl);
void at_check_measure(struct at_check *ck, struct at_check_decl *decl);
void at_check_feed_table(struct at_check *ck, struct at_check_feed_decl *feed,
                         const struct at_ast_node *owner, uint32_t first);
struct at_check_env at_check_env_row(const struct at_check *ck, uint16_t table, const char *where);
struct at_check_env at_check_env_credit(const struct at_check *ck, uint32_t feed, const char *where);
struct at_check_env at_check_env_cell(const struct at_check *ck, const char *where);
struct at_check_env at_check_env_const(const char *where);
/* cumulative.c: the formula of `per booking cumulative over year`. */
void at_check_cumulative_lines(struct at_check *ck, const struct at_check_component_decl *component);
/* credit.c: the credit after `per`, -1 without, -2 after an error; the key of its rows; `by CREDIT`. */
int32_t at_check_per_feed(struct at_check *ck, const struct at_ast_node *node);
void at_check_line_key(struct at_check *ck, at_span span, const char *what, int32_t feed);
/* day.c: a pool `by day`, whose amount and weights are checked. */
void at_check_by_day(struct at_check *ck, const struct at_ast_node *node,
                     struct at_check_component_decl *component);
void at_check_by_rows(struct at_check *ck, const struct at_ast_node *node,
                      struct at_check_component_decl *component);
void at_check_pay(struct at_check *ck, struct at_check_decl *decl);
const char *at_check_some_measure(const struct at_check *ck); /* for examples in messages */
void at_check_base(struct at_check *ck, struct at_check_env *env, const struct at_ast_node *on);
void at_check_must_be_money(struct at_check *ck, const struct at_ast_node *node,
                            const struct at_ast_node *expr, at_type type, const struct at_check_env *env);
void at_check_pool(struct at_check *ck, struct at_check_decl *decl); /* pool.c */
void at_check_param(struct at_check *ck, struct at_check_decl *decl);
void at_check_function(struct at_check *ck, struct at_check_decl *decl);
void at_check_read_signature(struct at_check *ck, struct at_check_decl *decl);
void at_check_applies(struct at_check *ck, const struct at_ast_node *node);
/* cover.c: the days of `applies to`. */
void at_check_covers(struct at_check *ck, const struct at_ast_node *node);
/* `covered.days` and `covered.share`. Returns false if `covered` is something else here. */
bool at_check_covered(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                      at_type *type);
void at_check_adjustment(struct at_check *ck, const struct at_ast_node *node);
void at_check_shown(struct at_check *ck, const struct at_ast_node *node);
/* The component of that name that a statement changes; -1: the total; -2: none, which is reported. */
int32_t at_check_adjusted(struct at_check *ck, const struct at_ast_node *node, at_str name, at_span span);
void at_check_adjusted_amount(struct at_check *ck, const struct at_ast_node *node,
                              const struct at_ast_node *at, at_type type);
/* ---- draw.c */
void at_check_draw(struct at_check *ck, const struct at_ast_node *node);
/* The type of `balance(draw)` in an EXPECT; NONE with a diagnostic. */
at_type at_check_balance_expected(struct at_check *ck, const struct at_ast_node *expect);
at_type at_check_balance(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node);
/* ---- hold.c: `hold`, `release`, `clawback` */
void at_check_part(struct at_check *ck, const struct at_ast_node *node);
/* sold.c: `as never sold` */
void at_check_sold(struct at_check *ck, const struct at_check_part_decl *sold);
void at_check_sold_alone(struct at_check *ck); /* after all statements */
/* The credit whose rows are the deals of a component; -1: none, or several. */
int32_t at_check_dealt(struct at_check *ck, uint32_t component);
void at_check_require(struct at_check *ck, const struct at_ast_node *node);
void at_check_asked(struct at_check *ck);
void at_check_independent(struct at_check *ck, const struct at_ast_node *node); /* independent.c */
void at_check_test(struct at_check *ck, const struct at_ast_node *node);
int at_check_read_period_word(struct at_check *ck, at_str word,
                              at_span span); /* month or longer; -1 with a diagnostic */
const char *at_check_period_kind_say(int kind);
const char *at_check_period_kind_form(int kind); /* such as 2026-Q1 */
/* calendar.c: `period` and `fiscal`, each of which may be NULL. */
/* round.c: the unit to which payout lines are rounded. The currency is read before. */
void at_check_round(struct at_check *ck, const struct at_ast_node *node);
void at_check_calendar(struct at_check *ck, const struct at_ast_node *periods,
                       const struct at_ast_node *fiscal);
void at_check_weights(struct at_check *ck, const struct at_ast_node *expr);

/* ---- steps.c, lookup.c, matrix.c */
void at_check_rates(struct at_check *ck, struct at_check_decl *decl);
void at_check_rates_use(struct at_check *ck);
void at_check_lookup(struct at_check *ck, struct at_check_decl *decl);
/* `table … from "file.csv"`: rows, columns and values made from the file; false with a diagnostic. */
bool at_check_matrix_read(struct at_check *ck, const struct at_ast_node *node,
                          struct at_check_lookup_decl *lookup, const struct at_ast_node ***row_cells,
                          const struct at_ast_node ***column_cells);

/* ---- fold.c: calculates constants that are easy to calculate */
struct at_check_const {
    uint8_t kind; /* enum at_type_kind; NONE: not known */
    bool from_param;
    union {
        at_num num;
        at_str text;
        int32_t i;
    };
};
bool at_check_fold(const struct at_check *ck, const struct at_ast_node *node, struct at_check_const *out);
bool at_check_fold_num(const struct at_check *ck, const struct at_ast_node *node,
                       at_num *out); /* params at their own values */
/* near.c */
void at_check_near_compare(struct at_check *ck, const struct at_ast_node *left,
                           const struct at_ast_node *right);
void at_check_near_given(struct at_check *ck, const struct at_ast_node *own, const struct at_ast_node *given);
void at_check_near_unit(struct at_check *ck, const struct at_ast_node *unit, const struct at_ast_node *last);
void at_check_near_threshold(struct at_check *ck, const struct at_ast_node *value,
                             const struct at_ast_node *last);
void at_check_near_rate(struct at_check *ck, const struct at_ast_node *rate, const struct at_ast_node *base);
void at_check_near_dots(struct at_check *ck, const struct at_ast_node *amount, at_currency currency);
bool at_check_is_percent(const struct at_ast_node *node); /* a literal percent */
int at_check_const_cmp(struct at_check *ck, const struct at_check_const *a, const struct at_check_const *b);

/* ---- never.c, sense.c */
/* Two parts of a condition (conjunctions together) that exclude one another, or NULL. */
bool at_check_never(struct at_check *ck, const struct at_ast_node *const *conds, uint32_t n,
                    const struct at_ast_node **a, const struct at_ast_node **b);
bool at_check_implies(struct at_check *ck, const struct at_ast_node *cond, const struct at_ast_node *other);
bool at_check_limits(struct at_check *ck);
void at_check_sense(struct at_check *ck);
void at_check_undated(struct at_check *ck); /* undated.c: warns of values of all periods */
/* change.c: statements whose meaning changed since a version of the language; 0: none. */
void at_check_changes(struct at_check *ck, uint32_t since);
/* near_test.c: texts in the rows of tests that nearly are those of the policy. */
void at_check_near_tests(struct at_check *ck);
/* longer.c: periods of another length than the policy's, in fields, comparisons, and keys of tables. */
void at_check_longer(struct at_check *ck);
void at_check_longer_compare(struct at_check *ck, const struct at_check_env *env,
                             const struct at_ast_node *node, const struct at_ast_node *left,
                             const struct at_ast_node *right);
void at_check_longer_key(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *call,
                         const struct at_check_lookup_decl *lookup, uint32_t side);

/* Valid because `symbol` is the first member of every at_check_decl. Symbols are never made in
 * another way. */
static inline struct at_check_decl *at_check_decl_of(const struct at_check_symbol *symbol) {
    return (struct at_check_decl *)symbol;
}
/* NULL for a child that does not exist. After a syntax error, any child may be absent. */
static inline const struct at_ast_node *at_check_child(const struct at_ast_node *node, uint32_t i) {
    return node && i < node->n ? node->child[i] : NULL;
}
/* Follows a name of a statement's word after a colon: spans that builders may leave empty fall back to the
 * whole. */
static inline at_span at_check_name_span(const struct at_ast_node *node) {
    return node->name_span.end ? node->name_span : node->span;
}

#endif
