/* check/hold.c: `hold`, `release`, and `clawback`: the amount paid of a deal's part of a component, and when.
 *
 * Such a statement acts on the parts of its component, one for each row of a credit. The deal is a row of
 * the credit's table, or a row that this table refers to. A cause is a row that dates a change: the deal
 * itself, or a row that refers to it, such as a receipt. */
#include "check/check_int.h"

static const char *word_of(const struct at_ast_node *node) {
    return at_ast_kind_name((enum at_ast_kind)node->kind);
}

/* ---- the credit whose rows are the deals of a component */

struct sources {
    struct at_check *ck;
    uint32_t found, n; /* credits, each once; n counts them */
    uint8_t *seen;     /* by measure, then by credit */
};

static bool visit_source(void *context, const struct at_ast_node *node);

static void add_feed(struct sources *s, uint32_t feed) {
    const struct at_check_policy *out = s->ck->out;
    if (out->feeds[feed].name.n == 0 || s->seen[out->n_measures + feed]) return;
    s->seen[out->n_measures + feed] = 1;
    s->found = feed;
    s->n++;
}

static void add_measure(struct sources *s, uint32_t index) {
    const struct at_check_measure_decl *measure = &s->ck->out->measures[index];
    if (s->seen[index]) return;
    s->seen[index] = 1;
    if (measure->aggregate) add_feed(s, measure->feed);
    if (measure->expr) at_ast_walk(measure->expr, visit_source, s);
}

static bool visit_source(void *context, const struct at_ast_node *node) {
    struct sources *s = context;
    const struct at_check_symbol *symbol = s->ck->out->symbols[node->id];
    if (symbol && symbol->kind == AT_SYM_MEASURE && node->kind == AT_N_NAME) add_measure(s, symbol->index);
    return true;
}

/* The credit of `per`; that of the amount after `on`; the only one that the formula reads. -1: unclear. */
int32_t at_check_dealt(struct at_check *ck, uint32_t index) {
    const struct at_check_component_decl *component = &ck->out->components[index];
    if (component->per_feed >= 0) return component->per_feed;
    if (component->by_feed >= 0) return component->by_feed;
    const struct at_ast_node *const parts[] = {component->on, component->expr};
    for (unsigned i = 0; i < AT_COUNT(parts); i++) {
        struct sources s = {
            .ck = ck, .seen = AT_NEW_ARRAY(ck->arena, uint8_t, ck->out->n_measures + ck->out->n_feeds + 1)};
        if (!parts[i]) continue;
        at_ast_walk(parts[i], visit_source, &s);
        if (s.n == 1) return (int32_t)s.found;
        if (s.n > 1) return -1;
    }
    return -1;
}

static bool find_deals(struct at_check *ck, const struct at_ast_node *node, struct at_check_part_decl *part) {
    const struct at_check_component_decl *component = &ck->out->components[part->component];
    int32_t feed = at_check_dealt(ck, (uint32_t)part->component);
    part->feed = feed < 0 ? UINT32_MAX : (uint32_t)feed;
    if (feed >= 0) return ck->out->feeds[feed].table != UINT16_MAX;
    struct at_diag *d = at_diag_add(ck->diags, AT_A1117, at_check_name_span(node), "unclear deals of `%.*s`",
                                    AT_STR_ARG(node->text));
    at_diag_label(d, at_check_name_span(component->symbol->node), "reads no credit, or several");
    at_diag_help(d, "write the amount that one credit gives after `on`, or write a `pay` for each credit");
    return false;
}

/* ---- expressions */

static struct at_diag *expected(struct at_check *ck, enum at_diag_code code, const struct at_ast_node *at,
                                const char *what, at_type type) {
    struct at_diag *d = at_diag_add(ck->diags, code, at->span, "expected %s, found %.*s", what,
                                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, at);
    return d;
}

/* A day that is missing never comes. */
static void check_day(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *day) {
    at_type type = at_check_expr(ck, env, day);
    if (type.kind == AT_T_NONE || type.kind == AT_T_DATE) return;
    at_diag_help(expected(ck, AT_A1120, day, "a date", type), "name a field of type `date`");
}

