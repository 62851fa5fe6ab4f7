/* plan/value.c: implements the equality of values. */
#include "plan/value.h"

bool at_plan_value_same(const struct at_plan_value *a, const struct at_plan_value *b) {
    if (!at_type_same(a->type, b->type) || a->missing != b->missing) return false;
    if (a->missing) return true;
    switch ((enum at_type_kind)a->type.kind) {
    case AT_T_NUMBER:
    case AT_T_MONEY:
    case AT_T_FOREIGN:
    case AT_T_DURATION: return at_num_same(at_plan_value_num(a), at_plan_value_num(b));
    case AT_T_TEXT: return at_str_eq(at_plan_value_text(a), at_plan_value_text(b));
    case AT_T_PERIOD:
        return at_plan_value_period(a).kind == at_plan_value_period(b).kind &&
               at_plan_value_period(a).ordinal == at_plan_value_period(b).ordinal;
    default: return at_plan_value_ordinal(a) == at_plan_value_ordinal(b);
    }
}

/* One step of a hash. The type counts only by its kind: currency and choices are left to
 * at_plan_value_same. */
static uint64_t with(uint64_t hash, uint64_t value) {
    hash ^= value + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
    return hash * 0xff51afd7ed558ccdu;
}

uint64_t at_plan_value_hash(const struct at_plan_value *value) {
    uint64_t hash = with(value->type.kind, value->missing);
    if (value->missing) return hash;
    switch ((enum at_type_kind)value->type.kind) {
    case AT_T_NUMBER:
    case AT_T_MONEY:
    case AT_T_FOREIGN:
    case AT_T_DURATION: return with(hash, at_num_hash(at_plan_value_num(value)));
    case AT_T_TEXT: return with(hash, at_str_hash(at_plan_value_text(value)));
    case AT_T_PERIOD:
        return with(hash,
                    (uint64_t)at_plan_value_period(value).ordinal * 8 + at_plan_value_period(value).kind);
    default: return with(hash, (uint64_t)at_plan_value_ordinal(value));
    }
}
