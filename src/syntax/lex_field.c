/* syntax/lex_field.c: words after the type of a field that are neither options nor the name of the next
 * field.
 *
 * The grammar would take such a word as the name of a field, and report an error at the end of the block.
 */
#include "attain_parse.h"
#include "base/money.h"
#include "base/near.h"
#include "syntax/lex.h"
#include "syntax/plain.h"

static const char *blanks(const char *p, const char *limit) {
    while (p < limit && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

static const char *word_end(const char *p, const char *limit) {
    for (unsigned n; p < limit && at_lex_word_char(p, limit, &n);)
        p += n;
    return p;
}

static bool is_type(const char *p, const char *end) {
    static const char *const TYPES[] = {"text",   "number",   "money", "date",
                                        "period", "duration", "flag",  "one"};
    for (size_t i = 0; i < AT_COUNT(TYPES); i++)
        if (at_str_eq(at_str_z(TYPES[i]), (at_str){p, (uint32_t)(end - p)})) return true;
    return false;
}

static bool is_option(const char *p, const char *end) {
    static const char *const WORDS[] = {"optional", "key", "label", "format", "from", "by"};
    for (size_t i = 0; i < AT_COUNT(WORDS); i++)
        if (at_str_eq(at_str_z(WORDS[i]), (at_str){p, (uint32_t)(end - p)})) return true;
    return false;
}

/* Whether the word is not followed by its type, so that it cannot be the name of a field. A type that is the
 * name of a table is followed by another field or by an option, never by a built-in type. */
static bool without_type(const struct at_lex_state *lexer) {
    const char *limit = lexer->limit, *p = blanks(lexer->at, limit), *end = word_end(p, limit);
    if (p == end || is_type(p, end)) return p == end && (p == limit || *p != '`');
    if (is_option(p, end)) return true;
    const char *next = blanks(end, limit), *next_end = word_end(next, limit);
    return is_type(next, next_end);
}

static int option(struct at_lex_state *lexer, union AT_YYSTYPE *value) {
    static const struct {
        int token;
        const char *word;
    } OPTIONS[] = {{AT_TOK_OPTIONAL, "optional"}, {AT_TOK_KEY, "key"},   {AT_TOK_LABEL, "label"},
                   {AT_TOK_FORMAT, "format"},     {AT_TOK_FROM, "from"}, {AT_TOK_BY, "by"}};
    struct at_str_nearest near = {.wanted = value->word.text};
    int token = 0;
    for (size_t i = 0; i < AT_COUNT(OPTIONS); i++)
        if (at_str_nearest_try(&near, at_str_z(OPTIONS[i].word))) token = OPTIONS[i].token;
    if (!token) return 0;
    struct at_diag *diag = at_lex_mistake(lexer, AT_A0115, value->word.span,
                                          "unknown option `%.*s` of the field", AT_STR_ARG(near.wanted));
    if (diag) {
        at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(near.best));
        at_diag_fix(diag, diag->span, "%.*s", AT_STR_ARG(near.best));
    }
    return token;
}

/* The currencies of most policies come first, because many codes differ in one letter. */
static int currency(struct at_lex_state *lexer, union AT_YYSTYPE *value) {
    static const char *const CODES[] = {"USD", "EUR", "GBP", "CNY", "JPY", "CHF", "CAD", "AUD",
                                        "INR", "BRL", "MXN", "SEK", "NOK", "DKK", "PLN", "KRW",
                                        "SGD", "HKD", "TWD", "NZD", "ZAR", "KWD", "AED"};
    at_str word = value->word.text;
    for (uint32_t i = 0; i < word.n; i++)
        if (word.p[i] < 'A' || word.p[i] > 'Z') return 0;
    if (word.n != 3 || at_currency_find(word)) return 0;
    struct at_str_nearest near = {.wanted = word};
    for (size_t i = 0; i < AT_COUNT(CODES); i++)
        at_str_nearest_try(&near, at_str_z(CODES[i]));
    struct at_diag *diag =
        at_lex_mistake(lexer, AT_A0210, value->word.span, "unknown currency `%.*s`", AT_STR_ARG(word));
    if (diag && near.best.n) {
        at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(near.best));
        at_diag_fix(diag, diag->span, "%.*s", AT_STR_ARG(near.best));
    } else if (diag) {
        at_diag_help(diag, "write the code of ISO 4217, such as `money EUR`");
    }
    return AT_LEX_AGAIN;
}

bool at_lex_begins_keys(const struct at_lex_state *lexer) {
    const char *limit = lexer->limit, *p = blanks(lexer->at, limit);
    if (lexer->type_expected || lexer->last == AT_TOK_BY) return false;
    const char *end = word_end(p, limit);
    if (p < limit && *p == '`') {
        for (end = p + 1; end < limit && *end != '`' && *end != '\n';)
            end++;
        end += end < limit;
    }
    unsigned n;
    p = blanks(end, limit);
    return p < limit && end > lexer->at && (*p == ',' || at_lex_plain_mark(p, limit, &n) == ',');
}

int at_lex_field_word(struct at_lex_state *lexer, union AT_YYSTYPE *value) {
    if (lexer->type_expected || lexer->last == '{' || lexer->last == AT_TOK_BY || !without_type(lexer))
        return 0;
    bool money = lexer->last == AT_TOK_NAME &&
                 at_str_eq(at_diag_sources_text(lexer->ast->sources, lexer->last_span), AT_STR("money"));
    int token = money ? currency(lexer, value) : 0;
    return token ? token : option(lexer, value);
}
