/* grammar/attain.re: characters to tokens.
 *
 * The vocabulary is on top, then one block of rules. Words are looked up in syntax/keywords.def, not listed here; numbers,
 * money, dates, text and quoted names are begun here and finished by functions of their own (syntax/lex.c, lex_number.c). A
 * mistake is reported and scanning goes on: where it is clear what was meant, the token that was meant is returned.
 */
#include "attain_parse.h"
#include "syntax/lex.h"

#define SAY(code, instead, message, help) return at_lex_strange(lexer, AT_##code, instead, message, help)
#define OPERATOR(kind, which)                                                                                          \
    do {                                                                                                               \
        value->op = AT_OP_##which;                                                                                     \
        return AT_TOK_##kind;                                                                                          \
    } while (0)
#define NOT_OURS(kind, which, message, help)                                                                           \
    do {                                                                                                               \
        value->op = AT_OP_##which;                                                                                     \
        SAY(A0105, AT_TOK_##kind, message, help);                                                                      \
    } while (0)
#define NOT_OUR_WORD(kind, word_text, message, help)                                                                   \
    do {                                                                                                               \
        value->word = (struct at_lex_word){AT_STR(word_text), {0, 0}};                                                     \
        SAY(A0105, AT_TOK_##kind, message, help);                                                                      \
    } while (0)

/* The lexer has one condition only. */
enum { yyccode };

int at_lex_scan(struct at_lex_state *lexer, union AT_YYSTYPE *value) {
    lexer->token = lexer->at;
    /*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = "lexer->at";
    re2c:define:YYLIMIT = "lexer->limit";
    re2c:define:YYMARKER = "lexer->marker";
    re2c:define:YYGETCONDITION = "yyccode";
    re2c:define:YYGETCONDITION:naked = 1;
    re2c:yyfill:enable = 0;
    re2c:eof = 0;

    // ---- vocabulary
    end_of_line = "\r\n" | "\n" | "\r";
    blank       = [ \t\v\f\u00a0\u2000-\u200a\u202f\u205f\u3000];
    invisible   = [\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u0085\u2028\u2029];
    digit       = [0-9];
    letter      = [A-Za-z_\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u058e\u0590-\u060a\u060c-\u09f1\u09f4-\u09fa\u09fc-\u0af0]
                | [\u0af2-\u0bf8\u0bfa-\u0e3e\u0e40-\u17da\u17dc-\u1fff\u2071\u207f\u2090-\u209c\u20d0-\u218f\u2c00-\u2dff]
                | [\u3005-\u3007\u3021-\u302f\u3031-\u303c\u3041-\ua837\ua839-\ud7ff\uf900-\ufdfb\ufe20-\ufe2f\ufe70-\ufefe]
                | [\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc\U00010000-\U0001efff\U00020000-\U0003ffff];
    sign        = [$\u00a2-\u00a5\u058f\u060b\u09f2\u09f3\u09fb\u0af1\u0bf9\u0e3f\u17db\u20a0-\u20cf\ua838\ufdfc\ufe69\uff04\uffe0\uffe1\uffe5\uffe6];
    wide_digit  = [\uff10-\uff19];

    // ---- blanks, comments, the end
    <code> $           { return AT_TOK_END; }
    <code> blank+      { return AT_LEX_AGAIN; }
    <code> end_of_line { at_lex_line(lexer); return AT_LEX_AGAIN; }
    <code> "#"         { at_lex_comment(lexer); return AT_LEX_AGAIN; }

    // ---- words, literals
    <code> letter                { return at_lex_word(lexer, value); }
    <code> "`"                   { return at_lex_quoted_name(lexer, value); }
    <code> digit                 { return at_lex_number(lexer, value); }
    <code> [A-Za-z]{0,3} sign    { return at_lex_money(lexer, value); }
    <code> "\""                  { return at_lex_text(lexer, value, 1); }

    // ---- marks
    <code> [-+*/=(){}|,.:] { return lexer->at[-1]; }
    <code> "<"             { return '<'; }
    <code> ">"             { return '>'; }
    <code> "<="            { OPERATOR(LE, LE); }
    <code> ">="            { OPERATOR(GE, GE); }
    <code> "<>"            { OPERATOR(NE, NE); }

    // ---- what people write who come from elsewhere
    <code> "=="        { SAY(A0105, '=', "`==` is not an operator", "write `=`"); }
    <code> "!=" | "\u2260"  { NOT_OURS(NE, NE, "this is not an operator", "write `<>` or `is not`"); }
    <code> "=>" | "\u2265"  { NOT_OURS(GE, GE, "this is not an operator", "write `>=`"); }
    <code> "=<" | "\u2264"  { NOT_OURS(LE, LE, "this is not an operator", "write `<=`"); }
    <code> "&&" | "&"  { NOT_OUR_WORD(AND, "and", "this is not an operator", "write `and`"); }
    <code> "||"        { NOT_OUR_WORD(OR, "or", "this is not an operator", "write `or`"); }
    <code> "!"         { NOT_OUR_WORD(NOT, "not", "`!` is not an operator", "write `not`"); }
    <code> "\u00d7"         { SAY(A0105, '*', "`×` is not an operator", "write `*`, or `of` after a rate, such as `10% of bookings`"); }
    <code> "\u00f7"         { SAY(A0105, '/', "`÷` is not an operator", "write `/`"); }
    <code> "\u2212" | "\u2013" | "\u2014" { SAY(A0105, '-', "this dash is not a minus", "write `-`"); }
    <code> "+=" | "-=" | "*=" | "/=" | ":=" { SAY(A0105, '=', "this is not an operator", "write `=`: a name gets its value once"); }
    <code> "^" | "**"  { SAY(A0105, '*', "this is not an operator", "write a power as a product, such as `a * a`"); }
    <code> "%"+        { SAY(A0109, AT_LEX_AGAIN, "expected a number before `%`", "write `%` directly after the number, such as `12.5%`"); }
    <code> ";"         { SAY(A0130, AT_LEX_AGAIN, "unnecessary `;`", "delete it: each statement starts with a keyword"); }
    <code> "//" [^\r\n\x00]* { SAY(A0129, AT_LEX_AGAIN, "this is not a comment", "start the comment with `#`"); }
    <code> "/*" ([^*\x00] | "*" [^/\x00])* "*/" { SAY(A0129, AT_LEX_AGAIN, "this is not a comment", "start each line of the comment with `#`"); }
    <code> "'" [^'\r\n\x00]* "'" { return at_lex_text(lexer, value, 0); }
    <code> "[" | "]"   { SAY(A0101, AT_LEX_AGAIN, "square brackets are not used", "write a list in parentheses, such as `in (\"a\", \"b\")`"); }

    // ---- what word processors and input methods write
    <code> "\u201c" | "\u201d" | "\u2018" | "\u201e" | "\u00ab" | "\u00bb" | "\uff02" { return at_lex_text(lexer, value, (unsigned)(lexer->at - lexer->token)); }
    <code> "\uff08" { SAY(A0104, '(', "full-width `（`", "write `(`"); }
    <code> "\uff09" { SAY(A0104, ')', "full-width `）`", "write `)`"); }
    <code> "\uff5b" { SAY(A0104, '{', "full-width `｛`", "write `{`"); }
    <code> "\uff5d" { SAY(A0104, '}', "full-width `｝`", "write `}`"); }
    <code> "\uff0c" | "\u3001" { SAY(A0104, ',', "full-width comma", "write `,`"); }
    <code> "\uff1a" { SAY(A0104, ':', "full-width `：`", "write `:`"); }
    <code> "\u3002" | "\uff0e" { SAY(A0104, AT_LEX_AGAIN, "full-width period", "write `.` before the name of a field, and nothing at the end of a statement"); }
    <code> "\uff1b" { SAY(A0130, AT_LEX_AGAIN, "unnecessary `；`", "delete it: each statement starts with a keyword"); }
    <code> "\uff1d" { SAY(A0104, '=', "full-width `＝`", "write `=`"); }
    <code> "\uff0b" { SAY(A0104, '+', "full-width `＋`", "write `+`"); }
    <code> "\uff0d" { SAY(A0104, '-', "full-width `－`", "write `-`"); }
    <code> "\uff0a" { SAY(A0104, '*', "full-width `＊`", "write `*`"); }
    <code> "\uff0f" { SAY(A0104, '/', "full-width `／`", "write `/`"); }
    <code> "\uff5c" { SAY(A0104, '|', "full-width `｜`", "write `|`"); }
    <code> "\uff1c" { SAY(A0104, '<', "full-width `＜`", "write `<`"); }
    <code> "\uff1e" { SAY(A0104, '>', "full-width `＞`", "write `>`"); }
    <code> "\uff05" { SAY(A0104, AT_LEX_AGAIN, "full-width `％`", "write `%` directly after the number"); }
    <code> "\uff03" { at_lex_comment(lexer); SAY(A0104, AT_LEX_AGAIN, "full-width `＃`", "start the comment with `#`"); }
    <code> wide_digit+ { return at_lex_wide_digits(lexer, value); }

    // ---- what is no text at all
    <code> "\x00"+     { SAY(A0113, AT_LEX_AGAIN, "zero byte", "save the file as UTF-8 text"); }
    <code> invisible+  { return at_lex_invisible(lexer); }
    <code> *           { return at_lex_unknown(lexer); }
    */
}
