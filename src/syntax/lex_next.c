/* syntax/lex_next.c: the stream of tokens that the parser sees: which statement and which brackets are open,
 * closing what was forgotten, and the way to the next statement after a mistake. */
#include "attain_parse.h"
#include "syntax/lex.h"

/* In bytes, and a tab counts as one. Only lines of one file are compared, which usually indent
 * alike. */
static unsigned indent_of(const struct at_lex_state *lexer) {
    return (unsigned)(lexer->token - lexer->line);
}

/* ---- brackets */

static void open_bracket(struct at_lex_state *lexer, char bracket, at_span span) {
    /* `depth` counts all brackets, but `open` holds at most AT_MAX_NESTING. Readers of `open`
     * must check the depth. */
    if (lexer->depth < AT_MAX_NESTING) lexer->open[lexer->depth] = (struct at_lex_open){bracket, span};
    lexer->depth++;
    if (lexer->depth == AT_MAX_NESTING + 1 && !lexer->skipping) at_lex_too_deep(lexer, span);
}

/* A `)` without its `(` closes nothing, because the parser reports it. A `}` closes its `{`, even
 * across an open `(`: the parenthesis was forgotten. */
static void close_bracket(struct at_lex_state *lexer, char bracket) {
    char opening = bracket == ')' ? '(' : '{';
    uint32_t depth = lexer->depth;
    lexer->lost_paren = (at_span){0, 0};
    if (depth == 0) return;
    if (depth > AT_MAX_NESTING || lexer->open[depth - 1].bracket == opening) {
        lexer->depth--;
        return;
    }
    if (bracket == ')') return;
    while (depth > 0 && lexer->open[depth - 1].bracket != opening)
        depth--;
    if (depth == 0) return;
    lexer->lost_paren = lexer->open[lexer->depth - 1].span;
    lexer->depth = depth - 1;
}

/* ---- statements */

bool at_lex_goes_on(const struct at_lex_state *lexer, int opener) {
    static const char *const WORDS[] = {"is",      "in",      "within", "and",  "or", "over",
                                        "between", "through", "then",   "else", "of", "at",
                                        "from",    "where",   "on",     "when", "to", "by"};
    const char *p = lexer->at, *limit = lexer->limit;
    if (opener == AT_TOK_APPLIES || opener == AT_TOK_ROUND) return false;
    while (p < limit && (*p == ' ' || *p == '\t'))
        p++;
    const char *end = p;
    for (unsigned n; end < limit && at_lex_word_char(end, limit, &n);)
        end += n;
    for (size_t i = 0; i < AT_COUNT(WORDS); i++)
        if (at_str_eq((at_str){p, (uint32_t)(end - p)}, at_str_z(WORDS[i]))) return true;
    return false;
}

/* Two words open a statement only in some places: `param` not after `given`, and `round` not
 * before `(`. */
static bool is_opener(const struct at_lex_state *lexer, int token) {
    if (token == AT_TOK_PARAM && lexer->last == AT_TOK_GIVEN) return false;
    if (!lexer->first_of_line && at_lex_opens(token) && at_lex_goes_on(lexer, token)) return false;
    if (token == AT_TOK_ROUND) return !at_lex_follows(lexer, '(', false);
    return at_lex_opens(token);
}

/* An opening word at the start of a line that is not indented further than the statement. */
static bool begins_line(const struct at_lex_state *lexer) {
    return lexer->first_of_line && (lexer->opener == 0 || indent_of(lexer) <= lexer->opener_indent);
}

/* Resets what belongs to a statement. Errors in one statement must not change how the next one is
 * read. */
static void begin_statement(struct at_lex_state *lexer, int token, at_span span) {
    lexer->opener = token;
    lexer->opener_span = span;
    lexer->opener_indent = indent_of(lexer);
    lexer->tokens = 0;
    lexer->depth = 0;
    lexer->in_test = false;
    lexer->too_deep = false;
    lexer->type_expected = false;
    lexer->seen = (struct at_lex_seen){0};
}

