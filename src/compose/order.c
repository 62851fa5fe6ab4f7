/* compose/order.c: the statements of both versions in one order. It is that of the later version. What only
 * the earlier version has comes where it came there, between the statements of both. */
#include "compose/compose_int.h"

static bool is_component(const struct at_ast_node *node) {
    return node->kind == AT_N_PAY || node->kind == AT_N_POOL;
}

static bool is_part(const struct at_ast_node *node) {
    return node->kind == AT_N_HOLD || node->kind == AT_N_RELEASE || node->kind == AT_N_CLAWBACK;
}

bool at_compose_adjusts(const struct at_ast_node *node) {
    return node->kind == AT_N_CAP || node->kind == AT_N_FLOOR || node->kind == AT_N_ADJUST ||
           node->kind == AT_N_DRAW || is_part(node);
}

/* Whether its place among others can change the pay. */
static bool is_placed(const struct at_ast_node *node) {
    return is_component(node) || at_compose_adjusts(node);
}

/* The component that it adjusts, or `total`. */
static at_str target(const struct at_ast_node *node) {
    return node->kind == AT_N_DRAW ? node->text3 : node->text;
}

static bool is_total(const struct at_ast_node *node) {
    return at_compose_adjusts(node) && at_str_eq(target(node), AT_STR("total"));
}

/* ---- which statements belong together */

static bool is_fellow(const struct at_ast_node *a, const struct at_ast_node *b) {
    if (a->kind == AT_N_APPLIES && b->kind == AT_N_APPLIES) return true;
    if (a->kind != b->kind && !(is_component(a) && is_component(b))) return false;
    if (a->kind == AT_N_CAP || a->kind == AT_N_FLOOR)
        if (!at_str_eq(a->by, b->by)) return false;
    if ((a->flags & AT_F_CARRY) != (b->flags & AT_F_CARRY)) return false;
    if (a->flags & AT_F_CARRY) return at_str_eq(a->text3, b->text3);
    return at_str_eq(a->text, b->text);
}

/* Each statement of the later version with its fellow, and those of the earlier one that are taken or
 * written. */
struct pairs {
    struct at_compose *c;
    const struct at_ast_node **fellow; /* of the later version's statements */
    size_t *place;                     /* of the fellow in the earlier version */
    bool *taken;                       /* of the earlier version's */
};

/* Of several that could be the fellow, one that is the same. */
static void find_fellow(struct pairs *p, size_t i) {
    const struct at_compose_side *a = &p->c->side[0];
    const struct at_ast_node *node = p->c->side[1].statements.at[i];
    size_t found = SIZE_MAX;
    for (size_t k = 0; k < a->statements.n; k++) {
        if (p->taken[k] || !is_fellow(a->statements.at[k], node)) continue;
        bool same = at_ast_same(a->statements.at[k], node);
        if (found == SIZE_MAX || same) found = k;
        if (same) break;
    }
    if (found == SIZE_MAX) return;
    p->taken[found] = true;
    p->fellow[i] = a->statements.at[found];
    p->place[i] = found;
}

static struct pairs pair_up(struct at_compose *c) {
    size_t n = c->side[1].statements.n + 1;
    struct pairs p = {c, AT_NEW_ARRAY(c->arena, const struct at_ast_node *, n),
                      AT_NEW_ARRAY(c->arena, size_t, n),
                      AT_NEW_ARRAY(c->arena, bool, c->side[0].statements.n + 1)};
    for (size_t i = 0; i < c->side[1].statements.n; i++)
        find_fellow(&p, i);
    return p;
}

/* ---- orders that differ */

static bool reads(const struct at_compose *c, const struct at_ast_node *node, const struct at_ast_node *of) {
    uint32_t entry = at_compose_find(c, 1, target(of));
    return entry != AT_NAMES_NONE && at_compose_uses(c, 1, node, entry);
}

/* Whether the order of two statements of the later version decides. */
static bool is_related(const struct at_compose *c, const struct at_ast_node *a, const struct at_ast_node *b) {
    if (is_component(a) || is_component(b)) return is_total(a) || is_total(b);
    return is_total(a) || is_total(b) || at_str_eq(target(a), target(b)) || reads(c, a, b) || reads(c, b, a);
}

static void check_order(struct pairs *p) {
    const struct at_compose_side *b = &p->c->side[1];
    for (size_t i = 0; i < b->statements.n; i++) {
        at_arena_poll(p->c->arena);
        if (!p->fellow[i] || !is_placed(b->statements.at[i])) continue;
        for (size_t k = 0; k < i; k++) {
            if (!p->fellow[k] || p->place[k] < p->place[i] || !is_placed(b->statements.at[k])) continue;
            if (!is_related(p->c, b->statements.at[i], b->statements.at[k])) continue;
            at_compose_refuse(p->c, p->fellow[i], b->statements.at[i],
                              "the versions have these adjustments in another order");
            break;
        }
    }
}

/* ---- writing */

/* Writes what only the earlier version has, up to a place. */
static void flush(struct pairs *p, size_t to, bool (*chosen)(const struct at_ast_node *, const void *),
                  const void *context) {
    const struct at_compose_side *a = &p->c->side[0];
    for (size_t k = 0; k < to && k < a->statements.n; k++) {
        if (p->taken[k] || (chosen && !chosen(a->statements.at[k], context))) continue;
        p->taken[k] = true;
        at_compose_statement(p->c, a->statements.at[k], NULL);
    }
}

static bool has_no_place(const struct at_ast_node *node, const void *context) {
    (void)context;
    return !is_placed(node);
}

/* What changes the amount of the component before its parts are held or taken back. */
static bool is_below(const struct at_ast_node *node, const void *context) {
    return at_compose_adjusts(node) && !is_part(node) && at_str_eq(target(node), *(const at_str *)context);
}

/* The first statement on the total that is not written yet. */
static size_t next_total(const struct pairs *p) {
    const struct at_compose_side *a = &p->c->side[0];
    for (size_t k = 0; k < a->statements.n; k++)
        if (!p->taken[k] && is_total(a->statements.at[k])) return k;
    return a->statements.n;
}

void at_compose_statements(struct at_compose *c) {
    struct pairs p = pair_up(c);
    check_order(&p);
    at_compose_header(c);
    flush(&p, SIZE_MAX, has_no_place, NULL);
    for (size_t i = 0; i < c->side[1].statements.n; i++) {
        const struct at_ast_node *node = c->side[1].statements.at[i];
        at_str of = is_part(node) ? target(node) : (at_str){0};
        if (is_placed(node) && p.fellow[i])
            flush(&p, p.place[i], NULL, NULL);
        else if (is_total(node))
            flush(&p, next_total(&p), NULL, NULL);
        if (of.n) flush(&p, SIZE_MAX, is_below, &of);
        at_compose_statement(c, p.fellow[i], node);
    }
    flush(&p, SIZE_MAX, NULL, NULL);
    at_compose_copies(c);
}
