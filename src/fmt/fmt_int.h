/* fmt/fmt_int.h: shared by the files of this module: the page that is being written (page.c), expressions
 * (expr.c), statements (statement.c, block.c). */
#ifndef AT_FMT_FMT_INT_H
#define AT_FMT_FMT_INT_H

#include "base/vec.h"
#include "fmt/fmt.h"

/* The widest line in columns, without a comment at its end. Literals and names are never divided, so a
 * line can still be wider. */
enum { AT_FMT_WIDTH = 110 };

/* A finished line. `comment` is the one at its end, apart from `text`, because its column depends on the
 * lines next to it. */
struct at_fmt_line {
    at_str text, comment;
};

/* The page while it is written. Comments are in source order, and each is written once: `comment` only
 * moves forward. Therefore callers must ask for offsets in ascending order. */
struct at_fmt {
    struct at_arena *arena; /* view */
    const struct at_ast *ast;
    const struct at_diag_source_file *source;
    const struct at_ast_comment *comment, *comments_end; /* those not yet written */
    struct at_text line;                                 /* the current line */
    unsigned column;                                     /* its width */
    bool started;                                        /* it has been begun, be it empty */
    struct {
        struct at_fmt_line *at;
        size_t n, room;
    } lines;
};

/* ---- page.c */
void at_fmt_start(struct at_fmt *f, struct at_arena *arena, const struct at_ast *ast,
                  const struct at_ast_node *file);
void at_fmt_str(struct at_fmt *f, at_str s);
void at_fmt_z(struct at_fmt *f, const char *z);
void at_fmt_pad(struct at_fmt *f, unsigned column); /* spaces up to a column, at least one if text is there */
unsigned at_fmt_column(const struct at_fmt *f);
at_str at_fmt_source(const struct at_fmt *f, at_span span);
/* Ends the current line and begins another for the source text at `offset`. First writes the comments before
 * that text. A comment that followed something on its line goes at the end of the line. The other comments go
 * on lines of their own. `blanks`: blank lines before comments and before the offset are kept, as one. */
void at_fmt_break(struct at_fmt *f, uint32_t offset, unsigned indent, bool blanks);
/* The same for a closing brace: comments before it are indented like what it closes. */
void at_fmt_close(struct at_fmt *f, uint32_t offset, unsigned indent);
/* Ends the current line, with the comment that followed it on its line in the source. */
void at_fmt_end(struct at_fmt *f, uint32_t offset);
void at_fmt_blank(struct at_fmt *f); /* a blank line, unless there is one or nothing before */
bool at_fmt_blank_before(const struct at_fmt *f, uint32_t offset);
/* The first comment not yet written that begins at the offset or after it; comments_end: none. */
const struct at_ast_comment *at_fmt_comment_from(const struct at_fmt *f, uint32_t offset);
bool at_fmt_commented(const struct at_fmt *f, at_span span); /* a comment not yet written stands inside */
void at_fmt_print(struct at_fmt *f, struct at_sink *out);

/* ---- expr.c; `level` is how tightly an operand must bind to stand without parentheses */
/* Ascending: each level binds tighter than the one before it. They follow the expression rules of
 * grammar/attain.y. A wrong order would omit parentheses that the parser needs. */
enum at_fmt_level {
    AT_L_EXPR,
    AT_L_OR,
    AT_L_AND,
    AT_L_NOT,
    AT_L_COMPARE,
    AT_L_SUM,
    AT_L_OF,
    AT_L_SLICE,
    AT_L_PRODUCT,
    AT_L_UNARY,
    AT_L_POSTFIX,
    AT_L_PRIMARY
};
at_str at_fmt_flat(struct at_fmt *f, const struct at_ast_node *expr,
                   enum at_fmt_level level); /* on one line */
void at_fmt_expr(struct at_fmt *f, const struct at_ast_node *expr, enum at_fmt_level level, unsigned indent);
bool at_fmt_is_sum(
    const struct at_ast_node *expr); /* terms joined by + and -, without parentheses around them */
bool at_fmt_spreads(const struct at_ast_node *expr); /* holds what always takes several lines */
/* The terms of a sum: the first after `indent` + 2 spaces, the others after `indent` spaces and their sign.
 */
void at_fmt_sum(struct at_fmt *f, const struct at_ast_node *expr, unsigned indent);
bool at_fmt_is_number(const struct at_ast_node *node); /* a literal whose digits are aligned at their end */
bool at_fmt_fits(const struct at_fmt *f, at_str text);

/* ---- block.c: statements with braces and columns */
bool at_fmt_block(struct at_fmt *f, const struct at_ast_node *node); /* false where it is none of them */
/* Clauses of a credit or an aggregate, one a line. */
void at_fmt_clauses(struct at_fmt *f, struct at_ast_node *const *clauses, uint32_t n);
at_str at_fmt_clause(struct at_fmt *f, const struct at_ast_node *clause, const char **word);

/* ---- statement.c: statements that are a sentence */
/* `whole` begins with the bytes of `head`. at_fmt_statement relies on it to fill up the head alone. */
struct at_fmt_sentence {
    at_str head;  /* up to the `=`, or all of it up to the first part */
    at_str whole; /* on one line; n == 0: it takes several */
};
struct at_fmt_sentence at_fmt_sentence(struct at_fmt *f, const struct at_ast_node *node);
/* The head is filled up to `head_width`. */
void at_fmt_statement(struct at_fmt *f, const struct at_ast_node *node, unsigned head_width);

#endif
