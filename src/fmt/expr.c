/* fmt/expr.c: expressions, on one line where they fit, broken before their loosest operators where they do
 * not. */
#include <limits.h>
#include <string.h>

#include "fmt/fmt_int.h"

/* The text of an expression on one line, or as much of it as may be known: a text that is too wide, or that
 * never is on one line, is given up at once. An expression inside another one is tried at every level, and
 * would be written whole each time. */
struct flat {
    struct at_fmt *f;
    struct at_text text;
    unsigned width, most; /* columns; UINT_MAX: any */
    bool choices;         /* `choose` may be on one line */
    bool given_up;
};

/* The width is not counted if any width is permitted: counting needs time for each byte. */
static void put(struct flat *out, at_str s) {
    if (out->most != UINT_MAX) out->width += at_utf8_width(s);
    if (out->width > out->most) out->given_up = true;
    if (!out->given_up) at_text_add(out->f->arena, &out->text, s);
}

static void putz(struct flat *out, const char *z) {
    put(out, at_str_z(z));
}

/* The level at which the grammar produces the node. It must agree with grammar/attain.y. */
static enum at_fmt_level level_of(const struct at_ast_node *node) {
    switch (node->kind) {
    case AT_N_OTHERWISE:
    case AT_N_IF: return AT_L_EXPR;
    case AT_N_OR: return AT_L_OR;
    case AT_N_AND: return AT_L_AND;
    case AT_N_NOT: return AT_L_NOT;
    case AT_N_COMPARE:
    case AT_N_MISSING:
    case AT_N_IN:
    case AT_N_WITHIN: return AT_L_COMPARE;
    case AT_N_ARITH: return node->op == AT_OP_ADD || node->op == AT_OP_SUB ? AT_L_SUM : AT_L_PRODUCT;
    case AT_N_OF: return AT_L_OF;
    case AT_N_OVER:
    case AT_N_UPTO:
    case AT_N_BETWEEN:
    case AT_N_THROUGH: return AT_L_SLICE;
    case AT_N_ASOF:
    case AT_N_TIES:
    case AT_N_CONVERT:
    case AT_N_NEG: return AT_L_UNARY;
    case AT_N_MEMBER: return AT_L_POSTFIX;
    default: return AT_L_PRIMARY;
    }
}

/* A bound may hold an `of`, whose base is a bound again.
 * Returns whether the node can be a bound of a slice without parentheses. */
static bool is_bound(const struct at_ast_node *node) {
    if (node->flags & AT_F_PARENS) return true;
    return node->kind == AT_N_OF ? is_bound(node->child[1]) : level_of(node) >= AT_L_PRODUCT;
}

/* Parentheses of the author stay, even if the grammar does not need them. */
static bool parens(const struct at_ast_node *node, enum at_fmt_level level) {
    return node->flags & AT_F_PARENS || level_of(node) < level;
}

static const char *comparison(const struct at_ast_node *node) {
    bool is = node->flags & AT_F_IS;
    switch (node->op) {
    case AT_OP_EQ: return is ? " is " : " = ";
    case AT_OP_NE: return is ? " is not " : " <> ";
    case AT_OP_LT: return " < ";
    case AT_OP_LE: return " <= ";
    case AT_OP_GT: return " > ";
    default: return " >= ";
    }
}

static const char *arithmetic(const struct at_ast_node *node) {
    return node->op == AT_OP_ADD   ? " + "
           : node->op == AT_OP_SUB ? " - "
           : node->op == AT_OP_MUL ? " * "
                                   : " / ";
}

/* ---- the text between and around the operands of a kind: one table for both layouts */

/* For a node of n children: before[0] child[0] before[1] child[1] ... before[n]. before[0] is NULL for
 * kinds that need code of their own. level[i] is the weakest level that child i has without parentheses. */
struct joint {
    const char *before[4]; /* text before child i, and after the last */
    enum at_fmt_level level[3];
};

