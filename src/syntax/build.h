/* syntax/build.h: the builders that the grammar calls, one a construct. They know the shapes of ast.def;
 * no other file makes nodes.
 *
 * Builders also report errors that the grammar cannot find: a duplicate clause, a missing clause, an unknown
 * word.
 */
#ifndef AT_SYNTAX_BUILD_H
#define AT_SYNTAX_BUILD_H

#include "base/near.h"
#include "syntax/lex.h"

/* A list that a rule of the grammar is still collecting. It grows in the arena, so an abandoned
 * list needs no release. */
struct at_syntax_list {
    struct at_ast_node **at;
    size_t n, room;
};

#define AT_MOST_EXCEPT 8 /* of one `applies to` */

/* Clauses that can come in any order. The grammar accepts them in a loop, and the builders reject
 * duplicates. */
enum at_syntax_clause_kind {
    AT_C_ON,
    AT_C_PER,
    AT_C_CUMULATIVE,
    AT_C_EACH,
    AT_C_AFTER,
    AT_C_WHEN,
    AT_C_SPLIT,
    AT_C_NEGATIVES,
    AT_C_IGNORING,
    AT_C_PRIVATE,
    AT_C_AMONG,
    AT_C_LIMIT,
    AT_C_RECOVERABLE,
    AT_C_AGAINST,
    AT_C_DUE,
    AT_C_OPENING,
    AT_C_BECAUSE, /* statements */
    AT_C_KEY,
    AT_C_LABEL,
    AT_C_OPTIONAL,
    AT_C_FROM,
    AT_C_FORMAT,
    AT_C_DECIMAL,
    AT_C_BY,     /* fields, pay, pool */
    AT_C_BY_DAY, /* pool; in a pay, a credit of that name */
    AT_C_COUNT
};

/* The clauses of a statement, each at most once, in any order. */
struct at_syntax_clauses {
    struct at_syntax_clause {
        bool there;
        at_span span;             /* the word that begins it */
        struct at_ast_node *node; /* its expression or text */
        struct at_lex_word word;
    } at[AT_C_COUNT];
    enum at_ast_op split;
};

/* All state of one parse, which Bison passes to every action. There is no global state, so
 * several threads can parse. */
struct at_syntax_parser {
    struct at_lex_state lexer;
    struct at_syntax_list items; /* of the file */
    struct at_ast_node *policy;  /* the last item, where it is `policy`: attributes join it */
};

/* What the parser could have taken where it met something else. */
struct at_parse_expected {
    int found;
    at_span span;
    /* Larger than the largest token code, which depends on the number of tokens in the grammar. */
    bool set[400]; /* by token code */
};
/* Reports a syntax error, unless an earlier error explains it. Then it decides whether the lexer
 * has to skip to the next statement. */
void at_parse_report(struct at_syntax_parser *p, const struct at_parse_expected *expected);

/* syntax/habit.c: forms that people know from elsewhere, with the edit that makes them right. The first
 * reports the error itself, and returns NULL if it does not know the form. The second completes a report. */
struct at_diag *at_parse_habit_report(struct at_syntax_parser *p, const struct at_parse_expected *expected);
bool at_parse_habit_tiers(struct at_lex_state *lexer, const struct at_parse_expected *expected,
                          struct at_diag *diag); /* the part of it about `rates` */
bool at_parse_habit_help(struct at_syntax_parser *p, const struct at_parse_expected *expected,
                         struct at_diag *diag);

/* ---- helpers of the grammar */
at_span at_parse_span_of_rule(const at_span *rhs, int n); /* rhs[1..n]; rhs[0] is what comes before */
struct at_syntax_list *at_syntax_list_new(struct at_syntax_parser *p);
/* Adds `node` to the list. Does nothing for NULL, so that rules without a node need no special
 * case. */
struct at_syntax_list *at_syntax_list_add(struct at_syntax_parser *p, struct at_syntax_list *list,
                                          struct at_ast_node *node);
/* The node, and then what the list has. */
struct at_syntax_list *at_syntax_list_before(struct at_syntax_parser *p, struct at_ast_node *node,
                                             const struct at_syntax_list *list);
/* Adds a clause, unless the list has one of this kind already. Then it reports a duplicate, and
 * the first one stays. */
struct at_syntax_list *at_syntax_list_add_once(struct at_syntax_parser *p, struct at_syntax_list *list,
                                               struct at_ast_node *clause);
