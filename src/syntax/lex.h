/* syntax/lex.h: text to tokens. The scanner proper is grammar/attain.re. This file declares its state and
 * what surrounds it.
 *
 * The parser asks for one token at a time. The lexer knows more than characters. It knows which statement and
 * which brackets are open. It knows whether a word is at a place where it can only be a name. After a
 * mistake, it knows how to get to the next statement:
 *
 *   - A word that opens a statement may begin a line that is not indented further than the statement before.
 * If a bracket is still open there, it was forgotten. The lexer reports it and closes it for the parser.
 *   - After a mistake (`skipping`), the lexer discards tokens up to the next opening word. In a test, it
 * discards them up to the next example of the test.
 */
#ifndef AT_SYNTAX_LEX_H
#define AT_SYNTAX_LEX_H

#include "base/vec.h"
#include "diag/diag.h"
#include "syntax/ast.h"

union AT_YYSTYPE; /* the value of a token: defined by the grammar */

enum {
    AT_MAX_NESTING = 500,  /* brackets in brackets */
    AT_MAX_HEIGHT = 1000,  /* of a tree */
    AT_MAX_STACK = 20000,  /* symbols that the parser holds at once */
    AT_MAX_DIGITS = 10000, /* of a number */
    AT_MAX_MISTAKES = 50,  /* of one file that are reported */
    AT_MAX_NO_TEXT = 5     /* of them bytes that are not text: with more, it is some other kind of file */
};

/* A name or a keyword, unchanged from the source. */
struct at_lex_word {
    at_str text; /* without back quotes */
    at_span span;
};

/* An absent word: `text.n` is 0, which no word of the source has. */
static inline struct at_lex_word at_lex_no_word(void) {
    return (struct at_lex_word){0};
}

/* The state of the lexer for one file. `arena`, `diags`, `ast`, and `file` must outlive it. The
 * text of the file does not change while it is read. */
struct at_lex_state {
    struct at_arena *arena;     /* view */
    struct at_diag_list *diags; /* view */
    struct at_ast *ast;         /* view; counts the nodes, gathers comments */
    const struct at_diag_source_file *file;
    struct at_map *words; /* keywords.def by word */

    const char *at, *limit, *marker; /* re2c's cursor */
    const char *token;               /* start of the current token */
    const char *line;                /* start of its line */
    bool first_of_line;              /* only blanks come before it on its line */

    int last; /* the token given before, and where */
    at_span last_span;
    int previous; /* the one before that */
    at_span previous_span;
    bool last_first; /* the last token was the first of its line */
    int opener;      /* the word that opened the current statement */
    at_span opener_span;
    unsigned opener_indent;
    unsigned tokens;    /* of this statement so far */
    bool type_expected; /* in a block of fields: the name of a field was given, its type was not */

    /* Of the current statement, for messages that offer what to write. An empty span: not seen. */
    struct at_lex_seen {
        at_span equals, formula; /* the first = outside of brackets, and the token after it */
        at_span path;            /* the last name with its dots, if the last token belongs to it */
        int before_path;         /* the token before it */
        at_span path_before;     /* `path` before the last token */
        at_span compared;        /* what the last comparison compares, if it is only a name */
    } seen;

    uint32_t depth; /* brackets that are open */
    struct at_lex_open {
        char bracket;
        at_span span;
    } open[AT_MAX_NESTING];
    at_span lost_paren; /* a ( that the } just given left open */

    uint64_t given, given_before; /* tokens; and when the parser last went on after a mistake */
    bool skipping;                /* a mistake was reported: go to the next statement */
    bool in_test;                 /* the braces of a test are open for the parser */
    bool closed_test;             /* the last token was the brace that closes it */
    bool quiet;    /* brackets are being closed for the parser: what it says about them is not news */
    bool too_deep; /* the current statement was given up */
    bool stopped;  /* too many mistakes: nothing but the end follows */
    bool holding;  /* a token waits until the brackets before it are closed */
    int held;
    at_span held_span;
    struct at_lex_word held_word;
    bool held_first;

    unsigned mistakes, no_text;
    unsigned doubt; /* so many tokens to come are not complained about: a mistake just told explains them */
    bool doubted;   /* the last token was one of them */
    enum at_diag_code
        bad_code; /* the last strange character: what touches it and is as strange is not told again */
    const char *bad_end;
    const char *square; /* the ] of a [ that was reported */

    /* While a number with full-width characters is read: a plain copy of it, and where its bytes are in the
     * file. copy_n is 0 otherwise. */
    const char *copy;
    const char *const *copy_of;
    size_t copy_n;

    struct {
        struct at_ast_comment *at;
        size_t n, room;
    } comments;
};

void at_lex_start(struct at_lex_state *lexer, struct at_arena *arena, struct at_diag_list *diags,
                  struct at_ast *ast, const struct at_diag_source_file *file);
