/* plan/statement.c: statements by place. See statement.h. */
#include "plan/statement.h"

#include "base/sort.h"

/* Leaves out feeds without a name, which are part of a measure that is in the list itself. */
static void add(struct at_plan_statements *statements, const struct at_ast_node *node, at_str name) {
    if (!node || node->span.end == 0 || name.n == 0) return;
    statements->of[statements->n++] = (struct at_plan_statement){node->span, name};
}

static int by_place(const void *left, const void *right) {
    const struct at_plan_statement *a = left, *b = right;
    return (a->span.start > b->span.start) - (a->span.start < b->span.start);
}

struct at_plan_statements *at_plan_statements_new(const struct at_plan *plan, struct at_arena *arena) {
    const struct at_check_policy *checked = plan->checked;
    struct at_plan_statements *statements = AT_NEW(arena, struct at_plan_statements);
    size_t n = (size_t)checked->n_measures + checked->n_components + checked->n_feeds;
    statements->of = AT_NEW_ARRAY(arena, struct at_plan_statement, n + 1);
    for (uint32_t i = 0; i < checked->n_measures; i++)
        if (checked->measures[i].symbol)
            add(statements, checked->measures[i].symbol->node, checked->measures[i].symbol->name);
    for (uint32_t i = 0; i < checked->n_components; i++)
        if (checked->components[i].symbol)
            add(statements, checked->components[i].symbol->node, checked->components[i].symbol->name);
    for (uint32_t i = 0; i < checked->n_feeds; i++)
        add(statements, checked->feeds[i].node, checked->feeds[i].name);
    at_sort_items(arena, statements->of, statements->n, sizeof *statements->of, by_place);
    return statements;
}

at_str at_plan_statement_at(const struct at_plan_statements *statements, at_span span) {
    uint32_t low = 0, high = statements ? statements->n : 0;
    while (low < high) { /* the last one that begins at or before the span */
        uint32_t middle = low + (high - low) / 2;
        if (statements->of[middle].span.start <= span.start)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || span.end == 0 || statements->of[low - 1].span.end < span.end) return (at_str){0};
    return statements->of[low - 1].name;
}
