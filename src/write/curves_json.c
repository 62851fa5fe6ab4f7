/* write/curves_json.c: curves as one JSON object, with exact numbers: decimals, or fractions such as "1/3".
 */
#include "base/numtext.h"
#include "write/curves.h"

struct json {
    const struct at_write_curves *curves;
    struct at_arena *arena;
    struct at_sink *out;
};

static void field(const struct json *j, const char *name, at_str text) {
    at_sink_printf(j->out, ",\"%s\":", name);
    at_sink_json(j->out, text);
}

static void number(const struct json *j, const char *name, at_num num) {
    field(j, name, at_num_print(j->arena, num));
}

static void polynomial(const struct json *j, const char *name, at_poly a) {
    at_sink_printf(j->out, ",\"%s\":[", name);
    for (uint32_t i = 0; i < a.n; i++) {
        at_sink_z(j->out, i ? "," : "");
        at_sink_json(j->out, at_num_print(j->arena, a.c[i]));
    }
    at_sink_z(j->out, "]");
}

/* A root that is not rational is between two numbers. */
static void end(const struct json *j, const char *name, const struct at_poly_point *at) {
    if (at->exact) {
        number(j, name, at->low);
        return;
    }
    at_sink_printf(j->out, ",\"%s\":{\"between\":[", name);
    at_sink_json(j->out, at_num_print(j->arena, at->low));
    at_sink_z(j->out, ",");
    at_sink_json(j->out, at_num_print(j->arena, at->high));
    at_sink_z(j->out, "]");
    polynomial(j, "root_of", at->of);
    at_sink_z(j->out, "}");
}

/* ---- pieces and shapes */

static void write_piece(const struct json *j, const struct at_curve_piece *p) {
    static const char *const kinds[] = {[AT_CURVE_NUM] = "function",
                                        [AT_CURVE_OTHER] = "withheld",
                                        [AT_CURVE_MISSING] = "withheld",
                                        [AT_CURVE_FAILED] = "withheld",
                                        [AT_CURVE_UNKNOWN] = "unknown"};
    at_sink_printf(j->out, "{\"pay\":\"%s\"", kinds[p->pay.kind]);
    end(j, "from", &p->low);
    end(j, "to", &p->high);
    at_sink_printf(j->out, ",\"with_from\":%s,\"with_to\":%s", p->point || p->with_low ? "true" : "false",
                   p->point || p->with_high ? "true" : "false");
    if (p->pay.kind == AT_CURVE_NUM) {
        polynomial(j, "numerator", p->pay.num);
        polynomial(j, "denominator", p->pay.den);
        at_sink_printf(j->out, ",\"slope\":%d", p->slope);
    }
    at_sink_z(j->out, "}");
}

void at_write_curve_pieces(const struct at_curve *curve, struct at_arena *scratch, struct at_sink *out) {
    const struct json j = {NULL, scratch, out};
    at_sink_z(out, "[");
    for (uint32_t i = 0; i < curve->n_pieces; i++) {
        at_sink_z(out, i ? ",\n" : "\n");
        write_piece(&j, &curve->pieces[i]);
    }
    at_sink_z(out, "]");
}

static void write_shape(const struct json *j, const struct at_write_curve_side *side,
                        const struct at_curve_shape *shape) {
    static const char *const kinds[] = {
        [AT_CURVE_KINK] = "kink", [AT_CURVE_JUMP] = "jump",         [AT_CURVE_FLAT] = "flat",
        [AT_CURVE_FALL] = "fall", [AT_CURVE_WITHHELD] = "withheld", [AT_CURVE_NOT] = "not a curve"};
    at_sink_printf(j->out, "{\"shape\":\"%s\",\"exact\":%s", kinds[shape->kind],
                   shape->exact ? "true" : "false");
    number(j, "from", shape->low);
    number(j, "to", shape->high);
    if (shape->kind < AT_CURVE_WITHHELD) {
        number(j, "before", shape->before);
        number(j, "after", shape->after);
        if (shape->own) number(j, "at", shape->at);
    } else {
        field(j, "source", at_write_curve_source(side->run, shape->blame, j->arena));
    }
    at_sink_z(j->out, "}");
}

