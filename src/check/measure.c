/* check/measure.c: `measure`: an aggregate over the rows of a credit or a table, or a formula over other
 * measures. */
#include "check/check_int.h"

static at_type none(void) {
    return at_check_type_make(AT_T_NONE);
}

static const char *aggregate_word(const struct at_ast_node *node) {
    switch (node->op) {
    case AT_OP_SUM: return "sum";
    case AT_OP_AVERAGE: return "average";
    case AT_OP_MIN: return "min";
    case AT_OP_MAX: return "max";
    default: return "count";
    }
}

static struct at_check_decl *source_of(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_decl *decl = at_check_global(ck, node->text);
    at_span span = at_check_name_span(node);
    if (decl && (decl->symbol.kind == AT_SYM_CREDIT || decl->symbol.kind == AT_SYM_TABLE)) return decl;
    if (node->text.n == 0) return NULL;
    struct at_str_nearest suggest = {.wanted = node->text};
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_CREDIT | 1u << AT_SYM_TABLE);
    struct at_diag *d;
    if (decl) {
        d = at_diag_add(ck->diags, AT_A0203, span, "`%.*s` is %s, but `from` needs a credit or a table",
                        AT_STR_ARG(node->text), at_check_kind_say(ck, &decl->symbol));
        at_diag_label(d, decl->span, "declared here");
        if (!at_check_suggest_help(d, &suggest) && decl->symbol.kind == AT_SYM_MEASURE)
            at_diag_help(d, "use `%.*s` directly: a measure already has one value for each payee and period",
                         AT_STR_ARG(node->text));
    } else {
        d = at_diag_add(ck->diags, AT_A0202, span, "unknown credit or table `%.*s`", AT_STR_ARG(node->text));
        at_check_suggest_help(d, &suggest);
    }
    return NULL;
}

static at_type aggregate_type(struct at_check *ck, const struct at_ast_node *node, at_type type) {
    const struct at_ast_node *value = at_check_child(node, 0);
    if (node->op == AT_OP_COUNT) {
        if (value && type.kind != AT_T_FLAG && type.kind != AT_T_NONE) {
            struct at_diag *d =
                at_diag_add(ck->diags, AT_A0339, value->span, "`count` counts rows, found %.*s",
                            AT_STR_ARG(at_check_type_say(ck, type)));
            at_diag_help(d, "write `count from …`, and leave rows out with `where`");
        }
        return at_check_type_make(AT_T_NUMBER);
    }
    if (type.kind == AT_T_NONE) return none();
    bool ordered = (node->op == AT_OP_MIN || node->op == AT_OP_MAX) && type.kind == AT_T_DATE;
    if (!at_check_is_numeric(type) && !ordered) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0339, value->span, "`%s of` requires money or numbers, found %.*s",
                        aggregate_word(node), AT_STR_ARG(at_check_type_say(ck, type)));
        at_check_show_origin(ck, d, value);
        at_diag_help(d, type.kind == AT_T_FLAG
                            ? "to count the rows for which it is true, write `count from … where …`"
                            : "to count rows, write `count from …`");
        return none();
    }
    type.optional = node->op != AT_OP_SUM; /* of no rows there is no average, least or most */
    return type;
}

/* A credit decides who gets a row, and when. Another answer in a measure would count rows that
 * were not credited. */
static void refuse_clause(struct at_check *ck, const struct at_ast_node *clause, at_str credit) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0422, clause->span,
                    clause->kind == AT_N_TO ? "the credit `%.*s` already specifies the recipients of its rows"
                                            : "the credit `%.*s` already specifies the periods of its rows",
                    AT_STR_ARG(credit));
    at_diag_help(d, clause->kind == AT_N_TO ? "delete `to`, or measure from the table"
                                            : "delete `spread`, or measure from the table");
}

