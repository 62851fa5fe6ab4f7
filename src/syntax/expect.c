/* syntax/expect.c: reports syntax errors: the expected words, the word before, and the word found. The parser
 * gives the exact set of tokens that are possible, which becomes a few words here. */
#include "attain_parse.h"
#include "syntax/build.h"

/* A syntax error in progress. `set` is a copy, because building the phrase removes the tokens
 * that it has covered. */
struct report {
    struct at_syntax_parser *p;
    struct at_lex_state *lexer;
    const struct at_parse_expected *expected;
    bool set[400];
    int found, last; /* the token that is there, the one before */
    at_span span, before;
};

static bool has(const struct report *r, int token) {
    return r->set[token];
}
static void drop(struct report *r, int token) {
    r->set[token] = false;
}

/* The source at a span, at most 30 characters, so that a long text does not hide the message. */
static at_str source(const struct report *r, at_span span) {
    at_str text = at_diag_sources_text(r->lexer->ast->sources, span);
    unsigned bytes = 0, n = 0;
    for (unsigned length; bytes < text.n && n < 30; n++, bytes += length)
        at_utf8_next(text.p + bytes, text.p + text.n, &length);
    if (bytes >= text.n) return text;
    return at_str_format(r->lexer->arena, "%.*s…", (int)bytes, text.p);
}

/* ---- groups of tokens, each said in one phrase */

/* These tests ask for a few tokens that only occur together. A group can gain members without a
 * change here. */
static bool value_expected(const struct report *r) {
    return has(r, AT_TOK_NUMBER) && has(r, AT_TOK_NAME) && has(r, '(');
}
static bool statement_expected(const struct report *r) {
    return has(r, AT_TOK_USE) && has(r, AT_TOK_MEASURE);
}
static bool type_expected(const struct report *r) {
    /* `period` is also an attribute of the policy. There, `version` is possible too, and no type
     * is. */
    return has(r, AT_TOK_NAME) && has(r, AT_TOK_PERIOD) && has(r, AT_TOK_ONE) && !has(r, AT_TOK_VERSION);
}
static bool operator_expected(const struct report *r) {
    return has(r, '+') || has(r, '*');
}

static void drop_soft(struct report *r) {
    for (int token = 0; token < (int)AT_COUNT(r->set); token++)
        if (at_lex_soft(token)) drop(r, token);
}

/* Must list every token that can begin an expression. One that is missing here would appear in
 * the message after "a value". */
static void drop_value(struct report *r) {
    static const int FIRST[] = {AT_TOK_NUMBER, AT_TOK_MONEY,   AT_TOK_DATE, AT_TOK_PERIODLIT, AT_TOK_DURATION,
                                AT_TOK_TEXT,   AT_TOK_YES,     AT_TOK_NO,   AT_TOK_IF,        AT_TOK_NOT,
                                '-',           AT_TOK_CHOOSE,  '(',         AT_TOK_NAME,      AT_TOK_SUM,
                                AT_TOK_COUNT,  AT_TOK_AVERAGE, AT_TOK_MIN,  AT_TOK_MAX,       AT_TOK_ROUND};
    for (size_t i = 0; i < AT_COUNT(FIRST); i++)
        drop(r, FIRST[i]);
    drop_soft(r);
}

/* Drops the operators. If a comparison is not allowed, `=` and `is` are not operators and stay. */
static void drop_operators(struct report *r) {
    static const int OPS[] = {
        '+',        '-',        '*',       '/',       '.',         '(',       AT_TOK_IN,      AT_TOK_WITHIN,
        AT_TOK_NOT, AT_TOK_AND, AT_TOK_OR, AT_TOK_OF, AT_TOK_OVER, AT_TOK_UP, AT_TOK_BETWEEN, AT_TOK_THROUGH,
        AT_TOK_AS};
    static const int COMPARISONS[] = {'=', AT_TOK_IS, AT_TOK_LE, AT_TOK_GE, AT_TOK_NE, '>', '<'};
    bool compares = has(r, '<');
    for (size_t i = 0; i < AT_COUNT(OPS); i++)
        drop(r, OPS[i]);
    for (size_t i = 0; compares && i < AT_COUNT(COMPARISONS); i++)
        drop(r, COMPARISONS[i]);
}

