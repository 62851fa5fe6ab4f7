/* plan/lower_feed.c: rows on their way to payees and periods, and the measures that gather them. */
#include "plan/lower_int.h"

/* ---------------------------------------------------------------- feeds */

/* The rows of a feed, before anyone is credited. Dated fields are read by the date of the row. */
static struct at_plan_ctx rows_of(struct at_plan_lowering *L, const struct at_check_feed_decl *decl) {
    struct at_plan_ctx row = {.grain = AT_G_ROW, .place = decl->table};
    if (decl->on && L->checked->payee_table >= 0 && L->checked->schemas[L->checked->payee_table].n_dated)
        row.day = at_plan_day_at_end(L, at_plan_bring(L, &row, at_plan_lower_expr(L, &row, decl->on))) + 1;
    return row;
}

/* An expression over the rows of a table. AT_NO_NODE for an absent clause. */
static uint32_t row_expr(struct at_plan_lowering *L, const struct at_plan_ctx *row,
                         const struct at_ast_node *node) {
    return node ? at_plan_bring(L, row, at_plan_lower_expr(L, row, node)) : AT_NO_NODE;
}

static uint32_t both(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t a, uint32_t b) {
    if (a == AT_NO_NODE || b == AT_NO_NODE) return a == AT_NO_NODE ? b : a;
    return at_plan_make2(L, ctx, AT_P_AND, (at_type){.kind = AT_T_FLAG}, a, b);
}

struct period_search {
    const struct at_plan_lowering *L;
    bool found;
};

static bool find_period(void *context, const struct at_ast_node *node) {
    struct period_search *search = context;
    const struct at_check_symbol *symbol = search->L->checked->symbols[node->id];
    search->found |= symbol && (symbol->kind == AT_SYM_PERIOD || symbol->kind == AT_SYM_COVERED);
    return !search->found;
}

/* The conditions of a stock, joined by `and`, that name the period (`each`), or those that do not: they are
 * the same in all periods, so that rows are left out before there are items. */
static uint32_t stock_where(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                            const struct at_ast_node *node, bool each) {
    if (node->kind == AT_N_AND)
        return both(L, ctx, stock_where(L, ctx, node->child[0], each),
                    stock_where(L, ctx, node->child[1], each));
    struct period_search search = {L, false};
    at_ast_walk(node, find_period, &search);
    if (search.found != each) return AT_NO_NODE;
    return at_plan_bring(L, ctx, at_plan_lower_expr(L, ctx, node));
}

/* Which rows a stock has in a period. It always depends on the period, so that its aggregates wait until the
 * periods are known. */
static uint32_t stock_mask(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                           const struct at_check_feed_decl *decl) {
    at_type flag = {.kind = AT_T_FLAG};
    uint32_t mask = stock_where(L, ctx, decl->where, true);
    if (mask != AT_NO_NODE && at_plan_node_of(L, mask)->pass > 0) return mask;
    uint32_t period = at_plan_item_period(L, ctx);
    return both(L, ctx, mask, at_plan_make(L, ctx, AT_P_KNOWN, flag, 0, 0, NULL, &period, 1));
}

/* A condition that is always true. It is dropped, so that no run calculates it. */
static bool always(const struct at_plan_lowering *L, uint32_t id) {
    const struct at_plan_value *value = id == AT_NO_NODE ? NULL : at_plan_graph_value(&L->graph, id);
    return value && !value->missing && value->type.kind == AT_T_FLAG && at_plan_value_yes(value);
}

static bool is_one(const struct at_plan_lowering *L, uint32_t id) {
    const struct at_plan_value *value = at_plan_graph_value(&L->graph, id);
    return value && !value->missing && at_num_cmp(L->arena, at_plan_value_num(value), at_num_int(1)) == 0;
}

