/* base/column.c: columns: putting, cutting, joining, printing. The only place where a column is widened. */
#include "base/column.h"

#include "base/numtext.h"

size_t at_col_width(enum at_col_form form) {
    switch (form) {
    case AT_COL_I64: return sizeof(int64_t);
    case AT_COL_I128: return sizeof(at_i128);
    case AT_COL_NUM: return sizeof(at_num);
    case AT_COL_TEXT: return sizeof(at_str);
    case AT_COL_DAY:
    case AT_COL_ROW: return sizeof(int32_t);
    case AT_COL_PERIOD: return sizeof(at_period);
    case AT_COL_FLAG: return 1;
    }
    return 1;
}

enum at_col_form at_col_form_of(const at_type *type) {
    switch ((enum at_type_kind)type->kind) {
    case AT_T_NUMBER:
    case AT_T_MONEY:
    case AT_T_FOREIGN:
    case AT_T_DURATION: return AT_COL_I64;
    case AT_T_DATE: return AT_COL_DAY;
    case AT_T_PERIOD: return AT_COL_PERIOD;
    case AT_T_FLAG: return AT_COL_FLAG;
    case AT_T_ENUM:
    case AT_T_REF: return AT_COL_ROW;
    case AT_T_TEXT:
    case AT_T_NONE: break;
    }
    return AT_COL_TEXT;
}

at_num at_col_num(const struct at_col *col, uint32_t i) {
    if (col->one) i = 0;
    if (col->state && col->state[i]) return at_num_int(0);
    switch ((enum at_col_form)col->form) {
    case AT_COL_I64: return at_num_decimal(col->i64[i], col->scale);
    case AT_COL_I128: return at_num_decimal128(col->i128[i], col->scale);
    case AT_COL_NUM: return col->num[i];
    default: return at_num_int(0);
    }
}

/* ---- widening */

/* Brings the first n values of an I64 or I128 column to a higher scale; false, untouched, where one would not
 * fit. */
static bool raise_scale(struct at_col *col, uint32_t n, unsigned scale) {
    int64_t factor = (int64_t)at_num_pow10[scale - col->scale];
    if (col->form == AT_COL_I64) {
        int64_t bound;
        if (__builtin_mul_overflow(col->bound, factor, &bound)) return false;
        for (uint32_t i = 0; i < n; i++)
            col->i64[i] *= factor;
        col->bound = bound;
    } else {
        at_i128 limit = (((at_i128)1 << 126) - 1) / factor;
        for (uint32_t i = 0; i < n; i++)
            if (col->i128[i] > limit || col->i128[i] < -limit) return false;
        for (uint32_t i = 0; i < n; i++)
            col->i128[i] *= factor;
    }
    col->scale = (uint8_t)scale;
    return true;
}

static void widen(struct at_arena *arena, struct at_col *col, uint32_t room, uint32_t n,
                  enum at_col_form form) {
    if (form == AT_COL_I128) {
        at_i128 *wide = at_arena_get(arena, room * sizeof *wide);
        for (uint32_t i = 0; i < n; i++)
            wide[i] = col->i64[i];
        col->i128 = wide;
    } else {
        at_num *wide = at_arena_get(arena, room * sizeof *wide);
        for (uint32_t i = 0; i < n; i++)
            wide[i] = col->form == AT_COL_I64 ? at_num_decimal(col->i64[i], col->scale)
                                              : at_num_decimal128(col->i128[i], col->scale);
        col->num = wide;
    }
    col->form = (uint8_t)form;
}

/* Of a narrow number only. */
static at_i128 mantissa_of(at_num value) {
    return value.form == AT_NUM_I64 ? (at_i128)value.i64 : value.i128;
}

/* Into the column's present form; false where it does not go in. */
static bool put_narrow(struct at_col *col, uint32_t i, at_num value) {
    if (col->form == AT_COL_NUM) {
        col->num[i] = value;
        return true;
    }
    if (value.form != AT_NUM_I64 && value.form != AT_NUM_I128) return false;
    if (value.scale > col->scale && !raise_scale(col, i, value.scale)) return false;
    at_i128 mantissa;
    if (__builtin_mul_overflow(mantissa_of(value), (at_i128)at_num_pow10[col->scale - value.scale],
                               &mantissa))
        return false;
    if (col->form == AT_COL_I128) {
        col->i128[i] = mantissa;
        return true;
    }
    at_i128 size = mantissa < 0 ? -mantissa : mantissa;
    if (size > INT64_MAX) return false;
    col->i64[i] = (int64_t)mantissa;
    if ((int64_t)size > col->bound) col->bound = (int64_t)size;
    return true;
}

/* Tries the form of the column, then the next wider ones. Values that are there already are widened with
 * it. */
void at_col_put_num(struct at_arena *arena, struct at_col *col, uint32_t room, uint32_t i, at_num value) {
    if (put_narrow(col, i, value)) return;
    if (col->form == AT_COL_I64) {
        widen(arena, col, room, i, AT_COL_I128);
        if (put_narrow(col, i, value)) return;
    }
    widen(arena, col, room, i, AT_COL_NUM);
    col->num[i] = value;
}

/* ---- cutting and joining */

