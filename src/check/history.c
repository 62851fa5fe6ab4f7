/* check/history.c: `history`: a table of dated attributes of a payee, and where they may be read.
 *
 * Its first reference to a payee names whose row it is, `since` the first day on which the row holds, and
 * `until`, if there is one, the last. Each other field becomes a field of the payee, listed after those of
 * the payee's own file. It hides a field of that name in the file.
 */
#include "check/check_int.h"

static uint32_t payee_of(const struct at_check *ck) {
    return (uint32_t)ck->out->payee_table;
}

bool at_check_is_dated_field(const struct at_check *ck, uint32_t table, int32_t field) {
    return table < ck->out->n_schemas && field >= (int32_t)ck->out->schemas[table].n_fields;
}

/* ---------------------------------------------------------------- the statement */

static bool wrong_owner(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_schema *payee = &ck->out->schemas[payee_of(ck)];
    if (at_str_eq(node->text3, payee->name) || node->text3.n == 0) return false;
    at_span span = node->span3.end ? node->span3 : at_check_name_span(node);
    struct at_diag *d = at_diag_add(ck->diags, AT_A1152, span, "expected `of %.*s`, found `of %.*s`",
                                    AT_STR_ARG(payee->name), AT_STR_ARG(node->text3));
    at_diag_label(d, at_check_name_span(ck->tables[payee_of(ck)]), "the payees");
    at_diag_help(d, "only payees have a history: write `history %.*s of %.*s`", AT_STR_ARG(node->text),
                 AT_STR_ARG(payee->name));
    return true;
}

/* The first field that refers to a payee and is always there. */
static int32_t find_payee(const struct at_check *ck, const struct at_schema *schema) {
    for (uint32_t f = 0; f < schema->n_fields; f++) {
        at_type type = schema->fields[f].type;
        if (type.kind == AT_T_REF && type.table == payee_of(ck) && !type.optional) return (int32_t)f;
    }
    return -1;
}

/* Whether a field is a date as the statement needs it. */
static bool is_day(struct at_check *ck, uint32_t table, int32_t field, bool last) {
    at_type type = ck->out->schemas[table].fields[field].type;
    if (type.kind == AT_T_NONE) return false;
    if (type.kind == AT_T_DATE && (last || !type.optional)) return true;
    const struct at_schema_field *f = &ck->out->schemas[table].fields[field];
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1154, ck->fields[table][field]->span,
                    type.kind == AT_T_DATE ? "`%.*s` is missing in some rows" : "`%.*s` is not a date",
                    AT_STR_ARG(f->name));
    at_diag_help(d, last ? "declare `until date optional`, the last day on which a row holds"
                         : "declare `since date`, the first day on which a row holds");
    return false;
}

bool at_check_dated_table(struct at_check *ck, uint32_t table, int32_t key) {
    struct at_schema *schema = &ck->out->schemas[table];
    int32_t since = at_check_field_find(ck, table, AT_STR("since")),
            until = at_check_field_find(ck, table, AT_STR("until"));
    if (since < 0) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A1154, at_check_name_span(ck->tables[table]),
                        "%.*s does not have a day from which its rows hold", AT_STR_ARG(schema->name));
        at_diag_help(d, "add `since date`, or `since date from \"Column Header\"`");
        return false;
    }
    bool days = is_day(ck, table, since, false);
    if (until >= 0) days &= is_day(ck, table, until, true);
    if (!days || key < 0) return false;
    schema->dated = schema->referenced = true;
    schema->dated_key = key;
    schema->since = since;
    schema->until = until;
    at_check_field_use(ck, table, key);
    at_check_field_use(ck, table, since);
    if (until >= 0) at_check_field_use(ck, table, until);
    return true;
}

static bool check_history(struct at_check *ck, uint32_t table) {
    const struct at_ast_node *node = ck->tables[table];
    const struct at_schema *schema = &ck->out->schemas[table];
    if (wrong_owner(ck, node)) return false;
    int32_t key = find_payee(ck, schema);
    if (key < 0) {
        at_str payee = ck->out->schemas[payee_of(ck)].name;
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A1153, at_check_name_span(node), "%.*s does not refer to its %.*s",
                        AT_STR_ARG(schema->name), AT_STR_ARG(payee));
        at_diag_help(d, "add a field such as `%.*s %.*s`, which names whose row it is", AT_STR_ARG(payee),
                     AT_STR_ARG(payee));
    }
    return at_check_dated_table(ck, table, key);
}

/* ---------------------------------------------------------------- fields of the payee */

/* The field of the payee that has a name already, of those that a history may not have: the key, and what
 * another history has. */