static void lower_recipients(struct at_plan_lowering *L, const struct at_plan_ctx *row,
                             struct at_plan_feed *feed) {
    feed->n_to = feed->decl->n_to;
    feed->to = AT_NEW_ARRAY(L->arena, struct at_plan_recipient, feed->n_to);
    for (uint32_t i = 0; i < feed->n_to; i++) {
        const struct at_check_recipient *to = &feed->decl->to[i];
        uint32_t share = row_expr(L, row, to->share);
        /* `at 100%` is the default. Without this, every amount would be multiplied by 1. */
        if (share != AT_NO_NODE && is_one(L, share)) share = AT_NO_NODE;
        feed->to[i] = (struct at_plan_recipient){row_expr(L, row, to->path), share, to->managers, -1};
        if (to->by < 0) continue;
        /* Texts and choices are matched as texts, and references by the row that they name. */
        feed->to[i].by = at_plan_group_of(L, to->by);
        if (at_plan_node_of(L, feed->to[i].payee)->type.kind == AT_T_ENUM)
            feed->to[i].payee = at_plan_convert(L, row, feed->to[i].payee, (at_type){.kind = AT_T_TEXT});
    }
}

/* Whether who receives a row depends on its day. */
static bool is_received_by_day(const struct at_plan_lowering *L, const struct at_check_feed_decl *decl) {
    for (uint32_t i = 0; i < decl->n_to; i++) {
        int32_t field = decl->to[i].managers ? L->checked->manager_field : decl->to[i].by;
        if (field >= 0 && at_plan_is_dated_field(L, L->graph.payee_table, (uint32_t)field)) return true;
    }
    return false;
}

static bool find_level(void *context, const struct at_ast_node *node) {
    struct period_search *search = context;
    const struct at_check_symbol *symbol = search->L->checked->symbols[node->id];
    search->found |= symbol && symbol->kind == AT_SYM_LEVEL;
    return !search->found;
}

static bool reads_level(const struct at_plan_lowering *L, const struct at_ast_node *node) {
    struct period_search search = {L, false};
    at_ast_walk(node, find_level, &search);
    return search.found;
}

static void lower_feed(struct at_plan_lowering *L, const struct at_check_feed_decl *decl) {
    const struct at_schema *schema = &L->checked->schemas[decl->table];
    struct at_plan_feed feed = {.decl = decl,
                                .table = decl->table,
                                .event = AT_NO_NODE,
                                .date = AT_NO_NODE,
                                .day = AT_NO_NODE,
                                .key = AT_NO_NODE};
    L->graph.ast = decl->node;
    struct at_plan_ctx row = rows_of(L, decl), plain = {.grain = AT_G_ROW, .place = feed.table};
    feed.stock = decl->stock;
    feed.where = decl->stock ? stock_where(L, &row, decl->where, false) : row_expr(L, &row, decl->where);
    if (always(L, feed.where)) feed.where = AT_NO_NODE;
    lower_recipients(L, &row, &feed);
    feed.on = row_expr(L, &plain, decl->on);
    if (is_received_by_day(L, decl) && feed.on != AT_NO_NODE &&
        at_plan_node_of(L, feed.on)->type.kind == AT_T_DATE)
        feed.day = feed.on;
    feed.known = row_expr(L, &plain, decl->known);
    feed.until = row_expr(L, &plain, decl->until);
    if (schema->key >= 0)
        feed.key = at_plan_graph_load(&L->graph, feed.table, schema->key, schema->fields[schema->key].type);
    if (decl->spread) {
        feed.spread = (uint8_t)decl->spread->op;
        if (feed.spread == AT_OP_PER)
            feed.spread_kind = (uint8_t)at_check_period_word(L->checked, decl->spread->text);
    }
    feed.leveled = decl->managed && reads_level(L, decl->node);
    AT_VEC_PUSH(L->arena, &L->feeds, feed);
}

void at_plan_lower_feeds(struct at_plan_lowering *L) {
    for (uint32_t i = 0; i < L->checked->n_feeds; i++)
        lower_feed(L, &L->checked->feeds[i]);
    L->graph.ast = NULL;
}

/* A credit's rows placed by another date are a feed of their own. */
static uint16_t feed_on(struct at_plan_lowering *L, uint16_t feed, const struct at_ast_node *on) {
    if (!on) return feed;
    struct at_plan_feed other = L->feeds.at[feed];
    struct at_plan_ctx row = {.grain = AT_G_ROW, .place = other.table};
    other.on = row_expr(L, &row, on);
    /* The date for `running` belongs to the old `on`. day_of sets it again if something runs. */
    other.date = AT_NO_NODE;
    return at_plan_feed_add(L, &other);
}

