/* write/statement.h: the commission statement of one payee, as a self-contained HTML page, and the index of
 * all pages.
 *
 * A page shows the result, progress towards targets, components, the next tier, the payee's own curve,
 * credited rows, and the calculation. The explainer must be opened with `discreet`, so that the page does not
 * show other payees. A page has no script and does not refer to other files. It is made for phones, screens,
 * and paper.
 */
#ifndef AT_WRITE_STATEMENT_H
#define AT_WRITE_STATEMENT_H

#include "write/explain.h"

/* The stories of the payee who comes next, on one page. */
void at_write_statement(const struct at_session_results *results, struct at_explain_job *explainer,
                        const struct at_write_explain_style *style, struct at_arena *arena,
                        struct at_sink *out);
/* The page of a manager's direct reports, from an explainer of the payees who can be among them. Returns
 * false if there are none; the page then reports this. */
bool at_write_statement_team(const struct at_session_results *results, struct at_explain_job *explainer,
                             const struct at_session_result_payee *manager,
                             const struct at_write_explain_style *style, struct at_arena *arena,
                             struct at_sink *out);
/* `files` holds the address of each payee's page, by index into results->payees; an empty one is left out. */
void at_write_statement_index(const struct at_session_results *results, const at_str *files,
                              const struct at_words *words, struct at_arena *arena, struct at_sink *out);

#endif
