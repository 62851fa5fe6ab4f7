/* syntax/habit.c: forms that people know from spreadsheets, contracts, and other languages, with the edit
 * that makes them right.
 *
 * Each form is recognized by the token that the parser did not expect and by what is around it. The edits of
 * one form correct all of its places in the statement, because the parser reports the first only.
 */
#include "attain_parse.h"
#include "syntax/build.h"
#include "syntax/plain.h"

struct habit {
    struct at_lex_state *lexer;
    const struct at_parse_expected *expected;
    struct at_diag *diag;
    int found, last;
    at_span span, before; /* of the token found, and of the one before it */
    at_str word;          /* the token found */
};

static at_str text_at(const struct habit *h, at_span span) {
    return at_diag_sources_text(h->lexer->ast->sources, span);
}

static const char *source_at(const struct habit *h, uint32_t offset) {
    return h->lexer->file->text.p + (offset - h->lexer->file->base);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static void replace(struct habit *h, at_span span, const char *text) {
    at_diag_fix(h->diag, span, "%s", text);
}

static void insert(struct habit *h, uint32_t offset, const char *text) {
    replace(h, (at_span){offset, offset}, text);
}

/* Deletes a piece with the blanks before it. */
static void cut(struct habit *h, at_span span) {
    while (span.start > h->lexer->file->base && is_blank(*source_at(h, span.start - 1)))
        span.start--;
    replace(h, span, "");
}

/* Whether a value could be continued by an operator here, so a complete value is before the token found. */
static bool after_value(const struct habit *h) {
    return h->expected->set['+'] && h->expected->set['*'];
}

static bool is_percent(const struct habit *h) {
    at_str text = at_lex_plain(h->lexer->arena, text_at(h, h->before));
    return h->last == AT_TOK_NUMBER && text.n && (text.p[text.n - 1] == '%' || text.p[text.n - 1] == 's');
}

/* ---- words */

/* Words that people write after a value in place of others. */
static bool word_for_word(struct habit *h) {
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
        if (otherwise ? !h->expected->set[AT_TOK_OTHERWISE] : !after_value(h)) continue;
        if (when && !h->expected->set[AT_TOK_WHEN]) continue;
        at_diag_help(h->diag, "write `%s`", WORDS[i].right);
        replace(h, h->span, WORDS[i].right);
        return true;
    }
    return false;
}

/* `5 EURO`: what people call a currency. */
static bool currency_word(struct habit *h) {
    static const struct {
        const char *word, *code;
    } WORDS[] = {{"EURO", "EUR"},   {"EUROS", "EUR"},   {"euro", "EUR"},    {"euros", "EUR"},
                 {"dollar", "USD"}, {"dollars", "USD"}, {"Dollars", "USD"}, {"RMB", "CNY"},
                 {"rmb", "CNY"},    {"yuan", "CNY"},    {"Yuan", "CNY"},    {"元", "CNY"},
                 {"人民币", "CNY"}, {"yen", "JPY"},     {"pounds", "GBP"},  {"francs", "CHF"},
                 {"美元", "USD"},   {"欧元", "EUR"},    {"STG", "GBP"}};
    for (size_t i = 0; h->last == AT_TOK_NUMBER && i < AT_COUNT(WORDS); i++) {
        if (!at_str_eq(h->word, at_str_z(WORDS[i].word))) continue;
        at_diag_help(h->diag, "write the code of the currency: `%.*s %s`", AT_STR_ARG(text_at(h, h->before)),
                     WORDS[i].code);
        replace(h, h->span, WORDS[i].code);
        return true;
    }
    return false;
}

/* ---- values */

/* `4% bookings`, `4 percent of bookings` */
static bool rate_without_of(struct habit *h) {
    bool percent = at_str_eq(h->word, AT_STR("percent")) || at_str_eq(h->word, AT_STR("pct"));
    if (h->last == AT_TOK_NUMBER && percent) {
        at_str number = text_at(h, h->before);
        at_diag_help(h->diag, "write `%.*s%%`", AT_STR_ARG(number));
        replace(h, (at_span){h->before.end, h->span.end}, "%");
        return true;
    }
    bool name = h->found == AT_TOK_NAME || (at_lex_soft(h->found) && !h->expected->set[h->found]);
    if (!is_percent(h) || !after_value(h) || !(name || h->found == '(')) return false;
    at_diag_help(h->diag, "write `%.*s of %.*s`", AT_STR_ARG(text_at(h, h->before)),
                 AT_STR_ARG(h->found == '(' ? AT_STR("(…)") : h->word));
    insert(h, h->span.start, "of ");
    return true;
}

