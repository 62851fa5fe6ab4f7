/* game/plain.c: which choices only move amounts: from the plan alone. */
#include "game/plain.h"

#include "base/vec.h"
#include "plan/graph.h"

struct looking {
    struct at_game_plain *plain;
    const struct at_plan *plan;
    struct at_arena *arena;
    AT_VEC(uint32_t) sums;
    bool *is_sum; /* by node */
};

static bool is_field(const struct looking *l, uint32_t node, int32_t field) {
    const struct at_plan_node *p = node == AT_NO_NODE ? NULL : &l->plan->nodes[node];
    return p && p->op == AT_P_LOAD && p->place == l->plain->table && p->a == field;
}

/* Whether any node reads the field. */
static bool is_read(const struct looking *l, int32_t field) {
    for (uint32_t id = 0; id < l->plan->n_nodes; id++) {
        const struct at_plan_node *p = &l->plan->nodes[id];
        for (uint16_t k = 0; k < p->n_in; k++)
            if (is_field(l, p->in[k], field)) return true;
    }
    return false;
}

/* Whether what a feed makes of an item is the same in another period, or of another payee. */
static bool is_steady(const struct looking *l, uint32_t feed, enum at_game_kind kind) {
    for (uint32_t id = 0; id < l->plan->n_nodes; id++) {
        const struct at_plan_node *p = &l->plan->nodes[id];
        if (!p->needed || p->grain != AT_G_CREDIT || p->place != feed) continue;
        switch (p->op) {
        case AT_P_TAKE:
        case AT_P_SPREAD:
        case AT_P_FOLLOW:
        case AT_P_ITEMSHARE: break;
        case AT_P_RECIPIENT:
            if (kind == AT_GAME_OWNER) return false;
            break;
        default:
            if (!at_plan_is_map((enum at_plan_op)p->op) || p->op == AT_P_CALL) return false;
        }
    }
    for (uint32_t c = 0; c < l->plan->n_components; c++) {
        const struct at_plan_component *of = &l->plan->components[c];
        bool here = of->lines != AT_NO_NODE && l->plan->nodes[of->lines].place == feed;
        if (here && (of->lines_when != AT_NO_NODE || of->delay.unit != AT_DELAY_NONE ||
                     of->parted != AT_NO_NODE || of->ledger != AT_NO_NODE))
            return false;
    }
    return true;
}

/* The totals of a feed whose items move. */
static bool add_sums(struct looking *l, uint32_t feed) {
    for (uint32_t id = 0; id < l->plan->n_nodes; id++) {
        const struct at_plan_node *p = &l->plan->nodes[id];
        bool lists = p->op == AT_P_LEDGER || p->op == AT_P_LINEOF;
        if (!p->needed || (!at_plan_is_aggregate((enum at_plan_op)p->op) && !lists) || (uint32_t)p->a != feed)
            continue;
        if (p->grain != AT_G_CELL || (p->op != AT_P_SUM && p->op != AT_P_COUNT)) return false;
        if (!l->is_sum[id]) AT_VEC_PUSH(l->arena, &l->sums, id);
        l->is_sum[id] = true;
    }
    return true;
}

/* Whether a feed of the table is read by the field in a way that is understood: for its period, or its
 * payee. *moves: it is. */
static bool look_at_feed(struct looking *l, uint32_t f, enum at_game_kind kind, int32_t field, bool *moves) {
    const struct at_plan_feed *feed = &l->plan->feeds[f];
    bool plain = feed->n_to == 1 && !feed->to[0].managers && feed->to[0].by < 0 && !feed->leveled &&
                 !feed->stock && feed->spread == AT_OP_NONE && feed->day == AT_NO_NODE &&
                 feed->date == AT_NO_NODE && feed->event == AT_NO_NODE && feed->on != AT_NO_NODE &&
                 !at_plan_feed_late(feed);
    bool by_date = is_field(l, feed->on, field),
         by_owner = feed->n_to > 0 && is_field(l, feed->to[0].payee, field);
    bool other = is_field(l, feed->where, field) || is_field(l, feed->event, field) ||
                 is_field(l, feed->known, field) || is_field(l, feed->until, field) ||
                 is_field(l, feed->date, field) || is_field(l, feed->day, field);
    for (uint32_t i = 0; i < feed->n_to; i++)
        other |= is_field(l, feed->to[i].share, field) || (i > 0 && is_field(l, feed->to[i].payee, field));
    *moves = kind == AT_GAME_PERIOD ? by_date : by_owner;
    other |= kind == AT_GAME_PERIOD ? by_owner : by_date;
    if (other) return false;
    return !*moves || (plain && is_steady(l, f, kind));
}

