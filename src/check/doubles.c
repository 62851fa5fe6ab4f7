/* check/doubles.c: which rows of a table may not be alike: `key rep, quarter`, and rows that are probably
 * there twice by mistake: two rows of a quota, a person twice among the shares of a row, shares that are not
 * 100%.
 *
 * Here is found which fields decide. table/alike.c compares the rows.
 */
#include "check/check_int.h"

static struct at_schema_rule *add_rule(struct at_check *ck, uint32_t table, enum at_schema_rule_kind kind) {
    struct at_schema *schema = &ck->out->schemas[table];
    size_t n = schema->n_rules;
    schema->rules =
        at_arena_grow(ck->arena, schema->rules, n * sizeof *schema->rules, (n + 1) * sizeof *schema->rules);
    struct at_schema_rule *rule = &schema->rules[schema->n_rules++];
    *rule = (struct at_schema_rule){.kind = (uint8_t)kind};
    rule->fields = AT_NEW_ARRAY(ck->arena, uint32_t, schema->n_fields + 1);
    return rule;
}

static void add_field(struct at_check *ck, uint32_t table, struct at_schema_rule *rule, int32_t field) {
    rule->fields[rule->n_fields++] = (uint32_t)field;
    at_check_field_use(ck, table, field);
}

static bool has_amount(const struct at_schema_field *field) {
    return at_check_is_numeric(field->type) || field->type.kind == AT_T_DURATION;
}

/* ---- `key rep, quarter` */

static bool key_has(const struct at_schema_rule *rule, int32_t field) {
    for (uint32_t i = 0; i < rule->n_fields; i++)
        if (rule->fields[i] == (uint32_t)field) return true;
    return false;
}

/* Adds one field of the key, or reports why it cannot be one. */
static void key_field(struct at_check *ck, uint32_t table, struct at_schema_rule *rule,
                      const struct at_ast_node *name) {
    const struct at_schema *schema = &ck->out->schemas[table];
    int32_t f = at_check_field_find(ck, table, name->text);
    if (f < 0) {
        struct at_str_nearest suggest = {.wanted = name->text};
        at_check_suggest_fields(ck, &suggest, table);
        struct at_diag *d = at_diag_add(ck->diags, AT_A0225, name->span, "%.*s has no field `%.*s`",
                                        AT_STR_ARG(schema->name), AT_STR_ARG(name->text));
        at_check_suggest_help(d, &suggest);
        return;
    }
    const struct at_schema_field *field = &schema->fields[f];
    ck->out->symbols[name->id] = &at_check_field_use(ck, table, f)->symbol;
    struct at_diag *d = NULL;
    if (key_has(rule, f)) {
        d = at_diag_add(ck->diags, AT_A0264, name->span, "`%.*s` is in this key already",
                        AT_STR_ARG(name->text));
        at_diag_help(d, "delete it");
    } else if (has_amount(field)) {
        d = at_diag_add(ck->diags, AT_A0264, name->span, "`%.*s` is %.*s, which cannot identify a row",
                        AT_STR_ARG(name->text), AT_STR_ARG(at_check_type_say(ck, field->type)));
        at_diag_help(d, "name fields of references, texts, choices, dates, and periods");
    } else if (field->type.optional) {
        d = at_diag_add(ck->diags, AT_A0218, name->span, "the key `%.*s` cannot be optional",
                        AT_STR_ARG(name->text));
        at_diag_help(d, "delete `optional`: a row without a key cannot be identified");
    } else {
        add_field(ck, table, rule, f);
    }
    if (d) at_diag_label(d, ck->fields[table][f]->span, "declared here");
}