/* From a credit: its feed, with a further filter and date. */
static void from_credit(struct at_check *ck, struct at_check_measure_decl *measure,
                        const struct at_ast_node *node, struct at_check_decl *credit) {
    if (!at_check_need(ck, credit, at_check_name_span(node))) return;
    credit->symbol.used = true;
    measure->feed = credit->symbol.index;
    const struct at_check_feed_decl *feed = &ck->out->feeds[measure->feed];
    if (feed->table == UINT16_MAX) return;
    struct at_check_env env = at_check_env_credit(ck, measure->feed, "this measure");
    env.rhythm = measure->rhythm;
    for (uint32_t i = 1; i < node->n; i++) {
        const struct at_ast_node *clause = node->child[i];
        /* The filter first: what it ensures holds for the date and the value, wherever it is
         * written. */
        if (!clause || clause->kind != AT_N_WHERE) continue;
        measure->where = at_check_child(clause, 0);
        at_check_condition(ck, &env, measure->where);
        env.facts = at_check_facts_if(ck, env.facts, measure->where, true);
    }
    for (uint32_t i = 1; i < node->n; i++) {
        const struct at_ast_node *clause = node->child[i];
        if (!clause || clause->kind == AT_N_WHERE) continue;
        if (clause->kind == AT_N_TO || clause->kind == AT_N_SPREAD)
            refuse_clause(ck, clause, credit->symbol.name);
        if (clause->kind != AT_N_ON) continue;
        measure->on = at_check_child(clause, 0);
        at_type type = at_check_value(ck, &env, measure->on);
        if (type.kind == AT_T_NONE || type.kind == AT_T_DATE || type.kind == AT_T_PERIOD) continue;
        struct at_diag *d = at_diag_add(ck->diags, AT_A0413, measure->on->span,
                                        "expected a date or a period after `on`, found %.*s",
                                        AT_STR_ARG(at_check_type_say(ck, type)));
        at_check_show_origin(ck, d, measure->on);
        at_diag_help(d, "name a field that is a date or a period");
    }
    measure->value = at_check_child(node, 0);
    at_type type = measure->value ? at_check_value(ck, &env, measure->value) : none();
    measure->symbol->type = aggregate_type(ck, node, type);
}

/* Checks the clause that spreads a value for a longer period than the policy's over the policy's periods. */
static void check_spread(struct at_check *ck, const struct at_check_feed_decl *feed) {
    const struct at_ast_node *spread = feed->spread;
    if (!spread) return;
    if (!feed->on || (at_check_type_at(ck, feed->on).kind != AT_T_PERIOD &&
                      at_check_type_at(ck, feed->on).kind != AT_T_NONE)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0430, spread->span,
                                        "only a value that is given for a period can be spread");
        if (feed->on)
            at_diag_label(d, feed->on->span, "%.*s",
                          AT_STR_ARG(at_check_type_say(ck, at_check_type_at(ck, feed->on))));
        at_diag_help(d, "add `on` with a field of type period");
        return;
    }
    int kind = spread->op == AT_OP_PER ? at_check_period_word(ck->out, spread->text) : AT_YEAR + 1;
    int own = ck->out->calendar.period_kind;
    /* `evenly` and `by days` have no kind, so AT_YEAR + 1 is above every period. */
    if (own != AT_YEAR && (kind < 0 || kind > own)) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0429, spread->span,
                                    "the value is not for a longer span than the policy's %ss",
                                    at_check_period_kind_say(own));
    at_diag_help(d, "delete the clause: Attain sums the values of shorter periods");
}

/* A measure from a table has a feed without a name, which no other measure shares. */
static void from_table(struct at_check *ck, struct at_check_measure_decl *measure,
                       const struct at_ast_node *node, struct at_check_decl *table) {
    struct at_check_feed_decl *feed = &ck->out->feeds[ck->out->n_feeds];
    table->symbol.used = true;
    measure->feed = ck->out->n_feeds++;
    *feed = (struct at_check_feed_decl){.node = node, .table = (uint16_t)table->symbol.index};
    at_check_feed_table(ck, feed, node, 1);
    check_spread(ck, feed);
    struct at_check_env env = at_check_env_row(ck, feed->table, "this measure");
    env.facts = at_check_facts_if(ck, NULL, feed->where, true);
    env.stock = feed->stock;
    measure->value = at_check_child(node, 0);
    at_type type = measure->value ? at_check_value(ck, &env, measure->value) : none();
    measure->symbol->type = aggregate_type(ck, node, type);
}

