/* table/edit_dated.c: refuses a change after which rows that hold from a day on contradict each other, as a
 * run refuses such rows when they are loaded. */
#include "diag/say.h"
#include "table/edit_int.h"

static bool is_new(const struct at_table_edit_change *c, uint64_t row) {
    return row - c->at < c->edit->n_rows; /* rows before c->at wrap to large numbers */
}

/* The place of a new row is that in the edit, if one of the two is new. */
static void tell(void *context, uint32_t row, int64_t other, enum at_diag_code code) {
    static const struct {
        enum at_words_word what, help;
    } of[] = {{AT_W_DATA_SAME_DAY, AT_W_DATA_ONE_OF_DAY},
              {AT_W_DATA_OVERLAP, AT_W_DATA_CORRECT_DAYS},
              {AT_W_DATA_GAP, AT_W_DATA_FILL_GAP},
              {AT_W_DATA_ENDS_EARLY, AT_W_DATA_CORRECT_DAYS}};
    struct at_table_edit_change *c = context;
    bool swap = other >= 0 && !is_new(c, row) && is_new(c, (uint64_t)other);
    uint32_t at = swap ? (uint32_t)other : row;
    uint64_t beside = swap ? row : other < 0 ? 0 : (uint64_t)other;
    int field = code == AT_A1160 ? c->schema->until : c->schema->since;
    struct at_diag_data_place place = {.file = c->schema->name, .row = at + 1};
    if (is_new(c, at)) place = at_table_edit_place(c, at - c->at, c->column[field]);
    const at_words_operand line = at_words_count(beside + 1);
    struct at_diag *d = at_diag_say(c->diags, code, (at_span){0}, &place,
                                    AT_SENTENCE(of[code - AT_A1157].what, at_words_text(c->schema->name),
                                                AT_SAID(c->arena, AT_W_DATA_LINE, line)));
    at_diag_say_help(d, AT_SENTENCE(of[code - AT_A1157].help));
    c->failed = true;
}

/* Without any row, values are missing, as before a caller adds the first ones. */
bool at_table_edit_dated(struct at_table_edit_change *c) {
    if (c->schema->dated)
        at_table_dated_check(c->schema, c->new->cols, (uint32_t)c->new->n_rows, NULL, c->arena, tell, c);
    return !c->failed;
}