void at_check_keys(struct at_check *ck, uint32_t table) {
    const struct at_ast_node *node = ck->tables[table], *first = NULL;
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *keys = node->child[i];
        if (!keys || keys->kind != AT_N_KEYS) continue;
        if (first) {
            struct at_diag *d = at_diag_add(ck->diags, AT_A0217, keys->span, "%.*s has two keys",
                                            AT_STR_ARG(ck->out->schemas[table].name));
            at_diag_label(d, first->span, "the first key");
            at_diag_help(d, "delete one of them");
            continue;
        }
        first = keys;
        struct at_schema_rule *rule = add_rule(ck, table, AT_RULE_KEY);
        for (uint32_t k = 0; k < keys->n; k++)
            key_field(ck, table, rule, keys->child[k]);
    }
}

void at_check_key_of(struct at_check *ck, uint32_t table, const int32_t *fields, uint32_t n) {
    struct at_schema_rule *rule = add_rule(ck, table, AT_RULE_KEY);
    for (uint32_t i = 0; i < n; i++)
        add_field(ck, table, rule, fields[i]);
}

/* ---- rows that are probably there twice */

/* The field of the table that an expression names, or -1. */
static int32_t field_of(const struct at_check *ck, uint32_t table, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node ? ck->out->symbols[node->id] : NULL;
    if (!symbol || symbol->kind != AT_SYM_FIELD || symbol->table != table) return -1;
    return (int32_t)symbol->index;
}

/* The field by which a row finds its only recipient, or those of `by`; -1 if it is not one field. */
static int32_t recipient_of(const struct at_check *ck, const struct at_check_feed_decl *feed) {
    if (feed->table == UINT16_MAX || feed->n_to != 1 || feed->to[0].managers) return -1;
    return field_of(ck, feed->table, feed->to[0].path);
}

/* A key of several fields settles whether rows may be alike. */
static bool is_settled(const struct at_schema *schema, const struct at_schema_rule *rule) {
    for (uint32_t k = 0; k < schema->n_rules; k++) {
        const struct at_schema_rule *other = &schema->rules[k];
        bool within = other != rule && (other->kind == AT_RULE_KEY || other->kind == rule->kind);
        for (uint32_t i = 0; within && i < other->n_fields; i++)
            within = key_has(rule, (int32_t)other->fields[i]);
        if (within) return true;
    }
    return false;
}

/* Rows that differ in a text, a choice, a date, or a reference are two things. */
static void add_others(struct at_check *ck, uint32_t table, struct at_schema_rule *rule) {
    struct at_schema *schema = &ck->out->schemas[table];
    for (uint32_t f = 0; f < schema->n_fields; f++)
        if ((int)f != schema->key && !has_amount(&schema->fields[f]) && !key_has(rule, (int32_t)f))
            rule->fields[rule->n_fields++] = f;
    if (is_settled(schema, rule)) schema->n_rules--;
}

struct quotas {
    struct at_check *ck;
    bool *of; /* by measure: an amount that others are compared with */
};

static bool mark_quota(void *context, const struct at_ast_node *node) {
    struct quotas *quotas = context;
    const struct at_check_symbol *symbol =
        node->kind == AT_N_NAME ? quotas->ck->out->symbols[node->id] : NULL;
    if (symbol && symbol->kind == AT_SYM_MEASURE) quotas->of[symbol->index] = true;
    return true;
}

/* A quota divides, is the bound of a slice, or is compared with. */
static bool find_quotas(void *context, const struct at_ast_node *node) {
    struct quotas *quotas = context;
    at_arena_poll(quotas->ck->arena);
    bool compares = (node->kind == AT_N_ARITH && node->op == AT_OP_DIV) || node->kind == AT_N_OVER ||
                    node->kind == AT_N_UPTO || node->kind == AT_N_BETWEEN || node->kind == AT_N_COMPARE;
    for (uint32_t i = 1; compares && i < node->n; i++)
        if (node->child[i]) at_ast_walk(node->child[i], mark_quota, quotas);
    return node->kind != AT_N_TEST;
}

