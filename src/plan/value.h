/* plan/value.h: one value as plans, runs, tests, hooks, and explanations pass it around.
 *
 * The union inside is private to this header. A value is made by an at_value_of_…, and read by the accessor
 * of its form, which checks the form first:
 *
 *     type                      form     accessor
 *     NUMBER, MONEY, DURATION   num      at_plan_value_num
 *     TEXT                      text     at_plan_value_text
 *     DATE                      i        at_plan_value_day
 *     PERIOD                    period   at_plan_value_period
 *     FLAG                      i        at_plan_value_yes
 *     ENUM, REF                 i        at_plan_value_row: the choice, or the row (REF only in runs)
 *
 * A missing value reads as zero, empty, no, or -1. So does a value of another form, except in builds that
 * look for defects of Attain (AT_HOLDS), which stop there. `make layers` checks that no other file names the
 * union.
 */
#ifndef AT_PLAN_VALUE_H
#define AT_PLAN_VALUE_H

#include "base/holds.h"
#include "base/num.h"
#include "base/type.h"

struct at_plan_value {
    at_type type;
    bool missing;
    union {
        at_num num;
        at_str text;
        int32_t i;
        at_period period;
    } bits;
};

static inline bool at_plan_type_counts(at_type type) { /* its values are numbers */
    return type.kind == AT_T_NUMBER || type.kind == AT_T_MONEY || type.kind == AT_T_FOREIGN ||
           type.kind == AT_T_DURATION;
}

/* ---- readers */

static inline at_num at_plan_value_num(const struct at_plan_value *value) {
    return !value->missing && AT_HOLDS(at_plan_type_counts(value->type)) ? value->bits.num : at_num_int(0);
}
static inline at_str at_plan_value_text(const struct at_plan_value *value) {
    return !value->missing && AT_HOLDS(value->type.kind == AT_T_TEXT) ? value->bits.text : (at_str){0};
}
static inline at_date at_plan_value_day(const struct at_plan_value *value) {
    return !value->missing && AT_HOLDS(value->type.kind == AT_T_DATE) ? value->bits.i : 0;
}
static inline at_period at_plan_value_period(const struct at_plan_value *value) {
    return !value->missing && AT_HOLDS(value->type.kind == AT_T_PERIOD) ? value->bits.period : (at_period){0};
}
static inline bool at_plan_value_yes(const struct at_plan_value *value) {
    return !value->missing && AT_HOLDS(value->type.kind == AT_T_FLAG) && value->bits.i != 0;
}
static inline int32_t at_plan_value_row(const struct at_plan_value *value) {
    bool row = value->type.kind == AT_T_ENUM || value->type.kind == AT_T_REF;
    return !value->missing && AT_HOLDS(row) ? value->bits.i : -1;
}

/* The number of a date, flag, choice, or row: for comparing and hashing values of one type. */
static inline int32_t at_plan_value_ordinal(const struct at_plan_value *value) {
    uint8_t kind = value->type.kind;
    bool index = kind == AT_T_DATE || kind == AT_T_FLAG || kind == AT_T_ENUM || kind == AT_T_REF;
    return !value->missing && AT_HOLDS(index) ? value->bits.i : 0;
}

/* ---- makers: `type` must be of the form; `optional` stays as it is */

static inline struct at_plan_value at_plan_value_none(at_type type) {
    return (struct at_plan_value){.type = type, .missing = true};
}
static inline struct at_plan_value at_plan_value_of_num(at_type type, at_num num) {
    struct at_plan_value value = {.type = type, .missing = !AT_HOLDS(at_plan_type_counts(type))};
    value.bits.num = num;
    return value;
}
static inline struct at_plan_value at_plan_value_of_text(at_str text) {
    struct at_plan_value value = {.type = {.kind = AT_T_TEXT}};
    value.bits.text = text;
    return value;
}
static inline struct at_plan_value at_plan_value_of_day(at_date day) {
    struct at_plan_value value = {.type = {.kind = AT_T_DATE}};
    value.bits.i = day;
    return value;
}
static inline struct at_plan_value at_plan_value_of_period(at_period period) {
    struct at_plan_value value = {.type = {.kind = AT_T_PERIOD}};
    value.bits.period = period;
    return value;
}
static inline struct at_plan_value at_plan_value_of_yes(bool yes) {
    struct at_plan_value value = {.type = {.kind = AT_T_FLAG}};
    value.bits.i = yes;
    return value;
}
static inline struct at_plan_value at_plan_value_of_row(at_type type, int32_t row) {
    bool fits = type.kind == AT_T_ENUM || type.kind == AT_T_REF;
    struct at_plan_value value = {.type = type, .missing = row < 0 || !AT_HOLDS(fits)};
    value.bits.i = row;
    return value;
}

/* ---- writers: a new value of the same type, in place, because hooks take one for each argument of each row
 */

static inline void at_plan_value_put_num(struct at_plan_value *value, at_num num) {
    value->missing = !AT_HOLDS(at_plan_type_counts(value->type));
    value->bits.num = num;
}
static inline void at_plan_value_put_text(struct at_plan_value *value, at_str text) {
    value->missing = !AT_HOLDS(value->type.kind == AT_T_TEXT);
    value->bits.text = text;
}
static inline void at_plan_value_put_day(struct at_plan_value *value, at_date day) {
    value->missing = !AT_HOLDS(value->type.kind == AT_T_DATE);
    value->bits.i = day;
}
static inline void at_plan_value_put_period(struct at_plan_value *value, at_period period) {
    value->missing = !AT_HOLDS(value->type.kind == AT_T_PERIOD);
    value->bits.period = period;
}
static inline void at_plan_value_put_yes(struct at_plan_value *value, bool yes) {
    value->missing = !AT_HOLDS(value->type.kind == AT_T_FLAG);
    value->bits.i = yes;
}
static inline void at_plan_value_put_row(struct at_plan_value *value, int32_t row) { /* -1: missing */
    bool fits = value->type.kind == AT_T_ENUM || value->type.kind == AT_T_REF;
    value->missing = row < 0 || !AT_HOLDS(fits);
    value->bits.i = row;
}

/* ---- equality */

/* Whether two values are the same: of one type, and both missing or equal. Numbers are the same whatever
 * their forms and scales. Periods are the same only if their kinds are, though 2026 and 2026-Q1 begin on one
 * day.
 *
 * This is the only rule for the equality of values as such. What a policy compares goes by at_plan_value_cmp,
 * which is an order of the values of one type. Values that are the same have one hash. */
bool at_plan_value_same(const struct at_plan_value *a, const struct at_plan_value *b);
uint64_t at_plan_value_hash(const struct at_plan_value *value);

#endif