/* A number of which a constant is in 0 (excluded) to 100%. `more`: a constant may be larger. */
static void check_number(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                         enum at_diag_code code, bool negative, const char *example) {
    at_num value;
    if (!node) return;
    at_type type = at_check_value(ck, env, node);
    if (type.kind == AT_T_NONE) return;
    if (type.kind != AT_T_NUMBER) {
        at_diag_help(expected(ck, code, node, "a share", type), "write a share, such as `%s`", example);
        return;
    }
    if (!at_check_fold_num(ck, node, &value)) return;
    if ((negative || at_num_sign(value) > 0) && at_num_cmp(ck->arena, value, at_num_int(1)) <= 0) return;
    struct at_diag *d =
        at_diag_add(ck->diags, code, node->span, "a share is above 0%% and at most 100%%, found %.*s",
                    AT_STR_ARG(at_check_quote(ck, node)));
    at_diag_help(d, "write a share, such as `%s`", example);
}

/* ---- conditions: parts joined by `and`, each of the row or of the payee and period */

struct mention {
    struct at_check *ck;
    uint32_t table;
    bool found;
};

static bool visit_mention(void *context, const struct at_ast_node *node) {
    struct mention *m = context;
    if (node->kind != AT_N_NAME) return !m->found;
    const struct at_schema *schema = &m->ck->out->schemas[m->table];
    m->found |= at_str_eq(node->text, schema->name) || at_check_field_find(m->ck, m->table, node->text) >= 0;
    return !m->found;
}

static bool mentions(struct at_check *ck, uint32_t table, const struct at_ast_node *node) {
    struct mention m = {.ck = ck, .table = table};
    at_ast_walk(node, visit_mention, &m);
    return m.found;
}

static uint32_t count_parts(const struct at_ast_node *node) {
    if (!node) return 0;
    return node->kind == AT_N_AND ? count_parts(node->child[0]) + count_parts(node->child[1]) : 1;
}

static void split_condition(struct at_check *ck, struct at_check_part_decl *part, struct at_check_env *row,
                            const struct at_check_env *cell, const struct at_ast_node *node) {
    if (!node) return;
    if (node->kind == AT_N_AND) {
        split_condition(ck, part, row, cell, node->child[0]);
        split_condition(ck, part, row, cell, node->child[1]);
        return;
    }
    bool rows = mentions(ck, part->table, node);
    at_check_condition(ck, rows ? row : cell, node);
    if (rows) {
        part->rows[part->n_rows++] = node;
        row->facts = at_check_facts_if(ck, row->facts, node, true);
    } else {
        part->cells[part->n_cells++] = node;
    }
}

/* Without its day, nothing happens, so the day is there. */
static void check_when(struct at_check *ck, struct at_check_part_decl *part, struct at_check_env *row,
                       const struct at_check_env *cell, const struct at_ast_node *when) {
    struct at_check_fact *day = AT_NEW(ck->arena, struct at_check_fact);
    *day = (struct at_check_fact){part->on, row->facts};
    if (part->on) row->facts = day;
    uint32_t n = count_parts(when);
    part->rows = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, n + 1);
    part->cells = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, n + 1);
    split_condition(ck, part, row, cell, when);
}

/* ---- causes: the table of the rows that date a change */

/* The reference by which rows of `table` name a deal: their own row, a row of the credit's table, or a row
 * that this table refers to. Reports what is not such a table. */
