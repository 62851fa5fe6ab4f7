/* syntax/parse.c: parses one text to one FILE node, and lists tokens. */
#include "syntax/parse_int.h"

#include "attain_parse.h"
#include "base/visible.h"
#include "syntax/build.h"

struct at_ast *at_ast_start(struct at_diag_sources *sources, struct at_arena *arena) {
    struct at_ast *ast = AT_NEW(arena, struct at_ast);
    ast->arena = arena;
    ast->sources = sources;
    return ast;
}

/* A file is parsed completely before the next one begins, so the comments of each file stay
 * together and in order. */
static void keep_comments(struct at_ast *ast, const struct at_lex_state *lexer) {
    size_t size = sizeof(struct at_ast_comment), n = lexer->comments.n, all = ast->n_comments + n;
    if (n == 0) return;
    if (all > ast->comments_room) {
        size_t room = 2 * all; /* there may be a thousand files */
        ast->comments = at_arena_grow(ast->arena, ast->comments, ast->n_comments * size, room * size);
        ast->comments_room = room;
    }
    memcpy(ast->comments + ast->n_comments, lexer->comments.at, n * size);
    ast->n_comments = (uint32_t)all;
}

/* Called before the files that this one uses are loaded, so the policy itself is files[0]. */
static void keep_file(struct at_ast *ast, struct at_ast_node *file) {
    size_t size = sizeof(struct at_ast_node *);
    ast->files = at_arena_grow(ast->arena, ast->files, ast->n_files * size, (ast->n_files + 1) * size);
    ast->files[ast->n_files++] = file;
}

static void report_empty(struct at_diag_list *diags, const struct at_diag_source_file *file) {
    at_span span = {file->base, file->base};
    struct at_diag *diag = at_diag_add(
        diags, AT_A0114, span, file->text.n ? "the file does not contain a statement" : "the file is empty");
    at_diag_help(diag, "start with `policy \"Name\"`");
}

/* A text of two bytes a character, as some editors save it, told by the mark with which it begins: one
 * message instead of one for every other byte. */
static bool is_utf16(struct at_diag_list *diags, const struct at_diag_source_file *source) {
    const char *p = source->text.p;
    if (source->text.n < 2 || (memcmp(p, "\xFF\xFE", 2) != 0 && memcmp(p, "\xFE\xFF", 2) != 0)) return false;
    struct at_diag *diag = at_diag_add(diags, AT_A0102, (at_span){source->base, source->base + 2},
                                       "the file is in UTF-16, not UTF-8");
    at_diag_help(diag, "save it as UTF-8, which some editors call “Unicode (UTF-8)”");
    return true;
}

struct at_ast_node *at_parse_file(struct at_ast *ast, struct at_diag_list *diags, at_str name, at_str text) {
    /* Spans are 32-bit offsets over all files together, so the source map refuses a file beyond 2
     * GB. */
    struct at_diag_source_file *source = at_diag_sources_add(ast->sources, name, text);
    if (!source) {
        at_diag_add(diags, AT_A0119, (at_span){0, 0},
                    "cannot read `%.*s`, because all files together exceed 2 GB", AT_STR_ARG(name));
        return NULL;
    }
    struct at_syntax_parser *p = AT_NEW(ast->arena, struct at_syntax_parser);
    uint64_t errors = diags->errors;
    at_lex_start(&p->lexer, ast->arena, diags, ast, source);
    /* Every file gets a FILE node, even if nothing in it was understood. Readers then never meet
     * an AST without files. */
    if (is_utf16(diags, source) || at_yyparse(p) != 0)
        at_syntax_list_add(p, &p->items, at_ast_lost(p, p->lexer.last_span));
    if (p->items.n == 0 && diags->errors == errors) report_empty(diags, source);
    struct at_ast_node *file = at_ast_file(p);
    keep_comments(ast, &p->lexer);
    keep_file(ast, file);
    return file;
}

/* ---- tokens, for people */

void at_lex_dump(struct at_diag_sources *sources, struct at_arena *arena, struct at_diag_list *diags,
                 at_str name, at_str text, struct at_sink *out) {
    struct at_diag_source_file *source = at_diag_sources_add(sources, name, text);
    if (!source) return;
    struct at_syntax_parser *p = AT_NEW(arena, struct at_syntax_parser);
    at_lex_start(&p->lexer, arena, diags, at_ast_start(sources, arena), source);
    /* Uses at_lex_next instead of the scanner, so that the dump shows the tokens as the parser
     * gets them. */
    for (int token = -1; token != AT_TOK_END;) {
        AT_YYSTYPE value;
        at_span span;
        token = at_lex_next(&p->lexer, &value, &span);
        struct at_diag_place place = at_diag_sources_place(sources, span.start);
        at_sink_printf(out, "%u:%u ", place.line, place.column);
        if (token == AT_TOK_AT_YYerror)
            at_sink_z(out, "(given up)");
        else
            at_sink_z(out, at_lex_token_name(token));
        at_str shown = at_diag_sources_text(sources, span);
        bool literal =
            token == AT_TOK_NAME || token == AT_TOK_CODE || (token >= AT_TOK_NUMBER && token <= AT_TOK_TEXT);
        if (literal && shown.n) {
            at_sink_z(out, " ");
            at_sink_visible(out, shown);
        }
        at_sink_z(out, "\n");
    }
}
