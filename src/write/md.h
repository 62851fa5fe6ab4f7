/* write/md.h: the only writer of Markdown, as GitHub and GitLab read it.
 *
 * Every text from data or from a policy is written with these functions, and is shown unchanged. It never
 * becomes a link, an image, a tag, a mention, a reference, an emoji, a formula, or structure. Control
 * characters and characters that reorder text are made visible (base/visible.h). Headings, bars, and list
 * marks are literals in the code.
 *
 * Sites look for @name, #1, and commits in the finished page, after escapes are resolved. Therefore these
 * signs are put into a <span>.
 */
#ifndef AT_WRITE_MD_H
#define AT_WRITE_MD_H

#include "words/words.h"

#include "base/sink.h"

void at_write_md_text(struct at_sink *out, at_str text);     /* inside a line: a heading, a cell of a table */
void at_write_md_item(struct at_sink *out, at_str text);     /* the same at the start of a list item */
void at_write_md_sentence(struct at_sink *out, at_str text); /* of words.h, at the start of a list item */
/* A code span, with a fence longer than any run of back quotes in the text. Not in tables, whose bars end it.
 */
void at_write_md_code(struct at_sink *out, at_str text);

#endif
