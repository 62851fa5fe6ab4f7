/* syntax/build_source.c: the file of a table, with the form in which it is written. */
#include "base/form.h"
#include "syntax/build.h"

/* One of the names of encodings. A node, so that a clause can hold it; NULL after an error. */
struct at_ast_node *at_ast_encoding(struct at_syntax_parser *p, at_span span, struct at_lex_word name) {
    enum at_schema_encoding encoding = at_base_form_encoding(name.text);
    struct at_ast_node *node = at_ast_leaf(p, span, AT_N_NAME);
    static const char *const names[] = {
        [AT_ENCODING_UTF8] = "utf8",       [AT_ENCODING_UTF16] = "utf16",
        [AT_ENCODING_UTF16LE] = "utf16le", [AT_ENCODING_UTF16BE] = "utf16be",
        [AT_ENCODING_GB18030] = "gb18030", [AT_ENCODING_WINDOWS1252] = "windows1252"};
    if (encoding != AT_ENCODING_ANY) {
        node->text = at_str_z(names[encoding]);
        return node;
    }
    struct at_diag *d =
        at_lex_mistake(&p->lexer, AT_A0115, name.span, "unknown encoding `%.*s`", AT_STR_ARG(name.text));
    if (d) at_diag_help(d, "write `utf8`, `utf16`, `gb18030`, or `windows1252`");
    return node;
}

struct at_ast_node *at_ast_separator(struct at_syntax_parser *p, struct at_ast_node *text) {
    char separator = at_base_form_separator(text->text);
    struct at_ast_node *node = at_ast_leaf(p, text->span, AT_N_NAME);
    node->text = separator == '\t'  ? AT_STR("\\t")
                 : separator == ';' ? AT_STR(";")
                 : separator == '|' ? AT_STR("|")
                                    : AT_STR(",");
    if (separator) return node;
    struct at_diag *d = at_lex_mistake(&p->lexer, AT_A0115, text->span, "unknown separator");
    if (d) at_diag_help(d, "write `\",\"`, `\";\"`, `\"|\"`, or `\"\\t\"` for a tab");
    return node;
}

/* The form is one text, as fmt writes it, so that versions with different forms differ. */
struct at_ast_node *at_ast_source(struct at_syntax_parser *p, struct at_ast_node *file,
                                  struct at_syntax_clauses *forms) {
    const struct at_syntax_clause *encoding = &forms->at[AT_C_FORMAT], *separator = &forms->at[AT_C_BY];
    at_str as = encoding->there ? at_str_format(p->lexer.arena, "as %.*s", AT_STR_ARG(encoding->node->text))
                                : AT_STR(""),
           by = separator->there ? at_str_format(p->lexer.arena, "separated by \"%.*s\"",
                                                 AT_STR_ARG(separator->node->text))
                                 : AT_STR("");
    if (as.n || by.n)
        file->by = at_str_format(p->lexer.arena, "%.*s%s%.*s", AT_STR_ARG(as), as.n && by.n ? " " : "",
                                 AT_STR_ARG(by));
    return file;
}
