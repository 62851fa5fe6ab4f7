/* syntax/parse.h: parses the text of a policy to an AST. Errors are diagnostics A01xx. The parser continues
 * at the next statement. */
#ifndef AT_SYNTAX_PARSE_H
#define AT_SYNTAX_PARSE_H

#include "diag/diag.h"
#include "syntax/ast.h"

/* Why a file is not loaded. */
enum at_parse_load_fault {
    AT_LOAD_ABSENT,  /* `why` may hold the reason */
    AT_LOAD_OUTSIDE, /* not where policies may read, whether it exists or not */
    AT_LOAD_SPECIAL, /* a folder, a device, a pipe, or a socket: `why` */
    AT_LOAD_MANY,    /* beyond AT_MOST_FILES */
    AT_LOAD_LARGE    /* beyond AT_MOST_BYTES */
};
enum { AT_MOST_FILES = 1000, AT_MOST_BYTES = 256 << 20 }; /* that one policy names, together */

struct at_parse_loaded {
    at_str name; /* the same for all spellings of one file, another one for every other file */
    at_str text; /* view, as long as the arena */
    enum at_parse_load_fault fault; /* where nothing is loaded */
    at_str why;                     /* a clause for a note; may be empty */
};

/* Reads what `use "…"`, `table … from`, and `function … from lua` name: "std/…" from the standard library,
 * everything else relative to the folder of the file that names it. Returns false, with *out saying why, if
 * nothing is loaded. *out is zeroed by the caller. */
typedef bool (*at_load_fn)(void *context, struct at_arena *arena, at_str from_file, at_str wanted,
                           struct at_parse_loaded *out);

/* Reports the faults that are the same for everything a policy names, at the name. Returns false, and reports
 * nothing, for AT_LOAD_ABSENT, whose message is the caller's. */
bool at_parse_load_report(struct at_diag_list *diags, at_span span, at_str wanted,
                          const struct at_parse_loaded *loaded);

/* Parses `text`, called `name`, and all files that it uses. It always makes the AST, as far as it understands
 * the text. Returns AT_REJECTED if it reported an error. It loads each file once. It reports a circular
 * reference of files as its path. If `load` is NULL, it does not follow `use`: the caller gets this file
 * only. */
enum at_status at_parse(struct at_diag_sources *sources, struct at_arena *arena, struct at_diag_list *diags,
                        at_str name, at_str text, at_load_fn load, void *load_context,
                        struct at_ast **out) AT_MUST_CHECK;

/* Tokens, one a line: kind, place, text. For tests and `--dump tokens`. */
void at_lex_dump(struct at_diag_sources *sources, struct at_arena *arena, struct at_diag_list *diags,
                 at_str name, at_str text, struct at_sink *out);

#endif
