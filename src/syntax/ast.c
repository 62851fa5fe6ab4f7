/* syntax/ast.c: what is generic over all kinds of node: names, walking, comparing, printing. Trees are at
 * most AT_MAX_HEIGHT high, so recursion is safe. */
#include "syntax/ast.h"

static const char *const NAMES[] = {
#define AT_NODE(kind, name, children, payload) name,
#include "syntax/ast.def"
#undef AT_NODE
};

/* Parallel to enum at_ast_op. Golden tests keep these names, so a change here changes every dump. */
static const char *const OPS[] = {
    "",
    "+",
    "-",
    "*",
    "/",
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "sum",
    "count",
    "average",
    "min",
    "max",
    "from",
    "above",
    "at",
    "contribution",
    "by",
    "equally",
    "evenly",
    "by-days",
    "per",
    "half-up",
    "half-even",
    "down",
    "shares",
    "level",
    "as-paid",
    "as-rated-now",
    "as-never-sold",
    "ties-share",
    "ties-all",
    "ties-first",
};
_Static_assert(AT_COUNT(OPS) == AT_OP_TIES_FIRST + 1, "each operator has a name");

/* By the number of the bit, parallel to the AT_F_ constants. */
static const char *const FLAGS[] = {
    "key",       "label",        "optional", "managers",      "tie-below",
    "negatives", "recoverable",  "percent",  "bps",           "months",
    "not",       "is",           "parens",   "decimal-comma", "ignoring-missing",
    "in-points", "as-fractions", "carry",    "in-order",      "private",
    "by-day",    "decimal-point"};

const char *at_ast_kind_name(enum at_ast_kind kind) {
    return kind < AT_N_COUNT ? NAMES[kind] : "?";
}

struct at_ast_node *at_ast_child(const struct at_ast_node *node, enum at_ast_kind kind) {
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i] && node->child[i]->kind == kind) return node->child[i];
    return NULL;
}

/* Absent children are NULL, so a walk skips them here instead of in each visitor. */
void at_ast_walk(const struct at_ast_node *node, bool (*visit)(void *context, const struct at_ast_node *node),
                 void *context) {
    if (!node || !visit(context, node)) return;
    for (uint32_t i = 0; i < node->n; i++)
        at_ast_walk(node->child[i], visit, context);
}

/* ---- comparing */

static bool is_number(const struct at_ast_node *node) {
    return node->kind == AT_N_NUMBER || node->kind == AT_N_MONEY || node->kind == AT_N_DURATION;
}

/* 40k and 40,000 are the same. Wide numbers are the same only if they are written the same,
 * because comparing them needs scratch memory. */
static bool same_value(const struct at_ast_node *a, const struct at_ast_node *b) {
    if (at_str_eq(a->text, b->text)) return true;
    if (a->value.form >= AT_NUM_WIDE || b->value.form >= AT_NUM_WIDE) return false;
    return at_num_cmp(NULL, a->value, b->value) == 0;
}

/* The text of a literal is its spelling, which does not matter. The text of every other node is
 * its meaning. */
static bool same_payload(const struct at_ast_node *a, const struct at_ast_node *b) {
    if (is_number(a)) return same_value(a, b) && at_str_eq(a->unit, b->unit);
    if (a->kind == AT_N_DATE || a->kind == AT_N_FLAG) return a->day == b->day;
    if (a->kind == AT_N_PERIOD)
        return a->period.kind == b->period.kind && a->period.ordinal == b->period.ordinal;
    return at_str_eq(a->text, b->text) && at_str_eq(a->text2, b->text2) && at_str_eq(a->text3, b->text3) &&
           at_str_eq(a->by, b->by);
}

bool at_ast_same(const struct at_ast_node *a, const struct at_ast_node *b) {
    if (!a || !b) return a == b;
    if (a->kind != b->kind || a->op != b->op || a->n != b->n) return false;
    /* Parentheses are a flag only. The shape of the tree has their effect already. */
    if ((a->flags & ~(uint32_t)AT_F_PARENS) != (b->flags & ~(uint32_t)AT_F_PARENS) || !same_payload(a, b))
        return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (!at_ast_same(a->child[i], b->child[i])) return false;
    return true;
}

/* One step of a multiplicative hash. The hashes stay in memory, so their values may change
 * between versions. */
static uint64_t mixed(uint64_t hash, uint64_t more) {
    return (hash ^ more) * 0x9E3779B97F4A7C15u ^ hash >> 29;
}

static uint64_t mixed_text(uint64_t hash, at_str text) {
    return mixed(hash, at_str_hash(text));
}

/* A number that is written in two ways has one hash: see same_value. */
static uint64_t hash_payload(uint64_t hash, const struct at_ast_node *node) {
    if (is_number(node)) return mixed_text(mixed(hash, at_num_hash(node->value)), node->unit);
    if (node->kind == AT_N_DATE || node->kind == AT_N_FLAG) return mixed(hash, (uint32_t)node->day);
    if (node->kind == AT_N_PERIOD)
        return mixed(mixed(hash, node->period.kind), (uint32_t)node->period.ordinal);
    hash = mixed_text(mixed_text(hash, node->text), node->text2);
    return mixed_text(mixed_text(hash, node->text3), node->by);
}

/* Must depend only on what at_ast_same compares: kind, op, children, flags without parentheses,
 * and payload. */
uint64_t at_syntax_node_hash(const struct at_ast_node *node) {
    if (!node) return 0;
    uint64_t hash =
        mixed(mixed((uint64_t)node->kind << 16 | node->op, node->n), node->flags & ~(uint32_t)AT_F_PARENS);
    hash = hash_payload(hash, node);
    for (uint32_t i = 0; i < node->n; i++)
        hash = mixed(hash, at_syntax_node_hash(node->child[i]));
    return hash;
}

/* ---- printing */

static void dump_text(const char *key, at_str text, struct at_sink *out) {
    if (text.n == 0) return;
    at_sink_z(out, key);
    at_sink_json(out, text);
}

static void dump_head(const struct at_ast_node *node, struct at_sink *out) {
    at_sink_z(out, NAMES[node->kind]);
    if (node->op) {
        at_sink_z(out, " ");
        at_sink_z(out, OPS[node->op]);
    }
    dump_text(" ", node->text, out);
    dump_text(" text2=", node->text2, out);
    dump_text(" text3=", node->text3, out);
    dump_text(" by=", node->by, out);
    dump_text(" unit=", node->unit, out);
    if (node->kind == AT_N_FLAG) at_sink_z(out, node->day ? " yes" : " no");
    for (unsigned i = 0; i < AT_COUNT(FLAGS); i++)
        if (node->flags & 1u << i) at_sink_printf(out, " :%s", FLAGS[i]);
}

/* An absent child prints as `-`, so that the roles of the children after it stay recognizable by
 * position. */
static void dump(const struct at_ast_node *node, unsigned indent, struct at_sink *out) {
    for (unsigned i = 0; i < indent; i++)
        at_sink_z(out, "  ");
    if (!node) {
        at_sink_z(out, "-");
        return;
    }
    at_sink_z(out, "(");
    dump_head(node, out);
    for (uint32_t i = 0; i < node->n; i++) {
        at_sink_z(out, "\n");
        dump(node->child[i], indent + 1, out);
    }
    at_sink_z(out, ")");
}

void at_ast_dump(const struct at_ast_node *node, struct at_sink *out) {
    dump(node, 0, out);
    at_sink_z(out, "\n");
}
