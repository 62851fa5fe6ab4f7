/* syntax/plain.h: full-width marks, as a Chinese keyboard writes them, and the plain characters that they
 * mean.
 *
 * Policies may use full-width punctuation, digits, and letters, and curly quotation marks. They mean the
 * plain characters, except inside text, quoted names, and comments. `fmt` writes the plain ones.
 */
#ifndef AT_SYNTAX_PLAIN_H
#define AT_SYNTAX_PLAIN_H

#include "base/arena.h"
#include "base/text.h"

/* The plain ASCII character that the mark at `p` means, and its length in bytes; 0: it is none. Quotation
 * marks are none of them. */
char at_lex_plain_mark(const char *p, const char *limit, unsigned *bytes);

/* The length of a quotation mark at `p` that begins a text, 0: none; and of one that ends the text that
 * began with the mark at `opening`. */
unsigned at_lex_opens_text(const char *p, const char *limit);
unsigned at_lex_closes_text(const char *opening, const char *p, const char *limit);

/* Whether the text has a full-width mark or a curly quotation mark, wherever. */
bool at_lex_is_wide(at_str text);

/* The same piece of a policy in plain characters: a view of it if it is plain. Text between quotation marks
 * stays, and the marks become straight. Comments and quoted names stay. */
at_str at_lex_plain(struct at_arena *arena, at_str text);

#endif
