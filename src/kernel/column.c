/* kernel/column.c: see column.h. */
#include "kernel/column.h"

/* ---- values in and out of columns */

/* Zeros at the end of a decimal are removed here, because each digit of scale takes range from later
 * products. */
static void number_col(struct at_arena *arena, at_num num, struct at_col *out) {
    if (num.form == AT_NUM_I64 && num.i64 >= -AT_COL_LIMIT && num.i64 <= AT_COL_LIMIT) {
        while (num.scale > 0 && num.i64 % 10 == 0) { /* 10.00% multiplies as 0.1 */
            num.i64 /= 10;
            num.scale--;
        }
        out->form = AT_COL_I64;
        out->scale = num.scale;
        out->i64 = at_arena_get(arena, sizeof *out->i64);
        *out->i64 = num.i64;
        out->bound = num.i64 < 0 ? -num.i64 : num.i64;
        return;
    }
    out->form = AT_COL_NUM;
    out->num = at_arena_get(arena, sizeof *out->num);
    *out->num = at_num_copy(arena, num);
}

/* A missing value has a payload of zeros, so that loops may read it without a look at the state. */
struct at_col at_kernel_col_of_value(struct at_arena *arena, const struct at_plan_value *value) {
    struct at_col out = {.one = true, .n = 1, .form = at_col_form_of(&value->type)};
    /* 32 bytes: no form has wider values. */
    if (value->missing) {
        out.data = at_arena_zero(arena, 32);
        out.state = AT_NEW(arena, uint32_t);
        *out.state = AT_STATE_MISSING;
        return out;
    }
    if (at_kernel_is_number_form(out.form)) {
        number_col(arena, at_plan_value_num(value), &out);
        return out;
    }
    out.data = at_arena_zero(arena, at_col_width(out.form));
    switch ((enum at_col_form)out.form) {
    case AT_COL_TEXT: *out.text = at_plan_value_text(value); break;
    case AT_COL_DAY: *out.day = at_plan_value_day(value); break;
    case AT_COL_ROW: *out.row = at_plan_value_row(value); break;
    case AT_COL_PERIOD: *out.period = at_plan_value_period(value); break;
    case AT_COL_FLAG: *out.flag = at_plan_value_yes(value); break;
    default: break;
    }
    return out;
}

/* The result is a view: texts and limbs stay in the memory of the column. */
struct at_plan_value at_kernel_col_value(const struct at_col *col, uint32_t i, const at_type *type) {
    struct at_plan_value out = {.type = *type};
    uint32_t at = col->one ? 0 : i;
    if (at_col_state(col, i) != AT_STATE_OK) {
        out.missing = true;
        return out;
    }
    switch ((enum at_col_form)col->form) {
    case AT_COL_I64:
    case AT_COL_I128:
    case AT_COL_NUM: at_plan_value_put_num(&out, at_kernel_num_at(col, i)); break;
    case AT_COL_TEXT: at_plan_value_put_text(&out, col->text[at]); break;
    case AT_COL_DAY: at_plan_value_put_day(&out, col->day[at]); break;
    case AT_COL_ROW: at_plan_value_put_row(&out, col->row[at]); break;
    case AT_COL_PERIOD: at_plan_value_put_period(&out, col->period[at]); break;
    case AT_COL_FLAG: at_plan_value_put_yes(&out, col->flag[at] != 0); break;
    }
    return out;
}

/* Copies what the column itself holds, and the limbs of wide numbers. Texts stay views, so their bytes
 * must live as long as the copy. */
struct at_col at_kernel_col_copy(struct at_arena *arena, const struct at_col *col) {
    struct at_col out = *col;
    uint32_t n = col->one ? 1 : col->n;
    size_t size = n * at_col_width(col->form);
    if (!col->data) return out;
    out.data = memcpy(at_arena_get(arena, size), col->data, size);
    if (col->state)
        out.state = memcpy(at_arena_get(arena, n * sizeof *out.state), col->state, n * sizeof *out.state);
    if (col->form == AT_COL_NUM)
        for (uint32_t i = 0; i < n; i++)
            out.num[i] = at_num_copy(arena, out.num[i]);
    return out;
}

/* ---- gathering */

#define GATHER(TYPE)                                                                                         \
    do {                                                                                                     \
        const TYPE *values_ = from->data;                                                                    \
        TYPE *to_ = out->data;                                                                               \
        for (uint32_t i = 0; i < n; i++)                                                                     \
            to_[i] = values_[index[i]];                                                                      \
    } while (0)

