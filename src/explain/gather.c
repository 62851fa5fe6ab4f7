/* explain/gather.c: explains what the rows that refer to a row give: `sum(receipt.amount)` of a deal.
 *
 * The rows are whole tables in memory. They are put in order of the row to which they refer once for each
 * node, because an explanation of many deals asks for the rows of each.
 */
#include "explain/explain_int.h"

/* ---- which rows refer to which */

/* By row of the table that is referred to: the rows from start[row] to start[row + 1] - 1, as in the file. */
struct at_explain_gathered {
    uint32_t *start, *rows;
};

static struct at_plan_value value_at(const struct at_explain_tell *t, uint32_t node, uint32_t row,
                                     uint32_t *state) {
    uint8_t grain = t->r->plan->nodes[node].grain;
    return at_session_run_value(t->r->run, node, grain == AT_G_ROW ? row : 0, t->arena, state);
}

static uint32_t mask_of(const struct at_plan_node *p) {
    return p->b ? p->in[p->a == AT_GATHER_COUNT ? 1 : 2] : AT_NO_NODE;
}

/* The row to which row i refers, if it counts; else UINT32_MAX. */
static uint32_t target_of(const struct at_explain_tell *t, const struct at_plan_node *p, uint32_t i) {
    uint32_t state, mask = mask_of(p);
    struct at_plan_value ref = value_at(t, p->in[0], i, &state);
    if (state != AT_STATE_OK) return UINT32_MAX;
    int32_t target = at_plan_value_row(&ref);
    if (target < 0 || mask == AT_NO_NODE) return target < 0 ? UINT32_MAX : (uint32_t)target;
    struct at_plan_value counts = value_at(t, mask, i, &state);
    return state == AT_STATE_OK && at_plan_value_yes(&counts) ? (uint32_t)target : UINT32_MAX;
}

static const struct at_explain_gathered *find_gathered(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    struct at_explain_gathered **kept = &t->r->gathered[node];
    if (*kept) return *kept;
    const struct at_table *tables = t->r->run->data->tables;
    uint32_t n = (uint32_t)tables[t->r->plan->nodes[p->in[0]].place].n_rows,
             n_targets = (uint32_t)tables[p->place].n_rows;
    struct at_arena *arena = t->x->arena;
    uint32_t *target = AT_NEW_ARRAY(arena, uint32_t, n + 1);
    *kept = AT_NEW(arena, struct at_explain_gathered);
    (*kept)->start = AT_NEW_ARRAY(arena, uint32_t, n_targets + 2);
    (*kept)->rows = AT_NEW_ARRAY(arena, uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        target[i] = target_of(t, p, i);
        if (target[i] < n_targets) (*kept)->start[target[i] + 2]++;
    }
    for (uint32_t i = 2; i < n_targets + 2; i++)
        (*kept)->start[i] += (*kept)->start[i - 1];
    for (uint32_t i = 0; i < n; i++) /* the start of each moves to its end, where the next one starts */
        if (target[i] < n_targets) (*kept)->rows[(*kept)->start[target[i] + 1]++] = i;
    return *kept;
}

/* ---- the row that is explained */

