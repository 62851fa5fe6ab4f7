/* curve/many.c: makes a curve for each payee, and keeps one of those that are equal. */
#include "curve/many.h"

#include "base/vec.h"

/* Curves that are tried for the end of the range, and how far they go, in lengths up to the last place. */
enum { TRIED = 8, FAR = 10 };

struct many {
    const struct at_session_run *run;
    const struct at_curve_many_options *options;
    struct at_curve_options each; /* with the rows of all payees */
    struct at_watch *watch;
    struct at_arena *arena;
    struct at_curve_many *out;
    AT_VEC(struct at_curve_shared) curves;
};

/* ---- what the run gave */

static bool value_at(const struct at_session_run *run, uint32_t node, uint32_t payee, uint32_t period,
                     struct at_arena *arena, at_num *out) {
    uint32_t state, index = period * run->n_payees + payee;
    struct at_plan_value value = at_session_run_value(run, node, index, arena, &state);
    if (state >= AT_STATE_EXCEPTION || value.missing || !at_plan_type_counts(value.type)) return false;
    *out = at_plan_value_num(&value);
    return true;
}

bool at_curve_paid(const struct at_session_run *run, const struct at_curve_options *options, uint32_t payee,
                   struct at_arena *arena, at_num *out) {
    at_num sum = at_num_int(0), part;
    for (uint32_t period = options->first; period <= options->until; period++)
        for (uint32_t i = 0;; i++) {
            uint32_t node = at_curve_pays(run, options->pay, period, i);
            if (node == AT_NO_NODE) break;
            if (!value_at(run, node, payee, period, arena, &part)) return false;
            sum = at_num_add(arena, sum, part);
        }
    at_curve_corrected(run, options, payee, arena, &part);
    *out = at_num_add(arena, sum, part);
    return true;
}

static void find_places(struct many *m) {
    const struct at_curve_many_options *o = m->options;
    m->out->places = AT_NEW_ARRAY(m->arena, struct at_curve_place, o->n_payees + 1);
    for (uint32_t i = 0; i < o->n_payees; i++) {
        struct at_curve_place *place = &m->out->places[m->out->n_places++];
        *place = (struct at_curve_place){.payee = o->payees[i], .x = o->at, .pay = at_num_int(0)};
        place->known =
            !o->unplaced &&
            (o->fixed || value_at(m->run, o->each.vary, place->payee, o->each.period, m->arena, &place->x)) &&
            at_curve_paid(m->run, &o->each, place->payee, m->arena, &place->pay);
    }
}

/* ---- the range */

at_num at_curve_round_end(struct at_arena *arena, at_num x) {
    at_num unit = at_num_int(1), ten = at_num_int(10);
    if (at_num_sign(x) <= 0) return unit;
    while (at_num_cmp(arena, at_num_mul(arena, unit, at_num_int(100)), x) < 0)
        unit = at_num_mul(arena, unit, ten);
    while (at_num_cmp(arena, at_num_mul(arena, unit, ten), x) >= 0)
        unit = at_num_div(arena, unit, ten);
    at_num down = at_num_mul(arena, at_num_floor(arena, at_num_div(arena, x, unit)), unit);
    return at_num_cmp(arena, down, x) < 0 ? at_num_add(arena, down, unit) : down;
}

static at_num times(struct many *m, at_num x, int64_t tenths) {
    return at_num_mul(m->arena, x, at_num_decimal(tenths, 1));
}

/* The last number at which something happens, of the first payees. */
static enum at_status last_shape(struct many *m, at_num *last) {
    for (uint32_t i = 0; i < m->out->n_places && i < TRIED; i++) {
        struct at_curve_options each = m->each;
        struct at_curve curve;
        each.payee = m->out->places[i].payee;
        each.from = m->out->from;
        each.to = times(m, m->out->to, FAR * 10);
        enum at_status status = at_curve_make(m->run, &each, m->watch, m->arena, &curve);
        if (status == AT_CANCELLED) return status;
        if (status != AT_OK || curve.n_pieces < 2) continue;
        at_num end = at_curve_end(m->arena, &curve, curve.n_pieces - 1, false);
        if (at_num_cmp(m->arena, end, *last) > 0) *last = end;
    }
    return AT_OK;
}

/* From zero, or from below the lowest place, to beyond the highest one and what happens after it. */
static enum at_status find_range(struct many *m) {
    at_num low = at_num_int(0), high = low;
    for (uint32_t i = 0; i < m->out->n_places; i++) {
        const struct at_curve_place *place = &m->out->places[i];
        if (!place->known) continue;
        if (at_num_cmp(m->arena, place->x, low) < 0) low = place->x;
        if (at_num_cmp(m->arena, place->x, high) > 0) high = place->x;
    }
    if (at_num_sign(low) < 0)
        low = at_num_neg(m->arena, at_curve_round_end(m->arena, times(m, at_num_neg(m->arena, low), 15)));
    if (at_num_sign(high) == 0) high = m->options->guess;
    m->out->from = low;
    m->out->to = high;
    at_num last = low;
    enum at_status status = last_shape(m, &last);
    high = times(m, high, 15);
    last = times(m, last, 12);
    m->out->to = at_curve_round_end(m->arena, at_num_cmp(m->arena, last, high) > 0 ? last : high);
    return status;
}

/* ---- equal curves */

static uint64_t mix(uint64_t hash, uint64_t with) {
    return (hash ^ with) * 0x9E3779B97F4A7C15u;
}