/* A name at the start of a line that seems to be a slip of a word that opens a statement. */
static bool nearly_opens(const struct at_lex_state *lexer, int token) {
    if (token != AT_TOK_NAME || lexer->depth > 0 || !begins_line(lexer)) return false;
    at_str name = {lexer->token, (uint32_t)(lexer->at - lexer->token)};
    const char *word;
    for (size_t i = 0; (token = at_lex_keyword(i, &word)) != AT_TOK_END; i++)
        if (at_lex_opens(token) && name.n > 4 && at_str_distance(name, at_str_z(word), 2) <= 2) return true;
    return false;
}

/* ---- tokens with what stands around them */

/* One token, brackets counted. Does not begin a statement. */
static int take(struct at_lex_state *lexer, AT_YYSTYPE *value, at_span *span) {
    if (lexer->stopped) lexer->at = lexer->limit;
    int token;
    const char *line = lexer->line;
    do {
        /* Comments and strange characters end without a token, and a line may have ended in them. */
        if (lexer->line != line) lexer->first_of_line = true;
        token = at_lex_scan(lexer, value);
    } while (token == AT_LEX_AGAIN && !lexer->stopped);
    if (lexer->stopped) token = AT_TOK_END;
    *span = at_lex_span(lexer, token == AT_TOK_END ? lexer->at : lexer->token, lexer->at);
    if (token == '(' || token == '{') open_bracket(lexer, (char)token, *span);
    if (token == ')' || token == '}') close_bracket(lexer, (char)token);
    return token;
}

/* In a block of fields: the name of a field, then its type, then options. */
static void note_field(struct at_lex_state *lexer, int token) {
    bool option = token == AT_TOK_KEY || token == AT_TOK_LABEL || token == AT_TOK_OPTIONAL ||
                  token == AT_TOK_FORMAT || token == AT_TOK_DECIMAL || token == AT_TOK_AS;
    bool name = token == AT_TOK_NAME || (at_lex_soft(token) && !option);
    lexer->type_expected = !lexer->type_expected && name && lexer->last != AT_TOK_BY &&
                           lexer->last != AT_TOK_DECIMAL && lexer->last != AT_TOK_IN &&
                           lexer->last != AT_TOK_AS && lexer->last != AT_TOK_KEYS &&
                           lexer->last != ','; /* names of a key of several fields */
}

static bool compares(int token) {
    return token == '=' || token == '<' || token == '>' || token == AT_TOK_LE || token == AT_TOK_GE ||
           token == AT_TOK_NE || token == AT_TOK_IS;
}

/* What a message about a token further on may offer: see habit.c. */
static void note_seen(struct at_lex_state *lexer, int token, at_span span) {
    struct at_lex_seen *seen = &lexer->seen;
    if (seen->equals.end && !seen->formula.end) seen->formula = span;
    if (token == '=' && lexer->depth == 0 && !seen->equals.end) seen->equals = span;
    if (compares(token)) {
        bool alone = seen->before_path == AT_TOK_WHEN || seen->before_path == AT_TOK_WHERE ||
                     seen->before_path == AT_TOK_AND || seen->before_path == AT_TOK_OR ||
                     seen->before_path == AT_TOK_IF || seen->before_path == AT_TOK_REQUIRE;
        /* `a >= 1 and < 2` compares nothing after `and`: what was compared before is what is meant. */
        if (lexer->last != AT_TOK_AND && lexer->last != AT_TOK_OR)
            seen->compared = alone ? seen->path : (at_span){0, 0};
    }
    bool name = token == AT_TOK_NAME || at_lex_soft(token);
    seen->path_before = seen->path;
    if (token == '.' && seen->path.end) return;
    if (name && lexer->last == '.' && seen->path.end) {
        seen->path.end = span.end;
    } else {
        seen->path = name ? span : (at_span){0, 0};
        seen->before_path = lexer->last;
    }
}

/* Updates the context after a token that the parser gets. Tokens that `skip` discards do not come
 * here. */
