/* report/diff_words.c: amounts, names and shares as all formats of a difference show them. */

#include "base/sort.h"
#include "base/vec.h"
#include "report/diff_writer.h"

at_str at_diff_amount(const struct at_diff *diff, struct at_arena *arena, at_i128 minor) {
    char *out = at_arena_get(arena, AT_MINOR_SIZE);
    return (at_str){out, (uint32_t)at_minor_write(out, minor, diff->digits, true)};
}

at_str at_diff_change(const struct at_diff *diff, struct at_arena *arena, at_i128 minor) {
    at_str amount = at_diff_amount(diff, arena, minor);
    return minor > 0 ? at_str_format(arena, "+%.*s", AT_STR_ARG(amount)) : amount;
}

at_str at_diff_percent(struct at_arena *arena, at_i128 part, at_i128 whole, bool sign) {
    if (whole == 0) return AT_STR("");
    if (whole < 0) whole = -whole, part = -part;
    at_i128 tenths = part < 0 ? -((-part * 2000 + whole) / (whole * 2)) : (part * 2000 + whole) / (whole * 2);
    bool below = tenths < 0;
    if (below) tenths = -tenths;
    if (tenths > (at_i128)1000000000) return AT_STR(">1000000x");
    return at_str_format(arena, "%s%lld.%d%%",
                         below                ? "-"
                         : sign && tenths > 0 ? "+"
                                              : "",
                         (long long)(tenths / 10), (int)(tenths % 10));
}

at_str at_diff_period(const struct at_diff *diff, struct at_arena *arena, int32_t ordinal) {
    return at_period_print(arena, (at_period){.kind = diff->period_kind, .ordinal = ordinal});
}

at_str at_diff_name(const struct at_diff *diff, struct at_arena *arena, uint32_t payee) {
    const struct at_diff_payee *p = &diff->payees[payee];
    if (p->label.n == 0) return p->key;
    return at_str_format(arena, "%.*s (%.*s)", AT_STR_ARG(p->label), AT_STR_ARG(p->key));
}

struct change {
    uint32_t payee;
    int64_t size;
};

static int by_size(const void *a, const void *b) {
    const struct change *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return x->payee < y->payee ? -1 : 1;
}

uint32_t *at_diff_by_change(const struct at_diff *diff, struct at_arena *arena, uint32_t *n) {
    AT_VEC(struct change) changes = {0};
    for (uint32_t p = 0; p < diff->n_payees; p++) {
        int64_t delta = diff->payees[p].minor[1] - diff->payees[p].minor[0];
        bool withheld = diff->payees[p].withheld[0] != diff->payees[p].withheld[1];
        if (delta != 0 || withheld)
            AT_VEC_PUSH(arena, &changes, (struct change){p, delta < 0 ? -delta : delta});
    }
    at_sort_items(arena, changes.at, changes.n, sizeof *changes.at, by_size);
    uint32_t *order = AT_NEW_ARRAY(arena, uint32_t, changes.n + 1);
    for (size_t i = 0; i < changes.n; i++)
        order[i] = changes.at[i].payee;
    *n = (uint32_t)changes.n;
    return order;
}

const char *const at_diff_bucket_names[AT_DIFF_BUCKETS] = {
    "lose more than 20%", "lose 10% to 20%", "lose 5% to 10%",  "lose up to 5%",      "the same",
    "gain up to 5%",      "gain 5% to 10%",  "gain 10% to 20%", "gain more than 20%",
};

/* The bucket of a change, compared without division: |delta| against 5, 10 and 20 hundredths of the old pay.
 */
static uint32_t bucket_of(int64_t before, int64_t after) {
    at_i128 delta = (at_i128)after - before, size = delta < 0 ? -delta : delta,
            pay = before < 0 ? -(at_i128)before : before;
    if (delta == 0) return 4;
    uint32_t far = size * 100 > pay * 20 ? 4 : size * 100 > pay * 10 ? 3 : size * 100 > pay * 5 ? 2 : 1;
    return delta < 0 ? 4 - far : 4 + far;
}

void at_diff_buckets(const struct at_diff *diff, uint32_t counts[AT_DIFF_BUCKETS]) {
    memset(counts, 0, AT_DIFF_BUCKETS * sizeof *counts);
    for (uint32_t p = 0; p < diff->n_payees; p++)
        counts[bucket_of(diff->payees[p].minor[0], diff->payees[p].minor[1])]++;
}

at_str at_diff_witness(const struct at_diff *diff, struct at_arena *arena, const struct at_cause *cause) {
    if (cause->payee == UINT32_MAX) return AT_STR("");
    at_str name = at_diff_name(diff, arena, cause->payee),
           period = at_diff_period(diff, arena, cause->period);
    at_str before = at_diff_amount(diff, arena, cause->before),
           after = at_diff_amount(diff, arena, cause->after);
    return at_str_format(arena, "%.*s in %.*s, %llu %s: %.*s → %.*s", AT_STR_ARG(name), AT_STR_ARG(period),
                         (unsigned long long)cause->deals, cause->deals == 1 ? "deal" : "deals",
                         AT_STR_ARG(before), AT_STR_ARG(after));
}

at_str at_diff_withheld(const struct at_diff *diff, struct at_arena *arena) {
    if (diff->n_withheld[0] == 0 && diff->n_withheld[1] == 0) return AT_STR("");
    return at_str_format(arena,
                         "withheld, and counted as nothing paid: %u in the old version, %u in the new one "
                         "(payees and periods)",
                         diff->n_withheld[0], diff->n_withheld[1]);
}
