/* tests/unit/session/test_kernels.c: every arithmetic kernel over random columns in all forms, against a slow
 * path of this file's own: one at_num at a time, with the definitions of the language.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "kernel/payload.h"

enum { N = 64 };

static uint64_t seed;
static uint32_t draw(uint32_t below) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)((seed >> 30) % below);
}

struct bench {
    struct at_arena arena;
    struct at_check_policy checked;
    struct at_plan plan;
    struct at_plan_node nodes[8];
    struct at_col cols[8];
    struct at_kernel_fault_list faults;
    struct at_kernel_space space;
    uint32_t in[4];
    bool gives_flags; /* the nodes under test; otherwise numbers */
};

static void bench_init(struct bench *b) {
    memset(b, 0, sizeof *b);
    at_arena_init(&b->arena, NULL, NULL);
    b->plan = (struct at_plan){.checked = &b->checked, .nodes = b->nodes, .n_nodes = 8};
    b->faults.arena = &b->arena;
    b->space = (struct at_kernel_space){
        .plan = &b->plan, .arena = &b->arena, .cols = b->cols, .n = N, .faults = &b->faults};
}

/* Node 4 with inputs 0, 1, 2. */
static const struct at_col *eval(struct bench *b, unsigned op, unsigned n_in, int32_t a, int32_t how,
                                 const void *data) {
    for (unsigned i = 0; i < n_in; i++)
        b->in[i] = i;
    b->nodes[4] = (struct at_plan_node){.op = (uint16_t)op,
                                        .n_in = (uint16_t)n_in,
                                        .in = b->in,
                                        .a = a,
                                        .b = how,
                                        .data = data,
                                        .type = {.kind = b->gives_flags ? AT_T_FLAG : AT_T_NUMBER}};
    b->space.payloads = at_kernel_prepare_payloads(&b->plan, &b->arena);
    at_kernel_space_eval(&b->space, 4);
    return &b->cols[4];
}

/* ---- random columns */

static int64_t random_mantissa(unsigned size) {
    static const int64_t limits[] = {3, 1000, 100000000, INT64_C(1) << 40, INT64_MAX - 1};
    uint64_t v = (uint64_t)draw(1u << 31) << 33 ^ (uint64_t)draw(1u << 31) << 12 ^ draw(1u << 31);
    int64_t m = (int64_t)(v % (uint64_t)limits[size]);
    return draw(2) ? m : -m;
}

static at_num random_num(struct at_arena *arena, unsigned size) {
    at_num n = at_num_decimal(random_mantissa(size), draw(7));
    if (draw(3) == 0) n = at_num_mul(arena, n, at_num_int(random_mantissa(size)));
    if (draw(3) == 0) n = at_num_div(arena, n, at_num_int(3 + (int64_t)draw(5)));
    return n;
}

/* Form by `shape`: 0, 1 I64 of small and of any size; 2 I128; 3 NUM. */
static struct at_col random_col(struct at_arena *arena, bool positive) {
    unsigned shape = draw(4), size = shape == 0 ? draw(3) : draw(5);
    struct at_col col = {.n = N,
                         .one = draw(4) == 0,
                         .scale = (uint8_t)draw(5),
                         .form = shape < 2    ? AT_COL_I64
                                 : shape == 2 ? AT_COL_I128
                                              : AT_COL_NUM};
    uint32_t n = col.one ? 1 : N;
    col.data = at_arena_zero(arena, N * 32);
    for (uint32_t i = 0; i < n; i++) {
        int64_t m = random_mantissa(size);
        if (positive && m < 0) m = -m;
        if (col.form == AT_COL_I64) col.i64[i] = m;
        if (col.form == AT_COL_I128) col.i128[i] = (at_i128)m * (draw(2) ? 1 : INT64_C(1) << 60);
        if (col.form == AT_COL_NUM) col.num[i] = random_num(arena, size);
        if (col.form == AT_COL_NUM && positive) col.num[i] = at_num_abs(arena, col.num[i]);
    }
    if (col.form == AT_COL_I64)
        col.bound = draw(2) ? at_col_measure(col.i64, n) : INT64_MAX; /* a bound may be loose */
    if (draw(3) == 0) {
        col.state = AT_NEW_ARRAY(arena, uint32_t, n);
        for (uint32_t i = 0; i < n; i++)
            col.state[i] = draw(4) == 0 ? 1 + draw(3) : 0;
    }
    return col;
}

/* ---- the slow path */

