/* check/credit.c: the credit after `per` and after `by`, whose rows have lines of a component or parts of it.
 */
#include "check/check_int.h"

/* -2 is an error that is reported. */
static int32_t credit_of(struct at_check *ck, at_str name, at_span span, const char *word,
                         const char *example) {
    struct at_check_decl *decl = at_check_global(ck, name);
    if (decl && decl->symbol.kind == AT_SYM_CREDIT) {
        at_check_need(ck, decl, span);
        decl->symbol.used = true;
        if (ck->out->feeds[decl->symbol.index].table == UINT16_MAX) return -2;
        return (int32_t)decl->symbol.index;
    }
    struct at_str_nearest suggest = {.wanted = name};
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_CREDIT);
    struct at_diag *d;
    if (decl) {
        d = at_diag_add(ck->diags, AT_A0203, span, "`%.*s` is %s, but `%s` needs a credit", AT_STR_ARG(name),
                        at_check_kind_say(ck, &decl->symbol), word);
        at_diag_label(d, decl->span, "declared here");
    } else {
        d = at_diag_add(ck->diags, AT_A0202, span, "unknown credit `%.*s`", AT_STR_ARG(name));
    }
    if (!at_check_suggest_help(d, &suggest))
        at_diag_help(d, "name a credit after `%s`, as in `%s`", word, example);
    return -2;
}

int32_t at_check_per_feed(struct at_check *ck, const struct at_ast_node *node) {
    if (node->text3.n == 0) return -1;
    return credit_of(ck, node->text3, node->span3.end ? node->span3 : at_check_name_span(node), "per",
                     "pay spiff per booking = $50");
}

static bool has_long_key(const struct at_schema *schema) {
    for (uint32_t k = 0; k < schema->n_rules; k++)
        if (schema->rules[k].kind == AT_RULE_KEY) return true;
    return false;
}

/* Lines and parts are named by the key of their row, which is one field. */
void at_check_line_key(struct at_check *ck, at_span span, const char *what, int32_t feed) {
    uint16_t table = ck->out->feeds[feed].table;
    const struct at_schema *schema = &ck->out->schemas[table];
    if (schema->key >= 0) {
        at_check_field_use(ck, table, schema->key);
        return;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0431, span, "cannot identify %s of %.*s, which has no key%s", what,
                    AT_STR_ARG(schema->name), has_long_key(schema) ? " of one field" : "");
    at_diag_label(d, at_check_name_span(ck->tables[table]), "no field is marked `key`");
    at_diag_help(d, "mark the field that identifies a row, such as `id text key`");
}

/* ---- `by booking` */

/* The amount of a row is the weight of its part. */
static bool has_weight(struct at_check *ck, const struct at_ast_node *by,
                       const struct at_check_feed_decl *feed) {
    if (feed->amount) return true;
    struct at_diag *d = at_diag_add(ck->diags, AT_A1102, at_check_name_span(by),
                                    "rows of `%.*s` do not have an amount", AT_STR_ARG(feed->name));
    if (feed->node) at_diag_label(d, at_check_name_span(feed->node), "declared here");
    at_diag_help(d, "add `amount` to the credit: the parts are in proportion to it");
    return false;
}

static void refuse_per(struct at_check *ck, const struct at_ast_node *node, const struct at_ast_node *by) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A1101, by->span, "a component has `per` or `by`, not both");
    at_diag_label(d, node->span3, "each row has a line of its own");
    at_diag_help(d, "delete `by %.*s`", AT_STR_ARG(by->text));
}

struct search {
    struct at_check *ck;
    int32_t feed;
    unsigned depth;
    bool found;
};

static bool find_rows(void *context, const struct at_ast_node *node) {
    struct search *search = context;
    const struct at_check_symbol *symbol = search->ck->out->symbols[node->id];
    if (search->found || !symbol || symbol->kind != AT_SYM_MEASURE) return !search->found;
    const struct at_check_measure_decl *measure = &search->ck->out->measures[symbol->index];
    if (measure->aggregate) {
        bool adds = measure->aggregate->op == AT_OP_SUM || measure->aggregate->op == AT_OP_COUNT;
        search->found = adds && !measure->on && (int32_t)measure->feed == search->feed;
    } else if (measure->expr && search->depth < 100) {
        search->depth++;
        at_ast_walk(measure->expr, find_rows, search);
        search->depth--;
    }
    return !search->found;
}

/* What no row adds could belong to no row. */
static void adds_rows(struct at_check *ck, const struct at_ast_node *by,
                      const struct at_check_component_decl *component) {
    struct search search = {ck, component->by_feed, 0, false};
    const struct at_ast_node *const parts[] = {component->on, component->expr, component->when};
    for (size_t k = 0; k < AT_COUNT(parts); k++)
        if (parts[k]) at_ast_walk(parts[k], find_rows, &search);
    if (search.found || ck->diags->errors) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1104, by->span,
                    "the amount does not depend on the order of rows of `%.*s`", AT_STR_ARG(by->text));
    at_diag_help(d, "use a measure that sums or counts `%.*s`, or delete `in order`", AT_STR_ARG(by->text));
}

void at_check_by_rows(struct at_check *ck, const struct at_ast_node *node,
                      struct at_check_component_decl *component) {
    const struct at_ast_node *by = at_ast_child(node, AT_N_BYROWS);
    bool pool = node->kind == AT_N_POOL;
    if (!by) return;
    if (component->per_feed >= 0) {
        refuse_per(ck, node, by);
        return;
    }
    int32_t feed = credit_of(ck, by->text, at_check_name_span(by), "by", "pay commission by booking = …");
    if (feed < 0 || !has_weight(ck, by, &ck->out->feeds[feed])) return;
    at_check_line_key(ck, at_check_name_span(by), "parts", feed);
    component->by_feed = feed;
    component->in_order = (by->flags & AT_F_IN_ORDER) != 0;
    if (!component->in_order) return;
    if (!pool) {
        adds_rows(ck, by, component);
        return;
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A1103, by->span,
                                    "the amount of a pool cannot be divided in order of its rows");
    at_diag_help(d, "delete `in order`: the parts are in proportion to the amounts of the rows");
}
