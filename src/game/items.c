/* game/items.c: what each deal adds to the sums that change when it moves: its items, read once. */
#include "game/quick.h"

struct reading {
    const struct at_game *game;
    const struct at_game_plain *plain;
    const struct at_session_run *run;
    struct at_watch *watch;
    struct at_arena *arena;
    struct at_game_amounts *to;
    uint32_t *deal_of; /* by row: 1 + index; 0: none */
    struct at_plan_wanted *feeds;
    uint32_t n_feeds;
    bool cancelled;
};

/* The value of an input of a sum: of the item, or a constant. False: it is not there. */
static bool value_of(const struct reading *r, const struct at_plan_wanted *wanted,
                     const struct at_gather_item *item, uint32_t node, struct at_plan_value *out) {
    uint32_t state = AT_STATE_EXCEPTION;
    for (uint32_t k = 0; k < wanted->n_nodes; k++) {
        if (wanted->nodes[k] != node) continue;
        *out = item->values[k];
        return item->states[k] == AT_STATE_OK && !out->missing;
    }
    if (r->run->plan->nodes[node].grain != AT_G_CONST) return false;
    *out = at_session_run_value(r->run, node, 0, r->arena, &state);
    return state == AT_STATE_OK && !out->missing;
}

/* False: a value is not there. */
static bool add(const struct reading *r, const struct at_plan_wanted *wanted,
                const struct at_gather_item *item, uint32_t sum, at_num *to) {
    const struct at_plan_node *p = &r->run->plan->nodes[r->plain->sums[sum]];
    uint16_t mask = p->op != AT_P_COUNT;
    struct at_plan_value value;
    if (p->n_in > mask) {
        if (!value_of(r, wanted, item, p->in[mask], &value)) return false;
        if (!at_plan_value_yes(&value)) return true;
    }
    if (p->op == AT_P_COUNT) {
        *to = at_num_add(r->arena, *to, at_num_int(1));
        return true;
    }
    if (!value_of(r, wanted, item, p->in[0], &value) || !at_plan_type_counts(value.type)) return false;
    *to = at_num_add(r->arena, *to, at_num_copy(r->arena, at_plan_value_num(&value)));
    return true;
}

static bool on_item(void *context, const struct at_gather_item *item) {
    struct reading *r = context;
    int64_t row = at_game_row_at(&r->run->data->tables[r->plain->table], item->line);
    uint32_t at = row < 0 ? 0 : r->deal_of[row];
    const struct at_plan_wanted *wanted = r->feeds;
    if (at_watch_tick(r->watch)) r->cancelled = true;
    if (at == 0) return !r->cancelled;
    while (wanted->feed != item->feed)
        wanted++;
    const struct at_game_deal *deal = &r->game->deals[at - 1];
    bool *unclear = &r->to->unclear[at - 1];
    if (item->payee != deal->payee || item->period != deal->period) *unclear = true;
    for (uint32_t s = 0; s < r->plain->n_sums && !*unclear; s++) {
        at_num *to = &r->to->of[(size_t)(at - 1) * r->plain->n_sums + s];
        if ((uint32_t)r->run->plan->nodes[r->plain->sums[s]].a == item->feed)
            *unclear = !add(r, wanted, item, s, to);
    }
    return !r->cancelled;
}

static void want(struct reading *r) {
    const struct at_plan *plan = r->run->plan;
    r->feeds = AT_NEW_ARRAY(r->arena, struct at_plan_wanted, plan->n_feeds + 1);
    for (uint32_t f = 0; f < plan->n_feeds; f++) {
        uint32_t n = 0, *nodes = AT_NEW_ARRAY(r->arena, uint32_t, 2 * (size_t)r->plain->n_sums + 1);
        bool any = false;
        for (uint32_t s = 0; s < r->plain->n_sums; s++) {
            const struct at_plan_node *p = &plan->nodes[r->plain->sums[s]];
            if ((uint32_t)p->a != f) continue;
            any = true;
            for (uint16_t k = 0; k < p->n_in && k < 2; k++)
                if (plan->nodes[p->in[k]].grain != AT_G_CONST) nodes[n++] = p->in[k];
        }
        if (any) r->feeds[r->n_feeds++] = (struct at_plan_wanted){.feed = f, .nodes = nodes, .n_nodes = n};
    }
}

enum at_status at_game_amounts(const struct at_game *game, const struct at_game_plain *plain,
                               const struct at_session_run *run, struct at_watch *watch,
                               struct at_arena *arena, struct at_game_amounts *out) {
    struct reading r = {.game = game, .plain = plain, .run = run, .watch = watch, .arena = arena, .to = out};
    size_t sums = (size_t)game->n_deals * plain->n_sums;
    out->of = AT_NEW_ARRAY(arena, at_num, sums + 1);
    out->unclear = AT_NEW_ARRAY(arena, bool, game->n_deals + 1);
    if (!plain->kinds[AT_GAME_PERIOD] && !plain->kinds[AT_GAME_OWNER]) return AT_OK;
    r.deal_of = AT_NEW_ARRAY(arena, uint32_t, run->data->tables[plain->table].n_rows + 1);
    for (uint32_t i = 0; i < game->n_deals; i++)
        if (game->deals[i].table == plain->table) r.deal_of[game->deals[i].row] = i + 1;
    want(&r);
    if (r.n_feeds == 0) return AT_OK;
    enum at_status status =
        at_session_run_items(run, r.feeds, r.n_feeds, UINT32_MAX, UINT32_MAX, on_item, &r);
    return status == AT_OK && r.cancelled ? AT_CANCELLED : status;
}