static void drop_statements(struct report *r) {
    for (int token = 0; token < (int)AT_COUNT(r->set); token++)
        if (at_lex_opens(token) || at_lex_attribute(token)) drop(r, token);
    drop(r, AT_TOK_END);
}

/* ---- the phrase */

struct phrase {
    struct at_arena *arena;
    at_str parts[8];
    unsigned n;
};

/* More parts than there is room for are left out: a list of more than eight would not help. */
static void say(struct phrase *phrase, at_str part) {
    if (phrase->n < AT_COUNT(phrase->parts)) phrase->parts[phrase->n++] = part;
}

/* Words of the language are in backquotes. Categories such as "a name" are not. */
static at_str token_text(struct at_arena *arena, int token) {
    if (token < 256 && token > 0) return at_str_format(arena, "`%c`", token);
    if (token == AT_TOK_NAME || token == AT_TOK_CODE || (token >= AT_TOK_NUMBER && token <= AT_TOK_TEXT) ||
        token == AT_TOK_END)
        return at_str_z(at_lex_token_name(token));
    return at_str_format(arena, "`%s`", at_lex_token_name(token));
}

/* "a, b, or c" */
static at_str join(const struct phrase *phrase) {
    at_str text = {"", 0};
    for (unsigned i = 0; i < phrase->n; i++)
        text = at_str_format(phrase->arena, "%.*s%s%.*s", AT_STR_ARG(text),
                             i == 0              ? ""
                             : i + 1 < phrase->n ? ", "
                             : phrase->n == 2    ? " or "
                                                 : ", or ",
                             AT_STR_ARG(phrase->parts[i]));
    return text;
}

/* Words after which only certain names have a meaning, which the grammar leaves to the builders. */
static const char *choices_after(int token) {
    switch (token) {
    case AT_TOK_TIE: return "`below`";
    case AT_TOK_SPREAD: return "`evenly` or `by days`";
    case AT_TOK_INCLUDING: return "`negatives`";
    case AT_TOK_SPLIT: return "`equally`, `by contribution`, or `by` and a weight";
    case AT_TOK_ROUND: return "`half up`, `half even`, or `down`";
    case AT_TOK_PERIOD: return "`month`, `quarter`, `half`, `year`, `week`, or `semimonth`";
    case AT_TOK_CURRENCY: return "a currency such as `USD`";
    default: return NULL;
    }
}

/* The order matters: large groups go first and remove their members, and only then do single
 * tokens get named. Otherwise one message would list thirty operators. */
static at_str expected_words(struct report *r) {
    struct phrase phrase = {.arena = r->lexer->arena};
    const char *choices = has(r, AT_TOK_NAME) && !operator_expected(r) ? choices_after(r->last) : NULL;
    if (choices) return at_str_z(choices);
    bool statement = statement_expected(r), value = value_expected(r), operators = operator_expected(r);
    /* Few measures have a rhythm. */
    if (has(r, '=') && has(r, AT_TOK_EACH) && !has(r, AT_TOK_PER)) drop(r, AT_TOK_EACH);
    if (statement) drop_statements(r);
    if (value) {
        say(&phrase, AT_STR("a value"));
        drop_value(r);
    } else if (type_expected(r)) {
        say(&phrase, AT_STR("a type such as `text` or `money`"));
        drop(r, AT_TOK_NAME);
        drop_soft(r);
    } else if (has(r, AT_TOK_NAME) && !operators) {
        say(&phrase, AT_STR("a name"));
        drop(r, AT_TOK_NAME);
        drop_soft(r);
    }
    if (operators) drop_operators(r);
    if (has(r, '=') || has(r, '{') || has(r, AT_TOK_AT))
        drop(r, AT_TOK_TEXT); /* a label is allowed, but no one meant one */
    /* Closing brackets come last, because the opening ones and words usually are the better
     * advice. */
    unsigned before = phrase.n;
    for (const char *mark = "=,:|{("; *mark; mark++)
        if (has(r, *mark)) say(&phrase, token_text(r->lexer->arena, *mark));
    for (int token = 256; token < (int)AT_COUNT(r->set) && phrase.n < 4; token++)
        if (has(r, token)) say(&phrase, token_text(r->lexer->arena, token));
    for (const char *mark = ")}"; *mark; mark++)
        if (has(r, *mark)) say(&phrase, token_text(r->lexer->arena, *mark));
    if (phrase.n == before && operators) say(&phrase, AT_STR("an operator such as `+`"));
    if (statement && phrase.n < 4) say(&phrase, AT_STR("the next statement"));
    if (phrase.n == 0) say(&phrase, AT_STR("something else"));
    return join(&phrase);
}

