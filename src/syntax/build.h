/* syntax/build.h: the builders that the grammar calls, one a construct. They know the shapes of ast.def;
 * no other file makes nodes.
 *
 * Builders also report errors that the grammar cannot find: a duplicate clause, a missing clause, an unknown
 * word.
 */
#ifndef AT_SYNTAX_BUILD_H
#define AT_SYNTAX_BUILD_H

#include "syntax/lex.h"

struct at_list {
    struct at_node **at;
    size_t n, room;
};

enum at_clause_kind {
    AT_C_ON,
    AT_C_PER,
    AT_C_CUMULATIVE,
    AT_C_WHEN,
    AT_C_SPLIT,
    AT_C_NEGATIVES,
    AT_C_BECAUSE, /* statements */
    AT_C_KEY,
    AT_C_LABEL,
    AT_C_OPTIONAL,
    AT_C_FROM,
    AT_C_FORMAT,
    AT_C_BY, /* fields */
    AT_C_COUNT
};

/* The clauses of a statement, each at most once, in any order. */
struct at_clauses {
    struct at_clause {
        bool there;
        at_span span;         /* the word that begins it */
        struct at_node *node; /* its expression or text */
        struct at_lex_word word;
    } at[AT_C_COUNT];
    enum at_op split;
};

struct at_parser {
    struct at_lexer lexer;
    struct at_list items;   /* of the file */
    struct at_node *policy; /* the last item, where it is `policy`: attributes join it */
};

/* What the parser could have taken where it met something else. */
struct at_expected {
    int found;
    at_span span;
    bool set[400]; /* by token code */
};
void at_report_syntax(struct at_parser *p, const struct at_expected *expected);

/* ---- helpers of the grammar */
at_span at_span_of_rule(const at_span *rhs, int n); /* rhs[1..n]; rhs[0] is what comes before */
struct at_list *at_list_new(struct at_parser *p);
struct at_list *at_list_add(struct at_parser *p, struct at_list *list, struct at_node *node);
struct at_list *at_list_add_once(struct at_parser *p, struct at_list *list, struct at_node *clause);
struct at_clauses *at_clauses_new(struct at_parser *p);
struct at_clauses *at_clause(struct at_parser *p, struct at_clauses *clauses, enum at_clause_kind kind,
                             at_span span, struct at_node *node, struct at_lex_word word);
struct at_clauses *at_clause_split(struct at_parser *p, struct at_clauses *clauses, at_span span,
                                   struct at_lex_word how);
struct at_clauses *at_clause_negatives(struct at_parser *p, struct at_clauses *clauses, at_span span,
                                       struct at_lex_word what);

/* ---- any node */
struct at_node *at_ast_new(struct at_lexer *lexer, at_span span, enum at_kind kind, uint32_t n);
struct at_node *at_ast_leaf(struct at_parser *p, at_span span, enum at_kind kind);
struct at_node *at_ast_one(struct at_parser *p, at_span span, enum at_kind kind, struct at_node *child);
struct at_node *at_ast_two(struct at_parser *p, at_span span, enum at_kind kind, struct at_node *a,
                           struct at_node *b);
struct at_node *at_ast_three(struct at_parser *p, at_span span, enum at_kind kind, struct at_node *a,
                             struct at_node *b, struct at_node *c);
struct at_node *at_ast_list(struct at_parser *p, at_span span, enum at_kind kind, struct at_list *list);
/* `before` children, the list, `after` children. */
struct at_node *at_ast_mixed(struct at_parser *p, at_span span, enum at_kind kind, struct at_node **before,
                             uint32_t n_before, const struct at_list *list, struct at_node **after,
                             uint32_t n_after);
struct at_node *at_ast_set_name(struct at_node *node, struct at_lex_word name);
struct at_node *at_ast_named(struct at_parser *p, at_span span, enum at_kind kind, struct at_lex_word name);
struct at_node *at_ast_named_one(struct at_parser *p, at_span span, enum at_kind kind,
                                 struct at_lex_word name, struct at_node *child);
