/* game/helping.c: whether helping never hurts in a run: proved from the plan, or looked at in each paid
 * period, for each payee whose measure grows. */
#include "base/vec.h"
#include "game/team.h"

struct looking {
    const struct at_session_run *run;
    struct at_curve_effects asked;
    struct at_watch *watch;
    struct at_arena *arena;       /* of the result */
    struct at_arena *scratch;     /* emptied after each payee */
    struct at_curve_stock *stock; /* of the period */
    struct at_team_helping *out;
};

static bool is_worse(const struct at_curve_effect *effect, const struct at_team_helping *out) {
    if (out->n_hurt == 0) return true;
    int order = at_num_cmp(NULL, effect->jump, out->worst.above.jump);
    return order ? order < 0 : at_num_cmp(NULL, effect->slope, out->worst.above.slope) < 0;
}

static void look_at(struct looking *l, const struct at_curve_options *options,
                    const struct at_curve_effect *effect) {
    struct at_team_helping *out = l->out;
    struct at_team_pair pair = {
        .seller = options->payee,
        .payee = effect->payee,
        .above = {effect->kind, effect->slope, effect->jump, effect->blame},
    };
    if (pair.seller != pair.payee && effect->kind == AT_CURVE_UNKNOWN) out->n_unknown++;
    if (!at_team_hurts(&pair)) return;
    if (is_worse(effect, out)) {
        out->worst = pair;
        out->worst.above.slope = at_num_copy(l->arena, effect->slope);
        out->worst.above.jump = at_num_copy(l->arena, effect->jump);
        out->period = options->period;
    }
    out->n_hurt++;
}

/* A number that becomes too large leaves an effect that is not known. */
static enum at_status sell(struct looking *l, uint32_t seller, uint32_t period) {
    const struct at_curve_options options = {.vary = l->out->measure.node,
                                             .payee = seller,
                                             .period = period,
                                             .pay = l->asked.pays[0],
                                             .first = period,
                                             .until = period,
                                             .stock = l->stock};
    struct at_curve_effects asked = l->asked;
    struct at_curve_effect_list effects;
    struct at_arena_mark empty = at_arena_mark(l->scratch);
    asked.options = &options;
    enum at_status status = at_curve_effects(l->run, &asked, l->watch, l->scratch, &effects, NULL);
    if (status == AT_CANCELLED) return status;
    if (status != AT_OK) l->out->n_unknown++;
    for (uint32_t i = 0; status == AT_OK && i < effects.n; i++)
        look_at(l, &options, &effects.at[i]);
    at_arena_reset(l->scratch, empty);
    return AT_OK;
}

static enum at_status look_at_period(struct looking *l, uint32_t period, uint64_t all) {
    const struct at_session_run *run = l->run;
    struct at_arena *rows = at_arena_scratch(l->arena);
    enum at_status status = AT_OK;
    l->stock = at_curve_stock_new(rows);
    for (uint32_t k = 0; k < run->n_payees && status == AT_OK; k++) {
        uint32_t seller = run->payees_by_key[k];
        at_watch_show(l->watch, AT_WATCH_CHOICES, (at_str){0}, (uint64_t)period * run->n_payees + k, all);
        if (!run->covered || run->covered[seller]) status = sell(l, seller, run->paid_from + period);
    }
    at_arena_free(rows);
    return status;
}

static enum at_status look(struct looking *l) {
    const struct at_session_run *run = l->run;
    uint64_t all = (uint64_t)run->paid_periods * run->n_payees;
    for (uint32_t period = 0; period < run->paid_periods; period++) {
        enum at_status status = look_at_period(l, period, all);
        if (status != AT_OK) return status;
    }
    at_watch_show(l->watch, AT_WATCH_CHOICES, (at_str){0}, all, all);
    return AT_OK;
}

enum at_status at_team_help(const struct at_session_run *run, struct at_watch *watch, struct at_arena *arena,
                            struct at_team_helping *out) {
    struct looking l = {.run = run, .watch = watch, .arena = arena, .out = out};
    *out = (struct at_team_helping){.proof = AT_TEAM_PROVED};
    struct at_arena *scratch = l.scratch = at_arena_scratch(arena);
    if (at_team_prove(run->plan, scratch) == AT_NO_NODE) {
        at_arena_free(scratch);
        return AT_OK;
    }
    out->measure = at_team_measure_of(run->plan, (at_str){0});
    l.asked.pays = at_team_pays(run->plan, scratch, &l.asked.n_pays);
    bool looks = out->measure.node != AT_NO_NODE && l.asked.n_pays > 0;
    if (!looks) out->n_unknown++;
    enum at_status status = looks ? look(&l) : AT_OK;
    out->proof = out->n_hurt ? AT_TEAM_REFUTED : out->n_unknown ? AT_TEAM_UNKNOWN : AT_TEAM_HOLDS;
    at_arena_free(scratch);
    return status;
}