/* Whether items carry less than the whole of their row. */
static bool is_shared(const struct at_plan_feed *feed) {
    if (feed->spread == AT_OP_EVENLY || feed->spread == AT_OP_BY_DAYS) return true;
    for (uint32_t i = 0; i < feed->n_to; i++)
        if (feed->to[i].share != AT_NO_NODE) return true;
    return false;
}

uint32_t at_plan_share_of(struct at_plan_lowering *L, uint16_t feed) {
    at_type number = {.kind = AT_T_NUMBER};
    if (!is_shared(&L->feeds.at[feed])) return AT_NO_NODE;
    return at_plan_graph_source(&L->graph, AT_P_ITEMSHARE, AT_G_CREDIT, feed, number);
}

/* The amount times the recipient's share. Without shares, the node stays as it is. */
static uint32_t take_share(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t id) {
    uint32_t share = at_plan_share_of(L, (uint16_t)ctx->place);
    return share == AT_NO_NODE ? id : at_plan_multiply(L, ctx, id, share);
}

/* A value of the feed's rows among its items; columns of payees would else mean the recipient's. */
static uint32_t of_row(struct at_plan_lowering *L, const struct at_plan_ctx *credit,
                       const struct at_ast_node *node) {
    uint16_t table = L->feeds.at[credit->place].table;
    struct at_plan_ctx row = rows_of(L, L->feeds.at[credit->place].decl);
    uint32_t id = row_expr(L, &row, node);
    bool take = table == L->graph.payee_table && !at_plan_is_plain(L, id);
    return take ? at_plan_graph_take(&L->graph, id, credit->place) : id;
}

uint32_t at_plan_row_amount(struct at_plan_lowering *L, const struct at_plan_ctx *ctx) {
    uint16_t table = L->feeds.at[ctx->place].table;
    struct at_plan_ctx row = rows_of(L, L->feeds.at[ctx->place].decl);
    uint32_t id = row_expr(L, &row, L->feeds.at[ctx->place].decl->amount);
    bool take = table == L->graph.payee_table && !at_plan_is_plain(L, id);
    return take ? at_plan_graph_take(&L->graph, id, ctx->place) : id;
}

/* `amount` where rows have been credited: the credit's amount times the recipient's share; a table's own
 * field without a credit. */
bool at_plan_has_amount(const struct at_plan_lowering *L, const struct at_plan_ctx *ctx) {
    return L->feeds.at[ctx->place].decl->amount != NULL;
}

uint32_t at_plan_lower_amount(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                              const struct at_ast_node *node) {
    if (ctx->grain != AT_G_CREDIT)
        return at_plan_lower_fail(L, node, "the credited amount is not available here");
    if (ctx->totals && ctx->totals->amount != AT_NO_NODE) return ctx->totals->amount;
    const struct at_plan_feed *feed = &L->feeds.at[ctx->place];
    const struct at_schema *schema = &L->checked->schemas[feed->table];
    if (!feed->decl->amount) {
        for (uint32_t i = 0; i < schema->n_fields; i++)
            if (at_str_eq(schema->fields[i].name, AT_STR("amount")))
                return at_plan_lower_field(L, ctx, node, feed->table, i);
        return at_plan_lower_fail(L, node, "the credited amount is not available here");
    }
    return take_share(L, ctx, at_plan_row_amount(L, ctx));
}

/* ---------------------------------------------------------------- what a measure draws from its feed */

struct drawn {
    uint16_t feed;
    uint32_t value, mask; /* AT_NO_NODE: count; all */
};

