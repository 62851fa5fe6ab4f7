/* write/team_text.c: writes how payees depend on each other: a matrix if it is small, then a list of who
 * gains when whom sells more, pairs that are set against each other, and whether helping never hurts. */
#include "base/numtext.h"
#include "diag/source.h"
#include "write/grid.h"
#include "write/team.h"

#define MOST_COLUMNS 10
#define MOST_LINES 40

struct text {
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

at_str at_write_team_source(const struct at_team *team, uint32_t run, const struct at_ast_node *ast) {
    if (!ast) return (at_str){"", 0};
    return at_diag_sources_text(team->results->runs[run].checked->ast->sources, ast->span);
}

at_str at_write_team_place(const struct at_team *team, uint32_t run, const struct at_ast_node *ast,
                           struct at_arena *arena) {
    if (!ast) return (at_str){"", 0};
    struct at_diag_place place =
        at_diag_sources_place(team->results->runs[run].checked->ast->sources, ast->span.start);
    if (!place.file) return (at_str){"", 0};
    return at_str_format(arena, "%.*s:%llu", AT_STR_ARG(place.file->name), (unsigned long long)place.line);
}

static at_str key_of(const struct text *t, uint32_t run, uint32_t row) {
    return t->team->results->runs[run].keys[row];
}

/* "+0.1", "≈+0.333333" */
static at_str number(const struct text *t, at_num num) {
    at_num shown = at_num_round(t->arena, num, 6, AT_ROUND_HALF_UP);
    at_str digits = at_words_number(t->arena, t->words, at_num_print(t->arena, shown));
    return at_str_format(t->arena, "%s%s%.*s", at_num_same(shown, num) ? "" : "≈",
                         at_num_sign(num) > 0 ? "+" : "", AT_STR_ARG(digits));
}

static at_str side(const struct text *t, uint32_t run, const struct at_team_side *s) {
    if (s->kind == AT_CURVE_UNKNOWN) {
        const struct at_ast_node *ast = t->team->results->runs[run].run->plan->nodes[s->blame].ast;
        return AT_SAY(t->arena, t->words, AT_W_TEAM_UNKNOWN,
                      at_write_team_place(t->team, run, ast, t->arena));
    }
    if (s->kind != AT_CURVE_NUM) return at_words_word(t->words, AT_W_TEAM_FAILED);
    if (at_num_is_zero(s->jump)) return number(t, s->slope);
    return AT_SAY(t->arena, t->words, AT_W_TEAM_JUMP, number(t, s->jump), number(t, s->slope));
}

static bool same(const struct at_team_side *a, const struct at_team_side *b) {
    if (a->kind != b->kind || a->kind != AT_CURVE_NUM) return a->kind == b->kind;
    return at_num_same(a->slope, b->slope) && at_num_is_zero(a->jump) && at_num_is_zero(b->jump);
}

static at_str effect(const struct text *t, const struct at_team_pair *pair) {
    at_str above = side(t, pair->run, &pair->above);
    if (same(&pair->above, &pair->below)) return above;
    return AT_SAY(t->arena, t->words, AT_W_TEAM_BELOW, above, side(t, pair->run, &pair->below));
}

/* ---- parts */

/* The slope, with a mark where there is more to know. */
static at_str cell(const struct text *t, const struct at_team_side *s, bool *marks) {
    if (s->kind != AT_CURVE_NUM || !at_num_is_zero(s->jump)) *marks = true;
    if (s->kind == AT_CURVE_UNKNOWN) return AT_STR("?");
    if (s->kind != AT_CURVE_NUM) return AT_STR("!");
    at_str slope = at_num_is_zero(s->slope) ? AT_STR("0") : number(t, s->slope);
    return at_num_is_zero(s->jump) ? slope : at_str_format(t->arena, "%.*s *", AT_STR_ARG(slope));
}

/* A row for each seller, a column for each payee; only of one policy with few payees. */
static void write_matrix(const struct text *t) {
    const struct at_session_result_run *r = &t->team->results->runs[0];
    uint32_t n = 0, *rows = AT_NEW_ARRAY(t->arena, uint32_t, r->run->n_payees + 1);
    for (uint32_t k = 0; k < r->run->n_payees; k++)
        if (!r->run->covered || r->run->covered[r->run->payees_by_key[k]])
            rows[n++] = r->run->payees_by_key[k];
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
                    cells[k + 1] = cell(t, &t->team->pairs[p].above, &marks);
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
        line(t,
             AT_SAY(t->arena, t->words, AT_W_TEAM_GETS, key_of(t, pair->run, pair->payee), effect(t, pair)));
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
                              AT_STR_ARG(side(t, pair->run, &pair->above))));
    }
    if (lines >= MOST_LINES) line(t, AT_STR("  …"));
    at_sink_z(t->out, "\n");
}

static void write_rules(const struct text *t) {
    if (t->team->n_rules == 0) return;
    line(t, at_words_word(t->words, AT_W_TEAM_RULES));
    for (uint32_t i = 0; i < t->team->n_rules; i++) {
        const struct at_team_rule *rule = &t->team->rules[i];
        at_str pairs = at_str_format(t->arena, "%llu", (unsigned long long)rule->pairs),
               place = at_write_team_place(t->team, rule->run, rule->ast, t->arena);
        at_str text = AT_SAY(t->arena, t->words,
                             rule->op == AT_P_RANK ? AT_W_TEAM_RULE_RANK : AT_W_TEAM_RULE_POOL, pairs);
        at_sink_z(t->out, "  ");
        line(t, place.n ? AT_SAY(t->arena, t->words, AT_W_GAME_OF_LINE, text, place) : text);
    }
    at_sink_z(t->out, "\n");
}

static void write_proof(const struct text *t) {
    const struct at_team *team = t->team;
    if (team->proof == AT_TEAM_REFUTED) {
        const struct at_team_pair *worst = &team->pairs[team->worst];
        line(t, AT_SAY(t->arena, t->words, AT_W_TEAM_REFUTED, key_of(t, worst->run, worst->seller),
                       key_of(t, worst->run, worst->payee), side(t, worst->run, &worst->above)));
        return;
    }
    if (team->proof == AT_TEAM_UNKNOWN) {
        at_str n = at_str_format(t->arena, "%llu", (unsigned long long)team->n_unknown);
        line(t, AT_SAY(t->arena, t->words, AT_W_TEAM_NOT_KNOWN, n));
        return;
    }
    line(t, at_words_word(t->words, team->proof == AT_TEAM_PROVED ? AT_W_TEAM_PROVED : AT_W_TEAM_HOLDS));
}

void at_write_team_text(const struct at_team *team, const struct at_write_options *options,
                        const struct at_words *words, struct at_arena *scratch, struct at_sink *out) {
    const struct text t = {team, options, words, scratch, out};
    for (uint32_t r = 0; r < team->results->n_runs; r++) {
        const struct at_team_measure *measure = &team->measures[r];
        if (measure->node == AT_NO_NODE || team->results->runs[r].run->paid_periods == 0) continue;
        bool money = measure->type.kind == AT_T_MONEY;
        at_str unit =
            money ? at_str_z(team->results->runs[r].currency->code) : at_words_word(words, AT_W_TEAM_UNIT);
        line(&t, AT_SAY(scratch, words, AT_W_TEAM_OF, measure->name,
                        at_words_period(scratch, words,
                                        at_session_run_period(team->results->runs[r].run, measure->period)),
                        unit));
    }
    at_sink_z(out, "\n");
    if (team->n_pairs > 0) write_matrix(&t);
    write_list(&t);
    write_against(&t);
    write_rules(&t);
    write_proof(&t);
}
