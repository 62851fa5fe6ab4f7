/* write/reconcile_json.c: a reconciliation as one JSON object. Amounts are texts with exact decimals. */
#include "write/reconcile.h"

struct json {
    const struct at_write_report *r;
    const struct at_write_reconcile *made;
};

static void text(const struct json *json, const char *name, at_str value, const char *before) {
    at_sink_printf(json->r->out, "%s\"%s\": ", before, name);
    at_sink_json(json->r->out, value);
}

static void amount(const struct json *json, const char *name, at_i128 minor) {
    text(json, name, at_write_reconcile_amount(json->made, json->r->arena, minor, false), ", ");
}

static void write_limits(const struct json *json) {
    at_sink_printf(json->r->out, ",\n  \"go\": %s,\n  \"limits\": [",
                   json->made->n_exceeded ? "false" : "true");
    for (uint32_t i = 0; i < json->made->n_limits; i++) {
        const struct at_write_reconcile_limit *limit = &json->made->limits[i];
        text(json, "limit", limit->text, i ? ", {" : "{");
        text(json, "value", limit->value, ", ");
        at_sink_printf(json->r->out, ", \"exceeded\": %s}", limit->exceeded ? "true" : "false");
    }
    at_sink_z(json->r->out, "]");
}

static void write_causes(const struct json *json) {
    const struct at_answer_reconciliation *of = &json->made->of;
    at_sink_z(json->r->out, ",\n  \"causes\": [");
    for (uint32_t k = 0; k < of->n_causes; k++) {
        struct at_arena_mark mark = at_arena_mark(json->r->arena);
        const struct at_answer_cause *cause = &of->causes[k];
        text(json, "type", at_str_z(at_write_reconcile_classes[cause->class]), k ? ",\n    {" : "\n    {");
        if (cause->change)
            text(json, "cause",
                 at_words_sentence_plain(
                     json->r->arena,
                     at_write_reconcile_cause(json->made, cause, json->r->words, json->r->arena)),
                 ", ");
        at_sink_printf(json->r->out, ", \"payouts\": %u", (unsigned)cause->n);
        amount(json, "size", cause->size);
        amount(json, "net", cause->net);
        at_sink_z(json->r->out, "}");
        at_arena_reset(json->r->arena, mark);
    }
    at_sink_z(json->r->out, of->n_causes ? "\n  ]" : "]");
}

static void write_payout(const struct json *json, const struct at_answer_payout *payout) {
    struct at_arena *arena = json->r->arena;
    text(json, "payee", payout->key, "{");
    text(json, "period", at_period_print(arena, at_write_reconcile_period(json->made, payout->period)), ", ");
    if (payout->component.n) text(json, "component", payout->component, ", ");
    text(json, "status", at_str_z(at_write_reconcile_statuses[payout->status]), ", ");
    if (payout->status == AT_ANSWER_DIFFERENT)
        text(json, "type", at_str_z(at_write_reconcile_classes[payout->class]), ", ");
    at_sink_printf(json->r->out, ", \"known\": %s, \"withheld\": %s",
                   payout->payee == UINT32_MAX ? "false" : "true", payout->withheld ? "true" : "false");
    if (payout->theirs)
        text(json, "theirs", at_write_reconcile_theirs(json->made, payout, arena, false), ", ");
    if (payout->ours && !payout->withheld) amount(json, "ours", payout->minor);
    if (payout->change)
        text(json, "cause",
             at_words_sentence_plain(arena, at_write_reconcile_change(json->made, payout->change, payout->run,
                                                                      json->r->words, arena)),
             ", ");
    at_sink_z(json->r->out, "}");
}

void at_write_reconcile_json(const struct at_write_report *report, const struct at_write_reconcile *made) {
    const struct json json = {report, made};
    const struct at_answer_reconciliation *of = &made->of;
    at_sink_printf(report->out, "{\n  \"currency\": \"%s\"", of->results->runs[0].currency->code);
    at_sink_printf(
        report->out,
        ", \"payouts\": %u, \"equal\": %u, \"within\": %u, \"different\": %u, \"not_searched\": %u",
        (unsigned)of->n, (unsigned)of->count[0], (unsigned)of->count[1], (unsigned)of->count[2],
        (unsigned)of->not_searched);
    amount(&json, "theirs", of->theirs);
    amount(&json, "ours", of->ours);
    at_sink_printf(report->out, ", \"tried\": %llu", (unsigned long long)of->tried);
    write_limits(&json);
    write_causes(&json);
    at_sink_z(report->out, ",\n  \"list\": [");
    for (uint32_t i = 0; i < of->n; i++) {
        struct at_arena_mark mark = at_arena_mark(report->arena);
        at_sink_z(report->out, i ? ",\n    " : "\n    ");
        write_payout(&json, &of->payouts[i]);
        at_arena_reset(report->arena, mark);
    }
    at_sink_z(report->out, of->n ? "\n  ]\n}\n" : "]\n}\n");
}
