/* diff/edit_words.c: describes a changed statement: the parts that differ, before and after. */
#include "base/vec.h"
#include "diff/edits_int.h"

static const char *const ROLES[] = {
#define AT_NODE(kind, name, children, payload) children,
#include "syntax/ast.def"
#undef AT_NODE
};

/* Returns the role of child `index`, as named in ast.def ("on? expr when?"). The last role applies to all
 * that follow. */
static at_str role_of(const struct at_node *node, uint32_t index) {
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
    return role;
}

struct words {
    const struct at_edits *edits;
    struct at_arena *arena;
    struct at_text text;
    bool pays;
};

static void say(struct words *words, at_str role, at_str before, at_str after) {
    at_str quiet[] = {AT_STR("expr"), AT_STR("at"),        AT_STR("cond"),
                      AT_STR("body"), AT_STR("threshold"), AT_STR("rate")};
    for (size_t i = 0; i < AT_COUNT(quiet); i++)
        if (at_str_eq(role, quiet[i])) role.n = 0;
    if (before.n == 0) before = AT_STR("none");
    if (after.n == 0) after = AT_STR("none");
    const at_str pieces[] = {words->text.n ? AT_STR("; ") : AT_STR(""),
                             role,
                             role.n ? AT_STR(" ") : AT_STR(""),
                             before,
                             AT_STR(" → "),
                             after};
    for (size_t i = 0; i < AT_COUNT(pieces); i++)
        at_text_add(words->arena, &words->text, pieces[i]);
}

static void say_payload(struct words *words, const char *role, at_str before, at_str after, bool pays) {
    if (at_str_eq(before, after)) return;
    say(words, at_str_z(role), before, after);
    if (pays) words->pays = true;
}

/* What text2, text3 and by hold, by kind; see ast.def. */
static void compare_payload(struct words *words, const struct at_node *a, const struct at_node *b) {
    bool labels =
        a->kind == AT_N_MEASURE || a->kind == AT_N_PARAM || a->kind == AT_N_PAY || a->kind == AT_N_POOL;
    const char *second = labels                   ? "label"
                         : a->kind == AT_N_ADJUST ? "because"
                         : a->kind == AT_N_DRAW   ? "against"
                                                  : "from";
    say_payload(words, second, a->text2, b->text2, !labels && a->kind != AT_N_ADJUST);
    say_payload(words, a->kind == AT_N_HISTORY ? "of" : "per", a->text3, b->text3, true);
    say_payload(words, a->kind == AT_N_PAY || a->kind == AT_N_POOL ? "cumulative over" : "per", a->by, b->by,
                true);
    if (a->flags == b->flags && a->op == b->op) return;
    words->pays = true;
    if (a->kind == AT_N_POOL && a->op != b->op) {
        static const char *const splits[] = {"by contribution", "by a formula", "equally"};
        say(words, AT_STR("split"), at_str_z(splits[(a->op - AT_OP_CONTRIBUTION) % 3]),
            at_str_z(splits[(b->op - AT_OP_CONTRIBUTION) % 3]));
    } else if (a->kind == AT_N_POOL) {
        say(words, AT_STR(""),
            a->flags & AT_F_NEGATIVES ? AT_STR("including negatives") : AT_STR("without negatives"),
            b->flags & AT_F_NEGATIVES ? AT_STR("including negatives") : AT_STR("without negatives"));
    } else {
        say(words, AT_STR(""), at_edit_text(words->edits, words->arena, a),
            at_edit_text(words->edits, words->arena, b));
    }
}

at_str at_edit_words(const struct at_edits *edits, struct at_arena *arena, const struct at_node *old_node,
                     const struct at_node *new_node, bool *pays) {
    struct words words = {.edits = edits, .arena = arena};
    bool could = *pays;
    compare_payload(&words, old_node, new_node);
    uint32_t n = old_node->n > new_node->n ? old_node->n : new_node->n;
    for (uint32_t i = 0; i < n; i++) {
        const struct at_node *a = i < old_node->n ? old_node->child[i] : NULL,
                             *b = i < new_node->n ? new_node->child[i] : NULL;
        if (at_node_same(a, b)) continue;
        say(&words, role_of(new_node, i), at_edit_text(edits, arena, a), at_edit_text(edits, arena, b));
        words.pays = true;
    }
    *pays = could && words.pays;
    return words.text.n ? at_text_str(&words.text) : AT_STR("changed");
}
