/* curve/risk.c: shapes that designers should know, of all components, measures, and payees of a run. */
#include "curve/risk.h"

#include "base/vec.h"
#include "curve/curve_int.h"

enum { FAR = 1000 }; /* of the range, in which pay is looked for that no one gets */

struct finding {
    const struct at_session_run *run;
    const struct at_plan *plan; /* of the version */
    const struct at_curve_risk_options *options;
    struct at_arena *arena;   /* of what is found */
    struct at_arena *scratch; /* of one curve */
    struct at_arena *of_measure;
    struct at_watch *watch;
    uint32_t period;
    bool whole;
    AT_VEC(struct at_curve_risk) risks;
    bool *reached, *paid; /* by component: x reaches it; some x pays something */
    /* what is looked at */
    uint32_t component, measure, payee;
    const bool *depends; /* by node of the run: on the measure */
    at_num to;
};

/* In the plan of the run. */
static uint32_t node_of(const struct finding *f, uint32_t node) {
    return node != AT_NO_NODE && f->options->node ? f->options->node[node] : node;
}

static struct at_plan_value value_of(const struct finding *f, uint32_t node, uint32_t payee,
                                     struct at_arena *arena, uint32_t *state) {
    uint32_t index = f->period * f->run->n_payees + payee;
    *state = AT_STATE_EXCEPTION;
    if (node_of(f, node) == AT_NO_NODE) return (struct at_plan_value){.missing = true};
    return at_session_run_value(f->run, node_of(f, node), index, arena, state);
}

static bool at_one_place(const struct finding *f, const struct at_curve_risk *a,
                         const struct at_curve_risk *b) {
    return at_num_cmp(f->scratch, a->low, b->low) == 0 && at_num_cmp(f->scratch, a->high, b->high) == 0 &&
           at_num_cmp(f->scratch, a->before, b->before) == 0 &&
           at_num_cmp(f->scratch, a->after, b->after) == 0;
}

/* Whether the payee's value of the measure is near the shape, as of at_curve_risk. */
static bool is_near(const struct finding *f, const struct at_curve_risk *risk) {
    uint32_t state;
    struct at_plan_value v = value_of(f, f->plan->measures[f->measure].cell, f->payee, f->scratch, &state);
    if (state != AT_STATE_OK || v.missing) return false;
    at_num value = at_num_mul(f->scratch, at_plan_value_num(&v), at_num_int(10));
    at_num low = at_num_mul(f->scratch, risk->low, at_num_int(9)),
           high = at_num_mul(f->scratch, risk->high, at_num_int(11));
    return at_num_cmp(f->scratch, value, low) >= 0 && at_num_cmp(f->scratch, value, high) <= 0;
}

static void note(struct finding *f, struct at_curve_risk risk) {
    for (size_t i = 0; i < f->risks.n; i++) {
        struct at_curve_risk *known = &f->risks.at[i];
        if (known->kind != risk.kind || known->component != f->component || known->measure != f->measure)
            continue;
        if (f->options->each && !at_one_place(f, known, &risk)) continue;
        if (known->last == f->payee) return;
        known->n_payees++;
        known->n_near += is_near(f, &risk);
        known->last = f->payee;
        return;
    }
    risk.n_near = is_near(f, &risk);
    risk.component = f->component;
    risk.measure = f->measure;
    risk.payee = risk.last = f->payee;
    risk.n_payees = 1;
    risk.low = at_num_copy(f->arena, risk.low);
    risk.high = at_num_copy(f->arena, risk.high);
    risk.before = at_num_copy(f->arena, risk.before);
    risk.after = at_num_copy(f->arena, risk.after);
    AT_VEC_PUSH(f->arena, &f->risks, risk);
}

static struct at_curve_risk risk_of(enum at_curve_risk_kind kind, const struct at_curve_shape *shape) {
    return (struct at_curve_risk){.kind = (uint8_t)kind,
                                  .low = shape->low,
                                  .high = shape->high,
                                  .before = shape->before,
                                  .after = shape->after};
}

