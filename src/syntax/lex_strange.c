/* syntax/lex_strange.c: characters that are not of this language, and what was meant by them.
 *
 * A message about a character gives the edit that corrects it, if it is certain what was meant.
 */
#include "attain_parse.h"
#include "base/vec.h"
#include "syntax/lex.h"
#include "syntax/plain.h"

/* Lines that a token ran over. */
static void count_lines(struct at_lex_state *lexer) {
    for (const char *p = lexer->token; p < lexer->at; p++)
        if (*p == '\n' || *p == '\r') lexer->line = p + 1;
}

int at_lex_strange(struct at_lex_state *lexer, enum at_diag_code code, int instead, const char *message,
                   const char *help, const char *fix) {
    /* A run of strange characters is one error: the next one touches the end of the last one. */
    bool again = lexer->bad_end == lexer->token && lexer->bad_code == code;
    if (!again && !(lexer->skipping && code == AT_A0101)) {
        struct at_diag *diag =
            at_lex_mistake(lexer, code, at_lex_span(lexer, lexer->token, lexer->at), "%s", message);
        if (diag && help) at_diag_help(diag, "%s", help);
        if (diag && fix) at_diag_fix(diag, diag->span, "%s", fix);
    }
    count_lines(lexer);
    /* The parser did not see this character, so a syntax error at the next token would only be
     * its consequence. */
    if (instead == AT_LEX_AGAIN) lexer->doubt = 1;
    lexer->bad_code = code;
    lexer->bad_end = lexer->at;
    return instead;
}

/* The message shows the number of the character, because the reader cannot see it in the source. */
int at_lex_invisible(struct at_lex_state *lexer) {
    unsigned n;
    uint32_t c = at_utf8_next(lexer->token, lexer->limit, &n);
    at_str message = at_str_format(lexer->arena, "invisible character U+%04X", (unsigned)c);
    int again = at_lex_strange(lexer, AT_A0132, AT_LEX_AGAIN, message.p,
                               "delete it: text pasted from a document often contains such characters", "");
    /* Without the character the text is usually valid, so errors after it are errors of their
     * own. */
    lexer->doubt = 0;
    return again;
}

/* Reports a character without a rule, or a byte that does not begin a character. It also skips the
 * continuation bytes that follow such a byte. */
int at_lex_unknown(struct at_lex_state *lexer) {
    const char *p = lexer->token;
    if (at_utf8_invalid(p, (size_t)(lexer->limit - p > 4 ? 4 : lexer->limit - p)) == 0) {
        lexer->at = p + 1;
        while (lexer->at < lexer->limit && ((unsigned char)*lexer->at & 0xC0) == 0x80)
            lexer->at++;
        return at_lex_strange(lexer, AT_A0102, AT_LEX_AGAIN, "these bytes are not UTF-8",
                              "save the file as UTF-8: it may be in an older encoding", NULL);
    }
    unsigned n;
    uint32_t c = at_utf8_next(p, lexer->limit, &n);
    lexer->at = p + n;
    if (c < 0x20 || c == 0x7f) return at_lex_invisible(lexer);
    at_str shown = at_str_format(lexer->arena, "unknown character `%.*s`", (int)n, p);
    return at_lex_strange(lexer, AT_A0101, AT_LEX_AGAIN, shown.p,
                          c == '?' && lexer->seen.equals.end
                              ? "to choose between two values, write `if … then … else …`"
                              : "delete it, or put it in double quotes if it is text",
                          NULL);
}

/* ---- marks that people know from elsewhere */

static bool is_blank(const char *p, const char *limit) {
    return p >= limit || *p == ' ' || *p == '\t' || *p == '\n' || *p == '\r';
}

/* A full-width period is a dot between two names, such as `rep。name`. */
bool at_lex_is_dot(const struct at_lex_state *lexer) {
    const char *before = lexer->token - 1, *after = lexer->at;
    unsigned n;
    if (lexer->token == lexer->file->text.p || after >= lexer->limit) return false;
    while (before > lexer->file->text.p && ((unsigned char)*before & 0xC0) == 0x80)
        before--;
    bool name = *before == '`' || at_lex_word_char(before, lexer->token, &n);
    return name && (*after == '`' || at_lex_word_char(after, lexer->limit, &n));
}

const char *at_lex_as_word(struct at_lex_state *lexer, const char *word) {
    const char *p = lexer->token, *start = lexer->file->text.p;
    bool before = p > start && !is_blank(p - 1, p), after = !is_blank(lexer->at, lexer->limit);
    return at_str_format(lexer->arena, "%s%s%s", before ? " " : "", word, after ? " " : "").p;
}

/* A comment of another language may end before the line does, and what follows it goes on a line of its own.
 */
