/* fmt/fmt.h: writes a policy in the standard format, for `attain fmt`.
 *
 * Made from the AST and the comments, never from the author's spaces: two spaces of indentation, columns in
 * fields, steps, tables, examples and groups of one-line statements, long expressions broken before + and
 * or/and. Parentheses stay if they are needed or were there before; literals and names stay as written. A
 * blank line stays where one was inside braces, and between one-line statements; all other statements have
 * one between them.
 */
#ifndef AT_FMT_FMT_H
#define AT_FMT_FMT_H

#include "base/sink.h"
#include "syntax/ast.h"

/* Writes the layout of one FILE of the AST to `out`. Returns AT_REJECTED, and writes nothing, if the file
 * holds a mistake. The output parses to the same tree, with the same comments. The layout of the output is
 * the output itself. */
enum at_status at_fmt(const struct at_ast *ast, const struct at_ast_node *file, struct at_arena *arena,
                      struct at_sink *out) AT_MUST_CHECK;

#endif
