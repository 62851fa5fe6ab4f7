/* syntax/habit.c: forms that people know from spreadsheets, contracts, and other languages, with the edit
 * that makes them right.
 *
 * Each form is recognized by the token that the parser did not expect and by what is around it. The edits of
 * one form correct all of its places in the statement, because the parser reports the first only.
 */
#include "syntax/habit.h"

/* Words that people write after a value in place of others. */
static bool word_for_word(struct at_parse_habit *h) {
    static const struct {
        const char *wrong, *right;
    } WORDS[] = {{"above", "over"},     {"超过", "over"},        {"超出", "over"},  {"高于", "over"},
                 {"below", "up to"},    {"under", "up to"},      {"到", "up to"},   {"至", "up to"},
                 {"以内", "up to"},     {"to", "up to"},         {"where", "when"}, {"if", "when"},
                 {"plus", "+"},         {"minus", "-"},          {"times", "*"},    {"upto", "up to"},
                 {"else", "otherwise"}, {"default", "otherwise"}};
    for (size_t i = 0; i < AT_COUNT(WORDS); i++) {
        if (!at_str_eq(h->word, at_str_z(WORDS[i].wrong))) continue;
        bool when = strcmp(WORDS[i].right, "when") == 0, otherwise = strcmp(WORDS[i].right, "otherwise") == 0;
        if (otherwise ? !h->expected->set[AT_TOK_OTHERWISE] : !at_parse_habit_after_value(h)) continue;
        if (when && !h->expected->set[AT_TOK_WHEN]) continue;
        at_diag_help(h->diag, "write `%s`", WORDS[i].right);
        at_parse_habit_replace(h, h->span, WORDS[i].right);
        return true;
    }
    return false;
}

bool at_parse_habit_help(struct at_syntax_parser *p, const struct at_parse_expected *expected,
                         struct at_diag *diag) {
    struct at_lex_state *lexer = &p->lexer;
    struct at_parse_habit h = {.lexer = lexer,
                               .expected = expected,
                               .diag = diag,
                               .found = expected->found,
                               .last = lexer->previous,
                               .span = expected->span,
                               .before = lexer->previous_span};
    h.word = at_parse_habit_text(&h, h.span);
    return at_parse_habit_tiers(lexer, expected, diag) || at_parse_habit_head(&h) ||
           at_parse_habit_condition(&h) || at_parse_habit_if(&h) || at_parse_habit_value(&h) ||
           at_parse_habit_clause(&h) || word_for_word(&h);
}

/* ---- aggregates: the error is in a word before */

static bool aggregates(int token) {
    return token == AT_TOK_SUM || token == AT_TOK_COUNT || token == AT_TOK_AVERAGE || token == AT_TOK_MIN ||
           token == AT_TOK_MAX;
}

struct at_diag *at_parse_habit_report(struct at_syntax_parser *p, const struct at_parse_expected *expected) {
    static const struct {
        const char *wrong, *right;
    } WORDS[] = {{"avg", "average"},     {"mean", "average"}, {"total", "sum"},   {"number", "count"},
                 {"maximum", "max"},     {"minimum", "min"},  {"highest", "max"}, {"lowest", "min"},
                 {"average", "average"}, {"sum", "sum"},      {"count", "count"}, {"min", "min"},
                 {"max", "max"}};
    struct at_lex_state *lexer = &p->lexer;
    at_span word = lexer->seen.formula;
    int opener = lexer->opener;
    bool pays = opener == AT_TOK_PAY || opener == AT_TOK_POOL;
    if (pays && expected->found == AT_TOK_OF && aggregates(lexer->previous))
        word = lexer->previous_span;
    else if (expected->found != AT_TOK_FROM)
        return NULL;
    if ((opener != AT_TOK_MEASURE && !pays) || !word.end || lexer->depth) return NULL;
    at_str found = at_diag_sources_text(lexer->ast->sources, word);
    for (size_t i = 0; i < AT_COUNT(WORDS); i++) {
        at_str wrong = at_str_z(WORDS[i].wrong);
        if (at_str_distance(found, wrong, 0) > 0) continue;
        struct at_diag *diag =
            pays ? at_lex_mistake(lexer, AT_A0127, word,
                                  "rows are summed and counted in a `measure`, not here")
                 : at_lex_mistake(
                       lexer, AT_A0127, word,
                       "expected `sum`, `count`, `average`, `min`, or `max` before `of`, found `%.*s`",
                       AT_STR_ARG(found));
        if (diag && pays)
            at_diag_help(diag, "declare a measure, and use its name here: `measure NAME = %s … from …`",
                         WORDS[i].right);
        else if (diag) {
            at_diag_help(diag, "write `%s`", WORDS[i].right);
            at_diag_fix(diag, word, "%s", WORDS[i].right);
        }
        return diag;
    }
    return NULL;
}
