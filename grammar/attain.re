/* grammar/attain.re: characters to tokens.
 *
 * The vocabulary is on top, then one block of rules. Words are looked up in syntax/keywords.def, not listed here; numbers,
 * money, dates, text and quoted names are begun here and finished by functions of their own (syntax/lex.c, lex_number.c). A
 * mistake is reported and scanning goes on: where it is clear what was meant, the token that was meant is returned.
 */
#include "attain_parse.h"
#include "syntax/lex.h"

/* Reports a mistake. `fix` replaces the characters, NULL if it is not certain what was meant. */
#define SAY(code, instead, message, help, fix)                                                                         \
    return at_lex_strange(lexer, AT_##code, instead, message, help, fix)
#define OPERATOR(kind, which)                                                                                          \
    do {                                                                                                               \
        value->op = AT_OP_##which;                                                                                     \
        return AT_TOK_##kind;                                                                                          \
    } while (0)
#define NOT_OURS(kind, which, message, help, fix)                                                                           \
    do {                                                                                                               \
        value->op = AT_OP_##which;                                                                                     \
        SAY(A0105, AT_TOK_##kind, message, help, fix);                                                                      \
    } while (0)
#define NOT_OUR_WORD(kind, word_text, message, help, fix)                                                                   \
    do {                                                                                                               \
        value->word = (struct at_lex_word){AT_STR(word_text), {0, 0}};                                                     \
        SAY(A0105, AT_TOK_##kind, message, help, fix);                                                                      \
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

    // Full-width marks, as an input method writes them, mean the plain ones. syntax/plain.c has the same list.
    equals      = "=" | "\uff1d";
    less        = "<" | "\uff1c";
    greater     = ">" | "\uff1e";
    percent     = "%" | "\uff05";

    // ---- blanks, comments, the end
    <code> $              { return AT_TOK_END; }
    <code> blank+         { return AT_LEX_AGAIN; }
    <code> end_of_line    { at_lex_line(lexer); return AT_LEX_AGAIN; }
    <code> "#" | "\uff03" { at_lex_comment(lexer); return AT_LEX_AGAIN; }

    // ---- words, literals
    <code> letter                { return at_lex_word(lexer, value); }
    <code> "`"                   { return at_lex_quoted_name(lexer, value); }
    <code> digit | wide_digit    { return at_lex_number(lexer, value); }
    <code> [A-Za-z]{0,3} sign    { return at_lex_money(lexer, value); }
    <code> "\"" | "\u201c" | "\u201d" | "\u2018" | "\u2019" | "\u201e" | "\u00ab" | "\u00bb" | "\uff02" | "\uff07" {
        return at_lex_text(lexer, value, (unsigned)(lexer->at - lexer->token));
    }

    // ---- marks
    <code> [-+*/=(){}|,.:]          { return lexer->at[-1]; }
    <code> "\uff0d" | "\u2212"      { return '-'; }
    <code> "\uff0b"                 { return '+'; }
    <code> "\uff0a" | "\u00d7"      { return '*'; }
    <code> "\uff0f" | "\u00f7"      { return '/'; }
    <code> "\uff1d"                 { return '='; }
    <code> "\uff08"                 { return '('; }
    <code> "\uff09"                 { return ')'; }
    <code> "\uff5b"                 { return '{'; }
    <code> "\uff5d"                 { return '}'; }
    <code> "\uff5c"                 { return '|'; }
    <code> "\uff0c" | "\u3001"      { return ','; }
    <code> "\uff1a"                 { return ':'; }
    <code> less                     { return '<'; }
    <code> greater                  { return '>'; }
    <code> less equals | "\u2264" | "\u2266"    { OPERATOR(LE, LE); }
    <code> greater equals | "\u2265" | "\u2267" { OPERATOR(GE, GE); }
    <code> less greater | "\u2260"              { OPERATOR(NE, NE); }
    <code> "\u3002" | "\uff0e" {
        if (at_lex_is_dot(lexer)) return '.';
        SAY(A0104, AT_LEX_AGAIN, "unnecessary period", "delete it: each statement starts with a keyword", "");
    }

    // ---- what people write who come from elsewhere
    <code> equals equals  { SAY(A0105, '=', "`==` is not an operator", "write `=`", "="); }
    <code> "!=" | "\uff01" equals  { NOT_OURS(NE, NE, "this is not an operator", "write `<>` or `is not`", "<>"); }
    <code> "=>"        { NOT_OURS(GE, GE, "this is not an operator", "write `>=`", ">="); }
    <code> "=<"        { NOT_OURS(LE, LE, "this is not an operator", "write `<=`", "<="); }
    <code> "&&" | "&" | "\uff06" { NOT_OUR_WORD(AND, "and", "this is not an operator", "write `and`", at_lex_as_word(lexer, "and")); }
    <code> "||"        { NOT_OUR_WORD(OR, "or", "this is not an operator", "write `or`", at_lex_as_word(lexer, "or")); }
    <code> "!"         { NOT_OUR_WORD(NOT, "not", "`!` is not an operator", "write `not`", at_lex_as_word(lexer, "not")); }
    <code> "\u2013" | "\u2014" { SAY(A0105, '-', "this dash is not a minus", "write `-`", "-"); }
    <code> "+=" | "-=" | "*=" | "/=" | ":=" { SAY(A0105, '=', "this is not an operator", "write `=`: a name gets its value once", "="); }
    <code> "^" | "**"  { SAY(A0105, '*', "this is not an operator", "write a power as a product, such as `a * a`", NULL); }
    <code> percent+    { return at_lex_percent(lexer); }
    <code> (";" | "\uff1b")+ { return at_lex_semicolon(lexer); }
    <code> "//" [^\r\n\x00]* | "--" | "\u2014\u2014" { return at_lex_dashes(lexer); }
    <code> "/*" ([^*\x00] | "*" [^/\x00])* "*/" { SAY(A0129, AT_LEX_AGAIN, "this is not a comment", "start each line of the comment with `#`", at_lex_as_comment(lexer)); }
    <code> "'" [^'\r\n\x00]* "'" { return at_lex_text(lexer, value, 0); }
    <code> "[" | "]" | "\uff3b" | "\uff3d" { return at_lex_square(lexer); }

    // ---- what is no text at all
    <code> "\x00"+     { SAY(A0113, AT_LEX_AGAIN, "zero byte", "save the file as UTF-8 text", NULL); }
    <code> invisible+  { return at_lex_invisible(lexer); }
    <code> *           { return at_lex_unknown(lexer); }
    */
}
