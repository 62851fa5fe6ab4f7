/* gather/aggregate.c: sums, counts, the least and the most by cell, in the narrowest form that holds them.
 *
 *     I64    while (largest sum so far) + (items of the batch) * (bound of the batch)
 *            stays in 64 bits: plain additions
 *     I128   the same with 128 bits
 *     NUM    exact numbers; their limbs are swept into a fresh arena when they have
 *            grown to several times what is alive
 *
 * Because every form is exact, the order in which parts and batches arrive changes nothing.
 */
#include "gather/aggregate.h"

#define SWEEP_AT ((size_t)1 << 20)
#define AT_ONCE ((size_t)1 << 20) /* bytes, or cells, between two questions to the host */

static void free_wide(void *acc) {
    at_arena_free(&((struct at_gather_acc *)acc)->wide);
}

void at_gather_acc_init(struct at_gather_acc *acc, const struct at_plan *plan, uint32_t node,
                        struct at_arena *arena, struct at_watch *watch) {
    *acc = (struct at_gather_acc){.node = node, .shape = AT_SHAPE_CELL, .arena = arena, .watch = watch};
    if (node != AT_NO_NODE) {
        const struct at_plan_node *aggregate = &plan->nodes[node];
        /* The grain of an aggregate says by what its items are added up. */
        static const uint8_t shapes[] = {[AT_G_CONST] = AT_SHAPE_RUN,
                                         [AT_G_ROW] = AT_SHAPE_PAYEE,
                                         [AT_G_CELL] = AT_SHAPE_CELL,
                                         [AT_G_GROUP] = AT_SHAPE_PERIOD};
        acc->op = (uint8_t)aggregate->op;
        acc->shape = shapes[aggregate->grain];
        acc->place = aggregate->grain == AT_G_GROUP ? aggregate->place : 0;
        if (acc->place) acc->shape = plan->groups[acc->place].of ? AT_SHAPE_STAY : AT_SHAPE_GROUP;
    }
    at_arena_init(&acc->wide, arena->alloc, NULL);
    at_arena_defer(arena, free_wide, acc);
}

/* ---- room and form */

static void ask(const struct at_gather_acc *acc) {
    if (at_watch_cancelled(acc->watch)) at_arena_fail(acc->arena);
}

/* Memory that was never used takes the system longer to provide than us to fill. */
static void *zeroed(const struct at_gather_acc *acc, size_t size) {
    char *p = at_arena_get(acc->arena, size);
    for (size_t at = 0; at < size; at += AT_ONCE) {
        memset(p + at, 0, size - at < AT_ONCE ? size - at : AT_ONCE);
        ask(acc);
    }
    return p;
}

static size_t width_of(const struct at_gather_acc *acc) {
    return acc->form == AT_COL_I64    ? sizeof(int64_t)
           : acc->form == AT_COL_I128 ? sizeof(at_i128)
                                      : sizeof(at_num);
}

/* Cells are numbered period by period, so a later period only adds cells at the end. Room doubles, and new
 * cells are zero. The old arrays stay in the arena of the part. */
void at_gather_acc_room(struct at_gather_acc *acc, uint32_t n) {
    if (n <= acc->n) return;
    uint32_t room = acc->n == 0 ? n : acc->n * 2 > n ? acc->n * 2 : n;
    size_t width = width_of(acc);
    char *values = zeroed(acc, room * width);
    if (acc->n) memcpy(values, acc->i64, acc->n * width);
    acc->i64 = (int64_t *)(void *)values;
    /* Zero can be a value, so LEAST and MOST note which cells have seen one. */
    if (acc->op == AT_P_LEAST || acc->op == AT_P_MOST) {
        uint8_t *seen = zeroed(acc, room);
        if (acc->n) memcpy(seen, acc->seen, acc->n);
        acc->seen = seen;
    }
    if (acc->state) {
        uint32_t *state = zeroed(acc, room * sizeof *state);
        memcpy(state, acc->state, acc->n * sizeof *state);
        acc->state = state;
    }
    acc->n = room;
}

/* The narrow cells stay in the arena. A sum never becomes narrow again before at_gather_acc_finish. */
static void widen_128(struct at_gather_acc *acc) {
    at_i128 *wide = zeroed(acc, (acc->n + 1) * sizeof *wide);
    for (uint32_t i = 0; i < acc->n; i++)
        wide[i] = acc->i64[i];
    acc->i128 = wide;
    acc->form = AT_COL_I128;
}

