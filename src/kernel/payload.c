/* kernel/payload.c: steps, table keys and sets made ready for loops. */
#include "kernel/payload.h"

/* ---- steps */

/* Mantissas of all numbers at the largest of their scales; false where one does not fit 64 bits. */
static bool mantissas(struct at_arena *arena, const at_num *nums, uint32_t n, int64_t *out, uint8_t *scale,
                      int64_t *bound) {
    *scale = 0;
    *bound = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (nums[i].form != AT_NUM_I64) return false;
        struct at_plan_value value = at_plan_value_of_num((at_type){.kind = AT_T_NUMBER}, nums[i]);
        struct at_col plain = at_kernel_col_of_value(arena, &value); /* without zeros at the end */
        if (plain.scale > *scale) *scale = plain.scale;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!at_num_to_i64(arena, nums[i], *scale, &out[i])) return false;
        if (out[i] > AT_COL_LIMIT || out[i] < -AT_COL_LIMIT) return false;
        int64_t size = out[i] < 0 ? -out[i] : out[i];
        if (size > *bound) *bound = size;
    }
    return true;
}

/* If thresholds or values do not fit 64 bits at one scale, `narrow` is false. Kernels then read `steps`,
 * not the arrays. */
static struct at_kernel_step_table *prepare_steps(const struct at_plan_steps *steps, struct at_arena *arena) {
    struct at_kernel_step_table *table = AT_NEW(arena, struct at_kernel_step_table);
    table->steps = steps;
    table->t = AT_NEW_ARRAY(arena, int64_t, steps->n);
    table->v = AT_NEW_ARRAY(arena, int64_t, steps->n);
    table->narrow =
        steps->n > 0 && !steps->lines &&
        mantissas(arena, steps->thresholds, steps->n, table->t, &table->t_scale, &table->t_bound) &&
        mantissas(arena, steps->values, steps->n, table->v, &table->v_scale, &table->v_bound);
    return table;
}

/* ---- keys */