const char *at_lex_as_comment(struct at_lex_state *lexer) {
    struct at_text out = {0};
    const char *p = lexer->token + 2, *end = lexer->at - 2;
    for (bool first = true; first || p < end; first = false) {
        const char *line = p;
        while (p < end && *p != '\n' && *p != '\r')
            p++;
        at_str text = at_str_trim((at_str){line, (uint32_t)(p - line)});
        at_text_add(lexer->arena, &out, first ? AT_STR("# ") : AT_STR("\n# "));
        at_text_add(lexer->arena, &out, text);
        while (p < end && (*p == '\n' || *p == '\r'))
            p++;
    }
    const char *after = lexer->at;
    while (after < lexer->limit && (*after == ' ' || *after == '\t'))
        after++;
    if (after < lexer->limit && *after != '\n' && *after != '\r')
        at_text_add(lexer->arena, &out, AT_STR("\n"));
    return at_text_str(&out).p;
}

/* `10 %`: the sign belongs to the number before the blanks. */
int at_lex_percent(struct at_lex_state *lexer) {
    bool number = lexer->last == AT_TOK_NUMBER && !lexer->first_of_line;
    at_span span = at_lex_span(lexer, lexer->token, lexer->at);
    int again = at_lex_strange(lexer, AT_A0109, AT_LEX_AGAIN, "expected a number before `%`",
                               "write `%` directly after the number, such as `12.5%`", NULL);
    if (number && lexer->diags->n && lexer->at - lexer->token <= 3) {
        struct at_diag *diag = lexer->diags->at[lexer->diags->n - 1];
        if (diag->span.start == span.start)
            at_diag_fix(diag, (at_span){lexer->last_span.end, span.end}, "%%");
    }
    return again;
}

/* Spreadsheets of many countries separate arguments so. */
int at_lex_semicolon(struct at_lex_state *lexer) {
    bool arguments = lexer->depth > 0 && lexer->open[lexer->depth - 1].bracket == '(';
    if (arguments)
        return at_lex_strange(lexer, AT_A0130, ',', "arguments are separated by commas", "write `,`", ",");
    return at_lex_strange(lexer, AT_A0130, AT_LEX_AGAIN, "unnecessary `;`",
                          "delete it: each statement starts with a keyword", "");
}

/* Two dashes begin a comment in other languages. Before an operand they can also be two minus signs. */
int at_lex_dashes(struct at_lex_state *lexer) {
    const char *p = lexer->at, *limit = lexer->limit;
    bool operand = *lexer->token == '-' && p < limit &&
                   ((*p >= '0' && *p <= '9') || *p == '(' || *p == '$') && !lexer->first_of_line;
    if (operand)
        return at_lex_strange(lexer, AT_A0129, '+', "two minus signs", "write `+`. For a comment, write `#`",
                              at_lex_as_word(lexer, "+"));
    while (lexer->at < limit && *lexer->at != '\n' && *lexer->at != '\r')
        lexer->at++;
    unsigned marks = *lexer->token == '-' || *lexer->token == '/' ? 2 : 6;
    at_str rest = {lexer->token + marks, (uint32_t)(lexer->at - lexer->token - marks)};
    bool text = rest.n && rest.p[rest.n - 1] != 0 && !memchr(rest.p, 0, rest.n);
    at_str fix = at_str_format(lexer->arena, "#%.*s", AT_STR_ARG(rest));
    int again = at_lex_strange(lexer, AT_A0129, AT_LEX_AGAIN, "this is not a comment",
                               "start the comment with `#`", text || !rest.n ? fix.p : NULL);
    lexer->doubt = 0; /* the line is complete without it */
    return again;
}

/* Reports a pair of brackets once, at the first. */
int at_lex_square(struct at_lex_state *lexer) {
    bool wide = lexer->at - lexer->token > 1, opens = wide ? lexer->token[2] == '\xBB' : *lexer->token == '[';
    int meant = opens ? '(' : ')';
    if (!opens && lexer->token == lexer->square) return meant;
    const char *p = lexer->at, *close = wide ? "］" : "]";
    size_t n = strlen(close);
    while (p + n <= lexer->limit && *p != '\n' && *p != '[' && memcmp(p, close, n) != 0)
        p++;
    bool pair = opens && p + n <= lexer->limit && memcmp(p, close, n) == 0;
    uint32_t before = lexer->diags->n;
    at_lex_strange(lexer, AT_A0101, meant, "square brackets are not used",
                   "write a list in parentheses, such as `in (\"a\", \"b\")`", pair ? "(" : NULL);
    lexer->square = pair ? p : NULL;
    if (pair && lexer->diags->n > before)
        at_diag_fix(lexer->diags->at[before], at_lex_span(lexer, p, p + n), ")");
    return meant;
}
