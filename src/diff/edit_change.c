/* diff/edit_change.c: finds the parts of a changed statement that differ, before and after. */
#include "base/vec.h"
#include "diff/edits_int.h"
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
 * that follow. */
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
    if (at_str_eq(role, AT_STR("EACH"))) return AT_STR("rhythm");
    return at_str_eq(role, AT_STR("AFTER")) ? AT_STR("paid after") : role;
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

static void add(struct parts *parts, at_str role, at_str before, at_str after) {
    at_str quiet[] = {AT_STR("expr"), AT_STR("at"),        AT_STR("cond"),
                      AT_STR("body"), AT_STR("threshold"), AT_STR("rate")};
    for (size_t i = 0; i < AT_COUNT(quiet); i++)
        if (at_str_eq(role, quiet[i])) role.n = 0;
    at_words_operand part = role.n ? AT_SAID(parts->arena, AT_W_EDIT_ROLE_TO, at_words_text(role),
                                             side_of(before), side_of(after))
                                   : AT_SAID(parts->arena, AT_W_EDIT_TO, side_of(before), side_of(after));
    AT_VEC_PUSH(parts->arena, &parts->of, part);
}

/* A tree of lists whose depth is the logarithm of their number, because a statement may have many parts. */
static at_words_operand list_of(struct at_arena *arena, const at_words_operand *parts, size_t n) {
    if (n == 1) return parts[0];
    return AT_SAID(arena, AT_W_EDIT_LIST, list_of(arena, parts, n / 2),
                   list_of(arena, parts + n / 2, n - n / 2));
}

static void add_payload(struct parts *parts, const char *role, at_str before, at_str after, bool pays) {
    if (at_str_eq(before, after)) return;
    add(parts, at_str_z(role), before, after);
    if (pays) parts->pays = true;
}

/* What text2, text3 and by hold, by kind; see ast.def. */
static void compare_payload(struct parts *parts, const struct at_ast_node *a, const struct at_ast_node *b) {
    bool labels =
        a->kind == AT_N_MEASURE || a->kind == AT_N_PARAM || a->kind == AT_N_PAY || a->kind == AT_N_POOL;
    const char *second = labels                   ? "label"
                         : a->kind == AT_N_ADJUST ? "because"
                         : a->kind == AT_N_DRAW   ? "against"
                                                  : "from";
    add_payload(parts, second, a->text2, b->text2, !labels && a->kind != AT_N_ADJUST);
    add_payload(parts, a->kind == AT_N_HISTORY ? "of" : "per", a->text3, b->text3, true);
    add_payload(parts, a->kind == AT_N_PAY || a->kind == AT_N_POOL ? "cumulative over" : "per", a->by, b->by,
                true);
    if (a->flags == b->flags && a->op == b->op) return;
    parts->pays = true;
    if (a->kind == AT_N_POOL && a->op != b->op) {
        static const char *const splits[] = {"by contribution", "by a formula", "equally"};
        add(parts, AT_STR("split"), at_str_z(splits[(a->op - AT_OP_CONTRIBUTION) % 3]),
            at_str_z(splits[(b->op - AT_OP_CONTRIBUTION) % 3]));
    } else if (a->kind == AT_N_POOL) {
        add(parts, AT_STR(""),
            a->flags & AT_F_NEGATIVES ? AT_STR("including negatives") : AT_STR("without negatives"),
            b->flags & AT_F_NEGATIVES ? AT_STR("including negatives") : AT_STR("without negatives"));
    } else {
        add(parts, AT_STR(""), at_diff_edit_text(parts->edits, parts->arena, a),
            at_diff_edit_text(parts->edits, parts->arena, b));
    }
}

at_words_operand at_diff_edit_change(const struct at_diff_edits *edits, struct at_arena *arena,
                                     const struct at_ast_node *old_node, const struct at_ast_node *new_node,
                                     bool *pays) {
    struct parts parts = {.edits = edits, .arena = arena};
    bool could = *pays;
    compare_payload(&parts, old_node, new_node);
    uint32_t n = old_node->n > new_node->n ? old_node->n : new_node->n;
    for (uint32_t i = 0; i < n; i++) {
        const struct at_ast_node *a = i < old_node->n ? old_node->child[i] : NULL,
                                 *b = i < new_node->n ? new_node->child[i] : NULL;
        if (at_ast_same(a, b)) continue;
        add(&parts, role_of(new_node, i), at_diff_edit_text(edits, arena, a),
            at_diff_edit_text(edits, arena, b));
        parts.pays = true;
    }
    *pays = could && parts.pays;
    return parts.of.n ? list_of(arena, parts.of.at, parts.of.n) : at_words_fixed(AT_W_EDIT_CHANGED);
}
