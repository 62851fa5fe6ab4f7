/* curve/others.c: what one more unit of a measure of one payee changes in the pay of each payee.
 *
 * The plan is calculated on the piece just above the value of the measure, on the one just below it, and at
 * the value itself. A slope is that of the piece, at the value.
 */
#include "base/vec.h"
#include "curve/curve_int.h"

typedef struct at_curve_value value;

/* The pay of a payee before rounding, on the piece. */
static value pay_of(struct at_curve_eval *e, const struct at_curve_effects *asked, uint32_t payee) {
    value sum = at_curve_of_num(e, at_num_int(0));
    struct at_curve_place at = {payee, asked->options->first, NULL};
    for (; at.period <= asked->options->until; at.period++)
        for (uint32_t k = 0; k < asked->n_pays; k++) {
            value more = at_curve_node(e, asked->pays[k], &at);
            sum = at_curve_add(e, &sum, &more);
        }
    return sum;
}

/* Whether the pay is known to be the same for each x of the piece. */
static bool is_same(const struct at_curve_eval *e, const struct at_curve_effects *asked, uint32_t payee) {
    bool same = true;
    for (uint32_t period = asked->options->first; same && period <= asked->options->until; period++)
        for (uint32_t k = 0; same && k < asked->n_pays; k++)
            same = at_curve_is_same(e, asked->pays[k], payee, period);
    return same;
}

static void calculate(struct at_curve_eval *e, bool point, at_num low, at_num high) {
    e->point = point;
    e->low = at_poly_point_of(low);
    e->high = at_poly_point_of(high);
    at_curve_calculate(e);
}

/* The last piece below the value: each one begins where the one before ends. */
static bool calculate_below(struct at_curve_eval *e, at_num x, struct at_watch *watch) {
    struct at_poly_point at = at_poly_point_of(at_num_sub(e->kept, x, at_num_int(1))),
                         to = at_poly_point_of(x);
    for (;;) {
        e->point = false;
        e->low = at;
        e->high = to;
        at_curve_calculate(e);
        if (e->too_large || at_watch_cancelled(watch)) return false;
        if (at_poly_cmp(e->kept, &e->high, &to) >= 0) return true;
        at = (struct at_poly_point){.exact = e->high.exact,
                                    .low = at_num_copy(e->kept, e->high.low),
                                    .high = at_num_copy(e->kept, e->high.high),
                                    .of = e->high.of};
    }
}

/* Whether there is an effect. `now`: the pay at x. */
static bool effect_of(struct at_curve_eval *e, const value *now, const value *then, at_num x,
                      struct at_arena *arena, struct at_curve_effect *out) {
    /* Most pay does not change. */
    if (now->kind == AT_CURVE_NUM && then->kind == AT_CURVE_NUM && at_poly_is_const(then->num) &&
        at_poly_is_const(then->den) && at_poly_same(then->num, now->num) && at_poly_same(then->den, now->den))
        return false;
    const value *bad = then->kind != AT_CURVE_NUM ? then : now;
    out->kind = bad->kind;
    out->blame = bad->blame;
    if (bad->kind != AT_CURVE_NUM) return then->kind != now->kind || then->kind == AT_CURVE_UNKNOWN;
    if (at_num_is_zero(at_poly_at(e->arena, then->den, x))) { /* the function grows without limit */
        out->kind = AT_CURVE_FAILED;
        return true;
    }
    out->slope = at_num_copy(arena, at_curve_slope(e->arena, then, x));
    at_num limit = at_curve_at(e->arena, then, x), start = at_curve_at(e->arena, now, x);
    out->jump = at_num_copy(arena, at_num_sub(e->arena, limit, start));
    return !at_num_is_zero(out->slope) || !at_num_is_zero(out->jump);
}

/* The pay of all at x: constants in `kept`, because the arena of the piece is emptied. Most are those of the
 * run, and are read only if they are needed. */
