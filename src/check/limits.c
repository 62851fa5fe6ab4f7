/* check/limits.c: limits how many statements of a kind a policy may have. Plans and lines of payouts store
 * the places of statements in 16 bits. A number that wrapped around would pay by the wrong statement. */
#include "check/check_int.h"

#define MOST 32000 /* half of what 16 bits can number: lowering makes a second feed for some measures */

enum family { TABLES, FEEDS, COMPONENTS, FAMILIES };

static enum family family_of(const struct at_ast_node *node) {
    switch (node->kind) {
    case AT_N_PAYEE:
    case AT_N_EXCHANGE:
    case AT_N_DATA: return TABLES;
    case AT_N_CREDIT:
    case AT_N_MEASURE: return FEEDS;
    case AT_N_PAY:
    case AT_N_POOL:
    case AT_N_CAP:
    case AT_N_FLOOR:
    case AT_N_DRAW:
    case AT_N_ADJUST: return COMPONENTS;
    default: return FAMILIES;
    }
}

bool at_check_limits(struct at_check *ck) {
    static const char *const WORDS[] = {"tables", "credits and measures",
                                        "components with their caps and floors"};
    uint32_t count[FAMILIES + 1] = {0};
    bool fits = true;
    for (uint32_t f = 0; f < ck->ast->n_files; f++) {
        const struct at_ast_node *file = ck->ast->files[f];
        for (uint32_t i = 0; file && i < file->n; i++) {
            const struct at_ast_node *node = file->child[i];
            enum family family = node ? family_of(node) : FAMILIES;
            /* Reports only the first statement above the limit of each family. */
            if (family == FAMILIES || ++count[family] != MOST + 1) continue;
            struct at_diag *d = at_diag_add(ck->diags, AT_A0492, at_check_name_span(node),
                                            "too many %s: a policy can have %d", WORDS[family], MOST);
            at_diag_help(d, "put what differs from row to row into a data file or a table");
            fits = false;
        }
    }
    return fits;
}
