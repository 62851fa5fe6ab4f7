/* game/game.c: tries the choices one after another, and sums up what they gain.
 *
 * The pay of each payee is added up over all periods and components, before and after. A choice with pay that
 * is withheld only on one side is not compared: its difference would be that of a missing number.
 */
#include "base/sort.h"
#include "base/vec.h"
#include "game/quick.h"

/* What runs pay: by payee of the results, and by payee and component. */
struct pay {
    at_i128 *of, *parts;
    uint32_t *withheld; /* payouts */
};

struct playing {
    struct at_game *game;
    const struct at_game_options *options;
    const struct at_game_host *host;
    struct at_arena *arena;
    struct at_arena *scratch;
    struct at_game_listing *list;
    struct pay before, after;
    struct at_session_run **runs;
    const struct at_table_edit **edits;
    AT_VEC(struct at_game_choice) gains;
    enum at_status status;
    /* The best choices: of each deal by kind, and of each payee. */
    int64_t *of_deal;
    int64_t *of_payee[AT_GAME_KINDS], *alone;
    bool *known;           /* by number of the choice: it need not be run */
    uint64_t number, left; /* of the next one; how many have to be run */
};

static size_t n_payees(const struct playing *p) {
    return p->game->results->n_payees;
}
static size_t n_components(const struct playing *p) {
    return p->game->results->n_components;
}

static struct pay new_pay(const struct playing *p) {
    return (struct pay){AT_NEW_ARRAY(p->arena, at_i128, n_payees(p) + 1),
                        AT_NEW_ARRAY(p->arena, at_i128, n_payees(p) * n_components(p) + 1),
                        AT_NEW_ARRAY(p->arena, uint32_t, n_payees(p) + 1)};
}

static void add_up(const struct playing *p, struct pay *pay) {
    const struct at_session_results *results = p->game->results;
    memset(pay->of, 0, n_payees(p) * sizeof *pay->of);
    memset(pay->parts, 0, n_payees(p) * n_components(p) * sizeof *pay->parts);
    memset(pay->withheld, 0, n_payees(p) * sizeof *pay->withheld);
    for (uint32_t r = 0; r < results->n_runs; r++) {
        const struct at_session_run *run = p->runs[r];
        const struct at_session_result_run *as = &results->runs[r];
        for (uint64_t i = 0; i < run->n_lines; i++) {
            const struct at_settle_line *line = &run->lines[i];
            uint32_t payee = as->payee_of[line->payee];
            pay->of[payee] += line->minor;
            pay->parts[payee * n_components(p) + as->first_component + line->component] += line->minor;
        }
        for (uint32_t i = 0; i < run->n_withheld; i++)
            if (run->withheld[i].payee != UINT32_MAX) pay->withheld[as->payee_of[run->withheld[i].payee]]++;
    }
}

static uint32_t payee_of(const struct playing *p, uint32_t run, uint32_t row) {
    return p->game->results->runs[run].payee_of[row];
}

/* The payees whose pay the choice is about: one, or the old and the new owner. */
static unsigned owners_of(const struct playing *p, const struct at_game_choice *choice, uint32_t owners[2]) {
    const struct at_game_deal *deal = &p->game->deals[choice->deal];
    owners[0] = payee_of(p, deal->run, deal->payee);
    if (choice->kind != AT_GAME_OWNER) return 1;
    owners[1] = payee_of(p, deal->run, choice->other);
    return 2;
}

static int64_t narrowed(at_i128 amount) {
    return amount > INT64_MAX ? INT64_MAX : amount < INT64_MIN ? INT64_MIN : (int64_t)amount;
}

/* The component whose part of the gain is the largest; of equal ones, the first. */
static void find_component(const struct playing *p, struct at_game_choice *choice, const uint32_t *owners,
                           unsigned n) {
    at_i128 best = 0;
    for (uint32_t c = 0; c < n_components(p); c++) {
        at_i128 part = 0;
        for (unsigned k = 0; k < n; k++)
            part += p->after.parts[owners[k] * n_components(p) + c] -
                    p->before.parts[owners[k] * n_components(p) + c];
        if (part <= best) continue;
        best = part;
        choice->component = c;
        choice->of_component = narrowed(part);
    }
}

