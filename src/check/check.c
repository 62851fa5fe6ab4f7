/* check/check.c: the entry of the room: the passes over a policy, in the order in which each needs the one
 * before. */
#include "check/check_int.h"
#include "words/words.h"

/* Built-ins are symbols like all others, so names, calls, and editors need no special case for
 * them. */
static void make_builtins(struct at_check *ck) {
    static const struct {
        const char *name, *en, *zh;
    } BUILTINS[] = {
#define AT_BUILTIN(NAME, name, signature, en, zh) {name, en, zh},
#include "check/builtins.def"
#undef AT_BUILTIN
    };
    bool chinese = at_words_chinese(ck->diags->words);
    for (int i = 0; i < AT_B_COUNT_OF; i++) {
        ck->builtins[i].state = AT_DONE_DECL;
        ck->builtins[i].symbol =
            (struct at_check_symbol){.kind = AT_SYM_BUILTIN,
                                     .index = (uint32_t)i,
                                     .name = at_str_z(BUILTINS[i].name),
                                     .label = at_str_z(chinese ? BUILTINS[i].zh : BUILTINS[i].en)};
    }
    ck->total.symbol =
        (struct at_check_symbol){.kind = AT_SYM_TOTAL, .grain = AT_G_CELL, .name = AT_STR("total")};
    ck->amount.symbol =
        (struct at_check_symbol){.kind = AT_SYM_AMOUNT, .grain = AT_G_CREDIT, .name = AT_STR("amount")};
    ck->level.symbol =
        (struct at_check_symbol){.kind = AT_SYM_LEVEL, .grain = AT_G_ROW, .name = AT_STR("level")};
    ck->level.symbol.type = at_check_type_make(AT_T_NUMBER);
    ck->level.state = AT_DONE_DECL;
    ck->period.symbol = (struct at_check_symbol){.kind = AT_SYM_PERIOD,
                                                 .grain = AT_G_CELL,
                                                 .name = AT_STR("period"),
                                                 .type = at_check_type_make(AT_T_PERIOD)};
    static const char *const covered[] = {"days", "share", "last"};
    for (uint32_t i = 0; i < AT_COUNT(covered); i++) {
        ck->covered[i].symbol =
            (struct at_check_symbol){.kind = AT_SYM_COVERED,
                                     .grain = AT_G_CELL,
                                     .index = i,
                                     .name = at_str_z(covered[i]),
                                     .type = at_check_type_make(i < 2 ? AT_T_NUMBER : AT_T_DATE)};
        ck->covered[i].state = AT_DONE_DECL;
    }
    ck->total.state = ck->amount.state = ck->period.state = AT_DONE_DECL;
}

static void make_arrays(struct at_check *ck) {
    uint32_t n = ck->ast->n_nodes + 1;
    ck->out->types = AT_NEW_ARRAY(ck->arena, at_type, n);
    ck->out->symbols = AT_NEW_ARRAY(ck->arena, struct at_check_symbol *, n);
    ck->out->marks = AT_NEW_ARRAY(ck->arena, uint8_t, n);
    ck->out->groups = AT_NEW_ARRAY(ck->arena, int32_t, n);
    for (uint32_t i = 0; i < n; i++)
        /* -1 and not 0, because 0 is the index of a field. */
        ck->out->groups[i] = -1;
}

static void each_file(struct at_check *ck,
                      void (*visit)(struct at_check *ck, const struct at_ast_node *statement)) {
    for (uint32_t f = 0; f < ck->ast->n_files; f++) {
        const struct at_ast_node *file = ck->ast->files[f];
        ck->file = f;
        for (uint32_t i = 0; file && i < file->n; i++)
            if (file->child[i]) visit(ck, file->child[i]);
    }
}

