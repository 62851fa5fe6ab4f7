/* report/statement.h: what one payee gets to read: a self-contained page of HTML with the result, the
 * progress towards targets, the components, what comes next, the credited rows, and how all of it was worked
 * out. And the page that lists the pages of all payees.
 *
 * The page is for that payee: it is made from an explainer opened with `discreet`. It holds no script and no
 * reference to anything outside, and reads well on a telephone and on paper.
 */
#ifndef AT_REPORT_STATEMENT_H
#define AT_REPORT_STATEMENT_H

#include "report/explain.h"

/* The stories of the payee who comes next, on one page. */
void at_statement_write(const struct at_results *results, struct at_explainer *explainer,
                        const struct at_explain_style *style, struct at_arena *arena, struct at_sink *out);
/* `files` holds the address of each payee's page, by index into results->payees; an empty one is left out. */
void at_statement_index(const struct at_results *results, const at_str *files, const struct at_words *words,
                        struct at_arena *arena, struct at_sink *out);

#endif
