/* check/lookup.c: key tables: keys of one kind on each side, each once; values of one kind; what no row and
 * no column catches. */
#include "check/check_int.h"

/* The type of a key by its name: a field of that name that has choices lends them to the key. */
static at_type named_type(const struct at_check *ck, at_str name, bool *text) {
    at_type found = at_check_type_make(AT_T_NONE);
    *text = false;
    for (uint32_t i = 0; i < ck->out->n_schemas; i++) {
        int32_t field = at_check_field_find(ck, i, name);
        if (field < 0) continue;
        at_type type = ck->out->schemas[i].fields[field].type;
        *text |= type.kind == AT_T_TEXT || type.kind == AT_T_REF || type.kind == AT_T_ENUM;
        if (found.kind == AT_T_NONE) found = type;
        /* Fields of one name and several types: their texts are all that they have in common. */
        else if (!at_type_same(found, type))
            found.kind = AT_T_TEXT;
    }
    found.optional = false;
    return found;
}

static struct at_check_key read_key(const struct at_ast_node *cell) {
    if (cell->kind == AT_N_OTHER) return (struct at_check_key){AT_KEY_OTHER, NULL};
    if (cell->kind == AT_N_CELLFROM)
        return (struct at_check_key){cell->op == AT_OP_POINT   ? AT_KEY_POINT
                                     : cell->op == AT_OP_ABOVE ? AT_KEY_ABOVE
                                                               : AT_KEY_FROM,
                                     at_check_child(cell, 0)};
    return (struct at_check_key){AT_KEY_VALUE, cell};
}

/* A key is a constant. Any name but that of a param is usually a text without its quotes. */
static at_type key_value_type(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_env env = at_check_env_const("a key of a table");
    if (node->kind == AT_N_NAME) {
        struct at_check_decl *decl = at_check_global(ck, node->text);
        if (!decl || decl->symbol.kind != AT_SYM_PARAM) {
            struct at_diag *d = at_diag_add(ck->diags, AT_A0511, node->span, "`%.*s` is not a value of a key",
                                            AT_STR_ARG(node->text));
            at_diag_help(d, "write text in quotes: \"%.*s\"", AT_STR_ARG(node->text));
            return at_check_type_make(AT_T_NONE);
        }
    }
    return at_check_value(ck, &env, node);
}

/* The common type of one side's keys, NONE where they are not of one kind. */
static at_type side_type(struct at_check *ck, const struct at_check_key *keys,
                         const struct at_ast_node *const *cells, uint32_t n, at_str name) {
    bool text, steps = false, values = false;
    at_type type = named_type(ck, name, &text), own = at_check_type_make(AT_T_NONE);
    const struct at_ast_node *first = NULL, *mixed = NULL;
    for (uint32_t i = 0; i < n; i++) {
        if (keys[i].kind == AT_KEY_OTHER || !keys[i].node) continue;
        at_type this_type = key_value_type(ck, keys[i].node);
        if (this_type.kind == AT_T_NONE) continue;
        steps |= keys[i].kind != AT_KEY_VALUE;
        values |= keys[i].kind == AT_KEY_VALUE;
        if (steps && values && !mixed) mixed = cells[i];
        if (!first) {
            first = keys[i].node, own = this_type;
        } else if (!at_type_same(own, this_type)) {
            struct at_diag *d = at_diag_add(
                ck->diags, AT_A0511, keys[i].node->span, "this key is %.*s, but the keys before it are %.*s",
                AT_STR_ARG(at_check_type_say(ck, this_type)), AT_STR_ARG(at_check_type_plural(ck, own)));
            at_diag_label(d, first->span, "%.*s", AT_STR_ARG(at_check_type_short(ck, own)));
            at_diag_help(d, "use one type for the keys of one side");
            return at_check_type_make(AT_T_NONE);
        }
    }
    if (mixed) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0511, mixed->span,
                                        "one side of a table cannot mix tiers and single values");
        at_diag_label(d, first->span, "the first key");
        at_diag_help(d, "write `from`, `above`, or `at` before every key of this side, or before none");
        return at_check_type_make(AT_T_NONE);
    }
    if (steps && !at_check_is_numeric(own) && own.kind != AT_T_DATE) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0511, first->span,
                                        "a tier must be money, a number, or a date, found %.*s",
                                        AT_STR_ARG(at_check_type_say(ck, own)));
        at_diag_help(d, "delete `from`, `above`, or `at`");
        return at_check_type_make(AT_T_NONE);
    }
    /* Keys that name choices have the type of the field, so that missing choices can be reported. */
    if (own.kind == AT_T_TEXT && type.kind == AT_T_ENUM) return type;
    if (own.kind == AT_T_NONE && text) return type.kind == AT_T_ENUM ? type : at_check_type_make(AT_T_TEXT);
    return own;
}