static struct drawn draw(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                         const struct at_check_measure_decl *measure) {
    uint8_t rhythm = ctx->rhythm;
    struct drawn drawn = {feed_on(L, at_plan_feed_of(L, measure->feed), measure->on), AT_NO_NODE, AT_NO_NODE};
    if (rhythm && at_plan_reads_cells(L, measure)) drawn.feed = at_plan_feed_each(L, drawn.feed, rhythm);
    struct at_plan_ctx credit = {.grain = AT_G_CREDIT, .place = drawn.feed};
    if (L->feeds.at[drawn.feed].event != AT_NO_NODE) credit = at_plan_in_rhythm(&credit, rhythm);
    /* A measure that draws from a table has a feed without a name. Its filter is in the feed, and
     * its value is of the row. */
    bool own = L->checked->feeds[measure->feed].name.n == 0;
    if (reads_level(L, measure->aggregate)) L->feeds.at[drawn.feed].leveled = true;
    if (measure->where) drawn.mask = at_plan_lower_expr(L, &credit, measure->where);
    credit.stock = L->feeds.at[drawn.feed].stock;
    if (credit.stock) drawn.mask = stock_mask(L, &credit, &L->checked->feeds[measure->feed]);
    if (measure->value) {
        uint32_t id = own && !credit.stock ? of_row(L, &credit, measure->value)
                                           : at_plan_lower_expr(L, &credit, measure->value);
        bool counts = measure->aggregate->op == AT_OP_COUNT;
        /* `count of FLAG` counts the rows for which the flag is true. */
        if (counts && at_plan_node_of(L, id)->type.kind == AT_T_FLAG)
            drawn.mask = both(L, &credit, drawn.mask, id);
        if (!counts) drawn.value = at_plan_bring(L, &credit, own ? take_share(L, &credit, id) : id);
    }
    if (ctx->since && L->feeds.at[drawn.feed].on != AT_NO_NODE)
        drawn.mask = both(L, &credit, drawn.mask, at_plan_since_mask(L, ctx, &credit));
    if (drawn.mask != AT_NO_NODE) drawn.mask = at_plan_bring(L, &credit, drawn.mask);
    /* Before the parts are added: at_plan_parts_known gives a flag that is always yes but can be
     * an exception. */
    if (always(L, drawn.mask)) drawn.mask = AT_NO_NODE;
    uint32_t known = at_plan_parts_known(L, &credit, drawn.value);
    if (known != AT_NO_NODE) drawn.mask = at_plan_bring(L, &credit, both(L, &credit, drawn.mask, known));
    return drawn;
}

/* With recipients and dates, a value for each cell. Without dates, for each payee. Without
 * recipients, for each period. Without both, one value. */
static enum at_check_grain grain_of(const struct at_plan_feed *feed) {
    if (feed->n_to > 0) return at_plan_feed_dated(feed) ? AT_G_CELL : AT_G_ROW;
    return at_plan_feed_dated(feed) ? AT_G_GROUP : AT_G_CONST;
}

/* One total of the feed, for the group and the time of the context. */
static uint32_t gather(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, struct drawn drawn,
                       enum at_plan_op op) {
    at_type type = {.kind = AT_T_NUMBER};
    if (op != AT_P_COUNT)
        type = at_plan_node_of(L, drawn.value)->type;
    else
        drawn.value = AT_NO_NODE;
    type.optional = false;
    const struct at_plan_feed *feed = &L->feeds.at[drawn.feed];
    enum at_check_grain grain = grain_of(feed);
    int8_t once = feed->spread == AT_OP_PER ? (int8_t)feed->spread_kind : -1;
    bool undated = feed->on == AT_NO_NODE;
    bool by_day = at_plan_counts_by_day(L, ctx, drawn.feed);
    uint16_t place = by_day ? at_plan_stays_of(L, ctx).place : 0;
    if (at_plan_is_own_of_group(L, ctx, drawn.feed)) place = ctx->place;
    if (place) grain = AT_G_GROUP;
    uint32_t id =
        at_plan_graph_aggregate(&L->graph, op, drawn.feed, grain, place, type, drawn.value, drawn.mask);
    /* How values are combined over periods, as payload b of TODATE: 0 sum, 1 least, 2 most. */
    int32_t how = op == AT_P_LEAST ? 1 : op == AT_P_MOST ? 2 : 0;
    static const enum at_plan_op of_group[] = {AT_P_GROUPSUM, AT_P_GROUPLEAST, AT_P_GROUPMOST};
    struct at_plan_ctx now = *ctx;
    now.rhythm = ctx->time == AT_TIME_NOW ? ctx->rhythm : 0;
    if (by_day) id = at_plan_total_of_stays(L, &now, of_group[how], id);
    if (ctx->grain == AT_G_GROUP && (grain == AT_G_CELL || grain == AT_G_ROW)) {
        /* Members have one value `by` a field, which counts once. */
        int32_t shared = feed->n_to > 0 ? feed->to[0].by : -1;
        id = undated ? at_plan_of_members(L, ctx, of_group[how], id, shared)
                     : at_plan_of_members_now(L, ctx, of_group[how], id, shared);
    }
    /* Rows without a date give one value of the whole range, which is never multiplied. A stock to date is
     * what there is at the end. */
    if (ctx->time == AT_TIME_NOW || undated) return id;
    return at_plan_accumulate(L, ctx, id, how ? -1 : once, how);
}

