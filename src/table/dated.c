/* table/dated.c: tables whose rows hold from a day on: their index, and rows that contradict each other. */
#include "table/store.h"

static struct at_dated *index_of(const struct at_schema *schema, const struct at_col *cols, uint32_t n,
                                 struct at_arena *arena, struct at_arena *scratch) {
    const struct at_col *until = schema->until < 0 ? NULL : &cols[schema->until];
    return at_dated_new(arena, scratch, &cols[schema->dated_key], &cols[schema->since], until, n);
}

struct at_dated *at_table_dated(const struct at_table *table, struct at_arena *arena,
                                struct at_arena *scratch) {
    if (!table->schema->dated) return NULL;
    return index_of(table->schema, table->cols, (uint32_t)table->n_rows, arena, scratch);
}

/* Rows with another fault are left out: what they have as days may be wrong. */
void at_table_dated_check(const struct at_schema *schema, const struct at_col *cols, uint32_t n,
                          const uint8_t *dead, struct at_arena *scratch, at_table_dated_fault *fault,
                          void *context) {
    if (!schema->dated) return;
    const struct at_dated *dated = index_of(schema, cols, n, scratch, scratch);
    for (uint32_t k = 0; k < dated->n_keys; k++) {
        int64_t before = -1; /* the place of the last sound row */
        for (uint32_t i = dated->start[k]; i < dated->start[k + 1]; i++) {
            uint32_t row = (uint32_t)dated->row[i];
            if (dead && dead[row]) continue;
            if (dated->until[i] < dated->since[i]) {
                fault(context, row, -1, AT_A1160);
                continue;
            }
            int64_t other = before < 0 ? -1 : dated->row[before];
            at_date end = before < 0 ? AT_DATE_MAX : dated->until[before];
            if (before >= 0 && dated->since[before] == dated->since[i])
                fault(context, row, other, AT_A1157);
            else if (before >= 0 && end != AT_DATE_MAX && end >= dated->since[i])
                fault(context, row, other, AT_A1158);
            else if (before >= 0 && end != AT_DATE_MAX && end + 1 < dated->since[i])
                fault(context, row, other, AT_A1159);
            before = i;
        }
    }
}