static void check_choice(struct at_check *ck, const struct at_ast_node *node, at_type type, at_str name) {
    if (type.kind != AT_T_ENUM || node->kind != AT_N_TEXT) return;
    at_check_set_type(ck, node, type);
    if (at_check_has_choice(type.choices, node->text)) return;
    struct at_str_nearest suggest = {.wanted = node->text};
    for (uint32_t i = 0; i < type.choices->n; i++)
        at_str_nearest_try(&suggest, type.choices->at[i]);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0509, node->span, "`%.*s` is never \"%.*s\"",
                                    AT_STR_ARG(name), AT_STR_ARG(node->text));
    if (suggest.best.n) {
        at_diag_help(d, "did you mean \"%.*s\"? The field is %.*s", AT_STR_ARG(suggest.best),
                     AT_STR_ARG(at_check_type_say(ck, type)));
        at_check_fix_text(d, node, suggest.best);
    } else
        at_diag_help(d, "the field is %.*s", AT_STR_ARG(at_check_type_say(ck, type)));
}

static void key_twice(struct at_check *ck, const struct at_ast_node *cell, const struct at_ast_node *first) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A0508, cell->span, "duplicate key `%.*s` in this table",
                                    AT_STR_ARG(at_check_quote(ck, cell)));
    at_diag_label(d, first->span, "first here");
    at_diag_help(d, "delete one of them: only the first is ever found");
}

/* Rising order is required because the last tier that is reached decides. */
static void check_steps(struct at_check *ck, const struct at_check_key *before,
                        const struct at_check_key *key, const struct at_ast_node *cell,
                        const struct at_ast_node *before_cell) {
    struct at_check_const a, b;
    if (!at_check_fold(ck, before->node, &a) || !at_check_fold(ck, key->node, &b) || a.kind != b.kind) return;
    int order = at_check_const_cmp(ck, &a, &b);
    bool rises = order < 0 || (order == 0 && before->kind != AT_KEY_ABOVE && key->kind == AT_KEY_ABOVE);
    if (rises || (order == 0 && before->kind == key->kind)) return; /* equal ones are reported as twice */
    struct at_diag *d = at_diag_add(ck->diags, AT_A0501, cell->span, "the tiers are not in increasing order");
    at_diag_label(d, before_cell->span, "this comes first");
    at_diag_label(d, cell->span, "and is larger than this");
    at_diag_help(d, "put `%.*s` before `%.*s`", AT_STR_ARG(at_check_quote(ck, cell)),
                 AT_STR_ARG(at_check_quote(ck, before_cell)));
}

static at_str missing_choices(struct at_check *ck, const struct at_check_key *keys, uint32_t n,
                              at_type type) {
    at_str list = {"", 0};
    for (uint32_t c = 0; c < type.choices->n; c++) {
        bool found = false;
        for (uint32_t i = 0; i < n && !found; i++)
            found = keys[i].kind == AT_KEY_OTHER || (keys[i].node && keys[i].node->kind == AT_N_TEXT &&
                                                     at_str_eq(keys[i].node->text, type.choices->at[c]));
        if (!found)
            list = at_str_format(ck->arena, "%.*s%s\"%.*s\"", AT_STR_ARG(list), list.n ? ", " : "",
                                 AT_STR_ARG(type.choices->at[c]));
    }
    return list;
}

