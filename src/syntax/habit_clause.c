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

bool at_parse_habit_clause(struct at_parse_habit *h) {
    return clause_after_formula(h) || recipient(h);
}
