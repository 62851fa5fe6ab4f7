/* syntax/build_expr.c: builders of nodes in general and of expressions. */
#include "base/fold.h"
#include "syntax/build.h"

/* ---- nodes in general */

/* An empty part of a rule has an empty span, at the end of the token before it. Such a span must not widen
 * the span of the rule. */
at_span at_parse_span_of_rule(const at_span *rhs, int n) {
    int first = 1, last = n;
    while (first < n && rhs[first].start == rhs[first].end)
        first++;
    while (last > first && rhs[last].start == rhs[last].end)
        last--;
    if (n == 0) return (at_span){rhs[0].end, rhs[0].end};
    return (at_span){rhs[first].start, rhs[last].end};
}

struct at_syntax_list *at_syntax_list_new(struct at_syntax_parser *p) {
    return AT_NEW(p->lexer.arena, struct at_syntax_list);
}

struct at_syntax_list *at_syntax_list_add(struct at_syntax_parser *p, struct at_syntax_list *list,
                                          struct at_ast_node *node) {
    if (node) AT_VEC_PUSH(p->lexer.arena, list, node);
    return list;
}

struct at_syntax_list *at_syntax_list_before(struct at_syntax_parser *p, struct at_ast_node *node,
                                             const struct at_syntax_list *list) {
    struct at_syntax_list *all = at_syntax_list_add(p, at_syntax_list_new(p), node);
    for (size_t i = 0; i < list->n; i++)
        at_syntax_list_add(p, all, list->at[i]);
    return all;
}

/* The arena zeroes memory: all texts are absent, and all children are NULL, until a builder sets
 * them. */
struct at_ast_node *at_ast_new(struct at_lex_state *lexer, at_span span, enum at_ast_kind kind, uint32_t n) {
    struct at_ast_node *node = AT_NEW(lexer->arena, struct at_ast_node);
    node->kind = (uint16_t)kind;
    node->id = lexer->ast->n_nodes++;
    node->span = span;
    node->height = 1;
    node->n = n;
    if (n) node->child = AT_NEW_ARRAY(lexer->arena, struct at_ast_node *, n);
    return node;
}

/* Puts a child in its place. A tree that grows too high is given up and becomes an ERROR. */
static void put(struct at_syntax_parser *p, struct at_ast_node *node, uint32_t i, struct at_ast_node *child) {
    node->child[i] = child;
    if (!child || child->height < node->height) return;
    node->height = child->height + 1;
    if (node->height <= AT_MAX_HEIGHT || node->kind == AT_N_FILE) return; /* a statement may be as high */
    at_lex_too_deep(&p->lexer, node->span);
    /* The children stay in the arena, but nothing reaches them. Without this, a recursive walk
     * could exhaust the stack of the host. */
    node->kind = AT_N_ERROR;
    node->n = 0;
    node->height = 1;
}

struct at_ast_node *at_ast_leaf(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind) {
    return at_ast_new(&p->lexer, span, kind, 0);
}

struct at_ast_node *at_ast_one(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                               struct at_ast_node *child) {
    struct at_ast_node *node = at_ast_new(&p->lexer, span, kind, 1);
    put(p, node, 0, child);
    return node;
}

struct at_ast_node *at_ast_two(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                               struct at_ast_node *a, struct at_ast_node *b) {
    struct at_ast_node *node = at_ast_new(&p->lexer, span, kind, 2);
    put(p, node, 0, a);
    put(p, node, 1, b);
    return node;
}

struct at_ast_node *at_ast_three(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                 struct at_ast_node *a, struct at_ast_node *b, struct at_ast_node *c) {
    struct at_ast_node *node = at_ast_new(&p->lexer, span, kind, 3);
    put(p, node, 0, a);
    put(p, node, 1, b);
    put(p, node, 2, c);
    return node;
}

/* `before` children, the list, `after` children. */
struct at_ast_node *at_ast_mixed(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                 struct at_ast_node **before, uint32_t n_before,
                                 const struct at_syntax_list *list, struct at_ast_node **after,
                                 uint32_t n_after) {
    uint32_t n = list ? (uint32_t)list->n : 0;
    struct at_ast_node *node = at_ast_new(&p->lexer, span, kind, n_before + n + n_after);
    for (uint32_t i = 0; i < n_before; i++)
        put(p, node, i, before[i]);
    for (uint32_t i = 0; i < n; i++)
        put(p, node, n_before + i, list->at[i]);
    for (uint32_t i = 0; i < n_after; i++)
        put(p, node, n_before + n + i, after[i]);
    return node;
}

struct at_ast_node *at_ast_list(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                struct at_syntax_list *list) {
    return at_ast_mixed(p, span, kind, NULL, 0, list, NULL, 0);
}

struct at_ast_node *at_ast_set_name(struct at_ast_node *node, struct at_lex_word name) {
    node->text = name.text;
    node->name_span = name.span;
    return node;
}

struct at_ast_node *at_ast_named(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                 struct at_lex_word name) {
    return at_ast_set_name(at_ast_leaf(p, span, kind), name);
}

struct at_ast_node *at_ast_named_one(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                     struct at_lex_word name, struct at_ast_node *child) {
    return at_ast_set_name(at_ast_one(p, span, kind, child), name);
}

struct at_ast_node *at_ast_lost(struct at_syntax_parser *p, at_span span) {
    return at_ast_leaf(p, span, AT_N_ERROR);
}

/* ---- names and literals */

struct at_ast_node *at_ast_name(struct at_syntax_parser *p, struct at_lex_word name) {
    return at_ast_named(p, name.span, AT_N_NAME, name);
}

