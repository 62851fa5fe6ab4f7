/* syntax/lex.c: what surrounds the scanner: words, text, quoted names, and the pieces that are not tokens. */
#include "syntax/lex.h"

#include "attain_parse.h"
#include "base/map.h"
#include "base/money.h"
#include "syntax/plain.h"

/* ---- the words of the language */

enum word_class { NO_WORD, OPENS, JOINS, SOFT, ATTR };

struct keyword {
    int token;
    const char *word;
    enum word_class class;
};

static const struct keyword KEYWORDS[] = {
#define AT_KEYWORD(token, word, class, english, chinese) {AT_TOK_##token, word, class},
#include "syntax/keywords.def"
#undef AT_KEYWORD
};

/* One map for each file, because a table shared by all threads would be global state. */
static struct at_map *make_words(struct at_arena *arena) {
    struct at_map *words = AT_NEW(arena, struct at_map);
    at_map_init(words, arena);
    for (size_t i = 0; i < AT_COUNT(KEYWORDS); i++)
        at_map_put(words, at_str_z(KEYWORDS[i].word), (void *)(uintptr_t)&KEYWORDS[i]);
    return words;
}

/* A switch from keywords.def, which compiles to a table. The report of a syntax error asks this for every
 * token. */
static enum word_class class_of(int token) {
    switch (token) {
#define AT_KEYWORD(token, word, class, english, chinese)                                                     \
    case AT_TOK_##token:                                                                                     \
        return class;
#include "syntax/keywords.def"
#undef AT_KEYWORD
    default: return NO_WORD;
    }
}

bool at_lex_opens(int token) {
    return class_of(token) == OPENS;
}
bool at_lex_soft(int token) {
    return class_of(token) == SOFT || class_of(token) == ATTR;
}
bool at_lex_attribute(int token) {
    return class_of(token) == ATTR;
}

int at_lex_keyword(size_t i, const char **word) {
    if (i >= AT_COUNT(KEYWORDS)) return AT_TOK_END;
    *word = KEYWORDS[i].word;
    return KEYWORDS[i].token;
}

/* ---- state */

void at_lex_start(struct at_lex_state *lexer, struct at_arena *arena, struct at_diag_list *diags,
                  struct at_ast *ast, const struct at_diag_source_file *file) {
    memset(lexer, 0, sizeof *lexer);
    lexer->arena = arena;
    lexer->diags = diags;
    lexer->ast = ast;
    lexer->file = file;
    lexer->words = make_words(arena);
    lexer->at = lexer->line = file->text.p;
    lexer->limit = file->text.p + file->text.n;
    /* A byte order mark at the start is legal UTF-8. Spans still count from the first byte of the
     * file. */
    if (file->text.n >= 3 && memcmp(lexer->at, "\xEF\xBB\xBF", 3) == 0) lexer->at += 3;
    lexer->first_of_line = true;
    lexer->last_span = at_lex_span(lexer, lexer->at, lexer->at);
}

at_span at_lex_span(const struct at_lex_state *lexer, const char *from, const char *to) {
    const char *start = lexer->file->text.p;
    if (lexer->copy_n && from >= lexer->copy && from <= lexer->copy + lexer->copy_n) {
        from = lexer->copy_of[from - lexer->copy];
        to = lexer->copy_of[to - lexer->copy];
    }
    return (at_span){lexer->file->base + (uint32_t)(from - start),
                     lexer->file->base + (uint32_t)(to - start)};
}

void at_lex_line(struct at_lex_state *lexer) {
    lexer->line = lexer->at;
    lexer->first_of_line = true;
}

static void report_bytes(struct at_lex_state *lexer, at_span span, const char *message) {
    struct at_diag *diag = at_lex_mistake(lexer, AT_A0102, span, "%s", message);
    if (diag) at_diag_help(diag, "save the file as UTF-8: it may be in an older encoding");
}

/* After `#`: to the end of the line. */
void at_lex_comment(struct at_lex_state *lexer) {
    const char *p = lexer->at;
    while (p < lexer->limit && *p != '\n' && *p != '\r')
        p++;
    size_t valid = at_utf8_invalid(lexer->token, (size_t)(p - lexer->token));
    lexer->at = p;
    struct at_ast_comment comment = {at_lex_span(lexer, lexer->token, p), lexer->first_of_line};
    AT_VEC_PUSH(lexer->arena, &lexer->comments, comment);
    if (lexer->token + valid < p)
        report_bytes(lexer, at_lex_span(lexer, lexer->token + valid, lexer->token + valid + 1),
                     "this comment contains bytes that are not UTF-8");
}

/* ---- mistakes */

