/* check/show.c: `show`: the measures that tables, commission statements, and the file of `--measures` show.
 * They change no pay. */
#include "check/check_int.h"

static void not_a_measure(struct at_check *ck, const struct at_ast_node *node,
                          const struct at_check_decl *decl) {
    struct at_str_nearest suggest = {.wanted = node->text};
    struct at_diag *d;
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_MEASURE);
    if (decl) {
        d = at_diag_add(ck->diags, AT_A0203, at_check_name_span(node),
                        "`%.*s` is %s, but `show` needs a measure", AT_STR_ARG(node->text),
                        at_check_kind_say(ck, &decl->symbol));
        at_diag_label(d, decl->span, "declared here");
        if (decl->symbol.kind == AT_SYM_COMPONENT) {
            at_diag_help(d, "delete it here: tables and statements always show components");
            return;
        }
    } else {
        d = at_diag_add(ck->diags, AT_A0202, at_check_name_span(node), "unknown measure `%.*s`",
                        AT_STR_ARG(node->text));
    }
    if (at_check_suggest_help(d, &suggest)) return;
    int32_t payee = ck->out->payee_table;
    if (!decl && payee >= 0 && at_check_field_find(ck, (uint32_t)payee, node->text) >= 0)
        at_diag_help(d, "declare a measure for the field: `measure NAME = %.*s.%.*s`",
                     AT_STR_ARG(ck->out->schemas[payee].name), AT_STR_ARG(node->text));
    else
        at_diag_help(d, "name a measure, such as `%s`", at_check_some_measure(ck));
}

static bool shown_before(struct at_check *ck, const struct at_ast_node *node, uint32_t measure) {
    const struct at_check_policy *out = ck->out;
    for (uint32_t i = 0; i < out->n_shown; i++) {
        if (out->shown[i].measure != measure) continue;
        struct at_diag *d = at_diag_add(ck->diags, AT_A0262, at_check_name_span(node),
                                        "`%.*s` is shown twice", AT_STR_ARG(node->text));
        at_diag_label(d, at_check_name_span(out->shown[i].node), "the first is here");
        at_diag_help(d, "delete one of them");
        return true;
    }
    return false;
}

static void show_one(struct at_check *ck, const struct at_ast_node *node) {
    struct at_check_decl *decl = at_check_global(ck, node->text);
    if (!decl || decl->symbol.kind != AT_SYM_MEASURE) {
        if (node->text.n) not_a_measure(ck, node, decl);
        return;
    }
    at_check_need(ck, decl, node->span);
    decl->symbol.used = true;
    ck->out->symbols[node->id] = &decl->symbol;
    if (shown_before(ck, node, decl->symbol.index)) return;
    at_str label = node->text2.n          ? node->text2
                   : decl->symbol.label.n ? decl->symbol.label
                                          : decl->symbol.name;
    ck->out->shown[ck->out->n_shown++] =
        (struct at_check_shown_decl){.node = node, .measure = decl->symbol.index, .label = label};
}

void at_check_shown(struct at_check *ck, const struct at_ast_node *node) {
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i]) show_one(ck, node->child[i]);
}