static at_str after_words(const struct report *r) {
    struct at_arena *arena = r->lexer->arena;
    if (r->before.end == r->before.start) return AT_STR("");
    int opener = r->lexer->opener;
    /* The third token of a statement comes after its keyword and its name. "after the name of the
     * measure" is clearer than a quote of the name. */
    bool named =
        r->lexer->tokens == 3 && (r->last == AT_TOK_NAME || at_lex_soft(r->last)) && at_lex_opens(opener);
    bool component = opener == AT_TOK_PAY || opener == AT_TOK_CAP || opener == AT_TOK_FLOOR ||
                     opener == AT_TOK_ADJUST || opener == AT_TOK_CLAWBACK;
    if (named)
        return at_str_format(arena, " after the name of the %s",
                             component ? "component" : at_lex_token_name(opener));
    if (r->last == AT_TOK_TEXT) return AT_STR(" after the text");
    return at_str_format(arena, " after `%.*s`", AT_STR_ARG(source(r, r->before)));
}

/* ---- mistakes that have a name of their own */

static bool comparison(int token) {
    return token == '=' || token == '<' || token == '>' || token == AT_TOK_LE || token == AT_TOK_GE ||
           token == AT_TOK_NE || token == AT_TOK_IS;
}

/* `where to is "a"`: what is compared is a name. */
static bool is_compared(const char *p, const char *limit) {
    const char *end = p;
    for (unsigned n; end < limit && at_lex_word_char(end, limit, &n);)
        end += n;
    at_str word = {p, (uint32_t)(end - p)};
    return (p < limit && (*p == '=' || *p == '<' || *p == '>')) || at_str_eq(word, AT_STR("is")) ||
           at_str_eq(word, AT_STR("in"));
}

/* A word of the language where only a name may stand: an opening word counts when it does not look like a
 * statement. */
static bool used_as_name(const struct report *r) {
    if (!has(r, AT_TOK_NAME) || type_expected(r)) return false;
    const char *word;
    bool keyword = false;
    for (size_t i = 0; at_lex_keyword(i, &word) != AT_TOK_END; i++)
        keyword = keyword || at_lex_keyword(i, &word) == r->found;
    if (!keyword) return false;
    /* A statement continues with a name, a text, or an amount on its line. An opening word
     * without these is a misused name. */
    const char *p = r->lexer->at, *limit = r->lexer->limit;
    while (p < limit && (*p == ' ' || *p == '\t'))
        p++;
    unsigned n;
    bool goes_on = p < limit && (*p == '"' || *p == '`' || *p == '$' || at_lex_word_char(p, limit, &n));
    if (at_lex_opens(r->found)) {
        bool statement = goes_on && !at_lex_goes_on(r->lexer, r->found);
        return r->lexer->depth > 0 || (!r->lexer->last_first && !statement);
    }
    return (!value_expected(r) || is_compared(p, limit)) && !choices_after(r->last);
}

/* Returns NULL if no case applies, and also if the error limit is reached. The general message
 * then goes to the same closed list. */
static struct at_diag *special(struct report *r) {
    struct at_lex_state *lexer = r->lexer;
    at_str found = source(r, r->span);
    if (used_as_name(r)) {
        struct at_diag *diag =
            at_lex_mistake(lexer, AT_A0124, r->span, "`%.*s` is a keyword, not a name", AT_STR_ARG(found));
        if (!diag) return NULL;
        at_diag_help(diag, "to use it as a name, write it in backquotes: `%.*s`", AT_STR_ARG(found));
        at_diag_fix(diag, r->span, "`%.*s`", AT_STR_ARG(found));
        return diag;
    }
    if (r->found == '}' && lexer->lost_paren.end) {
        struct at_diag *diag = at_lex_mistake(lexer, AT_A0126, lexer->lost_paren, "unclosed `(`");
        if (!diag) return NULL;
        at_diag_label(diag, r->span, "expected `)` before this");
        at_diag_help(diag, "write `)` before `}`");
        at_diag_fix(diag, (at_span){r->before.end, r->before.end}, ")");
        return diag;
    }
    /* After one comparison, `and` is possible and `<` is not. A second comparison sign there is a
     * chain such as `a < b < c`. */
    if (comparison(r->found) && has(r, AT_TOK_AND) && has(r, AT_TOK_OR) && !has(r, '<')) {
        struct at_diag *diag = at_lex_mistake(lexer, AT_A0125, r->span, "cannot chain comparisons");
        at_span middle = lexer->seen.path_before;
        if (diag && middle.end)
            at_diag_fix(diag, (at_span){r->span.start, r->span.start}, "and %.*s ",
                        AT_STR_ARG(at_diag_sources_text(lexer->ast->sources, middle)));
        if (diag)
            at_diag_help(diag, "join two comparisons with `and`, such as `a < b and b < c`, or use `between` "
                               "for a part of an amount");
        return diag;
    }
    return NULL;
}

