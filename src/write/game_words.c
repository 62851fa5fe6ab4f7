/* write/game_words.c: choices in words, and amounts, for all formats. */
#include "write/game.h"

#include "diag/source.h"

const char *const at_write_game_kinds[AT_GAME_KINDS] = {"period", "split", "merge", "owner"};

at_str at_write_game_kind(const struct at_words *words, unsigned kind) {
    static const enum at_words_word names[AT_GAME_KINDS] = {AT_W_GAME_PERIOD, AT_W_GAME_SPLIT,
                                                            AT_W_GAME_MERGE, AT_W_GAME_OWNER};
    return at_words_word(words, names[kind]);
}

at_str at_write_game_amount(const struct at_game *game, struct at_arena *arena, at_i128 minor, bool commas) {
    char *out = at_arena_get(arena, AT_MINOR_SIZE);
    unsigned digits = game->results->runs[0].currency->digits;
    return (at_str){out, (uint32_t)at_write_minor_write(out, minor, digits, commas)};
}

at_str at_write_game_share(const struct at_game *game, struct at_arena *arena) {
    if (game->pay <= 0) return (at_str){"", 0};
    at_num share = at_num_div(arena, at_num_decimal128(game->best, 0), at_num_decimal128(game->pay, 0));
    at_num shown = at_num_round(arena, share, 3, AT_ROUND_HALF_UP);
    if (at_num_is_zero(shown) && game->best > 0) return AT_STR("<0.1%");
    int64_t tenths = 0;
    at_num_to_i64(arena, shown, 3, &tenths);
    return at_str_format(arena, "%lld.%lld%%", (long long)(tenths / 10), (long long)(tenths % 10));
}

at_str at_write_game_deal(const struct at_game *game, uint32_t deal) {
    const struct at_game_deal *of = &game->deals[deal];
    return of->key.n ? of->key : of->name;
}

at_str at_write_game_change(const struct at_game *game, const struct at_game_choice *choice,
                            const struct at_words *words, struct at_arena *arena) {
    const struct at_game_deal *deal = &game->deals[choice->deal];
    const struct at_session_result_run *r = &game->results->runs[deal->run];
    switch ((enum at_game_kind)choice->kind) {
    case AT_GAME_PERIOD: {
        at_period period =
            at_period_of_date(r->run->calendar, (enum at_period_kind)r->run->first_period.kind, choice->day);
        return AT_SAY(arena, words, AT_W_GAME_TO_PERIOD, at_words_date(arena, words, choice->day),
                      at_words_period(arena, words, period));
    }
    case AT_GAME_SPLIT: return at_words_word(words, AT_W_GAME_TO_SPLIT);
    case AT_GAME_MERGE:
        return AT_SAY(arena, words, AT_W_GAME_TO_MERGE, at_write_game_deal(game, choice->other));
    case AT_GAME_OWNER: return AT_SAY(arena, words, AT_W_GAME_TO_OWNER, r->keys[choice->other]);
    case AT_GAME_KINDS: break;
    }
    return (at_str){"", 0};
}

at_str at_write_game_place(const struct at_game *game, const struct at_game_choice *choice,
                           struct at_arena *arena) {
    const struct at_session_result_component *component = &game->results->components[choice->component];
    const struct at_plan_component *decl = component->decl;
    const struct at_ast_node *node = decl->adjustment ? decl->adjustment->node
                                     : decl->decl     ? decl->decl->symbol->node
                                                      : NULL;
    if (!node) return (at_str){"", 0};
    struct at_diag_place place =
        at_diag_sources_place(game->results->runs[component->run].checked->ast->sources, node->span.start);
    if (!place.file) return (at_str){"", 0};
    return at_str_format(arena, "%.*s:%llu", AT_STR_ARG(place.file->name), (unsigned long long)place.line);
}

at_str at_write_game_because(const struct at_game *game, const struct at_game_choice *choice,
                             const struct at_words *words, struct at_arena *arena) {
    at_str name = game->results->components[choice->component].decl->name,
           place = at_write_game_place(game, choice, arena);
    return place.n ? AT_SAY(arena, words, AT_W_GAME_OF_LINE, name, place) : name;
}

at_str at_write_game_number(const struct at_words *words, struct at_arena *arena, uint64_t n) {
    return at_words_number(arena, words, at_str_format(arena, "%llu", (unsigned long long)n));
}

at_str at_write_game_shown(const struct at_game *game, const struct at_words *words, struct at_arena *arena,
                           at_i128 minor) {
    return at_words_number(arena, words, at_write_game_amount(game, arena, minor, true));
}

void at_write_game_sum(const struct at_game *game, const struct at_words *words, struct at_arena *arena,
                       at_str out[2]) {
    at_str code = at_str_z(game->results->runs[0].currency->code), share = at_write_game_share(game, arena),
           best = at_write_game_shown(game, words, arena, game->best),
           pay = at_write_game_shown(game, words, arena, game->pay);
    out[0] = AT_SAY(arena, words, AT_W_GAME_DEALS, at_write_game_number(words, arena, game->deals_gaining),
                    at_write_game_number(words, arena, game->n_deals));
    if (game->best == 0)
        out[1] = at_words_word(words, AT_W_GAME_NOTHING);
    else if (share.n == 0)
        out[1] = AT_SAY(arena, words, AT_W_GAME_NO_SHARE, best, code);
    else
        out[1] = AT_SAY(arena, words, AT_W_GAME_SHARE, share, best, pay, code);
}

unsigned at_write_game_notes(const struct at_game *game, const struct at_words *words, struct at_arena *arena,
                             at_str out[3]) {
    uint64_t refused = 0, withheld = 0;
    unsigned n = 0;
    for (unsigned k = 0; k < AT_GAME_KINDS; k++) {
        refused += game->kinds[k].refused;
        withheld += game->kinds[k].withheld;
    }
    if (refused)
        out[n++] = AT_SAY(arena, words, AT_W_GAME_IMPOSSIBLE, at_write_game_number(words, arena, refused));
    if (withheld)
        out[n++] = AT_SAY(arena, words, AT_W_GAME_WITHHELD, at_write_game_number(words, arena, withheld));
    out[n++] = at_words_word(words, AT_W_GAME_EACH_ALONE);
    return n;
}

uint64_t *at_write_game_best(const struct at_game *game, struct at_arena *arena, uint64_t *n) {
    bool *seen = AT_NEW_ARRAY(arena, bool, game->n_deals + 1);
    uint64_t *best = AT_NEW_ARRAY(arena, uint64_t, game->n_choices + 1);
    *n = 0;
    for (uint64_t i = 0; i < game->n_choices; i++) {
        if (seen[game->choices[i].deal]) continue;
        seen[game->choices[i].deal] = true;
        best[(*n)++] = i;
    }
    return best;
}
