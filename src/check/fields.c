/* check/fields.c: what `payee` and `data` promise about their tables: the schemas that the reader of files
 * obeys. */
#include "base/date_format.h"
#include "base/narrow.h"
#include "check/check_int.h"

static void field_twice(struct at_check *ck, uint32_t table, const struct at_ast_node *node) {
    int32_t other = at_check_field_find(ck, table, node->text);
    if (other < 0 || node->text.n == 0) return;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0216, at_check_name_span(node), "duplicate field `%.*s` in %.*s",
                    AT_STR_ARG(node->text), AT_STR_ARG(ck->out->schemas[table].name));
    at_diag_label(d, ck->fields[table][other]->span, "first here");
    at_diag_help(d, "rename one of them, and name its column with `from \"Column Header\"`");
}

static void same_column(struct at_check *ck, struct at_map *columns, const struct at_schema_field *field,
                        const struct at_check_decl *decl) {
    const struct at_check_decl *other =
        field->header.n ? at_map_put(columns, field->header, (void *)decl) : NULL;
    if (!other || at_str_eq(other->symbol.name, field->name)) return;
    const struct at_ast_node *node = decl->symbol.node;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0233, node->span2.end ? node->span2 : decl->span,
                                    "two fields read the column \"%.*s\"", AT_STR_ARG(field->header));
    at_diag_label(d, other->span, "so does `%.*s`", AT_STR_ARG(other->symbol.name));
    at_diag_help(d, "give each field its own column with `from \"Column Header\"`");
}

static void check_key(struct at_check *ck, uint32_t table, uint32_t index, const struct at_ast_node *node) {
    struct at_schema *schema = &ck->out->schemas[table];
    struct at_schema_field *field = &schema->fields[index];
    if (schema->key >= 0) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0217, at_check_name_span(node), "%.*s has two keys",
                                        AT_STR_ARG(schema->name));
        at_diag_label(d, ck->fields[table][schema->key]->span, "the first key");
        at_diag_help(d, "delete `key` from one of them: the key is the one field that identifies a row");
        field->key = false;
        return;
    }
    schema->key = (int)index;
    field->unique = true;
    if (field->type.optional) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0218, at_check_name_span(node),
                                        "the key `%.*s` cannot be optional", AT_STR_ARG(field->name));
        at_diag_help(d, "delete `optional`: a row without a key cannot be identified");
        /* Corrected for the rest of the check, so that uses of the key do not report it as
         * missing. */
        field->type.optional = false;
    }
    if (field->type.kind != AT_T_TEXT && field->type.kind != AT_T_NONE) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0228, node->child[0] ? node->child[0]->span : node->span,
                        "a key must be text, but `%.*s` is %.*s", AT_STR_ARG(field->name),
                        AT_STR_ARG(at_check_type_say(ck, field->type)));
        at_diag_help(d, "write `%.*s text key`, which keeps the zeros of keys such as 00417",
                     AT_STR_ARG(field->name));
    }
}

static void check_label(struct at_check *ck, uint32_t table, uint32_t index, const struct at_ast_node *node) {
    struct at_schema *schema = &ck->out->schemas[table];
    struct at_schema_field *field = &schema->fields[index];
    bool text = field->type.kind == AT_T_TEXT || field->type.kind == AT_T_NONE;
    if (text && schema->label < 0) {
        schema->label = (int)index;
        return;
    }
    field->label = false;
    if (text) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0226, at_check_name_span(node), "%.*s has two labels",
                                        AT_STR_ARG(schema->name));
        at_diag_label(d, ck->fields[table][schema->label]->span, "the first label");
        at_diag_help(d, "delete `label` from one of them: people read one field instead of the key");
    } else {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0226, at_check_name_span(node),
                                        "a label must be text, but `%.*s` is %.*s", AT_STR_ARG(field->name),
                                        AT_STR_ARG(at_check_type_say(ck, field->type)));
        at_diag_help(d, "declare it as text, or delete `label`");
    }
}