static struct joint joint_of(const struct at_ast_node *node) {
    bool not = node->flags & AT_F_NOT;
    switch (node->kind) {
    /* Most operators are left-associative, so the right operand needs a higher level than the left. `of`
     * is right-associative. */
    case AT_N_OR: return (struct joint){{"", " or ", ""}, {AT_L_OR, AT_L_AND}};
    case AT_N_AND: return (struct joint){{"", " and ", ""}, {AT_L_AND, AT_L_NOT}};
    case AT_N_NOT: return (struct joint){{"not ", ""}, {AT_L_NOT}};
    case AT_N_COMPARE: return (struct joint){{"", comparison(node), ""}, {AT_L_SUM, AT_L_SUM}};
    case AT_N_MISSING: return (struct joint){{"", not ? " is not missing" : " is missing"}, {AT_L_SUM}};
    case AT_N_WITHIN: return (struct joint){{"", " within ", " of ", ""}, {AT_L_SUM, AT_L_POSTFIX, AT_L_SUM}};
    case AT_N_ASOF: return (struct joint){{"", " as of ", ""}, {AT_L_POSTFIX, AT_L_POSTFIX}};
    case AT_N_TIES:
        if (node->op == AT_OP_TIES_FIRST)
            return (struct joint){{"", " ties first by ", ""}, {AT_L_PRIMARY, AT_L_POSTFIX}};
        return (struct joint){{"", node->op == AT_OP_TIES_ALL ? " ties all" : " ties share"}, {AT_L_PRIMARY}};
    case AT_N_ARITH:
        if (level_of(node) == AT_L_SUM)
            return (struct joint){{"", arithmetic(node), ""}, {AT_L_SUM, AT_L_OF}};
        return (struct joint){{"", arithmetic(node), ""}, {AT_L_PRODUCT, AT_L_UNARY}};
    case AT_N_OF: return (struct joint){{"", " of ", ""}, {AT_L_PRODUCT, AT_L_OF}};
    case AT_N_OVER: return (struct joint){{"", " over ", ""}, {AT_L_PRODUCT, AT_L_OF}};
    case AT_N_UPTO: return (struct joint){{"", " up to ", ""}, {AT_L_PRODUCT, AT_L_OF}};
    case AT_N_BETWEEN:
        return (struct joint){{"", " between ", " and ", ""}, {AT_L_PRODUCT, AT_L_OF, AT_L_OF}};
    case AT_N_NEG: return (struct joint){{"-", ""}, {AT_L_UNARY}};
    case AT_N_OTHERWISE: return (struct joint){{"", " otherwise ", ""}, {AT_L_EXPR, AT_L_POSTFIX}};
    case AT_N_IF: return (struct joint){{"if ", " then ", " else ", ""}, {AT_L_EXPR, AT_L_EXPR, AT_L_EXPR}};
    default: return (struct joint){{NULL}, {0}};
    }
}

/* A bound that the grammar does not accept gets parentheses. Its level in the table alone would omit them. */
static enum at_fmt_level child_level(const struct at_ast_node *node, const struct joint *joint, uint32_t i) {
    bool bound = i > 0 && (node->kind == AT_N_OVER || node->kind == AT_N_UPTO || node->kind == AT_N_BETWEEN);
    return bound && !is_bound(node->child[i]) ? AT_L_PRIMARY : joint->level[i];
}

/* ---- on one line */

static void flat(struct flat *out, const struct at_ast_node *node, enum at_fmt_level level);

/* `by` follows the first argument, in a call such as `rank(x by region)` or `trailing(x by period, 3)`. */
static void flat_list(struct flat *out, const struct at_ast_node *node, uint32_t first) {
    putz(out, "(");
    for (uint32_t i = first; i < node->n; i++) {
        if (node->child[i]->kind == AT_N_WHERE) break;
        if (i > first) putz(out, ", ");
        flat(out, node->child[i], AT_L_EXPR);
        if (i > 0 || node->by.n == 0) continue;
        putz(out, " by ");
        put(out, at_fmt_source(out->f, node->by_span));
    }
    const struct at_ast_node *where = node->n ? node->child[node->n - 1] : NULL;
    if (where && where->kind == AT_N_WHERE) {
        putz(out, " where ");
        flat(out, where->child[0], AT_L_EXPR);
    }
    if (node->flags & AT_F_IGNORING) putz(out, " ignoring missing");
    putz(out, ")");
}

