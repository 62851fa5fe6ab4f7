/* check/scope.c: resolves names. All statements share one name space. Fields belong to their tables. For a
 * name without a meaning, the checker suggests the nearest name that has one. This file also sets the order
 * of work. The checker determines a declaration when it is first needed. The path of needs shows a circular
 * reference. */
#include "check/check_int.h"

static const char *const KINDS[] = {
    [AT_SYM_TABLE] = "a table",
    [AT_SYM_FIELD] = "a field",
    [AT_SYM_CREDIT] = "a credit",
    [AT_SYM_MEASURE] = "a measure",
    [AT_SYM_PARAM] = "a param",
    [AT_SYM_RATES] = "rates",
    [AT_SYM_LOOKUP] = "a lookup table",
    [AT_SYM_COMPONENT] = "a component",
    [AT_SYM_DRAW] = "a draw",
    [AT_SYM_FUNCTION] = "a function",
    [AT_SYM_PARAMETER] = "a parameter",
    [AT_SYM_BUILTIN] = "a built-in function",
    [AT_SYM_TOTAL] = "the total of all components",
    [AT_SYM_AMOUNT] = "the credited amount",
    [AT_SYM_LEVEL] = "the level",
    [AT_SYM_PERIOD] = "the period",
    [AT_SYM_COVERED] = "the coverage",
};

const char *at_check_kind_say(const struct at_check *ck, const struct at_check_symbol *symbol) {
    if (symbol->kind == AT_SYM_TABLE)
        return ck->out->schemas[symbol->index].payee   ? "the `payee` statement"
               : ck->out->schemas[symbol->index].dated ? "a history"
                                                       : "a `data` statement";
    if (symbol->kind == AT_SYM_COMPONENT && symbol->node)
        return symbol->node->kind == AT_N_POOL ? "a pool" : "a `pay` statement";
    return KINDS[symbol->kind];
}

struct at_check_decl *at_check_global(const struct at_check *ck, at_str name) {
    return at_map_get(&ck->globals, name);
}

/* ---- declaring */

static int builtin_find(at_str name) {
    static const char *const NAMES[] = {
#define AT_BUILTIN(NAME, name, signature, en, zh) name,
#include "check/builtins.def"
#undef AT_BUILTIN
    };
    for (int i = 0; i < AT_B_COUNT_OF; i++)
        if (at_str_eq(name, at_str_z(NAMES[i]))) return i;
    return -1;
}

/* `total`, `amount` and `period` mean something everywhere; names that are called must not hide a built-in.
 */
static bool kept_name(struct at_check *ck, const struct at_ast_node *node, enum at_check_symbol_kind kind) {
    const char *meaning = NULL;
    if (at_str_eq(node->text, AT_STR("total"))) meaning = "the total of all components";
    if (at_str_eq(node->text, AT_STR("amount"))) meaning = "the credited amount";
    if (at_str_eq(node->text, AT_STR("period"))) meaning = "the current period";
    bool called = kind == AT_SYM_FUNCTION || kind == AT_SYM_RATES || kind == AT_SYM_LOOKUP;
    if (!meaning && called && builtin_find(node->text) >= 0) meaning = "a built-in function";
    if (!meaning) return false;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0204, at_check_name_span(node), "`%.*s` is already %s",
                                    AT_STR_ARG(node->text), meaning);
    at_diag_help(d, "choose another name, such as `my_%.*s`", AT_STR_ARG(node->text));
    return true;
}

/* Always makes a declaration, even for a duplicate, so that its statement is checked. The name
 * then means the one that at_map_put keeps. */
/* Whether the policy's own text has the statement, and not a policy that it extends. */
static bool is_own(const struct at_check *ck, const struct at_ast_node *node) {
    const struct at_ast_node *own = ck->ast->own;
    return !own || (node->span.start >= own->span.start && node->span.end <= own->span.end);
}

struct at_check_decl *at_check_declare(struct at_check *ck, const struct at_ast_node *node,
                                       enum at_check_symbol_kind kind, uint32_t index) {
    struct at_check_decl *decl = AT_NEW(ck->arena, struct at_check_decl);
    decl->symbol = (struct at_check_symbol){
        .kind = (uint8_t)kind, .index = index, .name = node->text, .label = node->text2, .node = node};
    decl->span = at_check_name_span(node);
    decl->file = ck->file == 0 && is_own(ck, node) ? 0 : ck->file + 1;
    decl->number = (uint32_t)ck->decls.n;
    AT_VEC_PUSH(ck->arena, &ck->decls, decl);
    if (node->text.n == 0) return decl; /* the parser has said so */
    kept_name(ck, node, kind);
    struct at_check_decl *other = at_map_put(&ck->globals, node->text, decl);
    if (!other) return decl;
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0201, decl->span, "duplicate name `%.*s`", AT_STR_ARG(node->text));
    at_diag_label(d, other->span, "first here: %s", at_check_kind_say(ck, &other->symbol));
    at_diag_label(d, decl->span, "again here: %s", at_check_kind_say(ck, &decl->symbol));
    at_diag_help(d, "rename one of them");
    return decl;
}

