/* tests/unit/session/rig.h: a policy and its data as text, run; the payouts as text. */
#ifndef TESTS_EVAL_RIG_H
#define TESTS_EVAL_RIG_H

#include "session/run.h"

struct rig_table {
    const char *name, *csv;
};

struct rig {
    struct at_arena policy_arena, run_arena;
    struct at_diag_sources sources;
    struct at_diag_list diags;
    struct at_ast *ast;
    const struct at_check_policy *checked;
    struct at_plan *plan;
    struct at_table_dataset data;
    struct at_session_run *run;
    enum at_status status;
    unsigned threads; /* set before rig_run */
    const struct at_kernel_hooks *hooks;
    at_period from, through;               /* kind AT_YEAR + 1: not set */
    const char *open;                      /* the param that is open in the plan; NULL: none */
    const struct at_source_binding *deals; /* in place of the CSV text of the table deal; NULL: none */
};

void rig_init(struct rig *rig);
/* Parses, checks, lowers and runs. Fails the test where the policy has an error. Tables end with a NULL name.
 */
void rig_run(struct rig *rig, const char *policy, const struct rig_table *tables);
/* Runs rig->plan, which the caller made. */
void rig_run_plan(struct rig *rig, const struct rig_table *tables);
void rig_free(struct rig *rig);
/* "ana,2026-Q1,commission,,13000.00\n" for each line that is not zero. */
const char *rig_lines(struct rig *rig);
/* "ben,2026-Q1: `attainment`: cannot divide by zero, …\n" for each exception that is reported. */
const char *rig_exceptions(struct rig *rig);
/* The value of a measure in a cell, as digits; "missing"; "exception". Payee by key, period by index. */
const char *rig_measure(struct rig *rig, const char *measure, const char *payee, uint32_t period);
uint32_t rig_payee(struct rig *rig, const char *key);

/* The policy's first lines: USD, 2026, and reps with a team and a manager. */
#define RIG_QUARTERS                                                                                         \
    "policy \"P\" effective from 2026-01-01 to 2026-12-31 currency USD period quarter\n" RIG_TABLES
#define RIG_MONTHS                                                                                           \
    "policy \"P\" effective from 2026-01-01 to 2026-12-31 currency USD period month\n" RIG_TABLES
#define RIG_TABLES                                                                                           \
    "payee rep from \"reps.csv\" { id text key  name text label  team text  manager rep optional }\n"        \
    "data deal from \"deals.csv\" { id text key  rep rep  product text  amount money  closed_on date }\n"
#define RIG_CREDIT                                                                                           \
    "credit booking from deal to rep on closed_on amount amount\nmeasure bookings = sum of amount from "     \
    "booking\n"
#define RIG_REPS "id,name,team,manager\nana,Ana,east,cid\nben,Ben,east,cid\ncid,Cid,west,\n"

#endif
