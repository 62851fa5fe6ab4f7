/* report/html.h: what every page of HTML that the library writes shares: its frame, and text made safe to
 * stand in it. Used by statements and by the page of a diff.
 *
 * A page is self-contained: nothing in it refers to anything outside. Every text that comes from data or from
 * a policy goes through at_html_text, in elements and in quoted attributes alike.
 */
#ifndef AT_REPORT_HTML_H
#define AT_REPORT_HTML_H

#include "base/sink.h"

/* Text in an element or in a quoted attribute: & < > " ' are written as entities; control characters that no
 * page may hold, and bytes that are not UTF-8, become U+FFFD. Line ends and tabs stay. */
void at_html_text(struct at_sink *out, at_str text);

/* Writes from <!doctype> to <body>. `lang` is a language tag ("en", "zh"). `generator` names what writes the
 * page, in a <meta> by which a program recognizes it. `css` is written as it is into <style>; NULL: no
 * style. */
void at_html_begin(struct at_sink *out, at_str title, const char *lang, const char *generator,
                   const char *css);
void at_html_end(struct at_sink *out);

#endif