/* ---- one curve */

static struct at_curve_options options_of(const struct finding *f, uint32_t pay) {
    return (struct at_curve_options){.vary = node_of(f, f->plan->measures[f->measure].cell),
                                     .payee = f->payee,
                                     .period = f->period,
                                     .pay = node_of(f, pay),
                                     .first = f->period,
                                     .until = f->period,
                                     .from = at_num_int(0),
                                     .to = f->to,
                                     .work = f->options->work};
}

static enum at_status draw(const struct finding *f, uint32_t pay, struct at_curve *out) {
    const struct at_curve_options options = options_of(f, pay);
    *out = (struct at_curve){0};
    if (options.vary == AT_NO_NODE || options.pay == AT_NO_NODE) return AT_OK; /* not part of the run */
    return at_curve_make(f->run, &options, f->watch, f->scratch, out);
}

/* In a plan of many statements, most of the pay does not depend on a measure, and needs no curve. */
static void find_dependent(struct finding *f) {
    const struct at_curve_options options = options_of(f, f->plan->measures[f->measure].cell);
    if (options.vary == AT_NO_NODE) return;
    struct at_curve_eval e = at_curve_eval_of(f->run, &options, f->of_measure, f->of_measure);
    at_curve_depend(&e);
    f->depends = e.depends;
}

static bool may_reach(const struct finding *f, uint32_t pay) {
    return node_of(f, pay) != AT_NO_NODE && f->depends && f->depends[node_of(f, pay)];
}

static bool both_money(const struct finding *f) {
    return f->plan->nodes[f->plan->measures[f->measure].cell].type.kind == AT_T_MONEY;
}

static bool is_above_one(const struct finding *f, at_num slope) {
    return both_money(f) && at_num_cmp(f->scratch, slope, at_num_int(1)) > 0;
}

/* A slope above 1 somewhere on the piece. It is asked at both ends, which is enough for lines and parabolas.
 */
static void steep(struct finding *f, const struct at_curve *curve, uint32_t i) {
    const struct at_curve_value *pay = &curve->pieces[i].pay;
    at_num low = at_curve_end(f->scratch, curve, i, false), high = at_curve_end(f->scratch, curve, i, true);
    at_num ends[2] = {low, high};
    for (unsigned k = 0; k < 2; k++) {
        if (at_num_sign(at_poly_at(f->scratch, pay->den, ends[k])) == 0) continue;
        at_num slope = at_curve_slope(f->scratch, pay, ends[k]);
        if (!is_above_one(f, slope)) continue;
        note(f, (struct at_curve_risk){
                    .kind = AT_RISK_STEEP, .low = low, .high = high, .before = slope, .after = slope});
        return;
    }
}

static void look(struct finding *f, const struct at_curve *curve, const struct at_curve_shapes *shapes) {
    for (uint32_t i = 0; i < shapes->n; i++) {
        const struct at_curve_shape *s = &shapes->at[i];
        if (s->kind == AT_CURVE_JUMP && at_num_cmp(f->scratch, s->before, s->after) != 0)
            note(f, risk_of(AT_RISK_CLIFF, s));
        if (s->kind == AT_CURVE_FALL) note(f, risk_of(AT_RISK_FALL, s));
    }
    for (uint32_t i = 0; i < curve->n_pieces; i++) {
        const struct at_curve_piece *p = &curve->pieces[i];
        if (p->pay.kind != AT_CURVE_NUM) f->paid[f->component] = true; /* not known */
        if (p->pay.kind == AT_CURVE_UNKNOWN) f->whole = false;
        if (p->pay.kind == AT_CURVE_NUM && p->pay.num.n > 0) f->paid[f->component] = true;
        if (p->pay.kind == AT_CURVE_NUM && !p->point) steep(f, curve, i);
    }
}

/* ---- what a limit holds back: the amount before adjustments, and after them */

