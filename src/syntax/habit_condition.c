/* syntax/habit_condition.c: habits in conditions and choices, such as `at least $5` and `unless`. */
#include "syntax/habit.h"

/* `a >= $5 and < $10` */
static bool half_comparison(struct at_parse_habit *h) {
    bool sign = h->found == '<' || h->found == '>' || h->found == AT_TOK_LE || h->found == AT_TOK_GE ||
                h->found == AT_TOK_NE || h->found == '=';
    if (!sign || (h->last != AT_TOK_AND && h->last != AT_TOK_OR)) return false;
    at_span compared = h->lexer->seen.compared;
    if (!compared.end) {
        at_diag_help(h->diag, "repeat the value before the sign, such as `a >= 1 and a < 2`");
        return true;
    }
    at_str name = at_str_format(h->lexer->arena, "%.*s ", AT_STR_ARG(at_parse_habit_text(h, compared)));
    at_diag_help(h->diag, "repeat the value: `%.*s%.*s …`", AT_STR_ARG(name), AT_STR_ARG(h->word));
    at_parse_habit_insert(h, h->span.start, name.p);
    return true;
}

/* `$5 unless a > 1` */
static bool unless(struct at_parse_habit *h) {
    if (!at_str_eq(h->word, AT_STR("unless")) || !at_parse_habit_after_value(h) || h->lexer->depth)
        return false;
    const char *start = at_parse_habit_source(h, h->span.end), *p = start, *end;
    while (p < h->lexer->limit && *p != '\n' && *p != '\r' && *p != '#')
        p++;
    for (end = p; end > start && at_parse_habit_blank(end[-1]);)
        end--;
    at_diag_help(h->diag, "write `when not (…)`");
    at_parse_habit_replace(h, (at_span){h->span.start, h->span.end + (at_parse_habit_blank(*start) ? 1 : 0)},
                           "when not (");
    at_parse_habit_insert(h, at_parse_habit_offset(h, end), ")");
    return true;
}

/* `pay x = when a > 1 then $5` */
static bool condition_first(struct at_parse_habit *h) {
    if (h->found != AT_TOK_WHEN || h->last != '=') return false;
    at_diag_help(h->diag, "write the condition last, as in `… = $5 when a > 1`, or choose with `if … then … "
                          "else …`");
    return true;
}

/* `$5 if a > 1 else $0` */
static bool condition_in_the_middle(struct at_parse_habit *h) {
    const char *p = at_parse_habit_source(h, h->span.end), *limit = h->lexer->limit, *start = p;
    unsigned n;
    if (h->found != AT_TOK_IF || !at_parse_habit_after_value(h) || !h->lexer->seen.formula.end ||
        h->lexer->depth)
        return false;
    for (; p + 5 < limit && *p != '\n' && *p != '"'; p++)
        if (memcmp(p, " else", 5) == 0 && !at_lex_word_char(p + 5, limit, &n)) break;
    if (p + 5 >= limit || *p != ' ') return false;
    at_diag_help(h->diag, "write the condition first: `if … then … else …`");
    at_str whole = at_str_format(h->lexer->arena, "if%.*s then ", (int)(p - start), start);
    at_parse_habit_insert(h, h->lexer->seen.formula.start, whole.p);
    at_parse_habit_cut(h, (at_span){h->span.start, h->span.end + (uint32_t)(p - start)});
    return true;
}

/* ---- comparisons in words */

/* Whether the token found is part of a condition: what `when`, `where`, or `if` began has not ended. */
static bool in_condition(const struct at_parse_habit *h) {
    if (!h->lexer->opener_span.end) return false;
    const char *p = at_parse_habit_source(h, h->lexer->opener_span.start);
    const char *end = at_parse_habit_source(h, h->span.start);
    bool condition = false;
    for (unsigned n; p < end; p += n) {
        const char *word = p;
        while (p < end && at_lex_word_char(p, end, &n))
            p += n;
        at_str text = {word, (uint32_t)(p - word)};
        if (at_str_eq(text, AT_STR("when")) || at_str_eq(text, AT_STR("where")) ||
            at_str_eq(text, AT_STR("if")) || at_str_eq(text, AT_STR("require")))
            condition = true;
        if (at_str_eq(text, AT_STR("then")) || at_str_eq(text, AT_STR("else")) || (p < end && *p == ':'))
            condition = false;
        n = p < end ? 1 : 0;
    }
    return condition;
}

/* The start of the word before `p`, where it is `is`, or of what begins at `p`. */
static uint32_t with_is(const struct at_parse_habit *h, uint32_t offset) {
    const char *p = at_parse_habit_source(h, offset), *start = h->lexer->file->text.p;
    const char *end = p;
    while (end > start && at_parse_habit_blank(end[-1]))
        end--;
    bool is = end < p && end - start > 3 && memcmp(end - 2, "is", 2) == 0 && at_parse_habit_blank(end[-3]);
    return is ? at_parse_habit_offset(h, end - 2) : offset;
}