static void last_statements(struct at_check *ck, const struct at_ast_node *node) {
    if (node->kind == AT_N_CAP || node->kind == AT_N_FLOOR || node->kind == AT_N_ADJUST)
        at_check_adjustment(ck, node);
    if (node->kind == AT_N_DRAW) at_check_draw(ck, node);
    if (node->kind == AT_N_HOLD || node->kind == AT_N_RELEASE || node->kind == AT_N_CLAWBACK)
        at_check_part(ck, node);
    if (node->kind == AT_N_REQUIRE) at_check_require(ck, node);
    if (node->kind == AT_N_INDEPENDENT) at_check_independent(ck, node);
    if (node->kind == AT_N_HELPING) ck->out->helping = node;
    if (node->kind == AT_N_SHOW) at_check_shown(ck, node);
}

/* Before any expression: a call needs the types of the parameters, and not the body. */
static void signatures(struct at_check *ck) {
    for (size_t i = 0; i < ck->decls.n; i++)
        if (ck->decls.at[i]->symbol.kind == AT_SYM_FUNCTION) at_check_read_signature(ck, ck->decls.at[i]);
}

/* Reported once for the policy. Checks that gave up early set the flag instead of each adding an
 * error. */
static void too_deep(struct at_check *ck) {
    if (!ck->too_deep) return;
    const struct at_ast_node *file = ck->ast->n_files ? ck->ast->files[0] : NULL;
    at_span span = ck->header ? at_check_name_span(ck->header)
                   : file     ? (at_span){file->span.start, file->span.start}
                              : (at_span){0, 0};
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0240, span,
                    "names in this policy depend on each other through more than %d names", AT_MAX_DEPTH / 8);
    at_diag_help(d, "write each measure before the measures that use it");
}

enum at_status at_check(const struct at_ast *ast, struct at_arena *arena, struct at_diag_list *diags,
                        at_load_fn load, void *load_context, struct at_check_policy **out) {
    return at_check_since(ast, arena, diags, load, load_context, 0, out);
}

enum at_status at_check_since(const struct at_ast *ast, struct at_arena *arena, struct at_diag_list *diags,
                              at_load_fn load, void *load_context, uint32_t since,
                              struct at_check_policy **out) {
    struct at_check *ck = AT_NEW(arena, struct at_check);
    uint64_t errors = diags->errors;
    *out = AT_NEW(arena, struct at_check_policy);
    *ck = (struct at_check){
        .ast = ast, .arena = arena, .diags = diags, .load = load, .load_context = load_context, .out = *out};
    ck->out->ast = ast;
    ck->out->payee_table = ck->out->manager_field = -1;
    at_map_init(&ck->globals, arena);
    make_builtins(ck);
    make_arrays(ck);
    /* Before anything stores an index in 16 bits. */
    if (!at_check_limits(ck)) return AT_REJECTED;
    at_check_header(ck);
    at_check_declare_all(ck);
    at_check_fields(ck);
    signatures(ck);
    /* Before measures and pay: what its condition ensures is known in every cell. */
    at_check_applies(ck, ck->applies_node);
    at_check_pays(ck);
    for (size_t i = 0; i < ck->decls.n; i++)
        at_check_need(ck, ck->decls.at[i], ck->decls.at[i]->span);
    /* After all declarations, when all references between them are noted. */
    at_check_past(ck);
    each_file(ck, last_statements);
    at_check_asked(ck);
    at_check_prizes(ck);
    at_check_readings(ck);
    at_check_order(ck);
    /* Tests of a version that continues another one are those of the whole plan. */
    for (uint32_t i = 0; i < ck->out->n_tests && !ck->ast->before; i++)
        at_check_test(ck, ck->out->tests[i]);
    at_check_sense(ck);
    at_check_undated(ck);
    at_check_longer(ck);
    if (!ck->ast->before) at_check_near_tests(ck);
    at_check_doubles(ck);
    at_check_changes(ck, ck->out->language ? ck->out->language : since);
    too_deep(ck);
    if (diags->errors == errors) at_check_sold_alone(ck);

    return diags->errors > errors ? AT_REJECTED : AT_OK;
}
