/* base/dated.c: makes and reads the index of a dated table. */
#include "base/dated.h"

#include "base/order.h"

struct keyed {
    const uint32_t *key; /* by row */
    const at_date *since;
};

static bool before(const void *context, uint32_t b, uint32_t a) {
    const struct keyed *rows = context;
    if (rows->key[b] != rows->key[a]) return rows->key[b] < rows->key[a];
    return rows->since[b] < rows->since[a];
}

static at_str text_at(const struct at_col *col, uint32_t i) {
    return col->text[col->one ? 0 : i];
}

static uint32_t number_of(struct at_dated *dated, const struct at_col *key, uint32_t i) {
    if (!dated->texts) {
        uint32_t row = (uint32_t)key->row[key->one ? 0 : i];
        if (row >= dated->n_keys) dated->n_keys = row + 1;
        return row;
    }
    void *next = (void *)(uintptr_t)(dated->n_keys + 1);
    void *held = at_map_put(&dated->numbers, text_at(key, i), next);
    if (!held) dated->n_keys++;
    return (uint32_t)(uintptr_t)(held ? held : next) - 1;
}

/* The rows were sorted by key and day, so they are put one after another. */
static void place(struct at_dated *dated, struct at_arena *arena, const struct keyed *rows,
                  const uint32_t *order, uint32_t n, const struct at_col *until) {
    dated->start = AT_NEW_ARRAY(arena, uint32_t, (size_t)dated->n_keys + 2);
    dated->row = AT_NEW_ARRAY(arena, int32_t, (size_t)n + 1);
    dated->since = AT_NEW_ARRAY(arena, at_date, (size_t)n + 1);
    dated->until = AT_NEW_ARRAY(arena, at_date, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t row = order[i];
        bool ends = until && at_col_state(until, row) == AT_STATE_OK;
        dated->row[i] = (int32_t)row;
        dated->since[i] = rows->since[row];
        dated->until[i] = ends ? until->day[until->one ? 0 : row] : AT_DATE_MAX;
        dated->start[rows->key[row] + 1]++;
    }
    for (uint32_t k = 0; k < dated->n_keys; k++)
        dated->start[k + 1] += dated->start[k];
}

struct at_dated *at_dated_new(struct at_arena *arena, struct at_arena *scratch, const struct at_col *key,
                              const struct at_col *since, const struct at_col *until, uint32_t n) {
    struct at_dated *dated = AT_NEW(arena, struct at_dated);
    dated->texts = key->form == AT_COL_TEXT;
    at_map_init(&dated->numbers, arena);
    uint32_t *keys = AT_NEW_ARRAY(scratch, uint32_t, (size_t)n + 1),
             *order = AT_NEW_ARRAY(scratch, uint32_t, (size_t)n + 1), m = 0;
    at_date *days = AT_NEW_ARRAY(scratch, at_date, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++) {
        if (at_col_state(key, i) != AT_STATE_OK || at_col_state(since, i) != AT_STATE_OK) continue;
        keys[i] = number_of(dated, key, i);
        days[i] = since->day[since->one ? 0 : i];
        order[m++] = i;
    }
    struct keyed rows = {keys, days};
    at_sort(scratch, order, m, before, &rows);
    place(dated, arena, &rows, order, m, until);
    return dated;
}

int64_t at_dated_key(const struct at_dated *dated, at_str text) {
    return (int64_t)(uintptr_t)at_map_get(&dated->numbers, text) - 1;
}

/* The last row that begins on or before the day: few rows have a key, so that a search takes a few steps. */
int64_t at_dated_place(const struct at_dated *dated, int64_t key, at_date day) {
    if (key < 0 || key >= (int64_t)dated->n_keys) return -1;
    uint32_t first = dated->start[key], low = first, high = dated->start[key + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (dated->since[middle] <= day)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == first || dated->until[low - 1] < day) return -1;
    return low - 1;
}
