/* diff/group.c: implements group.h. */
#include "diff/group.h"

#include "base/map.h"
#include "base/vec.h"
#include "session/results.h"

static const struct at_schema *payees_of(const struct at_diff *diff, int s) {
    const struct at_check_policy *checked = diff->checked[s];
    return &checked->schemas[checked->payee_table];
}

static int64_t field_of(const struct at_diff *diff, int s, at_str name) {
    const struct at_schema *schema = payees_of(diff, s);
    for (uint32_t i = 0; i < schema->n_fields; i++)
        if (at_str_eq(schema->fields[i].name, name)) return i;
    return -1;
}

/* The value of the field in the old version, or else in the new one; empty where neither has it. */
static at_str value_of(const struct at_diff *diff, uint32_t payee, const int64_t field[2],
                       struct at_arena *arena) {
    for (int s = 0; s < 2; s++) {
        int32_t row = diff->payees[payee].row[s];
        if (row < 0 || field[s] < 0) continue;
        return at_session_table_text(diff->sides[s].run->data, (uint32_t)diff->checked[s]->payee_table,
                                     (uint32_t)field[s], (uint32_t)row, arena);
    }
    return AT_STR("");
}

static void add_payee(struct at_diff_group *group, const struct at_diff_payee *payee) {
    at_i128 change = payee->like[1] - payee->like[0];
    group->payees++;
    group->newly += payee->newly;
    for (int s = 0; s < 2; s++)
        group->like[s] += payee->like[s];
    if (change > 0) {
        group->gainers++;
        group->gain += change;
        group->gain_from += payee->like[0];
    } else if (change < 0) {
        group->losers++;
        group->loss += change;
        group->loss_from += payee->like[0];
    }
}

/* Stops, and returns false, at more than `most` groups. */
static bool make_groups(const struct at_diff *diff, const int64_t field[2], uint32_t most,
                        struct at_arena *arena, struct at_diff_groups *out) {
    AT_VEC(struct at_diff_group) all = {0};
    struct at_map known;
    at_map_init(&known, arena);
    out->of = AT_NEW_ARRAY(arena, uint32_t, diff->n_payees + 1);
    for (uint32_t p = 0; p < diff->n_payees; p++) {
        at_str name = value_of(diff, p, field, arena);
        uintptr_t at = (uintptr_t)at_map_get(&known, name);
        at_arena_poll(arena);
        if (at == 0) {
            if (all.n == most) return false;
            AT_VEC_PUSH(arena, &all, (struct at_diff_group){.name = name});
            at_map_put(&known, name, (void *)(at = all.n));
        }
        out->of[p] = (uint32_t)at - 1;
        add_payee(&all.at[at - 1], &diff->payees[p]);
    }
    out->at = all.at;
    out->n = (uint32_t)all.n;
    return true;
}

bool at_diff_group_by(const struct at_diff *diff, at_str field, struct at_arena *arena,
                      struct at_diff_groups *out) {
    const int64_t fields[2] = {field_of(diff, 0, field), field_of(diff, 1, field)};
    *out = (struct at_diff_groups){.field = field, .asked_for = true};
    if (fields[0] < 0 && fields[1] < 0) return false;
    make_groups(diff, fields, UINT32_MAX, arena, out);
    return true;
}

/* ---------------------------------------------------------------- the best field */

enum { SCALE = 1000000 };

/* How mixed the groups are, the less the better: gainers times losers by their sum, over all groups. Each
 * group costs half a payee, so that a field does not win only by having many values. */
static uint64_t mixture_of(const struct at_diff_groups *groups) {
    uint64_t sum = (uint64_t)groups->n * (SCALE / 2);
    for (uint32_t g = 0; g < groups->n; g++) {
        uint64_t up = groups->at[g].gainers, down = groups->at[g].losers;
        if (up && down) sum += up * SCALE / (up + down) * down;
    }
    return sum;
}

static bool can_group(const struct at_schema_field *field) {
    switch (field->type.kind) {
    case AT_T_TEXT:
    case AT_T_ENUM:
    case AT_T_REF:
    case AT_T_FLAG: return !field->key && !field->label;
    default: return false;
    }
}

void at_diff_group_best(const struct at_diff *diff, struct at_diff_groups *out) {
    const int64_t none[2] = {-1, -1};
    const struct at_schema *schema = payees_of(diff, 1);
    struct at_arena *scratch = at_arena_scratch(diff->arena);
    *out = (struct at_diff_groups){0};
    make_groups(diff, none, 1, diff->arena, out);
    uint64_t best = mixture_of(out);
    int64_t chosen = -1;
    for (uint32_t i = 0; i < schema->n_fields; i++) {
        const int64_t fields[2] = {field_of(diff, 0, schema->fields[i].name), i};
        struct at_diff_groups tried = {0};
        if (!can_group(&schema->fields[i])) continue;
        bool few = make_groups(diff, fields, AT_DIFF_MOST_GROUPS, scratch, &tried);
        if (few && mixture_of(&tried) < best) {
            best = mixture_of(&tried);
            chosen = i;
        }
        at_arena_free(scratch);
    }
    if (chosen < 0) return;
    at_diff_group_by(diff, schema->fields[chosen].name, diff->arena, out);
    out->asked_for = false;
}
