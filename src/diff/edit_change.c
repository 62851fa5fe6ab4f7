/* diff/edit_change.c: finds the parts of a changed statement that differ, before and after. */
#include "base/vec.h"
#include "diff/edits_int.h"
#include "diff/match.h"
#include "syntax/plain.h"

at_str at_diff_edit_text(const struct at_diff_edits *edits, struct at_arena *arena,
                         const struct at_ast_node *node) {
    if (!node) return AT_STR("");
    at_str raw = at_lex_plain(arena, at_diag_sources_text(edits->new_ast->sources, node->span));
    char *out = at_arena_get(arena, (size_t)raw.n + 1);
    uint32_t n = 0;
    bool quoted = false, gap = false;
    for (uint32_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '"' && (i == 0 || raw.p[i - 1] != '\\')) quoted = !quoted;
        if (!quoted && c == '#') {
            while (i < raw.n && raw.p[i] != '\n')
                i++;
            gap = true;
        } else if (!quoted && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
            gap = true;
        } else {
            if (gap && n > 0) out[n++] = ' ';
            gap = false;
            out[n++] = c;
        }
    }
    return (at_str){out, n};
}

static const char *const ROLES[] = {
#define AT_NODE(kind, name, children, payload) children,
#include "syntax/ast.def"
#undef AT_NODE
};

/* Returns the role of child `index`, as named in ast.def ("on? expr when?"). The last role applies to all
 * that follow. Only for kinds whose roles are expressions. */
static at_str role_of(const struct at_ast_node *node, uint32_t index) {
    const char *p = ROLES[node->kind];
    at_str role = {p, 0};
    for (uint32_t i = 0; *p; i++) {
        role = (at_str){p, 0};
        while (*p && *p != ' ')
            p++;
        role.n = (uint32_t)(p - role.p);
        while (*p == ' ')
            p++;
        if (i == index) break;
    }
    while (role.n && (role.p[role.n - 1] == '?' || role.p[role.n - 1] == '*'))
        role.n--;
    at_str quiet[] = {AT_STR("expr"), AT_STR("at"), AT_STR("cond"), AT_STR("unit"), AT_STR("statement")};
    for (size_t i = 0; i < AT_COUNT(quiet); i++)
        if (at_str_eq(role, quiet[i])) role.n = 0;
    return role;
}

struct parts {
    const struct at_diff_edits *edits;
    struct at_arena *arena;
    AT_VEC(at_words_operand) of;
    bool pays;
};

static at_words_operand side_of(at_str text) {
    return text.n ? at_words_text(text) : at_words_fixed(AT_W_EDIT_NONE);
}

static void add(struct parts *parts, const char *role, at_str before, at_str after) {
    if (at_str_eq(before, after)) return;
    at_words_operand part = *role ? AT_SAID(parts->arena, AT_W_EDIT_ROLE_TO, at_words_text(at_str_z(role)),
                                            side_of(before), side_of(after))
                                  : AT_SAID(parts->arena, AT_W_EDIT_TO, side_of(before), side_of(after));
    AT_VEC_PUSH(parts->arena, &parts->of, part);
    parts->pays = true;
}

/* A part that one version has, and the other does not. */
static void add_whole(struct parts *parts, at_str text, bool added) {
    AT_VEC_PUSH(
        parts->arena, &parts->of,
        AT_SAID(parts->arena, added ? AT_W_EDIT_PART_ADDED : AT_W_EDIT_PART_REMOVED, at_words_text(text)));
    parts->pays = true;
}

static void add_flag(struct parts *parts, const char *words, uint32_t flag, const struct at_ast_node *a,
                     const struct at_ast_node *b) {
    if ((a->flags ^ b->flags) & flag) add_whole(parts, at_str_z(words), (b->flags & flag) != 0);
}

/* A label and a reason are read by people only. */
static void add_quiet(struct parts *parts, const char *role, at_str before, at_str after) {
    bool pays = parts->pays;
    add(parts, role, before, after);
    parts->pays = pays;
}

static void add_quiet_flag(struct parts *parts, const char *words, uint32_t flag, const struct at_ast_node *a,
                           const struct at_ast_node *b) {
    bool pays = parts->pays;
    add_flag(parts, words, flag, a, b);
    parts->pays = pays;
}