struct at_diag *at_lex_mistake(struct at_lex_state *lexer, enum at_diag_code code, at_span span,
                               const char *format, ...) {
    if (lexer->stopped) return NULL;
    /* A binary file would produce an error for almost every byte. A few bytes that are not text
     * end the reading. */
    lexer->no_text += code == AT_A0102 || code == AT_A0113;
    if (++lexer->mistakes > AT_MAX_MISTAKES || lexer->no_text > AT_MAX_NO_TEXT) {
        /* From here on, at_lex_next returns only the end of the file, so the parser ends too. */
        lexer->stopped = true;
        at_diag_add(lexer->diags, AT_A0120, span, "too many errors, so the rest of `%.*s` was not read",
                    AT_STR_ARG(lexer->file->name));
        return NULL;
    }
    va_list args;
    va_start(args, format);
    struct at_diag *diag = at_diag_add_args(lexer->diags, code, span, format, args);
    va_end(args);
    return diag;
}

/* ---- words */

/* The letters beyond ASCII, as in the scanner's `letter`, the middle dot of Catalan, and full-width digits.
 */
static const uint32_t LETTERS[][2] = {
    {0xAA, 0xAA},     {0xB5, 0xB5},     {0xB7, 0xB7},       {0xBA, 0xBA},      {0xC0, 0xD6},
    {0xD8, 0xF6},     {0xF8, 0x58E},    {0x590, 0x60A},     {0x60C, 0x9F1},    {0x9F4, 0x9FA},
    {0x9FC, 0xAF0},   {0xAF2, 0xBF8},   {0xBFA, 0xE3E},     {0xE40, 0x17DA},   {0x17DC, 0x1FFF},
    {0x2071, 0x2071}, {0x207F, 0x207F}, {0x2090, 0x209C},   {0x20D0, 0x218F},  {0x2C00, 0x2DFF},
    {0x3005, 0x3007}, {0x3021, 0x302F}, {0x3031, 0x303C},   {0x3041, 0xA837},  {0xA839, 0xD7FF},
    {0xF900, 0xFDFB}, {0xFE20, 0xFE2F}, {0xFE70, 0xFEFE},   {0xFF10, 0xFF19},  {0xFF21, 0xFF3A},
    {0xFF41, 0xFF5A}, {0xFF66, 0xFFDC}, {0x10000, 0x1EFFF}, {0x20000, 0x3FFFF}};

bool at_lex_word_char(const char *p, const char *limit, unsigned *bytes) {
    *bytes = 1;
    unsigned char c = p < limit ? (unsigned char)*p : 0;
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    uint32_t u = at_utf8_next(p, limit, bytes);
    if (*bytes == 1) return false; /* no UTF-8 */
    for (size_t i = 0; i < AT_COUNT(LETTERS) && LETTERS[i][0] <= u; i++)
        if (u <= LETTERS[i][1]) return true;
    return false;
}

static const char *skip_blanks(const char *p, const char *limit) {
    for (unsigned n = 1; p < limit; p += n) {
        n = 1;
        if (*p != ' ' && *p != '\t' && at_lex_plain_mark(p, limit, &n) != ' ') break;
    }
    return p;
}

static const char *skip_line(const char *p, const char *limit) {
    while (p < limit && *p != '\n' && *p != '\r')
        p++;
    return p;
}

bool at_lex_follows(const struct at_lex_state *lexer, char mark, bool lines) {
    const char *p = lexer->at, *limit = lexer->limit;
    unsigned n;
    for (;;) {
        p = skip_blanks(p, limit);
        if (p == limit) return false;
        if (*p == mark || at_lex_plain_mark(p, limit, &n) == mark) return true;
        if (!lines) return false;
        if (*p == '#' || at_lex_plain_mark(p, limit, &n) == '#')
            p = skip_line(p, limit);
        else if (*p == '\n' || *p == '\r')
            p++;
        else
            return false;
    }
}

/* Whether the next word of this line is the name of a built-in type, so that the word before it names a
 * field. */
static bool type_follows(const struct at_lex_state *lexer) {
    static const char *const TYPES[] = {"text",   "number",   "money", "date",
                                        "period", "duration", "flag",  "one"};
    const char *p = skip_blanks(lexer->at, lexer->limit), *q = p;
    for (unsigned n; q < lexer->limit && at_lex_word_char(q, lexer->limit, &n);)
        q += n;
    for (size_t i = 0; i < AT_COUNT(TYPES); i++)
        if (at_str_eq(at_str_z(TYPES[i]), (at_str){p, (uint32_t)(q - p)})) return true;
    return false;
}

/* In a block of fields, keywords may be names of fields, such as `to` or `from`. The lexer has to
 * know, because it chooses the token. */
bool at_lex_in_fields(const struct at_lex_state *lexer) {
    int opener = lexer->opener;
    return lexer->depth == 1 && lexer->open[0].bracket == '{' &&
           (opener == AT_TOK_PAYEE || opener == AT_TOK_DATA || opener == AT_TOK_HISTORY);
}