static uint32_t lower_aggregate(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                                const struct at_check_measure_decl *measure) {
    struct drawn drawn = draw(L, ctx, measure);
    switch (measure->aggregate->op) {
    case AT_OP_SUM: return gather(L, ctx, drawn, AT_P_SUM);
    case AT_OP_COUNT: return gather(L, ctx, drawn, AT_P_COUNT);
    case AT_OP_MIN: return gather(L, ctx, drawn, AT_P_LEAST);
    case AT_OP_MAX: return gather(L, ctx, drawn, AT_P_MOST);
    default: break;
    }
    /* An average is a sum and a count. Both can be put to date and added up for groups, and an
     * average cannot. */
    uint32_t sum = gather(L, ctx, drawn, AT_P_SUM), count = gather(L, ctx, drawn, AT_P_COUNT);
    at_type type = at_plan_node_of(L, sum)->type;
    /* Without rows, the average is missing instead of a division by zero. */
    uint32_t none = at_plan_compare(L, ctx, AT_P_EQ, count, at_plan_graph_number(&L->graph, at_num_int(0)));
    uint32_t mean = at_plan_make2(L, ctx, AT_P_DIV, type, sum, count);
    type.optional = true;
    return at_plan_make3(L, ctx, AT_P_IF, type, none, at_plan_graph_missing(&L->graph, type), mean);
}

/* ---------------------------------------------------------------- measures */

enum { READS_NEW, READS_NO, READS_YES };

struct pay_search {
    struct at_plan_lowering *L;
    bool found;
};

static bool reads_pay(struct at_plan_lowering *L, uint32_t index);

static bool names_pay(void *context, const struct at_ast_node *node) {
    struct pay_search *search = context;
    const struct at_check_symbol *symbol = at_plan_symbol_of(search->L, node);
    /* `cell`, which a hook gets, contains every component */
    search->found |= !symbol && node->kind == AT_N_NAME && at_str_eq(node->text, AT_STR("cell"));
    if (symbol && (symbol->kind == AT_SYM_COMPONENT || symbol->kind == AT_SYM_TOTAL)) search->found = true;
    if (symbol && symbol->kind == AT_SYM_MEASURE) search->found |= reads_pay(search->L, symbol->index);
    return !search->found;
}

/* Whether a formula reads components, itself or through others. A measure that reads its own past does not
 * count: its earlier values are those without adjustments. */
static bool reads_pay(struct at_plan_lowering *L, uint32_t index) {
    const struct at_check_measure_decl *measure = &L->checked->measures[index];
    if (measure->aggregate || measure->symbol->loop) return false;
    if (L->reads_pay[index] == READS_NEW) {
        struct pay_search search = {L, false};
        L->reads_pay[index] = READS_NO;
        at_ast_walk(measure->expr, names_pay, &search);
        L->reads_pay[index] = search.found ? READS_YES : READS_NO;
    }
    return L->reads_pay[index] == READS_YES;
}

/* In the order of the policy, so that a long chain does not nest. */
void at_plan_lower_find_pay(struct at_plan_lowering *L) {
    for (uint32_t i = 0; i < L->checked->n_measures; i++)
        reads_pay(L, i);
}

