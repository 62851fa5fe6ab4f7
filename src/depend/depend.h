/* depend/depend.h: owns what pay depends on: fields, tables, params, and measures, by component.
 *
 * A field is found by reachability in the plan, which holds everything that a run calculates: if no path
 * leads from a component to a field, no value of the field changes it. Constants are folded before, so a
 * choice that is decided has only the branch that is taken. Params and measures are those that the statements
 * name.
 *
 *     commission -> attainment -> quota -> target.amount
 *
 * Who is covered, and which periods are paid, concerns each component. It is listed once, as `everywhere`.
 * Requirements stop a run, and are not pay.
 */
#ifndef AT_DEPEND_DEPEND_H
#define AT_DEPEND_DEPEND_H

#include "plan/plan.h"

/* ---- reach.c */

/* What a node is made of, beyond its inputs: rows of its feed, members of its group, values of earlier
 * periods. `field` is called for each field of a table that the node reads by itself. */
struct at_depend_visitor {
    void (*node)(void *context, uint32_t id);
    void (*field)(void *context, uint32_t table, uint32_t field);
    void *context;
};
void at_depend_visit(const struct at_plan *plan, uint32_t id, const struct at_depend_visitor *visitor);
/* The nodes of a component, and those of coverage and of the periods that are paid. */
void at_depend_visit_component(const struct at_plan *plan, uint32_t component,
                               const struct at_depend_visitor *visitor);
void at_depend_visit_everywhere(const struct at_plan *plan, const struct at_depend_visitor *visitor);

/* Fields have one number each over all tables. */
uint32_t at_depend_field_number(const struct at_plan *plan, uint32_t table, uint32_t field);

/* What is reached from some nodes, and from where: shortest paths. */
struct at_depend_reach {
    const struct at_plan *plan;
    uint32_t n_fields;
    bool *node;           /* by node */
    uint32_t *from;       /* by node: the one that needs it; AT_NO_NODE: it is where the search began */
    bool *field;          /* by number of the field */
    uint32_t *field_from; /* by number of the field: the node that reads it; AT_NO_NODE: that of coverage */
    uint32_t *queue;
    const struct at_check_symbol *const *named; /* by node */
};
/* By node: the measure or component whose value it is, or as which an expression names it; NULL: neither. */
const struct at_check_symbol **at_depend_named(const struct at_plan *plan, struct at_arena *arena);
/* `component`: AT_NO_NODE for coverage and periods. `named`: of at_depend_named. */
void at_depend_reach_make(const struct at_plan *plan, uint32_t component,
                          const struct at_check_symbol *const *named, struct at_arena *arena,
                          struct at_depend_reach *out);

/* ---- path.c */

/* A step from a component to a field: what people call it, and where it is in the policy. */
struct at_depend_step {
    at_str name;
    at_span span; /* end 0: nowhere */
};
struct at_depend_path {
    struct at_depend_step *steps; /* the component first, the field last */
    uint32_t n;
};
void at_depend_path_make(const struct at_depend_reach *reach, uint32_t component, uint32_t table,
                         uint32_t field, struct at_arena *arena, struct at_depend_path *out);

/* ---- names.c: params and measures that the statements of a component of the policy name, directly or
 * through others. n_components: all of them, and what changes the total; AT_NO_NODE: who is covered. */
struct at_depend_names {
    bool *params, *measures; /* by index */
};
void at_depend_names_make(const struct at_check_policy *checked, uint32_t component, struct at_arena *arena,
                          struct at_depend_names *out);

/* ---- depend.c */

enum at_depend_kind { AT_DEPEND_FIELD, AT_DEPEND_TABLE, AT_DEPEND_PARAM, AT_DEPEND_MEASURE };
struct at_depend_item {
    uint32_t component;         /* of the plan; AT_NO_NODE: everywhere */
    uint8_t kind;               /* enum at_depend_kind */
    at_str table, name;         /* of a field: both; else the name */
    struct at_depend_path path; /* of a field */
};
struct at_depend {
    const struct at_plan *plan;
    struct at_depend_item *items; /* by component, kind, and order of the policy; everywhere at the end */
    uint32_t n;
};
void at_depend_make(const struct at_plan *plan, struct at_arena *arena, struct at_depend *out);

/* Reports each `require … does not depend on` that the plan does not meet. Returns whether all are met. */
bool at_depend_check(const struct at_plan *plan, struct at_arena *arena, struct at_diag_list *diags);

#endif
