/* syntax/habit_clause.c: clauses that are in the wrong place or shape. */
#include "syntax/habit.h"

static bool cumulative_has_span(const struct at_parse_habit *h) {
    const char *p = at_parse_habit_source(h, h->span.end), *limit = h->lexer->limit;
    while (p < limit && at_parse_habit_blank(*p))
        p++;
    return limit - p > 4 && memcmp(p, "over", 4) == 0;
}

/* `pay x = … cumulative over year`: clauses of the base come before `=`. */
static bool clause_after_formula(struct at_parse_habit *h) {
    struct at_lex_seen *seen = &h->lexer->seen;
    bool opener = h->lexer->opener == AT_TOK_PAY || h->lexer->opener == AT_TOK_POOL;
    bool two = h->found == AT_TOK_PER || h->found == AT_TOK_ON || h->found == AT_TOK_EACH;
    int words = h->found == AT_TOK_PAID ? 4 : h->found == AT_TOK_CUMULATIVE ? 3 : two ? 2 : 0;
    if (!words || !opener || !seen->equals.end || h->lexer->depth) return false;
    if (h->found == AT_TOK_CUMULATIVE && !cumulative_has_span(h)) {
        at_diag_help(h->diag,
                     "write it before `=`, with how long amounts accumulate: `cumulative over year = "
                     "…`");
        return true;
    }
    const char *start = at_parse_habit_source(h, h->span.start), *p = start, *limit = h->lexer->limit;
    for (unsigned n; words > 0; words--) {
        while (p < limit && at_parse_habit_blank(*p))
            p++;
        const char *word = p;
        while (p < limit && at_lex_word_char(p, limit, &n))
            p += n;
        if (p == word) return false;
    }
    at_str clause = at_str_format(h->lexer->arena, "%.*s ", (int)(p - start), start);
    at_diag_help(h->diag, "write it before `=`: `%.*s= …`", AT_STR_ARG(clause));
    at_parse_habit_insert(h, seen->equals.start, clause.p);
    at_parse_habit_cut(h, (at_span){h->span.start, h->span.start + (uint32_t)(p - start)});
    return true;
}

/* `to manager of rep` */
static bool recipient(struct at_parse_habit *h) {
    at_str last = at_parse_habit_text(h, h->before);
    const char *p = at_parse_habit_source(h, h->span.end), *limit = h->lexer->limit;
    if (!h->expected->set[AT_TOK_AT] || !h->expected->set[AT_TOK_TO]) return false;
    if (h->found != AT_TOK_OF || h->last != AT_TOK_NAME) return false;
    while (p < limit && at_parse_habit_blank(*p))
        p++;
    const char *name = p;
    for (unsigned n; p < limit && at_lex_word_char(p, limit, &n);)
        p += n;
    if (p == name) return false;
    at_str path = at_str_format(h->lexer->arena, "%.*s.%.*s", (int)(p - name), name, AT_STR_ARG(last));
    at_diag_help(h->diag, "write `%.*s`. For all levels, write `managers of %.*s`", AT_STR_ARG(path),
                 (int)(p - name), name);
    at_parse_habit_replace(
        h, (at_span){h->before.start, h->span.end + (uint32_t)(p - at_parse_habit_source(h, h->span.end))},
        path.p);
    return true;
}

/* `cap commission at $100 a year`, `… annually`, `… each quarter` */
static bool span_of_cap(struct at_parse_habit *h) {
    static const struct {
        const char *word, *right;
    } WORDS[] = {{"annually", "per year"},   {"yearly", "per year"},   {"quarterly", "per quarter"},
                 {"每年", "per year"},       {"monthly", "per month"}, {"每月", "per month"},
                 {"每季度", "per quarter"},  {"annum", "per year"},    {"year", "per year"},
                 {"quarter", "per quarter"}, {"month", "per month"},   {"half", "per half"}};
    bool caps = h->lexer->opener == AT_TOK_CAP || h->lexer->opener == AT_TOK_FLOOR;
    if (!caps || !h->expected->set[AT_TOK_PER] || !at_parse_habit_after_value(h)) return false;
    bool two =
        at_str_eq(h->word, AT_STR("a")) || at_str_eq(h->word, AT_STR("every")) || h->found == AT_TOK_EACH;
    at_span span = h->span;
    at_str word = h->word;
    if (two) {
        const char *p = at_parse_habit_source(h, h->span.end), *limit = h->lexer->limit;
        while (p < limit && at_parse_habit_blank(*p))
            p++;
        const char *start = p;
        for (unsigned n; p < limit && at_lex_word_char(p, limit, &n);)
            p += n;
        word = (at_str){start, (uint32_t)(p - start)};
        span.end = at_parse_habit_offset(h, p);
    }
    for (size_t i = 0; i < AT_COUNT(WORDS); i++) {
        if (!at_str_eq(word, at_str_z(WORDS[i].word))) continue;
        at_diag_help(h->diag, "write `%s`", WORDS[i].right);
        at_parse_habit_replace(h, span, WORDS[i].right);
        return true;
    }
    return false;
}

bool at_parse_habit_clause(struct at_parse_habit *h) {
    return clause_after_formula(h) || recipient(h) || span_of_cap(h);
}