int64_t at_col_measure(const int64_t *values, uint32_t n) {
    int64_t least = 0, most = 0;
    for (uint32_t i = 0; i < n; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    if (least == INT64_MIN) return INT64_MAX;
    return -least > most ? -least : most;
}

/* The bound of the whole column stays: it is a bound of each part, too. */
struct at_col at_col_slice(const struct at_col *col, uint32_t first, uint32_t n) {
    struct at_col view = *col;
    view.n = n;
    if (col->one || !col->data) return view;
    view.data = (char *)col->data + first * at_col_width(col->form);
    if (col->state) view.state = col->state + first;
    return view;
}

/* Moves values toward the front, so each is read before its place is written. */
uint32_t at_col_keep(struct at_col *col, const uint8_t *drop) {
    uint32_t kept = 0;
    size_t width = at_col_width(col->form);
    char *data = col->data;
    for (uint32_t i = 0; i < col->n; i++) {
        if (drop[i]) continue;
        if (data && !col->one && kept != i) memcpy(data + kept * width, data + i * width, width);
        if (col->state && !col->one) col->state[kept] = col->state[i];
        kept++;
    }
    return col->n = kept;
}

/* Room doubles, so appending takes time in proportion to the values. */
static void grow(struct at_arena *arena, struct at_col *col, uint32_t *room, uint32_t need) {
    if (need <= *room) return;
    uint32_t bigger = *room > UINT32_MAX / 2 ? UINT32_MAX : *room * 2;
    if (bigger < need) bigger = need;
    size_t width = at_col_width(col->form);
    col->data = at_arena_extend(arena, col->data, *room * width, bigger * width);
    if (col->state)
        col->state = at_arena_extend(arena, col->state, *room * sizeof(uint32_t), bigger * sizeof(uint32_t));
    *room = bigger;
}

/* Values from before the first state are present: zero is AT_STATE_OK. */
static void append_state(struct at_arena *arena, struct at_col *col, uint32_t room,
                         const struct at_col *more) {
    if (!col->state && !more->state) return;
    if (!col->state) col->state = at_arena_zero(arena, room * sizeof(uint32_t));
    for (uint32_t i = 0; i < more->n; i++)
        col->state[col->n + i] = at_col_state(more, i);
}

/* All text of the batch in one piece of memory. */
static void append_text(struct at_arena *arena, struct at_col *col, const struct at_col *more) {
    size_t total = 0;
    for (uint32_t i = 0; i < more->n; i++)
        total += more->text[more->one ? 0 : i].n;
    char *bytes = at_arena_get(arena, total);
    for (uint32_t i = 0; i < more->n; i++) {
        at_str s = more->text[more->one ? 0 : i];
        if (s.n) memcpy(bytes, s.p, s.n);
        col->text[col->n + i] = (at_str){bytes, s.n};
        bytes += s.n;
    }
}

/* Columns of equal form and scale are copied whole. Others are put number by number, which widens as
 * needed. */
void at_col_append(struct at_arena *arena, struct at_col *col, uint32_t *room, const struct at_col *more) {
    if (!col->data) {
        struct at_col empty = {.form = more->form, .scale = more->scale};
        *col = empty;
        *room = 0;
    }
    if (more->n == 0) return; /* its data may be NULL */
    grow(arena, col, room, col->n + more->n);
    append_state(arena, col, *room, more);
    bool same = col->form == more->form && col->scale == more->scale && !more->one;
    switch ((enum at_col_form)more->form) {
    case AT_COL_TEXT: append_text(arena, col, more); break;
    case AT_COL_I64:
    case AT_COL_I128:
    case AT_COL_NUM:
        if (same && col->form != AT_COL_NUM) {
            size_t width = at_col_width(col->form);
            memcpy((char *)col->data + col->n * width, more->data, more->n * width);
            if (more->bound > col->bound) col->bound = more->bound;
            break;
        }
        for (uint32_t i = 0; i < more->n; i++)
            at_col_put_num(arena, col, *room, col->n + i, at_num_copy(arena, at_col_num(more, i)));
        break;
    default: {
        size_t width = at_col_width(col->form);
        for (uint32_t i = 0; i < more->n; i++)
            memcpy((char *)col->data + (col->n + i) * width, (char *)more->data + (more->one ? 0 : i) * width,
                   width);
    }
    }
    col->n += more->n;
}

/* ---- printing */

at_str at_col_print(struct at_arena *arena, const at_type *type, const struct at_col *col, uint32_t i) {
    if (at_col_state(col, i) != AT_STATE_OK) return (at_str){"", 0};
    if (col->one) i = 0;
    switch ((enum at_col_form)col->form) {
    case AT_COL_I64:
    case AT_COL_I128:
    case AT_COL_NUM: {
        at_str number = at_num_print(arena, at_col_num(col, i));
        if (type->kind != AT_T_DURATION) return number;
        return at_str_format(arena, "%.*s %s", AT_STR_ARG(number), type->months ? "months" : "days");
    }
    case AT_COL_TEXT: return col->text[i];
    case AT_COL_DAY: return at_date_print(arena, col->day[i]);
    case AT_COL_PERIOD: return at_period_print(arena, col->period[i]);
    case AT_COL_FLAG: return col->flag[i] ? AT_STR("yes") : AT_STR("no");
    case AT_COL_ROW:
        if (type->kind == AT_T_ENUM && type->choices && (uint32_t)col->row[i] < type->choices->n)
            return type->choices->at[col->row[i]];
        return at_str_format(arena, "%d", (int)col->row[i]);
    }
    return (at_str){"", 0};
}
