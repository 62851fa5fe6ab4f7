/* write/curves_words.c: numbers, ranges, formulas, and shapes of curves in words. */
#include "base/numtext.h"
#include "syntax/plain.h"
#include "write/curves.h"
#include "write/plot_int.h"

enum { MOST_SOURCE = 90, MOST_NAMED = 3 };

static at_str x_text(const struct at_write_curve_words *w, at_num x, bool exact) {
    at_str text = at_write_plot_value(&w->curves->x, x, w->words, w->arena);
    bool about = text.n >= 3 && memcmp(text.p, "≈", 3) == 0;
    return exact || about ? text : at_str_format(w->arena, "≈%.*s", AT_STR_ARG(text));
}

static at_str pay_text(const struct at_write_curve_words *w, at_num pay) {
    return at_write_plot_value(&w->curves->y, pay, w->words, w->arena);
}

at_str at_write_curve_value(const struct at_write_curve_words *w, const struct at_write_plot_axis *axis,
                            at_num value) {
    return at_write_plot_value(axis, value, w->words, w->arena);
}

/* ---- samples */

at_str at_write_curve_samples(const struct at_write_curve_words *w, const struct at_curve_shared *curve) {
    return AT_SAY(w->arena, w->words, AT_W_CURVE_SAMPLES, at_str_format(w->arena, "%u", curve->n_samples));
}

at_str at_write_curve_sample(const struct at_write_curve_words *w, const struct at_curve_sample *sample) {
    return sample->known ? at_write_curve_value(w, &w->curves->y, sample->pay)
                         : at_words_word(w->words, AT_W_CURVE_WITHHELD);
}

/* ---- names */

at_str at_write_curve_title(const struct at_write_curve_words *w) {
    const struct at_write_curves *c = w->curves;
    at_str when = at_words_period(w->arena, w->words, c->first),
           last = at_words_period(w->arena, w->words, c->last);
    if (!at_str_eq(when, last)) when = AT_SAY(w->arena, w->words, AT_W_CURVE_SPAN, when, last);
    return AT_SAY(w->arena, w->words, AT_W_CURVE_TITLE, c->y.name, when, c->x.name);
}

at_str at_write_curve_payee(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                            uint32_t row) {
    at_str key = side->keys[row], label = side->labels[row];
    if (label.n == 0) return key;
    return at_str_format(w->arena, "%.*s (%.*s)", AT_STR_ARG(label), AT_STR_ARG(key));
}

at_str at_write_curve_payees(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                             const struct at_curve_shared *curve) {
    at_str list = {"", 0};
    uint32_t named = curve->n_payees > MOST_NAMED + 1 ? MOST_NAMED : curve->n_payees;
    for (uint32_t i = 0; i < named; i++) {
        at_str name = at_write_curve_payee(w, side, curve->payees[i]);
        list = i ? AT_SAY(w->arena, w->words, AT_W_LIST, list, name) : name;
    }
    if (named == curve->n_payees) return list;
    at_str more = at_str_format(w->arena, "%u", curve->n_payees - named);
    return AT_SAY(w->arena, w->words, AT_W_CURVE_AND_MORE, list, more);
}

at_str at_write_curve_heading(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                              const struct at_curve_shared *curve) {
    at_str who = at_write_curve_payees(w, side, curve);
    if (w->curves->n_sides < 2) return AT_SAY(w->arena, w->words, AT_W_CURVE_OF, who);
    return AT_SAY(w->arena, w->words, AT_W_CURVE_OF_VERSION, side->name, who);
}

at_str at_write_curve_source(const struct at_session_run *run, uint32_t node, struct at_arena *arena) {
    if (node >= run->plan->n_nodes) return (at_str){0};
    const struct at_plan_node *n = &run->plan->nodes[node];
    at_span span = n->ast ? n->ast->span : n->where;
    if (span.end == 0) return (at_str){0};
    at_str text = at_lex_plain(arena, at_diag_sources_text(run->plan->checked->ast->sources, span));
    char *out = at_arena_get(arena, text.n + 4);
    uint32_t length = 0;
    for (uint32_t i = 0; i < text.n && length < MOST_SOURCE; i++) {
        bool blank = text.p[i] == ' ' || text.p[i] == '\n' || text.p[i] == '\t' || text.p[i] == '\r';
        if (blank && (length == 0 || out[length - 1] == ' ')) continue;
        out[length++] = blank ? ' ' : text.p[i];
    }
    if (length == MOST_SOURCE) { /* never through a character */
        while (length > 0 && ((uint8_t)out[length - 1] & 0xC0) == 0x80)
            length--;
        if (length > 0) length--;
        memcpy(out + length, "…", 3);
        length += 3;
    }
    return (at_str){out, length};
}

