/* syntax/habit_value.c: habits in amounts, rates, and sums, such as `USD 5`, `1,5%`, and `4% bookings`. */
#include "syntax/habit.h"

#include "base/money.h"
#include "base/vec.h"
#include "syntax/plain.h"

static bool is_percent(const struct at_parse_habit *h) {
    at_str text = at_lex_plain(h->lexer->arena, at_parse_habit_text(h, h->before));
    return h->last == AT_TOK_NUMBER && text.n && (text.p[text.n - 1] == '%' || text.p[text.n - 1] == 's');
}

/* `5 EURO`: what people call a currency. */
static bool currency_word(struct at_parse_habit *h) {
    static const struct {
        const char *word, *code;
    } WORDS[] = {{"EURO", "EUR"},   {"EUROS", "EUR"},   {"euro", "EUR"},    {"euros", "EUR"},
                 {"dollar", "USD"}, {"dollars", "USD"}, {"Dollars", "USD"}, {"RMB", "CNY"},
                 {"rmb", "CNY"},    {"yuan", "CNY"},    {"Yuan", "CNY"},    {"元", "CNY"},
                 {"人民币", "CNY"}, {"yen", "JPY"},     {"pounds", "GBP"},  {"francs", "CHF"},
                 {"美元", "USD"},   {"欧元", "EUR"},    {"STG", "GBP"}};
    for (size_t i = 0; h->last == AT_TOK_NUMBER && i < AT_COUNT(WORDS); i++) {
        if (!at_str_eq(h->word, at_str_z(WORDS[i].word))) continue;
        at_diag_help(h->diag, "write the code of the currency: `%.*s %s`",
                     AT_STR_ARG(at_parse_habit_text(h, h->before)), WORDS[i].code);
        at_parse_habit_replace(h, h->span, WORDS[i].code);
        return true;
    }
    return false;
}

/* `USD 5` */
static bool currency_before(struct at_parse_habit *h) {
    at_str code = at_parse_habit_text(h, h->before);
    if (h->found != AT_TOK_NUMBER || h->last != AT_TOK_NAME || !at_currency_find(code)) return false;
    at_str right = at_str_format(h->lexer->arena, "%.*s %.*s", AT_STR_ARG(h->word), AT_STR_ARG(code));
    at_diag_help(h->diag, "write the code of the currency after the amount: `%.*s`", AT_STR_ARG(right));
    at_parse_habit_replace(h, (at_span){h->before.start, h->span.end}, right.p);
    return true;
}

/* `5 thousand` */
static bool magnitude(struct at_parse_habit *h) {
    static const struct {
        const char *word, *right;
    } WORDS[] = {{"thousand", "k"}, {"K", "k"},   {"k", "k"},   {"grand", "k"}, {"million", "m"},
                 {"mn", "m"},       {"mio", "m"}, {"M", "m"},   {"m", "m"},     {"billion", "bn"},
                 {"bn", "bn"},      {"万", "万"}, {"亿", "亿"}, {"千", "k"}};
    if (h->last != AT_TOK_NUMBER && h->last != AT_TOK_MONEY) return false;
    for (size_t i = 0; i < AT_COUNT(WORDS); i++) {
        if (!at_str_eq(h->word, at_str_z(WORDS[i].word))) continue;
        at_diag_help(h->diag, "write `%.*s%s`", AT_STR_ARG(at_parse_habit_text(h, h->before)),
                     WORDS[i].right);
        at_parse_habit_replace(h, (at_span){h->before.end, h->span.end}, WORDS[i].right);
        return true;
    }
    return false;
}

