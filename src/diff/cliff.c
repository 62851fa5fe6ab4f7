/* diff/cliff.c: the shapes of pay of both versions, for the payees who change most. */
#include "diff/cliff.h"

#include "base/sort.h"

enum { MOST_WORK = 400000 }; /* values and rows, of each version: about as long as a run of 100,000 rows */

struct looking {
    const struct at_diff *diff;
    const struct at_diff_side *sides;
    struct at_watch *watch;
    struct at_arena *arena;
    int32_t position;    /* of the period, in the calendar */
    uint32_t *chosen, n; /* payees of the diff, the largest changes first */
};

bool at_diff_cliff_ends(const struct at_diff_cliff *cliff, struct at_arena *scratch) {
    return cliff->kind != AT_RISK_FALL || at_num_cmp(scratch, cliff->after, cliff->before) < 0;
}

/* ---- the period, and payees */

/* The last one that both versions pay. */
static bool find_period(struct looking *l) {
    l->position = INT32_MAX;
    for (int s = 0; s < 2; s++) {
        int32_t end = l->sides[s].run->first_position + (int32_t)l->sides[s].n_regular;
        if (end - 1 < l->position) l->position = end - 1;
    }
    return l->position >= l->sides[0].run->first_position && l->position >= l->sides[1].run->first_position;
}

struct changed {
    at_i128 size;
    uint32_t payee;
};

static int by_size(const void *left, const void *right) {
    const struct changed *a = left, *b = right;
    return (a->size < b->size) - (a->size > b->size);
}

/* A cliff that no one reaches yet changes no pay, but the next deal can. */
static bool has_edits(const struct at_diff *diff) {
    for (uint32_t i = 0; diff->edits && i < diff->edits->n; i++)
        if (diff->edits->at[i].pays) return true;
    return false;
}

static void choose(struct looking *l, uint32_t most) {
    const struct at_diff *diff = l->diff;
    bool all = has_edits(diff);
    struct changed *of = AT_NEW_ARRAY(l->arena, struct changed, diff->n_payees + 1);
    uint32_t n = 0;
    for (uint32_t p = 0; p < diff->n_payees; p++)
        if ((all || diff->payees[p].kind != AT_DIFF_SAME) && diff->payees[p].row[1] >= 0)
            of[n++] = (struct changed){diff->payees[p].size, p};
    at_sort_items(l->arena, of, n, sizeof *of, by_size);
    l->n = n < most ? n : most;
    l->chosen = AT_NEW_ARRAY(l->arena, uint32_t, l->n + 1);
    for (uint32_t i = 0; i < l->n; i++)
        l->chosen[i] = of[i].payee;
}

/* ---- one version */

/* `least`: as of at_curve_risk_options. */
static enum at_status look(const struct looking *l, int s, const at_num *least, struct at_curve_risks *out) {
    const struct at_diff_side *side = &l->sides[s];
    uint64_t work = MOST_WORK;
    uint32_t *rows = AT_NEW_ARRAY(l->arena, uint32_t, l->n + 1), n = 0;
    *out = (struct at_curve_risks){.whole = true};
    for (uint32_t i = 0; i < l->n; i++)
        if (l->diff->payees[l->chosen[i]].row[s] >= 0)
            rows[n++] = (uint32_t)l->diff->payees[l->chosen[i]].row[s];
    if (n == 0) return AT_OK;
    const struct at_curve_risk_options options = {.plan = side->plan,
                                                  .node = side->map ? side->map->node : NULL,
                                                  .period =
                                                      (uint32_t)(l->position - side->run->first_position),
                                                  .payees = rows,
                                                  .most = n,
                                                  .least = least,
                                                  .each = true,
                                                  .work = &work};
    return at_curve_risks_find(side->run, &options, l->watch, l->arena, out);
}

static at_str name_of(const struct looking *l, int s, const struct at_curve_risk *risk) {
    return l->sides[s].plan->components[risk->component].name;
}

static const struct at_check_symbol *measure_of(const struct looking *l, int s,
                                                const struct at_curve_risk *risk) {
    return l->sides[s].plan->checked->measures[risk->measure].symbol;
}

/* A fall of the old version can go on for longer, since it is looked at as far or farther. */
static bool same_place(const struct looking *l, const struct at_curve_risk *old,
                       const struct at_curve_risk *new) {
    int high = at_num_cmp(l->arena, old->high, new->high);
    if (at_num_cmp(l->arena, old->low, new->low) != 0 || at_num_cmp(l->arena, old->before, new->before) != 0)
        return false;
    return (high == 0 && at_num_cmp(l->arena, old->after, new->after) == 0) ||
           (high > 0 && new->kind == AT_RISK_FALL);
}

