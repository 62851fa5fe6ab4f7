/* game/choices.c: the choices for each deal.
 *
 *     period   the last day of each earlier period, and the first day of each later one, up to `within`
 *     split    two halves on the same day
 *     merge    with each of the largest other deals of the same payee, period, and table
 *     owner    each of the payees with the most pay, who are covered
 */
#include "base/sort.h"
#include "game/game_int.h"

/* ---- others */

struct by_cell {
    const struct at_game_deal *deal;
    uint32_t at;
};

static int compare_place(const struct at_game_deal *a, const struct at_game_deal *b) {
    if (a->run != b->run) return a->run < b->run ? -1 : 1;
    if (a->table != b->table) return a->table < b->table ? -1 : 1;
    if (a->payee != b->payee) return a->payee < b->payee ? -1 : 1;
    return (a->period > b->period) - (a->period < b->period);
}

static int by_place(const void *left, const void *right) {
    const struct by_cell *a = left, *b = right;
    int c = compare_place(a->deal, b->deal);
    if (c == 0) c = -at_num_cmp(NULL, a->deal->amount, b->deal->amount);
    return c ? c : (a->at > b->at) - (a->at < b->at);
}

/* The first ones of a place without the deal itself. */
static void list_partners(struct at_game_listing *list) {
    const struct at_game *game = list->game;
    struct at_arena *arena = list->arena;
    struct by_cell *deals = AT_NEW_ARRAY(arena, struct by_cell, game->n_deals + 1);
    list->partners = AT_NEW_ARRAY(arena, uint32_t *, game->n_deals + 1);
    list->n_partners = AT_NEW_ARRAY(arena, uint32_t, game->n_deals + 1);
    for (uint32_t i = 0; i < game->n_deals; i++)
        deals[i] = (struct by_cell){&game->deals[i], i};
    at_sort_items(arena, deals, game->n_deals, sizeof *deals, by_place);
    for (uint32_t i = 0, end; i < game->n_deals; i = end) {
        for (end = i + 1; end < game->n_deals && compare_place(deals[i].deal, deals[end].deal) == 0;)
            end++;
        uint32_t n = end - i < AT_GAME_MOST_OTHERS + 1 ? end - i : AT_GAME_MOST_OTHERS + 1;
        uint32_t *shared = AT_NEW_ARRAY(arena, uint32_t, n + 1);
        for (uint32_t k = 0; k < n; k++)
            shared[k] = deals[i + k].at;
        for (uint32_t k = i; k < end; k++) {
            list->partners[deals[k].at] = shared;
            list->n_partners[deals[k].at] = n;
        }
    }
}

struct paid {
    at_i128 amount;
    at_str key;
    uint32_t row;
};

static int by_pay(const void *left, const void *right) {
    const struct paid *a = left, *b = right;
    if (a->amount != b->amount) return a->amount > b->amount ? -1 : 1;
    return at_str_cmp(a->key, b->key);
}

static void list_payees(struct at_game_listing *list) {
    const struct at_session_results *results = list->game->results;
    struct at_arena *arena = list->arena;
    list->payees = AT_NEW_ARRAY(arena, uint32_t *, results->n_runs + 1);
    list->n_payees = AT_NEW_ARRAY(arena, uint32_t, results->n_runs + 1);
    for (uint32_t r = 0; r < results->n_runs; r++) {
        const struct at_session_run *run = results->runs[r].run;
        struct paid *paid = AT_NEW_ARRAY(arena, struct paid, run->n_payees + 1);
        uint32_t n = 0;
        for (uint32_t i = 0; i < run->n_payees; i++)
            if (!run->covered || run->covered[i])
                paid[n++] = (struct paid){results->payees[results->runs[r].payee_of[i]].amount,
                                          results->runs[r].keys[i], i};
        at_sort_items(arena, paid, n, sizeof *paid, by_pay);
        list->payees[r] = AT_NEW_ARRAY(arena, uint32_t, n + 1);
        list->n_payees[r] = n < AT_GAME_MOST_OTHERS + 1 ? n : AT_GAME_MOST_OTHERS + 1;
        for (uint32_t i = 0; i < n; i++)
            list->payees[r][i] = paid[i].row;
    }
}

