/* base/dated.h: the index of a dated table: which row is valid on a day.
 *
 * Each row belongs to a key (the row of another table, or a text) and holds from its day `since` until the
 * next row of the key, or until its last day. The rows of a key are in order of their days. Rows without a
 * key or a day are left out. An index does not change once it is made, so threads share it.
 */
#ifndef AT_BASE_DATED_H
#define AT_BASE_DATED_H

#include "base/column.h"
#include "base/date.h"
#include "base/map.h"

struct at_dated {
    uint32_t n_keys;
    uint32_t *start;        /* n_keys + 1: places of the rows of each key */
    int32_t *row;           /* by place */
    at_date *since, *until; /* by place: first and last day, as the file has them; AT_DATE_MAX: none */
    struct at_map numbers;  /* texts to number of the key + 1; empty where keys are rows */
    bool texts;
};

/* `until` may be NULL. `scratch` is given back, and may be the same arena. */
struct at_dated *at_dated_new(struct at_arena *arena, struct at_arena *scratch, const struct at_col *key,
                              const struct at_col *since, const struct at_col *until, uint32_t n);
/* The number of a text that is a key; -1: it is none. */
int64_t at_dated_key(const struct at_dated *dated, at_str text);
/* The place of the row of the key that is valid on the day, or -1. */
int64_t at_dated_place(const struct at_dated *dated, int64_t key, at_date day);

#endif
