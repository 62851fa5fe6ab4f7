/* syntax/ast.h: the tree of a policy: one node struct, kinds with shapes (ast.def), immutable after parsing.
 *
 * Nodes are in the policy arena. Ids are dense over all files of one policy (`use` included), so the results
 * of the checker are in side arrays by id and the formatter, the diff and editors use the same tree.
 */
#ifndef AT_SYNTAX_AST_H
#define AT_SYNTAX_AST_H

#include "base/calendar.h"
#include "base/num.h"
#include "base/sink.h"
#include "diag/source.h"

/* The kinds, in the order of ast.def. `child` and the texts of a node mean what ast.def states
 * for its kind. */
enum at_ast_kind {
#define AT_NODE(kind, name, children, payload) AT_N_##kind,
#include "syntax/ast.def"
#undef AT_NODE
    AT_N_COUNT
};

/* The variant of a node within its kind. ast.c has a parallel table of printed names, in this
 * order. */
enum at_ast_op {
    AT_OP_NONE,
    AT_OP_ADD,
    AT_OP_SUB,
    AT_OP_MUL,
    AT_OP_DIV,
    AT_OP_EQ,
    AT_OP_NE,
    AT_OP_LT,
    AT_OP_LE,
    AT_OP_GT,
    AT_OP_GE,
    AT_OP_SUM,
    AT_OP_COUNT,
    AT_OP_AVERAGE,
    AT_OP_MIN,
    AT_OP_MAX,
    AT_OP_FROM,
    AT_OP_ABOVE,
    AT_OP_POINT,
    AT_OP_CONTRIBUTION,
    AT_OP_BY,
    AT_OP_EQUALLY,
    AT_OP_EVENLY,
    AT_OP_BY_DAYS,
    AT_OP_PER,
    AT_OP_HALF_UP,
    AT_OP_HALF_EVEN,
    AT_OP_DOWN,
    AT_OP_SHARES,  /* `split at` */
    AT_OP_LEVEL,   /* `split to level` */
    AT_OP_AS_PAID, /* methods of `clawback` */
    AT_OP_AS_RATED,
    AT_OP_AS_SOLD,
    AT_OP_TIES_SHARE, /* `ties share` */
    AT_OP_TIES_ALL,
    AT_OP_TIES_FIRST
};

/* Flags of a node, each a bit. ast.def names the kinds that use one. ast.c prints them in this
 * order. */
enum {
    AT_F_KEY = 1 << 0,
    AT_F_LABEL = 1 << 1,
    AT_F_OPTIONAL = 1 << 2,
    AT_F_MANAGERS = 1 << 3,
    AT_F_TIE_BELOW = 1 << 4,
    AT_F_NEGATIVES = 1 << 5,
    AT_F_RECOVERABLE = 1 << 6,
    AT_F_PERCENT = 1 << 7,
    AT_F_BPS = 1 << 8,
    AT_F_MONTHS = 1 << 9,
    AT_F_NOT = 1 << 10,
    AT_F_IS = 1 << 11,
    AT_F_PARENS = 1 << 12, /* stood in parentheses of its own */
    AT_F_DECIMAL_COMMA = 1 << 13,
    AT_F_IGNORING = 1 << 14,     /* ignoring missing */
    AT_F_IN_POINTS = 1 << 15,    /* percent in points: 25 in the file is 25% */
    AT_F_AS_FRACTIONS = 1 << 16, /* percent as fractions: 0.25 in the file is 25% */
    AT_F_CARRY = 1 << 17,        /* a DRAW that is written `carry total below $0` */
    AT_F_IN_ORDER = 1 << 18,     /* of BYROWS */
    AT_F_PRIVATE = 1 << 19,      /* of POOL: statements do not show its amount */
    AT_F_BY_DAY = 1 << 20,       /* of a POOL: with the members of each day */
    AT_F_DECIMAL_POINT = 1 << 21 /* the file writes 1,234.56: commas divide thousands */
};

/* One construct of the source. Only the parser writes a node. After parsing, several threads may share a
 * tree. Which member of the union holds a value depends on `kind`:
 *
 *     NUMBER, MONEY, DURATION   value    NUMBER of 12.5% is 0.125, DURATION counts days or months
 *     DATE                      day      days, as in base/calendar.h
 *     FLAG                      day      0 or 1
 *     PERIOD                    period
 *     all others                none */
struct at_ast_node {
    uint16_t kind; /* enum at_ast_kind */
    uint16_t op;   /* enum at_ast_op, where the kind's shape names one */
    uint32_t flags;
    /* The index of side arrays. Unique among the parsed nodes of all ASTs that share one source map. */
    uint32_t id;
    uint32_t n;        /* children */
    uint32_t height;   /* of the tree below: a leaf is 1; limited, so that recursion over a tree is safe */
    at_span span;      /* the whole construct */
    at_span name_span; /* of `text`, where it is a name in the source; of the operator, for operators */
    at_str text, text2, text3, by; /* see ast.def; decoded; n == 0: not there */
    at_span span2, span3, by_span; /* of text2, text3, by */
    at_str unit;                   /* MONEY */
    union {
        at_num value;
        int32_t day; /* DATE, FLAG */
        at_period period;
    };
    struct at_ast_node **child; /* n of them, NULL where absent */
};

/* Comments are not nodes, because a comment can be anywhere between two tokens. The formatter
 * places them again by offset. */
struct at_ast_comment {
    at_span span;  /* from # to the end of the line, without it */
    bool own_line; /* nothing but spaces before it on its line */
};

/* What `without` leaves out of the policy that is extended. */
struct at_ast_left_out {
    at_str name;
    at_span span; /* of the name after `without` */
};

/* A policy with all files that it uses. Everything that it points to is in `arena`, except the
 * texts of the files, which the source map holds. */
struct at_ast {
    struct at_arena *arena;          /* view */
    struct at_diag_sources *sources; /* view */
    struct at_ast_node *
        *files; /* FILE nodes: the policy itself first, then what it uses, in order of first use */
    uint32_t n_files;
    struct at_ast_node *own;     /* the policy's file as it is written; files[0] has what it extends, too */
    const struct at_ast *before; /* the policy that this one continues; NULL: none */
    struct at_ast_left_out *left_out;
    uint32_t n_left_out;
    /* An expression that is asked besides the statements, for each payee and period, or once. NULL: none. */
    const struct at_ast_node *asked;
    bool asked_once;
    uint32_t n_nodes;                /* ids are below this */
    struct at_ast_comment *comments; /* of all files, by offset within each */
    uint32_t n_comments;
    size_t comments_room;
};

const char *at_ast_kind_name(enum at_ast_kind kind);
struct at_ast_node *at_ast_child(const struct at_ast_node *node,
                                 enum at_ast_kind kind); /* first child of the kind, or NULL */
/* Pre-order; `visit` returns false to leave the children out. */
void at_ast_walk(const struct at_ast_node *node, bool (*visit)(void *context, const struct at_ast_node *node),
                 void *context);
/* The same construct, whatever its layout, parentheses and comments: for tests and for the edits between
 * versions. */
bool at_ast_same(const struct at_ast_node *a, const struct at_ast_node *b);
/* The same for nodes that are the same. NULL has one as well. */
uint64_t at_syntax_node_hash(const struct at_ast_node *node);
/* S-expressions, indented; the form that golden tests keep. */
void at_ast_dump(const struct at_ast_node *node, struct at_sink *out);

#endif
