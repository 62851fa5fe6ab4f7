/* api/argument.h: messages about names and values that a caller passes: payees, params, periods. Private to
 * api/.
 *
 * Each message offers the right value: the key for the name of a payee, the list of params, the period
 * that contains a shorter one.
 */
#ifndef AT_API_ARGUMENT_H
#define AT_API_ARGUMENT_H

#include "api/run.h"

/* The payees among which one is looked for. */
struct at_api_people {
    const struct at_schema *schema; /* of the payee table; NULL: none */
    const at_str *keys, *labels;    /* n of each; labels may be empty */
    uint32_t n;
};
struct at_api_people at_api_people_of(struct at_arena *arena, const struct at_session_results *results);
/* Reports that no payee has the key. */
void at_api_unknown_payee(struct at_diag_list *diags, const struct at_api_people *people, at_str key);

/* Reports that no policy has the param, with the nearest one or with a list. */
void at_api_unknown_param(struct at_diag_list *diags, struct attain_policy *const *policies, size_t n,
                          at_str name);

/* Reports a text that is not the value of a param. */
/* Warns of a setting such as 9 of a param that the policy writes as 8%. */
void at_api_check_percent(struct at_diag_list *diags, const struct at_check_policy *checked, at_str name,
                          at_str text, const struct at_plan_value *value);
void at_api_bad_setting(struct at_diag_list *diags, const struct at_check_policy *checked, at_str name,
                        at_str text);

/* Reads a period. Returns false, and reports the error, if the text is not a period. */
bool at_api_read_period(struct at_diag_list *diags, const char *text, at_period *out);

#endif