/* What is missing at the end of a statement is missing behind its last word, not before the next statement.
 */
static bool statement_ended(const struct report *r) {
    return r->found == AT_TOK_END || (at_lex_opens(r->found) && r->lexer->last_first && r->lexer->depth == 0);
}

/* An empty span after the last word, for what is missing at the end of a statement. */
static at_span place(const struct report *r) {
    return statement_ended(r) && r->before.end ? (at_span){r->before.end, r->before.end} : r->span;
}

static struct at_diag *without_end(struct report *r) {
    struct at_lex_state *lexer = r->lexer;
    struct at_diag *diag = NULL;
    if (has(r, AT_TOK_ELSE) && lexer->opener != AT_TOK_REQUIRE) {
        diag = at_lex_mistake(lexer, AT_A0128, place(r), "missing `else`");
        if (diag) at_diag_help(diag, "add the value of the other case, such as `else 0`");
    } else if (has(r, AT_TOK_OTHERWISE) && r->found == '}') {
        diag = at_lex_mistake(lexer, AT_A0128, r->span, "missing `otherwise`");
        if (diag) at_diag_help(diag, "add a last case, such as `otherwise: 0`");
    }
    return diag;
}

/* A keyword among those expected that the word found may be a slip of. */
static void suggest(const struct report *r, const bool set[400], struct at_diag *diag) {
    struct at_str_nearest near = {.wanted = source(r, r->span)};
    const char *word;
    int token;
    if (r->found != AT_TOK_NAME) return;
    for (size_t i = 0; (token = at_lex_keyword(i, &word)) != AT_TOK_END; i++)
        if (set[token]) at_str_nearest_try(&near, at_str_z(word));
    if (!near.best.n) return;
    at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(near.best));
    at_diag_fix(diag, r->span, "%.*s", AT_STR_ARG(near.best));
}

static void general(struct report *r) {
    struct at_lex_state *lexer = r->lexer;
    bool set[400];
    memcpy(set, r->set, sizeof set);
    at_str wanted = expected_words(r), after = after_words(r);
    at_str found = AT_STR("the end of the file");
    if (r->found != AT_TOK_END) found = at_str_format(lexer->arena, "`%.*s`", AT_STR_ARG(source(r, r->span)));
    if (at_lex_opens(r->found) && statement_ended(r))
        found = at_str_format(lexer->arena, "the next statement, `%.*s`", AT_STR_ARG(source(r, r->span)));
    struct at_diag *diag = at_lex_mistake(lexer, AT_A0115, place(r), "expected %.*s%.*s, found %.*s",
                                          AT_STR_ARG(wanted), AT_STR_ARG(after), AT_STR_ARG(found));
    if (diag && !at_parse_habit_help(r->p, r->expected, diag)) suggest(r, set, diag);
}

/* The lexer has already returned the token that was found, so its `previous` is the token before
 * the error. */
void at_parse_report(struct at_syntax_parser *p, const struct at_parse_expected *expected) {
    struct at_lex_state *lexer = &p->lexer;
    struct report r = {.p = p,
                       .lexer = lexer,
                       .expected = expected,
                       .found = expected->found,
                       .span = expected->span,
                       .last = lexer->previous,
                       .before = lexer->previous_span};
    memcpy(r.set, expected->set, sizeof r.set);
    /* Decided before anything removes tokens from the set. */
    bool as_name = used_as_name(&r);
    bool news = !lexer->quiet && !lexer->stopped && !lexer->doubted;
    if (news && !special(&r) && !without_end(&r) && !at_parse_habit_report(p, expected)) general(&r);
    at_lex_after_mistake(lexer, expected->found, as_name);
}
