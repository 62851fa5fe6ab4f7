/* names/names.c: collects declarations and uses: what the checker resolved, and the names in clauses. */
#include "names/names.h"

#include "base/map.h"
#include "base/sort.h"

struct collecting {
    struct at_names *names;
    struct at_map globals; /* name -> const struct at_ast_node: its declaration */
    uint32_t *by_node;     /* node id -> entry, or AT_NAMES_NONE */
    uint32_t comment, end; /* of the current file: comments before it are before the current statement */
};

/* ---- declarations */

static const enum at_names_kind KINDS[AT_N_COUNT] = {
    [AT_N_PAYEE] = AT_NAMES_TABLE + 1,    [AT_N_DATA] = AT_NAMES_TABLE + 1,
    [AT_N_CREDIT] = AT_NAMES_CREDIT + 1,  [AT_N_MEASURE] = AT_NAMES_MEASURE + 1,
    [AT_N_PARAM] = AT_NAMES_PARAM + 1,    [AT_N_RATES] = AT_NAMES_RATES + 1,
    [AT_N_LOOKUP] = AT_NAMES_LOOKUP + 1,  [AT_N_PAY] = AT_NAMES_COMPONENT + 1,
    [AT_N_POOL] = AT_NAMES_COMPONENT + 1, [AT_N_FUNCTION] = AT_NAMES_FUNCTION + 1,
    [AT_N_EXCHANGE] = AT_NAMES_TABLE + 1, [AT_N_TEST] = AT_NAMES_TEST + 1,
    [AT_N_DRAW] = AT_NAMES_DRAW + 1,
}; /* 0: not a declaration */

static const struct at_diag_source_file *file_of(const struct at_names *names, at_span span) {
    return at_diag_sources_place(names->checked->ast->sources, span.start).file;
}

static uint32_t line_of(const struct at_names *names, uint32_t offset) {
    return at_diag_sources_place(names->checked->ast->sources, offset).line;
}

/* The text of a comment without its # and the blanks around it. */
static at_str comment_text(const struct at_names *names, const struct at_ast_comment *comment) {
    at_str text = at_diag_sources_text(names->checked->ast->sources, comment->span);
    while (text.n > 0 && text.p[0] == '#')
        text = (at_str){text.p + 1, text.n - 1};
    return at_str_trim(text);
}

/* Finds the comments of a file, which are next to each other. */
static void start_file(struct collecting *c, const struct at_ast_node *file) {
    const struct at_ast *ast = c->names->checked->ast;
    const struct at_diag_source_file *source = file_of(c->names, file->span);
    for (c->comment = 0; c->comment < ast->n_comments; c->comment++)
        if (file_of(c->names, ast->comments[c->comment].span) == source) break;
    for (c->end = c->comment; c->end < ast->n_comments; c->end++)
        if (file_of(c->names, ast->comments[c->end].span) != source) break;
}

/* The comments on the lines just before a declaration, as one text. Statements come in order of their places,
 * so that each comment is passed once. */
static at_str documentation(struct collecting *c, const struct at_ast_node *node) {
    const struct at_ast *ast = c->names->checked->ast;
    const struct at_diag_source_file *file = file_of(c->names, node->span);
    at_str all = {"", 0};
    while (c->comment < c->end && ast->comments[c->comment].span.start < node->span.start)
        c->comment++;
    uint32_t first = c->comment, line = line_of(c->names, node->span.start);
    while (first > 0 && ast->comments[first - 1].own_line &&
           file_of(c->names, ast->comments[first - 1].span) == file &&
           line_of(c->names, ast->comments[first - 1].span.start) + (c->comment - first) + 1 == line)
        first--;
    for (uint32_t i = first; i < c->comment; i++)
        all = at_str_format(c->names->arena, "%.*s%s%.*s", AT_STR_ARG(all), all.n ? "\n" : "",
                            AT_STR_ARG(comment_text(c->names, &ast->comments[i])));
    return all;
}

/* The result is valid until the next entry is added, because the list can move. */
static struct at_names_entry *declare(struct collecting *c, const struct at_ast_node *node,
                                      enum at_names_kind kind, uint32_t parent) {
    struct at_names *names = c->names;
    struct at_names_entry entry = {.kind = (uint8_t)kind,
                                   .node = node,
                                   .name = node->name_span,
                                   .text = node->text,
                                   .documentation = documentation(c, node),
                                   .parent = parent};
    bool labelled = kind == AT_NAMES_MEASURE || kind == AT_NAMES_PARAM || kind == AT_NAMES_COMPONENT ||
                    kind == AT_NAMES_DRAW;
    if (labelled) entry.label = node->text2;
    if (entry.name.end == 0) entry.name = node->span;
    c->by_node[node->id] = (uint32_t)names->entries.n;
    AT_VEC_PUSH(names->arena, &names->entries, entry);
    return &names->entries.at[names->entries.n - 1];
}