struct at_game_listing *at_game_list(const struct at_game *game, const struct at_game_options *options,
                                     struct at_arena *arena) {
    struct at_game_listing *list = AT_NEW(arena, struct at_game_listing);
    *list = (struct at_game_listing){.game = game, .options = options, .arena = arena};
    list_partners(list);
    list_payees(list);
    return list;
}

/* ---- the choices of a deal */

struct visiting {
    const struct at_game_listing *list;
    uint32_t deal;
    bool (*visit)(void *context, const struct at_game_choice *choice);
    void *context;
};

static bool visit(const struct visiting *v, struct at_game_choice choice) {
    choice.deal = v->deal;
    return v->visit(v->context, &choice);
}

/* A day outside the effective range would only cost the credit. */
static bool each_period(const struct visiting *v) {
    const struct at_game_deal *deal = &v->list->game->deals[v->deal];
    const struct at_session_run *run = v->list->game->results->runs[deal->run].run;
    const struct at_check_policy *checked = run->plan->checked;
    enum at_period_kind kind = (enum at_period_kind)run->first_period.kind;
    int32_t position = run->first_position + (int32_t)deal->period,
            within = (int32_t)v->list->options->within;
    for (int32_t by = -within; by <= within; by++) {
        if (by == 0 || (int64_t)deal->period + by < 0) continue;
        at_period period = at_period_at(run->calendar, kind, position + by);
        at_date day = by < 0 ? at_period_end(run->calendar, period) : at_period_start(run->calendar, period);
        if (day < checked->from || day > checked->to) continue;
        if (!visit(v, (struct at_game_choice){.kind = AT_GAME_PERIOD, .by = by, .day = day})) return false;
    }
    return true;
}

static bool each_merge(const struct visiting *v) {
    uint32_t left = AT_GAME_MOST_OTHERS;
    for (uint32_t k = 0; k < v->list->n_partners[v->deal] && left > 0; k++) {
        uint32_t other = v->list->partners[v->deal][k];
        if (other == v->deal) continue;
        left--;
        if (!visit(v, (struct at_game_choice){.kind = AT_GAME_MERGE, .other = other})) return false;
    }
    return true;
}

static bool each_owner(const struct visiting *v) {
    const struct at_game_deal *deal = &v->list->game->deals[v->deal];
    uint32_t left = AT_GAME_MOST_OTHERS;
    for (uint32_t k = 0; k < v->list->n_payees[deal->run] && left > 0 && deal->owner_field >= 0; k++) {
        uint32_t other = v->list->payees[deal->run][k];
        if (other == deal->payee) continue;
        left--;
        if (!visit(v, (struct at_game_choice){.kind = AT_GAME_OWNER, .other = other})) return false;
    }
    return true;
}

bool at_game_each(const struct at_game_listing *list, uint32_t deal,
                  bool (*with)(void *context, const struct at_game_choice *choice), void *context) {
    const struct visiting v = {list, deal, with, context};
    const bool *kinds = list->options->kinds;
    if (kinds[AT_GAME_PERIOD] && !each_period(&v)) return false;
    bool whole = list->game->deals[deal].via; /* its shares would have to be divided, too */
    bool splits = kinds[AT_GAME_SPLIT] && list->game->deals[deal].has_amount && !whole;
    if (splits && !visit(&v, (struct at_game_choice){.kind = AT_GAME_SPLIT})) return false;
    if (kinds[AT_GAME_MERGE] && !whole && !each_merge(&v)) return false;
    return !kinds[AT_GAME_OWNER] || each_owner(&v);
}
