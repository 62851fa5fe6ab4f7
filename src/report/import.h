/* report/import.h: an AST copied into another source map, so that nodes of two policies can stand in one
 * tree: spans point into the copied texts, and ids go on from those that the map has given out.
 */
#ifndef AT_REPORT_IMPORT_H
#define AT_REPORT_IMPORT_H

#include "syntax/ast.h"

/* NULL where the texts together would be too long for one map. */
struct at_ast *at_ast_import(struct at_sources *to, const struct at_ast *ast, struct at_arena *arena);

#endif