/* ---- fields */

int32_t at_check_field_find(const struct at_check *ck, uint32_t table, at_str name) {
    if (table >= ck->out->n_schemas) return -1;
    const struct at_check_decl *decl = at_map_get(&ck->field_maps[table], name);
    return decl ? (int32_t)decl->symbol.index : -1;
}

int32_t at_check_payee_reference(const struct at_check *ck, uint32_t table,
                                 const struct at_check_feed_decl *feed) {
    const struct at_schema *schema = &ck->out->schemas[table];
    for (uint32_t i = 0; i < schema->n_fields; i++) {
        bool used =
            schema->fields[i].type.kind != AT_T_REF || schema->fields[i].type.table != ck->out->payee_table;
        for (uint32_t k = 0; feed && !used && k < feed->n_to; k++)
            used = feed->to[k].path && at_str_eq(feed->to[k].path->text, schema->fields[i].name);
        if (!used) return (int32_t)i;
    }
    return -1;
}

/* Marks a field as used. A run reads only such columns, so every use of a field must come here. */
struct at_check_decl *at_check_field_use(struct at_check *ck, uint32_t table, int32_t field) {
    struct at_schema *schema = &ck->out->schemas[table];
    schema->fields[field].used = true;
    ck->fields[table][field]->symbol.used = true;
    if (at_check_is_dated_field(ck, table, field)) {
        const struct at_schema_field *dated = &schema->fields[field];
        at_check_field_use(ck, dated->dated_table, dated->dated_field);
        at_check_global(ck, ck->out->schemas[dated->dated_table].name)->symbol.used = true;
    }
    return ck->fields[table][field];
}

/* ---- suggestions */

#define MANY_MISTAKES                                                                                        \
    500 /* who makes more does not read them one by one, and each suggestion looks at all names */

void at_check_suggest_fields(struct at_check *ck, struct at_str_nearest *suggest, uint32_t table) {
    if (table >= ck->out->n_schemas || ck->diags->added > MANY_MISTAKES) return;
    const struct at_schema *schema = &ck->out->schemas[table];
    for (uint32_t i = 0; i < at_schema_all(schema); i++)
        at_str_nearest_try(suggest, schema->fields[i].name);
}

void at_check_suggest_globals(struct at_check *ck, struct at_str_nearest *suggest, uint32_t kinds) {
    if (ck->diags->added > MANY_MISTAKES) return;
    for (size_t i = 0; i < ck->decls.n; i++)
        if (kinds >> ck->decls.at[i]->symbol.kind & 1)
            at_str_nearest_try(suggest, ck->decls.at[i]->symbol.name);
}

bool at_check_suggest_help(struct at_diag *diag, const struct at_str_nearest *suggest) {
    if (suggest->best.n == 0) return false;
    at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(suggest->best));
    at_check_fix_name(diag, suggest->wanted, suggest->best);
    return true;
}

/* Letters, digits, and underscores of ASCII, and not a keyword that is reserved: needs no backquotes. */
static bool is_plain(at_str name) {
    for (uint32_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9')) return false;
    }
    static const char *const words[] = {
#define AT_KEYWORD(TOKEN, word, class, en, zh) word,
#include "syntax/keywords.def"
#undef AT_KEYWORD
    };
    for (size_t i = 0; i < AT_COUNT(words); i++)
        if (at_str_eq(name, at_str_z(words[i]))) return false;
    return name.n > 0;
}

void at_check_fix_name(struct at_diag *diag, at_str wrong, at_str right) {
    const struct at_diag_sources *sources = diag->list->sources;
    at_str there = sources ? at_diag_sources_text(sources, diag->span) : (at_str){"", 0};
    /* A fix replaces the whole span. So the span must contain the wrong name and nothing else,
     * except backquotes. */
    bool quoted = there.n == wrong.n + 2 && there.p[0] == '`';
    if (quoted) there = (at_str){there.p + 1, wrong.n};
    if (!at_str_eq(there, wrong) || memchr(right.p, '`', right.n)) return;
    const char *mark = is_plain(right) ? "" : "`";
    at_diag_fix(diag, diag->span, "%s%.*s%s", mark, AT_STR_ARG(right), mark);
}

