/* compose/part.c: `hold`, `release`, and `clawback` of two versions. They act on single deals, so each deal
 * follows the version of its day, also for dates and money that come later. A changed statement becomes two,
 * each for the deals of its version. */
#include "compose/pay.h"

static const struct at_check_part_decl *decl_of(const struct at_compose *c, int side,
                                                const struct at_ast_node *node) {
    const struct at_check_policy *checked = c->side[side].checked;
    for (uint32_t i = 0; i < checked->n_parts; i++)
        if (checked->parts[i].node == node) return &checked->parts[i];
    for (uint32_t i = 0; i < checked->n_sold; i++)
        if (checked->sold[i].node == node) return &checked->sold[i];
    return NULL;
}

static int32_t field_of(const struct at_schema *schema, at_str name) {
    for (uint32_t i = 0; i < schema->n_fields; i++)
        if (at_str_eq(schema->fields[i].name, name)) return (int32_t)i;
    return -1;
}

/* ---- the day of the deal, in the words of the statement's rows */

struct naming {
    struct at_compose *c;
    int side;
    const struct at_check_part_decl *part;
    struct at_text out;
    uint32_t at, end; /* the source that is not copied yet */
    bool clear;
};

/* A name of the credit's table is one of the deal to which the row refers. */
static void put_name(struct naming *n, const struct at_ast_node *node) {
    const struct at_check_policy *checked = n->c->side[n->side].checked;
    const struct at_schema *own = &checked->schemas[checked->feeds[n->part->feed].table],
                           *rows = &checked->schemas[n->part->table];
    int32_t field = field_of(own, node->text);
    bool table = at_str_eq(node->text, own->name) && field < 0;
    if (own == rows || (field < 0 && !table)) return;
    at_str deal = n->part->field >= 0 ? rows->fields[n->part->field].name : rows->name;
    at_str name = n->part->via >= 0
                      ? deal
                      : at_str_format(n->c->arena, "%.*s.%.*s", AT_STR_ARG(deal), AT_STR_ARG(node->text));
    if (n->part->via >= 0 && field != n->part->via) n->clear = false;
    if (table) name = deal;
    at_text_add(n->c->arena, &n->out, at_compose_source(n->c, n->side, (at_span){n->at, node->span.start}));
    at_text_add(n->c->arena, &n->out, name);
    n->at = node->span.end;
}

static bool visit_name(void *context, const struct at_ast_node *node) {
    struct naming *n = context;
    if (node->kind != AT_N_NAME) return true;
    if (node->span.start >= n->at)
        put_name(n, node);
    else
        n->clear = false;
    return true;
}

/* Empty: the rows of the statement do not lead to the day. */
static at_str day_of(struct at_compose *c, int side, const struct at_check_part_decl *part) {
    const struct at_check_policy *checked = c->side[side].checked;
    const struct at_ast_node *on = checked->feeds[part->feed].on;
    if (!on) return (at_str){0};
    struct naming n = {.c = c, .side = side, .part = part, .at = on->span.start, .clear = true};
    at_ast_walk(on, visit_name, &n);
    at_text_add(c->arena, &n.out, at_compose_source(c, side, (at_span){n.at, on->span.end}));
    if (!n.clear) return (at_str){0};
    return at_str_format(c->arena, "(%.*s)%s", AT_STR_ARG(at_text_str(&n.out)),
                         checked->types[on->id].kind == AT_T_PERIOD ? ".end" : "");
}

/* ---- statements */

static void put_part(struct at_compose *c, int side, const struct at_ast_node *node, const char *compare) {
    enum at_compose_space space = side ? AT_COMPOSE_LATER : AT_COMPOSE_EARLIER;
    const struct at_check_part_decl *part = decl_of(c, side, node);
    const struct at_ast_node *when = node->child[node->n - 1];
    if (!compare) {
        at_compose_copy_span(c, space, node->span);
        at_compose_put(c, "\n\n");
        return;
    }
    at_str day = part ? day_of(c, side, part) : (at_str){0};
    if (day.n == 0) {
        at_compose_refuse(c, NULL, node, "its rows do not lead to the day of the deal");
        return;
    }
    uint32_t end = node->span.end;
    if (when) { /* ` when ` is between the clause before and the condition */
        at_str head = at_compose_source(c, side, (at_span){node->span.start, when->span.start});
        uint32_t n = head.n;
        while (n >= 4 && memcmp(head.p + n - 4, "when", 4) != 0)
            n--;
        end = node->span.start + (n >= 4 ? n - 4 : head.n);
    }
    at_compose_copy_span(c, space, (at_span){node->span.start, end});
    at_compose_put(c, " when ");
    if (when) {
        at_compose_put(c, "(");
        at_compose_copy(c, space, when, NULL);
        at_compose_put(c, ") and ");
    }
    at_compose_put(c, "%.*s %s %.*s\n\n", AT_STR_ARG(day), compare, AT_STR_ARG(c->first_day));
}

static bool releases(const struct at_compose *c, int side, at_str component) {
    for (size_t i = 0; i < c->side[side].statements.n; i++) {
        const struct at_ast_node *node = c->side[side].statements.at[i];
        if (node->kind == AT_N_RELEASE && at_str_eq(node->text, component)) return true;
    }
    return false;
}

/* The other version pays its deals at once: each deal releases itself, on its day. */
static void put_at_once(struct at_compose *c, int side, const struct at_ast_node *release,
                        const char *compare) {
    const struct at_check_part_decl *part = decl_of(c, side, release);
    at_str name = at_str_format(c->arena, "%.*s of version %d", AT_STR_ARG(release->text), side);
    if (!part || at_map_put(&c->written, name, c)) return;
    const struct at_check_policy *checked = c->side[side].checked;
    const struct at_check_feed_decl *feed = &checked->feeds[part->feed];
    at_str table = checked->schemas[feed->table].name, on = at_compose_source(c, side, feed->on->span);
    bool period = checked->types[feed->on->id].kind == AT_T_PERIOD;
    at_compose_put(c, "release %.*s with %.*s on (%.*s)%s at 100%% when (%.*s)%s %s %.*s\n\n",
                   AT_STR_ARG(at_compose_source(c, side, release->name_span)), AT_STR_ARG(table),
                   AT_STR_ARG(on), period ? ".end" : "", AT_STR_ARG(on), period ? ".end" : "", compare,
                   AT_STR_ARG(c->first_day));
}

void at_compose_part(struct at_compose *c, const struct at_ast_node *earlier,
                     const struct at_ast_node *later) {
    const struct at_ast_node *both[2] = {earlier, later};
    bool same = earlier && later && at_ast_same(earlier, later) && !at_compose_uses_changed(c, 1, later);
    if (same) {
        put_part(c, 1, later, NULL);
        return;
    }
    for (int s = 0; s < 2; s++) {
        if (!both[s]) continue;
        /* A component of one version alone has no other deals. */
        bool alone = at_compose_find(c, !s, both[s]->text) == AT_NAMES_NONE;
        put_part(c, s, both[s], alone ? NULL : s ? ">=" : "<");
        if (both[s]->kind == AT_N_RELEASE && !alone && !releases(c, !s, both[s]->text))
            put_at_once(c, s, both[s], s ? "<" : ">=");
    }
}