static at_num least(struct at_arena *a, at_num x, at_num y) {
    return at_num_cmp(a, x, y) < 0 ? x : y;
}
static at_num most(struct at_arena *a, at_num x, at_num y) {
    return at_num_cmp(a, x, y) > 0 ? x : y;
}

static at_num slow(struct at_arena *a, unsigned op, at_num x, at_num y, at_num z) {
    at_num zero = at_num_int(0);
    switch (op) {
    case AT_P_ADD: return at_num_add(a, x, y);
    case AT_P_SUB: return at_num_sub(a, x, y);
    case AT_P_MUL: return at_num_mul(a, x, y);
    case AT_P_DIV: return at_num_div(a, x, y);
    case AT_P_MIN: return least(a, x, y);
    case AT_P_MAX: return most(a, x, y);
    case AT_P_OVER: return most(a, at_num_sub(a, x, y), zero);
    case AT_P_UPTO: return most(a, least(a, x, y), zero);
    case AT_P_BETWEEN: return most(a, at_num_sub(a, least(a, x, z), y), zero);
    case AT_P_NEG: return at_num_sub(a, zero, x);
    case AT_P_ABS: return most(a, x, at_num_sub(a, zero, x));
    default: cr_assert_fail("no such operation"); return zero;
    }
}

/* What the states of inputs make of a result: the first exception, else missing. */
static uint32_t joined(const struct bench *b, unsigned n_in, uint32_t i) {
    uint32_t state = 0;
    for (unsigned k = 0; k < n_in; k++) {
        uint32_t s = at_col_state(&b->cols[k], i);
        if (state < 2 && s > state) state = s;
    }
    return state;
}

static void same(struct bench *b, const struct at_col *out, uint32_t i, at_num want, const char *what) {
    at_num got = at_kernel_num_at(out, i);
    cr_assert(at_num_cmp(&b->arena, got, want) == 0, "%s: value %u is %f and not %f (forms %u %u)", what, i,
              at_num_to_double(got), at_num_to_double(want), b->cols[0].form, b->cols[1].form);
}

static void check_arithmetic(unsigned op, unsigned n_in) {
    for (int round = 0; round < 400; round++) {
        struct bench b;
        bench_init(&b);
        b.faults.base = 10; /* random states below are of faults known before */
        for (unsigned k = 0; k < n_in; k++)
            b.cols[k] = random_col(&b.arena, false);
        const struct at_col *out = eval(&b, op, n_in, 0, 0, NULL);
        for (uint32_t i = 0; i < N; i++) {
            uint32_t state = joined(&b, n_in, i), got = at_col_state(out, i);
            at_num y = at_kernel_num_at(&b.cols[1 % n_in], i);
            bool zero = op == AT_P_DIV && at_num_is_zero(y);
            if (state || zero) {
                cr_assert(state ? got == state : got >= 12, "the state of value %u is %u and not %u", i, got,
                          state);
                continue;
            }
            cr_assert_eq(got, 0);
            same(&b, out, i,
                 slow(&b.arena, op, at_kernel_num_at(&b.cols[0], i), y,
                      at_kernel_num_at(&b.cols[2 % n_in], i)),
                 at_plan_op_name(op));
        }
        at_arena_free(&b.arena);
    }
}

Test(kernels, arithmetic_agrees_with_exact_numbers, .init = NULL) {
    static const struct {
        unsigned op, n_in;
    } ops[] = {{AT_P_ADD, 2},  {AT_P_SUB, 2},  {AT_P_MUL, 2},     {AT_P_DIV, 2}, {AT_P_MIN, 2}, {AT_P_MAX, 2},
               {AT_P_OVER, 2}, {AT_P_UPTO, 2}, {AT_P_BETWEEN, 3}, {AT_P_NEG, 1}, {AT_P_ABS, 1}};
    seed = 88172645463325252u;
    for (size_t k = 0; k < AT_COUNT(ops); k++)
        check_arithmetic(ops[k].op, ops[k].n_in);
}

