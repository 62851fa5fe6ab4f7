/* syntax/habit_head.c: habits in the first words of a statement: its keyword, its name, and what comes
 * between the name and the value.
 */
#include "syntax/habit.h"

#include "base/vec.h"

static bool one_of(int token, const int *tokens, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (tokens[i] == token) return true;
    return false;
}

/* The statements that give a name to a value. */
static bool opens_value(const struct at_parse_habit *h) {
    static const int OPENERS[] = {AT_TOK_PAY, AT_TOK_POOL, AT_TOK_MEASURE, AT_TOK_PARAM, AT_TOK_RATES};
    return h->lexer->depth == 0 && one_of(h->lexer->opener, OPENERS, AT_COUNT(OPENERS));
}

static bool after_name(const struct at_parse_habit *h) {
    return h->lexer->tokens == 3 && (h->last == AT_TOK_NAME || at_lex_soft(h->last));
}

static const char *skip_blanks(const char *p, const char *limit) {
    while (p < limit && at_parse_habit_blank(*p))
        p++;
    return p;
}

/* ---- the name */

/* A text as a name: letters and digits, with `_` for everything else. Empty if it cannot be one. */
static at_str name_from(struct at_arena *arena, const char *p, const char *end) {
    struct at_text out = {0};
    bool gap = false, digit = p < end && *p >= '0' && *p <= '9';
    for (unsigned n; p < end; p += n) {
        if (at_lex_word_char(p, end, &n)) {
            if (gap && at_text_str(&out).n) at_text_add(arena, &out, AT_STR("_"));
            at_text_add(arena, &out, (at_str){p, n});
            gap = false;
        } else {
            at_utf8_next(p, end, &n);
            gap = true;
        }
    }
    return digit ? AT_STR("") : at_text_str(&out);
}

/* `pay my bonus = …`, `pay team-bonus = …`: the words before the sign are one name. */
static bool name_of_parts(struct at_parse_habit *h) {
    if (!opens_value(h) || !after_name(h)) return false;
    bool dash = h->found == '-' && h->before.end == h->span.start;
    if (!dash && h->found != AT_TOK_NAME) return false;
    const char *start = at_parse_habit_source(h, h->before.start), *limit = h->lexer->limit, *p = start;
    const char *end = p, sign = h->lexer->opener == AT_TOK_RATES ? '{' : '=';
    for (unsigned n; p < limit && *p != sign; p += n) {
        if (at_lex_word_char(p, limit, &n))
            end = p + n;
        else if (*p == ' ' || *p == '-')
            n = 1;
        else
            return false;
    }
    at_str name = name_from(h->lexer->arena, start, end);
    if (p == limit || !name.n) return false;
    at_diag_help(h->diag, "write the name as one word: `%.*s`", AT_STR_ARG(name));
    at_parse_habit_replace(h, (at_span){h->before.start, at_parse_habit_offset(h, end)}, name.p);
    return true;
}

/* `pay "Team bonus" = …`: a text after the name is its label. */
static bool name_as_text(struct at_parse_habit *h) {
    if (h->found != AT_TOK_TEXT || h->lexer->tokens != 2 || !h->expected->set[AT_TOK_NAME]) return false;
    at_str quoted = at_parse_habit_text(h, h->span);
    at_str name = name_from(h->lexer->arena, quoted.p, quoted.p + quoted.n);
    if (!name.n || (name.p[0] >= '0' && name.p[0] <= '9')) return false;
    int opener = h->lexer->opener;
    if (opener == AT_TOK_PAY || opener == AT_TOK_POOL || opener == AT_TOK_MEASURE) {
        at_diag_help(h->diag, "write a name, and the text after it as a label: `%.*s %.*s`", AT_STR_ARG(name),
                     AT_STR_ARG(quoted));
        at_parse_habit_insert(h, h->span.start, at_str_format(h->lexer->arena, "%.*s ", AT_STR_ARG(name)).p);
    } else {
        at_diag_help(h->diag, "write a name without quotation marks: `%.*s`", AT_STR_ARG(name));
        at_parse_habit_replace(h, h->span, name.p);
    }
    return true;
}

/* ---- after the name */

/* `pay x: $5`, `rates r = {`, `data deal = "deals.csv"`, `payee rep "reps.csv"` */
static bool sign_after_name(struct at_parse_habit *h) {
    const bool *set = h->expected->set;
    if (!after_name(h) || h->lexer->depth) return false;
    const char *next = skip_blanks(at_parse_habit_source(h, h->span.end), h->lexer->limit);
    if (h->found == ':' && set['=']) {
        at_diag_help(h->diag, "write `=`");
        at_parse_habit_replace(h, h->span, h->span.start == h->before.end ? " =" : "=");
    } else if (h->found == '=' && set['{'] && next < h->lexer->limit && *next == '{') {
        at_diag_help(h->diag, "delete it");
        at_parse_habit_cut(h, h->span);
    } else if (set[AT_TOK_FROM] && (h->found == '=' || h->found == ':') && next < h->lexer->limit &&
               *next == '"') {
        at_diag_help(h->diag, "write `from`");
        at_parse_habit_replace(h, h->span, h->span.start == h->before.end ? " from" : "from");
    } else if (set[AT_TOK_FROM] && h->found == AT_TOK_TEXT) {
        at_diag_help(h->diag, "write `from` before the name of the file");
        at_parse_habit_insert(h, h->span.start, "from ");
    } else {
        return false;
    }
    return true;
}