void at_check_fix_text(struct at_diag *diag, const struct at_ast_node *text, at_str right) {
    for (uint32_t i = 0; i < right.n; i++)
        if ((unsigned char)right.p[i] < ' ' || right.p[i] == '"' || right.p[i] == '\\') return;
    if (text->span.end) at_diag_fix(diag, text->span, "\"%.*s\"", AT_STR_ARG(right));
}

/* A field of this name in some other table: where it can be had from. */
static bool field_elsewhere(struct at_check *ck, struct at_diag *d, at_str name,
                            const struct at_check_env *env) {
    const struct at_check_policy *out = ck->out;
    if (env->place != AT_IN_ROW && env->place != AT_IN_CREDIT) return false;
    const struct at_schema *row = &out->schemas[env->table];
    for (uint32_t i = 0; i < row->n_fields; i++) {
        at_type type = row->fields[i].type;
        if (type.kind != AT_T_REF || at_check_field_find(ck, type.table, name) < 0) continue;
        at_diag_help(d, "`%.*s` is a field of %.*s, so write `%.*s.%.*s`", AT_STR_ARG(name),
                     AT_STR_ARG(out->schemas[type.table].name), AT_STR_ARG(row->fields[i].name),
                     AT_STR_ARG(name));
        at_diag_fix(d, (at_span){d->span.start, d->span.start}, "%.*s.", AT_STR_ARG(row->fields[i].name));
        return true;
    }
    return false;
}

bool at_check_left_out(struct at_check *ck, struct at_diag *d, at_str name) {
    for (uint32_t i = 0; i < ck->ast->n_left_out; i++) {
        const struct at_ast_left_out *out = &ck->ast->left_out[i];
        if (!at_str_eq(out->name, name)) continue;
        at_diag_label(d, out->span, "left out here");
        at_diag_help(d, "leave out this statement, too, or declare `%.*s`", AT_STR_ARG(name));
        return true;
    }
    return false;
}

void at_check_unknown(struct at_check *ck, const struct at_ast_node *node, at_str name, at_span span,
                      const struct at_check_env *env) {
    struct at_str_nearest suggest = {.wanted = name};
    bool call = node && node->kind == AT_N_CALL;
    uint32_t callable = 1u << AT_SYM_FUNCTION | 1u << AT_SYM_RATES | 1u << AT_SYM_LOOKUP;
    if (env && (env->place == AT_IN_ROW || env->place == AT_IN_CREDIT) && !call)
        at_check_suggest_fields(ck, &suggest, env->table);
    for (uint32_t i = 0; env && !call && env->function && i < env->function->n; i++)
        at_str_nearest_try(&suggest, env->function->names[i]);
    at_check_suggest_globals(ck, &suggest, call ? callable : ~callable | 1u << AT_SYM_LOOKUP);
    for (int i = 0; call && i < AT_B_COUNT_OF; i++)
        at_str_nearest_try(&suggest, ck->builtins[i].symbol.name);
    if (env && env->place == AT_IN_CELL && !call && ck->out->payee_table >= 0)
        at_check_suggest_fields(ck, &suggest, (uint32_t)ck->out->payee_table);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0202, span,
                                    call ? "unknown function, rates, or table `%.*s`" : "unknown name `%.*s`",
                                    AT_STR_ARG(name));
    if (at_check_left_out(ck, d, name)) return;
    if (env && !call && field_elsewhere(ck, d, name, env)) return;
    if (call && at_check_habit_call(ck, d, node)) return;
    if (!suggest.best.n && at_check_habit_name(ck, d, node)) return;
    bool text = ck->text_hint && ck->text_hint == node;
    if (text && (suggest.best.n == 0 ||
                 at_check_has_choice(at_check_type_at(ck, ck->text_hint_other).choices, name))) {
        at_diag_help(d, "write text in double quotes: \"%.*s\"", AT_STR_ARG(name));
        at_check_fix_text(d, node, name);
    } else
        at_check_suggest_help(d, &suggest);
}

/* ---- what is needed first */