struct at_node *at_ast_lost(struct at_parser *p, at_span span); /* what a mistake took with it */
void at_ast_item(struct at_parser *p, struct at_node *item);
struct at_node *at_ast_file(struct at_parser *p); /* of all items */

/* ---- statements */
struct at_node *at_ast_policy(struct at_parser *p, at_span span, struct at_node *name);
struct at_node *at_ast_version(struct at_parser *p, at_span span, struct at_node *number);
struct at_node *at_ast_effective(struct at_parser *p, at_span span, struct at_node *from, struct at_node *to);
struct at_node *at_ast_periods(struct at_parser *p, at_span span, struct at_lex_word kind);
struct at_node *at_ast_fiscal(struct at_parser *p, at_span span, struct at_lex_word year,
                              struct at_lex_word month);
struct at_node *at_ast_round(struct at_parser *p, at_span span, struct at_lex_word how,
                             struct at_lex_word way, struct at_lex_word unit);
struct at_node *at_ast_use(struct at_parser *p, at_span span, struct at_node *path);
struct at_node *at_ast_applies(struct at_parser *p, at_span span, struct at_lex_word name,
                               struct at_node *where);
struct at_node *at_ast_table(struct at_parser *p, at_span span, enum at_kind kind, struct at_lex_word name,
                             struct at_node *file, struct at_list *fields);
struct at_node *at_ast_history(struct at_parser *p, at_span span, struct at_lex_word name,
                               struct at_lex_word of, struct at_node *file, struct at_list *fields);
struct at_node *at_ast_field(struct at_parser *p, at_span span, struct at_lex_word name, struct at_node *type,
                             struct at_clauses *options);
struct at_node *at_ast_type(struct at_parser *p, at_span span, struct at_lex_word name,
                            struct at_lex_word currency);
struct at_node *at_ast_credit(struct at_parser *p, at_span span, struct at_lex_word name,
                              struct at_lex_word from, struct at_list *clauses);
struct at_node *at_ast_recipient(struct at_parser *p, at_span span, struct at_node *path,
                                 struct at_node *share, uint32_t flags);
struct at_node *at_ast_labelled(struct at_parser *p, at_span span, enum at_kind kind, struct at_lex_word name,
                                struct at_node *label, struct at_node *expr);
struct at_node *at_ast_aggregate(struct at_parser *p, at_span span, enum at_op op, at_span op_span,
                                 struct at_node *expr, struct at_lex_word from, struct at_list *clauses);
struct at_node *at_ast_spread(struct at_parser *p, at_span span, struct at_lex_word how, bool by);
struct at_node *at_ast_spread_per(struct at_parser *p, at_span span, struct at_lex_word period);
struct at_node *at_ast_rates(struct at_parser *p, at_span span, struct at_lex_word name,
                             struct at_list *steps);
struct at_node *at_ast_step(struct at_parser *p, at_span span, enum at_op op, struct at_node *threshold,
                            struct at_node *rate, enum at_op tie);
enum at_op at_ast_tie(struct at_parser *p, struct at_lex_word below);
struct at_node *at_ast_lookup(struct at_parser *p, at_span span, struct at_lex_word name,
                              struct at_list *keys, struct at_list *header, struct at_list *rows);
struct at_node *at_ast_lookup_file(struct at_parser *p, at_span span, struct at_lex_word name,
                                   struct at_list *keys, struct at_node *file);
struct at_node *at_ast_row(struct at_parser *p, at_span span, struct at_node *key, struct at_node *value);
struct at_node *at_ast_row_more(struct at_parser *p, at_span span, struct at_node *row,
                                struct at_node *value);
struct at_node *at_ast_cell_from(struct at_parser *p, at_span span, enum at_op op, struct at_node *literal);
struct at_node *at_ast_pay(struct at_parser *p, at_span span, struct at_lex_word name, struct at_node *label,
                           struct at_clauses *base, struct at_node *expr, struct at_clauses *tail);
