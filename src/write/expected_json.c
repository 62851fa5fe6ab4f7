/* write/expected_json.c: the changes that would give a payout another amount, as one JSON object. Amounts are
 * texts with exact decimals.
 */
#include "write/expected.h"

static const char *const kinds[] = {"field", "extra", "twice", "missing", "edit"};

struct json {
    const struct at_write_report *r;
    const struct at_write_expected *answer;
};

static void text(const struct json *json, const char *name, at_str value) {
    at_sink_printf(json->r->out, ", \"%s\": ", name);
    at_sink_json(json->r->out, value);
}

static void amount(const struct json *json, const char *name, at_i128 minor) {
    text(json, name, at_write_expected_amount(json->answer, json->r->arena, minor, false));
}

static void write_change(const struct json *json, const struct at_answer_change *change) {
    at_sink_printf(json->r->out, "{\"kind\": \"%s\"", kinds[change->kind]);
    if (change->kind != AT_ANSWER_EDIT) {
        const struct at_schema *schema = at_write_expected_schema(json->answer, change);
        text(json, "table", schema->name);
        text(json, "row", change->name);
        if (change->kind == AT_ANSWER_FIELD || change->kind == AT_ANSWER_MISSING)
            text(json, "field", schema->fields[change->field].name);
    }
    if (change->before.n) text(json, "before", change->before);
    if (change->after.n) text(json, "after", change->after);
    if (change->in.kind <= AT_YEAR) text(json, "period", at_period_print(json->r->arena, change->in));
    if (change->twin.n) text(json, "like", change->twin);
    at_sink_printf(json->r->out, ", \"others\": %u, \"many\": %s", (unsigned)change->others,
                   change->many ? "true" : "false");
    amount(json, "amount", change->minor);
    text(json, "sentence",
         at_words_sentence_plain(json->r->arena, at_write_expected_sentence(json->answer, change,
                                                                            json->r->words, json->r->arena)));
    at_sink_z(json->r->out, "}");
}

static void write_list(const struct json *json, const char *name, const struct at_answer_change *at,
                       uint32_t n) {
    at_sink_printf(json->r->out, ",\n  \"%s\": [", name);
    for (uint32_t i = 0; i < n; i++) {
        struct at_arena_mark mark = at_arena_mark(json->r->arena);
        at_sink_z(json->r->out, i ? ",\n    " : "\n    ");
        write_change(json, &at[i]);
        at_arena_reset(json->r->arena, mark);
    }
    at_sink_z(json->r->out, n ? "\n  ]" : "]");
}

void at_write_expected_json(const struct at_write_report *report, const struct at_write_expected *answer) {
    const struct json json = {report, answer};
    const struct at_answer_target *target = &answer->question.target;
    const struct at_session_result_run *r = &answer->results->runs[target->run];
    const struct at_answer_found *found = &answer->found;
    at_sink_printf(report->out, "{\n  \"currency\": \"%s\"", r->currency->code);
    text(&json, "payee", r->keys[target->payee]);
    text(&json, "period", answer->period);
    if (target->component >= 0) text(&json, "component", r->run->plan->components[target->component].name);
    at_sink_printf(report->out, ", \"withheld\": %s", found->withheld ? "true" : "false");
    amount(&json, "paid", found->paid);
    amount(&json, "expected", answer->question.wanted);
    at_sink_printf(report->out, ", \"tried\": %llu, \"all\": %s", (unsigned long long)found->tried,
                   found->left_out ? "false" : "true");
    write_list(&json, "matches", found->at, found->n);
    write_list(&json, "nearest", found->near, found->n_near);
    at_sink_z(report->out, "\n}\n");
}