static void widen_num(struct at_gather_acc *acc) {
    at_num *wide = zeroed(acc, (acc->n + 1) * sizeof *wide);
    for (uint32_t i = 0; i < acc->n; i++)
        wide[i] = acc->form == AT_COL_I64 ? at_num_decimal(acc->i64[i], acc->scale)
                                          : at_num_decimal128(acc->i128[i], acc->scale);
    acc->num = wide;
    acc->form = AT_COL_NUM;
}

/* Brings an I64 or I128 sum to a higher scale; false where it does not fit. */
static bool raise_scale(struct at_gather_acc *acc, unsigned scale) {
    /* 2^126 leaves a bit free: the sum of two bounds below it cannot overflow. */
    at_u128 factor = at_num_pow10[scale - acc->scale], limit = ((at_u128)1 << 126) / factor;
    if (acc->bound > limit) return false;
    if (acc->form == AT_COL_I64 && acc->bound * factor > (at_u128)AT_COL_LIMIT) widen_128(acc);
    for (uint32_t i = 0; i < acc->n; i++)
        if (acc->form == AT_COL_I64)
            acc->i64[i] *= (int64_t)factor;
        else
            acc->i128[i] *= (at_i128)factor;
    acc->bound *= factor;
    acc->scale = (uint8_t)scale;
    return true;
}

/* The limbs that sums have left behind are given back. */
static void sweep(struct at_gather_acc *acc) {
    /* The work of a sweep is in proportion to what is alive. At four times this amount, it costs little
     * for each sum. */
    if (acc->wide.held < SWEEP_AT || acc->wide.held < 4 * acc->wide_live) return;
    struct at_arena fresh;
    at_arena_init(&fresh, acc->wide.alloc, acc->wide.oom);
    for (uint32_t i = 0; i < acc->n; i++)
        acc->num[i] = at_num_copy(&fresh, acc->num[i]);
    at_arena_free(&acc->wide);
    acc->wide = fresh;
    acc->wide_live = fresh.held;
}

/* ---- sums */

static void add_nums(struct at_gather_acc *acc, const struct at_col *values, const uint32_t *cells,
                     uint32_t n) {
    if (acc->form != AT_COL_NUM) widen_num(acc);
    acc->wide.oom = acc->arena->oom;
    for (uint32_t i = 0; i < n; i++)
        acc->num[cells[i]] =
            at_num_add(&acc->wide, acc->num[cells[i]], at_num_copy(&acc->wide, at_kernel_num_at(values, i)));
    sweep(acc);
}

static at_u128 size_of_128(at_i128 v) {
    return v < 0 ? 0 - (at_u128)v : (at_u128)v;
}

/* What the values of a column may reach. */
static at_u128 reach_of(const struct at_col *values, uint32_t n) {
    if (values->form == AT_COL_I64) return (at_u128)values->bound;
    at_u128 most = 0;
    for (uint32_t i = 0; i < (values->one ? 1 : n); i++)
        if (size_of_128(values->i128[i]) > most) most = size_of_128(values->i128[i]);
    return most;
}

/* The bound grows as if all items of a batch were in one cell, so it is soon far above the sums. This
 * replaces it with what the cells really hold. */
static void tighten(struct at_gather_acc *acc) {
    if (acc->form == AT_COL_I64) acc->bound = (at_u128)at_col_measure(acc->i64, acc->n);
}

/* Plain loops. The caller has made sure that no cell can leave its form. */
static void sum_narrow(struct at_gather_acc *acc, const struct at_col *values, const uint32_t *cells,
                       uint32_t n, int64_t factor) {
    size_t step = !values->one;
    if (acc->form == AT_COL_I64) {
        int64_t *to = acc->i64;
        const int64_t *from = values->i64;
        if (factor == 1 && step)
            for (uint32_t i = 0; i < n; i++)
                to[cells[i]] += from[i];
        else
            for (uint32_t i = 0; i < n; i++)
                to[cells[i]] += from[i * step] * factor;
    } else if (values->form == AT_COL_I64) {
        for (uint32_t i = 0; i < n; i++)
            acc->i128[cells[i]] += (at_i128)values->i64[i * step] * factor;
    } else {
        for (uint32_t i = 0; i < n; i++)
            acc->i128[cells[i]] += values->i128[i * step] * factor;
    }
}

/* Finds the narrowest form in which this batch cannot overflow, before anything is added. A batch is
 * therefore never half added. After tighten, I64 stays only if half of its range is left. Otherwise the
 * cells would be measured again with each batch. */