static void watch_quota(struct at_check *ck, const struct at_check_measure_decl *measure) {
    if (!measure->aggregate || measure->aggregate->op != AT_OP_SUM) return;
    const struct at_check_feed_decl *feed = &ck->out->feeds[measure->feed];
    int32_t to = recipient_of(ck, feed), on = to < 0 ? -1 : field_of(ck, feed->table, feed->on);
    if (feed->name.n || on < 0 || ck->out->schemas[feed->table].fields[on].type.kind != AT_T_PERIOD) return;
    struct at_schema_rule *rule = add_rule(ck, feed->table, AT_RULE_QUOTA);
    add_field(ck, feed->table, rule, to);
    add_field(ck, feed->table, rule, on);
    add_others(ck, feed->table, rule);
}

/* ---- shares */

struct named {
    const struct at_check *ck;
    uint32_t table;
    int32_t payees, parent;
    bool own; /* a field of the table that is not the parent */
};

static bool find_parent(void *context, const struct at_ast_node *node) {
    struct named *named = context;
    int32_t f = field_of(named->ck, named->table, node);
    if (f < 0) return true;
    const at_type *type = &named->ck->out->schemas[named->table].fields[f].type;
    bool parent = type->kind == AT_T_REF && (int32_t)type->table != named->payees;
    if (parent && named->parent < 0) named->parent = f;
    named->own |= f != named->parent;
    return true;
}

/* A `require` over the shares settles what they add up to. */
static bool is_required(const struct at_check *ck, uint32_t table, int32_t share) {
    for (size_t i = 0; i < ck->rows.n; i++)
        if (ck->rows.at[i].table == table && field_of(ck, table, ck->rows.at[i].value) == share) return true;
    return false;
}

static void watch_shares(struct at_check *ck, const struct at_check_feed_decl *feed) {
    int32_t to = recipient_of(ck, feed), share = to < 0 ? -1 : field_of(ck, feed->table, feed->to[0].share);
    if (share < 0 || feed->to[0].by >= 0) return;
    struct at_schema *schema = &ck->out->schemas[feed->table];
    struct named named = {ck, feed->table, ck->out->payee_table, -1, false};
    if (feed->amount) at_ast_walk(feed->amount, find_parent, &named);
    if (feed->on) at_ast_walk(feed->on, find_parent, &named);
    if (named.parent < 0 || named.parent == to) return;
    struct at_schema_rule *rule = add_rule(ck, feed->table, AT_RULE_PERSON);
    rule->value = (uint32_t)share;
    add_field(ck, feed->table, rule, named.parent);
    add_field(ck, feed->table, rule, to);
    add_others(ck, feed->table, rule);
    named.own = false;
    if (feed->where) at_ast_walk(feed->where, find_parent, &named);
    for (uint32_t f = 0; f < schema->n_fields; f++)
        named.own |= schema->fields[f].type.kind == AT_T_DATE || schema->fields[f].type.kind == AT_T_PERIOD;
    if (named.own || is_required(ck, feed->table, share)) return;
    rule = add_rule(ck, feed->table, AT_RULE_SHARES);
    rule->value = (uint32_t)share;
    rule->fields[rule->n_fields++] = (uint32_t)named.parent;
    for (uint32_t k = 0; k + 1 < schema->n_rules; k++)
        if (schema->rules[k].kind == AT_RULE_SHARES) {
            schema->n_rules--;
            break;
        }
}

void at_check_doubles(struct at_check *ck) {
    if (ck->diags->errors || ck->out->payee_table < 0) return;
    struct quotas quotas = {ck, AT_NEW_ARRAY(ck->arena, bool, ck->out->n_measures + 1)};
    for (uint32_t f = 0; f < ck->ast->n_files; f++)
        if (ck->ast->files[f]) at_ast_walk(ck->ast->files[f], find_quotas, &quotas);
    for (uint32_t i = 0; i < ck->out->n_measures; i++)
        if (quotas.of[i]) watch_quota(ck, &ck->out->measures[i]);
    for (uint32_t i = 0; i < ck->out->n_feeds; i++)
        watch_shares(ck, &ck->out->feeds[i]);
}