static const struct at_curve_piece *piece_at(const struct finding *f, const struct at_curve *curve,
                                             at_num x) {
    for (uint32_t i = 0; i < curve->n_pieces; i++) {
        const struct at_curve_piece *p = &curve->pieces[i];
        struct at_poly_point at = at_poly_point_of(x), low = p->low, high = p->high;
        int from = at_poly_cmp(f->scratch, &low, &at), to = at_poly_cmp(f->scratch, &at, &high);
        bool in = p->point
                      ? from == 0
                      : (from < 0 || (from == 0 && p->with_low)) && (to < 0 || (to == 0 && p->with_high));
        if (in) return p->pay.kind == AT_CURVE_NUM ? p : NULL;
    }
    return NULL;
}

/* The value at target: where x is what it is divided by in some measure, such as `bookings / rep.quota`. */
static bool target(const struct finding *f, at_num *out) {
    const struct at_plan *plan = f->plan;
    for (uint32_t m = 0; m < plan->n_measures; m++) {
        uint32_t node = plan->measures[m].cell, state;
        if (node == AT_NO_NODE || plan->nodes[node].op != AT_P_DIV) continue;
        const struct at_plan_node *p = &plan->nodes[node];
        if (p->in[0] != plan->measures[f->measure].cell || plan->nodes[p->in[1]].grain != AT_G_CELL) continue;
        struct at_plan_value quota = value_of(f, p->in[1], f->payee, f->scratch, &state);
        if (state != AT_STATE_OK || !at_plan_type_counts(quota.type)) continue;
        *out = at_plan_value_num(&quota);
        return at_num_sign(*out) > 0 && at_num_cmp(f->scratch, *out, f->to) <= 0;
    }
    return false;
}

static void held_back(struct finding *f, const struct at_curve_shape *flat, const struct at_curve *exact,
                      const struct at_curve_shapes *shapes, at_num at) {
    for (uint32_t i = 0; i < shapes->n; i++) {
        const struct at_curve_shape *s = &shapes->at[i];
        bool corner = s->kind == AT_CURVE_KINK || s->kind == AT_CURVE_JUMP;
        if (!corner || at_num_cmp(f->scratch, s->low, flat->low) <= 0) continue;
        struct at_curve_risk risk = risk_of(AT_RISK_TIER, s);
        risk.before = flat->before;
        note(f, risk);
        break;
    }
    if (at_num_is_zero(at) || at_num_cmp(f->scratch, at, flat->low) <= 0) return;
    const struct at_curve_piece *p = piece_at(f, exact, at);
    if (!p) return;
    at_num more = at_curve_at(f->scratch, &p->pay, at);
    if (at_num_cmp(f->scratch, more, flat->before) <= 0) return;
    note(f, (struct at_curve_risk){
                .kind = AT_RISK_TARGET, .low = at, .high = at, .before = flat->before, .after = more});
}

static enum at_status limits(struct finding *f, const struct at_curve_shapes *shapes) {
    const struct at_plan_component *c = &f->plan->components[f->component];
    struct at_curve exact;
    struct at_curve_shapes of;
    at_num at = at_num_int(0);
    const struct at_curve_shape *flat = NULL;
    for (uint32_t i = 0; i < shapes->n; i++)
        if (shapes->at[i].kind == AT_CURVE_FLAT && at_num_cmp(f->scratch, shapes->at[i].high, f->to) == 0 &&
            at_num_sign(shapes->at[i].before) > 0)
            flat = &shapes->at[i];
    if (!flat || node_of(f, c->exact) == AT_NO_NODE || c->adjusted == AT_NO_NODE) return AT_OK;
    enum at_status status = draw(f, c->exact, &exact);
    if (status != AT_OK) return status;
    at_curve_shapes(&exact, f->scratch, &of);
    const struct at_curve_piece *last = piece_at(f, &exact, f->to);
    bool more = last && at_num_cmp(f->scratch, at_curve_at(f->scratch, &last->pay, f->to), flat->before) > 0;
    if (!more) return AT_OK; /* it is flat by itself */
    if (!target(f, &at)) at = at_num_int(0);
    held_back(f, flat, &exact, &of, at);
    return AT_OK;
}