Test(kernels, comparisons_agree_with_exact_numbers) {
    static const unsigned ops[] = {AT_P_EQ, AT_P_NE, AT_P_LT, AT_P_LE};
    seed = 12345;
    for (int round = 0; round < 1600; round++) {
        struct bench b;
        bench_init(&b);
        b.gives_flags = true;
        b.cols[0] = random_col(&b.arena, false);
        b.cols[1] = draw(3) ? random_col(&b.arena, false) : b.cols[0];
        unsigned op = ops[round % 4];
        const struct at_col *out = eval(&b, op, 2, 0, 0, NULL);
        for (uint32_t i = 0; i < N; i++) {
            if (at_col_state(out, i)) continue;
            int order =
                at_num_cmp(&b.arena, at_kernel_num_at(&b.cols[0], i), at_kernel_num_at(&b.cols[1], i));
            bool want = op == AT_P_EQ   ? order == 0
                        : op == AT_P_NE ? order != 0
                        : op == AT_P_LT ? order < 0
                                        : order <= 0;
            cr_assert_eq(out->flag[out->one ? 0 : i], want);
        }
        at_arena_free(&b.arena);
    }
}

Test(kernels, rounding_agrees_with_exact_numbers) {
    seed = 777;
    for (int round = 0; round < 2000; round++) {
        struct bench b;
        bench_init(&b);
        b.cols[0] = random_col(&b.arena, false);
        if (b.cols[0].form == AT_COL_I64 && draw(2)) /* many ties */
            for (uint32_t i = 0; i < (b.cols[0].one ? 1 : N); i++)
                b.cols[0].i64[i] = b.cols[0].i64[i] / 10 / 10 * 10 + 5;
        int digits = (int)draw(8) - 3;
        enum at_num_rounding how = (enum at_num_rounding)draw(4);
        const struct at_col *out = eval(&b, AT_P_ROUND, 1, digits, (int)how, NULL);
        for (uint32_t i = 0; i < N; i++)
            if (!at_col_state(out, i))
                same(&b, out, i, at_num_round(&b.arena, at_kernel_num_at(&b.cols[0], i), digits, how),
                     "round");
        at_arena_free(&b.arena);
    }
}

/* ---- steps */

static void random_steps(struct bench *b, struct at_plan_steps *steps) {
    *steps = (struct at_plan_steps){.n = 1 + draw(20)};
    steps->thresholds = AT_NEW_ARRAY(&b->arena, at_num, steps->n);
    steps->values = AT_NEW_ARRAY(&b->arena, at_num, steps->n);
    steps->above = AT_NEW_ARRAY(&b->arena, bool, steps->n);
    at_num at = at_num_decimal(draw(2) ? 0 : (int64_t)draw(500) - 250, 1);
    bool thirds = draw(4) == 0;
    for (uint32_t k = 0; k < steps->n; k++) {
        steps->thresholds[k] = at;
        steps->above[k] = draw(2);
        steps->values[k] = thirds ? at_num_div(&b->arena, at_num_int(1 + (int64_t)draw(9)), at_num_int(3))
                                  : at_num_decimal((int64_t)draw(2000) - 200, 4);
        at = at_num_add(&b->arena, at, at_num_decimal(1 + (int64_t)draw(1000), draw(3)));
    }
}

/* Sum over steps of rate times the slice between a threshold and the next. */
static at_num slow_through(struct at_arena *a, const struct at_plan_steps *steps, at_num x, at_num unit) {
    at_num sum = at_num_int(0);
    for (uint32_t k = 0; k < steps->n; k++) {
        at_num low = at_num_mul(a, steps->thresholds[k], unit), top = x;
        if (k + 1 < steps->n) top = least(a, x, at_num_mul(a, steps->thresholds[k + 1], unit));
        sum = at_num_add(a, sum,
                         at_num_mul(a, most(a, at_num_sub(a, top, low), at_num_int(0)), steps->values[k]));
    }
    return sum;
}

Test(kernels, steps_agree_with_exact_numbers) {
    seed = 4242;
    for (int round = 0; round < 1500; round++) {
        struct bench b;
        struct at_plan_steps steps;
        bench_init(&b);
        random_steps(&b, &steps);
        b.cols[0] = random_col(&b.arena, false);
        if (draw(3) == 0 && !b.cols[0].one && b.cols[0].form == AT_COL_I64) { /* thresholds themselves */
            b.cols[0].scale = 2;
            b.cols[0].bound = INT64_MAX;
            for (uint32_t i = 0; i < N; i++)
                at_num_to_i64(&b.arena, steps.thresholds[draw(steps.n)], 2, &b.cols[0].i64[i]);
        }
        struct at_col out = *eval(&b, AT_P_STEP, 1, 0, 0, &steps);
        for (uint32_t i = 0; i < N; i++) {
            if (at_col_state(&b.cols[0], i)) continue;
            at_num x = at_kernel_num_at(&b.cols[0], i);
            int reached = -1;
            for (uint32_t k = 0; k < steps.n; k++) {
                int order = at_num_cmp(&b.arena, x, steps.thresholds[k]);
                if (steps.above[k] ? order > 0 : order >= 0) reached = (int)k;
            }
            if (reached < 0)
                cr_assert(at_col_state(&out, i) >= 2);
            else
                same(&b, &out, i, steps.values[reached], "step");
        }
        out = *eval(&b, AT_P_THROUGH, 1, 0, 0, &steps);
        for (uint32_t i = 0; i < N; i++)
            if (!at_col_state(&out, i))
                same(&b, &out, i,
                     slow_through(&b.arena, &steps, at_kernel_num_at(&b.cols[0], i), at_num_int(1)),
                     "through");
        at_arena_free(&b.arena);
    }
}