static const struct at_check_decl *taken(const struct at_check *ck, at_str name) {
    const struct at_schema *payee = &ck->out->schemas[payee_of(ck)];
    struct at_check_decl *const *fields = ck->fields[payee_of(ck)];
    if (payee->key >= 0 && at_str_eq(payee->fields[payee->key].name, name)) return fields[payee->key];
    for (uint32_t f = payee->n_fields; f < at_schema_all(payee); f++)
        if (at_str_eq(payee->fields[f].name, name)) return fields[f];
    return NULL;
}

static bool field_twice(struct at_check *ck, const struct at_check_decl *field) {
    const struct at_check_decl *other = taken(ck, field->symbol.name);
    if (!other) return false;
    bool key = (int)other->symbol.index == ck->out->schemas[payee_of(ck)].key;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1155, field->span,
                    key ? "the key `%.*s` of a payee does not change" : "duplicate history of `%.*s`",
                    AT_STR_ARG(field->symbol.name));
    at_diag_label(d, other->span, "declared here");
    at_diag_help(d, "rename one of them, and name its column with `from \"Column Header\"`");
    return true;
}

static void add_dated(struct at_check *ck, uint32_t table, uint32_t f) {
    struct at_schema *payee = &ck->out->schemas[payee_of(ck)];
    const struct at_check_decl *of = ck->fields[table][f];
    if (of->symbol.name.n == 0 || field_twice(ck, of)) return;
    uint32_t index = payee->n_fields + payee->n_dated++;
    payee->fields[index] = (struct at_schema_field){.name = of->symbol.name,
                                                    .header = of->symbol.name,
                                                    .type = of->symbol.type,
                                                    .ref_field = -1,
                                                    .dated_table = (uint16_t)table,
                                                    .dated_field = (uint16_t)f};
    struct at_check_decl *decl = AT_NEW(ck->arena, struct at_check_decl);
    *decl = *of;
    decl->symbol.table = (uint16_t)payee_of(ck);
    decl->symbol.index = index;
    ck->fields[payee_of(ck)][index] = decl;
}

/* Room for the fields of all histories, after those of the payee's file. */
static void make_room(struct at_check *ck, uint32_t more) {
    struct at_schema *payee = &ck->out->schemas[payee_of(ck)];
    uint32_t n = payee->n_fields + more + 1;
    struct at_schema_field *fields = AT_NEW_ARRAY(ck->arena, struct at_schema_field, n);
    struct at_check_decl **decls = AT_NEW_ARRAY(ck->arena, struct at_check_decl *, n);
    memcpy(fields, payee->fields, payee->n_fields * sizeof *fields);
    memcpy(decls, ck->fields[payee_of(ck)], payee->n_fields * sizeof *decls);
    payee->fields = fields;
    ck->fields[payee_of(ck)] = decls;
}

/* A name means the dated field before that of the file. */
static void name_fields(struct at_check *ck) {
    const struct at_schema *payee = &ck->out->schemas[payee_of(ck)];
    struct at_check_decl *const *fields = ck->fields[payee_of(ck)];
    struct at_map *map = &ck->field_maps[payee_of(ck)];
    at_map_init(map, ck->arena);
    for (uint32_t f = payee->n_fields; f < at_schema_all(payee); f++)
        at_map_put(map, payee->fields[f].name, fields[f]);
    for (uint32_t f = 0; f < payee->n_fields; f++)
        if (payee->fields[f].name.n) at_map_put(map, payee->fields[f].name, fields[f]);
}

void at_check_histories(struct at_check *ck) {
    uint32_t more = 0;
    if (ck->out->payee_table < 0) return;
    for (uint32_t t = 0; t < ck->out->n_schemas; t++)
        if (ck->tables[t]->kind == AT_N_HISTORY) more += ck->out->schemas[t].n_fields;
    if (!more) return;
    make_room(ck, more);
    for (uint32_t t = 0; t < ck->out->n_schemas; t++) {
        const struct at_schema *schema = &ck->out->schemas[t];
        if (ck->tables[t]->kind != AT_N_HISTORY || !check_history(ck, t)) continue;
        for (uint32_t f = 0; f < schema->n_fields; f++)
            if ((int)f != schema->dated_key && (int)f != schema->since && (int)f != schema->until)
                add_dated(ck, t, f);
    }
    name_fields(ck);
}

bool at_check_is_hidden(const struct at_check_policy *checked, uint32_t field) {
    const struct at_schema *payee = &checked->schemas[checked->payee_table];
    for (uint32_t f = payee->n_fields; field < payee->n_fields && f < at_schema_all(payee); f++)
        if (at_str_eq(payee->fields[f].name, payee->fields[field].name)) return true;
    return false;
}

/* ---------------------------------------------------------------- uses */

