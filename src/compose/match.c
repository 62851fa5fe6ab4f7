/* compose/match.c: what changes between two versions: which statements differ, and what uses them. */
#include "compose/compose_int.h"

const struct at_ast_node *at_compose_node(const struct at_compose *c, int side, uint32_t entry) {
    return c->side[side].names->entries.at[entry].node;
}

uint32_t at_compose_find(const struct at_compose *c, int side, at_str name) {
    uintptr_t found = (uintptr_t)at_map_get(&c->side[side].entry_of, name);
    return found ? (uint32_t)(found - 1) : AT_NAMES_NONE;
}

/* Whether some name in the node has the flag. Declarations do not count. */
static bool uses(const struct at_compose *c, int side, const struct at_ast_node *node, const bool *flag) {
    const struct at_names *names = c->side[side].names;
    for (size_t i = 0; i < names->uses.n; i++) {
        const struct at_names_use *use = &names->uses.at[i];
        if (use->entry != AT_NAMES_NONE && flag[use->entry] && use->span.start >= node->span.start &&
            use->span.end <= node->span.end)
            return true;
    }
    return false;
}

bool at_compose_uses(const struct at_compose *c, int side, const struct at_ast_node *node, uint32_t entry) {
    bool *flag = AT_NEW_ARRAY(c->arena, bool, c->side[side].names->entries.n + 1);
    flag[entry] = true;
    return uses(c, side, node, flag);
}

bool at_compose_uses_changed(const struct at_compose *c, int side, const struct at_ast_node *node) {
    return uses(c, side, node, c->side[side].changed);
}

bool at_compose_uses_paying(const struct at_compose *c, int side, const struct at_ast_node *node) {
    return uses(c, side, node, c->side[side].paying);
}

/* A sum of measures that are sums of rows on days: what two versions together have. */
static bool is_sum(const struct at_compose *c, int side, const struct at_ast_node *expr) {
    if (expr->kind == AT_N_ARITH && expr->op == AT_OP_ADD)
        return is_sum(c, side, expr->child[0]) && is_sum(c, side, expr->child[1]);
    uint32_t entry = expr->kind == AT_N_NAME ? at_compose_find(c, side, expr->text) : AT_NAMES_NONE;
    const struct at_ast_node *of = entry == AT_NAMES_NONE ? NULL : at_compose_node(c, side, entry);
    return of && of->kind == AT_N_MEASURE && of != expr && c->side[side].dated[entry] &&
           at_compose_is_linear(c, side, of);
}

bool at_compose_is_linear(const struct at_compose *c, int side, const struct at_ast_node *measure) {
    const struct at_ast_node *expr = measure->kind == AT_N_MEASURE ? measure->child[0] : NULL;
    if (!expr || at_ast_child(measure, AT_N_EACH)) return false;
    if (expr->kind == AT_N_AGGREGATE)
        return (expr->op == AT_OP_SUM || expr->op == AT_OP_COUNT) && at_compose_day(c, side, expr);
    return is_sum(c, side, expr);
}

static bool is_formula(uint8_t kind) {
    return kind == AT_NAMES_MEASURE || kind == AT_NAMES_PARAM || kind == AT_NAMES_RATES ||
           kind == AT_NAMES_LOOKUP || kind == AT_NAMES_COMPONENT || kind == AT_NAMES_FUNCTION;
}

static void list(struct at_compose *c, int s) {
    struct at_compose_side *side = &c->side[s];
    for (uint32_t f = 0; f < side->ast->n_files; f++) {
        at_str file = side->ast->files[f]->text;
        bool standard = file.n > 4 && memcmp(file.p, "std/", 4) == 0;
        for (uint32_t i = 0; !standard && i < side->ast->files[f]->n; i++)
            AT_VEC_PUSH(c->arena, &side->statements, side->ast->files[f]->child[i]);
    }
    size_t n = side->names->entries.n;
    at_map_init(&side->entry_of, c->arena);
    side->fellow = AT_NEW_ARRAY(c->arena, uint32_t, n + 1);
    side->changed = AT_NEW_ARRAY(c->arena, bool, n + 1);
    side->dated = AT_NEW_ARRAY(c->arena, bool, n + 1);
    side->timed = AT_NEW_ARRAY(c->arena, bool, n + 1);
    side->paying = AT_NEW_ARRAY(c->arena, bool, n + 1);
    side->moved = AT_NEW_ARRAY(c->arena, bool, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct at_names_entry *entry = &side->names->entries.at[i];
        if (entry->parent != AT_NAMES_NONE || entry->kind == AT_NAMES_TEST) continue;
        at_map_put(&side->entry_of, entry->text, (void *)(uintptr_t)(i + 1));
    }
}