struct at_syntax_clauses *at_syntax_clauses_new(struct at_syntax_parser *p);
/* Records one clause of a statement. `node` and `word` are empty where the clause has none. Of
 * duplicates, the first stays. */
struct at_syntax_clauses *at_syntax_clause(struct at_syntax_parser *p, struct at_syntax_clauses *clauses,
                                           enum at_syntax_clause_kind kind, at_span span,
                                           struct at_ast_node *node, struct at_lex_word word);
/* `by booking` or `by day`. */
struct at_syntax_clauses *at_syntax_clause_by(struct at_syntax_parser *p, struct at_syntax_clauses *clauses,
                                              at_span span, struct at_lex_word what, struct at_lex_word by);
struct at_syntax_clauses *at_syntax_clause_split(struct at_syntax_parser *p,
                                                 struct at_syntax_clauses *clauses, at_span span,
                                                 struct at_lex_word how);
/* `split at` and `split to level`. `word` is the field after `per`, or the word `level`. */
struct at_syntax_clauses *at_syntax_clause_as(struct at_syntax_parser *p, struct at_syntax_clauses *clauses,
                                              enum at_ast_op how, at_span span, struct at_ast_node *node,
                                              struct at_lex_word word);
struct at_syntax_clauses *at_syntax_clause_negatives(struct at_syntax_parser *p,
                                                     struct at_syntax_clauses *clauses, at_span span,
                                                     struct at_lex_word what);

/* ---- any node */
/* Makes a node with room for `n` children, all NULL, and gives it the next id. All builders end
 * here. */
struct at_ast_node *at_ast_new(struct at_lex_state *lexer, at_span span, enum at_ast_kind kind, uint32_t n);
struct at_ast_node *at_ast_leaf(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind);
struct at_ast_node *at_ast_one(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                               struct at_ast_node *child);
/* `fx(day)`, and `average fx(day) over month`; `over` is empty for the first. */
struct at_ast_node *at_ast_rate_at(struct at_syntax_parser *p, at_span span, struct at_lex_word exchange,
                                   struct at_ast_node *day, struct at_lex_word over);
struct at_ast_node *at_ast_convert(struct at_syntax_parser *p, at_span span, struct at_ast_node *x,
                                   struct at_lex_word currency, struct at_ast_node *rate);
struct at_ast_node *at_ast_pays(struct at_syntax_parser *p, at_span span, struct at_lex_word payee,
                                struct at_ast_node *path, struct at_ast_node *rate);
struct at_ast_node *at_ast_two(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                               struct at_ast_node *a, struct at_ast_node *b);
struct at_ast_node *at_ast_three(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                 struct at_ast_node *a, struct at_ast_node *b, struct at_ast_node *c);
struct at_ast_node *at_ast_list(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                struct at_syntax_list *list);
/* `before` children, the list, `after` children. */
struct at_ast_node *at_ast_mixed(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                 struct at_ast_node **before, uint32_t n_before,
                                 const struct at_syntax_list *list, struct at_ast_node **after,
                                 uint32_t n_after);
/* Sets `text` and `name_span`, and returns the same node. */
struct at_ast_node *at_ast_set_name(struct at_ast_node *node, struct at_lex_word name);
struct at_ast_node *at_ast_named(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                 struct at_lex_word name);
struct at_ast_node *at_ast_named_one(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                     struct at_lex_word name, struct at_ast_node *child);
struct at_ast_node *at_ast_lost(struct at_syntax_parser *p, at_span span); /* what a mistake took with it */
/* Adds a statement to the file. An attribute such as `currency` becomes a child of the `policy`
 * directly before it. */
void at_ast_item(struct at_syntax_parser *p, struct at_ast_node *item);
struct at_ast_node *at_ast_file(struct at_syntax_parser *p); /* of all items */

/* ---- statements */
struct at_ast_node *at_ast_policy(struct at_syntax_parser *p, at_span span, struct at_ast_node *name);
struct at_ast_node *at_ast_version(struct at_syntax_parser *p, at_span span, struct at_ast_node *number);
struct at_ast_node *at_ast_language(struct at_syntax_parser *p, at_span span, struct at_ast_node *number);
struct at_ast_node *at_ast_effective(struct at_syntax_parser *p, at_span span, struct at_ast_node *from,
                                     struct at_ast_node *to);
struct at_ast_node *at_ast_periods(struct at_syntax_parser *p, at_span span, struct at_lex_word kind,
                                   struct at_lex_word weekday);