/* A field that a history hides is none. */
bool at_check_is_manager(const struct at_check *ck, int32_t field) {
    const struct at_schema *payee = &ck->out->schemas[payee_of(ck)];
    at_type type = payee->fields[field].type;
    return type.kind == AT_T_REF && type.table == payee_of(ck) &&
           at_check_field_find(ck, payee_of(ck), payee->fields[field].name) == field;
}

/* The table of the row to which a path leads: the current row, the payee, or what a field refers to; -1:
 * something else. */
static int32_t table_of(const struct at_check *ck, const struct at_check_env *env,
                        const struct at_ast_node *node) {
    bool rows = env->place == AT_IN_ROW || env->place == AT_IN_CREDIT;
    int32_t table = -1;
    if (node->kind == AT_N_NAME) {
        const struct at_check_decl *decl = at_check_global(ck, node->text);
        bool whole = decl && decl->symbol.kind == AT_SYM_TABLE;
        if (whole && (!rows || decl->symbol.index == env->table || env->place == AT_IN_CREDIT))
            return (int32_t)decl->symbol.index;
        table = rows ? env->table : ck->out->payee_table;
    } else if (node->kind == AT_N_MEMBER) {
        table = table_of(ck, env, node->child[0]);
    }
    int32_t field = table < 0 ? -1 : at_check_field_find(ck, (uint32_t)table, node->text);
    if (field < 0) return -1;
    at_type type = ck->out->schemas[table].fields[field].type;
    return type.kind == AT_T_REF ? type.table : -1;
}

bool at_check_names_dated(const struct at_check *ck, const struct at_check_env *env,
                          const struct at_ast_node *node) {
    int32_t payee = ck->out->payee_table;
    if (!node || payee < 0 || (node->kind != AT_N_NAME && node->kind != AT_N_MEMBER)) return false;
    if (!at_check_is_dated_field(ck, (uint32_t)payee, at_check_field_find(ck, (uint32_t)payee, node->text)))
        return false;
    if (node->kind == AT_N_MEMBER) return table_of(ck, env, node->child[0]) == payee;
    return env->place == AT_IN_CELL && !at_check_global(ck, node->text);
}

bool at_check_may_have_no_row(const struct at_check *ck, const struct at_ast_node *node) {
    if (node && node->kind == AT_N_ASOF) node = node->child[0];
    const struct at_check_symbol *symbol = node ? ck->out->symbols[node->id] : NULL;
    return symbol && symbol->kind == AT_SYM_FIELD &&
           at_check_is_dated_field(ck, symbol->table, (int32_t)symbol->index);
}

/* Whether the place has a day by which a dated field is read. */
static bool has_day(const struct at_check *ck, const struct at_check_env *env) {
    switch ((enum at_check_place_kind)env->place) {
    case AT_IN_CELL:
    case AT_IN_GROUP: return true;
    case AT_IN_CREDIT: return ck->out->feeds[env->feed].on || ck->out->feeds[env->feed].stock || env->on;
    default: return env->on || env->stock;
    }
}

void at_check_dated_use(struct at_check *ck, const struct at_check_env *env, const struct at_ast_node *node,
                        int32_t field) {
    uint32_t payee = payee_of(ck);
    if (!at_check_is_dated_field(ck, payee, field) || has_day(ck, env)) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1156, node->span, "`%.*s` changes over time, but %s does not have a day",
                    AT_STR_ARG(ck->out->schemas[payee].fields[field].name), env->where);
    at_diag_label(d, ck->fields[payee][field]->span, "a history");
    at_diag_help(d, "write the value of a day: `%.*s as of 2026-01-31`",
                 AT_STR_ARG(at_check_source(ck, node)));
}

at_type at_check_prorated(struct at_check *ck, const struct at_check_env *env,
                          const struct at_ast_node *node) {
    const struct at_ast_node *x = at_check_child(node, 0);
    at_type type = at_check_expr(ck, env, x);
    if (type.kind == AT_T_NONE) return type;
    bool dated = x->kind != AT_N_ASOF && at_check_may_have_no_row(ck, x);
    type.optional = false; /* a day without a value counts as zero */
    if (dated && at_check_is_numeric(type)) return type;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A1162, x->span,
                    dated ? "`prorated` needs money or a number, found %.*s"
                          : "`prorated` needs a field that a history gives by day, found %.*s",
                    AT_STR_ARG(at_check_type_say(ck, type)));
    at_check_show_origin(ck, d, x);
    at_diag_help(d, dated ? "declare the field as money or a number"
                          : "declare the field in a `history`, and write `prorated(rep.FIELD)`");
    return at_check_type_make(AT_T_NONE);
}
