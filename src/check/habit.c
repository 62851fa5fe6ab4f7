/* check/habit.c: forms that people know from spreadsheets and contracts, with the edit that makes them right.
 */
#include "check/check_int.h"

static at_str source(const struct at_check *ck, at_span span) {
    return at_diag_sources_text(ck->ast->sources, span);
}

/* ---- functions that do not exist */

static bool named(at_str name, const char *word) {
    return at_str_distance(name, at_str_z(word), 0) == 0; /* in any case */
}

/* `IF(a, b, c)` */
static bool help_if(struct at_check *ck, struct at_diag *d, const struct at_ast_node *call) {
    if (!named(call->text, "if") && !named(call->text, "iif")) return false;
    at_diag_help(d, "write `if … then … else …`");
    if (call->n == 3)
        at_diag_fix(
            d, call->span, "(if %.*s then %.*s else %.*s)", AT_STR_ARG(source(ck, call->child[0]->span)),
            AT_STR_ARG(source(ck, call->child[1]->span)), AT_STR_ARG(source(ck, call->child[2]->span)));
    return true;
}

/* Functions of spreadsheets whose name is the only difference, and those that are another form here. */
static bool help_spreadsheet(struct at_diag *d, const struct at_ast_node *call) {
    static const struct {
        const char *name, *right, *help;
    } FUNCTIONS[] = {
        {"avg", "average", NULL},
        {"mean", "average", NULL},
        {"iferror", "ifmissing", NULL},
        {"ifna", "ifmissing", NULL},
        {"coalesce", "ifmissing", NULL},
        {"sumif", NULL, "declare a measure with a filter: `measure NAME = sum of amount from … where …`"},
        {"sumifs", NULL, "declare a measure with a filter: `measure NAME = sum of amount from … where …`"},
        {"countif", NULL, "declare a measure with a filter: `measure NAME = count from … where …`"},
        {"countifs", NULL, "declare a measure with a filter: `measure NAME = count from … where …`"},
        {"averageif", NULL,
         "declare a measure with a filter: `measure NAME = average of amount from … where …`"},
        {"averageifs", NULL,
         "declare a measure with a filter: `measure NAME = average of amount from … where …`"},
        {"vlookup", NULL,
         "declare a table, such as `table NAME by product { … }`, and call it: `NAME(product)`"},
        {"xlookup", NULL,
         "declare a table, such as `table NAME by product { … }`, and call it: `NAME(product)`"},
        {"lookup", NULL,
         "declare a table, such as `table NAME by product { … }`, and call it: `NAME(product)`"},
        {"and", NULL, "write `and` between the conditions"},
        {"or", NULL, "write `or` between the conditions"},
    };
    for (size_t i = 0; i < AT_COUNT(FUNCTIONS); i++) {
        if (!named(call->text, FUNCTIONS[i].name)) continue;
        if (FUNCTIONS[i].right) {
            at_diag_help(d, "write `%s`", FUNCTIONS[i].right);
            at_diag_fix(d, d->span, "%s", FUNCTIONS[i].right);
        } else {
            at_diag_help(d, "%s", FUNCTIONS[i].help);
        }
        return true;
    }
    return false;
}

/* The functions of the standard library, by file. tests/stdlib/run.sh checks that none is missing. */
static const struct {
    const char *name, *file;
} LIBRARY[] = {
    {"interpolated", "interpolation"},
    {"interpolated_money", "interpolation"},
    {"interpolated_over_three", "interpolation"},
    {"interpolated_from", "interpolation"},
    {"later", "proration"},
    {"earlier", "proration"},
    {"days_in_common", "proration"},
    {"share_of_days", "proration"},
    {"prorated_by_days", "proration"},
    {"number_by_days", "proration"},
    {"months_counted", "proration"},
    {"months_with_the_15th", "proration"},
    {"share_of_months", "proration"},
    {"prorated_by_months", "proration"},
    {"passed", "scores"},
    {"target_score", "scores"},
    {"lower_is_better", "scores"},
    {"weighted_2", "scores"},
    {"weighted_3", "scores"},
    {"weighted_4", "scores"},
    {"whole_years", "tenure"},
    {"whole_months", "tenure"},
};

/* `use` goes before the statement after `policy`. */
static bool help_library(struct at_check *ck, struct at_diag *d, at_str name) {
    for (size_t i = 0; i < AT_COUNT(LIBRARY); i++) {
        if (!at_str_eq(name, at_str_z(LIBRARY[i].name))) continue;
        at_diag_help(d, "add `use \"std/%s\"`: the function is in the standard library", LIBRARY[i].file);
        const struct at_ast_node *file = ck->ast->n_files ? ck->ast->files[0] : NULL;
        for (uint32_t k = 0; file && k < file->n; k++) {
            if (!file->child[k] || file->child[k]->kind == AT_N_POLICY) continue;
            uint32_t start = file->child[k]->span.start;
            at_diag_fix(d, (at_span){start, start}, "use \"std/%s\"\n\n", LIBRARY[i].file);
            break;
        }
        return true;
    }
    return false;
}

bool at_check_habit_call(struct at_check *ck, struct at_diag *d, const struct at_ast_node *call) {
    return help_if(ck, d, call) || help_spreadsheet(d, call) || help_library(ck, d, call->text);
}

/* ---- slices */

/* `when attainment between 50% and 100%` is a slice, where a condition was meant. */
bool at_check_habit_between(struct at_check *ck, struct at_diag *d, const struct at_ast_node *node) {
    if (node->kind != AT_N_BETWEEN || node->n != 3) return false;
    at_str x = source(ck, node->child[0]->span), low = source(ck, node->child[1]->span),
           high = source(ck, node->child[2]->span);
    at_str both = at_str_format(ck->arena, "%.*s >= %.*s and %.*s <= %.*s", AT_STR_ARG(x), AT_STR_ARG(low),
                                AT_STR_ARG(x), AT_STR_ARG(high));
    at_diag_help(d, "write `%.*s`", AT_STR_ARG(both));
    at_diag_fix(d, node->span, node->flags & AT_F_PARENS ? "(%.*s)" : "%.*s", AT_STR_ARG(both));
    return true;
}

/* `x over bound / y` divides the bound. If the bound alone has the type of x, the slice was meant. */
bool at_check_habit_slice(struct at_check *ck, struct at_diag *d, const struct at_ast_node *node,
                          const struct at_ast_node *bound, at_type wanted) {
    bool product = bound->kind == AT_N_ARITH && (bound->op == AT_OP_DIV || bound->op == AT_OP_MUL) &&
                   !(bound->flags & AT_F_PARENS);
    if (!product || bound != node->child[node->n - 1]) return false;
    const struct at_ast_node *left = bound->child[0];
    if (at_check_type_at(ck, left).kind != wanted.kind) return false;
    at_span slice = {node->child[0]->span.start, left->span.end};
    at_diag_help(d, "put the slice in parentheses: `(%.*s)`", AT_STR_ARG(source(ck, slice)));
    at_diag_fix(d, (at_span){slice.start, slice.start}, "(");
    at_diag_fix(d, (at_span){slice.end, slice.end}, ")");
    return true;
}