/* The next token for the parser: a code of enum at_yytokentype, or a character. */
int at_lex_next(struct at_lex_state *lexer, union AT_YYSTYPE *value, at_span *span);
/* Whether this token is one from which the parser can go on after a mistake. */
bool at_lex_in_step(const struct at_lex_state *lexer, int token);
/* Whether tokens were given since it was last asked. */
bool at_lex_moved(struct at_lex_state *lexer);
/* Gives up the current statement and reports that it is nested too deeply. */
void at_lex_too_deep(struct at_lex_state *lexer, at_span span);
/* Counts a mistake and reports it. Returns NULL if there are too many. The first mistake above the limit
 * reports that. */
struct at_diag *at_lex_mistake(struct at_lex_state *lexer, enum at_diag_code code, at_span span,
                               const char *format, ...) AT_PRINTF(4, 5);
bool at_lex_opens(int token); /* a word that opens a statement */
/* Whether what follows shows that a word that opens a statement is a name, as in `where measure is "x"`. */
bool at_lex_goes_on(const struct at_lex_state *lexer, int opener);
bool at_lex_soft(int token);      /* a word that is a name elsewhere */
bool at_lex_attribute(int token); /* a word that belongs to `policy` */
int at_lex_keyword(size_t i,
                   const char **word); /* the i-th of keywords.def: its token; AT_TOK_END after the last */
/* What the parser has to do with a token that it did not expect: sets `skipping` unless it can go on from it.
 */
void at_lex_after_mistake(struct at_lex_state *lexer, int token, bool used_as_name);
const char *at_lex_token_name(int token); /* grammar/attain.y: as messages show it */

/* ---- between attain.re and lex.c */
enum { AT_LEX_AGAIN = -1 }; /* a blank, a comment, a mistake: scan on */
/* Reads one token, or returns AT_LEX_AGAIN after a piece of text that is not a token. Knows only
 * characters, not brackets or statements. */
int at_lex_scan(struct at_lex_state *lexer, union AT_YYSTYPE *value);
at_span at_lex_span(const struct at_lex_state *lexer, const char *from, const char *to);
void at_lex_line(struct at_lex_state *lexer); /* a line ended */
void at_lex_comment(struct at_lex_state *lexer);
int at_lex_word(struct at_lex_state *lexer, union AT_YYSTYPE *value);
int at_lex_quoted_name(struct at_lex_state *lexer, union AT_YYSTYPE *value);
/* Reads the rest of a text, of which the scanner has read the opening mark. See lex.c for
 * `quote_bytes`. */
int at_lex_text(struct at_lex_state *lexer, union AT_YYSTYPE *value, unsigned quote_bytes);
/* ---- syntax/lex_strange.c: what is not of this language */
/* Reports a strange character; `instead` is returned so that the parser sees what was meant. `fix` is what
 * was certainly meant, or NULL. */
int at_lex_strange(struct at_lex_state *lexer, enum at_diag_code code, int instead, const char *message,
                   const char *help, const char *fix);
int at_lex_invisible(struct at_lex_state *lexer);
int at_lex_unknown(struct at_lex_state *lexer); /* anything that no rule knows */
int at_lex_semicolon(struct at_lex_state *lexer);
int at_lex_percent(struct at_lex_state *lexer); /* % that is not directly after a number */
int at_lex_dashes(struct at_lex_state *lexer);  /* -- or //, of comments elsewhere */
int at_lex_square(struct at_lex_state *lexer);  /* [ or ] */
/* In a block of fields, a word that is nearly an option, or a currency that does not exist: reports it, and
 * returns the token that was meant, AT_LEX_AGAIN for none. 0: it is a name. */
int at_lex_field_word(struct at_lex_state *lexer, union AT_YYSTYPE *value);
/* Whether `key` is followed by a name and a comma: it opens a key of several fields. */
bool at_lex_begins_keys(const struct at_lex_state *lexer);
bool at_lex_is_dot(const struct at_lex_state *lexer);                     /* a full-width period */
const char *at_lex_as_word(struct at_lex_state *lexer, const char *word); /* with blanks around it */
const char *at_lex_as_comment(struct at_lex_state *lexer);                /* lines of the token, with # */
/* ---- syntax/lex_number.c */
int at_lex_number(struct at_lex_state *lexer, union AT_YYSTYPE *value);
int at_lex_money(struct at_lex_state *lexer, union AT_YYSTYPE *value);

/* Whether the next token begins with this mark, on the same line or not; comments may come between. */
bool at_lex_follows(const struct at_lex_state *lexer, char mark, bool lines);
bool at_lex_in_fields(const struct at_lex_state *lexer); /* directly between the braces of a typed table */
bool at_lex_word_char(const char *p, const char *limit, unsigned *bytes); /* may stand inside a name */

#endif
