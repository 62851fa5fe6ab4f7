/* explain/row.c: what is kept of a row, and how a row without a key is called. */
#include "explain/explain_int.h"

/* Into the arena of the explainer, where the rows of the pass do not last. */
struct at_plan_value at_explain_value_kept(struct at_arena *arena, const struct at_plan_value *value) {
    struct at_plan_value copy = *value;
    if (copy.missing) return copy;
    if (copy.type.kind == AT_T_TEXT)
        at_plan_value_put_text(&copy, at_str_copy(arena, at_plan_value_text(&copy)));
    if (at_plan_type_counts(copy.type))
        at_plan_value_put_num(&copy, at_num_copy(arena, at_plan_value_num(&copy)));
    return copy;
}

static at_str base_name(at_str path) {
    uint32_t from = path.n;
    while (from > 0 && path.p[from - 1] != '/' && path.p[from - 1] != '\\')
        from--;
    return (at_str){path.p + from, path.n - from};
}

at_words_operand at_explain_row_in_file(const struct at_explain_tell *t, at_str file, uint64_t line) {
    at_str number = at_str_format(t->arena, "%llu", (unsigned long long)line);
    return AT_SAID(t->arena, AT_W_ROW, at_words_text(number), at_words_text(base_name(file)));
}
