/* diff/import.h: copies an AST into another source map, so that nodes of two policies can be in one tree.
 *
 * Spans point to the copied texts. Node ids continue after those of the other AST.
 */
#ifndef AT_DIFF_IMPORT_H
#define AT_DIFF_IMPORT_H

#include "syntax/ast.h"

/* NULL where the texts together would be too long for one map. */
struct at_ast *at_diff_import(struct at_diag_sources *to, const struct at_ast *ast, struct at_arena *arena);

#endif