/* All children but the last are arms of a condition and a value. The last is the value of `otherwise`. */
static void flat_choose(struct flat *out, const struct at_ast_node *node) {
    putz(out, "choose { ");
    for (uint32_t i = 0; i + 1 < node->n; i++) {
        putz(out, "when ");
        flat(out, node->child[i]->child[0], AT_L_EXPR);
        putz(out, ": ");
        flat(out, node->child[i]->child[1], AT_L_EXPR);
        putz(out, " ");
    }
    putz(out, "otherwise: ");
    flat(out, node->child[node->n - 1], AT_L_EXPR);
    putz(out, " }");
}

static void flat_through(struct flat *out, const struct at_ast_node *node) {
    flat(out, node->child[0], AT_L_PRODUCT);
    putz(out, " through ");
    put(out, at_fmt_source(out->f, node->name_span));
    if (!node->child[1]) return;
    putz(out, " of ");
    flat(out, node->child[1], AT_L_PRODUCT);
}

/* `average fx(day) over month` */
static void flat_rate(struct flat *out, const struct at_ast_node *node) {
    if (node->text2.n) putz(out, "average ");
    put(out, at_fmt_source(out->f, node->name_span));
    putz(out, "(");
    flat(out, node->child[0], AT_L_EXPR);
    putz(out, ")");
    if (!node->text2.n) return;
    putz(out, " over ");
    put(out, at_fmt_source(out->f, node->span2));
}

static void flat_convert(struct flat *out, const struct at_ast_node *node) {
    flat(out, node->child[0], AT_L_POSTFIX);
    putz(out, " as ");
    put(out, at_fmt_source(out->f, node->name_span));
    putz(out, " at ");
    flat(out, node->child[1], AT_L_PRIMARY);
}

static void flat_bare(struct flat *out, const struct at_ast_node *node) {
    struct joint joint = joint_of(node);
    if (joint.before[0]) {
        for (uint32_t i = 0; i < node->n; i++) {
            putz(out, joint.before[i]);
            flat(out, node->child[i], child_level(node, &joint, i));
        }
        putz(out, joint.before[node->n]);
        return;
    }
    switch (node->kind) {
    case AT_N_THROUGH: flat_through(out, node); return;
    case AT_N_CONVERT: flat_convert(out, node); return;
    case AT_N_RATEAT: flat_rate(out, node); return;
    case AT_N_CHOOSE: flat_choose(out, node); return;
    case AT_N_CALL:
        put(out, at_fmt_source(out->f, node->name_span));
        flat_list(out, node, 0);
        return;
    case AT_N_IN:
        flat(out, node->child[0], AT_L_SUM);
        putz(out, node->flags & AT_F_NOT ? " not in " : " in ");
        flat_list(out, node, 1);
        return;
    case AT_N_MEMBER:
        flat(out, node->child[0], AT_L_POSTFIX);
        putz(out, ".");
        put(out, at_fmt_source(out->f, node->name_span));
        return;
    default: put(out, at_fmt_source(out->f, node->span)); /* names and literals stand as they were written */
    }
}

static void flat(struct flat *out, const struct at_ast_node *node, enum at_fmt_level level) {
    bool in_parens = parens(node, level);
    if (node->kind == AT_N_CHOOSE && !out->choices) out->given_up = true;
    if (node->height - 1 > out->most) out->given_up = true; /* each level has a column at least */
    if (out->given_up) return;
    if (in_parens) putz(out, "(");
    flat_bare(out, node);
    if (in_parens) putz(out, ")");
}

at_str at_fmt_flat(struct at_fmt *f, const struct at_ast_node *expr, enum at_fmt_level level) {
    struct flat out = {.f = f, .most = UINT_MAX, .choices = true};
    flat(&out, expr, level);
    return at_text_str(&out.text);
}

