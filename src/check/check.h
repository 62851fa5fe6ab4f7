/* check/check.h: AST to checked policy. The only entry of the room. */
#ifndef AT_CHECK_CHECK_H
#define AT_CHECK_CHECK_H

#include "check/checked.h"
#include "diag/diag.h"
#include "syntax/parse.h"

/* Finds every problem of the policy and reports each once. *out is made in any case, and only good for
 * lowering when the result is AT_OK (warnings allowed). `load` serves `table … from "file.csv"`, as for
 * `use`. */
enum at_status at_check(const struct at_ast *ast, struct at_arena *arena, struct at_diag_list *diags,
                        at_load_fn load, void *load_context, struct at_check_policy **out) AT_MUST_CHECK;

/* The same, and reports statements whose meaning changed since this version of the language, 1 for 0.1,
 * unless the policy states a version itself; 0: only if it does. */
enum at_status at_check_since(const struct at_ast *ast, struct at_arena *arena, struct at_diag_list *diags,
                              at_load_fn load, void *load_context, uint32_t since,
                              struct at_check_policy **out) AT_MUST_CHECK;

/* 1 for the text "0.1", 2 for "0.2"; 0: not a version that this program knows. */
uint32_t at_check_language(at_str text);

/* "money in USD", "a number", "one of (…)", "a row of rep": for messages. */
at_str at_check_type_print(struct at_arena *arena, const struct at_check_policy *checked, at_type type);

/* month quarter half year week semimonth, else -1. A month is a fiscal one in a fiscal year of weeks. */
int at_check_period_word(const struct at_check_policy *policy, at_str word);

/* Whether a field of the payee's file is hidden by a dated field of its name. */
bool at_check_is_hidden(const struct at_check_policy *checked, uint32_t field);

/* The last day on which a line can be paid: the end of the effective range, moved by the longest delay. */
at_date at_check_paid_to(const struct at_check_policy *policy);

#endif
