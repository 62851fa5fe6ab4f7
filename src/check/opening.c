/* check/opening.c: `opening balances.amount`: what is owed of a draw is in the rows of a table that have the
 * draw's name, as `run --balances` writes them. */
#include "check/check_int.h"

/* The field that has the names of draws. */
static int32_t names_of(struct at_check *ck, uint32_t table) {
    int32_t field = at_check_field_find(ck, table, AT_STR("balance"));
    return field >= 0 && ck->out->schemas[table].fields[field].type.kind == AT_T_TEXT ? field : -1;
}

static void refuse(struct at_check *ck, const struct at_ast_node *at, uint32_t table, const char *what) {
    const struct at_check_policy *out = ck->out;
    at_str payee = out->payee_table >= 0 ? out->schemas[out->payee_table].name : AT_STR("rep");
    struct at_diag *d = at_diag_add(ck->diags, AT_A0493, at->span, "the rows of `%.*s` do not have %s",
                                    AT_STR_ARG(out->schemas[table].name), what);
    at_diag_label(d, at_check_name_span(ck->tables[table]), "the table");
    at_diag_help(d, "declare `%.*s %.*s  balance text  amount money`, as `--balances` writes them",
                 AT_STR_ARG(payee), AT_STR_ARG(payee));
}

bool at_check_opening_rows(struct at_check *ck, const struct at_ast_node *opening,
                           struct at_check_draw_decl *draw) {
    const struct at_ast_node *root = opening->kind == AT_N_MEMBER ? at_check_child(opening, 0) : NULL;
    struct at_check_decl *decl = root && root->kind == AT_N_NAME ? at_check_global(ck, root->text) : NULL;
    if (!decl || decl->symbol.kind != AT_SYM_TABLE || (int32_t)decl->symbol.index == ck->out->payee_table)
        return false;
    uint32_t table = decl->symbol.index;
    const struct at_schema *schema = &ck->out->schemas[table];
    int32_t amount = at_check_field_find(ck, table, opening->text), names = names_of(ck, table),
            payee = ck->out->payee_table < 0 ? -1 : at_check_payee_reference(ck, table, NULL);
    decl->symbol.used = true;
    at_type type = amount < 0 ? at_check_type_make(AT_T_NONE) : schema->fields[amount].type;
    bool own = type.kind == AT_T_MONEY && !type.optional &&
               (type.currency == ck->out->currency || !ck->out->currency || !type.currency);
    if (!own)
        refuse(ck, opening, table, "such an amount of money, which is never missing");
    else if (names < 0 || schema->fields[names].type.optional)
        refuse(ck, opening, table, "a text `balance`, which is the name of a draw");
    else if (payee < 0 || schema->fields[payee].type.optional)
        refuse(ck, opening, table, "a payee");
    else {
        ck->out->symbols[opening->id] = &at_check_field_use(ck, table, amount)->symbol;
        ck->out->symbols[root->id] = &decl->symbol;
        at_check_field_use(ck, table, names);
        at_check_field_use(ck, table, payee);
        draw->rows = (struct at_check_opening){(uint16_t)table, amount, names, payee, true};
    }
    return true;
}
