/* write/game_html.c: what choices gain, as a page: the sum, each type of choice as a bar and in a table, and
 * the deals with the largest gains. */
#include "write/game.h"
#include "write/sheet.h"

enum { MOST_GAINS = 200 };

struct page {
    const struct at_game *game;
    const struct at_words *words;
    struct at_arena *arena;
    struct at_sink *out;
};

static at_str number(const struct page *p, uint64_t n) {
    return at_write_game_number(p->words, p->arena, n);
}

static at_str amount(const struct page *p, at_i128 minor) {
    return at_write_game_shown(p->game, p->words, p->arena, minor);
}

static void heads_of(const struct page *p, const enum at_words_word *heads, unsigned n, at_str *out) {
    for (unsigned i = 0; i < n; i++)
        out[i] = at_words_word(p->words, heads[i]);
}

/* ---- by type of choice */

static void write_bars(const struct page *p) {
    struct at_write_plot_bar bars[AT_GAME_KINDS];
    uint32_t n = 0;
    for (unsigned k = 0; k < AT_GAME_KINDS; k++) {
        const struct at_game_total *total = &p->game->kinds[k];
        if (total->tried == 0) continue;
        bars[n++] = (struct at_write_plot_bar){.name = at_write_game_kind(p->words, k),
                                               .shown = amount(p, total->best),
                                               .value = at_num_decimal128(total->best, 0)};
    }
    at_write_plot_bars_html(bars, n, p->arena, p->out);
}

static void write_kinds(const struct page *p) {
    static const enum at_words_word heads[] = {AT_W_GAME_KIND, AT_W_GAME_TRIED, AT_W_GAME_GAINING,
                                               AT_W_GAME_MOST, AT_W_GAME_BEST};
    at_str names[AT_COUNT(heads)], cells[AT_COUNT(heads)];
    at_write_sheet_section(p->out, at_words_word(p->words, AT_W_GAME_BY_KIND));
    write_bars(p);
    heads_of(p, heads, AT_COUNT(heads), names);
    at_write_sheet_table(p->out, names, AT_COUNT(heads), 1);
    for (unsigned k = 0; k < AT_GAME_KINDS; k++) {
        const struct at_game_total *total = &p->game->kinds[k];
        if (total->tried == 0) continue;
        cells[0] = at_write_game_kind(p->words, k);
        cells[1] = number(p, total->tried);
        cells[2] = number(p, total->deals);
        cells[3] = amount(p, total->most);
        cells[4] = amount(p, total->best);
        at_write_sheet_list_row(p->out, names, cells, AT_COUNT(heads), 1);
    }
    at_write_sheet_table_end(p->out);
    at_write_sheet_section_end(p->out);
}

/* ---- the largest gains */

static at_str payee_of(const struct page *p, const struct at_game_deal *deal) {
    const struct at_session_result_run *r = &p->game->results->runs[deal->run];
    at_str key = r->keys[deal->payee], label = p->game->results->payees[r->payee_of[deal->payee]].label;
    if (label.n == 0 || at_str_eq(label, key)) return key;
    const at_str both[] = {label, key};
    return at_words_say_plain(p->arena, p->words, AT_W_NAMED, both, 2);
}

static void write_gains(const struct page *p) {
    static const enum at_words_word heads[] = {AT_W_GAME_DEAL,    AT_W_GAME_PAYEE, AT_W_GAME_CHANGE,
                                               AT_W_GAME_BECAUSE, AT_W_GAME_GAIN,  AT_W_GAME_REST};
    at_str names[AT_COUNT(heads)], cells[AT_COUNT(heads)];
    uint64_t n;
    const uint64_t *best = at_write_game_best(p->game, p->arena, &n);
    uint64_t shown = n < MOST_GAINS ? n : MOST_GAINS;
    if (n == 0) return;
    at_write_sheet_section(p->out, at_words_word(p->words, AT_W_GAME_LARGEST));
    heads_of(p, heads, AT_COUNT(heads), names);
    at_write_sheet_table(p->out, names, AT_COUNT(heads), 4);
    for (uint64_t i = 0; i < shown; i++) {
        const struct at_game_choice *choice = &p->game->choices[best[i]];
        struct at_arena_mark mark = at_arena_mark(p->arena);
        cells[0] = at_write_game_deal(p->game, choice->deal);
        cells[1] = payee_of(p, &p->game->deals[choice->deal]);
        cells[2] = at_write_game_change(p->game, choice, p->words, p->arena);
        cells[3] = at_write_game_because(p->game, choice, p->words, p->arena);
        cells[4] = amount(p, choice->gain);
        cells[5] = amount(p, choice->rest);
        at_write_sheet_list_row(p->out, names, cells, AT_COUNT(heads), 4);
        at_arena_reset(p->arena, mark);
    }
    at_write_sheet_table_end(p->out);
    if (p->game->n_choices > shown)
        at_write_sheet_note(
            p->out, AT_SAY(p->arena, p->words, AT_W_GAME_MORE, number(p, p->game->n_choices - shown)));
    at_write_sheet_section_end(p->out);
}

void at_write_game_html(const struct at_game *game, const struct at_words *words, struct at_arena *scratch,
                        struct at_sink *out) {
    const struct page p = {game, words, scratch, out};
    at_str said[3];
    at_write_sheet_begin(out, at_words_word(words, AT_W_GAME_TITLE), words, "attain game", scratch);
    if (game->n_deals == 0) {
        at_write_sheet_sentence(out, "p", at_words_word(words, AT_W_GAME_NONE));
        at_write_sheet_end(out);
        return;
    }
    at_write_game_sum(game, words, scratch, said);
    for (unsigned i = 0; i < 2; i++)
        at_write_sheet_sentence(out, "p", said[i]);
    write_kinds(&p);
    write_gains(&p);
    unsigned n = at_write_game_notes(game, words, scratch, said);
    for (unsigned i = 0; i < n; i++)
        at_write_sheet_note(out, at_write_sheet_plain(scratch, said[i]));
    at_write_sheet_end(out);
}