/* One side: its type, its keys once each, and what is missing. */
static at_type check_side(struct at_check *ck, const struct at_check_key *keys,
                          const struct at_ast_node *const *cells, uint32_t n, at_str name,
                          const struct at_check_decl *decl, bool rows) {
    at_type type = side_type(ck, keys, cells, n, name);
    struct at_map seen;
    at_map_init(&seen, ck->arena);
    for (uint32_t i = 0; i < n; i++) {
        if (keys[i].node) check_choice(ck, keys[i].node, type, name);
        struct at_check_const value;
        at_str text = AT_STR("other");
        if (keys[i].kind != AT_KEY_OTHER) {
            /* Keys that a run can change are not compared: two params may have one value now and
             * two later. */
            if (!keys[i].node || !at_check_fold(ck, keys[i].node, &value) || value.from_param) continue;
            bool number = value.kind == AT_T_NUMBER || value.kind == AT_T_MONEY;
            at_str shown = number                    ? at_num_print(ck->arena, value.num)
                           : value.kind == AT_T_TEXT ? value.text
                                                     : at_str_format(ck->arena, "%d", value.i);
            /* The kind is part of the key, because `from 5` and `above 5` are different tiers. */
            text = at_str_format(ck->arena, "%d:%.*s", keys[i].kind, AT_STR_ARG(shown));
        }
        const struct at_ast_node *first = at_map_put(&seen, text, (void *)cells[i]);
        if (first) key_twice(ck, cells[i], first);
        if (i && keys[i].node && keys[i - 1].node && keys[i].kind != AT_KEY_VALUE &&
            keys[i - 1].kind != AT_KEY_VALUE)
            check_steps(ck, &keys[i - 1], &keys[i], cells[i], cells[i - 1]);
    }
    if (type.kind != AT_T_ENUM || !type.choices) return type;
    at_str missing = missing_choices(ck, keys, n, type);
    if (missing.n == 0) return type;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0510, decl->span, "`%.*s` has no %s for %.*s",
                    AT_STR_ARG(decl->symbol.name), rows ? "row" : "column", AT_STR_ARG(missing));
    at_diag_help(d, "add it, or `other`: a payee with this value would not be paid");
    return type;
}

/* Between two keys with `at`, a value is calculated, so it must be an amount. */
static void check_points(struct at_check *ck, const struct at_check_key *keys, uint32_t n, at_type value) {
    for (uint32_t i = 0; i < n; i++) {
        if (keys[i].kind != AT_KEY_POINT || !keys[i].node) continue;
        if (value.kind == AT_T_NONE || at_check_is_numeric(value)) return;
        struct at_diag *d = at_diag_add(ck->diags, AT_A0573, keys[i].node->span,
                                        "`at` needs values that are numbers or money, found %.*s",
                                        AT_STR_ARG(at_check_type_plural(ck, value)));
        at_diag_help(d, "write `from` instead of `at`");
        return;
    }
}

/* Stops at the first value of another type. A table read from a file may have thousands of them. */
static void check_values(struct at_check *ck, struct at_check_lookup_decl *lookup) {
    struct at_check_env env = at_check_env_const("a table");
    const struct at_ast_node *first = NULL;
    size_t n = (size_t)lookup->n_rows * lookup->n_columns;
    for (size_t i = 0; i < n; i++) {
        const struct at_ast_node *node = lookup->values[i];
        if (!node) continue;
        at_type type = at_check_value(ck, &env, node);
        if (type.kind == AT_T_NONE) continue;
        if (!first) {
            first = node, lookup->value = type;
            continue;
        }
        if (at_type_same(type, lookup->value)) continue;
        struct at_diag *d = at_diag_add(
            ck->diags, AT_A0512, node->span, "this value is %.*s, but the values before it are %.*s",
            AT_STR_ARG(at_check_type_say(ck, type)), AT_STR_ARG(at_check_type_plural(ck, lookup->value)));
        at_diag_label(d, first->span, "%.*s", AT_STR_ARG(at_check_type_short(ck, lookup->value)));
        at_diag_help(d, "use one type for all values of a table");
        return;
    }
}

/* ---- the table as it is written in the policy */

