/* game/quick.c: what choices gain that only move amounts. Deals are taken some thousand at a time: first
 * their choices and the worlds that these need are listed, then the worlds are calculated, those of one
 * period together, and then each choice is added up.
 */
#include "game/quick.h"

#include "base/sort.h"
#include "base/vec.h"

enum { BLOCK = 2048, REPLICAS = 16384 };

/* A world that choices need; `until` is the last period that can change. */
struct task {
    struct at_session_world world;
    uint32_t first, until;
};

/* A choice is as much as its worlds together. */
struct pending {
    struct at_game_choice choice;
    uint64_t number;
    size_t task[2];
    unsigned n_tasks;
};

struct quick {
    const struct at_game_quick_call *call;
    struct at_arena *arena, *block, *scratch;
    struct at_game_plain **plain;    /* by table; NULL: no deal is of it */
    struct at_game_amounts *amounts; /* by table */
    uint64_t number, left;
    AT_VEC(struct pending) pending; /* of the block */
    AT_VEC(struct task) tasks;
    size_t minus[AT_GAME_KINDS]; /* of the deal: its amounts are taken away; SIZE_MAX: not listed yet */
};

static const struct at_game_deal *deal_of(const struct quick *q, const struct at_game_choice *choice) {
    return &q->call->game->deals[choice->deal];
}

/* ---- worlds */

/* Adds the changes of one cell: what the deal adds to each sum, once more (1) or taken away (-1). */
static void move(struct quick *q, const struct at_game_choice *choice, uint32_t payee, uint32_t period,
                 int sign, struct at_session_world_change *to, uint32_t *n) {
    const struct at_game_deal *deal = deal_of(q, choice);
    const struct at_game_plain *plain = q->plain[deal->table];
    const at_num *of = &q->amounts[deal->table].of[(size_t)choice->deal * plain->n_sums];
    for (uint32_t s = 0; s < plain->n_sums; s++) {
        uint32_t feed = (uint32_t)plain->run->plan->nodes[plain->sums[s]].a;
        if (!plain->moves[choice->kind][feed]) continue;
        to[(*n)++] = (struct at_session_world_change){payee, period, s,
                                                      sign > 0 ? of[s] : at_num_neg(q->block, of[s])};
    }
}

/* Of one cell, or of two if `to` is one that the first reaches. */
static size_t add_task(struct quick *q, const struct at_game_choice *choice, bool minus, bool plus,
                       uint32_t payee, uint32_t period) {
    const struct at_game_deal *deal = deal_of(q, choice);
    const struct at_game_plain *plain = q->plain[deal->table];
    struct at_session_world_change *changes =
        AT_NEW_ARRAY(q->block, struct at_session_world_change, 2 * (size_t)plain->n_sums + 1);
    struct task task = {.world = {.changes = changes}, .first = deal->period, .until = deal->period};
    if (minus) move(q, choice, deal->payee, deal->period, -1, changes, &task.world.n_changes);
    if (minus) task.world.owners[task.world.n_owners++] = deal->payee;
    if (plus) move(q, choice, payee, period, 1, changes, &task.world.n_changes);
    if (plus && !(minus && payee == deal->payee)) task.world.owners[task.world.n_owners++] = payee;
    if (plus && (!minus || period < task.first)) task.first = period;
    if (plus && (!minus || period > task.until)) task.until = period;
    if (plain->replicas->past) task.until = plain->run->n_periods - 1;
    task.world.of = AT_NEW_ARRAY(q->block, int64_t, (size_t)plain->replicas->n_components + 1);
    AT_VEC_PUSH(q->block, &q->tasks, task);
    return q->tasks.n - 1;
}

/* Without the deal; the same for all choices of the kind. */
static size_t minus_of(struct quick *q, const struct at_game_choice *choice) {
    size_t *at = &q->minus[choice->kind];
    if (*at == SIZE_MAX) *at = add_task(q, choice, true, false, 0, 0);
    return *at;
}

/* False: it has to be run. */
static bool list_move(struct quick *q, struct pending *p) {
    const struct at_game_choice *choice = &p->choice;
    const struct at_game_deal *deal = deal_of(q, choice);
    const struct at_game_plain *plain = q->plain[deal->table];
    const struct at_session_replicas *r = plain->replicas;
    bool period = choice->kind == AT_GAME_PERIOD;
    uint32_t payee = period ? deal->payee : choice->other;
    int64_t when = (int64_t)deal->period + (period ? choice->by : 0);
    if (q->amounts[deal->table].unclear[choice->deal]) return false;
    if (deal->owner_field != plain->owner_field || (int32_t)deal->date_field != plain->date_field)
        return false;
    if (when < 0 || when >= plain->run->n_periods) return false;
    if (r->n_components == 0 || plain->n_sums == 0) return true; /* it changes no pay */
    bool together = period ? r->past : r->circle_of[payee] == r->circle_of[deal->payee];
    if (together) {
        p->task[p->n_tasks++] = add_task(q, choice, true, true, payee, (uint32_t)when);
        return true;
    }
    p->task[p->n_tasks++] = minus_of(q, choice);
    p->task[p->n_tasks++] = add_task(q, choice, false, true, payee, (uint32_t)when);
    return true;
}

