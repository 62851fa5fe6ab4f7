/* write/team_words.c: slopes, effects, and rules of how payees depend on each other, in words. */
#include "base/numtext.h"
#include "diag/source.h"
#include "write/team.h"

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

at_str at_write_team_title(const struct at_write_team_words *w, uint32_t run) {
    const struct at_team_measure *measure = &w->team->measures[run];
    const struct at_session_result_run *r = &w->team->results->runs[run];
    if (measure->node == AT_NO_NODE || r->run->paid_periods == 0) return (at_str){"", 0};
    at_str unit = measure->type.kind == AT_T_MONEY ? at_str_z(r->currency->code)
                                                   : at_words_word(w->words, AT_W_TEAM_UNIT),
           when = at_words_period(w->arena, w->words, at_session_run_period(r->run, measure->period));
    return AT_SAY(w->arena, w->words, AT_W_TEAM_OF, measure->name, when, unit);
}

/* "+0.1", "≈+0.333333" */
static at_str number(const struct at_write_team_words *w, at_num num) {
    at_num shown = at_num_round(w->arena, num, 6, AT_ROUND_HALF_UP);
    at_str digits = at_words_number(w->arena, w->words, at_num_print(w->arena, shown));
    return at_str_format(w->arena, "%s%s%.*s", at_num_same(shown, num) ? "" : "≈",
                         at_num_sign(num) > 0 ? "+" : "", AT_STR_ARG(digits));
}

at_str at_write_team_side(const struct at_write_team_words *w, uint32_t run, const struct at_team_side *s) {
    if (s->kind == AT_CURVE_UNKNOWN) {
        const struct at_ast_node *ast = w->team->results->runs[run].run->plan->nodes[s->blame].ast;
        return AT_SAY(w->arena, w->words, AT_W_TEAM_UNKNOWN,
                      at_write_team_place(w->team, run, ast, w->arena));
    }
    if (s->kind != AT_CURVE_NUM) return at_words_word(w->words, AT_W_TEAM_FAILED);
    if (at_num_is_zero(s->jump)) return number(w, s->slope);
    return AT_SAY(w->arena, w->words, AT_W_TEAM_JUMP, number(w, s->jump), number(w, s->slope));
}

static bool same(const struct at_team_side *a, const struct at_team_side *b) {
    if (a->kind != b->kind || a->kind != AT_CURVE_NUM) return a->kind == b->kind;
    return at_num_same(a->slope, b->slope) && at_num_is_zero(a->jump) && at_num_is_zero(b->jump);
}

at_str at_write_team_effect(const struct at_write_team_words *w, const struct at_team_pair *pair) {
    at_str above = at_write_team_side(w, pair->run, &pair->above);
    if (same(&pair->above, &pair->below)) return above;
    return AT_SAY(w->arena, w->words, AT_W_TEAM_BELOW, above, at_write_team_side(w, pair->run, &pair->below));
}

at_str at_write_team_cell(const struct at_write_team_words *w, const struct at_team_side *s, bool *marks) {
    if (s->kind != AT_CURVE_NUM || !at_num_is_zero(s->jump)) *marks = true;
    if (s->kind == AT_CURVE_UNKNOWN) return AT_STR("?");
    if (s->kind != AT_CURVE_NUM) return AT_STR("!");
    at_str slope = at_num_is_zero(s->slope) ? AT_STR("0") : number(w, s->slope);
    return at_num_is_zero(s->jump) ? slope : at_str_format(w->arena, "%.*s *", AT_STR_ARG(slope));
}

uint32_t *at_write_team_payees(const struct at_team *team, struct at_arena *arena, uint32_t *n) {
    const struct at_session_run *run = team->results->runs[0].run;
    uint32_t *rows = AT_NEW_ARRAY(arena, uint32_t, run->n_payees + 1);
    *n = 0;
    for (uint32_t k = 0; k < run->n_payees; k++)
        if (!run->covered || run->covered[run->payees_by_key[k]]) rows[(*n)++] = run->payees_by_key[k];
    return rows;
}

at_str at_write_team_rule(const struct at_write_team_words *w, const struct at_team_rule *rule) {
    at_str pairs = at_str_format(w->arena, "%llu", (unsigned long long)rule->pairs),
           place = at_write_team_place(w->team, rule->run, rule->ast, w->arena);
    at_str text =
        AT_SAY(w->arena, w->words, rule->op == AT_P_RANK ? AT_W_TEAM_RULE_RANK : AT_W_TEAM_RULE_POOL, pairs);
    return place.n ? AT_SAY(w->arena, w->words, AT_W_GAME_OF_LINE, text, place) : text;
}

at_str at_write_team_proof(const struct at_write_team_words *w) {
    const struct at_team *team = w->team;
    if (team->proof == AT_TEAM_REFUTED) {
        const struct at_team_pair *worst = &team->pairs[team->worst];
        const at_str *keys = team->results->runs[worst->run].keys;
        return AT_SAY(w->arena, w->words, AT_W_TEAM_REFUTED, keys[worst->seller], keys[worst->payee],
                      at_write_team_side(w, worst->run, &worst->above));
    }
    if (team->proof == AT_TEAM_UNKNOWN) {
        at_str n = at_str_format(w->arena, "%llu", (unsigned long long)team->n_unknown);
        return AT_SAY(w->arena, w->words, AT_W_TEAM_NOT_KNOWN, n);
    }
    return at_words_word(w->words, team->proof == AT_TEAM_PROVED ? AT_W_TEAM_PROVED : AT_W_TEAM_HOLDS);
}