static const char *next_word(const struct at_parse_habit *h, const char *p, const char *word) {
    const char *limit = h->lexer->limit;
    size_t length = strlen(word);
    unsigned n;
    while (p < limit && at_parse_habit_blank(*p))
        p++;
    if ((size_t)(limit - p) < length || memcmp(p, word, length) != 0) return NULL;
    return at_lex_word_char(p + length, limit, &n) ? NULL : p + length;
}

/* `greater than`, `is more than or equal to`: the words before `than` are a name to the parser, or the place
 * where it stops. */
static bool than(struct at_parse_habit *h) {
    static const struct {
        const char *word, *sign, *equal;
    } WORDS[] = {{"greater", ">", ">="}, {"more", ">", ">="},    {"higher", ">", ">="},
                 {"larger", ">", ">="},  {"bigger", ">", ">="},  {"less", "<", "<="},
                 {"lower", "<", "<="},   {"smaller", "<", "<="}, {"fewer", "<", "<="}};
    bool behind = at_str_eq(h->word, AT_STR("than"));
    at_str word = behind ? at_parse_habit_text(h, h->before) : h->word;
    at_span first = behind ? h->before : h->span;
    if (!first.end) return false;
    const char *end = next_word(h, at_parse_habit_source(h, first.end), "than");
    for (size_t i = 0; end && i < AT_COUNT(WORDS); i++) {
        if (!at_str_eq(word, at_str_z(WORDS[i].word))) continue;
        const char * or = next_word(h, end, "or"), *equal = or ? next_word(h, or, "equal") : NULL;
        const char *to = equal ? next_word(h, equal, "to") : NULL;
        const char *sign = equal ? WORDS[i].equal : WORDS[i].sign;
        at_diag_help(h->diag, "write `%s`", sign);
        at_span all = {with_is(h, first.start), at_parse_habit_offset(h, to ? to : equal ? equal : end)};
        at_parse_habit_replace(h, all, sign);
        return true;
    }
    return false;
}

/* `at least $5`, `exceeds $5`, `above $5`, `不低于 $5` */
static bool compared_in_words(struct at_parse_habit *h) {
    static const struct {
        const char *word, *then, *sign;
    } WORDS[] = {
        {"at", "least", ">="},    {"at", "most", "<="},     {"up", "to", "<="},     {"exceeds", NULL, ">"},
        {"exceed", NULL, ">"},    {"above", NULL, ">"},     {"over", NULL, ">"},    {"reaches", NULL, ">="},
        {"below", NULL, "<"},     {"under", NULL, "<"},     {"equals", NULL, "="},  {"大于", NULL, ">"},
        {"超过", NULL, ">"},      {"高于", NULL, ">"},      {"小于", NULL, "<"},    {"低于", NULL, "<"},
        {"不低于", NULL, ">="},   {"不少于", NULL, ">="},   {"不高于", NULL, "<="}, {"不超过", NULL, "<="},
        {"大于等于", NULL, ">="}, {"小于等于", NULL, "<="}, {"等于", NULL, "="}};
    for (size_t i = 0; i < AT_COUNT(WORDS); i++) {
        if (!at_str_eq(h->word, at_str_z(WORDS[i].word))) continue;
        const char *end = at_parse_habit_source(h, h->span.end);
        if (WORDS[i].then && !(end = next_word(h, end, WORDS[i].then))) continue;
        if (!in_condition(h)) return false;
        at_diag_help(h->diag, "write `%s`", WORDS[i].sign);
        at_span all = {with_is(h, h->span.start), at_parse_habit_offset(h, end)};
        at_parse_habit_replace(h, all, WORDS[i].sign);
        return true;
    }
    return false;
}

/* `is between $5 and $10` compares with both bounds. */
static bool is_between(struct at_parse_habit *h) {
    if (h->found != AT_TOK_BETWEEN || h->last != AT_TOK_IS) return false;
    const char *p = at_parse_habit_source(h, h->span.end), *limit = h->lexer->limit;
    while (p < limit && *p != '\n' && !next_word(h, p, "and"))
        p++;
    at_span compared = h->lexer->seen.compared;
    at_diag_help(h->diag, "write `>= … and … <= …`");
    if (!compared.end || p == limit || *p == '\n') return true;
    at_str name = at_parse_habit_text(h, compared);
    at_parse_habit_replace(h, (at_span){h->before.start, h->span.end}, ">=");
    const char *after = next_word(h, p, "and");
    at_parse_habit_insert(h, at_parse_habit_offset(h, after),
                          at_str_format(h->lexer->arena, " %.*s <=", AT_STR_ARG(name)).p);
    return true;
}

/* `in "Ana", "Ben"` */
static bool list_without_parentheses(struct at_parse_habit *h) {
    if (h->last != AT_TOK_IN || h->found != AT_TOK_TEXT) return false;
    const char *p = at_parse_habit_source(h, h->span.end), *limit = h->lexer->limit, *end = p;
    for (;;) {
        while (p < limit && at_parse_habit_blank(*p))
            p++;
        if (p == limit || *p != ',') break;
        for (p++; p < limit && at_parse_habit_blank(*p);)
            p++;
        if (p == limit || *p != '"') break;
        for (p++; p < limit && *p != '"' && *p != '\n';)
            p++;
        if (p == limit || *p != '"') break;
        end = ++p;
    }
    at_diag_help(h->diag, "write the list in parentheses, such as `in (\"a\", \"b\")`");
    at_parse_habit_insert(h, h->span.start, "(");
    at_parse_habit_insert(h, at_parse_habit_offset(h, end), ")");
    return true;
}