static void add_sum(struct at_gather_acc *acc, const struct at_col *values, const uint32_t *cells,
                    uint32_t n) {
    if (!acc->begun) acc->scale = values->scale;
    acc->begun = true;
    if (values->form == AT_COL_NUM || acc->form == AT_COL_NUM ||
        (values->scale > acc->scale && !raise_scale(acc, values->scale))) {
        add_nums(acc, values, cells, n);
        return;
    }
    int64_t factor = (int64_t)at_num_pow10[acc->scale - values->scale];
    at_u128 reach = reach_of(values, n), limit = (at_u128)1 << 126;
    if (reach > limit / (at_u128)factor / (n ? n : 1)) {
        add_nums(acc, values, cells, n);
        return;
    }
    at_u128 more = reach * (at_u128)factor * n;
    if (acc->form == AT_COL_I64 &&
        (values->form == AT_COL_I128 || acc->bound + more > (at_u128)AT_COL_LIMIT)) {
        tighten(acc);
        if (values->form == AT_COL_I128 || acc->bound + more > (at_u128)AT_COL_LIMIT / 2) widen_128(acc);
    }
    if (acc->bound + more > limit) {
        add_nums(acc, values, cells, n);
        return;
    }
    acc->bound += more;
    sum_narrow(acc, values, cells, n, factor);
}

/* Counts start as I64 at scale 0 and stay so: there are fewer rows than 2^63. */
static void add_count(struct at_gather_acc *acc, const uint32_t *cells, uint32_t n) {
    acc->begun = true;
    acc->bound += n;
    for (uint32_t i = 0; i < n; i++)
        acc->i64[cells[i]]++;
}

/* ---- least and most */

/* The least or the most as exact numbers. What is held is copied to `wide`, because the batch is
 * forgotten. */
static void edge_num(struct at_gather_acc *acc, const struct at_col *values, const uint32_t *cells,
                     uint32_t n) {
    bool least = acc->op == AT_P_LEAST;
    if (acc->form != AT_COL_NUM) widen_num(acc);
    acc->wide.oom = acc->arena->oom;
    for (uint32_t i = 0; i < n; i++) {
        at_num v = at_kernel_num_at(values, i), *held = &acc->num[cells[i]];
        int order = acc->seen[cells[i]] ? at_num_cmp(&acc->wide, v, *held) : 0;
        if (acc->seen[cells[i]] && (least ? order >= 0 : order <= 0)) continue;
        acc->seen[cells[i]] = 1;
        *held = at_num_copy(&acc->wide, v);
    }
    sweep(acc);
}

static inline void edge_one(struct at_gather_acc *acc, uint32_t cell, int64_t v, bool least) {
    int64_t *held = &acc->i64[cell];
    if (!acc->seen[cell] || (least ? v < *held : v > *held)) *held = v;
    acc->seen[cell] = 1;
}

/* raise_scale may widen the form, so the form is looked at again after it. */
static void add_edge(struct at_gather_acc *acc, const struct at_col *values, const uint32_t *cells,
                     uint32_t n) {
    bool least = acc->op == AT_P_LEAST;
    size_t step = !values->one;
    if (values->form == AT_COL_DAY) { /* kept as whole numbers, made days again at the end */
        acc->begun = true;
        for (uint32_t i = 0; i < n; i++)
            edge_one(acc, cells[i], values->day[i * step], least);
        return;
    }
    if (!acc->begun) acc->scale = values->scale;
    acc->begun = true;
    if (values->form != AT_COL_I64 || acc->form != AT_COL_I64 ||
        (values->scale > acc->scale && !raise_scale(acc, values->scale)) || acc->form != AT_COL_I64) {
        edge_num(acc, values, cells, n);
        return;
    }
    int64_t factor = (int64_t)at_num_pow10[acc->scale - values->scale];
    at_u128 reach = (at_u128)values->bound * (at_u128)factor;
    if (reach > (at_u128)AT_COL_LIMIT) {
        edge_num(acc, values, cells, n);
        return;
    }
    if (reach > acc->bound) acc->bound = reach;
    for (uint32_t i = 0; i < n; i++)
        edge_one(acc, cells[i], values->i64[i * step] * factor, least);
}

/* An empty batch does not begin an accumulator, so its scale does not count. */
void at_gather_acc_add(struct at_gather_acc *acc, const struct at_col *values, const uint32_t *cells,
                       uint32_t n) {
    if (n == 0) return;
    if (acc->op == AT_P_COUNT)
        add_count(acc, cells, n);
    else if (acc->op == AT_P_SUM)
        add_sum(acc, values, cells, n);
    else
        add_edge(acc, values, cells, n);
}