static void declare_statement(struct collecting *c, const struct at_ast_node *node) {
    bool carries = node->kind == AT_N_DRAW && (node->flags & AT_F_CARRY) != 0; /* has no name of its own */
    if (!KINDS[node->kind] || carries || (node->text.n == 0 && node->kind != AT_N_TEST)) return;
    uint32_t entry = (uint32_t)c->names->entries.n;
    declare(c, node, KINDS[node->kind] - 1, AT_NAMES_NONE);
    /* The first declaration of a duplicate name wins. Names of tests are not references. */
    if (node->kind != AT_N_TEST && !at_map_get(&c->globals, node->text))
        at_map_put(&c->globals, node->text, (void *)(uintptr_t)node);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *part = node->child[i];
        if (part && part->kind == AT_N_FIELDDEF && part->text.n) declare(c, part, AT_NAMES_FIELD, entry);
        if (part && part->kind == AT_N_PARAMETER && part->text.n) declare(c, part, AT_NAMES_PARAMETER, entry);
    }
}

/* ---- types */

static void set_type(struct collecting *c, const struct at_ast_node *node, at_type type,
                     enum at_check_grain grain) {
    uint32_t i = node ? c->by_node[node->id] : AT_NAMES_NONE;
    if (i == AT_NAMES_NONE) return;
    c->names->entries.at[i].type = type;
    c->names->entries.at[i].grain = (uint8_t)grain;
}

static void set_field_types(struct collecting *c) {
    const struct at_check_policy *checked = c->names->checked;
    for (size_t i = 0; i < c->names->entries.n; i++) {
        struct at_names_entry *entry = &c->names->entries.at[i];
        if (entry->kind == AT_NAMES_TABLE) entry->grain = AT_G_ROW;
        if (entry->kind != AT_NAMES_FIELD) continue;
        at_str table = c->names->entries.at[entry->parent].text;
        entry->grain = AT_G_ROW;
        for (uint32_t t = 0; t < checked->n_schemas; t++) {
            const struct at_schema *schema = &checked->schemas[t];
            if (!at_str_eq(schema->name, table)) continue;
            for (uint32_t f = 0; f < schema->n_fields; f++)
                if (at_str_eq(schema->fields[f].name, entry->text)) entry->type = schema->fields[f].type;
        }
    }
}

static void set_types(struct collecting *c) {
    const struct at_check_policy *checked = c->names->checked;
    for (uint32_t i = 0; i < checked->n_feeds; i++)
        if (checked->feeds[i].node && checked->feeds[i].node->kind == AT_N_CREDIT)
            set_type(c, checked->feeds[i].node, checked->feeds[i].amount_type, AT_G_CREDIT);
    for (uint32_t i = 0; i < checked->n_draws; i++)
        set_type(c, checked->draws[i].symbol->node, checked->draws[i].symbol->type, AT_G_CELL);
    for (uint32_t i = 0; i < checked->n_measures; i++)
        set_type(c, checked->measures[i].symbol->node, checked->measures[i].symbol->type,
                 (enum at_check_grain)checked->measures[i].symbol->grain);
    for (uint32_t i = 0; i < checked->n_params; i++)
        set_type(c, checked->params[i]->node, checked->params[i]->type, AT_G_CONST);
    for (uint32_t i = 0; i < checked->n_rates; i++)
        set_type(c, checked->rates[i].symbol->node, checked->rates[i].rate, AT_G_CONST);
    for (uint32_t i = 0; i < checked->n_lookups; i++)
        set_type(c, checked->lookups[i].symbol->node, checked->lookups[i].value, AT_G_CONST);
    for (uint32_t i = 0; i < checked->n_components; i++)
        set_type(c, checked->components[i].symbol->node, checked->components[i].symbol->type, AT_G_CELL);
    for (uint32_t i = 0; i < checked->n_functions; i++) {
        const struct at_check_function_decl *function = &checked->functions[i];
        set_type(c, function->symbol->node, function->result, AT_G_CONST);
        for (uint32_t k = 0; k < function->n && k < function->symbol->node->n; k++)
            set_type(c, function->symbol->node->child[k], function->types[k], AT_G_CONST);
    }
    set_field_types(c);
}

/* ---- uses */

static void use(struct collecting *c, at_span span, uint32_t entry, const struct at_check_symbol *symbol) {
    if (span.end == 0 || (entry == AT_NAMES_NONE && !symbol)) return;
    AT_VEC_PUSH(c->names->arena, &c->names->uses, (struct at_names_use){span, entry, symbol});
}