struct at_ast_node *at_ast_periods_from(struct at_syntax_parser *p, at_span span, struct at_ast_node *weeks,
                                        struct at_ast_node *day);
struct at_ast_node *at_ast_fiscal_weeks(struct at_syntax_parser *p, at_span span, struct at_lex_word weeks,
                                        at_span pattern, struct at_ast_node *day);
struct at_ast_node *at_ast_allow(struct at_syntax_parser *p, at_span span, struct at_lex_word code,
                                 struct at_ast_node *reason);
struct at_ast_node *at_ast_fiscal(struct at_syntax_parser *p, at_span span, struct at_lex_word year,
                                  struct at_lex_word month);
struct at_lex_word at_ast_two_words(struct at_syntax_parser *p, struct at_lex_word first,
                                    struct at_lex_word second); /* "half up" */
struct at_ast_node *at_ast_round(struct at_syntax_parser *p, at_span span, struct at_lex_word how,
                                 struct at_lex_word unit, struct at_ast_node *amount);
struct at_ast_node *at_ast_use(struct at_syntax_parser *p, at_span span, struct at_ast_node *path);
/* EXTENDS, CONTINUES */
struct at_ast_node *at_ast_path(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                struct at_ast_node *path);
/* `without cap commission`; without a keyword: `without commission`. */
struct at_ast_node *at_ast_without(struct at_syntax_parser *p, at_span span, struct at_lex_word keyword,
                                   struct at_lex_word name);
struct at_ast_node *at_ast_without_text(struct at_syntax_parser *p, at_span span, struct at_lex_word keyword,
                                        struct at_ast_node *text);
struct at_ast_node *at_ast_applies(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                   struct at_ast_node *days, struct at_syntax_list *except,
                                   struct at_ast_node *where);
struct at_ast_node *at_ast_table(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                 struct at_lex_word name, struct at_ast_node *file,
                                 struct at_ast_node *decimals, struct at_syntax_list *fields);
struct at_ast_node *at_ast_history(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                   struct at_lex_word of, struct at_ast_node *file,
                                   struct at_ast_node *decimals, struct at_syntax_list *fields);
/* build_source.c: the name of a file with its form: its encoding, and what divides its cells. */
struct at_ast_node *at_ast_source(struct at_syntax_parser *p, struct at_ast_node *file,
                                  struct at_syntax_clauses *forms);
struct at_ast_node *at_ast_encoding(struct at_syntax_parser *p, at_span span, struct at_lex_word name);
struct at_ast_node *at_ast_separator(struct at_syntax_parser *p, struct at_ast_node *text);
struct at_ast_node *at_ast_decimals(struct at_syntax_parser *p, at_span span, struct at_lex_word mark);
struct at_ast_node *at_ast_field(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                 struct at_ast_node *type, struct at_syntax_clauses *options);
/* `key rep, quarter`, among fields. */
struct at_ast_node *at_ast_keys(struct at_syntax_parser *p, at_span span, struct at_lex_word word,
                                struct at_lex_word first, const struct at_syntax_list *others);
struct at_ast_node *at_ast_type_read(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                     struct at_lex_word how, uint32_t flag);
struct at_ast_node *at_ast_type(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                struct at_lex_word currency);
struct at_ast_node *at_ast_credit(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                  struct at_lex_word from, struct at_syntax_list *clauses);
struct at_ast_node *at_ast_recipient(struct at_syntax_parser *p, at_span span, struct at_ast_node *path,
                                     struct at_ast_node *share, uint32_t flags);
struct at_ast_node *at_ast_by(struct at_syntax_parser *p, at_span span, struct at_lex_word field,
                              struct at_lex_word payee, struct at_lex_word payee_field);
struct at_ast_node *at_ast_labelled(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                    struct at_lex_word name, struct at_ast_node *label,
                                    struct at_ast_node *expr);
struct at_ast_node *at_ast_measure(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                   struct at_ast_node *label, struct at_ast_node *each,
                                   struct at_ast_node *expr);
struct at_ast_node *at_ast_aggregate(struct at_syntax_parser *p, at_span span, enum at_ast_op op,
                                     at_span op_span, struct at_ast_node *expr, struct at_lex_word from,
                                     struct at_syntax_list *clauses);
