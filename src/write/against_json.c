/* write/against_json.c: a comparison of two payouts as one JSON object. Amounts are texts with exact
 * decimals, and `exact` is the part before rounding, a fraction where no whole number of minor units is
 * exact.
 */
#include "write/against.h"

static void text(const struct at_write_report *r, const char *name, at_str value) {
    at_sink_printf(r->out, ", \"%s\": ", name);
    at_sink_json(r->out, value);
}

static void amount(const struct at_write_report *r, const struct at_write_against *made, const char *name,
                   at_i128 minor) {
    text(r, name, at_write_against_amount(made, r->arena, minor, false));
}

static void write_side(const struct at_write_report *r, const struct at_write_against *made, int side) {
    const struct at_session_result_run *of = &made->results->runs[made->pair.of[0].run];
    at_sink_printf(r->out, "\"%s\": {\"payee\": ", side == 0 ? "this" : "other");
    at_sink_json(r->out, of->keys[made->pair.of[side].payee]);
    text(r, "period", at_period_print(r->arena, made->period[side]));
    amount(r, made, "paid", made->found.paid[side]);
    amount(r, made, "earned", made->found.earned[side]);
    at_sink_z(r->out, "}");
}

static void write_facts(const struct at_write_report *r, const struct at_write_against *made, int player) {
    bool first = true;
    at_sink_z(r->out, ", \"facts\": [");
    for (uint32_t i = 0; i < made->found.n_facts; i++) {
        const struct at_answer_fact *fact = &made->found.facts[i];
        if (fact->player != player) continue;
        at_sink_z(r->out, first ? "{\"name\": " : ", {\"name\": ");
        at_sink_json(r->out, fact->name.n ? fact->name : AT_STR("rows"));
        for (int side = 0; side < 2; side++)
            text(r, side == 0 ? "this" : "other",
                 at_words_sentence_plain(r->arena, at_write_against_value(fact, side, r->words, r->arena)));
        at_sink_z(r->out, "}");
        first = false;
    }
    at_sink_z(r->out, "]");
}

static int64_t divisor(at_i128 a, int64_t b) {
    a = a < 0 ? -a : a;
    while (a != 0) {
        int64_t rest = (int64_t)(b % a);
        b = (int64_t)a;
        a = rest;
    }
    return b;
}

/* In minor units. */
static void write_exact(const struct at_write_report *r, at_i128 numerator) {
    int64_t common = divisor(numerator % AT_ANSWER_WHOLE, AT_ANSWER_WHOLE), below = AT_ANSWER_WHOLE / common;
    at_i128 above = numerator / common;
    char digits[48];
    unsigned n = sizeof digits;
    bool minus = above < 0;
    above = minus ? -above : above;
    do
        digits[--n] = (char)('0' + (int)(above % 10)), above /= 10;
    while (above != 0);
    if (minus) digits[--n] = '-';
    at_sink_printf(r->out, ", \"exact\": \"%.*s", (int)(sizeof digits - n), digits + n);
    if (below > 1) at_sink_printf(r->out, "/%lld", (long long)below);
    at_sink_z(r->out, "\"");
}

static void write_versions(const struct at_write_report *r, const struct at_write_against *made) {
    at_sink_z(r->out, ",\n  \"versions\": [");
    for (uint32_t set = 0; set < AT_ANSWER_VERSIONS; set++) {
        bool first = true;
        at_sink_z(r->out, set ? ",\n    {\"other\": [" : "\n    {\"other\": [");
        for (int k = 0; k < AT_ANSWER_ADJUSTMENTS; k++)
            if (set >> k & 1) {
                at_sink_printf(r->out, "%s\"%s\"", first ? "" : ", ", at_write_against_names[k]);
                first = false;
            }
        at_sink_z(r->out, "]");
        amount(r, made, "earned", made->found.versions[set]);
        at_sink_z(r->out, "}");
    }
    at_sink_z(r->out, "\n  ]");
}

void at_write_against_json(const struct at_write_report *report, const struct at_write_against *made) {
    const struct at_session_result_run *of = &made->results->runs[made->pair.of[0].run];
    int32_t component = made->pair.of[0].component;
    at_sink_printf(report->out, "{\n  \"currency\": \"%s\", ", of->currency->code);
    write_side(report, made, 0);
    at_sink_z(report->out, ", ");
    write_side(report, made, 1);
    if (component >= 0) text(report, "component", of->run->plan->components[component].name);
    amount(report, made, "difference", made->found.paid[0] - made->found.paid[1]);
    at_sink_z(report->out, ",\n  \"parts\": [");
    for (int k = 0; k < AT_ANSWER_PLAYERS; k++) {
        struct at_arena_mark mark = at_arena_mark(report->arena);
        at_sink_printf(report->out, "%s\n    {\"name\": \"%s\"", k ? "," : "", at_write_against_names[k]);
        amount(report, made, "amount", made->found.parts[k]);
        write_exact(report, made->found.numerators[k]);
        write_facts(report, made, k);
        text(report, "sentence",
             at_words_sentence_plain(report->arena, at_write_against_part(made, (enum at_answer_player)k,
                                                                          report->words, report->arena)));
        at_sink_z(report->out, "}");
        at_arena_reset(report->arena, mark);
    }
    at_sink_z(report->out, "\n  ]");
    write_facts(report, made, AT_ANSWER_PLAYERS);
    write_versions(report, made);
    at_sink_z(report->out, "\n}\n");
}
