/* base/type.c: implements type.h. */
#include "base/type.h"

bool at_type_choices_same(const struct at_type_choices *a, const struct at_type_choices *b) {
    if (a == b) return true;
    if (!a || !b || a->n != b->n) return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (!at_str_eq(a->at[i], b->at[i])) return false;
    return true;
}

bool at_type_same(at_type a, at_type b) {
    if (a.kind != b.kind) return false;
    switch ((enum at_type_kind)a.kind) {
    case AT_T_MONEY: return a.currency == b.currency || !a.currency || !b.currency;
    case AT_T_FOREIGN: return true; /* such values are never put together */
    case AT_T_DURATION: return a.months == b.months;
    case AT_T_ENUM: return at_type_choices_same(a.choices, b.choices);
    case AT_T_REF: return a.table == b.table;
    default: return true;
    }
}
