/* game/team.c: the effects of each payee's sales on the pay of all. */
#include "game/team.h"

#include "base/sort.h"
#include "base/vec.h"

struct finding {
    struct at_team *team;
    const struct at_team_options *options;
    struct at_watch *watch;
    struct at_arena *arena;
    uint32_t run;
    AT_VEC(struct at_team_pair) pairs;
    AT_VEC(struct at_team_rule) rules;
};

/* ---- the measure that varies, and the pay */

static bool sums_money(const struct at_plan *plan, const struct at_check_measure_decl *decl, uint32_t node) {
    const struct at_plan_node *p = &plan->nodes[node];
    return p->op == AT_P_SUM && p->grain == AT_G_CELL && decl->aggregate &&
           plan->feeds[decl->feed].decl->name.n &&
           (p->type.kind == AT_T_MONEY || p->type.kind == AT_T_NUMBER);
}

struct at_team_measure at_team_measure_of(const struct at_plan *plan, at_str vary) {
    const struct at_check_policy *checked = plan->checked;
    struct at_team_measure out = {.node = AT_NO_NODE};
    for (uint32_t i = 0; i < checked->n_measures && out.node == AT_NO_NODE; i++) {
        const struct at_check_measure_decl *decl = &checked->measures[i];
        uint32_t node = plan->measures[i].cell;
        if (node == AT_NO_NODE || !plan->nodes[node].needed || plan->nodes[node].grain != AT_G_CELL) continue;
        if (!at_plan_type_counts(plan->nodes[node].type)) continue;
        if (vary.n ? !at_str_eq(vary, decl->symbol->name) : !sums_money(plan, decl, node)) continue;
        out = (struct at_team_measure){.node = node,
                                       .name = decl->symbol->name,
                                       .label = decl->symbol->label,
                                       .type = plan->nodes[node].type};
    }
    return out;
}

/* Before rounding. */
uint32_t *at_team_pays(const struct at_plan *plan, struct at_arena *arena, uint32_t *n) {
    uint32_t *pays = AT_NEW_ARRAY(arena, uint32_t, plan->n_components + 1);
    *n = 0;
    for (uint32_t c = 0; c < plan->n_components; c++) {
        const struct at_plan_component *component = &plan->components[c];
        uint32_t node = component->adjusted;
        if (node == AT_NO_NODE) node = component->exact;
        if (node == AT_NO_NODE || component->delay.unit != AT_DELAY_NONE || component->parted != AT_NO_NODE)
            node = component->value;
        if (node != AT_NO_NODE && plan->nodes[node].grain == AT_G_CELL) pays[(*n)++] = node;
    }
    return pays;
}

/* ---- pairs */

static struct at_team_side side_of(const struct at_curve_effect *effect) {
    return (struct at_team_side){effect->kind, effect->slope, effect->jump, effect->blame};
}

static int by_payee(const void *left, const void *right) {
    const struct at_curve_effect *a = left, *b = right;
    return (a->payee > b->payee) - (a->payee < b->payee);
}

/* Both lists are in order of payee rows. */
static void join(struct finding *f, uint32_t seller, const struct at_curve_effect_list *above,
                 const struct at_curve_effect_list *below) {
    const struct at_team_side none = {.kind = AT_CURVE_NUM, .slope = at_num_int(0), .jump = at_num_int(0)};
    for (uint32_t i = 0, k = 0; i < above->n || k < below->n;) {
        uint32_t a = i < above->n ? above->at[i].payee : UINT32_MAX,
                 b = k < below->n ? below->at[k].payee : UINT32_MAX;
        struct at_team_pair pair = {f->run, seller, a < b ? a : b, none, none};
        if (a <= b) pair.above = side_of(&above->at[i++]);
        if (b <= a) pair.below = side_of(&below->at[k++]);
        AT_VEC_PUSH(f->arena, &f->pairs, pair);
    }
}

static enum at_status sell(struct finding *f, const struct at_curve_effects *asked, uint32_t seller) {
    const struct at_session_run *run = f->team->results->runs[f->run].run;
    struct at_curve_options options = *asked->options;
    struct at_curve_effects of = *asked;
    struct at_curve_effect_list above, below;
    options.payee = seller;
    of.options = &options;
    enum at_status status = at_curve_effects(run, &of, f->watch, f->arena, &above, &below);
    if (status != AT_OK) return status;
    at_sort_items(f->arena, above.at, above.n, sizeof *above.at, by_payee);
    at_sort_items(f->arena, below.at, below.n, sizeof *below.at, by_payee);
    join(f, seller, &above, &below);
    return AT_OK;
}

/* ---- rules */

static uint64_t pairs_of(const struct at_session_run *run, uint16_t group, uint32_t period) {
    const struct at_kernel_members *members = at_kernel_frame_members(run->frame, group, period);
    uint64_t pairs = 0;
    for (uint32_t g = 0; g < run->group_sizes[group]; g++) {
        uint64_t n = members->start[g + 1] - members->start[g];
        pairs += n * (n - 1) / 2;
    }
    return pairs;
}

static void list_rules(struct finding *f, const struct at_session_run *run, uint32_t period) {
    const struct at_plan *plan = run->plan;
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *p = &plan->nodes[id];
        if (!p->needed || (p->op != AT_P_RANK && p->op != AT_P_ALLOT)) continue;
        uint16_t group = p->op == AT_P_ALLOT ? plan->nodes[p->in[0]].place : (uint16_t)p->a;
        uint64_t pairs = pairs_of(run, group, period);
        if (pairs) AT_VEC_PUSH(f->arena, &f->rules, (struct at_team_rule){f->run, p->op, p->ast, pairs});
    }
}