static void read_rows(struct at_check *ck, const struct at_ast_node *node,
                      struct at_check_lookup_decl *lookup, const struct at_ast_node **row_cells,
                      const struct at_ast_node **column_cells) {
    const struct at_ast_node *header = at_ast_child(node, AT_N_HEADER);
    lookup->n_columns = header ? header->n : 1;
    lookup->columns = AT_NEW_ARRAY(ck->arena, struct at_check_key, lookup->n_columns + 1);
    lookup->rows = AT_NEW_ARRAY(ck->arena, struct at_check_key, node->n + 1);
    lookup->values =
        AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, ((size_t)node->n + 1) * (lookup->n_columns + 1));
    lookup->columns[0] = (struct at_check_key){AT_KEY_OTHER, NULL};
    for (uint32_t i = 0; header && i < header->n; i++)
        if (header->child[i]) lookup->columns[i] = read_key(column_cells[i] = header->child[i]);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *row = node->child[i];
        if (!row || row->kind != AT_N_ROW || row->n == 0 || !row->child[0]) continue;
        lookup->rows[lookup->n_rows] = read_key(row_cells[lookup->n_rows] = row->child[0]);
        for (uint32_t c = 1; c < row->n && c <= lookup->n_columns; c++)
            lookup->values[(size_t)lookup->n_rows * lookup->n_columns + c - 1] = row->child[c];
        lookup->n_rows++;
    }
}

static bool check_keys(struct at_check *ck, const struct at_check_decl *decl,
                       struct at_check_lookup_decl *lookup) {
    const struct at_ast_node *node = decl->symbol.node, *keys = at_check_child(node, 0);
    const struct at_ast_node *header = at_ast_child(node, AT_N_HEADER);
    uint32_t n = keys && keys->kind == AT_N_KEYS ? keys->n : 0;
    bool file = node->text2.n > 0;
    if (n > 2 || (n == 0 && !file)) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0513, keys ? keys->span : decl->span,
                                        "a table can have one or two keys, found %u", n);
        at_diag_help(d, "divide it into two tables");
        return false;
    }
    lookup->n_keys = n;
    for (uint32_t i = 0; i < n; i++)
        lookup->key_name[i] = keys->child[i] ? keys->child[i]->text : AT_STR("");
    if (file) return true;
    if (n == 2 && !header) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0513, keys->span,
                                        "missing first line with the values of the second key");
        at_diag_help(d, "write the values of `%.*s` in the first line: `| \"east\" | other`",
                     AT_STR_ARG(lookup->key_name[1]));
        return false;
    }
    if (n == 1 && header) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0513, header->span,
                        "the first line has values of a second key, but the table has one key");
        at_diag_label(d, keys->span, "one key");
        at_diag_help(d, "name the second key, such as `by %.*s, region`, or delete the line",
                     AT_STR_ARG(lookup->key_name[0]));
        return false;
    }
    return true;
}

void at_check_lookup(struct at_check *ck, struct at_check_decl *decl) {
    const struct at_ast_node *node = decl->symbol.node;
    struct at_check_lookup_decl *lookup = &ck->out->lookups[decl->symbol.index];
    if (!check_keys(ck, decl, lookup)) {
        /* Calls of the table are then not checked for their number of keys. */
        lookup->n_keys = 0;
        return;
    }
    const struct at_ast_node **row_cells, **column_cells;
    if (node->text2.n) {
        if (!at_check_matrix_read(ck, node, lookup, &row_cells, &column_cells)) return;
    } else {
        const struct at_ast_node *header = at_ast_child(node, AT_N_HEADER);
        row_cells = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, node->n + 1);
        column_cells = AT_NEW_ARRAY(ck->arena, const struct at_ast_node *, (header ? header->n : 1) + 1);
        read_rows(ck, node, lookup, row_cells, column_cells);
    }
    lookup->key_type[0] =
        check_side(ck, lookup->rows, row_cells, lookup->n_rows, lookup->key_name[0], decl, true);
    if (lookup->n_keys == 2)
        lookup->key_type[1] = check_side(ck, lookup->columns, column_cells, lookup->n_columns,
                                         lookup->key_name[1], decl, false);
    check_values(ck, lookup);
    check_points(ck, lookup->rows, lookup->n_rows, lookup->value);
    if (lookup->n_keys == 2) check_points(ck, lookup->columns, lookup->n_columns, lookup->value);
    decl->symbol.type = lookup->value;
}