/* Only if they were asked for. The last bracket is the caller's. */
static void write_samples(const struct json *j, const struct at_curve_shared *shared) {
    at_sink_z(j->out, "],\"samples\":[");
    for (uint32_t i = 0; i < shared->n_samples; i++) {
        at_sink_z(j->out, i ? ",\n{\"x\":" : "\n{\"x\":");
        at_sink_json(j->out, at_num_print(j->arena, shared->samples[i].x));
        if (shared->samples[i].known) number(j, "pay", shared->samples[i].pay);
        at_sink_z(j->out, "}");
    }
}

static void write_curve(const struct json *j, const struct at_write_curve_side *side,
                        const struct at_curve_shared *shared) {
    at_sink_z(j->out, "{\"payees\":[");
    for (uint32_t i = 0; i < shared->n_payees; i++) {
        at_sink_z(j->out, i ? "," : "");
        at_sink_json(j->out, side->keys[shared->payees[i]]);
    }
    at_sink_z(j->out, "],\"pieces\":");
    at_write_curve_pieces(&shared->curve, j->arena, j->out);
    at_sink_z(j->out, ",\"shapes\":[");
    for (uint32_t i = 0; i < shared->shapes.n; i++) {
        at_sink_z(j->out, i ? ",\n" : "\n");
        write_shape(j, side, &shared->shapes.at[i]);
    }
    if (shared->n_samples) write_samples(j, shared);
    at_sink_z(j->out, "]}");
}

static void write_side(const struct json *j, const struct at_write_curve_side *side) {
    at_sink_z(j->out, "{\"name\":");
    at_sink_json(j->out, side->name);
    at_sink_z(j->out, ",\"curves\":[");
    for (uint32_t i = 0; i < side->many->n_curves; i++) {
        struct at_arena_mark mark = at_arena_mark(j->arena);
        at_sink_z(j->out, i ? ",\n" : "\n");
        write_curve(j, side, &side->many->curves[i]);
        at_arena_reset(j->arena, mark);
    }
    at_sink_z(j->out, "],\"payees\":[");
    for (uint32_t i = 0; i < side->many->n_places; i++) {
        const struct at_curve_place *place = &side->many->places[i];
        struct at_arena_mark mark = at_arena_mark(j->arena);
        at_sink_z(j->out, i ? ",\n{\"payee\":" : "\n{\"payee\":");
        at_sink_json(j->out, side->keys[place->payee]);
        at_sink_printf(j->out, ",\"curve\":%u", place->curve);
        if (place->known) {
            number(j, "x", place->x);
            number(j, "pay", place->pay);
        }
        at_sink_z(j->out, "}");
        at_arena_reset(j->arena, mark);
    }
    at_sink_z(j->out, "]}");
}

void at_write_curves_json(const struct at_write_curves *curves, struct at_arena *scratch,
                          struct at_sink *out) {
    const struct json j = {curves, scratch, out};
    const struct at_currency_info *info = at_currency_info(curves->y.type.currency);
    at_sink_z(out, "{\"vary\":");
    at_sink_json(out, curves->vary);
    field(&j, "pay", curves->y.name);
    field(&j, "currency", at_str_z(info ? info->code : ""));
    field(&j, "first_period", at_period_print(scratch, curves->first));
    field(&j, "last_period", at_period_print(scratch, curves->last));
    number(&j, "from", curves->side[0].many->from);
    number(&j, "to", curves->side[0].many->to);
    at_sink_z(out, ",\"versions\":[");
    for (unsigned s = 0; s < curves->n_sides; s++) {
        at_sink_z(out, s ? ",\n" : "\n");
        write_side(&j, &curves->side[s]);
    }
    at_sink_z(out, "]}\n");
}