/* `name contains "A"`, `name like "A%"` */
static bool part_of_text(struct at_parse_habit *h) {
    static const char *const WORDS[] = {"contains", "like",     "matches", "startswith",
                                        "endswith", "includes", "包含"};
    for (size_t i = 0; i < AT_COUNT(WORDS); i++) {
        if (!at_str_eq(h->word, at_str_z(WORDS[i])) || !at_parse_habit_after_value(h)) continue;
        at_diag_help(h->diag, "texts are compared as a whole: write `is \"…\"` or `in (\"…\", \"…\")`");
        return true;
    }
    return false;
}

/* ---- choices */

/* `if a > 1: $5 else $6`, `if a > 1 $5 else $6`, `if (a > 1) { $5 } else { $6 }` */
static bool without_then(struct at_parse_habit *h) {
    if (!h->expected->set[AT_TOK_THEN]) return false;
    const char *p = at_parse_habit_source(h, h->span.end), *limit = h->lexer->limit;
    if (h->found == ':') {
        at_parse_habit_replace(h, h->span, " then");
        for (; p + 5 <= limit && *p != '\n'; p++)
            if (memcmp(p, "else:", 5) == 0)
                at_parse_habit_replace(
                    h, (at_span){at_parse_habit_offset(h, p + 4), at_parse_habit_offset(h, p + 5)}, "");
    } else if (h->found == AT_TOK_NUMBER || h->found == AT_TOK_MONEY) {
        at_parse_habit_insert(h, h->span.start, "then ");
    } else if (h->found != '{') {
        return false;
    }
    at_diag_help(h->diag, "write `if … then … else …`");
    return true;
}

/* `case when a > 1 then $5 else $6 end` */
static bool case_when(struct at_parse_habit *h) {
    at_span word = h->lexer->seen.formula;
    if (h->found != AT_TOK_THEN || !word.end || !at_str_eq(at_parse_habit_text(h, word), AT_STR("case")))
        return false;
    const char *when = next_word(h, at_parse_habit_source(h, word.end), "when");
    if (!when) return false;
    at_diag_help(h->diag, "write `if … then … else …`, or `choose { when …: … otherwise: … }`");
    at_parse_habit_replace(h, (at_span){word.start, at_parse_habit_offset(h, when)}, "if");
    const char *limit = h->lexer->limit;
    for (const char *p = when; p < limit && *p != '\n'; p++) {
        const char *end = at_parse_habit_blank(*p) ? next_word(h, p, "end") : NULL;
        if (!end) continue;
        at_parse_habit_replace(h, (at_span){at_parse_habit_offset(h, p), at_parse_habit_offset(h, end)}, "");
        break;
    }
    return true;
}

/* One case of `choose { a > 1: $5 }`, given its line. */
static void choose_line(struct at_parse_habit *h, const char *p, const char *end) {
    if (next_word(h, p, "when") || next_word(h, p, "otherwise")) return;
    const char *other = next_word(h, p, "else");
    if (other)
        at_parse_habit_replace(
            h, (at_span){at_parse_habit_offset(h, other - 4), at_parse_habit_offset(h, other)}, "otherwise");
    else
        at_parse_habit_insert(h, at_parse_habit_offset(h, p), "when ");
    for (; p < end && !other; p++) {
        const char *then = at_parse_habit_blank(*p) ? next_word(h, p, "then") : NULL;
        if (!then) continue;
        at_parse_habit_replace(h, (at_span){at_parse_habit_offset(h, p), at_parse_habit_offset(h, then)},
                               ":");
        break;
    }
}

static bool choose(struct at_parse_habit *h) {
    if (!h->expected->set[AT_TOK_WHEN] || !h->expected->set[AT_TOK_OTHERWISE] || h->last != '{') return false;
    at_diag_help(h->diag, "start each case with `when`, and the last with `otherwise`");
    const char *p = at_parse_habit_source(h, h->span.start), *limit = h->lexer->limit;
    while (p < limit && *p != '}') {
        const char *end = p;
        while (end < limit && *end != '\n' && *end != '}')
            end++;
        choose_line(h, p, end);
        for (p = end; p < limit && (at_parse_habit_blank(*p) || *p == '\n' || *p == '\r');)
            p++;
    }
    return true;
}

bool at_parse_habit_condition(struct at_parse_habit *h) {
    return half_comparison(h) || than(h) || compared_in_words(h) || is_between(h) ||
           list_without_parentheses(h) || part_of_text(h) || without_then(h) || case_when(h) || choose(h) ||
           unless(h) || condition_first(h) || condition_in_the_middle(h);
}