/* A tree of lists whose depth is the logarithm of their number, because a statement may have many parts. */
static at_words_operand list_of(struct at_arena *arena, const at_words_operand *parts, size_t n) {
    if (n == 1) return parts[0];
    return AT_SAID(arena, AT_W_EDIT_LIST, list_of(arena, parts, n / 2),
                   list_of(arena, parts + n / 2, n - n / 2));
}

static at_str text_of(const struct parts *parts, const struct at_ast_node *node) {
    return at_diff_edit_text(parts->edits, parts->arena, node);
}

static const struct at_ast_node *child(const struct at_ast_node *node, uint32_t i) {
    return node && i < node->n ? node->child[i] : NULL;
}

static void add_child(struct parts *parts, const char *role, const struct at_ast_node *a,
                      const struct at_ast_node *b, uint32_t i) {
    const struct at_ast_node *before = child(a, i), *after = child(b, i);
    if (!at_ast_same(before, after)) add(parts, role, text_of(parts, before), text_of(parts, after));
}

/* ---- pay, pool */

static at_str split_text(const struct parts *parts, const struct at_ast_node *pool) {
    at_str of = text_of(parts, child(pool, 2));
    switch ((enum at_ast_op)pool->op) {
    case AT_OP_CONTRIBUTION: return AT_STR("by contribution");
    case AT_OP_EQUALLY: return AT_STR("equally");
    case AT_OP_LEVEL: return at_str_format(parts->arena, "to level %.*s", AT_STR_ARG(of));
    case AT_OP_SHARES:
        return at_str_format(parts->arena, "at %.*s%s%.*s", AT_STR_ARG(of), pool->by.n ? " per " : "",
                             AT_STR_ARG(pool->by));
    default: return at_str_format(parts->arena, "by %.*s", AT_STR_ARG(of));
    }
}

static at_str among_text(const struct parts *parts, const struct at_ast_node *among) {
    if (!among) return AT_STR("");
    return at_str_format(parts->arena, "%.*s where %.*s", AT_STR_ARG(among->text),
                         AT_STR_ARG(text_of(parts, child(among, 0))));
}

static at_str limit_text(const struct parts *parts, const struct at_ast_node *limit) {
    if (!limit) return AT_STR("");
    return at_str_format(parts->arena, "%.*s each", AT_STR_ARG(text_of(parts, limit)));
}

/* EACH and AFTER follow the other `first` children. */
static void compare_rhythm(struct parts *parts, const struct at_ast_node *a, const struct at_ast_node *b,
                           uint32_t first) {
    const struct at_ast_node *before = child(a, first), *after = child(b, first);
    add(parts, "each", before ? before->text : AT_STR(""), after ? after->text : AT_STR(""));
    add_child(parts, "paid after", a, b, first + 1);
}

static void compare_pay(struct parts *parts, const struct at_ast_node *a, const struct at_ast_node *b) {
    add_quiet(parts, "label", a->text2, b->text2);
    add_child(parts, "on", a, b, 0);
    add(parts, "per", a->text3, b->text3);
    add(parts, "cumulative over", a->by, b->by);
    add_child(parts, "", a, b, 1);
    add_child(parts, "when", a, b, 2);
    compare_rhythm(parts, a, b, 3);
}

static void compare_pool(struct parts *parts, const struct at_ast_node *a, const struct at_ast_node *b) {
    add_quiet(parts, "label", a->text2, b->text2);
    add_child(parts, "from", a, b, 6);
    add_child(parts, "on", a, b, 0);
    add(parts, "per", a->text3, b->text3);
    add_child(parts, "", a, b, 1);
    add(parts, "among", among_text(parts, child(a, 4)), among_text(parts, child(b, 4)));
    add(parts, "split", split_text(parts, a), split_text(parts, b));
    add(parts, "at most", limit_text(parts, child(a, 5)), limit_text(parts, child(b, 5)));
    add_flag(parts, "including negatives", AT_F_NEGATIVES, a, b);
    add_flag(parts, "ignoring missing", AT_F_IGNORING, a, b);
    add_quiet_flag(parts, "private", AT_F_PRIVATE, a, b);
    add_flag(parts, "by day", AT_F_BY_DAY, a, b);
    add_child(parts, "when", a, b, 3);
    compare_rhythm(parts, a, b, 7);
}

