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
    return at_write_game_number(t->words, t->arena, n);
}

static at_str amount(const struct text *t, at_i128 minor) {
    return at_write_game_shown(t->game, t->words, t->arena, minor);
}

static void write_sum(const struct text *t) {
    at_str said[2];
    at_write_game_sum(t->game, t->words, t->arena, said);
    for (unsigned i = 0; i < AT_COUNT(said); i++)
        line(t, said[i]);
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
        cells[3] = at_write_game_because(t->game, choice, t->words, t->arena);
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
    at_str notes[3];
    if (game->n_deals == 0) {
        line(&t, at_words_word(words, AT_W_GAME_NONE));
        return;
    }
    write_sum(&t);
    write_kinds(&t);
    write_gains(&t);
    unsigned n = at_write_game_notes(game, words, scratch, notes);
    for (unsigned i = 0; i < n; i++)
        line(&t, notes[i]);
}