/* ---- merging and finishing */

/* The values of an accumulator as a column of its cells. */
static struct at_col as_column(const struct at_gather_acc *acc) {
    struct at_col col = {.form = acc->form, .scale = acc->scale, .n = acc->n, .data = acc->i64};
    if (acc->form == AT_COL_I64) col.bound = acc->n ? at_col_measure(acc->i64, acc->n) : 0;
    return col;
}

/* Adds the cells from `first` to `end`. */
static void merge_cells(struct at_gather_acc *into, const struct at_gather_acc *from,
                        const struct at_col *values, uint32_t first, uint32_t end, struct at_arena *scratch) {
    if (into->op == AT_P_COUNT) {
        for (uint32_t i = first; i < end; i++)
            into->i64[i] += from->i64[i];
        into->begun = true;
        return;
    }
    bool edge = into->op == AT_P_LEAST || into->op == AT_P_MOST;
    uint32_t *cells = at_arena_get(scratch, (end - first) * sizeof *cells), n = 0;
    for (uint32_t i = first; i < end; i++)
        if (!edge || from->seen[i]) cells[n++] = i; /* only cells that have seen a value */
    struct at_col some = at_col_slice(values, first, end - first);
    if (edge) at_kernel_col_gather_u32(scratch, values, cells, n, &some);
    at_gather_acc_add(into, &some, cells, n);
}

/* Goes piece by piece, so that scratch memory stays small and the host can stop a long merge. */
void at_gather_acc_merge(struct at_gather_acc *into, struct at_gather_acc *from, struct at_arena *scratch) {
    if (!from->begun || from->n == 0) return;
    at_gather_acc_room(into, from->n);
    const struct at_col values = as_column(from);
    for (uint32_t first = 0, end; first < from->n; first = end) {
        end = from->n - first < AT_ONCE ? from->n : first + (uint32_t)AT_ONCE;
        merge_cells(into, from, &values, first, end, scratch);
        ask(into);
    }
}

/* One column of the accumulator's values; a view where they are as narrow as they can be. */
static struct at_col finish_values(const struct at_gather_acc *acc, const at_type *type,
                                   struct at_arena *arena, uint32_t first, uint32_t n) {
    const struct at_col whole = {.form = acc->form, .scale = acc->scale, .n = acc->n, .data = acc->i64};
    struct at_col col = at_col_slice(&whole, first, n);
    if (type->kind == AT_T_DATE) {
        col.form = AT_COL_DAY;
        col.day = at_arena_get(arena, (n + 1) * sizeof *col.day);
        for (uint32_t i = 0; i < n; i++)
            col.day[i] = (int32_t)acc->i64[first + i];
        return col;
    }
    if (col.form == AT_COL_I64) {
        col.bound = at_col_measure(col.i64, n);
        return col;
    }
    col = at_kernel_col_copy(arena, &col);
    at_kernel_col_narrow(arena, &col);
    return col;
}

/* Their states; NULL if all are well. */
static uint32_t *finish_states(const struct at_gather_acc *acc, struct at_arena *arena, uint32_t first,
                               uint32_t n) {
    bool edge = acc->op == AT_P_LEAST || acc->op == AT_P_MOST, any = false;
    for (uint32_t i = first; i < first + n; i++)
        any |= (acc->state && acc->state[i] != AT_STATE_OK) || (edge && !acc->seen[i]);
    if (!any) return NULL;
    uint32_t *state = at_arena_get(arena, n * sizeof *state);
    for (uint32_t i = 0; i < n; i++) {
        state[i] = acc->state ? acc->state[first + i] : AT_STATE_OK;
        if (edge && state[i] == AT_STATE_OK && !acc->seen[first + i]) state[i] = AT_STATE_MISSING;
    }
    return state;
}

/* Makes room for periods without an item first: their cells are zero, or missing for LEAST and MOST. */
void at_gather_acc_finish(struct at_gather_acc *acc, const at_type *type, struct at_arena *arena,
                          uint32_t width, uint32_t n_columns, struct at_col *out) {
    at_gather_acc_room(acc, width * n_columns > 0 ? width * n_columns : 1);
    for (uint32_t k = 0; k < n_columns; k++) {
        ask(acc);
        out[k] = finish_values(acc, type, arena, k * width, width);
        out[k].state = finish_states(acc, arena, k * width, width);
    }
}