static bool refers(struct at_check *ck, struct at_check_part_decl *part, uint16_t table, at_span span) {
    const struct at_check_policy *out = ck->out;
    const struct at_schema *schema = &out->schemas[table], *own = &out->schemas[out->feeds[part->feed].table];
    uint32_t found = 0;
    part->table = table;
    part->field = part->via = -1;
    if (schema == own) return true;
    for (uint32_t v = 0; v < own->n_fields; v++) /* the deal itself, to which the credit's rows refer */
        if (own->fields[v].type.kind == AT_T_REF && own->fields[v].type.table == table &&
            (int32_t)table != out->payee_table) {
            part->via = (int32_t)v;
            return true;
        }
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        at_type type = schema->fields[f].type;
        if (type.kind != AT_T_REF || (int32_t)type.table == out->payee_table) continue;
        if (&out->schemas[type.table] == own) part->field = (int32_t)f, part->via = -1, found++;
        for (uint32_t v = 0; v < own->n_fields && &out->schemas[type.table] != own; v++)
            if (own->fields[v].type.kind == AT_T_REF && own->fields[v].type.table == type.table)
                part->field = (int32_t)f, part->via = (int32_t)v, found++;
    }
    if (found == 1) {
        at_check_field_use(ck, table, part->field);
        return true;
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A1122, span,
                                    found ? "several fields of %.*s refer to a row of %.*s"
                                          : "no field of %.*s refers to a row of %.*s",
                                    AT_STR_ARG(schema->name), AT_STR_ARG(own->name));
    at_diag_label(d, at_check_name_span(ck->tables[table]), "declared here");
    at_diag_help(d, found ? "make a table that has one of them" : "add a field such as `%.*s %.*s`",
                 AT_STR_ARG(own->name), AT_STR_ARG(own->name));
    return false;
}

static bool find_table(struct at_check *ck, const struct at_ast_node *node, struct at_check_part_decl *part) {
    struct at_check_decl *decl = at_check_global(ck, node->text2);
    if (node->text2.n == 0) return false;
    if (decl && decl->symbol.kind == AT_SYM_TABLE) {
        decl->symbol.used = true;
        return refers(ck, part, (uint16_t)decl->symbol.index, node->span2);
    }
    struct at_str_nearest suggest = {.wanted = node->text2};
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_TABLE);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1122, node->span2, decl ? "`%.*s` is not a table" : "unknown table `%.*s`",
                    AT_STR_ARG(node->text2));
    if (!at_check_suggest_help(d, &suggest)) at_diag_help(d, "name a `data` statement after `with`");
    return false;
}

struct owner {
    struct at_check *ck;
    uint32_t own; /* table of the credit */
    int32_t table;
    at_span span;
};

/* The first table that is named, and that the credit's table does not have as a field. */
static bool visit_owner(void *context, const struct at_ast_node *node) {
    struct owner *o = context;
    if (node->kind != AT_N_NAME || o->table >= 0) return o->table < 0;
    struct at_check_decl *decl = at_check_global(o->ck, node->text);
    if (!decl || decl->symbol.kind != AT_SYM_TABLE || (int32_t)decl->symbol.index == o->ck->out->payee_table)
        return true;
    o->table = (int32_t)decl->symbol.index;
    o->span = node->span;
    return false;
}

/* The table that the day of a clawback names, such as refund in `refund.day`; otherwise the credit's. */
static bool find_cause(struct at_check *ck, const struct at_ast_node *day, struct at_check_part_decl *part) {
    struct owner o = {.ck = ck, .own = ck->out->feeds[part->feed].table, .table = -1};
    at_ast_walk(day, visit_owner, &o);
    return refers(ck, part, o.table >= 0 ? (uint16_t)o.table : (uint16_t)o.own, o.span);
}

/* ---- statements */

/* Constant shares of one component that are more than all of it; a run looks at the others. */
static void check_sum(struct at_check *ck, const struct at_check_part_decl *part) {
    at_num sum = at_num_int(0), value;
    const struct at_check_part_decl *first = NULL;
    for (const struct at_check_part_decl *p = ck->out->parts; p <= part; p++) {
        if (p->node->kind != AT_N_HOLD || p->component != part->component || p->n_rows + p->n_cells > 0)
            continue;
        if (!p->share || !at_check_fold_num(ck, p->share, &value)) continue;
        if (!first) first = p;
        sum = at_num_add(ck->arena, sum, value);
    }
    if (first == part || part->n_rows + part->n_cells > 0 || at_num_cmp(ck->arena, sum, at_num_int(1)) <= 0)
        return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1119, part->share->span, "the holds of `%.*s` keep more than all of it",
                    AT_STR_ARG(part->node->text));
    at_diag_label(d, first->share->span, "the first of them");
    at_diag_help(d, "make the shares add up to at most 100%%");
}