static void compare(const struct playing *p, struct at_game_choice *choice) {
    uint32_t owners[2];
    unsigned n = owners_of(p, choice, owners);
    at_i128 gain = 0, all = 0;
    for (size_t i = 0; i < n_payees(p); i++) {
        all += p->after.of[i] - p->before.of[i];
        if (p->after.withheld[i] != p->before.withheld[i]) choice->outcome = AT_GAME_WITHHELD;
    }
    for (unsigned k = 0; k < n; k++)
        gain += p->after.of[owners[k]] - p->before.of[owners[k]];
    choice->gain = narrowed(gain);
    choice->rest = narrowed(all - gain);
    if (choice->gain > 0) find_component(p, choice, owners, n);
}

static enum at_status run(struct playing *p, struct at_game_choice *choice) {
    bool possible = true, any = false;
    for (uint32_t r = 0; r < p->game->results->n_runs; r++) {
        p->edits[r] = at_game_edit(p->game, choice, r, p->scratch, &possible);
        any |= p->edits[r] != NULL;
    }
    if (!possible || !any) return AT_REJECTED;
    enum at_status status = p->host->run(p->host->context, p->edits, p->runs);
    if (status == AT_OK) add_up(p, &p->after);
    if (status == AT_OK) compare(p, choice);
    p->host->release(p->host->context);
    return status;
}

static void note(struct playing *p, const struct at_game_choice *choice) {
    struct at_game_total *total = &p->game->kinds[choice->kind];
    const struct at_game_deal *deal = &p->game->deals[choice->deal];
    total->tried++;
    total->refused += choice->outcome == AT_GAME_REFUSED;
    total->withheld += choice->outcome == AT_GAME_WITHHELD;
    if (choice->outcome != AT_GAME_TRIED || choice->gain <= 0) return;
    uint32_t payee = payee_of(p, deal->run, deal->payee);
    int64_t *of_payee = &p->of_payee[choice->kind][payee],
            *of_deal = &p->of_deal[(size_t)choice->deal * AT_GAME_KINDS + choice->kind];
    if (choice->gain > *of_payee) *of_payee = choice->gain;
    if (choice->gain > *of_deal) *of_deal = choice->gain;
    if (choice->gain > total->most) total->most = choice->gain;
    if (choice->kind != AT_GAME_OWNER && choice->gain > p->alone[payee]) p->alone[payee] = choice->gain;
    AT_VEC_PUSH(p->arena, &p->gains, *choice);
}

static bool try_choice(void *context, const struct at_game_choice *given) {
    struct playing *p = context;
    struct at_game_choice choice = *given;
    choice.number = p->number++;
    if (p->known && p->known[choice.number]) return true;
    p->status = run(p, &choice);
    if (p->status == AT_REJECTED) {
        choice.outcome = AT_GAME_REFUSED;
        p->status = AT_OK;
    }
    at_arena_reset(p->scratch, (struct at_arena_mark){0});
    if (p->status == AT_OK) note(p, &choice);
    return p->status == AT_OK;
}

/* ---- choices that need no run */

static bool count(void *context, const struct at_game_choice *choice) {
    (void)choice;
    ++*(uint64_t *)context;
    return true;
}

static void found(void *context, uint64_t number, const struct at_game_choice *given) {
    struct playing *p = context;
    struct at_game_choice choice = *given;
    choice.number = number;
    choice.component += p->game->results->runs[0].first_component;
    p->known[number] = true;
    note(p, &choice);
}

/* Deals of several policies are of several runs, which are not looked at. */
static enum at_status find_quick(struct playing *p) {
    uint64_t n = 0;
    if (p->game->results->n_runs != 1) return AT_OK;
    for (uint32_t i = 0; i < p->game->n_deals; i++)
        at_game_each(p->list, i, count, &n);
    p->known = AT_NEW_ARRAY(p->arena, bool, n + 1);
    const struct at_game_quick_call call = {.game = p->game,
                                            .options = p->options,
                                            .list = p->list,
                                            .run = p->runs[0],
                                            .watch = p->host->watch,
                                            .found = found,
                                            .context = p};
    return at_game_quick(&call, p->arena, &p->left);
}

/* ---- sums */