/* `1,5%` is 1.5%, and `8% up to quota, 12% over quota` is a sum. */
static bool comma(struct habit *h) {
    if (h->found != ',' || !after_value(h)) return false;
    const char *next = source_at(h, h->span.end);
    bool digit = next < h->lexer->limit && *next >= '0' && *next <= '9';
    if (h->last == AT_TOK_NUMBER && h->before.end == h->span.start && digit) {
        const char *end = next;
        while (end < h->lexer->limit && ((*end >= '0' && *end <= '9') || *end == '%'))
            end++;
        at_diag_help(h->diag, "write a decimal point: `%.*s.%.*s`", AT_STR_ARG(text_at(h, h->before)),
                     (int)(end - next), next);
        replace(h, h->span, ".");
        return true;
    }
    if (h->lexer->depth > 0 || !h->lexer->seen.equals.end) return false;
    at_diag_help(h->diag, "join the parts with `+`");
    for (const char *p = source_at(h, h->span.start); p < h->lexer->limit && *p != '\n' && *p != '#'; p++) {
        uint32_t at = h->lexer->file->base + (uint32_t)(p - h->lexer->file->text.p);
        if (*p == '(' || *p == '"') break;
        bool thousands =
            p[-1] >= '0' && p[-1] <= '9' && p + 1 < h->lexer->limit && p[1] >= '0' && p[1] <= '9';
        if (*p == ',' && !thousands) replace(h, (at_span){at, at + 1}, " +");
    }
    return true;
}

/* `a >= $5 and < $10` */
static bool half_comparison(struct habit *h) {
    bool sign = h->found == '<' || h->found == '>' || h->found == AT_TOK_LE || h->found == AT_TOK_GE ||
                h->found == AT_TOK_NE || h->found == '=';
    if (!sign || (h->last != AT_TOK_AND && h->last != AT_TOK_OR)) return false;
    at_span compared = h->lexer->seen.compared;
    if (!compared.end) {
        at_diag_help(h->diag, "repeat the value before the sign, such as `a >= 1 and a < 2`");
        return true;
    }
    at_str name = at_str_format(h->lexer->arena, "%.*s ", AT_STR_ARG(text_at(h, compared)));
    at_diag_help(h->diag, "repeat the value: `%.*s%.*s …`", AT_STR_ARG(name), AT_STR_ARG(h->word));
    insert(h, h->span.start, name.p);
    return true;
}

/* `$5 if a > 1 else $0` */
static bool condition_in_the_middle(struct habit *h) {
    const char *p = source_at(h, h->span.end), *limit = h->lexer->limit, *start = p;
    unsigned n;
    if (h->found != AT_TOK_IF || !after_value(h) || !h->lexer->seen.formula.end || h->lexer->depth)
        return false;
    for (; p + 5 < limit && *p != '\n' && *p != '"'; p++)
        if (memcmp(p, " else", 5) == 0 && !at_lex_word_char(p + 5, limit, &n)) break;
    if (p + 5 >= limit || *p != ' ') return false;
    at_diag_help(h->diag, "write the condition first: `if … then … else …`");
    at_str whole = at_str_format(h->lexer->arena, "if%.*s then ", (int)(p - start), start);
    insert(h, h->lexer->seen.formula.start, whole.p);
    cut(h, (at_span){h->span.start, h->span.end + (uint32_t)(p - start)});
    return true;
}

/* ---- clauses */