/* ---- split and merge */

static bool same_value(const struct at_session_run *run, uint32_t table, uint32_t field, uint32_t a,
                       uint32_t b) {
    const struct at_col *col = &run->data->tables[table].cols[field];
    uint32_t state = at_col_state(col, a);
    if (col->n <= a || col->n <= b || col->one) return col->one;
    if (state != at_col_state(col, b)) return false;
    if (state != AT_STATE_OK) return true;
    size_t width = at_col_width((enum at_col_form)col->form);
    if (col->form == AT_COL_TEXT) return at_str_eq(col->text[a], col->text[b]);
    if (col->form == AT_COL_NUM) return at_num_cmp(NULL, col->num[a], col->num[b]) == 0;
    return memcmp((char *)col->data + a * width, (char *)col->data + b * width, width) == 0;
}

static bool has_amounts(const struct at_session_run *run, uint32_t table, int32_t credited, uint32_t row) {
    const struct at_schema *schema = &run->plan->checked->schemas[table];
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        const struct at_col *col = &run->data->tables[table].cols[f];
        if (at_game_counts(schema, f, credited) && col->n > row && at_col_state(col, row) != AT_STATE_OK)
            return false;
    }
    return true;
}

static bool look_at_merge(const struct quick *q, const struct at_game_choice *choice) {
    const struct at_game_deal *deal = deal_of(q, choice), *other = &q->call->game->deals[choice->other];
    const struct at_game_plain *plain = q->plain[deal->table];
    if (other->table != deal->table || !has_amounts(plain->run, deal->table, plain->credited, deal->row) ||
        !has_amounts(plain->run, deal->table, plain->credited, other->row))
        return false;
    for (uint32_t i = 0; i < plain->n_compared; i++)
        if (!same_value(plain->run, deal->table, plain->compared[i], deal->row, other->row)) return false;
    return true;
}

static bool list(struct quick *q, struct pending *p) {
    const struct at_game_plain *plain = q->plain[deal_of(q, &p->choice)->table];
    if (!plain->kinds[p->choice.kind]) return false;
    switch ((enum at_game_kind)p->choice.kind) {
    case AT_GAME_SPLIT: p->choice.outcome = plain->text_key ? AT_GAME_TRIED : AT_GAME_REFUSED; return true;
    case AT_GAME_MERGE: return look_at_merge(q, &p->choice);
    default: return list_move(q, p);
    }
}

static bool list_choice(void *context, const struct at_game_choice *choice) {
    struct quick *q = context;
    struct pending p = {.choice = *choice, .number = q->number++};
    if (list(q, &p))
        AT_VEC_PUSH(q->block, &q->pending, p);
    else
        q->left++;
    return true;
}

/* ---- calculating them */

struct place {
    uint32_t first, until, table;
    size_t at;
};

static int by_periods(const void *left, const void *right) {
    const struct place *a = left, *b = right;
    if (a->table != b->table) return a->table < b->table ? -1 : 1;
    if (a->first != b->first) return a->first < b->first ? -1 : 1;
    return (a->until > b->until) - (a->until < b->until);
}

static uint32_t size_of(const struct at_session_replicas *r, const struct task *task) {
    uint32_t circle = r->circle_of[task->world.changes[0].payee];
    return r->circle_start[circle + 1] - r->circle_start[circle];
}

/* From places[i] on: as many as are of the same periods, and have room. Returns the next one. */
static size_t calculate_some(struct quick *q, const struct place *places, size_t i, size_t n) {
    const struct at_session_replicas *r = q->plain[places[i].table]->replicas;
    struct at_session_world *worlds = at_arena_get(q->scratch, (n - i) * sizeof *worlds);
    uint32_t replicas = 0;
    size_t end = i;
    for (; end < n && by_periods(&places[i], &places[end]) == 0 && (end == i || replicas < REPLICAS); end++) {
        worlds[end - i] = q->tasks.at[places[end].at].world;
        replicas += size_of(r, &q->tasks.at[places[end].at]);
    }
    at_session_worlds(r, worlds, (uint32_t)(end - i), places[i].first, places[i].until, q->scratch);
    for (size_t k = i; k < end; k++)
        q->tasks.at[places[k].at].world = worlds[k - i];
    at_arena_reset(q->scratch, (struct at_arena_mark){0});
    return end;
}