static void note(struct at_lex_state *lexer, int token, at_span span) {
    if (at_lex_in_fields(lexer)) note_field(lexer, token);
    note_seen(lexer, token, span);
    lexer->previous = lexer->last;
    lexer->previous_span = lexer->last_span;
    lexer->last = token;
    lexer->last_span = span;
    lexer->tokens++;
    lexer->doubted = lexer->doubt > 0;
    if (lexer->doubt) lexer->doubt--;
    lexer->last_first = lexer->first_of_line;
    lexer->first_of_line = false;
    if (token == '{' && lexer->opener == AT_TOK_TEST && lexer->depth == 1) lexer->in_test = true;
    lexer->closed_test = token == '}' && lexer->depth == 0 && lexer->in_test;
    if (lexer->closed_test) lexer->in_test = false;
}

/* Throws tokens away until one from which the parser can go on. */
static int skip(struct at_lex_state *lexer, AT_YYSTYPE *value, at_span *span) {
    for (;;) {
        int token = take(lexer, value, span);
        bool at_once = token == AT_TOK_END || nearly_opens(lexer, token);
        /* Inside brackets, an opening word counts only at the start of a line. Otherwise a name
         * such as `data` in a formula would end the skipping. */
        if (is_opener(lexer, token)) at_once = at_once || lexer->depth == 0 || begins_line(lexer);
        if (lexer->opener == AT_TOK_POLICY && at_lex_attribute(token))
            at_once = at_once || lexer->first_of_line;
        if (lexer->in_test && (token == AT_TOK_GIVEN || token == AT_TOK_EXPECT)) {
            lexer->depth = 1;
            at_once = true;
        }
        if (lexer->in_test && token == '}' && lexer->depth == 0) at_once = true;
        if (at_once) return token;
        lexer->last = token;
        lexer->first_of_line = false;
    }
}

/* Holds the token back and gives the bracket that closes the innermost open one in its place. */
static int close_first(struct at_lex_state *lexer, int token, const AT_YYSTYPE *value, at_span *span) {
    lexer->holding = true;
    lexer->held = token;
    lexer->held_span = *span;
    /* Only opening words and the end are held back, so a word is all that has to be kept of
     * `value`. */
    lexer->held_word = token == AT_TOK_END ? at_lex_no_word() : value->word;
    lexer->held_first = lexer->first_of_line;
    lexer->quiet = true;
    return at_lex_next(lexer, (AT_YYSTYPE *)(uintptr_t)value, span);
}

/* Reports the innermost open bracket only. The others are closed silently, because `quiet` is set
 * until the held token is given. */
static void report_open(struct at_lex_state *lexer, int token, at_span span) {
    struct at_lex_open *open =
        &lexer->open[lexer->depth <= AT_MAX_NESTING ? lexer->depth - 1 : AT_MAX_NESTING - 1];
    struct at_diag *diag = at_lex_mistake(lexer, AT_A0126, open->span, "unclosed `%c`", open->bracket);
    if (!diag) return;
    char close = open->bracket == '(' ? ')' : '}';
    if (token == AT_TOK_END) {
        at_diag_note(diag, "the file ends before the matching `%c`", close);
        at_diag_help(diag, "add the missing `%c`", close);
        at_diag_fix(diag, (at_span){lexer->last_span.end, lexer->last_span.end}, " %c", close);
        return;
    }
    at_diag_label(diag, span, "next statement starts here");
    at_diag_help(diag, "write `%c` before `%s`", close, at_lex_token_name(token));
    at_diag_fix(diag, (at_span){lexer->last_span.end, lexer->last_span.end}, " %c", close);
}