/* ---- draw */

static void compare_draw(struct parts *parts, const struct at_ast_node *a, const struct at_ast_node *b) {
    const struct at_ast_node *before = child(a, 6), *after = child(b, 6);
    add_quiet(parts, "label", a->text2, b->text2);
    add_child(parts, "", a, b, 0);
    add_flag(parts, "recoverable", AT_F_RECOVERABLE, a, b);
    add(parts, "against", a->text3, b->text3);
    add_child(parts, "when", a, b, 1);
    add_child(parts, "recover at most", a, b, 2);
    add_child(parts, "recover from", a, b, 3);
    add_child(parts, "due on", a, b, 4);
    add_child(parts, "opening", a, b, 5);
    add(parts, "settle each", before ? before->text : AT_STR(""), after ? after->text : AT_STR(""));
    add_child(parts, "forgive after", a, b, 7);
}

/* ---- hold, release, clawback */

static at_str method_of(const struct at_ast_node *node) {
    return node->op == AT_OP_AS_PAID    ? AT_STR("paid")
           : node->op == AT_OP_AS_RATED ? AT_STR("rated now")
           : node->op == AT_OP_AS_SOLD  ? AT_STR("never sold")
                                        : AT_STR("");
}

static void compare_part(struct parts *parts, const struct at_ast_node *a, const struct at_ast_node *b) {
    unsigned first = b->kind == AT_N_HOLD;
    if (first) add_child(parts, "", a, b, 0);
    add(parts, "as", method_of(a), method_of(b));
    add(parts, "with", a->text2, b->text2);
    add_child(parts, first ? "until" : "on", a, b, first);
    add_child(parts, "at", a, b, first + 1);
    add_child(parts, "when", a, b, first + 2);
}

/* ---- measure */

static const struct at_ast_node *clause_of(const struct at_ast_node *aggregate, uint16_t kind) {
    for (uint32_t i = 1; i < aggregate->n; i++)
        if (aggregate->child[i] && aggregate->child[i]->kind == kind) return aggregate->child[i];
    return NULL;
}

/* Returns whether two aggregates of the same rows were compared clause by clause. */
static bool compare_aggregates(struct parts *parts, const struct at_ast_node *a,
                               const struct at_ast_node *b) {
    if (!a || !b || a->kind != AT_N_AGGREGATE || b->kind != AT_N_AGGREGATE || a->op != b->op ||
        !at_str_eq(a->text, b->text))
        return false;
    static const struct {
        uint16_t kind;
        const char *role; /* empty: the text of the clause begins with its keyword */
    } clauses[] = {{AT_N_WHERE, "where"}, {AT_N_TO, ""}, {AT_N_ON, "on"}, {AT_N_SPREAD, ""}};
    add_child(parts, "", a, b, 0);
    for (size_t i = 0; i < AT_COUNT(clauses); i++) {
        const struct at_ast_node *before = clause_of(a, clauses[i].kind),
                                 *after = clause_of(b, clauses[i].kind);
        if (at_ast_same(before, after)) continue;
        if (*clauses[i].role) {
            before = child(before, 0);
            after = child(after, 0);
        }
        add(parts, clauses[i].role, text_of(parts, before), text_of(parts, after));
    }
    return true;
}

static void compare_measure(struct parts *parts, const struct at_ast_node *a, const struct at_ast_node *b) {
    add_quiet(parts, "label", a->text2, b->text2);
    if (!compare_aggregates(parts, child(a, 0), child(b, 0))) add_child(parts, "", a, b, 0);
    compare_rhythm(parts, a, b, 1);
}

/* ---- statements that are lists */

/* Names the children that have no equal in the other version, or only another of their key. */
static void compare_list(struct parts *parts, const struct at_ast_node *a, const struct at_ast_node *b,
                         const struct at_diff_match_rule *rule) {
    struct at_diff_match in_a, in_b;
    at_diff_match_make(&in_a, rule, a->child, a->n, parts->arena);
    at_diff_match_make(&in_b, rule, b->child, b->n, parts->arena);
    for (uint32_t i = 0; i < a->n; i++) {
        if (!a->child[i]) continue;
        uint32_t k = at_diff_match_find(&in_b, a->child[i]);
        if (k == UINT32_MAX)
            add_whole(parts, text_of(parts, a->child[i]), false);
        else if (!at_ast_same(a->child[i], b->child[k]))
            add(parts, "", text_of(parts, a->child[i]), text_of(parts, b->child[k]));
    }
    for (uint32_t i = 0; i < b->n; i++)
        if (b->child[i] && at_diff_match_find(&in_a, b->child[i]) == UINT32_MAX)
            add_whole(parts, text_of(parts, b->child[i]), true);
}