Test(kernels, slices_of_a_unit_agree_with_exact_numbers) {
    seed = 99;
    for (int round = 0; round < 1500; round++) {
        struct bench b;
        struct at_plan_steps steps;
        bench_init(&b);
        random_steps(&b, &steps);
        b.cols[0] = random_col(&b.arena, false);
        b.cols[1] = random_col(&b.arena, true);
        struct at_col out = *eval(&b, AT_P_THROUGH, 2, 0, 0, &steps);
        for (uint32_t i = 0; i < N; i++)
            if (!at_col_state(&out, i))
                same(&b, &out, i,
                     slow_through(&b.arena, &steps, at_kernel_num_at(&b.cols[0], i),
                                  at_kernel_num_at(&b.cols[1], i)),
                     "through of a unit");
        at_arena_free(&b.arena);
    }
}

/* ---- tables */

static struct at_plan_value text_value(const char *z) {
    return (struct at_plan_value){.type = {.kind = AT_T_TEXT}, .bits.text = at_str_z(z)};
}

Test(kernels, texts_are_found_in_large_tables) {
    struct bench b;
    bench_init(&b);
    enum { KEYS = 300 };
    struct at_plan_key *keys = AT_NEW_ARRAY(&b.arena, struct at_plan_key, KEYS + 1);
    struct at_plan_value *values = AT_NEW_ARRAY(&b.arena, struct at_plan_value, KEYS + 1);
    for (int k = 0; k <= KEYS; k++) { /* lengths from 1 to over 8, many alike at their ends */
        char *z = at_arena_get(&b.arena, 32);
        snprintf(z, 32, k % 3 ? "%d" : "product-%d-x", k);
        keys[k] = k == KEYS ? (struct at_plan_key){.kind = AT_KEY_OTHER}
                            : (struct at_plan_key){.kind = AT_KEY_VALUE, .value = text_value(z)};
        values[k] = (struct at_plan_value){.type = {.kind = AT_T_NUMBER}, .bits.num = at_num_int(k)};
    }
    struct at_plan_key all = {.kind = AT_KEY_OTHER};
    struct at_plan_lookup lookup = {
        .n_keys = 1, .n_rows = KEYS + 1, .n_columns = 1, .rows = keys, .columns = &all, .values = values};
    b.cols[0] = (struct at_col){.form = AT_COL_TEXT, .n = N, .text = AT_NEW_ARRAY(&b.arena, at_str, N)};
    for (int start = 0; start < KEYS; start += N - 1) {
        for (int i = 0; i < N - 1; i++)
            b.cols[0].text[i] = keys[(start + i) % KEYS].value.bits.text;
        b.cols[0].text[N - 1] = AT_STR("nobody knows this");
        const struct at_col *out = eval(&b, AT_P_LOOKUP, 1, 0, 0, &lookup);
        for (int i = 0; i < N - 1; i++)
            cr_assert_eq(at_kernel_num_at(out, (uint32_t)i).i64, (start + i) % KEYS);
        cr_assert_eq(at_kernel_num_at(out, N - 1).i64, KEYS);
    }
    at_arena_free(&b.arena);
}