static void check_hold(struct at_check *ck, const struct at_ast_node *node, struct at_check_part_decl *part) {
    struct at_check_env cell = at_check_env_cell(ck, "a hold");
    struct at_check_env row = at_check_env_row(ck, ck->out->feeds[part->feed].table, "a hold");
    cell.adjusting = true;
    part->table = ck->out->feeds[part->feed].table;
    part->field = part->via = -1;
    part->share = at_check_child(node, 0);
    part->on = at_check_child(node, 1);
    part->at = at_check_child(node, 2);
    check_number(ck, &cell, part->share, AT_A1119, false, "50%");
    check_day(ck, &row, part->on);
    check_number(ck, &cell, part->at, AT_A1121, false, "50%");
    check_when(ck, part, &row, &cell, at_check_child(node, 3));
    check_sum(ck, part);
}

static void check_caused(struct at_check *ck, const struct at_ast_node *node,
                         struct at_check_part_decl *part) {
    bool release = node->kind == AT_N_RELEASE;
    const char *where = release ? "a release" : "a clawback";
    struct at_check_env cell = at_check_env_cell(ck, where);
    struct at_check_env row = at_check_env_row(ck, part->table, where);
    cell.adjusting = true;
    part->on = at_check_child(node, 0);
    part->at = at_check_child(node, 1);
    check_day(ck, &row, part->on);
    check_when(ck, part, &row, &cell, at_check_child(node, 2));
    check_number(ck, &row, part->at, AT_A1121, release,
                 release ? "receipt.amount / deal.amount" : "deal.refunded / deal.amount");
}

/* Which reading is meant changes what is taken back, so it is never guessed. */
static void ask_method(struct at_check *ck, const struct at_ast_node *node) {
    if (node->op != AT_OP_NONE) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1116, at_check_name_span(node),
                    "`clawback %.*s` does not specify which amount it takes back", AT_STR_ARG(node->text));
    at_diag_help(d,
                 "write `clawback %.*s as paid` for the deal's part of what was paid, `as rated now` for its "
                 "part at the rate of the current period, or `as never sold` to recalculate the earlier "
                 "periods without the deal",
                 AT_STR_ARG(node->text));
}

static void refuse_total(struct at_check *ck, const struct at_ast_node *node) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1124, at_check_name_span(node),
                    "`%s` needs a component, because the total does not belong to deals", word_of(node));
    at_diag_help(d, "write a statement for each component");
}

/* A member has parts of several groups, each of other deals. */
static bool refuse_by_day(struct at_check *ck, const struct at_ast_node *node, int32_t component) {
    if (component < 0 || !ck->out->components[component].by_day) return false;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0480, at_check_name_span(node),
                    "the parts of the pool `%.*s` by day do not belong to deals", AT_STR_ARG(node->text));
    at_diag_help(d, "delete `by day` in the pool, or delete this statement");
    return true;
}

void at_check_part(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_policy *out = ck->out;
    struct at_check_part_decl *part = &out->parts[out->n_parts];
    bool clawback = node->kind == AT_N_CLAWBACK;
    int32_t component = at_check_adjusted(ck, node, node->text, at_check_name_span(node));
    if (clawback) ask_method(ck, node);
    if (component == -1 && node->text.n) refuse_total(ck, node);
    if (refuse_by_day(ck, node, component)) return;
    *part = (struct at_check_part_decl){.node = node, .component = component};
    if (component < 0 || out->payee_table < 0 || !find_deals(ck, node, part)) return;
    if (node->kind == AT_N_RELEASE && !find_table(ck, node, part)) return;
    if (clawback && !find_cause(ck, at_check_child(node, 0), part)) return;
    if (node->kind == AT_N_HOLD)
        check_hold(ck, node, part);
    else
        check_caused(ck, node, part);
    if (node->op == AT_OP_AS_SOLD) {
        at_check_sold(ck, part);
        return;
    }
    out->n_parts++;
    out->adjustments[out->n_adjustments++] =
        (struct at_check_adjustment_decl){.node = node, .component = component, .part = part, .per = -1};
}
