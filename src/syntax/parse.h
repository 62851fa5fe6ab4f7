/* syntax/parse.h: policy text to AST. Mistakes are diagnostics A01xx; the parser goes on at the next
 * statement. */
#ifndef AT_SYNTAX_PARSE_H
#define AT_SYNTAX_PARSE_H

#include "diag/diag.h"
#include "syntax/ast.h"

/* Reads what `use "…"` names: "std/…" from the standard library, everything else beside the using file.
 * Returns false where there is no such text (then *why may hold a reason). The text is a view that lives as
 * long as the arena. */
typedef bool (*at_load_fn)(void *context, struct at_arena *arena, at_str from_file, at_str wanted,
                           at_str *name, at_str *text, at_str *why);

/* Parses `text`, called `name`, and all it uses. The AST is always made, as far as the text could be
 * understood; AT_REJECTED where an error was reported. Each file is loaded once; a circle of files is
 * reported as its path. `load` NULL: `use` is not followed, for those who want this file only. */
enum at_status at_parse(struct at_sources *sources, struct at_arena *arena, struct at_diags *diags,
                        at_str name, at_str text, at_load_fn load, void *load_context,
                        struct at_ast **out) AT_MUST_CHECK;

/* Tokens, one a line: kind, place, text. For tests and `--dump tokens`. */
void at_dump_tokens(struct at_sources *sources, struct at_arena *arena, struct at_diags *diags, at_str name,
                    at_str text, struct at_sink *out);

#endif