/* Returns whether a keyword is at a place where it can only be a name. */
static bool only_a_name(const struct at_lex_state *lexer, const struct keyword *keyword) {
    if (lexer->last == '.') return true;
    /* A row of a test names its fields before colons. `otherwise:` is the exception, since it
     * ends a `choose` in a formula. */
    if ((lexer->last == '{' || lexer->last == ',') && lexer->opener == AT_TOK_TEST &&
        keyword->token != AT_TOK_OTHERWISE)
        return at_lex_follows(lexer, ':', true);
    return at_lex_in_fields(lexer) && !lexer->type_expected && lexer->last != AT_TOK_BY &&
           (keyword->class == OPENS || keyword->class == JOINS) && keyword->token != AT_TOK_BY &&
           type_follows(lexer);
}

int at_lex_word(struct at_lex_state *lexer, union AT_YYSTYPE *value) {
    const char *p = lexer->token;
    for (unsigned n; p < lexer->limit && at_lex_word_char(p, lexer->limit, &n);)
        p += n;
    if (p == lexer->token) return at_lex_unknown(lexer); /* the scanner's letters are the same; never */
    lexer->at = p;
    at_str text = at_lex_plain(lexer->arena, (at_str){lexer->token, (uint32_t)(p - lexer->token)});
    value->word = (struct at_lex_word){text, at_lex_span(lexer, lexer->token, p)};
    const struct keyword *keyword = at_map_get(lexer->words, text);
    if (keyword && !only_a_name(lexer, keyword)) {
        if (keyword->token == AT_TOK_KEY && at_lex_in_fields(lexer) && at_lex_begins_keys(lexer))
            return AT_TOK_KEYS;
        return keyword->token;
    }
    if (!keyword && lexer->first_of_line == false && at_lex_in_fields(lexer)) {
        int option = at_lex_field_word(lexer, value);
        if (option) return option;
    }
    /* `money EUR`: the word after `money` is its currency if there is such a currency */
    if (text.n == 3 && lexer->last == AT_TOK_NAME && !lexer->first_of_line && at_currency_find(text) &&
        at_str_eq(at_diag_sources_text(lexer->ast->sources, lexer->last_span), AT_STR("money")))
        return AT_TOK_CODE;
    return AT_TOK_NAME;
}

/* Always gives a name, `?` if it is empty, so that one error does not become two. */
int at_lex_quoted_name(struct at_lex_state *lexer, union AT_YYSTYPE *value) {
    const char *p = lexer->at;
    while (p < lexer->limit && *p != '`' && *p != '\n' && *p != '\r' && *p != 0)
        p++;
    bool closed = p < lexer->limit && *p == '`';
    at_str text = {lexer->at, (uint32_t)(p - lexer->at)};
    size_t valid = at_utf8_invalid(text.p, text.n);
    lexer->at = p + closed;
    at_span span = at_lex_span(lexer, lexer->token, lexer->at);
    struct at_diag *diag = NULL;
    if (!closed)
        diag = at_lex_mistake(lexer, AT_A0108, span, "unclosed quoted name");
    else if (text.n == 0)
        diag = at_lex_mistake(lexer, AT_A0108, span, "empty quoted name");
    else if (valid < text.n)
        report_bytes(lexer, span, "this name contains bytes that are not UTF-8");
    if (diag) at_diag_help(diag, "write a name between two backquotes on one line, such as `my name`");
    if (text.n == 0) text = AT_STR("?");
    if (!closed) lexer->doubt = 2;
    value->word = (struct at_lex_word){text, span};
    return AT_TOK_NAME;
}

/* ---- text */

/* The decoded text. An escape is never shorter than what it denotes, so the room of the source
 * is enough. */
struct text_out {
    char *at;
    size_t n;
};