/* Gives one closing bracket for each call, and then the token that waits. */
static int held(struct at_lex_state *lexer, AT_YYSTYPE *value, at_span *span) {
    bool only_test = lexer->skipping; /* the parser gave up all brackets but the test's */
    if (lexer->depth > 0 && (!only_test || lexer->in_test)) {
        char bracket =
            lexer->open[lexer->depth <= AT_MAX_NESTING ? lexer->depth - 1 : AT_MAX_NESTING - 1].bracket;
        if (only_test) {
            lexer->depth = 0;
            bracket = '{';
        } else {
            lexer->depth--;
        }
        *span = (at_span){lexer->last_span.end, lexer->last_span.end};
        lexer->closed_test = lexer->in_test && lexer->depth == 0;
        if (lexer->depth == 0) lexer->in_test = false;
        return bracket == '(' ? ')' : '}';
    }
    lexer->holding = lexer->quiet = lexer->skipping = false;
    value->word = lexer->held_word;
    *span = lexer->held_span;
    lexer->first_of_line = lexer->held_first;
    return lexer->held;
}

static int give(struct at_lex_state *lexer, int token, at_span span) {
    if (is_opener(lexer, token) && lexer->depth == 0) begin_statement(lexer, token, span);
    note(lexer, token, span);
    return token;
}

int at_lex_next(struct at_lex_state *lexer, AT_YYSTYPE *value, at_span *span) {
    lexer->given++;
    if (lexer->holding) {
        int token = held(lexer, value, span);
        return lexer->holding ? token : give(lexer, token, *span);
    }
    /* Bison's error token makes the parser give up the current statement. */
    if (lexer->too_deep && !lexer->skipping) {
        lexer->skipping = true;
        *span = lexer->last_span;
        return AT_TOK_AT_YYerror;
    }
    bool skipped = lexer->skipping;
    int token = skipped ? skip(lexer, value, span) : take(lexer, value, span);
    bool opener = is_opener(lexer, token);
    /* A test that was never closed: the parser still waits for its brace before it accepts the
     * next statement. */
    if (skipped && lexer->in_test && lexer->depth > 0 && (opener || token == AT_TOK_END))
        return close_first(lexer, token, value, span);
    if (!skipped && lexer->depth > 0 &&
        ((opener && begins_line(lexer)) || (token == AT_TOK_END && !lexer->stopped))) {
        report_open(lexer, token, *span);
        return close_first(lexer, token, value, span);
    }
    if (skipped) {
        lexer->skipping = lexer->too_deep = false;
        if (opener || token == AT_TOK_END) lexer->depth = 0;
    }
    /* The token just read opened one bracket too many. The next call discards it with its
     * statement. */
    if (lexer->too_deep && !lexer->skipping) return at_lex_next(lexer, value, span);
    return give(lexer, token, *span);
}

/* ---- after a mistake */

/* The grammar leaves error recovery (yyerrok) only if tokens were given since, because a parser
 * that does not move would report forever. */
bool at_lex_moved(struct at_lex_state *lexer) {
    bool moved = lexer->given != lexer->given_before;
    lexer->given_before = lexer->given;
    return moved;
}

bool at_lex_in_step(const struct at_lex_state *lexer, int token) {
    (void)lexer;
    return !lexer->skipping && token != AT_TOK_AT_YYUNDEF && token != AT_TOK_AT_YYEMPTY;
}

/* The parser can go on at once from a token that begins a statement or an example. From any other
 * token, the lexer skips. */
void at_lex_after_mistake(struct at_lex_state *lexer, int token, bool used_as_name) {
    bool in_step = token == AT_TOK_END || (at_lex_opens(token) && lexer->depth == 0 && !used_as_name);
    if (lexer->in_test && (token == AT_TOK_GIVEN || token == AT_TOK_EXPECT)) {
        lexer->depth = 1;
        in_step = true;
    }
    lexer->skipping = !in_step && !lexer->closed_test;
}

void at_lex_too_deep(struct at_lex_state *lexer, at_span span) {
    /* The second condition ignores a report about a statement that is already over. */
    if (lexer->too_deep || span.start < lexer->opener_span.start) return;
    lexer->too_deep = true;
    struct at_diag *diag =
        at_lex_mistake(lexer, AT_A0116, span, "nested more than %d levels deep", AT_MAX_NESTING);
    if (diag) at_diag_help(diag, "give names to parts of it with `measure` or `function`");
}