/* ---- pieces */

at_str at_write_curve_range(const struct at_write_curve_words *w, const struct at_curve *curve,
                            uint32_t piece) {
    const struct at_curve_piece *p = &curve->pieces[piece];
    at_num low = at_curve_end(w->arena, curve, piece, false),
           high = at_curve_end(w->arena, curve, piece, true);
    at_str from = x_text(w, low, p->low.exact), to = x_text(w, high, p->high.exact);
    if (p->point) return from;
    enum at_words_word word = p->with_low    ? p->with_high ? AT_W_CURVE_TO : AT_W_CURVE_TO_BELOW
                              : p->with_high ? AT_W_CURVE_ABOVE_TO
                                             : AT_W_CURVE_ABOVE_TO_BELOW;
    return AT_SAY(w->arena, w->words, word, from, to);
}

/* A coefficient as people write it: exact if that is short. */
static at_str number_text(const struct at_write_curve_words *w, at_num num) {
    at_str exact = at_num_print(w->arena, num);
    if (exact.n <= 16) return exact;
    bool shortened = false;
    at_str text = at_num_print_short(w->arena, num, 12, false, &shortened);
    return shortened ? at_str_format(w->arena, "≈%.*s", AT_STR_ARG(text)) : text;
}

/* Money for each dollar is a percentage, and for each unit an amount. */
static at_str coefficient_text(const struct at_write_curve_words *w, at_num num, uint32_t power) {
    bool money = w->curves->x.type.kind == AT_T_MONEY;
    if (power == 0) return pay_text(w, num);
    if (power == 1 && !money) return pay_text(w, num);
    if (power > 1) return number_text(w, num);
    at_str percent = number_text(w, at_num_mul(w->arena, num, at_num_int(100)));
    return at_str_format(w->arena, "%.*s%%", AT_STR_ARG(percent));
}

static const char *power_text(const struct at_write_curve_words *w, uint32_t power) {
    if (power == 1) return "";
    if (power == 2) return "²";
    if (power == 3) return "³";
    return at_str_format(w->arena, "^%u", power).p;
}

/* `5% × bookings − $1,500.00`. A denominator has plain numbers. */
static at_str polynomial(const struct at_write_curve_words *w, at_poly a, bool plain) {
    at_str out = {"", 0}, name = w->curves->x.name;
    for (uint32_t power = a.n; power-- > 0;) {
        bool minus = at_num_sign(a.c[power]) < 0;
        at_num size = at_num_abs(w->arena, a.c[power]);
        if (at_num_is_zero(size)) continue;
        at_str number = plain ? number_text(w, size) : coefficient_text(w, size, power);
        const char *sign = out.n == 0 ? minus ? "−" : "" : minus ? " − " : " + ";
        bool one = power > 0 && at_num_cmp(w->arena, size, at_num_int(1)) == 0 && (plain || power > 1);
        if (power == 0)
            out = at_str_format(w->arena, "%.*s%s%.*s", AT_STR_ARG(out), sign, AT_STR_ARG(number));
        else
            out =
                at_str_format(w->arena, "%.*s%s%.*s%s%.*s%s", AT_STR_ARG(out), sign, one ? 0 : (int)number.n,
                              number.p, one ? "" : " × ", AT_STR_ARG(name), power_text(w, power));
    }
    return out.n ? out : plain ? AT_STR("0") : pay_text(w, at_num_int(0));
}

at_str at_write_curve_formula(const struct at_write_curve_words *w, const struct at_curve *curve,
                              uint32_t piece) {
    const struct at_curve_value *pay = &curve->pieces[piece].pay;
    if (pay->kind == AT_CURVE_UNKNOWN) return at_words_word(w->words, AT_W_CURVE_NOT);
    if (pay->kind != AT_CURVE_NUM) return at_words_word(w->words, AT_W_CURVE_WITHHELD);
    if (at_poly_is_const(pay->den)) return polynomial(w, pay->num, false);
    at_str num = polynomial(w, pay->num, true), den = polynomial(w, pay->den, true);
    return at_str_format(w->arena, "(%.*s) ÷ (%.*s)", AT_STR_ARG(num), AT_STR_ARG(den));
}