static uint32_t row_of_line(const struct at_table *table, uint64_t line) {
    uint64_t low = 0, high = table->n_rows;
    if (!table->lines) return line > 0 && line <= table->n_rows ? (uint32_t)(line - 1) : UINT32_MAX;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (table->lines[middle] < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table->n_rows && table->lines[low] == line ? (uint32_t)low : UINT32_MAX;
}

/* `node` is a GATHER, or a FOLLOW of one by a reference. */
static uint32_t explained_row(const struct at_explain_tell *t, uint32_t node) {
    const struct at_plan_node *p = &t->r->plan->nodes[node];
    uint32_t state;
    if (p->op == AT_P_FOLLOW) {
        struct at_plan_value ref = at_explain_tell_value(t, p->in[1], &state);
        return state == AT_STATE_OK ? (uint32_t)at_plan_value_row(&ref) : UINT32_MAX;
    }
    bool of_row = t->row && t->r->plan->feeds[t->feed].table == p->place;
    if (of_row) return row_of_line(&t->r->run->data->tables[p->place], t->row->line);
    return p->place == (uint16_t)t->r->checked->payee_table ? t->payee : UINT32_MAX;
}

/* ---- steps */

static struct at_explain_node *tell_row(const struct at_explain_tell *t, const struct at_plan_node *p,
                                        uint32_t row) {
    uint32_t table = t->r->plan->nodes[p->in[0]].place, state;
    const struct at_table *data = &t->r->run->data->tables[table];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ROW, NULL);
    int32_t key = t->r->checked->schemas[table].key;
    step->line = data->lines ? data->lines[row] : row + 1;
    step->file = data->binding.name;
    step->name =
        key >= 0 ? at_words_text(at_session_table_text(t->r->run->data, table, (uint32_t)key, row, t->arena))
                 : at_explain_row_in_file(t, step->file, step->line);
    step->text = step->name;
    if (p->a == AT_GATHER_COUNT) return step;
    struct at_plan_value value = value_at(t, p->in[1], row, &state);
    if (state != AT_STATE_OK) return step;
    value.type.optional = false;
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, p->in[1]));
    step->text = AT_SAID(t->arena, AT_W_DEAL, step->name, step->value.shown);
    return step;
}

static void list_rows(struct at_explain_tell *t, struct at_explain_node *step, const struct at_plan_node *p,
                      const uint32_t *rows, uint32_t n) {
    uint32_t most = t->x->options->all || n < AT_SHOWN_ROWS ? n : AT_SHOWN_ROWS;
    at_num rest = at_plan_value_num(&step->value.value);
    for (uint32_t i = 0; i < most; i++) {
        struct at_explain_node *row = tell_row(t, p, rows[i]);
        row->part = step->adds;
        if (step->adds && row->has_value)
            rest = at_num_sub(t->arena, rest, at_plan_value_num(&row->value.value));
        at_explain_node_add(step, row);
    }
    if (most == n) return;
    struct at_explain_node *more = at_explain_node_new(t, AT_STEP_MORE, NULL);
    more->text = AT_SAID(t->arena, AT_W_MORE_ROWS, at_explain_tell_count(t, n - most));
    if (step->adds) {
        struct at_plan_value value = at_plan_value_of_num(step->value.value.type, rest);
        at_explain_node_value(t, more, &value, at_explain_is_percent(t, p->in[1]));
        more->text = AT_SAID(t->arena, AT_W_MORE, at_explain_tell_count(t, n - most), more->value.shown);
        more->part = true;
    }
    at_explain_node_add(step, more);
}

struct at_explain_node *at_explain_tell_gather(struct at_explain_tell *t, uint32_t node) {
    uint32_t id = t->r->plan->nodes[node].op == AT_P_FOLLOW ? t->r->plan->nodes[node].in[0] : node;
    const struct at_plan_node *p = &t->r->plan->nodes[id];
    uint32_t row = explained_row(t, node), state;
    if (row >= t->r->run->data->tables[p->place].n_rows) return NULL;
    const struct at_explain_gathered *all = find_gathered(t, id);
    uint32_t n = all->start[row + 1] - all->start[row];
    struct at_explain_node *step = at_explain_node_new(t, AT_STEP_ARITHMETIC, p->ast);
    struct at_plan_value value = at_explain_tell_value(t, node, &state);
    at_explain_node_value(t, step, &value, at_explain_is_percent(t, node));
    at_words_operand name = at_explain_phrase(t, node),
                     table = at_words_text(t->r->checked->schemas[t->r->plan->nodes[p->in[0]].place].name);
    if (n == 0 || state != AT_STATE_OK) {
        step->text = AT_SAID(t->arena, AT_W_ADDED_NONE, name, table, step->value.shown);
        return step;
    }
    static const enum at_words_word words[] = {AT_W_ADDED, AT_W_COUNTED, AT_W_SMALLEST, AT_W_LARGEST};
    step->text = AT_SAID(t->arena, words[p->a], name,
                         at_explain_tell_many(t, n, AT_W_ROWS_ONE, AT_W_ROWS_MANY), table, step->value.shown);
    step->adds = p->a == AT_GATHER_SUM;
    list_rows(t, step, p, &all->rows[all->start[row]], n);
    return step;
}
