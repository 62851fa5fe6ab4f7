/* answer/likely.c: how likely a change is: the number of bits that name it among all changes of its kind. A
 * rare coincidence needs many bits. A change that an error in the data often makes needs few of them.
 */
#include "answer/search_int.h"

/* Ten times the logarithm to the base 2, between powers on a straight line. */
int32_t at_answer_bits_of(uint64_t n) {
    if (n < 2) return 0;
    int32_t whole = 63 - __builtin_clzll(n);
    uint64_t power = (uint64_t)1 << whole, rest = n - power;
    uint64_t tenths = power >= 16 ? rest / (power / 16) * 10 / 16 : rest * 10 / power;
    return whole * 10 + (int32_t)tenths;
}

/* A round number is as likely as round numbers are in the column. */
int32_t at_answer_bits_number(const struct at_answer_column *column, int64_t number) {
    uint64_t size = (uint64_t)(number < 0 ? -number : number), most = (uint64_t)column->most + 1, power = 1;
    int32_t bits = INT32_MAX, more = 0;
    unsigned level = number == 0 ? AT_ANSWER_LEVELS - 1 : at_answer_level(number);
    if (number < 0 && !column->below) more += 100;
    if (size > most) more += 2 * at_answer_bits_of(size / most + 1);
    for (unsigned k = 0; k <= level && power <= most / 5 + 1; k++, power *= 10) {
        int32_t one = at_answer_bits_of(4 * (uint64_t)column->n + 16) -
                      at_answer_bits_of(4 * (uint64_t)column->level[k] + 1) +
                      at_answer_bits_of(most / power + 1);
        if (one < bits) bits = one;
    }
    return bits + more;
}

static bool same_value(const struct at_answer_search *s, const struct at_table *table, uint32_t t,
                       uint32_t field, uint32_t a, uint32_t b) {
    const struct at_col *col = &table->cols[field];
    if (at_col_state(col, a) != at_col_state(col, b)) return false;
    if (at_col_state(col, a) != AT_STATE_OK) return true;
    if (at_answer_is_number(s, t, field))
        return at_num_cmp(s->scratch, at_col_num(col, a), at_col_num(col, b)) == 0;
    return at_str_eq(at_session_table_text(s->run->data, t, field, a, s->scratch),
                     at_session_table_text(s->run->data, t, field, b, s->scratch));
}

/* Another row of the payee with the same values in all fields but the key. */
bool at_answer_find_twin(struct at_answer_search *s, const struct at_answer_row *row, at_str *name) {
    const struct at_table *table = &s->run->data->tables[row->table];
    for (size_t i = 0; i < s->rows.n; i++) {
        const struct at_answer_row *other = &s->rows.at[i];
        bool same = other->table == row->table && other->row != row->row && !other->other;
        for (uint32_t f = table->schema->n_fields; f-- > 0 && same;)
            if ((int)f != table->schema->key && table->cols[f].n > row->row)
                same = same_value(s, table, row->table, f, row->row, other->row);
        if (!same) continue;
        *name = at_answer_row_name(s, row->table, other->row);
        return true;
    }
    return false;
}
