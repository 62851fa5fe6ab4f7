/* tests/unit/session/test_aggregate.c: sums and edges over columns of all forms and scales, in parts, against
 * one at_num after another. */
#include <criterion/criterion.h>

#include "gather/aggregate.h"

enum { CELLS = 7, ITEMS = 50 };

static uint64_t seed;
static uint32_t draw(uint32_t below) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)((seed >> 30) % below);
}

struct sheet {
    struct at_arena arena;
    struct at_check_policy checked;
    struct at_plan plan;
    struct at_plan_node node;
    struct at_gather_acc parts[3];
    at_num want[CELLS];
    bool seen[CELLS];
};

static void open_sheet(struct sheet *s, unsigned op) {
    memset(s, 0, sizeof *s);
    at_arena_init(&s->arena, NULL, NULL);
    s->node = (struct at_plan_node){.op = (uint16_t)op, .grain = AT_G_CELL, .type = {.kind = AT_T_NUMBER}};
    s->plan = (struct at_plan){.nodes = &s->node, .n_nodes = 1, .checked = &s->checked};
    for (int p = 0; p < 3; p++)
        at_gather_acc_init(&s->parts[p], &s->plan, 0, &s->arena, NULL);
    for (int c = 0; c < CELLS; c++)
        s->want[c] = at_num_int(0);
}

/* Values of any form; `wild` ones make 64 and 128 bits overflow. */
static struct at_col values_of(struct sheet *s, unsigned wild) {
    unsigned shape = draw(wild ? 4 : 1);
    struct at_col col = {.n = ITEMS,
                         .scale = (uint8_t)draw(4),
                         .one = draw(8) == 0,
                         .form = shape < 2    ? AT_COL_I64
                                 : shape == 2 ? AT_COL_I128
                                              : AT_COL_NUM};
    col.data = at_arena_zero(&s->arena, ITEMS * 32);
    for (int i = 0; i < (col.one ? 1 : ITEMS); i++) {
        int64_t m = (int64_t)draw(1000000) - 500000;
        if (wild > 1 && draw(4) == 0) m *= INT64_C(18000000000000);
        if (col.form == AT_COL_I64) col.i64[i] = m;
        if (col.form == AT_COL_I128) col.i128[i] = (at_i128)m * (wild > 2 ? (at_i128)1 << 60 : 1000);
        if (col.form == AT_COL_NUM)
            col.num[i] =
                draw(2) ? at_num_div(&s->arena, at_num_int(m), at_num_int(7)) : at_num_decimal(m, draw(5));
    }
    if (col.form == AT_COL_I64) col.bound = at_col_measure(col.i64, col.one ? 1 : ITEMS);
    return col;
}

static void feed(struct sheet *s, unsigned op, struct at_gather_acc *acc, const struct at_col *col) {
    uint32_t cells[ITEMS];
    at_gather_acc_room(acc, 1 + draw(CELLS));
    for (int i = 0; i < ITEMS; i++) {
        uint32_t c = cells[i] = draw(acc->n < CELLS ? acc->n : CELLS);
        at_num v = at_kernel_num_at(col, (uint32_t)i);
        int order = s->seen[c] ? at_num_cmp(&s->arena, v, s->want[c]) : 0;
        if (op == AT_P_SUM) s->want[c] = at_num_add(&s->arena, s->want[c], v);
        if (op == AT_P_COUNT) s->want[c] = at_num_add(&s->arena, s->want[c], at_num_int(1));
        if (op == AT_P_LEAST && (!s->seen[c] || order < 0)) s->want[c] = v;
        if (op == AT_P_MOST && (!s->seen[c] || order > 0)) s->want[c] = v;
        s->seen[c] = true;
    }
    at_gather_acc_add(acc, op == AT_P_COUNT ? NULL : col, cells, ITEMS);
}

static void check(unsigned op, unsigned wild) {
    struct sheet s;
    open_sheet(&s, op);
    for (int batch = 0; batch < 30; batch++) {
        struct at_col col = values_of(&s, batch < 10 ? 0 : wild);
        feed(&s, op, &s.parts[draw(3)], &col);
    }
    at_gather_acc_merge(&s.parts[0], &s.parts[1], &s.arena);
    at_gather_acc_merge(&s.parts[0], &s.parts[2], &s.arena);
    struct at_col out;
    at_gather_acc_finish(&s.parts[0], &s.node.type, &s.arena, CELLS, 1, &out);
    bool edge = op == AT_P_LEAST || op == AT_P_MOST;
    for (uint32_t c = 0; c < CELLS; c++) {
        if (edge && !s.seen[c]) {
            cr_assert_eq(at_col_state(&out, c), AT_STATE_MISSING);
            continue;
        }
        cr_assert(at_num_cmp(&s.arena, at_kernel_num_at(&out, c), s.want[c]) == 0,
                  "%s, wild %u, cell %u: %f and not %f", at_plan_op_name(op), wild, c,
                  at_num_to_double(at_kernel_num_at(&out, c)), at_num_to_double(s.want[c]));
    }
    at_arena_free(&s.arena);
}

Test(aggregate, agrees_with_one_number_after_another) {
    static const unsigned ops[] = {AT_P_SUM, AT_P_COUNT, AT_P_LEAST, AT_P_MOST};
    seed = 20260131;
    for (int round = 0; round < 60; round++)
        for (unsigned wild = 0; wild < 4; wild++)
            for (size_t k = 0; k < AT_COUNT(ops); k++)
                check(ops[k], wild);
}

/* Limbs that sums leave behind are swept: memory follows what is alive, not how much was added. */
Test(aggregate, sums_of_fractions_do_not_grow) {
    struct sheet s;
    open_sheet(&s, AT_P_SUM);
    uint32_t cells[ITEMS] = {0};
    struct at_col col = {.form = AT_COL_NUM, .n = ITEMS, .num = AT_NEW_ARRAY(&s.arena, at_num, ITEMS)};
    for (int i = 0; i < ITEMS; i++)
        col.num[i] =
            at_num_div(&s.arena, at_num_decimal(INT64_C(123456789012345678) + i, 2), at_num_int(7 + i % 3));
    at_gather_acc_room(&s.parts[0], CELLS);
    for (int batch = 0; batch < 2000; batch++)
        at_gather_acc_add(&s.parts[0], &col, cells, ITEMS);
    cr_assert_lt(s.parts[0].wide.held, (size_t)8 << 20, "100,000 additions hold %zu bytes",
                 s.parts[0].wide.held);
    at_arena_free(&s.arena);
}