at_str at_check_circle_path(struct at_check *ck, struct at_check_decl *decl,
                            const struct at_check_need_step *steps, size_t n) {
    at_str path = at_str_format(ck->arena, "`%.*s`", AT_STR_ARG(decl->symbol.name));
    for (size_t i = 0; i < n; i++) {
        if (n > 8 && i == 4) path = at_str_format(ck->arena, "%.*s → …", AT_STR_ARG(path));
        if (n > 8 && i >= 4 && i + 2 < n) continue;
        path = at_str_format(ck->arena, "%.*s → `%.*s`", AT_STR_ARG(path),
                             AT_STR_ARG(steps[i].decl->symbol.name));
    }
    return path;
}

void at_check_circle_labels(struct at_diag *d, const struct at_check_need_step *steps, size_t n) {
    for (size_t i = 0; i + 1 < n && i < 7; i++)
        at_diag_label(d, steps[i].use, "needs `%.*s`", AT_STR_ARG(steps[i].decl->symbol.name));
    at_diag_label(d, steps[n - 1].use, "needs `%.*s`", AT_STR_ARG(steps[n - 1].decl->symbol.name));
}

void at_check_circle(struct at_check *ck, struct at_check_decl *decl, const struct at_check_need_step *steps,
                     size_t n) {
    at_str path = at_check_circle_path(ck, decl, steps, n);
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0205, decl->span,
                    n == 1 ? "circular reference of `%.*s`" : "circular reference of `%.*s`: %.*s",
                    AT_STR_ARG(decl->symbol.name), AT_STR_ARG(path));
    at_check_circle_labels(d, steps, n);
    at_diag_help(d, decl->symbol.kind == AT_SYM_FUNCTION
                        ? "change one of them: a function cannot call itself, directly or through others"
                        : "change one of them so that it does not need the others");
    ck->circular = true;
}

/* The path from `decl` to itself: what led here since `decl` was needed, and the current reference. */
static bool loop(struct at_check *ck, struct at_check_decl *decl, at_span use) {
    if (at_check_past_allows(ck, decl)) return true;
    size_t first = 0;
    while (first < ck->path.n && ck->path.at[first].decl != decl)
        first++;
    size_t n = ck->path.n - first;
    struct at_check_need_step *steps = AT_NEW_ARRAY(ck->arena, struct at_check_need_step, n + 1);
    for (size_t i = 1; i < n; i++)
        steps[i - 1] = ck->path.at[first + i];
    steps[n - 1] = (struct at_check_need_step){.decl = decl, .use = use};
    for (size_t i = 0; i < n; i++)
        steps[i].decl->in_loop = true;
    at_check_circle(ck, decl, steps, n);
    return false;
}

static void work_out(struct at_check *ck, struct at_check_decl *decl) {
    switch ((enum at_check_symbol_kind)decl->symbol.kind) {
    case AT_SYM_CREDIT: at_check_credit(ck, decl); break;
    case AT_SYM_MEASURE: at_check_measure(ck, decl); break;
    case AT_SYM_PARAM: at_check_param(ck, decl); break;
    case AT_SYM_RATES: at_check_rates(ck, decl); break;
    case AT_SYM_LOOKUP: at_check_lookup(ck, decl); break;
    case AT_SYM_FUNCTION: at_check_function(ck, decl); break;
    case AT_SYM_COMPONENT:
        if (decl->symbol.node->kind == AT_N_POOL)
            at_check_pool(ck, decl);
        else
            at_check_pay(ck, decl);
        break;
    default: break;
    }
}

bool at_check_need(struct at_check *ck, struct at_check_decl *decl, at_span use) {
    at_check_past_note(ck, decl, use);
    if (decl->state == AT_DONE_DECL) return true;
    if (decl->state == AT_BUSY_DECL) return loop(ck, decl, use);
    if (ck->depth + 8 > AT_MAX_DEPTH) {
        ck->too_deep = true;
        return true;
    }
    struct at_check_decl *before = ck->working;
    struct at_check_reach reach = ck->reach;
    /* A declaration counts as eight levels of expressions. The message of too_deep in check.c
     * divides by 8. */
    ck->depth += 8;
    /* A need that meets BUSY has found a loop. The state must be set before the path, and DONE
     * only after the whole check. */
    decl->state = AT_BUSY_DECL;
    AT_VEC_PUSH(ck->arena, &ck->path, (struct at_check_need_step){decl, use, reach});
    ck->working = decl;
    /* The reach belongs to the reference, not to the definition that it leads to. */
    ck->reach = (struct at_check_reach){0};
    work_out(ck, decl);
    at_check_past_agrees(ck, decl);
    ck->working = before;
    ck->reach = reach;
    ck->path.n--;
    decl->state = AT_DONE_DECL;
    ck->depth -= 8;
    return true;
}