/* `4% bookings`, `4 percent of bookings` */
static bool rate_without_of(struct at_parse_habit *h) {
    bool percent = at_str_eq(h->word, AT_STR("percent")) || at_str_eq(h->word, AT_STR("pct"));
    if (h->last == AT_TOK_NUMBER && percent) {
        at_str number = at_parse_habit_text(h, h->before);
        at_diag_help(h->diag, "write `%.*s%%`", AT_STR_ARG(number));
        at_parse_habit_replace(h, (at_span){h->before.end, h->span.end}, "%");
        return true;
    }
    bool preposition = h->found == AT_TOK_ON || h->found == AT_TOK_FROM;
    if (is_percent(h) && at_parse_habit_after_value(h) && preposition) {
        at_diag_help(h->diag, "write `%.*s of …`", AT_STR_ARG(at_parse_habit_text(h, h->before)));
        at_parse_habit_replace(h, h->span, "of");
        return true;
    }
    bool name = h->found == AT_TOK_NAME || (at_lex_soft(h->found) && !h->expected->set[h->found]);
    if (!is_percent(h) || !at_parse_habit_after_value(h) || !(name || h->found == '(')) return false;
    at_diag_help(h->diag, "write `%.*s of %.*s`", AT_STR_ARG(at_parse_habit_text(h, h->before)),
                 AT_STR_ARG(h->found == '(' ? AT_STR("(…)") : h->word));
    at_parse_habit_insert(h, h->span.start, "of ");
    return true;
}

/* `10% of the bookings` */
static bool article(struct at_parse_habit *h) {
    bool the = at_str_eq(at_parse_habit_text(h, h->before), AT_STR("the"));
    if (!the || h->last != AT_TOK_NAME || h->found != AT_TOK_NAME) return false;
    at_diag_help(h->diag, "delete `the`");
    at_parse_habit_replace(h, (at_span){h->before.start, h->span.start}, "");
    return true;
}

/* `$1.000,50`: dots between groups of three, a comma before the cents. */
static bool european(struct at_parse_habit *h) {
    at_str before = at_parse_habit_text(h, h->before);
    const char *p = at_parse_habit_source(h, h->span.end), *end = p;
    while (end < h->lexer->limit && *end >= '0' && *end <= '9')
        end++;
    bool amount = h->last == AT_TOK_MONEY || (h->last == AT_TOK_NUMBER && memchr(before.p, '.', before.n));
    if (!amount || h->before.end != h->span.start || end == p ||
        (end - p == 3 && !memchr(before.p, '.', before.n)))
        return false;
    struct at_text out = {0};
    for (uint32_t i = 0; i < before.n; i++)
        if (before.p[i] != '.') at_text_add(h->lexer->arena, &out, (at_str){before.p + i, 1});
    at_text_add(h->lexer->arena, &out, AT_STR("."));
    at_text_add(h->lexer->arena, &out, (at_str){p, (uint32_t)(end - p)});
    at_diag_help(h->diag, "write a decimal point: `%.*s`", AT_STR_ARG(at_text_str(&out)));
    at_parse_habit_replace(h, (at_span){h->before.start, at_parse_habit_offset(h, end)}, at_text_str(&out).p);
    return true;
}

/* `1,5%` is 1.5%, and `8% up to quota, 12% over quota` is a sum. */
static bool comma(struct at_parse_habit *h) {
    if (h->found != ',' || !at_parse_habit_after_value(h)) return false;
    const char *next = at_parse_habit_source(h, h->span.end);
    bool digit = next < h->lexer->limit && *next >= '0' && *next <= '9';
    if (european(h)) return true;
    if (h->last == AT_TOK_NUMBER && h->before.end == h->span.start && digit) {
        const char *end = next;
        while (end < h->lexer->limit && ((*end >= '0' && *end <= '9') || *end == '%'))
            end++;
        at_diag_help(h->diag, "write a decimal point: `%.*s.%.*s`",
                     AT_STR_ARG(at_parse_habit_text(h, h->before)), (int)(end - next), next);
        at_parse_habit_replace(h, h->span, ".");
        return true;
    }
    if (h->lexer->depth > 0 || !h->lexer->seen.equals.end) return false;
    at_diag_help(h->diag, "join the parts with `+`");
    for (const char *p = at_parse_habit_source(h, h->span.start);
         p < h->lexer->limit && *p != '\n' && *p != '#'; p++) {
        uint32_t at = h->lexer->file->base + (uint32_t)(p - h->lexer->file->text.p);
        if (*p == '(' || *p == '"') break;
        bool thousands =
            p[-1] >= '0' && p[-1] <= '9' && p + 1 < h->lexer->limit && p[1] >= '0' && p[1] <= '9';
        if (*p == ',' && !thousands) at_parse_habit_replace(h, (at_span){at, at + 1}, " +");
    }
    return true;
}

bool at_parse_habit_value(struct at_parse_habit *h) {
    return currency_before(h) || magnitude(h) || rate_without_of(h) || article(h) || comma(h) ||
           currency_word(h);
}
