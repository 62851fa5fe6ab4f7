/* syntax/parse_int.h: shared by the files of this module: one text parsed, no `use` followed. */
#ifndef AT_SYNTAX_PARSE_INT_H
#define AT_SYNTAX_PARSE_INT_H

#include "syntax/parse.h"

/* Makes an empty AST. It is in `arena`, and it views `sources`, which must outlive it. */
struct at_ast *at_ast_start(struct at_diag_sources *sources, struct at_arena *arena);
/* Parses one text into one more FILE of the AST; NULL where it is too long. */
struct at_ast_node *at_parse_file(struct at_ast *ast, struct at_diag_list *diags, at_str name, at_str text);

#endif
