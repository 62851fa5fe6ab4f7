/* report/md.h: the one writer of Markdown, as GitHub and GitLab read it.
 *
 * Every text that comes from data or from a policy goes through these functions, whatever stands around it.
 * The page shows the text itself: nothing in it becomes a link, an image, a tag, a mention, a reference, an
 * emoji, a formula, or a part of the structure. Characters that hide, reorder, or command are written out
 * (base/visible.h). Headings, bars, and marks of lists are literals in the code.
 *
 * Sites look for @name, #1, and commits in the finished page, after escapes are resolved. Only another
 * element keeps them from it, so that the sign is put into a <span>.
 */
#ifndef AT_REPORT_MD_H
#define AT_REPORT_MD_H

#include "report/words.h"

#include "base/sink.h"

void at_md_text(struct at_sink *out, at_str text);     /* inside a line: a heading, a cell of a table */
void at_md_item(struct at_sink *out, at_str text);     /* the same at the start of a list item */
void at_md_sentence(struct at_sink *out, at_str text); /* of words.h, at the start of a list item */
/* A code span, with a fence longer than any run of back quotes in the text. Not in tables, whose bars end it.
 */
void at_md_code(struct at_sink *out, at_str text);

#endif