/* The columns of the text on one line; more than AT_FMT_WIDTH, but not how many more, where they are more. */
static unsigned flat_width(struct at_fmt *f, const struct at_ast_node *expr, enum at_fmt_level level) {
    struct flat out = {.f = f, .most = AT_FMT_WIDTH, .choices = true};
    flat(&out, expr, level);
    return out.width;
}

/* The text on one line, where that is its layout and it fits into this line; n == 0: no. */
static at_str flat_here(struct at_fmt *f, const struct at_ast_node *expr, enum at_fmt_level level) {
    unsigned column = at_fmt_column(f);
    struct flat out = {.f = f, .most = column < AT_FMT_WIDTH ? AT_FMT_WIDTH - column : 0};
    if (at_fmt_commented(f, expr->span)) return (at_str){"", 0};
    flat(&out, expr, level);
    return out.given_up ? (at_str){"", 0} : at_text_str(&out.text);
}

/* ---- over several lines */

bool at_fmt_is_number(const struct at_ast_node *node) {
    return node->kind == AT_N_NUMBER || node->kind == AT_N_MONEY;
}

bool at_fmt_is_sum(const struct at_ast_node *expr) {
    return expr->kind == AT_N_ARITH && level_of(expr) == AT_L_SUM && !(expr->flags & AT_F_PARENS);
}

bool at_fmt_spreads(const struct at_ast_node *expr) {
    if (!expr) return false;
    if (expr->kind == AT_N_CHOOSE) return true;
    for (uint32_t i = 0; i < expr->n; i++)
        if (at_fmt_spreads(expr->child[i])) return true;
    return false;
}

/* Returns whether `left` continues the chain. Parentheses end it, because they must stay around their
 * operands. */
static bool same_chain(const struct at_ast_node *node, const struct at_ast_node *left) {
    if (left->flags & AT_F_PARENS) return false;
    return node->kind == AT_N_ARITH ? at_fmt_is_sum(left) : left->kind == node->kind;
}

/* A chain of one operator: operand by operand, each operator at the start of its line. */
static void chain(struct at_fmt *f, const struct at_ast_node *node, unsigned indent,
                  unsigned operand_indent) {
    struct joint joint = joint_of(node);
    if (same_chain(node, node->child[0]))
        chain(f, node->child[0], indent, operand_indent);
    else
        at_fmt_expr(f, node->child[0], joint.level[0], operand_indent);
    /* name_span is the operator. Comments before it stay before it. */
    at_fmt_break(f, node->name_span.start, indent, false);
    /* Without the space that the table has before an operator: here it starts a line. */
    at_fmt_z(f, joint.before[1] + 1);
    at_fmt_expr(f, node->child[1], joint.level[1], operand_indent);
}

void at_fmt_sum(struct at_fmt *f, const struct at_ast_node *expr, unsigned indent) {
    chain(f, expr, indent, indent + 2);
}

/* Fills lines as far as they go. The 2 columns are the space before an argument and the separator after
 * it. */
static void broken_list(struct at_fmt *f, const struct at_ast_node *node, uint32_t first, unsigned indent) {
    at_fmt_z(f, "(");
    for (uint32_t i = first; i < node->n; i++) {
        const struct at_ast_node *child = node->child[i];
        if (child->kind == AT_N_WHERE) break;
        if (i > first) at_fmt_z(f, ",");
        if (i > first && at_fmt_column(f) + flat_width(f, child, AT_L_EXPR) + 2 > AT_FMT_WIDTH)
            at_fmt_break(f, child->span.start, indent, false);
        else if (i > first)
            at_fmt_z(f, " ");
        at_fmt_expr(f, child, AT_L_EXPR, indent);
        if (i > 0 || node->by.n == 0) continue;
        at_fmt_z(f, " by ");
        at_fmt_str(f, at_fmt_source(f, node->by_span));
    }
    const struct at_ast_node *where = node->n ? node->child[node->n - 1] : NULL;
    if (where && where->kind == AT_N_WHERE) {
        at_fmt_z(f, " where ");
        at_fmt_expr(f, where->child[0], AT_L_EXPR, indent);
    }
    if (node->flags & AT_F_IGNORING) at_fmt_z(f, " ignoring missing");
    at_fmt_z(f, ")");
}

