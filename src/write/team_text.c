/* write/team_text.c: writes how payees depend on each other: a matrix if it is small, then a list of who
 * gains when whom sells more, pairs that are set against each other, and whether helping never hurts. */
#include "write/grid.h"
#include "write/team.h"

#define MOST_COLUMNS 10
#define MOST_LINES 40

struct text {
    struct at_write_team_words w;
    const struct at_team *team;
    const struct at_write_options *options;
    const struct at_words *words;
    struct at_arena *arena;
    struct at_sink *out;
};

static void line(const struct text *t, at_str sentence) {
    at_sink_visible(t->out, at_words_sentence_plain(t->arena, sentence));
    at_sink_z(t->out, "\n");
}

static at_str key_of(const struct text *t, uint32_t run, uint32_t row) {
    return t->team->results->runs[run].keys[row];
}

/* A row for each seller, a column for each payee; only of one policy with few payees. */
static void write_matrix(const struct text *t) {
    const struct at_session_result_run *r = &t->team->results->runs[0];
    uint32_t n, *rows = at_write_team_payees(t->team, t->arena, &n);
    if (t->team->results->n_runs > 1 || n > MOST_COLUMNS || n == 0) return;
    struct at_write_grid grid;
    bool marks = false;
    at_write_grid_init(&grid, t->arena, n + 1, 1);
    grid.color = t->options->color;
    at_str *cells = at_write_grid_add(&grid, AT_GRID_HEAD);
    cells[0] = at_words_word(t->words, AT_W_TEAM_SELLER);
    for (uint32_t i = 0; i < n; i++)
        cells[i + 1] = r->keys[rows[i]];
    for (uint32_t i = 0; i < n; i++) {
        cells = at_write_grid_add(&grid, AT_GRID_ROW);
        cells[0] = r->keys[rows[i]];
        for (uint32_t k = 0; k < n; k++)
            cells[k + 1] = AT_STR("0");
        for (uint64_t p = 0; p < t->team->n_pairs; p++)
            for (uint32_t k = 0; k < n && t->team->pairs[p].seller == rows[i]; k++)
                if (t->team->pairs[p].payee == rows[k])
                    cells[k + 1] = at_write_team_cell(&t->w, &t->team->pairs[p].above, &marks);
    }
    at_write_grid_print(&grid, t->out);
    if (marks) line(t, at_words_word(t->words, AT_W_TEAM_MARKS));
    at_sink_z(t->out, "\n");
}

static void write_list(const struct text *t) {
    uint32_t lines = 0;
    for (uint64_t i = 0; i < t->team->n_pairs && lines < MOST_LINES; i++) {
        const struct at_team_pair *pair = &t->team->pairs[i];
        const struct at_team_pair *before = i ? pair - 1 : NULL;
        if (!before || before->run != pair->run || before->seller != pair->seller)
            line(t, AT_SAY(t->arena, t->words, AT_W_TEAM_WHEN, key_of(t, pair->run, pair->seller))), lines++;
        at_sink_z(t->out, "  ");
        line(t, AT_SAY(t->arena, t->words, AT_W_TEAM_GETS, key_of(t, pair->run, pair->payee),
                       at_write_team_effect(&t->w, pair)));
        lines++;
    }
    if (lines >= MOST_LINES) line(t, AT_STR("…"));
    if (t->team->n_pairs) at_sink_z(t->out, "\n");
}

static void write_against(const struct text *t) {
    uint32_t lines = 0;
    if (t->team->n_against == 0) return;
    line(t, at_words_word(t->words, AT_W_TEAM_AGAINST));
    for (uint64_t i = 0; i < t->team->n_pairs && lines < MOST_LINES; i++) {
        const struct at_team_pair *pair = &t->team->pairs[i];
        if (!at_team_hurts(pair)) continue;
        lines++;
        at_sink_z(t->out, "  ");
        line(t, at_str_format(t->arena, "%.*s → %.*s  %.*s", AT_STR_ARG(key_of(t, pair->run, pair->seller)),
                              AT_STR_ARG(key_of(t, pair->run, pair->payee)),
                              AT_STR_ARG(at_write_team_side(&t->w, pair->run, &pair->above))));
    }
    if (lines >= MOST_LINES) line(t, AT_STR("  …"));
    at_sink_z(t->out, "\n");
}

static void write_rules(const struct text *t) {
    if (t->team->n_rules == 0) return;
    line(t, at_words_word(t->words, AT_W_TEAM_RULES));
    for (uint32_t i = 0; i < t->team->n_rules; i++) {
        at_sink_z(t->out, "  ");
        line(t, at_write_team_rule(&t->w, &t->team->rules[i]));
    }
    at_sink_z(t->out, "\n");
}

void at_write_team_text(const struct at_team *team, const struct at_write_options *options,
                        const struct at_words *words, struct at_arena *scratch, struct at_sink *out) {
    const struct text t = {{team, words, scratch}, team, options, words, scratch, out};
    for (uint32_t r = 0; r < team->results->n_runs; r++) {
        at_str title = at_write_team_title(&t.w, r);
        if (title.n) line(&t, title);
    }
    at_sink_z(out, "\n");
    if (team->n_pairs > 0) write_matrix(&t);
    write_list(&t);
    write_against(&t);
    write_rules(&t);
    line(&t, at_write_team_proof(&t.w));
}