uint32_t at_plan_lower_measure(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t index) {
    const struct at_check_measure_decl *measure = &L->checked->measures[index];
    const struct at_ast_node *outer = L->graph.ast;
    /* A measure is the same wherever its name is written. Only the time and the group of the
     * context matter. */
    struct at_plan_ctx own = {
        .grain = AT_G_CELL, .time = ctx->time, .rhythm = ctx->rhythm, .span = ctx->span, .since = ctx->since};
    uint32_t id, loop = L->loop;
    uint8_t rhythm = measure->rhythm != ctx->rhythm ? measure->rhythm : 0;
    if (ctx->grain == AT_G_GROUP) {
        own.grain = AT_G_GROUP;
        own.place = ctx->place;
        own.known = ctx->known;
    }
    own.prize = ctx->prize && measure->ties;
    /* In an adjustment, components are their running values, also inside a measure. */
    if (ctx->adjusting && reads_pay(L, index)) {
        own.adjusting = true;
        own.own = ctx->own;
    }
    uint32_t key[] = {
        'm',       index,      own.grain, own.place, own.time,      (uint32_t)own.span,
        own.since, own.rhythm, own.known, own.own,   own.adjusting, own.adjusting ? L->total_limit : 0,
        own.prize};
    if (at_plan_recall(L, key, AT_COUNT(key), &id)) return id;
    L->graph.ast = measure->symbol->node;
    L->loop = measure->symbol->loop;
    /* The checker refuses other times, and other rhythms. */
    if (rhythm && (ctx->rhythm || ctx->time != AT_TIME_NOW))
        at_plan_lower_fail(L, measure->symbol->node, "this measure has values of longer periods only");
    if (rhythm) own = at_plan_in_rhythm(&own, rhythm);
    id = measure->aggregate ? lower_aggregate(L, &own, measure) : at_plan_lower_expr(L, &own, measure->expr);
    if (rhythm)
        id = at_plan_at_end(L, &own, rhythm, id,
                            at_plan_graph_missing(&L->graph, at_plan_node_of(L, id)->type));
    L->graph.ast = outer;
    L->loop = loop;
    at_plan_remember(L, key, AT_COUNT(key), id);
    return id;
}

/* The day by which `running` orders a feed's items: a period counts from its first day. */
static uint32_t day_of(struct at_plan_lowering *L, struct at_plan_feed *feed) {
    at_type day = {.kind = AT_T_DATE};
    if (feed->on == AT_NO_NODE) return at_plan_graph_const(&L->graph, (struct at_plan_value){.type = day});
    uint32_t on = feed->event == AT_NO_NODE ? feed->on : feed->event;
    feed->date = on;
    if (at_plan_node_of(L, on)->type.kind == AT_T_PERIOD)
        feed->date = at_plan_graph_map(&L->graph, AT_P_PERIODPART, day, 0, 0, NULL, &on, 1);
    return feed->date;
}

uint32_t at_plan_lower_key(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t key) {
    struct at_plan_value no_key = {.type = {.kind = AT_T_TEXT}};
    return key == AT_NO_NODE ? at_plan_graph_const(&L->graph, no_key) : at_plan_bring(L, ctx, key);
}

static uint32_t brought(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, struct drawn drawn) {
    uint32_t value = drawn.value == AT_NO_NODE ? at_plan_graph_number(&L->graph, at_num_int(1)) : drawn.value;
    at_type type = at_plan_node_of(L, value)->type;
    type.optional = false;
    if (drawn.mask == AT_NO_NODE) return value;
    uint32_t zero = at_plan_graph_const(&L->graph, at_plan_value_of_num(type, at_num_int(0)));
    return at_plan_make3(L, ctx, AT_P_IF, type, drawn.mask, value, zero);
}

/* As `draw`, from the definition of another measure: L->loop must be that measure's loop
 * meanwhile. */
static struct drawn draw_of(struct at_plan_lowering *L, const struct at_check_measure_decl *measure,
                            uint8_t rhythm) {
    uint32_t loop = L->loop;
    L->loop = measure->symbol->loop;
    const struct at_plan_ctx plain = {.grain = AT_G_CELL, .rhythm = rhythm};
    struct drawn drawn = draw(L, &plain, measure);
    L->loop = loop;
    return drawn;
}

uint32_t at_plan_lower_brought(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t index) {
    return brought(L, ctx, draw_of(L, &L->checked->measures[index], ctx->rhythm));
}