static bool same(const struct looking *l, const struct at_curve_risk *old, const struct at_curve_risk *new) {
    return old->kind == new->kind &&at_str_eq(name_of(l, 0, old), name_of(l, 1, new)) &&
           at_str_eq(at_diff_edits_name(l->diff->edits, measure_of(l, 0, old)->name),
                     measure_of(l, 1, new)->name) &&
           same_place(l, old, new);
}

/* ---- both */

struct listed {
    struct at_diff_cliff cliff;
    at_num size;
    struct at_arena *arena; /* for comparing */
};

static int by_weight(const void *left, const void *right) {
    const struct listed *a = left, *b = right;
    if (a->cliff.known != b->cliff.known) return a->cliff.known ? 1 : -1;
    if (a->cliff.kind != b->cliff.kind) return a->cliff.kind < b->cliff.kind ? -1 : 1;
    return at_num_cmp(a->arena, b->size, a->size);
}

static struct listed list(const struct looking *l, const struct at_curve_risks risks[2], uint32_t i) {
    const struct at_curve_risk *risk = &risks[1].at[i];
    const struct at_check_symbol *measure = measure_of(l, 1, risk);
    const struct at_plan_component *component = &l->sides[1].plan->components[risk->component];
    struct listed out = {.arena = l->arena};
    out.cliff = (struct at_diff_cliff){.kind = risk->kind,
                                       .component = component->label.n ? component->label : component->name,
                                       .measure = measure->label.n ? measure->label : measure->name,
                                       .type = measure->type,
                                       .n_payees = risk->n_payees,
                                       .n_near = risk->n_near,
                                       .low = risk->low,
                                       .high = risk->high,
                                       .before = risk->before,
                                       .after = risk->after};
    out.size = at_num_abs(l->arena, at_num_sub(l->arena, risk->after, risk->before));
    for (uint32_t k = 0; k < l->n; k++)
        if (l->diff->payees[l->chosen[k]].row[1] == (int32_t)risk->payee) out.cliff.payee = l->chosen[k];
    for (uint32_t k = 0; k < risks[0].n && !out.cliff.known; k++)
        out.cliff.known = same(l, &risks[0].at[k], risk);
    return out;
}

static void put_in_order(const struct looking *l, const struct at_curve_risks risks[2],
                         struct at_diff_cliffs *out) {
    struct listed *of = AT_NEW_ARRAY(l->arena, struct listed, risks[1].n + 1);
    for (uint32_t i = 0; i < risks[1].n; i++)
        of[out->n++] = list(l, risks, i);
    at_sort_items(l->arena, of, out->n, sizeof *of, by_weight);
    out->at = AT_NEW_ARRAY(l->arena, struct at_diff_cliff, out->n + 1);
    for (uint32_t i = 0; i < out->n; i++)
        out->at[i] = of[i].cliff;
}

/* The old version is looked at this far, so that what it has there is known, although less is sold in it. */
static at_num farthest(const struct at_curve_risks *risks, struct at_arena *arena) {
    at_num most = at_num_int(0);
    for (uint32_t i = 0; i < risks->n; i++)
        if (at_num_cmp(arena, risks->at[i].high, most) > 0) most = risks->at[i].high;
    return at_num_mul(arena, most, at_num_int(2));
}

enum at_status at_diff_cliffs_find(const struct at_diff *diff, const struct at_diff_side sides[2],
                                   uint32_t most, struct at_watch *watch, struct at_arena *arena,
                                   struct at_diff_cliffs *out) {
    struct looking l = {.diff = diff, .sides = sides, .watch = watch, .arena = arena};
    struct at_curve_risks risks[2];
    *out = (struct at_diff_cliffs){.whole = true};
    choose(&l, most);
    out->n_payees = l.n;
    if (l.n == 0 || !find_period(&l)) return AT_OK;
    enum at_status status = look(&l, 1, NULL, &risks[1]);
    if (status != AT_OK) return status;
    at_num least = farthest(&risks[1], arena);
    status = look(&l, 0, &least, &risks[0]);
    if (status != AT_OK) return status;
    put_in_order(&l, risks, out);
    out->whole = risks[0].whole && risks[1].whole;
    out->period = at_period_print(
        arena, at_session_run_period(sides[1].run, (uint32_t)(l.position - sides[1].run->first_position)));
    return AT_OK;
}
