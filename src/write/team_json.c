/* write/team_json.c: writes how payees depend on each other as one JSON object. Slopes are texts: "0.1",
 * "20/3". */
#include "base/numtext.h"
#include "write/team.h"

struct json {
    const struct at_team *team;
    struct at_arena *arena;
    struct at_sink *out;
};

static void text(const struct json *json, const char *name, at_str value, const char *end) {
    at_sink_printf(json->out, "\"%s\": ", name);
    at_sink_json(json->out, value);
    at_sink_z(json->out, end);
}

static void write_side(const struct json *json, uint32_t run, const char *name,
                       const struct at_team_side *side, const char *end) {
    at_sink_printf(json->out, "\"%s\": {", name);
    if (side->kind == AT_CURVE_NUM) {
        text(json, "slope", at_num_print(json->arena, side->slope), ", ");
        text(json, "jump", at_num_print(json->arena, side->jump), "}");
    } else if (side->kind == AT_CURVE_UNKNOWN) {
        const struct at_ast_node *ast = json->team->results->runs[run].run->plan->nodes[side->blame].ast;
        text(json, "unknown", at_write_team_source(json->team, run, ast), "}");
    } else {
        at_sink_z(json->out, "\"withheld\": true}");
    }
    at_sink_z(json->out, end);
}

static void write_pairs(const struct json *json) {
    const struct at_team *team = json->team;
    at_sink_z(json->out, "  \"pairs\": [");
    for (uint64_t i = 0; i < team->n_pairs; i++) {
        const struct at_team_pair *pair = &team->pairs[i];
        const struct at_session_result_run *r = &team->results->runs[pair->run];
        struct at_arena_mark mark = at_arena_mark(json->arena);
        at_sink_z(json->out, i ? ",\n    {" : "\n    {");
        text(json, "seller", r->keys[pair->seller], ", ");
        text(json, "payee", r->keys[pair->payee], ", ");
        write_side(json, pair->run, "above", &pair->above, ", ");
        write_side(json, pair->run, "below", &pair->below, ", ");
        at_sink_printf(json->out, "\"hurts\": %s}", at_team_hurts(pair) ? "true" : "false");
        at_arena_reset(json->arena, mark);
    }
    at_sink_z(json->out, "\n  ],\n");
}

void at_write_team_json(const struct at_team *team, struct at_arena *scratch, struct at_sink *out) {
    static const char *const proofs[] = {"proved", "refuted", "holds", "unknown"};
    const struct json json = {team, scratch, out};
    at_sink_z(out, "{\n  \"measures\": [");
    for (uint32_t r = 0, n = 0; r < team->results->n_runs; r++) {
        const struct at_team_measure *measure = &team->measures[r];
        if (measure->node == AT_NO_NODE) continue;
        const struct at_session_run *run = team->results->runs[r].run;
        at_sink_z(out, n++ ? ", {" : "{");
        text(&json, "policy", run->plan->checked->name, ", ");
        text(&json, "measure", measure->name, ", ");
        text(&json, "period", at_period_print(scratch, at_session_run_period(run, measure->period)), ", ");
        text(&json, "currency", at_str_z(team->results->runs[r].currency->code), "}");
    }
    at_sink_z(out, "],\n");
    write_pairs(&json);
    at_sink_z(out, "  \"rules\": [");
    for (uint32_t i = 0; i < team->n_rules; i++) {
        const struct at_team_rule *rule = &team->rules[i];
        at_sink_z(out, i ? ",\n    {" : "\n    {");
        text(&json, "rule", at_str_z(rule->op == AT_P_RANK ? "rank" : "pool"), ", ");
        text(&json, "source", at_write_team_place(team, rule->run, rule->ast, scratch), ", ");
        at_sink_printf(out, "\"pairs\": %llu}", (unsigned long long)rule->pairs);
    }
    at_sink_z(out, "\n  ],\n");
    at_sink_printf(out, "  \"against\": %llu,\n  \"helping_never_hurts\": \"%s\"\n}\n",
                   (unsigned long long)team->n_against, proofs[team->proof]);
}