static uint32_t running_in(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t value,
                           uint32_t date, uint32_t key) {
    uint32_t in[3] = {value, date, key};
    at_type type = at_plan_node_of(L, value)->type;
    type.optional = false;
    struct at_plan_node wanted = {
        .op = AT_P_RUNNING, .grain = AT_G_CREDIT, .place = ctx->place, .n_in = 3, .in = in, .type = type};
    return at_plan_graph_add(&L->graph, &wanted);
}

/* Of each item, what the items before it in its cell, or in the span, bring. */
static uint32_t running_by(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, int32_t span,
                           uint32_t value) {
    value = at_plan_force(L, ctx, value);
    if (span >= 0) return at_plan_lower_before_each(L, ctx, span, AT_NO_NODE, value);
    return at_plan_running_of(L, ctx, value);
}

/* running(pay): of each item, the lines of the items before it. A component whose own formula reads them
 * becomes a loop, like a measure. */
static uint32_t running_lines(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                              const struct at_ast_node *node, const struct at_check_symbol *of,
                              int32_t span) {
    const struct at_check_component_decl *decl = &L->checked->components[of->index];
    if (decl->per_feed < 0 ||
        at_plan_feed_each(L, at_plan_feed_of(L, (uint32_t)decl->per_feed), decl->rhythm) != ctx->place)
        return at_plan_lower_fail(L, node, "`running` needs a component of the same credit");
    if (!of->loop || of->loop != L->loop)
        return running_by(L, ctx, span, at_plan_lower_own_lines(L, of->index));
    uint32_t date = at_plan_bring(L, ctx, day_of(L, &L->feeds.at[ctx->place]));
    uint32_t key = at_plan_lower_key(L, ctx, L->feeds.at[ctx->place].key);
    return at_plan_lower_runcarry(L, ctx, of, span, date, key);
}

/* running(m): of each item, what the items before it in its cell bring to the measure. */
uint32_t at_plan_lower_running(struct at_plan_lowering *L, const struct at_plan_ctx *ctx,
                               const struct at_ast_node *node, const struct at_check_symbol *of) {
    int32_t span = at_check_running_span(node);
    if (span == (int32_t)L->checked->calendar.period_kind) span = -1;
    if (of->kind == AT_SYM_COMPONENT) return running_lines(L, ctx, node, of, span);
    const struct at_check_measure_decl *measure = &L->checked->measures[of->index];
    if (!measure->aggregate || (measure->aggregate->op != AT_OP_SUM && measure->aggregate->op != AT_OP_COUNT))
        return at_plan_lower_fail(L, node, "`running` needs a measure that sums or counts credited rows");
    /* A measure whose rows read the measure itself cannot be lowered here. Its rows become a
     * loop. */
    bool back = measure->symbol->loop != 0;
    struct drawn drawn = {feed_on(L, at_plan_feed_of(L, measure->feed), measure->on), AT_NO_NODE, AT_NO_NODE};
    drawn.feed = at_plan_feed_each(L, drawn.feed, ctx->rhythm);
    if (!back) drawn = draw_of(L, measure, ctx->rhythm);
    drawn.feed = at_plan_feed_each(L, drawn.feed, ctx->rhythm);
    /* Items of another feed are other rows, so "before this one" has no meaning. */
    if (drawn.feed != ctx->place)
        return at_plan_lower_fail(L, node, "`running` needs a measure from the same credit");
    if (!back) return running_by(L, ctx, span, brought(L, ctx, drawn));
    uint32_t date = at_plan_bring(L, ctx, day_of(L, &L->feeds.at[ctx->place]));
    uint32_t key = at_plan_lower_key(L, ctx, L->feeds.at[ctx->place].key);
    return at_plan_lower_runcarry(L, ctx, of, span, date, key);
}

uint32_t at_plan_running_of(struct at_plan_lowering *L, const struct at_plan_ctx *ctx, uint32_t value) {
    uint32_t date = at_plan_bring(L, ctx, day_of(L, &L->feeds.at[ctx->place]));
    uint32_t key = at_plan_lower_key(L, ctx, L->feeds.at[ctx->place].key);
    return running_in(L, ctx, at_plan_force(L, ctx, value), date, key);
}