/* Values are moved by their width alone. at_str and at_i128 are both 16 bytes wide, but have their own
 * types, so that no value is read through a pointer of another type. */
static void gather_payload(const struct at_col *from, const uint32_t *index, uint32_t n, struct at_col *out) {
    switch (at_col_width(from->form)) {
    case 1: GATHER(uint8_t); break;
    case 4: GATHER(uint32_t); break;
    case 8: GATHER(uint64_t); break;
    case 16:
        if (from->form == AT_COL_TEXT)
            GATHER(at_str);
        else
            GATHER(at_i128);
        break;
    default: GATHER(at_num); break;
    }
}

/* A column with `one` value is returned as it is, with its own n. Callers that need another n set it. */
void at_kernel_col_gather_u32(struct at_arena *arena, const struct at_col *from, const uint32_t *index,
                              uint32_t n, struct at_col *out) {
    *out = *from;
    if (from->one) return;
    out->n = n;
    out->data = at_arena_get(arena, n * at_col_width(from->form));
    gather_payload(from, index, n, out);
    if (!from->state) return;
    out->state = at_arena_get(arena, n * sizeof *out->state);
    for (uint32_t i = 0; i < n; i++)
        out->state[i] = from->state[index[i]];
}

void at_kernel_col_gather(struct at_arena *arena, const struct at_col *from, const int32_t *index, uint32_t n,
                          struct at_col *out) {
    /* Without a negative index, the plain gather serves, and no states are made. */
    bool whole = true;
    for (uint32_t i = 0; i < n; i++)
        whole &= index[i] >= 0;
    if (whole && !from->one) {
        at_kernel_col_gather_u32(arena, from, (const uint32_t *)index, n, out);
        return;
    }
    *out = *from;
    out->one = false;
    out->n = n;
    size_t width = at_col_width(from->form);
    out->data = at_arena_zero(arena, n * width);
    out->state = AT_NEW_ARRAY(arena, uint32_t, n);
    for (uint32_t i = 0; i < n; i++) {
        if (index[i] < 0) {
            out->state[i] = AT_STATE_MISSING;
            continue;
        }
        uint32_t at = from->one ? 0 : (uint32_t)index[i];
        memcpy((char *)out->data + i * width, (const char *)from->data + at * width, width);
        if (from->state) out->state[i] = from->state[at];
    }
}

/* ---- narrowing */

/* i64 and i128 are fields of one union. The wide payload is therefore kept in `from` before the narrow one
 * replaces it. */
static void narrow_128(struct at_arena *arena, struct at_col *col) {
    uint32_t n = col->one ? 1 : col->n;
    int64_t bound = 0;
    for (uint32_t i = 0; i < n; i++) {
        at_u128 v = col->i128[i] < 0 ? 0 - (at_u128)col->i128[i] : (at_u128)col->i128[i];
        if (v > (at_u128)AT_COL_LIMIT) return;
        if ((int64_t)v > bound) bound = (int64_t)v;
    }
    const at_i128 *from = col->i128;
    col->i64 = at_arena_get(arena, n * sizeof *col->i64);
    for (uint32_t i = 0; i < n; i++)
        col->i64[i] = (int64_t)from[i];
    col->form = AT_COL_I64;
    col->bound = bound;
}

/* One fraction keeps the whole column in NUM form, because the other forms have one decimal scale for all
 * values. The old payload stays in the arena: other columns may share it. */
void at_kernel_col_narrow(struct at_arena *arena, struct at_col *col) {
    uint32_t n = col->one ? 1 : col->n;
    if (col->form == AT_COL_I128) narrow_128(arena, col);
    if (col->form != AT_COL_NUM) return;
    unsigned scale = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (col->num[i].form > AT_NUM_I128) return;
        if (col->num[i].scale > scale) scale = col->num[i].scale;
    }
    /* All at one scale first: decimals of different scales can still have one narrow form. */
    at_i128 *wide = at_arena_get(arena, n * sizeof *wide);
    for (uint32_t i = 0; i < n; i++)
        if (!at_num_to_i128(arena, col->num[i], scale, &wide[i])) return;
    col->form = AT_COL_I128;
    col->scale = (uint8_t)scale;
    col->i128 = wide;
    narrow_128(arena, col);
}
