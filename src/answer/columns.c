/* answer/columns.c: the numbers of a column, as integers: the largest one, how round they are, and which ones
 * there are if they are few.
 */
#include "answer/search_int.h"

#define MOST_KNOWN 32 /* different values of a column that are remembered */

unsigned at_answer_level(int64_t number) {
    unsigned level = 0;
    for (; number != 0 && number % 10 == 0 && level + 1 < AT_ANSWER_LEVELS; number /= 10)
        level++;
    return level;
}

bool at_answer_is_number(const struct at_answer_search *s, uint32_t table, uint32_t field) {
    uint8_t kind = s->run->data->tables[table].schema->fields[field].type.kind;
    return kind == AT_T_NUMBER || kind == AT_T_MONEY || kind == AT_T_FOREIGN;
}

static unsigned digits_of(const struct at_answer_search *s, const struct at_table *table, uint32_t field) {
    const at_type *type = &table->schema->fields[field].type;
    unsigned digits = type->kind == AT_T_MONEY        ? at_currency_info(type->currency)->digits
                      : type->kind == AT_T_FOREIGN    ? 2
                      : type->unit == AT_UNIT_PERCENT ? 2
                                                      : 0;
    const struct at_col *col = &table->cols[field];
    at_i128 unused;
    for (uint32_t row = 0; row < col->n && digits < AT_ANSWER_DECIMALS; row++)
        while (digits < AT_ANSWER_DECIMALS && at_col_state(col, row) == AT_STATE_OK &&
               !at_num_to_i128(s->scratch, at_col_num(col, row), digits, &unused))
            digits++;
    return digits;
}

bool at_answer_value_at(const struct at_answer_search *s, const struct at_answer_column *column,
                        const struct at_col *col, uint32_t row, int64_t *out) {
    return row < col->n && at_col_state(col, row) == AT_STATE_OK &&
           at_num_to_i64(s->scratch, at_col_num(col, row), column->digits, out) &&
           *out > -AT_ANSWER_MOST_NUMBER && *out < AT_ANSWER_MOST_NUMBER;
}

static void remember(struct at_answer_column *column, int64_t value) {
    uint32_t at = 0;
    while (at < column->n_known && column->known[at] < value)
        at++;
    if (column->n_known > MOST_KNOWN || (at < column->n_known && column->known[at] == value)) return;
    memmove(&column->known[at + 1], &column->known[at], (column->n_known - at) * sizeof *column->known);
    column->known[at] = value;
    column->n_known++;
}

const struct at_answer_column *at_answer_column(struct at_answer_search *s, uint32_t table, uint32_t field) {
    struct at_answer_column *column = &s->columns[at_depend_field_number(s->plan, table, field)];
    const struct at_table *of = &s->run->data->tables[table];
    const struct at_col *col = &of->cols[field];
    int64_t value;
    if (column->made) return column;
    column->made = true;
    column->digits = digits_of(s, of, field);
    column->known = AT_NEW_ARRAY(s->arena, int64_t, MOST_KNOWN + 2);
    for (uint32_t row = 0; row < col->n; row++) {
        if (!at_answer_value_at(s, column, col, row, &value)) continue;
        column->below |= value < 0;
        if (value > column->most || -value > column->most) column->most = value < 0 ? -value : value;
        remember(column, value);
        column->n++;
        column->level[at_answer_level(value)]++;
    }
    if (column->n_known > MOST_KNOWN) column->n_known = 0;
    return column;
}
