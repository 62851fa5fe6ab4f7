/* write/game_json.c: writes what choices gain as one JSON object. Amounts are texts with exact decimals. */
#include "base/date.h"
#include "write/game.h"

struct json {
    const struct at_game *game;
    struct at_arena *arena;
    struct at_sink *out;
};

static void text(const struct json *json, const char *name, at_str value, const char *end) {
    at_sink_printf(json->out, "\"%s\": ", name);
    at_sink_json(json->out, value);
    at_sink_z(json->out, end);
}

static void amount(const struct json *json, const char *name, at_i128 minor, const char *end) {
    text(json, name, at_write_game_amount(json->game, json->arena, minor, false), end);
}

static void count(const struct json *json, const char *name, uint64_t n, const char *end) {
    at_sink_printf(json->out, "\"%s\": %llu%s", name, (unsigned long long)n, end);
}

static void write_kinds(const struct json *json) {
    at_sink_z(json->out, "  \"kinds\": [");
    const char *before = "\n    {";
    for (unsigned k = 0; k < AT_GAME_KINDS; k++) {
        const struct at_game_total *total = &json->game->kinds[k];
        at_sink_z(json->out, before);
        before = ",\n    {";
        text(json, "kind", at_str_z(at_write_game_kinds[k]), ", ");
        count(json, "tried", total->tried, ", ");
        count(json, "impossible", total->refused, ", ");
        count(json, "withheld", total->withheld, ", ");
        count(json, "deals", total->deals, ", ");
        amount(json, "most", total->most, ", ");
        amount(json, "gain", total->best, ", ");
        amount(json, "by_deal", total->by_deal, "}");
    }
    at_sink_z(json->out, "\n  ],\n");
}

static void write_change(const struct json *json, const struct at_game_choice *choice) {
    const struct at_game_deal *deal = &json->game->deals[choice->deal];
    if (choice->kind == AT_GAME_PERIOD) {
        text(json, "day", at_date_print(json->arena, choice->day), ", ");
        at_sink_printf(json->out, "\"periods\": %d, ", (int)choice->by);
    }
    if (choice->kind == AT_GAME_MERGE)
        text(json, "with", at_write_game_deal(json->game, choice->other), ", ");
    if (choice->kind == AT_GAME_OWNER)
        text(json, "to", json->game->results->runs[deal->run].keys[choice->other], ", ");
}

static void write_choice(const struct json *json, const struct at_game_choice *choice) {
    const struct at_game *game = json->game;
    const struct at_game_deal *deal = &game->deals[choice->deal];
    const struct at_session_result_run *r = &game->results->runs[deal->run];
    text(json, "kind", at_str_z(at_write_game_kinds[choice->kind]), ", ");
    text(json, "table", r->checked->schemas[deal->table].name, ", ");
    text(json, "deal", at_write_game_deal(game, choice->deal), ", ");
    text(json, "row", deal->name, ", ");
    text(json, "payee", r->keys[deal->payee], ", ");
    write_change(json, choice);
    amount(json, "gain", choice->gain, ", ");
    amount(json, "others", choice->rest, ", ");
    text(json, "component", game->results->components[choice->component].decl->name, ", ");
    amount(json, "of_component", choice->of_component, ", ");
    text(json, "source", at_write_game_place(game, choice, json->arena), "}");
}

void at_write_game_json(const struct at_game *game, struct at_arena *scratch, struct at_sink *out) {
    const struct json json = {game, scratch, out};
    at_sink_z(out, "{\n  ");
    text(&json, "currency", at_str_z(game->results->runs[0].currency->code), ",\n  ");
    count(&json, "within", game->within, ",\n  ");
    count(&json, "deals", game->n_deals, ",\n  ");
    count(&json, "deals_gaining", game->deals_gaining, ",\n  ");
    amount(&json, "gain", game->best, ",\n  ");
    amount(&json, "pay", game->pay, ",\n");
    write_kinds(&json);
    at_sink_z(out, "  \"choices\": [");
    for (uint64_t i = 0; i < game->n_choices; i++) {
        struct at_arena_mark mark = at_arena_mark(scratch);
        at_sink_z(out, i ? ",\n    {" : "\n    {");
        write_choice(&json, &game->choices[i]);
        at_arena_reset(scratch, mark);
    }
    at_sink_z(out, "\n  ]\n}\n");
}