/* Keys of all kinds against the plan's own, slow search. */
Test(kernels, tables_of_numbers_and_steps_agree_with_the_slow_search) {
    seed = 31337;
    for (int round = 0; round < 1000; round++) {
        struct bench b;
        bench_init(&b);
        uint32_t n = 1 + draw(12);
        struct at_plan_key *keys = AT_NEW_ARRAY(&b.arena, struct at_plan_key, n);
        struct at_plan_value *values = AT_NEW_ARRAY(&b.arena, struct at_plan_value, n);
        int64_t at = -5;
        for (uint32_t k = 0; k < n; k++) {
            at += 1 + draw(4);
            keys[k].kind = k + 1 == n && draw(2) ? AT_KEY_OTHER : (uint8_t)draw(3);
            keys[k].value = (struct at_plan_value){.type = {.kind = AT_T_NUMBER},
                                                   .bits.num = at_num_decimal(at * 10, draw(2))};
            if (keys[k].value.bits.num.scale) keys[k].value.bits.num.i64 *= 10;
            values[k] = (struct at_plan_value){.type = {.kind = AT_T_NUMBER}, .bits.num = at_num_int(k)};
        }
        struct at_plan_key all = {.kind = AT_KEY_OTHER};
        struct at_plan_lookup lookup = {
            .n_keys = 1, .n_rows = n, .n_columns = 1, .rows = keys, .columns = &all, .values = values};
        b.cols[0] = random_col(&b.arena, false);
        for (uint32_t i = 0; i < (b.cols[0].one ? 1 : N) && b.cols[0].form == AT_COL_I64; i++)
            b.cols[0].i64[i] = ((int64_t)draw(60) - 10) * (int64_t)at_num_pow10[b.cols[0].scale];
        const struct at_col *out = eval(&b, AT_P_LOOKUP, 1, 0, 0, &lookup);
        for (uint32_t i = 0; i < N; i++) {
            if (at_col_state(&b.cols[0], i)) continue;
            struct at_plan_value x = {.type = {.kind = AT_T_NUMBER},
                                      .bits.num = at_kernel_num_at(&b.cols[0], i)};
            int32_t want = at_plan_find_key(&b.checked.calendar, &b.arena, keys, n, &x);
            if (want < 0)
                cr_assert(at_col_state(out, i) >= 2);
            else
                cr_assert_eq(at_kernel_num_at(out, i).i64, want);
        }
        at_arena_free(&b.arena);
    }
}

/* ---- choices */

static struct at_col flags(struct bench *b, const char *marks) { /* y n m(issing) e(xception) */
    struct at_col col = {.form = AT_COL_FLAG,
                         .n = N,
                         .flag = AT_NEW_ARRAY(&b->arena, uint8_t, N),
                         .state = AT_NEW_ARRAY(&b->arena, uint32_t, N)};
    for (unsigned i = 0; marks[i]; i++) {
        col.flag[i] = marks[i] == 'y';
        col.state[i] = marks[i] == 'm' ? 1 : marks[i] == 'e' ? 7 : marks[i] == 'f' ? 8 : 0;
    }
    return col;
}

static void expect_flags(const struct at_col *col, const char *marks) {
    for (unsigned i = 0; marks[i]; i++) {
        uint32_t state = at_col_state(col, i);
        char got = state == 1 ? 'm' : state == 7 ? 'e' : state == 8 ? 'f' : col->flag[i] ? 'y' : 'n';
        cr_assert_eq(got, marks[i], "value %u is %c and not %c", i, got, marks[i]);
    }
}

Test(kernels, yes_and_no_win_over_what_is_not_known) {
    struct bench b;
    bench_init(&b);
    b.gives_flags = true;
    b.cols[0] = flags(&b, "yyyynnnnmmmmeeee");
    b.cols[1] = flags(&b, "ynmfynmfynmfynmf");
    expect_flags(eval(&b, AT_P_AND, 2, 0, 0, NULL), "ynmfnnnnmnmfenee");
    expect_flags(eval(&b, AT_P_OR, 2, 0, 0, NULL), "yyyyynmfymmfyeee");
    expect_flags(eval(&b, AT_P_NOT, 1, 0, 0, NULL), "nnnnyyyymmmmeeee");
    expect_flags(eval(&b, AT_P_MISSING, 1, 0, 0, NULL), "nnnnnnnnyyyyeeee");
    expect_flags(eval(&b, AT_P_KNOWN, 1, 0, 0, NULL), "yyyyyyyyyyyyeeee");
    expect_flags(eval(&b, AT_P_IFMISSING, 2, 0, 0, NULL), "yyyynnnnynmfeeee");
    at_arena_free(&b.arena);
}

Test(kernels, only_the_branch_taken_counts) {
    struct bench b;
    bench_init(&b);
    b.gives_flags = true;
    b.cols[0] = flags(&b, "yyyynnnnme");
    b.cols[1] = flags(&b, "ynmeynmeyy");
    b.cols[2] = flags(&b, "mmffynmfyy");
    expect_flags(eval(&b, AT_P_IF, 3, 0, 0, NULL), "ynmeynmfme");
    at_arena_free(&b.arena);
}