struct at_node *at_ast_pool(struct at_parser *p, at_span span, struct at_lex_word name, struct at_node *label,
                            struct at_clauses *base, struct at_node *expr, struct at_clauses *tail);
struct at_node *at_ast_cap(struct at_parser *p, at_span span, enum at_kind kind, struct at_lex_word name,
                           struct at_node *at, struct at_clauses *tail);
struct at_node *at_ast_draw(struct at_parser *p, at_span span, struct at_lex_word name, struct at_node *expr,
                            struct at_lex_word against, uint32_t flags);
struct at_node *at_ast_clawback(struct at_parser *p, at_span span, struct at_lex_word name,
                                struct at_node *on, struct at_node *when);
struct at_node *at_ast_adjust(struct at_parser *p, at_span span, struct at_lex_word name,
                              struct at_node *expr, struct at_clauses *tail);
struct at_node *at_ast_function(struct at_parser *p, at_span span, struct at_lex_word name,
                                struct at_list *parameters, struct at_node *type, struct at_node *body);
struct at_node *at_ast_hook(struct at_parser *p, at_span span, struct at_lex_word name,
                            struct at_list *parameters, struct at_node *type, struct at_lex_word language,
                            struct at_node *file);
struct at_node *at_ast_require(struct at_parser *p, at_span span, struct at_node *cond,
                               struct at_node *message);
struct at_node *at_ast_test(struct at_parser *p, at_span span, struct at_node *title,
                            struct at_list *examples);
struct at_node *at_ast_given(struct at_parser *p, at_span span, struct at_lex_word table,
                             struct at_list *pairs);
struct at_node *at_ast_expect(struct at_parser *p, at_span span, struct at_lex_word name,
                              struct at_node *payee, struct at_node *period, struct at_node *value);
struct at_node *at_ast_withheld(struct at_parser *p, struct at_lex_word word); /* NULL: no value */

/* ---- expressions (build_expr.c) */
struct at_node *at_ast_name(struct at_parser *p, struct at_lex_word name);
struct at_node *at_ast_member(struct at_parser *p, at_span span, struct at_node *of, struct at_lex_word name);
struct at_node *at_ast_call(struct at_parser *p, at_span span, struct at_lex_word name, struct at_list *args,
                            struct at_lex_word by);
struct at_node *at_ast_flag(struct at_parser *p, at_span span, int yes);
struct at_node *at_ast_parens(struct at_parser *p, struct at_node *inner);
struct at_node *at_ast_unary(struct at_parser *p, at_span span, enum at_kind kind, at_span op_span,
                             struct at_node *operand);
struct at_node *at_ast_binary(struct at_parser *p, at_span span, enum at_kind kind, enum at_op op,
                              at_span op_span, struct at_node *left, struct at_node *right);
struct at_node *at_ast_compare(struct at_parser *p, at_span span, enum at_op op, at_span op_span,
                               struct at_node *left, struct at_node *right, uint32_t flags);
struct at_node *at_ast_missing(struct at_parser *p, at_span span, at_span op_span, struct at_node *operand,
                               uint32_t flags);
struct at_node *at_ast_in(struct at_parser *p, at_span span, at_span op_span, struct at_node *value,
                          struct at_list *list, uint32_t flags);
struct at_node *at_ast_within(struct at_parser *p, at_span span, at_span op_span, struct at_node *date,
                              struct at_node *duration, struct at_node *of);
struct at_node *at_ast_between(struct at_parser *p, at_span span, at_span op_span, struct at_node *x,
                               struct at_node *low, struct at_node *high);
struct at_node *at_ast_through(struct at_parser *p, at_span span, struct at_node *x, struct at_lex_word rates,
                               struct at_node *unit);
struct at_node *at_ast_if(struct at_parser *p, at_span span, struct at_node *cond, struct at_node *yes,
                          struct at_node *no);
struct at_node *at_ast_choose(struct at_parser *p, at_span span, struct at_list *arms,
                              struct at_node *otherwise);

#endif