/* `pay x = … cumulative over year`: clauses of the base come before `=`. */
static bool clause_after_formula(struct habit *h) {
    struct at_lex_seen *seen = &h->lexer->seen;
    bool opener = h->lexer->opener == AT_TOK_PAY || h->lexer->opener == AT_TOK_POOL;
    int words = h->found == AT_TOK_CUMULATIVE ? 3 : h->found == AT_TOK_PER || h->found == AT_TOK_ON ? 2 : 0;
    if (!words || !opener || !seen->equals.end || h->lexer->depth) return false;
    const char *start = source_at(h, h->span.start), *p = start, *limit = h->lexer->limit;
    for (unsigned n; words > 0; words--) {
        while (p < limit && is_blank(*p))
            p++;
        const char *word = p;
        while (p < limit && at_lex_word_char(p, limit, &n))
            p += n;
        if (p == word) return false;
    }
    at_str clause = at_str_format(h->lexer->arena, "%.*s ", (int)(p - start), start);
    at_diag_help(h->diag, "write it before `=`: `%.*s= …`", AT_STR_ARG(clause));
    insert(h, seen->equals.start, clause.p);
    cut(h, (at_span){h->span.start, h->span.start + (uint32_t)(p - start)});
    return true;
}

/* `to manager of rep` */
static bool recipient(struct habit *h) {
    at_str last = text_at(h, h->before);
    const char *p = source_at(h, h->span.end), *limit = h->lexer->limit;
    if (!h->expected->set[AT_TOK_AT] || !h->expected->set[AT_TOK_TO]) return false;
    if (h->found != AT_TOK_OF || h->last != AT_TOK_NAME) return false;
    while (p < limit && is_blank(*p))
        p++;
    const char *name = p;
    for (unsigned n; p < limit && at_lex_word_char(p, limit, &n);)
        p += n;
    if (p == name) return false;
    at_str path = at_str_format(h->lexer->arena, "%.*s.%.*s", (int)(p - name), name, AT_STR_ARG(last));
    at_diag_help(h->diag, "write `%.*s`. For all levels, write `managers of %.*s`", AT_STR_ARG(path),
                 (int)(p - name), name);
    replace(h, (at_span){h->before.start, h->span.end + (uint32_t)(p - source_at(h, h->span.end))}, path.p);
    return true;
}

bool at_parse_habit_help(struct at_syntax_parser *p, const struct at_parse_expected *expected,
                         struct at_diag *diag) {
    struct at_lex_state *lexer = &p->lexer;
    struct habit h = {.lexer = lexer,
                      .expected = expected,
                      .diag = diag,
                      .found = expected->found,
                      .last = lexer->previous,
                      .span = expected->span,
                      .before = lexer->previous_span};
    h.word = text_at(&h, h.span);
    return at_parse_habit_tiers(lexer, expected, diag) || rate_without_of(&h) || comma(&h) ||
           half_comparison(&h) || condition_in_the_middle(&h) || clause_after_formula(&h) || recipient(&h) ||
           currency_word(&h) || word_for_word(&h);
}

/* ---- aggregates: the error is in a word before */

struct at_diag *at_parse_habit_report(struct at_syntax_parser *p, const struct at_parse_expected *expected) {
    static const struct {
        const char *wrong, *right;
    } WORDS[] = {{"avg", "average"},     {"mean", "average"}, {"total", "sum"},   {"number", "count"},
                 {"maximum", "max"},     {"minimum", "min"},  {"highest", "max"}, {"lowest", "min"},
                 {"average", "average"}, {"sum", "sum"},      {"count", "count"}, {"min", "min"},
                 {"max", "max"}};
    struct at_lex_state *lexer = &p->lexer;
    at_span word = lexer->seen.formula;
    if (expected->found != AT_TOK_FROM || lexer->opener != AT_TOK_MEASURE || !word.end || lexer->depth)
        return NULL;
    at_str found = at_diag_sources_text(lexer->ast->sources, word);
    for (size_t i = 0; i < AT_COUNT(WORDS); i++) {
        at_str wrong = at_str_z(WORDS[i].wrong);
        if (at_str_distance(found, wrong, 0) > 0) continue;
        struct at_diag *diag =
            at_lex_mistake(lexer, AT_A0127, word,
                           "expected `sum`, `count`, `average`, `min`, or `max` before `of`, found `%.*s`",
                           AT_STR_ARG(found));
        if (!diag) return NULL;
        at_diag_help(diag, "write `%s`", WORDS[i].right);
        at_diag_fix(diag, word, "%s", WORDS[i].right);
        return diag;
    }
    return NULL;
}
