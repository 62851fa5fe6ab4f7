/* game/deals.c: finds the deals of a run: rows with a date of their own that are credited to a payee. */
#include "base/map.h"
#include "base/vec.h"
#include "game/game_int.h"

struct finding {
    struct at_game *game;
    const struct at_game_options *options;
    struct at_arena *arena;
    uint32_t run;
    AT_VEC(struct at_game_deal) deals;
    uint32_t **deal_of;  /* by table, then by row: 1 + index of the deal, 0: none; NULL: not one of deals */
    uint16_t **feed_of;  /* the feed that gave it */
    struct at_map known; /* "table key" of the deals of earlier runs */
    bool named;          /* the table of the options is one of deals */
};

/* ---- which feeds have deals */

/* The field of the feed's own table that the expression names; -1: another expression. */
static int32_t own_field(const struct at_check_policy *checked, uint16_t table,
                         const struct at_ast_node *node) {
    if (node && node->kind == AT_N_OTHERWISE) node = node->child[0];
    const struct at_check_symbol *symbol = node ? checked->symbols[node->id] : NULL;
    return symbol && symbol->kind == AT_SYM_FIELD && symbol->table == table ? (int32_t)symbol->index : -1;
}

bool at_game_source_of(const struct at_plan *plan, uint32_t feed, struct at_game_source *out) {
    const struct at_check_policy *checked = plan->checked;
    const struct at_check_feed_decl *decl = plan->feeds[feed].decl;
    const struct at_check_symbol *symbol = decl->on ? checked->symbols[decl->on->id] : NULL;
    if (!symbol || symbol->kind != AT_SYM_FIELD || decl->n_to == 0) return false;
    *out = (struct at_game_source){symbol->table, -1, symbol->index};
    if (out->table == checked->payee_table || decl->table == checked->payee_table) return false;
    if (checked->schemas[out->table].fields[out->field].type.kind != AT_T_DATE) return false;
    if (out->table == decl->table) return true;
    /* `on deal.closed_on`: the row refers to the deal. A longer path leads to what is not a deal of the row.
     */
    if (decl->on->kind != AT_N_MEMBER || decl->on->n == 0) return false;
    out->via = own_field(checked, decl->table, decl->on->child[0]);
    if (out->via < 0) return false;
    const at_type *type = &checked->schemas[decl->table].fields[out->via].type;
    return type->kind == AT_T_REF && type->table == out->table;
}

static int32_t owner_field(const struct at_plan *plan, const struct at_check_feed_decl *decl) {
    int32_t field = own_field(plan->checked, decl->table, decl->to[0].path);
    if (field < 0 || decl->to[0].managers || decl->to[0].by >= 0) return -1;
    const at_type *type = &plan->checked->schemas[decl->table].fields[field].type;
    return type->kind == AT_T_REF && type->table == plan->checked->payee_table ? field : -1;
}

/* The amount of a deal: the field that is credited, otherwise its first field of money; -1: it has none. */
static int32_t amount_field(const struct at_plan *plan, const struct at_check_feed_decl *decl,
                            uint16_t table) {
    const struct at_schema *schema = &plan->checked->schemas[table];
    int32_t field = own_field(plan->checked, table, decl->amount);
    if (field >= 0 && at_game_counts(schema, (uint32_t)field, field)) return field;
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if (at_game_counts(schema, f, -1)) return (int32_t)f;
    return -1;
}

/* Money, and the credited number. */
bool at_game_counts(const struct at_schema *schema, uint32_t field, int32_t credited) {
    const at_type *type = &schema->fields[field].type;
    if (type->kind == AT_T_MONEY || type->kind == AT_T_FOREIGN) return true;
    return (int32_t)field == credited && type->kind == AT_T_NUMBER;
}

int32_t at_game_credited_field(const struct at_plan *plan, uint32_t table) {
    for (uint32_t f = 0; f < plan->checked->n_feeds; f++) {
        const struct at_check_feed_decl *decl = plan->feeds[f].decl;
        struct at_game_source source;
        if (!at_game_source_of(plan, f, &source) || source.table != table) continue;
        int32_t field = own_field(plan->checked, (uint16_t)table, decl->amount);
        if (field >= 0) return field;
    }
    return -1;
}