static bool looks_plain(struct looking *l, enum at_game_kind kind, int32_t field) {
    bool *moves = l->plain->moves[kind] = AT_NEW_ARRAY(l->arena, bool, l->plan->n_feeds + 1);
    if (field < 0 || is_read(l, field)) return false;
    for (uint32_t f = 0; f < l->plan->n_feeds; f++)
        if (l->plan->feeds[f].table == l->plain->table && !look_at_feed(l, f, kind, field, &moves[f]))
            return false;
    for (uint32_t f = 0; f < l->plan->n_feeds; f++)
        if (moves[f] && !add_sums(l, f)) return false;
    for (uint32_t r = 0; r < l->plan->n_requires; r++)
        if (is_field(l, l->plan->requires[r].cond, field)) return false;
    return true;
}

/* ---- split and merge */

static bool is_referred_to(const struct at_plan *plan, uint32_t table) {
    for (uint32_t t = 0; t < plan->checked->n_schemas; t++)
        for (uint32_t f = 0; f < plan->checked->schemas[t].n_fields; f++) {
            const at_type *type = &plan->checked->schemas[t].fields[f].type;
            if (type->kind == AT_T_REF && type->table == table) return true;
        }
    return false;
}

/* The day only says in which period, which is the same for both. */
static void compare_fields(struct looking *l) {
    struct at_game_plain *plain = l->plain;
    const struct at_schema *schema = &l->plan->checked->schemas[plain->table];
    bool *is = AT_NEW_ARRAY(l->arena, bool, schema->n_fields + 1);
    for (uint32_t id = 0; id < l->plan->n_nodes; id++) {
        const struct at_plan_node *p = &l->plan->nodes[id];
        if (p->op == AT_P_LOAD && p->place == plain->table) is[p->a] = true;
    }
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (schema->fields[f].type.kind == AT_T_FOREIGN && schema->fields[f].currency_field >= 0)
            is[schema->fields[f].currency_field] = true;
    plain->compared = AT_NEW_ARRAY(l->arena, uint32_t, schema->n_fields + 1);
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        bool day = plain->kinds[AT_GAME_PERIOD] && (int32_t)f == plain->date_field;
        if (is[f] && !day && (int32_t)f != schema->key && !at_game_counts(schema, f, plain->credited))
            plain->compared[plain->n_compared++] = f;
    }
}

struct at_game_plain *at_game_plain_new(const struct at_session_run *run, const struct at_game_deal *deal,
                                        struct at_arena *arena) {
    struct at_game_plain *plain = AT_NEW(arena, struct at_game_plain);
    const struct at_schema *schema = &run->plan->checked->schemas[deal->table];
    *plain = (struct at_game_plain){.run = run,
                                    .table = deal->table,
                                    .date_field = (int32_t)deal->date_field,
                                    .owner_field = deal->owner_field,
                                    .credited = at_game_credited_field(run->plan, deal->table)};
    struct looking l = {.plain = plain, .plan = run->plan, .arena = arena};
    l.is_sum = AT_NEW_ARRAY(arena, bool, run->plan->n_nodes + 1);
    /* Pay that is withheld before a choice could be paid after it. */
    if (run->n_views > 0 || run->n_withheld > 0 || deal->via || schema->dated || schema->n_rules > 0)
        return plain;
    plain->kinds[AT_GAME_PERIOD] = looks_plain(&l, AT_GAME_PERIOD, plain->date_field);
    plain->kinds[AT_GAME_OWNER] = looks_plain(&l, AT_GAME_OWNER, plain->owner_field);
    plain->sums = l.sums.at;
    plain->n_sums = (uint32_t)l.sums.n;
    plain->replicas = at_session_replicas_new(run, plain->sums, plain->n_sums, arena);
    if (!plain->replicas) plain->kinds[AT_GAME_PERIOD] = plain->kinds[AT_GAME_OWNER] = false;
    bool linear = at_game_is_linear(run->plan, plain->table, plain->credited, arena);
    plain->kinds[AT_GAME_SPLIT] = linear;
    plain->kinds[AT_GAME_MERGE] = linear && !is_referred_to(run->plan, plain->table);
    plain->text_key = schema->key < 0 || schema->fields[schema->key].type.kind == AT_T_TEXT;
    compare_fields(&l);
    return plain;
}