static uint64_t hash_of(const struct at_curve *curve) {
    uint64_t hash = curve->n_pieces;
    for (uint32_t i = 0; i < curve->n_pieces; i++) {
        const struct at_curve_piece *p = &curve->pieces[i];
        hash = mix(hash, (uint64_t)p->pay.kind << 1 | p->point);
        if (p->low.exact) hash = mix(hash, at_num_hash(p->low.low));
        for (uint32_t k = 0; p->pay.kind == AT_CURVE_NUM && k < p->pay.num.n; k++)
            hash = mix(hash, at_num_hash(p->pay.num.c[k]));
    }
    return hash;
}

/* Points that are not rational are roots of what is the same in both. */
static bool same_end(struct at_arena *arena, const struct at_poly_point *a, const struct at_poly_point *b) {
    struct at_poly_point one = *a, other = *b;
    if (a->exact != b->exact) return false;
    return at_poly_cmp(arena, &one, &other) == 0;
}

static bool same_piece(struct at_arena *arena, const struct at_curve_piece *a,
                       const struct at_curve_piece *b) {
    if (a->point != b->point || a->with_low != b->with_low || a->with_high != b->with_high) return false;
    if (a->pay.kind != b->pay.kind || a->pay.blame != b->pay.blame) return false;
    if (!same_end(arena, &a->low, &b->low) || !same_end(arena, &a->high, &b->high)) return false;
    return a->pay.kind != AT_CURVE_NUM ||
           (at_poly_same(a->pay.num, b->pay.num) && at_poly_same(a->pay.den, b->pay.den));
}

static bool same_curve(struct at_arena *arena, const struct at_curve *a, const struct at_curve *b) {
    if (a->n_pieces != b->n_pieces) return false;
    for (uint32_t i = 0; i < a->n_pieces; i++)
        if (!same_piece(arena, &a->pieces[i], &b->pieces[i])) return false;
    return true;
}

static bool is_known(const struct at_curve *curve) {
    for (uint32_t i = 0; i < curve->n_pieces; i++)
        if (curve->pieces[i].pay.kind == AT_CURVE_UNKNOWN) return false;
    return true;
}

static uint32_t keep(struct many *m, const struct at_curve *curve) {
    uint64_t hash = hash_of(curve);
    bool alone = m->options->apart && !is_known(curve);
    for (size_t i = 0; i < m->curves.n && !alone; i++)
        if (m->curves.at[i].hash == hash && same_curve(m->arena, &m->curves.at[i].curve, curve))
            return (uint32_t)i;
    struct at_curve_shared shared = {.curve = *curve, .hash = hash};
    for (uint32_t i = 0; i < curve->n_pieces; i++) { /* from here on, readers refine nothing */
        at_curve_end(m->arena, curve, i, false);
        at_curve_end(m->arena, curve, i, true);
    }
    at_curve_shapes(curve, m->arena, &shared.shapes);
    AT_VEC_PUSH(m->arena, &m->curves, shared);
    return (uint32_t)m->curves.n - 1;
}

static bool is_flat(const struct at_curve *curve) {
    return curve->n_pieces == 1 && curve->pieces[0].pay.kind == AT_CURVE_NUM && curve->pieces[0].slope == 0;
}

/* ---- all payees */

static enum at_status make_all(struct many *m) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < m->out->n_places; i++) {
        struct at_curve_place place = m->out->places[i];
        struct at_curve_options each = m->each;
        struct at_curve curve;
        each.payee = place.payee;
        each.from = m->out->from;
        each.to = m->out->to;
        at_watch_show(m->watch, AT_WATCH_EXPLAIN, (at_str){0}, i, m->out->n_places);
        enum at_status status = at_curve_make(m->run, &each, m->watch, m->arena, &curve);
        if (status != AT_OK) return status;
        if (curve.reaches) m->out->reaches = true;
        if (m->options->affected && (!curve.reaches || is_flat(&curve))) continue;
        place.curve = keep(m, &curve);
        m->curves.at[place.curve].n_payees++;
        m->out->places[kept++] = place;
    }
    m->out->n_places = kept;
    return AT_OK;
}

static void share_out(struct many *m) {
    for (size_t i = 0; i < m->curves.n; i++) {
        m->curves.at[i].payees = AT_NEW_ARRAY(m->arena, uint32_t, m->curves.at[i].n_payees + 1);
        m->curves.at[i].places = AT_NEW_ARRAY(m->arena, uint32_t, m->curves.at[i].n_payees + 1);
        m->curves.at[i].n_payees = 0;
    }
    for (uint32_t i = 0; i < m->out->n_places; i++) {
        struct at_curve_shared *shared = &m->curves.at[m->out->places[i].curve];
        shared->places[shared->n_payees] = i;
        shared->payees[shared->n_payees++] = m->out->places[i].payee;
    }
    m->out->curves = m->curves.at;
    m->out->n_curves = (uint32_t)m->curves.n;
}

enum at_status at_curve_many_make(const struct at_session_run *run,
                                  const struct at_curve_many_options *options, struct at_watch *watch,
                                  struct at_arena *arena, struct at_curve_many *out) {
    struct many m = {.run = run, .options = options, .watch = watch, .arena = arena, .out = out};
    *out = (struct at_curve_many){.from = options->each.from, .to = options->each.to};
    struct at_arena *rows = at_arena_scratch(arena);
    m.each = options->each;
    m.each.stock = at_curve_stock_new(rows);
    find_places(&m);
    enum at_status status = options->range ? AT_OK : find_range(&m);
    if (status == AT_OK) status = make_all(&m);
    at_arena_free(rows);
    if (status != AT_OK) return status;
    share_out(&m);
    return AT_OK;
}