/* Whether the component pays anything far beyond what payees have: in tests, amounts are small. */
static enum at_status look_far(struct finding *f) {
    struct at_curve curve;
    at_num to = f->to;
    f->to = at_num_mul(f->scratch, to, at_num_int(FAR));
    enum at_status status = draw(f, f->plan->components[f->component].value, &curve);
    f->to = to;
    for (uint32_t i = 0; status == AT_OK && i < curve.n_pieces; i++) {
        const struct at_curve_piece *p = &curve.pieces[i];
        if (p->pay.kind != AT_CURVE_NUM || p->pay.num.n > 0) f->paid[f->component] = true;
    }
    if (status != AT_OK) f->paid[f->component] = true;
    return status;
}

/* ---- all curves */

/* If a number became too large, the shapes found so far count. */
static enum at_status look_at(struct finding *f) {
    struct at_arena_mark mark = at_arena_mark(f->scratch);
    struct at_curve curve;
    struct at_curve_shapes shapes;
    enum at_status status = draw(f, f->plan->components[f->component].value, &curve);
    if (status == AT_OK && curve.reaches) {
        f->reached[f->component] = true;
        at_curve_shapes(&curve, f->scratch, &shapes);
        look(f, &curve, &shapes);
        status = limits(f, &shapes);
        if (status == AT_OK && !f->paid[f->component]) status = look_far(f);
    } else if (status != AT_OK) {
        f->paid[f->component] = true;
        f->whole = false;
    }
    at_arena_reset(f->scratch, mark);
    return status == AT_CANCELLED ? status : AT_OK;
}

/* `x >= y` is the node of `y <= x`. */
static bool is_turned(const struct at_plan_node *p) {
    const struct at_ast_node *ast = p->ast;
    bool order = p->op == AT_P_LE || p->op == AT_P_LT;
    return order && ast && ast->kind == AT_N_COMPARE && (ast->op == AT_OP_GT || ast->op == AT_OP_GE);
}

/* Whether the measure is what others are compared with, such as a quota: no one sells more of it. */
static bool is_target(const struct at_plan *plan, uint32_t measure) {
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *p = &plan->nodes[id];
        bool turned = is_turned(p);
        bool compares = p->op == AT_P_DIV || p->op == AT_P_OVER || p->op == AT_P_UPTO ||
                        p->op == AT_P_BETWEEN || p->op == AT_P_LE || p->op == AT_P_LT;
        if (!compares || plan->nodes[p->in[turned ? 1 : 0]].op == AT_P_CONST) continue;
        for (uint16_t k = turned ? 0 : 1; k < (turned ? 1 : p->n_in); k++)
            if (p->in[k] == measure) return true;
    }
    return false;
}

bool at_curve_is_sold(const struct at_plan *plan, uint32_t node) {
    if (node == AT_NO_NODE || !plan->nodes[node].needed || plan->nodes[node].op != AT_P_SUM) return false;
    return plan->nodes[node].grain == AT_G_CELL && !is_target(plan, node);
}

/* Whether it is the part of a measure that one version of a plan sees: no one sells more of one alone. */
static bool of_version(const struct finding *f) {
    at_str name = f->plan->checked->measures[f->measure].symbol->name;
    at_date day;
    enum { DAY = 10 }; /* `bookings to 2026-06-14` */
    return name.n > DAY && at_date_parse_iso((at_str){name.p + name.n - DAY, DAY}, &day);
}

/* Twice the largest value of a payee in the period, and what was asked for at least; false: it is of no one
 * above zero, or not a sum of rows. */