static uint32_t global(const struct collecting *c, at_str name) {
    const struct at_ast_node *node = name.n ? at_map_get(&c->globals, name) : NULL;
    return node ? c->by_node[node->id] : AT_NAMES_NONE;
}

/* Fields follow their table in the list, so the search ends at the first entry with another parent. */
static uint32_t field(const struct collecting *c, uint32_t table, at_str name) {
    const struct at_names *names = c->names;
    if (table == AT_NAMES_NONE || names->entries.at[table].kind != AT_NAMES_TABLE) return AT_NAMES_NONE;
    for (size_t i = table + 1; i < names->entries.n && names->entries.at[i].parent == table; i++)
        if (at_str_eq(names->entries.at[i].text, name)) return (uint32_t)i;
    return AT_NAMES_NONE;
}

static uint32_t payee_field(const struct collecting *c, at_str name) {
    const struct at_check_policy *checked = c->names->checked;
    if (checked->payee_table < 0) return AT_NAMES_NONE;
    return field(c, global(c, checked->schemas[checked->payee_table].name), name);
}

/* The table that an aggregate over the rows of a row names, as `receipt` in `sum(receipt.amount)`; NULL for
 * other expressions. */
static const struct at_check_symbol *rows_in(const struct collecting *c, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = c->names->checked->symbols[node->id];
    if (node->kind == AT_N_NAME && symbol && symbol->kind == AT_SYM_TABLE) return symbol;
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *part = node->child[i];
        symbol = part && part->kind != AT_N_WHERE ? rows_in(c, part) : NULL;
        if (symbol) return symbol;
    }
    return NULL;
}

/* `total(bookings by team)` names a field of the payee, and `count(agent by deal)` one of the table. */
static void use_in_call(struct collecting *c, const struct at_ast_node *call) {
    if (call->by.n == 0) return;
    const struct at_check_symbol *rows = rows_in(c, call);
    use(c, call->by_span, rows ? field(c, global(c, rows->name), call->by) : payee_field(c, call->by), NULL);
}

/* `key rep, quarter` names fields of the table around it. The names after `by` of a lookup table are its own.
 */
static void use_in_keys(struct collecting *c, const struct at_ast_node *keys,
                        const struct at_ast_node *table) {
    if (!table || (table->kind != AT_N_DATA && table->kind != AT_N_PAYEE && table->kind != AT_N_EXCHANGE))
        return;
    for (uint32_t i = 0; i < keys->n; i++)
        use(c, keys->child[i]->span, field(c, c->by_node[table->id], keys->child[i]->text), NULL);
}

/* What a name that is not an expression means: `from deal`, `per booking`, `cap commission`. */
static void use_in_clauses(struct collecting *c, const struct at_ast_node *node,
                           const struct at_ast_node *parent) {
    switch ((enum at_ast_kind)node->kind) {
    case AT_N_CREDIT: use(c, node->span2, global(c, node->text2), NULL); break;
    case AT_N_AGGREGATE:
    case AT_N_AMONG:
    case AT_N_BYROWS:
    case AT_N_RATEAT:
    case AT_N_PAYS:
    case AT_N_APPLIES:
    case AT_N_CAP:
    case AT_N_FLOOR:
    case AT_N_SHOWN:
    case AT_N_ADJUST: use(c, node->name_span, global(c, node->text), NULL); break;
    case AT_N_HOLD:
    case AT_N_CLAWBACK: use(c, node->name_span, global(c, node->text), NULL); break;
    case AT_N_RELEASE:
        use(c, node->name_span, global(c, node->text), NULL);
        use(c, node->span2, global(c, node->text2), NULL);
        break;
    case AT_N_DRAW:
    case AT_N_PAY: use(c, node->span3, global(c, node->text3), NULL); break;
    case AT_N_POOL:
        use(c, node->span3, payee_field(c, node->text3), NULL);
        use(c, node->by_span, payee_field(c, node->by), NULL);
        break;
    case AT_N_RECIPIENT: /* `by area is rep.region`; without `is`, one word names both fields */
        if (node->text.n == 0) break;
        use(c, node->name_span, global(c, node->text), NULL);
        use(c, node->by_span, payee_field(c, node->by), NULL);
        break;
    case AT_N_KEYS: use_in_keys(c, node, parent); break;
    case AT_N_CALL: use_in_call(c, node); break;
    case AT_N_TYPENAME:
        use(c, node->name_span.end ? node->name_span : node->span, global(c, node->text), NULL);
        if (parent && parent->kind == AT_N_FIELDDEF)
            use(c, parent->by_span, field(c, global(c, node->text), parent->by), NULL);
        break;
    default: break;
    }
}

