/* check/near_test.c: warns of texts in the rows of a test that nearly are what the policy compares them with.
 * A run reports such rows of data (A0784). In a test, the expected value may only hide that nothing matches.
 */
#include "base/fold.h"
#include "check/check_int.h"

/* A text that the policy compares with a field, or that is a key of a table looked up by it. */
struct text_of {
    const struct at_check_symbol *field;
    const struct at_ast_node *text;
    at_str folded;
};

struct texts {
    struct at_check *ck;
    AT_VEC(struct text_of) all;
};

static const struct at_check_symbol *field_of(const struct at_check *ck, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node ? ck->out->symbols[node->id] : NULL;
    return symbol && symbol->kind == AT_SYM_FIELD && symbol->type.kind == AT_T_TEXT ? symbol : NULL;
}

static void add(struct texts *texts, const struct at_check_symbol *field, const struct at_ast_node *text) {
    if (!field || !text || text->kind != AT_N_TEXT) return;
    AT_VEC_PUSH(texts->ck->arena, &texts->all,
                ((struct text_of){field, text, at_text_fold(texts->ck->arena, text->text)}));
}

static void add_keys(struct texts *texts, const struct at_ast_node *call) {
    const struct at_check_symbol *symbol = texts->ck->out->symbols[call->id];
    if (!symbol || symbol->kind != AT_SYM_LOOKUP) return;
    const struct at_check_lookup_decl *lookup = &texts->ck->out->lookups[symbol->index];
    for (uint32_t side = 0; side < 2 && side < call->n; side++) {
        const struct at_check_symbol *field = field_of(texts->ck, call->child[side]);
        const struct at_check_key *keys = side ? lookup->columns : lookup->rows;
        uint32_t n = side ? lookup->n_columns : lookup->n_rows;
        for (uint32_t k = 0; k < n; k++)
            if (keys[k].kind == AT_KEY_VALUE) add(texts, field, keys[k].node);
    }
}

static bool visit(void *context, const struct at_ast_node *node) {
    struct texts *texts = context;
    if (node->kind == AT_N_TEST) return false;
    if (node->kind == AT_N_CALL) add_keys(texts, node);
    if (node->kind != AT_N_COMPARE && node->kind != AT_N_IN) return true;
    const struct at_ast_node *first = at_check_child(node, 0), *second = at_check_child(node, 1);
    for (uint32_t i = 1; i < node->n; i++)
        add(texts, field_of(texts->ck, first), node->child[i]);
    if (node->kind == AT_N_COMPARE) add(texts, field_of(texts->ck, second), first);
    return true;
}

/* The text of the policy that this one nearly is; NULL: none, or it is one of them. */
static const struct at_ast_node *near_of(const struct texts *texts, const struct at_check_symbol *field,
                                         at_str text) {
    const struct at_ast_node *near = NULL;
    at_str folded = at_text_fold(texts->ck->arena, text);
    for (size_t i = 0; i < texts->all.n; i++) {
        if (texts->all.at[i].field != field) continue;
        at_str own = texts->all.at[i].text->text;
        if (at_str_eq(own, text)) return NULL;
        if (!near && at_str_eq(texts->all.at[i].folded, folded)) near = texts->all.at[i].text;
    }
    return near;
}

static void check_given(const struct texts *texts, const struct at_ast_node *given) {
    struct at_check *ck = texts->ck;
    for (uint32_t p = 0; p < given->n; p++) {
        const struct at_ast_node *pair = given->child[p], *value = at_check_child(pair, 0);
        const struct at_check_symbol *field = field_of(ck, pair);
        if (!field || !value || value->kind != AT_N_TEXT) continue;
        const struct at_ast_node *near = near_of(texts, field, value->text);
        if (!near) continue;
        struct at_diag *d = at_diag_add(ck->diags, AT_A0669, value->span, "\"%.*s\" is not \"%.*s\"",
                                        AT_STR_ARG(value->text), AT_STR_ARG(near->text));
        at_diag_label(d, near->span, "the policy has this text");
        at_diag_help(d, "did you mean \"%.*s\"?", AT_STR_ARG(near->text));
        at_check_fix_text(d, value, near->text);
    }
}

/* Each row is compared with each text of its fields, so the product of their numbers is limited. */
void at_check_near_tests(struct at_check *ck) {
    struct texts texts = {.ck = ck};
    if (ck->diags->errors || ck->out->n_tests == 0) return;
    for (uint32_t f = 0; f < ck->ast->n_files; f++)
        if (ck->ast->files[f]) at_ast_walk(ck->ast->files[f], visit, &texts);
    uint64_t left = 2000000;
    for (uint32_t t = 0; t < ck->out->n_tests; t++)
        for (uint32_t i = 0; i < ck->out->tests[t]->n; i++) {
            const struct at_ast_node *given = ck->out->tests[t]->child[i];
            if (!given || given->kind != AT_N_GIVEN) continue;
            uint64_t work = (uint64_t)given->n * texts.all.n;
            if (work > left) return;
            left -= work;
            check_given(&texts, given);
        }
}