/* ---- weights of a scorecard: 40% * a + 30% * b + … */

struct weights {
    at_num sum;
    uint32_t n;
    bool plain; /* nothing but weighted terms so far */
    const struct at_ast_node *last;
};

/* Collects the weights of a sum. Any term without a percentage makes it a plain sum, without a
 * warning. */
static void weigh(struct at_check *ck, const struct at_ast_node *node, struct weights *w) {
    if (!node || !w->plain) return;
    if (node->kind == AT_N_ARITH && node->op == AT_OP_ADD) {
        weigh(ck, at_check_child(node, 0), w);
        weigh(ck, at_check_child(node, 1), w);
        return;
    }
    const struct at_ast_node *weight = NULL, *other = NULL;
    if ((node->kind == AT_N_ARITH && node->op == AT_OP_MUL) || node->kind == AT_N_OF) {
        weight =
            at_check_is_percent(at_check_child(node, 0)) ? at_check_child(node, 0) : at_check_child(node, 1);
        other = weight == at_check_child(node, 0) ? at_check_child(node, 1) : at_check_child(node, 0);
    }
    at_num value;
    bool weighted = at_check_is_percent(weight) && other && !at_check_is_literal(other) &&
                    at_check_type_at(ck, other).kind == AT_T_NUMBER && at_check_fold_num(ck, weight, &value);
    if (!weighted) {
        w->plain = false;
        return;
    }
    w->sum = at_num_add(ck->arena, w->sum, value);
    w->last = weight;
    w->n++;
}

void at_check_weights(struct at_check *ck, const struct at_ast_node *expr) {
    struct weights w = {.sum = at_num_int(0), .plain = true};
    if (!expr || ck->too_deep || expr->kind != AT_N_ARITH || expr->op != AT_OP_ADD) return;
    weigh(ck, expr, &w);
    at_num whole = at_num_int(1), hundred = at_num_int(100);
    if (!w.plain || w.n < 2 || at_num_cmp(ck->arena, w.sum, whole) == 0) return;
    at_num value;
    if (!at_check_fold_num(ck, w.last, &value)) return;
    at_num mend = at_num_add(ck->arena, value, at_num_sub(ck->arena, whole, w.sum));
    at_str shown = at_num_print_short(ck->arena, at_num_mul(ck->arena, w.sum, hundred), 4, false, NULL);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0428, expr->span, "these weights sum to %.*s%%, not 100%%",
                                    AT_STR_ARG(shown));
    if (at_num_sign(mend) > 0)
        at_diag_help(
            d, "change a weight, for example the last one to `%.*s%%`",
            AT_STR_ARG(at_num_print_short(ck->arena, at_num_mul(ck->arena, mend, hundred), 4, false, NULL)));
    else
        at_diag_help(d, "change the weights so that they sum to 100%%");
}

void at_check_measure(struct at_check *ck, struct at_check_decl *decl) {
    struct at_check_measure_decl *measure = &ck->out->measures[decl->symbol.index];
    const struct at_ast_node *node = at_check_child(decl->symbol.node, 0);
    if (!node) return;
    if (node->kind == AT_N_AGGREGATE) {
        measure->aggregate = node;
        struct at_check_decl *source = source_of(ck, node);
        if (!source) return;
        if (source->symbol.kind == AT_SYM_CREDIT)
            from_credit(ck, measure, node, source);
        else
            from_table(ck, measure, node, source);
        return;
    }
    struct at_check_env env = at_check_env_cell(ck, "this measure");
    env.rhythm = measure->rhythm;
    measure->expr = node;
    decl->symbol.type = at_check_expr(ck, &env, node);
    at_check_weights(ck, node);
}
