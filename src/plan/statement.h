/* plan/statement.h: in which statement a place of the policy is: a measure, a component, or a credit.
 *
 * Made once for a plan, because a policy can have thousands of statements, and a run thousands of exceptions
 * that are named after them. Views of the policy; threads share it.
 */
#ifndef AT_PLAN_STATEMENT_H
#define AT_PLAN_STATEMENT_H

#include "plan/plan.h"

struct at_plan_statement {
    at_span span;
    at_str name;
};
struct at_plan_statements {
    struct at_plan_statement *of; /* by place; none is inside another */
    uint32_t n;
};

struct at_plan_statements *at_plan_statements_new(const struct at_plan *plan, struct at_arena *arena);
/* The name of the statement that holds the whole span; empty where there is none. */
at_str at_plan_statement_at(const struct at_plan_statements *statements, at_span span);

#endif