/* `cap x = $100`, `cap x to $100`, `cap x $100` */
static bool limit(struct at_parse_habit *h) {
    static const int VALUES[] = {AT_TOK_MONEY, AT_TOK_NUMBER, AT_TOK_NAME};
    int opener = h->lexer->opener;
    if ((opener != AT_TOK_CAP && opener != AT_TOK_FLOOR) || !after_name(h) || !h->expected->set[AT_TOK_AT])
        return false;
    if (one_of(h->found, VALUES, AT_COUNT(VALUES)))
        at_parse_habit_insert(h, h->span.start, "at ");
    else if (h->found == '=' || h->found == AT_TOK_TO || h->found == ':')
        at_parse_habit_replace(h, h->span, h->span.start == h->before.end ? " at" : "at");
    else
        return false;
    at_diag_help(h->diag, "write `at` before the amount");
    return true;
}

/* `pay x cumulative = …`: the span has no default. */
static bool cumulative_over_nothing(struct at_parse_habit *h) {
    if (h->last != AT_TOK_CUMULATIVE || !h->expected->set[AT_TOK_OVER]) return false;
    at_diag_help(h->diag, "declare how long amounts accumulate, such as `cumulative over year`");
    return true;
}

/* `pay x = 2% of bookings to manager of rep` */
static bool pay_to_manager(struct at_parse_habit *h) {
    if (h->lexer->opener != AT_TOK_PAY || h->found != AT_TOK_TO || h->lexer->depth) return false;
    const char *p = skip_blanks(at_parse_habit_source(h, h->span.end), h->lexer->limit);
    bool manager = h->lexer->limit - p >= 7 && memcmp(p, "manager", 7) == 0;
    if (!manager && at_parse_habit_after_value(h)) return false;
    at_diag_help(h->diag, "a component pays each payee from the payee's own credits. To pay managers, credit "
                          "the rows to them: `credit … to managers of rep …`");
    return true;
}

/* ---- the keyword */

/* Whether the value after `=` on this line is a literal. */
static bool literal_follows(const struct at_parse_habit *h) {
    const char *p = at_parse_habit_source(h, h->span.end), *end = h->lexer->limit;
    while (p < end && *p != '\n' && *p != '=')
        p++;
    if (p == end || *p != '=') return false;
    p = skip_blanks(p + 1, end);
    while (p < end && *p != '\n' && *p != '#') {
        if (*p == '*' || *p == '/' || *p == '+' || *p == '(' || (*p >= 'a' && *p <= 'z')) return false;
        p++;
    }
    return true;
}

/* `bonus x = …`, `let x = …`, `x = …` where a statement begins. */
static bool keyword(struct at_parse_habit *h) {
    static const char *const PAY[] = {"commission", "bonus", "spiff", "incentive", "payment", "佣金", "奖金"};
    static const char *const VALUE[] = {"let",   "const",  "var",  "constant", "variable", "define",
                                        "quota", "target", "goal", "set",      "变量",     "常量"};
    if (h->found != AT_TOK_NAME || !h->lexer->last_first || !h->expected->set[AT_TOK_MEASURE]) return false;
    const char *right = NULL, *value = literal_follows(h) ? "param" : "measure";
    const char *p = skip_blanks(at_parse_habit_source(h, h->span.end), h->lexer->limit);
    bool assigned = p < h->lexer->limit && *p == '=';
    for (size_t i = 0; i < AT_COUNT(PAY); i++)
        if (at_str_distance(h->word, at_str_z(PAY[i]), 0) == 0) right = "pay";
    for (size_t i = 0; i < AT_COUNT(VALUE) && !assigned; i++)
        if (at_str_distance(h->word, at_str_z(VALUE[i]), 0) == 0) right = value;
    if (!right && !assigned) return false;
    if (right && !assigned) {
        at_diag_help(h->diag, "write `%s`", right);
        at_parse_habit_replace(h, h->span, right);
    } else {
        right = right ? right : value;
        at_diag_help(h->diag, "start with a keyword: `%s %.*s = …`", right, AT_STR_ARG(h->word));
        at_parse_habit_insert(h, h->span.start, at_str_format(h->lexer->arena, "%s ", right).p);
    }
    return true;
}

bool at_parse_habit_head(struct at_parse_habit *h) {
    return name_of_parts(h) || name_as_text(h) || sign_after_name(h) || limit(h) ||
           cumulative_over_nothing(h) || pay_to_manager(h) || keyword(h);
}