static void put(struct text_out *out, const char *p, size_t n) {
    memcpy(out->at + out->n, p, n);
    out->n += n;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* After \u: {…}. Returns where it ends, or NULL. */
static const char *code_point(const char *p, const char *end, struct text_out *out) {
    uint32_t c = 0;
    if (p == end || *p++ != '{') return NULL;
    const char *first = p;
    for (; p < end && hex_digit(*p) >= 0 && p - first < 6; p++)
        c = c * 16 + (uint32_t)hex_digit(*p);
    if (p == first || p == end || *p != '}' || c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return NULL;
    char bytes[4];
    put(out, bytes, at_utf8_put(c, bytes));
    return p + 1;
}

/* At a backslash. Returns where the escape ends. */
static const char *escape(struct at_lex_state *lexer, const char *p, const char *end, struct text_out *out) {
    static const char FROM[] = "\"\\nt", TO[] = "\"\\\n\t";
    char c = p + 1 < end ? p[1] : 0;
    const char *known = c ? strchr(FROM, c) : NULL;
    if (known) {
        put(out, &TO[known - FROM], 1);
        return p + 2;
    }
    const char *after = c == 'u' ? code_point(p + 2, end, out) : NULL;
    if (after) return after;
    unsigned n = 1;
    if (p + 1 < end) at_utf8_next(p + 1, end, &n);
    struct at_diag *diag =
        at_lex_mistake(lexer, AT_A0107, at_lex_span(lexer, p, p + 1 + (p + 1 < end ? n : 0)),
                       c == 'u' ? "expected the number of a character after `\\u`" : "unknown escape");
    if (diag)
        at_diag_help(
            diag, "write `\\\"`, `\\n`, `\\t`, or a code such as `\\u{20AC}`. For a backslash, write `\\\\`");
    return p + 1;
}

/* Decodes the text between the quotation marks. Only text in straight quotation marks has escapes. */
static at_str decode(struct at_lex_state *lexer, const char *p, const char *end, bool escapes) {
    size_t valid = at_utf8_invalid(p, (size_t)(end - p));
    if (p + valid < end)
        report_bytes(lexer, at_lex_span(lexer, p + valid, p + valid + 1),
                     "this text contains bytes that are not UTF-8");
    const char *zero = memchr(p, 0, (size_t)(end - p));
    if (zero) {
        struct at_diag *diag =
            at_lex_mistake(lexer, AT_A0113, at_lex_span(lexer, zero, zero + 1), "zero byte in a text");
        if (diag) at_diag_help(diag, "save the file as UTF-8 text");
    }
    if (!escapes || !memchr(p, '\\', (size_t)(end - p))) return (at_str){p, (uint32_t)(end - p)};
    struct text_out out = {at_arena_get(lexer->arena, (size_t)(end - p) + 1), 0};
    while (p < end) {
        if (*p == '\\') {
            p = escape(lexer, p, end, &out);
            continue;
        }
        put(&out, p++, 1);
    }
    return (at_str){out.at, (uint32_t)out.n};
}

/* Finds the end of a text on this line; *mark is the length of its closing mark, 0 where there is none. */
static const char *find_close(const struct at_lex_state *lexer, unsigned *mark) {
    const char *p = lexer->at;
    *mark = 0;
    for (; p < lexer->limit && *p != '\n' && *p != '\r'; p++) {
        if (*p == '\\' && p + 1 < lexer->limit && p[1] != '\n' && p[1] != '\r')
            p++;
        else if ((*mark = at_lex_closes_text(lexer->token, p, lexer->limit)))
            break;
    }
    return p;
}

static void report_unclosed(struct at_lex_state *lexer, bool curly) {
    at_span span = at_lex_span(lexer, lexer->token, curly ? lexer->at : lexer->token + 1);
    struct at_diag *diag = at_lex_mistake(lexer, curly ? AT_A0103 : AT_A0106, span,
                                          curly ? "unclosed curly quotation mark" : "unclosed text");
    lexer->doubt = 2;
    if (diag && curly)
        at_diag_help(diag, "start and end the text with a straight \" on one line");
    else if (diag)
        at_diag_help(diag, "end it with \" on the same line. For a line break in the text, write \\n");
}

/* Text with escapes; `quote_bytes` is 1 for ", more for a curly mark; 0: the scanner has the whole of a text
 * in '…'. */
int at_lex_text(struct at_lex_state *lexer, union AT_YYSTYPE *value, unsigned quote_bytes) {
    at_str text;
    if (quote_bytes == 0) {
        struct at_diag *diag = at_lex_mistake(lexer, AT_A0131, at_lex_span(lexer, lexer->token, lexer->at),
                                              "text must be in double quotes");
        text = decode(lexer, lexer->token + 1, lexer->at - 1, false);
        if (diag) {
            at_diag_help(diag, "write \"%.*s\"", AT_STR_ARG(text));
            bool plain = !memchr(text.p, '"', text.n) && !memchr(text.p, '\\', text.n);
            if (plain) at_diag_fix(diag, diag->span, "\"%.*s\"", AT_STR_ARG(text));
        }
    } else {
        unsigned mark;
        const char *start = lexer->at, *end = find_close(lexer, &mark);
        lexer->at = end + mark;
        if (!mark) report_unclosed(lexer, quote_bytes > 1);
        text = decode(lexer, start, end, true);
    }
    struct at_ast_node *node = at_ast_new(lexer, at_lex_span(lexer, lexer->token, lexer->at), AT_N_TEXT, 0);
    node->text = text;
    node->name_span = node->span;
    value->node = node;
    return AT_TOK_TEXT;
}