/* Each text is in one format, or is the same day in all of them. */
static void check_clash(struct at_check *ck, const struct at_schema_field *field, at_str format,
                        at_span span) {
    for (uint32_t i = 0; i < field->n_formats; i++) {
        if (!at_date_formats_clash(field->formats[i], format)) continue;
        struct at_diag *d = at_diag_add(ck->diags, AT_A0236, span,
                                        "a date such as 10/11/12 is two days in \"%.*s\" and \"%.*s\"",
                                        AT_STR_ARG(field->formats[i]), AT_STR_ARG(format));
        at_diag_help(d, "keep one of the formats, and correct the rows that are in the other one");
        return;
    }
}

static void check_formats(struct at_check *ck, struct at_schema_field *field,
                          const struct at_ast_node *formats) {
    at_str *valid = AT_NEW_ARRAY(ck->arena, at_str, formats->n);
    field->formats = valid;
    for (uint32_t i = 0; i < formats->n; i++) {
        const struct at_ast_node *format = formats->child[i];
        if (!format || format->kind != AT_N_TEXT) continue;
        /* Cells are read in their narrow form, so the formats have it too. */
        at_str narrow = at_str_narrow(ck->arena, format->text);
        if (at_date_format_ok(narrow)) {
            check_clash(ck, field, narrow, format->span);
            valid[field->n_formats++] = narrow;
            continue;
        }
        struct at_diag *d = at_diag_add(ck->diags, AT_A0221, format->span, "invalid date format \"%.*s\"",
                                        AT_STR_ARG(format->text));
        at_diag_help(
            d, "name the year, the month, and the day once each, such as \"DD/MM/YYYY\", \"M/D/YY\", or "
               "\"D MMM YYYY\"");
    }
}

static void check_format(struct at_check *ck, struct at_schema_field *field, const struct at_ast_node *node) {
    const struct at_ast_node *formats = at_check_child(node, 1);
    if (!formats || field->type.kind == AT_T_NONE) return;
    if (field->type.kind != AT_T_DATE) {
        struct at_diag *d = at_diag_add(
            ck->diags, AT_A0221, formats->span, "only a date can have a format, but `%.*s` is %.*s",
            AT_STR_ARG(field->name), AT_STR_ARG(at_check_type_say(ck, field->type)));
        at_diag_help(d, "delete `format`, or declare `%.*s date format …`", AT_STR_ARG(field->name));
        return;
    }
    check_formats(ck, field, formats);
}

/* `decimal comma` and `decimal point` of the table count for its fields of numbers and money that specify
 * neither; of a field of another type, they are an error. */
static void check_decimals(struct at_check *ck, struct at_schema_field *field, const struct at_ast_node *node,
                           const struct at_ast_node *table) {
    enum at_type_kind kind = field->type.kind;
    bool numeric = kind == AT_T_NUMBER || kind == AT_T_MONEY || kind == AT_T_FOREIGN;
    uint32_t own = node->flags & (AT_F_DECIMAL_COMMA | AT_F_DECIMAL_POINT);
    uint32_t flags = own ? own : table->flags;
    field->decimal_comma = numeric && (flags & AT_F_DECIMAL_COMMA);
    field->decimal_point = numeric && (flags & AT_F_DECIMAL_POINT);
    if (!own || numeric || kind == AT_T_NONE) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0237, at_check_name_span(node),
                                    "only numbers and money have decimals, but `%.*s` is %.*s",
                                    AT_STR_ARG(field->name), AT_STR_ARG(at_check_type_say(ck, field->type)));
    at_diag_help(d, own & AT_F_DECIMAL_COMMA ? "delete `decimal comma`" : "delete `decimal point`");
}

/* Percentages without a sign in the file: `in points` or `as fractions`. */
static void check_percents(struct at_schema_field *field, const struct at_ast_node *node) {
    const struct at_ast_node *type = at_check_child(node, 0);
    uint32_t flags = type && type->kind == AT_N_TYPENAME ? type->flags : 0;
    if (field->type.unit == AT_UNIT_PERCENT)
        field->percents = flags & AT_F_IN_POINTS      ? AT_PERCENTS_POINTS
                          : flags & AT_F_AS_FRACTIONS ? AT_PERCENTS_FRACTIONS
                                                      : AT_PERCENTS_SIGNED;
}