/* The columns of an arm up to its colon; 0: the condition takes several lines. */
static unsigned arm_width(struct at_fmt *f, const struct at_ast_node *arm) {
    bool flat = !at_fmt_commented(f, arm->child[0]->span) && !at_fmt_spreads(arm->child[0]);
    return flat ? 5 + flat_width(f, arm->child[0], AT_L_EXPR) + 1 : 0;
}

/* Values begin in one column, unless a condition is so wide that they would be far from the others. Number
 * literals end in one column, as in `rates`. */
static void broken_choose(struct at_fmt *f, const struct at_ast_node *node, unsigned indent) {
    const struct at_ast_node *otherwise = node->child[node->n - 1];
    unsigned widest = 10, digits = 0;
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *arm = node->child[i], *value = i + 1 < node->n ? arm->child[1] : arm;
        unsigned width = i + 1 < node->n ? arm_width(f, arm) : 0;
        if (width > widest && indent + 2 + width <= AT_FMT_WIDTH / 2) widest = width;
        unsigned n = at_fmt_is_number(value) ? flat_width(f, value, AT_L_EXPR) : 0;
        if (n > digits) digits = n;
    }
    at_fmt_z(f, "choose {");
    for (uint32_t i = 0; i < node->n; i++) {
        bool last = i + 1 == node->n;
        const struct at_ast_node *arm = node->child[i], *value = last ? otherwise : arm->child[1];
        at_fmt_break(f, arm->span.start, indent + 2, !last);
        at_fmt_z(f, last ? "otherwise:" : "when ");
        if (!last) at_fmt_expr(f, arm->child[0], AT_L_EXPR, indent + 4);
        if (!last) at_fmt_z(f, ":");
        unsigned column = indent + 2 + widest + 1;
        if (at_fmt_is_number(value)) column += digits - flat_width(f, value, AT_L_EXPR);
        at_fmt_pad(f, column);
        at_fmt_expr(f, value, AT_L_EXPR, indent + 4);
    }
    at_fmt_close(f, node->span.end - 1, indent);
    at_fmt_z(f, "}");
}

static void broken_if(struct at_fmt *f, const struct at_ast_node *node, unsigned indent) {
    at_fmt_z(f, "if ");
    at_fmt_expr(f, node->child[0], AT_L_EXPR, indent + 4);
    at_fmt_break(f, node->child[1]->span.start, indent + 2, false);
    at_fmt_z(f, "then ");
    at_fmt_expr(f, node->child[1], AT_L_EXPR, indent + 4);
    at_fmt_break(f, node->child[2]->span.start, indent + 2, false);
    at_fmt_z(f, "else ");
    /* `else if` continues at the same indentation, so that a long chain does not move to the right. */
    bool goes_on = node->child[2]->kind == AT_N_IF && !(node->child[2]->flags & AT_F_PARENS);
    at_fmt_expr(f, node->child[2], AT_L_EXPR, goes_on ? indent : indent + 4);
}

/* Whether an operand has places to break after its first characters, so that it may begin at the end of a
 * line.
 */
static bool opens(const struct at_ast_node *node) {
    return node->flags & AT_F_PARENS || node->kind == AT_N_CHOOSE || (node->kind == AT_N_CALL && node->n > 0);
}

/* Breaks before a word between operands if the operand after it does not fit on this line. Writes the word.
 */