/* Tables have deals of their own, so the tasks of a deal say of which table they are. */
static enum at_status calculate(struct quick *q) {
    size_t n = q->tasks.n;
    struct place *places = at_arena_get(q->block, (n + 1) * sizeof *places);
    for (size_t k = 0; k < n; k++)
        places[k] = (struct place){q->tasks.at[k].first, q->tasks.at[k].until, 0, k};
    for (size_t k = 0; k < q->pending.n; k++)
        for (unsigned t = 0; t < q->pending.at[k].n_tasks; t++)
            places[q->pending.at[k].task[t]].table = deal_of(q, &q->pending.at[k].choice)->table;
    at_sort_items(q->block, places, n, sizeof *places, by_periods);
    for (size_t i = 0; i < n;) {
        if (at_watch_cancelled(q->call->watch)) return AT_CANCELLED;
        i = calculate_some(q, places, i, n);
    }
    return AT_OK;
}

/* ---- adding up */

/* False: it has to be run. */
static bool add_up(struct quick *q, struct pending *p) {
    const struct at_session_replicas *r = q->plain[deal_of(q, &p->choice)->table]->replicas;
    int64_t gain = 0, all = 0;
    bool known = true;
    for (unsigned t = 0; t < p->n_tasks; t++) {
        const struct at_session_world *world = &q->tasks.at[p->task[t]].world;
        known &= world->known && !__builtin_add_overflow(gain, world->parts[0], &gain) &&
                 !__builtin_add_overflow(gain, world->parts[1], &gain) &&
                 !__builtin_add_overflow(all, world->all, &all);
    }
    known &= !__builtin_sub_overflow(all, gain, &p->choice.rest);
    p->choice.gain = gain;
    for (uint32_t k = 0; known && gain > 0 && k < r->n_components; k++) {
        int64_t part = 0;
        for (unsigned t = 0; t < p->n_tasks; t++)
            part += q->tasks.at[p->task[t]].world.of[k];
        if (part <= p->choice.of_component) continue;
        p->choice.component = r->components[k];
        p->choice.of_component = part;
    }
    return known;
}

static void finish(struct quick *q) {
    for (size_t k = 0; k < q->pending.n; k++) {
        struct pending *p = &q->pending.at[k];
        if (add_up(q, p))
            q->call->found(q->call->context, p->number, &p->choice);
        else
            q->left++;
    }
}

static enum at_status play(struct quick *q) {
    const struct at_game *game = q->call->game;
    for (uint32_t i = 0; i < game->n_deals;) {
        at_watch_show(q->call->watch, AT_WATCH_CHOICES, (at_str){0}, i, game->n_deals);
        memset(&q->pending, 0, sizeof q->pending);
        memset(&q->tasks, 0, sizeof q->tasks);
        for (uint32_t end = i + BLOCK; i < end && i < game->n_deals; i++) {
            for (unsigned k = 0; k < AT_GAME_KINDS; k++)
                q->minus[k] = SIZE_MAX;
            at_game_each(q->call->list, i, list_choice, q);
        }
        enum at_status status = calculate(q);
        if (status != AT_OK) return status;
        finish(q);
        at_arena_reset(q->block, (struct at_arena_mark){0});
    }
    return AT_OK;
}

enum at_status at_game_quick(const struct at_game_quick_call *call, struct at_arena *arena, uint64_t *left) {
    uint32_t tables = call->run->plan->checked->n_schemas;
    struct quick q = {.call = call, .arena = arena};
    enum at_status status = AT_OK;
    q.plain = AT_NEW_ARRAY(arena, struct at_game_plain *, tables + 1);
    q.amounts = AT_NEW_ARRAY(arena, struct at_game_amounts, tables + 1);
    for (uint32_t i = 0; status == AT_OK && i < call->game->n_deals; i++) {
        const struct at_game_deal *deal = &call->game->deals[i];
        if (q.plain[deal->table]) continue;
        q.plain[deal->table] = at_game_plain_new(call->run, deal, arena);
        status = at_game_amounts(call->game, q.plain[deal->table], call->run, call->watch, arena,
                                 &q.amounts[deal->table]);
    }
    q.block = at_arena_scratch(arena);
    q.scratch = at_arena_scratch(arena);
    if (status == AT_OK) status = play(&q);
    at_arena_free(q.scratch);
    at_arena_free(q.block);
    *left = q.left;
    return status;
}