static bool range_of(struct finding *f) {
    uint32_t node = f->plan->measures[f->measure].cell, state;
    if (!at_curve_is_sold(f->plan, node) || of_version(f)) return false;
    at_num most = at_num_int(0);
    for (uint32_t payee = 0; payee < f->run->n_payees; payee++) {
        struct at_plan_value v = value_of(f, node, payee, f->arena, &state);
        if (state != AT_STATE_OK || !f->run->covered[payee]) continue;
        if (at_num_cmp(f->arena, at_plan_value_num(&v), most) > 0) most = at_plan_value_num(&v);
    }
    f->to = at_num_mul(f->arena, most, at_num_int(2));
    const at_num *least = f->options->least;
    if (least && at_num_cmp(f->arena, *least, f->to) > 0) f->to = *least;
    return at_num_sign(f->to) > 0;
}

static enum at_status all_components(struct finding *f) {
    for (f->component = 0; f->component < f->plan->n_components; f->component++) {
        const struct at_plan_component *c = &f->plan->components[f->component];
        if (!c->decl || c->value == AT_NO_NODE) continue; /* a line of an adjustment */
        if (!may_reach(f, c->value)) continue;
        enum at_status status = look_at(f);
        if (status != AT_OK) return status;
    }
    return AT_OK;
}

static enum at_status all_payees(struct finding *f) {
    const struct at_curve_risk_options *o = f->options;
    enum at_status status = AT_OK;
    uint32_t n = 0, all = o->payees ? o->most : f->run->n_payees;
    for (uint32_t k = 0; k < all && n < o->most && status == AT_OK; k++) {
        f->payee = o->payees ? o->payees[k] : f->run->payees_by_key[k];
        if (!f->run->covered[f->payee] || !at_kernel_frame_covers(f->run->frame, f->payee, f->period))
            continue;
        n++;
        status = all_components(f);
    }
    return status;
}

/* Pay that someone gets in some period is not dead, and of a rhythm it is not known between its ends. */
static void paid_ones(struct finding *f) {
    const struct at_session_run *run = f->run;
    for (uint32_t c = 0; c < f->plan->n_components; c++) {
        uint32_t node = node_of(f, f->plan->components[c].value), state;
        int rhythm = f->plan->components[c].decl ? at_plan_component_rhythm(&f->plan->components[c]) : -1;
        f->paid[c] |= node == AT_NO_NODE || rhythm >= 0;
        for (uint32_t i = 0; !f->paid[c] && i < run->n_payees * run->n_regular; i++) {
            struct at_plan_value v = at_session_run_value(run, node, i, f->scratch, &state);
            f->paid[c] = state != AT_STATE_OK || v.missing || at_num_sign(at_plan_value_num(&v)) != 0;
        }
    }
}

enum at_status at_curve_risks_find(const struct at_session_run *run,
                                   const struct at_curve_risk_options *options, struct at_watch *watch,
                                   struct at_arena *arena, struct at_curve_risks *out) {
    struct finding f = {.run = run,
                        .plan = options->plan ? options->plan : run->plan,
                        .options = options,
                        .arena = arena,
                        .watch = watch,
                        .period = options->period,
                        .whole = true};
    enum at_status status = AT_OK;
    *out = (struct at_curve_risks){0};
    if (run->paid_periods == 0) return AT_OK;
    f.scratch = at_arena_scratch(arena);
    f.of_measure = at_arena_scratch(arena);
    f.reached = AT_NEW_ARRAY(arena, bool, f.plan->n_components + 1);
    f.paid = AT_NEW_ARRAY(arena, bool, f.plan->n_components + 1);
    if (f.period == UINT32_MAX) f.period = run->paid_from + run->paid_periods - 1;
    for (f.measure = 0; f.measure < f.plan->n_measures && status == AT_OK; f.measure++) {
        if (!range_of(&f)) continue;
        f.depends = NULL;
        find_dependent(&f);
        status = all_payees(&f);
        at_arena_reset(f.of_measure, (struct at_arena_mark){0});
    }
    paid_ones(&f);
    at_arena_free(f.scratch);
    at_arena_free(f.of_measure);
    *out = (struct at_curve_risks){f.risks.at, (uint32_t)f.risks.n, f.period, f.whole, f.reached, f.paid};
    return status;
}