static void put_joint(struct at_fmt *f, const struct at_ast_node *node, uint32_t i, const char *word,
                      unsigned indent) {
    const struct at_ast_node *child = node->child[i];
    bool room = at_fmt_column(f) + 24 <= AT_FMT_WIDTH; /* for a first operand in parentheses */
    bool stays =
        word[0] != ' ' || ((opens(child) || at_fmt_spreads(child)) && room) || at_fmt_column(f) <= indent + 2;
    bool fits = at_fmt_column(f) + strlen(word) + flat_width(f, child, AT_L_EXPR) <= AT_FMT_WIDTH;
    if (stays || fits) {
        at_fmt_z(f, word);
        return;
    }
    at_fmt_break(f, child->span.start, indent + 2, false);
    at_fmt_z(f, word + 1);
}

/* The same text as flat_bare, with breaks. A kind without a place to break can break only inside its
 * operands. */
static void broken(struct at_fmt *f, const struct at_ast_node *node, unsigned indent) {
    struct joint joint = joint_of(node);
    bool sum = node->kind == AT_N_ARITH && level_of(node) == AT_L_SUM;
    if (node->kind == AT_N_OR || node->kind == AT_N_AND || sum) {
        chain(f, node, indent, indent + 2);
    } else if (node->kind == AT_N_IF) {
        broken_if(f, node, indent);
    } else if (joint.before[0]) {
        for (uint32_t i = 0; i < node->n; i++) {
            put_joint(f, node, i, joint.before[i], indent);
            at_fmt_expr(f, node->child[i], child_level(node, &joint, i), indent);
        }
        at_fmt_z(f, joint.before[node->n]);
    } else if (node->kind == AT_N_CHOOSE) {
        broken_choose(f, node, indent);
    } else if (node->kind == AT_N_CALL) {
        at_fmt_str(f, at_fmt_source(f, node->name_span));
        broken_list(f, node, 0, indent + 2);
    } else if (node->kind == AT_N_IN) {
        at_fmt_expr(f, node->child[0], AT_L_SUM, indent);
        at_fmt_z(f, node->flags & AT_F_NOT ? " not in " : " in ");
        broken_list(f, node, 1, indent + 2);
    } else if (node->kind == AT_N_THROUGH) {
        at_fmt_expr(f, node->child[0], AT_L_PRODUCT, indent);
        at_str rates = at_fmt_source(f, node->name_span);
        if (at_fmt_column(f) + 9 + at_utf8_width(rates) > AT_FMT_WIDTH)
            at_fmt_break(f, node->name_span.start, indent + 2, false);
        else
            at_fmt_z(f, " ");
        at_fmt_z(f, "through ");
        at_fmt_str(f, rates);
        if (node->child[1]) put_joint(f, node, 1, " of ", indent);
        if (node->child[1]) at_fmt_expr(f, node->child[1], AT_L_PRODUCT, indent);
    } else if (node->kind == AT_N_CONVERT) {
        at_fmt_expr(f, node->child[0], AT_L_POSTFIX, indent);
        at_str how = at_fmt_flat(f, node->child[1], AT_L_PRIMARY);
        if (at_fmt_column(f) + 11 + at_utf8_width(how) > AT_FMT_WIDTH)
            at_fmt_break(f, node->name_span.start, indent + 2, false);
        else
            at_fmt_z(f, " ");
        at_fmt_z(f, "as ");
        at_fmt_str(f, at_fmt_source(f, node->name_span));
        at_fmt_z(f, " at ");
        at_fmt_str(f, how);
    } else if (node->kind == AT_N_MEMBER) {
        at_fmt_expr(f, node->child[0], AT_L_POSTFIX, indent);
        at_fmt_z(f, ".");
        at_fmt_str(f, at_fmt_source(f, node->name_span));
    } else {
        at_fmt_str(f, at_fmt_source(f, node->span));
    }
}

/* One line is always tried first, so only operands that are too wide are broken. */
void at_fmt_expr(struct at_fmt *f, const struct at_ast_node *expr, enum at_fmt_level level, unsigned indent) {
    at_str text = flat_here(f, expr, level);
    if (text.n) {
        at_fmt_str(f, text);
        return;
    }
    bool in_parens = parens(expr, level);
    if (in_parens) at_fmt_z(f, "(");
    broken(f, expr, in_parens ? indent + 1 : indent);
    if (in_parens) at_fmt_z(f, ")");
}