static value *pays_at(struct at_curve_eval *e, const struct at_curve_effects *asked, at_num x) {
    value *now = AT_NEW_ARRAY(e->kept, value, e->n_who + 1);
    for (uint32_t slot = 0; slot < e->n_who; slot++) {
        now[slot].kind = AT_CURVE_SAME;
        if (is_same(e, asked, e->who[slot])) continue;
        now[slot] = pay_of(e, asked, e->who[slot]);
        if (now[slot].kind != AT_CURVE_NUM) continue;
        at_num at = at_num_copy(e->kept, at_curve_at(e->arena, &now[slot], x));
        now[slot].num = at_poly_const(e->kept, at);
        now[slot].den = at_poly_const(e->kept, at_num_int(1));
    }
    return now;
}

static bool seed_of(const struct at_curve_eval *e, at_num *x) {
    uint32_t state;
    const struct at_curve_options *options = e->options;
    struct at_plan_value v = at_session_run_value(
        e->run, options->vary, options->period * e->run->n_payees + options->payee, e->kept, &state);
    *x = at_plan_value_num(&v);
    return state == AT_STATE_OK && !v.missing;
}

struct working {
    struct at_curve_eval e;
    const struct at_curve_effects *asked;
    struct at_watch *watch;
    struct at_arena *arena; /* of the result */
    value *now;             /* by slot: the pay at x */
    bool lacks;             /* one that is needed was left out */
};

/* The plan is calculated on a piece next to x. */
static struct at_curve_effect_list compare(struct working *w, at_num x) {
    struct at_curve_eval *e = &w->e;
    AT_VEC(struct at_curve_effect) effects = {0};
    for (uint32_t slot = 0; slot < e->n_who; slot++) {
        struct at_curve_effect effect = {.payee = e->who[slot]};
        bool same = w->now[slot].kind == AT_CURVE_SAME;
        if (same && is_same(e, w->asked, e->who[slot])) continue;
        w->lacks |= same;
        if (same) continue;
        value then = pay_of(e, w->asked, e->who[slot]);
        if (effect_of(e, &w->now[slot], &then, x, w->arena, &effect)) AT_VEC_PUSH(w->arena, &effects, effect);
    }
    return (struct at_curve_effect_list){effects.at, (uint32_t)effects.n};
}

static void compare_pieces(struct working *w, at_num x, struct at_curve_effect_list *above,
                           struct at_curve_effect_list *below) {
    struct at_curve_eval *e = &w->e;
    struct at_arena_mark empty = at_arena_mark(e->arena);
    w->lacks = false;
    calculate(e, true, x, x);
    w->now = pays_at(e, w->asked, x);
    at_arena_reset(e->arena, empty);
    calculate(e, false, x, at_num_add(e->kept, x, at_num_int(1)));
    *above = compare(w, x);
    at_arena_reset(e->arena, empty);
    if (below && calculate_below(e, x, w->watch)) *below = compare(w, x);
    at_arena_reset(e->arena, empty);
}

static enum at_status work(struct working *w, struct at_curve_effect_list *above,
                           struct at_curve_effect_list *below) {
    struct at_curve_eval *e = &w->e;
    at_num x;
    if (!seed_of(e, &x)) return AT_OK;
    for (uint32_t k = 0; k < w->asked->n_pays; k++)
        e->wanted[w->asked->pays[k]] = e->others[w->asked->pays[k]] = true;
    enum at_status status = at_curve_begin(e, true, w->watch);
    if (status != AT_OK) return status;
    compare_pieces(w, x, above, below);
    if (w->lacks) { /* x changes a pay on a piece next to x that it does not change at x itself */
        e->every = true;
        compare_pieces(w, x, above, below);
    }
    if (at_watch_cancelled(w->watch)) return AT_CANCELLED;
    return e->too_large ? AT_REJECTED : AT_OK;
}

enum at_status at_curve_effects(const struct at_session_run *run, const struct at_curve_effects *asked,
                                struct at_watch *watch, struct at_arena *arena,
                                struct at_curve_effect_list *above, struct at_curve_effect_list *below) {
    struct at_arena *scratch = at_arena_scratch(arena), *kept = at_arena_scratch(arena);
    struct working w = {.e = at_curve_eval_of(run, asked->options, kept, scratch),
                        .asked = asked,
                        .watch = watch,
                        .arena = arena};
    *above = (struct at_curve_effect_list){0};
    if (below) *below = *above;
    enum at_status status = work(&w, above, below);
    at_arena_free(scratch);
    at_arena_free(kept);
    return status;
}