/* A name inside a larger node is known only by its name span. Without one, the use has no place. */
static void use_resolved(struct collecting *c, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = c->names->checked->symbols[node->id];
    if (!symbol || node->kind == AT_N_CREDIT) return; /* a credit's is that of its default amount */
    uint32_t entry = symbol->node ? c->by_node[symbol->node->id] : AT_NAMES_NONE;
    bool whole = node->kind == AT_N_NAME || node->name_span.end == 0;
    if (whole && node->kind != AT_N_NAME) return;
    use(c, whole ? node->span : node->name_span, entry, symbol);
}

static void walk(struct collecting *c, const struct at_ast_node *node, const struct at_ast_node *parent) {
    use_in_clauses(c, node, parent);
    use_resolved(c, node);
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i]) walk(c, node->child[i], node);
}

/* ---- order */

/* Sorted by entry, so the uses of an entry are contiguous: first_use and n_uses describe them. */
static int by_entry(const void *left, const void *right) {
    const struct at_names_use *a = left, *b = right;
    if (a->entry != b->entry) return a->entry < b->entry ? -1 : 1;
    return a->span.start < b->span.start ? -1 : a->span.start > b->span.start;
}

/* An index into uses, with what it is sorted by. */
struct placed {
    uint32_t start, use;
};

static int by_place(const void *left, const void *right) {
    const struct placed *a = left, *b = right;
    return a->start < b->start ? -1 : a->start > b->start;
}

static void put_in_order(struct at_names *names) {
    size_t n = 0;
    at_sort_items(names->arena, names->uses.at, names->uses.n, sizeof *names->uses.at, by_entry);
    for (size_t i = 0; i < names->uses.n; i++) /* a clause and an expression may give the same one */
        if (n == 0 || by_entry(&names->uses.at[n - 1], &names->uses.at[i]) != 0)
            names->uses.at[n++] = names->uses.at[i];
    names->uses.n = n;
    struct placed *placed = AT_NEW_ARRAY(names->arena, struct placed, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        const struct at_names_use *one = &names->uses.at[i];
        placed[i] = (struct placed){one->span.start, i};
        if (one->entry == AT_NAMES_NONE) continue;
        struct at_names_entry *entry = &names->entries.at[one->entry];
        if (entry->n_uses++ == 0) entry->first_use = i;
    }
    at_sort_items(names->arena, placed, n, sizeof *placed, by_place);
    names->places = AT_NEW_ARRAY(names->arena, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++)
        names->places[i] = placed[i].use;
}

struct at_names *at_names_make(const struct at_check_policy *checked, struct at_arena *arena) {
    struct collecting c = {.names = AT_NEW(arena, struct at_names)};
    const struct at_ast *ast = checked->ast;
    *c.names = (struct at_names){.checked = checked, .arena = arena};
    at_map_init(&c.globals, arena);
    c.by_node = AT_NEW_ARRAY(arena, uint32_t, ast->n_nodes + 1);
    memset(c.by_node, 0xFF, sizeof *c.by_node * (ast->n_nodes + 1)); /* AT_NAMES_NONE */
    for (uint32_t f = 0; f < ast->n_files; f++) {
        const struct at_diag_source_file *source = NULL;
        for (uint32_t i = 0; i < ast->files[f]->n; i++) {
            const struct at_ast_node *statement = ast->files[f]->child[i];
            /* A policy that extends another one has statements of both in turn. */
            if (statement && (!source || file_of(c.names, statement->span) != source)) {
                start_file(&c, statement);
                source = file_of(c.names, statement->span);
            }
            if (statement) declare_statement(&c, statement);
        }
    }
    set_types(&c);
    for (uint32_t f = 0; f < ast->n_files; f++)
        walk(&c, ast->files[f], NULL);
    put_in_order(c.names);
    return c.names;
}

/* ---- asking */

/* The end is included, because a cursor after a name still belongs to it. */
static bool touches(at_span span, uint32_t offset) {
    return span.start <= offset && offset <= span.end;
}

const struct at_names_use *at_names_at(const struct at_names *names, uint32_t offset, uint32_t *entry) {
    size_t low = 0, high = names->uses.n; /* the first use after the offset */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names->uses.at[names->places[middle]].span.start <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    *entry = AT_NAMES_NONE;
    const struct at_names_use *found = low > 0 ? &names->uses.at[names->places[low - 1]] : NULL;
    if (found && touches(found->span, offset)) {
        *entry = found->entry;
        return found;
    }
    for (size_t i = 0; i < names->entries.n; i++)
        if (touches(names->entries.at[i].name, offset)) *entry = (uint32_t)i;
    return NULL;
}