struct at_ast_node *at_ast_member(struct at_syntax_parser *p, at_span span, struct at_ast_node *of,
                                  struct at_lex_word name) {
    return at_ast_named_one(p, span, AT_N_MEMBER, name, of);
}

struct at_ast_node *at_ast_call(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                struct at_syntax_list *args, struct at_lex_word by) {
    struct at_ast_node *node = at_ast_set_name(at_ast_list(p, span, AT_N_CALL, args), name);
    node->by = by.text;
    node->by_span = by.span;
    return node;
}

/* The span of WHERE is that of its condition: the grammar gives no place to the word. */
struct at_ast_node *at_ast_call_where(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                      struct at_ast_node *arg, struct at_lex_word by,
                                      struct at_ast_node *cond) {
    at_span place = cond ? cond->span : span;
    struct at_syntax_list *args = at_syntax_list_add(p, at_syntax_list_new(p), arg);
    at_syntax_list_add(p, args, at_ast_one(p, place, AT_N_WHERE, cond));
    return at_ast_call(p, span, name, args, by);
}

/* Texts of data are composed, too (table/cell.c). The formatter writes the bytes of the source. */
struct at_ast_node *at_ast_text_value(struct at_syntax_parser *p, struct at_ast_node *text) {
    text->text = at_text_compose(p->lexer.arena, text->text);
    return text;
}

struct at_ast_node *at_ast_call_ignoring(struct at_syntax_parser *p, at_span span, struct at_lex_word name,
                                         struct at_ast_node *arg, struct at_lex_word by) {
    struct at_syntax_list *args = at_syntax_list_add(p, at_syntax_list_new(p), arg);
    struct at_ast_node *node = at_ast_call(p, span, name, args, by);
    node->flags |= AT_F_IGNORING;
    return node;
}

struct at_ast_node *at_ast_flag(struct at_syntax_parser *p, at_span span, int yes) {
    struct at_ast_node *node = at_ast_leaf(p, span, AT_N_FLAG);
    node->day = yes;
    node->name_span = span;
    return node;
}

/* Parentheses are not a node. The span stays that of the inner expression, and the formatter
 * prints them from the flag. */
struct at_ast_node *at_ast_parens(struct at_syntax_parser *p, struct at_ast_node *inner) {
    (void)p;
    inner->flags |= AT_F_PARENS;
    return inner;
}

/* ---- operators */

struct at_ast_node *at_ast_unary(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                 at_span op_span, struct at_ast_node *operand) {
    struct at_ast_node *node = at_ast_one(p, span, kind, operand);
    node->name_span = op_span;
    return node;
}

struct at_ast_node *at_ast_binary(struct at_syntax_parser *p, at_span span, enum at_ast_kind kind,
                                  enum at_ast_op op, at_span op_span, struct at_ast_node *left,
                                  struct at_ast_node *right) {
    struct at_ast_node *node = at_ast_two(p, span, kind, left, right);
    node->op = (uint16_t)op;
    node->name_span = op_span;
    return node;
}

struct at_ast_node *at_ast_compare(struct at_syntax_parser *p, at_span span, enum at_ast_op op,
                                   at_span op_span, struct at_ast_node *left, struct at_ast_node *right,
                                   uint32_t flags) {
    struct at_ast_node *node = at_ast_binary(p, span, AT_N_COMPARE, op, op_span, left, right);
    node->flags |= flags;
    return node;
}

struct at_ast_node *at_ast_missing(struct at_syntax_parser *p, at_span span, at_span op_span,
                                   struct at_ast_node *operand, uint32_t flags) {
    struct at_ast_node *node = at_ast_unary(p, span, AT_N_MISSING, op_span, operand);
    node->flags |= flags;
    return node;
}

struct at_ast_node *at_ast_in(struct at_syntax_parser *p, at_span span, at_span op_span,
                              struct at_ast_node *value, struct at_syntax_list *list, uint32_t flags) {
    struct at_ast_node *node = at_ast_mixed(p, span, AT_N_IN, &value, 1, list, NULL, 0);
    node->name_span = op_span;
    node->flags |= flags;
    return node;
}

struct at_ast_node *at_ast_within(struct at_syntax_parser *p, at_span span, at_span op_span,
                                  struct at_ast_node *date, struct at_ast_node *duration,
                                  struct at_ast_node *of) {
    struct at_ast_node *node = at_ast_three(p, span, AT_N_WITHIN, date, duration, of);
    node->name_span = op_span;
    return node;
}

struct at_ast_node *at_ast_between(struct at_syntax_parser *p, at_span span, at_span op_span,
                                   struct at_ast_node *x, struct at_ast_node *low, struct at_ast_node *high) {
    struct at_ast_node *node = at_ast_three(p, span, AT_N_BETWEEN, x, low, high);
    node->name_span = op_span;
    return node;
}

struct at_ast_node *at_ast_through(struct at_syntax_parser *p, at_span span, struct at_ast_node *x,
                                   struct at_lex_word rates, struct at_ast_node *unit) {
    return at_ast_set_name(at_ast_two(p, span, AT_N_THROUGH, x, unit), rates);
}

struct at_ast_node *at_ast_if(struct at_syntax_parser *p, at_span span, struct at_ast_node *cond,
                              struct at_ast_node *yes, struct at_ast_node *no) {
    return at_ast_three(p, span, AT_N_IF, cond, yes, no);
}

/* `otherwise` is always the last child, after any number of arms. */
struct at_ast_node *at_ast_choose(struct at_syntax_parser *p, at_span span, struct at_syntax_list *arms,
                                  struct at_ast_node *otherwise) {
    return at_ast_mixed(p, span, AT_N_CHOOSE, NULL, 0, arms, &otherwise, 1);
}