/* ---- all */

static enum at_status find_in(struct finding *f) {
    const struct at_session_result_run *r = &f->team->results->runs[f->run];
    const struct at_session_run *run = r->run;
    struct at_team_measure *measure = &f->team->measures[f->run];
    *measure = at_team_measure_of(run->plan, f->options->vary);
    measure->period = run->paid_from + (run->paid_periods ? run->paid_periods - 1 : 0);
    if (measure->node == AT_NO_NODE || run->paid_periods == 0) return AT_OK;
    uint32_t n;
    uint32_t *pays = at_team_pays(run->plan, f->arena, &n);
    struct at_arena *rows = at_arena_scratch(f->arena);
    const struct at_curve_options options = {.vary = measure->node,
                                             .period = measure->period,
                                             .pay = n ? pays[0] : measure->node,
                                             .first = measure->period,
                                             .until = measure->period,
                                             .stock = at_curve_stock_new(rows)};
    const struct at_curve_effects asked = {.options = &options, .pays = pays, .n_pays = n};
    enum at_status status = AT_OK;
    for (uint32_t k = 0; k < run->n_payees && status == AT_OK; k++) {
        uint32_t seller = run->payees_by_key[k];
        at_watch_show(f->watch, AT_WATCH_CHOICES, (at_str){0}, k, run->n_payees);
        if (!run->covered || run->covered[seller]) status = sell(f, &asked, seller);
    }
    at_watch_show(f->watch, AT_WATCH_CHOICES, (at_str){0}, run->n_payees, run->n_payees);
    at_arena_free(rows);
    list_rules(f, run, measure->period);
    return status;
}

/* Where the pairs of each seller of a run begin and end. */
struct range {
    uint64_t first, end;
};

static struct range **ranges_of(const struct at_team *team, struct at_arena *arena) {
    struct range **by_run = AT_NEW_ARRAY(arena, struct range *, team->results->n_runs + 1);
    for (uint32_t r = 0; r < team->results->n_runs; r++)
        by_run[r] = AT_NEW_ARRAY(arena, struct range, team->results->runs[r].run->n_payees + 1);
    for (uint64_t i = 0; i < team->n_pairs; i++) {
        struct range *range = &by_run[team->pairs[i].run][team->pairs[i].seller];
        if (range->end == 0) range->first = i;
        range->end = i + 1;
    }
    return by_run;
}

/* The pairs of a seller are in order of payee rows. */
static const struct at_team_pair *pair_of(const struct at_team *team, const struct range *sellers,
                                          uint32_t seller, uint32_t payee) {
    uint64_t low = sellers[seller].first, high = sellers[seller].end;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (team->pairs[middle].payee < payee)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < sellers[seller].end && team->pairs[low].payee == payee;
    return found ? &team->pairs[low] : NULL;
}

static bool is_worse(const struct at_team_pair *a, const struct at_team_pair *b) {
    int c = at_num_cmp(NULL, a->above.jump, b->above.jump);
    return c ? c < 0 : at_num_cmp(NULL, a->above.slope, b->above.slope) < 0;
}

static void sum_up(struct at_team *team, bool proved, struct at_arena *arena) {
    bool hurts = false;
    struct range **ranges = ranges_of(team, arena);
    for (uint64_t i = 0; i < team->n_pairs; i++) {
        const struct at_team_pair *pair = &team->pairs[i];
        team->n_unknown += (pair->above.kind == AT_CURVE_UNKNOWN) + (pair->below.kind == AT_CURVE_UNKNOWN);
        if (!at_team_hurts(pair)) continue;
        if (!hurts || is_worse(pair, &team->pairs[team->worst])) team->worst = i;
        hurts = true;
        const struct at_team_pair *back = pair_of(team, ranges[pair->run], pair->payee, pair->seller);
        team->n_against += !(back && at_team_hurts(back) && pair->payee < pair->seller);
    }
    team->proof = hurts             ? AT_TEAM_REFUTED
                  : proved          ? AT_TEAM_PROVED
                  : team->n_unknown ? AT_TEAM_UNKNOWN
                                    : AT_TEAM_HOLDS;
}

enum at_status at_team_find(struct at_team *team, const struct at_team_options *options,
                            struct at_watch *watch, struct at_arena *arena) {
    struct finding f = {.team = team, .options = options, .watch = watch, .arena = arena};
    enum at_status status = AT_OK;
    bool found = false, proved = true;
    team->measures = AT_NEW_ARRAY(arena, struct at_team_measure, team->results->n_runs + 1);
    for (f.run = 0; f.run < team->results->n_runs && status == AT_OK; f.run++) {
        status = find_in(&f);
        found |= team->measures[f.run].node != AT_NO_NODE;
        proved &= at_team_prove(team->results->runs[f.run].run->plan, arena) == AT_NO_NODE;
    }
    team->pairs = f.pairs.at;
    team->n_pairs = f.pairs.n;
    team->rules = f.rules.at;
    team->n_rules = (uint32_t)f.rules.n;
    sum_up(team, proved, arena);
    return status == AT_OK && !found ? AT_REJECTED : status;
}
