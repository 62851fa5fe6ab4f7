/* api/test.h: the `test` statements of a policy on their way to results. Private to api/.
 *
 *     given rows --given.c--> a dataset of cells --session/--> a run --expect.c--> expectations
 *
 * test.c drives. A test that cannot be run (such as a row that names an unknown row) has a
 * problem instead of expectations.
 */
#ifndef AT_API_TEST_H
#define AT_API_TEST_H

#include "api/handle.h"

/* One `expect`. `difference` is empty unless both values are numbers. `note` is the reason of a withheld
 * payout or of a failure, or empty. Texts are valid as long as the tests. */
struct at_api_expectation {
    bool passed;
    at_str text, expected, got, difference, note;
    const struct at_ast_node *node;
};

/* One `test`. If `problem` is not empty, the test fails, whatever its expectations are. */
struct at_api_test_result {
    const struct at_ast_node *node;
    bool passed;
    at_str problem;
    struct at_api_expectation *expectations;
    uint32_t n_expectations;
};

/* The handle of attain_test. The policy is retained, because nodes and names are in its arena. */
struct attain_tests {
    struct at_api_own own;
    struct attain_policy *policy; /* retained */
    struct at_api_test_result *tests;
    uint32_t n_tests, n_failed;
    struct at_diag_list shapes; /* warnings about the shape of pay, if they were asked for */
    struct at_diag_list *lists[1];
    struct attain_diagnostics list;
};

/* One test at work. Everything is made in the arena of the results, except the run itself, in `scratch`. */
struct at_api_trial {
    struct at_arena *arena, *scratch;
    const struct attain_policy *policy;
    const struct at_session_plan *shared; /* of tests without params of their own */
    const struct at_session_plan *plan;
    struct at_api_test_result *result;
    struct at_diag_list diags;
    struct at_table_dataset data;
    struct at_session_run *run;
    struct at_watch *watch;
    struct at_lua_limits limits;         /* of functions in Lua */
    const struct at_kernel_hooks *hooks; /* of the test; NULL: the policy has none */
};

/* Says why the test cannot be run; the first reason stays. Always returns false. */
bool at_api_trial_problem(struct at_api_trial *trial, const char *format, ...) AT_PRINTF(2, 3);
/* The text in the language of the policy's diagnostics. */
at_str at_api_trial_text(const struct at_api_trial *trial, const char *format, va_list args);
/* A constant of the policy, or a problem. */
bool at_api_trial_constant(struct at_api_trial *trial, const struct at_ast_node *expr,
                           struct at_plan_value *out);
/* Fills the dataset from the test's `given` rows; tables not given are empty. */
bool at_api_trial_given(struct at_api_trial *trial);
/* Positions of the periods that the expectations name. NULL, with a problem, if one cannot be calculated. */
int64_t *at_api_trial_periods(struct at_api_trial *trial, uint32_t *n);
/* Looks at one `expect`. */
void at_api_trial_expect(struct at_api_trial *trial, const struct at_ast_node *expect,
                         struct at_api_expectation *out);
/* expect_call.c: looks at one `expect f(…)`. */
void at_api_trial_expect_call(struct at_api_trial *trial, const struct at_ast_node *expect,
                              struct at_api_expectation *out);

#endif