struct at_ast_node *at_ast_spread(struct at_syntax_parser *p, at_span span, struct at_lex_word how, bool by);
struct at_ast_node *at_ast_spread_per(struct at_syntax_parser *p, at_span span, struct at_lex_word period);
struct at_ast_node *at_ast_rates(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                 struct at_syntax_list *steps);
struct at_ast_node *at_ast_step(struct at_syntax_parser *p, at_span span, enum at_ast_op op,
                                struct at_ast_node *threshold, struct at_ast_node *rate, enum at_ast_op tie);
enum at_ast_op at_ast_tie(struct at_syntax_parser *p, struct at_lex_word below);
struct at_ast_node *at_ast_lookup(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                  struct at_syntax_list *keys, struct at_syntax_list *header,
                                  struct at_syntax_list *rows);
struct at_ast_node *at_ast_lookup_file(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                       struct at_syntax_list *keys, struct at_ast_node *file);
struct at_ast_node *at_ast_row(struct at_syntax_parser *p, at_span span, struct at_ast_node *key,
                               struct at_ast_node *value);
struct at_ast_node *at_ast_row_more(struct at_syntax_parser *p, at_span span, struct at_ast_node *row,
                                    struct at_ast_node *value);
struct at_ast_node *at_ast_cell_from(struct at_syntax_parser *p, at_span span, enum at_ast_op op,
                                     struct at_ast_node *literal);
struct at_ast_node *at_ast_by_rows(struct at_syntax_parser *p, at_span span, struct at_lex_word credit,
                                   const struct at_lex_word *order);
struct at_ast_node *at_ast_after_periods(struct at_syntax_parser *p, at_span span, struct at_ast_node *number,
                                         struct at_lex_word word);
struct at_ast_node *at_ast_pay(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                               struct at_ast_node *label, struct at_syntax_clauses *base,
                               struct at_ast_node *expr, struct at_syntax_clauses *tail);
struct at_ast_node *at_ast_pool(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                struct at_ast_node *label, struct at_ast_node *from,
                                struct at_syntax_clauses *base, struct at_ast_node *expr,
                                struct at_syntax_clauses *tail);
struct at_ast_node *at_ast_cap(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                               struct at_lex_word name, struct at_ast_node *label, struct at_ast_node *at,
                               struct at_syntax_clauses *tail);
struct at_ast_node *at_ast_draw(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                struct at_ast_node *label, struct at_ast_node *expr,
                                struct at_syntax_clauses *tail);
struct at_ast_node *at_ast_carry(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                 struct at_ast_node *expr, struct at_syntax_clauses *tail);
struct at_ast_node *at_ast_hold(struct at_syntax_parser *p, at_span span, struct at_ast_node *share,
                                struct at_lex_word name, struct at_ast_node *until,
                                struct at_syntax_clauses *tail);
struct at_ast_node *at_ast_release(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                   struct at_lex_word with, struct at_ast_node *on,
                                   struct at_syntax_clauses *tail);
/* `as paid`, `as rated now`, `as never sold`: one word, or two. */
enum at_ast_op at_ast_method(struct at_syntax_parser *p, struct at_lex_word first, struct at_lex_word second);
struct at_ast_node *at_ast_clawback(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                    enum at_ast_op method, struct at_ast_node *on,
                                    struct at_syntax_clauses *tail);
struct at_ast_node *at_ast_adjust(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                  struct at_ast_node *expr, struct at_syntax_clauses *tail);
struct at_ast_node *at_ast_function(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                    struct at_syntax_list *parameters, struct at_ast_node *type,
                                    struct at_ast_node *body);
struct at_ast_node *at_ast_hook(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                struct at_syntax_list *parameters, struct at_ast_node *type,
                                struct at_lex_word language, struct at_ast_node *file);
struct at_ast_node *at_ast_require(struct at_syntax_parser *p, at_span span, struct at_ast_node *cond,
                                   struct at_ast_node *message);
struct at_ast_node *at_ast_independent(struct at_syntax_parser *p, at_span span, struct at_lex_word component,
                                       struct at_ast_node *path);
struct at_ast_node *at_ast_shown(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                 struct at_ast_node *label); /* NULL: none */
struct at_ast_node *at_ast_test(struct at_syntax_parser *p, at_span span, struct at_ast_node *title,
                                struct at_syntax_list *examples);
struct at_ast_node *at_ast_given(struct at_syntax_parser *p, at_span span, struct at_lex_word table,
                                 struct at_syntax_list *pairs);
/* The name that is expected; with `paid`, of a component of which the lines are meant. */
/* A call after `expect`: `paid(component)` and `balance(draw)` are names, all others are calls of functions.
 */