static void add_field(struct at_check *ck, uint32_t table, const struct at_ast_node *node,
                      struct at_map *columns) {
    struct at_schema *schema = &ck->out->schemas[table];
    if (schema->n_fields >= 60000) return;
    field_twice(ck, table, node);
    uint32_t index = schema->n_fields;
    struct at_schema_field field = {.name = node->text,
                                    .header = node->text2.n ? node->text2 : node->text,
                                    .ref_field = -1,
                                    .currency_field = -1};
    field.type = at_check_read_type(ck, at_check_child(node, 0));
    at_check_column_words(ck, at_check_child(node, 0), true, field.type);
    field.type.optional = (node->flags & AT_F_OPTIONAL) != 0;
    field.key = (node->flags & AT_F_KEY) != 0;
    field.label = (node->flags & AT_F_LABEL) != 0;
    struct at_check_decl *decl = AT_NEW(ck->arena, struct at_check_decl);
    decl->symbol = (struct at_check_symbol){.kind = AT_SYM_FIELD,
                                            .grain = AT_G_ROW,
                                            .table = (uint16_t)table,
                                            .index = index,
                                            .name = node->text,
                                            .label = node->text2,
                                            .type = field.type,
                                            .node = node};
    decl->span = at_check_name_span(node);
    decl->state = AT_DONE_DECL;
    ck->fields[table][index] = decl;
    if (node->text.n) at_map_put(&ck->field_maps[table], node->text, decl);
    same_column(ck, columns, &field, decl);
    schema->fields[index] = field;
    schema->n_fields++;
    if (field.key) check_key(ck, table, index, node);
    if (field.label) check_label(ck, table, index, node);
    check_format(ck, &schema->fields[index], node);
    check_decimals(ck, &schema->fields[index], node, ck->tables[table]);
    check_percents(&schema->fields[index], node);
    /* Again, because check_key may have changed the type of the field. */
    decl->symbol.type = schema->fields[index].type;
}

/* All tables are read before references are bound, because a reference may lead to a table
 * further down. */
static void read_fields(struct at_check *ck, uint32_t table) {
    const struct at_ast_node *node = ck->tables[table];
    struct at_map columns;
    at_map_init(&columns, ck->arena);
    ck->out->schemas[table].fields = AT_NEW_ARRAY(ck->arena, struct at_schema_field, node->n + 1);
    ck->fields[table] = AT_NEW_ARRAY(ck->arena, struct at_check_decl *, node->n + 1);
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i] && node->child[i]->kind == AT_N_FIELDDEF)
            add_field(ck, table, node->child[i], &columns);
}

/* `rep rep by employee_id`: the field of the other table by which its rows are named. */
static int by_field(struct at_check *ck, const struct at_ast_node *node, struct at_schema *other,
                    uint32_t other_table) {
    int32_t by = at_check_field_find(ck, other_table, node->by);
    at_span span = node->by_span.end ? node->by_span : at_check_name_span(node);
    if (by < 0) {
        struct at_str_nearest suggest = {.wanted = node->by};
        at_check_suggest_fields(ck, &suggest, other_table);
        struct at_diag *d = at_diag_add(ck->diags, AT_A0225, span, "%.*s has no field `%.*s`",
                                        AT_STR_ARG(other->name), AT_STR_ARG(node->by));
        at_check_suggest_help(d, &suggest);
        return -1;
    }
    struct at_schema_field *field = &other->fields[by];
    if (field->type.kind != AT_T_TEXT && field->type.kind != AT_T_NONE) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0220, span, "`by` needs a text field, but `%.*s` is %.*s",
                        AT_STR_ARG(node->by), AT_STR_ARG(at_check_type_say(ck, field->type)));
        at_diag_label(d, ck->fields[other_table][by]->span, "declared here");
        at_diag_help(d, "declare `%.*s text` in %.*s", AT_STR_ARG(node->by), AT_STR_ARG(other->name));
        return -1;
    }
    field->unique = true;
    at_check_field_use(ck, other_table, by);
    return by;
}

