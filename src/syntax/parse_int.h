/* syntax/parse_int.h: shared by the files of this module: one text parsed, no `use` followed. */
#ifndef AT_SYNTAX_PARSE_INT_H
#define AT_SYNTAX_PARSE_INT_H

#include "syntax/parse.h"

/* Makes an empty AST. It is in `arena`, and it views `sources`, which must outlive it. */
struct at_ast *at_ast_start(struct at_diag_sources *sources, struct at_arena *arena);
/* Parses one text into one more FILE of the AST; NULL where it is too long. */
struct at_ast_node *at_parse_file(struct at_ast *ast, struct at_diag_list *diags, at_str name, at_str text);

/* extend.c: joins the policy files[own] and the one that it extends, files[base], into files[own]. Files from
 * `uses` on are those that only the policy itself uses. Reports what cannot be replaced or left out. */
void at_parse_extend(struct at_ast *ast, struct at_diag_list *diags, uint32_t own, uint32_t base,
                     uint32_t uses);
/* Whether the statement gives a name that expressions and other statements use. */
bool at_parse_declares(const struct at_ast_node *statement);

#endif
