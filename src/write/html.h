/* write/html.h: the only writer of HTML, for commission statements and diff pages.
 *
 * A page is self-contained: it does not refer to other files. Every text from data or from a policy is
 * written with at_write_html_text (between tags) or at_write_html_plain (in a quoted attribute and in
 * <title>). Tags are literals in the code. tests/hostile checks both.
 */
#ifndef AT_WRITE_HTML_H
#define AT_WRITE_HTML_H

#include "base/sink.h"

/* Text between tags. & < > " ' become entities. Characters that hide, reorder, or command are written out
 * (base/visible.h); line ends and tabs stay. Words in scripts that run from right to left are put into <bdi>,
 * so that they cannot change the order of the numbers next to them. */
void at_write_html_text(struct at_sink *out, at_str text);
/* The same where no tag may be: in a quoted attribute and in <title>. */
void at_write_html_plain(struct at_sink *out, at_str text);

/* Writes from <!doctype> to <body>. `lang` is the code of a language of words/: "zh" becomes "zh-CN".
 * `generator` names what writes the page, in a <meta> by which a program recognizes it. `css` is written as
 * it is into <style>; NULL: no style. */
void at_write_html_begin(struct at_sink *out, at_str title, const char *lang, const char *generator,
                         const char *css);
void at_write_html_end(struct at_sink *out);

#endif