at_str at_write_curve_pay(const struct at_write_curve_words *w, const struct at_curve *curve, uint32_t piece,
                          bool high) {
    const struct at_curve_piece *p = &curve->pieces[piece];
    if (p->pay.kind != AT_CURVE_NUM || (p->point && high)) return (at_str){"", 0};
    at_num x = at_curve_end(w->arena, curve, piece, high);
    if (at_num_sign(at_poly_at(w->arena, p->pay.den, x)) == 0) return (at_str){"∞", 3};
    at_num pay = at_curve_at(w->arena, &p->pay, x);
    at_str text = pay_text(w, pay);
    bool about = text.n >= 3 && memcmp(text.p, "≈", 3) == 0;
    if ((high ? p->high.exact : p->low.exact) || about) return text;
    return at_str_format(w->arena, "≈%.*s", AT_STR_ARG(text));
}

/* ---- shapes */

static at_str slope_text(const struct at_write_curve_words *w, at_num slope) {
    bool minus = at_num_sign(slope) < 0;
    at_str text = coefficient_text(w, at_num_abs(w->arena, slope), 1);
    return minus ? at_words_number(w->arena, w->words, at_str_format(w->arena, "-%.*s", AT_STR_ARG(text)))
                 : text;
}

static at_str jump(const struct at_write_curve_words *w, const struct at_curve_shape *shape, at_str at) {
    at_num size = at_num_sub(w->arena, shape->after, shape->before);
    bool up = at_num_sign(size) >= 0;
    at_str before = pay_text(w, shape->before), after = pay_text(w, shape->after),
           by = pay_text(w, at_num_abs(w->arena, size));
    at_str said =
        AT_SAY(w->arena, w->words, up ? AT_W_SHAPE_JUMP_UP : AT_W_SHAPE_JUMP_DOWN, at, before, after, by);
    if (at_num_is_zero(size)) said = (at_str){"", 0};
    if (!shape->own) return said;
    at_str own = AT_SAY(w->arena, w->words, AT_W_SHAPE_POINT, at, pay_text(w, shape->at));
    return at_str_format(w->arena, "%.*s%s%.*s", AT_STR_ARG(said), said.n ? " " : "", AT_STR_ARG(own));
}

at_str at_write_curve_shape(const struct at_write_curve_words *w, const struct at_write_curve_side *side,
                            const struct at_curve_shape *shape) {
    at_str low = x_text(w, shape->low, shape->exact), high = x_text(w, shape->high, shape->exact),
           name = w->curves->x.name, source = at_write_curve_source(side->run, shape->blame, w->arena);
    bool not = shape->kind == AT_CURVE_NOT;
    switch ((enum at_curve_shape_kind)shape->kind) {
    case AT_CURVE_KINK:
        if (at_num_is_zero(shape->after))
            return (at_str){"", 0}; /* the flat stretch that follows has a line of its own */
        return AT_SAY(w->arena, w->words, AT_W_SHAPE_KINK, low, name, slope_text(w, shape->before),
                      slope_text(w, shape->after));
    case AT_CURVE_JUMP: return jump(w, shape, low);
    case AT_CURVE_FLAT:
        return AT_SAY(w->arena, w->words, AT_W_SHAPE_FLAT, low, high, name, pay_text(w, shape->before));
    case AT_CURVE_FALL:
        return AT_SAY(w->arena, w->words, AT_W_SHAPE_FALL, low, high, name, pay_text(w, shape->before),
                      pay_text(w, shape->after));
    case AT_CURVE_WITHHELD:
    case AT_CURVE_NOT: break;
    }
    if (source.n == 0)
        return AT_SAY(w->arena, w->words, not ? AT_W_SHAPE_NOT_SOME : AT_W_SHAPE_WITHHELD_SOME, low, high);
    return AT_SAY(w->arena, w->words, not ? AT_W_SHAPE_NOT : AT_W_SHAPE_WITHHELD, low, high, source);
}