static void compare_table(struct parts *parts, const struct at_ast_node *a, const struct at_ast_node *b) {
    add(parts, "of", a->text3, b->text3);
    add(parts, "from", a->text2, b->text2);
    add_flag(parts, "decimal comma", AT_F_DECIMAL_COMMA, a, b);
    compare_list(parts, a, b, &at_diff_match_key);
}

/* The last two children are the type and the body, which a function in Lua does not have. */
static void compare_function(struct parts *parts, const struct at_ast_node *a, const struct at_ast_node *b) {
    uint32_t n = a->n > b->n ? a->n : b->n;
    for (uint32_t i = 0; i + 2 < n; i++) {
        const struct at_ast_node *before = i + 2 < a->n ? a->child[i] : NULL,
                                 *after = i + 2 < b->n ? b->child[i] : NULL;
        if (!at_ast_same(before, after))
            add(parts, "parameter", text_of(parts, before), text_of(parts, after));
    }
    add(parts, "type", text_of(parts, a->child[a->n - 2]), text_of(parts, b->child[b->n - 2]));
    add(parts, "", text_of(parts, a->child[a->n - 1]), text_of(parts, b->child[b->n - 1]));
    add(parts, "from", a->text2, b->text2);
}

/* ---- the others */

static void compare_other(struct parts *parts, const struct at_ast_node *a, const struct at_ast_node *b) {
    if (a->kind == AT_N_ADJUST)
        add_quiet(parts, "because", a->text2, b->text2);
    else if (a->kind == AT_N_PARAM || a->kind == AT_N_CAP || a->kind == AT_N_FLOOR)
        add_quiet(parts, "label", a->text2, b->text2);
    add(parts, "per", a->by, b->by);
    if (a->flags != b->flags || a->op != b->op || !at_str_eq(a->text, b->text)) {
        add(parts, "", text_of(parts, a), text_of(parts, b));
        return;
    }
    uint32_t n = a->n > b->n ? a->n : b->n;
    for (uint32_t i = 0; i < n; i++) {
        at_str role = role_of(b, i);
        add_child(parts, at_str_format(parts->arena, "%.*s", AT_STR_ARG(role)).p, a, b, i);
    }
}

at_words_operand at_diff_edit_change(const struct at_diff_edits *edits, struct at_arena *arena,
                                     const struct at_ast_node *old_node, const struct at_ast_node *new_node,
                                     bool *pays) {
    struct parts parts = {.edits = edits, .arena = arena};
    switch (new_node->kind) {
    case AT_N_PAY: compare_pay(&parts, old_node, new_node); break;
    case AT_N_POOL: compare_pool(&parts, old_node, new_node); break;
    case AT_N_DRAW: compare_draw(&parts, old_node, new_node); break;
    case AT_N_HOLD:
    case AT_N_RELEASE:
    case AT_N_CLAWBACK: compare_part(&parts, old_node, new_node); break;
    case AT_N_MEASURE: compare_measure(&parts, old_node, new_node); break;
    case AT_N_PAYEE:
    case AT_N_DATA:
    case AT_N_HISTORY:
    case AT_N_EXCHANGE:
    case AT_N_CREDIT: compare_table(&parts, old_node, new_node); break;
    case AT_N_LOOKUP:
        add(&parts, "from", old_node->text2, new_node->text2);
        compare_list(&parts, old_node, new_node, &at_diff_match_key);
        break;
    case AT_N_TEST: compare_list(&parts, old_node, new_node, &at_diff_match_key); break;
    case AT_N_FUNCTION: compare_function(&parts, old_node, new_node); break;
    default: compare_other(&parts, old_node, new_node); break;
    }
    *pays = *pays && (parts.pays || parts.of.n == 0);
    return parts.of.n ? list_of(arena, parts.of.at, parts.of.n) : at_words_fixed(AT_W_EDIT_CHANGED);
}