static inline uint64_t load_u64(const char *p) {
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}
static inline uint64_t load_u32(const char *p) {
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Which bytes of a text the two words hold:
 *     length    first                      last
 *     0         0                          0
 *     1 to 3    first, middle, last byte   0
 *     4 to 7    bytes 0 to 3               the last 4 bytes
 *     8 on      bytes 0 to 7               the last 8 bytes
 * Up to 16 bytes, the words overlap or meet. With the length, they then identify the text. */
static inline struct at_kernel_ends ends_of(at_str s) {
    struct at_kernel_ends e = {.n = s.n};
    if (s.n >= 8) {
        e.first = load_u64(s.p);
        e.last = load_u64(s.p + s.n - 8);
    } else if (s.n >= 4) {
        e.first = load_u32(s.p);
        e.last = load_u32(s.p + s.n - 4);
    } else if (s.n > 0) {
        e.first =
            (uint8_t)s.p[0] | (uint64_t)(uint8_t)s.p[s.n / 2] << 8 | (uint64_t)(uint8_t)s.p[s.n - 1] << 16;
    }
    return e;
}

/* Reads only the ends. Longer texts that differ between them have the same hash, and find_text compares
 * them in full. */
static inline uint64_t hash_ends(struct at_kernel_ends e) {
    uint64_t h = (e.first ^ (e.last << 29 | e.last >> 35)) + e.n * UINT64_C(0x9E3779B97F4A7C15);
    h *= UINT64_C(0xD6E8FEB86659FD93);
    return h ^ h >> 32;
}

static bool is_text(const struct at_kernel_axis *axis) {
    for (uint32_t i = 0; i < axis->n; i++)
        if (axis->keys[i].kind != AT_KEY_OTHER) return axis->keys[i].value.type.kind == AT_T_TEXT;
    return false;
}

/* Ends at a free slot. At most a third of the slots is in use, so there is one. */
static inline int32_t find_text(const struct at_kernel_axis *axis, at_str s) {
    const struct at_kernel_ends e = ends_of(s);
    for (uint64_t h = hash_ends(e);; h++) {
        uint32_t slot = axis->slots[h & (axis->n_slots - 1)];
        if (slot == 0) return axis->other;
        const struct at_kernel_ends *k = &axis->ends[slot - 1];
        if (k->n != e.n || k->first != e.first || k->last != e.last) continue;
        if (e.n <= 16 || memcmp(at_plan_value_text(&axis->keys[slot - 1].value).p, s.p, s.n) == 0)
            return (int32_t)slot - 1;
    }
}

/* While keys are put, `other` is set aside: a key that is not found must give -1, not the index of
 * `other`. The first of equal keys counts. */
static void prepare_texts(struct at_kernel_axis *axis, struct at_arena *arena) {
    /* A power of two, so that a mask replaces a division. */
    axis->n_slots = 8;
    while (axis->n_slots < axis->n * 3)
        axis->n_slots *= 2;
    axis->slots = AT_NEW_ARRAY(arena, uint32_t, axis->n_slots);
    axis->ends = AT_NEW_ARRAY(arena, struct at_kernel_ends, axis->n);
    int32_t other = axis->other;
    axis->other = -1;
    for (uint32_t i = 0; i < axis->n; i++) {
        if (axis->keys[i].kind != AT_KEY_VALUE ||
            find_text(axis, at_plan_value_text(&axis->keys[i].value)) >= 0)
            continue;
        axis->ends[i] = ends_of(at_plan_value_text(&axis->keys[i].value));
        uint64_t h = hash_ends(axis->ends[i]);
        while (axis->slots[h & (axis->n_slots - 1)])
            h++;
        axis->slots[h & (axis->n_slots - 1)] = i + 1;
    }
    axis->other = other;
}

/* An ordinal is the index of a choice, a flag (0 or 1), or a row. It is used as an index, without a hash. */
static void prepare_direct(struct at_kernel_axis *axis, struct at_arena *arena) {
    int32_t most = -1;
    for (uint32_t i = 0; i < axis->n; i++)
        if (axis->keys[i].kind == AT_KEY_VALUE && at_plan_value_ordinal(&axis->keys[i].value) > most)
            most = at_plan_value_ordinal(&axis->keys[i].value);
    axis->n_direct = (uint32_t)(most + 1);
    axis->direct = AT_NEW_ARRAY(arena, int32_t, axis->n_direct);
    for (uint32_t i = 0; i < axis->n_direct; i++)
        axis->direct[i] = axis->other;
    for (uint32_t i = axis->n; i-- > 0;) /* the first of equal keys counts */
        if (axis->keys[i].kind == AT_KEY_VALUE && at_plan_value_ordinal(&axis->keys[i].value) >= 0)
            axis->direct[at_plan_value_ordinal(&axis->keys[i].value)] = (int32_t)i;
}

/* Numbers and days; `other` counts as 0, and is not looked at. */
static void prepare_numbers(struct at_kernel_axis *axis, struct at_arena *arena) {
    at_num *nums = AT_NEW_ARRAY(arena, at_num, axis->n);
    for (uint32_t i = 0; i < axis->n; i++) {
        const struct at_plan_value *value = &axis->keys[i].value;
        bool other = axis->keys[i].kind == AT_KEY_OTHER;
        nums[i] = other                           ? at_num_int(0)
                  : value->type.kind == AT_T_DATE ? at_num_int(at_plan_value_day(value))
                                                  : at_plan_value_num(value);
    }
    axis->numbers = AT_NEW_ARRAY(arena, int64_t, axis->n);
    axis->narrow = mantissas(arena, nums, axis->n, axis->numbers, &axis->scale, &axis->bound);
}

/* The first `other` counts. Types without an index of their own, such as periods, are found by
 * find_slowly. */
static void prepare_axis(struct at_kernel_axis *axis, const struct at_plan_key *keys, uint32_t n,
                         struct at_arena *arena) {
    *axis = (struct at_kernel_axis){.keys = keys, .n = n, .other = -1};
    uint8_t kind = AT_T_NONE;
    for (uint32_t i = 0; i < n; i++) {
        if (keys[i].kind == AT_KEY_OTHER && axis->other < 0) axis->other = (int32_t)i;
        if (keys[i].kind != AT_KEY_VALUE && keys[i].kind != AT_KEY_OTHER) axis->steps = true;
        if (keys[i].kind != AT_KEY_OTHER) kind = keys[i].value.type.kind;
    }
    axis->blank = kind == AT_T_NONE;
    if (is_text(axis) && !axis->steps)
        prepare_texts(axis, arena);
    else if ((kind == AT_T_ENUM || kind == AT_T_FLAG || kind == AT_T_REF) && !axis->steps)
        prepare_direct(axis, arena);
    else if (kind == AT_T_NUMBER || kind == AT_T_MONEY || kind == AT_T_FOREIGN || kind == AT_T_DATE ||
             kind == AT_T_DURATION)
        prepare_numbers(axis, arena);
}

/* ---- finding */

/* The first equal key, or the last step reached, or `other`. */
static int32_t find_number(const struct at_kernel_axis *axis, const int64_t *keys, int64_t x) {
    int32_t reached = axis->other;
    for (uint32_t k = 0; k < axis->n; k++) {
        uint8_t kind = axis->keys[k].kind;
        if (kind == AT_KEY_VALUE && x == keys[k]) return (int32_t)k;
        if (((kind == AT_KEY_FROM || kind == AT_KEY_POINT) && x >= keys[k]) ||
            (kind == AT_KEY_ABOVE && x > keys[k]))
            reached = (int32_t)k;
    }
    return reached;
}

/* False where the column and the keys have no common 64-bit scale. */
static bool find_numbers(struct at_kernel_space *space, const struct at_kernel_axis *axis,
                         const struct at_col *col, uint32_t n, int32_t *out) {
    const int64_t *x, *keys;
    int64_t x_bound, k_bound;
    struct at_col k = {
        .form = AT_COL_I64, .scale = axis->scale, .n = axis->n, .i64 = axis->numbers, .bound = axis->bound};
    if (!axis->narrow || col->form != AT_COL_I64) return false;
    unsigned scale = col->scale > axis->scale ? col->scale : axis->scale;
    if (!at_kernel_lane_at_scale(space, col, n, scale, &x, &x_bound) ||
        !at_kernel_lane_at_scale(space, &k, axis->n, scale, &keys, &k_bound))
        return false;
    for (uint32_t i = 0; i < n; i++)
        out[i] = find_number(axis, keys, x[i]);
    return true;
}

/* Any kind of key, one value at a time. */
static void find_slowly(struct at_kernel_space *space, const struct at_kernel_axis *axis,
                        const struct at_col *col, uint32_t n, int32_t *out) {
    at_type type = {0};
    for (uint32_t i = 0; i < axis->n; i++)
        if (axis->keys[i].kind != AT_KEY_OTHER) type = axis->keys[i].value.type;
    for (uint32_t i = 0; i < n; i++) {
        struct at_plan_value value = at_kernel_col_value(col, i, &type);
        out[i] = value.missing ? -1
                               : at_plan_find_key(&space->plan->checked->calendar, space->arena, axis->keys,
                                                  axis->n, &value);
    }
}

/* Loops run over all values, and those with a state are set to -1 afterwards. A missing row, -1, is larger
 * than any n_direct when it is unsigned. */
void at_kernel_axis_find(struct at_kernel_space *space, const struct at_kernel_axis *axis,
                         const struct at_col *col, uint32_t n, int32_t *out) {
    if (col->one) n = 1;
    if (axis->blank) {
        for (uint32_t i = 0; i < n; i++)
            out[i] = axis->other;
    } else if (axis->slots && col->form == AT_COL_TEXT) {
        for (uint32_t i = 0; i < n; i++)
            out[i] = find_text(axis, col->text[i]);
    } else if (axis->direct && col->form == AT_COL_ROW) {
        for (uint32_t i = 0; i < n; i++)
            out[i] = (uint32_t)col->row[i] < axis->n_direct ? axis->direct[col->row[i]] : axis->other;
    } else if (axis->direct && col->form == AT_COL_FLAG) {
        for (uint32_t i = 0; i < n; i++)
            out[i] = col->flag[i] < axis->n_direct ? axis->direct[col->flag[i]] : axis->other;
    } else if (axis->narrow && col->form == AT_COL_DAY) {
        for (uint32_t i = 0; i < n; i++)
            out[i] = find_number(axis, axis->numbers, col->day[i]);
    } else if (!find_numbers(space, axis, col, n, out)) {
        find_slowly(space, axis, col, n, out);
    }
    if (!col->state) return;
    for (uint32_t i = 0; i < n; i++)
        if (col->state[i] != AT_STATE_OK) out[i] = -1;
}

/* ---- tables and sets */

/* The values of a table as one column, so that a lookup is a gather. */
static struct at_col value_column(const struct at_plan_value *values, uint32_t n, struct at_arena *arena) {
    at_type type = {0};
    for (uint32_t i = 0; i < n; i++)
        if (!values[i].missing) type = values[i].type;
    struct at_col out = {.n = n, .form = at_col_form_of(&type)};
    bool number = at_kernel_is_number_form(out.form);
    if (number) out.form = AT_COL_NUM;
    size_t width = at_col_width(out.form);
    out.data = at_arena_zero(arena, n * width);
    for (uint32_t i = 0; i < n; i++) {
        if (values[i].missing) {
            if (!out.state) out.state = AT_NEW_ARRAY(arena, uint32_t, n);
            out.state[i] = AT_STATE_MISSING;
            continue;
        }
        struct at_col one = at_kernel_col_of_value(arena, &values[i]);
        if (number)
            out.num[i] = at_kernel_num_at(&one, 0);
        else
            memcpy((char *)out.data + i * width, one.data, width);
    }
    /* All values of the table get one form and scale, which a gather can use for any of them. */
    if (number) at_kernel_col_narrow(arena, &out);
    return out;
}

static struct at_kernel_lookup_table *prepare_lookup(const struct at_plan_lookup *lookup,
                                                     struct at_arena *arena) {
    struct at_kernel_lookup_table *table = AT_NEW(arena, struct at_kernel_lookup_table);
    table->lookup = lookup;
    prepare_axis(&table->axes[0], lookup->rows, lookup->n_rows, arena);
    prepare_axis(&table->axes[1], lookup->columns, lookup->n_columns, arena);
    table->values = value_column(lookup->values, lookup->n_rows * lookup->n_columns, arena);
    return table;
}

/* A set is an axis without `other`, so a value that is not in it is found at -1. */
static struct at_kernel_axis *prepare_set(const struct at_plan_set *set, struct at_arena *arena) {
    struct at_plan_key *keys = AT_NEW_ARRAY(arena, struct at_plan_key, set->n);
    for (uint32_t i = 0; i < set->n; i++)
        keys[i] = (struct at_plan_key){.kind = AT_KEY_VALUE, .value = set->values[i]};
    struct at_kernel_axis *axis = AT_NEW(arena, struct at_kernel_axis);
    prepare_axis(axis, keys, set->n, arena);
    return axis;
}

void **at_kernel_prepare_payloads(const struct at_plan *plan, struct at_arena *arena) {
    void **payloads = AT_NEW_ARRAY(arena, void *, plan->n_nodes);
    for (uint32_t id = 0; id < plan->n_nodes; id++) {
        const struct at_plan_node *node = &plan->nodes[id];
        if (!node->data) continue;
        if (node->op == AT_P_STEP || node->op == AT_P_THROUGH)
            payloads[id] = prepare_steps(node->data, arena);
        if (node->op == AT_P_LOOKUP) payloads[id] = prepare_lookup(node->data, arena);
        if (node->op == AT_P_IN) payloads[id] = prepare_set(node->data, arena);
    }
    return payloads;
}
