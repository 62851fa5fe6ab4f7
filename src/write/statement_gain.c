/* write/statement_gain.c: what the payee would be paid more at the next tier: the curve of the payee's own
 * pay, read at the value that is missing. */
#include "write/statement_int.h"

#include "curve/own.h"

/* The value of a curve at a number, or just above it. */
static bool value_at(const struct at_curve *curve, at_num x, bool above, struct at_arena *arena,
                     at_num *out) {
    for (uint32_t i = 0; i < curve->n_pieces; i++) {
        const struct at_curve_piece *p = &curve->pieces[i];
        at_num low = at_curve_end(arena, curve, i, false), high = at_curve_end(arena, curve, i, true);
        int after = at_num_cmp(arena, x, low), before = at_num_cmp(arena, x, high);
        bool inside = p->point ? after == 0 && !above
                               : (after > 0 || (after == 0 && (above || p->with_low))) &&
                                     (before < 0 || (before == 0 && !above && p->with_high));
        if (!inside) continue;
        if (p->pay.kind != AT_CURVE_NUM) return false;
        *out = at_curve_at(arena, &p->pay, x);
        return true;
    }
    return false;
}

struct asking {
    const struct at_write_slip *page;
    const struct at_explain_story *story;
    const struct at_explain_hint *hint;
};

/* How much more the node pays if the hint comes true; false: it is not known. */
static bool gain_of(const struct asking *a, uint32_t pay, at_num *gain) {
    const struct at_session_run *run = a->page->results->runs[a->story->run].run;
    struct at_arena *arena = a->page->arena;
    at_num more = at_plan_value_num(&a->hint->missing.value), x, then;
    const struct at_curve_many_options options = {.each = {.vary = a->hint->node,
                                                           .period = a->story->period,
                                                           .pay = pay,
                                                           .first = a->story->period,
                                                           .until = a->story->period},
                                                  .affected = true,
                                                  .payees = &a->story->payee,
                                                  .n_payees = 1,
                                                  .guess = at_num_int(100000)};
    struct at_curve_many_options wide = options;
    struct at_curve_many many;
    uint32_t index = a->story->period * run->n_payees + a->story->payee, state;
    struct at_plan_value now = at_session_run_value(run, a->hint->node, index, arena, &state);
    if (state != AT_STATE_OK || now.missing || !at_plan_type_counts(now.type)) return false;
    x = at_num_add(arena, at_plan_value_num(&now), more);
    wide.range = true; /* beyond the threshold */
    wide.each.from = at_num_sign(at_plan_value_num(&now)) < 0 ? at_plan_value_num(&now) : at_num_int(0);
    wide.each.to = at_num_add(arena, at_num_mul(arena, at_num_abs(arena, x), at_num_int(2)), at_num_int(1));
    if (at_curve_many_make(run, &wide, NULL, arena, &many) != AT_OK) return false;
    if (many.n_curves != 1 || !many.places[0].known) return false;
    if (!value_at(&many.curves[0].curve, x, a->hint->above, arena, &then)) return false;
    *gain = at_num_sub(arena, then, many.places[0].pay);
    return then.form != AT_NUM_OVERFLOW;
}

/* All pay if it is the payee's own, or else the components that are. */
bool at_write_slip_gain(const struct at_write_slip *page, const struct at_explain_story *story,
                        const struct at_explain_hint *hint, at_num *gain, at_str *of) {
    const struct at_session_run *run = page->results->runs[story->run].run;
    const struct at_plan *plan = run->plan;
    struct asking a = {page, story, hint};
    bool any = false;
    *gain = at_num_int(0);
    *of = (at_str){0};
    if (run->n_views || plan->nodes[hint->node].grain != AT_G_CELL) return false;
    if (at_curve_own_is(run, story->payee, story->period, hint->node, plan->total, page->arena))
        return gain_of(&a, plan->total, gain);
    for (uint32_t i = 0; i < plan->n_components; i++) {
        const struct at_plan_component *c = &plan->components[i];
        at_num part;
        if (!c->decl || c->value == AT_NO_NODE) continue;
        if (!at_curve_own_is(run, story->payee, story->period, hint->node, c->value, page->arena)) continue;
        if (!gain_of(&a, c->value, &part)) return false;
        any = true;
        if (at_num_is_zero(part)) continue;
        *gain = at_num_add(page->arena, *gain, part);
        at_str name = c->label.n ? c->label : c->name;
        *of = of->n ? AT_SAY(page->arena, page->words, AT_W_LIST, *of, name) : name;
    }
    return any;
}
