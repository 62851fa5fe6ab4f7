/* write/game_text.c: writes what choices gain as text for people: the sum, a table by type of choice, and the
 * largest gains. */
#include "write/game.h"
#include "write/grid.h"

#define MOST_GAINS 20

struct text {
    const struct at_game *game;
    const struct at_write_options *options;
    const struct at_words *words;
    struct at_arena *arena;
    struct at_sink *out;
};

static void line(const struct text *t, at_str sentence) {
    at_sink_visible(t->out, at_words_sentence_plain(t->arena, sentence));
    at_sink_z(t->out, "\n");
}

static at_str number(const struct text *t, uint64_t n) {
    return at_words_number(t->arena, t->words, at_str_format(t->arena, "%llu", (unsigned long long)n));
}

static at_str amount(const struct text *t, at_i128 minor) {
    return at_words_number(t->arena, t->words, at_write_game_amount(t->game, t->arena, minor, true));
}

static void write_sum(const struct text *t) {
    const struct at_game *game = t->game;
    at_str code = at_str_z(game->results->runs[0].currency->code),
           share = at_write_game_share(game, t->arena);
    line(t, AT_SAY(t->arena, t->words, AT_W_GAME_DEALS, number(t, game->deals_gaining),
                   number(t, game->n_deals)));
    if (game->best == 0)
        line(t, at_words_word(t->words, AT_W_GAME_NOTHING));
    else if (share.n == 0)
        line(t, AT_SAY(t->arena, t->words, AT_W_GAME_NO_SHARE, amount(t, game->best), code));
    else
        line(t, AT_SAY(t->arena, t->words, AT_W_GAME_SHARE, share, amount(t, game->best),
                       amount(t, game->pay), code));
    at_sink_z(t->out, "\n");
}

static void write_kinds(const struct text *t) {
    struct at_write_grid grid;
    at_write_grid_init(&grid, t->arena, 5, 1);
    grid.color = t->options->color;
    static const enum at_words_word heads[] = {AT_W_GAME_KIND, AT_W_GAME_TRIED, AT_W_GAME_GAINING,
                                               AT_W_GAME_MOST, AT_W_GAME_BEST};
    at_str *cells = at_write_grid_add(&grid, AT_GRID_HEAD);
    for (unsigned i = 0; i < AT_COUNT(heads); i++)
        cells[i] = at_words_word(t->words, heads[i]);
    for (unsigned k = 0; k < AT_GAME_KINDS; k++) {
        const struct at_game_total *total = &t->game->kinds[k];
        if (total->tried == 0) continue;
        cells = at_write_grid_add(&grid, AT_GRID_ROW);
        cells[0] = at_write_game_kind(t->words, k);
        cells[1] = number(t, total->tried);
        cells[2] = number(t, total->deals);
        cells[3] = amount(t, total->most);
        cells[4] = amount(t, total->best);
    }
    at_write_grid_print(&grid, t->out);
    at_sink_z(t->out, "\n");
}

static at_str because(const struct text *t, const struct at_game_choice *choice) {
    at_str name = t->game->results->components[choice->component].decl->name,
           place = at_write_game_place(t->game, choice, t->arena);
    return place.n ? AT_SAY(t->arena, t->words, AT_W_GAME_OF_LINE, name, place) : name;
}

static void write_gains(const struct text *t) {
    uint64_t n;
    const uint64_t *best = at_write_game_best(t->game, t->arena, &n);
    uint64_t shown = n < MOST_GAINS ? n : MOST_GAINS;
    struct at_write_grid grid;
    at_write_grid_init(&grid, t->arena, 6, 4);
    grid.color = t->options->color;
    static const enum at_words_word heads[] = {AT_W_GAME_DEAL,    AT_W_GAME_PAYEE, AT_W_GAME_CHANGE,
                                               AT_W_GAME_BECAUSE, AT_W_GAME_GAIN,  AT_W_GAME_REST};
    if (n == 0) return;
    line(t, at_words_word(t->words, AT_W_GAME_LARGEST));
    at_str *cells = at_write_grid_add(&grid, AT_GRID_HEAD);
    for (unsigned i = 0; i < AT_COUNT(heads); i++)
        cells[i] = at_words_word(t->words, heads[i]);
    for (uint64_t i = 0; i < shown; i++) {
        const struct at_game_choice *choice = &t->game->choices[best[i]];
        const struct at_game_deal *deal = &t->game->deals[choice->deal];
        cells = at_write_grid_add(&grid, AT_GRID_ROW);
        cells[0] = at_write_game_deal(t->game, choice->deal);
        cells[1] = t->game->results->runs[deal->run].keys[deal->payee];
        cells[2] = at_write_game_change(t->game, choice, t->words, t->arena);
        cells[3] = because(t, choice);
        cells[4] = amount(t, choice->gain);
        cells[5] = amount(t, choice->rest);
    }
    at_write_grid_print(&grid, t->out);
    if (t->game->n_choices > shown)
        line(t, AT_SAY(t->arena, t->words, AT_W_GAME_MORE, number(t, t->game->n_choices - shown)));
    at_sink_z(t->out, "\n");
}

void at_write_game_text(const struct at_game *game, const struct at_write_options *options,
                        const struct at_words *words, struct at_arena *scratch, struct at_sink *out) {
    const struct text t = {game, options, words, scratch, out};
    uint64_t refused = 0, withheld = 0;
    if (game->n_deals == 0) {
        line(&t, at_words_word(words, AT_W_GAME_NONE));
        return;
    }
    for (unsigned k = 0; k < AT_GAME_KINDS; k++) {
        refused += game->kinds[k].refused;
        withheld += game->kinds[k].withheld;
    }
    write_sum(&t);
    write_kinds(&t);
    write_gains(&t);
    if (refused) line(&t, AT_SAY(scratch, words, AT_W_GAME_IMPOSSIBLE, number(&t, refused)));
    if (withheld) line(&t, AT_SAY(scratch, words, AT_W_GAME_WITHHELD, number(&t, withheld)));
    line(&t, at_words_word(words, AT_W_GAME_EACH_ALONE));
}