/* A policy without a credit takes its deals from the tables that measures read by a date. */
static bool has_credits(const struct at_plan *plan) {
    struct at_game_source unused;
    for (uint32_t f = 0; f < plan->checked->n_feeds; f++)
        if (plan->feeds[f].decl->name.n && at_game_source_of(plan, f, &unused)) return true;
    return false;
}

bool at_game_has_deals(const struct at_plan *plan) {
    struct at_game_source unused;
    for (uint32_t f = 0; f < plan->checked->n_feeds; f++)
        if (at_game_source_of(plan, f, &unused)) return true;
    return false;
}

/* ---- rows */

/* Rows have the numbers of their lines, which rise. */
int64_t at_game_row_at(const struct at_table *table, uint64_t line) {
    if (!table->lines) return line > 0 && line <= table->n_rows ? (int64_t)line - 1 : -1;
    uint64_t low = 0, high = table->n_rows;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (table->lines[middle] < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table->n_rows && table->lines[low] == line ? (int64_t)low : -1;
}

static bool wants_payee(const struct finding *f, at_str key) {
    for (uint32_t i = 0; i < f->options->n_payees; i++)
        if (at_str_eq(f->options->payees[i], key)) return true;
    return f->options->payees == NULL;
}

/* A deal that several policies credit belongs to the first of them. */
static bool is_known(struct finding *f, const struct at_schema *schema, at_str key) {
    if (f->game->results->n_runs == 1) return false;
    at_str name = at_str_format(f->arena, "%.*s %.*s", AT_STR_ARG(schema->name), AT_STR_ARG(key));
    return at_map_put(&f->known, name, f->game) != NULL;
}

static void fill(struct finding *f, struct at_game_deal *deal, uint32_t feed) {
    const struct at_session_result_run *r = &f->game->results->runs[f->run];
    const struct at_plan *plan = r->run->plan;
    const struct at_table *table = &r->run->data->tables[deal->table];
    const struct at_session_run *run = r->run;
    int32_t amount = amount_field(plan, plan->feeds[feed].decl, (uint16_t)deal->table);
    deal->day = table->cols[deal->date_field].day[deal->row];
    deal->period = (uint32_t)(at_period_position(
                                  run->calendar,
                                  at_period_of_date(run->calendar,
                                                    (enum at_period_kind)run->first_period.kind, deal->day)) -
                              run->first_position);
    uint64_t line = table->lines ? table->lines[deal->row] : deal->row + 1;
    deal->name =
        at_str_format(f->arena, "%.*s:%llu", AT_STR_ARG(table->binding.name), (unsigned long long)line);
    deal->has_amount = amount >= 0 && at_col_state(&table->cols[amount], deal->row) == AT_STATE_OK;
    deal->amount = deal->has_amount ? at_col_num(&table->cols[amount], deal->row) : at_num_int(0);
}

/* The row of the deal of an item; -1: none. */
static int64_t deal_row(const struct at_session_run *run, const struct at_gather_item *item,
                        const struct at_game_source *source) {
    uint32_t from = run->plan->feeds[item->feed].table;
    int64_t row = at_game_row_at(&run->data->tables[from], item->line);
    if (row < 0 || source->via < 0) return row;
    const struct at_col *col = &run->data->tables[from].cols[source->via];
    return at_col_state(col, (uint32_t)row) == AT_STATE_OK ? col->row[row] : -1;
}

/* Its first item counts: that of the first credit of the policy, and of its first recipient. */
static bool on_item(void *context, const struct at_gather_item *item) {
    struct finding *f = context;
    const struct at_session_run *run = f->game->results->runs[f->run].run;
    struct at_game_source source;
    if (item->payee >= run->n_payees || !at_game_source_of(run->plan, item->feed, &source)) return true;
    uint32_t t = source.table;
    int64_t row = deal_row(run, item, &source);
    if (row < 0) return true;
    uint32_t at = f->deal_of[t][row];
    if (at > 0 && f->feed_of[t][row] <= item->feed) return true;
    if (at_col_state(&run->data->tables[t].cols[source.field], (uint32_t)row) != AT_STATE_OK) return true;
    if (at == 0) {
        AT_VEC_PUSH(f->arena, &f->deals, (struct at_game_deal){.run = f->run, .table = t});
        at = f->deal_of[t][row] = (uint32_t)f->deals.n;
    }
    struct at_game_deal *deal = &f->deals.at[at - 1];
    f->feed_of[t][row] = (uint16_t)item->feed;
    deal->row = (uint32_t)row;
    deal->payee = item->payee;
    deal->date_field = source.field;
    deal->via = source.via >= 0;
    deal->owner_field = deal->via ? -1 : owner_field(run->plan, run->plan->feeds[item->feed].decl);
    return true;
}

/* ---- runs */

/* Leaves out deals of other owners, of periods that were not asked for, and of earlier runs. */
static void keep_wanted(struct finding *f, size_t first) {
    const struct at_session_result_run *r = &f->game->results->runs[f->run];
    const struct at_plan *plan = r->run->plan;
    size_t n = first;
    for (size_t i = first; i < f->deals.n; i++) {
        struct at_game_deal *deal = &f->deals.at[i];
        const struct at_schema *schema = &plan->checked->schemas[deal->table];
        if (schema->key >= 0)
            deal->key =
                at_session_table_text(r->run->data, deal->table, (uint32_t)schema->key, deal->row, f->arena);
        fill(f, deal, f->feed_of[deal->table][deal->row]);
        bool asked = deal->day >= f->options->from && deal->day <= f->options->through;
        if (!asked || !wants_payee(f, r->keys[deal->payee]) || is_known(f, schema, deal->key)) continue;
        f->deals.at[n++] = *deal;
    }
    f->deals.n = n;
}

static enum at_status find_in(struct finding *f) {
    const struct at_session_run *run = f->game->results->runs[f->run].run;
    const struct at_plan *plan = run->plan;
    bool credits = has_credits(plan);
    struct at_plan_wanted *wanted = AT_NEW_ARRAY(f->arena, struct at_plan_wanted, plan->n_feeds + 1);
    uint32_t n = 0;
    f->deal_of = AT_NEW_ARRAY(f->arena, uint32_t *, plan->checked->n_schemas + 1);
    f->feed_of = AT_NEW_ARRAY(f->arena, uint16_t *, plan->checked->n_schemas + 1);
    for (uint32_t i = 0; i < plan->checked->n_feeds; i++) {
        struct at_game_source source;
        if (!at_game_source_of(plan, i, &source) || (credits && plan->feeds[i].decl->name.n == 0)) continue;
        uint16_t t = source.table;
        if (f->options->table.n && !at_str_eq(f->options->table, plan->checked->schemas[t].name)) continue;
        f->named = true;
        wanted[n++] = (struct at_plan_wanted){.feed = i};
        uint64_t rows = run->data->tables[t].n_rows;
        if (!f->deal_of[t]) {
            f->deal_of[t] = AT_NEW_ARRAY(f->arena, uint32_t, rows + 1);
            f->feed_of[t] = AT_NEW_ARRAY(f->arena, uint16_t, rows + 1);
        }
    }
    size_t first = f->deals.n;
    enum at_status status =
        n ? at_session_run_items(run, wanted, n, UINT32_MAX, UINT32_MAX, on_item, f) : AT_OK;
    if (status == AT_OK) keep_wanted(f, first);
    return status;
}

enum at_status at_game_find_deals(struct at_game *game, const struct at_game_options *options,
                                  struct at_arena *arena) {
    struct finding f = {.game = game, .options = options, .arena = arena};
    enum at_status status = AT_OK;
    at_map_init(&f.known, arena);
    for (f.run = 0; status == AT_OK && f.run < game->results->n_runs; f.run++)
        status = find_in(&f);
    game->deals = f.deals.at;
    game->n_deals = (uint32_t)f.deals.n;
    return status == AT_OK && !f.named ? AT_REJECTED : status;
}