static void bind_reference(struct at_check *ck, uint32_t table, uint32_t index) {
    struct at_schema_field *field = &ck->out->schemas[table].fields[index];
    const struct at_ast_node *node = ck->fields[table][index]->symbol.node;
    if (field->type.kind != AT_T_REF) {
        if (node->by.n && field->type.kind != AT_T_NONE) {
            struct at_diag *d =
                at_diag_add(ck->diags, AT_A0220, node->by_span.end ? node->by_span : node->span,
                            "`by` needs a reference, but `%.*s` is %.*s", AT_STR_ARG(field->name),
                            AT_STR_ARG(at_check_type_say(ck, field->type)));
            at_diag_help(d, "write the name of a table as the type, or delete `by`");
        }
        return;
    }
    uint32_t target = field->type.table;
    struct at_schema *other = &ck->out->schemas[target];
    other->referenced = true;
    at_check_global(ck, other->name)->symbol.used = true;
    if (node->by.n) {
        field->ref_field = by_field(ck, node, other, target);
        return;
    }
    field->ref_field = other->key;
    if (other->key >= 0) {
        at_check_field_use(ck, target, other->key);
        return;
    }
    if (other->payee) return; /* reported with the payee statement */
    struct at_diag *d = at_diag_add(ck->diags, AT_A0223, node->child[0] ? node->child[0]->span : node->span,
                                    "`%.*s` refers to a row of %.*s, which has no key",
                                    AT_STR_ARG(field->name), AT_STR_ARG(other->name));
    at_diag_label(d, at_check_name_span(ck->tables[target]), "no field is marked `key`");
    at_diag_help(d, "mark the field that identifies a row, such as `id text key`");
}

/* The first field of the payee table that refers to a payee. check_managers reports it if there
 * are more. */
static void find_manager(struct at_check *ck) {
    uint32_t table = (uint32_t)ck->out->payee_table;
    const struct at_schema *schema = &ck->out->schemas[table];
    for (uint32_t i = 0; i < at_schema_all(schema); i++)
        if (at_check_is_manager(ck, (int32_t)i) && ck->out->manager_field < 0)
            ck->out->manager_field = (int32_t)i;
}

static void check_payee(struct at_check *ck) {
    uint32_t table = (uint32_t)ck->out->payee_table;
    struct at_schema *schema = &ck->out->schemas[table];
    struct at_check_decl *decl = at_check_global(ck, schema->name);
    if (decl) decl->symbol.used = true;
    schema->referenced = true;
    find_manager(ck);
    if (schema->label >= 0) at_check_field_use(ck, table, schema->label);
    if (schema->key >= 0) {
        at_check_field_use(ck, table, schema->key);
        return;
    }
    struct at_diag *d = at_diag_add(ck->diags, AT_A0222, at_check_name_span(ck->tables[table]),
                                    "%.*s has no key", AT_STR_ARG(schema->name));
    at_diag_help(d, "mark the field that identifies a payee, such as `id text key`");
}

void at_check_fields(struct at_check *ck) {
    for (uint32_t i = 0; i < ck->out->n_schemas; i++)
        read_fields(ck, i);
    for (uint32_t i = 0; i < ck->out->n_schemas; i++)
        for (uint32_t f = 0; f < ck->out->schemas[i].n_fields; f++)
            bind_reference(ck, i, f);
    for (uint32_t i = 0; i < ck->out->n_schemas; i++)
        at_check_keys(ck, i);
    at_check_histories(ck);
    for (uint32_t i = 0; i < ck->out->n_schemas; i++) {
        for (uint32_t f = 0; f < ck->out->schemas[i].n_fields; f++)
            at_check_currency_field(ck, i, f);
        if (ck->tables[i]->kind == AT_N_EXCHANGE) at_check_exchange(ck, i);
    }
    if (ck->out->payee_table >= 0) check_payee(ck);
}