/* Spreads a flag to all that use something with the flag. */
static void spread(struct at_compose *c, int s, bool *flag) {
    const struct at_names *names = c->side[s].names;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < names->entries.n; i++) {
            const struct at_names_entry *entry = &names->entries.at[i];
            if (flag[i] || !is_formula(entry->kind) || !uses(c, s, entry->node, flag)) continue;
            more = flag[i] = true;
        }
    }
}

static const struct at_ast_node *clause(const struct at_ast_node *credit, enum at_ast_kind kind) {
    return at_ast_child(credit, kind);
}

static bool same(const struct at_ast_node *a, const struct at_ast_node *b) {
    return a && b ? at_ast_same(a, b) : !a && !b;
}

/* Rows of two credits are not those of one. */
static bool moves(const struct at_ast_node *a, const struct at_ast_node *b) {
    return !at_str_eq(a->text2, b->text2) || !same(clause(a, AT_N_ON), clause(b, AT_N_ON)) ||
           !same(clause(a, AT_N_TO), clause(b, AT_N_TO));
}

static void find_changed(struct at_compose *c, int s) {
    const struct at_names *names = c->side[s].names;
    for (size_t i = 0; i < names->entries.n; i++) {
        const struct at_names_entry *entry = &names->entries.at[i];
        c->side[s].fellow[i] = AT_NAMES_NONE;
        if (entry->parent != AT_NAMES_NONE || entry->kind == AT_NAMES_TEST) continue;
        uint32_t fellow = at_compose_find(c, !s, entry->text);
        c->side[s].fellow[i] = fellow;
        if (entry->kind == AT_NAMES_CREDIT && fellow != AT_NAMES_NONE) {
            const struct at_ast_node *other = at_compose_node(c, !s, fellow);
            c->side[s].moved[i] = other->kind == AT_N_CREDIT && moves(entry->node, other);
            c->side[s].changed[i] = c->side[s].moved[i];
        }
        if (!is_formula(entry->kind)) continue;
        c->side[s].changed[i] =
            fellow == AT_NAMES_NONE || !at_ast_same(entry->node, at_compose_node(c, !s, fellow));
    }
    spread(c, s, c->side[s].changed);
}

/* What is changed in one version is changed in the other, too. */
static bool join_changed(struct at_compose *c) {
    bool more = false;
    for (int s = 0; s < 2; s++)
        for (size_t i = 0; i < c->side[s].names->entries.n; i++) {
            uint32_t fellow = c->side[s].fellow[i];
            if (!c->side[s].changed[i] || fellow == AT_NAMES_NONE || c->side[!s].changed[fellow]) continue;
            more = c->side[!s].changed[fellow] = true;
        }
    return more;
}

static void find_dated(struct at_compose *c, int s) {
    const struct at_names *names = c->side[s].names;
    for (size_t i = 0; i < names->entries.n; i++) {
        const struct at_names_entry *entry = &names->entries.at[i];
        const struct at_ast_node *node = entry->node;
        c->side[s].paying[i] = entry->kind == AT_NAMES_COMPONENT;
        if (entry->kind == AT_NAMES_COMPONENT && node->text3.n && node->kind == AT_N_PAY)
            c->side[s].dated[i] = true;
        if (entry->kind != AT_NAMES_MEASURE || node->child[0]->kind != AT_N_AGGREGATE) continue;
        const struct at_ast_node *day = at_compose_day(c, s, node->child[0]);
        c->side[s].dated[i] = day && c->side[s].checked->types[day->id].kind == AT_T_DATE;
        c->side[s].timed[i] = day != NULL;
    }
    spread(c, s, c->side[s].dated);
    spread(c, s, c->side[s].timed);
    spread(c, s, c->side[s].paying);
}

void at_compose_match(struct at_compose *c) {
    for (int s = 0; s < 2; s++)
        list(c, s);
    for (int s = 0; s < 2; s++)
        find_changed(c, s);
    while (join_changed(c))
        for (int s = 0; s < 2; s++)
            spread(c, s, c->side[s].changed);
    for (int s = 0; s < 2; s++)
        find_dated(c, s);
}