static int by_gain(const void *left, const void *right) {
    const struct at_game_choice *a = left, *b = right;
    if (a->gain != b->gain) return a->gain > b->gain ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static void sum_up_deals(struct playing *p) {
    for (uint32_t i = 0; i < p->game->n_deals; i++) {
        const int64_t *of_deal = &p->of_deal[(size_t)i * AT_GAME_KINDS];
        bool alone = false;
        for (unsigned k = 0; k < AT_GAME_KINDS; k++) {
            p->game->kinds[k].deals += of_deal[k] > 0;
            p->game->kinds[k].by_deal += of_deal[k];
            alone |= k != AT_GAME_OWNER && of_deal[k] > 0;
        }
        p->game->deals_gaining += alone;
    }
}

static void sum_up(struct playing *p) {
    struct at_game *game = p->game;
    at_sort_items(p->arena, p->gains.at, p->gains.n, sizeof *p->gains.at, by_gain);
    game->choices = p->gains.at;
    game->n_choices = p->gains.n;
    for (uint32_t i = 0; i < game->results->n_payees; i++) {
        game->best += p->alone[i];
        game->pay += game->results->payees[i].amount;
        for (unsigned k = 0; k < AT_GAME_KINDS; k++)
            game->kinds[k].best += p->of_payee[k][i];
    }
    sum_up_deals(p);
}

/* ---- playing */

static void make_room(struct playing *p) {
    struct at_arena *arena = p->arena;
    p->of_deal = AT_NEW_ARRAY(arena, int64_t, (size_t)p->game->n_deals * AT_GAME_KINDS + 1);
    p->alone = AT_NEW_ARRAY(arena, int64_t, n_payees(p) + 1);
    for (unsigned k = 0; k < AT_GAME_KINDS; k++)
        p->of_payee[k] = AT_NEW_ARRAY(arena, int64_t, n_payees(p) + 1);
    memset(p->game->kinds, 0, sizeof p->game->kinds);
    p->gains.n = 0;
    p->known = NULL;
    p->number = 0;
    p->left = UINT64_MAX;
}

static enum at_status open(struct playing *p) {
    struct at_arena *arena = p->arena;
    uint32_t n_runs = p->game->results->n_runs;
    p->before = new_pay(p);
    p->after = new_pay(p);
    p->runs = AT_NEW_ARRAY(arena, struct at_session_run *, n_runs + 1);
    p->edits = AT_NEW_ARRAY(arena, const struct at_table_edit *, n_runs + 1);
    p->list = at_game_list(p->game, p->options, arena);
    make_room(p);
    enum at_status status = p->host->run(p->host->context, p->edits, p->runs);
    if (status == AT_OK) add_up(p, &p->before);
    if (status == AT_OK) status = find_quick(p);
    p->host->release(p->host->context);
    return status;
}

static void run_others(struct playing *p) {
    for (uint32_t i = 0; p->status == AT_OK && p->left > 0 && i < p->game->n_deals; i++) {
        at_watch_show(p->host->watch, AT_WATCH_CHOICES, (at_str){0}, i, p->game->n_deals);
        at_game_each(p->list, i, try_choice, p);
    }
}

/* The best choice of each kind is run in any case. */
static bool confirm(struct playing *p) {
    bool well = true;
    for (unsigned kind = 0; kind < AT_GAME_KINDS; kind++) {
        const struct at_game_choice *best = NULL;
        for (size_t i = 0; i < p->gains.n; i++) {
            const struct at_game_choice *choice = &p->gains.at[i];
            if (choice->kind == kind && p->known[choice->number] && (!best || choice->gain > best->gain))
                best = choice;
        }
        if (!best || p->status != AT_OK) continue;
        struct at_game_choice again = {
            .deal = best->deal, .kind = best->kind, .by = best->by, .day = best->day, .other = best->other};
        p->status = run(p, &again);
        at_arena_reset(p->scratch, (struct at_arena_mark){0});
        well &= p->status == AT_OK && again.outcome == AT_GAME_TRIED && again.gain == best->gain &&
                again.rest == best->rest && again.component == best->component;
        if (p->status == AT_REJECTED) p->status = AT_OK;
    }
    return well;
}

enum at_status at_game_play(struct at_game *game, const struct at_game_options *options,
                            const struct at_game_host *host, struct at_arena *arena) {
    struct playing *p = AT_NEW(arena, struct playing);
    *p = (struct playing){.game = game, .options = options, .host = host, .arena = arena};
    p->scratch = at_arena_scratch(arena);
    game->within = options->within;
    p->status = open(p);
    run_others(p);
    if (p->status == AT_OK && p->known && !confirm(p)) { /* then nothing is believed that was not run */
        make_room(p);
        run_others(p);
    }
    at_watch_show(host->watch, AT_WATCH_CHOICES, (at_str){0}, game->n_deals, game->n_deals);
    if (p->status == AT_OK) sum_up(p);
    at_arena_free(p->scratch);
    return p->status;
}