struct at_ast_node *at_ast_expect_call(struct at_syntax_parser *p, struct at_ast_node *call);
struct at_ast_node *at_ast_expect_name(struct at_syntax_parser *p, struct at_lex_word name,
                                       const struct at_lex_word *paid);
struct at_ast_node *at_ast_expect(struct at_syntax_parser *p, at_span span, const struct at_ast_node *name,
                                  struct at_ast_node *payee, struct at_ast_node *period,
                                  struct at_ast_node *value);
struct at_ast_node *at_ast_expect_because(struct at_syntax_parser *p, at_span span,
                                          struct at_ast_node *subject, struct at_ast_node *value,
                                          struct at_ast_node *reason);
struct at_ast_node *at_ast_expect_fails(struct at_syntax_parser *p, at_span span, struct at_ast_node *call,
                                        struct at_lex_word word, struct at_ast_node *message);
struct at_ast_node *at_ast_withheld(struct at_syntax_parser *p, struct at_lex_word word); /* NULL: no value */
struct at_ast_node *at_ast_not_covered(struct at_syntax_parser *p, at_span span, struct at_lex_word word);

/* ---- expressions (build_expr.c) */
struct at_ast_node *at_ast_name(struct at_syntax_parser *p, struct at_lex_word name);
struct at_ast_node *at_ast_member(struct at_syntax_parser *p, at_span span, struct at_ast_node *of,
                                  struct at_lex_word name);
/* `sum(x by f where cond)`. */
/* `rank(m) ties share`, `rank(m) ties first by day`; the day may be NULL. */
struct at_ast_node *at_ast_ties(struct at_syntax_parser *p, at_span span, struct at_ast_node *call,
                                struct at_lex_word how, struct at_ast_node *day);
struct at_ast_node *at_ast_call_where(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                      struct at_ast_node *arg, struct at_lex_word by,
                                      struct at_ast_node *cond);
/* A function over people with `ignoring missing`. */
struct at_ast_node *at_ast_call_ignoring(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                         struct at_ast_node *arg, struct at_lex_word by);
struct at_ast_node *at_ast_call(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                struct at_syntax_list *args, struct at_lex_word by);
/* A text that is compared with data. Names of files and labels are not: they keep their bytes. */
struct at_ast_node *at_ast_text_value(struct at_syntax_parser *p, struct at_ast_node *text);
struct at_ast_node *at_ast_flag(struct at_syntax_parser *p, at_span span, int yes);
struct at_ast_node *at_ast_parens(struct at_syntax_parser *p, struct at_ast_node *inner);
struct at_ast_node *at_ast_unary(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                 at_span op_span, struct at_ast_node *operand);
struct at_ast_node *at_ast_binary(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                  enum at_ast_op op, at_span op_span, struct at_ast_node *left,
                                  struct at_ast_node *right);
struct at_ast_node *at_ast_compare(struct at_syntax_parser *p, at_span span, enum at_ast_op op,
                                   at_span op_span, struct at_ast_node *left, struct at_ast_node *right,
                                   uint32_t flags);
struct at_ast_node *at_ast_missing(struct at_syntax_parser *p, at_span span, at_span op_span,
                                   struct at_ast_node *operand, uint32_t flags);
struct at_ast_node *at_ast_in(struct at_syntax_parser *p, at_span span, at_span op_span,
                              struct at_ast_node *value, struct at_syntax_list *list, uint32_t flags);
struct at_ast_node *at_ast_within(struct at_syntax_parser *p, at_span span, at_span op_span,
                                  struct at_ast_node *date, struct at_ast_node *duration,
                                  struct at_ast_node *of);
struct at_ast_node *at_ast_between(struct at_syntax_parser *p, at_span span, at_span op_span,
                                   struct at_ast_node *x, struct at_ast_node *low, struct at_ast_node *high);
struct at_ast_node *at_ast_through(struct at_syntax_parser *p, at_span span, struct at_ast_node *x,
                                   struct at_lex_word rates, struct at_ast_node *unit);
struct at_ast_node *at_ast_if(struct at_syntax_parser *p, at_span span, struct at_ast_node *cond,
                              struct at_ast_node *yes, struct at_ast_node *no);
struct at_ast_node *at_ast_choose(struct at_syntax_parser *p, at_span span, struct at_syntax_list *arms,
                                  struct at_ast_node *otherwise);

#endif
